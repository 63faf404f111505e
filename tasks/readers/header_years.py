"""Years and days of columns that stand on a line of their own below or above the columns' words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from tasks.readers.column_heads import Head
from tasks.readers.pages import Line

_DAY = r"20\d\d(?:-?(?:0[1-9]|1[0-2])(?:-?[0-3]\d)?)?"
YEARS = re.compile(rf"{_DAY}(?:\s+{_DAY})+")
_DATED = ("", "outcome", "budget", "forecast", "accounts", "target_year", "target_term")


_HAPPENED = ("", "outcome", "accounts")


def with_line_of_years(
    found: tuple[Sequence[Line], tuple[Head, ...]], own: Line
) -> tuple[Sequence[Line], tuple[Head, ...]] | None:
    """Return a header with the years of a line of its own; None where it is not told whose.

    They are those of all columns, of all amounts, or of what happened; differences may have none.
    """
    lines, columns = found
    used, years = [own, *lines], own.text.split()
    dated = [at for at, head in enumerate(columns) if head.kind in _DATED]
    happened = [at for at in dated if columns[at].kind in _HAPPENED]
    if any(head.year for head in columns):
        return None
    for places in (range(len(columns)), dated, happened):
        if len(places) == len(years):
            said = dict(zip(places, years, strict=True))
            return used, tuple(_at(c, said.get(at)) for at, c in enumerate(columns))
    return (used, columns) if len(set(years)) == 1 else None


def _at(head: Head, day: str | None) -> Head:
    """Return a head with the year of a day, and its month where the day has one."""
    if day is None:
        return head
    month = int(day[4:].lstrip("-")[:2]) if len(day) > len("2025") else None
    return replace(head, year=day[:4], month=head.month or month)
