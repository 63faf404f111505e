"""What a check says that it tried: only what was, on the value, its row or further out."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from expectations.contract import (
    CompetencePosition,
    Document,
    Figure,
    FinanceLine,
    Place,
    Reading,
    StaffFigure,
)
from expectations.contract import Submission as Handed
from expectations.judging import judge, judge_city
from expectations.register_files import load_city
from expectations.registers import RuleChange
from expectations.verdicts import History
from tasks.compose import compose
from tasks.report.checking import Checking
from warehouse.snapshot import Snapshot, StoredDocument, StoredRow

CITY = load_city("goteborg")
ROUND = CITY.round("2024-08")
TODAY = date(2024, 9, 20)
NOW = datetime(2024, 9, 20, 8, tzinfo=UTC)
HEAD = Document(
    sha256="a" * 64,
    name="form.xlsx",
    city="goteborg",
    board="kommunstyrelsen",
    sender="kommunstyrelsen",
    kind="form",
    round="2024-08",
    received_at=NOW,
    template_version="2026.1",
    submitted_by="controller",
    approved_by="chef",
)
FREE = replace(HEAD, kind="interim_report", template_version=None)


def line(name="result", **columns):
    figures = {
        key: Figure(told, Decimal(told), "mnkr", 1, place=Place(sheet="Ekonomi", cell="C7"))
        for key, told in columns.items()
    }
    return FinanceLine(name, "Resultat", columns=figures)


COLUMNS = {"outcome": "1.0", "forecast": "5.0", "budget_year": "0.0", "forecast_prev": "3.0"}
ROWS = (line(**COLUMNS), line("income", **COLUMNS), line("costs", outcome="0.0", forecast="0.0"))
FORM = Reading(HEAD, finance=ROWS, staff=(StaffFigure("employees", "Anställda"),))
BEFORE = Handed("goteborg", "kommunstyrelsen", "2024-03", (Reading(HEAD, finance=ROWS),))


def checked(reading, key="result", field="columns.forecast", *, history=None, city=CITY):
    """What the report says was checked of one figure of a reading."""
    given = {"city": city, "round": ROUND, "today": TODAY}
    verdicts = judge([reading], **given, history=history)
    verdicts.append(judge_city([reading], verdicts, **given))
    sha = reading.document.sha256
    snapshot = Snapshot(
        "goteborg",
        "2024-08",
        ROUND.period_to,
        NOW,
        ("2024-08",),
        (StoredDocument(reading.document, "kommunstyrelsen", "2024-08", 1, NOW, "K-1"),),
        (),
        (),
        tuple(finding for verdict in verdicts for finding in verdict.findings),
        "0" * 64,
        checks=tuple(replace(verdict, findings=()) for verdict in verdicts),
    )
    checking = Checking(snapshot, city, ROUND)
    row = StoredRow("kommunstyrelsen", "2024-08", "finance", key, None, sha, 1)
    return checking.given[checking.of(row, field)]


def not_tried(check):
    return {rule: why for why, rules in check.not_tried for rule in rules}


@pytest.fixture(scope="module")
def alone():
    """The forecast of the result in a form, without the round before."""
    return checked(FORM)


def test_a_rule_that_had_nothing_to_compare_with_is_never_among_those_passed(alone):
    kept = {*alone.on_value, *alone.on_row, *alone.on_section, *alone.on_document}

    assert {"B-UNIT", "E-PREV", "E-FPREV", "E-DEV"}.isdisjoint(kept)
    told = not_tried(alone)
    assert told["B-UNIT"] == "Inget jämfördes med förra omgången: den finns inte i lagret."
    assert told["E-PREV"] == "Inget jämfördes med förra året: det finns inte i lagret."
    assert told["E-DEV"].startswith("Inget att pröva här")
    assert told["E-INTERNAL"] == "Gäller inte omgångar som slutar då."


def test_what_was_tried_on_the_value_its_row_and_the_document_is_told_apart(alone):
    assert {"B-NUM", "E-NEG30"} <= set(alone.on_value)
    assert "B-NEG" in alone.on_row
    assert "A-BODY" in alone.on_document
    assert any(why.startswith("I jämförelsen av ekonomin saknas") for why, _ in alone.not_tried)


def test_with_the_round_before_its_rules_are_tried_and_a_finding_is_told_at_the_row():
    check = checked(FORM, history=History(previous=(BEFORE,)))

    assert {"B-UNIT", "E-BUDGET"} <= set(check.on_row)
    assert "E-FPREV" in check.asked_here
    assert "B-UNIT" not in not_tried(check)


def test_rules_of_forms_are_not_tried_on_a_free_document_and_it_says_so():
    told = not_tried(checked(replace(FORM, document=FREE)))

    assert told["B-NUM"] == "Prövas bara i formulär."


def test_a_rule_that_the_city_has_switched_off_is_named_with_the_reason():
    off = RuleChange("E-NEG30", ("2024-08",), "off", "Prövas i höst", "KS", TODAY)
    check = checked(FORM, city=replace(CITY, rule_changes=(off,)))

    assert "E-NEG30" not in check.on_value
    assert not_tried(check)["E-NEG30"] == "Avstängd för omgången: Prövas i höst"


def test_nothing_behind_the_gate_where_the_check_stopped_is_said_to_be_tried():
    (verdict,) = judge(
        [replace(FORM, document=replace(HEAD, sender="finns-inte"))],
        city=CITY,
        round=ROUND,
        today=TODAY,
    )
    tried = {rule for looked in verdict.looked for rule in looked.rules}

    assert "A-BODY" in tried
    assert {"B-NUM", "E-SUM", "B-DUP"}.isdisjoint(tried)


def test_a_figure_from_the_round_before_has_a_source_and_no_check_of_this_round():
    missing = Figure("7", Decimal(7), "headcount", 0)
    gap = CompetencePosition("Sjuksköterska", horizon="now", missing=missing)
    row = StoredRow("kommunstyrelsen", "2024-03", "competence_positions", "x", gap, "b" * 64, 1)
    facts = (NOW, ("2024-08",), (), (), (), (), "0" * 64)
    before = Snapshot("goteborg", "2024-03", date(2024, 3, 31), *facts)
    snapshot = Snapshot("goteborg", "2024-08", ROUND.period_to, *facts)
    report = compose(
        replace(snapshot, previous=replace(before, rows=(row,))), CITY, status="Utkast"
    )

    assert [(source.written, source.check) for source in report.sources] == [("7", "")]
