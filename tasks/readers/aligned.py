"""Tables without rules, rebuilt from where their pieces of text stand on the page.

A piece is what wide gaps part on a line. Rows of figures whose pieces stand under one another make
the columns; the lines above are the header, piece by piece. Where two pieces of a row fall into
one column, or a header piece cannot be placed, there is no table here and the lines are left to
those who read flattened text.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from expectations.contract import Place
from tasks.readers.numbers import figure
from tasks.readers.pages import Cell, Line, Table

_FEWEST_ROWS = 2
_MOST_BETWEEN = 2
"""Lines without figures that may stand between two rows: a split label, the name of a group."""
_MOST_HEADER_LINES = 7
_LONGEST_CELL = 48
_NEXT_LINE = 1.6
"""The gap, in heights of a line, up to which two lines may be of one cell."""
_YEAR = re.compile(r"(?:19|20)\d{2}")


@dataclass(frozen=True, slots=True)
class Piece:
    """Text with its left and right edge, in points or characters, and its place."""

    text: str
    left: float
    right: float
    place: Place


@dataclass(frozen=True, slots=True)
class Row:
    """One line as pieces, left to right; `gap` is the white above it, in heights of a line."""

    number: int
    page: int | None
    pieces: tuple[Piece, ...]
    gap: float = 0.0
    marked: bool = False
    """Whether the format says that the line is a heading."""
    words: tuple[Piece, ...] = ()


def aligned_tables(rows: Sequence[Row]) -> Iterator[Table]:
    """Yield the tables of figures that stand in columns; header first, one row of cells."""
    last: _Built | None = None
    end = 0
    for start, stop in _runs(rows):
        built = _built(rows, start, stop, end)
        end = stop
        if built is None:
            continue
        if last is not None and built.header is None and last.goes_on_as(built):
            last = replace(last, body=(*last.body, *built.body), page=built.page)
            continue
        if last is not None and last.header is not None:
            yield last.table()
        last = built
    if last is not None and last.header is not None:
        yield last.table()


@dataclass(frozen=True, slots=True)
class _Built:
    """A table while it is built: columns as intervals, the first of them that of the labels."""

    columns: tuple[tuple[float, float], ...]
    header: tuple[Cell, ...] | None
    body: tuple[tuple[Cell, ...], ...]
    page: int | None
    after: int

    def table(self) -> Table:
        return Table((self.header or (), *self.body), self.after)

    def goes_on_as(self, other: _Built) -> bool:
        """Say whether the other is the rest of this one: next page, the same columns."""
        if None in (self.page, other.page) or other.page != (self.page or 0) + 1:
            return False
        pairs = zip(self.columns, other.columns, strict=False)
        alike = all(one[0] < two[1] and two[0] < one[1] for one, two in pairs)
        return len(self.columns) == len(other.columns) and alike


# --- which lines are rows ------------------------------------------------------------------------


def _runs(rows: Sequence[Row]) -> Iterator[tuple[int, int]]:
    """Yield first and behind-last index of rows of figures that belong together."""
    start: int | None = None
    last = 0
    for index, row in enumerate(rows):
        if not _has_figures(row):
            continue
        if start is not None and not _joined(rows, last, index):
            yield start, last + 1
            start = None
        start = index if start is None else start
        last = index
    if start is not None:
        yield start, last + 1


def _joined(rows: Sequence[Row], last: int, index: int) -> bool:
    between = rows[last + 1 : index]
    if rows[last].page != rows[index].page or len(between) > _MOST_BETWEEN:
        return False
    edge = rows[last].pieces[1].left
    # the next table's header stands in the columns; what only stands among the labels does not
    return not any(
        row.marked or len(row.pieces) > 1 or row.pieces[0].right > edge for row in between
    )


def _has_figures(row: Row) -> bool:
    """Say whether a line is a label with figures behind it."""
    if len(row.pieces) < 2 or not re.search(r"[^\W\d]", row.pieces[0].text):  # noqa: PLR2004
        return False
    rest = row.pieces[1:]
    return any(_is_number(piece.text) for piece in rest) and all(
        len(piece.text) <= _LONGEST_CELL or _is_value(piece.text) for piece in rest
    )


def _is_value(text: str) -> bool:
    return figure(text.strip("()"), unit=None).state != "unreadable" or _is_number(text)


def _is_number(text: str) -> bool:
    one = figure(text.strip("()"), unit=None)
    return (one.value is not None or one.low is not None) and not _YEAR.fullmatch(text.strip())


# --- columns -------------------------------------------------------------------------------------


def _built(rows: Sequence[Row], start: int, stop: int, floor: int) -> _Built | None:
    body = rows[start:stop]
    figured = [row for row in body if _has_figures(row)]
    if len(figured) < _FEWEST_ROWS:
        return None
    columns = _columns(figured)
    if columns is None:
        return None
    header, top = _header(rows, start, floor, columns)
    whole = _body(body, columns)
    if whole is None:
        return None
    after = rows[top - 1].number if top else 0
    whole[-1] = _with_tail(whole[-1], rows[stop : stop + 1], columns)
    return _Built(((0.0, columns[0][0]), *columns), header, tuple(whole), body[0].page, after)


def _columns(rows: Sequence[Row]) -> tuple[tuple[float, float], ...] | None:
    """Return the columns of values as intervals that do not meet, None where they do."""
    pieces = sorted(
        (piece.left, piece.right) for row in rows for piece in row.pieces[1:] if piece.text
    )
    merged: list[tuple[float, float]] = []
    for left, right in pieces:
        if merged and left < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], right))
        else:
            merged.append((left, right))
    labels = max(row.pieces[0].right for row in rows)
    return tuple(merged) if merged and labels <= merged[0][0] else None


def _at(piece: Piece, columns: Sequence[tuple[float, float]]) -> int | None:
    """Return the only column that a piece stands over, None where none or several."""
    over = [
        at for at, (left, right) in enumerate(columns) if piece.left < right and piece.right > left
    ]
    return over[0] if len(over) == 1 else None


def _body(
    rows: Sequence[Row], columns: Sequence[tuple[float, float]]
) -> list[tuple[Cell, ...]] | None:
    """Return the rows as cells, None where two pieces fall into one column.

    A label that began on the line above, or goes on below, is put together.
    """
    begun: list[Piece] = []
    done: list[tuple[Cell, ...]] = []
    for row in rows:
        if not _has_figures(row):
            begun = [*begun, *row.pieces]
            continue
        if begun and done and _is_tail(begun[0]):
            # a label that went on below its own row
            done[-1] = _longer(done[-1], begun[0])
            begun = begun[1:]
        placed = [_at(piece, columns) for piece in row.pieces[1:]]
        if None in placed or len(set(placed)) != len(placed):
            return None
        found = dict(zip(placed, row.pieces[1:], strict=True))
        own = row.pieces[0]
        label = [*begun, own] if _goes_on(begun, own) else [own]
        begun = []
        text = " ".join(piece.text for piece in label)
        cells = (_cell(found.get(at), own, columns[at]) for at in range(len(columns)))
        done.append((Cell(text, own.place), *cells))
    return done


def _is_tail(piece: Piece) -> bool:
    return re.match(r"[a-zåäö(]", piece.text) is not None


def _longer(row: tuple[Cell, ...], tail: Piece) -> tuple[Cell, ...]:
    return (replace(row[0], text=f"{row[0].text}\n{tail.text}"), *row[1:])


def _with_tail(
    row: tuple[Cell, ...], below: Sequence[Row], columns: Sequence[tuple[float, float]]
) -> tuple[Cell, ...]:
    """Return the last row with the rest of its label, where that stands right below it."""
    for line in below:
        piece = line.pieces[0]
        alone = len(line.pieces) == 1 and piece.right <= columns[0][0]
        if alone and line.gap < _NEXT_LINE and _is_tail(piece) and not line.marked:
            return _longer(row, piece)
    return row


def _goes_on(begun: Sequence[Piece], own: Piece) -> bool:
    """Say whether a label is the rest of what stands above it: it begins in lower case."""
    return bool(begun) and re.match(r"[a-zåäö(]", own.text) is not None


def _cell(piece: Piece | None, label: Piece, column: tuple[float, float]) -> Cell:
    """Return a piece as a cell; an empty cell stands on its row's line in its column."""
    if piece is not None:
        return Cell(piece.text, piece.place)
    box = label.place.box
    if box is not None:
        around = (round(column[0], 1), box[1], round(column[1], 1), box[3])
        return Cell("", replace(label.place, box=around))
    return Cell("", replace(label.place, columns=(int(column[0]) + 1, int(column[1]))))


# --- the header ----------------------------------------------------------------------------------


def _header(
    rows: Sequence[Row], start: int, floor: int, columns: Sequence[tuple[float, float]]
) -> tuple[tuple[Cell, ...] | None, int]:
    """Return the header's cells and the index of its first line; None where there is none."""
    texts: list[list[Piece]] = [[] for _ in range(len(columns) + 1)]
    top = start
    for index in range(start - 1, max(floor, start - _MOST_HEADER_LINES) - 1, -1):
        row = rows[index]
        placed = None if row.marked or row.page != rows[start].page else _headed(row, columns)
        if placed is None or (index < start - 1 and rows[index + 1].gap > _NEXT_LINE):
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


def _headed(
    row: Row, columns: Sequence[tuple[float, float]]
) -> list[tuple[int, list[Piece]]] | None:
    """Return the pieces of a header line by column (0: the labels'), None where it is none."""
    if any(_is_number(piece.text) for piece in row.pieces[1:]):
        return None
    label = [
        piece for piece in row.pieces if piece.right <= columns[0][0] or _left_of(piece, columns)
    ]
    rest = [piece for piece in row.pieces if piece not in label]
    if not rest:
        return (
            [(0, label)]
            if len(row.pieces) == 1 and len(row.pieces[0].text) < _LONGEST_CELL
            else None
        )
    if any(len(piece.text) > _LONGEST_CELL for piece in rest):
        return None
    if len(rest) == len(columns):
        placed: list[int | None] = list(range(len(columns)))
    else:
        placed = [_nearest(piece, columns) for piece in rest]
    if None in placed or len(set(placed)) != len(placed):
        return _by_word(row, columns)
    found = [(at + 1, [piece]) for at, piece in zip(placed, rest, strict=True) if at is not None]
    return [(0, label), *found]


def _by_word(
    row: Row, columns: Sequence[tuple[float, float]]
) -> list[tuple[int, list[Piece]]] | None:
    """Return a header line word by word: each belongs to the column whose right edge is next."""
    found: list[list[Piece]] = [[] for _ in range(len(columns) + 1)]
    edges = [columns[0][0], *(right for _, right in columns)]
    for word in row.words:
        middle = (word.left + word.right) / 2
        at = next((at for at, edge in enumerate(edges) if middle <= edge), None)
        if at is None:
            return None
        found[at].append(word)
    return [(at, words) for at, words in enumerate(found) if words]


def _left_of(piece: Piece, columns: Sequence[tuple[float, float]]) -> bool:
    """Say whether a piece begins among the labels and ends before the first column's middle."""
    middle = sum(columns[0]) / 2
    return piece.left < columns[0][0] * 0.5 and piece.right < middle


def _nearest(piece: Piece, columns: Sequence[tuple[float, float]]) -> int | None:
    """Return the column that a piece stands over most, else the nearest on its right side."""
    shares = [min(piece.right, right) - max(piece.left, left) for left, right in columns]
    best = max(shares)
    if best > 0:
        several = sum(share > best * 0.5 for share in shares) > 1
        return None if several else shares.index(best)
    middle = (piece.left + piece.right) / 2
    edges = [abs(middle - (left + right) / 2) for left, right in columns]
    return edges.index(min(edges))


# --- from lines to pieces ------------------------------------------------------------------------


def text_rows(lines: Iterable[Line]) -> list[Row]:
    """Return the lines of a text as rows; two spaces or a tab part pieces."""
    rows: list[Row] = []
    blank = 0
    for line in lines:
        pieces = tuple(
            Piece(found.group(), found.start(), found.end(), line.place(*found.span()))
            for found in re.finditer(r"\S+(?: \S+)*", line.text)
        )
        if pieces:
            words = tuple(
                Piece(found.group(), found.start(), found.end(), line.place(*found.span()))
                for found in re.finditer(r"\S+", line.text)
            )
            rows.append(Row(line.number, line.page, pieces, 1.0 + blank, words=words))
            blank = 0
        else:
            blank += 1
    return rows


def apart(words: Sequence[tuple[str, float, float]], gap: float) -> list[tuple[str, float, float]]:
    """Return words as pieces: those nearer to one another than `gap` belong together."""
    pieces = [words[0]] if words else []
    for before, word in itertools.pairwise(words):
        if word[1] - before[2] > gap:
            pieces.append(word)
        else:
            pieces[-1] = (f"{pieces[-1][0]} {word[0]}", pieces[-1][1], word[2])
    return pieces
