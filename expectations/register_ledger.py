"""The city's mapping of its ledger: objects to boards and accounts to lines of the result table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from expectations.register_rows import VALIDITY, RegisterFile, Row
from expectations.registers import LedgerLine, LedgerObject

LINES = ("income", "costs", "municipal_grant", "internal_grants", "financial_net")
"""The lines that accounts may be counted in; the result is their sum."""


def ledger_objects(file: RegisterFile, known: Sequence[str] | None) -> tuple[LedgerObject, ...]:
    """Return which objects are whose, in the file's order; two rows may not take the same.

    `known` are the boards' ids, None where their file could not be read.
    """
    found: list[tuple[Row, LedgerObject]] = []
    for row in file.rows:
        dimension = file.needed(row, "dimension")
        board = file.needed(row, "board_id")
        if board and known is not None:
            file.check(row.line, "board_id", board, known)
        file.in_order(row, *VALIDITY)
        for first, last in _ranges(file, row, "objects"):
            one = LedgerObject(
                dimension,
                first,
                last,
                board,
                file.day(row, "valid_from"),
                file.day(row, "valid_to"),
            )
            for earlier, other in found:
                if _share(one, other) and _meet(one, other):
                    told = f"Objekten {first}–{last} finns redan på rad {earlier.line}."
                    file.fault(row.line, told, "Låt varje objekt stå hos en nämnd åt gången.")
            found.append((row, one))
    return tuple(one for _, one in found)


def ledger_lines(file: RegisterFile) -> tuple[LedgerLine, ...]:
    """Return which accounts are counted where, in the file's order."""
    found: list[tuple[int, LedgerLine]] = []
    for row in file.rows:
        line = file.one_of(row, "line", LINES)
        for first, last in _ranges(file, row, "accounts"):
            for earlier, other in found:
                if len(first) == len(other.first) and first <= other.last and other.first <= last:
                    told = f"Kontona {first}–{last} finns redan på rad {earlier}."
                    file.fault(row.line, told, "Låt varje konto stå på en rad.")
            found.append((row.line, LedgerLine(first, last, line)))
    return tuple(one for _, one in found)


def _ranges(file: RegisterFile, row: Row, column: str) -> Iterator[tuple[str, str]]:
    """Yield first and last of every range; a single code is a range of itself."""
    file.needed(row, column)
    for written in file.several(row, column):
        first, _, last = (part.strip() for part in written.partition("-"))
        if len(last or first) != len(first) or (last or first) < first:
            told = f"”{written}” i kolumnen {column} är ingen serie."
            file.fault(row.line, told, "Skriv 2100-2199: lika långa, den lägsta först.")
            continue
        yield first, last or first


def _share(one: LedgerObject, other: LedgerObject) -> bool:
    return (
        one.dimension == other.dimension
        and len(one.first) == len(other.first)
        and one.first <= other.last
        and other.first <= one.last
    )


def _meet(one: LedgerObject, other: LedgerObject) -> bool:
    """Say whether two rows hold on the same day."""
    begins_after = one.valid_from and other.valid_to and one.valid_from > other.valid_to
    ends_before = one.valid_to and other.valid_from and one.valid_to < other.valid_from
    return not (begins_after or ends_before)
