"""What a check says: findings, gates, what was not checked, and which sections may be merged."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from expectations.central import CentralFigure
from expectations.contract import Place, Submission

Severity = Literal["STOPP", "FRÅGA", "TIPS"]


@dataclass(frozen=True, slots=True)
class History:
    """What a document is held against: the round before, a year ago, and the city's systems."""

    previous: tuple[Submission, ...] = ()
    last_year: tuple[Submission, ...] = ()
    central: tuple[CentralFigure, ...] = ()
    """What the city's ledger and staff system say of this round."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered to a FRÅGA, or why a rule was waived, for one finding.

    `by` is the board's id or `stadskontoret`, never a person. `until` ends a waiver.
    `is_offered` answers were given in an earlier round, to another value or until a day that is
    past: shown as a proposal, never taken.
    """

    kind: Literal["answer", "waiver"]
    text: str
    by: str
    at: datetime
    until: date | None = None
    document: str | None = None
    is_offered: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that a submission breaks, at a place, with found and expected.

    `group` is the group of sections (contract.GROUPS) that it touches; None touches the whole
    document. `message` and `remedy` are whole Swedish sentences without codes. A finding of the
    city's, which no board alone can mend, has no document but the `boards` that it concerns.
    """

    rule: str
    severity: Severity
    city: str
    board: str | None
    period: str | None
    document: str
    """SHA-256 of the document."""
    document_name: str
    message: str
    remedy: str
    group: str | None = None
    section: str | None = None
    row_key: str | None = None
    field: str | None = None
    place: Place | None = None
    written: str | None = None
    expected: str | None = None
    hidden: bool = False
    """Kept in the data and shown only on demand."""
    answer: Answer | None = None
    quote: str | None = None
    """What the document says around the place; a workbook has its cells instead."""
    heading: str | None = None
    """The heading that the place stands under, where the document has headings."""
    boards: tuple[str, ...] = ()
    """The boards that a finding of the city's concerns, those to ask first."""

    @property
    def is_citys(self) -> bool:
        """Whether it belongs to the city as a whole and not to a board's document."""
        return bool(self.boards)

    @property
    def key(self) -> str:
        """Return the id of the question: the same in every version of the document and round."""
        about = self.row_key or self.expected or ("" if self.section else self.message)
        return _id(
            "P", self.rule, self.city, self.board, self.group, self.section, self.field, about
        )

    @property
    def basis(self) -> str:
        """Return the id of what the question rests on: an answer holds while it is the same."""
        return _id("B", self.rule, self.written, self.message)

    @property
    def is_settled(self) -> bool:
        """Whether it was answered or waived; a proposal from an earlier round settles nothing."""
        return self.answer is not None and not self.answer.is_offered


def _id(letter: str, *parts: str | None) -> str:
    address = "\x1f".join(part or "" for part in parts)
    return f"{letter}-{hashlib.sha256(address.encode()).hexdigest()[:10]}"


@dataclass(frozen=True, slots=True)
class NotChecked:
    """What did not run for a document, and why, in Swedish.

    `rule` is the gate where the check stopped, or the history that was not there: previous (the
    round before) or last_year.
    """

    rule: str
    reason: str
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """Rules that were really tried on something, whatever they said of it.

    With `field` it is that value in the rows of `keys`, without it the rows; without `keys` the
    section, and without `section` the document as a whole. A rule that had nothing to try (nothing
    to compare with, a term that was not read) was not tried.
    """

    rules: tuple[str, ...]
    section: str | None = None
    field: str | None = None
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """All findings of one document: what stops, what asks, what was not checked.

    The city's own verdict, on what boards say held against each other, has no document.
    """

    document: str
    board: str | None
    period: str | None
    findings: tuple[Finding, ...] = ()
    gates_passed: tuple[str, ...] = ()
    not_checked: tuple[NotChecked, ...] = field(default=())
    looked: tuple[Looked, ...] = field(default=())

    @property
    def is_citys(self) -> bool:
        """Whether it is the city's own, over all boards."""
        return not self.document and not self.board

    def stops(self, group: str) -> bool:
        """Say whether a STOPP that nobody waived keeps this group out of the warehouse."""
        return any(
            finding.severity == "STOPP" and finding.group in (None, group)
            for finding in self.findings
            if not finding.is_settled
        )
