"""axe finds nothing on the steward's and the boards' pages, nor on any page of the example city."""

from pathlib import Path

import pytest

from desk.pages import fonts
from expectations.verdicts import NotChecked
from flows.demo import run_demo
from flows.terminal import InProcess
from tasks.readers.docx import docx_pages
from tasks.readers.opening import document_lines
from tasks.readers.running import read_pages
from tasks.reading_lines import DocumentLine
from tasks.reading_page import reading_page
from tests.steward_desk import FINDING, pages

READ = Path(__file__).parents[2] / "examples/reading/documents/62-orebrolik.word.docx"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """The worklist and one board's page."""
    why = (NotChecked("E-SUM", "Summorna är inte prövade.", "economy"),)
    folder = tmp_path_factory.mktemp("desk")
    for name, text in pages(FINDING, not_checked=why).items():
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
