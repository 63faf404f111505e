"""What each rule tests, by rule id: kept, broken at these places, or not applicable.

A predicate gets a case and the world and returns a list of breaches; an empty list is kept, None
is not applicable, which is never a pass. The words stand in the catalogue; `values` fill them.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from dataclasses import field as made_with
from datetime import date
from decimal import Decimal
from typing import Any

from expectations.catalogue import Rule
from expectations.contract import PERIODIC_KINDS, Figure, Place, Text
from expectations.form_layout import load_layouts, newest
from expectations.registers import City, plain
from expectations.staging import GROUP_OF, Case, Judged, World, tolerance
from expectations.swedish import days_in_words, swedish, swedish_day

OPEN = ("ongoing", "part_reported", "new")
CLOSED = ("proposed_fulfilled", "fulfilled", "closed")


@dataclass(frozen=True, slots=True)
class Breach:
    """One place where a rule does not hold; `values` fill the rule's message and remedy."""

    place: Place | None = None
    written: str | None = None
    expected: str | None = None
    field: str | None = None
    section: str | None = None
    group: str | None = None
    values: dict[str, str] = made_with(default_factory=dict)


Predicate = Callable[[Case, World, Rule], "list[Breach] | None"]
PREDICATES: dict[str, Predicate] = {}


def tests(rule_id: str) -> Callable[[Predicate], Predicate]:
    """Register the predicate of a rule."""

    def register(predicate: Predicate) -> Predicate:
        PREDICATES[rule_id] = predicate
        return predicate

    return register


# --- the document as a whole --------------------------------------------------------------------


def _faults(case: Case, _: World, rule: Rule) -> list[Breach] | None:
    return [
        Breach(
            place=fault.place,
            written=fault.written,
            section=fault.section,
            values={"cell": fault.place.in_words() if fault.place else ""} | fault.values,
        )
        for fault in case.judged.reading.faults
        if fault.rule == rule.id
    ]


for _id in ("A-FILE", "A-SCHEMA", "A-TPL", "B-FORMULA"):
    tests(_id)(_faults)


@tests("A-BODY")
def _sender_is_known(case: Case, world: World, _: Rule) -> list[Breach] | None:
    document = case.judged.reading.document
    if case.judged.board is None:
        if document.sender is not None:
            fault = f"Mappen {document.sender} i inkorgen hör inte till någon nämnd i registret."
            advice = "Flytta filen till rätt mapp, eller lägg in nämnden i registret."
        else:
            fault = "Det framgår inte vilken nämnd handlingen kommer från."
            advice = "Lägg filen i nämndens mapp i inkorgen."
        return [Breach(written=document.sender, values={"fault": fault, "advice": advice})]
    issued_to = document.board
    if case.judged.is_form and issued_to not in (None, case.judged.board.board_id):
        other = world.city.board(issued_to)
        name = other.name if other else str(issued_to)
        fault = f"Formuläret är utfärdat för {name} men kom från {case.judged.board.name}."
        advice = "Använd ert eget formulär, eller be stadskontoret om ett nytt."
        return [
            Breach(
                written=issued_to,
                expected=case.judged.board.board_id,
                values={"fault": fault, "advice": advice},
            )
        ]
    return []


@tests("A-CITY")
def _city_is_ours(case: Case, world: World, _: Rule) -> list[Breach] | None:
    said = case.judged.reading.document.city
    if said is None:
        return None
    if said == world.city.city_id:
        return []
    return [Breach(written=said, values={"found": said.capitalize(), "expected": world.city.name})]


@tests("A-PER")
def _round_is_open(case: Case, world: World, _: Rule) -> list[Breach] | None:
    document = case.judged.reading.document
    periodic = document.kind in PERIODIC_KINDS or case.judged.is_form
    if world.round is None or document.round is None or not periodic:
        return None
    if document.round == world.round.round_id:
        return []
    known = next((r.name for r in world.city.rounds if r.round_id == document.round), None)
    values = {"found": known or f"omgången {document.round}", "expected": world.round.name}
    return [Breach(written=document.round, expected=world.round.round_id, values=values)]


@tests("A-PERIOD")
def _period_is_said(case: Case, _: World, __: Rule) -> list[Breach] | None:
    if case.judged.reading.faults or not case.judged.reading.groups():
        return None
    return [] if case.judged.period is not None else [Breach()]


@tests("A-SAME")
def _file_is_new(case: Case, world: World, _: Rule) -> list[Breach] | None:
    return [Breach()] if case.judged.reading.document.sha256 in world.identical else []


@tests("A-LATE")
def _in_time(case: Case, world: World, _: Rule) -> list[Breach] | None:
    document = case.judged.reading.document
    ours = world.round is not None and case.judged.period == world.round.round_id
    if world.round is None or not ours or document.received_at is None:
        return None
    labels = newest(load_layouts()).group_labels
    late: dict[date, list[str]] = {}
    for group in case.judged.reading.groups():
        days = world.round.days_late(group, document.received_at)
        if days and group != "other":
            late.setdefault(world.round.due_for(group), []).append(group)
    return [
        Breach(
            group=groups[0] if len(groups) == 1 else None,
            values={
                "group": ", ".join(labels.get(g, g).lower() for g in groups),
                "days": days_in_words(world.round.days_late(groups[0], document.received_at) or 0),
                "due": swedish_day(due),
            },
        )
        for due, groups in late.items()
    ]


@tests("G-ORG")
def _board_existed(case: Case, world: World, _: Rule) -> list[Breach] | None:
    board = case.judged.board
    if board is None or world.round is None or case.judged.period != world.round.round_id:
        return None
    if board.valid_on(world.round.period_to):
        return []
    period = f"{world.round.period_from} till {world.round.period_to}"
    return [Breach(written=board.board_id, values={"board": board.name, "period": period})]


# --- texts --------------------------------------------------------------------------------------

_PERSONAL_NUMBER = re.compile(
    r"(?<![\d-])(?:19|20)?(\d{2})(0[1-9]|1[0-2])"
    r"([0-2]\d|3[01]|6[1-9]|[7-8]\d|9[01])[-+ ]?(\d{4})(?![\d-])"
)
_MAIL = re.compile(
    r"[\w.+-]+@(?:gmail|hotmail|outlook|icloud|yahoo|live|telia)\.\w+", re.IGNORECASE
)


def texts_of(value: Any, place: Place | None = None) -> Iterator[tuple[str, Place | None]]:
    """Yield every text of a row with the nearest place."""
    if isinstance(value, str):
        yield value, place
    elif isinstance(value, Text):
        yield value.text, value.place or place
    elif isinstance(value, Figure):
        yield value.written, value.place or place
    elif isinstance(value, dict | list | tuple):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts_of(inner, place)
    elif hasattr(value, "__dataclass_fields__") and not isinstance(value, Place):
        own = getattr(value, "place", None) or place
        for name in value.__dataclass_fields__:
            if name != "place":
                yield from texts_of(getattr(value, name), own)


def _all_texts(judged: Judged) -> Iterator[tuple[str, str, Place | None]]:
    for section in GROUP_OF:
        for row in judged.reading.rows(section):
            for text, place in texts_of(row):
                yield section, text, place
    for unread in judged.reading.unread:
        yield "narratives", unread.text, unread.place


def has_check_digit(ten: str) -> bool:
    """Say whether ten digits end with the check digit of a personal number (Luhn)."""
    doubled = [int(d) * (2 if i % 2 == 0 else 1) for i, d in enumerate(ten)]
    return sum(n // 10 + n % 10 for n in doubled) % 10 == 0


@tests("B-PNR")
def _no_personal_number(case: Case, _: World, __: Rule) -> list[Breach] | None:
    return [
        Breach(
            place=place,
            written="******-****",
            section=section,
            values={"masked": "******-****"},
        )
        for section, text, place in _all_texts(case.judged)
        for found in _PERSONAL_NUMBER.finditer(text)
        if has_check_digit("".join(found.groups()))
    ]


@tests("B-MAIL")
def _no_private_mail(case: Case, _: World, __: Rule) -> list[Breach] | None:
    return [
        Breach(place=place, written="…@…", section=section)
        for section, text, place in _all_texts(case.judged)
        if _MAIL.search(text)
    ]


_DAMAGED = re.compile(
    r"\b(?:f6r|6ver|nimnd\w*|nirings\w*|godkinner|drendet?|handliggare|tjinste\w*)\b", re.IGNORECASE
)


@tests("H-OCR")
def _swedish_is_whole(case: Case, _: World, __: Rule) -> list[Breach] | None:
    found = [
        (text[m.start() : m.end()], place)
        for _, text, place in _all_texts(case.judged)
        for m in _DAMAGED.finditer(text)
    ]
    if len(found) < 3:  # noqa: PLR2004 - a few odd words are misprints, not a damaged scan
        return []
    word, place = found[0]
    return [Breach(place=place, written=word, values={"count": str(len(found)), "word": word})]


# --- fields of an issued form ---------------------------------------------------------------------


@tests("B-REQ")
def _filled_in(case: Case, _: World, __: Rule) -> list[Breach] | None:
    cell = case.cell
    if cell is None:
        return None
    if case.columns["required_value"] is not None:
        return []
    heading = f"Kolumnen {cell.heading}"
    return [Breach(place=cell.place, field=cell.column.field, values={"heading": heading})]


def _bad_figure(case: Case, *, interval: bool) -> list[Breach] | None:
    cell = case.cell
    if cell is None or not isinstance(cell.value, Figure) or cell.column.interval is not interval:
        return None
    if cell.value.state != "unreadable":
        return []
    return [Breach(place=cell.place, written=cell.value.written, field=cell.column.field)]


@tests("B-NUM")
def _is_number(case: Case, _: World, __: Rule) -> list[Breach] | None:
    return _bad_figure(case, interval=False)


@tests("B-RANGE")
def _is_count(case: Case, _: World, __: Rule) -> list[Breach] | None:
    return _bad_figure(case, interval=True)


@tests("B-LIST")
def _is_in_list(case: Case, world: World, __: Rule) -> list[Breach] | None:
    cell = case.cell
    if cell is None or cell.column.kind != "word" or cell.value is None:
        return None
    if cell.value.code is not None or not cell.value.written:
        return []
    scale = world.city.scale(cell.column.scale or "", world.day)
    listed = ", ".join(word.word for word in scale.words)
    return [
        Breach(
            place=cell.place,
            written=cell.value.written,
            expected=listed,
            field=cell.column.field,
            values={"list": listed},
        )
    ]


@tests("B-DATE")
def _is_time(case: Case, _: World, __: Rule) -> list[Breach] | None:
    cell = case.cell
    if cell is None or cell.column.kind != "due" or cell.value is None:
        return None
    due = cell.value
    if due.earliest or due.latest or not due.written:
        return []
    return [Breach(place=cell.place, written=due.written, field=cell.column.field)]


@tests("B-DUP")
def _said_once(case: Case, _: World, __: Rule) -> list[Breach] | None:
    # Great Expectations' own expectation finds them; here only the words.
    return [Breach(place=case.place, written=str(case.columns["row_key"]))]


# --- goals ---------------------------------------------------------------------------------------


@tests("C-GOAL")
def _every_goal_answered(case: Case, world: World, _: Rule) -> list[Breach] | None:
    judged = case.judged
    if not _owes(judged, world, "goals") or "goals" in judged.reading.nothing_to_report:
        return None
    if not judged.reading.goals:
        return None  # the whole group is then missing, and said so once
    answered = {goal.goal_id for goal in judged.reading.goals}
    board = judged.board
    return [
        Breach(
            section="goals",
            values={"board": board.name if board else "", "goal": goal.title},
            expected=goal.goal_id,
        )
        for goal in world.city.goals_on(world.day)
        if board and board.board_id in goal.designated and goal.goal_id not in answered
    ]


def _owes(judged: Judged, world: World, group: str) -> bool:
    if judged.board is None or world.round is None or judged.period != world.round.round_id:
        return False
    return world.city.owes(judged.board, world.round, group)


@tests("C-KNOWN")
def _goal_is_known(case: Case, world: World, _: Rule) -> list[Breach] | None:
    goal = case.row
    if goal.level != "council":
        return None
    known = {g.goal_id for g in world.city.goals_on(world.day)}
    if goal.goal_id in known:
        return []
    return [Breach(place=case.place, written=goal.goal_id or goal.title)]


@tests("C-ASSESS")
def _assessment_has_motive(case: Case, _: World, __: Rule) -> list[Breach] | None:
    goal = case.row
    if goal.assessment is None or not goal.assessment.written:
        return None
    if goal.motive is not None and goal.motive.text.strip():
        return []
    values = {"goal": goal.title}
    return [Breach(place=goal.assessment.place, written=goal.assessment.written, values=values)]


@tests("C-JUMP")
def _no_unexplained_jump(case: Case, world: World, _: Rule) -> list[Breach] | None:
    before = _before(case, world)
    goal = case.row
    if before is None or before.assessment is None or goal.assessment is None:
        return None
    steps = {w.code: w for w in world.city.scale("goal_assessment", world.day).words}
    old, new = steps.get(before.assessment.code), steps.get(goal.assessment.code)
    if old is None or new is None or "hard" in (old.code, new.code):
        return None
    if abs(old.order - new.order) < 2:  # noqa: PLR2004 - two steps
        return []
    values = {"goal": goal.title, "before": old.word}
    return [Breach(place=goal.assessment.place, written=new.word, values=values)]


@tests("C-COPY")
def _text_is_new(case: Case, world: World, _: Rule) -> list[Breach] | None:
    before = _before(case, world)
    goal = case.row
    if before is None or before.motive is None or goal.motive is None:
        return None
    old, new = before.motive.text, goal.motive.text
    if len(new) < 60 or "oförändrat" in new.casefold():  # noqa: PLR2004 - short texts are alike
        return None
    share = difflib.SequenceMatcher(None, old, new, autojunk=False).ratio()
    if share < 0.9:  # noqa: PLR2004 - rules.md: 90 % alike
        return []
    values = {"goal": goal.title, "share": str(round(share * 100))}
    return [Breach(place=goal.motive.place, values=values)]


def _before(case: Case, world: World, *, year: bool = False) -> Any:
    board = case.judged.board
    rows = world.before(board.board_id if board else None, case.section or "", year=year)
    return rows.get(case.key or "")


@tests("C-IND")
def _indicator_is_whole(case: Case, _: World, __: Rule) -> list[Breach] | None:
    indicator = case.row
    missing = []
    targets = (indicator.target_year, indicator.target_term, indicator.desired_outcome)
    if not any(targets):
        missing.append("målvärde")
    has_outcome = any(f.state == "read" for f in indicator.outcomes.values())
    if not has_outcome and case.judged.reading.document.kind != "board_plan":
        missing.append("utfall")
    if not missing:
        return []
    values = {"name": indicator.name, "missing": " och ".join(missing)}
    return [Breach(place=case.place, values=values)]


# --- assignments ---------------------------------------------------------------------------------


def _case_name(row: Any) -> str:
    return row.case_number or row.assignment_id or f"”{row.text[:60]}”"


@tests("D-REF")
def _case_number_is_right(case: Case, world: World, _: Rule) -> list[Breach] | None:
    written = case.row.case_number
    if not written:
        return None
    patterns = [b.case_pattern for b in world.city.boards if b.case_pattern]
    if any(re.fullmatch(pattern, written) for pattern in patterns):
        return []
    board = case.judged.board
    example = (board.case_example if board else None) or next(
        (b.case_example for b in world.city.boards if b.case_example), ""
    )
    return [Breach(place=case.place, written=written, expected=example)]


@tests("D-PARA")
def _decision_has_paragraph(case: Case, _: World, __: Rule) -> list[Breach] | None:
    decision = case.row.decision
    if decision is None or decision.date is None:
        return None
    if decision.paragraph:
        return []
    values = {"organ": decision.organ or "", "date": swedish_day(decision.date)}
    return [Breach(place=case.place, values=values, field="decision")]


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
    if not _owes(judged, world, "assignments") or not judged.reading.assignments:
        return None
    answered = {row.assignment_id for row in judged.reading.assignments}
    cases = {row.case_number for row in judged.reading.assignments}
    board = judged.board.board_id if judged.board else ""
    return [
        Breach(
            section="assignments",
            expected=item.assignment_id,
            values={"case": item.case_number or item.assignment_id, "text": item.text},
        )
        for item in world.city.assignments_for(board, world.day)
        if item.assignment_id not in answered
        and (item.case_number is None or item.case_number not in cases)
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
    return [Breach(place=row.status.place or case.place, values=values, field="due")]


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
    return [Breach(place=case.place, values=values, field="decision")]


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
    missing = sorted(proposed - clauses)
    if not missing and not clauses - proposed:
        return []
    values = {
        "clauses": str(len(clauses)),
        "rows": str(len(proposed)),
        "missing": ", ".join(missing) or "inget",
    }
    return [Breach(place=reading.decisions[0].place, section="decisions", values=values)]


@tests("D-MULTI")
def _joint_statuses_agree(case: Case, world: World, _: Rule) -> list[Breach] | None:
    row = case.row
    if row.assignment_id is None or row.status is None or row.status.code is None:
        return None
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


# --- economy -------------------------------------------------------------------------------------


def _read(figures: Iterable[Figure | None]) -> list[Figure]:
    return [f for f in figures if f is not None and f.state == "read" and f.value is not None]


def _difference(case: Case) -> tuple[Decimal, Decimal, Decimal] | None:
    """Return (computed, difference, tolerance) of a sum, None where a term is not read."""
    total = case.sum
    if total is None or total.total.value is None:
        return None
    terms = _read(total.terms)
    if len(terms) != len(total.terms) or len({f.unit for f in (*terms, total.total)}) > 1:
        return None
    computed = sum((f.value for f in terms if f.value is not None), Decimal(0))
    allowed = tolerance([*terms, total.total], len(terms))
    return computed, abs(computed - total.total.value), allowed


COLUMN_WORDS = {
    "outcome": "Utfall",
    "budget": "Budget",
    "deviation": "Avvikelse",
    "outcome_prev": "Utfall föregående år",
    "forecast": "Prognos",
    "forecast_prev": "Föregående prognos",
    "budget_year": "Budget helår",
    "accounts_prev": "Bokslut föregående år",
}


@tests("E-SUM")
def _adds_up(case: Case, _: World, __: Rule) -> list[Breach] | None:
    found = _difference(case)
    if found is None or case.sum is None:
        return None
    computed, difference, allowed = found
    if difference <= allowed:
        return []
    decimals = case.sum.total.decimals
    values = {
        "column": COLUMN_WORDS.get(case.sum.column, case.sum.column),
        "computed": swedish(computed, decimals),
        "written": swedish(case.sum.total.value, decimals),
    }
    return [
        Breach(case.place, values["written"], values["computed"], case.sum.column, values=values)
    ]


@tests("E-SUM-ROUND")
def _adds_up_exactly(case: Case, _: World, __: Rule) -> list[Breach] | None:
    found = _difference(case)
    if found is None or case.sum is None:
        return None
    _computed, difference, allowed = found
    if difference == 0 or difference > allowed:
        return []
    column = COLUMN_WORDS.get(case.sum.column, case.sum.column)
    values = {"column": column, "difference": swedish(difference)}
    return [Breach(case.place, field=case.sum.column, values=values)]


@tests("E-DEV")
def _deviation_is_difference(case: Case, _: World, __: Rule) -> list[Breach] | None:
    columns = case.row.columns
    three = _read(columns.get(key) for key in ("outcome", "budget", "deviation"))
    if len(three) != 3 or len({f.unit for f in three}) > 1:  # noqa: PLR2004 - all three
        return None
    outcome, budget, deviation = (f.value or Decimal(0) for f in three)
    computed = outcome - budget
    if abs(computed - deviation) <= tolerance(three, 2):
        return []
    decimals = three[2].decimals
    values = {"label": case.row.label, "computed": swedish(computed, decimals)}
    written = swedish(deviation, decimals)
    return [Breach(three[2].place, written, values["computed"], "deviation", values=values)]


@tests("E-SIGN")
def _costs_have_sign(case: Case, world: World, _: Rule) -> list[Breach] | None:
    if case.row.line != "costs" or world.city.settings.get("signs", {}).get("costs") != "negative":
        return None
    return [
        Breach(f.place, swedish(f.value, f.decimals), field=key, values={"label": case.row.label})
        for key, f in case.row.columns.items()
        if key not in ("deviation", "forecast_deviation") and f.value is not None and f.value > 0
    ]


@tests("E-NEG30")
def _deficit_has_measures(case: Case, _: World, __: Rule) -> list[Breach] | None:
    forecast = case.row.columns.get("forecast")
    if case.row.line != "result" or forecast is None or forecast.value is None:
        return None
    if forecast.value >= 0:
        return []
    if any(d.measure_taken and d.measure_taken.text for d in case.judged.reading.deviations):
        return []
    return [Breach(forecast.place, f"{swedish(forecast.value, forecast.decimals)} {forecast.unit}")]


@tests("E-PREV")
def _comparison_is_last_years(case: Case, world: World, _: Rule) -> list[Breach] | None:
    written = case.row.columns.get("accounts_prev")
    board = case.judged.board
    rows = world.before(board.board_id if board else None, "finance", year=True)
    last = rows.get(case.key or "")
    before = last.columns.get("outcome") if last is not None else None
    if written is None or before is None or written.value is None or before.value is None:
        return None
    if written.unit != before.unit:
        return None
    if abs(written.value - before.value) <= tolerance([written, before], 1):
        return []
    values = {"label": case.row.label, "before": swedish(before.value, before.decimals)}
    return [
        Breach(
            written.place,
            swedish(written.value, written.decimals),
            values["before"],
            "accounts_prev",
            values=values,
        )
    ]


THOUSAND = (Decimal(300), Decimal(3000))


@tests("B-UNIT")
def _same_magnitude(case: Case, world: World, _: Rule) -> list[Breach] | None:
    if case.section not in ("finance", "staff", "central_items", "measures"):
        return None
    before = _before(case, world)
    if before is None or not hasattr(case.row, "columns"):
        return None
    breaches = []
    for key, figure in case.row.columns.items():
        old = before.columns.get(key)
        if old is None or not figure.value or not old.value or figure.unit != old.unit:
            continue
        ratio = abs(figure.value / old.value)
        near = THOUSAND[0] <= ratio <= THOUSAND[1]
        if near or THOUSAND[0] <= 1 / ratio <= THOUSAND[1]:
            values = {
                "label": getattr(case.row, "label", None) or case.row.name,
                "factor": "1 000" if near else "en tusendel",
                "before": swedish(old.value, old.decimals),
            }
            written = swedish(figure.value, figure.decimals)
            breaches.append(Breach(figure.place, written, field=key, values=values))
    return breaches


# --- competence ----------------------------------------------------------------------------------


@tests("F-GAP")
def _comment_matches_gap(case: Case, _: World, __: Rule) -> list[Breach] | None:
    gap = case.row
    if gap.comment is None or gap.years_2 is None or gap.years_5 is None:
        return None
    both_same = gap.years_2.code == gap.years_5.code == "SAME"
    text = gap.comment.text.casefold()
    if not both_same or not re.search(r"\bkvantitativt (?:och [\w-]+ )?gap", text):
        return []
    values = {"occupation": gap.occupation}
    return [Breach(gap.comment.place or case.place, gap.years_2.written, values=values)]


@tests("F-RISK")
def _risk_has_activity(case: Case, world: World, _: Rule) -> list[Breach] | None:
    gap = case.row
    if gap.risk is None or gap.risk.code is None:
        return None
    highest = max(world.city.scale("risk", world.day).words, key=lambda w: w.order, default=None)
    if highest is None or gap.risk.code != highest.code:
        return []
    stem = plain(gap.occupation)[:8]
    for activity in case.judged.reading.activities:
        described = activity.description.text if activity.description else ""
        if stem in plain(f"{activity.activity} {described}"):
            return []
    return [Breach(gap.risk.place, gap.risk.written, values={"occupation": gap.occupation})]


@tests("F-SUBSET")
def _parts_within_missing(case: Case, _: World, __: Rule) -> list[Breach] | None:
    row = case.row
    if row.missing is None or row.vacant_or_hired is None or row.other_competence is None:
        return None
    missing = row.missing.high if row.missing.high is not None else row.missing.value
    parts = [
        f.low if f.low is not None else f.value for f in (row.vacant_or_hired, row.other_competence)
    ]
    if missing is None or parts[0] is None or parts[1] is None:
        return None
    if parts[0] + parts[1] <= missing:
        return []
    values = {
        "position": row.position,
        "vacant": row.vacant_or_hired.written,
        "other": row.other_competence.written,
        "missing": row.missing.written,
    }
    return [Breach(row.missing.place or case.place, row.missing.written, values=values)]


@tests("F-MONEY")
def _grant_within_request(case: Case, _: World, __: Rule) -> list[Breach] | None:
    # Great Expectations' own expectation finds them; here only the words.
    row = case.row
    values = {
        "effort": row.effort[:80],
        "granted": swedish(row.granted.value) if row.granted else "",
        "requested": swedish(row.requested.value) if row.requested else "",
    }
    place = row.granted.place if row.granted else case.place
    return [Breach(place, values["granted"], values["requested"], "granted", values=values)]


@tests("F-TARGET")
def _effort_has_headcount(case: Case, _: World, __: Rule) -> list[Breach] | None:
    count = case.row.headcount
    if count is not None and (count.value is not None or count.low is not None):
        return []
    return [Breach(case.place, field="headcount", values={"title": case.row.title[:80]})]


def in_kronor(figure: Figure | None) -> Decimal | None:
    """Return a figure of money in kronor, None where it is no money or not read."""
    factor = {"kr": 1, "tkr": 1000, "mnkr": 1_000_000}.get((figure.unit or "") if figure else "")
    if figure is None or figure.value is None or factor is None:
        return None
    return figure.value * factor


def pool_of(city: City) -> Decimal | None:
    """Return the money set aside for competence, in kronor."""
    pool = city.settings.get("funding", {}).get("pool")
    return Decimal(str(pool)) if pool is not None else None


@tests("F-POOL")
def _pool_is_enough(_: Case, world: World, __: Rule) -> list[Breach] | None:
    pool = pool_of(world.city)
    costs = [
        amount
        for judged in world.documents
        for amount in (
            *(in_kronor(effort.cost) for effort in judged.reading.efforts),
            *(in_kronor(row.requested) for row in judged.reading.funding),
        )
        if amount is not None
    ]
    if pool is None or not costs:
        return None
    total = sum(costs, Decimal(0))
    if total <= pool:
        return []
    values = {"computed": f"{swedish(total, 0)} kronor", "pool": f"{swedish(pool, 0)} kronor"}
    return [Breach(written=values["computed"], expected=values["pool"], values=values)]


# --- staff ---------------------------------------------------------------------------------------


@tests("P-PERCENT")
def _is_a_share(case: Case, _: World, __: Rule) -> list[Breach] | None:
    return [
        Breach(f.place, f.written, field=key, values={"label": case.row.label})
        for key, f in case.row.columns.items()
        if f.unit == "percent" and f.value is not None and not 0 <= f.value <= 100  # noqa: PLR2004
    ]


@tests("P-PART")
def _parts_within_total(case: Case, _: World, __: Rule) -> list[Breach] | None:
    staff = case.judged.reading.staff
    total = next((row for row in staff if row.metric == "sick_leave_total"), None)
    parts = [row for row in staff if row.metric in ("sick_leave_short", "sick_leave_long")]
    if total is None or not parts:
        return None
    breaches = []
    for row in parts:
        for key, figure in row.columns.items():
            whole = total.columns.get(key)
            if whole is None or whole.value is None or figure.value is None:
                continue
            if figure.value > whole.value + tolerance([whole, figure], 1):
                values = {"label": row.label, "total": whole.written}
                breaches.append(Breach(figure.place, figure.written, field=key, values=values))
    return breaches
