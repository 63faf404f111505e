"""Scans: said to be scans, and read by Tesseract only where a city asks, marked as such."""

import dataclasses
import io
import shutil

import pypdfium2
import pytest

from benchmarks.spoiled_files import files
from expectations.register_files import load_city
from tasks.read import read_original, show_original
from tasks.readers.machine_reading import lines_in

TESSERACT = shutil.which("tesseract")
needs_tesseract = pytest.mark.skipif(
    TESSERACT is None, reason="Tesseract finns inte här: maskinläsning av skannade handlingar"
)


@pytest.fixture(scope="module")
def scan():
    """A page of ours, drawn as a picture and nothing but a picture."""
    (page,) = list(pypdfium2.PdfDocument(files()["own_pdf"]))
    out = io.BytesIO()
    page.render(scale=200 / 72).to_pil().convert("L").save(out, "PDF", resolution=200)
    return out.getvalue()


@pytest.fixture(scope="module")
def city():
    return load_city("malmo")


def with_tesseract(city, program):
    settings = city.settings | {"reading": {"tesseract": program}}
    return dataclasses.replace(city, settings=settings)


def test_a_scan_is_said_to_be_one(scan, city):
    (fault,) = read_original(scan, name="scan.pdf", city=city).faults
    assert fault.values["fel"] == "no_text"
    assert "inskannad" in fault.values["orsak"]


def test_a_scan_stays_one_where_the_program_is_not_there(scan, city):
    asked = with_tesseract(city, "/finns/inte/tesseract")
    (fault,) = read_original(scan, name="scan.pdf", city=asked).faults
    assert fault.values["fel"] == "no_text"


@needs_tesseract
def test_a_city_that_asks_gets_the_text_marked_as_read_by_machine(scan, city):
    reading, lines = show_original(scan, name="scan.pdf", city=with_tesseract(city, TESSERACT))
    assert reading.faults == ()
    assert reading.document.machine_read.startswith("Tesseract ")
    assert reading.document.media_type == "application/pdf"
    assert any("kulturnämnden" in text for _, text, _ in lines)
    assert reading.document.case_number == "KN-2026-00123" or reading.decisions


@needs_tesseract
def test_a_table_whose_figures_were_misread_is_left_unread(scan, city):
    reading = read_original(scan, name="scan.pdf", city=with_tesseract(city, TESSERACT))
    told = {row.line: row.columns["outcome"].written for row in reading.finance}
    assert told in (
        {},
        {"income": "78,5", "costs": "-340,5", "municipal_grant": "263,0", "result": "1,0"},
    )


def test_words_of_a_line_that_stand_far_apart_are_kept_apart():
    head = "level page block paragraph line word left top width height conf text"
    rows = [
        "5\t1\t1\t1\t1\t1\t10\t0\t80\t10\t90\tIntäkter",
        "5\t1\t1\t1\t1\t2\t200\t0\t40\t10\t90\t78,5",
        "5\t1\t1\t1\t1\t3\t250\t0\t40\t10\t90\tmnkr",
        "5\t1\t2\t1\t1\t1\t10\t40\t40\t10\t90\tNy",
    ]
    assert lines_in("\n".join([head, *rows])) == "Intäkter  78,5 mnkr\n\nNy\n"
