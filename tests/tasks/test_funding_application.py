"""Applications for money of other forms than Malmö's, and what may not be tied to an effort."""

import io
from datetime import date
from decimal import Decimal

import docx

from expectations.register_files import load_city
from tasks.readers.belonging import belongs_to
from tasks.readers.docx import docx_pages
from tasks.readers.funding_application import read
from tasks.readers.outline import outline
from tasks.readers.text import text_pages
from tasks.readers.wording import wording

CITY = load_city("lindhamn")
WORDS = wording(CITY, date(2026, 6, 30))


def parts(written):
    return read(outline(text_pages(written.encode())), WORDS)


EACH = """Ansökan om medel för kompetensutveckling

Insats 1: Språkombud i hemtjänsten

Målgrupp
Cirka 120 undersköterskor i hemtjänsten.

Förväntad effekt
Säkrare dokumentation.

Kostnad
1,5 mnkr

Insats 2: Handledning av nya chefer

Målgrupp (yrkesgrupp och antal)
Chefer som är nya i sitt uppdrag.

Antal medarbetare
10-15

Sökt belopp
300 tkr för handledare och 50 tkr för lokaler
"""


def test_the_form_once_per_effort_gives_each_its_own_answers():
    first, second = parts(EACH).rows["efforts"]

    assert first.title == "Språkombud i hemtjänsten"
    assert (first.headcount.value, first.headcount.unit) == (Decimal(120), "headcount")
    assert (first.cost.value, first.cost.unit) == (Decimal("1.5"), "mnkr")
    assert first.effect.text == "Säkrare dokumentation."
    assert (second.headcount.low, second.headcount.high) == (Decimal(10), Decimal(15))
    assert second.effect is None


def test_two_amounts_for_one_effort_are_left_unread():
    found = parts(EACH)

    assert found.rows["efforts"][1].cost is None
    assert [row.text for row in found.unread] == ["300 tkr för handledare och 50 tkr för lokaler"]


LISTED = """Ansökan om medel ur budget 2026

Planerade insatser

• Utbildning i lågaffektivt bemötande för elevassistenter
• Digital introduktion av timvikarier

Målgrupp

Elevassistenter i grundskolan, 80 personer.

Alla som arbetar i nämndens verksamheter.

Förväntad effekt

Lindhamns stad ska ha den kompetens som uppdragen kräver. Färre timvikarier slutar under sin
introduktion.

Kostnad

• 400 tusen kronor för utbildning av elevassistenter i bemötande
• 250 000 kronor för introduktion av timvikarier
• Totalt 650 000 kronor
"""


def test_a_list_of_efforts_gets_the_amounts_that_speak_of_them():
    first, second = parts(LISTED).rows["efforts"]

    assert (first.cost.written, first.cost.unit) == ("400 tusen kronor", "tkr")
    assert (second.cost.written, second.cost.value) == ("250 000 kronor", Decimal(250000))
    assert first.headcount.value == Decimal(80)
    assert (second.target_group, second.headcount) == (None, None)


def test_a_sum_is_no_efforts_cost():
    assert [row.text for row in parts(LISTED).unread] == ["Totalt 650 000 kronor"]


def test_the_goal_whose_whole_title_is_named_is_the_efforts_goal():
    found = parts(LISTED)

    assert {row.goal_id for row in found.rows["efforts"]} == {"L-D1"}
    assert found.facts["span"] == "2026"


def test_what_speaks_of_no_effort_stays_as_text_under_its_heading():
    texts = [row.text.text for row in parts(LISTED).rows["narratives"]]

    assert "Alla som arbetar i nämndens verksamheter." in texts


def test_a_table_of_efforts_in_word_is_read_cell_by_cell():
    document = docx.Document()
    document.add_paragraph("Ansökan om medel för kompetensutveckling")
    rows = [
        ("Insats", "Målgrupp", "Antal medarbetare", "Förväntad effekt", "Sökt belopp (tkr)"),
        ("Körkort", "Boendestödjare", "25", "Fler besök", "190 tkr"),
        ("Tolkteknik", "Handläggare", "oklart", "", "80 tkr"),
        ("", "", "", "Summa", "270 tkr"),
    ]
    table = document.add_table(len(rows), 5)
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, written in zip(row.cells, texts, strict=True):
            cell.text = written
    held = io.BytesIO()
    document.save(held)

    found = read(outline(docx_pages(held.getvalue())), WORDS)

    first, second = found.rows["efforts"]
    assert (first.headcount.value, first.cost.value, first.cost.unit) == (
        Decimal(25),
        Decimal(190),
        "tkr",
    )
    assert (second.headcount.state, second.headcount.written) == ("unreadable", "oklart")
    assert [row.text for row in found.unread] == ["Summa", "270 tkr"]


def test_an_application_without_efforts_gives_none_and_keeps_its_text():
    found = parts("Ansökan om medel\n\nBakgrund\n\nNämnden behöver fler medarbetare.\n")

    assert found.rows["efforts"] == ()
    assert [row.path for row in found.rows["narratives"]] == [("Bakgrund",)]


def test_a_paragraph_belongs_to_the_title_whose_own_words_it_uses():
    titles = ["Språkombud i hemtjänsten", "Handledning av chefer i hemtjänsten"]

    assert belongs_to(["Språkombuden utbildas", "Cheferna handleds"], titles) == [0, 1]


def test_a_paragraph_that_fits_two_titles_alike_belongs_to_none():
    titles = ["Språkombud i hemtjänsten", "Handledning i hemtjänsten"]

    assert belongs_to(["Alla i hemtjänsten", "Övriga"], titles) == [None, None]
    assert belongs_to(["Vad som helst"], ["Den enda insatsen"]) == [0]
