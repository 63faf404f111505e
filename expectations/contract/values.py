"""The values that rows are made of: figures, words, texts and days, each with its place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

State = Literal["read", "blank", "unreadable", "unknown", "not_applicable"]


Unit = Literal["kr", "tkr", "mnkr", "percent", "fte", "headcount", "count", "index"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: sheet and cell, page, line and columns of a text, or a JSON pointer.

    Lines and columns are 1-based; lines are counted by newlines. `page` is null where a text has
    no page marks. `box` is (x0, top, x1, bottom) in points and only for PDF.
    """

    sheet: str | None = None
    cell: str | None = None
    page: int | None = None
    line: int | None = None
    columns: tuple[int, int] | None = None
    box: tuple[float, float, float, float] | None = None
    heading: str | None = None
    """In our own Word file, which has no pages or cells: row and field in the form's words."""
    pointer: str | None = None
    """In a JSON document: `/finance/0/columns/outcome` (RFC 6901)."""

    def in_words(self) -> str:
        """Say the place in Swedish, as a reader of a finding needs it."""
        if self.heading is not None:
            return self.heading
        if self.pointer is not None:
            return f"platsen {self.pointer}"
        if self.sheet is not None:
            cell = f", cell {self.cell}" if self.cell else ""
            return f"fliken {self.sheet}{cell}"
        parts = [f"sidan {self.page}"] if self.page is not None else []
        if self.line is not None:
            parts.append(f"rad {self.line}")
        return ", ".join(parts) if parts else "hela filen"


@dataclass(frozen=True, slots=True)
class Figure:
    """One value: the text as written, the number in the unit given, precision and place.

    An interval (`0-4`) has `value` None and `low` and `high` set.
    """

    written: str
    value: Decimal | None = None
    unit: str | None = None
    decimals: int | None = None
    state: State = "read"
    place: Place | None = None
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """A choice from a scale; `code` is None where the city's scale does not know the word."""

    written: str
    code: str | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """Running text; `repaired` holds the proposal where damaged Swedish was mended."""

    text: str
    place: Place | None = None
    repaired: str | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A day or span in words, kept as written beside the earliest and latest day it can mean."""

    written: str
    earliest: date | None = None
    latest: date | None = None
