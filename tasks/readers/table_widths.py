"""How many columns rows can have, and how many rows a header fits."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tasks.readers.column_heads import Head
from tasks.readers.numbers import cells_apart, row_readings, row_values
from tasks.readers.raw_row import RawRow
from tasks.readers.row_splits import NOTE, is_noted, readings_of

MOST_COLUMNS = 16
_ROWS_COUNTED = 12
"""The first rows tell how many columns there are; all of them have to fit them later."""
_FEWEST_ROWS = 2


def countings(run: Sequence[RawRow]) -> frozenset[int]:
    """Return how many columns most rows can have, one more where some begin with a note."""
    run = run[:_ROWS_COUNTED]
    told = {
        n
        for n in range(2, MOST_COLUMNS + 1)
        if sum(bool(row_readings(raw.values, n)) for raw in run) * 2 >= len(run)
    }
    noted = {n + 1 for n in told if sum(bool(NOTE.match(raw.values)) for raw in run) * 2 > len(run)}
    return frozenset(told | noted)


def same_width(run: Sequence[RawRow]) -> int:
    """Return how many values every row has where its numbers are as long as can be, 0 if not so."""
    told = {len(row_values(raw.values) or ()) for raw in run}
    return told.pop() if len(told) == 1 and len(run) >= _FEWEST_ROWS else 0


_MAY_JOIN = re.compile(r"(?<![\d,])[1-9]\d{0,2}[ \u00a0]\d{3}(?!\d)")


def sure_width(run: Sequence[RawRow]) -> int:
    """Return how many values most rows have, 0 where numbers side by side may be one."""
    if any(_MAY_JOIN.search(raw.values) for raw in run):
        return 0
    widths = [len(row_values(raw.values) or ()) for raw in run]
    most = max(set(widths), key=widths.count)
    return most if widths.count(most) * 3 >= len(run) * 2 else 0


def rows_that_fit(run: Sequence[RawRow], heads_: Sequence[Head]) -> int:
    """Return how many rows can have this many values; none where one has more for certain."""
    columns, noted = len(heads_), is_noted(heads_)
    if any(len(cells_apart(raw.values)) > columns for raw in run if not raw.below):
        return 0
    fewer = _may_lack(heads_)
    return sum(
        bool(readings_of(raw, columns, (), noted=noted))
        or any(row_readings(raw.values, columns - count) for count in fewer)
        for raw in run
    )


def _may_lack(heads_: Sequence[Head]) -> tuple[int, ...]:
    """Return how many columns an indicator may leave empty: the council's target, women and men."""
    kinds = [head.kind for head in heads_]
    if "council_target" not in kinds or "words" in kinds:
        return ()
    return (1, 2, 3) if {"women", "men"} <= set(kinds) else (1,)


def value_parts(values: str) -> list[str]:
    """Return what may each be a value of its own: a sign of percent is part of another."""
    return [part for part in values.split() if part != "%"]
