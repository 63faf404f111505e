"""Text as a program presses it out of a printed PDF: what search services and archives keep.

Cells of one baseline are joined by single spaces, an empty cell leaves nothing, and a cell of
several lines stands by itself: its lines, and a blank line where the eye would go on at another
place of the page. A narrow cell cuts words. The rules for blank lines are those of PDFBox, from
where each line begins; the widths of letters are Helvetica's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from examples.reading.source import Block, Grid, Source

_WIDTHS = {
    222: "ijl'",
    278: " ,.:;/!ftI\\",
    333: "-()r",
    500: "csxyzkvJ",
    556: "abdeghnopqu0123456789åäöL–−+<>=_§",
    611: "FTZ",
    667: "ABEKPSVXYÅÄ&",
    722: "CDHNRUw",
    778: "GOQÖ",
    833: "mM",
    889: "%",
    944: "W",
}
_LETTERS = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
_OTHER = 556
_BODY, _TABLE = 11.0, 9.0
"""The size of letters in running text and in tables, in points."""
_TEXT = 432.0
"""How wide the page's text is, in points; tables are too."""
_SIDEWAYS = 660.0
"""The same on a page laid on its side."""
_PADDING = 10.8
_SPACE = 2.6
_DROP = 2
"""A line so many lines above or below the last one begins a paragraph."""
_LONGEST, _LEAST = 34, 3
_ROOM = 52
"""Lines of a page."""


def column_shares(table: Grid) -> list[float]:
    """Return the share of the table's width that each column has: more where its words are long."""
    rows = (*table.header, *table.rows)
    longest = [
        max(len(part) for row in rows if at < len(row) for part in row[at].split("¶"))
        for at in range(max(len(row) for row in rows))
    ]
    shares = [min(one, _LONGEST) + _LEAST for one in longest]
    return [share / sum(shares) for share in shares]


def fixed_widths(table: Grid) -> list[float]:
    """Return the widths of columns, in points, as a writer sets them: words may be cut."""
    return [share * _TEXT for share in column_shares(table)]


def fitted_widths(table: Grid) -> list[float]:
    """Return the widths of columns as a word processor fits them: no word and no number is cut.

    A table that needs more room stands on a page laid on its side, or beyond its edges.
    """
    rows = (*table.header, *table.rows)
    columns = [
        [part for row in rows if at < len(row) for part in row[at].split("¶")]
        for at in range(max(len(row) for row in rows))
    ]
    whole = [max(_wide(part, _TABLE) for part in parts) + _PADDING + 1 for parts in columns]
    least = [
        max(_wide(word, _TABLE) for part in parts for word in _unbroken(part)) + _PADDING + 1
        for parts in columns
    ]
    room = next((one for one in (_TEXT, _SIDEWAYS) if sum(least) <= one), sum(least))
    more, wanted = room - sum(least), sum(whole) - sum(least)
    if wanted <= more:
        return [one * room / sum(whole) for one in whole]
    pairs = zip(whole, least, strict=True)
    return [low + (high - low) * more / wanted for high, low in pairs]


def _unbroken(text: str) -> list[str]:
    """Return what stays on one line of a cell: a number whole, else every word."""
    return [text] if not re.search(r"[^\W\d]{2}", text) else text.split() or [""]


def pressed_text(source: Source, widths: Callable[[Grid], list[float]] = fixed_widths) -> bytes:
    """Return the specimen as such a text; a long one goes over pages, each with its runner."""
    pages = _written(source, 1, widths).page
    return "".join(_written(source, pages, widths).parts).encode()


def _written(source: Source, pages: int, widths: Callable[[Grid], list[float]]) -> _Sheet:
    """Return the text of a source that is said to have so many pages."""
    sheet = _Sheet(source.told.get("runner", ""), pages, widths)
    for block in source.blocks:
        if block.table is not None:
            sheet.table(block.table)
        elif not block.text:
            sheet.turn()
        else:
            sheet.text(block)
    return sheet


@dataclass(slots=True)
class _Sheet:
    """The text while it is written."""

    runner: str
    pages: int
    """How many it has in all, as each page's runner says."""
    widths: Callable[[Grid], list[float]]
    parts: list[str] = field(default_factory=list)
    page: int = 0
    left: int = 0
    """Lines that have room on the page."""
    is_headed: bool = False
    """Whether a heading was written last: what follows it begins no paragraph."""

    def __post_init__(self) -> None:
        self.turn()

    def turn(self) -> None:
        self.page += 1
        self.left = _ROOM
        said = self.runner.format(page=self.page, pages=self.pages)
        self.parts.append("\n\n" if self.page == 1 else "\n\n\n")
        self.parts.append(f"{said}\n\n" if said else "")

    def text(self, block: Block) -> None:
        self.is_headed = block.level > 0
        for said in block.text.split("\n"):
            lines = list(_wrapped(said, _TEXT, _BODY))
            self._room(len(lines) + 1)
            self.parts.append("\n".join(lines) + ("\n" if block.level else "\n\n"))

    def table(self, table: Grid) -> None:
        widths = self.widths(table)
        walk = _Walk(is_start=not self.is_headed)
        self.is_headed = False
        for row in (*table.header, *table.rows):
            cells = [
                [
                    part
                    for line in cell.split("¶")
                    for part in _wrapped(line, room - _PADDING, _TABLE)
                ]
                for cell, room in zip(row, widths, strict=False)
            ]
            deep = max(len(cell) for cell in cells)
            if deep > self.left:
                self.parts.append(walk.said)
                walk = _Walk(is_start=True)
                self.turn()
            self.left -= deep
            walk.row(cells, widths)
        self.parts.append(f"{walk.said}\n")

    def _room(self, wanted: int) -> None:
        if wanted > self.left:
            self.turn()
        self.left -= wanted


@dataclass(slots=True)
class _Walk:
    """The lines of a table in the order they are printed, cell by cell."""

    said: str = ""
    top: int = 0
    last: int | None = None
    """The line, counted over the table, that was printed last."""
    began: float = 0.0
    """Where the last line of text began, in points."""
    is_start: bool = False
    """Whether that line begins a paragraph."""

    def row(self, cells: list[list[str]], widths: list[float]) -> None:
        left = 0.0
        for cell, width in zip(cells, widths, strict=False):
            for down, part in enumerate(cell):
                if part:
                    self._print(part, left, self.top + down)
            left += width
        self.top += max(len(cell) for cell in cells)

    def _print(self, part: str, left: float, line: int) -> None:
        if line == self.last:
            self.said = f"{self.said.rstrip()} {part}\n"
            return
        parted = self.last is not None and self._parts(left, line)
        self.said += ("\n" if parted else "") + f"{part}\n"
        self.last, self.began, self.is_start = line, left, parted

    def _parts(self, left: float, line: int) -> bool:
        """Say whether a line begins a paragraph: far below or above, or begun at another place."""
        if abs(line - (self.last or 0)) >= _DROP:
            return True
        aside = left - self.began > 2 * _SPACE or left - self.began < -_SPACE
        return aside and not self.is_start


def _wide(text: str, size: float) -> float:
    return sum(_LETTERS.get(letter, _OTHER) for letter in text) * size / 1000


def _wrapped(text: str, room: float, size: float) -> Iterator[str]:
    """Yield the lines of a text; a broken one keeps its space, a word too wide is cut."""
    row = ""
    for word in re.findall(r"[^\s-]+-(?=[^\W\d])|\S+|\s+", text):
        if word.isspace():
            row += " "
            continue
        if row and _wide(row + word, size) > room:
            yield row
            row = ""
        row += word
        while _wide(row, size) > room and len(row) > 1:
            fits = next(
                at for at in range(len(row), 0, -1) if at == 1 or _wide(row[:at], size) <= room
            )
            yield row[:fits]
            row = row[fits:]
    yield row
