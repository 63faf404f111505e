"""The chapter on goals: who has answered, how they judge, and each goal with its boards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from expectations.registers import CityGoal, ScaleWord
from tasks.report.assignments import short
from tasks.report.blocks import Block, Cell, Paragraph, Section, Table, missing, text
from tasks.report.coverage import coverage
from tasks.report.goal_matrix import matrix, owing, unanswered
from tasks.report.indicators import indicators
from tasks.report.material import Material, as_told, counted, say, words
from tasks.report.office import office_judgement
from warehouse.snapshot import StoredRow

NAMED = 10


def goals(material: Material) -> Section | None:
    """Return the matrix, who is missing and why, a part per goal, and the links to Agenda 2030."""
    answered = _by_goal(material)
    if not answered and material.round is None:
        return None
    listed = material.city.goals_on(material.day)
    shown = [g for g in listed if g.goal_id in answered or material.round is not None]
    steps = _steps(material, answered)
    blocks: list[Block] = [
        _lead(material, steps),
        *matrix(material, shown, answered, steps),
        *unanswered(material, shown, answered, has_steps=bool(steps)),
    ]
    parts = [
        Section(f"mal-{goal.goal_id}", goal.title, tuple(_goal(material, goal, answered, steps)))
        for goal in shown
    ]
    for anchor, title, made in (
        ("mal-traffbild", say("coverage.title"), tuple(coverage(material))),
        ("mal-agenda", say("goals.agenda"), tuple(_agenda(shown))),
    ):
        if made:
            parts.append(Section(anchor, title, made))
    return Section("mal", say("goals.title"), tuple(blocks), tuple(parts))


def _agenda(shown: Sequence[CityGoal]) -> Iterator[Block]:
    """Yield goals by global goals, a number where the two are linked."""
    names = words()["goals"]["sdg_names"]
    numbers = [n for n in range(1, len(names) + 1) if any(n in goal.sdgs for goal in shown)]
    if not numbers:
        return
    rows = tuple(
        (text(goal.title), *(text(str(n) if n in goal.sdgs else "") for n in numbers))
        for goal in shown
    )
    key = ", ".join(f"{n} {names[n - 1]}" for n in numbers)
    bare = [f"{n} {name}" for n, name in enumerate(names, start=1) if n not in numbers]
    note = say("goals.agenda_key", names=key)
    if bare:
        note = f"{note} {say('goals.agenda_none', names=', '.join(bare))}"
    head = (say("goals.head_goal"), *map(str, numbers))
    columns = tuple(range(1, len(head)))
    yield Table("t-agenda", say("goals.agenda_table"), head, rows, note, numbers=columns, wide=True)


def _by_goal(material: Material) -> dict[str, list[StoredRow]]:
    found: dict[str, list[StoredRow]] = {}
    for stored in material.rows("goals"):
        if stored.row.level == "council" and stored.row.goal_id:
            found.setdefault(stored.row.goal_id, []).append(stored)
    return found


def _steps(material: Material, answered: dict[str, list[StoredRow]]) -> tuple[ScaleWord, ...]:
    """Return the steps of the scale where the period's form has one, else nothing."""
    used = any(stored.row.assessment for rows in answered.values() for stored in rows)
    scale = material.city.scale("goal_assessment", material.day)
    return scale.words if used else ()


def _lead(material: Material, steps: Sequence[ScaleWord]) -> Paragraph:
    key = "goals.lead_assessed" if steps else "goals.lead_plain"
    return Paragraph(say(key, office=material.city.office), "lead")


def _goal(
    material: Material,
    goal: CityGoal,
    answered: dict[str, list[StoredRow]],
    steps: Sequence[ScaleWord],
) -> Iterator[Block]:
    given = answered.get(goal.goal_id, [])
    if goal.sdgs:
        yield Paragraph(say("goals.sdgs", numbers=", ".join(map(str, goal.sdgs))), "note")
    yield from office_judgement(material, goal.goal_id)
    if given:
        has_roles = any(stored.row.role for stored in given)
        head = (
            say("goals.head_board"),
            *((say("goals.head_role"),) if has_roles else ()),
            *((say("goals.head_assessment"),) if steps else ()),
            say("goals.head_told"),
        )
        rows = tuple(
            _answer(material, stored, has_roles=has_roles, has_steps=bool(steps))
            for stored in given
        )
        yield Table(f"t-mal-{goal.goal_id}", say("goals.boards_table"), head, rows)
    silent = [b for b in owing(material, goal) if b not in {s.board for s in given}]
    if silent:
        names = ", ".join(material.name(b) for b in silent)
        if len(silent) > NAMED:
            names = counted("names.boards", len(silent))
        yield Paragraph(say("goals.not_answered", names=names), "note")
    yield from indicators(material, goal)


def _answer(
    material: Material, stored: StoredRow, *, has_roles: bool, has_steps: bool
) -> tuple[Cell, ...]:
    row = stored.row
    told = as_told(row.motive) if row.motive else ""
    if not told and row.planning:
        told = as_told(row.planning[0].text)
    cells = [text(material.name(stored.board))]
    if has_roles:
        cells.append(text(words()["goals"]["roles"].get(row.role or "", row.role or "")))
    if has_steps:
        judged = material.choice("goal_assessment", row.assessment)
        cells.append(judged if judged.text else missing("not_assessed", say("cells.not_assessed")))
    return (*cells, text(short(told, 280)))
