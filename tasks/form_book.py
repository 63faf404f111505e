"""The issued workbook while it is written: sheets, looks and lists, made once and shared."""

from __future__ import annotations

import io
from datetime import UTC, datetime, time
from typing import Any

import xlsxwriter

from tasks.form_values import Entry, Issue

LONGEST_CELL = 32_767
"""Characters that Excel holds in one cell."""

_INK = "#1F2A37"
_CELL = {"border": 1, "border_color": "#B9C3CC", "text_wrap": True, "valign": "top"}
_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "font_color": _INK},
    "help": {"font_color": "#4B5563"},
    "beside": {"font_color": "#4B5563", "indent": 1},
    "heading": _CELL | {"bold": True, "bg_color": "#1F4E5F", "font_color": "#FFFFFF"},
    "hint": _CELL | {"italic": True, "bg_color": "#E5EDF0", "font_color": _INK},
    "fixed": _CELL | {"bg_color": "#F3F4F6"},
    "input": _CELL | {"bg_color": "#FFF9DB", "locked": False},
    "waiting": {"bg_color": "#FFE3B0"},
}


class FormError(Exception):
    """Answers that cannot be written in the form: whoever filled it in by program is at fault."""


class Book:
    """One workbook for one board; `mark` is the line that a reader knows it by."""

    def __init__(self, issue: Issue, mark: str) -> None:
        """Begin an empty book."""
        self.issue = issue
        self.mark = mark
        self._bytes = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(self._bytes, options)
        self._formats: dict[tuple[str, str], Any] = {}
        self._lists: dict[tuple[str, ...], int] = {}
        title = f"{issue.layout.title}: {issue.board.name}, {issue.round.name}"
        day = datetime.combine(issue.round.opens_on, time(), UTC).replace(tzinfo=None)
        self._book.set_properties({"title": title, "keywords": mark, "created": day})

    def look(self, name: str, number_format: str = "") -> Any:
        """Return how a cell looks, with a number format."""
        key = (name, number_format)
        if key not in self._formats:
            extra = {"num_format": number_format} if number_format else {}
            self._formats[key] = self._book.add_format(_LOOKS[name] | extra)
        return self._formats[key]

    def sheet(self, name: str, title: str, text: str) -> Any:
        """Return a new locked sheet with its title and, under it, what it is for."""
        sheet = self._book.add_worksheet(name)
        sheet.write_string(0, 0, title, self.look("title"))
        sheet.write_string(1, 0, text, self.look("help"))
        sheet.protect("", {"insert_rows": True, "format_columns": True, "format_rows": True})
        sheet.set_landscape()
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&A&RSida &P av &N")
        return sheet

    def entry(
        self, sheet: Any, at: tuple[int, int], entry: Entry | None, look: str, shape: str = ""
    ) -> None:
        """Write one cell as a number, a day, words or empty; FormError where it does not fit."""
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

    def headed(self, sheet: Any, row: int, last: int) -> None:
        """Name a row of headings the way screen readers look for it (ColumnTitle, JAWS, NVDA)."""
        area = xlsxwriter.utility.xl_range_abs(row, 0, row, last)
        tab = "'" + sheet.get_name().replace("'", "''") + "'!"
        self._book.define_name(f"{tab}ColumnTitle", f"={tab}{area}")

    def list_of(self, words: tuple[str, ...]) -> str:
        """Keep a list on the hidden sheet: one in the rule itself may hold 255 characters."""
        at = self._lists.setdefault(words, len(self._lists))
        area = xlsxwriter.utility.xl_range_abs(0, at, len(words) - 1, at)
        return f"='{self.issue.layout.lists_sheet}'!{area}"

    def closed(self) -> bytes:
        """Write the hidden sheet of lists last; return the whole book."""
        sheet = self._book.add_worksheet(self.issue.layout.lists_sheet)
        for at, words in enumerate(self._lists):
            for row, word in enumerate(words):
                sheet.write_string(row, at, word)
        # The form is known by its mark also when the first sheet has been deleted.
        sheet.write_string(0, len(self._lists), self.mark)
        sheet.hide()
        sheet.protect()
        self._book.close()
        return self._bytes.getvalue()
