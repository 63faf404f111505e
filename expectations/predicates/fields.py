"""Rules on the fields of an issued form, and on rows told twice."""

from __future__ import annotations

from expectations.catalogue import Rule
from expectations.contract import Figure
from expectations.form_layout import Column, in_year
from expectations.predicates.breaches import Breach, tests
from expectations.staging import Case, World


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


@tests("B-DUP")
def _said_once(case: Case, _: World, __: Rule) -> list[Breach] | None:
    # Great Expectations' own expectation finds them; here only the words.
    name = getattr(case.row, "label", "") or case.columns["row_key"]
    return [Breach(place=case.place, written=str(name))]
