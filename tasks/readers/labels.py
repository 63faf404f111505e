"""The label of a row put together from its lines, with the words whole that a narrow cell cut."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

from tasks.readers.real_table import one_line

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
