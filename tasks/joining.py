"""Join the two parts of a form: the workbook's rows get the prose of the Word file.

Pure. What the workbook says stands; where both say the same text differently, the Word file's is
told of by a fault and kept in the original. Nothing else moves: a part without the other stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from expectations.contract import Fault, Place, Reading, Text
from expectations.form_layout import Layout, SectionLayout, plain


def joined(figures: Reading, prose: Reading, layout: Layout) -> tuple[Reading, Reading]:
    """Return workbook and Word file with the prose moved into the workbook's rows.

    Rows that only the Word file has follow the workbook's. An empty text that must be filled in
    gets its place in the Word file, so that it is asked for there.
    """
    faults: list[Fault] = []
    rows: dict[str, Any] = {}
    moved: dict[str, Any] = {}
    for section in layout.sections:
        if not section.prose or section.is_prose:
            continue
        name = section.section
        rows[name] = tuple(
            _row(section, layout, row, said, faults)
            for row, said in _pairs(section, figures.rows(name), prose.rows(name))
        )
        moved[name] = ()
    own = {s.group for s in layout.sections if s.is_prose}
    nothing = [g for g in prose.nothing_to_report if g not in own]
    return (
        replace(
            figures,
            **rows,
            nothing_to_report=tuple(dict.fromkeys((*figures.nothing_to_report, *nothing))),
        ),
        replace(
            prose,
            **moved,
            nothing_to_report=tuple(g for g in prose.nothing_to_report if g in own),
            faults=(*prose.faults, *faults),
        ),
    )


def _pairs(
    section: SectionLayout, ours: Sequence[Any], theirs: Sequence[Any]
) -> list[tuple[Any, Any]]:
    """Return each row of the workbook with its row in the Word file, then those only there."""
    pairs: list[tuple[Any, Any]] = []
    left = list(theirs)
    for row in ours:
        said = next((one for one in left if _is_same(section, row, one)), None)
        if said is not None:
            left.remove(said)
        pairs.append((row, said))
    return pairs + [(one, one) for one in left]


def _is_same(section: SectionLayout, row: Any, other: Any) -> bool:
    """Say whether two rows are the same: by their id where both have one, else by their words."""
    key, words = (column.field for column in section.columns[:2])
    if getattr(row, key) and getattr(other, key):
        return bool(getattr(row, key) == getattr(other, key))
    return plain(getattr(row, words)) == plain(getattr(other, words))


def _row(section: SectionLayout, layout: Layout, row: Any, said: Any, faults: list[Fault]) -> Any:
    changes: dict[str, Text] = {}
    words = str(getattr(row, section.columns[1].field))
    for column in section.prose:
        mine = getattr(row, column.field)
        theirs = getattr(said, column.field) if said is not None else None
        if mine is None and theirs is not None:
            changes[column.field] = theirs
        elif mine is None and column.required:
            place = layout.prose["place"].format(row=words[:80], heading=column.heading)
            changes[column.field] = Text("", Place(heading=place))
        elif theirs is not None and plain(mine.text) != plain(theirs.text):
            where = mine.place.in_words() if mine.place else ""
            values = {"heading": column.heading, "row": words[:80], "there": where}
            faults.append(Fault("B-TWICE", theirs.place, section.section, theirs.text[:80], values))
    return replace(row, **changes) if changes else row
