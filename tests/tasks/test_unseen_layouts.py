"""Tables as unseen cities print them: cells under one another, groups of columns, lines as columns.

The corpus holds whole documents; here stands what each way of reading takes, and what it refuses.
"""

from datetime import date
from decimal import Decimal

import pytest
import weasyprint
from hypothesis import given
from hypothesis import strategies as st

from expectations.contract import Reading
from tasks.readers.header_words import heads
from tasks.readers.numbers import bound, figure, row_readings
from tasks.readers.pdf import pdf_pages
from tasks.readers.running import read_pages
from tasks.readers.text import text_pages
from tasks.readers.wording import wording


def read(text: str) -> Reading:
    return read_pages(text_pages(text.encode()), city=None, name="rapport.txt")


def told(reading: Reading) -> dict[tuple[str | None, str], dict[str, str]]:
    """Return the figures of the result tables by table and line."""
    return {
        (line.table, line.label): {key: str(one.value) for key, one in line.columns.items()}
        for line in reading.finance
    }


def under_one_another(*cells: str) -> str:
    return "Ekonomi\n\n" + "\n\n".join(cells) + "\n"


HEADER = ("Tkr", "Utfall 2024", "Budget 2024", "Avvikelse")


def test_cells_under_one_another_are_rows_of_the_header() -> None:
    reading = read(
        under_one_another(
            *HEADER, "Intäkter", "6 120", "5 900", "220", "Kostnader", "-18 344", "-18 700", "356"
        )
    )
    assert told(reading) == {
        (None, "Intäkter"): {"outcome": "6120", "budget": "5900", "deviation": "220"},
        (None, "Kostnader"): {"outcome": "-18344", "budget": "-18700", "deviation": "356"},
    }
    place = reading.finance[1].columns["budget"].place
    assert place is not None
    assert place.line == 23


def test_a_row_with_a_cell_too_few_is_left_where_its_numbers_do_not_say_which() -> None:
    cells = ("Intäkter", "6 120", "5 900", "220", "Kostnader", "-18 344", "-18 700")
    more = ("Personalkostnader", "-90", "-100", "10")
    reading = read(under_one_another(*HEADER, *cells, *more))
    assert (None, "Kostnader") not in told(reading)
    assert any("entydigt" in left.why for left in reading.unread)


GROUPS = """Resultaträkning

Belopp i mnkr
                         Kommunen            Koncernen
                   Not   2024     2023       2024     2023
Intäkter             1   1 132,4  1 098,0    2 410,6  2 377,9
Kostnader            2  -5 203,1 -4 977,2   -6 011,8 -5 840,0
"""


def test_two_groups_of_the_same_years_are_two_tables() -> None:
    assert told(read(GROUPS)) == {
        (None, "Intäkter"): {"outcome": "1132.4", "outcome_prev": "1098.0"},
        (None, "Kostnader"): {"outcome": "-5203.1", "outcome_prev": "-4977.2"},
        ("Koncernen", "Intäkter"): {"outcome": "2410.6", "outcome_prev": "2377.9"},
        ("Koncernen", "Kostnader"): {"outcome": "-6011.8", "outcome_prev": "-5840.0"},
    }


SIDEWAYS = """Driftredovisning

Verksamhet, mnkr     Intäkter   Kostnader   Nettokostnad   Budget   Avvikelse
Gata och park            84,3      -297,9         -213,6   -219,0         5,4
Planering                40,1       -66,6          -26,5    -27,0         0,5
Summa                   124,4      -364,5         -240,1   -246,0         5,9
"""


def test_lines_as_columns_make_a_small_table_of_each_activity_and_the_sum_is_the_boards() -> None:
    found = told(read(SIDEWAYS))
    assert found["Gata och park", "Intäkter"] == {"outcome": "84.3"}
    assert found["Planering", "Nettokostnad"] == {
        "outcome": "-26.5",
        "budget": "-27.0",
        "deviation": "0.5",
    }
    assert found[None, "Kostnader"] == {"outcome": "-364.5"}


def test_lines_as_columns_whose_sums_do_not_hold_are_left() -> None:
    assert read(SIDEWAYS.replace("-213,6", "-223,6").replace("-26,5", "-36,5")).finance == ()


def test_a_header_whose_words_can_stand_in_two_ways_is_left_rather_than_guessed() -> None:
    text = (
        "Ekonomi\n\nVerksamhet, tkr   Prognos aug Utfall   Budget\n"
        "Förskola                402 300     266 120   401 000\n"
        "Grundskola              688 900     463 977   694 500\n"
    )
    for line in read(text).finance:
        assert set(line.columns) <= {"forecast", "outcome", "budget", "budget_year"}
        assert str(line.columns["forecast"].value) in ("402300", "688900")


def test_a_target_may_be_a_bound_but_no_other_figure() -> None:
    for written in ("Minst 60 %", "≥ 60 %", "högst 60%", "> 60 %"):
        assert bound(written, unit=None).value == 60
        assert figure(written, unit=None).state == "unreadable"


PLANNED = """Driftredovisning

Verksamhet, tkr   Bokslut 2023   Bokslut Avvikelse mot   Budget   Budget  Kommentar
                                    2024 budget             2024     2025
Bygglov                  4 873      5 455         -355      5 100    5 300  Fler ärenden
Tillsyn                  6 920      7 102          298      7 400    7 600  Vakans
"""


def test_next_years_budget_and_comments_hide_no_column_and_words_that_ran_together_are_parted() -> (
    None
):
    assert told(read(PLANNED))[None, "Bygglov"] == {
        "accounts_prev": "4873",
        "outcome": "5455",
        "deviation": "-355",
        "budget": "5100",
    }


BLOCKS = """Ekonomi
Tkr
Intäkter
Kostnader
Nettokostnad

Bokslut 2024
38 412
(148 903)
(110 491)

Budget 2024
35 100
(146 250)
(111 150)

Avvikelse
3 312
(2 653)
659
"""


def test_columns_one_after_another_are_a_table_and_brackets_are_minus_signs() -> None:
    found = told(read(BLOCKS))
    told_ = {label.capitalize(): columns for (_, label), columns in found.items()}
    assert told_["Kostnader"] == {"outcome": "-148903", "budget": "-146250", "deviation": "-2653"}


def test_columns_one_after_another_with_a_value_too_few_are_left() -> None:
    assert not told(read(BLOCKS.replace("(146 250)\n", "")))


def test_a_head_is_put_together_of_known_parts_and_of_no_other() -> None:
    words = wording(None, date(2025, 8, 31))

    def head(text: str) -> str | None:
        found = heads(text, words, whole=True)
        return found[0].kind if found and len(found) == 1 else None

    assert head("Prognos-\navvikelse") == "forecast_deviation"
    assert head("Avvikelse prognos mot årsbudget") == "forecast_deviation"
    assert head("Beslutad budget totalt") == "total_budget"
    assert head("Utfall i % av budget") == "used_percent"
    assert head("Utfall budget") is None
    assert head("Budgetavvikelse per anställd") is None


def test_a_column_of_percent_that_its_figures_deny_leaves_the_table_open() -> None:
    text = (
        "Ekonomi\n\nVerksamhet, tkr   Utfall 2024   Budget 2024   Avvikelse %\n"
        "Förskola                402 300       401 000          1 300\n"
        "Grundskola              688 900       694 500         -5 600\n"
        "Gymnasium               301 000       300 000          1 000\n"
    )
    assert not any(line.columns for line in read(text).finance)


@given(st.integers(1, 999_999_999))
def test_a_minus_behind_and_a_mark_of_a_footnote_are_no_other_number(number: int) -> None:
    written = f"{number:,}".replace(",", " ")
    assert figure(f"{written}-", unit="tkr").value == -number
    for mark in ("*", "¹", " *"):
        assert figure(f"{written}{mark}", unit="tkr").value == Decimal(number)


def test_of_too_many_ways_to_part_a_row_none_is_taken() -> None:
    assert row_readings(" ".join(["111"] * 20), 10) == []


PARTED_GROUPS = """Ekonomi

Resultaträkning, tkr

                       Helår 2025                        Januari–augusti 2025

Tkr                    Budget      Prognos   Avvikelse   Budget     Utfall    Avvikelse

Intäkter                 42 300      42 900         600    28 200     29 150         950
Personalkostnader       -88 100     -88 900        -800   -58 700    -58 210         490

Summa                   -45 800     -46 000        -200   -30 500    -29 060       1 440
"""


def test_names_of_groups_that_white_parts_from_the_header_tell_its_columns() -> None:
    assert told(read(PARTED_GROUPS))[None, "Intäkter"] == {
        "budget_year": "42300",
        "forecast": "42900",
        "forecast_deviation": "600",
        "budget": "28200",
        "outcome": "29150",
        "deviation": "950",
    }


UNCLEAR_CUTS = """Ekonomi

Belopp i tkr

                     Bokslut      Bokslut      Budget           Budget- Förändring 24-25
                       2024         2025         2025          avvikelse %
Avgifter               8 410        9 020        9 300              -280              7,3
Övriga kostnader      -7 100       -7 455       -7 400               -55              5,0
Resultat               1 310        1 565              1 900       -335
"""


def test_of_two_ways_to_part_a_header_the_one_that_the_figures_prove_is_taken() -> None:
    found = told(read(UNCLEAR_CUTS))
    assert found[None, "Avgifter"] == {
        "accounts_prev": "8410",
        "outcome": "9020",
        "budget": "9300",
        "deviation": "-280",
        "change_percent": "7.3",
    }
    assert told(read(UNCLEAR_CUTS.replace("-280", "-180").replace("-55", "-155"))) == {}


NAMED_GROUP = """Personal

                                                  2025-08-31     2024-08-31

Antal tillsvidareanställda                               212            208
Sjukfrånvaro i % av ordinarie arbetstid

Totalt                                                   5,1            5,6
Kvinnor                                                  5,6            6,1
Andel långtidssjukfrånvaro (60 dagar eller mer)         30,2           33,0
"""


def test_the_name_of_a_group_below_a_row_is_not_the_rest_of_its_label() -> None:
    staff = {(one.metric, one.label, one.scope) for one in read(NAMED_GROUP).staff}
    assert ("employees", "Antal tillsvidareanställda", None) in staff
    assert ("sick_leave_total", "Kvinnor", "Kvinnor") in staff


WORDS_BEHIND = """Ekonomi

Verksamhet, tkr           Budget helår   Prognos helår   Avvikelse   Kommentar
Förskola                       -98 400         -96 900       1 500 Färre barn än budgeterat
Grundskola                    -102 700        -105 700   -3 000 Ökade kostnader för skjuts
Summa                         -201 100        -202 600   -1 500
"""


def test_words_behind_the_values_are_a_cell_of_their_own_wherever_they_begin() -> None:
    assert told(read(WORDS_BEHIND))[None, "Grundskola"]["forecast_deviation"] == "-3000"


EMPTY_COLUMNS = """Mål

 Indikator                      Periodens   Utfall      Utfall       Föregående   Årsmål
                                utfall      män         kvinnor      års utfall   2025

 Andel ekologiska livsmedel        52,1 %                               50,4 %       54 %
 Andel resor utan flyg               88 %                                 86 %       90 %

Tabell 1. Budget och utfall, mnkr

 Verksamhet         VP 2025    Budget efter    Utfall 2025   Avvikelse       Resultat-
                               justeringar                   före resultat-  överföringar
                                                             överföringar
 Förskola             131,0           136,9         139,4           -2,5            0,0
 Äldreomsorg          202,4           209,9         206,0            3,9           -1,1
 Totalt               333,4           346,8         345,4            1,4           -1,1
"""


def test_a_column_without_any_value_keeps_its_place_and_transfers_of_results_are_no_deviation() -> (
    None
):
    reading = read(EMPTY_COLUMNS)
    assert told(reading)[None, "Totalt"] == {
        "budget": "346.8",
        "outcome": "345.4",
        "deviation": "1.4",
    }
    assert {one.name: str(one.target_year.value) for one in reading.indicators} == {
        "Andel ekologiska livsmedel": "54",
        "Andel resor utan flyg": "90",
    }


def test_a_frame_is_the_years_budget_where_the_deviation_proves_it_and_stays_open_elsewhere() -> (
    None
):
    header = ("Mnkr", "Utfall", "Prognos helår", "Ram 2025", "Avvikelse")
    rows = ("Nettokostnad", "8,4", "11,0", "11,5", "0,5", "Resultat", "2,0", "7,5", "9,0", "1,5")
    proved = read(under_one_another(*header, *rows))
    assert told(proved)[None, "Nettokostnad"] == {
        "outcome": "8.4",
        "forecast": "11.0",
        "budget_year": "11.5",
        "forecast_deviation": "0.5",
    }
    denied = read(under_one_another(*header, *rows[:4], "2,7", *rows[5:9], "4,4"))
    assert all("budget_year" not in columns for columns in told(denied).values())


def test_an_outcome_without_a_year_is_this_years_beside_one_that_has_its_own() -> None:
    header = ("Tkr", "Utfall", "Budget", "Avvikelse", "Utfall 2024")
    rows = ("Intäkter", "6 120", "5 900", "220", "5 400", "Hyror", "1 010", "900", "110", "870")
    reading = read(under_one_another(*header, *rows))
    assert told(reading)[None, "Intäkter"] == {
        "outcome": "6120",
        "budget": "5900",
        "deviation": "220",
        "outcome_prev": "5400",
    }


def test_columns_that_the_contract_has_no_name_for_hide_no_other() -> None:
    header = ("Mnkr", "VP 2025", "Budget efter justeringar", "Utfall", "Avvikelse", "Ombudgetering")
    rows = ("Intäkter", "64,2", "66,1", "63,8", "-2,3", "0,4")
    rows += ("Hyror", "11,0", "12,1", "12,6", "0,5", "0,0")
    assert told(read(under_one_another(*header, *rows)))[None, "Intäkter"] == {
        "budget": "66.1",
        "outcome": "63.8",
        "deviation": "-2.3",
    }


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
    assert [(label, row["outcome"]) for (_, label), row in told(reading).items()] == [
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


def test_a_unit_stands_in_words_before_a_table_or_in_a_line_below_it_but_not_in_another_part() -> (
    None
):
    rows = "Intäkter  7  5  2\nKostnader  -9  -6  -3"
    header = "Verksamhet  Utfall  Budget  Avvikelse"
    text = (
        f"1 Ekonomi\n\n1.1 Drift\nMiljoner kronor. Utfall till och med augusti.\n\n{header}\n{rows}"
        f"\n\n1.2 Avgifter\n\n{header}\n{rows}\nBelopp i tusental kronor.\n"
    )
    units = [
        one.unit
        for line in read(text).finance
        for key, one in line.columns.items()
        if key == "outcome"
    ]
    assert units == ["mnkr", "mnkr", "tkr", "tkr"]


UNKNOWN_HEAD = """Årsredovisning 2024

Driftredovisning, mnkr
Verksamhet Schablon Budget 2024 Utfall 2024 Avvikelse
Förskola 12,0 61,2 60,9 0,3
Grundskola 20,5 118,0 119,4 -1,4
Summa 32,5 179,2 180,3 -1,1
"""


def test_a_column_whose_word_nobody_knows_stays_open_and_the_others_are_read() -> None:
    reading = read(UNKNOWN_HEAD)
    assert told(reading)[(None, "Grundskola")] == {
        "budget": "118.0",
        "outcome": "119.4",
        "deviation": "-1.4",
    }
    assert [left.text for left in reading.unread] == ["12,0", "20,5", "32,5"]


def test_a_year_behind_a_word_nobody_knows_is_no_outcome() -> None:
    reading = read(UNKNOWN_HEAD.replace("Schablon", "Schablon 2024"))
    assert told(reading)[(None, "Summa")] == {
        "budget": "179.2",
        "outcome": "180.3",
        "deviation": "-1.1",
    }


def test_a_difference_whose_pair_is_not_printed_is_open_beside_one_that_is_proved() -> None:
    reading = read("""Delårsrapport augusti 2025

Driftredovisning, mnkr
Verksamhet Prognos helår Budget Prognosavvikelse Utfall jan-aug Budgetavvikelse
Förskola 61,5 61,2 -0,3 40,2 0,6
Grundskola 118,0 119,4 1,4 79,0 -0,9
Fritid 20,0 20,5 0,5 13,2 0,4
Summa 199,5 201,1 1,6 132,4 0,1
""")
    assert told(reading)[(None, "Grundskola")] == {
        "forecast": "118.0",
        "budget_year": "119.4",
        "forecast_deviation": "1.4",
        "outcome": "79.0",
    }


def test_a_row_that_cannot_be_told_does_not_end_its_table() -> None:
    reading = read(
        """Investeringsredovisning 2024, tkr

Projekt Budget 2024 Utfall 2024 Avvikelse

Lekplatser 1 200 1 150 50
Gång- och{0}
cykelvägar{0}
2024–2026

3 400 3 100 300

Fordon 800 820 -20
Summa 5 400 5 070 330
""".format(" ")
    )
    rows = {row.name: str(row.columns["outcome"].value) for row in reading.investments}
    assert rows["Fordon"] == "820"
    assert rows["Gång- och cykelvägar 2024–2026"] == "3100"


def test_income_costs_and_outcome_of_two_years_beside_a_budget_are_lines_of_each_activity() -> None:
    reading = read("""Bokslut 2024

Driftredovisning

Tkr Intäkt 2023 Kostnad 2023 Utfall 2023 Intäkt 2024 Kostnad 2024 Utfall 2024 Budget 2024 Resultat
Ledning 1 200 -9 800 -8 600 1 250 -10 200 -8 950 8 800 -150
Förskola 14 100 -96 300 -82 200 14 600 -101 000 -86 400 86 900 500
Summa 15 300 -106 100 -90 800 15 850 -111 200 -95 350 95 700 350
""")
    assert [row for (table, _), row in told(reading).items() if table == "Förskola"] == [
        {"outcome_prev": "14100", "outcome": "14600"},
        {"outcome_prev": "-96300", "outcome": "-101000"},
    ]
    assert told(reading)[(None, "Förskola")] == {
        "outcome_prev": "-82200",
        "outcome": "-86400",
        "budget": "86900",
        "deviation": "500",
    }


def test_a_budget_that_is_given_to_costs_with_a_minus_has_its_difference_too() -> None:
    reading = read("""Bokslut 2024

Driftredovisning

Tkr Utfall 2023 Utfall 2024 Budget 2024 Avvikelse
Ledning -8 600 -8 950 8 800 -150
Förskola -82 200 -86 400 86 900 500
Gymnasieskola -66 100 -69 400 69 700 300
Summa -156 900 -164 750 165 400 650
""")
    assert told(reading)[(None, "Förskola")] == {
        "outcome_prev": "-82200",
        "outcome": "-86400",
        "budget": "86900",
        "deviation": "500",
    }
