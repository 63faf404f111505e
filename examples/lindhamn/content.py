"""What each board of the example city hands in: its texts and key numbers as contract objects.

One file per board in boards/ holds what it says in the three rounds. `said` turns it into the
Reading that a document of that round should give back.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from examples.lindhamn.economy import Economy
from examples.lindhamn.numbers import counted, figure, word
from examples.lindhamn.staff import central_items, investments, measures, staff_figures
from expectations.contract import (
    Activity,
    Assignment,
    CompetenceGap,
    CompetencePosition,
    Deviation,
    Document,
    Due,
    Figure,
    Funding,
    Goal,
    Indicator,
    Narrative,
    Reading,
    Text,
)
from expectations.form_layout import load_layouts, newest
from expectations.registers import Board, City, CityAssignment, CityGoal, Round
from tasks.readers.spans import due

BOARDS = Path(__file__).parent / "boards"
_COMPETENCE = "march"
"""Type of the round in which competence is reported."""
SUMMARY = "Sammanfattning"


@dataclass(frozen=True)
class Model:
    """The example city: its registers, what its boards say, and its economy."""

    city: City
    boards: Mapping[str, Mapping[str, Any]]
    economy: Economy

    def said(self, board_id: str, round_: Round, *, on: date) -> Reading:
        """Return all that a board says in a round, in a document approved on a day."""
        board = self.city.board(board_id)
        if board is None:
            raise LookupError(board_id)
        data = self.boards[board_id]
        deviations = tuple(_deviations(data, round_))
        narratives = tuple(_narratives(data, round_))
        competence = self._competence(data, round_)
        nothing = [] if deviations or narratives else ["other"]
        owed = self.city.owed(round_).get(board_id, ())
        if "competence" in owed and not any(competence.values()):
            nothing.append("competence")
        return Reading(
            _document(board, round_, on),
            goals=tuple(self._goals(data, round_)),
            indicators=tuple(_indicators(data, round_)),
            assignments=tuple(self._assignments(data, round_)),
            finance=self.economy.table(board, round_),
            central_items=central_items(data.get("central_items", []), round_),
            investments=investments(data.get("investments", []), round_),
            measures=measures(data.get("measures", []), round_),
            staff=staff_figures(board_id, data.get("staff", {}), round_),
            deviations=deviations,
            narratives=narratives,
            nothing_to_report=tuple(nothing),
            **competence,
        )

    def _goals(self, data: Mapping[str, Any], round_: Round) -> Iterator[Goal]:
        for goal_id, rounds in data.get("goals", {}).items():
            goal = self.city.goal(goal_id)
            if goal is not None and round_.round_id in rounds:
                yield self._goal(goal, rounds, round_)

    def _goal(self, goal: CityGoal, rounds: Mapping[str, Any], round_: Round) -> Goal:
        assessment, motive = rounds[round_.round_id]
        desired = rounds.get("desired")
        return Goal(
            goal.title,
            goal_id=goal.goal_id,
            area=goal.area,
            sdgs=goal.sdgs,
            role=rounds["role"],
            assessment=word(self.city, round_, "goal_assessment", assessment),
            motive=Text(motive),
            desired_outcome=Text(desired) if desired else None,
        )

    def _assignments(self, data: Mapping[str, Any], round_: Round) -> Iterator[Assignment]:
        known = {item.assignment_id: item for item in self.city.assignments}
        for assignment_id, rounds in data.get("assignments", {}).items():
            if round_.round_id in rounds:
                yield self._assignment(known[assignment_id], rounds[round_.round_id], round_)

    def _assignment(self, item: CityAssignment, said: list[str], round_: Round) -> Assignment:
        status, narrative, *moved = said
        return Assignment(
            item.text,
            assignment_id=item.assignment_id,
            case_number=item.case_number,
            point=item.point,
            origin=item.origin,
            decision=item.decision,
            addressees=item.addressees,
            status=word(self.city, round_, "assignment_status", status),
            due=due(moved[0]) if moved else item.due,
            narrative=Text(narrative),
            parent=item.parent,
        )

    def _competence(self, data: Mapping[str, Any], round_: Round) -> dict[str, Any]:
        if round_.type != _COMPETENCE:
            return {}
        return {
            "competence_gaps": tuple(self._gap(one["row"], round_) for one in data.get("gaps", [])),
            "competence_positions": tuple(
                self._position(one["row"], round_) for one in data.get("positions", [])
            ),
            "funding": tuple(_funding(*one["row"]) for one in data.get("funding", [])),
            "activities": tuple(
                self._activity(one["row"], round_) for one in data.get("activities", [])
            ),
        }

    def _gap(self, row: list[str], round_: Round) -> CompetenceGap:
        occupation, two, five, risk, probability, short, long, level, comment = row
        return CompetenceGap(
            occupation,
            years_2=word(self.city, round_, "competence_gap", two),
            years_5=word(self.city, round_, "competence_gap", five),
            risk=word(self.city, round_, "risk", risk),
            probability=word(self.city, round_, "probability", probability),
            gap_fte_short=counted(short, "fte"),
            gap_fte_long=counted(long, "fte"),
            level=word(self.city, round_, "competence_level", level),
            comment=Text(comment),
        )

    def _position(self, row: list[str], round_: Round) -> CompetencePosition:
        group, position, horizon, missing, vacant, other, change, comment = row
        return CompetencePosition(
            position,
            horizon,
            group=group,
            missing=counted(missing),
            vacant_or_hired=counted(vacant),
            other_competence=counted(other),
            change=word(self.city, round_, "competence_change", change),
            comment=Text(comment),
        )

    def _activity(self, row: list[str], round_: Round) -> Activity:
        activity, description, responsible, phase, span, status = row
        return Activity(
            activity,
            description=Text(description),
            responsible=responsible,
            phase=phase,
            span=_span(span),
            status=word(self.city, round_, "activity_status", status),
        )


def open_model(city: City) -> Model:
    """Return the example city's model: the boards' files over its registers."""
    boards = {
        path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
        for path in sorted(BOARDS.glob("*.toml"))
    }
    economy = Economy({board: data["economy"] for board, data in boards.items()})
    return Model(city, boards, economy)


def _document(board: Board, round_: Round, on: date) -> Document:
    company = board.kind != "board"
    return Document(
        city="lindhamn",
        board=board.board_id,
        administration=board.administration,
        kind="form",
        round=round_.round_id,
        date=on,
        case_number=_case_number(board, round_, on),
        template_version=newest(load_layouts()).version,
        submitted_by="ekonomichef" if company else "controller",
        approved_by="verkställande direktör" if company else "förvaltningschef",
    )


def _case_number(board: Board, round_: Round, on: date) -> str:
    serial = sum(map(ord, board.board_id + round_.round_id)) % 180 + 11
    return f"{board.case_prefix}-{on.year}-{serial:04d}"


def _span(written: str) -> Due:
    """Return a year or a span of years as days."""
    first, last = written[:4], written[-4:]
    return Due(written, date(int(first), 1, 1), date(int(last), 12, 31))


def _indicators(data: Mapping[str, Any], round_: Round) -> Iterator[Indicator]:
    for item in data.get("indicators", []):
        # A yearly survey has nothing new to say in March.
        if round_.type == "march" and (item.get("annual") or "march" not in item):
            continue
        yield _indicator(item, round_)


def _indicator(item: Mapping[str, Any], round_: Round) -> Indicator:
    baseline, first, second, latest = item["values"]
    if round_.type == "annual":
        outcomes, target = {"2024": first, "2025": second}, item["targets"][0]
    else:
        now = item["march"] if round_.type == "march" else latest
        outcomes, target = {"2025": second, "2026": now}, item["targets"][1]

    def shown(value: float) -> Figure:
        return figure(value, item["unit"], item.get("decimals", 0))

    return Indicator(
        item["name"],
        goal_id=item["goal"],
        unit=item["unit"],
        baseline=shown(baseline),
        outcomes={year: shown(value) for year, value in outcomes.items()},
        target_year=shown(target),
        target_term=shown(item["targets"][2]),
        direction=item["direction"],
    )


def _funding(
    effort: str, period: str, purpose: str, requested: int, granted: int, used: int, source: str
) -> Funding:
    return Funding(
        effort,
        period=period,
        purpose=purpose,
        requested=figure(requested, "kr"),
        granted=figure(granted, "kr"),
        used=figure(used, "kr"),
        source=source,
    )


def _deviations(data: Mapping[str, Any], round_: Round) -> Iterator[Deviation]:
    for item in data.get("deviations", []):
        if item["round"] == round_.round_id:
            area, text, consequence, measure = item["row"]
            yield Deviation(Text(text), None, area, Text(consequence), Text(measure))


def _narratives(data: Mapping[str, Any], round_: Round) -> Iterator[Narrative]:
    text = data.get("summary", {}).get(round_.round_id)
    if text is not None:
        yield Narrative((SUMMARY,), Text(text))
    for item in data.get("told", []):
        if item["round"] == round_.round_id:
            yield Narrative(tuple(item["path"]), Text(item["text"]))
