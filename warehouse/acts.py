"""What the city office did: answers, waivers and the like, each an original with a journal record.

The journal holds ids and hashes; the words stand in a JSON document kept like any other original,
so that verify and rebuild cover them. An act is never changed: taking it back is another act.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any, TypeAlias

from expectations.contract_json import as_json
from expectations.registers import LOCAL_TIME, Round
from warehouse.journal import Entry
from warehouse.persons import note_person
from warehouse.store import Store

ACT = "office"
WITHDRAWAL = "withdrawal"
Address: TypeAlias = tuple[str, str]
"""Board and group of sections."""


@dataclass(frozen=True, slots=True)
class OfficeAct:
    """One act. `by` is a role, never a name; `about` says what it concerns, by ids.

    `kind` is answer, waiver, extension, withheld, decision, blocked, disposed, words, status or
    withdrawal. One on a board's sections names its group in `about`.
    """

    kind: str
    city: str
    board: str | None
    period: str
    by: str
    text: str
    at: datetime
    until: date | None = None
    about: dict[str, str] = field(default_factory=dict)
    act_id: str = ""
    person: str | None = None
    """Id of the person who did it, where it was said: see `warehouse.persons`."""


def record(store: Store, act: OfficeAct, name: str | None = None) -> OfficeAct:
    """Keep one act and its journal record; returns it with its id, `H-2026-09-21-0003`.

    `name` is the person who did it: kept beside the chain, which gets the id only.
    """
    day = act.at.astimezone(LOCAL_TIME).date().isoformat()
    made: list[OfficeAct] = []
    if name and name.strip():
        act = replace(act, person=note_person(store, act.city, name))

    def content(journal: Sequence[Entry]) -> dict[str, Any]:
        number = sum(entry.act == ACT for entry in journal) + 1
        made.append(replace(act, act_id=f"H-{day}-{number:04d}"))
        return {
            "act_id": made[-1].act_id,
            "kind": act.kind,
            "city": act.city,
            "sha256": store.keep(_as_bytes(made[-1])),
        } | ({"person": act.person} if act.person else {})

    store.write(ACT, act.at, content)
    return made[-1]


def every_act(store: Store, journal: Iterable[Entry], city_id: str) -> list[OfficeAct]:
    """Return all acts of a city in order, also those taken back and their withdrawals."""
    entries = [e for e in journal if e.act == ACT and e.content["city"] == city_id]
    return [_from_bytes(store.original(entry.content["sha256"])) for entry in entries]


def acts_of(store: Store, journal: Iterable[Entry], city_id: str) -> list[OfficeAct]:
    """Return the acts of a city that stand, in order; what was taken back is left out."""
    acts = every_act(store, journal, city_id)
    gone = {act.about["act"] for act in acts if act.kind == WITHDRAWAL}
    return [act for act in acts if act.act_id not in gone and act.kind != WITHDRAWAL]


def by_section(acts: Iterable[OfficeAct], kind: str, period: str) -> dict[Address, OfficeAct]:
    """Return the newest act of a kind for each (board, group of sections) of a period."""
    return {
        (act.board or "", act.about["group"]): act
        for act in acts
        if act.kind == kind and act.period == period
    }


def extended(round_: Round | None, acts: Iterable[OfficeAct]) -> Round | None:
    """Return the round with the last days that the office has granted."""
    if round_ is None:
        return None
    granted = by_section(acts, "extension", round_.round_id)
    days = {place: act.until for place, act in granted.items() if act.until is not None}
    return replace(round_, extensions=days)


def _as_bytes(act: OfficeAct) -> bytes:
    return json.dumps(as_json(act), ensure_ascii=False, indent=1, sort_keys=True).encode()


def _from_bytes(data: bytes) -> OfficeAct:
    content = json.loads(data)
    content["at"] = datetime.fromisoformat(content["at"])
    content["until"] = date.fromisoformat(content["until"]) if content.get("until") else None
    known = {one.name for one in fields(OfficeAct)}
    return OfficeAct(**{name: value for name, value in content.items() if name in known})
