"""The text of a section as sentences: paragraphs made whole, headings above them told apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tasks.readers.outline import Section
from tasks.readers.pages import Line
from tasks.readers.paragraphs import paragraphs
from tasks.readers.passage import Passage, passage

_FEWEST_WORDS = 4


def whole_sections(sections: Sequence[Section]) -> Iterator[Section]:
    """Yield the sections; a title that is the first line of a sentence is text of the one above.

    Where blank lines stand between all lines, the first of a paragraph looks like a heading.
    """
    held: Section | None = None
    for section in sections:
        below = next((line.text for line in section.lines if line.text.strip()), "")
        opens = len(section.title.split()) >= _FEWEST_WORDS and not section.number
        marked = section.heading is not None and section.heading.heading is not None
        if held is not None and opens and not marked and re.match(r"\s*[a-zåäö\d]", below):
            lines = (*held.lines, *section.title_lines, *section.lines)
            held = replace(held, lines=lines)
            continue
        if held is not None:
            yield held
        held = section
    if held is not None:
        yield held


def passages(lines: Sequence[Line], claimed: frozenset[int]) -> Iterator[Passage]:
    """Yield the paragraphs; one that a blank line parted in the middle of a sentence is whole."""
    held: list[Line] = []
    for run in paragraphs([*_unclaimed(lines, claimed)]):
        if held and not _goes_on(held[-1].text, run[0].text):
            yield passage(held)
            held = []
        held += run
    if held:
        yield passage(held)


def _goes_on(above: str, below: str) -> bool:
    """Say whether a sentence goes on over a blank line: in small letters, or under a full line."""
    if re.search(r"[.:!?]\s*$", above):
        return False
    full = len(above.strip()) >= _FULL_LINE and re.search(r"[a-zåäö,]\s*$", above)
    return bool(full or re.match(r"\s*[a-zåäö\d]", below))


_FULL_LINE = 70


_BROKEN = re.compile(r"\s*[A-ZÅÄÖ](?:\S+ ){5}.*[^\W\d][.!?] [A-ZÅÄÖ]\w+ \w+.*[^.:!?]$")
"""A line with the end of a sentence and the beginning of one: no row of a table."""


def _unclaimed(lines: Sequence[Line], claimed: frozenset[int]) -> Iterator[Line]:
    """Yield the lines that no reader has taken; where some were, a paragraph ends.

    A line in small letters under a sentence that has not ended is the rest of it, whoever took it
    for a row; so is one that ends a sentence and breaks off in the next.
    """
    above = ""
    for line in lines:
        goes_on = re.match(r"\s*[a-zåäö]", line.text) and re.search(r"[^.:!?\s]\s*$", above)
        free = goes_on and re.search(r"[.!?] [A-ZÅÄÖ]", line.text)
        if line.number not in claimed or free or _BROKEN.match(line.text):
            yield line
            above = line.text if line.text.strip() else above
        else:
            yield replace(line, text="")
            above = "."


_FILLED = 0.75
"""A line that ends a sentence and is shorter than this share of the widest ends a paragraph."""


def is_new_paragraph(text: Passage, start: int, widest: int) -> bool:
    """Say whether a sentence begins a line under one that was not filled: so in a PDF."""
    index, _ = text.spots[start]
    if not index or (start and text.spots[start - 1][0] == index):
        return False
    return len(text.lines[index - 1].text.strip()) < _FILLED * widest


_MOST_HEADING = 8


def opening(text: Passage, start: int, end: int) -> tuple[int, str | None]:
    """Return where a sentence begins, and the heading that stands on the line above it.

    Such a heading has few words and no number, and the line below it begins a sentence; a short
    line that ends as no sentence does is one too.
    """
    at, found = start, None
    begin = start
    if start and text.spots[start - 1][0] == text.spots[start][0] and text.text[:start].strip():
        # it begins within a line, which is no heading
        return start, None
    for index in range(text.spots[start][0], text.spots[end - 1][0]):
        stop = next(x for x in range(at, end) if text.spots[x][0] > index)
        above, at = text.text[at:stop].strip(), stop
        if _is_marginal(above):
            begin = at
        elif text.text[at].isupper() and is_heading(above):
            begin, found = at, above
        else:
            break
    whole = text.text[begin:end]
    return begin, found or (whole if is_heading(whole) else None)


def _is_marginal(text: str) -> bool:
    """Say whether a line stands in a page's margin: a day or a number, no word in small letters."""
    return re.search(r"\d", text) is not None and not re.search(r"[a-zåäö]{2}", text)


BULLET = re.compile(r"\s*[•·*\-–]\s+(?=[A-ZÅÄÖ])")
"""How an item of a list begins."""


def sentences_of(text: Passage) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each sentence; an item of a list is one.

    A sentence also ends where a page's margin follows it.
    """
    for start, end in text.sentences():
        begin = start
        for x in range(start + 1, end):
            line = text.spots[x][0]
            if line == text.spots[x - 1][0]:
                continue
            ended = re.search(r"[.!?]\s*$", text.text[begin:x])
            if BULLET.match(text.lines[line].text) or (
                ended and _is_marginal(text.lines[line].text)
            ):
                yield begin, x
                begin = x
        yield begin, end


def is_heading(text: str) -> bool:
    """Say whether a line of text is a heading: few words without a number or a sentence's end."""
    few = len(text.split()) <= _MOST_HEADING
    return few and not re.search(r"[\d,:;]|[.!?]\s*$", text)
