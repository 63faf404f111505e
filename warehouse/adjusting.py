"""Adjustments: what the city office sets beside a board's figure, never over it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from expectations.contract import Figure, figure_id, figures_of
from expectations.swedish import swedish
from warehouse.acts import OfficeAct

ADJUSTMENT = "adjustment"
CONFIRMATION = "confirmation"


class Row(Protocol):
    """A merged row: whose, of what period, and what it says."""

    @property
    def board(self) -> str:
        """Board register id."""
        ...

    @property
    def period(self) -> str:
        """Round or key of the matter."""
        ...

    @property
    def section(self) -> str:
        """Section of the contract."""
        ...

    @property
    def key(self) -> str:
        """Stable key of the row."""
        ...

    @property
    def row(self) -> Any:
        """The contract object."""
        ...


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One adjustment of one figure (`figure_id`), in the unit of the board's figure.

    `said` is the board's figure as it stands now. `is_stale` where the board has changed it since
    the adjustment was made: then the reason may no longer hold. `confirmed` is what the board has
    answered, with `confirmed_at`; empty until it has.
    """

    act_id: str
    figure_id: str
    board: str
    said: Figure
    adjusted: Figure
    reason: str
    by: str
    at: datetime
    is_stale: bool = False
    confirmed: str = ""
    confirmed_at: datetime | None = None


def adjusted_figure(said: Figure, value: Decimal) -> Figure:
    """Return the adjusted figure, written in the unit and with the decimals of the board's."""
    decimals = max(said.decimals or 0, -int(value.as_tuple().exponent), 0)
    return Figure(swedish(value, decimals), value, said.unit, decimals)


def adjustments(
    acts: Iterable[OfficeAct], said: Mapping[str, tuple[str, Figure]]
) -> tuple[Adjustment, ...]:
    """Return the newest adjustment of each figure, by id; `said` gives board and figure by id.

    One whose figure is no longer said at all is left out: there is nothing to stand beside.
    """
    acts = list(acts)
    found: dict[str, Adjustment] = {}
    for act in acts:
        name = act.about.get("figure", "")
        if act.kind != ADJUSTMENT or name not in said:
            continue
        board, figure = said[name]
        found[name] = Adjustment(
            act_id=act.act_id,
            figure_id=name,
            board=board,
            said=figure,
            adjusted=adjusted_figure(figure, Decimal(act.about["value"])),
            reason=act.text,
            by=act.by,
            at=act.at,
            is_stale=act.about["said"] != figure.written,
        )
    return tuple(_answered(one, acts) for _, one in sorted(found.items()))


def _answered(one: Adjustment, acts: Sequence[OfficeAct]) -> Adjustment:
    answers = [a for a in acts if a.kind == CONFIRMATION and a.about.get("act") == one.act_id]
    if not answers:
        return one
    return replace(one, confirmed=answers[-1].text, confirmed_at=answers[-1].at)


def figures_by_id(city_id: str, rows: Iterable[Row]) -> dict[str, tuple[str, Figure]]:
    """Return board and figure of everything that merged rows say, by the figure's id."""
    return {
        figure_id(city_id, row.board, row.period, row.section, row.key, name): (row.board, figure)
        for row in rows
        for name, figure in figures_of(row.row)
    }
