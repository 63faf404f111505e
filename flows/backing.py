"""A backup of one city: originals, journal, names, registers and database; and the way back.

The store is the truth and is copied by what it says itself, whether it is a folder or a bucket; the
database is dumped by its engine's own tool where that is here. A backup is written beside and put
in place when it is whole, and is held against its own hashes before anything is restored from it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from expectations.register_files import bundle, city_folder, load_city, unbundle
from expectations.register_rows import PERSONAL
from expectations.registers import City, RegisterError
from flows.order import Call
from flows.rebuilding import rebuild
from flows.settings import Settings
from warehouse.closures import removed_in
from warehouse.digest import contents
from warehouse.dumps import DumpError, dump, dump_name, is_empty, load
from warehouse.journal import Entry, StoreError, checked_entries, entry_line
from warehouse.persons import fault_of_names, finish_erasures
from warehouse.store import Store, open_store
from warehouse.warehouse import open_warehouse

MANIFEST, JOURNAL, REGISTERS = "manifest.json", "journal.jsonl", "registers.json"


class BackupError(Exception):
    """A backup that cannot be made or used; says in Swedish why."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds. `database` is the dump's name, None where the tool was not here."""

    city: str
    records: int
    head: str
    originals: int
    names: int
    database: str | None
    why_none: str = ""


def back_up(
    city: City, settings: Settings, folder: Path, call: Call, environment: dict[str, str]
) -> Backup:
    """Write a whole backup of a city to a new folder and return what is in it.

    The database is taken first, with no run going on: the journal may know more than it, and then
    the next run brings it up. StoreError where the journal does not hold.
    """
    if folder.exists() and any(folder.iterdir()):
        raise BackupError(f"Mappen {folder} är inte tom. Ange en ny.")
    beside = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    store = open_store(settings.store)
    name: str | None = dump_name(settings.warehouse)
    why = ""
    with open_warehouse(settings.warehouse) as warehouse, warehouse.alone(city.city_id):
        try:
            tool = pg_tool("pg_dump", settings)
            call("Kopierar lagret", dump, settings.warehouse, beside / str(name), tool, environment)
        except DumpError as error:
            (beside / str(name)).unlink(missing_ok=True)
            name, why = None, str(error)
        facts = {kind: asdict(one) for kind, one in contents(warehouse).items()}
        journal = store.journal()
    (beside / JOURNAL).write_bytes(b"".join(entry_line(entry) for entry in journal))
    registers = city_folder(city.city_id, settings.city_folders)
    (beside / REGISTERS).write_bytes(bundle(registers))
    for personal in (registers / name for name in PERSONAL):  # names of persons, by themselves
        if personal.is_file():
            shutil.copy(personal, beside / personal.name)
    kept = call("Kopierar handlingar", _originals_out, store, journal, beside)
    names = store.names()
    for person_id, data in names.items():
        _write(beside / "persons" / f"{person_id}.json", data)
    head = journal[-1].digest if journal else ""
    made = Backup(city.city_id, len(journal), head, kept, len(names), name, why)
    about = {"backup": asdict(made), "facts": facts, "files": _hashes(beside)}
    text = json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True)
    _write(beside / MANIFEST, text.encode())
    if folder.exists():
        folder.rmdir()
    beside.rename(folder)
    return made


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: how the database came back, and what is not as it was."""

    backup: Backup
    rebuilt: bool
    other: tuple[str, ...]
    registers: str


def restore(settings: Settings, folder: Path, call: Call, environment: dict[str, str]) -> Restored:
    """Put a backup back into an empty store and an empty database, and hold it against itself.

    A database of another engine, or one without a dump, is built anew from the journal.
    """
    about = _checked(folder)
    backup = Backup(**about["backup"])
    store = open_store(settings.store)
    if store.journal():
        raise BackupError(f"{settings.store} är inte tomt. Återställ till en ny plats.")
    if not is_empty(settings.warehouse):
        raise BackupError(f"{settings.warehouse} är inte tomt. Återställ till en ny databas.")
    registers = _registers_back(backup.city, settings, folder)
    call("Lägger tillbaka handlingar", _store_back, store, folder)
    is_dumped = backup.database is not None and backup.database == dump_name(settings.warehouse)
    tool = pg_tool("pg_restore", settings)
    if is_dumped:
        dumped = folder / str(backup.database)
        try:
            call("Lägger tillbaka lagret", load, dumped, settings.warehouse, tool, environment)
        except DumpError:  # the tool is missing or older: nothing was put in, and it is built anew
            is_dumped = False
    city = load_city(backup.city, settings.city_folders)
    with open_warehouse(settings.warehouse) as warehouse:
        if not is_dumped:
            rebuild(city, store, warehouse, call)
        journal = store.journal()
        fault = warehouse.other_than_remembered(city.city_id, journal) or fault_of_names(
            store, journal
        )
        if fault:
            raise StoreError(fault)
        found = contents(warehouse)
    other = tuple(kind for kind, one in about["facts"].items() if asdict(found[kind]) != one)
    return Restored(backup, not is_dumped, other, registers)


def pg_tool(name: str, settings: Settings) -> str | None:
    """Return the path of one of PostgreSQL's programs, None where it is not here."""
    return shutil.which(name, path=settings.postgres_programs)


def _originals_out(store: Store, journal: Sequence[Entry], beside: Path) -> int:
    """Copy every original but those that are disposed of; return how many."""
    wanted = sorted(set(store.originals()) - removed_in(store, journal))
    for sha256 in wanted:
        _write(beside / "originals" / sha256[:2] / sha256, store.original(sha256))
    return len(wanted)


def _store_back(store: Store, folder: Path) -> None:
    for path in sorted((folder / "originals").rglob("*")):
        if path.is_file() and store.keep(path.read_bytes()) != path.name:
            raise StoreError(f"handlingen {path.name} har ändrats")
    for path in sorted((folder / "persons").glob("*.json")):
        store.keep_name(path.stem, path.read_bytes())
    store.put_back(checked_entries((folder / JOURNAL).read_bytes()))
    finish_erasures(store, store.journal())


def _registers_back(city_id: str, settings: Settings, copy: Path) -> str:
    """Put the registers back where there are none; return how they stand, in Swedish."""
    data = (copy / REGISTERS).read_bytes()
    try:
        here = bundle(city_folder(city_id, settings.city_folders))
    except RegisterError:
        folder = settings.registers / city_id
        folder.mkdir(parents=True)
        unbundle(data, folder)
        for personal in (copy / name for name in PERSONAL):
            if personal.is_file():
                shutil.copy(personal, folder / personal.name)
        return f"tillbakalagda i {folder}"
    return "samma som här" if here == data else "andra än de som gäller här; de här är orörda"


def _checked(folder: Path) -> dict[str, Any]:
    """Return what a backup says of itself; BackupError names the first file that is not whole."""
    try:
        about: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        raise BackupError(f"{folder} är ingen hel säkerhetskopia: {MANIFEST} saknas.") from None
    found = _hashes(folder)
    for name, digest in about["files"].items():
        if found.get(name) != digest:
            raise BackupError(f"{folder / name} saknas eller har ändrats. Inget är återställt.")
    return about


def _hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
