"""Words of a page of a PDF put together to lines.

Words that stand far apart on a line are divided by two spaces: a row of figures without rules can
then still be told apart.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from tasks.readers.aligned_pieces import apart

Box = tuple[float, float, float, float]
SAME_LINE = 3.0
"""Points that two words of one line may differ in height."""
_APART = 0.7
"""How far apart two pieces of a row stand at least, in heights of their letters."""


def grouped(words: list[Any]) -> Iterator[list[Any]]:
    """Yield the words of each line, left to right."""
    line: list[Any] = []
    for word in sorted(words, key=lambda one: (one["bottom"], one["x0"])):
        if line and abs(word["bottom"] - line[0]["bottom"]) > SAME_LINE:
            yield sorted(line, key=lambda one: one["x0"])
            line = []
        line.append(word)
    if line:
        yield sorted(line, key=lambda one: one["x0"])


def line_of(words: list[Any]) -> tuple[str, float, Box]:
    """Return a line's text, the size of its largest letters and its rectangle, in points."""
    text = words[0]["text"]
    for before, word in itertools.pairwise(words):
        gap = word["x0"] - before["x1"]
        text += ("  " if gap > 1.2 * word["size"] else " ") + word["text"]
    box = (
        min(word["x0"] for word in words),
        min(word["top"] for word in words),
        max(word["x1"] for word in words),
        max(word["bottom"] for word in words),
    )
    return text, max(word["size"] for word in words), rounded(box)


def face_of(words: list[Any]) -> str | None:
    """Return the face that all words of a line are set in, None where there are several."""
    faces = {str(word["fontname"]) for word in words}
    return faces.pop() if len(faces) == 1 else None


def pieces_of(words: list[Any]) -> list[tuple[str, float, float]]:
    """Return a line as pieces; columns of figures stand nearer than those of words do."""
    size = max(word["size"] for word in words)
    return apart([(w["text"], w["x0"], w["x1"]) for w in words], _APART * size)


def rounded(box: Any) -> Box:
    """Return a rectangle in tenths of a point."""
    x0, top, x1, bottom = (round(float(edge), 1) for edge in box)
    return x0, top, x1, bottom
