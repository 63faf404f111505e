"""Rules on the fields of an issued form, and on rows told twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from string import ascii_uppercase

from expectations.catalogue import Rule
from expectations.contract import SECTIONS, Figure, Place, Reading
from expectations.form_layout import Column, in_year
from expectations.predicates.breaches import Breach, tests
from expectations.staging import Case, World
from expectations.swedish import swedish_day


@tests("B-REQ")
def _filled_in(case: Case, world: World, _: Rule) -> list[Breach] | None:
    cell = case.cell
    if cell is None:
        return None
    if case.columns["required_value"] is not None:
        return []
    heading = f"Kolumnen {cell.heading}"
    if _is_gone(case, cell.column, world.day.year):
        heading = f"Rubriken {cell.heading} finns inte på fliken eller är ändrad. Kolumnen"
    return [Breach(place=cell.place, field=cell.column.field, values={"heading": heading})]


def _is_gone(case: Case, column: Column, year: int) -> bool:
    """Say whether a workbook has the sheet but not the column; prose may stand in the Word file."""
    reading = case.judged.reading
    if column.prose and reading.document.form_part is not None:
        return False
    known = reading.headings
    there = any(key.startswith(f"{case.section}.") for key in known)
    return there and f"{case.section}.{in_year(column.field, year)}" not in known


def _bad_figure(case: Case, *, interval: bool) -> list[Breach] | None:
    cell = case.cell
    if cell is None or not isinstance(cell.value, Figure) or cell.column.interval is not interval:
        return None
    if cell.value.state != "unreadable":
        return []
    return [Breach(place=cell.place, written=cell.value.written, field=cell.column.field)]


@tests("B-NUM")
def _is_number(case: Case, _: World, __: Rule) -> list[Breach] | None:
    return _bad_figure(case, interval=False)


@tests("B-RANGE")
def _is_count(case: Case, _: World, __: Rule) -> list[Breach] | None:
    return _bad_figure(case, interval=True)


@tests("B-LIST")
def _is_in_list(case: Case, world: World, __: Rule) -> list[Breach] | None:
    cell = case.cell
    if cell is None or cell.column.kind != "word" or cell.value is None:
        return None
    if cell.value.code is not None or not cell.value.written:
        return []
    scale = world.city.scale(cell.column.scale or "", world.day)
    listed = ", ".join(word.word for word in scale.words)
    return [
        Breach(
            place=cell.place,
            written=cell.value.written,
            expected=listed,
            field=cell.column.field,
            values={"list": listed},
        )
    ]


@tests("B-DATE")
def _is_time(case: Case, _: World, __: Rule) -> list[Breach] | None:
    cell = case.cell
    if cell is None or cell.column.kind != "due" or cell.value is None:
        return None
    due = cell.value
    if due.earliest or due.latest or not due.written:
        return []
    return [Breach(place=cell.place, written=due.written, field=cell.column.field)]


@tests("B-SPAN")
def _span_is_shown(case: Case, _: World, __: Rule) -> list[Breach] | None:
    cell = case.cell
    if cell is None or cell.column.kind != "due" or cell.value is None:
        return None
    due = cell.value
    if due.earliest is None or due.latest is None or due.earliest == due.latest:
        return []
    values = {"earliest": swedish_day(due.earliest), "latest": swedish_day(due.latest)}
    return [Breach(cell.place, due.written, field=cell.column.field, values=values)]


@tests("B-GAP")
def _no_row_is_empty(case: Case, _: World, __: Rule) -> list[Breach] | None:
    reading = case.judged.reading
    if not reading.headings:
        return None
    return [
        Breach(replace(first, cell=f"A{number}"), section=section, values={"row": str(number)})
        for section in SECTIONS
        for first, number in _gaps(reading, section)
    ]


def _gaps(reading: Reading, section: str) -> Iterator[tuple[Place, int]]:
    """Yield the rows of a sheet where nothing stands, ours or the board's, between two others."""
    places = [row.place for row in reading.rows(section) if row.place and row.place.cell]
    known = [p for name, p in reading.places.items() if name.startswith(f"{section}/")]
    numbers = {(p.sheet, int(p.cell.lstrip(ascii_uppercase))) for p in (*places, *known) if p.cell}
    for first in places[:1]:
        own = [number for sheet, number in numbers if sheet == first.sheet]
        yield from ((first, n) for n in range(min(own), max(own)) if n not in own)


@tests("B-DUP")
def _said_once(case: Case, _: World, __: Rule) -> list[Breach] | None:
    # Great Expectations' own expectation finds them; here only the words.
    name = getattr(case.row, "label", "") or case.columns["row_key"]
    return [Breach(place=case.place, written=str(name))]
