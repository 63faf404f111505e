"""Rules that hold boards against each other: the finding is the city's and names the boards."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from expectations.contract import (
    Assignment,
    CompetenceGap,
    Document,
    Effort,
    Figure,
    FinanceLine,
    Funding,
    Goal,
    Narrative,
    Place,
    Reading,
    StaffFigure,
    Text,
    Word,
)
from expectations.judging import in_force, judge, judge_city
from expectations.register_files import load_city
from expectations.registers import Requirement
from expectations.verdicts import Verdict

WHOLE = load_city("lindhamn")
ONE, OTHER = "kommunstyrelsen", "kultur-och-fritidsnamnden"
PARENT, COMPANY = "lindhamns-stadshus", "lindhamnsbostader"
CITY = replace(
    WHOLE,
    requirements=(Requirement((ONE, OTHER), ("*",), ("goals", "economy"), owes=True),),
)
AUGUST = CITY.round("2026-08")
TODAY = date(2026, 9, 25)
SHARED = next(a for a in CITY.assignments if {ONE, OTHER} <= set(a.addressees))


def said(board, number=0, **sections):
    document = Document(
        sha256=f"{board}{number}",
        name=f"{board}.xlsx",
        city="lindhamn",
        board=board,
        sender=board,
        kind="form",
        template_version="2026.1",
        round="2026-08",
        received_at=datetime(2026, 9, 14 + number, 8, tzinfo=UTC),
    )
    return Reading(document, **sections)


def amount(written, unit="mnkr"):
    return Figure(written, Decimal(written.replace(",", ".")), unit, 1)


def grants(written, **more):
    columns = {"outcome": amount(written)} | {k: amount(v) for k, v in more.items()}
    return {"finance": (FinanceLine("internal_grants", "Kommuninterna bidrag", columns=columns),)}


def state(code):
    row = Assignment(SHARED.text, assignment_id=SHARED.assignment_id, status=Word(code, code))
    return {"assignments": (row,)}


def need(code):
    gap = CompetenceGap("Undersköterska", years_2=Word(code, code), years_5=Word("Samma", "SAME"))
    return {"competence_gaps": (gap,)}


def applied(written):
    return {"funding": (Funding("Kurs", requested=amount(written, "kr")),)}


def goals(*but):
    return {
        "goals": tuple(
            Goal(g.title, goal_id=g.goal_id)
            for g in CITY.goals_on(AUGUST.period_to)
            if g.goal_id not in but
        )
    }


def told(text):
    return {"narratives": (Narrative(("Personal",), Text(text)),)}


def result(table=None):
    line = FinanceLine("result", "Resultat", table=table, columns={"outcome": amount("5,0")})
    return {"finance": (line,)}


MOVE = "Tre medarbetare har flyttats från kommunstyrelsen till kultur- och fritidsnämnden."
PAIRS = [
    (
        "E-INTERNAL",
        [said(ONE, **grants("-40,0")), said(OTHER, **grants("40,0"))],
        [said(ONE, **grants("-40,0")), said(OTHER, **grants("41,5"))],
        (ONE, OTHER),
        "40,0 mnkr betalt och 41,5 mnkr mottaget",
    ),
    (
        "D-JOINT",
        [said(ONE, **state("ongoing")), said(OTHER, **state("part_reported"))],
        [said(ONE, **state("ongoing")), said(OTHER, **state("proposed_fulfilled"))],
        (OTHER, ONE),
        "klart enligt Kultur- och fritidsnämnden men inte enligt Kommunstyrelsen",
    ),
    (
        "F-MATCH",
        [said(ONE, **need("SAME")), said(OTHER, **need("MORE"))],
        [said(ONE, **need("LESS")), said(OTHER, **need("MORE"))],
        (ONE, OTHER),
        "minskar i Kommunstyrelsen men ökar i Kultur- och fritidsnämnden",
    ),
    (
        "F-POOL",
        [said(ONE, **applied("3000000")), said(OTHER, **applied("3000000"))],
        [said(ONE, **applied("2000000")), said(OTHER, **applied("5000000"))],
        (OTHER, ONE),
        "Störst är Kultur- och fritidsnämnden med 5\xa0000\xa0000",
    ),
    (
        "G-TWICE",
        [said(PARENT, **result()), said(COMPANY, **result())],
        [said(PARENT, **result("Lindhamnsbostäder AB")), said(COMPANY, **result())],
        (PARENT, COMPANY),
        "redovisas både av bolaget och av Lindhamns Stadshus AB",
    ),
    (
        "C-COVER",
        [said(ONE, **goals()), said(OTHER, **goals("L-B2"))],
        [said(ONE, **goals("L-B2")), said(OTHER, **goals("L-B2"))],
        (OTHER,),
        "Kultur- och fritidsnämnden har lämnat utan målet.",
    ),
    (
        "P-MOVE",
        [said(ONE, **told(MOVE)), said(OTHER, **told(f"Under våren: {MOVE}"))],
        [said(ONE, **told(MOVE)), said(OTHER, **told("Läget är gott."))],
        (ONE, OTHER),
        "men Kultur- och fritidsnämnden nämner det inte",
    ),
]


def whole(readings, city=CITY, round_=AUGUST, today=TODAY, verdicts=None):
    given = verdicts or [Verdict(r.document.sha256, None, "2026-08") for r in readings]
    return judge_city(readings, given, city=city, round=round_, today=today)


def rules(readings, **more):
    return [f.rule for f in whole(readings, **more).findings]


@pytest.mark.parametrize(
    ("named", "kept", "broken", "boards", "words"),
    PAIRS,
    ids=lambda v: v if isinstance(v, str) and len(v) < 12 else "",
)
def test_the_citys_rule_speaks_when_it_is_broken_and_no_other_does(
    named, kept, broken, boards, words
):
    others = {"C-COVER"} - {named}  # where no board has told of its goals
    assert named not in rules(kept)
    assert set(rules(broken)) - others == {named}
    finding = next(f for f in whole(broken).findings if f.rule == named)
    assert finding.boards == boards
    assert (finding.is_citys, finding.board, finding.document) == (True, None, "")
    assert words in finding.message
    assert "{" not in finding.message + finding.remedy


def test_every_rule_of_the_city_is_in_the_table():
    frames = {rule.id for rule in in_force(CITY, AUGUST, TODAY) if rule.frame == "city"}

    assert frames == {named for named, *_ in PAIRS}


def test_grants_are_not_held_against_each_other_while_a_payer_is_missing():
    verdict = whole([said(OTHER, **grants("41,5"))])

    assert "E-INTERNAL" not in [f.rule for f in verdict.findings]
    (skipped,) = [n.reason for n in verdict.not_checked if n.group == "economy"]
    assert "Kommunstyrelsen" in skipped
    assert "Kommuninterna bidrag är därför inte avstämda." in skipped


def test_grants_that_differ_within_rounding_are_even():
    rounded = [said(ONE, **grants("-40,1")), said(OTHER, **grants("40,0"))]

    assert "E-INTERNAL" not in rules(rounded)


def test_a_goal_is_not_missed_before_the_last_day_while_a_board_is_to_come():
    one = [said(ONE, **goals("L-B2"))]

    assert "C-COVER" not in rules(one, today=AUGUST.due_for("goals"))
    assert "C-COVER" in rules(one)


def test_only_the_newest_document_of_a_board_counts():
    readings = [
        said(ONE, **grants("-41,5")),
        said(ONE, 1, **grants("-40,0")),
        said(OTHER, **grants("40,0")),
    ]

    assert "E-INTERNAL" not in rules(readings)


def test_what_is_stopped_is_not_compared():
    readings = [said(ONE, **grants("-40,0")), said(OTHER, **grants("41,5"))]
    stopped = replace(
        judge([readings[1]], city=CITY, round=AUGUST, today=TODAY)[0].findings[0],
        severity="STOPP",
        group="economy",
    )
    verdicts = [Verdict("", ONE, "2026-08"), Verdict("", OTHER, "2026-08", (stopped,))]

    assert "E-INTERNAL" not in [f.rule for f in whole(readings, verdicts=verdicts).findings]


def test_a_rule_holds_from_its_day_and_not_for_rounds_before():
    annual = WHOLE.round("2025-12")
    old = [
        replace(r, document=replace(r.document, round="2025-12"))
        for r in (said(ONE, **state("ongoing")), said(OTHER, **state("proposed_fulfilled")))
    ]
    verdicts = [Verdict("", None, "2025-12")] * 2

    assert "D-JOINT" not in rules(old, round_=annual, verdicts=verdicts)
    assert "D-JOINT" not in {rule.id for rule in in_force(CITY, annual, TODAY)}
    assert "D-JOINT" in {rule.id for rule in in_force(CITY, AUGUST, TODAY)}


def test_staff_of_a_company_told_by_its_parent_is_counted_twice_too():
    figure = StaffFigure("employees", "Anställda", scope="Lindhamnsbostäder AB")
    own = StaffFigure("employees", "Anställda")

    assert "G-TWICE" in rules([said(PARENT, staff=(figure,)), said(COMPANY, staff=(own,))])


def test_an_effort_that_costs_counts_against_the_pool():
    effort = Effort("Kurs", cost=amount("7000", "tkr"), place=Place())

    assert "F-POOL" in rules([said(ONE, efforts=(effort,))])
