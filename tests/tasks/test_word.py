"""The Word view: real styles, header rows, alternative texts; the memo in the city's words."""

import hashlib
import io
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from expectations.register_files import load_city
from tasks.report.blocks import (
    Cell,
    Chart,
    Facts,
    Listing,
    Paragraph,
    Report,
    Section,
    Table,
)
from tasks.report.numbering import numbered
from tasks.word import render_word
from tasks.word_blocks import Body, column_widths

CITIES = (Path("expectations/cities"),)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6300010000000500010d0a2db40000000049454e44ae426082"
)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 5" width="10" height="5"></svg>'
WIDE = tuple(f"Kolumn nummer {i}" for i in range(14))


def a_report(text="Ett mål."):
    table = Table(
        "t-x",
        "Resultat",
        ("Nämnd", "Utfall"),
        ((Cell(text), Cell("−4,8", is_number=True)), (Cell("Summa"), Cell("3", is_number=True))),
        note="I mnkr.",
        numbers=(1,),
    )
    wide = Table("t-y", "Bred", WIDE, (tuple(Cell("x") for _ in WIDE),))
    front = Section(
        "oversikt",
        "Läget på en sida",
        (Facts(((Cell("23"), "av 24 har lämnat"),)), Chart("d-x", "Avvikelser", "A först.", SVG)),
        (Section("besluta", "Att besluta", (Paragraph("Ett uppdrag."), Paragraph("n", "note"))),),
    )
    goals = Section("mal", "Mål", (table, wide, Listing(("a", "b"), is_numbered=True)))
    more = Section("fler", "Fler", (Listing(("c",), is_numbered=True), Listing(("d",))))
    return Report(
        title="Uppföljningsrapport för Göteborgs Stad",
        kind="Uppföljningsrapport",
        city="Göteborgs Stad",
        office="stadsledningskontoret",
        subject="delårsrapport augusti 2024",
        status="Utkast",
        is_trial=True,
        made_on="2026-09-28",
        edition="0" * 12,
        head="0" * 64,
        sections=numbered((front, goals, more)),
        clauses=(
            ("I kommunstyrelsen och kommunfullmäktige", "Uppdraget ”x” förklaras fullgjort."),
        ),
    )


@pytest.fixture(scope="module")
def files():
    return render_word(a_report(), load_city("goteborg", CITIES), {"d-x": (PNG, 0.5)})


def opened(files, name):
    return docx.Document(io.BytesIO(files[name]))


def texts(document):
    return [p.text for p in document.paragraphs if p.text]


def test_the_whole_report_and_each_chapter_are_files_of_their_own(files):
    assert sorted(files) == [
        "kapitel/01-oversikt.docx",
        "kapitel/02-mal.docx",
        "kapitel/03-fler.docx",
        "rapport.docx",
        "tjansteutlatande.docx",
    ]


def test_headings_are_real_headings_and_the_language_is_swedish(files):
    document = opened(files, "rapport.docx")
    headings = [(p.style.name, p.text) for p in document.paragraphs if "Heading" in p.style.name]

    assert headings == [
        ("Heading 1", "1 Läget på en sida"),
        ("Heading 2", "Att besluta"),
        ("Heading 1", "2 Mål"),
        ("Heading 1", "3 Fler"),
    ]
    languages = document.styles.element.findall(f".//{qn('w:lang')}")
    assert {one.get(qn("w:val")) for one in languages} == {"sv-SE"}
    assert document.core_properties.title.startswith("Uppföljningsrapport för Göteborgs Stad")
    assert document.core_properties.language == "sv-SE"


def test_a_table_has_a_header_row_that_repeats_and_a_caption_of_its_own(files):
    document = opened(files, "rapport.docx")
    table = document.tables[0]

    assert [cell.text for cell in table.rows[0].cells] == ["Nämnd", "Utfall"]
    body = document.element.body
    heads = body.findall(f".//{qn('w:tblHeader')}")
    assert len(heads) == len(document.tables) == 2
    named = [one.get(qn("w:val")) for one in body.findall(f".//{qn('w:tblCaption')}")]
    assert named == ["Resultat", "Bred"]
    assert table.rows[1].cells[1].paragraphs[0].style.name == "Tabelltal"
    captions = [p.text for p in document.paragraphs if p.style.name == "Caption"]
    assert captions == ["Diagram 1.1 Avvikelser", "Tabell 2.1 Resultat", "Tabell 2.2 Bred"]


def test_a_chart_has_its_text_equivalent(files):
    document = opened(files, "rapport.docx")
    shown = document.element.body.findall(f".//{qn('wp:docPr')}")

    assert [one.get("descr") for one in shown] == ["Avvikelser. A först."]


def test_only_a_table_that_needs_it_lies_down_and_its_heading_goes_with_it(files):
    document = opened(files, "rapport.docx")

    assert [s.page_width > s.page_height for s in document.sections] == [False, True, False]


def test_every_numbered_list_begins_at_one(files):
    document = opened(files, "rapport.docx")
    used = document.element.body.findall(f".//{qn('w:numId')}")

    assert [one.get(qn("w:val")) for one in used] == ["10", "10", "11"]


def test_the_memo_has_the_citys_name_headings_and_clauses_per_organ(files):
    document = opened(files, "tjansteutlatande.docx")
    told = texts(document)

    assert told[1] == "Tjänsteutlåtande"
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert headings[:3] == [
        "Förslag till beslut",
        "Sammanfattning",
        "Bedömning ur ekonomisk dimension",
    ]
    at = told.index("I kommunstyrelsen och kommunfullmäktige:")
    assert told[at + 1 : at + 3] == [
        "Uppföljningsrapport för Göteborgs Stad, delårsrapport augusti 2024, godkänns.",
        "Uppdraget ”x” förklaras fullgjort.",
    ]
    assert any(text.startswith("Provkörning.") for text in told)


def test_malmos_memo_proposes_in_malmos_words():
    files = render_word(a_report(), load_city("malmo", CITIES), {"d-x": (PNG, 0.5)})
    told = texts(opened(files, "tjansteskrivelse.docx"))

    at = told.index("Kommunstyrelsen föreslår kommunfullmäktige besluta att:")
    assert told[at + 1].startswith("godkänna Uppföljningsrapport")


def test_what_a_board_wrote_is_text_also_with_signs_that_xml_cannot_hold():
    report = a_report('<w:p/> & "x" \x0b\ufffe')
    files = render_word(report, load_city("goteborg", CITIES), {"d-x": (PNG, 0.5)})
    table = opened(files, "rapport.docx").tables[0]

    assert table.rows[1].cells[0].text == '<w:p/> & "x" \ufffd\ufffd'


def test_a_block_that_word_does_not_know_is_our_defect():
    with pytest.raises(TypeError, match="no Word form for a str"):
        Body({}).block("x")
    with pytest.raises(KeyError, match="d-x"):
        Body({}).block(Chart("d-x", "a", "b", SVG))


def test_columns_share_the_width_and_none_disappears():
    for table in (a_report().sections[1].blocks[0], a_report().sections[1].blocks[1]):
        widths = column_widths(table, 9638)
        assert sum(widths) <= 9638
        assert min(widths) > 300


def test_the_same_report_gives_the_same_bytes(files):
    again = render_word(a_report(), load_city("goteborg", CITIES), {"d-x": (PNG, 0.5)})

    assert {n: hashlib.sha256(d).hexdigest() for n, d in again.items()} == {
        n: hashlib.sha256(d).hexdigest() for n, d in files.items()
    }
    other = render_word(
        replace(a_report(), status="Beslutad"), load_city("goteborg", CITIES), {"d-x": (PNG, 0.5)}
    )
    assert other["rapport.docx"] != files["rapport.docx"]
