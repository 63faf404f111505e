"""Page one and the underlay: what to decide, what deviates most, what changed, what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from expectations.contract import GROUPS
from expectations.registers import ScaleWord
from expectations.swedish import swedish, swedish_day
from tasks.report.assignments import proposed_clauses
from tasks.report.blocks import Block, Cell, Chart, Facts, Paragraph, Section, Table, count, text
from tasks.report.charts import Bar, deviation_bars
from tasks.report.material import Material, in_millions, say, words
from warehouse.snapshot import StoredRow

LARGEST = 5


def plural(number: int, one: str, many: str) -> str:
    """Return `1 uppdrag` or `3 uppdrag` with the right form."""
    return f"{number} {one if number == 1 else many}"


def front(material: Material) -> Section:
    """Return the page that a politician reads."""
    blocks: list[Block] = [Facts(tuple(_facts(material)))]
    parts = [
        Section("besluta", say("front.decide"), tuple(_decide(material))),
        Section("avviker", say("front.deviate"), tuple(_deviations(material))),
        Section("andrat", say("front.changed"), tuple(_changes(material))),
        Section("saknas", say("front.missing"), tuple(_missing(material))),
    ]
    if material.round is None:
        parts = [Section("arenden", say("matters.title"), tuple(_matters(material))), parts[0]]
    return Section("oversikt", say("front.title"), tuple(blocks), tuple(parts))


def _matters(material: Material) -> Iterator[Block]:
    kinds = words()["matters"]["kinds"]
    rows = tuple(
        (
            text(material.name(stored.board or "")),
            text(kinds.get(stored.document.kind, kinds["other"])),
            text(stored.document.span or swedish_day(stored.document.date)),
            text(stored.document.case_number or ""),
        )
        for stored in material.snapshot.documents
        if stored.period in material.snapshot.periods and not stored.superseded
    )
    yield Table("t-arenden", say("matters.title"), tuple(words()["matters"]["head"]), rows)


def _facts(material: Material) -> Iterator[tuple[str, str]]:
    if material.round is None:
        yield from _matter_facts(material)
        return
    states = [s for s in material.snapshot.sections if s.period == material.round.round_id]
    owed = material.city.owed(material.round)
    spoke = {s.board for s in states if s.state != "missing"} & set(owed)
    read = sum(
        s.state in ("merged", "nothing_to_report")
        for s in states
        if s.group in owed.get(s.board, ())
    )
    expected = sum(len(groups) for groups in owed.values())
    yield str(len(spoke)), say("front.fact_boards", all=len(owed))
    yield str(read), say("front.fact_sections", all=expected)
    deviations = [value for _, value, _, is_board in forecast_deviations(material) if is_board]
    if deviations:
        total = sum(deviations, Decimal(0))
        yield signed(total), say("front.fact_forecast")
    yield str(len(proposed_clauses(material))), say("front.fact_proposed")


def _matter_facts(material: Material) -> Iterator[tuple[str, str]]:
    rows = material.snapshot.rows
    yield str(len({row.board for row in rows})), say("front.fact_reporting")
    yield str(len(material.snapshot.periods)), say("front.fact_matters")
    gaps = sum(row.section == "competence_gaps" for row in rows)
    activities = sum(row.section == "activities" for row in rows)
    if gaps:
        yield str(gaps), say("front.fact_gaps")
    if activities:
        yield str(activities), say("front.fact_activities")


def signed(value: Decimal, decimals: int = 1) -> str:
    """Return a number with its sign, plus too."""
    shown = swedish(value, decimals)
    return f"+{shown}" if value > 0 else shown


def _decide(material: Material) -> Iterator[Block]:
    clauses = proposed_clauses(material)
    if not clauses:
        yield Paragraph(say("front.decide_none"))
        return
    shown = plural(len(clauses), "uppdrag", "uppdrag")
    yield Paragraph(say("front.decide_some", count=shown, chapter=say("decisions.title")))


def forecast_deviations(
    material: Material,
) -> list[tuple[str, Decimal, tuple[str, ...], bool]]:
    """Return (board, forecast − budget of the result in mnkr, figure ids, is a board)."""
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
        board = material.city.board(stored.board)
        found.append((stored.board, one - other, ids, bool(board and board.kind != "company")))
    return sorted(found, key=lambda item: (-abs(item[1]), item[0]))


def _deviations(material: Material) -> Iterator[Block]:
    largest = [item for item in forecast_deviations(material) if item[1] != 0][:LARGEST]
    if not largest:
        yield Paragraph(say("front.deviate_none"))
        return
    bars = [Bar(material.name(b), value.quantize(Decimal("0.1")), "") for b, value, _, _ in largest]
    told = "; ".join(f"{bar.label} {signed(bar.value)} mnkr" for bar in bars)
    if len(bars) > 1:
        yield Chart(
            "d-avvikelser",
            say("front.chart"),
            say("front.chart_text", told=told),
            deviation_bars(bars, unit="mnkr"),
        )
    grants = {
        stored.board: in_millions(columns.get("budget_year"))
        for stored, columns in material.finance("municipal_grant")
    }
    rows = [
        (
            text(material.name(board)),
            Cell(signed(value), is_number=True, figures=ids, how=say("how.deviation")),
            Cell(
                _share(value, grants.get(board)), is_number=True, figures=ids, how=say("how.share")
            ),
        )
        for board, value, ids, _ in largest
    ]
    head = ("Nämnd eller bolag", "Avvikelse, mnkr", "Andel av kommunbidraget, %")
    yield Table(
        "t-avvikelser",
        say("front.table"),
        head,
        tuple(rows),
        note=say("front.table_note"),
        numbers=(1, 2),
    )


def _share(value: Decimal, grant: Decimal | None) -> str:
    return signed(value / grant * 100) if grant else "–"


def changed_assessments(material: Material) -> list[tuple[StoredRow, ScaleWord, ScaleWord]]:
    """Return (row, step before, step now) for each goal that a board judges differently now."""
    previous = material.snapshot.previous
    before = {(r.board, r.key): r.row for r in material.rows("goals", previous)} if previous else {}
    changed = []
    for stored in material.rows("goals"):
        old = before.get((stored.board, stored.key))
        if old is None:
            continue
        one = material.step("goal_assessment", old.assessment)
        other = material.step("goal_assessment", stored.row.assessment)
        if one and other and one.code != other.code:
            changed.append((stored, one, other))
    return changed


def _changes(material: Material) -> Iterator[Block]:
    if material.snapshot.previous is None:
        yield Paragraph(say("front.changed_none"))
        return
    changed = changed_assessments(material)
    if not changed:
        yield Paragraph(say("front.changed_same"))
        return
    worse = [(stored, one, other) for stored, one, other in changed if other.order > one.order]
    yield Paragraph(
        say(
            "front.changed_some",
            count=plural(len(changed), "bedömning", "bedömningar"),
            better=len(changed) - len(worse),
            worse=len(worse),
        )
    )
    for stored, one, other in worse[:LARGEST]:
        name, goal = material.name(stored.board), stored.row.title
        told = say("front.worse", board=name, goal=goal, before=one.word, now=other.word)
        yield Paragraph(told, "note")


def _missing(material: Material) -> Iterator[Block]:
    counts = section_counts(material)
    missing = sum(c["missing"] for c in counts.values())
    stopped = sum(c["stopped"] for c in counts.values())
    expected = sum(c["expected"] for c in counts.values())
    if not missing and not stopped:
        yield Paragraph(say("front.missing_none"))
        return
    yield Paragraph(
        say(
            "front.missing_some",
            missing=plural(missing, "avsnitt", "avsnitt"),
            stopped=plural(stopped, "avsnitt", "avsnitt"),
            expected=expected,
        )
    )
    silent = silent_boards(material)
    if silent:
        yield Paragraph(f"Har inte lämnat något: {', '.join(silent)}.")


def silent_boards(material: Material) -> list[str]:
    """Return the names of boards that owe and have handed in nothing."""
    owed = material.city.owed(material.round) if material.round else {}
    spoke = {s.board for s in material.snapshot.sections if s.state != "missing"}
    return [material.name(b) for b in owed if b not in spoke]


def section_counts(material: Material) -> dict[str, dict[str, int]]:
    """Return how many sections each group of boards owes, by how they came."""
    counts: dict[str, dict[str, int]] = {}
    round_ = material.round
    if round_ is None:
        return counts
    states = {
        (s.board, s.group): s for s in material.snapshot.sections if s.period == round_.round_id
    }
    for board_id, groups in material.city.owed(round_).items():
        board = material.city.board(board_id)
        names = ("expected", "in_time", "late", "stopped", "missing")
        row = counts.setdefault(board.group if board else "", dict.fromkeys(names, 0))
        for group in groups:
            state = states.get((board_id, group))
            row["expected"] += 1
            if state is None or state.state == "missing":
                row["missing"] += 1
            elif state.state in ("stopped", "withheld"):
                row["stopped"] += 1
            else:
                row["late" if state.late_days else "in_time"] += 1
    return counts


def completeness(material: Material) -> Section | None:
    """Return who has handed in what, and what is missing with its last day."""
    counts = section_counts(material)
    if not counts:
        return None
    rows = [
        (
            text(group),
            *(count(row[k]) for k in ("expected", "in_time", "late", "stopped", "missing")),
        )
        for group, row in counts.items()
    ]
    overview = Table(
        "t-fullstandighet",
        say("completeness.table"),
        tuple(words()["completeness"]["head"]),
        tuple(rows),
        source=say("completeness.source"),
        numbers=(1, 2, 3, 4, 5),
    )
    blocks: list[Block] = [Paragraph(say("completeness.lead"), "lead"), overview]
    absent = _absent(material)
    if absent:
        blocks.append(
            Table(
                "t-saknas",
                say("completeness.missing_table"),
                tuple(words()["completeness"]["missing_head"]),
                tuple(absent),
            )
        )
    return Section("fullstandighet", say("completeness.title"), tuple(blocks))


def _absent(material: Material) -> list[tuple[Cell, ...]]:
    """Return one row per board, state and last day, with its sections named together."""
    order = list(GROUPS)
    found: dict[tuple[str, str, str, str], list[str]] = {}
    for state in sorted(material.snapshot.sections, key=lambda s: order.index(s.group)):
        ours = material.round is not None and state.period == material.round.round_id
        if ours and state.state in ("missing", "stopped", "withheld"):
            why = f": {state.reason}" if state.reason else ""
            key = (state.board, state.state, swedish_day(state.due_on), why)
            found.setdefault(key, []).append(say(f"groups.{state.group}"))
    names = {board.board_id: i for i, board in enumerate(material.city.boards)}
    return [
        (
            text(material.name(board)),
            text(", ".join(groups)),
            Cell(say(f"states.{state}") + why, missing=state),
            text(due),
        )
        for (board, state, due, why), groups in sorted(
            found.items(), key=lambda item: (names.get(item[0][0], 0), item[0][1], item[0][2])
        )
    ]
