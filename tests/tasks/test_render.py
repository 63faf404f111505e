"""Rendering: what a board wrote stays text, and what is missing on the machine is said."""

from pathlib import Path

import pytest

from tasks import forkserver
from tasks.data_files import render_data
from tasks.pdf import MissingLibraryError, RenderError, made_pdf
from tasks.publish import digests, publish, published_about
from tasks.render import render_html, render_pdf
from tasks.report.blocks import Cell, Paragraph, Report, Section, Table
from warehouse.snapshot import Snapshot

ROOT = Path(__file__).parents[2]


def report(text="Ett mål."):
    table = Table("t-x", "Tabell", ("Post", "Tal"), ((Cell(text), Cell("−4,8", is_number=True)),))
    return Report(
        title="Rapport",
        kind="Uppföljningsrapport",
        city="Lindhamns stad",
        office="stadskontoret",
        subject="augusti 2026",
        status="Utkast",
        is_trial=False,
        made_on="2026-09-28",
        edition="0" * 12,
        head="0" * 64,
        sections=(Section("mal", "Mål", (Paragraph(text), table)),),
    )


def test_what_a_board_wrote_is_text_and_never_markup():
    page = render_html(report("<script>alert(1)</script>"))

    assert page.count("<script>") == 1  # our own, named by its hash in the policy
    assert "&lt;script&gt;" in page


def test_a_text_that_a_spreadsheet_would_take_for_a_formula_is_made_harmless():
    empty = Snapshot("x", None, None, None, (), (), (), (), (), "0" * 64)
    table = render_data(report("=HYPERLINK(1)"), empty)["t-x.csv"].decode("utf-8-sig")

    assert table.splitlines()[1] == "'=HYPERLINK(1);-4,8"


def test_a_missing_pango_is_told_in_one_line_with_the_command_that_installs_it(
    tmp_path, monkeypatch
):
    (tmp_path / "weasyprint.py").write_text("raise OSError('cannot load library pango')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    forkserver.forget(forkserver.PDF)

    with pytest.raises(MissingLibraryError, match="apt-get install libpango") as told:
        render_pdf(report())
    assert "\n" not in str(told.value)
    forkserver.forget(forkserver.PDF)


def test_the_child_that_makes_the_pdf_fetches_nothing_from_outside():
    page = '<html lang="sv"><title>x</title><img src="http://127.0.0.1:9/x.png" alt="x">'

    with pytest.raises(RenderError, match="refused: http://127"):
        made_pdf(page, {}, identifier="00" * 16, day="2026-09-28")


def test_an_edition_is_published_whole_and_replaces_the_one_before(tmp_path):
    folder = tmp_path / "out"
    publish({"a.txt": b"1", "data/b.csv": b"2"}, folder, about={"edition": "1"})
    publish({"a.txt": b"3"}, folder, about={"edition": "2"})

    assert published_about(folder) == {"edition": "2"}
    assert sorted(p.name for p in folder.rglob("*") if p.is_file()) == ["a.txt", "manifest.json"]
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_folder_with_somebody_elses_files_is_not_touched(tmp_path):
    (tmp_path / "viktigt.txt").write_text("x")

    with pytest.raises(FileExistsError, match="Välj en annan"):
        publish({"a.txt": b"1"}, tmp_path, about={})
    assert (tmp_path / "viktigt.txt").read_text() == "x"


def test_an_edition_that_has_been_changed_is_no_edition(tmp_path):
    folder = tmp_path / "out"
    edition = publish({"a.txt": b"1"}, folder, about={"edition": "1"})
    assert edition.files == digests({"a.txt": b"1"})

    (folder / "a.txt").write_bytes(b"2")

    assert published_about(folder) is None
