"""Tables with cells (Word, ruled or rebuilt PDF) as grids: a row of cells is a row of figures.

A column that is not understood stays open beside those that are. Where a rebuilt header can be
parted in several ways, the one whose figures leave nothing open is taken, if it is the only one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from expectations.contract import Figure, Unread
from expectations.registers import plain
from tasks.readers.brackets import bracketed_are_negative, every_row_has, last_years, negative
from tasks.readers.column_heads import UNKNOWN, Head, by_group
from tasks.readers.column_meanings import LATER, meanings
from tasks.readers.columns import Settled
from tasks.readers.grid import (
    ELSEWHERE,
    Grid,
    Left,
    Sought,
    grids_by_group,
    read_as,
    settle_groups,
    units_of,
)
from tasks.readers.labels import whole_label
from tasks.readers.numbers import money_in
from tasks.readers.outline import Outline
from tasks.readers.pages import Cell, Table
from tasks.readers.plan_years import PLANNED, with_plan_years
from tasks.readers.real_heads import real_heads
from tasks.readers.real_table import one_line, table_lines
from tasks.readers.table_titles import (
    above_table,
    line_above,
    named_above,
    names_counts,
    title_before,
    title_in,
    unit_before,
    unit_said,
)
from tasks.readers.unfolding import has_figures, unfolded
from tasks.readers.wording import Wording


def real_grids(table: Table, outline: Outline, words: Wording, sought: Sought) -> Sequence[Grid]:
    """Return what a table is.

    Where its header leaves something open, one of its spare headers counts if it is the only one
    with which nothing is left, and says the same of what the header tells.
    """
    table = without_codes(table)
    found = list(_by_header(table, outline, words, sought))
    whole: list[list[Grid]] = []
    for header in table.spare if _is_open(table, found, words, sought) else ():
        other = replace(table, rows=(header, *table.rows[1:]), others=())
        if _has_lone_years(real_heads(other, 1, words, more=sought.more)):
            continue
        spare = list(_by_header(other, outline, words, sought))
        if spare and not any(one.unread for one in spare) and _agree(found, spare):
            whole.append(spare)
    told = [[one.rows for one in spare] for spare in whole]
    return whole[0] if told and all(one == told[0] for one in told) else found


def without_codes(table: Table) -> Table:
    """Return a table without its first column where that holds numbers of projects or accounts.

    Then the names of the rows stand behind them: `41012`, `Vasavägen, gång- och cykelväg`.
    """
    rows = [row for row in table.rows[header_rows(table) :] if len(row) > _FEWEST_BESIDE]
    coded = [row for row in rows if _CODE.fullmatch(row[0].text.strip())]
    others = [row for row in rows if row[0].text.strip() and row not in coded]
    alone = all(not any(cell.text.strip() for cell in row[1:]) for row in others)
    named = all(re.search(r"[^\W\d]{2}", row[1].text) for row in coded)
    if len(coded) < _FEWEST_CODED or not (alone and named):
        return table
    return replace(table, rows=tuple(row[1:] if len(row) > 1 else row for row in table.rows))


_CODE = re.compile(r"\d{2,7}[A-Z]?")
_FEWEST_CODED = 2
_FEWEST_BESIDE = 2


def _is_open(table: Table, found: Sequence[Grid], words: Wording, sought: Sought) -> bool:
    """Say whether a header leaves open what its table shows; of years to come nothing is read."""
    if header_rows(table) != 1 or (found and not any(one.unread for one in found)):
        return False
    known = [head for head in real_heads(table, 1, words, more=sought.more) if head is not None]
    return not any(key.startswith(LATER) for keys in meanings(known) for key in keys)


def _has_lone_years(columns: Sequence[Head | None]) -> bool:
    """Say whether a year alone heads a column beside outcomes: it was torn from another's words."""
    kinds = {head.kind for head in columns if head is not None}
    return "" in kinds and bool(kinds & {"outcome", "deviation", "forecast", "change"})


def _agree(found: Sequence[Grid], spare: Sequence[Grid]) -> bool:
    """Say whether all that one header tells of the rows is told by the other too."""
    told = [
        (row.place, key, one.value)
        for t in spare
        for row in t.rows
        for key, one in row.columns.items()
    ]
    return all(
        (row.place, key, one.value) in told
        for table in found
        for row in table.rows
        for key, one in row.columns.items()
    )


def _label_at(header: Sequence[Sequence[Cell]], words: Wording) -> int:
    """Return which column names the rows: that of the measures, where goals stand before them."""
    measures = words.words["label_heads"]["measures"]
    named = [at for at, cell in enumerate(header[-1]) if plain(cell.text) in measures]
    return named[0] if len(named) == 1 else 0


def _by_header(table: Table, outline: Outline, words: Wording, sought: Sought) -> Iterator[Grid]:
    top = header_rows(table)
    if top == 0 or top >= len(table.rows):
        return
    title = (
        title_in(table) or named_above(table.after, outline, words) or title_before(table, outline)
    )
    header = " ".join(cell.text for row in table.rows[:top] for cell in row)
    body = [
        part for row in table.rows[top:] if _row_of(row, table.rows[:top]) for part in unfolded(row)
    ]
    first = 0 if sought.money else _label_at(table.rows[:top], words)
    labels = [row[first] if first < len(row) else row[0] for row in body]
    body = [
        (Cell(whole_label(label.text.strip().split("\n"), sought.known), label.place), *row[1:])
        for label, row in zip(labels, body, strict=True)
    ]
    columns = _with_unknown(real_heads(table, top, words, more=sought.more), table.rows[top:])
    known = [head for head in columns if head is not None]
    above = above_table(table, outline)
    if sought.money and names_counts(f"{line_above(table, outline)} {header}", words):
        return
    # a share in the running text above a table is none of its own
    above = "" if ". " in f"{above} " and money_in(above) is None else above
    unit = unit_said(sought, header, title, above)
    if unit is None and sought.money:
        rows = (" ".join(cell.text for cell in row) for row in body)
        unit = unit_before(outline, table.after, rows)
    apart = "" if unit == unit_said(sought, header, title, above) else ELSEWHERE
    shown = f"{title or line_above(table, outline)} {header} {apart} {unit or ''}"
    if not known or not sought.wanted(shown, [row[0].text for row in body]):
        return
    width = len(table.rows[top])
    whole = [row for row in body if len(row) == width]
    at = [index for index, head in enumerate(columns) if head is not None]
    texts = [[row[index + 1].text for index in at] for row in whole]
    below, everywhere = bracketed_are_negative(texts), every_row_has(texts)
    cells = []
    for row, written in zip(whole, texts, strict=True):
        before = last_years(known, written) if everywhere else ()
        units = units_of(known, row[0].text, unit, sought)
        cells.append(
            [
                _celled(row[index + 1], own, head, below=below and place not in before)
                for place, (index, own, head) in enumerate(zip(at, units, known, strict=True))
            ]
        )
    groups = by_group(known)
    planned = with_plan_years(f"{title} {header}", known, sought) if sought.money else known
    settled = (
        settle_groups(planned, groups, [[row] for row in cells], sought, apart=True)
        if planned is not None
        else Settled((), PLANNED)
    )
    why = "Raden har inte lika många celler som rubrikraden."
    unread = tuple(
        Unread(" ".join(c.text for c in row), why, row[0].place)
        for row in body
        if len(row) != width
    )
    left = Left(frozenset(table_lines(table, outline.lines)), unread)
    places = [(row[0].text, row[0].place) for row in whole]
    for found in grids_by_group(title, places, cells, settled, groups, left):
        yield replace(found, shown=shown)


def _with_unknown(
    columns: Sequence[Head | None], body: Sequence[Sequence[Cell]]
) -> Sequence[Head | None]:
    """Return the heads, the one column of figures whose words nobody knows as such.

    Its numbers may tell what it is; else it stays open, and its figures unread.
    """
    if columns.count(None) != 1 or len(columns) < _FEWEST_BESIDE:
        return columns
    at = columns.index(None)
    cells = [row[at + 1].text.strip() for row in body if at + 1 < len(row)]
    figures = sum(_AMOUNT.fullmatch(text) is not None for text in cells)
    if figures * 2 < len(cells):
        return columns
    return [Head(UNKNOWN) if head is None else head for head in columns]


_AMOUNT = re.compile(r"[+−–-]?\s?\d[\d \u00a0.]*(?:,\d+)?")


def _celled(cell: Cell, unit: str | None, head: Head, *, below: bool) -> Figure:
    """Return a cell's figure; in brackets stands last year's, or with `below` a negative one."""
    text = _BROKEN.sub(" ", cell.text.strip())
    inside = re.fullmatch(r"\([^()]+\)", text) is not None
    found = read_as(head)(text[1:-1] if inside else text, unit=unit, place=cell.place)
    return replace(negative(found) if inside and below else found, written=cell.text)


_BROKEN = re.compile(r"(?<=\d)\n(?=\d{3}(?:\D|$))")
"""A number that a narrow cell broke between its thousands."""


def _row_of(row: Sequence[object], header: Sequence[Sequence[object]]) -> bool:
    """Say whether a row is no repeated header and has a label."""
    texts = [one_line(getattr(cell, "text", "")) for cell in row]
    repeated = any(texts == [one_line(getattr(c, "text", "")) for c in head] for head in header)
    return bool(texts and texts[0]) and not repeated


def header_rows(table: Table) -> int:
    """Return how many rows stand above the first row with figures (years are no figures)."""
    for index, row in enumerate(table.rows):
        if has_figures(row):
            return index
    return 0
