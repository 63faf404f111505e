"""Indicators in tables: outcomes by year, targets, where the measuring began.

A table is of indicators where its header or the words above it say so, or where a column is a
target and no row is a staff figure. A column `Utfall` without a year is the year of the report.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from expectations.contract import Indicator, Unread
from expectations.registers import plain
from tasks.readers.grid import Grid, Sought
from tasks.readers.indicator_rows import FIELDS, indicator_of
from tasks.readers.numbers import money_in, unit_of_label
from tasks.readers.outline import Outline
from tasks.readers.pages import Table
from tasks.readers.parts import Parts
from tasks.readers.real_table import one_line
from tasks.readers.staff_table import of_staff
from tasks.readers.tables import grids, parts_of
from tasks.readers.unit_column import with_own_units, with_units_behind
from tasks.readers.wording import Wording, either

MONEY_COLUMNS = {"budget", "deviation", "forecast_deviation"}
UNNAMED = "Indikatorns namn står på flera rader som inte går att sätta ihop."


def indicator_tables(outline: Outline, words: Wording, taken: frozenset[int]) -> Parts:
    """Return the indicators of tables."""
    known = words.words["indicator_words"]["words"]

    def wanted(shown: str, labels: Sequence[str]) -> bool:
        staffed = of_staff(shown, labels, words)
        targets = [found.start() for found in _TARGET.finditer(plain(shown))]
        headed = [found.start() for found in _HEADED.finditer(plain(shown))]
        own = max(*(plain(shown).rfind(word) for word in known), *targets[:1], *headed[:1], -1)
        return own >= 0 and not staffed and not _of_others(plain(shown), own, words)

    year = _planned(outline) or words.year
    sought = Sought(wanted, lambda _: False, unit=unit_of_label, more=True, by_year=True, year=year)
    shown = (with_units_behind(_from_its_name(table, words)) for table in outline.tables)
    shape = replace(outline, tables=tuple(shown))
    used = [with_own_units(table) for table in grids(shape, words, sought, taken)]
    rows: list[Indicator] = []
    unread: list[Unread] = []
    for table in used:
        found, left = _of_table(table, words)
        rows += found
        unread += left
    return parts_of("indicators", rows, used).beside(Parts(unread=tuple(unread)))


_HEADED = re.compile(
    rf"(?<!\w)(?!nyckeltal|mått ){either('indicator_words', 'names')} (?:(?:enhet|sort) )?"
    r"(?:utfall|resultat|20\d\d|mål|börvärde|basvärde)\b"
)
"""A header that begins with what stands over the names of indicators."""
_PLAN = re.compile(rf"{either('plan_titles', 'plans')}(?:en)?\b[^.]{{0,30}}?\b(?P<year>20\d\d)\b")
_REPORTS = re.compile(either("plan_titles", "reports"))
_TOP = 6


def _planned(outline: Outline) -> int | None:
    """Return the year that the title of a plan says first."""
    top = [plain(line.text) for line in outline.lines if line.text.strip()][:_TOP]
    if any(_REPORTS.search(text) for text in top):
        return None
    found = next((m for text in top if (m := _PLAN.search(text))), None)
    return int(found["year"]) if found else None


def _of_others(shown: str, own: int, words: Wording) -> bool:
    """Say whether what stands nearer to a table than the word of indicators makes it another's.

    A unit with columns of money, or a word of key figures, where no column is a target.
    """
    nearer = shown[own:]
    if any(word in nearer for word, key in words.table("more_columns").items() if key in FIELDS):
        return False
    columns = {key.split()[0] for word, key in words.table("columns").items() if word in nearer}
    named = any(phrase in nearer for phrase in words.table("table_titles"))
    budgeted = len(columns & MONEY_COLUMNS) > 1 or {"budget", "accounts"} <= columns
    money = money_in(nearer) is not None and (named or budgeted)
    counted = max(nearer.rfind(word) for word in words.words["measure_titles"]["words"])
    return money or counted > 0


_TARGET = re.compile(
    r"\b(?:mål(?:värden?|nivå|tal)?|årsmål) (?:för )?(?:t[12] )?20\d\d\b"
    rf"|\b{either('target_words', 'alone')}\b"
)
"""A column of targets."""


def _from_its_name(table: Table, words: Wording) -> Table:
    """Return a table from the column of indicators on, where a column of goals stands before it."""
    head = [plain(one_line(cell.text)) for cell in table.rows[0]] if table.rows else []
    at = next(
        (head.index(name) for name in words.words["indicator_words"]["names"] if name in head), 0
    )
    return replace(table, rows=tuple(row[at:] for row in table.rows)) if at else table


def _of_table(table: Grid, words: Wording) -> tuple[list[Indicator], list[Unread]]:
    rows, unread = [], []
    for row in table.rows:
        if plain(row.label) in words.words["indicator_words"]["begun"]:
            unread.append(Unread(row.label, UNNAMED, row.place))
            continue
        one, left = indicator_of(row, words)
        unread += left
        if one is not None:
            rows.append(one)
    return rows, unread
