"""What makes a PDF unsafe to read: scripts, attachments, encryption, length, packed streams.

Everything is looked at as objects; nothing is drawn and no reference to another file is followed.
A stream is unpacked no further than its limit: a few kilobytes can hold gigabytes.
"""

from __future__ import annotations

import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pikepdf

from tasks.readers.file_checks import MEGABYTE, PDF, RefusedError

MOST_PAGES = 500
LARGEST_STREAM = 12 * MEGABYTE
"""Unpacked, pictures aside: a page of a report has some tens of kilobytes of drawing."""
MOST_STREAMS = 60 * MEGABYTE
LARGEST_OLD = MEGABYTE // 4
"""Packed in the old ways (LZW, run lengths), which are unpacked slowly and seldom seen."""
MOST_DRAWN = 20_000
"""Forms that one form draws, those inside it too: ten in ten in ten soon are millions."""
_DEEPEST = 50
_DRAWS = re.compile(rb"/([^\s/<>\[\]()]+)\s+Do\b")
_OLD = ("/LZWDecode", "/LZW", "/RunLengthDecode", "/RL")
_DEFLATED = ("/FlateDecode", "/Fl")


def check_pdf(data: bytes) -> None:
    """Refuse a PDF that is encrypted, damaged, active, too long or packed too tight."""
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            if document.is_encrypted:
                raise RefusedError(PDF, "encrypted")
            if len(document.pages) > MOST_PAGES:
                found, limit = str(len(document.pages)), str(MOST_PAGES)
                raise RefusedError(PDF, "too_many_pages", found=found, limit=limit)
            _check_objects(document)
    except pikepdf.PasswordError as error:
        raise RefusedError(PDF, "encrypted") from error
    except pikepdf.PdfError as error:
        raise RefusedError(PDF, "damaged") from error


def _check_objects(document: Any) -> None:
    unpacked = 0
    for item in document.objects:
        for entry in _dictionaries(item, 0):
            _check_entry(entry)
        if isinstance(item, pikepdf.Stream):
            unpacked += _unpacked(item)
            if unpacked > MOST_STREAMS:
                raise RefusedError(PDF, "packed")
    forms = [item for item in document.objects if _is_form(item)]
    known: dict[tuple[int, int], int] = {}
    for form in forms:
        if _drawn(form, known, 0) > MOST_DRAWN:
            raise RefusedError(PDF, "packed")


def _is_form(item: Any) -> bool:
    return isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Form"


def _drawn(form: Any, known: dict[tuple[int, int], int], depth: int) -> int:
    """Return how many forms a form draws, itself and those inside it; a circle is too many."""
    if depth > _DEEPEST:
        return MOST_DRAWN + 1
    if form.objgen not in known:
        known[form.objgen] = MOST_DRAWN + 1  # what it is while it is being counted: a circle
        inner = form.get("/Resources", {}).get("/XObject", {})
        drawn = Counter(_DRAWS.findall(form.read_bytes()))
        within = ((inner.get(f"/{name.decode('latin-1')}"), n) for name, n in drawn.items())
        known[form.objgen] = 1 + sum(
            n * _drawn(one, known, depth + 1) for one, n in within if _is_form(one)
        )
    return known[form.objgen]


def _check_entry(entry: Any) -> None:
    """Refuse scripts, commands and attachments anywhere in a PDF, nested ones as well."""
    action, subtype = entry.get("/S"), entry.get("/Subtype")
    active = action in ("/JavaScript", "/Launch", "/ImportData") or subtype == "/RichMedia"
    if active or "/JS" in entry or "/XFA" in entry:
        raise RefusedError(PDF, "active")
    if entry.get("/Type") == "/EmbeddedFile" or "/EF" in entry:
        raise RefusedError(PDF, "embedded")


def _dictionaries(item: Any, depth: int) -> Iterator[Any]:
    """Yield the dictionaries of one object; references are visited as objects of their own."""
    if depth > 32 or (depth and item.is_indirect):  # noqa: PLR2004 - as deep as JSON may be
        return
    if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        yield item
        values = [value for _, value in item.items()]
    else:
        values = list(item) if isinstance(item, pikepdf.Array) else []
    for value in values:
        if isinstance(value, pikepdf.Dictionary | pikepdf.Array | pikepdf.Stream):
            yield from _dictionaries(value, depth + 1)


def _unpacked(stream: Any) -> int:
    """Return how large a stream is unpacked; refuse one that is too large, or packed twice."""
    if stream.get("/Subtype") == "/Image":
        return 0  # no reader unpacks pictures
    named = stream.get("/Filter")
    filters = [str(one) for one in (named if isinstance(named, pikepdf.Array) else [named])]
    packing = [one for one in filters if one in (*_DEFLATED, *_OLD)]
    raw = stream.read_raw_bytes()
    if len(packing) > 1 or (packing and packing[0] in _OLD and len(raw) > LARGEST_OLD):
        raise RefusedError(PDF, "packed")
    # behind letters (ASCII85, hex) the packed bytes are not at hand: they are as many at most
    if packing and filters[0] in _DEFLATED:
        return _inflated(raw)
    if packing and len(raw) > LARGEST_OLD:
        raise RefusedError(PDF, "packed")
    return len(raw)


def _inflated(raw: bytes) -> int:
    unpacker = zlib.decompressobj()
    try:
        size = len(unpacker.decompress(raw, LARGEST_STREAM + 1))
    except zlib.error:
        return len(raw)  # the reader says what is damaged
    if size > LARGEST_STREAM:
        raise RefusedError(PDF, "packed")
    return size
