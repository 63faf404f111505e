"""What a report is called, what is attached to it, and how it is released."""

import hashlib
import re
import shutil
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from expectations.register_files import load_city
from flows.cli import main
from flows.commands.asking import RAN, STOPPED
from flows.order import Order
from flows.round import run_round
from flows.settings import settings_in
from flows.terminal import InProcess
from tasks.compose import compose
from tasks.render import render_html
from tasks.report.naming import legal_kind
from warehouse.acts import acts_of
from warehouse.store import open_store
from warehouse.warehouse import open_warehouse

pytestmark = pytest.mark.usefixtures("no_pdf")
ROOT = Path(__file__).parents[2]
INBOX = ROOT / "examples" / "inbox" / "2026-08"
CITY = load_city("lindhamn")
ROUND = CITY.round("2026-08")
NOW = datetime(2026, 9, 28, 12, tzinfo=UTC)
PARTS = ("resultatrakning", "balansrakning", "balanskravsutredning", "noter")


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """A warehouse with one board's August return, run once for all tests."""
    folder = tmp_path_factory.mktemp("lindhamn")
    shutil.copytree(INBOX / "socialnamnden", folder / "inbox" / "socialnamnden")
    settings = replace(settings_in(folder), inbox=str(folder / "inbox"), settle_seconds=0.0)
    settings = settings.for_city("lindhamn")
    order = Order("lindhamn", NOW, folder / "out", "2026-08")
    run_round(order, settings, InProcess(quiet=True))
    return settings


@pytest.fixture
def place(ran, tmp_path, monkeypatch):
    """A copy of it, and the environment that points there."""
    shutil.copytree(ran.store, tmp_path / "store")
    shutil.copy(ran.warehouse.removeprefix("sqlite:///"), tmp_path / "warehouse.db")
    settings = replace(
        ran, store=str(tmp_path / "store"), warehouse=f"sqlite:///{tmp_path / 'warehouse.db'}"
    )
    monkeypatch.setenv("SAMLAD_WAREHOUSE", settings.warehouse)
    monkeypatch.setenv("SAMLAD_STORE", settings.store)
    return settings, tmp_path


def report_of(settings):
    store = open_store(settings.store)
    acts = acts_of(store, store.journal(), "lindhamn")
    with open_warehouse(settings.warehouse) as warehouse:
        snapshot = warehouse.snapshot(CITY, round_=ROUND, on=ROUND.period_to, now=NOW, acts=acts)
    return compose(snapshot, CITY, status="Utkast")


def told(report):
    return " ".join(re.sub(r"<[^>]+>", " ", render_html(report)).split())


def test_it_is_no_delarsrapport_until_all_four_parts_are_attached(place):
    settings, folder = place
    command = ["attach", "--city", "lindhamn", "--round", "2026-08"]
    names = []
    for part in PARTS:
        names.append(report_of(settings).title)
        file = folder / f"{part}.pdf"
        file.write_bytes(part.encode())
        assert main([*command, "--part", part, "--file", str(file)]) == RAN

    assert names == ["Uppföljningsrapport för Lindhamns stad"] * 4
    assert report_of(settings).title == "Delårsrapport för Lindhamns stad"

    verify = ["verify", "--city", "lindhamn"]
    archive = ["archive", str(folder / "a.zip"), "--city", "lindhamn", "--round", "2026-08"]
    assert main(verify) == RAN
    assert main(archive) == RAN
    with zipfile.ZipFile(folder / "a.zip") as package:
        kept = {
            name.rpartition("/")[2]: package.read(name)
            for name in package.namelist()
            if "/bilagor/2026-08/" in name
        }
    assert sorted(kept.values()) == sorted(part.encode() for part in PARTS)
    sha256 = hashlib.sha256(PARTS[0].encode()).hexdigest()
    original = Path(settings.store) / "originals" / sha256[:2] / sha256
    original.chmod(0o600)
    original.write_bytes(b"annat")
    assert main(verify) != RAN


def test_a_report_with_open_points_is_not_released_without_a_reason(place, capsys):
    settings, _ = place
    before = report_of(settings)

    assert main(["release", "--city", "lindhamn", "--round", "2026-08"]) == STOPPED
    assert "Alla avsnitt som ska lämnas är inlästa" in capsys.readouterr().out
    assert report_of(settings).status == before.status == "Utkast"


def test_an_override_is_printed_with_its_points_and_its_reason(place):
    settings, _ = place
    reason = "Kommunstyrelsen vill ha den i dag."
    command = ["release", "--city", "lindhamn", "--round", "2026-08"]

    assert main([*command, "--override", reason, "--by", "ekonomidirektören"]) == RAN
    report = report_of(settings)

    assert report.status == "Fastställd"
    assert f"Skäl enligt ekonomidirektören: {reason}" in told(report)
    assert "Fastställd trots att detta inte var uppfyllt" in told(report)


def test_a_release_does_not_hold_for_facts_that_came_after_it(place):
    settings, _ = place
    command = ["--city", "lindhamn", "--round", "2026-08"]
    main(["release", *command, "--override", "Brådskar"])
    held = [*command, "--board", "socialnamnden", "--sections", "mål", "--reason", "Ny text"]

    assert main(["withhold", *held]) == RAN
    report = report_of(settings)

    assert report.status == "Utkast"
    assert "Underlaget har ändrats sedan dess" in told(report)


def test_both_days_of_hand_over_are_printed(place):
    settings, _ = place
    command = ["hand-over", "--city", "lindhamn", "--round", "2026-08"]
    main([*command, "--to", "revisorerna", "--date", "2026-10-15"])
    main([*command, "--to", "kommunfullmaktige", "--date", "2026-10-16"])

    assert "Överlämnad till revisorerna 2026-10-15" in told(report_of(settings))
    assert "Överlämnad till kommunfullmäktige 2026-10-16" in told(report_of(settings))


@pytest.mark.long
def test_a_released_report_with_its_parts_is_published_and_rebuilt_alike(place, capsys):
    settings, folder = place
    where = ["--city", "lindhamn", "--round", "2026-08"]
    out = ["--out", str(folder / "out"), "--today", "2026-09-29"]
    for part in PARTS:
        file = folder / f"{part}.pdf"
        file.write_bytes(f"%PDF-1.7 {part}".encode())
        assert main(["attach", *where, "--part", part, "--file", str(file)]) == RAN
    assert main(["hand-over", *where, "--to", "revisorerna", "--date", "2026-09-29"]) == RAN
    run = ["run", *where, *out, "--inbox", str(folder / "empty")]
    (folder / "empty").mkdir()
    assert main(run) == RAN
    assert main(["publish", *where, *out, "--status", "beslutsunderlag"]) == 2
    assert main(["release", *where, "--override", "Brådskar"]) == RAN
    assert main(run) == RAN
    for status in (["beslutsunderlag"], ["beslutad", "--told", "KF § 1"], ["publicerad"]):
        assert main(["publish", *where, *out, "--status", *status]) == RAN
    page = (folder / "out" / "rapport.html").read_text(encoding="utf-8")
    assert "<h1>Delårsrapport för Lindhamns stad</h1>" in page
    assert "Skäl enligt stadskontoret: Brådskar" in page
    assert {p.stem for p in (folder / "out" / "bilagor").iterdir()} == {
        "income_statement",
        "balance_sheet",
        "balance_requirement",
        "notes",
    }
    file = folder / "revisorerna.pdf"
    file.write_bytes(b"%PDF-1.7 opinion")
    opinion = ["--part", "revisorernas-bedomning", "--file", str(file)]
    assert main(["attach", *where, *opinion]) == RAN
    assert main(run) == RAN
    assert "Publicerad" in (folder / "out" / "rapport.html").read_text(encoding="utf-8")
    capsys.readouterr()
    assert main(["rebuild", "--city", "lindhamn", "--to", f"sqlite:///{folder}/new.db"]) == RAN
    told = report_of(replace(settings, warehouse=f"sqlite:///{folder}/new.db"))
    assert (told.title, told.head) == (report_of(settings).title, report_of(settings).head)


@pytest.mark.parametrize(
    ("round_id", "kind"), [("2026-03", None), ("2026-08", "interim"), ("2025-12", "annual")]
)
def test_the_law_names_only_periods_of_six_to_eight_months_and_the_whole_year(round_id, kind):
    assert legal_kind(CITY.round(round_id)) == kind
