"""Which sheet holds which section of the form, and where its headings stand.

Sheets are known by their name, by their headings, and by the hints under these: so that one that
was renamed, copied or saved by another program is still found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from expectations.form_layout import Layout, SectionLayout, plain
from expectations.registers import City
from tasks.readers.form_rows import Found, Headed
from tasks.readers.workbook_cells import Sheet

HEADING_ROWS = 30
"""How far down headings are looked for: boards put lines above them."""
_COPIED = re.compile(
    r"^(?:kopia av|copy of) |\s*\(\d+\)$|\s*[-–]\s*(?:tabell|table) \d+$", re.IGNORECASE
)
"""What Excel, Google and Numbers put to a sheet's name when it is copied or exported."""
_SUMMARIES = ("export summary", "exportsammanfattning", "exportöversikt")
"""The sheet that Numbers puts first in what it exports."""


@dataclass(frozen=True, slots=True)
class Headings:
    """Where a section's headings stand in a sheet."""

    section: SectionLayout
    row: int
    columns: dict[int, Headed]
    shown: frozenset[int] = frozenset()
    """Columns where we show the round before: locked, and never read."""


def _base(name: str) -> str:
    """Return a sheet's name without what programs put to it."""
    return plain(_COPIED.sub("", plain(name)))


def _has_hints(sheet: Sheet, number: int, columns: dict[int, Headed], layout: Layout) -> bool:
    under = {at: sheet.cells.get((number + 1, at)) for at in columns}
    return all(
        cell is not None and plain(cell.written) == plain(layout.hint(columns[at].column))
        for at, cell in under.items()
    )


def is_set_aside(sheet: Sheet, layout: Layout, city: City | None) -> bool:
    """Say whether a sheet is our own list of words, whatever it is called, or a program's own."""
    if _base(sheet.name) == plain(layout.lists_sheet) or plain(sheet.name) in _SUMMARIES:
        return True
    known = {plain(word) for words in layout.choices.values() for word in words.values()}
    known |= {plain(word) for words in layout.units.values() for word in words}
    for scale in city.scales if city else ():
        known |= {plain(word.word) for word in scale.words}
    texts = [cell.written for cell in sheet.cells.values()]
    return bool(texts) and all(plain(t) in known or layout.mark_of(t) for t in texts)


def written_under(sheet: Sheet, headings: Headings) -> list[tuple[str, ...]]:
    """Return what stands under a sheet's headings: a copied sheet says the same once more."""
    fields = sorted((item.field, at) for at, item in headings.columns.items())
    return [
        tuple(cells[at].written if at in cells else "" for _, at in fields)
        for number, cells in sheet.rows()
        if number > headings.row
    ]


def headings_in(sheet: Sheet, layout: Layout) -> Headings | None:
    """Return where a sheet's headings stand: the section and row with most known words.

    A sheet with its section's own name needs two known headings, any other needs most of them.
    """
    best: Headings | None = None
    for number, cells in sheet.rows():
        if number > HEADING_ROWS:
            break
        for section in layout.sections:
            columns = _columns(section, number, cells, sheet, layout)
            named = _base(sheet.name) == plain(section.sheet)
            needed = 2 if named else max(3, len(section.columns) * 6 // 10)
            # Two headings are few to know a renamed sheet by: with our hints under them they do.
            hinted = len(columns) == len(section.columns) and _has_hints(
                sheet, number, columns, layout
            )
            if len(columns) < needed and not hinted:
                continue
            if best is None or (len(columns) / len(section.columns)) > (
                len(best.columns) / len(best.section.columns)
            ):
                mark = plain(layout.previous_heading)
                shown = (at for at, c in cells.items() if plain(c.written).startswith(mark))
                best = Headings(section, number, columns, frozenset(shown))
    return best


def _columns(
    section: SectionLayout,
    number: int,
    cells: dict[int, Found],
    sheet: Sheet,
    layout: Layout,
) -> dict[int, Headed]:
    columns: dict[int, Headed] = {}
    taken: set[str] = set()
    for at, cell in sorted(cells.items()):
        named = section.column_headed(cell.written)
        if named is None or named[1] in taken:
            continue
        column, field = named
        taken.add(field)
        under = sheet.cells.get((number + 1, at))
        unit = layout.unit_code(under.written) if under else None
        columns[at] = Headed(column, field, unit or (None if column.unit == "row" else column.unit))
    return columns
