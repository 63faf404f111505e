"""Judge readings: every rule once over all boards, and a verdict for each document.

Gates come in order: file, sender, round, fields, rows, sheets, periods, boards. A document that a
gate stops as a whole is not held against the later ones, and its verdict says so. Findings stand
in the order to mend them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from expectations.catalogue import GATE_WORDS, GATES, Rule, catalogue
from expectations.contract import GROUPS, Place, Reading
from expectations.personal import without_numbers
from expectations.predicates import Breach
from expectations.predicates.boards import named, without
from expectations.quoting import heading_of, quote_of
from expectations.registers import City, Round
from expectations.staging import (
    GROUP_OF,
    Case,
    Judged,
    World,
    cell_of,
    judged_documents,
    stage,
    stage_city,
)
from expectations.verdicts import Finding, History, Looked, NotChecked, Verdict

WEIGHTS = ("STOPP", "FRÅGA", "TIPS")


def judge(
    readings: Sequence[Reading],
    *,
    city: City,
    round: Round | None,  # noqa: A002 - the glossary's word
    today: date,
    history: History | None = None,
    identical: Collection[str] = (),
    spoken: Mapping[str, Sequence[str]] | None = None,
) -> list[Verdict]:
    """Return one verdict per reading, in their order.

    `identical` holds hashes that came before, `spoken` by hash the groups that a form's Word file
    speaks of where its prose stands in the workbook's rows (tasks/joining.py). Raises
    BrokenRuleError where a rule of ours cannot run.
    """
    from expectations.suites import run_rules  # noqa: PLC0415 - GX takes seconds to import

    past = history or History()
    documents = judged_documents(readings, city)
    world = World(city, round, today, past, frozenset(identical), documents, spoken or {})
    ran = run_rules(stage(documents, world), in_force(city, round, today), world)
    found: dict[int, list[tuple[Rule, Case, Breach]]] = defaultdict(list)
    for rule, case, breach in ran.broken:
        found[id(case.judged)].append((rule, case, breach))
    tried: dict[int, list[tuple[Rule, Case]]] = defaultdict(list)
    for rule, case in ran.tried:
        tried[id(case.judged)].append((rule, case))
    return [
        _verdict(judged, found[id(judged)], tried[id(judged)], past, city) for judged in documents
    ]


def judge_city(
    readings: Sequence[Reading],
    verdicts: Sequence[Verdict],
    *,
    city: City,
    round: Round | None,  # noqa: A002 - the glossary's word
    today: date,
) -> Verdict:
    """Return the city's own verdict: boards held against each other, by what is not stopped.

    `verdicts` are those of the readings, in their order, with answers and waivers laid on.
    """
    from expectations.suites import run_rules  # noqa: PLC0415 - GX takes seconds to import

    counted = [
        _without_stopped(reading, v)
        for reading, v in zip(readings, verdicts, strict=True)
        if round is None or v.period is None or "/" in v.period or v.period == round.round_id
    ]
    documents = judged_documents(counted, city)
    world = World(city, round, today, History(), frozenset(), documents)
    ran = run_rules(stage_city(world), in_force(city, round, today), world)
    findings = [_finding(rule, case, breach, city) for rule, case, breach in ran.broken]
    return Verdict(
        document="",
        board=None,
        period=round.round_id if round else "",
        findings=tuple(sorted(findings, key=_mending_order)),
        gates_passed=("boards",),
        not_checked=tuple(_not_compared(world)),
        looked=looked_at(ran.tried),
    )


def _without_stopped(reading: Reading, verdict: Verdict) -> Reading:
    emptied: dict[str, Any] = {
        section: ()
        for group, sections in GROUPS.items()
        if verdict.stops(group)
        for section in sections
    }
    return replace(reading, **emptied)


COMPARED = {"goals": "målen", "assignments": "uppdragen", "economy": "ekonomin"}


def _not_compared(world: World) -> Iterable[NotChecked]:
    """Yield what boards were left out of the comparison, and what was not compared for that."""
    for group, words in COMPARED.items():
        missing = without(world, group)
        if not missing:
            continue
        names = named(world.city, [board.board_id for board in missing])
        reason = f"I jämförelsen av {words} saknas {names}."
        if group == "economy" and any(board.kind != "company" for board in missing):
            reason += " Kommuninterna bidrag är därför inte avstämda."
        yield NotChecked("boards", reason, group)


def in_force(city: City, round_: Round | None, today: date) -> list[Rule]:
    """Return the rules of a round, as heavy as the city has decided; switched-off ones are out.

    A rule that is not yet, or no longer, valid when the period ends (for matters: today) is out.
    """
    changed = city.rules_changed(round_)
    day = round_.period_to if round_ else today
    return [
        replace(rule, severity=changed[rule.id].severity, severity_free=None)  # type: ignore[arg-type] # the register loader has held it to the three
        if rule.id in changed
        else rule
        for rule in catalogue()
        if rule.valid_on(day)
        and (changed[rule.id].severity != "off" if rule.id in changed else not rule.is_off)
    ]


def looked_at(tried: Iterable[tuple[Rule, Case]]) -> tuple[Looked, ...]:
    """Return what rules were tried on, rows of the same rules together."""
    rules: dict[tuple[str | None, str | None, str | None], list[str]] = defaultdict(list)
    for rule, case in tried:
        for address in _addresses(rule, case):
            if rule.id not in rules[address]:
                rules[address].append(rule.id)
    rows: dict[tuple[str | None, str | None, tuple[str, ...]], list[str]] = defaultdict(list)
    for (section, field, key), ids in rules.items():
        rows[section, field, tuple(ids)] += [] if key is None else [key]
    return tuple(
        Looked(ids, section, field, tuple(keys)) for (section, field, ids), keys in rows.items()
    )


def _addresses(rule: Rule, case: Case) -> Iterable[tuple[str | None, str | None, str | None]]:
    """Yield (section, field, key) of what a rule looks at in a case."""
    if case.cell is not None:
        yield case.section, case.cell.field, case.key
    elif case.sum is not None:
        yield case.section, f"columns.{case.sum.column}", case.key
        # The terms of a sum are tried with it, but a fault in one of them is told at the sum.
        yield case.section, None, None
    elif rule.looks_at and case.row is not None:
        yield from ((case.section, field, case.key) for field in rule.looks_at)
    else:
        yield case.section, None, case.key


def _verdict(
    judged: Judged,
    broken: Sequence[tuple[Rule, Case, Breach]],
    tried: Sequence[tuple[Rule, Case]],
    past: History,
    city: City,
) -> Verdict:
    findings = [(rule, _finding(rule, case, breach, city)) for rule, case, breach in broken]
    stop = _stopping_gate(findings)
    passed = GATES if stop is None else GATES[: GATES.index(stop)]
    kept = [
        f for rule, f in findings if stop is None or GATES.index(rule.gate) <= GATES.index(stop)
    ]
    reached = GATES if stop is None else GATES[: GATES.index(stop) + 1]
    return Verdict(
        document=judged.reading.document.sha256,
        board=judged.board.board_id if judged.board else None,
        period=judged.period,
        findings=tuple(sorted(_once(kept), key=_mending_order)),
        gates_passed=passed,
        not_checked=tuple(_not_checked(stop, past)),
        looked=looked_at((rule, case) for rule, case in tried if rule.gate in reached),
    )


def _stopping_gate(findings: Iterable[tuple[Rule, Finding]]) -> str | None:
    """Return the first gate with a STOPP on the whole document."""
    stops = [rule.gate for rule, f in findings if f.severity == "STOPP" and f.group is None]
    early = [gate for gate in stops if GATES.index(gate) < GATES.index("fields")]
    return min(early, key=GATES.index, default=None)


def _not_checked(stop: str | None, past: History) -> Iterable[NotChecked]:
    if stop is not None:
        later = ", ".join(GATE_WORDS[g] for g in GATES[GATES.index(stop) + 1 :])
        reason = (
            f"Kontrollen stannade vid {GATE_WORDS[stop]}. Därefter är {later} inte kontrollerade."
        )
        yield NotChecked(stop, reason)
        return
    if not past.previous:
        yield NotChecked("previous", "Inget jämfördes med förra omgången: den finns inte i lagret.")
    if not past.last_year:
        yield NotChecked("last_year", "Inget jämfördes med förra året: det finns inte i lagret.")


def _finding(rule: Rule, case: Case, breach: Breach, city: City) -> Finding:
    document = case.judged.reading.document
    section = breach.section or case.section
    place = breach.place or case.place or _place_in(case.judged.reading, breach)
    if place is not None and place == case.place and breach.field and case.row is not None:
        place = cell_of(case.judged, f"{section}.{breach.field}", place)
    values = {
        "written": breach.written or "",
        "expected": breach.expected or "",
        "cell": place.in_words() if place else "",
    } | breach.values
    return Finding(
        rule=rule.id,
        severity=rule.severity_for(is_form=case.judged.is_form),
        city=city.city_id,
        board=case.judged.board.board_id if case.judged.board else None,
        period=case.judged.period,
        document=document.sha256,
        document_name=document.name,
        message=_sentence(without_numbers(rule.message.format_map(values))),
        remedy=_sentence(without_numbers(rule.remedy.format_map(values))),
        group=breach.group or (GROUP_OF.get(section) if section else None),
        section=section,
        row_key=breach.key or case.key,
        field=breach.field,
        place=place,
        written=_unnumbered(breach.written),
        expected=_unnumbered(breach.expected),
        hidden=rule.hidden,
        quote=quote_of(
            case.judged.reading, case.row, place, breach.written, breach.values.get("word")
        )
        if rule.is_quoted
        else None,
        heading=heading_of(case.row),
        boards=breach.boards,
    )


def _unnumbered(text: str | None) -> str | None:
    """Return what is quoted without personal numbers, whatever rule quotes it."""
    return without_numbers(text) if text else text


def _place_in(reading: Reading, breach: Breach) -> Place | None:
    """Return where in an issued form a breach is mended that no cell holds: as near as can be."""
    names = (breach.at, breach.section, f"group.{breach.group}", "")
    return next((reading.places[name] for name in names if name in reading.places), None)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


FOLLOW_EMPTY = {
    "C-ASSESS": ("motive",),
    "D-NARR": ("narrative",),
    "F-ORDER": ("risk", "probability"),
}
"""Rules that a required cell left empty breaks too, with its field."""


def _once(findings: Sequence[Finding]) -> list[Finding]:
    """Drop follow-on findings: one cell is told of once, by the first rule that speaks of it."""
    cells: set[tuple[str | None, str | None]] = set()
    told = {f.field for f in findings if f.rule in ("E-SIGN", "E-PREV", "E-DEV")}
    empty = {(f.row_key, f.field) for f in findings if f.rule == "B-REQ"}
    unfinished = [f.place for f in findings if f.rule in ("B-EMPTY", "B-SEE") and f.place]
    kept = []
    for finding in findings:
        if any((finding.row_key, name) in empty for name in FOLLOW_EMPTY.get(finding.rule, ())):
            continue  # the empty cell is told of already
        if finding.rule == "C-SHORT" and (finding.place in unfinished):
            continue  # that the text is only begun says it all
        if finding.rule == "E-SUM" and finding.field in told:
            continue  # a figure in the column is asked about already: why it does not add up
        place = finding.place
        cell = (
            (place.sheet, place.cell) if place and place.cell and finding.rule[0] == "B" else None
        )
        if cell is not None and cell in cells and finding.rule not in ("B-DUP", "B-PNR"):
            continue
        if cell is not None:
            cells.add(cell)
        kept.append(finding)
    return kept


def _mending_order(finding: Finding) -> tuple[int, int, str, str, int, str]:
    place = finding.place
    return (
        WEIGHTS.index(finding.severity),
        0 if finding.group is None else 1,
        finding.group or "",
        (place.sheet or "") if place else "",
        (place.line or 0) if place else 0,
        finding.rule,
    )
