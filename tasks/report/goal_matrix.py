"""The goals at a glance: how many judge what, who has not answered and why, and the office's word.

Columns follow the form of the year: where it asks for no assessment, the roles and who has
reported stand there instead. Nothing is weighed together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from expectations.registers import CityGoal, ScaleWord
from tasks.report.blocks import Block, Cell, Chart, Table, count, missing, text
from tasks.report.charts import stacked_bars
from tasks.report.material import Material, direction, say, words
from tasks.report.office import judged
from warehouse.snapshot import SectionState, StoredRow

Answers = Mapping[str, Sequence[StoredRow]]
"""What boards say of the council's goals, by goal."""


def matrix(
    material: Material, shown: Sequence[CityGoal], answered: Answers, steps: Sequence[ScaleWord]
) -> Iterator[Block]:
    """Yield the chart of assessments, where the form asks for them, and the table of goals."""
    if steps:
        yield _chart(shown, answered, steps)
    roles, own = () if steps else _roles(answered), material.is_boards_own
    head = (
        say("goals.head_goal"),
        *map(_named, steps),
        *(words()["goals"]["roles"][role] for role in roles),
        *words()["goals"]["head_answered"],
        *([] if own else words()["goals"]["head_judged"]),
    )
    rows = []
    for goal in shown:
        given = answered.get(goal.goal_id, ())
        rows.append(
            (
                text(goal.title),
                *(_step(material, given, step.code) for step in steps),
                *(_role(material, given, role) for role in roles),
                *_reported(material, goal, given),
                *(() if own else _judgement(material, goal)),
            )
        )
    numbers = tuple(range(1, len(head) - (0 if own else 3)))
    note, title = say("goals.matrix_note", office=material.city.office), say("goals.matrix")
    note, last = ("", ()) if own else (note, (len(head) - 1,))
    yield Table("t-mal", title, head, tuple(rows), note, numbers=numbers, unbroken=last)
    if steps:
        yield from _by_kind(material, shown, answered, steps)


def _chart(shown: Sequence[CityGoal], answered: Answers, steps: Sequence[ScaleWord]) -> Chart:
    bars = [
        (goal.title, [_of_step(answered.get(goal.goal_id, ()), s.code) for s in steps])
        for goal in shown
    ]
    told = "; ".join(
        f"{name}: "
        + ", ".join(f"{n} {s.word.lower()}" for n, s in zip(counts, steps, strict=True) if n)
        for name, counts in bars
        if sum(counts)
    )
    svg = stacked_bars(bars, [s.word for s in steps], [s.symbol for s in steps])
    return Chart("d-mal", say("goals.chart"), say("goals.chart_text", told=told), svg, "t-mal")


def _named(step: ScaleWord) -> str:
    return f"{step.symbol} {step.word}".strip()


def _by_kind(
    material: Material, shown: Sequence[CityGoal], answered: Answers, steps: Sequence[ScaleWord]
) -> Iterator[Block]:
    """Yield the same counts with boards and companies apart, where companies have answered."""
    companies = {board.board_id for board in material.city.boards if board.kind == "company"}
    rows = []
    for goal in shown:
        given = answered.get(goal.goal_id, ())
        apart = [[r for r in given if (r.board in companies) == is_one] for is_one in (False, True)]
        counts = (_step(material, same, step.code) for same in apart for step in steps)
        rows.append((text(goal.title), *counts))
    if any(stored.board in companies for given in answered.values() for stored in given):
        kinds = ("goals.of_boards", "goals.of_companies")
        names = (say(kind, step=_named(step)) for kind in kinds for step in steps)
        head, title = (say("goals.head_goal"), *names), say("goals.by_kind")
        numbers = tuple(range(1, len(head)))
        yield Table("t-mal-grupper", title, head, tuple(rows), numbers=numbers, wide=True)


def _roles(answered: Answers) -> tuple[str, ...]:
    used = {row.row.role for rows in answered.values() for row in rows}
    return tuple(role for role in words()["goals"]["roles"] if role in used)


def _reported(material: Material, goal: CityGoal, given: Sequence[StoredRow]) -> tuple[Cell, Cell]:
    """Return how many have reported, of how many, and how many are missing."""
    spoke, wanted = {stored.board for stored in given}, set(owing(material, goal))
    told, silent = (spoke & wanted) if wanted else spoke, wanted - spoke
    return (
        count(
            len(told),
            len(wanted) if wanted else None,
            how=say("how.reported"),
            items=_boards(material, told),
        ),
        count(len(silent), how=say("how.unreported"), items=_boards(material, silent)),
    )


def _judgement(material: Material, goal: CityGoal) -> tuple[Cell, Cell, Cell]:
    """Return what the office judges now, what it judged the round before, and which way it went."""
    now, before = judged(material, goal.goal_id), judged(material, goal.goal_id, before=True)
    shown = Cell(now.word, symbol=now.symbol) if now else missing("none", say("goals.not_judged"))
    if before is None:
        return shown, Cell(""), Cell("")
    trend = say(f"changes.{direction(before, now)}") if now is not None else ""
    return shown, Cell(before.word, symbol=before.symbol), Cell(trend)


def _step(material: Material, given: Sequence[StoredRow], code: str) -> Cell:
    """Return how many answers have a judgement, with each of them as its source."""
    ids = tuple(
        one
        for stored in given
        if (word := stored.row.assessment) and word.code == code
        for one in material.ids(stored, "assessment", word)
    )
    return count(_of_step(given, code), how=say("how.step"), figures=ids)


def _role(material: Material, given: Sequence[StoredRow], role: str) -> Cell:
    same = [stored.board for stored in given if stored.row.role == role]
    return count(len(same), how=say("how.role"), items=_boards(material, same))


def _boards(material: Material, wanted: Collection[str]) -> list[str]:
    """Return boards by name, in the register's order."""
    return [board.name for board in material.city.boards if board.board_id in wanted]


def _of_step(rows: Sequence[StoredRow], code: str) -> int:
    return sum(1 for stored in rows if stored.row.assessment and stored.row.assessment.code == code)


# --- who has not answered ------------------------------------------------------------------------


def asked(material: Material) -> list[str]:
    """Return the boards that owe goals in the round."""
    owed = material.city.owed(material.round) if material.round else {}
    return [board for board, groups in owed.items() if "goals" in groups]


def owing(material: Material, goal: CityGoal) -> list[str]:
    """Return the boards that owe an answer on a goal."""
    return [b for b in asked(material) if not goal.designated or b in goal.designated]


def unanswered(
    material: Material, shown: Sequence[CityGoal], answered: Answers, *, has_steps: bool
) -> Iterator[Block]:
    """Yield why answers are missing, the kinds apart: none of them is a judgement."""
    kinds = ("missing", "stopped", "silent", "not_assessed", "not_owed")
    states = material.states("goals")
    rows = []
    for goal in shown:
        given = answered.get(goal.goal_id, ())
        spoke = {stored.board for stored in given}
        found: dict[str, list[str]] = {kind: [] for kind in kinds}
        wanted = owing(material, goal)
        for board in wanted:
            if board not in spoke:
                found[_why(states.get(board))].append(board)
        found["not_assessed"] = [s.board for s in given if has_steps and s.row.assessment is None]
        found["not_owed"] = [board for board in asked(material) if board not in wanted]
        cells = (
            count(len(some), how=say(f"how.why_{kind}"), items=_boards(material, some))
            for kind, some in found.items()
        )
        rows.append((text(goal.title), *cells))
    if any(cell.text != "0" for row in rows for cell in row[1:5]):
        head = tuple(words()["goals"]["unanswered_head"])
        note, title = say("goals.unanswered_note"), say("goals.unanswered")
        yield Table("t-mal-saknas", title, head, tuple(rows), note, numbers=(1, 2, 3, 4, 5))


def _why(state: SectionState | None) -> str:
    if state is None or state.state in ("missing", "not_owed"):
        return "missing"
    return "stopped" if state.state in ("stopped", "withheld") else "silent"
