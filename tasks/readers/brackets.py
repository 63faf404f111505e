"""Values in brackets: the minus sign of some tables, last year's value in others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from expectations.contract import Figure

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


def negative(found: Figure) -> Figure:
    """Return a figure that stands in brackets, where these are the table's minus sign."""
    return replace(found, value=-found.value) if found.value else found
