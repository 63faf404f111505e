"""What Swedish board documents are known to do to a reader, and a specimen of each.

`examples/reading/seen.csv` is the list: what is seen, and the specimen that shows it, a document of
the corpus or a test. Specimens that stand nowhere else are here. All of them are written by us.
"""

import csv
import io
from pathlib import Path

import docx
import pytest

from expectations.contract import Reading
from tasks.readers.docx import docx_pages
from tasks.readers.leftovers import TEMPLATE
from tasks.readers.numbers import figure
from tasks.readers.result_table import FALLEN
from tasks.readers.running import read_pages
from tasks.readers.text import text_pages

ROOT = Path(__file__).parents[2]
SEEN = list(csv.DictReader((ROOT / "examples/reading/seen.csv").open(encoding="utf-8")))
TOP = "Delårsrapport augusti 2025\nFritidsnämnden\n\n"
MONEY = f"{TOP}3 Ekonomi\n\nMnkr Utfall Budget Avvikelse\n"
STAFF = f"{TOP}4 Personal\n\n"
GOALS = f"{TOP}2 Uppföljning av kommunfullmäktiges mål\n\n"


def read(text: str) -> Reading:
    return read_pages(text_pages(text.encode()), city=None, name="rapport.txt")


def rows(reading: Reading) -> dict[str, list[str]]:
    """Every line of the result tables as `label -> values`, the state where there is none."""
    return {
        line.label: [
            one.state if one.value is None else str(one.value) for one in line.columns.values()
        ]
        for line in reading.finance
    }


def in_word(*cells: list[str], title: str = "3 Ekonomi") -> Reading:
    """A report in Word with one table."""
    document = docx.Document()
    document.add_heading("Delårsrapport augusti 2025", 1)
    document.add_heading(title, 2)
    table = document.add_table(rows=len(cells), cols=len(cells[0]))
    for row, texts in zip(table.rows, cells, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    out = io.BytesIO()
    document.save(out)
    return read_pages(docx_pages(out.getvalue()), city=None, name="rapport.docx")


# --- the list ------------------------------------------------------------------------------------


@pytest.mark.parametrize("entry", SEEN, ids=[entry["seen"] for entry in SEEN])
def test_everything_that_is_seen_has_a_specimen(entry) -> None:
    path, _, test = entry["specimen"].partition("::")
    assert (ROOT / path).is_file()
    assert not test or f"def {test}(" in (ROOT / path).read_text(encoding="utf-8")


def test_the_list_speaks_of_numbers_cells_tables_words_layout_and_disagreement() -> None:
    groups = {entry["about"] for entry in SEEN}
    assert groups == {"numbers", "empty", "tables", "words", "layout", "disagreement"}
    assert len({entry["seen"] for entry in SEEN}) == len(SEEN)


# --- numbers and empty cells ---------------------------------------------------------------------


def test_whole_numbers_stand_among_decimals() -> None:
    reading = read(f"{MONEY}Intäkter 10 9,5 0,5\nKostnader -30,2 -31 0,8\n")
    assert rows(reading) == {"Intäkter": ["10", "9.5", "0.5"], "Kostnader": ["-30.2", "-31", "0.8"]}


@pytest.mark.parametrize(
    "row",
    ["Kostnader -\n30,0 -31,0 1,0", "Kostnader -30,0 -\n31,0 1,0", "Kostnader −\n30,0 -31,0 1,0"],
)
def test_a_minus_at_a_lines_end_belongs_to_the_next_line(row) -> None:
    reading = read(f"{MONEY}Intäkter 10,0 9,0 1,0\n{row}\nResultat -20,0 -22,0 2,0\n")
    assert rows(reading)["Kostnader"] == ["-30.0", "-31.0", "1.0"]
    assert [line.line for line in reading.finance] == ["income", "costs", "result"]


def test_a_minus_may_be_the_bullet_of_a_list() -> None:
    reading = read(
        f"{TOP}4 Uppdrag från kommunfullmäktige\n\n"
        "− Utreda skolskjuts (slutfört)\n− Se över taxor (pågår)\n"
    )
    assert [(a.text, a.status.code) for a in reading.assignments] == [
        ("Utreda skolskjuts", "fulfilled"),
        ("Se över taxor", "ongoing"),
    ]


def test_some_numbers_have_a_plus() -> None:
    assert rows(read(f"{MONEY}Intäkter 10,0 9,0 +1,0\nKostnader -30,0 -31,0 1,0\n")) == {
        "Intäkter": ["10.0", "9.0", "1.0"],
        "Kostnader": ["-30.0", "-31.0", "1.0"],
    }


def test_percent_is_said_in_words() -> None:
    (one,) = read(
        f"{STAFF}Mått 2025 2024 Förändring\n"
        "Total sjukfrånvaro 6,4 procent 6,9 procent -0,5 procentenheter\n"
    ).staff
    told = {key: (str(x.value), x.unit) for key, x in one.columns.items()}
    assert told == {
        "outcome": ("6.4", "percent"),
        "outcome_prev": ("6.9", "percent"),
        "change": ("-0.5", "percent"),
    }


def test_percent_is_said_in_the_header_alone() -> None:
    (one,) = read(f"{STAFF}Sjukfrånvaro i procent 2024 2025\nTotal sjukfrånvaro 6,9 6,4\n").staff
    assert {x.unit for x in one.columns.values()} == {"percent"}


@pytest.mark.parametrize(
    ("word", "unit", "value"),
    [
        *(("mnkr", "mnkr", "2"), ("mkr", "mnkr", "2"), ("Mkr", "mnkr", "2"), ("tkr", "tkr", "2")),
        *(("kr", "kr", "2"), ("mdkr", "mnkr", "2000"), ("miljoner kronor", "mnkr", "2")),
        ("tusen kronor", "tkr", "2"),
    ],
)
def test_every_unit_of_money_is_known(word, unit, value) -> None:
    one = figure(f"2 {word}", unit=None)
    assert (one.unit, str(one.value)) == (unit, value)


def test_a_unit_that_is_wrong_is_read_as_written() -> None:
    reading = read(
        f"{TOP}3 Ekonomi\n\nBelopp i tkr Utfall Budget Avvikelse\nIntäkter 10,0 9,0 1,0\n"
        "Kostnader -340,5 -341,5 1,0\n\nNämndens kostnader uppgår till 340,5 mnkr.\n"
    )
    assert {x.unit for line in reading.finance for x in line.columns.values()} == {"tkr"}
    assert "340,5 mnkr" in reading.narratives[-1].text.text


def test_numbers_glued_by_a_minus_are_two() -> None:
    reading = read(f"{MONEY}Intäkter 10,0 9,0 1,0\nKostnader -30,0-31,0 1,0\n")
    assert rows(reading)["Kostnader"] == ["-30.0", "-31.0", "1.0"]


@pytest.mark.parametrize("spoilt", ["-3o,0", "-30,", "-l0,0"])
def test_a_misprint_is_unreadable_at_its_place(spoilt) -> None:
    reading = read(f"{MONEY}Intäkter 10,0 9,0 1,0\nKostnader {spoilt} -31,0 1,0\n")
    assert rows(reading)["Kostnader"] == ["unreadable", "-31.0", "1.0"]
    one = reading.finance[1].columns["outcome"]
    assert (one.written, one.place.line, one.place.columns[0]) == (spoilt, 8, 11)


def test_empty_is_written_in_five_ways() -> None:
    reading = read(
        f"{TOP}3 Ekonomi\n\nMnkr Utfall Budget Avvikelse Utfall fg år\nIntäkter 10,0 9,0 1,0 -\n"
        "Kostnader -30,0 -31,0 1,0 Ej aktuellt\nBidrag 0 0 0 Inga\nResultat -20,0 -22,0 2,0 0\n"
    )
    last = {line.label: line.columns["outcome_prev"] for line in reading.finance}
    assert {label: one.state for label, one in last.items()} == {
        "Intäkter": "blank",
        "Kostnader": "not_applicable",
        "Bidrag": "blank",
        "Resultat": "read",
    }
    assert (
        in_word(
            ["Mnkr", "Utfall", "Budget"], ["Intäkter", "10,0", ""], ["Kostnader", "-30,0", "-31,0"]
        )
        .finance[0]
        .columns["budget"]
        .state
        == "blank"
    )


# --- tables --------------------------------------------------------------------------------------


def test_a_header_of_three_lines_has_words_that_are_cut() -> None:
    reading = read(
        f"{TOP}3 Ekonomi\n\n"
        "Belopp i tkr          Utfall     Budget     Avvik-      Utfall\n"
        "                      jan-aug    jan-aug    else        jan-aug\n"
        "                      2025       2025                   2024\n"
        "Intäkter               4 210      4 000         210      3 900\n"
        "Kostnader            -18 650    -19 100         450    -17 800\n"
    )
    assert list(reading.finance[1].columns) == ["outcome", "budget", "deviation", "outcome_prev"]
    assert rows(reading)["Kostnader"] == ["-18650", "-19100", "450", "-17800"]


def test_columns_stand_under_period_and_year() -> None:
    reading = read(
        f"{TOP}3 Ekonomi\n\n"
        "                 Period                          Helår\n"
        "Mnkr             Utfall   Budget   Avvikelse    Prognos   Budget   Avvikelse\n"
        "Intäkter          10,0      9,0        1,0        15,0     14,5        0,5\n"
        "Kostnader        -30,0    -31,0        1,0       -45,0    -47,0        2,0\n"
    )
    costs = {key: str(one.value) for key, one in reading.finance[1].columns.items()}
    assert costs == {
        "outcome": "-30.0",
        "budget": "-31.0",
        "deviation": "1.0",
        "forecast": "-45.0",
        "budget_year": "-47.0",
        "forecast_deviation": "2.0",
    }


@pytest.mark.parametrize(
    ("row", "label"),
    [
        ("Verksamhetens\n-30,0 -31,0 1,0\nkostnader", "Verksamhetens kostnader"),
        ("Verksamhetens -30,0 -31,0 1,0\nkostnader", "Verksamhetens kostnader"),
        ("Personalkost-\nnader -30,0 -31,0 1,0", "Personalkostnader"),
        ("Personalkost- -30,0 -31,0 1,0\nnader", "Personalkostnader"),
        (
            "Stöd till personer med\nfunktionshinder -30,0 -31,0 1,0",
            "Stöd till personer med funktionshinder",
        ),
    ],
)
def test_a_label_is_cut_by_its_values(row, label) -> None:
    reading = read(f"{MONEY}Intäkter 10,0 9,0 1,0\n{row}\nResultat -20,0 -22,0 2,0\n")
    assert list(rows(reading)) == ["Intäkter", label, "Resultat"]
    assert rows(reading)[label] == ["-30.0", "-31.0", "1.0"]


@pytest.mark.parametrize(
    "cells",
    [
        ["Mnkr|Utfall Budget Avvikelse", "Intäkter|10,0 9,0 1,0", "Kostnader|-30,0 -31,0 1,0"],
        ["Mnkr|Utfall|Budget|Avvikelse", "Intäkter|10,0 9,0 1,0||", "Kostnader|-30,0|-31,0|1,0"],
        ["Mnkr|Utfall|Budget|Avvikelse", "Intäkter\nKostnader|10,0\n-30,0|9,0\n-31,0|1,0\n1,0"],
    ],
)
def test_all_values_stand_in_one_cell(cells) -> None:
    assert rows(in_word(*(row.split("|") for row in cells))) == {
        "Intäkter": ["10.0", "9.0", "1.0"],
        "Kostnader": ["-30.0", "-31.0", "1.0"],
    }


def test_a_cell_has_a_value_for_each_part_of_the_staff() -> None:
    reading = in_word(
        ["Nyckeltal", "2025-08", "2024-08"],
        ["Årsarbetare", "Kontoret 154,9\nPolitiken 47,9", "Kontoret 161,4\nPolitiken 47,2"],
        ["Total sjukfrånvaro", "2,6 %", "2,2 %"],
        title="4 Personal",
    )
    told = [(row.scope, [str(x.value) for x in row.columns.values()]) for row in reading.staff]
    assert told == [
        ("Kontoret", ["154.9", "161.4"]),
        ("Politiken", ["47.9", "47.2"]),
        (None, ["2.6", "2.2"]),
    ]


def test_a_table_goes_on_over_the_page_without_its_header() -> None:
    reading = read(
        f"{MONEY}Intäkter 10,0 9,0 1,0\nKostnader -30,0 -31,0 1,0\n\n"
        "Delårsrapport augusti 2025, Fritidsnämnden 7 (26)\n\fResultat -20,0 -22,0 2,0\n"
    )
    assert rows(reading)["Resultat"] == ["-20.0", "-22.0", "2.0"]


def test_a_row_that_fell_out_as_prose_is_told_and_not_read() -> None:
    reading = read(
        f"{MONEY}Intäkter 10,0 9,0 1,0\nKostnader -30,0 -31,0 1,0\n\n"
        "Resultat -20,0 -22,0 2,0 Nämnden redovisar ett överskott.\n"
    )
    assert "Resultat" not in rows(reading)
    assert [(one.why, one.place.line) for one in reading.unread] == [(FALLEN, 10)]


def test_the_same_label_means_two_things() -> None:
    table = "Tkr Utfall Budget Avvikelse\nTekniska avdelningen {}\nSumma {}\n"
    reading = read(
        f"{TOP}3 Ekonomi\n\n3.1 Driftbudget\n\n{table.format('4 210 4 000 210', '4 210 4 000 210')}"
        f"\n3.2 Investeringsbudget\n\n{table.format('900 1 000 100', '900 1 000 100')}"
    )
    assert rows(reading)["Tekniska avdelningen"] == ["4210", "4000", "210"]
    assert str(reading.investments[0].columns["outcome"].value) == "900"


def test_avvikelse_between_two_years_is_a_change() -> None:
    reading = read(
        f"{TOP}3 Ekonomi\n\nMnkr Utfall 2024 Utfall 2025 Avvikelse\n"
        "Intäkter 9,0 10,0 1,0\nKostnader -31,0 -30,0 1,0\n"
    )
    assert list(reading.finance[0].columns) == ["outcome_prev", "outcome", "change"]


@pytest.mark.parametrize("between", ["", "\n"])
def test_two_columns_of_words_are_parted_by_their_places(between) -> None:
    reading = read(
        f"{TOP}4 Uppdrag från kommunfullmäktige\n\n"
        f"Uppdrag                          Status\n{between}"
        "Utreda en ny ridbana vid         Pågår. Platsen är vald och\n"
        f"sjön (KS 2025/00123)             markägaren är tillfrågad.\n{between}"
        "Se över taxorna för hallar       Genomfört. Nya taxor gäller\n"
        "i hela staden                    från januari.\n"
    )
    one, other = reading.assignments
    assert (one.text, one.case_number) == ("Utreda en ny ridbana vid sjön", "KS 2025/00123")
    assert other.text == "Se över taxorna för hallar i hela staden"
    assert [(a.status.written, a.narrative.text) for a in (one, other)] == [
        ("Pågår", "Platsen är vald och markägaren är tillfrågad."),
        ("Genomfört", "Nya taxor gäller från januari."),
    ]
    assert reading.narratives == ()


# --- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Nämnden har nått målet. Fler platser.", "nått målet"),
        ("Nämnden har inte nått målet men är på rätt väg.", "inte nått målet men är på rätt väg"),
        *(
            (f"Måluppfyllelse: {word}\nFler platser.", word)
            for word in [
                "Delvis uppnådd",
                "God",
                "Viss",
                "Ingen",
                "Grön",
                "Gul",
                "Röd",
                "Svårbedömt",
            ]
        ),
        *(
            (f"{word}\nFler platser.", word)
            for word in ("God måluppfyllelse", "Viss måluppfyllelse", "Uppfylls delvis")
        ),
    ],
)
def test_a_verdict_has_many_forms(text, verdict) -> None:
    (goal,) = read(f"{GOALS}2.1 Alla barn ska kunna simma\n{text}\n").goals
    assert goal.assessment.written == verdict


def test_goals_are_nested() -> None:
    reading = read(
        f"{TOP}2 Mål\n\nKommunfullmäktiges mål: En trygg stad\n\nFokusområde: Barn och unga\n\n"
        "Nämndmål 1: Alla barn ska kunna simma\n\nBedömning: Delvis uppfyllt\n\n"
        "Simskolan har fått fler platser.\n\nIndikator Utfall 2024 Utfall 2025 Målvärde\n"
        "Andel simkunniga i årskurs 6 88 % 91 % 95 %\n"
    )
    assert [(goal.level, goal.title, goal.area) for goal in reading.goals] == [
        ("council", "En trygg stad", None),
        ("board", "Alla barn ska kunna simma", "Barn och unga"),
    ]
    assert [one.name for one in reading.indicators] == ["Andel simkunniga i årskurs 6"]


def test_a_goal_is_called_direktiv() -> None:
    (goal,) = read(
        f"{TOP}2 Direktiv\n\nDirektiv 1: Fler ska cykla till arbetet\n\n"
        "Direktivet bedöms vara uppfyllt. Cykelbanorna är klara.\n"
    ).goals
    assert (goal.title, goal.assessment.written) == (
        "Fler ska cykla till arbetet",
        "Direktivet bedöms vara uppfyllt",
    )


@pytest.mark.parametrize(
    "verb", ["godkänns", "antecknas", "förklaras fullgjort", "avslutas", "återredovisas"]
)
def test_a_decision_has_its_verb(verb) -> None:
    (clause,) = read(
        f"{TOP}Förslag till beslut\n\n1. Uppdraget om ridbanan, KS 2025/00123, {verb}.\n\nÄrendet\n"
    ).decisions
    assert (clause.verb, clause.complete, clause.case_numbers) == (
        verb,
        True,
        ("KS 2025/00123",),
    )


def test_a_proposal_is_no_decision() -> None:
    reading = read(
        "Protokollsutdrag\nFritidsnämnden 2025-09-24\n\n§ 88 Delårsrapport augusti 2025\n\n"
        "Förslag till beslut\n\n1. Delårsrapporten avslås.\n\n"
        "Beslut\n\n1. Delårsrapporten godkänns.\n"
    )
    assert [clause.text for clause in reading.decisions] == ["Delårsrapporten godkänns."]
    proposed = read(f"{TOP}Förslag till beslut\n\n1. Delårsrapporten godkänns.\n")
    assert proposed.document.decided is None


def test_the_whole_citys_value_is_not_the_boards() -> None:
    said = "Sjukfrånvaron var 6,4 procent, mot 5,9 procent i staden som helhet.\n"
    (one,) = read(f"{STAFF}{said}").staff
    assert {key: str(figure.value) for key, figure in one.columns.items()} == {"outcome": "6.4"}


def test_staff_figures_roll_over_twelve_months() -> None:
    (one,) = read(
        f"{STAFF}Mått R12 juli 2025 R12 juli 2024\nTotal sjukfrånvaro (%) 6,4 6,9\n"
    ).staff
    assert {key: str(x.value) for key, x in one.columns.items()} == {
        "outcome": "6.4",
        "outcome_prev": "6.9",
    }


# --- layout and disagreement ---------------------------------------------------------------------


def test_furniture_stands_inside_sentences() -> None:
    page = "Delårsrapport augusti 2025, Fritidsnämnden {} (3)\n"
    name = "C:\\Rapporter\\delar_2025_v3.docx 2025-09-12\n"
    reading = read(
        f"{page.format(1)}\n1 Inledning\n\nNämnden har under året arbetat med en ny\n"
        f"\f{page.format(2)}{name}ridbana vid sjön.\n\f{page.format(3)}{name}Slut på texten.\n"
    )
    assert (reading.document.kind, reading.document.round) == ("interim_report", "2025-08")
    assert [one.text.text for one in reading.narratives] == [
        "Nämnden har under året arbetat med en ny ridbana vid sjön. Slut på texten."
    ]


def test_furniture_stands_inside_tables() -> None:
    page = "Delårsrapport augusti 2025, Fritidsnämnden {} (26)\n"
    reading = read(
        f"{MONEY}Intäkter 10,0 9,0 1,0\n{page.format(7)}Kostnader -30,0 -31,0 1,0\n{page.format(8)}"
    )
    assert list(rows(reading)) == ["Intäkter", "Kostnader"]


def test_what_a_template_left_is_no_answer() -> None:
    reading = read(
        f"[Skriv nämndens namn]\n{TOP}3 Mål\n\n[Beskriv måluppfyllelsen här]\n\n"
        "3.1 Nämndmål 1: Alla barn ska kunna simma\n\nStatus: [Välj]\nFler platser.\n"
    )
    (goal,) = reading.goals
    assert (goal.assessment, goal.motive.text) == (None, "Fler platser.")
    assert [one.text for one in reading.unread if one.why == TEMPLATE] == [
        "[Skriv nämndens namn]",
        "[Beskriv måluppfyllelsen här]",
        "Status: [Välj]",
    ]


def test_text_and_table_differ_and_both_are_kept() -> None:
    reading = read(
        f"{MONEY}Intäkter 10,0 9,0 1,0\nResultat -20,0 -22,0 2,0\n\nResultatet är -21,0 mnkr.\n"
    )
    assert rows(reading)["Resultat"][0] == "-20.0"
    assert reading.narratives[-1].text.text == "Resultatet är -21,0 mnkr."


def test_a_row_of_two_tables_is_a_tenth_apart() -> None:
    reading = read(
        f"{MONEY}Intäkter 10,0 9,0 1,0\nKostnader -30,0 -31,0 1,0\n\n3.2 Prognos\n\n"
        "Mnkr Utfall Prognos Budget helår\nIntäkter 10,1 15,0 14,0\nKostnader -30,0 -45,0 -46,0\n"
    )
    told = [
        (line.table, str(line.columns["outcome"].value), line.place.line)
        for line in reading.finance
    ]
    assert told[0] == (None, "10.0", 7)
    assert told[2] == ("Prognos", "10.1", 13)


UNSURE_TABLES = {
    "a column's name is missing": "Mnkr Budget Avvikelse\nIntäkter 10,0 9,0 1,0\n"
    "Kostnader -9,0 -8,0 -1,0\n",
    "half a label": "Mnkr Utfall Budget Avvikelse\nÖvriga kostnader för -9,0 -8,0 -1,0\n"
    "Intäkter och 10,0 9,0 1,0\n",
}


@pytest.mark.parametrize("table", UNSURE_TABLES.values(), ids=UNSURE_TABLES.keys())
def test_a_row_whose_columns_are_not_told_is_unread_with_its_place(table) -> None:
    reading = read(f"{TOP}3 Ekonomi\n\n{table}")
    assert not rows(reading)
    assert any("Intäkter" in one.text and one.place for one in reading.unread)


def test_brackets_of_a_difference_are_its_minus() -> None:
    reading = read(
        f"{TOP}3 Ekonomi\n\nMnkr Prognos Budget Avvikelse\nIntäkter 9,0 10,0 (1,0)\n"
        "Kostnader 8,5 8,0 (0,5)\n"
    )
    assert [row[-1] for row in rows(reading).values()] == ["-1.0", "-0.5"]


def test_what_is_counted_is_no_money_though_another_table_tells_its_unit() -> None:
    reading = read(
        f"{MONEY}Intäkter 10,0 9,0 1,0\nKostnader -30,0 -31,0 1,0\n\nAntal barn och elever\n\n"
        "2025 Budget 2025 2024\n\nFörskola 612 628 641\nGrundskola 801 806 796\n"
    )
    assert set(rows(reading)) == {"Intäkter", "Kostnader"}
