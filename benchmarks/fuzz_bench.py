"""Mutate files by the thousand and read each under the sandbox's limits: read, or a finding.

Every file is read by a process of its own, as in the sandbox: the same limits, closed doors and code
(`sandbox.limit`, `close_doors`, `_read`). To be quick, the processes are forked from one that has
the readers loaded instead of started anew. A child that dies or answers nonsense becomes a finding
on the parent's side (`reading_in`), as it does in a run. Seeded: the same number makes the same file.

    python benchmarks/fuzz_bench.py --count 20000
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
import time
from collections import Counter

from benchmarks.spoiled_files import files, mutated
from expectations.contract_json import as_json
from expectations.register_files import load_city
from tasks.readers import sandbox

SECONDS = 60.0


def outcome(number: int, city: object) -> tuple[str, str, float]:
    """Return (kind of mutation, what came of it, seconds) of one file, read in its own process."""
    mutator, data = mutated(number)
    began = time.monotonic()
    with tempfile.TemporaryFile() as answer:
        ended = _in_fork(data, mutator.name, city, answer.fileno())
        answer.seek(0)
        reading = sandbox.reading_in(answer.read() if ended == 0 else b"", mutator.name)
    spent = time.monotonic() - began
    trace = next((f.values["spår"] for f in reading.faults if "spår" in f.values), None)
    if ended != 0:
        return mutator.kind, f"dog ({ended})", spent
    if trace is not None:
        return mutator.kind, f"brast i {trace}", spent
    refused = next(
        (f.values.get("fel", "i filen") for f in reading.faults if f.rule == "A-FILE"), None
    )
    return mutator.kind, f"nekad: {refused}" if refused else "läst", spent


def _in_fork(data: bytes, name: str, city: object, answer: int) -> int:
    """Read a file in a forked child under the sandbox's limits; return how it ended."""
    child = os.fork()
    if child == 0:
        try:
            os.setsid()
            sandbox.limit()
            sandbox.close_doors()
            told = json.dumps(as_json(sandbox._read(data, name, city)), ensure_ascii=False)  # noqa: SLF001 - the very code the sandbox runs
            os.write(answer, b"") if not told else _write_all(answer, told.encode())
            os._exit(0)
        except BaseException:  # noqa: BLE001 - what ends a child is what is looked for
            os._exit(9)
    return _waited(child)


def _write_all(answer: int, data: bytes) -> None:
    while data:
        data = data[os.write(answer, data) :]


def _waited(child: int) -> int:
    """Return a child's exit code, minus its signal where it was killed; hanging it is killed."""
    deadline = time.monotonic() + SECONDS
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return -99
        time.sleep(0.002)


def warm_up() -> object:
    """Load every reader once, so that the children need not; return the city they read with."""
    city = load_city("malmo")
    for source, name in (
        ("xlsx", "a.xlsx"),
        ("own_docx", "a.docx"),
        ("own_pdf", "a.pdf"),
        ("json", "a.json"),
        ("txt", "a.txt"),
    ):
        sandbox._read(files()[source], name, city)  # noqa: SLF001 - as the children do
    return city


def run(numbers: range) -> tuple[Counter[tuple[str, str]], float]:
    """Return the outcomes counted by (kind of mutation, outcome), and the longest time."""
    city = warm_up()
    found: Counter[tuple[str, str]] = Counter()
    longest = 0.0
    for number in numbers:
        kind, came, spent = outcome(number, city)
        found[kind, came] += 1
        longest = max(longest, spent)
        if SHOW and came.startswith(("dog", "brast")):
            print(f"  {number}: {kind} {came} {spent:.1f} s", flush=True)
    return found, longest


SHOW = "--show" in sys.argv


def main() -> int:
    """Run the files, print the counts; return 1 where a reader broke or a child died."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    began = time.monotonic()
    found, longest = run(range(options.first, options.first + options.count))
    for (kind, came), times in sorted(found.items()):
        print(f"{kind:<8}{times:>7}  {came}")
    read = sum(n for (_, came), n in found.items() if came == "läst")
    bad = sum(n for (_, came), n in found.items() if came.startswith(("dog", "brast")))
    print(
        f"{options.count} filer: {read} lästa, {options.count - read - bad} nekade, "
        f"{bad} där en läsare brast; längst {longest:.1f} s; {time.monotonic() - began:.0f} s i allt"
    )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
