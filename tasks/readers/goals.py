"""Goals as a report follows them up: a section or a table row per goal, with its verdict.

A heading is a goal where the city's register has its title, where it says so (`Mål 2: …`,
`Nämndmål – …`), or, for a city without a register, where it is numbered directly under a heading
of goals. The verdict is taken from a line that is labelled so (`Bedömning: …`), else from the
words of verdict in the section's sentences on the goal, if they all say the same. A verdict shown
only as a colour or an icon is gone in the text and stays unknown.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from expectations.contract import Goal, Place, Text, Unread, Word
from expectations.registers import CityGoal, plain
from tasks.readers.damaged import likeness
from tasks.readers.goal_tables import OF_CITY, goal_rows, goal_table, judged_once, verdict_pattern
from tasks.readers.line_kinds import is_said, opens_area, opens_goal
from tasks.readers.outline import Outline, Section
from tasks.readers.pages import Cell, Line
from tasks.readers.paragraphs import joined, paragraphs, text_of
from tasks.readers.parts import Parts
from tasks.readers.real_table import one_line, table_lines, uncut
from tasks.readers.statements import named_global_goal
from tasks.readers.verdict_forms import judges, labels_verdict, tells_of_goal
from tasks.readers.verdicts import opens_with_verdict, verdict, verdict_word
from tasks.readers.word_rows import NUMBER, NUMBERS, Flat, flat_tables, one_of
from tasks.readers.wording import Wording

_PARENT = re.compile(
    r"\b(?:mål|målen|målområden|fokusområden|måluppfyll(?:else|nad)|måluppföljning|målstyrning"
    r"|målredovisning|direktiv|direktiven|åtaganden"
    r"|(?:budget|fullmäktige|nämnds?|bolags|inriktnings|verksamhets|resultat|effekt|utvecklings"
    r"|kvalitets|fokus|kommun|del|hållbarhets)mål(?:en)?)\b",
    re.IGNORECASE,
)
_LONGEST_TITLE = 140
_SAME = 95
"""Titles of goals differ in far more than one letter in twenty."""


MEASURE = "Det som görs för ett mål har ingen egen plats; det står kvar i handlingen."
NO_WORD = "Bedömningen står inte som ord. En färg eller ikon går inte att läsa och gissas inte."


def goals(outline: Outline, words: Wording, taken: frozenset[int]) -> Parts:
    """Return the goals that have a section or a table row of their own."""
    rows = _of_tables(outline, words, taken)
    found: list[Goal] = []
    claimed: set[int] = set()
    area: str | None = None
    of_goals, numbered = False, False
    for section in outline.sections:
        area = _area(section, words, area)
        within = of_goals and not (numbered and _CHAPTER_NUMBER.fullmatch(section.number))
        of_goals = _among_goals(section, words, within=within)
        numbered = bool(section.number) if of_goals and not within else numbered
        of_table = any(line.number in rows.claimed for line in section.title_lines)
        own = not of_table
        goal = _of_section(section, outline, words, taken, of_goals=of_goals) if own else None
        if goal is None or any(goal.title == other.title for other in found):
            continue
        found.append(replace(goal, area=goal.area or area))
        for part in _own_parts(section, outline, words):
            claimed |= {line.number for line in part.lines if line.text.strip()}
            claimed |= {line.number for line in part.title_lines}
    for goal, lines in _stacked(outline, words, taken | claimed):
        found.append(goal)
        claimed |= lines
    for section in outline.sections:
        for goal, lines in _streamed(section, words, taken | claimed):
            found.append(goal)
            claimed |= lines
    told = [row for row in rows.rows["goals"] if all(row.title != one.title for one in found)]
    return Parts({"goals": (*found, *told)}, rows.unread, frozenset(claimed | rows.claimed))


def _area(section: Section, words: Wording, above: str | None) -> str | None:
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
_CHAPTER_NUMBER = re.compile(r"\d{1,2}")


def _own_parts(section: Section, outline: Outline, words: Wording) -> list[Section]:
    """Return a goal's section and what stands under it, up to a chapter without a number."""
    own, *under = outline.under(section)

    def is_of_goal(part: Section) -> bool:
        title = plain(part.title)
        chapter = title in words.words["chapter_heads"]["words"] or _OTHERS.search(title)
        return bool(part.number) or not chapter

    return [own, *itertools.takewhile(is_of_goal, under)]


def _among_goals(section: Section, words: Wording, *, within: bool) -> bool:
    """Say whether a section stands in a chapter of goals: its own title says so, or one above."""
    title = plain(section.title)
    if _PARENT.search(title):
        return "uppdrag" not in title
    other = title in words.words["chapter_heads"]["words"] or _OTHERS.search(title)
    return within and not other


def _of_section(
    section: Section,
    outline: Outline,
    words: Wording,
    taken: frozenset[int],
    *,
    of_goals: bool,
) -> Goal | None:
    if named_global_goal(section.title, words) is not None:
        return None
    if _FIGURES.search(section.title):
        return None  # a row of a table
    shown, judged_in = _judged_title(section, words, of_goals=of_goals)
    title, level = _named(shown, words)
    known = _registered(title, words)
    lines = [
        line
        for part in _own_parts(section, outline, words)
        for line in part.lines
        if line.number not in taken
    ]
    own = judged_in is not None or _has_verdict(section, words, of_goals=of_goals)
    if known is None and level is None and not own and not _under_goals(section, outline, words):
        return None
    place = section.heading.place() if section.heading else None
    if not joined(lines) and level is None:
        return None
    goal = _goal(title, level or "council", known, place)
    parts = _own_parts(section, outline, words)
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
    if not of_goals and not tells_of_goal(said):
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
    opened = words.opening("plan_marks", plain(section.title))
    if (opened and opened[1] == "area") or any(
        opens_goal(part.title) for part in _own_parts(section, outline, words)[1:]
    ):
        return False  # an area, whose goals stand below
    parent = section.number.rpartition(".")[0]
    before = outline.sections[: outline.sections.index(section)]
    above = next((s for s in reversed(before) if s.number == parent), None)
    return above is not None and bool(_PARENT.search(above.title))


def _stacked(
    outline: Outline, words: Wording, taken: frozenset[int] | set[int]
) -> list[tuple[Goal, set[int]]]:
    """Return goals whose title and verdict each stand under a label (`Mål`, `Måluppfyllelse`)."""
    columns = words.table("goal_columns")
    found = []
    for named, judged in itertools.pairwise(outline.sections):
        labels = [columns.get(plain(one.title)) for one in (named, judged)]
        runs = [
            paragraphs([x for x in one.lines if x.number not in taken]) for one in (named, judged)
        ]
        if labels != ["goal", "assessment"] or not all(runs) or len(runs[0]) > 1:
            continue
        title, said = joined(runs[0][0]), runs[1][0]
        word = verdict_word(joined(said), said[0].place(), words)
        if word is None or len(title) > _LONGEST_TITLE or title.endswith("."):
            continue
        goal = _goal(title, "council", _registered(title, words), runs[0][0][0].place())
        lines = {line.number for line in (*runs[0][0], *said, *named.title_lines)}
        found.append((replace(goal, assessment=word), lines))
    return found


def _streamed(
    section: Section, words: Wording, taken: frozenset[int]
) -> list[tuple[Goal, set[int]]]:
    """Return the goals of a table whose columns came apart: a title, and its verdict right behind.

    The words of the header stand alone or above their column's first cell.
    """
    columns = words.table("goal_columns")
    headed = columns.get(plain(section.title))
    keys: list[str] = [headed] if headed else []
    runs: list[list[Line]] = []
    for run in paragraphs([x for x in section.lines if x.number not in taken]):
        key = columns.get(plain(run[0].text))
        keys += [key] if key else []
        rest = run[1:] if key else run
        runs += [rest] if rest else []
    if not {"goal", "assessment"} <= set(keys):
        return []
    found = []
    for before, run in itertools.pairwise(runs):
        said = verdict_word(joined(run), run[0].place(), words)
        title = joined(before)
        if said is None or len(title) > _LONGEST_TITLE or title.endswith("."):
            continue
        if verdict_word(title, None, words) is not None:
            return []
        level = "board" if "nämnd" in plain(" ".join(section.title.split())) else "council"
        goal = _goal(title, level, _registered(title, words), before[0].place())
        lines = {line.number for line in (*before, *run)}
        found.append((replace(goal, assessment=said), lines))
    return found


# --- tables --------------------------------------------------------------------------------------


_COUNTED = re.compile(r"(?:globalt )?mål \d{1,2}", re.IGNORECASE)


def _is_named(cells: Mapping[str, Cell]) -> bool:
    """Say whether a row names a goal: a column `Mål 2025` holds targets, which are figures.

    `Mål 4` with the verdict `God` is the global goal `God utbildning för alla`.
    """
    said = cells["goal"].text if "goal" in cells else ""
    return re.search(r"[^\W\d]{3}", said) is not None and not _COUNTED.fullmatch(said.strip())


def _of_tables(outline: Outline, words: Wording, taken: frozenset[int]) -> Parts:
    """Return the goals of tables with a column of goals and one of verdicts."""
    columns = _columns(words)
    found: list[Goal] = []
    claimed: set[int] = set()
    unread: list[Unread] = []
    for table in outline.tables:
        known = goal_table(table, columns)
        if known is not None:
            rows = list(known.rows())
            blanks = [row["goal"] for row in rows if "goal" in row and "assessment" not in row]
            told = judged_once(rows)
            silent = [row["goal"] for row in told if "assessment" not in row]
            unread += [Unread("(tom ruta)", NO_WORD, x.place) for x in blanks if x in silent]
            head = " ".join(cell.text for row in table.rows[: known.heads] for cell in row)
            found += [_of_row(cells, head, words) for cells in told if _is_named(cells)]
            claimed |= table_lines(table, outline.lines)
    verdicts = verdict_pattern(words)
    trends = one_of(words.words["trends"]["words"])
    closed = {"assessment": verdicts, "earlier": verdicts, "trend": f"{trends}|[↑↗→↘↓⬆⬈➡⬊⬇]"}
    closed[NUMBER] = NUMBERS
    for mixed in goal_rows(outline.lines, columns, verdict_pattern(words)):
        if not mixed.lines & claimed:
            found += [_of_row(cells, mixed.head, words) for cells in mixed.rows]
            claimed |= mixed.lines
    for flat in _flat(outline.lines, columns, closed, taken | claimed):
        found += [_of_row(cells, flat.head, words) for cells in flat.rows if _is_named(cells)]
        unread += flat.unread
        unread += [
            Unread(one_line(cells["measure"].text), MEASURE, cells["measure"].place)
            for cells in flat.rows
            if "measure" in cells
        ]
        claimed |= flat.lines
    # a table may have been seen in two ways
    once = {(goal.title, goal.assessment and goal.assessment.written): goal for goal in found[::-1]}
    return Parts({"goals": tuple(once.values())[::-1]}, tuple(unread), frozenset(claimed))


def _flat(
    lines: Sequence[Line],
    columns: Mapping[str, str],
    closed: Mapping[str, str],
    taken: frozenset[int],
) -> list[Flat]:
    """Return the flattened tables of goals; a goal of the city beside the board's is its area."""
    parts = {
        phrase: "area" if key == "goal" and OF_CITY.search(phrase) else key
        for phrase, key in columns.items()
        if phrase != "mål"  # below such a word it is the header below its own heading
    }
    wanted = ("goal", "assessment")
    found = list(flat_tables(lines, parts, ("area", *wanted), closed, taken))
    used = taken.union(*(flat.lines for flat in found))
    return [*found, *flat_tables(lines, columns, wanted, closed, used)]


def _columns(words: Wording) -> dict[str, str]:
    """Return the words of headers; a verdict with another month is an earlier one."""
    known = dict(words.table("goal_columns"))
    for phrase, key in words.table("goal_columns").items():
        for month, number in words.table("round_months").items() if key == "assessment" else ():
            now = int(number) == words.day.month
            known[f"{phrase} {month}"] = "assessment" if now else "earlier"
    return known


def _of_row(cells: Mapping[str, Cell], head: str, words: Wording) -> Goal:
    """Return the goal of a row; the header says whose goals they are (`Nämndens mål`)."""
    title = uncut(cells["goal"].text)
    marked = words.opening("plan_marks", plain(head))
    level = "board" if marked and marked[1] == "board_goal" else "council"
    goal = _goal(title, level, _registered(title, words), cells["goal"].place)
    said = cells.get("assessment")
    area = cells.get("area")
    motive = cells.get("motive")
    return replace(
        goal,
        area=goal.area or (one_line(area.text) if area else None),
        assessment=_cell_verdict(said, words) if said else None,
        motive=Text(motive.text.strip(), motive.place) if motive else None,
    )


def _cell_verdict(cell: Cell, words: Wording) -> Word:
    text = one_line(cell.text)
    return verdict_word(text, cell.place, words) or Word(text, None, cell.place)
