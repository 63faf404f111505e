"""Columns of percent, held against the figures that they are reckoned from."""

from __future__ import annotations

from collections.abc import Sequence

from expectations.contract import Figure

Cells = Sequence[Figure | None]
"""One way to read a row; None where it has no value in a column."""
_NEAR_PERCENT, _FEWEST_TOLD = 2, 3
_SHARES_OF = {
    "used_percent": (("outcome", "budget_year"), ("outcome", "budget")),
    "deviation_percent": (
        *(("outcome", "budget"), ("outcome", "budget_year")),
        *(("forecast", "budget_year"), ("forecast", "budget")),
    ),
    "change_percent": (("outcome", "outcome_prev"), ("outcome", "accounts_prev")),
}
"""Columns of percent, and the pairs of columns that they may be reckoned from."""


def is_no_share(key: str, keys: Sequence[str], rows: Sequence[Sequence[Cells]]) -> bool:
    """Say whether a column of percent is far from what its pairs give, in most rows: it is none."""
    pairs = [pair for pair in _SHARES_OF.get(key, ()) if set(pair) <= set(keys)]
    told = []
    for row in rows if pairs else ():
        value = {name: one.value for name, one in zip(keys, row[0], strict=True) if one}
        share = value.get(key)
        known = [(value.get(a), value.get(b)) for a, b in pairs]
        whole = [(a, b) for a, b in known if a is not None and b]
        if share is not None and whole and len(row) == 1:
            less = 0 if key == "used_percent" else 100
            given = [a / b * 100 - less for a, b in whole]
            told.append(any(abs(abs(share) - abs(one)) <= _NEAR_PERCENT for one in given))
    return len(told) >= _FEWEST_TOLD and sum(told) * 2 < len(told)


def is_share(key: str, keys: Sequence[str], cells: Cells) -> bool | None:
    """Say whether a share in one row is what its pairs give, None where that cannot be told."""
    pairs = [pair for pair in _SHARES_OF.get(key, ()) if set(pair) <= set(keys)]
    told = {name: one.value for name, one in zip(keys, cells, strict=True) if one}
    share = told.get(key)
    if share is None or not pairs:
        return None
    known = [(told.get(a), told.get(b)) for a, b in pairs]
    less = 0 if key == "used_percent" else 100
    given = [a / b * 100 - less for a, b in known if a is not None and b]
    if not given:
        return None
    return any(abs(abs(share) - abs(one)) <= _NEAR_PERCENT for one in given)
