"""Commands that close what is kept: block (secrecy, wrong addressee) and dispose (gallring)."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flows.commands.asking import (
    RAN,
    Command,
    UserError,
    city_argument,
    city_of,
    settings_of,
    who_arguments,
)
from flows.commands.deciding import groups_named

if TYPE_CHECKING:
    from expectations.registers import City
    from flows.closing import Closed, Closing
    from tasks.receive import Receipt
    from warehouse.acts import OfficeAct
    from warehouse.store import Store


def _block(options: argparse.Namespace) -> int:
    from flows.closing import (
        Closing,
        close_attachment,
        close_documents,
        close_sections,
        with_parts,
    )
    from flows.terminal import InProcess
    from warehouse.closures import BLOCKED
    from warehouse.store import open_store

    city, settings = city_of(options), settings_of(options)
    store = open_store(settings.store)
    told = "spärrat av stadskontoret"
    why = Closing(
        BLOCKED, options.by, _said(options), options.ground, told, datetime.now(UTC), options.name
    )
    out = _out(options)
    if options.receipt:
        found, known = _receipt(options, city, store)
        done = close_documents(
            city, settings, store, with_parts(found, known), why, out=out, call=InProcess()
        )
    elif options.attachment:
        attached = _attachment(options, city, store)
        done = close_attachment(city, settings, store, attached, why, out=out, call=InProcess())
    else:
        place, groups = _sections(options, city)
        done = close_sections(city, settings, store, place, groups, why, out=out, call=InProcess())
    _tell(done, why)
    print("Originalet finns kvar i arkivet men visas ingenstans. samlad withdraw häver spärren.")
    return RAN


def _dispose(options: argparse.Namespace) -> int:
    from flows.closing import Closing, close_attachment, close_documents
    from flows.terminal import InProcess
    from warehouse.closures import DISPOSED
    from warehouse.store import open_store

    city, settings = city_of(options), settings_of(options)
    store = open_store(settings.store)
    print(f"Detta gallras enligt {options.decision}, och kan inte återtas:")
    attached = _attachment(options, city, store) if options.attachment else None
    chosen = [] if attached else _disposable(options, city, store)
    if not options.confirm:
        print("\nInget är gjort. Kör samma kommando med --confirm när ni är säkra.")
        return RAN
    told = f"gallrat enligt beslut {options.decision}"
    why = Closing(
        DISPOSED,
        options.by,
        _said(options),
        options.decision,
        told,
        datetime.now(UTC),
        options.name,
    )
    out, call = _out(options), InProcess()
    if attached:
        done = close_attachment(city, settings, store, attached, why, out=out, call=call)
    else:
        done = close_documents(city, settings, store, chosen, why, out=out, call=call)
    _tell(done, why)
    print("I journalen står kvittot, kontrollsumman och beslutet kvar. samlad verify håller.")
    return RAN


def _disposable(options: argparse.Namespace, city: City, store: Store) -> list[Receipt]:
    """Return the documents that go with a receipt, having told which they are."""
    from flows.closing import with_parts

    found, known = _receipt(options, city, store)
    if found.part_of:
        raise UserError(
            f"{found.receipt_id} kom i {found.part_of}, som innehåller samma uppgifter. "
            f"Gallra {found.part_of}: då följer allt som kom i den."
        )
    chosen = with_parts(found, known)
    for one in chosen:
        again = [r.receipt_id for r in known if r.sha256 == one.sha256]
        print(f"  {', '.join(again)}  {one.size} byte, {one.sha256[:12]}")
    print(
        "Likaså det som lästs ur den, påpekandena, de utkast till rapport som bygger på den och "
        "märkta kopior i tidigare versioner."
    )
    return chosen


def _attachment(options: argparse.Namespace, city: City, store: Store) -> OfficeAct:
    """Return the act that attached a file, also one that has been taken back."""
    from flows.commands.releasing import PARTS
    from warehouse.acts import acts_of, every_act
    from warehouse.closures import DISPOSED, closures_of

    journal = store.journal()
    every = every_act(store, journal, city.city_id)
    found = next((a for a in every if a.act_id == options.attachment), None)
    if found is None or found.kind != "attachment":
        raise UserError(
            f"{options.attachment} är ingen bifogad del. samlad acts visar dem som *bilaga*."
        )
    closed = closures_of(acts_of(store, journal, city.city_id)).documents
    if closed.get(found.about["sha256"]) == DISPOSED:
        raise UserError(f"Filen som bifogades med {options.attachment} är redan gallrad.")
    part = next(word for word, part in PARTS.items() if part == found.about["part"])
    print(f"  bilagan {part}, {found.period}, {found.about['sha256'][:12]}")
    return found


def _said(options: argparse.Namespace) -> str:
    reason: str = options.reason.strip()
    if not reason:
        raise UserError("Skälet är tomt. Skriv det inom citattecken, utan det som är hemligt.")
    return reason


def _out(options: argparse.Namespace) -> Path:
    return Path(options.out or Path("out") / options.city)


def _receipt(
    options: argparse.Namespace, city: City, store: Store
) -> tuple[Receipt, list[Receipt]]:
    from tasks.receive import receipts
    from warehouse.acts import acts_of
    from warehouse.closures import DISPOSED, closures_of

    journal = store.journal()
    known = receipts(journal, city_id=city.city_id)
    found = next((r for r in known if r.receipt_id == options.receipt), None)
    if found is None:
        raise UserError(
            f"Kvittot {options.receipt} finns inte i {city.name}. "
            f"samlad diary export --city {city.city_id} visar alla kvitton."
        )
    closed = closures_of(acts_of(store, journal, city.city_id)).documents.get(found.sha256)
    if closed == DISPOSED:
        raise UserError(f"Handlingen med kvittot {options.receipt} är redan gallrad.")
    return found, known


def _sections(options: argparse.Namespace, city: City) -> tuple[tuple[str, str], list[str]]:
    if not (options.round and options.board):
        raise UserError(
            "Säg vilken handling med --receipt, vilken bifogad fil med --attachment, eller vilket "
            "avsnitt med --round och --board."
        )
    round_, board = city.round(options.round), city.board(options.board)
    if board is None:
        raise UserError(f"Nämnden {options.board} finns inte i {city.name}. Använd mappnamnet.")
    owed = set(city.owed(round_).get(board.board_id, ()))
    return (board.board_id, round_.round_id), groups_named(options.sections, owed)


def _tell(done: Closed, why: Closing) -> None:
    for act in done.acts:
        whose = act.board or ("bilaga" if "attachment" in act.about else "okänd avsändare")
        print(f"{act.act_id}  {whose}, {act.period or 'ingen omgång'}")
    print(
        f"\nBort ur lagret: {done.erased.facts} rader, {done.erased.findings} påpekanden och "
        f"{done.erased.readings} läsningar."
    )
    if done.removed:
        print(f"Bort ur arkivet: {done.removed} filer.")
    if done.rerun:
        print(f"Rapporten är gjord om för {', '.join(done.rerun)}.")
    if done.editions:
        print(
            f"Tidigare versioner som bygger på den och inte ska spridas: "
            f"{', '.join(done.editions)}. Be dem som har fått dem att ta bort dem."
        )
        kept = "Utkasten är borta. De som fått en status" if done.removed else "De"
        print(f"{kept} ligger kvar i arkivet men visas och lämnas inte ut härifrån.")
    print(f"Grund: {why.basis}.")


def _shared(parser: argparse.ArgumentParser) -> None:
    city_argument(parser)
    parser.add_argument(
        "--reason", required=True, metavar="SKÄL", help="varför, utan det som är hemligt"
    )
    who_arguments(parser, "gör det")
    parser.add_argument(
        "--out", metavar="MAPP", help="mapp där omgångarnas rapporter ligger; annars out/STAD"
    )


def _which(parser: argparse.ArgumentParser, *, required: bool = False) -> None:
    which = parser.add_mutually_exclusive_group(required=required)
    which.add_argument("--receipt", metavar="KVITTO", help="handlingen, som K-2026-08-31-0007")
    which.add_argument(
        "--attachment",
        metavar="NUMMER",
        help="filen som kontoret har bifogat, som H-2026-10-02-0004",
    )


def _block_arguments(parser: argparse.ArgumentParser) -> None:
    _shared(parser)
    _which(parser)
    parser.add_argument("--round", metavar="OMGÅNG", help="med --board: spärra avsnitt i stället")
    parser.add_argument("--board", metavar="NÄMND", help="som mappen i inkorgen")
    parser.add_argument(
        "--sections", metavar="AVSNITT", help="till exempel personal; annars alla som ska lämnas"
    )
    parser.add_argument(
        "--ground",
        required=True,
        metavar="GRUND",
        help='till exempel "OSL 39 kap. 2 §" eller felsänd',
    )


def _dispose_arguments(parser: argparse.ArgumentParser) -> None:
    _shared(parser)
    _which(parser, required=True)
    parser.add_argument(
        "--decision", required=True, metavar="BESLUT", help='till exempel "KS 2026-05-12 § 88"'
    )
    parser.add_argument(
        "--confirm", action="store_true", help="gör det; annars visas vad som tas bort"
    )


COMMANDS = (
    Command(
        "block",
        _block,
        "spärra en handling eller ett avsnitt i alla vyer, genast",
        'samlad block --city lindhamn --receipt K-2026-08-31-0007 --ground "OSL 26 kap. 1 §" '
        '--reason "Uppgifter om enskilda"',
        _block_arguments,
    ),
    Command(
        "dispose",
        _dispose,
        "gallra en handling enligt ett beslut; kvittot står kvar",
        "samlad dispose --city lindhamn --receipt K-2026-08-31-0007 "
        '--decision "KS 2026-05-12 § 88" --reason "Felsänd" --confirm',
        _dispose_arguments,
    ),
)
