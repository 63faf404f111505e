"""Swedish numbers: whatever is written for a value is read as that value, or not at all."""

from decimal import Decimal

import pytest
from babel.numbers import format_decimal
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.readers.numbers import figure, row_values, unit_in

VALUES = [
    ("78,5", "78.5", 1),
    ("-340,5", "-340.5", 1),
    ("−340,5", "-340.5", 1),
    ("- 3", "-3", 0),
    ("–12,25", "-12.25", 2),
    ("+0,9", "0.9", 1),
    ("19 165", "19165", 0),
    ("19\u00a0165", "19165", 0),
    ("1\u202f234\u202f567,8", "1234567.8", 1),
    ("12.5", "12.5", 1),
    ("0", "0", 0),
]


@pytest.mark.parametrize(("written", "value", "decimals"), VALUES)
def test_every_way_of_writing_a_number_is_read(written, value, decimals):
    read = figure(written, unit="mnkr")
    assert (read.written, str(read.value), read.decimals, read.state, read.unit) == (
        written,
        value,
        decimals,
        "read",
        "mnkr",
    )


@pytest.mark.parametrize(
    ("written", "value", "unit"),
    [
        ("2,6%", "2.6", "percent"),
        ("2,6 %", "2.6", "percent"),
        ("3 procent", "3", "percent"),
        ("5 miljoner kronor", "5", "mnkr"),
        ("200 tusen kronor", "200", "tkr"),
        ("1,5 mdkr", "1500.0", "mnkr"),
        ("500 000 kr", "500000", "kr"),
        ("12,4 Mkr", "12.4", "mnkr"),
    ],
)
def test_a_unit_in_the_cell_goes_before_the_units_of_the_column(written, value, unit):
    read = figure(written, unit="headcount")
    assert (str(read.value), read.unit) == (value, unit)


@pytest.mark.parametrize(
    ("written", "low", "high"), [("0-4", 0, 4), ("1–5", 1, 5), ("2 - 3", 2, 3)]
)
def test_an_interval_has_two_ends_and_no_value(written, low, high):
    read = figure(written, unit="headcount")
    assert (read.value, read.low, read.high, read.state) == (None, low, high, "read")


@pytest.mark.parametrize(
    ("written", "state"),
    [
        ("", "blank"),
        ("-", "blank"),
        ("–", "blank"),
        ("Inga", "blank"),
        ("Ej aktuellt", "not_applicable"),
        ("Svårbedömt", "unknown"),
        ("Uppgift saknas", "unknown"),
        ("tolv", "unreadable"),
        ("ca 5", "unreadable"),
        ("1.234", "unreadable"),
        ("(76,7)", "unreadable"),
        ("12,", "unreadable"),
        ("1 23 456", "unreadable"),
        ("9-3", "unreadable"),
    ],
)
def test_what_is_no_certain_number_has_no_value(written, state):
    read = figure(written, unit="tkr")
    assert (read.value, read.low, read.state, read.written) == (None, None, state, written)


def split(text, columns):
    tokens = row_values(text, columns)
    assert all(text[token.start : token.end] == token.written for token in tokens or ())
    return [token.written for token in tokens] if tokens is not None else None


@pytest.mark.parametrize(
    ("text", "columns", "cells"),
    [
        ("19 165   30 000   30 000", 3, ["19 165", "30 000", "30 000"]),
        ("19 165 30 000 30 000", 3, ["19 165", "30 000", "30 000"]),
        ("-340,5 -372,7 32,1", 3, ["-340,5", "-372,7", "32,1"]),
        ("340,5-372,7 32,1", 3, ["340,5", "-372,7", "32,1"]),
        ("1 234,5 1 300,2", 2, ["1 234,5", "1 300,2"]),
        ("212 700 700", 3, ["212", "700", "700"]),
        ("- 3 - 4", 2, ["- 3", "- 4"]),
        ("12 - 14", 3, ["12", "-", "14"]),
        ("78,5 (76,7) 79,4", 3, ["78,5", "(76,7)", "79,4"]),
        ("3,5 % 4,0 %", 2, ["3,5 %", "4,0 %"]),
        ("0-4 0 0", 3, ["0-4", "0", "0"]),
        ("12,0 mnkr 13,5 mnkr", 2, ["12,0 mnkr", "13,5 mnkr"]),
    ],
)
def test_a_row_is_split_by_its_number_of_columns(text, columns, cells):
    assert split(text, columns) == cells


@pytest.mark.parametrize(
    ("text", "columns"),
    [("1 234 567 890", 2), ("100 200 300 400 500", 3), ("12 tolv 13", 3), ("1,5 2,5", 3)],
)
def test_a_row_that_can_be_read_two_ways_or_none_is_not_split(text, columns):
    assert split(text, columns) is None


def test_a_row_of_many_small_numbers_is_answered_at_once():
    assert split(" ".join(["100"] * 39), 20) is None


NUMBERS = st.decimals(-10_000_000, 10_000_000, places=1, allow_nan=False, allow_infinity=False)
SIGNS = st.sampled_from(["-", "−", "–"])
SPACES = st.sampled_from([" ", "\u00a0", "\u202f"])


def swedish(value: Decimal, minus: str, space: str) -> str:
    """Write a number as Babel does for Swedish, with the wanted signs."""
    written = format_decimal(value, format="#,##0.0", locale="sv_SE", decimal_quantization=False)
    return written.replace("\u00a0", space).replace("−", minus).replace("-", minus)


@settings(deadline=None)
@given(NUMBERS, SIGNS, SPACES)
def test_what_babel_writes_in_swedish_is_read_back(value, minus, space):
    assert figure(swedish(value, minus, space), unit=None).value == value


@settings(deadline=None)
@given(st.lists(NUMBERS, min_size=1, max_size=9), SIGNS, SPACES, st.sampled_from([" ", "   "]))
def test_a_row_of_decimals_never_gives_another_value(values, minus, space, gap):
    written = [swedish(value, minus, space) for value in values]
    read = split(gap.join(written), len(values))
    assert read is None or read == written
    if gap == "   ":
        assert read == written


@settings(deadline=None)
@given(st.text(max_size=30))
def test_any_text_gives_a_figure_that_keeps_it(text):
    read = figure(text, unit=None)
    assert read.written == text
    assert (read.state == "read") == (read.value is not None or read.low is not None)


def test_a_heading_names_its_unit_only_where_it_names_one():
    assert unit_in("Belopp i tkr") == "tkr"
    assert unit_in("Resultat (Mkr)") == "mnkr"
    assert unit_in("mnkr och tkr") is None
    assert unit_in("Skriv in") is None
