"""Decisions that close assignments, addressee by addressee, beside the register's own last day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from expectations.registers import City

COUNCIL = "council"


@dataclass(frozen=True, slots=True)
class Closing:
    """One dated decision on an assignment for one addressee.

    `level` is office (proposed), board or council; only the council's closes.
    """

    assignment_id: str
    board: str
    level: str
    date: date
    paragraph: str = ""


def decided(city: City, closings: Sequence[Closing]) -> City:
    """Return the city with the decisions on its assignments; without any it is the same."""
    if not closings:
        return city
    own: dict[str, list[Closing]] = {}
    for one in closings:
        own.setdefault(one.assignment_id, []).append(one)
    return replace(
        city,
        assignments=tuple(
            replace(item, closings=tuple(own[item.assignment_id]))
            if item.assignment_id in own
            else item
            for item in city.assignments
        ),
    )
