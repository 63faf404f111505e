"""Read the Word file that went out beside the workbook: the board's prose, place by place.

A place is known by its control's tag; where a program has dropped that, by the control's title;
where the control is gone, by the label above the text, within the row that heading or line name.
Text that grew out of its box belongs to the box above it. What stands nowhere is handed back.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from expectations.contract import Narrative, Place, Reading, Text, Unread
from expectations.form_layout import Layout, SectionLayout, newest
from expectations.registers import City
from tasks.readers.docx import docx_pages, opened
from tasks.readers.file_checks import DOCX, RefusedError
from tasks.readers.form_rows import (
    FirstPage,
    Found,
    Headed,
    contract_row,
    coverage_of,
    document_of,
    meaning_of,
)
from tasks.readers.prose_walk import Slot, Walk, place_in


def read_prose(data: bytes, city: City | None, layouts: dict[str, Layout]) -> Reading | None:
    """Return what the Word file of an issued form says, None where it is another document.

    Raises RefusedError where the inside is damaged.
    """
    pages = docx_pages(data)
    texts = [line.text for line in pages.lines[:60]] + list((pages.properties or {}).values())
    for layout in reversed(layouts.values()):
        marks = (mark for mark in map(layout.mark_of, texts) if mark)
        mark = next((mark for mark in marks if mark.get("part") == "prose"), None)
        if mark is not None:
            layout = layouts.get(mark["version"], newest(layouts))  # noqa: PLW2901 - its own version
            return _read(data, city, layout, mark, newest(layouts))
    return None


def _read(
    data: bytes, city: City | None, layout: Layout, mark: dict[str, str], last: Layout
) -> Reading:
    document = opened(data)
    try:
        walk = Walk(document, layout, city)
        walk.read()
    except (KeyError, ValueError, AttributeError, etree.LxmlError) as error:
        raise RefusedError(DOCX, "damaged") from error
    page = FirstPage({}, tuple(sorted(walk.nothing)), mark, Place())
    told, unread, faults = document_of(page, layout, last)
    rows, more = _rows(walk, meaning_of(told, layout, city), city)
    unread += walk.unread + more
    claimed = sum(len(text) for slot in walk.slots.values() for text in slot.texts())
    return Reading(
        told,
        **rows,
        nothing_to_report=tuple(g for g in layout.group_labels if g in walk.nothing),
        unread=tuple(unread),
        coverage=coverage_of(claimed, unread),
        faults=tuple(faults),
    )


def _rows(walk: Walk, meaning: Any, city: City | None) -> tuple[dict[str, Any], list[Unread]]:
    """Return the rows of the contract, of the places that hold anything."""
    rows: dict[str, list[Any]] = {}
    unread: list[Unread] = []
    for slot in walk.slots.values():
        written = {name: slot.text(name) for name in slot.fields if slot.text(name)}
        if not written:
            continue
        cells, headed = _cells(walk.layout, slot, written, city)
        row, more = contract_row(slot.section, cells, headed, meaning)
        unread += more
        rows.setdefault(slot.section.section, []).append(row)
    for path, texts in walk.narratives:
        place = Place(heading=f"Word-filen: {path[-1]}")
        text = Text("\n".join(texts), place)
        rows.setdefault("narratives", []).append(Narrative(path, text, place))
    return {name: tuple(found) for name, found in rows.items()}, unread


def _cells(
    layout: Layout, slot: Slot, written: dict[str, str], city: City | None
) -> tuple[dict[str, Found], list[Headed]]:
    """Return a row's cells as a workbook's, with what the registers say that the row is."""
    section = slot.section
    told = dict(written)
    if section.is_prose and slot.key.startswith("k"):
        told = {"path": " > ".join(slot.path)} | told
    elif not section.is_prose and slot.key[0] != "+":
        name = section.columns[1].field
        is_known = slot.key[0] != "="
        title = _titled(section, slot.key, city) if is_known else slot.key[1:]
        told |= {section.columns[0].field: slot.key} if is_known else {}
        told[name] = title or slot.heading
    order = [c for c in section.columns if c.field in told]
    first = next(iter(slot.fields))
    places = {c.field: place_in(layout, slot, c) for c in order}
    shown = next(c for c in section.columns if c.field == first)
    cells = {
        c.field: Found(
            told[c.field], places[c.field] if c.field in written else place_in(layout, slot, shown)
        )
        for c in order
    }
    return cells, [Headed(c, c.field, c.unit) for c in order]


def _titled(section: SectionLayout, key: str, city: City | None) -> str | None:
    if city is None:
        return None
    if section.section == "goals":
        return next((g.title for g in city.goals if g.goal_id == key), None)
    return next((a.text for a in city.assignments if a.assignment_id == key), None)
