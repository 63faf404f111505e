"""Tables with a column of units (`Styrtal, Enhet, Utfall 2024`): each row's unit is its figures'.

In a real table the unit's cell is put behind the name; as flattened text it stands there already.
"""

from __future__ import annotations

import re
from dataclasses import replace

from expectations.contract import Figure
from expectations.register_files import generic_vocabulary
from expectations.registers import plain
from tasks.readers.grid import Grid, Row
from tasks.readers.pages import Table
from tasks.readers.real_table import one_line

_NAMES = ("enhet", "sort", "måttenhet")
_HEADED = re.compile(
    rf"\b(?:indikator\w*|styrtal|nyckeltal|mått|mätetal|styrmått) (?:{'|'.join(_NAMES)})\b"
)
_BEHIND = re.compile(r"^(?P<name>\S.*?),? (?P<unit>\S+)$")


def with_units_behind(table: Table) -> Table:
    """Return a table with the cells of a column of units behind the names before them."""
    head = [plain(one_line(cell.text)) for cell in table.rows[0]] if table.rows else []
    at = next((head.index(name) for name in _NAMES if name in head), 0)
    if at != 1:
        return table
    rows = [
        (replace(row[0], text=f"{row[0].text.rstrip()} {one_line(row[1].text)}"), *row[2:])
        if len(row) > 1
        else row
        for row in table.rows
    ]
    return replace(table, rows=tuple(rows))


def with_own_units(table: Grid) -> Grid:
    """Return a table with the units of its names as those of the figures, the names without."""
    if not _HEADED.search(plain(table.shown)):
        return table
    return replace(table, rows=tuple(_with_unit(row) for row in table.rows))


def _with_unit(row: Row) -> Row:
    found = _BEHIND.match(row.label)
    if found is None:
        return row
    known = {**generic_vocabulary()["unit_names"], **generic_vocabulary()["units"]}
    unit = known.get(plain(found["unit"]))
    if unit is None and "/" not in found["unit"]:
        return row
    columns = {key: _in(unit, one) for key, one in row.columns.items()}
    return replace(row, label=found["name"], columns=columns)


def _in(unit: str | None, figure: Figure) -> Figure:
    """Return a figure in the unit of its row; one of another scale keeps what it was read as."""
    if figure.value is None or " " in (unit or ""):
        return figure
    return replace(figure, unit=unit or None)
