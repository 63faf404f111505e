"""Columns of projects: what a project may cost and has cost in all, beside what it does in a year.

`Utfall t.o.m. 2025-04` beside a total budget and `Utfall jan–apr 2025` is what has been spent since
the project began. The words say so, or the place right behind the total budget; a row that has
spent more in the year than in all says that they do not, and then both columns stay open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tasks.readers.column_heads import Head
from tasks.readers.percents import Cells

_LEVELS = ("budget", "outcome", "forecast")
_SPENT = ("outcome", "worked")
_BOTH = 2


def of_projects(columns: Sequence[Head], rows: Sequence[Sequence[Cells]]) -> tuple[Head, ...]:
    """Return the heads with those of whole projects told from those of a year."""
    found = list(columns)
    for kind in _LEVELS:
        own = [at for at, head in enumerate(found) if head.kind == kind and not head.previous]
        whole = [at for at in own if found[at].reach == "whole"]
        named = any(head.kind == f"total_{kind}" for head in found)
        if len(whole) == 1 and len(own) == _BOTH and not named:
            found[whole[0]] = replace(found[whole[0]], kind=f"total_{kind}", scope="", year=None)
    spent = [at for at, head in enumerate(found) if head.kind in _SPENT and not head.previous]
    since = _since_it_began(found, spent)
    if since is not None and any(_is_less(row, since, spent) for row in rows):
        return tuple(replace(h, kind="open") if at in spent else h for at, h in enumerate(found))
    if since is not None:
        found[since] = replace(found[since], kind="total_outcome", scope="", year=None, month=None)
    return tuple(_as_outcome(head, found) for head in found)


def _since_it_began(columns: Sequence[Head], spent: Sequence[int]) -> int | None:
    """Return the column of what projects have cost in all, None where none is told to be it."""
    kinds = [head.kind for head in columns]
    if "total_outcome" in kinds or not any(kind.startswith("total_") for kind in kinds):
        return None
    said = [at for at in spent if _is_since(columns[at]) or _is_worked_behind(at, columns)]
    if not said and len(spent) == _BOTH:
        # the year is said of the other one
        said = [at for at in spent if _is_bare(columns[at]) and _is_behind_total(at, columns)]
        others = [at for at in spent if at not in said]
        said = said if all(columns[at].year or columns[at].scope for at in others) else []
    return (
        said[0]
        if len(said) == 1 and len(spent) <= _BOTH and _tells(said[0], columns, spent)
        else None
    )


def _tells(at: int, columns: Sequence[Head], spent: Sequence[int]) -> bool:
    """Say whether a column beside a total budget can only be of the whole project.

    An outcome up to a day that stands alone may be that of the year.
    """
    return len(spent) == _BOTH or columns[at].kind == "worked"


def _is_since(head: Head) -> bool:
    return head.reach in ("until", "whole") or head.scope == "ack"


def _is_bare(head: Head) -> bool:
    return not (head.year or head.scope or head.month)


def _is_worked_behind(at: int, columns: Sequence[Head]) -> bool:
    head = columns[at]
    return head.kind == "worked" and _is_bare(head) and _is_behind_total(at, columns)


def _is_behind_total(at: int, columns: Sequence[Head]) -> bool:
    return at > 0 and columns[at - 1].kind.startswith("total_")


def _is_less(row: Sequence[Cells], since: int, spent: Sequence[int]) -> bool:
    """Say whether less has been spent since the project began than in the year."""
    if len(row) != 1:
        return False
    values = [one.value for at in spent if at != since and (one := row[0][at]) is not None]
    whole = row[0][since]
    known = [abs(value) for value in values if value is not None]
    return (
        whole is not None
        and whole.value is not None
        and any(value > abs(whole.value) for value in known)
    )


def _as_outcome(head: Head, columns: Sequence[Head]) -> Head:
    """Return what is spent as the outcome; beside a total budget it has to say of what year."""
    if head.kind != "worked":
        return head
    total = any(other.kind.startswith("total_budget") for other in columns)
    sure = not total or head.year or head.scope or any(c.kind == "total_outcome" for c in columns)
    return replace(head, kind="outcome" if sure else "open")


def dated_budgets(columns: Sequence[Head]) -> frozenset[int]:
    """Return the budgets that have the year of the forecast beside an outcome of its months.

    `Budget 2025`, `Utfall jan–apr 2025`, `Prognos 2025`: what is said with the year is of the year.
    """
    years = {c.year for c in columns if c.kind == "forecast" and not c.scope and not c.month}
    months = any(c.kind == "outcome" and c.scope == "period" and not c.previous for c in columns)
    return frozenset(
        at
        for at, column in enumerate(columns)
        if months and column.kind == "budget" and not column.scope and not column.month
        if column.year is not None and column.year in years
    )
