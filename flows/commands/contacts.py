"""Whom to write to at a board today: samlad contacts."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from flows.commands.asking import (
    RAN,
    STOCKHOLM,
    Command,
    UserError,
    city_argument,
    city_of,
)
from flows.swedish_help import day_argument


def _contacts(options: argparse.Namespace) -> int:
    from flows.summary import group_word

    city = city_of(options)
    day = options.day or datetime.now(UTC).astimezone(STOCKHOLM).date()
    boards = [b for b in city.boards_on(day) if options.board in (None, b.board_id)]
    if not boards:
        raise UserError(f"Nämnden {options.board} finns inte i {city.name} den {day}.")
    without = []
    for board in boards:
        found = [c for c in city.contacts if c.board_id == board.board_id]
        found = [c for c in found if c.holds_on(day)]
        if not found:
            without.append(board.name)
        for contact in found:
            name, mail = contact.reached(day)
            groups = ", ".join(group_word(group) for group in contact.groups) or "alla avsnitt"
            away = f" (i stället för {contact.role})" if mail != contact.mail else ""
            print(f"{board.name}, {groups}: {name} <{mail}>{away}")
    if without:
        print(f"\nIngen kontakt i registret: {', '.join(without)}.")
    return RAN


def _arguments(parser: argparse.ArgumentParser) -> None:
    city_argument(parser)
    parser.add_argument("--board", metavar="NÄMND", help="bara den nämnden; mappnamnet")
    parser.add_argument(
        "--on", dest="day", type=day_argument, metavar="DATUM", help="den dagen; annars i dag"
    )


COMMANDS = (
    Command(
        "contacts",
        _contacts,
        "visa vem man skriver till hos en nämnd, ersättaren när någon är borta",
        "samlad contacts --city lindhamn --board socialnamnden",
        _arguments,
    ),
)
