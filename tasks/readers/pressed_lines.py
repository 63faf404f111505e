"""The lines of a table that a program pressed out of a PDF: where its cells may end and go on.

Some programs leave a space at a line's end where a paragraph goes on, some leave one everywhere,
some nowhere; a blank line may part cells, rows, or the two lines of one cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tasks.readers.lexicon import swedish
from tasks.readers.line_values import WANTS_MORE
from tasks.readers.pages import Line
from tasks.readers.paragraphs import GOES_ON
from tasks.readers.passage import Passage

NEW_PAGE = "\f"
"""The text of a line that is a repeated header: a new page begins there."""
WORST = 5.0
"""What is odder than this is no way to read."""
_GAP, _PAGE = 1, 2
_PAGE_GAP = 5
_MOST_CELL_LINES = 10
_NUMBERED = re.compile(r"\s*\d{1,2}(?:\.\d{1,2})*\.?\s+[A-ZÅÄÖ]")


@dataclass(frozen=True, slots=True)
class Body:
    """The lines of a table that say something, from its first row on."""

    lines: tuple[Line, ...]
    parted: tuple[int, ...]
    """What stands before each line: nothing, a blank line (1), a page's end (2)."""
    spaced: str
    """What a space at a line's end tells: `soft`, the cell goes on; `hard`, nothing; `none`."""


def body_of(lines: Sequence[Line], start: int, *, is_open: bool) -> Body:
    """Return the lines that say something from a line on.

    A table without closed columns has nothing that tells its rows from what follows: it ends at the
    next numbered heading.
    """
    body: list[Line] = []
    parted: list[int] = []
    gap = _GAP
    last = lines[start].number if start < len(lines) else 0
    for line in lines[start:]:
        if line.heading is not None and line.text.strip():
            break
        if is_open and _NUMBERED.match(line.text):
            break
        if line.text.strip():
            body.append(line)
            parted.append(_PAGE if line.number - last > _PAGE_GAP else gap)
            gap, last = 0, line.number
        else:
            gap = _PAGE if line.text == NEW_PAGE or gap == _PAGE else _GAP
    return Body(tuple(body), tuple(parted), _spaced(lines))


def _spaced(lines: Sequence[Line]) -> str:
    """Say what a space at a line's end tells: some programs leave one where a paragraph goes on."""
    told = [line.text for line in lines if line.text.strip()]
    share = sum(text.endswith(" ") for text in told) / max(len(told), 1)
    if share < 0.05:  # noqa: PLR2004 - none leaves them
        return "none"
    return "hard" if share > 0.95 else "soft"  # noqa: PLR2004 - every line has one


def runs(body: Body, at: int) -> Iterator[tuple[int, float]]:
    """Yield (line behind, cost) of the runs of lines from a line that may be cells of one unit."""
    cost = 0.0
    for end in range(at + 1, min(at + _MOST_CELL_LINES, len(body.lines)) + 1):
        yield end, cost + _break(body, end)
        if end == len(body.lines):
            return
        cost += _join(body, end)
        if cost > WORST:
            return


def _break(body: Body, at: int) -> float:
    """Return how odd it is that a cell ends right above a line."""
    if at >= len(body.lines) or body.parted[at] == _PAGE:
        return 0.0
    above, below = body.lines[at - 1].text, body.lines[at].text.strip()
    lower = re.match(r"[a-zåäö]", below) is not None
    if body.spaced == "soft" and above.endswith(" "):
        return 2 * WORST
    if WANTS_MORE.search(above.rstrip()):
        return WORST
    if body.spaced == "soft" or body.parted[at]:
        return 1.5 if lower else 0.0
    if lower:
        return 3.0
    return 0.0 if re.search(r"[.!?]\s*$", above) else 0.6


def _join(body: Body, at: int) -> float:
    """Return how odd it is that a cell goes on from the line above to a line."""
    above, below = body.lines[at - 1].text, body.lines[at].text.strip()
    lower = re.match(r"[a-zåäö]", below) is not None
    if body.parted[at] == _PAGE:
        # the parts of all cells of the row stand below, one after another
        return 2 * WORST
    if body.spaced == "soft":
        if above.endswith(" "):
            return 0.0
        cut = re.search(r"(?:[a-zåäö]|\d-|[a-zåäö]-)$", above) and re.match(r"[a-zåäö\d]", below)
        return 0.8 if cut else 4.0
    ended = re.search(r"[.!?]\s*$", above) is not None
    if body.parted[at]:
        return 1.0 if lower and not ended else 3.0
    if lower:
        return 0.0
    return 1.5 if ended else 0.5


def whole(body: Body, start: int, end: int) -> tuple[Passage, int]:
    """Return lines as one text with its places, and how much of it stands on the first line."""
    kept = body.lines[start:end]
    text, head = "", 0
    spots: list[tuple[int, int]] = []
    for index, line in enumerate(kept):
        shown = line.text.strip()
        if index:
            head = head or len(text)
            between = _between(body, text, kept[index - 1].text, shown)
            text = text[:-1] if between is None else text + between
            spots = spots[: len(text)] + spots[-1:] * (len(text) - len(spots))
        offset = len(line.text) - len(line.text.lstrip())
        for found in re.finditer(r"\S+|\s+", shown):
            piece = found.group() if found.group().strip() else " "
            text += piece
            spots += [(index, offset + found.start() + i) for i in range(len(piece))]
    return Passage(text, kept, tuple(spots)), head or len(text)


def _between(body: Body, before: str, above: str, below: str) -> str | None:
    """Return what stands between two lines of a cell; None where a hyphen only broke a word."""
    if before.endswith("-") and re.match(r"[\dA-ZÅÄÖ]", below):
        return ""
    if re.search(r"[a-zåäö]-$", before) and re.match(GOES_ON, below):
        return None
    cut = re.search(r"[a-zåäö]$", above) and re.match(r"[a-zåäö]", below)
    if not cut:
        return " "
    first, rest = (re.split(r"\W", above)[-1].casefold(), re.split(r"\W", below)[0])
    if body.spaced == "none":
        # nothing tells that a word goes on but that it is one, and its beginning is none
        return "" if first + rest in swedish() and first not in swedish() else " "
    return " " if first in swedish() and rest in swedish() else ""
