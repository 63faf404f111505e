"""Tables without rules, rebuilt from where their pieces of text stand on the page.

A piece is what wide gaps part on a line. Rows of figures whose pieces stand under one another make
the columns; the lines above are the header, piece by piece. Where two pieces of a row fall into
one column, or a header piece cannot be placed, there is no table here and the lines are left to
those who read flattened text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tasks.readers.aligned_columns import (
    column_of,
    holds_figures,
    set_apart,
    settled_columns,
    with_figures,
)
from tasks.readers.aligned_header import Header, header_of, nearest, with_empty
from tasks.readers.aligned_pieces import NEXT_LINE, Piece, Row, is_number, is_value, mended, parted
from tasks.readers.line_values import WANTS_MORE
from tasks.readers.pages import Cell, Table
from tasks.readers.wording import either

_FEWEST_ROWS = 2
_CELL_GAP = 0.2
"""How much more white, in heights of a line, stands between rows than between lines of a cell."""
_MOST_TAIL = 4
"""Lines that the label of a table's last row goes on over."""
_MOST_BETWEEN = 2
"""Lines without figures that may stand between two rows: a split label, the name of a group."""


def aligned_tables(rows: Sequence[Row]) -> Iterator[Table]:
    """Yield the tables of figures that stand in columns; header first, one row of cells."""
    rows = list(parted(mended(rows)))
    last: _Built | None = None
    end = 0
    for start, stop in _runs(rows):
        built = _built(rows, start, stop, end)
        end = stop
        if built is None:
            continue
        if last is not None and built.header.cells is None and last.goes_on_as(built):
            last = replace(last, body=(*last.body, *built.body), page=built.page)
            continue
        if last is not None and last.header.cells is not None:
            yield last.table()
        last = built
    if last is not None and last.header.cells is not None:
        yield last.table()


@dataclass(frozen=True, slots=True)
class _Built:
    """A table while it is built: columns as intervals, the first of them that of the labels."""

    columns: tuple[tuple[float, float], ...]
    header: Header
    body: tuple[tuple[Cell, ...], ...]
    page: int | None
    after: int

    def table(self) -> Table:
        head = self.header
        rows = (head.cells or (), *self.body)
        return Table(rows, self.after, head.others, is_rebuilt=True, spare=head.spare)

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
        if not holds_figures(row):
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
    words = rows[last].pieces[-1]
    if not is_value(words.text):
        # words beside the figures go on over lines, and with them the label may
        between = [row for row in between if row.marked or not _goes_on_beside(row, words)]
    # the next table's header stands in the columns; what only stands among the labels does not
    return not any(
        row.marked or row.pieces[0].right > edge or (len(row.pieces) > 1 and not _is_continued(row))
        for row in between
    )


def _goes_on_beside(row: Row, words: Piece) -> bool:
    """Say whether a line is the rest of the words that stand behind the figures of a row."""
    return row.pieces[-1].left >= words.left - 1 and all(
        not is_number(piece.text) and (piece.left >= words.left - 1 or at == 0)
        for at, piece in enumerate(row.pieces)
    )


def _is_continued(row: Row) -> bool:
    """Say whether a line is the rest of the cells above: a label in lower case, no figures."""
    return _is_tail(row.pieces[0]) and not any(is_number(piece.text) for piece in row.pieces[1:])


def _first(rows: Sequence[Row], start: int, stop: int) -> int:
    """Return the index of the first row whose label stands left of where the others' values begin.

    `avvikelse  23-24 %` over the last two columns is the end of their header.
    """
    values = [row.pieces[1].left for row in rows[start:stop] if holds_figures(row)]
    while len(values) > _FEWEST_ROWS and rows[start].pieces[0].left >= min(values[1:]):
        start, values = start + 1, values[1:]
        while not holds_figures(rows[start]):
            start += 1
    return start


def _begins(above: Row, first: Row, columns: Sequence[tuple[float, float]]) -> bool:
    """Say whether the first label begins on the line above: its values stand at its foot.

    That line has no words over a column, and stands nearer to the label's rest than to the header.
    """
    alone = len(above.pieces) == 1 and above.pieces[0].right <= columns[0][0]
    near = above.pieces[0].place.box is not None and first.gap < above.gap and not above.marked
    same = above.page == first.page
    return alone and near and same and _goes_on(above.pieces, first.pieces[0])


# --- the table of a run of rows ------------------------------------------------------------------


def _built(rows: Sequence[Row], start: int, stop: int, floor: int) -> _Built | None:
    start = _first(rows, start, stop)
    body = rows[start:stop]
    figured = [row for row in body if holds_figures(row)]
    if len(figured) < _FEWEST_ROWS:
        return None
    columns, even = settled_columns(figured)
    if columns is None:
        return None
    body = body if even else [set_apart(row, columns) for row in body]
    edge = max(row.pieces[0].right for row in figured)
    figures = with_figures(figured, columns)
    if start > floor and _begins(rows[start - 1], rows[start], columns):
        start -= 1
        body = [rows[start], *body]
    header = header_of(rows, start, floor, columns, edge, figures)
    if header.cells is None and start - 1 > floor and _is_group(rows[start - 1], columns):
        # the name of the first group of rows stands between them and their header
        header = header_of(rows, start - 1, floor, columns, edge, figures)
    if not header.is_told and not even:
        wider = with_empty(rows, start, floor, columns, edge)
        known = [
            at
            for at, one in enumerate(wider)
            if one not in columns or columns.index(one) in figures
        ]
        other = header_of(rows, start, floor, wider, edge, known)
        if other.is_told:
            header, columns = other, wider
    whole = _body(body, columns, even=even)
    if whole is None:
        return None
    after = rows[header.top - 1].number if header.top else 0
    whole[-1] = _with_tail(whole[-1], rows[stop : stop + _MOST_TAIL], columns)
    spans = ((0.0, columns[0][0]), *columns)
    return _Built(spans, header, tuple(whole), body[0].page, after)


def _is_group(row: Row, columns: Sequence[tuple[float, float]]) -> bool:
    """Say whether a line is a name among the labels and nothing else."""
    own = row.pieces[0]
    named = re.fullmatch(r"[A-ZÅÄÖ][^\d.:]*", own.text.strip()) is not None
    return named and not row.marked and len(row.pieces) == 1 and own.right < columns[0][0]


def _body(
    rows: Sequence[Row], columns: Sequence[tuple[float, float]], *, even: bool = False
) -> list[tuple[Cell, ...]] | None:
    """Return the rows as cells, None where two pieces fall into one column.

    A label that began on the line above, or goes on below, is put together.
    """
    widest = max(len(row.pieces[0].text) for row in rows)
    begun: list[Row] = []
    done: list[tuple[Cell, ...]] = []
    for row in rows:
        if not holds_figures(row):
            if done and row.pieces[0].left >= columns[-1][0] - 1:
                done[-1] = _longer(done[-1], None, row.pieces, columns)
                continue
            begun.append(row)
            if done and len(row.pieces) > 1:
                done[-1] = _with_lines(done[-1], begun, columns)
                begun = []
            continue
        if begun and done and _ends_label(done[-1][0].text, begun, row, widest):
            # a label that went on below its own row
            done[-1] = _with_lines(done[-1], begun, columns)
            begun = []
        cells = _cells(row, columns, even=even)
        if cells is None:
            return None
        own = row.pieces[0]
        above = [piece for line in begun for piece in line.pieces]
        label = [*above, own] if _goes_on(above, own) else [own]
        if done and label == [own]:
            done += [_group(line.pieces[0], columns) for line in begun if len(line.pieces) == 1]
        begun = []
        done.append((Cell(" ".join(piece.text for piece in label), own.place), *cells))
    return done


def _group(name: Piece, columns: Sequence[tuple[float, float]]) -> tuple[Cell, ...]:
    """Return the name of a group of rows as a row whose other cells are empty."""
    return (Cell(name.text, name.place), *(_cell(None, name, column) for column in columns))


def _cells(
    row: Row, columns: Sequence[tuple[float, float]], *, even: bool
) -> tuple[Cell, ...] | None:
    """Return the cells of a row of figures, None where two of its pieces fall into one column."""
    placed: list[int | None] = [column_of(piece, columns) for piece in row.pieces[1:]]
    if even and len(row.pieces) == len(columns) + 1:
        placed = list(range(len(columns)))
    last = row.pieces[-1]
    if placed[-1] is None and not is_value(last.text) and last.right > columns[-1][0]:
        # words that begin under longer values stand behind them all the same
        placed[-1] = len(columns) - 1
    if None in placed or len(set(placed)) != len(placed):
        return None
    found = dict(zip(placed, row.pieces[1:], strict=True))
    return tuple(_cell(found.get(at), row.pieces[0], columns[at]) for at in range(len(columns)))


def _with_lines(
    row: tuple[Cell, ...], lines: Sequence[Row], columns: Sequence[tuple[float, float]]
) -> tuple[Cell, ...]:
    """Return a row with the lines below that its label, and words beside it, go on over."""
    for line in lines:
        among = line.pieces[0].right <= columns[0][0] or line is lines[0]
        tail, rest = (line.pieces[0], line.pieces[1:]) if among else (None, line.pieces)
        row = _longer(row, tail, rest, columns)
    return row


_SUMS = re.compile(either("sums", "stems"), re.IGNORECASE)


_GROUPS = re.compile(r"(?:investeringar|intäkter|kostnader|verksamhet(?:er)?)\b|finansierad")
"""Words that end or make the name of a group of rows."""


def _ends_label(label: str, lines: Sequence[Row], row: Row, widest: int) -> bool:
    """Say whether lines between two rows are the rest of the label above, not a group's name.

    They are where they begin in lower case or, on a page whose white is known, stand nearer to the
    row above than to that below. Where nothing says how near they stand (the empty lines of a text
    do not) they are if the label would have been too wide with them, and is not that of a sum: a
    group begins behind a sum.
    """
    first = lines[0].pieces[0].text
    if _is_tail(lines[0].pieces[0]) or WANTS_MORE.search(label):
        return True
    if len(lines) > 1 or lines[0].gap >= NEXT_LINE:
        return False
    if lines[0].gap != row.gap and (lines[0].pieces[0].place.box or row.gap < lines[0].gap):
        return row.gap > lines[0].gap + _CELL_GAP
    too_wide = len(label) + 1 + len(first.split()[0]) > widest
    return too_wide and not (_SUMS.match(label) or _SUMS.match(first) or _GROUPS.search(first))


def _is_tail(piece: Piece) -> bool:
    return re.match(r"[a-zåäö(]", piece.text) is not None


def _longer(
    row: tuple[Cell, ...],
    tail: Piece | None,
    rest: Sequence[Piece] = (),
    columns: Sequence[tuple[float, float]] = (),
) -> tuple[Cell, ...]:
    """Return a row with the rest of its label, and of the words in its other cells."""
    label = row[0] if tail is None else replace(row[0], text=f"{row[0].text}\n{tail.text}")
    cells = [label, *row[1:]]
    for piece in rest:
        at = nearest(piece, columns)
        if at is not None and not re.search(r"\d", cells[at + 1].text[-1:]):
            cells[at + 1] = replace(
                cells[at + 1], text=f"{cells[at + 1].text}\n{piece.text}".strip()
            )
        elif at is not None:
            cells[at + 1] = replace(
                cells[at + 1], text=f"{cells[at + 1].text} {piece.text}".strip()
            )
    return tuple(cells)


def _with_tail(
    row: tuple[Cell, ...], below: Sequence[Row], columns: Sequence[tuple[float, float]]
) -> tuple[Cell, ...]:
    """Return the last row with the rest of its label, where that stands right below it."""
    for line in below:
        piece = line.pieces[0]
        among = _is_continued(line) and piece.right <= columns[0][0]
        if not among or line.gap >= NEXT_LINE or line.marked:
            break
        row = _longer(row, piece, line.pieces[1:], columns)
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
