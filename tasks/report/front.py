"""Page one: what to decide, what deviates most, what has changed, what is missing.

It fits one page and is read in two minutes: every list is short, and says where the rest stands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from expectations.registers import ScaleWord
from expectations.swedish import days_in_words, swedish_day
from tasks.report.assignments import by_council, case_of, late_rows, proposed, short
from tasks.report.blocks import (
    Block,
    Cell,
    Chart,
    Facts,
    Listing,
    Paragraph,
    Pointer,
    Section,
    Table,
    count,
    text,
)
from tasks.report.changes import Step, changed_assessments, moved_dues, newly_proposed
from tasks.report.charts import Bar, deviation_bars
from tasks.report.completeness import section_counts, silent_boards, stopped_sections
from tasks.report.decisions import report_clause
from tasks.report.economy import Deviation, forecast_deviations, without_measures
from tasks.report.housekeeping import conclusion
from tasks.report.material import (
    Material,
    as_told,
    counted,
    direction,
    listed,
    say,
    signed,
    words,
)
from tasks.report.office import judged
from warehouse.snapshot import StoredRow

LARGEST = 5
CLAUSES = 3
NAMES = 4
WORSE = 2
OFFICE_GOALS = 3
LATE = 2


def front(material: Material) -> Section:
    """Return the page that a politician reads."""
    facts = Facts(tuple(_facts(material)), "f-oversikt")
    if material.round is None:
        parts = [
            Section("arenden", say("matters.title"), tuple(_matters(material))),
            Section("besluta", say("front.decide"), tuple(to_decide(material))),
        ]
    else:
        parts = [
            Section("besluta", say("front.decide"), tuple(to_decide(material))),
            Section("avviker", say("front.deviate"), tuple(_deviations(material))),
            Section("andrat", say("front.changed"), tuple(_changes(material))),
            Section("saknas", say("front.missing"), tuple(_missing(material))),
        ]
    said = tuple(_said(material))
    return Section("oversikt", say("front.title"), (facts, *said), tuple(parts))


def _said(material: Material) -> Iterator[Block]:
    """Yield the office's conclusion and how it judges the goals, where it has."""
    whole = conclusion(material)
    steps = [judged(material, goal.goal_id) for goal in material.city.goals_on(material.day)]
    counts = Counter(step.code for step in steps if step)
    if counts:
        words_ = material.city.scale("goal_assessment", material.day).words
        shown = [
            say("front.judged_step", count=counts[step.code], word=step.word)
            for step in words_
            if counts[step.code]
        ]
        office = _capital(material.city.office)
        told = say("front.judged", office=office, told=listed(shown, len(shown)))
        whole = f"{whole} {told}".strip()
    if whole:
        yield Paragraph(whole, "strong")


# --- the large figures ---------------------------------------------------------------------------


def _facts(material: Material) -> Iterator[tuple[Cell, str]]:
    if material.round is None:
        yield from _matter_facts(material)
        return
    states = [s for s in material.snapshot.sections if s.period == material.round.round_id]
    owed = material.city.owed(material.round)
    spoke = {s.board for s in states if s.state != "missing"} & set(owed)
    read = [
        f"{material.name(s.board)}: {say(f'groups.{s.group}')}"
        for s in states
        if s.state in ("merged", "nothing_to_report") and s.group in owed.get(s.board, ())
    ]
    names = [material.name(board) for board in owed if board in spoke]
    told = say("front.fact_boards", all=len(owed))
    yield count(len(spoke), how=say("how.boards_spoke"), items=names), told
    told = say("front.fact_sections", all=sum(map(len, owed.values())))
    yield count(len(read), how=say("how.sections_read"), items=read), told
    deviations = [one for one in forecast_deviations(material) if not one.is_company]
    if deviations:
        whole = signed(sum((one.value for one in deviations), Decimal(0)))
        ids = tuple(figure for one in deviations for figure in one.figures)
        how = say("how.sum_deviation")
        of = _of_boards(material, len(deviations))
        told = say(material.key("front.fact_forecast"), boards=of)
        yield Cell(whole, is_number=True, figures=ids, how=how), told
    ready = [case for _, _, case in proposed(material)]
    told = counted("front.fact_proposed", len(ready))
    yield count(len(ready), how=say("how.proposed"), items=ready), told


def _of_boards(material: Material, told: int) -> str:
    """Return `15 av 17 nämnder`: how many of those that owe economy a sum is of, no companies."""
    owed = material.city.owed(material.round) if material.round else {}
    asked = [
        one.board_id
        for one in material.boards
        if one.kind != "company" and "economy" in owed.get(one.board_id, ())
    ]
    return counted("front.of_boards", max(len(asked), told), told=told)


def _matter_facts(material: Material) -> Iterator[tuple[Cell, str]]:
    rows = material.snapshot.rows
    boards = [b.name for b in material.city.boards if any(b.board_id == r.board for r in rows)]
    told = counted("front.fact_reporting", len(boards))
    yield count(len(boards), how=say("how.boards_matters"), items=boards), told
    matters = material.snapshot.periods
    told = counted("front.fact_matters", len(matters))
    yield count(len(matters), how=say("how.matters"), items=matters), told
    for section, key in (("competence_gaps", "gaps"), ("activities", "activities")):
        number = sum(row.section == section for row in rows)
        if number:
            yield count(number, how=say("how.rows_read")), counted(f"front.fact_{key}", number)


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
    head = tuple(words()["matters"]["head"])
    yield Table("t-arenden", say("matters.table"), head, rows, unbroken=(2, 3))


# --- to decide -----------------------------------------------------------------------------------


def to_decide(material: Material) -> Iterator[Block]:
    """Yield the clauses and who decides, where the rest stand, and boards that owe measures."""
    for _, clause in report_clause(material):
        yield Paragraph(clause)
    found = proposed(material)
    if not found:
        yield Paragraph(say("front.decide_none"))
    else:
        yield Paragraph(counted("front.decide_some", len(found)))
        shown = (
            say("front.clause", subject=short(subject, 84), case=case, organ=_organ(material, row))
            for row, subject, case in found[:CLAUSES]
        )
        yield Listing(tuple(shown))
        more = len(found) - CLAUSES
        told = counted("front.decide_more", more) if more > 0 else say("front.decide_where")
        yield Pointer(told, "beslut", say("decisions.title"))
    names = [material.name(board) for board in without_measures(material)]
    if names:
        yield Paragraph(
            counted(material.key("front.no_measures"), len(names), names=listed(names, NAMES))
        )


def _organ(material: Material, stored: StoredRow) -> str:
    """Return the organ that decides on an assignment, in the city's own word."""
    organ = "KF" if by_council(stored) else "KS"
    return str(material.city.settings.get("organs", {}).get(organ, organ))


# --- what deviates -------------------------------------------------------------------------------


def _deviations(material: Material) -> Iterator[Block]:
    largest = [one for one in forecast_deviations(material) if one.value][:LARGEST]
    if not largest:
        yield Paragraph(say("front.deviate_none"))
        return
    bars = [_bar(material, one) for one in largest]
    told = "; ".join(
        say("front.chart_bar", name=bar.label, money=bar.note, share=bar.beside)
        if bar.beside
        else say("front.chart_bar_alone", name=bar.label, money=bar.note)
        for bar in bars
    )
    svg = deviation_bars(bars, heads=(say("front.chart_money"), say("front.chart_share")))
    yield Chart(
        "d-avvikelser",
        material.say("front.chart"),
        say("front.chart_text", told=told),
        svg,
        "t-prognos",
    )


def _bar(material: Material, one: Deviation) -> Bar:
    shown = one.value.quantize(Decimal("0.1"))
    share = signed(one.share) if one.share is not None else ""
    return Bar(material.name(one.board), shown, signed(one.value), share)


# --- what has changed ----------------------------------------------------------------------------


def _changes(material: Material) -> Iterator[Block]:
    before = material.previous_round
    if material.snapshot.previous is None or before is None:
        yield Paragraph(say("front.changed_none"))
        return
    office = list(_office_changes(material))
    own = list(_changed_goals(material, 0 if office else WORSE))
    yield Listing((*office, *own, *_changed_work(material)))
    told = say("front.changed_since", name=material.round_name(before))
    yield Pointer(told, "andringar", say("changes.title"))


def _office_changes(material: Material) -> Iterator[str]:
    """Yield the goals that the office judges otherwise than the round before, the worse first."""
    moved: dict[tuple[ScaleWord, ScaleWord], list[str]] = {}
    for goal in material.city.goals_on(material.day):
        now = judged(material, goal.goal_id)
        before = judged(material, goal.goal_id, before=True)
        if now and before and now.code != before.code:
            moved.setdefault((before, now), []).append(f"”{short(goal.title, 70)}”")
    ways = ("down", "up", "none")
    for before, now in sorted(moved, key=lambda pair: ways.index(direction(*pair))):
        goals = listed(moved[before, now], OFFICE_GOALS)
        told = {"before": before.word.lower(), "now": now.word.lower(), "goals": goals}
        way = f"front.office_{direction(before, now)}"
        yield say(way, office=_capital(material.city.office), **told)


def _capital(words_: str) -> str:
    return words_[:1].upper() + words_[1:]


def _changed_goals(material: Material, worst: int) -> Iterator[str]:
    changed = changed_assessments(material)
    if not changed:
        yield say("front.changed_same")
        return
    worse = [one for one in changed if direction(one[1], one[2]) == "down"]
    better = sum(direction(one[1], one[2]) == "up" for one in changed)
    ways = (("up", better), ("down", len(worse)), ("none_way", len(changed) - better - len(worse)))
    told = [say(f"front.changed_{way}", count=number) for way, number in ways if number]
    yield counted("front.changed_some", len(changed), told=listed(told, len(told)))
    for step in worse[:worst]:
        yield _worse(material, step)


def _worse(material: Material, step: Step) -> str:
    stored, one, other = step
    return say(
        "front.worse",
        board=material.name(stored.board),
        goal=short(stored.row.title, 46),
        before=one.word.lower(),
        now=other.word.lower(),
    )


def _changed_work(material: Material) -> Iterator[str]:
    """Yield how many assignments are newly proposed and have moved, and those that are late.

    An assignment to several is told of once.
    """
    new = {_key(material, stored) for stored, _, _ in newly_proposed(material)}
    moved = {_key(material, stored) for stored, _, _ in moved_dues(material)}
    told = [
        counted(key, len(some))
        for key, some in (("front.work_proposed", new), ("front.work_moved", moved))
        if some
    ]
    late: dict[str, tuple[int, str]] = {}
    for stored, known, latest in late_rows(material):
        days = (material.day - latest).days
        late.setdefault(_key(material, stored), (days, short(known.text, 60).rstrip(".")))
    if late:
        shown = [
            say("front.late", subject=text_, days=days_in_words(days))
            for days, text_ in late.values()
        ]
        told.append(counted("front.work_late", len(late), told=listed(shown, LATE)))
    if told:
        yield say("front.work", told=listed(told, len(told)))


def _key(material: Material, stored: StoredRow) -> str:
    """Return what tells an assignment from others, whichever board reports it."""
    return stored.row.assignment_id or f"{case_of(material, stored)} {as_told(stored.row)}"


# --- what is missing -----------------------------------------------------------------------------


def _missing(material: Material) -> Iterator[Block]:
    counts = section_counts(material)
    missing, stopped, expected = (
        sum(one[key] for one in counts.values()) for key in ("missing", "stopped", "expected")
    )
    told = [
        counted(key, number, expected=expected)
        for key, number in (("front.missing_some", missing), ("front.missing_stopped", stopped))
        if number
    ]
    yield Paragraph(" ".join(told) or say("front.missing_none"))
    for key, names in (
        ("front.silent", silent_boards(material)),
        ("front.halted", stopped_sections(material)),
    ):
        if names:
            yield Paragraph(counted(key, len(names), names=listed(names, NAMES)))
    read = sum(one["in_time"] + one["late"] for one in counts.values())
    decided = sum(one["decided"] for one in counts.values())
    told_of = counted("front.decided", decided, read=read)
    yield Pointer(
        say("front.all_stand", decided=told_of), "fullstandighet", say("completeness.title")
    )
