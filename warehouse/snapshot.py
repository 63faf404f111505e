"""A frozen view of the warehouse: all that a report is composed from, and nothing else.

The report never asks the database again: same snapshot, same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

from expectations.central import Reconciled, Slot, reconcile
from expectations.closings import Closing
from expectations.contract import Document, Figure
from expectations.contract_json import as_json
from expectations.registers import City, Round
from expectations.verdicts import Finding, Verdict
from warehouse.acts import OfficeAct, by_section
from warehouse.adjusting import Adjustment
from warehouse.central import CentralSource, central_figures
from warehouse.handling import (
    Handling,
    Standing,
    asked_for,
    locked_sections,
    outcome_of,
    unlocked,
)
from warehouse.merging import canonical, sha256_of
from warehouse.office_words import OfficeWords
from warehouse.papers import Papers

SectionStateName = Literal[
    "merged",  # in the warehouse, without a STOPP
    "nothing_to_report",  # the board said so
    "stopped",  # handed in, kept out by a STOPP
    "missing",  # owed, not handed in
    "withheld",  # handed in, kept out of the report by the city office, with a reason
    "not_owed",  # the requirement matrix does not ask for it
]


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """One document version as the warehouse knows it; `version` counts from 1 within its place."""

    document: Document
    board: str | None
    period: str | None
    version: int
    received_at: datetime
    receipt_id: str
    superseded: bool = False
    identical_to: str | None = None
    """Receipt id of the first arrival of the same bytes from the same place."""


@dataclass(frozen=True, slots=True)
class SectionState:
    """State of one group of sections (contract.GROUPS) of one board for one period."""

    board: str
    period: str
    group: str
    state: SectionStateName
    due_on: date | None = None
    received_at: datetime | None = None
    late_days: int = 0
    document: str | None = None
    """SHA-256 of the document that the merged or stopped section comes from."""
    version: int | None = None
    extended: bool = False
    """Whether `due_on` is a day that the city office has granted (anstånd)."""
    reason: str = ""
    """Why the office keeps the section out of the report."""
    decision: str = ""
    """The board's decision on it: organ, date and paragraph."""
    handling: Handling = field(default_factory=Handling)
    """Where it stands on its way: received, asked about, checked, decided or locked."""
    edition: int | None = None
    """The first edition that this version of the section stands in."""

    @property
    def is_decided(self) -> bool:
        """Whether the board has decided on what stands: not sent it back or put it off."""
        return bool(self.decision) and self.handling.standing not in ("sent_back", "tabled")


@dataclass(frozen=True, slots=True)
class StoredRow:
    """One merged row: a contract object of `section` with its stable key."""

    board: str
    period: str
    section: str
    key: str
    row: Any
    document: str
    """SHA-256."""
    version: int


@dataclass(frozen=True, slots=True)
class Inherited:
    """A row of a board that another has followed: what a `column` of now is compared with."""

    column: str
    """accounts_prev, outcome_prev or forecast_prev, as the board of now has it."""
    row: StoredRow
    document_name: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What held for one city and period, as known at `as_of`.

    `periods` holds the round first and then the keys of the matters valid then. Rows of the
    previous round of the same type stand in `previous` (None where there is none).
    """

    city: str
    round: str | None
    on: date
    as_of: datetime
    periods: tuple[str, ...]
    documents: tuple[StoredDocument, ...]
    sections: tuple[SectionState, ...]
    rows: tuple[StoredRow, ...]
    findings: tuple[Finding, ...]
    head: str
    """Digest of the facts in the snapshot (no clocks, no run ids)."""
    previous: Snapshot | None = None
    central: tuple[CentralSource, ...] = ()
    """The city's own ledger and staff figures of the round; never mixed with the boards' rows."""
    adjustments: tuple[Adjustment, ...] = ()
    """What the city office has set beside a board's figure, with the reason."""
    journal: str | None = None
    """Number and hash of the journal's record of the run: what an edition prints of the chain."""
    papers: Papers = field(default_factory=Papers)
    """What is attached to the round's report, to whom it is handed over, and its release."""
    words: tuple[OfficeWords, ...] = ()
    """What the city office says itself, kept apart from what is computed."""
    checks: tuple[Verdict, ...] = ()
    """What was tried in each document and what was not; their findings stand in `findings`."""
    closings: tuple[Closing, ...] = ()
    """Decisions on assignments, per addressee."""
    inherited: tuple[Inherited, ...] = ()
    """What boards said in earlier rounds that have been merged into others since."""
    gaps_before: tuple[StoredRow, ...] = ()
    """The gaps in competence as reported the time before: once a year, not each round."""

    def said(self) -> dict[tuple[str, Slot], Figure]:
        """Return what the boards say in the round where the city's systems may say something."""
        found: dict[tuple[str, Slot], Figure] = {}
        for row in self.rows:
            if row.period == self.round and row.section in ("finance", "staff"):
                key: str = row.row.line if row.section == "finance" else row.row.metric
                for column, figure in row.row.columns.items():
                    found.setdefault((row.board, (row.section, key, column)), figure)
        return found

    def reconciliation(self) -> list[Reconciled]:
        """Hold every central figure against what the board says in the same place."""
        return reconcile(central_figures(self.central), self.said())


MATTER_LASTS = timedelta(days=365)
"""A dated matter without a span is reported for a year from its date."""


def periods_of(
    documents: Sequence[StoredDocument], round_: Round | None, on: date
) -> tuple[str, ...]:
    """Return the round and then the keys of the matters that hold on a day."""
    matters = {
        d.period for d in documents if d.period and "/" in d.period and matter_holds(d.document, on)
    }
    rounds = (round_.round_id,) if round_ else ()
    return (*rounds, *sorted(matters - set(rounds)))


def matter_holds(document: Document, on: date) -> bool:
    """Say whether a matter is valid on a day: its span covers it, or its date is within a year."""
    if document.span:
        first, _, last = document.span.partition("-")
        return int(first) <= on.year <= int(last or first)
    if document.date:
        return document.date <= on <= document.date + MATTER_LASTS
    return False


def round_before(city: City, round_: Round | None) -> Round | None:
    """Return the latest round that ended before this one."""
    if round_ is None:
        return None
    before = [r for r in city.rounds if r.period_to < round_.period_to]
    return max(before, key=lambda r: r.period_to, default=None)


def acted_on(
    state: SectionState,
    acts: Sequence[OfficeAct],
    documents: Sequence[StoredDocument] = (),
    findings: Sequence[Finding] = (),
) -> SectionState:
    """Return a section's state with what the city office has done and the board has decided."""
    place = (state.board, state.group)
    granted = place in by_section(acts, "extension", state.period)
    withheld = by_section(acts, "withheld", state.period).get(place)
    noted = by_section(acts, "decision", state.period).get(place)
    decision, extract = (noted.text, None) if noted is not None else _evidence(state, documents)
    is_kept_out = withheld is not None and state.state in ("merged", "nothing_to_report")
    means = _means(noted, extract, state)
    handling = _handling(state, acts, documents, findings, (decision, means))
    return replace(
        state,
        extended=granted,
        state="withheld" if is_kept_out else state.state,
        reason=withheld.text if withheld is not None and is_kept_out else "",
        decision=decision,
        handling=handling,
    )


def _means(
    noted: OfficeAct | None, extract: StoredDocument | None, state: SectionState
) -> Standing | None:
    """Return what a decision does to a section: what was sent back waits for a newer version."""
    if noted is not None:
        return outcome_of(noted, state.received_at)
    outcome = extract.document.decided.outcome if extract and extract.document.decided else None
    if outcome == "sent_back" and extract is not None:
        newer = state.received_at is not None and state.received_at > extract.received_at
        return None if newer else "sent_back"
    return "tabled" if outcome == "tabled" else "decided"


OUTCOME_WORDS = {"": "beslutat", "sent_back": "återremitterat", "tabled": "bordlagt"}


def _evidence(
    state: SectionState, documents: Sequence[StoredDocument]
) -> tuple[str, StoredDocument | None]:
    """Return the board's decision as the latest extract of its minutes says it, and the extract.

    An extract is a matter of its own day; it says which round it decides on.
    """
    for one in reversed(documents):
        decided = one.document.decided
        if (
            one.document.kind == "minutes_extract"
            and one.board == state.board
            and state.period in (one.period, one.document.round)
            and decided is not None
            and decided.date is not None
        ):
            paragraph = f" § {decided.paragraph}" if decided.paragraph else ""
            day = f"{decided.date.isoformat()}{paragraph}, enligt protokollsutdrag"
            return f"{OUTCOME_WORDS[decided.outcome or '']} {day}", one
    return "", None


def _handling(
    state: SectionState,
    acts: Sequence[OfficeAct],
    documents: Sequence[StoredDocument],
    findings: Sequence[Finding],
    decision: tuple[str, Standing | None],
) -> Handling:
    where = (state.board, state.period, state.group)
    lock = locked_sections(acts, state.period).get((state.board, state.group))
    asked = asked_for(acts, *where, state.received_at)
    if lock is not None:
        return Handling("locked", lock.at, lock.text, _waiting(state, documents))
    if asked is not None:
        return Handling("asked", asked.at, asked.text)
    if state.state in ("missing", "not_owed"):
        return Handling()
    opened = unlocked(acts, *where)
    why = opened.text if opened is not None else ""
    told, means = decision
    if told and means is not None:
        return Handling(means, state.received_at, told)
    if state.state == "stopped":
        return Handling("received", state.received_at, why)
    is_open = any(
        f.severity == "FRÅGA" and not f.hidden and not f.is_settled
        for f in findings
        if f.board == state.board and f.group in (None, state.group)
    )
    return Handling("under_check" if is_open else "checked", state.received_at, why)


def _waiting(state: SectionState, documents: Sequence[StoredDocument]) -> str | None:
    """Return the receipt of what has come to a locked section and changes nothing."""
    later = [
        one.receipt_id
        for one in documents
        if (one.board, one.period) == (state.board, state.period)
        and one.identical_to is None
        and state.received_at is not None
        and one.received_at > state.received_at
        and one.document.kind != "minutes_extract"
    ]
    return later[-1] if later else None


def concerns(document: StoredDocument, periods: Sequence[str], findings: Sequence[Finding]) -> bool:
    """Say whether a document belongs to the periods or has a finding in the run."""
    named = {finding.document for finding in findings}
    return document.period in periods or document.document.sha256 in named


def head_of(
    city: City,
    sections: Sequence[SectionState],
    rows: Sequence[StoredRow],
    findings: Sequence[Finding],
    beside: Sequence[object] = (),
) -> str:
    """Return the digest of the facts: no clocks, no run ids.

    `beside` is what stands beside the boards' facts: central figures, adjustments, the office's
    own words, what was tried.
    """
    facts = {
        "city": city.city_id,
        "registers": city.version,
        "sections": [
            [
                *(s.board, s.period, s.group, s.state, s.document, s.reason, s.decision),
                *(s.handling.standing, s.handling.told, s.handling.waiting),
            ]
            for s in sections
        ],
        "rows": [[r.board, r.period, r.section, r.key, r.document, as_json(r.row)] for r in rows],
        "findings": [as_json(finding) for finding in findings],
        "beside": [as_json(one) for one in beside],
    }
    return sha256_of(canonical(facts))


def without_withheld(snapshot: Snapshot) -> Snapshot:
    """Return the snapshot as a report may tell of it: no finding speaks of what is kept out.

    A finding of the city's holds boards against each other: if the section of any of them is
    withheld, its words would tell of it.
    """
    out = {(s.board, s.period, s.group) for s in snapshot.sections if s.state == "withheld"}
    told = tuple(
        f
        for f in snapshot.findings
        if not any((board, f.period, f.group) in out for board in (f.board, *f.boards) if board)
    )
    return replace(snapshot, findings=told) if len(told) < len(snapshot.findings) else snapshot


def stopped_whole(findings: Sequence[Finding]) -> dict[str, str]:
    """Return the boards with a document that was stopped as a whole, with its SHA-256.

    Such a board has handed in: what it owes is stopped, not missing.
    """
    return {
        finding.board: finding.document
        for finding in findings
        if finding.severity == "STOPP"
        and finding.group is None
        and finding.board
        and not finding.is_settled
    }
