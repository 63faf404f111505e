"""Tables whose columns are lines of the result table: turned round, or one for each row."""

from reading_texts import read, rows_told

SIDEWAYS = """Driftredovisning

Verksamhet, mnkr     Intäkter   Kostnader   Nettokostnad   Budget   Avvikelse
Gata och park            84,3      -297,9         -213,6   -219,0         5,4
Planering                40,1       -66,6          -26,5    -27,0         0,5
Summa                   124,4      -364,5         -240,1   -246,0         5,9
"""


def test_lines_as_columns_make_a_small_table_of_each_activity_and_the_sum_is_the_boards() -> None:
    found = rows_told(read(SIDEWAYS))
    assert found["Gata och park", "Intäkter"] == {"outcome": "84.3"}
    assert found["Driftredovisning", "Planering"] == {
        "outcome": "-26.5",
        "budget": "-27.0",
        "deviation": "0.5",
    }
    assert found[None, "Kostnader"] == {"outcome": "-364.5"}
    assert found[None, "Summa"]["outcome"] == "-240.1"


def test_lines_as_columns_whose_sums_do_not_hold_are_left() -> None:
    assert read(SIDEWAYS.replace("-213,6", "-223,6").replace("-26,5", "-36,5")).finance == ()


def test_income_costs_and_outcome_of_two_years_beside_a_budget_are_lines_of_each_activity() -> None:
    reading = read("""Bokslut 2024

Driftredovisning

Tkr Intäkt 2023 Kostnad 2023 Utfall 2023 Intäkt 2024 Kostnad 2024 Utfall 2024 Budget 2024 Resultat
Ledning 1 200 -9 800 -8 600 1 250 -10 200 -8 950 8 800 -150
Förskola 14 100 -96 300 -82 200 14 600 -101 000 -86 400 86 900 500
Summa 15 300 -106 100 -90 800 15 850 -111 200 -95 350 95 700 350
""")
    assert [row for (table, _), row in rows_told(reading).items() if table == "Förskola"] == [
        {"outcome_prev": "14100", "outcome": "14600"},
        {"outcome_prev": "-96300", "outcome": "-101000"},
    ]
    assert rows_told(reading)[(None, "Förskola")] == {
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
    assert rows_told(reading)[(None, "Förskola")] == {
        "outcome_prev": "-82200",
        "outcome": "-86400",
        "budget": "86900",
        "deviation": "500",
    }


def test_nets_under_heads_of_their_own_are_those_of_each_activity() -> None:
    text = (
        "Årsbokslut 2024\n\nEkonomi\n\nUtfall 2024 Budget\n2024\n\nAvvikelse Utfall 2023\n\n"
        "Verksamhet, mnkr Intäkter Kostnader Netto Netto Netto Netto\n\n"
        "Badhus 66,8 -758,6 -691,8 -707,2 15,4 -689,9\n\n"
        "Isbanor 52,3 -291,5 -239,2 -243,6 4,4 -236,4\n\n"
        "Summa 119,1 -1 050,1 -931,0 -950,8 19,8 -926,3\n"
    )
    found = rows_told(read(text))
    assert found["Badhus", "Kostnader"] == {"outcome": "-758.6"}
    assert found["Ekonomi", "Isbanor"] == {
        "outcome": "-239.2",
        "budget": "-243.6",
        "deviation": "4.4",
        "outcome_prev": "-236.4",
    }
    in_line = text.replace(
        "Budget\n2024\n\nAvvikelse Utfall 2023", "Budget Avvikelse Utfall 2023\n2024"
    )
    assert rows_told(read(in_line)) == found
    unproved = text.replace("15,4", "17,9").replace("4,4 ", "9,1 ").replace("19,8", "27,0")
    assert "deviation" not in rows_told(read(unproved))["Ekonomi", "Isbanor"]
