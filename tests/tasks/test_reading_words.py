"""Words that readers hold text against are data: each one of a list does what its list says."""

from collections.abc import Iterator
from typing import Any

import pytest

from expectations.register_files import generic_vocabulary
from tasks.readers.labels import without_cuts
from tasks.readers.outline import outline
from tasks.readers.pages import Line
from tasks.readers.text import text_pages
from tasks.readers.wording import either

WORDS = generic_vocabulary()


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
