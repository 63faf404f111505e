"""Whom an assignment is given to: names in a sentence as the register's boards.

A name that the register does not know is kept as written; "samtliga nämnder" is `*`.
"""

from __future__ import annotations

import re

from tasks.readers.wording import Wording, either

_ALL = re.compile(r"^(?:samtliga|alla)\s+nämnder\b", re.IGNORECASE)
_FILLING = re.compile(r"\b(?:ges|får|har fått|tillsammans med)\b\s*")
BODY = re.compile(rf"{either('bodies', 'deciding', 'doing')}|\bAB\b", re.IGNORECASE)
"""What is named is somebody who can be told to do something."""


def addressees(who: str, words: Wording) -> tuple[str, ...]:
    """Return ids where the register knows the name, else the name; empty where none is a body."""
    rest = _FILLING.sub(", ", re.sub(r"\s+", " ", who)).strip(" ,.")
    if _ALL.match(rest):
        return ("*",)
    found: list[str] = []
    # `hälsa-, vård- och omsorgsnämnden`: a comma behind a hyphen stands inside a name.
    for piece in re.split(r"(?<!-),", rest):
        found += [name for name in _names(piece.strip(), words) if name not in found]
    return tuple(found)


def _names(piece: str, words: Wording) -> list[str]:
    """Return a piece as one body, or as two joined by `och` where only so one of them is known."""
    if words.city is None:
        return [piece] if BODY.search(piece) else []
    whole = words.city.board_named(piece)
    if whole is not None:
        return [whole.board_id]
    parts = re.split(r"\s+och\s+", piece)
    for cut in range(1, len(parts)):
        two = (" och ".join(parts[:cut]), " och ".join(parts[cut:]))
        boards = [words.city.board_named(name) for name in two]
        if any(board is not None for board in boards):
            return [b.board_id if b else name for b, name in zip(boards, two, strict=True)]
    return [piece] if BODY.search(piece) else []
