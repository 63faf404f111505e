"""Central sources in the warehouse, on both engines: versions, refusals, history, adjustments."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from expectations.central import CentralFault, CentralFigure, CentralPart, CentralReading
from expectations.contract import Figure, Place
from expectations.register_files import load_city
from flows.showing import central_trace_in_words
from warehouse.acts import OfficeAct
from warehouse.adjusting import adjustments
from warehouse.central import CentralFile
from warehouse.warehouse import open_warehouse

NOW = datetime(2026, 9, 7, 6, tzinfo=UTC)


def reading(value="100.00", *, faults=()):
    figure = Figure(value, Decimal(value), "kr", 2, place=Place(line=88))
    part = CentralPart("konto 3010", Decimal(value), 88, 3)
    one = CentralFigure("socialnamnden", "finance", "income", "outcome", figure, (part,))
    return CentralReading("sie", () if faults else (one,), tuple(faults))


def keep(warehouse, said, sha="a", day=0):
    now = NOW + timedelta(days=day)
    file = CentralFile(sha * 64, f"{sha}.se", 10, now, "r1")
    return warehouse.keep_central(file, said, city_id="lindhamn", period="2026-08", now=now)


def values(warehouse, as_of=None):
    return [one.figure.value for one in warehouse.central("lindhamn", "2026-08", as_of)]


def test_a_central_figure_comes_back_with_its_line_and_what_it_is_made_of(url):
    with open_warehouse(url) as warehouse:
        assert keep(warehouse, reading())
        (one,) = warehouse.central("lindhamn", "2026-08")
        assert (one.figure.value, one.figure.place.line) == (Decimal("100.00"), 88)
        assert one.parts == (CentralPart("konto 3010", Decimal("100.00"), 88, 3),)


def test_the_same_file_again_writes_nothing(url):
    with open_warehouse(url) as warehouse:
        assert keep(warehouse, reading())
        assert not keep(warehouse, reading(), day=1)


def test_a_later_ledger_replaces_the_earlier_which_is_still_known(url):
    with open_warehouse(url) as warehouse:
        keep(warehouse, reading())
        keep(warehouse, reading("120.00"), sha="b", day=3)
        assert values(warehouse) == [Decimal("120.00")]
        assert values(warehouse, NOW + timedelta(days=1)) == [Decimal("100.00")]
        assert [s.version for s in warehouse.central_sources("lindhamn", "2026-08")] == [2]


def test_a_refused_file_replaces_nothing_and_is_told(url):
    fault = CentralFault(13, "Verifikationen balanserar inte.", "Exportera på nytt.")
    with open_warehouse(url) as warehouse:
        keep(warehouse, reading())
        keep(warehouse, reading(faults=(fault,)), sha="b", day=1)
        sources = warehouse.central_sources("lindhamn", "2026-08")
        assert [(s.state, s.faults) for s in sources] == [("used", ()), ("refused", (fault,))]
        assert values(warehouse) == [Decimal("100.00")]
        keep(warehouse, reading("90.00"), sha="c", day=2)
        assert [s.state for s in warehouse.central_sources("lindhamn", "2026-08")] == ["used"]


# --- adjustments --------------------------------------------------------------------------------


def act(kind, about, text="Sent bokförd", number="1"):
    where = ("lindhamn", "socialnamnden", "2026-08", "stadskontoret")
    return OfficeAct(kind, *where, text, NOW, about=about, act_id=f"H-{number}")


SAID = {"U-1": ("socialnamnden", Figure("−365,8", Decimal("-365.8"), "mnkr", 1))}
ADJUSTED = act("adjustment", {"figure": "U-1", "value": "-366.4", "said": "−365,8"})


def test_an_adjustment_stands_beside_the_boards_figure():
    (one,) = adjustments([ADJUSTED], SAID)
    assert (one.said.written, one.adjusted.written, one.reason) == (
        "−365,8",
        "−366,4",
        "Sent bokförd",
    )
    assert (one.confirmed, one.is_stale) == ("", False)


def test_the_boards_answer_is_kept_with_the_adjustment():
    answer = act("confirmation", {"act": "H-1"}, "Nämnden delar bedömningen", "2")
    (one,) = adjustments([ADJUSTED, answer], SAID)
    assert one.confirmed == "Nämnden delar bedömningen"


def test_an_adjustment_of_a_figure_that_the_board_has_changed_is_told_as_old():
    changed = {"U-1": ("socialnamnden", Figure("−366,4", Decimal("-366.4"), "mnkr", 1))}
    (one,) = adjustments([ADJUSTED], changed)
    assert one.is_stale


def test_an_adjustment_of_what_is_no_longer_said_stands_beside_nothing():
    assert adjustments([ADJUSTED], {}) == ()


def test_a_central_figure_is_traced_to_its_file_and_line_as_known_on_a_day(url):
    with open_warehouse(url) as warehouse:
        keep(warehouse, reading())
        keep(warehouse, reading("120.00"), sha="b", day=3)
        (one,) = warehouse.central("lindhamn", "2026-08")
        printed = one.id_in("lindhamn", "2026-08")
        now = warehouse.central_trace(printed)
        then = warehouse.central_trace(printed, NOW + timedelta(days=1))
    assert [(t.document_name, t.version, t.is_current) for t in now] == [
        ("b.se", 2, True),
        ("a.se", 1, False),
    ]
    assert [(t.document_name, t.is_current) for t in then] == [("a.se", True)]
    told = central_trace_in_words(now, load_city("lindhamn"))
    assert "Socialnämnden, 2026-08, ur stadens egna system (sie)" in told
    assert "Består av    konto 3010: 120.00, rad 88" in told
