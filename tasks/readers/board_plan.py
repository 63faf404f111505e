"""A board's plan (nämndsbudget, verksamhetsplan): goals, how they are worked on, assignments.

Recognised, in the order of the document: a line that opens an area of goals or a goal (the words
are data: `plan_marks`), the global goals listed under it, planning under headings with a horizon
(`Planering för mandatperioden och 2024`), the follow-up with its indicator and desired outcome,
and paragraphs that give a board an assignment (`Nämnden ges i uppdrag att …`).

Refused: a mark without a title opens nothing; planning text outside a goal is left to the
narratives; a lone number that is no global goal (1-17) is no link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from expectations.contract import Assignment, DecisionReference, Due, Goal, Indicator, Planning
from expectations.registers import plain
from tasks.readers.addressees import BODY, addressees
from tasks.readers.headed import broken_off, usual_width
from tasks.readers.indicator_words import indicators
from tasks.readers.outline import Outline
from tasks.readers.pages import Line
from tasks.readers.paragraphs import joined, text_of
from tasks.readers.parts import Parts
from tasks.readers.passage import passage
from tasks.readers.plan_marks import horizon_of, mark_at
from tasks.readers.spans import due_in
from tasks.readers.verdict_forms import judges, tells_of_goal
from tasks.readers.verdicts import verdict
from tasks.readers.wording import Wording

LAST_GLOBAL_GOAL = 17
_TOP = 12
_GLOBAL_HEAD = re.compile(r"agenda\s*2030|globala\s+mål", re.IGNORECASE)
_GLOBAL_ROW = re.compile(r"^\s*(?:mål\s+)?(?P<number>\d{1,2})[.:]?\s+[A-ZÅÄÖ]\D*$")
_ROOM = 0.75
"""How many heights of a line part two paragraphs of a page."""
_GIVEN = re.compile(r"^(?P<who>[A-ZÅÄÖ].+?)\s+(?:ges|får|har fått)\b.{0,400}?\bi\s+uppdrag\s+att\b")
_INDICATOR = re.compile(r"\s*indikator(?:er)?\s*:", re.IGNORECASE)
_REPORTED = re.compile(r"återrapport|återredovis|redovisas|rapporteras|återkomm", re.IGNORECASE)
_SEPARATE = re.compile(r"(?:som|i)\s+ett\s+(?:särskilt|eget|separat)\s+ärende", re.IGNORECASE)


@dataclass(slots=True)
class _Draft:
    """A goal while its lines are gathered."""

    title: str
    first: Line
    level: str
    area: str | None
    sdgs: list[int] = field(default_factory=list)
    planning: list[tuple[str, str, list[Line]]] = field(default_factory=list)
    follow_up: list[Line] = field(default_factory=list)
    judged: list[Line] = field(default_factory=list)
    """Lines that are nothing but a verdict: a plan may say how its goals went."""


@dataclass(slots=True)
class _Given:
    """An assignment while its lines are gathered."""

    head: list[Line]
    body: list[Line] = field(default_factory=list)


def read(outline: Outline, words: Wording) -> Parts:
    """Return goals, indicators and assignments of a plan, with the lines they take."""
    walk = _Walk(outline.lines, words)
    walk.go()
    goals: list[Goal] = []
    measures: list[Indicator] = []
    for draft in walk.goals:
        goal, own = _goal(draft, words)
        goals.append(goal)
        measures += own
    year = next(iter(walk.years)) if len(walk.years) == 1 else None
    top = plain(" ".join(line.text for line in outline.lines[:_TOP]))
    # only a budget's own assignments are given by the council's budget of its year
    year = year if "budget" in top else None
    given = [_assignment(one, year, words) for one in walk.given]
    return Parts(
        {"goals": tuple(goals), "indicators": tuple(measures), "assignments": tuple(given)},
        claimed=frozenset(walk.claimed),
    )


class _Walk:
    """One pass over the lines; `goals` and `given` fill up on the way."""

    def __init__(self, lines: Sequence[Line], words: Wording) -> None:
        self.lines = lines
        self.words = words
        self.width = usual_width(lines)
        self.goals: list[_Draft] = []
        self.given: list[_Given] = []
        self.years: set[int] = set()
        """Years that the horizon lines name: the plan's year, if it is one."""
        self.claimed: set[int] = set()
        self.area: str | None = None
        self.enclosing = ""
        self.target: list[Line] | None = None
        """Where running text goes now; None outside goals and assignments."""

    def go(self) -> None:
        index = 0
        while index < len(self.lines):
            used = self._step(index)
            if self.target is not None or used > 1:
                self.claimed |= {x.number for x in self.lines[index : index + max(used, 1)]}
            index += max(used, 1)

    def _step(self, index: int) -> int:
        """Take what starts at this line; return how many lines it took."""
        for take in (self._marked, self._global_goals, self._assigned, self._headed):
            used = take(index)
            if used:
                self.claimed |= {x.number for x in self.lines[index : index + used]}
                return used
        text = self.lines[index].text
        if self.goals and judges(text) and tells_of_goal(text):
            self.goals[-1].judged.append(self.lines[index])
            self.claimed.add(self.lines[index].number)
        elif self.target is not None:
            measured = self.goals and _INDICATOR.match(self.lines[index].text)
            into = self.goals[-1].follow_up if measured else self.target
            into.append(self.lines[index])
        return 1

    def _marked(self, index: int) -> int:
        mark = mark_at(self.lines, index, self.words)
        if mark is None:
            return 0
        if mark.kind == "area":
            self.area, self.target = mark.title, None
        elif mark.kind in ("goal", "board_goal"):
            level = "council" if mark.kind == "goal" else "board"
            self.goals.append(_Draft(mark.title, self.lines[index], level, self.area))
            self.enclosing, self.target = "", []
        elif not self.goals or self.target is None or self._in_assignment():
            return 0
        elif mark.kind == "follow_up":
            self.target = self.goals[-1].follow_up
        else:
            self._plan("", mark.title)
            self.enclosing = mark.title
        return mark.used

    def _in_assignment(self) -> bool:
        return bool(self.given) and self.target is self.given[-1].body

    def _plan(self, heading: str, horizon: str) -> None:
        before = self.goals[-1].planning
        self.goals[-1].planning.append((heading or (before[-1][0] if before else ""), horizon, []))
        self.target = before[-1][2]

    def _global_goals(self, index: int) -> int:
        """Take a list of global goals: numbered rows under a line that names Agenda 2030."""
        if not self.goals or not _GLOBAL_HEAD.search(self.lines[index].text):
            return 0
        listed = re.search(r":\s*(?P<list>[\d,\s]+(?:och\s+\d+)?)\.?\s*$", self.lines[index].text)
        if listed and re.search(r"\d", listed["list"]):
            return self._listed(listed["list"])
        rows, used = [], 1
        for offset, line in enumerate(self.lines[index + 1 :], start=1):
            found = _GLOBAL_ROW.match(line.text)
            if found and 1 <= int(found["number"]) <= LAST_GLOBAL_GOAL:
                rows.append(int(found["number"]))
                used = offset + 1
            elif line.text.strip():
                break
        if not rows:
            return 0
        self.goals[-1].sdgs += rows
        return used

    def _listed(self, numbers: str) -> int:
        found = [int(number) for number in re.findall(r"\d+", numbers)]
        if not all(1 <= number <= LAST_GLOBAL_GOAL for number in found):
            return 0
        self.goals[-1].sdgs += found
        return 1

    def _assigned(self, index: int) -> int:
        """Take a paragraph of its own that gives somebody an assignment."""
        above = self.lines[index - 1] if index else None
        apart = above is None or not above.text.strip() or _is_apart(above, self.lines[index])
        if not apart and not self._after_mark(index):
            return 0
        run = _run(self.lines, index)
        text = joined(run)
        found = _GIVEN.match(text) if run else None
        if found is None or any(not _REPORTED.search(more) for more in _sentences(text)[1:]):
            return 0
        unknown = self.words.city is None and BODY.search(found["who"])
        if not (unknown or addressees(found["who"], self.words)):
            return 0
        self.given.append(_Given(run))
        self.target = self.given[-1].body
        return len(run)

    def _after_mark(self, index: int) -> bool:
        return self.lines[index].heading is not None or self.target == []

    def _headed(self, index: int) -> int:
        """Take a horizon line, or a heading with or without a horizon line under it."""
        if not self.goals or self.target is None or self._in_assignment():
            return 0
        line = self.lines[index]
        horizon = horizon_of(line.text, self.words)
        if horizon:
            self._plan("", horizon)
            self._note_year(index)
            return 1
        if self.target is self.goals[-1].follow_up:
            return 0
        under = _next(self.lines, index)
        near = horizon_of(self.lines[under].text, self.words) if under is not None else None
        if near and under is not None and self._could_head(index, under):
            self._plan(line.text.strip(), near)
            self._note_year(under)
            return under - index + 1
        if self._unfilled_heading(index):
            self._plan(line.text.strip(), self.enclosing or self.goals[-1].planning[-1][1])
            return 1
        return 0

    def _note_year(self, index: int) -> None:
        self.years |= {int(year) for year in re.findall(r"20\d\d", self.lines[index].text)}

    def _could_head(self, index: int, under: int) -> bool:
        """Say whether the text of a line above a horizon line is its heading."""
        text = self.lines[index].text.strip()
        opens = index == 0 or not self.lines[index - 1].text.strip()
        titled = not text.endswith((".", ",", ";", ":", "-"))
        capital = bool(re.match(r"[A-ZÅÄÖ”\"\d]", text)) and len(text) < self.width
        return capital and (titled if under > index + 1 or not opens else True)

    def _unfilled_heading(self, index: int) -> bool:
        """Say whether a line is broken off by hand: the next word would have had room on it."""
        line = self.lines[index]
        if not self.goals[-1].planning:
            return False
        if line.heading is not None and line.text.strip():
            return True
        return broken_off(self.lines, index, self.width)


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?])\s+(?=[A-ZÅÄÖ])", text)


def _run(lines: Sequence[Line], index: int) -> list[Line]:
    run: list[Line] = []
    for line in lines[index:]:
        if not line.text.strip() or (run and not _is_rest(run[-1], line)):
            break
        run.append(line)
    return run


def _is_rest(above: Line, line: Line) -> bool:
    """Say whether a line goes on with the paragraph, or the heading, of the line above it."""
    if _is_apart(above, line):
        return False
    return above.heading is None or (
        line.heading == above.heading and re.match(r"\s*[a-zåäö]", line.text) is not None
    )


def _is_apart(above: Line, line: Line) -> bool:
    """Say whether room on the page parts two lines, where a text would have a blank one."""
    if above.box is None or line.box is None or above.page != line.page:
        return False
    return line.box[1] - above.box[3] > _ROOM * (line.box[3] - line.box[1])


def _next(lines: Sequence[Line], index: int) -> int | None:
    """Return the index of the next line with text, at most one blank line away."""
    for at in (index + 1, index + 2):
        if at < len(lines) and lines[at].text.strip():
            return at
    return None


def _goal(draft: _Draft, words: Wording) -> tuple[Goal, list[Indicator]]:
    known = words.city.goal_named(draft.title, words.day) if words.city else None
    goal_id = known.goal_id if known else None
    own, desired = indicators(draft.follow_up, goal_id, words)
    goal = Goal(
        title=draft.title,
        place=draft.first.place(),
        goal_id=goal_id,
        level=draft.level,
        area=draft.area,
        sdgs=tuple(draft.sdgs),
        assessment=verdict(draft.judged, words) if len(draft.judged) == 1 else None,
        planning=tuple(_planning(draft)),
        follow_up=text_of(draft.follow_up),
        desired_outcome=desired,
    )
    return goal, own


def _planning(draft: _Draft) -> Iterator[Planning]:
    for heading, horizon, lines in draft.planning:
        text = text_of(lines)
        if text is not None:
            yield Planning(heading, horizon, text)


def _assignment(given: _Given, year: int | None, words: Wording) -> Assignment:
    text = passage(given.head)
    report = _report_back(given.body)
    day = report if report and report.latest else None
    return Assignment(
        text=text.text,
        place=text.place(0, len(text.text)),
        origin="council_budget" if year else None,
        decision=DecisionReference(budget_year=year) if year else None,
        addressees=addressees(_who(text.text), words),
        due=day,
        report_back=report,
        narrative=text_of(given.body),
    )


def _who(text: str) -> str:
    """Return the words that name the addressees, those after `tillsammans med` included."""
    found = re.match(r"(?P<who>.+?)\s*,?\s+i\s+uppdrag\s+att\b(?P<rest>.*)", text)
    if found is None:
        return ""
    after = re.match(r",?\s*tillsammans\s+med\s+(?P<others>[^,]+),", found["rest"])
    return f"{found['who']}, {after['others']}" if after else found["who"]


def _report_back(body: Sequence[Line]) -> Due | None:
    """Return when and how the body says that the assignment is reported; the last word counts."""
    text = passage(body)
    for start, end in reversed(list(text.sentences())):
        sentence = text.text[start:end]
        reported = _REPORTED.search(sentence)
        if reported is None:
            continue
        found = due_in(sentence[reported.start() :])
        apart = _SEPARATE.search(sentence)
        if found or apart:
            return found or Due(apart.group() if apart else "")
    return None
