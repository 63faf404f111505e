"""Commands on one file that store nothing: read, check."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from expectations.contract import Reading
from expectations.registers import City
from flows.commands.asking import (
    RAN,
    STOCKHOLM,
    STOPPED,
    Command,
    UserError,
    city_argument,
    city_of,
    file_named,
    json_argument,
    moment_of,
    print_json,
    settings_of,
    snapshot_of,
    today_argument,
    warehouse_exists,
)

if TYPE_CHECKING:
    from flows.trying import Tried


def _read(options: argparse.Namespace) -> int:
    from flows.showing import reading_in_words
    from tasks.read import show_original
    from tasks.reading_lines import DocumentLine
    from tasks.reading_page import reading_page

    path = file_named(options.file)
    city = city_of(options) if options.city else None
    reading, lines = show_original(path.read_bytes(), name=path.name, city=city)
    if options.html:
        # before anything is printed: who pipes the words to `head` gets the page all the same
        shown = [DocumentLine(*line) for line in lines]
        Path(options.html).write_text(reading_page(reading, shown, city), encoding="utf-8")
    if options.json:
        print_json(reading)
    else:
        print(reading_in_words(reading, city))
    if options.html:
        print(f"Sidan ligger i {options.html}", file=sys.stderr)
    if options.form:
        _put_form(options, reading, city)
    return RAN


def _put_form(options: argparse.Namespace, reading: Reading, city: City | None) -> None:
    """Write the board's form with what was read filled in, for a person to complete."""
    from tasks.issue import form_with

    round_id = options.round or reading.document.round
    board = city.board(options.board or reading.document.board) if city else None
    round_ = city.round(round_id) if city and round_id else None
    if city is None or board is None or round_ is None:
        raise UserError(
            "Ett formulär behöver stad, nämnd och omgång. "
            "Ange dem med --city, --board och --round: de framgår inte av handlingen."
        )
    target = Path(options.form)
    files = form_with(reading, city, round_, board, name=target.name)
    for name, data in files.items():
        (target.parent / name).write_bytes(data)
    print(f"Formuläret med det lästa ligger i {' och '.join(files)}", file=sys.stderr)


def _check(options: argparse.Namespace) -> int:
    from expectations.verdicts import History
    from flows.history import history_of, office_settlements
    from flows.showing import verdict_in_words
    from flows.trying import Against, try_file
    from warehouse.acts import acts_of
    from warehouse.store import open_store
    from warehouse.warehouse import open_warehouse

    path = file_named(options.file)
    city, settings = city_of(options), settings_of(options)
    round_ = city.round(options.round) if options.round else None
    against = Against(
        city,
        round_,
        moment_of(options.today).astimezone(STOCKHOLM).date(),
        History(),
        settings.scan,
    )
    if round_ is not None and warehouse_exists(settings):
        store = open_store(settings.store)
        given = office_settlements(acts_of(store, store.journal(), city.city_id))
        with open_warehouse(settings.warehouse) as warehouse:
            history = history_of(city, round_, warehouse)
        against = replace(against, history=history, settlements=given)
    tried = try_file(path.read_bytes(), path.name, options.board, against)
    if options.json:
        print_json(tried.verdict)
    else:
        print(verdict_in_words(tried.verdict))
        if options.effects:
            _tell_effects(options, tried)
        print("\nProvkörning: ingenting har sparats.")
    if options.out:
        _put_answers(Path(options.out), tried.files)
    is_stopped = any(f.severity == "STOPP" for f in tried.verdict.findings)
    return STOPPED if is_stopped else RAN


def _tell_effects(options: argparse.Namespace, tried: Tried) -> None:
    """Say what the report and the findings would be with the file merged."""
    from flows.effects import effects, verdict_changes, verdict_differences
    from tasks.differing import in_words, render_differences
    from tasks.report.material import say

    if not options.round or not warehouse_exists(settings_of(options)):
        raise UserError("Ange omgången med --round; det måste finnas något inläst att jämföra med.")
    city, snapshot = snapshot_of(options)
    print("\nDet här skulle ändras i rapporten:\n")
    found = effects(snapshot, city, tried.reading, tried.verdict)
    print(in_words(found))
    told = verdict_changes(snapshot, tried.verdict)
    for kind, title in (("gone", "Påpekanden som försvinner"), ("come", "Nya påpekanden")):
        if told[kind]:
            print(f"\n{title}:")
            print("\n".join(f"  {one}" for one in told[kind]))
    if options.out:
        page = render_differences(
            [*verdict_differences(told), *found],
            title=say("differences.effects", name=Path(options.file).name),
            before=say("differences.now"),
            after=say("differences.with_file"),
        )
        path = Path(options.out) / "effekter.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8")
        print(f"\nSom sida: {path}")


def _put_answers(folder: Path, files: Mapping[str, bytes]) -> None:
    from desk.pages import fonts

    folder.mkdir(parents=True, exist_ok=True)
    for name, data in (dict(files) | fonts()).items():
        (folder / name).write_bytes(data)
    print(f"Svaret ligger i {folder}: {', '.join(files)}")


def _read_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FIL", help="filen som ska läsas")
    city_argument(parser, required=False)
    json_argument(parser)
    parser.add_argument(
        "--html", metavar="UT", help="skriv en sida med handlingen och det lästa bredvid varandra"
    )
    parser.add_argument(
        "--form",
        metavar="UT",
        help="skriv nämndens formulär (arbetsbok, och Word-fil för text) med det lästa ifyllt",
    )
    parser.add_argument("--round", metavar="OMGÅNG", help="omgången som formuläret gäller")
    parser.add_argument("--board", metavar="NÄMND", help="nämnden som formuläret gäller")


def _check_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FIL", help="filen som ska provas")
    city_argument(parser)
    parser.add_argument("--round", metavar="OMGÅNG", help="den omgång som filen gäller")
    parser.add_argument("--board", metavar="NÄMND", help="nämndens id, som mappen i inkorgen")
    parser.add_argument(
        "--out", metavar="MAPP", help="skriv svaret där: sidan och den markerade arbetsboken"
    )
    parser.add_argument(
        "--effects", action="store_true", help="visa vad i rapporten som filen skulle ändra"
    )
    today_argument(parser)
    json_argument(parser)


COMMANDS = (
    Command(
        "read",
        _read,
        "visa vad en fil säger",
        "samlad read rapport.pdf --city malmo --html lasning.html",
        _read_arguments,
    ),
    Command(
        "check",
        _check,
        "prova en fil mot reglerna utan att spara något",
        "samlad check formular.xlsx --city lindhamn --round 2026-08",
        _check_arguments,
    ),
)
