"""Recognise known Swedish words in text that lost its å, ä and ö when it was scanned.

`f6r`, `Malmé` and `niringsliv` are recognised as what they were, so that headings and verbs are
found. Nothing is mended here: figures, names and identifiers are taken as they stand.
"""

from __future__ import annotations

import re
from functools import cache

from rapidfuzz import fuzz, utils

_LOST = {
    "å": "[åäaáàâiédo]",
    "ä": "[äåaáàâiédo4]",
    "ö": "[öøoóòôé6¢s4]",
    "f": "[f£]",
    "l": "[l1]",
    "i": "[i1l]",
}
_CLEAR = re.compile(r"[åäö]", re.IGNORECASE)


@cache
def tolerant(phrase: str) -> str:
    """Return a pattern that finds a phrase also where å, ä, ö were misread; for IGNORECASE."""
    pieces = (r"\s+" if c == " " else _LOST.get(c.lower(), re.escape(c)) for c in phrase)
    return "".join(pieces)


def starts_with(text: str, phrase: str) -> bool:
    """Say whether a text starts with a phrase, as whole words."""
    return re.match(rf"\s*{tolerant(phrase)}(?!\w)", text, re.IGNORECASE) is not None


def holds(text: str, phrase: str) -> bool:
    """Say whether a text holds a phrase."""
    return re.search(tolerant(phrase), text, re.IGNORECASE) is not None


def is_damaged(text: str) -> bool:
    """Say whether å, ä and ö are so rare in a Swedish text that it must have lost them."""
    letters = sum(c.isalpha() for c in text)
    # Some six letters in a hundred of Swedish are å, ä or ö.
    return letters > 400 and len(_CLEAR.findall(text)) * 100 < letters  # noqa: PLR2004


def likeness(one: str, other: str) -> float:
    """Return how alike two sentences are, 0-100, whatever happened to single letters."""
    return fuzz.ratio(one, other, processor=utils.default_process)


def held_in(part: str, whole: str) -> float:
    """Return how well a sentence is found within a longer text, 0-100."""
    return fuzz.partial_ratio(part, whole, processor=utils.default_process)
