"""The dry run: a file is judged as if it had been handed in, and nothing of it is kept.

Files in the inbox's folder `provkorning/<nämnd>/` are answered in a folder of their own beside
the reports; `samlad check` does the same with one file. No receipt, no journal, no warehouse.
"""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath

from desk.pages import fonts, render_check
from expectations.contract import Document, Reading
from expectations.judging import judge
from expectations.registers import City, Round
from expectations.verdicts import History, Verdict
from flows.settings import Settings
from tasks.annotate import CannotAnnotateError, annotated
from tasks.clearing import scan
from tasks.read import read_original
from tasks.readers.file_checks import file_fault
from tasks.receive import Arrival, Inbox, NotNowError, shown

FOLDER = "provkorning"


@dataclass(frozen=True, slots=True)
class Tried:
    """What a dry run says: the verdict, and the files that answer it by name."""

    verdict: Verdict
    files: Mapping[str, bytes]


def is_trial(arrival: Arrival) -> bool:
    """Say whether a file lies in the folder for dry runs, however its name is spelled."""
    first = unicodedata.normalize("NFC", arrival.key.partition("/")[0]).casefold()
    return "/" in arrival.key and first.replace("ö", "o") == FOLDER


def try_file(
    data: bytes,
    name: str,
    *,
    city: City,
    round_: Round | None,
    board: str | None,
    today: date,
    history: History | None = None,
    scanner: str | None = None,
) -> Tried:
    """Judge one file and return the answer to it: a page, and for a workbook a marked copy."""
    answer = scan(data, scanner) if scanner else "clean"
    if answer == "clean":
        reading = read_original(data, name=name, city=city)
    else:
        reading = Reading(Document(name=shown(name)), faults=(file_fault("unknown", answer),))
    if board:
        reading = replace(reading, document=replace(reading.document, sender=board))
    verdict = judge([reading], city=city, round=round_, today=today, history=history)[0]
    return Tried(verdict, _answers(data, name, reading, verdict, city))


def _answers(
    data: bytes, name: str, reading: Reading, verdict: Verdict, city: City
) -> dict[str, bytes]:
    stem = PurePosixPath(shown(name)).stem
    copy = f"{stem}-att-atgarda.xlsx"
    files: dict[str, bytes] = {}
    if reading.document.kind == "form" and name.lower().endswith(".xlsx"):
        try:
            files[copy] = annotated(data, verdict.findings)
        except CannotAnnotateError:
            copy = ""
    page = render_check(verdict, city, name=shown(name), copy=copy if copy in files else "")
    return files | {f"{stem}-pakekanden.html": page.encode()}


def answer_trials(
    arrivals: Sequence[Arrival],
    inbox: Inbox,
    out: Path,
    *,
    city: City,
    round_: Round | None,
    today: date,
    history: History,
    settings: Settings,
) -> int:
    """Answer every file in the dry-run folder and return how many; older answers are taken away.

    What is no longer there to be tried has no answer either: nothing stays behind.
    """
    place = out / FOLDER
    shutil.rmtree(place, ignore_errors=True)
    count = 0
    for arrival in arrivals:
        _, _, rest = arrival.key.partition("/")
        board = rest.partition("/")[0] if "/" in rest else None
        try:
            data = inbox.read(arrival)
        except NotNowError:
            continue
        tried = try_file(
            data,
            arrival.name,
            city=city,
            round_=round_,
            board=board,
            today=today,
            history=history,
            scanner=settings.scan,
        )
        inside = [shown(part) for part in rest.split("/")[1:-1]] if board else []
        folder = place.joinpath(shown(board or "okand-avsandare"), *inside)
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in tried.files.items():
            free = not (folder / name).exists()
            kind = PurePosixPath(arrival.name).suffix.lstrip(".").lower()
            (folder / (name if free else f"{kind}-{name}")).write_bytes(content)
        for name, content in fonts().items():
            (folder / name).write_bytes(content)
        count += 1
    return count
