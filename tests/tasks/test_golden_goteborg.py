"""What the Göteborg interim report of August 2024 says, value by value, with its places.

The expected values are those that a person reads in the document (design notes, golden tables).
"""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from expectations.contract import Figure, Reading
from expectations.register_files import load_city
from tasks.readers.running import read_pages
from tasks.readers.text import text_pages

NAME = "goteborg-kommunstyrelsen-delarsrapport-2024-08.txt"
DOCUMENT = Path(__file__).parents[2].parent / "shared" / "documents" / NAME

pytestmark = pytest.mark.skipif(
    not DOCUMENT.is_file(), reason=f"the real document {NAME} is not here"
)


@pytest.fixture(scope="module")
def report() -> Reading:
    pages = text_pages(DOCUMENT.read_bytes())
    return read_pages(pages, city=load_city("goteborg"), name=NAME)


@pytest.fixture(scope="module")
def lines() -> list[str]:
    return DOCUMENT.read_text(encoding="utf-8").split("\n")


def written(columns: dict[str, Figure]) -> dict[str, str]:
    return {key: figure.written for key, figure in columns.items()}


def test_it_is_the_interim_report_of_the_executive_board_for_august_2024(report: Reading) -> None:
    document = report.document
    assert (document.kind, document.city, document.board, document.round) == (
        "interim_report",
        "goteborg",
        "kommunstyrelsen",
        "2024-08",
    )
    assert document.administration == "Stadsledningskontoret"
    # the numbers in its clauses are the assignments'
    assert document.case_number is None
    assert document.reasons


def test_the_file_holds_a_memo_the_report_and_two_annexes(report: Reading) -> None:
    assert [(part.kind, part.lines) for part in report.document.parts] == [
        ("memo", (1, 85)),
        ("interim_report", (86, 1666)),
        ("competence_followup", (1667, 1921)),
        ("agenda2030_status", (1922, 2277)),
    ]


KEYS = (
    "outcome",
    "budget",
    "deviation",
    "outcome_prev",
    "forecast",
    "forecast_prev",
    "budget_year",
    "accounts_prev",
)
RESULT = {
    "income": (883, "78,5 79,4 -0,8 76,7 125,1 125,6 124,0 125,9"),
    "costs": (885, "-340,5 -372,7 32,1 -343,3 -566,6 -575,3 -580,6 -574,1"),
    "municipal_grant": (887, "263,0 263,0 0,0 257,7 395,4 394,5 395,4 386,5"),
    "internal_grants": (890, "29,3 34,1 -4,8 35,2 59,1 60,2 61,2 76,1"),
    "result": (892, "30,3 3,8 26,5 26,3 13,0 5,0 0,0 14,4"),
}


def test_the_result_table_is_read_line_by_line(report: Reading) -> None:
    assert [row.line for row in report.finance] == list(RESULT)
    for row in report.finance:
        line, values = RESULT[row.line]
        assert written(row.columns) == dict(zip(KEYS, values.split(), strict=True))
        assert {figure.unit for figure in row.columns.values()} == {"mnkr"}
        assert {f.place.line for f in row.columns.values() if f.place} == {line}


def test_the_split_label_of_internal_grants_is_put_together(report: Reading) -> None:
    assert report.finance[3].label == "Kommuninterna bidrag"


def test_every_column_of_the_result_table_sums_to_its_result(report: Reading) -> None:
    *terms, result = report.finance
    for key in KEYS:
        values = [row.columns[key].value or Decimal(0) for row in terms]
        assert sum(values) == result.columns[key].value


CENTRAL = [
    ("Extern visselblåsarfunktion", 212, 700, 700),
    ("LOV3-områden", 19165, 30000, 30000),
    ("Arenauppdraget", 4724, 9000, 10000),
    ("Ordförandeskap STRING", 65, 500, 500),
    ("Personal-/kompetensförsörjning", 5154, 18929, 20000),
]


def test_the_central_items_are_read_in_thousands(report: Reading) -> None:
    read = []
    for item in report.central_items:
        figures = (item.outcome, item.forecast, item.budget)
        assert {figure.unit for figure in figures if figure} == {"tkr"}
        read.append((item.name, *(figure.value for figure in figures if figure)))
    assert read == CENTRAL


MEASURES = [
    ("Nettokostnadsutveckling stadsledningskontoret", "mnkr", "1,7 +0,9 0,6 +0,2"),
    ("Årsarbetare stadsledningskontoret", "fte", "154,9 -4,0 247,5 -2,1"),
    ("Nettokostnadsutveckling politisk verksamhet", "mnkr", "5,3 +8,3 11,0 +11,2"),
    ("Årsarbetare politisk verksamhet", "fte", "47,9 +1,5 74,0 +1,0"),
]


def test_the_key_figures_hold_value_and_change_for_period_and_year(report: Reading) -> None:
    keys = ("period", "period_change", "year", "year_change")
    assert [(row.name, written(row.columns)) for row in report.measures] == [
        (name, dict(zip(keys, values.split(), strict=True))) for name, _, values in MEASURES
    ]
    for row, (_, unit, _) in zip(report.measures, MEASURES, strict=True):
        units = [row.columns[key].unit for key in keys]
        assert units == [unit, "percent", unit, "percent"]


STAFF = [
    ("annual_fte", "SLK", {"outcome": "154.9", "outcome_prev": "161.4", "forecast": "247.5",
                           "accounts_prev": "252.7"}),
    ("annual_fte", "Politiken", {"outcome": "47.9", "outcome_prev": "47.2", "forecast": "74",
                                 "accounts_prev": "73.2"}),
    ("sick_leave_total", None, {"outcome": "2.6", "outcome_prev": "2.2", "forecast": "2.6",
                                "accounts_prev": "2.3"}),
    ("exits", None, {"outcome": "13", "outcome_prev": "19"}),
    ("recruitments", None, {"outcome": "5", "outcome_prev": "18"}),
    ("turnover_external", None, {"forecast": "9.60", "accounts_prev": "9.52"}),
]  # fmt: skip


def test_the_staff_figures_stand_in_the_columns_that_have_them(report: Reading) -> None:
    read = [
        (row.metric, row.scope, {k: str(f.value) for k, f in row.columns.items()})
        for row in report.staff
    ]
    assert read == STAFF


def test_the_staff_period_differs_from_the_reports_and_says_so(report: Reading) -> None:
    noted = {row.metric for row in report.staff if row.period_note and "juli" in row.period_note}
    assert noted == {"sick_leave_total", "exits", "recruitments"}


def test_the_seven_goals_are_matched_to_the_register_and_have_no_verdict(report: Reading) -> None:
    assert [goal.goal_id for goal in report.goals] == [f"G{n}" for n in range(1, 8)]
    assert all(goal.assessment is None and goal.motive for goal in report.goals)


ASSIGNMENTS = """\
SLK-2022-01441 council_budget - - - - 2023 proposed_fulfilled -
SLK-2023-01044 council_budget - - - - 2024 part_reported 2024-12-01/2024-12-31
SLK-2023-01137 council_other KF 2023-12-07 85 2 - proposed_fulfilled -
SLK-2023-01138 council_other KF 2023-12-07 85 3 - proposed_fulfilled -
SLK-2024-00548 council_other KF 2024-04-05 - - - proposed_fulfilled -
SLK-2023-00638 council_other KF 2023-06-08 159 - - part_reported 2025-01-01/2025-03-31
SLK-2024-00819 council_other KF 2024-05-23 214 1 - part_reported 2025-01-01/None
SLK-2023-00866 executive KS 2023-11-08 771 - - proposed_fulfilled -
SLK-2022-01432 executive KS 2022-12-14 974 - - proposed_fulfilled -
SLK-2024-00325 executive KS 2024-02-21 - - - proposed_fulfilled -
SLK-2024-00324 executive KS 2024-02-21 138 - - part_reported 2024-10-01/2024-12-31
SLK-2024-00155 executive KS 2024-01-10 28 2 - part_reported 2025-01-01/2025-04-15
SLK-2023-00896 executive KS 2023-11-22 - - - part_reported None/None"""


def test_the_thirteen_assignments_have_decision_status_and_next_report(report: Reading) -> None:
    read = []
    for item in report.assignments:
        made = item.decision
        parts = (
            [made.organ, made.date, made.paragraph, made.point, made.budget_year] if made else []
        )
        planned = item.due
        span = f"{planned.earliest}/{planned.latest}" if planned else "-"
        code = item.status.code if item.status else None
        shown = [item.case_number, item.origin, *parts, code, span]
        read.append(" ".join("-" if value is None else str(value) for value in shown))
    assert "\n".join(read) == ASSIGNMENTS


def test_a_deadline_that_was_missed_stands_beside_the_new_plan(report: Reading) -> None:
    review = next(a for a in report.assignments if a.case_number == "SLK-2024-00819")
    assert review.report_back is not None
    assert review.report_back.latest == date(2024, 9, 12)
    assert review.due is not None
    assert review.due.written == "efter årsskiftet"


def test_addressees_are_the_boards_that_were_given_the_commission(report: Reading) -> None:
    by_case = {a.case_number: a.addressees for a in report.assignments}
    assert by_case["SLK-2023-01137"] == ("kommunstyrelsen", "namnden-for-intraservice")
    assert by_case["SLK-2024-00548"] == ("*",)
    assert by_case["SLK-2024-00324"] == ("kommunstyrelsen",)


def test_every_assignment_has_its_account(report: Reading) -> None:
    assert all(a.narrative and len(a.narrative.text) > 100 for a in report.assignments)


def test_the_status_is_written_as_the_heading_writes_it(report: Reading, lines: list[str]) -> None:
    for item in report.assignments:
        assert item.status is not None
        place = item.status.place
        assert place is not None
        assert place.line is not None
        assert place.columns is not None
        first, last = place.columns
        assert lines[place.line - 1][first - 1 : last] == item.status.written


def test_the_cut_clauses_are_not_complete_and_keep_what_they_say(report: Reading) -> None:
    read = [(c.ordinal, c.complete, c.case_numbers) for c in report.decisions]
    assert read == [
        ("1", True, ()),
        ("2", True, ("SLK-2022-01441",)),
        ("3", False, ("SLK-2023-01137",)),
        ("", False, ("SLK-2023-01138",)),
        ("5", False, ("SLK-2024-00548",)),
        ("6", True, ("SLK-2023-00866",)),
        ("7", True, ("SLK-2022-01432",)),
        ("8", False, ()),
    ]
    assert {clause.organ for clause in report.decisions} == {"KS"}


def test_each_of_the_four_cut_clauses_is_told_as_unreadable_at_its_line(report: Reading) -> None:
    told = [(u.place.line, u.why) for u in report.unread if u.place and "avklippt" in u.why]
    assert [line for line, _ in told] == [14, 17, 22, 36]
    assert ["nummer" in why for _, why in told] == [False, True, False, False]


def test_no_case_number_is_inferred_for_a_clause_that_lost_it(report: Reading) -> None:
    last = report.decisions[-1]
    assert (last.case_numbers, last.verb, last.text[-9:]) == ((), None, "g för att")


POSITIONS = [
    ("now", "Planeringsledare", "0-4", "0", "0", "unchanged"),
    ("now", "Jurist", "0", "0", "0", "unchanged"),
    ("long", "Planeringsledare", "1-5", None, None, None),
    ("long", "Jurister", "1-5", None, None, None),
    ("long", "Ekonomer", "1-5", None, None, None),
]


def test_the_positions_of_the_competence_annex_keep_their_intervals(report: Reading) -> None:
    read = [
        (
            row.horizon,
            row.position,
            row.missing.written if row.missing else None,
            row.vacant_or_hired.written if row.vacant_or_hired else None,
            row.other_competence.written if row.other_competence else None,
            row.change.code if row.change else None,
        )
        for row in report.competence_positions
    ]
    assert read == POSITIONS
    first = report.competence_positions[0].missing
    assert first is not None
    assert (first.low, first.high) == (0, 4)


def test_retraining_needs_are_kept_with_their_unknown_number(report: Reading) -> None:
    assert [
        (row.horizon, row.count.state if row.count else None) for row in report.competence_shift
    ] == [
        ("now", "unknown"),
        ("long", "unknown"),
    ]


def test_the_share_over_sixty_is_read_for_both_years(report: Reading) -> None:
    assert [indicator.place.line for indicator in report.indicators if indicator.place] == [
        839,
        1898,
    ]
    for indicator in report.indicators:
        assert indicator.unit == "percent"
        assert written(indicator.outcomes) == {"2020": "16,9", "2024": "20,4"}


def test_the_auditors_judgements_and_recommendations_are_kept(report: Reading) -> None:
    recommended = [a for a in report.audits if a.recommendation]
    assert len([a for a in recommended if a.object and "kommunstyrelsen" in a.object.lower()]) == 5
    assert len(recommended) == 9
    assert {a.year for a in recommended} == {2023}


SAID = {
    "Stadsledningskontorets verksamhet": "23,5 mnkr|(3,0 mnkr)|20,5 mnkr",
    "Politisk verksamhet": "6,8 mnkr|(0,9 mnkr)|5,9 mnkr",
    "Personal- och kompetensförsörjning": "5,2 mnkr|1,5 mnkr|(6,6 mnkr)",
    "Fackliga förtroendemän": "48,5 mnkr|2,6 mnkr|(51,1 mnkr)",
}


def test_what_the_text_says_of_the_units_is_kept_under_its_heading(report: Reading) -> None:
    chapter = "3.2.2 Utfall till och med perioden"
    texts = {row.path[-1]: row.text.text for row in report.narratives if chapter in row.path}
    for heading, amounts in SAID.items():
        assert all(amount in texts[heading] for amount in amounts.split("|"))


def test_what_is_left_out_of_a_figure_and_the_sums_of_assignments_are_kept(report: Reading) -> None:
    told = [row.text.text for row in report.narratives]
    assert any("exkluderas. Nyckeltal anges för Basverksamheten" in text for text in told)
    assert any("redovisas sju uppdrag till kommunstyrelsen" in text for text in told)


def test_a_report_without_essential_deviations_has_none(report: Reading) -> None:
    assert report.deviations == ()


def figures(report: Reading) -> list[Figure]:
    found: list[Figure] = []
    for row in (*report.finance, *report.measures, *report.staff):
        found += row.columns.values()
    for item in report.central_items:
        found += [f for f in (item.outcome, item.forecast, item.budget) if f]
    for job in report.competence_positions:
        found += [f for f in (job.missing, job.vacant_or_hired, job.other_competence) if f]
    return found


def test_every_figure_points_at_the_characters_that_say_it(
    report: Reading, lines: list[str]
) -> None:
    read = figures(report)
    assert len(read) >= 95
    for figure in read:
        place = figure.place
        assert place is not None
        assert place.line is not None
        assert place.columns is not None
        first, last = place.columns
        assert lines[place.line - 1][first - 1 : last] == figure.written


def test_the_document_is_covered_and_says_what_was_not_read(report: Reading) -> None:
    assert report.coverage is not None
    assert report.coverage > Decimal("0.9")
    assert not report.faults
