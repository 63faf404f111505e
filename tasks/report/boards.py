"""Board by board, one page each: what matters most, and how much stands elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from expectations.contract import GROUPS
from expectations.registers import LOCAL_TIME, Board
from expectations.swedish import days_in_words, swedish_day
from tasks.report.assignments import case_of, late_rows, short
from tasks.report.blocks import (
    Block,
    Cell,
    Facts,
    Paragraph,
    Pointer,
    Section,
    Table,
    count,
    text,
)
from tasks.report.economy import Deviation, forecast_deviations
from tasks.report.material import Material, as_told, counted, listed, say, signed, words
from warehouse.snapshot import SectionState, StoredRow

ROOM = 215
"""Millimetres under the large figures of a page."""
COVER = 58
"""Millimetres of the cover, and the mark of a trial run, on a report of the board's own."""
LEAST = 60
"""Millimetres that goals, assignments and groups need between them: else economy gives way."""
LINE, AROUND, TABLE, POINTER = 3.9, 1.9, 14.5, 6
"""Millimetres of a line in a table, around each row, of a caption with head, and of a pointer."""
STAFF = ("annual_fte", "sick_leave_total")
TOLD = 2
TEXT = 150
"""Letters of a deviation, and of its measure."""
MOTIVES = (420, 240, 110)
"""Letters of a goal's motive: the first that leaves room for every row."""
ONE_LINE = 74
"""Letters of an assignment that stand on one line."""
LINES = 6
"""Lines of a result table."""
YEAR = ("outcome", "budget", "deviation", "accounts_prev")
ECONOMY = ("outcome", "budget", "deviation", "forecast", "budget_year", "accounts_prev")


def boards(material: Material) -> Section | None:
    """Return a page for each board that has said something in the round."""
    spoke = {row.board for row in material.snapshot.rows}
    parts = tuple(
        Section(f"namnd-{board.board_id}", board.name, tuple(board_blocks(material, board)))
        for board in material.boards
        if board.board_id in spoke
    )
    if len(parts) < 2:  # noqa: PLR2004 - a lone board is the whole report
        return None
    blocks = (Paragraph(say("boards.lead"), "lead"), _overview(material))
    return Section("namnder", say("boards.title"), blocks, parts, is_annex=True)


def _overview(material: Material) -> Table:
    """Return one row per board and company: what it has handed in, and its large figures."""
    owed = material.city.owed(material.round) if material.round else {}
    rows = []
    for board in material.boards:
        asked = owed.get(board.board_id, ())
        states = [s for s in material.snapshot.sections if s.board == board.board_id]
        states = [s for s in states if not asked or s.group in asked]
        read = sum(s.state in ("merged", "nothing_to_report") for s in states)
        forecast = _forecast(material, board)
        money = Cell("–", is_number=True)
        if forecast is not None:
            how = say("how.deviation")
            money = Cell(signed(forecast.value), is_number=True, figures=forecast.figures, how=how)
        rows.append(
            (
                text(board.name),
                count(read, len(asked) or len(states), how=say("how.sections_of_board")),
                money,
                *(_staff_cell(material, board, metric) for metric in STAFF),
            )
        )
    head, title = material.heads("boards.overview_head"), say("boards.overview")
    return Table("t-namnder", title, head, tuple(rows), numbers=(1, 2, 3, 4))


def _staff_cell(material: Material, board: Board, metric: str) -> Cell:
    for stored in _mine(material, "staff", board):
        if stored.row.metric == metric and not stored.row.scope:
            return material.figure(stored, "columns.outcome", stored.row.columns.get("outcome"))
    return Cell("–", is_number=True)


def board_blocks(material: Material, board: Board) -> Iterator[Block]:
    """Yield one board on its own: its figures, its sections, and what stands out.

    What fits one page is chosen by how high the rows will be: first shorter texts, then fewer rows
    of what there is most of.
    """
    facts = tuple(_facts(material, board))
    if facts:
        yield Facts(facts, f"f-{board.board_id}")
    yield from _decision(material, board)
    states = list(_states(material, board))
    # In the board's own report a whole chapter follows, and the cover stands above.
    own = material.is_boards_own
    money: list[Any] = [] if own else list(_economy(material, board))
    told = list(_told(material, board))
    yield from states
    goals = [s for s in _mine(material, "goals", board) if s.row.level == "council"]
    work, groups = (_mine(material, s, board) for s in ("assignments", "competence_gaps"))
    room = ROOM - (COVER if own else 0) - sum(map(_height, states)) - sum(map(_lines_of, told))
    room -= sum(TABLE for found in (goals, work, groups) if found)
    if room - sum(map(_height, money)) > LEAST:
        room -= sum(map(_height, money))
    elif money:
        money = list(_rest(money[0].rows, 0, "ekonomi", say("economy.title")))
    rooms, letters = _rooms(goals, work, groups, room)
    yield from _goals(material, board, goals, rooms[0], letters)
    yield from _work(material, board, work, rooms[1])
    yield from _competence(material, board, groups, rooms[2])
    yield from money
    yield from told


def _rooms(
    goals: Sequence[StoredRow],
    work: Sequence[StoredRow],
    groups: Sequence[StoredRow],
    room: float,
) -> tuple[list[int], int]:
    """Return how many rows of each are shown, and how many letters of a motive."""
    wanted = [len(goals), len(work), len(groups)]
    for letters in MOTIVES:
        heights = [_goal_height(goals, letters), _work_height(work), _row(1)]
        rooms = shares(wanted, heights, room)
        if rooms == wanted:
            return rooms, letters
    # Something is left out, and a line says so under each table that is cut.
    return shares(wanted, heights, room - POINTER * sum(map(bool, wanted))), letters


def _row(lines: int) -> float:
    return lines * LINE + AROUND


def _height(table: Table) -> float:
    """Return about how high a table of short texts will be, in millimetres."""
    lines = (max(-(-len(cell.text) // 55) for cell in row) for row in table.rows)
    return TABLE + sum(_row(max(1, number)) for number in lines)


def _goal_height(found: Sequence[StoredRow], letters: int) -> float:
    """Return about how high the highest row of goals will be with motives of so many letters."""
    told = [min(len(as_told(s.row.motive)), letters) if s.row.motive else 0 for s in found]
    titles = [len(s.row.title) for s in found]
    lines = (max(-(-one // 64), -(-other // 32)) for one, other in zip(told, titles, strict=True))
    return _row(max(lines, default=1))


def _work_height(found: Sequence[StoredRow]) -> float:
    longest = max((len(short(as_told(stored.row), 80)) for stored in found), default=0)
    return _row(2 if longest > ONE_LINE else 1)


def _lines_of(block: Block) -> float:
    """Return about how high running text will be, in millimetres."""
    return 2 + 4.8 * -(-len(getattr(block, "text", "")) // 95)


def shares(wanted: Sequence[int], heights: Sequence[float], room: float) -> list[int]:
    """Return how many rows each table gets: all that it wants, or the highest give way first."""
    given = list(wanted)

    def taken(at: int) -> float:
        return given[at] * heights[at]

    while any(given) and sum(map(taken, range(len(given)))) > room:
        given[max(range(len(given)), key=taken)] -= 1
    return given


def _decision(material: Material, board: Board) -> Iterator[Block]:
    """Yield the board's own decision on what it has handed in, or that none is noted."""
    states = [s for s in material.snapshot.sections if s.board == board.board_id]
    owed = material.city.owed(material.round).get(board.board_id) if material.round else None
    read = [s for s in states if s.state in ("merged", "nothing_to_report")]
    read = [s for s in read if owed is None or s.group in owed]
    found = list(dict.fromkeys(s.decision for s in read if s.is_decided))
    if not read:
        return
    if not found:
        yield Paragraph(say("boards.undecided"), "note")
        return
    left = [say(f"groups.{s.group}").lower() for s in read if not s.is_decided]
    told = say("boards.not_decided", groups=listed(left, len(left))) if left else ""
    yield Paragraph(say("boards.decided", told="; ".join(found), left=told))


def _economy(material: Material, board: Board) -> Iterator[Table]:
    """Yield all lines of the board's first result table."""
    found = [s for s in _mine(material, "finance", board) if s.row.table is None]
    is_year = material.round is not None and material.round.type == "annual"
    columns = YEAR if is_year else ECONOMY
    rows = tuple(
        (
            text(stored.row.label),
            *(
                material.money(stored, f"columns.{key}", stored.row.columns.get(key))
                for key in columns
            ),
        )
        for stored in found[:LINES]
    )
    if rows:
        head = material.heads("boards.economy_head")
        numbers = tuple(range(1, len(head)))
        title = _caption("economy", board)
        yield Table(f"t-ekonomi-{board.board_id}", title, head, rows, numbers=numbers)


def _caption(key: str, board: Board) -> str:
    """Return a table's caption with the board's name: lists of tables hold one of each board."""
    return say("boards.caption", title=say(f"boards.{key}"), board=board.name)


def _mine(material: Material, section: str, board: Board) -> list[StoredRow]:
    return [s for s in material.rows(section) if s.board == board.board_id]


# --- the large figures ---------------------------------------------------------------------------


def _facts(material: Material, board: Board) -> Iterator[tuple[Cell, str]]:
    forecast = _forecast(material, board)
    if forecast is not None:
        share = "" if forecast.share is None else say("boards.share", share=signed(forecast.share))
        shown = Cell(
            signed(forecast.value),
            is_number=True,
            figures=(*forecast.figures, *forecast.grant),
            how=say("how.deviation"),
        )
        yield shown, say(material.key("boards.fact_forecast"), share=share)
    for metric, key in (("annual_fte", "fte"), ("sick_leave_total", "sick")):
        stored = _staff(material, board, metric)
        figure = stored.row.columns.get("outcome") if stored else None
        if stored is not None and figure is not None and figure.value is not None:
            yield material.figure(stored, "columns.outcome", figure), say(f"boards.fact_{key}")
    work = [case_of(material, stored) for stored in _mine(material, "assignments", board)]
    if work:
        yield (
            count(len(work), how=say("how.work"), items=work),
            counted("boards.fact_work", len(work)),
        )


def _forecast(material: Material, board: Board) -> Deviation | None:
    found = forecast_deviations(material)
    return next((one for one in found if one.board == board.board_id), None)


def _staff(material: Material, board: Board, metric: str) -> StoredRow | None:
    """Return a row for the whole board, None where the board only gives parts."""
    mine = _mine(material, "staff", board)
    return next((s for s in mine if s.row.metric == metric and not s.row.scope), None)


# --- what was handed in --------------------------------------------------------------------------


def _states(material: Material, board: Board) -> Iterator[Table]:
    order = list(GROUPS)
    states = sorted(
        (s for s in material.snapshot.sections if s.board == board.board_id),
        key=lambda s: order.index(s.group),
    )
    alike: dict[tuple[str, str, str], list[str]] = {}
    for state in states:
        if state.state != "not_owed":
            # What is decided stands above the table; what was sent back or put off stands here.
            why = state.reason or ("" if state.is_decided else state.decision)
            key = (state.state, _came(state), short(why, 90))
            alike.setdefault(key, []).append(say(f"groups.{state.group}"))
    rows = tuple(
        (
            text(", ".join(groups)),
            Cell(say(f"states.{state}"), symbol=say(f"symbols.{state}")),
            text(came),
            text(why),
        )
        for (state, came, why), groups in alike.items()
    )
    if rows:
        head = tuple(words()["boards"]["states_head"])
        yield Table(
            f"t-lage-{board.board_id}", _caption("states", board), head, rows, unbroken=(2,)
        )


def _came(state: SectionState) -> str:
    if state.received_at is None:
        return say("boards.due", day=swedish_day(state.due_on)) if state.due_on else ""
    day = swedish_day(state.received_at.astimezone(LOCAL_TIME).date())
    late = say("boards.late", days=days_in_words(state.late_days)) if state.late_days else ""
    return f"{day}{late}"


# --- goals, assignments, competence, deviations --------------------------------------------------


def _goals(
    material: Material, board: Board, found: Sequence[StoredRow], room: int, letters: int
) -> Iterator[Block]:
    """Yield the goals, the weakest first."""
    ranked = sorted(found, key=lambda s: -_order(material, s))
    rows = tuple(
        (
            text(stored.row.title),
            material.choice("goal_assessment", stored.row.assessment)
            if stored.row.assessment
            else text(say("boards.reported")),
            text(short(as_told(stored.row.motive), letters) if stored.row.motive else ""),
        )
        for stored in ranked[:room]
    )
    if rows:
        head = tuple(words()["boards"]["goals_head"])
        yield Table(f"t-mal-{board.board_id}", _caption("goals", board), head, rows)
    yield from _rest(found, room, "mal", say("goals.title"))


def _order(material: Material, stored: StoredRow) -> int:
    """Return how far from good an assessment is: the worst is told first."""
    step = material.step("goal_assessment", stored.row.assessment)
    return step.order if step else 0


def _work(
    material: Material, board: Board, found: Sequence[StoredRow], room: int
) -> Iterator[Block]:
    """Yield the assignments: late first, then those proposed as fulfilled, then the others."""
    late = {stored.key for stored, _, _ in late_rows(material) if stored.board == board.board_id}

    def weight(stored: StoredRow) -> tuple[bool, bool]:
        code = stored.row.status.code if stored.row.status else None
        return stored.key not in late, code != "proposed_fulfilled"

    rows = tuple(
        (
            text(case_of(material, stored)),
            text(short(as_told(stored.row), 80)),
            material.choice("assignment_status", stored.row.status),
            text(say("boards.is_late")) if stored.key in late else text(""),
        )
        for stored in sorted(found, key=weight)[:room]
    )
    if rows:
        head = tuple(words()["boards"]["work_head"])
        title = _caption("work", board)
        yield Table(f"t-uppdrag-{board.board_id}", title, head, rows, unbroken=(0, 3))
    yield from _rest(found, room, "uppdrag", say("assignments.title"))


def _competence(
    material: Material, board: Board, found: Sequence[StoredRow], room: int
) -> Iterator[Block]:
    """Yield the groups with the gravest risk."""

    def gravity(stored: StoredRow) -> int:
        steps = (material.step(scale, getattr(stored.row, scale)) for scale in RISKS)
        return -sum(step.order for step in steps if step)

    rows = tuple(
        (
            text(stored.row.occupation),
            material.choice("competence_gap", stored.row.years_2),
            material.choice("competence_gap", stored.row.years_5),
            *(material.choice(scale, getattr(stored.row, scale)) for scale in RISKS),
        )
        for stored in sorted(found, key=gravity)[:room]
    )
    if rows:
        head = tuple(words()["boards"]["competence_head"])
        yield Table(f"t-gap-{board.board_id}", _caption("competence", board), head, rows)
    yield from _rest(found, room, "kompetens", say("competence.title"))


RISKS = ("risk", "probability")


def _told(material: Material, board: Board) -> Iterator[Block]:
    found = _mine(material, "deviations", board)
    for stored in found[:TOLD]:
        taken = stored.row.measure_taken
        told = say("boards.deviation", told=short(as_told(stored.row.text), TEXT))
        measure = f" {say('boards.measure', told=short(as_told(taken), TEXT))}" if taken else ""
        yield Paragraph(f"{told}{measure}", "quote")
    yield from _rest(found, TOLD, "avvikelser", say("oversight.title"))


def _rest(found: Sequence[object], shown: int, anchor: str, title: str) -> Iterator[Block]:
    """Say how much is left out and where it stands."""
    if len(found) > shown:
        yield Pointer(counted("boards.rest", len(found) - shown), anchor, title)
