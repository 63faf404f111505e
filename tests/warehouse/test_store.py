"""Originals and the journal: kept once, never changed, and every change seen. Folder and S3."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import boto3
import pytest
from moto.server import ThreadedMotoServer

from warehouse.journal import Entry, entry_line, next_entry
from warehouse.store import StoreError, open_store

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def s3_server():
    """A real S3 server on loopback, with a bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    settings = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "nyckel",
        "AWS_SECRET_ACCESS_KEY": "hemlig-hemlig",  # boto3 remembers it for the whole process
        "AWS_DEFAULT_REGION": "eu-north-1",
    }
    os.environ.update(settings)
    boto3.client("s3").create_bucket(
        Bucket="samlad", CreateBucketConfiguration={"LocationConstraint": "eu-north-1"}
    )
    yield "samlad"
    server.stop()
    for name in settings:
        os.environ.pop(name)


@pytest.fixture(params=["folder", "s3"])
def store(request, tmp_path):
    if request.param == "folder":
        return open_store(str(tmp_path / "store"))
    bucket = request.getfixturevalue("s3_server")
    return open_store(f"s3://{bucket}/{tmp_path.name}")


def test_an_original_comes_back_byte_for_byte_and_is_kept_once(store):
    first = store.keep(b"handling")

    assert store.keep(b"handling") == first
    assert store.original(first) == b"handling"


def test_a_missing_original_is_said_by_name(store):
    with pytest.raises(StoreError, match="f" * 64):
        store.original("f" * 64)


def test_a_discarded_original_is_gone_and_that_it_was_there_is_told_once(store):
    sha256 = store.keep(b"felskickat")
    assert store.discard(sha256)
    assert not store.discard(sha256)
    with pytest.raises(StoreError, match=sha256):
        store.original(sha256)


def test_the_journal_keeps_every_act_in_order_and_chains_them(store):
    store.write("receipt", NOW, lambda _: {"receipt_id": "K-1"})
    store.write("receipt", NOW, lambda _: {"receipt_id": "K-2"})

    entries = store.journal()
    assert [e.content["receipt_id"] for e in entries] == ["K-1", "K-2"]
    assert [e.number for e in entries] == [1, 2]
    assert entries[1].before == entries[0].digest


@pytest.fixture
def journal(tmp_path):
    store = open_store(str(tmp_path / "store"))
    for _ in range(4):
        store.write("receipt", NOW, lambda known: {"receipt_id": f"K-{len(known)}"})
    return store


def lines_of(store):
    return store.file.read_bytes().splitlines(keepends=True)


def changed(lines):
    record = json.loads(lines[1])
    record["content"]["receipt_id"] = "K-9"
    return [lines[0], json.dumps(record).encode() + b"\n", *lines[2:]]


def anew(lines):
    """The record changed and hashed anew, by somebody who knows how."""
    first, second = json.loads(lines[0]), json.loads(lines[1])
    before = Entry(**first)
    forged = next_entry(before, second["act"], NOW, {"receipt_id": "K-9"})
    return [lines[0], entry_line(forged), *lines[2:]]


def between(lines):
    """A record of one's own put in after the first, hashed as it should be."""
    forged = next_entry(Entry(**json.loads(lines[0])), "receipt", NOW, {"receipt_id": "K-9"})
    return [lines[0], entry_line(forged), *lines[1:]]


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (changed, "post 2 har ändrats"),
        (lambda lines: [lines[0], b"rappakalja\n", *lines[2:]], "post 2 går inte att läsa"),
        (lambda lines: [lines[0], *lines[2:]], "post 2 saknas: den har tagits bort"),
        (lambda lines: lines[1:], "post 1 saknas: den har tagits bort"),
        (lambda lines: [lines[0], lines[2], lines[1], lines[3]], "post 2 ligger inte på sin plats"),
        (
            lambda lines: [*lines[:2], lines[1], *lines[2:]],
            "post 3 har skjutits in: den är en kopia av post 2",
        ),
        (between, "post 2 har skjutits in: de som följer bygger inte på den"),
        (lambda lines: between(lines[:2]), "två poster 2: en av dem har skjutits in"),
        (anew, "post 2 har bytts ut"),
        (lambda lines: [*lines[:3], lines[3][:-9]], r"post \(4\) är avbruten"),
    ],
    ids=[
        *("changed", "unreadable", "removed", "first removed", "reordered", "copied in"),
        *("inserted", "inserted next to last", "hashed anew", "torn"),
    ],
)
def test_harm_to_the_journal_names_the_first_record_that_does_not_hold(journal, harm, said):
    journal.file.write_bytes(b"".join(harm(lines_of(journal))))

    with pytest.raises(StoreError, match=said):
        open_store(str(journal.root)).journal()


def test_a_changed_original_is_found_out(tmp_path):
    store = open_store(str(tmp_path / "store"))
    sha256 = store.keep(b"handling")
    path = next((tmp_path / "store" / "originals").rglob(sha256))
    path.chmod(0o644)
    path.write_bytes(b"annat")

    with pytest.raises(StoreError, match="ändrats"):
        store.original(sha256)


def test_a_line_broken_off_when_the_power_went_is_put_aside_and_told_of(journal):
    whole = journal.file.read_bytes()
    journal.file.write_bytes(whole + b'{"number": 5, "act": "rec')

    entry = journal.write("receipt", NOW, lambda known: {"receipt_id": f"K-{len(known)}"})

    torn = journal.journal()[4]
    assert torn.act == "torn"
    assert journal.original(torn.content["sha256"]) == b'{"number": 5, "act": "rec'
    assert (entry.number, entry.content) == (6, {"receipt_id": "K-5"})
    assert journal.file.read_bytes().startswith(whole)


def test_nothing_is_written_where_there_is_nothing_to_say(store):
    assert store.write("receipt", NOW, lambda _: None) is None
    assert store.journal() == []


def test_many_writers_at_once_never_number_alike(store):
    def write(name):
        return store.write("receipt", NOW, lambda known: {"receipt_id": f"{name}-{len(known)}"})

    with ThreadPoolExecutor(4) as pool:
        written = list(pool.map(write, "abcdefgh"))

    assert sorted(entry.number for entry in written) == list(range(1, 9))
    assert [e.number for e in store.journal()] == list(range(1, 9))
    assert all(e.content["receipt_id"].endswith(f"-{e.number - 1}") for e in store.journal())
