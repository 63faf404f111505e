"""What boards that others have followed said in earlier rounds: the figures of now stand beside it.

Only rows of the boards that `expectations.lineage` finds comparable are taken, and only for columns
that speak of an earlier time. Nothing is added up here: the report adds and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from expectations.lineage import lineage
from expectations.registers import City, Round
from warehouse.snapshot import Inherited, Snapshot, StoredRow

if TYPE_CHECKING:
    from datetime import date

SECTIONS = ("finance", "staff")
SAID_AS = {"accounts_prev": "outcome", "outcome_prev": "outcome", "forecast_prev": "forecast"}
"""A column of now, and the column of the earlier round that says the same."""


def rounds_compared(city: City, round_: Round) -> dict[str, Round]:
    """Return the earlier round that each comparing column speaks of, where the calendar has it."""
    year = round_.period_to.year
    before = [r for r in city.rounds if r.period_to < round_.period_to]
    found: dict[str, Round] = {}
    for one in before:
        if one.type == "annual" and one.period_to.year == year - 1:
            found["accounts_prev"] = one
        if one.type == round_.type and one.period_to.year == year - 1:
            found["outcome_prev"] = one
        if one.period_to.year == year:
            found["forecast_prev"] = one  # the latest of the year stands last
    return found


def followed(city: City, then: date, now: date) -> set[str]:
    """Return the boards of an earlier day whose figures are others' figures now."""
    return {
        before
        for board in city.boards_on(now)
        if (line := lineage(city, board.board_id, then, now)).rows
        for before in line.boards
    }


def inherited_rows(
    city: City, round_: Round, earlier: Callable[[Round], Snapshot]
) -> tuple[Inherited, ...]:
    """Return what the boards before said, by the column of now; `earlier` gives a round's view.

    No view is asked for where no board has followed on another since.
    """
    found: list[Inherited] = []
    views: dict[str, Snapshot] = {}
    for column, then in rounds_compared(city, round_).items():
        boards = followed(city, then.period_to, round_.period_to)
        if not boards:
            continue
        view = views.setdefault(then.round_id, earlier(then))
        names: Mapping[str, str] = {d.document.sha256: d.document.name for d in view.documents}
        found += [
            Inherited(column, row, names.get(row.document, ""))
            for row in view.rows
            if row.board in boards
            and row.section in SECTIONS
            and row.period == then.round_id
            and SAID_AS[column] in row.row.columns
        ]
    return tuple(found)


def gaps_before(
    city: City, round_: Round, earlier: Callable[[Round], Snapshot]
) -> tuple[StoredRow, ...]:
    """Return the gaps in competence of the latest earlier round that asked for them and got any.

    No view is asked for where the round itself asks for none.
    """
    if not _asks(city, round_):
        return ()
    before = [one for one in city.rounds if one.period_to < round_.period_to and _asks(city, one)]
    for then in sorted(before, key=lambda one: one.period_to, reverse=True):
        found = tuple(r for r in earlier(then).rows if r.section == "competence_gaps")
        if found:
            return found
    return ()


def _asks(city: City, round_: Round) -> bool:
    return any("competence" in groups for groups in city.owed(round_).values())
