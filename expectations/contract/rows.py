"""The rows of a submission: one class for each section, and the groups that sections form."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from expectations.contract.values import Due, Figure, Place, Text, Word

Origin = Literal["council_budget", "council_other", "executive", "board"]


@dataclass(frozen=True, slots=True)
class DecisionReference:
    """The decision that gave an assignment; parts that the text does not say are None."""

    organ: str | None = None
    date: date | None = None
    paragraph: str | None = None
    point: str | None = None
    budget_year: int | None = None


@dataclass(frozen=True, slots=True)
class Planning:
    """How a goal is worked on; `horizon` is term (mandate), year or both."""

    heading: str
    horizon: str
    text: Text


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal at one level as the board reports or plans it."""

    title: str
    place: Place | None = None
    goal_id: str | None = None
    level: str = "council"
    area: str | None = None
    sdgs: tuple[int, ...] = ()
    role: str | None = None
    assessment: Word | None = None
    motive: Text | None = None
    planning: tuple[Planning, ...] = ()
    follow_up: Text | None = None
    desired_outcome: Text | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator; `outcomes` is keyed by year as text."""

    name: str
    place: Place | None = None
    goal_id: str | None = None
    unit: str | None = None
    baseline: Figure | None = None
    outcomes: dict[str, Figure] = field(default_factory=dict)
    target_year: Figure | None = None
    target_term: Figure | None = None
    direction: str | None = None
    desired_outcome: Text | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """One commission to one board. `status` codes stand in the city's assignment scale.

    `repaired` holds the proposal for `text` where damaged Swedish was mended.
    """

    text: str
    place: Place | None = None
    assignment_id: str | None = None
    ordinal: str | None = None
    case_number: str | None = None
    point: str | None = None
    origin: str | None = None
    decision: DecisionReference | None = None
    addressees: tuple[str, ...] = ()
    status: Word | None = None
    due: Due | None = None
    report_back: Due | None = None
    narrative: Text | None = None
    parent: str | None = None
    repaired: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """One clause of a proposal to decide; not `complete` where the text is cut.

    `repaired` holds the proposal for `text` where damaged Swedish was mended.
    """

    ordinal: str
    text: str
    place: Place | None = None
    organ: str | None = None
    verb: str | None = None
    case_numbers: tuple[str, ...] = ()
    complete: bool = True
    repaired: str | None = None


@dataclass(frozen=True, slots=True)
class FinanceLine:
    """One line of a result table: income, costs, municipal_grant, internal_grants, result.

    Column keys: outcome, budget, deviation, outcome_prev, forecast, forecast_prev,
    budget_year, accounts_prev. Signs as the document prints them.
    """

    line: str
    label: str
    place: Place | None = None
    table: str | None = None
    columns: dict[str, Figure] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CentralItem:
    """Money held centrally by the city and used by the board."""

    name: str
    place: Place | None = None
    outcome: Figure | None = None
    forecast: Figure | None = None
    budget: Figure | None = None


@dataclass(frozen=True, slots=True)
class Investment:
    """One investment project or line."""

    name: str
    place: Place | None = None
    columns: dict[str, Figure] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measure:
    """One key figure of volume or cost.

    Column keys: period, period_change, year, year_change (a change is in percent), or years.
    """

    name: str
    place: Place | None = None
    scope: str | None = None
    columns: dict[str, Figure] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StaffFigure:
    """One staff figure. Column keys: outcome, outcome_prev, forecast, accounts_prev.

    `metric` is annual_fte, employees, sick_leave_total, sick_leave_short, sick_leave_long,
    exits, recruitments, turnover_external or turnover. The period of a staff figure may differ
    from the report's: `period_note` says so.
    """

    metric: str
    label: str
    place: Place | None = None
    scope: str | None = None
    columns: dict[str, Figure] = field(default_factory=dict)
    period_note: str | None = None


@dataclass(frozen=True, slots=True)
class CompetenceGap:
    """The gap of one occupational group at two and five years; FTE gaps are need − supply."""

    occupation: str
    place: Place | None = None
    aid: str | None = None
    years_2: Word | None = None
    years_5: Word | None = None
    risk: Word | None = None
    probability: Word | None = None
    gap_fte_short: Figure | None = None
    gap_fte_long: Figure | None = None
    level: Word | None = None
    comment: Text | None = None


@dataclass(frozen=True, slots=True)
class CompetencePosition:
    """One position that is hard to fill, now or in the long run; counts may be intervals."""

    position: str
    horizon: str
    place: Place | None = None
    group: str | None = None
    missing: Figure | None = None
    vacant_or_hired: Figure | None = None
    other_competence: Figure | None = None
    change: Word | None = None
    comment: Text | None = None


@dataclass(frozen=True, slots=True)
class CompetenceShift:
    """One need of kompetensväxling (retraining)."""

    area: str
    horizon: str
    place: Place | None = None
    groups: str | None = None
    count: Figure | None = None


@dataclass(frozen=True, slots=True)
class Funding:
    """One request for, or use of, money for competence."""

    effort: str
    place: Place | None = None
    period: str | None = None
    purpose: str | None = None
    requested: Figure | None = None
    granted: Figure | None = None
    used: Figure | None = None
    source: str | None = None
    deviation: Text | None = None


@dataclass(frozen=True, slots=True)
class Effort:
    """One effort that money is applied for."""

    title: str
    place: Place | None = None
    target_group: Text | None = None
    headcount: Figure | None = None
    effect: Text | None = None
    goal_id: str | None = None
    cost: Figure | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity of a plan; `phase` is attract, recruit, introduce, develop or offboard."""

    activity: str
    place: Place | None = None
    description: Text | None = None
    responsible: str | None = None
    phase: str | None = None
    span: Due | None = None
    status: Word | None = None


@dataclass(frozen=True, slots=True)
class Agenda2030:
    """One link to, or statement on, a global goal (1-17)."""

    sdg: int
    place: Place | None = None
    goal_id: str | None = None
    text: Text | None = None


@dataclass(frozen=True, slots=True)
class Deviation:
    """One essential deviation with its consequence and measure."""

    text: Text
    place: Place | None = None
    area: str | None = None
    consequence: Text | None = None
    measure_taken: Text | None = None


@dataclass(frozen=True, slots=True)
class Audit:
    """One recommendation or judgement by the auditors."""

    auditor: str
    place: Place | None = None
    year: int | None = None
    object: str | None = None
    judgement: Text | None = None
    recommendation: Text | None = None
    answer: Text | None = None


@dataclass(frozen=True, slots=True)
class Narrative:
    """One headed text; `path` holds the headings from the top."""

    path: tuple[str, ...]
    text: Text
    place: Place | None = None


SECTIONS: dict[str, type] = {
    "goals": Goal,
    "indicators": Indicator,
    "assignments": Assignment,
    "decisions": Decision,
    "finance": FinanceLine,
    "central_items": CentralItem,
    "investments": Investment,
    "measures": Measure,
    "staff": StaffFigure,
    "competence_gaps": CompetenceGap,
    "competence_positions": CompetencePosition,
    "competence_shift": CompetenceShift,
    "funding": Funding,
    "efforts": Effort,
    "activities": Activity,
    "agenda2030": Agenda2030,
    "deviations": Deviation,
    "audits": Audit,
    "narratives": Narrative,
}
"""Every section of a submission with the class of its rows, in the order of the report."""


GROUPS: dict[str, tuple[str, ...]] = {
    "goals": ("goals", "indicators", "agenda2030"),
    "assignments": ("assignments", "decisions"),
    "competence": (
        "competence_gaps",
        "competence_positions",
        "competence_shift",
        "funding",
        "efforts",
        "activities",
    ),
    "economy": ("finance", "central_items", "investments", "measures"),
    "staff": ("staff",),
    "other": ("deviations", "audits", "narratives"),
}
"""What is handed in, owed, gated and merged together: the unit that a board calls avsnitt."""
