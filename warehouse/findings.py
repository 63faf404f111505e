"""Checks in the warehouse: what the latest one found and tried, and until when an older stood."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from expectations.contract_json import as_json, from_json
from expectations.verdicts import Finding, Verdict
from warehouse.merging import canonical
from warehouse.tables import CheckRow, FindingRow


def keep_findings(
    engine: Engine, verdicts: Sequence[Verdict], *, city_id: str, run_period: str, now: datetime
) -> None:
    """Keep what the latest check found and tried; what it no longer says is closed, not removed."""
    tried = [
        {"content": as_json(replace(v, findings=())), "document_sha256": v.document or None}
        for v in verdicts
    ]
    found = [
        {
            "content": as_json(finding),
            "document_sha256": finding.document or None,
            "rule": finding.rule,
            "severity": finding.severity,
        }
        for verdict in verdicts
        for finding in verdict.findings
    ]
    with Session(engine) as session, session.begin():
        for table, said in ((FindingRow, found), (CheckRow, tried)):
            _keep(session, table, said, city_id=city_id, run_period=run_period, now=now)


def _keep(
    session: Session,
    table: type[CheckRow | FindingRow],
    said: Sequence[dict[str, Any]],
    *,
    city_id: str,
    run_period: str,
    now: datetime,
) -> None:
    ours = (table.city_id == city_id, table.run_period == run_period, table.known_to.is_(None))
    standing: Sequence[Any] = session.scalars(select(table).where(*ours)).all()
    old = {canonical(row.content): row for row in standing}
    new = {canonical(row["content"]): row for row in said}
    for text, row in old.items():
        if text not in new:
            row.known_to = now
    for text in sorted(new.keys() - old.keys()):
        kept = new[text] | {"content": json.loads(text)}
        session.add(table(city_id=city_id, run_period=run_period, known_from=now, **kept))


def standing_checks(
    engine: Engine, city_id: str, run_period: str, as_of: datetime | None
) -> Iterator[Verdict]:
    """Give what was tried in a run as known at a moment: verdicts without findings."""
    query = select(CheckRow.content).where(
        CheckRow.city_id == city_id,
        CheckRow.run_period == run_period,
        *_known(CheckRow, as_of),
    )
    with Session(engine) as session:
        found = [from_json(Verdict, content, "check") for content in session.scalars(query)]
    yield from sorted(found, key=lambda v: (v.document, v.board or "", v.period or ""))


def _known(
    table: type[CheckRow | FindingRow], as_of: datetime | None
) -> tuple[ColumnElement[bool], ...]:
    if as_of is None:
        return (table.known_to.is_(None),)
    return (table.known_from <= as_of, table.known_to.is_(None) | (table.known_to > as_of))


def standing_findings(
    engine: Engine, city_id: str, run_period: str, as_of: datetime | None
) -> Iterator[Finding]:
    """Give the findings of a run as known at a moment, by board and rule."""
    query = select(FindingRow.content).where(
        FindingRow.city_id == city_id,
        FindingRow.run_period == run_period,
        *_known(FindingRow, as_of),
    )
    with Session(engine) as session:
        found = [from_json(Finding, content, "finding") for content in session.scalars(query)]
    yield from sorted(found, key=lambda f: (f.board or "", f.rule, canonical(as_json(f))))
