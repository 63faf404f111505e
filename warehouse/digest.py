"""One SHA-256 per kind of content of a warehouse, to hold two of them against each other.

Running numbers of rows are left out: they differ between databases that say the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from warehouse.merging import canonical
from warehouse.tables import (
    DocumentRow,
    EditionRow,
    FactRow,
    FigureRow,
    FindingRow,
    ReceiptRow,
    SectionRow,
    Table,
)
from warehouse.warehouse import Warehouse

RUNNING = ("section_id", "fact_id", "finding_id", "edition_id")
SECTION = ("city_id", "board_id", "period", "section_group", "version")


@dataclass(frozen=True, slots=True)
class Content:
    """How much of one kind there is, and its digest."""

    rows: int
    sha256: str


def contents(warehouse: Warehouse) -> dict[str, Content]:
    """Return the content of each kind, named in Swedish; readings can be made again and are not."""
    with Session(warehouse.engine) as session:
        return {
            "handlingar": _content(_plain(session, DocumentRow)),
            "kvitton": _content(_plain(session, ReceiptRow)),
            "avsnitt": _content(_plain(session, SectionRow)),
            "rader": _content(_facts(session)),
            "uppgifter": _content(_figures(session)),
            "påpekanden": _content(_plain(session, FindingRow)),
            "versioner": _content(_plain(session, EditionRow)),
        }


def _content(rows: Iterator[dict[str, Any]]) -> Content:
    lines = sorted(canonical(row) for row in rows)
    return Content(len(lines), hashlib.sha256("\n".join(lines).encode()).hexdigest())


def _plain(session: Session, table: type[Table]) -> Iterator[dict[str, Any]]:
    for row in session.scalars(select(table)):
        yield _said(row)


def _facts(session: Session) -> Iterator[dict[str, Any]]:
    query = select(FactRow, SectionRow).join(
        SectionRow, FactRow.section_id == SectionRow.section_id
    )
    for fact, section in session.execute(query):
        yield _said(fact) | _address(section)


def _figures(session: Session) -> Iterator[dict[str, Any]]:
    query = (
        select(FigureRow, FactRow, SectionRow)
        .join(FactRow, FigureRow.fact_id == FactRow.fact_id)
        .join(SectionRow, FactRow.section_id == SectionRow.section_id)
    )
    for figure, fact, section in session.execute(query):
        said = _said(figure)
        del said["number"]
        yield said | {"row_key": fact.row_key, "section": fact.section} | _address(section)


def _said(row: Table) -> dict[str, Any]:
    columns = [column.key for column in row.__table__.columns if column.key not in RUNNING]
    return {name: _as_text(getattr(row, name)) for name in columns}


def _address(section: SectionRow) -> dict[str, Any]:
    return {f"of_{name}": getattr(section, name) for name in SECTION}


def _as_text(value: object) -> object:
    """Return times and numbers as one text: PostgreSQL and SQLite hand them back differently."""
    if isinstance(value, dict | list | str | bool | int) or value is None:
        return value
    if hasattr(value, "normalize"):
        return format(value.normalize(), "f")
    return str(value)
