"""The store in an S3 bucket, with the same contract as the folder.

One object per original, keyed by its hash, and one object per journal record, keyed by its
number: S3 has no append. If-None-Match keeps two processes from writing the same number; a server
that ignores it leaves a broken chain behind, which the next reading of the journal names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from threading import Lock

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from warehouse.journal import Entry, StoreError, checked_entries, entry_line, next_entry
from warehouse.store import Make

ABSENT = ("404", "NoSuchKey", "NotFound")
TAKEN = ("412", "PreconditionFailed", "409", "ConditionalRequestConflict")
NO_VERSIONS = ("NotImplemented", "501", "MethodNotAllowed")
"""A server that keeps no versions says so in one of these ways."""
TRIES = 20


class BucketStore:
    """A store under `prefix` of a bucket; endpoint and keys come from AWS's own settings."""

    def __init__(self, bucket: str, prefix: str) -> None:
        """Keep the address; nothing is asked of the server yet."""
        self.client = boto3.client("s3")
        self.bucket = bucket
        self.prefix = f"{prefix}/" if prefix else ""
        self._known: list[Entry] = []
        self._reading = Lock()  # steps run side by side share one store

    def keep(self, data: bytes) -> str:
        """Put the original unless it is there."""
        sha256 = hashlib.sha256(data).hexdigest()
        key = f"{self.prefix}originals/{sha256}"
        if self._object(key) is None:
            with self._asking():
                self.client.put_object(Bucket=self.bucket, Key=key, Body=data)
        return sha256

    def original(self, sha256: str) -> bytes:
        """Return the bytes, held against their hash."""
        data = self._object(f"{self.prefix}originals/{sha256}")
        if data is None:
            raise StoreError(f"handlingen {sha256} saknas")
        if hashlib.sha256(data).hexdigest() != sha256:
            raise StoreError(f"handlingen {sha256} har ändrats")
        return data

    def discard(self, sha256: str) -> bool:
        """Delete the object and every version of it that the bucket keeps."""
        return self._remove(f"{self.prefix}originals/{sha256}", f"handlingen {sha256}")

    def originals(self) -> list[str]:
        """List the objects."""
        return [key.rpartition("/")[2] for key in self._keys("originals/")]

    def put_back(self, entries: Sequence[Entry]) -> None:
        """Put every record under its number."""
        if self.journal():
            raise StoreError("journalen är inte tom")
        for entry in entries:
            if not self._put_record(entry):
                raise StoreError(f"journalen i {self.bucket} skrivs av andra under återställningen")

    def keep_name(self, person_id: str, data: bytes) -> None:
        """Put it as `persons/N-….json` unless it is there."""
        key = f"{self.prefix}persons/{person_id}.json"
        if self._object(key) is None:
            with self._asking():
                self.client.put_object(Bucket=self.bucket, Key=key, Body=data)

    def names(self) -> dict[str, bytes]:
        """Fetch every name."""
        found = {key: self._object(key) for key in self._keys("persons/")}
        return {
            key.rpartition("/")[2].removesuffix(".json"): data
            for key, data in found.items()
            if data is not None
        }

    def forget_name(self, person_id: str) -> bool:
        """Delete the object and every version of it that the bucket keeps."""
        return self._remove(f"{self.prefix}persons/{person_id}.json", f"namnet på {person_id}")

    def _remove(self, key: str, what: str) -> bool:
        if self._object(key) is None:
            return False
        with self._asking():
            self.client.delete_object(Bucket=self.bucket, Key=key)
            for version in self._versions(key):
                self.client.delete_object(Bucket=self.bucket, Key=key, VersionId=version)
        if self._object(key) is not None:
            raise StoreError(f"{what} går inte att ta bort ur hinken {self.bucket}")
        return True

    def _versions(self, key: str) -> list[str]:
        """Return what the bucket still keeps of an object; nothing where it keeps no versions."""
        pages = self.client.get_paginator("list_object_versions")
        try:
            return [
                item["VersionId"]
                for page in pages.paginate(Bucket=self.bucket, Prefix=key)
                for item in (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))
                if item.get("Key") == key and item.get("VersionId", "null") != "null"
            ]
        except ClientError as error:
            if _code(error) in NO_VERSIONS:
                return []
            raise

    def write(self, act: str, at: datetime, make: Make) -> Entry | None:
        """Put the next record under its number; whoever finds it taken looks and makes anew."""
        for _ in range(TRIES):
            known = self.journal()
            content = make(known)
            if content is None:
                return None
            entry = next_entry(known[-1] if known else None, act, at, content)
            if self._put_record(entry):
                return entry
        raise StoreError(f"journalen i {self.bucket} skrivs av för många på en gång")

    def journal(self) -> list[Entry]:
        """Return the checked records; those read before are not fetched again."""
        with self._reading:
            last = self._known[-1] if self._known else None
            after = self._record_key(last.number) if last else ""
            bodies = [self._object(key) or b"" for key in self._keys("journal/", after)]
            self._known += checked_entries(b"".join(bodies), last)
            return list(self._known)

    def _keys(self, folder: str, after: str = "") -> list[str]:
        with self._asking():
            pages = self.client.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=f"{self.prefix}{folder}", StartAfter=after
            )
            return sorted(item["Key"] for page in pages for item in page.get("Contents", ()))

    def _put_record(self, entry: Entry) -> bool:
        key, line = self._record_key(entry.number), entry_line(entry)
        with self._asking():
            try:
                self.client.put_object(Bucket=self.bucket, Key=key, Body=line, IfNoneMatch="*")
            except ClientError as error:
                if _code(error) not in TAKEN:
                    raise
        # Taken, or the answer to our own put was lost and it was put twice: what lies there tells.
        return self._object(key) == line

    def _record_key(self, number: int) -> str:
        return f"{self.prefix}journal/{number:09d}.json"

    def _object(self, key: str) -> bytes | None:
        with self._asking():
            try:
                found = self.client.get_object(Bucket=self.bucket, Key=key)
            except ClientError as error:
                if _code(error) in ABSENT:
                    return None
                raise
            data: bytes = found["Body"].read()
        return data

    @contextmanager
    def _asking(self) -> Iterator[None]:
        try:
            yield
        except (ClientError, BotoCoreError) as error:
            raise StoreError(
                f"S3-hinken {self.bucket} svarar inte som den ska ({_code(error)})"
            ) from None


def _code(error: Exception) -> str:
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", "?"))
    return type(error).__name__
