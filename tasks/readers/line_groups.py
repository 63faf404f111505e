"""Groups of columns over lines of a result table, of different width: `Bokslut`, `Budget`, `Plan`.

Above `Nettokostnad | Nettokostnad | Intäkter | Kostnader | Nettokostnad` stand three names: which
columns each has is told by the sums of the rows.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from tasks.readers.column_heads import Head
from tasks.readers.columns import settle
from tasks.readers.header_words import heads
from tasks.readers.header_years import YEARS, with_line_of_years
from tasks.readers.line_heads import Column
from tasks.readers.line_sums import sums_hold
from tasks.readers.outline import Outline
from tasks.readers.pages import Line
from tasks.readers.percents import Cells
from tasks.readers.wording import Wording

_YEAR = re.compile(r"20\d\d")
_WHOLE = ({"income", "costs", "net_cost"}, {"income", "costs", "result"})
_ALONE = ("net_cost", "result")
_MOST_GROUPS = 5
_FEWEST_GROUPS = 2
_GROUPS = ("outcome", "budget", "budget_year", "outcome_prev", "forecast")
"""What a group of lines may be, beside the outcome."""
_FEWEST_SPOKEN = 3
"""Amounts of a table that the text has in millions: three are no coincidence."""
_THREE_FIGURES = 10
"""With one decimal: `59,7` is no chance, `8,7` may be."""
_SPOKEN = re.compile(r"(?<![\d,])(?P<amount>\d{1,4},\d)\s(?:miljoner\skronor|mnkr|mkr)\b")
_SCALES = (("tkr", 1_000), ("kr", 1_000_000))


def grouped(
    columns: tuple[Column, ...], header: Sequence[Line], words: Wording
) -> tuple[Column, ...] | None:
    """Return columns that stand once under each group (`Budget jan–aug`, `Utfall jan–aug`).

    None where lines are repeated and no line of the header names the groups: a budget must not be
    read as the outcome.
    """
    own = [column.line for column in columns if column.line]
    width = len(set(own))
    if len(own) == width or any(column.line and column.year for column in columns):
        return columns
    repeats = len(own) // width
    if own != own[:width] * repeats or any(c.line is None for c in columns[: len(own)]):
        return None
    named = (heads(line.text, words, more=True) or () for line in header)
    keys = [settle(told, []).keys for told in named if len(told) == repeats]
    if len(keys) != 1 or not set(keys[0]) <= set(_GROUPS) or "outcome" not in keys[0]:
        return None
    return tuple(
        replace(column, kind=keys[0][at // width] or "") if at < len(own) else column
        for at, column in enumerate(columns)
    )


def apart(
    columns: tuple[Column, ...],
    rows: Sequence[Sequence[Cells]],
    header: Sequence[Line],
    words: Wording,
) -> tuple[Column, ...] | None:
    """Return columns whose lines are repeated, each with the key of its group as its kind.

    A group has the net alone, or income, costs and their net; where it begins the sums tell. None
    where no line of the header names the groups: a budget must not be read as the outcome.
    """
    own = [column.line for column in columns if column.line]
    keys = _group_keys(header, words)
    if keys is None or any(c.year or not c.line or c.kind != "outcome" for c in columns):
        return None
    fitting = [parts for parts in _divisions(own, len(keys)) if _proved(parts, own, rows)]
    if len(fitting) != 1:
        return None
    kinds = [key for key, part in zip(keys, fitting[0], strict=True) for _ in part]
    return tuple(replace(c, kind=kind) for c, kind in zip(columns, kinds, strict=True))


def _proved(parts: Sequence[range], own: Sequence[str], rows: Sequence[Sequence[Cells]]) -> bool:
    """Say whether the net of every group with income and costs is theirs, in most rows."""
    told: list[dict[str | None, int]] = [
        {own[at]: at for at in part} for part in parts if len(part) > 1
    ]
    held = [
        sum(any(sums_hold(cells, at, ()) for cells in readings) for readings in rows) for at in told
    ]
    return bool(told) and all(count * 3 >= len(rows) * 2 for count in held)


def _divisions(own: Sequence[str], groups: int) -> Iterator[tuple[range, ...]]:
    """Yield the ways to divide columns into so many groups, each with a net and no line twice."""
    for cuts in itertools.combinations(range(1, len(own)), groups - 1):
        edges = (0, *cuts, len(own))
        parts = tuple(range(start, end) for start, end in itertools.pairwise(edges))
        named = [[own[at] for at in part] for part in parts]
        if all(
            (len(names) == 1 and names[0] in _ALONE)
            or (len(set(names)) == len(names) and any(need <= set(names) for need in _WHOLE))
            for names in named
        ):
            yield parts


def _group_keys(header: Sequence[Line], words: Wording) -> tuple[str, ...] | None:
    """Return the keys of the groups that the last lines of a header name, None for no or two."""
    found = set()
    for at in range(len(header)):
        used = list(header[at:])
        years = [line for line in used if YEARS.fullmatch(line.text.strip())]
        text = "\n".join(line.text for line in used if line not in years)
        told = heads(text, words) if text and len(years) <= 1 else None
        if told and years:
            dated = with_line_of_years((used, told), years[0])
            told = dated and dated[1]
        else:
            told = _with_year_below(used, words) or told
        if told and _FEWEST_GROUPS <= len(told) <= _MOST_GROUPS:
            # which difference one is the rows of the activities prove
            open_ = [one.kind if one.kind == "deviation" else None for one in told]
            settled = settle(told, []).keys
            found.add(tuple(key or own for key, own in zip(settled, open_, strict=False)))
            break
    keys = next(iter(found), ())
    sure = tuple(key for key in keys if key)
    return sure if sure and len(sure) == len(keys) == len(set(sure)) else None


def _with_year_below(lines: Sequence[Line], words: Wording) -> tuple[Head, ...] | None:
    """Return the heads of groups with a year that stands below the only one that has none.

    `Budget` above `2024`, between others that have theirs; a difference needs no year.
    """
    years = [line for line in lines if _YEAR.fullmatch(line.text.strip())]
    told = heads("\n".join(line.text for line in lines if line not in years), words)
    bare = [head for head in told or () if not head.year and head.kind != "deviation"]
    if told is None or len(bare) != 1 or len(years) != 1 or len(told) == 1:
        return None
    year = years[0].text.strip()
    return tuple(replace(head, year=year) if head is bare[0] else head for head in told)


def unit_spoken(outline: Outline, values: Iterable[Decimal]) -> str | None:
    """Return the unit of amounts that the text has in millions (`113,1 miljoner kronor`), or None.

    By one scale only: the same amount stands in the text three times over when it is rounded, or
    once in just these figures (`59,7 miljoner kronor`, 59 700).
    """
    text = " ".join(line.text.strip() for line in outline.lines)
    spoken = {Decimal(m["amount"].replace(",", ".")) for m in _SPOKEN.finditer(text)} - {0}
    long = {one for one in spoken if one >= _THREE_FIGURES}
    known = [abs(value) for value in values]
    told = [
        unit
        for unit, scale in _SCALES
        if len(spoken & {round(value / scale, 1) for value in known}) >= _FEWEST_SPOKEN
        or long & {value / scale for value in known}
    ]
    return told[0] if len(told) == 1 else None
