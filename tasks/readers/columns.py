"""What the columns of a table mean: heads to keys, held against the rows' arithmetic.

`settle` turns the heads that `header_words` reads into keys. A word that may mean
two things (`Budget` of the period or the year, `Avvikelse` against budget or last year) takes the
one meaning that the numbers of the rows agree with. A header with words that are not understood,
or with two columns of the same meaning, is not settled at all.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from expectations.contract import Figure
from tasks.readers.column_heads import UNKNOWN, Head
from tasks.readers.column_meanings import LATER, placed_keys, told_twice
from tasks.readers.percents import Cells
from tasks.readers.project_columns import dated_budgets, of_projects
from tasks.readers.row_arithmetic import RELATIONS, are_shifted, compared, difference_fits, proofs

_ALONE = ("deviation", "forecast_deviation")
"""Differences that may stand without what they are the difference of, where their words say it."""
FEWEST_PROVING = 3
"""Rows that prove one difference where another one is not that of any columns."""
IN_PERCENT = {
    "change": "change_percent",
    "deviation": "deviation_percent",
    "used": "used_percent",
}


def settle(
    columns: Sequence[Head],
    rows: Sequence[Sequence[Cells]],
    *,
    by_year: bool = False,
    apart: bool = False,
) -> Settled:
    """Return the key of each column; `why` says why there are none.

    With `by_year` an outcome has its year as its key. Columns that stand surely `apart`, as in a
    real table, may keep their keys where two others can only be the same: those two stay open.

    A row is given as every way that it can be read. A difference that the numbers contradict in
    most rows leaves the whole table unsettled: then the order of its columns is in doubt.
    """
    columns = of_projects(columns, rows)
    for guessed in (_framed(columns), _left(columns), _used(columns)):
        told = settle(guessed, rows, by_year=by_year, apart=apart) if guessed else None
        if told is not None and proofs([key or "" for key in told.keys], rows)[0]:
            return told
    told = _by_numbers(columns, rows, by_year=by_year, apart=apart)
    if told is not None:
        return told
    placed = placed_keys(columns, by_year)
    twice = told_twice(placed)
    if twice and not apart:
        return Settled((), "Två kolumner har samma rubrik.")
    if twice:
        # what may mean several things cannot be told from columns that are not known themselves
        open_ = {at for at, keys in enumerate(placed) if at in twice or len(keys) > 1}
        placed = tuple((f"?{at}",) if at in open_ else keys for at, keys in enumerate(placed))
    fitting = _fitting(placed, rows, apart=apart)
    if not fitting:
        placed, fitting = _without_one(placed, rows, apart=apart)
    if not fitting:
        return Settled((), "Avvikelsen stämmer inte med de kolumner den borde jämföra.")
    most = max(proved for _, proved in fitting)
    best = [keys for keys, proved in fitting if proved == most]
    dated = dated_budgets(columns)
    held = tuple(_held(at, best, placed, rows, is_dated=at in dated) for at in range(len(columns)))
    if by_year:
        # the number of pupils is the same whether it is budgeted for the period or for the year
        held = tuple(
            "budget" if key is None and "budget" in placed[at] and "budget" not in held else key
            for at, key in enumerate(held)
        )
    return Settled(_with_whole_year(held, columns, rows), "")


def _with_whole_year(
    keys: tuple[str | None, ...], columns: Sequence[Head], rows: Sequence[Sequence[Cells]]
) -> tuple[str | None, ...]:
    """Return the keys, last year's outcome that of its whole year where its size says so.

    Beside an outcome of some months and a forecast it may be either where its words do not say;
    the months are told from the year by the rows: by the sum of how far its values lie from both.
    """
    if not {"outcome", "outcome_prev", "forecast"} <= set(keys) or "accounts_prev" in keys:
        return keys
    at = keys.index("outcome_prev")
    if columns[at].scope or columns[at].month:
        return keys
    names = (at, keys.index("outcome"), keys.index("forecast"))
    sizes = [
        [abs(one.value) for name in names if (one := row[0][name]) is not None and one.value]
        for row in rows
        if len(row) == 1
    ]
    whole = [size for size in sizes if len(size) == len(names)]
    apart = [abs(size[1] - size[2]) for size in whole]
    to_months, to_year = (sum(abs(size[0] - size[n]) for size in whole) for n in (1, 2))
    if not whole or sum(apart) * 4 < sum(size[2] for size in whole):
        # a forecast that is hardly more than the outcome tells nothing
        return keys
    named = "accounts_prev" if to_year * 2 < to_months else "outcome_prev"
    sure = named == "accounts_prev" or to_months * 2 < to_year
    return tuple((named if sure else None) if key == "outcome_prev" else key for key in keys)


_Fitting = Sequence[tuple[tuple[str, ...], int]]
"""Readings of a header that no row contradicts, each with how well the rows prove it."""


def _fitting(
    placed: Sequence[tuple[str, ...]], rows: Sequence[Sequence[Cells]], *, apart: bool
) -> _Fitting:
    evidence = [(keys, *proofs(keys, rows)) for keys in _readings(placed)]
    if not apart:
        evidence = [(k, proved, no + are_shifted(k, rows)) for k, proved, no in evidence]
    return [(keys, proved) for keys, proved, contradicted in evidence if not contradicted]


def _without_one(
    placed: tuple[tuple[str, ...], ...], rows: Sequence[Sequence[Cells]], *, apart: bool
) -> tuple[tuple[tuple[str, ...], ...], _Fitting]:
    """Return the columns with the one difference open whose pair is not in the table.

    `Budget`, `Prognos`, `Prognosavvikelse`, `Utfall`, `Avvikelse`: it is of the period's budget.
    `Utfall`, `Budget`, `Avvikelse`, `Prognos`, `Avvikelse`: it is of the outcome and the forecast.
    What is not open has to be proved, else the order of the columns is in doubt.
    """
    found = []
    for at in range(len(placed)) if len(rows) >= FEWEST_PROVING else ():
        if set(placed[at]) & set(RELATIONS):
            others = (*placed[:at], (f"{LATER} difference {at}",), *placed[at + 1 :])
            fitting = [
                one
                for one in _fitting(others, rows, apart=apart)
                if one[1] and _leaves_one(at, one[0], rows)
            ]
            found += [(others, fitting)] if fitting else []
    return found[0] if len(found) == 1 else (placed, [])


def _leaves_one(at: int, keys: Sequence[str], rows: Sequence[Sequence[Cells]]) -> bool:
    """Say whether a difference may be open where another one is proved."""
    others = [key for key in keys if key in RELATIONS]
    if others == ["deviation"] and at and keys[at - 1] == "forecast":
        # right behind the forecast: how far the outcome is from it
        named = tuple("forecast_difference" if n == at else key for n, key in enumerate(keys))
        return _is_proved("forecast_difference", named, rows)
    return others == ["forecast_deviation"]


USED = "used"
_FRAMES = ("plan", "grant")
"""What a board may spend, or is given: a plan for years to come, or this year's budget."""


def _framed(columns: Sequence[Head]) -> tuple[Head, ...] | None:
    """Return the heads with the one frame (`Ram 2025`) as budget, None where there is no such.

    A frame may be a plan for years to come: it is a budget only where a deviation proves it.
    """
    kinds = [column.kind for column in columns]
    framed = [kind for kind in kinds if kind in _FRAMES]
    if len(framed) != 1 or not {"outcome", "forecast", "accounts", USED} & set(kinds):
        return None
    differs = {"deviation", "remaining"} & set(kinds)
    if not differs or any(kind.startswith("budget") for kind in kinds):
        return None
    return tuple(
        replace(column, kind="budget", year=None) if column.kind in _FRAMES else column
        for column in columns
    )


_GUESSED = ("budget", "outcome", "forecast", "deviation")


def _by_numbers(
    columns: Sequence[Head], rows: Sequence[Sequence[Cells]], *, by_year: bool, apart: bool
) -> Settled | None:
    """Return the keys where the one column of an unknown word can only be one thing.

    `Riktpunkt`, `Bokfört`, `Avvikelse`: what the difference is the difference of is the budget. It
    is told where the rows prove one meaning, and no other one that the table does not have yet.
    """
    unknown = [at for at, head in enumerate(columns) if head.kind == UNKNOWN]
    if len(unknown) != 1 or len(rows) < FEWEST_PROVING:
        return None
    [at] = unknown
    found = []
    for kind in _GUESSED:
        guessed = (*columns[:at], replace(columns[at], kind=kind), *columns[at + 1 :])
        told = settle(guessed, rows, by_year=by_year, apart=apart)
        own = told.keys[at] if told.keys else None
        if own is not None and _is_proved(own, told.keys, rows):
            found.append(told)
    return found[0] if len(found) == 1 else None


def _is_proved(key: str, keys: Sequence[str | None], rows: Sequence[Sequence[Cells]]) -> bool:
    """Say whether nearly all rows prove a difference that a column is, or is a part of.

    Of the ways to read a row one has to: that several rows do so by chance is not likely.
    """
    named = [one or "" for one in keys]
    pairs = [one for one in named if one == key or key in (compared(one, named) or ())]
    for difference in pairs:
        fits = [[difference_fits(difference, named, cells) for cells in row] for row in rows]
        told = [True in row for row in fits if row.count(None) < len(row)]
        if sum(told) >= FEWEST_PROVING and sum(told) * 5 >= len(told) * 4:
            return True
    return False


def _left(columns: Sequence[Head]) -> tuple[Head, ...] | None:
    """Return the heads with what is left of a budget as its deviation, None without such a column.

    It may be left of something else: it is the deviation only where the numbers prove it.
    """
    kinds = [column.kind for column in columns]
    if kinds.count("remaining") != 1 or "deviation" in kinds:
        return None
    return tuple(
        replace(column, kind="deviation") if column.kind == "remaining" else column
        for column in columns
    )


def _used(columns: Sequence[Head]) -> tuple[Head, ...] | None:
    """Return the heads with what is used up as the outcome, None where another one is.

    It may be a share of the budget as well: it is the outcome only where the numbers prove it.
    """
    kinds = [column.kind for column in columns]
    if kinds.count(USED) != 1 or {"outcome", "forecast"} & set(kinds):
        return None
    return tuple(
        replace(column, kind="outcome") if column.kind == USED else column for column in columns
    )


@dataclass(frozen=True, slots=True)
class Settled:
    """Keys by column, None for a column whose meaning stays open; empty with a reason."""

    keys: tuple[str | None, ...]
    why: str


def with_percents(columns: Sequence[Head], rows: Sequence[Sequence[Cells]]) -> tuple[Head, ...]:
    """Return the heads, a difference in per cent as such where every value of it says so."""
    return tuple(
        replace(head, kind=IN_PERCENT[head.kind])
        if head.kind in IN_PERCENT and _all_percent([row[0][at] for row in rows if len(row) == 1])
        else head
        for at, head in enumerate(columns)
    )


def _all_percent(figures: Sequence[Figure | None]) -> bool:
    said = [one.written.rstrip().endswith("%") for one in figures if one and one.value is not None]
    return bool(said) and all(said)


def _readings(placed: Sequence[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Yield every reading without repeated keys, the one in the order of the words first.

    A difference is read as that of a pair in the table wherever it can be.
    """
    for keys in itertools.islice(itertools.product(*placed), 4096):
        others = (
            any(compared(meaning, keys) for meaning in meanings if meaning not in keys)
            for key, meanings in zip(keys, placed, strict=True)
            if key in RELATIONS and compared(key, keys) is None
        )
        if len(set(keys)) == len(keys) and not any(others):
            yield keys


def _held(
    at: int,
    best: Sequence[Sequence[str]],
    placed: Sequence[tuple[str, ...]],
    rows: Sequence[Sequence[Cells]],
    *,
    is_dated: bool,
) -> str | None:
    """Return a column's key where the best readings agree on it, or its place in the order says.

    A difference without its pair stays open. So does the only budget beside both outcome and
    forecast, unless its size says whose it is: it may be the period's or the year's.
    """
    keys = best[0]
    if keys[at].startswith(("?", LATER)):
        return None
    if len({reading[at] for reading in best}) == 1:
        sure = len(placed[at]) == 1 and keys[at] in _ALONE
        return keys[at] if sure or keys[at] not in RELATIONS or compared(keys[at], keys) else None
    if keys[at] in RELATIONS:
        return None
    several = sum(len(meanings) > 1 and "budget" in meanings for meanings in placed) > 1
    has = {name: name in keys for name in ("outcome", "forecast")}
    if several or not has["forecast"]:
        return keys[at]
    if has["outcome"] and not is_dated:
        return _nearest(at, keys, rows)
    return "budget_year"


def _nearest(at: int, keys: Sequence[str], rows: Sequence[Sequence[Cells]]) -> str | None:
    """Return whose budget a lone one is: the year's where it lies by the forecast, not the outcome.

    Every row with a budget must say the same, and clearly: twice as near.
    """
    said = set()
    for row in rows:
        cells = row[0]
        names = (at, keys.index("outcome"), keys.index("forecast"))
        found = [one.value for name in names if (one := cells[name]) is not None]
        known = [value for value in found if value is not None]
        if len(known) < len(names) or len(row) > 1 or not known[0]:
            # a result that was to be nought is near to neither
            continue
        to_outcome, to_forecast = abs(known[0] - known[1]), abs(known[0] - known[2])
        if to_forecast * 2 < to_outcome:
            said.add("budget_year")
        elif to_outcome * 2 < to_forecast:
            said.add("budget")
        else:
            said.add("")
    return said.pop() or None if len(said) == 1 else None
