"""The chapters on economy, staff and essential deviations, beside the goals and assignments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from expectations.contract import Figure, Text
from expectations.swedish import swedish
from tasks.report.assignments import short
from tasks.report.blocks import Block, Cell, Paragraph, Section, Table, text
from tasks.report.material import Material, as_told, in_millions, say, words
from warehouse.snapshot import StoredRow

COLUMNS = (
    "outcome",
    "budget",
    "deviation",
    "outcome_prev",
    "forecast",
    "forecast_prev",
    "budget_year",
    "accounts_prev",
)


def economy(material: Material) -> Section:
    """Return results per board and company, deficits with measures, central items, measures."""
    blocks = tuple(_results(material))
    parts = [
        Section(anchor, say(key), made)
        for anchor, key, made in (
            ("ekonomi-underskott", "economy.negative", tuple(_deficits(material))),
            ("ekonomi-centralt", "economy.central", tuple(_central(material))),
            ("ekonomi-matt", "economy.measures", tuple(_measures(material))),
        )
        if made
    ]
    title = say("economy.title")
    if not blocks and not parts:
        return Section("ekonomi", title, (Paragraph(say("economy.none")),))
    lead = Paragraph(say("economy.lead"), "lead")
    return Section("ekonomi", title, (lead, *blocks), tuple(parts))


def _is_company(material: Material, board_id: str) -> bool:
    board = material.city.board(board_id)
    return board is not None and board.kind == "company"


def _results(material: Material) -> Iterator[Block]:
    found = list(material.finance("result"))
    head = tuple(words()["economy"]["head"])
    boards = [one for one in found if not _is_company(material, one[0].board)]
    companies = [one for one in found if _is_company(material, one[0].board)]
    numbers = tuple(range(1, len(head)))
    if len(boards) == 1 and not companies:
        yield from _whole_table(material, boards[0][0].board)
    elif boards:
        rows = [_result(material, stored, columns) for stored, columns in boards]
        rows.append(_sums(material, boards))
        title, note = say("economy.table"), say("economy.note")
        yield Table("t-resultat", title, head, tuple(rows), note, "", numbers, wide=True)
    if companies:
        rows = [_result(material, stored, columns) for stored, columns in companies]
        title, note = say("economy.companies"), say("economy.companies_note")
        yield Table("t-bolag", title, head, tuple(rows), note, "", numbers, wide=True)


def _result(material: Material, stored: StoredRow, columns: dict[str, Figure]) -> tuple[Cell, ...]:
    cells = (material.money(stored, f"columns.{key}", columns.get(key)) for key in COLUMNS)
    return (text(material.name(stored.board)), *cells)


def _sums(
    material: Material, found: Sequence[tuple[StoredRow, dict[str, Figure]]]
) -> tuple[Cell, ...]:
    cells = []
    for key in COLUMNS:
        total = Decimal(0)
        ids: list[str] = []
        for stored, columns in found:
            figure = columns.get(key)
            value = in_millions(figure)
            if figure is not None and value is not None:
                total += value
                ids += material.ids(stored, f"columns.{key}", figure)
        whole = len(ids) == len(found)
        shown = swedish(total, 1) if whole else "–"
        cells.append(Cell(shown, is_number=True, figures=tuple(ids), how=say("how.sum")))
    return (Cell(say("economy.sum")), *cells)


def _whole_table(material: Material, board: str) -> Iterator[Block]:
    """Yield a lone board's result table with all its lines."""
    rows = [
        (
            text(stored.row.label),
            *(
                material.money(stored, f"columns.{key}", stored.row.columns.get(key))
                for key in COLUMNS
            ),
        )
        for stored in material.rows("finance")
        if stored.board == board and stored.row.table is None
    ]
    title = say("economy.lines", board=material.name(board))
    head = tuple(words()["economy"]["lines_head"])
    yield Table(
        "t-resultat", title, head, tuple(rows), numbers=tuple(range(1, len(head))), wide=True
    )


def _deficits(material: Material) -> Iterator[Block]:
    measures = {s.board: s for s in material.rows("deviations") if s.row.measure_taken}
    rows = []
    for stored, columns in material.finance("result"):
        value = in_millions(columns.get("forecast"))
        if value is None or value >= 0:
            continue
        taken = measures.get(stored.board)
        rows.append(
            (
                text(material.name(stored.board)),
                material.money(stored, "columns.forecast", columns["forecast"]),
                text(short(taken.row.measure_taken.text, 220))
                if taken
                else Cell(say("economy.no_measures"), missing="none"),
            )
        )
    if rows:
        head = tuple(words()["economy"]["negative_head"])
        yield Table("t-underskott", say("economy.negative"), head, tuple(rows), numbers=(1,))


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
        yield Table("t-centralt", say("economy.central"), head, rows, numbers=(2, 3, 4))


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
        title = say("economy.measures")
        yield Table("t-matt", title, head, tuple(rows), numbers=(2, 3, 4, 5))


# --- staff ---------------------------------------------------------------------------------------


def staff(material: Material) -> Section:
    """Return annual FTE, sick leave and moves; sums only where a sum means something."""
    blocks = [*_people(material), *_moves(material)]
    title = say("staff.title")
    if not blocks:
        return Section("personal", title, (Paragraph(say("staff.none")),))
    return Section("personal", title, (Paragraph(say("staff.lead"), "lead"), *blocks))


def _metric(material: Material, metric: str) -> dict[tuple[str, str], StoredRow]:
    found: dict[tuple[str, str], StoredRow] = {}
    for stored in material.rows("staff"):
        if stored.row.metric == metric:
            found.setdefault((stored.board, stored.row.scope or ""), stored)
    return found


def _people(material: Material) -> Iterator[Block]:
    fte, sick = _metric(material, "annual_fte"), _metric(material, "sick_leave_total")
    if not fte and not sick:
        return
    rows = []
    for board, scope in dict.fromkeys([*fte, *sick]):
        shown = f"{material.name(board)}, {scope}" if scope else material.name(board)
        rows.append(
            (
                text(shown),
                *_cells(material, fte.get((board, scope)), ("outcome", "outcome_prev")),
                *_cells(material, fte.get((board, scope)), ("forecast", "accounts_prev")),
                *_cells(material, sick.get((board, scope)), ("outcome", "outcome_prev")),
            )
        )
    both = [s for s in fte.values() if {"outcome", "outcome_prev"} <= set(s.row.columns)]
    note = say("staff.note")
    if len(both) > 1:
        sums = (_sum(material, both, key) for key in ("outcome", "outcome_prev"))
        rows.append((Cell(say("staff.sum")), *sums, *(text("") for _ in range(4))))
        note = f"{note} {say('staff.sum_note', count=len({s.board for s in both}))}"
    head = tuple(words()["staff"]["head"])
    numbers = tuple(range(1, len(head)))
    yield Table("t-personal", say("staff.table"), head, tuple(rows), note, "", numbers, wide=True)


def _cells(material: Material, stored: StoredRow | None, keys: Sequence[str]) -> Iterator[Cell]:
    for key in keys:
        figure = stored.row.columns.get(key) if stored else None
        yield (
            material.figure(stored, f"columns.{key}", figure)
            if stored
            else Cell("", is_number=True)
        )


def _sum(material: Material, rows: Sequence[StoredRow], key: str) -> Cell:
    figures = [stored.row.columns[key] for stored in rows]
    values = [f.value for f in figures if f.value is not None]
    ids = tuple(
        one
        for stored, figure in zip(rows, figures, strict=True)
        for one in material.ids(stored, f"columns.{key}", figure)
    )
    total = swedish(sum(values, Decimal(0)), 1)
    return Cell(total, is_number=True, figures=ids, how=say("how.sum"))


def _moves(material: Material) -> Iterator[Block]:
    left, came = _metric(material, "exits"), _metric(material, "recruitments")
    rows = tuple(
        (
            text(material.name(board)),
            *_cells(material, left.get((board, scope)), ("outcome", "outcome_prev")),
            *_cells(material, came.get((board, scope)), ("outcome", "outcome_prev")),
        )
        for board, scope in dict.fromkeys([*left, *came])
    )
    if rows:
        head = tuple(words()["staff"]["moves_head"])
        yield Table("t-rorelser", say("staff.moves"), head, rows, numbers=(1, 2, 3, 4))


# --- essential deviations ------------------------------------------------------------------------


def _told(value: Text | None) -> Cell:
    return text(short(as_told(value), 260) if value else "")


def deviations(material: Material) -> Section:
    """Return the deviations that boards tell of, in their own words."""
    title = say("deviations.title")
    rows = tuple(
        (
            text(material.name(stored.board)),
            _told(stored.row.text),
            _told(stored.row.consequence),
            _told(stored.row.measure_taken),
        )
        for stored in material.rows("deviations")
    )
    if not rows:
        return Section("avvikelser", title, (Paragraph(say("deviations.none")),))
    head = tuple(words()["deviations"]["head"])
    return Section(
        "avvikelser", title, (Table("t-vasentliga", say("deviations.table"), head, rows),)
    )
