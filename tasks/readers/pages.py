"""What every reader of running documents (text, PDF, docx) turns a file into first.

Lines with their places, and real tables where the format has them. Meaning comes later: the
modules beside this one look for sections in these lines and tables.
"""

from __future__ import annotations

from dataclasses import dataclass

from expectations.contract import Place


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text. `number` is 1-based over the whole file, counted by newlines.

    `page` is None where the format has no pages. `heading` is the heading level (1-6) where the
    format says that the line is a heading, else None.
    """

    text: str
    number: int
    page: int | None = None
    heading: int | None = None
    box: tuple[float, float, float, float] | None = None

    def place(self, start: int = 0, end: int | None = None) -> Place:
        """Return the place of the characters from `start` up to `end` (0-based, end excluded)."""
        stop = len(self.text) if end is None else end
        columns = (start + 1, max(stop, start + 1))
        return Place(page=self.page, line=self.number, columns=columns, box=self.box)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a real table with the place of its text."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Table:
    """A real table; `after` is the number of the line it stands behind, 0 at the top."""

    rows: tuple[tuple[Cell, ...], ...]
    after: int
    others: tuple[tuple[Cell, ...], ...] = ()
    """Other ways to place the words of the header, where a table was rebuilt from positions."""
    held: frozenset[int] = frozenset()
    """Numbers of the lines that it stands on, where a cell takes several."""
    is_bare: bool = False
    """Whether the format has header rows and this table has none."""
    is_rebuilt: bool = False
    """Whether its cells were told from where words stand: a cell may hold what belongs to two."""
    spare: tuple[tuple[Cell, ...], ...] = ()
    """Headers to turn to where that of a rebuilt table leaves columns open."""


@dataclass(frozen=True, slots=True)
class Pages:
    """A document as lines and tables; `properties` are what the file says of itself."""

    lines: tuple[Line, ...]
    tables: tuple[Table, ...] = ()
    properties: dict[str, str] | None = None
