"""Staff tables of cities without a register here: metrics, parts of the staff, and years."""

from reading_texts import PEOPLE, read, staff


def test_staff_under_months_of_two_years() -> None:
    reading = read(
        PEOPLE + "Nyckeltal 2025-08 2024-08\n"
        "Antal anställda 1 234 1 198\n"
        "Antal årsarbetare 1 102,5 1 080,0\n"
        "Total sjukfrånvaro (%) 6,4 6,9\n"
        "Antal cyklar 12 14\n"
    )
    assert staff(reading) == [
        ("employees", None, {"outcome": "1 234", "outcome_prev": "1 198"}),
        ("annual_fte", None, {"outcome": "1 102,5", "outcome_prev": "1 080,0"}),
        ("sick_leave_total", None, {"outcome": "6,4", "outcome_prev": "6,9"}),
    ]
    assert [str(row.columns["outcome"].unit) for row in reading.staff] == [
        "headcount",
        "fte",
        "percent",
    ]
    assert any(unread.text.startswith("Antal cyklar") for unread in reading.unread)


def test_years_that_ascend_put_last_year_first() -> None:
    reading = read(
        PEOPLE + "Mått 2023 2024 2025\nTotal sjukfrånvaro 7,1% 6,9% 6,4%\nAvgångar 12 9 7\n"
    )
    assert staff(reading)[0] == (
        "sick_leave_total",
        None,
        {"2023": "7,1%", "outcome_prev": "6,9%", "outcome": "6,4%"},
    )


def test_a_sentence_on_sick_leave_is_no_staff_figure() -> None:
    reading = read(PEOPLE + "Sjukfrånvaron var 6,4 procent mot 5,9 procent i staden som helhet.\n")
    assert reading.staff == ()


def test_rows_whose_own_head_is_the_sick_leave_are_groups_of_the_staff() -> None:
    rows = "Barnskötare 9,1 9,4\nLärare grundskola 5,0 5,1\nTotalt 6,4 6,7\n"
    head = "Delårsrapport augusti 2025\n\nPersonal\n\n"
    reading = read(f"{head}Sjukfrånvaro, procent Jan–aug 2025 Jan–aug 2024\n{rows}")
    assert [(s.metric, s.scope, str(s.columns["outcome"].value)) for s in reading.staff] == [
        ("sick_leave_total", "Barnskötare", "9.1"),
        ("sick_leave_total", "Lärare grundskola", "5.0"),
        ("sick_leave_total", None, "6.4"),
    ]
    # a word of staff in the title alone says nothing of the rows
    other = read(f"{head}Sjukfrånvaro och volymer\n\nYrkesgrupp Jan–aug 2025 Jan–aug 2024\n{rows}")
    assert other.staff == ()


def test_a_table_of_targets_has_its_staff_figures_and_its_indicators_apart() -> None:
    reading = read(
        "Verksamhetsberättelse 2024\n\nMål\n\nNyckeltal 2023 2024 Mål 2024\n"
        "Sjukfrånvaro (%) 8,6 7,7 7,0\nLegitimerade lärare (%) 46 44 48\n"
    )
    assert [(s.metric, str(s.columns["outcome"].value)) for s in reading.staff] == [
        ("sick_leave_total", "7.7")
    ]
    (one,) = reading.indicators
    assert (one.name, one.unit, str(one.outcomes["2024"].value)) == (
        "Legitimerade lärare (%)", "percent", "44",
    )  # fmt: skip
    assert one.target_year is not None


def test_columns_for_women_and_men_are_rows_of_their_own_and_no_years() -> None:
    reading = read(
        PEOPLE + "Mått Kvinnor Män Totalt\nTotal sjukfrånvaro 7,1 4,9 6,4\nAvgångar 12 9 21\n"
    )
    assert staff(reading)[:3] == [
        ("sick_leave_total", "Kvinnor", {"outcome": "7,1"}),
        ("sick_leave_total", "Män", {"outcome": "4,9"}),
        ("sick_leave_total", None, {"outcome": "6,4"}),
    ]
