"""Words that readers hold text against are data: each one of a list does what its list says."""

import itertools
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from expectations.contract import Reading
from expectations.register_files import generic_vocabulary
from tasks.readers.addressees import addressees
from tasks.readers.column_heads import Head
from tasks.readers.goal_tables import OF_CITY
from tasks.readers.grid import Sought
from tasks.readers.header_text import mended
from tasks.readers.label_doubts import half_named
from tasks.readers.labels import without_cuts
from tasks.readers.line_spacing import unspaced
from tasks.readers.outline import outline
from tasks.readers.pages import Line
from tasks.readers.paragraphs import joined
from tasks.readers.plan_years import titled_plan, with_plan_years
from tasks.readers.raw_row import RawRow
from tasks.readers.result_table import line_code, other_table
from tasks.readers.running import read_pages
from tasks.readers.spans import due
from tasks.readers.text import text_pages
from tasks.readers.wording import either, wording

WORDS = generic_vocabulary()
GENERIC = wording(None, date(2025, 8, 31))


def read(text: str) -> Reading:
    return read_pages(text_pages(text.encode()), city=None, name="rapport.txt")


def _lists(table: Any, name: str = "") -> Iterator[tuple[str, list[str]]]:
    for key, told in table.items():
        if isinstance(told, dict):
            yield from _lists(told, f"{name}{key}.")
        elif isinstance(told, list) and all(isinstance(word, str) for word in told):
            yield f"{name}{key}", told


def test_a_list_says_each_word_once() -> None:
    assert [name for name, words in _lists(WORDS) if len(set(words)) < len(words)] == []
    assert [word for _, words in _lists(WORDS) for word in words if word != word.casefold()] == []


def test_of_two_words_the_longer_is_tried_first() -> None:
    assert either("small_words", "articles") == "(?:den|det|ett|de)"


@pytest.mark.parametrize("word", WORDS["small_words"]["open"])
def test_a_title_goes_on_behind_a_word_that_wants_another(word: str) -> None:
    text = f"3.1 Insatser {word}\nLindhamns stad\n\nNämnden har gjort det som var tänkt.\n"
    titles = [section.title for section in outline(text_pages(text.encode())).sections]
    assert f"Insatser {word} Lindhamns stad" in titles


@pytest.mark.parametrize("word", WORDS["small_words"]["open"])
def test_no_word_was_cut_at_a_small_word(word: str) -> None:
    lines = (Line(f"Insatser {word} ", 1), Line("boende", 2))
    assert without_cuts(lines) == [f"Insatser {word}", "boende"]


@pytest.mark.parametrize("word", WORDS["small_words"]["clauses"])
def test_a_clause_goes_on_at_that_behind_a_word_before_one(word: str) -> None:
    asked = f"att uppdra åt chefen att redovisa åtgärder {word}\natt nå målen"
    text = f"Tjänsteskrivelse\n\nFörslag till beslut\n\natt godkänna rapporten\n\n{asked}\n"
    told = [clause.text for clause in read(text).decisions]
    assert told == ["att godkänna rapporten", asked.replace("\n", " ")]


def test_each_label_below_an_assignment_says_what_stands_behind_it() -> None:
    said = {
        "account": "Arbetet har kommit en god bit på väg.",
        "case": "KS-2025-00123",
        "decision": "KF 2024-06-17 § 98",
        "status": "Pågår",
        "due": "2025-12-31",
        "other": "Miljönämnden",
    }
    for label, key in WORDS["assignment_labels"].items():
        always = "Status: Pågår\n" if key != "status" else ""
        text = f"Delårsrapport augusti 2025\n\nUppdrag: Utreda skolskjutsen\n\n{always}"
        [one] = read(text + f"{label.capitalize()}: {said[key]}\n").assignments
        told = {
            "account": one.narrative is not None,
            "case": one.case_number == "KS-2025-00123",
            "decision": one.decision is not None and one.decision.paragraph == "98",
            "due": one.due is not None and one.due.latest == date(2025, 12, 31),
        }
        assert one.status is not None, label
        assert one.status.written == "Pågår", label
        assert [name for name, is_told in told.items() if is_told] == [key] * (key in told), label


@pytest.mark.parametrize("word", WORDS["sums"]["words"])
def test_the_last_row_of_activities_is_the_boards_own_where_its_label_begins_as_a_sum(word) -> None:
    rows = "Bad 100 90 10\nIshall 200 210 -10\nSporthall 300 290 10\n"
    text = "Delårsrapport augusti 2025\n\n3 Ekonomi\n\nTkr Budget Utfall Avvikelse\n"
    told = read(f"{text}{rows}{word.capitalize()} fritidsnämnden 600 590 10\n")
    assert [row.line for row in told.finance] == ["other", "other", "other", "total"]


@pytest.mark.parametrize("stem", WORDS["bodies"]["deciding"] + WORDS["bodies"]["doing"])
def test_who_is_told_to_do_something_is_known_by_the_stem_of_its_name(stem: str) -> None:
    words = wording(None, date(2025, 8, 31))
    assert addressees(f"Kultur{stem}en", words) == (f"Kultur{stem}en",)
    assert addressees("Kulturskolan", words) == ()


@pytest.mark.parametrize("name", WORDS["report_names"]["interim"])
def test_the_name_of_a_report_tells_its_month(name: str) -> None:
    found = read(f"Delårsrapport\n\nKulturnämnden, {name} 2025-08\n\n1 Ekonomi\n\nText.\n")
    assert found.document.round == "2025-08"


@pytest.mark.parametrize(
    "name", WORDS["report_names"]["annual"] + WORDS["report_names"]["followed"]
)
def test_the_name_of_a_report_tells_its_year(name: str) -> None:
    found = read(f"Kulturnämnden\n{name.capitalize()} 2024\n\n1 Ekonomi\n\nText.\n")
    assert found.document.round == "2024-12"


def test_a_word_that_begins_as_a_month_tells_no_month() -> None:
    text = "Delårsrapport\n\nKulturnämnden, rapport om marknaden 2025\n\n1 Ekonomi\n\nText.\n"
    assert read(text).document.round is None


def test_each_month_is_one_of_the_twelve() -> None:
    for month, number in WORDS["round_months"].items():
        assert due(f"senast 3 {month} 2025").latest == date(2025, int(number), 3)
    assert len({*WORDS["round_months"].values()}) == 12


@pytest.mark.parametrize("word", WORDS["indicator_words"]["names"])
def test_a_table_whose_labels_are_headed_by_a_word_for_indicators_has_them(word: str) -> None:
    text = "Delårsrapport augusti 2025\n\n2 Uppföljning\n\n"
    text += f"{word.capitalize()} Mål 2025 Utfall 2025\n"
    rows = "Andel nöjda besökare 80 % 78 %\nAndel öppna timmar 90 % 95 %\n"
    assert [one.name for one in read(text + rows).indicators] == [
        "Andel nöjda besökare",
        "Andel öppna timmar",
    ]


@pytest.mark.parametrize("word", WORDS["small_words"]["joins"])
def test_the_hyphen_before_a_word_that_joins_is_no_cut_in_a_word(word: str) -> None:
    assert joined([Line("För sam-", 1), Line(f"{word} förvaltning", 2)]) == (
        f"För sam- {word} förvaltning"
    )


@pytest.mark.parametrize("word", WORDS["small_words"]["shortened"])
def test_a_label_goes_on_behind_a_word_with_a_stop_of_its_own(word: str) -> None:
    text = "Delårsrapport augusti 2025\n\n3 Ekonomi\n\nTkr Budget Utfall Avvikelse\n"
    rows = (
        f"Kostnader {word}.\ninternhyror 200 210 -10\nIntäkter 300 290 -10\nKostnader 100 90 10\n"
    )
    assert f"Kostnader {word}. internhyror" in [row.label for row in read(text + rows).finance]


@pytest.mark.parametrize("word", WORDS["label_starts"]["parts"])
def test_a_part_of_a_row_is_of_the_same_line(word: str) -> None:
    words = wording(None, date(2025, 8, 31))
    assert line_code(f"{word.capitalize()} personalkostnader", words) == "staff_costs"
    assert line_code("Resten personalkostnader", words) is None


@pytest.mark.parametrize("word", WORDS["label_starts"]["small"])
def test_a_label_may_begin_in_lower_case_with_a_word_that_labels_begin_with(word: str) -> None:
    labels = (f"{word} hyror", "teatern hyror", *("Intäkter", "Kostnader") * 3)
    rows = [RawRow(label, (Line(f"{label} 1 2", 1),), len(label)) for label in labels]
    assert half_named(rows) == [False, True, *[False] * 6]


@pytest.mark.parametrize("word", WORDS["label_starts"]["rows"])
def test_a_line_that_begins_a_row_does_not_go_on_with_the_one_above(word: str) -> None:
    shown = [Line("Kostnader för hyra", 1), Line("", 2), Line(f"{word} lokaler", 3)]
    blanks = [Line("", at) if at % 2 else Line("Text", at) for at in range(5, 60)]
    assert Line("", 2) in unspaced((*shown, Line("", 4), *blanks)), word


MONEY = Sought(lambda *_: True, lambda _: True, money=True)


@pytest.mark.parametrize("stem", WORDS["plan_titles"]["projects"])
def test_three_years_over_projects_are_those_of_a_plan(stem: str) -> None:
    years = [Head("", year=year) for year in ("2026", "2027", "2028")]
    assert with_plan_years(f"{stem.capitalize()} i vården", years, MONEY) is None
    assert with_plan_years("Driften i vården", years, MONEY) == tuple(years)


@pytest.mark.parametrize("stem", WORDS["plan_titles"]["spans"])
def test_a_title_plans_for_the_years_that_it_names(stem: str) -> None:
    years = [Head("", year=year) for year in ("2026", "2027")]
    found = with_plan_years(f"{stem.capitalize()} 2026–2027", years, MONEY)
    assert found is not None
    assert [head.kind for head in found] == ["budget", "plan_year"]
    for title in (f"{stem.capitalize()} 2026–2029", "Driften 2026–2027"):
        assert with_plan_years(title, years, MONEY) == tuple(years)


@pytest.mark.parametrize("word", WORDS["report_names"]["planned"])
def test_the_title_of_a_plan_names_the_year_that_it_plans(word: str) -> None:
    assert titled_plan(f"kulturnämnden – {word} 2026") == 2026
    assert titled_plan(f"kulturnämnden – {word}") is None


@pytest.mark.parametrize("word", WORDS["report_names"]["no_plan"])
def test_a_title_of_what_follows_a_plan_up_plans_nothing(word: str) -> None:
    assert titled_plan(f"{word} budget 2026") is None


@pytest.mark.parametrize("word", WORDS["cut_columns"]["hyphened"])
def test_a_hyphen_that_a_narrow_cell_gave_a_column_is_taken_out(word: str) -> None:
    ends = WORDS["cut_columns"]["hyphened_ends"]
    told = [mended(f"{word.capitalize()}-{end}", GENERIC) for end in ends]
    assert told == [f"{word.capitalize()}{end}" for end in ends]
    assert mended("Buss-budget", GENERIC) == "Buss-budget"


@pytest.mark.parametrize("word", WORDS["cut_columns"]["broken"])
def test_a_column_that_was_broken_and_put_on_one_line_is_whole(word: str) -> None:
    ends = WORDS["cut_columns"]["broken_ends"]
    told = [mended(f"{word.capitalize()}- {end}", GENERIC) for end in ends]
    assert told == [f"{word.capitalize()}{end}" for end in ends]
    assert mended("Buss- avvikelse", GENERIC) == "Buss- avvikelse"


@pytest.mark.parametrize("link", WORDS["budget_changes"]["links"])
def test_what_a_budget_has_been_changed_by_is_no_column(link: str) -> None:
    for word in WORDS["budget_changes"]["words"]:
        assert mended(f"Budget {link} {word}ar Utfall", GENERIC) == "Budget Utfall"


@pytest.mark.parametrize("difference", WORDS["since_last"]["differences"])
def test_the_difference_to_the_forecast_before_is_one_column(difference: str) -> None:
    known = WORDS["since_last"]
    for link, last, told in itertools.product(known["links"], known["last"], known["reports"]):
        text = f"{difference} {link} {last} {told}en"
        assert mended(text, GENERIC).strip() == "föregående prognos avvikelse", text


def test_a_title_over_projects_says_that_the_table_is_of_investments() -> None:
    known = WORDS["project_words"]
    told = [f"{word} utfall" for word in known["heads"]]
    told += [f"{word}projekt 2025" for word in known["works"]]
    told += [f"{word} projekt 2025" for word in known["which"]]
    assert [text for text in told if other_table(text, GENERIC) != "investments"] == []
    assert other_table("små arbeten 2025", GENERIC) is None


@pytest.mark.parametrize("word", WORDS["count_heads"]["words"])
@pytest.mark.parametrize("column", WORDS["count_heads"]["columns"])
def test_no_money_stands_below_a_head_of_what_is_counted(word: str, column: str) -> None:
    def rows(head: str) -> list[str]:
        text = f"Delårsrapport augusti 2025\n\n3 Ekonomi\n\nBelopp i tkr\n\n{head}\n"
        told = read(f"{text}Turer 100 90 10\nSamtal 90 80 10\nTotalt 190 170 20\n")
        return [row.label for row in told.finance]

    assert rows(f"{word.capitalize()} {column} Budget Avvikelse") == []
    assert rows("Verksamhet Utfall Budget Avvikelse") == ["Turer", "Samtal", "Totalt"]


@pytest.mark.parametrize("word", WORDS["target_words"]["alone"])
def test_a_table_with_a_column_of_targets_is_of_indicators(word: str) -> None:
    text = f"Delårsrapport augusti 2025\n\n2 Uppföljning\n\n {word.capitalize()} Utfall 2025\n"
    rows = "Andel nöjda besökare 80 % 78 %\nAndel öppna timmar 90 % 95 %\n"
    assert [one.name for one in read(text + rows).indicators] == [
        "Andel nöjda besökare",
        "Andel öppna timmar",
    ]


@pytest.mark.parametrize("stem", WORDS["city_goals"]["stems"])
def test_a_goal_whose_word_has_a_stem_of_the_citys_is_the_citys(stem: str) -> None:
    assert OF_CITY.search(f"{stem}mål")
    assert not OF_CITY.search("nämndmål")


def test_what_is_counted_begins_its_label_and_a_part_of_it_is_no_count() -> None:
    def units(*labels: str) -> list[str | None]:
        text = "Delårsrapport augusti 2025\n\n2 Nyckeltal\n\nNyckeltal Utfall 2025 Utfall 2024\n"
        found = read(text + "".join(f"{label} 120 110\n" for label in labels)).measures
        return [one.columns["2025"].unit for one in found]

    known = WORDS["counted_labels"]
    assert units(*(f"{word.capitalize()} i stadsdelen" for word in known["words"])) == (
        ["count"] * len(known["words"])
    )
    assert units(*(f"Elever {part} hemma" for part in known["parts"])) == [None] * len(
        known["parts"]
    )


GIVEN = [word for word, kind in WORDS["column_cells"].items() if kind == "grant"]
LEFT = [word for word, kind in WORDS["columns"].items() if kind == "remaining"]
ROWS = "Bad 151 140 11\nIshall 304 317 -13\nSporthall 298 290 8\nSumma 753 747 6\n"


@pytest.mark.parametrize("word", GIVEN)
def test_what_a_board_is_given_is_its_budget_where_the_rows_prove_it(word: str) -> None:
    header = f"Verksamhet, tkr {word.capitalize()} Nettokostnad Resultat\n"
    told = read(f"Delårsrapport augusti 2025\n\n3 Ekonomi\n\n{header}{ROWS}").finance
    assert [list(row.columns) for row in told] == [["budget", "outcome", "deviation"]] * 4


@pytest.mark.parametrize("word", LEFT)
def test_what_is_left_of_a_budget_is_its_deviation_where_the_rows_prove_it(word: str) -> None:
    header = f"Verksamhet, tkr Budget Utfall {word.capitalize()}\n"
    told = read(f"Delårsrapport augusti 2025\n\n3 Ekonomi\n\n{header}{ROWS}").finance
    assert [list(row.columns) for row in told] == [["budget", "outcome", "deviation"]] * 4


def test_what_is_given_is_no_budget_where_the_rows_prove_nothing() -> None:
    header = "Verksamhet, tkr Kommunbidrag Utfall Resultat\n"
    rows = ROWS.replace(" 11\n", " 4\n").replace(" -13\n", " 2\n").replace(" 8\n", " 1\n")
    told = read(f"Delårsrapport augusti 2025\n\n3 Ekonomi\n\n{header}{rows}").finance
    assert not any({"budget", "deviation"} & set(row.columns) for row in told)
