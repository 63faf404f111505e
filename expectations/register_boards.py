"""Boards in time and who to write to there, out of the registers: successions and contacts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from expectations.contract import GROUPS
from expectations.lineage import EXTENTS, PART, WHOLE, Succession
from expectations.register_rows import VALIDITY, RegisterFile, Row
from expectations.registers import Board, Contact

MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def successions(file: RegisterFile, boards: Sequence[Board]) -> tuple[Succession, ...]:
    """Return the rows in order of day; every fault is kept with its line and remedy.

    Without boards (their file could not be read) nothing is said of rows that name them.
    """
    if not boards:
        return ()
    known = {board.board_id: board for board in boards}
    wholes: dict[str, int] = {}
    found = []
    for row in file.rows:
        one = _row(file, row, known)
        if one is None:
            continue
        _dates_hold(file, row, one, known)
        if one.extent == WHOLE and one.board_id in wholes:
            fault = f"Hela {one.board_id} har redan gått över, på rad {wholes[one.board_id]}."
            file.fault(row.line, fault, "Skriv part på raderna om verksamheten har delats.")
        if one.extent == WHOLE:
            wholes.setdefault(one.board_id, row.line)
        found.append(one)
    return tuple(sorted(found, key=lambda one: (one.valid_from, one.board_id, one.successor)))


def _row(file: RegisterFile, row: Row, known: dict[str, Board]) -> Succession | None:
    board, successor = (file.one_of(row, name, known) for name in ("board_id", "successor"))
    day = file.day(row, "valid_from")
    decision = file.needed(row, "decision")
    if not file.needed(row, "valid_from") or day is None:
        return None
    extent = file.text(row, "extent") or WHOLE
    file.check(row.line, "extent", extent, EXTENTS)
    if board and board == successor:
        file.fault(row.line, "Nämnden är sin egen efterträdare.", "Rätta den ena.")
        return None
    if board not in known or successor not in known:
        return None
    return Succession(board, successor, day, extent, decision)


def _dates_hold(file: RegisterFile, row: Row, one: Succession, known: dict[str, Board]) -> None:
    """Keep a fault where the boards do not exist on the days that the row speaks of."""
    before, after = known[one.board_id], known[one.successor]
    if not after.valid_on(one.valid_from):
        fault = f"{after.name} finns inte den {one.valid_from}."
        file.fault(row.line, fault, "Rätta dagen här eller på fliken med nämnder.")
    last = one.valid_from - timedelta(days=1)
    if not before.valid_on(last):
        fault = f"{before.name} finns inte den {last}, dagen före."
        file.fault(row.line, fault, "Rätta dagen här eller på fliken med nämnder.")
    if one.extent == WHOLE and before.valid_on(one.valid_from):
        fault = f"Hela {before.name} går över men nämnden finns kvar den {one.valid_from}."
        remedy = f"Ge nämnden en sista dag, {last}, eller skriv {PART}."
        file.fault(row.line, fault, remedy)


def contacts(file: RegisterFile, known: Sequence[str] | None) -> tuple[Contact, ...]:
    """Return whom to write to, in the file's order; `known` are the boards' ids, None if unread."""
    found = []
    for row in file.rows:
        board = file.needed(row, "board_id")
        if board and known is not None:
            file.check(row.line, "board_id", board, known)
        file.in_order(row, *VALIDITY)
        file.in_order(row, "away_from", "away_to")
        mails = {name: _mail(file, row, name) for name in ("mail", "stand_in_mail")}
        if file.text(row, "stand_in") and not mails["stand_in_mail"]:
            fault = "Ersättaren har ingen adress."
            file.fault(row.line, fault, "Fyll i ersättarens e-post.")
        found.append(
            Contact(
                board_id=board,
                role=file.needed(row, "role"),
                groups=file.several(row, "groups", GROUPS),
                name=file.text(row, "name") or "",
                phone=file.text(row, "phone") or "",
                stand_in=file.text(row, "stand_in") or "",
                away_from=file.day(row, "away_from"),
                away_to=file.day(row, "away_to"),
                valid_from=file.day(row, "valid_from"),
                valid_to=file.day(row, "valid_to"),
                **mails,
            )
        )
    return tuple(found)


def _mail(file: RegisterFile, row: Row, column: str) -> str:
    """Return an address; a fault tells of its form but never quotes it: it may name a person."""
    written = file.needed(row, column) if column == "mail" else file.text(row, column) or ""
    if written and MAIL.fullmatch(written) is None:
        fault = f"Kolumnen {column} är ingen e-postadress."
        file.fault(row.line, fault, "Skriv den som namn@kommunen.se.")
    return written
