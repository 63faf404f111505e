"""The dry run: a file is judged as if it had been handed in, and nothing of it is kept.

Files in the inbox's folder `provkorning/<nämnd>/` are answered in a folder of their own beside
the reports; `samlad check` does the same with one file. No receipt, no journal, no warehouse.
"""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path, PurePosixPath

from desk.pages import fonts, render_check
from expectations.contract import Document, Reading
from expectations.judging import judge
from expectations.registers import LOCAL_TIME, City, Round
from expectations.settling import Settlement, settled
from expectations.verdicts import History, NotChecked, Verdict
from flows.history import answers_in
from flows.marking import marked_copy
from tasks.clearing import scan
from tasks.read import read_original
from tasks.readers.file_checks import file_fault
from tasks.receive import Arrival, Inbox, NotNowError, shown

FOLDER = "provkorning"
OTHER_PART = "Formulärets andra del (arbetsboken eller Word-filen) prövas för sig."


@dataclass(frozen=True, slots=True)
class Tried:
    """What a dry run says: the verdict, and the files that answer it by name."""

    verdict: Verdict
    files: Mapping[str, bytes]
    reading: Reading


def is_trial(arrival: Arrival) -> bool:
    """Say whether a file lies in the folder for dry runs, however its name is spelled."""
    first = unicodedata.normalize("NFC", arrival.key.partition("/")[0]).casefold()
    return "/" in arrival.key and first.replace("ö", "o") == FOLDER


@dataclass(frozen=True, slots=True)
class Against:
    """What a tried file is held against: the round, what is known, and the office's own acts."""

    city: City
    round: Round | None
    today: date
    history: History
    scanner: str | None = None
    settlements: Sequence[Settlement] = ()


def try_file(data: bytes, name: str, board: str | None, against: Against) -> Tried:
    """Judge one file and return the answer to it: a page, and for a workbook a marked copy.

    The answers that stand in the file count, as they will when it is handed in.
    """
    city, today, scanner = against.city, against.today, against.scanner
    answer = scan(data, scanner) if scanner else "clean"
    if answer == "clean":
        reading = read_original(data, name=name, city=city)
    else:
        reading = Reading(Document(name=shown(name)), faults=(file_fault("unknown", answer),))
    if board:
        reading = replace(reading, document=replace(reading.document, sender=board))
    verdicts = judge(
        [reading], city=city, round=against.round, today=today, history=against.history
    )
    noon = datetime.combine(today, time(12), LOCAL_TIME)
    given = [*against.settlements, *answers_in(reading, city, at=noon)]
    verdict = _by_itself(settled(verdicts, given, today=today)[0])
    return Tried(verdict, _answers(data, name, reading, verdict, city), reading)


def _by_itself(verdict: Verdict) -> Verdict:
    """Return a verdict that does not ask for the form's other part: one file is tried alone."""
    missing = [f for f in verdict.findings if f.rule == "A-PART"]
    skipped = NotChecked("A-PART", OTHER_PART)
    return replace(
        verdict,
        findings=tuple(f for f in verdict.findings if f not in missing),
        not_checked=(*verdict.not_checked, *([skipped] if missing else [])),
    )


def _answers(
    data: bytes, name: str, reading: Reading, verdict: Verdict, city: City
) -> dict[str, bytes]:
    stem = PurePosixPath(shown(name)).stem
    document = replace(reading.document, name=name)
    called = f"{stem}-att-atgarda.xlsx"
    copy, marked = marked_copy(data, document, verdict, name=called, answers=reading.answers)
    page = render_check(verdict, city, name=shown(name), copy=copy)
    answers = {f"{stem}-pakekanden.html": page.encode()}
    return answers | ({copy.name: marked} if copy is not None and marked else {})


def answer_trials(arrivals: Sequence[Arrival], inbox: Inbox, out: Path, against: Against) -> int:
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
        tried = try_file(data, arrival.name, board, against)
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
