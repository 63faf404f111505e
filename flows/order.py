"""What to run, and how its steps are done: at once, or as task runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Protocol, TypeVar

from expectations.registers import LOCAL_TIME

Item = TypeVar("Item")
Result = TypeVar("Result")


class Call(Protocol):
    """How a step is done: at once, or as a task run."""

    times: dict[str, float]

    def __call__(self, step: str, function: Callable[..., Result], *arguments: object) -> Result:
        """Do one step and return what it gives."""
        ...

    def each(
        self, step: str, function: Callable[[Item], Result], items: Sequence[Item], *, side: int = 1
    ) -> list[Result]:
        """Do one step for each item, `side` of them side by side; results in order."""
        ...


@dataclass(frozen=True, slots=True)
class Order:
    """What to run. `now` is the moment of the run; nothing below reads a clock.

    Without `round_id` the matters valid on `on` are reported. `received` gives the moment of
    receipt by inbox key where it is not `now` (the example city's manifest does).
    """

    city_id: str
    now: datetime
    out: Path
    round_id: str | None = None
    on: date | None = None
    received: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def run_period(self) -> str:
        """The round or the day, as text."""
        return self.round_id or self.day.isoformat()

    @property
    def day(self) -> date:
        """The day of a run without a round; in Sweden today where none is given."""
        return self.on or self.now.astimezone(LOCAL_TIME).date()
