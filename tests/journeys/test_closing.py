"""A document or section is blocked in every view at once; disposal leaves a tombstone."""

import io
import json
import shutil
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from lxml import etree
from sqlalchemy import create_engine, inspect, text

from expectations.register_files import load_city
from flows.cli import main
from flows.order import Order
from flows.rebuilding import rebuild
from flows.round import run_round
from flows.settings import settings_in
from flows.terminal import InProcess
from tasks.receive import receipts
from warehouse.acts import acts_of
from warehouse.closures import closures_of, finish_removals, note_removal
from warehouse.digest import contents
from warehouse.store import open_store
from warehouse.warehouse import open_warehouse

INBOX = Path(__file__).parents[2] / "examples" / "inbox"
NOW = datetime(2026, 9, 21, 10, tzinfo=UTC)
QUIET = InProcess(quiet=True)
CITY = load_city("lindhamn")
CANARY = "Kanarie 4711 hemligt"
"""Stands in two goals' motives of the document that is closed; plain letters survive JSON."""
ATTACHED = "bilagans kanarie"
"""Stands in the notes that the office has attached to the report."""


# The compressed text of a PDF could not be searched for the canary anyway.
pytestmark = pytest.mark.usefixtures("no_pdf")


@pytest.fixture(scope="module")
def reported(tmp_path_factory):
    """Two boards have handed in; one's goals hold the canary. A report is made of it, once."""
    folder = tmp_path_factory.mktemp("reported")
    for board in ("socialnamnden", "forskolenamnden"):
        shutil.copytree(INBOX / "2026-08" / board, folder / "inbox" / board)
    path = next((folder / "inbox" / "socialnamnden").glob("*.xlsx"))
    book = openpyxl.load_workbook(path)
    sheet = book["Mål"]
    heading = next(
        c for row in sheet.iter_rows() for c in row if str(c.value).startswith("Motivering")
    )
    for row in (5, 6):
        sheet.cell(row, heading.column).value = f"{CANARY} i rad {row}."
    book.save(path)
    path.rename(path.with_name("Kanarie om Eva.xlsx"))
    (folder / "noter om Nils.txt").write_text(ATTACHED, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert attach() == 0
        run(folder, NOW)
    return folder


@pytest.fixture
def place(reported, tmp_path, monkeypatch):
    shutil.copytree(reported, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def settings(folder):
    found = replace(
        settings_in(Path("samlad-data")), inbox=str(folder / "inbox"), settle_seconds=0.0
    )
    return found.for_city("lindhamn")


def run(folder, now, *, receiving=True):
    order = Order("lindhamn", now, Path("out/lindhamn/2026-08"), round_id="2026-08")
    return run_round(order, settings(folder), QUIET, receiving=receiving)


def receipt_of(folder, board):
    journal = open_store(settings(folder).store).journal()
    return next(r.receipt_id for r in receipts(journal, city_id="lindhamn") if r.sender == board)


def everything_in_the_warehouse(folder):
    engine = create_engine(settings(folder).warehouse)
    with engine.connect() as connection:
        return "\n".join(
            str(tuple(row))
            for table in inspect(engine).get_table_names()
            for row in connection.execute(text(f'SELECT * FROM "{table}"'))
        )


def everything_published(folder):
    files = [path for path in (folder / "out").rglob("*") if path.is_file()]
    return b"\n".join(path.read_bytes() for path in files).decode("utf-8", "replace")


def unpacked(data):
    """A file's bytes, with those of the parts that it is packed of."""
    if not data.startswith(b"PK\x03\x04"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return b"".join(unpacked(packed.read(name)) for name in packed.namelist())


def attach():
    asked = ["attach", "--city", "lindhamn", "--round", "2026-08", "--part", "noter"]
    return main([*asked, "--file", "noter om Nils.txt"])


def block(*more):
    return main(["block", "--city", "lindhamn", "--ground", "felsänd", "--reason", "Fel", *more])


def assert_nothing_says_it(folder, word):
    assert word not in everything_in_the_warehouse(folder)
    assert word not in everything_published(folder)


def test_a_blocked_document_is_gone_from_every_view_at_once(place, capsys):
    assert CANARY in everything_in_the_warehouse(place)
    assert CANARY in everything_published(place)

    assert block("--receipt", receipt_of(place, "socialnamnden")) == 0
    told = capsys.readouterr().out

    assert_nothing_says_it(place, "Kanarie")
    assert "2026-08/1" in told
    for command in ("status", "findings"):
        assert main([command, "--city", "lindhamn", "--round", "2026-08"]) == 0
    main(["status", "--city", "lindhamn", "--round", "2026-08", "--as-of", "2026-09-22"])
    main(["diary", "export", "diarium.csv", "--city", "lindhamn"])
    main(["sample", "--city", "lindhamn", "--round", "2026-08", "--n", "40", "--out", "s.html"])
    seen = capsys.readouterr().out
    seen += "".join((place / name).read_text("utf-8") for name in ("diarium.csv", "s.html"))
    assert "Kanarie" not in seen
    for asked in (["diff", "1", "2"], ["sample", "--edition", "1"]):
        assert main([*asked, "--city", "lindhamn", "--round", "2026-08"]) == 2
        assert "Version 1 är spärrad" in capsys.readouterr().err
    assert "spärrat av stadskontoret" in everything_published(place)
    assert main(["backup", "--city", "lindhamn", "--to", "kopia"]) == 0
    assert "Det som är spärrat är med" in capsys.readouterr().out


def test_a_block_that_is_taken_back_gives_everything_back(place, capsys):
    before = everything_published(place)
    block("--receipt", receipt_of(place, "socialnamnden"))
    act = next(line.split()[0] for line in capsys.readouterr().out.splitlines() if line[:2] == "H-")
    assert main(["withdraw", act, "--city", "lindhamn", "--reason", "Prövat, inte hemlig"]) == 0
    run(place, datetime.now(UTC))

    assert CANARY in everything_published(place)
    assert "Kanarie om Eva.xlsx" in before
    assert "Kanarie om Eva.xlsx" in everything_published(place)


def test_a_blocked_section_is_gone_and_stays_so_in_a_new_version(place):
    assert block("--round", "2026-08", "--board", "socialnamnden", "--sections", "mål") == 0
    assert_nothing_says_it(place, CANARY)
    assert main(["archive", "paket.zip", "--city", "lindhamn", "--round", "2026-08"]) == 0
    with zipfile.ZipFile(place / "paket.zip") as package:
        kept = [name for name in package.namelist() if "/handlingar/" in name]
    assert [Path(name).stem for name in kept] == [receipt_of(place, "forskolenamnden")]

    path = next((place / "inbox" / "socialnamnden").glob("*.xlsx"))
    book = openpyxl.load_workbook(path)
    book.properties.title = "ny version"
    book.save(path)
    run(place, datetime.now(UTC) + timedelta(minutes=1))

    assert_nothing_says_it(place, CANARY)
    rows = json.loads((place / "out/lindhamn/2026-08/data/rapport.json").read_text("utf-8"))
    assert "socialnamnden" in json.dumps(rows)


def test_disposal_asks_first_and_leaves_a_tombstone_that_verify_and_rebuild_accept(place, capsys):
    receipt = receipt_of(place, "socialnamnden")
    asked = ["dispose", "--city", "lindhamn", "--receipt", receipt, "--reason", "Felsänd"]
    asked += ["--decision", "KS 2026-10-07 § 312"]
    assert main(asked) == 0
    assert "Inget är gjort" in capsys.readouterr().out
    assert CANARY in everything_published(place)

    assert main([*asked, "--confirm"]) == 0
    act = next(line.split()[0] for line in capsys.readouterr().out.splitlines() if line[:2] == "H-")
    assert_nothing_says_it(place, "Kanarie")
    store = open_store(settings(place).store)
    disposed = closures_of(acts_of(store, store.journal(), "lindhamn")).documents
    assert all(not store.discard(sha256) for sha256 in disposed)

    attached = next(a for a in acts_of(store, store.journal(), "lindhamn") if "part" in a.about)
    asked = [*asked[:3], "--attachment", attached.act_id, *asked[5:]]
    assert main(asked) == 0
    assert main([*asked, "--confirm"]) == 0
    assert main(["acts", "--city", "lindhamn"]) == 0
    assert "Nils" not in capsys.readouterr().out
    kept = b"".join(unpacked(store.original(one)) for one in store.originals())
    assert b"kanarie" not in kept
    assert CANARY.encode() not in kept
    assert "Nils" not in everything_published(place)
    assert attach() == 2

    assert main(["verify", "--city", "lindhamn"]) == 0
    with (
        open_warehouse(settings(place).warehouse) as now,
        open_warehouse("sqlite:///nytt.db") as anew,
    ):
        closures = closures_of(acts_of(store, store.journal(), "lindhamn"))
        done = rebuild(CITY, store, anew, QUIET)
        assert contents(now, closures) == contents(anew, closures)
    assert set(done.other_facts) == set(done.closed_since)
    assert main(asked) == 2
    assert main(["withdraw", act, "--city", "lindhamn", "--reason", "Ånger"]) == 2


def test_the_archive_package_holds_what_came_and_names_what_is_closed(place, capsys):
    closed = receipt_of(place, "socialnamnden")
    assert block("--receipt", closed) == 0
    assert main(["archive", "paket.zip", "--city", "lindhamn", "--round", "2026-08"]) == 0
    assert main(["archive", "igen.zip", "--city", "lindhamn", "--round", "2026-08"]) == 0
    assert (place / "paket.zip").read_bytes() == (place / "igen.zip").read_bytes()
    assert main(["archive", "--check", "paket.zip"]) == 0
    capsys.readouterr()

    with zipfile.ZipFile(place / "paket.zip") as package:
        files = {name.partition("/")[2]: package.read(name) for name in package.namelist()}
    kept = receipt_of(place, "forskolenamnden")
    data = "representations/rep1/data"
    original = next((place / "inbox" / "forskolenamnden").glob("*.xlsx"))
    assert files[f"{data}/handlingar/{kept}.xlsx"] == original.read_bytes()
    assert not any(closed in name for name in files)
    assert "spärrat av stadskontoret" in files["documentation/handlingar.csv"].decode("utf-8-sig")
    assert not any(b"Kanarie" in content for content in files.values())
    assert f"{data}/rapporter/2026-08-version-2/rapport.html" in files

    _mets_is_as_csip_asks(files)
    with zipfile.ZipFile(place / "annat.zip", "w") as package:
        for name, content in files.items():
            package.writestr(f"p/{name}", content + b" " if name.endswith(".jsonl") else content)
    assert main(["archive", "--check", "annat.zip"]) == 2
    assert "journal.jsonl har ändrats" in capsys.readouterr().err


def _mets_is_as_csip_asks(files):
    """Hold METS and PREMIS to what E-ARK CSIP 2.1 and PREMIS 3.0 say must be there."""
    mets, csip, premis = (
        "{http://www.loc.gov/METS/}",
        "{https://DILCIS.eu/XML/METS/CSIPExtensionMETS}",
        "{http://www.loc.gov/premis/v3}",
    )
    root = etree.fromstring(files["METS.xml"])
    assert {"OBJID", "TYPE", "PROFILE", f"{csip}OTHERTYPE"} <= set(root.attrib)
    header = root.find(f"{mets}metsHdr")
    assert {"CREATEDATE", f"{csip}OAISPACKAGETYPE"} <= set(header.attrib)
    software = header.find(f"{mets}agent[@OTHERTYPE='SOFTWARE']")
    assert (software.get("ROLE"), software.get("TYPE")) == ("CREATOR", "OTHER")
    assert software.find(f"{mets}note").get(f"{csip}NOTETYPE") == "SOFTWARE VERSION"
    measured = {"MIMETYPE", "SIZE", "CREATED", "CHECKSUM", "CHECKSUMTYPE"}
    for file in root.iter(f"{mets}file"):
        assert measured | {"ID"} <= set(file.attrib)
    (plan,) = root.iter(f"{mets}structMap")
    assert (plan.get("TYPE"), plan.get("LABEL"), bool(plan.get("ID"))) == ("PHYSICAL", "CSIP", True)
    ids = [one.get("ID") for one in root.iter() if one.get("ID")]
    assert len(ids) == len(set(ids))
    pointed = {one.get("FILEID") for one in root.iter(f"{mets}fptr")}
    assert pointed == {one.get("ID") for one in root.iter(f"{mets}fileGrp")}
    told = etree.fromstring(files["metadata/preservation/premis.xml"])
    order = ("objectIdentifier", "objectCharacteristics", "originalName", "storage")
    for one in told.iter(f"{premis}object"):
        names = [child.tag.removeprefix(premis) for child in one]
        assert names == [name for name in order if name in names]
    for one in told.iter(f"{premis}event"):
        names = [child.tag.removeprefix(premis) for child in one]
        assert names[:3] == ["eventIdentifier", "eventType", "eventDateTime"]


def test_a_disposal_that_was_cut_off_is_ended_by_the_next_call(tmp_path):
    store = open_store(str(tmp_path))
    sha256 = store.keep(b"felskickat")
    note_removal(store, [sha256], city_id="lindhamn", act_id="H-1", at=NOW)

    assert finish_removals(store, store.journal()) == 1
    assert finish_removals(store, store.journal()) == 0


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--receipt", "K-2020-01-01-0001"], "finns inte"),
        (["--round", "2026-08"], "--board"),
        (["--round", "2026-08", "--board", "finnsnamnden"], "finns inte"),
    ],
)
@pytest.mark.usefixtures("place")
def test_a_block_of_nothing_says_what_to_do(capsys, more, said):
    assert block(*more) == 2
    assert said in capsys.readouterr().err
