"""What a document says around a place, so that a reader without cells finds it.

A workbook is quoted nowhere: its cells are marked. Nothing personal is repeated.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from expectations.contract import SECTIONS, Due, Figure, Narrative, Place, Reading, Text, Word
from expectations.personal import without_personal_data

AROUND = 90
"""So many characters are shown on each side of what was written."""
SHORT = 20
"""A shorter quote does not say what it is of."""


def quote_of(reading: Reading, row: Any, place: Place | None, *about: str | None) -> str | None:
    """Return the words around a place, None in a workbook or where nothing stands there.

    Words of one line are joined as a table row's cells, with the row's name before them. Running
    text is cut around the first of `about` that stands in it.
    """
    if place is None or place.cell is not None or place.line is None:
        return None
    rows = (row,) if row is not None else _rows(reading)
    there = [
        " ".join(text.split())
        for one in rows
        for text, at in _said_in(one, None)
        if at is not None and (at.page, at.line) == (place.page, place.line)
    ]
    pieces = [piece for piece in dict.fromkeys(there) if piece]
    holding = [p for p in pieces if any(one and one in p and one != p for one in about)]
    text = holding[0] if holding else " · ".join(pieces)
    if len(text) < SHORT and row is not None:
        names = (getattr(row, name, None) for name in SHOWN)
        named = next((name for name in names if isinstance(name, str) and name not in text), "")
        text = f"{named}: {text}" if named and text else text
    return _cut(without_personal_data(text), about) or None


def heading_of(row: Any) -> str | None:
    """Return the headings over a row, from the top, where the document gives them."""
    return " > ".join(row.path) if isinstance(row, Narrative) and row.path else None


def _rows(reading: Reading) -> Iterator[Any]:
    for section in SECTIONS:
        yield from reading.rows(section)
    yield from reading.unread


SHOWN = ("title", "text", "name", "label", "occupation", "position", "effort", "activity", "area")
"""The fields of a row that are words in the document; others are codes and ids of ours."""


def _said_in(value: Any, place: Place | None) -> Iterator[tuple[str, Place | None]]:
    """Yield what is written in a row, each with the nearest place."""
    own = getattr(value, "place", None) or place
    if isinstance(value, Text):
        yield value.text, own
    elif isinstance(value, Figure | Word | Due):
        yield value.written, own
    elif isinstance(value, dict | tuple):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _said_in(inner, own)
    elif hasattr(value, "__dataclass_fields__") and not isinstance(value, Place):
        for name in value.__dataclass_fields__:
            inner = getattr(value, name)
            if isinstance(inner, str) and name in SHOWN:
                yield inner, own
            elif not isinstance(inner, str):
                yield from _said_in(inner, own)


def _cut(text: str, about: Sequence[str | None]) -> str:
    """Return what stands around the first words that are found, whole words only."""
    lower = text.lower()
    found = next((one for one in about if one and one.lower() in lower), "")
    at = lower.find(found.lower()) if found else 0
    first, last = max(0, at - AROUND), at + len(found) + AROUND
    first = text.rfind(" ", 0, first) + 1 if first else 0
    last = text.find(" ", last) if text.find(" ", last) > -1 else len(text)
    return f"{'… ' if first else ''}{text[first:last]}{' …' if last < len(text) else ''}"
