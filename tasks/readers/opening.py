"""Which reader opens which kind of file. Runs in the sandbox, after the checks on raw bytes.

Every reader is imported when its kind of file comes: a workbook should not wait for a PDF library.
A server that reads many files imports them all first (`import_readers`).
"""
# ruff: noqa: PLC0415 - the lazy imports are what this module is for

from __future__ import annotations

import sys
from importlib import import_module

from expectations.contract import Reading
from expectations.form_layout import load_layouts
from expectations.registers import City
from tasks.readers.file_checks import WORKBOOK, RefusedError
from tasks.readers.pages import Pages

_WRONG_INSIDE = (
    *(LookupError, ArithmeticError, ValueError, TypeError, AttributeError),
    *(OSError, SyntaxError),
)
"""All the ways in which openpyxl says that the inside of a whole zip file is wrong."""

_READERS = (
    *("openpyxl", "pikepdf", "tasks.readers.docx", "tasks.readers.json_document"),
    *("tasks.readers.normalising", "tasks.readers.pdf", "tasks.readers.pictures"),
    *("tasks.readers.prose", "tasks.readers.running", "tasks.readers.sandbox"),
    *("tasks.readers.template", "tasks.readers.text", "tasks.readers.unseen"),
    "tasks.readers.workbook",
)


def import_readers() -> None:
    """Import every reader and the library that it stands on, and read the words that they need."""
    # openpyxl takes numpy where it finds it: 100 MB and 0.1 s for nothing that we use.
    sys.modules["numpy"] = None  # type: ignore[assignment] # None is how an import is refused
    for name in _READERS:
        import_module(name)
    load_layouts()


def open_as(kind: str, data: bytes, *, name: str, city: City | None) -> Reading:
    """Return what a checked file says; raises RefusedError where it cannot be read after all.

    A personal number anywhere in it is told, also where nothing else is read.
    """
    from tasks.readers.unseen import packed_texts, with_number_told

    if kind == "workbook":
        return with_number_told(_workbook(data, city), packed_texts(data))
    if kind == "json":
        from tasks.readers.json_document import read_json

        return with_number_told(read_json(data), [data.decode("utf-8", "replace")])
    packed = packed_texts(data) if kind == "docx" else []
    if kind == "docx":
        from tasks.readers.prose import read_prose

        reading = read_prose(data, city, load_layouts())
        if reading is not None:
            return with_number_told(reading, packed)
    pages = as_pages(kind, data)
    reading = _pages(pages, kind, name, city)
    return with_number_told(reading, [*packed, *(line.text for line in pages.lines)])


def document_lines(kind: str, data: bytes) -> list[tuple[int, str, int | None]]:
    """Return (number, text, page) of every line as the readers see it; none of a workbook."""
    if kind not in ("docx", "pdf", "text"):
        return []
    from tasks.readers.normalising import normalised

    pages, _ = normalised(as_pages(kind, data))
    return [(line.number, line.text, line.page) for line in pages.lines]


def _workbook(data: bytes, city: City | None) -> Reading:
    import openpyxl

    from tasks.readers.workbook import read_workbook

    if not openpyxl.DEFUSEDXML:
        message = "defusedxml is not installed: openpyxl would expand entities without end"
        raise RuntimeError(message)
    try:
        return read_workbook(data, city=city, layouts=load_layouts())
    except _WRONG_INSIDE as error:
        raise RefusedError(WORKBOOK, "damaged") from error


def as_pages(kind: str, data: bytes) -> Pages:
    """Return a running document as lines and tables."""
    if kind == "docx":
        from tasks.readers.docx import docx_pages

        return docx_pages(data)
    if kind == "pdf":
        from tasks.readers.pdf import pdf_pages

        return pdf_pages(data)
    from tasks.readers.text import text_pages

    return text_pages(data)


def _pages(pages: Pages, kind: str, name: str, city: City | None) -> Reading:
    """Read our own template where the mark says so, else the document as a free one."""
    if not any(line.text.strip() for line in pages.lines):
        raise RefusedError(kind, "no_text")
    from tasks.readers.normalising import normalised
    from tasks.readers.template import read_template

    reading = read_template(normalised(pages)[0], city, load_layouts())
    if reading is not None and reading.document.form_part == "prose":
        # Its places are known by what only the Word file holds.
        raise RefusedError(kind, "prose_elsewhere")
    if reading is not None:
        return reading
    from tasks.readers.running import read_pages

    return read_pages(pages, city=city, name=name)
