"""What of a board's documents goes into the warehouse: pure, one group of sections at a time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from expectations.contract import GROUPS, Reading, keyed_rows
from expectations.contract_json import as_json
from expectations.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Handed:
    """One document in force: what it says, where it belongs and when it came."""

    reading: Reading
    board: str
    period: str
    received_at: datetime
    receipt_id: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One row with its key, its order and the document that says it."""

    section: str
    key: str
    ordinal: int
    document: str
    row: Any


@dataclass(frozen=True, slots=True)
class SectionFacts:
    """What one group of sections says; `digest` changes when any of it does."""

    state: str
    document: str
    received_at: datetime
    facts: tuple[Fact, ...]
    digest: str


def section_facts(
    documents: Sequence[Handed], verdicts: Mapping[str, Verdict], group: str
) -> SectionFacts | None:
    """Return one group's facts out of a board's documents, None where none speaks of it.

    Our own form goes before a free document that states the same section; sections that only one
    of them states stand side by side. A document with a STOPP in the group gives nothing to it.
    """
    speaking = sorted(
        (one for one in documents if group in one.reading.groups()),
        key=lambda one: (
            one.reading.document.template_version is None,
            one.reading.document.form_part == "prose",
            one.received_at,
            one.receipt_id,
        ),
    )
    whole = [one for one in speaking if not _stops(verdicts, one, group)]
    if not speaking:
        return None
    first = (whole or speaking)[0]
    facts: list[Fact] = []
    for section in GROUPS[group]:
        source = next((one for one in whole if one.reading.rows(section)), None)
        if source is not None:
            sha256 = source.reading.document.sha256
            facts += [
                Fact(section, key, ordinal, sha256, row)
                for ordinal, (key, row) in enumerate(keyed_rows(source.reading, section), start=1)
            ]
    state = ("merged" if facts else "nothing_to_report") if whole else "stopped"
    parts = [[f.section, f.key, f.document, as_json(f.row)] for f in facts]
    digest = sha256_of(canonical([state, first.reading.document.sha256, parts]))
    return SectionFacts(
        state, first.reading.document.sha256, first.received_at, tuple(facts), digest
    )


def _stops(verdicts: Mapping[str, Verdict], one: Handed, group: str) -> bool:
    verdict = verdicts.get(one.reading.document.sha256)
    # Without a verdict nothing is known to be right: it must not slip in unjudged.
    return verdict is None or verdict.stops(group)


def canonical(value: Any) -> str:
    """Return JSON that is the same text for the same facts."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256_of(text: str) -> str:
    """Return the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()
