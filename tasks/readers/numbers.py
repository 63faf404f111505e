"""Numbers as Swedes write them: one value, or the values of a table row, each with its columns.

Thousands are parted by spaces (also no-break ones), decimals by a comma, minus is any dash, an
interval is `0-4`. What cannot be understood with certainty is `unreadable`, never a guess.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from expectations.contract import Figure, Place

SPACES = " \u00a0\u202f\u2009"
MINUS = "-\u2212\u2013\u2012"
_DIGITS = rf"(?:\d{{1,3}}(?:[{SPACES}]\d{{3}})+|\d+)"
_NUMBER = re.compile(
    rf"(?P<sign>[{MINUS}+]\s?)?(?P<whole>{_DIGITS})"
    # 1.234 may be a thousand or a misprint: with three digits after a full stop nothing is read
    r"(?:(?:,|\.(?!\d{3}\b))(?P<decimals>\d+))?"
)
_INTERVAL = re.compile(rf"(?P<low>\d+)\s?[{MINUS}]\s?(?P<high>\d+)")
_BLANKS = frozenset({"", "-", "–", "−", "—", "ej aktuellt", "inga", "saknas", "n/a"})
_UNITS = {
    "mdkr": ("mnkr", 1000),
    "mnkr": ("mnkr", 1),
    "mkr": ("mnkr", 1),
    "miljoner kronor": ("mnkr", 1),
    "miljoner": ("mnkr", 1),
    "miljon kronor": ("mnkr", 1),
    "tkr": ("tkr", 1),
    "tusen kronor": ("tkr", 1),
    "kronor": ("kr", 1),
    "kr": ("kr", 1),
    "%": ("percent", 1),
    "procent": ("percent", 1),
    "procentenheter": ("percent", 1),
}
_UNIT_WORDS = sorted(_UNITS, key=len, reverse=True)


@dataclass(frozen=True, slots=True)
class Token:
    """One value in a line: the text as written and where it stands (0-based, end excluded)."""

    written: str
    start: int
    end: int


def figure(written: str, *, unit: str | None, place: Place | None = None) -> Figure:
    """Return a figure of one cell's text; a unit written in the cell goes before `unit`.

    Empty cells are `blank`, text that is no number `unreadable`; a value is never rounded.
    """
    text = written.strip()
    if text.casefold() in _BLANKS:
        return Figure(written, None, unit, None, "blank", place)
    bare, own_unit, factor = _without_unit(text)
    interval = _INTERVAL.fullmatch(bare)
    if interval:
        low, high = Decimal(interval["low"]), Decimal(interval["high"])
        if low <= high:
            return Figure(written, None, own_unit or unit, 0, "read", place, low, high)
    found = _NUMBER.fullmatch(bare)
    if found is None:
        return Figure(written, None, own_unit or unit, None, "unreadable", place)
    value, decimals = _value(found)
    return Figure(written, value * factor, own_unit or unit, decimals, "read", place)


def _value(found: re.Match[str]) -> tuple[Decimal, int]:
    whole = re.sub(rf"[{SPACES}]", "", found["whole"])
    decimals = found["decimals"] or ""
    number = Decimal(f"{whole}.{decimals}" if decimals else whole)
    negative = (found["sign"] or "").strip() not in ("", "+")
    return (-number if negative else number), len(decimals)


def _without_unit(text: str) -> tuple[str, str | None, int]:
    lowered = text.casefold()
    for word in _UNIT_WORDS:
        if lowered.endswith(word) and re.search(r"[\d\s]$", text[: -len(word)] or "x"):
            unit, factor = _UNITS[word]
            return text[: -len(word)].strip(), unit, factor
    return text, None, 1


def unit_in(text: str) -> str | None:
    """Return the only unit of money or percent that a heading names, None where none or two."""
    found = {
        unit
        for word, (unit, _) in _UNITS.items()
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text.casefold())
    }
    return found.pop() if len(found) == 1 else None


def row_values(text: str, columns: int | None = None) -> list[Token] | None:
    """Return the values of one table row, or None where several readings fit.

    Two or more spaces part columns for certain. Single spaces between whole numbers may part
    columns or thousands: then the number of `columns` decides, if exactly one reading gives it.
    """
    if columns is None:
        return _greedy(text)
    hard = _split_hard(text)
    if len(hard) == columns:
        return hard
    readings = [found for found in _groupings(text) if len(found) == columns]
    return readings[0] if len(readings) == 1 else None


_CELL = re.compile(rf"(?:[{MINUS}+]\s?)?{_DIGITS}(?:[,.]\d+)?\s?%?|(?<!\S)[{MINUS}](?!\S)")


def _greedy(text: str) -> list[Token]:
    return [_token(text, m.start(), m.end()) for m in _CELL.finditer(text)]


def _token(text: str, start: int, end: int) -> Token:
    written = text[start:end]
    stripped = written.strip()
    start += len(written) - len(written.lstrip())
    return Token(stripped, start, start + len(stripped))


def _split_hard(text: str) -> list[Token]:
    pieces = re.finditer(rf"[^{SPACES}\t]+(?:[{SPACES}][^{SPACES}\t]+)*", text)
    tokens = [_token(text, m.start(), m.end()) for m in pieces]
    return tokens if all(_CELL.fullmatch(token.written) for token in tokens) else []


def _groupings(text: str) -> list[list[Token]]:
    """Return every way to read the row as whole values, left to right."""
    atoms = [(m.start(), m.end()) for m in re.finditer(rf"[^{SPACES}\t]+", text)]
    readings: list[list[Token]] = []

    def walk(index: int, done: list[Token]) -> None:
        if index == len(atoms):
            readings.append(done)
            return
        for stop in range(index + 1, min(index + 5, len(atoms)) + 1):
            piece = _token(text, atoms[index][0], atoms[stop - 1][1])
            if _CELL.fullmatch(piece.written):
                walk(stop, [*done, piece])

    if len(atoms) <= 40:  # noqa: PLR2004 - no table is wider; keeps the walk finite
        walk(0, [])
    return readings
