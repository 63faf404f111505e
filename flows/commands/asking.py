"""What commands share: what is asked of the user, and what stands behind the answers.

A command is a `Command`: its function takes the parsed options and returns the exit code.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from expectations.registers import City
from flows.settings import Settings, settings_from, settings_in
from flows.swedish_help import day_argument

if TYPE_CHECKING:
    from warehouse.acts import OfficeAct
    from warehouse.journal import Entry
    from warehouse.snapshot import Snapshot
    from warehouse.store import Store

STOCKHOLM = ZoneInfo("Europe/Stockholm")
RAN, STOPPED, WRONG_USE, OUR_DEFECT = 0, 1, 2, 3
OFFICE = "stadskontoret"
"""The role that acts where none is said."""
LONGEST_NAME = 200


class UserError(Exception):
    """Something the user asked for that cannot be done; the message says what to do instead."""

    def __init__(self, message: str, code: int = WRONG_USE) -> None:
        """Keep the exit code that the command ends with."""
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Command:
    """One command: what it does, how it is told in the help, and what it asks for."""

    name: str
    does: Callable[[argparse.Namespace], int]
    told: str
    example: str
    arguments: Callable[[argparse.ArgumentParser], None] | None = None


def print_json(value: object) -> None:
    """Print any value of ours as JSON."""
    from expectations.contract_json import as_json

    print(json.dumps(as_json(value), ensure_ascii=False, indent=1))


def file_named(name: str) -> Path:
    """Return the path of a file that the user named; UserError where there is none."""
    path = Path(name)
    if path.is_dir():
        raise UserError(f"{path} är en mapp. Ange en fil i den.")
    if not path.is_file():
        raise UserError(f"Filen {path} finns inte. Kontrollera sökvägen.")
    return path


def settings_of(options: argparse.Namespace) -> Settings:
    """Return the settings, with what the options say laid over the environment."""
    environment = dict(os.environ)
    if getattr(options, "inbox", None):
        environment["SAMLAD_INBOX"] = options.inbox
    settings = settings_from(environment)
    city = getattr(options, "city", None)
    return settings.for_city(city) if city else settings


def city_of(options: argparse.Namespace) -> City:
    """Return the city that `--city` names; RegisterError where its registers do not hold."""
    from expectations.register_files import load_city

    return load_city(options.city, settings_from(os.environ).city_folders)


DEMO = Path("out") / "lager"
"""Where `make report` keeps the example city, seen from where it was run."""


def looking_in(options: argparse.Namespace) -> Settings:
    """Return the settings to look with: the demo's where the city has no warehouse of its own.

    Only for commands that read. Says so on the terminal, and how to choose another.
    """
    settings = settings_of(options)
    named = "SAMLAD_WAREHOUSE" in os.environ or "SAMLAD_STORE" in os.environ
    if named or warehouse_exists(settings):
        return settings
    demo = settings_in(DEMO).for_city(options.city)
    if not warehouse_exists(demo):
        return settings
    sys.stderr.write(f"Läser exempelstadens lager i {DEMO}. Sätt SAMLAD_WAREHOUSE för ett annat.\n")
    return replace(demo, inbox=settings.inbox)


def snapshot_of(options: argparse.Namespace) -> tuple[City, Snapshot]:
    """Return the city and the warehouse's frozen view of the round or day asked for.

    `--as-of` gives what was known at the end of that day in Sweden, by the registers of then.
    """
    from warehouse.store import open_store
    from warehouse.warehouse import open_warehouse

    city, settings = city_of(options), looking_in(options)
    as_of = end_of_day(getattr(options, "as_of", None))
    store = open_store(settings.store)
    journal = store.journal()
    if as_of is not None:
        city = city_as_of(city, store, journal, as_of)
    round_ = city.round(options.round) if options.round else None
    day = round_.period_to if round_ else options.on
    acts = acts_as_of(store, journal, city.city_id, as_of)
    with open_warehouse(settings.warehouse) as warehouse:
        return city, warehouse.snapshot(
            city, round_=round_, on=day, now=datetime.now(UTC), as_of=as_of, acts=acts
        )


def acts_as_of(
    store: Store, journal: Sequence[Entry], city_id: str, as_of: datetime | None
) -> list[OfficeAct]:
    """Return the acts that stood at a moment, and what has been closed to view since.

    An act that was taken back later stood then; what is secret now is not shown as it was then.
    """
    from warehouse.acts import acts_of
    from warehouse.closures import BLOCKED, DISPOSED

    now = acts_of(store, journal, city_id)
    if as_of is None:
        return now
    known = [entry for entry in journal if datetime.fromisoformat(entry.at) <= as_of]
    then = acts_of(store, known, city_id)
    return [*then, *(a for a in now if a.kind in (BLOCKED, DISPOSED) and a not in then)]


def city_as_of(city: City, store: Store, journal: Sequence[Entry], as_of: datetime) -> City:
    """Return the city by the registers of the last run until a moment, as it is where none was."""
    from expectations.register_files import city_in
    from warehouse.runs import runs_of

    before = [run for run in runs_of(journal, city.city_id) if run.now <= as_of]
    return city_in(store.original(before[-1].registers), city.city_id) if before else city


def end_of_day(day: date | None) -> datetime | None:
    """Return the last moment of a day in Sweden, None for no day."""
    return datetime.combine(day, time.max, STOCKHOLM).astimezone(UTC) if day else None


def warehouse_exists(settings: Settings) -> bool:
    """Say whether there is a warehouse to look back in: a dry run makes none."""
    address = settings.warehouse
    return not address.startswith("sqlite:///") or Path(address[len("sqlite:///") :]).is_file()


def as_of_argument(parser: argparse.ArgumentParser) -> None:
    """Offer to look at what was known on an earlier day."""
    parser.add_argument(
        "--as-of", type=day_argument, metavar="DATUM", help="vad som var känt den dagen"
    )


def moment_of(today: date | None) -> datetime:
    """Return now, or noon in Sweden of the day the user gave."""
    if today is None:
        return datetime.now(UTC)
    return datetime.combine(today, time(12), STOCKHOLM).astimezone(UTC)


def city_argument(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    """Ask for the city."""
    parser.add_argument("--city", required=required, metavar="STAD", help="till exempel goteborg")


def period_arguments(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    """Ask for a round or a day."""
    period = parser.add_mutually_exclusive_group(required=required)
    period.add_argument("--round", metavar="OMGÅNG", help="till exempel 2024-08")
    period.add_argument(
        "--on", type=day_argument, metavar="DATUM", help="ärenden som gäller den dagen"
    )


def who_arguments(
    parser: argparse.ArgumentParser, does: str, *, by: bool = True, named: bool = True
) -> None:
    """Ask for the role of whoever does it, and offer to say the name."""
    if by:
        parser.add_argument(
            "--by", default=OFFICE, metavar="ROLL", help=f"vem som {does}, inte namn"
        )
    if not named:
        return
    parser.add_argument(
        "--name", type=name_said, metavar="NAMN", help="personens namn; det kan raderas senare"
    )


def name_said(text: str) -> str:
    """Return a person's name as the user wrote it; refuses what is none."""
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise argparse.ArgumentTypeError(f"ett namn har 1 till {LONGEST_NAME} tecken")
    return name


def json_argument(parser: argparse.ArgumentParser) -> None:
    """Offer JSON as the answer."""
    parser.add_argument("--json", action="store_true", help="svara med JSON")


def place_arguments(parser: argparse.ArgumentParser) -> None:
    """Ask where the inbox and the reports are."""
    parser.add_argument("--inbox", metavar="MAPP", help="inkorgen: en mapp eller s3://hink/mapp")
    parser.add_argument("--out", metavar="MAPP", help="mapp för rapporten")


def today_argument(parser: argparse.ArgumentParser) -> None:
    """Ask for the day to reckon with."""
    parser.add_argument(
        "--today", type=day_argument, metavar="DATUM", help="räkna som om det vore den dagen"
    )
