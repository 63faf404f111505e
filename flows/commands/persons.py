"""Commands on names of persons: who is named, and erasing a name under a decision."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flows.commands.asking import (
    OUR_DEFECT,
    RAN,
    Command,
    UserError,
    city_argument,
    city_of,
    settings_of,
    warehouse_exists,
    who_arguments,
)

if TYPE_CHECKING:
    from warehouse.persons import Person
    from warehouse.store import Store


def _persons(options: argparse.Namespace) -> int:
    from warehouse.persons import erased_in, named_in, persons_of
    from warehouse.store import open_store

    city = city_of(options)
    store = open_store(settings_of(options).store)
    journal = store.journal()
    records, gone = named_in(journal), erased_in(journal)
    persons = persons_of(store, city.city_id)
    for person_id, one in sorted(persons.items(), key=lambda item: item[1].name):
        acts = [e.content.get("act_id", f"post {e.number}") for e in records.get(person_id, ())]
        said = f"{one.name} <{one.contact}>" if one.contact else one.name
        print(f"{person_id}  {said}: {', '.join(acts) or 'nämns inte i journalen'}")
    if not persons:
        print(f"Inga namn på personer finns kvar för {city.name}.")
    if gone:
        print(f"Raderade enligt beslut: {', '.join(sorted(gone))}")
    return RAN


def _erase(options: argparse.Namespace) -> int:
    from warehouse.acts import OfficeAct, record
    from warehouse.persons import ERASED_KIND, finish_erasures, note_erasure
    from warehouse.store import open_store

    city, settings = city_of(options), settings_of(options)
    store = open_store(settings.store)
    chosen = _meant(store, city.city_id, options.person)
    ids = [one.person_id for one in chosen]
    if not options.confirm:
        print(f"Detta raderas enligt {options.decision}, och kan inte återtas:")
        for one in chosen:
            print(f"  {one.person_id}  {one.name}")
        print("\nInget är gjort. Kör samma kommando med --confirm när ni är säkra.")
        return RAN
    now = datetime.now(UTC)
    act = OfficeAct(
        kind=ERASED_KIND,
        city=city.city_id,
        board=None,
        period="",
        by=options.by,
        text=f"namn raderat enligt {options.decision}",
        at=now,
        about={"erased": ",".join(ids), "decision": options.decision},
    )
    made = record(store, act)
    note_erasure(store, ids, city_id=city.city_id, act_id=made.act_id, at=now)
    count = finish_erasures(store, store.journal())
    _forget_rows(options, city.city_id, store)
    print(f"{made.act_id}  {count} namn raderade: {', '.join(ids)}")
    print("I journalen står numren kvar och säger inte längre vem. samlad verify håller.")
    print("Säkerhetskopior från före i dag har namnet kvar: gallra dem enligt samma beslut.")
    return RAN


def _forget_rows(options: argparse.Namespace, city_id: str, store: Store) -> None:
    from warehouse.persons import persons_of
    from warehouse.warehouse import open_warehouse

    settings = settings_of(options)
    if warehouse_exists(settings):
        with open_warehouse(settings.warehouse) as warehouse:
            warehouse.keep_persons(city_id, persons_of(store, city_id))


def _meant(store: Store, city_id: str, said: str) -> list[Person]:
    """Return the persons that an id or a name means; UserError where there is none."""
    from warehouse.persons import fault_of_names, persons_of

    fault = fault_of_names(store, store.journal())
    if fault and "ligger kvar" not in fault:  # an erasure that was cut off is ended by this one
        raise UserError(f"lagret håller inte: {fault}.", OUR_DEFECT)
    name = " ".join(said.split()).casefold()
    persons = persons_of(store, city_id)
    found = [one for i, one in sorted(persons.items()) if i == said or one.name.casefold() == name]
    if not found:
        raise UserError("Den personen finns inte, eller är redan raderad. samlad persons visar.")
    return found


def _erase_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("person", metavar="PERSON", help="numret, som N-3f2a…, eller hela namnet")
    city_argument(parser)
    parser.add_argument(
        "--decision", required=True, metavar="BESLUT", help='till exempel "KS 2026-05-12 § 88"'
    )
    who_arguments(parser, "gör det", named=False)
    parser.add_argument(
        "--confirm", action="store_true", help="gör det; annars visas vad som raderas"
    )


COMMANDS = (
    Command(
        "persons",
        _persons,
        "visa vilka personer som nämns, och var",
        "samlad persons --city lindhamn",
        city_argument,
    ),
    Command(
        "erase-person",
        _erase,
        "radera en persons namn enligt ett beslut; det som personen har gjort står kvar",
        'samlad erase-person N-3f2a91c07be4d8150a11 --city lindhamn --decision "KS § 88" --confirm',
        _erase_arguments,
    ),
)
