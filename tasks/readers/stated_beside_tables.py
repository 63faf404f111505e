"""Figures of sentences held against one another and against the tables of the document.

A table wins over a sentence: the same figure is one fact, a missing column is filled in the table's
row, and a figure that differs is unread with its place.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from expectations.contract import Figure, FinanceLine, Investment, Place, StaffFigure, Unread
from expectations.registers import plain
from tasks.readers.pages import Line
from tasks.readers.parts import Parts
from tasks.readers.sentence_grammar import WHOLE_COST
from tasks.readers.sentence_words import Now, numbers_of_row
from tasks.readers.wording import Wording

OTHER_TABLE = "En tabell har ett annat tal för samma uppgift. Tabellens tal gäller."
OTHER_SENTENCE = "Två meningar har olika tal för samma uppgift. Inget av dem läses."
OTHER = "other"
"""The line of a part of the board; what it is called stands behind it in the code."""
_SCALE = {"kr": Decimal(1), "tkr": Decimal(1000), "mnkr": Decimal(1_000_000)}


@dataclass(frozen=True, slots=True)
class Said:
    """One figure that a sentence states: where it belongs, its label, and the whole sentence."""

    section: str
    code: str
    key: str
    figure: Figure
    label: str
    place: Place
    sentence: str
    note: str | None = None
    """The period of a staff figure, where it is not the report's."""
    scope: str | None = None
    """The share of the staff that a figure is of."""
    is_listed: bool = False
    """Whether it stands in a list of such figures, and not in running text."""


@dataclass(frozen=True, slots=True)
class Printed:
    """The digits of numbers in rows of the document, with the lines that no reader has taken."""

    rows: frozenset[str]
    unread: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, lines: Iterable[Line], claimed: frozenset[int]) -> Printed:
        """Return the numbers that stand in rows."""
        free: dict[str, tuple[str, ...]] = defaultdict(tuple)
        every: set[str] = set()
        for line in lines:
            told = numbers_of_row(line.text)
            every |= told
            # a lone number is a heading's or a page's
            is_free = line.number not in claimed and len(told) > 1
            for digits in told if is_free else ():
                free[digits] += (line.text,)
        return cls(frozenset(every), free)


def agreed(said: Sequence[Said]) -> tuple[list[Said], list[Unread]]:
    """Return one of each figure that sentences agree on, the most exact; others are unread."""
    by_place: dict[tuple[str, str, str, str | None], list[Said]] = defaultdict(list)
    for one in said:
        by_place[one.section, one.code, one.key, one.scope].append(one)
    kept: list[Said] = []
    unread: list[Unread] = []
    for same in by_place.values():
        best = max(same, key=lambda one: _exactness(one.figure))
        if all(_is_same(one.figure, best.figure) for one in same):
            kept.append(best)
        else:
            unread += [Unread(one.sentence, OTHER_SENTENCE, one.figure.place) for one in same]
    return kept, unread


def _exactness(one: Figure) -> Decimal:
    """Return how small the last printed digit is, the smaller the higher."""
    return -_SCALE.get(one.unit or "", Decimal(1)) * Decimal(10) ** -(one.decimals or 0)


def _is_same(one: Figure, other: Figure, *, unsigned: bool = False) -> bool:
    """Say whether two figures are the same but for their rounding and their units of money."""
    if one.value is None or other.value is None:
        return False
    if (one.unit in _SCALE) is not (other.unit in _SCALE):
        return False
    coarse = max(-_exactness(one), -_exactness(other))
    told = [
        (figure.value or Decimal(0)) * _SCALE.get(figure.unit or "", Decimal(1))
        for figure in (one, other)
    ]
    told = [abs(value) for value in told] if unsigned else told
    rounded = {(value / coarse).quantize(Decimal(1), ROUND_HALF_UP) for value in told}
    return len(rounded) == 1


def with_tables(
    found: Parts, said: Sequence[Said], printed: Printed, now: Now, words: Wording
) -> tuple[dict[str, Any], list[Unread]]:
    """Return the rows with what only sentences say, and what a table says otherwise.

    Money that stands in a row which nobody could read is that row's to tell.
    """
    rows: dict[str, Any] = dict(found.rows)
    unread: list[Unread] = []
    listed = _lists_parts(found, words)
    for one in said:
        of_part = one.section == "finance" and _part(one) and not one.is_listed
        if listed and of_part and not _rows_of_part(one, found):
            # a table tells of the parts: of those that it leaves out a sentence gives the cause
            continue
        same, instead = _told(one, found, now, words)
        if any(_is_same(one.figure, figure, unsigned=one.section != "staff") for figure in same):
            continue
        if one.section == "finance" and _is_printed(one, printed):
            continue
        if one.code == WHOLE_COST and (found.rows.get("finance") or _has_cost(rows, one.key)):
            continue
        if instead:
            unread.append(Unread(one.sentence, OTHER_TABLE, one.figure.place))
            continue
        rows[one.section] = _added(tuple(rows.get(one.section, ())), one)
    return rows, unread


def _has_cost(rows: dict[str, Any], key: str) -> bool:
    """Say whether the net cost has a figure in a column already."""
    costs = [row for row in rows.get("finance", ()) if row.line == "net_cost"]
    return any(key in row.columns for row in costs)


def _lists_parts(found: Parts, words: Wording) -> bool:
    """Say whether a table has the money of parts of the board, and not only kinds of it."""
    stems = tuple(words.words["sentence_parts"]["activities"])
    rows = found.rows.get("finance", ())
    names = [plain(row.label) for row in rows if row.line == OTHER]
    names += [plain(row.table) for row in rows if row.table is not None]
    kinds = [(row.line, row.label) for row in rows if row.line != OTHER]
    # the same rows twice: once for each part, whose name was not read
    again = len(kinds) != len(set(kinds))
    # one name is the board's own
    parts = {name for name in names if any(stem in name for stem in stems)}
    return again or len(parts) > 1


def _is_printed(one: Said, printed: Printed) -> bool:
    """Say whether a figure stands in a row, in one that nobody read also in another unit."""
    if not _part(one) and re.sub(r"[^\d,]", "", one.figure.written) in printed.rows:
        return True
    crowns = abs(one.figure.value or Decimal(0)) * _SCALE.get(one.figure.unit or "", Decimal(1))
    scaled = [format((crowns / scale).normalize(), "f") for scale in _SCALE.values()]
    lines = [line for text in scaled for line in printed.unread.get(text.replace(".", ","), ())]
    # a row of the same name tells the same
    return any(not (part := _part(one)) or not plain(line).startswith(part) for line in lines)


_RESULT_LIKE = ("result", "net_cost", "total", "operating_result")
_ALIKE = {
    "outcome": ("outcome", "deviation"),
    "deviation": ("outcome", "deviation"),
    "forecast": ("forecast", "forecast_deviation"),
    "forecast_deviation": ("forecast", "forecast_deviation"),
}


def _told(one: Said, found: Parts, now: Now, words: Wording) -> tuple[list[Figure], list[Figure]]:
    """Return the figures of tables that may be the same as a sentence's, and those instead of it.

    A surplus is a result or a deviation from the budget: which one, differs from table to table.
    What a board has cost is no result, and a project is not all that is invested.
    """
    rows = found.rows.get(one.section, ())
    if one.section == "staff":
        told = _told_of_staff(one, rows, now)
        return told, told
    if one.section == "investments":
        told = [figure for row in rows for figure in row.columns.values() if _is_told(figure)]
        return told, [] if _part(one) else _told_of_sums(one, rows, words)
    rows = _rows_of_part(one, found) if _part(one) else rows
    is_result = one.code == "result" or bool(_part(one))
    keys = _ALIKE.get(one.key, (one.key,)) if is_result else (one.key,)
    lines = _RESULT_LIKE if is_result else (one.code,)
    lines = tuple(row.line for row in rows) if _part(one) else lines
    alike = [
        (row.line, key, row.columns[key])
        for row in rows
        for key in keys
        if row.line in lines and key in row.columns and _is_told(row.columns[key])
    ]
    levels = ("outcome", "outcome_prev", "forecast", "forecast_prev", "budget")
    instead = [
        figure
        for line, key, figure in alike
        if not (is_result and line in ("net_cost", "total", OTHER) and key in levels)
        or not _is_far(one.figure, figure)
    ]
    return [figure for _, _, figure in alike], instead


def _is_far(one: Figure, other: Figure) -> bool:
    """Say whether a figure is of another order than a surplus or deficit: all that it has cost."""
    small, large = (
        abs(figure.value or Decimal(0)) * _SCALE.get(figure.unit or "", Decimal(1))
        for figure in (one, other)
    )
    return large > _FAR * small


_FAR = 5


def _part(one: Said) -> str:
    """Return what the part of the board is called that a figure is of, nothing for the whole."""
    return one.code.partition(" ")[2] if one.code.startswith(f"{OTHER} ") else ""


def _rows_of_part(one: Said, found: Parts) -> tuple[Any, ...]:
    """Return the rows that bear the name of the part that a figure is of."""
    rows = found.rows.get("finance", ())
    return tuple(row for row in rows if _is_named(plain(row.label), _part(one)))


def _is_named(label: str, part: str) -> bool:
    """Say whether two names have the same words but for their endings."""
    names = [re.findall(r"[^\W\d_]{4,}", name) for name in (label, part)]
    if not all(names) or len(names[0]) != len(names[1]):
        return False
    return all(
        one.startswith(other[:-_ENDING]) and other.startswith(one[:-_ENDING])
        for one, other in zip(*names, strict=True)
    )


_ENDING = 2


def _told_of_sums(one: Said, rows: Sequence[Investment], words: Wording) -> list[Figure]:
    """Return the figures of the sum of the investments; a lone row without one is all of them."""
    sums = [row for row in rows if words.code("finance_lines", row.name) == "total"]
    told = sums or (rows if len(rows) == 1 else [])
    return [row.columns[one.key] for row in told if one.key in row.columns]


def _told_of_staff(one: Said, rows: Sequence[StaffFigure], now: Now) -> list[Figure]:
    """Return the figures of a metric's rows that are of the same time, or the same figure."""
    behind = int(one.key.endswith("_prev"))
    keys = ("outcome_prev", "accounts_prev") if behind else ("outcome",)
    year = str(now.year - behind) if now.year else ""
    return [
        figure
        for row in rows
        if row.metric == one.code and row.scope == one.scope
        for key, figure in row.columns.items()
        if _is_told(figure) and (key in (*keys, year) or _is_same(one.figure, figure))
    ]


def _is_told(figure: Figure) -> bool:
    return figure.value is not None


def _added(rows: tuple[Any, ...], one: Said) -> tuple[Any, ...]:
    """Return the rows with a figure: in the row of its subject, or in a row of its own."""
    for at, row in enumerate(rows):
        if _is_row(row, one) and one.key not in row.columns:
            filled = replace(row, columns={**row.columns, one.key: one.figure})
            return (*rows[:at], filled, *rows[at + 1 :])
    return (*rows, _row(one))


def _is_row(row: Any, one: Said) -> bool:
    if one.section == "finance":
        named = row.line == one.code.split()[0] != OTHER or (
            _part(one) and _is_named(plain(row.label), _part(one))
        )
        return bool(named and row.table is None)
    if one.section == "staff":
        return bool(row.metric == one.code and row.scope == one.scope)
    return bool(row.name == one.label)


def _row(one: Said) -> FinanceLine | StaffFigure | Investment:
    columns = {one.key: one.figure}
    if one.section == "finance":
        return FinanceLine(one.code.split()[0], one.label, one.place, None, columns)
    if one.section == "staff":
        return StaffFigure(one.code, one.label, one.place, one.scope, columns, one.note)
    return Investment(one.label, one.place, columns)
