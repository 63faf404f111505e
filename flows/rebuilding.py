"""Build the warehouse anew from originals and journal: every run again, with what it knew then."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from expectations.register_files import city_in
from expectations.registers import City
from flows.order import Call, Order
from flows.reading import intake_of, readers_for
from flows.updating import freeze, update
from warehouse.acts import ACT
from warehouse.closures import BLOCKED, DISPOSED
from warehouse.editions import editions_of, files_of
from warehouse.journal import Entry
from warehouse.persons import persons_of
from warehouse.runs import RunRecord, runs_of
from warehouse.store import Store
from warehouse.warehouse import Warehouse


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild did.

    `other_facts` are runs that ended with other facts than they did then, `other_readers` those
    of them that were read with other readers than now, `closed_since` those that knew of a
    document or section that is closed to view now: other facts are as they should be.
    """

    runs: int
    editions: int
    other_facts: tuple[RunRecord, ...]
    other_readers: tuple[RunRecord, ...]
    closed_since: tuple[RunRecord, ...] = ()


def rebuild(
    city: City, store: Store, warehouse: Warehouse, call: Call, *, after: int = 0
) -> Rebuilt:
    """Do every run of the journal after the record `after` again, in order.

    Each run goes by the registers as they were then; `city` is the city as it is now. A run is
    remembered when it is done: killed half-way, the next rebuild goes on from there.
    """
    journal = store.journal()
    runs = runs_of(journal[after:], city.city_id)
    then = {
        sha256: _city_then(city.city_id, sha256, store) for sha256 in {r.registers for r in runs}
    }
    warehouse.keep_persons(city.city_id, persons_of(store, city.city_id))
    heads = []
    for run in runs:
        heads.append(_run_again(then[run.registers], run, journal, store, warehouse, call))
        warehouse.remember_journal(city.city_id, journal[: run.number])
    editions = editions_of(journal, city.city_id)
    for edition in editions:
        warehouse.keep_edition(edition, files_of(store, edition))
    other = [run for run, head in zip(runs, heads, strict=True) if head != run.head]
    shut = {e.number for e in journal if e.act == ACT and e.content["kind"] in (BLOCKED, DISPOSED)}
    return Rebuilt(
        runs=len(runs),
        editions=len(editions),
        other_facts=tuple(other),
        other_readers=tuple(
            run for run in other if run.readers != readers_for(then[run.registers])
        ),
        closed_since=tuple(run for run in other if any(number > run.upto for number in shut)),
    )


def _city_then(city_id: str, sha256: str, store: Store) -> City:
    return city_in(store.original(sha256), city_id)


def _run_again(
    city: City,
    run: RunRecord,
    journal: list[Entry],
    store: Store,
    warehouse: Warehouse,
    call: Call,
) -> str:
    order = Order(city.city_id, run.now, Path(), round_id=run.round_id, on=run.on)
    intake = intake_of(city, store, journal, upto=run.upto)
    update(city, order, intake, store, warehouse, call)
    return freeze(warehouse, city, order, intake.acts).head
