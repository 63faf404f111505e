"""Staff, volumes, investments and central items of one board and round, from its few key numbers.

The boards' files hold the years; this module says what they are after three, eight and twelve
months.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from examples.lindhamn.economy import SHARES
from examples.lindhamn.numbers import figure, luck, millions, tenths
from expectations.contract import CentralItem, Figure, Investment, Measure, StaffFigure
from expectations.registers import Round

_TOWARDS = {"march": 0.4, "august": 0.8, "annual": 1.0}
"""How far on its way from last year's value to this year's a level has come."""
_WINTER = 0.7
"""Percentage points of sick leave that the winter adds to a first quarter."""
HEADS_PER_FTE = 1.09


def staff_figures(board: str, data: Mapping[str, Any], round_: Round) -> tuple[StaffFigure, ...]:
    """Return the seven staff figures that every board reports."""
    if not data:
        return ()
    note = "januari–juli" if round_.type == "august" else None
    return (
        _level("annual_fte", "Årsarbetare", data["fte"], round_, "fte", 1),
        _level(
            "employees",
            "Anställda",
            [value * HEADS_PER_FTE for value in data["fte"]],
            round_,
            "headcount",
            0,
        ),
        *_sick_leave(board, data["sick"], round_, note),
        *_movements(board, data, round_),
    )


def _at(years: list[float], round_: Round, back: int = 0) -> float:
    """Return a level in the period; `back` 1 is the same period the year before."""
    if round_.type == "annual":
        return float(years[1 - back])
    way = _TOWARDS[round_.type]
    return float(years[1 - back] + (years[2 - back] - years[1 - back]) * way)


def _level(
    metric: str, label: str, years: list[float], round_: Round, unit: str, decimals: int
) -> StaffFigure:
    annual = round_.type == "annual"
    values = {
        "outcome": _at(years, round_),
        "outcome_prev": _at(years, round_, 1),
        "forecast": years[1] if annual else years[2],
        "accounts_prev": years[0] if annual else years[1],
    }
    columns = {key: figure(value, unit, decimals) for key, value in values.items()}
    return StaffFigure(metric, label, columns=columns)


def _sick_leave(
    board: str, years: list[float], round_: Round, note: str | None
) -> Iterator[StaffFigure]:
    chance = luck(board, "sick leave")
    parts = {
        ("sick_leave_total", "Sjukfrånvaro totalt"): 1.0,
        ("sick_leave_short", "Sjukfrånvaro dag 1–14"): chance.uniform(0.32, 0.42),
        ("sick_leave_long", "Sjukfrånvaro från dag 60"): chance.uniform(0.3, 0.4),
    }
    now, before = (years[1], years[0]) if round_.type == "annual" else (years[2], years[1])
    winter = _WINTER if round_.type == "march" else 0.0
    for (metric, label), share in parts.items():
        columns = {
            "outcome": figure((now + winter) * share, "percent", 1),
            "outcome_prev": figure((before + winter) * share, "percent", 1),
            "accounts_prev": figure(before * share, "percent", 1),
        }
        yield StaffFigure(metric, label, columns=columns, period_note=note)


def _movements(board: str, data: Mapping[str, Any], round_: Round) -> Iterator[StaffFigure]:
    chance = luck(board, round_.round_id, "movements")
    share = SHARES[round_.type]
    turnover = data["turnover"]
    heads = data["fte"][1] * HEADS_PER_FTE
    left = [_at(turnover, round_, back) * heads / 100 * share for back in (0, 1)]
    came = [value * chance.uniform(0.85, 1.1) for value in left]
    for metric, label, (now, before) in (
        ("exits", "Avgångar ur förvaltningen", left),
        ("recruitments", "Rekryteringar till förvaltningen", came),
    ):
        columns = {
            "outcome": figure(now, "headcount"),
            "outcome_prev": figure(before, "headcount"),
        }
        yield StaffFigure(metric, label, columns=columns)
    yield StaffFigure(
        "turnover_external",
        "Personalomsättning, extern",
        columns={
            "outcome": figure(_at(turnover, round_), "percent", 1),
            "outcome_prev": figure(_at(turnover, round_, 1), "percent", 1),
        },
    )


def measures(data: list[Mapping[str, Any]], round_: Round) -> tuple[Measure, ...]:
    """Return volumes and key figures with their change in percent."""
    return tuple(_measure(item, round_) for item in data)


def _measure(item: Mapping[str, Any], round_: Round) -> Measure:
    years = [float(value) for value in item["years"]]
    share = 1.0 if item.get("stock") else SHARES[round_.type]
    now, before = _at(years, round_) * share, _at(years, round_, 1) * share
    this, last = (years[1], years[0]) if round_.type == "annual" else (years[2], years[1])
    unit, decimals = item["unit"], item.get("decimals", 0)
    columns = {
        "period": figure(now, unit, decimals),
        "period_change": _change(now, before),
        "year": figure(this, unit, decimals),
        "year_change": _change(this, last),
    }
    return Measure(item["name"], columns=columns)


def _change(now: float, before: float) -> Figure:
    return figure((now / before - 1) * 100, "percent", 1)


def investments(data: list[Mapping[str, Any]], round_: Round) -> tuple[Investment, ...]:
    """Return investments; money spent has a minus sign, as costs have."""
    share = SHARES[round_.type]
    rows = []
    for item in data:
        chance = luck(item["name"], round_.round_id)
        budget = float(item["budget"][str(round_.period_to.year)])
        forecast = budget * chance.uniform(0.88, 1.02)
        outcome = forecast if round_.type == "annual" else forecast * share * 0.8
        columns = {"outcome": outcome, "forecast": forecast, "budget_year": budget}
        figures = {key: millions(tenths(value)) for key, value in columns.items()}
        rows.append(Investment(item["name"], columns=figures))
    return tuple(rows)


def central_items(data: list[Mapping[str, Any]], round_: Round) -> tuple[CentralItem, ...]:
    """Return money that the city holds centrally, in tkr."""
    rows = []
    for item in data:
        budget = float(item["budget"][str(round_.period_to.year)])
        forecast = budget * item["share"]
        used = forecast if round_.type == "annual" else forecast * SHARES[round_.type] * 0.9
        rows.append(
            CentralItem(
                item["name"],
                outcome=figure(used, "tkr"),
                forecast=figure(forecast, "tkr"),
                budget=figure(budget, "tkr"),
            )
        )
    return tuple(rows)
