"""Tables of words in text that a program pressed out of a PDF, cell after cell.

Such text has the cells of a row one after another: those of one line joined by single spaces, a
cell that goes on over several lines broken where it stood. A row is read by what its columns can
hold: closed ones (a verdict, a day, a case number) hold it together. All ways to divide the lines
into rows are weighed against each other, and what the best ways do not agree on is not read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tasks.readers.pages import Cell, Line
from tasks.readers.pressed_cells import Cells, Columns, parted
from tasks.readers.pressed_lines import WORST, Body, body_of, runs, whole

_MOST_ROW_LINES = 24
_ROW = 12.0
"""What a row is worth against what is odd about it."""
_CLOSE = 1.4
"""Ways to read that differ by less are as good as one another."""


@dataclass(frozen=True, slots=True)
class Stream:
    """The rows of one table by column, what was not clear, and the lines it stands on."""

    rows: tuple[dict[str, Cell], ...]
    unclear: tuple[Cell, ...]
    lines: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Row:
    """One way to read lines `start` up to `end` as a row; `cost` is what is odd about it."""

    start: int
    end: int
    cost: float
    cells: Cells

    def said(self, keys: Collection[str]) -> tuple[tuple[str, str], ...]:
        """Return what the row says in the columns."""
        return tuple((key, cell.text) for key, cell in self.cells if key in keys)

    def is_led(self) -> bool:
        """Say whether a cell ends as a label does: `Målet uppnås:` stands in text below a table."""
        return any(cell.text.endswith(":") for _, cell in self.cells)


@dataclass(slots=True)
class _Table:
    """A table while its rows are sought; `ways` are those to read a row from each line on."""

    body: Body
    columns: Columns
    ways: dict[int, list[_Row]] = field(default_factory=dict)


def stream(
    lines: Sequence[Line],
    start: int,
    keys: tuple[str, ...],
    wanted: Collection[str],
    closed: Mapping[str, str],
) -> Stream | None:
    """Return the rows that begin at a line right behind a header, None where there are none."""
    columns = Columns(keys, closed, wanted)
    table = _Table(body_of(lines, start, is_open=not columns.shut), columns)
    chain = _best(table)
    while chain and chain[-1].is_led():
        chain.pop()
    unclear: list[Cell] = []
    if chain and _is_torn(table, chain[-1]):
        unclear.append(chain.pop().cells[0][1])
    if not chain:
        return None
    rows: list[dict[str, Cell]] = []
    for row, others in zip(chain, _doubts(table, chain), strict=True):
        if any(other.said(wanted) != row.said(wanted) for other in others):
            unclear.append(row.cells[0][1])
            continue
        near = [set(other.said(keys)) for other in others]
        agreed = {key: x for key, x in row.cells if all((key, x.text) in one for one in near)}
        unclear += [cell for key, cell in row.cells if key not in agreed]
        rows.append(agreed)
    told = len(rows) > 1 and not unclear
    if not columns.shut and table.body.spaced != "soft" and not told:
        return None  # nothing but capitals parts its cells: rows that agree must say that they do
    used = {line.number for row in chain for line in table.body.lines[row.start : row.end]}
    return Stream(tuple(rows), tuple(unclear), frozenset(used)) if rows else None


def _best(table: _Table) -> list[_Row]:
    """Return the rows, each right behind the other, that are worth most together."""
    worth: dict[int, float] = {0: 0.0}
    came: dict[int, _Row] = {}
    for at in range(len(table.body.lines)):
        if at not in worth:
            continue
        for row in _ways(table, at):
            value = worth[at] + _ROW - row.cost
            if value > worth.get(row.end, 0.0):
                worth[row.end] = value
                came[row.end] = row
    end = max(worth, key=lambda at: (worth[at], -at))
    chain: list[_Row] = []
    while end in came:
        chain.insert(0, came[end])
        end = came[end].start
    return chain


def _doubts(table: _Table, chain: Sequence[_Row]) -> list[list[_Row]]:
    """Return for each row the others that overlap it in ways to read that are as good."""
    before = _values(table, range(chain[-1].end + 1), chain)
    whole = before[chain[-1].end]
    after: dict[int, float] = {chain[-1].end: 0.0}
    for at in reversed(range(chain[-1].end)):
        told = [_ROW - row.cost + after[row.end] for row in _ways(table, at) if row.end in after]
        if told:
            after[at] = max(told)
    near = [
        row
        for at in range(chain[-1].end)
        if at in before
        for row in _ways(table, at)
        if row.end in after and before[at] + _ROW - row.cost + after[row.end] > whole - _CLOSE
    ]
    return [
        [one for one in near if one.start < row.end and row.start < one.end and one is not row]
        for row in chain
    ]


def _values(table: _Table, ats: range, chain: Sequence[_Row]) -> dict[int, float]:
    worth: dict[int, float] = {0: 0.0}
    for at in ats:
        for row in _ways(table, at) if at in worth and at < chain[-1].end else ():
            value = worth[at] + _ROW - row.cost
            worth[row.end] = max(worth.get(row.end, value), value)
    return worth


def _is_torn(table: _Table, row: _Row) -> bool:
    """Say whether what follows the last row goes on in lower case: its cells are not whole."""
    below = table.body.lines[row.end].text.strip() if row.end < len(table.body.lines) else ""
    return re.match(r"[a-zåäö]", below) is not None


def _ways(table: _Table, at: int) -> list[_Row]:
    """Return the ways to read a row that begins at a line, each with what is odd about it."""
    if at not in table.ways:
        best: dict[tuple[int, tuple[tuple[str, str], ...]], _Row] = {}
        for end, cost, cells in _cells(table, at, at, 0):
            row = _Row(at, end, cost, cells)
            told = {key for key, _ in cells}
            if not set(table.columns.wanted) <= told:
                continue
            key = (end, row.said(table.columns.keys))
            if key not in best or best[key].cost > cost:
                best[key] = row
        table.ways[at] = list(best.values())
    return table.ways[at]


def _cells(
    table: _Table, first: int, at: int, column: int, spent: float = 0.0
) -> Iterator[tuple[int, float, Cells]]:
    """Yield (line behind, cost, cells) of the ways to read the columns that are left."""
    left = table.columns.keys[column:]
    blank = sum(map(table.columns.missing, left))
    if column and spent + blank <= WORST:
        yield at, spent + blank, ()
    if at >= len(table.body.lines) or at - first >= _MOST_ROW_LINES or not left:
        return
    for end, odd in runs(table.body, at):
        if spent + odd > WORST:
            continue
        for last, cost, cells in parted(table.columns, *whole(table.body, at, end), column):
            total = spent + odd + cost
            if total <= WORST:
                for stop, all_, more in _cells(table, first, end, last, total):
                    yield stop, all_, (*cells, *more)
