"""Mutated files by the thousand: every one ends as read or as a finding, and the parent lives.

The files stand in benchmarks/spoiled_files.py, how they are read in fuzz_bench.py; here is a short
profile, and with `make test-long` all twenty thousand. They run in a process of their own, which
forks.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BATCH = 1_000


def told(first, count):
    """Return what the run printed last, and all it printed."""
    done = subprocess.run(
        [
            *(sys.executable, "-W", "ignore", str(ROOT / "benchmarks" / "fuzz_bench.py")),
            *("--first", str(first), "--count", str(count), "--show"),
        ],
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout, done.returncode


def test_fifty_mutated_files_are_read_or_refused_and_no_reader_breaks():
    printed, code = told(first=100_000, count=50)
    assert re.search(
        r"^50 filer: \d+ lästa, \d+ nekade, 0 där en läsare brast", printed, re.MULTILINE
    )
    assert code == 0


@pytest.mark.long
@pytest.mark.parametrize("first", range(0, 20_000, BATCH))
def test_a_thousand_mutated_files_are_read_or_refused_and_no_reader_breaks(first):
    printed, code = told(first=first, count=BATCH)
    assert code == 0, printed
