"""The council's goals as a report follows them up: one section per goal.

A heading is a goal where the city's register has its title, or where it stands directly under a
heading that speaks of goals. The verdict is taken from the words of the scale in the section's
own sentences; a verdict shown only as a colour or an icon is gone in the text and stays unknown.
"""

from __future__ import annotations

import re

from expectations.contract import Goal, Word
from tasks.readers.outline import Outline, Section, joined, text_of
from tasks.readers.parts import Parts
from tasks.readers.wording import Wording

_PARENT = re.compile(
    r"\b(?:budgetmål|kommunfullmäktiges mål|fullmäktiges mål|fokusområden)", re.IGNORECASE
)


def goals(outline: Outline, words: Wording, taken: frozenset[int]) -> Parts:
    """Return the goals that have a section of their own."""
    del taken  # a section of a goal may hold a table that others read
    found: list[Goal] = []
    claimed: set[int] = set()
    seen: set[str] = set()
    for section in outline.sections:
        goal = _goal(section, outline, words)
        if goal is None or goal.title in seen:
            continue
        seen.add(goal.title)
        found.append(goal)
        for part in outline.under(section):
            claimed |= {line.number for line in part.lines if line.text.strip()}
            claimed |= {part.heading.number} if part.heading else set()
    return Parts({"goals": tuple(found)}, claimed=frozenset(claimed))


def _goal(section: Section, outline: Outline, words: Wording) -> Goal | None:
    city = words.city
    known = city.goal_named(section.title, words.day) if city else None
    if known is None and not _under_goals(section, outline, words):
        return None
    lines = [line for part in outline.under(section) for line in part.lines]
    if not joined(lines):
        return None
    return Goal(
        title=known.title if known else section.title,
        place=section.heading.place() if section.heading else None,
        goal_id=known.goal_id if known else None,
        level="council",
        area=known.area if known else None,
        sdgs=known.sdgs if known else (),
        assessment=_verdict(section, outline, words),
        motive=text_of(lines),
    )


def _under_goals(section: Section, outline: Outline, words: Wording) -> bool:
    """Say whether a numbered section stands right under a heading of goals of an unknown city."""
    if words.city is not None or "." not in section.number:
        return False
    parent = section.number.rpartition(".")[0]
    before = outline.sections[: outline.sections.index(section)]
    above = next((s for s in reversed(before) if s.number == parent), None)
    return above is not None and bool(_PARENT.search(above.title))


def _verdict(section: Section, outline: Outline, words: Wording) -> Word | None:
    for part in outline.under(section):
        for line in part.lines:
            for phrase, word in words.table("verdicts").items():
                start = line.text.casefold().find(phrase)
                negated = re.search(r"\b(?:inte|ej)\s*$", line.text[:start].casefold())
                if start >= 0 and not negated:
                    place = line.place(start, start + len(phrase))
                    found = words.word("goal_assessment", word, place)
                    if found.code or words.city is None:
                        return Word(line.text[start : start + len(phrase)], found.code, place)
    return None
