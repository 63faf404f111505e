"""Editions: every file of every rendered report, kept like an original, with a journal record.

The record names the digest of the facts (`head`) and an index of the files, so that an edition
can be shown, compared and checked for ever, also after the warehouse has been rebuilt.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from warehouse.journal import Entry
from warehouse.store import Store

EDITION = "edition"


@dataclass(frozen=True, slots=True)
class EditionRecord:
    """One edition of one city and round or day; `sha256` is the index of its files by name."""

    city: str
    run: str
    number: int
    status: str
    head: str
    sha256: str
    made_at: datetime


def record_edition(
    store: Store,
    files: Mapping[str, bytes],
    *,
    city_id: str,
    run_period: str,
    status: str,
    head: str,
    now: datetime,
) -> tuple[EditionRecord, bool]:
    """Keep the files and the record of an edition; returns it and whether it is a new one.

    The same files from the same facts with the same status are the newest edition again.
    """
    index = {name: store.keep(data) for name, data in sorted(files.items())}
    sha256 = store.keep(json.dumps(index, ensure_ascii=False, indent=1).encode())
    standing: list[EditionRecord] = []

    def content(journal: Sequence[Entry]) -> dict[str, Any] | None:
        earlier = editions_of(journal, city_id, run_period)
        last = earlier[-1] if earlier else None
        if last and (last.head, last.sha256, last.status) == (head, sha256, status):
            standing.append(last)
            return None
        record = EditionRecord(city_id, run_period, len(earlier) + 1, status, head, sha256, now)
        standing.append(record)
        return asdict(record) | {"made_at": now.isoformat()}

    is_new = store.write(EDITION, now, content) is not None
    return standing[-1], is_new


def editions_of(
    journal: Iterable[Entry], city_id: str, run_period: str | None = None
) -> list[EditionRecord]:
    """Return the editions of a city, of one round or day or of all, in order."""
    found = [
        EditionRecord(**e.content | {"made_at": datetime.fromisoformat(e.content["made_at"])})
        for e in journal
        if e.act == EDITION and e.content["city"] == city_id
    ]
    return [one for one in found if run_period in (None, one.run)]


def files_of(store: Store, edition: EditionRecord) -> dict[str, str]:
    """Return the SHA-256 of each file of an edition by name; `store.original` gives the bytes."""
    return index_of(store, edition.sha256)


def index_of(store: Store, sha256: str) -> dict[str, str]:
    """Return the SHA-256 of each file by name, as an edition's index says."""
    index: dict[str, str] = json.loads(store.original(sha256))
    return index
