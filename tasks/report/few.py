"""Figures that count so few persons that they could tell who they are, and what would tell them.

Hidden in every view of an edition: the report's tables, the rows and findings of the data files.
What a board has handed in stays as it is; see docs/decisions/016-few-persons.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from expectations.contract import Figure
from expectations.registers import City
from expectations.verdicts import Finding
from warehouse.snapshot import StoredRow

COUNTS_OF_PERSONS = ("exits", "recruitments")
SHARE_OF = {"turnover": "exits", "turnover_external": "exits"}
"""Shares from which a count can be worked out where the number of employees is known."""
FEW, BESIDE = "few", "beside"
TWO = 2

Slot = tuple[str, str, str, str]
"""Board, period, key of the row and column."""


def limit_of(city: City) -> int:
    """Return the smallest number of persons that is shown; 0 where the city hides none."""
    return int(city.settings.get("report", {}).get("small_count", 0))


def shown_few(limit: int) -> str:
    """Return what is printed instead of a small count, `1–4`."""
    return f"1–{limit - 1}"


def slot_of(stored: StoredRow, column: str) -> Slot:
    """Return where a figure of a row stands."""
    return stored.board, stored.period, stored.key, column


def hidden_figures(rows: Iterable[StoredRow], limit: int) -> dict[Slot, str]:
    """Return the figures that are not shown: FEW for a small count, BESIDE for what tells it."""
    staff = [stored for stored in rows if stored.section == "staff"]
    hidden = {
        slot_of(stored, column): FEW
        for stored in staff
        if stored.row.metric in COUNTS_OF_PERSONS
        for column, figure in stored.row.columns.items()
        if figure.value is not None and 0 < figure.value < limit
    }
    hidden |= dict.fromkeys(_telling_parts(staff, hidden), BESIDE)
    counted = {
        (s.board, s.period, s.row.metric, s.row.scope, column)
        for s in staff
        for column in s.row.columns
        if slot_of(s, column) in hidden
    }
    for stored in staff:
        count = SHARE_OF.get(stored.row.metric)
        for column in stored.row.columns if count else ():
            if (stored.board, stored.period, count, stored.row.scope, column) in counted:
                hidden[slot_of(stored, column)] = BESIDE
    return hidden


def _telling_parts(staff: Iterable[StoredRow], hidden: Mapping[Slot, str]) -> list[Slot]:
    """Return the parts to hide too where a total less the other parts would give a hidden one."""
    wholes: dict[tuple[str, str, str, str], Slot] = {}
    parts: dict[tuple[str, str, str, str], list[tuple[Decimal, Slot]]] = defaultdict(list)
    for stored in staff:
        for column, figure in stored.row.columns.items():
            if stored.row.metric not in COUNTS_OF_PERSONS or figure.value is None:
                continue
            about = (stored.board, stored.period, stored.row.metric, column)
            if stored.row.scope:
                parts[about].append((figure.value, slot_of(stored, column)))
            else:
                wholes[about] = slot_of(stored, column)
    found = []
    for about, several in parts.items():
        secret = [slot for _, slot in several if slot in hidden]
        is_told = about in wholes and wholes[about] not in hidden
        if is_told and len(secret) == 1 and len(several) >= TWO:
            found.append(min((value, slot) for value, slot in several if slot not in hidden)[1])
    return found


def without_few(stored: StoredRow, hidden: Mapping[Slot, str], limit: int, words: str) -> Any:
    """Return a row as it may be shown: `words` stands where a figure beside is hidden."""
    if stored.section != "staff":
        return stored.row
    columns = {
        column: _masked(figure, hidden.get(slot_of(stored, column)), limit, words)
        for column, figure in stored.row.columns.items()
    }
    return replace(stored.row, columns=columns)


def _masked(figure: Figure, why: str | None, limit: int, words: str) -> Figure:
    if why is None:
        return figure
    bare = replace(figure, value=None, decimals=None, low=None, high=None, written=words)
    if why == BESIDE:
        return bare
    return replace(bare, written=shown_few(limit), low=Decimal(1), high=Decimal(limit - 1))


def told_without_few(finding: Finding, hidden: Mapping[Slot, str], words: str) -> Finding:
    """Return a finding as it may be shown: one on a row with a hidden figure says only that."""
    rows = {(board, period, key) for board, period, key, _ in hidden}
    place = (finding.board, finding.period, finding.row_key)
    if finding.section != "staff" or place not in rows:
        return finding
    return replace(finding, message=words, remedy="", written=None, expected=None, quote=None)
