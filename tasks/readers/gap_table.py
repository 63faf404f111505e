"""The table of competence gaps as flattened text.

A row is an occupational group, one word of a scale for each column in the header's order, and a
comment; each may be broken over lines or a page. The words of the scales are what holds a row
together. Refused: a row with fewer words than the header has columns (a blank cell shifts the
others), words that could be read in two ways, and a group that cannot be told from the comment
above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from expectations.contract import CompetenceGap, Text, Unread
from tasks.readers.flat_table import Header, headers, split_line
from tasks.readers.gap_rows import ASIDE, SHIFTED, Gaps, anchors_in, left_unread, read_rows
from tasks.readers.headed import is_heading, usual_width
from tasks.readers.pages import Line
from tasks.readers.wording import Wording

HEADER = "Tabellens rubriker gick inte att tolka."


def gap_table(lines: Sequence[Line], words: Wording) -> Gaps:
    """Return the gaps of the first table of gaps in the lines; empty where there is none."""
    found = headers(lines, words.table("gap_columns"), ("occupation", "years_2"))
    found = found or headers(lines, words.table("gap_columns"), ("occupation", "years_5"))
    if not found:
        return _not_understood(lines, words)
    gaps = Gaps(claimed={x.number for h in found for x in lines[h.start : h.end]})
    within = {at for header in found for at in range(header.start, header.end)}
    body = [
        # a header that is repeated on a new page parts rows as a blank line does
        Line("", line.number) if at in within else line
        for at, line in enumerate(lines)
        if at >= found[0].end
    ]
    scales = _scale_columns(found[0], words)
    anchors = list(anchors_in(body, scales, words)) if _in_order(found[0], scales) else []
    if anchors:
        gaps.unread += [one for anchor in anchors for one in anchor.aside]
        read_rows(body, anchors, gaps, has_comment="comment" in found[0].keys)
    else:
        _read_lines(body, found[0], words, gaps)
    return gaps


def _not_understood(lines: Sequence[Line], words: Wording) -> Gaps:
    """Say that a line looks like the header of such a table but holds unknown words."""
    known = words.table("gap_columns")
    for line in lines:
        text = line.text.casefold()
        held = {
            known[phrase]
            for phrase in known
            if phrase in text and re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", text)
        }
        if {"occupation", "years_2", "years_5"} <= held and len(line.text) < 200:  # noqa: PLR2004 - a header, not prose
            return Gaps(unread=[Unread(line.text.strip(), HEADER, line.place())])
    return Gaps()


def _scale_columns(header: Header, words: Wording) -> list[tuple[str, str]]:
    scales = {**words.table("gap_scales"), **ASIDE}
    return [(key, scales[key]) for key in header.keys if key in scales]


def _in_order(header: Header, scales: Sequence[tuple[str, str]]) -> bool:
    """Say whether the columns are group, scales, comment: other orders need cells of their own."""
    expected = ("occupation", *(key for key, _ in scales))
    gaps = [key for key, _ in scales if key not in ASIDE]
    return header.keys in (expected, (*expected, "comment")) and len(gaps) > 1


def _read_lines(body: Sequence[Line], header: Header, words: Wording, gaps: Gaps) -> None:
    """Read lines parted into exactly the header's columns.

    A line that is not parted so is the rest of a cell of the line above it: neither is read.
    """
    width = usual_width(body)
    for run in _runs_to_heading(body, width):
        spans = [split_line(line, len(header.keys)) for line in run]
        for at, (line, cut) in enumerate(zip(run, spans, strict=True)):
            goes_on = at + 1 < len(run) and spans[at + 1] is None
            if cut is None or goes_on:
                gaps.unread.append(left_unread([line], SHIFTED))
            else:
                gaps.rows.append(_from_line(line, cut, header, words))
            gaps.claimed.add(line.number)


def _runs_to_heading(body: Sequence[Line], width: int) -> Iterator[list[Line]]:
    """Yield runs of lines that hold a table's lines, up to a heading or to running text."""
    run: list[Line] = []
    for index, line in enumerate(body):
        parted = re.search(r"\S(?:\s{2,}|\t)\S", line.text)
        if run and (not line.text.strip() or is_heading(body, index, width)):
            yield run
            run = []
        if line.text.strip() and not run and not parted:
            return
        if line.text.strip():
            run.append(line)
    if run:
        yield run


def _from_line(
    line: Line, spans: Sequence[tuple[int, int]], header: Header, words: Wording
) -> CompetenceGap:
    scales = words.table("gap_scales")
    chosen: dict[str, Any] = {}
    for key, span in zip(header.keys, spans, strict=True):
        written, place = line.text[slice(*span)], line.place(*span)
        if key in scales:
            chosen[key] = words.word(scales[key], written, place)
        elif key == "comment":
            chosen[key] = Text(written, place)
        elif key in ("occupation", "aid"):
            chosen[key] = written
    return CompetenceGap(place=line.place(*spans[header.keys.index("occupation")]), **chosen)
