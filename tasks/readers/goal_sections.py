"""Goals that have a section of their own: the heading says or its verdict tells that it is one.

A heading is a goal where the city's register has its title, where it says so (`Mål 2: …`,
`Nämndmål – …`), or, for a city without a register, where it is numbered directly under a heading
of goals.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

from expectations.contract import Goal, Place, Word
from expectations.registers import CityGoal, plain
from tasks.readers.damaged import likeness
from tasks.readers.goal_tables import OF_CITY
from tasks.readers.line_kinds import is_said, opens_area, opens_goal
from tasks.readers.outline import Outline, Section
from tasks.readers.pages import Line
from tasks.readers.paragraphs import joined, text_of
from tasks.readers.statements import named_global_goal
from tasks.readers.verdict_forms import judges, labels_verdict, tells_of_goal
from tasks.readers.verdicts import opens_with_verdict, verdict, verdict_word
from tasks.readers.wording import Wording

_PARENT = re.compile(
    r"\b(?:mål|målen|målområden|fokusområden|måluppfyll(?:else|nad)|måluppföljning|målstyrning"
    r"|målredovisning|direktiv|direktiven|åtaganden"
    r"|(?:budget|fullmäktige|nämnds?|bolags|inriktnings|verksamhets|resultat|effekt|utvecklings"
    r"|kvalitets|fokus|kommun|del|hållbarhets)mål(?:en)?)\b",
    re.IGNORECASE,
)
_SAME = 95
"""Titles of goals differ in far more than one letter in twenty."""


def area_of(section: Section, words: Wording, above: str | None) -> str | None:
    """Return the focus area that goals under a heading belong to: `Fokusområde: Barn och unga`.

    A goal of the council's opens another part of the tree, whose area is yet to be told.
    """
    opened = words.opening("plan_marks", plain(section.title))
    if opened is None or opened[1] not in ("area", "goal"):
        return above
    if opened[1] == "goal":
        # a goal of the whole city opens a part of the tree; `Mål 1` stands within one
        return None if OF_CITY.search(opened[0]) else above
    return re.sub(r"^\s*\d*\s*[:.–-]?\s*", "", section.title[len(opened[0]) :]).strip() or above


_FIGURES = re.compile(r"(?<![\w.])\d[\d,.]*(?: ?%)? [+−–-]?\d[\d,.]*(?: ?%)?(?![\w–-])")
CHAPTER_NUMBER = re.compile(r"\d{1,2}")


def own_parts(section: Section, outline: Outline, words: Wording) -> list[Section]:
    """Return a goal's section and what stands under it, up to a chapter without a number."""
    own, *under = outline.under(section)

    def is_of_goal(part: Section) -> bool:
        title = plain(part.title)
        chapter = title in words.words["chapter_heads"]["words"] or _OTHERS.search(title)
        return bool(part.number) or not chapter

    return [own, *itertools.takewhile(is_of_goal, under)]


def is_among_goals(section: Section, words: Wording, *, within: bool) -> bool:
    """Say whether a section stands in a chapter of goals: its own title says so, or one above."""
    title = plain(section.title)
    if _PARENT.search(title):
        return "uppdrag" not in title
    other = title in words.words["chapter_heads"]["words"] or _OTHERS.search(title)
    return within and not other


def goal_of(
    section: Section,
    outline: Outline,
    words: Wording,
    taken: frozenset[int],
    *,
    of_goals: bool,
) -> Goal | None:
    """Return the goal that a section is on, None where it is on none."""
    if named_global_goal(section.title, words) is not None:
        return None
    if _FIGURES.search(section.title):
        return None  # a row of a table
    shown, judged_in = _judged_title(section, words, of_goals=of_goals)
    title, level = _named(shown, words)
    known = registered(title, words)
    lines = [
        line
        for part in own_parts(section, outline, words)
        for line in part.lines
        if line.number not in taken
    ]
    own = judged_in is not None or _has_verdict(section, words, of_goals=of_goals)
    if known is None and level is None and not own and not _under_goals(section, outline, words):
        return None
    place = section.heading.place() if section.heading else None
    if not joined(lines) and level is None:
        return None
    goal = as_goal(title, level or "council", known, place)
    parts = own_parts(section, outline, words)
    judged = any(_has_verdict(part, words, of_goals=True) for part in parts[1:])
    # what stands under the title of a goal below is that goal's verdict
    said = judged_in or verdict(
        [x for x in lines if x in section.lines] if judged else lines, words
    )
    told = [line for line in lines if not (said and said.place and _says(line, said.place))]
    return replace(goal, assessment=said, motive=text_of(told))


_JUDGED_TITLE = re.compile(
    r"(?P<title>.{8,}?)\s*(?:\((?P<in>[^()]+)\)|\s[–-]\s(?P<behind>[^–-]+))\s*"
)


def _judged_title(section: Section, words: Wording, *, of_goals: bool) -> tuple[str, Word | None]:
    """Return a heading without the verdict that it ends with: `Mål 1. Fler cyklar (uppfyllt)`."""
    found = _JUDGED_TITLE.fullmatch(section.title)
    said = (found["in"] or found["behind"] or "").strip() if found else ""
    line = section.title_lines[-1] if section.title_lines else None
    if found is None or line is None or said not in line.text or not judges(said):
        return section.title, None
    if labels_verdict(found["title"]) or not (of_goals or tells_of_goal(said)):
        return section.title, None
    start = line.text.rindex(said)
    return found["title"], verdict_word(said, line.place(start, start + len(said)), words)


def _says(line: Line, place: Place) -> bool:
    """Say whether a line is nothing but the verdict at a place, with its label or without."""
    whole = place.columns is not None and len(line.text.rstrip(" .")) <= place.columns[1]
    return line.number == place.line and whole and is_said(line.text.strip())


_OTHERS = re.compile(
    r"\b(?:uppdrag|ekonomi\w*|investering\w*|personal\w*|medarbetare|risk\w*|intern kontroll"
    r"|bilag\w*|framtid\w*|omvärld\w*|väsentliga avvikelser|driftredovisning)\b"
)
"""Words of chapters that are of something else."""
_CHAPTERS = re.compile(
    r"(?:uppföljning|redovisning|bedömning|resultat|analys) av\b"
    r"|(?:nämndens |styrelsens |bolagets |kommunens |kommunfullmäktiges |fullmäktiges |kf:s )?"
    r"(?:måluppfyllelse|\w*mål(?:en)?|mål och uppdrag|indikatorer)$"
)
"""Titles of chapters about goals, which are none themselves."""
_UNENDED = re.compile(r"\b(?:eller(?: ej| inte)?|och|samt)$")
_FEW_LINES = 3


def _has_verdict(section: Section, words: Wording, *, of_goals: bool) -> bool:
    """Say whether a section is a goal's because a verdict stands right below its heading.

    A verdict further down is another goal's, as where headings could not be told.
    """
    title = plain(section.title)
    if section.heading is None or _CHAPTERS.match(title) or labels_verdict(title):
        return False
    if _UNENDED.search(title):
        return False  # a sentence on the scale: `uppnått, delvis uppnått eller ej` above `uppnått.`
    if any(title in words.table(name) for name in ("goal_columns", "assignment_columns")):
        return False
    told = [line for line in section.lines if line.text.strip()]
    if opens_area(section.title):
        told = told[:1]  # further down it is the verdict on one of the area's goals
    near = told if len(told) < 2 * _FEW_LINES else told[:_FEW_LINES]
    return opens_with_verdict(near, words, of_goals=of_goals)


def _named(title: str, words: Wording) -> tuple[str, str | None]:
    """Return (title, level) of a heading such as `Nämndmål 2: …`; the level None where unsaid."""
    opened = words.opening("plan_marks", plain(title))
    if opened is None or opened[1] not in ("goal", "board_goal"):
        return title, None
    rest = re.match(
        r"\s*(?P<number>\d+(?:\.\d+)*)?\s*(?P<mark>[:.–-])?\s*(?P<title>\S.*)",
        title[len(opened[0]) :],
    )
    if rest is None or not (rest["number"] or rest["mark"]):
        return title, None
    return rest["title"].strip(), "board" if opened[1] == "board_goal" else "council"


def _under_goals(section: Section, outline: Outline, words: Wording) -> bool:
    """Say whether a numbered section stands right under a heading of goals of an unknown city."""
    if words.city is not None or "." not in section.number:
        return False
    opened = words.opening("plan_marks", plain(section.title))
    if (opened and opened[1] == "area") or any(
        opens_goal(part.title) for part in own_parts(section, outline, words)[1:]
    ):
        return False  # an area, whose goals stand below
    parent = section.number.rpartition(".")[0]
    before = outline.sections[: outline.sections.index(section)]
    above = next((s for s in reversed(before) if s.number == parent), None)
    return above is not None and bool(_PARENT.search(above.title))


def registered(title: str, words: Wording) -> CityGoal | None:
    """Return the register's goal with this title; a letter or two may have been misread."""
    if words.city is None:
        return None
    alike = [g for g in words.city.goals_on(words.day) if likeness(title, g.title) >= _SAME]
    exact = words.city.goal_named(title, words.day)
    return exact or (alike[0] if len(alike) == 1 else None)


def as_goal(title: str, level: str, known: CityGoal | None, place: Place | None) -> Goal:
    """Return a goal, by the register's title, area and global goals where that knows it."""
    if known is None:
        return Goal(title=title, place=place, level=level)
    return Goal(
        title=known.title,
        place=place,
        goal_id=known.goal_id,
        level="council",
        area=known.area,
        sdgs=known.sdgs,
    )
