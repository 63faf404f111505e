"""Give every foreign file a process of its own, without paying for a fresh Python each time.

To import the readers takes longer than to read most files. So one process imports them, never opens
a file itself, and forks: each fork is limited (readers/sandbox.py), reads one file and ends. The
server is started when the first file comes, and ends when the process that started it does, however
that ends: the pipe between them closes. It has no environment but the path to our own code.
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
from pathlib import Path
from typing import IO, NamedTuple

_ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60
_LONGEST_PATH = 4096
_NUMBER = 8
"""The bytes of a process number, always as many: the word that all is done may follow at once."""
_DONE = b"0"


class _Server(NamedTuple):
    process: subprocess.Popen[bytes]
    pipe: socket.socket


servers: dict[int, _Server] = {}
"""The server of each process: one that was forked from us must not share ours."""
_one_at_a_time = threading.Lock()


class ForkServerError(RuntimeError):
    """No process could be made that opens a file: the machine's fault, never the file's."""


def run(folder: str, request: IO[bytes], answer: IO[bytes], wall_seconds: float) -> bool:
    """Let a fork answer the request in `folder`; return whether it came to its end in time.

    A fork that takes longer is killed with all that it started. Raises ForkServerError.
    """
    mine, its = socket.socketpair()
    with mine:
        with its, _one_at_a_time:
            child = _forked(folder, its, request, answer, mine)
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
    folder: str, its: socket.socket, request: IO[bytes], answer: IO[bytes], mine: socket.socket
) -> int:
    """Return the process number of the fork. A server that has died is followed by a new one."""
    given = [its.fileno(), request.fileno(), answer.fileno()]
    mine.settimeout(START_SECONDS)
    for _ in range(2):
        try:
            socket.send_fds(_server().pipe, [folder.encode()], given)
        except OSError:
            _forget()
            continue
        its.close()
        told = mine.recv(_NUMBER, socket.MSG_WAITALL)
        if len(told) == _NUMBER:
            return int.from_bytes(told)
        _forget()
        break
    message = "Processen som öppnar filer kunde inte startas. Pröva samlad doctor."
    raise ForkServerError(message)


def _server() -> _Server:
    """Return this process's server, started where there is none."""
    if os.getpid() not in servers:
        ours, its = socket.socketpair()
        with its:
            process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-s", "-P", "-m", __name__, str(its.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # a parser's message may quote the document
                env=environment(),
                pass_fds=[its.fileno()],
                start_new_session=True,
            )
        servers[os.getpid()] = _Server(process, ours)
    return servers[os.getpid()]


def _forget() -> None:
    """End this process's server. Forks that are at work come to their end."""
    server = servers.pop(os.getpid(), None)
    if server is not None:
        server.pipe.close()
        server.process.kill()
        server.process.wait()


atexit.register(_forget)


def serve(pipe: socket.socket) -> None:
    """Fork for every message, until the other end of the pipe closes."""
    from tasks.readers.opening import import_readers  # noqa: PLC0415 - only the server reads

    import_readers()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel clears away forks that have ended
    gc.collect()
    gc.freeze()  # what is shared is not touched, so it stays shared
    while True:
        folder, given, _, _ = socket.recv_fds(pipe, _LONGEST_PATH, 3)
        if not folder:
            return
        if os.fork() == 0:
            pipe.close()
            _fork(folder.decode(), *given)
        for one in given:
            os.close(one)


def _fork(folder: str, told: int, request: int, answer: int) -> None:
    """Be the process that opens one file; never returns."""
    from tasks.readers import sandbox  # noqa: PLC0415 - imported by the server before it forked

    ended = 1
    try:
        os.setsid()
        os.chdir(folder)
        os.dup2(request, 0)
        os.dup2(answer, 1)
        os.close(request)
        os.close(answer)
        os.write(told, os.getpid().to_bytes(_NUMBER))
        sandbox.main()
        os.write(told, _DONE)
        ended = 0
    finally:
        # What a library leaves behind at exit is of no interest, and may take time.
        os._exit(ended)


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as inherited:
        serve(inherited)
