"""What a check says: findings, gates, what was not checked, and which sections may be merged."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from expectations.contract import Place, Submission

Severity = Literal["STOPP", "FRÅGA", "TIPS"]


@dataclass(frozen=True, slots=True)
class History:
    """What earlier rounds said: the round before, and the same kind of round a year ago."""

    previous: tuple[Submission, ...] = ()
    last_year: tuple[Submission, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that a submission breaks, at a place, with found and expected.

    `group` is the group of sections (contract.GROUPS) that it touches; None touches the whole
    document. `message` and `remedy` are whole Swedish sentences without codes.
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


@dataclass(frozen=True, slots=True)
class NotChecked:
    """A rule or gate that did not run for a document, and why, in Swedish."""

    rule: str
    reason: str
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """All findings of one document: what stops, what asks, what was not checked."""

    document: str
    board: str | None
    period: str | None
    findings: tuple[Finding, ...] = ()
    gates_passed: tuple[str, ...] = ()
    not_checked: tuple[NotChecked, ...] = field(default=())

    def stops(self, group: str) -> bool:
        """Say whether a STOPP keeps this group of sections out of the warehouse."""
        return any(
            finding.severity == "STOPP" and finding.group in (None, group)
            for finding in self.findings
        )
