"""The same run under a real Prefect server: scheduled twice, only the first finds work to do."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import openpyxl
import pytest

from warehouse.store import open_store

ROOT = Path(__file__).parents[2]
INBOX = ROOT / "examples" / "inbox" / "2026-08"
BOARDS = ("valnamnden", "kommunstyrelsen")
PATIENCE = 120
CANARY = "Kanariefågel-51c0de"
PERSON = "19121212-1212"


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def asked(url, body=None):
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def wait_for(question, seconds=PATIENCE):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            found = question()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            found = None
        if found:
            return found
        time.sleep(1)
    pytest.fail("Prefect answered nothing in time")


@pytest.fixture
def environment(tmp_path):
    port = free_port()
    return os.environ | {
        "PREFECT_HOME": str(tmp_path / "prefect"),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_API_HOST": "127.0.0.1",
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "2",
        "PREFECT_RUNNER_POLL_FREQUENCY": "2",
        "DO_NOT_TRACK": "1",
        "SAMLAD_WAREHOUSE": f"sqlite:///{tmp_path}/warehouse.db",
        "SAMLAD_STORE": str(tmp_path / "store"),
        "SAMLAD_SETTLE_SECONDS": "0",
    }


@pytest.fixture
def started(environment, tmp_path):
    """Start processes and end them, with all they have started, when the test is over."""
    running = []

    def start(*command):
        log = (tmp_path / f"{len(running)}.log").open("wb")
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=tmp_path,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        running.append(process)
        return process

    yield start
    for process in reversed(running):
        os.killpg(process.pid, 15)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)


def put_canary(path):
    """Write a text and a personal number where a board writes prose."""
    book = openpyxl.load_workbook(path)
    book["Mål"]["H5"] = f"{CANARY} {PERSON}"
    book.save(path)


def said_in_file(path):
    return any(text.encode() in path.read_bytes() for text in (CANARY, PERSON))


def said_in(folder, *texts):
    """Files under a folder, databases and logs among them, that hold any of the texts."""
    wanted = [text.encode() for text in texts]
    return [
        path.name
        for path in folder.rglob("*")
        if path.is_file() and any(text in path.read_bytes() for text in wanted)
    ]


@pytest.mark.prefect
def test_a_scheduled_deployment_runs_twice_and_the_second_run_finds_nothing_to_do(
    environment, started, tmp_path
):
    inbox = tmp_path / "inbox"
    for board in BOARDS:
        shutil.copytree(INBOX / board, inbox / board)
    put_canary(inbox / "kommunstyrelsen" / "delarsrapport-2026.xlsx")
    (inbox / "valnamnden" / "trasig.xlsx").write_bytes(b"PK\x03\x04" + CANARY.encode())
    api = environment["PREFECT_API_URL"]
    started("-m", "prefect", "server", "start")
    wait_for(lambda: asked(f"{api}/health"))

    arguments = ("--inbox", str(inbox), "--out", str(tmp_path / "out"), "--every", "6")
    started("-m", "flows.cli", "serve", "--city", "lindhamn", "--round", "2026-08", *arguments)

    def done():
        runs = asked(f"{api}/flow_runs/filter", {"sort": "START_TIME_ASC"})
        failed = [r for r in runs if r["state_type"] in ("FAILED", "CRASHED")]
        assert not failed, [r["state"]["message"] for r in failed]
        return (
            completed
            if len(completed := [r for r in runs if r["state_type"] == "COMPLETED"]) > 1
            else None
        )

    runs = wait_for(done)
    artifacts = asked(f"{api}/artifacts/filter", {"sort": "CREATED_DESC"})
    told = {a["flow_run_id"]: a["data"] for a in artifacts if a["key"] == "samlad-korning"}

    assert all(run["auto_scheduled"] for run in runs[:2])
    assert "version 1" in told[runs[0]["id"]]
    assert "inget nytt" in told[runs[1]["id"]]
    assert (tmp_path / "out" / "rapport.pdf").read_bytes().startswith(b"%PDF-1.7")

    # What a board wrote stands in its original and the warehouse, never with the scheduler.
    assert said_in(tmp_path / "inbox", CANARY) == ["trasig.xlsx"]
    assert any((tmp_path / "prefect").rglob("*.db"))
    assert said_in(tmp_path / "prefect", CANARY, PERSON, "trasig.xlsx") == []
    assert [log.name for log in tmp_path.glob("*.log") if said_in_file(log)] == []


def mounted(folder, size, how=""):
    command = ["mount", "-t", "tmpfs", "-o", f"{how}size={size}", "tmpfs", str(folder)]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


@pytest.fixture
def small_disk(tmp_path):
    """A real disk that is too small for the warehouse, until it is made larger."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if not mounted(disk, "128k"):
        pytest.skip("en liten disk kan inte monteras här")
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


@pytest.mark.prefect
@pytest.mark.long
def test_a_run_that_the_world_fails_says_why_is_tried_again_and_the_next_one_does_it_all_once(
    environment, started, small_disk, tmp_path
):
    environment["SAMLAD_WAREHOUSE"] = f"sqlite:///{small_disk}/warehouse.db"
    environment["PREFECT_FLOWS_DEFAULT_RETRIES"] = "1"
    environment["PREFECT_FLOWS_DEFAULT_RETRY_DELAY_SECONDS"] = "1"
    inbox, api = tmp_path / "inbox", environment["PREFECT_API_URL"]
    started("-m", "prefect", "server", "start")
    wait_for(lambda: asked(f"{api}/health"))
    arguments = ("--inbox", str(inbox), "--out", str(tmp_path / "out"), "--every", "5")
    started("-m", "flows.cli", "serve", "--city", "lindhamn", "--round", "2026-08", *arguments)

    def ended(kind, *said):
        def look():
            runs = asked(f"{api}/flow_runs/filter", {"sort": "START_TIME_ASC"})
            found = [run for run in runs if run["state_type"] == kind]
            return [r for r in found if all(t in (r["state"]["message"] or "") for t in said)]

        return wait_for(look)

    # The warehouse's disk is full; then there is room, but the inbox is away; then it is there.
    full = ended("FAILED", "Disken är full. Gör plats och kör igen.")
    assert mounted(small_disk, "64m", "remount,")
    away = ended("FAILED", f"Inkorgen {inbox} finns inte. Skapa mappen")
    for board in BOARDS:
        shutil.copytree(INBOX / board, tmp_path / "on its way" / board)
    put_canary(tmp_path / "on its way" / "kommunstyrelsen" / "delarsrapport-2026.xlsx")
    (tmp_path / "on its way").rename(inbox)
    done = ended("COMPLETED")
    artifacts = asked(f"{api}/artifacts/filter", {"sort": "CREATED_DESC"})
    told = {a["flow_run_id"]: a["data"] for a in artifacts if a["key"] == "samlad-korning"}

    assert all(run["run_count"] == 2 for run in full + away)
    assert "version 1" in told[done[0]["id"]]
    store = open_store(str(tmp_path / "store"))
    handed_in = {path.relative_to(inbox).as_posix() for path in inbox.rglob("*.*")}
    taken = [e.content["key"] for e in store.journal() if e.act == "receipt"]
    assert sorted(taken) == sorted(handed_in)
    verify = [sys.executable, "-m", "flows.cli", "verify", "--city", "lindhamn"]
    assert subprocess.run(verify, env=environment, cwd=tmp_path, check=False).returncode == 0
    assert said_in(tmp_path / "prefect", CANARY, PERSON) == []
    assert [log.name for log in tmp_path.glob("*.log") if said_in_file(log)] == []
