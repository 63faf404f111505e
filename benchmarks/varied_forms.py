"""Valid answers of every sort: what boards rightly say that a careless rule would ask about.

Each change keeps every rule. A form of the bench has some of them, by chance, on top of answers
that vary by themselves.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from benchmarks.valid_forms import number, valid, word
from expectations.contract import (
    GROUPS,
    Decided,
    FinanceLine,
    Indicator,
    Narrative,
    Reading,
    Text,
)
from expectations.registers import Board
from expectations.swedish import swedish

Change = Callable[[random.Random, Reading], Reading]


def varied(rng: random.Random, board: Board) -> Reading:
    """Return a whole answer of a board that breaks no rule, changed in some valid ways."""
    answers = valid(rng, board)
    for change in CHANGES:
        if rng.random() < CHANCE:
            answers = change(rng, answers)
    return answers


CHANCE = 0.4


def _silent(*groups: str) -> Change:
    """Return a change to Inget att rapportera for a whole group."""

    def change(rng: random.Random, answers: Reading) -> Reading:
        group = rng.choice(groups)
        emptied = dict.fromkeys(GROUPS[group], ())
        return replace(answers, **emptied, nothing_to_report=(*answers.nothing_to_report, group))

    return change


def _deficit(rng: random.Random, answers: Reading) -> Reading:
    """Forecast a deficit; the measures are told of, and the text says the same amount."""
    more = Decimal(rng.randint(100, 900)) / 10
    lines = tuple(_dearer(line, more) for line in answers.finance)
    result = next(line.columns["forecast"] for line in lines if line.line == "result")
    deficit = swedish(abs(result.value or Decimal(0)), 1)
    told = Text(f"Prognosen för året är ett underskott på {deficit} mnkr, mest för lokaler.")
    kept = tuple(n for n in answers.narratives if "Siffror" not in n.path[0])
    return replace(answers, finance=lines, narratives=(*kept, Narrative(("Prognos",), told)))


def _dearer(line: FinanceLine, more: Decimal) -> FinanceLine:
    if line.line not in ("costs", "result"):
        return line
    forecast = line.columns["forecast"]
    figure = number((forecast.value or 0) - more, "mnkr")
    return replace(line, columns=line.columns | {"forecast": figure})


def _done(_: random.Random, answers: Reading) -> Reading:
    """Propose the assignments that nobody shares as fulfilled, and say what was done."""
    rows = tuple(
        replace(
            row,
            status=word("assignment_status", "proposed_fulfilled"),
            narrative=Text(f"{row.text[:40]}: planen är beslutad och allt är genomfört."),
        )
        if len(row.addressees) == 1
        else row
        for row in answers.assignments
    )
    return replace(answers, assignments=rows)


def _falling(_: random.Random, answers: Reading) -> Reading:
    """Turn the indicators: less is better, and the target below the start is reached."""
    return replace(
        answers,
        indicators=tuple(
            replace(
                row,
                direction="decrease",
                target_year=number((row.baseline.value or 0) - 3, "percent"),
                outcomes=row.outcomes | {"2026": number((row.baseline.value or 0) - 4, "percent")},
            )
            if row.baseline
            else row
            for row in answers.indicators
        ),
    )


def _growing(rng: random.Random, answers: Reading) -> Reading:
    """Add numbers that grow over the year: they are half way in August, whatever is judged."""
    rows = tuple(
        Indicator(
            f"Antal deltagare, {goal.title[:24].lower()}",
            goal_id=goal.goal_id,
            unit="count",
            baseline=number(300, "count", 0),
            outcomes={"2026": number(rng.randint(150, 290), "count", 0)},
            target_year=number(400, "count", 0),
            direction="increase",
        )
        for goal in answers.goals
    )
    return replace(answers, indicators=(*answers.indicators, *rows))


SAID = (
    "Bolaget (556677-8899) har flyttat in och nås på 046-35 50 00. Avtalet är från 2024-06-30.",
    "Se även bilaga 2 i planen. Kort sagt är läget gott och väntan kortare än i fjol.",
    "Det pågår inget arbete som hindrar beslutet; två av tre förslag är redan genomförda.",
    "Prognosen var i mars 3,2 mnkr lägre. Sjukfrånvaron har minskat bland dem under 30 år.",
    "Frågor besvaras av registrator@lindhamn.example eller på plats i rådhuset.",
    "Nämnden föreslår att tre nya uppdrag prövas 2027, och lorem-ipsum-texterna är borta.",
)


def _wordy(rng: random.Random, answers: Reading) -> Reading:
    """Add sentences that only look like what rules look for."""
    some = rng.sample(SAID, 3)
    rows = tuple(Narrative((f"Övrigt {i}",), Text(text)) for i, text in enumerate(some, 1))
    return replace(answers, narratives=(*answers.narratives, *rows))


def _decided(_: random.Random, answers: Reading) -> Reading:
    decided = Decided("nämnden", date(2026, 9, 8), "87")
    return replace(answers, document=replace(answers.document, decided=decided))


def _nothing_spent(_: random.Random, answers: Reading) -> Reading:
    rows = tuple(
        replace(row, columns=row.columns | {"outcome": number(0, "mnkr")})
        for row in answers.investments
    )
    funding = tuple(replace(row, used=number(0, "kr", 0)) for row in answers.funding)
    return replace(answers, investments=rows, funding=funding)


CHANGES: tuple[Change, ...] = (
    _deficit,
    _done,
    _falling,
    _growing,
    _wordy,
    _decided,
    _nothing_spent,
    _silent("staff", "competence"),
)
