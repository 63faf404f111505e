"""Lines of the result table as columns: what the header of such a table names, and the table.

`Intäkter | Kostnader | Netto | Budget netto`: columns are lines, and a column that belongs to the
line before it (a budget, a deviation) is one too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from expectations.contract import Place
from expectations.registers import plain
from tasks.readers.header_text import RAN_INTO, whole_words
from tasks.readers.header_words import heads
from tasks.readers.percents import Cells
from tasks.readers.real_table import one_line
from tasks.readers.wording import Wording

_EMPTY = " .,:;()/-–*"
_CUT = re.compile(r"(?<=[a-zåäö])-\s*\n\s*(?=[a-zåäö])")
_YEAR = re.compile(r"20\d{2}(?!\d)")
_OF_LINE = re.compile(r"andel(?!\w)|(?:i\s+)?(?:procent|%)(?:\s+av\s+[^\W\d]+)?(?!\w)")
_NOTE = re.compile(r"\d\)?(?!\d)")
_NET_BEHIND = re.compile(r"(avvikelse)\s+netto\s+20\d\d(?!\d)")
_MOST_COLUMNS = 12
_FEWEST = 2
UNCLEAR = "Det är inte klart vad kolumnen visar."


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the line that it is of (None for one that belongs to the line before), as written.

    `kind` is that of a head (`outcome`, `budget`, `deviation`), `year` what stands behind it; a
    line that stands once under each of several groups has the key of its group as its kind.
    """

    line: str | None
    written: str
    kind: str = "outcome"
    year: str | None = None


@dataclass(frozen=True, slots=True)
class LineRow:
    """A label with every way that its values can be read."""

    label: str
    place: Place
    readings: Sequence[Cells]
    written: str


@dataclass(frozen=True, slots=True)
class LineTable:
    """A table on its side, before it is turned: columns, rows, title and the lines it takes."""

    columns: tuple[Column, ...]
    rows: tuple[LineRow, ...]
    title: str
    claimed: frozenset[int]


def line_heads(text: str, words: Wording, *, whole: bool = False) -> tuple[Column, ...] | None:
    """Return the columns that a header names; None where it names no lines or is not understood."""
    mended = _CUT.sub("", whole_words(text, words))
    left = plain(RAN_INTO.sub(" ", mended)).lstrip(_EMPTY)
    found: list[Column] = []
    while left:
        taken = _take(left, found, words)
        if not taken and (found or whole):
            return None
        left = (left[taken:] if taken else re.sub(r"^\S+", "", left)).lstrip(_EMPTY)
    several = len({column.line for column in found if column.line}) >= (0 if whole else _FEWEST)
    return tuple(found) if found and several and len(found) <= _MOST_COLUMNS else None


def _take(left: str, found: list[Column], words: Wording) -> int:
    """Take the next word or phrase into `found`; return its length, 0 where it is unknown."""
    line = words.opening("line_columns", left)
    kind = words.opening("columns", left)
    share = _OF_LINE.match(left) if found and found[-1].line else None
    if share is not None:
        # `Resultat i procent av kommunbidraget` is no amount
        found[-1] = Column(None, f"{found[-1].written} {share.group()}", "open")
        return share.end()
    own: Column | None = None
    if line is not None and not (kind and len(kind[0]) > len(line[0])):
        own = Column(None, line[0], "open") if line[1] == "open" else Column(line[1], line[0])
    elif kind is not None:
        own = _of_kind(*kind, left, found)
    if own is not None:
        found.append(own)
        return len(own.written)
    year = _YEAR.match(left)
    if year is not None and found and found[-1].year is None:
        found[-1] = replace(found[-1], year=year.group())
        return year.end()
    note = _NOTE.match(left)
    return note.end() if note else words.skipped(left) or 0


def _of_kind(written: str, code: str, left: str, before: Sequence[Column]) -> Column | None:
    """Return the column whose words are those of other tables' columns, None where it is none."""
    behind = _NET_BEHIND.match(left)
    if behind is not None:
        # the net of a year of its own stands behind the deviation: `Avvikelse` `Netto 2017`
        return Column(None, behind[1], "deviation")
    if code == "outcome" and are_sides(before):
        # `Intäkter`, `Kostnader`, `Utfall`: what they come to
        return Column("net_cost", written)
    kind = code.partition(" ")[0]
    return Column(None, written, kind) if kind in ("budget", "deviation") and before else None


def beside(text: str, words: Wording) -> tuple[Column, ...] | None:
    """Return the column of a cell that names a level, a budget or a deviation."""
    found = heads(text, words, whole=True)
    if found and len(found) == 1 and found[0].kind in ("budget", "deviation"):
        return (Column(None, one_line(text), found[0].kind, found[0].year),)
    if found and len(found) == 1 and found[0].kind == "outcome" and not found[0].scope:
        written = _YEAR.sub("", one_line(text)).strip()
        return (Column(None, written, "level", found[0].year),)
    return None


def are_sides(columns: Sequence[Column]) -> bool:
    """Say whether the last two columns are income and costs."""
    return [column.line for column in columns[-2:]] == ["income", "costs"]


def against_budget(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Return the columns, the result beside a budget and no grant as the difference that it is."""
    lines = [column.line for column in columns]
    budgets = any(column.kind == "budget" and column.line is None for column in columns)
    if lines.count("result") != 1 or "municipal_grant" in lines or not budgets:
        return columns
    return tuple(
        Column(None, column.written, "deviation", column.year)
        if column.line == "result"
        else column
        for column in columns
    )
