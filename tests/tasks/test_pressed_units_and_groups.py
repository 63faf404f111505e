"""Units of pressed tables, and lines that stand under several groups: told by text and sums."""

import pytest
from reading_texts import read

from tasks.readers.running import read_pages
from tasks.readers.text import text_pages

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
    told |= {
        r.label: {k: f.written for k, f in r.columns.items()}
        for r in reading.finance
        if r.line == "other"
    }
    assert told["Stab", "income"] == {"budget": "310", "outcome": "402"}
    assert told["Stab"] == {
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
        r.label if r.line == "other" else (r.table, r.line): {
            k: (f.written, f.unit) for k, f in r.columns.items()
        }
        for r in reading.finance
    }
    assert told["Scenen"] == {
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
    own = {r.label for r in reading.finance if r.line == "other"}
    assert own == {"Stab", "Familj", "Boende", "Skola"}
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
