"""The forms that go out to the boards: a workbook and a Word file each, with what is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from expectations.central import CentralFigure, figures_for
from expectations.contract import Reading, Submission
from expectations.form_layout import load_layouts, newest
from expectations.registers import Board, City, Round
from tasks.form import write_workbook
from tasks.form_prose import write_prose
from tasks.form_values import Before, Central
from tasks.joining import joined
from warehouse.central import CentralSource


@dataclass(frozen=True, slots=True)
class Issued:
    """One file of a board's form: its name and bytes, and the groups of sections it asks for."""

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
    """Return workbook and Word file of each board that owes something, in the register's order.

    `before` is what is known of each board, by id; `carried` is an older form that one
    board had begun on. Same inputs, same bytes.
    """
    owed = city.owed(round_)
    return [
        one
        for board in boards
        if owed.get(board.board_id)
        for one in _forms(
            city,
            round_,
            board,
            owed[board.board_id],
            before=before.get(board.board_id, Before()),
            carried=carried,
        )
    ]


def _forms(
    city: City,
    round_: Round,
    board: Board,
    owed: Iterable[str],
    *,
    before: Before,
    carried: Reading | None,
) -> Iterator[Issued]:
    layout = newest(load_layouts())
    groups = (*owed, "other")
    stem = f"{round_.round_id.replace('/', '-')}-{board.board_id}"
    word = f"text-{stem}.docx"
    shared: dict[str, Any] = {"city": city, "board": board, "round": round_}
    shared |= {"filled": carried, "groups": groups}
    book = write_workbook(layout, **shared, before=before, prose_file=word)
    yield Issued(board.board_id, f"underlag-{stem}.xlsx", book, groups)
    yield Issued(board.board_id, word, write_prose(layout, **shared), groups)


def carried_over(old: Sequence[Reading]) -> Reading:
    """Return what older files of one board's form say together: workbook, Word file, or both."""
    prose = next((one for one in old if one.document.form_part == "prose"), None)
    others = [one for one in old if one is not prose]
    if prose is None or not others:
        return (others or [prose])[0]  # type: ignore[list-item] # there is at least one
    figures, rest = joined(others[0], prose, newest(load_layouts()))
    own: dict[str, Any] = {
        s.section: (*figures.rows(s.section), *rest.rows(s.section))
        for s in newest(load_layouts()).sections
        if s.is_prose
    }
    return replace(
        figures,
        **own,
        nothing_to_report=(*figures.nothing_to_report, *rest.nothing_to_report),
        unread=(*figures.unread, *rest.unread),
        faults=(*figures.faults, *rest.faults),
    )


def form_with(
    reading: Reading, city: City, round_: Round, board: Board, *, name: str
) -> dict[str, bytes]:
    """Return a board's form with what was read in a document filled in, for a person to complete.

    The workbook is called `name`, the Word file beside it `text-` and the same. Only what the
    document says is there; its own head (who hands in, who approved) stays empty, so that the form
    is not whole before somebody has taken it on.
    """
    layout = newest(load_layouts())
    document = replace(reading.document, submitted_by=None, approved_by=None)
    groups = (*city.owed(round_).get(board.board_id, ()), "other")
    shared: dict[str, Any] = {"city": city, "board": board, "round": round_, "groups": groups}
    shared["filled"] = replace(reading, document=document)
    word = f"text-{name.removesuffix('.xlsx')}.docx"
    return {
        name: write_workbook(layout, **shared, prose_file=word),
        word: write_prose(layout, **shared),
    }


def with_central(
    before: Mapping[str, Before], figures: Sequence[CentralFigure], files: Sequence[CentralSource]
) -> dict[str, Before]:
    """Return what is known of each board, with what the ledger and the staff system say of it."""
    said = {one.section for one in figures}
    sources = {section: " och ".join(_named(files, section)) for section in sorted(said)}
    boards = {*before, *(one.board for one in figures if one.board)}
    return {
        board: replace(
            before.get(board, Before()), central=Central(figures_for(figures, board), sources)
        )
        for board in sorted(boards)
    }


def _named(files: Sequence[CentralSource], section: str) -> Iterator[str]:
    for file in files:
        if any(one.section == section for one in file.figures):
            yield f"{file.name} (version {file.version})"


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
