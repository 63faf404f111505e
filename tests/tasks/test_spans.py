"""Swedish days and spans in words, with the first and last day that they can mean."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.readers.spans import DAY, MONTHS, due, due_in, one_day

SAID = [
    ("vid årsskiftet 2024/2025", "2024-12-15", "2025-01-15"),
    ("under kvartal 1, 2025", "2025-01-01", "2025-03-31"),
    ("under första kvartalet 2025", "2025-01-01", "2025-03-31"),
    ("kvartal 1–2 2026", "2026-01-01", "2026-06-30"),
    ("Q4 2025", "2025-10-01", "2025-12-31"),
    ("tertial 2 2026", "2026-05-01", "2026-08-31"),
    ("andra halvåret 2026", "2026-07-01", "2026-12-31"),
    ("december 2024", "2024-12-01", "2024-12-31"),
    ("dec 2025", "2025-12-01", "2025-12-31"),
    ("i slutet av februari 2028", "2028-02-01", "2028-02-29"),
    ("under 2025", "2025-01-01", "2025-12-31"),
    ("senast 12 september 2024", "2024-09-12", "2024-09-12"),
    ("den 1:a mars 2026", "2026-03-01", "2026-03-01"),
    ("30 sept. 2026", "2026-09-30", "2026-09-30"),
    ("i årsrapport 2024", "2025-01-01", "2025-04-15"),
    ("våren 2026", "2026-01-01", "2026-06-30"),
    ("HT 2026", "2026-08-01", "2026-12-31"),
    ("2026", "2026-01-01", "2026-12-31"),
    ("2026-03", "2026-03-01", "2026-03-31"),
    ("Plan för åren 2026–2027", "2026-01-01", "2027-12-31"),
    ("2026-01-15 – 2026-06-30", "2026-01-15", "2026-06-30"),
    ("mars–maj 2026", "2026-03-01", "2026-05-31"),
    ("från våren till och med hösten 2026", "2026-01-01", "2026-12-31"),
    ("hösten 2026–våren 2027", "2026-08-01", "2027-06-30"),
    ("hösten–våren 2027", "2026-08-01", "2027-06-30"),
]


@pytest.mark.parametrize(("written", "earliest", "latest"), SAID)
def test_a_span_in_words_gives_its_first_and_last_day(written, earliest, latest):
    found = due(written)

    assert found.written == written
    assert (str(found.earliest), str(found.latest)) == (earliest, latest)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "löpande",
        "snarast möjligt",
        "läsåret 2026/27",
        "vintern 2026",
        "efter årsskiftet 2025",
        "31 juni 2026",
        "2026-13-01",
        "2027-2026",
        "STK-2024-18",
        "i ett särskilt ärende",
    ],
)
def test_words_that_name_no_day_or_could_mean_two_give_none(written):
    assert due(written, today_year=None).earliest is None
    assert due(written, today_year=None).latest is None


def test_a_span_without_a_year_is_read_only_where_the_year_is_given():
    assert due("senast 15 maj").earliest is None
    assert due("senast 15 maj", today_year=2026).latest == date(2026, 5, 15)
    assert due("under hösten i kvartal fyra", today_year=2024).earliest == date(2024, 10, 1)


def test_after_the_turn_of_the_year_has_no_last_day():
    found = due("efter årsskiftet", today_year=2024)

    assert (found.earliest, found.latest) == (date(2025, 1, 1), None)


@pytest.mark.parametrize(
    ("written", "earliest", "latest"),
    [
        ("efter den 12 september 2024", "2024-09-13", None),
        ("före sommaren 2026", None, "2026-05-31"),
        ("innan 1 maj 2026", None, "2026-04-30"),
        ("från och med mars 2026", "2026-03-01", None),
        ("till och med juni 2026", None, "2026-06-30"),
        ("fr.o.m. 2026-02-01", "2026-02-01", None),
    ],
)
def test_before_and_after_leave_one_end_open(written, earliest, latest):
    found = due(written)

    assert str(found.earliest) == str(earliest)
    assert str(found.latest) == str(latest)


def test_a_sentence_gives_only_the_words_that_say_the_day():
    found = due_in("Uppdraget redovisas på nytt under kvartal 3, 2026, i ett eget ärende.")

    assert found.written == "under kvartal 3, 2026"
    assert due_in("Uppdraget redovisas i ett eget ärende.") is None


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_as_itself_in_both_ways_of_writing(day):
    in_words = f"{day.day} {MONTHS[day.month - 1]} {day.year}"

    for written in (day.isoformat(), in_words, f"senast den {in_words}"):
        assert (due(written).earliest, due(written).latest) == (day, day)


@given(st.text(alphabet="kvartl åsepmbri–-/0123456789 ", max_size=40), st.none() | st.just(2026))
def test_no_words_give_a_last_day_before_the_first_or_an_exception(written, year):
    found = due(written, today_year=year)

    assert found.written == written
    if found.earliest and found.latest:
        assert found.earliest <= found.latest


@pytest.mark.parametrize("written", ["2026-02-30", "30 februari 2026", "2026", "31 mars", ""])
def test_what_is_no_day_is_none(written):
    assert one_day(written) is None


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_one_day_is_read_in_both_ways_of_writing(day):
    assert one_day(f" {day.isoformat()} ") == day
    assert one_day(f"{day.day} {MONTHS[day.month - 1].upper()} {day.year}") == day
    assert re.fullmatch(DAY, day.isoformat())
