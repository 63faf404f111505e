"""What can be wrong in a submission: for every rule of the catalogue, ways to break just it.

A fault takes a board's valid answers and spoils one thing. It says which rule must answer and in
which cell. Rules that no issued form can break have papers instead: a free document that keeps
the rule and one that breaks it, and why a form cannot.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as made_with
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import openpyxl

from benchmarks.valid_forms import (
    BOARDS,
    CITY,
    DAYLESS,
    RECEIVED,
    ROUND,
    number,
    past_of,
    valid,
    word,
)
from expectations.contract import (
    Assignment,
    Decided,
    Decision,
    Document,
    Due,
    Effort,
    Figure,
    FinanceLine,
    Goal,
    Indicator,
    Narrative,
    Place,
    Reading,
    Text,
    Unread,
    Word,
)
from expectations.contract import (
    Fault as ReadFault,
)
from expectations.form_layout import LOOSE_TEXT, OUTSIDE_SHEET
from expectations.registers import Board

Rows = tuple[Any, ...]
CLOSED = "proposed_fulfilled"


@dataclass(frozen=True, slots=True)
class Spoiled:
    """Answers with one fault: its row and field (None: no cell), and how the file comes in."""

    answers: Reading
    section: str = ""
    row: int | None = None
    field: str = ""
    comes: dict[str, Any] = made_with(default_factory=dict)
    """What of the document the way in decides: sender, received_at, city."""
    data: Callable[[bytes], bytes] | None = None
    """What is done to the file itself."""
    round_id: str = ROUND.round_id
    version: str = ""
    twice: bool = False
    beside: tuple[tuple[Board, Reading], ...] = ()
    """What others hand in, that it is held against."""
    cell: str = ""
    """The cell itself, where no row of the contract stands either."""
    told_at: str = ""
    """Where no row stands: the name of the cell in the document's `places`."""


Spoil = Callable[[random.Random, Reading, Board], Spoiled | None]


@dataclass(frozen=True, slots=True)
class Fault:
    """A way to break one rule; `boards` are those whose answers can be spoiled so."""

    rule: str
    spoil: Spoil
    is_citys: bool = False


def put(answers: Reading, section: str, at: int, row: Any) -> Reading:
    """Return the answers with another row in place of one."""
    rows = answers.rows(section)
    return replace(answers, **{section: (*rows[:at], row, *rows[at + 1 :])})


def row(
    rule: str,
    section: str,
    name: str,
    change: Callable[[random.Random, Any], Any],
    fits: Callable[[Any], bool] = lambda _: True,
) -> Fault:
    """Return a fault that changes one row; it is told of at that row's field."""

    def spoil(rng: random.Random, answers: Reading, _: Board) -> Spoiled | None:
        rows = answers.rows(section)
        able = [i for i, one in enumerate(rows) if fits(one)]
        if not able:
            return None
        at = rng.choice(able)
        return Spoiled(put(answers, section, at, change(rng, rows[at])), section, at, name)

    return Fault(rule, spoil)


def whole(rule: str, change: Callable[[random.Random, Reading, Board], Spoiled | None]) -> Fault:
    """Return a fault of the answers as a whole."""
    return Fault(rule, change)


def comes(rule: str, **how: Any) -> Fault:
    """Return a fault in how the file comes in."""
    return Fault(rule, lambda _, answers, __: Spoiled(answers, **how))


def head(rule: str, told_at: str, **changes: Any) -> Fault:
    """Return a fault on the start sheet, told of at one of its cells."""
    return Fault(
        rule,
        lambda _, a, __: Spoiled(
            replace(a, document=replace(a.document, **changes)), told_at=told_at
        ),
    )


def col(name: str, change: Callable[[Figure], Figure]) -> Callable[[random.Random, Any], Any]:
    """Return a change of one column of a row."""
    return lambda _, one: replace(one, columns=one.columns | {name: change(one.columns[name])})


def plus(amount: str) -> Callable[[Figure], Figure]:
    """Return a change that adds to a figure."""
    return lambda f: number((f.value or 0) + Decimal(amount), f.unit or "", f.decimals or 0)


def times(factor: int) -> Callable[[Figure], Figure]:
    """Return a change that multiplies a figure."""
    return lambda f: number((f.value or 0) * factor, f.unit or "", f.decimals or 0)


def spelt(written: str) -> Callable[[Figure], Figure]:
    """Return a change that writes words where a number is asked."""
    return lambda f: Figure(written, None, f.unit, None, "unreadable")


def line(*codes: str) -> Callable[[Any], bool]:
    """Return what picks lines of a table."""
    return lambda one: getattr(one, "line", getattr(one, "metric", None)) in codes


def has(name: str) -> Callable[[Any], bool]:
    """Return what picks rows that have a column."""
    return lambda one: name in one.columns


def motive(words: str) -> Callable[[random.Random, Any], Any]:
    """Return a change of a goal's motive."""
    return lambda _, one: replace(one, motive=Text(words))


def state(code: str, **more: Any) -> Callable[[random.Random, Any], Any]:
    """Return a change of an assignment's status."""
    return lambda _, one: replace(one, status=word("assignment_status", code), **more)


def decided(**changes: Any) -> Callable[[random.Random, Any], Any]:
    """Return a change of an assignment's decision."""
    return lambda _, one: replace(one, decision=replace(one.decision, **changes))


def is_open_past(one: Any) -> bool:
    """Say whether the register's day of an assignment has gone by."""
    item = next((a for a in CITY.assignments if a.assignment_id == one.assignment_id), None)
    return bool(item and item.due and item.due.latest and item.due.latest < ROUND.period_to)


def is_shared_by_few(one: Any) -> bool:
    """Say whether an assignment has two or three addressees."""
    return 2 <= len(one.addressees) <= 3 and one.assignment_id != DAYLESS.assignment_id


def told(rule: str, words: str) -> Fault:
    """Return a fault in a running text."""

    def spoil(_: random.Random, answers: Reading, __: Board) -> Spoiled:
        rows = (*answers.narratives, Narrative(("Tillägg",), Text(words)))
        return Spoiled(replace(answers, narratives=rows), "narratives", len(rows) - 1, "text")

    return Fault(rule, spoil)


def dropped(
    rule: str, section: str, key: str, fits: Callable[[Any], bool] = lambda _: True
) -> Fault:
    """Return a fault that leaves a row out; it is told of where the row is to be filled in."""

    def spoil(rng: random.Random, answers: Reading, board: Board) -> Spoiled | None:
        rows = answers.rows(section)
        able = [i for i, one in enumerate(rows) if fits(one)]
        if len(rows) < 2 or not able:
            return None
        at = rng.choice(able)
        told_at = f"{section}/{getattr(rows[at], key)}"
        left = replace(answers, **{section: rows[:at] + rows[at + 1 :]})
        return Spoiled(left, told_at=told_at)

    return Fault(rule, spoil)


def added(rule: str, section: str, name: str, make: Callable[[Reading, Board], Any]) -> Fault:
    """Return a fault that adds a row."""

    def spoil(_: random.Random, answers: Reading, board: Board) -> Spoiled | None:
        new = make(answers, board)
        rows = answers.rows(section)
        if new is None:
            return None
        return Spoiled(replace(answers, **{section: (*rows, new)}), section, len(rows), name)

    return Fault(rule, spoil)


def as_before(rule: str, section: str, name: str, take: Callable[[Any, Any], Any | None]) -> Fault:
    """Return a fault made of what the board said in the round before."""

    def spoil(rng: random.Random, answers: Reading, board: Board) -> Spoiled | None:
        then = past_of(board).previous.rows(section)
        rows = answers.rows(section)
        able = [
            (i, new)
            for i, one in enumerate(rows)
            for old in then
            if same_row(one, old) and (new := take(one, old)) is not None
        ]
        if not able:
            return None
        at, new = rng.choice(able)
        return Spoiled(put(answers, section, at, new), section, at, name)

    return Fault(rule, spoil)


def same_row(one: Any, old: Any) -> bool:
    """Say whether two rows are of the same thing."""
    for name in ("assignment_id", "goal_id", "name"):
        if getattr(one, name, None) is not None:
            return bool(getattr(one, name) == getattr(old, name))
    return False


def _jumped(one: Any, old: Any) -> Any | None:
    far = {"good": "weak", "weak": "good"}.get(old.assessment.code)
    return replace(one, assessment=word("goal_assessment", far)) if far == "weak" else None


def _reopened(one: Any, old: Any) -> Any | None:
    was_done = old.status.code == CLOSED
    return replace(one, status=word("assignment_status", "ongoing")) if was_done else None


def _other_assignment(answers: Reading, board: Board) -> Assignment | None:
    item = next(
        a
        for a in CITY.assignments
        if board.board_id not in a.addressees and "*" not in a.addressees
    )
    due = Due("2026-12-31", date(2026, 12, 31), date(2026, 12, 31))
    return Assignment(
        item.text,
        assignment_id=item.assignment_id,
        case_number=item.case_number,
        point=item.point,
        origin=item.origin,
        decision=item.decision,
        addressees=item.addressees,
        status=word("assignment_status", "ongoing"),
        due=due,
        narrative=Text("Vi har börjat och fortsätter under hösten."),
    )


def _unknown_assignment(_: Reading, board: Board) -> Assignment:
    return Assignment(
        "Ett uppdrag som ingen har gett",
        assignment_id="L-U-1999-99",
        origin="executive",
        status=word("assignment_status", "ongoing"),
        due=Due("2026-12-31", date(2026, 12, 31), date(2026, 12, 31)),
        narrative=Text("Vi har börjat och fortsätter under hösten."),
    )


def _twins(rng: random.Random, answers: Reading, _: Board) -> Spoiled | None:
    if len(answers.goals) < 2:
        return None
    one = answers.goals[0].motive
    return Spoiled(
        put(answers, "goals", 1, replace(answers.goals[1], motive=one)), "goals", 1, "motive"
    )


def _deficit(_: random.Random, answers: Reading, __: Board) -> Spoiled:
    rows = tuple(
        replace(r, columns=r.columns | {"forecast": plus("-50")(r.columns["forecast"])})
        if r.line in ("costs", "result")
        else r
        for r in answers.finance
    )
    at = next(i for i, r in enumerate(rows) if r.line == "result")
    quiet = replace(answers, finance=rows, deviations=(), narratives=answers.narratives[:1])
    return Spoiled(quiet, "finance", at, "columns.forecast")


def _unborne(rng: random.Random, answers: Reading, _: Board) -> Spoiled | None:
    if not answers.goals:
        return None
    at = rng.randrange(len(answers.goals))
    goal = replace(answers.goals[at], assessment=word("goal_assessment", "good"))
    missed = tuple(
        replace(i, outcomes=i.outcomes | {"2026": i.outcomes["2025"]})
        if i.goal_id == goal.goal_id
        else i
        for i in answers.indicators
    )
    return Spoiled(
        replace(put(answers, "goals", at, goal), indicators=missed), "goals", at, "assessment"
    )


def _sick(rng: random.Random, answers: Reading, _: Board) -> Spoiled:
    total = next(r.columns["outcome"] for r in answers.staff if r.metric == "sick_leave_total")
    part = number((total.value or 0) - Decimal("0.2"), "percent")
    rows = tuple(
        replace(r, columns=r.columns | {"outcome": part}) if r.metric == "sick_leave_short" else r
        for r in answers.staff
    )
    at = next(i for i, r in enumerate(rows) if r.metric == "sick_leave_total")
    return Spoiled(replace(answers, staff=rows), "staff", at, "columns.outcome")


def _uncalculated(data: bytes) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    book["Ekonomi"]["C5"] = "=1+1"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _gapped(data: bytes) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    book["Kompetensgap"].move_range("A6:Z6", rows=2)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _elsewhere(_: random.Random, answers: Reading, board: Board) -> Spoiled:
    """Another document of the same board says otherwise of the same figure."""
    lines = answers.finance
    at = next(i for i, r in enumerate(lines) if r.line == "result")
    there = replace(
        lines[at], columns={"forecast": plus("9")(lines[at].columns["forecast"])}, place=None
    )
    return Spoiled(
        answers,
        "finance",
        at,
        "columns.forecast",
        beside=((board, Reading(Document(), finance=(there,))),),
    )


# --- boards together ------------------------------------------------------------------------------


def together(
    rule: str, mine: Callable[[Reading], Reading], theirs: Callable[[Reading], Reading]
) -> Fault:
    """Return a fault that shows only beside another board's answers."""

    def spoil(rng: random.Random, answers: Reading, board: Board) -> Spoiled | None:
        other = rng.choice([b for b in BOARDS if b != board])
        return Spoiled(mine(answers), beside=((other, theirs(valid(rng, other))),))

    return Fault(rule, spoil, is_citys=True)


def _grants(written: int) -> Callable[[Reading], Reading]:
    figure = number(written, "mnkr")
    columns = dict.fromkeys(("outcome", "budget", "forecast", "budget_year"), figure)
    row_ = FinanceLine("internal_grants", "Kommuninterna bidrag", columns=columns)
    return lambda a: replace(a, finance=(*a.finance, row_))


def _need(code: str) -> Callable[[Reading], Reading]:
    return lambda a: put(
        a, "competence_gaps", 0, replace(a.competence_gaps[0], years_2=word("competence_gap", code))
    )


def _asks(kronor: int) -> Callable[[Reading], Reading]:
    return lambda a: put(a, "funding", 0, replace(a.funding[0], requested=number(kronor, "kr", 0)))


def _dayless(code: str) -> Callable[[Reading], Reading]:
    def change(a: Reading) -> Reading:
        at = next(
            i for i, r in enumerate(a.assignments) if r.assignment_id == DAYLESS.assignment_id
        )
        return put(
            a, "assignments", at, replace(a.assignments[at], status=word("assignment_status", code))
        )

    return change


def _moved(a: Reading) -> Reading:
    words = " ".join(f"Två medarbetare har flyttats till {b.name}." for b in BOARDS)
    return replace(a, narratives=(*a.narratives, Narrative(("Personal",), Text(words))))


def _company(_: random.Random, answers: Reading, board: Board) -> Spoiled | None:
    companies = [b for b in BOARDS if b.kind == "company" and b != board]
    other = companies[0]
    copied = tuple(replace(r, table=other.name) for r in answers.finance)
    return Spoiled(
        replace(answers, finance=(*answers.finance, *copied)),
        beside=((other, valid(random.Random(1), other)),),
    )


def _uncovered(rng: random.Random, answers: Reading, board: Board) -> Spoiled | None:
    """Leave out a goal that the board is to answer for, at everybody."""
    if not answers.goals:
        return None
    other = rng.choice([b for b in BOARDS if b != board])
    goal_id = answers.goals[0].goal_id

    def less(a: Reading) -> Reading:
        return replace(a, goals=tuple(g for g in a.goals if g.goal_id != goal_id))

    return Spoiled(less(answers), beside=((other, less(valid(rng, other))),))


SPELLINGS = ("ca 3", "3 st", "1.234,5", "12,5 mnkr", "se bilaga", "tre", "5 %")
AFTER = next(d for d in CITY.meetings["KF"] if d > date(2026, 9, 10))
OLD = next(b for b in CITY.boards if b.valid_to is not None)

FAULTS = (
    comes("A-FILE", data=lambda data: data[: len(data) // 2]),
    comes("A-TPL", version="2025.9", told_at="template_version"),
    whole("A-BODY", lambda g, a, b: Spoiled(a, comes={"board": g.choice([o for o in BOARDS if o != b]).board_id}, told_at="board")),
    comes("A-CITY", comes={"city": "malmo"}, told_at="city"),
    comes("A-PER", round_id="2026-03", told_at="round"),
    comes("A-SAME", twice=True, told_at="mark"),
    comes("A-LATE", comes={"received_at": datetime(2026, 10, 2, 8, tzinfo=UTC)}, told_at="group.economy"),
    comes("G-ORG", comes={"sender": OLD.board_id, "board": OLD.board_id}, told_at="board"),
    head("A-DATE", "date", date=date(2026, 9, 11)),
    head("A-DECIDED", "decided.paragraph", decided=Decided("nämnden", date(2026, 9, 8))),
    head("A-ROLE", "approved_by", approved_by=None),
    comes("B-FORMULA", data=_uncalculated, section="finance", row=0, field="columns.outcome"),
    whole("B-NOTHING", lambda _, a, __: Spoiled(replace(a, nothing_to_report=("staff",)), told_at="group.staff")),
    row("B-PNR", "goals", "motive", motive("Brukare 811218-9876 har fått hjälp i tid av oss.")),
    row("B-MAIL", "goals", "motive", motive("Fråga eva.exempel@gmail.com om vad som har gjorts.")),
    row("B-REQ", "goals", "assessment", lambda _, r: replace(r, assessment=None)),
    row("B-REQ", "goals", "motive", lambda _, r: replace(r, motive=None)),
    row("B-REQ", "assignments", "status", lambda _, r: replace(r, status=None)),
    row("B-REQ", "assignments", "narrative", lambda _, r: replace(r, narrative=None)),
    row("B-REQ", "competence_gaps", "risk", lambda _, r: replace(r, risk=None)),
    row("B-LIST", "goals", "assessment", lambda _, r: replace(r, assessment=Word("Toppen"))),
    row("B-LIST", "assignments", "status", lambda _, r: replace(r, status=Word("Snart"))),
    row("B-NUM", "finance", "columns.outcome", lambda g, r: col("outcome", spelt(g.choice(SPELLINGS)))(g, r)),
    row("B-NUM", "staff", "columns.outcome", lambda g, r: col("outcome", spelt(g.choice(SPELLINGS[:6])))(g, r)),
    row("B-NUM", "funding", "requested", lambda g, r: replace(r, requested=spelt(g.choice(SPELLINGS[:3]))(r.requested))),
    row("B-RANGE", "competence_positions", "missing", lambda _, r: replace(r, missing=Figure("några", None, "headcount", None, "unreadable"))),
    row("B-SPAN", "assignments", "report_back", lambda _, r: replace(r, report_back=Due("kvartal 4 2026", date(2026, 10, 1), date(2026, 12, 31)))),
    row("B-NAME", "activities", "responsible", lambda g, r: replace(r, responsible=g.choice(("Anna Lindqvist", "enheten genom Karl Erik Öberg")))),
    row("B-NAME", "competence_positions", "group", lambda _, r: replace(r, group="Eva Ström")),
    head("B-NAME", "approved_by", approved_by="Maria Sjöberg"),
    comes("B-GAP", data=_gapped, cell="A6"),
    row("B-DATE", "assignments", "report_back", lambda _, r: replace(r, report_back=Due("när det passar", None, None))),
    added("B-DUP", "investments", "name", lambda a, _: a.investments[0]),
    row("B-UNIT", "measures", "columns.period", col("period", times(1000))),
    row("B-NEG", "staff", "columns.outcome", col("outcome", times(-1)), line("exits")),
    row("B-EMPTY", "goals", "motive", motive("Kompletteras")),
    told("B-EMPTY", "Lorem ipsum"),
    row("B-SEE", "goals", "motive", motive("Se bilaga 3 i vår egen rapport")),
    dropped("C-GOAL", "goals", "goal_id", lambda g: any(x.goal_id == g.goal_id and x.designated for x in CITY.goals)),
    added("C-KNOWN", "goals", "goal_id", lambda a, b: Goal("Ett mål som inte finns", goal_id="L-Z9", assessment=word("goal_assessment", "some"), motive=Text("Arbetet följer planen och redovisas senare."))),
    row("C-ASSESS", "goals", "motive", lambda _, r: replace(r, motive=None)),
    row("C-SHORT", "goals", "motive", motive("Bra.")),
    row("C-SDG", "goals", "sdgs", lambda g, r: replace(r, sdgs=(*r.sdgs, g.randint(18, 99)))),
    whole("C-TWIN", _twins),
    whole("C-HIT", _unborne),
    as_before("C-JUMP", "goals", "assessment", _jumped),
    as_before("C-COPY", "goals", "motive", lambda one, old: replace(one, motive=old.motive)),
    told("C-COUNT", "Två av 90 mål är nådda."),
    row("C-TARGET", "indicators", "target_year", lambda _, r: replace(r, target_year=number(5, "percent"))),
    row("C-IND", "indicators", "target_year", lambda _, r: replace(r, target_year=None)),
    row("C-PREV", "indicators", "outcomes.2025", lambda _, r: replace(r, outcomes=r.outcomes | {"2025": plus("2")(r.outcomes["2025"])})),
    row("D-REF", "assignments", "case_number", lambda g, r: replace(r, case_number=f"{g.randint(10, 99)}/26"), lambda r: r.case_number),
    row("D-PARA", "assignments", "decision.paragraph", decided(paragraph=None)),
    row("D-MEET", "assignments", "decision.date", decided(date=date(2026, 1, 6))),
    row("D-FUTURE", "assignments", "decision.date", lambda g, r: replace(decided(organ="KF", date=AFTER)(g, r))),
    row("D-ORDER", "assignments", "due", lambda _, r: replace(r, due=Due("2024-01-31", date(2024, 1, 31), date(2024, 1, 31)))),
    row("D-PARENT", "assignments", "parent", lambda _, r: replace(r, parent="L-U-1999-77")),
    row("D-LATE", "assignments", "due", lambda _, r: replace(r, due=None), is_open_past),
    row("D-NODUE", "assignments", "due", lambda _, r: replace(r, due=None, report_back=None), lambda r: r.assignment_id == DAYLESS.assignment_id and r.status.code != CLOSED),
    row("D-CLOSE", "assignments", "narrative", state(CLOSED, narrative=Text("Arbetet pågår ännu på flera håll."))),
    row("D-NARR", "assignments", "narrative", state(CLOSED, narrative=None)),
    row("D-MULTI", "assignments", "status", state(CLOSED, narrative=Text("Planen är beslutad och allt är gjort.")), is_shared_by_few),
    added("D-KNOWN", "assignments", "assignment_id", _unknown_assignment),
    added("D-ADDR", "assignments", "assignment_id", _other_assignment),
    dropped("D-MISS", "assignments", "assignment_id"),
    told("D-COUNT", "Nio uppdrag föreslås fullgjorda."),
    as_before("D-BACK", "assignments", "status", _reopened),
    as_before("D-MOVED", "assignments", "due", lambda one, old: replace(one, narrative=old.narrative, due=Due("2027-12-31", date(2027, 12, 31), date(2027, 12, 31)))),
    as_before("D-COPY", "assignments", "narrative", lambda one, old: replace(one, narrative=old.narrative)),
    row("E-DEV", "finance", "columns.deviation", col("deviation", plus("7.5"))),
    row("E-SUM", "finance", "columns.outcome", col("outcome", plus("25")), line("result")),
    row("E-SUM", "finance", "columns.forecast", col("forecast", plus("25")), line("income")),
    row("E-SUM-ROUND", "finance", "columns.budget_year", col("budget_year", plus("0.1")), line("result")),
    row("E-SIGN", "finance", "columns.budget_year", col("budget_year", times(-1)), line("costs")),
    whole("E-NEG30", _deficit),
    row("E-PREV", "finance", "columns.accounts_prev", col("accounts_prev", plus("8")), has("accounts_prev")),
    row("E-FPREV", "finance", "columns.forecast_prev", col("forecast_prev", plus("8")), has("forecast_prev")),
    row("E-BUDGET", "finance", "columns.budget_year", col("budget_year", plus("8")), line("result")),
    told("E-TEXT", "Prognosen för året är ett överskott på 999,0 mnkr."),
    whole("E-XDOC", _elsewhere),
    row("E-CENTRAL", "central_items", "forecast", lambda _, r: replace(r, forecast=plus("9000")(r.forecast))),
    row("F-GAP", "competence_gaps", "comment", lambda _, r: replace(r, years_5=r.years_2, comment=Text("Det finns ett kvantitativt gap."))),
    row("F-RISK", "competence_gaps", "risk", lambda _, r: replace(r, risk=word("risk", "3"))),
    row("F-ORDER", "competence_gaps", "probability", lambda _, r: replace(r, probability=None)),
    row("F-SUBSET", "competence_positions", "missing", lambda _, r: replace(r, vacant_or_hired=number(6, "headcount", 0), other_competence=number(4, "headcount", 0))),
    row("F-MONEY", "funding", "granted", lambda _, r: replace(r, granted=plus("90000")(r.granted))),
    row("F-ZERO", "funding", "requested", lambda _, r: replace(r, requested=number(0, "kr", 0), granted=None, used=None)),
    row("F-USED", "funding", "used", lambda _, r: replace(r, used=plus("90000")(r.used))),
    row("F-ACT", "activities", "status", lambda _, r: replace(r, span=Due("2026-06-30", date(2026, 6, 30), date(2026, 6, 30)))),
    row("I-OVER", "investments", "columns.forecast", col("forecast", plus("200"))),
    row("P-PERCENT", "staff", "columns.outcome", col("outcome", lambda _: number(460, "percent")), line("sick_leave_total")),
    row("P-PART", "staff", "columns.outcome", col("outcome", plus("20")), line("sick_leave_short")),
    whole("P-SICK", _sick),
    row("P-EXITS", "staff", "columns.outcome", col("outcome", plus("5000")), line("exits")),
    row("P-FTE", "staff", "columns.outcome", col("outcome", times(3)), line("annual_fte")),
    row("P-PREV", "staff", "columns.accounts_prev", col("accounts_prev", plus("3")), has("accounts_prev")),
    row("P-JUMP", "staff", "columns.outcome", lambda _, r: replace(r, columns=r.columns | {"outcome_prev": times(4)(r.columns["outcome"])}), line("employees")),
    told("P-TEXT", "Sjukfrånvaron var 44,4 procent."),
    Fault("C-COVER", _uncovered, is_citys=True),
    together("D-JOINT", _dayless(CLOSED), _dayless("ongoing")),
    together("E-INTERNAL", _grants(-40), _grants(47)),
    together("F-MATCH", _need("LESS"), _need("MORE")),
    together("F-POOL", _asks(4_000_000), _asks(5_000_000)),
    together("P-MOVE", _moved, lambda a: a),
    Fault("G-TWICE", _company, is_citys=True),
)  # fmt: skip


# --- what no issued form can break ----------------------------------------------------------------

AT = Place(page=2, line=14)
FREE = Document(
    sha256="f" * 64,
    name="rapport.docx",
    city="lindhamn",
    board="socialnamnden",
    sender="socialnamnden",
    kind="interim_report",
    round="2026-08",
    received_at=RECEIVED,
)


@dataclass(frozen=True, slots=True)
class Paper:
    """A free document that keeps a rule, one that breaks it at a place, and why no form can."""

    rule: str
    why: str
    kept: Reading
    broken: Reading
    place: Place | None = AT


def free(document: Document = FREE, **sections: Sequence[Any]) -> Reading:
    """Return a free document with some rows."""
    return Reading(document, **{name: tuple(rows) for name, rows in sections.items()})


def _share(year: str) -> Indicator:
    figures = {"2026": number(55, "percent"), year: replace(number(55, "percent"), place=AT)}
    return Indicator(
        "Andel nöjda", AT, goal_id="L-B2", outcomes=figures, target_year=number(60, "percent")
    )


def _deviation(written: int) -> FinanceLine:
    columns = {
        "forecast": number(5, "mnkr"),
        "budget_year": number(1, "mnkr"),
        "forecast_deviation": replace(number(written, "mnkr"), place=AT),
    }
    return FinanceLine("result", "Resultat", AT, columns=columns)


def _done(case: str) -> tuple[Assignment, ...]:
    return (
        Assignment(
            "Ett uppdrag",
            AT,
            case_number=case,
            status=word("assignment_status", CLOSED),
            narrative=Text("Allt är gjort."),
        ),
    )


PLAN = replace(FREE, kind="board_plan", round=None, span="2026")
GOAL = Goal("Alla barn och unga ska ha en meningsfull fritid", AT, goal_id="L-B2")
WHOLE_WORDS = Narrative(("Läget",), Text("Nämnden har beslutat om planen.", AT))
DAMAGED = Narrative(
    ("Läget",),
    Text("Nimnden har beslutat om planen.", AT, repaired="Nämnden har beslutat om planen."),
)
FORM = replace(FREE, name="form.docx", kind="form", template_version="2026.1")
PROSE = Reading(replace(FORM, submitted_by="controller", approved_by="förvaltningschef"))
PAPERS = (
    Paper(
        "A-SCHEMA",
        "ett formulär är en arbetsbok, regeln gäller JSON",
        free(),
        replace(
            free(),
            faults=(ReadFault("A-SCHEMA", None, None, None, {"plats": "goals", "funnet": "text", "väntat": "lista"}),),
        ),
        None,
    ),
    Paper(
        "A-PERIOD",
        "ett formulär bär alltid sin omgång",
        free(narratives=[Narrative(("Läget",), Text("Allt väl."))]),
        free(replace(FREE, round=None), narratives=[Narrative(("Läget",), Text("Allt väl."))]),
        None,
    ),
    Paper("H-A11Y", "en arbetsbok har rubriker på varje flik", free(), replace(free(), bare_tables=(AT,))),
    Paper("H-OCR", "en arbetsbok är inte inskannad", free(narratives=[WHOLE_WORDS]), free(narratives=[DAMAGED])),
    Paper(
        "H-MACHINE",
        "en arbetsbok är inte inskannad",
        free(),
        free(replace(FREE, machine_read="ett program")),
        None,
    ),
    Paper(
        "B-OUTSIDE",
        "fel som en bänk lägger i ett formulär står alltid på formulärets platser",
        PROSE,
        replace(PROSE, unread=(Unread("Egen lapp", OUTSIDE_SHEET, AT),)),
    ),
    Paper(
        "B-LOOSE",
        "gäller Word-delen av ett formulär",
        PROSE,
        replace(PROSE, unread=(Unread("En lös rad", LOOSE_TEXT, AT),)),
    ),
    Paper(
        "B-SHEET",
        "formulären i bänken har alla sina flikar",
        replace(PROSE, headings={f"{name}.x": "A" for name in ("goals", "assignments", "finance", "staff")}),
        replace(PROSE, headings={f"{name}.x": "A" for name in ("goals", "assignments", "staff")}),
        None,
    ),
    Paper(
        "A-PART",
        "gäller Word-delen av ett formulär, som lämnas ensam",
        PROSE,
        replace(PROSE, document=replace(PROSE.document, form_part="prose")),
        None,
    ),
    Paper(
        "B-TWICE",
        "gäller Word-delen av ett formulär, när arbetsboken säger annat",
        PROSE,
        replace(
            PROSE,
            faults=(
                ReadFault("B-TWICE", AT, "goals", "Annat.", {"heading": "Motivering", "row": "Målet", "there": "fliken Mål, cell H5"}),
            ),
        ),
    ),
    Paper(
        "C-PLAN",
        "ett formulär är ingen nämndplan",
        free(PLAN, goals=[GOAL], indicators=[_share("2026")]),
        free(PLAN, goals=[GOAL]),
    ),
    Paper("C-YEAR", "formuläret har bara kolumner för omgångens år och det förra", free(indicators=[_share("2026")]), free(indicators=[_share("2027")])),
    Paper(
        "D-LIST",
        "formuläret har inga beslutssatser",
        free(assignments=_done("SN-2026-0001"), decisions=[Decision("1", "…", AT, case_numbers=("SN-2026-0001",))]),
        free(assignments=_done("SN-2026-0001"), decisions=[Decision("1", "…", AT, case_numbers=("SN-2026-0002",))]),
    ),
    Paper("E-FDEV", "formuläret har ingen kolumn för prognosens avvikelse", free(finance=[_deviation(4)]), free(finance=[_deviation(-4)])),
    Paper(
        "F-TARGET",
        "insatser söks i en ansökan, inte i formuläret",
        free(efforts=[Effort("Kurs", AT, headcount=number(5, "headcount", 0))]),
        free(efforts=[Effort("Kurs", AT)]),
    ),
)  # fmt: skip

ELSEWHERE = {
    "E-LEDGER": "bygger på stadens redovisning",
    "P-SYSTEM": "bygger på stadens personalsystem",
    "A-WHOSE": "gäller en fri handling i en annan nämnds mapp",
    "H-TEXT": "av tills staden slår på den",
}
"""Rules that neither a form nor a paper breaks, and why: a test keeps and breaks each."""
TESTED_IN = "tests/expectations/test_more_rules.py"
