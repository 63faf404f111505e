"""Rules on assignments, their decisions and the proposal to decide."""

from __future__ import annotations

import re
from typing import Any

from expectations.catalogue import Rule
from expectations.predicates.breaches import Breach, owes, tests
from expectations.staging import Case, World
from expectations.swedish import swedish_day

OPEN = ("ongoing", "part_reported", "new")
CLOSED = ("proposed_fulfilled", "fulfilled", "closed")


def _case_name(row: Any) -> str:
    return row.case_number or row.assignment_id or f"”{row.text[:60]}”"


@tests("D-REF")
def _case_number_is_right(case: Case, world: World, _: Rule) -> list[Breach] | None:
    written = case.row.case_number
    if not written:
        return None
    board = case.judged.board
    if board is None or not board.case_pattern:
        return None  # nobody has said how this board writes its numbers
    patterns = [b.case_pattern for b in world.city.boards if b.case_pattern]
    if any(re.fullmatch(pattern, written) for pattern in patterns):
        return []
    return [Breach(case.place, written, board.case_example or "", "case_number")]


@tests("D-PARA")
def _decision_has_paragraph(case: Case, _: World, __: Rule) -> list[Breach] | None:
    decision = case.row.decision
    if decision is None or decision.date is None:
        return None
    if decision.paragraph:
        return []
    values = {"organ": decision.organ or "", "date": swedish_day(decision.date)}
    return [Breach(place=case.place, values=values, field="decision.paragraph")]


@tests("D-KNOWN")
def _assignment_is_known(case: Case, world: World, _: Rule) -> list[Breach] | None:
    row = case.row
    if row.status is not None and row.status.code == "new":
        return None
    if not row.case_number and not row.assignment_id:
        return None  # nothing to look up: it is keyed by document until a person matches it
    ids = {item.assignment_id for item in world.city.assignments}
    cases = {item.case_number for item in world.city.assignments if item.case_number}
    if row.assignment_id in ids or row.case_number in cases:
        return []
    if not ids:
        return None
    return [Breach(place=case.place, written=_case_name(row))]


@tests("D-MISS")
def _assignments_answered(case: Case, world: World, _: Rule) -> list[Breach] | None:
    judged = case.judged
    if not owes(judged, world, "assignments") or not judged.reading.assignments:
        return None
    answered = {row.assignment_id for row in judged.reading.assignments}
    # One case can hold several assignments: a row without an id answers its own point of it.
    cases = {
        (row.case_number, row.point)
        for row in judged.reading.assignments
        if row.assignment_id is None
    }
    board = judged.board.board_id if judged.board else ""
    return [
        Breach(
            section="assignments",
            expected=item.assignment_id,
            at=f"assignments/{item.assignment_id}",
            values={"case": item.case_number or item.assignment_id, "text": item.text},
        )
        for item in world.city.assignments_for(board, world.day)
        if item.assignment_id not in answered
        and (
            item.case_number is None
            or not {(item.case_number, item.point), (item.case_number, None)} & cases
        )
    ]


@tests("D-LATE")
def _not_overdue(case: Case, world: World, _: Rule) -> list[Breach] | None:
    row = case.row
    item = next((a for a in world.city.assignments if a.assignment_id == row.assignment_id), None)
    if item is None or item.due is None or item.due.latest is None or row.status is None:
        return None
    if row.status.code not in OPEN or item.due.latest >= world.day:
        return []
    moved = row.due is not None and (row.due.latest is None or row.due.latest > world.day)
    if moved and row.due.written and (row.due.latest or row.due.earliest):
        return []
    values = {"case": _case_name(row), "due": item.due.written or swedish_day(item.due.latest)}
    # In a form the cell of the new day, elsewhere the words that say it is not done.
    place = case.place if case.judged.is_form else row.status.place or case.place
    return [Breach(place=place, values=values, field="due")]


@tests("D-CLOSE")
def _closed_is_done(case: Case, _: World, rule: Rule) -> list[Breach] | None:
    row = case.row
    if row.status is None or row.status.code not in CLOSED or row.narrative is None:
        return None
    text = row.narrative.text.casefold()
    word = next((w for w in rule.parameters["words"] if w in text), None)
    if word is None:
        return []
    values = {"case": _case_name(row), "word": word}
    return [
        Breach(place=row.narrative.place or case.place, written=row.status.written, values=values)
    ]


@tests("D-MEET")
def _organ_met(case: Case, world: World, _: Rule) -> list[Breach] | None:
    decision = case.row.decision
    if decision is None or decision.date is None or not decision.organ:
        return None
    met = world.city.met_on(decision.organ, decision.date)
    if met is None:
        return None
    if met:
        return []
    organ = world.city.settings.get("organs", {}).get(decision.organ, decision.organ)
    values = {"organ": organ[:1].upper() + organ[1:], "date": swedish_day(decision.date)}
    return [Breach(place=case.place, values=values, field="decision.date")]


@tests("D-LIST")
def _proposal_matches(case: Case, _: World, __: Rule) -> list[Breach] | None:
    reading = case.judged.reading
    clauses = {number for d in reading.decisions if d.complete for number in d.case_numbers}
    proposed = {
        row.case_number
        for row in reading.assignments
        if row.status is not None and row.status.code == "proposed_fulfilled" and row.case_number
    }
    if not reading.decisions or not proposed:
        return None
    if proposed == clauses:
        return []
    named = {number for d in reading.decisions for number in d.case_numbers}
    values = {
        "clauses": str(len(clauses)),
        "rows": str(len(proposed)),
        "missing": ", ".join(sorted(proposed - named)) or "inget",
        "cut": ", ".join(sorted((proposed & named) - clauses)) or "inget",
    }
    return [Breach(place=reading.decisions[0].place, section="decisions", values=values)]


@tests("D-MULTI")
def _joint_statuses_agree(case: Case, world: World, rule: Rule) -> list[Breach] | None:
    row = case.row
    if row.assignment_id is None or row.status is None or row.status.code is None:
        return None
    item = next((a for a in world.city.assignments if a.assignment_id == row.assignment_id), None)
    if item is not None and (
        "*" in item.addressees or len(item.addressees) > rule.parameters["most"]
    ):
        return None  # each of many answers for its part: the city sees the whole (D-JOINT)
    closed = row.status.code in CLOSED
    others = [
        (judged.board.name, other.status.written)
        for judged in world.documents
        if judged.board and case.judged.board and judged.board != case.judged.board
        for other in judged.reading.assignments
        if other.assignment_id == row.assignment_id
        and other.status is not None
        and other.status.code is not None
        and (other.status.code in CLOSED) is not closed
    ]
    if not others:
        return []
    # Each addressee answers for its own part; who says done is asked, the others are not.
    if not closed:
        return []
    told = ", ".join(f"{written} av {name}" for name, written in others[:3])
    values = {"case": _case_name(row), "others": told}
    return [Breach(place=row.status.place or case.place, written=row.status.written, values=values)]


@tests("D-NODUE")
def _open_has_a_day(case: Case, world: World, _: Rule) -> list[Breach] | None:
    row = case.row
    if row.status is None or row.status.code not in OPEN:
        return None
    item = next((a for a in world.city.assignments if a.assignment_id == row.assignment_id), None)
    if item is None:
        return None  # whether the assignment is known at all is another question
    if row.due or row.report_back or item.due:
        return []
    return [Breach(case.place, field="due", values={"case": _case_name(row)})]


@tests("D-FUTURE")
def _decision_is_taken(case: Case, world: World, _: Rule) -> list[Breach] | None:
    decision = case.row.decision
    if decision is None or decision.date is None:
        return None
    if decision.date <= world.today:
        return []
    written = swedish_day(decision.date)
    return [
        Breach(case.place, written, field="decision.date", values={"case": _case_name(case.row)})
    ]


@tests("D-ORDER")
def _due_after_decision(case: Case, _: World, __: Rule) -> list[Breach] | None:
    row = case.row
    if row.decision is None or row.decision.date is None or row.due is None:
        return None
    if row.due.latest is None or row.due.latest >= row.decision.date:
        return []
    values = {"case": _case_name(row), "decided": swedish_day(row.decision.date)}
    return [Breach(case.place, row.due.written, values["decided"], "due", values=values)]


@tests("D-PARENT")
def _parent_is_known(case: Case, world: World, _: Rule) -> list[Breach] | None:
    parent = case.row.parent
    if not parent:
        return None
    known = {item.assignment_id for item in world.city.assignments}
    known |= {row.assignment_id for row in case.judged.reading.assignments if row.assignment_id}
    return [] if parent in known else [Breach(case.place, parent, field="parent")]


@tests("D-ADDR")
def _addressed_to_the_board(case: Case, world: World, _: Rule) -> list[Breach] | None:
    board, row = case.judged.board, case.row
    item = next((a for a in world.city.assignments if a.assignment_id == row.assignment_id), None)
    if board is None or item is None or not item.addressees:
        return None
    if "*" in item.addressees or board.board_id in item.addressees:
        return []
    names = [b.name for b in world.city.boards if b.board_id in item.addressees]
    values = {"case": _case_name(row), "others": ", ".join(names[:3])}
    return [Breach(case.place, values=values)]


@tests("D-NARR")
def _fulfilled_is_told(case: Case, _: World, __: Rule) -> list[Breach] | None:
    row = case.row
    if row.status is None or row.status.code not in CLOSED:
        return None
    if row.narrative is not None and row.narrative.text.strip():
        return []
    place = row.status.place or case.place
    return [Breach(place, row.status.written, field="narrative", values={"case": _case_name(row)})]
