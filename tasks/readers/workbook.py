"""Read the issued workbook: find sheets and columns by their words, give every value its cell.

A moved column or a renamed sheet is still found. What stands in no column that the form knows is
handed back as unread with its cell.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

from expectations.contract import Document, Fault, GivenAnswer, Place, Reading, Unread
from expectations.form_layout import CENTRAL_SHAPE, Layout, SectionLayout, newest, plain
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

WORKBOOK = "Excel-arbetsbok"
_HEADING_ROWS = 30
"""How far down headings are looked for: boards put lines above them."""
_FORMULA = re.compile(rb"<(\w+:)?f[\s/>]")
_DECIMALS = re.compile(r"0\.(0+)")


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One sheet as found cells by (row, column), 1-based; empty cells are left out."""

    name: str
    cells: dict[tuple[int, int], Found]

    def row(self, number: int) -> dict[int, Found]:
        return {c: cell for (r, c), cell in self.cells.items() if r == number}

    def rows(self) -> Iterator[tuple[int, dict[int, Found]]]:
        by_row: dict[int, dict[int, Found]] = {}
        for (row, column), cell in self.cells.items():
            by_row.setdefault(row, {})[column] = cell
        yield from sorted(by_row.items())


@dataclass(frozen=True, slots=True)
class _Headings:
    """Where a section's headings stand in a sheet."""

    section: SectionLayout
    row: int
    columns: dict[int, Headed]
    shown: frozenset[int] = frozenset()
    """Columns where we show the round before: locked, and never read."""


def read_workbook(data: bytes, *, city: City | None, layouts: dict[str, Layout]) -> Reading:
    """Return what an issued workbook says; a workbook of another make gives one fault, A-FILE.

    A form of an older or unknown version is read as far as its words are known, with A-TPL.
    `data` is trusted to be a whole .xlsx file of reasonable size: file_checks has looked.
    """
    sheets = list(_sheets(data))
    start, layout, mark = _start_of(sheets, layouts)
    if start is None:
        values = {
            "format": WORKBOOK,
            "orsak": "arbetsboken är inte den mall som staden har skickat ut",
            "råd": "Fyll i den utskickade mallen och lämna in den.",
        }
        return Reading(Document(kind="unknown"), faults=(Fault("A-FILE", values=values),))
    return _Form(sheets, start, layout, newest(layouts), city).read(mark)


def _sheets(data: bytes) -> Iterator[_Sheet]:
    """Yield every sheet with its values; the formulas behind them are looked at if there are any.

    openpyxl gives values or formulas, never both: a formula without a value needs a second look.
    """
    shown = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    behind = shown
    if _has_formulas(data):
        behind = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False)
    for sheet in shown.worksheets:
        # A wrong <dimension> would hide rows, so it is not trusted.
        sheet.reset_dimensions()
        cells = {}
        rows = sheet.iter_rows()
        others = rows
        if behind is not shown:
            behind[sheet.title].reset_dimensions()
            others = behind[sheet.title].iter_rows()
        for number, values in enumerate(rows, start=1):
            under = values if others is rows else next(others)
            for column, (cell, formula) in enumerate(zip(values, under, strict=True), start=1):
                if cell.value is None and formula.data_type != "f":
                    continue
                place = Place(sheet=sheet.title, cell=f"{get_column_letter(column)}{number}")
                found = _found(cell, place)
                if found is not None:
                    cells[number, column] = found
        yield _Sheet(sheet.title, cells)


def _has_formulas(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        sheets = [name for name in package.namelist() if name.startswith("xl/worksheets/")]
        return any(_FORMULA.search(package.read(name)) for name in sheets)


def _found(cell: Any, place: Place) -> Found | None:
    """Return one cell. No value here means a formula without one: broken, never zero."""
    value = cell.value
    if value is None:
        return Found("", place, broken=True)
    if cell.data_type == "e":
        return Found(str(value), place, broken=True)
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = _number(Decimal(format(value, ".15g")), cell.number_format, place)
        is_central = CENTRAL_SHAPE.strip('" ') in cell.number_format
        return replace(number, is_central=is_central)
    if isinstance(value, datetime | date):
        day = value.date() if isinstance(value, datetime) else value
        return Found(day.isoformat(), place, day=day)
    words = {True: "Ja", False: "Nej"}
    text = words[value] if isinstance(value, bool) else str(value).strip()
    return Found(text, place) if text else None


def _number(value: Decimal, shape: str, place: Place) -> Found:
    """Return a number as Excel holds it (15 digits), with the decimals that the cell shows."""
    if "%" in shape:
        value *= 100
    exponent = value.normalize().as_tuple().exponent
    actual = max(0, -exponent if isinstance(exponent, int) else 0)
    fixed = _DECIMALS.search(shape)
    shown = actual if shape in ("General", "@") else len(fixed[1]) if fixed else 0
    written = f"{value:.{max(shown, actual)}f}".replace(".", ",").replace("-", "−")
    return Found(written, place, number=Decimal(f"{value:.{max(shown, actual)}f}"), decimals=shown)


def _start_of(
    sheets: list[_Sheet], layouts: dict[str, Layout]
) -> tuple[_Sheet | None, Layout, dict[str, str]]:
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


def _mark_in(sheet: _Sheet, layout: Layout) -> dict[str, str] | None:
    marks = (layout.mark_of(c.written) for at, c in sheet.cells.items() if at[0] <= _HEADING_ROWS)
    return next((mark for mark in marks if mark), None)


class _Form:
    """One workbook while it is read: which sheets are claimed, what was found and not read."""

    def __init__(
        self, sheets: list[_Sheet], start: _Sheet, layout: Layout, last: Layout, city: City | None
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
        self.is_signed = False

    def read(self, mark: dict[str, str]) -> Reading:
        page = first_page(self._labels(), self.layout, mark, Place(sheet=self.start.name))
        document, unread, faults = document_of(page, self.layout, self.newest)
        self.is_signed = bool(document.submitted_by or document.approved_by)
        self.unread += unread
        self.faults += faults
        meaning = meaning_of(document, self.layout, self.city)
        rows: dict[str, Any] = {}
        seen: list[tuple[str, list[tuple[str, ...]]]] = []
        for sheet, headings in self._claims():
            name = headings.section.section
            copied = (name, _written(sheet, headings))
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
        )

    def _labels(self) -> Iterator[tuple[Found, Found]]:
        for (row, column), cell in self.start.cells.items():
            beside = self.start.cells.get((row, column + 1))
            if beside is not None:
                yield cell, beside

    def _claims(self) -> Iterator[tuple[_Sheet, _Headings]]:
        """Yield the sheets that hold a section; the others are unread, cell by cell."""
        for sheet in self.sheets:
            if sheet is self.start:
                continue
            if _is_set_aside(sheet, self.layout, self.city):
                continue
            if plain(sheet.name) == plain(self.newest.findings_sheet):
                self.answers += _answers(sheet, self.newest)
                continue
            headings = _headings(sheet, self.layout)
            if headings is not None:
                yield sheet, headings
                continue
            for cell in sheet.cells.values():
                self.unread.append(Unread(cell.written, "fliken hör inte till mallen", cell.place))

    def _rows(self, sheet: _Sheet, headings: _Headings, meaning: Meaning) -> Iterator[Any]:
        rows = list(self._known_rows(sheet, headings))
        said = {n for n, known in rows if says_something(headings.section, known)}
        for number, known in rows:
            if number in said or self._is_taken_along(headings.section, known, any_said=bool(said)):
                yield self._row(sheet, number, headings, known, meaning)

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
        self, sheet: _Sheet, headings: _Headings
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
                    why = "kolumnen hör inte till mallen"
                    self.unread.append(Unread(cell.written, why, cell.place))
            if known:
                yield number, known

    def _is_hint_row(
        self, number: int, headings: _Headings, cells: dict[int, Found], hints: set[str]
    ) -> bool:
        told = sum(plain(cell.written) in hints for cell in cells.values())
        return number == headings.row + 1 and told * 2 > len(cells)

    def _row(
        self,
        sheet: _Sheet,
        number: int,
        headings: _Headings,
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


def _answers(sheet: _Sheet, layout: Layout) -> Iterator[GivenAnswer]:
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


_COPIED = re.compile(
    r"^(?:kopia av|copy of) |\s*\(\d+\)$|\s*[-–]\s*(?:tabell|table) \d+$", re.IGNORECASE
)
"""What Excel, Google and Numbers put to a sheet's name when it is copied or exported."""
_SUMMARIES = ("export summary", "exportsammanfattning", "exportöversikt")
"""The sheet that Numbers puts first in what it exports."""


def _base(name: str) -> str:
    """Return a sheet's name without what programs put to it."""
    return plain(_COPIED.sub("", plain(name)))


def _has_hints(sheet: _Sheet, number: int, columns: dict[int, Headed], layout: Layout) -> bool:
    under = {at: sheet.cells.get((number + 1, at)) for at in columns}
    return all(
        cell is not None and plain(cell.written) == plain(layout.hint(columns[at].column))
        for at, cell in under.items()
    )


def _is_set_aside(sheet: _Sheet, layout: Layout, city: City | None) -> bool:
    """Say whether a sheet is our own list of words, whatever it is called, or a program's own."""
    if _base(sheet.name) == plain(layout.lists_sheet) or plain(sheet.name) in _SUMMARIES:
        return True
    known = {plain(word) for words in layout.choices.values() for word in words.values()}
    known |= {plain(word) for words in layout.units.values() for word in words}
    for scale in city.scales if city else ():
        known |= {plain(word.word) for word in scale.words}
    texts = [cell.written for cell in sheet.cells.values()]
    return bool(texts) and all(plain(t) in known or layout.mark_of(t) for t in texts)


def _written(sheet: _Sheet, headings: _Headings) -> list[tuple[str, ...]]:
    """Return what stands under a sheet's headings: a copied sheet says the same once more."""
    fields = sorted((item.field, at) for at, item in headings.columns.items())
    return [
        tuple(cells[at].written if at in cells else "" for _, at in fields)
        for number, cells in sheet.rows()
        if number > headings.row
    ]


def _headings(sheet: _Sheet, layout: Layout) -> _Headings | None:
    """Return where a sheet's headings stand: the section and row with most known words.

    A sheet with its section's own name needs two known headings, any other needs most of them.
    """
    best: _Headings | None = None
    for number, cells in sheet.rows():
        if number > _HEADING_ROWS:
            break
        for section in layout.sections:
            columns = _columns(section, number, cells, sheet, layout)
            named = _base(sheet.name) == plain(section.sheet)
            needed = 2 if named else max(3, len(section.columns) * 6 // 10)
            # Two headings are few to know a renamed sheet by: with our hints under them they do.
            hinted = len(columns) == len(section.columns) and _has_hints(
                sheet, number, columns, layout
            )
            if len(columns) < needed and not hinted:
                continue
            if best is None or (len(columns) / len(section.columns)) > (
                len(best.columns) / len(best.section.columns)
            ):
                mark = plain(layout.previous_heading)
                shown = (at for at, c in cells.items() if plain(c.written).startswith(mark))
                best = _Headings(section, number, columns, frozenset(shown))
    return best


def _columns(
    section: SectionLayout,
    number: int,
    cells: dict[int, Found],
    sheet: _Sheet,
    layout: Layout,
) -> dict[int, Headed]:
    columns: dict[int, Headed] = {}
    taken: set[str] = set()
    for at, cell in sorted(cells.items()):
        named = section.column_headed(cell.written)
        if named is None or named[1] in taken:
            continue
        column, field = named
        taken.add(field)
        under = sheet.cells.get((number + 1, at))
        unit = layout.unit_code(under.written) if under else None
        columns[at] = Headed(column, field, unit or (None if column.unit == "row" else column.unit))
    return columns
