"""The command line: English commands, Swedish help and answers, exit codes for scripts.

0 it ran, with findings or not; 1 `check` found a STOPP, or `run --strict`; 2 wrong use or a
faulty register; 3 our defect. Heavy libraries are imported by the command that needs them, so
that help and look-ups answer at once.
"""

# ruff: noqa: PLC0415 - the late imports are the point: help must answer at once

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from expectations.registers import City, RegisterError
from flows.settings import Settings, settings_from
from flows.swedish_help import SwedishParser, day_argument

if TYPE_CHECKING:
    from warehouse.snapshot import Snapshot

STOCKHOLM = ZoneInfo("Europe/Stockholm")
RAN, STOPPED, WRONG_USE, OUR_DEFECT = 0, 1, 2, 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; a user never sees a stack trace."""
    _quiet_libraries()
    options = _parser().parse_args(arguments)
    try:
        code: int = options.command(options)
    except RegisterError as error:
        return _say_error(f"fel i register.\n{error}", WRONG_USE)
    except UserError as error:
        return _say_error(str(error), WRONG_USE)
    except BrokenPipeError:
        return RAN
    except KeyboardInterrupt:
        return _say_error("Avbrutet. Inget som var klart har gått förlorat.", 130)
    except Exception as error:  # noqa: BLE001 - the last resort before the user
        return _our_defect(error)
    return code


class UserError(Exception):
    """Something the user asked for that cannot be done; the message says what to do instead."""


def _say_error(message: str, code: int) -> int:
    sys.stderr.write(f"samlad: {message}\n")
    return code


def _our_defect(error: Exception) -> int:
    known = _known_condition(error)
    if known:
        return _say_error(known, WRONG_USE)
    if os.environ.get("SAMLAD_DEBUG"):
        raise error
    # The message of a foreign exception may quote a value that a board wrote: name it only.
    return _say_error(
        f"Ett fel i Samlad ({type(error).__name__}). Det som var mottaget är kvar. "
        "Kör igen med SAMLAD_DEBUG=1 och skicka texten till utvecklarna.",
        OUR_DEFECT,
    )


SAYS_ITS_REMEDY = ("InboxError", "MissingLibraryError", "NoExampleError", "FileExistsError")


def _known_condition(error: Exception) -> str | None:
    """Return the message of a condition that names its own remedy, such as a missing Pango."""
    return str(error) if type(error).__name__ in SAYS_ITS_REMEDY else None


def _quiet_libraries() -> None:
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    for name in ("DO_NOT_TRACK", "GX_ANALYTICS_ENABLED", "PREFECT_SERVER_ANALYTICS_ENABLED"):
        os.environ.setdefault(name, "1" if name == "DO_NOT_TRACK" else "false")


# --- commands ---------------------------------------------------------------------------------


def _run(options: argparse.Namespace) -> int:
    from flows.round import Order, run_round
    from flows.summary import in_words
    from flows.terminal import InProcess

    now = _moment(options.today)
    period = options.round or (options.on or now.astimezone(STOCKHOLM).date()).isoformat()
    order = Order(
        city_id=options.city,
        now=now,
        out=Path(options.out or Path("out") / options.city / period.replace("/", "-")),
        round_id=options.round,
        on=options.on,
    )
    settings = _settings(options)
    if options.inbox is None and "SAMLAD_INBOX" not in os.environ:
        Path(settings.inbox).mkdir(parents=True, exist_ok=True)
    summary = run_round(order, settings, InProcess(quiet=options.json))
    if options.json:
        _print_json(summary)
    else:
        print("\n" + in_words(summary))
    return STOPPED if options.strict and summary.stopped else RAN


def _demo(options: argparse.Namespace) -> int:
    from flows.demo import run_demo
    from flows.summary import in_words
    from flows.terminal import InProcess

    def call_for(round_id: str) -> InProcess:
        print(f"Lindhamn, omgång {round_id}", file=sys.stderr)
        return InProcess()

    summaries = run_demo(Path(options.out), call_for)
    for _, summary in summaries:
        print("\n" + in_words(summary))
    newest = Path(options.out) / summaries[-1][0]
    print(f"\nÖppna {newest / 'rapport.html'} eller {newest / 'rapport.pdf'}")
    return RAN


def _read(options: argparse.Namespace) -> int:
    from flows.showing import reading_in_words
    from tasks.read import read_original

    path = _file(options.file)
    city = _city(options) if options.city else None
    reading = read_original(path.read_bytes(), name=path.name, city=city)
    if options.json:
        _print_json(reading)
    else:
        print(reading_in_words(reading, city))
    return RAN


def _check(options: argparse.Namespace) -> int:
    from dataclasses import replace

    from expectations.judging import judge
    from flows.showing import verdict_in_words
    from tasks.read import read_original

    path = _file(options.file)
    city = _city(options)
    reading = read_original(path.read_bytes(), name=path.name, city=city)
    if options.board:
        reading = replace(reading, document=replace(reading.document, sender=options.board))
    today = _moment(options.today).astimezone(STOCKHOLM).date()
    round_ = city.round(options.round) if options.round else None
    verdict = judge([reading], city=city, round=round_, today=today)[0]
    if options.json:
        _print_json(verdict)
    else:
        print(verdict_in_words(verdict))
        print("\nProvkörning: ingenting har sparats.")
    return STOPPED if any(f.severity == "STOPP" for f in verdict.findings) else RAN


def _status(options: argparse.Namespace) -> int:
    city, snapshot = _snapshot(options)
    if options.json:
        _print_json(snapshot.sections)
        return RAN
    from desk.pages import state_word
    from flows.summary import group_word

    for state in snapshot.sections:
        board = city.board(state.board)
        late = f", {state.late_days} dagar sent" if state.late_days else ""
        due = f", sista dag {state.due_on}" if state.state == "missing" and state.due_on else ""
        name = board.name if board else state.board
        print(f"{name:<46} {group_word(state.group):<12} {state_word(state.state)}{late}{due}")
    return RAN


def _findings(options: argparse.Namespace) -> int:
    city, snapshot = _snapshot(options)
    wanted = [f for f in snapshot.findings if options.board in (None, f.board)]
    if options.json:
        _print_json(wanted)
        return RAN
    from flows.showing import findings_in_words

    order = ("STOPP", "FRÅGA", "TIPS")
    ranked = sorted(wanted, key=lambda f: (order.index(f.severity), f.board or ""))
    print(findings_in_words(ranked, names={b.board_id: b.name for b in city.boards}))
    return RAN


def _rules(options: argparse.Namespace) -> int:
    from expectations.catalogue import GATE_WORDS, catalogue

    wanted = [rule for rule in catalogue() if options.rule in (None, rule.id)]
    if not wanted:
        raise UserError(f"Regeln {options.rule} finns inte. samlad rules visar alla.")
    if options.json:
        _print_json(wanted)
        return RAN
    for rule in wanted:
        print(f"{rule.id:<12}{rule.severity:<7}{rule.demand}")
        if options.rule:
            print(f"  Säger: {rule.message}\n  Gör så här: {rule.remedy}")
            print(f"  Prövas vid {GATE_WORDS[rule.gate]}. Källa: {rule.source}")
    return RAN


def _trace(options: argparse.Namespace) -> int:
    from flows.showing import trace_in_words
    from warehouse.warehouse import open_warehouse

    city = _city(options)
    with open_warehouse(_settings(options).warehouse) as warehouse:
        traces = warehouse.trace(options.figure)
    if not traces:
        raise UserError(f"Uppgiften {options.figure} finns inte i lagret för {city.name}.")
    if options.json:
        _print_json(traces)
    else:
        print(trace_in_words(traces, city))
    return RAN


def _verify(options: argparse.Namespace) -> int:
    from warehouse.store import StoreError, open_store

    store = open_store(_settings(options).store)
    try:
        entries = store.journal()
        for entry in entries:
            if "sha256" in entry.content:
                store.original(entry.content["sha256"])
    except StoreError as error:
        return _say_error(f"lagret håller inte: {error}.", OUR_DEFECT)
    head = entries[-1].digest[:12] if entries else "tom"
    print(f"{len(entries)} poster i journalen och deras handlingar är oförändrade. Huvud: {head}")
    return RAN


def _migrate(options: argparse.Namespace) -> int:
    from warehouse.database import migrate

    migrate(_settings(options).warehouse)
    print("Lagret har den senaste formen.")
    return RAN


def _serve(options: argparse.Namespace) -> int:
    from flows.scheduled import serve

    _city(options)
    serve(
        city=options.city,
        period=options.round or str(options.on),
        inbox=options.inbox,
        out=options.out or "out",
        every=options.every,
        cron=options.cron,
    )
    return RAN


def _doctor(options: argparse.Namespace) -> int:
    from expectations.register_files import city_ids, load_city
    from flows.doctor import examine

    settings = _settings(options)
    lines, is_well = examine(settings)
    for city_id in city_ids(settings.city_folders):
        city = load_city(city_id, settings.city_folders)
        state = "bekräftade" if city.verified else "inte bekräftade"
        lines.append(f"Register {city_id}: {len(city.boards)} nämnder och bolag, {state}")
    print("\n".join(lines))
    return RAN if is_well else WRONG_USE


# --- what the commands share ------------------------------------------------------------------


def _print_json(value: object) -> None:
    from expectations.contract_json import as_json

    print(json.dumps(as_json(value), ensure_ascii=False, indent=1))


def _file(name: str) -> Path:
    path = Path(name)
    if not path.is_file():
        raise UserError(f"Filen {path} finns inte. Kontrollera sökvägen.")
    return path


def _settings(options: argparse.Namespace) -> Settings:
    environment = dict(os.environ)
    if getattr(options, "inbox", None):
        environment["SAMLAD_INBOX"] = options.inbox
    settings = settings_from(environment)
    city = getattr(options, "city", None)
    return settings.for_city(city) if city else settings


def _city(options: argparse.Namespace) -> City:
    from expectations.register_files import load_city

    return load_city(options.city, settings_from(os.environ).city_folders)


def _snapshot(options: argparse.Namespace) -> tuple[City, Snapshot]:
    from warehouse.warehouse import open_warehouse

    city = _city(options)
    round_ = city.round(options.round) if options.round else None
    now = datetime.now(UTC)
    day = round_.period_to if round_ else options.on
    with open_warehouse(_settings(options).warehouse) as warehouse:
        return city, warehouse.snapshot(city, round_=round_, on=day, now=now)


def _moment(today: date | None) -> datetime:
    """Return now, or noon in Sweden of the day the user gave."""
    if today is None:
        return datetime.now(UTC)
    return datetime.combine(today, time(12), STOCKHOLM).astimezone(UTC)


# --- the parser -------------------------------------------------------------------------------

Command = Callable[[argparse.Namespace], int]
COMMANDS: dict[str, tuple[Command, str, str]] = {
    "demo": (
        _demo,
        "kör hela vägen på exempelstaden Lindhamn",
        "samlad demo --out out",
    ),
    "run": (
        _run,
        "ta emot, kontrollera, läs in och skriv rapporten",
        "samlad run --city goteborg --round 2024-08",
    ),
    "read": (_read, "visa vad en fil säger", "samlad read rapport.pdf --city malmo --json"),
    "check": (
        _check,
        "prova en fil mot reglerna utan att spara något",
        "samlad check formular.xlsx --city lindhamn --round 2026-08",
    ),
    "status": (
        _status,
        "visa läget per nämnd och avsnitt",
        "samlad status --city goteborg --round 2024-08",
    ),
    "findings": (
        _findings,
        "visa påpekandena",
        "samlad findings --city goteborg --round 2024-08 --board kommunstyrelsen",
    ),
    "rules": (_rules, "visa reglerna, eller en av dem", "samlad rules --rule E-SUM"),
    "trace": (
        _trace,
        "visa var en siffra i rapporten kommer ifrån",
        "samlad trace U-4f0c9a1b2d --city goteborg",
    ),
    "verify": (
        _verify,
        "kontrollera att handlingar och journal är oförändrade",
        "samlad verify --city goteborg",
    ),
    "migrate": (_migrate, "ge lagret dess senaste form", "samlad migrate --city goteborg"),
    "serve": (
        _serve,
        "kör på schema under Prefect (kräver en Prefect-server)",
        "samlad serve --city goteborg --round 2026-08 --cron '0 6-18 * * 1-5'",
    ),
    "doctor": (_doctor, "kontrollera installationen", "samlad doctor"),
}


def command_names() -> tuple[str, ...]:
    """Return the names of all commands."""
    return tuple(COMMANDS)


def _parser() -> SwedishParser:
    parser = SwedishParser(
        prog="samlad",
        description="Gör en samlad rapport till kommunfullmäktige av alla nämnders inlämningar.",
    )
    commands = parser.add_subparsers(title="kommandon", metavar="KOMMANDO", required=True)
    for name, (command, told, example) in COMMANDS.items():
        one = commands.add_parser(
            name,
            help=told,
            description=told[:1].upper() + told[1:] + ".",
            epilog=f"Exempel: {example}",
        )
        one.set_defaults(command=command)
        if name in _ARGUMENTS:
            _ARGUMENTS[name](one)
    return parser


def _city_argument(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    parser.add_argument("--city", required=required, metavar="STAD", help="till exempel goteborg")


def _period_arguments(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    period = parser.add_mutually_exclusive_group(required=required)
    period.add_argument("--round", metavar="OMGÅNG", help="till exempel 2024-08")
    period.add_argument(
        "--on", type=day_argument, metavar="DATUM", help="ärenden som gäller den dagen"
    )


def _json_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="svara med JSON")


def _place_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--inbox", metavar="MAPP", help="inkorgen: en mapp eller s3://hink/mapp")
    parser.add_argument("--out", metavar="MAPP", help="mapp för rapporten")


def _run_arguments(parser: argparse.ArgumentParser) -> None:
    _city_argument(parser)
    _period_arguments(parser, required=False)
    _place_arguments(parser)
    parser.add_argument(
        "--today", type=day_argument, metavar="DATUM", help="räkna som om det vore den dagen"
    )
    parser.add_argument(
        "--strict", action="store_true", help="sluta med kod 1 om något avsnitt har stoppats"
    )
    _json_argument(parser)


def _demo_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", default="out", metavar="MAPP", help="mapp för rapporterna")


def _read_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FIL", help="filen som ska läsas")
    _city_argument(parser, required=False)
    _json_argument(parser)


def _check_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FIL", help="filen som ska provas")
    _city_argument(parser)
    parser.add_argument("--round", metavar="OMGÅNG", help="den omgång som filen gäller")
    parser.add_argument("--board", metavar="NÄMND", help="nämndens id, som mappen i inkorgen")
    parser.add_argument(
        "--today", type=day_argument, metavar="DATUM", help="räkna som om det vore den dagen"
    )
    _json_argument(parser)


def _look_arguments(parser: argparse.ArgumentParser) -> None:
    _city_argument(parser)
    _period_arguments(parser)
    _json_argument(parser)


def _findings_arguments(parser: argparse.ArgumentParser) -> None:
    _look_arguments(parser)
    parser.add_argument("--board", metavar="NÄMND", help="bara den här nämndens")


def _rules_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rule", metavar="REGEL", help="visa en regel helt")
    _json_argument(parser)


def _trace_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("figure", metavar="UPPGIFT", help="numret i rapporten")
    _city_argument(parser)
    _json_argument(parser)


def _serve_arguments(parser: argparse.ArgumentParser) -> None:
    _city_argument(parser)
    _period_arguments(parser)
    _place_arguments(parser)
    schedule = parser.add_mutually_exclusive_group(required=True)
    schedule.add_argument("--every", type=float, metavar="SEKUNDER", help="hur ofta")
    schedule.add_argument("--cron", metavar="SCHEMA", help="när, i svensk tid")


_ARGUMENTS: dict[str, Callable[[argparse.ArgumentParser], None]] = {
    "run": _run_arguments,
    "demo": _demo_arguments,
    "read": _read_arguments,
    "check": _check_arguments,
    "status": _look_arguments,
    "findings": _findings_arguments,
    "rules": _rules_arguments,
    "trace": _trace_arguments,
    "verify": _city_argument,
    "migrate": _city_argument,
    "serve": _serve_arguments,
}


if __name__ == "__main__":
    raise SystemExit(main())
