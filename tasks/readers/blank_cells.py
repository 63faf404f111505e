"""Which cells of a row are blank, where text has lost them: its numbers and its sums decide.

Pressed text leaves nothing where a cell was empty. Every place that the gaps may have is tried; the
one is taken whose differences hold exactly, or which is the sum of the rows above in every column.
Where several fit as well the row stays unread.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tasks.readers.numbers import Token, row_readings
from tasks.readers.percents import Cells, is_share
from tasks.readers.raw_row import RawRow
from tasks.readers.row_arithmetic import RELATIONS, compared, difference_fits
from tasks.readers.wording import either

_MOST_BLANK = 2
_MOST_WAYS = 300
"""Of more ways than these none is tried: they cost time, and more than one would fit."""
_FEWEST_COLUMNS = 4
"""With fewer columns too little is left to tell which cell is empty."""
_FEWEST_DIGITS = 4
_FEWEST_SUMS = 3
"""Columns in which a row has to be the sum of those above it."""
Told = Callable[[RawRow, Sequence[Token | None]], Cells]
"""Makes figures of the tokens of a row."""


@dataclass(frozen=True, slots=True)
class _Way:
    cells: Cells
    is_proved: bool
    """Whether all its differences hold to the last decimal, in numbers that are no chance."""
    is_sum: bool


def with_blanks(
    raw: RawRow, keys: Sequence[str | None], told: Told, above: Sequence[Cells]
) -> Cells | None:
    """Return the figures of a row that leaves a cell or two empty, None where that is not clear.

    `above` are the figures of the rows read before it, in order.
    """
    if len(keys) < _FEWEST_COLUMNS or None in keys:
        return None
    for blank in range(1, _MOST_BLANK + 1):
        gapped = [
            _gapped(tokens, gaps)
            for tokens in row_readings(raw.values, len(keys) - blank)
            for gaps in itertools.combinations(range(len(keys)), blank)
        ]
        if len(gapped) > _MOST_WAYS:
            return None
        ways = [
            way for tokens in gapped if (way := _way(told(raw, tokens), keys, above)) is not None
        ]
        sums = [way.cells for way in ways if way.is_sum]
        proved = [way.cells for way in ways if way.is_proved] if blank == 1 else []
        if sums or proved:
            best = sums or proved
            return best[0] if len(best) == 1 else None
    return None


_MOST_LEFT = 3
"""Cells that a row may leave empty where the sum of its table says what it has to hold."""
_SUMMED = re.compile(rf"{either('sums', 'words', 'net')}\b", re.IGNORECASE)


def by_sum_below(
    at: int,
    rows: Sequence[tuple[RawRow, Cells | None]],
    keys: Sequence[str | None],
    told: Told,
) -> Cells | None:
    """Return the figures of the one unread row of a sum, where only one way to read it adds up.

    The row of the sum stands below it and is read; between them and above every row is.
    """
    if None in keys or len(keys) < _FEWEST_COLUMNS - 1:
        return None
    below = next((n for n in range(at + 1, len(rows)) if _SUMMED.match(rows[n][0].label)), None)
    whole = rows[below][1] if below is not None else None
    if below is None or whole is None:
        return None
    raw = rows[at][0]
    named = [key or "" for key in keys]
    fitting: list[Cells] = []
    ways = [
        _gapped(tokens, gaps)
        for blank in range(_MOST_LEFT + 1)
        if len(keys) > blank + 1
        for tokens in row_readings(raw.values, len(keys) - blank)
        for gaps in itertools.combinations(range(len(keys)), blank)
    ]
    if len(ways) > _MOST_WAYS:
        return None
    for tokens in ways:
        own = told(raw, tokens)
        parts = [own if n == at else rows[n][1] for n in range(below)]
        known = [one for one in parts if one is not None]
        # what the sum leaves blank it does not add up
        summed = [at for at in range(len(keys)) if _value(whole, at) is not None]
        if len(known) == len(parts) and _is_sum(
            [named[at] for at in summed],
            [whole[at] for at in summed],
            [[cells[at] for at in summed] for cells in known],
            below - at,
        ):
            fitting.append(own)
    return fitting[0] if len(fitting) == 1 else None


def _gapped(tokens: Sequence[Token], gaps: Sequence[int]) -> list[Token | None]:
    found: list[Token | None] = [*tokens]
    for at in gaps:
        found.insert(at, None)
    return found


def _way(cells: Cells, keys: Sequence[str | None], above: Sequence[Cells]) -> _Way | None:
    """Return a way with what proves it, None where a number contradicts it."""
    named = [key or "" for key in keys]
    if any(is_share(key, named, cells) is False for key in named):
        return None
    told = [(difference_fits(key, named, cells), key) for key in named if key in RELATIONS]
    if any(fits is False for fits, _ in told):
        return None
    exact = [fits is True and _is_exact(key, named, cells) for fits, key in told]
    proved = bool(told) and all(exact) and any(_is_telling(key, named, cells) for _, key in told)
    return _Way(cells, proved, _is_sum(named, cells, above))


def _compared(key: str, keys: Sequence[str], cells: Cells) -> list[Decimal]:
    names = compared(key, keys) or ()
    return [_value(cells, keys.index(name)) or Decimal(0) for name in (*names, key)]


def _is_exact(key: str, keys: Sequence[str], cells: Cells) -> bool:
    first, second, difference = _compared(key, keys, cells)
    return abs(abs(first - second) - abs(difference)) == 0


def _is_telling(key: str, keys: Sequence[str], cells: Cells) -> bool:
    """Say whether the numbers of a difference are long enough to be no chance."""
    first, second, _ = _compared(key, keys, cells)
    digits = [len(value.normalize().as_tuple().digits) for value in (first, second) if value]
    return sum(digits) >= _FEWEST_DIGITS


def _is_sum(keys: Sequence[str], cells: Cells, above: Sequence[Cells], least: int = 2) -> bool:
    """Say whether a row is the sum of `least` rows right above it, in each column with a value."""
    columns = [at for at, key in enumerate(keys) if not key.endswith("percent")]
    for count in range(max(least, 2), len(above) + 1):
        told = []
        for at in columns:
            own = _value(cells, at)
            parts = [_value(row, at) for row in above[-count:]]
            known = [part for part in parts if part is not None]
            if own is None:
                told += [False] if known else []
            else:
                told.append(abs(sum(known, Decimal(0)) - own) <= _near(cells, at, count))
        if len(told) >= _FEWEST_SUMS and all(told):
            return True
    return False


def _near(cells: Cells, at: int, count: int) -> Decimal:
    one = cells[at]
    return Decimal(count).scaleb(-(one.decimals or 0 if one else 0)) / 2


def _value(cells: Cells, at: int) -> Decimal | None:
    one = cells[at]
    return one.value if one is not None else None
