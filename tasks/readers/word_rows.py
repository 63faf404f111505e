"""Tables of words as flattened text: one row a paragraph or a line, cells parted by one space.

What holds a row together is its closed columns: words of a scale, days, case numbers, decisions.
A free cell ends where the next closed one begins. Two free cells side by side are parted only
where one new sentence can begin (`Badplatsen Vattnet var otjänligt.`), and columns of sentences
only where every row has one sentence for each. A row that can be read in two ways, or in none, is
unread.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from expectations.contract import Unread
from expectations.registers import plain
from tasks.readers.flat_table import Header, first_header, first_words, may_begin
from tasks.readers.pages import Cell, Line
from tasks.readers.paragraphs import joined, paragraphs
from tasks.readers.passage import Passage, passage
from tasks.readers.pressed_header import header_end
from tasks.readers.pressed_lines import NEW_PAGE
from tasks.readers.spans import MONTHS
from tasks.readers.word_stream import stream
from tasks.readers.wording import any_of

SPLIT = "Raden går inte entydigt att dela i tabellens kolumner."
_PART = r"kvartal \d|kv\.? ?\d|q\d|tertial \d|t[123]|våren|hösten|vt|ht|årsskiftet|halvårsskiftet"
DAY = (
    r"20\d\d-\d\d(?:-\d\d)?(?!\d)"
    rf"|(?i:(?:senast |före |under )?(?:\d{{1,2}} )?(?:{'|'.join(MONTHS)}|{_PART})"
    r",? 20\d\d(?:/\d\d(?:\d\d)?)?)"
)
"""A day or span as it stands in a column of its own."""
NUMBER = "number"
"""The column in which a table counts its rows."""
_NAMED = r"(?:[A-ZÅÄÖ][a-zåäö]+\s+)?20\d\d:\d{1,3}"
"""A row's own number with its year: `Tilläggsuppdrag 2024:7`."""
NUMBERS = rf"\d{{1,3}}[.)]?|{_NAMED}"
_LONGEST_ROW = 400
_LONGEST_PARAGRAPH = 5000
"""No row is longer; a line of 100 000 letters without a stop is not tried from each of them."""
_LONGEST_TABLE = 600
"""Lines that are looked at below a header."""
_FEWEST = 2
"""Rows that must agree before sentences are taken for cells."""


@dataclass(frozen=True, slots=True)
class Flat:
    """What was read of one table: rows by column, what was not, and the lines it stands on."""

    head: str
    """The header as it is written."""
    rows: tuple[dict[str, Cell], ...]
    unread: tuple[Unread, ...]
    lines: frozenset[int]


def flat_tables(
    lines: Sequence[Line],
    columns: Mapping[str, str],
    wanted: Collection[str],
    closed: Mapping[str, str],
    taken: Collection[int],
) -> Iterator[Flat]:
    """Yield the tables whose header has the wanted columns; `closed` are patterns by column.

    The rows may look like headings, so the lines are those of the document, not of one section.
    Of two ways to read the same lines the one that finds more rows is taken.
    """
    left = [line for line in lines if line.number not in taken]
    found = [*_by_line(left, columns, wanted, closed), *_by_cell(left, columns, wanted, closed)]
    used: set[int] = set()
    chosen = []
    for flat in sorted(found, key=lambda one: (-len(one.rows), len(one.unread))):
        if not flat.lines & used:
            chosen.append(flat)
            used |= flat.lines
    yield from sorted(chosen, key=lambda one: min(one.lines))


def _by_line(
    left: list[Line],
    columns: Mapping[str, str],
    wanted: Collection[str],
    closed: Mapping[str, str],
) -> Iterator[Flat]:
    """Yield the tables whose rows are a line or a paragraph each."""
    while left:
        found = first_header(left, columns, wanted)
        if found is None:
            return
        own = left[: _next_header(left, found.end, columns, wanted)]
        flat = _read(own, found, closed) if len(found.keys) > 1 else None
        if flat is not None:
            yield flat
        stop = max(flat.lines) if flat is not None else left[found.end - 1].number
        left = [line for line in left if line.number > stop]


def _by_cell(
    lines: Sequence[Line],
    columns: Mapping[str, str],
    wanted: Collection[str],
    closed: Mapping[str, str],
) -> Iterator[Flat]:
    """Yield the tables whose cells came one after another out of a PDF."""
    firsts = first_words(tuple(columns))
    at = 0
    while at < len(lines):
        # wide gaps are columns that still stand side by side: their lines go across the cells
        begins = may_begin(lines[at].text, firsts) and not re.search(
            r"\S {2,}\S|\t", lines[at].text
        )
        found = header_end(lines, at, columns, wanted) if begins else None
        keys, end = found if found is not None else ((), at)
        near = lines[at : at + _LONGEST_TABLE]
        near = near[: _next_header(near, end - at, columns, wanted)] if len(keys) > 1 else near
        twice = end < len(lines) and lines[end].text == lines[at].text
        near, cuts = _without_rests(near, end - at) if len(keys) > 1 else (near, [])
        own = _once(near, end - at) if len(keys) > 1 and not twice else []
        read = stream(own, end - at, keys, wanted, closed) if own else None
        if read is not None:
            head = lines[at:end]
            claimed = {line.number for line in head if line.text.strip()} | read.lines
            unread = tuple(Unread(cell.text, SPLIT, cell.place) for cell in read.unclear)
            flat = Flat(joined(head), read.rows, unread, frozenset(claimed))
            yield _without_cut_rows(flat, cuts)
            last = max(read.lines)
            end = next(i for i, line in enumerate(lines) if line.number == last)
        at = max(end, at + 1)


def _next_header(
    lines: Sequence[Line], end: int, columns: Mapping[str, str], wanted: Collection[str]
) -> int:
    """Return where the next table begins behind a header, which may be repeated on each page."""
    below = first_header(lines, columns, wanted, end)
    own = plain(joined(lines[:end]))
    while below is not None and own.endswith(plain(joined(lines[below.start : below.end]))):
        below = first_header(lines, columns, wanted, below.end)
    return len(lines) if below is None else below.start


def _without_rests(lines: Sequence[Line], end: int) -> tuple[list[Line], list[int]]:
    """Return lines without the rests of cells that a page has cut, and the last line of each row.

    The rests stand right below the repeated header and begin in lower case or with a bracket;
    which cell each belongs to is gone.
    """
    shown = [" ".join(line.text.split()) for line in lines]
    head = [text for text in shown[:end] if text]
    kept = list(lines)
    cuts: list[int] = []
    for at in range(end, len(lines)):
        if shown[at] != head[0] or [text for text in shown[at : at + end] if text] != head:
            continue
        below = at + end
        while below < len(lines) and (not shown[below] or re.match(r"[a-zåäö(]", shown[below])):
            while below < len(lines) and shown[below]:
                kept[below] = replace(lines[below], text="")
                below += 1
            below += 1
        last = next((line.number for line in kept[at - 1 :: -1] if line.text.strip()), 0)
        if kept[at + end : below] != list(lines[at + end : below]):
            cuts.append(last)
    return kept, cuts


def _without_cut_rows(flat: Flat, cuts: Sequence[int]) -> Flat:
    """Return a table without the rows that a page has cut: they are seen and not read."""
    firsts = [min(cell.place.line or 0 for cell in row.values()) for row in flat.rows]
    gone = {max((f for f in firsts if f <= cut), default=-1) for cut in cuts}
    kept = [row for row, first in zip(flat.rows, firsts, strict=True) if first not in gone]
    lost = [
        Unread(cell.text, SPLIT, cell.place)
        for row, first in zip(flat.rows, firsts, strict=True)
        for cell in list(row.values())[:1]
        if first in gone
    ]
    return replace(flat, rows=tuple(kept), unread=(*flat.unread, *lost))


def _once(lines: Sequence[Line], end: int) -> list[Line]:
    """Return the lines without repetitions of the header that they begin with, up to `end`.

    On a new page they part rows as blanks do.
    """
    shown = [" ".join(line.text.split()) for line in lines]
    head = [text for text in shown[:end] if text]
    kept = list(lines)
    for at in range(end, len(lines)):
        if shown[at] == head[0] and [text for text in shown[at : at + end] if text] == head:
            kept[at : at + end] = [replace(line, text=NEW_PAGE) for line in lines[at : at + end]]
    return kept


def one_of(words: Collection[str]) -> str:
    """Return the pattern of a closed column that holds one of the words, capital first."""
    return any_of({word[:1].upper() + word[1:] for word in words})


def _read(lines: Sequence[Line], header: Header, closed: Mapping[str, str]) -> Flat | None:
    keys = header.keys
    head = lines[header.start : header.end]
    own, cuts = _without_rests(lines[header.start :], len(head))
    lines = [*lines[: header.start], *own]
    repeated = {" ".join(line.text.split()) for line in head}
    body = [
        # a header that is repeated on a new page parts rows as a blank line does
        Line("", line.number) if " ".join(line.text.split()) in repeated else line
        for line in lines[header.end :]
    ]
    runs = _rows(paragraphs(body), keys, closed)
    whole = [passage(run) for run in runs]
    spans = [_spans(row, keys, closed) for row in whole]
    is_open = not any(key in closed for key in keys)
    if is_open and (len(spans) < _FEWEST or None in spans):
        return None
    pairs = list(zip(whole, spans, strict=True))
    read = [_cells(row, span) for row, span in pairs if span]
    left = [Unread(row.text, SPLIT, row.place(0, 1)) for row, span in pairs if span is None]
    claimed = {line.number for run in (head, *runs) for line in run if line.text.strip()}
    flat = Flat(joined(head), tuple(read), tuple(left), frozenset(claimed))
    return _without_cut_rows(flat, cuts) if read else None


def _rows(
    runs: Sequence[list[Line]], keys: Sequence[str], closed: Mapping[str, str]
) -> list[list[Line]]:
    """Return the lines of each row: every line where each is a row by itself, else paragraphs.

    The table ends where a paragraph is none of its rows.
    """
    found: list[list[Line]] = []
    for run in _by_number(runs) if keys[0] == NUMBER else runs:
        if any(line.heading is not None for line in run):
            break
        each = [[line] for line in run]
        if len(run) > 1 and all(_spans(passage(one), keys, closed) for one in each):
            found += each
        elif _spans(passage(run), keys, closed) or _holds(passage(run), keys, closed):
            found.append(run)
        else:
            break
    return found


def _by_number(runs: Sequence[list[Line]]) -> list[list[Line]]:
    """Return the lines cut where the next number of a table that counts its rows begins a line."""
    found: list[list[Line]] = []
    lines = [line for run in runs for line in run]
    for line, below in itertools.pairwise([*lines, Line("", 0)]):
        counted = re.match(rf"\s*{len(found) + 1}[.)]?\s", line.text)
        if counted or re.match(rf"\s*(?:{_NAMED})(?:\s|$)", f"{line.text} {below.text}"):
            found.append([])
        if not found:
            return list(runs)
        found[-1].append(line)
    return found


def _holds(row: Passage, keys: Sequence[str], closed: Mapping[str, str]) -> bool:
    """Say whether a paragraph has something for every closed column: then it is a row, unread.

    A number alone is in any paragraph; some column must hold words of its own.
    """
    shut = [key for key in keys if key in closed]
    worded = [key for key in shut if not re.fullmatch(closed[key], "1")]
    return (
        bool(worded)
        and len(row.text) < _LONGEST_ROW
        and all(re.search(rf"(?<!\w)(?:{closed[key]})(?!\w)", row.text) for key in shut)
    )


def _spans(
    row: Passage, keys: Sequence[str], closed: Mapping[str, str]
) -> dict[str, tuple[int, int]] | None:
    """Return start and end of each cell, None where no reading or more than one is possible."""
    if not any(key in closed for key in keys):
        return _sentences(row.text, keys)
    groups = _groups(keys, closed)
    found = {
        tuple(match.span(f"g{at}") for at in range(len(groups)))
        for lazy in ("?", "")
        if (match := re.fullmatch(_pattern(groups, closed, lazy), row.text))
    }
    if len(found) != 1:
        return None
    name = row.text[slice(*min(found)[0])]
    if keys[0] in ("text", "goal") and re.search(r"[.!?] [A-ZÅÄÖ]|:$", name):
        return None  # a sentence before the name is of the row above, a label of what follows
    spans: dict[str, tuple[int, int]] = {}
    for group, (start, end) in zip(groups, found.pop(), strict=True):
        inner = (
            {group[0]: (start, end)}
            if len(group) == 1
            else _parted(row.text, start, end, group)
            if end > start
            else {}
        )
        if inner is None:
            return None
        spans |= inner
    return spans


def _groups(keys: Sequence[str], closed: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Return the columns in order, free ones that stand side by side as one group."""
    groups: list[tuple[str, ...]] = []
    for key in keys:
        if groups and key not in closed and groups[-1][0] not in closed:
            groups[-1] = (*groups[-1], key)
        else:
            groups.append((key,))
    return groups


def _pattern(groups: Sequence[tuple[str, ...]], closed: Mapping[str, str], lazy: str) -> str:
    parts = []
    for at, group in enumerate(groups):
        space = r"\s+" if at else ""
        if group[0] in closed:
            parts.append(rf"{space}(?P<g{at}>{closed[group[0]]})(?!\w)")
        elif at == len(groups) - 1:
            # behind a closed cell a new one begins: `God utbildning` is no verdict
            begins = r"(?![a-zåäö])" if at and groups[at - 1][0] in closed else ""
            parts.append(rf"(?:{space}(?P<g{at}>{begins}\S.*))?")
        else:
            parts.append(rf"{space}(?P<g{at}>\S.*{lazy})")
    return "".join(parts)


def _parted(
    text: str, start: int, end: int, group: Sequence[str]
) -> dict[str, tuple[int, int]] | None:
    inner = _names(text[start:end], group) or _sentences(text[start:end], group)
    return {key: (a + start, b + start) for key, (a, b) in inner.items()} if inner else None


_PAIRS = (("group", "position"), ("title", "target_group"), ("area", "goal"))


def _names(text: str, group: Sequence[str]) -> dict[str, tuple[int, int]] | None:
    """Return two names side by side, where the second can begin at one place only."""
    starts = [m.start() for m in re.finditer(r"(?<=\w )[A-ZÅÄÖ]", text)]
    if group not in _PAIRS or len(starts) != 1:
        return None
    return {group[0]: (0, starts[0] - 1), group[1]: (starts[0], len(text))}


def _sentences(text: str, keys: Sequence[str]) -> dict[str, tuple[int, int]] | None:
    """Return the cells of free columns: a name and sentences, or sentences alone, one for each."""
    if len(text) > _LONGEST_PARAGRAPH:
        return None
    parts = [m.span() for m in re.finditer(r"[^.!?]+[.!?]+", text)]
    if not parts or text[parts[-1][1] :].strip() or re.search(r"\d\.\d|\b\w\.", text):
        return None
    cells = [(a + len(text[a:b]) - len(text[a:b].lstrip()), b) for a, b in parts]
    if len(cells) == len(keys) - 1:
        start, end = cells[0]
        inner = [m.start() for m in re.finditer(r"(?<=[a-zåäö] )[A-ZÅÄÖ]", text[start:end])]
        if len(inner) != 1:
            return None
        cut = start + inner[0]
        cells = [(start, cut - 1), (cut, end), *cells[1:]]
    elif keys[0] in ("area", "goal"):
        return None
    return dict(zip(keys, cells, strict=True)) if len(cells) == len(keys) else None


def _cells(row: Passage, spans: Mapping[str, tuple[int, int]]) -> dict[str, Cell]:
    found = {}
    for key, (start, end) in spans.items():
        part = row.part(start, end) if end > start >= 0 else None
        if part is not None and part.place is not None:
            found[key] = Cell(part.text, part.place)
    return found
