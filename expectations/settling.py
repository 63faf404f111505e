"""Answers to questions and waivers of rules, laid on the findings that they still hold for.

An answer holds for every later version of the board's document while the value and the rule are
unchanged (`Finding.basis`). What no longer holds, because the value or the round is another or its
day is past, is offered as a proposal and settles nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from expectations.catalogue import rule
from expectations.verdicts import Answer, Finding, Verdict


@dataclass(frozen=True, slots=True)
class Settlement:
    """An answer or a waiver as it was given: for one question (`key`) as it then stood (`basis`).

    `by` is a board's id or a role in the city office, never a person.
    """

    kind: Literal["answer", "waiver"]
    period: str
    key: str
    basis: str
    text: str
    by: str
    at: datetime
    until: date | None = None
    document: str | None = None


def may_settle(kind: str, finding: Finding) -> bool:
    """Say whether a finding may be answered or waived; a STOPP is at most waived."""
    if finding.severity != "STOPP":
        return True
    return kind == "waiver" and rule(finding.rule).can_be_waived


def settled(
    verdicts: Iterable[Verdict], settlements: Sequence[Settlement], *, today: date
) -> list[Verdict]:
    """Return the verdicts with each finding's answer or waiver, the newest that holds."""
    newest_first = sorted(settlements, key=lambda s: s.at, reverse=True)
    return [
        replace(
            verdict,
            findings=tuple(
                replace(finding, answer=_answer_to(finding, newest_first, today))
                for finding in verdict.findings
            ),
        )
        for verdict in verdicts
    ]


def _answer_to(finding: Finding, newest_first: Sequence[Settlement], today: date) -> Answer | None:
    same = [s for s in newest_first if s.key == finding.key and may_settle(s.kind, finding)]
    for one in same:
        holds = one.until is None or today <= one.until
        if one.period == finding.period and one.basis == finding.basis and holds:
            return _as_answer(one, is_offered=False)
    return _as_answer(same[0], is_offered=True) if same else None


def _as_answer(one: Settlement, *, is_offered: bool) -> Answer:
    return Answer(one.kind, one.text, one.by, one.at, one.until, one.document, is_offered)
