"""An edition's status: draft until the city office says otherwise about exactly these facts.

Saying so is an act; it holds while the facts are the same, so a later correction is a draft again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from warehouse.acts import OfficeAct
from warehouse.editions import EditionRecord

STATUS = "status"
DRAFT, RELEASED = "draft", "released"
NEXT = {
    "draft": ("for_decision", "corrected"),
    "released": ("for_decision", "decided", "corrected"),
    "for_decision": ("for_decision", "decided"),
    "decided": ("decided", "published"),
    "published": ("published",),
    "corrected": ("corrected",),
}
"""What may follow on a status, about the same facts; the same again when papers have come since."""
OPEN = ("published", "corrected")
"""Statuses in which the report is for everybody."""
ISSUED = ("decided", "published", "corrected")
"""Statuses after which other facts are a correction."""


@dataclass(frozen=True, slots=True)
class Status:
    """A status by its code, and what was decided or corrected in the office's words."""

    code: str = DRAFT
    told: str = ""


def status_of(acts: Iterable[OfficeAct], run_period: str, heads: Collection[str]) -> Status:
    """Return the status of the report of a round or day made from these facts.

    A status binds to the facts without the papers (Papers.facts): an opinion that is attached
    later does not undo a decision.
    """
    found = Status()
    for act in acts:
        if act.kind == STATUS and act.period == run_period and act.about["head"] in heads:
            found = Status(act.about["status"], act.text)
    return found


def may_follow(now: Status, wanted: str, earlier: Sequence[EditionRecord]) -> bool:
    """Say whether a status may be given: a correction only where something has been issued."""
    if wanted not in NEXT[now.code]:
        return False
    if wanted == now.code:
        return True
    was_issued = any(edition.status in ISSUED for edition in earlier)
    return was_issued if wanted == "corrected" else True
