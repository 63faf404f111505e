"""One row of flattened text as it stands: its label, its lines, and where its values begin."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from expectations.contract import Place, Unread
from expectations.register_files import generic_vocabulary
from tasks.readers.line_values import (
    goes_on,
)
from tasks.readers.numbers import MINUS
from tasks.readers.pages import Line

_GAP = "   "
MINUS_LAST = re.compile(rf"(?:^|\s)[{MINUS}]$")
"""A minus whose number stands on the next line."""


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row as it stands: label, its lines, and where on the last of them the values begin."""

    label: str
    lines: tuple[Line, ...]
    offset: int
    lead: str = ""
    """Words before the label on its line: a header that has run into the row."""
    below: tuple[tuple[Line, int], ...] = ()
    """Where values stand on several lines: each line, and where on it they begin."""
    tail: tuple[Line, ...] = ()
    """The line below that the label ends on, where its values stand in the middle of it."""
    ends: int | None = None
    """Where on the line words begin behind the values: a column of comments."""
    is_unsure: bool = False
    """Whether a line beside the row may belong to its label."""

    @property
    def line(self) -> Line:
        """The line that the values stand on."""
        return self.lines[-1]

    @property
    def values(self) -> str:
        """The text of the values, not yet split; wide gaps part what stands on several lines."""
        if not self.below:
            return self.line.text[self.offset : self.ends]
        text = ""
        for line, start, gap in _parted(self.below):
            text += f"{gap}{line.text[start:].strip()}"
        return text

    def numbered(self) -> RawRow:
        """Return the row with the number that ends its label, where that begins a line of values.

        `Brandstation, etapp` stands above `2 6 226 534`.
        """
        own = _PART_NUMBER.match(self.values)
        if own is None or not _is_part(self.label):
            return self
        label = f"{self.label} {own[1]}"
        if not self.below:
            return replace(self, label=label, offset=self.offset + own.end())
        line, start = self.below[0]
        start += len(line.text[start:]) - len(line.text[start:].lstrip()) + len(own[0].lstrip())
        rest = ((line, start),) if line.text[start:].strip() else ()
        return replace(self, label=label, below=(*rest, *self.below[1:]))

    def with_year(self) -> RawRow | None:
        """Return the row with the year before its values in its label: `Klimatkontrakt 2030`."""
        year = _YEAR_FIRST.match(self.values) if self.has_label_before else None
        if year is None:
            return None
        return replace(self, label=f"{self.label} {year[1]}", offset=self.offset + year.end())

    @property
    def has_label_before(self) -> bool:
        """Whether the label stands on the line of the values."""
        return not self.below and bool(self.line.text[: self.offset].strip())

    def shown(self, *, noted: bool) -> str:
        """Return the label; without the number of its note, where the table has notes."""
        bare = re.sub(r"\s+\d{1,2}[A-Z]?$", "", self.label) if noted else self.label
        return self.label if _is_part(bare) else bare

    def place(self, start: int, end: int) -> Place:
        """Return the place of the characters of `values` from `start` up to `end`."""
        before = ""
        for line, first, gap in _parted(self.below):
            text = line.text[first:]
            at = len(before) + len(gap)
            before += f"{gap}{text.strip()}"
            if end <= len(before):
                # a minus that stayed on the line above is no part of the place
                start = max(start, at)
                shift = first + len(text) - len(text.lstrip()) - at
                return line.place(start + shift, end + shift)
        return self.line.place(self.offset + start, self.offset + end)

    def left_unread(self, why: str) -> Unread:
        """Return the row as unread, for a reason in Swedish."""
        told = " ".join(x.text.strip() for x in (*self.lines, *self.tail))
        return Unread(told, why, self.lines[0].place())


_YEAR_FIRST = re.compile(r"\s*(20\d\d)(?=\s+\S)")
_PART_NUMBER = re.compile(r"\s*([1-9])(?= +[\d+−–-])")


def _is_part(label: str) -> bool:
    """Say whether a label ends in a word that a number belongs to: `Brandstation, etapp`."""
    last = label.rsplit(maxsplit=1)[-1].casefold() if label.split() else ""
    return last in generic_vocabulary()["label_ends"]["parts"]


def _parted(below: Sequence[tuple[Line, int]]) -> Iterator[tuple[Line, int, str]]:
    """Yield each line of values, where they begin, and what parts them from those above.

    A minus at a line's end belongs to the next number, and a cell may break a number in two.
    """
    for at, (line, start) in enumerate(below):
        above = below[at - 1][0] if at else None
        if above is None:
            yield line, start, ""
            continue
        ended = above.text.rstrip()
        broken = line.number == above.number + 1 and goes_on(ended, line.text)
        gap = "" if ended.endswith(",") else " "
        yield line, start, gap if broken or MINUS_LAST.search(ended) else _GAP


def is_torn(label: str) -> bool:
    """Say whether what stands before values ends in a number with its sign: half an amount."""
    return re.search(rf"[^\W\d]\s+[{MINUS}]\d[\d ]*$", label.rstrip()) is not None
