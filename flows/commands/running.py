"""Commands that run rounds: demo, run, serve."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from flows.commands.asking import (
    RAN,
    STOCKHOLM,
    STOPPED,
    Command,
    city_argument,
    city_of,
    json_argument,
    moment_of,
    period_arguments,
    place_arguments,
    print_json,
    settings_of,
    today_argument,
)


def _run(options: argparse.Namespace) -> int:
    from flows.order import Order
    from flows.round import run_round
    from flows.summary import in_words
    from flows.terminal import InProcess

    now = moment_of(options.today)
    period = options.round or (options.on or now.astimezone(STOCKHOLM).date()).isoformat()
    order = Order(
        city_id=options.city,
        now=now,
        out=Path(options.out or Path("out") / options.city / period.replace("/", "-")),
        round_id=options.round,
        on=options.on,
    )
    settings = settings_of(options)
    if options.inbox is None and "SAMLAD_INBOX" not in os.environ:
        Path(settings.inbox).mkdir(parents=True, exist_ok=True)
    summary = run_round(order, settings, InProcess(quiet=options.json))
    if options.json:
        print_json(summary)
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


def _serve(options: argparse.Namespace) -> int:
    from flows.scheduled import serve

    city_of(options)
    serve(
        city=options.city,
        period=options.round or str(options.on),
        inbox=options.inbox,
        out=options.out or "out",
        every=options.every,
        cron=options.cron,
    )
    return RAN


def _run_arguments(parser: argparse.ArgumentParser) -> None:
    city_argument(parser)
    period_arguments(parser, required=False)
    place_arguments(parser)
    today_argument(parser)
    parser.add_argument(
        "--strict", action="store_true", help="sluta med kod 1 om något avsnitt har stoppats"
    )
    json_argument(parser)


def _demo_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", default="out", metavar="MAPP", help="mapp för rapporterna")


def _serve_arguments(parser: argparse.ArgumentParser) -> None:
    city_argument(parser)
    period_arguments(parser)
    place_arguments(parser)
    schedule = parser.add_mutually_exclusive_group(required=True)
    schedule.add_argument("--every", type=float, metavar="SEKUNDER", help="hur ofta")
    schedule.add_argument("--cron", metavar="SCHEMA", help="när, i svensk tid")


COMMANDS = (
    Command(
        "demo",
        _demo,
        "kör hela vägen på exempelstaden Lindhamn",
        "samlad demo --out out",
        _demo_arguments,
    ),
    Command(
        "run",
        _run,
        "ta emot, kontrollera, läs in och skriv rapporten",
        "samlad run --city goteborg --round 2024-08",
        _run_arguments,
    ),
    Command(
        "serve",
        _serve,
        "kör på schema under Prefect (kräver en Prefect-server)",
        "samlad serve --city goteborg --round 2026-08 --cron '0 6-18 * * 1-5'",
        _serve_arguments,
    ),
)
