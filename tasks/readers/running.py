"""Read a running document (text, PDF, docx) that no template of ours made.

First its outline, then what it is, then each section by the module that knows it; what no section
claimed becomes headed narratives, and what was seen but not understood stands in `unread` with
its reason. `coverage` is the share of the characters, page furniture aside, that was claimed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from expectations.contract import Document, Reading
from expectations.registers import City
from tasks.readers import board_plan, competence_plan, funding_application, report_back
from tasks.readers.assignment_blocks import assignment_blocks
from tasks.readers.assignment_items import labelled_assignments
from tasks.readers.assignment_table import assignment_tables
from tasks.readers.assignments import commissions
from tasks.readers.audits import audits
from tasks.readers.clauses import decisions
from tasks.readers.competence_form import positions, shifts
from tasks.readers.goals import goals
from tasks.readers.indicator_table import indicator_tables
from tasks.readers.key_figures import measures
from tasks.readers.leftovers import coverage, guidance, leftovers
from tasks.readers.lone_rows import lone_rows
from tasks.readers.normalising import normalised
from tasks.readers.outline import Outline, outline
from tasks.readers.pages import Pages
from tasks.readers.parts import Parts
from tasks.readers.plan_years import planned_year
from tasks.readers.recognising import recognise, title_lines
from tasks.readers.repairing import Repairs, is_damaged, with_repairs
from tasks.readers.result_table import central_items, fallen, finance, investments
from tasks.readers.staff_table import staff
from tasks.readers.stated_figures import with_stated
from tasks.readers.stated_shares import stated_shares
from tasks.readers.statements import agenda2030, deviations
from tasks.readers.wording import NO_YEAR, Wording, wording

OF_KIND: dict[str, Callable[[Outline, Wording], Parts]] = {
    "assignment_report": report_back.read,
    "board_plan": board_plan.read,
    "competence_plan": competence_plan.read,
    "funding_application": funding_application.read,
}
"""Kinds whose goals, assignments and clauses have a form of their own."""


def read_pages(pages: Pages, *, city: City | None, name: str) -> Reading:
    """Return what a free document says. Nothing is guessed: see `unread`."""
    pages, told = normalised(pages)
    shape = outline(pages)
    document = recognise(shape, city=city, name=name)
    other_city = city is not None and document.city not in (None, city.city_id)
    words = wording(None if other_city else city, _day(document, city))
    words = replace(words, planned=planned_year(shape, document))
    found = _sections(shape, document, words)
    found = found.beside(Parts(claimed=title_lines(shape, document)))
    found = with_stated(found, shape, document, words)
    rows = lone_rows(shape, found.claimed)
    found = found.beside(fallen(shape, words, found.claimed | rows.claimed))
    found = found.beside(replace(rows, claimed=frozenset()))
    found = found.beside(leftovers(shape, found.claimed, rows.claimed))
    reading = _reading(document, found.beside(Parts(reasons=told)))
    bare = tuple(table.rows[0][0].place for table in pages.tables if table.is_bare)
    read = replace(reading, coverage=coverage(shape, found.claimed), bare_tables=bare)
    return _with_proposals(read, "\n".join(line.text for line in shape.lines), city)


DAMAGED = (
    "texten har skadats: bokstäver som å, ä och ö saknas, och ord har fått förslag till rättning"
)


def _with_proposals(reading: Reading, text: str, city: City | None) -> Reading:
    """Return a reading with proposals beside its texts where the document's Swedish is damaged."""
    if not is_damaged(text):
        return reading
    document = replace(reading.document, reasons=(*reading.document.reasons, DAMAGED))
    mended: Reading = with_repairs(reading, Repairs(text, city))
    return replace(mended, document=document)


def competence_tables(shape: Outline, words: Wording, taken: frozenset[int]) -> Parts:
    """Return the tables of a competence plan that stand in a report."""
    del taken
    return competence_plan.competence_tables(shape, words)


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
    return max(ends, default=date(NO_YEAR, 1, 1))


Reader = Callable[[Outline, Wording, frozenset[int]], Parts]
"""Reads one section; the numbers are lines that other readers have claimed."""

ALWAYS: tuple[Reader, ...] = (
    guidance,
    indicator_tables,
    finance,
    central_items,
    investments,
    staff,
    measures,
    positions,
    shifts,
    stated_shares,
    audits,
)
OF_REPORTS: tuple[Reader, ...] = (
    competence_tables,
    assignment_tables,
    labelled_assignments,
    commissions,
    assignment_blocks,
    goals,
    decisions,
    deviations,
    agenda2030,
)
"""Sections that only documents without a reader of their own have in these forms."""


_LISTED: tuple[Reader, ...] = (assignment_tables, labelled_assignments, assignment_blocks)
_WHERE_NONE: dict[str, dict[str, tuple[Reader, ...]]] = {
    "assignment_report": {"assignments": _LISTED},
    "board_plan": {"assignments": _LISTED, "decisions": (decisions,)},
}
"""What else is looked for where a kind's own reader found none of a section."""


def _sections(shape: Outline, document: Document, words: Wording) -> Parts:
    """Return what every section's reader finds; a line that one has claimed no table has again."""
    own = OF_KIND.get(document.kind)
    found = Parts()
    for reader in ALWAYS if own else (*ALWAYS, *OF_REPORTS):
        found = found.beside(reader(shape, words, found.claimed))
    if own is None:
        return found
    found = found.beside(own(shape, words))
    for section, readers in _WHERE_NONE.get(document.kind, {}).items():
        for reader in () if found.rows.get(section) else readers:
            found = found.beside(reader(shape, words, found.claimed))
    return found


def _reading(document: Document, found: Parts) -> Reading:
    reasons = (*document.reasons, *found.reasons)
    rows: dict[str, Any] = dict(found.rows)
    return Reading(replace(document, **found.facts, reasons=reasons), unread=found.unread, **rows)
