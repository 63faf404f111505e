"""A competence plan: gaps per occupational group, money asked for, activities, what is not used.

Recognised: tables of gaps, of money and of activities by the words of their headers (data), real
tables first, else as flattened text; the years of the plan from a heading; and a sentence that
says that the model of competence levels is not used. Refused: a table whose header is not
understood whole, and rows whose cells do not fit their columns.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from expectations.contract import CompetenceGap, NotUsed, Text, Unread
from expectations.registers import plain
from tasks.readers.activity_table import activity_cells, activity_table
from tasks.readers.funding_table import funding_cells, funding_table
from tasks.readers.gap_rows import ASIDE
from tasks.readers.gap_table import gap_table
from tasks.readers.headed import narratives
from tasks.readers.numbers import figure
from tasks.readers.outline import Outline
from tasks.readers.pages import Cell, Line, Table
from tasks.readers.paragraphs import paragraphs
from tasks.readers.parts import Parts
from tasks.readers.passage import passage
from tasks.readers.real_table import KnownTable, known_table, one_line, rest_of, table_lines
from tasks.readers.wording import Wording

_YEARS = re.compile(r"\b(?P<first>20\d\d)\s*[-–—]\s*(?P<last>20\d\d)\b")
_LONGEST_TITLE = 80
NO_GROUP = "Raden anger ingen yrkesgrupp."
OUTSIDE = "Raden står utanför tabellens linjer och kan vara delad av en sidbrytning."


@dataclass(slots=True)
class _Found:
    rows: dict[str, list[Any]] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)
    claimed: set[int] = field(default_factory=set)


def read(outline: Outline, words: Wording) -> Parts:
    """Return everything that a competence plan says, its text under headings included."""
    parts = competence_tables(outline, words)
    told = list(narratives(outline.lines, parts.claimed))
    span, reasons = _span(outline.lines)
    rows: dict[str, tuple[Any, ...]] = {
        **parts.rows,
        "narratives": tuple(narrative for narrative, _ in told),
        "not_used": tuple(_not_used(outline.lines, words)),
    }
    return Parts(
        rows,
        parts.unread,
        parts.claimed.union(*(lines for _, lines in told)),
        facts={"span": span} if span else {},
        reasons=reasons,
    )


def competence_tables(outline: Outline, words: Wording) -> Parts:
    """Return gaps, money and activities wherever a document has them as tables."""
    found = _Found()
    before: tuple[_Real, KnownTable] | None = None
    for table in outline.tables:
        before = _recognised(table, before, outline, words)
        if before is not None:
            kind, known = before
            rows = found.rows.setdefault(kind.section, [])
            rows.extend(kind.read(known, outline.lines, words, found.unread))
            found.unread += known.unknown()
            found.claimed |= table_lines(table, outline.lines)
    if "competence_gaps" in found.rows:
        _stray_rows(outline.lines, words, found)
    _flattened(outline, words, found)
    return Parts(
        {section: tuple(rows) for section, rows in found.rows.items()},
        tuple(found.unread),
        frozenset(found.claimed),
    )


def _recognised(
    table: Table, before: tuple[_Real, KnownTable] | None, outline: Outline, words: Wording
) -> tuple[_Real, KnownTable] | None:
    """Return what a table is: by its header, or as the rest of the one on the page before."""
    for kind in _REAL:
        known = known_table(table, _columns(kind, words), kind.wanted)
        if known is not None:
            return kind, known
    rest = rest_of(before[1], table, outline.lines) if before else None
    return (before[0], rest) if before and rest else None


def _columns(kind: _Real, words: Wording) -> dict[str, str]:
    """Return the words of a kind's headers; a head beside the gaps may have run into the next."""
    told = dict(words.table(kind.columns))
    aside = [word for word, key in told.items() if key in ASIDE]
    own = {word: key for word, key in told.items() if key not in ASIDE}
    return own | {f"{a} {word}": key for a in aside for word, key in own.items()}


def _stray_rows(lines: Sequence[Line], words: Wording, found: _Found) -> None:
    """List rows of gaps that stand outside a table's rules, as half rows at a page's end do."""
    scales = set(words.table("gap_scales").values())
    known = {word for scale in scales for word in words.scale_words(scale)}
    for line in lines:
        cells = re.split(r"\s{2,}|\t", line.text.strip())
        if line.number not in found.claimed and sum(plain(c) in known for c in cells) > 1:
            found.unread.append(Unread(line.text.strip(), OUTSIDE, line.place()))
            found.claimed.add(line.number)


def _flattened(outline: Outline, words: Wording, found: _Found) -> None:
    """Read from the lines what no real table gave; the lines of real tables are left alone."""
    taken = frozenset(found.claimed)
    lines = [Line("", x.number) if x.number in taken else x for x in outline.lines]
    for section, reader in _FLAT.items():
        if not found.rows.get(section):
            flat = reader(lines, words)
            found.rows[section] = list(flat.rows)
            found.unread += flat.unread
            found.claimed |= flat.claimed


_FLAT: dict[str, Callable[[Sequence[Line], Wording], Any]] = {
    "competence_gaps": gap_table,
    "funding": funding_table,
    "activities": activity_table,
}


# --- gaps in real tables --------------------------------------------------------------------------


def _gap_cells(
    known: KnownTable, _: Sequence[Line], words: Wording, unread: list[Unread]
) -> Iterator[CompetenceGap]:
    """Yield a gap per row; a row without a group has lost its place and stays unread."""
    for cells in known.rows():
        if "occupation" not in cells:
            unread += [Unread(one_line(c.text), NO_GROUP, c.place) for c in cells.values()]
            continue
        chosen = {key: _gap_value(key, cell, words) for key, cell in cells.items()}
        yield CompetenceGap(place=cells["occupation"].place, **chosen)


def _gap_value(key: str, cell: Cell, words: Wording) -> Any:
    """Return what one cell says: a word of a scale, a number of full-time posts, or text."""
    text = one_line(cell.text)
    if key in words.table("gap_scales"):
        dash = re.fullmatch(r"[-–—]", text)
        return None if dash else words.word(words.table("gap_scales")[key], text, cell.place)
    if key in ("gap_fte_short", "gap_fte_long"):
        return figure(text, unit="fte", place=cell.place)
    return Text(text, cell.place) if key == "comment" else text


@dataclass(frozen=True, slots=True)
class _Real:
    """A kind of real table: the section it gives, its header's words, the columns it needs."""

    section: str
    columns: str
    wanted: tuple[str, ...]
    read: Callable[[KnownTable, Sequence[Line], Wording, list[Unread]], Iterator[Any]]


_REAL = (
    _Real("competence_gaps", "gap_columns", ("occupation", "years_2"), _gap_cells),
    _Real("competence_gaps", "gap_columns", ("occupation", "years_5"), _gap_cells),
    _Real("competence_gaps", "gap_columns", ("occupation", "gap_fte_short"), _gap_cells),
    _Real("funding", "funding_columns", ("effort", "requested"), funding_cells),
    _Real("activities", "activity_columns", ("activity", "responsible"), activity_cells),
    _Real("activities", "activity_columns", ("activity", "span"), activity_cells),
    _Real("activities", "activity_columns", ("activity", "description"), activity_cells),
)


# --- the plan as a whole -------------------------------------------------------------------------


def _span(lines: Sequence[Line]) -> tuple[str | None, tuple[str, ...]]:
    """Return the years that a short line naming a plan gives, where all such lines agree."""
    said: dict[str, tuple[str, int]] = {}
    for line in lines:
        years = _YEARS.search(line.text)
        text = line.text.strip()
        if years and len(text) < _LONGEST_TITLE and re.search(r"plan(?:en)?\b", plain(text)):
            said.setdefault(f"{years['first']}-{years['last']}", (text, line.number))
    if len(said) != 1:
        return None, ()
    (span, (text, number)), *_ = said.items()
    return span, (f"planens år står i ”{text}” (rad {number})",)


def _not_used(lines: Sequence[Line], words: Wording) -> Iterator[NotUsed]:
    """Yield the first sentence that says that competence levels are not used."""
    names: Sequence[str] = words.words["level_model"]["names"]
    denied: Sequence[str] = words.words["level_model"]["denied"]
    for run in paragraphs(lines):
        text = passage(run)
        before = ""
        for start, end in text.sentences():
            sentence = plain(text.text[start:end])
            speaks = any(name in f"{before} {sentence}" for name in names)
            if speaks and any(word in sentence for word in denied):
                reason = text.part(start, end)
                if reason is not None:
                    yield NotUsed("competence_gaps", "level", reason)
                    return
            before = sentence
