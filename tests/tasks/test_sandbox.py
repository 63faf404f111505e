"""The child process that opens foreign files: what it may not do, and that its death harms nobody.

The hostile children here are real ones: the same command, limits and environment, with code in
place of a reader.
"""

import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tasks import forkserver
from tasks.readers import sandbox
from tasks.readers.sandbox import read_in_child, show_in_child

PRELUDE = """
from tasks.readers import sandbox
sandbox.limit()
sandbox.close_doors()
"""


def in_child(code, **given):
    """Run code under the child's limits; return (exit code, output)."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-s", "-P", "-c", PRELUDE + code],
            cwd=folder,
            env=forkserver.environment() | given,
            capture_output=True,
            timeout=30,
            check=False,
            start_new_session=True,
        )
    return done.returncode, done.stdout.decode().strip()


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.socket()",
        "import socket; socket.getaddrinfo('localhost', 80)",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "import os; os.fork()",
    ],
)
def test_a_reader_opens_no_socket_and_starts_no_process(code):
    attempt = f"\ntry:\n    {code}\nexcept PermissionError:\n    print('refused')"
    assert in_child(attempt) == (0, "refused")


def test_a_reader_that_takes_all_memory_is_stopped():
    code = "\ntry:\n    bytes(2 << 30)\nexcept MemoryError:\n    print('stopped')"
    assert in_child(code) == (0, "stopped")


def test_a_reader_writes_no_endless_file():
    code = "\nwith open('x', 'wb') as file:\n    file.truncate(sandbox.LARGEST_ANSWER + 1)"
    ended, _ = in_child(code)
    assert ended != 0


def test_a_reader_sees_nothing_of_our_environment(monkeypatch):
    monkeypatch.setenv("SAMLAD_WAREHOUSE", "postgresql://secret")
    assert "SAMLAD_WAREHOUSE" not in forkserver.environment()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root is sure to get a network of its own")
def test_a_reader_has_a_network_of_its_own():
    mine = str(Path("/proc/self/ns/net").readlink())
    ended, its = in_child("\nimport os; print(os.readlink('/proc/self/ns/net'))")
    assert ended == 0
    if its == mine:
        pytest.skip("this kernel or container gives no network namespaces")
    assert its != mine


def test_files_are_read_on_after_the_process_that_makes_children_has_died():
    before = read_in_child(b"hej", name="a.txt", city=None)
    server = forkserver.servers[os.getpid(), forkserver.SANDBOX].process
    server.kill()
    server.wait()
    assert read_in_child(b"hej", name="a.txt", city=None) == before


def test_files_read_at_the_same_time_do_not_mix_their_answers():
    texts = [f"Nämnd {number}\n".encode() * 40 for number in range(12)]

    def lines(text):
        return [line for _, line, _ in show_in_child(text, name="a.txt", city=None)[1]]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lines, texts)) == [text.decode().splitlines() for text in texts]


def test_a_child_that_takes_too_long_is_killed_and_explained():
    reading = read_in_child(b"hej", name="a.txt", city=None, wall_seconds=0.001)
    assert [(fault.rule, fault.values["fel"]) for fault in reading.faults] == [("A-FILE", "unsafe")]


@pytest.mark.parametrize("answer", [b"", b"not json", b"{}", b'{"document": 1}', b"[" * 100_000])
def test_an_answer_that_is_no_reading_is_explained(answer):
    reading = sandbox.reading_in(answer, "a.pdf")
    assert reading.faults[0].values["format"] == "PDF"
    assert reading.document.media_type == "application/pdf"


def test_a_reader_that_breaks_is_explained_and_says_where_without_values():
    code = """
def broken(*_, **__):
    raise KeyError("hemligt värde")
sandbox.open_as = broken
print(sandbox._read(b"hej", "a.txt", None).faults[0].values["spår"])
"""
    ended, printed = in_child(code)
    assert ended == 0
    assert printed.startswith("sandbox.py:")
    assert printed.endswith(" KeyError")
