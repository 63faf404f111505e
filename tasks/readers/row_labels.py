"""The label of a row of flattened text: before its values, and on the lines above and below.

A label goes on over lines by its last word, by lower case, or by the space that a wrap leaves;
where a line between two rows may be of either's label both are unsure.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from expectations.register_files import generic_vocabulary
from expectations.registers import plain
from tasks.readers.grid import Sought
from tasks.readers.header_words import heads
from tasks.readers.labels import keeps_spaces, whole_label, without_cuts
from tasks.readers.line_values import (
    WANTS_MORE,
    YEARS,
    values_before_words,
    values_from,
)
from tasks.readers.numbers import MINUS, SHORT_MONEY
from tasks.readers.outline import joined
from tasks.readers.pages import Line
from tasks.readers.raw_row import RawRow
from tasks.readers.real_table import one_line
from tasks.readers.wording import Wording

LONGEST_LABEL = 70
_LONGEST_LINE = 110
"""A label on the line of its values; a goal may stand before it."""
_MOST_WRAPPED = 5
_BEGINS = re.compile(r"\s*(?:\d{1,4} )?[A-ZÅÄÖ]")
"""A label, perhaps behind the number of an account."""
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
    goes_on = not label or label[0].islower() or _wraps(lines, index)
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
    goes_on = re.match(r"\s*[a-zåäö]", first.text) is not None and _ends_row(before)
    return goes_on or (sought.known(label) and not WANTS_MORE.search(first.text.strip()))


SHORTENED = re.compile(
    r"\b(?:exkl|inkl|resp|jfr|avs|förv|avd|adm|övr|t\.?\s?ex|bl\.?\s?a|t\.?o\.?m|enl|efter|före)\.$",
    re.IGNORECASE,
)
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
        if not text or len(text) > LONGEST_LABEL or _ends_row(line.text):
            break
        if found and line.number != found[0].number - 1:
            # what stands between belongs to another table
            break
        begun = bool(found) and _BEGINS.match(found[0].text) is not None
        ends = text.endswith((".", ":")) and not SHORTENED.search(text)
        if (begun and not _goes_on(line, lines[index] if label else found[-1])) or ends:
            break
        if heads(text, words, more=True, whole=True) and not YEARS.fullmatch(text):
            break
        found.insert(0, line)
    begins = bool(found) and _BEGINS.match(found[0].text) is not None
    total = sum(len(line.text.strip()) for line in found) + len(label)
    whole = bool(label) or len(found) > 1
    return found if begins and whole and total <= 2 * LONGEST_LABEL else []


def _wraps(lines: Sequence[Line], index: int) -> bool:
    """Say whether the line right above was broken at its end: it keeps the space of the break."""
    above, line = lines[index - 1] if index else None, lines[index]
    near = above is not None and above.number == line.number - 1 and above.text.endswith(" ")
    return near and not line.text.endswith(" ")


def _goes_on(line: Line, last: Line) -> bool:
    """Say whether a line goes on below, by its last word or by the space that a wrap leaves.

    The label's `last` line has no such space, else spaces tell nothing.
    """
    wraps = line.text.endswith(" ") and not last.text.endswith(" ")
    text = line.text.strip()
    return wraps or bool(WANTS_MORE.search(text) or SHORTENED.search(text))


def _ends_row(text: str) -> bool:
    """Say whether a line holds values, alone or before words: no label goes on over it."""
    blank = _DASHES_LAST.search(text) is not None
    return blank or values_from(text) is not None or values_before_words(text) is not None


_DASHES_LAST = re.compile(rf"\S(?:\s+[{MINUS}]){{2,}}\s*$")
"""A row whose cells are all blank: `Fordon - - -`."""


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


UNIT_LAST = re.compile(rf",\s?(?:%|procent|{SHORT_MONEY}|antal|index|st)\s*$")
"""The unit that ends the label of a key figure: `bistånd, %` below its values."""


def with_tail(raw: RawRow, lines: Sequence[Line], index: int, sought: Sought) -> RawRow:
    """Return the row with the end of its label where that stands below the values.

    Over a blank line only what makes it a known label is its end.
    """
    below = next((line for line in lines[index + 1 :] if line.text.strip()), None)
    if below is None or raw.below:
        return raw
    parted = below.number != lines[index].number + 1
    rest = [] if sought.known(raw.label) or raw.ends is not None else _rest_below(lines, index)
    if not parted and raw.ends is None and _UNIT_ALONE.fullmatch(below.text.strip()):
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


_REST = re.compile(
    r"\s*(?:(?!(?:varav|därav)\b)[a-zåäö(][^.:;\d]{0,44}|20\d\d[–-]20\d\d|\([^()]{1,20}\))\s*"
)
"""The end of a label: in lower case, short, without a stop or a number; or years, or a unit."""


def _rest_below(lines: Sequence[Line], index: int) -> list[Line]:
    """Return the lines right below a row that end its label, where the next row follows them."""
    found: list[Line] = []
    for line in lines[index + 1 : index + 1 + _MOST_WRAPPED]:
        whole = line.number == lines[index].number + len(found) + 1 and _REST.fullmatch(line.text)
        if plain(line.text) in generic_vocabulary()["units"]:
            return []
        if not whole or values_from(line.text) is not None:
            text = line.text.strip()
            follows = not text or (_BEGINS.match(text) and _has_values(text))
            return found if follows else []
        found.append(line)
    return []


def _has_values(text: str) -> bool:
    """Say whether a line ends in values; the label before them may end in a comma."""
    return values_from(text) is not None or values_from(re.sub(r",(?=\s)", "", text)) is not None


def unsure(run: Sequence[RawRow], lines: Sequence[Line], others: Sequence[RawRow]) -> list[RawRow]:
    """Return the rows, marked where a line with a capital between them may be of either's label.

    Only where labels go on over lines, in this table or the `others` of its section: there it is
    no more likely the name of a group. So are rows whose label ends as none does, or goes on in
    lower case.
    """
    ends = any(row.tail for row in others)
    begins = any(len(row.lines) > 1 and row.has_label_before for row in others)
    texts = {line.number for line in lines if line.text.strip()}
    found = list(run)
    for at, (row, below) in enumerate(itertools.pairwise(run)):
        between = range((row.tail or row.lines)[-1].number + 1, below.lines[0].number)
        if not between or not texts.issuperset(between):
            continue
        found[at] = replace(found[at], is_unsure=found[at].is_unsure or (ends and not row.tail))
        own = begins and len(below.lines) == 1
        found[at + 1] = replace(below, is_unsure=own)
    taken = {line.number for row in others for line in (*row.lines, *row.tail)}
    free = {line.number: line.text for line in lines if line.number not in taken}
    wraps = any(
        not row.has_label_before
        and len(row.lines) > _WRAPPED
        and not any(line.text.endswith(" ") for line in row.lines[:-1])
        for row in others
    )
    return [
        replace(row, is_unsure=True) if _is_cut(row, free, ends=ends, wraps=wraps) else row
        for row in found
    ]


_WRAPPED = 2
"""Lines of a row whose label has more than one above its values."""


def half_named(run: Sequence[RawRow]) -> list[bool]:
    """Say of each row whether its label is not whole: its last word wants more, or it has no first.

    It may begin in lower case where few others do (`ser` below `Lekplat`), or end in a number that
    its values go on with.
    """
    begun = [re.match(r"[a-zåäö]", row.label) is not None for row in run]
    few = sum(begun) * 3 <= len(run)
    return [
        (small and few and not _SMALL_FIRST.match(row.label))
        or (WANTS_MORE.search(row.label) is not None and not _FROM_A_DAY.search(row.label))
        or _ends_in_part(row.label)
        or _is_torn_above(row)
        or _YEAR_BEFORE.match(row.label) is not None
        for row, small in zip(run, begun, strict=True)
    ]


_FROM_A_DAY = re.compile(r"\d\s?[–-]$")
"""`Sjukfrånvaro dag 91–` has its end."""
_YEAR_BEFORE = re.compile(r"20\d\d \d{1,4} [A-ZÅÄÖ]")
"""The year of a column above the number of an account."""
_SMALL_FIRST = re.compile(
    r"(?:varav|därav|av|exkl|inkl|övr|summa|total|sammanlagt|s:a|netto|brutto|antal|andel)"
)
"""Begins a label in lower case that is whole."""


def _is_cut(row: RawRow, free: Mapping[int, str], *, ends: bool, wraps: bool) -> bool:
    """Say whether the label of a row goes on below.

    Where labels `end` below their values, a line with a capital may be the rest of one too.
    """
    if row.below == () and not row.has_label_before and row.ends is None:
        above = free.get(row.lines[0].number - 1, "")
        return wraps and _MAY_BE_REST.fullmatch(above) is not None and not _ends_row(above)
    if row.tail or row.ends is not None or not row.has_label_before:
        return False
    below = free.get(row.line.number + 1, "")
    rest = _REST.fullmatch(below) or (ends and _MAY_BE_REST.fullmatch(below))
    rest = rest or (_PART_LAST.search(row.label) and _PART_BELOW.fullmatch(below))
    return bool(rest) and values_from(below) is None and not _DASHES_LAST.search(below)


_PART_LAST = re.compile(r"[a-zåäö] [1-9]$")
_PART_BELOW = re.compile(r"\s*[1-9]\s*")
"""`Brandstation etapp` `1 250 1 118` over `2`: which number is the part's is not told."""
_MAY_BE_REST = re.compile(r"\s*[A-ZÅÄÖ][^.:;\d]{0,44}\s*")


def _is_torn_above(row: RawRow) -> bool:
    """Say whether a label ends in a number that its values go on: `Summa 127` above `966`."""
    if not row.has_label_before and re.search(r"\s\d{1,3}(?:\.\d{1,3})+$", row.label):
        return True
    ended = re.search(r"\s(\d{1,3})$", row.label)
    words = generic_vocabulary()["label_ends"]
    before = row.label[: ended.start()].casefold().split()[-1:] if ended is not None else []
    below = ended is not None and not row.has_label_before
    below = below and not {*before} & {*words["parts"], *words["spans"]}
    return below and re.match(r"\s*\d{3}(?!\d)", row.values) is not None


def _ends_in_part(label: str) -> bool:
    """Say whether a label ends in a word that a number belongs to: `Brandstation, etapp`."""
    last = label.casefold().split()[-1:]
    return bool(last) and last[0] in generic_vocabulary()["label_ends"]["parts"] and " " in label


def with_lines_below(raw: RawRow, lines: Sequence[Line], index: int, sought: Sought) -> RawRow:
    """Return the row with the rest of its label, where columns are kept and it stands under it."""
    own = lines[index].text
    if raw.below or raw.tail or not re.search(r"\S {2,}$", own[: raw.offset]):
        return raw
    left = len(own) - len(own.lstrip())
    found: list[Line] = []
    for below in lines[index + 1 : index + 1 + _MOST_WRAPPED]:
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


_UNIT_ALONE = re.compile(r"\([^()]{1,20}\)")
"""The unit that ends the label of the row above: `(%)`."""


def _texts_above(lines: Sequence[Line], index: int) -> list[Line]:
    """Return the lines right above that could be the beginning of a label, at most three."""
    found: list[Line] = []
    for line in reversed(lines[max(0, index - 4) : index]):
        text = line.text.strip()
        if not text and not found:
            continue
        ends = re.search(r"\d\)?\s*%?$", text) or _UNIT_ALONE.fullmatch(text)
        if not text or ends or text.endswith(":") or len(text) > LONGEST_LABEL:
            break
        found.insert(0, line)
    return found[-3:]
