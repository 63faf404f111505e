"""Kill a run before and after every durable write, run again, and hold it against a calm run.

A durable write is whatever changes what is kept: a file brought to disk (fsync), a rename, a cut
of the journal, a commit of the database. They are numbered by running once. A killed process
leaves behind what lies in its folder at that moment, so a second run is filmed: the folder is
copied before and after each write, and from every copy that differs the round is run again to its
end. It must then say the same as the run that nobody disturbed: originals, journal, facts and
published bytes.

That a copy is what a kill leaves is shown by real ones: at every `--kills`th point a process is
ended by SIGKILL, its folder is held against the copy, and the round is run again there too.

Readers, judges and printers are asked once per question and remembered: they are functions of what
they are given, and what is tried here is what is kept. `make crash-bench` prints the counts.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import signal
import sqlite3
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.engine.default import DefaultDialect

import flows.reading
import flows.round
import flows.updating
from flows.order import Order
from flows.settings import settings_in
from flows.terminal import InProcess
from warehouse.digest import contents
from warehouse.store import open_store
from warehouse.warehouse import open_warehouse

ROOT = Path(__file__).parents[1]
INBOX = ROOT / "examples" / "inbox" / "2026-08"
BOARDS = ("forskolenamnden", "socialnamnden", "lindhamns-hamn")
NOW = datetime(2026, 9, 21, 10, tzinfo=UTC)
WRITES = ("fsync", "replace", "rename", "truncate")
FLEETING = re.compile(r"-shm$|\.lock$")
"""What a dead process leaves that nobody reads: SQLite makes its -shm anew."""


def one_run(
    folder: Path, warehouse: str | None = None, store: str | None = None, inbox: str | None = None
) -> None:
    """Run the round of a small city once, with everything under `folder` but what is given."""
    inbox = inbox or str(folder / "inbox")
    places = replace(settings_in(folder / "data"), inbox=inbox, settle_seconds=0.0)
    places = replace(places, warehouse=warehouse or places.warehouse, store=store or places.store)
    order = Order("lindhamn", NOW, folder / "out" / "2026-08", round_id="2026-08")
    flows.round.run_round(order, places.for_city("lindhamn"), InProcess(quiet=True))


@contextmanager
def remembered() -> Iterator[None]:
    """Let readers, judges and printers answer once per question."""
    known: dict[str, Any] = {}

    def once(module: Any, name: str, asked: Callable[..., Any]) -> Callable[..., Any]:
        real = getattr(module, name)

        def answered(*arguments: Any, **named: Any) -> Any:
            question = hashlib.sha256(repr((name, asked(*arguments, **named))).encode()).hexdigest()
            if question not in known:
                known[question] = real(*arguments, **named)
            return known[question]

        return answered

    def of_verdicts(*given: Any, city: Any, **named: Any) -> Any:
        return given, city.version, sorted(named.items())

    questions = {
        (flows.reading, "_read_one"): lambda store, city, receipt: (
            city.version,
            receipt.sha256,
            receipt.name,
        ),
        (flows.updating, "judge"): of_verdicts,
        (flows.updating, "judge_city"): of_verdicts,
        (flows.round, "load_city"): lambda *given: given,
        (flows.round, "views"): lambda snapshot, city, store, status, call: (snapshot, status),
        (flows.round, "_findings"): lambda *given: (given[0], given[3], given[5]),
    }
    real = {place: getattr(*place) for place in questions}
    try:
        for place, asked in questions.items():
            setattr(*place, once(*place, asked))
        yield
    finally:
        for place, function in real.items():
            setattr(*place, function)


@contextmanager
def at_every_write(do: Callable[[int, str], None]) -> Iterator[None]:
    """Call `do` before (even numbers) and after (odd ones) every durable write, with its kind."""
    count = 0

    def watched(name: str, write: Callable[..., Any]) -> Callable[..., Any]:
        def written(*arguments: Any, **named: Any) -> Any:
            nonlocal count
            point, count = 2 * count, count + 1
            do(point, name)
            result = write(*arguments, **named)
            do(point + 1, name)
            return result

        return written

    real = {name: getattr(os, name) for name in WRITES}
    commit = DefaultDialect.do_commit
    try:
        for name, write in real.items():
            setattr(os, name, watched(name, write))
        DefaultDialect.do_commit = watched("commit", commit)  # type: ignore[method-assign]
        yield
    finally:
        for name, write in real.items():
            setattr(os, name, write)
        DefaultDialect.do_commit = commit  # type: ignore[method-assign]


def outcome(folder: Path, warehouse: str | None = None, store: str | None = None) -> dict[str, str]:
    """Return a digest of each kind of thing that is kept or shown."""
    root = folder / "data" / "lindhamn"
    kept = open_store(store or str(root / "store"))
    journal = kept.journal()
    with open_warehouse(warehouse or f"sqlite:///{root}/warehouse.db") as opened:
        facts = {name: kind.sha256 for name, kind in contents(opened).items()}
    shown = {str(p.relative_to(folder)): p.read_bytes().hex() for p in files_in(folder / "out")}
    named = sorted({e.content["sha256"] for e in journal if e.content.get("sha256")})
    kinds = {
        "journal": [[e.act, e.content] for e in journal if e.act != "torn"],
        "facts": facts,
        "report": shown,
        "originals": [hashlib.sha256(kept.original(sha256)).hexdigest() for sha256 in named],
    }
    if store is None:
        found = files_in(root / "store" / "originals")
        kinds["originals kept"] = [path.name for path in found if path.suffix != ".part"]
    return {
        name: hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
        for name, value in kinds.items()
    }


def files_in(folder: Path) -> list[Path]:
    """Return all files under a folder, in order."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def fresh(folder: Path, boards: Sequence[str] = BOARDS) -> Path:
    """Return an empty place with the inbox of a few boards."""
    shutil.rmtree(folder, ignore_errors=True)
    for board in boards:
        shutil.copytree(INBOX / board, folder / "inbox" / board)
    return folder


@dataclass
class Film:
    """Copies of a folder, each file by the hash of its bytes; the same bytes are kept once."""

    folder: Path
    blobs: dict[str, bytes] = field(default_factory=dict)
    states: dict[str, dict[str, str]] = field(default_factory=dict)
    seen: dict[str, tuple[tuple[int, ...], str]] = field(default_factory=dict)

    def take(self) -> str:
        """Copy what lies there now and return the name of that state."""
        state = {}
        for path in files_in(self.folder):
            name = str(path.relative_to(self.folder))
            if not FLEETING.search(name):
                state[name] = self._blob(path, name)
        key = hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()
        self.states.setdefault(key, state)
        return key

    def _blob(self, path: Path, name: str) -> str:
        told = path.stat()
        mark = (told.st_ino, told.st_mtime_ns, told.st_size)
        grows = name.endswith((".db", "-wal", "-journal", ".jsonl"))  # changed where it lies
        if not grows and name in self.seen and self.seen[name][0] == mark:
            return self.seen[name][1]
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        if digest not in self.blobs:
            self.blobs[digest] = zlib.compress(data, 1)
        self.seen[name] = (mark, digest)
        return digest

    def lay_out(self, key: str, folder: Path) -> Path:
        """Put a state in a folder, as a killed process would have left it."""
        shutil.rmtree(folder, ignore_errors=True)
        for name, digest in self.states[key].items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(zlib.decompress(self.blobs[digest]))
        return folder


def as_left(folder: Path) -> dict[str, str]:
    """Return what lies in a folder, to compare: names drawn by lot aside, databases by content."""
    told = {}
    for path in files_in(folder):
        name = str(path.relative_to(folder))
        if FLEETING.search(name) or name.endswith("-wal"):
            continue
        plain = re.sub(r"tmp\w+\.part$|\.\d+\.part", "*.part", name)
        told[plain] = _dump(path) if name.endswith(".db") else _sha256(path.read_bytes())
    return told


def _dump(database: Path) -> str:
    with tempfile.TemporaryDirectory() as place:
        for path in database.parent.glob(f"{database.name}*"):
            if not FLEETING.search(path.name):
                shutil.copy(path, place)
        connection = sqlite3.connect(Path(place, database.name))
        try:
            return _sha256("\n".join(connection.iterdump()).encode())
        finally:
            connection.close()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def killed_at(folder: Path, point: int) -> bool:
    """Run in a process of its own that is ended by SIGKILL at a point; say whether it was."""

    def die(number: int, _: str) -> None:
        if number == point:
            os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if child == 0:
        with at_every_write(die):
            one_run(folder)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def filmed(folder: Path, boards: Sequence[str], every: int) -> tuple[Film, list[str], list[str]]:
    """Run once and copy the folder at every so manieth point: film, kind and state of each."""
    film, kinds, states = Film(fresh(folder, boards)), [], []

    def look(point: int, kind: str) -> None:
        kinds.append(kind)
        states.append(film.take() if point % every == 0 else "")

    with at_every_write(look):
        one_run(folder)
    return film, kinds, states


def otherwise(folder: Path, wanted: dict[str, str]) -> list[str]:
    """Run again to the end and return the kinds of things that are not as wanted."""
    one_run(folder)
    found = outcome(folder)
    return [name for name, digest in found.items() if digest != wanted[name]]


def bench(every: int = 1, kills: int = 40, boards: Sequence[str] = BOARDS) -> int:
    """Try the points; print the counts and return how many ended otherwise."""
    place = Path(tempfile.mkdtemp(prefix="samlad-crash-"))
    started = time.perf_counter()
    try:
        with remembered():
            one_run(fresh(place / "calm", boards))
            bad = tried(place, outcome(place / "calm"), boards, every, kills)
    finally:
        shutil.rmtree(place)
    print(f"{time.perf_counter() - started:.0f} s", *bad, sep="\n")
    return len(bad)


def tried(
    place: Path, wanted: dict[str, str], boards: Sequence[str], every: int, kills: int
) -> list[str]:
    """Return every point that ended otherwise, in words."""
    film, kinds, states = filmed(place / "film", boards, every)
    bad = [f"filmed: other {name}" for name in otherwise(place / "film", wanted)]
    places = {state: point for point, state in reversed(list(enumerate(states))) if state}
    told = dict(Counter(kinds[::2]))
    print(f"{len(kinds) // 2} durable writes {told}, {len(kinds)} points", flush=True)
    for state, point in sorted(places.items(), key=lambda one: one[1]):
        other = otherwise(film.lay_out(state, place / "again"), wanted)
        bad += [f"point {point} ({kinds[point]}): other {', '.join(other)}"] if other else []
    looked = sum(bool(state) for state in states)
    print(f"{looked} points copied, {len(places)} states differ, {len(bad)} ended otherwise")
    dead = [point for point in range(0, len(states), kills) if states[point]]
    for point in dead:
        folder = fresh(place / "killed", boards)
        name = f"killed at {point} ({kinds[point]})"
        if not killed_at(folder, point):
            bad.append(f"{name}: not reached")
            continue
        copy = as_left(film.lay_out(states[point], place / "again"))
        if as_left(folder) != copy:
            bad.append(f"{name}: left something else than the copy")
        other = otherwise(folder, wanted)
        bad += [f"{name}: other {', '.join(other)}"] if other else []
    print(f"{len(dead)} processes killed, each held against its copy; {len(bad)} otherwise in all")
    return bad


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--kills", type=int, default=40)
    options = parser.parse_args()
    raise SystemExit(1 if bench(options.every, options.kills) else 0)
