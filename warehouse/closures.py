"""What is closed to every view: blocked documents and sections, and documents disposed of.

A document can be secret, or sent to the wrong office (OSL 2009:400): it is then blocked, by an act
that can be taken back. Disposal (gallring) needs a recorded decision and cannot be taken back: the
original is removed and its record stays as a tombstone, with which verify and rebuild hold.
A closure holds whatever day is looked at: an earlier day must not show what is secret now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import delete, or_, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from expectations.contract import GROUPS, Reading
from warehouse.acts import OfficeAct
from warehouse.editions import EDITION, index_of
from warehouse.journal import RECEIPT, Entry
from warehouse.snapshot import SectionState
from warehouse.store import Store
from warehouse.tables import (
    CentralFigureRow,
    CentralSourceRow,
    CheckRow,
    FactRow,
    FigureRow,
    FindingRow,
    ReadingRow,
    ReceiptRow,
    SectionRow,
)

BLOCKED, DISPOSED = "blocked", "disposed"
REMOVAL = "removal"
"""The journal's record of originals that are removed; it is written before they are."""
Place: TypeAlias = tuple[str, str]
"""Board and period."""
SectionPlace: TypeAlias = tuple[str, str, str]
"""Board, period and group of sections."""


@dataclass(frozen=True, slots=True)
class Closures:
    """What is closed now.

    `documents` maps SHA-256 to blocked or disposed, `boards` to the board that the document was
    taken to be from; `sections` are blocked whatever document says them; `shown` are the sections
    that are told as closed, with the words for it; `editions` name run and number of those closed.
    """

    documents: Mapping[str, str] = field(default_factory=dict)
    boards: Mapping[str, str | None] = field(default_factory=dict)
    sections: frozenset[SectionPlace] = frozenset()
    shown: Mapping[SectionPlace, str] = field(default_factory=dict)
    editions: frozenset[tuple[str, int]] = frozenset()
    told: Mapping[str, str] = field(default_factory=dict)
    """The words for each document, by its SHA-256."""

    @property
    def places(self) -> frozenset[Place]:
        """Boards and periods whose history has a gap."""
        return frozenset((board, period) for board, period, _ in self.shown)

    def __bool__(self) -> bool:
        """Say whether anything is closed."""
        return bool(self.documents or self.sections)


def closures_of(acts: Iterable[OfficeAct]) -> Closures:
    """Return what the standing acts of a city close."""
    documents: dict[str, str] = {}
    boards: dict[str, str | None] = {}
    sections: set[SectionPlace] = set()
    shown: dict[SectionPlace, str] = {}
    editions: set[tuple[str, int]] = set()
    told: dict[str, str] = {}
    for act in acts:
        if act.kind not in (BLOCKED, DISPOSED):
            continue
        sha256 = act.about.get("document")
        if sha256:
            if documents.get(sha256) != DISPOSED:
                documents[sha256], told[sha256] = act.kind, act.about["told"]
            boards[sha256] = act.board
        for group in filter(None, act.about.get("groups", "").split(",")):
            shown[(act.board or "", act.period, group)] = act.about["told"]
            if not sha256:
                sections.add((act.board or "", act.period, group))
        for name in filter(None, act.about.get("editions", "").split(",")):
            run, _, number = name.rpartition("/")
            editions.add((run, int(number)))
    return Closures(documents, boards, frozenset(sections), shown, frozenset(editions), told)


def without_closed(
    reading: Reading, board: str | None, period: str | None, closures: Closures
) -> Reading:
    """Return a reading without the sections that are blocked for its board and period."""
    groups = [g for g in GROUPS if (board or "", period or "", g) in closures.sections]
    if not groups:
        return reading
    emptied: dict[str, Any] = {name: () for group in groups for name in GROUPS[group]}
    silent = tuple(g for g in reading.nothing_to_report if g not in groups)
    # What no section claimed may speak of the blocked one, and a fault may quote it.
    emptied |= {"unread": (), "faults": (), "nothing_to_report": silent}
    return replace(reading, **emptied)


def told_as_closed(state: SectionState, closures: Closures) -> SectionState:
    """Return the state of a section that is handed in and closed; others as they are."""
    told = closures.shown.get((state.board, state.period, state.group))
    if told is None or state.reason or state.state not in ("missing", "stopped", "withheld"):
        return state
    return replace(state, state="withheld", reason=told, document=None)


SAID_OF_FIGURES = ("answer", "waiver", "adjustment", "confirmation")
"""Acts whose words are about what a document says, and may repeat it."""


def told_of_closed(act: OfficeAct, closures: Closures) -> str | None:
    """Return the words to show instead of an act's own where they may tell of what is closed.

    A file's name can be what is secret. Answers and adjustments do not say which section they are
    about: with anything closed of the board's return, none of theirs is shown.
    """
    if act.about.get("sha256") in closures.told:
        return closures.told[act.about["sha256"]]
    if act.kind not in SAID_OF_FIGURES:
        return None
    place = (act.board or "", act.period)
    return next((told for one, told in closures.shown.items() if one[:2] == place), None)


# --- taking it out of the database ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Erased:
    """How many rows were taken out of the database."""

    facts: int
    findings: int
    readings: int


def groups_said(engine: Engine, city_id: str, sha256: str) -> dict[Place, set[str]]:
    """Return the sections that a document has a part in now, by board and period."""
    query = (
        select(SectionRow.board_id, SectionRow.period, SectionRow.section_group)
        .outerjoin(FactRow, FactRow.section_id == SectionRow.section_id)
        .where(
            SectionRow.city_id == city_id,
            SectionRow.known_to.is_(None),
            or_(SectionRow.document_sha256 == sha256, FactRow.document_sha256 == sha256),
        )
    )
    found: dict[Place, set[str]] = {}
    with Session(engine) as session:
        for board, period, group in session.execute(query):
            found.setdefault((board, period), set()).add(group)
    return found


def erase(engine: Engine, city_id: str, closures: Closures, now: datetime) -> Erased:
    """Take every row that says what is closed out of the database, in one transaction.

    Versions of sections stay as gaps, and no longer hold: that something was there is no secret,
    what it said is.
    """
    with Session(engine) as session, session.begin():
        sections = _closed_versions(session, city_id, closures)
        facts = _without_facts(session, [row.section_id for row in sections])
        facts += _without_central(session, city_id, closures)
        for row in sections:
            row.state, row.digest = "withheld", ""
            row.known_to = row.known_to or now
        _without_checks(session, city_id, closures)
        return Erased(
            facts=facts,
            findings=_without_findings(session, city_id, closures),
            readings=_without_readings(session, city_id, closures),
        )


def _closed_versions(session: Session, city_id: str, closures: Closures) -> list[SectionRow]:
    ours = session.scalars(select(SectionRow).where(SectionRow.city_id == city_id)).all()
    said = set(
        session.scalars(
            select(FactRow.section_id).where(FactRow.document_sha256.in_(closures.documents))
        )
    )
    return [
        row
        for row in ours
        if row.document_sha256 in closures.documents
        or row.section_id in said
        or (row.board_id, row.period, row.section_group) in closures.sections
    ]


def _without_facts(session: Session, sections: Sequence[int]) -> int:
    facts = list(session.scalars(select(FactRow.fact_id).where(FactRow.section_id.in_(sections))))
    for some in (facts[i : i + 500] for i in range(0, len(facts), 500)):
        session.execute(delete(FigureRow).where(FigureRow.fact_id.in_(some)))
        session.execute(delete(FactRow).where(FactRow.fact_id.in_(some)))
    return len(facts)


def _without_central(session: Session, city_id: str, closures: Closures) -> int:
    """Take out the figures of closed ledger and staff files; their next older version holds."""
    closed = CentralSourceRow.document_sha256.in_(closures.documents)
    rows = session.scalars(
        select(CentralSourceRow).where(CentralSourceRow.city_id == city_id, closed)
    ).all()
    figures = CentralFigureRow.source_id.in_([row.source_id for row in rows])
    count = len(session.scalars(select(CentralFigureRow.number).where(figures)).all())
    session.execute(delete(CentralFigureRow).where(figures))
    for row in rows:
        session.delete(row)
    return count


def _without_findings(session: Session, city_id: str, closures: Closures) -> int:
    rows = session.scalars(select(FindingRow).where(FindingRow.city_id == city_id)).all()
    closed = [
        row
        for row in rows
        if row.document_sha256 in closures.documents or _tells_of_closed(closures, row.content)
    ]
    for row in closed:
        session.delete(row)
    return len(closed)


def _without_checks(session: Session, city_id: str, closures: Closures) -> None:
    """Take out what was tried in closed documents: the names of its rows are the document's own."""
    boards = {(board, period) for board, period, _ in closures.sections}
    for row in session.scalars(select(CheckRow).where(CheckRow.city_id == city_id)).all():
        place = (row.content["board"], row.content["period"])
        if row.document_sha256 in closures.documents or place in boards:
            session.delete(row)


def _tells_of_closed(closures: Closures, finding: Mapping[str, Any]) -> bool:
    """Say whether a finding, as kept, speaks of a blocked section; the city's of any board's."""
    boards = (finding.get("board"), *finding.get("boards", ()))
    where = (finding.get("period"), finding.get("group"))
    return any(is_on_closed(closures, board, *where) for board in boards if board)


def is_on_closed(
    closures: Closures, board: str | None, period: str | None, group: str | None
) -> bool:
    """Say whether a finding speaks of a blocked section; one of the whole document may."""
    return any(
        (board, period) == (place[0], place[1]) and group in (None, place[2])
        for place in closures.sections
    )


def told_of_documents(engine: Engine, city_id: str, closures: Closures) -> dict[str, str]:
    """Return words for every document that is not shown whole, by SHA-256.

    That is those that are closed, and those that hold a blocked section beside others.
    """
    query = select(ReceiptRow).where(ReceiptRow.city_id == city_id)
    with Session(engine) as session:
        found = {
            row.document_sha256: told
            for row in session.scalars(query)
            for place, told in closures.shown.items()
            if place in closures.sections and place[:2] == (row.board_id, row.period)
        }
    return found | dict(closures.told)


def _without_readings(session: Session, city_id: str, closures: Closures) -> int:
    receipts = session.scalars(select(ReceiptRow).where(ReceiptRow.city_id == city_id)).all()
    places = {(board, period) for board, period, _ in closures.sections}
    gone = {r.document_sha256 for r in receipts if (r.board_id, r.period) in places}
    for receipt in receipts:
        if receipt.document_sha256 in closures.documents:
            gone.add(receipt.document_sha256)
            # The name of a file can be what is secret; the store's journal keeps it.
            receipt.file_name = receipt.inbox_key = receipt.receipt_id
            receipt.board_id = receipt.sender or closures.boards[receipt.document_sha256]
            receipt.period, receipt.kind = None, "unknown"
    readings = session.scalars(
        select(ReadingRow).where(
            ReadingRow.city_id == city_id, ReadingRow.document_sha256.in_(gone)
        )
    ).all()
    for reading in readings:
        session.delete(reading)
    return len(readings)


# --- taking it out of the store -------------------------------------------------------------------


def note_removal(
    store: Store, sha256s: Sequence[str], *, city_id: str, act_id: str, at: datetime
) -> None:
    """Record which originals are removed under an act; the removal itself comes after."""
    content = {"city": city_id, "act_id": act_id, "removed": sorted(set(sha256s))}
    store.write(REMOVAL, at, lambda _: content)


def removed_in(store: Store, journal: Iterable[Entry]) -> frozenset[str]:
    """Return the originals that are to be gone: removed, and not received or reported since.

    A later report without what was disposed of may have files that are as they were.
    """
    gone: set[str] = set()
    for entry in journal:
        if entry.act == REMOVAL:
            gone |= set(entry.content["removed"])
        elif entry.act == RECEIPT:
            gone.discard(entry.content["sha256"])
        elif entry.act == EDITION and gone:
            gone -= set(index_of(store, entry.content["sha256"]).values())
    return frozenset(gone)


def finish_removals(store: Store, journal: Iterable[Entry]) -> int:
    """Remove what the journal says is removed; return how many still lay there.

    A disposal that was cut off is ended by the next call.
    """
    return sum(store.discard(sha256) for sha256 in sorted(removed_in(store, journal)))
