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
from expectations.form_layout import waiting_sections
from expectations.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Handed:
    """One document in force: what it says, where it belongs and when it came."""

    reading: Reading
    board: str
    period: str
    received_at: datetime
    receipt_id: str
    spoken: tuple[str, ...] = ()
    """Groups that a form's Word file speaks of where its prose stands in the workbook's rows."""

    def gives(self, section: str) -> bool:
        """Say whether there are rows to merge: prose on a goal waits for the goal's workbook."""
        if self.reading.document.form_part == "prose" and section in waiting_sections():
            return False
        return bool(self.reading.rows(section))

    def speaks_of(self, group: str) -> bool:
        """Say whether there is anything to merge of a group, be it that nothing is reported."""
        said = group in self.reading.nothing_to_report
        return said or any(self.gives(section) for section in GROUPS[group])


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
    of them states stand side by side. A document with a STOPP in the group gives nothing to it. A
    workbook whose Word file came later is complete when that came.
    """
    speaking = sorted(
        (one for one in documents if one.speaks_of(group)),
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
        source = next((one for one in whole if one.gives(section)), None)
        if source is not None:
            sha256 = source.reading.document.sha256
            facts += [
                Fact(section, key, ordinal, sha256, row)
                for ordinal, (key, row) in enumerate(keyed_rows(source.reading, section), start=1)
            ]
    state = ("merged" if facts else "nothing_to_report") if whole else "stopped"
    parts_in = [one.received_at for one in documents if group in one.spoken]
    is_divided = first.reading.document.form_part == "figures"
    received_at = max([first.received_at, *(parts_in if is_divided else ())])
    parts = [[f.section, f.key, f.document, as_json(f.row)] for f in facts]
    digest = sha256_of(canonical([state, first.reading.document.sha256, parts]))
    return SectionFacts(state, first.reading.document.sha256, received_at, tuple(facts), digest)


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
