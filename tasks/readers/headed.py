"""Headings in text that has lost its format, and what stands under each.

A line is a heading where the format says so; where it is short and stands between blank lines;
where it is the first of a page and a blank line follows; or where it opens a paragraph and is
broken off by hand (the next word would have had room on it).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from expectations.contract import Narrative
from tasks.readers.pages import Line
from tasks.readers.paragraphs import joined, text_of

_STOPS = (".", ",", ";", ":", "-", "–", "!", "?")
_LONGEST = 90


def usual_width(lines: Sequence[Line]) -> int:
    """Return the width that text is wrapped at: nine lines in ten are not longer."""
    lengths = sorted(len(line.text.rstrip()) for line in lines if line.text.strip())
    return lengths[len(lengths) * 9 // 10] if lengths else 0


def broken_off(lines: Sequence[Line], index: int, width: int) -> bool:
    """Say whether a line that opens a paragraph ends long before the text's width."""
    text = lines[index].text.strip()
    after = lines[index + 1].text.strip() if index + 1 < len(lines) else ""
    return (
        _after_blank(lines, index)
        and _titled(text)
        and bool(re.match(r"[A-ZÅÄÖ]", after))
        and (len(text) + 1 + len(after.split()[0])) * 4 < width * 3
    )


def is_heading(lines: Sequence[Line], index: int, width: int) -> bool:
    """Say whether a line is a heading; table rows and bullets that look like one are not told."""
    line = lines[index]
    if line.heading is not None:
        return bool(line.text.strip())
    alone = _before_blank(lines, index) and _titled(line.text.strip())
    opens_page = re.match(r" [A-ZÅÄÖ]", line.text) is not None
    return (alone and (opens_page or _after_blank(lines, index))) or broken_off(lines, index, width)


def _titled(text: str) -> bool:
    return (
        bool(re.match(r"[A-ZÅÄÖ]", text))
        and 3 < len(text) < _LONGEST  # noqa: PLR2004 - shorter lines are initials
        and not text.endswith(_STOPS)
    )


def _after_blank(lines: Sequence[Line], index: int) -> bool:
    return index == 0 or not lines[index - 1].text.strip()


def _before_blank(lines: Sequence[Line], index: int) -> bool:
    return index + 1 >= len(lines) or not lines[index + 1].text.strip()


def narratives(
    lines: Sequence[Line], claimed: Collection[int], heads: Collection[int] = ()
) -> Iterator[tuple[Narrative, set[int]]]:
    """Yield what is unclaimed under each heading, with the lines it takes.

    `heads` are numbers of lines that the caller knows to be headings. The path holds the one
    heading: which heading stands under which is gone with the format.
    """
    width = usual_width(lines)
    heading: list[Line] = []
    body: list[Line] = []
    for index, line in enumerate(lines):
        if line.number in heads or (line.number not in claimed and is_heading(lines, index, width)):
            if heading and not body and _same_heading(heading[-1], line):
                heading.append(line)
                continue
            yield from _told(heading, body)
            heading, body = [line], []
        elif line.number not in claimed:
            body.append(line)
    yield from _told(heading, body)


def _same_heading(above: Line, line: Line) -> bool:
    """Say whether two lines are one heading: the format sets them alike and side by side."""
    alike = above.heading is not None and above.heading == line.heading
    return alike and above.box is not None and line.number == above.number + 1


def _told(heading: Sequence[Line], body: Sequence[Line]) -> Iterator[tuple[Narrative, set[int]]]:
    text = text_of(body)
    if heading and text is not None:
        narrative = Narrative((joined(heading),), text, text.place)
        yield narrative, {line.number for line in (*heading, *body)}
