"""Tables in PDFs that rules or shades do not draw whole."""

import pytest
import weasyprint
from reading_texts import rows_told

from tasks.readers.pdf import pdf_pages
from tasks.readers.running import read_pages

SHADED = """<style>@page{{size:A4;margin:2cm}} body{{font:10pt sans-serif}}
table{{border-collapse:collapse;width:100%}} th{{background:#234;color:#fff}}
td{{border-bottom:.5pt solid #999;text-align:right}} td:first-child{{text-align:left}}
th,td{{padding:2pt 4pt;width:12%;vertical-align:{at}}}</style><h1>Ekonomi</h1><p>Belopp i tkr</p>
<table><tr><th>Verksamhet</th><th>Utfall<br>netto</th><th>Budget<br>netto</th>
<th>Avvikelse<br>netto</th></tr>
<tr><td>Gator och<br>torg</td><td>-79 374</td><td>-76 100</td><td>-3 274</td></tr>
<tr><td>Parker</td><td>-38 832</td><td>-39 820</td><td>988</td></tr>
<tr><td>Vatten och<br>avlopp</td><td>-1 000</td><td>-1 500</td><td>500</td></tr></table>"""


@pytest.mark.parametrize("at", ["top", "middle", "bottom"])
def test_a_label_of_two_lines_is_whole_wherever_its_values_stand_beside_it(at: str) -> None:
    data = weasyprint.HTML(string=SHADED.format(at=at)).write_pdf()
    reading = read_pages(pdf_pages(data), city=None, name="rapport.pdf")
    assert [(label, row["outcome"]) for (_, label), row in rows_told(reading).items()] == [
        ("Gator och torg", "-79374"),
        ("Parker", "-38832"),
        ("Vatten och avlopp", "-1000"),
    ]


STRIPED = """<style>@page{size:A4;margin:2cm} body{font:10pt sans-serif}
table{border-collapse:collapse;width:100%;border:1pt solid #234} th{background:#234;color:#fff}
tr:nth-child(odd) td{background:#dde} th,td{padding:2pt 4pt;text-align:left;vertical-align:top}
td:first-child{width:34%} td:nth-child(2){width:22%}</style><h1>Måluppföljning</h1>
<table><tr><th>Mål</th><th>Bedömning</th><th>Kommentar</th></tr>
<tr><td>Kulturen når den som inte själv söker upp den</td><td>Målet är uppfyllt</td>
<td>Biblioteksbåten besökte åtta öar under sommaren och hösten.</td></tr>
<tr><td>Anläggningarna är hela, rena och trygga</td><td>Målet är inte uppfyllt</td>
<td>Två av nio omklädningshus är avstängda på grund av mögel.</td></tr>
<tr><td>Barn i alla kommundelar rör på sig</td><td>Målet är delvis uppfyllt</td>
<td>Fler deltar än i fjol, men färre än före pandemin.</td></tr></table>"""


def test_a_row_of_words_without_shade_between_two_shaded_ones_has_its_cells() -> None:
    data = weasyprint.HTML(string=STRIPED).write_pdf()
    reading = read_pages(pdf_pages(data), city=None, name="rapport.pdf")
    assert [
        (goal.title, goal.assessment and goal.assessment.written) for goal in reading.goals
    ] == [
        ("Kulturen når den som inte själv söker upp den", "Målet är uppfyllt"),
        ("Anläggningarna är hela, rena och trygga", "Målet är inte uppfyllt"),
        ("Barn i alla kommundelar rör på sig", "Målet är delvis uppfyllt"),
    ]
