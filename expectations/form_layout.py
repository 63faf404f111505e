"""The layout of the form we issue: read from versioned data files, used by writer and readers.

One file in `forms/` is one version. A faulty layout is our own mistake: `LayoutError`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_type_hints

from expectations.contract import GROUPS, SECTIONS, Document, Unit

FORMS = Path(__file__).parent / "forms"
KINDS = (
    *("id", "string", "text", "figure", "word", "choice", "line"),
    *("unit", "list", "numbers", "path", "whole", "day", "due"),
)


class LayoutError(Exception):
    """A layout file of ours that cannot be used; the message names file and fault."""


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field of the start sheet; `field` is a field of the contract's Document."""

    field: str
    label: str
    kind: str
    prefilled: bool = False
    help: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a section; the words are explained at the top of the layout file."""

    field: str
    heading: str
    kind: str
    unit: str | None = None
    scale: str | None = None
    choice: str | None = None
    required: bool = False
    prefilled: bool = False
    interval: bool = False
    prose: bool = False
    """Whether the Word file asks for it, where the form goes out as workbook and Word file."""
    decimals: int = 0
    width: int = 14
    help: str = ""
    carried: str | None = None
    """Where the issued form has the value from: `previous:` (the round before) or `last_year:`
    (the annual round) with a field of the same row. Filled in by us, and says nothing alone."""

    def heading_in(self, year: int) -> str:
        """Return the heading as printed in the form of one year."""
        return in_year(self.heading, year)


@dataclass(frozen=True, slots=True)
class FixedLine:
    """One fixed line of a section; `kinds` are the kinds of board that report it, empty: all."""

    code: str
    label: str
    unit: str | None = None
    decimals: int | None = None
    synonyms: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionLayout:
    """One section: a sheet of the workbook, a chapter of the document.

    `shape` says how a document shows it: one table, or one card per row. `rows` says what is
    pre-filled: the board's goals, its open assignments, fixed lines, or nothing.
    """

    section: str
    sheet: str
    shape: str
    help: str
    columns: tuple[Column, ...]
    rows: str | None = None
    spare_rows: int = 10
    figures_help: str = ""
    prose_help: str = ""
    """Help of the workbook, or the Word file, where the form goes out in two: empty is `help`."""
    prose_rows: int = 0
    prose_heading: str = ""
    """Empty places in the Word file, and what each is headed (with its number)."""
    previous: tuple[str, ...] = ()
    """Fields whose answer of the round before is shown beside the cell, locked and never read."""
    lines: tuple[FixedLine, ...] = ()

    @property
    def group(self) -> str:
        """Return the group of sections that this one is handed in with."""
        return next(group for group, names in GROUPS.items() if self.section in names)

    @property
    def prose(self) -> tuple[Column, ...]:
        """Return the columns that the Word file asks for."""
        return tuple(column for column in self.columns if column.prose)

    @property
    def is_prose(self) -> bool:
        """Whether all of the section stands in the Word file: the workbook has no sheet for it."""
        return all(column.prose for column in self.columns)

    def lines_for(self, kind: str) -> tuple[FixedLine, ...]:
        """Return the fixed lines that a kind of board reports."""
        return tuple(line for line in self.lines if not line.kinds or kind in line.kinds)

    def line_named(self, label: str) -> FixedLine | None:
        """Return the fixed line with a label or synonym; case and spacing do not matter."""
        wanted = plain(label)
        for line in self.lines:
            if wanted in {plain(word) for word in (line.label, *line.synonyms)}:
                return line
        return None

    def column_headed(self, heading: str) -> tuple[Column, str] | None:
        """Return the column with a heading and its contract field (`outcomes.2026`)."""
        wanted = plain(heading)
        for column in self.columns:
            found = _pattern(column.heading).fullmatch(wanted)
            if found is not None:
                return column, re.sub(r"\{year[^}]*\}", "".join(found.groups()), column.field)
        return None


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole form of one version."""

    version: str
    valid_from: date
    title: str
    mark: str
    nothing: str
    reported: str
    entry_heading: str
    answer_heading: str
    intro: str
    unit_of_row: str
    lists_sheet: str
    previous_heading: str
    due_heading: str
    remaining_heading: str
    contact: str
    central_note: str
    findings_sheet: str
    findings: dict[str, Any]
    """The words of the sheet that an annotated copy begins with: title, intro, none, headings."""
    parts: dict[str, str]
    """`figures` and `prose` -> what stands behind the mark of that part of the form."""
    prose: dict[str, str]
    """The fixed words of the Word file."""
    hints: dict[str, str]
    """Kind of column -> what stands under the heading; a figure has its unit there."""
    start_sheet: str
    groups_heading: str
    start: tuple[FieldLine, ...]
    group_labels: dict[str, str]
    units: dict[str, tuple[str, ...]]
    """Unit code -> the word we print, then the other words for it."""
    choices: dict[str, dict[str, str]]
    sections: tuple[SectionLayout, ...] = field(default=())

    def section(self, name: str) -> SectionLayout:
        """Return the layout of one section; raises KeyError where the form has none."""
        return next((s for s in self.sections if s.section == name), None) or _missing(name)

    def unit_word(self, code: str | None) -> str:
        """Return the word for a unit; an unknown one stands as it is."""
        return self.units[code][0] if code in self.units else code or ""

    def unit_code(self, written: str) -> str | None:
        """Return the code of a unit word, or None where no unit is called so."""
        wanted = plain(written)
        for code, words in self.units.items():
            if wanted == code or wanted in {plain(word) for word in words}:
                return code
        return None

    def hint(self, column: Column) -> str:
        """Return what stands under a heading: the unit of a figure, or how the cell is filled."""
        if column.kind != "figure":
            return self.hints[column.kind]
        return self.unit_of_row if column.unit == "row" else self.unit_word(column.unit)

    def choice_code(self, choice: str, written: str) -> str | None:
        """Return the code of a word of a list, or None where the list has no such word."""
        wanted = plain(written)
        words = self.choices[choice].items()
        return next((code for code, word in words if wanted == plain(word)), None)

    def mark_of(self, text: str) -> dict[str, str] | None:
        """Return version, round, board and city out of a line that holds the form's mark.

        `part` is there as well where the mark is that of one part of the form.
        """
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[\\w./-]+)", re.escape(self.mark))
        found = re.search(pattern.replace(r"\ ", r"\s+"), text)
        if found is None:
            return None
        after = plain(text[found.end() :]).lstrip("· ")
        part = next((name for name, word in self.parts.items() if after.startswith(word)), None)
        return found.groupdict() | ({"part": part} if part else {})


OUTSIDE_COLUMN = "kolumnen hör inte till mallen"
OUTSIDE_SHEET = "fliken hör inte till mallen"
LOOSE_TEXT = "texten står inte i någon ruta"
LOOSE_THING = {"picture": "en bild kan inte följa med", "note": "en fotnot kan inte följa med"}
"""Why something that stands in a form is unread: the reader says so, a rule tells the board."""
CENTRAL_SHAPE = '" \u25c6"'
"""What the number format of a central figure ends with: seen by the board, known by the reader."""


def waiting_sections() -> frozenset[str]:
    """Return the sections that a form in two files asks for in both: text alone is no row."""
    return frozenset(
        s.section for s in newest(load_layouts()).sections if s.prose and not s.is_prose
    )


def plain(text: str) -> str:
    """Return words as they are compared: lower case, single spaces, no star at the end."""
    return re.sub(r"[\s\u00a0]+", " ", text).strip(" *:").casefold()


def in_year(text: str, year: int) -> str:
    """Fill `{year}` and `{year-1}` in a heading or field."""

    def number(found: re.Match[str]) -> str:
        return str(year - int(found[1] or 0))

    return re.sub(r"\{year(?:-(\d))?\}", number, text)


@cache
def _pattern(heading: str) -> re.Pattern[str]:
    """Return what a heading looks like in any year; the group holds the year."""
    parts = re.split(r"\{year[^}]*\}", plain(heading))
    return re.compile(r"((?:19|20)\d\d)".join(map(re.escape, parts)))


def _missing(name: str) -> SectionLayout:
    raise KeyError(name)


@cache
def load_layouts(folder: Path = FORMS) -> dict[str, Layout]:
    """Return every version of the form, newest last; raises LayoutError."""
    layouts = [_layout(path) for path in sorted(folder.glob("returns-*.toml"))]
    return {layout.version: layout for layout in sorted(layouts, key=lambda one: one.valid_from)}


def newest(layouts: dict[str, Layout]) -> Layout:
    """Return the newest version of the form."""
    return list(layouts.values())[-1]


def _layout(path: Path) -> Layout:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        layout = _from_toml(data)
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        message = f"{path.name}: {error!r}"
        raise LayoutError(message) from error
    faults = list(_faults(layout))
    if faults:
        message = f"{path.name}: {'; '.join(faults)}"
        raise LayoutError(message)
    return layout


def _from_toml(data: dict[str, Any]) -> Layout:
    start = data.pop("start")
    units = {code: (unit["word"], *unit["synonyms"]) for code, unit in data.pop("units").items()}
    sections = tuple(_section(section) for section in data.pop("sections"))
    return Layout(
        **data,
        start_sheet=start["sheet"],
        groups_heading=start["groups_heading"],
        start=tuple(FieldLine(**item) for item in start["fields"]),
        group_labels=start["groups"],
        units=units,
        sections=sections,
    )


def _section(data: dict[str, Any]) -> SectionLayout:
    columns = tuple(Column(**column) for column in data.pop("columns"))
    lines = tuple(
        FixedLine(
            code=line["code"],
            label=line["label"],
            unit=line.get("unit"),
            decimals=line.get("decimals"),
            synonyms=tuple(line.get("synonyms", ())),
            kinds=tuple(line.get("for", ())),
        )
        for line in data.pop("lines", ())
    )
    previous = tuple(data.pop("previous", ()))
    return SectionLayout(**data, columns=columns, lines=lines, previous=previous)


def _faults(layout: Layout) -> Iterable[str]:
    """Name everything in a layout that the contract does not know."""
    known = set(get_type_hints(Document))
    yield from (f.field for f in layout.start if f.field.split(".")[0] not in known)
    yield from (f"grupp {group}" for group in set(GROUPS) ^ set(layout.group_labels))
    for section in layout.sections:
        fields = set(get_type_hints(SECTIONS[section.section])) | {"@unit"}
        yield from set(section.previous) - {column.field for column in section.columns}
        for column in section.columns:
            where = f"{section.section}.{column.field}"
            if column.field.split(".")[0] not in fields or column.kind not in KINDS:
                yield where
            source, _, of = (column.carried or "previous:x").partition(":")
            if source not in ("previous", "last_year") or not of:
                yield f"{where}: {column.carried}"
            if column.kind == "choice" and column.choice not in layout.choices:
                yield f"{where}: {column.choice}"
            if column.unit not in (None, "row", *get_args(Unit)):
                yield f"{where}: {column.unit}"
