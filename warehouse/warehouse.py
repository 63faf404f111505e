"""Open the warehouse, merge into it, and freeze what a report is made from.

Everything is append-only: a section that changes gets a new version, and the old one keeps what
it said and until when we knew it. A merge is one transaction per section: no half-written section
exists, and merging the same documents again writes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from expectations.central import CentralFigure, CentralReading
from expectations.contract import (
    GROUPS,
    Document,
    Reading,
    Submission,
)
from expectations.contract_json import reading_from_json
from expectations.registers import City, Round
from expectations.staging import GROUP_OF
from expectations.verdicts import Verdict
from warehouse.acts import OfficeAct, extended
from warehouse.adjusting import adjustments, figures_by_id
from warehouse.central import (
    CentralFile,
    CentralSource,
    CentralTrace,
    central_figures,
    central_sources,
    central_traces,
    keep_central,
)
from warehouse.closures import closures_of, told_as_closed
from warehouse.database import alone, engine_at, is_newest, migrate
from warehouse.documents import remember_reading, stored_documents
from warehouse.editions import EditionRecord
from warehouse.findings import keep_findings, standing_checks, standing_findings
from warehouse.inherited import gaps_before, inherited_rows
from warehouse.journal import Entry
from warehouse.marks import last_remembered, other_than_remembered, remember_journal
from warehouse.merging import Handed, section_facts
from warehouse.office_words import as_facts, words_of
from warehouse.owed import closings_of as decisions_on
from warehouse.owed import keep_decisions, keep_owed, keep_scales
from warehouse.papers import papers_of
from warehouse.persons import Person, keep_persons
from warehouse.sections import (
    Trace,
    section_rows,
    section_states,
    stands,
    traces,
    write_section,
)
from warehouse.snapshot import (
    Snapshot,
    acted_on,
    concerns,
    head_of,
    periods_of,
    round_before,
    stopped_whole,
)
from warehouse.tables import (
    EditionRow,
    ReadingRow,
    ReceiptRow,
)


@contextmanager
def open_warehouse(url: str) -> Iterator[Warehouse]:
    """Open the database at an SQLAlchemy URL and bring its tables up to date."""
    engine = engine_at(url)
    try:
        if not is_newest(engine):
            migrate(url)
        yield Warehouse(engine)
    finally:
        engine.dispose()


class Warehouse:
    """What we remember of every city."""

    def __init__(self, engine: Engine) -> None:
        """Keep the engine; `open_warehouse` is the door."""
        self.engine = engine

    def alone(self, city_id: str) -> AbstractContextManager[None]:
        """Let one run at a time bring a city up to date: a later one sees what an earlier did."""
        return alone(self.engine, f"samlad run {city_id}")

    # --- the journal ------------------------------------------------------------------------

    def remember_journal(self, city_id: str, journal: Sequence[Entry]) -> None:
        """Keep the hash of every record, so that a journal written anew shows."""
        remember_journal(self.engine, city_id, journal)

    def last_remembered(self, city_id: str) -> int:
        """Return the number of the last record of the journal that has been remembered."""
        return last_remembered(self.engine, city_id)

    def other_than_remembered(self, city_id: str, journal: Sequence[Entry]) -> str | None:
        """Say which record is the first that is not as remembered; None where all are."""
        return other_than_remembered(self.engine, city_id, journal)

    def keep_persons(self, city_id: str, persons: Mapping[str, Person]) -> None:
        """Let the table of persons say what the store does: names that are erased are gone."""
        keep_persons(self.engine, city_id, persons)

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
        remember_reading(
            self.engine, reading, city_id=city_id, reader_version=reader_version, receipt=receipt
        )

    def has_receipts(self, city_id: str) -> bool:
        """Say whether anything of a city has been remembered."""
        query = select(ReceiptRow.receipt_id).where(ReceiptRow.city_id == city_id).limit(1)
        with Session(self.engine) as session:
            return session.scalar(query) is not None

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
        locked: Collection[tuple[str, str, str]] = (),
        shut: Collection[str] = (),
    ) -> int:
        """Merge the documents in force; return how many sections got a new version.

        `verdicts` is keyed by document hash; `span` gives the days that a period speaks of;
        `emptied` are boards and periods whose document was moved elsewhere. Per board, period
        and group everything is written in one transaction or nothing is. `locked` are boards,
        periods and groups that keep what they have, unless it came from a document in `shut`.
        """
        written = 0
        places: dict[tuple[str, str], list[Handed]] = {place: [] for place in emptied}
        for one in handed:
            places.setdefault((one.board, one.period), []).append(one)
        for (board, period), documents in sorted(places.items()):
            for group in GROUPS:
                section = section_facts(documents, verdicts, group)
                address = (city_id, board, period, group)
                if (board, period, group) in locked and stands(self.engine, address, shut):
                    continue
                written += write_section(
                    self.engine, address, section, span.get(period, (None, None)), now
                )
        return written

    def keep_findings(
        self, verdicts: Sequence[Verdict], *, city_id: str, run_period: str, now: datetime
    ) -> None:
        """Keep what the latest check found and tried; what it no longer finds is closed."""
        keep_findings(self.engine, verdicts, city_id=city_id, run_period=run_period, now=now)

    def keep_owed(
        self, city: City, round_: Round, acts: Sequence[OfficeAct], now: datetime
    ) -> None:
        """Keep what the registers ask for in a round and what is decided on assignments."""
        keep_owed(self.engine, city, round_, now)
        keep_scales(self.engine, city, round_, now)
        keep_decisions(self.engine, city.city_id, acts, now)

    # --- what the city's own systems say ------------------------------------------------------

    def keep_central(
        self,
        file: CentralFile,
        reading: CentralReading,
        *,
        city_id: str,
        period: str,
        now: datetime,
    ) -> bool:
        """Keep what a ledger or staff file says of a round; False where it said so before."""
        return keep_central(self.engine, file, reading, city_id=city_id, period=period, now=now)

    def central_sources(
        self, city_id: str, period: str, as_of: datetime | None = None
    ) -> tuple[CentralSource, ...]:
        """Return the central sources that stand for a round, the weightier first."""
        return central_sources(self.engine, city_id, period, as_of)

    def central(
        self, city_id: str, period: str, as_of: datetime | None = None
    ) -> tuple[CentralFigure, ...]:
        """Return the central figures to go by in a round: what a form is filled with and locked.

        `expectations.central.figures_for` gives one board's by section, row and column, and
        `as_printed` one in the form's unit and decimals.
        """
        return central_figures(self.central_sources(city_id, period, as_of))

    # --- looking back -----------------------------------------------------------------------

    def submissions(self, city_id: str, period: str) -> tuple[Submission, ...]:
        """Return what the boards said for a period, rebuilt from the merged sections."""
        rows: dict[str, dict[str, list[Any]]] = {}
        for stored in section_rows(self.engine, city_id, (period,), None):
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
        closures = closures_of(acts)  # what is secret now is secret on an earlier day too
        known = [act for act in acts if as_of is None or act.at <= as_of]
        documents = stored_documents(self.engine, city.city_id, as_of)
        periods = periods_of(documents, round_, on)
        rows = tuple(section_rows(self.engine, city.city_id, periods, as_of))
        run_period = round_.round_id if round_ else on.isoformat()
        findings = tuple(standing_findings(self.engine, city.city_id, run_period, as_of))
        checks = tuple(standing_checks(self.engine, city.city_id, run_period, as_of))
        own = words_of(known, run_period)
        stopped = stopped_whole(findings)
        made = self._editions(city.city_id, run_period, as_of)
        states = section_states(
            self.engine, city, periods, extended(round_, known), as_of, stopped, made
        )
        sections = tuple(
            told_as_closed(acted_on(state, known, documents, findings), closures)
            for state in states
        )
        withheld = {(s.board, s.period, s.group) for s in sections if s.state == "withheld"}
        rows = tuple(
            row for row in rows if (row.board, row.period, GROUP_OF[row.section]) not in withheld
        )
        central = self.central_sources(city.city_id, run_period, as_of) if round_ else ()
        beside = adjustments(known, figures_by_id(city.city_id, rows))

        def earlier(then: Round) -> Snapshot:
            return self.snapshot(
                city,
                round_=then,
                on=then.period_to,
                now=now,
                as_of=as_of,
                acts=acts,
                with_previous=False,
            )

        before = round_before(city, round_) if with_previous else None
        previous = earlier(before) if before is not None else None
        inherited = inherited_rows(city, round_, earlier) if round_ and with_previous else ()
        gaps = gaps_before(city, round_, earlier) if round_ and with_previous else ()
        closings = decisions_on(known)
        told = (*central, *beside, *as_facts(own), *checks, *inherited, *gaps, *closings)
        facts = head_of(city, sections, rows, findings, told)
        papers = papers_of(known, run_period, facts, closures.told)
        whole = (*told, papers) if papers.is_any else told
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
            checks=checks,
            head=head_of(city, sections, rows, findings, whole),
            previous=previous if previous and previous.rows else None,
            central=central,
            adjustments=beside,
            papers=papers,
            words=own,
            inherited=inherited,
            closings=closings,
            gaps_before=gaps,
        )

    def trace(self, printed: str, as_of: datetime | None = None) -> tuple[Trace, ...]:
        """Return every version of a printed figure known at a moment, the newest first."""
        return traces(self.engine, printed, as_of)

    def central_trace(
        self, printed: str, as_of: datetime | None = None
    ) -> tuple[CentralTrace, ...]:
        """Return every version of a figure of the ledger or the staff system, newest first."""
        return central_traces(self.engine, printed, as_of)

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

    def _editions(
        self, city_id: str, run_period: str, as_of: datetime | None
    ) -> list[tuple[int, datetime]]:
        """Return number and moment of the editions made until a moment, in order."""
        query = (
            select(EditionRow.number, EditionRow.made_at)
            .where(EditionRow.city_id == city_id, EditionRow.run_period == run_period)
            .order_by(EditionRow.number)
        )
        with Session(self.engine) as session:
            found = [(row.number, row.made_at) for row in session.execute(query)]
        return [(number, at) for number, at in found if as_of is None or at <= as_of]

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


def _as_rows(sections: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    return {name: tuple(found) for name, found in sections.items()}
