"""The table of competence gaps as flattened text.

A row is an occupational group, one word of a scale for each column in the header's order, and a
comment; each may be broken over lines or a page. The words of the scales are what holds a row
together. Refused: a row with fewer words than the header has columns (a blank cell shifts the
others), words that could be read in two ways, and a group that cannot be told from the comment
above it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from expectations.contract import CompetenceGap, Text, Unread
from tasks.readers.flat_table import Header, headers, split_line
from tasks.readers.headed import is_heading, usual_width
from tasks.readers.pages import Line
from tasks.readers.paragraphs import joined, paragraphs
from tasks.readers.passage import Passage, passage
from tasks.readers.wording import Wording

SHIFTED = "Raden har inte en bedömning i varje kolumn."
UNCLEAR = "Det går inte att skilja yrkesgruppen från kommentaren."
HEADER = "Tabellens rubriker gick inte att tolka."
NO_PLACE = "Kolumnen har ingen egen plats bland kompetensgapen; den står kvar i handlingen."
ASIDE = {"count": "", "market": "labour_market"}
"""Columns beside the gaps and their scales: the staff of a group, how hard it is to find."""
_COUNT = r"\d[\d  ]*(?:,\d+)?"
_BLANK = r"[-–—]"
_SAME_EDGE = 3.0
"""Points that two lines of one column may differ at their left edge."""


@dataclass(slots=True)
class Gaps:
    """Rows, what stayed unread, and the lines taken."""

    rows: list[CompetenceGap] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    claimed: set[int] = field(default_factory=set)


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
    anchors = list(_anchors(body, scales, words)) if _in_order(found[0], scales) else []
    if anchors:
        gaps.unread += [one for anchor in anchors for one in anchor.aside]
        _read_rows(body, anchors, gaps, has_comment="comment" in found[0].keys)
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


# --- rows held together by the words of the scales ------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Anchor:
    """The words of one row; positions are in the body's lines joined by newlines."""

    start: int
    end: int
    chosen: dict[str, Any]
    any_word: str
    """Pattern of every word that a cell of the scales can hold."""
    aside: tuple[Unread, ...] = ()
    """What the row says beside its gaps."""


def _anchors(
    body: Sequence[Line], scales: Sequence[tuple[str, str]], words: Wording
) -> Iterator[_Anchor]:
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
            yield _Anchor(*match.span(), chosen, "|".join(choices), aside)


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


def _read_rows(
    body: Sequence[Line], anchors: Sequence[_Anchor], gaps: Gaps, *, has_comment: bool
) -> None:
    """Divide what stands between the anchors into the comment above and the group below."""
    before: list[Line] = []
    start = (0, 0)
    pending: tuple[Passage, _Anchor] | None = None
    for anchor in anchors:
        before = _between(body, start, _spot(body, anchor.start))
        rest, group = _divide(before, after_row=pending is not None)
        if pending is not None:
            _add(pending, rest, gaps, has_comment=has_comment)
        elif rest:
            gaps.unread += [_unread(run, SHIFTED) for run in paragraphs(rest)]
        pending = _named(group, anchor, body, gaps)
        start = _spot(body, anchor.end)
    rest = _between(body, start, _end_of_table(body, start))
    if pending is not None:
        _add(pending, rest, gaps, has_comment=has_comment)


def _named(
    group: list[Line] | None, anchor: _Anchor, body: Sequence[Line], gaps: Gaps
) -> tuple[Passage, _Anchor] | None:
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


def _add(row: tuple[Passage, _Anchor], rest: list[Line], gaps: Gaps, *, has_comment: bool) -> None:
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
    for number, run in enumerate(runs):
        goes_on = number == 0 or re.match(r"\s*[a-zåäö]", run[0].text)
        if has_comment and goes_on and not _has_gap(run) and not _may_be_row(run, anchor):
            taken.append(run)
        else:
            gaps.unread.append(_unread(run, SHIFTED))
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
    """Return a group with the bracket that a page cut from it, and the lines without it.

    The bracket stands at the top of the page, before the rest of the comment.
    """
    for at, run in enumerate(runs[1:], start=1):
        found = re.match(r"\s*(\([a-zåäö][^()]*\))(?=\s|$)", run[0].text)
        if found is not None and "(" not in group:
            left = " " * found.end() + run[0].text[found.end() :]
            rest = [replace(run[0], text=left), *run[1:]]
            joined_run = [*runs[at - 1], *(line for line in rest if line.text.strip())]
            return f"{group} {found[1]}", [*runs[: at - 1], joined_run, *runs[at + 1 :]]
    return group, runs


def _may_be_row(run: Sequence[Line], anchor: _Anchor) -> bool:
    """Say whether two words of the scales stand side by side in what should be a comment."""
    word = anchor.any_word
    return re.search(rf"(?<!\w)(?:{word})\s+(?:{word})(?!\w)", joined(run)) is not None


def _unread(run: Sequence[Line], why: str) -> Unread:
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


# --- rows whose cells stand apart on one line -----------------------------------------------------


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
                gaps.unread.append(_unread([line], SHIFTED))
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
