"""What had come in when a run began, and what it says: each file is read once and remembered."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from expectations.contract import PERIODIC_KINDS, Document, Reading, period_of
from expectations.form_layout import load_layouts, newest
from expectations.registers import City, Round
from expectations.staging import board_of
from flows.order import Call
from tasks.clearing import closed_in, unpacked_in
from tasks.joining import joined
from tasks.read import read_original
from tasks.readers.file_checks import file_fault, media_type
from tasks.receive import Receipt, receipts
from warehouse.acts import OfficeAct, acts_of
from warehouse.closures import Closures, closures_of, without_closed
from warehouse.journal import Entry
from warehouse.merging import sha256_of
from warehouse.store import Store
from warehouse.warehouse import Warehouse

READERS = "2026.6"
"""Version of the readers: a new one reads every document anew."""
SIDE_BY_SIDE = 2
SHUT = ("infected", "unscanned", "blocked", "disposed")


@dataclass(frozen=True, slots=True)
class Intake:
    """What had come in and been done when a run began.

    `closures` are what is closed to view now, whatever day the run was; `closed` are receipts that
    are not opened, with the code of why (an infected file); `parcels` those whose files have
    receipts of their own.
    """

    receipts: tuple[Receipt, ...]
    acts: tuple[OfficeAct, ...]
    closures: Closures
    closed: Mapping[str, str]
    parcels: Collection[str]


def intake_of(
    city: City,
    store: Store,
    journal: Sequence[Entry],
    *,
    upto: int | None = None,
    taken: Sequence[Receipt] = (),
    unscanned: Collection[str] = (),
) -> Intake:
    """Return what a run knows by the journal, or knew when it had `upto` records.

    `taken` are the receipts just written, `unscanned` those that no scanner answered for now.
    """
    then = journal if upto is None else journal[:upto]
    closures = closures_of(acts_of(store, journal, city.city_id))
    known = tuple(
        r.without_name() if r.sha256 in closures.documents else r
        for r in receipts(then, taken, city.city_id)
    )
    opened = unpacked_in(then)
    shut = {r.receipt_id: closures.documents.get(r.sha256, "") for r in known}
    return Intake(
        receipts=known,
        acts=tuple(acts_of(store, then, city.city_id)),
        closures=closures,
        closed=closed_in(journal, known, upto)
        | dict.fromkeys(unscanned, "unscanned")
        | {receipt_id: why for receipt_id, why in shut.items() if why},
        parcels={receipt_id for receipt_id, fault in opened.items() if fault is None},
    )


@dataclass(frozen=True, slots=True)
class Known:
    """One received document with what it says."""

    receipt: Receipt
    reading: Reading
    spoken: tuple[str, ...] = ()
    """Groups that a form's Word file spoke of; its prose now stands in the workbook's rows."""


def read(city: City, store: Store, warehouse: Warehouse, intake: Intake, call: Call) -> list[Known]:
    """Return every received document as read, from the warehouse where it was read before."""
    readers = readers_for(city)
    known = [r for r in intake.receipts if r.receipt_id not in intake.parcels]
    masked = f"{readers}+{_mask(intake.closures)}" if intake.closures.sections else readers
    kept = {
        r.receipt_id: _closed(r, intake.closed[r.receipt_id], intake.closures)
        if r.receipt_id in intake.closed
        else warehouse.reading(r.sha256, city.city_id, readers)
        or warehouse.reading(r.sha256, city.city_id, masked)
        for r in known
    }
    todo = [r for r in known if kept[r.receipt_id] is None]
    fresh = call.each(
        "Läser handlingarna", partial(_read_one, store, city), todo, side=SIDE_BY_SIDE
    )
    kept |= {r.receipt_id: reading for r, reading in zip(todo, fresh, strict=True)}
    found = []
    for receipt in known:
        reading = kept[receipt.receipt_id]
        if reading is None:
            continue
        said = _handed_in(reading, receipt)
        board = board_of(said, city)
        where = (board.board_id if board else None, period_of(said.document))
        one = Known(receipt, without_closed(said, *where, intake.closures))
        why = intake.closed.get(receipt.receipt_id)
        version = f"{readers}+{why}" if why else readers if one.reading is said else masked
        _remember(warehouse, city, version, one)
        found.append(one)
    return found


def _mask(closures: Closures) -> str:
    """Return a short name for the sections that are blocked: other ones, another reading."""
    return "blocked-" + sha256_of(repr(sorted(closures.sections)))[:8]


def _closed(receipt: Receipt, why: str, closures: Closures) -> Reading:
    """Return the reading of a file that was not opened: only the fault that says why."""
    fault = file_fault("unknown" if why in SHUT else "parcel", why)
    document = Document(
        sha256=receipt.sha256,
        name=receipt.name,
        board=closures.boards.get(receipt.sha256),
        media_type=media_type("unknown"),
        size=receipt.size,
    )
    return Reading(document, faults=(fault,))


def _read_one(store: Store, city: City, receipt: Receipt) -> Reading:
    return read_original(store.original(receipt.sha256), name=receipt.name, city=city)


def _handed_in(reading: Reading, receipt: Receipt) -> Reading:
    """Return the reading with what only the receipt knows: name, sender and time."""
    document = replace(
        reading.document,
        name=receipt.name,
        sender=receipt.sender,
        received_at=receipt.received_at,
    )
    return replace(reading, document=document)


def _remember(warehouse: Warehouse, city: City, readers: str, one: Known) -> None:
    board = board_of(one.reading, city)
    warehouse.remember(
        one.reading,
        city_id=city.city_id,
        reader_version=readers,
        receipt={
            "receipt_id": one.receipt.receipt_id,
            "key": one.receipt.key,
            "sender": one.receipt.sender,
            "name": one.receipt.name,
            "board": board.board_id if board else None,
            "period": period_of(one.reading.document),
            "received_at": one.receipt.received_at,
            "identical": one.receipt.identical_to is not None,
        },
    )


def about_the_run(
    city: City, round_: Round | None, known: Sequence[Known], run_period: str
) -> list[Known]:
    """Return the documents that this run is about.

    Those of the round, the matters, and whatever came in for this run without belonging anywhere:
    a document of another round has been judged with its own. What was received later in the same
    place replaces the earlier, in whatever order they were taken in.
    """
    places: dict[tuple[str | None, str | None, str, str], Known] = {}
    for one in sorted(_originals(known), key=lambda one: one.receipt.received_at):
        document = one.reading.document
        period = period_of(document)
        if not _concerns(document, period, round_, is_ours=one.receipt.run == run_period):
            continue
        board = board_of(one.reading, city)
        unsure = board is None or period is None or document.kind == "unknown"
        own = one.receipt.receipt_id if unsure else ""
        # A form's Word file lies beside its workbook; each replaces only its own kind.
        kind = f"{document.kind}/{document.form_part == 'prose'}"
        key = (board.board_id if board else None, period, kind, own)
        places[key] = one
    return _parts_joined(places)


def _originals(known: Sequence[Known]) -> Iterator[Known]:
    """Yield what is no copy, as received when the first of the same bytes was."""
    first: dict[str, datetime] = {}
    for one in known:
        name, at = one.receipt.identical_to or one.receipt.receipt_id, one.receipt.received_at
        first[name] = min(at, first.get(name, at))
    for one in known:
        if one.receipt.identical_to is not None:
            continue
        receipt = replace(one.receipt, received_at=first[one.receipt.receipt_id])
        same = receipt.received_at == one.receipt.received_at
        yield one if same else Known(receipt, _handed_in(one.reading, receipt))


def _parts_joined(
    places: Mapping[tuple[str | None, str | None, str, str], Known],
) -> list[Known]:
    """Return the documents, with the prose of a form's Word file in its workbook's rows."""
    found = dict(places)
    for place, one in places.items():
        board, period, kind, own = place
        other = (board, period, "form/False", own)
        if kind != "form/True" or board is None or other not in found:
            continue
        figures, prose = joined(found[other].reading, one.reading, newest(load_layouts()))
        found[other] = replace(found[other], reading=figures)
        found[place] = replace(one, reading=prose, spoken=one.reading.groups())
    return list(found.values())


def _concerns(
    document: Document, period: str | None, round_: Round | None, *, is_ours: bool
) -> bool:
    periodic = document.kind in PERIODIC_KINDS or document.kind == "form"
    if period is None or document.kind == "unknown":
        return is_ours or round_ is None
    if not periodic:
        return True
    if round_ is None:
        return is_ours
    return period == round_.round_id or is_ours


def readers_for(city: City) -> str:
    """Return the version of readers and registers that decides what a document is read as."""
    return f"{READERS}+{city.version}"
