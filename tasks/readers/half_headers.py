"""Whether a header is half of one: a line above it is of the same cell, or names a column too."""

from __future__ import annotations

import re
from collections.abc import Sequence

from expectations.registers import plain
from tasks.readers.header_text import MONTHS
from tasks.readers.header_words import heads
from tasks.readers.pages import Line
from tasks.readers.wording import Wording

_DATE = re.compile(r"20\d\d-?(?:0[1-9]|1[0-2])")


def hides_column(header: Sequence[Line], start: int, words: Wording) -> bool:
    """Say whether a word that is not known parts a header from a column above: half is none."""
    if _only_marks(header[start].text, words) and is_cut_off(header, start, words):
        # the year of an outcome says as much alone; that of a budget or a forecast does not
        last = plain(header[start - 1].text).split()[-1]
        return not words.table("columns").get(last, "").startswith("outcome")
    if start and _ends_a_cell(header[start:], words):
        return True
    if start and _DATE.fullmatch(header[start - 1].text.strip()):
        # it ends a cell that was not understood
        return True
    above = heads(header[start - 1].text, words, whole=True) if start else None
    first = plain(header[start].text).split()
    known = (*words.words["label_heads"]["words"], *words.words["header"]["skipped"])
    return bool(above) and bool(first) and first[0].strip("(/,") not in known


def is_cut_off(header: Sequence[Line], start: int, words: Wording) -> bool:
    """Say whether the line right above names a column too: half a header is none.

    A year goes on with what stands above it, also over a blank line: `Budget` over `2025`.
    """
    if start in (0, len(header)):
        return False
    begun = any(_heads_labels(line.text, words) for line in header[:start])
    if begun or _parts_a_name(header[start - 1].text, header[start].text, words):
        return True
    if _ends_a_cell(header[start:], words):
        return True
    apart = header[start].number - header[start - 1].number > 1
    bare = _only_marks(header[start].text, words)
    if apart and not bare:
        return False
    above = plain(header[start - 1].text).split()
    if not apart and bare and above and words.opening("column_marks", above[-1]):
        # `Budget`, `helår` and `2025` are the lines of one cell
        return True
    return any(words.opening("columns", " ".join(above[at:])) for at in range(len(above)))


def _heads_labels(text: str, words: Wording) -> bool:
    """Say whether a line is the head of the labels and a word that nobody knows: a header begins.

    `Verksamhet Riktpunkt`
    """
    first, *others = re.findall(r"[^\s(),:]+", text)[:2] or [""]
    known = words.words["label_heads"]["words"]
    return (
        plain(first) in known
        and bool(others)
        and others[0][0].isupper()
        and plain(others[0]) not in (*known, *words.column_words(), *words.words["units"])
    )


def _ends_a_cell(lines: Sequence[Line], words: Wording) -> bool:
    """Say whether a line in lower case goes on with the cell above, as those below begin cells."""
    first = plain(lines[0].text).split()[:1]
    lower = re.match(r"\s*[a-zåäö]", lines[0].text) is not None
    begun = any(re.match(r"\s*[A-ZÅÄÖ]", line.text) for line in lines[1:])
    told = first and (words.opening("columns", first[0]) or words.opening("column_marks", first[0]))
    return bool(lower and begun and told)


def _parts_a_name(above: str, below: str, words: Wording) -> bool:
    """Say whether the last word of a line and the first of the next name one column together."""
    last, first = plain(above).split()[-1:], plain(below).split()[:1]
    whole = words.opening("columns", " ".join([*last, *first]))
    return bool(last and first) and whole is not None and whole[0] == f"{last[0]} {first[0]}"


def _only_marks(text: str, words: Wording) -> bool:
    """Say whether a line holds nothing but a year or a period: it ends the cell above it."""
    if re.fullmatch(r"20\d\d", text.strip()):
        return True
    mark = words.opening("column_marks", plain(text))
    whole = mark is not None and mark[0] == plain(text)
    return whole or MONTHS.fullmatch(plain(text)) is not None
