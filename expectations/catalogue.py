"""The rule catalogue: what each rule demands, how heavy it is and what it says, all as data."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

from expectations.verdicts import Severity

RULES = Path(__file__).parent / "rules"
GATES = ("file", "sender", "round", "fields", "rows", "sheets", "periods", "boards")
"""The order of checking: structure before content, one board before several."""
GATE_WORDS = {
    "file": "filen",
    "sender": "avsändaren",
    "round": "omgången",
    "fields": "fälten",
    "rows": "raderna",
    "sheets": "flikarna mot varandra",
    "periods": "jämförelsen med tidigare omgångar",
    "boards": "jämförelsen med andra nämnder",
}


class BrokenRuleError(Exception):
    """A rule of ours could not be applied: our mistake, never the board's."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One data expectation; `demand` is the sentence that is the rule.

    `severity_free` holds for free documents where it differs; `hidden` findings are kept in the
    data and shown only on demand; `parameters` are what the predicate needs besides. What breaks
    a rule that is not quoted is never repeated. A rule that is off holds only where a city gives
    it a severity in its rules.csv. Frame `city` is judged once, over all boards. A
    rule holds for rounds that end from `valid_from` on.
    """

    id: str
    frame: str
    gate: str
    severity: Severity
    demand: str
    message: str
    remedy: str
    source: str
    valid_from: date
    valid_to: date | None = None
    severity_free: Severity | None = None
    applies: str = "all"
    expectation: str = "holds"
    needs_history: Literal["", "previous", "last_year"] = ""
    """What has to be in the warehouse for it to be tried."""
    looks_at: Sequence[str] = ()
    """The values of a row that it looks at; empty where it looks at the row as a whole."""
    group: str | None = None
    """Of a rule over all boards: the group of sections that it is about; None is everything."""
    hidden: bool = False
    is_waivable: bool = True
    is_quoted: bool = True
    is_off: bool = False
    parameters: dict[str, Any] = field(default_factory=dict)

    @property
    def can_be_waived(self) -> bool:
        """Whether the office may let a breach pass: never what a file is, or who sent it when."""
        return self.is_waivable and self.gate not in ("file", "sender", "round")

    def valid_on(self, day: date) -> bool:
        """Say whether the rule holds for a round that ends on a day, or a matter on that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def severity_for(self, *, is_form: bool) -> Severity:
        """Return how heavy a breach is in an issued form or in a free document."""
        return self.severity if is_form or self.severity_free is None else self.severity_free

    def applies_to(self, *, is_form: bool) -> bool:
        """Say whether the rule speaks of issued forms, free documents or both."""
        return self.applies in ("all", "form" if is_form else "free")


@cache
def catalogue() -> tuple[Rule, ...]:
    """Return the rules of the newest catalogue, in its order."""
    newest = max(RULES.glob("rules-*.toml"), key=lambda path: path.name)
    with newest.open("rb") as file:
        read = tomllib.load(file)
    rows = [{"valid_from": read["valid_from"]} | row for row in read["rule"]]
    known = set(Rule.__dataclass_fields__)
    return tuple(
        Rule(
            **{k: v for k, v in row.items() if k in known},
            parameters={k: v for k, v in row.items() if k not in known},
        )
        for row in rows
    )


def rule(rule_id: str) -> Rule:
    """Return one rule; KeyError for an id that the catalogue lacks."""
    for known in catalogue():
        if known.id == rule_id:
            return known
    raise KeyError(rule_id)


def validity(known: Rule) -> str:
    """Return from when a rule holds, in words: `Gäller omgångar som slutar 2026-01-01 …`."""
    until = f" till och med {known.valid_to}" if known.valid_to else " eller senare"
    return f"Gäller omgångar som slutar {known.valid_from}{until}."


def _weight(known: Rule) -> str:
    free = f" ({known.severity_free} i fria handlingar)" if known.severity_free else ""
    only = {"form": " Gäller formulär.", "free": " Gäller fria handlingar."}.get(known.applies, "")
    off = " Av tills staden slår på den i rules.csv." if known.is_off else ""
    return f"**{known.severity}**{free}.{only} Prövas vid {GATE_WORDS[known.gate]}.{off}"


def as_paper() -> str:
    """Return docs/rules.md: the catalogue for people."""
    lines = [
        "# Regelkatalogen",
        "",
        "Skrivs ut ur `expectations/rules/` med `make papers`. STOPP hindrar att avsnittet tas in,",
        "FRÅGA ska rättas eller förklaras, TIPS behöver inte åtgärdas.",
        "",
    ]
    for known in catalogue():
        lines += [
            f"## {known.id}: {known.demand}",
            "",
            _weight(known),
            "",
            f"- Säger: {known.message}",
            f"- Gör så här: {known.remedy}",
            f"- Källa: {known.source}",
            f"- {validity(known)}",
            "",
        ]
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    print(as_paper(), end="")  # noqa: T201 - a printed paper
