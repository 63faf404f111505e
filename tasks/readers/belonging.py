"""Which of several things a paragraph speaks of, by the words that only it and the thing share.

A paragraph belongs to a title only where that title is clearly ahead of the others; else to none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_ENOUGH = 0.9
_AHEAD = 1.4
_STEM = 5
"""Letters that tell a Swedish word: `städservice` and `städservicens` are then one."""
_NAME_WEIGHT = 2.0


def belongs_to(paragraphs: Sequence[str], titles: Sequence[str]) -> list[int | None]:
    """Return for each paragraph the index of its title, None where no title is clearly ahead.

    A word counts the more, the fewer titles and paragraphs hold it; abbreviations count double.
    """
    if len(titles) == 1:
        return [0] * len(paragraphs)
    of_titles = [_stems(title) for title in titles]
    of_paragraphs = [_stems(paragraph) for paragraph in paragraphs]
    in_titles = Counter(stem for stems in of_titles for stem in stems)
    in_paragraphs = Counter(stem for stems in of_paragraphs for stem in stems)

    def weight(stem: str) -> float:
        double = _NAME_WEIGHT if stem.isupper() else 1.0
        return double / (in_titles[stem] * in_paragraphs[stem])

    return [
        _clear_winner([sum(weight(stem) for stem in own & stems) for stems in of_titles])
        for own in of_paragraphs
    ]


def _clear_winner(scores: Sequence[float]) -> int | None:
    ranked = sorted(scores, reverse=True)
    if ranked[0] < _ENOUGH or ranked[0] < _AHEAD * ranked[1]:
        return None
    return scores.index(ranked[0])


def _stems(text: str) -> set[str]:
    """Return the first letters of the longer words, and abbreviations (`ITD`) as they are."""
    found = set()
    for word in re.findall(r"[A-Za-zÅÄÖåäöé]+", text):
        if len(word) > 1 and word.isupper():
            found.add(word)
        elif len(word) >= _STEM:
            found.add(word[:_STEM].lower())
    return found
