"""Commands on a board's sections: grant more time, keep one out of the report, note a decision."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from flows.commands.asking import (
    RAN,
    Command,
    UserError,
    city_argument,
    city_of,
    settings_of,
    who_arguments,
)
from flows.swedish_help import day_argument

OUTCOMES = {
    "som-forslaget": "enligt förslaget",
    "med-andringar": "med ändringar",
    "aterremiss": "återremitterat",
    "bordlagt": "bordlagt",
    "ordforande": "av ordföranden på delegation",
}


def _extend(options: argparse.Namespace) -> int:
    return _act(options, "extension", options.reason, until=options.until)


def _withhold(options: argparse.Namespace) -> int:
    return _act(options, "withheld", options.reason)


def _decide(options: argparse.Namespace) -> int:
    told = f"beslutat {options.date} § {options.paragraph}, {OUTCOMES[options.outcome]}"
    return _act(options, "decision", told, outcome=options.outcome)


def _lock(options: argparse.Namespace) -> int:
    return _act(options, "lock", options.reason)


def _unlock(options: argparse.Namespace) -> int:
    return _act(options, "unlock", options.reason)


def _ask(options: argparse.Namespace) -> int:
    return _act(options, "asked", options.text)


LEVELS = {"kontoret": "office", "namnden": "board", "fullmaktige": "council"}


def _close(options: argparse.Namespace) -> int:
    """Note that an assignment is closed for one addressee, at one level, by a dated decision."""
    from warehouse.acts import OfficeAct, record
    from warehouse.owed import CLOSING
    from warehouse.register_acts import CLOSED_BY
    from warehouse.store import open_store

    city = city_of(options)
    item = next((a for a in city.assignments if a.assignment_id == options.assignment), None)
    if item is None:
        raise UserError(f"Uppdraget {options.assignment} finns inte i registret för {city.name}.")
    if options.board not in item.addressees:
        names = ", ".join(item.addressees)
        raise UserError(f"{options.board} har inte fått uppdraget. Det har {names}.")
    level = LEVELS[options.level]
    if level != "office" and not options.paragraph:
        raise UserError("Säg beslutets paragraf med --paragraph.")
    paragraph = options.paragraph or ""
    told = f"{options.date}{f' § {paragraph}' if paragraph else ''}"
    act = OfficeAct(
        kind=CLOSING,
        city=city.city_id,
        board=options.board,
        period=item.assignment_id,
        by=options.by,
        text=f"{CLOSED_BY[level]} {told}",
        at=datetime.now(UTC),
        about={
            "assignment": item.assignment_id,
            "level": level,
            "date": options.date.isoformat(),
            "paragraph": paragraph,
        },
    )
    made = record(open_store(settings_of(options).store), act, options.name)
    print(f"{made.act_id}  {item.text[:70]}")
    print(f"    {options.board}: {act.text}")
    return RAN


def _act(
    options: argparse.Namespace, kind: str, text: str, until: object = None, **about: str
) -> int:
    """Record the act once for each section that it concerns; `about` is kept with it."""
    from warehouse.acts import OfficeAct, record
    from warehouse.store import open_store

    city = city_of(options)
    round_ = city.round(options.round)
    board = city.board(options.board)
    if board is None:
        raise UserError(
            f"Nämnden {options.board} finns inte i {city.name}. Använd mappnamnet, som "
            f"{city.boards[0].board_id}."
        )
    if not text.strip():
        raise UserError("Skälet är tomt. Skriv det inom citattecken.")
    store = open_store(settings_of(options).store)
    for group in groups_named(options.sections, set(city.owed(round_).get(board.board_id, ()))):
        act = OfficeAct(
            kind=kind,
            city=city.city_id,
            board=board.board_id,
            period=round_.round_id,
            by=options.by,
            text=text.strip(),
            at=datetime.now(UTC),
            until=until,  # type: ignore[arg-type] # a date from the parser, or None
            about={"group": group} | about,
        )
        print(f"{record(store, act, options.name).act_id}  {board.name}, {_word(group)}")
    print("\nGäller från nästa körning. samlad withdraw tar tillbaka det.")
    return RAN


def groups_named(said: str | None, owed: set[str]) -> list[str]:
    """Return the sections meant: those named in Swedish, or all that the board owes."""
    from expectations.contract import GROUPS

    by_word = {_word(group): group for group in GROUPS}
    if said is None:
        return [group for group in GROUPS if group in owed]
    words = [word.strip().lower() for word in said.split(",")]
    unknown = [word for word in words if word not in by_word]
    if unknown:
        raise UserError(f"Avsnittet {unknown[0]} finns inte. Välj bland: {', '.join(by_word)}.")
    return [by_word[word] for word in words]


def _word(group: str) -> str:
    from flows.summary import group_word

    return group_word(group)


def _section_arguments(parser: argparse.ArgumentParser) -> None:
    city_argument(parser)
    parser.add_argument("--round", required=True, metavar="OMGÅNG", help="till exempel 2026-08")
    parser.add_argument("--board", required=True, metavar="NÄMND", help="som mappen i inkorgen")
    parser.add_argument(
        "--sections", metavar="AVSNITT", help="till exempel mål,ekonomi; annars alla som ska lämnas"
    )
    who_arguments(parser, "gör det")


def _extend_arguments(parser: argparse.ArgumentParser) -> None:
    _section_arguments(parser)
    parser.add_argument(
        "--until", required=True, type=day_argument, metavar="DATUM", help="ny sista dag"
    )
    parser.add_argument("--reason", required=True, metavar="SKÄL", help="varför")


def _withhold_arguments(parser: argparse.ArgumentParser) -> None:
    _section_arguments(parser)
    parser.add_argument("--reason", required=True, metavar="SKÄL", help="varför")


def _decide_arguments(parser: argparse.ArgumentParser) -> None:
    _section_arguments(parser)
    parser.add_argument(
        "--date", required=True, type=day_argument, metavar="DATUM", help="nämndens sammanträde"
    )
    parser.add_argument("--paragraph", required=True, metavar="§", help="paragrafens nummer")
    parser.add_argument(
        "--outcome",
        choices=tuple(OUTCOMES),
        default="som-forslaget",
        metavar="UTFALL",
        help=f"ett av {', '.join(OUTCOMES)}",
    )


def _ask_arguments(parser: argparse.ArgumentParser) -> None:
    _section_arguments(parser)
    parser.add_argument("--text", required=True, metavar="TEXT", help="vad som ska kompletteras")


def _close_arguments(parser: argparse.ArgumentParser) -> None:
    city_argument(parser)
    parser.add_argument("assignment", metavar="UPPDRAG", help="uppdragets id i registret")
    parser.add_argument("--board", required=True, metavar="NÄMND", help="adressaten")
    parser.add_argument(
        "--level", required=True, choices=tuple(LEVELS), metavar="VEM", help=", ".join(LEVELS)
    )
    parser.add_argument("--date", required=True, type=day_argument, metavar="DATUM", help="dagen")
    parser.add_argument("--paragraph", metavar="§", help="beslutets paragraf")
    who_arguments(parser, "noterar")


COMMANDS = (
    Command(
        "lock",
        _lock,
        "lås ett avsnitt: det som kommer sedan tas emot men ändrar inget",
        "samlad lock --city lindhamn --round 2026-08 --board socialnamnden --sections ekonomi "
        '--reason "Underlag till kommunstyrelsen"',
        _withhold_arguments,
    ),
    Command(
        "unlock",
        _unlock,
        "lås upp ett avsnitt, med skäl",
        "samlad unlock --city lindhamn --round 2026-08 --board socialnamnden --sections ekonomi "
        '--reason "Nämnden har rättat"',
        _withhold_arguments,
    ),
    Command(
        "ask",
        _ask,
        "begär komplettering av ett avsnitt",
        "samlad ask --city lindhamn --round 2026-08 --board socialnamnden --sections mål "
        '--text "Motivera bedömningen av mål L-C3"',
        _ask_arguments,
    ),
    Command(
        "close",
        _close,
        "anteckna beslut om att ett uppdrag är fullgjort, för en adressat",
        "samlad close L-U-2025-05 --city lindhamn --board miljonamnden --level namnden "
        "--date 2026-09-24 --paragraph 91",
        _close_arguments,
    ),
    Command(
        "extend",
        _extend,
        "ge en nämnd anstånd",
        "samlad extend --city lindhamn --round 2026-08 --board socialnamnden --sections ekonomi "
        '--until 2026-09-30 --reason "Nytt ekonomisystem"',
        _extend_arguments,
    ),
    Command(
        "withhold",
        _withhold,
        "undanta ett avsnitt från rapporten",
        "samlad withhold --city lindhamn --round 2026-08 --board socialnamnden --sections mål "
        '--reason "Nämnden arbetar om texten"',
        _withhold_arguments,
    ),
    Command(
        "decide",
        _decide,
        "anteckna nämndens beslut om sin redovisning",
        "samlad decide --city lindhamn --round 2026-08 --board socialnamnden --date 2026-09-24 "
        "--paragraph 87",
        _decide_arguments,
    ),
)
