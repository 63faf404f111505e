"""A frozen view of the warehouse: all that a report is composed from, and nothing else.

The report never asks the database again: same snapshot, same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from expectations.contract import Document
from expectations.verdicts import Finding

SectionStateName = Literal[
    "merged",  # in the warehouse, without a STOPP
    "nothing_to_report",  # the board said so
    "stopped",  # handed in, kept out by a STOPP
    "missing",  # owed, not handed in
    "not_owed",  # the requirement matrix does not ask for it
]


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """One document version as the warehouse knows it; `version` counts from 1 within its place."""

    document: Document
    board: str | None
    period: str | None
    version: int
    received_at: datetime
    receipt_id: str
    superseded: bool = False
    identical_to: str | None = None
    """Receipt id of the first arrival of the same bytes from the same place."""


@dataclass(frozen=True, slots=True)
class SectionState:
    """State of one group of sections (contract.GROUPS) of one board for one period."""

    board: str
    period: str
    group: str
    state: SectionStateName
    due_on: date | None = None
    received_at: datetime | None = None
    late_days: int = 0
    document: str | None = None
    """SHA-256 of the document that the merged or stopped section comes from."""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class StoredRow:
    """One merged row: a contract object of `section` with its stable key."""

    board: str
    period: str
    section: str
    key: str
    row: Any
    document: str
    """SHA-256."""
    version: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What held for one city and period, as known at `as_of`.

    `periods` holds the round first and then the keys of the matters valid then. Rows of the
    previous round of the same type stand in `previous` (None where there is none).
    """

    city: str
    round: str | None
    on: date
    as_of: datetime
    periods: tuple[str, ...]
    documents: tuple[StoredDocument, ...]
    sections: tuple[SectionState, ...]
    rows: tuple[StoredRow, ...]
    findings: tuple[Finding, ...]
    head: str
    """Digest of the facts in the snapshot (no clocks, no run ids)."""
    previous: Snapshot | None = None
