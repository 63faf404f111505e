"""Columns of years to come: which years of a table are the budget, the plan and what happened.

A paper that plans says for which year (`Budget 2025 med plan 2026–2027`); a year alone above
amounts is then the budget of that year, and a later one the plan. A report of a year shows what
comes after it as a plan. Where neither is told, three years in a row over projects stay unread.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from expectations.contract import PERIODIC_KINDS, Document
from expectations.registers import plain
from tasks.readers.column_heads import Head
from tasks.readers.grid import Sought
from tasks.readers.outline import Outline
from tasks.readers.wording import either

PLANNED = "Åren är de som tabellen planerar för: talen är varken utfall eller årets budget."
_PAIR = 2
_TOP = 8
_LONGEST_TITLE = 90
_OF_PLANS = re.compile(either("plan_titles", "projects"))
_SPAN = re.compile(rf"{either('plan_titles', 'spans')}[^\d]*(20\d\d)\s?[–-]\s?(20\d\d)(?!\d)")
_TITLE = re.compile(
    rf"(?<!\w){either('report_names', 'planned')}\s+(?:för\s+)?(?P<year>20\d\d)(?!\d)"
)
_OTHER = re.compile(either("report_names", "no_plan"))
_TALKS = re.compile(rf"(?<!\w)(?:\w*budget|{either('report_names', 'planned')})")
_DATED = re.compile(
    rf"(?<!\d)(20\d\d)-[01]\d-[0-3]\d(?!\d)|\d{{1,2}} {either('round_months')}\w* (20\d\d)(?!\d)"
)


def planned_year(outline: Outline, document: Document) -> int | None:
    """Return the first year that a paper plans for, None for a report and where nothing tells it.

    It is that of its title; a paper on a budget whose title names none plans for three years in a
    row that begin after the newest day that it names.
    """
    if document.kind in PERIODIC_KINDS:
        return None
    told = [plain(line.text) for line in outline.lines if line.text.strip()]
    titles = [plain(section.title) for section in outline.sections]
    for text in (*told[:_TOP], *(titles if document.kind == "board_plan" else ())):
        year = titled_plan(text)
        if year is not None:
            return year
    if document.span is not None and document.kind == "board_plan":
        return int(document.span[:4])
    whole = " ".join(told)
    dated = [int(m[1] or m[2]) for m in _DATED.finditer(whole)]
    if not dated:
        # without a day there is no year to come: `1 2 3` are none
        return None
    first = max(dated) + 1
    about = any(_TALKS.search(text) for text in told[:_TOP])
    return first if about and f"{first} {first + 1} {first + 2}" in whole else None


def titled_plan(text: str) -> int | None:
    """Return the year of a title that plans for it; None for any other text, which is plain."""
    found = _TITLE.search(text) if len(text) <= _LONGEST_TITLE else None
    return int(found["year"]) if found and not _OTHER.search(text) else None


def spans_years(text: str) -> bool:
    """Say whether plain words above a table plan for a span of years and its columns are these."""
    span = _SPAN.search(text)
    return span is not None and f"{span[1]} {int(span[1]) + 1}" in text


def with_plan_years(title: str, columns: Sequence[Head], sought: Sought) -> tuple[Head, ...] | None:
    """Return the heads with those of years to come as budget and plan, None where nothing tells.

    A year is alone where no word says what it holds. One before the year that is planned, beside
    later ones, may be a budget or an outcome: it stays open.
    """
    alone = [int(head.year) for head in columns if head.year and _is_bare(head)]
    if len(alone) < _PAIR or len(set(alone)) < len(alone):
        return _named(columns, sought)
    first = sought.planned
    whole = len(alone) == len(columns)
    span = _SPAN.search(title.casefold())
    if first is None and whole and span and (alone[0], alone[-1]) == (int(span[1]), int(span[2])):
        first = None if sought.year is not None and sought.year >= alone[0] else alone[0]
        if first is None:
            return None
    if first is not None and first in alone:
        return tuple(_of_plan(head, first) for head in _named(columns, sought))
    last = first or sought.year
    if last is not None and max(alone) > last:
        return tuple(
            replace(head, kind="plan_year" if int(head.year or 0) > last else "open")
            if _is_bare(head)
            else head
            for head in columns
        )
    unsaid = first is None and sought.year is None and whole and len(alone) > _PAIR
    if unsaid and alone == sorted(alone) and _OF_PLANS.search(title.casefold()):
        return None
    return _named(columns, sought)


def _is_bare(head: Head) -> bool:
    said = head.kind or head.scope or head.previous or head.month or head.reach
    # the years of a group (`Koncern 2024`) are those of the columns beside it
    return not (said or head.group)


def _of_plan(head: Head, first: int) -> Head:
    """Return the head of a year alone in a paper that plans for the `first` year and later ones."""
    if not (head.year and _is_bare(head)):
        return head
    year = int(head.year)
    if year == first:
        return replace(head, kind="budget", scope="year", year=None)
    return replace(head, kind="plan_year" if year > first else "open")


def _named(columns: Sequence[Head], sought: Sought) -> tuple[Head, ...]:
    """Return the heads with `Plan 2026` and `Budget 2026` as of a year to come, where they are.

    That is later than the year that the paper plans for or reports, or else than all that the
    table has besides plans. A frame of another year may be a budget: it stays as it was.
    """
    others = [int(head.year) for head in columns if head.year and head.kind != "plan"]
    last = sought.planned or sought.year or max(others, default=None)
    return tuple(_later(head, last, sought.planned) for head in columns)


def _later(head: Head, last: int | None, planned: int | None) -> Head:
    year = int(head.year) if head.year else 0
    if last is None or not year or head.scope or head.month:
        return head
    if year > last and head.kind in ("plan", "budget") and (head.kind == "plan" or planned):
        return replace(head, kind="plan_year")
    if year == planned and head.kind == "plan":
        return replace(head, kind="budget", scope="year", year=None)
    return head
