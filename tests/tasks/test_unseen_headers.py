"""Headers as unseen cities print them: read in the one way that words and figures allow."""

from datetime import date

from reading_texts import HEADING, read, rows_told, under_one_another, values, with_table

from tasks.readers.header_words import heads
from tasks.readers.wording import wording


def test_a_header_whose_words_can_stand_in_two_ways_is_left_rather_than_guessed() -> None:
    text = (
        "Ekonomi\n\nVerksamhet, tkr   Prognos aug Utfall   Budget\n"
        "Förskola                402 300     266 120   401 000\n"
        "Grundskola              688 900     463 977   694 500\n"
    )
    for line in read(text).finance:
        assert set(line.columns) <= {"forecast", "outcome", "budget", "budget_year"}
        assert str(line.columns["forecast"].value) in ("402300", "688900")


PLANNED = """Driftredovisning

Verksamhet, tkr   Bokslut 2023   Bokslut Avvikelse mot   Budget   Budget  Kommentar
                                    2024 budget             2024     2025
Bygglov                  4 873      5 455         -355      5 100    5 300  Fler ärenden
Tillsyn                  6 920      7 102          298      7 400    7 600  Vakans
"""


def test_next_years_budget_and_comments_hide_no_column_and_words_that_ran_together_are_parted() -> (
    None
):
    assert rows_told(read(PLANNED))[None, "Bygglov"] == {
        "accounts_prev": "4873",
        "outcome": "5455",
        "deviation": "-355",
        "budget": "5100",
    }


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


PARTED_GROUPS = """Ekonomi

Resultaträkning, tkr

                       Helår 2025                        Januari–augusti 2025

Tkr                    Budget      Prognos   Avvikelse   Budget     Utfall    Avvikelse

Intäkter                 42 300      42 900         600    28 200     29 150         950
Personalkostnader       -88 100     -88 900        -800   -58 700    -58 210         490

Summa                   -45 800     -46 000        -200   -30 500    -29 060       1 440
"""


def test_names_of_groups_that_white_parts_from_the_header_tell_its_columns() -> None:
    assert rows_told(read(PARTED_GROUPS))[None, "Intäkter"] == {
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
    found = rows_told(read(UNCLEAR_CUTS))
    assert found[None, "Avgifter"] == {
        "accounts_prev": "8410",
        "outcome": "9020",
        "budget": "9300",
        "deviation": "-280",
        "change_percent": "7.3",
    }
    assert rows_told(read(UNCLEAR_CUTS.replace("-280", "-180").replace("-55", "-155"))) == {}


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
    assert rows_told(reading)[None, "Totalt"] == {
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
    assert rows_told(proved)[None, "Nettokostnad"] == {
        "outcome": "8.4",
        "forecast": "11.0",
        "budget_year": "11.5",
        "forecast_deviation": "0.5",
    }
    denied = read(under_one_another(*header, *rows[:4], "2,7", *rows[5:9], "4,4"))
    assert all("budget_year" not in columns for columns in rows_told(denied).values())


def test_an_outcome_without_a_year_is_this_years_beside_one_that_has_its_own() -> None:
    header = ("Tkr", "Utfall", "Budget", "Avvikelse", "Utfall 2024")
    rows = ("Intäkter", "6 120", "5 900", "220", "5 400", "Hyror", "1 010", "900", "110", "870")
    reading = read(under_one_another(*header, *rows))
    assert rows_told(reading)[None, "Intäkter"] == {
        "outcome": "6120",
        "budget": "5900",
        "deviation": "220",
        "outcome_prev": "5400",
    }


def test_columns_that_the_contract_has_no_name_for_hide_no_other() -> None:
    header = ("Mnkr", "VP 2025", "Budget efter justeringar", "Utfall", "Avvikelse", "Ombudgetering")
    rows = ("Intäkter", "64,2", "66,1", "63,8", "-2,3", "0,4")
    rows += ("Hyror", "11,0", "12,1", "12,6", "0,5", "0,0")
    assert rows_told(read(under_one_another(*header, *rows)))[None, "Intäkter"] == {
        "budget": "66.1",
        "outcome": "63.8",
        "deviation": "-2.3",
    }


UNKNOWN_HEAD = """Årsredovisning 2024

Driftredovisning, mnkr
Verksamhet Schablon Budget 2024 Utfall 2024 Avvikelse
Förskola 12,0 61,2 60,9 0,3
Grundskola 20,5 118,0 119,4 -1,4
Summa 32,5 179,2 180,3 -1,1
"""


def test_a_column_whose_word_nobody_knows_stays_open_and_the_others_are_read() -> None:
    reading = read(UNKNOWN_HEAD)
    assert rows_told(reading)[(None, "Grundskola")] == {
        "budget": "118.0",
        "outcome": "119.4",
        "deviation": "-1.4",
    }
    assert [left.text for left in reading.unread] == ["12,0", "20,5", "32,5"]


def test_a_year_behind_a_word_nobody_knows_is_no_outcome() -> None:
    reading = read(UNKNOWN_HEAD.replace("Schablon", "Schablon 2024"))
    assert rows_told(reading)[(None, "Summa")] == {
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
    assert rows_told(reading)[(None, "Grundskola")] == {
        "forecast": "118.0",
        "budget_year": "119.4",
        "forecast_deviation": "1.4",
        "outcome": "79.0",
    }


AGAINST_BOTH = """Bokslut

Av intäkterna på 240,5 miljoner kronor kommer merparten från hyror. Kommunbidraget är 21,4 miljoner
kronor.

Utfall
2024

Budget
2024

Avvikels
e

Prognos
augusti Avvikelse

Utfall
2023

Hyror 210,9 219,1 -8,2 212,4 -1,5 199,8

Kommunbidrag 21,4 21,4 0 21,4 0 20,2

Summa intäkter 232,3 240,5 -8,2 233,8 -1,5 220,0

Personalkostnader -98,7 -104,2 5,5 -99,3 0,6 -95,1

Fastighetskostnader -131,0 -136,3 5,3 -128,8 -2,2 -121,4
"""


def test_a_difference_right_behind_a_forecast_may_be_that_of_the_outcome_to_it() -> None:
    assert rows_told(read(AGAINST_BOTH))[(None, "Personalkostnader")] == {
        "outcome": "-98.7",
        "budget": "-104.2",
        "deviation": "5.5",
        "forecast": "-99.3",
        "outcome_prev": "-95.1",
    }


def test_amounts_that_a_table_and_the_text_around_it_both_have_tell_the_unit() -> None:
    units = {one.unit for row in read(AGAINST_BOTH).finance for one in row.columns.values()}
    assert units == {"mnkr"}
    once = AGAINST_BOTH.replace("21,4 miljoner\nkronor", "21,5 miljoner\nkronor")
    assert {one.unit for row in read(once).finance for one in row.columns.values()} == {None}


def test_a_whole_year_behind_a_budget_is_what_happened_before() -> None:
    reading = read(
        HEADING + "Belopp i tkr\n\nNot\n2025 jan–\n\naug\n2024 jan–\n\naug\nPrognos\n\n"
        "2025 Budget 2025 Helår 2024\n\n"
        "Hyror 14 975 16 208 21 000 19 500 24 112\n\n"
        "Summa intäkter 86 395 85 823 130 000 132 000 127 842\n\n"
        "Driftkostnader 2 -386 110 -379 940 -588 000 -591 000 -573 405\n"
    )
    [*_, costs] = reading.finance
    assert {key: str(one.value) for key, one in costs.columns.items()} == {
        "outcome": "-386110",
        "outcome_prev": "-379940",
        "forecast": "-588000",
        "budget_year": "-591000",
        "accounts_prev": "-573405",
    }


def test_half_a_word_that_reaches_over_the_next_column_is_not_that_columns() -> None:
    told = values(
        with_table(
            [
                ["Mnkr", "Budget\n2025", "Prognos\n2025", "avvikelse", "Budget- Delår\n2024"],
                ["Intäkter", "9,0", "9,5", "0,5", "6,2"],
                ["Kostnader", "-20,0", "-21,0", "-1,0", "-13,4"],
            ]
        )
    )
    assert told["costs"]["forecast_deviation"] == "-1.0"
    assert "budget_prev" not in told["costs"]
