"""The indicators of a goal: the years side by side, the year's target, and which way it goes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from expectations.contract import Figure, Indicator
from expectations.registers import CityGoal
from expectations.swedish import swedish
from tasks.report.blocks import Block, Cell, Chart, Table, text
from tasks.report.charts import Trend, trend_lines
from tasks.report.material import Material, say, words
from warehouse.snapshot import StoredRow

YEARS = 3


def indicators(material: Material, goal: CityGoal) -> Iterator[Block]:
    """Yield the goal's indicators as a table and, where there are two years or more, as lines."""
    rows = [
        stored
        for stored in material.rows("indicators")
        if stored.row.goal_id == goal.goal_id
        and (stored.row.outcomes or stored.row.target_year or stored.row.target_term)
    ]
    if not rows:
        return
    years = _years(rows)
    table_id = f"t-indikatorer-{goal.goal_id}"
    fixed = words()["indicators"]
    head = (*fixed["head"], *years, *fixed["head_targets"])
    table = tuple(_row(material, stored, years) for stored in rows)
    numbers = tuple(range(2, len(head) - 1))
    note = say("indicators.note")
    if any(cell.missing == "not_measured" for row in table for cell in row):
        note = f"{note} {say('indicators.not_measured_note')}"
    yield Table(table_id, say("indicators.table"), head, table, note, numbers=numbers)
    trends = [trend for stored in rows if (trend := _trend(stored, years)) is not None]
    if trends:
        told = "; ".join(_told(trend) for trend in trends)
        svg = trend_lines(trends)
        description = say("indicators.chart_text", told=told)
        title = say("indicators.chart")
        yield Chart(f"d-indikatorer-{goal.goal_id}", title, description, svg, table_id)


def _years(rows: Sequence[StoredRow]) -> tuple[str, ...]:
    """Return the last years that any of the indicators has a value for."""
    return tuple(sorted({year for stored in rows for year in stored.row.outcomes})[-YEARS:])


def _row(material: Material, stored: StoredRow, years: Sequence[str]) -> tuple[Cell, ...]:
    row: Indicator = stored.row
    shown = f"{row.name} ({material.name(stored.board)})"
    return (
        text(shown),
        text(_unit(row)),
        material.figure(stored, "baseline", row.baseline),
        *(_outcome(material, stored, year) for year in years),
        material.figure(stored, "target_year", row.target_year),
        material.figure(stored, "target_term", row.target_term),
        _direction(row, years),
    )


def _unit(row: Indicator) -> str:
    """Return the unit of an indicator as words, empty where its figures have none."""
    figures = (*row.outcomes.values(), row.baseline, row.target_year, row.target_term)
    unit = next((figure.unit for figure in figures if figure and figure.unit), None)
    shown: str = words()["units"].get(unit, "")
    return shown


def _outcome(material: Material, stored: StoredRow, year: str) -> Cell:
    figure = stored.row.outcomes.get(year)
    if figure is None or figure.state == "blank":
        return Cell(say("indicators.not_measured"), is_number=True, missing="not_measured")
    return material.figure(stored, f"outcomes.{year}", figure)


def _direction(row: Indicator, years: Sequence[str]) -> Cell:
    """Return which way the last two values go, held against the way that is wished for."""
    values = [row.outcomes[y].value for y in years if y in row.outcomes]
    known = [value for value in values if value is not None]
    if len(known) < 2 or row.direction not in ("increase", "decrease"):  # noqa: PLR2004
        return Cell("–")
    step = known[-1] - known[-2]
    symbol = "→" if step == 0 else "↗" if step > 0 else "↘"
    if step == 0:
        return Cell(say("indicators.unchanged"), symbol=symbol)
    is_wished = (step > 0) == (row.direction == "increase")
    return Cell(say("indicators.wished" if is_wished else "indicators.unwished"), symbol=symbol)


def _trend(stored: StoredRow, years: Sequence[str]) -> Trend | None:
    row: Indicator = stored.row
    points = [
        (year, row.outcomes[year])
        for year in years
        if year in row.outcomes and row.outcomes[year].value is not None
    ]
    start = row.baseline
    values = [("start", start)] if start is not None and start.value is not None else []
    values += points
    if len(values) < 3:  # noqa: PLR2004 - two points are no trend
        return None
    return Trend(
        row.name,
        tuple((say("indicators.start") if at == "start" else at, _value(f)) for at, f in values),
        _value(row.target_year) if row.target_year and row.target_year.value is not None else None,
        tuple(swedish(_value(f), f.decimals) for _, f in values),
        swedish(row.target_year.value, row.target_year.decimals) if row.target_year else "",
    )


def _value(figure: Figure) -> Decimal:
    return figure.value if figure.value is not None else Decimal(0)


def _told(trend: Trend) -> str:
    values = ", ".join(f"{at} {w}" for (at, _), w in zip(trend.points, trend.written, strict=True))
    return say(
        "indicators.told", name=trend.name, values=values, target=trend.target_written or "–"
    )
