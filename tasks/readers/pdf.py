"""Turn a PDF into lines and ruled tables, every line and cell with its page and rectangle.

Words that stand far apart on a line are divided by two spaces: a row of figures without rules can
then still be told apart. Headings are lines set larger than the body text.
"""

from __future__ import annotations

import io
import itertools
import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pdfplumber
from pdfminer.pdfexceptions import PDFException
from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException
from pdfplumber.utils.text import extract_words

from expectations.contract import Place
from tasks.readers.aligned import aligned_tables
from tasks.readers.aligned_pieces import Piece, Row, apart, is_value, with_whole_labels
from tasks.readers.aligned_words import word_tables
from tasks.readers.file_checks import MEGABYTE, PDF, RefusedError
from tasks.readers.header_words import heads
from tasks.readers.page_columns import in_columns
from tasks.readers.pages import Cell, Line, Pages, Table
from tasks.readers.pdf_headings import SetLine, levels
from tasks.readers.wording import wording

MOST_TEXT = 2 * MEGABYTE
_SAME_LINE = 3.0
"""Points that two words of one line may differ in height."""
_APART = 0.7
"""How far apart two pieces of a row stand at least, in heights of their letters."""

_DAMAGED = (
    *(
        MalformedPDFException,
        PdfminerException,
        PDFException,
        PSException,
        LookupError,
        ValueError,
        TypeError,
    ),
    *(AttributeError, ArithmeticError, AssertionError, RecursionError, struct.error),
)
"""All the ways in which pdfminer says that the inside of a PDF is wrong (found by fuzzing)."""

Box = tuple[float, float, float, float]


def pdf_pages(data: bytes) -> Pages:
    """Return lines, tables and properties; raises RefusedError where the inside is damaged."""
    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            pages = [_Page(page) for page in document.pages]
            told = {key.lower(): str(value) for key, value in document.metadata.items()}
    except _DAMAGED as error:
        raise RefusedError(PDF, "damaged") from error
    return _assemble(pages, told)


class _Page:
    """One page's lines and tables, before lines are numbered over the whole file."""

    def __init__(self, page: Any) -> None:
        self.number: int = page.page_number
        words = page.extract_words(extra_attrs=["size", "fontname"], x_tolerance=1.5)
        if sum(len(word["text"]) for word in words) > MOST_TEXT:
            raise RefusedError(PDF, "packed")
        self.tables: list[tuple[Box, list[list[tuple[str, Box]]]]] = []
        # Looking for tables is what costs: a page without rules has none.
        if len(page.rects) + len(page.lines) + len(page.curves) > 1:
            self.tables = [_table(table) for table in page.find_tables()]
            self.tables = [table for table in self.tables if _is_table(table[1])]
        rows = list(_grouped(words))
        barred = [any(_holds(t, _line(row)[2]) for t, _ in self.tables) for row in rows]
        grouped = list(in_columns(rows, barred))
        self.lines = [_line(line) for line in grouped]
        self.faces = [_face(line) for line in grouped]
        self.pieces = [_pieces(line) for line in grouped]
        self.words = [[(w["text"], w["x0"], w["x1"]) for w in line] for line in grouped]
        page.close()

    def as_set(self) -> list[SetLine]:
        """Return the page's lines as they are set, for telling its headings."""
        return [
            SetLine(text, size, box, face, len(parts), any(_holds(t, box) for t, _ in self.tables))
            for (text, size, box), face, parts in zip(
                self.lines, self.faces, self.pieces, strict=True
            )
        ]


def _grouped(words: list[Any]) -> Iterator[list[Any]]:
    """Yield the words of each line, left to right."""
    line: list[Any] = []
    for word in sorted(words, key=lambda one: (one["bottom"], one["x0"])):
        if line and abs(word["bottom"] - line[0]["bottom"]) > _SAME_LINE:
            yield sorted(line, key=lambda one: one["x0"])
            line = []
        line.append(word)
    if line:
        yield sorted(line, key=lambda one: one["x0"])


def _line(words: list[Any]) -> tuple[str, float, Box]:
    text = words[0]["text"]
    for before, word in itertools.pairwise(words):
        gap = word["x0"] - before["x1"]
        text += ("  " if gap > 1.2 * word["size"] else " ") + word["text"]
    box = (
        min(word["x0"] for word in words),
        min(word["top"] for word in words),
        max(word["x1"] for word in words),
        max(word["bottom"] for word in words),
    )
    return text, max(word["size"] for word in words), _rounded(box)


def _face(words: list[Any]) -> str | None:
    """Return the face that all words of a line are set in, None where there are several."""
    faces = {str(word["fontname"]) for word in words}
    return faces.pop() if len(faces) == 1 else None


def _pieces(words: list[Any]) -> list[tuple[str, float, float]]:
    """Return a line as pieces; columns of figures stand nearer than those of words do."""
    size = max(word["size"] for word in words)
    return apart([(w["text"], w["x0"], w["x1"]) for w in words], _APART * size)


def _is_table(rows: list[list[tuple[str, Box]]]) -> bool:
    """Say whether a grid of rules is a table: one shaded row is none, nor is a frame."""
    return len(rows) > 1 and len(rows[0]) > 1


_FEWEST_STRIPED = 3
"""Columns that a table whose every other row is shaded has at least."""


def _rounded(box: Any) -> Box:
    x0, top, x1, bottom = (round(float(edge), 1) for edge in box)
    return x0, top, x1, bottom


def _table(table: Any) -> tuple[Box, list[list[tuple[str, Box]]]]:
    rows = []
    whole = next((row for row in table.rows if all(row.cells)), None)
    for row, texts in zip(table.rows, table.extract(x_tolerance=1.5), strict=True):
        boxes = [_rounded(box or row.bbox) for box in row.cells]
        own = [(text or "", box) for text, box in zip(texts, boxes, strict=True)]
        apart = _between_shades(table, row, whole)
        # nothing but its own words: a cell over all columns may reach into the next row
        same = sorted(" ".join(t for t, _ in apart).split()) == sorted(own[0][0].split())
        rows.append(apart if apart and same else own)
    return _rounded(table.bbox), rows


def _between_shades(table: Any, row: Any, whole: Any) -> list[tuple[str, Box]]:
    """Return the cells of a row between two shaded rows, by the edges of a whole row.

    Without lines of its own it is one cell over all columns. Nothing where a word stands over an
    edge, or where what stands behind the label are neither values nor columns of words.
    """
    one = row.cells[0] if row.cells else None
    if whole is None or one is None or any(row.cells[1:]) or len(row.cells) < _FEWEST_STRIPED:
        return []
    if abs(one[2] - table.bbox[2]) > _SAME_LINE:
        return []
    boxes = [_rounded((cell[0], one[1], cell[2], one[3])) for cell in whole.cells]
    # by their middles: letters of the row below may reach into this one
    letters = [x for x in table.page.chars if _has_middle(one, x)]
    words = extract_words(letters, x_tolerance=1.5)
    if not all(any(b[0] - 1 <= w["x0"] and w["x1"] <= b[2] + 1 for b in boxes) for w in words):
        return []
    held = [[w for w in words if b[0] - 1 <= w["x0"] and w["x1"] <= b[2] + 1] for b in boxes]
    texts = ["\n".join(" ".join(x["text"] for x in row) for row in _grouped(own)) for own in held]
    filled = [text for text in texts[1:] if text.strip()]
    valued = len(filled) * 2 >= len(texts) and all(is_value(text) for text in filled)
    cells = valued or (len(filled) == len(texts) - 1 and _begin_alike(held, boxes))
    return list(zip(texts, boxes, strict=True)) if texts[0].strip() and cells else []


_PADDING = 9.0
"""Points from a cell's edge within which its words begin."""


def _begin_alike(held: Sequence[Sequence[Any]], boxes: Sequence[Box]) -> bool:
    """Say whether the lines of every cell begin at one place near its edge: words in columns."""
    starts = [[row[0]["x0"] for row in _grouped(list(own))] for own in held]
    return all(
        max(own) - min(own) < _SAME_LINE and own[0] - box[0] < _PADDING
        for own, box in zip(starts, boxes, strict=True)
    )


def _has_middle(box: Box, char: Mapping[str, Any]) -> bool:
    """Say whether the middle of a letter stands in a box: its edge may reach over the box's."""
    across, down = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return bool(box[0] <= across < box[2] and box[1] <= down < box[3])


def _assemble(pages: list[_Page], properties: dict[str, str]) -> Pages:
    marked = levels([page.as_set() for page in pages])
    lines: list[Line] = []
    tables: list[Table] = []
    last: tuple[_Page, Box] | None = None
    for page, own_levels in zip(pages, marked, strict=True):
        first = len(lines)
        for (text, _, box), level in zip(page.lines, own_levels, strict=True):
            lines.append(Line(text, len(lines) + 1, page.number, level, box))
        own = lines[first:]
        for box, rows in page.tables:
            table = _placed(rows, page, own, first, box)
            if last is not None and _goes_on(last, (page, box), tables[-1], table):
                tables[-1] = _joined(tables[-1], replace(table, rows=table.rows[1:]))
            elif last is not None and _is_rest(last, (page, box), tables[-1], table):
                tables[-1] = _joined(tables[-1], table)
            else:
                tables.append(table)
            last = (page, box)
    tables = [table for table in tables if not _is_header_alone(table, lines)]
    ruled = {number for table in tables for number in _numbers(table)}
    free = _rows(pages, lines, ruled)
    tables += [*aligned_tables(with_whole_labels(free)), *word_tables(free)]
    tables.sort(key=lambda table: table.after)
    return Pages(tuple(lines), tuple(tables), properties)


def _is_header_alone(table: Table, lines: list[Line]) -> bool:
    """Say whether only the header of a table is ruled or shaded: its figures stand right below.

    Then header and rows are put together from where their words stand.
    """
    if any(re.match(r"[+−–-]?\s?\d", c.text) and not _YEARS.match(c.text) for c in _cells(table)):
        return False
    page = table.rows[0][0].place.page
    foot = max((cell.place.box[3] for cell in _cells(table) if cell.place.box), default=None)
    if foot is None or len(table.rows) > _MOST_HEADS:
        return False
    under = (one for one in lines if one.page == page and one.box and one.box[1] > foot - 1)
    below = next(under, None)
    if below is None:
        return False
    words = wording(None, date.min)
    named = [heads(cell.text, words, more=True, whole=True) for cell in table.rows[-1][1:]]
    if sum(bool(one) for one in named) < _FEWEST_HEADS:
        return False
    return len(re.findall(r"(?<=\s)[+−–-]?\d", below.text)) > 1


_YEARS = re.compile(r"20\d\d")
_MOST_HEADS, _FEWEST_HEADS = 3, 2


def _cells(table: Table) -> Iterator[Cell]:
    return (cell for row in table.rows for cell in row)


def _numbers(table: Table) -> set[int]:
    return {cell.place.line for row in table.rows for cell in row if cell.place.line is not None}


def _rows(pages: list[_Page], lines: list[Line], ruled: set[int]) -> list[Row]:
    """Return the lines outside ruled tables as rows of pieces with their places."""
    pieces = [line for page in pages for line in page.pieces]
    words = [line for page in pages for line in page.words]
    rows: list[Row] = []
    last: Line | None = None
    for line, parts, single in zip(lines, pieces, words, strict=True):
        if line.number in ruled or line.box is None:
            last = None
            continue
        _, top, _, bottom = line.box
        same = last is not None and last.page == line.page and last.box is not None
        above = last.box[3] if same and last is not None and last.box is not None else top
        gap = 1 + (top - above) / max(bottom - top, 1.0)
        placed, alone = (
            tuple(
                Piece(text, left, right, _place(line, text, _rounded((left, top, right, bottom))))
                for text, left, right in some
            )
            for some in (parts, single)
        )
        rows.append(Row(line.number, line.page, placed, gap, line.heading is not None, alone))
        last = line
    return rows


def _place(line: Line, text: str, box: Box) -> Place:
    """Return a piece's place; its columns too where its words stand once on the line."""
    found = list(re.finditer(re.escape(text).replace(r"\ ", r"\s+"), line.text))
    columns = (found[0].start() + 1, found[0].end()) if len(found) == 1 else None
    return Place(page=line.page, line=line.number, columns=columns, box=box)


def _placed(
    rows: list[list[tuple[str, Box]]], page: _Page, lines: list[Line], first: int, box: Box
) -> Table:
    """Give every cell its place; `after` is the last line that stands above the table."""
    placed = []
    for row in rows:
        cells = []
        for text, around in row:
            inside = [line for line in lines if line.box and _holds(around, line.box)]
            number = inside[0].number if inside and text else None
            cells.append(Cell(text, Place(page=page.number, line=number, box=around)))
        placed.append(tuple(cells))
    above = [line.number for line in lines if line.box and line.box[3] <= box[1] + _SAME_LINE]
    return Table(tuple(placed), max(above, default=first))


def _holds(around: Box, box: Box) -> bool:
    middle = (box[1] + box[3]) / 2
    return around[1] <= middle <= around[3] and box[0] < around[2] and box[2] > around[0]


def _goes_on(before: tuple[_Page, Box], now: tuple[_Page, Box], table: Table, other: Table) -> bool:
    """Say whether a table is the rest of the one on the page before.

    It is where the headings are repeated and nothing but page furniture stands between.
    """
    headings = [cell.text for cell in table.rows[0]]
    return [c.text for c in other.rows[0]] == headings and _meet(before, now)


def _is_rest(before: tuple[_Page, Box], now: tuple[_Page, Box], table: Table, other: Table) -> bool:
    """Say whether a table without headings is the rest of the one on the page before.

    It has the same columns at the same places, and begins with figures or the rest of a label.
    """
    first = other.rows[0]
    edges, others = _edges(table.rows[0]), _edges(first)
    alike = len(edges) == len(others) and all(
        abs(one - two) <= _SAME_LINE for one, two in zip(edges, others, strict=True)
    )
    texts = [cell.text for cell in first[1:] if cell.text]
    goes_on = any(re.match(r"[+−–-]?\s?\d", text) for text in texts) or not texts
    return alike and goes_on and _meet(before, now)


def _edges(row: tuple[Cell, ...]) -> list[float]:
    return [cell.place.box[0] for cell in row if cell.place.box is not None]


def _meet(before: tuple[_Page, Box], now: tuple[_Page, Box]) -> bool:
    """Say whether one stands last on its page and the other first on the next."""
    (page, box), (next_page, next_box) = before, now
    if next_page.number != page.number + 1:
        return False
    shared = {_bare(text) for text, _, _ in page.lines}
    shared &= {_bare(text) for text, _, _ in next_page.lines}
    between = [text for text, _, at in page.lines if at[1] >= box[3]]
    between += [text for text, _, at in next_page.lines if at[3] <= next_box[1]]
    return all(_bare(text) in shared for text in between)


_PAGE_NUMBER = re.compile(
    r"(?:sida\s*)?\d+\s?(?:\(\d+\)|/\s?\d+|av \d+)|^(?:sida\s*)?\d+$", re.IGNORECASE
)


def _bare(text: str) -> str:
    """Return a line without its page number; `Mål 2` keeps its number, it is no furniture."""
    return _PAGE_NUMBER.sub("#", text)


def _ends_row(row: tuple[Cell, ...]) -> bool:
    """Say whether a row at the top of a page is the end of the last one: words, and no first cell.

    Its words go on in lower case somewhere; a row of figures has a label.
    """
    texts = [cell.text.strip() for cell in row]
    figures = any(re.fullmatch(r"[+−–-]?[\d\s]+(?:,\d+)?", text) for text in texts if text)
    begun = any(re.match(r"[a-zåäö]", text) for text in texts)
    return len(row) > 2 and not texts[0] and begun and not figures  # noqa: PLR2004 - cards have two


def _joined(table: Table, rest: Table) -> Table:
    """Append the rest of a table; a card's row that went on over the page is made whole."""
    rows, more = list(table.rows), list(rest.rows)
    if len(more[0]) > 2 and more[0][0].text[:1].islower() and not any(c.text for c in more[0][1:]):  # noqa: PLR2004
        label = rows[-1][0]
        rows[-1] = (Cell(f"{label.text}\n{more[0][0].text}", label.place), *rows[-1][1:])
        more = more[1:]
    if more and len(more[0]) == len(rows[-1]) and _ends_row(more[0]):
        pairs = zip(rows[-1], more[0], strict=True)
        rows[-1] = tuple(
            Cell(f"{above.text}\n{below.text}".strip(), above.place) for above, below in pairs
        )
        more = more[1:]
    if more and len(more[0]) == 2 and not more[0][0].text:  # noqa: PLR2004 - a card's two columns
        label, answer = rows[-1]
        rows[-1] = (label, Cell(f"{answer.text}\n{more[0][1].text}", answer.place))
        more = more[1:]
    return Table((*rows, *more), table.after)
