"""The registers as a workbook that people keep: `samlad registers export` and `import`."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flows.commands.asking import (
    RAN,
    Command,
    UserError,
    city_argument,
    city_of,
    file_named,
    settings_of,
    who_arguments,
)

if TYPE_CHECKING:
    from expectations.registers import City
    from tasks.register_book import Change
    from warehouse.acts import OfficeAct

SHOWN = 60
KINDS = {"new": "ny rad", "gone": "raden tas bort", "changed": "ändras"}


def _registers(options: argparse.Namespace) -> int:
    return _export(options) if options.what == "export" else _import(options)


def _export(options: argparse.Namespace) -> int:
    from expectations.register_files import city_folder
    from tasks.register_book import rows_in, write_book
    from warehouse.register_acts import act_rows

    city = city_of(options)
    folder = city_folder(city.city_id, settings_of(options).city_folders)
    out = Path(options.file or f"register-{city.city_id}.xlsx")
    rows = rows_in(folder) | act_rows(_standing(options))
    out.write_bytes(write_book(rows, city_name=city.name))
    print(f"{out} är skriven. Ändra i den och läs in den med samlad registers import.")
    return RAN


def _import(options: argparse.Namespace) -> int:
    from expectations.register_files import city_folder, load_city
    from expectations.register_rows import PERSONAL
    from expectations.registers import RegisterError
    from tasks.register_book import (
        BookError,
        changes,
        read_book,
        rows_in,
        told_by_sheet,
        write_book,
        write_folder,
    )
    from warehouse.register_acts import Who, act_rows, acts_for

    city, settings = city_of(options), settings_of(options)
    if options.file is None:
        raise UserError("Säg vilken arbetsbok: samlad registers import FIL --city STAD.")
    data = file_named(options.file).read_bytes()
    now = city_folder(city.city_id, settings.city_folders)
    with tempfile.TemporaryDirectory() as place:
        anew = Path(place) / city.city_id
        shutil.copytree(now, anew)
        try:
            rows = read_book(data)
            write_folder(rows, anew)
            city = load_city(city.city_id, (Path(place),))
            _acts_hold(rows, city)
        except BookError as error:
            raise UserError(str(error)) from None
        except RegisterError as error:
            told = "\n".join(told_by_sheet(error))
            raise UserError(f"arbetsboken är inte inläst:\n{told}") from None
        standing = _standing(options)
        said = {name: rows[name] for name in act_rows(()) if name in rows}
        found = changes(rows_in(now) | act_rows(standing), rows_in(anew) | said)
        print("\n".join(_told(found)))
        if not found:
            return RAN
        if told := _names_to_mind(options, found):
            print(told)
        if not options.apply:
            print("\nIngenting är ändrat än. Kör igen med --apply om detta är rätt.")
            return RAN
        put_registers(anew, settings.registers / city.city_id)
        kept = {name: r for name, r in rows_in(anew).items() if name not in PERSONAL} | said
        _note(options, write_book(kept, city_name=city.name), len(found))
    _record(options, acts_for(rows, standing, Who(city.city_id, options.by, datetime.now(UTC))))
    print("\nÄndrat. Gäller från nästa körning; rapporten säger vilka register den bygger på.")
    return RAN


def _standing(options: argparse.Namespace) -> list[OfficeAct]:
    """Return the acts of the office that stand; none where nothing has been written yet."""
    from warehouse.acts import acts_of
    from warehouse.store import open_store

    store = open_store(settings_of(options).store)
    return acts_of(store, store.journal(), options.city)


def _acts_hold(rows: Mapping[str, Sequence[Mapping[str, str]]], city: City) -> None:
    """RegisterError with every fault in the sheets of acts."""
    from expectations.registers import RegisterError
    from warehouse.register_acts import faults_in

    found = [fault for file in faults_in(rows, city) for fault in file.faults]
    if found:
        raise RegisterError(*found[0], more=tuple(found[1:]))


def _record(options: argparse.Namespace, acts: Sequence[OfficeAct]) -> None:
    from warehouse.acts import record
    from warehouse.store import open_store

    store = open_store(settings_of(options).store)
    for act in acts:
        record(store, act, options.name)


def _names_to_mind(options: argparse.Namespace, found: Sequence[Change]) -> str:
    """Return a reminder where contacts are new and names have been erased: they are not known."""
    from tasks.register_book import sheets
    from warehouse.persons import erased_in
    from warehouse.store import open_store

    contacts = next(sheet.title for sheet in sheets() if sheet.file == "contacts.csv")
    gone = erased_in(open_store(settings_of(options).store).journal())
    if not gone or not any(c.sheet == contacts and c.kind != "gone" for c in found):
        return ""
    return (
        f"\nNamn har raderats enligt beslut ({', '.join(sorted(gone))}). Samlad vet inte längre "
        f"vilka de var: se till att inget av dem står på fliken {contacts} igen."
    )


def put_registers(anew: Path, folder: Path) -> None:
    """Put the new folder in place of the old one, which is never half written."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside, old = folder.with_name(f".{folder.name}.part"), folder.with_name(f".{folder.name}.old")
    for left in (beside, old):
        shutil.rmtree(left, ignore_errors=True)
    shutil.copytree(anew, beside)
    if folder.exists():
        folder.rename(old)
    beside.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _note(options: argparse.Namespace, data: bytes, count: int) -> None:
    """Keep the workbook, without contacts, and note who changed the registers and when."""
    from warehouse.acts import OfficeAct, record
    from warehouse.store import open_store

    store = open_store(settings_of(options).store)
    record(
        store,
        OfficeAct(
            kind="registers",
            city=options.city,
            board=None,
            period="",
            by=options.by,
            text=f"{count} rader i registren ändrade",
            at=datetime.now(UTC),
            about={"workbook": store.keep(data)},
        ),
        options.name,
    )


def _told(found: list[Change]) -> list[str]:
    if not found:
        return ["Arbetsboken säger detsamma som registren. Ingenting att ändra."]
    lines = []
    for change in found[:SHOWN]:
        lines.append(f"{change.sheet}: {change.row}, {KINDS[change.kind]}")
        lines += [f"    {name}: ”{old}” → ”{new}”" for name, old, new in change.fields]
    if len(found) > SHOWN:
        lines.append(f"… och {len(found) - SHOWN} rader till")
    return lines


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("export", "import"), metavar="export|import")
    parser.add_argument("file", nargs="?", metavar="FIL", help="arbetsboken")
    city_argument(parser)
    parser.add_argument("--apply", action="store_true", help="gör ändringarna, efter en titt")
    who_arguments(parser, "ändrar")


COMMANDS = (
    Command(
        "registers",
        _registers,
        "ge registren som arbetsbok, eller läs in en ändrad arbetsbok",
        "samlad registers export --city lindhamn",
        _arguments,
    ),
)
