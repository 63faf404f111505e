"""Findings in the warehouse: what the latest check gives, and until when an older one stood."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from expectations.contract_json import as_json, from_json
from expectations.verdicts import Finding, Verdict
from warehouse.merging import canonical
from warehouse.tables import FindingRow


def keep_findings(
    engine: Engine, verdicts: Sequence[Verdict], *, city_id: str, run_period: str, now: datetime
) -> None:
    """Keep what the latest check found; what it no longer finds is closed, not removed."""
    with Session(engine) as session, session.begin():
        standing = session.scalars(
            select(FindingRow).where(
                FindingRow.city_id == city_id,
                FindingRow.run_period == run_period,
                FindingRow.known_to.is_(None),
            )
        ).all()
        old = {canonical(row.content): row for row in standing}
        new = {canonical(as_json(f)): f for v in verdicts for f in v.findings}
        for text, row in old.items():
            if text not in new:
                row.known_to = now
        for text in new.keys() - old.keys():
            finding = new[text]
            session.add(
                FindingRow(
                    city_id=city_id,
                    run_period=run_period,
                    document_sha256=finding.document or None,
                    rule=finding.rule,
                    severity=finding.severity,
                    content=json.loads(text),
                    known_from=now,
                    known_to=None,
                )
            )


def standing_findings(
    engine: Engine, city_id: str, run_period: str, as_of: datetime | None
) -> Iterator[Finding]:
    """Give the findings of a run as known at a moment, by board and rule."""
    known = (
        (FindingRow.known_to.is_(None),)
        if as_of is None
        else (
            FindingRow.known_from <= as_of,
            FindingRow.known_to.is_(None) | (FindingRow.known_to > as_of),
        )
    )
    query = select(FindingRow.content).where(
        FindingRow.city_id == city_id, FindingRow.run_period == run_period, *known
    )
    with Session(engine) as session:
        found = [from_json(Finding, content, "finding") for content in session.scalars(query)]
    yield from sorted(found, key=lambda f: (f.board or "", f.rule, canonical(as_json(f))))
