"""Open a foreign file in a process that is thrown away: limited, without network, never pickles.

`read_in_child` is the parent's side, `main` that of the child that the fork server makes
(tasks/forkserver.py). The request is a file (one line of JSON, then the document's bytes), the
answer another: the kernel holds its size through RLIMIT_FSIZE. A child that dies, hangs or answers
nonsense is the fault A-FILE, never an exception here. It works in an empty folder.

No network: where the kernel allows it the child moves to a network namespace of its own
(CLONE_NEWNET, with a user namespace when not root). Where it does not, an audit hook still
refuses every socket and every new process that Python code asks for.
"""

from __future__ import annotations

import base64
import ctypes
import json
import resource
import sys
import tempfile
import traceback
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

from expectations.central import CentralFault, CentralReading
from expectations.contract import Document, Fault, Place, Reading
from expectations.contract_json import ContractError, as_json, from_json, reading_from_json
from expectations.registers import City, Round
from tasks.forkserver import SANDBOX, run
from tasks.readers.file_checks import (
    UNKNOWN,
    RefusedError,
    check_file,
    file_fault,
    kind_named,
    media_type,
)
from tasks.readers.opening import document_lines, import_readers, open_as
from tasks.readers.parcels import Part, parts_of
from tasks.readers.surroundings import surroundings

MEMORY = 1 << 30
CPU_SECONDS = 60
WALL_SECONDS = 90
CENTRAL_TIMES = 6
"""A ledger of a year is far larger than any board's document: it may take that much more."""
LARGEST_ANSWER = 64 * 1_000_000
MOST_FILES = 64
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
UNREAD = CentralFault(1, "Filen gick inte att läsa säkert.", "Exportera den på nytt.")
_ROOT = Path(__file__).resolve().parents[2]


def read_in_child(
    data: bytes, *, name: str, city: City | None, wall_seconds: float = WALL_SECONDS
) -> Reading:
    """Return what a file says, read in a child process; every failure there is a fault here."""
    asked = {"work": "read", "name": name, "city": as_json(city)}
    return reading_in(_answer(asked, data, wall_seconds), name)


def show_in_child(
    data: bytes, *, name: str, city: City | None, wall_seconds: float = WALL_SECONDS
) -> tuple[Reading, list[tuple[int, str, int | None]]]:
    """Return what a file says, and its lines as the reader saw them: (number, text, page)."""
    written = _answer({"work": "show", "name": name, "city": as_json(city)}, data, wall_seconds)
    try:
        told = json.loads(written)
        lines = [(number, text, page) for number, text, page in told["lines"]]
        return reading_in(json.dumps(told["reading"]).encode(), name), lines
    except (ValueError, KeyError, TypeError):
        return reading_in(b"", name), []


def pictures_in_child(data: bytes, *, wall_seconds: float = WALL_SECONDS) -> list[bytes]:
    """Return the pages of a PDF as pictures (PNG), none where they cannot be drawn safely."""
    written = _answer({"work": "pictures", "name": "", "city": None}, data, wall_seconds)
    try:
        return [base64.b64decode(picture) for picture in json.loads(written)]
    except (ValueError, TypeError):
        return []


def unpack_in_child(
    data: bytes, *, name: str, wall_seconds: float = WALL_SECONDS
) -> tuple[list[Part], str | None]:
    """Return the files in a parcel, or none and the code of what is wrong with it."""
    written = _answer({"work": "unpack", "name": name}, data, wall_seconds)
    try:
        told = json.loads(written)
        parts = [Part(one["name"], base64.b64decode(one["data"])) for one in told["parts"]]
    except (ValueError, KeyError, TypeError):
        return [], "unsafe"
    return parts, told["fault"]


def shown_in_child(data: bytes, *, name: str, place: Place) -> dict[str, Any]:
    """Return what stands around a place (readers/surroundings.py), empty where it cannot be."""
    asked = {"work": "surroundings", "name": name, "place": as_json(place)}
    try:
        told: dict[str, Any] = json.loads(_answer(asked, data, WALL_SECONDS))
    except ValueError:
        return {}
    return told


def central_in_child(
    data: bytes, city: City, round_: Round, *, wall_seconds: float = WALL_SECONDS * CENTRAL_TIMES
) -> CentralReading:
    """Return what a file of the city's own systems says of a round of the city's calendar.

    A file that breaks the reader, or takes too much of memory or time, is a fault.
    """
    asked = {"work": "central", "name": "", "city": as_json(city), "round": round_.round_id}
    try:
        told: CentralReading = from_json(
            CentralReading, json.loads(_answer(asked, data, wall_seconds)), "central"
        )
    except (ValueError, ContractError, RecursionError):
        return CentralReading(None, faults=(UNREAD,))
    return told


def _answer(asked: Mapping[str, Any], data: bytes, wall_seconds: float) -> bytes:
    """Return what the child wrote, nothing where it did not come to its end."""
    with (
        tempfile.TemporaryDirectory(prefix="samlad-read-") as folder,
        tempfile.TemporaryFile() as request,
        tempfile.TemporaryFile() as answer,
    ):
        request.write(json.dumps(asked).encode() + b"\n")
        request.write(data)
        request.seek(0)
        if not run(SANDBOX, folder, request, answer, wall_seconds):
            return b""
        answer.seek(0)
        return answer.read()


def reading_in(written: bytes, name: str) -> Reading:
    """Return the child's answer as a reading; anything else is the fault of a file not read."""
    try:
        return reading_from_json(json.loads(written))
    except (ValueError, ContractError, RecursionError):
        fault = file_fault(kind_named(name) or UNKNOWN, "unsafe")
        kind = media_type(kind_named(name) or UNKNOWN)
        return Reading(Document(media_type=kind), faults=(fault,))


def prepare() -> None:
    """Import all that a fork needs, before there is anything foreign to read."""
    import_readers()


def main() -> None:
    """Read the request from standard input and write the answer to standard output."""
    request = json.loads(sys.stdin.buffer.readline())  # our own line, before anything foreign
    limit(CENTRAL_TIMES if request["work"] == "central" else 1)
    data = sys.stdin.buffer.read()
    named = request.get("city")
    city = None if named is None else from_json(City, named, "city")
    close_doors()
    answer: Any
    if request["work"] == "surroundings":
        place = from_json(Place, request["place"], "place")
        answer = surroundings(data, request["name"], place)
    elif request["work"] == "central":
        answer = as_json(_central(data, city, request["round"]))
    else:
        answer = _done(request["work"], data, request["name"], city)
    sys.stdout.write(json.dumps(answer, ensure_ascii=False))
    sys.stdout.flush()


def _done(work: str, data: bytes, name: str, city: City | None) -> Any:
    if work == "unpack":
        return _unpack(data, name)
    if work == "pictures":
        from tasks.readers.pictures import pictures  # noqa: PLC0415 - only scans need it

        return [base64.b64encode(picture).decode() for picture in pictures(data)]
    reading = as_json(_read(data, name, city))
    return {"reading": reading, "lines": _lines(data, name)} if work == "show" else reading


def _central(data: bytes, city: City | None, round_id: str) -> CentralReading:
    """Read one central file; one that breaks our code is a fault, and nothing of it is used."""
    from tasks.central import read_central  # noqa: PLC0415 - only central files need it

    if city is None:
        return CentralReading(None, faults=(UNREAD,))
    try:
        return read_central(data, city, city.round(round_id))
    except Exception:  # noqa: BLE001 - as for boards' files
        return CentralReading(None, faults=(UNREAD,))


def limit(times: int = 1) -> None:
    """Set the limits that the kernel holds this process to, for good."""
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY * times),
        (resource.RLIMIT_CPU, CPU_SECONDS * times),
        (resource.RLIMIT_FSIZE, LARGEST_ANSWER),
        (resource.RLIMIT_NOFILE, MOST_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


def close_doors() -> None:
    """Leave the network, then let no Python code open a socket or start a process."""
    leave_network()
    sys.addaudithook(_refuse)


def leave_network() -> None:
    """Move to a network of this process's own, where the kernel allows it."""
    unshare = getattr(ctypes.CDLL(None), "unshare", None)
    if unshare is not None and unshare(_NEW_NETWORK) != 0:
        unshare(_NEW_USER | _NEW_NETWORK)


def _refuse(event: str, _arguments: tuple[Any, ...]) -> None:
    if event.startswith(("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.fork")) or (
        event in ("os.system", "os.startfile")
    ):
        _stop(event)


def _stop(event: str) -> NoReturn:
    message = f"{event} is not allowed where foreign files are read"
    raise PermissionError(message)


def _unpack(data: bytes, name: str) -> dict[str, Any]:
    """Take the files out of a parcel; a parcel that breaks our code is unsafe."""
    try:
        parts = parts_of(data, name)
    except RefusedError as refused:
        return {"parts": [], "fault": refused.fault.values["fel"]}
    except Exception:  # noqa: BLE001 - one parcel stops no other file
        return {"parts": [], "fault": "unsafe"}
    told = [{"name": p.name, "data": base64.b64encode(p.data).decode()} for p in parts]
    return {"parts": told, "fault": None}


def _read(data: bytes, name: str, city: City | None) -> Reading:
    """Check and read one file; a refusal is a reading with that one fault."""
    kind = kind_named(name) or UNKNOWN
    try:
        kind = check_file(data, name)
        reading = open_as(kind, data, name=name, city=city)
    except RefusedError as refused:
        reading = Reading(Document(), faults=(refused.fault,))
    except Exception as error:  # noqa: BLE001 - one file stops no other; the trace says where
        reading = Reading(Document(), faults=(_broken(error, kind),))
    return replace(reading, document=replace(reading.document, media_type=media_type(kind)))


def _lines(data: bytes, name: str) -> list[tuple[int, str, int | None]]:
    """Return a file's lines; none of one that is not read, for the reading says why."""
    try:
        return document_lines(check_file(data, name), data)
    except Exception:  # noqa: BLE001 - as in _read, where it becomes a fault
        return []


def _broken(error: Exception, kind: str) -> Fault:
    """Return the fault of a reader that broke: the board is told that its file was not read.

    Most often the defect is ours. `spår` says where in our code, for us; never what a value was.
    """
    fault = file_fault(kind, "unsafe")
    steps = traceback.extract_tb(error.__traceback__)
    ours = [step for step in steps if step.filename.startswith(str(_ROOT / "tasks"))]
    where = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "?"
    return replace(fault, values=fault.values | {"spår": f"{where} {type(error).__name__}"})
