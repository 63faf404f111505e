"""Open the warehouse, merge into it, and freeze what a report is made from.

Everything is append-only: a section that changes gets a new version, and the old one keeps what
it said and until when we knew it. A merge is one transaction per section: no half-written section
exists, and merging the same documents again writes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from expectations.contract import (
    GROUPS,
    Document,
    Figure,
    Reading,
    Submission,
    figure_id,
    figures_of,
)
from expectations.contract_json import as_json, from_json, reading_from_json, row_from_json
from expectations.registers import City, Round
from expectations.staging import GROUP_OF
from expectations.verdicts import Finding, Verdict
from warehouse.acts import OfficeAct, extended
from warehouse.database import engine_at, migrate
from warehouse.editions import EditionRecord
from warehouse.merging import Fact, Handed, SectionFacts, canonical, section_facts
from warehouse.snapshot import (
    SectionState,
    Snapshot,
    StoredDocument,
    StoredRow,
    acted_on,
    concerns,
    head_of,
    periods_of,
    round_before,
    stopped_whole,
)
from warehouse.tables import (
    DocumentRow,
    EditionRow,
    FactRow,
    FigureRow,
    FindingRow,
    ReadingRow,
    ReceiptRow,
    SectionRow,
)


@dataclass(frozen=True, slots=True)
class Trace:
    """Where a printed figure comes from."""

    figure_id: str
    board: str
    period: str
    section: str
    row_key: str
    field: str
    figure: Figure
    document: str
    document_name: str
    version: int
    received_at: datetime
    is_current: bool


@contextmanager
def open_warehouse(url: str) -> Iterator[Warehouse]:
    """Open the database at an SQLAlchemy URL and bring its tables up to date."""
    migrate(url)
    engine = engine_at(url)
    try:
        yield Warehouse(engine)
    finally:
        engine.dispose()


class Warehouse:
    """What we remember of every city."""

    def __init__(self, engine: Engine) -> None:
        """Keep the engine; `open_warehouse` is the door."""
        self.engine = engine

    # --- documents and readings -------------------------------------------------------------

    def reading(self, sha256: str, city_id: str, reader_version: str) -> Reading | None:
        """Return what this version of the readers understood of a document before."""
        with Session(self.engine) as session:
            row = session.get(ReadingRow, (sha256, city_id, reader_version))
            return reading_from_json(row.content) if row else None

    def remember(
        self, reading: Reading, *, city_id: str, reader_version: str, receipt: Mapping[str, Any]
    ) -> None:
        """Keep a document's reading and its receipt; again is nothing.

        `receipt` holds receipt_id, key, sender, name, board, period, received_at and identical.
        """
        document = reading.document
        with Session(self.engine) as session, session.begin():
            if session.get(DocumentRow, document.sha256) is None:
                session.add(
                    DocumentRow(
                        sha256=document.sha256,
                        media_type=document.media_type,
                        size=document.size,
                    )
                )
                session.flush()
            if session.get(ReadingRow, (document.sha256, city_id, reader_version)) is None:
                session.execute(  # an older reading can be made again and would only mislead
                    delete(ReadingRow).where(
                        ReadingRow.document_sha256 == document.sha256,
                        ReadingRow.city_id == city_id,
                    )
                )
                session.add(
                    ReadingRow(
                        document_sha256=document.sha256,
                        city_id=city_id,
                        reader_version=reader_version,
                        content=as_json(reading),
                    )
                )
            if session.get(ReceiptRow, receipt["receipt_id"]) is None:
                session.add(
                    ReceiptRow(
                        receipt_id=receipt["receipt_id"],
                        city_id=city_id,
                        document_sha256=document.sha256,
                        inbox_key=receipt["key"],
                        sender=receipt["sender"],
                        file_name=receipt["name"],
                        board_id=receipt["board"],
                        period=receipt["period"],
                        kind=document.kind,
                        received_at=receipt["received_at"],
                        is_identical=receipt["identical"],
                    )
                )

    # --- merging ----------------------------------------------------------------------------

    def merge(
        self,
        handed: Sequence[Handed],
        verdicts: Mapping[str, Verdict],
        *,
        city_id: str,
        span: Mapping[str, tuple[date | None, date | None]],
        now: datetime,
        emptied: Collection[tuple[str, str]] = (),
    ) -> int:
        """Merge the documents in force; return how many sections got a new version.

        `verdicts` is keyed by document hash; `span` gives the days that a period speaks of;
        `emptied` are boards and periods whose document was moved elsewhere. Per board, period
        and group everything is written in one transaction or nothing is.
        """
        written = 0
        places: dict[tuple[str, str], list[Handed]] = {place: [] for place in emptied}
        for one in handed:
            places.setdefault((one.board, one.period), []).append(one)
        for (board, period), documents in sorted(places.items()):
            for group in GROUPS:
                section = section_facts(documents, verdicts, group)
                address = (city_id, board, period, group)
                written += self._write(address, section, span.get(period, (None, None)), now)
        return written

    def _write(
        self,
        address: tuple[str, str, str, str],
        section: SectionFacts | None,
        valid: tuple[date | None, date | None],
        now: datetime,
    ) -> bool:
        city_id, board, period, group = address
        where = (
            SectionRow.city_id == city_id,
            SectionRow.board_id == board,
            SectionRow.period == period,
            SectionRow.section_group == group,
        )
        with Session(self.engine) as session, session.begin():
            versions = session.scalars(
                select(SectionRow).where(*where).order_by(SectionRow.version)
            ).all()
            current = next((row for row in versions if row.known_to is None), None)
            if (section.digest if section else None) == (current.digest if current else None):
                return False
            if current is not None:
                current.known_to = now
            if section is None:
                return current is not None
            row = SectionRow(
                city_id=city_id,
                board_id=board,
                period=period,
                section_group=group,
                version=len(versions) + 1,
                state=section.state,
                document_sha256=section.document,
                received_at=section.received_at,
                digest=section.digest,
                valid_from=valid[0],
                valid_to=valid[1],
                known_from=now,
                known_to=None,
            )
            session.add(row)
            session.flush()
            for fact in section.facts:
                _add_fact(session, row.section_id, fact, city_id, board, period)
        return True

    def keep_findings(
        self, verdicts: Sequence[Verdict], *, city_id: str, run_period: str, now: datetime
    ) -> None:
        """Keep what the latest check found; what it no longer finds is closed, not removed."""
        with Session(self.engine) as session, session.begin():
            standing = session.scalars(
                select(FindingRow).where(
                    FindingRow.city_id == city_id,
                    FindingRow.run_period == run_period,
                    FindingRow.known_to.is_(None),
                )
            ).all()
            old = {canonical(row.content): row for row in standing}
            new = {canonical(as_json(f)): f for v in verdicts for f in v.findings}
            for text, row in old.items():
                if text not in new:
                    row.known_to = now
            for text in new.keys() - old.keys():
                finding = new[text]
                session.add(
                    FindingRow(
                        city_id=city_id,
                        run_period=run_period,
                        document_sha256=finding.document,
                        rule=finding.rule,
                        severity=finding.severity,
                        content=json.loads(text),
                        known_from=now,
                        known_to=None,
                    )
                )

    # --- looking back -----------------------------------------------------------------------

    def submissions(self, city_id: str, period: str) -> tuple[Submission, ...]:
        """Return what the boards said for a period, rebuilt from the merged sections."""
        rows: dict[str, dict[str, list[Any]]] = {}
        for stored in self._rows(city_id, (period,), None):
            rows.setdefault(stored.board, {}).setdefault(stored.section, []).append(stored.row)
        return tuple(
            Submission(
                city_id,
                board,
                period,
                (
                    Reading(
                        Document(city=city_id, board=board),
                        **_as_rows(sections),
                    ),
                ),
            )
            for board, sections in sorted(rows.items())
        )

    def snapshot(
        self,
        city: City,
        *,
        round_: Round | None,
        on: date,
        now: datetime,
        as_of: datetime | None = None,
        acts: Sequence[OfficeAct] = (),
        with_previous: bool = True,
    ) -> Snapshot:
        """Freeze what holds for a round (and the matters valid then), as known at `as_of`.

        `acts` are what the city office has done: extensions, sections withheld, decisions noted.
        """
        acts = [act for act in acts if as_of is None or act.at <= as_of]
        documents = self._documents(city.city_id, as_of)
        periods = periods_of(documents, round_, on)
        rows = tuple(self._rows(city.city_id, periods, as_of))
        run_period = round_.round_id if round_ else on.isoformat()
        findings = tuple(self._findings(city.city_id, run_period, as_of))
        stopped = stopped_whole(findings)
        states = self._states(city, periods, extended(round_, acts), as_of, stopped)
        sections = tuple(acted_on(state, acts) for state in states)
        withheld = {(s.board, s.period, s.group) for s in sections if s.state == "withheld"}
        rows = tuple(
            row for row in rows if (row.board, row.period, GROUP_OF[row.section]) not in withheld
        )
        previous = None
        before = round_before(city, round_) if with_previous else None
        if before is not None:
            previous = self.snapshot(
                city, round_=before, on=before.period_to, now=now, acts=acts, with_previous=False
            )
        return Snapshot(
            city=city.city_id,
            round=round_.round_id if round_ else None,
            on=on,
            as_of=as_of or now,
            periods=periods,
            documents=tuple(d for d in documents if concerns(d, periods, findings)),
            sections=sections,
            rows=rows,
            findings=findings,
            head=head_of(city, sections, rows, findings),
            previous=previous if previous and previous.rows else None,
        )

    def trace(self, printed: str) -> tuple[Trace, ...]:
        """Return every version of a printed figure, the newest first."""
        query = (
            select(FigureRow, FactRow, SectionRow)
            .join(FactRow, FigureRow.fact_id == FactRow.fact_id)
            .join(SectionRow, FactRow.section_id == SectionRow.section_id)
            .where(FigureRow.figure_id == printed)
            .order_by(SectionRow.version.desc())
        )
        with Session(self.engine) as session:
            return tuple(
                Trace(
                    figure_id=printed,
                    board=section.board_id,
                    period=section.period,
                    section=fact.section,
                    row_key=fact.row_key,
                    field=figure.field,
                    figure=_stored_figure(figure),
                    document=fact.document_sha256,
                    document_name=_file_name(session, fact.document_sha256),
                    version=section.version,
                    received_at=section.received_at,
                    is_current=section.known_to is None,
                )
                for figure, fact, section in session.execute(query)
            )

    def edition_with(self, city_id: str, run_period: str, head: str) -> int | None:
        """Return the number of the newest edition if it was made from these facts."""
        query = (
            select(EditionRow)
            .where(EditionRow.city_id == city_id, EditionRow.run_period == run_period)
            .order_by(EditionRow.number.desc())
        )
        with Session(self.engine) as session:
            newest = session.scalars(query).first()
            return newest.number if newest is not None and newest.head == head else None

    def keep_edition(self, edition: EditionRecord, files: Mapping[str, str]) -> None:
        """Keep an edition of the journal with the SHA-256 of its files; again is nothing."""
        same = (
            EditionRow.city_id == edition.city,
            EditionRow.run_period == edition.run,
            EditionRow.number == edition.number,
        )
        with Session(self.engine) as session, session.begin():
            if session.scalars(select(EditionRow).where(*same)).first() is None:
                session.add(
                    EditionRow(
                        city_id=edition.city,
                        run_period=edition.run,
                        number=edition.number,
                        status=edition.status,
                        head=edition.head,
                        files=dict(files),
                        made_at=edition.made_at,
                    )
                )

    def _documents(self, city_id: str, as_of: datetime | None) -> tuple[StoredDocument, ...]:
        query = select(ReceiptRow).where(ReceiptRow.city_id == city_id)
        with Session(self.engine) as session:
            receipts = session.scalars(
                query.order_by(ReceiptRow.received_at, ReceiptRow.receipt_id)
            ).all()
            found: list[StoredDocument] = []
            versions: dict[tuple[str | None, str | None, str], list[int]] = {}
            for receipt in receipts:
                if as_of is not None and receipt.received_at > as_of:
                    continue
                reading = self._last_reading(session, receipt)
                place = (receipt.board_id, receipt.period, receipt.kind)
                first = _first_of(found, receipt) if receipt.is_identical else None
                if not receipt.is_identical:
                    versions.setdefault(place, []).append(len(found))
                found.append(
                    StoredDocument(
                        document=reading,
                        board=receipt.board_id,
                        period=receipt.period,
                        version=len(versions.get(place, ())) or 1,
                        received_at=receipt.received_at,
                        receipt_id=receipt.receipt_id,
                        identical_to=first,
                    )
                )
            return _superseded(found, versions)

    def _last_reading(self, session: Session, receipt: ReceiptRow) -> Document:
        content = session.scalars(
            select(ReadingRow.content).where(
                ReadingRow.document_sha256 == receipt.document_sha256,
                ReadingRow.city_id == receipt.city_id,
            )
        ).first()
        head = content["document"] if content else {"sha256": receipt.document_sha256}
        document: Document = from_json(Document, head | {"name": receipt.file_name}, "document")
        return document

    def _states(
        self,
        city: City,
        periods: Sequence[str],
        round_: Round | None,
        as_of: datetime | None,
        stopped: Mapping[str, str],
    ) -> Iterator[SectionState]:
        known = {
            (row.board_id, row.period, row.section_group): row
            for row in self._sections(city.city_id, periods, as_of)
        }
        for row in known.values():
            due = (
                round_.due_for(row.section_group, row.board_id)
                if round_ and row.period == round_.round_id
                else None
            )
            late = (
                round_.days_late(row.section_group, row.received_at, row.board_id)
                if round_ and due
                else None
            )
            yield SectionState(
                board=row.board_id,
                period=row.period,
                group=row.section_group,
                state=row.state,  # type: ignore[arg-type] # one of the literal's words
                due_on=due,
                received_at=row.received_at,
                late_days=late or 0,
                document=row.document_sha256,
                version=row.version,
            )
        for board, groups in (city.owed(round_) if round_ else {}).items():
            for group in groups:
                if round_ and (board, round_.round_id, group) not in known:
                    yield SectionState(
                        board=board,
                        period=round_.round_id,
                        group=group,
                        state="stopped" if board in stopped else "missing",
                        due_on=round_.due_for(group, board),
                        document=stopped.get(board),
                    )

    def _sections(
        self, city_id: str, periods: Sequence[str], as_of: datetime | None
    ) -> Sequence[SectionRow]:
        query = select(SectionRow).where(
            SectionRow.city_id == city_id, SectionRow.period.in_(periods), *_known(as_of)
        )
        with Session(self.engine) as session:
            order = (SectionRow.board_id, SectionRow.period, SectionRow.section_group)
            return session.scalars(query.order_by(*order)).all()

    def _rows(
        self, city_id: str, periods: Sequence[str], as_of: datetime | None
    ) -> Iterator[StoredRow]:
        query = (
            select(FactRow, SectionRow)
            .join(SectionRow, FactRow.section_id == SectionRow.section_id)
            .where(SectionRow.city_id == city_id, SectionRow.period.in_(periods), *_known(as_of))
            .order_by(SectionRow.board_id, SectionRow.period, FactRow.section, FactRow.ordinal)
        )
        with Session(self.engine) as session:
            for fact, section in session.execute(query):
                yield StoredRow(
                    board=section.board_id,
                    period=section.period,
                    section=fact.section,
                    key=fact.row_key,
                    row=row_from_json(fact.section, fact.content),
                    document=fact.document_sha256,
                    version=section.version,
                )

    def _findings(self, city_id: str, run_period: str, as_of: datetime | None) -> Iterator[Finding]:
        known = (
            (FindingRow.known_to.is_(None),)
            if as_of is None
            else (
                FindingRow.known_from <= as_of,
                FindingRow.known_to.is_(None) | (FindingRow.known_to > as_of),
            )
        )
        query = select(FindingRow.content).where(
            FindingRow.city_id == city_id, FindingRow.run_period == run_period, *known
        )
        with Session(self.engine) as session:
            found = [from_json(Finding, content, "finding") for content in session.scalars(query)]
        yield from sorted(found, key=lambda f: (f.board or "", f.rule, canonical(as_json(f))))


def _add_fact(
    session: Session, section_id: int, fact: Fact, city_id: str, board: str, period: str
) -> None:
    row = FactRow(
        section_id=section_id,
        section=fact.section,
        row_key=fact.key,
        ordinal=fact.ordinal,
        document_sha256=fact.document,
        content=as_json(fact.row),
    )
    session.add(row)
    session.flush()
    for name, figure in figures_of(fact.row):
        session.add(
            FigureRow(
                fact_id=row.fact_id,
                figure_id=figure_id(city_id, board, period, fact.section, fact.key, name),
                field=name,
                written=figure.written,
                value=figure.value,
                low=figure.low,
                high=figure.high,
                unit=figure.unit,
                decimals=figure.decimals,
                state=figure.state,
                place=as_json(figure.place),
            )
        )


# --- the parts of a snapshot ----------------------------------------------------------------------


def _known(as_of: datetime | None) -> tuple[Any, ...]:
    if as_of is None:
        return (SectionRow.known_to.is_(None),)
    later = SectionRow.known_to.is_(None) | (SectionRow.known_to > as_of)
    return (SectionRow.known_from <= as_of, later)


def _first_of(found: Sequence[StoredDocument], receipt: ReceiptRow) -> str | None:
    same = (d for d in found if d.document.sha256 == receipt.document_sha256)
    return next((d.receipt_id for d in same), None)


def _superseded(
    found: Sequence[StoredDocument],
    versions: Mapping[tuple[str | None, str | None, str], Sequence[int]],
) -> tuple[StoredDocument, ...]:
    old = {
        index
        for (board, period, _), places in versions.items()
        if board and period
        for index in places[:-1]
    }
    return tuple(replace(d, superseded=i in old) for i, d in enumerate(found))


def _as_rows(sections: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    return {name: tuple(found) for name, found in sections.items()}


def _stored_figure(row: FigureRow) -> Figure:
    return Figure(
        written=row.written,
        value=row.value,
        unit=row.unit,
        decimals=row.decimals,
        state=row.state,  # type: ignore[arg-type] # one of the literal's words
        place=from_json(Figure, {"written": "", "place": row.place}, "figure").place,
        low=row.low,
        high=row.high,
    )


def _file_name(session: Session, sha256: str) -> str:
    name = session.scalars(
        select(ReceiptRow.file_name).where(ReceiptRow.document_sha256 == sha256)
    ).first()
    return name or sha256
