"""Tables that rules or shades draw on a page of a PDF, with the rectangle of every cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pdfplumber.utils.text import extract_words

from tasks.readers.aligned_pieces import is_value
from tasks.readers.pdf_lines import SAME_LINE, Box, grouped, rounded

_FEWEST_STRIPED = 3
"""Columns that a table whose every other row is shaded has at least."""
_PADDING = 9.0
"""Points from a cell's edge within which its words begin."""


def is_table(rows: list[list[tuple[str, Box]]]) -> bool:
    """Say whether a grid of rules is a table: one shaded row is none, nor is a frame."""
    return len(rows) > 1 and len(rows[0]) > 1


def table_of(table: Any) -> tuple[Box, list[list[tuple[str, Box]]]]:
    """Return a table's rectangle and its rows of cells, each with its text and rectangle."""
    rows = []
    whole = next((row for row in table.rows if all(row.cells)), None)
    for row, texts in zip(table.rows, table.extract(x_tolerance=1.5), strict=True):
        boxes = [rounded(box or row.bbox) for box in row.cells]
        own = [(text or "", box) for text, box in zip(texts, boxes, strict=True)]
        apart = _between_shades(table, row, whole)
        # nothing but its own words: a cell over all columns may reach into the next row
        same = sorted(" ".join(t for t, _ in apart).split()) == sorted(own[0][0].split())
        rows.append(apart if apart and same else own)
    return rounded(table.bbox), rows


def _between_shades(table: Any, row: Any, whole: Any) -> list[tuple[str, Box]]:
    """Return the cells of a row between two shaded rows, by the edges of a whole row.

    Without lines of its own it is one cell over all columns. Nothing where a word stands over an
    edge, or where what stands behind the label are neither values nor columns of words.
    """
    one = row.cells[0] if row.cells else None
    if whole is None or one is None or any(row.cells[1:]) or len(row.cells) < _FEWEST_STRIPED:
        return []
    if abs(one[2] - table.bbox[2]) > SAME_LINE:
        return []
    boxes = [rounded((cell[0], one[1], cell[2], one[3])) for cell in whole.cells]
    # by their middles: letters of the row below may reach into this one
    letters = [x for x in table.page.chars if _has_middle(one, x)]
    words = extract_words(letters, x_tolerance=1.5)
    if not all(any(b[0] - 1 <= w["x0"] and w["x1"] <= b[2] + 1 for b in boxes) for w in words):
        return []
    held = [[w for w in words if b[0] - 1 <= w["x0"] and w["x1"] <= b[2] + 1] for b in boxes]
    texts = ["\n".join(" ".join(x["text"] for x in row) for row in grouped(own)) for own in held]
    filled = [text for text in texts[1:] if text.strip()]
    valued = len(filled) * 2 >= len(texts) and all(is_value(text) for text in filled)
    cells = valued or (len(filled) == len(texts) - 1 and _begin_alike(held, boxes))
    return list(zip(texts, boxes, strict=True)) if texts[0].strip() and cells else []


def _begin_alike(held: Sequence[Sequence[Any]], boxes: Sequence[Box]) -> bool:
    """Say whether the lines of every cell begin at one place near its edge: words in columns."""
    starts = [[row[0]["x0"] for row in grouped(list(own))] for own in held]
    return all(
        max(own) - min(own) < SAME_LINE and own[0] - box[0] < _PADDING
        for own, box in zip(starts, boxes, strict=True)
    )


def _has_middle(box: Box, char: Mapping[str, Any]) -> bool:
    """Say whether the middle of a letter stands in a box: its edge may reach over the box's."""
    across, down = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return bool(box[0] <= across < box[2] and box[1] <= down < box[3])
