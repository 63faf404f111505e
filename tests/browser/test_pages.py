"""axe finds nothing on the steward's and the boards' pages, nor on any page of the example city."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from desk.pages import fonts, render_findings
from expectations.contract import Document, Place
from expectations.register_files import load_city
from expectations.verdicts import Finding, NotChecked, Verdict
from flows.demo import run_demo
from flows.terminal import InProcess
from tasks.readers.docx import docx_pages
from tasks.readers.opening import document_lines
from tasks.readers.running import read_pages
from tasks.reading_page import DocumentLine, reading_page
from warehouse.snapshot import SectionState, Snapshot, StoredDocument

READ = Path(__file__).parents[2] / "examples/reading/documents/62-orebrolik.word.docx"
NOW = datetime(2026, 9, 14, 10, tzinfo=UTC)
FINDING = Finding(
    rule="B-NUM",
    severity="STOPP",
    city="lindhamn",
    board="socialnamnden",
    period="2026-08",
    document="a" * 64,
    document_name="form.xlsx",
    message="”ca 3” är inte ett tal.",
    remedy="Skriv bara siffror.",
    group="staff",
    place=Place(sheet="Personal", cell="C7"),
    written="ca 3",
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """The worklist and one board's page."""
    document = Document(sha256="a" * 64, name="form.xlsx")
    snapshot = Snapshot(
        city="lindhamn",
        round="2026-08",
        on=date(2026, 8, 31),
        as_of=NOW,
        periods=("2026-08",),
        documents=(StoredDocument(document, "socialnamnden", "2026-08", 1, NOW, "K-1"),),
        sections=(
            SectionState("socialnamnden", "2026-08", "staff", "stopped", late_days=3),
            SectionState("kommunstyrelsen", "2026-08", "goals", "missing", date(2026, 9, 18)),
        ),
        rows=(),
        findings=(FINDING,),
        head="0" * 64,
    )
    why = (NotChecked("E-SUM", "Summorna är inte prövade.", "economy"),)
    verdicts = [Verdict("a" * 64, "socialnamnden", "2026-08", (FINDING,), (), why)]
    folder = tmp_path_factory.mktemp("desk")
    pages = render_findings(snapshot, verdicts, load_city("lindhamn"), title="Augusti 2026")
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    for name, data in fonts().items():
        (folder / name).write_bytes(data)
    return folder


@pytest.mark.parametrize("name", ["index.html", "socialnamnden.html"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_on_the_stewards_pages(page, desk, name, width):
    page.open(desk / name, width=width)

    assert page.axe()["violations"] == []


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_on_the_page_of_a_reading(page, tmp_path, width):
    data = READ.read_bytes()
    reading = read_pages(docx_pages(data), city=None, name=READ.name)
    lines = [DocumentLine(*line) for line in document_lines("docx", data)]
    (tmp_path / "read.html").write_text(reading_page(reading, lines, None), encoding="utf-8")
    page.open(tmp_path / "read.html", width=width)

    assert page.axe()["violations"] == []


@pytest.mark.long
def test_axe_finds_nothing_on_any_page_of_the_example_city(page, tmp_path):
    run_demo(tmp_path, lambda _: InProcess(quiet=True))
    told = {}
    for path in sorted(tmp_path.rglob("*.html")):
        page.open(path)
        told[path.relative_to(tmp_path).as_posix()] = page.axe()["violations"]

    assert len(told) > 30
    assert {name: found for name, found in told.items() if found} == {}
