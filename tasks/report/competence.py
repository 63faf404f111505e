"""The chapter on competence: the gaps counted and never summed, and the risks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from expectations.registers import Round
from expectations.swedish import swedish
from tasks.report.assignments import short
from tasks.report.blocks import Block, Cell, Chart, Listing, Paragraph, Section, Table, count, text
from tasks.report.charts import risk_matrix, stacked_bars
from tasks.report.comparing import line_of
from tasks.report.competence_work import activities, funding, positions, shifts
from tasks.report.material import Material, as_told, say, words
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
        material.take(before)
        if parts and before.round is not None:
            told = say("competence.earlier", name=before.round.name.lower())
            return Section("kompetens", title, (Paragraph(told, "lead"),), parts)
    return Section("kompetens", title, (Paragraph(say("competence.none")),))


def _parts(material: Material) -> tuple[Section, ...]:
    makers = (
        ("gap", say("competence.gaps"), _gaps(material)),
        ("risk", say("competence.matrix"), _risks(material)),
        ("befattningar", say("competence.positions"), positions(material)),
        ("vaxling", say("competence.shift"), shifts(material)),
        ("medel", say("competence.funding"), funding(material)),
        ("aktiviteter", say("competence.activities"), activities(material)),
    )
    made = ((anchor, title, tuple(blocks)) for anchor, title, blocks in makers)
    return tuple(Section(f"kompetens-{a}", title, blocks) for a, title, blocks in made if blocks)


HORIZONS = (("years_2", "short"), ("years_5", "long"))


def _gaps(material: Material) -> Iterator[Block]:
    rows = material.rows("competence_gaps")
    if not rows:
        return
    steps = material.city.scale("competence_gap", material.day).words
    counts = [
        (
            say(f"competence.{label}"),
            [
                sum(1 for r in rows if (w := getattr(r.row, name)) and w.code == s.code)
                for s in steps
            ],
        )
        for name, label in HORIZONS
    ]
    told = "; ".join(
        f"{label}: "
        + ", ".join(f"{n} {s.word.lower()}" for n, s in zip(numbers, steps, strict=True))
        for label, numbers in counts
    )
    svg = stacked_bars(counts, [s.word for s in steps], [s.symbol for s in steps])
    description = say("competence.gaps_text", told=told)
    yield Chart("d-gap", say("competence.gaps_count"), description, svg, "t-gap-antal")
    head = (say("competence.horizon"), *(f"{s.symbol} {s.word}".strip() for s in steps))
    table = tuple(
        (
            text(label),
            *(
                count(n, how=say("how.gap_step"), figures=_ids(material, rows, name, s.code))
                for n, s in zip(numbers, steps, strict=True)
            ),
        )
        for (name, _), (label, numbers) in zip(HORIZONS, counts, strict=True)
    )
    note = say("competence.gaps_note")
    numbers = tuple(range(1, len(head)))
    yield Table("t-gap-antal", say("competence.gaps_count"), head, table, note, numbers=numbers)
    yield from _by_occupation(material, rows)
    yield _all_gaps(material, rows)
    told_both = list(both_ways(material, rows))
    if told_both:
        yield Paragraph(say("competence.both"), "strong")
        yield Listing(tuple(told_both))


def _ids(
    material: Material, rows: Sequence[StoredRow], name: str, code: str | None = None
) -> tuple[str, ...]:
    """Return the ids of what is written in a field of the rows: all of it, or one step's."""
    return tuple(
        one
        for stored in rows
        if (word := getattr(stored.row, name)) and code in (None, word.code)
        for one in material.ids(stored, name, word)
    )


def _by_occupation(material: Material, rows: Sequence[StoredRow]) -> Iterator[Block]:
    """Yield the groups that several boards report: who says more, the same and less, and in FTE."""
    groups: dict[str, list[StoredRow]] = defaultdict(list)
    for stored in rows:
        groups[stored.row.occupation].append(stored)
    table = []
    for occupation, same in sorted(groups.items()):
        if len(same) > 1:
            told = [
                "/".join(
                    str(sum(1 for r in same if (w := getattr(r.row, name)) and w.code == code))
                    for code in ("MORE", "SAME", "LESS")
                )
                for name, _ in HORIZONS
            ]
            sums = (_fte(material, same, name) for name in ("gap_fte_short", "gap_fte_long"))
            cells = (
                Cell(
                    one,
                    is_number=True,
                    how=say("how.both_steps"),
                    figures=_ids(material, same, name),
                )
                for one, (name, _) in zip(told, HORIZONS, strict=True)
            )
            boards = [material.name(stored.board) for stored in same]
            number = count(len(same), how=say("how.reporting"), items=boards)
            table.append((text(occupation), number, *cells, *sums))
    if table:
        head = tuple(words()["competence"]["shared_head"])
        title, note = say("competence.shared_table"), say("competence.shared_note")
        yield Table("t-gap-delade", title, head, tuple(table), note, numbers=(1, 2, 3, 4, 5))


def _fte(material: Material, rows: Sequence[StoredRow], name: str) -> Cell:
    """Return the sum of gaps in full-time posts; nothing where no board gives any."""
    known = [(stored, figure) for stored in rows if (figure := getattr(stored.row, name))]
    values = [figure.value for _, figure in known if figure.value is not None]
    if not values:
        return Cell("–", is_number=True)
    ids = tuple(one for stored, figure in known for one in material.ids(stored, name, figure))
    total = swedish(sum(values, Decimal(0)), 1)
    return Cell(total, is_number=True, figures=ids, how=say("how.sum"))


def _all_gaps(material: Material, rows: Sequence[StoredRow]) -> Table:
    """Return every group as its board judges it, beside what the board said the time before."""
    before = {(old.board, old.key): old for old in material.snapshot.gaps_before}
    then = next((material.city.round(old.period) for old in before.values()), None)
    head = tuple(words()["competence"]["gaps_head"])
    told = [_gap(material, stored) for stored in rows]
    if then is None:
        note = say("competence.not_compared")
        return Table("t-gap", say("competence.gaps_table"), head, tuple(told), note, broad=(6,))
    told = [
        (*cells[:6], _compared(material, before, then, stored), cells[6])
        for cells, stored in zip(told, rows, strict=True)
    ]
    head = (*head[:6], say("competence.compared"), head[6])
    note = say("competence.compared_note", name=material.round_name(then))
    return Table("t-gap", say("competence.gaps_table"), head, tuple(told), note, broad=(7,))


def _compared(
    material: Material,
    before: Mapping[tuple[str, str], StoredRow],
    then: Round,
    stored: StoredRow,
) -> Cell:
    """Return what has changed of a group since the time before, at two and at five years."""
    scales = (material.city.scale("competence_gap", day) for day in (then.period_to, material.day))
    if len({scale.words for scale in scales}) > 1:
        return Cell("–")  # the words do not mean the same: comparability says so
    board = line_of(material, stored.board, then.period_to).follows
    old = before.get((board or "", stored.key))
    if old is None:
        return text(say("competence.new_group"))
    told = []
    for name, label in HORIZONS:
        was, now = (material.step("competence_gap", getattr(r.row, name)) for r in (old, stored))
        if was and now and was.code != now.code:
            steps = {"before": was.word.lower(), "now": now.word.lower()}
            told.append(say("competence.moved", at=say(f"competence.{label}"), **steps))
    return text(", ".join(told) or say("competence.same"))


def _gap(material: Material, stored: StoredRow) -> tuple[Cell, ...]:
    row = stored.row
    return (
        text(row.occupation),
        text(material.name(stored.board)),
        material.choice("competence_gap", row.years_2),
        material.choice("competence_gap", row.years_5),
        material.choice("risk", row.risk),
        material.choice("probability", row.probability),
        text(short(as_told(row.comment), 110) if row.comment else ""),
    )


def gravest(material: Material) -> dict[str, list[str]]:
    """Return the groups with the highest probability and the gravest consequence, with boards."""
    risks = material.city.scale("risk", material.day).words
    chances = material.city.scale("probability", material.day).words
    found: dict[str, list[str]] = defaultdict(list)
    for stored in material.rows("competence_gaps"):
        risk = material.step("risk", stored.row.risk)
        chance = material.step("probability", stored.row.probability)
        if risk and chance and (risk, chance) == (risks[-1], chances[-1]):
            found[stored.row.occupation].append(material.name(stored.board))
    return dict(found)


def both_ways(material: Material, rows: Sequence[StoredRow]) -> Iterator[str]:
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
    axes = (say("competence.axis_risk"), say("competence.axis_chance"))
    svg = risk_matrix(cells, [w.word for w in columns], [w.word for w in rows], axes)
    description = say("competence.matrix_text", told=told)
    yield Chart("d-risk", say("competence.matrix_title"), description, svg, "t-gap")
