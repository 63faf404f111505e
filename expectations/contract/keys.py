"""The names by which rows and figures are told apart, in every version of a document."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Iterator
from typing import Any

from expectations.contract.readings import Reading
from expectations.contract.values import Figure, Text


def row_key(section: str, row: Any) -> str:
    """Return the words that tell one row of a section from the others, as readable text.

    Two rows of one document may share a key: `keyed_rows` numbers them and rule B-DUP speaks.
    """
    parts = _KEYS[section](row)
    return "/".join(re.sub(r"[\s/]+", " ", str(part)).strip().lower() for part in parts if part)


_KEYS: dict[str, Any] = {
    "goals": lambda r: (r.level if r.level != "council" else "", r.goal_id or r.title),
    "indicators": lambda r: (r.goal_id, r.name),
    "assignments": lambda r: (
        (r.assignment_id,) if r.assignment_id else (r.case_number or r.text[:80], r.point)
    ),
    "decisions": lambda r: (r.organ, r.ordinal),
    "finance": lambda r: (r.table, r.line if r.line != "other" else r.label),
    "central_items": lambda r: (r.name,),
    "investments": lambda r: (r.name,),
    "measures": lambda r: (r.name, r.scope),
    "staff": lambda r: (r.metric if r.metric != "other" else r.label, r.scope),
    "competence_gaps": lambda r: (r.occupation,),
    "competence_positions": lambda r: (r.horizon, r.position),
    "competence_shift": lambda r: (r.horizon, r.area),
    "funding": lambda r: (r.period, r.effort),
    "efforts": lambda r: (r.title,),
    "activities": lambda r: (r.activity,),
    "agenda2030": lambda r: (r.sdg, r.goal_id, r.text.text[:60] if r.text else ""),
    "deviations": lambda r: (r.area, r.text.text[:60]),
    "audits": lambda r: (r.year, r.object, _first_text(r.recommendation, r.judgement)),
    "narratives": lambda r: r.path,
}


def _first_text(*texts: Text | None) -> str:
    return next((text.text[:60] for text in texts if text is not None), "")


def keyed_rows(reading: Reading, section: str) -> Iterator[tuple[str, Any]]:
    """Yield (key, row) with `~2`, `~3` behind a key that the document uses again."""
    seen: dict[str, int] = {}
    for row in reading.rows(section):
        key = row_key(section, row)
        seen[key] = seen.get(key, 0) + 1
        yield (key if seen[key] == 1 else f"{key}~{seen[key]}"), row


def figures_of(row: Any) -> Iterator[tuple[str, Figure]]:
    """Yield (field, figure) of a row; a keyed field is written `columns.outcome`."""
    for item in dataclasses.fields(row):
        value = getattr(row, item.name)
        if isinstance(value, Figure):
            yield item.name, value
        elif isinstance(value, dict):
            for key, inner in value.items():
                if isinstance(inner, Figure):
                    yield f"{item.name}.{key}", inner


def figure_id(city: str, board: str, period: str, section: str, key: str, field_name: str) -> str:
    """Return the short, stable id printed and traced for one figure, for example `U-4f0c9a1b2d`.

    The id names the slot (who, when, what), not the version: an edition says which version.
    """
    address = f"{city}\x1f{board}\x1f{period}\x1f{section}\x1f{key}\x1f{field_name}"
    return f"U-{hashlib.sha256(address.encode()).hexdigest()[:10]}"
