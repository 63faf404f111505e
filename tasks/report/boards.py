"""Board by board, one page each: what matters most, and how much stands elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from expectations.contract import GROUPS, Figure
from expectations.registers import LOCAL_TIME, Board
from expectations.swedish import days_in_words, swedish, swedish_day
from tasks.report.assignments import case_of, late_rows, short
from tasks.report.blocks import Block, Cell, Facts, Paragraph, Pointer, Section, Table, text
from tasks.report.economy import Deviation, forecast_deviations
from tasks.report.material import Material, as_told, counted, say, signed, words
from warehouse.snapshot import SectionState, StoredRow

GOALS = 8
WORK = 6
GROUPS_SHOWN = 5
TOLD = 2


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
    lead = Paragraph(say("boards.lead"), "lead")
    return Section("namnder", say("boards.title"), (lead,), parts, is_annex=True)


def board_blocks(material: Material, board: Board) -> Iterator[Block]:
    """Yield one board on its own: its figures, its sections, and what stands out."""
    facts = tuple(_facts(material, board))
    if facts:
        yield Facts(facts)
    yield from _states(material, board)
    yield from _goals(material, board)
    yield from _work(material, board)
    yield from _competence(material, board)
    yield from _told(material, board)


def _mine(material: Material, section: str, board: Board) -> list[StoredRow]:
    return [s for s in material.rows(section) if s.board == board.board_id]


# --- the large figures ---------------------------------------------------------------------------


def _facts(material: Material, board: Board) -> Iterator[tuple[str, str]]:
    forecast = _forecast(material, board)
    if forecast is not None:
        share = "" if forecast.share is None else say("boards.share", share=signed(forecast.share))
        yield signed(forecast.value), say("boards.fact_forecast", share=share)
    for metric, key in (("annual_fte", "fte"), ("sick_leave_total", "sick")):
        figure = _staff(material, board, metric)
        if figure is not None and figure.value is not None:
            yield swedish(figure.value, figure.decimals), say(f"boards.fact_{key}")
    work = len(_mine(material, "assignments", board))
    if work:
        yield str(work), counted("boards.fact_work", work)


def _forecast(material: Material, board: Board) -> Deviation | None:
    found = forecast_deviations(material)
    return next((one for one in found if one.board == board.board_id), None)


def _staff(material: Material, board: Board, metric: str) -> Figure | None:
    """Return a figure for the whole board, None where the board only gives parts."""
    for stored in _mine(material, "staff", board):
        if stored.row.metric == metric and not stored.row.scope:
            figure: Figure | None = stored.row.columns.get("outcome")
            return figure
    return None


# --- what was handed in --------------------------------------------------------------------------


def _states(material: Material, board: Board) -> Iterator[Block]:
    order = list(GROUPS)
    states = sorted(
        (s for s in material.snapshot.sections if s.board == board.board_id),
        key=lambda s: order.index(s.group),
    )
    rows = tuple(
        (
            text(say(f"groups.{s.group}")),
            Cell(say(f"states.{s.state}"), symbol=say(f"symbols.{s.state}")),
            text(_came(s)),
            text(s.reason or s.decision),
        )
        for s in states
        if s.state != "not_owed"
    )
    if rows:
        head = tuple(words()["boards"]["states_head"])
        yield Table(f"t-lage-{board.board_id}", say("boards.states"), head, rows, unbroken=(2,))


def _came(state: SectionState) -> str:
    if state.received_at is None:
        return say("boards.due", day=swedish_day(state.due_on)) if state.due_on else ""
    day = swedish_day(state.received_at.astimezone(LOCAL_TIME).date())
    late = say("boards.late", days=days_in_words(state.late_days)) if state.late_days else ""
    return f"{day}{late}"


# --- goals, assignments, competence, deviations --------------------------------------------------


def _goals(material: Material, board: Board) -> Iterator[Block]:
    found = [s for s in _mine(material, "goals", board) if s.row.level == "council"]
    ranked = sorted(found, key=lambda s: -_order(material, s))
    rows = tuple(
        (
            text(stored.row.title),
            material.choice("goal_assessment", stored.row.assessment)
            if stored.row.assessment
            else text(say("boards.reported")),
            text(short(as_told(stored.row.motive), 120) if stored.row.motive else ""),
        )
        for stored in ranked[:GOALS]
    )
    if rows:
        head = tuple(words()["boards"]["goals_head"])
        yield Table(f"t-mal-{board.board_id}", say("boards.goals"), head, rows)
        yield from _rest(found, GOALS, "mal", say("goals.title"))


def _order(material: Material, stored: StoredRow) -> int:
    """Return how far from good an assessment is: the worst is told first."""
    step = material.step("goal_assessment", stored.row.assessment)
    return step.order if step else 0


def _work(material: Material, board: Board) -> Iterator[Block]:
    """Yield the assignments: late first, then those proposed as fulfilled, then the others."""
    late = {stored.key for stored, _, _ in late_rows(material) if stored.board == board.board_id}
    found = _mine(material, "assignments", board)

    def weight(stored: StoredRow) -> tuple[bool, bool]:
        code = stored.row.status.code if stored.row.status else None
        return stored.key not in late, code != "proposed_fulfilled"

    rows = tuple(
        (
            text(case_of(material, stored)),
            text(short(as_told(stored.row), 100)),
            material.choice("assignment_status", stored.row.status),
            text(say("boards.is_late")) if stored.key in late else text(""),
        )
        for stored in sorted(found, key=weight)[:WORK]
    )
    if rows:
        head = tuple(words()["boards"]["work_head"])
        title = say("boards.work")
        yield Table(f"t-uppdrag-{board.board_id}", title, head, rows, unbroken=(0, 3))
        yield from _rest(found, WORK, "uppdrag", say("assignments.title"))


def _competence(material: Material, board: Board) -> Iterator[Block]:
    """Yield the groups with the gravest risk."""

    def gravity(stored: StoredRow) -> int:
        steps = (material.step(scale, getattr(stored.row, scale)) for scale in RISKS)
        return -sum(step.order for step in steps if step)

    found = _mine(material, "competence_gaps", board)
    rows = tuple(
        (
            text(stored.row.occupation),
            material.choice("competence_gap", stored.row.years_2),
            material.choice("competence_gap", stored.row.years_5),
            *(material.choice(scale, getattr(stored.row, scale)) for scale in RISKS),
        )
        for stored in sorted(found, key=gravity)[:GROUPS_SHOWN]
    )
    if rows:
        head = tuple(words()["boards"]["competence_head"])
        yield Table(f"t-gap-{board.board_id}", say("boards.competence"), head, rows)
        yield from _rest(found, GROUPS_SHOWN, "kompetens", say("competence.title"))


RISKS = ("risk", "probability")


def _told(material: Material, board: Board) -> Iterator[Block]:
    found = _mine(material, "deviations", board)
    for stored in found[:TOLD]:
        taken = stored.row.measure_taken
        told = say("boards.deviation", told=short(as_told(stored.row.text), 260))
        measure = f" {say('boards.measure', told=short(as_told(taken), 200))}" if taken else ""
        yield Paragraph(f"{told}{measure}", "quote")
    yield from _rest(found, TOLD, "avvikelser", say("oversight.title"))


def _rest(found: Sequence[object], shown: int, anchor: str, title: str) -> Iterator[Block]:
    """Say how much is left out and where it stands."""
    if len(found) > shown:
        yield Pointer(counted("boards.rest", len(found) - shown), anchor, title)
