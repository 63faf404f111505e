"""Take the files out of a zip file or an e-mail message (.eml, .msg). Runs in the sandbox.

A parcel in a parcel is opened too, so far down. Only what a board means to hand in comes out:
pictures of a signature, calendar entries and the like stay in the message, which is kept whole.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import PurePath

from tasks.readers.file_checks import MEGABYTE, OLE2, RefusedError, is_odd_entry

PARCEL = "parcel"
MOST_PARTS = 100
MOST_BYTES = 40 * MEGABYTE
DEEPEST = 3
_HEADER = re.compile(rb"\A(?:[!-9;-~]+:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n){2,}", re.DOTALL)
_LEFT_BEHIND = re.compile(
    r"(^|/)(__MACOSX/|\.|~\$|Thumbs\.db$|desktop\.ini$)|\.(p7s|asc|ics|vcf)$", re.IGNORECASE
)
_BY_CONTENT = (
    (b"%PDF-", ".pdf"),
    (b"PK\x03\x04", ".zip"),
)


@dataclass(frozen=True, slots=True)
class Part:
    """One file out of a parcel; `name` is its path there, with / between folders."""

    name: str
    data: bytes


def is_parcel(data: bytes, name: str) -> bool:
    """Say whether bytes are a zip file that is no Office document, or a message."""
    suffix = PurePath(name).suffix.lower()
    if data.startswith(b"PK"):
        return b"[Content_Types].xml" not in data and suffix not in (".xlsx", ".docx")
    if data.startswith(OLE2):
        return suffix == ".msg"
    return suffix == ".eml" and _HEADER.match(data[:65_536]) is not None


def parts_of(data: bytes, name: str) -> list[Part]:
    """Return the files in a parcel; raises RefusedError where it cannot be opened or is empty."""
    parts = list(_within(data, name, 1))
    if not parts:
        raise RefusedError(PARCEL, "nothing_inside")
    if len(parts) > MOST_PARTS or sum(len(part.data) for part in parts) > MOST_BYTES:
        limit = f"{MOST_PARTS} filer och {MOST_BYTES // MEGABYTE} MB"
        raise RefusedError(PARCEL, "too_full", limit=limit)
    return parts


def _within(data: bytes, name: str, depth: int) -> Iterator[Part]:
    for part in _opened(data, name):
        if _LEFT_BEHIND.search(part.name):
            continue
        if depth < DEEPEST and is_parcel(part.data, part.name):
            for inner in _within(part.data, part.name, depth + 1):
                yield Part(f"{part.name}/{inner.name}", inner.data)
        else:
            yield part


def _opened(data: bytes, name: str) -> Iterator[Part]:
    if data.startswith(b"PK"):
        return _in_zip(data)
    if data.startswith(OLE2):
        return _in_msg(data)
    del name
    return _in_eml(message_from_bytes(data, policy=policy.default))


def _in_zip(data: bytes) -> Iterator[Part]:
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
        entries = [entry for entry in package.infolist() if not entry.is_dir()]
        if any(entry.flag_bits & 1 for entry in entries):
            raise RefusedError(PARCEL, "encrypted")
        total = sum(entry.file_size for entry in entries)
        if total > MOST_BYTES or any(is_odd_entry(entry) for entry in entries):
            raise RefusedError(PARCEL, "packed")
        for entry in entries:
            with package.open(entry) as file:
                yield Part(entry.filename, file.read(entry.file_size + 1))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError):
        raise RefusedError(PARCEL, "damaged") from None


def _in_eml(message: EmailMessage) -> Iterator[Part]:
    for number, part in enumerate(message.walk(), start=1):
        if part.is_multipart() and part.get_content_type() != "message/rfc822":
            continue
        inline = part.get_content_maintype() == "image" and part["Content-ID"] is not None
        name = part.get_filename()
        if inline or (name is None and part.get_content_disposition() != "attachment"):
            continue
        data = part.get_payload(decode=True)
        if isinstance(data, bytes):
            yield Part(_plain(name or f"bilaga {number}", data), data)


def _in_msg(data: bytes) -> Iterator[Part]:
    """Yield the attachments of a message as Outlook saves it: storages and properties in OLE2."""
    from olefile import OleFileIO  # noqa: PLC0415 - only where such a message comes

    try:
        with OleFileIO(io.BytesIO(data)) as file:
            streams = {tuple(path) for path in file.listdir(storages=False)}
            read = {place: file.openstream(list(place)).read for place in streams}
            yield from _attached(read, (), 1)
    except (OSError, ValueError, IndexError, TypeError, struct.error):
        raise RefusedError(PARCEL, "damaged") from None


def _attached(
    read: Mapping[tuple[str, ...], Callable[[], bytes]], within: tuple[str, ...], depth: int
) -> Iterator[Part]:
    """Yield what a message holds, and what a message attached to it holds under its name."""
    below = {p[len(within)] for p in read if len(p) > len(within) and p[: len(within)] == within}
    for number, storage in enumerate(sorted(n for n in below if n.startswith(_ATTACHED)), start=1):
        place = (*within, storage)
        words = {
            tag: read[found]().decode(encoding, errors="replace").rstrip("\0")
            for tag in (*_NAMES, _CONTENT_ID, _MIME)
            for kind, encoding in (("001E", "cp1252"), ("001F", "utf-16-le"))
            if (found := (*place, f"__substg1.0_{tag}{kind}")) in read
        }
        name = next((words[tag] for tag in _NAMES if words.get(tag)), f"bilaga {number}")
        inner = (*place, "__substg1.0_3701000D")
        content = read.get((*place, "__substg1.0_37010102"))
        if any(path[: len(inner)] == inner for path in read) and depth < DEEPEST:
            for part in _attached(read, inner, depth + 1):
                yield Part(f"{_plain(name, b'')}/{part.name}", part.data)
        elif content is not None and not _is_inline(words, name):
            data = content()
            yield Part(_plain(name, data), data)


_ATTACHED = "__attach_version1.0_#"
_NAMES = ("3707", "3704", "3001")
"""Properties of an attachment that name it: its long name, its short one, what it is shown as."""
_CONTENT_ID, _MIME = "3712", "370E"


def _is_inline(words: Mapping[str, str], name: str) -> bool:
    """Say whether it is a picture in the text, as of a signature."""
    is_picture = words.get(_MIME, "").startswith("image/") or name.lower().endswith(_PICTURES)
    return is_picture and bool(words.get(_CONTENT_ID))


_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".emz", ".wmz")


def _plain(name: str, data: bytes) -> str:
    """Return a file's name without a path, and with the ending its content has if it has none."""
    own = re.split(r"[/\\]", name)[-1].strip() or "bilaga"
    if PurePath(own).suffix:
        return own
    return own + next((suffix for start, suffix in _BY_CONTENT if data.startswith(start)), "")
