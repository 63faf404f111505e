"""Personal numbers are found however they are written, told from other numbers, never repeated."""

import pytest

from expectations.personal import (
    has_number,
    name_without_numbers,
    numbers_in,
    without_numbers,
)


@pytest.mark.parametrize(
    "text",
    [
        "811218-9876",
        "19811218-9876",
        "198112189876",
        "8112189876",
        "811218 9876",
        "811218+9876",
        "811218\u20139876",
        "811218 \u2212 9876",
        "19811218\u20119876",
        "Ärendet (811218-9876) är klart.",
        "701063-2391",  # samordningsnummer: the day is 3 plus 60
        "19701063-2391",
    ],
)
def test_a_personal_number_is_found_however_it_is_written(text):
    assert has_number(text)
    assert not has_number(without_numbers(text))
    assert "9876" not in without_numbers(text)


@pytest.mark.parametrize(
    "text",
    [
        "212000-1355",  # organisation number: the month is over 20
        "556677-8899",
        "KS-2026-0107",
        "dnr 2026-08-31 1234",
        "031-365 00 00",
        "0701121234",
        "070-112 12 34",
        "8 112 189 876 kr",
        "811 218 9876",
        "12 345 678,90",
        "811218-9875",  # the check digit does not hold
        "811318-9876",
        "2026-08-31",
        "K-2026-08-31-0007",
        "P-8112189876a",
    ],
)
def test_other_numbers_are_left_alone(text):
    assert not has_number(text)
    assert without_numbers(text) == text


def test_among_what_is_not_known_only_a_dash_or_a_century_counts():
    assert has_number("811218-9876", surely=True)
    assert has_number("198112189876", surely=True)
    assert not has_number("8112189876", surely=True)
    assert not has_number("id-811218-9876", surely=True)


def test_names_that_differ_only_in_their_numbers_stay_two_names():
    one, other = (name_without_numbers(f"brev {n}.pdf") for n in ("811218-9876", "701063-2391"))

    assert one != other
    assert not numbers_in(one + other)
    assert one.endswith(".pdf")
