"""The chapter on goals: who has answered, how they judge, and each goal with its boards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from expectations.registers import CityGoal, ScaleWord
from tasks.report.assignments import short
from tasks.report.blocks import Block, Cell, Chart, Paragraph, Section, Table, count, missing, text
from tasks.report.charts import stacked_bars
from tasks.report.front import changed_assessments
from tasks.report.material import Material, as_told, say, words
from warehouse.snapshot import StoredRow


def goals(material: Material) -> Section | None:
    """Return the matrix, one part per goal, and the links to Agenda 2030."""
    answered = _by_goal(material)
    if not answered and material.round is None:
        return None
    listed = material.city.goals_on(material.day)
    shown = [g for g in listed if g.goal_id in answered or material.round is not None]
    steps = _steps(material, answered)
    blocks: list[Block] = [_lead(material, steps), *_matrix(material, shown, answered, steps)]
    parts = [
        Section(f"mal-{goal.goal_id}", goal.title, tuple(_goal(material, goal, answered, steps)))
        for goal in shown
    ]
    agenda = [
        (text(goal.title), text(", ".join(str(n) for n in goal.sdgs)))
        for goal in shown
        if goal.sdgs
    ]
    changed = tuple(
        (
            text(stored.row.title),
            text(material.name(stored.board)),
            Cell(one.word, symbol=one.symbol),
            Cell(other.word, symbol=other.symbol),
        )
        for stored, one, other in changed_assessments(material)
    )
    if changed:
        head = tuple(words()["goals"]["changed_head"])
        table = Table("t-andrade", say("goals.changed"), head, changed)
        parts.append(Section("mal-andrade", say("goals.changed"), (table,)))
    if agenda:
        head = tuple(words()["goals"]["agenda_head"])
        table = Table("t-agenda", say("goals.agenda"), head, tuple(agenda))
        parts.append(Section("mal-agenda", say("goals.agenda"), (table,)))
    return Section("mal", say("goals.title"), tuple(blocks), tuple(parts))


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


def _owing(material: Material, goal: CityGoal) -> list[str]:
    if material.round is None:
        return []
    owed = material.city.owed(material.round)
    asked = [b for b, groups in owed.items() if "goals" in groups]
    return [b for b in asked if not goal.designated or b in goal.designated]


def _matrix(
    material: Material,
    listed: Sequence[CityGoal],
    answered: dict[str, list[StoredRow]],
    steps: Sequence[ScaleWord],
) -> Iterator[Block]:
    if steps:
        bars = [
            (goal.title, [_count(answered.get(goal.goal_id, []), s.code) for s in steps])
            for goal in listed
        ]
        told = "; ".join(
            f"{name}: "
            + ", ".join(f"{n} {s.word.lower()}" for n, s in zip(counts, steps, strict=True) if n)
            for name, counts in bars
            if sum(counts)
        )
        svg = stacked_bars(bars, [s.word for s in steps], [s.symbol for s in steps])
        yield Chart("d-mal", say("goals.chart"), say("goals.chart_text", told=told), svg)
    head = (
        say("goals.head_goal"),
        *(f"{s.symbol} {s.word}".strip() for s in steps),
        say("goals.head_reported"),
        say("goals.head_missing"),
    )
    rows = []
    for goal in listed:
        given = answered.get(goal.goal_id, [])
        owing = _owing(material, goal)
        spoke = {stored.board for stored in given}
        whole = len(owing) if owing else None
        reported = len(spoke & set(owing)) if owing else len(spoke)
        rows.append(
            (
                text(goal.title),
                *(count(_count(given, step.code)) for step in steps),
                count(reported, whole),
                count(len(set(owing) - spoke)),
            )
        )
    numbers = tuple(range(1, len(head)))
    note = say("goals.matrix_note")
    yield Table("t-mal", say("goals.matrix"), head, tuple(rows), note=note, numbers=numbers)


def _count(rows: Sequence[StoredRow], code: str) -> int:
    return sum(1 for stored in rows if stored.row.assessment and stored.row.assessment.code == code)


def _goal(
    material: Material,
    goal: CityGoal,
    answered: dict[str, list[StoredRow]],
    steps: Sequence[ScaleWord],
) -> Iterator[Block]:
    given = answered.get(goal.goal_id, [])
    if goal.sdgs:
        yield Paragraph(say("goals.sdgs", numbers=", ".join(map(str, goal.sdgs))), "note")
    yield Paragraph(say("goals.unassessed", office=material.city.office), "note")
    if given:
        key = "goals.boards_head" if steps else "goals.boards_head_plain"
        head = tuple(words()["goals"][key.rpartition(".")[2]])
        rows = tuple(_answer(material, stored, bool(steps)) for stored in given)
        yield Table(f"t-mal-{goal.goal_id}", say("goals.boards_table"), head, rows)
    silent = [b for b in _owing(material, goal) if b not in {s.board for s in given}]
    if silent:
        told = ", ".join(material.name(b) for b in silent)
        if len(silent) > 10:  # noqa: PLR2004 - a list that nobody reads helps nobody
            told = f"{len(silent)} nämnder och bolag"
        yield Paragraph(say("goals.not_answered", names=told), "note")
    yield from _indicators(material, goal)


def _answer(material: Material, stored: StoredRow, has_steps: bool) -> tuple[Cell, ...]:  # noqa: FBT001
    row = stored.row
    told = as_told(row.motive) if row.motive else ""
    if not told and row.planning:
        told = as_told(row.planning[0].text)
    cells = [text(material.name(stored.board))]
    if has_steps:
        judged = material.choice("goal_assessment", row.assessment)
        cells.append(judged if judged.text else missing("not_assessed", say("cells.not_assessed")))
    return (*cells, text(short(told, 280)))


def _indicators(material: Material, goal: CityGoal) -> Iterator[Block]:
    rows = []
    for stored in material.rows("indicators"):
        row = stored.row
        if row.goal_id != goal.goal_id or not (row.outcomes or row.target_year or row.target_term):
            continue
        years = [year for year, figure in sorted(row.outcomes.items()) if figure.state == "read"]
        latest = years[-1] if years else None
        outcome = (
            material.figure(stored, f"outcomes.{latest}", row.outcomes[latest])
            if latest
            else text("")
        )
        shown = f"{outcome.text} ({latest})" if latest else ""
        rows.append(
            (
                text(row.name),
                text(material.name(stored.board)),
                material.figure(stored, "baseline", row.baseline),
                Cell(shown, is_number=True, figures=outcome.figures),
                material.figure(stored, "target_year", row.target_year),
                material.figure(stored, "target_term", row.target_term),
            )
        )
    if rows:
        head = tuple(words()["goals"]["indicators_head"])
        yield Table(
            f"t-indikatorer-{goal.goal_id}",
            say("goals.indicators"),
            head,
            tuple(rows),
            note=say("goals.indicators_note"),
            numbers=(2, 3, 4, 5),
        )
