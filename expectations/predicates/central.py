"""Rules that hold a board's figures against the city's ledger and staff system."""

from __future__ import annotations

from expectations.catalogue import Rule
from expectations.central import MONEY, as_printed, difference, figures_for
from expectations.contract import Figure
from expectations.predicates.breaches import Breach, tests
from expectations.predicates.economy import COLUMN_WORDS
from expectations.staging import Case, World
from expectations.swedish import swedish


@tests("E-LEDGER")
def _as_in_the_ledger(case: Case, world: World, _: Rule) -> list[Breach] | None:
    if case.row.table is not None and len({r.table for r in case.judged.reading.finance}) > 1:
        return None  # several tables: which of them the ledger speaks of is not known
    return _differences(case, world, "finance", case.row.line)


@tests("P-SYSTEM")
def _as_in_the_staff_system(case: Case, world: World, _: Rule) -> list[Breach] | None:
    if case.row.scope is not None:
        return None
    return _differences(case, world, "staff", case.row.metric)


def _differences(case: Case, world: World, section: str, key: str) -> list[Breach] | None:
    board = case.judged.board
    if board is None or world.round is None or case.judged.period != world.round.round_id:
        return None
    central = figures_for(world.history.central, board.board_id)
    pairs = [
        (column, said, central[section, key, column].figure)
        for column, said in case.row.columns.items()
        if (section, key, column) in central
    ]
    if not pairs:
        return None
    return [
        _told(case, column, said, there) for column, said, there in pairs if difference(said, there)
    ]


def _told(case: Case, column: str, said: Figure, there: Figure) -> Breach:
    decimals = said.decimals or 0
    unit = said.unit if said.unit in MONEY else there.unit
    shown = as_printed(there, unit or "", decimals)
    values = {
        "label": case.row.label,
        "column": COLUMN_WORDS.get(column, column).lower(),
        "central": shown.written,
    }
    written = swedish(said.value, said.decimals)
    return Breach(said.place or case.place, written, shown.written, column, values=values)
