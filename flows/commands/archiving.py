"""The archive export: a documented package of what came in, what was done and what was reported."""

from __future__ import annotations

import argparse
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flows.commands.asking import RAN, Command, UserError, city_of, file_named, settings_of

if TYPE_CHECKING:
    from expectations.registers import City
    from tasks.archive import Deposit
    from tasks.receive import Receipt
    from warehouse.acts import OfficeAct
    from warehouse.closures import Closures
    from warehouse.journal import Entry
    from warehouse.store import Store

ABOUT = """Arkivpaket från Samlad
======================

{label}

handlingar.csv       varje mottagen handling: kvitto, tid, avsändare, diarienummer, kontrollsumma
../METS.xml          alla filer i paketet med storlek och SHA-256
../metadata          PREMIS: vad varje handling är, när den kom och vad som hände med den
../representations   handlingarna som de kom, rapporterna som de skrevs, register och journal
datalexikon.md       vad databasens tabeller och kolumner betyder (på engelska)
../schemas           schemat för det som läses ur en handling

Journalen är en kedja: varje post bär den föregående postens kontrollsumma. Handlingar som är
spärrade eller gallrade är inte med; de står i handlingar.csv med skälet, och deras namn är
borttagna i journalen.
Kontrollera paketet med: samlad archive --check FIL
"""


def _archive(options: argparse.Namespace) -> int:
    return _check(options.check) if options.check else _export(options)


def _check(name: str) -> int:
    from tasks.archive import ArchiveError, checked_package

    try:
        count = checked_package(file_named(name).read_bytes())
    except ArchiveError as error:
        raise UserError(f"{name}: {error}.") from None
    print(f"{name}: {count} filer, alla med rätt kontrollsumma.")
    return RAN


def _export(options: argparse.Namespace) -> int:
    from tasks.archive import archive_package
    from warehouse.store import open_store

    if not options.city:
        raise UserError("Säg vilken stad med --city, eller vilket paket med --check.")
    city = city_of(options)
    store = open_store(settings_of(options).store)
    deposit = _deposit(city, store, settings_of(options).warehouse, options.round)
    if not deposit.documents and not deposit.left_out:
        raise UserError(f"Inget har kommit in till {city.name} för det som efterfrågas.")
    out = Path(options.file or f"{deposit.package_id}.zip")
    out.write_bytes(archive_package(deposit, store.original))
    print(
        f"{out}: {len(deposit.documents)} handlingar, {len(deposit.left_out)} utelämnade, "
        f"{len(deposit.files)} övriga filer."
    )
    return RAN


def _deposit(city: City, store: Store, address: str, round_id: str | None) -> Deposit:
    from tasks.archive import Deposit
    from tasks.receive import receipts
    from warehouse.acts import acts_of
    from warehouse.closures import closures_of, told_of_documents
    from warehouse.warehouse import open_warehouse

    journal = store.journal()
    if not journal:
        raise UserError(f"Inget har kommit in till {city.name} än.")
    acts = acts_of(store, journal, city.city_id)
    closures = closures_of(acts)
    registered = {a.about["receipt"]: a.about for a in acts if a.kind == "registration"}
    with open_warehouse(address) as warehouse:
        closed = told_of_documents(warehouse.engine, city.city_id, closures)
    every = receipts(journal, city_id=city.city_id)
    left_out = _left_out(every, closed)
    nameless = {r.sha256 for r in every if r.receipt_id in left_out}
    known = [r for r in every if round_id is None or r.run == round_id]
    scope = f"omgång {round_id}" if round_id else "allt som kommit in"
    return Deposit(
        package_id=f"samlad-{city.city_id}-{(round_id or 'allt').replace('/', '-')}",
        label=f"{city.name}: nämndernas och bolagens inlämningar och rapporter, {scope}",
        city=city.name,
        made_at=datetime.fromisoformat(journal[-1].at),
        documents=[
            (r, registered.get(r.receipt_id, {})) for r in known if r.receipt_id not in left_out
        ],
        left_out=[(r, left_out[r.receipt_id]) for r in known if r.receipt_id in left_out],
        files=_files(city, store, journal, closures, nameless, round_id)
        | _attached(store, acts, closures, round_id),
    )


def _left_out(every: Sequence[Receipt], closed: Mapping[str, str]) -> dict[str, str]:
    """Return words for each receipt that is left out, also for what a closed one came in."""
    found = {r.receipt_id: closed[r.sha256] for r in every if r.sha256 in closed}
    for part in reversed(every):  # a part's receipt comes after that of what it came in
        if part.receipt_id in found and part.part_of:
            found.setdefault(part.part_of, found[part.receipt_id])
    return found


def _files(
    city: City,
    store: Store,
    journal: Sequence[Entry],
    closures: Closures,
    nameless: Collection[str],
    round_id: str | None,
) -> dict[str, bytes]:
    """Return what goes beside the documents: reports, registers, journal and documentation."""
    from expectations.contract_json import json_schema
    from flows.publishing import INTERNAL
    from tasks.archive import DATA
    from warehouse.dictionary import as_paper
    from warehouse.editions import editions_of, files_of
    from warehouse.runs import runs_of

    schema = json.dumps(json_schema(), ensure_ascii=False, indent=1, sort_keys=True)
    label = f"{city.name}, {round_id or 'alla omgångar och ärenden'}"
    files = {
        "documentation/LAS-MIG.txt": ABOUT.format(label=label).encode(),
        "documentation/datalexikon.md": as_paper().encode(),
        "schemas/submission.schema.json": schema.encode(),
        f"{DATA}/journal.jsonl": _journal(journal, nameless),
    }
    runs = [r for r in runs_of(journal, city.city_id) if round_id in (None, r.round_id)]
    for sha256 in sorted({run.registers for run in runs}):
        files[f"{DATA}/register/{sha256}.json"] = store.original(sha256)
    for edition in editions_of(journal, city.city_id, round_id):
        if (edition.run, edition.number) in closures.editions:
            continue
        folder = f"{DATA}/rapporter/{edition.run.replace('/', '-')}-version-{edition.number}"
        for name, sha256 in files_of(store, edition).items():
            if not name.startswith(INTERNAL):  # it names persons, and a package cannot forget
                files[f"{folder}/{name}"] = store.original(sha256)
    return files


def _attached(
    store: Store, acts: Sequence[OfficeAct], closures: Closures, round_id: str | None
) -> dict[str, bytes]:
    """Return the attached parts of the reports that stand, also those in no edition yet."""
    from tasks.archive import DATA

    return {
        f"{DATA}/bilagor/{act.period.replace('/', '-')}/{act.about['part']}"
        f"{Path(act.about['name']).suffix}": store.original(act.about["sha256"])
        for act in acts
        if act.kind == "attachment"
        and round_id in (None, act.period)
        and act.about["sha256"] not in closures.documents
    }


def _journal(journal: Sequence[Entry], nameless: Collection[str]) -> bytes:
    """Return the journal's records as lines; names of documents left out are taken out."""
    lines = []
    for entry in journal:
        record = asdict(entry)
        if entry.content.get("sha256") in nameless:
            shown = {k: v for k, v in entry.content.items() if k not in ("name", "key")}
            record["content"] = shown | {"utelämnat": "namn"}
        lines.append(json.dumps(record, ensure_ascii=False, sort_keys=True) + "\n")
    return "".join(lines).encode()


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", metavar="FIL", help="paketet som skrivs")
    parser.add_argument("--city", metavar="STAD", help="till exempel goteborg")
    parser.add_argument("--round", metavar="OMGÅNG", help="bara det som kom in för omgången")
    parser.add_argument("--check", metavar="FIL", help="kontrollera ett paket i stället")


COMMANDS = (
    Command(
        "archive",
        _archive,
        "skriv ett arkivpaket (E-ARK/FGS), eller kontrollera ett",
        "samlad archive --city lindhamn --round 2026-08",
        _arguments,
    ),
)
