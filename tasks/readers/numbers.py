"""Numbers as Swedes write them: one value, or the values of a table row, each with its columns.

Thousands are parted by spaces (also no-break ones), decimals by a comma, minus is any dash, an
interval is `0-4`. What cannot be understood with certainty is `unreadable`, never a guess: a
number in parentheses alone (last year's, or a negative one), `1.234`, `ca 5`. Words for units and
for values that are not there stand in the vocabulary.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from expectations.contract import Figure, Place, State
from expectations.register_files import generic_vocabulary
from expectations.registers import plain
from tasks.readers.wording import either

SPACES = " \u00a0\u202f\u2009"
MONEY = ("kr", "tkr", "mnkr")
MINUS = "-\u2212\u2013\u2012"
_STOPPED = r"[1-9]\d{0,2}(?:\.\d{3}){2,}(?!\.?\d)"
_DIGITS = rf"(?:[1-9]\d{{0,2}}(?:[{SPACES}]\d{{3}})+|{_STOPPED}|0|[1-9]\d*)"
"""Thousands may be parted by full stops where there are two: then they are no decimals."""
_NUMBER = re.compile(
    rf"(?P<sign>[{MINUS}+]\s?)?(?P<whole>{_DIGITS})"
    # 1.234 may be a thousand or a misprint: with three digits after a full stop nothing is read
    r"(?:(?:,|\.(?!\d{3}\b))(?P<decimals>\d+))?"
)
_FOOTNOTE = re.compile(r"(?<=\d)\s?(?:\*{1,3}|[¹²³⁴⁵⁶⁷⁸⁹]\)?|(?<=\s)\d\))$")
"""The mark of a footnote on a number; a raised digit that has become a plain one is not told."""
_MINUS_BEHIND = re.compile(rf"(\d[\d{SPACES},]*)[{MINUS}]")
"""As ledgers print it."""
_INTERVAL = re.compile(rf"(?P<low>\d+)(?P<gap>\s?)[{MINUS}](?P=gap)(?P<high>\d+)")


@dataclass(frozen=True, slots=True)
class Token:
    """One value in a line: the text as written and where it stands (0-based, end excluded)."""

    written: str
    start: int
    end: int


def figure(written: str, *, unit: str | None, place: Place | None = None) -> Figure:
    """Return a figure of one cell's text; a unit written in the cell goes before `unit`.

    Empty cells are `blank`, words such as `ej aktuellt` have their state, text that is no number
    is `unreadable`; a value is never rounded.
    """
    text = written.strip()
    absent = _absent(text)
    if absent is not None:
        return Figure(written, None, unit, None, absent, place)
    bare, own_unit, factor = _without_unit(text)
    said = own_unit or unit
    bare = _FOOTNOTE.sub("", bare)
    behind = _MINUS_BEHIND.fullmatch(bare)
    bare = f"-{behind[1]}" if behind else bare
    interval = _INTERVAL.fullmatch(bare)
    if interval and Decimal(interval["low"]) <= Decimal(interval["high"]):
        ends = Decimal(interval["low"]), Decimal(interval["high"])
        return Figure(written, None, said, 0, "read", place, *ends)
    found = _NUMBER.fullmatch(bare)
    if found is None:
        return Figure(written, None, said, None, "unreadable", place)
    value, decimals = _value(found)
    return Figure(written, value * factor, said, decimals if factor == 1 else 0, "read", place)


_LIMITS = r"(?:minst|högst|max|lägst|≥|≤|>|<)"
_BOUND = re.compile(rf"(?:{_LIMITS}|över|under)\s*(?=[\d+−–-])", re.IGNORECASE)


def bound(written: str, *, unit: str | None, place: Place | None = None) -> Figure:
    """Return the figure of a target, which may be said as a bound: `minst 60 %`, `≤ 5`."""
    found = figure(_BOUND.sub("", written.strip(), count=1), unit=unit, place=place)
    return replace(found, written=written)


def _absent(text: str) -> State | None:
    if text in ("", *MINUS, "—"):
        return "blank"
    words: dict[str, State] = generic_vocabulary()["absent"]
    return words.get(plain(text))


def _value(found: re.Match[str]) -> tuple[Decimal, int]:
    whole = re.sub(rf"[{SPACES}.]", "", found["whole"])
    decimals = found["decimals"] or ""
    number = Decimal(f"{whole}.{decimals}" if decimals else whole)
    negative = (found["sign"] or "").strip() not in ("", "+")
    return (-number if negative else number), len(decimals)


# --- units ---------------------------------------------------------------------------------------


@cache
def _units() -> dict[str, tuple[str, int]]:
    """Return word -> (unit, factor), longest words first; `mdkr` is written `mnkr 1000`."""
    words: dict[str, str] = generic_vocabulary()["units"]
    parts = {word: said.split() for word, said in words.items()}
    longest = sorted(parts, key=len, reverse=True)
    return {word: (parts[word][0], int((parts[word] + ["1"])[1])) for word in longest}


def _short_money() -> str:
    """Return the alternatives of a pattern for the units of money that are one short word."""
    words = _units().items()
    short = (w for w, (unit, times) in words if unit in MONEY and times == 1 and " " not in w)
    return "|".join(re.escape(word) for word in short if len(word) <= _LONGEST_SHORT)


_LONGEST_SHORT = 4
SHORT_MONEY = _short_money()
"""`mnkr|msek|mkr|tkr|kkr|kr …`: the units of money in their short words, longest first."""
_THOUSANDS = re.compile(
    r"(?<![\d,] )(?<!\d)(?:1[ .]?)?000(?:-tals?)? (?:kr|kronor|sek)\b|\bkr(?:onor)? \((?:1 )?000\)"
)
"""Thousands told by their number: `(1 000 kr)`, `1000-tal kronor`, `000 kr`."""


def _without_unit(text: str) -> tuple[str, str | None, int]:
    lowered = text.casefold()
    for word, (unit, factor) in _units().items():
        if lowered.endswith(word) and re.search(r"[\d\s]$", text[: -len(word)] or "x"):
            return text[: -len(word)].strip(), unit, factor
    return text, None, 1


_GLUED_UNIT = re.compile(rf"(?<=[a-zåäö]{{4}})(?=(?:{SHORT_MONEY})(?!\w))")
"""A unit that ran into the word before it: `Resultaträkningmnkr`."""


def unit_in(text: str) -> str | None:
    """Return the only unit of money or percent that a heading names, None where none or two."""
    left = _THOUSANDS.sub("tkr", _GLUED_UNIT.sub(" ", plain(text)))
    found = set()
    for word, (unit, _) in _units().items():
        if word in left:
            # longest first, each taken out: `miljoner kronor` says nothing of `kronor`
            left, times = re.subn(rf"(?<!\w){re.escape(word)}(?!\w)", " ", left)
            found |= {unit} if times else set()
    # a column of percent beside those of money has its own unit
    found = found - {"percent", "count"} or found - {"count"}
    return found.pop() if len(found) == 1 else None


def money_in(text: str) -> str | None:
    """Return the only unit of money that a heading names; shares of a budget are no money."""
    found = unit_in(text)
    return found if found in MONEY else None


def unit_of_label(label: str) -> str | None:
    """Return the unit that the label of a key figure tells (`Andel …`, `Antal …`, `…, kr`)."""
    lowered = plain(label)
    known: dict[str, str] = generic_vocabulary()["label_units"]
    return next((unit for word, unit in known.items() if word in lowered), None)


# --- the values of a row -------------------------------------------------------------------------

_UNIT_END = rf"(?:\s?(?:%|(?:{SHORT_MONEY})\b|st\b|procent(?:enheter)?\b))?"
_SIGNED = rf"(?:[{MINUS}+]\s?)?{_DIGITS}(?:[,.]\d+)?(?:[*¹²³⁴⁵⁶⁷⁸⁹]|[{MINUS}](?=\s|$))?{_UNIT_END}"
_VALUE = (
    rf"\d+[{MINUS}]\d+(?![\d,])|\(\s?{_SIGNED}\s?\)"
    rf"|(?i:{_LIMITS}\s?)?{_SIGNED}|(?<!\S)[{MINUS}](?!\S)"
)
_MISPRINT = re.compile(rf"[{MINUS}+]?(?=\S*\d)(?:\d[\doOlI]*|[oOlI]\d*)(?:[,.][\doOlI]*)?")
_ATOM = re.compile(rf"\([^()]*\)|[^{SPACES}\t]+")
_GLUED = re.compile(rf"(?<=\d)(?=[{MINUS}]\d)")
_MOST_ATOMS = 40
"""No table is wider; keeps the walk over groupings short."""
_MOST_READINGS = 500
"""Of more readings than these none is taken: the right one may not be among them."""


@cache
def absent_words() -> str:
    """Return the pattern of the words that stand in a cell for no number (`Ej aktuellt`)."""
    return rf"(?<!\S){either('absent')}(?!\S)"


@cache
def _cell() -> re.Pattern[str]:
    return re.compile(rf"{_VALUE}|(?i:{absent_words()})")


_DOTTED = re.compile(rf"[{MINUS}+(]*\d{{1,3}}(?:\.\d{{3}})+\)?")
_LONG = re.compile(rf"\d{{4}}|\d\.\d{{1,2}}(?!\d)|\d\.\d{{4}}|\d[{SPACES}]\d{{3}}(?!\d)|\d,\d{{3}}")
_FEWEST_DOTTED = 3


def dots_part_thousands(rows: Sequence[str]) -> bool:
    """Say whether the amounts of a table have full stops between thousands: `1.234`, `12.345.678`.

    Three at least have, and no number says otherwise: none of four digits, none with spaces.
    """
    words = [word for row in rows for word in row.split()]
    dotted = [word for word in words if _DOTTED.fullmatch(word)]
    return len(dotted) >= _FEWEST_DOTTED and not any(_LONG.search(row) for row in rows)


def misprinted(written: str) -> bool:
    """Say whether a text is a number but for a lost digit or letters that look like digits."""
    return _MISPRINT.fullmatch(written) is not None and _cell().fullmatch(written) is None


def row_values(text: str, columns: int | None = None) -> list[Token] | None:
    """Return the values of one table row, or None where no reading or several fit.

    Two or more spaces part columns for certain. Single spaces between whole numbers may part
    columns or thousands: then the number of `columns` decides, if exactly one reading gives it.
    Without it the reading with the longest numbers is returned.
    """
    if columns is None:
        return [_token(text, m.start(), m.end()) for m in _cell().finditer(text)]
    readings = row_readings(text, columns)
    return readings[0] if len(readings) == 1 else None


def row_readings(text: str, columns: int) -> list[list[Token]]:
    """Return every way to read a row as that many values; one where wide gaps part them.

    One misprint holds its column's place where no clean reading fits.
    """
    hard = cells_apart(text)
    if len(hard) == columns:
        return [hard]
    spoilt = sum(misprinted(text[start:end]) for start, end in _atoms(text))
    return _groupings(text, columns) or (
        _groupings(text, columns, spoilt=True) if spoilt == 1 else []
    )


def is_limit(written: str) -> bool:
    """Say whether a word says that the number behind it is a bound: `minst`, `≥`."""
    return re.fullmatch(_LIMITS, written, re.IGNORECASE) is not None


def is_one(text: str) -> bool:
    """Say whether a text is one value and nothing else."""
    return _cell().fullmatch(text.strip()) is not None


def cells_apart(text: str) -> list[Token]:
    """Return the values that wide gaps part, an empty list where a part is not one value."""
    pieces = re.finditer(rf"[^{SPACES}\t]+(?:[{SPACES}][^{SPACES}\t]+)*", text)
    tokens = [_token(text, m.start(), m.end()) for m in pieces]
    return tokens if all(_cell().fullmatch(token.written) for token in tokens) else []


def _token(text: str, start: int, end: int) -> Token:
    written = text[start:end]
    stripped = written.strip()
    start += len(written) - len(written.lstrip())
    return Token(stripped, start, start + len(stripped))


def _atoms(text: str) -> list[tuple[int, int]]:
    """Return the smallest parts of a row; `340,5-372,7` is two, `0-4` stays one."""
    found: list[tuple[int, int]] = []
    for match in _ATOM.finditer(text):
        start = match.start()
        if "," in match.group() and not match.group().startswith("("):
            for cut in _GLUED.finditer(match.group()):
                found.append((start, match.start() + cut.start()))
                start = match.start() + cut.start()
        found.append((start, match.end()))
    return found


def _groupings(text: str, columns: int, *, spoilt: bool = False) -> list[list[Token]]:
    """Return the ways to read the row as that many values, left to right."""
    atoms = _atoms(text)

    @cache
    def walk(index: int, left: int) -> list[list[Token]]:
        if index == len(atoms):
            return [[]] if left == 0 else []
        found: list[list[Token]] = []
        for stop in range(index + 1, min(index + 5, len(atoms)) + 1):
            piece = _token(text, atoms[index][0], atoms[stop - 1][1])
            fits = _cell().fullmatch(piece.written) or (spoilt and misprinted(piece.written))
            if left and fits:
                found += [[piece, *rest] for rest in walk(stop, left - 1)]
        return found[: _MOST_READINGS + 1]

    found = walk(0, columns) if len(atoms) <= _MOST_ATOMS else []
    return found if len(found) <= _MOST_READINGS else []
