"""Answers and waivers: what they settle, for how long, and what is only offered."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from expectations.settling import Settlement, may_settle, settled
from expectations.verdicts import Finding, Verdict

TODAY = date(2026, 9, 21)
AT = datetime(2026, 9, 20, 8, tzinfo=UTC)
FINDING = Finding(
    rule="E-NEG30",
    severity="FRÅGA",
    city="lindhamn",
    board="socialnamnden",
    period="2026-08",
    document="a" * 64,
    document_name="delarsrapport.xlsx",
    message="Prognosen är -41,0 mnkr.",
    remedy="Förklara avvikelsen.",
    group="economy",
    section="finance",
    row_key="result",
    written="-41,0",
)


def given(finding=FINDING, **changes):
    one = Settlement(
        kind="answer",
        period=finding.period,
        key=finding.key,
        basis=finding.basis,
        text="Köpt vård",
        by="socialnamnden",
        at=AT,
    )
    return replace(one, **changes)


def answer_of(finding, *settlements, today=TODAY):
    verdict = Verdict(finding.document, finding.board, finding.period, (finding,))
    (found,) = settled([verdict], settlements, today=today)[0].findings
    return found


def test_an_answer_settles_its_question_and_says_who_and_when():
    found = answer_of(FINDING, given())

    assert found.is_settled
    assert (found.answer.text, found.answer.by, found.answer.at) == (
        "Köpt vård",
        "socialnamnden",
        AT,
    )


def test_an_answer_survives_a_new_version_of_the_document_with_the_same_value():
    newer = replace(FINDING, document="b" * 64, document_name="delarsrapport v2.xlsx")

    assert answer_of(newer, given()).is_settled


@pytest.mark.parametrize(
    "changed",
    [
        replace(FINDING, message="Prognosen är -52,0 mnkr.", written="-52,0"),
        replace(FINDING, message="Prognosen är sämre än -30 mnkr."),
        replace(FINDING, row_key="income"),
        replace(FINDING, board="valnamnden"),
    ],
    ids=["another value", "another wording of the rule", "another row", "another board"],
)
def test_an_answer_falls_when_what_it_rests_on_changes(changed):
    found = answer_of(changed, given())

    assert not found.is_settled
    assert (found.answer is not None) == (found.key == FINDING.key), "offered for the same question"


def test_an_answer_of_an_earlier_round_is_offered_and_settles_nothing():
    next_round = replace(FINDING, period="2026-12", message="Prognosen är -44,0 mnkr.")

    found = answer_of(next_round, given())

    assert found.answer.is_offered
    assert not found.is_settled


def test_the_newest_answer_holds():
    later = given(text="Rättat svar", at=datetime(2026, 9, 21, tzinfo=UTC))

    assert answer_of(FINDING, later, given()).answer.text == "Rättat svar"


STOP = replace(FINDING, severity="STOPP", rule="B-REQ")


def test_a_stop_is_never_answered_but_may_be_waived_until_a_day():
    waiver = given(STOP, kind="waiver", until=date(2026, 9, 30))

    assert answer_of(STOP, given(STOP)).answer is None
    assert answer_of(STOP, waiver, today=date(2026, 9, 30)).is_settled
    assert not answer_of(STOP, waiver, today=date(2026, 10, 1)).is_settled


def test_a_waived_stop_lets_the_section_through():
    verdict = Verdict(STOP.document, STOP.board, STOP.period, (STOP,))
    waived = settled([verdict], [given(STOP, kind="waiver")], today=TODAY)[0]

    assert verdict.stops("economy")
    assert not waived.stops("economy")


@pytest.mark.parametrize("rule", ["A-FILE", "A-BODY", "B-PNR"])
def test_what_a_file_is_who_sent_it_and_personal_numbers_are_never_waived(rule):
    assert not may_settle("waiver", replace(STOP, rule=rule))
