"""The document beside its reading: which lines, and what on them, were read as what."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from expectations.contract import Figure, Place, Text, Word

_FURNITURE_AT_MOST = 12
"""How many lines a text may jump over: page furniture and blank ones."""


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One line of the document as the reader saw it; `page` where the format has pages."""

    number: int
    text: str
    page: int | None = None


@dataclass(slots=True)
class Marks:
    """What stands on which line: values, the sections that a line belongs to, what is not read."""

    values: dict[int, list[tuple[int, int, str, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    looks: dict[int, str] = field(default_factory=dict)
    tags: dict[int, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    whys: dict[int, str] = field(default_factory=dict)


class Texts:
    """Finds which lines a running text stands on, from the line it begins on."""

    def __init__(self, lines: Sequence[DocumentLine]) -> None:
        """Take the lines in the order of the document."""
        self._lines = lines
        self._at = {line.number: index for index, line in enumerate(lines)}

    def lines_of(self, text: str, place: Place | None) -> list[int]:
        """Return the numbers of the lines whose letters follow one another in the text."""
        if place is None or place.line not in self._at:
            return []
        sought, skipped = _letters(text), 0
        found: list[int] = []
        for line in self._lines[self._at[place.line] :]:
            letters = _letters(line.text)
            if letters and not found:
                # The text may begin in the middle of its line, after a label.
                common = next((n for n in range(len(letters)) if sought.startswith(letters[n:])), 0)
                letters = letters[common:]
            if letters and sought.startswith(letters):
                found.append(line.number)
                sought, skipped = sought[len(letters) :], 0
            elif letters and letters.startswith(sought) and sought:
                return [*found, line.number]
            else:
                skipped += 1
            if not sought or skipped > _FURNITURE_AT_MOST:
                break
        return found or [place.line]


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


def mark(marks: Marks, own: str, value: Any, place: Place | None, text: Texts) -> None:
    """Mark what the field `own` was read from: its place on a line, or a text's lines."""
    if place is None or place.line is None:
        return
    if isinstance(value, Text):
        for number in text.lines_of(value.text, place):
            marks.looks.setdefault(number, "claimed")
    elif isinstance(value, Figure | Word) and place.columns:
        first, last = place.columns
        look = "figure" if isinstance(value, Figure) else "word"
        marks.values[place.line].append((first - 1, last, own, look))
        marks.looks.setdefault(place.line, "claimed")


def shown(lines: Sequence[DocumentLine], marks: Marks) -> list[dict[str, Any]]:
    """Return the lines as the page's template wants them, each with its marks."""
    return [_shown(line, last, marks) for last, line in zip((None, *lines), lines, strict=False)]


def _shown(line: DocumentLine, before: DocumentLine | None, marks: Marks) -> dict[str, Any]:
    new_page = line.page is not None and (before is None or before.page != line.page)
    return {
        "number": line.number,
        "page": line.page if new_page else None,
        "look": marks.looks.get(line.number, ""),
        "pieces": _pieces(line.text, sorted(marks.values.get(line.number, ()))),
        "tags": list(dict.fromkeys(marks.tags.get(line.number, ())))[:3],
        "why": _why(line, before, marks),
    }


def _why(line: DocumentLine, before: DocumentLine | None, marks: Marks) -> str:
    """Return why a line is unread, once for lines below each other with one reason."""
    why = marks.whys.get(line.number, "")
    return "" if before and marks.whys.get(before.number) == why else why


def _pieces(text: str, values: list[tuple[int, int, str, str]]) -> list[tuple[str, str, str]]:
    """Return a line in pieces: (text, id of the field or nothing, look); the first mark wins."""
    pieces, at = [], 0
    for first, last, own, look in values:
        if first < at or first >= len(text):
            continue
        pieces += [(text[at:first], "", ""), (text[first:last], own, look)]
        at = last
    return [piece for piece in (*pieces, (text[at:], "", "")) if piece[0]]
