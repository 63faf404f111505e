"""Result tables of cities that Samlad has no register for: what each column and row is said to be.

What can be read with certainty is read; what can not stays unread with its reason. A wrong value
is worse than none.
"""

import pytest
from reading_texts import HEADING, read, values, with_table

from expectations.contract import Place


def test_thousands_without_wide_gaps_are_split_by_the_columns_of_the_header() -> None:
    reading = read(
        HEADING + "Belopp i tkr Utfall jan-aug 2025 Budget jan-aug 2025 Avvikelse\n"
        "Intäkter 12 450 11 900 550\n"
        "Kostnader -158 720 -161 300 2 580\n"
        "Nettokostnad -146 270 -149 400 3 130\n"
    )
    assert values(reading) == {
        "income": {"outcome": "12450", "budget": "11900", "deviation": "550"},
        "costs": {"outcome": "-158720", "budget": "-161300", "deviation": "2580"},
        "net_cost": {"outcome": "-146270", "budget": "-149400", "deviation": "3130"},
    }
    assert reading.finance[0].columns["outcome"].unit == "tkr"


def test_columns_in_another_order_are_told_by_their_words() -> None:
    reading = read(
        HEADING + "Mkr Budget 2025 Prognos 2025 Avvikelse Utfall jan-aug 2025 Utfall jan-aug 2024\n"
        "Intäkter 40,0 41,5 1,5 27,3 26,1\n"
        "Kostnader −210,0 −214,0 −4,0 −139,8 −135,2\n"
        "Resultat −170,0 −172,5 −2,5 −112,5 −109,1\n"
    )
    assert values(reading)["costs"] == {
        "budget_year": "-210.0",
        "forecast": "-214.0",
        "forecast_deviation": "-4.0",
        "outcome": "-139.8",
        "outcome_prev": "-135.2",
    }


def test_years_that_descend_tell_last_years_outcome() -> None:
    reading = read(
        HEADING + "Mnkr Utfall 2025 Utfall 2024 Budget 2025 Avvikelse\n"
        "Intäkter 8,0 7,5 7,0 1,0\n"
        "Kostnader -20,5 -19,0 -21,0 0,5\n"
        "Resultat -12,5 -11,5 -14,0 1,5\n"
    )
    assert values(reading)["income"] == {
        "outcome": "8.0",
        "outcome_prev": "7.5",
        "budget": "7.0",
        "deviation": "1.0",
    }


def test_three_years_of_outcome_keep_the_oldest_under_its_year() -> None:
    reading = read(
        HEADING + "Mnkr Utfall 2023 Utfall 2024 Utfall 2025\n"
        "Intäkter 7,0 7,5 8,0\nKostnader -18,5 -19,0 -20,5\n"
    )
    assert values(reading)["income"] == {"2023": "7.0", "outcome_prev": "7.5", "outcome": "8.0"}


def test_last_years_period_and_whole_year_are_told_apart() -> None:
    reading = read(
        HEADING + "Mnkr Utfall 2024 Utfall jan-aug 2024 Utfall jan-aug 2025\n"
        "Intäkter 11,0 7,5 8,0\nKostnader -28,5 -19,0 -20,5\n"
    )
    assert values(reading)["income"] == {
        "accounts_prev": "11.0",
        "outcome_prev": "7.5",
        "outcome": "8.0",
    }


@pytest.mark.parametrize(
    ("columns", "keys"),
    [
        ("Budget 2025 Budget 2024 Utfall 2023", ["budget_year", "budget_prev", "2023"]),
        ("Utfall 2023 Budget 2024 Budget 2025", ["2023", "budget_prev", "budget_year"]),
        ("Budget 2024 Budget 2025 Budget 2026", ["budget_prev", "budget_year", "plan_2026"]),
        ("Budget 2026 Budget 2027 Budget 2028", ["plan_2026", "plan_2027", "plan_2028"]),
    ],
)
def test_in_a_plan_the_budgets_are_told_by_its_title_and_the_newest_of_two_is_its_own(
    columns: str, keys: list[str]
) -> None:
    reading = read(
        f"Nämndsbudget 2025\n\n3 Ekonomi\n\nMnkr {columns}\n"
        "Kommunbidrag 84,0 80,5 78,0\nKostnader -98,5 -89,0 -90,5\n"
    )
    assert list(values(reading).get("municipal_grant", {})) == keys


def test_what_has_changed_between_two_budgets_is_proved_by_them() -> None:
    reading = read(
        "Nämndsbudget 2025\n\n3 Ekonomi\n\nMnkr Budget 2025 Budget 2024 Förändring\n"
        "Kommunbidrag 84,0 80,5 3,5\nKostnader -98,5 -89,0 -9,5\n"
    )
    assert values(reading)["costs"] == {
        "budget_year": "-98.5",
        "budget_prev": "-89.0",
        "change": "-9.5",
    }


def test_two_columns_that_could_be_the_same_leave_the_table_unread() -> None:
    reading = read(
        HEADING + "Mnkr Utfall Utfall Budget\nIntäkter 8,0 7,5 7,0\nKostnader -20,5 -19,0 -21,0\n"
    )
    assert reading.finance == ()
    assert any("samma rubrik" in unread.why for unread in reading.unread)


def test_the_accounts_of_the_newest_year_are_the_outcome() -> None:
    reading = read(
        "Årsrapport 2025\n\n3 Ekonomi\n\nMkr Bokslut 2024 Budget 2025 Bokslut 2025 Avvikelse\n"
        "Intäkter 11,0 10,0 12,0 2,0\nKostnader -30,4 -31,0 -30,0 1,0\n"
    )
    assert values(reading)["costs"] == {
        "accounts_prev": "-30.4",
        "budget": "-31.0",
        "outcome": "-30.0",
        "deviation": "1.0",
    }


def test_a_header_under_its_periods_is_read_column_by_column() -> None:
    reading = read(
        HEADING + "Belopp i tkr          Utfall     Budget     Avvikelse   Utfall\n"
        "                      jan-aug    jan-aug                jan-aug\n"
        "                      2025       2025                   2024\n"
        "Intäkter               4 210      4 000         210      3 900\n"
        "Kostnader            -18 650    -19 100         450    -17 800\n"
        "Resultat             -14 440    -15 100         660    -13 900\n"
    )
    assert values(reading)["costs"] == {
        "outcome": "-18650",
        "budget": "-19100",
        "deviation": "450",
        "outcome_prev": "-17800",
    }


def test_the_table_goes_on_over_the_page_with_its_header_repeated() -> None:
    reading = read(
        HEADING + "Mnkr Utfall Budget Avvikelse\n"
        "Intäkter 10,0 9,0 1,0\n"
        "Kostnader -30,0 -31,0 1,0\n"
        "\n"
        "Delårsrapport augusti 2025, Fritidsnämnden 7 (26)\n"
        "\n"
        "Mnkr Utfall Budget Avvikelse\n"
        "Kommunbidrag 22,0 22,0 0,0\n"
        "Resultat 2,0 0,0 2,0\n"
    )
    assert list(values(reading)) == ["income", "costs", "municipal_grant", "result"]
    assert {row.table for row in reading.finance} == {None}


def test_a_label_split_over_two_lines_is_put_together() -> None:
    reading = read(
        HEADING + "Mnkr Utfall Budget Avvikelse\n"
        "Verksamhetens\n"
        "intäkter 10,0 9,0 1,0\n"
        "Verksamhetens kostnader -30,0 -31,0 1,0\n"
    )
    assert [row.label for row in reading.finance] == [
        "Verksamhetens intäkter",
        "Verksamhetens kostnader",
    ]


def test_every_dash_is_a_minus_and_a_lone_dash_is_blank() -> None:
    reading = read(
        HEADING + "Mnkr Utfall Budget Avvikelse\n"
        "Intäkter 10,0 – 10,0\n"
        "Kostnader - 30,0 −31,0 1,0\n"
        "Resultat –20,0 −31,0 +11,0\n"
    )
    read_ = values(reading)
    assert read_["costs"]["outcome"] == "-30.0"
    assert read_["result"] == {"outcome": "-20.0", "budget": "-31.0", "deviation": "11.0"}
    assert reading.finance[0].columns["budget"].state == "blank"


def test_a_blank_middle_cell_is_placed_by_its_column_or_left_unread() -> None:
    wide = read(
        HEADING + "Belopp i tkr       Utfall     Budget    Avvikelse\n"
        "Intäkter            4 210      4 000         210\n"
        "Kostnader         -18 650    -19 100         450\n"
        "Bidrag                 60                     60\n"
    )
    blank = {"outcome": "60", "budget": "None", "deviation": "60"}
    assert values(wide)["grants_received"] == blank
    narrow = read(
        HEADING + "Tkr Utfall Budget Avvikelse\n"
        "Intäkter 4 210 4 000 210\n"
        "Kostnader -18 650 -19 100 450\n"
        "Bidrag 60 60\n"
    )
    assert "grants_received" not in values(narrow)
    assert any("Bidrag" in unread.text for unread in narrow.unread)


def test_last_year_in_parentheses_is_the_column_that_the_header_says() -> None:
    reading = read(
        HEADING + "Mnkr Utfall (fg år) Budget Avvikelse\n"
        "Intäkter 10,0 (9,5) 9,0 1,0\n"
        "Kostnader -30,0 (-28,5) -31,0 1,0\n"
    )
    assert values(reading)["costs"] == {
        "outcome": "-30.0",
        "outcome_prev": "-28.5",
        "budget": "-31.0",
        "deviation": "1.0",
    }


def test_a_deviation_that_contradicts_its_columns_leaves_the_table_unread() -> None:
    reading = read(
        HEADING + "Mnkr Utfall Budget Avvikelse\n"
        "Intäkter 1,0 10,0 9,0\n"
        "Kostnader 2,0 -30,0 -31,0\n"
        "Resultat 3,0 -20,0 -22,0\n"
    )
    assert reading.finance == ()
    assert any("Avvikelsen" in unread.why for unread in reading.unread)


def test_a_misprint_in_one_row_does_not_cost_the_table() -> None:
    reading = read(
        HEADING + "Mnkr Utfall Budget Avvikelse\n"
        "Intäkter 10,0 9,0 1,0\n"
        "Kostnader -30,0 -31,0 1,0\n"
        "Kommunbidrag 22,0 22,0 0,0\n"
        "Resultat 2,0 0,0 20,0\n"
    )
    assert values(reading)["result"]["deviation"] == "20.0"


def test_a_lone_budget_beside_outcome_and_forecast_is_told_by_the_deviation() -> None:
    reading = read(
        HEADING + "Tkr Utfall Prognos Budget Avvikelse\n"
        "Intäkter 4 210 6 100 6 000 100\n"
        "Kostnader -18 650 -28 900 -28 000 -900\n"
    )
    assert values(reading)["costs"] == {
        "outcome": "-18650",
        "forecast": "-28900",
        "budget_year": "-28000",
        "forecast_deviation": "-900",
    }


def test_a_lone_budget_that_lies_by_the_forecast_is_the_years() -> None:
    reading = read(
        HEADING + "Tkr Utfall Prognos Budget\n"
        "Intäkter 4 210 6 100 6 000\n"
        "Kostnader -18 650 -28 900 -28 000\n"
    )
    assert values(reading)["income"]["budget_year"] == "6000"


def test_an_unclear_column_is_left_out_and_the_others_are_read() -> None:
    reading = read(
        HEADING + "Tkr Utfall Prognos Budget\n"
        "Intäkter 4 210 6 100 6 000\n"
        "Kostnader -18 650 -28 900 -19 000\n"
    )
    assert values(reading)["income"] == {"outcome": "4210", "forecast": "6100"}
    assert any("kolumnen" in unread.why for unread in reading.unread)


def test_a_column_of_an_unknown_word_stays_open_where_the_differences_prove_the_others() -> None:
    reading = read(
        HEADING + "Tkr Utfall Fiktivt Budget Avvikelse\n"
        "Intäkter 4 210 17 4 000 210\n"
        "Kostnader -18 650 17 -19 100 450\n"
    )
    assert values(reading)["income"] == {"outcome": "4210", "budget": "4000", "deviation": "210"}
    assert [left.text for left in reading.unread] == ["17", "17"]


def test_an_unknown_header_word_leaves_the_rows_unread_where_nothing_proves_the_others() -> None:
    reading = read(
        HEADING + "Tkr Utfall Fiktivt Budget Avvikelse\n"
        "Intäkter 4 210 17 4 000 999\n"
        "Kostnader -18 650 17 -19 100 888\n"
    )
    assert reading.finance == ()
    assert len(reading.unread) == 2


def test_the_number_of_an_account_above_its_wrapped_name_is_part_of_the_label() -> None:
    reading = read(
        HEADING + "Verksamhet, tkr Budget Utfall Avvikelse\n\n4010 Förskola 900 800 100\n\n"
        "4020 \nPedagogisk \nomsorg\n\n8 120 7 518 602\n\nSumma 9 020 8 318 702\n"
    )
    assert [row.label for row in reading.finance][1] == "4020 Pedagogisk omsorg"


def test_costs_without_minus_still_agree_with_their_deviation() -> None:
    reading = read(
        HEADING + "Tkr Budget Utfall Avvikelse\n"
        "Intäkter 4 000 4 210 210\n"
        "Kostnader 19 100 18 650 450\n"
        "Nettokostnader 15 100 14 440 660\n"
    )
    assert values(reading)["costs"] == {"budget": "19100", "outcome": "18650", "deviation": "450"}


def test_an_investment_table_is_not_the_result() -> None:
    reading = read(
        HEADING + "3.1 Driftbudget\n\nTkr Utfall Budget Avvikelse\n"
        "Intäkter 4 210 4 000 210\n"
        "Kostnader -18 650 -19 100 450\n"
        "\n3.2 Investeringar\n\nTkr Budget helår Prognos helår Avvikelse\n"
        "Ny ridbana -2 000 -1 900 100\n"
        "Kostnader totalt -2 500 -2 600 -100\n"
    )
    assert [row.line for row in reading.finance] == ["income", "costs"]
    assert [project.name for project in reading.investments] == ["Ny ridbana", "Kostnader totalt"]
    assert str(reading.investments[0].columns["budget_year"].value) == "-2000"


def test_a_header_that_has_run_into_its_first_row_is_still_a_header() -> None:
    reading = read(
        HEADING + "Mnkr Utfall Budget Avvikelse Intäkter 10,0 9,0 1,0\nKostnader -30,0 -31,0 1,0\n"
    )
    assert values(reading)["income"] == {"outcome": "10.0", "budget": "9.0", "deviation": "1.0"}


def test_blank_lines_between_all_rows_and_the_header_change_nothing() -> None:
    reading = read(
        HEADING + "Belopp i mnkr\n\nUtfall Budget Avvikelse\n\n"
        "Intäkter 10,0 9,0 1,0\n\nKostnader -30,0 -31,0 1,0\n\n"
        "Kommuninterna bidrag\n\n22,0 22,0 0,0\n"
    )
    assert list(values(reading)) == ["income", "costs", "internal_grants"]


def test_half_a_header_is_no_header() -> None:
    reading = read(
        HEADING
        + "Aktuell fiktiv Prognos\nBokslut Budget\nIntäkter 10,0 9,0\nKostnader -30,0 -31,0\n"
    )
    assert reading.finance == ()
    assert len(reading.unread) == 2


ROWS = [
    ["Belopp i tkr", "Utfall", "Budget", "Avvik-\nelse", "Utfall\nfg år"],
    ["Intäkter", "4 210", "4 000", "210", "3 900"],
    ["Kostnader", "-18 650", "-19 100", "450", ""],
    ["Belopp i tkr", "Utfall", "Budget", "Avvik-\nelse", "Utfall\nfg år"],
    ["Resultat", "-14 440", "-15 100", "660", "Ej aktuellt"],
]


def test_a_real_table_is_read_once_with_the_place_of_every_cell() -> None:
    reading = with_table(ROWS)
    assert [row.line for row in reading.finance] == ["income", "costs", "result"]
    costs = reading.finance[1].columns
    assert (costs["deviation"].value, costs["outcome_prev"].state) == (450, "blank")
    assert reading.finance[2].columns["outcome_prev"].state == "not_applicable"
    assert costs["outcome"].place == Place(page=1, line=5, columns=(10, 17))


def test_a_real_table_with_an_unknown_column_keeps_the_known_ones() -> None:
    rows = [[*row, "x"] for row in ROWS]
    rows[0][-1] = rows[3][-1] = "Kommentar"
    reading = with_table(rows)
    assert set(reading.finance[0].columns) == {"outcome", "budget", "deviation", "outcome_prev"}


GROWTH = """Volym-, intäkts- och kostnadsutveckling

Mått

Utfall perioden
jämfört med

samma period
föregående år

Prognos helår
jämfört med helår

föregående år

Intäkter 4,1 % 3,5 %

Personalkostnader 5,2 % 4,4 %

Övriga kostnader -1,7 % 0,9 %
"""


def test_an_outcome_compared_with_last_year_is_a_change_and_no_outcome_of_last_year() -> None:
    reading = read(GROWTH)
    assert reading.finance == ()
    told = {row.name: {k: str(f.value) for k, f in row.columns.items()} for row in reading.measures}
    assert told["Personalkostnader"] == {"period_change": "5.2", "year_change": "4.4"}


def test_a_table_of_shares_only_is_no_result_table() -> None:
    shares = "Belopp i tkr    Utfall   Utfall fg år\nIntäkter   7,8 %   6,0 %\n"
    reading = read(HEADING + shares + "Personalkostnader   7,6 %   6,0 %\n")
    assert reading.finance == ()


CUT_GROWTH = """Delårsrapport mars 2026

2.1.1 Mått/nyckeltal som beskriver verksamhetens utveckling

Volym-, intäkts- och kostnadsutveckling

                                                     Utfall perioden
                                                                          Prognos helår
                                                      jämfört med
        Mått                                                            jämfört med helår
                                                     samma period
                                                                          föregående år
                                                     föregående år
        Intäkter, brutto                                        4,1 %               3,5 %
        Personalkostnader                                       5,2 %               4,4 %
        Övriga kostnader                                       -1,7 %               0,9 %
"""


def test_heads_that_begin_with_a_comparison_are_half_and_none_is_read() -> None:
    reading = read(CUT_GROWTH)
    assert (reading.finance, reading.measures) == ((), ())
