"""Lines as pieces of text with their edges: what tables without rules are rebuilt from.

A piece is what wide gaps part on a line. A number that a narrow column broke between its thousands
is made whole before anything is built.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from expectations.contract import Place
from tasks.readers.numbers import SHORT_MONEY, figure
from tasks.readers.pages import Line

NEXT_LINE = 1.6
"""The gap, in heights of a line, up to which two lines may be of one cell."""
_YEAR = re.compile(r"(?:19|20)\d{2}|2\d(?:0[1-9]|1[0-2])")
"""A year, or year and month as bookkeepers write them; thousands are written with a space."""


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


def is_value(text: str) -> bool:
    """Say whether a piece is a value: a number, an interval, a dash, `ej aktuellt`."""
    return figure(text.strip("()"), unit=None).state != "unreadable" or is_number(text)


def is_number(text: str) -> bool:
    """Say whether a piece is a number or an interval; a year is none, nor the mark of a note."""
    one = figure(text.strip("()"), unit=None)
    other = _YEAR.fullmatch(text.strip()) or _NOTE.fullmatch(text.strip())
    return (one.value is not None or one.low is not None) and not other


_NOTE = re.compile(r"\d\)(?:\s?,?\s?\d\))*")


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


_NUMBER = rf"[+−–-]?\d{{1,3}}(?: \d{{3}})*(?:,\d+)?(?: ?%| (?:st|{SHORT_MONEY})\b)?"
_PARTED = re.compile(
    rf"(?P<first>{_NUMBER})\s+(?P<rest>[−–-]\d.*|(?!(?:%|{SHORT_MONEY}|st|procent)\b)[^\W\d].*|[↑↗→↘↓⇑⇒⇓].*)"
    rf"|(?P<exact>[+−–-]?\d{{1,3}}(?: \d{{3}})*,\d+(?: ?%)?)\s+(?P<more>\d.*)"
)


def parted(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the rows; a piece that is surely two values, or a value and words, is taken apart.

    `10 698 -1 377` is two numbers, so is `1 441,4 1 462,8`; `88 ↗` is a number and an arrow.
    """
    for row in rows:
        pieces = list(_label_apart(row))
        for piece in row.pieces[1:]:
            pieces += _parts(piece, row.words)
        yield replace(row, pieces=tuple(pieces)) if len(pieces) > len(row.pieces) else row


_VALUE_BEHIND = re.compile(r"(?P<label>.*[^\W\d])\s+(?P<value>[−–-]\d{1,3}(?:(?: \d{3})+|,\d+))")


def _label_apart(row: Row) -> Sequence[Piece]:
    """Return the first piece, or the label and the negative amount that ran together in it."""
    whole = row.pieces[0]
    found = _VALUE_BEHIND.fullmatch(whole.text)
    inside = [w for w in row.words if w.left >= whole.left and w.right <= whole.right]
    count = len(found["label"].split()) if found else 0
    if not found or len(inside) != len(whole.text.split()):
        return [whole]
    label = replace(whole, text=found["label"], right=inside[count - 1].right)
    value = inside[count:]
    return [label, Piece(found["value"], value[0].left, value[-1].right, value[0].place)]


def _parts(piece: Piece, words: Sequence[Piece]) -> list[Piece]:
    found: list[Piece] = []
    left = [w for w in words if w.left >= piece.left and w.right <= piece.right]
    text = piece.text
    while (cut := _PARTED.fullmatch(text)) and left:
        first = cut["first"] or cut["exact"]
        count = len(first.split())
        own, left = left[:count], left[count:]
        if " ".join(word.text for word in own) != " ".join(first.split()) or not left:
            return [piece]
        found.append(Piece(first, own[0].left, own[-1].right, own[0].place))
        text = cut["rest"] or cut["more"]
    if not found:
        return [piece]
    return [*found, Piece(text, left[0].left, left[-1].right, left[0].place)]


_BEGUN = re.compile(r"[+−–-]?\s?\d{1,3}(?: \d{3})*")
_REST = re.compile(r"\d{3}(?: \d{3})*(?:,\d+)?(?:\s?%)?")


def mended(rows: Sequence[Row]) -> Iterator[Row]:
    """Yield the rows; what holds nothing but the rest of numbers is put to the row above.

    Each piece must be the rest of a number (`081,2`) and stand under one that may have begun
    (`-1`), and under no other.
    """
    held: Row | None = None
    for row in rows:
        whole = _with_rest(held, row) if held is not None else None
        if whole is None and held is not None:
            yield held
        held = row if whole is None else whole
    if held is not None:
        yield held


def _with_rest(row: Row, below: Row) -> Row | None:
    if row.page != below.page or below.gap > NEXT_LINE or len(row.pieces) < 2:  # noqa: PLR2004
        return None
    if not all(_REST.fullmatch(piece.text) for piece in below.pieces):
        return None
    pieces = list(row.pieces)
    for rest in below.pieces:
        over = [
            at
            for at, piece in enumerate(pieces)
            if at and piece.left < rest.right + 1 and piece.right > rest.left - 1
        ]
        if len(over) != 1 or not _BEGUN.fullmatch(pieces[over[0]].text):
            return None
        own = pieces[over[0]]
        pieces[over[0]] = replace(
            own,
            text=f"{own.text} {rest.text}",
            left=min(own.left, rest.left),
            right=max(own.right, rest.right),
        )
    return replace(row, pieces=tuple(pieces))


def with_whole_labels(rows: list[Row]) -> list[Row]:
    """Return the rows with labels of two lines whole, where the values stand between their lines.

    A cell that is set to the middle has its values on no line of its label: they overlap both.
    """
    whole: list[Row] = []
    left = list(rows)
    while left:
        row = left.pop(0)
        if whole and left and _stand_between(whole[-1], row, left[0]):
            above, below = whole.pop(), left.pop(0)
            one, other = above.pieces[0], below.pieces[0]
            edges = min(one.left, other.left), max(one.right, other.right)
            label = Piece(f"{one.text}\n{other.text}", *edges, one.place)
            row = replace(
                row, pieces=(label, *row.pieces), words=(label, *row.words), gap=above.gap
            )
        whole.append(row)
    return whole


def _stand_between(above: Row, row: Row, below: Row) -> bool:
    """Say whether a row of values alone stands between the two lines of its label."""
    lines = (above, below)
    alone = all(len(line.pieces) == 1 and not is_number(line.pieces[0].text) for line in lines)
    left = alone and all(line.pieces[0].right < row.pieces[0].left for line in lines)
    overlap = max(row.gap, below.gap) < 1 and above.page == row.page == below.page
    return left and overlap and not above.marked and all(is_value(p.text) for p in row.pieces)
