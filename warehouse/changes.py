"""What differs between two versions of a section, field by field, as known at a moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from warehouse.tables import FactRow, SectionRow

Rows = Mapping[tuple[str, str], Mapping[str, Any]]
"""Contract JSON of each row by section and key."""


@dataclass(frozen=True, slots=True)
class SectionVersion:
    """One version of one group of sections, with its rows."""

    board: str
    group: str
    version: int
    state: str
    document: str
    known_from: datetime
    known_to: datetime | None
    rows: Rows


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs; `kind` new or gone is a whole row, with its field empty."""

    section: str
    key: str
    kind: Literal["new", "gone", "changed"]
    field: str = ""
    before: str = ""
    after: str = ""


def section_versions(
    engine: Engine,
    city_id: str,
    period: str,
    *,
    board: str | None = None,
    as_of: datetime | None = None,
) -> tuple[SectionVersion, ...]:
    """Return every version of a period's sections in order; those learnt after `as_of` are out."""
    query = select(SectionRow).where(SectionRow.city_id == city_id, SectionRow.period == period)
    if board is not None:
        query = query.where(SectionRow.board_id == board)
    if as_of is not None:
        query = query.where(SectionRow.known_from <= as_of)
    order = (SectionRow.board_id, SectionRow.section_group, SectionRow.version)
    with Session(engine) as session:
        return tuple(_version(session, row) for row in session.scalars(query.order_by(*order)))


def changes_between(before: Rows, after: Rows) -> list[Change]:
    """Return what differs, rows in their order: places are not content and are left out."""
    found: list[Change] = []
    for section, key in [*before, *(one for one in after if one not in before)]:
        old, new = before.get((section, key)), after.get((section, key))
        if old is None or new is None:
            found.append(Change(section, key, "new" if old is None else "gone"))
            continue
        was, now = dict(_fields(old)), dict(_fields(new))
        found += [
            Change(section, key, "changed", name, was.get(name, ""), now.get(name, ""))
            for name in [*was, *(n for n in now if n not in was)]
            if was.get(name, "") != now.get(name, "")
        ]
    return found


def _version(session: Session, row: SectionRow) -> SectionVersion:
    facts = session.scalars(
        select(FactRow)
        .where(FactRow.section_id == row.section_id)
        .order_by(FactRow.section, FactRow.ordinal)
    )
    return SectionVersion(
        board=row.board_id,
        group=row.section_group,
        version=row.version,
        state=row.state,
        document=row.document_sha256,
        known_from=row.known_from,
        known_to=row.known_to,
        rows={(fact.section, fact.row_key): fact.content for fact in facts},
    )


def _fields(row: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """Yield each field as text; a figure, word or text by what is written in the document."""
    for name, value in row.items():
        if name == "place" or value in (None, "", [], {}):
            continue
        where = f"{path}.{name}" if path else name
        if isinstance(value, Mapping):
            written = value.get("written", value.get("text"))
            if isinstance(written, str):
                yield where, written
            else:
                yield from _fields(value, where)
        elif isinstance(value, Sequence) and not isinstance(value, str):
            yield where, ", ".join(_listed(item) for item in value)
        else:
            yield where, str(value)


def _listed(item: Any) -> str:
    if isinstance(item, Mapping):
        return "; ".join(text for _, text in _fields(item))
    return str(item)
