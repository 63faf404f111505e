"""The columns of a table without rules: where the values of its rows stand under one another.

Values whose edges overlap over the rows are one column; a piece of text in which two values ran
together is taken apart where the columns of the other rows say how.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from tasks.readers.aligned_header import LONGEST_CELL, nearest
from tasks.readers.aligned_pieces import Piece, Row, is_number, is_value

_BESIDE = 4
"""How many letters off every other column is a value that stands right beside its own."""


def settled_columns(
    figured: Sequence[Row],
) -> tuple[tuple[tuple[float, float], ...] | None, bool]:
    """Return the columns of rows of figures, None where they cannot be told.

    True beside them where the order of a whole row's pieces says the columns.
    """
    columns = _columns(figured)
    most = max(len(row.pieces) for row in figured) - 1
    full = [row for row in figured if len(row.pieces) == most + 1]
    if len(full) == len(figured) and (columns is None or len(columns) != most):
        # every row has the same pieces: their order says the columns, however they stand
        columns = _in_order(figured)
        if columns is not None:
            return columns, True
    elif columns is not None and len(columns) > most and len(full) * 3 >= len(figured) * 2:
        # values that hardly stand under one another: whole rows show the order
        return _in_order(full), True
    if columns is None or len(columns) < most:
        # pieces that ran together are taken apart where whole rows show the columns
        columns = _columns(full) if len(full) * 2 >= len(figured) else None
    return columns, False


def with_figures(rows: Sequence[Row], columns: Sequence[tuple[float, float]]) -> list[int]:
    """Return the columns that hold figures; the others are of words."""
    numbers = [piece for row in rows for piece in row.pieces[1:] if is_number(piece.text)]
    return [
        at
        for at, (left, right) in enumerate(columns)
        if any(piece.left < right and piece.right > left for piece in numbers)
    ]


def _in_order(rows: Sequence[Row]) -> tuple[tuple[float, float], ...] | None:
    """Return the columns of rows that have as many pieces each; None where they are not in order.

    Two columns may reach under one another, but the middles of their pieces may not change places.
    """
    spans = []
    for at in range(1, len(rows[0].pieces)):
        own = [row.pieces[at] for row in rows]
        spans.append((min(p.left for p in own), max(p.right for p in own)))
        before = [row.pieces[at - 1].right for row in rows]
        if at > 1 and max(before) > max(p.right for p in own):
            return None
    labels = max(row.pieces[0].right for row in rows)
    apart = [
        (left, min(right, spans[at + 1][0]) if at + 1 < len(spans) else right)
        for at, (left, right) in enumerate(spans)
    ]
    return tuple(apart) if apart and labels <= apart[0][0] else None


def _columns(rows: Sequence[Row]) -> tuple[tuple[float, float], ...] | None:
    """Return the columns of values as intervals that do not meet, None where they do.

    Words among the values make a column only where no value stands: they may reach over two.
    """
    pieces = [piece for row in rows for piece in row.pieces[1:] if piece.text]
    values = _touching(_merged([(p.left, p.right) for p in pieces if is_value(p.text)]), rows)
    words = [(p.left, p.right) for p in pieces if not is_value(p.text)]
    alone = [w for w in words if not any(w[0] < right and w[1] > left for left, right in values)]
    merged = sorted([*values, *_merged(alone)])
    labels = max(row.pieces[0].right for row in rows)
    return tuple(merged) if merged and labels <= merged[0][0] else None


def _touching(
    spans: Sequence[tuple[float, float]], rows: Sequence[Row]
) -> list[tuple[float, float]]:
    """Return the spans; two that hardly part are one column where no row has a value in both."""
    pieces = [piece for row in rows for piece in row.pieces[1:] if piece.text]
    letter = min(((p.right - p.left) / len(p.text) for p in pieces), default=0.0)
    found: list[tuple[float, float]] = []
    for span in spans:
        before = found[-1] if found else None
        near = before is not None and span[0] - before[1] <= letter
        if before and near and not any(_is_in(row, before) and _is_in(row, span) for row in rows):
            found[-1] = (before[0], span[1])
        else:
            found.append(span)
    return found


def _is_in(row: Row, span: tuple[float, float]) -> bool:
    return any(piece.left < span[1] and piece.right > span[0] for piece in row.pieces[1:])


def _merged(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    merged: list[tuple[float, float]] = []
    for left, right in sorted(spans):
        if merged and left < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], right))
        else:
            merged.append((left, right))
    return merged


def set_apart(row: Row, columns: Sequence[tuple[float, float]]) -> Row:
    """Return a row whose pieces stand in one column each, where its words show how to part them."""
    if not holds_figures(row):
        return row
    label, first = _from_label(row, columns)
    pieces = [label]
    for piece in (*first, *row.pieces[1:]):
        inside = [w for w in row.words if w.left >= piece.left and w.right <= piece.right]
        comment = piece is row.pieces[-1] and not re.search(r"\d", text := piece.text)
        if comment and not is_value(text):
            # words behind the values are a cell of their own, wherever they begin
            pieces.append(piece)
            continue
        free = _free(row, piece, len(inside), columns)
        if free:
            one_each = zip(inside, (columns[at] for at in free), strict=True)
            pieces += [Piece(word.text, *column, word.place) for word, column in one_each]
            continue
        places = [nearest(word, columns) for word in inside]
        over = sum(piece.left < right and piece.right > left for left, right in columns)
        if over < 2 or len(set(places)) < 2 or None in places:  # noqa: PLR2004 - one holds it
            pieces.append(piece)
            continue
        for _, group in itertools.groupby(zip(places, inside, strict=True), key=lambda one: one[0]):
            words = [word for _, word in group]
            text = " ".join(word.text for word in words)
            pieces.append(Piece(text, words[0].left, words[-1].right, words[0].place))
    return replace(row, pieces=tuple(pieces))


def _free(row: Row, piece: Piece, count: int, columns: Sequence[tuple[float, float]]) -> list[int]:
    """Return the columns that a piece stands over and no other does, where it has a word for each.

    `210 268 340` over three columns is three values.
    """
    wide = (piece.right - piece.left) / len(piece.text)
    own = [
        at
        for at, (left, right) in enumerate(columns)
        if piece.left < right + wide and piece.right > left - wide
    ]
    others = [one for one in row.pieces[1:] if one is not piece]
    taken = any(
        one.left < columns[at][1] and one.right > columns[at][0] for one in others for at in own
    )
    words = [w.text for w in row.words if w.left >= piece.left and w.right <= piece.right]
    several = len(own) == count > 1 and all(is_value(text) for text in words)
    return own if several and not taken else []


def _from_label(row: Row, columns: Sequence[tuple[float, float]]) -> tuple[Piece, list[Piece]]:
    """Return the label, and the value that ran together with it: it stands in the first column."""
    whole = row.pieces[0]
    inside = [w for w in row.words if w.left >= whole.left and w.right <= whole.right]
    edge = next((at for at, w in enumerate(inside) if w.left >= columns[0][0] - 1), 0)
    behind = inside[edge:]
    text = " ".join(word.text for word in behind)
    if not edge or not is_number(text) or whole.right > columns[0][1] + 1:
        return whole, []
    label = " ".join(word.text for word in inside[:edge])
    value = Piece(text, behind[0].left, behind[-1].right, behind[0].place)
    return replace(whole, text=label, right=inside[edge - 1].right), [value]


def column_of(piece: Piece, columns: Sequence[tuple[float, float]]) -> int | None:
    """Return the only column that a piece stands over, or right beside; None where several."""
    over = [
        at for at, (left, right) in enumerate(columns) if piece.left < right and piece.right > left
    ]
    if over:
        return over[0] if len(over) == 1 else None
    letter = (piece.right - piece.left) / max(len(piece.text), 1)
    off = [max(left - piece.right, piece.left - right) for left, right in columns]
    near = [at for at, far in enumerate(off) if far <= _BESIDE * letter]
    return near[0] if len(near) == 1 and min(off) <= letter else None


def holds_figures(row: Row) -> bool:
    """Say whether a line is a label with figures behind it."""
    if len(row.pieces) < 2 or not re.search(r"[^\W\d]", row.pieces[0].text):  # noqa: PLR2004
        return False
    rest = row.pieces[1:]
    return any(is_number(piece.text) for piece in rest) and all(
        len(piece.text) <= LONGEST_CELL or is_value(piece.text) for piece in rest
    )
