"""The yearly competence form: positions hard to fill now and in the long run, and retraining.

A row is a group, a position, its counts (a number or an interval as `0-4`), for the present also
a word for how it has changed, and a comment. Rows whose counts are gone are left unread. A need
of kompetensväxling is the text under its question; its number is one only where it is a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from expectations.contract import CompetencePosition, CompetenceShift, Figure, Text, Unread
from expectations.registers import plain
from tasks.readers.lexicon import swedish
from tasks.readers.numbers import figure
from tasks.readers.outline import Outline, Section
from tasks.readers.pages import Cell, Line
from tasks.readers.paragraphs import joined
from tasks.readers.parts import Parts
from tasks.readers.passage import passage
from tasks.readers.real_table import known_table, one_line, table_lines
from tasks.readers.word_rows import flat_tables, one_of
from tasks.readers.wording import Wording, any_of

_LONGEST_TITLE = 100
_CHANGES = ("oförändrat", "förbättrat", "försämrat")
_COUNT = r"\d+(?:\s?[-–]\s?\d+)?"
_LONG = re.compile(
    r"^\s?(?P<group>[A-ZÅÄÖ]\w+)\s+(?P<position>[A-ZÅÄÖ][\w/ -]*?)\s+"
    rf"(?P<missing>{_COUNT})\s+(?P<rest>\D.*)$"
)


def positions(outline: Outline, words: Wording, taken: frozenset[int]) -> Parts:
    """Return the positions of a competence form."""
    tables = _of_tables(outline, words, taken)
    found: list[CompetencePosition] = list(tables.rows["competence_positions"])
    claimed: set[int] = set(tables.claimed)
    horizon: str | None = None
    for section in outline.sections:
        horizon = _horizon(section, horizon)
        if horizon is None:
            continue
        left = [line for line in section.lines if line.number not in tables.claimed]
        for run in _runs(left, horizon, words):
            row = _position(run, horizon, words)
            if row is not None:
                found.append(row)
                claimed |= {line.number for line in run}
        for row, used in _stacked(left, horizon, words) if horizon == "now" else ():
            found.append(row)
            claimed |= used
    return Parts({"competence_positions": tuple(found)}, tables.unread, frozenset(claimed))


NO_HORIZON = "Det framgår inte om tabellen gäller nuläget eller på lång sikt."


def _of_tables(outline: Outline, words: Wording, taken: frozenset[int]) -> Parts:
    """Return the positions of tables whose headings ask for them, real or flattened."""
    columns = words.table("position_columns")
    rows: list[CompetencePosition] = []
    unread: list[Unread] = []
    claimed: set[int] = set()
    for table in outline.tables:
        known = known_table(table, columns, ("position", "missing"))
        lines = table_lines(table, outline.lines)
        if known is not None and not lines & taken:
            told = list(known.rows())
            rows, unread = _taken_in(rows, unread, told, _told_horizon(outline, table.after), words)
            claimed |= lines
    closed = dict.fromkeys(("missing", "vacant_or_hired", "other_competence"), _COUNT)
    closed["change"] = one_of(words.scale_words("competence_change") or _CHANGES)
    used = taken | claimed
    for flat in flat_tables(outline.lines, columns, ("position", "missing"), closed, used):
        horizon = _told_horizon(outline, min(flat.lines))
        rows, unread = _taken_in(rows, [*unread, *flat.unread], flat.rows, horizon, words)
        claimed |= flat.lines
    return Parts({"competence_positions": tuple(rows)}, tuple(unread), frozenset(claimed))


def _taken_in(
    rows: list[CompetencePosition],
    unread: list[Unread],
    told: Sequence[dict[str, Cell]],
    horizon: str | None,
    words: Wording,
) -> tuple[list[CompetencePosition], list[Unread]]:
    """Return rows and unread with a table's rows: unread where no heading says the horizon."""
    # a group that is one position has its name in the first column alone
    whole = [{"position": x["group"], **x} if {"group", "missing"} <= set(x) else x for x in told]
    named = [cells for cells in whole if "position" in cells]
    if horizon is not None:
        return [*rows, *(_of_cells(cells, horizon, words) for cells in named)], unread
    places = [(cells["position"], cells) for cells in named]
    return rows, [*unread, *(Unread(one.text, NO_HORIZON, one.place) for one, _ in places)]


def _told_horizon(outline: Outline, line: int) -> str | None:
    """Return the horizon that the nearest heading above a line says, None where none does."""
    for section in reversed(outline.sections):
        if section.heading is not None and section.heading.number <= line:
            found = _words_of_horizon(section.title)
            if found is not None:
                return found
    # pressed text has no blank line between a title and its table
    above = [x.text.strip() for x in outline.lines if x.number < line and x.text.strip()]
    return _words_of_horizon(above[-1]) if above and len(above[-1]) < _LONGEST_TITLE else None


def _of_cells(cells: dict[str, Cell], horizon: str, words: Wording) -> CompetencePosition:
    def count(name: str) -> Figure | None:
        cell = cells.get(name)
        return figure(one_line(cell.text), unit="headcount", place=cell.place) if cell else None

    change, comment, group = cells.get("change"), cells.get("comment"), cells.get("group")
    return CompetencePosition(
        position=_whole_name(one_line(cells["position"].text)),
        horizon=horizon,
        place=cells["position"].place,
        group=_whole_name(one_line(group.text)) if group else None,
        missing=count("missing"),
        vacant_or_hired=count("vacant_or_hired"),
        other_competence=count("other_competence"),
        change=words.word("competence_change", one_line(change.text), change.place)
        if change
        else None,
        comment=Text(one_line(comment.text), comment.place) if comment else None,
    )


def _words_of_horizon(title: str) -> str | None:
    plainly = title.casefold()
    if re.search(r"\bnuläge|\bidag\b|\bi dag\b|\bjust nu\b", plainly):
        return "now"
    return "long" if re.search(r"lång sikt|längre sikt|långsiktig", plainly) else None


def _horizon(section: Section, before: str | None) -> str | None:
    title = section.title.casefold()
    if "kompetensförsörj" in title and section.number:
        if re.search(r"\bnuläge|\bidag\b", title):
            return "now"
        if re.search(r"lång sikt|längre sikt", title):
            return "long"
    return before if not section.number or section.level > 1 else None


def _now(words: Wording) -> re.Pattern[str]:
    known = words.scale_words("competence_change") or _CHANGES
    changes = any_of(known)
    return re.compile(
        r"^\s?(?P<group>[A-ZÅÄÖ]\w+)\s+(?:(?P<position>[A-ZÅÄÖ][\w/ -]*?)\s+)?"
        rf"(?P<missing>{_COUNT})\s+(?P<vacant>{_COUNT})\s+(?P<other>{_COUNT})\s+"
        rf"(?P<change>{changes})\b\s*(?P<rest>.*)$",
        re.IGNORECASE,
    )


def _runs(lines: Sequence[Line], horizon: str, words: Wording) -> list[list[Line]]:
    pattern = _now(words) if horizon == "now" else _LONG
    runs: list[list[Line]] = []
    for line in lines:
        if pattern.match(line.text):
            runs.append([line])
        elif not line.text.strip():
            runs.append([])
        elif runs and runs[-1]:
            runs[-1].append(line)
    return [run for run in runs if run]


def _position(run: Sequence[Line], horizon: str, words: Wording) -> CompetencePosition | None:
    line = run[0]
    found = (_now(words) if horizon == "now" else _LONG).match(line.text)
    if found is None:
        return None

    def count(name: str) -> Figure:
        return figure(found[name], unit="headcount", place=line.place(*found.span(name)))

    # a comment begins beside its counts: where none does, lower case below is the position's rest
    named = not found["rest"] and len(run) > 1 and re.match(r"\s*[a-zåäö]", run[1].text)
    begun = 2 if named else 1
    comment = joined((Line(found["rest"], line.number, line.page), *run[begun:]))
    position = found.groupdict().get("position") or found["group"]
    present = horizon == "now"
    return CompetencePosition(
        position=joined((Line(position, line.number), *run[1:begun])),
        horizon=horizon,
        place=line.place(),
        group=found["group"],
        missing=count("missing"),
        vacant_or_hired=count("vacant") if present else None,
        other_competence=count("other") if present else None,
        change=words.word("competence_change", found["change"], line.place(*found.span("change")))
        if present
        else None,
        comment=Text(comment, line.place(found.start("rest"))) if comment else None,
    )


# --- names above their counts ---------------------------------------------------------------------

_MOST_NAME_LINES = 4
_LONG_WORD = 13
"""A narrow cell cuts words that are longer than it is wide."""
_STACKED = re.compile(
    rf"\s*(?P<missing>{_COUNT})\s+(?P<vacant>{_COUNT})\s+(?P<other>{_COUNT})"
    r"\s+(?P<change>\w+)\s*(?P<rest>.*)"
)
_NAMED = re.compile(r"(?P<group>[A-ZÅÄÖ]\w+)\s+(?P<name>[A-ZÅÄÖ][^A-ZÅÄÖ]+)")
"""Group and name part at one capital only."""


def _stacked(
    lines: Sequence[Line], horizon: str, words: Wording
) -> Iterator[tuple[CompetencePosition, set[int]]]:
    """Yield positions whose group and name stand on lines of their own above the counts."""
    changes = words.scale_words("competence_change") or _CHANGES
    for at, line in enumerate(lines):
        found = _STACKED.fullmatch(line.text)
        if found is None:
            continue
        cut = lines[at + 1].text.strip() if at + 1 < len(lines) else ""
        tries = (found["change"], found["change"] + cut)
        said = next((word for word in tries if plain(word) in changes), None)
        above = _names_above(lines[:at])
        named = _NAMED.fullmatch(_glued(above))
        if said is None or named is None:
            continue
        start = at + 1 + (said != found["change"])
        comment = [Line(found["rest"], line.number), *_comment(found["rest"], lines[start:])]
        row = _counted(found, line, horizon)
        yield (
            replace(
                row,
                position=named["name"].strip(),
                place=above[0].place(),
                group=named["group"],
                change=words.word("competence_change", said, line.place(*found.span("change"))),
                comment=Text(joined(comment), line.place(found.start("rest"))),
            ),
            {x.number for x in (*above, *lines[at:start], *comment)},
        )


def _counted(found: re.Match[str], line: Line, horizon: str) -> CompetencePosition:
    """Return a position with its three counts and nothing else."""
    missing, vacant, other = (
        figure(found[name], unit="headcount", place=line.place(*found.span(name)))
        for name in ("missing", "vacant", "other")
    )
    return CompetencePosition(
        position="",
        horizon=horizon,
        missing=missing,
        vacant_or_hired=vacant,
        other_competence=other,
    )


def _comment(begun: str, lines: Sequence[Line]) -> Sequence[Line]:
    """Return the lines that a comment goes on over, up to its full stop."""
    end = next((i for i, x in enumerate(lines) if x.text.rstrip().endswith(".")), -1)
    return () if begun.rstrip().endswith(".") else lines[: end + 1]


def _names_above(lines: Sequence[Line]) -> list[Line]:
    """Return the lines of a group and a name: up to a full stop, a question or a blank line."""
    found: list[Line] = []
    for line in reversed(lines[-_MOST_NAME_LINES:]):
        text = line.text.strip()
        if not text or text.endswith((".", "?", ")")) or re.search(r"\d", text):
            break
        found.insert(0, line)
    return found


def _glued(lines: Sequence[Line]) -> str:
    """Return the lines as one text; a long word that no list knows goes on on the next line."""
    text = ""
    for line in lines:
        last = text.rpartition(" ")[2]
        cut = len(last) >= _LONG_WORD and re.match(r"[a-zåäö]", line.text.strip())
        unknown = last.casefold() not in swedish() or len(line.text.strip()) == 1
        text += ("" if cut and unknown else " ") + line.text.strip()
    return text.strip()


_SHORT_REST = 6


def _whole_name(name: str) -> str:
    """Return the name of a position with the words whole that its narrow cell has cut.

    What begins in lower case behind a long word and is in no list of words is the rest of it, as
    is a short one where both together are a word: `Barnbibliotek` `arie`.
    """
    text = ""
    for word in name.split():
        last = text.rpartition(" ")[2]
        cut = re.match(r"[a-zåäö]", word) and re.fullmatch(rf"\w{{{_LONG_WORD - 2},}}", last)
        both = len(word) < _SHORT_REST and (last + word).casefold() in swedish()
        whole = cut and (both or word.casefold() not in swedish())
        text += ("" if whole or not text else " ") + word
    return text


# --- retraining ----------------------------------------------------------------------------------

_UNSURE = re.compile(r"\bantalet är svårbedömt\b", re.IGNORECASE)


def shifts(outline: Outline, words: Wording, taken: frozenset[int]) -> Parts:
    """Return the needs of retraining that the form states, one per question that is answered."""
    del words, taken
    found: list[CompetenceShift] = []
    claimed: set[int] = set()
    horizon: str | None = None
    for section in outline.sections:
        horizon = _horizon(section, horizon)
        asked = re.search(r"kompetensväxling", section.title, re.IGNORECASE) and section.number
        text = passage(section.lines)
        stated = text.part(*next(text.sentences())) if asked and text.text else None
        if horizon is None or stated is None:
            continue
        unsure = _UNSURE.search(text.text)
        count = None
        if unsure is not None:
            place = text.place(*unsure.span())
            count = figure(unsure.group(), unit="headcount", place=place)
        found.append(CompetenceShift(stated.text, horizon, stated.place, count=count))
        claimed |= {line.number for line in text.lines}
    return Parts({"competence_shift": tuple(found)}, claimed=frozenset(claimed))
