"""A city's registers as a workbook that people keep, and back: every cell is text as written.

Sheets, headings and help stand in `expectations/forms/register-book.toml`. Row n of a sheet is
line n of its CSV file, so that the loader's faults can be told by sheet and row.
"""

from __future__ import annotations

import csv
import io
import re
import textwrap
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zipfile import BadZipFile

import openpyxl
import xlsxwriter
from openpyxl.utils.exceptions import InvalidFileException
from xlsxwriter.worksheet import Worksheet

from expectations.form_layout import FORMS
from expectations.personal import has_number
from expectations.register_rows import OPTIONAL
from expectations.registers import RegisterError

MADE = datetime(2026, 1, 1)  # noqa: DTZ001 - a fixed stamp: same registers, same bytes
A3, A4 = 8, 9
"""Sizes of paper, as Excel numbers them."""
ON_A4 = 165
ON_A3 = 235
"""Characters across a landscape page that are read without effort."""
SHORT_CELL, LONG_WORD = 14, 20
WIDEST = 48
HEAD_HEIGHT, LINE_HEIGHT = 32, 15
"""Two lines of a heading and one of a cell, in points: not all programs fit rows to their text."""
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
        top = {"text_wrap": True, "valign": "top"}
        head = book.add_format({"bold": True, "bg_color": "#0f4c75", "font_color": "#ffffff"} | top)
        cell = book.add_format({"num_format": "@"} | top)
        for sheet in sheets():
            page, found = book.add_worksheet(sheet.title), rows.get(sheet.file, ())
            widths = _widths(sheet, found)
            page.freeze_panes(1, 1)
            page.set_row(0, HEAD_HEIGHT)
            _as_printed(page, sheet, city_name, sum(widths))
            for column, (name, (heading, help_)) in enumerate(sheet.columns.items()):
                page.write_string(0, column, heading, head)
                page.write_comment(0, column, help_, {"x_scale": 2})
                page.set_column(column, column, widths[column], cell)
                for line, row in enumerate(found, start=1):
                    page.write_string(line, column, row.get(name, ""), cell)
            for line, row in enumerate(found, start=1):
                lines = max(map(_lines, (row.get(name, "") for name in sheet.columns), widths))
                if lines > 1:
                    page.set_row(line, lines * LINE_HEIGHT)
            page.autofilter(0, 0, len(found), len(sheet.columns) - 1)
    return data.getvalue()


def _widths(sheet: Sheet, rows: Sequence[Mapping[str, str]]) -> list[int]:
    """Return the columns' widths in characters: whole words, and no wider than a sheet of paper.

    Where all would be wider than that, the widest columns give way and their cells wrap.
    """
    least, wanted = [], []
    for name, (heading, _) in sheet.columns.items():
        cells = [row.get(name, "") for row in rows]
        parts = [len(part) for text in cells for part in _unbroken(text)]
        arrow = max(map(len, heading.split())) + 3  # the filter's arrow stands beside the heading
        least.append(min(max([arrow, *parts]) + 1, WIDEST))
        wanted.append(min(max([least[-1], *(len(text) + 1 for text in cells)]), WIDEST))
    room = ON_A4 if sum(least) <= ON_A4 else ON_A3
    while sum(wanted) > max(room, sum(least)):
        able = [i for i, width in enumerate(wanted) if width > least[i]]
        wanted[max(able, key=lambda i: (wanted[i], i))] -= 1
    return wanted


def _unbroken(text: str) -> list[str]:
    """Return what has to stand on one line: words, dates and short cells; long ids may break."""
    if len(text) <= SHORT_CELL:
        return [text]
    words = re.split(r"[\s|]+", text)
    return [p for w in words for p in (re.split("(?<=-)", w) if len(w) > LONG_WORD else [w])]


def _lines(text: str, width: int) -> int:
    return max(1, len(textwrap.wrap(text.replace("|", "| "), max(width - 1, 1))))


def _as_printed(page: Worksheet, sheet: Sheet, city_name: str, width: int) -> None:
    """Let a sheet be read on paper: as large as it fits, headings on every page, lines between."""
    page.repeat_rows(0)
    page.set_landscape()
    page.set_paper(A4 if width <= ON_A4 else A3)
    page.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    page.fit_to_pages(1, 0)
    page.hide_gridlines(0)
    page.set_header(f"&L&B{sheet.title}&B, {city_name}&R&P (&N)")
    page.set_footer(f"&L&9{sheet.told}")


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
    for number, values in enumerate(lines, start=2):
        row = {n: _written(v) for n, v in zip(names, values, strict=False) if n}
        if any(map(has_number, row.values())):
            raise BookError(
                f"Fliken {sheet.title}, rad {number}, innehåller ett personnummer. Ta bort det."
            )
        yield row


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


def without_person(rows: Rows, names: Collection[str]) -> tuple[Rows, int]:
    """Return the contacts without some persons, and how many rows named one.

    A row that is the person's goes; where the person stands in for another, that is emptied.
    """
    gone = {" ".join(name.split()).casefold() for name in names}
    kept, count = [], 0
    for row in rows:
        own, other = (" ".join(row.get(n, "").split()).casefold() for n in ("name", "stand_in"))
        count += own in gone or other in gone
        if own not in gone:
            emptied = {"stand_in": "", "stand_in_mail": ""} if other in gone else {}
            kept.append(dict(row) | emptied)
    return kept, count


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
