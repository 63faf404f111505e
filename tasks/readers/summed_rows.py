"""Rows that leave years empty, where the sum of their table says which.

A project has nothing in some of the years that are planned, and pressed text leaves nothing where
a cell was empty: `400 2 200` under three years. All unread rows of a table are read together: the
one way to read them that adds up to the row of the sum, exactly and in every column, is taken.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from decimal import Decimal

from tasks.readers.numbers import Token, row_readings
from tasks.readers.percents import Cells
from tasks.readers.raw_row import RawRow
from tasks.readers.wording import either

Told = Callable[[RawRow, Sequence[Token | None]], Cells]
"""Makes figures of the tokens of a row."""

_SUMMED = re.compile(rf"{either('sums', 'words', 'net')}\b", re.IGNORECASE)
_REST = re.compile(r"0\d+")
"""No amount is written so: it is what stood behind the space of `15 000`."""
_FEWEST_ROWS = 3
_FEWEST_COLUMNS = 2
_MOST_COLUMNS = 8
_MOST_WAYS = 60
_MOST_SUMS = 4_000
_Sums = tuple[Decimal, ...]


def with_sums(
    rows: Sequence[tuple[RawRow, Cells | None]], keys: Sequence[str | None], told: Told
) -> list[Cells | None]:
    """Return the figures of all rows, those of the unread ones where only one way adds up."""
    as_they_were = [cells for _, cells in rows]
    *parts, (last, _) = rows
    sums = [raw for raw, _ in rows if _SUMMED.match(raw.label)]
    few = len(rows) < _FEWEST_ROWS or not _FEWEST_COLUMNS <= len(keys) <= _MOST_COLUMNS
    if few or sums != [last] or None in keys or None not in as_they_were:
        return as_they_were
    ways = [[cells] if cells else _ways(raw, len(keys), told) for raw, cells in rows]
    if any(not 0 < len(some) <= _MOST_WAYS for some in ways):
        return as_they_were
    *added, whole = ways
    reached = _added(added, [_values(cells) for cells in whole])
    found = [
        [*chosen, cells]
        for cells in whole
        for chosen in reached.get(_values(cells), [])
        if sum(value != 0 for value in _values(cells)) >= _FEWEST_COLUMNS
    ]
    return list(found[0]) if len(found) == 1 and len(parts) > 1 else as_they_were


def _ways(raw: RawRow, columns: int, told: Told) -> list[Cells]:
    """Return every way to read a row in so many columns, blank ones with it."""
    found = []
    for count in range(1, columns + 1):
        for tokens in row_readings(raw.values, count):
            if any(_REST.fullmatch(token.written) for token in tokens):
                continue
            for places in itertools.combinations(range(columns), count):
                own = dict(zip(places, tokens, strict=True))
                found.append(told(raw, [own.get(at) for at in range(columns)]))
    return found


def _added(
    ways: Sequence[Sequence[Cells]], wanted: Sequence[_Sums]
) -> dict[_Sums, list[list[Cells]]]:
    """Return how sums are reached, two ways of each at most; none where there are too many."""
    most = [max(sums) for sums in zip(*wanted, strict=True)]
    rising = all(value >= 0 for some in ways for cells in some for value in _values(cells))
    reached: dict[_Sums, list[list[Cells]]] = {tuple(Decimal(0) for _ in most): [[]]}
    for some in ways:
        further: dict[_Sums, list[list[Cells]]] = {}
        for (sums, before), cells in itertools.product(reached.items(), some):
            own = tuple(one + more for one, more in zip(sums, _values(cells), strict=True))
            if rising and any(one > limit for one, limit in zip(own, most, strict=True)):
                continue
            held = further.setdefault(own, [])
            held += [[*way, cells] for way in before[: 2 - len(held)]]
        if len(further) > _MOST_SUMS:
            return {}
        reached = further
    return reached


def _values(cells: Cells) -> _Sums:
    return tuple((one.value if one else None) or Decimal(0) for one in cells)
