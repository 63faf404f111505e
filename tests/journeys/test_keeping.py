"""What has been received is never lost: killed anywhere, rebuilt from originals and journal."""

import importlib.util
import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from expectations.register_files import load_city
from flows.cli import main
from flows.rebuilding import rebuild
from flows.round import collect, run_round
from flows.settings import settings_in
from flows.terminal import InProcess
from flows.updating import Order
from warehouse.digest import contents
from warehouse.store import open_store
from warehouse.warehouse import open_warehouse

ROOT = Path(__file__).parents[2]
INBOX = ROOT / "examples" / "inbox"
NOW = datetime(2026, 9, 21, 10, tzinfo=UTC)
QUIET = InProcess(quiet=True)
CITY = load_city("lindhamn")


@pytest.fixture(scope="module")
def crash_bench():
    path = ROOT / "benchmarks" / "crash_bench.py"
    spec = importlib.util.spec_from_file_location("crash_bench", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "every", [pytest.param(307, id="some"), pytest.param(1, id="all", marks=pytest.mark.long)]
)
def test_a_run_killed_at_a_durable_write_ends_as_undisturbed_when_run_again(crash_bench, every):
    assert crash_bench.bench(every) == 0


def put(folder, round_id, board, *, under=None):
    shutil.copytree(INBOX / round_id / board, folder / "inbox" / (under or board))


def places(folder, url=None):
    found = replace(settings_in(folder / "data"), inbox=str(folder / "inbox"), settle_seconds=0.0)
    return replace(found, warehouse=url or found.warehouse).for_city("lindhamn")


def report(folder, round_id, now):
    order = Order("lindhamn", now, folder / "out" / round_id, round_id=round_id)
    run_round(order, places(folder), QUIET)
    return places(folder)


def collected(folder, round_id, now, url=None):
    """Run a round up to its report, which is not made: these tests ask what is kept."""
    settings = places(folder, url)
    order = Order("lindhamn", now, folder / "out", round_id=round_id)
    with open_warehouse(settings.warehouse) as warehouse:
        return collect(CITY, order, settings, open_store(settings.store), warehouse, QUIET)


def test_a_warehouse_built_anew_says_the_same(tmp_path, url):
    put(tmp_path, "2026-03", "socialnamnden")
    collected(tmp_path, "2026-03", NOW - timedelta(days=150), url)
    put(tmp_path, "2026-08", "forskolenamnden")
    collected(tmp_path, "2026-08", NOW, url)
    put(tmp_path, "2026-08", "socialnamnden", under="valnamnden")
    collected(tmp_path, "2026-08", NOW + timedelta(hours=1), url)
    (tmp_path / "inbox" / "valnamnden").rename(tmp_path / "inbox" / "kommunstyrelsen")
    collected(tmp_path, "2026-08", NOW + timedelta(hours=2), url)

    store = open_store(places(tmp_path).store)
    with open_warehouse(f"sqlite:///{tmp_path}/nytt.db") as anew:
        done = rebuild(CITY, store, anew, QUIET)
        rebuilt = contents(anew)
    with open_warehouse(url) as now:
        assert contents(now) == rebuilt

    assert (done.runs, done.other_facts) == (4, ())
    assert rebuilt["rader"].rows > 30


def test_what_was_put_in_the_wrong_folder_leaves_that_board_when_it_is_moved(tmp_path):
    put(tmp_path, "2026-08", "socialnamnden", under="valnamnden")
    collected(tmp_path, "2026-08", NOW)
    (tmp_path / "inbox" / "valnamnden").rename(tmp_path / "inbox" / "socialnamnden")
    found = collected(tmp_path, "2026-08", NOW + timedelta(hours=1)).snapshot

    assert {row.board for row in found.rows} == {"socialnamnden"}
    assert not any(f.board == "valnamnden" for f in found.findings)


def test_rebuild_from_the_command_line_says_what_is_the_same(tmp_path, monkeypatch, capsys):
    put(tmp_path, "2026-08", "forskolenamnden")
    report(tmp_path, "2026-08", NOW)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").rename(tmp_path / "samlad-data")

    assert main(["rebuild", "--city", "lindhamn", "--to", "sqlite:///nytt.db"]) == 0
    assert "samma som i lagret" in capsys.readouterr().out
    assert main(["rebuild", "--city", "lindhamn", "--to", "sqlite:///nytt.db"]) == 2
    assert "inte tomt" in capsys.readouterr().err


def test_verify_covers_every_file_of_every_edition(tmp_path, monkeypatch, capsys):
    put(tmp_path, "2026-08", "forskolenamnden")
    settings = report(tmp_path, "2026-08", NOW)
    files = json.loads((tmp_path / "out/2026-08/manifest.json").read_text())["files"]
    path = Path(settings.store) / "originals" / files["rapport.html"][:2] / files["rapport.html"]
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b" ")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").rename(tmp_path / "samlad-data")

    assert main(["verify", "--city", "lindhamn"]) == 3
    assert f"handlingen {files['rapport.html']} har ändrats" in capsys.readouterr().err
