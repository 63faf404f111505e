"""Turn the cells of an issued form into rows of the contract, whatever file they stood in.

The workbook reader and the reader of our own docx and PDF find the cells; this module says what
they mean. It judges nothing: a word outside the list or a text where a number is asked is kept as
written.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, get_type_hints

from expectations.contract import (
    SECTIONS,
    Decided,
    DecisionReference,
    Document,
    Due,
    Fault,
    Figure,
    Place,
    State,
    Text,
    Unread,
    Word,
)
from expectations.form_layout import Column, Layout, SectionLayout, plain
from expectations.registers import City
from tasks.readers import numbers, spans


@dataclass(frozen=True, slots=True)
class Found:
    """One cell as found: its text, the number or day if the file format holds one, its place.

    `broken` is set where the cell holds an error or a formula that was never calculated.
    """

    written: str
    place: Place
    number: Decimal | None = None
    decimals: int | None = None
    day: date | None = None
    broken: bool = False
    is_central: bool = False
    """Whether we filled it in from the city's own systems: it says nothing of the board's."""


@dataclass(frozen=True, slots=True)
class Headed:
    """One column of a file: what the layout says of it, its contract field, its unit here."""

    column: Column
    field: str
    unit: str | None


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the words of a form are read against."""

    layout: Layout
    city: City | None
    day: date | None


_NOT_DIGITS = re.compile(r"[^\W\d_]|[.%]")
"""A form asks for digits only: `12,5 mnkr` and `12.5` are for the board to mend (B-NUM)."""
_NOT_APPLICABLE = ("-", "–", "ej aktuellt", "inte aktuellt")
_UNKNOWN = ("svårbedömt", "antalet är svårbedömt", "okänt", "vet ej")


def says_something(section: SectionLayout, cells: Mapping[str, Found]) -> bool:
    """Say whether a board wrote anything in a row that may hold our own pre-filled cells."""
    fields = {column.field: column for column in section.columns}
    key = section.columns[0]
    if key.prefilled and key.field not in cells:
        return bool(cells)
    ours = {name for name, column in fields.items() if column.prefilled or column.carried}
    return any(name not in ours and not cell.is_central for name, cell in cells.items())


def contract_row(
    section: SectionLayout, cells: Mapping[str, Found], headed: list[Headed], meaning: Meaning
) -> tuple[Any, list[Unread]]:
    """Return one row of the contract, and what of it could not be understood.

    Required figures that are left empty come out with state "blank" if `cells` names their place.
    """
    values: dict[str, Any] = {"place": next(iter(cells.values())).place}
    unread: list[Unread] = []
    unit = _unit_of_row(section, cells, meaning)
    for item in headed:
        found = cells.get(item.field)
        if found is None or item.field == "@unit":
            continue
        value = _value(item, found, meaning, unit)
        _put(values, item.field, value)
        if why := _not_understood(item, found, value):
            unread.append(Unread(found.written, why, found.place))
    if section.columns[0].kind == "line":
        _set_line(values, section, cells)
    return _complete(SECTIONS[section.section], values), unread


def _unit_of_row(
    section: SectionLayout, cells: Mapping[str, Found], meaning: Meaning
) -> str | None:
    for name in ("@unit", "unit"):
        if name in cells:
            return meaning.layout.unit_code(cells[name].written) or cells[name].written
    line = _fixed_line(section, cells)
    return line.unit if line else None


def _fixed_line(section: SectionLayout, cells: Mapping[str, Found]) -> Any:
    label = cells.get(section.columns[0].field)
    return section.line_named(label.written) if label and section.lines else None


def _set_line(values: dict[str, Any], section: SectionLayout, cells: Mapping[str, Found]) -> None:
    """Name a fixed line by its code; any other line keeps its label and is `other`."""
    field = section.columns[0].field
    line = _fixed_line(section, cells)
    values["label"] = cells[field].written if field in cells else ""
    values[field] = line.code if line else "other"


def _value(item: Headed, found: Found, meaning: Meaning, unit_of_row: str | None) -> Any:
    column, written = item.column, found.written
    match column.kind:
        case "figure":
            value: Any = figure(found, unit_of_row if column.unit == "row" else item.unit)
        case "word":
            value = Word(written, _scale_code(column, written, meaning), found.place)
        case "choice":
            value = meaning.layout.choice_code(column.choice or "", written) or written
        case "unit":
            value = meaning.layout.unit_code(written) or written
        case "due":
            value = due(found, meaning.day.year if meaning.day else None)
        case "text":
            value = Text(written, found.place)
        case "list" if item.field == "addressees":
            value = tuple(_board_id(name, meaning.city) for name in plain_value("list", found))
        case _:
            value = plain_value(column.kind, found)
    return value


def _board_id(written: str, city: City | None) -> str:
    board = city.board_named(written) if city else None
    return board.board_id if board else written


def _not_understood(item: Headed, found: Found, value: Any) -> str | None:
    """Say in Swedish why a cell gave no value; a figure or word speaks for itself."""
    reasons = {"day": "är inget datum", "whole": "är inget heltal", "numbers": "är inga heltal"}
    if item.column.kind == "choice" and value == found.written:
        return "ordet finns inte i formulärets lista"
    if item.column.kind == "numbers" and re.search(r"[^\d,;\s]", found.written):
        return reasons["numbers"]
    return reasons.get(item.column.kind) if value is None else None


def _scale_code(column: Column, written: str, meaning: Meaning) -> str | None:
    if meaning.city is None or meaning.day is None or column.scale is None:
        return None
    return meaning.city.scale(column.scale, meaning.day).code_of(written)


def plain_value(kind: str, found: Found) -> Any:
    """Return an id, string, list, path, day or whole number; a day or number unread is None."""
    if kind == "list":
        return tuple(part.strip() for part in found.written.split(";") if part.strip())
    if kind == "path":
        return tuple(part.strip() for part in found.written.split(">") if part.strip())
    if kind == "numbers":
        return tuple(int(part) for part in re.findall(r"\d+", found.written))
    if kind == "whole":
        return int(found.written) if re.fullmatch(r"\d{1,9}", found.written) else None
    if kind == "day":
        return found.day or spans.one_day(found.written)
    return found.written


def due(found: Found, year: int | None) -> Due:
    """Return a due day; words for a time are kept as written with the span they can mean."""
    day = found.day or spans.one_day(found.written)
    if day is not None:
        return Due(found.written, day, day)
    return spans.due(found.written, today_year=year)


def figure(found: Found, unit: str | None) -> Figure:
    """Return the figure of a cell; words where a number is asked are kept with value None."""
    blank = Figure(found.written, unit=unit, place=found.place, state="blank")
    if found.number is not None:
        return replace(blank, value=found.number, decimals=found.decimals, state="read")
    if found.written and not found.broken and not _NOT_DIGITS.search(found.written):
        read = numbers.figure(found.written, unit=unit, place=found.place)
        if read.state == "read":
            return read
    return replace(blank, state=_state(found))


def _state(found: Found) -> State:
    """Say why a cell holds no number: empty, words that answer, or words that do not."""
    word = plain(found.written)
    if found.broken:
        return "unreadable"
    if not word or word in _NOT_APPLICABLE:
        return "not_applicable" if word or found.written else "blank"
    return "unknown" if word in _UNKNOWN else "unreadable"


def _put(values: dict[str, Any], field: str, value: Any) -> None:
    """Set `columns.outcome` in a dict, `decision.date` in a part, any other field directly."""
    head, _, rest = field.partition(".")
    if rest:
        values.setdefault(head, {})[rest] = value
    elif value is not None:
        values[head] = value


def _complete(kind: Any, values: dict[str, Any]) -> Any:
    """Build a contract object; what it must have and the form lacks is empty, not invented."""
    if "decision" in values:
        given = {key: value for key, value in values["decision"].items() if value is not None}
        values["decision"] = DecisionReference(**given) if given else None
    hints = get_type_hints(kind)
    for item in dataclasses.fields(kind):
        if item.default is dataclasses.MISSING and item.default_factory is dataclasses.MISSING:
            empty: Any = {str: "", Text: Text("", values.get("place")), int: 0}
            values.setdefault(item.name, empty.get(hints[item.name], ()))
    return kind(**values)


@dataclass(frozen=True, slots=True)
class FirstPage:
    """What the form's first page says: labelled cells, groups with nothing to report, the mark."""

    cells: Mapping[str, Found]
    nothing: tuple[str, ...]
    mark: Mapping[str, str]
    place: Place
    places: Mapping[str, Place] = dataclasses.field(default_factory=dict)
    """Where each field and each group is filled in, filled in or not (see Reading.places)."""


def first_page(
    pairs: Iterable[tuple[Found, Found]], layout: Layout, mark: Mapping[str, str], place: Place
) -> FirstPage:
    """Return the first page of a form out of labels with what stands beside them, be it nothing.

    `place` is where the form says what it is.
    """
    labels = {plain(line.label): line.field for line in layout.start}
    groups = {plain(label): name for name, label in layout.group_labels.items()}
    cells: dict[str, Found] = {}
    places: dict[str, Place] = {"": place}
    nothing: set[str] = set()
    for label, beside in pairs:
        word = plain(label.written)
        if word in labels:
            places.setdefault(labels[word], beside.place)
            if beside.written:
                cells.setdefault(labels[word], beside)
        elif word in groups:
            places.setdefault(f"group.{groups[word]}", beside.place)
            if plain(beside.written) == plain(layout.nothing):
                nothing.add(groups[word])
    said = tuple(name for name in groups.values() if name in nothing)
    return FirstPage(cells, said, mark, place, places)


def document_of(
    page: FirstPage, layout: Layout, last: Layout
) -> tuple[Document, list[Unread], list[Fault]]:
    """Return the document that the first page describes, what was no day, and A-TPL if old."""
    said: dict[str, Any] = {
        key: page.mark[key] for key in ("city", "board", "round") if key in page.mark
    }
    values = said | {
        "template_version": page.mark.get("version"),
        "form_part": page.mark.get("part"),
    }
    unread: list[Unread] = []
    for line in layout.start:
        found = page.cells.get(line.field)
        if found is None:
            continue
        value = plain_value(line.kind, found)
        _put(values, line.field, value)
        if value is None:
            unread.append(Unread(found.written, "är inget datum", found.place))
    decided = {key: value for key, value in values.pop("decided", {}).items() if value is not None}
    if decided:
        values["decided"] = Decided(**({"organ": ""} | decided))
    document = Document(kind="form", confidence=Decimal(1), **values)
    return document, unread, list(_version_fault(document, page, last))


def _version_fault(document: Document, page: FirstPage, last: Layout) -> Iterator[Fault]:
    version = document.template_version
    if version != last.version:
        words = {"version": version or "okänd", "gällande": last.version}
        found = page.cells.get("template_version")
        place = found.place if found else page.place
        yield Fault("A-TPL", place, written=version, values=words)


def meaning_of(document: Document, layout: Layout, city: City | None) -> Meaning:
    """Return what words are read against: scales hold on the last day of the round's period."""
    rounds = city.rounds if city else ()
    day = next((r.period_to for r in rounds if r.round_id == document.round), document.date)
    return Meaning(layout, city, day)


def coverage_of(claimed: int, unread: Iterable[Unread]) -> Decimal | None:
    """Return the share of the characters that a section claimed, to three decimals."""
    total = claimed + sum(len(item.text) for item in unread)
    return Decimal(claimed * 1000 // total) / 1000 if total else None
