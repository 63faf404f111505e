"""Checks in the warehouse: what the latest one found and tried, and until when an older stood."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from expectations.contract_json import as_json, from_json
from expectations.verdicts import Finding, Verdict
from warehouse.merging import canonical
from warehouse.tables import CheckRow, FindingRow


def keep_checks(
    engine: Engine, verdicts: Sequence[Verdict], *, city_id: str, run_period: str, now: datetime
) -> None:
    """Keep what the latest check tried in each document; an older answer is closed, not removed."""
    with Session(engine) as session, session.begin():
        standing = session.scalars(
            select(CheckRow).where(
                CheckRow.city_id == city_id,
                CheckRow.run_period == run_period,
                CheckRow.known_to.is_(None),
            )
        ).all()
        old = {canonical(row.content): row for row in standing}
        new = {canonical(as_json(replace(v, findings=()))): v for v in verdicts}
        for text, row in old.items():
            if text not in new:
                row.known_to = now
        for text in sorted(new.keys() - old.keys()):
            session.add(
                CheckRow(
                    city_id=city_id,
                    run_period=run_period,
                    document_sha256=new[text].document or None,
                    content=json.loads(text),
                    known_from=now,
                    known_to=None,
                )
            )


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
    query = select(FindingRow.content).where(
        FindingRow.city_id == city_id,
        FindingRow.run_period == run_period,
        *_known(FindingRow, as_of),
    )
    with Session(engine) as session:
        found = [from_json(Finding, content, "finding") for content in session.scalars(query)]
    yield from sorted(found, key=lambda f: (f.board or "", f.rule, canonical(as_json(f))))
