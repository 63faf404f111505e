"""The city office's own words in the report: printed as the office's, beside what is computed.

The name of the person who wrote stands only in the internal view.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from expectations.registers import LOCAL_TIME
from tasks.report.blocks import Block, Paragraph, Section
from tasks.report.material import Material, say
from warehouse.office_words import FOREWORD, OfficeWords


def foreword(material: Material) -> Section | None:
    """Return the office's foreword, None where none is written."""
    said = _at(material, FOREWORD)
    if said is None:
        return None
    return Section("forord", say("office.foreword"), tuple(_told(material, said)), is_flowing=True)


def office_judgement(material: Material, goal_id: str) -> Iterator[Block]:
    """Yield the office's overall judgement of a goal, or that none has been made."""
    said = _at(material, f"goal:{goal_id}")
    office = material.city.office
    if said is None:
        yield Paragraph(say("goals.unassessed", office=office), "note")
        return
    step = material.city.scale("goal_assessment", material.day).word_of(said.code or "")
    told = say("office.judged", office=office, word=step.word) if step else ""
    yield Paragraph(told or f"{say('office.judgement', office=office)}:", "strong")
    yield from _told(material, said)


def with_comments(material: Material, sections: Sequence[Section]) -> list[Section]:
    """Return the chapters, each with the office's comment first where one is written."""
    return [_commented(material, section) for section in sections]


def _commented(material: Material, section: Section) -> Section:
    said = _at(material, f"chapter:{section.anchor}")
    if said is None:
        return section
    title = Paragraph(say("office.says", office=material.city.office), "strong")
    comment = (title, *_told(material, said))
    at = 1 if section.blocks else 0  # after the large figures or the chapter's first words
    return replace(section, blocks=(*section.blocks[:at], *comment, *section.blocks[at:]))


def _at(material: Material, place: str) -> OfficeWords | None:
    return next((one for one in material.snapshot.words if one.place == place), None)


def _told(material: Material, said: OfficeWords) -> Iterator[Paragraph]:
    """Yield the words, one paragraph for each part between empty lines, then who and when."""
    parts = [" ".join(part.split()) for part in said.text.split("\n\n")]
    yield from (Paragraph(part, "office") for part in parts if part)
    if material.is_internal:
        day = said.at.astimezone(LOCAL_TIME).date().isoformat()
        yield Paragraph(say("office.signed", author=said.author, day=day), "note")
