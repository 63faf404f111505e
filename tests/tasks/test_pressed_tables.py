"""Tables that a PDF's text has pressed into lines: where they end, and whose unit they have."""

import pytest

from expectations.contract import Reading
from tasks.readers.running import read_pages
from tasks.readers.text import text_pages


def read(text: str) -> Reading:
    return read_pages(text_pages(text.encode()), city=None, name="rapport.txt")


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


GOALS = """Natur- och parknämnden
Verksamhetsberättelse 2024
Strategiska målområden
Målområde 1: Stad och land
Fler träffas i parkerna
Målet bedöms som: Uppnås delvis
Besöken har ökat i tre parker av fem.
Gatuträden mår bättre
Målet är inte uppnått
Torkan tog elva träd.
"""


def test_a_goal_stands_right_above_its_verdict_also_under_the_name_of_its_area():
    said = read_pages(text_pages(GOALS.encode()), city=None, name="handling.txt")
    assert [(g.title, g.assessment.written if g.assessment else None) for g in said.goals] == [
        ("Fler träffas i parkerna", "Uppnås delvis"),
        ("Gatuträden mår bättre", "Målet är inte uppnått"),
    ]


VOLUMES = """Idrottsnämnden
Delårsrapport augusti 2025
Volymutveckling
Mått Utfall
perioden
Prognos helår
Bokade timmar i hallar (antal samt procentuell
förändring)
18 450
(+1,7%)
29 100
(+1,5%)
"""


def test_the_name_of_a_key_figure_is_whole_though_its_brackets_end_on_the_next_line():
    [row] = read_pages(text_pages(VOLUMES.encode()), city=None, name="handling.txt").measures
    assert row.name == "Bokade timmar i hallar"
    assert {key: str(f.value) for key, f in row.columns.items()} == {
        "period": "18450",
        "period_change": "1.7",
        "year": "29100",
        "year_change": "1.5",
    }


CUT = """Socialnämnden
Delårsrapport augusti 2025
Resultat
Belopp i tkr Utfall Budget Avvikelse
Intäkter 48 210 46 900 1 310
Personalk
ostnader

-231 480 -227 650 -3 830

Vård i särskilt boende
för äldre med behov av
daglig tillsyn av
sjuksköterska
enligt beslut

-21 940 -22 100 160

Summa -337 810 -332 200 -5 610

Socialnämnden 2 (9)

kostnader
Nettokost
nad

-289 600 -285 300 -4 300
"""


def test_a_label_that_a_narrow_cell_broke_is_whole_and_its_end_below_the_values_is_not_the_next():
    said = read_pages(text_pages(CUT.encode()), city=None, name="handling.txt")
    assert {row.label: (row.line, str(row.columns["outcome"].value)) for row in said.finance} == {
        "Intäkter": ("income", "48210"),
        "Personalkostnader": ("staff_costs", "-231480"),
        "Vård i särskilt boende för äldre med behov av daglig tillsyn av sjuksköterska enligt "
        "beslut": ("other", "-21940"),
        "Summa kostnader": ("costs", "-337810"),
        "Nettokostnad": ("net_cost", "-289600"),
    }


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


STAFF = """Kulturnämnden
Årsredovisning 2024

Personal

Personalförhållanden per den 31 december 2024

Totalt Kvinnor Män

Antal tillsvidareanställda 1 488 1 197 291

Sjukfrånvaro i % av ordinarie arbetstid

Totalt 6,6 7,2 5,0
"""

SICK = """Kulturnämnden
Delårsrapport augusti 2025

Medarbetare

Jan–aug 2025 Jan–aug 2024 Mål 2025

Antal årsarbetare 1 118 1 084

Sjukfrånvaro totalt 6,2 % 6,9 % 5,5 %

varav kvinnor 6,6 % 7,2 %

Sjukfrånvaro dag 1–14 2,2 % 2,4 %
"""


def staff_of(text: str) -> dict[tuple[str, str | None], dict[str, str]]:
    said = read_pages(text_pages(text.encode()), city=None, name="handling.txt").staff
    return {(r.metric, r.scope): {k: str(f.value) for k, f in r.columns.items()} for r in said}


def test_all_of_the_staff_are_its_women_and_its_men_and_a_line_above_names_the_rows_below():
    found = staff_of(STAFF)
    assert found["employees", None]["outcome"] == "1488"
    assert found["employees", "Kvinnor"]["outcome"] == "1197"
    assert found["sick_leave_total", "Män"]["outcome"] == "5.0"


def test_a_part_of_the_sick_leave_has_no_target_and_a_number_is_not_taken_apart_to_fill_a_row():
    found = staff_of(SICK)
    assert found["sick_leave_total", "Kvinnor"] == {"outcome": "6.6", "outcome_prev": "7.2"}
    assert found["sick_leave_short", None] == {"outcome": "2.2", "outcome_prev": "2.4"}
    assert not any(metric == "annual_fte" for metric, _ in found)


BY_GOAL = """Kulturnämnden
Årsredovisning 2024

Måluppfyllelse

Nämndens mål Indikator Utfall
2023

Utfall
202
4

Mål 2024 Bedömning

Fler deltar i kultur
på fritiden

Andel elever som går i
kulturskolan, %

54 58 minst 60 Delvis uppfyllt

Fler läser på
sommaren

Antal lån av barnböcker
under juni och juli

9 870 9 114 9 000 Uppfyllt
"""


def test_indicators_behind_goals_have_years_that_were_cut_and_targets_with_a_bound():
    said = read_pages(text_pages(BY_GOAL.encode()), city=None, name="handling.txt").indicators
    assert {i.name: (*map(str, i.outcomes), str(i.target_year.value)) for i in said} == {
        "Andel elever som går i kulturskolan, %": ("2023", "2024", "60"),
        "Antal lån av barnböcker under juni och juli": ("2023", "2024", "9000"),
    }


ON_ONE_LINE = """Kulturnämnden
Årsredovisning 2024

Måluppfyllelse

Mål Indikator 2023 2024 Mål 2024 Bedömning
En stad som läser Antal lån per invånare 5,4 5,8 6,0 Delvis
Fler möts Nöjdhet i Nordstan 71 73 75 Delvis
Fler möts Nöjd besökare-index 72 74 75 Delvis
"""


def test_a_goal_and_its_indicator_on_one_line_are_told_apart_or_the_row_is_unread():
    said = read_pages(text_pages(ON_ONE_LINE.encode()), city=None, name="handling.txt")
    names = [one.name for one in said.indicators]
    assert names == ["Antal lån per invånare", "Nöjd besökare-index"]
    assert any("Nordstan" in left.text for left in said.unread)


INVESTED = """Äldrenämnden
Årsrapport 2024
Ekonomi
Nämnden redovisar ett överskott.
Investeringar
Nämndens investeringsbudget uppgick till 8 200 tkr, varav 5 029 tkr har använts.
Tkr Budget Utfall Avvikelse
Inventarier äldreboenden 5 200 3 417 1 783
Verksamhetssystem 3 000 1 612 1 388
"""


def test_a_table_under_a_sentence_on_investments_is_of_investments_and_no_result_table():
    said = read_pages(text_pages(INVESTED.encode()), city=None, name="handling.txt")
    assert not said.finance
    assert [(row.name, str(row.columns["outcome"].value)) for row in said.investments] == [
        ("Inventarier äldreboenden", "3417"),
        ("Verksamhetssystem", "1612"),
    ]


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


LINES_TWICE = """Delårsrapport augusti 2024

Ekonomi

Beloppen är i tkr.

{groups}

Verksamhet Intäkter Kostnader Netto Intäkter Kostnader Netto Avvikelse

Stab 310 -21 440 -21 130 402 -20 118 -19 716 1 414

Familj 28 600 -171 900 -143 300 31 277 -185 204 -153 927 -10 627

Boende 51 900 -338 420 -286 520 53 115 -336 340 -283 225 3 295

Skola 30 280 -265 700 -235 420 29 846 -262 491 -232 645 2 775
"""


def test_lines_that_stand_under_budget_and_outcome_have_both() -> None:
    reading = read(LINES_TWICE.format(groups="Budget jan–aug Utfall jan–aug"))
    told = {
        (r.table, r.line): {k: f.written for k, f in r.columns.items()} for r in reading.finance
    }
    assert told["Stab", "income"] == {"budget": "310", "outcome": "402"}
    assert told["Stab", "net_cost"] == {
        "budget": "-21 130",
        "outcome": "-19 716",
        "deviation": "1 414",
    }


PLANNED = """Kulturnämnden

Budget 2025

Nämndens ram är {ram} miljoner kronor. Scenen får 31,4 mnkr och arkivet 8,1 mnkr.

Driftbudget

Bokslut
2023

Budget
2024

Budget
2025

Nettokostnad Nettokostnad Intäkter Kostnader Nettokostnad

Scenen 29 870 30 655 4 210 35 640 31 430

Arkivet 7 715 7 940 385 8 505 8 120

Konsthallen 11 345 11 820 1 260 13 415 12 155

Summa 48 930 50 415 5 855 57 560 51 705
"""


def test_groups_of_different_width_are_told_by_the_sums_and_their_unit_by_the_text() -> None:
    reading = read(PLANNED.format(ram="51,7"))
    told = {
        (r.table, r.line): {k: (f.written, f.unit) for k, f in r.columns.items()}
        for r in reading.finance
    }
    assert told["Scenen", "net_cost"] == {
        "2023": ("29 870", "tkr"),
        "budget_prev": ("30 655", "tkr"),
        "budget_year": ("31 430", "tkr"),
    }
    assert told["Scenen", "income"] == {"budget_year": ("4 210", "tkr")}


def test_a_plan_whose_unit_is_told_nowhere_is_not_read() -> None:
    assert not read(PLANNED.format(ram="99,9")).finance
    # the end of a sentence that a line begins with says nothing of the table
    assert not read(PLANNED.format(ram="99,9\n")).finance


def test_a_deviation_whose_sign_turns_from_row_to_row_is_left_open() -> None:
    text = LINES_TWICE.format(groups="Budget jan–aug Utfall jan–aug").replace("-10 627", "10 627")
    reading = read(text.replace("3 295", "-3 295"))
    assert {r.table for r in reading.finance} == {"Stab", "Familj", "Boende", "Skola"}
    assert all("deviation" not in row.columns for row in reading.finance)
    assert [one.text for one in reading.unread] == ["1 414", "10 627", "-3 295", "2 775"]


def test_lines_that_stand_twice_without_their_groups_are_not_read() -> None:
    reading = read(LINES_TWICE.format(groups=""))
    assert not reading.finance


@pytest.mark.parametrize(
    "title",
    [
        "Driftredovisning per verksamhet, netto i tusen kronor.",
        "Driftredovisning per verksamhet i tusen kronor. Minus är ett underskott i en",
    ],
)
def test_the_title_of_a_table_says_its_unit_in_a_sentence(title: str) -> None:
    reading = read(
        f"Delårsrapport augusti 2024\n\nEkonomi\n\n{title}\nkolumn.\n\n"
        "Verksamhet Budget helår Prognos helår Avvikelse helår\n\n"
        "Förskola 365 300 357 800 7 500\nFritidshem 87 300 87 000 300\n"
    )
    assert {f.unit for row in reading.finance for f in row.columns.values()} == {"tkr"}


BROKEN_UNIT = """Barn- och skolnämnden
Verksamhetsberättelse 2024

Ekonomi

Tabellen redovisar nämndens intäkter, kostnader och netto per verksamhet i miljoner{}
kronor. Avvikelsen beräknas som nettobudget jämfört med nettoutfall.

Verksamhet Budget 2024 Utfall 2024 Avvikelse
Förskola -593,9 -572,7 21,2
Grundskola -1 135,9 -1 134,2 1,7
Summa -1 729,8 -1 706,9 22,9

Volymer

Antal, årsgenomsnitt Budget 2024 Utfall 2024 Utfall 2023
Barn i förskola 4 130 3 925 4 104
Elever i grundskola 10 610 10 594 10 633

Nyckeltal

Nyckeltal 2022 2023 2024
Besök i öppen förskola 18 940 20 130 23 170
Elever som är trygga 91 92 93
"""


@pytest.mark.parametrize("space", ["", " "])
def test_a_unit_that_a_lines_end_broke_is_whole_and_volumes_are_counted(space):
    said = read(BROKEN_UNIT.format(space))
    assert {f.unit for row in said.finance for f in row.columns.values()} == {"mnkr"}
    assert [row.label for row in said.finance] == ["Förskola", "Grundskola", "Summa"]
    units = {row.name: {f.unit for f in row.columns.values()} for row in said.measures}
    assert units == {
        "Barn i förskola": {"count"},
        "Elever i grundskola": {"count"},
        "Besök i öppen förskola": {"count"},
        # which unit a share has is not said
        "Elever som är trygga": {None},
    }


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
