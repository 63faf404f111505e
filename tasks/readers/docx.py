"""Turn a Word document into lines and tables, with heading levels from its styles.

Walks the XML itself: python-docx passes over content controls and inserted text, which the
templates of Swedish municipalities are full of. Deleted text is not read.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import docx
from docx.oxml.exceptions import XmlchemyError
from docx.oxml.ns import qn
from lxml import etree

from expectations.contract import Place
from tasks.readers.file_checks import DOCX, RefusedError
from tasks.readers.pages import Cell, Line, Pages, Table

_HEADING = re.compile(r"(?:heading|rubrik)\s*([1-6])", re.IGNORECASE)
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_TEXT, _TAB, _BREAK, _RETURN = qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr")
_NO_BREAK_HYPHEN, _BOX = qn("w:noBreakHyphen"), qn("w:txbxContent")
_PARAGRAPH, _TABLE, _ROW, _CELL = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
_MARKS = {_TAB: "\t", _BREAK: "\n", _RETURN: "\n", _NO_BREAK_HYPHEN: "-"}
_WIDEST = 63
"""Word's own limit for the columns of a table; a cell that says more is not believed."""
_PROPERTIES = (qn("w:pPr"), qn("w:rPr"))
_DAMAGED = (KeyError, ValueError, AttributeError, etree.LxmlError, XmlchemyError)
"""The ways in which python-docx says that the inside of a whole zip file is wrong (by fuzzing)."""


def docx_pages(data: bytes) -> Pages:
    """Return lines, tables and properties; raises RefusedError where the inside is damaged.

    A paragraph is one line, or several where it has line breaks. A table row is also a line, its
    cells divided by tabs, so that every cell has a line and columns. Word files have no pages.
    """
    document = opened(data)
    try:
        properties = document.core_properties
        told = {"title": properties.title or "", "keywords": properties.keywords or ""}
        return _Walk(document).pages(told)
    except _DAMAGED as error:
        raise RefusedError(DOCX, "damaged") from error


def opened(data: bytes) -> Any:
    """Return a Word document as python-docx opens it; RefusedError where it cannot."""
    try:
        return docx.Document(io.BytesIO(data))
    except (*_DAMAGED, TypeError) as error:
        raise RefusedError(DOCX, "damaged") from error


class _Walk:
    """The lines and tables gathered so far."""

    def __init__(self, document: Any) -> None:
        self.body = document.element.body
        self.levels = heading_levels(document)
        self.lines: list[Line] = []
        self.tables: list[Table] = []

    def pages(self, properties: dict[str, str]) -> Pages:
        for block in _blocks(self.body):
            if block.tag == _TABLE:
                self._table(block)
            else:
                self._paragraph(block)
        return Pages(tuple(self.lines), tuple(self.tables), properties)

    def _paragraph(self, paragraph: Any) -> None:
        level = self._heading(paragraph)
        for text in text_of(paragraph).split("\n"):
            self.lines.append(Line(text, len(self.lines) + 1, heading=level))
        for box in _boxes(paragraph):
            for block in _blocks(box):
                if block.tag == _PARAGRAPH:
                    self._paragraph(block)

    def _heading(self, paragraph: Any) -> int | None:
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        return self.levels.get(style.get(qn("w:val"))) if style is not None else None

    def _table(self, table: Any) -> None:
        after = len(self.lines)
        rows = []
        for row in _inner(table, _ROW):
            texts = []
            for cell in _inner(row, _CELL):
                texts.append("\n".join(text_of(p) for p in cell.iter(_PARAGRAPH)).strip("\n"))
                span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
                wide = int(span.get(qn("w:val"))) if span is not None else 1
                texts += [""] * (min(wide, _WIDEST) - 1)
            rows.append(self._row(texts))
        if rows:
            header = table.find(f"{_ROW}/{qn('w:trPr')}/{qn('w:tblHeader')}")
            is_bare = header is None and len(rows) > 2 and len(rows[0]) > 1  # noqa: PLR2004
            self.tables.append(Table(tuple(rows), after, is_bare=is_bare))

    def _row(self, texts: list[str]) -> tuple[Cell, ...]:
        number, start = len(self.lines) + 1, 1
        flat = [" ".join(text.split()) for text in texts]
        cells = []
        for text, shown in zip(texts, flat, strict=True):
            columns = (start, max(start, start + len(shown) - 1))
            cells.append(Cell(text, Place(line=number, columns=columns)))
            start += len(shown) + 1
        self.lines.append(Line("\t".join(flat), number))
        return tuple(cells)


def heading_levels(document: Any) -> dict[str, int | None]:
    """Return the heading level of each style by its id; None where it is no heading."""
    return {style.style_id: _level(style) for style in document.styles}


def _level(style: Any) -> int | None:
    """Return a style's heading level; a style built on a heading is one too."""
    for _ in range(10):
        if style is None:
            return None
        found = _HEADING.fullmatch(style.name or "")
        if found:
            return int(found[1])
        style = getattr(style, "base_style", None)
    return None


def _blocks(parent: Any) -> Iterator[Any]:
    """Yield paragraphs and tables in order, also those in content controls and insertions."""
    for child in parent:
        if child.tag in (_PARAGRAPH, _TABLE):
            yield child
        elif child.tag != _FALLBACK and isinstance(child.tag, str):
            yield from _blocks(child)


def _inner(parent: Any, tag: str) -> Iterator[Any]:
    """Yield the rows of a table or cells of a row, not those of a table within a cell."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins")):
            yield from _inner(child, tag)


def text_of(paragraph: Any) -> str:
    """Return the text of a paragraph or of what stands in one, with its line breaks."""
    return "".join(_pieces(paragraph))


def _pieces(element: Any) -> Iterator[str]:
    """Yield the text of a paragraph; text boxes stand apart, old programs' copies are skipped."""
    for child in element:
        if child.tag == _TEXT:
            yield child.text or ""
        elif child.tag in _MARKS:
            yield _MARKS[child.tag]
        elif isinstance(child.tag, str) and child.tag not in (_FALLBACK, _BOX, *_PROPERTIES):
            yield from _pieces(child)


def _boxes(paragraph: Any) -> Iterator[Any]:
    for box in paragraph.iter(_BOX):
        if not any(parent.tag == _FALLBACK for parent in box.iterancestors()):
            yield box
