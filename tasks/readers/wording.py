"""A city's words as readers use them: phrases to codes, tried longest first.

The words are data (`expectations/cities/generic.toml` with the city's own laid over); without a
city the generic ones hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from expectations.contract import Place, Word
from expectations.register_files import generic_vocabulary
from expectations.registers import City, plain

NO_YEAR = 2000
"""The year of the day that a document without any date is read on."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The vocabulary of one city and the day on which its scales are read."""

    city: City | None
    words: Mapping[str, Any]
    day: date
    planned: int | None = None
    """The first year that the document plans for, None for one that plans nothing."""

    @property
    def year(self) -> int | None:
        """Return the year that a text without one means; None for a document without any date."""
        return self.day.year if self.day.year != NO_YEAR else None

    def table(self, name: str) -> Mapping[str, str]:
        """Return one table of phrases to codes."""
        found: Mapping[str, str] = self.words.get(name, {})
        return found

    def code(self, name: str, text: str) -> str | None:
        """Return the code whose phrase is the whole text."""
        return self.table(name).get(plain(text))

    def code_in(self, name: str, text: str) -> tuple[str, str] | None:
        """Return (phrase, code) of the longest phrase that the text holds."""
        lowered = plain(text)
        for phrase in _longest_first(tuple(self.table(name))):
            if phrase in lowered:
                return phrase, self.table(name)[phrase]
        return None

    def opening(self, name: str, text: str) -> tuple[str, str] | None:
        """Return (phrase, code) of the longest phrase that plain text starts with."""
        known = self.table(name)
        phrase = _opened(text, tuple(known))
        return (phrase, known[phrase]) if phrase is not None else None

    def column_words(self) -> frozenset[str]:
        """Return every single word that names columns, and the words that say nothing of one."""
        return _single_words(
            tuple(
                phrase
                for name in ("columns", "more_columns", "column_marks", "line_columns")
                for phrase in self.table(name)
            )
            + tuple(self.words["header"]["skipped"])
        )

    def skipped(self, text: str) -> int | None:
        """Return the length of the words at the start that say nothing of a column."""
        word = _opened(text, tuple(self.words["header"]["skipped"]))
        return len(word) if word is not None else None

    def word(self, scale: str, written: str, place: Place | None) -> Word:
        """Return a choice from a scale; the code is None where the scale does not know it."""
        code = None
        if self.city is not None:
            code = self.city.scale(scale, self.day).code_of(written)
        return Word(written, code, place)

    def scale_words(self, scale: str) -> tuple[str, ...]:
        """Return every word of a scale, synonyms too, longest first; lower case.

        Without a city these are the words that plans commonly use, which have no steps.
        """
        if self.city is None:
            return _longest_first(tuple(self.words.get("common_scales", {}).get(scale, ())))
        steps = self.city.scale(scale, self.day).words
        return _longest_first(tuple(plain(w) for s in steps for w in (s.word, *s.synonyms)))


def wording(city: City | None, day: date) -> Wording:
    """Return the words to read with."""
    words = city.settings["vocabulary"] if city is not None else generic_vocabulary()
    return Wording(city, words, day)


def either(table: str, *names: str) -> str:
    """Return the pattern of any word of a table's lists, or of its phrases where none is named.

    The table is one of the generic vocabulary; `either("small_words", "articles")` is
    `(?:den|det|ett|de)`: the longest word is tried first.
    """
    known = generic_vocabulary()[table]
    listed = tuple(word for name in names for word in known[name])
    return any_of(listed if names else known)


def any_of(words: Iterable[str]) -> str:
    """Return the pattern of any of the words, the longest tried first."""
    return f"(?:{'|'.join(map(re.escape, _longest_first(tuple(words))))})"


@cache
def _single_words(phrases: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for phrase in phrases for word in phrase.split())


@cache
def _longest_first(phrases: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(phrases, key=lambda phrase: (-len(phrase), phrase)))


def scan_phrases(
    text: str, phrases: Iterable[str], skipped: Iterable[str]
) -> list[tuple[str, str | None]] | None:
    """Return the phrases of a header in order, each with the year behind it, or None.

    None where the text holds anything that is neither a phrase, a year nor a skipped word: a
    header that is not understood whole is not understood.
    """
    left = plain(text)
    known, ignored = _by_first_letter(tuple(phrases)), _by_first_letter(tuple(skipped))
    found: list[tuple[str, str | None]] = []
    while left:
        phrase = _begins(left, known)
        if phrase is not None:
            left = left[len(phrase) :].lstrip(" .,:;()")
            year = re.match(r"(20\d{2})\b\s*", left)
            found.append((phrase, year[1] if year else None))
            left = left[year.end() :] if year else left
            continue
        word = _begins(left, ignored)
        if word is None:
            return None
        left = left[len(word) :].lstrip(" .,:;()")
    return found


@cache
def _by_first_letter(phrases: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Return phrases by their first letter, longest first; each word of a document is looked up."""
    found: dict[str, list[str]] = {}
    for phrase in _longest_first(phrases):
        found.setdefault(phrase[:1], []).append(phrase)
    return {letter: tuple(some) for letter, some in found.items()}


def _opened(text: str, phrases: tuple[str, ...]) -> str | None:
    return _begins(text, _by_first_letter(phrases))


def _begins(text: str, known: Mapping[str, tuple[str, ...]]) -> str | None:
    """Return the longest phrase that plain text starts with and that no letter goes on from."""
    for phrase in known.get(text[:1], ()):
        if text.startswith(phrase):
            after = text[len(phrase) : len(phrase) + 1]
            if not after.isalnum() and after != "_":
                return phrase
    return None
