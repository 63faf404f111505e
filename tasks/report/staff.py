"""The chapter on staff: sums only where a sum means something, and few persons never shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from expectations.swedish import swedish
from tasks.report.blocks import Block, Cell, Chart, Paragraph, Section, Table, text
from tasks.report.charts import ranked_bars
from tasks.report.comparing import Restated
from tasks.report.few import COUNTS_OF_PERSONS, FEW, limit_of, shown_few, slot_of
from tasks.report.material import Material, counted, say, words
from warehouse.snapshot import StoredRow

PERIODS = ("outcome", "outcome_prev")


def staff(material: Material) -> Section:
    """Return annual FTE, sick leave and moves; sums only where a sum means something."""
    blocks = [*_people(material), *_sick(material), *_moves(material)]
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
    rows, restated = [], Restated(material)
    common = _common_period(list(sick.values()))
    for board, scope in dict.fromkeys([*fte, *sick]):
        shown = _scoped(material, board, scope)
        rows.append(
            (
                text(shown),
                *_cells(restated, fte.get((board, scope)), PERIODS),
                *_cells(restated, fte.get((board, scope)), ("forecast", "accounts_prev")),
                *_cells(restated, sick.get((board, scope)), PERIODS, common),
            )
        )
    both = [s for s in fte.values() if all(restated.parts(s, key) for key in PERIODS)]
    note = say("staff.note")
    if common:
        note = f"{note} {say('staff.sick_period', period=common)}"
    if len(both) > 1:
        sums = (_sum(restated, both, key) for key in PERIODS)
        rows.append((Cell(say("staff.sum"), is_sum=True), *sums, *(text("") for _ in range(4))))
        note = f"{note} {counted('staff.sum_note', len({s.board for s in both}))}"
    head = tuple(words()["staff"]["head"])
    numbers = tuple(range(1, len(head)))
    title = say("staff.table")
    yield Table(
        "t-personal",
        title,
        head,
        tuple(rows),
        note,
        "",
        numbers,
        wide=True,
        footnotes=restated.marks.all,
    )


def _common_period(rows: Sequence[StoredRow]) -> str:
    """Return the differing period that all figures of a kind share, empty where they do not."""
    notes = {stored.row.period_note or "" for stored in rows}
    return notes.pop() if len(notes) == 1 and len(rows) > 1 else ""


def _cells(
    restated: Restated, stored: StoredRow | None, keys: Sequence[str], common: str = ""
) -> Iterator[Cell]:
    """Yield figures as written, marked where their period is another or last year is restated.

    A period that all of them share, `common`, stands once under the table instead.
    """
    for key in keys:
        if stored is None:
            yield Cell("", is_number=True)
            continue
        shown = restated.figure(stored, key)
        if why := _hidden(restated, stored, key):
            limit = limit_of(restated.material.city)
            few = shown_few(limit) if why == FEW else say("staff.hidden")
            shown = Cell(few, is_number=True, missing="few", mark=shown.mark)
        period = stored.row.period_note if stored.row.period_note != common else ""
        if period and shown.text:
            shown = replace(shown, mark=restated.marks.mark(period))
        yield shown


def _hidden(restated: Restated, stored: StoredRow, key: str) -> str:
    """Return why a figure is not shown: by itself, or by one of those that it is made of."""
    hidden = restated.material.hidden
    for row, field, figure in restated.parts(stored, key):
        if why := hidden.get(slot_of(row, field.removeprefix("columns."))):
            return str(why)
        is_few = figure.value is not None and 0 < figure.value < limit_of(restated.material.city)
        if row is not stored and is_few and row.row.metric in COUNTS_OF_PERSONS:
            return FEW
    return ""


def _sum(restated: Restated, rows: Sequence[StoredRow], key: str) -> Cell:
    figures = [figure for stored in rows for _, _, figure in restated.parts(stored, key)]
    values = [f.value for f in figures if f.value is not None]
    ids = tuple(one for stored in rows for one in restated.ids(stored, key))
    total = swedish(sum(values, Decimal(0)), 1)
    return Cell(total, is_number=True, figures=ids, how=say("how.sum"))


def _moves(material: Material) -> Iterator[Block]:
    left, came = _metric(material, "exits"), _metric(material, "recruitments")
    turned = _metric(material, "turnover_external") or _metric(material, "turnover")
    restated = Restated(material)
    rows = tuple(
        (
            text(_scoped(material, board, scope)),
            *_cells(restated, left.get((board, scope)), PERIODS),
            *_cells(restated, came.get((board, scope)), PERIODS),
            *_cells(restated, turned.get((board, scope)), PERIODS),
        )
        for board, scope in dict.fromkeys([*left, *came, *turned])
    )
    if rows:
        head = tuple(words()["staff"]["moves_head"])
        hidden = any(cell.missing == "few" for row in rows for cell in row)
        note = say("staff.few_note", limit=limit_of(material.city)) if hidden else ""
        title, numbers = say("staff.moves"), (1, 2, 3, 4, 5, 6)
        told = restated.marks.all
        yield Table("t-rorelser", title, head, rows, note, numbers=numbers, footnotes=told)


def _scoped(material: Material, board: str, scope: str) -> str:
    return f"{material.name(board)}, {scope}" if scope else material.name(board)


def _sick(material: Material) -> Iterator[Block]:
    """Yield sick leave ranked, with the same period last year beside."""
    found = []
    for (board, scope), stored in _metric(material, "sick_leave_total").items():
        now, before = (stored.row.columns.get(key) for key in ("outcome", "outcome_prev"))
        if now is not None and now.value is not None:
            found.append((_scoped(material, board, scope), now.value, before and before.value))
    if len(found) < 3:  # noqa: PLR2004 - two bars are read in the table
        return
    ranked = sorted(found, key=lambda item: (-item[1], item[0]))
    told = "; ".join(f"{name} {swedish(value, 1)}" for name, value, _ in ranked)
    svg = ranked_bars(ranked, unit=say("staff.now"), was=say("staff.before"))
    description = say("staff.sick_text", told=told)
    yield Chart("d-sjukfranvaro", say("staff.sick"), description, svg, "t-personal")
