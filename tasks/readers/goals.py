"""Goals as a report follows them up: a section or a table row per goal, with its verdict.

Which headings are goals is told in `goal_sections`. The verdict is taken from a line that is
labelled so (`Bedömning: …`), else from the words of verdict in the section's sentences on the goal,
if they all say the same. A verdict shown only as a colour or an icon is gone in the text and stays
unknown.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from expectations.contract import Goal, Text, Unread, Word
from expectations.registers import plain
from tasks.readers.goal_heads import goal_heads
from tasks.readers.goal_sections import (
    CHAPTER_NUMBER,
    area_of,
    as_goal,
    goal_of,
    is_among_goals,
    own_parts,
    registered,
)
from tasks.readers.goal_tables import OF_CITY, goal_rows, goal_table, judged_once, verdict_pattern
from tasks.readers.outline import Outline, Section
from tasks.readers.pages import Cell, Line
from tasks.readers.paragraphs import joined, paragraphs
from tasks.readers.parts import Parts
from tasks.readers.real_table import one_line, table_lines, uncut
from tasks.readers.verdict_forms import shape
from tasks.readers.verdicts import verdict_word
from tasks.readers.word_rows import NUMBER, NUMBERS, Flat, flat_tables, one_of
from tasks.readers.wording import Wording

_LONGEST_TITLE = 140
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
        area = area_of(section, words, area)
        within = of_goals and not (numbered and CHAPTER_NUMBER.fullmatch(section.number))
        of_goals = is_among_goals(section, words, within=within)
        numbered = bool(section.number) if of_goals and not within else numbered
        of_table = any(line.number in rows.claimed for line in section.title_lines)
        own = not of_table
        held = taken | rows.claimed
        goal = goal_of(section, outline, words, held, of_goals=of_goals) if own else None
        if goal is None or any(goal.title == other.title for other in found):
            continue
        found.append(replace(goal, area=goal.area or area))
        for part in own_parts(section, outline, words):
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
        goal = as_goal(title, "council", registered(title, words), runs[0][0][0].place())
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
        goal = as_goal(title, level, registered(title, words), before[0].place())
        lines = {line.number for line in (*before, *run)}
        found.append((replace(goal, assessment=said), lines))
    return found


_COUNTED = re.compile(r"(?:globalt )?mål \d{1,2}", re.IGNORECASE)


@cache
def _swallowed() -> re.Pattern[str]:
    return re.compile(rf"\s(?i:{shape()})\s+(?=[A-ZÅÄÖ])")


def _is_named(cells: Mapping[str, Cell]) -> bool:
    """Say whether a row names a goal: a column `Mål 2025` holds targets, which are figures.

    `Mål 4` with the verdict `God` is the global goal `God utbildning för alla`.
    """
    said = one_line(cells["goal"].text) if "goal" in cells else ""
    if _swallowed().search(said):
        return False  # rows that were not parted
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
    known = {**goal_heads(), **words.table("goal_columns")}
    for phrase, key in tuple(known.items()):
        for month, number in words.table("round_months").items() if key == "assessment" else ():
            now = int(number) == words.day.month
            known[f"{phrase} {month}"] = "assessment" if now else "earlier"
    return known


def _of_row(cells: Mapping[str, Cell], head: str, words: Wording) -> Goal:
    """Return the goal of a row; the header says whose goals they are (`Nämndens mål`)."""
    title = uncut(cells["goal"].text)
    marked = words.opening("plan_marks", plain(head))
    level = "board" if marked and marked[1] == "board_goal" else "council"
    goal = as_goal(title, level, registered(title, words), cells["goal"].place)
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
