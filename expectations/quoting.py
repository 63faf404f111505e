"""What a document says around a place, so that a reader without cells finds it.

A workbook is quoted nowhere: its cells are marked. Nothing personal is repeated.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from expectations.contract import SECTIONS, Narrative, Place, Reading
from expectations.predicates.documents import texts_of as said_in
from expectations.predicates.documents import without_personal_data

AROUND = 90
"""So many characters are shown on each side of what was written."""


def quote_of(reading: Reading, row: Any, place: Place | None, written: str | None) -> str | None:
    """Return the words around a place, None in a workbook or where nothing stands there.

    Words of one line are joined as a table row's cells; running text is cut around `written`.
    """
    if place is None or place.cell is not None or place.line is None:
        return None
    rows = (row,) if row is not None else _rows(reading)
    there = [
        " ".join(text.split())
        for one in rows
        for text, at in said_in(one)
        if at is not None and (at.page, at.line) == (place.page, place.line)
    ]
    pieces = [piece for piece in dict.fromkeys(there) if len(piece) > 1]
    holding = [piece for piece in pieces if written and written in piece and piece != written]
    text = holding[0] if holding else " · ".join(pieces)
    return _cut(without_personal_data(text), written) or None


def heading_of(row: Any) -> str | None:
    """Return the headings over a row, from the top, where the document gives them."""
    return " > ".join(row.path) if isinstance(row, Narrative) and row.path else None


def _rows(reading: Reading) -> Iterator[Any]:
    for section in SECTIONS:
        yield from reading.rows(section)
    yield from reading.unread


def _cut(text: str, written: str | None) -> str:
    at = max(text.find(written), 0) if written else 0
    first, last = max(0, at - AROUND), at + len(written or "") + AROUND
    shown = text[first:last].strip()
    return f"{'… ' if first else ''}{shown}{' …' if last < len(text) else ''}"
