"""What differs between two versions of a section, and January 2027, when two mandates meet."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from expectations.contract import Document, Figure, FinanceLine, Goal, Place, Reading, Text, Word
from expectations.register_files import load_city
from expectations.registers import CityGoal, Round, Scale, ScaleWord
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


# --- January 2027: the annual report of the old mandate beside the plan of the new ---------------


def january():
    """Lindhamn with a mandate change: a goal, a scale and a board end and others begin."""
    city = load_city("lindhamn")
    ends, begins = date(2026, 12, 31), date(2027, 1, 1)
    goals = tuple(replace(goal, valid_to=ends) for goal in city.goals)
    boards = tuple(
        replace(b, valid_to=ends) if b.board_id == "miljonamnden" else b for b in city.boards
    )
    new_board = replace(
        city.board("miljonamnden"),
        board_id="klimatnamnden",
        name="Klimatnämnden",
        valid_from=begins,
    )
    words = (ScaleWord("met", "Uppfyllt", 1), ScaleWord("not_met", "Ej uppfyllt", 2))
    scales = tuple(
        replace(s, valid_to=ends) if s.scale == "goal_assessment" else s for s in city.scales
    )
    annual = Round(
        "2026-12", "annual", "Årsrapport 2026", date(2026, 1, 1), ends, begins, date(2027, 1, 29)
    )
    spring = (begins, date(2027, 3, 31), date(2027, 4, 1), date(2027, 4, 14))
    march = Round("2027-03", "march", "Mars 2027", *spring)
    return replace(
        city,
        goals=(*goals, CityGoal("N-1", "Ett nytt mål", valid_from=begins)),
        boards=(*boards, new_board),
        scales=(*scales, Scale("goal_assessment", words, begins)),
        rounds=(*city.rounds, annual, march),
    )


def test_in_january_the_old_mandates_report_and_the_new_ones_are_each_by_their_own_registers(url):
    city = january()
    annual, march = city.round("2026-12"), city.round("2027-03")
    with open_warehouse(url) as warehouse:
        for round_ in (annual, march):
            warehouse.keep_owed(city, round_, (), NOW)
        old = city.goals_on(annual.period_to)[0]
        judged = Goal(old.title, goal_id=old.goal_id, assessment=Word("God", "good"))
        fresh = Goal("Ett nytt mål", goal_id="N-1", assessment=Word("Uppfyllt", "met"))
        put(warehouse, "a", 0, "2026-12", goals=(judged,))
        put(warehouse, "b", 1, "2027-03", goals=(fresh,))
        with warehouse.engine.connect() as connection:
            found = connection.execute(
                text("SELECT period, goal_id, board_id, standing FROM mart_goal")
            ).all()
    asked = {(period, goal) for period, goal, _, _ in found}
    assert ("2027-03", "N-1") in asked
    assert not {goal for period, goal in asked if period == "2027-03"} - {"N-1"}
    assert ("2026-12", "N-1") not in asked
    boards = {
        period: {b for p, _, b, _ in found if p == period} for period in ("2026-12", "2027-03")
    }
    assert "klimatnamnden" not in boards["2026-12"]
    assert "miljonamnden" not in boards["2027-03"]
    told = {(p, g): s for p, g, b, s in found if b == BOARD}
    assert told["2027-03", "N-1"] == "assessed"
    assert city.scale("goal_assessment", annual.period_to).code_of("Uppfyllt") is None
    assert city.scale("goal_assessment", march.period_to).code_of("Uppfyllt") == "met"


def test_the_new_mandates_first_snapshot_does_not_take_old_goals_for_its_own(url):
    city = january()
    march = city.round("2027-03")
    with open_warehouse(url) as warehouse:
        put(
            warehouse,
            "a",
            0,
            "2026-12",
            goals=(Goal("Ett gammalt", goal_id="L-C2", motive=Text("x")),),
        )
        put(warehouse, "b", 1, "2027-03", goals=(Goal("Ett nytt mål", goal_id="N-1"),))
        found = warehouse.snapshot(city, round_=march, on=march.period_to, now=NOW)
    assert [row.row.goal_id for row in found.rows] == ["N-1"]
    assert found.previous is not None
    assert [row.row.goal_id for row in found.previous.rows] == ["L-C2"]
    owing = {state.board for state in found.sections}
    assert "klimatnamnden" in owing
    assert "miljonamnden" not in owing
