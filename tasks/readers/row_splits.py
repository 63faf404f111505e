"""The ways to split the values of a row into cells: by columns, by numbers, and by gaps."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from tasks.readers.column_heads import Head
from tasks.readers.numbers import MINUS, Token, cells_apart, is_one, row_readings, row_values
from tasks.readers.raw_row import RawRow

_FEWEST_TO_MISS = 4
"""With fewer columns too little is left to tell which cell is empty."""


def spans_of(run: Sequence[RawRow]) -> list[tuple[int, int]]:
    """Return first and last column of each column of values, where all rows agree on them.

    Only rows with their label before them stand in the columns of the page, and it takes two.
    """
    rows = [(raw, cells_apart(raw.values)) for raw in run if raw.has_label_before]
    width = max((len(row) for _, row in rows), default=0)
    full = [
        [(raw.offset + token.start, raw.offset + token.end) for token in row]
        for raw, row in rows
        if len(row) == width
    ]
    if len(full) < 2 or width == 0:  # noqa: PLR2004 - one row alone shows no columns
        return []
    spans = [(min(s[0] for s in cells), max(s[1] for s in cells)) for cells in zip(*full)]  # noqa: B905 - all have `width`
    apart = all(one[1] <= other[0] for one, other in itertools.pairwise(spans))
    return spans if apart else []


def column_at(span: tuple[int, int], spans: Sequence[tuple[int, int]]) -> int | None:
    """Return the one column that a span lies over, None where none or several."""
    over = [at for at, (start, end) in enumerate(spans) if span[0] < end and span[1] > start]
    return over[0] if len(over) == 1 else None


def is_noted(columns: Sequence[Head]) -> bool:
    """Say whether the first column is that of the notes, which many rows leave empty."""
    return len(columns) > 2 and columns[0].kind == "note"  # noqa: PLR2004 - a note and two more


def readings_of(
    raw: RawRow, columns: int, spans: Sequence[tuple[int, int]], *, noted: bool = False
) -> list[list[Token | None]]:
    """Return the ways to read a row, one token or None per column; none where it is not clear.

    Where the first column is `noted` a row may begin with a note, or have none.
    """
    if noted and not (spans and raw.has_label_before):
        return _with_note(raw, columns)
    full: list[list[Token | None]] = [list(one) for one in _ways(raw, 0, columns)]
    if full:
        return full
    apart = cells_apart(raw.values)
    if apart and spans and raw.has_label_before:
        at = [column_at((raw.offset + t.start, raw.offset + t.end), spans) for t in apart]
        if None not in at and len(set(at)) == len(at):
            found = dict(zip(at, apart, strict=True))
            return [[found.get(index) for index in range(columns)]]
    if raw.below:
        return _one_missing(apart, columns)
    lone = None if raw.has_label_before else _by_gaps(raw.values, columns)
    return [lone] if lone else []


_APART = re.compile(rf"[{MINUS}]\s+\d.*")
_MARKED = re.compile(rf"(?<!\S)(?:[{MINUS}]\d|\(\d[^()]*\))")
_FEWEST_ALIKE = 3
_Readings = list[list[Token | None]]


def alike(read: Sequence[_Readings], run: Sequence[RawRow]) -> list[_Readings]:
    """Return the ways to read rows without those that write numbers as the others do not.

    Where a minus stands at its number, or brackets are one, a dash apart is an empty cell; where a
    column has its sign of percent in all sure rows, a number without it is of another column.
    """
    marked = sum(bool(_MARKED.search(raw.values)) for raw in run)
    shares = _shares(read)

    def fits(tokens: Sequence[Token | None]) -> bool:
        written = [token.written if token else "" for token in tokens]
        apart = marked and any(_APART.fullmatch(text) for text in written)
        bare = any(re.search(r"[1-9]\)?$", written[at]) for at in shares if at < len(written))
        return not (apart or bare)

    found = []
    for one in read:
        kept = [tokens for tokens in one if fits(tokens)]
        found.append(kept if kept or shares else one)
    return found


def _shares(read: Sequence[_Readings]) -> list[int]:
    """Return the columns whose values end in a sign of percent wherever they are sure."""
    sure = [one[0] for one in read if len(one) == 1]
    width = len(sure[0]) if sure else 0
    found = []
    for at in range(width):
        told = [tokens[at] for tokens in sure]
        ends = [token.written.endswith("%") for token in told if token and token.end]
        shown = sum(ends)
        if shown >= _FEWEST_ALIKE and shown * 3 >= len(ends) * 2:
            found.append(at)
    return found


def _by_gaps(text: str, columns: int) -> list[Token | None] | None:
    """Return the tokens of a line of lone cells, where its gaps tell which are empty.

    A flattened cell is its text with a space on either side and one between cells; an empty
    cell leaves a single space. Spaces before the first and after the last value therefore count
    the empty cells there, and all must add up.
    """
    tokens = row_values(text) or []
    before = len(text) - len(text.lstrip(" ")) - 1
    after = len(text) - len(text.rstrip(" ")) - 2
    if tokens and before >= 0 and after >= 0 and before + after + len(tokens) == columns:
        return [None] * before + list(tokens) + [None] * after
    return None


def _ways(raw: RawRow, start: int, columns: int) -> list[list[Token]]:
    """Return the ways to read the values behind `start`; a line that is one number stays one."""
    text = raw.values[start:]
    if len(raw.below) > 1 or (raw.below and not raw.below[0][1]):
        apart = cells_apart(text)
        if apart and all(is_one(line.text[first:]) for line, first in raw.below):
            return [apart] if len(apart) == columns else []
    return row_readings(text, columns)


NOTE = re.compile(r"\s*\d{1,2}[A-Z]?(?:\s?,\s?\d{1,2}[A-Z]?)*(?=\s)")


def _with_note(raw: RawRow, columns: int) -> list[list[Token | None]]:
    """Return the ways to read a row behind its note, and without one."""
    found: list[list[Token | None]] = []
    note = NOTE.match(raw.values)
    starts = {0, note.end() if note else 0}
    whole = note is not None and re.fullmatch(r"\d+,\d+", note.group().strip()) is None
    if note and whole and re.fullmatch(r"(?:\s*\S*\d,\d+\s*)+", raw.values[note.end() :]):
        # all amounts have decimals: a whole number before them is none
        starts = {note.end()}
    for start in sorted(starts):
        behind = _ways(raw, start, columns - 1)
        moved = [
            [replace(token, start=token.start + start, end=token.end + start) for token in one]
            for one in behind
        ]
        found += [[None, *one] for one in moved]
    return found


def _one_missing(apart: Sequence[Token], columns: int) -> list[list[Token | None]]:
    """Return the places that the one empty cell of a row may have; its numbers must decide."""
    if len(apart) != columns - 1 or columns < _FEWEST_TO_MISS:
        return []
    return [[*apart[:at], None, *apart[at:]] for at in range(columns)]
