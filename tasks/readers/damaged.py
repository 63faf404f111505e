"""Recognise known Swedish words in text that lost its å, ä and ö when it was scanned.

`f6r`, `Malmé` and `niringsliv` are recognised as what they were, so that headings and verbs are
found. Nothing is mended here: proposals for whole words are the work of `repairing`.
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


@cache
def tolerant(phrase: str) -> str:
    """Return a pattern that finds a phrase also where å, ä, ö were misread; for IGNORECASE."""
    pieces = (r"\s+" if c == " " else _LOST.get(c.lower(), re.escape(c)) for c in phrase)
    return "".join(pieces)


def holds(text: str, phrase: str) -> bool:
    """Say whether a text holds a phrase."""
    return re.search(tolerant(phrase), text, re.IGNORECASE) is not None


def likeness(one: str, other: str) -> float:
    """Return how alike two sentences are, 0-100, whatever happened to single letters."""
    return fuzz.ratio(one, other, processor=utils.default_process)


def held_in(part: str, whole: str) -> float:
    """Return how well a sentence is found within a longer text, 0-100."""
    return fuzz.partial_ratio(part, whole, processor=utils.default_process)
