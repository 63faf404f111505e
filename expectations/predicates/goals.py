"""Rules on goals and their indicators."""

from __future__ import annotations

import difflib

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
