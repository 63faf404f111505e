"""Originals by their hash, and the journal of what happened, in a folder or an S3 bucket.

Both are written before the database and are the source of truth: the warehouse can be rebuilt
from them. An original is never overwritten; a journal record is never changed, and carries the
hash of the one before it, so that a change, a removal or a new order shows.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

ORIGIN = "0" * 64
"""The hash that the first record of a journal names as the one before it."""


class StoreError(Exception):
    """The store does not hold what it should; says which record or original."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of the journal; `content` holds ids, hashes and times, never names of people."""

    number: int
    act: str
    at: str
    content: dict[str, Any]
    before: str
    digest: str


class Store(Protocol):
    """Where originals and the journal are kept."""

    def keep(self, data: bytes) -> str:
        """Keep an original and return its SHA-256; the same bytes are kept once."""
        ...

    def original(self, sha256: str) -> bytes:
        """Return an original; StoreError where it is gone or changed."""
        ...

    def write(self, act: str, at: datetime, content: dict[str, Any]) -> Entry:
        """Append one record to the journal and return it."""
        ...

    def journal(self) -> list[Entry]:
        """Return every record in order; StoreError names the first that does not hold."""
        ...


def open_store(uri: str) -> Store:
    """Return the store at a folder or `s3://bucket/prefix`."""
    parts = urlsplit(uri)
    if parts.scheme == "s3":
        from warehouse.s3 import BucketStore  # noqa: PLC0415 - boto3 only where it is used

        return BucketStore(parts.netloc, parts.path.strip("/"))
    return FolderStore(Path(uri))


class FolderStore:
    """A store in a folder: `originals/ab/abcd…` and `journal.jsonl`."""

    def __init__(self, root: Path) -> None:
        """Make the folders where they are missing."""
        self.root = root
        self.file = root / "journal.jsonl"
        (root / "originals").mkdir(parents=True, exist_ok=True)

    def keep(self, data: bytes) -> str:
        """Write beside, flush to disk, then rename: a killed process leaves no half original."""
        sha256 = hashlib.sha256(data).hexdigest()
        path = self._path(sha256)
        if path.exists():
            return sha256
        path.parent.mkdir(exist_ok=True)
        beside = path.with_suffix(f".{os.getpid()}.part")
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(0o444)
        beside.replace(path)
        _flush_folder(path.parent)
        return sha256

    def original(self, sha256: str) -> bytes:
        """Return the bytes, held against their hash."""
        path = self._path(sha256)
        if not path.exists():
            raise StoreError(f"original {sha256} is missing")
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise StoreError(f"original {sha256} has been changed")
        return data

    def write(self, act: str, at: datetime, content: dict[str, Any]) -> Entry:
        """Append under a lock, so that two processes never number alike."""
        with self._locked() as known:
            last = known[-1] if known else None
            entry = _entry(last, act, at, content)
            with self.file.open("ab") as file:
                file.write(_line(entry))
                file.flush()
                os.fsync(file.fileno())
        return entry

    def journal(self) -> list[Entry]:
        """Return the checked records."""
        return checked_entries(self.file.read_bytes()) if self.file.exists() else []

    @contextmanager
    def _locked(self) -> Iterator[list[Entry]]:
        with (self.root / "journal.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield self.journal()

    def _path(self, sha256: str) -> Path:
        return self.root / "originals" / sha256[:2] / sha256


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _entry(last: Entry | None, act: str, at: datetime, content: dict[str, Any]) -> Entry:
    number = last.number + 1 if last else 1
    before = last.digest if last else ORIGIN
    moment = at.isoformat()
    return Entry(
        number, act, moment, content, before, _digest(number, act, moment, content, before)
    )


def _digest(number: int, act: str, at: str, content: dict[str, Any], before: str) -> str:
    parts = json.dumps([number, act, at, content, before], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(parts.encode()).hexdigest()


def _line(entry: Entry) -> bytes:
    record = {
        "number": entry.number,
        "act": entry.act,
        "at": entry.at,
        "content": entry.content,
        "before": entry.before,
        "digest": entry.digest,
    }
    return json.dumps(record, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def checked_entries(data: bytes) -> list[Entry]:
    """Return the records of a journal's bytes; StoreError names the first that does not hold."""
    entries: list[Entry] = []
    for number, line in enumerate(data.split(b"\n")[:-1] if data else [], start=1):
        try:
            entry = Entry(**json.loads(line))
        except (ValueError, TypeError):
            raise StoreError(f"journal record {number} cannot be read") from None
        before = entries[-1].digest if entries else ORIGIN
        right = _digest(entry.number, entry.act, entry.at, entry.content, entry.before)
        if entry.number != number or entry.before != before or entry.digest != right:
            raise StoreError(f"journal record {number} has been changed, moved or put in")
        entries.append(entry)
    if data and not data.endswith(b"\n"):
        raise StoreError(f"journal record {len(entries) + 1} is torn off")
    return entries


def entry_line(entry: Entry) -> bytes:
    """Return one record as it is kept."""
    return _line(entry)


def next_entry(last: Entry | None, act: str, at: datetime, content: dict[str, Any]) -> Entry:
    """Return the record that follows `last`."""
    return _entry(last, act, at, content)
