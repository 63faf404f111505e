"""Turn a plain text file into lines with places and the tables that its columns show.

Form feeds are page marks.
"""

from __future__ import annotations

from tasks.readers.aligned import aligned_tables
from tasks.readers.aligned_pieces import text_rows
from tasks.readers.aligned_words import word_tables
from tasks.readers.column_blocks import column_tables
from tasks.readers.line_spacing import unspaced
from tasks.readers.pages import Line, Pages

_FALLBACK = "cp1252"
"""What Swedish Windows programs write when they do not write UTF-8."""


def text_pages(data: bytes) -> Pages:
    """Return the lines of a text; `properties["encoding"]` says how its bytes were understood."""
    encoding = "utf-8"
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        encoding = _FALLBACK
        text = data.decode(_FALLBACK, errors="replace")
    has_pages = "\f" in text
    page = 1
    lines = []
    for number, raw in enumerate(text.split("\n"), start=1):
        page += raw.count("\f") if raw.startswith("\f") else 0
        # A form feed is one column like any other: columns count what stands in the file.
        shown = raw.rstrip("\r").replace("\f", " ")
        lines.append(Line(shown, number, page=page if has_pages else None))
        page += 0 if raw.startswith("\f") else raw.count("\f")
    if lines and not lines[-1].text:
        lines.pop()
    rows = text_rows(lines)
    found = (*aligned_tables(rows), *word_tables(rows), *column_tables(lines))
    tables = sorted(found, key=lambda table: table.after)
    return Pages(unspaced(lines), tuple(tables), {"encoding": encoding})
