"""What a person sees in the terminal: progress while it works, a summary when it is done."""

from __future__ import annotations

import errno
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TextIO, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def swedish_seconds(seconds: float) -> str:
    """Return a duration as `0,4 s` or `1 min 12 s`."""
    if seconds < 60:  # noqa: PLR2004 - a minute
        return f"{seconds:.1f} s".replace(".", ",")
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


FULL = "Disken är full. Gör plats och kör igen."
DATABASE = "Databasen går inte att nå eller att skriva i. Se till att den är igång och kör igen."
NOT_ALLOWED = (
    "Samlad får inte läsa eller skriva i en av sina mappar. Rätta rättigheterna, kör igen."
)
BROKEN = (
    "Databasen är skadad. Flytta undan filen, och de bredvid som slutar på -wal och -shm, "
    "och kör igen: lagret byggs upp ur journalen."
)
KEPT = "Det som var mottaget är kvar."
OF_THE_SYSTEM = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EACCES: NOT_ALLOWED,
    errno.EPERM: NOT_ALLOWED,
    errno.EROFS: NOT_ALLOWED,
}
OF_SQLITE = ("CANTOPEN", "IOERR", "READONLY", "BUSY")
OF_POSTGRESQL = ("08", "53", "57")
"""Classes of states: no connection, no resources, ended by an operator."""


def refused(error: Exception) -> str | None:
    """Say what the world around us refused and its remedy; None where it is something else.

    Nothing of the exception's own message is said: it may quote a value that a board wrote.
    """
    if isinstance(error, OSError):
        told = OF_THE_SYSTEM.get(error.errno or 0)
    else:
        told = _of_database(getattr(error, "orig", error))
    return f"{told} {KEPT}" if told else None


def _of_database(error: Any) -> str | None:
    name = str(getattr(error, "sqlite_errorname", "")).removeprefix("SQLITE_")
    state = getattr(error, "sqlstate", None)
    if name == "FULL" or state == "53100":
        return FULL
    if name.startswith(("CORRUPT", "NOTADB")):
        return BROKEN
    if name.startswith(OF_SQLITE) or (state or "").startswith(OF_POSTGRESQL):
        return DATABASE
    # A driver that got no answer at all has no state to tell.
    is_unanswered = type(error).__module__ == "psycopg" and type(error).__name__ == UNANSWERED
    return DATABASE if is_unanswered and state is None else None


UNANSWERED = "OperationalError"


@dataclass
class InProcess:
    """Calls each step in this process, one after the other, and shows how far it has come.

    The times of the steps are kept in `times` for the summary. On a terminal the line is
    rewritten; elsewhere (a log, CI) one line per step is printed when the step is done.
    """

    out: TextIO = field(default_factory=lambda: sys.stderr)
    quiet: bool = False
    times: dict[str, float] = field(default_factory=dict)

    def __call__(self, step: str, function: Callable[..., Result], *arguments: Any) -> Result:
        """Do one step and return what it gives."""
        started = time.perf_counter()
        self._show(step, "")
        try:
            return function(*arguments)
        finally:
            self._finish(step, started, "")

    def each(
        self, step: str, function: Callable[[Item], Result], items: Sequence[Item], *, side: int = 1
    ) -> list[Result]:
        """Do one step for each item, `side` of them side by side; results in the items' order."""
        started = time.perf_counter()
        done: list[Result] = []
        with ThreadPoolExecutor(max_workers=side) as pool:
            for number, result in enumerate(pool.map(function, items), start=1):
                done.append(result)
                self._show(step, f"{number} av {len(items)}")
        self._finish(step, started, f"{len(items)} st")
        return done

    def _show(self, step: str, note: str) -> None:
        if not self.quiet and self.out.isatty():
            self.out.write(f"\r\x1b[K  {step} {note}".rstrip())
            self.out.flush()

    def _finish(self, step: str, started: float, note: str) -> None:
        spent = time.perf_counter() - started
        self.times[step] = self.times.get(step, 0.0) + spent
        if not self.quiet:
            start = "\r\x1b[K" if self.out.isatty() else ""
            self.out.write(f"{start}  {step:<26} {note:>7}  {swedish_seconds(spent):>10}\n")
            self.out.flush()
