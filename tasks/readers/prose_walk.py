"""Walk through a form's Word file: which place each text belongs to.

A place is known by its control's tag; where a program has dropped that, by the control's title;
where the control is gone, by the label above the text, within the row that heading or line name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn

from expectations.contract import Place, Unread
from expectations.form_layout import (
    LOOSE_TEXT,
    LOOSE_THING,
    Column,
    Layout,
    SectionLayout,
    plain,
)
from expectations.registers import City
from tasks.prose_places import LABEL, TAG, TITLE, TOLD, Chapter, chapters_of
from tasks.readers.docx import heading_levels, text_of

_TAG = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>.+?)", TAG))
_TITLE = re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(TITLE)).replace(r"\ ", " "))
_NUMBER = re.compile(r"^\d+(\.\d+)*\.?\s+")
_CONTROL, _PARAGRAPH, _TABLE = qn("w:sdt"), qn("w:p"), qn("w:tbl")
_SEEN_ONLY = {
    qn("w:drawing"): ("(en bild)", LOOSE_THING["picture"]),
    qn("w:pict"): ("(en bild)", LOOSE_THING["picture"]),
    qn("w:footnoteReference"): ("(en fotnot)", LOOSE_THING["note"]),
}
"""What a place may hold that is no text: told of, since the report cannot show it."""


@dataclass(slots=True)
class Slot:
    """One row's places: what is written in each field, and the heading that it stands under."""

    section: SectionLayout
    key: str
    heading: str
    path: tuple[str, ...]
    fields: dict[str, list[str]] = field(default_factory=dict)

    def texts(self) -> Iterator[str]:
        """Yield what is written in each field."""
        for name in self.fields:
            yield self.text(name)

    def text(self, name: str) -> str:
        """Return what is written in one field, its paragraphs as lines."""
        return "\n".join(self.fields[name]).strip()


class Walk:
    """Where in the file we are: the chapter, the row, the field whose box is open."""

    def __init__(self, document: Any, layout: Layout, city: City | None) -> None:
        """Begin before the first paragraph."""
        self.body = document.element.body
        self.levels = heading_levels(document)
        self.styles = {style.style_id: style.name for style in document.styles}
        self.layout = layout
        self.sections = {s.section: s for s in layout.sections if s.prose}
        self.chapters = _chapters(layout, city)
        self.slots: dict[tuple[str, str], Slot] = {}
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
        """Walk to the end; `slots`, `narratives`, `nothing` and `unread` hold what was found."""
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

    def _open(self, section: SectionLayout, key: str) -> Slot:
        self.section, self.key = section, key
        if self.is_waiting:
            self.nothing.add(section.group)
            self.is_waiting = False
        heading = self.headings[-1] if self.headings else ""
        empty = Slot(section, key, heading, tuple(self.headings))
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
            self.unread.append(Unread(text.strip(), LOOSE_TEXT, place))

    def _pictures(self, block: Any, place: Place) -> None:
        for tag, (what, why) in _SEEN_ONLY.items():
            if next(block.iter(tag), None) is not None:
                self.unread.append(Unread(what, why, place))


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
