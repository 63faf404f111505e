"""The chapter on goals: who has answered, how they judge, and each goal with its boards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from expectations.registers import CityGoal, ScaleWord
from tasks.report.assignments import short
from tasks.report.blocks import Block, Cell, Chart, Paragraph, Section, Table, count, missing, text
from tasks.report.charts import stacked_bars
from tasks.report.coverage import coverage
from tasks.report.indicators import indicators
from tasks.report.material import Material, as_told, counted, say, words
from tasks.report.office import office_judgement
from warehouse.snapshot import SectionState, StoredRow

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
        *_matrix(material, shown, answered, steps),
        *_unanswered(material, shown, answered),
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
    """Yield goals by the global goals that they are linked to."""
    names = words()["goals"]["sdg_names"]
    linked = {n: [g.title for g in shown if n in g.sdgs] for n in range(1, len(names) + 1)}
    rows = tuple(
        (text(f"{n} {names[n - 1]}"), count(len(titles)), text("; ".join(titles)))
        for n, titles in linked.items()
        if titles
    )
    if rows:
        bare = [f"{n} {names[n - 1]}" for n, titles in linked.items() if not titles]
        note = say("goals.agenda_none", names=", ".join(bare)) if bare else ""
        head = tuple(words()["goals"]["agenda_head"])
        yield Table("t-agenda", say("goals.agenda_table"), head, rows, note, numbers=(1,))


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
    return [b for b in _asked(material) if not goal.designated or b in goal.designated]


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
        yield Chart("d-mal", say("goals.chart"), say("goals.chart_text", told=told), svg, "t-mal")
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


def _unanswered(
    material: Material, shown: Sequence[CityGoal], answered: dict[str, list[StoredRow]]
) -> Iterator[Block]:
    """Yield why answers are missing, the kinds apart: none of them is a judgement."""
    kinds = ("missing", "stopped", "silent", "not_assessed", "not_owed")
    states = material.states("goals")
    has_steps = bool(_steps(material, answered))
    rows = []
    for goal in shown:
        given = answered.get(goal.goal_id, [])
        spoke = {stored.board for stored in given}
        numbers = dict.fromkeys(kinds, 0)
        owing = _owing(material, goal)
        for board in owing:
            if board not in spoke:
                numbers[_why(states.get(board))] += 1
        numbers["not_assessed"] = sum(has_steps and row.row.assessment is None for row in given)
        numbers["not_owed"] = len(_asked(material)) - len(owing)
        rows.append((text(goal.title), *(count(numbers[kind]) for kind in kinds)))
    if any(cell.text != "0" for row in rows for cell in row[1:5]):
        head = tuple(words()["goals"]["unanswered_head"])
        note, title = say("goals.unanswered_note"), say("goals.unanswered")
        yield Table("t-mal-saknas", title, head, tuple(rows), note, numbers=(1, 2, 3, 4, 5))


def _why(state: SectionState | None) -> str:
    if state is None or state.state in ("missing", "not_owed"):
        return "missing"
    return "stopped" if state.state in ("stopped", "withheld") else "silent"


def _asked(material: Material) -> list[str]:
    owed = material.city.owed(material.round) if material.round else {}
    return [board for board, groups in owed.items() if "goals" in groups]


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
    silent = [b for b in _owing(material, goal) if b not in {s.board for s in given}]
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
