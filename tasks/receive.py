"""Take in what lies in the inbox: kept by hash, written in the journal, receipted.

The inbox is a folder or `s3://bucket/prefix`; the first folder of a path is the board's id. Files
that an office program leaves behind are counted and left, a file that is still being written
waits for the next run, and nothing is ever moved, changed or removed in the inbox.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit

from expectations.personal import name_without_numbers
from expectations.registers import LOCAL_TIME
from tasks.readers.parcels import Part
from warehouse.journal import RECEIPT, Entry
from warehouse.store import Store

IGNORED = re.compile(
    r"^(?:~\$.*|\..*|thumbs\.db|desktop\.ini|.*\.(?:tmp|part|crdownload))$", re.IGNORECASE
)
LONGEST_NAME = 255


class InboxError(Exception):
    """An inbox that cannot be opened; says which and what to do."""


class NotNowError(Exception):
    """A file that is gone, locked or still growing: left for the next run, and said so."""


def shown(name: str) -> str:
    """Return a path or file name as it can be kept, printed and compared.

    File names are data: bytes that are no UTF-8, control and direction marks are written out, and
    letters of two parts (as macOS writes å) are joined. A personal number is taken out: what is
    written in the chain cannot be forgotten.
    """
    joined = name_without_numbers(unicodedata.normalize("NFC", name))
    return "".join(c if c.isprintable() else _written_out(c) for c in joined)


def _written_out(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # noqa: PLR2004 - how Python keeps a byte that is no UTF-8
        return f"\\x{code - 0xDC00:02x}"
    return f"\\u{code:04x}"


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file in the inbox; `key` is its path there as found, with / between folders."""

    key: str
    size: int
    modified_at: float

    @property
    def sender(self) -> str | None:
        """The first folder of the path, None for a file at the top."""
        folder, _, rest = self.key.partition("/")
        return shown(folder) if rest else None

    @property
    def name(self) -> str:
        """The file's own name, cut to what a file system can hold."""
        return shown(self.key.rpartition("/")[2])[-LONGEST_NAME:]


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What lies in the inbox: files to take in, and what was left and why."""

    files: tuple[Arrival, ...]
    ignored: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()

    def without(self, later: Iterable[str]) -> Arrivals:
        """Return the same with files that could not be taken in after all among the waiting."""
        names = set(later)
        files = tuple(one for one in self.files if shown(one.key) not in names)
        return replace(self, files=files, waiting=(*self.waiting, *sorted(names)))


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof of one arrival. `state` is new, identical (a copy of an earlier one) or known.

    `run` is the round or day of the run that took it in; `moved_from` the receipt that the same
    bytes got where they lay before; `part_of` that of the zip file or message it came out of.
    """

    receipt_id: str
    sha256: str
    key: str
    name: str
    sender: str | None
    size: int
    received_at: datetime
    state: Literal["new", "identical", "known"]
    identical_to: str | None = None
    moved_from: str | None = None
    part_of: str | None = None
    city: str | None = None
    run: str | None = None

    def without_name(self) -> Receipt:
        """Return the receipt of a document that is closed to view: its name may be what is."""
        return replace(self, key=self.receipt_id, name=self.receipt_id)


class Inbox(Protocol):
    """Where boards put their files."""

    def arrivals(self, now: datetime, settle_seconds: float) -> Arrivals:
        """List what lies there, in the order of the paths."""
        ...

    def read(self, arrival: Arrival) -> bytes:
        """Return a file's bytes; NotNowError where they are gone, locked or still growing."""
        ...

    def has(self, key: str) -> bool:
        """Say whether a file lies under a path as `shown` writes it."""
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
        """List plain files; links, devices and what may not be read are refused, never followed."""
        left: dict[str, list[str]] = {"ignored": [], "waiting": [], "refused": []}
        keys = sorted(self._keys(left["refused"]))
        found: list[Arrival] = []
        for key in keys:
            if any(IGNORED.match(part) for part in key.split("/")):
                left["ignored"].append(key)
                continue
            path = self.root / key
            try:
                kind = path.lstat()
            except FileNotFoundError:
                left["waiting"].append(key)
                continue
            age = now.timestamp() - kind.st_mtime
            if not stat.S_ISREG(kind.st_mode) or not os.access(path, os.R_OK):
                left["refused"].append(key)
            elif f"{key}.part" in keys or 0 <= age < settle_seconds:
                left["waiting"].append(key)
            else:
                found.append(Arrival(key, kind.st_size, kind.st_mtime))
        told = {why: tuple(shown(key) for key in names) for why, names in left.items()}
        return Arrivals(tuple(found), **told)

    def _keys(self, refused: list[str]) -> Iterator[str]:
        """Yield the path of everything but plain folders; a folder that is locked is refused."""

        def locked(error: OSError) -> None:
            refused.append(Path(error.filename).relative_to(self.root).as_posix())

        for folder, folders, files in os.walk(self.root, onerror=locked):
            links = [name for name in folders if Path(folder, name).is_symlink()]
            for name in (*files, *links):
                yield Path(folder, name).relative_to(self.root).as_posix()

    def read(self, arrival: Arrival) -> bytes:
        """Return the bytes; a link put there meanwhile is not followed."""
        try:
            handle = os.open(self.root / arrival.key, os.O_RDONLY | os.O_NOFOLLOW)
            with os.fdopen(handle, "rb") as file:
                data = file.read()
        except OSError:
            raise NotNowError(shown(arrival.key)) from None
        return _whole(data, arrival)

    def has(self, key: str) -> bool:
        """Say whether a plain file lies under a path."""
        return key in {shown(found) for found in self._keys([])}


def _whole(data: bytes, arrival: Arrival) -> bytes:
    if len(data) != arrival.size:
        raise NotNowError(shown(arrival.key))
    return data


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
        found: list[Arrival] = []
        ignored: list[str] = []
        for item in self._objects():
            key = item["Key"].removeprefix(self.prefix)
            if not key or key.endswith("/"):
                continue
            if any(IGNORED.match(part) for part in key.split("/")):
                ignored.append(shown(key))
            else:
                found.append(Arrival(key, item["Size"], item["LastModified"].timestamp()))
        return Arrivals(tuple(sorted(found, key=lambda a: a.key)), tuple(sorted(ignored)))

    def read(self, arrival: Arrival) -> bytes:
        """Return the bytes."""
        with self._asking(arrival):
            found = self.client.get_object(Bucket=self.bucket, Key=self.prefix + arrival.key)
            data: bytes = found["Body"].read()
        return _whole(data, arrival)

    def has(self, key: str) -> bool:
        """Say whether an object lies under a path."""
        return key in {shown(item["Key"].removeprefix(self.prefix)) for item in self._objects()}

    def _objects(self) -> list[Any]:
        with self._asking(None):
            pages = self.client.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=self.prefix
            )
            return [item for page in pages for item in page.get("Contents", ())]

    @contextmanager
    def _asking(self, arrival: Arrival | None) -> Iterator[None]:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - as boto3

        try:
            yield
        except (ClientError, BotoCoreError) as error:
            told = error.response if isinstance(error, ClientError) else {}
            answer = told.get("Error", {}).get("Code")  # no answer at all has none
            if arrival is not None and answer in ("NoSuchKey", "404"):
                raise NotNowError(shown(arrival.key)) from None
            raise InboxError(
                f"Inkorgen s3://{self.bucket}/{self.prefix} går inte att nå "
                f"({answer or type(error).__name__}). Kontrollera adressen och nycklarna."
            ) from None


def take_in(
    arrival: Arrival,
    *,
    inbox: Inbox,
    store: Store,
    received_at: datetime,
    city_id: str | None = None,
    run: str | None = None,
) -> Receipt:
    """Keep one file and write its receipt to the journal, both before anything else.

    What lies under the same path with the same bytes as last time is known: nothing is written.
    The same bytes under another path of the same sender are received as identical. Bytes that
    another sender handed in are judged anew; where they no longer lie there they have been moved.
    `run` is the round or day in which it came. NotNowError where the file cannot be taken in whole.
    """
    return _receipted(
        arrival,
        inbox.read(arrival),
        inbox=inbox,
        store=store,
        at=received_at,
        about={"city": city_id, "run": run},
    )


def take_part(part: Part, parcel: Receipt, *, inbox: Inbox, store: Store) -> Receipt:
    """Keep one file out of a parcel, with a receipt of its own that names the parcel's."""
    about = {"city": parcel.city, "run": parcel.run, "part_of": parcel.receipt_id}
    return _receipted(
        Arrival(f"{parcel.key}/{part.name}", len(part.data), parcel.received_at.timestamp()),
        part.data,
        inbox=inbox,
        store=store,
        at=parcel.received_at,
        about=about,
    )


def _receipted(
    arrival: Arrival,
    data: bytes,
    *,
    inbox: Inbox,
    store: Store,
    at: datetime,
    about: Mapping[str, str | None],
) -> Receipt:
    sha256 = store.keep(data)
    found: list[Receipt] = []

    def content(journal: Sequence[Entry]) -> dict[str, Any] | None:
        earlier = _receipts_in(journal, about["city"])
        last = _last_at(earlier, arrival.key)
        if last is not None and last.sha256 == sha256:
            found.append(last)
            return None
        # A slow run may come after a later one: what took this file's place came after it.
        came = max(at, last.received_at) if last is not None else at
        number = sum(entry.act == RECEIPT for entry in journal) + 1
        day = came.astimezone(LOCAL_TIME).date().isoformat()
        kin = dict(about) | _kin(arrival, sha256, earlier, inbox)
        return {
            "receipt_id": f"K-{day}-{number:04d}",
            "sha256": sha256,
            "key": shown(arrival.key),
            "name": arrival.name,
            "sender": arrival.sender,
            "size": len(data),
            "received_at": came.isoformat(),
        } | {name: value for name, value in kin.items() if value is not None}

    entry = store.write(RECEIPT, at, content)
    if entry is None:
        return found[0]
    receipt = receipt_of(entry, "new")
    return replace(receipt, state="identical") if receipt.identical_to else receipt


def _kin(
    arrival: Arrival, sha256: str, earlier: Sequence[Receipt], inbox: Inbox
) -> dict[str, str | None]:
    """Say which earlier arrival of the same bytes this is a copy of, or was moved from."""
    same = [
        receipt
        for receipt in earlier
        if receipt.sha256 == sha256
        and receipt.identical_to is None
        # What has been replaced under its own name since then is handed in anew by this.
        and _last_at(earlier, receipt.key) is receipt
    ]
    copies = [r for r in same if r.sender == arrival.sender]
    if copies:
        return {"identical_to": copies[0].receipt_id}
    moved = [r for r in same if not inbox.has(r.key)]
    return {"moved_from": moved[-1].receipt_id if moved else None}


def _last_at(earlier: Sequence[Receipt], key: str) -> Receipt | None:
    return next((r for r in reversed(earlier) if r.key == shown(key)), None)


def _receipts_in(journal: Iterable[Entry], city_id: str | None) -> list[Receipt]:
    found = [receipt_of(entry, "known") for entry in journal if entry.act == RECEIPT]
    return [r for r in found if city_id is None or r.city in (None, city_id)]


def receipt_of(entry: Entry, state: Literal["new", "identical", "known"]) -> Receipt:
    """Return the receipt that a journal record holds."""
    known = {field.name for field in fields(Receipt)}
    content = {name: value for name, value in entry.content.items() if name in known}
    content["received_at"] = datetime.fromisoformat(content["received_at"])
    return Receipt(state=state, **content)


def receipts(
    journal: Iterable[Entry], taken: Sequence[Receipt] = (), city_id: str | None = None
) -> list[Receipt]:
    """Return every receipt of a city in order, with the state of those just taken in."""
    now = {receipt.receipt_id: receipt.state for receipt in taken}
    found = _receipts_in(journal, city_id)
    return [replace(r, state=now.get(r.receipt_id, "known")) for r in found]
