"""Read our own form where it was filled in as a Word document or a PDF.

Knows it by its mark. Chapters are found by their headings, fields by their words, as in the
workbook. What stands outside the form's tables is handed back as unread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from expectations.contract import Place, Reading, Unread
from expectations.form_layout import Layout, SectionLayout, newest, plain
from expectations.registers import City
from tasks.readers.form_rows import (
    Found,
    Headed,
    Meaning,
    contract_row,
    coverage_of,
    document_of,
    first_page,
    meaning_of,
    says_something,
)
from tasks.readers.pages import Cell, Line, Pages, Table

_MARK_LINES = 60
_WITH_UNIT = re.compile(r"(.+?)\s*\(([^()]+)\)\s*")
_PAGE_NUMBER = re.compile(r"\d+ ?\(\d+\)")


def read_template(pages: Pages, city: City | None, layouts: dict[str, Layout]) -> Reading | None:
    """Return what our own form says, None where the document does not carry our mark."""
    for layout in reversed(layouts.values()):
        mark = _mark(pages, layout)
        if mark is not None:
            layout = layouts.get(mark["version"], newest(layouts))  # noqa: PLW2901 - its own version
            return _Form(pages, layout, city).read(mark, newest(layouts))
    return None


def _mark(pages: Pages, layout: Layout) -> dict[str, str] | None:
    texts = [line.text for line in pages.lines[:_MARK_LINES]]
    texts += (pages.properties or {}).values()
    return next((mark for mark in map(layout.mark_of, texts) if mark), None)


class _Form:
    """One document while it is read."""

    def __init__(self, pages: Pages, layout: Layout, city: City | None) -> None:
        self.pages = pages
        self.layout = layout
        self.city = city
        self.unread: list[Unread] = []
        self.claimed = 0
        self.by_heading = {plain(section.sheet): section for section in layout.sections}

    def read(self, mark: dict[str, str], last: Layout) -> Reading:
        chapters = [(self._chapter(table), table) for table in self.pages.tables]
        start = [table for chapter, table in chapters if chapter == self.layout.start_sheet]
        page = first_page(self._pairs(start), self.layout, mark, Place(line=1))
        document, unread, faults = document_of(page, self.layout, last)
        self.unread += unread
        meaning = meaning_of(document, self.layout, self.city)
        rows: dict[str, Any] = {}
        for chapter, table in chapters:
            if isinstance(chapter, SectionLayout):
                found = tuple(self._rows(chapter, table, meaning))
                rows[chapter.section] = rows.get(chapter.section, ()) + found
            elif chapter is None:
                self._leave(table)
        self._loose_lines(mark)
        return Reading(
            document,
            **rows,
            nothing_to_report=page.nothing,
            unread=tuple(self.unread),
            coverage=coverage_of(self.claimed, self.unread),
            faults=tuple(faults),
            places=dict(page.places),
        )

    def _chapter(self, table: Table) -> SectionLayout | str | None:
        """Return the section whose heading stands nearest above a table, or the start sheet."""
        for line in reversed(self.pages.lines[: table.after]):
            word = plain(line.text)
            if word in self.by_heading:
                return self.by_heading[word]
            if word == plain(self.layout.start_sheet):
                return self.layout.start_sheet
        return None

    def _pairs(self, tables: list[Table]) -> Iterator[tuple[Found, Found]]:
        for table in tables:
            for row in table.rows:
                if len(row) > 1:
                    yield _found(row[0]), _found(row[1])

    def _rows(self, section: SectionLayout, table: Table, meaning: Meaning) -> Iterator[Any]:
        if section.shape == "cards":
            pairs = [(row[0].text, row[1]) for row in table.rows[1:] if len(row) > 1]
            headed, cells = self._fields(section, pairs)
            yield from self._row(section, headed, cells, meaning)
            return
        headings = [cell.text for cell in table.rows[0]]
        for row in table.rows[1:]:
            headed, cells = self._fields(section, list(zip(headings, row, strict=False)))
            yield from self._row(section, headed, cells, meaning)

    def _fields(
        self, section: SectionLayout, pairs: list[tuple[str, Cell]]
    ) -> tuple[list[Headed], dict[str, Found]]:
        """Return the known fields and their filled cells; other filled cells are unread."""
        headed: list[Headed] = []
        cells: dict[str, Found] = {}
        for heading, cell in pairs:
            item = self._headed(section, heading)
            if item is not None and item.field not in cells:
                headed.append(item)
                if cell.text.strip():
                    cells[item.field] = _found(cell)
                elif item.column.kind == "figure" and item.column.required:
                    cells[item.field] = Found("", cell.place)
            elif cell.text.strip():
                why = "fältet hör inte till mallen"
                self.unread.append(Unread(cell.text, why, cell.place))
        return headed, cells

    def _headed(self, section: SectionLayout, heading: str) -> Headed | None:
        # A narrow column breaks "Mål-id" after its hyphen; no heading has a space there.
        words = re.sub(r"(?<=\w)-\s+(?=\w)", "-", " ".join(heading.split()))
        named, unit = section.column_headed(words), None
        with_unit = _WITH_UNIT.fullmatch(words)
        if named is None and with_unit:
            named = section.column_headed(with_unit[1])
            unit = self.layout.unit_code(with_unit[2])
        if named is None:
            return None
        column, field = named
        return Headed(column, field, unit or (None if column.unit == "row" else column.unit))

    def _row(
        self,
        section: SectionLayout,
        headed: list[Headed],
        cells: dict[str, Found],
        meaning: Meaning,
    ) -> Iterator[Any]:
        filled = {name: cell for name, cell in cells.items() if cell.written}
        if not filled or not says_something(section, filled):
            return
        self.claimed += sum(len(cell.written) for cell in filled.values())
        row, unread = contract_row(section, cells, headed, meaning)
        self.unread += unread
        yield row

    def _leave(self, table: Table) -> None:
        for row in table.rows:
            for cell in row:
                if cell.text.strip():
                    why = "tabellen hör inte till mallen"
                    self.unread.append(Unread(cell.text, why, cell.place))

    def _loose_lines(self, mark: dict[str, str]) -> None:
        """Hand back lines outside the tables that the form itself does not print."""
        known = self._own_words(mark)
        headings = self._heading_words()
        for line in self.pages.lines:
            text = plain(line.text)
            own = not text or _PAGE_NUMBER.search(text) or any(text in word for word in known)
            # A table that goes on over a page prints its headings again.
            own = own or set(re.findall(r"\w+", text)) <= headings
            if not own and not self._in_table(line):
                why = "texten står utanför mallens tabeller"
                self.unread.append(Unread(line.text, why, line.place()))

    def _own_words(self, mark: dict[str, str]) -> list[str]:
        layout = self.layout
        words = [layout.mark.format(**mark), layout.start_sheet, layout.intro]
        for section in layout.sections:
            words += [section.sheet, section.help]
            words += [f"{section.sheet} {n}" for n in range(1, len(self.pages.tables) + 1)]
        board = self.city.board(mark["board"]) if self.city else None
        rounds = self.city.rounds if self.city else ()
        name = next((r.name for r in rounds if r.round_id == mark["round"]), "")
        words += [f"{layout.title}: {board.name if board else ''}", name, f"{name}. {layout.intro}"]
        return [plain(word) for word in words]

    def _heading_words(self) -> set[str]:
        """Return every word that headings of tables are made of, units and years among them."""
        words = [self.layout.entry_heading, self.layout.answer_heading]
        for section in self.layout.sections:
            words += [re.sub(r"\{.*?\}", "", column.heading) for column in section.columns]
        words += [unit[0] for unit in self.layout.units.values()]
        words += [str(year) for year in range(2000, 2100)]
        return set(re.findall(r"\w+", plain(" ".join(words))))

    def _in_table(self, line: Line) -> bool:
        for table in self.pages.tables:
            for row in table.rows:
                for cell in row:
                    if cell.place.box is None:
                        if cell.place.line == line.number:
                            return True
                    elif cell.place.page == line.page and _covers(cell.place.box, line):
                        return True
        return False


def _covers(box: tuple[float, float, float, float], line: Line) -> bool:
    if line.box is None:
        return False
    middle = (line.box[1] + line.box[3]) / 2
    return box[1] <= middle <= box[3]


def _found(cell: Cell) -> Found:
    """Return a cell's text; the lines that a PDF breaks a cell into are one text again."""
    text = cell.text.strip()
    if cell.place.box is not None:
        text = " ".join(text.split("\n"))
    return Found(text, cell.place)
