"""Rules that hold what a text says in numbers against the tables it speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from expectations.catalogue import Rule
from expectations.contract import Figure, Reading, Text
from expectations.predicates.breaches import Breach, tests
from expectations.staging import Case, World
from expectations.swedish import swedish

NUMBERS = ("noll", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio")
COUNT = rf"(\d{{1,2}}|{'|'.join(NUMBERS)})"
AMOUNT = r"(?P<amount>(?:minus )?[−–-]?\s?\d[\d\s\u00a0]*(?:,\d+)?)\s*(?:mnkr|mkr|miljoner kronor)"
FORECAST = re.compile(
    r"\b(?:helårs)?prognosen?(?: för (?:hel)?året| för \w*(?:nämnden|styrelsen|bolaget))?"
    r"(?: är| visar| uppgår till| pekar på)"
    r"(?: ett (?:under|över)skott (?:på|om))? "
    + AMOUNT
    + r"(?! (?:högre|lägre|bättre|sämre|mer|mindre))",
    re.IGNORECASE,
)
SICK = re.compile(
    r"\b(?:den totala )?sjukfrånvaron(?: är| var| uppgick till| uppgår till| blev) "
    r"(?P<amount>\d{1,2}(?:,\d+)?)\s*(?:procent|%)",
    re.IGNORECASE,
)
GOALS = re.compile(rf"\b{COUNT} av (?:nämndens )?{COUNT} mål\b", re.IGNORECASE)
SEE = re.compile(r"\W*se (?:\w+ )?bilaga", re.IGNORECASE)
FULFILLED = re.compile(
    rf"\b{COUNT} (?:av uppdragen|uppdrag) (?:föreslås|bedöms) (?:förklaras )?fullgjorda\b",
    re.IGNORECASE,
)


def texts_of(reading: Reading) -> Iterator[tuple[str, Text]]:
    """Yield every running text of a document with the section that it stands in."""
    for narrative in reading.narratives:
        yield "narratives", narrative.text
    for goal in reading.goals:
        yield from (("goals", text) for text in (goal.motive, goal.follow_up) if text)
    for assignment in reading.assignments:
        if assignment.narrative:
            yield "assignments", assignment.narrative
    for deviation in reading.deviations:
        parts = (deviation.text, deviation.consequence, deviation.measure_taken)
        yield from (("deviations", text) for text in parts if text)


def _number(written: str) -> Decimal:
    plain = re.sub(r"[\s\u00a0]", "", written.lower().replace("minus", "-"))
    return Decimal(re.sub("[−–]", "-", plain).replace(",", "."))


def _count(written: str) -> int:
    return int(written) if written.isdigit() else NUMBERS.index(written.lower())


def _agrees(said: Decimal, figure: Figure) -> bool:
    """Say whether a number in a text is the table's, rounded as the text rounds it."""
    if figure.value is None:
        return True
    exponent = said.as_tuple().exponent
    half = Decimal(5).scaleb(int(exponent) - 1)
    return abs(abs(said) - abs(figure.value)) <= half


@tests("E-TEXT")
def _forecast_in_text(case: Case, world: World, _: Rule) -> list[Breach] | None:
    forecasts = [
        line.columns["forecast"]
        for line in case.judged.reading.finance
        if line.line == "result" and "forecast" in line.columns
    ]
    known = [f for f in forecasts if f.value is not None and f.unit == "mnkr"]
    if not known or any(f.state == "unreadable" for f in forecasts):
        return None
    return [
        Breach(text.place, found["amount"].strip(), shown, "forecast", section, values={"t": shown})
        for section, text in texts_of(world.whole(case.judged))
        for found in FORECAST.finditer(text.text)
        if not any(_agrees(_number(found["amount"]), figure) for figure in known)
        for shown in (swedish(known[0].value, known[0].decimals),)
    ]


@tests("P-TEXT")
def _sick_leave_in_text(case: Case, world: World, _: Rule) -> list[Breach] | None:
    known = [
        figure
        for row in case.judged.reading.staff
        if row.metric.startswith("sick_leave")
        for figure in row.columns.values()
        if figure.value is not None
    ]
    total = [r for r in case.judged.reading.staff if r.metric == "sick_leave_total"]
    if not known or not total:
        return None
    outcome = total[0].columns.get("outcome") or known[0]
    if outcome.state == "unreadable":
        return None  # the text may be right: it is the cell that is asked about
    shown = swedish(outcome.value, outcome.decimals)
    return [
        Breach(text.place, found["amount"], shown, "outcome", section, values={"t": shown})
        for section, text in texts_of(world.whole(case.judged))
        for found in SICK.finditer(text.text)
        if not any(_agrees(_number(found["amount"]), figure) for figure in known)
    ]


@tests("C-COUNT")
def _goals_in_text(case: Case, world: World, _: Rule) -> list[Breach] | None:
    goals = len([g for g in case.judged.reading.goals if g.level == "council"])
    if not goals or not case.judged.is_form:
        return None
    return [
        Breach(text.place, found[0], str(goals), section=section, values={"t": str(goals)})
        for section, text in texts_of(world.whole(case.judged))
        for found in GOALS.finditer(text.text)
        if _count(found[2]) != len(case.judged.reading.goals) and _count(found[2]) != goals
    ]


@tests("D-COUNT")
def _fulfilled_in_text(case: Case, world: World, _: Rule) -> list[Breach] | None:
    rows = case.judged.reading.assignments
    done = sum(1 for r in rows if r.status and r.status.code == "proposed_fulfilled")
    if not rows:
        return None
    return [
        Breach(text.place, found[0], str(done), section=section, values={"t": str(done)})
        for section, text in texts_of(world.whole(case.judged))
        for found in FULFILLED.finditer(text.text)
        if _count(found[1]) != done
    ]


@tests("B-EMPTY")
def _no_placeholders(case: Case, _: World, rule: Rule) -> list[Breach] | None:
    words = tuple(rule.parameters["words"])
    pattern = re.compile(rf"^\W*(?:{'|'.join(map(re.escape, words))})\W*$", re.IGNORECASE)
    return [
        Breach(text.place, text.text.strip()[:40], section=section)
        for section, text in texts_of(case.judged.reading)
        if pattern.match(text.text)
    ]


@tests("B-SEE")
def _text_stands_by_itself(case: Case, _: World, rule: Rule) -> list[Breach] | None:
    longest = rule.parameters["longest"]
    return [
        Breach(text.place, text.text.strip()[:40], section=section)
        for section, text in texts_of(case.judged.reading)
        if len(text.text) <= longest
        and re.match(r"\W*se (?:\w+ )?bilaga", text.text, re.IGNORECASE)
    ]


@tests("H-TEXT")
def _sentences_are_short(case: Case, _: World, rule: Rule) -> list[Breach] | None:
    breaches = []
    for section, text in texts_of(case.judged.reading):
        sentences = re.split(r"(?<=[.!?])\s+", text.text)
        words = max((sentence.split() for sentence in sentences), key=len)
        if len(words) > rule.parameters["longest"]:
            values = {"count": str(len(words)), "begins": " ".join(words[:6])}
            breaches.append(Breach(text.place, section=section, values=values))
    return breaches


@tests("C-TWIN")
def _motives_differ(case: Case, _: World, rule: Rule) -> list[Breach] | None:
    seen: dict[str, str] = {}
    breaches = []
    for goal in case.judged.reading.goals:
        words = " ".join(goal.motive.text.split()) if goal.motive else ""
        if len(words) < rule.parameters["shortest"]:
            continue
        if words in seen:
            values = {"one": seen[words], "two": goal.title}
            place = goal.motive.place if goal.motive else None
            breaches.append(Breach(place or goal.place, section="goals", values=values))
        seen.setdefault(words, goal.title)
    return breaches
