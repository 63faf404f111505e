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
from dataclasses import replace
from datetime import date

from tasks.readers.aligned_pieces import Piece, Row
from tasks.readers.columns import meanings
from tasks.readers.header_words import Head, heads
from tasks.readers.wording import wording

_MOST_WAYS = 3000
"""Of more ways none is taken."""
_MOST_WORDS = 9
_YEAR_WITHIN = re.compile(r"(?:^|\s)(?:20\d\d|2\d(?:0[1-9]|1[0-2]))\s+\S")
"""On a line a year ends the name of a column: what follows is the next column's."""
_DANGLING = re.compile(r"\b(?:t\.?\s?o\.?\s?m\.?|till och med|per|mot|jan-|och)\s*$", re.IGNORECASE)
"""No head of a column ends so: more belongs to it."""
_CUT_OFF = 3
"""What a year costs, in letters, that is parted from the word before it."""
_CLEARLY = 3
"""How many letters farther off every other way must stand."""
Columns = Sequence[tuple[float, float]]
_Way = tuple[tuple[tuple[str, ...], ...], list[list[Piece]]]
"""What the columns of figures may mean, and the words of each column."""
Placed = list[tuple[int, list[Piece]]]
"""The words of one line by column; 0 is the column of the labels."""


def told_by_words(
    lines: Sequence[Row], columns: Columns, edge: float, figures: Sequence[int]
) -> list[list[Piece]] | None:
    """Return the words of each column (0: the labels), None where there is no one way.

    `edge` is the right edge of the labels, `figures` are the columns that hold any (from 0). The
    most lines above the rows that are understood are the header; a line more may be its title.
    """
    for top in range(len(lines)):
        known = _ways(lines[top:], columns, edge, figures)
        if known:
            return _nearest(known, columns)
    return None


def _nearest(known: Sequence[_Way], columns: Columns) -> list[list[Piece]] | None:
    """Return the way whose words stand nearest their columns.

    None where another, that means something else, is hardly farther off.
    """
    words = [piece for column in known[0][1] for piece in column]
    letter = max((word.right - word.left) / len(word.text) for word in words)
    ranked = sorted(
        (
            (_distance(texts, columns) + _CUT_OFF * letter * _years_cut_off(texts), meant, texts)
            for meant, texts in known
        ),
        key=_off,
    )
    off, meant, texts = ranked[0]
    others = [other for far, other, _ in ranked if far <= off + _CLEARLY * letter]
    return texts if all(other == meant for other in others) else None


def _off(one: tuple[float, object, object]) -> float:
    return one[0]


def _years_cut_off(texts: Sequence[Sequence[Piece]]) -> int:
    """Return how many years were parted from the word right before them: `Utfall 2024`."""
    placed = sorted(
        (
            (word.place.line or 0, word.left, at, word)
            for at, own in enumerate(texts)
            for word in own
        ),
        key=lambda one: one[:2],
    )
    return sum(
        one[0] == other[0]
        and one[2] != other[2]
        and re.fullmatch(r"20\d\d", other[3].text) is not None
        and re.fullmatch(r"20\d\d", one[3].text) is None
        and other[3].left - one[3].right <= (one[3].right - one[3].left) / len(one[3].text) * 1.5
        for one, other in itertools.pairwise(placed)
    )


def _distance(texts: Sequence[Sequence[Piece]], columns: Columns) -> float:
    """Return how far the words stand from their columns and from the words above, all together."""
    pairs = zip(texts[1:], columns, strict=True)
    return sum(
        max(word.left - right, left - word.right, 0.0)
        for own, (left, right) in pairs
        for word in own
    ) + sum(_out_of_line(own) for own in texts[1:])


def _out_of_line(words: Sequence[Piece]) -> float:
    """Return how far the lines of one head stand from being flush left, flush right or centred."""
    edges = [(line[0].left, line[-1].right) for line in _lines(words)]
    return sum(
        min(abs(a - c), abs(b - d), abs(a + b - c - d) / 2)
        for (a, b), (c, d) in itertools.pairwise(edges)
    )


def _lines(words: Sequence[Piece]) -> list[list[Piece]]:
    return [list(same) for _, same in itertools.groupby(words, key=lambda one: one.place.line)]


def _ways(
    lines: Sequence[Row], columns: Columns, edge: float, figures: Sequence[int]
) -> list[_Way]:
    each = [list(_of_line(row, columns, edge)) for row in lines]
    count = 1
    for ways in each:
        count *= len(ways)
    if not 0 < count <= _MOST_WAYS:
        return []
    found = []
    for chosen in itertools.product(*each):
        texts: list[list[Piece]] = [[] for _ in range(len(columns) + 1)]
        for placed in chosen:
            for at, pieces in placed:
                texts[at] += pieces
        meant = _meant(texts, figures)
        if meant is not None:
            found.append((meant, texts))
    return found


def _meant(
    texts: Sequence[Sequence[Piece]], figures: Sequence[int]
) -> tuple[tuple[str, ...], ...] | None:
    """Return what each column of figures may mean, None where one is no column by itself."""
    words = wording(None, date.min)
    found: list[Head] = []
    for at in figures:
        lines = [" ".join(p.text for p in line) for line in _lines(texts[at + 1])]
        own = heads("\n".join(lines), words, more=True, whole=True) if lines else None
        if any(_YEAR_WITHIN.search(line) for line in lines) or _DANGLING.search(" ".join(lines)):
            return None
        if not own or len(own) != 1 or not (own[0].kind or own[0].year):
            return None
        found.append(own[0])
    return meanings(found)


def _of_line(row: Row, columns: Columns, edge: float) -> Iterator[Placed]:
    """Yield the ways to place the words of a line: each piece whole, or parted between columns."""
    each = []
    for piece in row.pieces:
        words = [
            part
            for w in row.words
            if w.left >= piece.left and w.right <= piece.right
            for part in _unglued(w)
        ]
        if piece.right <= columns[0][0] and piece.left < edge:
            each.append([[(0, words)]])
        elif len(words) > _MOST_WORDS:
            return
        else:
            each.append(list(_of_piece(words, columns, edge)))
    for chosen in itertools.islice(itertools.product(*each), _MOST_WAYS):
        placed = [one for some in chosen for one in some]
        places = [at for at, _ in placed]
        if places == sorted(places) and len(set(places)) == len(places):
            yield placed


_GLUED = re.compile(r"(?<=[a-zåäö\d])(?=[A-ZÅÄÖ][a-zåäö]{2})")


def _unglued(word: Piece) -> list[Piece]:
    """Return a word in parts where cells ran together in it: `2025Prognos`."""
    parts = _GLUED.split(word.text)
    width = (word.right - word.left) / len(word.text)
    found: list[Piece] = []
    at = word.left
    for part in parts:
        found.append(replace(word, text=part, left=at, right=at + width * len(part)))
        at += width * len(part)
    return found


def _of_piece(words: Sequence[Piece], columns: Columns, edge: float) -> Iterator[Placed]:
    near = _near(words, columns)
    if words[0].left < edge:
        near = [0, *near]
    for count in range(1, min(len(near), len(words)) + 1):
        for places in itertools.combinations(near, count):
            for cuts in itertools.combinations(range(1, len(words)), count - 1):
                ends = [0, *cuts, len(words)]
                parts = [list(words[a:b]) for a, b in itertools.pairwise(ends)]
                yield list(zip(places, parts, strict=True))


def _near(words: Sequence[Piece], columns: Columns) -> list[int]:
    """Return the columns that words stand over, else the nearest on either side; from 1."""
    left, right = words[0].left, words[-1].right
    over = [at for at, (start, end) in enumerate(columns) if left < end and right > start]
    before = [at for at, (_, end) in enumerate(columns) if end <= left][-1:]
    behind = [at for at, (start, _) in enumerate(columns) if start >= right][:1]
    return [at + 1 for at in (*before, *over, *behind)]
