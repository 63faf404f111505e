"""Values in brackets: the minus sign of some tables, last year's value in others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from expectations.contract import Figure
from tasks.readers.column_heads import Head

IN_BRACKETS = re.compile(r"\(\s?[+−–-]?\d[^()]*\)|[^\s()]*\d[^\s()]*")
"""The values of a row as they are written, brackets with them."""

DIFFERENCES = ("deviation", "forecast_deviation", "change", "forecast_change")
"""Columns whose brackets are a minus sign for certain: last year's value stands in none of them."""


def bracketed_are_negative(rows: Sequence[Sequence[str]]) -> bool:
    """Say whether brackets are the minus sign of a table: then rows of costs have several.

    Last year's values may stand in brackets too, but they are one in a row, or the whole column:
    where rows of as many values have none, they are not last year's. Nor are they where all
    values of a row have them.
    """
    told = [[text.strip().startswith("(") for text in row if text.strip()] for row in rows]
    if any(len(row) > 1 and all(row) for row in told):
        return True
    several = any(sum(row) > 1 for row in told) and any(not one for row in told for one in row)
    widths = {len(row) for row in told if sum(row) == 1 and len(row) > 1}
    return several or any(len(row) in widths and not any(row) for row in told)


def every_row_has(rows: Sequence[Sequence[str]]) -> bool:
    """Say whether all rows, several, have a value in brackets: they may be last year's."""
    told = [any(text.strip().startswith("(") for text in row) for row in rows]
    return len(told) > 1 and all(told)


def last_years(heads: Sequence[Head], row: Sequence[str]) -> frozenset[int]:
    """Return the columns of a row whose brackets say that the value is last year's.

    No other amount of the row has any: `4 100 (3 900) 4 000 (100)`. Where all amounts of a table
    of costs have brackets, so have last year's, and they are its minus sign.
    """
    amounts = [at for at, head in enumerate(heads) if head.kind not in DIFFERENCES]
    inside = {at for at in amounts if row[at].strip().startswith("(")}
    before = {at for at in amounts if heads[at].previous or heads[at].kind in _BEFORE}
    return frozenset(inside) if inside <= before < set(amounts) else frozenset()


_BEFORE = ("outcome_prev", "accounts_prev", "budget_prev")


def negative(found: Figure) -> Figure:
    """Return a figure that stands in brackets, where these are the table's minus sign."""
    return replace(found, value=-found.value) if found.value else found
