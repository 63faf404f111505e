"""Rows of figures that no section's reader took: seen, and listed as unread with their places.

A table without any header that is known ends here. A run is two rows of a label and several values,
three of a label and one, or cells that stand on lines of their own; sentences never are.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from expectations.contract import Unread
from tasks.readers.outline import Outline, joined
from tasks.readers.pages import Line, Table
from tasks.readers.parts import Parts
from tasks.readers.real_table import one_line, table_lines

LONE = (
    "Raden hör till en tabell vars rubriker inte säger vad talen visar, eller som inte hör till"
    " något avsnitt. Talen läses inte."
)

_VALUE = r"(?:(?:[≥≤<>]|minst|högst)\s?)?[(+−–-]?\s?\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:,\d+)?\)?"
_NUMBER = r"[(+−–-]?\s?\d+(?:,\d+|\.\d{1,2})?\)?"
_UNIT = r"(?:\s?(?:%|procent|tkr|mnkr|mkr|kr|st))?"
_ONE = rf"(?:{_VALUE}|{_NUMBER}){_UNIT}"
_VALUES = re.compile(rf"\s*(?:{_ONE}|[–-])(?:\s+(?:{_ONE}|[–-]))*\s*")
_ROW = re.compile(
    rf"\s*(?P<label>[^\W_][^.;]*?[^\W\d_][^;]{{0,80}}?[:\s])\s*"
    rf"(?P<values>(?:{_ONE}|[–-])(?:\s+(?:{_ONE}|[–-]))*)\s*[↗→↘↑↓●]?\s*"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_LONGEST = 120
_LONGEST_LABEL = 60
_MOST_WORDS = 9
_FEWEST_ROWS, _FEWEST_SINGLE = 2, 3


def lone_rows(shape: Outline, claimed: Collection[int]) -> Parts:
    """Return the rows that nobody took as unread, with the lines that they stand on."""
    left: list[Unread] = []
    used: set[int] = set()
    for table in shape.tables:
        held = table_lines(table, shape.lines)
        if not held & set(claimed):
            rows = list(_of_cells(table))
            left += rows
            used |= held if rows else set()
    gone = used | set(claimed)
    for section in shape.sections:
        lines = [line for line in section.lines if line.text.strip()]
        for run in _runs(lines, gone):
            for row in filter(_has_figures, _rows(run)):
                left.append(Unread(joined(row), LONE, row[0].place()))
                used |= {line.number for line in row}
    return Parts(unread=tuple(left), claimed=frozenset(used))


def _of_cells(table: Table) -> Iterator[Unread]:
    """Yield the rows of a table with cells that hold figures, where it has enough of them."""
    found = []
    for row in table.rows:
        texts = [one_line(cell.text) for cell in row if cell.text.strip()]
        values = [text for text in texts if figures_in_row(text) and _VALUES.fullmatch(text)]
        if values and len(texts) > 1:
            found.append((Unread(" ".join(texts), LONE, row[0].place), len(values)))
    several = sum(held > 1 for _, held in found)
    if several >= _FEWEST_ROWS or len(found) >= _FEWEST_SINGLE:
        yield from (unread for unread, _ in found)


def _rows(run: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield the lines of each row: cells under one another with the label above them."""
    row: list[Line] = []
    for line in run:
        cells = _VALUES.fullmatch(line.text.strip()) is not None
        if row and not (cells and not figures_of_label(row[-1].text)):
            yield row
            row = []
        row.append(line)
    if row:
        yield row


def _has_figures(row: Sequence[Line]) -> bool:
    return any(figures_in_row(line.text) for line in row)


def figures_of_label(text: str) -> int:
    """Return how many values a line has behind a label of its own."""
    return 0 if _VALUES.fullmatch(text.strip()) else figures_in_row(text)


def _runs(lines: Sequence[Line], claimed: Collection[int]) -> Iterator[list[Line]]:
    """Yield the lines of every run that is a table: rows, cells and the labels between them."""
    run: list[tuple[Line, int]] = []
    label: list[Line] = []
    for line in lines:
        held = 0 if line.number in claimed else figures_in_row(line.text)
        if held:
            run += [*((one, 0) for one in label), (line, held)]
            label = []
            continue
        fits = line.number not in claimed and _may_be_label(line.text)
        if label or not fits:
            yield from _told(run)
            run = []
        label = [line] if fits else []
    yield from _told(run)


def _told(run: Sequence[tuple[Line, int]]) -> Iterator[list[Line]]:
    """Yield the run where it is a table: its rows and cells are many enough."""
    held = [one for _, one in run if one]
    rows = sum(one > 1 for one in held)
    if not any(re.search(r"\d", line.text) for line, one in run if one):
        return  # dashes only: a list
    if rows >= _FEWEST_ROWS or (len(held) >= _FEWEST_SINGLE and not _counts_up(run)):
        yield [line for line, _ in run]


def _counts_up(run: Sequence[tuple[Line, int]]) -> bool:
    """Say whether what ends the lines only grows: the pages of a contents list."""
    numbers = [re.findall(r"\d+", line.text) for line, held in run if held]
    last = [int(found[-1][:_LONGEST_NUMBER]) for found in numbers if found]
    return all(one <= two for one, two in pairwise(last))


_LONGEST_NUMBER = 15
"""Digits that are looked at; a longer number is no page."""


def _may_be_label(text: str) -> bool:
    bare = text.strip()
    return len(bare) <= _LONGEST_LABEL and not bare.endswith((".", "!", "?"))


def figures_in_row(text: str) -> int:
    """Return how many values a line has behind its label; 0 where it is no row of a table."""
    bare = text.strip()
    if len(bare) > _LONGEST:
        return 0
    if _VALUES.fullmatch(bare):
        return len(_split(bare))
    found = _ROW.fullmatch(bare)
    if found is None or len(found["label"].split()) > _MOST_WORDS:
        return 0
    return len(_split(found["values"]))


def _split(values: str) -> list[str]:
    """Return the values, years left out: they are a header's."""
    told = re.findall(rf"{_VALUE}|{_NUMBER}|(?<!\S)[–-](?!\S)", values)
    return [one for one in told if not _YEAR.fullmatch(one.strip())]
