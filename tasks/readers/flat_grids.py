"""Tables that have fallen into lines as grids: rows on a line each, or cells under one another.

The header above the rows is read in order, else in every way that its broken words allow; the
rows, read by it in `flat_cells.py`, choose one. What has no single reading is unread.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from expectations.contract import Unread
from expectations.registers import plain
from tasks.readers.centred_labels import centred_rows
from tasks.readers.column_heads import UNKNOWN, Head
from tasks.readers.flat_cells import Header, grids_of_rows
from tasks.readers.flat_header import readings_above, understood
from tasks.readers.flat_rows import row_runs
from tasks.readers.goal_first import is_goal_first, named_apart, without_goal
from tasks.readers.grid import ELSEWHERE, Grid, Sought
from tasks.readers.header_lines import header_above, title_right_above
from tasks.readers.header_words import heads
from tasks.readers.line_values import values_from
from tasks.readers.numbers import money_in
from tasks.readers.outline import Outline, Section
from tasks.readers.pages import Line
from tasks.readers.raw_row import RawRow
from tasks.readers.row_arithmetic import difference_fits
from tasks.readers.streamed import stream_runs
from tasks.readers.table_titles import named_above, names_counts, unit_before, unit_said
from tasks.readers.table_widths import sure_width
from tasks.readers.wording import Wording

_STREAM_HEADER = 30
"""A header whose words stand on a line each takes many."""
_FEWEST_TOLD = 4
"""Of so many rows a third has to fit the header that they are read with."""
NO_HEADER = "Tabellens rubriker gick inte att tolka."


def flat_grids(
    outline: Outline, section: Section, lines: Sequence[Line], words: Wording, sought: Sought
) -> Iterator[Grid]:
    """Yield the tables of a section: rows on a line each, then cells under one another.

    Of two readings of the same lines the one that reads more rows is taken.
    """
    place = _Under(outline, section, lines)
    rowwise = list(_understood(place, row_runs(lines, words, sought), words, sought))
    breaks = _after_gaps(section.lines, lines) | _other_headers(lines, words)
    runs = _without_centred(stream_runs(lines, sought.known, breaks), lines)
    streamed = _understood(place, runs, words, sought, most=_STREAM_HEADER)
    for others in (list(streamed), list(_commented(place, words, sought))):
        better = [table for table in others if _reads_more(table, others, rowwise)]
        taken = {number for table in better for number in table.claimed}
        rowwise = [table for table in rowwise if not table.claimed & taken] + better
    yield from sorted(rowwise, key=lambda table: min(table.claimed, default=0))


def _commented(place: _Under, words: Wording, sought: Sought) -> Iterator[Grid]:
    """Yield the tables whose rows have words behind their figures, where a header says so."""
    known = tuple(words.table("word_columns"))
    days = tuple(words.words["day_columns"]["words"])
    dated = any(plain(line.text).endswith(days) for line in place.lines)
    dated = dated or (sought.by_year and any(_PERIOD.search(plain(x.text)) for x in place.lines))
    if dated or _ends_in_any(place.lines, known):
        runs = row_runs(place.lines, words, sought, commented=True)
        if dated:
            runs = ((at, [_without_day(raw) for raw in run]) for at, run in runs)
        sure = ((at, [raw for raw in run if not _ends_in_word(raw)]) for at, run in runs)
        some = (one for one in sure if any(raw.ends is not None for raw in one[1]))
        yield from _understood(place, some, words, sought)


def _without_centred(
    runs: Iterable[tuple[int, list[RawRow]]], lines: Sequence[Line]
) -> Iterator[tuple[int, list[RawRow]]]:
    """Yield the runs of cells that take no line from a label which stands round its values."""
    rows = centred_rows(lines).values()
    centred = {line.number for raw in rows for line in (*raw.lines, *raw.tail)}
    for at, run in runs:
        if not any(line.number in centred for raw in run for line in raw.lines):
            yield at, run


def _ends_in_any(lines: Sequence[Line], known: tuple[str, ...]) -> bool:
    """Say whether a line ends in one of the words, which may have begun on the line above."""
    told = [line for line in lines if line.text.strip()]
    if any(plain(line.text).endswith(known) for line in told):
        return True
    several = tuple(word for word in known if " " in word)
    pairs = itertools.pairwise(told)
    return any(plain(f"{a.text.strip()} {b.text}").endswith(several) for a, b in pairs)


def _ends_in_word(raw: RawRow) -> bool:
    """Say whether a row ends in a word that may be a value that is not there, or its comment."""
    return raw.ends is None and re.search(r"[^\W\d]{3,}\s*$", raw.values) is not None


_PERIOD = re.compile(r"(?:^|mål )period$")


_DAY_LAST = re.compile(r"(?<=\S)\s+20\d\d(?:-(?:0[1-9]|1[0-2])(?:-[0-3]\d)?)?\s*$")


def _without_day(raw: RawRow) -> RawRow:
    """Return a row without the day behind its values: that of a column `Period`, `Klart`."""
    day = _DAY_LAST.search(raw.line.text, raw.offset) if raw.ends is None else None
    return replace(raw, ends=day.start()) if day and not raw.below else raw


def _after_gaps(whole: Sequence[Line], left: Sequence[Line]) -> frozenset[int]:
    """Return the lines behind those that another table has taken: no table goes on over them."""
    kept = {line.number for line in left}
    pairs = itertools.pairwise(whole)
    return frozenset(
        line.number for before, line in pairs if line.number in kept and before.number not in kept
    )


def _other_headers(lines: Sequence[Line], words: Wording) -> frozenset[int]:
    """Return the lines that are whole headers, but those that come again: a table ends at them."""
    told: dict[str, int] = {}
    for line in lines:
        if not re.search(r"\d{4}", line.text):
            # no year, no such header: reading the words of every line costs the most
            continue
        columns = heads(line.text.strip(), words, more=True) or ()
        if len(columns) > 1 and any(column.year for column in columns):
            told.setdefault(" ".join(line.text.split()), line.number)
    return frozenset(told.values())


def _reads_more(table: Grid, streams: Sequence[Grid], rowwise: Sequence[Grid]) -> bool:
    """Say whether more rows are read where a table stands than row by row on the same lines."""
    own, other = (
        sum(len(one.rows) for one in tables if one.claimed & table.claimed)
        for tables in (streams, rowwise)
    )
    return own > other


@dataclass(frozen=True, slots=True)
class _Under:
    """Lines of a section in which tables are looked for."""

    outline: Outline
    section: Section
    lines: Sequence[Line]


def _understood(
    place: _Under,
    runs: Iterable[tuple[int, list[RawRow]]],
    words: Wording,
    sought: Sought,
    most: int | None = None,
) -> Iterator[Grid]:
    """Yield the wanted tables of runs of rows, with what of them stays unread."""
    lines = place.lines
    for start, found in runs:
        header = header_above(lines, start, words, most)
        top = (header or found[0].lines)[0].number
        title = named_above(top - 1, place.outline, words) or place.section.title
        own = title_right_above(lines, top)
        shown = f"{title} {own} {' '.join(line.text for line in _nearest(header, sought))}"
        if sought.money and money_in(shown) is None:
            shown = (
                f"{shown} {ELSEWHERE} {unit_before(place.outline, found[0].lines[0].number) or ''}"
            )
        near = " ".join(line.text for line in _below_others(header))
        counted = sought.money and names_counts(near, words)
        if counted or not sought.wanted(shown, [raw.label for raw in found]):
            continue
        rows, vague = _of_indicators(header, found, sought)
        if not rows:
            continue
        run, header, best = _headed(header, rows, words, sought)
        claimed = {line.number for raw in found for line in (*raw.lines, *raw.tail)}
        claimed |= {line.number for line in lines if _between(line, run)}
        text = " ".join(line.text for line in header)
        unit = unit_said(sought, text, title)
        if unit is None and sought.money:
            texts = (line.text for raw in run for line in raw.lines)
            unit = unit_before(place.outline, run[0].lines[0].number, texts)
        attempt = _Attempt(title, tuple(run), unit, frozenset(claimed), sought, f"{title} {near}")
        tables = attempt.tables(*best) if best is not None else []
        if len(run) > 1 and _read(tables) * 3 < len(run) * 2:
            tables = _by_arithmetic(attempt, lines, words) or tables
        if len(run) >= _FEWEST_TOLD and _read(tables) * 3 < len(run):
            # a header that so few rows fit is another's, or has other columns
            tables, best = [], None
        headed = any(_is_head(raw.label, words) for raw in run)
        if tables and not headed:
            tables[0] = replace(tables[0], unread=(*tables[0].unread, *vague))
            yield from (replace(table, shown=shown) for table in tables)
        elif best is None or headed:
            unread = tuple(raw.left_unread(NO_HEADER) for raw in run)
            yield Grid(title, (), frozenset(claimed), unread)


def _nearest(header: Sequence[Line], sought: Sought) -> Sequence[Line]:
    """Return the lines that say what a table is: those below the rows of another, if they do.

    `Driftbudget, tkr` stands over its own columns, below a table of indicators.
    """
    below = _below_others(header)
    own = sought.by_year and money_in(" ".join(line.text for line in below)) is not None
    return below if own else header


def _below_others(header: Sequence[Line]) -> Sequence[Line]:
    """Return the lines below the last row of another table."""
    rows = [at for at, line in enumerate(header) if values_from(line.text)]
    return header[rows[-1] + 1 :] if rows else header


def _of_indicators(
    header: Sequence[Line], run: list[RawRow], sought: Sought
) -> tuple[list[RawRow], list[Unread]]:
    """Return the rows, without the goals where those stand before indicators, and what is vague."""
    return named_apart(header, run) if sought.by_year and is_goal_first(header) else (run, [])


def _headed(
    header: list[Line], found: list[RawRow], words: Wording, sought: Sought
) -> tuple[list[RawRow], list[Line], tuple[Sequence[Line], tuple[Head, ...]] | None]:
    """Return rows, the lines above them, and which of those are understood with what columns."""
    best = understood(header, found, words, more=sought.more)
    if best is None and sought.by_year and is_goal_first(header):
        best = understood(without_goal(header), found, words, more=sought.more)
    close = bool(header) and found[0].lines[0].number == header[-1].number + 1
    if best is None and close and len(found[0].lines) > 1 + len(found[0].below):
        # the header's last words stand right above the first label
        run, above = _cut(found, header)
        return run, above, understood(above, run, words, more=sought.more)
    return found, header, best


@dataclass(frozen=True, slots=True)
class _Attempt:
    """Rows that are to be read with one header or another."""

    title: str
    run: tuple[RawRow, ...]
    unit: str | None
    claimed: frozenset[int]
    sought: Sought
    shown: str
    """The title, and the lines between it and the rows."""

    def tables(self, used: Sequence[Line], columns: Sequence[Head]) -> list[Grid]:
        """Return the tables that a header makes of the rows."""
        claimed = self.claimed | {line.number for line in used}
        unit = self.unit
        if unit is None and self.sought.money:
            unit = money_in(" ".join(line.text for line in used))
        header = Header(columns, unit, claimed, self.shown)
        return list(grids_of_rows(self.title, self.run, header, self.sought))


def _read(tables: Sequence[Grid]) -> int:
    return max((len(table.rows) for table in tables), default=0)


def _by_arithmetic(attempt: _Attempt, lines: Sequence[Line], words: Wording) -> list[Grid]:
    """Return the tables of the one way to read a broken header that the rows agree with.

    Where no way has only words that are known, a column of another word stays open: either the
    rows' differences prove the others, or the rows can only have so many values.
    """
    run, more = attempt.run, attempt.sought.more
    if heads(run[0].label, words, whole=True):
        # a piece of the header was taken for the first label
        return []
    fitting = _fitting(attempt, readings_above(lines, run, words, more=more))
    if not fitting:
        # a number may have been torn where the first column is one that nobody knows, and a
        # header of several lines may be one whose words were cut
        width = sure_width(run)
        ways = readings_above(lines, run, words, more=more, unknown=True)
        sure = (
            one
            for one in ways
            if (len(one[1]) == width if width else len(one[0]) == 1 and one[1][0].kind != UNKNOWN)
        )
        fitting = [
            (proved, tables)
            for proved, tables in _fitting(attempt, sure)
            if width or proved * 3 >= len(run) * 2
        ]
    most = max((proved for proved, _ in fitting), default=0)
    best = [tables for proved, tables in fitting if proved == most]
    return best[0] if len(best) == 1 else []


def _fitting(
    attempt: _Attempt, ways: Iterable[tuple[Sequence[Line], tuple[Head, ...]]]
) -> list[tuple[int, list[Grid]]]:
    """Return what the ways to read a header make of the rows, each with how much they prove.

    A way that the rows' differences prove goes before all others; of those that prove as much one
    has to be left. Where nothing is proved it must be the only one that fits.
    """
    found: dict[tuple[tuple[str, ...], ...], tuple[int, list[Grid]]] = {}
    for used, columns in ways:
        tables = attempt.tables(used, columns)
        if _read(tables) * 3 < len(attempt.run) * 2:
            continue
        told = tuple(
            (row.label, *(f"{key} {one.written}" for key, one in row.columns.items()))
            for table in tables
            for row in table.rows
        )
        found.setdefault(told, (_proved(tables), tables))
    return list(found.values())


def _proved(tables: Sequence[Grid]) -> int:
    """Return how many differences of the rows are those of the columns that they compare."""
    return sum(
        difference_fits(key, tuple(row.columns), tuple(row.columns.values())) is True
        for table in tables
        for row in table.rows
        for key in row.columns
    )


def _is_head(label: str, words: Wording) -> bool:
    """Say whether a label is a column's name with its year, or a word of a status column.

    Then the header goes on there, or columns came apart and stand mixed.
    """
    if words.table("word_columns").get(plain(label)) == "words":
        return True
    if plain(label) in words.table("status_words"):
        return True
    own = heads(label, words, whole=True)
    return bool(own) and len(own or ()) == 1 and any(head.kind and head.year for head in own or ())


def _cut(run: Sequence[RawRow], header: Sequence[Line]) -> tuple[list[RawRow], list[Line]]:
    """Return the rows with only the last line of the first label, the lines above in the header."""
    first = run[0]
    if not first.below:
        return list(run), list(header)
    values = len(first.below)
    above = first.lines[: -values - 1]
    own = first.lines[-values - 1]
    whole = replace(first, label=own.text.strip(), lines=first.lines[len(above) :])
    return [whole, *run[1:]], [*header, *above]


def _between(line: Line, run: Sequence[RawRow]) -> bool:
    """Say whether a line stands among the rows: a header repeated after a page break."""
    return run[0].line.number < line.number < run[-1].line.number and bool(line.text.strip())
