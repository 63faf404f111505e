"""The diary: a list of what has been received to register, and the diary's numbers read back.

A receipt is written before its file is opened. Who hands in and who approved stands in the file and
is told as the file says it, out of the warehouse: the journal, which cannot forget, has no such
words.
"""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from expectations.contract import Document
from expectations.personal import has_number
from expectations.swedish import swedish_day
from flows.commands.asking import (
    RAN,
    STOCKHOLM,
    Command,
    UserError,
    city_argument,
    city_of,
    file_named,
    settings_of,
    warehouse_exists,
    who_arguments,
)

if TYPE_CHECKING:
    from expectations.registers import City
    from tasks.receive import Receipt
    from warehouse.acts import OfficeAct

HEADINGS = (
    *("Kvitto", "Inkommen", "Avsändare", "Handling", "Del av", "Storlek, byte", "SHA-256"),
    *("Diarienummer", "Ärende", "Lämnas av", "Godkänd av", "Beslut"),
)
MOST_ROWS = 100_000


def _diary(options: argparse.Namespace) -> int:
    done = {"export": _export, "import": _import, "show": _show}
    return done[options.what](options)


def _listed(options: argparse.Namespace, city: City) -> list[tuple[str, ...]]:
    """Return one row per receipt, in their order, as HEADINGS says."""
    from tasks.receive import receipts
    from warehouse.acts import acts_of
    from warehouse.closures import closures_of
    from warehouse.store import open_store

    store = open_store(settings_of(options).store)
    journal = store.journal()
    acts = acts_of(store, journal, city.city_id)
    known, closed = _registered(acts), closures_of(acts).documents
    names = {board.board_id: board.name for board in city.boards}
    found = [
        r.without_name() if r.sha256 in closed else r
        for r in receipts(journal, city_id=city.city_id)
    ]
    told = _documents(options)
    nothing = Document()
    return [
        _row(r, names, known, nothing if r.sha256 in closed else told.get(r.receipt_id, nothing))
        for r in found
    ]


def _documents(options: argparse.Namespace) -> dict[str, Document]:
    """Return what each received document says of itself, where it has been read."""
    from warehouse.documents import stored_documents
    from warehouse.warehouse import open_warehouse

    settings = settings_of(options)
    if not warehouse_exists(settings):
        return {}
    with open_warehouse(settings.warehouse) as warehouse:
        found = stored_documents(warehouse.engine, options.city, None)
    return {one.receipt_id: one.document for one in found}


def _show(options: argparse.Namespace) -> int:
    """Print receipts as they may be sent to the board: one, or all."""
    city = city_of(options)
    rows = [row for row in _listed(options, city) if options.file in (None, row[0])]
    if options.file is not None and not rows:
        raise UserError(
            f"Kvittot {options.file} finns inte för {city.name}. samlad diary show utan nummer "
            "visar alla."
        )
    for row in rows:
        said = zip(HEADINGS, row, strict=True)
        print("\n".join(f"{name:<14}{text}" for name, text in said if text) + "\n")
    return RAN


def _export(options: argparse.Namespace) -> int:
    city = city_of(options)
    rows = _listed(options, city)
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADINGS)
    writer.writerows(rows)
    out = Path(options.file or f"diarium-{city.city_id}.csv")
    # Excel in Swedish opens semicolons and a byte order mark as a table with å, ä and ö.
    out.write_text(text.getvalue(), encoding="utf-8-sig", newline="")
    waiting = sum(not row[HEADINGS.index("Diarienummer")] for row in rows)
    print(f"{out}: {len(rows)} handlingar, {waiting} utan diarienummer.")
    return RAN


def _row(
    receipt: Receipt, names: Mapping[str, str], known: Mapping[str, OfficeAct], said: Document
) -> tuple[str, ...]:
    act = known.get(receipt.receipt_id)
    sender = receipt.sender or ""
    return (
        receipt.receipt_id,
        receipt.received_at.astimezone(STOCKHOLM).strftime("%Y-%m-%d %H:%M"),
        _plain(names.get(sender, sender)),
        _plain(receipt.name),
        receipt.part_of or "",
        str(receipt.size),
        receipt.sha256,
        act.about["number"] if act else "",
        act.about.get("matter", "") if act else "",
        _plain(said.submitted_by or ""),
        _plain(said.approved_by or ""),
        _plain(_decision(said)),
    )


def _decision(said: Document) -> str:
    """Return the board's own decision on what it handed in, as `Socialnämnden 2026-09-22 § 85`."""
    if said.decided is None:
        return ""
    paragraph = (said.decided.paragraph or "").lstrip("§ ")
    parts = (said.decided.organ, swedish_day(said.decided.date), paragraph and f"§ {paragraph}")
    return " ".join(part for part in parts if part)


def _plain(text: str) -> str:
    """Return a name that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t")) else text


def _registered(acts: list[OfficeAct]) -> dict[str, OfficeAct]:
    return {act.about["receipt"]: act for act in acts if act.kind == "registration"}


def _import(options: argparse.Namespace) -> int:
    from tasks.receive import receipts
    from warehouse.acts import OfficeAct, acts_of, record
    from warehouse.store import open_store

    city = city_of(options)
    if options.file is None:
        raise UserError("Säg vilken fil: samlad diary import FIL --city STAD.")
    store = open_store(settings_of(options).store)
    journal = store.journal()
    ids = {receipt.receipt_id for receipt in receipts(journal, city_id=city.city_id)}
    known = _registered(acts_of(store, journal, city.city_id))
    rows = list(_rows_of(file_named(options.file)))
    strange = [row["Kvitto"] for row in rows if row["Kvitto"] not in ids]
    if strange:
        raise UserError(f"Kvittot {strange[0]} finns inte för {city.name}. Inget är inläst.")
    numbered = next((r["Kvitto"] for r in rows if any(map(has_number, r.values()))), None)
    if numbered:
        raise UserError(f"Raden {numbered} innehåller ett personnummer. Inget är inläst.")
    count = 0
    for row in rows:
        about = {"receipt": row["Kvitto"], "number": row["Diarienummer"], "matter": row["Ärende"]}
        act = known.get(row["Kvitto"])
        if not row["Diarienummer"] or (act is not None and act.about == about):
            continue
        text = f"{row['Kvitto']} har diarienummer {row['Diarienummer']}"
        now = datetime.now(UTC)
        record(
            store,
            OfficeAct("registration", city.city_id, None, "", options.by, text, now, about=about),
            options.name,
        )
        count += 1
    print(f"{count} diarienummer inlästa. samlad acts visar dem.")
    return RAN


def _rows_of(path: Path) -> Iterator[dict[str, str]]:
    """Yield the list's rows; UserError where it is another file or saved in another way."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        text = path.read_text(encoding="cp1252")
    separator = ";" if ";" in text.partition("\n")[0] else ","
    for number, row in enumerate(csv.DictReader(io.StringIO(text), delimiter=separator)):
        if "Kvitto" not in row or "Diarienummer" not in row or number > MOST_ROWS:
            raise UserError(
                f"{path.name} har inte kolumnerna Kvitto och Diarienummer. Använd listan från "
                "samlad diary export."
            )
        yield {name: (row.get(name) or "").strip() for name in HEADINGS}


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("export", "import", "show"), metavar="export|import|show")
    parser.add_argument(
        "file", nargs="?", metavar="FIL", help="listan, eller numret på det kvitto som ska visas"
    )
    city_argument(parser)
    who_arguments(parser, "gör det")


COMMANDS = (
    Command(
        "diary",
        _diary,
        "ge listan över mottagna handlingar för diariet, läs in dess nummer, eller visa kvitton",
        "samlad diary export --city lindhamn",
        _arguments,
    ),
)
