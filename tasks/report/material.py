"""What the chapters draw on: a snapshot's rows by section, names of boards, and figures' ids."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import templates
from expectations.contract import Assignment, Figure, Place, Text, Word, figure_id
from expectations.registers import LOCAL_TIME, Board, City, Round, ScaleWord
from expectations.swedish import swedish, swedish_day
from tasks.report.blocks import Cell, Source
from tasks.report.few import Slot, hidden_figures, limit_of
from warehouse.snapshot import SectionState, Snapshot, StoredDocument, StoredRow

WORDS = Path(templates.__file__).parent / "report" / "words.toml"
TO_MILLIONS = {
    "kr": Decimal(1) / 1_000_000,
    "tkr": Decimal(1) / 1_000,
    "mnkr": Decimal(1),
}


@cache
def words() -> dict[str, Any]:
    """Return the fixed texts of the report."""
    with WORDS.open("rb") as file:
        return tomllib.load(file)


def say(key: str, **values: object) -> str:
    """Return the fixed text at a dotted key, with its places filled."""
    found: Any = words()
    for part in key.split("."):
        found = found[part]
    return str(found).format(**values)


def as_told(value: Text | Assignment) -> str:
    """Return a text as it is printed: with a mark where damaged Swedish has been put right."""
    return say("cells.repaired", text=value.repaired) if value.repaired else value.text


def counted(key: str, number: int, **values: object) -> str:
    """Return the fixed text at a dotted key for a count: its `one` or its `many` form."""
    return say(f"{key}.{'one' if number == 1 else 'many'}", count=number, **values)


def day_in_words(day: date | None) -> str:
    """Return a day as running text has it, `28 september 2026`."""
    return f"{day.day} {words()['months'][day.month - 1]} {day.year}" if day else ""


def listed(names: Sequence[str], most: int) -> str:
    """Return names in a row, `A, B och C`; counted where there are more than a reader reads."""
    if len(names) > most:
        shown = ", ".join(names[: most - 1])
        return say("names.more", names=shown, count=len(names) - most + 1)
    if len(names) < 2:  # noqa: PLR2004 - one name stands alone
        return "".join(names)
    return say("names.and", names=", ".join(names[:-1]), last=names[-1])


@dataclass
class Material:
    """A snapshot with its city, and the sources that the chapters have used so far."""

    snapshot: Snapshot
    city: City
    round: Round | None
    is_internal: bool = False
    """Whether the names of those who wrote the office's own words are shown."""
    is_boards_own: bool = False
    """Whether it is one board's own report: the city office says nothing in it."""

    def __post_init__(self) -> None:
        """Start with no sources used."""
        self.used: dict[str, Source] = {}
        self.slots: dict[str, tuple[StoredRow, str]] = {}

    def take(self, other: Material) -> None:
        """Remember what another view has used, such as the round before's, as used here too."""
        self.used |= other.used
        self.slots |= other.slots

    @property
    def day(self) -> date:
        """The day on which scales and goals are looked up."""
        return self.round.period_to if self.round else self.snapshot.on

    @cached_property
    def boards(self) -> tuple[Board, ...]:
        """The boards that the report speaks of: those that exist and owe, and those that spoke."""
        spoke = {row.board for row in self.snapshot.rows}
        owed = self.city.owed(self.round) if self.round else {}
        return tuple(b for b in self.city.boards if b.board_id in spoke or b.board_id in owed)

    @property
    def previous_round(self) -> Round | None:
        """The round before, where the warehouse knows anything of it."""
        before = self.snapshot.previous
        return self.city.round(before.round) if before and before.round else None

    def round_name(self, round_: Round) -> str:
        """Return a round's name as it stands inside a sentence."""
        return round_.name[:1].lower() + round_.name[1:]

    def rows(self, section: str, snapshot: Snapshot | None = None) -> list[StoredRow]:
        """Return the rows of one section, boards in the register's order."""
        order = {board.board_id: i for i, board in enumerate(self.city.boards)}
        found = [r for r in (snapshot or self.snapshot).rows if r.section == section]
        return sorted(found, key=lambda row: order.get(row.board, len(order)))

    def name(self, board_id: str) -> str:
        """Return a board's name."""
        board = self.city.board(board_id)
        return board.name if board else board_id

    def key(self, key: str) -> str:
        """Return the key of a fixed text, that of its form for a year where the round is one."""
        table, _, name = key.rpartition(".")
        is_year = self.round is not None and self.round.type == "annual"
        return f"{key}_annual" if is_year and f"{name}_annual" in words()[table] else key

    def say(self, key: str) -> str:
        """Return a fixed text in the form that fits the round's period."""
        return say(self.key(key))

    def heads(self, key: str) -> tuple[str, ...]:
        """Return the headings of a table in the form that fits the round's period."""
        table, _, name = self.key(key).rpartition(".")
        return tuple(words()[table][name])

    def restated(self, board_id: str) -> str:
        """Return what to know of last year's figures where a board is new this year or last."""
        board = self.city.board(board_id)
        first = board.valid_from if board else None
        if first is None or first.year < self.day.year:
            return ""
        return say("restated.note", day=swedish_day(first))

    def told_on(self, stored: StoredRow) -> date | None:
        """Return the day that a row's document bears, or else the day it came."""
        document = self._documents.get(stored.document)
        if document is None:
            return None
        return document.document.date or document.received_at.astimezone(LOCAL_TIME).date()

    def states(self, group: str) -> dict[str, SectionState]:
        """Return the state of one group of sections by board, for the round."""
        period = self.round.round_id if self.round else None
        return {
            s.board: s
            for s in self.snapshot.sections
            if s.group == group and (period is None or s.period == period)
        }

    def step(self, scale: str, word: Word | None) -> ScaleWord | None:
        """Return the step of the city's scale that a word stands for."""
        if word is None or word.code is None:
            return None
        return self.city.scale(scale, self.day).word_of(word.code)

    def choice(self, scale: str, word: Word | None) -> Cell:
        """Return a cell with the word of the scale and its symbol."""
        step = self.step(scale, word)
        if step is not None:
            return Cell(step.word, symbol=step.symbol)
        return Cell(word.written if word else "")

    def money(self, stored: StoredRow, field: str, figure: Figure | None) -> Cell:
        """Return money in mnkr with one decimal (more where it was printed so)."""
        value = in_millions(figure)
        if figure is None or value is None:
            return self.figure(stored, field, figure)
        decimals = max(1, figure.decimals or 0) if figure.unit == "mnkr" else 1
        return Cell(
            swedish(value, min(decimals, 2)),
            is_number=True,
            figures=self.ids(stored, field, figure),
        )

    def figure(self, stored: StoredRow, field: str, figure: Figure | None) -> Cell:
        """Return a figure as the board wrote it, in Swedish form."""
        if figure is None or figure.state == "blank":
            return Cell("", is_number=True)
        ids = self.ids(stored, field, figure)
        if figure.low is not None and figure.high is not None:
            return Cell(
                f"{swedish(figure.low)}–{swedish(figure.high)}", is_number=True, figures=ids
            )
        if figure.value is None:
            return Cell(say("cells.unreadable"), is_number=True, figures=ids, missing="unreadable")
        return Cell(swedish(figure.value, figure.decimals), is_number=True, figures=ids)

    def ids(self, stored: StoredRow, field: str, figure: Figure | Word) -> tuple[str, ...]:
        """Return the id of a figure, or of a word of a scale, and remember its source."""
        return self.said(stored, field, figure.written, figure.place)

    def said(
        self, stored: StoredRow, field: str, written: str, place: Place | None
    ) -> tuple[str, ...]:
        """Return the id of what stands written in a row's field, and remember its source."""
        printed = figure_id(
            self.snapshot.city, stored.board, stored.period, stored.section, stored.key, field
        )
        document = self._documents.get(stored.document)
        self.slots[printed] = (stored, field)
        self.used[printed] = Source(
            figure_id=printed,
            board=self.name(stored.board),
            document=document.document.name if document else self._before.get(stored.document, ""),
            sha256=stored.document,
            place=place.in_words() if place else "",
            written=written,
            version=stored.version,
            section=stored.section,
            spot=place,
            received=f"{document.received_at.astimezone(LOCAL_TIME):%Y-%m-%d %H.%M}"
            if document
            else "",
        )
        return (printed,)

    @cached_property
    def hidden(self) -> dict[Slot, str]:
        """The figures that are not shown because they could tell who somebody is."""
        return hidden_figures(self.snapshot.rows, limit_of(self.city))

    @cached_property
    def _documents(self) -> dict[str, StoredDocument]:
        """The documents by SHA-256, the first arrival of each."""
        return {d.document.sha256: d for d in reversed(self.snapshot.documents)}

    @cached_property
    def _before(self) -> dict[str, str]:
        """The names of earlier rounds' documents by SHA-256: boards that others have followed."""
        return {one.row.document: one.document_name for one in self.snapshot.inherited}

    def finance(
        self, line: str, snapshot: Snapshot | None = None
    ) -> Iterator[tuple[StoredRow, dict[str, Figure]]]:
        """Yield each board's line of its first result table."""
        seen: set[str] = set()
        for stored in self.rows("finance", snapshot):
            if stored.row.line == line and stored.board not in seen:
                seen.add(stored.board)
                yield stored, stored.row.columns


def signed(value: Decimal, decimals: int = 1) -> str:
    """Return a number with its sign, plus too."""
    shown = swedish(value, decimals)
    return f"+{shown}" if value > 0 else shown


UNRANKED = ("hard", "not_assessed", "white")
"""Steps of a scale of goals that say that no judgement can be made: neither better nor worse."""


def direction(before: ScaleWord, now: ScaleWord) -> str:
    """Return up, down, same or none: which way a judgement has gone."""
    if before.code == now.code:
        return "same"
    if {before.code, now.code} & set(UNRANKED):
        return "none"
    return "up" if now.order < before.order else "down"


def in_millions(figure: Figure | None) -> Decimal | None:
    """Return money in mnkr, None where the figure is no money or not read."""
    if figure is None or figure.value is None or figure.unit not in TO_MILLIONS:
        return None
    return figure.value * TO_MILLIONS[figure.unit]
