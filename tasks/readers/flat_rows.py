"""Rows of tables in flattened text: a label and values on one line, or a label above its values.

The label may have begun on the lines above; a header that has run into the first row is cut off
from it. Nothing is split here: how many values a row has is decided by its header.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from expectations.contract import Place, Unread
from expectations.register_files import generic_vocabulary
from expectations.registers import plain
from tasks.readers.grid import Sought
from tasks.readers.header_words import heads
from tasks.readers.labels import keeps_spaces, whole_label, without_cuts
from tasks.readers.line_values import (
    LONGEST_REST,
    WANTS_MORE,
    goes_on,
    stands_for_values,
    values_before_words,
    values_from,
)
from tasks.readers.numbers import MINUS, row_values
from tasks.readers.outline import joined
from tasks.readers.pages import Line
from tasks.readers.real_table import one_line
from tasks.readers.wording import Wording

_LONGEST_LABEL = 70
_LONGEST_LINE = 110
"""A label on the line of its values; a goal may stand before it."""
_OF_TWO = 3
"""How many values each of two rows on a line has at least."""
_MOST_REST = 6
_MOST_WRAPPED = 5
_GAP = "   "
_HEADER_LINES = 16
"""A header repeated after a page break may stand between rows."""
_BEGINS = re.compile(r"\s*(?:\d{1,4} )?[A-ZÅÄÖ]")
"""A label, perhaps behind the number of an account."""
_LISTED = re.compile(r"[•·●▪*–−-]\s")
_LIMIT_LAST = re.compile(r"(?:\+/[-–]|±)\s*$")
"""`+/- 1 %` is no value of its own: the row is more than its label says."""
_MINUS_LAST = re.compile(rf"(?:^|\s)[{MINUS}]$")


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


_PART_NUMBER = re.compile(r"\s*([1-9])(?= +[\d+−–-])")


def _is_part(label: str) -> bool:
    """Say whether a label ends in a word that a number belongs to: `Brandstation, etapp`."""
    last = label.rsplit(maxsplit=1)[-1].casefold() if label.split() else ""
    return last in generic_vocabulary()["label_ends"]["parts"]


_TWO_ROWS = re.compile(r"(?<=\d)\s+(?=[A-ZÅÄÖ][a-zåäö]+(?: [\wåäö&]+){0,4} [+−–-]?\d)")


def rows_apart(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines; one that holds two rows is two lines at one place."""
    for line in lines:
        cut = _TWO_ROWS.search(line.text)
        first, second = (line.text[: cut.start()], line.text[cut.end() :]) if cut else ("", "")
        values = [half[at:] for half in (first, second) if (at := values_from(half))]
        several = [text for text in values if len(row_values(text) or ()) >= _OF_TWO]
        if cut is None or len(several) < len((first, second)):
            yield line
            continue
        yield replace(line, text=first)
        yield replace(line, text=" " * cut.end() + second)


_TORN = re.compile(r"\s{12,}\d{3}(?:\s+\d{3})*\s*")
"""The last thousands of numbers that narrow columns broke, right below them."""


def torn_rows(lines: Sequence[Line]) -> frozenset[int]:
    """Return the numbers of the lines whose numbers go on below: none of them is whole."""
    return frozenset(
        line.number
        for line, below in itertools.pairwise(lines)
        if re.match(r"\s*[^\W_]", line.text) and _TORN.fullmatch(below.text)
    )


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
        yield line, start, gap if broken or _MINUS_LAST.search(ended) else _GAP


def row_runs(
    lines: Sequence[Line], words: Wording, sought: Sought, *, commented: bool = False
) -> Iterator[tuple[int, list[RawRow]]]:
    """Yield (index of the first line, rows); only repeated headers may stand between rows.

    Where they may be `commented`, words stand behind the values and go on over the lines below.
    """
    run: list[RawRow] = []
    first = last = 0
    for index in range(len(lines)):
        raw = _raw(lines, index, words, sought, commented=commented)
        if raw is None:
            continue
        below = lines[index + 1].text if index + 1 < len(lines) else ""
        if raw.ends is None or _UNIT_LAST.search(below):
            raw = _with_tail(raw, lines, index, sought)
        raw = _with_lines_below(raw.numbered(), lines, index, sought)
        at = next(at for at in range(index, -1, -1) if lines[at] is raw.lines[0])
        between = lines[last + 1 : at]
        if run and (
            _begins_another(between, lines[:first], words)
            or not (_continues(between, words) or (commented and _is_rest(between)))
        ):
            yield first, unsure(run, lines)
            run = []
        first = first if run else at
        run.append(raw)
        last = index
    if run:
        yield first, unsure(run, lines)


def _continues(between: Sequence[Line], words: Wording) -> bool:
    texts = [line.text for line in between if line.text.strip()]
    if len(texts) > _HEADER_LINES:
        return False
    return not texts or heads(" ".join(texts), words) not in (None, ()) or len(texts) == 1


def _begins_another(between: Sequence[Line], above: Sequence[Line], words: Wording) -> bool:
    """Say whether the header of another table stands between rows: one not found `above` them."""
    texts = [line.text for line in between if line.text.strip()][-_HEADER_LINES:]
    before = plain(" ".join(line.text for line in above[-2 * _HEADER_LINES :]))
    tails = [" ".join(texts[start:]) for start in range(len(texts))]
    named = [(len(heads(tail, words, more=True) or ()), -len(tail), tail) for tail in tails]
    columns, _, header = max(named, default=(0, 0, ""))
    return columns > 1 and not f" {before}".endswith(f" {plain(header)}")


def _is_rest(between: Sequence[Line]) -> bool:
    """Say whether lines can be the rest of words behind values: few, and none too long."""
    texts = [line.text.strip() for line in between if line.text.strip()]
    return len(texts) <= _MOST_REST and all(len(text) <= LONGEST_REST for text in texts)


def _raw(
    lines: Sequence[Line], index: int, words: Wording, sought: Sought, *, commented: bool
) -> RawRow | None:
    """Return the row that ends on a line, None where the line is no row."""
    line = lines[index]
    if index and _breaks_off(lines, index - 1):
        return _over_two(lines, index, words, sought)
    offset = None if _breaks_off(lines, index) else values_from(line.text)
    if offset is not None and _heads_columns(line.text, offset, words):
        return None
    ends = None
    if offset is None and commented:
        offset, ends = values_before_words(line.text) or (None, None)
    if offset is None or _LIMIT_LAST.search(line.text[:offset]) or is_torn(line.text[:offset]):
        return None
    label = line.text[:offset].strip()
    # Where the label stands above, the spaces before the first value count empty cells.
    offset = offset if label else 0
    return _with_label(lines, index, (offset, ends), words, sought)


def is_torn(label: str) -> bool:
    """Say whether what stands before values ends in a number with its sign: half an amount."""
    return re.search(rf"[^\W\d]\s+[{MINUS}]\d[\d ]*$", label.rstrip()) is not None


def _is_rest_of(above: Sequence[Line], count: int) -> bool:
    """Say whether the last lines above a row go on with what stands right above them."""
    lines = above[-count - 1 :] if count < len(above) else ()
    begins = bool(lines) and lines[1].number == lines[0].number + 1
    return begins and re.match(r"\s*[a-zåäö]", lines[1].text) is not None


def _heads_columns(text: str, offset: int, words: Wording) -> bool:
    """Say whether a line with hardly a number is a header: `Budget 2024 Förändring 23-24 %`."""
    numbers = sum(bool(re.search(r"\d", atom)) for atom in text[offset:].split())
    return numbers == 1 and len(heads(text[:offset], words, more=True) or ()) > 1


def _with_label(
    lines: Sequence[Line], index: int, span: tuple[int, int | None], words: Wording, sought: Sought
) -> RawRow | None:
    """Return the row with the label before its values, or on the lines above; None without one."""
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
        if sought.known(whole) and not ends_header:
            # the end of a header (`procent` below `Sjukfrånvaro i`) begins no label
            return RawRow(whole, (*above[-count:], line), offset, ends=ends)
    goes_on = not label or label[0].islower() or _wraps(lines, index)
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
        if not text or len(text) > _LONGEST_LABEL or _ends_row(line.text):
            break
        begun = bool(found) and _BEGINS.match(found[0].text) is not None
        ends = text.endswith((".", ":")) and not SHORTENED.search(text)
        if (begun and not _goes_on(line, found)) or ends:
            break
        if heads(text, words, more=True, whole=True):
            break
        found.insert(0, line)
    begins = bool(found) and _BEGINS.match(found[0].text) is not None
    total = sum(len(line.text.strip()) for line in found) + len(label)
    whole = bool(label) or len(found) > 1
    return found if begins and whole and total <= 2 * _LONGEST_LABEL else []


def _wraps(lines: Sequence[Line], index: int) -> bool:
    """Say whether the line right above was broken at its end: it keeps the space of the break."""
    above, line = lines[index - 1] if index else None, lines[index]
    near = above is not None and above.number == line.number - 1 and above.text.endswith(" ")
    return near and not line.text.endswith(" ")


def _goes_on(line: Line, below: Sequence[Line]) -> bool:
    """Say whether a line goes on below, by its last word or by the space that a wrap leaves."""
    wraps = line.text.endswith(" ") and not below[-1].text.endswith(" ")
    text = line.text.strip()
    return wraps or bool(WANTS_MORE.search(text) or SHORTENED.search(text))


def _ends_row(text: str) -> bool:
    """Say whether a line holds values, alone or before words: no label goes on over it."""
    return values_from(text) is not None or values_before_words(text) is not None


def _labelled(line: Line, offset: int, words: Wording, sought: Sought) -> RawRow | None:
    """Return the row whose label stands on its line, a header that ran into it cut off."""
    label = line.text[:offset].strip()
    own = _own_label(label, words, sought)
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


def _breaks_off(lines: Sequence[Line], index: int) -> bool:
    """Say whether a row's line ends with a minus whose number begins the next line."""
    if index + 1 >= len(lines) or lines[index + 1].number != lines[index].number + 1:
        return False
    text = lines[index].text.rstrip()
    below = lines[index + 1].text
    return bool(
        _MINUS_LAST.search(text)
        and re.match(r"\s*[A-ZÅÄÖa-zåäö]", text)
        and re.match(r"\s*\d", below)
        and stands_for_values(below)
    )


def _over_two(lines: Sequence[Line], index: int, words: Wording, sought: Sought) -> RawRow | None:
    """Return the row of two lines whose first ends with the minus of the second."""
    first, line = lines[index - 1], lines[index]
    text = first.text.rstrip()
    start = values_from(text)
    start = len(text) - 1 if start is None else start
    label = _own_label(text[:start].strip(), words, sought)
    if not label or len(label) > _LONGEST_LABEL:
        return None
    return RawRow(label, (first, line), 0, below=((first, start), (line, 0)))


_UNIT_LAST = re.compile(r",\s?(?:%|procent|kr|tkr|mnkr|antal|index|st)\s*$")
"""The unit that ends the label of a key figure: `bistånd, %` below its values."""


def _with_tail(raw: RawRow, lines: Sequence[Line], index: int, sought: Sought) -> RawRow:
    """Return the row with the end of its label where that stands below the values.

    Over a blank line only what makes it a known label is its end.
    """
    below = next((line for line in lines[index + 1 :] if line.text.strip()), None)
    if below is None or raw.below:
        return raw
    parted = below.number != lines[index].number + 1
    rest = [] if sought.known(raw.label) or raw.ends is not None else _rest_below(lines, index)
    if rest:
        return replace(raw, label=joined([Line(raw.label, 0), *rest]), tail=tuple(rest))
    if not re.match(r"\s*[a-zåäö]", below.text) or values_from(below.text) is not None:
        return raw
    whole = joined([Line(raw.label, raw.line.number), below])
    cut = len(below.text.split()) == 1 and WANTS_MORE.search(raw.label) is not None
    cut = cut or (_UNIT_LAST.search(below.text) is not None and not _UNIT_LAST.search(raw.label))
    if parted and not sought.known(whole):
        return raw
    if not parted and (sought.known(raw.label) or not (sought.known(whole) or cut)):
        return raw
    return replace(raw, label=whole, tail=(below,))


_REST = re.compile(r"\s*(?!(?:varav|därav)\b)[a-zåäö(][^.:;\d]{0,44}\s*")
"""The end of a label: in lower case, short, without a stop or a number."""


def _rest_below(lines: Sequence[Line], index: int) -> list[Line]:
    """Return the lines right below a row that end its label, where the next row follows them."""
    found: list[Line] = []
    for line in lines[index + 1 : index + 1 + _MOST_WRAPPED]:
        whole = line.number == lines[index].number + len(found) + 1 and _REST.fullmatch(line.text)
        if plain(line.text) in generic_vocabulary()["units"]:
            return []
        if not whole or values_from(line.text) is not None:
            text = line.text.strip()
            follows = not text or (_BEGINS.match(text) and values_from(text) is not None)
            return found if follows else []
        found.append(line)
    return []


def unsure(run: Sequence[RawRow], lines: Sequence[Line]) -> list[RawRow]:
    """Return the rows, marked where a line with a capital between them may be of either's label.

    Only in tables whose labels go on over lines: there it is no more likely the name of a group.
    """
    ends = any(row.tail for row in run)
    begins = any(len(row.lines) > 1 and row.has_label_before for row in run)
    texts = {line.number for line in lines if line.text.strip()}
    found = list(run)
    for at, (row, below) in enumerate(itertools.pairwise(run)):
        between = range((row.tail or row.lines)[-1].number + 1, below.lines[0].number)
        if not between or not texts.issuperset(between):
            continue
        found[at] = replace(found[at], is_unsure=found[at].is_unsure or (ends and not row.tail))
        own = begins and len(below.lines) == 1
        found[at + 1] = replace(below, is_unsure=own)
    return found


def _with_lines_below(raw: RawRow, lines: Sequence[Line], index: int, sought: Sought) -> RawRow:
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


def _own_label(label: str, words: Wording, sought: Sought) -> str:
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
        if not text or re.search(r"\d\s*%?$", text) or len(text) > _LONGEST_LABEL:
            break
        found.insert(0, line)
    return found[-3:]
