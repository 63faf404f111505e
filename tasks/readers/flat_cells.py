"""The cells of rows in lines under a header that is understood: which value is whose.

Every way to split a row is tried; its own numbers, the other rows and the sums below choose one.
A row with no single reading is unread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from expectations.contract import Figure, Place
from tasks.readers.blank_cells import Told, by_sum_below, with_blanks
from tasks.readers.brackets import (
    DIFFERENCES,
    IN_BRACKETS,
    bracketed_are_negative,
    every_row_has,
    last_years,
    negative,
)
from tasks.readers.column_heads import UNKNOWN, Head, by_group
from tasks.readers.columns import FEWEST_PROVING, USED, Settled
from tasks.readers.grid import (
    Grid,
    Left,
    Sought,
    grids_by_group,
    read_as,
    settle_groups,
    units_of,
)
from tasks.readers.label_doubts import half_named
from tasks.readers.numbers import Token, dots_part_thousands, misprinted, row_values
from tasks.readers.percents import Cells
from tasks.readers.plan_years import PLANNED, with_plan_years
from tasks.readers.raw_row import RawRow
from tasks.readers.row_arithmetic import (
    MONEY,
    ROUNDING,
    difference_fits,
    is_told,
    misfit,
    only_reading,
    torn,
)
from tasks.readers.row_splits import alike, is_noted, readings_of, spans_of
from tasks.readers.short_rows import short_row
from tasks.readers.summed_rows import with_sums

_FEWEST_WHOLE = 2
_MORE = "Raderna har fler tal än tabellen har rubriker."
_OTHERS = "I en kolumn med belopp står annat än belopp: kolumnerna är inte de som rubriken säger."
_UNSURE = "Radens namn kan gå över flera rader, och vilka som hör till det går inte att säga."


@dataclass(frozen=True, slots=True)
class Header:
    """A header above rows: its columns, the unit said with it, and the lines it takes with them."""

    columns: Sequence[Head]
    unit: str | None
    claimed: frozenset[int]
    shown: str = ""
    """What stands above the table, its title first."""


def grids_of_rows(
    title: str, run: Sequence[RawRow], header: Header, sought: Sought
) -> Iterator[Grid]:
    """Yield the rows with their cells, a table for each group of columns."""
    columns = header.columns
    run = _years_in_labels(run, columns)
    told = _told(run, header, sought)
    rows = _ways(run, columns, told)
    groups = by_group(columns)
    planned = with_plan_years(header.shown, columns, sought) if sought.money else columns
    settled = (
        settle_groups(planned, groups, _telling(rows, columns), sought)
        if planned is not None
        else Settled((), PLANNED)
    )
    if _has_more(run, columns):
        settled = Settled((), _MORE)
    if sought.money and _holds_others(rows, settled.keys):
        settled = Settled((), _OTHERS)
    chosen = _chosen(rows, settled.keys, [part for _, part in groups], told, sought)
    why = f"Raden har inte entydigt {len(columns)} värden."
    unread = tuple(
        raw.left_unread(_UNSURE if raw.is_unsure or half else why)
        for raw, half, cells in zip(run, half_named(run), chosen, strict=True)
        if cells is None
    )
    kept = [(raw, cells) for raw, cells in zip(run, chosen, strict=True) if cells is not None]
    labels = [(raw.shown(noted=is_noted(columns)), raw.lines[0].place()) for raw, _ in kept]
    found = [cells for _, cells in kept]
    yield from grids_by_group(title, labels, found, settled, groups, Left(header.claimed, unread))


def _has_more(run: Sequence[RawRow], columns: Sequence[Head]) -> bool:
    """Say whether rows have more values than the header has columns, however they are parted.

    Then a column's name was not understood, and in no row is it told which of them it is.
    """
    figures = sum(head.kind not in ("words", "trend") for head in columns)
    told = [
        [token.written for token in row_values(raw.values) or ()]
        for raw in run
        if not any(map(misprinted, raw.values.split()))
    ]
    numbers = [
        sum(bool(re.search(r"\d", text)) and not _DAY.fullmatch(text) for text in row)
        for row in told
    ]
    more = [
        len(row) > len(columns) or count > figures for row, count in zip(told, numbers, strict=True)
    ]
    return bool(more) and sum(more) * 3 >= len(more)


def _holds_others(rows: _Rows, keys: Sequence[str | None]) -> bool:
    """Say whether what should be money is a share or a day in some row: its column is another."""
    return any(
        key in MONEY and cell is not None and _NO_MONEY.search(cell.written)
        for _, ways in rows
        if len(ways) == 1
        for key, cell in zip(keys, ways[0], strict=False)
    )


_DAY = re.compile(r"20\d\d-(?:0[1-9]|1[0-2])(?:-[0-3]\d)?")
_NO_MONEY = re.compile(rf"%\s*$|^{_DAY.pattern}$")


_Rows = Sequence[tuple[RawRow, Sequence[Cells]]]
"""Rows with the ways to read each: none where no way fits its columns."""


def _told(run: Sequence[RawRow], header: Header, sought: Sought) -> Told:
    """Return what makes figures of a row's tokens, as this table writes its numbers."""
    written = [IN_BRACKETS.findall(raw.values) for raw in run]
    form = _Form(
        bracketed_are_negative(written),
        every_row_has(written),
        sought.money and dots_part_thousands([raw.values for raw in run]),
    )

    def told(raw: RawRow, tokens: Sequence[Token | None]) -> Cells:
        units = units_of(header.columns, raw.label, header.unit, sought)
        return _figured(raw, tokens, header.columns, units, form)

    return told


def _ways(run: Sequence[RawRow], columns: Sequence[Head], told: Told) -> _Rows:
    spans = spans_of(run)
    spans = spans if len(spans) == len(columns) else []
    read = [readings_of(raw, len(columns), spans, noted=is_noted(columns)) for raw in run]
    return [
        (raw, [told(raw, tokens) for tokens in readings])
        for raw, readings in zip(run, alike(read, run), strict=True)
    ]


def _telling(rows: _Rows, columns: Sequence[Head]) -> list[Sequence[Cells]]:
    """Return the readings of the rows that may prove what the columns mean.

    A row with fewer values has blank cells or needs its numbers torn: it proves nothing, unless
    the rows have to say what a word means that nobody knows and the others are too few for it.
    """
    wide = len(columns)
    whole = [ways for raw, ways in rows if ways and len(row_values(raw.values) or ()) >= wide]
    unknown = any(head.kind in (UNKNOWN, USED) for head in columns)
    fewest = FEWEST_PROVING if unknown else _FEWEST_WHOLE
    return whole if len(whole) >= fewest else [ways for _, ways in rows if ways]


def _chosen(
    rows: _Rows,
    keys: Sequence[str | None],
    parts: Sequence[Sequence[int]],
    told: Told,
    sought: Sought,
) -> list[Cells | None]:
    """Return the cells of each row, None where no reading of it is the only one."""
    dotted = sought.money and dots_part_thousands([raw.values for raw, _ in rows])
    chosen = [
        _only(raw, ways, keys, parts)
        if ways and not (dotted and _BROKEN.search(raw.values))
        else None
        for raw, ways in rows
    ]
    if sought.money:
        chosen = [
            None if cells and _may_be_one(raw, cells, keys, parts) else cells
            for (raw, _), cells in zip(rows, chosen, strict=True)
        ]
    chosen = _without_taken_apart(rows, chosen, keys)
    for at, (raw, _) in enumerate(rows):
        tokens = None if chosen[at] else short_row(raw, keys, sought)
        if tokens is not None:
            chosen[at] = told(raw, tokens)
    run = [raw for raw, _ in rows]
    for at, raw in enumerate(run if len(parts) == 1 else ()):
        if not chosen[at] and not (dotted and _BROKEN.search(raw.values)):
            chosen[at] = with_blanks(raw, keys, told, [cells for cells in chosen[:at] if cells])
    for at in range(len(run) if len(parts) == 1 and keys else 0):
        if not chosen[at]:
            chosen[at] = by_sum_below(at, list(zip(run, chosen, strict=True)), keys, told)
    if sought.money and len(parts) == 1 and keys and not dotted:
        chosen = with_sums(list(zip(run, chosen, strict=True)), keys, told)
    chosen = _as_printed_again(rows, chosen)
    halves = half_named(run)
    return [
        None if raw.is_unsure or half else cells
        for raw, half, cells in zip(run, halves, chosen, strict=True)
    ]


def _years_in_labels(run: Sequence[RawRow], columns: Sequence[Head]) -> list[RawRow]:
    """Return the rows, a year before the values in its label: `Klimatkontrakt 2030`.

    It is no amount where thousands are parted by spaces, and the values behind it fill the columns.
    """
    if is_noted(columns) or not any(_SPACED.search(raw.values) for raw in run):
        return list(run)
    dated = [raw.with_year() for raw in run]
    return [
        own if own is not None and readings_of(own, len(columns), []) else raw
        for raw, own in zip(run, dated, strict=True)
    ]


_SPACED = re.compile(r"(?<![\d,])[1-9]\d{0,2} \d{3}(?!\d)")


def _only(
    raw: RawRow,
    ways: Sequence[Cells],
    keys: Sequence[str | None],
    parts: Sequence[Sequence[int]],
) -> Cells | None:
    """Return the one reading of a row; none where it may have taken a number apart."""
    fewer = len(row_values(raw.values) or ()) < len(keys)
    if keys and len(ways) == 1 and fewer and torn(keys, ways[0], parts):
        return None
    found = only_reading(keys, ways, parts)
    if found is None or not keys:
        return found
    most = _misfit(keys, found, parts)
    if (fewer and most > 0) or (keys[0] == "note" and most > ROUNDING):
        # a blank cell or the number of a note may be what makes the values so many
        return None
    return found


def _as_printed_again(rows: _Rows, chosen: Sequence[Cells | None]) -> list[Cells | None]:
    """Return the cells, of rows not read yet too where another's values are printed just the same.

    `ÅRETS RESULTAT` often repeats the result above it.
    """
    told = list(chosen)
    for at, (raw, ways) in enumerate(rows):
        same = {
            tuple(one.written if one else None for one in cells)
            for (other, _), cells in zip(rows, chosen, strict=True)
            if cells and other.values.split() == raw.values.split()
        }
        found = [one for one in ways if tuple(c.written if c else None for c in one) in same]
        if not told[at] and len(same) == len(found) == 1:
            told[at] = found[0]
    return told


_REST = re.compile(r"0\d\d")
"""No amount is written so; it is what stood behind the space of `15 000`."""


def _without_taken_apart(
    rows: _Rows, chosen: Sequence[Cells | None], keys: Sequence[str | None]
) -> list[Cells | None]:
    """Return the cells without those of rows whose blank cells were filled with parts of numbers.

    `14 970 15 000` has two values where the header has four; one row with `000` as a value of its
    own shows that its table's short rows were read so. A row that a difference proves is kept.
    """
    named = [key or "" for key in keys]
    short = [len(row_values(raw.values) or ()) < len(keys) for raw, _ in rows]
    apart = any(
        less and cells and any(f and _REST.fullmatch(f.written) for f in cells)
        for less, cells in zip(short, chosen, strict=True)
    )
    return [
        None
        if apart and less and cells and not any(difference_fits(k, named, cells) for k in named)
        else cells
        for less, cells in zip(short, chosen, strict=True)
    ]


_PAIR = 2
"""Columns among which no difference can tell."""
_BROKEN = re.compile(r"\d\.\d{1,2}(?!\d)")
"""Where stops part thousands, a number that its cell broke: `82.92` above `0`."""


def _may_be_one(
    raw: RawRow, cells: Cells, keys: Sequence[str | None], parts: Sequence[Sequence[int]]
) -> bool:
    """Say whether numbers of a row may be one that was taken apart, and nothing tells: `3 885`.

    A project has nothing in some of the years that are planned.
    """
    fewer = len(row_values(raw.values) or ()) < len(keys)
    planned = any((key or "").startswith("plan_") for key in keys)
    return fewer and (planned or len(keys) == _PAIR) and not is_told(keys, cells, parts)


def _misfit(keys: Sequence[str | None], cells: Cells, parts: Sequence[Sequence[int]]) -> Decimal:
    """Return by how much the differences of a row miss most, nought where it has none."""
    found = Decimal(0)
    for part in parts:
        named = [keys[at] or "" for at in part]
        told = (misfit(key, named, [cells[at] for at in part]) for key in named)
        found = max([found, *(one for one in told if one is not None)])
    return found


@dataclass(frozen=True, slots=True)
class _Form:
    """How a table writes its numbers: brackets as minus, or in every row, stops in thousands."""

    below: bool
    everywhere: bool
    dotted: bool


def _figured(
    raw: RawRow,
    tokens: Sequence[Token | None],
    columns: Sequence[Head],
    units: Sequence[str | None],
    form: _Form,
) -> Cells:
    """Return the figures of a row's tokens, as the table writes its numbers."""
    found: list[Figure | None] = []
    row = [token.written if token else "" for token in tokens]
    before = last_years(columns, row) if form.everywhere else frozenset()
    for at, (token, head, unit) in enumerate(zip(tokens, columns, units, strict=True)):
        if token is None:
            found.append(None)
            continue
        inside = _bracketed(token)
        written = token.written.strip("()") if inside else token.written
        place = _place(raw, token)
        if form.dotted:
            bare = read_as(head)(written.replace(".", ""), unit=unit, place=place)
            one = replace(bare, written=written)
        else:
            one = read_as(head)(written, unit=unit, place=place)
        below = (form.below and at not in before) or head.kind in DIFFERENCES
        found.append(negative(one) if inside and below else one)
    return found


def _bracketed(token: Token) -> bool:
    return token.written.startswith("(") and token.written.endswith(")")


def _place(raw: RawRow, token: Token) -> Place:
    inner = 1 if _bracketed(token) else 0
    return raw.place(token.start + inner, token.end - inner)
