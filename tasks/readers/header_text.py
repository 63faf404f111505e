"""A header's text mended before its words are read: cut, glued and hyphenated words, periods."""

from __future__ import annotations

import re

from expectations.registers import plain
from tasks.readers.spans import SHORT_MONTHS
from tasks.readers.wording import Wording, either

_MONTH = rf"(?:{'|'.join(SHORT_MONTHS)})[a-zåäö]*\.?"
MONTHS = re.compile(rf"{_MONTH}\s?[-–]\s?{_MONTH}(?!\w)")
_MONTHS_APART = re.compile(rf"(?<!\w)({_MONTH})\s*([-–])\s*({_MONTH})(?!\w)", re.IGNORECASE)
_RESULT_SO_FAR = re.compile(
    rf"(?<!\w)(?:resultat(?:et)?|(?<!utfall\s)(?<!budget\s)netto(?:kostnad(?:er)?|utfall))\s+"
    rf"(?=(?:ack\w*\.?\s+)?(?:{_MONTH}[-–]{_MONTH}|t\.?\s?o\.?\s?m\b|(?:hela )?perioden)(?!\w))",
    re.IGNORECASE,
)
_LINES = re.compile(r"(?<!\w)(?:intäkt|kostnad)", re.IGNORECASE)
_COMPOUND = re.compile(
    rf"(?<!\w)({either('cut_columns', 'hyphened')})-\s*"
    rf"({either('cut_columns', 'hyphened_ends')})(?!\w)",
    re.IGNORECASE,
)
"""One word with a hyphen that a narrow cell gave it: `total-budget` is no budget of the year."""
EMPTY = " .,:;()/-–*"
"""What may stand between the words of a header and says nothing."""
RAN_INTO = re.compile(r"(?<=[a-zåäö\d])(?=[A-ZÅÄÖ][a-zåäö]{2})")
"""Where a cell ran into the next: `2025Prognos`."""
GLUED = re.compile(RAN_INTO.pattern + r"|(?<=[a-zåäö]{3})(?=20\d\d(?!\d))|(?<=%)(?=[A-ZÅÄÖ])")
"""Cells that ran together: `Intäkter 2023Intäkter 2024`."""
_HYPHENED = re.compile(
    rf"(?i:\b({either('cut_columns', 'broken')}))- ({either('cut_columns', 'broken_ends')})"
)
"""A word that a narrow cell cut, whose lines were joined by a space: `Budget- avvikelse`."""
HEADS_PROJECTS = re.compile(r"^\s*Projekt (?=Budget\b)")
"""`Projekt Budget` begins a line of heads: the labels', and that of a budget."""
_BEGINS_CELL = re.compile(r"(?<=\S\s)Ack\.?(?=\s+utfall\b)")
"""`Budget Ack. utfall`: the capital begins a cell, which is no `budget ack`."""
_SLASHED = re.compile(r"(?<=[a-zåäö])/\s+(?=[a-zåäö])")
"""`Utfall män/` above `pojkar`."""
_INNER = re.compile(r"\S\s+[A-ZÅÄÖ][a-zåäö]")
FORMULA = re.compile(r"\((?:[A-ZÅÄÖ]{1,2}\d?)(?:\s?[-–+/=]\s?[A-ZÅÄÖ]{1,2}\d?)*\)")
"""How a column was reckoned: `Avvikelse (B-U)`."""
_GLUED_SHARE = re.compile(r"\bi%")
_CUT = re.compile(
    r"(?<![^\W\d])(?P<begun>[^\W\d]{1,40})\s{0,9}\n\s{0,99}(?=(?P<rest>[a-zåäö]{1,40})(?!\w))"
)
"""Bounded: a file that is one word of a million letters would take a minute."""
_CUT_YEAR = re.compile(
    r"(?<!\d)(?P<begun>20(?=\s{0,9}\n\s{0,9}\d\d(?!\d))|20\d(?=\s{0,9}\n\s{0,9}\d(?!\d)))\s+"
)
"""A year that a narrow column cut: `202` above `5`."""
_ADJUSTED = re.compile(
    rf"(?<=budget)(\s+20\d\d)?\s+{either('budget_changes', 'links')}\s+(?:beslutade? )?"
    rf"{either('budget_changes', 'words')}(?:ar)?(?!\w)",
    re.IGNORECASE,
)
"""What a budget has been changed by: no column of its own."""
_SINCE_LAST = re.compile(
    rf"(?<!\w){either('since_last', 'differences')}\s+(?:{either('since_last', 'links')}\s+)?"
    rf"(?:den\s+)?{either('since_last', 'last')}\s+{either('since_last', 'reports')}(?:en)?(?!\w)",
    re.IGNORECASE,
)
"""What has changed since the forecast before: one column, whatever words it takes."""
_FROM_TO = re.compile(
    r"(?<![\d-])(?P<year>(?:20)?2\d)-?(?P<first>0[1-9]|1[0-2])\s?[-–]\s?"
    r"(?P=year)-?(?P<last>0[1-9]|1[0-2])(?![\d-])"
)
"""The months of a year as bookkeepers write them: `2501-2508`, `202501–202508`."""
_AT = re.compile(r"(?<![\d,.-])(2[1-9])(0[1-9]|1[0-2])(?![\d,.-])")


def mended(text: str, words: Wording) -> str:
    """Return a header's text with what narrow cells did to its words put right."""
    text = unhyphened(text, words)
    text = by_period(_GLUED_SHARE.sub("i %", FORMULA.sub(" ", whole_words(text, words))))
    text = _SLASHED.sub("/", _HYPHENED.sub(r"\1\2", text))
    return HEADS_PROJECTS.sub("", _BEGINS_CELL.sub("ackumulerat", text))


_INSIDE = re.compile(r"(?<!\w)([^\W\d]{2,20})-([^\W\d]{3,20})(?!\w)")


def unhyphened(text: str, words: Wording) -> str:
    """Return a header without the hyphens that narrow cells left within words: `Av-vikelse`."""
    known = words.column_words()

    def joined(found: re.Match[str]) -> str:
        return found[1] + found[2] if plain(found[1] + found[2]) in known else found.group()

    return _INSIDE.sub(joined, text)


def _in_months(text: str) -> str:
    """Return a header with the months between two numbers as words: `jan-aug 2025`."""

    def named(found: re.Match[str]) -> str:
        first, last = (SHORT_MONTHS[int(found[name]) - 1] for name in ("first", "last"))
        return f"{first}-{last} 20{found['year'][-2:]}"

    return _AT.sub(r"20\1-\2", _FROM_TO.sub(named, text))


def by_period(text: str) -> str:
    """Return a header with its months together, and the result so far as the outcome that it is.

    `Resultat jan–` above `sep` beside `Budget jan–sep`; where income and costs are columns too it
    is one of them.
    """
    text = _COMPOUND.sub(r"\1\2", _MONTHS_APART.sub(r"\1\2\3", _in_months(text)))
    text = _SINCE_LAST.sub("föregående prognos avvikelse ", _ADJUSTED.sub(r"\1", text))
    return text if _LINES.search(text) else _RESULT_SO_FAR.sub("utfall ", text)


def whole_words(text: str, words: Wording) -> str:
    """Return a header with words whole that narrow columns cut without a hyphen: `Progno` `s`.

    A word is cut where its parts together are a word of columns, and its beginning is none.
    """
    if "\n" not in text:
        return text
    known = words.column_words()

    def joined(found: re.Match[str]) -> str:
        begun = plain(found["begun"])
        whole = begun + found["rest"]
        cut = whole in known and begun not in known
        return found["begun"] if cut else found.group()

    return _CUT.sub(joined, _CUT_YEAR.sub(r"\g<begun>", text))


def own_case(text: str, left: str) -> str:
    """Return a header as `left` has it, with its capitals; empty where it cannot be laid over."""
    joined = re.sub(r"(?<=\w)-\s*\n\s*", "-", text) if "\n" in text else text
    shown = " ".join(joined.split()).strip(" .,:;").lstrip(EMPTY)
    return shown if shown.casefold() == left and len(shown) == len(left) else ""


def is_cut_wrongly(before: str, behind: str) -> bool:
    """Say whether a column would hold the capital of a cell, and the next begin in lower case.

    `Prognos Avvikelse` `helårsprognos`: the cell begins with `Avvikelse`.
    """
    return re.match(r"[a-zåäö]", behind) is not None and _INNER.search(before.strip()) is not None
