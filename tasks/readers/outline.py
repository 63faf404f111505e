"""The shape of a running document: furniture taken out, headings found, text under each.

Furniture is what a page carries round its text: running headers with page numbers, lone page
numbers and contents lists. Headings are numbered (`3.2.1 Resultat`), marked by the format, or
short lines between blank ones. Nothing is thrown away: furniture is kept apart, so that coverage
counts the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tasks.readers.furniture import LEADERS, furniture_in
from tasks.readers.headings import heading_at
from tasks.readers.pages import Line, Pages, Table
from tasks.readers.real_table import joined_over_pages


@dataclass(frozen=True, slots=True)
class Section:
    """One heading with the lines under it, up to the next heading."""

    title: str
    number: str
    heading: Line | None
    lines: tuple[Line, ...]
    title_lines: tuple[Line, ...] = ()
    """The lines that the title stands on: a long one goes on."""

    @property
    def level(self) -> int:
        """Depth of the numbering; 1 for `3`, 3 for `3.2.1`; 9 for an unnumbered heading."""
        return self.number.count(".") + 1 if self.number else 9


@dataclass(frozen=True, slots=True)
class Outline:
    """A document's clean lines, its sections in order, its real tables and its furniture."""

    lines: tuple[Line, ...]
    sections: tuple[Section, ...]
    tables: tuple[Table, ...]
    furniture: frozenset[int] = field(default_factory=frozenset)
    """Numbers of the lines that are page furniture or contents."""
    carried: tuple[Line, ...] = ()
    """What the pages carry round their text, contents lists left out."""

    def under(self, section: Section) -> tuple[Section, ...]:
        """Return the section and those numbered below it, in order."""
        if not section.number:
            return (section,)
        start = self.sections.index(section)
        found = [section]
        for other in self.sections[start + 1 :]:
            if other.number and not other.number.startswith(f"{section.number}."):
                break
            found.append(other)
        return tuple(found)

    def titled(self, *words: str) -> Iterator[Section]:
        """Yield the sections whose title holds one of the words (lower case)."""
        for section in self.sections:
            if any(word in section.title.casefold() for word in words):
                yield section


def outline(pages: Pages) -> Outline:
    """Return the outline of a document's lines."""
    furniture = furniture_in(pages.lines)
    clean = tuple(line for line in pages.lines if line.number not in furniture)
    carried = tuple(
        line
        for line in pages.lines
        if line.number in furniture and not LEADERS.search(line.text.strip())
    )
    tables = tuple(joined_over_pages(table) for table in pages.tables)
    return Outline(clean, tuple(_sections(clean)), tables, frozenset(furniture), carried)


def _sections(lines: Sequence[Line]) -> Iterator[Section]:
    starts: list[tuple[int, tuple[str, str, int]]] = []
    for at in range(len(lines)):
        within = starts and at < starts[-1][0] + starts[-1][1][2]
        found = None if within else heading_at(lines, at)
        if found:
            starts.append((at, found))
    if not starts or starts[0][0] > 0:
        yield Section("", "", None, tuple(lines[: starts[0][0] if starts else len(lines)]))
    for (start, (number, title, used)), following in zip(
        starts, [s for s, _ in starts[1:]] + [len(lines)][: len(starts)], strict=True
    ):
        body, head = tuple(lines[start + used : following]), tuple(lines[start : start + used])
        yield Section(title, number, lines[start], body, head)
