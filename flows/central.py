"""Central figures on their way in: files in the inbox's folder `centralt/` are the city's own.

They are received like all others (original, journal, receipt), but no board has handed them in:
they are read by readers of their own and kept beside what the boards say.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from expectations.central import CentralReading
from expectations.registers import City, Round
from tasks.central import FOLDER, READER
from tasks.readers.sandbox import central_in_child
from tasks.receive import Receipt
from warehouse.central import CentralFile
from warehouse.store import Store
from warehouse.warehouse import Warehouse


def is_central(receipt: Receipt) -> bool:
    """Say whether a received file is from the city's own systems."""
    return (receipt.sender or "").casefold() == FOLDER


def take_central(
    warehouse: Warehouse,
    city: City,
    round_: Round,
    store: Store,
    receipts: Sequence[Receipt],
    *,
    unopened: Collection[str],
    now: datetime,
) -> int:
    """Bring the central figures of a round up to what has been received; returns what was new.

    The newest sound file of each kind that reaches the round's last day is the one to go by. A
    newer file that breaks its format is kept as refused beside it. `unopened` are receipts that
    are not opened (infected, or a parcel whose files have receipts of their own).
    """
    reader = f"{READER}+{city.version}"
    standing = warehouse.central_sources(city.city_id, round_.round_id)
    known = {(s.document, s.reader): s.kind for s in standing if s.state == "used"}
    used: dict[str, tuple[Receipt, CentralReading]] = {}
    refused: dict[str, tuple[Receipt, CentralReading]] = {}
    settled: set[str] = set()
    for receipt in reversed([r for r in receipts if r.receipt_id not in unopened]):
        kind = known.get((receipt.sha256, reader))
        if kind is not None:
            settled.add(kind)
            continue
        reading = central_in_child(store.original(receipt.sha256), city, round_)
        kind = reading.kind or "unknown"
        if kind in settled or not reading.covers:
            continue
        if reading.faults:
            refused.setdefault(kind, (receipt, reading))
            continue
        used[kind] = (receipt, reading)
        settled.add(kind)
    return sum(
        warehouse.keep_central(
            CentralFile(r.sha256, r.name, r.size, r.received_at, reader),
            reading,
            city_id=city.city_id,
            period=round_.round_id,
            now=now,
        )
        for r, reading in (*used.values(), *refused.values())
    )
