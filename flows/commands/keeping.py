"""Commands that keep the store and the installation: verify, migrate, doctor."""

from __future__ import annotations

import argparse

from flows.commands.asking import (
    OUR_DEFECT,
    RAN,
    WRONG_USE,
    Command,
    UserError,
    city_argument,
    settings_of,
)


def _verify(options: argparse.Namespace) -> int:
    from warehouse.store import StoreError, open_store

    store = open_store(settings_of(options).store)
    try:
        entries = store.journal()
        for entry in entries:
            if "sha256" in entry.content:
                store.original(entry.content["sha256"])
    except StoreError as error:
        raise UserError(f"lagret håller inte: {error}.", OUR_DEFECT) from None
    head = entries[-1].digest[:12] if entries else "tom"
    print(f"{len(entries)} poster i journalen och deras handlingar är oförändrade. Huvud: {head}")
    return RAN


def _migrate(options: argparse.Namespace) -> int:
    from warehouse.database import migrate

    migrate(settings_of(options).warehouse)
    print("Lagret har den senaste formen.")
    return RAN


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
        "samlad verify --city goteborg",
        city_argument,
    ),
    Command(
        "migrate",
        _migrate,
        "ge lagret dess senaste form",
        "samlad migrate --city goteborg",
        city_argument,
    ),
    Command("doctor", _doctor, "kontrollera installationen", "samlad doctor"),
)
