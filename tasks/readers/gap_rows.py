"""Rows of competence gaps that the words of the scales hold together, broken over lines or a page.

A row is an occupational group, a word of a scale for each column, and a comment. What stands
between two rows' words is the comment of the one above and the group of the one below.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from expectations.contract import CompetenceGap, Text, Unread
from tasks.readers.headed import is_heading, usual_width
from tasks.readers.pages import Line
from tasks.readers.paragraphs import joined, paragraphs
from tasks.readers.passage import Passage, passage
from tasks.readers.wording import Wording, either

SHIFTED = "Raden har inte en bedömning i varje kolumn."
UNCLEAR = "Det går inte att skilja yrkesgruppen från kommentaren."
NO_PLACE = "Kolumnen har ingen egen plats bland kompetensgapen; den står kvar i handlingen."
ASIDE = {"count": "", "market": "labour_market"}
"""Columns beside the gaps and their scales: the staff of a group, how hard it is to find."""
_COUNT = r"\d[\d  ]*(?:,\d+)?"
_BLANK = r"[-–—]"
_BROKEN = re.compile(rf"(?<!\w){either('small_words', 'open')}$|-$")
"""How a group ends that goes on elsewhere."""
_SAME_EDGE = 3.0
"""Points that two lines of one column may differ at their left edge."""


@dataclass(slots=True)
class Gaps:
    """Rows, what stayed unread, and the lines taken."""

    rows: list[CompetenceGap] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    claimed: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Anchor:
    """The words of one row; positions are in the body's lines joined by newlines."""

    start: int
    end: int
    chosen: dict[str, Any]
    any_word: str
    """Pattern of every word that a cell of the scales can hold."""
    aside: tuple[Unread, ...] = ()
    """What the row says beside its gaps."""


def anchors_in(
    body: Sequence[Line], scales: Sequence[tuple[str, str]], words: Wording
) -> Iterator[Anchor]:
    """Yield the words of the scales of each row, where they can be read in one way only."""
    text = "\n".join(line.text for line in body)
    for shape in (_capital, str.lower):
        choices = [_choice(scale, words, shape) for _, scale in scales]
        if not all(choices):
            return
        form = r"(?<!\S)" + r"\s+".join(
            f"(?P<{key}>{choice}|{_BLANK})"
            for (key, _), choice in zip(scales, choices, strict=True)
        )
        found = list(re.finditer(rf"{form}(?=\s|$)", text))
        if found:
            break
    for match in found:
        if not _two_ways(match, scales, words):
            chosen = {
                key: words.word(scale, _one_line(match[key]), _place(body, *match.span(key)))
                for key, scale in scales
                if key not in ASIDE and not re.fullmatch(_BLANK, match[key])
            }
            aside = tuple(
                Unread(_one_line(match[key]), NO_PLACE, _place(body, *match.span(key)))
                for key, _ in scales
                if key in ASIDE
            )
            yield Anchor(*match.span(), chosen, "|".join(choices), aside)


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


def _choice(scale: str, words: Wording, shape: Any) -> str:
    """Return a pattern of a scale's words, a space in them being any gap; longest first.

    Cells begin with a capital letter, so `Mindre allvarlig` is never `Mindre` and `allvarlig`.
    """
    if not scale:
        return _COUNT
    aside = scale in ASIDE.values()
    listed = words.words["common_scales"][scale] if aside else words.scale_words(scale)
    known = sorted(listed, key=len, reverse=True)
    return "|".join(re.escape(shape(word)).replace(r"\ ", r"\s+") for word in known)


def _two_ways(found: re.Match[str], scales: Sequence[tuple[str, str]], words: Wording) -> bool:
    """Say whether two cells side by side are together one word of a scale in the table."""
    own = [(key, scale) for key, scale in scales if key not in ASIDE]
    known = {word for _, scale in own for word in words.scale_words(scale)}
    written = [_one_line(found[key]) for key, _ in own]
    return any(f"{one} {other}" in known for one, other in itertools.pairwise(written))


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _place(body: Sequence[Line], start: int, end: int) -> Any:
    line, column = _spot(body, start)
    stop = min(column + end - start, len(body[line].text.rstrip()))
    return body[line].place(column, stop)


def _spot(body: Sequence[Line], position: int) -> tuple[int, int]:
    for index, line in enumerate(body):
        if position <= len(line.text):
            return index, position
        position -= len(line.text) + 1
    return len(body) - 1, 0


def read_rows(
    body: Sequence[Line], anchors: Sequence[Anchor], gaps: Gaps, *, has_comment: bool
) -> None:
    """Divide what stands between the anchors into the comment above and the group below."""
    before: list[Line] = []
    start = (0, 0)
    pending: tuple[Passage, Anchor] | None = None
    for anchor in anchors:
        before = _between(body, start, _spot(body, anchor.start))
        rest, group = _divide(before, after_row=pending is not None)
        if pending is not None:
            _add(pending, rest, gaps, has_comment=has_comment)
        elif rest:
            gaps.unread += [left_unread(run, SHIFTED) for run in paragraphs(rest)]
        pending = _named(group, anchor, body, gaps)
        start = _spot(body, anchor.end)
    rest = _between(body, start, _end_of_table(body, start))
    if pending is not None:
        _add(pending, rest, gaps, has_comment=has_comment)


def _named(
    group: list[Line] | None, anchor: Anchor, body: Sequence[Line], gaps: Gaps
) -> tuple[Passage, Anchor] | None:
    """Return the row's group with its anchor; a row without a clear group stays unread."""
    index, _ = _spot(body, anchor.start)
    if not group:
        gaps.unread.append(Unread(body[index].text.strip(), UNCLEAR, body[index].place()))
        return None
    last, _ = _spot(body, anchor.end)
    gaps.claimed |= {line.number for line in (*group, *body[index : last + 1])}
    return passage(group), anchor


def _between(body: Sequence[Line], start: tuple[int, int], end: tuple[int, int]) -> list[Line]:
    """Return the lines from one spot to another; the first and last only in part, same columns."""
    kept = []
    for index in range(start[0], end[0] + 1):
        line = body[index]
        first = start[1] if index == start[0] else 0
        last = end[1] if index == end[0] else len(line.text)
        kept.append(Line(" " * first + line.text[first:last], line.number, line.page, box=line.box))
    return kept


def _divide(between: list[Line], *, after_row: bool) -> tuple[list[Line], list[Line] | None]:
    """Return (lines of the comment above, lines of the group below, None where unclear)."""
    at = len(between) - 1
    while at >= 0 and not between[at].text.strip():
        at -= 1
    first = at
    while first > 0 and between[first - 1].text.strip():
        first -= 1
    if at < 0 or _has_gap(between[max(first, 0) : at + 1]):
        return between, None
    if after_row and between[at].box is not None:
        return _divide_by_edge(between[: at + 1])
    if first == 0 and after_row:
        # No blank line since the row above: the group begins at the last line with a capital.
        split = at
        while split > 0 and re.match(r"\s*[a-zåäö]", between[split].text):
            split -= 1
        above = between[split - 1].text.strip() if split > 0 else ""
        clear = split > 1 and not re.match(r"[A-ZÅÄÖ]", above)
        if split == 0 or not (clear or above.endswith(".") or split == 1):
            return between, None
        first = split
    # behind a page break the end of the comment above stands first: no group ends with a stop
    ends = [i for i in range(first, at) if between[i].text.rstrip().endswith(".")]
    first = ends[-1] + 1 if ends else first
    # nor does one begin in lower case: that is the rest of the comment too
    capital = (i for i in range(first, at + 1) if re.match(r"\s*[A-ZÅÄÖ]", between[i].text))
    first = next(capital, first) if after_row else first
    return between[:first], between[first : at + 1]


def _divide_by_edge(between: list[Line]) -> tuple[list[Line], list[Line] | None]:
    """Divide lines of a page by where they begin: a group stands at the table's left edge.

    What stands at the edge above the group's line is the rest of the group above, if it goes on
    in lower case; else it could belong to either, and the group is unclear.
    """
    if any(line.box is None for line in between) or re.match(r"\s*[a-zåäö]", between[-1].text):
        return between, None
    at_edge = [line for line in between[1:-1] if _at_edge(line, between[-1])]
    if any(not re.match(r"\s*[a-zåäö]", line.text) for line in at_edge):
        return between, None
    return between[:-1], between[-1:]


def _at_edge(line: Line, group: Line) -> bool:
    """Say whether a line begins where the groups do; False where lines have no rectangles."""
    if line.box is None or group.box is None:
        return False
    return line.box[0] <= group.box[0] + _SAME_EDGE


def _has_gap(lines: Sequence[Line]) -> bool:
    """Say whether two columns stand side by side on a line."""
    return any(re.search(r"\S(?:\s{2,}|\t)\S", line.text) for line in lines)


def _add(row: tuple[Passage, Anchor], rest: list[Line], gaps: Gaps, *, has_comment: bool) -> None:
    """Add a row with the comment behind it; what may be a lost row is left unread."""
    group, anchor = row
    runs = paragraphs(rest)
    if any(_at_edge(line, group.lines[0]) for line in rest[1:]):
        # the group goes on below, beside the comment: neither is whole
        said = (group.text, *(word.written for word in anchor.chosen.values()), joined(rest))
        gaps.unread.append(Unread(" ".join(said), UNCLEAR, group.lines[0].place()))
        return
    taken: list[list[Line]] = []
    occupation, runs = _bracketed(group.text, runs)
    if _BROKEN.search(occupation):
        gaps.unread.append(Unread(occupation, UNCLEAR, group.lines[0].place()))
        return
    for number, run in enumerate(runs):
        goes_on = number == 0 or re.match(r"\s*[a-zåäö]", run[0].text)
        if has_comment and goes_on and not _has_gap(run) and not _may_be_row(run, anchor):
            taken.append(run)
        else:
            gaps.unread.append(left_unread(run, SHIFTED))
    lines = [line for run in taken for line in run]
    comment = passage(lines)
    gaps.claimed |= {line.number for line in rest if line.text.strip()}
    gaps.rows.append(
        CompetenceGap(
            occupation=occupation,
            place=group.place(0, len(group.text)),
            comment=Text(comment.text, comment.place(0, len(comment.text))) if lines else None,
            **anchor.chosen,
        )
    )


def _bracketed(group: str, runs: list[list[Line]]) -> tuple[str, list[list[Line]]]:
    """Return a group with the bracket or the word that a page cut from it, and the lines without.

    Either stands at the top of the page, before the rest of the comment.
    """
    rest_of = r"([a-zåäö]+)" if _BROKEN.search(group) else r"(\([a-zåäö][^()]*\))"
    for at, run in enumerate(runs[1:], start=1):
        found = re.match(rf"\s*{rest_of}(?=\s|$)", run[0].text)
        if found is not None and "(" not in group:
            left = " " * found.end() + run[0].text[found.end() :]
            rest = [replace(run[0], text=left), *run[1:]]
            joined_run = [*runs[at - 1], *(line for line in rest if line.text.strip())]
            return f"{group} {found[1]}", [*runs[: at - 1], joined_run, *runs[at + 1 :]]
    return group, runs


def _may_be_row(run: Sequence[Line], anchor: Anchor) -> bool:
    """Say whether two words of the scales stand side by side in what should be a comment."""
    word = anchor.any_word
    return re.search(rf"(?<!\w)(?:{word})\s+(?:{word})(?!\w)", joined(run)) is not None


def left_unread(run: Sequence[Line], why: str) -> Unread:
    """Return lines as unread, with the place of the first."""
    return Unread(joined(run), why, run[0].place())


def _end_of_table(body: Sequence[Line], start: tuple[int, int]) -> tuple[int, int]:
    """Return where the last row's comment ends: at a blank line or a heading."""
    width = usual_width(body)
    index = start[0]
    while index + 1 < len(body) and body[index + 1].text.strip():
        if is_heading(body, index + 1, width):
            break
        index += 1
    return index, len(body[index].text)
