"""Rules that look at rows, texts and rounds: each once kept and once broken, at its place."""

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from expectations.catalogue import catalogue
from expectations.central import CentralFigure
from expectations.contract import (
    Activity,
    Assignment,
    CentralItem,
    CompetenceGap,
    Decided,
    DecisionReference,
    Deviation,
    Document,
    Due,
    Figure,
    FinanceLine,
    Funding,
    Goal,
    Indicator,
    Investment,
    Narrative,
    Place,
    Reading,
    StaffFigure,
    Submission,
    Text,
    Word,
)
from expectations.judging import in_force, judge
from expectations.register_files import city_folder, load_city
from expectations.registers import RegisterError, RuleChange
from expectations.verdicts import History

CITY = load_city("lindhamn")
AUGUST, ANNUAL = CITY.round("2026-08"), CITY.round("2025-12")
TODAY = date(2026, 9, 14)
AT = Place(sheet="Flik", cell="C7")
BOARD = CITY.board("kultur-och-fritidsnamnden")
OURS = CITY.assignments_for(BOARD.board_id, AUGUST.period_to)
OTHERS = next(
    a
    for a in CITY.assignments
    if a.addressees and "*" not in a.addressees and BOARD.board_id not in a.addressees
)
MOTIVE = "Fler barn har fått plats i kulturskolan och köerna är kortare än i fjol."


def head(**more):
    fields = {
        "sha256": "a" * 64,
        "name": "form.xlsx",
        "city": "lindhamn",
        "board": BOARD.board_id,
        "sender": BOARD.board_id,
        "kind": "form",
        "template_version": "2026.1",
        "round": "2026-08",
        "submitted_by": "controller",
        "approved_by": "förvaltningschef",
        "received_at": datetime(2026, 9, 14, 8, tzinfo=UTC),
    }
    return Document(**(fields | more))


def form(document=None, **sections):
    return Reading(document or head(), **sections)


def said(text):
    return Text(text, AT)


def number(written, unit="mnkr", decimals=1):
    value = Decimal(written.replace(",", ".").replace("−", "-"))
    return Figure(written, value, unit, decimals, place=AT)


def line(name="result", table=None, **columns):
    return FinanceLine(name, "Resultat", AT, table, {k: number(v) for k, v in columns.items()})


def staff(metric, unit="percent", **columns):
    figures = {k: number(v, unit) for k, v in columns.items()}
    return StaffFigure(metric, "Talet", AT, None, figures)


def indicator(**more):
    fields = {"goal_id": "L-B2", "direction": "increase", "unit": "percent"}
    return Indicator("Andel nöjda", AT, **(fields | more))


def assignment(**more):
    own = OURS[0]
    fields = {
        "assignment_id": own.assignment_id,
        "case_number": own.case_number,
        "status": Word("Pågår", "ongoing", AT),
        "due": Due("2026-12-31", date(2026, 12, 31), date(2026, 12, 31)),
        "narrative": said("Arbetet går enligt planen och redovisas i december."),
    }
    return Assignment(own.text, AT, **(fields | more))


def goal(**more):
    fields = {"goal_id": "L-B2", "assessment": Word("Viss", "some", AT), "motive": said(MOTIVE)}
    return Goal("Alla barn och unga ska ha en meningsfull fritid", AT, **(fields | more))


def decided(organ, **more):
    return head(decided=Decided(organ, **more))


FREE = head(kind="interim_report", template_version=None)
"""Where no cell is required: in a form the empty cell is told of, and nothing that follows."""
PAIRS = [
    (
        "A-DATE",
        form(head(date=date(2026, 9, 14)), goals=(goal(),)),
        form(head(date=date(2026, 9, 15)), goals=(goal(),)),
    ),
    (
        "A-DECIDED",
        form(decided("nämnden", date=date(2026, 9, 10), paragraph="85")),
        form(decided("nämnden", date=date(2026, 9, 10))),
    ),
    (
        "A-ROLE",
        form(goals=(goal(),)),
        form(head(approved_by=None), goals=(goal(),)),
    ),
    (
        "B-NOTHING",
        form(nothing_to_report=("staff",)),
        form(nothing_to_report=("staff",), staff=(staff("turnover", outcome="5,0"),)),
    ),
    (
        "B-NEG",
        form(staff=(staff("exits", "headcount", outcome="4"),)),
        form(staff=(staff("exits", "headcount", outcome="-4"),)),
    ),
    (
        "B-EMPTY",
        form(narratives=(Narrative(("Läget",), said("Kommer fler gör köerna längre.")),)),
        form(narratives=(Narrative(("Läget",), said("Kompletteras...")),)),
    ),
    (
        "B-SEE",
        form(narratives=(Narrative(("Läget",), said("Köerna är kortare, se bilaga 2.")),)),
        form(narratives=(Narrative(("Läget",), said("Se bilaga 2.")),)),
    ),
    ("C-SDG", form(goals=(goal(sdgs=(4, 17)),)), form(goals=(goal(sdgs=(4, 18)),))),
    ("C-SHORT", form(goals=(goal(),)), form(goals=(goal(motive=said("Bra.")),))),
    (
        "C-TARGET",
        form(
            indicators=(
                indicator(baseline=number("50", "percent"), target_year=number("55", "percent")),
            )
        ),
        form(
            indicators=(
                indicator(baseline=number("50", "percent"), target_year=number("45", "percent")),
            )
        ),
    ),
    (
        "C-YEAR",
        form(
            indicators=(
                indicator(
                    outcomes={"2026": number("50", "percent")}, target_year=number("55", "percent")
                ),
            )
        ),
        form(
            indicators=(
                indicator(
                    outcomes={"2026": number("50", "percent"), "2027": number("51", "percent")},
                    target_year=number("55", "percent"),
                ),
            )
        ),
    ),
    (
        "C-HIT",
        form(
            goals=(goal(assessment=Word("God", "good", AT)),),
            indicators=(
                indicator(
                    outcomes={"2026": number("56", "percent")}, target_year=number("55", "percent")
                ),
            ),
        ),
        form(
            goals=(goal(assessment=Word("God", "good", AT)),),
            indicators=(
                indicator(
                    outcomes={"2026": number("54", "percent")}, target_year=number("55", "percent")
                ),
            ),
        ),
    ),
    (
        "C-TWIN",
        form(goals=(goal(), goal(goal_id="L-C3", motive=said(MOTIVE + " Och tryggheten ökar.")))),
        form(goals=(goal(), goal(goal_id="L-C3"))),
    ),
    (
        "C-COUNT",
        form(goals=(goal(),), narratives=(Narrative(("Läget",), said("Ett av ett mål nås.")),)),
        form(goals=(goal(),), narratives=(Narrative(("Läget",), said("Två av tre mål nås.")),)),
    ),
    (
        "D-FUTURE",
        form(assignments=(assignment(decision=DecisionReference("X", date(2026, 9, 1), "1")),)),
        form(assignments=(assignment(decision=DecisionReference("X", date(2026, 12, 1), "1")),)),
    ),
    (
        "D-ORDER",
        form(assignments=(assignment(decision=DecisionReference("X", date(2026, 1, 8), "1")),)),
        form(
            assignments=(
                assignment(
                    decision=DecisionReference("X", date(2026, 9, 8), "1"),
                    due=Due("2026-09-01", date(2026, 9, 1), date(2026, 9, 1)),
                ),
            )
        ),
    ),
    (
        "D-PARENT",
        form(assignments=(assignment(parent=OURS[0].assignment_id),)),
        form(assignments=(assignment(parent="L-U-1999-01"),)),
    ),
    (
        "D-ADDR",
        form(assignments=(assignment(),)),
        form(
            assignments=(
                assignment(assignment_id=OTHERS.assignment_id, case_number=OTHERS.case_number),
            )
        ),
    ),
    (
        "D-NARR",
        form(
            FREE,
            assignments=(
                assignment(
                    status=Word("Fullgjort", "proposed_fulfilled", AT),
                    narrative=said("Planen är beslutad."),
                ),
            ),
        ),
        form(
            FREE,
            assignments=(
                assignment(status=Word("Fullgjort", "proposed_fulfilled", AT), narrative=None),
            ),
        ),
    ),
    (
        "D-COUNT",
        form(
            assignments=(
                assignment(status=Word("F", "proposed_fulfilled", AT), narrative=said("Klart.")),
            ),
            narratives=(Narrative(("Läget",), said("Ett uppdrag föreslås fullgjorda.")),),
        ),
        form(
            assignments=(
                assignment(status=Word("F", "proposed_fulfilled", AT), narrative=said("Klart.")),
            ),
            narratives=(Narrative(("Läget",), said("Tre uppdrag föreslås fullgjorda.")),),
        ),
    ),
    (
        "E-FDEV",
        form(finance=(line(forecast="5,0", budget_year="0,0", forecast_deviation="5,0"),)),
        form(finance=(line(forecast="5,0", budget_year="0,0", forecast_deviation="-5,0"),)),
    ),
    (
        "E-TEXT",
        form(
            finance=(line(forecast="13,0"),),
            narratives=(
                Narrative(("E",), said("Prognosen för året är ett överskott på 13 mnkr.")),
            ),
        ),
        form(
            finance=(line(forecast="13,0"),),
            narratives=(
                Narrative(("E",), said("Prognosen för året är ett överskott på 31,0 mnkr.")),
            ),
        ),
    ),
    (
        "F-ORDER",
        form(
            FREE,
            competence_gaps=(
                CompetenceGap("Ekonom", AT, risk=Word("Låg", "1"), probability=Word("Låg", "1")),
            ),
        ),
        form(FREE, competence_gaps=(CompetenceGap("Ekonom", AT, risk=Word("Låg", "1")),)),
    ),
    (
        "F-ZERO",
        form(funding=(Funding("Kurs", AT, requested=number("50", "tkr", 0)),)),
        form(funding=(Funding("Kurs", AT, requested=number("0", "tkr", 0)),)),
    ),
    (
        "F-USED",
        form(
            funding=(
                Funding("Kurs", AT, granted=number("50", "tkr", 0), used=number("50", "tkr", 0)),
            )
        ),
        form(
            funding=(
                Funding("Kurs", AT, granted=number("50", "tkr", 0), used=number("60", "tkr", 0)),
            )
        ),
    ),
    (
        "F-ACT",
        form(
            activities=(
                Activity(
                    "Praktik",
                    AT,
                    span=Due("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
                    status=Word("Pågår", "ongoing", AT),
                ),
            )
        ),
        form(
            activities=(
                Activity(
                    "Praktik",
                    AT,
                    span=Due("2026-06", date(2026, 6, 1), date(2026, 6, 30)),
                    status=Word("Pågår", "ongoing", AT),
                ),
            )
        ),
    ),
    (
        "I-OVER",
        form(
            investments=(
                Investment(
                    "Badhus", AT, {"forecast": number("105,0"), "budget_year": number("100,0")}
                ),
            )
        ),
        form(
            investments=(
                Investment(
                    "Badhus", AT, {"forecast": number("115,0"), "budget_year": number("100,0")}
                ),
            )
        ),
    ),
    (
        "P-SICK",
        form(
            staff=(
                staff("sick_leave_total", outcome="6,0"),
                staff("sick_leave_short", outcome="2,0"),
                staff("sick_leave_long", outcome="4,0"),
            )
        ),
        form(
            staff=(
                staff("sick_leave_total", outcome="6,0"),
                staff("sick_leave_short", outcome="4,0"),
                staff("sick_leave_long", outcome="4,0"),
            )
        ),
    ),
    (
        "P-FTE",
        form(
            staff=(
                staff("annual_fte", "fte", outcome="95"),
                staff("employees", "headcount", outcome="100"),
            )
        ),
        form(
            staff=(
                staff("annual_fte", "fte", outcome="195"),
                staff("employees", "headcount", outcome="100"),
            )
        ),
    ),
    (
        "P-EXITS",
        form(
            staff=(
                staff("exits", "headcount", outcome="9"),
                staff("employees", "headcount", outcome="100"),
            )
        ),
        form(
            staff=(
                staff("exits", "headcount", outcome="109"),
                staff("employees", "headcount", outcome="100"),
            )
        ),
    ),
    (
        "P-TEXT",
        form(
            staff=(staff("sick_leave_total", outcome="6,2"),),
            narratives=(Narrative(("P",), said("Sjukfrånvaron var 6,2 procent.")),),
        ),
        form(
            staff=(staff("sick_leave_total", outcome="6,2"),),
            narratives=(Narrative(("P",), said("Sjukfrånvaron var 7,2 procent.")),),
        ),
    ),
    (
        "P-JUMP",
        form(staff=(staff("sick_leave_total", outcome="6,2", outcome_prev="7,9"),)),
        form(staff=(staff("sick_leave_total", outcome="6,2", outcome_prev="16,2"),)),
    ),
]

NEIGHBOURS = {"D-MISS", "C-GOAL", "B-REQ", "C-IND", "A-LATE", "D-MEET", "B-LIST", "D-CLOSE"}
"""What a document that holds only one row cannot help breaking; tested by themselves."""


def findings(*readings, history=None, round_=AUGUST):
    verdicts = judge(
        list(readings), city=CITY, round=round_, today=TODAY, history=history or History()
    )
    return [f for v in verdicts for f in v.findings if not f.hidden]


def rules(*readings, **more):
    return {f.rule for f in findings(*readings, **more)}


@pytest.mark.parametrize(
    ("named", "kept", "broken"), PAIRS, ids=lambda v: v if isinstance(v, str) else ""
)
def test_the_rule_speaks_when_it_is_broken_and_no_other_does(named, kept, broken):
    assert named not in rules(kept)
    assert rules(broken) - NEIGHBOURS - {named} == set()
    (finding,) = [f for f in findings(broken) if f.rule == named]
    assert "{" not in finding.message + finding.remedy
    if not named.startswith("A-") and named != "B-NOTHING":
        assert finding.place == AT


def earlier(**sections):
    return (Submission("lindhamn", BOARD.board_id, "before", (form(**sections),)),)


def back(previous=(), last_year=()):
    return History(previous=previous, last_year=last_year)


LOOKING_BACK = [
    (
        "D-BACK",
        back(earlier(assignments=(assignment(status=Word("Fullgjort", "proposed_fulfilled")),))),
        form(
            assignments=(
                assignment(
                    status=Word("Fullgjort", "proposed_fulfilled", AT), narrative=said("Klart nu.")
                ),
            )
        ),
        form(assignments=(assignment(narrative=said("Något helt annat har hänt.")),)),
    ),
    (
        "D-MOVED",
        back(earlier(assignments=(assignment(narrative=None),))),
        form(assignments=(assignment(),)),
        form(
            assignments=(
                assignment(
                    due=Due("2027-06-30", date(2027, 6, 30), date(2027, 6, 30)), narrative=None
                ),
            )
        ),
    ),
    (
        "D-COPY",
        back(earlier(assignments=(assignment(),))),
        form(assignments=(assignment(narrative=said("Under sommaren har två förslag prövats.")),)),
        form(assignments=(assignment(),)),
    ),
    (
        "E-FPREV",
        back(earlier(finance=(line(forecast="13,0"),))),
        form(finance=(line(forecast_prev="13,0"),)),
        form(finance=(line(forecast_prev="14,0"),)),
    ),
    (
        "E-BUDGET",
        back(earlier(finance=(line(budget_year="13,0"),))),
        form(finance=(line(budget_year="13,0"),)),
        form(finance=(line(budget_year="14,0"),)),
    ),
    (
        "C-PREV",
        back(
            last_year=earlier(indicators=(indicator(outcomes={"2025": number("50", "percent")}),))
        ),
        form(
            indicators=(
                indicator(
                    outcomes={"2025": number("50", "percent"), "2026": number("51", "percent")},
                    target_year=number("52", "percent"),
                ),
            )
        ),
        form(
            indicators=(
                indicator(
                    outcomes={"2025": number("60", "percent"), "2026": number("61", "percent")},
                    target_year=number("62", "percent"),
                ),
            )
        ),
    ),
    (
        "P-PREV",
        back(last_year=earlier(staff=(staff("turnover", outcome="9,0"),))),
        form(staff=(staff("turnover", outcome="8,0", accounts_prev="9,0"),)),
        form(staff=(staff("turnover", outcome="8,0", accounts_prev="7,0"),)),
    ),
]


@pytest.mark.parametrize(
    ("named", "history", "kept", "broken"),
    LOOKING_BACK,
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_a_rule_that_looks_back_speaks_only_when_there_is_something_to_look_back_on(
    named, history, kept, broken
):
    assert named not in rules(kept, history=history)
    assert named in rules(broken, history=history)
    assert named not in rules(broken)


def test_central_money_that_does_not_last_is_a_tip():
    row = CentralItem("Höjd beredskap", AT, forecast=number("9", "tkr"), budget=number("8", "tkr"))

    (finding,) = [f for f in findings(form(central_items=(row,))) if f.rule == "E-CENTRAL"]

    assert (finding.severity, finding.place) == ("TIPS", AT)


def test_an_open_assignment_without_any_day_is_asked_for_one():
    own = OURS[0]
    dayless = replace(
        CITY, assignments=tuple(replace(a, due=None) if a is own else a for a in CITY.assignments)
    )
    reading = form(assignments=(assignment(due=None),))

    def told(city):
        verdict = judge([reading], city=city, round=AUGUST, today=TODAY)[0]
        return {f.rule for f in verdict.findings}

    assert "D-NODUE" in told(dayless)
    assert "D-NODUE" not in told(CITY)  # the register has its day


def test_two_documents_of_one_board_that_say_otherwise_are_held_against_each_other():
    one = form(finance=(line(outcome="13,0"),))
    other = form(head(sha256="b" * 64, name="bilaga.docx"), finance=(line(outcome="14,0"),))
    same = form(head(sha256="b" * 64, name="bilaga.docx"), finance=(line(outcome="13,0"),))

    told = [f for f in findings(one, other) if f.rule == "E-XDOC"]
    assert {(f.written, f.expected) for f in told} == {("13,0", "14,0"), ("14,0", "13,0")}
    assert "bilaga.docx" in told[0].message + told[1].message
    assert "E-XDOC" not in rules(one, same)


def test_a_grown_number_is_not_held_against_its_year_before_the_year_is_over():
    counted = indicator(
        unit="count", outcomes={"2026": number("10", "count")}, target_year=number("15", "count")
    )
    reading = form(goals=(goal(assessment=Word("God", "good", AT)),), indicators=(counted,))

    assert "C-HIT" not in rules(reading)


def test_there_are_at_least_eighty_rules_and_each_says_where_it_comes_from():
    assert len(catalogue()) >= 80
    assert all(rule.source and rule.demand.endswith(".") for rule in catalogue())


def test_a_deviation_without_measure_counts_as_prose_too():
    row = Deviation(said("Xxx"), AT)

    assert "B-EMPTY" in rules(form(deviations=(row,)))


def with_changes(tmp_path, *rows):
    folder = tmp_path / "lindhamn"
    shutil.copytree(city_folder("lindhamn"), folder, dirs_exist_ok=True)
    head = "rule,rounds,severity,reason,decided_by,decided_on"
    (folder / "rules.csv").write_text("\n".join([head, *rows]), encoding="utf-8")
    return load_city("lindhamn", (folder,))


def test_a_rule_is_lowered_or_switched_off_for_a_round_with_a_reason(tmp_path):
    city = with_changes(
        tmp_path,
        "C-SHORT,august,TIPS,Nya anvisningar först i december,budgetchef,2026-08-20",
        "C-SDG,2025-12,off,Används inte än,budgetchef,2026-01-10",
    )
    reading = form(goals=(goal(motive=said("Bra."), sdgs=(18,)),))

    def told(round_):
        verdict = judge([reading], city=city, round=round_, today=TODAY)[0]
        return {f.rule: f.severity for f in verdict.findings}

    august = told(AUGUST)
    assert (august["C-SHORT"], august["C-SDG"]) == ("TIPS", "FRÅGA")
    assert "C-SDG" not in {rule.id for rule in in_force(city, ANNUAL, TODAY)}
    assert city.rules_changed(AUGUST)["C-SHORT"].reason == "Nya anvisningar först i december"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("C-SHORT,*,STOPP,x,y,", "kan bara sänkas"),
        ("C-SHRT,*,TIPS,x,y,", "Menade ni C-SHORT"),
        ("C-SHORT,*,TIPS,,y,", "Kolumnen reason är tom"),
        ("C-SHORT,juni,TIPS,x,y,", "juni"),
    ],
)
def test_a_rule_is_never_made_heavier_unknown_or_lowered_in_silence(tmp_path, row, words):
    with pytest.raises(RegisterError, match=words):
        with_changes(tmp_path, row)


# --- against the city's own systems --------------------------------------------------------------


def central(section, key, value, unit, decimals):
    written = Figure(value, Decimal(value), unit, decimals, place=Place(line=88))
    return (CentralFigure(BOARD.board_id, section, key, "outcome", written),)


def test_a_figure_that_is_not_the_ledgers_is_asked_about_at_its_cell():
    history = History(central=central("finance", "result", "1264000.50", "kr", 2))
    kept, broken = form(finance=(line(outcome="1,3"),)), form(finance=(line(outcome="1,2"),))

    assert "E-LEDGER" not in rules(kept, history=history)
    found = next(f for f in findings(broken, history=history) if f.rule == "E-LEDGER")
    assert (found.severity, found.place, found.expected) == ("FRÅGA", AT, "1,3")
    assert found.message.endswith("ni anger 1,2, i stadens redovisning står 1,3.")


def test_a_staff_figure_that_is_not_the_staff_systems_is_asked_about():
    history = History(central=central("staff", "turnover", "9.8", "percent", 1))

    assert "P-SYSTEM" not in rules(form(staff=(staff("turnover", outcome="9,8"),)), history=history)
    assert "P-SYSTEM" in rules(form(staff=(staff("turnover", outcome="9,1"),)), history=history)


def test_another_boards_ledger_is_no_boards_business():
    other = replace(central("finance", "result", "9", "kr", 2)[0], board="socialnamnden")

    assert "E-LEDGER" not in rules(
        form(finance=(line(outcome="1,2"),)), history=History(central=(other,))
    )


def test_a_free_document_in_another_boards_folder_is_asked_about():
    theirs = form(head(template_version=None, kind="interim_report", board="socialnamnden"))
    ours = form(head(template_version=None, kind="interim_report", board=None))

    assert "A-WHOSE" not in rules(ours)
    found = next(f for f in findings(theirs) if f.rule == "A-WHOSE")
    assert found.message == (
        "Handlingen verkar komma från Socialnämnden men ligger hos Kultur- och fritidsnämnden."
    )


def test_long_sentences_are_told_of_only_where_a_city_asks_for_it():
    long = form(narratives=(Narrative(("Läget",), said("ord " * 41 + ".")),))
    asks = RuleChange("H-TEXT", ("*",), "TIPS", "Klarspråk", "kommunikationschefen", None)
    city = replace(CITY, rule_changes=(asks,))

    def told(reading, city):
        verdict = judge([reading], city=city, round=AUGUST, today=TODAY)[0]
        return [(f.severity, f.place) for f in verdict.findings if f.rule == "H-TEXT"]

    assert told(long, CITY) == []
    assert told(long, city) == [("TIPS", AT)]
    assert told(form(narratives=(Narrative(("Läget",), said("Ett kort läge.")),)), city) == []


@pytest.mark.parametrize(
    ("metric", "unit", "now", "then", "people", "asked"),
    [
        ("exits", "headcount", "12", "4", "30", False),
        ("exits", "headcount", "60", "20", "900", True),
        ("sick_leave_total", "percent", "8,0", "2,0", "12", False),
        ("sick_leave_total", "percent", "8,0", "2,0", "900", True),
    ],
)
def test_a_small_board_is_not_asked_about_what_chance_does(metric, unit, now, then, people, asked):
    rows = (
        staff(metric, unit, outcome=now, outcome_prev=then),
        staff("employees", "headcount", outcome=people),
    )
    assert ("P-JUMP" in rules(form(staff=rows))) is asked


@pytest.mark.parametrize(
    ("direction", "outcome", "asked"), [("decrease", "40", True), ("increase", "40", False)]
)
def test_a_growing_number_that_has_passed_its_target_is_judged_before_the_year_is_over(
    direction, outcome, asked
):
    counted = indicator(
        unit="count",
        direction=direction,
        outcomes={"2026": number(outcome, "count")},
        target_year=number("30", "count"),
    )
    reading = form(goals=(goal(assessment=Word("God", "good", AT)),), indicators=(counted,))

    assert ("C-HIT" in rules(reading)) is asked
