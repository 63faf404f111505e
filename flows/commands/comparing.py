"""The command that says what differs between two editions: samlad diff."""

from __future__ import annotations

import argparse
from pathlib import Path

from flows.commands.asking import (
    RAN,
    Command,
    UserError,
    as_of_argument,
    city_argument,
    city_of,
    json_argument,
    period_arguments,
    print_json,
    settings_of,
)
from flows.commands.following import edition_asked, edition_json


def _diff(options: argparse.Namespace) -> int:
    from tasks.differing import differences, in_words, render_differences
    from tasks.report.material import say
    from warehouse.editions import editions_of
    from warehouse.store import open_store

    city_of(options)
    store = open_store(settings_of(options).store)
    newest = edition_asked(store, options, options.after)
    number = options.before if options.before is not None else newest.number - 1
    if number < 1:
        made = editions_of(store.journal(), options.city, newest.run)
        raise UserError(f"Det finns bara {len(made)} version att jämföra. Ange två: diff 1 2.")
    pair = [edition_asked(store, options, number), newest]
    told = [edition_json(store, edition, "rapport.json") for edition in pair]
    if not all(told):
        raise UserError("En av versionerna har inga data att jämföra.")
    found = differences(told[0], told[1])
    if options.json:
        print_json(found)
        return RAN
    print(in_words(found))
    if options.out:
        title = say("differences.title", title=told[1]["title"], subject=told[1]["subject"])
        names = [
            say("differences.edition", number=edition.number, status=report["status"])
            for edition, report in zip(pair, told, strict=True)
        ]
        page = render_differences(found, title=title, before=names[0], after=names[1])
        Path(options.out).write_text(page, encoding="utf-8")
        print(f"\nSom sida: {options.out}")
    return RAN


def _diff_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("before", nargs="?", type=int, metavar="A", help="den äldre versionen")
    parser.add_argument("after", nargs="?", type=int, metavar="B", help="den nyare versionen")
    city_argument(parser)
    period_arguments(parser)
    parser.add_argument("--out", metavar="FIL", help="skriv en webbsida också")
    json_argument(parser)
    as_of_argument(parser)


COMMANDS = (
    Command(
        "diff",
        _diff,
        "visa vad som skiljer två versioner av rapporten",
        "samlad diff 1 2 --city lindhamn --round 2026-08 --out andringar.html",
        _diff_arguments,
    ),
)
