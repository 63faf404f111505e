"""Write the issued form as a Word document or a PDF: the same entries as the workbook.

Every section is a chapter. Figures stand in one table, prose in one card per row. Both formats
carry the form's mark in their properties and as a line under the title. Same inputs, same bytes.
"""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import docx
import jinja2
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

import templates
from expectations.contract import Reading
from expectations.form_layout import Column, Layout, SectionLayout, in_year
from expectations.registers import Board, City, Round
from tasks.form_values import Issue, Row, nothing_said, rows_of, start_entries

_ZIP_DAY = (1980, 1, 1, 0, 0, 0)
"""The first day a zip file can hold: parts get it so that the same form has the same bytes."""
_MANY_COLUMNS = 6


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as both formats print it: a title for the reader's eye, headings, rows of text."""

    title: str | None
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shape: str
    figures: tuple[bool, ...] = ()
    """Which columns hold figures, for a table; they are set to the right."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One section of the form in a document."""

    heading: str
    help: str
    sheets: tuple[Sheet, ...]


def chapters_of(issue: Issue, *, filled_only: bool) -> Iterator[Chapter]:
    """Yield the form's chapters; `filled_only` leaves out what nobody can fill in any more."""
    yield Chapter(issue.layout.start_sheet, "", (_first_page(issue, filled_only=filled_only),))
    for section in issue.layout.sections:
        answered, ours = rows_of(issue, section)
        rows = answered if filled_only else answered + ours
        spare: list[Row] = [] if filled_only else [{}]
        if rows or spare:
            sheets = tuple(_sheets(issue, section, rows + spare, filled_only=filled_only))
            yield Chapter(section.sheet, section.help, sheets)


def _first_page(issue: Issue, *, filled_only: bool) -> Sheet:
    layout, entries = issue.layout, start_entries(issue)
    rows = [
        (line.label, entries[line.field].text if line.field in entries else "")
        for line in layout.start
    ]
    for group, label in layout.group_labels.items():
        rows.append((label, layout.nothing if nothing_said(issue, group) else layout.reported))
    kept = tuple(row for row in rows if row[1] or not filled_only)
    return Sheet(None, (layout.entry_heading, layout.answer_heading), kept, "cards")


def _sheets(
    issue: Issue, section: SectionLayout, rows: list[Row], *, filled_only: bool
) -> Iterator[Sheet]:
    if section.shape == "table":
        columns = [
            column
            for column in section.columns
            if not filled_only or any(_text(issue, column, row) for row in rows)
        ]
        headings = tuple(_heading(issue, column) for column in columns)
        lines = tuple(tuple(_text(issue, column, row) for column in columns) for row in rows)
        figures = tuple(column.kind == "figure" for column in columns)
        yield Sheet(None, headings, lines, "table", figures)
        return
    layout = issue.layout
    for number, row in enumerate(rows, start=1):
        pairs = tuple(
            (_heading(issue, column), _text(issue, column, row))
            for column in section.columns
            if _text(issue, column, row) or not (filled_only or column.prefilled)
        )
        title = f"{section.sheet} {number}"
        yield Sheet(title, (layout.entry_heading, layout.answer_heading), pairs, "cards")


def _heading(issue: Issue, column: Column) -> str:
    """Return a heading with its unit in parentheses, where the column has one of its own."""
    heading = column.heading_in(issue.year)
    if column.kind != "figure" or column.unit in (None, "row"):
        return heading
    return f"{heading} ({issue.layout.unit_word(column.unit)})"


def _text(issue: Issue, column: Column, row: Row) -> str:
    entry = row.get(in_year(column.field, issue.year))
    return entry.text if entry else ""


def write_docx(
    layout: Layout,
    *,
    city: City,
    board: Board,
    round: Round,  # noqa: A002 - the house word for a turn of reporting
    filled: Reading | None = None,
) -> bytes:
    """Return the form as a Word document with real headings and tables."""
    issue = Issue(layout, city, board, round, filled)
    document = docx.Document()
    _page(document)
    set_properties(document, issue, issue.mark)
    document.add_heading(f"{layout.title}: {board.name}", level=1)
    document.add_paragraph(issue.mark)
    document.add_paragraph(f"{round.name}. {layout.intro}" if filled is None else round.name)
    for chapter in chapters_of(issue, filled_only=False):
        document.add_heading(chapter.heading, level=2)
        if chapter.help:
            document.add_paragraph(chapter.help)
        for sheet in chapter.sheets:
            if sheet.title:
                document.add_heading(sheet.title, level=3)
            _table(document, sheet)
    out = io.BytesIO()
    document.save(out)
    return same_bytes(out.getvalue())


def _page(document: Any) -> None:
    page = document.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = Cm(29.7), Cm(21)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(page, side, Cm(1.8))
    document.styles["Normal"].font.name = "Calibri"
    document.styles["Normal"].font.size = Pt(10)


def set_properties(document: Any, issue: Issue, mark: str) -> None:
    """Set what a Word file says of itself: title, mark, language, and no clock."""
    properties = document.core_properties
    properties.title = f"{issue.layout.title}: {issue.board.name}, {issue.round.name}"
    properties.keywords = mark
    properties.language = "sv-SE"
    properties.author = ""
    properties.comments = ""
    day = datetime.combine(issue.round.opens_on, time(), UTC).replace(tzinfo=None)
    properties.created = properties.modified = day


def _table(document: Any, sheet: Sheet) -> None:
    table = document.add_table(rows=1, cols=len(sheet.headings))
    table.style = "Table Grid"
    _fill(table.rows[0], sheet.headings, bold=True, size=8 if _is_wide(sheet) else 10)
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)  # noqa: SLF001 - python-docx has no other way
    for row in sheet.rows:
        _fill(table.add_row(), row, bold=False, size=8 if _is_wide(sheet) else 10)
    if sheet.shape == "cards":
        for cells in table.rows:
            cells.cells[0].width, cells.cells[1].width = Cm(6), Cm(20)
    document.add_paragraph()


def _is_wide(sheet: Sheet) -> bool:
    return len(sheet.headings) > _MANY_COLUMNS


def _fill(row: Any, texts: tuple[str, ...], *, bold: bool, size: int) -> None:
    for cell, text in zip(row.cells, texts, strict=True):
        run = cell.paragraphs[0].add_run(text)
        run.bold = bold
        run.font.size = Pt(size)


def same_bytes(data: bytes) -> bytes:
    """Return a zip file with the same parts and no clock in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            part = zipfile.ZipInfo(entry.filename, _ZIP_DAY)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.create_system = 3
            new.writestr(part, old.read(entry))
    return out.getvalue()


def write_pdf(
    layout: Layout,
    *,
    city: City,
    board: Board,
    round: Round,  # noqa: A002 - the house word for a turn of reporting
    filled: Reading,
) -> bytes:
    """Return a filled form as a tagged PDF; tables go on over pages with their headings."""
    issue = Issue(layout, city, board, round, filled)
    page = (
        _environment()
        .get_template("form.html.j2")
        .render(
            issue=issue,
            title=f"{layout.title}: {board.name}",
            chapters=tuple(chapters_of(issue, filled_only=True)),
            created=round.opens_on.isoformat(),
        )
    )
    return _pdf(page, issue)


@cache
def _environment() -> jinja2.Environment:
    folder = Path(templates.__file__).parent / "board"
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["words"] = _words
    return environment


def _words(text: str) -> list[tuple[str, bool]]:
    """Divide a text into pieces and say which must not be broken: a line may end at a hyphen."""
    return [(piece, "-" in piece and not piece.isspace()) for piece in re.split(r"(\s+)", text)]


def _pdf(page: str, issue: Issue) -> bytes:
    import weasyprint  # noqa: PLC0415 - 1 s, and only a PDF needs it

    day = datetime.combine(issue.round.opens_on, time(), UTC)
    before = os.environ.get("SOURCE_DATE_EPOCH")
    # The only clock in the file is that of the embedded fonts; fontTools reads this variable.
    os.environ["SOURCE_DATE_EPOCH"] = str(int(day.timestamp()))
    try:
        document = weasyprint.HTML(string=page, url_fetcher=_no_fetching)
        pdf: bytes = document.write_pdf(
            pdf_identifier=issue.mark.encode(), pdf_variant="pdf/ua-1", pdf_tags=True
        )
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before
    return pdf


def _no_fetching(url: str, *_: Any, **__: Any) -> Any:
    message = f"a form has no outside parts: {url[:40]}"
    raise ValueError(message)
