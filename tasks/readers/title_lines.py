"""What stands round a title: where one may begin, how it goes on, the label of a verdict below."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tasks.readers.line_kinds import (
    LONGEST_HEADING,
    is_said,
    looks_like_title,
    names_columns,
    opens_area,
)
from tasks.readers.line_values import WANTS_MORE
from tasks.readers.pages import Line
from tasks.readers.verdict_forms import labels_verdict

NUMBERED = re.compile(r"^\s?(?P<number>\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+(?P<title>[A-ZÅÄÖ].*)$")
MOST_TITLE_LINES = 3
SHORT_TITLE = 50
"""A line as short as this under a blank one is a title where another title stands below it."""


def title_goes_on(title: Sequence[Line], lines: Sequence[Line], index: int) -> bool:
    """Say whether a line is the rest of a title: in lower case, or after a word that wants more.

    What follows the rest of a title is a blank line or a new sentence, never more of the same.
    """
    if index >= len(lines) or not lines[index].text.strip():
        return False
    text, before = lines[index].text.strip(), title[-1].text.strip()
    if names_columns(text):
        # `mkr Not Utfall Budget` is the header of the table below
        return False
    after = lines[index + 1].text.strip() if index + 1 < len(lines) else ""
    wanted = WANTS_MORE.search(before) or re.match(r"[a-zåäö]", text)
    return bool(wanted) and len(text) < LONGEST_HEADING and not re.match(r"[a-zåäö]", after)


def ends_before(lines: Sequence[Line], index: int) -> bool:
    """Say whether what stands above a line has come to an end: no sentence goes on in it."""
    above = lines[index - 1].text.strip() if index else ""
    ended = not above or above.endswith((".", "!", "?", ":")) or opens_area(above)
    ended = ended or NUMBERED.match(above) is not None
    # what the format marks as a title, nothing below goes on with
    ended = ended or bool(index and lines[index - 1].heading and not lines[index].heading)
    titled = index > 1 and not lines[index - 2].text.strip() and looks_like_title(above)
    ended = ended or (titled and len(above) < SHORT_TITLE and not names_columns(above))
    return ended or not re.search(r"[a-zåäö,]$", above)


def heads_verdict(lines: Sequence[Line], index: int) -> bool:
    """Say whether a line is the label of a verdict that is all of the next text."""
    if index >= len(lines) or not labels_verdict(lines[index].text, strong=True):
        return False
    below = next_text(lines, index + 1)
    return below is not None and is_said(below.text.strip())


def next_text(lines: Sequence[Line], start: int) -> Line | None:
    """Return the next line from here that holds something."""
    return next((line for line in lines[start:] if line.text.strip()), None)
