"""What the numbers of a row prove: differences of its columns, sums, and sizes.

A reading of a row is right where its differences are those of the columns that they compare. The
same numbers may prove two readings; then sizes tell them apart, or nothing does.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from expectations.contract import Figure
from tasks.readers.percents import Cells, is_no_share

RELATIONS = {
    "deviation": (("outcome", "budget"), ("outcome", "budget_year")),
    "forecast_deviation": (("forecast", "budget_year"), ("forecast", "budget")),
    "change": (
        ("outcome", "outcome_prev"),
        ("budget_year", "budget_prev"),
        ("budget", "budget_prev"),
    ),
    "forecast_change": (("forecast", "forecast_prev"),),
}
"""A difference and the pairs of columns that it may be the difference of, the likeliest first."""
_TO_FORECAST = (("outcome", "forecast"),)
"""What `Avvikelse` right behind a forecast may be where the budget has one of its own."""


_LEVELS = (
    "outcome",
    "outcome_prev",
    "accounts_prev",
    "target_year",
    "baseline",
    "budget",
    "budget_year",
    "budget_prev",
    "forecast",
    "forecast_prev",
    "total_budget",
    "total_outcome",
    "total_forecast",
)


MONEY = (
    "outcome",
    "outcome_prev",
    "accounts_prev",
    "budget",
    "budget_year",
    "forecast",
    *RELATIONS,
)
"""Columns that hold amounts of money in a table of money."""


_NOTE = "note"


_APART = 3


_TORN = 25
"""A level that is so many times another in its row may be a part of one number."""


_NEAR, _CLEARLY = Decimal("1.5"), Decimal("1.6")
_FAR = 100
"""Thousands taken apart make some value a thousand times too small or too large."""


def compared(key: str, keys: Sequence[str]) -> tuple[str, str] | None:
    """Return the pair of columns, both in the table, that a column is the difference of.

    A budget with a deviation of its own is the period's: no forecast is compared with it.
    """
    pairs = _TO_FORECAST if key == "forecast_difference" else RELATIONS.get(key, ())
    if key == "forecast_deviation" and "deviation" in keys:
        pairs = pairs[:1]
    return next(((one, other) for one, other in pairs if one in keys and other in keys), None)


def proofs(keys: Sequence[str], rows: Sequence[Sequence[Cells]]) -> tuple[int, int]:
    """Return how well the rows prove the differences, and how many they contradict.

    The likeliest pair of a difference counts most.
    """
    proved = contradicted = 0
    for key in keys:
        told = [
            any(known)
            for row in rows
            if (known := [f for c in row if (f := difference_fits(key, keys, c)) is not None])
        ]
        if told and sum(told) * 3 >= len(told) * 2:
            pairs = RELATIONS[key]
            likely = pairs.index(compared(key, keys) or pairs[-1])
            proved += max(1, (3 if key == "deviation" else 2) - likely)
        elif told:
            contradicted += 1
    return proved, contradicted + sum(is_no_share(key, keys, rows) for key in keys)


def are_shifted(keys: Sequence[str], rows: Sequence[Sequence[Cells]]) -> int:
    """Return how many differences stand before what they compare and are larger than that.

    `41 216 39 800 1 416` fits budget, difference, outcome as well as outcome, budget, difference:
    a header read with its columns shifted by one is proved by the same arithmetic.
    """
    found = 0
    for key in keys:
        behind = [n for n in compared(key, keys) or () if keys.index(n) > keys.index(key)]
        for name in behind:
            told = [
                all(_is_larger(cells[keys.index(key)], cells[keys.index(name)]) for cells in fit)
                for row in rows
                if (fit := [cells for cells in row if difference_fits(key, keys, cells)])
            ]
            found += bool(told) and sum(told) * 3 >= len(told) * 2
    return found


def _is_larger(one: Figure | None, other: Figure | None) -> bool:
    values = [abs(f.value) for f in (one, other) if f is not None and f.value is not None]
    return len(values) > 1 and values[0] > values[1]


def only_reading(
    keys: Sequence[str | None], row: Sequence[Cells], parts: Sequence[Sequence[int]] = ()
) -> Cells | None:
    """Return the one way to read a row that its differences agree with, None where several do.

    Differences are those of the columns of one group; `parts` are their indices.
    """
    if len(row) == 1:
        return row[0]
    fitting: dict[int, list[Cells]] = {}
    for cells in row:
        told = []
        for part in parts if parts and keys else [range(len(keys))]:
            named = [keys[at] or "" for at in part]
            told += [difference_fits(key, named, [cells[at] for at in part]) for key in named]
            told += [False] * _costs_more_in_a_year(named, [cells[at] for at in part])
        if False not in told:
            fitting.setdefault(told.count(True), []).append(cells)
    most = max(fitting, default=0)
    fit = fitting.get(most, ())
    summed = [cells for cells in fit if _adds_up(keys, cells)]
    if len(summed) == 1:
        return summed[0]
    return fit[0] if most and len(fit) == 1 else _most_even(keys, fit, parts)


def _costs_more_in_a_year(keys: Sequence[str], cells: Cells) -> bool:
    """Say whether a project would have cost more in a year than since it began."""
    if not {"total_outcome", "outcome"} <= set(keys):
        return False
    found = [cells[keys.index(name)] for name in ("outcome", "total_outcome")]
    values = [abs(one.value) for one in found if one is not None and one.value is not None]
    return len(values) == len(found) and values[0] > values[1]


def _adds_up(keys: Sequence[str | None], cells: Cells) -> bool:
    """Say whether all of the staff are its women and its men, in every year that a row has."""
    told = []
    for behind in ("", "_prev"):
        names = (f"women{behind}", f"men{behind}", f"all{behind}")
        found = [cells[keys.index(name)] for name in names if name in keys]
        values = [one.value for one in found if one is not None and one.value is not None]
        if len(values) == len(names):
            told.append(values[0] + values[1] == values[2])
    return bool(told) and all(told)


def torn(keys: Sequence[str | None], cells: Cells, parts: Sequence[Sequence[int]]) -> bool:
    """Say whether a reading looks like a number taken apart: levels many times one another.

    Where a difference of the row proves it, it is not.
    """
    proved = any(difference_fits(key or "", [k or "" for k in keys], cells) for key in keys)
    spread = None if proved else _spread(keys, cells, parts)
    return spread is not None and spread > _TORN


def is_told(keys: Sequence[str | None], cells: Cells, parts: Sequence[Sequence[int]]) -> bool:
    """Say whether a difference proves a reading, or it has levels that can be held together."""
    named = [key or "" for key in keys]
    proved = any(difference_fits(key, named, cells) for key in named)
    return proved or _spread(keys, cells, parts) is not None


def _most_even(
    keys: Sequence[str | None], row: Sequence[Cells], parts: Sequence[Sequence[int]]
) -> Cells | None:
    """Return the one reading whose levels lie near one another, None where others do too.

    The number of pupils does not change threefold: of two ways to part the digits of a row where
    no difference is printed, the one that gives such values is right. So is one whose values
    hardly differ, where those of every other way differ clearly more.
    """
    if not keys:
        return None
    known = [(spread, cells) for cells in row if (spread := _spread(keys, cells, parts))]
    if not known:
        return None
    ranked = sorted(known, key=lambda one: one[0])
    best, cells = ranked[0]
    others = [spread for spread, _ in ranked[1:]]
    near = best <= _APART and all(spread > _APART for spread in others)
    clear = best <= _NEAR and all(spread > best * _CLEARLY for spread in others)
    far = best <= _FAR and all(spread > best * _FAR for spread in others)
    return cells if near or clear or far else None


def _spread(
    keys: Sequence[str | None], row: Cells, parts: Sequence[Sequence[int]]
) -> Decimal | None:
    """Return how many times the largest level of a group is its smallest, None where unknown.

    Every column but a note or a difference must be a level: an outcome, a budget, a forecast.
    """
    found = Decimal(1)
    for part in parts or [range(len(keys))]:
        levels = [at for at in part if not _is_no_level(keys[at])]
        if not all((key := keys[at]) and (key.isdigit() or key in _LEVELS) for at in levels):
            return None
        figures = [row[at] for at in levels]
        values = [f.value for f in figures if f is not None and f.value is not None]
        told = [value for value in values if value]
        if len(values) < len(levels) or len(told) < 2:  # noqa: PLR2004 - one level has no other
            return None
        if len({value > 0 for value in told}) > 1:
            return Decimal("Infinity")
        sizes = [abs(value) for value in told]
        found = max(found, max(sizes) / min(sizes))
    return found


def _is_no_level(key: str | None) -> bool:
    """Say whether a column's values are no amounts that lie near one another in a row."""
    open_ = key is None or key.startswith(("later", "?"))
    return open_ or key == _NOTE or key in RELATIONS or bool(key and key.endswith("_percent"))


def difference_fits(key: str, keys: Sequence[str], row: Cells) -> bool | None:
    """Say whether a difference in a row is that of its pair, within what rounding can explain.

    None where it cannot be told. The sign is the city's: costs may be printed without minus.
    """
    off = misfit(key, keys, row)
    return None if off is None else off <= ROUNDING


_TO_BUDGET = ("deviation", "forecast_deviation")


ROUNDING = Decimal("1.5")
"""Units of the last decimal by which a difference may miss that of rounded numbers."""


def misfit(key: str, keys: Sequence[str], row: Cells) -> Decimal | None:
    """Return by how many units of the last decimal a difference misses that of its pair."""
    pair = compared(key, keys)
    if pair is None:
        return None
    figures = [row[keys.index(name)] for name in (*pair, key)]
    known = [f for f in figures if f is not None and f.value is not None]
    if len(known) < len(figures):
        return None
    first, second, difference = (f.value or Decimal(0) for f in known)
    decimals = min(f.decimals or 0 for f in known)
    off = abs(abs(first - second) - abs(difference))
    if key in _TO_BUDGET and first * second < 0:
        # the net is a cost with its minus, and the budget what the board is given for it
        off = min(off, abs(abs(abs(first) - abs(second)) - abs(difference)))
    return off.scaleb(decimals)
