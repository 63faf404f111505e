"""The way back: which rules a figure went through, and which figures a computed number rests on.

A figure has the id of its slot (`U-…`, contract.figure_id). A computed number has an id of its own
(`R-…`) made of where it is printed, so that it can be asked about like any other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from expectations.catalogue import Rule, catalogue
from tasks.report.blocks import Block, Cell, Chart, Check, Report, Section, Source, Table
from warehouse.snapshot import Snapshot

FRAMES_BESIDE = {"staff": ("staff_set",), "finance": ("sum",), "funding": ("pool",)}
"""Frames of rules that look at a section without bearing its name."""
ALWAYS = ("cell", "row")
"""Frames that look at every section of an issued form."""

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


def checks_of(snapshot: Snapshot, sources: Iterable[Source]) -> tuple[Check, ...]:
    """Return what was checked of each section of each document that a figure comes from."""
    forms = {d.document.sha256: d.document.template_version is not None for d in snapshot.documents}
    asked: dict[tuple[str, str | None], set[str]] = {}
    for finding in snapshot.findings:
        asked.setdefault((finding.document, finding.section), set()).add(finding.rule)
    places = sorted({(source.sha256, source.section) for source in sources})
    return tuple(
        _check(sha256, section, asked.get((sha256, section), set()), is_form=forms.get(sha256))
        for sha256, section in places
    )


def _check(sha256: str, section: str, asked: set[str], *, is_form: bool | None) -> Check:
    looked = [rule.id for rule in catalogue() if _looks_at(rule, section, is_form=bool(is_form))]
    kept = tuple(sorted(rule for rule in looked if rule not in asked))
    return Check(sha256, section, kept, tuple(sorted(asked)))


def _looks_at(rule: Rule, section: str, *, is_form: bool) -> bool:
    frames = (section, *FRAMES_BESIDE.get(section, ()), *(ALWAYS if is_form else ()))
    return rule.frame in frames and rule.applies_to(is_form=is_form)


def computed_in(report: Report) -> dict[Spot, Computed]:
    """Return every computed number of the report by the cell that prints it."""
    found: dict[Spot, Computed] = {}
    for table in tables_of(report.sections):
        for r, row in enumerate(table.rows):
            for c, cell in enumerate(row):
                if cell.is_computed:
                    found[table.table_id, r, c] = _computed(report, table, (r, c), cell)
    return found


def _computed(report: Report, table: Table, at: tuple[int, int], cell: Cell) -> Computed:
    row, column = at
    before = sum(one[0].text == table.rows[row][0].text for one in table.rows[:row])
    what = f"{table.rows[row][0].text} · {table.head[column]}"
    parts = (report.city, report.subject, table.table_id, what, str(before))
    digest = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:10]
    return Computed(f"R-{digest}", table.caption, what, cell.text, cell.how, cell.figures)


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
