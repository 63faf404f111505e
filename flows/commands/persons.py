"""Commands on names of persons: who is named, and erasing a name under a decision."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
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
    chosen, contacts = _meant(options, store)
    ids = [one.person_id for one in chosen]
    names = {one.name for one in chosen} or {options.person}
    if not options.confirm:
        print(f"Detta raderas enligt {options.decision}, och kan inte återtas:")
        for one in chosen:
            print(f"  {one.person_id}  {one.name}")
        if contacts:
            print(f"  ur registret Kontakter: {_counted(contacts)}")
        _tell_where_it_stays(options, store, names)
        print("\nInget är gjort. Kör samma kommando med --confirm när ni är säkra.")
        return RAN
    now = datetime.now(UTC)
    act = OfficeAct(
        kind=ERASED_KIND,
        city=city.city_id,
        board=None,
        period="",
        by=options.by,
        text=f"namn raderat enligt {options.decision}"
        + (f", också ur registret Kontakter: {_counted(contacts)}" if contacts else ""),
        at=now,
        about={"erased": ",".join(ids), "decision": options.decision},
    )
    made = record(store, act)
    if ids:
        note_erasure(store, ids, city_id=city.city_id, act_id=made.act_id, at=now)
    count = finish_erasures(store, store.journal())
    _forget_rows(options, city.city_id, store)
    if ids:
        print(f"{made.act_id}  {count} namn raderade: {', '.join(ids)}")
    if contacts:
        _out_of_contacts(options, names)
        print(f"{made.act_id}  ur registret Kontakter: {_counted(contacts)}")
    _tell_where_it_stays(options, store, names)
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


def _counted(rows: int) -> str:
    return f"{rows} rad" if rows == 1 else f"{rows} rader"


def _contacts_in(options: argparse.Namespace) -> tuple[Path, list[dict[str, str]]]:
    """Return the city's folder of registers and its contacts as written."""
    from expectations.register_files import city_folder
    from tasks.register_book import rows_in

    folder = city_folder(options.city, settings_of(options).city_folders)
    return folder, rows_in(folder).get("contacts.csv", [])


def _out_of_contacts(options: argparse.Namespace, names: set[str]) -> None:
    """Take persons out of the contacts, as an import of the registers would."""
    from flows.commands.registers import put_registers
    from tasks.register_book import without_person, write_folder

    folder, rows = _contacts_in(options)
    kept, _ = without_person(rows, names)
    with tempfile.TemporaryDirectory() as place:
        anew = Path(place) / options.city
        shutil.copytree(folder, anew)
        write_folder({"contacts.csv": kept}, anew)
        own = settings_of(options).registers / options.city
        put_registers(anew, own)
    if folder.resolve() != own.resolve():
        print(f"Registren ligger nu i {own}. Ta bort namnet också i {folder / 'contacts.csv'}.")


def _tell_where_it_stays(options: argparse.Namespace, store: Store, names: set[str]) -> None:
    """Say where else a name stands: in what the office has written, and in what has come in."""
    from warehouse.acts import every_act
    from warehouse.documents import receipts_that_say
    from warehouse.warehouse import open_warehouse

    folded = {" ".join(name.split()).casefold() for name in names}
    acts = every_act(store, store.journal(), options.city)
    words = [a.act_id for a in acts if a.about.get("author", "").casefold() in folded]
    settings, found = settings_of(options), []
    if warehouse_exists(settings):
        with open_warehouse(settings.warehouse) as warehouse:
            found = receipts_that_say(warehouse.engine, options.city, folded)
    if words:
        print(f"Namnet står kvar under kontorets egna ord {', '.join(words)}, för internt bruk.")
    if found:
        print(f"Namnet står kvar i {', '.join(found)}. Handlingar gallras med samlad dispose.")


def _meant(options: argparse.Namespace, store: Store) -> tuple[list[Person], int]:
    """Return the persons that an id or a name means, and how many contacts name them."""
    from tasks.register_book import without_person
    from warehouse.persons import fault_of_names, persons_of

    city_id, said = options.city, options.person
    fault = fault_of_names(store, store.journal())
    if fault and "ligger kvar" not in fault:  # an erasure that was cut off is ended by this one
        raise UserError(f"lagret håller inte: {fault}.", OUR_DEFECT)
    name = " ".join(said.split()).casefold()
    persons = persons_of(store, city_id)
    found = [one for i, one in sorted(persons.items()) if i == said or one.name.casefold() == name]
    contacts = without_person(_contacts_in(options)[1], {one.name for one in found} or {said})[1]
    if not found and not contacts:
        _tell_where_it_stays(options, store, {said})
        raise UserError(
            "Den personen finns inte bland namnen, eller är redan raderad. samlad persons visar."
        )
    return found, contacts


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
