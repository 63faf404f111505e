"""What differs between two versions of a section, and January 2027, when two mandates meet."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from expectations.contract import Document, Figure, FinanceLine, Place, Reading
from expectations.verdicts import Verdict
from warehouse.changes import Change, changes_between, section_versions
from warehouse.merging import Handed
from warehouse.warehouse import open_warehouse

NOW = datetime(2026, 9, 14, 8, tzinfo=UTC)
BOARD = "socialnamnden"


def put(warehouse, sha, day, period="2026-08", board=BOARD, kind="form", **sections):
    fields = {"sha256": sha * 64, "name": "f", "media_type": "x", "size": 1, "kind": kind}
    reading = Reading(Document(board=board, round=period, **fields), **sections)
    now = NOW + timedelta(days=day)
    receipt = {
        "receipt_id": f"K-{sha}",
        "key": "f",
        "sender": board,
        "name": "f",
        "board": board,
        "period": period,
        "received_at": now,
        "identical": False,
    }
    warehouse.remember(reading, city_id="lindhamn", reader_version="1", receipt=receipt)
    handed = [Handed(reading, board, period, now, f"K-{sha}")]
    verdicts = {sha * 64: Verdict(sha * 64, board, period)}
    warehouse.merge(handed, verdicts, city_id="lindhamn", span={}, now=now)


def costs(written, cell="C5"):
    value = Decimal(written.replace(",", ".").replace("−", "-"))
    figure = Figure(written, value, "mnkr", 1, place=Place(sheet="Ekonomi", cell=cell))
    return FinanceLine("costs", "Kostnader", columns={"outcome": figure})


def test_two_versions_differ_field_by_field_and_a_moved_cell_is_no_difference(url):
    with open_warehouse(url) as warehouse:
        income = FinanceLine("income", "Intäkter")
        put(warehouse, "a", 0, finance=(costs("−365,8"), income))
        put(warehouse, "b", 3, finance=(costs("−366,4", "C9"), FinanceLine("result", "Resultat")))
        first, second = section_versions(warehouse.engine, "lindhamn", "2026-08", board=BOARD)
    assert (first.version, second.version, first.known_to) == (1, 2, second.known_from)
    assert changes_between(first.rows, second.rows) == [
        Change("finance", "costs", "changed", "columns.outcome", "−365,8", "−366,4"),
        Change("finance", "income", "gone"),
        Change("finance", "result", "new"),
    ]


def test_a_version_that_was_not_known_yet_is_not_shown(url):
    with open_warehouse(url) as warehouse:
        put(warehouse, "a", 0, finance=(costs("−1,0"),))
        put(warehouse, "b", 3, finance=(costs("−2,0"),))
        as_of = NOW + timedelta(days=1)
        found = section_versions(warehouse.engine, "lindhamn", "2026-08", as_of=as_of)
    assert [one.version for one in found] == [1]


ROWS = st.dictionaries(
    st.tuples(st.just("finance"), st.sampled_from("abcd")),
    st.dictionaries(st.sampled_from(["label", "table", "line"]), st.text(min_size=1, max_size=5)),
)


@given(ROWS, ROWS)
def test_the_difference_is_empty_just_when_the_rows_are_the_same(before, after):
    assert (changes_between(before, after) == []) == (before == after)


@given(ROWS, ROWS)
def test_the_difference_backwards_is_the_same_the_other_way_round(before, after):
    swapped = {"new": "gone", "gone": "new", "changed": "changed"}
    there = {(c.key, c.kind, c.field, c.before, c.after) for c in changes_between(before, after)}
    back = {
        (c.key, swapped[c.kind], c.field, c.after, c.before) for c in changes_between(after, before)
    }
    assert there == back
