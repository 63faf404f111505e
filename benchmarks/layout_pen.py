"""The hand that a made report is written with: its words, its numbers, and what a table is."""

from __future__ import annotations

import random
import tomllib
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

WORDS: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("layout_words.toml").read_text(encoding="utf-8")
)
SAID = (Decimal("13.2"), Decimal("2.4"))
"""The amounts of the sentences between the tables."""
MONTHS = {3: "mars", 4: "april", 8: "augusti", 10: "oktober"}
SHORT = {3: "mar", 4: "apr", 8: "aug", 10: "okt"}


@dataclass(slots=True)
class Column:
    """One column: what it holds, the keys that are right for it, its head and its group."""

    role: str
    keys: tuple[str, ...]
    group: str = ""
    head: str = ""
    decimals: int | None = None
    unit: str | None = None
    sign: str = ""
    """What stands behind every value: ` %`."""
    scope: str = ""
    """The part of the staff that the column shows."""


@dataclass(slots=True)
class Row:
    """One row: label, values by role, the code of its kind."""

    label: str
    values: dict[str, Any]
    code: str | None = None
    kind: str = "row"
    unit: str | None = None
    decimals: int | None = None
    account: str = ""
    """The number of an account in front of the label: it may be read with it or without."""


@dataclass(slots=True)
class Sheet:
    """One table before it is laid out."""

    section: str
    columns: list[Column]
    rows: list[Row]
    corner: str
    heading: str
    unit: str = ""
    decimals: int = 0
    traits: dict[str, str] = field(default_factory=dict)


class Pen:
    """What is drawn once for a report: its year, its words for numbers and units."""

    def __init__(self, seed: int) -> None:
        """Draw what holds for the whole report."""
        self.rng = random.Random(seed)
        self.year = self.rng.randint(2022, 2026)
        self.month = self.rng.choice([*MONTHS, 8, 8, 12, 12, 12])
        self.mode = "annual" if self.month == 12 else "interim"
        self.minus = self.rng.choice(["-", "-", "−", "–", "- ", "()"])
        self.thousands = self.rng.choice([" ", " ", " ", "\u00a0", ".", ""])
        self.zero = self.rng.choice(["0", "0", "0", "-", "–", ""])
        if self.minus == "- ":
            # beside a minus that stands apart, a dash for zero could not be told by anyone
            self.zero = "0"
        self.unit = self.rng.choice(["mnkr", "tkr", "tkr", "kr"])

    def pick(self, *path: str) -> str:
        """Return a word of a list, its years and months filled in."""
        words: Any = WORDS
        for name in path:
            words = words[name]
        return self.fill(self.rng.choice(list(words)))

    def fill(self, text: str) -> str:
        """Return a text with its years, months, amounts and unit filled in."""
        period = f"jan-{SHORT.get(self.month, 'dec')}"
        style = self.year % 3
        if style == 1:
            period = period.replace("-", "–")
        elif style == 2 and self.month in MONTHS:
            period = f"januari-{MONTHS[self.month]}"
        told = {
            "y": self.year,
            "p": self.year - 1,
            "pp": self.year - 2,
            "n": self.year + 1,
            "m": MONTHS.get(self.month, "december"),
            "s": period,
            "mm": f"{self.month:02}",
            "e": "mars" if self.month > 3 else "februari",
            "a": self.number(SAID[0] * 10, 1),
            "b": self.number(SAID[1] * 10, 1),
            "u": self.pick_unit(self.unit),
        }
        for name, value in told.items():
            text = text.replace(f"{{{name}}}", str(value)) if name in text else text
        return text

    def pick_unit(self, unit: str) -> str:
        """Return one of the words for a unit."""
        return self.rng.choice(WORDS["units"][unit])

    def number(self, value: Decimal, decimals: int) -> str:
        """Return a number, given in its last digits, as the report writes it."""
        if value == 0 and self.zero != "0":
            return self.zero
        whole, rest = divmod(abs(int(value)), 10**decimals)
        digits = f"{whole:,}".replace(",", self.thousands)
        digits += f",{rest:0{decimals}}" if decimals else ""
        if value >= 0:
            return digits
        return f"({digits})" if self.minus == "()" else f"{self.minus}{digits}"
