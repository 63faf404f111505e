"""Figures of a board's parts in sentences: rows of their own, and never the board's."""

import pytest
from stated_texts import of_parts, read, said, values


@pytest.mark.parametrize(
    ("sentence", "rows"),
    [
        (
            "Hemtjänsten redovisar ett underskott på 4,6 mnkr.",
            {"Hemtjänsten": {"deviation": "-4.6"}},
        ),
        (
            (
                "Individ- och familjeomsorgen prognostiserar ett underskott på 2,6 mnkr. "
                "Placeringar av barn och unga avviker med minus 5,0 mnkr och placeringar av vuxna "
                "med minus 4,3 mnkr."
            ),
            {
                "Individ- och familjeomsorgen": {"forecast_deviation": "-2.6"},
                "Placeringar av barn och unga": {"forecast_deviation": "-5.0"},
                "Placeringar av vuxna": {"forecast_deviation": "-4.3"},
            },
        ),
        (
            "Äldreomsorgen beräknas göra ett underskott på 2,4 mnkr.",
            {"Äldreomsorgen": {"forecast_deviation": "-2.4"}},
        ),
        (
            "Inom grundskolan redovisas ett överskott på 1,1 mnkr, vilket beror på färre elever.",
            {"Grundskolan": {"deviation": "1.1"}},
        ),
        (
            "Förskolan överskrider sin budget med 3,0 mnkr.",
            {"Förskolan": {"deviation": "-3.0"}},
        ),
        ("Biblioteket går plus med 0,4 mnkr.", {"Biblioteket": {"deviation": "0.4"}}),
        (
            "Hemtjänsten går 0,4 mnkr back och nämnd och administration 0,2 mnkr plus.",
            {
                "Hemtjänsten": {"deviation": "-0.4"},
                "Nämnd och administration": {"deviation": "0.2"},
            },
        ),
        (
            "Grundskolan har en avvikelse på −2,8 mnkr och en prognos på −8,5 mnkr.",
            {"Grundskolan": {"deviation": "-2.8", "forecast_deviation": "-8.5"}},
        ),
        (
            "Förskolan och grundskolan redovisar underskott på 4,2 respektive 1,1 mnkr.",
            {"Förskolan": {"deviation": "-4.2"}, "Grundskolan": {"deviation": "-1.1"}},
        ),
        (
            "Underskottet inom den kommunala förskolan, som ökat, beräknas bli 4 mnkr.",
            {"Den kommunala förskolan": {"forecast_deviation": "-4"}},
        ),
        (
            "Omsorgen om personer med funktionsnedsättning har ett överskott på 469 tkr.",
            {"Omsorgen om personer med funktionsnedsättning": {"deviation": "469"}},
        ),
        (
            "Förskolan visar ett överskott på 3 mnkr och prognosen är ett underskott på 2 mnkr.",
            {"Förskolan": {"deviation": "3", "forecast_deviation": "-2"}},
        ),
        ("Förskolans underskott uppgår till 3 mnkr.", {"Förskolan": {"deviation": "-3"}}),
        (
            "Ett underskott på 3 mnkr väntas i förskolan.",
            {"Förskolan": {"forecast_deviation": "-3"}},
        ),
        ("Förskolans resultat är 3 mnkr.", {}),
        ("Förskolan prognostiserar 3 mnkr.", {}),
        ("Förskolan kan få ett underskott på 3 mnkr.", {}),
        ("Förskolan ligger 3 mnkr under budget.", {}),
        ("Staden redovisar ett överskott på 310 mnkr.", {}),
        ("Övriga verksamheter redovisar ett överskott på 3 mnkr.", {}),
        ("Kulturnämnden redovisar ett överskott på 3 mnkr.", {}),
        ("Förskolan redovisar ett underskott på cirka 4 mnkr.", {}),
        ("Förskolan redovisar ett underskott på 4 mnkr om inget görs.", {}),
        ("Förskolans kostnader är 4 mnkr högre än budget.", {}),
        ("Förskolan har fått 4 mnkr i statsbidrag.", {}),
        ("Förskolan redovisade 2024 ett underskott på 4 mnkr.", {}),
        ("I förskolan är sjukfrånvaron 9,1 procent.", {}),
        ("Miljardären redovisar ett överskott på 3 mnkr.", {}),
        ("Förskolan hade i mars ett underskott på 4 mnkr.", {}),
    ],
)
def test_parts_of_the_board_are_rows_of_their_own_held_against_their_budget(sentence, rows) -> None:
    assert of_parts(sentence) == rows


def test_a_part_that_is_named_by_its_heading_alone_has_the_headings_name() -> None:
    text = "Verksamhetsområdet väntas gå plus med 3,1 mnkr."
    rows = of_parts(text, title="2 Verksamhetsområde funktionsnedsättning")
    assert rows == {"Verksamhetsområde funktionsnedsättning": {"forecast_deviation": "3.1"}}
    assert of_parts(text) == {}


def test_where_a_table_has_the_parts_a_sentence_fills_their_rows_and_adds_none() -> None:
    table = (
        "\n\nVerksamhet, mnkr  Budget  Utfall  Avvikelse\nFörskola  30,0  32,1  -2,1\n"
        "Grundskola  90,0  89,0  1,0\nSumma  120,0  121,1  -1,1\n"
    )
    text = (
        "Förskolan prognostiserar ett underskott på 3,5 mnkr. Öppna förskolan går plus med 1 tkr."
    )
    rows = of_parts(f"{text}{table}")
    assert rows["Förskola"]["forecast_deviation"] == "-3.5"
    assert set(rows) == {"Förskola", "Grundskola"}


def test_an_investment_that_a_sentence_names_is_a_row_of_its_own() -> None:
    text = "För inventarier och it har nämnden 12 400 tkr. Av detta har 2 816 tkr använts."
    bridge = (
        "Gångbron vid torget har hittills kostat 7,9 mnkr av årets anslag på 18,5 mnkr och väntas "
        "hamna på 19,2 mnkr. Säkringen av slänten beräknas kosta 4,8 mnkr."
    )
    assert sorted(values(bridge, title="3 Investeringar").values()) == ["18.5", "19.2", "7.9"]
    (row,) = read(text, title="3 Investeringar").investments
    assert row.name == "Inventarier och it"
    assert {key: str(one.value) for key, one in row.columns.items()} == {
        "budget_year": "12400",
        "outcome": "2816",
    }
    assert read(text).investments == ()


def test_items_of_a_list_state_figures_behind_a_colon() -> None:
    text = (
        "Perioden i korthet:\n• Nettokostnad: 412,3 mnkr (budget 405,0 mnkr)\n"
        "• Prognos: -4,5 mnkr\n• Hemtjänst: -2,1 mnkr\n• Sjukfrånvaro: 6,8 procent (7,2 procent)\n"
        "• Antal årsarbetare: 812\n• Sjukfrånvaro i hemtjänsten: 9,8 procent"
    )
    assert values(text) == {
        "net_cost outcome": "412.3",
        "net_cost budget": "405.0",
        "result forecast": "-4.5",
        "sick_leave_total outcome": "6.8",
        "sick_leave_total outcome_prev": "7.2",
        "annual_fte outcome": "812",
    }


def test_what_is_said_in_passing_of_a_part_leaves_the_whole_to_be_spoken_of() -> None:
    text = (
        "Sjukfrånvaron är 6,1 procent. Lägst är den bland kockar, högst inom måltid. Arbetad "
        "tid motsvarar 452 årsarbetare. Hemtjänsten har färre. Personalomsättningen är 9 procent."
    )
    assert values(text) == {"sick_leave_total outcome": "6.1", "annual_fte outcome": "452"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Staden som helhet redovisar ett överskott på 310 mnkr.",
        "Sjukfrånvaron är 9,6 procent inom hemtjänsten.",
        "I kommunen som helhet var sjukfrånvaron 6,8 procent.",
        "Kulturnämndens resultat är ett överskott på 3 mnkr.",
        "Nämndens resultat kan komma att bli ett underskott på 22 mnkr.",
        "Nämndens resultat bör vara ett överskott på 3 mnkr.",
        "Prognosen är ett underskott på 4,7 mnkr om inga åtgärder vidtas.",
        "Nämndens resultat exklusive statsbidrag är ett underskott på 3 mnkr.",
        "Nämndens resultat är cirka 3 mnkr.",
        "Sjukfrånvaron i augusti var 7,8 procent.",
        "Nämndens resultat till och med mars är ett överskott på 3 mnkr.",
        "Sjukfrånvaron har minskat med 0,4 procentenheter.",
        "Antalet årsarbetare och anställda var 1 234.",
        "Nämndens budgetavvikelse är 3,4 mnkr.",
        "Prognosen för helåret är 620 mnkr.",
        "Prognosen var ett underskott på 5 mnkr.",
        "Prognosen per juni är ett underskott på 5 mnkr.",
        "Prognosen är ett underskott på 5–8 mnkr.",
        "Nämnden har ett ackumulerat underskott på 12 mnkr.",
        "Nämnden redovisade 2024 ett överskott på 3 mnkr.",
        "Äldrenämnden har fått mer. Nämnden redovisar ett underskott på 4 mnkr.",
        "Bolaget redovisar ett överskott på 4 mnkr.",
        "Sjukfrånvaron är 7,8 procent bland kvinnor i hemtjänsten.",
        "Sjukfrånvaron är 7,8 procent (6,5 procent i kommunen).",
        "Hemtjänstens sjukfrånvaro är 9 procent och prognosen är ett underskott på 3 mnkr.",
    ],
)
def test_what_is_a_parts_a_wish_or_of_another_time_is_not_read(sentence) -> None:
    assert said(sentence) == {}


def test_a_sentence_without_an_owner_is_the_boards_only_under_a_heading_of_the_whole() -> None:
    sentence = "Sjukfrånvaron var 9,6 procent."
    assert said(sentence)
    assert said(sentence, title="2 Hemtjänst") == {}
    assert said(f"Hemtjänsten har haft en svår sommar. {sentence}") == {}
    assert said(sentence, title="2 Hemtjänst\nText om verksamheten.\n\n2.1 Personal") == {}
    assert said(f"Hemtjänst\n{sentence}") == {}


def test_the_sector_is_the_board_where_no_other_is_named():
    told = "{} svarar för skolan. Sektorn redovisar ett underskott på 3,2 mnkr mot budget."
    assert "-3.2" in values(told.format("Sektor Lärande")).values()
    assert not values(told.format("Sektor Lärande och Sektor Omsorg"))
