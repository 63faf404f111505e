"""Where a section stands on its way: received, asked about, checked, decided, locked.

What the documents say and what the office has done are two things: `SectionState.state` is the
first, `Handling` the second. Each standing has its day and what it rests on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from warehouse.acts import OfficeAct

Standing = Literal[
    "missing",  # nothing has come
    "received",  # in, but stopped: the check could not be finished
    "under_check",  # in, with questions that nobody has answered
    "asked",  # a mended section has been asked for, and none has come since
    "checked",  # in, and every question is answered
    "decided",  # the board has decided on it
    "sent_back",  # the board sent it back: a new version is to come
    "tabled",  # the board put the decision off
    "locked",  # the office goes by it as it is; what comes later waits
]


@dataclass(frozen=True, slots=True)
class Handling:
    """Where a section stands, since when and why; `waiting` is a receipt that came after a lock.

    `told` is the office's words (what is asked for, why locked or unlocked) or the decision.
    """

    standing: Standing = "missing"
    since: datetime | None = None
    told: str = ""
    waiting: str | None = None


SENT_BACK = {"aterremiss": "sent_back", "bordlagt": "tabled"}
"""Outcomes of a board's meeting that are no decision on what was handed in."""


def outcome_of(act: OfficeAct, received: datetime | None) -> Standing | None:
    """Return what a noted decision means; None where it sent back what has been replaced since."""
    told: Standing = SENT_BACK.get(act.about.get("outcome", ""), "decided")  # type: ignore[assignment] # the dict's words are the literal's
    return None if told == "sent_back" and received and received > act.at else told


def locked_sections(acts: Iterable[OfficeAct], period: str) -> dict[tuple[str, str], OfficeAct]:
    """Return the lock that stands on each (board, group): the last of lock and unlock decides."""
    last = {
        (act.board or "", act.about["group"]): act
        for act in acts
        if act.kind in ("lock", "unlock") and act.period == period
    }
    return {place: act for place, act in last.items() if act.kind == "lock"}


def asked_for(
    acts: Sequence[OfficeAct], board: str, period: str, group: str, received: datetime | None
) -> OfficeAct | None:
    """Return what the office has asked for and not been sent since."""
    asked = [
        act
        for act in acts
        if act.kind == "asked"
        and (act.board, act.period, act.about["group"]) == (board, period, group)
        and (received is None or received <= act.at)
    ]
    return asked[-1] if asked else None


def unlocked(acts: Sequence[OfficeAct], board: str, period: str, group: str) -> OfficeAct | None:
    """Return the act that last unlocked a section, where it is the last word."""
    last = [
        act
        for act in acts
        if act.kind in ("lock", "unlock")
        and (act.board, act.period, act.about["group"]) == (board, period, group)
    ]
    return last[-1] if last and last[-1].kind == "unlock" else None
