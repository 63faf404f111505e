"""What the words of a header may mean: the keys that each column can have, by the heads alone.

A head speaks with the others: `Budget` beside a period's outcome may be the period's or the
year's, a year is the outcome or the plan by the years beside it. `columns.settle` chooses among
these by the numbers of the rows.
"""

from __future__ import annotations

from collections.abc import Sequence

from tasks.readers.column_heads import SHARES, UNKNOWN, Head, by_group
from tasks.readers.project_columns import of_projects
from tasks.readers.row_arithmetic import RELATIONS

_MEANINGS = {
    "budget": ("budget", "budget_year"),
    "deviation": tuple(RELATIONS),
    "change": ("change", "forecast_change"),
}
_SCOPED = {
    "outcome": ("deviation",),
    "period": ("deviation", "change"),
    "year": ("forecast_deviation", "deviation"),
}
"""What a deviation is whose words say of what."""
LATER = "later"
"""Begins the key of a column of a year to come: a plan, next year's budget."""
_OPEN = ("plan", "grant", "open", "remaining", "used", UNKNOWN)
"""Columns that stay open unless the numbers tell what they are."""
_SAME_TWICE = ("words", "trend")
"""Columns without figures: a table may have several."""
_REPORTED = "now"
"""Stands behind every year: that of an outcome whose year is not printed."""


def repeats(columns: Sequence[Head]) -> bool:
    """Say whether a header names the same column twice."""
    parts = (of_projects([columns[at] for at in part], ()) for _, part in by_group(columns))
    return any(told_twice(placed_keys(part, by_year=False)) for part in parts)


def meanings(columns: Sequence[Head]) -> tuple[tuple[str, ...], ...]:
    """Return the keys that each column may have, by its words and the other columns'."""
    return placed_keys(columns, by_year=False)


def placed_keys(columns: Sequence[Head], by_year: bool) -> tuple[tuple[str, ...], ...]:  # noqa: FBT001
    """Return the possible keys of each column."""
    now = _now(columns)
    whole = {c.year for c in columns if c.kind == "outcome" and not c.scope}
    return tuple(
        (f"{LATER} period {column.year}",)
        if by_year and not column.kind and column.scope == "period" and column.year in whole
        else (column.year,)
        if by_year and column.year and column.kind in ("", "outcome", "accounts")
        else _other_year(at, columns, now) or _keys(column, columns)
        for at, column in enumerate(columns)
    )


def _now(columns: Sequence[Head]) -> str | None:
    """Return the year that a table reports: that of its newest outcome, else of its forecast."""
    for kinds in (("", "outcome"), ("accounts",), ("forecast",)):
        years = [c.year for c in columns if c.kind in kinds and c.year and not c.previous]
        if years:
            return max(years)
    return None


def _plans(columns: Sequence[Head], now: str | None) -> bool:
    """Say whether a table has budgets of several years, all later than what happened."""
    years = {c.year for c in columns if c.kind == "budget" and c.year}
    happened = any(c.kind in ("outcome", "forecast") and not c.year for c in columns)
    happened = happened or (now is not None and len(years) > 0 and min(years) <= now)
    return len(years) > 1 and not happened


def _other_year(at: int, columns: Sequence[Head], now: str | None) -> tuple[str, ...] | None:
    """Return the key of a plan, or of a budget or forecast of another year than the table's.

    Where it is the only one of its kind the table has it for the year that it reports.
    """
    column = columns[at]
    own = _of_itself(at, column)
    if own is not None:
        return own
    if column.year is None:
        return None
    if _plans(columns, now):
        return _of_plan(column, columns)
    if now is None or column.kind not in ("budget", "forecast"):
        return None
    return _by_year(column, columns, now)


def _of_itself(at: int, column: Head) -> tuple[str, ...] | None:
    """Return the key of a column that says nothing together with others: a plan, an open one."""
    if column.kind == "plan_year":
        return (f"plan_{column.year}",)
    if column.kind in _OPEN:
        own = column.year if column.kind == "plan" else None
        return (f"{LATER} {column.kind} {own or at}",)
    return (f"{column.kind} {at}",) if column.kind in _SAME_TWICE else None


def _of_plan(column: Head, columns: Sequence[Head]) -> tuple[str, ...] | None:
    """Return the key of a column where next year is planned: what happened is of years before."""
    if column.kind in ("", "outcome", "accounts") and column.year:
        return (column.year,)
    if column.kind != "budget":
        return None
    years = {c.year for c in columns if c.kind == "budget" and c.year}
    if len(years) > 2:  # noqa: PLR2004 - which of three is the year planned is not said
        return (f"{LATER} {column.kind} {column.year}",)
    return _by_year(column, columns, max(years)) or ("budget_year",)


def _by_year(column: Head, columns: Sequence[Head], now: str) -> tuple[str, ...] | None:
    """Return the key of a budget or forecast beside those of other years than the table's own."""
    same = {c.year for c in columns if c.kind == column.kind and c.year}
    if len(same) < 2 or now not in same or column.year in (now, None):  # noqa: PLR2004 - two to compare
        return None
    if str(column.year) > now:
        return (f"{LATER} {column.kind} {column.year}",)
    back = int(now) - int(str(column.year))
    return (f"{column.kind}_prev" if back == 1 else f"{column.kind} {column.year}",)


def told_twice(placed: Sequence[tuple[str, ...]]) -> set[int]:
    """Return the columns that can only be the same as another one."""
    sure = [keys[0] if len(keys) == 1 else f"?{at}" for at, keys in enumerate(placed)]
    return {at for at, key in enumerate(sure) if sure.count(key) > 1}


def _keys(column: Head, columns: Sequence[Head]) -> tuple[str, ...]:
    if column.kind in SHARES:
        return (_share(column, columns),)
    if column.kind == "deviation":
        return _deviation(column, columns)
    if column.kind.startswith("budget"):
        return _budget(column)
    if column.kind in ("", "outcome", "accounts"):
        level = _accounts if column.kind == "accounts" else _outcome
        return (level(column, columns),)
    if column.kind == "forecast":
        return (_forecast(column, columns),)
    return _MEANINGS.get(column.kind, (column.kind,))


def _forecast(column: Head, columns: Sequence[Head]) -> str:
    latest = max((_until(c) for c in columns if c.kind == "forecast" and not c.previous), default=0)
    earlier = column.month is not None and column.month < latest
    return "forecast_prev" if column.previous or earlier else "forecast"


def _deviation(column: Head, columns: Sequence[Head]) -> tuple[str, ...]:
    own = _of_forecast(column, columns) if column.month is not None else None
    others = [c for c in columns if c.kind == "deviation" and c.scope != "year"]
    if column.scope == "year" and others and column.year is None:
        # `Avvikelse`, `Avvikelse helår`
        own = "forecast_deviation"
    return (own,) if own is not None else _SCOPED.get(column.scope, _MEANINGS["deviation"])


def _of_forecast(column: Head, columns: Sequence[Head]) -> str | None:
    """Return the key of a deviation that has the month of a forecast, where nothing happened yet.

    `Prognos augusti`, `Avvikelse augusti`, `Prognos april`, `Avvikelse april`.
    """
    months = {c.month for c in columns if c.kind == "forecast" and c.month}
    if column.month not in months or any(c.kind in ("", "outcome") for c in columns):
        return None
    return (
        "forecast_deviation" if column.month == max(months, key=int) else f"{LATER} {column.month}"
    )


def _until(forecast: Head) -> int:
    """Return the month that a forecast was made in; one that does not say it is the newest."""
    return forecast.month or 12


def _accounts(column: Head, columns: Sequence[Head]) -> str:
    """Return whether accounts are this year's outcome or last year's."""
    if _is_only_level(column, columns):
        return "outcome"
    years = sorted({c.year for c in columns if c.kind == "accounts" and c.year}, reverse=True)
    newest = [c for c in columns if c.kind == "accounts" and years and c.year == years[0]]
    later = (
        [c for c in columns if c.kind == "outcome" and (c.year or "9") >= years[0]] if years else []
    )
    own = bool(newest) and not later
    own = own and not _is_before_budget(newest[0], columns)
    # a year that is forecast has no accounts yet
    own = own and all(c.year == years[0] for c in columns if c.kind == "forecast")
    if column.year is None:
        return "accounts_prev"
    back = years.index(column.year)
    names = ("outcome", "accounts_prev") if own else ("accounts_prev",)
    return names[back] if back < len(names) else column.year


def _is_only_level(column: Head, columns: Sequence[Head]) -> bool:
    """Say whether undated accounts are all that a budget's deviation can compare."""
    kinds = [c.kind for c in columns]
    others = [kind for kind in kinds if kind in ("", "outcome", "forecast", "accounts")]
    told = "deviation" in kinds and any(kind.startswith("budget") for kind in kinds)
    return told and len(others) == 1 and not (column.year or column.previous)


def _is_before_budget(column: Head, columns: Sequence[Head]) -> bool:
    """Say whether accounts stand beside budgets of later years only: then they are last year's."""
    years = {c.year for c in columns if c.kind == "budget" and c.year}
    return bool(years) and column.year is not None and min(years) > column.year


def _budget(column: Head) -> tuple[str, ...]:
    if column.kind == "budget" and column.previous:
        return ("budget_prev",)
    if column.kind == "budget" and column.scope:
        return ("budget",) if column.scope == "period" else ("budget_year",)
    return _MEANINGS.get(column.kind, (column.kind,))


def _share(column: Head, columns: Sequence[Head]) -> str:
    """Return the key of a share of the staff in a year: that of the newest has no mark."""
    if column.previous:
        return f"{column.kind}_prev"
    years = sorted({c.year for c in columns if c.kind == column.kind and c.year}, reverse=True)
    if column.year is None or column.year == years[0]:
        return column.kind
    return f"{column.kind}_prev" if column.year == years[1] else f"{column.kind} {column.year}"


def _outcome(column: Head, columns: Sequence[Head]) -> str:
    """Return the key of an outcome: this year's, last year's period or whole year, or its year.

    Last year's outcome is that of the whole year where another column has its period.
    """
    years = _years(columns)
    others = [c for c in columns if c is not column]
    if column.scope == "ack" and any(c.kind.startswith("total_") for c in others):
        # beside a project's budget: what it has cost since it began
        return "total_outcome" if any(c.kind == "outcome" for c in others) else "outcome"
    if column.year and column.scope == "year" and any(c.kind == "forecast" for c in others):
        # what is still forecast has no outcome of its whole year
        return "accounts_prev"
    if column.scope == "year" and _is_before_budget(column, columns):
        return "accounts_prev"
    if not _is_older(column, years):
        return "outcome"
    if column.year is not None and column.year not in years[-2:]:
        return column.year
    period_stands_beside = any(
        c.kind == "outcome_prev"
        or (c.kind == "outcome" and c.scope == "period" and _is_older(c, years))
        for c in others
    )
    whole = column.scope == "year" or (column.scope != "period" and period_stands_beside)
    return "accounts_prev" if whole else "outcome_prev"


def _years(columns: Sequence[Head]) -> list[str]:
    """Return the years that a table shows, in order; the last is that which it reports.

    That is the one outcome without a year beside others that have one (`Utfall`, `Utfall 2024`).
    """
    years = sorted({c.year for c in columns if c.year and c.kind in ("", "outcome", "forecast")})
    closed = max((c.year for c in columns if c.year and c.kind == "accounts"), default="")
    if years and closed > years[-1]:
        return [*years, closed]
    levels = [c for c in columns if c.kind in ("", "outcome") and not c.previous]
    undated = [c for c in levels if not c.year and c.kind and c.scope != "year"]
    alone = len(undated) == 1 and len(undated) < len(levels)
    dated = {c.year for c in columns if c.kind == "forecast"} & set(years)
    return [*years, _REPORTED] if alone and not dated else years


def _is_older(column: Head, years: Sequence[str]) -> bool:
    return column.previous or bool(column.year and years and column.year < years[-1])
