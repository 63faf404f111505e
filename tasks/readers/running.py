"""Read a running document (text, PDF, docx) that no template of ours made.

First its outline, then what it is, then each section by the module that knows it; what no section
claimed becomes headed narratives, and what was seen but not understood stands in `unread` with
its reason. `coverage` is the share of the characters, page furniture aside, that was claimed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from expectations.contract import Document, Narrative, Reading, Text, Unread
from expectations.registers import City
from tasks.readers import board_plan, competence_plan, funding_application, report_back
from tasks.readers.assignments import assignments, decisions
from tasks.readers.competence_form import positions
from tasks.readers.goals import goals
from tasks.readers.outline import Outline, Section, outline, text_of
from tasks.readers.pages import Pages
from tasks.readers.parts import Parts
from tasks.readers.recognising import recognise
from tasks.readers.result_table import central_items, finance, investments
from tasks.readers.staff_table import measures, staff
from tasks.readers.wording import Wording, wording

OF_KIND: dict[str, Callable[[Outline, Wording], Parts]] = {
    "assignment_report": report_back.read,
    "board_plan": board_plan.read,
    "competence_plan": competence_plan.read,
    "funding_application": funding_application.read,
}
"""Kinds whose goals, assignments and clauses have a form of their own."""


def read_pages(pages: Pages, *, city: City | None, name: str) -> Reading:
    """Return what a free document says. Nothing is guessed: see `unread`."""
    shape = outline(pages)
    document = recognise(shape, city=city, name=name)
    other_city = city is not None and document.city not in (None, city.city_id)
    words = wording(None if other_city else city, _day(document, city))
    reading, claimed = _sections(shape, document, words)
    if document.kind in OF_KIND:
        reading, claimed = _with_parts(reading, claimed, OF_KIND[document.kind](shape, words))
    told = tuple(_narratives(shape, claimed))
    claimed |= {n for _, lines in told for n in lines}
    return replace(
        reading,
        narratives=(*reading.narratives, *(narrative for narrative, _ in told)),
        coverage=_coverage(shape, claimed),
    )


def _day(document: Document, city: City | None) -> date:
    """Return the day on which goals and scales are looked up: the end of the document's period."""
    if document.round and city:
        for known in city.rounds:
            if known.round_id == document.round:
                return known.period_to
    if document.round:
        year, month = document.round[:4], document.round[5:7]
        return date(int(year), int(month), 28)
    if document.span:
        return date(int(document.span[:4]), 6, 30)
    if document.date:
        return document.date
    # Without any date of its own the newest goals and scales are the best that can be offered.
    ends = [known.period_to for known in city.rounds] if city else []
    return max(ends, default=date(2000, 1, 1))


def _sections(shape: Outline, document: Document, words: Wording) -> tuple[Reading, set[int]]:
    lines, tables = finance(shape, words)
    items, central = central_items(shape, words)
    projects, spending = investments(shape, words)
    people, lost, staff_lines = staff(shape, words)
    key_figures, measure_lines = measures(shape)
    plan = _tables_of_competence(shape, document, words)
    own = document.kind in OF_KIND
    council, goal_lines = ([], set[int]()) if own else goals(shape, words)
    work, work_lines = ([], set[int]()) if own else assignments(shape, words)
    clauses, clause_lines = ([], set[int]()) if own else decisions(shape, words)
    jobs, job_lines = positions(shape, words)
    unread: list[Unread] = [*lost, *plan.unread]
    claimed = staff_lines | measure_lines | goal_lines | work_lines | clause_lines | job_lines
    claimed |= plan.claimed
    for table in (*tables, *central, *spending):
        unread += table.unread
        claimed |= table.claimed
    reading = Reading(
        document=document,
        goals=tuple(council),
        assignments=tuple(work),
        decisions=tuple(clauses),
        finance=tuple(lines),
        central_items=tuple(items),
        investments=tuple(projects),
        measures=tuple(key_figures),
        staff=tuple(people),
        competence_gaps=plan.rows.get("competence_gaps", ()),
        competence_positions=tuple(jobs),
        funding=plan.rows.get("funding", ()),
        activities=plan.rows.get("activities", ()),
        unread=tuple(unread),
    )
    return reading, claimed


def _tables_of_competence(shape: Outline, document: Document, words: Wording) -> Parts:
    """Return the competence tables of a document that is no competence plan itself."""
    if document.kind == "competence_plan":
        return Parts()
    return competence_plan.competence_tables(shape, words)


def _with_parts(reading: Reading, claimed: set[int], parts: Parts) -> tuple[Reading, set[int]]:
    """Lay what a kind's own reader found over what the others did."""
    document = replace(
        reading.document, **parts.facts, reasons=(*reading.document.reasons, *parts.reasons)
    )
    rows: dict[str, Any] = dict(parts.rows)
    unread = (*reading.unread, *parts.unread)
    return replace(reading, document=document, unread=unread, **rows), claimed | parts.claimed


def _narratives(shape: Outline, claimed: set[int]) -> Iterator[tuple[Narrative, set[int]]]:
    """Yield what is left under each heading, with the lines it takes."""
    above: dict[int, str] = {}
    for section in shape.sections:
        level = section.level
        above = {k: v for k, v in above.items() if k < level}
        lines = [line for line in section.lines if line.number not in claimed]
        body = text_of(lines)
        path = (*(above[k] for k in sorted(above)), _title(section))
        if section.number:
            above[level] = _title(section)
        if body is None or section.heading is None:
            continue
        narrative = Narrative(tuple(p for p in path if p), Text(body.text, body.place), body.place)
        yield narrative, {line.number for line in (section.heading, *lines)}


def _title(section: Section) -> str:
    return f"{section.number} {section.title}".strip()


def _coverage(shape: Outline, claimed: set[int]) -> Decimal:
    whole = sum(len(line.text.strip()) for line in shape.lines)
    read = sum(len(line.text.strip()) for line in shape.lines if line.number in claimed)
    return (Decimal(read) / Decimal(whole)).quantize(Decimal("0.001")) if whole else Decimal(0)
