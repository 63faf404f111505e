"""What a city is: boards, goals, assignments, rounds, scales and words, read from data files.

A city is a folder of CSV and TOML files; two real cities and an example city ship with the
package, and a third is a folder outside it (`SAMLAD_CITIES`). A faulty register is our side's
mistake and stops everything: `RegisterError` names file, line, fault and remedy.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from expectations.contract import DecisionReference, Due


class RegisterError(Exception):
    """A register file that cannot be used; who keeps the register mends it."""

    def __init__(self, file: str, line: int | None, fault: str, remedy: str) -> None:
        """Keep where (file, 1-based line), what is wrong and how to mend it, in Swedish."""
        where = f"{file}, rad {line}" if line else file
        super().__init__(f"{where}: {fault} {remedy}")
        self.file = file
        self.line = line
        self.fault = fault
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Board:
    """A nämnd, styrelse or company board; the authority that submits.

    `kind` is board, company, federation or audit; `group` is how the report lists it
    (facknämnder, bolag, …). Validity is inclusive; an open end is None.
    """

    board_id: str
    name: str
    kind: str
    group: str
    administration: str | None = None
    aliases: tuple[str, ...] = ()
    case_prefix: str | None = None
    case_pattern: str | None = None
    case_example: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    verified: bool = False
    source: str = ""

    def valid_on(self, day: date) -> bool:
        """Say whether the board exists on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class CityGoal:
    """One goal of the council, with the boards designated for it (empty: all that owe goals)."""

    goal_id: str
    title: str
    area: str | None = None
    sdgs: tuple[int, ...] = ()
    designated: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    verified: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class CityAssignment:
    """One assignment as the register knows it; the id is the key, the case number is not."""

    assignment_id: str
    text: str
    origin: str
    case_number: str | None = None
    point: str | None = None
    decision: DecisionReference | None = None
    addressees: tuple[str, ...] = ()
    due: Due | None = None
    closed: date | None = None
    parent: str | None = None
    verified: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Round:
    """One turn of periodic reporting; deadlines hold per group of sections (contract.GROUPS)."""

    round_id: str
    type: str
    name: str
    period_from: date
    period_to: date
    opens_on: date
    due_on: date
    due: dict[str, date] = field(default_factory=dict)

    def due_for(self, group: str) -> date:
        """Return the last day for one group of sections."""
        return self.due.get(group, self.due_on)


@dataclass(frozen=True, slots=True)
class ScaleWord:
    """One step of a scale: code for the data, word and symbol for the reader."""

    code: str
    word: str
    order: int
    symbol: str = ""
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale valid for some years, for example `assignment_status` or `competence_gap`."""

    scale: str
    words: tuple[ScaleWord, ...]
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class City:
    """One city's registers. `verified` is False as long as any row that a run leans on is not."""

    city_id: str
    name: str
    office: str
    municipality_code: str
    boards: tuple[Board, ...]
    goals: tuple[CityGoal, ...]
    assignments: tuple[CityAssignment, ...]
    rounds: tuple[Round, ...]
    scales: tuple[Scale, ...]
    meetings: dict[str, tuple[date, ...]]
    owes: tuple[dict[str, str], ...]
    settings: dict[str, Any]
    """The rest of city.toml: units, signs, wording, vocabulary, report settings."""
    version: str
    """Digest of the city's files: changes when any register changes."""
