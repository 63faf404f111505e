"""The annex with every assignment: who has it, when it is due, and where it stands."""

from __future__ import annotations

from tasks.report.assignments import NAMED, answers, decision_words, exists_in, short, standing
from tasks.report.blocks import Cell, Section, Table, text
from tasks.report.material import Material, listed, say, words


def all_assignments(material: Material) -> Section | None:
    """Return the annex with every assignment of the register that is open or was in the period."""
    found = answers(material)
    start = material.round.period_from if material.round else material.day
    rows = []
    for item in material.city.assignments:
        given = item.decision.date if item.decision else None
        expected = [board for board in item.addressees if exists_in(material, board)]
        is_over = item.closed is not None and item.closed < start
        if is_over or not expected or (given is not None and given > material.day):
            continue
        answered = found.get(item.assignment_id, [])
        code = "closed" if item.closed else standing(answered, set(expected))
        names = [material.name(board) for board in expected]
        rows.append(
            (
                text(item.case_number or item.assignment_id),
                text(short(item.text)),
                text(decision_words(item.decision)),
                text(listed(names, NAMED)),
                text(item.due.written if item.due else ""),
                _standing_cell(material, code),
            )
        )
    if not rows:
        return None
    head, title = tuple(words()["assignments"]["all_head"]), say("assignments.all_table")
    note = say("assignments.all_note")
    table = Table("t-alla-uppdrag", title, head, tuple(rows), note, unbroken=(0,))
    return Section("alla-uppdrag", say("assignments.all"), (table,), is_annex=True)


def _standing_cell(material: Material, code: str) -> Cell:
    step = material.city.scale("assignment_status", material.day).word_of(code)
    if step is not None:
        return Cell(step.word, symbol=step.symbol)
    return Cell(say(f"assignments.standings.{code}"))
