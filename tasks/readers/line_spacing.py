"""Texts whose every line stands under a blank one: the blanks are the line spacing of a page.

Widely spaced lines are paragraphs of their own to a program that presses a text out of a PDF. Where
next to no line stands right under another, a blank one parts nothing, and one before a line that
can only go on what stands above it is left out.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from tasks.readers.line_values import WANTS_MORE
from tasks.readers.pages import Line
from tasks.readers.wording import either

_FEWEST = 20
_MOST_TIGHT = 0.08
"""The share of lines right under another from which on blank lines are taken to part things."""
_OF_ITS_OWN = re.compile(rf"\s*{either('label_starts', 'rows')}\b")
"""What begins in lower case and is a row of its own."""
_RUNS_ON = re.compile(r"[^\W\d_],?\s*$|-\s*$")


def unspaced(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines without the blank ones that only space them; places are as before."""
    shown = [at for at, line in enumerate(lines) if line.text.strip()]
    gaps = [below - at for at, below in itertools.pairwise(shown)]
    if len(gaps) < _FEWEST or gaps.count(1) > _MOST_TIGHT * len(gaps):
        return tuple(lines)
    dropped = {
        at + 1
        for at, below in itertools.pairwise(shown)
        if below == at + 2 and _goes_on(lines[at].text, lines[below].text)
    }
    return tuple(line for at, line in enumerate(lines) if at not in dropped)


def _goes_on(above: str, below: str) -> bool:
    """Say whether a line can only be the rest of the one above it."""
    small = re.match(r"\s*[a-zåäö]", below) is not None and not _OF_ITS_OWN.match(below)
    wanting = WANTS_MORE.search(above.strip()) is not None and not re.match(r"\s*[\d+−–-]", below)
    return small and (bool(_RUNS_ON.search(above)) or wanting)
