"""Labels of several lines whose values stand in their middle, as a page sets a centred row.

`Korttidssjukfrån` over `1,5 % 3,1 %` over `varo`: as many lines of the label stand above the
values as below, so that the lines between two rows are dealt out by counting from the last row up.
Where the count does not come out even the lines stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tasks.readers.label_tails import BEGINS
from tasks.readers.lexicon import swedish
from tasks.readers.line_values import stands_for_values, values_from
from tasks.readers.numbers import row_values
from tasks.readers.pages import Line
from tasks.readers.raw_row import RawRow

_MOST_HALF = 4
"""Lines of a label above its values, and as many below."""
_FEWEST = 2
"""One value alone in a line may be the number of a page."""
_PAGE_NUMBER = re.compile(r"\s*\d{1,3}\s*")
_SHORTEST_WORD = 5
"""Letters that a word has at least which tells that two lines are one word."""
_LONGEST = 200


def centred_rows(lines: Sequence[Line]) -> dict[int, RawRow]:
    """Return the rows of blocks with centred labels, by the index of the line of their values."""
    found: dict[int, RawRow] = {}
    for start, end in _blocks(lines):
        rows = [at for at in range(start, end) if _has_values(lines[at].text)]
        if any(stands_for_values(lines[at].text) for at in rows):
            for at, half in _halves(lines, start, end, rows):
                found[at] = _row(lines, at, half)
    return found


def _blocks(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """Yield the spans of lines without a blank between; the number of a page ends one."""
    start = 0
    for at, line in enumerate(lines):
        goes_on = at > start and line.number == lines[at - 1].number + 1
        ends = not line.text.strip() or _ends_page(lines, at)
        if ends or not goes_on:
            if at > start:
                yield start, at
            start = at + ends
    if start < len(lines):
        yield start, len(lines)


def _ends_page(lines: Sequence[Line], at: int) -> bool:
    below = lines[at + 1].text if at + 1 < len(lines) else ""
    return _PAGE_NUMBER.fullmatch(lines[at].text) is not None and not below.strip()


def _has_values(text: str) -> bool:
    at = values_from(text)
    return at is not None and (at == 0 or len(row_values(text[at:]) or ()) >= _FEWEST)


def _halves(
    lines: Sequence[Line], start: int, end: int, rows: Sequence[int]
) -> list[tuple[int, int]]:
    """Return each row that has a centred label with its lines above; none where one is uneven."""
    found: list[tuple[int, int]] = []
    half = end - rows[-1] - 1
    for number in range(len(rows) - 1, -1, -1):
        at = rows[number]
        above = at - (rows[number - 1] + 1 if number else start)
        if not 0 <= half <= min(above, _MOST_HALF) or not _fits(lines, at, half):
            return []
        if half:
            found.append((at, half))
        half = above - half
    return found


def _fits(lines: Sequence[Line], at: int, half: int) -> bool:
    """Say whether a row may have a label of so many lines above its values and below."""
    own = lines[at].text
    alone = stands_for_values(own)
    if not half:
        return not alone
    first, below = lines[at - half].text.strip(), lines[at + 1].text.strip()
    whole = sum(len(line.text.strip()) for line in lines[at - half : at + half + 1])
    if not BEGINS.match(first) or first.endswith(":") or whole > _LONGEST:
        return False
    # words beside the values of a label that has begun above go on with it: none begins there
    return alone or not (BEGINS.match(own) or re.match(r"[A-ZÅÄÖ]", below))


def _row(lines: Sequence[Line], at: int, half: int) -> RawRow:
    line, above, tail = lines[at], lines[at - half : at], lines[at + 1 : at + 1 + half]
    offset = 0 if stands_for_values(line.text) else values_from(line.text) or 0
    own = [line.text[:offset]] if line.text[:offset].strip() else []
    texts = [*(one.text for one in above), *own, *(one.text for one in tail)]
    label, sure = _whole([text.strip() for text in texts])
    return RawRow(label, (*above, line), offset, tail=tuple(tail), is_unsure=not sure)


def _whole(texts: Sequence[str]) -> tuple[str, bool]:
    """Return a label on one line, and whether it is sure where its words were cut."""
    label, sure = texts[0], True
    for text in texts[1:]:
        ended, begun = re.search(r"[^\W\d]+$", label), re.match(r"[a-zåäö]+", text)
        if label.endswith("-") and re.match(r"[a-zåäö]", text):
            label = label[:-1] + text
            continue
        cut = _is_cut(ended[0].casefold(), begun[0]) if ended and begun else False
        sure = sure and cut is not None
        label = f"{label}{'' if cut else ' '}{text}"
    return " ".join(label.split()), sure


def _is_cut(first: str, rest: str) -> bool | None:
    """Say whether two lines are cut within a word; None where that is not told."""
    known, whole = swedish(), first + rest
    if first in known:
        return known.get(whole, 0.0) > known[first]
    over = range(max(len(first) - 1, 0), -1, -1)
    if any(len(whole) - at >= _SHORTEST_WORD and whole[at:] in known for at in over):
        return True
    return None if rest in known else False
