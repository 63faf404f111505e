"""Figures of the whole board in sentences: read back as they were said, or not at all."""

import pytest
from stated_texts import read, said, values


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        (
            "Nämndens resultat per augusti är 12,4 mnkr, vilket är 3,1 mnkr bättre än budget.",
            {("result", "outcome"): "12.4", ("result", "deviation"): "3.1"},
        ),
        (
            "Prognosen för helåret är ett underskott på 8 500 tkr.",
            {("result", "forecast"): "-8500"},
        ),
        (
            "Nettokostnaden uppgick till 1 245,6 mnkr jämfört med budgeterade 1 250,0 mnkr.",
            {("net_cost", "outcome"): "1245.6", ("net_cost", "budget"): "1250.0"},
        ),
        (
            "Nämnden redovisar en avvikelse mot budget på −2,3 miljoner kronor.",
            {("result", "deviation"): "-2.3"},
        ),
        (
            "Sjukfrånvaron är 7,8 procent, en minskning med 0,4 procentenheter mot 2024 (8,2).",
            {("sick_leave_total", "outcome"): "7.8", ("sick_leave_total", "outcome_prev"): "8.2"},
        ),
        ("Antalet årsarbetare var 1 234.", {("annual_fte", "outcome"): "1234"}),
        (
            "Sjukfrånvaron är 3,6 procent, vilket är lägre än 2024 då den var 4,3 procent.",
            {("sick_leave_total", "outcome"): "3.6", ("sick_leave_total", "outcome_prev"): "4.3"},
        ),
        (
            "Nämndens investeringsram är 14 mkr. Hittills har 6,8 mkr använts.",
            {
                ("investments", "budget_year"): "14",
                ("investments", "outcome"): "6.8",
            },
        ),
        (
            "Investeringsramen är 14 mkr. Av budgeten har 6,8 mkr använts och prognosen är 12 mkr.",
            {
                ("investments", "budget_year"): "14",
                ("investments", "outcome"): "6.8",
                ("investments", "forecast"): "12",
            },
        ),
        (
            "Antalet årsarbetare uppgick i augusti\n\ntill 684, en minskning med 22.",
            {("annual_fte", "outcome"): "684"},
        ),
        (
            "Årets investeringar uppgår till 14,2 mnkr av budgeterade 20 mnkr.",
            {("investments", "outcome"): "14.2", ("investments", "budget_year"): "20"},
        ),
        (
            "Antalet tillsvidareanställda är 742 och antalet årsarbetare 708,5.",
            {("employees", "outcome"): "742", ("annual_fte", "outcome"): "708.5"},
        ),
        (
            "Av årets investeringsbudget på 20 mnkr har 14,2 mnkr använts.",
            {("investments", "budget_year"): "20", ("investments", "outcome"): "14.2"},
        ),
        (
            "För helåret prognostiseras ett underskott på 4,5 mnkr.",
            {("result", "forecast"): "-4.5"},
        ),
        (
            "Förvaltningen prognosticerar en negativ budgetavvikelse om 4,5 mnkr.",
            {("result", "forecast_deviation"): "-4.5"},
        ),
        (
            "Efter maj var prognosen ett överskott på 12,3 mnkr.",
            {("result", "forecast_prev"): "12.3"},
        ),
        (
            "Föregående år redovisade nämnden ett underskott på 2,4 mnkr.",
            {("result", "outcome_prev"): "-2.4"},
        ),
        (
            "Nämnden redovisar till och med augusti ett underskott mot budget på 12,7 mkr.",
            {("result", "deviation"): "-12.7"},
        ),
        ("Nämnden har en sjukfrånvaro på 7,8 procent.", {("sick_leave_total", "outcome"): "7.8"}),
        ("Kostnaderna är 4,2 mnkr högre än budget.", {("costs", "deviation"): "-4.2"}),
        ("Intäkterna är 4,2 mnkr högre än budget.", {("income", "deviation"): "4.2"}),
        (
            "Nämndens periodresultat är minus 24,6 miljoner kronor.",
            {("result", "outcome"): "-24.6"},
        ),
    ],
)
def test_a_whole_sentence_gives_its_figures_their_columns_and_signs(sentence, facts) -> None:
    assert {key: value for key, (value, _) in said(sentence).items()} == facts


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        ("Förvaltningen räknar med ett underskott på 3,5 mnkr.", {"result forecast": "-3.5"}),
        ("På helåret räknar nämnden med minus 6,0 mnkr.", {"result forecast": "-6.0"}),
        (
            "För hela året räknar nämnden med ett underskott mot budget på 3 060 tkr.",
            {"result forecast_deviation": "-3060"},
        ),
        ("Bedömningen för helåret är ett överskott på 1,5 mnkr.", {"result forecast": "1.5"}),
        ("För helåret beräknas underskottet till 11,5 mnkr.", {"result forecast": "-11.5"}),
        ("Underskottet för perioden uppgår till 2,1 mnkr.", {"result outcome": "-2.1"}),
        (
            "Nettoutfallet är 413,9 mnkr, vilket ger ett överskott på 5,8 mnkr jämfört med budget.",
            {"net_cost outcome": "413.9", "net_cost deviation": "5.8"},
        ),
        (
            "Nämndens verksamheter har 437 anställda, 8 fler än i fjol.",
            {"employees outcome": "437"},
        ),
        ("Vid periodens slut hade socialkontoret 318 anställda.", {"employees outcome": "318"}),
        ("Årsarbetarna var 131,5.", {"annual_fte outcome": "131.5"}),
        (
            "Antalet arbetade timmar motsvarar 764 årsarbetare (771).",
            {"annual_fte outcome": "764", "annual_fte outcome_prev": "771"},
        ),
        (
            "Sjukfrånvaron har gått ner från 6,2 till 5,5 procent.",
            {"sick_leave_total outcome": "5.5", "sick_leave_total outcome_prev": "6.2"},
        ),
        (
            "Sjukfrånvaron är 6,9 procent. I fjol var den 7,7 procent.",
            {"sick_leave_total outcome": "6.9", "sick_leave_total outcome_prev": "7.7"},
        ),
        (
            (
                "Sjukfrånvaron är 6,9 procent. I kommunen som helhet var den 6,1 procent. "
                "Antalet årsarbetare var 702, att jämföra med 715 i augusti 2024."
            ),
            {
                "sick_leave_total outcome": "6.9",
                "annual_fte outcome": "702",
                "annual_fte outcome_prev": "715",
            },
        ),
        (
            (
                "Kommunfullmäktige har anvisat 212 mnkr för investeringar. Hittills är 118 mnkr "
                "använda. Förvaltningen bedömer att 176 mnkr kommer att vara förbrukade vid "
                "årsskiftet, eftersom två projekt väntar på mark."
            ),
            {
                "investments budget_year": "212",
                "investments outcome": "118",
                "investments forecast": "176",
            },
        ),
        (
            "Förvaltningen hade vid augusti månads utgång 468 tillsvidareanställda.",
            {"employees outcome": "468"},
        ),
        (
            (
                "I augusti var 1 387 personer anställda i nämndens verksamheter, mot 1 402 "
                "ett år tidigare."
            ),
            {"employees outcome": "1387", "employees outcome_prev": "1402"},
        ),
        (
            "Sjukfrånvaron steg till 5,4 procent från 4,3 procent året före.",
            {"sick_leave_total outcome": "5.4", "sick_leave_total outcome_prev": "4.3"},
        ),
        (
            "Personalomsättningen var 9,8 procent. Ett år tidigare var den 11,2 procent.",
            {"turnover outcome": "9.8", "turnover outcome_prev": "11.2"},
        ),
        (
            (
                "Från årets början till och med augusti har 96 tillsvidareanställda slutat, "
                "och 118 har anställts."
            ),
            {"exits outcome": "96", "recruitments outcome": "118"},
        ),
        (
            "Nämndens resultat för årets första åtta månader är 6,7 mnkr bättre än budget.",
            {"result deviation": "6.7"},
        ),
        (
            "För helåret lämnas en prognos på ett underskott om 9 600 tkr.",
            {"result forecast": "-9600"},
        ),
        (
            "Under året investerade nämnden för 13,7 mnkr. Ramen var 16,0 mnkr.",
            {"investments outcome": "13.7", "investments budget_year": "16.0"},
        ),
    ],
)
def test_sentences_as_other_cities_write_them(sentence, facts) -> None:
    assert values(sentence) == facts


@pytest.mark.parametrize(
    ("text", "title", "facts"),
    [
        (
            "Utfallet är 331 246 tkr, att jämföra med budgeterade 326 900 tkr.",
            "2 Ekonomi",
            {"net_cost outcome": "331246", "net_cost budget": "326900"},
        ),
        (
            "Budgeten är 356 700 tkr, vilket ger ett underskott på 5 400 tkr.",
            "2 Ekonomi",
            {"net_cost budget_year": "356700", "net_cost forecast_deviation": "-5400"},
        ),
        (
            "Efter åtta månader är resultatet -8,5 mnkr och helårsprognosen -12,0 mnkr.",
            "2 Ekonomi",
            {"result outcome": "-8.5", "result forecast": "-12.0"},
        ),
        ("Nämnden väntas gå 8,5 mnkr back.", "2 Ekonomi", {"result forecast": "-8.5"}),
        (
            "Sjukfrånvaron har minskat med 0,4 procentenheter och uppgår nu till 7,8 procent.",
            "2 Personal",
            {"sick_leave_total outcome": "7.8"},
        ),
        (
            "Jämfört med 2024 har sjukfrånvaron minskat från 8,2 till 7,8 procent.",
            "2 Personal",
            {"sick_leave_total outcome": "7.8", "sick_leave_total outcome_prev": "8.2"},
        ),
        (
            "Budgeten är 4 mnkr. Till och med augusti har 2 mnkr av budgeten 4 mnkr använts.",
            "3 Investeringar",
            {"investments budget_year": "4", "investments outcome": "2"},
        ),
        (
            "Nämnden har en budget på 900 tkr för bänkar. Prognosen är att 750 tkr används.",
            "3 Investeringar",
            {"investments budget_year": "900", "investments forecast": "750"},
        ),
        ("Ett underskott på 4 mnkr redovisas.", "2 Ekonomi", {}),
        (
            "Nämndens resultat är 4 mnkr, vilket ger ett överskott på 4 mnkr.",
            "2 Ekonomi",
            {"result outcome": "4"},
        ),
        ("Budgeten är 4 mnkr.", "2 Hemtjänst", {}),
        (
            (
                "Nämnden hade en budget på 146,9 mnkr. Utfallet blev 149,2 mnkr. Det innebär att "
                "nämnden överskred sin budget med 2,3 mnkr."
            ),
            "2 Ekonomi",
            {
                "net_cost budget_year": "146.9",
                "net_cost outcome": "149.2",
                "net_cost deviation": "-2.3",
            },
        ),
        ("Utfallet är ett överskott om cirka 0,9 mnkr.", "2 Ekonomi", {"result outcome": "0.9"}),
        ("Utfallet är ett överskott om drygt 0,9 mnkr.", "2 Ekonomi", {}),
        ("Utfallet är 4 mnkr.", "2 Ekonomi", {}),
    ],
)
def test_the_whole_is_told_in_many_orders_of_words(text, title, facts) -> None:
    assert values(text, title=title) == facts


@pytest.mark.parametrize(
    "sentence",
    [
        "Ramen var 16,0 mnkr.",
        "Nämndens anslag är 9 600 tkr.",
        "Hittills är 4 185 tkr förbrukat.",
        "Förvaltningen bedömer att 176 mnkr kommer att vara förbrukade.",
        "Kommunfullmäktige har beviljat nämnden 12 mnkr för nya förskolor.",
        "Underskottet kan komma att bli 22 mnkr.",
        "Av underskottet beror 3,1 mnkr på sjuklöner.",
        "Nämndens underskott på 9 mnkr beror till 3,1 mnkr på höga sjuklöner i juni månad där.",
        "Förvaltningen hade 318 anställda inom hemtjänsten.",
        "Timanställda utförde arbete motsvarande 58 årsarbetare.",
        "Övertiden motsvarar 12 årsarbetare.",
        "Sjukfrånvaron är 6,9 procent i hemtjänsten. I fjol var den 7,7 procent.",
        "I fjol var den 7,7 procent.",
        "I kommunen som helhet är sjukfrånvaron 6,1 procent. I fjol var den 7,7 procent.",
        "Målet för sjukfrånvaron är högst 5,5 procent.",
        "Sjukfrånvaron ska vara högst 6 procent.",
        "Sjukfrånvaron har legat mellan 4 och 5 procent.",
        "Bedömningen är att 3,5 mnkr återstår att spara.",
        "Nämnden räknar med statsbidrag på 3,5 mnkr.",
        "Vid bokslutet räknar nämnden med åtgärder för 3,5 mnkr.",
        "Nettoutfallet väntas bli 12 procent högre än budget.",
        "I juni pekade prognosen på ett underskott om 8 200 tkr.",
        "Under 2024 slutade 214 medarbetare på egen begäran.",
        "Effekten av åtgärderna beräknas till 2,4 mnkr.",
    ],
)
def test_traps_of_what_other_cities_write_state_nothing(sentence) -> None:
    assert values(sentence) == {}


def test_under_a_heading_of_investments_the_frame_and_the_forecast_are_theirs() -> None:
    text = "Årets anslag är 9 600 tkr. Hittills är 4 185 tkr förbrukat, mest på sängar."
    assert values(text, title="3 Investeringar") == {
        "investments budget_year": "9600",
        "investments outcome": "4185",
    }
    assert values(text) == {}
    text = "Årets utgifter blev 15,2 mnkr, varav 6,8 mnkr avsåg en förskola."
    assert values(text, title="3 Investeringar") == {"investments outcome": "15.2"}
    assert values(text) == {}
    forecast = "Prognosen för helåret är 338 mnkr."
    assert values(forecast, title="3 Investeringar") == {"investments forecast": "338"}
    assert values(forecast, title="3 Ekonomi") == {}
    assert values(f"Skolan i Berga byggs. {forecast}", title="3 Investeringar") == {}


def test_a_sum_of_projects_and_a_net_cost_are_other_things_than_what_a_sentence_says() -> None:
    table = (
        "\n\nProjekt, mnkr\nBudget  Utfall  Prognos\nNy förskola  30,0  12,1  28,0\n"
        "Bibliotek  9,0  2,3  8,0\n"
    )
    text = f"Nämndens investeringsbudget är 45 mnkr inklusive överföringar från 2024.{table}"
    assert values(text, title="3 Investeringar")["investments budget_year"] == "45"
    net = "\n\nBelopp i mnkr\nUtfall  Utfall 2024\nNettokostnad  -198,9  -174,4\n"
    assert values(f"Resultatet 2024 var ett överskott med 6,9 mnkr.{net}").get(
        "result outcome_prev"
    ) == ("6.9")


def test_a_cause_between_two_figures_turns_no_subject() -> None:
    text = (
        "Sjukfrånvaron är 6,9 procent. Ökningen förklaras helt av pandemin. Av lärarna är 84 "
        "procent behöriga. Personalomsättningen var 9,1 procent."
    )
    assert values(text) == {"sick_leave_total outcome": "6.9", "turnover outcome": "9.1"}


def test_a_rolling_year_of_sick_leave_says_so() -> None:
    (row,) = read("Sjukfrånvaron är 6,8 procent för den senaste tolvmånadersperioden.").staff
    assert row.period_note == "för den senaste tolvmånadersperioden"
