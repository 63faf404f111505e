"""Give a piece of work a process of its own, without paying for a fresh Python each time.

To import the readers takes longer than to read most files, and to import WeasyPrint longer than to
set a short report. So one process per kind of work imports what it needs (`prepare` of its module),
never does the work itself, and forks: each fork does one piece (`main`) and ends. The server is
started when the first piece comes, and ends when the process that started it does, however that
ends: the pipe between them closes. Forks that open foreign files are limited (readers/sandbox.py)
and have no environment but the path to our own code.
Decision 015 says why it is ours and not that of `multiprocessing`, which pickles.
"""

from __future__ import annotations

import atexit
import gc
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import IO, NamedTuple, TypeAlias

_ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 60
_LONGEST_PATH = 4096
_NUMBER = 8
"""The bytes of a process number, always as many: the word that all is done may follow at once."""
_DONE = b"0"


class _Server(NamedTuple):
    process: subprocess.Popen[bytes]
    pipe: socket.socket


Module: TypeAlias = str
"""The module that does the work: SANDBOX or PDF. `prepare` imports, `main` answers one request."""
SANDBOX: Module = "tasks.readers.sandbox"
PDF: Module = "tasks.pdf"
servers: dict[tuple[int, Module], _Server] = {}
"""The servers of each process: one that was forked from us must not share ours."""
_one_at_a_time = threading.Lock()


class ForkServerError(RuntimeError):
    """No process could be made for the work: the machine's fault, never that of what was sent."""


def run(
    module: Module, folder: str, request: IO[bytes], answer: IO[bytes], wall_seconds: float
) -> bool:
    """Let a fork answer the request in `folder`; return whether it came to its end in time.

    A fork that takes longer is killed with all that it started. Raises ForkServerError.
    """
    mine, its = socket.socketpair()
    with mine:
        with its, _one_at_a_time:
            child = _forked(module, folder, its, (request, answer), mine)
        mine.settimeout(wall_seconds)
        try:
            return mine.recv(1) == _DONE
        except TimeoutError:
            os.killpg(child, signal.SIGKILL)  # it leads its own session, so the group is its pid
            mine.settimeout(None)
            mine.recv(1)
            return False


def environment() -> dict[str, str]:
    """Return all that a reader knows of the world: where our code is, and how text is written."""
    return {
        "PYTHONPATH": str(_ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
        "LANG": "C.UTF-8",
        "OPENBLAS_NUM_THREADS": "1",
    }


def _forked(
    module: Module,
    folder: str,
    its: socket.socket,
    files: tuple[IO[bytes], IO[bytes]],
    mine: socket.socket,
) -> int:
    """Return the process number of the fork. A server that has died is followed by a new one."""
    given = [its.fileno(), *(file.fileno() for file in files)]
    mine.settimeout(START_SECONDS)
    for _ in range(2):
        try:
            socket.send_fds(_server(module).pipe, [folder.encode()], given)
        except OSError:
            forget(module)
            continue
        its.close()
        told = mine.recv(_NUMBER, socket.MSG_WAITALL)
        if len(told) == _NUMBER:
            return int.from_bytes(told)
        forget(module)
        break
    message = "Processen som läser och skriver filer kunde inte startas. Pröva samlad doctor."
    raise ForkServerError(message)


def _server(module: Module) -> _Server:
    """Return this process's server for a kind of work, started where there is none."""
    own = os.getpid(), module
    if own not in servers:
        ours, its = socket.socketpair()
        with its:
            process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-s", "-P", "-m", __name__, str(its.fileno()), module],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # a parser's message may quote the document
                env=environment() if module == SANDBOX else None,
                pass_fds=[its.fileno()],
                start_new_session=True,
            )
        servers[own] = _Server(process, ours)
    return servers[own]


def forget(module: Module) -> None:
    """End this process's server for a kind of work. Forks that are at work come to their end."""
    server = servers.pop((os.getpid(), module), None)
    if server is not None:
        server.pipe.close()
        server.process.kill()
        server.process.wait()


for _module in (SANDBOX, PDF):
    atexit.register(forget, _module)


def serve(pipe: socket.socket, module: Module) -> None:
    """Fork for every message, until the other end of the pipe closes."""
    work = import_module(module)
    work.prepare()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel clears away forks that have ended
    gc.collect()
    gc.freeze()  # what is shared is not touched, so it stays shared
    while True:
        folder, given, _, _ = socket.recv_fds(pipe, _LONGEST_PATH, 3)
        if not folder:
            return
        if os.fork() == 0:
            pipe.close()
            _fork(work.main, folder.decode(), *given)
        for one in given:
            os.close(one)


def _fork(main: Callable[[], None], folder: str, told: int, request: int, answer: int) -> None:
    """Be the process that does one piece of work; never returns."""
    ended = 1
    try:
        os.setsid()
        os.chdir(folder)
        os.dup2(request, 0)
        os.dup2(answer, 1)
        os.close(request)
        os.close(answer)
        os.write(told, os.getpid().to_bytes(_NUMBER))
        main()
        os.write(told, _DONE)
        ended = 0
    finally:
        # What a library leaves behind at exit is of no interest, and may take time.
        os._exit(ended)


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as inherited:
        serve(inherited, sys.argv[2])
