"""Competence at work: positions hard to fill, retraining, money and activities."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from expectations.contract import Figure, Text
from expectations.predicates.people import in_kronor, pool_of
from expectations.swedish import swedish
from tasks.report.assignments import short
from tasks.report.blocks import Block, Cell, Paragraph, Table, count, text
from tasks.report.material import Material, as_told, say, words
from warehouse.snapshot import StoredRow


def positions(material: Material) -> Iterator[Block]:
    """Yield the positions that are hard to fill; the sum of intervals is an interval."""
    rows = material.rows("competence_positions")
    if not rows:
        return
    table = tuple(
        (
            text(stored.row.position),
            text(material.name(stored.board)),
            text(say("competence.now" if stored.row.horizon == "now" else "competence.long_run")),
            material.figure(stored, "missing", stored.row.missing),
            material.figure(stored, "vacant_or_hired", stored.row.vacant_or_hired),
            material.figure(stored, "other_competence", stored.row.other_competence),
            material.choice("competence_change", stored.row.change),
        )
        for stored in rows
    )
    head = tuple(words()["competence"]["positions_head"])
    note = say("competence.positions_note")
    title = say("competence.positions_table")
    yield Table("t-befattningar", title, head, table, note=note, numbers=(3, 4, 5))
    ends = [_ends(r.row.missing) for r in rows if r.row.horizon == "now" and r.row.missing]
    known = [pair for pair in ends if pair is not None]
    if len(known) > 1:
        low = sum((pair[0] for pair in known), Decimal(0))
        high = sum((pair[1] for pair in known), Decimal(0))
        yield Paragraph(say("competence.positions_sum", low=swedish(low), high=swedish(high)))


def _ends(figure: Figure) -> tuple[Decimal, Decimal] | None:
    if figure.low is not None and figure.high is not None:
        return figure.low, figure.high
    return (figure.value, figure.value) if figure.value is not None else None


def shifts(material: Material) -> Iterator[Block]:
    """Yield the needs of retraining (kompetensväxling)."""
    rows = tuple(
        (
            text(short(stored.row.area, 300)),
            text(material.name(stored.board)),
            text(say("competence.now" if stored.row.horizon == "now" else "competence.long_run")),
            text(stored.row.groups or ""),
            _counted_persons(material, stored),
        )
        for stored in material.rows("competence_shift")
    )
    if rows:
        head = tuple(words()["competence"]["shift_head"])
        yield Table("t-vaxling", say("competence.shift_table"), head, rows, numbers=(4,))


def _counted_persons(material: Material, stored: StoredRow) -> Cell:
    figure = stored.row.count
    is_read = figure is not None and (figure.value is not None or figure.low is not None)
    return material.figure(stored, "count", figure) if is_read else Cell("", is_number=True)


TOLD = 160
"""Letters of a text in a table."""
MONEY = ("requested", "granted", "used")


def funding(material: Material) -> Iterator[Block]:
    """Yield what is asked for, granted and used, and what is left of the pool."""
    rows = [
        (
            text(short(stored.row.effort, 120)),
            text(material.name(stored.board)),
            text(stored.row.period or ""),
            *(_thousands(material, stored, name) for name in MONEY),
        )
        for stored in material.rows("funding")
    ]
    rows += [
        (
            text(short(stored.row.title, 120)),
            text(material.name(stored.board)),
            text(""),
            _thousands(material, stored, "cost"),
            text(""),
            text(""),
        )
        for stored in material.rows("efforts")
    ]
    if not rows:
        return
    if len(rows) > 1:
        totals = (_sum_cell(material, name) for name in MONEY)
        rows.append((Cell(say("competence.sum"), is_sum=True), text(""), text(""), *totals))
    head = tuple(words()["competence"]["funding_head"])
    title = say("competence.funding_table")
    yield Table("t-medel", title, head, tuple(rows), numbers=(3, 4, 5))
    yield from _pool(material)
    yield from _efforts(material)


def _efforts(material: Material) -> Iterator[Block]:
    """Yield for whom each effort is and what is expected of it, or how it came to deviate."""
    rows = [
        (
            text(short(stored.row.title, 120)),
            text(material.name(stored.board)),
            _told(stored.row.target_group),
            material.figure(stored, "headcount", stored.row.headcount),
            _told(stored.row.effect),
        )
        for stored in material.rows("efforts")
    ]
    rows += [
        (
            text(short(stored.row.effort, 120)),
            text(material.name(stored.board)),
            text(short(stored.row.purpose or "", TOLD)),
            Cell("", is_number=True),
            _told(stored.row.deviation),
        )
        for stored in material.rows("funding")
        if stored.row.purpose or stored.row.deviation
    ]
    if rows:
        head, title = tuple(words()["competence"]["efforts_head"]), say("competence.efforts_table")
        yield Table("t-insatser", title, head, tuple(rows), numbers=(3,), broad=(2, 4))


def _told(written: Text | None) -> Cell:
    return text(short(as_told(written), TOLD) if written else "")


def _pool(material: Material) -> Iterator[Block]:
    """Yield the pool that the city has set aside against what is asked for and granted."""
    pool = pool_of(material.city)
    if pool is None:
        return
    left = pool - _total(material, "granted")
    row = (
        text(
            say("competence.pool_row", year=material.city.settings["funding"].get("pool_year", ""))
        ),
        Cell(swedish(pool / 1000, 0), is_number=True, how=say("how.pool")),
        *(_sum_cell(material, name) for name in MONEY),
        Cell(swedish(left / 1000, 0), is_number=True, how=say("how.pool_left")),
    )
    head, note = tuple(words()["competence"]["pool_head"]), say("competence.pool_note")
    yield Table("t-pott", say("competence.pool_table"), head, (row,), note, numbers=(1, 2, 3, 4, 5))


def granted_of_pool(material: Material) -> tuple[str, str] | None:
    """Return what is granted and what is set aside, in tkr as printed; None where no pool is."""
    pool = pool_of(material.city)
    if pool is None:
        return None
    return swedish(_total(material, "granted") / 1000, 0), swedish(pool / 1000, 0)


def _sum_cell(material: Material, field: str) -> Cell:
    """Return a sum in tkr with the ids of the figures behind it; a dash where nobody says any."""
    found = [(s, field, getattr(s.row, field)) for s in material.rows("funding")]
    if field == "requested":
        found += [(s, "cost", s.row.cost) for s in material.rows("efforts")]
    known = [(stored, name, figure) for stored, name, figure in found if in_kronor(figure)]
    ids = tuple(one for stored, name, figure in known for one in material.ids(stored, name, figure))
    if not any(in_kronor(figure) is not None for _, _, figure in found):
        return Cell("–", is_number=True)
    shown = swedish(_total(material, field) / 1000, 0)
    return Cell(shown, is_number=True, figures=ids, how=say("how.sum") if len(ids) > 1 else "")


def _thousands(material: Material, stored: StoredRow, field: str) -> Cell:
    figure = getattr(stored.row, field)
    kronor = in_kronor(figure)
    if figure is None or kronor is None:
        return material.figure(stored, field, figure)
    ids = material.ids(stored, field, figure)
    return Cell(swedish(kronor / 1000, 0), is_number=True, figures=ids)


def _total(material: Material, field: str) -> Decimal:
    amounts = [in_kronor(getattr(s.row, field)) for s in material.rows("funding")]
    if field == "requested":
        amounts += [in_kronor(s.row.cost) for s in material.rows("efforts")]
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


def activities(material: Material) -> Iterator[Block]:
    """Yield the activities in the order of the phases, with how many there are in each."""
    phases = words()["competence"]["phases"]
    order = list(phases)
    rows = sorted(
        material.rows("activities"),
        key=lambda s: order.index(s.row.phase) if s.row.phase in order else len(order),
    )
    if not rows:
        return
    if any(stored.row.phase for stored in rows):
        counted = tuple(
            (
                text(word),
                count(
                    len(same := [stored for stored in rows if stored.row.phase == phase]),
                    how=say("how.phase"),
                    items=[short(stored.row.activity, 60) for stored in same],
                ),
            )
            for phase, word in phases.items()
        )
        head = tuple(words()["competence"]["phases_head"])
        yield Table("t-skeden", say("competence.phases_table"), head, counted, numbers=(1,))
    table = tuple(
        (
            text(short(stored.row.activity, 120)),
            text(material.name(stored.board)),
            text(phases.get(stored.row.phase or "", say("competence.no_phase"))),
            text(stored.row.responsible or ""),
            text(_years(stored)),
            material.choice("activity_status", stored.row.status),
        )
        for stored in rows
    )
    head = tuple(words()["competence"]["activities_head"])
    title = say("competence.activities_table")
    yield Table("t-aktiviteter", title, head, table, unbroken=(4,))


def _years(stored: StoredRow) -> str:
    span = stored.row.span
    if span is None:
        return ""
    if span.earliest and span.latest and span.earliest.year != span.latest.year:
        return f"{span.earliest.year}–{span.latest.year}"
    return short(span.written, 40)
