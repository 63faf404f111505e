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
    from tasks.office_words import WordsError, read_words
    from warehouse.acts import OfficeAct, acts_of, record
    from warehouse.office_words import WORDS, words_of
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
    held = {
        one.place: one for one in words_of(acts_of(store, store.journal(), options.city), period)
    }
    changed = 0
    for one in written:
        before = held.get(one.place)
        same = before and (before.text, before.code, before.author) == (
            one.text,
            one.code,
            one.author,
        )
        if same or not (before or one.text or one.code):
            continue
        changed += 1
        about = {"place": one.place, "author": one.author, "code": one.code or ""}
        act = OfficeAct(
            WORDS, city.city_id, None, period, OFFICE, one.text, datetime.now(UTC), about=about
        )
        print(f"{record(store, act).act_id}  {one.place}")
    if not changed:
        print("Filen säger samma som redan är infört.")
        return RAN
    print(f"\n{changed} texter är införda. De kommer med i nästa körning.")
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
