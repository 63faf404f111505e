"""Träffbild: how well the boards that a goal is meant for cover it in their plans.

Malmö plans what each board contributes. A designated board covers the goal where its plan says a
contribution, an indicator and how it is followed up; the suggestion is computed, the judgement is
the city office's own.
"""

from __future__ import annotations

from collections.abc import Iterator

from expectations.registers import CityGoal
from tasks.report.blocks import Block, Cell, Table, count, text
from tasks.report.material import Material, say, words

GOOD_SHARE = 80
"""Per cent of designated boards from which the coverage is called good, until the city says."""


def coverage(material: Material) -> Iterator[Block]:
    """Yield one row per designated goal, where boards plan contributions to goals."""
    planned = [s for s in material.rows("goals") if s.row.planning or s.row.follow_up]
    goals = [g for g in material.city.goals_on(material.day) if g.designated]
    if not planned or not goals:
        return
    limit = int(material.city.settings.get("report", {}).get("coverage_good", GOOD_SHARE))
    rows = tuple(_row(material, goal, limit) for goal in goals)
    head = tuple(words()["coverage"]["head"])
    note = say("coverage.note", limit=limit, office=material.city.office)
    yield Table("t-traffbild", say("coverage.table"), head, rows, note, numbers=(1, 2, 3, 4))


def _row(material: Material, goal: CityGoal, limit: int) -> tuple[Cell, ...]:
    marked = {s.board for s in material.rows("indicators") if s.row.goal_id == goal.goal_id}
    plans = {s.board for s in material.rows("goals") if s.row.goal_id == goal.goal_id}
    followed = {
        s.board
        for s in material.rows("goals")
        if s.row.goal_id == goal.goal_id and (s.row.follow_up or s.board in marked)
    }
    wanted = set(goal.designated)
    share = 100 * len(followed & wanted) // len(wanted)
    lacking = [material.name(b) for b in goal.designated if b not in followed]
    return (
        text(goal.title),
        *(
            count(
                len(some),
                how=say(f"how.{how}"),
                items=[material.name(board) for board in goal.designated if board in some],
            )
            for some, how in (
                (wanted, "designated"),
                (plans & wanted, "planning"),
                (followed & wanted, "following"),
            )
        ),
        Cell(f"{share}", is_number=True, how=say("how.hit_share")),
        text(say("coverage.good" if share >= limit else "coverage.weak")),
        text(", ".join(lacking)),
    )
