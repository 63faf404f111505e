"""Tables that a program took out of a PDF column by column: the labels, then each column's values.

`pdftotext` leaves them so. A table is read only where everything adds up: as many values in each
column as there are labels, and above each column's values its own head and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from expectations.register_files import generic_vocabulary
from expectations.registers import plain
from tasks.readers.header_words import heads
from tasks.readers.line_values import WANTS_MORE
from tasks.readers.numbers import figure, unit_in
from tasks.readers.pages import Cell, Line, Table
from tasks.readers.wording import wording

_FEWEST_ROWS, _FEWEST_COLUMNS = 2, 2
_MOST_HEAD_LINES = 5
_LONGEST_LABEL = 90
_SHORT = 40
_YEAR = re.compile(r"(?:19|20)\d{2}(?:-?(?:0[1-9]|1[0-2])(?:-[0-3]\d)?)?")


@dataclass(frozen=True, slots=True)
class _Part:
    """Lines of text, in blocks that blank lines part, and the lines of values behind them."""

    texts: tuple[tuple[Line, ...], ...]
    values: tuple[Line, ...]

    def lines(self) -> list[Line]:
        """Return the lines of text of all blocks."""
        return [line for block in self.texts for line in block]


def column_tables(lines: Sequence[Line]) -> Iterator[Table]:
    """Yield the tables of a text whose columns stand one after another."""
    parts = list(_parts(lines))
    at = 0
    while at < len(parts):
        rest = _columns_behind(parts, at)
        table = _table(parts[at], rest) if len(rest) + 1 >= _FEWEST_COLUMNS else None
        if table is not None:
            yield table
        at += len(rest) + 1 if table is not None else 1


def _parts(lines: Sequence[Line]) -> Iterator[_Part]:
    blocks: list[list[Line]] = [[]]
    values: list[Line] = []
    for line in lines:
        text = line.text.strip()
        if not text:
            if not values and blocks[-1]:
                blocks.append([])
        elif _is_value(text):
            values.append(line)
        else:
            if values:
                yield _Part(tuple(tuple(block) for block in blocks if block), tuple(values))
                blocks, values = [[]], []
            blocks[-1].append(line)
    if values:
        yield _Part(tuple(tuple(block) for block in blocks if block), tuple(values))


def _is_value(text: str) -> bool:
    return not _YEAR.fullmatch(text) and figure(text.strip("()"), unit=None).state != "unreadable"


def _columns_behind(parts: Sequence[_Part], start: int) -> list[_Part]:
    """Return the parts behind one that are a column each: a head, and as many values."""
    count = len(parts[start].values)
    found: list[_Part] = []
    for part in parts[start + 1 :] if count >= _FEWEST_ROWS else ():
        if len(part.values) != count or not _is_head(part.lines()):
            break
        found.append(part)
    return found


def _is_head(lines: Sequence[Line]) -> bool:
    """Say whether lines are the head of one column."""
    if not 0 < len(lines) <= _MOST_HEAD_LINES:
        return False
    text = "\n".join(line.text.strip() for line in lines)
    own = heads(text, wording(None, date.min), more=True, whole=True)
    return bool(own) and len(own or ()) == 1


def _table(first: _Part, rest: Sequence[_Part]) -> Table | None:
    """Return the table, None where the labels before the first column are not told for certain."""
    ways = []
    for block in range(len(first.texts)):
        for split in _splits(first, block):
            labels, head = split
            named = _labelled(labels, len(first.values))
            if named is not None and _is_head(head):
                ways.append((named, head))
    if len(ways) != 1:
        return None
    (above, labels_), head = ways[0]
    columns = [(head, first.values), *((part.lines(), part.values) for part in rest)]
    texts = ["\n".join(line.text.strip() for line in own) for own, _ in columns]
    short = [line for line in above[-2:] if len(line.text) < _SHORT]
    corner = "\n".join(line.text.strip() for line in short)
    top = (short or labels_[0])[0]
    header = (Cell(corner, top.place()), *map(_cell, texts, (own[0] for own, _ in columns)))
    body = tuple(
        (
            _cell(" ".join(line.text.strip() for line in label), label[0]),
            *(_cell(values[at].text.strip(), values[at]) for _, values in columns),
        )
        for at, label in enumerate(labels_)
    )
    return Table((header, *body), top.number - 1, is_rebuilt=True)


def _cell(text: str, line: Line) -> Cell:
    start = len(line.text) - len(line.text.lstrip())
    return Cell(text, line.place(start, max(len(line.text.rstrip()), start + 1)))


def _splits(first: _Part, block: int) -> Iterator[tuple[list[Line], list[Line]]]:
    """Yield the ways in which a block can hold the labels, and what follows be a head.

    The head is the end of the same block, or the last block, where what stands between is a line
    of the page.
    """
    own = list(first.texts[block])
    if block < len(first.texts) - 1:
        yield own, list(first.texts[-1])
        return
    for count in range(1, min(_MOST_HEAD_LINES, len(own) - 1) + 1):
        yield own[:-count], own[-count:]


def _labelled(lines: Sequence[Line], count: int) -> tuple[list[Line], list[list[Line]]] | None:
    """Return the lines above the labels, and the lines of each; None where they are not as many.

    A label goes on in lower case. What is more than the labels must end with the head of their
    column: a unit, or a word such as `Verksamhet`.
    """
    labels: list[list[Line]] = []
    for line in lines:
        text = line.text.strip()
        goes_on = labels and (text[0].islower() or WANTS_MORE.search(labels[-1][-1].text.strip()))
        if goes_on and not text.startswith("varav"):
            labels[-1].append(line)
        else:
            labels.append([line])
    above = [line for label in labels[: max(0, len(labels) - count)] for line in label]
    labels = labels[len(labels) - count :] if len(labels) >= count else []
    if not labels or (above and not _heads_labels(above[-1].text)):
        return None
    texts = [" ".join(line.text.strip() for line in label) for label in labels]
    fair = all(re.search(r"[^\W\d]{2}", text) and len(text) <= _LONGEST_LABEL for text in texts)
    return (above, labels) if fair and not any(text.endswith(".") for text in texts) else None


def _heads_labels(text: str) -> bool:
    words = generic_vocabulary()["label_heads"]["words"]
    bare = plain(re.sub(r"\([^)]*\)", "", text)).split(",")[0].strip()
    return bare in words or (len(text) < _SHORT and unit_in(text) is not None)
