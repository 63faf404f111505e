"""What may be opened: the virus scanner asked first, then parcels (zip, e-mail) taken apart.

Both leave records in the journal, so that a rebuild opens what was opened then. A scanner that
does not answer closes the file until it does; nothing that came in is lost by it.
"""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from tasks.readers.parcels import Part, is_parcel
from tasks.readers.sandbox import unpack_in_child
from tasks.receive import Receipt
from warehouse.journal import Entry
from warehouse.store import Store

SCANNED, UNPACKED = "scanned", "unpacked"
SCAN_SECONDS = 120
Answer = Literal["clean", "infected", "unscanned"]


def scan(data: bytes, command: str) -> Answer:
    """Ask the scanner, which gets the bytes on its standard input.

    0 is clean and 1 infected, as clamdscan and most others answer; anything else, a scanner that
    is not there and one that does not come to its end are no answer.
    """
    try:
        done = subprocess.run(  # noqa: S603 - the command is the operator's own setting
            shlex.split(command),
            input=data,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=SCAN_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired, ValueError):
        return "unscanned"
    return {0: "clean", 1: "infected"}.get(done.returncode, "unscanned")  # type: ignore[return-value] # one of the three


def scan_receipt(receipt: Receipt, store: Store, command: str, now: datetime) -> Answer:
    """Scan one received file and note the answer; one that has it already is not asked again."""
    known = scanned_in(store.journal()).get(receipt.sha256)
    if known is not None:
        return known
    answer = scan(store.original(receipt.sha256), command)
    if answer != "unscanned":
        content = {"sha256": receipt.sha256, "answer": answer, "city": receipt.city}
        # Another worker may have asked and noted meanwhile: once is enough.
        store.write(
            SCANNED, now, lambda known: None if receipt.sha256 in scanned_in(known) else content
        )
    return answer


def scanned_in(journal: Iterable[Entry]) -> dict[str, Answer]:
    """Return what the scanner answered, by SHA-256."""
    return {e.content["sha256"]: e.content["answer"] for e in journal if e.act == SCANNED}


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What came out of a parcel; `fault` is the code of what is wrong with it."""

    parts: tuple[Part, ...]
    fault: str | None


def unpack(receipt: Receipt, store: Store) -> Unpacked | None:
    """Return the files in a received parcel, None where it is none."""
    data = store.original(receipt.sha256)
    if not is_parcel(data, receipt.name):
        return None
    parts, fault = unpack_in_child(data, name=receipt.name)
    return Unpacked(tuple(parts), fault)


def note_unpacked(receipt: Receipt, found: Unpacked, store: Store, now: datetime) -> None:
    """Note that a parcel has been taken apart; its parts have their receipts by then."""

    def content(journal: Sequence[Entry]) -> dict[str, Any] | None:
        if receipt.receipt_id in unpacked_in(journal):
            return None
        about = {"receipt_id": receipt.receipt_id, "parts": len(found.parts), "city": receipt.city}
        return about | ({"fault": found.fault} if found.fault else {})

    store.write(UNPACKED, now, content)


def unpacked_in(journal: Iterable[Entry]) -> dict[str, str | None]:
    """Return the parcels that have been opened, by receipt, with what was wrong with them."""
    return {e.content["receipt_id"]: e.content.get("fault") for e in journal if e.act == UNPACKED}


def closed_in(
    journal: Sequence[Entry], receipts: Iterable[Receipt], upto: int | None = None
) -> dict[str, str]:
    """Return the receipts that are not opened, with the code of why.

    `upto` looks at the journal as a run saw it: what the scanner answered later it had not yet.
    """
    then = journal if upto is None else journal[:upto]
    before, ever = scanned_in(then), scanned_in(journal)
    closed = {
        receipt_id: fault for receipt_id, fault in unpacked_in(then).items() if fault is not None
    }
    for receipt in receipts:
        if before.get(receipt.sha256) == "infected":
            closed[receipt.receipt_id] = "infected"
        elif receipt.sha256 in ever and receipt.sha256 not in before:
            closed[receipt.receipt_id] = "unscanned"
    return closed
