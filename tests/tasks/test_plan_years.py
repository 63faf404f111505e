"""Which years of a table are a budget, a plan or history, by what its paper plans or reports."""

import pytest
from reading_texts import table

from expectations.contract import Reading
from tasks.readers.column_heads import Head
from tasks.readers.grid import Sought
from tasks.readers.pages import Line, Pages
from tasks.readers.plan_years import titled_plan, with_plan_years
from tasks.readers.running import read_pages
from tasks.readers.text import text_pages

YEARS = ("2025", "2026", "2027")


def keys(title, kinds=("", "", ""), *, year=None, planned=None):
    """Return kind and year of each head once years to come are told."""
    sought = Sought(lambda *_: True, lambda _: True, year=year, planned=planned, money=True)
    columns = [Head(kind, year=at) for kind, at in zip(kinds, YEARS, strict=True)]
    found = with_plan_years(title, columns, sought)
    return found and [(head.kind, head.year) for head in found]


def test_in_a_paper_that_plans_the_first_year_is_the_budgets_and_later_ones_the_plans():
    own = [("budget", None), ("plan_year", "2026"), ("plan_year", "2027")]
    assert keys("Investeringar", planned=2025) == own
    assert keys("Investeringar", ("budget", "plan", "plan"), planned=2025)[1:] == own[1:]


def test_a_year_before_the_planned_one_stays_open_beside_it():
    assert keys("Ram", planned=2026) == [
        ("open", "2025"),
        ("budget", None),
        ("plan_year", "2027"),
    ]


def test_years_behind_that_of_a_report_are_plans_and_those_before_are_history():
    assert keys("Investeringar", year=2025)[0] == ("open", "2025")
    assert keys("Investeringar", year=2025)[1:] == [("plan_year", "2026"), ("plan_year", "2027")]
    assert keys("Investeringar", year=2027) == [("", year) for year in YEARS]


def test_years_over_projects_stay_unread_where_nothing_tells_what_they_are():
    assert keys("Investeringar per projekt") is None
    assert keys("Resultaträkning") == [("", year) for year in YEARS]


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("socialnämnden – budget 2025", 2025),
        ("tekniska nämnden budget 2026 med plan 2027–2028", 2026),
        ("internbudget 2026", 2026),
        ("verksamhetsplan för 2027", 2027),
        ("uppföljning av budget 2025", None),
        ("utfall 2024 budget 2025", None),
    ],
)
def test_the_title_of_a_plan_names_its_first_year(title, year):
    assert titled_plan(title) == year


def read(text: str) -> Reading:
    return read_pages(text_pages(text.encode()), city=None, name="plan.txt")


PROJECTS = """Fritidsnämnden
Internbudget 2026

Investeringar 2026–2028

Investering (tkr) 2026 2027 2028

Ishallens maskin 1 600

Omklädningsrum {omkl}

Bokbuss 3 500

Spårbelysning 350 350 350

Totalt 2 350 6 050 350
"""


def test_the_sum_of_a_table_tells_which_years_its_rows_leave_empty() -> None:
    found = read(PROJECTS.format(omkl="400 2 200")).investments
    told = {row.name: {key: f.written for key, f in row.columns.items()} for row in found}
    assert told["Ishallens maskin"] == {"budget_year": "1 600"}
    assert told["Omklädningsrum"] == {"budget_year": "400", "plan_2027": "2 200"}
    assert told["Bokbuss"] == {"plan_2027": "3 500"}


def test_rows_that_may_leave_years_empty_stay_unread_where_no_sum_tells() -> None:
    reading = read(PROJECTS.format(omkl="400 2 300"))
    assert "Omklädningsrum" not in {row.name for row in reading.investments}
    assert "Omklädningsrum 400 2 300" in {one.text for one in reading.unread}


def test_a_span_in_a_tables_first_cell_plans_for_its_years() -> None:
    rows = [
        ["Förändringar 2026–2028", "2026", "2027", "2028"],
        ["Pris- och löneökning", "452", "480", "466"],
        ["Summa ramförändringar", "452", "480", "466"],
    ]
    shown = ["Kulturnämndens ramar (tkr)", "\t".join(rows[0])]
    lines = tuple(Line(text, number, 1) for number, text in enumerate(shown, start=1))
    reading = read_pages(Pages(lines, (table(rows),)), city=None, name="ramar.docx")
    told = [set(line.columns) for line in reading.finance]
    assert told == [{"budget_year", "plan_2027", "plan_2028"}] * 2
