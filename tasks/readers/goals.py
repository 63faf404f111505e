"""Goals as a report follows them up: a section or a table row per goal, with its verdict.

A heading is a goal where the city's register has its title, where it says so (`Mål 2: …`,
`Nämndmål – …`), or, for a city without a register, where it is numbered directly under a heading
of goals. The verdict is taken from a line that is labelled so (`Bedömning: …`), else from the
words of verdict in the section's sentences on the goal, if they all say the same. A verdict shown
only as a colour or an icon is gone in the text and stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from expectations.contract import Goal, Place, Text, Word
from expectations.registers import CityGoal, plain
from tasks.readers.damaged import likeness
from tasks.readers.outline import Outline, Section, joined, text_of
from tasks.readers.pages import Cell, Line
from tasks.readers.parts import Parts
from tasks.readers.passage import passage
from tasks.readers.real_table import known_table, one_line, table_lines
from tasks.readers.wording import Wording

_PARENT = re.compile(
    r"\b(?:mål|målen|målområden|budgetmål|fullmäktigemål|nämndmål|nämndsmål|fokusområden"
    r"|måluppfyllelse)\b",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"^\s*(?:samlad\s+)?(?:bedömning|måluppfyllelse|status|resultat)"
    r"(?: av (?:målet|måluppfyllelse\w*))?"
    r"\s*:\s*(?P<verdict>\S.{0,60}?)\s*$",
    re.IGNORECASE,
)
_SAME = 95
"""Titles of goals differ in far more than one letter in twenty."""
_WHOLE_CITY = re.compile(
    r"\b(?:som helhet|i hela staden|kommunen som helhet|i riket)\b", re.IGNORECASE
)


def goals(outline: Outline, words: Wording, taken: frozenset[int]) -> Parts:
    """Return the goals that have a section or a table row of their own."""
    del taken  # a section of a goal may hold a table that others read
    found: list[Goal] = []
    claimed: set[int] = set()
    for section in outline.sections:
        goal = _of_section(section, outline, words)
        if goal is None or any(goal.title == other.title for other in found):
            continue
        found.append(goal)
        for part in outline.under(section):
            claimed |= {line.number for line in part.lines if line.text.strip()}
            claimed |= {line.number for line in part.title_lines}
    rows, lines = _of_tables(outline, words)
    found += [row for row in rows if all(row.title != other.title for other in found)]
    return Parts({"goals": tuple(found)}, claimed=frozenset(claimed | lines))


def _of_section(section: Section, outline: Outline, words: Wording) -> Goal | None:
    title, level = _named(section.title, words)
    known = _registered(title, words)
    lines = [line for part in outline.under(section) for line in part.lines]
    own = section.heading is not None and _labelled(section.lines, words) is not None
    if known is None and level is None and not own and not _under_goals(section, outline, words):
        return None
    place = section.heading.place() if section.heading else None
    if not joined(lines):
        return None
    goal = _goal(title, level or "council", known, place)
    return replace(goal, assessment=_verdict(lines, words), motive=text_of(lines))


def _named(title: str, words: Wording) -> tuple[str, str | None]:
    """Return (title, level) of a heading such as `Nämndmål 2: …`; the level None where unsaid."""
    opened = words.opening("plan_marks", plain(title))
    if opened is None or opened[1] not in ("goal", "board_goal"):
        return title, None
    rest = re.match(r"\s*(?:\d+(?:\.\d+)*)?\s*[:.–-]\s*(?P<title>\S.*)", title[len(opened[0]) :])
    if rest is None:
        return title, None
    return rest["title"].strip(), "board" if opened[1] == "board_goal" else "council"


def _registered(title: str, words: Wording) -> CityGoal | None:
    """Return the register's goal with this title; a letter or two may have been misread."""
    if words.city is None:
        return None
    alike = [g for g in words.city.goals_on(words.day) if likeness(title, g.title) >= _SAME]
    exact = words.city.goal_named(title, words.day)
    return exact or (alike[0] if len(alike) == 1 else None)


def _goal(title: str, level: str, known: CityGoal | None, place: Place | None) -> Goal:
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


def _under_goals(section: Section, outline: Outline, words: Wording) -> bool:
    """Say whether a numbered section stands right under a heading of goals of an unknown city."""
    if words.city is not None or "." not in section.number:
        return False
    parent = section.number.rpartition(".")[0]
    before = outline.sections[: outline.sections.index(section)]
    above = next((s for s in reversed(before) if s.number == parent), None)
    return above is not None and bool(_PARENT.search(above.title))


# --- verdicts ------------------------------------------------------------------------------------


def _verdict(lines: Sequence[Line], words: Wording) -> Word | None:
    """Return the verdict in a goal's text, None where there is none or they differ."""
    word = _labelled(lines, words)
    if word is not None:
        return word
    told = list(_in_sentences(lines, words))
    codes = {words.table("verdicts")[plain(word.written)] for word in told}
    return told[0] if len(codes) == 1 else None


def _labelled(lines: Sequence[Line], words: Wording) -> Word | None:
    """Return the first verdict that a line labels as one (`Måluppfyllelse: God`)."""
    for line in lines:
        found = _LABELLED.match(line.text)
        if found is not None:
            word = verdict_word(found["verdict"], line.place(*found.span("verdict")), words)
            if word is not None:
                return word
    return None


def verdict_word(written: str, place: Place | None, words: Wording) -> Word | None:
    """Return a labelled verdict: a word of the scale, or one of our phrases, and nothing else."""
    bare = written.strip(" .")
    code = words.word("goal_assessment", bare, place).code
    known = words.table("verdicts").get(plain(bare)) or words.table("verdict_labels").get(
        plain(bare)
    )
    if code is None and known is None:
        return None
    return Word(bare, code or _code(known, words), place)


def _code(known: str | None, words: Wording) -> str | None:
    return words.word("goal_assessment", known, None).code if known else None


def _in_sentences(lines: Sequence[Line], words: Wording) -> Iterator[Word]:
    """Yield the verdicts in sentences that speak of the goal; the longest phrase counts."""
    text = passage(lines)
    table = words.table("verdicts")
    phrases = sorted(table, key=len, reverse=True)
    for start, end in text.sentences():
        sentence = text.text[start:end]
        lowered = sentence.casefold()
        if "mål" not in lowered or _WHOLE_CITY.search(sentence):
            continue
        phrase = next((p for p in phrases if re.search(rf"\b{re.escape(p)}\b", lowered)), None)
        if phrase is None:
            continue
        at = start + lowered.index(phrase)
        place = text.place(at, at + len(phrase))
        written = text.text[at : at + len(phrase)]
        code = _code(table[phrase], words)
        if code is not None or words.city is None:
            yield Word(written, code, place)


# --- tables --------------------------------------------------------------------------------------


def _of_tables(outline: Outline, words: Wording) -> tuple[list[Goal], set[int]]:
    """Return the goals of tables with a column of goals and one of verdicts."""
    found: list[Goal] = []
    claimed: set[int] = set()
    for table in outline.tables:
        known = known_table(table, words.table("goal_columns"), ("goal", "assessment"))
        if known is not None:
            found += [_of_row(cells, words) for cells in known.rows() if "goal" in cells]
            claimed |= table_lines(table, outline.lines)
    return found, claimed


def _of_row(cells: dict[str, Cell], words: Wording) -> Goal:
    title = one_line(cells["goal"].text)
    goal = _goal(title, "council", _registered(title, words), cells["goal"].place)
    said = cells.get("assessment")
    motive = cells.get("motive")
    return replace(
        goal,
        assessment=_cell_verdict(said, words) if said else None,
        motive=Text(motive.text.strip(), motive.place) if motive else None,
    )


def _cell_verdict(cell: Cell, words: Wording) -> Word:
    text = one_line(cell.text)
    return verdict_word(text, cell.place, words) or Word(text, None, cell.place)
