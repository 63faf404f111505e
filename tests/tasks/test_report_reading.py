"""Reports of cities that Samlad has no register for: layouts as they are found, figures invented.

Each specimen is a small report as text extraction leaves it. What can be read with certainty is
read; what can not stays unread with its reason. A wrong value is worse than none.
"""

import pytest

from expectations.contract import Place, Reading
from expectations.register_files import load_city
from tasks.readers.outline import outline
from tasks.readers.pages import Cell, Line, Pages, Table
from tasks.readers.running import read_pages
from tasks.readers.text import text_pages


def read(text: str) -> Reading:
    return read_pages(text_pages(text.encode()), city=None, name="rapport.txt")


def values(reading: Reading) -> dict[str, dict[str, str]]:
    return {
        row.line: {key: str(figure.value) for key, figure in row.columns.items()}
        for row in reading.finance
    }


HEADING = "Delårsrapport augusti 2025\n\n3 Ekonomi\n\n"


def test_thousands_without_wide_gaps_are_split_by_the_columns_of_the_header() -> None:
    reading = read(
        HEADING + "Belopp i tkr Utfall jan-aug 2025 Budget jan-aug 2025 Avvikelse\n"
        "Intäkter 12 450 11 900 550\n"
        "Kostnader -158 720 -161 300 2 580\n"
        "Nettokostnad -146 270 -149 400 3 130\n"
    )
    assert values(reading) == {
        "income": {"outcome": "12450", "budget": "11900", "deviation": "550"},
        "costs": {"outcome": "-158720", "budget": "-161300", "deviation": "2580"},
        "net_cost": {"outcome": "-146270", "budget": "-149400", "deviation": "3130"},
    }
    assert reading.finance[0].columns["outcome"].unit == "tkr"


def test_columns_in_another_order_are_told_by_their_words() -> None:
    reading = read(
        HEADING + "Mkr Budget 2025 Prognos 2025 Avvikelse Utfall jan-aug 2025 Utfall jan-aug 2024\n"
        "Intäkter 40,0 41,5 1,5 27,3 26,1\n"
        "Kostnader −210,0 −214,0 −4,0 −139,8 −135,2\n"
        "Resultat −170,0 −172,5 −2,5 −112,5 −109,1\n"
    )
    assert values(reading)["costs"] == {
        "budget_year": "-210.0",
        "forecast": "-214.0",
        "forecast_deviation": "-4.0",
        "outcome": "-139.8",
        "outcome_prev": "-135.2",
    }


def test_years_that_descend_tell_last_years_outcome() -> None:
    reading = read(
        HEADING + "Mnkr Utfall 2025 Utfall 2024 Budget 2025 Avvikelse\n"
        "Intäkter 8,0 7,5 7,0 1,0\n"
        "Kostnader -20,5 -19,0 -21,0 0,5\n"
        "Resultat -12,5 -11,5 -14,0 1,5\n"
    )
    assert values(reading)["income"] == {
        "outcome": "8.0",
        "outcome_prev": "7.5",
        "budget": "7.0",
        "deviation": "1.0",
    }


def test_three_years_of_outcome_keep_the_oldest_under_its_year() -> None:
    reading = read(
        HEADING + "Mnkr Utfall 2023 Utfall 2024 Utfall 2025\n"
        "Intäkter 7,0 7,5 8,0\nKostnader -18,5 -19,0 -20,5\n"
    )
    assert values(reading)["income"] == {"2023": "7.0", "outcome_prev": "7.5", "outcome": "8.0"}


def test_last_years_period_and_whole_year_are_told_apart() -> None:
    reading = read(
        HEADING + "Mnkr Utfall 2024 Utfall jan-aug 2024 Utfall jan-aug 2025\n"
        "Intäkter 11,0 7,5 8,0\nKostnader -28,5 -19,0 -20,5\n"
    )
    assert values(reading)["income"] == {
        "accounts_prev": "11.0",
        "outcome_prev": "7.5",
        "outcome": "8.0",
    }


@pytest.mark.parametrize(
    ("columns", "keys"),
    [
        ("Budget 2025 Budget 2024 Utfall 2023", ["budget_year", "budget_prev", "2023"]),
        ("Utfall 2023 Budget 2024 Budget 2025", ["2023", "budget_prev", "budget_year"]),
        ("Budget 2024 Budget 2025 Budget 2026", []),
    ],
)
def test_in_a_plan_the_newest_of_two_budgets_is_the_years_own(
    columns: str, keys: list[str]
) -> None:
    reading = read(
        f"Nämndsbudget 2025\n\n3 Ekonomi\n\nMnkr {columns}\n"
        "Kommunbidrag 84,0 80,5 78,0\nKostnader -98,5 -89,0 -90,5\n"
    )
    assert list(values(reading).get("municipal_grant", {})) == keys


def test_what_has_changed_between_two_budgets_is_proved_by_them() -> None:
    reading = read(
        "Nämndsbudget 2025\n\n3 Ekonomi\n\nMnkr Budget 2025 Budget 2024 Förändring\n"
        "Kommunbidrag 84,0 80,5 3,5\nKostnader -98,5 -89,0 -9,5\n"
    )
    assert values(reading)["costs"] == {
        "budget_year": "-98.5",
        "budget_prev": "-89.0",
        "change": "-9.5",
    }


def test_two_columns_that_could_be_the_same_leave_the_table_unread() -> None:
    reading = read(
        HEADING + "Mnkr Utfall Utfall Budget\nIntäkter 8,0 7,5 7,0\nKostnader -20,5 -19,0 -21,0\n"
    )
    assert reading.finance == ()
    assert any("samma rubrik" in unread.why for unread in reading.unread)


def test_the_accounts_of_the_newest_year_are_the_outcome() -> None:
    reading = read(
        "Årsrapport 2025\n\n3 Ekonomi\n\nMkr Bokslut 2024 Budget 2025 Bokslut 2025 Avvikelse\n"
        "Intäkter 11,0 10,0 12,0 2,0\nKostnader -30,4 -31,0 -30,0 1,0\n"
    )
    assert values(reading)["costs"] == {
        "accounts_prev": "-30.4",
        "budget": "-31.0",
        "outcome": "-30.0",
        "deviation": "1.0",
    }


def test_a_header_under_its_periods_is_read_column_by_column() -> None:
    reading = read(
        HEADING + "Belopp i tkr          Utfall     Budget     Avvikelse   Utfall\n"
        "                      jan-aug    jan-aug                jan-aug\n"
        "                      2025       2025                   2024\n"
        "Intäkter               4 210      4 000         210      3 900\n"
        "Kostnader            -18 650    -19 100         450    -17 800\n"
        "Resultat             -14 440    -15 100         660    -13 900\n"
    )
    assert values(reading)["costs"] == {
        "outcome": "-18650",
        "budget": "-19100",
        "deviation": "450",
        "outcome_prev": "-17800",
    }


def test_the_table_goes_on_over_the_page_with_its_header_repeated() -> None:
    reading = read(
        HEADING + "Mnkr Utfall Budget Avvikelse\n"
        "Intäkter 10,0 9,0 1,0\n"
        "Kostnader -30,0 -31,0 1,0\n"
        "\n"
        "Delårsrapport augusti 2025, Fritidsnämnden 7 (26)\n"
        "\n"
        "Mnkr Utfall Budget Avvikelse\n"
        "Kommunbidrag 22,0 22,0 0,0\n"
        "Resultat 2,0 0,0 2,0\n"
    )
    assert list(values(reading)) == ["income", "costs", "municipal_grant", "result"]
    assert {row.table for row in reading.finance} == {None}


def test_a_label_split_over_two_lines_is_put_together() -> None:
    reading = read(
        HEADING + "Mnkr Utfall Budget Avvikelse\n"
        "Verksamhetens\n"
        "intäkter 10,0 9,0 1,0\n"
        "Verksamhetens kostnader -30,0 -31,0 1,0\n"
    )
    assert [row.label for row in reading.finance] == [
        "Verksamhetens intäkter",
        "Verksamhetens kostnader",
    ]


def test_every_dash_is_a_minus_and_a_lone_dash_is_blank() -> None:
    reading = read(
        HEADING + "Mnkr Utfall Budget Avvikelse\n"
        "Intäkter 10,0 – 10,0\n"
        "Kostnader - 30,0 −31,0 1,0\n"
        "Resultat –20,0 −31,0 +11,0\n"
    )
    read_ = values(reading)
    assert read_["costs"]["outcome"] == "-30.0"
    assert read_["result"] == {"outcome": "-20.0", "budget": "-31.0", "deviation": "11.0"}
    assert reading.finance[0].columns["budget"].state == "blank"


def test_a_blank_middle_cell_is_placed_by_its_column_or_left_unread() -> None:
    wide = read(
        HEADING + "Belopp i tkr       Utfall     Budget    Avvikelse\n"
        "Intäkter            4 210      4 000         210\n"
        "Kostnader         -18 650    -19 100         450\n"
        "Bidrag                 60                     60\n"
    )
    blank = {"outcome": "60", "budget": "None", "deviation": "60"}
    assert values(wide)["grants_received"] == blank
    narrow = read(
        HEADING + "Tkr Utfall Budget Avvikelse\n"
        "Intäkter 4 210 4 000 210\n"
        "Kostnader -18 650 -19 100 450\n"
        "Bidrag 60 60\n"
    )
    assert "grants_received" not in values(narrow)
    assert any("Bidrag" in unread.text for unread in narrow.unread)


def test_last_year_in_parentheses_is_the_column_that_the_header_says() -> None:
    reading = read(
        HEADING + "Mnkr Utfall (fg år) Budget Avvikelse\n"
        "Intäkter 10,0 (9,5) 9,0 1,0\n"
        "Kostnader -30,0 (-28,5) -31,0 1,0\n"
    )
    assert values(reading)["costs"] == {
        "outcome": "-30.0",
        "outcome_prev": "-28.5",
        "budget": "-31.0",
        "deviation": "1.0",
    }


def test_a_deviation_that_contradicts_its_columns_leaves_the_table_unread() -> None:
    reading = read(
        HEADING + "Mnkr Utfall Budget Avvikelse\n"
        "Intäkter 1,0 10,0 9,0\n"
        "Kostnader 2,0 -30,0 -31,0\n"
        "Resultat 3,0 -20,0 -22,0\n"
    )
    assert reading.finance == ()
    assert any("Avvikelsen" in unread.why for unread in reading.unread)


def test_a_misprint_in_one_row_does_not_cost_the_table() -> None:
    reading = read(
        HEADING + "Mnkr Utfall Budget Avvikelse\n"
        "Intäkter 10,0 9,0 1,0\n"
        "Kostnader -30,0 -31,0 1,0\n"
        "Kommunbidrag 22,0 22,0 0,0\n"
        "Resultat 2,0 0,0 20,0\n"
    )
    assert values(reading)["result"]["deviation"] == "20.0"


def test_a_lone_budget_beside_outcome_and_forecast_is_told_by_the_deviation() -> None:
    reading = read(
        HEADING + "Tkr Utfall Prognos Budget Avvikelse\n"
        "Intäkter 4 210 6 100 6 000 100\n"
        "Kostnader -18 650 -28 900 -28 000 -900\n"
    )
    assert values(reading)["costs"] == {
        "outcome": "-18650",
        "forecast": "-28900",
        "budget_year": "-28000",
        "forecast_deviation": "-900",
    }


def test_a_lone_budget_that_lies_by_the_forecast_is_the_years() -> None:
    reading = read(
        HEADING + "Tkr Utfall Prognos Budget\n"
        "Intäkter 4 210 6 100 6 000\n"
        "Kostnader -18 650 -28 900 -28 000\n"
    )
    assert values(reading)["income"]["budget_year"] == "6000"


def test_an_unclear_column_is_left_out_and_the_others_are_read() -> None:
    reading = read(
        HEADING + "Tkr Utfall Prognos Budget\n"
        "Intäkter 4 210 6 100 6 000\n"
        "Kostnader -18 650 -28 900 -19 000\n"
    )
    assert values(reading)["income"] == {"outcome": "4210", "forecast": "6100"}
    assert any("kolumnen" in unread.why for unread in reading.unread)


def test_a_column_of_an_unknown_word_stays_open_where_the_differences_prove_the_others() -> None:
    reading = read(
        HEADING + "Tkr Utfall Fiktivt Budget Avvikelse\n"
        "Intäkter 4 210 17 4 000 210\n"
        "Kostnader -18 650 17 -19 100 450\n"
    )
    assert values(reading)["income"] == {"outcome": "4210", "budget": "4000", "deviation": "210"}
    assert [left.text for left in reading.unread] == ["17", "17"]


def test_an_unknown_header_word_leaves_the_rows_unread_where_nothing_proves_the_others() -> None:
    reading = read(
        HEADING + "Tkr Utfall Fiktivt Budget Avvikelse\n"
        "Intäkter 4 210 17 4 000 999\n"
        "Kostnader -18 650 17 -19 100 888\n"
    )
    assert reading.finance == ()
    assert len(reading.unread) == 2


def test_rows_that_no_section_asks_for_are_unread_one_by_one_and_sentences_stay() -> None:
    said = (
        "Verksamheten har haft 45 platser i bruk\noch 3 400 besök under våren, mot 3 100 i fjol.\n"
    )
    cells = "Antal turer\n\n40\n\n30\n\nAntal samtal\n\n12 400\n\n11 300\n"
    singles = "Sorterat avfall 450 ton\nMötesrum 56\nCyklar 23\nTeckenspråkstolkar 7\n"
    reading = read(f"{HEADING}{said}\n4 Volymer\n\n{cells}\n{said}\n5 Annat\n\n{singles}")
    assert [(one.place.line, one.text) for one in reading.unread] == [
        (10, "Antal turer 40 30"),
        (16, "Antal samtal 12 400 11 300"),
        (28, "Mötesrum 56"),
        (29, "Cyklar 23"),
        (30, "Teckenspråkstolkar 7"),
    ]
    assert all("rubriker" in one.why for one in reading.unread)
    assert [one.text.text.split()[0] for one in reading.narratives][:2] == ["Verksamheten"] * 2
    assert reading.coverage < 1


def test_lines_of_dashes_and_numbers_without_end_are_no_fault_of_the_reader() -> None:
    reading = read(
        HEADING
        + "–\n–\n–\n\nHej då.\n\n4 Mer\n\n"
        + "9" * 6000
        + "\n-\n3\n" * 3
        + "100 " * 28
        + "x"
    )
    assert not any(one.text in ("–", "-") for one in reading.unread)


def test_a_memo_on_how_assignments_stand_is_their_report_and_who_decides_is_no_clause() -> None:
    rows = "".join(f"{n} Utreda plats {n}\nKF 2024-06-1{n}\nPågår\n\n" for n in range(1, 5))
    reading = read(
        "Tjänsteskrivelse\n2025-09-08\nDnr: KFN 2025/0062\n\nUppföljning av uppdrag, september"
        " 2025\n\nFörslag till beslut\n\nKultur- och fritidsnämnden beslutar att\n"
        "1. godkänna uppföljningen av uppdrag, samt\n2. överlämna den till kommunstyrelsen.\n\n"
        f"Uppdrag från fullmäktige\n\nUppdrag Beslut Status\n{rows}"
    )
    assert reading.document.kind == "assignment_report"
    assert [one.ordinal for one in reading.decisions] == ["1", "2"]
    assert {one.organ for one in reading.decisions} == {"kultur- och fritidsnämnden"}


def test_a_goals_verdict_may_stand_under_its_own_label_below_a_marked_title() -> None:
    told = [("Mål", 1), ("En meningsfull fritid", 2), ("Bedömning av målet", None)]
    told += [("På väg att uppnås i hög grad", None), ("Besöken har ökat.", None)]
    lines = [Line(text, at, heading=level) for at, (text, level) in enumerate(told, start=1)]
    assert [part.title for part in outline(Pages(tuple(lines))).sections][-1] == told[1][0]


def test_the_number_of_an_account_above_its_wrapped_name_is_part_of_the_label() -> None:
    reading = read(
        HEADING + "Verksamhet, tkr Budget Utfall Avvikelse\n\n4010 Förskola 900 800 100\n\n"
        "4020 \nPedagogisk \nomsorg\n\n8 120 7 518 602\n\nSumma 9 020 8 318 702\n"
    )
    assert [row.label for row in reading.finance][1] == "4020 Pedagogisk omsorg"


def test_costs_without_minus_still_agree_with_their_deviation() -> None:
    reading = read(
        HEADING + "Tkr Budget Utfall Avvikelse\n"
        "Intäkter 4 000 4 210 210\n"
        "Kostnader 19 100 18 650 450\n"
        "Nettokostnader 15 100 14 440 660\n"
    )
    assert values(reading)["costs"] == {"budget": "19100", "outcome": "18650", "deviation": "450"}


def test_an_investment_table_is_not_the_result() -> None:
    reading = read(
        HEADING + "3.1 Driftbudget\n\nTkr Utfall Budget Avvikelse\n"
        "Intäkter 4 210 4 000 210\n"
        "Kostnader -18 650 -19 100 450\n"
        "\n3.2 Investeringar\n\nTkr Budget helår Prognos helår Avvikelse\n"
        "Ny ridbana -2 000 -1 900 100\n"
        "Kostnader totalt -2 500 -2 600 -100\n"
    )
    assert [row.line for row in reading.finance] == ["income", "costs"]
    assert [project.name for project in reading.investments] == ["Ny ridbana", "Kostnader totalt"]
    assert str(reading.investments[0].columns["budget_year"].value) == "-2000"


def test_a_header_that_has_run_into_its_first_row_is_still_a_header() -> None:
    reading = read(
        HEADING + "Mnkr Utfall Budget Avvikelse Intäkter 10,0 9,0 1,0\nKostnader -30,0 -31,0 1,0\n"
    )
    assert values(reading)["income"] == {"outcome": "10.0", "budget": "9.0", "deviation": "1.0"}


def test_blank_lines_between_all_rows_and_the_header_change_nothing() -> None:
    reading = read(
        HEADING + "Belopp i mnkr\n\nUtfall Budget Avvikelse\n\n"
        "Intäkter 10,0 9,0 1,0\n\nKostnader -30,0 -31,0 1,0\n\n"
        "Kommuninterna bidrag\n\n22,0 22,0 0,0\n"
    )
    assert list(values(reading)) == ["income", "costs", "internal_grants"]


def test_half_a_header_is_no_header() -> None:
    reading = read(
        HEADING
        + "Aktuell fiktiv Prognos\nBokslut Budget\nIntäkter 10,0 9,0\nKostnader -30,0 -31,0\n"
    )
    assert reading.finance == ()
    assert len(reading.unread) == 2


# --- staff ---------------------------------------------------------------------------------------


def staff(reading: Reading) -> list[tuple[str, str | None, dict[str, str]]]:
    return [
        (row.metric, row.scope, {key: f.written for key, f in row.columns.items()})
        for row in reading.staff
    ]


PEOPLE = "Delårsrapport augusti 2025\n\n4 Personal\n\n"


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


def table(rows: list[list[str]], first_line: int = 3) -> Table:
    cells = [
        tuple(
            Cell(text, Place(page=1, line=first_line + number, columns=(1 + 9 * at, 8 + 9 * at)))
            for at, text in enumerate(row)
        )
        for number, row in enumerate(rows)
    ]
    return Table(tuple(cells), after=2)


def with_table(rows: list[list[str]]) -> Reading:
    shown = ["Delårsrapport augusti 2025", "3 Ekonomi", *("\t".join(row) for row in rows)]
    lines = tuple(Line(text, number, 1) for number, text in enumerate(shown, start=1))
    return read_pages(Pages(lines, (table(rows),)), city=None, name="rapport.docx")


ROWS = [
    ["Belopp i tkr", "Utfall", "Budget", "Avvik-\nelse", "Utfall\nfg år"],
    ["Intäkter", "4 210", "4 000", "210", "3 900"],
    ["Kostnader", "-18 650", "-19 100", "450", ""],
    ["Belopp i tkr", "Utfall", "Budget", "Avvik-\nelse", "Utfall\nfg år"],
    ["Resultat", "-14 440", "-15 100", "660", "Ej aktuellt"],
]


def test_a_real_table_is_read_once_with_the_place_of_every_cell() -> None:
    reading = with_table(ROWS)
    assert [row.line for row in reading.finance] == ["income", "costs", "result"]
    costs = reading.finance[1].columns
    assert (costs["deviation"].value, costs["outcome_prev"].state) == (450, "blank")
    assert reading.finance[2].columns["outcome_prev"].state == "not_applicable"
    assert costs["outcome"].place == Place(page=1, line=5, columns=(10, 17))


def test_a_real_table_with_an_unknown_column_keeps_the_known_ones() -> None:
    rows = [[*row, "x"] for row in ROWS]
    rows[0][-1] = rows[3][-1] = "Kommentar"
    reading = with_table(rows)
    assert set(reading.finance[0].columns) == {"outcome", "budget", "deviation", "outcome_prev"}


# --- goals, assignments, decisions ---------------------------------------------------------------


def goals(reading: Reading) -> list[tuple[str, str | None]]:
    return [(g.title, g.assessment.written if g.assessment else None) for g in reading.goals]


GOALS = "Delårsrapport augusti 2025\n\n2 Uppföljning av kommunfullmäktiges mål\n\n"


def test_a_labelled_verdict_is_the_goals_verdict() -> None:
    reading = read(
        GOALS + "2.1 Alla barn ska kunna simma\nBedömning: Delvis uppfyllt\n"
        "Simskolan har fått fler platser.\n\n"
        "2.2 Parkerna ska vara trygga\nMåluppfyllelse: God\nBelysningen är utbytt.\n"
    )
    assert goals(reading) == [
        ("Alla barn ska kunna simma", "Delvis uppfyllt"),
        ("Parkerna ska vara trygga", "God"),
    ]


def test_a_verdict_in_a_sentence_keeps_its_not() -> None:
    reading = read(
        GOALS + "2.1 Alla barn ska kunna simma\n"
        "Nämnden har inte nått målet men är på rätt väg. Arbetet går vidare.\n\n"
        "2.2 Parkerna ska vara trygga\n"
        "Bedömningen är att målet kommer inte att uppnås under året.\n"
    )
    assert goals(reading) == [
        ("Alla barn ska kunna simma", "inte nått målet men är på rätt väg"),
        ("Parkerna ska vara trygga", "målet kommer inte att uppnås"),
    ]


def test_verdicts_that_differ_and_verdicts_of_the_whole_city_are_not_taken() -> None:
    reading = read(
        GOALS + "2.1 Alla barn ska kunna simma\n"
        "Delmålet är delvis uppnått. Det andra målet är uppfyllt.\n\n"
        "2.2 Parkerna ska vara trygga\n"
        "I kommunen som helhet är målet delvis uppfyllt.\n"
    )
    assert goals(reading) == [
        ("Alla barn ska kunna simma", None),
        ("Parkerna ska vara trygga", None),
    ]


def test_a_heading_that_says_it_is_a_goal_is_one() -> None:
    reading = read(
        "Delårsrapport augusti 2025\n\nNämndmål 2: Fler ska cykla till arbetet\n\n"
        "Målet bedöms vara uppfyllt. Cykelbanorna är klara.\n"
    )
    (goal,) = reading.goals
    assert (goal.title, goal.level) == ("Fler ska cykla till arbetet", "board")
    assert goal.assessment is not None
    assert goal.assessment.written == "Målet bedöms vara uppfyllt"


def test_a_long_goal_over_two_lines_and_its_prognosis_are_a_heading_and_its_verdict() -> None:
    title = "Alla barn i kommunen ska ha nära till en plats där de kan läsa, spela och"
    reading = read(
        f"Delårsrapport augusti 2025\n\n{title}\nträffa andra barn\n\n"
        "Målet bedöms delvis uppnås under året.\n\nTvå platser har öppnat.\n\n"
        "Nämndmål: Ekonomin är i balans\n\nPrognos för målet: Nås inte\n\nText om målet.\n"
    )
    assert goals(reading) == [
        (f"{title} träffa andra barn", "Målet bedöms delvis uppnås"),
        ("Ekonomin är i balans", "Nås inte"),
    ]


def test_a_question_is_a_label_and_no_verdict() -> None:
    reading = read(
        "Delårsrapport augusti 2025\n\n2 Mål\n\nText om målen.\n\n"
        "2.1 Fler elever klarar skolan\n\nBedöms målet nås? Delvis\n\nLovskolan är full.\n\n"
        "2.2 Skolan är trygg\n\nKommer målet att nås? Nej\n\nKlottret har ökat.\n\n"
        "2.3 Maten är god\n\nFrågan är om målet nås? Det vet ingen.\n"
    )
    assert goals(reading) == [
        ("Fler elever klarar skolan", "Delvis"),
        ("Skolan är trygg", "Nej"),
        ("Maten är god", None),
    ]


def test_a_verdict_may_stand_in_the_goals_own_heading() -> None:
    reading = read(
        "Delårsrapport augusti 2025\n\nNämndens mål\n\nText om målen.\n\n"
        "Mål 1. Fler ska cykla (delvis uppfyllt)\n\nCykelbanorna är klara.\n\n"
        "Mål 2. Gatorna är rena – ej uppfyllt\n\nKlottret har ökat.\n"
    )
    assert goals(reading) == [
        ("Fler ska cykla", "delvis uppfyllt"),
        ("Gatorna är rena", "ej uppfyllt"),
    ]


TWO_GOALS = (
    ("Inriktningsmål Nämndmål Bedömning\n\nEn grön stad Fler åker buss Uppnås\n\n"
     "En grön stad Färre kör bil Uppnås ej\n"),
    ("Inriktningsmål Resultatmål Målnivå\n2025\n\nUtfall\n2025\n\nMåluppfyllelse\n\n"
     "En grön stad Fler åker buss 7 veckor 6 veckor Uppnås\n\n"
     "En grön stad Färre kör bil\n\n75 % 71 % Uppnås ej\n"),
)  # fmt: skip


@pytest.mark.parametrize("table", TWO_GOALS)
def test_of_two_columns_of_goals_the_one_by_the_verdict_has_it(table) -> None:
    reading = read(f"Delårsrapport augusti 2025\n\nMåluppfyllelse\n\nText om målen.\n\n{table}")
    assert goals(reading) == [("Fler åker buss", "Uppnås"), ("Färre kör bil", "Uppnås ej")]


def test_the_heading_of_a_goal_chapter_is_no_column_of_the_table_below_it() -> None:
    reading = read(
        "Delårsrapport augusti 2025\n\nInriktningsmål\n\nMål Indikator Utfall 2024 Prognos\n\n"
        "Gatorna är rena Andel nöjda, % 87 Uppnås\n\nFler åker buss Antal resor 52 Uppnås ej\n"
    )
    assert {title for title, _ in goals(reading)} <= {"Gatorna är rena", "Fler åker buss"}


def test_goals_in_a_table_keep_an_icon_that_vanished_as_unknown() -> None:
    reading = with_table(
        [
            ["Mål", "Bedömning", "Kommentar"],
            ["Alla barn ska kunna simma", "Ej uppfyllt", "Hallen är stängd."],
            ["Parkerna ska vara trygga", "", "Ny belysning."],
        ]
    )
    assert goals(reading) == [
        ("Alla barn ska kunna simma", "Ej uppfyllt"),
        ("Parkerna ska vara trygga", None),
    ]


def test_assignments_in_a_list_have_case_number_status_and_due() -> None:
    reading = read(
        "Delårsrapport augusti 2025\n\n5 Uppdrag från kommunfullmäktige\n\n"
        "1. Fritidsnämnden får i uppdrag att utreda en ny ridbana, KF 2025-03-24 § 41, "
        "KS 2025/00123\n\nStatus: Pågår\nUtredningen återrapporteras i mars 2026.\n\n"
        "2. Fritidsnämnden får i uppdrag att se över taxorna, FRI-2024-77\n\n"
        "Status: Genomfört\nTaxorna beslutades i juni.\n"
    )
    first, second = reading.assignments
    assert (first.case_number, second.case_number) == ("KS 2025/00123", "FRI-2024-77")
    assert first.decision is not None
    assert (first.decision.organ, first.decision.paragraph) == ("KF", "41")
    assert first.status is not None
    assert (first.status.written, first.status.code) == ("Pågår", "ongoing")
    assert second.status is not None
    assert second.status.code == "fulfilled"
    assert first.due is not None
    assert str(first.due.earliest) == "2026-03-01"
    assert second.due is None


def test_assignments_in_a_table_are_read_by_their_headings() -> None:
    reading = with_table(
        [
            ["Uppdrag", "Diarienummer", "Status", "Klart senast", "Kommentar"],
            ["Utreda en ny ridbana", "KS 2025/00123", "Pågår", "mars 2026", "Platsen är vald."],
            ["Se över taxorna", "", "Vilar", "", ""],
        ]
    )
    first, second = reading.assignments
    assert (first.text, first.case_number) == ("Utreda en ny ridbana", "KS 2025/00123")
    assert first.due is not None
    assert str(first.due.latest) == "2026-03-31"
    assert second.status is not None
    assert (second.status.written, second.status.code, second.case_number) == (
        "Vilar",
        None,
        None,
    )


def test_a_boards_own_decision_and_who_answers_are_no_part_of_the_assignment() -> None:
    reading = read(
        "Delårsrapport augusti 2025\n\nUppdrag\n\nText om uppdragen.\n\n"
        "Uppdrag Beslut Ansvarig Slutdatum Status\n\n"
        "Se över reglerna KFN 2025-01-27 §\n6\n\nKulturchefen 2025-11-30 Pågår med avvikelse\n\n"
        "Öppna ett bibliotek Mål och budget 2025 Kulturchefen 2025-12-31 Ej påbörjat\n"
    )
    assert [(a.text, a.status.written, str(a.due.latest)) for a in reading.assignments] == [
        ("Se över reglerna", "Pågår med avvikelse", "2025-11-30"),
        ("Öppna ett bibliotek", "Ej påbörjat", "2025-12-31"),
    ]
    first, second = (a.decision for a in reading.assignments)
    assert (first.organ, first.paragraph, second.budget_year) == ("KFN", "6", 2025)


def test_an_assignment_under_a_heading_of_its_own() -> None:
    reading = read(
        "Delårsrapport 2025-08-31\n\n4 Uppdrag från kommunfullmäktige\n\n"
        "4.1 Utreda en familjecentral, KS/2024:123\n"
        "Status: Pågår. Redovisas i december 2025.\n"
    )
    (item,) = reading.assignments
    assert (item.text, item.case_number) == ("Utreda en familjecentral", "KS/2024:123")
    assert item.status is not None
    assert (item.status.written, item.status.code) == ("Pågår", "ongoing")
    assert item.due is not None
    assert str(item.due.latest) == "2025-12-31"
    assert reading.document.meetings == ()


def test_clauses_without_numbers_have_the_organ_that_decides() -> None:
    reading = read(
        "Tjänsteskrivelse\nDelårsrapport augusti 2025\n\nFörslag till beslut\n\n"
        "Fritidsnämnden beslutar att\n\natt godkänna delårsrapporten.\n\n"
        "att överlämna den till kommunstyrelsen.\n\nSammanfattning\n\nText om året.\n"
    )
    assert [(c.organ, c.text, c.complete) for c in reading.decisions] == [
        ("fritidsnämnden", "att godkänna delårsrapporten.", True),
        ("fritidsnämnden", "att överlämna den till kommunstyrelsen.", True),
    ]


def test_a_clause_that_breaks_off_is_not_complete() -> None:
    reading = read(
        "Delårsrapport augusti 2025\n\nFörslag till beslut\n\n"
        "1. Delårsrapporten godkänns.\n\n2. Uppdraget om ridbanan, KS 2025/00123, förklaras\n\n"
        "Ärendet\n\nHär står mer.\n"
    )
    assert [(c.ordinal, c.complete) for c in reading.decisions] == [("1", True), ("2", False)]
    assert reading.decisions[1].case_numbers == ("KS 2025/00123",)


# --- what a document is --------------------------------------------------------------------------

TITLES = [
    ("Delårsrapport augusti 2025", "interim_report", "2025-08"),
    ("Delårsrapport per 31 augusti 2025", "interim_report", "2025-08"),
    ("Delårsrapport januari–augusti 2025", "interim_report", "2025-08"),
    ("Delårsrapport 2025-08-31", "interim_report", "2025-08"),
    ("Tertialrapport 2 2025", "interim_report", "2025-08"),
    ("Tertialrapport 1, 2025", "interim_report", "2025-04"),
    ("Uppföljningsrapport mars 2025", "interim_report", "2025-03"),
    ("Årsrapport 2025", "annual_report", "2025-12"),
    ("Delårsrapport 2025", "interim_report", None),
    ("Delårsrapport 2025\nper den 31 augusti 2025", "interim_report", "2025-08"),
    ("Uppföljning T2 2025", "interim_report", "2025-08"),
    ("Uppföljning april 2025", "interim_report", "2025-04"),
    ("Kvartalsrapport 3 2025", "interim_report", "2025-09"),
    ("Verksamhetsberättelse\nBarn- och utbildningsnämnden\n2024", "annual_report", "2024-12"),
    ("Bokslut 2024", "annual_report", "2024-12"),
]


@pytest.mark.parametrize(("title", "kind", "round_"), TITLES)
def test_kind_and_round_are_read_from_the_title(title, kind, round_) -> None:
    document = read(f"{title}\nFritidsnämnden\n\n1 Inledning\nText om året som gick.\n").document
    assert (document.kind, document.round) == (kind, round_)
    assert document.reasons


def test_a_document_of_another_city_is_said_to_be_and_gets_no_board_of_this_one() -> None:
    text = (
        "Delårsrapport augusti 2025\nKommunstyrelsen, Malmö stad\n\n1 Inledning\n"
        "Malmö växer. Stadskontoret i Malmö har följt malmöborna.\n"
    )
    pages = text_pages(text.encode())
    document = read_pages(pages, city=load_city("goteborg"), name="x.txt").document
    assert (document.city, document.board, document.administration) == ("malmo", None, None)


def test_a_text_without_kind_is_unknown_and_nothing_of_it_is_lost() -> None:
    reading = read("Hej!\n\nHär kommer en hälsning från oss.\n")
    assert reading.document.kind == "unknown"
    assert [unread.text for unread in reading.unread] == [
        "Hej!",
        "Här kommer en hälsning från oss.",
    ]
    assert reading.coverage == 0


def test_an_empty_text_is_read_as_nothing() -> None:
    reading = read("")
    assert (reading.document.kind, reading.unread, reading.coverage) == ("unknown", (), 0)
