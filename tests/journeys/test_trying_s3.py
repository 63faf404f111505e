"""The dry run in an inbox that is a bucket: answered like a folder, and kept nowhere either."""

import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import boto3
import openpyxl
import pytest
from moto.server import ThreadedMotoServer

from flows.cli import main

INBOX = Path(__file__).parents[2] / "examples" / "inbox" / "2026-08"
CANARY = "Kanariefågel-91c0d2"
ROUND = ("--city", "lindhamn", "--round", "2026-08")


@pytest.fixture
def moto():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def rclone(tmp_path):
    program = shutil.which("rclone", path=str(Path(sys.executable).parent))
    if program is None:
        pytest.skip("rclone finns inte här")
    (tmp_path / "bucket-root").mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [program, "serve", "s3", "--auth-key", "nyckel,hemlig", "--addr", f"127.0.0.1:{port}"]
    running = subprocess.Popen(
        [*command, str(tmp_path / "bucket-root")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(100):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    running.terminate()
    running.wait()


@pytest.mark.long
@pytest.mark.parametrize("server", ["moto", "rclone"])
def test_a_file_tried_in_a_bucket_is_answered_and_kept_nowhere(
    server, request, tmp_path, monkeypatch, capfd
):
    address = request.getfixturevalue(server)
    for name, value in {
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": "nyckel",
        "AWS_SECRET_ACCESS_KEY": "hemlig",
        "AWS_DEFAULT_REGION": "eu-north-1",
        "SAMLAD_INBOX": "s3://inkorg/lindhamn",
        "SAMLAD_SETTLE_SECONDS": "0",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    book = openpyxl.load_workbook(INBOX / "forskolenamnden" / "delarsrapport-2026.xlsx")
    book["Mål"]["H5"] = CANARY
    book.save(tmp_path / "prov-7c1e.xlsx")
    data = (tmp_path / "prov-7c1e.xlsx").read_bytes()
    (tmp_path / "prov-7c1e.xlsx").unlink()
    client = boto3.client("s3")
    client.create_bucket(
        Bucket="inkorg", CreateBucketConfiguration={"LocationConstraint": "eu-north-1"}
    )
    client.put_object(
        Bucket="inkorg", Key="lindhamn/provkorning/forskolenamnden/prov-7c1e.xlsx", Body=data
    )

    assert main(["run", *ROUND, "--today", "2026-09-14"]) == 0

    answers = tmp_path / "out" / "lindhamn" / "provkorning"
    copy = openpyxl.load_workbook(answers / "forskolenamnden" / "prov-7c1e-att-atgarda.xlsx")
    assert copy.worksheets[0].title == "Att åtgärda"
    kept = [
        path
        for path in tmp_path.rglob("*")
        if path.is_file()
        and not path.is_relative_to(answers)
        and not path.is_relative_to(tmp_path / "bucket-root")
        and (CANARY.encode() in path.read_bytes() or b"prov-7c1e" in path.read_bytes())
    ]
    assert kept == []
    said = capfd.readouterr()
    assert CANARY not in said.out + said.err
