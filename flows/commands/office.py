"""The city office's own words, written in a file: `samlad words export` and `import`."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime
from pathlib import Path

from flows.commands.asking import (
    OFFICE,
    RAN,
    Command,
    UserError,
    city_argument,
    city_of,
    file_named,
    period_arguments,
    settings_of,
)


def _words(options: argparse.Namespace) -> int:
    return _export(options) if options.what == "export" else _import(options)


def _export(options: argparse.Namespace) -> int:
    from tasks.office_words import begun
    from warehouse.acts import acts_of
    from warehouse.office_words import words_of
    from warehouse.store import open_store

    city = city_of(options)
    period, day = _period(options)
    store = open_store(settings_of(options).store)
    held = words_of(acts_of(store, store.journal(), city.city_id), period)
    path = Path(options.file or f"kontorets-ord-{period.replace('/', '-')}.toml")
    if path.exists():
        raise UserError(f"Filen {path} finns redan. Ange ett annat namn, så skrivs inget över.")
    path.write_text(begun(city, day, held), encoding="utf-8")
    print(f"{path} är skriven. Skriv i den och läs in den med samlad words import.")
    return RAN


def _import(options: argparse.Namespace) -> int:
    from flows.writing import write_down
    from tasks.office_words import WordsError, read_words
    from warehouse.store import open_store

    if not options.file:
        raise UserError("Ange filen som ska läsas in: samlad words import FIL …")
    city = city_of(options)
    period, day = _period(options)
    try:
        written = read_words(file_named(options.file).read_bytes(), city, day)
    except WordsError as error:
        raise UserError(f"inget är infört.\n{error}") from None
    store = open_store(settings_of(options).store)
    acts = write_down(store, city, period, written, by=OFFICE, at=datetime.now(UTC))
    for act in acts:
        print(f"{act.act_id}  {act.about['place']}")
    if not acts:
        print("Filen säger samma som redan är infört.")
        return RAN
    told = "En text är införd. Den" if len(acts) == 1 else f"{len(acts)} texter är införda. De"
    print(f"\n{told} kommer med i nästa körning.")
    return RAN


def _period(options: argparse.Namespace) -> tuple[str, date]:
    """Return the round or day, and the day on which goals and scales are looked up."""
    if options.on:
        return options.on.isoformat(), options.on
    round_ = city_of(options).round(options.round)
    return round_.round_id, round_.period_to


def _words_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("export", "import"), metavar="export|import")
    parser.add_argument("file", nargs="?", metavar="FIL", help="filen med kontorets ord")
    city_argument(parser)
    period_arguments(parser)


COMMANDS = (
    Command(
        "words",
        _words,
        "skriv ut eller läs in kontorets egna bedömningar, kommentarer och förord",
        "samlad words export --city lindhamn --round 2026-08",
        _words_arguments,
    ),
)
