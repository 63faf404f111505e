"""Who answered before for what a board answers for now: boards that merge, change and vanish.

A comparison over a change is made only where it means something: with the one board that was, or
with the sum of all whose whole work went over. Where a part was moved no figure of before is like
the one of now, and it is said instead. Rows stand in the register `successions.csv`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from expectations.contract import Submission
    from expectations.registers import City

WHOLE, PART = "whole", "part"
EXTENTS = (WHOLE, PART)


@dataclass(frozen=True, slots=True)
class Succession:
    """All or a part of a board's work that went over to another one on a day."""

    board_id: str
    successor: str
    valid_from: date
    """The successor's first day with it."""
    extent: str = WHOLE
    decision: str = ""


@dataclass(frozen=True, slots=True)
class Lineage:
    """How a board now stands to the boards of an earlier day.

    `same` is the board itself, `carried` one board that became this one, `summed` several whose
    figures add up to this one's, `moved` a part that came or went, `new` a board without a past.
    """

    kind: Literal["same", "carried", "summed", "moved", "new"]
    boards: tuple[str, ...] = ()
    """The boards of then whose figures mean the same as this one's now; none for moved and new."""
    rows: tuple[Succession, ...] = ()
    """The changes in between, in order."""

    @property
    def follows(self) -> str | None:
        """The one board of then that this one can be held against word by word."""
        return self.boards[0] if self.kind in ("same", "carried") else None


def lineage(city: City, board_id: str, then: date, now: date) -> Lineage:
    """Return how a board stands to those of an earlier day."""
    between = sorted(
        (row for row in city.successions if then < row.valid_from <= now),
        key=lambda row: (row.valid_from, row.board_id, row.successor),
    )
    boards, rows = _origins(city, board_id, then, between)
    if not rows:
        return Lineage("same" if boards else "new", boards)
    if any(row.extent == PART for row in rows):
        return Lineage("moved", (), rows)
    return Lineage("carried" if len(boards) == 1 else "summed", boards, rows)


def _origins(
    city: City, board_id: str, then: date, between: Sequence[Succession]
) -> tuple[tuple[str, ...], tuple[Succession, ...]]:
    """Return the boards of then that make up a board, and the changes that made it."""
    board = city.board(board_id)
    boards = [board_id] if board is None or board.valid_on(then) else []
    rows = [row for row in between if row.board_id == board_id and row.extent == PART]
    for row in (row for row in between if row.successor == board_id):
        earlier = [one for one in between if one.valid_from < row.valid_from]
        found, before = _origins(city, row.board_id, then, earlier)
        boards += [one for one in found if one not in boards]
        rows += [*before, row]
    return tuple(boards), tuple(dict.fromkeys(rows))


def comparable(
    city: City, submissions: Sequence[Submission], then: date, now: date, *, carried: bool
) -> tuple[Submission, ...]:
    """Return what was said on an earlier day under the boards of now that it can be held against.

    What a board said that has been merged or has had a part moved is left out: it is not the same.
    Only where `carried` is a board given what the one before it said: a form may show it, but no
    rule holds a new board's restated figures against another's.
    """
    lines = {b.board_id: lineage(city, b.board_id, then, now) for b in city.boards_on(now)}
    followers = {
        line.follows: board
        for board, line in lines.items()
        if line.follows and (carried or line.kind == "same")
    }
    return tuple(
        replace(one, board=followers[one.board]) for one in submissions if one.board in followers
    )
