"""The data view of an edition: its tables as CSV and a workbook, everything as JSON, explained.

No text becomes a formula in a spreadsheet: in CSV it gets an apostrophe first, in the workbook it
is written as a string. A number is a number in both.
"""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import xlsxwriter

import templates
from expectations.contract_json import as_json
from tasks.report.as_data import report_as_data, report_schema
from tasks.report.blocks import Cell, Check, Report, Table
from tasks.report.few import hidden_figures, told_without_few, without_few
from tasks.report.material import say
from tasks.report.tracing import computed_in, tables_of
from warehouse.snapshot import Snapshot, StoredRow

TOLD = Path(templates.__file__).parent / "report" / "data.toml"
FORMULA_STARTS = "=+-@\t\r\n"
NUMBER = re.compile(r"[+-]?\d+(?:,\d+)?")
SHEET_NAME = 31
WIDEST = 60


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of data: file name without ending, title, head, rows of texts and numbers."""

    name: str
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def render_data(report: Report, snapshot: Snapshot, few: int = 0) -> dict[str, bytes]:
    """Return the report's data by file name: CSV, a workbook, JSON with schema, the dictionary.

    Counts of fewer persons than `few` are hidden in rows and findings as they are in the report.
    """
    tables = [Sheet(t.table_id, t.caption, t.head, t.rows) for t in tables_of(report.sections)]
    sheets = [*tables, _figures(report), _computed(report)]
    told = _dictionary(report)
    files = {f"{sheet.name}.csv": csv_of(sheet) for sheet in (*sheets, told)}
    files["tabeller.xlsx"] = workbook_of(report, sheets, told)
    files["rapport.json"] = _json(report_as_data(report))
    files["rapport.schema.json"] = _json(report_schema())
    files["uppgifter.json"] = _json([as_json(source) for source in report.sources])
    files["beraknade.json"] = _json([as_json(one) for one in computed_in(report).values()])
    hidden = hidden_figures(snapshot.rows, few)
    instead = say("staff.hidden"), say("staff.hidden_finding")
    rows = [(row, without_few(row, hidden, few, instead[0])) for row in snapshot.rows]
    files["rader.json"] = _json([_row_of(row, shown) for row, shown in rows])
    findings = [told_without_few(finding, hidden, instead[1]) for finding in snapshot.findings]
    files["pakekanden.json"] = _json([as_json(finding) for finding in findings])
    return files


def _row_of(row: StoredRow, shown: Any) -> dict[str, Any]:
    return {
        "board": row.board,
        "period": row.period,
        "section": row.section,
        "key": row.key,
        "document": row.document,
        "version": row.version,
        "row": as_json(shown),
    }


def _figures(report: Report) -> Sheet:
    checks = {check.check_id: check for check in report.checks}
    rows = []
    for source in report.sources:
        check = checks.get(source.check, Check(""))
        told: Sequence[str] = (
            source.figure_id,
            source.board,
            source.section,
            source.written,
            source.document,
            source.place,
            str(source.version),
            source.received,
            source.sha256,
            source.check,
            " ".join(check.on_value),
            " ".join(check.on_row),
            " ".join((*check.on_section, *check.on_document, *check.on_boards)),
            " ".join(check.asked_here),
            " ".join(check.asked_near),
            " ".join(" ".join((why, *rules)) for why, rules in check.not_tried),
        )
        rows.append(tuple(Cell(one) for one in told))
    return Sheet("uppgifter", "Uppgifter med källa", tuple(dictionary()["uppgifter"]), tuple(rows))


def _computed(report: Report) -> Sheet:
    rows = tuple(
        tuple(
            Cell(told)
            for told in (
                *(c.computed_id, c.table, c.what, c.shown, c.how),
                *(" ".join(c.figures), "; ".join(c.items)),
            )
        )
        for c in computed_in(report).values()
    )
    return Sheet("beraknade", "Räknade tal", tuple(dictionary()["beraknade"]), rows)


@cache
def dictionary() -> dict[str, Any]:
    """Return what files and columns mean, as the file of words says it."""
    with TOLD.open("rb") as file:
        return tomllib.load(file)


def _dictionary(report: Report) -> Sheet:
    words = dictionary()
    rows = [(one["name"], "", "", one["told"]) for one in words["file"]]
    for name in ("uppgifter", "beraknade", "kolumner"):
        rows += [(f"{name}.csv", column, "text", told) for column, told in words[name].items()]
    for table in tables_of(report.sections):
        rows += [
            (f"{table.table_id}.csv", head, "tal" if i in table.numbers else "text", meaning)
            for i, head, meaning in _columns(table)
        ]
    cells = tuple(tuple(Cell(one) for one in row) for row in rows)
    return Sheet("kolumner", "Filer och kolumner", tuple(words["kolumner"]), cells)


def _columns(table: Table) -> Iterator[tuple[int, str, str]]:
    """Yield (index, head, meaning): the column in its table, with the table's own note."""
    for index, head in enumerate(table.head):
        note = f" {table.note}" if index in table.numbers and table.note else ""
        yield index, head, f"{head} i tabellen {table.caption}.{note}"


# --- CSV -----------------------------------------------------------------------------------------


def csv_of(sheet: Sheet) -> bytes:
    """Return a sheet as CSV that Excel in Swedish opens with a double click."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([harmless(head) for head in sheet.head])
    for row in sheet.rows:
        writer.writerow([_shown(cell) for cell in row])
    # Excel in Swedish takes UTF-8 only with the mark at the start.
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _shown(cell: Cell) -> str:
    plain = plain_number(cell)
    return harmless(cell.text) if plain is None else plain


def plain_number(cell: Cell) -> str | None:
    """Return a number without thousands' spaces and with the plain minus; None for a text."""
    plain = re.sub("[\u00a0\u202f ]", "", cell.text).replace("−", "-")
    return plain if cell.is_number and NUMBER.fullmatch(plain) else None


def harmless(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    starts = text.lstrip(" \u00a0\ufeff")[:1]
    return f"'{text}" if starts and starts in FORMULA_STARTS + "\uff1d\uff0b\uff0d\uff20" else text


# --- the workbook --------------------------------------------------------------------------------


def workbook_of(report: Report, sheets: Iterable[Sheet], told: Sheet) -> bytes:
    """Return a workbook with a list of contents, one sheet per table, and the dictionary."""
    out = io.BytesIO()
    safe = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, safe)
    # A fixed day: the same report gives the same bytes.
    day = datetime.fromisoformat(report.made_on)
    title = f"{report.title}, {report.subject}"
    book.set_properties({"title": title, "author": report.office, "created": day})
    looks = Looks(book)
    bold = looks.of(bold=True)
    cover = book.add_worksheet("Innehåll")
    cover.set_column(0, 0, 34)
    cover.set_column(1, 1, 90)
    cover.write_string(0, 0, title, bold)
    cover.write_string(1, 0, f"{report.status}, version {report.edition}, {report.made_on}")
    named = list(_named([*sheets, told]))
    for row, (name, sheet) in enumerate(named, start=3):
        cover.write_url(row, 0, f"internal:'{name}'!A1", string=name)
        cover.write_string(row, 1, sheet.title)
    for name, sheet in named:
        _write(book.add_worksheet(name), sheet, looks)
    book.close()
    return out.getvalue()


HEAD = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#EEF3F7"}


def _named(sheets: Sequence[Sheet]) -> Iterator[tuple[str, Sheet]]:
    """Yield (name, sheet); names are at most 31 characters and told apart."""
    used: set[str] = {"innehåll"}
    for sheet in sheets:
        name = re.sub(r"[\[\]:*?/\\']", "-", sheet.name)[:SHEET_NAME]
        number = 1
        while name.lower() in used:
            number += 1
            name = f"{name[: SHEET_NAME - 4]}-{number}"
        used.add(name.lower())
        yield name, sheet


class Looks:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        """Begin with none."""
        self.book = book
        self.made: dict[str, Any] = {}

    def of(self, **look: Any) -> Any:
        """Return the format that looks so."""
        key = repr(look)
        if key not in self.made:
            self.made[key] = self.book.add_format(look)
        return self.made[key]


def _write(page: Any, sheet: Sheet, looks: Looks) -> None:
    page.write_string(0, 0, sheet.title, looks.of(bold=True))
    for column, text in enumerate(sheet.head):
        page.write_string(2, column, text, looks.of(**HEAD))
    for r, row in enumerate(sheet.rows, start=3):
        for column, cell in enumerate(row):
            plain = plain_number(cell)
            if plain is None:
                page.write_string(r, column, cell.text)
            else:
                number = Decimal(plain.replace(",", "."))
                look = looks.of(num_format=_number_format(plain))
                page.write_number(r, column, float(number), look)
    for column, text in enumerate(sheet.head):
        longest = max([len(text), *(len(row[column].text) for row in sheet.rows)])
        page.set_column(column, column, min(max(longest + 2, 8), WIDEST))
    page.freeze_panes(3, 1)
    if sheet.rows:
        page.autofilter(2, 0, 2 + len(sheet.rows), len(sheet.head) - 1)


def _number_format(plain: str) -> str:
    decimals = len(plain.partition(",")[2])
    return "#,##0" + (f".{'0' * decimals}" if decimals else "")


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
