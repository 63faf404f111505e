"""Central figures out of a ledger or a list: whose they are, where they go and from which rows."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples.lindhamn.content import open_model
from examples.lindhamn.ledger import ledger, staff_list
from expectations.central import as_printed, difference, figures_for
from expectations.contract import Figure
from expectations.register_files import load_city
from expectations.registers import LedgerLine, LedgerObject
from tasks.central import read_central
from tasks.readers.sandbox import central_in_child

CITY = load_city("lindhamn")
AUGUST = CITY.round("2026-08")
SMALL = replace(
    CITY,
    ledger_objects=(LedgerObject("1", "100", "199", "socialnamnden"),),
    ledger_lines=(LedgerLine("3000", "3999", "income"), LedgerLine("4000", "7999", "costs")),
)
HEAD = """#FLAGGA 0
#FORMAT PC8
#SIETYP 4
#RAR 0 20260101 20261231
#RAR -1 20250101 20251231
#OMFATTN 20260831
#KONTO 1930 "Checkkonto"
#KONTO 3010 "Avgifter"
#KONTO 5010 "Löner"
#KONTO 9010 "Internt"
#DIM 1 "Ansvar"
#OBJEKT 1 "100" "Socialnämnden"
#OBJEKT 1 "500" "Okänd"
"""


def read(text, city=SMALL):
    return read_central((HEAD + text).encode("cp437"), city, AUGUST)


def slots(reading, board="socialnamnden"):
    return {slot: one.figure.value for slot, one in figures_for(reading.figures, board).items()}


def test_income_gets_a_plus_and_costs_a_minus_and_the_result_is_their_sum():
    found = slots(
        read('#PSALDO 0 202603 3010 {1 "100"} -1000.00\n#PSALDO 0 202604 5010 {1 "100"} 400.25\n')
    )
    assert found == {
        ("finance", "income", "outcome"): Decimal("1000.00"),
        ("finance", "costs", "outcome"): Decimal("-400.25"),
        ("finance", "result", "outcome"): Decimal("599.75"),
    }


def test_months_after_the_period_are_the_years_and_not_the_periods():
    found = slots(
        read(
            '#PBUDGET 0 202608 3010 {1 "100"} -10.00\n#PBUDGET 0 202609 3010 {1 "100"} -5.00\n'
            '#PSALDO 0 202609 3010 {1 "100"} -7.00\n'
        )
    )
    assert found["finance", "income", "budget"] == 10
    assert found["finance", "income", "budget_year"] == 15
    assert ("finance", "income", "outcome") not in found


def test_a_total_and_its_objects_are_not_added_together():
    reading = read('#PSALDO 0 202601 3010 {} -100.00\n#PSALDO 0 202601 3010 {1 "100"} -60.00\n')
    assert slots(reading)["finance", "income", "outcome"] == 60
    assert slots(reading, None) == {("finance", "konto 3010", "outcome"): Decimal("40.00")}


def test_what_the_mapping_gives_to_nobody_is_told_under_no_board():
    reading = read('#PSALDO 0 202601 3010 {1 "500"} -12.00\n')
    assert slots(reading) == {}
    (one,) = reading.figures
    assert (one.board, one.key, one.parts[0].line) == (None, "konto 3010", 14)


def test_a_ledger_that_does_not_reach_the_last_day_says_nothing_of_the_round():
    text = HEAD.replace("20260831", "20260731") + '#PSALDO 0 202601 3010 {1 "100"} -12.00\n'
    reading = read_central(text.encode("cp437"), SMALL, AUGUST)
    assert (reading.covers, reading.figures, reading.faults) == (False, (), ())


def test_last_years_figures_go_to_the_board_that_has_the_object_now():
    reading = read_central(ledger(open_model(CITY), AUGUST), CITY, AUGUST)
    boards = {one.board for one in reading.figures if one.column == "accounts_prev"}
    assert "arbetsmarknads-och-vuxenutbildningsnamnden" in boards
    assert "arbetsmarknadsnamnden" not in boards


@pytest.mark.parametrize("round_id", ["2025-12", "2026-03", "2026-08"])
def test_the_example_citys_ledger_agrees_with_its_boards_but_where_it_is_meant_not_to(round_id):
    model, round_ = open_model(CITY), CITY.round(round_id)
    reading = read_central(ledger(model, round_), CITY, round_)
    apart = set()
    for board in (b for b in CITY.boards_on(round_.period_to) if b.kind == "board"):
        central = figures_for(reading.figures, board.board_id)
        for line in model.economy.table(board, round_):
            for column, said in line.columns.items():
                there = central.get(("finance", line.line, column))
                if there and difference(said, there.figure):
                    apart.add((board.board_id, line.line, column))
    late = {("fastighetsnamnden", "costs", "outcome"), ("fastighetsnamnden", "result", "outcome")}
    assert apart == (late if round_id == "2026-08" else set())


def test_a_central_file_is_read_in_the_limited_child_to_the_same_figures():
    for data in (staff_list(open_model(CITY), AUGUST), HEAD.encode("cp437"), b"\x00\xff;", b""):
        assert central_in_child(data, CITY, AUGUST) == read_central(data, CITY, AUGUST)
    slow = central_in_child(HEAD.encode("cp437"), CITY, AUGUST, wall_seconds=0.0001)
    assert [fault.fault for fault in slow.faults] == ["Filen gick inte att läsa säkert."]


def test_the_staff_list_is_read_with_its_lines():
    reading = read_central(staff_list(open_model(CITY), AUGUST), CITY, AUGUST)
    assert (reading.kind, reading.faults) == ("staff_csv", ())
    first = reading.figures[0]
    assert (first.board, first.key, first.figure.unit, first.figure.place.line) == (
        "kommunstyrelsen",
        "annual_fte",
        "fte",
        2,
    )


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("något annat\n", 1, "varken SIE typ 4"),
        ("board;metric;period\n", 1, "Kolumnen value saknas."),
        ("board;metric;period;value\nSocialnämnden;annual_fte;2026-08;tio\n", 2, "är inget tal"),
        (
            "board;metric;period;value\nNamnlösa;annual_fte;2026-08;10\n",
            2,
            "finns inte i registret",
        ),
        ("board;metric;period;value\nSocialnämnden;skonummer;2026-08;42\n", 2, "är okänt"),
        ("board;metric;period;value\nSocialnämnden;annual_fte;augusti;10\n", 2, "bland omgångarna"),
        (
            "board,line,period,column,value,unit\nsocialnamnden,income,2026-08,outcome,1,euro\n",
            2,
            "Enheten euro är okänd.",
        ),
        (
            "board;metric;period;value\nSN;exits;2026-08;1\nSN;exits;2026-08;2\n",
            3,
            "samma uppgift som en tidigare rad",
        ),
    ],
)
def test_a_list_with_a_fault_is_not_used_and_says_where(text, line, told):
    reading = read_central(text.encode(), CITY, AUGUST)
    assert reading.figures == ()
    assert any(f.line == line and told in f.fault for f in reading.faults), reading.faults


def test_a_ledger_list_keeps_its_unit_and_decimals():
    text = "board,line,period,column,value,unit\nsocialnamnden,income,2026-08,outcome,12.5,mnkr\n"
    (one,) = read_central(text.encode(), CITY, AUGUST).figures
    assert (one.figure.value, one.figure.unit, one.figure.decimals) == (Decimal("12.5"), "mnkr", 1)


# --- holding a board's figure against the central one -------------------------------------------


def money(value, unit, decimals):
    return Figure(str(value), Decimal(value), unit, decimals)


@given(st.integers(-(10**13), 10**13), st.sampled_from([("tkr", 0), ("mnkr", 1), ("mnkr", 0)]))
def test_a_board_that_rounds_what_the_ledger_says_agrees_with_it(ore, printed):
    there = money(Decimal(ore) / 100, "kr", 2)
    assert difference(as_printed(there, *printed), there) == 0


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**6))
def test_a_board_that_is_a_whole_step_off_differs(value, steps):
    said = money(Decimal(value) / 10, "mnkr", 1)
    there = as_printed(replace(said, value=said.value + Decimal(steps) / 10), "kr", 2)
    assert difference(said, there) == -Decimal(steps) / 10


def test_figures_of_different_kinds_are_not_compared():
    assert difference(money(10, "fte", 1), money(10, "kr", 2)) is None
    assert difference(money(10, "fte", 1), money(10, "percent", 1)) is None
    assert difference(Figure("–", state="blank"), money(10, "kr", 2)) is None
