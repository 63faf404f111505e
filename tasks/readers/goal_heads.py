"""The headers of tables of goals and verdicts: which words stand over which column.

Short ones are data as they are (`Mål`, `Uppfyllt`); longer ones are put together of parts
(`Mål fastställda av kommunfullmäktige`, `Uppfyllt Ja/Nej`).
"""

from __future__ import annotations

import itertools
from functools import cache

from expectations.register_files import generic_vocabulary


@cache
def goal_heads() -> dict[str, str]:
    """Return what each header over a table of goals says of its column."""
    known = dict(generic_vocabulary()["goal_columns"])
    parts = generic_vocabulary()["goal_head_parts"]
    whose = itertools.product(parts["goals"], parts["set_by"], parts["bodies"])
    known |= dict.fromkeys(map(" ".join, whose), "goal")
    judged = [phrase for phrase, key in known.items() if key == "assessment"]
    asked = itertools.product(judged, parts["answers"])
    return known | dict.fromkeys(map(" ".join, asked), "assessment")


def table_heads(name: str) -> dict[str, str]:
    """Return the headers of one kind of table by the name of its list: `assignment_columns`."""
    return goal_heads() if name == "goal_columns" else generic_vocabulary()[name]
