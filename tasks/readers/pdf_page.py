"""One page of a PDF: its lines as they are set, and its ruled tables."""

from __future__ import annotations

from typing import Any

from tasks.readers.file_checks import MEGABYTE, PDF, RefusedError
from tasks.readers.page_columns import in_columns
from tasks.readers.pdf_headings import SetLine
from tasks.readers.pdf_lines import Box, face_of, grouped, line_of, pieces_of
from tasks.readers.pdf_ruled import is_table, table_of

MOST_TEXT = 2 * MEGABYTE


class Page:
    """One page's lines and tables, before lines are numbered over the whole file."""

    def __init__(self, page: Any) -> None:
        """Read a page; raises RefusedError where it holds more text than any report has."""
        self.number: int = page.page_number
        words = page.extract_words(extra_attrs=["size", "fontname"], x_tolerance=1.5)
        if sum(len(word["text"]) for word in words) > MOST_TEXT:
            raise RefusedError(PDF, "packed")
        self.tables: list[tuple[Box, list[list[tuple[str, Box]]]]] = []
        # Looking for tables is what costs: a page without rules has none.
        if len(page.rects) + len(page.lines) + len(page.curves) > 1:
            self.tables = [table_of(table) for table in page.find_tables()]
            self.tables = [table for table in self.tables if is_table(table[1])]
        rows = list(grouped(words))
        barred = [any(holds(t, line_of(row)[2]) for t, _ in self.tables) for row in rows]
        lines = list(in_columns(rows, barred))
        self.lines = [line_of(line) for line in lines]
        self.faces = [face_of(line) for line in lines]
        self.pieces = [pieces_of(line) for line in lines]
        self.words = [[(w["text"], w["x0"], w["x1"]) for w in line] for line in lines]
        page.close()

    def as_set(self) -> list[SetLine]:
        """Return the page's lines as they are set, for telling its headings."""
        return [
            SetLine(text, size, box, face, len(parts), any(holds(t, box) for t, _ in self.tables))
            for (text, size, box), face, parts in zip(
                self.lines, self.faces, self.pieces, strict=True
            )
        ]


def holds(around: Box, box: Box) -> bool:
    """Say whether the middle of a line stands within a rectangle."""
    middle = (box[1] + box[3]) / 2
    return around[1] <= middle <= around[3] and box[0] < around[2] and box[2] > around[0]
