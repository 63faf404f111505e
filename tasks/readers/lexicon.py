"""The Swedish words that repairs are looked for among, each with how common it is.

Common words come from the list of wordfreq (docs/decisions/005), the city's own from its
registers. Frequencies are on the Zipf scale: 3 is once in a million words, 7 is `att`.
"""

from __future__ import annotations

import math
import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import expectations
from expectations.registers import City

DAMAGE = "damage-2026.1.toml"
OWN = 4.5
"""How common a word of the city's registers is taken to be in what its boards write."""
_WORD = re.compile(r"[^\W\d_]{3,}")
_DOTTED = re.compile(r"\b[a-zåäö]*[åäö][a-zåäö]*\b", re.IGNORECASE)


class Lexicon:
    """Words by frequency, in order, so that the beginning of a word can be looked up too."""

    def __init__(self, zipf: dict[str, float]) -> None:
        """Keep the words; `zipf` says how common each is."""
        self.zipf = zipf
        self._order = sorted(zipf)

    def begins(self, start: str) -> bool:
        """Say whether any word begins so."""
        at = bisect_left(self._order, start)
        return at < len(self._order) and self._order[at].startswith(start)


@cache
def swedish() -> dict[str, float]:
    """Return the common words of Swedish with their frequency; read when a text needs mending."""
    from wordfreq import get_frequency_dict  # noqa: PLC0415 - half a second that few texts need

    found = get_frequency_dict("sv", "large")
    return {word: math.log10(share) + 9 for word, share in found.items() if word.isalpha()}


def lexicon(city: City | None) -> Lexicon:
    """Return the common words together with those of the city's registers."""
    words = dict(swedish())
    for word in own_words(city):
        words[word] = max(words.get(word, 0.0), OWN)
    for zipf, listed in municipal().items():
        words |= dict.fromkeys(listed, float(zipf))
    return Lexicon(words)


@cache
def generic_words() -> str:
    """Return the file of the words that Swedish board documents use, as text."""
    return (Path(expectations.__file__).parent / "cities" / "generic.toml").read_text("utf-8")


@cache
def municipal() -> dict[str, list[str]]:
    """Return words that boards write more often than others do, by the frequency they are given."""
    data = tomllib.loads((Path(expectations.__file__).parent / DAMAGE).read_text(encoding="utf-8"))
    found: dict[str, list[str]] = data["municipal"]
    return found


def own_words(city: City | None) -> Iterator[str]:
    """Yield the words of a city's boards, goals, assignments and vocabulary, in lower case."""
    yield from (word.casefold() for word in _DOTTED.findall(generic_words()))
    if city is None:
        return
    texts = [city.name, city.office]
    for board in city.boards:
        texts += [board.name, board.administration or "", *board.aliases]
    for goal in city.goals:
        texts += [goal.title, goal.area or ""]
    texts += [assignment.text for assignment in city.assignments]
    for text in texts:
        yield from (word.casefold() for word in _WORD.findall(text))
