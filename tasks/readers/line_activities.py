"""Tables whose rows are activities and whose columns are lines: a small result table for each row.

That income and costs make up the net has to hold in most rows; a row whose sums do not hold in
exactly one way stays unread.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from expectations.contract import Figure, FinanceLine, Unread
from tasks.readers.header_words import heads
from tasks.readers.line_heads import UNCLEAR, Column, LineRow, LineTable
from tasks.readers.line_sums import all_hold, is_difference, sums_hold
from tasks.readers.percents import Cells
from tasks.readers.wording import Wording

SUMS = "Summorna i raden går inte ihop på bara ett sätt."
_FEWEST = 2
_NO_ACTIVITY = ("outcome", "budget", "forecast", "accounts", "deviation", "forecast_deviation")


def by_activity(found: LineTable, words: Wording) -> tuple[list[FinanceLine], list[Unread]] | None:
    """Return the lines of each activity; None where the sums do not tell that it is one."""
    at = _newest(found)
    if not {"income", "costs"} <= set(at) or not {"net_cost", "result"} & set(at):
        return None
    if not any(one and one.unit for row in found.rows for cells in row.readings for one in cells):
        return None
    sides = [heads(row.label, words, whole=True) for row in found.rows]
    if any(one and one[0].kind in _NO_ACTIVITY for one in sides):
        # `Avvikelse` is no activity: the table was to be turned round, and could not be
        return None
    chosen, left = _rows_that_add_up(found, at)
    if len(chosen) * 3 < len(found.rows) * 2 or len(chosen) < _FEWEST:
        return None
    kept = _columns_kept(found, [cells for _, cells in chosen], at)
    lines: list[FinanceLine] = []
    for row, cells in chosen:
        own = "total" if words.code("finance_lines", row.label) == "total" else "other"
        lines += _lines(found, row, cells, kept, own)
        left += [
            Unread(one.written, UNCLEAR, one.place)
            for index, one in enumerate(cells)
            if kept[index] is None and one is not None
        ]
    return lines, left


def _newest(found: LineTable) -> dict[str | None, int]:
    """Return where the newest column of each line stands, of the outcome where it has one."""
    kind = next((c.kind for c in found.columns if c.line == "costs"), "outcome")
    kind = "outcome" if any(c.line and c.kind == "outcome" for c in found.columns) else kind
    at = {
        column.line: index
        for index, column in enumerate(found.columns)
        if _is_newest(column, found, kind)
    }
    if "income" not in at and "income_other" in at:
        at["income"] = at["income_other"]
    return at


def _rows_that_add_up(
    found: LineTable, at: dict[str | None, int]
) -> tuple[list[tuple[LineRow, Cells]], list[Unread]]:
    """Return the rows that add up in exactly one reading, with it, and the others as unread."""
    others = [index for index, column in enumerate(found.columns) if column.kind == "open"]
    chosen: list[tuple[LineRow, Cells]] = []
    left: list[Unread] = []
    for row in found.rows:
        fitting = [cells for cells in row.readings if sums_hold(cells, at, others)]
        if len(fitting) > 1:
            fitting = [cells for cells in fitting if all_hold(found.columns, cells, at)]
        if len(fitting) == 1:
            chosen.append((row, fitting[0]))
        else:
            left.append(Unread(row.written, SUMS, row.place))
    return chosen, left


def _is_newest(column: Column, found: LineTable, kind: str) -> bool:
    years = [one.year for one in found.columns if one.line == column.line and one.year]
    newest = column.year is None or column.year == max(years)
    return column.line is not None and column.kind == kind and newest


def _columns_kept(
    found: LineTable, rows: Sequence[Cells], at: dict[str | None, int]
) -> list[tuple[str, str] | None]:
    """Return (line, key) of each column; None for one that stays open.

    A budget stands behind the line that it is of; a deviation has to be that of net and budget, or
    of net and grant.
    """
    kept: list[tuple[str, str] | None] = []
    budget = at.get("municipal_grant")
    last = ""
    for index, column in enumerate(found.columns):
        last = column.line or last
        if column.line is not None and column.kind != "outcome":
            budgeted = last == "net_cost" and column.kind in ("budget", "budget_year")
            budget = index if budgeted else budget
            proved = column.kind != "deviation" or is_difference(
                rows, at.get("net_cost"), budget, index
            )
            kept.append((last, column.kind) if proved else None)
        elif column.line is not None:
            years = sorted(
                {c.year for c in found.columns if c.line == last and c.year}, reverse=True
            )
            back = years.index(column.year) if column.year else 0
            kept.append((last, ("outcome", "outcome_prev")[back]) if back < _FEWEST else None)
        elif column.kind == "budget" and last == "net_cost":
            budget = index
            kept.append((last, "budget"))
        elif column.kind == "deviation" and is_difference(rows, at.get("net_cost"), budget, index):
            kept.append(("net_cost", "deviation"))
        else:
            kept.append(None)
    return kept


def _lines(
    found: LineTable,
    row: LineRow,
    cells: Cells,
    kept: Sequence[tuple[str, str] | None],
    own: str,
) -> Iterator[FinanceLine]:
    """Yield a row's lines in the order of the columns.

    The net, its budget and its deviation are what the row says of its activity: they go by the
    activity's own name, whatever their column is called (`Netto`, `Nettokostnad`, `Utfall`), as
    they do where a table has no other columns. Income and costs are parts, in a table so named.
    """
    by_line: dict[str, dict[str, Figure]] = {}
    written: dict[str, str] = {}
    for column, key, one in zip(found.columns, kept, cells, strict=True):
        if key is not None and one is not None:
            by_line.setdefault(key[0], {})[key[1]] = one
            written.setdefault(key[0], column.written.capitalize())
    for line, figures in by_line.items():
        if line == "net_cost":
            yield FinanceLine(own, row.label, row.place, found.title or None, figures)
        else:
            yield FinanceLine(line, written[line], row.place, row.label, figures)
