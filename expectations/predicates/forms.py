"""Rules on what stands outside an issued form's own places, and on what has gone from it."""

from __future__ import annotations

from collections import defaultdict
from string import digits

from expectations.catalogue import Rule
from expectations.contract import Place, Unread
from expectations.form_layout import (
    LOOSE_TEXT,
    LOOSE_THING,
    OUTSIDE_COLUMN,
    OUTSIDE_SHEET,
    load_layouts,
    newest,
)
from expectations.personal import without_personal_data
from expectations.predicates.breaches import Breach, tests
from expectations.staging import Case, World

MOST_SHOWN = 80


@tests("B-OUTSIDE")
def _nothing_stands_outside(case: Case, _: World, __: Rule) -> list[Breach] | None:
    found: dict[tuple[str, str], list[Unread]] = defaultdict(list)
    for item in case.judged.reading.unread:
        place = item.place or Place()
        if item.why == OUTSIDE_COLUMN:
            letter = (place.cell or "").rstrip(digits)
            found[f"Kolumn {letter} på fliken {place.sheet}", OUTSIDE_COLUMN].append(item)
        elif item.why == OUTSIDE_SHEET:
            found[f"Fliken {place.sheet}", OUTSIDE_SHEET].append(item)
    return [
        Breach(place=items[0].place, written=_shown(items[0]), values={"where": where})
        for (where, _), items in found.items()
    ]


def _shown(item: Unread) -> str:
    return without_personal_data(" ".join(item.text.split()))[:MOST_SHOWN]


_ADVICE = {
    LOOSE_TEXT: ("texten ”{text}”", "Flytta texten till en ruta under rätt rubrik."),
    LOOSE_THING["picture"]: ("en bild", "Skriv det viktiga ur bilden i ord."),
    LOOSE_THING["note"]: ("en fotnot", "Skriv det som står i fotnoten i rutan."),
}


@tests("B-LOOSE")
def _all_text_stands_in_a_box(case: Case, _: World, __: Rule) -> list[Breach] | None:
    return [
        Breach(
            place=item.place,
            written=_shown(item),
            values={
                "what": _ADVICE[item.why][0].format(text=_shown(item)),
                "advice": _ADVICE[item.why][1],
            },
        )
        for item in case.judged.reading.unread
        if item.why in _ADVICE
    ]


@tests("B-SHEET")
def _every_sheet_is_there(case: Case, world: World, _: Rule) -> list[Breach] | None:
    reading, board = case.judged.reading, case.judged.board
    if world.round is None or board is None or case.judged.period != world.round.round_id:
        return None
    there = {key.partition(".")[0] for key in reading.headings}
    # Only a workbook has sheets, and a file without any section is told of in another way.
    if not there - {"document"}:
        return None
    layouts = load_layouts()
    layout = layouts.get(reading.document.template_version or "", newest(layouts))
    return [
        Breach(group=section.group, section=section.section, values={"sheet": section.sheet})
        for section in layout.sections
        if section.rows
        and section.section not in there
        and section.group not in reading.nothing_to_report
        and world.city.owes(board, world.round, section.group)
    ]
