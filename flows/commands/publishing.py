"""The command that gives an edition its status: for decision, decided, published, corrected."""

from __future__ import annotations

import argparse
from pathlib import Path

from flows.commands.asking import (
    RAN,
    Command,
    UserError,
    city_argument,
    moment_of,
    period_arguments,
    settings_of,
    snapshot_of,
    today_argument,
    who_arguments,
)
from flows.commands.releasing import released

CODES = {
    "beslutsunderlag": "for_decision",
    "beslutad": "decided",
    "publicerad": "published",
    "rattad": "corrected",
}
TOLD = ("decided", "corrected")
"""Statuses that need words of their own: the decision, or what was put right."""


def _publish(options: argparse.Namespace) -> int:
    from flows.order import Order
    from flows.publishing import CannotIssueError, Given, give_status, is_released, status_in_words
    from flows.terminal import InProcess
    from warehouse.statuses import Status
    from warehouse.store import open_store
    from warehouse.warehouse import open_warehouse

    wanted = Status(CODES[options.status], (options.told or "").strip())
    if wanted.code in TOLD and not wanted.told:
        raise UserError("Skriv beslutet eller vad som är rättat med --told, inom citattecken.")
    city, snapshot = snapshot_of(options)
    made_from = snapshot.head
    if (options.override or "").strip() and options.round and not is_released(snapshot):
        _check_run(options, made_from)
        released(options, city, snapshot)
        city, snapshot = snapshot_of(options)
    settings = settings_of(options)
    period = options.round or options.on.isoformat()
    order = Order(
        city_id=city.city_id,
        now=moment_of(options.today),
        out=Path(options.out or Path("out") / city.city_id / period.replace("/", "-")),
        round_id=options.round,
        on=options.on,
    )
    store = open_store(settings.store)
    with open_warehouse(settings.warehouse) as warehouse:
        try:
            done = give_status(
                city,
                order,
                snapshot,
                Given(wanted, options.by, options.name, made_from),
                store,
                warehouse,
                InProcess(),
            )
        except CannotIssueError as error:
            raise UserError(str(error)) from None
    print(f"Version {done.number}: {status_in_words(wanted)}\n{done.folder}")
    return RAN


def _check_run(options: argparse.Namespace, head: str) -> None:
    """Refuse to release what no edition shows: the facts have changed since the last run."""
    from tasks.report.material import say
    from warehouse.editions import editions_of
    from warehouse.store import open_store

    made = editions_of(
        open_store(settings_of(options).store).journal(), options.city, options.round
    )
    if not made or made[-1].head != head:
        raise UserError(say("statuses.run_first"))


def _publish_arguments(parser: argparse.ArgumentParser) -> None:
    city_argument(parser)
    period_arguments(parser)
    parser.add_argument("--status", required=True, choices=tuple(CODES), help="vad rapporten nu är")
    parser.add_argument("--told", metavar="TEXT", help="beslutet, eller vad som är rättat")
    who_arguments(parser, "har sagt det")
    parser.add_argument(
        "--override", metavar="SKÄL", help="ge ut fast den inte är fastställd; skälet trycks"
    )
    parser.add_argument("--out", metavar="MAPP", help="mapp för rapporten")
    today_argument(parser)


COMMANDS = (
    Command(
        "publish",
        _publish,
        "ge rapporten sin status: beslutsunderlag, beslutad, publicerad eller rättad",
        'samlad publish --city lindhamn --round 2026-08 --status beslutad --told "KF § 214"',
        _publish_arguments,
    ),
)
