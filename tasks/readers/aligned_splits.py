"""The header of a table without rules where its words ran together: told by what they mean.

`Bokslut Avvikelse mot` over two columns may be parted after its first word or its second. Of all
ways to part the words of the lines above, in their order and near their columns, those are kept in
which every column of figures is understood as one column. Where they say different things there is
no header.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from statistics import median

from tasks.readers.aligned_pieces import Piece, Row
from tasks.readers.column_heads import Head
from tasks.readers.column_meanings import meanings
from tasks.readers.header_text import RAN_INTO
from tasks.readers.header_words import heads
from tasks.readers.wording import wording

_MOST_WAYS = 8
"""How many ways are kept at each step."""
_MOST_OFF = 6
"""How many letters the words may be off their columns, for each column."""
_GAP = 1.5
"""How many letters two words of a head stand apart at most."""
_YEAR_WITHIN = re.compile(r"(?:^|\s)(?:20\d\d|2\d(?:0[1-9]|1[0-2]))\s+\S")
"""On a line a year ends the name of a column: what follows is the next column's."""
_DANGLING = re.compile(
    r"\b(?:t\.?\s?o\.?\s?m\.?|till och med|per|mot|jan-|och|[-–/])\s*$"
    r"|^\s*(?:[-–/]|(?:per|mot|och|av|i)\b)",
    re.IGNORECASE,
)
"""No head of a column ends so: more belongs to it."""
_MOST_STEPS = 30_000
"""Of headers that would take more steps none is told: a page of words is no header."""
_MOST_WORDS = 9
"""No head of a column has more."""
_CUT_OFF = 3
"""What a year costs, in letters, that is parted from the word before it."""
_CLEARLY = 0.5
"""How many letters farther off every other way must stand."""
_NEARLY = 4.0
"""How many letters farther off a way may stand that the figures may prove."""
Columns = Sequence[tuple[float, float]]
_Way = tuple[float, tuple[Head, ...], tuple[tuple[Piece, ...], ...]]
"""How far the words are off, the heads of the columns of figures, the words of each column."""


_Texts = list[list[Piece]]
"""The words of each column, the labels' first."""


def told_by_words(
    lines: Sequence[Row], columns: Columns, edge: float, figures: Sequence[int]
) -> tuple[_Texts | None, list[_Texts]]:
    """Return the words of each column, None where there is no one way; and the ways nearly as near.

    `edge` is the right edge of the labels, `figures` are the columns that hold any (from 0). The
    most lines above the rows that are understood are the header; a line more may be its title.
    """
    for top in range(len(lines)):
        if top and len(lines[top - 1].pieces) > 1:
            # what is left out is a title; a line of several pieces is a part of the header
            break
        known = _ways(lines[top:], columns, edge, figures)
        if known:
            return _nearest(known, columns)
    return None, []


def _nearest(known: Sequence[_Way], columns: Columns) -> tuple[_Texts | None, list[_Texts]]:
    """Return the way whose words stand nearest their columns; `known` has the nearest first.

    None where another, that means something else, is hardly farther off. Beside it all that are
    not much farther.
    """
    off, heads_, texts = known[0]
    letter = _letter([piece for column in texts for piece in column])
    if off > _MOST_OFF * letter * len(columns):
        return None, []
    meant = meanings(heads_)
    near = [other for far, other, _ in known if far <= off + _CLEARLY * letter]
    only = all(meanings(other) == meant for other in near)
    nearly = [[list(own) for own in one] for far, _, one in known if far <= off + _NEARLY * letter]
    return (nearly[0] if only else None), nearly


def _letter(words: Sequence[Piece]) -> float:
    """Return how wide a letter is."""
    return median((word.right - word.left) / len(word.text) for word in words)


def _off_column(words: Sequence[Piece], column: tuple[float, float]) -> float:
    """Return how far the line of a head that stands nearest to its column is from it."""
    left, right = column
    return min(max(line[0].left - right, left - line[-1].right, 0.0) for line in _lines(words))


def _torn(words: Sequence[Piece], letter: float) -> float:
    """Return how far the words of one head stand apart.

    On a line they follow one another; lines are flush left, flush right or centred.
    """
    lines = _lines(words)
    gaps = (
        max(0.0, after.left - before.right - _GAP * letter)
        for line in lines
        for before, after in itertools.pairwise(line)
    )
    edges = [(line[0].left, line[-1].right) for line in lines]
    return sum(gaps) + sum(
        min(abs(a - c), abs(b - d), abs(a + b - c - d) / 2)
        for (a, b), (c, d) in itertools.pairwise(edges)
    )


def _lines(words: Sequence[Piece]) -> list[list[Piece]]:
    return [list(same) for _, same in itertools.groupby(words, key=lambda one: one.place.line)]


def _ways(
    lines: Sequence[Row], columns: Columns, edge: float, figures: Sequence[int]
) -> list[_Way]:
    """Return the best ways to give every word of the lines to a column, in order.

    Every column of figures is understood as one column; the way that is least off stands first.
    None are told where there are too many to look at.
    """
    words = [list(_words_of(row, columns, edge)) for row in lines]
    if not any(words):
        return []
    letter = _letter([word for line in words for word, _ in line])
    walk = _Walk(words, tuple(columns), frozenset(at + 1 for at in figures), letter)
    found = walk.best(0, (0,) * len(words))
    return found if walk.steps <= _MOST_STEPS else []


@dataclass(slots=True)
class _Walk:
    """The ways through the columns: each takes the next words of each line."""

    words: list[list[tuple[Piece, frozenset[int]]]]
    """The words of each line, each with the columns that it may belong to."""
    columns: tuple[tuple[float, float], ...]
    figures: frozenset[int]
    letter: float
    known: dict[str, Head | None] = field(default_factory=dict)
    steps: int = 0
    done: dict[tuple[int, tuple[int, ...]], list[_Way]] = field(default_factory=dict)

    def best(self, at: int, starts: tuple[int, ...]) -> list[_Way]:
        """Return the best ways for the columns from one on; `starts` are the lines' next words."""
        if at > len(self.columns):
            whole = all(s == len(line) for s, line in zip(starts, self.words, strict=True))
            return [(0.0, (), ())] if whole else []
        if (at, starts) not in self.done:
            found: dict[tuple[Head, ...], _Way] = {}
            for stops in itertools.product(*map(partial(_stops, at), self.words, starts)):
                self.steps += 1
                if self.steps > _MOST_STEPS:
                    break
                for way in self._through(at, starts, stops):
                    if way[1] not in found or way[0] < found[way[1]][0]:
                        found[way[1]] = way
            self.done[at, starts] = sorted(found.values(), key=_off)[:_MOST_WAYS]
        return self.done[at, starts]

    def _through(self, at: int, starts: tuple[int, ...], stops: tuple[int, ...]) -> Iterator[_Way]:
        """Yield the ways where a column takes the words from `starts` up to `stops`."""
        spans = list(zip(self.words, starts, stops, strict=True))
        own = tuple(word for line, start, stop in spans for word, _ in line[start:stop])
        head = self._head(own)
        if at in self.figures and head is None:
            return
        off = 0.0
        if own and at:
            off = _off_column(own, self.columns[at - 1]) + _torn(own, self.letter)
            off += _CUT_OFF * self.letter * (head is not None and not head.kind)
            off += _CUT_OFF * self.letter * sum(_cuts_year(*span[:2]) for span in spans)
        heads_ = (head,) if at in self.figures and head is not None else ()
        for rest in self.best(at + 1, stops):
            yield off + rest[0], (*heads_, *rest[1]), (own, *rest[2])

    def _head(self, own: Sequence[Piece]) -> Head | None:
        """Return the head of one column, None where its words are not the whole name of one."""
        if len(own) > _MOST_WORDS:
            return None
        text = "\n".join(" ".join(p.text for p in line) for line in _lines(own))
        if text not in self.known:
            self.known[text] = _one_head(text) if text else None
        return self.known[text]


def _off(way: _Way) -> float:
    return way[0]


def _stops(at: int, line: Sequence[tuple[Piece, frozenset[int]]], start: int) -> range:
    """Return where the words of a column may end on a line."""
    stop = start
    while stop < len(line) and at in line[stop][1]:
        stop += 1
    return range(start, stop + 1)


def _cuts_year(line: Sequence[tuple[Piece, frozenset[int]]], start: int) -> bool:
    """Say whether a column begins with a year that stands right behind a word: `Utfall 2024`."""
    if not 0 < start < len(line):
        return False
    before, word = line[start - 1][0], line[start][0]
    letter = (before.right - before.left) / len(before.text)
    year = re.compile(r"20\d\d")
    cut = year.fullmatch(word.text) is not None and year.fullmatch(before.text) is None
    return cut and word.left - before.right <= letter * _GAP


def _one_head(text: str) -> Head | None:
    """Return the head of one column, None where a text is not the whole name of one."""
    lines = text.split("\n")
    if len(set(re.findall(r"20\d\d", text))) < len(re.findall(r"20\d\d", text)):
        return None
    if any(_YEAR_WITHIN.search(line) for line in lines) or _DANGLING.search(" ".join(lines)):
        return None
    own = heads(text, wording(None, date.min), more=True, whole=True)
    return own[0] if own and len(own) == 1 and (own[0].kind or own[0].year) else None


def _words_of(row: Row, columns: Columns, edge: float) -> Iterator[tuple[Piece, frozenset[int]]]:
    """Yield the words of a line, each with the columns that it may belong to (0: the labels)."""
    # a line of one piece that begins among the labels is a title, or the end of their name
    title = len(row.pieces) == 1 < len(columns) and row.pieces[0].right < columns[1][0]
    for piece in row.pieces:
        labels = piece.right <= columns[0][0] and piece.left < edge
        for word in row.words:
            if word.left >= piece.left and word.right <= piece.right:
                for part in _unglued(word):
                    own = frozenset({0} if title and piece.left < edge else {0, 1})
                    yield part, own if labels or 1 not in own else _near(part, columns, edge)


def _unglued(word: Piece) -> list[Piece]:
    """Return a word in parts where cells ran together in it: `2025Prognos`."""
    parts = RAN_INTO.split(word.text)
    width = (word.right - word.left) / len(word.text)
    found: list[Piece] = []
    at = word.left
    for part in parts:
        found.append(replace(word, text=part, left=at, right=at + width * len(part)))
        at += width * len(part)
    return found


def _near(word: Piece, columns: Columns, edge: float) -> frozenset[int]:
    """Return the columns (from 1) that a word may belong to; 0 where it stands among the labels."""
    over = [
        at for at, (left, right) in enumerate(columns) if word.left < right and word.right > left
    ]
    before = [at for at, (_, right) in enumerate(columns) if right <= word.left][-2:]
    behind = [at for at, (left, _) in enumerate(columns) if left >= word.right][:2]
    found = {at + 1 for at in (*before, *over, *behind)}
    return frozenset(found | {0} if word.left < edge else found)
