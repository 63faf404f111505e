"""The page on which a person compares a reading with its document."""

import dataclasses
import re
import tomllib
from html.parser import HTMLParser
from pathlib import Path

import pytest

import templates
from expectations.contract import DecisionReference, Place, Unread
from expectations.register_files import generic_vocabulary, load_city
from tasks.issue import form_with
from tasks.read import read_original, show_original
from tasks.readers.columns import IN_PERCENT
from tasks.readers.row_arithmetic import RELATIONS
from tasks.reading_lines import DocumentLine
from tasks.reading_page import reading_page
from tasks.reading_told import unread_groups

TEXT = """Delårsrapport augusti 2024 för kommunstyrelsen
Göteborgs Stad, stadsledningskontoret

Förslag till beslut
I kommunstyrelsen:
1. Delårsrapporten godkänns.
2. Uppdraget att se över biblioteken och

1 Ekonomi
Belopp i mnkr
             Utfall  Budget  Avvikelse
Intäkter       78,5    79,4       -0,9
Kostnader     -70,0   -72,0        2,0
Resultat        8,5     7,4        1,1

2 Läget
<script>alert(1)</script> Arbetet går framåt och
fortsätter under hösten.
"""


@pytest.fixture(scope="module")
def city():
    return load_city("goteborg")


@pytest.fixture(scope="module")
def shown(city):
    reading, lines = show_original(TEXT.encode(), name="rapport.txt", city=city)
    return reading, lines, reading_page(reading, [DocumentLine(*line) for line in lines], city)


class Page(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.ids, self.links, self.tags = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.tags.append(tag)
        self.ids += [found["id"]] if "id" in found else []
        self.links += [found["href"]] if "href" in found else []


def test_the_lines_are_those_of_the_document_with_their_numbers(shown):
    _, lines, _ = shown
    assert [text for _, text, _ in lines] == TEXT.rstrip("\n").split("\n")
    assert [number for number, _, _ in lines] == list(range(1, 19))


def test_showing_says_the_same_as_reading(shown, city):
    assert shown[0] == read_original(TEXT.encode(), name="rapport.txt", city=city)


def test_every_mark_leads_to_its_field_and_every_field_to_its_place(shown):
    page = Page(shown[2])
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links} <= set(page.ids)
    assert 'href="#ffinance-1-columns.outcome"><mark class="figure">78,5</mark>' in shown[2]


def test_a_figure_is_shown_as_written_and_as_read_with_its_unit(shown):
    row = re.search(r'<tr id="ffinance-1-columns.deviation".*?</tr>', shown[2], re.DOTALL)[0]
    assert "-0,9" in row
    assert "−0,9 mnkr" in row
    assert "rad 12" in row


def test_what_was_not_understood_is_told_at_its_line(shown):
    assert "avklippt" in shown[2]
    assert re.search(r'<li id="r7" value="7" class="lost">', shown[2])
    assert "Lästa tal" in shown[2]


def test_the_page_has_no_script_of_its_own_or_of_the_boards(shown):
    assert "script" not in Page(shown[2]).tags
    assert "default-src 'none'" in shown[2]
    assert "https://" not in shown[2]


def test_a_running_text_is_marked_on_all_its_lines(shown):
    assert re.search(r'<li id="r17" value="17" class="claimed">', shown[2])
    assert re.search(r'<li id="r18" value="18" class="claimed">', shown[2])


def test_the_same_reading_gives_the_same_page(shown, city):
    reading, lines, html = shown
    assert reading_page(reading, [DocumentLine(*line) for line in lines], city) == html


def test_a_file_that_is_not_read_has_a_page_that_says_why(city):
    reading, lines = show_original(b"PK\x03\x04 trasig", name="rapport.docx", city=city)
    html = reading_page(reading, [], city)
    assert lines == []
    assert "Kunde inte läsas: filen är skadad" in html


def test_the_form_with_what_was_read_says_the_same_and_waits_for_a_person(shown, city):
    reading, _, _ = shown
    round_, board = city.round("2024-08"), city.board("kommunstyrelsen")
    files = form_with(reading, city, round_, board, name="underlag.xlsx")
    again = read_original(files["underlag.xlsx"], name="underlag.xlsx", city=city)
    prose = read_original(files["text-underlag.docx"], name="text-underlag.docx", city=city)
    motives = {g.goal_id: g.motive.text for g in reading.goals if g.motive}
    assert {g.goal_id: g.motive.text for g in prose.goals if g.motive} == motives
    told = [{k: f.value for k, f in row.columns.items() if f.written} for row in again.finance]
    assert told == [{k: f.value for k, f in row.columns.items()} for row in reading.finance]
    assert (again.document.submitted_by, again.document.approved_by) == (None, None)


def _page_words(table):
    path = Path(templates.__file__).parent / "reading" / "words.toml"
    return set(tomllib.loads(path.read_text(encoding="utf-8"))[table])


def test_every_column_and_part_of_a_decision_has_a_swedish_word_on_the_page():
    of_heads = {said.split()[0] for said in generic_vocabulary()["columns"].values()}
    # these say how a column is read; no figure is kept under them
    columns = (of_heads | set(RELATIONS) | set(IN_PERCENT.values())) - {"note", "open", "plan"}
    parts = {field.name for field in dataclasses.fields(DecisionReference)}

    assert (columns | parts) - _page_words("fields") == set()


def test_every_kind_of_row_and_step_has_a_swedish_word_on_the_page():
    words = generic_vocabulary()
    tables = ("finance_lines", "line_columns", "staff", "staff_parts", "sentence_metrics")
    more = ("statuses", "status_words", "phases")
    codes = {code for table in (*tables, *more) for code in words[table].values()}

    assert codes - _page_words("codes") - {"", "open"} == set()


def test_what_is_unread_for_one_reason_is_told_once_a_page_with_its_lines():
    at = [Place(page=1, line=9), Place(page=1, line=4), Place(page=2, line=30)]
    told = unread_groups(
        [
            Unread("tre 3", "Varför.", at[0]),
            Unread("två 2", "Varför.", at[1]),
            Unread("nio 9", "Varför.", at[2]),
            Unread("ett", "Annat.", at[1]),
        ]
    )

    assert [(group.where, group.why) for group in told] == [
        ("sidan 1, rad 4–9", "Varför."),
        ("sidan 1, rad 4", "Annat."),
        ("sidan 2, rad 30", "Varför."),
    ]
    assert [one.text for one in told[0].items] == ["två 2", "tre 3"]


def test_cells_of_one_sheet_are_told_together_and_headings_of_a_word_file_apart():
    cells = [Unread(c, "Varför.", Place(sheet="Mål", cell=c)) for c in ("B4", "B7")]
    headings = [Unread(h, "Varför.", Place(heading=h)) for h in ("Mål 1", "Mål 2")]

    wheres = [group.where for group in unread_groups([*cells, *headings])]
    assert wheres == ["fliken Mål", "Mål 1", "Mål 2"]
