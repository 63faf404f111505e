"""What a report is made of: sections of paragraphs, tables and charts, free of any layout.

Every view (HTML, PDF, data files) shows the same blocks. A cell that shows a figure carries the
ids of the figures that it shows or was computed from, so that it can be followed to its source.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from expectations.contract import Place
from expectations.swedish import swedish


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `figures` are figure ids; `computed` when there are several behind one number."""

    text: str
    is_number: bool = False
    figures: tuple[str, ...] = ()
    symbol: str = ""
    missing: str = ""
    """Which kind of missing an empty cell is: not_handed_in, not_owed, not_assessed, …"""
    how: str = ""
    """How a computed number was computed from its figures, a sentence in Swedish."""
    mark: str = ""
    """Letter of the table's footnote that belongs to the cell."""
    is_sum: bool = False
    """Whether it heads a row of sums."""
    items: tuple[str, ...] = ()
    """What was counted where it is no figure with an id: boards, sections, assignments."""

    @property
    def is_computed(self) -> bool:
        """Whether we have computed the number, from figures or by counting."""
        return bool(self.how) or len(self.figures) > 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one header row; the first cell of each row is its header."""

    table_id: str
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    source: str = ""
    numbers: tuple[int, ...] = ()
    """Columns of numbers (0-based), set to the right."""
    wide: bool = False
    unbroken: tuple[int, ...] = ()
    """Columns of short words that are not broken over lines: days, case numbers, choices."""
    broad: tuple[int, ...] = ()
    """Columns of running text that need room of their own."""
    footnotes: tuple[tuple[str, str], ...] = ()
    """(mark, text) under the table, see Cell.mark."""
    label: str = ""
    """`Tabell 4.2`, given when the chapters are put together."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture with a title and a text equivalent; `twin` is the table that has its numbers."""

    chart_id: str
    title: str
    description: str
    svg: str
    twin: str = ""
    """table_id of the table with the chart's numbers."""
    label: str = ""
    """`Diagram 4.1`, given when the chapters are put together."""
    twin_label: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; `kind` is lead, text, note, strong, quote or office.

    A quote is a board's own words, office the city office's.
    """

    text: str
    kind: str = "text"
    figures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of sentences; numbered when their order is a decision's."""

    items: tuple[str, ...]
    is_numbered: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """A few large figures at the top of a page: (figure, what it counts)."""

    items: tuple[tuple[Cell, str], ...]
    facts_id: str = ""


@dataclass(frozen=True, slots=True)
class Pointer:
    """A sentence that ends in a link to another part of the report (`anchor`)."""

    text: str
    anchor: str
    linked: str


Block = Table | Chart | Paragraph | Listing | Facts | Pointer


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part; `anchor` is its address in every view."""

    anchor: str
    title: str
    blocks: tuple[Block, ...] = ()
    parts: tuple[Section, ...] = ()
    is_annex: bool = False
    is_flowing: bool = False
    """Follows the chapter before it on the same page where there is room."""
    is_numbered: bool = True
    """A foreword has no number."""
    number: str = ""
    """`4`, or `A` for an annex; given when the chapters are put together."""


@dataclass(frozen=True, slots=True)
class Source:
    """One figure's way back: what the reader of the report is shown for its id."""

    figure_id: str
    board: str
    document: str
    sha256: str
    place: str
    written: str
    version: int
    section: str = ""
    """Section of the contract."""
    received: str = ""
    """Moment of receipt in Sweden, as `2026-09-14 08.12`."""
    spot: Place | None = None
    """The place for machines."""
    check: str = ""
    """Id of what was checked of it; empty where that is not known."""


@dataclass(frozen=True, slots=True)
class Check:
    """What was checked of figures: rule ids that were tried and kept, that asked, and the rest.

    A rule that was not tried on anything (nothing to compare with, behind a gate where the check
    stopped) is never among the kept. Figures of which the same holds share a check.
    """

    check_id: str
    on_value: tuple[str, ...] = ()
    """Tried on the very value, and kept."""
    on_row: tuple[str, ...] = ()
    on_section: tuple[str, ...] = ()
    on_document: tuple[str, ...] = ()
    on_boards: tuple[str, ...] = ()
    """Tried on all boards together, and kept by this one."""
    asked_here: tuple[str, ...] = ()
    """With a finding on the value or its row, answered or not."""
    asked_near: tuple[str, ...] = ()
    """With a finding on its section, its document, or on boards together."""
    not_tried: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """(why, in words; the rules): without rules it is a remark on what was compared."""


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report: what it is, its chapters, and the source of every figure in it."""

    title: str
    kind: str
    city: str
    office: str
    subject: str
    status: str
    is_trial: bool
    made_on: str
    edition: str
    head: str
    sections: tuple[Section, ...]
    sources: tuple[Source, ...] = field(default=())
    checks: tuple[Check, ...] = field(default=())
    clauses: tuple[tuple[str, str], ...] = ()
    """Proposed decisions, in order: (heading of the organ, clause)."""
    own_clause: str = ""
    """The clause on the report itself."""
    is_short: bool = False
    """A few pages: nothing is moved to a page of its own without need."""


class Footnotes:
    """Footnotes of one table: the same words have the same letter."""

    def __init__(self) -> None:
        """Start with no footnotes."""
        self._marks: dict[str, str] = {}

    def mark(self, told: str) -> str:
        """Return the letter of a footnote, empty where there is nothing to tell."""
        return self._marks.setdefault(told, chr(ord("a") + len(self._marks))) if told else ""

    @property
    def all(self) -> tuple[tuple[str, str], ...]:
        """The footnotes in order: (letter, words)."""
        return tuple((mark, told) for told, mark in self._marks.items())


def text(written: str, symbol: str = "") -> Cell:
    """Return a cell of text."""
    return Cell(written, symbol=symbol)


def count(
    number: int,
    of: int | None = None,
    *,
    how: str,
    figures: tuple[str, ...] = (),
    items: Iterable[str] = (),
) -> Cell:
    """Return a count, with its denominator where there is one, and what it counts."""
    shown = f"{number} av {of}" if of is not None else str(number)
    return Cell(shown, is_number=True, figures=figures, how=how, items=tuple(items))


def number(
    value: Decimal | None, *, decimals: int, figures: tuple[str, ...] = (), how: str = ""
) -> Cell:
    """Return a number as printed; nothing where there is none."""
    return Cell(swedish(value, decimals), is_number=True, figures=figures, how=how)


def missing(kind: str, words: str) -> Cell:
    """Return a cell that says in words why it holds no answer."""
    return Cell(words, missing=kind)
