"""Runs in the journal: what each run took account of, so that a rebuild can do it again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from warehouse.acts import ACT
from warehouse.journal import RECEIPT, Entry
from warehouse.store import Store

RUN = "run"


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run that had something to do: it knew the journal up to the record `upto`.

    `round_id` is None for a run on the matters of a day (`on`). `readers` is the version of
    readers and registers, `head` the digest of the facts that the run ended with.
    """

    city: str
    round_id: str | None
    on: date
    now: datetime
    upto: int
    readers: str
    head: str
    registers: str
    number: int = 0
    """The number of the run's own record in the journal."""


def record_run(store: Store, run: RunRecord) -> bool:
    """Note a run, unless it changed nothing: same facts, same readers, nothing new received."""

    def content(journal: Sequence[Entry]) -> dict[str, Any] | None:
        last = last_run(journal, run.city, run.round_id, run.on)
        same = (run.head, run.readers)
        if last is not None and (last.content["head"], last.content["readers"]) == same:
            since = journal[last.content["upto"] : run.upto]
            if not any(e.act in (RECEIPT, ACT) for e in since):
                return None
        said = {name: value for name, value in asdict(run).items() if name != "number"}
        return said | {"on": run.on.isoformat(), "now": run.now.isoformat()}

    return store.write(RUN, run.now, content) is not None


def last_run(
    journal: Sequence[Entry], city_id: str, round_id: str | None, on: date
) -> Entry | None:
    """Return the record of the last run of a round or day, None where there is none.

    A round is the same round whatever day it is run.
    """
    place = (city_id, round_id or on.isoformat())
    found = (
        e
        for e in reversed(journal)
        if e.act == RUN and (e.content["city"], e.content["round_id"] or e.content["on"]) == place
    )
    return next(found, None)


def runs_of(journal: Iterable[Entry], city_id: str) -> list[RunRecord]:
    """Return the runs of a city, in order."""
    return [
        RunRecord(
            **e.content
            | {
                "on": date.fromisoformat(e.content["on"]),
                "now": datetime.fromisoformat(e.content["now"]),
                "number": e.number,
            }
        )
        for e in journal
        if e.act == RUN and e.content["city"] == city_id
    ]
