"""The forms that go out to the boards: one workbook each, with what is known filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from expectations.contract import Reading, Submission
from expectations.form_layout import load_layouts, newest
from expectations.registers import Board, City, Round
from tasks.form import write_workbook
from tasks.form_values import Before


@dataclass(frozen=True, slots=True)
class Issued:
    """One board's form: the file's name and bytes, and the groups of sections it asks for."""

    board: str
    name: str
    data: bytes
    groups: tuple[str, ...]


def issue_forms(
    city: City,
    round_: Round,
    *,
    boards: Sequence[Board],
    before: Mapping[str, Before],
    carried: Reading | None = None,
) -> list[Issued]:
    """Return the form of each board that owes something in the round, in the register's order.

    `before` is what boards said in earlier rounds, by id; `carried` is an older form that one
    board had begun on. Same inputs, same bytes.
    """
    layout = newest(load_layouts())
    owed = city.owed(round_)
    return [
        Issued(
            board.board_id,
            f"underlag-{round_.round_id}-{board.board_id}.xlsx",
            write_workbook(
                layout,
                city=city,
                board=board,
                round=round_,
                filled=carried,
                groups=(*owed[board.board_id], "other"),
                before=before.get(board.board_id, Before()),
            ),
            tuple(owed[board.board_id]),
        )
        for board in boards
        if owed.get(board.board_id)
    ]


def said_before(
    previous: Sequence[Submission], last_year: Sequence[Submission], *, same_year: bool
) -> dict[str, Before]:
    """Return what each board said in the round before and in the annual round, by its id."""
    one, other = _by_board(previous), _by_board(last_year)
    return {b: Before(one.get(b), other.get(b), same_year) for b in {*one, *other}}


def _by_board(submissions: Sequence[Submission]) -> dict[str, Reading]:
    return {one.board: one.readings[0] for one in submissions if one.readings}


def left_behind(old: Reading) -> list[str]:
    """Return in Swedish what an older form holds that is not carried over, with its place."""
    unread = [(item.place, f"”{item.text[:80]}”, {item.why}") for item in old.unread]
    faults = [(f.place, f.values.get("orsak", "går inte att läsa")) for f in old.faults]
    return [f"{place.in_words()}: {told}" if place else told for place, told in unread + faults]
