"""Findings as people are told of them: equal ones once with all their places, in mending order.

The steward's pages, the terminal, the letters and the annotated workbook all tell the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from expectations.verdicts import Answer, Finding

SEVERITIES = ("STOPP", "FRÅGA", "TIPS")


@dataclass(frozen=True, slots=True)
class Complaint:
    """Equal findings of one document told once: one fault and remedy, every place it stands."""

    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """The first of the findings, which says what all of them say."""
        return self.findings[0]

    @property
    def severity(self) -> str:
        """STOPP, FRÅGA or TIPS."""
        return self.first.severity

    @property
    def answer(self) -> Answer | None:
        """The answer or waiver, if all of them have it."""
        answers = {finding.answer for finding in self.findings}
        return answers.pop() if len(answers) == 1 else None

    @property
    def is_settled(self) -> bool:
        """Whether nothing remains to be done about any of them."""
        return all(finding.is_settled for finding in self.findings)

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers of the questions, which `samlad answer` takes."""
        return tuple(dict.fromkeys(finding.key for finding in self.findings))

    @property
    def places(self) -> tuple[tuple[str, str | None, str | None], ...]:
        """Return (place in words, what was written, what was expected) of each."""
        return tuple(
            (f.place.in_words() if f.place else "hela filen", f.written, f.expected)
            for f in self.findings
        )


def complaints(findings: Iterable[Finding], *, hidden: bool = False) -> tuple[Complaint, ...]:
    """Return findings as complaints: what stops first, what is settled last.

    `hidden` takes with what is kept in the data and shown only on demand.
    """
    equal: dict[tuple[object, ...], list[Finding]] = defaultdict(list)
    for finding in findings:
        if hidden or not finding.hidden:
            equal[_order(finding)].append(finding)
    return tuple(Complaint(tuple(equal[key])) for key in sorted(equal))


def _order(finding: Finding) -> tuple[object, ...]:
    return (
        finding.is_settled,
        SEVERITIES.index(finding.severity),
        finding.board or "",
        finding.document_name,
        finding.group or "",
        finding.rule,
        finding.message,
        finding.remedy,
        finding.answer.text if finding.answer else "",
    )
