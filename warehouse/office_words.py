"""The city office's own words: foreword, judgements, conclusion, comment on a chapter.

They are acts like any other (acts.py): each with its author and moment, kept apart from what is
computed, never changed. The newest for a place holds; an empty one takes the words away.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from warehouse.acts import OfficeAct

WORDS = "words"
FOREWORD = "foreword"
HOUSEKEEPING = "housekeeping"
"""The conclusion on god ekonomisk hushållning."""


@dataclass(frozen=True, slots=True)
class OfficeWords:
    """What the office says at one place.

    Places are `foreword`, `housekeeping`, `goal:<goal id>`, `financial:<goal>`,
    `company:<board id>` and `chapter:<anchor>`. `code` is a step of the scale that such a place is
    judged by. `author` is a
    person: printed in the internal view only.
    """

    place: str
    text: str
    author: str
    at: datetime
    code: str | None = None


def words_of(acts: Iterable[OfficeAct], run_period: str) -> tuple[OfficeWords, ...]:
    """Return the words that hold for a round or day, in the order of their places."""
    found: dict[str, OfficeWords] = {}
    for act in acts:
        if act.kind == WORDS and act.period == run_period:
            place, about = act.about["place"], act.about
            found[place] = OfficeWords(
                place, act.text, about["author"], act.at, about.get("code") or None
            )
    return tuple(found[key] for key in sorted(found) if found[key].text or found[key].code)


def as_facts(words: Iterable[OfficeWords]) -> list[list[Any]]:
    """Return what of the words counts as facts: all but the clock."""
    return [[one.place, one.text, one.code, one.author] for one in words]
