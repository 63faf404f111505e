"""The city office's own words in the report: printed as the office's, beside what is computed.

The name of the person who wrote stands only in the internal view.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

from expectations.registers import LOCAL_TIME, Board, City, Scale, ScaleWord
from tasks.report.blocks import Block, Paragraph, Section
from tasks.report.material import Material, say, words
from warehouse.office_words import FOREWORD, OfficeWords


def foreword(material: Material) -> Section | None:
    """Return the office's foreword, None where none is written."""
    said = said_at(material, FOREWORD)
    if said is None:
        return None
    return Section(
        "forord",
        say("office.foreword"),
        tuple(told(material, said)),
        is_flowing=True,
        is_numbered=False,
    )


def office_judgement(material: Material, goal_id: str) -> Iterator[Block]:
    """Yield the office's overall judgement of a goal, or that none has been made."""
    if material.is_boards_own:
        return
    said = said_at(material, f"goal:{goal_id}")
    office = material.city.office
    if said is None:
        yield Paragraph(say("goals.unassessed", office=office), "note")
        return
    step = judged(material, goal_id)
    shown = say("office.judged", office=office, word=_shown(step)) if step else ""
    yield Paragraph(shown or f"{say('office.judgement', office=office)}:", "strong")
    yield from told(material, said)


def judged(material: Material, goal_id: str, *, before: bool = False) -> ScaleWord | None:
    """Return the step that the office judges a goal at, now or in the round before."""
    source = material.snapshot.previous if before else material.snapshot
    if source is None:
        return None
    said = next((one for one in source.words if one.place == f"goal:{goal_id}"), None)
    scale = material.city.scale("goal_assessment", source.on)
    return scale.word_of(said.code or "") if said else None


def _shown(step: ScaleWord) -> str:
    return f"{step.symbol} {step.word}".strip()


@cache
def fixed_scale(name: str) -> Scale:
    """Return a scale that is the law's and not a city's: housekeeping, financial or company."""
    steps = words()["judged"][name]
    return Scale(
        name,
        tuple(
            ScaleWord(code, word, order, symbol)
            for order, (code, (word, symbol)) in enumerate(steps.items(), start=1)
        ),
    )


def companies_on(city: City, day: date) -> list[Board]:
    """Return the companies that there are on a day."""
    return [board for board in city.boards if board.kind == "company" and board.valid_on(day)]


def with_comments(material: Material, sections: Sequence[Section]) -> list[Section]:
    """Return the chapters, each with the office's comment first where one is written."""
    return [_commented(material, section) for section in sections]


def _commented(material: Material, section: Section) -> Section:
    said = said_at(material, f"chapter:{section.anchor}")
    if said is None:
        return section
    title = Paragraph(say("office.says", office=material.city.office), "strong")
    comment = (title, *told(material, said))
    at = 1 if section.blocks else 0  # after the large figures or the chapter's first words
    return replace(section, blocks=(*section.blocks[:at], *comment, *section.blocks[at:]))


def said_at(material: Material, place: str) -> OfficeWords | None:
    """Return what the office says at a place, None where it says nothing."""
    return next((one for one in material.snapshot.words if one.place == place), None)


def told(material: Material, said: OfficeWords) -> Iterator[Paragraph]:
    """Yield the words, one paragraph for each part between empty lines, then who and when."""
    parts = [" ".join(part.split()) for part in said.text.split("\n\n")]
    yield from (Paragraph(part, "office") for part in parts if part)
    if material.is_internal:
        day = said.at.astimezone(LOCAL_TIME).date().isoformat()
        yield Paragraph(say("office.signed", author=said.author, day=day), "note")
