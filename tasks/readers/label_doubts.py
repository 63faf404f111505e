"""Whether a label is whole: where that is not sure its row stays unread.

A line between two rows may be of either's label, and a label may be cut at either end.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from expectations.register_files import generic_vocabulary
from tasks.readers.label_tails import REST
from tasks.readers.line_values import DASHES_LAST, WANTS_MORE, ends_row, values_from
from tasks.readers.pages import Line
from tasks.readers.raw_row import RawRow
from tasks.readers.wording import either


def unsure(run: Sequence[RawRow], lines: Sequence[Line], others: Sequence[RawRow]) -> list[RawRow]:
    """Return the rows, marked where a line with a capital between them may be of either's label.

    Only where labels go on over lines, in this table or the `others` of its section: there it is
    no more likely the name of a group. So are rows whose label ends as none does, or goes on in
    lower case.
    """
    ends = any(row.tail for row in others)
    begins = any(len(row.lines) > 1 and row.has_label_before for row in others)
    texts = {line.number for line in lines if line.text.strip()}
    found = list(run)
    for at, (row, below) in enumerate(itertools.pairwise(run)):
        between = range((row.tail or row.lines)[-1].number + 1, below.lines[0].number)
        if not between or not texts.issuperset(between):
            continue
        found[at] = replace(found[at], is_unsure=found[at].is_unsure or (ends and not row.tail))
        own = begins and len(below.lines) == 1
        found[at + 1] = replace(below, is_unsure=own)
    taken = {line.number for row in others for line in (*row.lines, *row.tail)}
    free = {line.number: line.text for line in lines if line.number not in taken}
    wraps = any(
        not row.has_label_before
        and not row.tail
        and len(row.lines) > _WRAPPED
        and not any(line.text.endswith(" ") for line in row.lines[:-1])
        for row in others
    )
    return [
        replace(row, is_unsure=True) if _is_cut(row, free, ends=ends, wraps=wraps) else row
        for row in found
    ]


_WRAPPED = 2
"""Lines of a row whose label has more than one above its values."""


def half_named(run: Sequence[RawRow]) -> list[bool]:
    """Say of each row whether its label is not whole: its last word wants more, or it has no first.

    It may begin in lower case where few others do (`ser` below `Lekplat`), or end in a number that
    its values go on with.
    """
    begun = [re.match(r"[a-zåäö]", row.label) is not None for row in run]
    few = sum(begun) * 3 <= len(run)
    return [
        (small and few and not _SMALL_FIRST.match(row.label))
        or (WANTS_MORE.search(row.label) is not None and not _FROM_A_DAY.search(row.label))
        or _ends_in_part(row.label)
        or _is_torn_above(row)
        or _YEAR_BEFORE.match(row.label) is not None
        for row, small in zip(run, begun, strict=True)
    ]


_FROM_A_DAY = re.compile(r"\d\s?[–-]$")
"""`Sjukfrånvaro dag 91–` has its end."""
_YEAR_BEFORE = re.compile(r"20\d\d \d{1,4} [A-ZÅÄÖ]")
"""The year of a column above the number of an account."""
_SMALL_FIRST = re.compile(either("label_starts", "small"))
"""Begins a label in lower case that is whole."""


def _is_cut(row: RawRow, free: Mapping[int, str], *, ends: bool, wraps: bool) -> bool:
    """Say whether the label of a row goes on below.

    Where labels `end` below their values, a line with a capital may be the rest of one too.
    """
    if row.below == () and not row.has_label_before and row.ends is None and not row.tail:
        above = free.get(row.lines[0].number - 1, "")
        return wraps and _MAY_BE_REST.fullmatch(above) is not None and not ends_row(above)
    if row.tail or row.ends is not None or not row.has_label_before:
        return False
    below = free.get(row.line.number + 1, "")
    rest = REST.fullmatch(below) or (ends and _MAY_BE_REST.fullmatch(below))
    rest = rest or (_PART_LAST.search(row.label) and _PART_BELOW.fullmatch(below))
    return bool(rest) and values_from(below) is None and not DASHES_LAST.search(below)


_PART_LAST = re.compile(r"[a-zåäö] [1-9]$")
_PART_BELOW = re.compile(r"\s*[1-9]\s*")
"""`Brandstation etapp` `1 250 1 118` over `2`: which number is the part's is not told."""
_MAY_BE_REST = re.compile(r"\s*[A-ZÅÄÖ][^.:;\d]{0,44}\s*")


def _is_torn_above(row: RawRow) -> bool:
    """Say whether a label ends in a number that its values go on: `Summa 127` above `966`."""
    if not row.has_label_before and re.search(r"\s\d{1,3}(?:\.\d{1,3})+$", row.label):
        return True
    ended = re.search(r"\s(\d{1,3})$", row.label)
    words = generic_vocabulary()["label_ends"]
    before = row.label[: ended.start()].casefold().split()[-1:] if ended is not None else []
    below = ended is not None and not row.has_label_before
    below = below and not {*before} & {*words["parts"], *words["spans"]}
    return below and re.match(r"\s*\d{3}(?!\d)", row.values) is not None


def _ends_in_part(label: str) -> bool:
    """Say whether a label ends in a word that a number belongs to: `Brandstation, etapp`."""
    last = label.casefold().split()[-1:]
    return bool(last) and last[0] in generic_vocabulary()["label_ends"]["parts"] and " " in label
