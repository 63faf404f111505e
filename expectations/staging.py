"""Readings laid out as cases, one frame per section, so that each suite runs once for all boards.

A case is what one rule looks at: a document, a cell of an issued form, a row, or a sum. Its place
stands beside it, so that what fails points back at the cell or line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from string import ascii_uppercase
from typing import Any

from expectations.contract import (
    GROUPS,
    SECTIONS,
    Document,
    Due,
    Figure,
    FinanceLine,
    Place,
    Reading,
    Text,
    Word,
    figures_of,
    keyed_rows,
    period_of,
    row_key,
)
from expectations.form_layout import Column, in_year, load_layouts, newest
from expectations.registers import Board, City, Round
from expectations.verdicts import History

GROUP_OF = {section: group for group, sections in GROUPS.items() for section in sections}


@dataclass(frozen=True, slots=True)
class World:
    """What rules may lean on besides the case itself; everything is given, nothing fetched."""

    city: City
    round: Round | None
    today: date
    history: History
    identical: frozenset[str]
    documents: tuple[Judged, ...]
    spoken: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Document hash -> groups that a form's Word file speaks of in its workbook's rows."""

    @property
    def day(self) -> date:
        """The day on which goals, boards and scales are looked up."""
        return self.round.period_to if self.round else self.today

    def word_file(self, judged: Judged) -> Reading | None:
        """Return what the Word file beside a form's workbook says, None where there is none."""
        if judged.reading.document.form_part != "figures":
            return None
        others = (
            other.reading
            for other in self.documents
            if other.reading.document.form_part == "prose"
            and (other.board, other.period) == (judged.board, judged.period)
        )
        return next(others, None)

    def whole(self, judged: Judged) -> Reading:
        """Return a reading; that of a form's workbook with the prose of its Word file in it."""
        beside = self.word_file(judged)
        if beside is None:
            return judged.reading
        return replace(
            judged.reading,
            deviations=(*judged.reading.deviations, *beside.deviations),
            narratives=(*judged.reading.narratives, *beside.narratives),
        )

    def before(self, board: str | None, section: str, *, year: bool = False) -> dict[str, Any]:
        """Return a board's rows of the round before (or a year before) by key."""
        submissions = self.history.last_year if year else self.history.previous
        return {
            key: row
            for submission in submissions
            if submission.board == board
            for reading in submission.readings
            for key, row in keyed_rows(reading, section)
        }


@dataclass(frozen=True, slots=True)
class Judged:
    """One reading with who it is from and what period it belongs to, as far as can be said."""

    reading: Reading
    board: Board | None
    period: str | None

    @property
    def is_form(self) -> bool:
        """Whether the document is our own issued form."""
        return self.reading.document.template_version is not None


@dataclass(frozen=True, slots=True)
class CellValue:
    """One field of an issued form as the layout asks for it."""

    column: Column
    field: str
    """The column's field in the round's year, as `outcomes.2026`."""
    heading: str
    value: Any
    place: Place | None


@dataclass(frozen=True, slots=True)
class SumOf:
    """One column of a result table: the terms and the printed result."""

    column: str
    terms: tuple[Figure, ...]
    total: Figure


@dataclass(frozen=True, slots=True)
class Case:
    """What one rule looks at. `row`, `cell` and `sum` are set by the frame it stands in."""

    frame: str
    judged: Judged
    section: str | None = None
    key: str | None = None
    row: Any = None
    cell: CellValue | None = None
    sum: SumOf | None = None
    place: Place | None = None
    columns: Mapping[str, Any] = field(default_factory=dict)
    """Values that expectations of Great Expectations' own look at."""


def stage(documents: Sequence[Judged], world: World) -> dict[str, list[Case]]:
    """Return the cases of every frame over all documents."""
    frames: dict[str, list[Case]] = {"document": [], "cell": [], "row": [], "sum": []}
    frames |= {"staff_set": [], **{section: [] for section in SECTIONS}}
    for judged in documents:
        frames["document"].append(Case("document", judged))
        frames["cell"] += _cells(judged, world)
        frames["sum"] += _sums(judged)
        if judged.reading.staff:
            frames["staff_set"].append(Case("staff_set", judged, "staff"))
        for section in SECTIONS:
            for case in _rows(judged, section):
                frames[section].append(case)
                frames["row"].append(case)
    return frames


def stage_city(world: World) -> dict[str, list[Case]]:
    """Return the one case of the city as a whole: what all its boards say in `world`."""
    period = world.round.round_id if world.round else ""
    return {"city": [Case("city", Judged(Reading(Document()), None, period))]}


def _rows(judged: Judged, section: str) -> Iterator[Case]:
    contradicted = _contradicted(judged, section)
    for key, row in keyed_rows(judged.reading, section):
        yield Case(
            section,
            judged,
            section,
            key,
            row,
            place=getattr(row, "place", None),
            columns={
                "document": judged.reading.document.sha256,
                "section": section,
                "row_key": row_key(section, row)
                if judged.is_form or row_key(section, row) in contradicted
                else key,
                "requested": _number(getattr(row, "requested", None)),
                "granted": _number(getattr(row, "granted", None)),
            },
        )


def _contradicted(judged: Judged, section: str) -> set[str]:
    """Return the keys under which a free document gives different figures.

    A form asks for each row once. A running text may well say the same thing in two places, and
    share a heading between two texts: only when the figures differ is there something to ask.
    """
    said: dict[str, set[tuple[tuple[str, str], ...]]] = {}
    for row in judged.reading.rows(section):
        figures = tuple((name, str(figure.value)) for name, figure in figures_of(row))
        said.setdefault(row_key(section, row), set()).add(figures)
    return {key for key, versions in said.items() if len(versions) > 1}


def _number(figure: Figure | None) -> float | None:
    return float(figure.value) if figure is not None and figure.value is not None else None


def _cells(judged: Judged, world: World) -> Iterator[Case]:
    if not judged.is_form:
        return
    layouts = load_layouts()
    layout = layouts.get(judged.reading.document.template_version or "", newest(layouts))
    for section in layout.sections:
        for key, row in keyed_rows(judged.reading, section.section):
            for column in section.columns:
                if column.prefilled or column.field.startswith("@"):
                    continue
                name = in_year(column.field, world.day.year)
                value = _value(row, name)
                if value is None and _is_asked_elsewhere(judged, column):
                    continue
                place = getattr(value, "place", None) or cell_of(
                    judged, f"{section.section}.{name}", getattr(row, "place", None)
                )
                cell = CellValue(column, name, column.heading_in(world.day.year), value, place)
                written = _written(value)
                yield Case(
                    "cell",
                    judged,
                    section.section,
                    key,
                    row,
                    cell,
                    place=place,
                    columns={
                        "required_value": written if column.required else "not required",
                    },
                )


def _is_asked_elsewhere(judged: Judged, column: Column) -> bool:
    """Say whether the other part of a form that came as workbook and Word file has the field."""
    part = judged.reading.document.form_part
    return part is not None and column.prose is (part == "figures")


def cell_of(judged: Judged, field: str, place: Place | None) -> Place | None:
    """Return the cell of a field (`goals.motive`) in the row that begins at a place.

    Only a workbook has one, empty or not; elsewhere it is where the row begins.
    """
    letters = judged.reading.headings.get(field)
    if place is None or letters is None or place.cell is None:
        return place
    return replace(place, cell=letters + place.cell.lstrip(ascii_uppercase))


def _value(row: Any, path: str) -> Any:
    value = row
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else getattr(value, part, None)
    return value


def _written(value: Any) -> str | None:
    if isinstance(value, Figure):
        return value.written or None
    if isinstance(value, Word | Due):
        return value.written or None
    if isinstance(value, Text):
        return value.text or None
    return str(value) if value else None


ADDENDS = ("income", "costs", "municipal_grant", "internal_grants", "financial_net")


def _sums(judged: Judged) -> Iterator[Case]:
    """Yield the columns of result tables whose lines are just those that add up to the result."""
    tables: dict[str | None, list[FinanceLine]] = {}
    for line in judged.reading.finance:
        tables.setdefault(line.table, []).append(line)
    for lines in tables.values():
        result = next((line for line in lines if line.line == "result"), None)
        addends = [line for line in lines if line.line in ADDENDS]
        others = [line for line in lines if line.line not in (*ADDENDS, "result", "equity")]
        if result is None or len(addends) < 2 or others:  # noqa: PLR2004 - nothing to add
            continue
        for key, total in result.columns.items():
            terms = tuple(line.columns[key] for line in addends if key in line.columns)
            yield Case(
                "sum",
                judged,
                "finance",
                row_key("finance", result),
                result,
                sum=SumOf(key, terms, total),
                place=total.place or result.place,
            )


def judged_documents(readings: Sequence[Reading], city: City) -> tuple[Judged, ...]:
    """Return each reading with its board (sender first, then content) and period."""
    return tuple(Judged(r, board_of(r, city), period_of(r.document)) for r in readings)


def board_of(reading: Reading, city: City) -> Board | None:
    """Return the board that a document is from: the folder it came in, else what it says."""
    if reading.document.sender is not None:
        return city.board(reading.document.sender)
    return city.board(reading.document.board)


def tolerance(figures: Sequence[Figure], terms: int) -> Decimal:
    """Return the difference that rounding can explain: (terms + 1) · 0,5 · 10^-decimals."""
    decimals = min((f.decimals or 0) for f in figures) if figures else 0
    return Decimal(terms + 1) * Decimal("0.5").scaleb(-decimals)
