"""What may be compared over a change, and how: boards that follow on others, new scales and goals.

A comparison is made with the one board that was, or with the sum of those that were merged, and is
then marked *omräknat*; or it is not made, and the report says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from expectations.contract import Figure
from expectations.lineage import PART, Lineage, Succession, lineage
from expectations.swedish import swedish, swedish_day
from tasks.report.blocks import Block, Cell, Footnotes, Table, text
from tasks.report.material import Material, counted, in_millions, listed, say, words
from warehouse.inherited import SAID_AS, rounds_compared
from warehouse.snapshot import StoredRow

Part = tuple[StoredRow, str, Figure]
"""A figure behind a compared number: its row and field."""
SUMMED = ("fte", "headcount", "count", "kr", "tkr", "mnkr")
"""Units that may be added over boards; a rate may not."""
NAMED = 6


def a_year_before(day: date) -> date:
    """Return the same day of the year before, the last of February for a leap day."""
    return date(day.year - 1, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)


# --- boards against boards -----------------------------------------------------------------------


def line_of(material: Material, board: str, then: date) -> Lineage:
    """Return how a board of the report stands to those of an earlier day."""
    return lineage(material.city, board, then, material.day)


def pairs(material: Material, section: str) -> Iterator[tuple[StoredRow, StoredRow]]:
    """Yield (row before, row now) of what is reported in both rounds and may be held together."""
    previous, round_ = material.snapshot.previous, material.previous_round
    if previous is None or round_ is None:
        return
    before = {(row.board, row.key): row for row in material.rows(section, previous)}
    for stored in material.rows(section):
        board = line_of(material, stored.board, round_.period_to).follows
        old = before.get((board, stored.key)) if board else None
        if old is not None:
            yield old, stored


def same_scale(material: Material, scale: str) -> bool:
    """Say whether a scale has the same steps now as in the round before."""
    before = material.previous_round
    if before is None:
        return True
    now, then = (material.city.scale(scale, day).words for day in (material.day, before.period_to))
    return not now or not then or now == then


def compared_name(material: Material, board: str) -> str:
    """Return a board's name, with the one that it is compared with where that is another."""
    before = material.previous_round
    line = line_of(material, board, before.period_to) if before else None
    if line is None or line.kind != "carried" or line.follows == board:
        return material.name(board)
    was = material.name(line.boards[0])
    return say("comparing.formerly", name=material.name(board), before=was)


# --- figures of an earlier time ------------------------------------------------------------------


class Restated:
    """A table's figures of an earlier time: the board's own, or those of the boards before it.

    Collects the footnotes that the marks in the cells point to.
    """

    def __init__(self, material: Material) -> None:
        """Start without footnotes."""
        self.material = material
        self.marks = Footnotes()

    def parts(self, stored: StoredRow, column: str) -> list[Part]:
        """Return the figures behind one column: the row's own, else those of the boards before."""
        own: Figure | None = stored.row.columns.get(column)
        if own is not None and own.state != "blank":
            return [(stored, f"columns.{column}", own)]
        line = self._line(stored, column)
        if line is None or line.kind not in ("carried", "summed"):
            return []
        found = {board: self._said(board, stored, column) for board in line.boards}
        parts = [part for part in found.values() if part is not None and part[2].value is not None]
        adds = line.kind == "carried" or all(figure.unit in SUMMED for _, _, figure in parts)
        return parts if len(parts) == len(line.boards) and adds else []

    def millions(self, stored: StoredRow, column: str) -> Decimal | None:
        """Return the money behind one column in mnkr, None where it is not known."""
        values = [in_millions(figure) for _, _, figure in self.parts(stored, column)]
        return sum((v for v in values if v is not None), Decimal(0)) if values else None

    def ids(self, stored: StoredRow, column: str) -> tuple[str, ...]:
        """Return the ids of the figures behind one column."""
        parts = self.parts(stored, column)
        return tuple(i for row, field, figure in parts for i in self._ids(row, field, figure))

    def money(self, stored: StoredRow, column: str) -> Cell:
        """Return one column's cell in mnkr, marked where the board has changed since."""
        own = self.material.money(stored, f"columns.{column}", stored.row.columns.get(column))
        if own.text or column not in SAID_AS:
            return self._marked(own, stored, column, is_own=True)
        value = self.millions(stored, column)
        return self._made(stored, column, None if value is None else swedish(value, 1))

    def figure(self, stored: StoredRow, column: str) -> Cell:
        """Return one column's cell as written, marked where the board has changed since."""
        own = self.material.figure(stored, f"columns.{column}", stored.row.columns.get(column))
        if own.text or column not in SAID_AS:
            return self._marked(own, stored, column, is_own=True)
        parts = self.parts(stored, column)
        total = sum((figure.value or Decimal(0) for _, _, figure in parts), Decimal(0))
        decimals = max((figure.decimals or 0 for _, _, figure in parts), default=0)
        return self._made(stored, column, swedish(total, decimals) if parts else None)

    def _made(self, stored: StoredRow, column: str, shown: str | None) -> Cell:
        if shown is None:
            return Cell("", is_number=True)
        ids = self.ids(stored, column)
        cell = Cell(shown, is_number=True, figures=ids, how=say("how.restated"))
        return self._marked(cell, stored, column, is_own=False)

    def _marked(self, cell: Cell, stored: StoredRow, column: str, *, is_own: bool) -> Cell:
        line = self._line(stored, column)
        if not cell.text or line is None or line.kind == "same":
            return cell
        told = self.material.restated(stored.board)  # a new board without a past
        if line.rows:
            told = _told(self.material, stored.board, line, column if not is_own else None)
        return replace(cell, mark=self.marks.mark(told))

    def _line(self, stored: StoredRow, column: str) -> Lineage | None:
        then = _then(self.material, column)
        return line_of(self.material, stored.board, then) if then else None

    def _said(self, board: str, stored: StoredRow, column: str) -> Part | None:
        """Return what a board before said in the same row."""
        field = SAID_AS[column]
        for one in self.material.snapshot.inherited:
            if (one.column, one.row.board) == (column, board) and _same_row(one.row, stored):
                return one.row, f"columns.{field}", one.row.row.columns[field]
        return None

    def _ids(self, row: StoredRow, field: str, figure: Figure) -> tuple[str, ...]:
        return self.material.ids(row, field, figure)


def _same_row(one: StoredRow, other: StoredRow) -> bool:
    if one.section != other.section:
        return False
    if one.section == "finance":
        return (one.row.line, one.row.table) == (other.row.line, other.row.table)
    return (one.row.metric, one.row.scope or "") == (other.row.metric, other.row.scope or "")


def _then(material: Material, column: str) -> date | None:
    """Return the last day that a column of an earlier time speaks of."""
    if column == "accounts_prev":
        return date(material.day.year - 1, 12, 31)
    if column == "outcome_prev":
        return a_year_before(material.day)
    if column == "forecast_prev" and material.round is not None:
        then = rounds_compared(material.city, material.round).get(column)
        return then.period_to if then else None
    return None


def _told(material: Material, board: str, line: Lineage, column: str | None) -> str:
    """Return the footnote of a figure; `column` where it is made of what the boards before said."""
    row = line.rows[-1]
    known = {
        "board": material.name(board),
        "before": listed([material.name(one) for one in _before(line)], NAMED),
        "day": swedish_day(row.valid_from),
        "decision": row.decision,
    }
    if line.kind == "moved":
        moved = next(one for one in line.rows if one.extent == PART)
        names = {"giver": material.name(moved.board_id), "taker": material.name(moved.successor)}
        day = {"day": swedish_day(moved.valid_from), "decision": moved.decision}
        return say("comparing.note_moved", **names, **day)
    if column is None or material.round is None:
        return say("comparing.note_own", **known)
    then = rounds_compared(material.city, material.round)[column]
    key = "comparing.note_carried" if line.kind == "carried" else "comparing.note_summed"
    return say(key, **known, round=material.round_name(then))


def _before(line: Lineage) -> Sequence[str]:
    return line.boards or tuple(dict.fromkeys(row.board_id for row in line.rows))


# --- what is said of it --------------------------------------------------------------------------


def comparability(material: Material) -> Iterator[Block]:
    """Yield the table of what has changed since, and what that does to the comparisons."""
    if material.round is None:
        return
    rows = (*_boards(material), *_scales(material), *_goals(material))
    if rows:
        head = tuple(words()["comparing"]["head"])
        yield Table("t-jamforbarhet", say("comparing.table"), head, rows, broad=(3,))


def _since(material: Material) -> date:
    """Return the earliest day that a figure of the report is compared with."""
    before = material.previous_round
    year = a_year_before(material.day)
    return min(before.period_to, year) if before else year


def _boards(material: Material) -> Iterator[tuple[Cell, ...]]:
    then, now, city = _since(material), material.day, material.city
    for board in city.boards_on(now):
        line = line_of(material, board.board_id, then)
        if line.kind == "same" or (line.kind == "new" and not board.valid_from):
            continue
        before = [material.name(one) for one in _before(line)]
        last = line.rows[-1] if line.rows else None
        yield (
            text(say("comparing.board")),
            text(", ".join(before) or "–"),
            text(_since_when(board.name, last, board.valid_from)),
            text(_how(material, line)),
        )
    gone = {row.board_id for row in city.successions if then < row.valid_from <= now}
    for board in city.boards_on(then):
        if not board.valid_on(now) and board.board_id not in gone and board.valid_to:
            told = say("comparing.ended", name=board.name, day=swedish_day(board.valid_to))
            yield text(say("comparing.board")), text(told), text("–"), text(say("comparing.gone"))


def _since_when(name: str, row: Succession | None, begins: date | None) -> str:
    if row is not None:
        day = swedish_day(row.valid_from)
        return say("comparing.since", name=name, day=day, decision=row.decision)
    return say("comparing.begins", name=name, day=swedish_day(begins))


def _how(material: Material, line: Lineage) -> str:
    if line.kind in ("carried", "summed"):
        names = listed([material.name(one) for one in line.boards], NAMED)
        return say(f"comparing.how_{line.kind}", names=names)
    return say(f"comparing.how_{line.kind}")


def _scales(material: Material) -> Iterator[tuple[Cell, ...]]:
    before = material.previous_round
    for name, label in words()["comparing"]["scales"].items():
        if before is None or same_scale(material, name):
            continue
        steps = [
            ", ".join(step.word for step in material.city.scale(name, day).words)
            for day in (before.period_to, material.day)
        ]
        yield text(label), text(steps[0]), text(steps[1]), text(say("comparing.how_scale"))


def _goals(material: Material) -> Iterator[tuple[Cell, ...]]:
    before = material.previous_round
    if before is None:
        return
    old, new = (material.city.goals_on(day) for day in (before.period_to, material.day))
    ended = [goal for goal in old if goal not in new]
    begun = [goal for goal in new if goal not in old]
    if not ended and not begun:
        return
    last = max((g.valid_to for g in ended if g.valid_to), default=None)
    first = min((g.valid_from for g in begun if g.valid_from), default=None)
    day = last or (first - timedelta(days=1) if first else before.period_to)
    yield (
        text(say("comparing.goals")),
        text(counted("comparing.goals_ended", len(ended), day=swedish_day(day))),
        text(counted("comparing.goals_begun", len(begun))),
        text(say("comparing.how_goals")),
    )
