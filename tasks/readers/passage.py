"""Running text with the place of every character: lines joined as `outline.joined` joins them.

A sentence or a name found in the joined text can then be pointed at where it stands in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from expectations.contract import Place, Text
from tasks.readers.pages import Line
from tasks.readers.paragraphs import GOES_ON

_SENTENCE_END = re.compile(r"(?<=[.!?])[”\"]?\s+(?=[A-ZÅÄÖ”\"])")


@dataclass(frozen=True, slots=True)
class Passage:
    """Joined text; `spots` holds the line and column (0-based) of each of its characters."""

    text: str
    lines: tuple[Line, ...]
    spots: tuple[tuple[int, int], ...]

    def place(self, start: int, end: int) -> Place:
        """Return the place of the characters from `start` up to `end`, on the line it starts on."""
        line_index, column = self.spots[start]
        line = self.lines[line_index]
        on_line = [at for index, at in self.spots[start:end] if index == line_index]
        return line.place(column, max(on_line, default=column) + 1)

    def part(self, start: int, end: int) -> Text | None:
        """Return the characters as Text, None where there are only spaces."""
        shown = self.text[start:end]
        inner = shown.strip()
        if not inner:
            return None
        begin = start + shown.index(inner)
        return Text(inner, self.place(begin, begin + len(inner)))

    def sentences(self) -> Iterator[tuple[int, int]]:
        """Yield the start and end of each sentence."""
        start = 0
        for end in _SENTENCE_END.finditer(self.text):
            yield start, end.start()
            start = end.end()
        if start < len(self.text):
            yield start, len(self.text)


def passage(lines: Sequence[Line]) -> Passage:
    """Return lines as a passage; words broken at a line end are put together."""
    kept = tuple(line for line in lines if line.text.strip())
    text: list[str] = []
    spots: list[tuple[int, int]] = []
    for index, line in enumerate(kept):
        if text:
            follows = index and line.number == kept[index - 1].number + 1
            _join(text, spots, line.text.strip() if follows else "")
        for found in re.finditer(r"\S+", line.text):
            first = found.start() == len(line.text) - len(line.text.lstrip())
            if not first:
                text.append(" ")
                spots.append((index, found.start() - 1))
            text += found.group()
            spots += [(index, at) for at in range(*found.span())]
    return Passage("".join(text), kept, tuple(spots))


def _join(text: list[str], spots: list[tuple[int, int]], following: str) -> None:
    """Prepare the end of the text for the next line: a space, or the break of a word mended."""
    before = text[-2] if len(text) > 1 else ""
    if text[-1] == "-" and following:
        if (before.isdigit() and following[0].isdigit()) or (
            re.match(r"[A-ZÅÄÖ]", before) and re.match(r"\w", following)
        ):
            return
        if re.match(r"[a-zåäö]", before) and re.match(GOES_ON, following):
            text.pop()
            spots.pop()
            return
    text.append(" ")
    spots.append(spots[-1])
