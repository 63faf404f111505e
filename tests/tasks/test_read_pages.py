"""Word and PDF files of others' make become lines and tables with places."""

import dataclasses
import io

import docx
import pytest
import weasyprint
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from form_city import BOARD, CITY, ROUND, answers

from expectations.contract import Text
from expectations.form_layout import load_layouts, newest
from tasks.form import write_pdf
from tasks.readers.docx import docx_pages
from tasks.readers.pdf import pdf_pages
from tasks.readers.template import read_template

LAYOUTS = load_layouts()


def saved(document):
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def printed(html):
    return weasyprint.HTML(string=f"<html lang='sv'><body>{html}</body></html>").write_pdf()


def texts(pages):
    return [line.text for line in pages.lines]


# --- Word -----------------------------------------------------------------------------------


def test_paragraphs_are_lines_and_styles_are_heading_levels():
    document = docx.Document()
    document.add_heading("Verksamhet", level=1)
    document.add_paragraph("Första raden\nandra raden")
    document.add_heading("Ekonomi", level=2)
    pages = docx_pages(saved(document))
    assert [(line.text, line.number, line.heading) for line in pages.lines] == [
        ("Verksamhet", 1, 1),
        ("Första raden", 2, None),
        ("andra raden", 3, None),
        ("Ekonomi", 4, 2),
    ]


def test_a_style_built_on_a_heading_is_a_heading():
    document = docx.Document()
    style = document.styles.add_style("Kommunens kapitel", 1)
    style.base_style = document.styles["Heading 3"]
    document.add_paragraph("Personal", style="Kommunens kapitel")
    assert docx_pages(saved(document)).lines[0].heading == 3


def test_a_table_row_is_a_line_and_every_cell_has_its_columns():
    document = docx.Document()
    document.add_paragraph("Resultat")
    table = document.add_table(rows=2, cols=3)
    for row, words in zip(
        table.rows, (("Post", "Utfall", "Budget"), ("Intäkter", "78,5", "79,4")), strict=True
    ):
        for cell, word in zip(row.cells, words, strict=True):
            cell.text = word
    pages = docx_pages(saved(document))
    assert texts(pages) == ["Resultat", "Post\tUtfall\tBudget", "Intäkter\t78,5\t79,4"]
    (found,) = pages.tables
    assert found.after == 1
    cell = found.rows[1][1]
    first, last = cell.place.columns
    assert pages.lines[cell.place.line - 1].text[first - 1 : last] == cell.text == "78,5"


def test_a_merged_cell_keeps_the_columns_after_it_in_line():
    document = docx.Document()
    table = document.add_table(rows=2, cols=3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "Period"
    table.cell(0, 2).text = "Helår"
    rows = docx_pages(saved(document)).tables[0].rows
    assert [cell.text for cell in rows[0]] == ["Period", "", "Helår"]
    assert {len(row) for row in rows} == {3}


def test_content_controls_and_inserted_text_are_read_and_deleted_text_is_not():
    document = docx.Document()
    body = document.element.body
    control = f"""<w:sdt {nsdecls("w")}><w:sdtContent><w:p>
      <w:ins w:id="1" w:author="x"><w:r><w:t>Ny lydelse</w:t></w:r></w:ins>
      <w:del w:id="2" w:author="x"><w:r><w:delText>Gammal lydelse</w:delText></w:r></w:del>
    </w:p></w:sdtContent></w:sdt>"""
    body.insert(0, parse_xml(control))
    assert texts(docx_pages(saved(document))) == ["Ny lydelse"]


# --- PDF ------------------------------------------------------------------------------------


def test_a_pdf_line_has_its_page_its_rectangle_and_its_heading_level():
    pages = pdf_pages(
        printed(
            "<h1>Uppföljning</h1><p>Ett stycke text.</p>"
            "<p style='break-before:page'>Nästa sida.</p>"
        )
    )
    assert [(line.text, line.page, line.heading) for line in pages.lines] == [
        ("Uppföljning", 1, 1),
        ("Ett stycke text.", 1, None),
        ("Nästa sida.", 2, None),
    ]
    assert pages.lines[0].box[1] < pages.lines[1].box[1]


def test_a_title_in_a_pdf_is_told_by_its_face_and_the_room_above_it():
    style = (
        "<style>body{font:11pt DejaVu Sans}p{margin:0}h2{font-size:11pt;margin:14pt 0 2pt}</style>"
    )
    text = "<p>Nämnden har god ekonomi och<br>följer sin plan.</p>"
    row = "<pre style='font: 10pt DejaVu Sans'>Intäkter        78,5        79,4</pre>"
    told = (
        f"{style}{text}<h2>Förslag till beslut</h2>{text}"
        f"<b>En fet mening i stycket är ingen rubrik</b>{text}"
        f"<h2>Måluppfyllelse: Uppnått</h2>{text}<h2>Intäktsslag</h2>{row}{text}"
    )
    marked = [line.text for line in pdf_pages(printed(told)).lines if line.heading]
    assert marked == ["Förslag till beslut"]


def test_columns_of_running_text_in_a_pdf_are_read_one_after_the_other():
    style = "<style>body{font:10pt DejaVu Sans}div{column-count:2;column-gap:20pt}p{margin:0 0 6pt}"
    first = "<p>Den vänstra spalten säger först vad nämnden ansvarar för och hur den styrs.</p>" * 4
    last = "<p>Den högra spalten går sedan igenom hur personalen och ekonomin har det.</p>" * 4
    head = "<h1>Årsberättelse</h1>"
    told = f"{style}</style>{head}<div>{first}{last}</div>{ruled(range(2))}"
    pages = pdf_pages(printed(told))
    whole = " ".join(line.text for line in pages.lines)
    assert "Den högra" not in whole[: whole.rindex("hur den styrs.")]
    assert whole.endswith("Post Utfall Rad 0 0,5 Rad 1 1,5")
    assert len(pages.tables) == 1


def test_words_far_apart_are_divided_by_two_spaces():
    row = "<pre style='font: 10pt DejaVu Sans'>Intäkter        78,5        79,4</pre>"
    assert texts(pdf_pages(printed(row))) == ["Intäkter  78,5  79,4"]


RULES = "<style>table{border-collapse:collapse}td,th{border:1pt solid}</style>"


def ruled(rows, headings=("Post", "Utfall")):
    head = "".join(f"<th>{word}</th>" for word in headings)
    body = "".join(f"<tr><td>Rad {n}</td><td>{n},5</td></tr>" for n in rows)
    return f"{RULES}<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def test_a_ruled_table_is_a_table_and_stands_behind_its_heading():
    pages = pdf_pages(printed(f"<p>Resultat</p>{ruled(range(3))}"))
    (table,) = pages.tables
    assert [[cell.text for cell in row] for row in table.rows][:2] == [
        ["Post", "Utfall"],
        ["Rad 0", "0,5"],
    ]
    assert table.after == 1
    assert pages.lines[table.rows[1][1].place.line - 1].text.endswith("0,5")


def test_a_table_that_goes_on_over_pages_with_its_headings_is_one_table():
    footer = "<style>@page{@bottom-right{content:counter(page) ' (' counter(pages) ')'}}</style>"
    pages = pdf_pages(printed(footer + ruled(range(120))))
    (table,) = pages.tables
    assert pages.lines[-1].page == 3
    assert [row[0].text for row in table.rows] == ["Post", *[f"Rad {n}" for n in range(120)]]
    assert table.rows[-1][0].place.page == 3


def test_two_tables_with_text_between_them_stay_two():
    html = ruled(range(3)) + "<p style='break-before:page'>Mål 2</p>" + ruled(range(3))
    assert len(pdf_pages(printed(html)).tables) == 2


# --- our own form over many pages -----------------------------------------------------------


@pytest.fixture(scope="module")
def long_answer():
    filled = answers()
    goal = filled.goals[0]
    long = Text(" ".join(["Läget följer planen, och arbetet med KUN-2025-00041 fortsätter."] * 40))
    goals = tuple(dataclasses.replace(goal, goal_id=f"M{n}", motive=long) for n in range(6))
    return dataclasses.replace(filled, goals=goals, finance=filled.finance * 12)


def test_cards_and_tables_of_our_form_come_back_whole_from_many_pages(long_answer):
    layout = newest(LAYOUTS)
    data = write_pdf(layout, city=CITY, board=BOARD, round=ROUND, filled=long_answer)
    reading = read_template(pdf_pages(data), CITY, LAYOUTS)
    assert [goal.goal_id for goal in reading.goals] == [f"M{n}" for n in range(6)]
    assert {goal.motive.text for goal in reading.goals} == {long_answer.goals[0].motive.text}
    assert len(reading.finance) == 36
    assert reading.unread == ()


def test_a_document_without_our_mark_is_not_our_form():
    document = docx.Document()
    document.add_heading("Mål", level=1)
    assert read_template(docx_pages(saved(document)), CITY, LAYOUTS) is None
