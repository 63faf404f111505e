"""Central figures in the warehouse: the ledger and the staff system, with versions of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from expectations.central import CentralFault, CentralFigure, CentralPart, CentralReading
from expectations.contract import Figure, Place
from expectations.contract_json import as_json
from expectations.swedish import swedish
from warehouse.merging import canonical, sha256_of
from warehouse.tables import CentralFigureRow, CentralSourceRow, DocumentRow

ORDER = ("sie", "ledger_csv", "staff_csv", "unknown")
"""The ledger itself weighs more than a list out of it."""


@dataclass(frozen=True, slots=True)
class CentralFile:
    """One central file as it was received; `reader` names reader and registers."""

    sha256: str
    name: str
    size: int
    received_at: datetime
    reader: str


@dataclass(frozen=True, slots=True)
class CentralSource:
    """One central source that stands for a round."""

    kind: str
    version: int
    document: str
    name: str
    received_at: datetime
    reader: str
    state: str
    faults: tuple[CentralFault, ...]
    figures: tuple[CentralFigure, ...]


def keep_central(
    engine: Engine,
    file: CentralFile,
    reading: CentralReading,
    *,
    city_id: str,
    period: str,
    now: datetime,
) -> bool:
    """Keep what a file says of a round as the version to go by; False where it says the same.

    A refused file replaces nothing: the figures that stood before it stand, and it is told.
    """
    kind = reading.kind or "unknown"
    content = [file.sha256, [as_json(f) for f in (*reading.figures, *reading.faults)]]
    digest = sha256_of(canonical(content))
    where = (
        CentralSourceRow.city_id == city_id,
        CentralSourceRow.period == period,
        CentralSourceRow.kind == kind,
    )
    with Session(engine) as session, session.begin():
        versions = session.scalars(select(CentralSourceRow).where(*where)).all()
        standing = [row for row in versions if row.known_to is None]
        if any(row.digest == digest for row in standing):
            return False
        for row in standing:
            if not reading.faults or row.state == "refused":
                row.known_to = now
        if session.get(DocumentRow, file.sha256) is None:
            session.add(DocumentRow(sha256=file.sha256, media_type="text/plain", size=file.size))
            session.flush()
        source = CentralSourceRow(
            city_id=city_id,
            period=period,
            kind=kind,
            version=len(versions) + 1,
            document_sha256=file.sha256,
            file_name=file.name,
            reader=file.reader,
            received_at=file.received_at,
            state="refused" if reading.faults else "used",
            faults=[as_json(fault) for fault in reading.faults],
            digest=digest,
            known_from=now,
            known_to=None,
        )
        session.add(source)
        session.flush()
        session.add_all(_row(one, source.source_id, city_id, period) for one in reading.figures)
    return True


def central_sources(
    engine: Engine, city_id: str, period: str, as_of: datetime | None = None
) -> tuple[CentralSource, ...]:
    """Return the sources that stand for a round, as known at a moment, in their order of weight."""
    known: tuple[Any, ...] = (CentralSourceRow.known_to.is_(None),)
    if as_of is not None:
        later = CentralSourceRow.known_to.is_(None) | (CentralSourceRow.known_to > as_of)
        known = (CentralSourceRow.known_from <= as_of, later)
    query = select(CentralSourceRow).where(
        CentralSourceRow.city_id == city_id, CentralSourceRow.period == period, *known
    )
    with Session(engine) as session:
        rows = sorted(session.scalars(query), key=lambda r: (ORDER.index(r.kind), r.version))
        return tuple(_source(row, _figures(session, row.source_id)) for row in rows)


def central_figures(sources: Sequence[CentralSource]) -> tuple[CentralFigure, ...]:
    """Return the figures to go by: where two sources say the same thing, the weightier one's."""
    kept: dict[tuple[str | None, str, str, str], CentralFigure] = {}
    for source in sources:
        for one in source.figures:
            kept.setdefault((one.board, *one.slot), one)
    return tuple(kept.values())


@dataclass(frozen=True, slots=True)
class CentralTrace:
    """Where a figure of the city's own systems comes from: one version of one file."""

    figure_id: str
    figure: CentralFigure
    period: str
    kind: str
    version: int
    document: str
    document_name: str
    received_at: datetime
    is_current: bool


def central_traces(
    engine: Engine, printed: str, as_of: datetime | None = None
) -> tuple[CentralTrace, ...]:
    """Return every version of a central figure that was known at a moment, the newest first."""
    query = (
        select(CentralFigureRow, CentralSourceRow)
        .join(CentralSourceRow, CentralFigureRow.source_id == CentralSourceRow.source_id)
        .where(CentralFigureRow.figure_id == printed)
        .order_by(CentralSourceRow.version.desc(), CentralSourceRow.kind)
    )
    with Session(engine) as session:
        return tuple(
            CentralTrace(
                figure_id=printed,
                figure=_figure(row),
                period=source.period,
                kind=source.kind,
                version=source.version,
                document=source.document_sha256,
                document_name=source.file_name,
                received_at=source.received_at,
                is_current=source.known_to is None
                or (as_of is not None and source.known_to > as_of),
            )
            for row, source in session.execute(query)
            if as_of is None or source.known_from <= as_of
        )


def _figures(session: Session, source_id: int) -> tuple[CentralFigure, ...]:
    query = select(CentralFigureRow).where(CentralFigureRow.source_id == source_id)
    rows = session.scalars(query.order_by(CentralFigureRow.number))
    return tuple(_figure(row) for row in rows)


def _source(row: CentralSourceRow, figures: tuple[CentralFigure, ...]) -> CentralSource:
    return CentralSource(
        kind=row.kind,
        version=row.version,
        document=row.document_sha256,
        name=row.file_name,
        received_at=row.received_at,
        reader=row.reader,
        state=row.state,
        faults=tuple(CentralFault(**fault) for fault in row.faults),
        figures=figures,
    )


def _row(one: CentralFigure, source_id: int, city_id: str, period: str) -> CentralFigureRow:
    return CentralFigureRow(
        source_id=source_id,
        figure_id=one.id_in(city_id, period),
        board_id=one.board,
        section=one.section,
        row_key=one.key,
        field=one.column,
        value=one.figure.value,
        unit=one.figure.unit,
        decimals=one.figure.decimals,
        line=one.figure.place.line if one.figure.place else None,
        parts=[[part.label, str(part.value), part.line, part.rows] for part in one.parts],
    )


def _figure(row: CentralFigureRow) -> CentralFigure:
    value = (
        row.value.quantize(Decimal(1).scaleb(-(row.decimals or 0)))
        if row.value is not None
        else None
    )
    figure = Figure(
        swedish(value, row.decimals),
        value,
        row.unit,
        row.decimals,
        place=Place(line=row.line) if row.line else None,
    )
    parts = tuple(CentralPart(label, Decimal(v), line, n) for label, v, line, n in row.parts)
    return CentralFigure(row.board_id, row.section, row.row_key, row.field, figure, parts)
