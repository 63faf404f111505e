"""Rows of figures that no section's reader took: seen, and listed as unread with their places.

A table without any header that is known ends here. A run is two rows of a label and several values,
three of a label and one, or cells that stand on lines of their own; sentences never are. What a
value is here is stricter than in `line_values.py`, which reads rows below a header that is known:
without one a day, or a word for what is missing, is no sign of a table.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from expectations.contract import Unread
from tasks.readers.numbers import SHORT_MONEY
from tasks.readers.outline import Outline
from tasks.readers.pages import Line, Table
from tasks.readers.paragraphs import joined
from tasks.readers.parts import Parts
from tasks.readers.real_table import one_line, table_lines

LONE = (
    "Raden hör till en tabell vars rubriker inte säger vad talen visar, eller som inte hör till"
    " något avsnitt. Talen läses inte."
)

_VALUE = r"[(+−–-]?\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:,\d+)?"
_NUMBER = r"[(+−–-]?\d+(?:[.,]\d+)?"
_TOKEN = re.compile(rf"{_NUMBER}\)?%?|[–≥≤<>%+−-]|(?:minst|högst|procent|{SHORT_MONEY}|st)")
"""A piece of a value, one at a time: no line can be read in more than one way."""
_MARK = re.compile(r"[↗→↘↑↓●]")
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
        values = [text for text in texts if _figures_in_row(text) and _is_cells(text)]
        if values and len(texts) > 1:
            found.append((Unread(" ".join(texts), LONE, row[0].place), len(values)))
    several = sum(held > 1 for _, held in found)
    if several >= _FEWEST_ROWS or len(found) >= _FEWEST_SINGLE:
        yield from (unread for unread, _ in found)


def _rows(run: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield the lines of each row: cells under one another with the label above them."""
    row: list[Line] = []
    for line in run:
        cells = _is_cells(line.text)
        if row and not (cells and not _figures_of_label(row[-1].text)):
            yield row
            row = []
        row.append(line)
    if row:
        yield row


def _has_figures(row: Sequence[Line]) -> bool:
    return any(_figures_in_row(line.text) for line in row)


def _figures_of_label(text: str) -> int:
    """Return how many values a line has behind a label of its own."""
    return 0 if _is_cells(text) else _figures_in_row(text)


def _runs(lines: Sequence[Line], claimed: Collection[int]) -> Iterator[list[Line]]:
    """Yield the lines of every run that is a table: rows, cells and the labels between them."""
    run: list[tuple[Line, int]] = []
    label: list[Line] = []
    for line in lines:
        held = 0 if line.number in claimed else _figures_in_row(line.text)
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


def _figures_in_row(text: str) -> int:
    """Return how many values a line has behind its label; 0 where it is no row of a table."""
    bare = text.strip()
    if len(bare) > _LONGEST:
        return 0
    label, values = _parted(bare)
    if not re.search(r"\d|(?<!\S)[–-](?!\S)", values):
        return 0
    words = label.split()
    if words and not (len(words) <= _MOST_WORDS and re.search(r"[^\W\d_]{2}", label)):
        return 0
    return 0 if re.search(r"[.;]", label) else len(_split(values))


def _parted(text: str) -> tuple[str, str]:
    """Return a line's label and the values behind it; either may be empty."""
    pieces = text.split()
    at = len(pieces)
    if at > 1 and _MARK.fullmatch(pieces[-1]):
        pieces, at = pieces[:-1], at - 1
    while at and _TOKEN.fullmatch(pieces[at - 1]):
        at -= 1
    return " ".join(pieces[:at]), " ".join(pieces[at:])


def _is_cells(text: str) -> bool:
    """Say whether a line holds nothing but values."""
    label, values = _parted(text)
    return not label and bool(values)


def _split(values: str) -> list[str]:
    """Return the values, years left out: they are a header's."""
    told = re.findall(rf"{_VALUE}|{_NUMBER}|(?<!\S)[–-](?!\S)", values)
    return [one for one in told if not _YEAR.fullmatch(one.strip())]
