"""What one column is by the parts of its words: `Budgetavvikelse per 2025-08-31`, `Ack utfall`.

Phrases that are known whole stand in `columns`; here a head is put together of words for a kind
(outcome, budget, forecast, deviation), a period, last year, a project's whole. A word that is not
known leaves the head unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from expectations.registers import plain
from tasks.readers.spans import SHORT_MONTHS
from tasks.readers.wording import Wording

_YEAR = re.compile(r"(20\d{2})(?:-?(0[1-9]|1[0-2])(?:-?[0-3]\d)?)?")
_YEARS = re.compile(r"(?:20)?\d\d[-–/](?:20)?\d\d")
_DAY = re.compile(r"[0-3]?\d(?:/\d{1,2})?")
_JOINS = ("mot", "-", "–", "/", "jämfört", "av", "mellan")


@dataclass(slots=True)
class Composed:
    """What the words of a head say: kinds, marks (period, year, previous, total, percent), date."""

    kinds: list[str] = field(default_factory=list)
    marks: set[str] = field(default_factory=set)
    year: str | None = None
    month: int | None = None
    joins: bool = False
    """Whether a word joins the next kind to the one before: `mot`, a dash."""


def composed(text: str, words: Wording) -> Composed | None:
    """Return what the words of one cell say; None where one of them is not known."""
    parts = words.table("column_parts")
    found = Composed()
    bare = re.sub(r"(?<=[^\W\d])-\s+(?=[a-zåäö])", "", text)
    for word in re.findall(r"[^\s(),:*]+", plain(bare)):
        if not _take(word.strip("."), found, parts):
            return None
    return found if found.kinds else None


def _take(word: str, found: Composed, table: Mapping[str, str]) -> bool:
    """Take one word into what is found; say whether it is known.

    A second kind has to be joined to the first, or be what a deviation is of: `avvikelse prognos`.
    """
    codes = _codes(word, table)
    if codes is None:
        return False
    kinds = [code.removeprefix("kind ") for code in codes if code.startswith("kind ")]
    joined = found.joins or found.kinds[-1:] == ["deviation"]
    if set(kinds) & set(found.kinds) or (kinds and found.kinds and not joined):
        return False
    year = _YEAR.fullmatch(word)
    if year is not None and found.year is not None:
        return False
    if year is not None:
        found.year, found.month = year[1], int(year[2]) if year[2] else None
    found.kinds += kinds
    found.marks |= {code for code in codes if not code.startswith(("kind ", "skip"))}
    found.joins = word in _JOINS or (found.joins and not kinds)
    return True


def _codes(word: str, table: Mapping[str, str]) -> list[str] | None:
    """Return the codes of a word and of the parts it is put together of, None where unknown."""
    if word in table:
        return [table[word]]
    if word in _JOINS or not word or any(f.fullmatch(word) for f in (_YEAR, _YEARS, _DAY)):
        return []
    if _of_months(word):
        return ["period"]
    halves = re.split(r"[-–/]", word)
    if len(halves) > 1 and all(half in table for half in halves):
        return [table[half] for half in halves]
    for at in range(2, len(word) - 2):
        first, last = word[:at], word[at:]
        own = table.get(first) or table.get(first.removesuffix("s"))
        if own and last in table:
            return [own, table[last]]
    return None


def _of_months(word: str) -> bool:
    """Say whether a word is a month or months: `aug`, `jan-aug`, `januari–augusti`."""
    pieces = re.split(r"[-–]", word)
    return all(piece.startswith(SHORT_MONTHS) and piece.isalpha() for piece in pieces)


def meaning(found: Composed) -> tuple[str, str] | None:
    """Return kind and scope of the column, None where its words can mean several."""
    kinds, marks = set(found.kinds), found.marks
    scope = "period" if "period" in marks else "year" if "year" in marks else ""
    if "change" in kinds:
        return ("change_percent" if "percent" in marks else "change", "")
    if "deviation" in kinds:
        return _deviation(kinds - {"deviation"}, marks, scope)
    if "percent" in marks:
        of_budget = "budget" in kinds and kinds <= {"budget", "outcome"}
        return ("used_percent", "") if of_budget else None
    return _level(found.kinds[0], marks, scope) if len(kinds) == 1 else None


def _level(kind: str, marks: set[str], scope: str) -> tuple[str, str] | None:
    if "total" in marks:
        return (f"total_{kind}", "") if kind in ("budget", "outcome", "forecast") else None
    if "previous" in marks:
        return (f"{kind}_prev", "")
    return (kind, scope if kind in ("outcome", "budget") else "")


def _deviation(others: set[str], marks: set[str], scope: str) -> tuple[str, str] | None:
    if {"outcome", "forecast"} <= others or not others <= {"outcome", "budget", "forecast"}:
        return None
    if "previous" in marks:
        return ("open", "")
    if "percent" in marks:
        return ("deviation_percent", "")
    if "forecast" in others:
        return ("forecast_deviation", "")
    return ("deviation", "outcome" if "outcome" in others else scope)
