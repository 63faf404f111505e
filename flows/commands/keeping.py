"""Commands that keep the store and the installation: verify, migrate, doctor."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from flows.commands.asking import (
    OUR_DEFECT,
    RAN,
    WRONG_USE,
    Command,
    UserError,
    city_argument,
    city_of,
    settings_of,
    warehouse_exists,
)

if TYPE_CHECKING:
    from flows.settings import Settings
    from warehouse.journal import Entry
    from warehouse.store import Store

SHOWN = 16


def _verify(options: argparse.Namespace) -> int:
    from warehouse.persons import fault_of_names
    from warehouse.store import StoreError, open_store

    settings = settings_of(options)
    store = open_store(settings.store)
    try:
        entries = store.journal()
        fault = (
            _other_journal(options, settings, entries)
            or _other_originals(store, entries, options.city)
            or fault_of_names(store, entries)
        )
    except StoreError as error:
        fault = str(error)
    if fault:
        raise UserError(f"lagret håller inte: {fault}.", OUR_DEFECT)
    head = f"{entries[-1].number}:{entries[-1].digest[:SHOWN]}" if entries else "tom"
    print(f"{len(entries)} poster i journalen och deras handlingar är oförändrade. Huvud: {head}")
    return RAN


def _other_journal(
    options: argparse.Namespace, settings: Settings, entries: Sequence[Entry]
) -> str | None:
    """Hold the journal against what the warehouse remembers and against a printed head."""
    from warehouse.marks import other_than_printed
    from warehouse.warehouse import open_warehouse

    if warehouse_exists(settings):
        with open_warehouse(settings.warehouse) as warehouse:
            fault = warehouse.other_than_remembered(options.city, entries)
        if fault:
            return fault
    for head in options.printed:
        try:
            fault = other_than_printed(entries, head)
        except ValueError:
            raise UserError(
                f"{head!r} är inget huvud. Skriv det som i rapportens metodkapitel: 214:3f2a91…"
            ) from None
        if fault:
            return fault
    return None


KEPT_BY_ACTS = ("sha256", "workbook")
"""What acts name of files that are kept with them: attached parts and workbooks of registers."""


def _other_originals(store: Store, entries: Sequence[Entry], city_id: str) -> str | None:
    """Return the first fault of any file that the journal, an act, a run or an edition names."""
    from warehouse.closures import removed_in
    from warehouse.store import StoreError

    gone = removed_in(store, entries)
    try:
        for sha256 in _named_files(store, entries, city_id):
            if sha256 and sha256 not in gone:
                store.original(sha256)
    except StoreError as error:
        return str(error)
    return None


def _named_files(store: Store, entries: Sequence[Entry], city_id: str) -> Iterator[str]:
    from warehouse.acts import acts_of
    from warehouse.editions import editions_of, files_of
    from warehouse.runs import runs_of

    yield from (str(entry.content.get("sha256", "")) for entry in entries)
    yield from (run.registers for run in runs_of(entries, city_id))
    for act in acts_of(store, entries, city_id):
        yield from (act.about.get(name, "") for name in KEPT_BY_ACTS)
    for edition in editions_of(entries, city_id):
        yield from files_of(store, edition).values()


def _verify_arguments(parser: argparse.ArgumentParser) -> None:
    city_argument(parser)
    parser.add_argument(
        "--printed",
        action="append",
        default=[],
        metavar="HUVUD",
        help="journalens huvud så som det står i en utgiven rapport, 214:3f2a91…",
    )


def _migrate(options: argparse.Namespace) -> int:
    from warehouse.database import migrate

    migrate(settings_of(options).warehouse)
    print("Lagret har den senaste formen.")
    return RAN


def _rebuild(options: argparse.Namespace) -> int:
    from flows.rebuilding import rebuild
    from flows.terminal import InProcess
    from warehouse.acts import acts_of
    from warehouse.closures import closures_of
    from warehouse.digest import contents
    from warehouse.store import open_store
    from warehouse.warehouse import open_warehouse

    city, settings = city_of(options), settings_of(options)
    if options.to == settings.warehouse:
        raise UserError("Bygg upp lagret på en annan plats än den som används. Se --to.")
    with open_warehouse(settings.warehouse) as now, open_warehouse(options.to) as anew:
        if any(kind.rows for kind in contents(anew).values()):
            raise UserError(f"{options.to} är inte tomt. Ge en adress där det inte finns något.")
        store = open_store(settings.store)
        done = rebuild(city, store, anew, InProcess())
        closures = closures_of(acts_of(store, store.journal(), city.city_id))
        before, after = contents(now, closures), contents(anew, closures)
    print(f"\n{done.runs} körningar gjorda om, {done.editions} versioner. Nytt lager: {options.to}")
    for name, kind in after.items():
        same = "samma som i lagret" if kind == before[name] else f"i lagret {before[name].rows}"
        print(f"  {name:<12}{kind.rows:>8}  {same}")
    if closures:
        print("  Något är spärrat eller gallrat: där jämförs det som gäller nu, inte historiken.")
    if done.other_readers:
        print("  Läsarna har ändrats sedan körningarna gjordes: uppgifter kan skilja.")
    if before == after:
        return RAN
    raise UserError("det uppbyggda lagret säger inte detsamma som det som används.", OUR_DEFECT)


def _rebuild_arguments(parser: argparse.ArgumentParser) -> None:
    city_argument(parser)
    parser.add_argument(
        "--to", required=True, metavar="ADRESS", help="tom databas, som sqlite:///nytt.db"
    )


def _doctor(options: argparse.Namespace) -> int:
    from expectations.register_files import city_ids, load_city
    from flows.doctor import examine

    settings = settings_of(options)
    lines, is_well = examine(settings)
    for city_id in city_ids(settings.city_folders):
        city = load_city(city_id, settings.city_folders)
        state = "bekräftade" if city.verified else "inte bekräftade"
        lines.append(f"Register {city_id}: {len(city.boards)} nämnder och bolag, {state}")
    print("\n".join(lines))
    return RAN if is_well else WRONG_USE


COMMANDS = (
    Command(
        "verify",
        _verify,
        "kontrollera att handlingar och journal är oförändrade",
        "samlad verify --city goteborg --printed 214:3f2a91c07be4d815",
        _verify_arguments,
    ),
    Command(
        "migrate",
        _migrate,
        "ge lagret dess senaste form",
        "samlad migrate --city goteborg",
        city_argument,
    ),
    Command(
        "rebuild",
        _rebuild,
        "bygg upp lagret på nytt ur handlingar och journal, och jämför",
        "samlad rebuild --city goteborg --to sqlite:///nytt.db",
        _rebuild_arguments,
    ),
    Command("doctor", _doctor, "kontrollera installationen", "samlad doctor"),
)
