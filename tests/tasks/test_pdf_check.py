"""Our check of the PDF: a whole one has no faults, and each fault put in is told."""

import io
import os
import shutil
import subprocess

import pikepdf
import pytest

from tasks.pdf_check import faults_of, order_faults, reading_order, structure
from tasks.render import render_html, render_pdf
from tasks.report.blocks import Cell, Chart, Listing, Paragraph, Report, Section, Table
from tasks.report.numbering import numbered

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 5" width="9" height="5"></svg>'


def a_report():
    rows = tuple((Cell(f"Nämnd {i}"), Cell(str(i), is_number=True)) for i in range(3))
    table = Table("t-x", "Tabell", ("Nämnd", "Tal"), rows, note="I mnkr.", numbers=(1,))
    front = Section("a", "Läget", (Paragraph("Första."), Chart("d", "Diagram", "En.", SVG)))
    more = Section("b", "Mål", (table, Listing(("ett", "två"))), (Section("c", "Del", (table,)),))
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
        sections=numbered((front, more)),
    )


@pytest.fixture(scope="module")
def made():
    return render_pdf(a_report())


@pytest.mark.parametrize("profile", ["2a", "ua1"])
def test_verapdf_agrees(made, tmp_path, profile):
    program = os.environ.get("SAMLAD_VERAPDF") or shutil.which("verapdf")
    if program is None:
        pytest.skip("veraPDF is not installed: the PDF is tried by our own check alone")
    (tmp_path / "a.pdf").write_bytes(made)
    command = [program, "-f", profile, "--format", "text", str(tmp_path / "a.pdf")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.stdout.startswith("PASS"), done.stdout


def broken(made, breaking):
    with pikepdf.open(io.BytesIO(made)) as pdf:
        breaking(pdf)
        out = io.BytesIO()
        pdf.save(out)
    return faults_of(out.getvalue())


def first(pdf, role):
    return next(structure(pdf).all(role)).node


def test_a_pdf_of_ours_has_no_faults_and_is_read_in_the_order_of_the_page(made):
    assert faults_of(made) == []
    assert order_faults(made, render_html(a_report())) == []


def test_what_stands_in_the_margins_is_pagination_and_read_by_nobody(made):
    assert "Sida1av" not in reading_order(made)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        drawn = pikepdf.parse_content_stream(pdf.pages[1])
        marks = [str(one.operands[0]) for one in drawn if str(one.operator) == "BDC"]
    assert marks.count("/Artifact") == 4  # the four corners of a page


def test_a_text_that_is_read_elsewhere_is_told(made):
    page = render_html(a_report())
    moved = page.replace("Första.", "Nämnd 2").replace(">Läget", ">Mål")

    assert order_faults(made, moved)


def without(*path):
    def breaking(pdf):
        node = pdf.Root
        for key in path[:-1]:
            node = node[key]
        del node[path[-1]]

    return breaking


def alt_text(pdf):
    del first(pdf, "/Figure")["/Alt"]


def headers(pdf):
    del first(pdf, "/TD")["/A"]


def wrong_headers(pdf):
    first(pdf, "/TD")["/A"]["/Headers"] = pikepdf.Array([pikepdf.String("nowhere")])


def scope(pdf):
    del first(pdf, "/TH")["/A"]["/Scope"]


def row_header(pdf):
    rows = list(structure(pdf).all("/TR"))
    rows[1].children[0].node["/S"] = pikepdf.Name("/TD")


def heading_level(pdf):
    first(pdf, "/H2")["/S"] = pikepdf.Name("/H4")


def script(pdf):
    act = pikepdf.Dictionary(S=pikepdf.Name("/JavaScript"), JS=pikepdf.String("1"))
    pdf.Root["/OpenAction"] = act


def font(pdf):
    one = next(iter(pdf.pages[0].Resources.Font.values()))
    del one["/ToUnicode"]
    del one.DescendantFonts[0].FontDescriptor["/FontFile2"]


def marks(pdf):
    pdf.Root["/Metadata"] = pdf.make_stream(b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")


def untagged(pdf):
    text = b"BT /F1 9 Tf 20 20 Td (x) Tj ET"
    pdf.pages[0].contents_add(pdf.make_stream(text))


def link(key):
    def breaking(pdf):
        page = next(page for page in pdf.pages if "/Annots" in page)
        del page.Annots[0][key]

    return breaking


def tabs(pdf):
    for page in pdf.pages:
        page["/Tabs"] = pikepdf.Name("/R")


@pytest.mark.parametrize(
    ("breaking", "told"),
    [
        (without("/Lang"), "the language is not Swedish"),
        (without("/MarkInfo"), "the file does not say that it is tagged"),
        (without("/ViewerPreferences"), "the title is not shown in the window"),
        (without("/OutputIntents"), "the output intent is missing"),
        (without("/Outlines"), "the bookmarks are missing"),
        (without("/StructTreeRoot"), "there is no structure"),
        (without("/Metadata"), "the XMP metadata is missing"),
        (marks, "the PDF/UA-1 mark is missing"),
        (marks, "the PDF/A mark is missing, not 2A"),
        (script, "/OpenAction is not allowed"),
        (untagged, "page 1 shows something that is neither tagged nor an artifact"),
        (link("/Contents"), "page 2: a link does not say where it leads"),
        (link("/StructParent"), "page 2: a link is not in the structure"),
        (tabs, "page 2 is not tabbed through in the order of the structure"),
        (alt_text, "a picture has no alternative text"),
        (headers, "table 1: a cell does not point at the headers of its row and column"),
        (wrong_headers, "table 1: a cell does not point at the headers of its row and column"),
        (scope, "table 1: a header does not say whether it heads its column or its row"),
        (row_header, "table 1: a row does not begin with its header"),
        (heading_level, "a heading of level 4 follows one of level 1"),
    ],
)
def test_what_is_broken_is_told(made, breaking, told):
    assert told in broken(made, breaking)


def test_a_font_that_is_not_there_is_told(made):
    found = broken(made, font)

    assert any("is not embedded" in fault for fault in found)
    assert any("does not say which letters it shows" in fault for fault in found)
