"""Kill a run before and after every durable write, run again, and hold it against a calm run.

A durable write is whatever changes what is kept: a file brought to disk (fsync), a rename, a cut
of the journal, a commit of the database. Each is numbered by running once; then a run is killed
at each (`os._exit`, nothing is tidied up), run again to its end, and must say the same as the run
that nobody disturbed: originals, journal, facts and published bytes.

`make crash-bench` prints the counts; `--every 7` tries every seventh point only.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.engine.default import DefaultDialect

from flows.round import run_round
from flows.settings import settings_in
from flows.terminal import InProcess
from flows.updating import Order
from warehouse.digest import contents
from warehouse.store import open_store
from warehouse.warehouse import open_warehouse

ROOT = Path(__file__).parents[1]
INBOX = ROOT / "examples" / "inbox" / "2026-08"
BOARDS = ("forskolenamnden", "socialnamnden", "lindhamns-hamn")
NOW = datetime(2026, 9, 21, 10, tzinfo=UTC)
KILLED = 137


def one_run(folder: Path) -> None:
    """Run the round of a small city once, with everything under `folder`."""
    settings = replace(
        settings_in(folder / "data"), inbox=str(folder / "inbox"), settle_seconds=0.0
    )
    order = Order("lindhamn", NOW, folder / "out", round_id="2026-08")
    run_round(order, settings.for_city("lindhamn"), InProcess(quiet=True))


@contextmanager
def counted(at: int | None) -> Iterator[list[str]]:
    """Count every durable write, and die before (even) or after (odd) the one numbered `at`."""
    seen: list[str] = []

    def watched(name: str, write: Callable[..., Any]) -> Callable[..., Any]:
        def do(*arguments: Any, **named: Any) -> Any:
            point = 2 * len(seen)
            seen.append(name)
            if at == point:
                os._exit(KILLED)
            result = write(*arguments, **named)
            if at == point + 1:
                os._exit(KILLED)
            return result

        return do

    real = {name: getattr(os, name) for name in ("fsync", "replace", "rename", "truncate")}
    commit = DefaultDialect.do_commit
    for name, write in real.items():
        setattr(os, name, watched(name, write))
    DefaultDialect.do_commit = watched("commit", commit)  # type: ignore[method-assign]
    try:
        yield seen
    finally:
        for name, write in real.items():
            setattr(os, name, write)
        DefaultDialect.do_commit = commit  # type: ignore[method-assign]


def outcome(folder: Path) -> dict[str, str]:
    """Return a digest of each kind of thing that is kept or shown."""
    root = folder / "data" / "lindhamn"
    acts = [[e.act, e.content] for e in open_store(str(root / "store")).journal()]
    with open_warehouse(f"sqlite:///{root}/warehouse.db") as warehouse:
        facts = {name: kind.sha256 for name, kind in contents(warehouse).items()}
    out = folder / "out"
    shown = {str(p.relative_to(out)): p.read_bytes().hex() for p in files_in(out)}
    originals = [p.name for p in files_in(root / "store" / "originals") if p.suffix != ".part"]
    kinds = {
        "journal": [act for act in acts if act[0] != "torn"],
        "facts": facts,
        "report": [shown, sorted(path.name for path in folder.glob(".out*"))],
        "originals": originals,
    }
    return {
        name: hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
        for name, value in kinds.items()
    }


def files_in(folder: Path) -> list[Path]:
    """Return all files under a folder, in order."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def fresh(folder: Path) -> Path:
    """Return an empty place with the inbox of a few boards."""
    shutil.rmtree(folder, ignore_errors=True)
    for board in BOARDS:
        shutil.copytree(INBOX / board, folder / "inbox" / board)
    return folder


def killed_at(folder: Path, point: int) -> bool:
    """Run in a forked child that dies at a point; say whether it did."""
    child = os.fork()
    if child == 0:
        with counted(point):
            one_run(folder)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == KILLED


def bench(every: int) -> int:
    """Try the points; print the counts and return how many ended otherwise."""
    place = Path(tempfile.mkdtemp(prefix="samlad-crash-"))
    calm = fresh(place / "calm")
    with counted(None) as seen:
        one_run(calm)
    wanted = outcome(calm)
    points = range(0, 2 * len(seen), every)
    print(f"{len(seen)} durable writes {dict(Counter(seen))}, {len(points)} kills", flush=True)
    bad = []
    for number, point in enumerate(points, start=1):
        told = f"point {point} ({seen[point // 2]})"
        folder = fresh(place / "killed")
        if killed_at(folder, point):
            one_run(folder)
            found = outcome(folder)
            other = [name for name, digest in found.items() if digest != wanted[name]]
            bad += [f"{told}: other {', '.join(other)}"] if other else []
        else:
            bad.append(f"{told}: not reached")
        if number % 20 == 0:
            print(f"{number} of {len(points)} tried, {len(bad)} otherwise", flush=True)
    print(f"{len(points) - len(bad)} of {len(points)} ended as undisturbed", *bad, sep="\n")
    shutil.rmtree(place)
    return len(bad)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1)
    raise SystemExit(1 if bench(parser.parse_args().every) else 0)
