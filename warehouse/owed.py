"""What the registers ask of each board in a round, and what has been decided on assignments.

The city tables count against these: without them a missing answer would be no row at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from expectations.closings import Closing
from expectations.registers import City, Round
from warehouse.acts import OfficeAct
from warehouse.tables import AssignmentDecisionRow, OwedRow, ScaleWordRow

CLOSING = "assignment_decision"
COUNTED = ("goal_assessment", "goal_role")
"""Scales that the city tables count by."""
Owed: TypeAlias = tuple[str, str, str, date | None]
"""Kind (section, goal or assignment), subject, board and last day."""


def owed_in(city: City, round_: Round) -> set[Owed]:
    """Return all that is asked for in a round: sections, goals and assignments, by board."""
    sections = city.owed(round_)
    found: set[Owed] = {
        ("section", group, board, round_.due_for(group, board))
        for board, groups in sections.items()
        for group in groups
    }
    asked = {board for board, groups in sections.items() if "goals" in groups}
    found |= {
        ("goal", goal.goal_id, board, round_.due_for("goals", board))
        for goal in city.goals_on(round_.period_to)
        for board in asked
        if not goal.designated or board in goal.designated
    }
    return found | {
        ("assignment", item.assignment_id, board, round_.due_for("assignments", board))
        for item in city.assignments
        for board in item.addressees
        if item.open_on(round_.period_to, board)
    }


def closings_of(acts: Iterable[OfficeAct]) -> tuple[Closing, ...]:
    """Return the decisions on assignments that stand, in the order that they were noted."""
    return tuple(
        Closing(
            assignment_id=act.about["assignment"],
            board=act.board or "",
            level=act.about["level"],
            date=date.fromisoformat(act.about["date"]),
            paragraph=act.about.get("paragraph", ""),
        )
        for act in acts
        if act.kind == CLOSING
    )


def keep_owed(engine: Engine, city: City, round_: Round, now: datetime) -> int:
    """Bring what is owed in a round up to the registers; returns how many rows changed."""
    wanted = owed_in(city, round_)
    with Session(engine) as session, session.begin():
        query = select(OwedRow).where(
            OwedRow.city_id == city.city_id,
            OwedRow.period == round_.round_id,
            OwedRow.known_to.is_(None),
        )
        standing = {(r.kind, r.subject, r.board_id, r.due_on): r for r in session.scalars(query)}
        gone, new = standing.keys() - wanted, wanted - standing.keys()
        for one in gone:
            standing[one].known_to = now
        session.add_all(
            OwedRow(
                city_id=city.city_id,
                period=round_.round_id,
                kind=kind,
                subject=subject,
                board_id=board,
                due_on=due,
                known_from=now,
            )
            for kind, subject, board, due in sorted(new, key=str)
        )
    return len(gone) + len(new)


def keep_scales(engine: Engine, city: City, round_: Round, now: datetime) -> None:
    """Bring the words of the scales that the city tables count by up to the registers."""
    wanted = {
        (name, step.code, word.casefold(), step.means)
        for name in COUNTED
        for step in city.scale(name, round_.period_to).words
        for word in (step.word, *step.synonyms)
    }
    with Session(engine) as session, session.begin():
        query = select(ScaleWordRow).where(
            ScaleWordRow.city_id == city.city_id,
            ScaleWordRow.period == round_.round_id,
            ScaleWordRow.known_to.is_(None),
        )
        standing = {(r.scale, r.code, r.word, r.means): r for r in session.scalars(query)}
        for one in standing.keys() - wanted:
            standing[one].known_to = now
        session.add_all(
            ScaleWordRow(
                city_id=city.city_id,
                period=round_.round_id,
                scale=scale,
                code=code,
                word=word,
                means=means,
                known_from=now,
            )
            for scale, code, word, means in sorted(wanted - standing.keys())
        )


def keep_decisions(engine: Engine, city_id: str, acts: Iterable[OfficeAct], now: datetime) -> None:
    """Keep the decisions on assignments that stand; one that was taken back is closed."""
    wanted = {act.act_id: act for act in acts if act.kind == CLOSING}
    with Session(engine) as session, session.begin():
        query = select(AssignmentDecisionRow).where(AssignmentDecisionRow.city_id == city_id)
        standing = {row.act_id: row for row in session.scalars(query)}
        for act_id, row in standing.items():
            if act_id not in wanted and row.known_to is None:
                row.known_to = now
        session.add_all(
            AssignmentDecisionRow(
                act_id=act.act_id,
                city_id=city_id,
                assignment_id=act.about["assignment"],
                board_id=act.board,
                level=act.about["level"],
                decided_on=date.fromisoformat(act.about["date"]),
                paragraph=act.about.get("paragraph", ""),
                known_from=act.at,
            )
            for act_id, act in sorted(wanted.items())
            if act_id not in standing
        )
