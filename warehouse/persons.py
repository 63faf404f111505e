"""Names of persons, outside the chain, where they can be erased under a recorded decision.

The chain says who did something by an id. The id is a hash of the name with a random salt that
lies beside the name: with both there it can be checked that the name is the one that the chain
means, and once they are erased the id says nothing and cannot be guessed back.

The database has a table of them for looking up; it is made from the store like all else there.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from warehouse.journal import Entry
from warehouse.store import Store
from warehouse.tables import PersonRow

ERASURE = "erasure"
"""The journal's record of names that are erased; it is written before they are."""
ERASED_KIND = "person_erased"
"""The office's act with the decision behind an erasure."""
DIGITS = 20


@dataclass(frozen=True, slots=True)
class Person:
    """One person of a city, as somebody wrote the name; `contact` is a mail address or nothing."""

    person_id: str
    city: str
    name: str
    contact: str
    salt: str


def note_person(store: Store, city_id: str, name: str, contact: str = "") -> str:
    """Keep a person's name and return the id that the chain may carry, `N-3f2a…`.

    The same name and contact in the same city is the same person, until it is erased.
    """
    said = (" ".join(name.split()), contact.strip())
    for person in persons_of(store, city_id).values():
        if (person.name, person.contact) == said:
            return person.person_id
    salt = secrets.token_hex(16)
    person = Person(_id_of(city_id, *said, salt), city_id, *said, salt)
    data = json.dumps(asdict(person), ensure_ascii=False, indent=1, sort_keys=True)
    store.keep_name(person.person_id, data.encode())
    return person.person_id


def persons_of(store: Store, city_id: str) -> dict[str, Person]:
    """Return the persons of a city whose names are kept, by id."""
    return {one.person_id: one for one in _kept(store) if one.city == city_id}


def named_in(journal: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Return the records that name each person.

    A record does it by its `person`, or by its `persons`: ids by what they did.
    """
    found: dict[str, list[Entry]] = {}
    for entry in journal:
        one, several = entry.content.get("person"), entry.content.get("persons") or {}
        for person_id in filter(None, {one, *several.values()}):
            found.setdefault(person_id, []).append(entry)
    return found


def erased_in(journal: Iterable[Entry]) -> frozenset[str]:
    """Return the ids whose names are to be gone."""
    return frozenset(
        person_id
        for entry in journal
        if entry.act == ERASURE
        for person_id in entry.content["erased"]
    )


def note_erasure(
    store: Store, person_ids: Sequence[str], *, city_id: str, act_id: str, at: datetime
) -> None:
    """Record whose names are erased under an act; the erasure itself comes after."""
    content = {"city": city_id, "act_id": act_id, "erased": sorted(set(person_ids))}
    store.write(ERASURE, at, lambda _: content)


def finish_erasures(store: Store, journal: Iterable[Entry]) -> int:
    """Erase what the journal says is erased; return how many names still lay there.

    An erasure that was cut off, or undone by an older copy of the names, is ended by the next call.
    """
    return sum(store.forget_name(person_id) for person_id in sorted(erased_in(journal)))


def fault_of_names(store: Store, journal: Sequence[Entry]) -> str | None:
    """Say which name is not as the chain means it; None where all are, or are erased."""
    gone = erased_in(journal)
    kept = {one.person_id: one for one in _kept(store)}
    for person_id, records in named_in(journal).items():
        if person_id in kept or person_id in gone:
            continue
        return f"namnet på {person_id} i journalens post {records[0].number} saknas"
    for person_id, one in sorted(kept.items()):
        if person_id in gone:
            return f"namnet på {person_id} är raderat enligt beslut men ligger kvar"
        if _id_of(one.city, one.name, one.contact, one.salt) != person_id:
            return f"namnet på {person_id} har ändrats"
    return None


def keep_persons(engine: Engine, city_id: str, persons: Mapping[str, Person]) -> None:
    """Let the database's table say what the store does, no more and no less."""
    ours = PersonRow.city_id == city_id
    with Session(engine) as session, session.begin():
        known = set(session.scalars(select(PersonRow.person_id).where(ours)))
        gone = known - persons.keys()
        session.execute(delete(PersonRow).where(ours, PersonRow.person_id.in_(gone)))
        session.add_all(
            PersonRow(person_id=i, city_id=city_id, name=one.name, contact=one.contact or None)
            for i, one in sorted(persons.items())
            if i not in known
        )


def _kept(store: Store) -> Iterator[Person]:
    for _, data in sorted(store.names().items()):
        yield Person(**json.loads(data))


def _id_of(city_id: str, name: str, contact: str, salt: str) -> str:
    parts = json.dumps([city_id, name, contact, salt], ensure_ascii=False)
    return f"N-{hashlib.sha256(parts.encode()).hexdigest()[:DIGITS]}"
