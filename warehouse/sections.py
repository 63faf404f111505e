"""Sections in the warehouse: written whole or not at all, read as known at a moment."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from expectations.contract import Figure, figure_id, figures_of
from expectations.contract_json import as_json, from_json, row_from_json
from expectations.registers import City, Round
from warehouse.documents import file_name
from warehouse.merging import Fact, SectionFacts
from warehouse.snapshot import SectionState, StoredRow
from warehouse.tables import FactRow, FigureRow, SectionRow


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


def write_section(
    engine: Engine,
    address: tuple[str, str, str, str],
    section: SectionFacts | None,
    valid: tuple[date | None, date | None],
    now: datetime,
) -> bool:
    """Write one group of sections in one transaction; False where nothing was new.

    `address` is city, board, period and group; a section of None closes what stood there.
    """
    city_id, board, period, group = address
    where = (
        SectionRow.city_id == city_id,
        SectionRow.board_id == board,
        SectionRow.period == period,
        SectionRow.section_group == group,
    )
    with Session(engine) as session, session.begin():
        versions = session.scalars(
            select(SectionRow).where(*where).order_by(SectionRow.version)
        ).all()
        current = next((row for row in versions if row.known_to is None), None)
        said = (section.digest, section.received_at) if section else None
        if said == ((current.digest, current.received_at) if current else None):
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


def stands(engine: Engine, address: tuple[str, str, str, str], shut: Collection[str]) -> bool:
    """Say whether a section is there, and not out of a document that has been closed."""
    city_id, board, period, group = address
    query = select(SectionRow.document_sha256).where(
        SectionRow.city_id == city_id,
        SectionRow.board_id == board,
        SectionRow.period == period,
        SectionRow.section_group == group,
        SectionRow.known_to.is_(None),
    )
    with Session(engine) as session:
        found = session.scalars(query).first()
    return found is not None and found not in shut


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


def section_states(
    engine: Engine,
    city: City,
    periods: Sequence[str],
    round_: Round | None,
    as_of: datetime | None,
    stopped: Mapping[str, str],
    editions: Sequence[tuple[int, datetime]] = (),
) -> Iterator[SectionState]:
    """Give the state of every section that stands, then of those owed and not handed in.

    `editions` are number and moment of the reports made, in order: the first one made since a
    version is known has it.
    """
    known = {
        (row.board_id, row.period, row.section_group): row
        for row in _sections(engine, city.city_id, periods, as_of)
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
            edition=next((n for n, at in editions if at >= row.known_from), None),
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


def section_rows(
    engine: Engine, city_id: str, periods: Sequence[str], as_of: datetime | None
) -> Iterator[StoredRow]:
    """Give the merged rows of some periods as known at a moment, by board and order."""
    query = (
        select(FactRow, SectionRow)
        .join(SectionRow, FactRow.section_id == SectionRow.section_id)
        .where(SectionRow.city_id == city_id, SectionRow.period.in_(periods), *_known(as_of))
        .order_by(SectionRow.board_id, SectionRow.period, FactRow.section, FactRow.ordinal)
    )
    with Session(engine) as session:
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


def traces(engine: Engine, printed: str, as_of: datetime | None = None) -> tuple[Trace, ...]:
    """Return every version of a printed figure that was known at a moment, the newest first."""
    known = () if as_of is None else (SectionRow.known_from <= as_of,)
    query = (
        select(FigureRow, FactRow, SectionRow)
        .join(FactRow, FigureRow.fact_id == FactRow.fact_id)
        .join(SectionRow, FactRow.section_id == SectionRow.section_id)
        .where(FigureRow.figure_id == printed, *known)
        .order_by(SectionRow.version.desc())
    )
    with Session(engine) as session:
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
                document_name=file_name(session, fact.document_sha256),
                version=section.version,
                received_at=section.received_at,
                is_current=_stands_at(section.known_to, as_of),
            )
            for figure, fact, section in session.execute(query)
        )


def _stands_at(known_to: datetime | None, as_of: datetime | None) -> bool:
    return known_to is None or (as_of is not None and known_to > as_of)


def _sections(
    engine: Engine, city_id: str, periods: Sequence[str], as_of: datetime | None
) -> Sequence[SectionRow]:
    query = select(SectionRow).where(
        SectionRow.city_id == city_id, SectionRow.period.in_(periods), *_known(as_of)
    )
    with Session(engine) as session:
        order = (SectionRow.board_id, SectionRow.period, SectionRow.section_group)
        return session.scalars(query.order_by(*order)).all()


def _known(as_of: datetime | None) -> tuple[Any, ...]:
    if as_of is None:
        return (SectionRow.known_to.is_(None),)
    later = SectionRow.known_to.is_(None) | (SectionRow.known_to > as_of)
    return (SectionRow.known_from <= as_of, later)


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
