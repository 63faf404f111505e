"""What has changed since the round before: assessments, assignments, deadlines and forecasts."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from expectations.contract import Due
from expectations.registers import ScaleWord
from expectations.swedish import swedish
from tasks.report.assignments import case_of, names_of, short
from tasks.report.blocks import Block, Cell, Paragraph, Section, Table, count, text
from tasks.report.comparing import Restated, comparability, compared_name, pairs, same_scale
from tasks.report.material import (
    Material,
    as_told,
    direction,
    in_millions,
    say,
    signed,
    words,
)
from warehouse.snapshot import StoredRow

Step = tuple[StoredRow, ScaleWord, ScaleWord]
"""A row with its step of the scale in the round before and now."""


def changes(material: Material) -> Section | None:
    """Return the chapter; None where there is nothing before to compare with."""
    before = material.previous_round
    unlike = tuple(comparability(material))
    if material.snapshot.previous is None or before is None:
        if not unlike:
            return None
        lead = Paragraph(say("changes.no_before"), "lead")
        part = Section("andrat-jamforbarhet", say("comparing.title"), unlike)
        return Section("andringar", say("changes.title"), (lead,), (part,))
    lead = Paragraph(say("changes.lead", name=material.round_name(before)), "lead")
    made = (
        ("mal", say("changes.goals"), tuple(_goals(material))),
        ("uppdrag", say("changes.work"), tuple(_work(material))),
        ("tider", say("changes.moved"), tuple(_moved(material))),
        ("prognos", say("changes.forecasts"), tuple(_forecasts(material))),
        ("versioner", say("changes.versions"), tuple(_versions(material))),
    )
    parts = tuple(Section(f"andrat-{a}", title, blocks) for a, title, blocks in made if blocks)
    if not parts:
        lead = Paragraph(say("changes.unchanged", name=material.round_name(before)))
    if unlike:
        parts = (*parts, Section("andrat-jamforbarhet", say("comparing.title"), unlike))
    return Section("andringar", say("changes.title"), (lead,), parts)


# --- what differs --------------------------------------------------------------------------------


def _steps(material: Material, section: str, scale: str, field: str) -> list[Step]:
    changed: list[Step] = []
    if not same_scale(material, scale):
        return changed  # the words do not mean the same: comparability says so
    for old, stored in pairs(material, section):
        one = material.step(scale, getattr(old.row, field))
        other = material.step(scale, getattr(stored.row, field))
        if one and other and one.code != other.code:
            changed.append((stored, one, other))
    return changed


def changed_assessments(material: Material) -> list[Step]:
    """Return each goal that a board judges differently now."""
    return _steps(material, "goals", "goal_assessment", "assessment")


def changed_statuses(material: Material) -> list[Step]:
    """Return each assignment that stands elsewhere now."""
    return _steps(material, "assignments", "assignment_status", "status")


def newly_proposed(material: Material) -> list[Step]:
    """Return the assignments that a board now proposes as fulfilled and did not before."""
    return [one for one in changed_statuses(material) if one[2].code == "proposed_fulfilled"]


def moved_dues(material: Material) -> list[tuple[StoredRow, Due, Due]]:
    """Return (row, time before, time now) of assignments that are now due later than before."""
    moved = []
    for old, stored in pairs(material, "assignments"):
        one, other = old.row.due, stored.row.due
        if one and other and one.latest and other.latest and other.latest > one.latest:
            moved.append((stored, one, other))
    return moved


# --- the tables ----------------------------------------------------------------------------------


def _goals(material: Material) -> Iterator[Block]:
    changed = changed_assessments(material)
    rows = tuple(
        (
            text(stored.row.title),
            text(compared_name(material, stored.board)),
            Cell(one.word, symbol=one.symbol),
            Cell(other.word, symbol=other.symbol),
            text(say(f"changes.{direction(one, other)}")),
        )
        for stored, one, other in sorted(changed, key=lambda c: direction(c[1], c[2]))
    )
    if rows:
        head = tuple(words()["changes"]["goals_head"])
        yield Table("t-andrade", say("changes.goals_table"), head, rows, unbroken=(4,))


def _work(material: Material) -> Iterator[Block]:
    """Yield one row per assignment and change: boards that have moved alike share it."""
    alike: dict[tuple[str, str, str], list[Step]] = {}
    for step in changed_statuses(material):
        stored, one, other = step
        alike.setdefault((case_of(material, stored), one.code, other.code), []).append(step)
    rows = []
    for (case, _, _), same in alike.items():
        stored, one, other = same[0]
        names = names_of(material, [row for row, _, _ in same])
        rows.append(
            (
                text(case),
                text(short(as_told(stored.row), 110)),
                text(names if len(same) > 1 else compared_name(material, stored.board)),
                Cell(one.word, symbol=one.symbol),
                Cell(other.word, symbol=other.symbol),
            )
        )
    if rows:
        head = tuple(words()["changes"]["work_head"])
        title = say("changes.work_table")
        yield Table("t-andrade-uppdrag", title, head, tuple(rows), unbroken=(0,))


def _moved(material: Material) -> Iterator[Block]:
    rows = tuple(
        (
            text(case_of(material, stored)),
            text(short(as_told(stored.row), 110)),
            text(compared_name(material, stored.board)),
            text(one.written),
            text(other.written),
        )
        for stored, one, other in moved_dues(material)
    )
    if rows:
        head = tuple(words()["changes"]["moved_head"])
        yield Table("t-flyttade", say("changes.moved_table"), head, rows, unbroken=(0,))


def _forecasts(material: Material) -> Iterator[Block]:
    """Yield how far each board's forecast has moved since the one before, the largest first."""
    found: list[tuple[Decimal, tuple[Cell, ...]]] = []
    restated = Restated(material)
    for stored, columns in material.finance("result"):
        now, one = columns.get("forecast"), restated.millions(stored, "forecast_prev")
        other = in_millions(now)
        if now is None or one is None or other is None or one == other:
            continue
        before = restated.money(stored, "forecast_prev")
        ids = material.ids(stored, "columns.forecast", now)
        step = Cell(
            signed(other - one),
            is_number=True,
            figures=(*before.figures, *ids),
            how=say("how.change"),
            mark=before.mark,
        )
        name = text(material.name(stored.board))
        row = (name, before, Cell(swedish(other, 1), is_number=True, figures=ids), step)
        found.append((abs(other - one), row))
    if found:
        rows = tuple(row for _, row in sorted(found, key=lambda item: -item[0]))
        head = tuple(words()["changes"]["forecasts_head"])
        title, notes = say("changes.forecasts_table"), restated.marks.all
        yield Table("t-prognosandring", title, head, rows, numbers=(1, 2, 3), footnotes=notes)


def _versions(material: Material) -> Iterator[Block]:
    """Yield the boards that have handed in a new version of a document in the round."""
    ours = material.round.round_id if material.round else None
    versions: dict[str, int] = {}
    for stored in material.snapshot.documents:
        if stored.board and stored.period == ours and stored.version > 1:
            versions[stored.board] = max(versions.get(stored.board, 1), stored.version)
    rows = tuple(
        (text(material.name(board)), count(number, how=say("how.version")))
        for board, number in versions.items()
    )
    if rows:
        head = tuple(words()["changes"]["versions_head"])
        yield Table("t-versioner", say("changes.versions_table"), head, rows, numbers=(1,))
