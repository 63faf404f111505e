"""The command that sends a round out: a form for every board, with what is known filled in."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from flows.commands.asking import (
    RAN,
    Command,
    UserError,
    as_of_argument,
    city_argument,
    city_of,
    file_named,
    looking_in,
    snapshot_of,
)

if TYPE_CHECKING:
    from expectations.contract import Reading
    from expectations.registers import Board, City
    from tasks.report.blocks import Report


def _issue(options: argparse.Namespace) -> int:
    from flows.history import rounds_before, said_in
    from tasks.issue import issue_forms, left_behind, said_before, with_central
    from warehouse.warehouse import open_warehouse

    city = _with_decisions(city_of(options), options)
    round_ = city.round(options.round)
    carried = _older(options, city) if options.old else None
    boards = _boards(options, city, carried)
    previous, annual = rounds_before(city, round_)
    with open_warehouse(looking_in(options).warehouse) as warehouse:
        before = said_before(
            said_in(city, previous, round_, warehouse, carried=True),
            said_in(city, annual, round_, warehouse, carried=True),
            same_year=bool(previous and previous.period_to.year == round_.period_to.year),
        )
        sources = warehouse.central_sources(city.city_id, round_.round_id)
        known = with_central(before, warehouse.central(city.city_id, round_.round_id), sources)
    out = Path(options.out or Path("out") / city.city_id / round_.round_id / "underlag")
    count = 0
    for board in boards:
        forms = issue_forms(city, round_, boards=[board], before=known, carried=carried)
        written = [_kept(out / form.board / form.name, form.data, options) for form in forms]
        if any(written):
            sys.stderr.write(f"  {board.name}\n")
            count += 1
    if not any(city.owed(round_).get(board.board_id) for board in boards):
        raise UserError(f"Ingen av nämnderna ska lämna något i {round_.name}. Se kravmatrisen.")
    print(
        f"{count} underlag (arbetsbok och Word-fil) för {round_.name} ligger i {out}, "
        "en mapp per nämnd."
    )
    if not before:
        print(
            "Inga uppgifter från tidigare omgångar finns i lagret: de cellerna är tomma. "
            "Lagret väljs med SAMLAD_WAREHOUSE."
        )
    for line in left_behind(carried) if carried else ():
        print(f"  Inte överfört: {line}")
    return RAN


def _with_decisions(city: City, options: argparse.Namespace) -> City:
    """Return the city with what has been decided: nobody is asked about what is closed for it."""
    from expectations.closings import decided
    from warehouse.acts import acts_of
    from warehouse.owed import closings_of
    from warehouse.store import open_store

    store = open_store(looking_in(options).store)
    return decided(city, closings_of(acts_of(store, store.journal(), city.city_id)))


def _kept(path: Path, data: bytes, options: argparse.Namespace) -> bool:
    """Write one file, unless somebody has begun on the one that lies there; say whether."""
    if path.exists() and path.read_bytes() != data and not options.replace:
        print(f"  {path} finns redan och är rörd. Den är kvar; se --replace.")
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return True


def _boards(options: argparse.Namespace, city: City, carried: Reading | None) -> list[Board]:
    if options.board is None and carried is None:
        return list(city.boards)
    wanted = options.board or (carried.document.board if carried else None)
    board = city.board(wanted)
    if board is None:
        from expectations.names import meant

        hint = meant(wanted or "", [one.board_id for one in city.boards])
        raise UserError(f"Nämnden {wanted} finns inte i {city.name}. {hint}".strip())
    if carried is not None and carried.document.board != board.board_id:
        raise UserError("Det gamla underlaget är utfärdat för en annan nämnd.")
    return [board]


def _older(options: argparse.Namespace, city: City) -> Reading:
    """Return what the files of an older form say; UserError where one is none of ours."""
    from tasks.issue import carried_over

    old = [_older_file(name, options, city) for name in options.old]
    if len({one.document.board for one in old}) > 1:
        raise UserError("De gamla underlagen är utfärdade för olika nämnder.")
    return carried_over(old)


def _older_file(name: str, options: argparse.Namespace, city: City) -> Reading:
    from tasks.read import read_original

    path = file_named(name)
    reading = read_original(path.read_bytes(), name=path.name, city=city)
    if reading.document.kind != "form":
        why = next((f.values.get("orsak") for f in reading.faults if f.values.get("orsak")), None)
        raise UserError(f"{path.name} är inget underlag som går att läsa: {why or 'okänt format'}.")
    if reading.document.round != options.round:
        raise UserError(
            f"{path.name} är ett underlag för omgången {reading.document.round}. Uppgifter förs "
            "bara över inom samma omgång: förra omgångens står redan i det nya underlaget."
        )
    return replace(reading, document=replace(reading.document, template_version=None))


def _board_report(options: argparse.Namespace) -> int:
    from tasks.compose import compose_board

    city, snapshot = snapshot_of(options)
    (board,) = _boards(options, city, None)
    if not any(row.board == board.board_id for row in snapshot.rows):
        raise UserError(f"{board.name} har inte lämnat något som är inläst i {options.round}.")
    report = compose_board(snapshot, city, board, status="Utkast")
    name = f"redovisning-{options.round.replace('/', '-')}-{board.board_id}"
    print(f"{board.name}: {_written(report, city, options, 'namnder', name)}")
    return RAN


THEMES = {"kompetens": "competence", "uppdrag": "assignments"}


def _theme_report(options: argparse.Namespace) -> int:
    from tasks.compose import compose_theme

    city, snapshot = snapshot_of(options)
    if not snapshot.rows:
        raise UserError(f"Inget är inläst för {options.round}. Kör samlad run först.")
    report = compose_theme(snapshot, city, THEMES[options.about], status="Utkast")
    name = f"{options.about}-{options.round.replace('/', '-')}"
    print(f"{report.title}: {_written(report, city, options, 'rapporter', name)}")
    return RAN


def _written(
    report: Report, city: City, options: argparse.Namespace, folder: str, name: str
) -> str:
    """Write a report in three forms; return where they lie, in words."""
    from tasks.render import chart_pictures, render_html, render_pdf
    from tasks.word import render_word

    out = Path(options.out or Path("out") / city.city_id / options.round / folder)
    out.mkdir(parents=True, exist_ok=True)
    (out / f"{name}.html").write_text(render_html(report), encoding="utf-8")
    (out / f"{name}.pdf").write_bytes(render_pdf(report))
    word = render_word(report, city, chart_pictures(report))
    (out / f"{name}.docx").write_bytes(word["rapport.docx"])
    return f"{out / name}.html, .pdf och .docx"


def _theme_report_arguments(parser: argparse.ArgumentParser) -> None:
    city_argument(parser)
    parser.add_argument("--round", required=True, metavar="OMGÅNG", help="till exempel 2026-03")
    parser.add_argument("--about", required=True, choices=sorted(THEMES), help="vad den handlar om")
    parser.add_argument("--out", metavar="MAPP", help="mapp för rapporten")


def _board_report_arguments(parser: argparse.ArgumentParser) -> None:
    city_argument(parser)
    parser.add_argument("--round", required=True, metavar="OMGÅNG", help="till exempel 2026-08")
    parser.add_argument("--board", required=True, metavar="NÄMND", help="som mappen i inkorgen")
    parser.add_argument("--out", metavar="MAPP", help="mapp för redovisningen")
    as_of_argument(parser)


def _arguments(parser: argparse.ArgumentParser) -> None:
    city_argument(parser)
    parser.add_argument("--round", required=True, metavar="OMGÅNG", help="till exempel 2026-08")
    parser.add_argument("--board", metavar="NÄMND", help="bara till den nämnden")
    parser.add_argument(
        "--from",
        dest="old",
        metavar="FIL",
        action="append",
        help="för över det som fyllts i i ett äldre underlag; en gång för varje fil",
    )
    parser.add_argument("--out", metavar="MAPP", help="mapp för underlagen")
    parser.add_argument(
        "--replace", action="store_true", help="skriv över underlag som redan finns och är rörda"
    )


COMMANDS = (
    Command(
        "issue",
        _issue,
        "skriv underlag till nämnderna, ifyllda med det som är känt",
        "samlad issue --city lindhamn --round 2026-08",
        _arguments,
    ),
    Command(
        "board-report",
        _board_report,
        "skriv nämndens egen redovisning av det den har lämnat",
        "samlad board-report --city lindhamn --round 2026-08 --board socialnamnden",
        _board_report_arguments,
    ),
    Command(
        "theme-report",
        _theme_report,
        "skriv en egen rapport om kompetensförsörjning eller uppdrag",
        "samlad theme-report --city lindhamn --round 2026-03 --about kompetens",
        _theme_report_arguments,
    ),
)
