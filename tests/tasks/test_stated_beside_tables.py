"""Figures in sentences beside tables and beside each other: which one holds, and what is told."""

import pytest
from stated_texts import facts_in, read, said

from tasks.readers.stated_beside_tables import OTHER_SENTENCE, OTHER_TABLE
from tasks.readers.stated_figures import UNLIKE


def test_numbers_of_a_sentence_that_contradict_each_other_are_unread_with_their_place() -> None:
    reading = read(
        "Nämndens resultat är 12,4 mnkr jämfört med budgeterade 10,0 mnkr, vilket är 3,1 mnkr "
        "bättre än budget."
    )
    assert facts_in(reading) == {}
    assert [(one.why, one.place.line) for one in reading.unread if one.why == UNLIKE] == [
        (UNLIKE, 8)
    ]


TABLE = (
    "\n\nBelopp i mnkr\nUtfall  Budget  Avvikelse\n"
    "Intäkter  10,0  9,0  1,0\nKostnader  -25,0  -21,0  -4,0\nResultat  -15,0  -12,0  -3,0\n"
)


def test_a_follow_up_of_a_plan_states_what_its_year_became() -> None:
    top = "Uppföljning av kulturnämndens uppdragsplan 2015\n\n"
    text = "Nämndens resultat för 2015 är ett överskott på 1,8 mnkr. Antalet årsarbetare var 291."
    assert set(said(text, top=top)) == {("result", "outcome"), ("annual_fte", "outcome")}


def test_a_memo_on_a_report_states_the_reports_figures() -> None:
    top = "Tjänsteskrivelse\nSocialnämnden\n\nBudgetuppföljning efter oktober 2025\n\n"
    text = "Nämnden prognostiserar ett överskott på 8,4 mnkr för helåret."
    assert said(text, top=top) == {("result", "forecast"): ("8.4", "mnkr")}
    assert said(text, top="Tjänsteskrivelse\nSocialnämnden\n\nNy förskola 2025\n\n") == {}


@pytest.mark.parametrize(
    "text",
    [
        "Sjukfrånvaron uppgår till 7,8 procent (kvinnor 8,4 procent, män 5,2).",
        "Sjukfrånvaron är 7,8 procent. Bland kvinnor är den 8,4 procent och bland män 5,2 procent.",
        "Sjukfrånvaron är 7,8 procent, varav kvinnor 8,4 procent och män 5,2 procent.",
    ],
)
def test_women_and_men_have_rows_of_their_own(text) -> None:
    shares = {row.scope: str(row.columns["outcome"].value) for row in read(text).staff}
    assert shares == {None: "7.8", "Kvinnor": "8.4", "Män": "5.2"}


def test_a_staff_figure_of_a_month_before_the_reports_says_so() -> None:
    (row,) = read("Sjukfrånvaron för perioden januari–juli 2025 var 6,9 procent (7,5).").staff
    assert row.period_note == "för perioden januari–juli 2025"
    assert str(row.columns["outcome_prev"].value) == "7.5"


def test_a_table_wins_over_a_sentence_and_one_that_differs_is_said() -> None:
    same = read(f"Nämndens resultat är ett underskott på 15 mnkr.{TABLE}")
    assert len([line for line in same.finance if line.line == "result"]) == 1
    assert not [one for one in same.unread if one.why == OTHER_TABLE]
    other = read(f"Nämndens resultat är ett underskott på 16,5 mnkr.{TABLE}")
    assert facts_in(other)["result", "outcome"] == ("-15.0", "mnkr")
    assert [one.why for one in other.unread if one.why == OTHER_TABLE] == [OTHER_TABLE]


def test_a_column_that_a_table_lacks_is_filled_from_the_sentence_with_its_own_place() -> None:
    reading = read(f"Prognosen för helåret är ett underskott på 18,5 mnkr.{TABLE}")
    (result,) = [line for line in reading.finance if line.line == "result"]
    assert str(result.columns["forecast"].value) == "-18.5"
    assert (result.columns["forecast"].place.line, result.columns["outcome"].place.line) == (8, 14)


def test_two_sentences_that_differ_are_both_unread() -> None:
    reading = read("Nämndens resultat är 3,0 mnkr. Nämndens resultat är 5,0 mnkr.")
    assert facts_in(reading) == {}
    assert [one.why for one in reading.unread if one.why == OTHER_SENTENCE] == [OTHER_SENTENCE] * 2


def test_a_figure_points_at_its_number_and_the_sentence_stays_in_the_text() -> None:
    reading = read("Den totala sjukfrånvaron\nvar 4,3 procent.")
    (row,) = reading.staff
    assert (row.label, row.columns["outcome"].written) == ("Den totala sjukfrånvaron", "4,3")
    assert (row.columns["outcome"].place.line, row.columns["outcome"].place.columns) == (9, (5, 7))
    assert any("4,3 procent" in one.text.text for one in reading.narratives)
