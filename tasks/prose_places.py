"""How a place in the Word file is named, and which chapters the file has: for writer and reader."""

from __future__ import annotations

from dataclasses import dataclass

from expectations.form_layout import Layout, SectionLayout
from expectations.registers import City

TAG = "samlad/{section}/{key}/{field}"
TITLE = "{heading} ({sheet} {key})"
LABEL, BOX, TOLD = "Samlad etikett", "Samlad ruta", "Samlad upplysning"
"""Paragraph styles: the label over a place to write, the place, and what we tell the board."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One heading of the city's: `section` is whose rows stand there, None for free text.

    `key` names a place for free text; it is empty where only other headings stand below.
    """

    path: tuple[str, ...]
    section: SectionLayout | None
    key: str = ""


def chapters_of(layout: Layout, city: City) -> list[Chapter]:
    """Return the chapters of a city's Word file: its own, then what it has not given a place."""
    written = city.settings.get("form", {}).get("chapters", [])
    by_name = {section.section: section for section in layout.sections if section.prose}
    found: list[Chapter] = []
    for number, line in enumerate(written, start=1):
        heading, _, name = line.partition("=")
        path = tuple(part.strip() for part in heading.split(">"))
        section = by_name.pop(name.strip(), None)
        below = any(
            other.startswith(f"{heading.strip()} >") for other in written if other is not line
        )
        found.append(Chapter(path, section, "" if section or below else f"k{number}"))
    return found + [Chapter((section.sheet,), section) for section in by_name.values()]
