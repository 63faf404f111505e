"""Commands on one file that store nothing: read, check."""

from __future__ import annotations

import argparse

from flows.commands.asking import (
    RAN,
    STOCKHOLM,
    STOPPED,
    Command,
    city_argument,
    city_of,
    file_named,
    json_argument,
    moment_of,
    print_json,
    today_argument,
)


def _read(options: argparse.Namespace) -> int:
    from flows.showing import reading_in_words
    from tasks.read import read_original

    path = file_named(options.file)
    city = city_of(options) if options.city else None
    reading = read_original(path.read_bytes(), name=path.name, city=city)
    if options.json:
        print_json(reading)
    else:
        print(reading_in_words(reading, city))
    return RAN


def _check(options: argparse.Namespace) -> int:
    from dataclasses import replace

    from expectations.judging import judge
    from flows.showing import verdict_in_words
    from tasks.read import read_original

    path = file_named(options.file)
    city = city_of(options)
    reading = read_original(path.read_bytes(), name=path.name, city=city)
    if options.board:
        reading = replace(reading, document=replace(reading.document, sender=options.board))
    today = moment_of(options.today).astimezone(STOCKHOLM).date()
    round_ = city.round(options.round) if options.round else None
    verdict = judge([reading], city=city, round=round_, today=today)[0]
    if options.json:
        print_json(verdict)
    else:
        print(verdict_in_words(verdict))
        print("\nProvkörning: ingenting har sparats.")
    return STOPPED if any(f.severity == "STOPP" for f in verdict.findings) else RAN


def _read_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FIL", help="filen som ska läsas")
    city_argument(parser, required=False)
    json_argument(parser)


def _check_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FIL", help="filen som ska provas")
    city_argument(parser)
    parser.add_argument("--round", metavar="OMGÅNG", help="den omgång som filen gäller")
    parser.add_argument("--board", metavar="NÄMND", help="nämndens id, som mappen i inkorgen")
    today_argument(parser)
    json_argument(parser)


COMMANDS = (
    Command(
        "read",
        _read,
        "visa vad en fil säger",
        "samlad read rapport.pdf --city malmo --json",
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
