"""Tables of a label and figures, from real tables or from flattened lines, with settled columns.

Real tables come first and take their lines; what a section wants of tables is its `Sought`. Rows
that cannot be split with certainty are unread, each with its reason; so is a table whose header is
not understood or whose numbers contradict it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tasks.readers.flat_grids import flat_grids
from tasks.readers.flat_rows import rows_apart, torn_rows
from tasks.readers.grid import Grid, Sought
from tasks.readers.outline import Outline
from tasks.readers.parts import Parts
from tasks.readers.real_grids import real_grids
from tasks.readers.real_table import table_lines
from tasks.readers.wording import Wording


def parts_of(section: str, rows: Sequence[Any], used: Sequence[Grid]) -> Parts:
    """Return the rows of a section with what its tables claim and left unread."""
    claimed = frozenset(number for table in used for number in table.claimed)
    unread = tuple(left for table in used for left in table.unread)
    return Parts({section: tuple(rows)}, unread, claimed)


def grids(
    outline: Outline, words: Wording, sought: Sought, taken: frozenset[int] = frozenset()
) -> Iterator[Grid]:
    """Yield the wanted tables: real ones first, then flattened ones on lines not `taken`."""
    used = set(taken)
    for table in outline.tables:
        if table_lines(table, outline.lines) & used:
            continue
        for found in real_grids(table, outline, words, sought):
            used |= found.claimed
            yield found
    for section in outline.sections:
        gone = used | torn_rows(section.lines)
        lines = [line for line in rows_apart(section.lines) if line.number not in gone]
        yield from flat_grids(outline, section, lines, words, sought)
