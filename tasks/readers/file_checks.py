"""Look at a foreign file's raw bytes before any library opens it, and say why it is refused.

The kind is told by content, never by name; a name that says another kind is a refusal. Runs in
the sandbox: what a check cannot bear is caught by the limits there.
"""

from __future__ import annotations

import io
import lzma
import re
import tomllib
import zipfile
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import PurePath
from typing import Any

from expectations.contract import Fault
from expectations.form_layout import FORMS

WORKBOOK, DOCX, PDF = "workbook", "docx", "pdf"
JSON, TEXT, UNKNOWN = "json", "text", "unknown"
MEGABYTE = 1_000_000
LARGEST = {
    WORKBOOK: 25 * MEGABYTE,
    DOCX: 25 * MEGABYTE,
    PDF: 30 * MEGABYTE,
    JSON: 5 * MEGABYTE,
    TEXT: 5 * MEGABYTE,
    UNKNOWN: 30 * MEGABYTE,
}
MOST_ENTRIES = 1_000
MOST_UNPACKED = 200 * MEGABYTE
HIGHEST_RATIO = 100
LAST_ROW = 200_000
LAST_COLUMN = 512
MOST_CELLS = 2_000_000
LONGEST_STRINGS = 50 * MEGABYTE
_BROKEN_PACKING = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError)
_LINK, _FILE_TYPE = 0o120000, 0o170000

_KIND_OF_NAME = dict.fromkeys((".xlsx", ".xlsm", ".xlsb", ".xls"), WORKBOOK)
_KIND_OF_NAME |= dict.fromkeys((".docx", ".docm", ".doc"), DOCX)
_KIND_OF_NAME |= {".pdf": PDF, ".json": JSON, ".txt": TEXT}
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13})


class RefusedError(Exception):
    """A file that is not read: the board's mistake, carried as the fault that explains it."""

    def __init__(self, kind: str, code: str, **seen: str) -> None:
        """Keep the fault; `code` stands in forms/refusals.toml, `seen` fills its words."""
        super().__init__(code)
        self.fault = file_fault(kind, code, **seen)


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads((FORMS / "refusals.toml").read_text(encoding="utf-8"))


def file_fault(kind: str, code: str, **seen: str) -> Fault:
    """Return the fault (A-FILE) of a file that is not read, with Swedish words."""
    words = _words()
    form = words["formats"][kind]
    fault = words["faults"][code]
    values = {
        "fel": code,
        "format": form,
        "orsak": fault["cause"].format(format=form, **seen),
        "råd": fault["advice"].format(format=form, **seen),
    }
    return Fault("A-FILE", values=values)


def expected_in_words(expected: str) -> str:
    """Return in Swedish what the contract asked for where JSON broke it."""
    words = _words()["expected"]
    if expected.startswith("only "):
        return f"{words['only']} {expected.removeprefix('only ')}"
    return str(words.get(expected, expected))


def media_type(kind: str) -> str:
    """Return the media type of a kind of file."""
    return str(_words()["media_types"][kind])


def kind_named(name: str) -> str | None:
    """Return the kind that a file's name says, or None."""
    return _KIND_OF_NAME.get(PurePath(name).suffix.lower())


def kind_of(data: bytes, name: str) -> str:
    """Return what the content is: workbook, docx, pdf, json, text or unknown."""
    if data.startswith(b"PK"):
        return _kind_of_zip(data)
    if data.startswith(b"%PDF-"):
        return PDF
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((OLE2, b"{\\rtf")) or _is_binary(data):
        return UNKNOWN
    if start.startswith(b"{") or (start.startswith(b"[") and kind_named(name) == JSON):
        return JSON
    return TEXT


def _is_binary(data: bytes) -> bool:
    """Say whether bytes hold control characters that no text has; UTF-16 has them too."""
    return any(byte in _CONTROLS for byte in data[:65_536])


def _names_in_zip(data: bytes) -> set[str]:
    """Return the names of the parts of a zip file; none of one that lists them wrongly."""
    try:
        return set(zipfile.ZipFile(io.BytesIO(data)).namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return set()  # it is then of no known kind, and is refused as that


def _kind_of_zip(data: bytes) -> str:
    names = _names_in_zip(data)
    if names & {"xl/workbook.xml", "xl/workbook.bin"}:
        return WORKBOOK
    return DOCX if "word/document.xml" in names else UNKNOWN


def _saved_by(data: bytes) -> str | None:
    """Return whose own format a file has that can be exported to one that is read, or None."""
    names = _names_in_zip(data)
    if "mimetype" in names and "content.xml" in names:
        return "opendocument"
    return "iwork" if any(name.endswith(".iwa") for name in names) else None


def check_file(data: bytes, name: str) -> str:
    """Return the kind of a file that may be opened; raises RefusedError."""
    said = kind_named(name)
    kind = kind_of(data, name)
    shown = said or kind
    if not data.strip(b"\x00\t\r\n "):
        raise RefusedError(shown, "empty")
    if len(data) > LARGEST[shown]:
        limit, found = f"{LARGEST[shown] // MEGABYTE} MB", f"{len(data) // MEGABYTE} MB"
        raise RefusedError(shown, "too_large", found=found, limit=limit)
    if data.startswith(OLE2):
        raise RefusedError(shown, "encrypted" if _ENCRYPTED_PACKAGE in data else "old_format")
    if kind == UNKNOWN:
        if program := _saved_by(data):
            raise RefusedError(UNKNOWN, program)
        whole = data.startswith((b"PK", b"%PDF-")) and said in (WORKBOOK, DOCX, PDF)
        raise RefusedError(shown, "damaged" if whole else "unknown_kind")
    if said is None and kind == TEXT and PurePath(name).suffix:
        raise RefusedError(UNKNOWN, "unknown_kind")
    if said not in (None, kind) and (kind, said) != (JSON, TEXT):
        raise RefusedError(shown, "other_kind", found=_words()["formats"][kind])
    if kind in (WORKBOOK, DOCX):
        _check_package(data, kind)
    elif kind == PDF:
        from tasks.readers.pdf_checks import check_pdf  # noqa: PLC0415 - only a PDF needs pikepdf

        check_pdf(data)
    return kind


_REFUSED_PARTS = (
    ("macros", re.compile(r"vbaProject|vbaData|activeX/|workbook\.bin$", re.IGNORECASE)),
    ("external", re.compile(r"externalLinks/|xl/connections\.xml|queryTables/", re.IGNORECASE)),
    ("embedded", re.compile(r"oleObject|xl/embeddings/|\.(zip|exe|js|vbs)$", re.IGNORECASE)),
)


def _check_package(data: bytes, kind: str) -> None:
    """Check an Office file: its list of parts first, then every part while it is unpacked."""
    package = zipfile.ZipFile(io.BytesIO(data))
    entries = package.infolist()
    names = [entry.filename for entry in entries]
    for code, pattern in _REFUSED_PARTS:
        if any(pattern.search(name) for name in names):
            raise RefusedError(kind, code)
    if len(entries) > MOST_ENTRIES or len(set(names)) < len(names):
        raise RefusedError(kind, "packed")
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise RefusedError(kind, "packed")
    for entry in entries:
        if entry.flag_bits & 1:
            raise RefusedError(kind, "encrypted")
        if is_odd_entry(entry):
            raise RefusedError(kind, "packed")
    cells = 0
    for entry in entries:
        cells += _check_part(package, entry, kind)
    if cells > MOST_CELLS:
        raise RefusedError(kind, "spread", limit="två miljoner")


def is_odd_entry(entry: zipfile.ZipInfo) -> bool:
    """Say whether an entry is packed as no office program does: names, links, ratios."""
    name = entry.orig_filename
    is_link = (entry.external_attr >> 16) & _FILE_TYPE == _LINK
    bomb = entry.file_size > MEGABYTE and entry.file_size > HIGHEST_RATIO * entry.compress_size
    outside = name.startswith(("/", "\\")) or "\\" in name or ".." in name.split("/")
    return is_link or bomb or outside or "\x00" in name


def _check_part(package: zipfile.ZipFile, entry: zipfile.ZipInfo, kind: str) -> int:
    """Unpack one part in pieces and look at it; return its number of cells."""
    is_xml = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
    is_sheet = entry.filename.startswith("xl/worksheets/") and is_xml
    if entry.filename == "xl/sharedStrings.xml" and entry.file_size > LONGEST_STRINGS:
        raise RefusedError(kind, "packed")
    cells = 0
    try:
        for piece, fresh in _pieces(package, entry):
            if is_xml:
                _check_xml(piece, kind, entry.filename)
            if is_sheet:
                cells += _cells_in(piece, fresh, kind)
    except (*_BROKEN_PACKING, ValueError, NotImplementedError) as error:
        raise RefusedError(kind, "damaged") from error
    return cells


def _pieces(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[tuple[bytes, int]]:
    """Yield a part in pieces, each with the last 64 bytes of the one before, and what is new."""
    tail = b""
    with package.open(entry) as part:
        while piece := part.read(262_144):
            yield tail + piece, len(tail)
            tail = (tail + piece)[-64:]


_UNSAFE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_DDE = re.compile(rb"<\w*:?instrText[^>]*>\s*DDE(AUTO)?\b|ddeLink|<\w*:?oleLink", re.IGNORECASE)
_MACRO_TYPE = re.compile(rb"macroEnabled|vbaProject", re.IGNORECASE)
_ADDRESS = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,9})(\d{1,40})["']""")


def _check_xml(piece: bytes, kind: str, name: str) -> None:
    """Refuse entities, also where UTF-16 hides them, macros by type, and links to other data."""
    if _DDE.search(piece):
        raise RefusedError(kind, "external")
    if name == "[Content_Types].xml" and _MACRO_TYPE.search(piece):
        raise RefusedError(kind, "macros")
    if b"\x00" in piece or _UNSAFE.search(piece):
        raise RefusedError(kind, "unsafe_xml")


def _cells_in(piece: bytes, fresh: int, kind: str) -> int:
    """Count the cells that end in the new bytes; an address far outside is a refusal."""
    count = 0
    for found in _ADDRESS.finditer(piece):
        if found.end() <= fresh:
            continue
        letters, row = found.groups()
        if int(row) > LAST_ROW or _column_number(letters) > LAST_COLUMN:
            raise RefusedError(kind, "spread", limit="två miljoner")
        count += bool(letters)
    return count


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
