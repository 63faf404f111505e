"""Tables that a PDF's text has pressed into lines: where they end, and which value is whose."""

from reading_texts import read

from tasks.readers.running import read_pages
from tasks.readers.text import text_pages

PRESSED = """Kultur- och parknämnden
Årsredovisning 2024
Indikator Utfall
2022
Utfall
2023
Utfall
2024
Mål
2024
Trend
Besök på bad per invånare 4,1 4,4 4,6 5,0 ↗
Genomsnittlig tid på kö årskurs 9 121,4 124,0 126,3 130,0 ↗
Ekonomi
Resultatet redovisas i tabellen. Beloppen är avrundade var för sig,
varför summor kan skilja på decimalen.
Mnkr Utfall 2024 Budget
2024
Avvikelse Utfall 2023
Avgifter 78,1 80,5 -2,4 77,9
Övriga intäkter 96,7 92,5 4,2 94,0
Summa intäkter 174,8 173,0 1,8 171,9
Investeringar
Tkr. Investeringarna avser parker. Lokaler redovisas av servicenämnden.
Objekt Budget
2024
Utfall
2024
Avvikelse
Lekplatser 4 000 1 750 2 250
Gångvägar 9 500 9 812 -312
Summa 13 500 11 562 1 938
Medarbetare
Antalet anställda har minskat med elva personer sedan förra året.
Personalnyckeltal 2024 2023 2022
Antal anställda 214 225 228
Antal årsarbetare 198 211 214
"""


def test_a_table_pressed_into_lines_ends_where_prose_or_the_header_of_another_begins():
    said = read_pages(text_pages(PRESSED.encode()), city=None, name="handling.txt")
    kept = {i.name: {k: str(v.value) for k, v in i.outcomes.items()} for i in said.indicators}
    assert set(kept) == {"Besök på bad per invånare", "Genomsnittlig tid på kö årskurs 9"}
    assert kept["Genomsnittlig tid på kö årskurs 9"]["2022"] == "121.4"
    assert {(f.unit, str(f.value)) for i in said.investments for f in [i.columns["outcome"]]} == {
        ("tkr", "1750"), ("tkr", "9812"), ("tkr", "11562"),
    }  # fmt: skip
    assert [str(row.columns["outcome"].value) for row in said.staff] == ["214", "198"]
    assert [str(row.columns["outcome"].value) for row in said.finance] == ["78.1", "96.7", "174.8"]


KEPT = """Äldrenämnden
Årsrapport 2024
Resultat och prognos
(tkr)           Utfall         Budget         Budget-         Förändring
                                              avvikelse       23-24 %
Personalkost    -98 765 432    -97 300        -1 465 432      2,1
nader                          000
Övriga          -21 004 300    -21 500        495 700         1,4
kostnader                      000
Intäkter        12 345 678     11 900 000     445 678         3,0
Resultat        -107 424       -106 900       -524 054        4,9
                054            000
"""

FIGURES = """Äldrenämnden
Årsrapport 2024
Indikator                            2022 2023 2024    Mål 2024
Andel ekologiska inköp, %              38   41   44          45
Antal laddplatser                     210 268 340           300
Nöjd kund-index                        71   73   72          75
"""


def test_a_number_whose_last_thousands_stand_below_is_not_read_as_a_thousandth_of_itself():
    said = read_pages(text_pages(KEPT.encode()), city=None, name="handling.txt")
    read = {row.label: {k: str(f.value) for k, f in row.columns.items()} for row in said.finance}
    assert all("-107424" not in row.values() for row in read.values())
    assert all("-97300" not in row.values() for row in read.values())


def test_three_columns_of_one_number_each_are_no_number_of_three_groups():
    said = read_pages(text_pages(FIGURES.encode()), city=None, name="handling.txt")
    (places,) = [one for one in said.indicators if one.name == "Antal laddplatser"]
    assert {k: str(f.value) for k, f in places.outcomes.items()} == {
        "2022": "210", "2023": "268", "2024": "340",
    }  # fmt: skip


GROUPED = """Omsorgsnämnden
Delårsrapport augusti 2025

Resultat

Belopp i tkr

Helår 2025 Januari–augusti 2025 Föregående år

Tkr Budget Prognos Budget-
avvikelse

Budge
t

Utfall Avvik
else

Utfall jan–
aug 2024

Föränd-
ring %

Intäkter 31 400 31 900 500 20 900 21 600 700 20 200 6,9

Personalkostnader -61 200 -61 000 200 -40 600 -39 400 1 200 -38 900 1,3

Nettokostnad -29 800 -29 100 700 -19 700 -17 800 1 900 -18 700 -4,8
"""


def test_a_header_in_groups_whose_words_are_cut_is_read_in_the_one_way_that_the_rows_prove():
    said = read_pages(text_pages(GROUPED.encode()), city=None, name="handling.txt")
    read = {key: str(f.value) for key, f in said.finance[0].columns.items()}
    assert read == {
        "budget_year": "31400", "forecast": "31900", "forecast_deviation": "500",
        "budget": "20900", "outcome": "21600", "deviation": "700",
        "outcome_prev": "20200", "change_percent": "6.9",
    }  # fmt: skip
    assert [row.line for row in said.finance] == ["income", "staff_costs", "net_cost"]


def test_a_header_with_a_word_that_is_not_known_among_its_columns_leaves_the_rows_unread():
    spoilt = GROUPED.replace("Utfall Avvik", "Zebra Avvik")
    said = read_pages(text_pages(spoilt.encode()), city=None, name="handling.txt")
    assert not said.finance
    assert any("31 400" in left.text for left in said.unread)


ENDED = """Parknämnden
Delårsrapport augusti 2025

Resultat

Tkr Utfall Budget Avvik.

Nettokostnad exkl.
finansnetto

-18 537 -20 500 1 963

Personalkostnader -8 447 -9 000 553

Investeringar

Projekt, tusen kronor

Projekt Budget Utfall Avvikelse

Allén, etapp 2 310 000 61 480 248 520

Dammen 9 000 8 100 900
"""


def test_a_label_goes_on_behind_a_stop_of_its_own_and_a_part_of_a_project_keeps_its_number():
    said = read_pages(text_pages(ENDED.encode()), city=None, name="handling.txt")
    assert [(row.line, row.label) for row in said.finance] == [
        ("net_cost", "Nettokostnad exkl. finansnetto"), ("staff_costs", "Personalkostnader"),
    ]  # fmt: skip
    assert [(row.name, str(row.columns["outcome"].value)) for row in said.investments] == [
        ("Allén, etapp 2", "61480"), ("Dammen", "8100"),
    ]  # fmt: skip


def test_columns_shifted_by_one_are_not_taken_though_their_arithmetic_holds():
    shifted = ENDED.replace("Tkr Utfall Budget Avvik.", "Tkr Budget Avvik. Utfall")
    said = read_pages(text_pages(shifted.encode()), city=None, name="handling.txt")
    assert not said.finance
    # each row is told with its figures, so that they are counted among those not read
    assert "Personalkostnader -8 447 -9 000 553" in [left.text for left in said.unread]


WITHOUT_HEADER = """Omsorgsnämnden
Månadsrapport mars 2025

Lönekostnader

Lönekostnad (kr) Jan–mars 2025 Jan–mars 2024 Förändring
Månadslön 98 640 300 95 811 900 2 828 400
Timlön 9 214 700 9 880 100 -665 400
Summa 107 855 000 105 692 000 2 163 000
"""


def test_a_row_that_no_section_takes_is_told_once():
    told = [left.text for left in read(WITHOUT_HEADER).unread]
    assert told == WITHOUT_HEADER.splitlines()[6:]
