"""Put faults into valid forms and see whether the right rule speaks, at the right cell.

Valid forms are written from the example city's registers with invented answers that vary; each is
read back from its workbook, as a board's would be. A fault changes one thing in one row and says
which rule must answer and in which cell; nothing else may. `make mutation-bench` prints the share
that was caught, by rule, every miss with its place, and the false alarms on the valid forms.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from expectations.contract import (
    Assignment,
    Deviation,
    Document,
    Due,
    Figure,
    FinanceLine,
    Goal,
    Indicator,
    Investment,
    Narrative,
    Reading,
    StaffFigure,
    Text,
    Word,
)
from expectations.form_layout import load_layouts, newest
from expectations.judging import judge
from expectations.register_files import load_city
from expectations.registers import Board
from expectations.verdicts import Finding
from tasks.form import write_workbook
from tasks.readers.workbook import read_workbook

CITY = load_city("lindhamn")
ROUND = CITY.round("2026-08")
TODAY = date(2026, 9, 10)
RECEIVED = datetime(2026, 9, 10, 8, tzinfo=UTC)
LAYOUTS = load_layouts()
LAYOUT = newest(LAYOUTS)
REASONS = (
    "Fler har fått stöd i tid och väntan är kortare än i fjol.",
    "Två av tre insatser är igång och den sista börjar i oktober.",
    "Arbetet följer planen och redovisas för nämnden i november.",
    "Resurserna har räckt och samarbetet med skolan har fördjupats.",
)
BATCH = 60


def text(rng: random.Random, about: str) -> Text:
    """Return a motive of its own: no two rows say the same."""
    return Text(f"{about[:40]}: {rng.choice(REASONS)}")


def number(value: Decimal | int, unit: str, decimals: int = 1) -> Figure:
    """Return a figure as a form holds it."""
    amount = Decimal(value).quantize(Decimal(1).scaleb(-decimals))
    written = f"{amount:.{decimals}f}".replace(".", ",").replace("-", "−")
    return Figure(written, amount, unit, decimals)


def word(scale: str, rng: random.Random, codes: tuple[str, ...] | None = None) -> Word:
    """Return a word of one of the city's scales."""
    steps = [w for w in CITY.scale(scale, ROUND.period_to).words if not codes or w.code in codes]
    step = rng.choice(steps)
    return Word(step.word, step.code)


def valid(rng: random.Random, board: Board) -> Reading:
    """Return a whole, varied answer of a board that breaks no rule."""
    goals = tuple(
        Goal(
            goal.title,
            goal_id=goal.goal_id,
            area=goal.area,
            sdgs=goal.sdgs,
            assessment=word("goal_assessment", rng),
            motive=text(rng, goal.title),
        )
        for goal in CITY.goals_on(ROUND.period_to)
        if not goal.designated or board.board_id in goal.designated
    )
    return Reading(
        Document(
            case_number=board.case_example,
            submitted_by="controller",
            approved_by="förvaltningschef",
            date=date(2026, 9, rng.randint(1, 9)),
        ),
        goals=goals,
        indicators=tuple(indicators(rng, goals)),
        assignments=tuple(assignments(rng, board)),
        finance=tuple(finance(rng, board)),
        staff=tuple(staff(rng)),
        investments=tuple(investments(rng)),
        deviations=(Deviation(text(rng, "Ekonomin"), measure_taken=text(rng, "Åtgärd")),),
        narratives=(Narrative(("Läget",), text(rng, "Läget i stort")),),
    )


def indicators(rng: random.Random, goals: tuple[Goal, ...]) -> Iterator[Indicator]:
    """Yield one indicator per goal, whose target lies the right way and is reached."""
    for goal in goals:
        base = rng.randint(30, 60)
        yield Indicator(
            f"Andel nöjda med {goal.title[:24].lower()}",
            goal_id=goal.goal_id,
            unit="percent",
            baseline=number(base, "percent"),
            outcomes={
                "2025": number(base + 1, "percent"),
                "2026": number(base + 4, "percent"),
            },
            target_year=number(base + 3, "percent"),
            direction="increase",
        )


def assignments(rng: random.Random, board: Board) -> Iterator[Assignment]:
    """Yield every open assignment of the board, with its state and a day that lies ahead."""
    for item in CITY.assignments_for(board.board_id, ROUND.period_to):
        decision = item.decision
        yield Assignment(
            item.text,
            assignment_id=item.assignment_id,
            case_number=item.case_number,
            point=item.point,
            origin=item.origin,
            decision=decision,
            addressees=item.addressees,
            status=word("assignment_status", rng, ("ongoing",)),
            due=Due("2026-12-31", date(2026, 12, 31), date(2026, 12, 31)),
            narrative=text(rng, item.text),
            parent=item.parent,
        )


def finance(rng: random.Random, board: Board) -> Iterator[FinanceLine]:
    """Yield a result table whose columns add up and whose forecast is in balance."""
    keys = ("outcome", "budget", "forecast", "budget_year")
    income = {k: Decimal(rng.randint(100, 900)) / 10 for k in keys}
    grant = {k: Decimal(rng.randint(1000, 9000)) / 10 for k in keys}
    result = {k: Decimal(rng.randint(0, 40)) / 10 for k in keys}
    last = "financial_net" if board.kind == "company" else "municipal_grant"
    lines = {
        "income": income,
        last: grant,
        "costs": {k: -(income[k] + grant[k] - result[k]) for k in keys},
        "result": result,
    }
    labels = {line.code: line.label for line in LAYOUT.section("finance").lines}
    for code, values in lines.items():
        columns = {k: number(v, "mnkr") for k, v in values.items()}
        columns["deviation"] = number(values["outcome"] - values["budget"], "mnkr")
        yield FinanceLine(code, labels[code], columns=columns)


def staff(rng: random.Random) -> Iterator[StaffFigure]:
    """Yield staff figures that are likely together."""
    people = rng.randint(80, 900)
    short, long = Decimal(rng.randint(15, 30)) / 10, Decimal(rng.randint(15, 40)) / 10
    labels = {line.code: line for line in LAYOUT.section("staff").lines}
    values = {
        "annual_fte": (Decimal(people) * Decimal("0.9"), 0),
        "employees": (Decimal(people), 0),
        "sick_leave_total": (short + long, 1),
        "sick_leave_short": (short, 1),
        "sick_leave_long": (long, 1),
        "exits": (Decimal(people // 20), 0),
    }
    for code, (value, decimals) in values.items():
        line = labels[code]
        figure = number(value, line.unit or "count", decimals)
        yield StaffFigure(code, line.label, columns={"outcome": figure})


def investments(rng: random.Random) -> Iterator[Investment]:
    """Yield one project within its budget."""
    budget = rng.randint(50, 400)
    yield Investment(
        "Lokaler och utrustning",
        columns={
            "outcome": number(budget // 2, "mnkr"),
            "forecast": number(budget, "mnkr"),
            "budget_year": number(budget, "mnkr"),
        },
    )


# --- faults ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to spoil a row: which rule must answer, in which section and field."""

    rule: str
    section: str
    field: str
    spoil: Callable[[random.Random, Any], Any]
    fits: Callable[[Any], bool] = lambda _: True


def column(name: str, change: Callable[[Figure], Figure]) -> Callable[[random.Random, Any], Any]:
    """Return a change of one column of a row."""
    return lambda _, row: replace(row, columns=row.columns | {name: change(row.columns[name])})


def plus(amount: str) -> Callable[[Figure], Figure]:
    """Return a change that adds to a figure."""
    return lambda f: number((f.value or 0) + Decimal(amount), f.unit or "", f.decimals or 0)


def words(written: str) -> Callable[[Figure], Figure]:
    """Return a change that writes words where a number is asked."""
    return lambda f: Figure(written, None, f.unit, None, "unreadable")


def is_line(*codes: str) -> Callable[[Any], bool]:
    """Return what picks lines of a table."""
    return lambda row: getattr(row, "line", getattr(row, "metric", None)) in codes


SPELLINGS = ("ca 3", "3 st", "1.234,5", "12,5 mnkr", "se bilaga", "tre", "5 %")
FAULTS = (
    Fault("B-REQ", "goals", "assessment", lambda _, r: replace(r, assessment=None)),
    Fault("B-REQ", "goals", "motive", lambda _, r: replace(r, motive=None)),
    Fault("B-REQ", "assignments", "status", lambda _, r: replace(r, status=None)),
    Fault("B-REQ", "assignments", "narrative", lambda _, r: replace(r, narrative=None)),
    Fault("B-LIST", "goals", "assessment", lambda _, r: replace(r, assessment=Word("Toppen"))),
    Fault("B-LIST", "assignments", "status", lambda _, r: replace(r, status=Word("Snart"))),
    Fault("C-SHORT", "goals", "motive", lambda _, r: replace(r, motive=Text("Bra."))),
    Fault("C-SDG", "goals", "sdgs", lambda g, r: replace(r, sdgs=(*r.sdgs, g.randint(18, 99)))),
    Fault("B-EMPTY", "goals", "motive", lambda _, r: replace(r, motive=Text("Kompletteras"))),
    Fault("B-SEE", "goals", "motive", lambda _, r: replace(r, motive=Text("Se bilaga 3 i vår egen rapport"))),
    Fault("C-TARGET", "indicators", "target_year", lambda _, r: replace(r, target_year=number(5, "percent"))),
    Fault("C-IND", "indicators", "target_year", lambda _, r: replace(r, target_year=None)),
    Fault("D-REF", "assignments", "case_number", lambda g, r: replace(r, case_number=f"{g.randint(10, 99)}/26")),
    Fault("D-CLOSE", "assignments", "narrative", lambda g, r: replace(r, status=word("assignment_status", g, ("proposed_fulfilled",)), narrative=Text("Arbetet pågår ännu på flera håll."))),
    Fault("D-PARENT", "assignments", "parent", lambda _, r: replace(r, parent="L-U-1999-77")),
    Fault("E-DEV", "finance", "columns.deviation", column("deviation", plus("7.5"))),
    Fault("E-SUM", "finance", "columns.outcome", column("outcome", plus("25")), is_line("result")),
    Fault("E-SUM", "finance", "columns.forecast", column("forecast", plus("25")), is_line("income")),
    Fault("E-SIGN", "finance", "columns.budget_year", column("budget_year", lambda f: number(-(f.value or 0), "mnkr")), is_line("costs")),
    Fault("B-NUM", "finance", "columns.outcome", lambda g, r: column("outcome", words(g.choice(SPELLINGS)))(g, r)),
    Fault("B-NUM", "staff", "columns.outcome", lambda g, r: column("outcome", words(g.choice(SPELLINGS[:6])))(g, r)),
    Fault("P-PERCENT", "staff", "columns.outcome", column("outcome", lambda _: number(460, "percent")), is_line("sick_leave_total")),
    Fault("P-PART", "staff", "columns.outcome", column("outcome", plus("20")), is_line("sick_leave_short")),
    Fault("P-EXITS", "staff", "columns.outcome", column("outcome", plus("5000")), is_line("exits")),
    Fault("P-FTE", "staff", "columns.outcome", column("outcome", lambda f: number((f.value or 0) * 3, "fte", 0)), is_line("annual_fte")),
    Fault("B-NEG", "staff", "columns.outcome", column("outcome", lambda f: number(-(f.value or 0), f.unit or "", 0)), is_line("exits")),
    Fault("I-OVER", "investments", "columns.forecast", column("forecast", plus("200"))),
)  # fmt: skip
NEIGHBOURS = {
    "E-SIGN": {"E-SUM"},
    "P-PERCENT": {"P-PART", "P-SICK"},
    "P-PART": {"P-SICK"},
    "B-EMPTY": {"C-SHORT"},
    "C-IND": {"B-REQ"},
    "E-SUM": {"E-DEV", "E-NEG30"},
    "D-CLOSE": {"D-MULTI"},
}
"""What else cannot help being true when a rule is broken in this way."""
ALSO = {"C-IND": "B-REQ"}
"""In an issued form the empty cell is told of by the rule on cells, at the same place."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One form with at most one fault, and where it was put."""

    reading: Reading
    fault: Fault | None = None
    row: int = 0


def handed_in(answers: Reading, board: Board, number_: int) -> Reading:
    """Write a workbook with the answers and read it back, as handed in by the board."""
    data = write_workbook(LAYOUT, city=CITY, board=board, round=ROUND, filled=answers)
    reading = read_workbook(data, city=CITY, layouts=LAYOUTS)
    document = replace(
        reading.document,
        sha256=f"{number_:064d}",
        name=f"form {number_}.xlsx",
        sender=board.board_id,
        received_at=RECEIVED,
    )
    return replace(reading, document=document)


def trials(rng: random.Random, *, faults: int, valids: int) -> Iterator[Trial]:
    """Yield valid forms and forms with one fault, evenly over the kinds of faults."""
    boards = [b for b in CITY.boards if CITY.owed(ROUND).get(b.board_id)]
    for number_ in range(faults + valids):
        board = rng.choice(boards)
        answers = valid(rng, board)
        if number_ >= faults:
            yield Trial(handed_in(answers, board, number_))
            continue
        start = number_ % len(FAULTS)
        for fault in (*FAULTS[start:], *FAULTS[:start]):
            rows = [i for i, r in enumerate(answers.rows(fault.section)) if fault.fits(r)]
            if rows:
                break
        at = rng.choice(rows)
        spoiled = [
            fault.spoil(rng, row) if i == at else row
            for i, row in enumerate(answers.rows(fault.section))
        ]
        answers = replace(answers, **{fault.section: tuple(spoiled)})
        yield Trial(handed_in(answers, board, number_), fault, at)


def findings_of(batch: list[Trial]) -> list[list[Finding]]:
    """Return what the rules say of each form by itself; one run of the suites for all."""
    verdicts = judge([t.reading for t in batch], city=CITY, round=ROUND, today=TODAY)
    cross = ("D-MULTI", "E-XDOC")
    return [
        [f for f in v.findings if not f.hidden and f.severity != "TIPS" and f.rule not in cross]
        for v in verdicts
    ]


def cell_of(trial: Trial) -> str | None:
    """Return the cell where the fault was put."""
    fault = trial.fault
    if fault is None:
        return None
    row = trial.reading.rows(fault.section)[trial.row]
    letter = trial.reading.headings.get(f"{fault.section}.{fault.field}")
    at = row.place.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return f"{letter}{at}"


def is_there(finding: Finding, trial: Trial) -> bool:
    """Say whether a finding points at the fault; a sum that is off points at its total."""
    wanted, cell = cell_of(trial), finding.place.cell if finding.place else None
    if finding.rule == "E-SUM" and wanted and cell:
        return wanted[0] == cell[0]
    return cell is not None and cell == wanted


def said(findings: list[Finding]) -> str:
    """Return findings in a line: rule and place."""
    return ", ".join(f"{f.rule} {f.place.cell if f.place else ''}" for f in findings) or "nothing"


def bench(*, faults: int, valids: int, seed: int) -> tuple[int, int]:
    """Run the trials, print what was caught, and return (misses, false alarms)."""
    rng = random.Random(seed)
    caught: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    placed: Counter[str] = Counter()
    missed: dict[str, list[str]] = defaultdict(list)
    alarms: list[str] = []
    every = list(trials(rng, faults=faults, valids=valids))
    for start in range(0, len(every), BATCH):
        batch = every[start : start + BATCH]
        for trial, found in zip(batch, findings_of(batch), strict=True):
            fault = trial.fault
            if fault is None:
                alarms += [f"{trial.reading.document.name}: {said([f])}" for f in found]
                continue
            asked[fault.rule] += 1
            right = {fault.rule, ALSO.get(fault.rule, fault.rule)}
            hits = [f for f in found if f.rule in right]
            caught[fault.rule] += bool(hits)
            exact = any(is_there(f, trial) for f in hits)
            placed[fault.rule] += exact
            others = [f for f in found if f.rule not in right | NEIGHBOURS.get(fault.rule, set())]
            if not exact or others:
                wanted = f"{fault.rule} {fault.section}.{fault.field} {cell_of(trial)}"
                missed[fault.rule].append(f"{wanted}: {said(found)}")
    print(f"{sum(asked.values())} faults, {valids} valid forms, {len(FAULTS)} kinds, seed {seed}")
    for rule in sorted(asked):
        print(f"  {rule:<10} {caught[rule]}/{asked[rule]} caught, {placed[rule]} at the cell")
    total, exact_ = sum(asked.values()), sum(placed.values())
    print(f"caught by the right rule {sum(caught.values())}/{total}, at the cell {exact_}/{total}")
    print(f"false alarms on {valids} valid forms: {len(alarms)}")
    for line in [*(one for told in missed.values() for one in told[:3]), *alarms[:10]]:
        print("  ", line)
    return total - exact_, len(alarms)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faults", type=int, default=2000)
    parser.add_argument("--valids", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    misses, false = bench(faults=options.faults, valids=options.valids, seed=options.seed)
    sys.exit(1 if misses or false else 0)
