"""From receipts to merged sections: read what came, judge it, merge it.

A run does it with everything received so far; a rebuild does it again for every run of the
journal, with what had been received then.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

from expectations.closings import decided
from expectations.contract import PERIODIC_KINDS, Document, Reading, Submission, period_of
from expectations.form_layout import load_layouts, newest
from expectations.judging import judge, judge_city
from expectations.lineage import comparable
from expectations.registers import LOCAL_TIME, City, Round
from expectations.settling import Settlement, settled
from expectations.staging import board_of
from expectations.verdicts import History, Verdict
from flows.central import is_central, take_central
from tasks.clearing import closed_in, unpacked_in
from tasks.joining import joined
from tasks.read import read_original
from tasks.readers.file_checks import file_fault, media_type
from tasks.receive import Receipt, receipts
from warehouse.acts import OfficeAct, acts_of, extended
from warehouse.closures import Closures, closures_of, is_on_closed, without_closed
from warehouse.handling import locked_sections
from warehouse.journal import Entry
from warehouse.merging import Handed, sha256_of
from warehouse.owed import closings_of as decisions_on
from warehouse.snapshot import Snapshot
from warehouse.store import Store
from warehouse.warehouse import Warehouse

Item = TypeVar("Item")
Result = TypeVar("Result")

READERS = "2026.6"
"""Version of the readers: a new one reads every document anew."""
SIDE_BY_SIDE = 2


class Call(Protocol):
    """How a step is done: at once, or as a task run."""

    times: dict[str, float]

    def __call__(self, step: str, function: Callable[..., Result], *arguments: object) -> Result:
        """Do one step and return what it gives."""
        ...

    def each(
        self, step: str, function: Callable[[Item], Result], items: Sequence[Item], *, side: int = 1
    ) -> list[Result]:
        """Do one step for each item, `side` of them side by side; results in order."""
        ...


@dataclass(frozen=True, slots=True)
class Order:
    """What to run. `now` is the moment of the run; nothing below reads a clock.

    Without `round_id` the matters valid on `on` are reported. `received` gives the moment of
    receipt by inbox key where it is not `now` (the example city's manifest does).
    """

    city_id: str
    now: datetime
    out: Path
    round_id: str | None = None
    on: date | None = None
    received: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def run_period(self) -> str:
        """The round or the day, as text."""
        return self.round_id or self.day.isoformat()

    @property
    def day(self) -> date:
        """The day of a run without a round; in Sweden today where none is given."""
        return self.on or self.now.astimezone(LOCAL_TIME).date()


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


def update(
    city: City,
    order: Order,
    intake: Intake,
    store: Store,
    warehouse: Warehouse,
    call: Call,
) -> list[Verdict]:
    """Bring the warehouse up to what has been received and what the office has done.

    Returns the verdict of every document that the run is about, and last the city's own.
    """
    acts = intake.acts
    city = decided(city, decisions_on(acts))
    central = [r for r in intake.receipts if is_central(r)]
    intake = replace(intake, receipts=tuple(r for r in intake.receipts if r not in central))
    known = intake.receipts
    round_ = extended(city.round(order.round_id) if order.round_id else None, acts)
    if round_ is not None:
        call("Läser kravmatrisen", warehouse.keep_owed, city, round_, acts, order.now)
    if central and round_ is not None:
        taking = partial(take_central, unopened={*intake.closed, *intake.parcels}, now=order.now)
        call("Läser centrala uppgifter", taking, warehouse, city, round_, store, central)
    readings = _read(city, store, warehouse, intake, call)
    moved = {receipt.moved_from for receipt in known}
    left = [one for one in readings if one.receipt.receipt_id in moved]
    judged = _to_judge(city, round_, [one for one in readings if one not in left], order.run_period)
    copies = {r.sha256 for r in known if r.identical_to and r.run == order.run_period}
    judging = partial(_judge, city=city, round_=round_, order=order, identical=copies)
    given = _settlements(city, acts, readings)
    verdicts = call("Kontrollerar", judging, judged, given, warehouse)
    verdicts = [_told(verdict, intake.closures) for verdict in verdicts]
    together = partial(_judge_city, city=city, round_=round_, day=order.day)
    whole = call("Jämför nämnderna", together, judged, verdicts, given)
    locks = {a.period for a in acts if a.kind == "lock"}
    places = {
        "emptied": _places(left, city),
        "locked": {(b, period, g) for period in locks for b, g in locked_sections(acts, period)},
        "shut": intake.closures.documents,
    }
    merging = partial(_merge, places=places, whole=whole)
    call("Lägger in i lagret", merging, warehouse, city, round_, order, judged, verdicts)
    return [*verdicts, whole]


@dataclass(frozen=True, slots=True)
class Known:
    """One received document with what it says."""

    receipt: Receipt
    reading: Reading
    spoken: tuple[str, ...] = ()
    """Groups that a form's Word file spoke of; its prose now stands in the workbook's rows."""


def _read(
    city: City, store: Store, warehouse: Warehouse, intake: Intake, call: Call
) -> list[Known]:
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


SHUT = ("infected", "unscanned", "blocked", "disposed")


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


# --- judge and merge ---


def _to_judge(
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


def _settlements(city: City, acts: Sequence[OfficeAct], known: Sequence[Known]) -> list[Settlement]:
    """Return every answer and waiver: those in documents that came back, and the office's own."""
    in_documents = [
        given
        for one in known
        for given in answers_in(
            one.reading, city, at=one.receipt.received_at, document=one.receipt.sha256
        )
    ]
    return in_documents + office_settlements(acts)


def answers_in(
    reading: Reading, city: City, *, at: datetime, document: str | None = None
) -> list[Settlement]:
    """Return the board's own answers that stand in a document that came back."""
    board, period = board_of(reading, city), period_of(reading.document)
    if board is None or period is None:
        return []
    return [
        Settlement(
            kind="answer",
            period=period,
            key=given.finding,
            basis=given.basis,
            text=given.text,
            by=board.board_id,
            at=at,
            document=document,
        )
        for given in reading.answers
    ]


def office_settlements(acts: Sequence[OfficeAct]) -> list[Settlement]:
    """Return the answers and waivers that the city office has given itself."""
    return [
        Settlement(
            kind=act.kind,  # type: ignore[arg-type] # one of the two asked for
            period=act.period,
            key=act.about["finding"],
            basis=act.about["basis"],
            text=act.text,
            by=act.by,
            at=act.at,
            until=act.until,
        )
        for act in acts
        if act.kind in ("answer", "waiver")
    ]


def _judge(
    known: Sequence[Known],
    settlements: Sequence[Settlement],
    warehouse: Warehouse,
    *,
    city: City,
    round_: Round | None,
    order: Order,
    identical: set[str],
) -> list[Verdict]:
    verdicts = judge(
        [one.reading for one in known],
        city=city,
        round=round_,
        today=order.day,
        history=history_of(city, round_, warehouse),
        identical=identical,
        spoken={one.reading.document.sha256: one.spoken for one in known if one.spoken},
    )
    return settled(verdicts, settlements, today=order.day)


def _told(verdict: Verdict, closures: Closures) -> Verdict:
    """Return the verdict without what it says of blocked sections."""
    told = tuple(
        f
        for f in verdict.findings
        if f.group is None or not is_on_closed(closures, f.board, f.period, f.group)
    )
    return replace(verdict, findings=told)


def _judge_city(
    known: Sequence[Known],
    verdicts: Sequence[Verdict],
    settlements: Sequence[Settlement],
    *,
    city: City,
    round_: Round | None,
    day: date,
) -> Verdict:
    readings = [one.reading for one in known]
    whole = judge_city(readings, verdicts, city=city, round=round_, today=day)
    return settled([whole], settlements, today=day)[0]


def history_of(city: City, round_: Round | None, warehouse: Warehouse) -> History:
    """Return what the boards said in the rounds that this one compares with."""
    if round_ is None:
        return History()
    previous, annual = rounds_before(city, round_)
    return History(
        previous=said_in(city, previous, round_, warehouse, carried=False),
        last_year=said_in(city, annual, round_, warehouse, carried=False),
        central=warehouse.central(city.city_id, round_.round_id),
    )


def said_in(
    city: City, earlier: Round | None, now: Round, warehouse: Warehouse, *, carried: bool
) -> tuple[Submission, ...]:
    """Return what was said in an earlier round, under the boards of now that it is like."""
    if earlier is None:
        return ()
    said = warehouse.submissions(city.city_id, earlier.round_id)
    return comparable(city, said, earlier.period_to, now.period_to, carried=carried)


def rounds_before(city: City, round_: Round) -> tuple[Round | None, Round | None]:
    """Return the round before, and the annual round whose accounts this round compares with."""
    before = [r for r in city.rounds if r.period_to < round_.period_to]
    year = round_.period_to.year - 1
    annual = [r for r in before if r.type == "annual" and r.period_to.year == year]
    previous = max(before, key=lambda r: r.period_to, default=None)
    return previous, annual[-1] if annual else None


def _places(left: Sequence[Known], city: City) -> set[tuple[str, str]]:
    """Return where documents lay that have been moved to another board since."""
    return {
        (board.board_id, period)
        for one in left
        if (board := board_of(one.reading, city)) and (period := period_of(one.reading.document))
    }


def _merge(
    warehouse: Warehouse,
    city: City,
    round_: Round | None,
    order: Order,
    known: Sequence[Known],
    verdicts: Sequence[Verdict],
    *,
    places: Mapping[str, Any],
    whole: Verdict,
) -> int:
    handed = [
        Handed(
            one.reading,
            v.board,
            v.period,
            one.receipt.received_at,
            one.receipt.receipt_id,
            one.spoken,
        )
        for one, v in zip(known, verdicts, strict=True)
        if v.board is not None and v.period is not None and not _is_elsewhere(v, round_)
    ]
    spans = {round_.round_id: (round_.period_from, round_.period_to)} if round_ else {}
    written = warehouse.merge(
        handed,
        {v.document: v for v in verdicts},
        city_id=city.city_id,
        span=spans,
        now=order.now,
        **places,
    )
    warehouse.keep_findings(
        [*verdicts, whole], city_id=city.city_id, run_period=order.run_period, now=order.now
    )
    return written


def _is_elsewhere(verdict: Verdict, round_: Round | None) -> bool:
    """Say whether a periodic document belongs to another round than the one that is run."""
    is_round = verdict.period is not None and verdict.period[:2] == "20"
    return is_round and (round_ is None or verdict.period != round_.round_id)


def freeze(warehouse: Warehouse, city: City, order: Order, acts: Sequence[OfficeAct]) -> Snapshot:
    """Return the frozen view that the report of this run is made from."""
    city = decided(city, decisions_on(acts))
    round_ = city.round(order.round_id) if order.round_id else None
    day = round_.period_to if round_ else order.day
    return warehouse.snapshot(city, round_=round_, on=day, now=order.now, acts=acts)


def readers_for(city: City) -> str:
    """Return the version of readers and registers that decides what a document is read as."""
    return f"{READERS}+{city.version}"
