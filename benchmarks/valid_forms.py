"""Whole, varied answers of boards that break no rule, with what the boards said in rounds before.

The answers go by the example city's registers and are written into real workbooks and read back,
as a board's would be. They are consistent with a history of their own: rules that look back apply.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache

from expectations.contract import (
    Activity,
    Assignment,
    CentralItem,
    CompetenceGap,
    CompetencePosition,
    Deviation,
    Document,
    Due,
    Figure,
    FinanceLine,
    Funding,
    Goal,
    Indicator,
    Investment,
    Measure,
    Narrative,
    Reading,
    StaffFigure,
    Submission,
    Text,
    Word,
)
from expectations.form_layout import load_layouts, newest
from expectations.register_files import load_city
from expectations.registers import Board, CityAssignment
from expectations.swedish import swedish
from expectations.verdicts import History
from tasks.form import write_workbook
from tasks.readers.workbook import read_workbook

WHOLE = load_city("lindhamn")
DAYLESS = CityAssignment(
    "L-U-2026-99",
    "Pröva hur möten kan bli färre och kortare",
    "executive",
    decision=WHOLE.assignments[-1].decision,
    addressees=("*", *(board.board_id for board in WHOLE.boards if board.valid_to is None)),
)
"""The register gives every assignment of the city a day; one without is needed too."""
CITY = replace(WHOLE, assignments=(*WHOLE.assignments, DAYLESS))
ROUND = CITY.round("2026-08")
TODAY = date(2026, 9, 10)
RECEIVED = datetime(2026, 9, 10, 8, tzinfo=UTC)
LAYOUTS = load_layouts()
LAYOUT = newest(LAYOUTS)
BOARDS = tuple(b for b in CITY.boards if CITY.owed(ROUND).get(b.board_id))
REASONS = (
    "Fler har fått stöd i tid och väntan är kortare än i fjol.",
    "Två av tre insatser är igång och den sista börjar i oktober.",
    "Arbetet följer planen och redovisas för nämnden i november.",
    "Resurserna har räckt och samarbetet med skolan har fördjupats.",
)
BEFORE = (
    "Under våren prövades ett nytt arbetssätt i ett av distrikten.",
    "En första kartläggning blev klar i februari och gav tre förslag.",
)
STEPS = ("good", "some", "weak")


def text(rng: random.Random, about: str, reasons: tuple[str, ...] = REASONS) -> Text:
    """Return a motive of its own: no two rows say the same."""
    return Text(f"{about[:40]}: {rng.choice(reasons)}")


def number(value: Decimal | int, unit: str, decimals: int = 1) -> Figure:
    """Return a figure as a form holds it."""
    amount = Decimal(value).quantize(Decimal(1).scaleb(-decimals))
    written = f"{amount:.{decimals}f}".replace(".", ",").replace("-", "−")
    return Figure(written, amount, unit, decimals)


def word(scale: str, code: str) -> Word:
    """Return a word of one of the city's scales."""
    step = CITY.scale(scale, ROUND.period_to).word_of(code)
    assert step is not None
    return Word(step.word, step.code)


@dataclass(frozen=True, slots=True)
class Past:
    """What a board said in the round before and in last year's annual report."""

    previous: Reading
    last_year: Reading


@cache
def past_of(board: Board) -> Past:
    """Return a board's past: always the same, whoever asks."""
    rng = random.Random(board.board_id)
    last_year = _answers(rng, board, None, BEFORE)
    return Past(_answers(rng, board, Past(last_year, last_year), BEFORE), last_year)


def history() -> History:
    """Return the past of all boards."""
    return History(
        *(
            tuple(
                Submission("lindhamn", b.board_id, period, (getattr(past_of(b), name),))
                for b in BOARDS
            )
            for name, period in (("previous", "2026-03"), ("last_year", "2025-12"))
        )
    )


def valid(rng: random.Random, board: Board) -> Reading:
    """Return a whole answer of a board that breaks no rule."""
    return _answers(rng, board, past_of(board), REASONS)


def _answers(
    rng: random.Random, board: Board, past: Past | None, reasons: tuple[str, ...]
) -> Reading:
    goals = tuple(_goals(rng, board, past, reasons))
    lines = tuple(_finance(rng, board, past))
    figures = tuple(_staff(rng, past))
    return Reading(
        Document(
            case_number=board.case_example,
            submitted_by="controller",
            approved_by="förvaltningschef",
            date=date(2026, 9, rng.randint(1, 9)),
        ),
        goals=goals,
        indicators=tuple(_indicators(rng, goals, past)),
        assignments=tuple(_assignments(rng, board, reasons)),
        finance=lines,
        central_items=tuple(_central(rng)),
        investments=tuple(_investments(rng)),
        measures=tuple(_measures(rng, past)),
        staff=figures,
        competence_gaps=tuple(_gaps(rng)),
        competence_positions=tuple(_positions(rng)),
        funding=tuple(_funding(rng)),
        activities=tuple(_activities()),
        deviations=(Deviation(text(rng, "Ekonomin"), measure_taken=text(rng, "Åtgärd")),),
        narratives=tuple(_narratives(rng, goals, lines, figures)),
    )


def _goals(
    rng: random.Random, board: Board, past: Past | None, reasons: tuple[str, ...]
) -> Iterator[Goal]:
    before = {g.goal_id: g.assessment for g in past.previous.goals} if past else {}
    for goal in CITY.goals_on(ROUND.period_to):
        if goal.designated and board.board_id not in goal.designated:
            continue
        last = before.get(goal.goal_id)
        at = STEPS.index(last.code) if last and last.code in STEPS else 1
        near = STEPS[max(0, at - 1) : at + 2]
        yield Goal(
            goal.title,
            goal_id=goal.goal_id,
            area=goal.area,
            sdgs=goal.sdgs,
            assessment=word("goal_assessment", rng.choice((*near, "hard"))),
            motive=text(rng, goal.title, reasons),
        )


def _indicators(
    rng: random.Random, goals: tuple[Goal, ...], past: Past | None
) -> Iterator[Indicator]:
    """Yield one indicator per goal, whose target lies the right way and is reached."""
    said = {i.goal_id: i for i in past.last_year.indicators} if past else {}
    for goal in goals:
        before = said.get(goal.goal_id)
        base = before.baseline.value if before and before.baseline else rng.randint(30, 60)
        yield Indicator(
            f"Andel nöjda med {goal.title[:24].lower()}",
            goal_id=goal.goal_id,
            unit="percent",
            baseline=number(base or 0, "percent"),
            outcomes={
                "2025": number((base or 0) + 1, "percent"),
                "2026": number((base or 0) + rng.randint(3, 9), "percent"),
            },
            target_year=number((base or 0) + 3, "percent"),
            direction="increase",
        )


def _assignments(
    rng: random.Random, board: Board, reasons: tuple[str, ...]
) -> Iterator[Assignment]:
    """Yield every open assignment of the board, with its state and a day that lies ahead."""
    later = Due("kvartal 4 2026", date(2026, 10, 1), date(2026, 12, 31))
    for item in CITY.assignments_for(board.board_id, ROUND.period_to):
        yield Assignment(
            item.text,
            assignment_id=item.assignment_id,
            case_number=item.case_number,
            point=item.point,
            origin=item.origin,
            decision=item.decision,
            addressees=tuple(a for a in item.addressees if a != "*"),
            status=word("assignment_status", _state_of(rng, board, item)),
            due=Due("2026-12-31", date(2026, 12, 31), date(2026, 12, 31)),
            report_back=rng.choice((None, later)),
            narrative=text(rng, item.text, reasons),
            parent=item.parent,
        )


def _state_of(rng: random.Random, board: Board, item: CityAssignment) -> str:
    """Return a state; every other board has long been done with the one that has no day."""
    if item is DAYLESS and BOARDS.index(board) % 2:
        return "proposed_fulfilled"
    return rng.choice(("ongoing", "part_reported"))


def _finance(rng: random.Random, board: Board, past: Past | None) -> Iterator[FinanceLine]:
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
    then = {line.line: line.columns for line in past.previous.finance} if past else {}
    year = {line.line: line.columns for line in past.last_year.finance} if past else {}
    for code, values in lines.items():
        columns = {k: number(v, "mnkr") for k, v in values.items()}
        columns["deviation"] = number(values["outcome"] - values["budget"], "mnkr")
        if past:
            columns["budget_year"] = then[code]["budget_year"]
            columns["forecast_prev"] = then[code]["forecast"]
            columns["accounts_prev"] = year[code]["outcome"]
        yield FinanceLine(code, labels[code], columns=columns)


def _staff(rng: random.Random, past: Past | None) -> Iterator[StaffFigure]:
    """Yield staff figures that are likely together and near what they were."""
    year = {row.metric: row.columns["outcome"] for row in past.last_year.staff} if past else {}
    before = year["employees"].value if year else None
    people = int((before or rng.randint(80, 900)) * Decimal(rng.randint(90, 110)) / 100)
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
        columns = {"outcome": number(value, line.unit or "count", decimals)}
        if code in year:
            columns["accounts_prev"] = year[code]
        yield StaffFigure(code, line.label, columns=columns)


def _central(rng: random.Random) -> Iterator[CentralItem]:
    for name in rng.sample(("Höjd beredskap", "Digital infrastruktur", "Jubileum"), 2):
        budget = rng.randint(900, 9000)
        spent, likely = budget // 2, budget - rng.randint(0, 300)
        yield CentralItem(name, None, *(number(v, "tkr", 0) for v in (spent, likely, budget)))


def _investments(rng: random.Random) -> Iterator[Investment]:
    for name in ("Lokaler och utrustning", "Fordon")[: rng.randint(1, 2)]:
        budget = rng.randint(50, 400)
        columns = {"outcome": budget // 2, "forecast": budget, "budget_year": budget}
        yield Investment(name, columns={k: number(v, "mnkr") for k, v in columns.items()})


def _measures(rng: random.Random, past: Past | None) -> Iterator[Measure]:
    base = past.previous.measures[0].columns["period"].value if past else None
    value = (base or Decimal(rng.randint(2000, 9000))) + rng.randint(0, 90)
    yield Measure("Antal besök", columns={"period": number(value, "count", 0)})


def _gaps(rng: random.Random) -> Iterator[CompetenceGap]:
    for occupation in ("Undersköterska", "Ingenjör"):
        yield CompetenceGap(
            occupation,
            years_2=word("competence_gap", "SAME"),
            years_5=word("competence_gap", rng.choice(("SAME", "MORE"))),
            risk=word("risk", rng.choice("12")),
            probability=word("probability", rng.choice("123")),
            gap_fte_short=rng.choice(
                (None, Figure("0-4", None, "fte", low=Decimal(0), high=Decimal(4)))
            ),
            comment=Text("Fler går i pension än vad som utbildas."),
        )


def _positions(rng: random.Random) -> Iterator[CompetencePosition]:
    counts = [number(n, "headcount", 0) for n in (6, rng.randint(0, 3), rng.randint(0, 3))]
    yield CompetencePosition("Enhetschef", "now", None, "Chefer", *counts)


def _funding(rng: random.Random) -> Iterator[Funding]:
    asked = rng.randint(20, 90) * 1000
    yield Funding(
        "Handledarutbildning",
        period="2026",
        requested=number(asked, "kr", 0),
        granted=number(asked - 5000, "kr", 0),
        used=number(asked // 3, "kr", 0),
    )


def _activities() -> Iterator[Activity]:
    yield Activity(
        "Nätverk för handledare",
        responsible="HR-enheten",
        phase="develop",
        span=Due("2026-12-31", date(2026, 12, 31), date(2026, 12, 31)),
        status=word("activity_status", "ongoing"),
    )


def _narratives(
    rng: random.Random,
    goals: tuple[Goal, ...],
    lines: tuple[FinanceLine, ...],
    figures: tuple[StaffFigure, ...],
) -> Iterator[Narrative]:
    """Yield texts that say in numbers what the tables say."""
    forecast = next(line.columns["forecast"] for line in lines if line.line == "result")
    sick = next(row.columns["outcome"] for row in figures if row.metric == "sick_leave_total")
    said = (
        f"Prognosen för året är ett överskott på {swedish(forecast.value, 1)} mnkr.",
        f"Sjukfrånvaron var {swedish(sick.value, 1)} procent, lägre än i fjol.",
        f"Noll av {len(goals)} mål är bedömda för tidigt.",
    )
    yield Narrative(("Läget",), text(rng, "Läget i stort"))
    yield Narrative(("Siffror i text",), Text(" ".join(rng.sample(said, 2))))


def workbook_of(
    answers: Reading, board: Board, *, round_id: str = ROUND.round_id, layout: str = ""
) -> bytes:
    """Return a workbook with the answers filled in, as a board sends it."""
    shape = replace(LAYOUT, version=layout) if layout else LAYOUT
    return write_workbook(shape, city=CITY, board=board, round=CITY.round(round_id), filled=answers)


def handed_in(data: bytes, board: Board, number_: int) -> Reading:
    """Read a workbook back, as handed in by the board."""
    reading = read_workbook(data, city=CITY, layouts=LAYOUTS)
    document = replace(
        reading.document,
        sha256=f"{number_:064d}",
        name=f"form {number_}.xlsx",
        sender=board.board_id,
        received_at=RECEIVED,
    )
    return replace(reading, document=document)
