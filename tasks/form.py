"""Write the issued form as a workbook: pre-filled for one board and round, or filled in.

The layout is a data file (expectations/forms). Same inputs, same bytes. `write_docx` and
`write_pdf` write the same form as a document (form_document.py).
"""

from __future__ import annotations

import io
import textwrap
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import Any

import xlsxwriter

from expectations.contract import Reading
from expectations.form_layout import CENTRAL_SHAPE, Column, Layout, SectionLayout, in_year
from expectations.registers import Board, City, Round
from tasks.form_document import write_docx, write_pdf
from tasks.form_values import (
    Before,
    Entry,
    Issue,
    Row,
    nothing_said,
    rows_before,
    rows_of,
    start_entries,
    with_central,
)

__all__ = ["FormError", "write_docx", "write_pdf", "write_workbook"]

HEADING_ROW = 2
FIRST_ROW = 4
LONGEST_CELL = 32_767
"""Characters that Excel holds in one cell."""

_INK = "#1F2A37"
_CELL = {"border": 1, "border_color": "#B9C3CC", "text_wrap": True, "valign": "top"}
_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "font_color": _INK},
    "help": {"font_color": "#4B5563"},
    "heading": _CELL | {"bold": True, "bg_color": "#1F4E5F", "font_color": "#FFFFFF"},
    "hint": _CELL | {"italic": True, "bg_color": "#E5EDF0", "font_color": _INK},
    "fixed": _CELL | {"bg_color": "#F3F4F6"},
    "input": _CELL | {"bg_color": "#FFF9DB", "locked": False},
    "waiting": {"bg_color": "#FFE3B0"},
}


A4, A3 = 9, 8
WIDEST_ON_A4 = 180
"""Characters that fit on a landscape A4 in letters that can be read; a wider sheet gets A3."""
NOTHING_BEFORE = Before()
LINE_HEIGHT = 15
TALLEST_ROW = 400
MOST_LISTED = 4
REMAINING = '[=0]"klart";[=1]0" cell";0" celler"'
SOURCES = ("previous", "last_year")


@dataclass(frozen=True, slots=True)
class Remaining:
    """How the empty cells of one column that must be filled in are counted, and how many are."""

    formula: str
    value: int


def _printed(section: SectionLayout) -> list[tuple[Column, bool]]:
    """Return the columns as printed: each, and after it what was said before where it is shown."""
    return [
        (column, is_shown)
        for column in section.columns
        for is_shown in ((False, True) if column.field in section.previous else (False,))
    ]


class FormError(Exception):
    """Answers that cannot be written in the form: whoever filled it in by program is at fault."""


def write_workbook(
    layout: Layout,
    *,
    city: City,
    board: Board,
    round: Round,  # noqa: A002 - the house word for a turn of reporting
    filled: Reading | None = None,
    groups: tuple[str, ...] | None = None,
    before: Before = NOTHING_BEFORE,
    prose_file: str | None = None,
) -> bytes:
    """Return the form as .xlsx; `groups` limits it to the groups of sections that are owed.

    With `prose_file`, the name of the Word file that goes out beside it, the workbook has no
    place for prose. A section that `filled` has rows in is always written. What the board said
    `before` is shown and carried over, locked. Raises FormError where a text is longer than a
    cell holds.
    """
    own = layout if prose_file is None else _figures(layout)
    issue = Issue(own, city, board, round, filled, before)
    return _Workbook(issue, layout, prose_file).write(groups)


def _figures(layout: Layout) -> Layout:
    """Return the layout of the workbook that has a Word file beside it: without prose."""
    sections = (
        replace(section, columns=tuple(c for c in section.columns if not c.prose))
        for section in layout.sections
        if not section.is_prose
    )
    return replace(layout, sections=tuple(sections))


class _Workbook:
    """The workbook while it is written: formats and lists are made once and shared."""

    def __init__(self, issue: Issue, whole: Layout, prose_file: str | None) -> None:
        self.issue = issue
        self.whole = whole
        self.prose_file = prose_file
        part = f" · {issue.layout.parts['figures']}" if prose_file else ""
        self.mark = f"{issue.mark}{part}"
        self.layout = issue.layout
        self.bytes = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.book = xlsxwriter.Workbook(self.bytes, options)
        self.formats: dict[tuple[str, str], Any] = {}
        self.remaining: dict[str, list[Remaining]] = {}
        self.lists: dict[tuple[str, ...], int] = {}

    def write(self, groups: tuple[str, ...] | None) -> bytes:
        day = self.issue.round.opens_on
        self.book.set_properties(
            {
                "title": f"{self.layout.title}: {self.issue.board.name}, {self.issue.round.name}",
                "keywords": self.mark,
                "created": datetime.combine(day, time(), UTC).replace(tzinfo=None),
            }
        )
        filled = self.issue.filled
        sheet, row = self._start()
        for section in self.layout.sections:
            answered = filled is not None and filled.rows(section.section)
            if groups is None or section.group in groups or answered:
                self._section(section)
        self._groups(sheet, row, groups)
        self._lists_sheet()
        self.book.close()
        return self.bytes.getvalue()

    def look(self, name: str, number_format: str = "") -> Any:
        key = (name, number_format)
        if key not in self.formats:
            extra = {"num_format": number_format} if number_format else {}
            self.formats[key] = self.book.add_format(_LOOKS[name] | extra)
        return self.formats[key]

    def _sheet(self, name: str, title: str, text: str) -> Any:
        sheet = self.book.add_worksheet(name)
        sheet.write_string(0, 0, title, self.look("title"))
        sheet.write_string(1, 0, text, self.look("help"))
        sheet.protect("", {"insert_rows": True, "format_columns": True, "format_rows": True})
        return sheet

    def _start(self) -> tuple[Any, int]:
        """Write the first sheet down to its table of sections; return it and the row for that."""
        layout, issue = self.layout, self.issue
        title = f"{layout.title}: {issue.board.name}"
        sheet = self._sheet(layout.start_sheet, title, layout.intro)
        for at, width in enumerate((28, 34, 16, 18, 30)):
            sheet.set_column(at, at, width)
        sheet.write_string(2, 0, f"{issue.round.name} · {self.mark}", self.look("help"))
        contact = issue.city.settings.get("contact") or issue.city.office
        sheet.write_string(3, 0, layout.contact.format(contact=contact), self.look("help"))
        entries = start_entries(issue)
        if self.prose_file:
            told = layout.prose["other_file"].format(name=self.prose_file)
            sheet.write_string(4, 0, told, self.look("help"))
        row = 6 if self.prose_file else 5
        for line in layout.start:
            sheet.write_string(row, 0, line.label, self.look("hint"))
            entry = entries.get(line.field)
            self._entry(sheet, (row, 1), entry, "fixed" if line.prefilled else "input")
            sheet.write_string(row, 2, line.help, self.look("help"))
            row += 1
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&A&RSida &P av &N")
        return sheet, row + 1

    def _groups(self, sheet: Any, row: int, groups: tuple[str, ...] | None) -> None:
        """One row per group of sections: its answer, its last day, and what remains to fill in."""
        layout, round_ = self.layout, self.issue.round
        headings = (layout.groups_heading, layout.answer_heading, layout.due_heading)
        for at, heading in enumerate((*headings, layout.remaining_heading)):
            sheet.write_string(row, at, heading, self.look("heading"))
        words = (layout.reported, layout.nothing)
        asked = {section.group for section in layout.sections}
        for group, label in layout.group_labels.items():
            if group not in asked:
                continue
            if groups is not None and group not in groups and group not in self.remaining:
                continue
            row += 1
            sheet.write_string(row, 0, label, self.look("hint"))
            is_nothing = nothing_said(self.issue, group)
            sheet.write_string(row, 1, words[is_nothing], self.look("input"))
            sheet.data_validation(row, 1, row, 1, {"validate": "list", "source": list(words)})
            due = round_.due_for(group, self.issue.board.board_id)
            sheet.write_datetime(row, 2, due, self.look("fixed", "yyyy-mm-dd"))
            self._remains(sheet, row, group, is_nothing=is_nothing)

    def _remains(self, sheet: Any, row: int, group: str, *, is_nothing: bool) -> None:
        """Count the empty cells that must be filled in, live, with the value it has now."""
        found = self.remaining.get(group, [])
        terms = "+".join(one.formula for one in found) or "0"
        answer = xlsxwriter.utility.xl_rowcol_to_cell(row, 1)
        formula = f'=IF({answer}="{self.layout.nothing}",0,{terms})'
        value = 0 if is_nothing else sum(one.value for one in found)
        sheet.write_formula(row, 3, formula, self.look("fixed", REMAINING), value)

    def _section(self, section: SectionLayout) -> None:
        whole = self.whole.section(section.section)
        is_divided = self.prose_file is not None and whole.prose
        told = f"{section.help} {self.layout.prose['elsewhere']}" if is_divided else section.help
        answered, ours = rows_of(self.issue, section)
        answered = [with_central(self.issue, section, row) for row in answered]
        ours = [with_central(self.issue, section, row) for row in ours]
        if any(entry.is_central for row in answered + ours for entry in row.values()):
            told += " " + self.layout.central_note.format(source=self.issue.before.central.source)
        sheet = self._sheet(section.sheet, section.sheet, told)
        printed = _printed(section)
        lines = 1
        for at, (column, is_shown) in enumerate(printed):
            star = " *" if column.required and not is_shown else ""
            heading = column.heading_in(self.issue.year) + star
            if is_shown:
                heading = f"{self.layout.previous_heading}: {heading.lower()}"
            hint = self.layout.hints["shown"] if is_shown else self.layout.hint(column)
            sheet.write_string(HEADING_ROW, at, heading, self.look("heading"))
            sheet.write_string(HEADING_ROW + 1, at, hint, self.look("hint"))
            sheet.set_column(at, at, column.width)
            lines = max(lines, len(textwrap.wrap(heading, column.width - 2)))
        sheet.set_row(HEADING_ROW, LINE_HEIGHT * lines + 3)
        spare: list[Row] = [{}] * section.spare_rows
        rows = answered + ours + spare
        before = {source: rows_before(self.issue, section, source) for source in SOURCES}
        for at, row in enumerate(rows):
            locked = len(answered) <= at < len(answered) + len(ours)
            self._row(sheet, FIRST_ROW + at, section, row, before, locked=locked)
            if locked and self.prose_file:
                tall = LINE_HEIGHT * _lines(section, row, self.issue.year) + 3
                sheet.set_row(FIRST_ROW + at, min(tall, TALLEST_ROW))
        last = FIRST_ROW + len(rows) - 1
        for at, (column, is_shown) in enumerate(printed):
            if not is_shown:
                self._validate(sheet, (FIRST_ROW, at, last, at), column)
        self._note_remaining(sheet, section, rows, last)
        prefilled = [column.prefilled for column in section.columns[:2]]
        sheet.freeze_panes(FIRST_ROW, max(1, sum(prefilled)))
        sheet.set_landscape()
        width = sum(column.width for column, _ in printed)
        sheet.set_paper(A3 if width > WIDEST_ON_A4 else A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEADING_ROW, HEADING_ROW + 1)
        sheet.set_footer("&L&A&RSida &P av &N")

    def _note_remaining(
        self, sheet: Any, section: SectionLayout, rows: list[Row], last: int
    ) -> None:
        """Mark empty cells that must be filled in, and remember how they are counted."""
        printed = _printed(section)
        key = next((at for at, (c, shown) in enumerate(printed) if c.required and not shown), None)
        if key is None:
            return
        name = printed[key][0].field
        for at, (column, is_shown) in enumerate(printed):
            if at == key or is_shown or not column.required or column.prefilled:
                continue
            keys = xlsxwriter.utility.xl_range_abs(FIRST_ROW, key, last, key)
            cells = xlsxwriter.utility.xl_range_abs(FIRST_ROW, at, last, at)
            tab = "'" + section.sheet + "'!"
            formula = f'SUMPRODUCT(({tab}{keys}<>"")*({tab}{cells}=""))'
            field = in_year(column.field, self.issue.year)
            empty = sum(in_year(name, self.issue.year) in r and field not in r for r in rows)
            self.remaining.setdefault(section.group, []).append(Remaining(formula, empty))
            first = xlsxwriter.utility.xl_rowcol_to_cell(FIRST_ROW, at)
            of = xlsxwriter.utility.xl_rowcol_to_cell(FIRST_ROW, key, col_abs=True)
            rule = {"type": "formula", "criteria": f'=AND({of}<>"",{first}="")'}
            sheet.conditional_format(cells, rule | {"format": self.look("waiting")})

    def _row(
        self,
        sheet: Any,
        at: int,
        section: SectionLayout,
        row: Row,
        before: dict[str, dict[str, Row]],
        *,
        locked: bool,
    ) -> None:
        label = row.get(section.columns[0].field)
        line = section.line_named(label.text) if label else None
        of_line = line.decimals if line else None
        for number, (column, is_shown) in enumerate(_printed(section)):
            name = in_year(column.field, self.issue.year)
            entry = row.get(name)
            is_ours = (locked and column.prefilled) or (entry is not None and entry.is_central)
            look = "fixed" if is_ours and entry is not None else "input"
            if is_shown or (entry is None and column.carried):
                source, _, of = (column.carried or f"previous:{name}").partition(":")
                if source == "previous" and not is_shown and not self.issue.before.same_year:
                    of = ""
                then = before["previous" if is_shown else source].get(label.text if label else "")
                entry = then.get(name if is_shown else of) if then else None
                look = "fixed" if is_shown or entry is not None else "input"
            shape = _number_format(column, entry, of_line)
            if entry is not None and entry.is_central:
                shape += CENTRAL_SHAPE
            self._entry(sheet, (at, number), entry, look, shape)

    def _entry(
        self, sheet: Any, at: tuple[int, int], entry: Entry | None, look: str, shape: str = ""
    ) -> None:
        if entry is None:
            sheet.write_blank(*at, None, self.look(look, shape))
        elif entry.day is not None:
            sheet.write_datetime(*at, entry.day, self.look(look, "yyyy-mm-dd"))
        elif entry.number is not None:
            sheet.write_number(*at, entry.number, self.look(look, shape))
        elif len(entry.text) > LONGEST_CELL:
            message = f"a text of {len(entry.text)} characters does not fit in a cell"
            raise FormError(message)
        else:
            sheet.write_string(*at, entry.text, self.look(look, shape))

    def _validate(self, sheet: Any, area: tuple[int, int, int, int], column: Column) -> None:
        rule: dict[str, Any] = {"validate": "any"}
        if words := self._words(column):
            rule = {"validate": "list", "source": self._list(words)}
            rule["error_type"] = "warning" if column.kind == "unit" else "stop"
            rule["error_message"] = "Välj ett ord i listan."
        elif column.kind == "figure" and not column.interval:
            rule = {"validate": "decimal", "criteria": "between", "error_type": "warning"}
            rule |= {"minimum": -1e12, "maximum": 1e12}
            rule["error_message"] = "Skriv bara siffror. Enheten står under rubriken."
        if column.help:
            rule |= {"input_title": column.heading_in(self.issue.year)[:32]}
            rule |= {"input_message": column.help[:255]}
        sheet.data_validation(*area, rule)

    def _words(self, column: Column) -> tuple[str, ...]:
        if column.kind == "choice":
            return tuple(self.layout.choices[column.choice or ""].values())
        if column.kind == "unit":
            return tuple(words[0] for words in self.layout.units.values())
        day = self.issue.round.period_to
        scale = self.issue.city.scale(column.scale or "", day)
        return tuple(step.word for step in scale.words)

    def _list(self, words: tuple[str, ...]) -> str:
        """Remember a list for the hidden sheet: one in the rule itself may hold 255 characters."""
        at = self.lists.setdefault(words, len(self.lists))
        area = xlsxwriter.utility.xl_range_abs(0, at, len(words) - 1, at)
        return f"='{self.layout.lists_sheet}'!{area}"

    def _lists_sheet(self) -> None:
        sheet = self.book.add_worksheet(self.layout.lists_sheet)
        for at, words in enumerate(self.lists):
            for row, word in enumerate(words):
                sheet.write_string(row, at, word)
        # The form is known by its mark also when the first sheet has been deleted.
        sheet.write_string(0, len(self.lists), self.mark)
        sheet.hide()
        sheet.protect()


def _lines(section: SectionLayout, row: Row, year: int) -> int:
    """Return how many lines a row of ours needs: LibreOffice makes no room by itself."""
    needed = [1]
    for column in section.columns:
        entry = row.get(in_year(column.field, year)) if column.prefilled else None
        lines = len(textwrap.wrap(entry.text, column.width - 1)) if entry else 1
        # A decision may be addressed to every board: the list is there to be looked up in.
        needed.append(min(lines, MOST_LISTED) if column.kind == "list" else lines)
    return max(needed)


def _number_format(column: Column, entry: Entry | None, of_line: int | None) -> str:
    """Show numbers with the decimals they were printed with, days as 2026-03-31."""
    if column.kind in ("day", "due"):
        return "yyyy-mm-dd"
    if column.kind != "figure":
        return ""
    decimals = column.decimals if of_line is None else of_line
    if entry is not None and entry.number is not None:
        decimals = entry.decimals
    elif column.interval:
        # Excel makes the first of May out of 1-5, except in a cell for text.
        return "@"
    return "#,##0" + ("." + "0" * decimals if decimals else "")
