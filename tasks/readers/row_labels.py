"""The label of a row of flattened text: before its values, and on the lines above and below.

A label goes on over lines by its last word, by lower case, or by the space that a wrap leaves;
where a line between two rows may be of either's label both are unsure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from tasks.readers.grid import Sought
from tasks.readers.header_words import heads
from tasks.readers.label_tails import BEGINS, UNIT_ALONE
from tasks.readers.labels import keeps_spaces, whole_label, without_cuts
from tasks.readers.line_values import WANTS_MORE, YEARS, ends_row, values_from
from tasks.readers.pages import Line
from tasks.readers.paragraphs import joined
from tasks.readers.raw_row import RawRow
from tasks.readers.real_table import one_line
from tasks.readers.wording import Wording, either

LONGEST_LABEL = 70
_LONGEST_LINE = 110
"""A label on the line of its values; a goal may stand before it."""
_MOST_WRAPPED = 5
_LISTED = re.compile(r"[•·●▪*–−-]\s")


def _is_rest_of(above: Sequence[Line], count: int) -> bool:
    """Say whether the last lines above a row go on with what stands right above them."""
    lines = above[-count - 1 :] if count < len(above) else ()
    begins = bool(lines) and lines[1].number == lines[0].number + 1
    return begins and re.match(r"\s*[a-zåäö]", lines[1].text) is not None


def with_label(
    lines: Sequence[Line], index: int, span: tuple[int, int | None], words: Wording, sought: Sought
) -> RawRow | None:
    """Return the row with the label before its values, or on the lines above; None without one.

    The number of an account or a unit may stand alone above it, broken off by a narrow cell.
    """
    raw = _with_label(lines, index, span, words, sought)
    first = raw.lines[0] if raw is not None and len(raw.lines) > 1 else None
    at = next((at for at, line in enumerate(lines) if line is first), 0)
    above = lines[at - 1] if at else None
    opens = at == 1 or (at > 1 and not lines[at - 2].text.strip())
    if raw is None or first is None or above is None or not opens:
        return raw
    if above.number != first.number - 1 or not _CODE.fullmatch(above.text):
        return raw
    return replace(raw, label=f"{above.text.strip()} {raw.label}", lines=(above, *raw.lines))


_CODE = re.compile(r"[1-9]\d{0,3}(?:[-–]\d{1,4})? ")
"""The number of an account on its own; the space is what a wrap leaves."""


def _with_label(
    lines: Sequence[Line], index: int, span: tuple[int, int | None], words: Wording, sought: Sought
) -> RawRow | None:
    offset, ends = span
    line = lines[index]
    label = line.text[:offset].strip()
    above = _texts_above(lines, index)
    for count in range(min(3, len(above)), 0, -1):
        if _is_rest_of(above, count):
            continue
        texts = [x.text.strip() for x in above[-count:]] + ([label] if label else [])
        whole = whole_label(texts, sought.known)
        ends_header = texts[0][0].islower() and label[:1].isupper() and sought.known(label)
        of_above = _is_of_above(lines, above[-count], label, sought)
        if sought.known(whole) and not (ends_header or of_above):
            # the end of a header (`procent` below `Sjukfrånvaro i`) begins no label
            return RawRow(whole, (*above[-count:], line), offset, ends=ends)
    wraps = _wraps(lines, index) and not (label[:1].isupper() and sought.known(label))
    goes_on = not label or label[0].islower() or wraps
    goes_on = goes_on or YEARS.fullmatch(label) is not None
    wrapped = _wrapped(lines, index, label, words) if goes_on else []
    if wrapped and _around(wrapped[-1], lines, index, sought) is None:
        pieces = [*wrapped, *([replace(line, text=label)] if label else [])]
        whole = whole_label([piece.text.strip() for piece in pieces], sought.known)
        if not sought.known(whole):
            cut = without_cuts(pieces) if not label and keeps_spaces(lines) else None
            whole = one_line("\n".join(cut)) if cut else joined(pieces)
        return RawRow(whole, (*wrapped, line), offset, ends=ends)
    begun = above[-1] if above else None
    if not label and begun is not None:
        return _around(begun, lines, index, sought)
    if begun is not None and re.match(r"[a-zåäö]", label) and _begins_label(begun, line, words):
        whole = joined([begun, replace(line, text=label)])
        return RawRow(whole, (begun, line), offset, ends=ends)
    own = _labelled(line, offset, words, sought) if label else None
    return replace(own, ends=ends) if own is not None else None


def _is_of_above(lines: Sequence[Line], first: Line, label: str, sought: Sought) -> bool:
    """Say whether a line above a label is no beginning of it: a group's name, or the row's above.

    The label begins with a capital; it is known without the line, or the line goes on with a row.
    """
    if not re.match(r"[A-ZÅÄÖ]", label) or first.text.endswith(" "):
        return False
    before = next((line.text for line in lines if line.number == first.number - 1), "")
    goes_on = re.match(r"\s*[a-zåäö]", first.text) is not None and ends_row(before)
    return goes_on or (sought.known(label) and not WANTS_MORE.search(first.text.strip()))


_SHORTENED = re.compile(rf"\b{either('small_words', 'shortened')}\.$", re.IGNORECASE)
"""Words with a stop of their own, behind which a label goes on."""


def _wrapped(lines: Sequence[Line], index: int, label: str, words: Wording) -> list[Line]:
    """Return the lines above that a label began on: from the last one with a capital.

    Values without any label have one above only where they are several, and it is of two lines;
    one blank line may stand between, as where a cell of several lines ends.
    """
    if not label and len(lines[index].text.split()) < 2:  # noqa: PLR2004 - one value tells nothing
        return []
    gap = not label and index > 0 and not lines[index - 1].text.strip()
    found: list[Line] = []
    for line in reversed(lines[max(0, index - _MOST_WRAPPED - gap) : index - gap]):
        text = line.text.strip()
        if not text or len(text) > LONGEST_LABEL or ends_row(line.text):
            break
        if found and line.number != found[0].number - 1:
            # what stands between belongs to another table
            break
        begun = bool(found) and BEGINS.match(found[0].text) is not None
        ends = text.endswith((".", ":")) and not _SHORTENED.search(text)
        if (begun and not _goes_on(line, lines[index] if label else found[-1])) or ends:
            break
        if heads(text, words, more=True, whole=True) and not YEARS.fullmatch(text):
            break
        found.insert(0, line)
    begins = bool(found) and BEGINS.match(found[0].text) is not None
    total = sum(len(line.text.strip()) for line in found) + len(label)
    whole = bool(label) or len(found) > 1
    return found if begins and whole and total <= 2 * LONGEST_LABEL else []


def _wraps(lines: Sequence[Line], index: int) -> bool:
    """Say whether the line right above was broken at its end: it keeps the space of the break."""
    above, line = lines[index - 1] if index else None, lines[index]
    if above is None or above.number != line.number - 1:
        return False
    return _WRAPPED.search(above.text) is not None and not line.text.endswith(" ")


_WRAPPED = re.compile(r"\S $")
"""The one space that a wrap leaves; blank cells leave several, and end their row."""


def _goes_on(line: Line, last: Line) -> bool:
    """Say whether a line goes on below, by its last word or by the space that a wrap leaves.

    The label's `last` line has no such space, else spaces tell nothing.
    """
    wraps = _WRAPPED.search(line.text) is not None and not last.text.endswith(" ")
    text = line.text.strip()
    return wraps or bool(WANTS_MORE.search(text) or _SHORTENED.search(text))


def _labelled(line: Line, offset: int, words: Wording, sought: Sought) -> RawRow | None:
    """Return the row whose label stands on its line, a header that ran into it cut off."""
    label = line.text[:offset].strip()
    own = own_label(label, words, sought)
    lead = label.removesuffix(own).strip()
    return RawRow(own, (line,), offset, lead) if len(own) <= _LONGEST_LINE else None


def _begins_label(above: Line, line: Line, words: Wording) -> bool:
    """Say whether the line right above begins the label that goes on in lower case."""
    text = above.text.strip()
    return (
        above.number == line.number - 1
        and re.match(r"[A-ZÅÄÖ]", text) is not None
        and not text.endswith((".", ":", ";", "!", "?"))
        and not _LISTED.match(text)
        and not heads(text, words, more=True)
        and not heads(text, words, more=True, whole=True)
    )


def _around(begun: Line, lines: Sequence[Line], index: int, sought: Sought) -> RawRow | None:
    """Return the row whose known label begins right above its values and ends right below."""
    below = lines[index + 1] if index + 1 < len(lines) else None
    if below is None or below.number - begun.number != 2:  # noqa: PLR2004 - above and below
        return None
    whole = joined([begun, below])
    known = sought.known(whole) and values_from(below.text) is None
    return RawRow(whole, (begun, lines[index]), 0, tail=(below,)) if known else None


def own_label(label: str, words: Wording, sought: Sought) -> str:
    """Return the label without a header that has run into the first row."""
    pieces = label.split()
    for at in range(len(pieces)):
        tail, lead = " ".join(pieces[at:]), " ".join(pieces[:at])
        if sought.known(tail):
            return tail if heads(lead, words) else label
    return label


def _texts_above(lines: Sequence[Line], index: int) -> list[Line]:
    """Return the lines right above that could be the beginning of a label, at most three."""
    found: list[Line] = []
    for line in reversed(lines[max(0, index - 4) : index]):
        text = line.text.strip()
        if not text and not found:
            continue
        ends = re.search(r"\d\)?\s*%?$", text) or UNIT_ALONE.fullmatch(text)
        if not text or ends or text.endswith(":") or len(text) > LONGEST_LABEL:
            break
        found.insert(0, line)
    return found[-3:]
