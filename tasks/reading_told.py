"""What a reading tells of itself, with the same words in the terminal and on its page."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import templates
from expectations.contract import Place, Reading, Unread
from tasks.readers.leftovers import figures_told

FOLDER = Path(templates.__file__).parent / "reading"


@cache
def reading_words() -> dict[str, Any]:
    """Return the Swedish words for kinds, sections, fields, units, states and codes, by table."""
    return tomllib.loads((FOLDER / "words.toml").read_text(encoding="utf-8"))


NO_BOARD = {True: "framgår inte", False: "ange --city: namnet söks i stadens register"}
"""What is said where no board was told, by whether there was a city's register to look in."""


def shares_read(reading: Reading) -> list[tuple[str, str]]:
    """Return how much was read: figures of rows and tables, and text with all that runs on."""
    read, seen = figures_told(reading)
    told = []
    if seen:
        told.append(("Lästa tal", f"{read} av {seen} som setts i tabeller och uppställningar"))
    if reading.coverage is not None:
        share = f"{reading.coverage * 100:.1f}".replace(".", ",")
        told.append(("Läst text", f"{share} procent, löpande text inräknad"))
    return told


@dataclass(frozen=True, slots=True)
class UnreadGroup:
    """What one page or sheet holds that was not understood for one reason, from above."""

    why: str
    where: str
    items: tuple[Unread, ...]


def unread_groups(unread: Sequence[Unread]) -> list[UnreadGroup]:
    """Return what was not understood by page and reason, in the order of the document.

    A table whose forty rows are unread for one reason is told once, with its rows below.
    """
    groups: dict[tuple[object, ...], list[Unread]] = {}
    for one in sorted(unread, key=_from_above):
        place = one.place or Place()
        told = place.page, place.sheet, place.heading, place.pointer
        groups.setdefault((one.why, *told), []).append(one)
    return [UnreadGroup(items[0].why, _span(items), tuple(items)) for items in groups.values()]


def _from_above(one: Unread) -> tuple[int, int]:
    return (one.place.page or 0, one.place.line or 0) if one.place else (0, 0)


def _span(items: Sequence[Unread]) -> str:
    """Return where the items stand: one place, or the first and last line of the page's."""
    first, last = items[0].place, items[-1].place
    if not first or not last:
        return ""
    if first.line == last.line:
        return (
            first.in_words() if first == last else dataclasses.replace(first, cell=None).in_words()
        )
    return f"{first.in_words()}–{last.line}"
