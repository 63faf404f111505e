"""Commands for a backup of a city and for the way back."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from flows.commands.asking import (
    OUR_DEFECT,
    RAN,
    Command,
    UserError,
    city_argument,
    city_of,
    settings_of,
    warehouse_exists,
)


def _backup(options: argparse.Namespace) -> int:
    from flows.backing import BackupError, back_up
    from flows.terminal import InProcess

    city, settings = city_of(options), settings_of(options)
    if not warehouse_exists(settings):
        raise UserError(f"Det finns inget lager i {settings.warehouse} att kopiera.")
    try:
        made = back_up(city, settings, Path(options.to), InProcess(), dict(os.environ))
    except BackupError as error:
        raise UserError(str(error)) from None
    print(f"{options.to}: {made.originals} handlingar, {made.records} poster i journalen")
    print(f"Huvud: {made.records}:{made.head[:16]}")
    if made.database:
        print(f"Lagrets databas: {made.database}")
    else:
        print(f"Lagrets databas är inte med: {made.why_none}.")
        print("Det gör inget: vid en återställning byggs den upp ur journalen.")
    if made.names:
        print(f"{made.names} namn på personer är med. Kopian gallras när de ska raderas.")
    if _is_anything_blocked(settings.store, city.city_id):
        print("Det som är spärrat är med, så att en spärr kan hävas. Förvara kopian som arkivet.")
    return RAN


def _is_anything_blocked(address: str, city_id: str) -> bool:
    from warehouse.acts import acts_of
    from warehouse.closures import BLOCKED, closures_of
    from warehouse.store import open_store

    store = open_store(address)
    closures = closures_of(acts_of(store, store.journal(), city_id))
    return BLOCKED in closures.documents.values() or bool(closures.sections)


def _restore(options: argparse.Namespace) -> int:
    from flows.backing import BackupError, restore
    from flows.terminal import InProcess

    settings = settings_of(options)
    try:
        done = restore(settings, Path(options.folder), InProcess(), dict(os.environ))
    except BackupError as error:
        raise UserError(str(error)) from None
    made = done.backup
    how = "uppbyggt ur journalen" if done.rebuilt else f"ur {made.database}"
    print(f"{made.originals} handlingar och {made.records} poster i journalen är tillbaka.")
    print(f"Lagret är {how}: {settings.warehouse}")
    print(f"Registren är {done.registers}.")
    if done.other:
        told = ", ".join(done.other)
        raise UserError(f"lagret säger inte detsamma som när kopian togs: {told}.", OUR_DEFECT)
    print(f"Allt är prövat: lagret säger detsamma, och huvudet är {made.records}:{made.head[:16]}.")
    return RAN


def _backup_arguments(parser: argparse.ArgumentParser) -> None:
    city_argument(parser)
    parser.add_argument("--to", required=True, metavar="MAPP", help="ny mapp för kopian")


def _restore_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="MAPP", help="mappen med kopian")
    city_argument(parser)


COMMANDS = (
    Command(
        "backup",
        _backup,
        "ta en säkerhetskopia av handlingar, journal, register och lager",
        "samlad backup --city goteborg --to kopior/2026-09-21",
        _backup_arguments,
    ),
    Command(
        "restore",
        _restore,
        "återställ en säkerhetskopia till en tom plats, och pröva den",
        "samlad restore kopior/2026-09-21 --city goteborg",
        _restore_arguments,
    ),
)
