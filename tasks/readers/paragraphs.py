"""Lines as running text: put together, and parted into paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from expectations.contract import Place, Text
from tasks.readers.pages import Line
from tasks.readers.wording import either

GOES_ON = rf"(?!{either('small_words', 'joins')}\b)[a-zåäö]"
"""How the rest of a word begins that a line's end broke; `sam-` above `och` keeps its hyphen."""
_BROKEN = re.compile(rf"(?<=[a-zåäö])-\n(?={GOES_ON})")


def joined(lines: Iterable[Line]) -> str:
    """Return lines as running text: line breaks become spaces, broken words are put together.

    A hyphen at a line end is kept where what follows is a capital, a digit or `och`: `IT-` +
    `utrustning` cannot be told from `verk-` + `samhet`, so only a lower-case letter joins them.
    """
    text = "\n".join(line.text.strip() for line in lines)
    text = re.sub(r"(?<=\d)-\n(?=\d)", "-", text)
    text = re.sub(r"(?<=[A-ZÅÄÖ])-\n(?=\w)", "-", text)
    text = _BROKEN.sub("", text)
    return re.sub(r"\s+", " ", text).strip()


def text_of(lines: Sequence[Line]) -> Text | None:
    """Return lines as Text with the place of the first, None where there is nothing."""
    body = joined(lines)
    first = next((line for line in lines if line.text.strip()), None)
    return Text(body, _place_of(lines)) if body and first else None


def _place_of(lines: Sequence[Line]) -> Place | None:
    """Return the place of the first line that holds something."""
    first = next((line for line in lines if line.text.strip()), None)
    return first.place() if first else None


def paragraphs(lines: Sequence[Line]) -> list[list[Line]]:
    """Return the lines in runs between blank lines."""
    runs: list[list[Line]] = [[]]
    for line in lines:
        if line.text.strip():
            runs[-1].append(line)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]
