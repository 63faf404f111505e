"""Which lines above the rows of a flattened table may be its header: short ones, up to prose."""

from __future__ import annotations

import re
from collections.abc import Sequence

from expectations.registers import plain
from tasks.readers.header_text import GLUED
from tasks.readers.header_words import heads
from tasks.readers.line_kinds import names_columns
from tasks.readers.line_values import stands_for_values, values_from
from tasks.readers.numbers import SHORT_MONEY, unit_in
from tasks.readers.pages import Line
from tasks.readers.wording import Wording

_HEADER_LINES = 16
_LONGEST_HEADER = 120
_MOST_LINES = 40
_FEWEST_NAMED = 4
"""Words of columns in a long line that is a header for certain."""
_LONGEST_UNIT = 30
"""`Belopp i tkr.` is no sentence."""
_NOTES = re.compile(r"\d{1,2}(?:,\s\d{1,2})+|\d\)")
"""Numbers of notes in a header: `1, 2`, `2)`; an amount has no space behind its comma."""
_TITLE = re.compile(
    r"[A-ZÅÄÖ][^.:]* (?:jämfört med|i förhållande till|och|per (?:verksamhet|enhet|ansvar|område))"
    rf"\b[^.:]*[ ,(](?:{SHORT_MONEY}|kronor)\)?$"
)
"""What a table shows and its unit: `Prognos jämfört med budget, tkr` names no columns."""


def header_above(
    lines: Sequence[Line], start: int, words: Wording, most: int | None = None
) -> list[Line]:
    """Return the lines above a row that could be its header: short ones, up to running text.

    A long line is one only where it is understood whole: eight columns take a long line. With
    `most` lines the cells of the table stand under one another: then a line of values ends it.
    """
    header: list[Line] = []
    for line in reversed(lines[:start]):
        text = line.text.strip()
        long = len(re.sub(r"\s+", " ", text)) > _LONGEST_HEADER and not heads(text, words)
        long = long and len(_column_words(text, words)) < _FEWEST_NAMED
        said = len(text) < _LONGEST_UNIT and unit_in(text) is not None
        # `kronor bättre än budget.` ends a sentence
        said = said and re.match(r"[a-zåäö]", text) is None
        if (
            long
            or (text.endswith((".", ":")) and not (said or _is_shortened(text, words)))
            or len(header) == (most or _HEADER_LINES)
        ):
            break
        if most and stands_for_values(text) and not _NOTES.fullmatch(text):
            break
        if header and _TITLE.match(text) and not any(unit_in(x.text) for x in header):
            break
        if text:
            header.insert(0, line)
    return header


def title_right_above(lines: Sequence[Line], number: int) -> str:
    """Return the line right above a header where it says what the table shows, else nothing."""
    above = [x.text.strip() for x in lines if x.number < number and x.text.strip()]
    return above[-1] if above and _TITLE.match(above[-1]) else ""


def _is_shortened(text: str, words: Wording) -> bool:
    """Say whether a line ends in a column's word that has a stop of its own, as `Förbr.` has."""
    short = len(text) < _LONGEST_UNIT or bool(_column_words(text, words))
    return short and text.casefold().split()[-1] in words.column_words()


def broken_header(lines: Sequence[Line], first: Line, words: Wording) -> list[Line]:
    """Return the lines above a row that may be a header in pieces: many, down from other rows."""
    header: list[Line] = []
    for line in reversed([line for line in lines if line.number < first.number]):
        text = line.text.strip()
        named = len(text) > _LONGEST_HEADER and len(_column_words(text, words)) < _FEWEST_NAMED
        ends = text.endswith((".", ":")) and not (
            (len(text) < _LONGEST_UNIT and re.match(r"[^a-zåäö]\S* ", text) and unit_in(text))
            or _is_shortened(text, words)
        )
        row = len(text.split()) > 1 and values_from(text) is not None
        row = row and not _NOTES.fullmatch(text)
        if named or ends or row or len(header) == _MOST_LINES:
            break
        if text:
            header.insert(0, line)
    return header


def _column_words(text: str, words: Wording) -> list[str]:
    known = {**words.table("columns"), **words.table("line_columns")}
    return [word for word in plain(GLUED.sub(" ", text)).split() if word in known]


def without_groups(header: Sequence[Line], words: Wording) -> Sequence[Line]:
    """Return a header without the names of the first groups of rows right above the first row.

    A group may be the first of a larger one: `Skattefinansierat` above `Projekt över 3 mnkr`.
    """
    for _ in range(_MOST_GROUPS):
        if len(header) < 2 or not _names_group(header[-1].text.strip(), words):  # noqa: PLR2004
            break
        header = header[:-1]
    return header


_MOST_GROUPS = 2
_GROUP = re.compile(r"[A-ZÅÄÖ][^\d.:]{3,60}(?:\d+ ?[mt]n?kr)?")


def _names_group(text: str, words: Wording) -> bool:
    """Say whether a line names a group of rows and no columns."""
    named = bool(heads(text, words, more=True, whole=True)) or plain(text) == "period"
    named = named or names_columns(text) or len(heads(text, words, more=True) or ()) > 1
    return not named and _GROUP.fullmatch(text) is not None
