"""Rules on goals and their indicators."""

from __future__ import annotations

import difflib
from typing import Any

from expectations.catalogue import Rule
from expectations.predicates.breaches import Breach, owes, row_before, tests
from expectations.staging import Case, World


@tests("C-GOAL")
def _every_goal_answered(case: Case, world: World, _: Rule) -> list[Breach] | None:
    judged = case.judged
    if not owes(judged, world, "goals") or "goals" in judged.reading.nothing_to_report:
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
            at=f"goals/{goal.goal_id}",
        )
        for goal in world.city.goals_on(world.day)
        if board and board.board_id in goal.designated and goal.goal_id not in answered
    ]


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
    before = row_before(case, world)
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
    before = row_before(case, world)
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


@tests("C-PLAN")
def _plan_has_indicator(case: Case, _: World, __: Rule) -> list[Breach] | None:
    goal, reading = case.row, case.judged.reading
    if reading.document.kind != "board_plan" or goal.goal_id is None or goal.level != "council":
        return None
    if any(indicator.goal_id == goal.goal_id for indicator in reading.indicators):
        return []
    return [Breach(place=case.place, values={"goal": goal.title})]


@tests("C-IND")
def _indicator_is_whole(case: Case, _: World, __: Rule) -> list[Breach] | None:
    indicator = case.row
    if indicator.goal_id is None:
        return None  # a share told of in passing follows up no goal
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


@tests("C-SDG")
def _global_goals_exist(case: Case, _: World, __: Rule) -> list[Breach] | None:
    wrong = [number for number in case.row.sdgs if not 1 <= number <= 17]  # noqa: PLR2004 - the UN's
    return [Breach(case.place, str(number), field="sdgs") for number in wrong]


@tests("C-SHORT")
def _motive_says_something(case: Case, _: World, rule: Rule) -> list[Breach] | None:
    goal = case.row
    if goal.assessment is None or goal.motive is None or not goal.motive.text.strip():
        return None
    if len(goal.motive.text.strip()) >= rule.parameters["shortest"]:
        return []
    place = goal.motive.place or case.place
    return [Breach(place, goal.motive.text.strip(), field="motive", values={"goal": goal.title})]


@tests("C-TARGET")
def _target_lies_ahead(case: Case, _: World, __: Rule) -> list[Breach] | None:
    row = case.row
    if row.baseline is None or row.baseline.value is None or row.direction not in _TOWARDS:
        return None
    sign = _TOWARDS[row.direction]
    return [
        Breach(
            figure.place or case.place,
            figure.written,
            row.baseline.written,
            field,
            values={"name": row.name, "way": "ska öka" if sign > 0 else "ska minska"},
        )
        for field, figure in (("target_year", row.target_year), ("target_term", row.target_term))
        if figure is not None
        and figure.value is not None
        and figure.unit == row.baseline.unit
        and (figure.value - row.baseline.value) * sign < 0
    ]


_TOWARDS = {"increase": 1, "decrease": -1}
_SHARES = ("percent", "index")


@tests("C-YEAR")
def _no_outcome_of_the_future(case: Case, world: World, _: Rule) -> list[Breach] | None:
    year = world.day.year
    return [
        Breach(figure.place or case.place, key, field=f"outcomes.{key}", values={"year": key})
        for key, figure in case.row.outcomes.items()
        if key.isdigit() and int(key) > year and figure.value is not None
    ]


@tests("C-HIT")
def _best_assessment_is_borne_out(case: Case, world: World, _: Rule) -> list[Breach] | None:
    goal = case.row
    if goal.goal_id is None or goal.assessment is None or goal.assessment.code is None:
        return None
    words = world.city.scale("goal_assessment", world.day).words
    best = min(words, key=lambda word: word.order, default=None)
    if best is None or goal.assessment.code != best.code:
        return []
    whole_year = world.round is not None and world.round.type == "annual"
    year = str(world.day.year)
    own = [
        indicator
        for indicator in case.judged.reading.indicators
        if indicator.goal_id == goal.goal_id
        and (whole_year or indicator.unit in _SHARES or _is_over(indicator, year))
    ]
    missed = [i for i in own if _misses(i, year)]
    if not own or len(missed) < len(own):
        return []
    values = {"goal": goal.title, "count": str(len(missed))}
    return [Breach(goal.assessment.place or case.place, goal.assessment.written, values=values)]


def _is_over(row: Any, year: str) -> bool:
    """Say whether a number that grows over the year has passed its target before it is over.

    If it was to be reached it is a hit already; if it was not to be passed it is missed for good.
    """
    outcome, target = row.outcomes.get(year), row.target_year
    if outcome is None or target is None or outcome.value is None or target.value is None:
        return False
    return bool(outcome.unit == target.unit and outcome.value > target.value)


def _misses(row: Any, year: str) -> bool:
    outcome, target = row.outcomes.get(year), row.target_year
    if outcome is None or target is None or outcome.value is None or target.value is None:
        return False
    if row.direction not in _TOWARDS or outcome.unit != target.unit:
        return False
    return bool((outcome.value - target.value) * _TOWARDS[row.direction] < 0)
