"""The last evening: sixty boards hand in at once, with copies, and several workers run at once.

Prints what was handed in and what became of every file, and the times as a ratio to a floor: the
time it takes to copy and hash the same files. Ends with 1 where anything is not accounted for.
"""

import argparse
import hashlib
import json
import multiprocessing
import resource
import shutil
import tempfile
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from expectations.register_files import load_city
from flows.order import Order
from flows.round import collect
from flows.settings import settings_in
from flows.terminal import InProcess
from tasks.receive import receipts
from warehouse.store import open_store
from warehouse.warehouse import open_warehouse

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples" / "inbox" / "2026-08"
NOW = datetime(2026, 9, 14, 21, 59, tzinfo=UTC)


def handed_in(folder: Path, boards: int) -> int:
    """Put all that a board hands in in the inbox, a copy for every fifth; return how many files.

    The example city's boards go round, those that hand in a workbook and a Word file with both:
    what comes in a stranger's folder has other bytes and is received and judged like the rest,
    whatever is found in it.
    """
    sources = [found for place in sorted(EXAMPLES.iterdir()) if (found := _reports(place))]
    count = 0
    for number in range(boards):
        turn, one = divmod(number, len(sources))
        for source in sources[one]:
            name = source.parent.name if not turn else f"{source.parent.name}-{turn}"
            # A few bytes after the end: every program reads the file the same, the hash is another.
            data = source.read_bytes() + b"\n" * turn
            for copy in range(2 if number % 5 == 0 else 1):
                path = folder / name / (source.name if not copy else f"kopia-{source.name}")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
                count += 1
    return count


def _reports(place: Path) -> list[Path]:
    """Return the files of a board's report: a whole one, or a workbook and its Word file."""
    names = ("delarsrapport-2026.*", "underlag-*", "text-*")
    found = sorted(path for name in names for path in place.glob(name))
    return [path for path in found if path.suffix != ".part"]


def floor(inbox: Path, folder: Path) -> float:
    """Return the seconds that copying and hashing the files takes, and nothing else."""
    started = time.perf_counter()
    shutil.copytree(inbox, folder)
    for path in folder.rglob("*"):
        if path.is_file():
            hashlib.sha256(path.read_bytes()).hexdigest()
    return time.perf_counter() - started


def work(place: str) -> dict[str, object]:
    """Run once as one of several workers; return the head and how many receipts were new."""
    folder = Path(place)
    settings = replace(
        settings_in(folder / "data"), inbox=str(folder / "inbox"), settle_seconds=0.0
    ).for_city("lindhamn")
    order = Order("lindhamn", NOW, folder / "out", round_id="2026-08")
    city, store, shown = load_city("lindhamn"), open_store(settings.store), InProcess(quiet=True)
    with open_warehouse(settings.warehouse) as warehouse:
        found = collect(city, order, settings, store, warehouse, shown)
    states = Counter(receipt.state for receipt in found.taken)
    return {"head": found.snapshot.head, "states": dict(states), "times": shown.times}


def bench(boards: int, workers: int) -> int:
    """Hand in, run the workers, count; return how many files are not accounted for."""
    place = Path(tempfile.mkdtemp(prefix="samlad-load-"))
    count = handed_in(place / "inbox", boards)
    least = floor(place / "inbox", place / "floor")
    started = time.perf_counter()
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        told = pool.map(work, [str(place)] * workers)
    spent = time.perf_counter() - started
    store = open_store(str(place / "data" / "lindhamn" / "store"))
    journal = store.journal()
    kept = receipts(journal, city_id="lindhamn")
    right = {
        path.relative_to(place / "inbox").as_posix(): path.read_bytes()
        for path in (place / "inbox").rglob("*")
        if path.is_file()
    }
    lost = [key for key, data in right.items() if not _is_kept(key, data, kept, store)]
    twice = [key for key, number in Counter(r.key for r in kept).items() if number > 1]
    copies = sum(r.identical_to is not None for r in kept)
    print(f"{boards} boards, {count} files, {workers} workers at once")
    print(f"received {len(kept)}, of them {copies} copies; lost {len(lost)}, twice {len(twice)}")
    print(f"workers ended with {len({t['head'] for t in told})} state(s) of the facts")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = used.ru_utime + used.ru_stime
    print(f"all of it took {spent / least:.0f} times the floor of copying and hashing")
    print(json.dumps(_told(spent, processor, least)))
    for step, seconds in sorted(told[0]["times"].items(), key=lambda one: -one[1])[:4]:
        print(f"  {step:<28}{seconds / least:>8.0f} floors")
    shutil.rmtree(place)
    return len(lost) + len(twice) + (len({t["head"] for t in told}) != 1)


def _told(spent: float, processor: float, least: float) -> dict[str, float]:
    """Return the seconds on the clock, those of the processor in all processes, and the floor."""
    return {
        "seconds": round(spent, 1),
        "processor": round(processor, 1),
        "floor": round(least, 3),
    }


def _is_kept(key: str, data: bytes, kept: list, store: object) -> bool:
    return any(r.key == key and store.original(r.sha256) == data for r in kept)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--boards", type=int, default=60)
    parser.add_argument("--workers", type=int, default=4)
    options = parser.parse_args()
    raise SystemExit(1 if bench(options.boards, options.workers) else 0)
