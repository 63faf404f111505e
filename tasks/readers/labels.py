"""The label of a row put together from its lines, with the words whole that a narrow cell cut."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence

from tasks.readers.lexicon import swedish
from tasks.readers.pages import Line
from tasks.readers.real_table import one_line
from tasks.readers.wording import either

_SMALL = re.compile(
    rf"\b{either('small_words', 'open', 'articles')}$|{either('small_words', 'open')}(?!\w)"
)
"""Small words are whole wherever a line ends or begins with them."""
_MOST_LINES = 5
"""A label of more lines is tried as it stands only: every line doubles the ways."""


def whole_label(pieces: Sequence[str], known: Callable[[str], bool]) -> str:
    """Return the label on one line; a `known` one that the cell's edge cut is whole.

    `Personalk` over `ostnader` is `Personalkostnader`; what is not known keeps its spaces.
    """
    plainly = one_line("\n".join(pieces))
    if not 1 < len(pieces) <= _MOST_LINES or known(plainly):
        return plainly
    for marks in itertools.product(("", " "), repeat=len(pieces) - 1):
        parts = itertools.chain(*itertools.zip_longest(pieces, marks, fillvalue=""))
        whole = one_line("".join(parts))
        if known(whole):
            return whole
    return plainly


def keeps_spaces(lines: Sequence[Line]) -> bool:
    """Say whether a text keeps the space that a line was broken at, as text pressed from PDFs does.

    Then a line that ends in a letter was cut within a word, or ends its cell.
    """
    return any(line.text[-1:] == " " and line.text[-2:-1].isalnum() for line in lines)


def without_cuts(lines: Sequence[Line]) -> list[str]:
    """Return the lines of a label of a text that keeps spaces, those cut within a word joined."""
    found: list[str] = []
    for at, line in enumerate(lines):
        text = line.text.strip()
        above = lines[at - 1].text if at else ""
        small = _SMALL.search(above) or _SMALL.match(text)
        whole = bool(small) or _are_words(above, text)
        cut = not whole and re.search(r"[^\W\d]$", above) and re.match(r"[a-zåäö]", text)
        if cut:
            found[-1] += text
        else:
            found.append(text)
    return found


def _are_words(above: str, below: str) -> bool:
    """Say whether a line ends and the next begins with a whole word, which are none together."""
    last, first = (re.search(form, text) for form, text in ((r"\w+$", above), (r"^\w+", below)))
    if last is None or first is None:
        return False
    one, other = last.group().casefold(), first.group().casefold()
    known = swedish()
    return one in known and other in known and one + other not in known
