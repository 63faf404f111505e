"""What the columns of a table mean: header words to keys, held against the rows' arithmetic.

`heads` reads the words of a header in order; `settle` turns them into keys. A word that may mean
two things (`Budget` of the period or the year, `Avvikelse` against budget or last year) takes the
one meaning that the numbers of the rows agree with. A header with words that are not understood,
or with two columns of the same meaning, is not settled at all.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from expectations.contract import Figure
from expectations.registers import plain
from tasks.readers.wording import Wording

_YEAR = re.compile(r"(20\d{2})(?:-?(0[1-9]|1[0-2])(?:-?(?:[0-2]\d|3[01]))?)?(?![\d])")
_SHORT = re.compile(r"(2\d)(0[1-9]|1[0-2])(?!\d)")
"""Year and month as bookkeepers write them: `2508`."""
_UNTIL = re.compile(r"t\.?\s?o\.?\s?m\.?\s+(?=20\d{2}(?!-))")
_DAY = re.compile(r"\d{1,2}(?=[\s/]+[a-zåäö])")
_EMPTY = " .,:;()/-–*"
RELATIONS = {
    "deviation": (("outcome", "budget"), ("outcome", "budget_year")),
    "forecast_deviation": (("forecast", "budget_year"),),
    "change": (("outcome", "outcome_prev"),),
    "forecast_change": (("forecast", "forecast_prev"),),
}
"""A difference and the pairs of columns that it may be the difference of, the likeliest first."""
_MEANINGS = {
    "budget": ("budget", "budget_year"),
    "deviation": tuple(RELATIONS),
    "change": ("change", "forecast_change"),
}
_MOST_COLUMNS = 16
_YEARLY = ("outcome", "outcome_prev", "accounts_prev", "target_year", "baseline")
_APART = 3
Cells = Sequence[Figure | None]
"""One way to read a row; None where it has no value in a column."""


@dataclass(frozen=True, slots=True)
class Head:
    """One column as its words say: kind ("" where only a year stands), scope, year and month."""

    kind: str
    scope: str = ""
    previous: bool = False
    year: str | None = None
    month: int | None = None


def heads(
    text: str, words: Wording, *, more: bool = False, whole: bool = False, joined: bool = False
) -> tuple[Head, ...] | None:
    """Return the columns that a header names, in order; None where a word is not understood.

    Words before the first that is known name the column of labels, unless the text is the `whole`
    header of one column. `more` takes the words that only tables of key figures have. Words that
    are one column in a cell (`Avvikelse prognos`) are two in a line, unless they are `joined`.
    """
    names = ["columns", *(["more_columns"] * more), *(["column_cells"] * (whole or joined))]
    left = plain(re.sub(r"(?<=[a-zåäö])-\s*\n\s*(?=[a-zåäö])", "", text)).lstrip(_EMPTY)
    found: list[Head] = []
    while left:
        taken = _take(left, found, words, names)
        if taken is None and (found or whole):
            return None
        left = left[taken:] if taken else re.sub(r"^\S+", "", left)
        left = left.lstrip(_EMPTY)
    return tuple(found) if len(found) <= _MOST_COLUMNS else None


def _take(left: str, found: list[Head], words: Wording, names: Sequence[str]) -> int | None:
    """Take the next word or phrase into `found`; return its length, None where it is unknown."""
    kinds = [words.opening(name, left) for name in names]
    kind = max((one for one in kinds if one), key=lambda one: len(one[0]), default=None)
    if kind is not None:
        found.append(_head(kind[1]))
        return len(kind[0])
    year = _YEAR.match(left) or _SHORT.match(left)
    if year is not None:
        written = year[1] if len(year[1]) > 2 else f"20{year[1]}"  # noqa: PLR2004 - `25`
        _mark_year(found, written, int(year[2]) if year[2] else None)
        return year.end()
    until = _UNTIL.match(left)
    if until is not None and found and found[-1].kind == "outcome":
        # what a project has cost since it began is no outcome of last year
        found[-1] = replace(found[-1], kind="total_outcome")
        return until.end()
    mark = words.opening("column_marks", left)
    if mark is not None:
        _mark(found, mark[1])
        return len(mark[0])
    day = _DAY.match(left)
    return day.end() if day else words.skipped(left)


def _head(code: str) -> Head:
    kind, _, scope = code.partition(" ")
    return Head(kind, scope)


def _mark_year(found: list[Head], year: str, month: int | None) -> None:
    """Give a year to the last column; one that has a year already stands for a column more."""
    last = found[-1] if found else Head("")
    if found and last.year is None and last.kind:
        found[-1] = replace(last, year=year, month=last.month or month)
    else:
        found.append(Head(last.kind, last.scope, year=year, month=month))


def _mark(found: list[Head], mark: str) -> None:
    # A mark before the first column is the head of a group: which columns it holds is not said.
    if not found:
        return
    last = found[-1]
    if mark == "previous":
        found[-1] = replace(last, previous=True)
    elif mark.isdigit():
        found[-1] = replace(last, month=int(mark), scope=last.scope or "period")
    else:
        found[-1] = replace(last, scope=last.scope or mark)


# --- from heads to keys --------------------------------------------------------------------------


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
    placed = _placed(columns, by_year)
    twice = _twice(placed)
    if twice and not apart:
        return Settled((), "Två kolumner har samma rubrik.")
    if twice:
        placed = tuple((f"?{at}",) if at in twice else keys for at, keys in enumerate(placed))
    evidence = [(keys, *_evidence(keys, rows)) for keys in _readings(placed)]
    fitting = [(keys, proved) for keys, proved, contradicted in evidence if not contradicted]
    if not fitting:
        return Settled((), "Avvikelsen stämmer inte med de kolumner den borde jämföra.")
    most = max(proved for _, proved in fitting)
    best = [keys for keys, proved in fitting if proved == most]
    return Settled(tuple(_held(at, best, placed, rows) for at in range(len(columns))), "")


@dataclass(frozen=True, slots=True)
class Settled:
    """Keys by column, None for a column whose meaning stays open; empty with a reason."""

    keys: tuple[str | None, ...]
    why: str


def repeats(columns: Sequence[Head]) -> bool:
    """Say whether a header names the same column twice."""
    return bool(_twice(_placed(columns, by_year=False)))


def _placed(columns: Sequence[Head], by_year: bool) -> tuple[tuple[str, ...], ...]:  # noqa: FBT001
    """Return the possible keys of each column."""
    return tuple(
        (column.year,)
        if by_year and column.year and column.kind in ("", "outcome", "accounts")
        else _keys(column, columns)
        for column in columns
    )


def _twice(placed: Sequence[tuple[str, ...]]) -> set[int]:
    """Return the columns that can only be the same as another one."""
    sure = [keys[0] if len(keys) == 1 else f"?{at}" for at, keys in enumerate(placed)]
    return {at for at, key in enumerate(sure) if sure.count(key) > 1}


def _keys(column: Head, columns: Sequence[Head]) -> tuple[str, ...]:
    if column.kind in ("", "outcome"):
        return (_outcome(column, columns),)
    if column.kind == "accounts":
        newest = max((c.year or "" for c in columns), default="")
        own = column.year == newest and not any(c.kind == "outcome" for c in columns)
        return ("outcome",) if own and newest else ("accounts_prev",)
    if column.kind == "forecast":
        latest = max(c.month or 0 for c in columns if c.kind == "forecast")
        earlier = column.month is not None and column.month < latest
        return ("forecast_prev",) if column.previous or earlier else ("forecast",)
    if column.kind == "budget" and column.previous:
        return ("budget_prev",)
    if column.kind == "budget" and column.scope:
        return ("budget",) if column.scope == "period" else ("budget_year",)
    return _MEANINGS.get(column.kind, (column.kind,))


def _outcome(column: Head, columns: Sequence[Head]) -> str:
    """Return the key of an outcome: this year's, last year's period or whole year, or its year.

    Last year's outcome is that of the whole year where another column has its period.
    """
    years = _years(columns)
    if not _is_older(column, years):
        return "outcome"
    if column.year is not None and column.year not in years[-2:]:
        return column.year
    others = [c for c in columns if c is not column]
    period_stands_beside = any(
        c.kind == "outcome_prev"
        or (c.kind == "outcome" and c.scope == "period" and _is_older(c, years))
        for c in others
    )
    whole = column.scope == "year" or (column.scope != "period" and period_stands_beside)
    return "accounts_prev" if whole else "outcome_prev"


def _years(columns: Sequence[Head]) -> list[str]:
    return sorted({c.year for c in columns if c.year and c.kind in ("", "outcome", "forecast")})


def _is_older(column: Head, years: Sequence[str]) -> bool:
    return column.previous or bool(column.year and years and column.year < years[-1])


def _readings(placed: Sequence[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Yield every reading without repeated keys, the one in the order of the words first.

    A difference is read as that of a pair in the table wherever it can be.
    """
    for keys in itertools.islice(itertools.product(*placed), 4096):
        others = (
            any(_pair(meaning, keys) for meaning in meanings)
            for key, meanings in zip(keys, placed, strict=True)
            if key in RELATIONS and _pair(key, keys) is None
        )
        if len(set(keys)) == len(keys) and not any(others):
            yield keys


def _pair(key: str, keys: Sequence[str]) -> tuple[str, str] | None:
    pairs = RELATIONS.get(key, ())
    return next(((one, other) for one, other in pairs if one in keys and other in keys), None)


def _evidence(keys: Sequence[str], rows: Sequence[Sequence[Cells]]) -> tuple[int, int]:
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
            proved += len(pairs) - pairs.index(_pair(key, keys) or pairs[-1]) + 1
        elif told:
            contradicted += 1
    return proved, contradicted


def only_reading(keys: Sequence[str | None], row: Sequence[Cells]) -> Cells | None:
    """Return the one way to read a row that its differences agree with, None where several do."""
    if len(row) == 1:
        return row[0]
    named = [key or "" for key in keys]
    fitting: dict[int, list[Cells]] = {}
    for cells in row:
        told = [difference_fits(key, named, cells) for key in named]
        if False not in told:
            fitting.setdefault(told.count(True), []).append(cells)
    most = max(fitting, default=0)
    if most:
        return fitting[most][0] if len(fitting[most]) == 1 else None
    even = [cells for cells in row if _year_on_year(keys, cells)]
    return even[0] if len(even) == 1 else None


def _year_on_year(keys: Sequence[str | None], row: Cells) -> bool:
    """Say whether every value is an outcome of some year and none is far from another.

    The number of pupils does not change threefold: of two ways to part the digits of a row where
    no difference is printed, the one that gives such values is right.
    """
    if not all(key and (key.isdigit() or key in _YEARLY) for key in keys):
        return False
    values = [f.value for f in row if f is not None and f.value]
    sizes = [abs(value) for value in values]
    alike = len({value > 0 for value in values}) == 1
    return len(values) == len(row) and alike and max(sizes) <= _APART * min(sizes)


def difference_fits(key: str, keys: Sequence[str], row: Cells) -> bool | None:
    """Say whether a difference in a row is that of its pair, within what rounding can explain.

    None where it cannot be told. The sign is the city's: costs may be printed without minus.
    """
    pair = _pair(key, keys)
    if pair is None:
        return None
    figures = [row[keys.index(name)] for name in (*pair, key)]
    known = [f for f in figures if f is not None and f.value is not None]
    if len(known) < len(figures):
        return None
    first, second, difference = (f.value or Decimal(0) for f in known)
    tolerance = Decimal("1.5").scaleb(-min(f.decimals or 0 for f in known))
    return abs(abs(first - second) - abs(difference)) <= tolerance


def _held(
    at: int,
    best: Sequence[Sequence[str]],
    placed: Sequence[tuple[str, ...]],
    rows: Sequence[Sequence[Cells]],
) -> str | None:
    """Return a column's key where the best readings agree on it, or its place in the order says.

    A difference without its pair stays open. So does the only budget beside both outcome and
    forecast, unless its size says whose it is: it may be the period's or the year's.
    """
    keys = best[0]
    if keys[at].startswith("?"):
        return None
    if len({reading[at] for reading in best}) == 1:
        return keys[at] if keys[at] not in RELATIONS or _pair(keys[at], keys) else None
    if keys[at] in RELATIONS:
        return None
    several = sum(len(meanings) > 1 and "budget" in meanings for meanings in placed) > 1
    has = {name: name in keys for name in ("outcome", "forecast")}
    if several or not has["forecast"]:
        return keys[at]
    return _nearest(at, keys, rows) if has["outcome"] else "budget_year"


def _nearest(at: int, keys: Sequence[str], rows: Sequence[Sequence[Cells]]) -> str | None:
    """Return whose budget a lone one is: the year's where it lies by the forecast, not the outcome.

    Every row must say the same, and clearly: twice as near.
    """
    said = set()
    for row in rows:
        cells = row[0]
        names = (at, keys.index("outcome"), keys.index("forecast"))
        found = [one.value for name in names if (one := cells[name]) is not None]
        known = [value for value in found if value is not None]
        if len(known) < len(names) or len(row) > 1:
            continue
        to_outcome, to_forecast = abs(known[0] - known[1]), abs(known[0] - known[2])
        if to_forecast * 2 < to_outcome:
            said.add("budget_year")
        elif to_outcome * 2 < to_forecast:
            said.add("budget")
        else:
            said.add("")
    return said.pop() or None if len(said) == 1 else None
