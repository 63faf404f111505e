"""Read the Word file that went out beside the workbook: the board's prose, place by place.

A place is known by its control's tag; where a program has dropped that, by the control's title;
where the control is gone, by the label above the text, within the row that heading or line name.
Text that grew out of its box belongs to the box above it. What stands nowhere is handed back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn
from lxml import etree

from expectations.contract import Narrative, Place, Reading, Text, Unread
from expectations.form_layout import Column, Layout, SectionLayout, newest, plain
from expectations.registers import City
from tasks.prose_places import LABEL, TAG, TITLE, TOLD, Chapter, chapters_of
from tasks.readers.docx import docx_pages, heading_levels, opened, text_of
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

_TAG = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>.+?)", TAG))
_TITLE = re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(TITLE)).replace(r"\ ", " "))
_NUMBER = re.compile(r"^\d+(\.\d+)*\.?\s+")
_CONTROL, _PARAGRAPH, _TABLE = qn("w:sdt"), qn("w:p"), qn("w:tbl")
_SEEN_ONLY = {
    qn("w:drawing"): "en bild",
    qn("w:pict"): "en bild",
    qn("w:footnoteReference"): "en fotnot",
}
"""What a place may hold that is no text: told of, since the report cannot show it."""


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
        walk = _Walk(document, layout, city)
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


@dataclass(slots=True)
class _Slot:
    """One row's places: what is written in each field, and the heading that it stands under."""

    section: SectionLayout
    key: str
    heading: str
    path: tuple[str, ...]
    fields: dict[str, list[str]] = field(default_factory=dict)

    def texts(self) -> Iterator[str]:
        for name in self.fields:
            yield self.text(name)

    def text(self, name: str) -> str:
        return "\n".join(self.fields[name]).strip()


class _Walk:
    """Where in the file we are: the chapter, the row, the field whose box is open."""

    def __init__(self, document: Any, layout: Layout, city: City | None) -> None:
        self.body = document.element.body
        self.levels = heading_levels(document)
        self.styles = {style.style_id: style.name for style in document.styles}
        self.layout = layout
        self.sections = {s.section: s for s in layout.sections if s.prose}
        self.chapters = _chapters(layout, city)
        self.slots: dict[tuple[str, str], _Slot] = {}
        self.given: dict[tuple[str, str, str], int] = {}
        self.headings: list[str] = []
        self.section: SectionLayout | None = None
        self.key: str | None = None
        self.column: Column | None = None
        self.own: list[str] | None = None
        self.narratives: list[tuple[tuple[str, ...], list[str]]] = []
        self.nothing: set[str] = set()
        self.is_waiting = False
        self.unread: list[Unread] = []

    def read(self) -> None:
        for block in self._blocks(self.body):
            if block.tag == _CONTROL:
                self._control(block)
            elif block.tag == _TABLE:
                self._loose("\n".join(_table_lines(block)), block)
            else:
                self._paragraph(block)

    def _blocks(self, parent: Any) -> Iterator[Any]:
        """Yield paragraphs, tables and controls of ours in order."""
        for child in parent:
            ours = child.tag == _CONTROL and self._place_of(child) is not None
            if child.tag in (_PARAGRAPH, _TABLE) or ours:
                yield child
            elif isinstance(child.tag, str):
                yield from self._blocks(child)

    def _place_of(self, control: Any) -> tuple[SectionLayout, str, str] | None:
        """Return section, key and field of a control of ours, by its tag or else its title."""
        told = {
            name: control.find(f"{qn('w:sdtPr')}/{qn(f'w:{name}')}") for name in ("tag", "alias")
        }
        words = {name: node.get(qn("w:val"), "") for name, node in told.items() if node is not None}
        found = _TAG.fullmatch(words.get("tag", ""))
        if found and found["section"] in self.sections:
            return self.sections[found["section"]], found["key"], found["field"]
        found = _TITLE.fullmatch(words.get("alias", ""))
        for section in self.sections.values() if found else ():
            if found and plain(found["sheet"]) == plain(section.sheet):
                named = section.column_headed(found["heading"])
                return section, found["key"], named[1] if named else "state"
        return None

    def _control(self, control: Any) -> None:
        place = self._place_of(control)
        if place is None:
            return
        section, key, name = place
        is_empty = control.find(f"{qn('w:sdtPr')}/{qn('w:showingPlcHdr')}") is not None
        blocks = [b for b in control.iter(_PARAGRAPH, _TABLE) if not _is_within_table(b, control)]
        text = "\n".join(map(_text_of_block, blocks)) if blocks else text_of(control)
        if name == "state":
            self._state(text, section)
            return
        column = next((c for c in section.columns if c.field == name), None)
        if column is None:
            self._loose(text, control)
            return
        count = self.given[section.section, key, name] = (
            self.given.get((section.section, key, name), 0) + 1
        )
        self._open(section, key if count == 1 else f"{key}~{count}")
        self.column = column
        self._add("" if is_empty else text, control)

    def _paragraph(self, paragraph: Any) -> None:
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        named = style.get(qn("w:val"), "") if style is not None else ""
        text = text_of(paragraph)
        level = self.levels.get(named)
        if level and text.strip():
            self._heading(text, level)
            return
        controls = [c for c in paragraph.iter(_CONTROL) if self._place_of(c) is not None]
        for control in controls:
            self._control(control)
        rest = _text_beside(paragraph, controls) if controls else text
        state, _, said = text.partition(":")
        if plain(state) == plain(self.layout.prose["state"]):
            self._state(said, self.section)
        elif self.styles.get(named) in (TOLD, "Title") or self._is_row_line(rest):
            self._told(rest)
        elif not self._label(rest, is_label=self.styles.get(named) == LABEL):
            self._loose(_text_of_block(paragraph) if not controls else rest, paragraph)

    def _heading(self, text: str, level: int) -> None:
        name = _NUMBER.sub("", text.strip())
        self.headings = [*self.headings[: level - 1], name]
        self.column = self.own = None
        chapter = self.chapters.get(plain(name))
        if chapter is not None:
            narratives = self.sections.get("narratives")
            self.section = chapter.section or (narratives if chapter.key else None)
            self.key = None
            if chapter.key and narratives:
                self._open(narratives, chapter.key)
            return
        spare = self.section and re.fullmatch(
            rf"{re.escape(plain(self.section.prose_heading))} (\d+)", plain(name)
        )
        self.key = f"+{spare[1]}" if spare else None
        if level == 1:
            self.section = None

    def _open(self, section: SectionLayout, key: str) -> _Slot:
        self.section, self.key = section, key
        if self.is_waiting:
            self.nothing.add(section.group)
            self.is_waiting = False
        heading = self.headings[-1] if self.headings else ""
        empty = _Slot(section, key, heading, tuple(self.headings))
        return self.slots.setdefault((section.section, key), empty)

    def _state(self, said: str, section: SectionLayout | None) -> None:
        if plain(said) != plain(self.layout.nothing):
            return
        if section is None:
            self.is_waiting = True
        else:
            self.nothing.add(section.group)

    def _is_row_line(self, text: str) -> bool:
        return any(_row_key(section, text) for section in self.sections.values())

    def _told(self, text: str) -> None:
        for section in self.sections.values():
            key = _row_key(section, text)
            if key:
                self._open(section, key)
                self.column = None

    def _label(self, text: str, *, is_label: bool) -> bool:
        """Say whether a line is a field's label, which opens its box."""
        if self.section is None or not text.strip():
            return is_label or not text.strip()
        named = self.section.column_headed(text)
        if named is None or not (named[0].prose or named[0] == self.section.columns[1]):
            return is_label
        if self.key is None and self.headings:
            self._open(self.section, f"={self.headings[-1]}")
        if self.key is None:
            return is_label
        slot = self._open(self.section, self.key)
        # A label once more in the same row: whose text follows can no longer be said.
        self.column = None if slot.fields.get(named[1]) else named[0]
        return True

    def _add(self, text: str, block: Any) -> None:
        """Put a text in the open box, without the help that stood there."""
        if self.section is None or self.key is None or self.column is None:
            return
        slot = self._open(self.section, self.key)
        hint = f"{self.layout.prose['begin']}{self.column.help}"
        kept = text.replace(hint, "").strip()
        slot.fields.setdefault(self.column.field, [])
        if kept:
            slot.fields[self.column.field].append(kept)
        self._pictures(block, place_in(self.layout, slot, self.column))

    def _loose(self, text: str, block: Any) -> None:
        if self.column is not None and self.key is not None:
            self._add(text, block)
            return
        if not text.strip():
            return
        place = Place(heading=f"Word-filen: {self.headings[-1]}" if self.headings else "Word-filen")
        if self.headings and self.section is None:
            if self.own is None:
                self.own = []
                self.narratives.append((tuple(self.headings), self.own))
            self.own.append(text)
            self._pictures(block, place)
        else:
            self.unread.append(Unread(text.strip(), "texten står inte i någon ruta", place))

    def _pictures(self, block: Any, place: Place) -> None:
        for tag, what in _SEEN_ONLY.items():
            if next(block.iter(tag), None) is not None:
                self.unread.append(Unread(f"({what})", f"{what} kan inte följa med", place))


def place_in(layout: Layout, slot: Any, column: Column) -> Place:
    """Return the place of a field in the Word file, in the form's words."""
    row = slot.heading or f"{slot.section.sheet} {slot.key}"
    return Place(heading=layout.prose["place"].format(row=row, heading=column.heading))


def _chapters(layout: Layout, city: City | None) -> dict[str, Chapter]:
    """Return the chapters by their headings: the city's, and the form's own names."""
    named = {plain(s.sheet): Chapter((s.sheet,), s) for s in layout.sections if s.prose}
    if city is not None:
        named |= {plain(chapter.path[-1]): chapter for chapter in chapters_of(layout, city)}
    return named


def _row_key(section: SectionLayout, text: str) -> str | None:
    """Return the key in a line such as `Mål L-B2 · En stad att växa upp i`."""
    found = re.match(rf"{re.escape(section.sheet)} (\S+)(?: · |$)", text.strip())
    return found[1] if found and re.search(r"\d", found[1]) else None


def _is_within_table(block: Any, control: Any) -> bool:
    for parent in block.iterancestors():
        if parent is control:
            return False
        if parent.tag == _TABLE:
            return True
    return False


def _table_lines(table: Any) -> Iterator[str]:
    for row in table.iter(qn("w:tr")):
        cells = (" ".join(map(text_of, cell.iter(_PARAGRAPH))) for cell in row.iter(qn("w:tc")))
        yield "\t".join(cells)


def _text_of_block(block: Any) -> str:
    if block.tag == _TABLE:
        return "\n".join(_table_lines(block))
    is_item = block.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None
    text = text_of(block)
    return f"– {text}" if is_item and text.strip() else text


def _text_beside(paragraph: Any, controls: list[Any]) -> str:
    """Return the text of a paragraph that stands outside our controls in it."""
    text = text_of(paragraph)
    for control in controls:
        text = text.replace(text_of(control), "", 1)
    return text.strip()


def _rows(walk: _Walk, meaning: Any, city: City | None) -> tuple[dict[str, Any], list[Unread]]:
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
    layout: Layout, slot: _Slot, written: dict[str, str], city: City | None
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
