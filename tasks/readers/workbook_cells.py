"""The cells of a workbook as it shows them: values, days, numbers with the decimals they show."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

from expectations.contract import Place
from expectations.form_layout import CENTRAL_SHAPE
from tasks.readers.form_rows import Found

_FORMULA = re.compile(rb"<(\w+:)?f[\s/>]")
_DECIMALS = re.compile(r"0\.(0+)")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as found cells by (row, column), 1-based; empty cells are left out."""

    name: str
    cells: dict[tuple[int, int], Found]

    def row(self, number: int) -> dict[int, Found]:
        """Return one row's cells by column."""
        return {c: cell for (r, c), cell in self.cells.items() if r == number}

    def rows(self) -> Iterator[tuple[int, dict[int, Found]]]:
        """Yield every row that holds anything, with its cells by column."""
        by_row: dict[int, dict[int, Found]] = {}
        for (row, column), cell in self.cells.items():
            by_row.setdefault(row, {})[column] = cell
        yield from sorted(by_row.items())


def sheets_of(data: bytes) -> Iterator[Sheet]:
    """Yield every sheet with its values; the formulas behind them are looked at if there are any.

    openpyxl gives values or formulas, never both: a formula without a value needs a second look.
    """
    shown = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    behind = shown
    if _has_formulas(data):
        behind = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False)
    for sheet in shown.worksheets:
        # A wrong <dimension> would hide rows, so it is not trusted.
        sheet.reset_dimensions()
        cells = {}
        rows = sheet.iter_rows()
        others = rows
        if behind is not shown:
            behind[sheet.title].reset_dimensions()
            others = behind[sheet.title].iter_rows()
        for number, values in enumerate(rows, start=1):
            under = values if others is rows else next(others)
            for column, (cell, formula) in enumerate(zip(values, under, strict=True), start=1):
                if cell.value is None and formula.data_type != "f":
                    continue
                place = Place(sheet=sheet.title, cell=f"{get_column_letter(column)}{number}")
                found = _found(cell, place)
                if found is not None:
                    cells[number, column] = found
        yield Sheet(sheet.title, cells)


def _has_formulas(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        sheets = [name for name in package.namelist() if name.startswith("xl/worksheets/")]
        return any(_FORMULA.search(package.read(name)) for name in sheets)


def _found(cell: Any, place: Place) -> Found | None:
    """Return one cell. No value here means a formula without one: broken, never zero."""
    value = cell.value
    if value is None:
        return Found("", place, broken=True)
    if cell.data_type == "e":
        return Found(str(value), place, broken=True)
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = _number(Decimal(format(value, ".15g")), cell.number_format, place)
        is_central = CENTRAL_SHAPE.strip('" ') in cell.number_format
        return replace(number, is_central=is_central)
    if isinstance(value, datetime | date):
        day = value.date() if isinstance(value, datetime) else value
        return Found(day.isoformat(), place, day=day)
    words = {True: "Ja", False: "Nej"}
    text = words[value] if isinstance(value, bool) else str(value).strip()
    return Found(text, place) if text else None


def _number(value: Decimal, shape: str, place: Place) -> Found:
    """Return a number as Excel holds it (15 digits), with the decimals that the cell shows."""
    if "%" in shape:
        value *= 100
    exponent = value.normalize().as_tuple().exponent
    actual = max(0, -exponent if isinstance(exponent, int) else 0)
    fixed = _DECIMALS.search(shape)
    shown = actual if shape in ("General", "@") else len(fixed[1]) if fixed else 0
    written = f"{value:.{max(shown, actual)}f}".replace(".", ",").replace("-", "−")
    return Found(written, place, number=Decimal(f"{value:.{max(shown, actual)}f}"), decimals=shown)
