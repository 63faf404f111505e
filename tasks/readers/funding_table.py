"""Money asked for in a plan: period, effort, purpose, amounts, source and deviation.

One cell may hold both what was asked for and what was granted: `500 000 (500 000 beviljade)`. An
amount without a unit is kronor where it is at least ten thousand; a smaller bare number has no
unit, since it may be thousands. As flattened text a row has one run of lines per cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from expectations.contract import Figure, Funding, Place, Text, Unread
from tasks.readers.flat_table import Fits, cells, headers, rows
from tasks.readers.numbers import figure
from tasks.readers.pages import Line
from tasks.readers.paragraphs import joined
from tasks.readers.passage import Passage
from tasks.readers.real_table import KnownTable, one_line
from tasks.readers.wording import Wording

NOT_ROWS = "Tabellens celler gick inte att dela in i rader."
NO_EFFORT = "Raden anger ingen insats."
SURELY_KRONOR = Decimal(10_000)
_AMOUNT = (
    r"(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+)(?:,\d+)?"
    r"(?:\s*(?:miljon(?:er)?(?: kronor)?|tusen kronor|mnkr|mkr|tkr|kronor|kr))?"
)
_MONEY = re.compile(
    rf"(?P<first>{_AMOUNT})(?:\s*\(\s*(?P<granted>{_AMOUNT})\s*beviljad\w*\s*\))?", re.IGNORECASE
)
_PERIOD = re.compile(r"20\d\d(?:\s*[-–]\s*20\d\d)?")
_LONGEST_SOURCE = 120


@dataclass(slots=True)
class Fundings:
    """Rows, what stayed unread, and the lines taken."""

    rows: list[Funding] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    claimed: set[int] = field(default_factory=set)


def funding_table(lines: Sequence[Line], words: Wording) -> Fundings:
    """Return the rows of the first table of money in the lines; empty where there is none."""
    found = headers(lines, words.table("funding_columns"), ("effort", "requested"))
    if not found:
        return Fundings()
    result = Fundings(claimed={x.number for h in found for x in lines[h.start : h.end]})
    parts: list[list[Line]] = []
    for part in cells(lines, found):
        if part is None:
            break
        parts += _period_apart(part) if found[0].keys[0] == "period" else [part]
    for row in rows(parts, found[0].keys, _FITS, ()):
        result.rows.append(_from_passages(row))
        result.claimed |= {line.number for cell in row.values() for line in cell.lines}
    if not result.rows:
        head = joined(lines[found[0].start : found[0].end])
        result.unread.append(Unread(head, NOT_ROWS, lines[found[0].start].place()))
    return result


def _period_apart(part: list[Line]) -> list[list[Line]]:
    """Part a year from the effort that follows it in the same run of lines."""
    first = part[0]
    found = re.match(rf"\s*{_PERIOD.pattern}(?=\s+\S)", first.text)
    if found is None:
        return [part]
    rest = " " * found.end() + first.text[found.end() :]
    year = replace(first, text=first.text[: found.end()])
    return [[year], [replace(first, text=rest), *part[1:]]]


def _is_money(text: str) -> bool:
    return _MONEY.fullmatch(text.strip()) is not None


_FITS: dict[str, Fits] = {
    "period": lambda text: _PERIOD.fullmatch(text) is not None,
    "effort": lambda text: not _is_money(text),
    "purpose": lambda text: not _is_money(text),
    "requested": _is_money,
    "granted": _is_money,
    "used": _is_money,
    "source": lambda text: len(text) <= _LONGEST_SOURCE and not _is_money(text),
    "deviation": lambda text: not _is_money(text),
}


def _from_passages(row: Mapping[str, Passage]) -> Funding:
    amounts: dict[str, Figure] = {}
    for key in ("requested", "granted", "used"):
        if key in row:
            cell = row[key]
            for name, start, end in _amounts(cell.text, key):
                amounts[name] = _figure(cell.text[start:end], cell.place(start, end))
    effort, deviation = row["effort"], row.get("deviation")
    return Funding(
        effort=effort.text,
        place=effort.place(0, len(effort.text)),
        period=row["period"].text if "period" in row else None,
        purpose=row["purpose"].text if "purpose" in row else None,
        source=row["source"].text if "source" in row else None,
        deviation=deviation.part(0, len(deviation.text)) if deviation else None,
        **amounts,
    )


def _amounts(text: str, key: str) -> Iterator[tuple[str, int, int]]:
    """Yield (field, start, end) of the amounts in a cell; a cell of two gives what was granted."""
    found = _MONEY.fullmatch(text.strip())
    if found is None:
        yield key, 0, len(text)
        return
    yield key, *found.span("first")
    if found["granted"] and key == "requested":
        yield "granted", *found.span("granted")


def _figure(written: str, place: Place) -> Figure:
    amount = figure(written, unit=None, place=place)
    sure = amount.unit is None and amount.value is not None and amount.value >= SURELY_KRONOR
    return replace(amount, unit="kr") if sure else amount


def funding_cells(
    known: KnownTable, _: Sequence[Line], words: Wording, unread: list[Unread]
) -> Iterator[Funding]:
    """Yield the rows of a real table; a row without an effort stays unread."""
    del words
    for row in known.rows():
        if "effort" not in row:
            unread += [Unread(one_line(cell.text), NO_EFFORT, cell.place) for cell in row.values()]
            continue
        text = {key: one_line(cell.text) for key, cell in row.items()}
        amounts = {
            name: _figure(text[key][start:end], row[key].place)
            for key in ("requested", "granted", "used")
            if key in row
            for name, start, end in _amounts(text[key], key)
        }
        deviation = row.get("deviation")
        yield Funding(
            effort=text["effort"],
            place=row["effort"].place,
            period=text.get("period"),
            purpose=text.get("purpose"),
            source=text.get("source"),
            deviation=Text(text["deviation"], deviation.place) if deviation else None,
            **amounts,
        )
