"""Tables whose first column is a goal, and the second its indicator: which words are whose.

In flattened text the two cells of a row may stand on one line, parted by nothing but a space
(`En hållbar stad Antal laddplatser 210 268`). The name of the indicator begins where a word of
counting does, or at the only capital inside the text; a row where neither tells is unread.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from expectations.contract import Unread
from expectations.registers import plain
from tasks.readers.line_values import WANTS_MORE
from tasks.readers.pages import Line
from tasks.readers.raw_row import RawRow
from tasks.readers.wording import either

_HEAD = re.compile(
    r"\b(?P<area>perspektiv|område|målområde|fokusområde)?\s*"
    r"\b(?:(?:nämnd(?:s|ens)?\s?)?mål|åtagande|fokusområde|målområde|målsättning|inriktning)\w*"
    rf" {either('indicator_words', 'names')}"
)
COUNTS = re.compile(rf"(?<!\S)(?=[A-ZÅÄÖ])(?i:{either('indicator_words', 'first')})\b")
"""The first word of the name of an indicator."""
_INNER = re.compile(r"(?<=[^\s.] )[A-ZÅÄÖ](?=[a-zåäö])")
WHY = "Det går inte att säga var målet slutar och indikatorn börjar."


def is_goal_first(header: Sequence[Line]) -> bool:
    """Say whether a header names goals right before indicators."""
    return _HEAD.search(plain(" ".join(line.text for line in header))) is not None


def without_goal(header: Sequence[Line]) -> Sequence[Line]:
    """Return a header without the first goal that stands in a block of its own below it."""
    pairs = list(itertools.pairwise(header))
    parted = [other.number - one.number > 1 for one, other in pairs]
    at = max((at for at, gap in enumerate(parted, 1) if gap), default=0)
    goal = " ".join(line.text.strip() for line in header[at:])
    return header[:at] if at and not re.search(r"\d", goal) else []


def named_apart(header: Sequence[Line], run: Sequence[RawRow]) -> tuple[list[RawRow], list[Unread]]:
    """Return the rows with the names of their indicators alone, and those that cannot be parted."""
    found = _HEAD.search(plain(" ".join(line.text for line in header)))
    before = 2 if found is not None and found["area"] else 1
    rows: list[RawRow] = []
    left: list[Unread] = []
    for raw in run:
        beside = raw.has_label_before or (raw.below and raw.below[0][1] > 0)
        name = _name(raw.label, before) if beside else raw.label
        if name is None:
            left.append(raw.left_unread(WHY))
        else:
            rows.append(replace(raw, label=name))
    return rows, left


def _name(label: str, before: int) -> str | None:
    """Return the name of an indicator behind so many cells of words, None where it is not clear."""
    counted = list(COUNTS.finditer(label))
    if counted:
        return label[counted[-1].start() :] if len(counted) == 1 else None
    inner = list(_INNER.finditer(label))
    if len(inner) != before or any(WANTS_MORE.search(label[: m.start()].strip()) for m in inner):
        # `Nöjdhet i Malmö`: a name of its own begins no indicator
        return None
    return label[inner[-1].start() :]
