"""Tables whose cells have fallen into paragraphs or lines when a document was made into text.

The header is found by its words, over several lines and again on the next page. A cell is a run of
lines between blank ones (or between rules of the page); which cells make up a row is decided by
what each column can hold, and only where one reading is possible.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from expectations.registers import plain
from tasks.readers.headed import is_heading, usual_width
from tasks.readers.pages import Line
from tasks.readers.paragraphs import joined
from tasks.readers.passage import Passage, passage
from tasks.readers.wording import scan_phrases

_HEADER_LINES = 12
_MOST_TORN = 2
Fits = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Header:
    """A header that was understood whole: keys of its columns in order, and its lines."""

    keys: tuple[str, ...]
    start: int
    """Index of its first line; `end` is the index behind its last."""
    end: int


def headers(
    lines: Sequence[Line], columns: Mapping[str, str], wanted: Collection[str]
) -> list[Header]:
    """Return the first header that has the wanted columns, and its repetitions further down."""
    first = first_header(lines, columns, wanted)
    found = [first] if first is not None else []
    while first is not None:
        again = first_header(lines, columns, wanted, found[-1].end + 1, first.keys)
        if again is None:
            break
        found.append(again)
    return found


def first_header(
    lines: Sequence[Line],
    columns: Mapping[str, str],
    wanted: Collection[str],
    start: int = 0,
    keys: tuple[str, ...] | None = None,
) -> Header | None:
    """Return the first header from a line on, with the wanted columns or with just these keys."""
    firsts = first_words(tuple(columns))
    for index in range(start, len(lines)):
        may = may_begin(lines[index].text, firsts)
        header = _header_at(lines, index, columns, wanted) if may else None
        if header is not None and keys in (None, header.keys):
            return header
    return None


@cache
def first_words(phrases: tuple[str, ...]) -> frozenset[str]:
    """Return the words that phrases begin with."""
    return frozenset(phrase.split()[0] for phrase in phrases)


def may_begin(text: str, firsts: Collection[str]) -> bool:
    """Say whether a line may begin a header: with a first word of a column, or a part of one."""
    words = plain(text).split()
    if not words:
        return False
    word = words[0].strip(":")
    cut = word.rstrip("-")
    short = len(words) == 1 and cut and any(first.startswith(cut) for first in firsts)
    return word in firsts or bool(short)


def _header_at(
    lines: Sequence[Line], index: int, columns: Mapping[str, str], wanted: Collection[str]
) -> Header | None:
    """Return the longest header that starts at a line; blank lines may stand within it.

    A word broken over two lines makes one line that is not understood, never two.
    """
    best, lost, torn = None, 0, 0
    for end in range(index + 1, min(index + _HEADER_LINES, len(lines)) + 1):
        if not lines[end - 1].text.strip():
            continue
        pairs = scan_phrases(joined(lines[index:end]), tuple(columns), ())
        keys = tuple(columns[phrase] for phrase, _ in pairs or ())
        if pairs and set(wanted) <= set(keys) and len(set(keys)) == len(keys):
            best, lost = Header(keys, index, end), 0
        else:
            lost += 1
        # a broken word leaves a line or two that are not understood, prose all of them
        torn = 0 if pairs else torn + 1
        if (best is not None and lost > 1) or torn > _MOST_TORN:
            break
    return best


def cells(lines: Sequence[Line], found: Sequence[Header]) -> Iterator[list[Line] | None]:
    """Yield the runs of lines behind the first header; None where a heading ends the table.

    Repeated headers part cells as blank lines do. Only a heading at the top of a page, or one
    that the format marks, is told from a cell here.
    """
    within = {at for header in found for at in range(header.start, header.end)}
    width = usual_width(lines)
    run: list[Line] = []
    for index in range(found[0].end, len(lines)):
        line = lines[index]
        ends = _ends_table(lines, index, width) and index not in within
        if run and (ends or index in within or not line.text.strip()):
            yield run
            run = []
        if ends:
            yield None
        elif index not in within and line.text.strip():
            run.append(line)
    if run:
        yield run


def _ends_table(lines: Sequence[Line], index: int, width: int) -> bool:
    line = lines[index]
    opens_page = re.match(r" [A-ZÅÄÖ]", line.text) is not None and index > 0
    marked = line.heading is not None
    return (marked or (opens_page and bool(lines[index - 1].text.strip()))) and is_heading(
        lines, index, width
    )


def rows(
    parts: Sequence[list[Line]],
    keys: Sequence[str],
    fits: Mapping[str, Fits],
    long: Collection[str],
) -> Iterator[dict[str, Passage]]:
    """Yield rows while the cells fit their columns; a `long` column may take several cells.

    `fits` says what a column can hold. A long column goes on until the next column's cell comes;
    where it is the last column it takes one cell.
    """
    at = 0
    while at < len(parts):
        row, at = _row(parts, at, keys, fits, long)
        if row is None:
            return
        yield row


def _row(
    parts: Sequence[list[Line]],
    at: int,
    keys: Sequence[str],
    fits: Mapping[str, Fits],
    long: Collection[str],
) -> tuple[dict[str, Passage] | None, int]:
    row: dict[str, Passage] = {}
    for place, key in enumerate(keys):
        if at >= len(parts):
            return None, at
        following = keys[place + 1] if place + 1 < len(keys) else None
        stop = at + 1
        if key in long and following is not None:
            while stop < len(parts) and not fits[following](joined(parts[stop])):
                stop += 1
        cell = passage([line for part in parts[at:stop] for line in part])
        if not fits[key](cell.text):
            return None, at
        row[key] = cell
        at = stop
    return row, at


def split_line(line: Line, columns: int) -> list[tuple[int, int]] | None:
    """Return start and end of each cell of a line parted by tabs or wide gaps, None if not so."""
    found = [m.span() for m in re.finditer(r"[^\s]+(?: [^\s]+)*", line.text)]
    return found if len(found) == columns else None
