"""What stands in the cells of an issued form: register rows and a board's answers as entries.

Workbook, docx and PDF print the same entries; the readers turn them back into contract rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from expectations.central import CentralFigure, Slot, as_printed
from expectations.contract import Due, Figure, Reading, Text, Word
from expectations.form_layout import Column, Layout, SectionLayout, in_year
from expectations.registers import Board, City, CityGoal, Round

Row = dict[str, "Entry"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One filled cell: its text, and the number or day where it is one."""

    text: str
    number: Decimal | None = None
    decimals: int = 0
    day: date | None = None
    is_central: bool = False


@dataclass(frozen=True, slots=True)
class Central:
    """What the city's own systems say of a board's round; by section, which files say it."""

    figures: Mapping[Slot, CentralFigure] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Before:
    """What is known before a board begins, and is shown or carried over, locked.

    It is what the board said in the round before and in the annual round, and what the city's own
    systems say now. Where the round before is of another year (not `same_year`) its forecasts are
    not carried.
    """

    previous: Reading | None = None
    last_year: Reading | None = None
    same_year: bool = True
    central: Central = Central()


@dataclass(frozen=True, slots=True)
class Issue:
    """One form to write: layout, whom it is for, and the answers if it is filled in."""

    layout: Layout
    city: City
    board: Board
    round: Round
    filled: Reading | None = None
    before: Before = Before()

    @property
    def year(self) -> int:
        """Return the year that the headings speak of."""
        return self.round.period_to.year

    @property
    def mark(self) -> str:
        """Return the line that tells a reader which form this is."""
        return self.layout.mark.format(**self.identity())

    def identity(self) -> dict[str, str]:
        """Return version, city, board and round as the form carries them."""
        return {
            "version": self.layout.version,
            "city": self.city.city_id,
            "board": self.board.board_id,
            "round": self.round.round_id,
        }


def swedish_number(value: Decimal, decimals: int) -> str:
    """Print a number as in a Swedish table: comma, real minus, at least `decimals` decimals."""
    exponent = value.normalize().as_tuple().exponent
    places = max(decimals, -exponent if isinstance(exponent, int) else 0, 0)
    return f"{value:.{places}f}".replace(".", ",").replace("-", "−")


def start_entries(issue: Issue) -> dict[str, Entry]:
    """Return the cells of the start sheet by contract field."""
    identity = issue.identity()
    entries = {"template_version": Entry(identity["version"])}
    entries |= {key: Entry(identity[key]) for key in ("city", "board", "round")}
    if issue.filled is not None:
        for line in issue.layout.start:
            value = _dig(issue.filled.document, line.field)
            if not line.prefilled and value not in (None, ""):
                entries[line.field] = _plain_entry(value)
    return entries


def nothing_said(issue: Issue, group: str) -> bool:
    """Say whether the answers hold an explicit "Inget att rapportera" for a group."""
    return issue.filled is not None and group in issue.filled.nothing_to_report


def rows_of(issue: Issue, section: SectionLayout) -> tuple[list[Row], list[Row]]:
    """Return the rows that are answered, and those we pre-fill that have no answer."""
    filled = issue.filled.rows(section.section) if issue.filled else ()
    rows = [_row(issue, section, row) for row in filled]
    answered = {_key(section, row) for row in rows}
    ours = [row for row in _prefilled(issue, section) if _key(section, row) not in answered]
    return rows, ours


def with_central(issue: Issue, section: SectionLayout, row: Row) -> Row:
    """Return a row with the central figures in the cells that the board has not filled in."""
    label = row.get(section.columns[0].field)
    line = section.line_named(label.text) if label and section.lines else None
    if line is None:
        return row
    found = dict(row)
    for column in section.columns:
        one = issue.before.central.figures.get(
            (section.section, line.code, column.field.removeprefix("columns."))
        )
        unit = line.unit if column.unit == "row" else column.unit
        if one is None or column.field in row or unit is None:
            continue
        decimals = column.decimals if line.decimals is None else line.decimals
        decimals = 0 if unit == "headcount" else decimals
        entry = _plain_entry(as_printed(one.figure, unit, decimals))
        found[column.field] = replace(entry, is_central=True)
    return found


def rows_before(issue: Issue, section: SectionLayout, source: str) -> dict[str, Row]:
    """Return the rows of an earlier round (`previous` or `last_year`) by their first cell."""
    reading: Reading | None = getattr(issue.before, source)
    rows = (_row(issue, section, row) for row in reading.rows(section.section)) if reading else ()
    return {key: row for row in rows if (key := _key(section, row))}


def _key(section: SectionLayout, row: Row) -> str:
    entry = row.get(section.columns[0].field)
    return entry.text if entry else ""


def _prefilled(issue: Issue, section: SectionLayout) -> Iterator[Row]:
    if section.rows == "lines":
        for line in section.lines_for(issue.board.kind):
            row = {section.columns[0].field: Entry(line.label)}
            yield row | ({"@unit": Entry(issue.layout.unit_word(line.unit))} if line.unit else {})
    elif section.rows == "goals":
        for goal in _own_goals(issue):
            yield _row(issue, section, goal)
    elif section.rows == "assignments":
        board, day = issue.board.board_id, issue.round.period_to
        for assignment in issue.city.assignments_for(board, day):
            yield _row(issue, section, assignment)


def _own_goals(issue: Issue) -> Iterator[CityGoal]:
    """Yield the goals that the board is designated for; a goal for nobody is for everybody."""
    for goal in issue.city.goals_on(issue.round.period_to):
        if not goal.designated or issue.board.board_id in goal.designated:
            yield goal


def _row(issue: Issue, section: SectionLayout, row: Any) -> Row:
    entries: Row = {}
    for column in section.columns:
        name = in_year(column.field, issue.year)
        entry = _entry(issue, column, _value(section, row, name))
        if entry is not None and entry.text != "":
            entries[name] = entry
    return entries


def _value(section: SectionLayout, row: Any, name: str) -> Any:
    """Return a row's value; a line by its label, `@unit` as the unit of the row's figures."""
    if name in ("line", "metric"):
        return _line_label(section, row)
    if name != "@unit":
        return _dig(row, name)
    figures = [figure for key, figure in row.columns.items() if not key.endswith("_change")]
    return next((figure.unit for figure in figures if figure.unit), None)


def _dig(row: Any, name: str) -> Any:
    """Follow `decision.date` or `columns.outcome` into a row; None where the way ends."""
    for step in name.split("."):
        row = row.get(step) if isinstance(row, dict) else getattr(row, step, None)
        if row is None:
            return None
    return row


def _entry(issue: Issue, column: Column, value: Any) -> Entry | None:
    if value is None:
        return None
    if column.kind == "choice":
        return Entry(issue.layout.choices[column.choice or ""].get(value, str(value)))
    if column.kind == "unit":
        return Entry(issue.layout.unit_word(value))
    if column.field == "addressees":
        value = [_name_of(issue.city, addressee) for addressee in value]
    if column.kind in _BETWEEN:
        return Entry(_BETWEEN[column.kind].join(map(str, value)))
    return _plain_entry(value)


def _name_of(city: City, board_id: str) -> str:
    """Return a board's name where it leads back to the board, else its id."""
    board = city.board(board_id)
    return board.name if board is not None and city.board_named(board.name) == board else board_id


_BETWEEN = {"list": "; ", "numbers": ", ", "path": " > "}


def _line_label(section: SectionLayout, row: Any) -> str:
    """Return the form's label for a fixed line; a line of the board's own keeps its words."""
    code = getattr(row, section.columns[0].field)
    return next((line.label for line in section.lines if line.code == code), row.label)


def _plain_entry(value: Any) -> Entry:
    if isinstance(value, Figure):
        return _figure_entry(value)
    if isinstance(value, Due):
        exact = value.earliest == value.latest and str(value.earliest) == value.written
        return Entry(value.written, day=value.earliest if exact else None)
    if isinstance(value, date):
        return Entry(value.isoformat(), day=value)
    if isinstance(value, int):
        return Entry(str(value), number=Decimal(value))
    if isinstance(value, Word):
        return Entry(value.written)
    return Entry(value.text if isinstance(value, Text) else value)


def _figure_entry(figure: Figure) -> Entry:
    if figure.value is None:
        return Entry(figure.written)
    decimals = figure.decimals or 0
    text = figure.written or swedish_number(figure.value, decimals)
    return Entry(text, number=figure.value, decimals=decimals)
