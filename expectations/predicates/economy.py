"""Rules on result tables: sums, deviations, signs, deficits and comparisons."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from expectations.catalogue import Rule
from expectations.contract import Figure, figures_of
from expectations.predicates.breaches import Breach, row_before, tests
from expectations.staging import Case, World, tolerance
from expectations.swedish import swedish


def _read(figures: Iterable[Figure | None]) -> list[Figure]:
    return [f for f in figures if f is not None and f.state == "read" and f.value is not None]


def _difference(case: Case) -> tuple[Decimal, Decimal, Decimal] | None:
    """Return (computed, difference, tolerance) of a sum, None where a term is not read."""
    total = case.sum
    if total is None or total.total.value is None:
        return None
    terms = _read(total.terms)
    if len(terms) != len(total.terms) or len({f.unit for f in (*terms, total.total)}) > 1:
        return None
    computed = sum((f.value for f in terms if f.value is not None), Decimal(0))
    allowed = tolerance([*terms, total.total], len(terms))
    return computed, abs(computed - total.total.value), allowed


COLUMN_WORDS = {
    "outcome": "Utfall",
    "budget": "Budget",
    "deviation": "Avvikelse",
    "outcome_prev": "Utfall föregående år",
    "forecast": "Prognos",
    "forecast_prev": "Föregående prognos",
    "budget_year": "Budget helår",
    "accounts_prev": "Bokslut föregående år",
}


@tests("E-SUM")
def _adds_up(case: Case, _: World, __: Rule) -> list[Breach] | None:
    found = _difference(case)
    if found is None or case.sum is None:
        return None
    computed, difference, allowed = found
    if difference <= allowed:
        return []
    decimals = case.sum.total.decimals
    values = {
        "column": COLUMN_WORDS.get(case.sum.column, case.sum.column),
        "computed": swedish(computed, decimals),
        "written": swedish(case.sum.total.value, decimals),
    }
    return [
        Breach(case.place, values["written"], values["computed"], case.sum.column, values=values)
    ]


@tests("E-SUM-ROUND")
def _adds_up_exactly(case: Case, _: World, __: Rule) -> list[Breach] | None:
    found = _difference(case)
    if found is None or case.sum is None:
        return None
    _computed, difference, allowed = found
    if difference == 0 or difference > allowed:
        return []
    column = COLUMN_WORDS.get(case.sum.column, case.sum.column)
    values = {"column": column, "difference": swedish(difference)}
    return [Breach(case.place, field=case.sum.column, values=values)]


@tests("E-DEV")
def _deviation_is_difference(case: Case, _: World, __: Rule) -> list[Breach] | None:
    columns = case.row.columns
    three = _read(columns.get(key) for key in ("outcome", "budget", "deviation"))
    if len(three) != 3 or len({f.unit for f in three}) > 1:  # noqa: PLR2004 - all three
        return None
    outcome, budget, deviation = (f.value or Decimal(0) for f in three)
    computed = outcome - budget
    if abs(computed - deviation) <= tolerance(three, 2):
        return []
    decimals = three[2].decimals
    values = {"label": case.row.label, "computed": swedish(computed, decimals)}
    written = swedish(deviation, decimals)
    return [Breach(three[2].place, written, values["computed"], "deviation", values=values)]


@tests("E-SIGN")
def _costs_have_sign(case: Case, world: World, _: Rule) -> list[Breach] | None:
    if case.row.line != "costs" or world.city.settings.get("signs", {}).get("costs") != "negative":
        return None
    return [
        Breach(f.place, swedish(f.value, f.decimals), field=key, values={"label": case.row.label})
        for key, f in case.row.columns.items()
        if key not in ("deviation", "forecast_deviation") and f.value is not None and f.value > 0
    ]


@tests("E-NEG30")
def _deficit_has_measures(case: Case, world: World, _: Rule) -> list[Breach] | None:
    forecast = case.row.columns.get("forecast")
    if case.row.line != "result" or forecast is None or forecast.value is None:
        return None
    if forecast.value >= 0:
        return []
    whole = world.whole(case.judged)
    if any(d.measure_taken and d.measure_taken.text for d in whole.deviations):
        return []
    if case.judged.reading.document.form_part and world.word_file(case.judged) is None:
        return None  # measures are written in the Word file, which has not come
    return [Breach(forecast.place, f"{swedish(forecast.value, forecast.decimals)} {forecast.unit}")]


@tests("E-PREV")
def _comparison_is_last_years(case: Case, world: World, _: Rule) -> list[Breach] | None:
    written = case.row.columns.get("accounts_prev")
    board = case.judged.board
    rows = world.before(board.board_id if board else None, "finance", year=True)
    last = rows.get(case.key or "")
    before = last.columns.get("outcome") if last is not None else None
    if written is None or before is None or written.value is None or before.value is None:
        return None
    if written.unit != before.unit:
        return None
    if abs(written.value - before.value) <= tolerance([written, before], 1):
        return []
    values = {"label": case.row.label, "before": swedish(before.value, before.decimals)}
    return [
        Breach(
            written.place,
            swedish(written.value, written.decimals),
            values["before"],
            "accounts_prev",
            values=values,
        )
    ]


THOUSAND = (Decimal(300), Decimal(3000))


def _is_difference(row: Any, key: str, figure: Figure, old: Figure) -> bool:
    """Say whether a figure is what is left between two: from near nothing it may grow any number.

    A result is held to it only where neither is near nothing.
    """
    if key.endswith(("deviation", "_change")):
        return True
    is_small = any(abs(one.value or Decimal(0)) < 1 for one in (figure, old))
    return getattr(row, "line", None) == "result" and is_small


@tests("B-UNIT")
def _same_magnitude(case: Case, world: World, _: Rule) -> list[Breach] | None:
    if case.section not in ("finance", "staff", "central_items", "measures"):
        return None
    before = row_before(case, world)
    if before is None or not hasattr(case.row, "columns"):
        return None
    breaches = []
    for key, figure in case.row.columns.items():
        old = before.columns.get(key)
        if old is None or not figure.value or not old.value or figure.unit != old.unit:
            continue
        if _is_difference(case.row, key, figure, old):
            continue
        ratio = abs(figure.value / old.value)
        near = THOUSAND[0] <= ratio <= THOUSAND[1]
        if near or THOUSAND[0] <= 1 / ratio <= THOUSAND[1]:
            values = {
                "label": getattr(case.row, "label", None) or case.row.name,
                "factor": "1 000" if near else "en tusendel",
                "before": swedish(old.value, old.decimals),
            }
            written = swedish(figure.value, figure.decimals)
            breaches.append(Breach(figure.place, written, field=key, values=values))
    return breaches


@tests("E-FDEV")
def _forecast_deviation_is_difference(case: Case, _: World, __: Rule) -> list[Breach] | None:
    columns = case.row.columns
    three = _read(columns.get(key) for key in ("forecast", "budget_year", "forecast_deviation"))
    if len(three) != 3 or len({f.unit for f in three}) > 1:  # noqa: PLR2004 - all three
        return None
    forecast, budget, deviation = (f.value or Decimal(0) for f in three)
    if abs(forecast - budget - deviation) <= tolerance(three, 2):
        return []
    computed = swedish(forecast - budget, three[2].decimals)
    values = {"label": case.row.label, "computed": computed}
    written = swedish(deviation, three[2].decimals)
    return [Breach(three[2].place, written, computed, "forecast_deviation", values=values)]


@tests("E-CENTRAL")
def _central_money_lasts(case: Case, _: World, __: Rule) -> list[Breach] | None:
    row = case.row
    two = _read((row.forecast, row.budget))
    if len(two) != 2 or two[0].unit != two[1].unit:  # noqa: PLR2004 - both
        return None
    forecast, budget = (abs(f.value or Decimal(0)) for f in two)
    if forecast <= budget:
        return []
    values = {"name": row.name}
    return [Breach(two[0].place, two[0].written, two[1].written, "forecast", values=values)]


@tests("I-OVER")
def _investment_keeps_its_budget(case: Case, _: World, rule: Rule) -> list[Breach] | None:
    two = _read(case.row.columns.get(key) for key in ("forecast", "budget_year"))
    if len(two) != 2 or two[0].unit != two[1].unit:  # noqa: PLR2004 - both
        return None
    forecast, budget = (abs(f.value or Decimal(0)) for f in two)
    if not budget or forecast <= budget * (1 + Decimal(str(rule.parameters["share"]))):
        return []
    values = {"name": case.row.name}
    return [Breach(two[0].place, two[0].written, two[1].written, "forecast", values=values)]


COUNTED = ("headcount", "fte", "count")


@tests("B-NEG")
def _counts_are_not_negative(case: Case, _: World, __: Rule) -> list[Breach] | None:
    return [
        Breach(figure.place or case.place, figure.written, field=name)
        for name, figure in figures_of(case.row)
        if figure.unit in COUNTED
        and figure.value is not None
        and figure.value < 0
        and not name.endswith("_change")
        and "gap" not in name
    ]
