"""Take in what lies in the inbox: kept by hash, written in the journal, receipted.

The inbox is a folder or `s3://bucket/prefix`; the first folder of a path is the board's id. Files
that an office program leaves behind are counted and left, a file that is still being written
waits for the next run, and nothing is ever moved, changed or removed in the inbox.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol
from urllib.parse import urlsplit

from expectations.registers import LOCAL_TIME
from warehouse.store import Entry, Store

IGNORED = re.compile(
    r"^(?:~\$.*|\..*|thumbs\.db|desktop\.ini|.*\.(?:tmp|part|crdownload))$", re.IGNORECASE
)
LONGEST_NAME = 255
RECEIPT = "receipt"


class InboxError(Exception):
    """An inbox that cannot be opened; says which and what to do."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file in the inbox; `key` is its path there, with / between folders."""

    key: str
    size: int
    modified_at: float

    @property
    def sender(self) -> str | None:
        """The first folder of the path, None for a file at the top."""
        folder, _, rest = self.key.partition("/")
        return folder if rest else None

    @property
    def name(self) -> str:
        """The file's own name, cut to what a file system can hold."""
        return self.key.rpartition("/")[2][-LONGEST_NAME:]


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What lies in the inbox: files to take in, and what was left and why."""

    files: tuple[Arrival, ...]
    ignored: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof of one arrival. `state` is new, identical (came before elsewhere) or known."""

    receipt_id: str
    sha256: str
    key: str
    name: str
    sender: str | None
    size: int
    received_at: datetime
    state: Literal["new", "identical", "known"]
    identical_to: str | None = None


class Inbox(Protocol):
    """Where boards put their files."""

    def arrivals(self, now: datetime, settle_seconds: float) -> Arrivals:
        """List what lies there, in the order of the paths."""
        ...

    def read(self, arrival: Arrival) -> bytes:
        """Return a file's bytes."""
        ...


def open_inbox(uri: str) -> Inbox:
    """Return the inbox at a folder or `s3://bucket/prefix`; InboxError where there is none."""
    parts = urlsplit(uri)
    if parts.scheme == "s3":
        return BucketInbox(parts.netloc, parts.path.strip("/"))
    folder = Path(uri)
    if not folder.is_dir():
        raise InboxError(f"Inkorgen {uri} finns inte. Skapa mappen eller ange en annan.")
    return FolderInbox(folder)


class FolderInbox:
    """An inbox that is a folder."""

    def __init__(self, root: Path) -> None:
        """Keep the folder."""
        self.root = root

    def arrivals(self, now: datetime, settle_seconds: float) -> Arrivals:
        """List plain files; a link or a device is refused, never followed."""
        found: list[Arrival] = []
        ignored, waiting, refused = [], [], []
        paths = sorted(self.root.rglob("*"), key=lambda p: p.relative_to(self.root).as_posix())
        names = {p.relative_to(self.root).as_posix() for p in paths}
        for path in paths:
            key = path.relative_to(self.root).as_posix()
            kind = path.lstat()
            if stat.S_ISDIR(kind.st_mode):
                continue
            if any(IGNORED.match(part) for part in key.split("/")):
                ignored.append(key)
            elif not stat.S_ISREG(kind.st_mode):
                refused.append(key)
            elif f"{key}.part" in names or 0 <= now.timestamp() - kind.st_mtime < settle_seconds:
                waiting.append(key)
            else:
                found.append(Arrival(key, kind.st_size, kind.st_mtime))
        return Arrivals(tuple(found), tuple(ignored), tuple(waiting), tuple(refused))

    def read(self, arrival: Arrival) -> bytes:
        """Return the bytes; a link put there meanwhile is not followed."""
        handle = os.open(self.root / arrival.key, os.O_RDONLY | os.O_NOFOLLOW)
        with os.fdopen(handle, "rb") as file:
            return file.read()


class BucketInbox:
    """An inbox that is a prefix in an S3 bucket; S3 shows an object only when it is whole."""

    def __init__(self, bucket: str, prefix: str) -> None:
        """Keep the address; endpoint and keys come from AWS's own settings."""
        import boto3  # noqa: PLC0415 - heavy, and only where a bucket is used

        self.client = boto3.client("s3")
        self.bucket = bucket
        self.prefix = f"{prefix}/" if prefix else ""

    def arrivals(self, now: datetime, settle_seconds: float) -> Arrivals:
        """List objects."""
        del now, settle_seconds
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=self.prefix
        )
        found: list[Arrival] = []
        ignored: list[str] = []
        for item in (item for page in pages for item in page.get("Contents", ())):
            key = item["Key"].removeprefix(self.prefix)
            if not key or key.endswith("/"):
                continue
            if any(IGNORED.match(part) for part in key.split("/")):
                ignored.append(key)
            else:
                found.append(Arrival(key, item["Size"], item["LastModified"].timestamp()))
        return Arrivals(tuple(sorted(found, key=lambda a: a.key)), tuple(sorted(ignored)))

    def read(self, arrival: Arrival) -> bytes:
        """Return the bytes."""
        found = self.client.get_object(Bucket=self.bucket, Key=self.prefix + arrival.key)
        data: bytes = found["Body"].read()
        return data


def take_in(arrival: Arrival, *, inbox: Inbox, store: Store, received_at: datetime) -> Receipt:
    """Keep one file and write its receipt to the journal, both before anything else.

    The same bytes under the same path again are known: nothing is written. The same bytes under
    another path are received and receipted as identical to the first.
    """
    data = inbox.read(arrival)
    sha256 = store.keep(data)
    earlier = [entry for entry in store.journal() if entry.act == RECEIPT]
    same = [entry for entry in earlier if entry.content["sha256"] == sha256]
    known = next((entry for entry in same if entry.content["key"] == arrival.key), None)
    if known is not None:
        return receipt_of(known, "known")
    first = same[0].content["receipt_id"] if same else None
    day = received_at.astimezone(LOCAL_TIME).date().isoformat()
    content = {
        "receipt_id": f"K-{day}-{len(earlier) + 1:04d}",
        "sha256": sha256,
        "key": arrival.key,
        "name": arrival.name,
        "sender": arrival.sender,
        "size": len(data),
        "received_at": received_at.isoformat(),
        "identical_to": first,
    }
    entry = store.write(RECEIPT, received_at, content)
    return receipt_of(entry, "identical" if first else "new")


def receipt_of(entry: Entry, state: Literal["new", "identical", "known"]) -> Receipt:
    """Return the receipt that a journal record holds."""
    fields = dict(entry.content)
    fields["received_at"] = datetime.fromisoformat(fields["received_at"])
    return Receipt(state=state, **fields)


def receipts(store: Store, taken: Sequence[Receipt]) -> list[Receipt]:
    """Return every receipt of the journal in order, with the state of those just taken in."""
    now = {receipt.receipt_id: receipt.state for receipt in taken}
    entries: Iterable[Entry] = (entry for entry in store.journal() if entry.act == RECEIPT)
    return [receipt_of(e, now.get(e.content["receipt_id"], "known")) for e in entries]
