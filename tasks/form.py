"""Write the issued form as a workbook: pre-filled for one board and round, or filled in.

The layout is a data file (expectations/forms). Same inputs, same bytes. This module writes the
first sheet, form_section.py each section's; `write_docx` and `write_pdf` (form_document.py) write
the same form as a document.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from expectations.contract import Reading
from expectations.form_layout import Layout, SectionLayout
from expectations.registers import Board, City, Round
from tasks.form_book import Book, FormError
from tasks.form_document import write_docx, write_pdf
from tasks.form_section import A4, Remaining, SectionSheet
from tasks.form_values import Before, Issue, nothing_said, start_entries

__all__ = ["FormError", "write_docx", "write_pdf", "write_workbook"]

NOTHING_BEFORE = Before()
REMAINING = '[=0]"klart";[=1]0" cell";0" celler"'
START_WIDTHS = (28, 34, 16, 18, 30)


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
    return _Workbook(issue, prose_file).write(groups)


def _figures(layout: Layout) -> Layout:
    """Return the layout of the workbook that has a Word file beside it: without prose."""
    sections = (
        replace(
            section,
            columns=tuple(c for c in section.columns if not c.prose),
            help=section.figures_help or section.help,
        )
        for section in layout.sections
        if not section.is_prose
    )
    return replace(layout, sections=tuple(sections))


class _Workbook:
    """The workbook while it is written: its first sheet, and what remains in the others."""

    def __init__(self, issue: Issue, prose_file: str | None) -> None:
        self.issue = issue
        self.layout = issue.layout
        self.prose_file = prose_file
        part = f" · {issue.layout.parts['figures']}" if prose_file else ""
        self.book = Book(issue, f"{issue.mark}{part}")
        self.remaining: dict[str, list[Remaining]] = {}

    def write(self, groups: tuple[str, ...] | None) -> bytes:
        sheet, row = self._start()
        for section in self.layout.sections:
            if self._is_asked(section, groups):
                written = SectionSheet(self.book, section, section.help)
                found = written.write(is_roomy=bool(self.prose_file))
                self.remaining.setdefault(section.group, []).extend(found)
        self._groups(sheet, row, groups)
        return self.book.closed()

    def _is_asked(self, section: SectionLayout, groups: tuple[str, ...] | None) -> bool:
        filled = self.issue.filled
        answered = filled is not None and filled.rows(section.section)
        return groups is None or section.group in groups or bool(answered)

    def _start(self) -> tuple[Any, int]:
        """Write the first sheet down to its table of sections; return it and the row for that."""
        layout, issue, look = self.layout, self.issue, self.book.look
        title = f"{layout.title}: {issue.board.name}"
        sheet = self.book.sheet(layout.start_sheet, title, layout.intro)
        for at, width in enumerate(START_WIDTHS):
            sheet.set_column(at, at, width)
        sheet.write_string(2, 0, f"{issue.round.name} · {self.book.mark}", look("help"))
        contact = issue.city.settings.get("contact") or issue.city.office
        sheet.write_string(3, 0, layout.contact.format(contact=contact), look("help"))
        entries = start_entries(issue)
        if self.prose_file:
            told = layout.prose["other_file"].format(name=self.prose_file)
            sheet.write_string(4, 0, told, look("help"))
        first = 6 if self.prose_file else 5
        for row, line in enumerate(layout.start, start=first):
            sheet.write_string(row, 0, line.label, look("hint"))
            entry = entries.get(line.field)
            self.book.entry(sheet, (row, 1), entry, "fixed" if line.prefilled else "input")
            sheet.write_string(row, 2, line.help, look("beside"))
        sheet.set_paper(A4)
        to_fill = next(at for at, line in enumerate(layout.start, first) if not line.prefilled)
        sheet.set_selection(to_fill, 1, to_fill, 1)
        return sheet, first + len(layout.start) + 1

    def _groups(self, sheet: Any, row: int, groups: tuple[str, ...] | None) -> None:
        """One row per group of sections: its answer, its last day, and what remains to fill in."""
        layout, round_, look = self.layout, self.issue.round, self.book.look
        headings = (layout.groups_heading, layout.answer_heading, layout.due_heading)
        for at, heading in enumerate((*headings, layout.remaining_heading)):
            sheet.write_string(row, at, heading, look("heading"))
        self.book.headed(sheet, row, len(headings))
        words = (layout.reported, layout.nothing)
        asked = {section.group for section in layout.sections}
        for group, label in layout.group_labels.items():
            if group not in asked:
                continue
            if groups is not None and group not in groups and group not in self.remaining:
                continue
            row += 1
            sheet.write_string(row, 0, label, look("hint"))
            is_nothing = nothing_said(self.issue, group)
            sheet.write_string(row, 1, words[is_nothing], look("input"))
            sheet.data_validation(row, 1, row, 1, {"validate": "list", "source": list(words)})
            due = round_.due_for(group, self.issue.board.board_id)
            sheet.write_datetime(row, 2, due, look("fixed", "yyyy-mm-dd"))
            self._remains(sheet, row, group, is_nothing=is_nothing)

    def _remains(self, sheet: Any, row: int, group: str, *, is_nothing: bool) -> None:
        """Count the empty cells that must be filled in, live, with the value it has now."""
        found = self.remaining.get(group, [])
        terms = "+".join(one.formula for one in found) or "0"
        answer = xl_rowcol_to_cell(row, 1)
        formula = f'=IF({answer}="{self.layout.nothing}",0,{terms})'
        value = 0 if is_nothing else sum(one.value for one in found)
        sheet.write_formula(row, 3, formula, self.book.look("fixed", REMAINING), value)
