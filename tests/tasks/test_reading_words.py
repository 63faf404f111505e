"""Words that readers hold text against are data: each one of a list does what its list says."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from expectations.contract import Reading
from expectations.register_files import generic_vocabulary
from tasks.readers.addressees import addressees
from tasks.readers.labels import without_cuts
from tasks.readers.outline import outline
from tasks.readers.pages import Line
from tasks.readers.running import read_pages
from tasks.readers.spans import due
from tasks.readers.text import text_pages
from tasks.readers.wording import either, wording

WORDS = generic_vocabulary()


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
