"""Tables of words without rules, rebuilt from where their pieces of text stand on the page.

The header is a line, or a few, whose pieces are headings that tables of goals, assignments,
deviations or global goals have. What stands below begins at the same left edges, column by column.
Where a row begins is told by the white above it, else by a first cell in capitals on a line that
fills every column or holds a word of a scale. A piece that stands between columns, or a line
that could begin a row or go on with one, leaves the lines to those who read flattened text.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from expectations.contract import Place
from expectations.register_files import generic_vocabulary
from expectations.registers import plain
from tasks.readers.aligned_pieces import NEXT_LINE, Piece, Row, is_number
from tasks.readers.goal_heads import table_heads
from tasks.readers.pages import Cell, Table
from tasks.readers.real_table import undated
from tasks.readers.verdict_forms import judges

_HEADERS = (
    *("goal_columns", "assignment_columns", "deviation_columns", "agenda_columns"),
    *("gap_columns", "activity_columns", "application_columns"),
)
_ANCHORS = ("verdicts", "verdict_labels", "status_words")
_FEWEST = 2
_MOST_HEADER_LINES = 3
_OFF = 1.2
_TOUCH = 0.01
_NEAR = 3.0
"""How far a cell may be pressed from its column's edge, in widths of a letter."""
"""How far from its column's left edge a piece may begin, in widths of a letter."""
_WIDER = 0.25
"""How much more white, in heights of a line, parts rows than parts the lines of a cell."""
_LONGEST_HEAD = 40
Lines = Sequence[tuple[Piece | None, ...]]


@dataclass(frozen=True, slots=True)
class _Head:
    """A header that was understood: its cells, their left edges, and the index behind it."""

    cells: tuple[Cell, ...]
    edges: tuple[float, ...]
    end: int


def word_tables(rows: Sequence[Row]) -> Iterator[Table]:
    """Yield the tables of words that stand in columns; header first, one row of cells."""
    at = 0
    while at < len(rows):
        head = _head(rows, at)
        found = _table(rows, at, head) if head is not None else None
        if found is not None:
            table, at = found
            yield table
        else:
            at += 1


def _head(rows: Sequence[Row], at: int) -> _Head | None:
    """Return the header that begins at a row: the most lines whose cells are known together."""
    first = rows[at].pieces
    if len(first) < _FEWEST or any(len(piece.text) > _LONGEST_HEAD for piece in first):
        return None
    best = None
    cells = [Cell(piece.text, piece.place) for piece in first]
    edges = [piece.left for piece in first]
    for end in range(at + 1, min(at + _MOST_HEADER_LINES, len(rows)) + 1):
        if end > at + 1:
            row = rows[end - 1]
            places = [_column(piece, edges, _letter(row)) for piece in row.pieces]
            if row.gap > NEXT_LINE or row.page != rows[at].page or None in places:
                break
            for piece, place in zip(row.pieces, places, strict=True):
                own = cells[place or 0]
                cells[place or 0] = replace(own, text=f"{own.text}\n{piece.text}")
        if _is_known([cell.text for cell in cells]):
            best = _Head(tuple(cells), tuple(edges), end)
    return best


def _is_known(texts: Sequence[str]) -> bool:
    """Say whether texts are headings of one kind of table: two at least, and most of them."""
    bare = [plain(_mended(text)) for text in texts]
    if len(set(bare)) != len(bare):
        return False
    for name in _HEADERS:
        columns = table_heads(name)
        keys = [columns[word] for text in bare if (word := undated(text, columns))]
        if len(set(keys)) >= _FEWEST and len(keys) * 2 > len(bare):
            return True
    return False


def _mended(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"(?<=[a-zåäö])-\n(?=[a-zåäö])", "", text)).strip(" :")


def _letter(row: Row) -> float:
    """Return the width of a letter on a row."""
    longest = max(row.pieces, key=lambda piece: len(piece.text))
    return (longest.right - longest.left) / max(len(longest.text), 1)


def _column(piece: Piece, edges: Sequence[float], letter: float) -> int | None:
    """Return the column that a piece begins in, None where it begins in none or reaches two."""
    off = _OFF * letter + 1e-6
    at = next((i for i, edge in enumerate(edges) if abs(piece.left - edge) <= off), None)
    if at is None or (at + 1 < len(edges) and piece.right > edges[at + 1] - _TOUCH):
        return None
    return at


def _table(rows: Sequence[Row], at: int, head: _Head) -> tuple[Table, int] | None:
    """Return a table and the index behind it, None where its rows cannot be told for certain."""
    edges = head.edges
    if head.end < len(rows) and len(rows[head.end].pieces) == len(edges):
        # headings may stand in the middle of their columns, cells begin at the left
        edges = tuple(piece.left for piece in rows[head.end].pieces)
        off = _OFF * _letter(rows[head.end])
        ends = (*edges[1:], float("inf"))
        over = zip(edges, head.edges, ends, strict=True)
        if not all(left - off <= own < end for left, own, end in over):
            return None
    body: list[Row] = []
    lines: list[tuple[Piece | None, ...]] = []
    for row in rows[head.end :]:
        placed = None if row.marked or row.page != rows[at].page else _placed(row, edges)
        if placed is None or (body and _is_title(row)):
            break
        body.append(row)
        lines.append(placed)
    starts = _starts(body, lines)
    if starts is None:
        return None
    stop = starts[-1]
    groups = [lines[a:b] for a, b in itertools.pairwise(starts)]
    if not groups or _in_figures(groups):
        return None
    made = tuple(tuple(_cell(group, i, edges) for i in range(len(edges))) for group in groups)
    held = frozenset(row.number for row in rows[at : head.end + stop])
    after = rows[at - 1].number if at else 0
    return Table((head.cells, *made), after, held=held), head.end + stop


def _is_title(row: Row) -> bool:
    """Say whether a line is the title of what comes behind a table: alone, under white."""
    alone = len(row.pieces) == 1 and row.gap > NEXT_LINE
    return alone and re.match(r"[A-ZÅÄÖ\d]", row.pieces[0].text) is not None


def _placed(row: Row, edges: Sequence[float]) -> tuple[Piece | None, ...] | None:
    """Return a line's pieces by column, None where one of them is in no column of its own."""
    pieces = [part for piece in row.pieces for part in _parted(piece, row, edges)]
    places = [_column(piece, edges, _letter(row)) for piece in pieces]
    if None in places or len(set(places)) != len(places):
        return None
    found = dict(zip(places, pieces, strict=True))
    return tuple(found.get(i) for i in range(len(edges)))


def _parted(piece: Piece, row: Row, edges: Sequence[float]) -> Iterator[Piece]:
    """Yield a piece, cut where one of its words begins at the left edge of a further column."""
    letter = _letter(row)
    off = _OFF / 2 * letter
    inside = [w for w in row.words if w.left >= piece.left - off and w.right <= piece.right + off]
    part: list[Piece] = []
    for at, word in enumerate(inside):
        edge = min(edges, key=lambda edge: abs(word.left - edge))
        away = abs(word.left - edge)
        further = part and edge > part[0].left + _OFF * letter
        pressed = away <= _NEAR * letter and _is_closed(inside[at:])
        if further and (away <= off or pressed):
            yield _whole(part)
            # what was pressed against its neighbour stands where its column does
            part = [replace(word, left=edge)]
        else:
            part.append(word)
    yield _whole(part) if len(part) < len(inside) else piece


def _is_closed(words: Sequence[Piece]) -> bool:
    """Say whether words begin with what fills a cell of its own: a word of a scale, or a day."""
    texts = [" ".join(word.text for word in words[:count]) for count in (1, 2, 3)]
    days = any(re.fullmatch(r"20\d\d-\d\d(?:-\d\d)?", text) for text in texts)
    return days or any(_is_anchor(text) for text in texts)


def _whole(words: Sequence[Piece]) -> Piece:
    """Return words side by side as one piece."""
    first, last = words[0], words[-1]
    place = replace(first.place, columns=None)
    if first.place.columns is not None and last.place.columns is not None:
        place = replace(place, columns=(first.place.columns[0], last.place.columns[1]))
    if first.place.box is not None and last.place.box is not None:
        place = replace(place, box=(*first.place.box[:2], *last.place.box[2:]))
    return Piece(" ".join(word.text for word in words), first.left, last.right, place)


def _starts(body: Sequence[Row], lines: Lines) -> list[int] | None:
    """Return where rows begin and where the last ends; None where it is not certain."""
    by_white = _by_white(body, lines)
    return by_white if by_white is not None else _by_capitals(lines)


def _by_white(body: Sequence[Row], lines: Lines) -> list[int] | None:
    """Return the rows that wider white parts: each has a first cell, and the cells of a row."""
    gaps = [row.gap for row in body[1:]]
    if not gaps or max(gaps) - min(gaps) < _WIDER:
        return None
    limit = (max(gaps) + min(gaps)) / 2
    starts = [0, *(i for i, gap in enumerate(gaps, start=1) if gap > limit)]
    while len(starts) > 1 and sum(piece is not None for piece in lines[starts[-1]]) < _FEWEST:
        # what stands alone behind the last row is no row of the table
        lines = lines[: starts[-1]]
        starts = starts[:-1]
    if not all(_is_row(lines[a:b]) for a, b in itertools.pairwise([*starts, len(lines)])):
        return None
    return [*starts, len(lines)]


def _is_row(group: Lines) -> bool:
    """Say whether lines are one row: it begins in its first column and has one word of a scale."""
    anchors = sum(_has_anchor(line) for line in group)
    firsts = [line[0].text for line in group if line[0] is not None]
    begins = bool(firsts) and group[0][0] is not None
    again = any(_begins(line) for line in group[1:])
    return begins and anchors <= 1 and not again


def _begins(line: Sequence[Piece | None]) -> bool:
    """Say whether a line for itself begins a row: a capital, and every cell or a scale's word."""
    first = line[0]
    capital = first is not None and re.match(r"[A-ZÅÄÖ\d”\"]", first.text) is not None
    return capital and (_has_anchor(line) or None not in line)


def _by_capitals(lines: Lines) -> list[int] | None:
    """Return the rows that begin with a capital; None where a line could be either."""
    starts = [i for i, line in enumerate(lines) if _begins(line)]
    if not starts or starts[0] != 0:
        return None
    for i, line in enumerate(lines):
        first = line[0]
        if i not in starts and first is not None and not re.match(r"[a-zåäö(]", first.text):
            return None
    return [*starts, len(lines)]


def _has_anchor(line: Sequence[Piece | None]) -> bool:
    return any(piece is not None and _is_anchor(piece.text) for piece in line[1:])


def _is_anchor(text: str) -> bool:
    known = [generic_vocabulary()[name] for name in _ANCHORS]
    return any(plain(text.strip(" .")) in words for words in known) or judges(text)


def _in_figures(groups: Sequence[Lines]) -> bool:
    """Say whether most cells are numbers: such a table is for those who read figures."""
    texts = [p.text for group in groups for line in group for p in line[1:] if p is not None]
    return sum(is_number(text) for text in texts) * 2 > len(texts)


def _cell(group: Lines, at: int, edges: Sequence[float]) -> Cell:
    """Return the pieces of one column in a row as a cell; an empty one stands on the row's line."""
    pieces = [line[at] for line in group]
    own = [piece for piece in pieces if piece is not None]
    if own:
        return Cell("\n".join(piece.text for piece in own), _around([p.place for p in own]))
    first = next(piece for line in group for piece in line if piece is not None)
    if first.place.box is not None:
        _, top, _, bottom = first.place.box
        right = edges[at + 1] if at + 1 < len(edges) else edges[at] + 1
        box = (round(edges[at], 1), top, round(right, 1), bottom)
        return Cell("", replace(first.place, columns=None, box=box))
    return Cell("", replace(first.place, columns=(int(edges[at]) + 1, int(edges[at]) + 1)))


def _around(places: Sequence[Place]) -> Place:
    """Return the place of a cell of several lines: the first line, and the rectangle of all."""
    boxes = [place.box for place in places if place.box is not None]
    if len(places) == 1 or not boxes:
        return places[0]
    left, top, right, bottom = (pick(edge) for pick, edge in zip(_PICK, zip(*boxes), strict=True))  # noqa: B905 - rectangles have four edges
    return replace(places[0], columns=None, box=(left, top, right, bottom))


_PICK = (min, min, max, max)
