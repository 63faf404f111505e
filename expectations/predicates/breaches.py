"""What a predicate is: a test of one case, registered under the id of its rule.

A predicate gets a case and the world and returns a list of breaches; an empty list is kept, None
is not applicable, which is never a pass. The words stand in the catalogue; `values` fill them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field as made_with
from typing import Any

from expectations.catalogue import Rule
from expectations.contract import Place
from expectations.staging import Case, Judged, World


@dataclass(frozen=True, slots=True)
class Breach:
    """One place where a rule does not hold; `values` fill the rule's message and remedy."""

    place: Place | None = None
    written: str | None = None
    expected: str | None = None
    field: str | None = None
    at: str | None = None
    """Without a place of its own: what to look for in the document's `places`."""
    section: str | None = None
    group: str | None = None
    boards: tuple[str, ...] = ()
    """Of a breach by boards together: their ids."""
    key: str | None = None
    """What a breach by boards together is about: the same in every run."""
    values: dict[str, str] = made_with(default_factory=dict)


Predicate = Callable[[Case, World, Rule], "list[Breach] | None"]
PREDICATES: dict[str, Predicate] = {}


def tests(rule_id: str) -> Callable[[Predicate], Predicate]:
    """Register the predicate of a rule."""

    def register(predicate: Predicate) -> Predicate:
        PREDICATES[rule_id] = predicate
        return predicate

    return register


def row_before(case: Case, world: World, *, year: bool = False) -> Any:
    """Return the same row in the round before (or a year before), None where there is none."""
    board = case.judged.board
    rows = world.before(board.board_id if board else None, case.section or "", year=year)
    return rows.get(case.key or "")


def owes(judged: Judged, world: World, group: str) -> bool:
    """Say whether the requirement matrix asks the document's board for a group in the round."""
    if judged.board is None or world.round is None or judged.period != world.round.round_id:
        return False
    return world.city.owes(judged.board, world.round, group)
