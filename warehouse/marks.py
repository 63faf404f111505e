"""What the warehouse remembers of the journal: a hash per record, and heads that were printed.

The chain shows a change of a record that was not hashed anew. Whoever can write to the store can
hash it all anew, or cut off its end: that shows only against a memory that lies elsewhere, in the
database or on paper.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from warehouse.journal import Entry
from warehouse.tables import JournalMarkRow

HEAD = re.compile(r"\s*(?:post\s*)?(\d+)\s*[:, ]\s*([0-9a-f ]{12,80})\s*", re.IGNORECASE)


def remember_journal(engine: Engine, city_id: str, journal: Sequence[Entry]) -> None:
    """Keep the hash of every record that is not remembered yet."""
    with Session(engine) as session, session.begin():
        known = session.scalar(_last_number(city_id)) or 0
        session.add_all(
            JournalMarkRow(city_id=city_id, number=entry.number, digest=entry.digest)
            for entry in journal[known:]
        )


def last_remembered(engine: Engine, city_id: str) -> int:
    """Return the number of the last record remembered, 0 where none is."""
    with Session(engine) as session:
        return session.scalar(_last_number(city_id)) or 0


def other_than_remembered(engine: Engine, city_id: str, journal: Sequence[Entry]) -> str | None:
    """Say which record is the first that is not as remembered; None where all are."""
    query = select(JournalMarkRow).where(JournalMarkRow.city_id == city_id)
    with Session(engine) as session:
        marks = session.scalars(query.order_by(JournalMarkRow.number)).all()
    for mark in marks:
        if mark.number > len(journal):
            return f"journalens post {mark.number} saknas: slutet av journalen har tagits bort"
        if journal[mark.number - 1].digest != mark.digest:
            return f"journalens post {mark.number} är en annan än den som lagret minns"
    return None


def printed_head(entry: Entry | None) -> str | None:
    """Return a record's number and hash as an edition carries it, `214:3f2a…`."""
    return f"{entry.number}:{entry.digest}" if entry is not None else None


def other_than_printed(journal: Sequence[Entry], head: str) -> str | None:
    """Say how the journal differs from a head on paper, `214:3f2a…`; None where it does not.

    ValueError where the text is no head.
    """
    found = HEAD.fullmatch(head)
    if found is None:
        raise ValueError("no head")
    number, digest = int(found[1]), found[2].replace(" ", "").lower()
    if not 1 <= number <= len(journal):
        return f"journalens post {number}, som står i en utgiven rapport, saknas"
    if not journal[number - 1].digest.startswith(digest):
        return f"någon av journalens poster 1 till {number} är en annan än när rapporten gavs ut"
    return None


def _last_number(city_id: str) -> Select[tuple[int]]:
    return select(func.max(JournalMarkRow.number)).where(JournalMarkRow.city_id == city_id)
