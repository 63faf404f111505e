"""Turn a PDF into lines and ruled tables, every line and cell with its page and rectangle.

Headings are lines set larger than the body text. Tables without rules are put together from where
their words stand.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import pdfplumber
from pdfminer.pdfexceptions import PDFException
from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from expectations.contract import Place
from tasks.readers.aligned import aligned_tables
from tasks.readers.aligned_pieces import Piece, Row, with_whole_labels
from tasks.readers.aligned_words import word_tables
from tasks.readers.file_checks import PDF, RefusedError
from tasks.readers.header_words import heads
from tasks.readers.pages import Cell, Line, Pages, Table
from tasks.readers.pdf_breaks import goes_on, is_rest, joined_tables
from tasks.readers.pdf_headings import levels
from tasks.readers.pdf_lines import SAME_LINE, Box, rounded
from tasks.readers.pdf_page import Page, holds
from tasks.readers.wording import wording

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


_Word = tuple[float, tuple[int, int]]
"""The middle of a word on its page, in points, and its first and last column in the line."""


def pdf_pages(data: bytes) -> Pages:
    """Return lines, tables and properties; raises RefusedError where the inside is damaged."""
    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            pages = [Page(page) for page in document.pages]
            told = {key.lower(): str(value) for key, value in document.metadata.items()}
    except _DAMAGED as error:
        raise RefusedError(PDF, "damaged") from error
    return _assemble(pages, told)


def _assemble(pages: list[Page], properties: dict[str, str]) -> Pages:
    marked = levels([page.as_set() for page in pages])
    lines: list[Line] = []
    tables: list[Table] = []
    last: tuple[Page, Box] | None = None
    for page, own_levels in zip(pages, marked, strict=True):
        first = len(lines)
        for (text, _, box), level in zip(page.lines, own_levels, strict=True):
            lines.append(Line(text, len(lines) + 1, page.number, level, box))
        # only the cells of tables ask where the words of a line stand
        pairs = zip(lines[first:], page.words, strict=True) if page.tables else ()
        own = [(line, _standing(line, words)) for line, words in pairs]
        for box, rows in page.tables:
            table = _placed(rows, own, page.number, first, box)
            if last is not None and goes_on(last, (page, box), tables[-1], table):
                tables[-1] = joined_tables(tables[-1], replace(table, rows=table.rows[1:]))
            elif last is not None and is_rest(last, (page, box), tables[-1], table):
                tables[-1] = joined_tables(tables[-1], table)
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


def _rows(pages: list[Page], lines: list[Line], ruled: set[int]) -> list[Row]:
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
                Piece(text, left, right, _place(line, columns, (left, top, right, bottom)))
                for (text, left, right), columns in zip(
                    some, _columns(line.text, [text for text, _, _ in some]), strict=True
                )
            )
            for some in (parts, single)
        )
        rows.append(Row(line.number, line.page, placed, gap, line.heading is not None, alone))
        last = line
    return rows


def _place(line: Line, columns: tuple[int, int] | None, box: Box) -> Place:
    return Place(page=line.page, line=line.number, columns=columns, box=rounded(box))


def _columns(line: str, texts: Sequence[str]) -> list[tuple[int, int] | None]:
    """Return where the pieces of a line stand in it, first and last column; they fill the line.

    None for a piece that does not follow on the one before: its letters may stand there twice.
    """
    words = [(word.group(), word.start() + 1, word.end()) for word in re.finditer(r"\S+", line)]
    found: list[tuple[int, int] | None] = []
    at = 0
    for text in texts:
        own = text.split()
        there = words[at : at + len(own)]
        follows = bool(own) and [word for word, _, _ in there] == own
        found.append((there[0][1], there[-1][2]) if follows else None)
        at += len(own) if follows else 0
    return found


def _standing(line: Line, words: Sequence[tuple[str, float, float]]) -> list[_Word]:
    """Return the middle of every word of a line on its page, and where it stands in the line."""
    columns = _columns(line.text, [word for word, _, _ in words])
    return [
        ((left + right) / 2, own)
        for (_, left, right), own in zip(words, columns, strict=True)
        if own is not None
    ]


def _placed(
    rows: list[list[tuple[str, Box]]],
    own: Sequence[tuple[Line, Sequence[_Word]]],
    page: int,
    first: int,
    box: Box,
) -> Table:
    """Give every cell its place; `after` is the last line that stands above the table."""
    placed = tuple(tuple(_cell(text, around, own, page) for text, around in row) for row in rows)
    above = [x.number for x, _ in own if x.box and x.box[3] <= box[1] + SAME_LINE]
    return Table(placed, max(above, default=first))


def _cell(text: str, around: Box, own: Sequence[tuple[Line, Sequence[_Word]]], page: int) -> Cell:
    """Return a cell on the first line that stands in it; with columns where it has no other."""
    inside = ((line, words) for line, words in own if line.box and holds(around, line.box))
    line, words = next(inside, (None, ())) if text else (None, ())
    if line is None:
        return Cell(text, Place(page=page, box=around))
    held = [columns for middle, columns in words if around[0] <= middle <= around[2]]
    whole = bool(held) and line.text[held[0][0] - 1 : held[-1][1]].split() == text.split()
    return Cell(text, _place(line, (held[0][0], held[-1][1]) if whole else None, around))
