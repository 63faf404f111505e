"""The chapter on economy: forecasts ranked, results, deficits, central items, investments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from expectations.swedish import swedish, swedish_day
from tasks.readers.spans import due_in
from tasks.report.assignments import short
from tasks.report.blocks import Block, Cell, Chart, Paragraph, Section, Table, text
from tasks.report.charts import small_multiples
from tasks.report.material import Material, as_told, in_millions, say, signed, words
from tasks.report.reconciling import reconciliation
from tasks.report.results import is_company, results
from warehouse.snapshot import StoredRow


@dataclass(frozen=True, slots=True)
class Deviation:
    """How far a board's forecast is from its budget, in mnkr; `share` of the grant in per cent."""

    board: str
    forecast: Decimal
    budget: Decimal
    figures: tuple[str, ...]
    is_company: bool
    share: Decimal | None
    grant: tuple[str, ...]
    """The id of the grant that the share was computed on."""

    @property
    def value(self) -> Decimal:
        """Forecast minus budget of the result: minus is a worse result."""
        return self.forecast - self.budget


def forecast_deviations(material: Material) -> list[Deviation]:
    """Return every board and company with a forecast and a budget, the largest deviation first."""
    grants = {
        stored.board: (stored, columns["budget_year"])
        for stored, columns in material.finance("municipal_grant")
        if in_millions(columns.get("budget_year"))
    }
    found = []
    for stored, columns in material.finance("result"):
        forecast, budget = columns.get("forecast"), columns.get("budget_year")
        one, other = in_millions(forecast), in_millions(budget)
        if forecast is None or budget is None or one is None or other is None:
            continue
        ids = (
            *material.ids(stored, "columns.forecast", forecast),
            *material.ids(stored, "columns.budget_year", budget),
        )
        row, grant = grants.get(stored.board, (None, None))
        whole = in_millions(grant)
        share = (one - other) / whole * 100 if whole else None
        granted = material.ids(row, "columns.budget_year", grant) if row and grant else ()
        company = is_company(material, stored.board)
        found.append(Deviation(stored.board, one, other, ids, company, share, granted))
    return sorted(found, key=lambda one: (-abs(one.value), one.board))


def without_measures(material: Material) -> list[str]:
    """Return the boards that forecast a deficit and tell of no measure against it."""
    acted = {s.board for s in material.rows("deviations") if s.row.measure_taken}
    return [
        stored.board
        for stored, columns in material.finance("result")
        if (in_millions(columns.get("forecast")) or 0) < 0 and stored.board not in acted
    ]


def economy(material: Material) -> Section:
    """Return forecasts, results per board and company, deficits, central items, volumes."""
    parts = tuple(
        Section(anchor, material.say(key), made)
        for anchor, key, made in (
            ("ekonomi-prognos", "economy.forecast", tuple(_forecasts(material))),
            ("ekonomi-resultat", "economy.results", tuple(results(material))),
            ("ekonomi-underskott", "economy.negative", tuple(_deficits(material))),
            ("ekonomi-centralt", "economy.central", tuple(_central(material))),
            ("ekonomi-investeringar", "economy.investments", tuple(_investments(material))),
            ("ekonomi-matt", "economy.measures", tuple(_measures(material))),
            ("ekonomi-avstamning", "reconciling.title", tuple(reconciliation(material))),
        )
        if made
    )
    title = say("economy.title")
    if not parts:
        return Section("ekonomi", title, (Paragraph(say("economy.none")),))
    return Section("ekonomi", title, (Paragraph(say("economy.lead"), "lead"),), parts)


def _forecasts(material: Material) -> Iterator[Block]:
    """Yield the deviations of all, ranked: the table behind the chart on page one."""
    found = forecast_deviations(material)
    rows = tuple(
        (
            text(material.name(one.board)),
            Cell(swedish(one.forecast, 1), is_number=True, figures=one.figures[:1]),
            Cell(swedish(one.budget, 1), is_number=True, figures=one.figures[1:]),
            Cell(signed(one.value), is_number=True, figures=one.figures, how=say("how.deviation")),
            Cell(
                signed(one.share) if one.share is not None else "–",
                is_number=True,
                figures=(*one.figures, *one.grant) if one.share is not None else (),
                how=say("how.share") if one.share is not None else "",
            ),
        )
        for one in found
    )
    if rows:
        title = material.say("economy.forecast_table")
        head = material.heads("economy.forecast_head")
        note = material.say("economy.forecast_note")
        yield Table("t-prognos", title, head, rows, note, numbers=(1, 2, 3, 4))
    yield from _multiples(material)


def _multiples(material: Material) -> Iterator[Block]:
    """Yield one small picture per board: accounts of last year, forecast before, forecast now."""
    keys = ("accounts_prev", "forecast_prev", "forecast")
    series = []
    for stored, columns in material.finance("result"):
        values = [in_millions(columns.get(key)) for key in keys]
        if None not in values and not is_company(material, stored.board):
            series.append((material.name(stored.board), [v for v in values if v is not None]))
    if len(series) < 3:  # noqa: PLR2004 - two boards are read in the table
        return
    told = "; ".join(f"{name}: {', '.join(signed(v) for v in v_)}" for name, v_ in series)
    svg = small_multiples(series, say("economy.multiples_head").split("|"))
    yield Chart(
        "d-prognoser",
        say("economy.multiples"),
        say("economy.multiples_text", told=told),
        svg,
        "t-resultat",
    )


def _deficits(material: Material) -> Iterator[Block]:
    """Yield the expected deficits with their measures, and by when they are to be decided on."""
    measures: dict[str, list[str]] = defaultdict(list)
    for stored in material.rows("deviations"):
        if stored.row.measure_taken:
            measures[stored.board].append(as_told(stored.row.measure_taken))
    days = material.city.settings.get("report", {}).get("measures_days")
    rows = []
    for stored, columns in material.finance("result"):
        value = in_millions(columns.get("forecast"))
        if value is None or value >= 0:
            continue
        told = " ".join(measures[stored.board])
        decided = _decided_on(material, told)
        rows.append(
            (
                text(material.name(stored.board)),
                material.money(stored, "columns.forecast", columns["forecast"]),
                text(short(told, 260))
                if told
                else Cell(say("economy.no_measures"), missing="none"),
                text(swedish_day(decided))
                if decided
                else Cell(say("economy.not_decided"), missing="none"),
                text(_last_day(material, stored, int(days)) if days and not decided else ""),
            )
        )
    if rows:
        head, title = (
            material.heads("economy.negative_head"),
            material.say("economy.negative_table"),
        )
        note = say("economy.measures_note", days=days) if days else ""
        yield Table(
            "t-underskott", title, head, tuple(rows), note, numbers=(1,), unbroken=(4,), broad=(2,)
        )


def _decided_on(material: Material, told: str) -> date | None:
    """Return the day on which a text says that measures were decided on."""
    words_ = material.city.settings.get("vocabulary", {}).get("report_headings", {})
    for sentence in told.split(". "):
        if any(word in sentence.casefold() for word in words_.get("decided", ())):
            when = due_in(sentence, today_year=material.day.year)
            if when and when.earliest and when.earliest == when.latest:
                return when.latest
    return None


def _last_day(material: Material, stored: StoredRow, days: int) -> str:
    """Return the day by which a board that tells of a deficit has to have decided on measures."""
    told_on = material.told_on(stored)
    return swedish_day(told_on + timedelta(days=days)) if told_on else ""


def _central(material: Material) -> Iterator[Block]:
    rows = tuple(
        (
            text(stored.row.name),
            text(material.name(stored.board)),
            *(
                material.figure(stored, name, getattr(stored.row, name))
                for name in ("outcome", "forecast", "budget")
            ),
        )
        for stored in material.rows("central_items")
    )
    if rows:
        head = tuple(words()["economy"]["central_head"])
        yield Table("t-centralt", say("economy.central_table"), head, rows, numbers=(2, 3, 4))


def _investments(material: Material) -> Iterator[Block]:
    """Yield the projects with forecast against budget, the largest budget first."""
    keys = ("outcome", "forecast", "budget_year")
    found = []
    for stored in material.rows("investments"):
        columns = stored.row.columns
        cells = [material.money(stored, f"columns.{k}", columns.get(k)) for k in keys]
        one, other = (in_millions(columns.get(k)) for k in keys[1:])
        ids = tuple(one for cell in cells[1:] for one in cell.figures)
        left = Cell("", is_number=True)
        if one is not None and other is not None:
            how = say("how.deviation")
            left = Cell(signed(one - other), is_number=True, figures=ids, how=how)
        size = abs(other) if other is not None else Decimal(0)
        found.append(
            (size, (text(stored.row.name), text(material.name(stored.board)), *cells, left))
        )
    if found:
        rows = tuple(row for _, row in sorted(found, key=lambda item: -item[0]))
        head, title = (
            tuple(words()["economy"]["investments_head"]),
            say("economy.investments_table"),
        )
        note = say("economy.investments_note")
        yield Table("t-investeringar", title, head, rows, note, numbers=(2, 3, 4, 5))


def _measures(material: Material) -> Iterator[Block]:
    keys = ("period", "period_change", "year", "year_change")
    rows = []
    for stored in material.rows("measures"):
        columns = stored.row.columns
        if not any(key in columns for key in keys):
            continue
        cells = [material.figure(stored, f"columns.{k}", columns.get(k)) for k in keys]
        scope = f", {stored.row.scope}" if stored.row.scope else ""
        unit = next((f.unit for k, f in columns.items() if "change" not in k), None)
        shown = f"{stored.row.name}{scope}"
        if unit in ("mnkr", "tkr", "kr"):
            shown += f" ({unit})"
        rows.append((text(shown), text(material.name(stored.board)), *cells))
    if rows:
        head = tuple(words()["economy"]["measures_head"])
        title = say("economy.measures_table")
        yield Table("t-matt", title, head, tuple(rows), numbers=(2, 3, 4, 5))
