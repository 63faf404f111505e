"""Which lines of a PDF are headings by their look: their size, their face and the room above them.

A line set clearly larger than the running text is one. So is a title in a bold face, or in another
family than the running text, that stands with more room above it than lines of a paragraph have.
A table's header, a group of its rows and a bold sentence are none.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tasks.readers.line_kinds import is_column, is_row, is_said, names_columns

_LARGER = 1.15
_SMALLER = 0.9
"""A title that its face tells is as large as the running text; a table's words are often less."""
_LONGEST_HEADING = 110
_LONGEST_TITLE = 80
_ROOM = 0.25
"""How much more room stands above a title than between lines of a paragraph, in heights of it."""
_MOST_LINES = 2
"""Lines that a title takes; more in one face are a paragraph."""
_BOLD = re.compile(r"bold|black|heavy|semibold|demi|fet\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SetLine:
    """A line as it is set: size in points, face where all its words share one, box in points.

    `pieces` are its parts that stand apart; `is_ruled` says that it stands in a table of rules.
    """

    text: str
    size: float
    box: tuple[float, float, float, float]
    face: str | None = None
    pieces: int = 1
    is_ruled: bool = False


def levels(pages: Sequence[Sequence[SetLine]]) -> list[list[int | None]]:
    """Return the heading level (1-6) of every line of every page, None where it is no heading."""
    sized = _larger(pages)
    told = _Told(pages)
    titles = [told.titles(page) for page in pages]
    own = [round(page[at].size, 1) for page, some in zip(pages, titles, strict=True) for at in some]
    lesser = sorted(set(own) - set(sized), reverse=True)
    known = sized | {size: min(len(sized) + at, 6) for at, size in enumerate(lesser, start=1)}
    return [
        [
            known[size]
            if at in some or (size in sized and len(line.text) <= _LONGEST_HEADING)
            else None
            for at, line in enumerate(page)
            for size in [round(line.size, 1)]
        ]
        for page, some in zip(pages, titles, strict=True)
    ]


def _larger(pages: Sequence[Sequence[SetLine]]) -> dict[float, int]:
    """Return the heading level of each size that is clearly larger than the body text.

    Where tables hold most of the letters the body is theirs, and running text is no heading.
    """
    sizes: Counter[float] = Counter()
    for line in itertools.chain(*pages):
        sizes[round(line.size, 1)] += len(line.text)
    if not sizes:
        return {}
    body = sizes.most_common(1)[0][0]
    larger = sorted(
        (size for size in sizes if size > body * _LARGER and not _is_running(pages, size)),
        reverse=True,
    )
    return {size: min(level, 6) for level, size in enumerate(larger, start=1)}


def _is_running(pages: Sequence[Sequence[SetLine]], size: float) -> bool:
    """Say whether what is set in a size is sentences, not titles."""
    texts = [line.text for line in itertools.chain(*pages) if round(line.size, 1) == size]
    sentences = sum(text.endswith(".") or len(text) > _LONGEST_TITLE for text in texts)
    return sentences * 4 > len(texts)


class _Told:
    """The face of a document's running text, and the titles that another face tells."""

    def __init__(self, pages: Sequence[Sequence[SetLine]]) -> None:
        faces: Counter[tuple[str, float]] = Counter()
        for line in itertools.chain(*pages):
            if line.face and line.pieces == 1 and not line.is_ruled:
                faces[line.face, round(line.size, 1)] += len(line.text)
        self.face, self.size = faces.most_common(1)[0][0] if faces else ("", 0.0)
        gaps: Counter[float] = Counter()
        for page in pages:
            for above, line in itertools.pairwise(page):
                if self._is_body(above) and self._is_body(line):
                    gaps[round(line.box[1] - above.box[3], 1)] += 1
        self.gap = gaps.most_common(1)[0][0] if gaps else 0.0

    def _is_body(self, line: SetLine) -> bool:
        return line.face == self.face and abs(line.size - self.size) < _NEAR

    def titles(self, page: Sequence[SetLine]) -> frozenset[int]:
        """Return where on a page a title stands that its face and its room tell."""
        return frozenset(at for run in self._runs(page) for at in run)

    def _runs(self, page: Sequence[SetLine]) -> Iterator[list[int]]:
        """Yield the lines of each title."""
        if _BOLD.search(self.face) or not self.face:
            return
        at = 0
        while at < len(page):
            stop = at + 1
            while stop < len(page) and _goes_on(page[stop - 1], page[stop], self.gap):
                stop += 1
            run = page[at:stop]
            if self._has_room(page, at) and self._is_title(run) and not _heads_columns(page, stop):
                yield list(range(at, stop))
            at = stop

    def _has_room(self, page: Sequence[SetLine], at: int) -> bool:
        """Say whether a line stands clear of the one above it, or under nothing but a title."""
        if at == 0:
            return True
        above, line = page[at - 1], page[at]
        if line.box[1] < above.box[1]:
            return True  # the first of the next column
        return line.box[1] - above.box[3] > self.gap + _ROOM * line.size

    def _is_title(self, run: Sequence[SetLine]) -> bool:
        first, text = run[0], " ".join(line.text.strip() for line in run)
        own = first.face is not None and not self._is_body(first)
        marked = first.face is not None and (
            _BOLD.search(first.face) or _family(first.face) != _family(self.face)
        )
        plain = first.pieces == 1 and not any(line.is_ruled for line in run)
        return bool(
            own
            and marked
            and plain
            and len(run) <= _MOST_LINES
            and first.size > self.size * _SMALLER
            and re.match(r"(?:\d+(?:\.\d+)*\.?\s+)?[A-ZÅÄÖ]", text)
            and 3 < len(text) <= _LONGEST_HEADING  # noqa: PLR2004 - shorter lines are initials
            and not re.search(r"[.,;:!?–-]$|\d,\d|%", text)
            and not (is_row(text) or is_said(text) or is_column(text) or names_columns(text))
        )


_NEAR = 0.3


def _goes_on(above: SetLine, line: SetLine, gap: float) -> bool:
    """Say whether a line is set as the one above it and stands right below it."""
    alike = above.face is not None and above.face == line.face
    near = above.box[1] < line.box[1] <= above.box[3] + gap + _ROOM * line.size
    return alike and near and abs(above.size - line.size) < _NEAR


def _heads_columns(page: Sequence[SetLine], stop: int) -> bool:
    """Say whether what stands right below is more of a header, in the same face, or a row."""
    last = page[stop - 1]
    if stop >= len(page):
        return False
    below = page[stop]
    if is_row(below.text):
        return True
    return below.pieces > 1 and below.face == last.face and abs(below.size - last.size) < _NEAR


def _family(face: str) -> str:
    """Return the family of a face: `ABCDEF+Arial-BoldMT` is of `arial`."""
    bare = face.rpartition("+")[2].casefold()
    return re.sub(r"(?:ps)?(?:mt)?$", "", re.split(r"[-,]", bare)[0])
