"""The city tables on both engines: what they count, what they never do, and their words.

The roll-up rules of report.md 1.4 and where each is held here (2 to 4 are the report's alone, for
no view judges; 11 and 12 are the registers' and the report's, the views compare one board id only):

1  colours are never averaged      no_view_averages, every_board_that_was_asked_is_counted_once
5  five kinds of missing           what_is_missing_of_a_goal_is_told_apart, goal_without_judgement
6  denominators                    every_count_over_boards_has_its_denominator
7  every addressee, three facts    closed_when_the_council_has, three_facts
8  counts summed, rates weighted   rate_is_weighted, rate_is_not_given, never_in_one_sum
9  gaps counted, intervals summed  gaps_are_summed_as_intervals, open_end_and_a_board_twice
10 money in one unit, with sign    money_is_summed_in_one_unit
—  accumulated over one span       same_span_only, never_in_one_sum
"""

import tempfile
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import inspect, text

from expectations.contract import (
    Assignment,
    CompetenceGap,
    Document,
    Figure,
    FinanceLine,
    Goal,
    Reading,
    StaffFigure,
    Word,
)
from expectations.register_files import load_city
from expectations.registers import ScaleWord
from expectations.verdicts import Finding, Verdict
from warehouse.acts import OfficeAct
from warehouse.closures import Closures, erase
from warehouse.database import engine_at, migrate
from warehouse.marts import views
from warehouse.merging import Handed
from warehouse.warehouse import open_warehouse

NOW = datetime(2026, 9, 20, 8, tzinfo=UTC)
UNJUDGED = (
    ScaleWord("not_assessed", "Ej bedömt", 8, means="not_assessed"),
    ScaleWord("white", "Vit", 9, means="not_measured"),
)
LINDHAMN = load_city("lindhamn")
CITY = replace(
    LINDHAMN,
    scales=tuple(
        replace(s, words=(*s.words, *UNJUDGED)) if s.scale == "goal_assessment" else s
        for s in LINDHAMN.scales
    ),
)
AUGUST, LAST, MARCH = (CITY.round(one) for one in ("2026-08", "2025-12", "2026-03"))
SHARED = next(
    a for a in CITY.assignments if 2 <= len(a.addressees) <= 6 and a.open_on(date(2026, 8, 31))
)
GOAL = next(g for g in CITY.goals_on(AUGUST.period_to) if g.designated)


def number(value, unit="mnkr", decimals=1, **more):
    return Figure(
        str(value), None if value is None else Decimal(str(value)), unit, decimals, **more
    )


def said(board, round_=AUGUST, sha=None, **sections):
    document = Document(
        sha256=(sha or board).ljust(64, "x")[:64],
        name="f",
        media_type="x",
        size=1,
        board=board,
        kind="form",
        round=round_.round_id,
    )
    return Reading(document, **sections)


def put(warehouse, *readings, round_=AUGUST, stops=(), acts=()):
    handed, verdicts = [], {}
    for one in readings:
        sha, board = one.document.sha256, one.document.board
        receipt = {
            "receipt_id": f"K-{sha[:30]}",
            "key": "f",
            "sender": board,
            "name": "f",
            "board": board,
            "period": round_.round_id,
            "received_at": NOW,
            "identical": False,
        }
        warehouse.remember(one, city_id="lindhamn", reader_version="1", receipt=receipt)
        handed.append(Handed(one, board, round_.round_id, NOW, receipt["receipt_id"]))
        stopped = [g for b, g in stops if b == board]
        found = tuple(
            Finding("X", "STOPP", "lindhamn", board, round_.round_id, sha, "f", "M.", "R.", g)
            for g in stopped
        )
        verdicts[sha] = Verdict(sha, board, round_.round_id, found)
    span = {round_.round_id: (round_.period_from, round_.period_to)}
    warehouse.merge(handed, verdicts, city_id="lindhamn", span=span, now=NOW)
    warehouse.keep_owed(CITY, round_, acts, NOW)


def rows(warehouse, query, **values):
    with warehouse.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query), values)]


def goal(code=None, **more):
    return Goal(
        GOAL.title, goal_id=GOAL.goal_id, assessment=Word("ord", code) if code else None, **more
    )


def test_every_view_has_the_columns_that_its_words_say(url):
    with open_warehouse(url) as warehouse:
        for view in views():
            with warehouse.engine.connect() as connection:
                found = connection.execute(text(f"SELECT * FROM {view.name}")).keys()
            assert list(found) == list(view.columns), view.name


def test_the_views_come_and_go_with_the_tables(url):
    migrate(url)
    migrate(url, "0003_central_figures", back=True)
    engine = engine_at(url)
    assert inspect(engine).get_view_names() == []
    migrate(url)
    assert set(inspect(engine).get_view_names()) == {view.name for view in views()}
    migrate(url, "base")
    assert inspect(engine).get_view_names() == []
    engine.dispose()


# --- goals: counted, with what is missing and of how many ----------------------------------------


def test_what_is_missing_of_a_goal_is_told_apart(url):
    boards = GOAL.designated
    assert len(boards) >= 3, "the example city's goal has too few boards for this test"
    with open_warehouse(url) as warehouse:
        put(
            warehouse,
            said(boards[0], goals=(goal("good"),)),
            said(boards[1], goals=(goal(role="Berörs inte"),)),
            said(boards[2], goals=(goal("hard"),)),
        )
        found = dict(
            rows(
                warehouse,
                "SELECT board_id, standing FROM mart_goal WHERE goal_id = :g",
                g=GOAL.goal_id,
            )
        )
        assert (found[boards[0]], found[boards[1]], found[boards[2]]) == (
            "assessed",
            "not_concerned",
            "hard_to_judge",
        )
        assert all(found[board] == "not_submitted" for board in boards[3:])

        closed = Closures(documents={boards[2].ljust(64, "x"): "blocked"})
        erase(warehouse.engine, "lindhamn", closed, NOW)
        query = "SELECT standing FROM mart_goal WHERE goal_id = :g AND board_id = :b"
        assert rows(warehouse, query, g=GOAL.goal_id, b=boards[2]) == [("withheld",)]


@pytest.mark.parametrize(
    ("code", "standing"),
    [(None, "not_assessed"), ("not_assessed", "not_assessed"), ("white", "not_measured")],
)
def test_a_goal_without_judgement_says_why(url, code, standing):
    with open_warehouse(url) as warehouse:
        put(warehouse, said(GOAL.designated[0], goals=(goal(code),)))
        assert rows(
            warehouse,
            "SELECT standing FROM mart_goal WHERE goal_id = :g AND board_id = :b",
            g=GOAL.goal_id,
            b=GOAL.designated[0],
        ) == [(standing,)]


ONE_AT_A_TIME = {
    "max_examples": 12,
    "deadline": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture],
}


@settings(**ONE_AT_A_TIME)
@given(st.data())
def test_every_board_that_was_asked_is_counted_once_whatever_it_says(data):
    codes = st.sampled_from(["good", "some", "weak", "hard", "not_assessed", None, "silent"])
    words = {board: data.draw(codes) for board in GOAL.designated}
    readings = [
        said(board, goals=(goal(code),)) for board, code in words.items() if code != "silent"
    ]
    with (
        tempfile.TemporaryDirectory() as folder,
        open_warehouse(f"sqlite:///{folder}/w.db") as warehouse,
    ):
        put(warehouse, *readings)
        found = rows(
            warehouse,
            "SELECT assessment_code, sum(boards), max(asked) FROM mart_goal_count "
            "WHERE goal_id = :g GROUP BY assessment_code",
            g=GOAL.goal_id,
        )
    asked = {row[2] for row in found}
    assert asked == {len(GOAL.designated)}
    assert sum(row[1] for row in found) == len(GOAL.designated)
    told = Counter(None if code == "silent" else code for code in words.values())
    assert {row[0]: row[1] for row in found} == dict(told)


# --- assignments: every addressee, three facts ---------------------------------------------------


def decision(number, board, level, day="2026-09-24"):
    about = {"assignment": SHARED.assignment_id, "level": level, "date": day, "paragraph": "9"}
    where = ("lindhamn", board, SHARED.assignment_id, "stadskontoret")
    return OfficeAct("assignment_decision", *where, "x", NOW, about=about, act_id=f"H-{number}")


def total(warehouse):
    query = (
        "SELECT addressees, answered, office_proposed, board_decided, council_decided, standing "
        "FROM mart_assignment_total WHERE assignment_id = :a"
    )
    return rows(warehouse, query, a=SHARED.assignment_id)


def test_an_assignment_is_closed_when_the_council_has_closed_it_for_every_addressee(url):
    many = len(SHARED.addressees)
    acts = [decision(n, board, "council") for n, board in enumerate(SHARED.addressees)]
    word = Word("Föreslås", "proposed_fulfilled")
    answer = Assignment(SHARED.text, assignment_id=SHARED.assignment_id, status=word)
    with open_warehouse(url) as warehouse:
        put(warehouse, said(SHARED.addressees[0], assignments=(answer,)), acts=acts[:-1])
        assert total(warehouse) == [(many, 1, 0, 0, many - 1, "partly_closed")]
        warehouse.keep_owed(CITY, AUGUST, acts, NOW)
        assert total(warehouse) == [(many, 1, 0, 0, many, "closed")]
        warehouse.keep_owed(CITY, AUGUST, acts[1:], NOW + timedelta(days=1))
        assert total(warehouse) == [(many, 1, 0, 0, many - 1, "partly_closed")]


def test_what_office_board_and_council_have_said_are_three_facts(url):
    board = SHARED.addressees[0]
    acts = [decision(1, board, "office", "2026-09-01"), decision(2, board, "board", "2026-09-24")]
    with open_warehouse(url) as warehouse:
        put(warehouse, acts=acts)
        query = (
            "SELECT CAST(office_proposed_on AS VARCHAR), CAST(board_decided_on AS VARCHAR), "
            "council_decided_on, standing, board_paragraph, council_paragraph "
            "FROM mart_assignment "
            "WHERE assignment_id = :a AND board_id = :b"
        )
        assert rows(warehouse, query, a=SHARED.assignment_id, b=board) == [
            ("2026-09-01", "2026-09-24", None, "not_submitted", "9", None)
        ]
        assert total(warehouse)[0][-1] == "open"


# --- staff, competence, money --------------------------------------------------------------------

BOARDS = ("socialnamnden", "grundskolenamnden", "miljonamnden")


def staff(metric, value, unit):
    return StaffFigure(metric, metric, columns={"outcome": number(value, unit)})


def rate(warehouse):
    query = (
        "SELECT boards, total, weighted_rate FROM mart_staff_total "
        "WHERE metric = 'sick_leave_total' AND value_column = 'outcome'"
    )
    return rows(warehouse, query)


def test_a_rate_is_weighted_by_full_time_equivalents_and_never_summed(url):
    with open_warehouse(url) as warehouse:
        put(
            warehouse,
            said(
                BOARDS[0],
                staff=(staff("annual_fte", 300, "fte"), staff("sick_leave_total", 8, "percent")),
            ),
            said(
                BOARDS[1],
                staff=(staff("annual_fte", 100, "fte"), staff("sick_leave_total", 4, "percent")),
            ),
        )
        ((boards, summed, weighted),) = rate(warehouse)
    assert (boards, summed) == (2, None)
    assert float(weighted) == pytest.approx(7.0)


def test_a_rate_is_not_given_where_one_board_lacks_the_weight(url):
    with open_warehouse(url) as warehouse:
        put(
            warehouse,
            said(
                BOARDS[0],
                staff=(staff("annual_fte", 300, "fte"), staff("sick_leave_total", 8, "percent")),
            ),
            said(BOARDS[1], staff=(staff("sick_leave_total", 4, "percent"),)),
        )
        assert rate(warehouse) == [(2, None, None)]


@settings(**ONE_AT_A_TIME)
@given(
    st.lists(
        st.tuples(st.integers(1, 5000), st.integers(0, 300)), min_size=1, max_size=3, unique=True
    )
)
def test_a_weighted_rate_lies_between_the_lowest_and_the_highest(pairs):
    readings = [
        said(
            board,
            staff=(
                staff("annual_fte", fte, "fte"),
                staff("sick_leave_total", tenths / 10, "percent"),
            ),
        )
        for board, (fte, tenths) in zip(BOARDS, pairs, strict=False)
    ]
    with (
        tempfile.TemporaryDirectory() as folder,
        open_warehouse(f"sqlite:///{folder}/w.db") as warehouse,
    ):
        put(warehouse, *readings)
        ((_, _, weighted),) = rate(warehouse)
    rates = [tenths / 10 for _, tenths in pairs]
    assert min(rates) - 1e-9 <= float(weighted) <= max(rates) + 1e-9


def test_accumulated_figures_are_held_against_the_same_span_only(url):
    last_august = replace(
        AUGUST, round_id="2025-08", period_from=date(2025, 1, 1), period_to=date(2025, 8, 31)
    )
    with open_warehouse(url) as warehouse:
        for round_, value in ((last_august, 150), (LAST, 247.5), (MARCH, 40), (AUGUST, 154.9)):
            reading = said(
                BOARDS[0], round_, sha=round_.round_id, staff=(staff("annual_fte", value, "fte"),)
            )
            put(warehouse, reading, round_=round_)
        query = "SELECT period, period_before, change FROM mart_staff_change"
        found = [(now, before, round(float(by), 1)) for now, before, by in rows(warehouse, query)]
    assert found == [("2026-08", "2025-08", 4.9)]


def test_figures_over_different_spans_are_never_in_one_sum_nor_compared_over_two_years(url):
    whole_year = replace(staff("annual_fte", 240, "fte"), period_note="helår")
    august_2024 = replace(
        AUGUST, round_id="2024-08", period_from=date(2024, 1, 1), period_to=date(2024, 8, 31)
    )
    with open_warehouse(url) as warehouse:
        put(
            warehouse,
            said(BOARDS[0], staff=(staff("annual_fte", 150, "fte"), whole_year)),
            said(BOARDS[1], staff=(staff("annual_fte", 50, "fte"),)),
        )
        old = said(BOARDS[0], august_2024, sha="old", staff=(staff("annual_fte", 140, "fte"),))
        put(warehouse, old, round_=august_2024)
        query = (
            "SELECT period_note, boards, total FROM mart_staff_total "
            "WHERE period = '2026-08' AND metric = 'annual_fte'"
        )
        found = {note: (boards, float(total)) for note, boards, total in rows(warehouse, query)}
        assert found == {None: (2, 200.0), "helår": (1, 240.0)}
        assert rows(warehouse, "SELECT count(*) FROM mart_staff_change") == [(0,)]


@settings(**ONE_AT_A_TIME)
@given(
    st.lists(
        st.one_of(
            st.integers(0, 50).map(lambda n: (n, None, None)),
            st.tuples(st.none(), st.integers(0, 20), st.integers(20, 40)),
            st.just((None, None, None)),
        ),
        min_size=1,
        max_size=3,
    )
)
def test_gaps_are_summed_as_intervals_and_say_how_many_boards_gave_a_number(gaps):
    def figure(value, low, high):
        bounds = {
            "low": None if low is None else Decimal(low),
            "high": None if high is None else Decimal(high),
        }
        return number(value, "fte", 0, **bounds)

    readings = [
        said(
            board,
            competence_gaps=(
                CompetenceGap("Lärare", years_2=Word("Mer", "MORE"), gap_fte_short=figure(*gap)),
            ),
        )
        for board, gap in zip(BOARDS, gaps, strict=False)
    ]
    with (
        tempfile.TemporaryDirectory() as folder,
        open_warehouse(f"sqlite:///{folder}/w.db") as warehouse,
    ):
        put(warehouse, *readings)
        query = (
            "SELECT boards, years_2_more, boards_with_fte_short, fte_short_low, fte_short_high "
            "FROM mart_competence_total"
        )
        ((boards, more, with_number, low, high),) = rows(warehouse, query)
    known = [g for g in gaps if g != (None, None, None)]
    lows = [g[0] if g[0] is not None else g[1] for g in known]
    highs = [g[0] if g[0] is not None else g[2] for g in known]
    assert (boards, more, with_number) == (len(gaps), len(gaps), len(known))
    assert (low, high) == ((sum(lows), sum(highs)) if known else (None, None))


def test_an_open_end_and_a_board_that_tells_twice_do_not_make_a_sum_look_surer_than_it_is(url):
    def gap(value=None, low=None, *, code="MORE", aid=None):
        bound = None if low is None else Decimal(low)
        figure = number(value, "fte", 0, low=bound)
        return CompetenceGap("Lärare", aid=aid, years_2=Word("Mer", code), gap_fte_short=figure)

    with open_warehouse(url) as warehouse:
        put(
            warehouse,
            said(BOARDS[0], competence_gaps=(gap(3, aid="a"), gap(4, aid="b"))),
            said(BOARDS[1], competence_gaps=(gap(low=5),)),
        )
        query = (
            "SELECT boards, asked, years_2_more, boards_with_fte_short, fte_short_low, "
            "fte_short_high FROM mart_competence_total"
        )
        ((boards, asked, more, with_number, low, high),) = rows(warehouse, query)
    owing = sum("competence" in groups for groups in CITY.owed(AUGUST).values())
    assert (boards, asked, more, with_number) == (2, owing or None, 2, 2)
    assert (low, high) == (12, None)


def test_no_view_averages_and_every_count_over_boards_has_its_denominator():
    told = {view.name: view for view in views()}
    assert not [name for name, view in told.items() if "avg(" in view.sql.lower()]
    over_boards = [name for name in told if name.endswith(("_total", "_count"))]
    assert over_boards
    for name in over_boards:
        assert {"asked", "addressees"} & set(told[name].columns), name


def test_money_is_summed_in_one_unit_and_says_how_many_boards_are_in_it(url):
    def line(value, unit):
        return FinanceLine("costs", "Kostnader", columns={"outcome": number(value, unit)})

    with open_warehouse(url) as warehouse:
        put(
            warehouse,
            said(BOARDS[0], finance=(line(-12.5, "mnkr"),)),
            said(BOARDS[1], finance=(line(-800, "tkr"),)),
        )
        ((boards, asked, above, summed),) = rows(
            warehouse,
            "SELECT boards, asked, boards_above_zero, total_tkr FROM mart_economy_total "
            "WHERE line = 'costs' AND value_column = 'outcome'",
        )
    owing = sum("economy" in groups for groups in CITY.owed(AUGUST).values())
    assert (boards, asked, above, float(summed)) == (2, owing, 0, -13300.0)


def test_the_first_result_table_is_summed_also_where_it_has_a_name_and_no_other_is(url):
    def line(value, table):
        columns = {"outcome": number(value, "tkr")}
        return FinanceLine("costs", "Kostnader", columns=columns, table=table)

    with open_warehouse(url) as warehouse:
        put(
            warehouse,
            said(BOARDS[0], finance=(line(-5, None), line(-3, "Varav skola"))),
            said(BOARDS[1], finance=(line(-7, "Nämnden totalt"), line(-2, "Varav park"))),
        )
        ((boards, summed),) = rows(
            warehouse, "SELECT boards, total_tkr FROM mart_economy_total WHERE line = 'costs'"
        )
        (every,) = rows(warehouse, "SELECT count(*) FROM mart_economy")
    assert (boards, float(summed), every) == (2, -12.0, (4,))


def test_a_step_that_judges_nothing_is_told_by_the_scale_and_not_by_its_code(url):
    purple = ScaleWord("purple", "Lila", 7, means="hard_to_judge")
    grey = ScaleWord("grey", "Grå", 8, means="not_measured")
    scales = tuple(
        replace(s, words=(*s.words, purple, grey)) if s.scale == "goal_assessment" else s
        for s in CITY.scales
    )
    boards = GOAL.designated
    with open_warehouse(url) as warehouse:
        put(
            warehouse,
            said(boards[0], goals=(goal("purple"),)),
            said(boards[1], goals=(goal("grey"),)),
            said(boards[2], goals=(goal(role="Ej berörd"),)),
        )
        warehouse.keep_owed(replace(CITY, scales=scales), AUGUST, (), NOW)
        query = "SELECT board_id, standing FROM mart_goal WHERE goal_id = :g"
        found = dict(rows(warehouse, query, g=GOAL.goal_id))
    told = [found[board] for board in boards[:3]]
    assert told == ["hard_to_judge", "not_measured", "not_concerned"]


def test_a_later_version_replaces_the_earlier_in_every_view(url):
    def line(value):
        return FinanceLine("costs", "Kostnader", columns={"outcome": number(value)})

    with open_warehouse(url) as warehouse:
        put(warehouse, said(BOARDS[0], sha="a", finance=(line(-1),)))
        put(warehouse, said(BOARDS[0], sha="b", finance=(line(-2),)))
        assert [float(v) for (v,) in rows(warehouse, "SELECT value FROM mart_economy")] == [-2.0]
