"""Competence plans of other forms than Malmö's: other orders, headings, real tables, lost cells."""

import io
from datetime import date
from decimal import Decimal

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.contract import Place
from expectations.register_files import load_city
from tasks.readers.competence_plan import competence_tables
from tasks.readers.docx import docx_pages
from tasks.readers.outline import outline
from tasks.readers.pages import Cell, Line, Pages, Table
from tasks.readers.running import read_pages
from tasks.readers.text import text_pages
from tasks.readers.wording import wording

CITY = load_city("lindhamn")
WORDS = wording(CITY, date(2026, 6, 30))


def text(written):
    return text_pages(written.encode())


def read(written):
    return read_pages(text(written), city=CITY, name="plan.txt")


def gaps(written):
    found = competence_tables(outline(text(written)), WORDS)
    return found.rows["competence_gaps"], found.unread


OTHER_ORDER = """Kompetensförsörjningsplan 2027-2028 för socialförvaltningen

Socialnämnden i Lindhamns stad redovisar här sina kompetensgap. Lindhamns stad följer upp planen.

Befattning Sannolikhet Riskbedömning På två års sikt På fem års sikt Kommentarer
Socialsekreterare Hög Allvarlig Mer Mer Svårt att rekrytera med
erfarenhet av utredning.
Biståndshandläggare Låg Inte allvarlig Samma Mindre Fler söker sig till yrket.
Enhetschef inom
äldreomsorgen Medel Mindre
allvarlig Mer Samma Pensioner väntar.

Uppföljning

Planen följs upp varje höst tillsammans med budgeten.
"""


def test_columns_are_taken_from_the_header_in_whatever_order_they_stand():
    told = read(OTHER_ORDER)

    assert [
        (r.occupation, r.years_2.code, r.years_5.code, r.risk.code, r.probability.code)
        for r in told.competence_gaps
    ] == [
        ("Socialsekreterare", "MORE", "MORE", "3", "3"),
        ("Biståndshandläggare", "SAME", "LESS", "1", "1"),
        ("Enhetschef inom äldreomsorgen", "MORE", "SAME", "2", "2"),
    ]
    assert told.competence_gaps[0].comment.text == (
        "Svårt att rekrytera med erfarenhet av utredning."
    )
    assert (told.document.span, told.document.board) == ("2027-2028", "socialnamnden")
    assert ("Uppföljning",) in [row.path for row in told.narratives]


def test_a_row_with_a_lost_cell_is_left_unread_and_its_neighbours_are_read():
    rows, unread = gaps(
        "Yrkesgrupp 2 års sikt 5 års sikt Risk Sannolikhet Kommentar\n\n"
        "Bibliotekarie Mer Mer Allvarlig Hög Pensioner\n\n"
        "Kurator Samma Inte allvarlig Låg\n\n"
        "Vaktmästare Samma Samma Inte allvarlig Låg Inget gap\n"
    )

    assert [row.occupation for row in rows] == ["Bibliotekarie", "Vaktmästare"]
    assert [row.comment.text for row in rows] == ["Pensioner", "Inget gap"]
    assert [item.text for item in unread] == ["Kurator Samma Inte allvarlig Låg"]


def test_a_row_that_could_be_read_in_two_ways_is_not_read():
    """`mindre allvarlig` after a lost cell could be a gap and a risk."""
    rows, _ = gaps(
        "yrkesgrupp 2 års sikt 5 års sikt risk sannolikhet\n\n"
        "kurator mer mindre allvarlig låg\n\n"
        "vaktmästare samma samma inte allvarlig låg\n"
    )

    assert [row.occupation for row in rows] == ["vaktmästare"]


def test_a_dash_is_an_empty_cell_and_shifts_nothing():
    rows, _ = gaps(
        "Yrkesgrupp 2 års sikt 5 års sikt Risk Sannolikhet\n\nKurator Mer - Allvarlig Hög\n"
    )

    assert rows[0].years_5 is None
    assert (rows[0].years_2.code, rows[0].risk.code) == ("MORE", "3")


def test_columns_beside_the_gaps_shift_nothing_and_are_listed():
    rows, unread = gaps(
        "Yrkesgrupp Årsarbetare\n2025\n\nBehov på 2\nårs sikt\n\nBehov på 5\nårs sikt\n\n"
        "Rekryteringsläge Kommentar\n\nKurator 12,5 Mer Samma Viss brist Få söker.\n\n"
        "Lärare 1 204,0 Mindre Mer Balans\n"
    )
    assert [(r.occupation, r.years_2.code, r.years_5.code) for r in rows] == [
        ("Kurator", "MORE", "SAME"),
        ("Lärare", "LESS", "MORE"),
    ]
    assert {"12,5", "1 204,0"} <= {one.text for one in unread}


def test_a_header_with_unknown_words_is_not_half_understood():
    rows, unread = gaps(
        "Yrkesgrupp 2 års sikt 5 års sikt Attraktivitet Risk\n\nKurator Mer Mer God Allvarlig\n"
    )

    assert rows == ()
    assert "rubriker" in unread[0].why


def test_a_group_that_cannot_be_told_from_the_comment_above_is_not_read():
    rows, unread = gaps(
        "Yrkesgrupp 2 års sikt 5 års sikt Kommentar\n"
        "Kurator Mer Mer Stora grupper\n"
        "Samordnare för\n"
        "Särskolan Samma Samma Litet gap\n"
    )

    assert [row.occupation for row in rows] == ["Kurator"]
    assert unread != ()


def test_what_a_page_cuts_from_a_group_and_the_rest_of_a_comment_fall_to_their_own_row():
    head = "Yrkesgrupp 2 års sikt 5 års sikt Kommentar\n"
    rows, _ = gaps(
        f"{head}Kurator Mer Mer Få utbildas.\n\nMark- och Mindre Samma Uppdraget är\n\n3\n\n\n\n"
        f"{head}exploateringsingenjör osäkert.\nSamordnare Mer Mer Kvantitativt och\n\n"
        "språkligt gap\nTolk Samma Mer Få sökande.\n"
    )
    assert [row.occupation for row in rows] == [
        "Kurator",
        "Mark- och exploateringsingenjör",
        "Samordnare",
        "Tolk",
    ]


def test_a_group_whose_rest_is_nowhere_is_not_read():
    rows, unread = gaps(
        "Yrkesgrupp 2 års sikt 5 års sikt Kommentar\n"
        "Kurator Mer Mer Få utbildas.\n\nMark- och Mindre Samma Få sökande.\n"
    )
    assert [row.occupation for row in rows] == ["Kurator"]
    assert [one.text for one in unread] == ["Mark- och"]


def word_plan():
    document = docx.Document()
    document.add_heading("Kompetensförsörjningsplan 2026–2027", 1)
    document.add_paragraph("Utbildningsnämnden i Lindhamns stad redovisar kompetensgap.")
    document.add_heading("Kompetensgap", 2)
    rows = [
        ("Yrkesgrupp", "Kompetensgap", "Kompetensgap", "Antal i dag", "Risk", "Motivering"),
        ("", "2 års sikt", "5 års sikt", "", "", ""),
        ("Yrkeslärare", "Mer", "Mer", "42", "Allvarlig", "Få utbildas."),
        ("Kurator", "Samma", "–", "11", "Ganska hög", ""),
    ]
    fill(document, rows)
    document.add_heading("Aktivitetsplan 2026–2027", 2)
    fill(
        document,
        [
            ("Åtgärd", "Ansvarig", "Tidplan", "Status", "Fas"),
            ("Starta aspirantutbildning", "HR-enheten", "hösten 2026", "Pågår", "Rekrytera"),
            ("Se över introduktionen", "Rektor", "löpande", "Planerad", "Introducera"),
        ],
    )
    document.add_heading("Medel", 2)
    fill(
        document,
        [
            ("År", "Insats", "Sökta medel", "Beviljade medel", "Avvikelser"),
            ("2026", "Aspirantutbildning", "1,2 mnkr", "800 tkr", "Inga"),
        ],
    )
    held = io.BytesIO()
    document.save(held)
    return docx_pages(held.getvalue())


def fill(document, rows):
    table = document.add_table(len(rows), len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, written in zip(row.cells, texts, strict=True):
            cell.text = written


@pytest.fixture(scope="module")
def from_word():
    return read_pages(word_plan(), city=CITY, name="plan.docx")


def test_a_table_in_word_gives_gaps_under_a_header_of_two_rows(from_word):
    first, second = from_word.competence_gaps

    assert (first.occupation, first.years_2.code, first.years_5.code) == (
        "Yrkeslärare",
        "MORE",
        "MORE",
    )
    assert (second.years_5, second.comment) == (None, None)
    assert (second.risk.written, second.risk.code) == ("Ganska hög", None)
    assert first.place.line is not None


def test_what_stands_in_an_unknown_column_is_listed_and_not_guessed(from_word):
    assert [(row.text, row.why) for row in from_word.unread] == [
        ("42", "Kolumnen ”Antal i dag” känns inte igen."),
        ("11", "Kolumnen ”Antal i dag” känns inte igen."),
    ]


def test_activities_of_a_table_keep_time_status_and_phase(from_word):
    first, second = from_word.activities

    assert (first.responsible, first.phase, first.status.code) == (
        "HR-enheten",
        "recruit",
        "ongoing",
    )
    assert (first.span.earliest, first.span.latest) == (date(2026, 8, 1), date(2026, 12, 31))
    assert (second.span.written, second.span.latest, second.phase) == ("löpande", None, "introduce")


def test_amounts_of_a_table_keep_the_units_they_are_written_in(from_word):
    (row,) = from_word.funding

    assert (row.requested.value, row.requested.unit) == (Decimal("1.2"), "mnkr")
    assert (row.granted.value, row.granted.unit) == (Decimal(800), "tkr")
    assert (row.period, row.effort) == ("2026", "Aspirantutbildning")


def test_a_table_is_read_once_though_its_rows_are_lines_too(from_word):
    assert len(from_word.competence_gaps) == 2
    assert not any("Yrkeslärare" in row.text.text for row in from_word.narratives)


ACTIVITIES = """Aktivitetsplan 2026

Aktivitet Ansvarig funktion Tidplan

Utbilda handledare

HR-avdelningen

våren 2026

Pröva delade turer

Enhetschefer inom hemtjänsten

kvartal 3 2026

Budget

Planen ryms inom nämndens ram.
"""


def test_flattened_activities_end_where_the_cells_no_longer_fit():
    found = competence_tables(outline(text(ACTIVITIES)), WORDS)

    assert [(row.activity, row.responsible) for row in found.rows["activities"]] == [
        ("Utbilda handledare", "HR-avdelningen"),
        ("Pröva delade turer", "Enhetschefer inom hemtjänsten"),
    ]
    assert found.rows["activities"][1].span.latest == date(2026, 9, 30)


def test_a_small_amount_without_a_unit_is_not_taken_for_kronor():
    found = competence_tables(
        outline(
            text(
                "Period Insats Äskade medel Avvikelser\n\n2026 Språkombud\n\n500\n\nInga\n\n"
                "2026 Handledare\n\n20 000 (15 000 beviljade)\n\nInga\n"
            )
        ),
        WORDS,
    )

    small, large = found.rows["funding"]
    assert (small.requested.value, small.requested.unit) == (Decimal(500), None)
    assert (large.requested.unit, large.granted.value) == ("kr", Decimal(15000))


def test_a_plan_that_uses_the_levels_declares_nothing():
    told = read(
        "Kompetensförsörjningsplan\n\nVi använder en nivåmodell med fyra nivåer i analysen.\n"
    )

    assert told.not_used == ()


def on_page(page, *rows, top=100.0):
    """A ruled table of a PDF: every cell with its page and rectangle."""
    return Table(
        tuple(
            tuple(
                Cell(
                    written, Place(page=page, box=(50.0 + 90 * at, top, 140.0 + 90 * at, top + 20))
                )
                for at, written in enumerate(row)
            )
            for row in rows
        ),
        after=1,
    )


def test_a_table_that_goes_on_without_its_header_keeps_its_columns():
    lines = (
        Line("Aktivitetsplan 2026–2027", 1, 1, heading=1, box=(50, 60, 300, 80)),
        Line("Aktivitet  Ansvarig", 2, 1, box=(50, 105, 200, 115)),
        Line("Utbilda handledare  HR-enheten", 3, 2, box=(50, 105, 200, 115)),
    )
    tables = (
        on_page(1, ("Aktivitet", "Ansvarig")),
        on_page(2, ("Utbilda handledare", "HR-enheten")),
    )

    (row,) = competence_tables(outline(Pages(lines, tables)), WORDS).rows["activities"]

    assert (row.activity, row.responsible, row.place.page) == (
        "Utbilda handledare",
        "HR-enheten",
        2,
    )
    assert row.span.latest == date(2027, 12, 31)


def test_half_a_row_outside_the_rules_is_listed_and_joined_to_no_other():
    lines = (
        Line("Yrkesgrupp  2 års sikt  Risk", 1, 1, box=(50, 105, 300, 115)),
        Line("Kurator  Mer  Allvarlig", 2, 1, box=(50, 305, 300, 315)),
    )
    tables = (on_page(1, ("Yrkesgrupp", "2 års sikt", "Risk")),)

    found = competence_tables(outline(Pages(lines, tables)), WORDS)

    assert found.rows["competence_gaps"] == ()
    assert [row.text for row in found.unread] == ["Kurator  Mer  Allvarlig"]


def lines_at(*rows):
    """Lines of a page without rules: (left edge, text)."""
    return Pages(
        tuple(
            Line(written, n, 1, box=(left, 20.0 * n, 500, 20.0 * n + 10))
            for n, (left, written) in enumerate(rows, start=1)
        )
    )


def test_a_group_over_two_lines_beside_a_comment_is_told_by_its_edge():
    pages = lines_at(
        (50, "Yrkesgrupp  2 års sikt  5 års sikt  Kommentar"),
        (50, "Kurator  Mer  Mer  Svårt att"),
        (400, "rekrytera"),
        (50, "Rektor  Samma  Samma  Inget gap"),
        (50, "i grundskolan"),
        (50, "Vaktmästare  Samma  Mer  Pensioner"),
    )

    found = competence_tables(outline(pages), WORDS)

    assert [(row.occupation, row.comment.text) for row in found.rows["competence_gaps"]] == [
        ("Kurator", "Svårt att rekrytera"),
        ("Vaktmästare", "Pensioner"),
    ]
    assert [row.text for row in found.unread] == ["Rektor Samma Samma Inget gap i grundskolan"]


def test_an_activity_whose_cells_are_broken_over_lines_side_by_side_is_not_read():
    found = competence_tables(
        outline(
            text(
                "Aktivitet  Beskrivning  Ansvarig\n"
                "Utbilda handledare  Alla nya handledare går  HR-enheten\n"
                "en kurs på fyra dagar.\n"
            )
        ),
        WORDS,
    )

    assert found.rows["activities"] == ()
    assert "dela in i rader" in found.unread[0].why


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Kurator", "Rektor", "IT-tekniker", "Ekonom"]),
            st.sampled_from(["Mer", "Samma", "Mindre"]),
            st.sampled_from(["Mer", "Samma", "Mindre"]),
            st.sampled_from(["Allvarlig", "Mindre allvarlig", "Inte allvarlig"]),
            st.sampled_from(["Låg", "Medel", "Hög"]),
            st.sampled_from(["", "Stora grupper", "Svårt att hitta personal med rätt vana."]),
        ),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from([" ", "   ", "\n", " \n\n "]),
)
def test_any_table_laid_out_in_runs_is_read_as_it_was_written(table, gap):
    lines = ["Yrkesgrupp 2 års sikt 5 års sikt Risk Sannolikhet Kommentar", ""]
    for group, *words, comment in table:
        lines += [group + "  " + gap.join(words) + " " + comment, ""]
    pages = Pages(tuple(Line(x, n) for n, x in enumerate("\n".join(lines).split("\n"), start=1)))

    rows = competence_tables(outline(pages), WORDS).rows["competence_gaps"]

    assert [
        (r.occupation, r.years_2.written, r.years_5.written, r.risk.written, r.probability.written)
        for r in rows
    ] == [row[:5] for row in table]
    assert [r.comment.text if r.comment else "" for r in rows] == [row[5] for row in table]
