"""When two ways of writing a name are the same name, and which known name was probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rapidfuzz import fuzz, process

ALIKE_ENOUGH = 95
"""Per cent that a title may be misspelt by and still be the same; its figures may not."""
NEAR_ENOUGH = 65
"""Per cent alike from which a word is worth asking about: menade ni …?"""

_BROKEN = re.compile(r"[-‐‑\u00ad]\s*\n\s*(?!(?:och|samt|eller)\b)")
_UNSAYING = re.compile(r"[-‐‑–\u00ad,.:;”“\"'’]|\bAB\b")


def loosened(text: str) -> str:
    """Return a name without what is often written otherwise: hyphens, commas, quotes, `AB`."""
    return re.sub(r"\s+", " ", _UNSAYING.sub("", _BROKEN.sub("", text))).strip().casefold()


def misspelt(written: str, titles: Iterable[str]) -> bool:
    """Say whether a text is one of the titles, misspelt; never one with other figures."""
    sought = loosened(written)
    return any(
        re.findall(r"\d+", sought) == re.findall(r"\d+", title)
        and fuzz.ratio(sought, title) >= ALIKE_ENOUGH
        for title in map(loosened, titles)
    )


def meant(written: str, options: Iterable[str]) -> str:
    """Return the question `Menade ni …?` with the nearest option, empty where none is near."""
    by_name = {option.casefold(): option for option in options if option}
    near = process.extractOne(
        written.casefold(), list(by_name), scorer=fuzz.ratio, score_cutoff=NEAR_ENOUGH
    )
    return f"Menade ni {by_name[near[0]]}?" if near else ""
