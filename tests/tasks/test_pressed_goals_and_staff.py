"""Pressed tables of goals, indicators and staff: what belongs together, or is left unread."""

from tasks.readers.running import read_pages
from tasks.readers.text import text_pages

GOALS = """Natur- och parknämnden
Verksamhetsberättelse 2024
Strategiska målområden
Målområde 1: Stad och land
Fler träffas i parkerna
Målet bedöms som: Uppnås delvis
Besöken har ökat i tre parker av fem.
Gatuträden mår bättre
Målet är inte uppnått
Torkan tog elva träd.
"""


def test_a_goal_stands_right_above_its_verdict_also_under_the_name_of_its_area():
    said = read_pages(text_pages(GOALS.encode()), city=None, name="handling.txt")
    assert [(g.title, g.assessment.written if g.assessment else None) for g in said.goals] == [
        ("Fler träffas i parkerna", "Uppnås delvis"),
        ("Gatuträden mår bättre", "Målet är inte uppnått"),
    ]


STAFF = """Kulturnämnden
Årsredovisning 2024

Personal

Personalförhållanden per den 31 december 2024

Totalt Kvinnor Män

Antal tillsvidareanställda 1 488 1 197 291

Sjukfrånvaro i % av ordinarie arbetstid

Totalt 6,6 7,2 5,0
"""

SICK = """Kulturnämnden
Delårsrapport augusti 2025

Medarbetare

Jan–aug 2025 Jan–aug 2024 Mål 2025

Antal årsarbetare 1 118 1 084

Sjukfrånvaro totalt 6,2 % 6,9 % 5,5 %

varav kvinnor 6,6 % 7,2 %

Sjukfrånvaro dag 1–14 2,2 % 2,4 %
"""


def staff_of(text: str) -> dict[tuple[str, str | None], dict[str, str]]:
    said = read_pages(text_pages(text.encode()), city=None, name="handling.txt").staff
    return {(r.metric, r.scope): {k: str(f.value) for k, f in r.columns.items()} for r in said}


def test_all_of_the_staff_are_its_women_and_its_men_and_a_line_above_names_the_rows_below():
    found = staff_of(STAFF)
    assert found["employees", None]["outcome"] == "1488"
    assert found["employees", "Kvinnor"]["outcome"] == "1197"
    assert found["sick_leave_total", "Män"]["outcome"] == "5.0"


def test_a_part_of_the_sick_leave_has_no_target_and_a_number_is_not_taken_apart_to_fill_a_row():
    found = staff_of(SICK)
    assert found["sick_leave_total", "Kvinnor"] == {"outcome": "6.6", "outcome_prev": "7.2"}
    assert found["sick_leave_short", None] == {"outcome": "2.2", "outcome_prev": "2.4"}
    assert not any(metric == "annual_fte" for metric, _ in found)


BY_GOAL = """Kulturnämnden
Årsredovisning 2024

Måluppfyllelse

Nämndens mål Indikator Utfall
2023

Utfall
202
4

Mål 2024 Bedömning

Fler deltar i kultur
på fritiden

Andel elever som går i
kulturskolan, %

54 58 minst 60 Delvis uppfyllt

Fler läser på
sommaren

Antal lån av barnböcker
under juni och juli

9 870 9 114 9 000 Uppfyllt
"""


def test_indicators_behind_goals_have_years_that_were_cut_and_targets_with_a_bound():
    said = read_pages(text_pages(BY_GOAL.encode()), city=None, name="handling.txt").indicators
    assert {i.name: (*map(str, i.outcomes), str(i.target_year.value)) for i in said} == {
        "Andel elever som går i kulturskolan, %": ("2023", "2024", "60"),
        "Antal lån av barnböcker under juni och juli": ("2023", "2024", "9000"),
    }


ON_ONE_LINE = """Kulturnämnden
Årsredovisning 2024

Måluppfyllelse

Mål Indikator 2023 2024 Mål 2024 Bedömning
En stad som läser Antal lån per invånare 5,4 5,8 6,0 Delvis
Fler möts Nöjdhet i Nordstan 71 73 75 Delvis
Fler möts Nöjd besökare-index 72 74 75 Delvis
"""


def test_a_goal_and_its_indicator_on_one_line_are_told_apart_or_the_row_is_unread():
    said = read_pages(text_pages(ON_ONE_LINE.encode()), city=None, name="handling.txt")
    names = [one.name for one in said.indicators]
    assert names == ["Antal lån per invånare", "Nöjd besökare-index"]
    assert any("Nordstan" in left.text for left in said.unread)
