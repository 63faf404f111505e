"""Columns of running text that stand side by side on a page of a PDF, put one after the other.

Two columns are taken apart only where both hold running text: many lines in a row that nothing
crosses, the right ones all from one edge, lines that fill their column and hold words, not values.
Tables, and pages that do not fit, keep the order of their lines.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from tasks.readers.aligned_pieces import is_value

_FEWEST = 8
"""Lines that each of two columns has at least."""
_NEAR = 3.0
_FULL = 0.7
"""Share of its column that the middle one of a column's lines fills."""
_FEWEST_WORDS = 4
_MIDDLE = (0.3, 0.75)
"""Where the right column begins, as shares of the width that the words of the page take."""
_MOST_VALUES = 0.1

Words = list[Any]
"""Words of a line from the left, as pdfplumber gives them."""


@dataclass(frozen=True, slots=True)
class _Parted:
    """One line as it stands about the edge of the right column."""

    left: Words
    right: Words
    crosses: bool = False


def in_columns(lines: Sequence[Words], barred: Sequence[bool]) -> Iterator[Words]:
    """Yield the lines of a page, columns of running text one after the other.

    `barred` says of each line that it stands in a table.
    """
    edge = _edge(lines)
    parted = [
        _Parted(line, [], crosses=True) if edge is None or no else _about(line, edge)
        for line, no in zip(lines, barred, strict=True)
    ]
    for crosses, group in groupby(parted, key=lambda one: one.crosses):
        run = list(group)
        start, stop = (0, 0) if crosses or edge is None else _bounds(run, edge)
        inner = run[start:stop]
        if edge is None or not inner or not _is_text(inner, edge):
            yield from (one.left + one.right for one in run)
            continue
        yield from (one.left + one.right for one in run[:start])
        yield from (one.left for one in inner if one.left)
        yield from (one.right for one in inner if one.right)
        yield from (one.left + one.right for one in run[stop:])


def _edge(lines: Sequence[Words]) -> float | None:
    """Return where the right column would begin: where most lines or pieces in the middle do."""
    words = [word for line in lines for word in line]
    if len(lines) < _FEWEST or not words:
        return None
    first = min(word["x0"] for word in words)
    width = max(word["x1"] for word in words) - first
    begun: Counter[float] = Counter()
    for line in lines:
        for at, word in enumerate(line):
            share = (word["x0"] - first) / width if width else 0
            apart = at == 0 or word["x0"] - line[at - 1]["x1"] > word["size"] / 2
            if apart and _MIDDLE[0] < share < _MIDDLE[1]:
                begun[float(round(word["x0"]))] += 1
    edge, times = begun.most_common(1)[0] if begun else (0.0, 0)
    return edge if times >= _FEWEST else None


def _about(line: Words, edge: float) -> _Parted:
    left = [word for word in line if word["x0"] < edge - _NEAR]
    right = [word for word in line if word["x0"] >= edge - _NEAR]
    crosses = any(word["x1"] > edge - _NEAR for word in left)
    # words that stand as near as words do are of one line, though one of them begins at the edge
    if left and right and right[0]["x0"] - left[-1]["x1"] < right[0]["size"] / 2:
        crosses = True
    return _Parted(line, [], crosses=True) if crosses else _Parted(left, right)


def _begins(one: _Parted, edge: float) -> bool:
    return bool(one.right) and abs(one.right[0]["x0"] - edge) <= _NEAR


def _bounds(run: Sequence[_Parted], edge: float) -> tuple[int, int]:
    """Return where the columns of a run begin and end: heads and feet of the page left out."""
    own = [at for at, one in enumerate(run) if _begins(one, edge)]
    if not own:
        return 0, 0
    start, stop = own[0], own[-1] + 1
    while start and not run[start - 1].right:
        start -= 1
    # the left column may be the longer one; a title above what takes the whole width is not its
    while stop < len(run) and not run[stop].right:
        stop += 1
    wide = max((_width(one.left) for one in run), default=0.0)
    while stop > own[-1] + 1 and _width(run[stop - 1].left) < wide * _FULL:
        stop -= 1
    return start, stop


def _width(words: Words) -> float:
    return float(words[-1]["x1"] - words[0]["x0"]) if words else 0.0


def _is_text(run: Sequence[_Parted], edge: float) -> bool:
    """Say whether both columns are running text."""
    lefts = [one.left for one in run if one.left]
    rights = [one.right for one in run if one.right]
    if min(len(lefts), len(rights)) < _FEWEST:
        return False
    aligned = sum(_begins(one, edge) for one in run)
    return aligned >= len(rights) * (1 - _MOST_VALUES) and all(map(_is_column, (lefts, rights)))


def _is_column(lines: Sequence[Words]) -> bool:
    widths = [_width(words) for words in lines]
    filled = statistics.median(widths) >= max(widths) * _FULL
    worded = statistics.median(len(words) for words in lines) >= _FEWEST_WORDS
    values = sum(all(is_value(word["text"]) for word in words) for words in lines)
    return filled and worded and values <= len(lines) * _MOST_VALUES
