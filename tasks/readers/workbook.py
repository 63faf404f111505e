"""Read the issued workbook: find sheets and columns by their words, give every value its cell.

A moved column or a renamed sheet is still found. What stands in no column that the form knows is
handed back as unread with its cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from openpyxl.utils import get_column_letter

from expectations.contract import Document, Fault, GivenAnswer, Place, Reading, Unread
from expectations.form_layout import (
    OUTSIDE_COLUMN,
    OUTSIDE_SHEET,
    Layout,
    SectionLayout,
    newest,
    plain,
)
from expectations.registers import City
from tasks.readers.form_rows import (
    Found,
    Meaning,
    contract_row,
    coverage_of,
    document_of,
    first_page,
    meaning_of,
    says_something,
)
from tasks.readers.workbook_cells import Sheet, sheets_of
from tasks.readers.workbook_claims import (
    HEADING_ROWS,
    Headings,
    headings_in,
    is_set_aside,
    written_under,
)

WORKBOOK = "Excel-arbetsbok"


def read_workbook(data: bytes, *, city: City | None, layouts: dict[str, Layout]) -> Reading:
    """Return what an issued workbook says; a workbook of another make gives one fault, A-FILE.

    A form of an older or unknown version is read as far as its words are known, with A-TPL.
    `data` is trusted to be a whole .xlsx file of reasonable size: file_checks has looked.
    """
    sheets = list(sheets_of(data))
    start, layout, mark = _start_of(sheets, layouts)
    if start is None:
        values = {
            "format": WORKBOOK,
            "orsak": "arbetsboken är inte den mall som staden har skickat ut",
            "råd": "Fyll i den utskickade mallen och lämna in den.",
        }
        return Reading(Document(kind="unknown"), faults=(Fault("A-FILE", values=values),))
    return _Form(sheets, start, layout, newest(layouts), city).read(mark)


def _start_of(
    sheets: list[Sheet], layouts: dict[str, Layout]
) -> tuple[Sheet | None, Layout, dict[str, str]]:
    """Return the first page, the layout of its version (or the newest) and what its mark says.

    A sheet with the mark is the first page whatever it is called; without a mark, the sheet with
    the right name and a version is.
    """
    for layout in reversed(layouts.values()):
        for sheet in sheets:
            if mark := _mark_in(sheet, layout):
                return sheet, layouts.get(mark["version"], newest(layouts)), mark
    last = newest(layouts)
    label = next(line.label for line in last.start if line.field == "template_version")
    for sheet in sheets:
        words = {plain(cell.written) for cell in sheet.cells.values()}
        if plain(sheet.name) == plain(last.start_sheet) and plain(label) in words:
            return sheet, last, {}
    return None, last, {}


def _place(sheet: Sheet, row: int, column: int) -> Place:
    return Place(sheet=sheet.name, cell=f"{get_column_letter(column)}{row}")


def _place_of_mark(sheet: Sheet, layout: Layout) -> Place:
    """Return the cell where a form says which it is, else the sheet's first."""
    marked = (cell.place for cell in sheet.cells.values() if layout.mark_of(cell.written))
    return next(marked, _place(sheet, 1, 1))


def _mark_in(sheet: Sheet, layout: Layout) -> dict[str, str] | None:
    marks = (layout.mark_of(c.written) for at, c in sheet.cells.items() if at[0] <= HEADING_ROWS)
    return next((mark for mark in marks if mark), None)


class _Form:
    """One workbook while it is read: which sheets are claimed, what was found and not read."""

    def __init__(
        self, sheets: list[Sheet], start: Sheet, layout: Layout, last: Layout, city: City | None
    ) -> None:
        self.sheets = sheets
        self.start = start
        self.layout = layout
        self.newest = last
        self.city = city
        self.faults: list[Fault] = []
        self.unread: list[Unread] = []
        self.claimed = 0
        self.answers: list[GivenAnswer] = []
        self.letters: dict[str, str] = {}
        self.places: dict[str, Place] = {}
        self.is_signed = False

    def read(self, mark: dict[str, str]) -> Reading:
        page = first_page(
            self._labels(), self.layout, mark, _place_of_mark(self.start, self.layout)
        )
        self.places |= page.places
        document, unread, faults = document_of(page, self.layout, self.newest)
        self.is_signed = bool(document.submitted_by or document.approved_by)
        self.unread += unread
        self.faults += faults
        meaning = meaning_of(document, self.layout, self.city)
        rows: dict[str, Any] = {}
        seen: list[tuple[str, list[tuple[str, ...]]]] = []
        for sheet, headings in self._claims():
            name = headings.section.section
            copied = (name, written_under(sheet, headings))
            if copied[1] and copied in seen:
                continue
            seen.append(copied)
            for at, item in headings.columns.items():
                self.letters.setdefault(f"{name}.{item.field}", get_column_letter(at))
            rows[name] = rows.get(name, ()) + tuple(self._rows(sheet, headings, meaning))
        return Reading(
            document,
            **rows,
            nothing_to_report=page.nothing,
            unread=tuple(self.unread),
            coverage=coverage_of(self.claimed, self.unread),
            faults=tuple(self.faults),
            answers=tuple(self.answers),
            headings=self.letters,
            places=self.places,
        )

    def _labels(self) -> Iterator[tuple[Found, Found]]:
        for (row, column), cell in self.start.cells.items():
            empty = Found("", _place(self.start, row, column + 1))
            yield cell, self.start.cells.get((row, column + 1), empty)

    def _claims(self) -> Iterator[tuple[Sheet, Headings]]:
        """Yield the sheets that hold a section; the others are unread, cell by cell."""
        for sheet in self.sheets:
            if sheet is self.start:
                continue
            if is_set_aside(sheet, self.layout, self.city):
                continue
            if plain(sheet.name) == plain(self.newest.findings_sheet):
                self.answers += _answers(sheet, self.newest)
                continue
            headings = headings_in(sheet, self.layout)
            if headings is not None:
                yield sheet, headings
                continue
            for cell in sheet.cells.values():
                self.unread.append(Unread(cell.written, OUTSIDE_SHEET, cell.place))

    def _rows(self, sheet: Sheet, headings: Headings, meaning: Meaning) -> Iterator[Any]:
        rows = list(self._known_rows(sheet, headings))
        said = {n for n, known in rows if says_something(headings.section, known)}
        self._note_places(sheet, headings, rows)
        for number, known in rows:
            if number in said or self._is_taken_along(headings.section, known, any_said=bool(said)):
                yield self._row(sheet, number, headings, known, meaning)

    def _note_places(
        self, sheet: Sheet, headings: Headings, rows: list[tuple[int, dict[str, Found]]]
    ) -> None:
        """Note where each row is to be filled in, and where one more would stand."""
        section = headings.section
        key = section.columns[0].field
        required = [at for at, item in headings.columns.items() if item.column.required]
        open_ = [at for at, item in headings.columns.items() if not item.column.prefilled]
        asked = next((at for at in required if at in open_), min(open_ or headings.columns))
        for number, known in rows:
            if key in known:
                name = f"{section.section}/{known[key].written}"
                self.places.setdefault(name, _place(sheet, number, asked))
        last = max((number for number, _ in rows), default=headings.row + 1)
        more = _place(sheet, last + 1, min(headings.columns))
        self.places.setdefault(section.section, more)

    def _is_taken_along(
        self, section: SectionLayout, known: dict[str, Found], *, any_said: bool
    ) -> bool:
        """Say whether a row where only central figures stand is handed in as well.

        It is where the board has said something on the sheet, or stands for the form as a whole
        and nothing in the row is left to fill in.
        """
        if not any(cell.is_central for cell in known.values()):
            return False
        needed = {c.field for c in section.columns if c.required}
        return any_said or (self.is_signed and needed <= known.keys())

    def _known_rows(
        self, sheet: Sheet, headings: Headings
    ) -> Iterator[tuple[int, dict[str, Found]]]:
        hints = {plain(self.layout.hint(column)) for column in headings.section.columns}
        for number, cells in sheet.rows():
            if number <= headings.row or self._is_hint_row(number, headings, cells, hints):
                continue
            known: dict[str, Found] = {}
            for column, cell in cells.items():
                if column in headings.columns:
                    known[headings.columns[column].field] = cell
                elif column not in headings.shown:
                    self.unread.append(Unread(cell.written, OUTSIDE_COLUMN, cell.place))
            if known:
                yield number, known

    def _is_hint_row(
        self, number: int, headings: Headings, cells: dict[int, Found], hints: set[str]
    ) -> bool:
        told = sum(plain(cell.written) in hints for cell in cells.values())
        return number == headings.row + 1 and told * 2 > len(cells)

    def _row(
        self,
        sheet: Sheet,
        number: int,
        headings: Headings,
        known: dict[str, Found],
        meaning: Meaning,
    ) -> Any:
        section = headings.section
        self.claimed += sum(len(cell.written) for cell in known.values())
        for cell in known.values():
            if cell.broken:
                reason = "en formel utan beräknat värde" if not cell.written else "ett fel i Excel"
                values = {"orsak": reason, "v": cell.written}
                fault = Fault("B-FORMULA", cell.place, section.section, cell.written, values)
                self.faults.append(fault)
        for column, item in headings.columns.items():
            if item.column.kind == "figure" and item.column.required and item.field not in known:
                address = f"{get_column_letter(column)}{number}"
                known[item.field] = Found("", Place(sheet=sheet.name, cell=address))
        row, unread = contract_row(section, known, list(headings.columns.values()), meaning)
        self.unread += unread
        return row


def _answers(sheet: Sheet, layout: Layout) -> Iterator[GivenAnswer]:
    """Yield what the board has answered on the first sheet of an annotated copy."""
    words = layout.findings
    wanted = {plain(words[name]): name for name in ("answer", "key", "basis")}
    heads: dict[str, int] = {}
    for _, cells in sheet.rows():
        found = {wanted[w]: at for at, c in cells.items() if (w := plain(c.written)) in wanted}
        if len(found) == len(wanted):
            heads = found
        elif heads and all(at in cells for at in heads.values()):
            said, key, basis = (cells[heads[name]] for name in ("answer", "key", "basis"))
            yield GivenAnswer(key.written, basis.written, said.written, said.place)
