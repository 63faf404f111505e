"""A table once it is understood: rows of a label and figures by column key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from expectations.contract import Figure, Place, Unread
from tasks.readers.column_heads import Head
from tasks.readers.columns import Settled, settle, with_percents
from tasks.readers.numbers import bound, figure
from tasks.readers.percents import Cells

_SILENT = ("note", "trend", "words")
"""Columns that hold no figures of the row: numbers of notes, arrows and words of a trend,
comments."""


ELSEWHERE = "¦"
"""Stands in the words above a table before what another place says of it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its label, and its figures by column key (None: a column left open)."""

    label: str
    place: Place
    columns: dict[str, Figure]


@dataclass(frozen=True, slots=True)
class Grid:
    """One table that was wanted: its title, rows, the lines it claims and what stayed unread."""

    title: str
    rows: tuple[Row, ...] = ()
    claimed: frozenset[int] = frozenset()
    unread: tuple[Unread, ...] = ()
    shown: str = ""
    """Title and header as one text."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What a section wants of tables.

    `wanted` says from title with header, and labels, whether a table is the section's. `known`
    says whether a text is one of its labels; `unit` is the unit of a label's figures.
    """

    wanted: Callable[[str, Sequence[str]], bool]
    known: Callable[[str], bool]
    unit: Callable[[str], str | None] = field(default=lambda _: None)
    filled: Callable[[str, Sequence[str | None]], Sequence[str]] = field(default=lambda *_: ())
    """The keys of the columns, of those that a table has, that a label fills; none where all."""
    more: bool = False
    """Whether the words of `more_columns` are columns here too."""
    by_year: bool = False
    """Whether an outcome has its year as its key."""
    year: int | None = None
    """The year of the document: a target of a later year is one for the years to come."""
    planned: int | None = None
    """The first year that the document plans for, None for one that plans nothing."""
    money: bool = False
    """Whether a unit that is not said is that of the table before in the same chapter."""


def keyed(
    title: str,
    labels: Sequence[tuple[str, Place]],
    cells: Sequence[Cells],
    settled: Settled,
    claimed: frozenset[int],
    unread: Sequence[Unread],
) -> Grid:
    """Return a table with its figures under their keys; values of open columns are unread."""
    if not settled.keys:
        # the figures are told with their row: who counts what was not read counts them
        left = tuple(
            Unread(" ".join([label, *(f.written for f in row if f and f.written)]), settled.why, at)
            for (label, at), row in zip(labels, cells, strict=True)
        )
        return Grid(title, (), claimed, (*unread, *left))
    rows = []
    open_: list[Unread] = []
    for (label, place), row in zip(labels, cells, strict=True):
        columns = {}
        for key, found in zip(settled.keys, row, strict=True):
            if found is None or (key or "").split(" ")[0] in _SILENT:
                continue
            if key is None and found.state == "blank":
                continue
            if key is None:
                why = "Det är inte klart vad kolumnen visar."
                open_.append(Unread(found.written, why, found.place))
            else:
                columns[key] = found
        rows.append(Row(label, place, columns))
    return Grid(title, tuple(rows), claimed, (*unread, *open_))


def settle_groups(
    columns: Sequence[Head],
    groups: Sequence[tuple[str, Sequence[int]]],
    rows: Sequence[Sequence[Cells]],
    sought: Sought,
    *,
    apart: bool = False,
) -> Settled:
    """Return the keys of all columns, each group settled by itself; none where one has none."""
    keys: list[str | None] = [None] * len(columns)
    columns = with_percents(columns, rows)
    columns = columns if sought.money else _targets(columns, sought.year)
    for _, part in groups:
        own = [[[cells[at] for at in part] for cells in row] for row in rows]
        heads_ = [columns[at] for at in part]
        settled = settle(heads_, own, by_year=sought.by_year, apart=apart)
        if not settled.keys:
            return settled
        for at, key in zip(part, settled.keys, strict=True):
            keys[at] = key
    return Settled(tuple(keys), "")


def _targets(columns: Sequence[Head], year: int | None) -> Sequence[Head]:
    """Return the heads with several targets told apart by their years and the document's.

    One of an earlier year, and several of later ones, have no place among the figures: they stay
    open, and their figures unread.
    """
    dated = [at for at, one in enumerate(columns) if one.kind == "target_year" and one.year]
    years = [int(columns[at].year or 0) for at in dated]
    if year is None or len(set(years)) < 2 or len(set(years)) < len(years):  # noqa: PLR2004 - one needs no telling
        return columns
    later = sum(one > year for one in years)
    found = list(columns)
    for at, said in zip(dated, years, strict=True):
        if said != year:
            kind = "target_term" if said > year and later == 1 else "open"
            found[at] = replace(columns[at], kind=kind)
    return found


@dataclass(frozen=True, slots=True)
class Left:
    """What a table claims and what of it stays unread."""

    claimed: frozenset[int]
    unread: tuple[Unread, ...] = ()


def grids_by_group(
    title: str,
    labels: Sequence[tuple[str, Place]],
    rows: Sequence[Cells],
    settled: Settled,
    groups: Sequence[tuple[str, Sequence[int]]],
    left: Left,
) -> Iterator[Grid]:
    """Yield a table for each group of columns; those behind the first have the group's name."""
    for number, (name, part) in enumerate(groups):
        keys = tuple(settled.keys[at] for at in part) if settled.keys else ()
        own = [[cells[at] for at in part] for cells in rows]
        unread = left.unread if number == 0 else ()
        shown = name.capitalize() if number else title
        yield keyed(shown, labels, own, Settled(keys, settled.why), left.claimed, unread)
        if not settled.keys:
            return


def units_of(
    columns: Sequence[Head], label: str, unit: str | None, sought: Sought
) -> list[str | None]:
    """Return the unit of each column of a row: a share has its own, others the row's."""
    own = sought.unit(label) or unit
    return ["percent" if head.kind.endswith("percent") else own for head in columns]


def read_as(head: Head) -> Callable[..., Figure]:
    """Return how a column's cells are read: a target may be a bound."""
    return bound if head.kind.startswith("target") else figure
