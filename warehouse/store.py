"""Originals by their hash, and the journal of what happened, in a folder or an S3 bucket.

Both are written before the database and are the source of truth: the warehouse can be rebuilt
from them. An original is never overwritten, a journal record never changed.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any, Protocol, TypeAlias
from urllib.parse import urlsplit

from warehouse.journal import (
    TORN,
    Entry,
    StoreError,
    checked_entries,
    entry_line,
    next_entry,
    split_torn,
)

__all__ = ["Entry", "FolderStore", "Store", "StoreError", "open_store"]

Make: TypeAlias = Callable[[Sequence[Entry]], dict[str, Any] | None]
"""Makes a record's content from the journal as it is; None where there is nothing to write."""


class Store(Protocol):
    """Where originals and the journal are kept."""

    def keep(self, data: bytes) -> str:
        """Keep an original and return its SHA-256; the same bytes are kept once."""
        ...

    def original(self, sha256: str) -> bytes:
        """Return an original; StoreError where it is gone or changed."""
        ...

    def discard(self, sha256: str) -> bool:
        """Remove an original under a recorded decision; say whether it lay there."""
        ...

    def write(self, act: str, at: datetime, make: Make) -> Entry | None:
        """Append what `make` gives, with nobody else writing between its look and the record."""
        ...

    def journal(self) -> list[Entry]:
        """Return every record in order; StoreError names the first that does not hold."""
        ...

    def originals(self) -> list[str]:
        """Return the SHA-256 of every original that lies there, in order."""
        ...

    def put_back(self, entries: Sequence[Entry]) -> None:
        """Put the records of a backup into an empty journal, as they were."""
        ...

    def keep_name(self, person_id: str, data: bytes) -> None:
        """Keep a person's name beside the chain; kept once."""
        ...

    def names(self) -> dict[str, bytes]:
        """Return every name that is kept, by the person's id."""
        ...

    def forget_name(self, person_id: str) -> bool:
        """Remove a name under a recorded decision; say whether it lay there."""
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
        self._known: list[Entry] = []
        self._read_to = 0
        self._reading = Lock()  # steps run side by side share one store

    def keep(self, data: bytes) -> str:
        """Write beside, flush to disk, then rename: a killed process leaves no half original."""
        sha256 = hashlib.sha256(data).hexdigest()
        path = self._path(sha256)
        if not path.exists():
            _put(path, data)
        return sha256

    def original(self, sha256: str) -> bytes:
        """Return the bytes, held against their hash."""
        path = self._path(sha256)
        if not path.exists():
            raise StoreError(f"handlingen {sha256} saknas")
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise StoreError(f"handlingen {sha256} har ändrats")
        return data

    def discard(self, sha256: str) -> bool:
        """Remove the file and see to it that the folder says so on disk."""
        return _removed(self._path(sha256))

    def write(self, act: str, at: datetime, make: Make) -> Entry | None:
        """Append what `make` gives, under a lock: two processes never number alike."""
        with self._locked(at) as known:
            content = make(known)
            return None if content is None else self._append(known, act, at, content)

    def journal(self) -> list[Entry]:
        """Return the checked records; those read before are not read again."""
        with self._reading:
            size = self.file.stat().st_size if self.file.exists() else 0
            if size < self._read_to:  # somebody has put an older journal in its place
                self._known, self._read_to = [], 0
            if size > self._read_to:
                with self.file.open("rb") as file:
                    file.seek(self._read_to)
                    data = file.read()
                last = self._known[-1] if self._known else None
                self._known += checked_entries(data, last)
                self._read_to += len(data)
            return list(self._known)

    def originals(self) -> list[str]:
        """List the files of the folder; what was never whole is not one."""
        found = (self.root / "originals").rglob("*")
        return sorted(path.name for path in found if path.is_file() and path.suffix != ".part")

    def put_back(self, entries: Sequence[Entry]) -> None:
        """Write the journal beside and put it in place whole."""
        if self.journal():
            raise StoreError("journalen är inte tom")
        _put(self.file, b"".join(entry_line(entry) for entry in entries))
        self.file.chmod(0o644)

    def keep_name(self, person_id: str, data: bytes) -> None:
        """Keep it as `persons/N-….json`."""
        path = self._name(person_id)
        if not path.exists():
            _put(path, data)

    def names(self) -> dict[str, bytes]:
        """Read the files of the folder."""
        folder = self.root / "persons"
        return {path.stem: path.read_bytes() for path in sorted(folder.glob("N-*.json"))}

    def forget_name(self, person_id: str) -> bool:
        """Remove the file and see to it that the folder says so on disk."""
        return _removed(self._name(person_id))

    def _name(self, person_id: str) -> Path:
        return self.root / "persons" / f"{person_id}.json"

    def _append(
        self, known: Sequence[Entry], act: str, at: datetime, content: dict[str, Any]
    ) -> Entry:
        entry = next_entry(known[-1] if known else None, act, at, content)
        is_first = not self.file.exists()
        size = 0 if is_first else self.file.stat().st_size
        try:
            with self.file.open("ab") as file:
                file.write(entry_line(entry))
                file.flush()
                os.fsync(file.fileno())
        except OSError:  # a full disk: what came of the record is taken away, for it was not kept
            with suppress(OSError):  # and where that fails too it is put aside as torn
                os.truncate(self.file, size)
            raise
        if is_first:
            _flush_folder(self.root)
        return entry

    @contextmanager
    def _locked(self, at: datetime) -> Iterator[list[Entry]]:
        with (self.root / "journal.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._put_torn_aside(at)
            yield self.journal()

    def _put_torn_aside(self, at: datetime) -> None:
        """Keep a broken-off last line as an original and say so in the journal.

        It was never acknowledged: the process was killed while it wrote, and its act is done anew.
        """
        whole, torn = split_torn(self.file.read_bytes()) if self.file.exists() else (b"", b"")
        if not torn:
            return
        known = checked_entries(whole)
        content = {"sha256": self.keep(torn), "size": len(torn), "record": len(known) + 1}
        os.truncate(self.file, len(whole))
        self._append(known, TORN, at, content)

    def _path(self, sha256: str) -> Path:
        return self.root / "originals" / sha256[:2] / sha256


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    handle, beside = tempfile.mkstemp(suffix=".part", dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    Path(beside).chmod(0o444)
    Path(beside).replace(path)
    _flush_folder(path.parent)
    _flush_folder(path.parent.parent)


def _removed(path: Path) -> bool:
    if not path.exists():
        return False
    path.unlink()
    _flush_folder(path.parent)
    return True


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
