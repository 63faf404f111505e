"""Whether the columns of a row add up: income and costs to the net, net and grant to the result."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from tasks.readers.line_heads import Column
from tasks.readers.percents import Cells


def sums_hold(cells: Cells, at: dict[str | None, int], others: Sequence[int]) -> bool | None:
    """Say whether income and costs make up the net, and net and grant the result.

    One of the `others` may be part of the result: what of last year's is disposed of.
    """
    income, costs = (_value(cells, at.get(name)) for name in ("income", "costs"))
    net, grant, result = (
        _value(cells, at.get(name)) for name in ("net_cost", "municipal_grant", "result")
    )
    if income is None or costs is None:
        return None
    own = abs(income) - abs(costs)
    near = _tolerance(cells)
    told = []
    if net is not None:
        told.append(abs(abs(own) - abs(net)) <= near)
    if result is not None:
        parts = [Decimal(0), *(value for n in others if (value := _value(cells, n)) is not None)]
        whole = own + (grant or 0)
        told.append(
            any(
                abs(abs(whole + part * sign) - abs(result)) <= near
                for part in parts
                for sign in (1, -1)
            )
        )
    return all(told) if told else None


def all_hold(columns: Sequence[Column], cells: Cells, at: dict[str | None, int]) -> bool:
    """Say whether the net of every group and the difference to the budget hold too."""
    groups: dict[tuple[str, str | None], dict[str | None, int]] = {}
    for index, column in enumerate(columns):
        groups.setdefault((column.kind, column.year), {})[column.line] = index
    told = [sums_hold(cells, group, ()) for group in groups.values()]
    near = _tolerance(cells)
    kinds = [column.kind if column.line is None else "" for column in columns]
    if kinds.count("budget") == 1 and kinds.count("deviation") == 1:
        budget, difference = (_value(cells, kinds.index(name)) for name in ("budget", "deviation"))
        net = _value(cells, at.get("net_cost"))
        if budget is not None and difference is not None and net is not None:
            told.append(abs(abs(abs(budget) - abs(net)) - abs(difference)) <= near)
    return False not in told


def is_difference(rows: Sequence[Cells], net: int | None, budget: int | None, at: int) -> bool:
    """Say whether a column is the difference of net and budget, with the same sign in most rows."""
    told = [
        (abs(budgeted) - abs(own), difference, _tolerance(cells))
        for cells in rows
        if (own := _value(cells, net)) is not None
        and (budgeted := _value(cells, budget)) is not None
        and (difference := _value(cells, at)) is not None
    ]
    fitting = max(
        sum(abs(less * sign - difference) <= near for less, difference, near in told)
        for sign in (1, -1)
    )
    return bool(told) and fitting * 3 >= len(told) * 2


def _tolerance(cells: Cells) -> Decimal:
    decimals = min((one.decimals or 0 for one in cells if one and one.value is not None), default=0)
    return Decimal(2).scaleb(-decimals)


def _value(cells: Cells, at: int | None) -> Decimal | None:
    one = cells[at] if at is not None else None
    return one.value if one is not None else None
