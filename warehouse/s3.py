"""The store in an S3 bucket, with the same contract as the folder.

One object per original, keyed by its hash, and one object per journal record, keyed by its
number: S3 has no append. If-None-Match guards a record's number where the server keeps it; a
server that silently ignores it is found out by reading back.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

import boto3
from botocore.exceptions import ClientError

from warehouse.store import Entry, StoreError, checked_entries, entry_line, next_entry


class BucketStore:
    """A store under `prefix` of a bucket; endpoint and keys come from AWS's own settings."""

    def __init__(self, bucket: str, prefix: str) -> None:
        """Keep the address; nothing is asked of the server yet."""
        self.client = boto3.client("s3")
        self.bucket = bucket
        self.prefix = f"{prefix}/" if prefix else ""

    def keep(self, data: bytes) -> str:
        """Put the original unless it is there."""
        sha256 = hashlib.sha256(data).hexdigest()
        key = f"{self.prefix}originals/{sha256}"
        if not self._exists(key):
            self.client.put_object(Bucket=self.bucket, Key=key, Body=data)
        return sha256

    def original(self, sha256: str) -> bytes:
        """Return the bytes, held against their hash."""
        try:
            found = self.client.get_object(
                Bucket=self.bucket, Key=f"{self.prefix}originals/{sha256}"
            )
        except ClientError:
            raise StoreError(f"original {sha256} is missing") from None
        data = found["Body"].read()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise StoreError(f"original {sha256} has been changed")
        return data

    def write(self, act: str, at: datetime, content: dict[str, Any]) -> Entry:
        """Put the next record under its number, and read it back."""
        known = self.journal()
        entry = next_entry(known[-1] if known else None, act, at, content)
        key = f"{self.prefix}journal/{entry.number:09d}.json"
        line = entry_line(entry)
        self.client.put_object(Bucket=self.bucket, Key=key, Body=line, IfNoneMatch="*")
        kept = self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        if kept != line:
            raise StoreError(f"journal record {entry.number} was written by another process")
        return entry

    def journal(self) -> list[Entry]:
        """Return the checked records."""
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=f"{self.prefix}journal/"
        )
        keys = sorted(item["Key"] for page in pages for item in page.get("Contents", ()))
        bodies = [
            self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read() for key in keys
        ]
        return checked_entries(b"".join(bodies))

    def _exists(self, key: str) -> bool:
        try:
            self.client.head_object(Bucket=self.bucket, Key=key)
        except ClientError:
            return False
        return True
