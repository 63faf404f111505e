"""Goals and their verdicts in reports: under headings, in sentences and in tables."""

import pytest
from reading_texts import GOALS, goals, read, with_table

from tasks.readers.outline import outline
from tasks.readers.pages import Line, Pages


def test_a_goals_verdict_may_stand_under_its_own_label_below_a_marked_title() -> None:
    told = [("Mål", 1), ("En meningsfull fritid", 2), ("Bedömning av målet", None)]
    told += [("På väg att uppnås i hög grad", None), ("Besöken har ökat.", None)]
    lines = [Line(text, at, heading=level) for at, (text, level) in enumerate(told, start=1)]
    assert [part.title for part in outline(Pages(tuple(lines))).sections][-1] == told[1][0]


def test_a_labelled_verdict_is_the_goals_verdict() -> None:
    reading = read(
        GOALS + "2.1 Alla barn ska kunna simma\nBedömning: Delvis uppfyllt\n"
        "Simskolan har fått fler platser.\n\n"
        "2.2 Parkerna ska vara trygga\nMåluppfyllelse: God\nBelysningen är utbytt.\n"
    )
    assert goals(reading) == [
        ("Alla barn ska kunna simma", "Delvis uppfyllt"),
        ("Parkerna ska vara trygga", "God"),
    ]


def test_a_verdict_in_a_sentence_keeps_its_not() -> None:
    reading = read(
        GOALS + "2.1 Alla barn ska kunna simma\n"
        "Nämnden har inte nått målet men är på rätt väg. Arbetet går vidare.\n\n"
        "2.2 Parkerna ska vara trygga\n"
        "Bedömningen är att målet kommer inte att uppnås under året.\n"
    )
    assert goals(reading) == [
        ("Alla barn ska kunna simma", "inte nått målet men är på rätt väg"),
        ("Parkerna ska vara trygga", "målet kommer inte att uppnås"),
    ]


def test_verdicts_that_differ_and_verdicts_of_the_whole_city_are_not_taken() -> None:
    reading = read(
        GOALS + "2.1 Alla barn ska kunna simma\n"
        "Delmålet är delvis uppnått. Det andra målet är uppfyllt.\n\n"
        "2.2 Parkerna ska vara trygga\n"
        "I kommunen som helhet är målet delvis uppfyllt.\n"
    )
    assert goals(reading) == [
        ("Alla barn ska kunna simma", None),
        ("Parkerna ska vara trygga", None),
    ]


def test_a_heading_that_says_it_is_a_goal_is_one() -> None:
    reading = read(
        "Delårsrapport augusti 2025\n\nNämndmål 2: Fler ska cykla till arbetet\n\n"
        "Målet bedöms vara uppfyllt. Cykelbanorna är klara.\n"
    )
    (goal,) = reading.goals
    assert (goal.title, goal.level) == ("Fler ska cykla till arbetet", "board")
    assert goal.assessment is not None
    assert goal.assessment.written == "Målet bedöms vara uppfyllt"


def test_a_long_goal_over_two_lines_and_its_prognosis_are_a_heading_and_its_verdict() -> None:
    title = "Alla barn i kommunen ska ha nära till en plats där de kan läsa, spela och"
    reading = read(
        f"Delårsrapport augusti 2025\n\n{title}\nträffa andra barn\n\n"
        "Målet bedöms delvis uppnås under året.\n\nTvå platser har öppnat.\n\n"
        "Nämndmål: Ekonomin är i balans\n\nPrognos för målet: Nås inte\n\nText om målet.\n"
    )
    assert goals(reading) == [
        (f"{title} träffa andra barn", "Målet bedöms delvis uppnås"),
        ("Ekonomin är i balans", "Nås inte"),
    ]


def test_a_question_is_a_label_and_no_verdict() -> None:
    reading = read(
        "Delårsrapport augusti 2025\n\n2 Mål\n\nText om målen.\n\n"
        "2.1 Fler elever klarar skolan\n\nBedöms målet nås? Delvis\n\nLovskolan är full.\n\n"
        "2.2 Skolan är trygg\n\nKommer målet att nås? Nej\n\nKlottret har ökat.\n\n"
        "2.3 Maten är god\n\nFrågan är om målet nås? Det vet ingen.\n"
    )
    assert goals(reading) == [
        ("Fler elever klarar skolan", "Delvis"),
        ("Skolan är trygg", "Nej"),
        ("Maten är god", None),
    ]


def test_a_verdict_may_stand_in_the_goals_own_heading() -> None:
    reading = read(
        "Delårsrapport augusti 2025\n\nNämndens mål\n\nText om målen.\n\n"
        "Mål 1. Fler ska cykla (delvis uppfyllt)\n\nCykelbanorna är klara.\n\n"
        "Mål 2. Gatorna är rena – ej uppfyllt\n\nKlottret har ökat.\n"
    )
    assert goals(reading) == [
        ("Fler ska cykla", "delvis uppfyllt"),
        ("Gatorna är rena", "ej uppfyllt"),
    ]


TWO_GOALS = (
    ("Inriktningsmål Nämndmål Bedömning\n\nEn grön stad Fler åker buss Uppnås\n\n"
     "En grön stad Färre kör bil Uppnås ej\n"),
    ("Inriktningsmål Resultatmål Målnivå\n2025\n\nUtfall\n2025\n\nMåluppfyllelse\n\n"
     "En grön stad Fler åker buss 7 veckor 6 veckor Uppnås\n\n"
     "En grön stad Färre kör bil\n\n75 % 71 % Uppnås ej\n"),
)  # fmt: skip


@pytest.mark.parametrize("table", TWO_GOALS)
def test_of_two_columns_of_goals_the_one_by_the_verdict_has_it(table) -> None:
    reading = read(f"Delårsrapport augusti 2025\n\nMåluppfyllelse\n\nText om målen.\n\n{table}")
    assert goals(reading) == [("Fler åker buss", "Uppnås"), ("Färre kör bil", "Uppnås ej")]


def test_the_heading_of_a_goal_chapter_is_no_column_of_the_table_below_it() -> None:
    reading = read(
        "Delårsrapport augusti 2025\n\nInriktningsmål\n\nMål Indikator Utfall 2024 Prognos\n\n"
        "Gatorna är rena Andel nöjda, % 87 Uppnås\n\nFler åker buss Antal resor 52 Uppnås ej\n"
    )
    assert {title for title, _ in goals(reading)} <= {"Gatorna är rena", "Fler åker buss"}


def test_goals_in_a_table_keep_an_icon_that_vanished_as_unknown() -> None:
    reading = with_table(
        [
            ["Mål", "Bedömning", "Kommentar"],
            ["Alla barn ska kunna simma", "Ej uppfyllt", "Hallen är stängd."],
            ["Parkerna ska vara trygga", "", "Ny belysning."],
        ]
    )
    assert goals(reading) == [
        ("Alla barn ska kunna simma", "Ej uppfyllt"),
        ("Parkerna ska vara trygga", None),
    ]
