"""An extract of minutes: which meeting, which paragraph, and what became of the matter."""

from __future__ import annotations

import re
from datetime import date

from expectations.contract import Decided
from expectations.register_files import generic_vocabulary
from expectations.registers import Board, City, plain
from tasks.readers.outline import Outline
from tasks.readers.spans import DAY, one_day

_TOP = 6
"""How far down a document may say that it is an extract: under its letterhead."""
_DAY = re.compile(DAY, re.IGNORECASE)
_ANNOUNCED = re.compile(r"sammanträdes?(?:datum|dag|dag och tid)?|datum", re.IGNORECASE)
_PARAGRAPH = re.compile(r"§+\s*(?P<number>\d+)")
_OUTCOMES = (("sent_back", r"återremit"), ("tabled", r"bordlägg|bordlagt|bordläggs"))
_AT_ONCE = re.compile(r"omedelbar(?:t)?\s+juster", re.IGNORECASE)


def is_minutes(outline: Outline) -> bool:
    """Say whether a line at the top of a document says that it is an extract of minutes."""
    words = tuple(generic_vocabulary()["kinds"]["minutes_extract"])
    return any(plain(piece).startswith(words) for piece in top_pieces(outline))


def top_pieces(outline: Outline) -> list[str]:
    """Return what stands at the top of a document, letterheads too, parted by wide gaps."""
    carried = [line for line in outline.carried if line.page in (None, 1)]
    first = [line for line in outline.lines if line.text.strip()][:_TOP]
    return [
        piece
        for line in (*carried[:1], *first)
        for piece in re.split(r"\s{2,}|\t", line.text.strip())
        if piece
    ]


def body_of(outline: Outline, city: City | None) -> Board | None:
    """Return the body whose minutes they are: its name stands alone on a line at the top."""
    top = [line.text for line in outline.lines if line.text.strip()][:_TOP]
    named = [city.board_named(text) for text in top] if city else []
    return next((board for board in named if board is not None), None)


def decided_in(outline: Outline, board: Board | None) -> Decided | None:
    """Return the meeting's decision, None where no day stands there: nothing is guessed.

    The day is the meeting's where the document says which is; the last day, when the minutes were
    confirmed, is another.
    """
    texts = [line.text for line in outline.lines if line.text.strip()]
    announced = [text for text in texts if _ANNOUNCED.search(text)]
    day = next((found for text in (*announced, *texts) if (found := _day(text))), None)
    if day is None:
        return None
    whole = "\n".join(texts)
    paragraph = _PARAGRAPH.search(whole)
    says = whole.casefold()
    return Decided(
        organ=plain(board.name) if board else "",
        date=day,
        paragraph=paragraph["number"] if paragraph else None,
        immediately_confirmed=_AT_ONCE.search(whole) is not None,
        outcome=next((code for code, words in _OUTCOMES if re.search(words, says)), None),
    )


def _day(text: str) -> date | None:
    found = _DAY.search(text)
    return one_day(found.group()) if found else None
