"""The contract of a submission: one set of names for readers, rules, tables and report.

Plain dataclasses that can carry wrong values: a rule explains a wrong value, a type must not
refuse it. `written` is always the text as it stands in the document, `value` the number in it.

A `Reading` is what one document says; a `Submission` is the set of readings that one board hands
in for one round or matter. How they are written as JSON stands in `contract_json.py`.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

State = Literal["read", "blank", "unreadable", "unknown", "not_applicable"]
Unit = Literal["kr", "tkr", "mnkr", "percent", "fte", "headcount", "count", "index"]
Kind = Literal[
    "board_plan",
    "interim_report",
    "annual_report",
    "competence_plan",
    "competence_followup",
    "funding_application",
    "assignment_report",
    "agenda2030_status",
    "memo",
    "minutes_extract",
    "form",
    "unknown",
]
Origin = Literal["council_budget", "council_other", "executive", "board"]

PERIODIC_KINDS = ("interim_report", "annual_report", "competence_followup", "agenda2030_status")
"""Kinds that belong to a round; the others are matters with a date or a span."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: sheet and cell of a workbook, or page, line and columns of a text.

    Lines and columns are 1-based; lines are counted by newlines. `page` is null where a text has
    no page marks. `box` is (x0, top, x1, bottom) in points and only for PDF.
    """

    sheet: str | None = None
    cell: str | None = None
    page: int | None = None
    line: int | None = None
    columns: tuple[int, int] | None = None
    box: tuple[float, float, float, float] | None = None
    heading: str | None = None
    """In our own Word file, which has no pages or cells: row and field in the form's words."""

    def in_words(self) -> str:
        """Say the place in Swedish, as a reader of a finding needs it."""
        if self.heading is not None:
            return self.heading
        if self.sheet is not None:
            cell = f", cell {self.cell}" if self.cell else ""
            return f"fliken {self.sheet}{cell}"
        parts = [f"sidan {self.page}"] if self.page is not None else []
        if self.line is not None:
            parts.append(f"rad {self.line}")
        return ", ".join(parts) if parts else "hela filen"


@dataclass(frozen=True, slots=True)
class Figure:
    """One value: the text as written, the number in the unit given, precision and place.

    An interval (`0-4`) has `value` None and `low` and `high` set.
    """

    written: str
    value: Decimal | None = None
    unit: str | None = None
    decimals: int | None = None
    state: State = "read"
    place: Place | None = None
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """A choice from a scale; `code` is None where the city's scale does not know the word."""

    written: str
    code: str | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """Running text; `repaired` holds the proposal where damaged Swedish was mended."""

    text: str
    place: Place | None = None
    repaired: str | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A day or span in words, kept as written beside the earliest and latest day it can mean."""

    written: str
    earliest: date | None = None
    latest: date | None = None


@dataclass(frozen=True, slots=True)
class DecisionReference:
    """The decision that gave an assignment; parts that the text does not say are None."""

    organ: str | None = None
    date: date | None = None
    paragraph: str | None = None
    point: str | None = None
    budget_year: int | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting where a document is or was taken up."""

    organ: str
    date: date | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """The board's own decision on a document."""

    organ: str
    date: date | None = None
    paragraph: str | None = None
    immediately_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One matter in a file that holds several; `lines` are first and last line, 1-based."""

    kind: str
    board: str | None = None
    round: str | None = None
    span: str | None = None
    date: date | None = None
    lines: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One file as received. `span` is written `2026-2027`, `round` `2024-08`.

    `machine_read` names the program that read the text out of a picture, None where the file has
    a text of its own.
    """

    sha256: str = ""
    name: str = ""
    media_type: str = ""
    size: int = 0
    city: str | None = None
    board: str | None = None
    administration: str | None = None
    kind: str = "unknown"
    confidence: Decimal | None = None
    reasons: tuple[str, ...] = ()
    round: str | None = None
    span: str | None = None
    date: date | None = None
    case_number: str | None = None
    received_at: datetime | None = None
    sender: str | None = None
    template_version: str | None = None
    form_part: str | None = None
    """`figures` or `prose` where the file is one part of our form; None where it is all of it."""
    submitted_by: str | None = None
    approved_by: str | None = None
    parts: tuple[Part, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    decided: Decided | None = None
    machine_read: str | None = None


@dataclass(frozen=True, slots=True)
class Planning:
    """How a goal is worked on; `horizon` is term (mandate), year or both."""

    heading: str
    horizon: str
    text: Text


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal at one level as the board reports or plans it."""

    title: str
    place: Place | None = None
    goal_id: str | None = None
    level: str = "council"
    area: str | None = None
    sdgs: tuple[int, ...] = ()
    role: str | None = None
    assessment: Word | None = None
    motive: Text | None = None
    planning: tuple[Planning, ...] = ()
    follow_up: Text | None = None
    desired_outcome: Text | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator; `outcomes` is keyed by year as text."""

    name: str
    place: Place | None = None
    goal_id: str | None = None
    unit: str | None = None
    baseline: Figure | None = None
    outcomes: dict[str, Figure] = field(default_factory=dict)
    target_year: Figure | None = None
    target_term: Figure | None = None
    direction: str | None = None
    desired_outcome: Text | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """One commission to one board. `status` codes stand in the city's assignment scale.

    `repaired` holds the proposal for `text` where damaged Swedish was mended.
    """

    text: str
    place: Place | None = None
    assignment_id: str | None = None
    ordinal: str | None = None
    case_number: str | None = None
    point: str | None = None
    origin: str | None = None
    decision: DecisionReference | None = None
    addressees: tuple[str, ...] = ()
    status: Word | None = None
    due: Due | None = None
    report_back: Due | None = None
    narrative: Text | None = None
    parent: str | None = None
    repaired: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """One clause of a proposal to decide; not `complete` where the text is cut.

    `repaired` holds the proposal for `text` where damaged Swedish was mended.
    """

    ordinal: str
    text: str
    place: Place | None = None
    organ: str | None = None
    verb: str | None = None
    case_numbers: tuple[str, ...] = ()
    complete: bool = True
    repaired: str | None = None


@dataclass(frozen=True, slots=True)
class FinanceLine:
    """One line of a result table: income, costs, municipal_grant, internal_grants, result.

    Column keys: outcome, budget, deviation, outcome_prev, forecast, forecast_prev,
    budget_year, accounts_prev. Signs as the document prints them.
    """

    line: str
    label: str
    place: Place | None = None
    table: str | None = None
    columns: dict[str, Figure] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CentralItem:
    """Money held centrally by the city and used by the board."""

    name: str
    place: Place | None = None
    outcome: Figure | None = None
    forecast: Figure | None = None
    budget: Figure | None = None


@dataclass(frozen=True, slots=True)
class Investment:
    """One investment project or line."""

    name: str
    place: Place | None = None
    columns: dict[str, Figure] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measure:
    """One key figure of volume or cost.

    Column keys: period, period_change, year, year_change (a change is in percent), or years.
    """

    name: str
    place: Place | None = None
    scope: str | None = None
    columns: dict[str, Figure] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StaffFigure:
    """One staff figure. Column keys: outcome, outcome_prev, forecast, accounts_prev.

    `metric` is annual_fte, employees, sick_leave_total, sick_leave_short, sick_leave_long,
    exits, recruitments, turnover_external or turnover. The period of a staff figure may differ
    from the report's: `period_note` says so.
    """

    metric: str
    label: str
    place: Place | None = None
    scope: str | None = None
    columns: dict[str, Figure] = field(default_factory=dict)
    period_note: str | None = None


@dataclass(frozen=True, slots=True)
class CompetenceGap:
    """The gap of one occupational group at two and five years; FTE gaps are need − supply."""

    occupation: str
    place: Place | None = None
    aid: str | None = None
    years_2: Word | None = None
    years_5: Word | None = None
    risk: Word | None = None
    probability: Word | None = None
    gap_fte_short: Figure | None = None
    gap_fte_long: Figure | None = None
    level: Word | None = None
    comment: Text | None = None


@dataclass(frozen=True, slots=True)
class CompetencePosition:
    """One position that is hard to fill, now or in the long run; counts may be intervals."""

    position: str
    horizon: str
    place: Place | None = None
    group: str | None = None
    missing: Figure | None = None
    vacant_or_hired: Figure | None = None
    other_competence: Figure | None = None
    change: Word | None = None
    comment: Text | None = None


@dataclass(frozen=True, slots=True)
class CompetenceShift:
    """One need of kompetensväxling (retraining)."""

    area: str
    horizon: str
    place: Place | None = None
    groups: str | None = None
    count: Figure | None = None


@dataclass(frozen=True, slots=True)
class Funding:
    """One request for, or use of, money for competence."""

    effort: str
    place: Place | None = None
    period: str | None = None
    purpose: str | None = None
    requested: Figure | None = None
    granted: Figure | None = None
    used: Figure | None = None
    source: str | None = None
    deviation: Text | None = None


@dataclass(frozen=True, slots=True)
class Effort:
    """One effort that money is applied for."""

    title: str
    place: Place | None = None
    target_group: Text | None = None
    headcount: Figure | None = None
    effect: Text | None = None
    goal_id: str | None = None
    cost: Figure | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity of a plan; `phase` is attract, recruit, introduce, develop or offboard."""

    activity: str
    place: Place | None = None
    description: Text | None = None
    responsible: str | None = None
    phase: str | None = None
    span: Due | None = None
    status: Word | None = None


@dataclass(frozen=True, slots=True)
class Agenda2030:
    """One link to, or statement on, a global goal (1-17)."""

    sdg: int
    place: Place | None = None
    goal_id: str | None = None
    text: Text | None = None


@dataclass(frozen=True, slots=True)
class Deviation:
    """One essential deviation with its consequence and measure."""

    text: Text
    place: Place | None = None
    area: str | None = None
    consequence: Text | None = None
    measure_taken: Text | None = None


@dataclass(frozen=True, slots=True)
class Audit:
    """One recommendation or judgement by the auditors."""

    auditor: str
    place: Place | None = None
    year: int | None = None
    object: str | None = None
    judgement: Text | None = None
    recommendation: Text | None = None
    answer: Text | None = None


@dataclass(frozen=True, slots=True)
class Narrative:
    """One headed text; `path` holds the headings from the top."""

    path: tuple[str, ...]
    text: Text
    place: Place | None = None


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


SECTIONS: dict[str, type] = {
    "goals": Goal,
    "indicators": Indicator,
    "assignments": Assignment,
    "decisions": Decision,
    "finance": FinanceLine,
    "central_items": CentralItem,
    "investments": Investment,
    "measures": Measure,
    "staff": StaffFigure,
    "competence_gaps": CompetenceGap,
    "competence_positions": CompetencePosition,
    "competence_shift": CompetenceShift,
    "funding": Funding,
    "efforts": Effort,
    "activities": Activity,
    "agenda2030": Agenda2030,
    "deviations": Deviation,
    "audits": Audit,
    "narratives": Narrative,
}
"""Every section of a submission with the class of its rows, in the order of the report."""

GROUPS: dict[str, tuple[str, ...]] = {
    "goals": ("goals", "indicators", "agenda2030"),
    "assignments": ("assignments", "decisions"),
    "competence": (
        "competence_gaps",
        "competence_positions",
        "competence_shift",
        "funding",
        "efforts",
        "activities",
    ),
    "economy": ("finance", "central_items", "investments", "measures"),
    "staff": ("staff",),
    "other": ("deviations", "audits", "narratives"),
}
"""What is handed in, owed, gated and merged together: the unit that a board calls avsnitt."""


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
    """In a workbook, the column (`F`) of each `section.field`: an empty cell has a place too."""

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


def period_of(document: Document) -> str | None:
    """Return the round of a periodic document, or the key of its matter; None if neither is said.

    An issued form always carries its round. A matter is keyed by its kind and its span, date or
    case number, whichever comes first.
    """
    if document.kind in PERIODIC_KINDS or document.kind == "form":
        return document.round
    for mark in (document.span, document.date, document.case_number, document.round):
        if mark is not None:
            return f"{document.kind}/{mark}"
    return None


def row_key(section: str, row: Any) -> str:
    """Return the words that tell one row of a section from the others, as readable text.

    Two rows of one document may share a key: `keyed_rows` numbers them and rule B-DUP speaks.
    """
    parts = _KEYS[section](row)
    return "/".join(re.sub(r"[\s/]+", " ", str(part)).strip().lower() for part in parts if part)


_KEYS: dict[str, Any] = {
    "goals": lambda r: (r.level if r.level != "council" else "", r.goal_id or r.title),
    "indicators": lambda r: (r.goal_id, r.name),
    "assignments": lambda r: (
        (r.assignment_id,) if r.assignment_id else (r.case_number or r.text[:80], r.point)
    ),
    "decisions": lambda r: (r.organ, r.ordinal),
    "finance": lambda r: (r.table, r.line if r.line != "other" else r.label),
    "central_items": lambda r: (r.name,),
    "investments": lambda r: (r.name,),
    "measures": lambda r: (r.name, r.scope),
    "staff": lambda r: (r.metric if r.metric != "other" else r.label, r.scope),
    "competence_gaps": lambda r: (r.occupation,),
    "competence_positions": lambda r: (r.horizon, r.position),
    "competence_shift": lambda r: (r.horizon, r.area),
    "funding": lambda r: (r.period, r.effort),
    "efforts": lambda r: (r.title,),
    "activities": lambda r: (r.activity,),
    "agenda2030": lambda r: (r.sdg, r.goal_id, r.text.text[:60] if r.text else ""),
    "deviations": lambda r: (r.area, r.text.text[:60]),
    "audits": lambda r: (r.year, r.object, _first_text(r.recommendation, r.judgement)),
    "narratives": lambda r: r.path,
}


def _first_text(*texts: Text | None) -> str:
    return next((text.text[:60] for text in texts if text is not None), "")


def keyed_rows(reading: Reading, section: str) -> Iterator[tuple[str, Any]]:
    """Yield (key, row) with `~2`, `~3` behind a key that the document uses again."""
    seen: dict[str, int] = {}
    for row in reading.rows(section):
        key = row_key(section, row)
        seen[key] = seen.get(key, 0) + 1
        yield (key if seen[key] == 1 else f"{key}~{seen[key]}"), row


def figures_of(row: Any) -> Iterator[tuple[str, Figure]]:
    """Yield (field, figure) of a row; a keyed field is written `columns.outcome`."""
    for item in dataclasses.fields(row):
        value = getattr(row, item.name)
        if isinstance(value, Figure):
            yield item.name, value
        elif isinstance(value, dict):
            for key, inner in value.items():
                if isinstance(inner, Figure):
                    yield f"{item.name}.{key}", inner


def figure_id(city: str, board: str, period: str, section: str, key: str, field_name: str) -> str:
    """Return the short, stable id printed and traced for one figure, for example `U-4f0c9a1b2d`.

    The id names the slot (who, when, what), not the version: an edition says which version.
    """
    address = f"{city}\x1f{board}\x1f{period}\x1f{section}\x1f{key}\x1f{field_name}"
    return f"U-{hashlib.sha256(address.encode()).hexdigest()[:10]}"
