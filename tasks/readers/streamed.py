"""Rows of tables whose cells stand one under another, as pasted from a page or taken out of a PDF.

A row is a label and the lines of values below it, up to the next label; values may stand one on a
line, several on a line, or begin on the label's own line. How many values a row has is decided by
its header, as everywhere. Values without a label above them belong to nothing and are left.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from expectations.register_files import generic_vocabulary
from expectations.registers import plain
from tasks.readers.labels import keeps_spaces, whole_label, without_cuts
from tasks.readers.line_kinds import is_column
from tasks.readers.line_values import WANTS_MORE, goes_on, values_from
from tasks.readers.numbers import MINUS
from tasks.readers.pages import Line
from tasks.readers.raw_row import RawRow, is_torn
from tasks.readers.wording import either

_LONGEST_LABEL = 110
_MOST_BETWEEN = 2
"""Texts that may stand between two rows: the name of a group, and the next label."""
_FEWEST_ROWS = 2
_MOST_LABEL_LINES = 5
"""A narrow cell breaks a label over so many."""
_MOST_TOLD = 8
"""More lines than the name of a group and a label take, each broken over some."""
_SENTENCE = re.compile(r"[a-zåäö]{3}\.\s+[A-ZÅÄÖ]|[a-zåäö]{3} [^.]{20,}[a-zåäö]{3}\.$")
_BLANK = re.compile(rf"\s*[{MINUS}](?:\s+[{MINUS}])*\s*")
_YEAR = re.compile(
    rf"\s*(?:{either('year_parts', 'words')}\s?[1-4]\s+)?"
    r"(?:19|20)\d{2}(?:-?(?:0[1-9]|1[0-2]))?(?:-[0-3]\d)?\s*",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Open:
    """A run of rows while it is read."""

    rows: list[RawRow] = field(default_factory=list)
    start: int = 0
    """Index of the first row's first line."""


Known = Callable[[str], bool]
"""Says whether a text is a label of the table that is looked for."""


def stream_runs(
    lines: Sequence[Line], known: Known, breaks: frozenset[int] = frozenset()
) -> Iterator[tuple[int, list[RawRow]]]:
    """Yield (index of the first line, rows) where at least one row has its values below its label.

    Rows that stand whole on a line each are left to `flat_rows.row_runs`. No table goes on over a
    line whose number is among the `breaks`.
    """
    starts = [0, *(at for at, line in enumerate(lines) if line.number in breaks and at)]
    for start, end in itertools.pairwise([*starts, len(lines)]):
        for at, rows in _runs(lines[start:end], known):
            yield start + at, rows


def _runs(lines: Sequence[Line], known: Known) -> Iterator[tuple[int, list[RawRow]]]:
    open_ = _Open()
    for texts, values in _alternating(lines):
        blocks = _blocks(lines, texts)
        if open_.rows and (len(blocks) > _MOST_BETWEEN or _is_told(lines, texts)):
            yield from _run(open_)
            open_ = _Open()
        label = [lines[at] for at in blocks[-1]] if blocks else []
        tail = _tail(label) if open_.rows and label else 0
        if tail:
            open_.rows[-1] = _ended(open_.rows[-1], label[:tail], known)
        row = _row(lines, label[tail:], values, known)
        if row is None:
            continue
        if not open_.rows:
            open_.start = next(at for at, line in enumerate(lines) if line is row.lines[0])
        open_.rows.append(row)
    yield from _run(open_)


def _is_told(lines: Sequence[Line], texts: Sequence[int]) -> bool:
    """Say whether lines between rows are prose: many, or with a sentence that ends in them."""
    told = [lines[at].text.strip() for at in texts]
    return len(told) > _MOST_TOLD or any(_SENTENCE.search(text) for text in told)


def _run(open_: _Open) -> Iterator[tuple[int, list[RawRow]]]:
    below = any(len(row.below) > 1 or row.below[0][1] == 0 for row in open_.rows)
    if below and len(open_.rows) >= _FEWEST_ROWS:
        yield open_.start, open_.rows


def _alternating(lines: Sequence[Line]) -> Iterator[tuple[list[int], list[int]]]:
    """Yield the indices of lines of text, and of the lines of values behind them.

    A line with a label before its values begins the values of a row of its own.
    """
    texts: list[int] = []
    values: list[int] = []
    for index, line in enumerate(lines):
        if values and not line.text.strip():
            continue
        at = None if _is_account(lines, index) else _from_broken(lines, index)
        if at is None or at > 0:
            if values:
                yield texts, values
                texts, values = [], []
            (values if at else texts).append(index)
        else:
            values.append(index)
    if values:
        yield texts, values


_WRAPPED = re.compile(r"(?!.*20\d\d)\S.{1,50} ")
_ACCOUNT = re.compile(r"\d{1,3}(?:[-–]\d{1,3})? ")


def _is_account(lines: Sequence[Line], index: int) -> bool:
    """Say whether a line is the class of accounts over a label: `5 ` over `Personal`."""
    line, below = lines[index], lines[index + 1] if index + 1 < len(lines) else None
    begins = index == 0 or not lines[index - 1].text.strip()
    goes_on_ = below is not None and below.number == line.number + 1
    labelled = below is not None and re.match(r"[A-ZÅÄÖ][a-zåäö]", below.text) is not None
    return begins and goes_on_ and labelled and _ACCOUNT.fullmatch(line.text) is not None


def _from(text: str) -> int | None:
    """Return where the values of a line begin; a lone year is the head of a column."""
    if _YEAR.fullmatch(text):
        return None
    at = 0 if _BLANK.fullmatch(text) else values_from(text)
    return 0 if at is not None and not text[:at].strip() else at


def _from_broken(lines: Sequence[Line], index: int) -> int | None:
    """Return where the values of a line begin, also where it has but half a number."""
    line = lines[index]
    below = lines[index + 1] if index + 1 < len(lines) else None
    if below is None or below.number != line.number + 1 or not goes_on(line.text, below.text):
        return _from(line.text)
    return _from(f"{line.text.rstrip()} {_GAPPED}")


_GAPPED = "000 000"
"""Stands for the rest of a number, and another: what a line of values has at least."""


def _blocks(lines: Sequence[Line], texts: Sequence[int]) -> list[list[int]]:
    """Return the lines of text in blocks, parted by blank lines where no more is wanted."""
    blocks: list[list[int]] = [[]]
    for index in texts:
        if lines[index].text.strip():
            blocks[-1].append(index)
        elif blocks[-1] and not WANTS_MORE.search(lines[blocks[-1][-1]].text.strip()):
            blocks.append([])
    return [block for block in blocks if block]


def _tail(label: Sequence[Line]) -> int:
    """Return how many lines above a label end the one before: in lower case, before a capital."""
    cased = [line.text.strip()[:1].islower() for line in label]
    return cased.index(False) if False in cased else 0


def _ended(row: RawRow, tail: Sequence[Line], known: Known) -> RawRow:
    """Return a row whose label went on below its values, where it is known with that end alone."""
    pieces = [row.label, *(line.text.strip() for line in tail)]
    whole = whole_label(pieces, known)
    return replace(row, label=whole, tail=tuple(tail)) if known(whole) else row


def _own(label: Sequence[Line], known: Known, last: Line | None = None) -> Sequence[Line]:
    """Return the lines of a row's label: the last of a block, from the one it begins on.

    That is the first from which the label is `known`, else the last with a capital that no line
    above was broken before: a wrap leaves a space, which the label's `last` line has not.
    """
    ended = not (last or label[-1]).text.endswith(" ") if label else False
    # the last line of a header may have such a space too: it names years, or is long
    wraps = [ended and _WRAPPED.fullmatch(line.text) for line in label[-_MOST_LABEL_LINES:]]
    texts = [line.text.strip() for line in label[-_MOST_LABEL_LINES:]]
    for at in range(len(texts)):
        # `finansnetto` below `Nettokostnad exkl.` is the end of that, whatever it names alone
        alone = at == 0 or not texts[at][:1].islower()
        if alone and known(whole_label(texts[at:], known)):
            return label[-len(texts) :][at - _is_behind_account(texts, at) :]
    starts = [
        at
        for at, text in enumerate(texts)
        if text[:1].isupper() and not (at and (wraps[at - 1] or WANTS_MORE.search(texts[at - 1])))
    ]
    first = starts[-1] if starts else 0
    if first in starts[1:] and _names_part(texts[first:]):
        # `Korttidssjukfrånvaro` over `Kvinnor`: a part of one cell, which alone names nothing
        first = starts[-2]
    return label[-len(texts) :][first - _is_behind_account(texts, first) :]


def _names_part(texts: Sequence[str]) -> bool:
    """Say whether a label is the name of a part of the staff alone."""
    return plain(" ".join(texts)) in generic_vocabulary()["staff_scopes"]


def _is_behind_account(texts: Sequence[str], at: int) -> bool:
    return at > 0 and _ACCOUNT.fullmatch(f"{texts[at - 1]} ") is not None


def _row(
    lines: Sequence[Line], label: Sequence[Line], values: Sequence[int], known: Known
) -> RawRow | None:
    """Return a row, None where its values have no label."""
    first = lines[values[0]]
    offset = _from_broken(lines, values[0]) or 0
    below = [(first, offset), *((lines[at], 0) for at in values[1:])]
    above = [] if offset else _own(label, known)
    own = whole_label([line.text.strip() for line in above], known)
    if not known(own) and keeps_spaces(lines):
        own = whole_label(without_cuts(above), known)
    if offset:
        own = first.text[:offset].strip()
        begun = label[-1] if label and label[-1].number == first.number - 1 else None
        if begun is not None and (own[0].islower() or begun.text.endswith(" ")):
            # the line above is the beginning of the label
            above = _own(label, known, first)
            own = whole_label([*(line.text.strip() for line in above), own], known)
    if re.search(rf"\s[{MINUS}]$", own):
        # the sign is that of the first value
        return None
    if not re.search(r"[^\W\d]{2}", own) or len(own) > _LONGEST_LABEL or own.endswith("."):
        return None
    if is_torn(own):
        return None
    if re.search(r"20\d\d$", own) and is_column(own):
        # `Bokslut 2023` is the head of a column, whatever stands below it
        return None
    behind = [lines[at] for at in values]
    return RawRow(own, (*above, *behind), 0, below=tuple(below)).numbered()
