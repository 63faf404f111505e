"""An auditor's sample: drawn again alike, and every figure shown where it stands."""

import base64
import io
import json

import openpyxl
import pypdfium2
import pytest

from expectations.contract import Place
from tasks.pdf import made_pdf
from tasks.readers.sandbox import shown_in_child
from tasks.readers.surroundings import surroundings
from tasks.sampling import draw, render_sample

SOURCES = [
    {
        "figure_id": f"U-{i}",
        "board": "Nämnd",
        "document": "<b>.txt",
        "place": "rad 2",
        "written": str(i),
        "version": 1,
        "received": "2026-09-14 08.12",
        "sha256": "a" * 64,
    }
    for i in range(40)
]
CELLS = [{"text": "Summa", "figures": []}, {"text": "1,0", "figures": ["U-1"]}]
TABLE = {
    "kind": "Table",
    "label": "Tabell 1.1",
    "caption": "Tal",
    "head": ["Nämnd", "Utfall"],
    "rows": [CELLS],
}
REPORT = {"sources": SOURCES, "sections": [{"parts": [], "blocks": [TABLE]}]}
COMPUTED = [
    {
        "computed_id": "R-1",
        "table": "Tal",
        "what": "Summa · Utfall",
        "shown": "3",
        "how": "Summan av uppgifterna.",
        "figures": ["U-1", "U-2"],
    }
]


def workbook():
    book = openpyxl.Workbook()
    for row in range(1, 12):
        for column in range(1, 9):
            book.active.cell(row, column, row * 10 + column)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_figure_of_a_json_document_is_shown_in_its_row():
    columns = {f"c{i}": {"written": str(i)} for i in range(40)}
    data = json.dumps({"document": {}, "finance": [{"columns": columns}]}).encode()
    told = surroundings(data, "a.json", Place(pointer="/finance/0/columns/c30"))

    assert [line[2] for line in told["lines"] if line[2]] == ['{"written": "30"}']
    assert len(told["lines"]) == 25


def test_the_same_seed_draws_the_same_and_another_seed_others():
    one = [d.figure_id for d in draw(REPORT, COMPUTED, n=10, seed="7")]

    assert one == [d.figure_id for d in draw(REPORT, COMPUTED, n=10, seed="7")]
    assert one != [d.figure_id for d in draw(REPORT, COMPUTED, n=10, seed="8")]
    assert len(set(one)) == 10
    assert len(draw(REPORT, COMPUTED, n=1000, seed="1")) == 41


def test_a_drawn_figure_says_where_it_is_printed_and_a_computed_one_how():
    drawn = {d.figure_id: d for d in draw(REPORT, COMPUTED, n=100, seed="1")}

    assert drawn["U-1"].shown == "1,0"
    assert drawn["U-1"].where == "Tabell 1.1 Tal: Summa · Utfall"
    assert drawn["R-1"].how == "Summan av uppgifterna."
    assert [s["figure_id"] for s in drawn["R-1"].sources] == ["U-1", "U-2"]


def test_a_cell_is_shown_among_its_neighbours():
    told = surroundings(workbook(), "a.xlsx", Place(sheet="Sheet", cell="D6"))
    flat = [cell for row in told["cells"] for cell in row]

    assert [cell for cell in flat if cell[2]] == [("D6", "64", True)]
    assert flat[0][0] == "A2"
    assert flat[-1][0] == "G10"


def test_a_line_is_shown_with_its_figure_marked():
    text = "\n".join(f"rad {i}: 12,5 mnkr" for i in range(1, 20)).encode()
    told = surroundings(text, "a.txt", Place(line=10, columns=(9, 12)))

    assert (10, "rad 10: ", "12,5", " mnkr") in told["lines"]
    assert [line[0] for line in told["lines"]] == list(range(6, 15))


def test_a_page_is_shown_as_a_picture_of_the_place():
    html = "<html lang='sv'><title>x</title><body><h1>Rubrik</h1><p>12,5</p>"
    pdf = made_pdf(html, {}, identifier="00" * 16, day="2026-09-28")
    told = surroundings(pdf, "a.pdf", Place(page=1, line=2, box=(60.0, 100.0, 90.0, 112.0)))
    picture = base64.b64decode(told["picture"])

    assert picture.startswith(b"\x89PNG")
    assert len(pypdfium2.PdfDocument(pdf)) == 1


def test_the_document_is_opened_in_the_child_and_one_that_cannot_be_is_not_shown():
    place = Place(sheet="Sheet", cell="D6")

    assert shown_in_child(workbook(), name="a.xlsx", place=place)["cells"]
    assert shown_in_child(b"x", name="a.xlsx", place=place) == {}


@pytest.mark.parametrize("near", [{}, {"lines": [(1, "<i>", "2", "")]}, {"picture": "eA=="}])
def test_the_page_shows_what_was_written_as_text(near):
    drawn = draw(REPORT, COMPUTED, n=3, seed="2")
    around = {s["figure_id"]: near for d in drawn for s in d.sources}
    page = render_sample(drawn, around, title="<x>", about=(("Frö", "2"),))

    assert "<b>.txt" not in page
    assert "<x>" not in page
    assert "<i>" not in page
