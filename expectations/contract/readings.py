"""What one document says, with what was not understood, and what a board hands in as a whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from expectations.contract.documents import Document
from expectations.contract.rows import (
    GROUPS,
    Activity,
    Agenda2030,
    Assignment,
    Audit,
    CentralItem,
    CompetenceGap,
    CompetencePosition,
    CompetenceShift,
    Decision,
    Deviation,
    Effort,
    FinanceLine,
    Funding,
    Goal,
    Indicator,
    Investment,
    Measure,
    Narrative,
    StaffFigure,
)
from expectations.contract.values import Place, Text


@dataclass(frozen=True, slots=True)
class Unread:
    """What no section claimed, and why."""

    text: str
    why: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class NotUsed:
    """A field that the board says it does not use, with the board's own words as the reason."""

    section: str
    field: str
    reason: Text


@dataclass(frozen=True, slots=True)
class Fault:
    """What kept a reader from reading, named by the rule that explains it; never a judgement.

    `values` fill the rule's message. `section` is None where the whole file is at fault.
    """

    rule: str
    place: Place | None = None
    section: str | None = None
    written: str | None = None
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """The board's answer to a FRÅGA, as it stands in a document that came back.

    `finding` and `basis` are the ids that the annotated copy printed beside the question.
    """

    finding: str
    basis: str
    text: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What one document says, with what was not understood."""

    document: Document
    goals: tuple[Goal, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    decisions: tuple[Decision, ...] = ()
    finance: tuple[FinanceLine, ...] = ()
    central_items: tuple[CentralItem, ...] = ()
    investments: tuple[Investment, ...] = ()
    measures: tuple[Measure, ...] = ()
    staff: tuple[StaffFigure, ...] = ()
    competence_gaps: tuple[CompetenceGap, ...] = ()
    competence_positions: tuple[CompetencePosition, ...] = ()
    competence_shift: tuple[CompetenceShift, ...] = ()
    funding: tuple[Funding, ...] = ()
    efforts: tuple[Effort, ...] = ()
    activities: tuple[Activity, ...] = ()
    agenda2030: tuple[Agenda2030, ...] = ()
    deviations: tuple[Deviation, ...] = ()
    audits: tuple[Audit, ...] = ()
    narratives: tuple[Narrative, ...] = ()
    nothing_to_report: tuple[str, ...] = ()
    """Groups (see GROUPS) for which the board said explicitly "Inget att rapportera"."""
    unread: tuple[Unread, ...] = ()
    coverage: Decimal | None = None
    faults: tuple[Fault, ...] = ()
    not_used: tuple[NotUsed, ...] = ()
    """Fields that the board has declared as not used: their emptiness is an answer."""
    answers: tuple[GivenAnswer, ...] = ()
    headings: dict[str, str] = field(default_factory=dict)
    """In a workbook, the column (`F`) of each `section.field`: an empty cell has a place too. Of
    its first sheet, `document` is the name and `document.field` the cell (`B12`)."""
    bare_tables: tuple[Place, ...] = ()
    """Real tables of a Word file whose first row is not marked as their header row."""
    places: dict[str, Place] = field(default_factory=dict)
    """In an issued form, where that stands which no row holds: fields of the document (`date`),
    a group on the start sheet (`group.staff`), an unanswered row (`goals/L-B2`), the place for
    one more row (`goals`), and the form itself (the empty name)."""

    def rows(self, section: str) -> tuple[Any, ...]:
        """Return the rows of one section."""
        rows: tuple[Any, ...] = getattr(self, section)
        return rows

    def groups(self) -> tuple[str, ...]:
        """Return the groups that the document says something in, in the order of GROUPS."""
        return tuple(
            group
            for group, sections in GROUPS.items()
            if group in self.nothing_to_report or any(self.rows(name) for name in sections)
        )


@dataclass(frozen=True, slots=True)
class Submission:
    """What one board hands in for one round or matter: a set of documents, as read.

    `period` is the round (`2024-08`) or the matter's key (`competence_plan/2026-2027`).
    """

    city: str
    board: str
    period: str
    readings: tuple[Reading, ...]
