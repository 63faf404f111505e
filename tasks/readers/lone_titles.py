"""Titles that stand alone between blank lines, and heads that are known by their words.

A label, a cell of a header and the name of a group of rows stand so too: what is next to a line
tells which it is.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from expectations.register_files import generic_vocabulary
from expectations.registers import plain
from tasks.readers.line_kinds import (
    is_column,
    is_row,
    is_said,
    looks_like_title,
    may_name_group,
    names_columns,
    opens_goal,
)
from tasks.readers.line_values import WANTS_MORE
from tasks.readers.numbers import SHORT_MONEY
from tasks.readers.pages import Line
from tasks.readers.title_lines import MOST_TITLE_LINES, ends_before, heads_verdict, next_text


def is_lone_title(lines: Sequence[Line], index: int) -> bool:
    """Say whether a line between blank ones is a heading: a goal, or a title of nothing else."""
    text = lines[index].text.strip()
    if not _stands_alone(lines, index):
        return False
    if opens_goal(text):
        return True
    if heads_verdict(lines, index):
        return False
    own = not looks_like_title(text) or is_said(text) or names_columns(text)
    own = own or WANTS_MORE.search(text) is not None or _LAST_YEAR.search(text) is not None
    below = next_text(lines, index + 1)
    # no title ends over a word that goes on: `Belopp Helårsbud` over `get`
    own = own or (below is not None and _WORD_GOES_ON.fullmatch(below.text.strip()) is not None)
    columns = _before_values(lines, index) or _in_header(lines, index)
    return not (own or columns or _among_rows(lines, index))


_WORD_GOES_ON = re.compile(r"[a-zåäö]{1,12}")
_LAST_YEAR = re.compile(r"\d\s\(\d+\)$")
"""`Antal anställda 214 (209)` is a row with last year's value behind it."""


def _block_above(lines: Sequence[Line], index: int) -> str:
    """Return the text of the lines without a blank one between them, over a blank one."""
    block = itertools.takewhile(
        lambda line: line.text.strip(),
        itertools.dropwhile(lambda line: not line.text.strip(), lines[:index][::-1]),
    )
    return "\n".join(line.text.strip() for line in [*block][:MOST_TITLE_LINES][::-1])


_FIRST_ITEM = re.compile(r"\s*1[.)] [A-ZÅÄÖ].*[^\W\d]{3}")
_PROSE = re.compile(r"\s*[A-ZÅÄÖ](?=.{60})\D*(?:\d+\D+){0,2}$")
"""A list begins; it may stand right below its title."""


def _stands_alone(lines: Sequence[Line], index: int) -> bool:
    before = index == 0 or not lines[index - 1].text.strip()
    below = lines[index + 1].text if index + 1 < len(lines) else ""
    prose = _PROSE.match(below) and not is_said(below.strip())
    return before and bool(not below.strip() or _FIRST_ITEM.match(below) or prose)


def is_known_head(lines: Sequence[Line], index: int) -> bool:
    """Say whether a line is a known heading of memos or reports, whatever follows it.

    A blank line stands before it; only a memo's may follow right upon the end of a sentence.
    """
    before = index == 0 or not lines[index - 1].text.strip()
    known = plain(lines[index].text).strip(" :")
    if heads_verdict(lines, index):
        return False
    if known in generic_vocabulary()["matter_heads"]:
        below = lines[index + 1].text if index + 1 < len(lines) else ""
        unspaced = lines[index].box is None and re.match(r"\s*(?:[A-ZÅÄÖ]|1[.)]\s)", below)
        return before or bool(unspaced and ends_before(lines, index))
    chapter = known in generic_vocabulary()["chapter_heads"]["words"]
    chapter = chapter and re.match(r"\s*[A-ZÅÄÖ]", lines[index].text) is not None
    below = lines[index + 1].text if index + 1 < len(lines) else ""
    # a narrow cell may cut a label where a word of chapters ends: `Verksamhet` `ens intäkter`
    chapter = chapter and re.match(r"\s*[a-zåäö]", below) is None
    after = next_text(lines, index + 1)
    if not below.strip() and after is not None and _YEARS.fullmatch(after.text.strip()):
        # the years of columns, on a line of their own above their words
        below = after.text
    if before and _heads_chapter(lines[index].text.strip(), below.strip()):
        dated = re.fullmatch(r"20\d\d", below.strip()) is not None
        return dated or not (_before_values(lines, index) or _among_rows(lines, index))
    return before and chapter and not _before_values(lines, index) and not _in_header(lines, index)


def _heads_chapter(text: str, below: str) -> bool:
    """Say whether a line names what a chapter is of, right above its text or its table's header."""
    if _UNIT_LAST.fullmatch(text) and _SENTENCE.fullmatch(below):
        return True
    columns = generic_vocabulary()["columns"]
    told = plain(text).split()
    named = bool(told) and told[-1] in columns and told[-2:-1] != ["och"]
    long = len(told) > _MOST_TITLE_WORDS or ":" in text or named
    if not looks_like_title(text) or names_columns(text) or long:
        return False
    stems = generic_vocabulary()["chapter_heads"]["stems"]
    if not any(stem in plain(text) for stem in stems):
        return False
    if re.fullmatch(rf"20\d\d(?:\s+20\d\d)*|(?:i )?\(?(?:{SHORT_MONEY})\b.*", below):
        return True
    if not re.match(r"[A-ZÅÄÖ]", below):
        return False
    named = names_columns(below) or plain(below).split()[-1] in columns
    return len(below) >= _LEAST_PROSE or below.endswith(".") or named


_YEARS = re.compile(r"20\d\d(?:\s+20\d\d)+")
_UNIT_LAST = re.compile(r"[A-ZÅÄÖ][^\d.:;,()]{3,40}(?:,| i| [–-])? \(?(?:tkr|mnkr|mkr|kr)\)?")
"""`Resultat (mnkr)` names columns too, but over a sentence it is a title."""
_SENTENCE = re.compile(r"[A-ZÅÄÖ][^\n]{30,}[a-zåäö]{2}(?:[.,:;][^\n]*| [^\n]{20,})")
_MOST_TITLE_WORDS = 6
_LEAST_PROSE = 60
"""A line as long is no label and no cell."""


_VALUES = re.compile(r"[\s\d.,%()+−–-]*\d[\s\d.,%()+−–-]*")


def _before_values(lines: Sequence[Line], index: int) -> bool:
    """Say whether the next text is values alone: then the line is a row's label."""
    below = next_text(lines, index + 1)
    return (
        below is not None
        and _YEARS.fullmatch(below.text.strip()) is None
        and _VALUES.fullmatch(below.text) is not None
    )


def _among_rows(lines: Sequence[Line], index: int) -> bool:
    """Say whether a lone line is the name of a group of rows: a row follows, no header first.

    A group may be the first of a larger one: `Skattefinansierat` above `Projekt över 3 mnkr`.
    """
    below = _beyond_group(lines[index + 1 : index + 1 + _MOST_BETWEEN])
    above = _beyond_group(lines[max(index - _MOST_BETWEEN, 0) : index][::-1])
    if below is None or above is None or not is_row(lines[index + 1 + below].text):
        return False
    at = index - 1 - above
    text = lines[at].text.strip()
    values = len(text.split()) > 1 and _VALUES.fullmatch(text) and not _YEARS.fullmatch(text)
    named = names_columns(text) or is_column(_block_above(lines, at + 1))
    return is_row(lines[at].text) or named or bool(values)


def _beyond_group(lines: Sequence[Line]) -> int | None:
    """Return which of the lines is the next with text, behind the name of one group of rows."""
    told = [at for at, line in enumerate(lines) if line.text.strip()]
    if len(told) > 1 and _is_group(lines, told[0]):
        return told[1]
    return told[0] if told else None


_MOST_BETWEEN = 12


def _is_group(lines: Sequence[Line], at: int) -> bool:
    """Say whether a line stands alone and may name a group of rows."""
    alone = not (at + 1 < len(lines) and lines[at + 1].text.strip())
    return alone and may_name_group(lines[at].text)


def _in_header(lines: Sequence[Line], index: int) -> bool:
    """Say whether a lone line is a cell of a header whose cells stand under one another.

    It names a column, and so does its neighbour; the head of the labels (`Verksamhet, tkr`) stands
    before them.
    """
    below = next_text(lines, index + 1)
    above = next_text(lines[:index][::-1], 0)
    beside = [line.text for line in (above, below) if line is not None]
    if is_column(lines[index].text) or plain(lines[index].text) == "period":
        # a narrow cell above broke its words over some lines
        beside.append(_block_above(lines, index))
        return any(is_column(text) for text in beside)
    after = below.text if below is not None else ""
    text = plain(lines[index].text)
    units = generic_vocabulary()["units"]
    labels = (
        text.rpartition(",")[2].strip() in units
        or text in generic_vocabulary()["label_heads"]["words"]
    )
    return labels and is_column(after)
