"""Numbers chapters, annexes, tables and charts, once all of them are there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count

from tasks.report.blocks import Block, Cell, Chart, Section, Table
from tasks.report.material import say

SHORT = 16
"""Lines of a chapter that does not ask for a page of its own."""
LETTERS = 60
"""Letters of running text on a line of a table."""


def numbered(sections: Sequence[Section]) -> tuple[Section, ...]:
    """Return the chapters as 1, 2, 3 and the annexes as A, B, C, their tables as 4.1 and B.2."""
    chapters, annexes = count(1), count(ord("A"))
    with_numbers = [
        replace(section, number=chr(next(annexes)) if section.is_annex else str(next(chapters)))
        if section.is_numbered
        else section
        for section in sections
    ]
    labels = dict(_labels(with_numbers))
    flowing = [replace(one, is_flowing=one.is_flowing or _is_short(one)) for one in with_numbers]
    return tuple(_labelled(section, labels) for section in flowing)


def _is_short(section: Section) -> bool:
    """Say whether a chapter is so short that it may follow another on the same page."""
    lines = 0
    for block in _blocks(section):
        if isinstance(block, Chart):
            return False
        if isinstance(block, Table):
            lines += 3 + sum(_height(row) for row in block.rows)
        else:
            lines += 2
    return lines <= SHORT


def _height(row: Sequence[Cell]) -> int:
    """Return about how many lines a row takes on paper."""
    return max(1, *(-(-len(cell.text) // LETTERS) for cell in row))


def _labels(sections: Sequence[Section]) -> Iterator[tuple[str, str]]:
    """Yield (id, label) of each table and chart, counted within its chapter."""
    for section in sections:
        tables, charts = count(1), count(1)
        for block in _blocks(section):
            if isinstance(block, Table):
                yield block.table_id, say("labels.table", at=f"{section.number}.{next(tables)}")
            elif isinstance(block, Chart):
                yield block.chart_id, say("labels.chart", at=f"{section.number}.{next(charts)}")


def _blocks(section: Section) -> Iterator[Block]:
    yield from section.blocks
    for part in section.parts:
        yield from _blocks(part)


def _labelled(section: Section, labels: dict[str, str]) -> Section:
    return replace(
        section,
        blocks=tuple(_with_label(block, labels) for block in section.blocks),
        parts=tuple(_labelled(part, labels) for part in section.parts),
    )


def _without_empty(table: Table) -> Table:
    """Return a table without the columns that nobody has anything in: the form did not ask."""
    kept = [
        at
        for at in range(len(table.head))
        if at == 0 or any(row[at].text or row[at].symbol for row in table.rows)
    ]
    if len(kept) == len(table.head) or not table.rows:
        return table
    return replace(
        table,
        head=tuple(table.head[at] for at in kept),
        rows=tuple(tuple(row[at] for at in kept) for row in table.rows),
        numbers=_moved(table.numbers, kept),
        unbroken=_moved(table.unbroken, kept),
        broad=_moved(table.broad, kept),
    )


def _moved(columns: Sequence[int], kept: Sequence[int]) -> tuple[int, ...]:
    return tuple(new for new, old in enumerate(kept) if old in columns)


def _with_label(block: Block, labels: dict[str, str]) -> Block:
    if isinstance(block, Table):
        return replace(_without_empty(block), label=labels[block.table_id])
    if isinstance(block, Chart):
        label, twin = labels[block.chart_id], labels.get(block.twin, "")
        return replace(block, label=label, twin_label=twin)
    return block
