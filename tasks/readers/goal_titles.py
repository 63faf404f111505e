"""Titles of goals that only their verdicts tell: these stand right below them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tasks.readers.line_kinds import (
    is_said,
    is_verdict,
    looks_like_title,
    names_columns,
    opens_goal,
)
from tasks.readers.pages import Line
from tasks.readers.paragraphs import joined
from tasks.readers.title_lines import (
    MOST_TITLE_LINES,
    SHORT_TITLE,
    ends_before,
    heads_verdict,
    title_goes_on,
)
from tasks.readers.verdict_forms import judges, tells_of_goal

_TITLE_LINES = 2


def lines_above_verdict(lines: Sequence[Line], index: int) -> int:
    """Return how many lines from here are a goal's title: its verdict stands right below them.

    A title that says it is a goal may go on over three lines, another stands on one.
    """
    text = lines[index].text.strip()
    opens = opens_goal(text)
    titled = opens or (looks_like_title(text, judged=True) and not names_columns(text))
    if heads_verdict(lines, index):
        return 0
    if not text or not titled or is_said(text) or not (opens or ends_before(lines, index)):
        return 0
    for used in range(1, (MOST_TITLE_LINES if opens else _TITLE_LINES) + 1):
        below = lines[index + used].text if index + used < len(lines) else ""
        told = is_verdict(below) or _begins_verdict(below) or heads_verdict(lines, index + used)
        whole = joined(lines[index : index + used])
        if not below.strip() and len(whole) > SHORT_TITLE and index + used + 1 < len(lines):
            after = lines[index + used + 1].text
            told = told or is_verdict(after) or (tells_of_goal(after) and judges(after, timed=True))
        told = told and (opens or not re.search(r"[.!?](?:\s|$)", whole))
        if told or (opens and is_said(below.strip())):
            return used
        goes_on = title_goes_on(lines[index : index + used], lines, index + used)
        if opens and not goes_on and (not below.strip() or _heads_text(lines, index, below)):
            return used
        if not (goes_on and below.strip()):
            return 0
    return 0


def _begins_verdict(text: str) -> bool:
    """Say whether a line begins with a sentence that is a verdict: `Målet är uppfyllt. Under …`."""
    first, stop, _ = text.strip().partition(". ")
    return bool(stop) and tells_of_goal(first) and judges(first, timed=True)


def _heads_text(lines: Sequence[Line], index: int, below: str) -> bool:
    """Say whether a line under a blank one heads a sentence that begins right below it."""
    parted = index == 0 or not lines[index - 1].text.strip()
    # `Åtagande: Livsmedlen är säkra` is no part of a sentence, whatever stands above it
    parted = parted or re.match(r"\s*[A-ZÅÄÖ][^:.]{2,40}:\s", lines[index].text) is not None
    return parted and re.match(r"\s*[A-ZÅÄÖ][^:]*$", below) is not None
