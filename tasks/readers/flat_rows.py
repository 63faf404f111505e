"""Rows of tables in flattened text: a label and values on one line, or a label above its values.

The label may have begun on the lines above; a header that has run into the first row is cut off
from it. Nothing is split here: how many values a row has is decided by its header.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from expectations.registers import plain
from tasks.readers.centred_labels import centred_rows
from tasks.readers.grid import Sought
from tasks.readers.header_words import heads
from tasks.readers.label_doubts import unsure
from tasks.readers.label_tails import UNIT_LAST, with_lines_below, with_tail
from tasks.readers.line_kinds import may_name_group
from tasks.readers.line_values import (
    LONGEST_REST,
    stands_for_values,
    values_before_words,
    values_from,
)
from tasks.readers.numbers import row_values
from tasks.readers.pages import Line
from tasks.readers.raw_row import MINUS_LAST, RawRow, is_torn
from tasks.readers.row_labels import LONGEST_LABEL, own_label, with_label
from tasks.readers.wording import Wording

_OF_TWO = 3
"""How many values each of two rows on a line has at least."""
_MOST_REST = 6
_HEADER_LINES = 16
"""A header repeated after a page break may stand between rows."""
_LIMIT_LAST = re.compile(r"(?:\+/[-–]|±)\s*$")
"""`+/- 1 %` is no value of its own: the row is more than its label says."""


_TWO_ROWS = re.compile(r"(?<=\d)\s+(?=[A-ZÅÄÖ][a-zåäö]+(?: [\wåäö&]+){0,4} [+−–-]?\d)")


def rows_apart(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines; one that holds two rows is two lines at one place."""
    for line in lines:
        cut = _TWO_ROWS.search(line.text)
        first, second = (line.text[: cut.start()], line.text[cut.end() :]) if cut else ("", "")
        values = [half[at:] for half in (first, second) if (at := values_from(half))]
        several = [text for text in values if len(row_values(text) or ()) >= _OF_TWO]
        if cut is None or len(several) < len((first, second)):
            yield line
            continue
        yield replace(line, text=first)
        yield replace(line, text=" " * cut.end() + second)


_TORN = re.compile(r"\s{12,}\d{3}(?:\s+\d{3})*\s*")
"""The last thousands of numbers that narrow columns broke, right below them."""


def torn_rows(lines: Sequence[Line]) -> frozenset[int]:
    """Return the numbers of the lines whose numbers go on below: none of them is whole."""
    return frozenset(
        line.number
        for line, below in itertools.pairwise(lines)
        if re.match(r"\s*[^\W_]", line.text) and _TORN.fullmatch(below.text)
    )


def row_runs(
    lines: Sequence[Line], words: Wording, sought: Sought, *, commented: bool = False
) -> Iterator[tuple[int, list[RawRow]]]:
    """Yield (index of the first line, rows); only repeated headers may stand between rows.

    Where they may be `commented`, words stand behind the values and go on over the lines below.
    """
    runs = list(_runs(lines, words, sought, commented=commented))
    every = [raw for _, run in runs for raw in run]
    for first, run in runs:
        yield first, unsure(run, lines, every)


def _runs(
    lines: Sequence[Line], words: Wording, sought: Sought, *, commented: bool
) -> Iterator[tuple[int, list[RawRow]]]:
    """Yield (index of the first line, rows) of each table."""
    run: list[RawRow] = []
    first = last = 0
    centred = centred_rows(lines)
    for index in range(len(lines)):
        raw = centred.get(index) or _whole(lines, index, words, sought, commented=commented)
        if raw is None:
            continue
        at = next(at for at in range(index, -1, -1) if lines[at] is raw.lines[0])
        between = lines[last + 1 : at]
        if run and (
            _begins_another(between, lines[:first], words)
            or not (_continues(between, words) or (commented and _is_rest(between)))
        ):
            yield first, run
            run = []
        first = first if run else at
        run.append(raw)
        last = index + (len(raw.tail) if index in centred else 0)
    if run:
        yield first, run


def _continues(between: Sequence[Line], words: Wording) -> bool:
    texts = [line.text for line in between if line.text.strip()]
    if len(texts) > _HEADER_LINES:
        return False
    if _is_rest(between) and any(map(_is_row, texts)):
        # a row whose label cannot be told: its values stay unread, and the table goes on
        return True
    named = len(texts) == 1 or (len(texts) == _MOST_GROUPS and all(map(may_name_group, texts)))
    return not texts or heads(" ".join(texts), words) not in (None, ()) or named


_MOST_GROUPS = 2
"""The name of a group of rows, and that of a larger one above it."""


def _is_row(text: str) -> bool:
    return stands_for_values(text) and len(row_values(text) or ()) > 1


def _begins_another(between: Sequence[Line], above: Sequence[Line], words: Wording) -> bool:
    """Say whether the header of another table stands between rows: one not found `above` them."""
    texts = [line.text for line in between if line.text.strip()][-_HEADER_LINES:]
    before = plain(" ".join(line.text for line in above[-2 * _HEADER_LINES :]))
    tails = [" ".join(texts[start:]) for start in range(len(texts))]
    named = [(len(heads(tail, words, more=True) or ()), -len(tail), tail) for tail in tails]
    columns, _, header = max(named, default=(0, 0, ""))
    return columns > 1 and not f" {before}".endswith(f" {plain(header)}")


def _is_rest(between: Sequence[Line]) -> bool:
    """Say whether lines can be the rest of words behind values: few, and none too long."""
    texts = [line.text.strip() for line in between if line.text.strip()]
    return len(texts) <= _MOST_REST and all(len(text) <= LONGEST_REST for text in texts)


def _whole(
    lines: Sequence[Line], index: int, words: Wording, sought: Sought, *, commented: bool
) -> RawRow | None:
    """Return the row that ends on a line with the rest of its label from the lines below."""
    raw = _raw(lines, index, words, sought, commented=commented)
    if raw is None:
        return None
    below = lines[index + 1].text if index + 1 < len(lines) else ""
    if raw.ends is None or UNIT_LAST.search(below):
        raw = with_tail(raw, lines, index, sought)
    return with_lines_below(raw.numbered(), lines, index, sought)


def _raw(
    lines: Sequence[Line], index: int, words: Wording, sought: Sought, *, commented: bool
) -> RawRow | None:
    """Return the row that ends on a line, None where the line is no row."""
    line = lines[index]
    if index and _breaks_off(lines, index - 1):
        return _over_two(lines, index, words, sought)
    offset = None if _breaks_off(lines, index) else values_from(line.text)
    if offset is not None and _heads_columns(line.text, offset, words):
        return None
    ends = None
    if offset is None and commented:
        offset, ends = values_before_words(line.text) or (None, None)
    if offset is None or _LIMIT_LAST.search(line.text[:offset]) or is_torn(line.text[:offset]):
        return None
    label = line.text[:offset].strip()
    # Where the label stands above, the spaces before the first value count empty cells.
    offset = offset if label else 0
    return with_label(lines, index, (offset, ends), words, sought)


def _heads_columns(text: str, offset: int, words: Wording) -> bool:
    """Say whether a line with hardly a number is a header: `Budget 2024 Förändring 23-24 %`."""
    numbers = sum(bool(re.search(r"\d", atom)) for atom in text[offset:].split())
    return numbers == 1 and len(heads(text[:offset], words, more=True) or ()) > 1


def _breaks_off(lines: Sequence[Line], index: int) -> bool:
    """Say whether a row's line ends with a minus whose number begins the next line."""
    if index + 1 >= len(lines) or lines[index + 1].number != lines[index].number + 1:
        return False
    text = lines[index].text.rstrip()
    below = lines[index + 1].text
    return bool(
        MINUS_LAST.search(text)
        and re.match(r"\s*[A-ZÅÄÖa-zåäö]", text)
        and re.match(r"\s*\d", below)
        and stands_for_values(below)
    )


def _over_two(lines: Sequence[Line], index: int, words: Wording, sought: Sought) -> RawRow | None:
    """Return the row of two lines whose first ends with the minus of the second."""
    first, line = lines[index - 1], lines[index]
    text = first.text.rstrip()
    start = values_from(text)
    start = len(text) - 1 if start is None else start
    label = own_label(text[:start].strip(), words, sought)
    if not label or len(label) > LONGEST_LABEL:
        return None
    return RawRow(label, (first, line), 0, below=((first, start), (line, 0)))
