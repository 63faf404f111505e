"""Rules that hold a round against the one before it, and against last year's."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from rapidfuzz import fuzz

from expectations.catalogue import Rule
from expectations.contract import Figure
from expectations.predicates.breaches import Breach, row_before, tests
from expectations.staging import Case, World, tolerance
from expectations.swedish import swedish, swedish_day

CLOSED = ("proposed_fulfilled", "fulfilled", "closed")


def _differs(now: Figure | None, then: Figure | None) -> bool:
    if now is None or then is None or now.value is None or then.value is None:
        return False
    return now.unit == then.unit and abs(now.value - then.value) > tolerance([now, then], 1)


def _told(case: Case, field: str, now: Figure, then: Figure) -> Breach:
    label = getattr(case.row, "label", None) or case.row.name
    values = {"label": label, "before": swedish(then.value, then.decimals)}
    written = swedish(now.value, now.decimals)
    return Breach(now.place or case.place, written, values["before"], field, values=values)


def _columns(row: Any) -> dict[str, Figure]:
    found: dict[str, Figure] = getattr(row, "columns", {}) if row is not None else {}
    return found


@tests("C-PREV")
def _last_years_indicator(case: Case, world: World, _: Rule) -> list[Breach] | None:
    before = row_before(case, world, year=True) or row_before(case, world)
    if before is None:
        return None
    year = str(world.day.year)
    return [
        _told(case, f"outcomes.{key}", now, before.outcomes[key])
        for key, now in case.row.outcomes.items()
        if key < year and _differs(now, before.outcomes.get(key))
    ]


@tests("D-BACK")
def _status_never_goes_back(case: Case, world: World, _: Rule) -> list[Breach] | None:
    before, now = row_before(case, world), case.row.status
    if before is None or before.status is None or now is None or now.code is None:
        return None
    if before.status.code not in CLOSED or now.code in CLOSED:
        return []
    values = {"text": case.row.text[:80], "before": before.status.written}
    return [Breach(now.place or case.place, now.written, field="status", values=values)]


@tests("D-MOVED")
def _moved_day_is_explained(case: Case, world: World, _: Rule) -> list[Breach] | None:
    before, row = row_before(case, world), case.row
    if before is None or before.due is None or row.due is None:
        return None
    then, now = before.due.latest, row.due.latest
    if then is None or now is None or now <= then:
        return []
    if row.narrative is not None and not _copied(row.narrative.text, before.narrative):
        return []
    values = {"text": row.text[:80], "before": swedish_day(then), "now": swedish_day(now)}
    return [Breach(case.place, row.due.written, field="due", values=values)]


@tests("D-COPY")
def _told_anew(case: Case, world: World, rule: Rule) -> list[Breach] | None:
    before, narrative = row_before(case, world), case.row.narrative
    if before is None or narrative is None or before.narrative is None:
        return None
    if len(narrative.text) < rule.parameters["shortest"] or "oförändrat" in narrative.text.lower():
        return None
    if not _copied(narrative.text, before.narrative):
        return []
    return [Breach(narrative.place or case.place, values={"text": case.row.text[:80]})]


def _copied(text: str, before: Any) -> bool:
    return before is not None and fuzz.ratio(text, before.text) >= 90  # noqa: PLR2004 - rules.md


@tests("E-FPREV")
def _previous_forecast(case: Case, world: World, _: Rule) -> list[Breach] | None:
    now = case.row.columns.get("forecast_prev")
    then = _columns(row_before(case, world)).get("forecast")
    if now is None or then is None or not _same_year(world):
        return None
    return [_told(case, "forecast_prev", now, then)] if _differs(now, then) else []


@tests("E-BUDGET")
def _budget_is_the_same(case: Case, world: World, _: Rule) -> list[Breach] | None:
    now = case.row.columns.get("budget_year")
    then = _columns(row_before(case, world)).get("budget_year")
    if now is None or then is None or not _same_year(world):
        return None
    return [_told(case, "budget_year", now, then)] if _differs(now, then) else []


def _same_year(world: World) -> bool:
    """Say whether the round before is of the same year: a new year has new budget and forecasts."""
    if world.round is None:
        return False
    before = [r.period_to for r in world.city.rounds if r.period_to < world.round.period_to]
    return bool(before) and max(before).year == world.round.period_to.year


@tests("P-PREV")
def _last_years_staff(case: Case, world: World, _: Rule) -> list[Breach] | None:
    now = case.row.columns.get("accounts_prev")
    then = _columns(row_before(case, world, year=True)).get("outcome")
    if now is None or then is None:
        return None
    return [_told(case, "accounts_prev", now, then)] if _differs(now, then) else []


@tests("P-JUMP")
def _staff_changes_slowly(case: Case, _: World, rule: Rule) -> list[Breach] | None:
    now, then = case.row.columns.get("outcome"), case.row.columns.get("outcome_prev")
    if now is None or then is None or now.value is None or then.value is None:
        return None
    is_large = _is_large_change(now, then, case, rule.parameters)
    return [_told(case, "outcome", now, then)] if is_large else []


def _is_large_change(now: Figure, then: Figure, case: Case, limits: dict[str, Any]) -> bool:
    """Say whether a figure has changed by more than chance does where few people work.

    A share may move more in a small board. A number of people has to change by a large part of
    itself, and by more than such numbers vary by themselves: their roots by more than `chance`.
    """
    new, old = now.value or Decimal(0), then.value or Decimal(0)
    if now.unit == "percent":
        people = _people(case)
        is_small = people is not None and people < limits["small"]
        return bool(abs(new - old) > limits["points_small" if is_small else "points"])
    if old <= 0 or new < 0 or abs(new / old - 1) <= Decimal(str(limits["share"])):
        return False
    return bool(abs(new.sqrt() - old.sqrt()) > limits["chance"])


def _people(case: Case) -> Decimal | None:
    """Return how many work at a board, as the same document says."""
    rows = case.judged.reading.staff
    said = (row.columns.get("outcome") for row in rows if row.metric in ("employees", "annual_fte"))
    return next((figure.value for figure in said if figure is not None), None)


@tests("E-XDOC")
def _documents_agree(case: Case, world: World, _: Rule) -> list[Breach] | None:
    ours = case.judged
    if ours.board is None or not ours.reading.finance:
        return None
    others = [
        judged
        for judged in world.documents
        if judged is not ours and (judged.board, judged.period) == (ours.board, ours.period)
    ]
    if not others:
        return None
    return [breach for other in others for breach in _contradictions(case, other)]


def _contradictions(case: Case, other: Any) -> Iterator[Breach]:
    name = other.reading.document.name
    for line in case.judged.reading.finance:
        same = [f for f in other.reading.finance if (f.line, f.table) == (line.line, line.table)]
        for there in same:
            for field, figure in line.columns.items():
                if _differs(figure, there.columns.get(field)):
                    written = swedish(figure.value, figure.decimals)
                    expected = swedish(there.columns[field].value, there.columns[field].decimals)
                    values = {"label": line.label, "other": name, "there": expected}
                    yield Breach(figure.place, written, expected, field, "finance", values=values)
