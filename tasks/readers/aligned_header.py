"""The header of a table without rules: which of its words stand over which column.

Words are placed piece by piece, or word by word where pieces reach over two columns. There may be
several ways; which of them is right is for those who know what the words mean.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from tasks.readers.aligned_pieces import NEXT_LINE, Piece, Row, is_number
from tasks.readers.aligned_splits import told_by_words
from tasks.readers.pages import Cell

LONGEST_CELL = 48
_MOST_HEADER_LINES = 7
_FAR_LINE = 2.1
"""The gap, in heights of a line, up to which the names of groups may stand over the columns."""
Columns = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Header:
    """The header above rows of figures: its cells (None: none was told) and its first line.

    `others` are as good ways to place its words, `spare` ways to turn to where the first leaves
    columns open: words that stand nearly as near another column, names above groups.
    """

    cells: tuple[Cell, ...] | None
    top: int
    others: tuple[tuple[Cell, ...], ...] = ()
    spare: tuple[tuple[Cell, ...], ...] = ()
    is_told: bool = False
    """Whether its words themselves tell which column each belongs to."""


def with_empty(
    rows: Sequence[Row], start: int, floor: int, columns: Columns, edge: float
) -> tuple[tuple[float, float], ...]:
    """Return the columns with those whose cells are empty in every row: only words stand there."""
    lines = _lines_above(rows, start, floor, edge, far=False)
    pieces = sorted((p.left, p.right) for row in lines for p in row.pieces if p.left >= edge)
    heads: list[tuple[float, float]] = []
    for left, right in pieces:
        if heads and left < heads[-1][1]:
            heads[-1] = (heads[-1][0], max(heads[-1][1], right))
        else:
            heads.append((left, right))
    empty = [
        (left, right)
        for left, right in heads
        if not any(left <= end and right >= begin for begin, end in columns)
    ]
    return tuple(sorted([*columns, *empty]))


def header_of(
    rows: Sequence[Row],
    start: int,
    floor: int,
    columns: Columns,
    edge: float,
    figures: Sequence[int],
) -> Header:
    """Return the header above a row, by its words or else by where they stand.

    `edge` is the right edge of the labels, `figures` are the columns that hold any.
    """
    near, far = (_lines_above(rows, start, floor, edge, far=far) for far in (False, True))
    told, nearly = told_by_words(near, columns, edge, figures)
    grouped = told_by_words(far, columns, edge, figures)[0] if len(far) > len(near) else None
    spare = tuple(
        _header(texts, far)[0] for texts in (*nearly, *([grouped] if grouped else [])) if texts
    )
    if told is not None:
        cells, top = _header(told, near)
        others = tuple(cells_ for cells_ in spare if cells_ != cells)
        return Header(cells, start - len(near) + top, (), others, is_told=True)
    placed = [
        _header_by(rows, start, floor, columns, partial(by, edge=edge))
        for by in (_headed, _worded, _by_word)
    ]
    cells_, top = next((one for one in placed if one[0] is not None), (None, start))
    others = tuple(one for one, at in placed if one is not None and one != cells_ and at == top)
    if cells_ is None and spare:
        # two ways that mean different things: none of them is told by its words alone
        return Header(spare[0], start - len(near), spare[1:], spare)
    return Header(cells_, top, others, spare)


def _header(texts: Sequence[Sequence[Piece]], lines: Sequence[Row]) -> tuple[tuple[Cell, ...], int]:
    """Return the cells of a header and the index of its first line among some."""
    used = {piece.place.line for pieces in texts for piece in pieces}
    top = next(at for at, row in enumerate(lines) if row.number in used)
    return tuple(_head(pieces, lines[top]) for pieces in texts), top


def _lines_above(
    rows: Sequence[Row], start: int, floor: int, edge: float, *, far: bool
) -> list[Row]:
    """Return the lines above a row that may be its header.

    With `far` also one that white parts from the next: the names of groups of columns, which
    stand over them only.
    """
    lines: list[Row] = []
    for index in range(start - 1, max(floor, start - _MOST_HEADER_LINES) - 1, -1):
        row = rows[index]
        parted = bool(lines) and lines[0].gap > NEXT_LINE
        groups = len(row.pieces) > 1 and row.pieces[0].left > edge
        long = any(len(piece.text) > 2 * LONGEST_CELL for piece in row.pieces)
        if row.marked or row.page != rows[start].page or long:
            break
        if parted and not (far and groups and lines[0].gap <= _FAR_LINE):
            break
        lines.insert(0, row)
    return lines


Headed = list[tuple[int, list["Piece"]]] | None


def _header_by(
    rows: Sequence[Row],
    start: int,
    floor: int,
    columns: Columns,
    headed: Callable[[Row, Columns], Headed],
) -> tuple[tuple[Cell, ...] | None, int]:
    """Return the header's cells and the index of its first line; None where there is none."""
    texts: list[list[Piece]] = [[] for _ in range(len(columns) + 1)]
    top = start
    for index in range(start - 1, max(floor, start - _MOST_HEADER_LINES) - 1, -1):
        row = rows[index]
        placed = None if row.marked or row.page != rows[start].page else headed(row, columns)
        if placed is None or (index < start - 1 and rows[index + 1].gap > NEXT_LINE):
            break
        for at, pieces in placed:
            texts[at] = [*pieces, *texts[at]]
        top = index
    if not all(texts[1:]):
        return None, start
    return tuple(_head(pieces, rows[top]) for pieces in texts), top


def _head(pieces: Sequence[Piece], row: Row) -> Cell:
    lines = [
        " ".join(piece.text for piece in same)
        for _, same in itertools.groupby(pieces, key=lambda piece: piece.place.line)
    ]
    text = "\n".join(lines)
    return Cell(text, pieces[0].place if pieces else row.pieces[0].place)


def _worded(row: Row, columns: Columns, edge: float) -> Headed:
    """Return the pieces of a header line; one that reaches into a free column is taken apart.

    Its words go to the columns whose right edges are next to theirs, in order.
    """
    found = _headed(row, columns, edge)
    taken = {at for at, _ in found or ()}
    parted: list[tuple[int, list[Piece]]] = []
    for at, own in found or ():
        words = [w for p in own for w in row.words if w.left >= p.left and w.right <= p.right]
        places = [_by_edge(word, columns) + 1 for word in words]
        free = at > 0 and set(places) == {at, at + 1} and at + 1 not in taken
        if not free or places != sorted(places):
            parted.append((at, own))
            continue
        pairs = list(zip(words, places, strict=True))
        parted += [(place, [w for w, p in pairs if p == place]) for place in (at, at + 1)]
    return parted if found is not None else None


def _by_edge(word: Piece, columns: Columns) -> int:
    edges = [abs(word.right - right) for _, right in columns]
    return edges.index(min(edges))


def _headed(row: Row, columns: Columns, edge: float) -> Headed:
    """Return the pieces of a header line by column (0: the labels'), None where it is none."""
    if any(is_number(piece.text) for piece in row.pieces[1:]):
        return None
    label = [piece for piece in row.pieces if _is_label(piece, columns, edge)]
    rest = [piece for piece in row.pieces if piece not in label]
    if not rest:
        return (
            [(0, label)]
            if len(row.pieces) == 1 and len(row.pieces[0].text) < LONGEST_CELL
            else None
        )
    if any(len(piece.text) > LONGEST_CELL for piece in rest):
        return None
    if len(rest) == len(columns):
        placed: list[int | None] = list(range(len(columns)))
    else:
        placed = [nearest(piece, columns) for piece in rest]
    if None in placed or len(set(placed)) != len(placed):
        return _by_word(row, columns, edge)
    found = [(at + 1, [piece]) for at, piece in zip(placed, rest, strict=True) if at is not None]
    return [(0, label), *found]


def _by_word(row: Row, columns: Columns, edge: float) -> Headed:
    """Return a header line word by word: each belongs to the column whose right edge is next.

    The words of a piece that stands among the labels are theirs.
    """
    if any(is_number(piece.text) for piece in row.pieces[1:]):
        return None
    if any(len(piece.text) > LONGEST_CELL for piece in row.pieces):
        return None
    found: list[list[Piece]] = [[] for _ in range(len(columns) + 1)]
    labels = [p for p in row.pieces if _is_label(p, columns, edge)]
    for word in row.words:
        middle = (word.left + word.right) / 2
        if any(p.left <= word.left and word.right <= p.right for p in labels):
            found[0].append(word)
            continue
        at = next((at for at, (_, right) in enumerate(columns) if middle <= right), None)
        if at is None:
            return None
        found[at + 1].append(word)
    return [(at, words) for at, words in enumerate(found) if words]


def _is_label(piece: Piece, columns: Columns, edge: float) -> bool:
    """Say whether a piece of the header stands over the labels, whose right edge is given."""
    return (piece.right <= columns[0][0] and piece.left < edge) or _left_of(piece, columns)


def _left_of(piece: Piece, columns: Columns) -> bool:
    """Say whether a piece begins among the labels and ends before the first column's middle."""
    middle = sum(columns[0]) / 2
    return piece.left < columns[0][0] * 0.5 and piece.right < middle


def nearest(piece: Piece, columns: Columns) -> int | None:
    """Return the column that a piece stands over most, else the nearest on its right side."""
    shares = [min(piece.right, right) - max(piece.left, left) for left, right in columns]
    best = max(shares)
    if best > 0:
        several = sum(share > best * 0.5 for share in shares) > 1
        return None if several else shares.index(best)
    middle = (piece.left + piece.right) / 2
    edges = [abs(middle - (left + right) / 2) for left, right in columns]
    return edges.index(min(edges))
