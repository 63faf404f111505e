"""One run, from inbox to edition: the order of the steps, written once.

`run_round` is an ordinary function that takes a `call`. In a process the call just calls and
shows progress (`terminal.InProcess`); under Prefect it submits task runs (`scheduled.AsTasks`).
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Any

from desk.boards import Before, Copy
from desk.letters import render_letters
from desk.pages import fonts, render_findings
from desk.reconciliation import as_csv, lines_of, render_reconciliation
from expectations.register_files import bundle, city_folder, load_city
from expectations.registers import City, Round
from expectations.verdicts import Verdict
from flows.history import history_of, office_settlements
from flows.marking import marked_copy
from flows.order import Call, Order
from flows.publishing import Published, keep, standing, status_now, views
from flows.reading import intake_of, readers_for
from flows.rebuilding import rebuild
from flows.settings import Settings
from flows.summary import Summary
from flows.trying import FOLDER, Against, answer_trials, is_trial
from flows.updating import freeze, update
from tasks.clearing import note_unpacked, scan_receipt, unpack, unpacked_in
from tasks.receive import (
    Arrival,
    Arrivals,
    Inbox,
    NotNowError,
    Receipt,
    open_inbox,
    take_in,
    take_part,
)
from tasks.report.material import say
from warehouse.acts import acts_of
from warehouse.editions import editions_of
from warehouse.journal import Entry
from warehouse.marks import printed_head
from warehouse.persons import finish_erasures, persons_of
from warehouse.runs import RunRecord, last_run, record_run, runs_of
from warehouse.snapshot import Snapshot
from warehouse.store import Store, StoreError, open_store
from warehouse.warehouse import Warehouse, open_warehouse


def run_round(order: Order, settings: Settings, call: Call, *, receiving: bool = True) -> Summary:
    """Take in what lies in the inbox, check it, merge it and render the report.

    Without `receiving` the inbox is left alone: what has come before is judged and told anew.

    The same inbox again changes nothing. Raises RegisterError for a faulty register, InboxError
    for an inbox that is not there and BrokenRuleError for a rule of ours that cannot run; whatever
    a board sent ends as merged or as findings.
    """
    city = call("Läser registren", load_city, order.city_id, settings.city_folders)
    round_ = city.round(order.round_id) if order.round_id else None
    store = open_store(settings.store)
    with open_warehouse(settings.warehouse) as warehouse:
        received = Received(Arrivals(()))
        if receiving:
            received = receive(city, order, settings, store, warehouse, call)
        with warehouse.alone(city.city_id):
            found = bring_up(city, order, settings, store, warehouse, received, call)
            status = status_now(store, order, found.snapshot)
            edition = standing(warehouse, order, found.snapshot, status)
            if edition is None:
                # An edition of these very facts is this report, cut off perhaps before it lay
                # where it is read: it must come out as it was.
                own = warehouse.edition_with(city.city_id, order.run_period, found.snapshot.head)
                before = _last_report(store, warehouse, order, city, round_, own)
                files = views(found.snapshot, city, store, status, call)
                told = _before(found.snapshot, own)
                files |= _findings(told, city, round_, found.verdicts, store, before, call)
                edition = call(
                    "Skriver ut", keep, warehouse, store, order, found.snapshot, status, files
                )
    return _summary(order, city, round_, found, edition, call.times)


@dataclass(frozen=True, slots=True)
class Received:
    """What lay in the inbox, the receipts of it, and which of them no scanner has answered for."""

    arrivals: Arrivals
    taken: list[Receipt] = field(default_factory=list)
    unscanned: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Collected:
    """What came in, what was said of it, and the frozen state that a report is made from."""

    arrivals: Arrivals
    taken: list[Receipt]
    verdicts: list[Verdict]
    snapshot: Snapshot


def collect(
    city: City,
    order: Order,
    settings: Settings,
    store: Store,
    warehouse: Warehouse,
    call: Call,
    *,
    receiving: bool = True,
) -> Collected:
    """Take in what lies in the inbox, bring the warehouse up to it and freeze the state."""
    received = Received(Arrivals(()))
    if receiving:
        received = receive(city, order, settings, store, warehouse, call)
    with warehouse.alone(city.city_id):
        return bring_up(city, order, settings, store, warehouse, received, call)


def receive(
    city: City, order: Order, settings: Settings, store: Store, warehouse: Warehouse, call: Call
) -> Received:
    """Take in what lies in the inbox: kept, receipted, scanned and taken apart; nobody waits."""
    inbox = open_inbox(settings.inbox)
    arrivals = call("Ser efter i inkorgen", _look, inbox, order, settings.settle_seconds)
    trials = tuple(arrival for arrival in arrivals.files if is_trial(arrival))
    if trials or (order.out.parent / FOLDER).exists():
        round_ = city.round(order.round_id) if order.round_id else None
        against = Against(
            city,
            round_,
            order.day,
            history_of(city, round_, warehouse),
            settings.scan,
            office_settlements(acts_of(store, store.journal(), city.city_id)),
        )
        call("Provkör", answer_trials, trials, inbox, order.out.parent, against)
    arrivals = replace(arrivals, files=tuple(a for a in arrivals.files if a not in trials))
    answers = call.each("Tar emot", partial(_take, order, inbox, store), arrivals.files)
    taken = [answer for answer in answers if isinstance(answer, Receipt)]
    arrivals = arrivals.without(answer for answer in answers if isinstance(answer, str))
    clearing = partial(_clear, inbox, store, settings.scan, order, store.journal())
    cleared = call.each("Prövar och packar upp", clearing, taken)
    taken += [part for one in cleared for part in one.parts]
    unscanned = frozenset(receipt_id for one in cleared for receipt_id in one.unscanned)
    return Received(arrivals, taken, unscanned)


def bring_up(
    city: City,
    order: Order,
    settings: Settings,
    store: Store,
    warehouse: Warehouse,
    received: Received,
    call: Call,
) -> Collected:
    """Bring the warehouse up to the journal and freeze the state; one run of a city at a time.

    StoreError where the journal is another than the one that the warehouse remembers.
    """
    journal = store.journal()
    finish_erasures(store, journal)
    warehouse.keep_persons(city.city_id, persons_of(store, city.city_id))
    _catch_up(city, store, warehouse, journal, call)
    intake = intake_of(city, store, journal, taken=received.taken, unscanned=received.unscanned)
    verdicts = update(city, order, intake, store, warehouse, call)
    snapshot = call("Fryser läget", freeze, warehouse, city, order, intake.acts)
    registers = bundle(city_folder(city.city_id, settings.city_folders))
    call("Antecknar körningen", _note, store, order, city, registers, snapshot, journal)
    noted = store.journal()
    warehouse.remember_journal(city.city_id, noted)
    own = last_run(noted, city.city_id, order.round_id, order.day)
    snapshot = replace(snapshot, journal=printed_head(own))
    return Collected(received.arrivals, received.taken, verdicts, snapshot)


def _catch_up(
    city: City, store: Store, warehouse: Warehouse, journal: Sequence[Entry], call: Call
) -> None:
    """Do again what the journal tells and the warehouse has lost: it is new, or an older copy."""
    other = warehouse.other_than_remembered(city.city_id, journal)
    if other is not None:
        raise StoreError(other)
    known = warehouse.last_remembered(city.city_id)
    is_older = known == 0 and warehouse.has_receipts(city.city_id)  # from before it remembered
    if not is_older and runs_of(journal[known:], city.city_id):
        rebuild(city, store, warehouse, call, after=known)


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
class Cleared:
    """What came out of a received file, and which of them no scanner has answered for."""

    parts: tuple[Receipt, ...] = ()
    unscanned: tuple[str, ...] = ()


def _clear(
    inbox: Inbox,
    store: Store,
    scanner: str | None,
    order: Order,
    journal: Sequence[Entry],
    receipt: Receipt,
) -> Cleared:
    """Let the scanner see a file, then take it apart if it is a parcel, and its parts likewise."""
    if scanner:
        answer = scan_receipt(receipt, store, scanner, order.now)
        if answer != "clean":
            return Cleared(unscanned=(receipt.receipt_id,) if answer == "unscanned" else ())
    found = None if receipt.receipt_id in unpacked_in(journal) else unpack(receipt, store)
    if found is None:
        return Cleared()
    parts = tuple(take_part(part, receipt, inbox=inbox, store=store) for part in found.parts)
    inside = [_clear(inbox, store, scanner, order, journal, part) for part in parts]
    note_unpacked(receipt, found, store, order.now)
    return Cleared(parts, tuple(name for one in inside for name in one.unscanned))


# --- freeze, render, publish ----------------------------------------------------------------------


def _note(
    store: Store,
    order: Order,
    city: City,
    registers: bytes,
    snapshot: Snapshot,
    journal: Sequence[Entry],
) -> bool:
    return record_run(
        store,
        RunRecord(
            city=city.city_id,
            round_id=order.round_id,
            on=order.day,
            now=order.now,
            upto=len(journal),
            readers=readers_for(city),
            head=snapshot.head,
            registers=store.keep(registers),
        ),
    )


def _findings(
    snapshot: Snapshot,
    city: City,
    round_: Round | None,
    verdicts: Sequence[Verdict],
    store: Store,
    before: Before | None,
    call: Call,
) -> dict[str, bytes]:
    """Return the steward's and the boards' pages, and the boards' workbooks marked."""
    files: dict[str, bytes] = {}
    title = round_.name if round_ else f"ärenden {snapshot.on.isoformat()}"
    copies, marked = call("Märker arbetsböcker", _marked, snapshot, verdicts, store)
    told: dict[str, Any] = {"title": title, "copies": copies, "before": before}
    pages = call("Skriver påpekanden", partial(render_findings, **told), snapshot, verdicts, city)
    letters = call("Skriver brev", partial(render_letters, **told), snapshot, verdicts, city)
    if snapshot.central:
        pages["avstamning.html"] = render_reconciliation(snapshot, city, title=title)
        files["data/avstamning.csv"] = as_csv(lines_of(snapshot, city))
    beside = {name: page.encode() for name, page in pages.items()} | letters | fonts()
    return files | {f"pakekanden/{name}": content for name, content in (beside | marked).items()}


def _before(snapshot: Snapshot, own: int | None) -> Snapshot:
    """Return the facts as they were told of before edition `own`: what it brought is new."""
    if own is None:
        return snapshot
    sections = (
        replace(state, edition=None)
        if state.edition is not None and state.edition >= own
        else state
        for state in snapshot.sections
    )
    return replace(snapshot, sections=tuple(sections))


def _last_report(
    store: Store,
    warehouse: Warehouse,
    order: Order,
    city: City,
    round_: Round | None,
    own: int | None,
) -> Before | None:
    """Return what the report before this one knew: what came or was found after it is new."""
    made = editions_of(store.journal(), order.city_id, order.run_period)
    earlier = [e.made_at for e in made if e.made_at < order.now and (own is None or e.number < own)]
    if not earlier:
        return None
    at = max(earlier)
    then = warehouse.snapshot(
        city, round_=round_, on=order.day, now=at, as_of=at, with_previous=False
    )
    return Before(at, then.findings)


def _marked(
    snapshot: Snapshot, verdicts: Sequence[Verdict], store: Store
) -> tuple[dict[str, list[Copy]], dict[str, bytes]]:
    """Return each board's own workbooks with the findings marked, and their bytes by name."""
    names = {d.document.sha256: d.document for d in snapshot.documents}
    # A section without a document is closed to view, and the board's own workbook says it.
    closed = {s.board for s in snapshot.sections if s.state == "withheld" and s.document is None}
    copies: dict[str, list[Copy]] = {}
    files: dict[str, bytes] = {}
    for verdict in verdicts:
        document = names.get(verdict.document)
        if document is None or verdict.board in closed:
            continue
        own = copies.setdefault(verdict.board or "", [])
        number = sum(bool(copy.name) for copy in own) + 1
        name = f"{verdict.board or 'okand'}-att-atgarda{'' if number == 1 else number}.xlsx"
        # Only a form is marked: what no scanner has cleared, or is disposed of, is not fetched.
        original = store.original(verdict.document) if document.kind == "form" else b""
        copy, data = marked_copy(original, document, verdict, name=name)
        own += [copy] if copy is not None else []
        files |= {name: data} if data else {}
    return copies, files


def _summary(
    order: Order,
    city: City,
    round_: Round | None,
    found: Collected,
    edition: Published,
    times: Mapping[str, float],
) -> Summary:
    snapshot, taken, arrivals = found.snapshot, found.taken, found.arrivals
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
