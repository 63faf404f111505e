"""Which years of a table are a budget, a plan or history, by what its paper plans or reports."""

import pytest

from tasks.readers.grid import Sought
from tasks.readers.column_heads import Head
from tasks.readers.plan_years import titled_plan, with_plan_years

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
