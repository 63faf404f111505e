"""Cells that text has lost: a row that leaves some empty is told by its differences or its sum."""

from reading_texts import HEADING, read, values, with_table

HEAD = HEADING + "Tkr Utfall jan-aug 2025 Budget jan-aug 2025 Avvikelse Utfall jan-aug 2024\n"


def test_a_row_without_last_year_has_its_numbers_where_their_difference_holds() -> None:
    rows = "Intäkter 4 210 4 000 210 3 900\nKostnader -18 650 -19 100 450 -17 800\n"
    told = values(read(f"{HEAD}{rows}Bidrag 1 348 1 217 131\n"))["grants_received"]
    assert told == {"outcome": "1348", "budget": "1217", "deviation": "131"}
    # which cell is empty is not told where no difference holds
    assert "grants_received" not in values(read(f"{HEAD}{rows}Bidrag 1 348 1 217 144\n"))


def test_a_row_that_leaves_cells_empty_is_told_by_the_sum_below_it() -> None:
    head = HEADING + "Verksamhet, tkr Utfall 2023 Utfall 2024 Budget 2025 Plan 2026\n"
    rows = "Bad 2 100 2 300 2 500 2 600\nIshall 1 700 {}\nSumma 3 800 4 000 2 500 2 600\n"
    told = {row.label: row.columns for row in read(head + rows.format("1 700")).finance}
    assert [str(one.value) for one in told["Ishall"].values() if one.value] == ["1700", "1700"]
    other = read(head + rows.format("1 900"))
    assert "Ishall" not in {row.label for row in other.finance}


def test_brackets_in_a_cell_are_the_minus_of_a_difference_and_not_of_last_year() -> None:
    rows = [
        ["Belopp i tkr", "Utfall", "Budget", "Avvikelse"],
        ["Intäkter", "4 210", "4 000", "210"],
        ["Kostnader", "18 650", "18 100", "(550)"],
    ]
    assert values(with_table(rows))["costs"]["deviation"] == "-550"
    rows = [["Belopp i tkr", "Utfall", "Utfall fg år"], ["Kostnader", "18 650", "(17 800)"]]
    rows.append(["Intäkter", "4 210", "(3 900)"])
    assert values(with_table(rows))["costs"]["outcome_prev"] == "17800"


def test_last_years_brackets_are_no_minus_where_a_difference_has_brackets_too() -> None:
    heads = ["Tkr", "Utfall", "(föregående år)", "Budget", "Avvikelse"]
    amounts = [
        ["Intäkter", "4 100", "(3 900)", "4 000", "100"],
        ["Bidrag", "2 050", "(2 000)", "2 100", "(50)"],
    ]
    pressed = read(HEADING + "\n".join(" ".join(row) for row in [heads, *amounts]) + "\n")
    for told in (values(pressed), values(with_table([heads, *amounts]))):
        assert told["income"]["outcome_prev"] == "3900"
        assert told["grants_received"] == {
            "outcome": "2050",
            "outcome_prev": "2000",
            "budget": "2100",
            "deviation": "-50",
        }
