"""The rest of a label that stands below its values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from expectations.register_files import generic_vocabulary
from expectations.registers import plain
from tasks.readers.grid import Sought
from tasks.readers.line_values import WANTS_MORE, values_from
from tasks.readers.numbers import SHORT_MONEY
from tasks.readers.pages import Line
from tasks.readers.paragraphs import joined
from tasks.readers.raw_row import RawRow
from tasks.readers.wording import either

UNIT_LAST = re.compile(rf",\s?(?:%|procent|{SHORT_MONEY}|antal|index|st)\s*$")
"""The unit that ends the label of a key figure: `bistånd, %` below its values."""
UNIT_ALONE = re.compile(r"\([^()]{1,20}\)")
"""The unit that ends the label of the row above: `(%)`."""
_MOST_LINES = 5


def with_tail(raw: RawRow, lines: Sequence[Line], index: int, sought: Sought) -> RawRow:
    """Return the row with the end of its label where that stands below the values.

    Over a blank line only what makes it a known label is its end.
    """
    below = next((line for line in lines[index + 1 :] if line.text.strip()), None)
    if below is None or raw.below:
        return raw
    parted = below.number != lines[index].number + 1
    rest = [] if sought.known(raw.label) or raw.ends is not None else _rest_below(lines, index)
    if not parted and raw.ends is None and UNIT_ALONE.fullmatch(below.text.strip()):
        rest = rest or [below]
    if rest:
        return replace(raw, label=joined([Line(raw.label, 0), *rest]), tail=tuple(rest))
    if not re.match(r"\s*[a-zåäö]", below.text) or values_from(below.text) is not None:
        return raw
    whole = joined([Line(raw.label, raw.line.number), below])
    cut = len(below.text.split()) == 1 and WANTS_MORE.search(raw.label) is not None
    cut = cut or (UNIT_LAST.search(below.text) is not None and not UNIT_LAST.search(raw.label))
    if parted and not sought.known(whole):
        return raw
    if not parted and (sought.known(raw.label) or not (sought.known(whole) or cut)):
        return raw
    return replace(raw, label=whole, tail=(below,))


REST = re.compile(
    rf"\s*(?:(?!{either('label_starts', 'parts')}\b)[a-zåäö(][^.:;\d]{{0,44}}"
    r"|20\d\d[–-]20\d\d|\([^()]{1,20}\))\s*"
)
"""The end of a label: in lower case, short, without a stop or a number; or years, or a unit."""
BEGINS = re.compile(r"\s*(?:\d{1,7} )?[A-ZÅÄÖ]")
"""A label, perhaps behind the number of an account or a project."""


def _rest_below(lines: Sequence[Line], index: int) -> list[Line]:
    """Return the lines right below a row that end its label, where the next row follows them."""
    found: list[Line] = []
    for line in lines[index + 1 : index + 1 + _MOST_LINES]:
        whole = line.number == lines[index].number + len(found) + 1 and REST.fullmatch(line.text)
        if plain(line.text) in generic_vocabulary()["units"]:
            return []
        if not whole or values_from(line.text) is not None:
            text = line.text.strip()
            follows = not text or (BEGINS.match(text) and _has_values(text))
            return found if follows else []
        found.append(line)
    return []


def _has_values(text: str) -> bool:
    """Say whether a line ends in values; the label before them may end in a comma."""
    return values_from(text) is not None or values_from(re.sub(r",(?=\s)", "", text)) is not None


def with_lines_below(raw: RawRow, lines: Sequence[Line], index: int, sought: Sought) -> RawRow:
    """Return the row with the rest of its label, where columns are kept and it stands under it."""
    own = lines[index].text
    if raw.below or raw.tail or not re.search(r"\S {2,}$", own[: raw.offset]):
        return raw
    left = len(own) - len(own.lstrip())
    found: list[Line] = []
    for below in lines[index + 1 : index + 1 + _MOST_LINES]:
        text = below.text.rstrip()
        under = re.match(rf" {{{left}}}[a-zåäö][^\d]*$", text) and len(text) < raw.offset
        several = re.search(r"\S {2,}\S", text)
        if not under or several or below.number != lines[index].number + len(found) + 1:
            break
        found.append(below)
    whole = joined([Line(raw.label, raw.line.number), *found])
    if not found or (sought.known(raw.label) and not sought.known(whole)):
        return raw
    return replace(raw, label=whole, tail=tuple(found))
