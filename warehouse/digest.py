"""One SHA-256 per kind of content of a warehouse, to hold two of them against each other.

Running numbers of rows are left out: they differ between databases that say the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from warehouse.closures import Closures
from warehouse.merging import canonical
from warehouse.tables import (
    AssignmentDecisionRow,
    CentralFigureRow,
    CentralSourceRow,
    CheckRow,
    DocumentRow,
    EditionRow,
    FactRow,
    FigureRow,
    FindingRow,
    OwedRow,
    PersonRow,
    ReceiptRow,
    ScaleWordRow,
    SectionRow,
    Table,
)
from warehouse.warehouse import Warehouse

LEARNT = ("known_from", "known_to", "version")
RUNNING = (
    "section_id",
    "fact_id",
    "finding_id",
    "check_id",
    "edition_id",
    "source_id",
    "owed_id",
    "scale_word_id",
)
SECTION = ("city_id", "board_id", "period", "section_group", "version")


@dataclass(frozen=True, slots=True)
class Content:
    """How much of one kind there is, and its digest."""

    rows: int
    sha256: str


def contents(warehouse: Warehouse, closures: Closures | None = None) -> dict[str, Content]:
    """Return the content of each kind, named in Swedish; readings can be made again and are not.

    Where something is closed, history has gaps that a rebuild has not: of those boards and
    periods, and of all findings, only what holds now is taken, without when it was learnt.
    """
    closures = closures or Closures()
    with Session(warehouse.engine) as session:
        return {
            "handlingar": _content(_documents(session, closures)),
            "kvitton": _content(_plain(session, ReceiptRow)),
            "avsnitt": _content(_sections(session, closures)),
            "rader": _content(_facts(session, closures)),
            "uppgifter": _content(_figures(session, closures)),
            "påpekanden": _content(_findings(session, closures, FindingRow)),
            "kontroller": _content(_findings(session, closures, CheckRow)),
            "vad som ska lämnas": _content(_plain(session, OwedRow)),
            "skalor": _content(_plain(session, ScaleWordRow)),
            "beslut om uppdrag": _content(_plain(session, AssignmentDecisionRow)),
            "centrala källor": _content(_sources(session)),
            "centrala uppgifter": _content(_central(session)),
            "versioner": _content(_plain(session, EditionRow)),
            "personer": _content(_plain(session, PersonRow)),
        }


def _documents(session: Session, closures: Closures) -> Iterator[dict[str, Any]]:
    for row in session.scalars(select(DocumentRow)):
        # What is closed is not opened again, so a rebuild does not learn what it is.
        yield _said(row) | ({"media_type": ""} if row.sha256 in closures.documents else {})


def _sections(session: Session, closures: Closures) -> Iterator[dict[str, Any]]:
    for row in session.scalars(select(SectionRow)):
        if not _has_gap(row, closures):
            yield _said(row)
        elif row.known_to is None:
            yield _now(row)


def _findings(
    session: Session, closures: Closures, table: type[FindingRow | CheckRow]
) -> Iterator[dict[str, Any]]:
    for row in cast("Sequence[FindingRow | CheckRow]", session.scalars(select(table)).all()):
        if not closures:
            yield _said(row)
        elif row.known_to is None:
            yield _now(row)


def _now(row: SectionRow | FindingRow | CheckRow) -> dict[str, Any]:
    return {name: value for name, value in _said(row).items() if name not in LEARNT}


def _has_gap(section: SectionRow, closures: Closures) -> bool:
    return (section.board_id, section.period) in closures.places


def _content(rows: Iterator[dict[str, Any]]) -> Content:
    lines = sorted(canonical(row) for row in rows)
    return Content(len(lines), hashlib.sha256("\n".join(lines).encode()).hexdigest())


def _plain(session: Session, table: type[Table]) -> Iterator[dict[str, Any]]:
    for row in session.scalars(select(table)):
        yield _said(row)


def _sources(session: Session) -> Iterator[dict[str, Any]]:
    """Yield the sources whatever version of ours read them: what they say is in their digest."""
    for row in _plain(session, CentralSourceRow):
        yield {name: value for name, value in row.items() if name != "reader"}


def _facts(session: Session, closures: Closures) -> Iterator[dict[str, Any]]:
    query = select(FactRow, SectionRow).join(
        SectionRow, FactRow.section_id == SectionRow.section_id
    )
    for fact, section in session.execute(query):
        if section.known_to is None or not _has_gap(section, closures):
            yield _said(fact) | _address(section, closures)


def _figures(session: Session, closures: Closures) -> Iterator[dict[str, Any]]:
    query = (
        select(FigureRow, FactRow, SectionRow)
        .join(FactRow, FigureRow.fact_id == FactRow.fact_id)
        .join(SectionRow, FactRow.section_id == SectionRow.section_id)
    )
    for figure, fact, section in session.execute(query):
        if section.known_to is not None and _has_gap(section, closures):
            continue
        said = _said(figure)
        del said["number"]
        row = {"row_key": fact.row_key, "section": fact.section}
        yield said | row | _address(section, closures)


def _central(session: Session) -> Iterator[dict[str, Any]]:
    query = select(CentralFigureRow, CentralSourceRow).join(
        CentralSourceRow, CentralFigureRow.source_id == CentralSourceRow.source_id
    )
    for figure, source in session.execute(query):
        said = _said(figure)
        del said["number"]
        yield said | {"of": [source.city_id, source.period, source.kind, source.version]}


def _said(row: Table) -> dict[str, Any]:
    columns = [column.key for column in row.__table__.columns if column.key not in RUNNING]
    return {name: _as_text(getattr(row, name)) for name in columns}


def _address(section: SectionRow, closures: Closures) -> dict[str, Any]:
    names = SECTION[:-1] if _has_gap(section, closures) else SECTION
    return {f"of_{name}": getattr(section, name) for name in names}


def _as_text(value: object) -> object:
    """Return times and numbers as one text: PostgreSQL and SQLite hand them back differently."""
    if isinstance(value, dict | list | str | bool | int) or value is None:
        return value
    if hasattr(value, "normalize"):
        return format(value.normalize(), "f")
    return str(value)
