"""The way back: which figures a computed number rests on, and how.

A figure has the id of its slot (`U-…`, contract.figure_id). A computed number has an id of its own
(`R-…`) made of where it is printed, so that it can be asked about like any other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tasks.report.blocks import Block, Cell, Chart, Facts, Report, Section, Table
from tasks.report.material import say

Spot = tuple[str, int, int]
"""Table id, row and column (0-based) of a cell."""


@dataclass(frozen=True, slots=True)
class Computed:
    """A printed number that rests on several figures, and how."""

    computed_id: str
    table: str
    what: str
    """Row and column in words, as `Summa · Prognos`."""
    shown: str
    how: str
    figures: tuple[str, ...]
    items: tuple[str, ...] = ()
    """What was counted where it is no figure: boards, sections, assignments."""


def computed_in(report: Report) -> dict[Spot, Computed]:
    """Return every computed number of the report by the cell, or large figure, that prints it."""
    found: dict[Spot, Computed] = {}
    for block in blocks_of(report.sections):
        if isinstance(block, Facts):
            for at, (cell, what) in enumerate(block.items):
                if cell.is_computed:
                    where = (block.facts_id, str(at))
                    told = (say("how.fact"), what)
                    found[block.facts_id, at, 0] = _computed(report, where, told, cell)
        elif isinstance(block, Table):
            found |= _in_table(report, block)
    return found


def _in_table(report: Report, table: Table) -> dict[Spot, Computed]:
    found: dict[Spot, Computed] = {}
    for r, row in enumerate(table.rows):
        before = sum(one[0].text == row[0].text for one in table.rows[:r])
        for c, cell in enumerate(row):
            if cell.is_computed:
                what = f"{row[0].text} · {table.head[c]}"
                where = (table.table_id, what, str(before))
                found[table.table_id, r, c] = _computed(report, where, (table.caption, what), cell)
    return found


def _computed(
    report: Report, where: tuple[str, ...], told: tuple[str, str], cell: Cell
) -> Computed:
    """Return a computed number; its id is made of where it stands, not of what it says."""
    parts = (report.city, report.subject, *where)
    digest = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:10]
    return Computed(f"R-{digest}", *told, cell.text, cell.how, cell.figures, cell.items)


def blocks_of(sections: Iterable[Section]) -> Iterator[Block]:
    """Yield the blocks of sections and their parts, in order."""
    for section in sections:
        yield from section.blocks
        yield from blocks_of(section.parts)


def tables_of(sections: Iterable[Section]) -> list[Table]:
    """Return the tables of sections and their parts, in order."""
    return [block for block in blocks_of(sections) if isinstance(block, Table)]


def charts_of(sections: Iterable[Section]) -> list[Chart]:
    """Return the charts of sections and their parts, in order."""
    return [block for block in blocks_of(sections) if isinstance(block, Chart)]
