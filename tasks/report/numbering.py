"""Numbers chapters, annexes, tables and charts, once all of them are there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count

from tasks.report.blocks import Block, Chart, Section, Table
from tasks.report.material import say


def numbered(sections: Sequence[Section]) -> tuple[Section, ...]:
    """Return the chapters as 1, 2, 3 and the annexes as A, B, C, their tables as 4.1 and B.2."""
    chapters, annexes = count(1), count(ord("A"))
    with_numbers = [
        replace(section, number=chr(next(annexes)) if section.is_annex else str(next(chapters)))
        for section in sections
    ]
    labels = dict(_labels(with_numbers))
    return tuple(_labelled(section, labels) for section in with_numbers)


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


def _with_label(block: Block, labels: dict[str, str]) -> Block:
    if isinstance(block, Table):
        return replace(block, label=labels[block.table_id])
    if isinstance(block, Chart):
        label, twin = labels[block.chart_id], labels.get(block.twin, "")
        return replace(block, label=label, twin_label=twin)
    return block
