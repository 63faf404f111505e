"""Result tables that lie on their side: where they stand, and those that are turned round.

Two forms. Where the rows are outcome, budget and deviation the table is turned round and read
like any other. Where the rows are activities (`Park | Intäkter | Kostnader | Netto`) each row
is a small result table of its own (`line_activities`). A table whose sums do not hold, or that
has none, is left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from expectations.contract import Figure, FinanceLine, Unread
from tasks.readers.brackets import IN_BRACKETS, bracketed_are_negative, negative
from tasks.readers.column_heads import Head
from tasks.readers.columns import settle
from tasks.readers.flat_rows import row_runs
from tasks.readers.grid import Sought
from tasks.readers.header_lines import header_above, without_groups
from tasks.readers.header_words import heads
from tasks.readers.line_activities import by_activity
from tasks.readers.line_groups import apart, grouped, unit_spoken
from tasks.readers.line_heads import (
    UNCLEAR,
    Column,
    LineRow,
    LineTable,
    against_budget,
    are_sides,
    beside,
    line_heads,
)
from tasks.readers.numbers import Token, figure, money_in
from tasks.readers.outline import Outline
from tasks.readers.pages import Line, Table
from tasks.readers.parts import Parts
from tasks.readers.percents import Cells
from tasks.readers.raw_row import RawRow
from tasks.readers.real_grids import header_rows
from tasks.readers.real_table import one_line, table_lines
from tasks.readers.row_splits import readings_of, spans_of
from tasks.readers.streamed import stream_runs
from tasks.readers.table_titles import above_table, title_before, unit_before
from tasks.readers.wording import Wording

_FEWEST = 2
_HEADER_LINES = 20
"""Words and years of nine columns, each on a line of its own."""
_GROUP_LINES = 3
"""Lines right above a real table that may name the groups of its columns."""


def line_tables(outline: Outline, words: Wording, taken: frozenset[int]) -> Parts:
    """Return the lines of result tables that lie on their side."""
    used = set(taken)
    lines: list[FinanceLine] = []
    unread: list[Unread] = []
    for found in _tables(outline, words, used):
        if found.claimed & used:
            continue
        read, left = _turned(found, words) or by_activity(found, words) or ([], [])
        if read:
            used |= found.claimed
            lines += read
            unread += left
    claimed = frozenset(used - taken) if lines else frozenset()
    return Parts({"finance": tuple(lines)}, tuple(unread), claimed)


# --- where such tables stand ---------------------------------------------------------------------


def _tables(outline: Outline, words: Wording, used: set[int]) -> Iterator[LineTable]:
    for table in outline.tables:
        found = _real(table, outline, words)
        if found is not None:
            yield found
    nothing = Sought(lambda _, __: True, lambda _: False)
    for section in outline.sections:
        lines = [line for line in section.lines if line.number not in used]
        for start, run in (*row_runs(lines, words, nothing), *stream_runs(lines, nothing.known)):
            named = _header(lines, start, run, words)
            if named is not None:
                columns, header, own = named
                text = "\n".join(line.text for line in header)
                claimed = {
                    line.number for line in (*header, *(x for raw in own for x in raw.lines))
                }
                unit = money_in(f"{text} {section.title}") or unit_before(
                    outline, run[0].lines[0].number
                )
                rows = tuple(_flat_row(raw, columns, own, unit) for raw in own)
                found = LineTable(columns, rows, section.title, frozenset(claimed))
                yield _measured(found, outline)


def _header(
    lines: Sequence[Line], start: int, run: Sequence[RawRow], words: Wording
) -> tuple[tuple[Column, ...], Sequence[Line], Sequence[RawRow]] | None:
    """Return the columns of a run of rows, the lines that name them and the rows without these."""
    above = run[0].lines[: -len(run[0].below) - 1] if run[0].below else ()
    own = _without(run, len(above))
    header = without_groups(header_above(lines, start, words, _HEADER_LINES), words)
    for at in range(len(header)):
        used = (*header[at:], *above)
        columns = line_heads("\n".join(line.text for line in used), words)
        columns = columns and (grouped(columns, used, words) or _divided(columns, own, used, words))
        columns = columns and against_budget(columns)
        if columns is not None:
            return columns, used, own
    return None


def _divided(
    columns: tuple[Column, ...], run: Sequence[RawRow], header: Sequence[Line], words: Wording
) -> tuple[Column, ...] | None:
    """Return the columns of groups of different width, None where the rows do not tell them."""
    rows = [
        [[figure(one.written, unit=None) if one else None for one in tokens] for tokens in readings]
        for readings in (readings_of(raw, len(columns), []) for raw in run)
    ]
    return apart(columns, rows, header[:-1], words)


def _measured(found: LineTable, outline: Outline) -> LineTable:
    """Return a table with the unit that its amounts have in the text, where it says none."""
    figures = [one for row in found.rows for cells in row.readings for one in cells if one]
    if any(one.unit for one in figures):
        return found
    unit = unit_spoken(outline, [one.value for one in figures if one.value is not None])
    rows = tuple(
        replace(
            row,
            readings=[[one and replace(one, unit=unit) for one in cells] for cells in row.readings],
        )
        for row in found.rows
    )
    return replace(found, rows=rows) if unit else found


def _without(run: Sequence[RawRow], above: int) -> list[RawRow]:
    """Return the rows without the lines of the first label that belong to the header."""
    if not above:
        return list(run)
    first = run[0]
    own = first.lines[above:]
    return [RawRow(own[0].text.strip(), own, 0, below=first.below), *run[1:]]


def _flat_row(
    raw: RawRow, columns: Sequence[Column], run: Sequence[RawRow], unit: str | None
) -> LineRow:
    spans = spans_of(run)
    spans = spans if len(spans) == len(columns) else []
    below = bracketed_are_negative([IN_BRACKETS.findall(one.values) for one in run])
    readings = [
        [_figured(raw, token, unit, below=below) for token in tokens]
        for tokens in readings_of(raw, len(columns), spans)
    ]
    text = " ".join(line.text.strip() for line in raw.lines)
    return LineRow(raw.label, raw.lines[0].place(), readings, text)


def _figured(raw: RawRow, token: Token | None, unit: str | None, *, below: bool) -> Figure | None:
    if token is None:
        return None
    place = raw.place(token.start, token.end)
    bare = token.written.strip("()") if below else token.written
    one = replace(figure(bare, unit=unit, place=place), written=token.written)
    return negative(one) if below and bare != token.written else one


def _real(table: Table, outline: Outline, words: Wording) -> LineTable | None:
    top = header_rows(table)
    if top == 0 or top >= len(table.rows):
        return None
    width = len(table.rows[top])
    texts = [
        "\n".join(row[at].text for row in table.rows[:top] if at < len(row))
        for at in range(1, width)
    ]
    single = [line_heads(text, words, whole=True) or beside(text, words) for text in texts]
    columns = [found[0] for found in single if found and len(found) == 1]
    for at in range(2, len(columns)):
        if columns[at].kind == "level" and are_sides(columns[:at]):
            columns[at] = replace(columns[at], line="net_cost", kind="outcome")
    columns = list(against_budget(tuple(columns)))
    if len(columns) < len(texts) or not any(column.line for column in columns):
        return None
    title = title_before(table, outline)
    header = " ".join(cell.text for row in table.rows[:top] for cell in row)
    said = (money_in(text) for text in (header, title, above_table(table, outline)))
    unit = next(filter(None, said), None) or unit_before(outline, table.after)
    rows = tuple(
        LineRow(
            one_line(row[0].text),
            row[0].place,
            [[figure(cell.text, unit=unit, place=cell.place) for cell in row[1:]]],
            " ".join(cell.text for cell in row),
        )
        for row in table.rows[top:]
        if len(row) == width and row[0].text.strip()
    )
    above = [line for line in outline.lines if line.number <= table.after and line.text.strip()]
    named = above[-_GROUP_LINES:]
    told = grouped(tuple(columns), named[-_FEWEST:], words) or apart(
        tuple(columns), [row.readings for row in rows], named, words
    )
    if told is None:
        return None
    claimed = frozenset(table_lines(table, outline.lines))
    return _measured(LineTable(told, rows, title, claimed), outline)


# --- turned round --------------------------------------------------------------------------------


def _turned(found: LineTable, words: Wording) -> tuple[list[FinanceLine], list[Unread]] | None:
    """Return the lines of a table whose rows are outcome, budget, deviation."""
    named = [heads(row.label, words, whole=True) for row in found.rows]
    sides = [one[0] for one in named if one and len(one) == 1 and (one[0].kind or one[0].year)]
    lines = [column.line for column in found.columns]
    if len(sides) < _FEWEST or len(sides) < len(found.rows) or None in lines:
        return None
    if len(set(lines)) < len(lines) or any(len(row.readings) != 1 for row in found.rows):
        return None
    cells = [[row.readings[0][at] for row in found.rows] for at in range(len(lines))]
    keys = _keys(sides, cells)
    if keys is None:
        return None
    read = []
    left: list[Unread] = []
    for column, figures in zip(found.columns, cells, strict=True):
        told = {key: one for key, one in zip(keys, figures, strict=True) if key and one}
        place = next((one.place for one in figures if one), None)
        read.append(FinanceLine(column.line or "", column.written, place, None, told))
        open_ = [one for key, one in zip(keys, figures, strict=True) if key is None and one]
        left += [Unread(one.written, UNCLEAR, one.place) for one in open_]
    return read, left


def _keys(sides: Sequence[Head], cells: Sequence[Cells]) -> tuple[str | None, ...] | None:
    settled = settle(sides, [[row] for row in cells])
    return settled.keys or None
