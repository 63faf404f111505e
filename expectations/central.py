"""Figures that the city holds centrally: what the ledger and the staff system say of each board.

They are a source of their own beside the boards' documents. Nothing here replaces what a board
has said: where the two differ the board is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, TypeAlias

from expectations.contract import Figure, Place, figure_id
from expectations.swedish import swedish

SourceKind = Literal["sie", "ledger_csv", "staff_csv"]
Slot: TypeAlias = tuple[str, str, str]
"""Section (finance or staff), row key (line or metric) and column (outcome, budget, …)."""
ELIMINATIONS = "eliminations"
"""The line of a list that says what is eliminated between the companies: it has no board."""
MONEY = {"kr": Decimal(1), "tkr": Decimal(1000), "mnkr": Decimal(1_000_000)}


@dataclass(frozen=True, slots=True)
class CentralPart:
    """What a sum is made of: an account (or a row of a list), its amount and its first line."""

    label: str
    value: Decimal
    line: int
    rows: int = 1


@dataclass(frozen=True, slots=True)
class CentralFigure:
    """One central figure of one board and round, signed as the boards write (costs minus).

    `board` is None for what the city's mapping gives to no board: told, never left out. `place`
    of the figure is the first line of the source that it is made of.
    """

    board: str | None
    section: str
    key: str
    column: str
    figure: Figure
    parts: tuple[CentralPart, ...] = ()

    @property
    def slot(self) -> Slot:
        """Section, row key and column."""
        return self.section, self.key, self.column

    def id_in(self, city: str, period: str) -> str:
        """Return the id that `samlad trace` knows it by."""
        where = f"central/{self.section}"
        return figure_id(city, self.board or "", period, where, self.key, f"columns.{self.column}")


@dataclass(frozen=True, slots=True)
class CentralFault:
    """Why a central file is not used: 1-based line, what is wrong and what to do, in Swedish."""

    line: int
    fault: str
    remedy: str


@dataclass(frozen=True, slots=True)
class CentralReading:
    """What one central file says of a round.

    `covers` is False where the file is sound but does not reach the round's last day; then it has
    no figures.
    """

    kind: SourceKind | None
    figures: tuple[CentralFigure, ...] = ()
    faults: tuple[CentralFault, ...] = ()
    covers: bool = True


def figures_for(central: Iterable[CentralFigure], board: str | None) -> dict[Slot, CentralFigure]:
    """Return one board's central figures by section, row key and column.

    The first to say something is kept: the sources come in their order of weight.
    """
    found: dict[Slot, CentralFigure] = {}
    for one in central:
        if one.board == board:
            found.setdefault(one.slot, one)
    return found


def as_printed(figure: Figure, unit: str, decimals: int) -> Figure:
    """Return a figure in another unit of money, rounded as it will be printed, halves up.

    Other units are only rounded. The place is kept.
    """
    if figure.value is None:
        return figure
    ratio = MONEY[figure.unit] / MONEY[unit] if figure.unit in MONEY and unit in MONEY else 1
    value = (figure.value * ratio).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    value = value + 0  # no minus zero
    return replace(
        figure, written=swedish(value, decimals), value=value, unit=unit, decimals=decimals
    )


def difference(said: Figure, central: Figure) -> Decimal | None:
    """Return what a board's figure says over the central one, in the board's unit.

    None where they cannot be held against each other; 0 where rounding explains all of it.
    """
    if said.value is None or central.value is None or said.state != "read":
        return None
    if (said.unit in MONEY) != (central.unit in MONEY):
        return None
    if said.unit not in MONEY and said.unit != central.unit:
        return None
    there = central.value
    if said.unit in MONEY and central.unit in MONEY:
        there = there * MONEY[central.unit] / MONEY[said.unit]
    apart = said.value - there
    step = Decimal("0.5").scaleb(-min(said.decimals or 0, 6))
    return Decimal(0) if abs(apart) <= step else apart


@dataclass(frozen=True, slots=True)
class Reconciled:
    """One central figure beside what the board has said in the same place.

    `apart` is the board's figure minus the central one in the board's unit; None where the board
    says nothing that can be compared.
    """

    board: str | None
    slot: Slot
    central: CentralFigure
    said: Figure | None
    apart: Decimal | None

    @property
    def state(self) -> Literal["agrees", "differs", "not_said", "unplaced"]:
        """Whether the two agree."""
        if self.board is None:
            return "unplaced"
        if self.said is None or self.apart is None:
            return "not_said"
        return "agrees" if self.apart == 0 else "differs"


def reconcile(
    central: Sequence[CentralFigure], said: Mapping[tuple[str, Slot], Figure]
) -> list[Reconciled]:
    """Hold every central figure against what the boards said, in the order of the central ones.

    What is eliminated between companies is no board's to say, and not held against anything.
    """
    found = []
    for one in central:
        if one.key == ELIMINATIONS:
            continue
        figure = said.get((one.board, one.slot)) if one.board else None
        apart = difference(figure, one.figure) if figure is not None else None
        found.append(Reconciled(one.board, one.slot, one, figure, apart))
    return found


def summed(parts: Sequence[CentralPart], *, unit: str, decimals: int) -> Figure:
    """Return the sum of parts as a figure, placed at the first line of them."""
    value = sum((part.value for part in parts), Decimal(0)) + 0
    place = Place(line=min(part.line for part in parts)) if parts else None
    return Figure(swedish(value, decimals), value, unit, decimals, place=place)
