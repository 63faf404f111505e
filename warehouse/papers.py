"""What makes a report one that the law names: its attached parts, hand-overs, and its release.

The income statement, balance sheet, balance requirement and notes come from the ledger and are
attached, never made here. All of it is acts of the city office, so that a rebuild and an earlier
day give the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from warehouse.acts import OfficeAct

STATUTORY = ("income_statement", "balance_sheet", "balance_requirement", "notes")
"""The parts without which an interim or annual report may not be called so."""
OPINION = "opinion"
"""The auditors' opinion, which comes after the hand-over."""
RECEIVERS = ("council", "auditors")


@dataclass(frozen=True, slots=True)
class Attached:
    """One attached file: its name as sent and the SHA-256 of the kept original."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Release:
    """The office's release of a report; `unmet` are the points of the checklist not met then.

    Not `is_current` where the facts have changed since: what was released is not what is there.
    """

    by: str
    at: datetime
    reason: str
    unmet: tuple[str, ...]
    is_current: bool


@dataclass(frozen=True, slots=True)
class Papers:
    """The papers of one round. `attached` is keyed by part, `handed` by receiver."""

    facts: str = ""
    """Digest of the facts without the papers: what a release binds to."""
    attached: Mapping[str, Attached] = field(default_factory=dict)
    closed: Mapping[str, str] = field(default_factory=dict)
    """The words for a part whose file is blocked or disposed of, instead of the file."""
    handed: Mapping[str, date] = field(default_factory=dict)
    release: Release | None = None

    @property
    def is_any(self) -> bool:
        """Whether anything is attached, handed over or released."""
        return bool(self.attached or self.closed or self.handed or self.release)

    @property
    def lacking(self) -> tuple[str, ...]:
        """The statutory parts that are not attached."""
        return tuple(part for part in STATUTORY if part not in self.attached)


def papers_of(
    acts: Iterable[OfficeAct], period: str, facts: str, told: Mapping[str, str]
) -> Papers:
    """Return the papers of a round out of the acts that stand; the newest of each kind holds.

    `told` has words for each file that is closed to view, by its SHA-256: such a part is not there.
    """
    attached: dict[str, Attached] = {}
    closed: dict[str, str] = {}
    handed: dict[str, date] = {}
    release = None
    for act in acts:
        if act.period != period:
            continue
        if act.kind == "attachment":
            part, sha256 = act.about["part"], act.about["sha256"]
            attached.pop(part, None), closed.pop(part, None)
            if sha256 in told:
                closed[part] = told[sha256]
            else:
                attached[part] = Attached(act.about["name"], sha256)
        elif act.kind == "handover":
            handed[act.about["to"]] = date.fromisoformat(act.about["day"])
        elif act.kind == "release":
            unmet = tuple(point for point in act.about["unmet"].split(",") if point)
            same = act.about["facts"] == facts
            release = Release(act.by, act.at, act.text, unmet, is_current=same)
    return Papers(facts, attached, closed, handed, release)
