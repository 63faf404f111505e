"""The chapter on competence: gaps counted and never summed, risks, positions, money, activities."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from expectations.contract import Figure
from expectations.predicates.people import in_kronor, pool_of
from expectations.swedish import swedish
from tasks.report.assignments import short
from tasks.report.blocks import Block, Cell, Chart, Paragraph, Section, Table, count, text
from tasks.report.charts import risk_matrix
from tasks.report.material import Material, say, words
from warehouse.snapshot import StoredRow


def competence(material: Material) -> Section:
    """Return the chapter with the parts that there is something to say in.

    Competence is reported once or twice a year: in between, what was last read is shown and said
    to be so.
    """
    title = say("competence.title")
    parts = _parts(material)
    if parts:
        lead = Paragraph(say("competence.lead"), "lead")
        return Section("kompetens", title, (lead,), parts)
    previous = material.snapshot.previous
    if previous is not None and previous.round is not None:
        before = Material(previous, material.city, material.city.round(previous.round))
        parts = _parts(before)
        material.used.update(before.used)
        if parts and before.round is not None:
            told = say("competence.earlier", name=before.round.name.lower())
            return Section("kompetens", title, (Paragraph(told, "lead"),), parts)
    return Section("kompetens", title, (Paragraph(say("competence.none")),))


def _parts(material: Material) -> tuple[Section, ...]:
    makers = (
        ("gap", say("competence.gaps"), _gaps(material)),
        ("risk", say("competence.matrix"), _risks(material)),
        ("befattningar", say("competence.positions"), _positions(material)),
        ("medel", say("competence.funding"), _funding(material)),
        ("aktiviteter", say("competence.activities"), _activities(material)),
    )
    made = ((anchor, title, tuple(blocks)) for anchor, title, blocks in makers)
    return tuple(Section(f"kompetens-{a}", title, blocks) for a, title, blocks in made if blocks)


def _gaps(material: Material) -> Iterator[Block]:
    rows = material.rows("competence_gaps")
    if not rows:
        return
    steps = material.city.scale("competence_gap", material.day).words
    counted = [
        (
            text(label),
            *(
                count(sum(1 for r in rows if (w := getattr(r.row, name)) and w.code == s.code))
                for s in steps
            ),
        )
        for name, label in (("years_2", "2 år"), ("years_5", "5 år"))
    ]
    head = ("Sikt", *(f"{s.symbol} {s.word}".strip() for s in steps))
    yield Table(
        "t-gap-antal",
        say("competence.gaps_count"),
        head,
        tuple(counted),
        note=say("competence.gaps_note"),
        numbers=tuple(range(1, len(head))),
    )
    yield Table(
        "t-gap",
        say("competence.gaps"),
        tuple(words()["competence"]["gaps_head"]),
        tuple(_gap(material, stored) for stored in rows),
    )
    for told in _both_ways(material, rows):
        yield Paragraph(told)


def _gap(material: Material, stored: StoredRow) -> tuple[Cell, ...]:
    row = stored.row
    return (
        text(row.occupation),
        text(material.name(stored.board)),
        material.choice("competence_gap", row.years_2),
        material.choice("competence_gap", row.years_5),
        material.choice("risk", row.risk),
        material.choice("probability", row.probability),
        text(short(row.comment.text, 110) if row.comment else ""),
    )


def _both_ways(material: Material, rows: Sequence[StoredRow]) -> Iterator[str]:
    """Yield the groups that one board lacks while another has too many."""
    groups: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for stored in rows:
        if stored.row.years_2 and stored.row.years_2.code:
            name = stored.row.occupation
            groups[name][stored.row.years_2.code].append(material.name(stored.board))
    for group, codes in groups.items():
        if codes.get("MORE") and codes.get("LESS"):
            more, less = ", ".join(codes["MORE"]), ", ".join(codes["LESS"])
            yield say("competence.both_text", group=group, more=more, less=less)


def _risks(material: Material) -> Iterator[Block]:
    columns = material.city.scale("risk", material.day).words
    rows = material.city.scale("probability", material.day).words
    cells: dict[tuple[int, int], list[str]] = {}
    for stored in material.rows("competence_gaps"):
        risk = material.step("risk", stored.row.risk)
        chance = material.step("probability", stored.row.probability)
        if risk is not None and chance is not None:
            place = (rows.index(chance), columns.index(risk))
            cells.setdefault(place, []).append(stored.row.occupation)
    if not cells:
        return
    told = "; ".join(
        say(
            "competence.matrix_cell",
            row=rows[r].word.lower(),
            column=columns[c].word.lower(),
            names=", ".join(names),
        )
        for (r, c), names in sorted(cells.items(), reverse=True)
    )
    svg = risk_matrix(cells, [w.word for w in columns], [w.word for w in rows])
    description = say("competence.matrix_text", told=told)
    yield Chart("d-risk", say("competence.matrix"), description, svg)


def _positions(material: Material) -> Iterator[Block]:
    rows = material.rows("competence_positions")
    if not rows:
        return
    table = tuple(
        (
            text(stored.row.position),
            text(material.name(stored.board)),
            text(say("competence.now" if stored.row.horizon == "now" else "competence.long")),
            material.figure(stored, "missing", stored.row.missing),
            material.figure(stored, "vacant_or_hired", stored.row.vacant_or_hired),
            material.figure(stored, "other_competence", stored.row.other_competence),
            material.choice("competence_change", stored.row.change),
        )
        for stored in rows
    )
    head = tuple(words()["competence"]["positions_head"])
    note = say("competence.positions_note")
    title = say("competence.positions")
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


def _funding(material: Material) -> Iterator[Block]:
    rows = [
        (
            text(short(stored.row.effort, 120)),
            text(material.name(stored.board)),
            text(stored.row.period or ""),
            *(_thousands(material, stored, name) for name in ("requested", "granted", "used")),
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
    head = tuple(words()["competence"]["funding_head"])
    yield Table("t-medel", say("competence.funding"), head, tuple(rows), numbers=(3, 4, 5))
    pool = pool_of(material.city)
    if pool is not None:
        yield Paragraph(
            say(
                "competence.pool",
                pool=swedish(pool / 1000, 0),
                requested=swedish(_total(material, "requested") / 1000, 0),
                granted=swedish(_total(material, "granted") / 1000, 0),
            )
        )


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


def _activities(material: Material) -> Iterator[Block]:
    phases = words()["competence"]["phases"]
    order = list(phases)
    rows = sorted(
        material.rows("activities"),
        key=lambda s: order.index(s.row.phase) if s.row.phase in order else len(order),
    )
    if not rows:
        return
    table = tuple(
        (
            text(short(stored.row.activity, 120)),
            text(material.name(stored.board)),
            text(phases.get(stored.row.phase or "", "")),
            text(stored.row.responsible or ""),
            text(_years(stored)),
        )
        for stored in rows
    )
    head = tuple(words()["competence"]["activities_head"])
    yield Table("t-aktiviteter", say("competence.activities"), head, table)


def _years(stored: StoredRow) -> str:
    span = stored.row.span
    if span is None:
        return ""
    if span.earliest and span.latest and span.earliest.year != span.latest.year:
        return f"{span.earliest.year}–{span.latest.year}"
    return short(span.written, 40)
