"""A city's registers as a workbook that people keep, and back: every cell is text as written.

Sheets, headings and help stand in `expectations/forms/register-book.toml`. Row n of a sheet is
line n of its CSV file, so that the loader's faults can be told by sheet and row.
"""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zipfile import BadZipFile

import openpyxl
import xlsxwriter
from openpyxl.utils.exceptions import InvalidFileException

from expectations.form_layout import FORMS
from expectations.register_rows import OPTIONAL
from expectations.registers import RegisterError

MADE = datetime(2026, 1, 1)  # noqa: DTZ001 - a fixed stamp: same registers, same bytes
Rows = list[dict[str, str]]


class BookError(Exception):
    """A workbook that is no register book; says what was found and how to get a right one."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its file, what it is for, the columns that name a row, and all columns."""

    file: str
    title: str
    told: str
    key: tuple[str, ...]
    columns: Mapping[str, tuple[str, str]]
    """Heading and help by the CSV file's column."""
    is_acts: bool = False
    """Whether the rows are acts of the office and not lines of a file."""


@dataclass(frozen=True, slots=True)
class Change:
    """One row that differs: new, gone, or changed with the headings of what changed."""

    sheet: str
    row: str
    kind: str
    fields: tuple[tuple[str, str, str], ...] = ()
    """Heading, as it was, as it becomes."""


@cache
def sheets() -> tuple[Sheet, ...]:
    """Return the sheets of the book in order."""
    told = tomllib.loads((FORMS / "register-book.toml").read_text(encoding="utf-8"))
    return tuple(
        Sheet(
            one["file"],
            one["sheet"],
            one["help"],
            tuple(one["key"]),
            {name: (heading, help_) for name, (heading, help_) in one["columns"].items()},
            one.get("is_acts", False),
        )
        for one in told.values()
    )


def rows_in(folder: Path) -> dict[str, Rows]:
    """Return every row of a city's folder as written, by file."""
    return {
        sheet.file: _csv_rows((folder / sheet.file).read_text(encoding="utf-8-sig"))
        for sheet in sheets()
        if (folder / sheet.file).is_file()
    }


def _csv_rows(text: str) -> Rows:
    return [
        {name: value or "" for name, value in row.items() if name}
        for row in csv.DictReader(io.StringIO(text, newline=""))
    ]


def write_book(rows: Mapping[str, Rows], *, city_name: str) -> bytes:
    """Return the workbook: a sheet per register, text cells, help on every heading."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True, "strings_to_numbers": False}) as book:
        book.set_properties({"title": f"Register för {city_name}", "created": MADE})
        head = book.add_format({"bold": True, "bg_color": "#0f4c75", "font_color": "#ffffff"})
        cell = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        for sheet in sheets():
            page = book.add_worksheet(sheet.title)
            page.freeze_panes(1, 1)
            page.repeat_rows(0)
            page.set_landscape()
            page.set_paper(9)
            page.fit_to_pages(1, 0)
            for column, (name, (heading, help_)) in enumerate(sheet.columns.items()):
                page.write_string(0, column, heading, head)
                page.write_comment(0, column, help_, {"x_scale": 2})
                found = [len(row.get(name, "")) for row in rows.get(sheet.file, ())]
                width = min(max([len(heading) + 3, *found]), 48)
                page.set_column(column, column, width, cell)
                for line, row in enumerate(rows.get(sheet.file, ()), start=1):
                    page.write_string(line, column, row.get(name, ""), cell)
            page.autofilter(0, 0, len(rows.get(sheet.file, ())), len(sheet.columns) - 1)
    return data.getvalue()


def read_book(data: bytes) -> dict[str, Rows]:
    """Return the rows of each sheet by file; BookError where it is not a register book.

    Sheets may be moved and columns be in any order; dates and numbers that a program has made of
    the text are written as the register writes them.
    """
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    except (InvalidFileException, BadZipFile, KeyError, ValueError, OSError, EOFError):
        raise BookError("Filen är ingen Excel-arbetsbok som går att öppna.") from None
    by_title = {page.title.strip().lower(): page for page in book.worksheets}
    missing = [s.title for s in sheets() if s.title.lower() not in by_title and _is_needed(s)]
    if missing:
        raise BookError(
            f"Fliken {missing[0]} saknas. Ta fram en ny arbetsbok med samlad registers export."
        )
    return {
        s.file: list(_sheet_rows(s, by_title[s.title.lower()]))
        for s in sheets()
        if s.title.lower() in by_title
    }


def _is_needed(sheet: Sheet) -> bool:
    """Say whether a book must have the sheet: one from before it came changes nothing there."""
    return not sheet.is_acts and sheet.file not in OPTIONAL


def _sheet_rows(sheet: Sheet, page: object) -> Iterator[dict[str, str]]:
    lines = page.iter_rows(values_only=True)  # type: ignore[attr-defined] # openpyxl's worksheet
    headings = [_written(value) for value in next(lines, ())]
    by_heading = {heading.lower(): name for name, (heading, _) in sheet.columns.items()}
    unknown = [h for h in headings if h and h.lower() not in by_heading]
    if unknown:
        raise BookError(
            f"Fliken {sheet.title} har kolumnen {unknown[0]}, som inte finns. Rubrikerna ska stå "
            "på första raden, som i arbetsboken från samlad registers export."
        )
    names = [by_heading.get(heading.lower(), "") for heading in headings]
    for values in lines:
        yield {n: _written(v) for n, v in zip(names, values, strict=False) if n}


def _written(value: object) -> str:
    """Return a cell as the register writes it."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()


def write_folder(rows: Mapping[str, Rows], folder: Path) -> None:
    """Write the rows as the CSV files of a city's folder; a sheet that is not there is left."""
    for sheet in (s for s in sheets() if not s.is_acts and s.file in rows):
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, list(sheet.columns), lineterminator="\n")
        writer.writeheader()
        kept = rows.get(sheet.file, [])
        while kept and not any(kept[-1].values()):
            kept = kept[:-1]  # what is left under a table that was cleared
        writer.writerows({name: row.get(name, "") for name in sheet.columns} for row in kept)
        (folder / sheet.file).write_text(text.getvalue(), encoding="utf-8")


def changes(before: Mapping[str, Rows], after: Mapping[str, Rows]) -> list[Change]:
    """Return what differs between two states, by sheet and row."""
    found = []
    for sheet in (s for s in sheets() if s.file in after):
        old, new = (_keyed(sheet, rows.get(sheet.file, [])) for rows in (before, after))
        for key in [*old, *(key for key in new if key not in old)]:
            told = " ".join(part for part in key if part)
            if key not in new:
                found.append(Change(sheet.title, told, "gone"))
            elif key not in old:
                found.append(Change(sheet.title, told, "new"))
            elif fields := _differing(sheet, old[key], new[key]):
                found.append(Change(sheet.title, told, "changed", fields))
    return found


def _keyed(sheet: Sheet, rows: Rows) -> dict[tuple[str, ...], dict[str, str]]:
    kept = (row for row in rows if any(row.values()))
    return {tuple(row.get(name, "") for name in sheet.key): row for row in kept}


def _differing(
    sheet: Sheet, old: Mapping[str, str], new: Mapping[str, str]
) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (heading, old.get(name, ""), new.get(name, ""))
        for name, (heading, _) in sheet.columns.items()
        if old.get(name, "") != new.get(name, "")
    )


def told_by_sheet(error: RegisterError) -> list[str]:
    """Return the loader's faults with sheets and headings in place of files and columns."""
    lines = []
    for file, line, fault, remedy in error.faults:
        sheet = next((s for s in sheets() if file.endswith(s.file)), None)
        place = f"fliken {sheet.title}" if sheet else file
        told = f"{place}{f', rad {line}' if line else ''}: {fault} {remedy}"
        for name, (heading, _) in (sheet.columns if sheet else {}).items():
            told = told.replace(f"Kolumnen {name} ", f"Kolumnen {heading} ")
        lines.append(told)
    return lines
