"""One run, from inbox to edition: the order of the steps, written once.

`run_round` is an ordinary function that takes a `call`. In a process the call just calls and
shows progress (`terminal.InProcess`); under Prefect it submits task runs (`scheduled.AsTasks`).
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Protocol, TypeVar

from desk.pages import fonts, render_findings
from expectations.contract import PERIODIC_KINDS, Document, Reading, period_of
from expectations.judging import judge
from expectations.register_files import load_city
from expectations.registers import LOCAL_TIME, City, Round
from expectations.settling import Settlement, settled
from expectations.staging import board_of
from expectations.verdicts import History, Verdict
from flows.settings import Settings
from flows.summary import Summary
from tasks.compose import compose
from tasks.publish import digests, publish, published_about
from tasks.read import read_original
from tasks.receive import (
    Arrival,
    Arrivals,
    Inbox,
    NotNowError,
    Receipt,
    open_inbox,
    receipts,
    take_in,
)
from tasks.render import render_data, render_html, render_pdf
from tasks.report.material import say
from warehouse.acts import acts_of
from warehouse.merging import Handed
from warehouse.snapshot import Snapshot
from warehouse.store import Store, open_store
from warehouse.warehouse import Warehouse, open_warehouse

Item = TypeVar("Item")
Result = TypeVar("Result")

READERS = "2026.1"
"""Version of the readers: a new one reads every document anew."""
SIDE_BY_SIDE = 2
DRAFT = "Utkast"


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


def run_round(order: Order, settings: Settings, call: Call) -> Summary:
    """Take in what lies in the inbox, check it, merge it and render the report.

    The same inbox again changes nothing. Raises RegisterError for a faulty register, InboxError
    for an inbox that is not there and BrokenRuleError for a rule of ours that cannot run; whatever
    a board sent ends as merged or as findings.
    """
    city = call("Läser registren", load_city, order.city_id, settings.city_folders)
    round_ = city.round(order.round_id) if order.round_id else None
    inbox, store = open_inbox(settings.inbox), open_store(settings.store)
    with open_warehouse(settings.warehouse) as warehouse:
        arrivals = call("Ser efter i inkorgen", _look, inbox, order, settings.settle_seconds)
        answers = call.each("Tar emot", partial(_take, order, inbox, store), arrivals.files)
        taken = [answer for answer in answers if isinstance(answer, Receipt)]
        arrivals = arrivals.without(answer for answer in answers if isinstance(answer, str))
        known = receipts(store, taken, city.city_id)
        readings = _read(city, store, warehouse, known, call)
        judged = _to_judge(city, round_, readings, order.run_period)
        identical = {r.sha256 for r in taken if r.state == "identical"}
        given = _settlements(city, store, readings)
        judging = partial(_judge, city=city, round_=round_, order=order, settlements=given)
        verdicts = call("Kontrollerar", judging, judged, warehouse, identical)
        call("Lägger in i lagret", _merge, warehouse, city, round_, order, judged, verdicts)
        snapshot = call("Fryser läget", _freeze, warehouse, city, round_, order)
        edition = _standing(warehouse, order, snapshot)
        if edition is None:
            files = _render(snapshot, city, round_, verdicts, call)
            edition = call("Skriver ut", _publish, warehouse, order, snapshot, files)
    return _summary(order, city, round_, arrivals, taken, snapshot, edition, call.times)


# --- receive and read ----------------------------------------------------------------------------


def _look(inbox: Inbox, order: Order, settle_seconds: float) -> Arrivals:
    """Return what lies in the inbox; a file that was put there just now is given time to settle."""
    found = inbox.arrivals(order.now, settle_seconds)
    if not found.waiting or not settle_seconds:
        return found
    time.sleep(settle_seconds)
    return inbox.arrivals(order.now + timedelta(seconds=settle_seconds), settle_seconds)


def _take(order: Order, inbox: Inbox, store: Store, arrival: Arrival) -> Receipt | str:
    """Take one file in; the path of a file that is locked or growing comes again next run."""
    try:
        return take_in(
            arrival,
            inbox=inbox,
            store=store,
            received_at=order.received.get(arrival.key, order.now),
            city_id=order.city_id,
            run=order.run_period,
        )
    except NotNowError as later:
        return str(later)


@dataclass(frozen=True, slots=True)
class Known:
    """One received document with what it says."""

    receipt: Receipt
    reading: Reading


def _read(
    city: City, store: Store, warehouse: Warehouse, known: Sequence[Receipt], call: Call
) -> list[Known]:
    """Return every received document as read, from the warehouse where it was read before."""
    readers = f"{READERS}+{city.version}"
    kept = {r.receipt_id: warehouse.reading(r.sha256, city.city_id, readers) for r in known}
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
        one = Known(receipt, _handed_in(reading, receipt))
        _remember(warehouse, city, readers, one)
        found.append(one)
    return found


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


# --- judge and merge ----------------------------------------------------------------------------


def _to_judge(
    city: City, round_: Round | None, known: Sequence[Known], run_period: str
) -> list[Known]:
    """Return the documents that this run is about.

    Those of the round, the matters, and whatever came in for this run without belonging anywhere:
    a document of another round has been judged with its own. A later document in the same place
    replaces the earlier one.
    """
    places: dict[tuple[str | None, str | None, str, str], Known] = {}
    for one in known:
        if one.receipt.identical_to is not None:
            continue
        document = one.reading.document
        period = period_of(document)
        if not _concerns(document, period, round_, is_ours=one.receipt.run == run_period):
            continue
        board = board_of(one.reading, city)
        unsure = board is None or period is None or document.kind == "unknown"
        own = one.receipt.receipt_id if unsure else ""
        key = (board.board_id if board else None, period, document.kind, own)
        places[key] = one
    return list(places.values())


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


def _settlements(city: City, store: Store, known: Sequence[Known]) -> list[Settlement]:
    """Return every answer and waiver: those in documents that came back, and the office's own."""
    in_documents = [
        Settlement(
            kind="answer",
            period=period,
            key=given.finding,
            basis=given.basis,
            text=given.text,
            by=board.board_id,
            at=one.receipt.received_at,
            document=one.receipt.sha256,
        )
        for one in known
        if (board := board_of(one.reading, city)) and (period := period_of(one.reading.document))
        for given in one.reading.answers
    ]
    return in_documents + [
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
        for act in acts_of(store, city.city_id)
        if act.kind in ("answer", "waiver")
    ]


def _judge(
    known: Sequence[Known],
    warehouse: Warehouse,
    identical: set[str],
    *,
    city: City,
    round_: Round | None,
    order: Order,
    settlements: Sequence[Settlement],
) -> list[Verdict]:
    verdicts = judge(
        [one.reading for one in known],
        city=city,
        round=round_,
        today=order.day,
        history=_history(city, round_, warehouse),
        identical=identical,
    )
    return settled(verdicts, settlements, today=order.day)


def _history(city: City, round_: Round | None, warehouse: Warehouse) -> History:
    """Return the round before, and the annual round whose accounts this round compares with."""
    if round_ is None:
        return History()
    before = [r for r in city.rounds if r.period_to < round_.period_to]
    previous = max(before, key=lambda r: r.period_to, default=None)
    annual = [
        r for r in before if r.type == "annual" and r.period_to.year == round_.period_to.year - 1
    ]
    return History(
        previous=warehouse.submissions(city.city_id, previous.round_id) if previous else (),
        last_year=warehouse.submissions(city.city_id, annual[-1].round_id) if annual else (),
    )


def _merge(
    warehouse: Warehouse,
    city: City,
    round_: Round | None,
    order: Order,
    known: Sequence[Known],
    verdicts: Sequence[Verdict],
) -> int:
    handed = [
        Handed(one.reading, v.board, v.period, one.receipt.received_at, one.receipt.receipt_id)
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
    )
    warehouse.keep_findings(
        verdicts, city_id=city.city_id, run_period=order.run_period, now=order.now
    )
    return written


def _is_elsewhere(verdict: Verdict, round_: Round | None) -> bool:
    """Say whether a periodic document belongs to another round than the one that is run."""
    is_round = verdict.period is not None and verdict.period[:2] == "20"
    return is_round and (round_ is None or verdict.period != round_.round_id)


# --- freeze, render, publish ----------------------------------------------------------------------


def _freeze(warehouse: Warehouse, city: City, round_: Round | None, order: Order) -> Snapshot:
    day = round_.period_to if round_ else order.day
    return warehouse.snapshot(city, round_=round_, on=day, now=order.now)


def _render(
    snapshot: Snapshot,
    city: City,
    round_: Round | None,
    verdicts: Sequence[Verdict],
    call: Call,
) -> dict[str, bytes]:
    report = call("Sammanställer", partial(compose, status=DRAFT), snapshot, city)
    files = {"rapport.html": call("Skriver webbsidan", render_html, report).encode()}
    files["rapport.pdf"] = call("Skriver PDF", render_pdf, report)
    data = call("Skriver data", render_data, report, snapshot)
    files |= {f"data/{name}": content for name, content in data.items()}
    title = round_.name if round_ else f"ärenden {snapshot.on.isoformat()}"
    pages = call(
        "Skriver påpekanden", partial(render_findings, title=title), snapshot, verdicts, city
    )
    beside = {name: page.encode() for name, page in pages.items()} | fonts()
    return files | {f"pakekanden/{name}": content for name, content in beside.items()}


@dataclass(frozen=True, slots=True)
class Published:
    """Where an edition lies and whether it says anything new."""

    folder: Path
    number: int
    is_new: bool


def _standing(warehouse: Warehouse, order: Order, snapshot: Snapshot) -> Published | None:
    """Return the edition that lies there already, if it says the same and is whole."""
    number = warehouse.edition_with(order.city_id, order.run_period, snapshot.head)
    about = published_about(order.out)
    if number is None or about is None:
        return None
    same = about == _about(order, snapshot, number)
    return Published(order.out, number, is_new=False) if same else None


def _about(order: Order, snapshot: Snapshot, number: int) -> dict[str, str]:
    return {
        "city": order.city_id,
        "period": order.run_period,
        "edition": str(number),
        "head": snapshot.head,
        "status": DRAFT,
        "samlad": version("samlad"),
    }


def _publish(
    warehouse: Warehouse, order: Order, snapshot: Snapshot, files: Mapping[str, bytes]
) -> Published:
    number, is_new = warehouse.keep_edition(
        city_id=order.city_id,
        run_period=order.run_period,
        head=snapshot.head,
        files=digests(files),
        status="draft",
        now=order.now,
    )
    publish(files, order.out, about=_about(order, snapshot, number))
    return Published(order.out, number, is_new)


def _summary(
    order: Order,
    city: City,
    round_: Round | None,
    arrivals: Arrivals,
    taken: Sequence[Receipt],
    snapshot: Snapshot,
    edition: Published,
    times: Mapping[str, float],
) -> Summary:
    states = [s for s in snapshot.sections if round_ is None or s.period == round_.round_id]
    owed = city.owed(round_) if round_ else {}
    asked = [s for s in states if round_ is None or s.group in owed.get(s.board, ())]
    new = sum(receipt.state == "new" for receipt in taken)
    outcome = f"version {edition.number}" if edition.is_new else "inget nytt sedan förra körningen"
    order_of = Counter(f.severity for f in snapshot.findings if not f.hidden and not f.is_settled)

    def named(state: str) -> tuple[tuple[str, str], ...]:
        return tuple(
            (board.name if (board := city.board(s.board)) else s.board, say(f"groups.{s.group}"))
            for s in states
            if s.state == state
        )

    return Summary(
        city=city.name,
        title=round_.name if round_ else f"ärenden som gäller {order.day.isoformat()}",
        outcome=outcome,
        trial=not city.verified,
        arrived=len(arrivals.files),
        new=new,
        identical=sum(receipt.state == "identical" for receipt in taken),
        ignored=len(arrivals.ignored),
        waiting=len(arrivals.waiting),
        refused=len(arrivals.refused),
        merged=sum(s.state in ("merged", "nothing_to_report") for s in asked),
        expected=sum(len(g) for g in owed.values()) if round_ else len(states),
        late=sum(s.late_days > 0 for s in states),
        stopped=named("stopped"),
        missing=named("missing"),
        findings={s: order_of[s] for s in ("STOPP", "FRÅGA", "TIPS") if order_of[s]},
        times=dict(times),
        report=str(edition.folder),
    )
