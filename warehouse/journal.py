"""The journal: what happened, record by record, each with the hash of the one before it.

A record is one line of JSON. A change, a removal or a new order breaks the chain and shows; a
last line without its end was never acknowledged to anybody and is told apart from a change.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

ORIGIN = "0" * 64
"""The hash that the first record of a journal names as the one before it."""
RECEIPT = "receipt"
"""The act of receiving a file."""
TORN = "torn"
"""The act that tells of a last line that was broken off: its bytes are kept as an original."""


class StoreError(Exception):
    """The store does not hold what it should; says in Swedish which record or original."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of the journal; `content` holds ids, hashes and times, never names of people."""

    number: int
    act: str
    at: str
    content: dict[str, Any]
    before: str
    digest: str


def next_entry(last: Entry | None, act: str, at: datetime, content: dict[str, Any]) -> Entry:
    """Return the record that follows `last`; None is the beginning of a journal."""
    number = last.number + 1 if last else 1
    before = last.digest if last else ORIGIN
    moment = at.isoformat()
    digest = _digest(number, act, moment, content, before)
    return Entry(number, act, moment, content, before, digest)


def entry_line(entry: Entry) -> bytes:
    """Return one record as it is kept."""
    return json.dumps(asdict(entry), ensure_ascii=False, sort_keys=True).encode() + b"\n"


def checked_entries(data: bytes, after: Entry | None = None) -> list[Entry]:
    """Return the records of a journal's bytes; `after` is the last one already known.

    StoreError names the first record that does not hold; bytes that do not end a line are one.
    """
    entries: list[Entry] = []
    whole, torn = split_torn(data)
    lines = whole.split(b"\n")[:-1]
    for index, line in enumerate(lines):
        last = entries[-1] if entries else after
        entry = _parsed(line)
        if entry is None or not _follows(entry, last):
            raise StoreError(_fault(lines[index:], last))
        entries.append(entry)
    if torn:
        raise StoreError(
            f"journalens sista post ({_number_after(entries, after)}) är avbruten; "
            "den läggs åt sidan och antecknas när nästa handling tas emot"
        )
    return entries


def split_torn(data: bytes) -> tuple[bytes, bytes]:
    """Return (whole lines, what was broken off at the end)."""
    end = data.rfind(b"\n") + 1
    return data[:end], data[end:]


def _parsed(line: bytes) -> Entry | None:
    try:
        return Entry(**json.loads(line))
    except (ValueError, TypeError):
        return None


def _is_whole(entry: Entry) -> bool:
    """Say whether a record is as its own hash says."""
    right = _digest(entry.number, entry.act, entry.at, entry.content, entry.before)
    return entry.digest == right


def _follows(entry: Entry, last: Entry | None) -> bool:
    number, before = (last.number + 1, last.digest) if last else (1, ORIGIN)
    return (entry.number, entry.before) == (number, before) and _is_whole(entry)


def _fault(lines: Sequence[bytes], last: Entry | None) -> str:
    """Say what has been done to the first of these records; `last` is the one before it."""
    number = last.number + 1 if last else 1
    entry, *later = [_parsed(line) for line in lines]
    if entry is None:
        return f"journalens post {number} går inte att läsa"
    if not _is_whole(entry):
        return f"journalens post {number} har ändrats"
    if last is not None and _is_rival(entry, last):
        if later and later[0] is not None and later[0].before == entry.digest:
            return (
                f"journalens post {last.number} har skjutits in: de som följer bygger inte på den"
            )
        return f"journalen har två poster {last.number}: en av dem har skjutits in"
    return _out_of_place(entry, later, last, number)


def _out_of_place(
    entry: Entry, later: Sequence[Entry | None], last: Entry | None, number: int
) -> str:
    """Say how a whole record comes to stand as number `number` after `last`."""
    if entry.number < number:
        return f"journalens post {number} har skjutits in: den är en kopia av post {entry.number}"
    before = last.digest if last else ORIGIN
    right = [one for one in later if one is not None and _follows(one, last)]
    if entry.number > number:
        how = "ligger inte på sin plats" if right else "saknas: den har tagits bort"
        return f"journalens post {number} {how}"
    if last is not None and later and later[0] is not None and later[0].before == entry.digest:
        # Those after it hang together with it: the one before was written anew, hash and all.
        return f"journalens post {last.number} har bytts ut: post {number} bygger på en annan"
    how = "har skjutits in" if right else "har bytts ut"
    return f"journalens post {number} {how}: den bygger inte på {before[:12]}"


def _is_rival(entry: Entry, last: Entry) -> bool:
    """Say whether two whole and different records claim the same place in the chain."""
    same_place = (entry.number, entry.before) == (last.number, last.before)
    return same_place and entry.digest != last.digest


def _number_after(entries: Sequence[Entry], after: Entry | None) -> int:
    last = entries[-1] if entries else after
    return last.number + 1 if last else 1


def _digest(number: int, act: str, at: str, content: dict[str, Any], before: str) -> str:
    parts = json.dumps([number, act, at, content, before], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(parts.encode()).hexdigest()
