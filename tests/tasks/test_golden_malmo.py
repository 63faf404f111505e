"""What Malmö's four documents say, value by value, with the lines that say it."""

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from expectations.contract import figures_of
from expectations.register_files import load_city
from tasks.readers.running import read_pages
from tasks.readers.text import text_pages

DOCUMENTS = Path(__file__).parents[3] / "shared" / "documents"
pytestmark = pytest.mark.skipif(
    not DOCUMENTS.is_dir(), reason="../shared/documents saknas: Malmös handlingar"
)
PLAN = "malmo-kommunstyrelsen-kompetensforsorjningsplan-2026.txt"
BUDGET = "malmo-kommunstyrelsen-namndsbudget-2024.txt"
REPORT = "malmo-kommunstyrelsen-aterrapportering-uppdrag-2026.txt"
APPLICATION = "malmo-servicenamnden-ansokan-kompetensmedel-2025.txt"


@cache
def reading(name):
    path = DOCUMENTS / name
    if not path.is_file():
        pytest.skip(f"{name} saknas")
    return read_pages(text_pages(path.read_bytes()), city=load_city("malmo"), name=name)


def lines(name):
    return (DOCUMENTS / name).read_text(encoding="utf-8").replace("\f", " ").split("\n")


def at(name, place):
    first, last = place.columns
    return lines(name)[place.line - 1][first - 1 : last]


# --- the competence plan ---------------------------------------------------------------------

GAPS = [
    ("Beredskapssamordnare", "MORE", "MORE", "3", "2", 132),
    ("Controller", "SAME", "SAME", "1", "1", 136),
    ("Ekonom", "SAME", "MORE", "1", "2", 142),
    ("HR-specialist", "MORE", "MORE", "2", "1", 153),
    ("Kommunikatör", "SAME", "SAME", "2", "1", 163),
    ("Näringslivsutvecklare", "SAME", "MORE", "2", "1", 169),
    ("Stadsjurist", "MORE", "MORE", "2", "2", 180),
    ("Upphandlare", "SAME", "SAME", "1", "1", 190),
    ("Utredare", "SAME", "SAME", "2", "1", 196),
    ("Utvecklingssamordnare", "SAME", "SAME", "2", "1", 204),
    ("Verksamhetscontroller", "SAME", "SAME", "1", "1", 210),
    ("Yrkesgrupper inom IT, system och digitalisering", "MORE", "SAME", "3", "2", 216),
]


def test_the_competence_plan_is_known_with_board_years_and_reasons():
    document = reading(PLAN).document

    assert (document.kind, document.city, document.board) == (
        "competence_plan",
        "malmo",
        "kommunstyrelsen",
    )
    assert (document.administration, document.span) == ("Stadskontoret", "2026-2027")
    assert any("rad 334" in reason for reason in document.reasons)


def test_the_plan_gives_its_twelve_gaps_with_codes_of_the_citys_scales():
    assert [
        (
            row.occupation,
            row.years_2.code,
            row.years_5.code,
            row.risk.code,
            row.probability.code,
            row.place.line,
        )
        for row in reading(PLAN).competence_gaps
    ] == GAPS


def test_every_word_of_a_gap_points_at_where_it_stands():
    for row in reading(PLAN).competence_gaps:
        for word in (row.years_2, row.years_5, row.risk, row.probability):
            assert word.written.startswith(at(PLAN, word.place).strip())
        assert row.comment.text.startswith(at(PLAN, row.comment.place).strip())
        assert row.comment.text.endswith((".", "gap", "kompetens"))


def test_a_comment_over_a_page_break_ends_before_the_next_heading():
    comments = {row.occupation: row.comment.text for row in reading(PLAN).competence_gaps}

    assert comments["Näringslivsutvecklare"].endswith("föränderlig omvärld.")
    assert comments["Yrkesgrupper inom IT, system och digitalisering"] == (
        "Kvantitativt och kompetensspecifikt gap"
    )


def test_two_amounts_in_one_cell_are_what_was_asked_for_and_what_was_granted():
    (row,) = reading(PLAN).funding

    assert (row.period, row.source, row.deviation.text) == (
        "2025",
        "Budgetmedel 2025",
        "Inga avvikelser",
    )
    for figure, line in ((row.requested, 311), (row.granted, 312)):
        assert (figure.written, figure.value, figure.unit) == ("500 000", Decimal(500000), "kr")
        assert figure.place.line == line
        assert at(PLAN, figure.place) == "500 000"
    assert row.purpose.startswith("Eftersom många")


def test_the_plan_gives_its_six_activities_over_the_page_break():
    rows = reading(PLAN).activities

    assert [(row.activity, row.responsible, row.place.line) for row in rows] == [
        (
            "Fortsätta utveckla chefskapet på stadskontoret",
            "HR- och kommunikationsenheten",
            338,
        ),
        (
            "Fortsätta utveckla medarbetarskapet på stadskontoret",
            "HR- och kommunikationsenheten",
            359,
        ),
        (
            "Ta fram anpassade utbildningspaket för stadskontoret",
            "HR- och kommunikationsenheten",
            376,
        ),
        ("Spegla Malmö", "HR- och kommunikationsenheten", 396),
        (
            "Planera för smart verksamhetsutveckling och säker digitalisering",
            "Intern ledning och samordning",
            408,
        ),
        ("Ny arbetsplats och nya arbetssätt", "Intern ledning och samordning", 421),
    ]
    assert {row.span.latest for row in rows} == {date(2027, 12, 31)}
    assert {row.phase for row in rows} == {None}
    assert all(row.description.text.endswith(".") for row in rows)


def test_the_plan_says_that_competence_levels_are_not_used():
    (declared,) = reading(PLAN).not_used

    assert (declared.section, declared.field) == ("competence_gaps", "level")
    assert declared.reason.place.line == 62
    assert {row.level for row in reading(PLAN).competence_gaps} == {None}


def test_the_plans_text_stands_under_its_headings_and_nothing_is_left_over():
    told = reading(PLAN)

    assert ("Riskanalys",) in [row.path for row in told.narratives]
    assert ("Chefsförsörjning",) in [row.path for row in told.narratives]
    assert told.unread == ()
    assert told.coverage >= Decimal("0.99")


# --- the board's plan ------------------------------------------------------------------------

SDGS = {
    "M-A1": (1, 2, 3, 4, 5, 10, 16),
    "M-B1": (1, 3, 5, 7, 8, 9, 10, 11),
    "M-B2": (1, 2, 3, 5, 8, 10, 16),
    "M-B3": (5, 7, 8, 9, 10, 11, 12, 13, 14, 16),
    "M-C1": (1, 6, 11, 13, 14, 15),
    "M-C2": (7, 8, 9, 13),
    "M-D1": (1, 3, 4, 5, 8, 10, 11, 16),
    "M-D2": (1, 3, 4, 5, 8, 10, 11, 16),
    "M-D3": (1, 3, 4, 5, 8, 10, 16),
    "M-E1": (1, 2, 3, 5, 8, 10, 16),
    "M-E2": (1, 3, 4, 5, 8, 10, 16),
    "M-E3": (5, 10, 16),
}


def goal(goal_id):
    return next(row for row in reading(BUDGET).goals if row.goal_id == goal_id)


def test_the_board_plan_is_known_for_its_year():
    document = reading(BUDGET).document

    assert (document.kind, document.board, document.span) == (
        "board_plan",
        "kommunstyrelsen",
        "2024",
    )


def test_the_plan_gives_twelve_goals_in_five_areas_with_their_global_goals():
    rows = reading(BUDGET).goals

    assert {row.goal_id: row.sdgs for row in rows} == SDGS
    assert len({row.area for row in rows}) == 5
    assert [row.place.line for row in rows][:3] == [22, 100, 194]


def test_every_goal_has_planning_for_the_term_the_year_or_both():
    horizons = {row.goal_id: {one.horizon for one in row.planning} for row in reading(BUDGET).goals}

    assert all(found <= {"term", "year", "both"} and found for found in horizons.values())
    assert {row.goal_id for row in reading(BUDGET).goals if row.follow_up is None} == set()
    assert sum(len(row.planning) for row in reading(BUDGET).goals) == 55


TITLES = {
    "M-A1": "Malmö stad arbetar för att ge barn och unga goda uppväxtvillkor",
    "M-B1": "Malmö stad arbetar för att stärka sin regionala och nationella roll so",
    "M-B2": "Malmö stad arbetar för att öka andelen Malmöbor som är självförsörjand",
    "M-B3": "Malmö stad arbetar för att skapa goda villkor och förutsättningar för ",
    "M-C1": "Malmö är en föregångare när det gäller minskade utsläpp av växthusgase",
    "M-C2": "Malmö stad arbetar för en långsiktigt hållbar elförsörjning samt ökad ",
    "M-D1": "Malmö stad arbetar för att staden ska bli fri från segregation",
    "M-D2": "Malmö stad arbetar för stärkt delaktighet och ökad social sammanhållni",
    "M-D3": "Malmö stad arbetar för att stärka det förebyggande arbetet och minska ",
    "M-E1": "Malmö stad är en attraktiv och inkluderande arbetsgivare genom att säk",
    "M-E2": "Malmö stad arbetar för en god kompetensförsörjning, bland annat genom ",
    "M-E3": "Malmö stad ger en god och likvärdig service",
}


def test_the_goals_have_the_titles_that_the_plan_prints():
    assert {row.goal_id: row.title[:70] for row in reading(BUDGET).goals} == TITLES


def test_planning_is_kept_by_heading_and_horizon():
    shown = [(row.horizon, row.heading) for row in goal("M-A1").planning]

    assert shown == [
        ("term", ""),
        ("year", ""),
        ("term", "Folkhälsofrämjande insatser"),
        ("term", "Folkhälsofrämjande insatser"),
        ("year", "Folkhälsofrämjande insatser"),
    ]
    assert [row.horizon for row in goal("M-C1").planning] == [
        "both",
        "both",
        "both",
        "term",
        "year",
        "year",
    ]


def test_no_page_furniture_is_left_in_the_plans_text():
    texts = [row.text.text for one in reading(BUDGET).goals for row in one.planning]
    texts += [row.follow_up.text for row in reading(BUDGET).goals]

    assert not any("Nämndsbudget 2024, Kommunstyrelsen" in text for text in texts)
    assert not any("(17)" in text for text in texts)


def test_what_the_document_lacks_stays_empty():
    indicators = {row.goal_id for row in reading(BUDGET).indicators}

    assert indicators == set(SDGS) - {"M-D3"}
    assert goal("M-D3").desired_outcome is not None
    assert goal("M-E3").desired_outcome is None
    assert [row.goal_id for row in reading(BUDGET).indicators if row.desired_outcome is None] == [
        "M-E3"
    ]


def test_an_indicator_is_the_words_that_the_follow_up_names():
    names = {row.goal_id: (row.name, row.place.line) for row in reading(BUDGET).indicators}

    assert names["M-C1"] == ("anslutna städer till Malmö Commitment", 455)
    assert names["M-B2"][1] == 248
    assert names["M-C2"] == ("energi- och nätbolagets utveckling", 500)


def test_the_plan_gives_three_assignments_with_addressees_and_due_in_words():
    first, second, third = reading(BUDGET).assignments

    assert [row.place.line for row in (first, second, third)] == [337, 508, 737]
    assert {row.origin for row in (first, second, third)} == {"council_budget"}
    assert {row.decision.budget_year for row in (first, second, third)} == {2024}
    assert first.due is None
    assert first.report_back.written == "som ett särskilt ärende"
    assert first.addressees == second.addressees == ("kommunstyrelsen", "berörda nämnder")
    assert (second.due.written, second.due.latest) == (
        "vid årsskiftet 2024/2025",
        date(2025, 1, 15),
    )
    assert (third.due.earliest, third.due.latest) == (date(2025, 1, 1), date(2025, 3, 31))
    assert third.addressees == (
        "kommunstyrelsen",
        "arbetsmarknads-och-socialnamnden",
        "miljonamnden",
        "grundskolenamnden",
        "gymnasie-och-vuxenutbildningsnamnden",
    )


# --- the report-back, a damaged scan -----------------------------------------------------------


def test_the_report_back_is_known_with_its_case_and_meetings():
    document = reading(REPORT).document

    assert (document.kind, document.board, document.case_number) == (
        "assignment_report",
        "kommunstyrelsen",
        "STK-2025-1955",
    )
    assert [(m.organ, m.date) for m in document.meetings] == [
        ("KSAU", date(2026, 3, 23)),
        ("KS", date(2026, 4, 1)),
    ]
    assert any("skadats" in reason for reason in document.reasons)


def test_six_commissions_are_reported_each_with_its_point():
    rows = reading(REPORT).assignments[:6]

    assert [row.assignment_id for row in rows] == [f"STK-2025-1955/{n}" for n in range(1, 7)]
    assert [row.ordinal for row in rows] == [row.point for row in rows]
    assert [row.place.line for row in rows] == [43, 47, 51, 55, 59, 62]
    assert [row.narrative.place.line if row.narrative else None for row in rows] == [
        69,
        87,
        120,
        157,
        238,
        None,
    ]
    assert {row.status for row in rows} == {None}
    assert rows[5].due.latest == date(2025, 12, 31)


def test_an_account_ends_where_the_whole_matter_is_summed_up():
    fifth = reading(REPORT).assignments[4]

    assert fifth.narrative.text.endswith("plan for arbetet behovs.")


def test_another_matters_number_stays_in_the_account_that_names_it():
    rows = reading(REPORT).assignments

    assert "(STK-2024-182)" in rows[0].narrative.text
    assert {row.case_number for row in rows} == {"STK-2025-1955"}


def test_damaged_words_are_recognised_but_never_rewritten():
    clauses = reading(REPORT).decisions

    assert [(c.ordinal, c.verb, c.organ, c.complete, c.place.line) for c in clauses] == [
        ("1", "godkänner", "kommunstyrelsen", True, 13),
        ("2", "ger", "kommunstyrelsen", True, 15),
    ]
    assert "godkinner" in clauses[0].text


def test_the_second_clause_gives_a_new_assignment_out_of_the_second_commission():
    new = reading(REPORT).assignments[6]

    assert (new.status.code, new.parent) == ("new", "STK-2025-1955/2")
    assert (new.addressees, new.origin) == (("kommunstyrelsen",), "executive")


def test_names_of_officials_are_not_read():
    told = reading(REPORT)

    assert [row.text for row in told.unread] == ["Ansvariga"]
    signed = lines(REPORT)[333].split()[1]
    assert not any(signed in row.text.text for row in told.narratives)


# --- the application -----------------------------------------------------------------------------


def test_the_application_is_known_for_the_board_and_the_budget_it_draws_on():
    document = reading(APPLICATION).document

    assert (document.kind, document.board, document.administration) == (
        "funding_application",
        "servicenamnden",
        "Serviceförvaltningen",
    )
    assert (document.span, document.case_number, document.date) == ("2025", None, None)


def test_three_efforts_keep_the_money_as_it_was_written():
    rows = reading(APPLICATION).efforts

    assert [(r.cost.written, r.cost.value, r.cost.unit, r.cost.place.line) for r in rows] == [
        ("5 miljoner kronor", Decimal(5), "mnkr", 187),
        ("1 miljon kronor", Decimal(1), "mnkr", 191),
        ("200 tusen kronor", Decimal(200), "tkr", 196),
    ]
    assert [row.place.line for row in rows] == [48, 52, 56]


def test_what_is_applied_for_is_six_point_two_of_the_seventy_eight_millions_set_aside():
    in_kronor = {"mnkr": 1_000_000, "tkr": 1_000}
    asked = sum(row.cost.value * in_kronor[row.cost.unit] for row in reading(APPLICATION).efforts)

    assert asked == Decimal(6_200_000)
    assert Decimal(load_city("malmo").settings["funding"]["pool"]) == Decimal(78_000_000)


def test_each_effort_has_its_own_target_group_and_no_number_is_made_up():
    rows = reading(APPLICATION).efforts

    assert [row.target_group.place.line for row in rows] == [164, 167, 171]
    assert {row.headcount for row in rows} == {None}
    assert [row.effect.place.line if row.effect else None for row in rows] == [182, None, None]
    assert {row.goal_id for row in rows} == {"M-E1"}


@pytest.mark.parametrize("name", [PLAN, BUDGET, REPORT, APPLICATION])
def test_every_figure_stands_where_it_says(name):
    told = reading(name)

    for section in ("funding", "efforts", "competence_gaps"):
        for row in told.rows(section):
            for _, figure in figures_of(row):
                assert at(name, figure.place) == figure.written
    assert told.coverage >= Decimal("0.98")
