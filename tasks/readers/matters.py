"""Several matters in one file: a memo with the report behind it, annexes, a form, a status.

A matter begins where a document's title opens a page, stands under `Bilaga 2` or is a heading of
the highest level, and where the numbering of chapters begins anew. A title that comes back at the
top of pages is a running header. One matter gives no parts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from expectations.contract import PERIODIC_KINDS, Part
from expectations.register_files import generic_vocabulary
from expectations.registers import plain
from tasks.readers.outline import Outline
from tasks.readers.pages import Line

Rounds = Callable[[str, str], str | None]
"""The round that a text and a kind say."""
_COVER_LINES = 80
"""How far above its first heading an annex may begin: a cover and a list of contents."""
_LONGEST_TITLE = 90
_ANNEX = re.compile(r"\s*[Bb]ilaga\s+\d+[.:]?\s*")
_NEAR = 70
_FEWEST_CHAPTERS = 3


@dataclass(frozen=True, slots=True)
class _Start:
    """Where a matter begins: its first line, the line of its first heading, its kind if titled."""

    first: int
    heading: int
    kind: str | None = None
    title: str = ""


def matters(outline: Outline, kind: str, round_of: Rounds) -> tuple[Part, ...]:
    """Return the matters of a file in order, none where it holds one or is of no known kind."""
    if kind == "unknown" or not outline.lines:
        return ()
    starts = _joined(_restarts(outline, kind), list(_titled(outline)))
    kinds = {start.kind for start in starts}
    if len(starts) < 2 or (kind not in PERIODIC_KINDS and len(kinds) < 2):  # noqa: PLR2004 - one start is the whole file
        return ()
    firsts = [outline.lines[0].number, *(start.first for start in starts[1:])]
    ends = [first - 1 for first in firsts[1:]] + [outline.lines[-1].number]
    spans = zip(starts, firsts, ends, strict=True)
    return tuple(
        _part(outline, start, (first, end), kind, round_of, is_first=start is starts[0])
        for start, first, end in spans
    )


def _restarts(outline: Outline, kind: str) -> list[_Start]:
    """Return the top of the file, and each chapter 1 that comes after other chapters."""
    sections = outline.sections
    starts = [_start(outline, sections[0].heading)] if sections else []
    numbered = _memo_above(outline)
    for section in sections if kind in PERIODIC_KINDS else ():
        if not section.number or section.heading is None:
            continue
        if section.number == "1" and numbered:
            starts.append(_start(outline, section.heading, section.title))
        numbered = True
    return starts


def _start(outline: Outline, heading: Line | None, title: str = "") -> _Start:
    if heading is None:
        top = outline.lines[0].number
        return _Start(top, top, title=title)
    return _Start(_cover(outline, heading), heading.number, title=title)


def _titled(outline: Outline) -> Iterator[_Start]:
    """Yield the lines that name a kind of document where a document can begin."""
    told = [line for line in outline.lines if line.text.strip()]
    often = Counter(plain(line.text) for line in told)
    for index, line in enumerate(told):
        text = plain(line.text)
        kind = _named(text) if len(text) < _LONGEST_TITLE else None
        if kind is None or often[text] > 1 or not _opens(told, index):
            continue
        above = told[index - 1] if index else line
        first = above.number if index and _ANNEX.fullmatch(above.text) else line.number
        yield _Start(first, line.number, kind, line.text.strip())


def _named(text: str) -> str | None:
    """Return the kind whose title a line begins with, the longest title if several do."""
    kinds = generic_vocabulary()["kinds"]
    found = [
        (len(word), kind)
        for kind, words in kinds.items()
        for word in words
        if text.startswith(word) and re.match(r"(?:en|et|er)?(?!\w)", text[len(word) :])
    ]
    return max(found)[1] if found else None


def _opens(told: list[Line], index: int) -> bool:
    line = told[index]
    if index == 0:
        return True
    above = told[index - 1]
    turned = line.page is not None and line.page != above.page
    return turned or line.heading == 1 or bool(_ANNEX.fullmatch(above.text))


def _joined(restarts: list[_Start], titled: list[_Start]) -> list[_Start]:
    """Return the starts in order; a chapter 1 behind a title near above it is of that matter.

    Two titles in a row of one kind are one matter: a cover, and the title repeated behind it.
    """
    found: list[_Start] = []
    for start in sorted([*restarts, *titled], key=lambda one: one.heading):
        before = found[-1] if found else None
        if before is None:
            found.append(start)
        elif start.kind is None:
            if before.kind is None or start.heading - before.heading > _COVER_LINES:
                found.append(start)
        elif before.kind == start.kind:
            continue
        elif (
            before.kind is None and len(found) == 1 and start.heading - before.heading < _NEAR // 10
        ):
            found[-1] = _Start(before.first, start.heading, start.kind, start.title)
        else:
            found.append(start)
    return found


def _memo_above(outline: Outline) -> bool:
    """Say whether a proposal to decide stands above the first numbered heading: a memo's text."""
    first = next((s.heading.number for s in outline.sections if s.number and s.heading), 0)
    above = plain(" ".join(line.text for line in outline.lines if line.number < first))
    return "förslag till beslut" in above


def _cover(outline: Outline, heading: Line) -> int:
    """Return the first line of a part: its `Bilaga 2` above the heading, else the heading."""
    above = [x for x in outline.lines if heading.number - _COVER_LINES <= x.number < heading.number]
    annex = [x.number for x in above if _ANNEX.fullmatch(x.text)]
    return annex[-1] if annex else heading.number


def _part(
    outline: Outline,
    start: _Start,
    lines: tuple[int, int],
    kind: str,
    round_of: Rounds,
    *,
    is_first: bool,
) -> Part:
    end = lines[1]
    last = min(end, start.heading + _NEAR // 2)
    near = [x for x in outline.lines if start.heading - _NEAR <= x.number <= last]
    text = plain(" ".join(line.text for line in near))
    named = start.kind or _kind_near(text, kind)
    if is_first and start.kind != "minutes_extract":
        named = "memo" if _is_memo(outline, text, lines) else named
    elif start.kind is None and "sammanfattning" in plain(start.title):
        named = kind
    own = plain(" ".join(x.text for x in near if x.number >= start.first)) if start.kind else text
    return Part(named, round=round_of(own, named), lines=lines)


def _is_memo(outline: Outline, text: str, lines: tuple[int, int]) -> bool:
    """Say whether the first matter is a memo: it proposes to decide and has few chapters."""
    within = [s for s in outline.sections if s.heading and lines[0] <= s.heading.number <= lines[1]]
    chapters = sum(bool(s.number) and s.level == 1 for s in within)
    return "förslag till beslut" in text and chapters < _FEWEST_CHAPTERS


def _kind_near(text: str, kind: str) -> str:
    known = ("agenda2030_status", "competence_followup", "memo", "annual_report", kind)
    words = generic_vocabulary()["kinds"]
    return next((one for one in known if any(word in text for word in words.get(one, ()))), kind)
