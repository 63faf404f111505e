"""What the columns of a table with cells are: the words of its header rows, column by column.

Words above a group of columns (`2024` over women, men and all) count for each of them. A cell with
the words of two columns makes the whole header unsure, and so do two ways to place its words that
are both understood.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from expectations.registers import plain
from tasks.readers.column_heads import Head, divided, with_years
from tasks.readers.header_words import heads
from tasks.readers.pages import Cell, Table
from tasks.readers.wording import Wording

_FEWEST_LINES = 2


def real_heads(table: Table, top: int, words: Wording, *, more: bool) -> list[Head | None]:
    """Return each column's head, by the one way to place the header's words that is understood.

    None where cells that were rebuilt hold the words of several columns: then no column is sure.
    A cell with edges of its own is one column, understood or not. Of several ways that are
    understood whole and say different things none is taken.
    """
    headers = [table.rows[:top], *((other,) for other in table.others if top == 1)]
    headers = [tuple(_with_halves_joined(row) for row in rows) for rows in headers]
    found = [
        _heads(replace(table, rows=(*rows, *table.rows[top:])), top, words, more=more)
        for rows in headers
    ]
    whole = [one for one in found if one and None not in one]
    if whole:
        return whole[0] if all(one == whole[0] for one in whole) else []
    return found[0]


_HALF = re.compile(r"([^\W\d_]+-)[ \n]+(?=\S)")
"""The first half of a word, which a hyphen says goes on below, with other words behind it."""


def _with_halves_joined(row: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """Return a row whose first halves of words stand over their ends: `avvikelse | Budget- Delår`.

    A word wider than its narrow column reaches into the next one, and is no word of that.
    """
    cells = list(row)
    for at, (cell, following) in enumerate(itertools.pairwise(row)):
        half = _HALF.match(following.text)
        if half and cell.text[:1].islower() and "-" not in cell.text:
            cells[at] = replace(cells[at], text=f"{half[1]}\n{cells[at].text}")
            cells[at + 1] = replace(following, text=following.text[half.end() :])
    return tuple(cells)


def _heads(table: Table, top: int, words: Wording, *, more: bool) -> list[Head | None]:
    """Return each column's head; None for a column whose words are not understood.

    What begins with the words of a comparison has its first words elsewhere.
    """
    width = len(table.rows[top])
    found: list[Head | None] = []
    above = _groups_above(table, top, words, more=more)
    for index in range(1, width):
        cells = [row[index].text for row in table.rows[:top] if index < len(row)]
        text = "\n".join([above[index], *cells[1:]] if index in above else cells)
        cut = text.lstrip().startswith(tuple(words.words["header"]["compared"]))
        columns = None if cut else heads(text, words, more=more, whole=True)
        if columns is None and not cut:
            # a narrow column cuts words in the middle
            columns = heads(text.replace("\n", ""), words, more=more, whole=True)
        if table.is_rebuilt and _holds_several(text, columns, words, more=more):
            return []
        found.append(columns[0] if columns and len(columns) == 1 else None)
    if None not in found:
        whole = with_years([head for head in found if head is not None])
        texts = [cell.text for cell in table.rows[top - 1][1:]]
        return [] if table.is_rebuilt and _are_cut(texts, whole) else list(whole)
    lines = [at for at, head in enumerate(found) if head is None and _names_line(table, at, words)]
    return found if len(lines) < _FEWEST_LINES else []


def _are_cut(texts: Sequence[str], columns: Sequence[Head]) -> bool:
    """Say whether words were put over the wrong columns: one comes twice, once as a word's end.

    `Prognos` and `prognos` are `Prognos` and a `Fg prognos` whose first word stands elsewhere.
    """
    twice = [at for at, head in enumerate(columns) if columns.count(head) > 1]
    return any(texts[at][:1].islower() for at in twice)


def _holds_several(
    text: str, columns: Sequence[Head] | None, words: Wording, *, more: bool
) -> bool:
    """Say whether a cell of the header has the words of two columns: they ran together."""
    if columns is not None:
        return len(columns) > 1
    parts = [heads(part, words, more=more, whole=True) for part in re.split(r"\s+", text) if part]
    return sum(bool(part) and bool(part[0].kind) for part in parts if part) > 1


def _names_line(table: Table, at: int, words: Wording) -> bool:
    """Say whether a column is a line of the result table: then the table lies on its side."""
    text = plain(table.rows[0][at + 1].text) if at + 1 < len(table.rows[0]) else ""
    return words.opening("line_columns", text) is not None


def _groups_above(table: Table, top: int, words: Wording, *, more: bool) -> dict[int, str]:
    """Return the words of the first header row by column, where they stand above groups.

    Below each must stand columns that come again in the next group, and no more than one group's.
    """
    if top < 2:  # noqa: PLR2004 - a group stands above columns
        return {}
    first, last = table.rows[0], table.rows[top - 1]
    at = [i for i in range(1, min(len(first), len(last))) if last[i].text.strip()]
    lower = [heads(last[i].text, words, more=more, whole=True) for i in at]
    single = [found[0] if found and len(found) == 1 else None for found in lower]
    if None in single:
        return {}
    columns = [
        (i, head) for i, head in zip(at, single, strict=True) if head and head.kind != "note"
    ]
    parts = divided([head for _, head in columns])
    found: dict[int, str] = {}
    begun = 0
    for part in parts:
        own = [i for i, _ in columns[begun : begun + len(part)]]
        begun += len(part)
        said = [first[i].text for i in own if first[i].text.strip()]
        if len(set(said)) != 1 or len(parts) < 2:  # noqa: PLR2004 - one group is none
            return {}
        found |= dict.fromkeys(own, said[0])
    return found
