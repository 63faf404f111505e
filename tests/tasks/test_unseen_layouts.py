"""Tables as unseen cities print them: cells under one another, columns one after another.

The corpus holds whole documents; here stands what each way of reading takes, and what it refuses.
"""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from reading_texts import read, rows_told, under_one_another

from tasks.readers.numbers import bound, figure, row_readings

HEADER = ("Tkr", "Utfall 2024", "Budget 2024", "Avvikelse")


def test_cells_under_one_another_are_rows_of_the_header() -> None:
    reading = read(
        under_one_another(
            *HEADER, "Intäkter", "6 120", "5 900", "220", "Kostnader", "-18 344", "-18 700", "356"
        )
    )
    assert rows_told(reading) == {
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
    assert (None, "Kostnader") not in rows_told(reading)
    assert any("entydigt" in left.why for left in reading.unread)


GROUPS = """Resultaträkning

Belopp i mnkr
                         Kommunen            Koncernen
                   Not   2024     2023       2024     2023
Intäkter             1   1 132,4  1 098,0    2 410,6  2 377,9
Kostnader            2  -5 203,1 -4 977,2   -6 011,8 -5 840,0
"""


def test_two_groups_of_the_same_years_are_two_tables() -> None:
    assert rows_told(read(GROUPS)) == {
        (None, "Intäkter"): {"outcome": "1132.4", "outcome_prev": "1098.0"},
        (None, "Kostnader"): {"outcome": "-5203.1", "outcome_prev": "-4977.2"},
        ("Koncernen", "Intäkter"): {"outcome": "2410.6", "outcome_prev": "2377.9"},
        ("Koncernen", "Kostnader"): {"outcome": "-6011.8", "outcome_prev": "-5840.0"},
    }


def test_a_target_may_be_a_bound_but_no_other_figure() -> None:
    for written in ("Minst 60 %", "≥ 60 %", "högst 60%", "> 60 %"):
        assert bound(written, unit=None).value == 60
        assert figure(written, unit=None).state == "unreadable"


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
    found = rows_told(read(BLOCKS))
    told_ = {label.capitalize(): columns for (_, label), columns in found.items()}
    assert told_["Kostnader"] == {"outcome": "-148903", "budget": "-146250", "deviation": "-2653"}


def test_columns_one_after_another_with_a_value_too_few_are_left() -> None:
    assert not rows_told(read(BLOCKS.replace("(146 250)\n", "")))


@given(st.integers(1, 999_999_999))
def test_a_minus_behind_and_a_mark_of_a_footnote_are_no_other_number(number: int) -> None:
    written = f"{number:,}".replace(",", " ")
    assert figure(f"{written}-", unit="tkr").value == -number
    for mark in ("*", "¹", " *"):
        assert figure(f"{written}{mark}", unit="tkr").value == Decimal(number)


def test_of_too_many_ways_to_part_a_row_none_is_taken() -> None:
    assert row_readings(" ".join(["111"] * 20), 10) == []


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
    assert rows_told(read(WORDS_BEHIND))[None, "Grundskola"]["forecast_deviation"] == "-3000"


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
