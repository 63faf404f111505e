"""Every rule once kept and once broken; the named rule fires, and no other does."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations import predicates
from expectations.catalogue import BrokenRuleError, catalogue, rule
from expectations.contract import (
    Activity,
    Assignment,
    CompetenceGap,
    CompetencePosition,
    Decision,
    DecisionReference,
    Deviation,
    Document,
    Due,
    Effort,
    Fault,
    Figure,
    FinanceLine,
    Funding,
    Goal,
    Indicator,
    Place,
    Reading,
    StaffFigure,
    Submission,
    Text,
    Unread,
    Word,
)
from expectations.judging import judge
from expectations.personal import has_check_digit
from expectations.register_files import load_city
from expectations.staging import tolerance
from expectations.swedish import swedish
from expectations.verdicts import History

CITY = load_city("goteborg")
ROUND = CITY.round("2024-08")
TODAY = date(2024, 9, 20)
RECEIVED = datetime(2024, 9, 20, 8, tzinfo=UTC)
PLACE = Place(sheet="Ekonomi", cell="C7")
MOTIVE = Text("Bedömningen bygger på att fler har fått stöd under året och att väntetiden är kort.")


def figure(written, unit="mnkr", decimals=1):
    return Figure(written, Decimal(written.replace(",", ".")), unit, decimals, place=PLACE)


def head(**more):
    fields = {
        "sha256": "a" * 64,
        "name": "form.xlsx",
        "city": "goteborg",
        "board": "kommunstyrelsen",
        "sender": "kommunstyrelsen",
        "kind": "interim_report",
        "round": "2024-08",
        "received_at": RECEIVED,
    }
    return Document(**(fields | more))


def free(**sections):
    return Reading(head(), **sections)


def form(**sections):
    roles = {"submitted_by": "controller", "approved_by": "förvaltningschef"}
    return Reading(head(kind="form", template_version="2026.1", **roles), **sections)


def about(reading, **more):
    return replace(reading, document=replace(reading.document, **more))


def rules_broken_by(*readings, severity=("STOPP", "FRÅGA"), **more):
    arguments = {"city": CITY, "round": ROUND, "today": TODAY} | more
    verdicts = judge(list(readings), **arguments)
    return sorted(
        {f.rule for v in verdicts for f in v.findings if f.severity in severity and not f.hidden}
    )


def reason(goal):
    return Text(f"{goal.title}: bedömningen bygger på att väntetiden är kortare än i fjol.")


ALL_GOALS = tuple(Goal(g.title, goal_id=g.goal_id, motive=reason(g)) for g in CITY.goals)
ASSIGNMENT = Assignment(
    "Kameror på prioriterade platser",
    place=PLACE,
    assignment_id="SLK-2023-00866",
    case_number="SLK-2023-00866",
    origin="executive",
    decision=DecisionReference("KS", date(2023, 11, 8), "771"),
    status=Word("delredovisas", "part_reported", PLACE),
    narrative=Text("En första etapp är på plats."),
)


def assignment(**more):
    return replace(ASSIGNMENT, **more)


def result(**columns):
    return FinanceLine("result", "Resultat", PLACE, columns=columns)


def gap(**more):
    fields = {
        "years_2": Word("Samma", "SAME", PLACE),
        "years_5": Word("Samma", "SAME", PLACE),
        "risk": Word("Inte allvarlig", "1", PLACE),
        "probability": Word("Låg", "1", PLACE),
    }
    return CompetenceGap("Ekonom", PLACE, **(fields | more))


def position(missing, vacant, other):
    counts = [
        Figure(str(n), Decimal(n), "headcount", 0, place=PLACE) for n in (missing, vacant, other)
    ]
    return CompetencePosition("Jurist", "now", PLACE, None, *counts)


def exits(written):
    return StaffFigure(
        "exits", "Avgångar", PLACE, None, {"outcome": figure(written, "headcount", 0)}
    )


def grant(requested, granted):
    return Funding("Kurs", PLACE, requested=figure(requested, "kr"), granted=figure(granted, "kr"))


PAIRS = [
    ("A-CITY", free(), about(free(), city="malmo")),
    ("A-BODY", free(), about(free(), sender="kulturnamden")),
    ("A-BODY", form(), about(form(), board="kulturnamnden")),
    ("A-PER", free(), about(free(), round="2024-03")),
    ("A-PER", form(), about(form(), round="2024-03")),
    (
        "A-PERIOD",
        free(goals=ALL_GOALS),
        about(free(goals=ALL_GOALS), round=None),
    ),
    (
        "A-LATE",
        free(goals=ALL_GOALS),
        about(free(goals=ALL_GOALS), received_at=datetime(2024, 9, 30, 8, tzinfo=UTC)),
    ),
    ("G-ORG", free(), about(free(), sender="trafiknamnden", board="trafiknamnden")),
    (
        "B-PNR",
        free(unread=(Unread("Handläggare 850101-1230.", ""),)),
        free(unread=(Unread("Brukare 811218-9876.", ""),)),
    ),
    (
        "B-MAIL",
        free(unread=(Unread("Kontakt: kansliet@goteborg.se", ""),)),
        free(unread=(Unread("Kontakt: nagon@gmail.com", ""),)),
    ),
    (
        "B-FORMULA",
        form(),
        replace(form(), faults=(Fault("B-FORMULA", PLACE, "finance", "=A1"),)),
    ),
    (
        "B-DUP",
        free(staff=(exits("13"), exits("13"))),
        free(staff=(exits("13"), exits("14"))),
    ),
    (
        "C-ASSESS",
        free(goals=(Goal("Mål", goal_id="G1", assessment=Word("God", "good"), motive=MOTIVE),)),
        free(goals=(Goal("Mål", goal_id="G1", assessment=Word("God", "good")),)),
    ),
    (
        "C-KNOWN",
        form(goals=ALL_GOALS),
        form(goals=(*ALL_GOALS, Goal("Ett annat mål", goal_id="G99", motive=MOTIVE))),
    ),
    (
        "C-IND",
        free(
            indicators=(
                Indicator(
                    "Andel", goal_id="G1", outcomes={"2024": figure("5")}, target_year=figure("6")
                ),
            )
        ),
        free(indicators=(Indicator("Andel", goal_id="G1", outcomes={"2024": figure("5")}),)),
    ),
    (
        "C-PLAN",
        about(free(goals=ALL_GOALS[:1]), kind="interim_report"),
        about(free(goals=ALL_GOALS[:1]), kind="board_plan", round=None, span="2024"),
    ),
    (
        "D-REF",
        free(assignments=(ASSIGNMENT,)),
        free(assignments=(assignment(case_number="SLK-24-1"),)),
    ),
    (
        "D-PARA",
        free(assignments=(ASSIGNMENT,)),
        free(assignments=(assignment(decision=DecisionReference("KS", date(2023, 11, 8))),)),
    ),
    (
        "D-KNOWN",
        free(assignments=(ASSIGNMENT,)),
        free(assignments=(assignment(assignment_id=None, case_number="SLK-2020-00001"),)),
    ),
    (
        "D-CLOSE",
        free(assignments=(ASSIGNMENT,)),
        free(
            assignments=(
                assignment(
                    status=Word("fullgjort", "proposed_fulfilled"),
                    narrative=Text("Arbetet pågår till december."),
                ),
            )
        ),
    ),
    (
        "D-MEET",
        free(assignments=(ASSIGNMENT,)),
        free(assignments=(assignment(decision=DecisionReference("KS", date(2023, 11, 9), "771")),)),
    ),
    (
        "D-LIST",
        free(
            assignments=(assignment(status=Word("x", "proposed_fulfilled")),),
            decisions=(Decision("1", "…", case_numbers=("SLK-2023-00866",)),),
        ),
        free(
            assignments=(assignment(status=Word("x", "proposed_fulfilled")),),
            decisions=(Decision("1", "…", case_numbers=("SLK-2023-00866",), complete=False),),
        ),
    ),
    (
        "E-DEV",
        free(
            finance=(
                result(outcome=figure("78,5"), budget=figure("79,4"), deviation=figure("-0,8")),
            )
        ),
        free(
            finance=(
                result(outcome=figure("78,5"), budget=figure("79,4"), deviation=figure("0,9")),
            )
        ),
    ),
    (
        "E-SIGN",
        free(
            finance=(FinanceLine("costs", "Kostnader", PLACE, columns={"outcome": figure("-5,0")}),)
        ),
        free(
            finance=(FinanceLine("costs", "Kostnader", PLACE, columns={"outcome": figure("5,0")}),)
        ),
    ),
    (
        "E-NEG30",
        free(
            finance=(result(forecast=figure("-5,0")),),
            deviations=(
                Deviation(Text("Underskott"), measure_taken=Text("Nämnden har beslutat.")),
            ),
        ),
        free(finance=(result(forecast=figure("-5,0")),)),
    ),
    (
        "F-GAP",
        free(competence_gaps=(gap(comment=Text("Kompetensspecifikt gap")),)),
        free(competence_gaps=(gap(comment=Text("Kvantitativt gap")),)),
    ),
    (
        "F-RISK",
        form(
            competence_gaps=(gap(risk=Word("Allvarlig", "3", PLACE)),),
            activities=(Activity("Nätverk för ekonomer"),),
        ),
        form(competence_gaps=(gap(risk=Word("Allvarlig", "3", PLACE)),)),
    ),
    (
        "F-SUBSET",
        free(competence_positions=(position(4, 2, 2),)),
        free(competence_positions=(position(3, 2, 2),)),
    ),
    ("F-MONEY", free(funding=(grant("500", "500"),)), free(funding=(grant("500", "600"),))),
    (
        "F-TARGET",
        free(efforts=(Effort("Kurs", headcount=figure("5", "headcount", 0)),)),
        free(efforts=(Effort("Kurs"),)),
    ),
    (
        "P-PERCENT",
        free(
            staff=(
                StaffFigure("turnover", "O", PLACE, None, {"outcome": figure("9,5", "percent")}),
            )
        ),
        free(
            staff=(
                StaffFigure("turnover", "O", PLACE, None, {"outcome": figure("950", "percent")}),
            )
        ),
    ),
    (
        "P-PART",
        free(
            staff=(
                StaffFigure(
                    "sick_leave_total", "T", PLACE, None, {"outcome": figure("5,0", "percent")}
                ),
                StaffFigure(
                    "sick_leave_long", "L", PLACE, None, {"outcome": figure("2,0", "percent")}
                ),
            )
        ),
        free(
            staff=(
                StaffFigure(
                    "sick_leave_total", "T", PLACE, None, {"outcome": figure("5,0", "percent")}
                ),
                StaffFigure(
                    "sick_leave_long", "L", PLACE, None, {"outcome": figure("7,0", "percent")}
                ),
            )
        ),
    ),
]

NEIGHBOURS = {"D-MISS", "C-GOAL", "C-KNOWN", "A-LATE", "B-REQ"}
"""What a document that holds only one row cannot help breaking; tested by themselves."""


def without_neighbours(rules, named):
    return [r for r in rules if r == named or r not in NEIGHBOURS]


@pytest.mark.parametrize(
    ("named", "kept", "broken"), PAIRS, ids=lambda v: v if isinstance(v, str) else ""
)
def test_a_document_that_breaks_a_rule_is_found_by_that_rule_and_no_other(named, kept, broken):
    assert named not in rules_broken_by(kept)
    assert without_neighbours(rules_broken_by(broken), named) == [named]


def test_a_designated_board_that_leaves_out_a_goal_is_told_which():
    malmo = load_city("malmo")
    goals = tuple(Goal(g.title, goal_id=g.goal_id, motive=reason(g)) for g in malmo.goals)
    whole = about(free(goals=goals), city="malmo")
    reading = about(free(goals=goals[1:]), city="malmo")
    arguments = {"city": malmo, "round": malmo.round("2024-08"), "today": TODAY}

    found = judge([reading], **arguments)[0].findings

    assert [f.rule for f in found] == ["C-GOAL"]
    assert goals[0].title in found[0].message
    assert judge([whole], **arguments)[0].findings == ()


@pytest.mark.parametrize(
    ("due", "rules"),
    [(None, ["D-LATE"]), (Due("under 2025", date(2025, 1, 1), date(2025, 12, 31)), [])],
)
def test_an_open_assignment_past_its_day_needs_a_new_one(due, rules):
    annual = CITY.round("2024-12/annual")
    late = assignment(
        assignment_id="SLK-2024-00819",
        case_number="SLK-2024-00819",
        decision=DecisionReference("KF", date(2024, 5, 23), "214", "1"),
        due=due,
    )
    reading = about(free(assignments=(late,)), round=annual.round_id, received_at=None)

    found = rules_broken_by(reading, round=annual)

    assert [r for r in found if r not in NEIGHBOURS] == rules


def column(*terms, total):
    lines = [
        FinanceLine(line, line, PLACE, columns={"outcome": figure(term)})
        for line, term in zip(("income", "costs", "municipal_grant"), terms, strict=True)
    ]
    return free(finance=(*lines, result(outcome=figure(total))))


def test_a_sum_within_what_rounding_explains_is_no_finding_but_is_kept_in_the_data():
    reading = column("78,5", "-340,5", "263,0", total="1,1")

    assert rules_broken_by(reading) == []
    findings = judge([reading], city=CITY, round=ROUND, today=TODAY)[0].findings
    assert [f.rule for f in findings if f.hidden] == ["E-SUM-ROUND"]


def test_a_sum_outside_it_is_asked_about_with_both_numbers():
    reading = column("78,5", "-340,5", "263,0", total="1,3")

    finding = judge([reading], city=CITY, round=ROUND, today=TODAY)[0].findings[0]

    assert finding.rule == "E-SUM"
    assert "1,0" in finding.message
    assert "1,3" in finding.message


def earlier(**sections):
    return (Submission("goteborg", "kommunstyrelsen", "2024-03", (free(**sections),)),)


@pytest.mark.parametrize(
    ("named", "before", "now", "calm"),
    [
        (
            "B-UNIT",
            {"finance": (result(outcome=figure("30,3")),)},
            {"finance": (result(outcome=figure("30300")),)},
            {"finance": (result(outcome=figure("31,3")),)},
        ),
        (
            "C-JUMP",
            {"goals": (Goal("M", goal_id="G1", assessment=Word("God", "good"), motive=MOTIVE),)},
            {"goals": (Goal("M", goal_id="G1", assessment=Word("Ingen", "none"), motive=MOTIVE),)},
            {"goals": (Goal("M", goal_id="G1", assessment=Word("Viss", "some"), motive=MOTIVE),)},
        ),
    ],
)
def test_a_rule_that_looks_back_compares_with_the_round_before(named, before, now, calm):
    year = CITY.round("2023-08") if named == "C-JUMP" else ROUND
    history = History(previous=earlier(**before))

    def found(sections):
        reading = about(free(**sections), round=year.round_id, received_at=None)
        return rules_broken_by(reading, history=history, round=year)

    assert named in found(now)
    assert named not in found(calm)


def test_last_years_accounts_must_be_what_was_reported_then():
    history = History(last_year=earlier(finance=(result(outcome=figure("14,4")),)))
    right = free(finance=(result(accounts_prev=figure("14,4")),))
    wrong = free(finance=(result(accounts_prev=figure("15,4")),))

    assert rules_broken_by(right, history=history) == []
    assert rules_broken_by(wrong, history=history) == ["E-PREV"]


def test_a_text_copied_from_the_round_before_is_a_tip():
    goal = Goal("M", goal_id="G1", motive=MOTIVE)
    history = History(previous=earlier(goals=(goal,)))

    assert "C-COPY" in rules_broken_by(free(goals=(goal,)), history=history, severity=("TIPS",))


def test_joint_addressees_that_contradict_each_other_are_asked():
    mine = free(assignments=(assignment(status=Word("fullgjort", "proposed_fulfilled")),))
    other = about(
        free(assignments=(ASSIGNMENT,)),
        sha256="b" * 64,
        sender="namnden-for-intraservice",
        board="namnden-for-intraservice",
    )

    assert "D-MULTI" in rules_broken_by(mine, other)
    assert "D-MULTI" not in rules_broken_by(mine)


def test_a_file_that_cannot_be_read_stops_and_says_what_was_not_checked():
    values = {"format": "PDF", "orsak": "filen är skadad", "råd": "Spara om den."}
    reading = Reading(head(kind="unknown"), faults=(Fault("A-FILE", values=values),))

    verdict = judge([reading], city=CITY, round=ROUND, today=TODAY)[0]

    assert [f.message for f in verdict.findings] == [
        "Filen går inte att läsa som PDF: filen är skadad."
    ]
    assert verdict.stops("goals")
    assert "raderna" in verdict.not_checked[0].reason


def test_a_personal_number_is_never_repeated_in_the_finding():
    reading = free(unread=(Unread("Brukare 811218-9876.", ""),))

    finding = judge([reading], city=CITY, round=ROUND, today=TODAY)[0].findings[0]

    assert "811218" not in f"{finding.message}{finding.written}{finding.expected}"


def test_an_expectation_that_cannot_run_is_our_defect_and_no_verdict(monkeypatch):
    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setitem(predicates.PREDICATES, "E-DEV", broken)

    with pytest.raises(BrokenRuleError, match="E-DEV"):
        judge([free(finance=(result(outcome=figure("1,0")),))], city=CITY, round=ROUND, today=TODAY)


def test_every_rule_has_a_predicate_and_every_predicate_a_rule():
    assert {known.id for known in catalogue()} == set(predicates.PREDICATES)


def test_messages_and_remedies_are_whole_sentences_without_codes():
    for known in catalogue():
        for sentence in (known.message, known.remedy):
            assert sentence.endswith((".", "}")), known.id
            assert known.id not in sentence
        assert rule(known.id) is known


@given(st.lists(st.decimals(-9999, 9999, places=3), min_size=1, max_size=6), st.integers(0, 2))
def test_printed_terms_and_their_printed_sum_always_fall_within_the_tolerance(values, decimals):
    step = Decimal(1).scaleb(-decimals)
    printed = [Figure("", v.quantize(step), "mnkr", decimals) for v in values]
    total = sum(values, Decimal(0)).quantize(step)

    difference = abs(sum((f.value for f in printed), Decimal(0)) - total)

    assert difference <= tolerance(printed, len(printed))


@given(st.integers(0, 999_999_999))
def test_exactly_one_of_ten_last_digits_is_a_check_digit(nine):
    assert sum(has_check_digit(f"{nine:09d}{last}") for last in range(10)) == 1


@pytest.mark.parametrize(
    ("number", "shown"),
    [("1234567.8", "1\u00a0234\u00a0567,8"), ("-4.8", "−4,8"), ("0", "0")],
)
def test_numbers_are_shown_as_swedes_write_them(number, shown):
    assert swedish(Decimal(number)) == shown
