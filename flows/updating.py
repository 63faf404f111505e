"""From receipts to merged sections: read what came, judge it, merge it.

A run does it with everything received so far; a rebuild does it again for every run of the
journal, with what had been received then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from expectations.closings import decided
from expectations.contract import period_of
from expectations.judging import judge, judge_city
from expectations.registers import City, Round
from expectations.settling import Settlement, settled
from expectations.staging import board_of
from expectations.verdicts import Verdict
from flows.central import is_central, take_central
from flows.history import history_of, settlements
from flows.order import Call, Order
from flows.reading import Intake, Known, about_the_run, read
from warehouse.acts import OfficeAct, extended
from warehouse.closures import Closures, is_on_closed
from warehouse.handling import locked_sections
from warehouse.merging import Handed
from warehouse.owed import closings_of as decisions_on
from warehouse.snapshot import Snapshot
from warehouse.store import Store
from warehouse.warehouse import Warehouse


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
    readings = read(city, store, warehouse, intake, call)
    moved = {receipt.moved_from for receipt in known}
    left = [one for one in readings if one.receipt.receipt_id in moved]
    judged = about_the_run(
        city, round_, [one for one in readings if one not in left], order.run_period
    )
    copies = {r.sha256 for r in known if r.identical_to and r.run == order.run_period}
    judging = partial(_judge, city=city, round_=round_, order=order, identical=copies)
    given = settlements(city, acts, readings)
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


def _judge(
    known: Sequence[Known],
    given: Sequence[Settlement],
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
    return settled(verdicts, given, today=order.day)


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
    given: Sequence[Settlement],
    *,
    city: City,
    round_: Round | None,
    day: date,
) -> Verdict:
    readings = [one.reading for one in known]
    whole = judge_city(readings, verdicts, city=city, round=round_, today=day)
    return settled([whole], given, today=day)[0]


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
