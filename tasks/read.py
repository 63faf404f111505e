"""The step that reads one original: from bytes to a Reading, whatever the bytes are.

The file is opened in a child process that is thrown away (readers/sandbox.py). Whatever a board
can get wrong comes back as a fault in the reading, never as an exception.
"""

from __future__ import annotations

import dataclasses
import hashlib
import unicodedata

from expectations.contract import Document, Reading
from expectations.personal import name_without_numbers
from expectations.registers import City
from tasks.readers.file_checks import MEGABYTE, PDF, UNKNOWN, file_fault, kind_named, media_type
from tasks.readers.machine_reading import MachineText, machine_text
from tasks.readers.sandbox import read_in_child, show_in_child

LARGEST = 30 * MEGABYTE
"""No kind of file may be larger; the check per kind is made in the child."""
LONGEST_NAME = 200


def read_original(data: bytes, *, name: str, city: City | None) -> Reading:
    """Return what a file says, or why it could not be read (A-FILE).

    Fills sha256, name, size and media type; sender and time of receipt are the caller's. A scan is
    read by machine where the city's settings say by which program; the document is then marked.
    """
    reading = _refused_at_once(data, name) or read_in_child(data, name=name, city=city)
    told = _by_machine(reading, data, city)
    if told is not None:
        again = read_in_child(told.text.encode(), name=_AS_TEXT, city=city)
        reading = _marked(again, reading, told)
    return _named(reading, data, name)


def show_original(
    data: bytes, *, name: str, city: City | None
) -> tuple[Reading, list[tuple[int, str, int | None]]]:
    """Return what a file says as `read_original` does, and its lines: (number, text, page)."""
    refused = _refused_at_once(data, name)
    if refused is not None:
        return _named(refused, data, name), []
    reading, lines = show_in_child(data, name=name, city=city)
    told = _by_machine(reading, data, city)
    if told is not None:
        again, lines = show_in_child(told.text.encode(), name=_AS_TEXT, city=city)
        reading = _marked(again, reading, told)
    return _named(reading, data, name), lines


_AS_TEXT = "maskinlast.txt"


def _by_machine(reading: Reading, data: bytes, city: City | None) -> MachineText | None:
    """Return what a program reads in a scanned PDF, None where it is no scan or nobody asked."""
    program = city.settings.get("reading", {}).get("tesseract") if city else None
    is_scan = any(f.values.get("fel") == "no_text" for f in reading.faults)
    if program is None or not is_scan or reading.document.media_type != media_type(PDF):
        return None
    return machine_text(data, program=program)


def _marked(reading: Reading, scan: Reading, told: MachineText) -> Reading:
    """Return what was read in the machine's text as a reading of the scan, marked as such."""
    document = dataclasses.replace(
        reading.document, machine_read=told.program, media_type=scan.document.media_type
    )
    return dataclasses.replace(reading, document=document)


def _named(reading: Reading, data: bytes, name: str) -> Reading:
    document = dataclasses.replace(
        reading.document,
        sha256=hashlib.sha256(data).hexdigest(),
        name=shown_name(name),
        size=len(data),
        sender=None,
        received_at=None,
    )
    return dataclasses.replace(reading, document=document)


def shown_name(name: str) -> str:
    """Return a file's name as it may be shown: one line, no control characters, not too long."""
    kept = "".join(c for c in name if unicodedata.category(c)[0] != "C")
    return name_without_numbers(kept)[-LONGEST_NAME:]


def _refused_at_once(data: bytes, name: str) -> Reading | None:
    """Refuse what is empty or far too large before a process is started for it."""
    kind = kind_named(name) or UNKNOWN
    if not data:
        return Reading(Document(), faults=(file_fault(kind, "empty"),))
    if len(data) > LARGEST:
        found, limit = f"{len(data) // MEGABYTE} MB", f"{LARGEST // MEGABYTE} MB"
        return Reading(
            Document(), faults=(file_fault(kind, "too_large", found=found, limit=limit),)
        )
    return None
