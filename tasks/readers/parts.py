"""What the reader of one kind of document hands to `running`: facts, rows and lines claimed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from expectations.contract import Unread


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a reading that one module found.

    `rows` holds rows by section, `facts` fields of the document that the content says better
    than the first look did, `reasons` what those facts rest on. `claimed` are numbers of lines.
    """

    rows: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    unread: tuple[Unread, ...] = ()
    claimed: frozenset[int] = frozenset()
    facts: Mapping[str, Any] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()

    def beside(self, other: Parts) -> Parts:
        """Return both parts as one: rows of the same section stand one after the other."""
        rows = {
            name: (*self.rows.get(name, ()), *other.rows.get(name, ()))
            for name in (*self.rows, *other.rows)
        }
        return Parts(
            rows,
            (*self.unread, *other.unread),
            self.claimed | other.claimed,
            {**self.facts, **other.facts},
            (*self.reasons, *other.reasons),
        )
