"""One section's sheet of the issued workbook: headings, rows, lists to choose from."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from expectations.form_layout import CENTRAL_SHAPE, Column, SectionLayout, in_year
from tasks.form_book import Book
from tasks.form_values import Entry, Issue, Row, rows_before, rows_of, with_central

HEADING_ROW = 2
FIRST_ROW = 4
A4, A3 = 9, 8
WIDEST_ON_A4 = 180
"""Characters that fit on a landscape A4 in letters that can be read; a wider sheet gets A3."""
LINE_HEIGHT = 15
TALLEST_ROW = 400
MOST_LISTED = 4
NO_BREAK = "\u00a0"
SOURCES = ("previous", "last_year")


@dataclass(frozen=True, slots=True)
class Remaining:
    """How the empty cells of one column that must be filled in are counted, and how many are."""

    formula: str
    value: int


class SectionSheet:
    """One sheet while it is written; `told` is the help under its title."""

    def __init__(self, book: Book, section: SectionLayout, told: str) -> None:
        """Look up the rows: those answered, those we fill in, empty ones."""
        self.book = book
        self.issue: Issue = book.issue
        self.layout = book.issue.layout
        self.section = section
        self.printed = _printed(section)
        answered, ours = rows_of(self.issue, section)
        self.answered = [with_central(self.issue, section, row) for row in answered]
        self.ours = [with_central(self.issue, section, row) for row in ours]
        spare: list[Row] = [{}] * section.spare_rows
        self.rows = self.answered + self.ours + spare
        self.last = FIRST_ROW + len(self.rows) - 1
        self.sheet = book.sheet(section.sheet, section.sheet, told)

    def write(self, *, is_roomy: bool) -> list[Remaining]:
        """Write the sheet; return how what remains is counted. `is_roomy`: rows show all text."""
        self._headings()
        before = {source: rows_before(self.issue, self.section, source) for source in SOURCES}
        for at, row in enumerate(self.rows):
            locked = len(self.answered) <= at < len(self.answered) + len(self.ours)
            self._row(FIRST_ROW + at, row, before, locked=locked)
            if locked and is_roomy:
                tall = LINE_HEIGHT * _lines(self.section, row, self.issue.year) + 3
                self.sheet.set_row(FIRST_ROW + at, min(tall, TALLEST_ROW))
        for at, (column, is_shown) in enumerate(self.printed):
            if not is_shown:
                self._validate((FIRST_ROW, at, self.last, at), column)
        self._page()
        return self._remaining()

    def _headings(self) -> None:
        lines = 1
        for at, (column, is_shown) in enumerate(self.printed):
            # The star stays on the line of the last word.
            star = f"{NO_BREAK}*" if column.required and not is_shown else ""
            heading = column.heading_in(self.issue.year) + star
            if is_shown:
                heading = f"{self.layout.previous_heading}: {heading.lower()}"
            hint = self.layout.hints["shown"] if is_shown else self.layout.hint(column)
            self.sheet.write_string(HEADING_ROW, at, heading, self.book.look("heading"))
            self.sheet.write_string(HEADING_ROW + 1, at, hint, self.book.look("hint"))
            self.sheet.set_column(at, at, column.width)
            lines = max(lines, len(textwrap.wrap(heading, column.width)))
        self.sheet.set_row(HEADING_ROW, LINE_HEIGHT * lines + 3)
        self.book.headed(self.sheet, HEADING_ROW, len(self.printed) - 1)
        source = self.issue.before.central.sources.get(self.section.section)
        if source and any(e.is_central for row in self.rows for e in row.values()):
            note = self.layout.central_note.format(source=source)
            # Beside the title, where it stays in sight and takes no width from the table.
            self.sheet.write_string(0, 1, note, self.book.look("beside"))

    def _page(self) -> None:
        """Freeze what must stay in sight, begin in the first cell to fill in, print on a page."""
        prefilled = [column.prefilled for column in self.section.columns[:2]]
        self.sheet.freeze_panes(FIRST_ROW, max(1, sum(prefilled)))
        free = [at for at, (c, shown) in enumerate(self.printed) if not (shown or c.prefilled)]
        first = free[0] if self.ours and free else 0
        self.sheet.set_selection(FIRST_ROW, first, FIRST_ROW, first)
        width = sum(column.width for column, _ in self.printed)
        self.sheet.set_paper(A3 if width > WIDEST_ON_A4 else A4)
        self.sheet.print_area(0, 0, self.last, len(self.printed) - 1)
        self.sheet.repeat_rows(HEADING_ROW, HEADING_ROW + 1)

    def _remaining(self) -> list[Remaining]:
        """Mark empty cells that must be filled in, and say how they are counted."""
        needed = [(at, c) for at, (c, shown) in enumerate(self.printed) if c.required and not shown]
        if not needed:
            return []
        (key, named), *others = needed
        name, found = named.field, []
        tab = "'" + self.section.sheet + "'!"
        asked, asks = self._asked_rows(tab)
        for at, column in others:
            if column.prefilled:
                continue
            keys = xl_range_abs(FIRST_ROW, key, self.last, key)
            cells = xl_range_abs(FIRST_ROW, at, self.last, at)
            formula = f'SUMPRODUCT(({tab}{keys}<>"")*({tab}{cells}=""){asked})'
            field = in_year(column.field, self.issue.year)
            rows = (in_year(name, self.issue.year) in r and field not in r for r in asks)
            found.append(Remaining(formula, sum(rows)))
            first = xl_rowcol_to_cell(FIRST_ROW, at)
            of = xl_rowcol_to_cell(FIRST_ROW, key, col_abs=True)
            rule = {"type": "formula", "criteria": f'=AND({of}<>"",{first}="")'}
            looks = {"format": self.book.look("waiting")}
            self.sheet.conditional_format(cells, rule | looks)
        return found

    def _asked_rows(self, tab: str) -> tuple[str, list[Row]]:
        """Return a factor of the rows that must be whole, and those rows as they are now.

        A printed line that is left out is not reported, which B-REQ lets pass once the sheet is
        begun; a goal or assignment of the board's is always asked for.
        """
        if self.section.rows != "lines":
            return "", self.rows
        free = [
            (at, in_year(column.field, self.issue.year))
            for at, (column, is_shown) in enumerate(self.printed)
            if not (is_shown or column.prefilled or column.carried)
        ]
        areas = [xl_range_abs(FIRST_ROW, at, self.last, at) for at, _ in free]
        begun = "+".join(f'({tab}{area}<>"")' for area in areas)
        asks = [row for row in self.rows if any(name in row for _, name in free)]
        return f"*SIGN({begun}+(SUMPRODUCT({begun})=0))", asks or self.rows

    def _row(self, at: int, row: Row, before: dict[str, dict[str, Row]], *, locked: bool) -> None:
        label = row.get(self.section.columns[0].field)
        line = self.section.line_named(label.text) if label else None
        of_line = line.decimals if line else None
        for number, (column, is_shown) in enumerate(self.printed):
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
            self.book.entry(self.sheet, (at, number), entry, look, shape)

    def _validate(self, area: tuple[int, int, int, int], column: Column) -> None:
        rule: dict[str, Any] = {"validate": "any"}
        if words := self._words(column):
            rule = {"validate": "list", "source": self.book.list_of(words)}
            rule["error_type"] = "warning" if column.kind == "unit" else "stop"
            rule["error_message"] = "Välj ett ord i listan."
        elif column.kind == "figure" and not column.interval:
            rule = {"validate": "decimal", "criteria": "between", "error_type": "warning"}
            rule |= {"minimum": -1e12, "maximum": 1e12}
            rule["error_message"] = "Skriv bara siffror. Enheten står under rubriken."
        if column.help:
            rule |= {"input_title": column.heading_in(self.issue.year)[:32]}
            rule |= {"input_message": column.help[:255]}
        self.sheet.data_validation(*area, rule)

    def _words(self, column: Column) -> tuple[str, ...]:
        if column.kind == "choice":
            return tuple(self.layout.choices[column.choice or ""].values())
        if column.kind == "unit":
            return tuple(words[0] for words in self.layout.units.values())
        day = self.issue.round.period_to
        scale = self.issue.city.scale(column.scale or "", day)
        return tuple(step.word for step in scale.words)


def _printed(section: SectionLayout) -> list[tuple[Column, bool]]:
    """Return the columns as printed: each, and after it what was said before where it is shown."""
    return [
        (column, is_shown)
        for column in section.columns
        for is_shown in ((False, True) if column.field in section.previous else (False,))
    ]


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
