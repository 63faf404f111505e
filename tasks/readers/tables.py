"""Tables of a label and figures, from real tables or from flattened lines, with settled columns.

Real tables come first and take their lines; what a section wants of tables is its `Sought`. Rows
that cannot be split with certainty are unread, each with its reason; so is a table whose header is
not understood or whose numbers contradict it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from expectations.contract import Figure, Place, Unread
from expectations.registers import plain
from tasks.readers.brackets import IN_BRACKETS, bracketed_are_negative, negative
from tasks.readers.columns import LATER, Settled, meanings, settle, with_percents
from tasks.readers.flat_header import (
    header_above,
    is_noted,
    readings_above,
    readings_of,
    spans_of,
    understood,
)
from tasks.readers.flat_rows import RawRow, row_runs, rows_apart, torn_rows
from tasks.readers.goal_first import is_goal_first, named_apart, without_goal
from tasks.readers.grid import Grid, Sought, keyed
from tasks.readers.header_words import Head, by_group, heads
from tasks.readers.labels import whole_label
from tasks.readers.numbers import Token, bound, figure, money_in, row_readings, row_values
from tasks.readers.outline import Outline, Section
from tasks.readers.pages import Cell, Line, Table
from tasks.readers.parts import Parts
from tasks.readers.percents import Cells
from tasks.readers.real_heads import real_heads
from tasks.readers.real_table import one_line, table_lines
from tasks.readers.row_arithmetic import difference_fits, only_reading, torn
from tasks.readers.streamed import stream_runs
from tasks.readers.table_titles import (
    above_table,
    line_above,
    named_above,
    title_before,
    title_in,
    unit_before,
    unit_said,
)
from tasks.readers.unfolding import has_figures, unfolded
from tasks.readers.wording import Wording

_STREAM_HEADER = 30
"""A header whose words stand on a line each takes many."""
NO_HEADER = "Tabellens rubriker gick inte att tolka."


def parts_of(section: str, rows: Sequence[Any], used: Sequence[Grid]) -> Parts:
    """Return the rows of a section with what its tables claim and left unread."""
    claimed = frozenset(number for table in used for number in table.claimed)
    unread = tuple(left for table in used for left in table.unread)
    return Parts({section: tuple(rows)}, unread, claimed)


def grids(
    outline: Outline, words: Wording, sought: Sought, taken: frozenset[int] = frozenset()
) -> Iterator[Grid]:
    """Yield the wanted tables: real ones first, then flattened ones on lines not `taken`."""
    used = set(taken)
    for table in outline.tables:
        if table_lines(table, outline.lines) & used:
            continue
        for found in _real(table, outline, words, sought):
            used |= found.claimed
            yield found
    for section in outline.sections:
        gone = used | torn_rows(section.lines)
        lines = [line for line in rows_apart(section.lines) if line.number not in gone]
        yield from _flat(outline, section, lines, words, sought)


def _flat(
    outline: Outline, section: Section, lines: Sequence[Line], words: Wording, sought: Sought
) -> Iterator[Grid]:
    """Yield the tables of a section: rows on a line each, then cells under one another.

    Of two readings of the same lines the one that reads more rows is taken.
    """
    place = _Under(outline, section, lines)
    rowwise = list(_understood(place, row_runs(lines, words, sought), words, sought))
    breaks = _after_gaps(section.lines, lines) | _other_headers(lines, words)
    runs = stream_runs(lines, sought.known, breaks)
    streamed = _understood(place, runs, words, sought, most=_STREAM_HEADER)
    for others in (list(streamed), list(_commented(place, words, sought))):
        better = [table for table in others if _reads_more(table, others, rowwise)]
        taken = {number for table in better for number in table.claimed}
        rowwise = [table for table in rowwise if not table.claimed & taken] + better
    yield from rowwise


def _commented(place: _Under, words: Wording, sought: Sought) -> Iterator[Grid]:
    """Yield the tables whose rows have words behind their figures, where a header says so."""
    known = tuple(words.table("word_columns"))
    measured = sought.by_year and any(_PERIOD.search(plain(x.text)) for x in place.lines)
    if measured or any(plain(line.text).endswith(known) for line in place.lines):
        runs = row_runs(place.lines, words, sought, commented=True)
        if measured:
            runs = ((at, [_without_year(raw) for raw in run]) for at, run in runs)
        some = (one for one in runs if any(raw.ends is not None for raw in one[1]))
        yield from _understood(place, some, words, sought)


_PERIOD = re.compile(r"(?:^|mål )period$")
_YEAR_LAST = re.compile(r"(?<=\S)\s+20\d\d\s*$")


def _without_year(raw: RawRow) -> RawRow:
    """Return a row without the year behind its values: that of the column `Period`."""
    year = _YEAR_LAST.search(raw.line.text, raw.offset) if raw.ends is None else None
    return replace(raw, ends=year.start()) if year and not raw.below else raw


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
        shown = f"{title} {' '.join(line.text for line in header)}"
        if sought.money and money_in(shown) is None:
            shown = f"{shown} {unit_before(place.outline, found[0].lines[0].number) or ''}"
        if not sought.wanted(shown, [raw.label for raw in found]):
            continue
        own, vague = _of_indicators(header, found, sought)
        if not own:
            continue
        run, header, best = _headed(header, own, words, sought)
        claimed = {line.number for raw in found for line in (*raw.lines, *raw.tail)}
        claimed |= {line.number for line in lines if _between(line, run)}
        text = " ".join(line.text for line in header)
        unit = unit_said(sought, text, title)
        if unit is None and sought.money:
            unit = unit_before(place.outline, run[0].lines[0].number)
        attempt = _Attempt(title, tuple(run), unit, frozenset(claimed), sought)
        tables = attempt.tables(*best) if best is not None else []
        if len(run) > 1 and _read(tables) * 3 < len(run) * 2:
            tables = _by_arithmetic(attempt, lines, words) or tables
        headed = any(_is_head(raw.label, words) for raw in run)
        if tables and not headed:
            tables[0] = replace(tables[0], unread=(*tables[0].unread, *vague))
            yield from (replace(table, shown=shown) for table in tables)
        elif best is None or headed:
            unread = tuple(raw.left_unread(NO_HEADER) for raw in run)
            yield Grid(title, (), frozenset(claimed), unread)


def _of_indicators(
    header: Sequence[Line], run: list[RawRow], sought: Sought
) -> tuple[list[RawRow], list[Unread]]:
    """Return the rows, without the goals where those stand before indicators, and what is vague."""
    return named_apart(run) if sought.by_year and is_goal_first(header) else (run, [])


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

    def tables(self, used: Sequence[Line], columns: Sequence[Head]) -> list[Grid]:
        """Return the tables that a header makes of the rows."""
        claimed = self.claimed | {line.number for line in used}
        unit = self.unit
        if unit is None and self.sought.money:
            unit = money_in(" ".join(line.text for line in used))
        return list(_settled(self.title, self.run, columns, unit, claimed, self.sought))


def _read(tables: Sequence[Grid]) -> int:
    return max((len(table.rows) for table in tables), default=0)


def _by_arithmetic(attempt: _Attempt, lines: Sequence[Line], words: Wording) -> list[Grid]:
    """Return the tables of the one way to read a broken header that the rows agree with.

    A way that their differences prove goes before all others; of those that prove as much one has
    to be left. Where nothing is proved it must be the only one that fits.
    """
    fitting: dict[tuple[tuple[str, ...], ...], tuple[int, list[Grid]]] = {}
    run = attempt.run
    if heads(run[0].label, words, whole=True):
        # a piece of the header was taken for the first label
        return []
    for used, columns in readings_above(lines, run, words, more=attempt.sought.more):
        tables = attempt.tables(used, columns)
        if _read(tables) * 3 < len(run) * 2:
            continue
        told = tuple(
            (row.label, *(f"{key} {one.written}" for key, one in row.columns.items()))
            for table in tables
            for row in table.rows
        )
        fitting.setdefault(told, (_proved(tables), tables))
    most = max((proved for proved, _ in fitting.values()), default=0)
    best = [tables for proved, tables in fitting.values() if proved == most]
    return best[0] if len(best) == 1 else []


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


def _settled(
    title: str,
    run: Sequence[RawRow],
    columns: Sequence[Head],
    unit: str | None,
    claimed: frozenset[int],
    sought: Sought,
) -> Iterator[Grid]:
    spans = spans_of(run)
    spans = spans if len(spans) == len(columns) else []
    below = bracketed_are_negative([IN_BRACKETS.findall(raw.values) for raw in run])

    def told(raw: RawRow, tokens: Sequence[Token | None]) -> Cells:
        return _figured(raw, tokens, columns, _units(columns, raw.label, unit, sought), below=below)

    rows = [
        (raw, [told(raw, tokens) for tokens in readings])
        for raw in run
        if (readings := readings_of(raw, len(columns), spans, noted=is_noted(columns)))
    ]
    groups = by_group(columns)
    settled = _settle(columns, groups, [cells for _, cells in rows], sought)
    why = f"Raden har inte entydigt {len(columns)} värden."
    parts = [part for _, part in groups]
    chosen = {id(raw): _only(raw, ways, settled.keys, parts) for raw, ways in rows}
    for raw in run:
        partly = None if chosen.get(id(raw)) else _partly(raw, settled.keys, sought)
        if partly is None and not chosen.get(id(raw)):
            partly = _without_shares(raw, settled.keys)
        if partly is not None:
            chosen[id(raw)] = told(raw, partly)
    unread = [raw.left_unread(why) for raw in run if chosen.get(id(raw)) is None]
    kept = [(raw, cells) for raw in run if (cells := chosen.get(id(raw))) is not None]
    labels = [(raw.shown(noted=is_noted(columns)), raw.lines[0].place()) for raw, _ in kept]
    found = [cells for _, cells in kept]
    yield from _by_group(title, labels, found, settled, groups, Left(claimed, tuple(unread)))


def _only(
    raw: RawRow,
    ways: Sequence[Cells],
    keys: Sequence[str | None],
    parts: Sequence[Sequence[int]],
) -> Cells | None:
    """Return the one reading of a row; none where it may have taken a number apart."""
    fewer = len(row_values(raw.values) or ()) < len(keys)
    if keys and len(ways) == 1 and fewer and torn(keys, ways[0], parts):
        return None
    return only_reading(keys, ways, parts)


def _without_shares(raw: RawRow, keys: Sequence[str | None]) -> list[Token | None] | None:
    """Return the tokens of a row that has no women and men, where it must be those it lacks.

    Read as if it had them, its first value would have to lie between the next two.
    """
    shares = [at for at, key in enumerate(keys) if key in ("women", "men")]
    readings = row_readings(raw.values, len(keys) - 2)
    if shares != [1, 2] or len(readings) != 1 or len(keys) < _FEWEST_KEYS or None in keys:
        return None
    [tokens] = readings
    values = [figure(token.written, unit=None).value for token in tokens[:3]]
    first, *others = [value for value in values if value is not None]
    if len(others) < len(shares) or min(others) <= first <= max(others):
        return None
    return [tokens[0], None, None, *tokens[1:]]


_FEWEST_KEYS = 5


def _partly(raw: RawRow, keys: Sequence[str | None], sought: Sought) -> list[Token | None] | None:
    """Return the tokens of a row that fills some columns only, where its label tells which."""
    filled = sought.filled(raw.label, keys) if keys else ()
    readings = row_readings(raw.values, len(filled)) if filled else []
    if len(readings) != 1 or not set(filled) <= set(keys):
        return None
    found = dict(zip(filled, readings[0], strict=True))
    return [found.get(key or "") for key in keys]


def _settle(
    columns: Sequence[Head],
    groups: Sequence[tuple[str, Sequence[int]]],
    rows: Sequence[Sequence[Cells]],
    sought: Sought,
    *,
    apart: bool = False,
) -> Settled:
    """Return the keys of all columns, each group settled by itself; none where one has none."""
    keys: list[str | None] = [None] * len(columns)
    columns = with_percents(columns, rows)
    for _, part in groups:
        own = [[[cells[at] for at in part] for cells in row] for row in rows]
        heads_ = [columns[at] for at in part]
        settled = settle(heads_, own, by_year=sought.by_year, apart=apart)
        if not settled.keys:
            return settled
        for at, key in zip(part, settled.keys, strict=True):
            keys[at] = key
    return Settled(tuple(keys), "")


@dataclass(frozen=True, slots=True)
class Left:
    """What a table claims and what of it stays unread."""

    claimed: frozenset[int]
    unread: tuple[Unread, ...] = ()


def _by_group(
    title: str,
    labels: Sequence[tuple[str, Place]],
    rows: Sequence[Cells],
    settled: Settled,
    groups: Sequence[tuple[str, Sequence[int]]],
    left: Left,
) -> Iterator[Grid]:
    """Yield a table for each group of columns; those behind the first have the group's name."""
    for number, (name, part) in enumerate(groups):
        keys = tuple(settled.keys[at] for at in part) if settled.keys else ()
        own = [[cells[at] for at in part] for cells in rows]
        unread = left.unread if number == 0 else ()
        shown = name.capitalize() if number else title
        yield keyed(shown, labels, own, Settled(keys, settled.why), left.claimed, unread)
        if not settled.keys:
            return


def _units(
    columns: Sequence[Head], label: str, unit: str | None, sought: Sought
) -> list[str | None]:
    """Return the unit of each column of a row: a share has its own, others the row's."""
    own = sought.unit(label) or unit
    return ["percent" if head.kind.endswith("percent") else own for head in columns]


def _figured(
    raw: RawRow,
    tokens: Sequence[Token | None],
    columns: Sequence[Head],
    units: Sequence[str | None],
    *,
    below: bool,
) -> Cells:
    """Return the figures of a row's tokens; with `below` those in brackets are negative."""
    found: list[Figure | None] = []
    for token, head, unit in zip(tokens, columns, units, strict=True):
        if token is None:
            found.append(None)
            continue
        inside = _bracketed(token)
        written = token.written.strip("()") if inside else token.written
        one = _read_as(head)(written, unit=unit, place=_place(raw, token))
        found.append(negative(one) if inside and below else one)
    return found


def _read_as(head: Head) -> Callable[..., Figure]:
    """Return how a column's cells are read: a target may be a bound."""
    return bound if head.kind.startswith("target") else figure


def _bracketed(token: Token) -> bool:
    return token.written.startswith("(") and token.written.endswith(")")


def _place(raw: RawRow, token: Token) -> Place:
    inner = 1 if _bracketed(token) else 0
    return raw.place(token.start + inner, token.end - inner)


# --- real tables ---------------------------------------------------------------------------------


def _real(table: Table, outline: Outline, words: Wording, sought: Sought) -> Sequence[Grid]:
    """Return what a table is.

    Where its header leaves something open, one of its spare headers counts if it is the only one
    with which nothing is left, and says the same of what the header tells.
    """
    found = list(_by_header(table, outline, words, sought))
    whole: list[list[Grid]] = []
    for header in table.spare if _is_open(table, found, words, sought) else ():
        other = replace(table, rows=(header, *table.rows[1:]), others=())
        if _has_lone_years(real_heads(other, 1, words, more=sought.more)):
            continue
        spare = list(_by_header(other, outline, words, sought))
        if spare and not any(one.unread for one in spare) and _agree(found, spare):
            whole.append(spare)
    told = [[one.rows for one in spare] for spare in whole]
    return whole[0] if told and all(one == told[0] for one in told) else found


def _is_open(table: Table, found: Sequence[Grid], words: Wording, sought: Sought) -> bool:
    """Say whether a header leaves open what its table shows; of years to come nothing is read."""
    if header_rows(table) != 1 or (found and not any(one.unread for one in found)):
        return False
    known = [head for head in real_heads(table, 1, words, more=sought.more) if head is not None]
    return not any(key.startswith(LATER) for keys in meanings(known) for key in keys)


def _has_lone_years(columns: Sequence[Head | None]) -> bool:
    """Say whether a year alone heads a column beside outcomes: it was torn from another's words."""
    kinds = {head.kind for head in columns if head is not None}
    return "" in kinds and bool(kinds & {"outcome", "deviation", "forecast", "change"})


def _agree(found: Sequence[Grid], spare: Sequence[Grid]) -> bool:
    """Say whether all that one header tells of the rows is told by the other too."""
    told = [
        (row.place, key, one.value)
        for t in spare
        for row in t.rows
        for key, one in row.columns.items()
    ]
    return all(
        (row.place, key, one.value) in told
        for table in found
        for row in table.rows
        for key, one in row.columns.items()
    )


_MEASURES = ("styrtal", "indikator", "indikatorer", "nyckeltal", "mått", "styrmått")


def _label_at(header: Sequence[Sequence[Cell]]) -> int:
    """Return which column names the rows: that of the measures, where goals stand before them."""
    heads_ = [plain(cell.text) for cell in header[-1]]
    named = [at for at, text in enumerate(heads_) if text in _MEASURES]
    return named[0] if len(named) == 1 else 0


def _by_header(table: Table, outline: Outline, words: Wording, sought: Sought) -> Iterator[Grid]:
    top = header_rows(table)
    if top == 0 or top >= len(table.rows):
        return
    title = (
        title_in(table) or named_above(table.after, outline, words) or title_before(table, outline)
    )
    header = " ".join(cell.text for row in table.rows[:top] for cell in row)
    body = [
        part for row in table.rows[top:] if _row_of(row, table.rows[:top]) for part in unfolded(row)
    ]
    first = 0 if sought.money else _label_at(table.rows[:top])
    labels = [row[first] if first < len(row) else row[0] for row in body]
    body = [
        (Cell(whole_label(label.text.strip().split("\n"), sought.known), label.place), *row[1:])
        for label, row in zip(labels, body, strict=True)
    ]
    columns = real_heads(table, top, words, more=sought.more)
    known = [head for head in columns if head is not None]
    unit = unit_said(sought, header, title, above_table(table, outline))
    if unit is None and sought.money:
        unit = unit_before(outline, table.after)
    shown = f"{title or line_above(table, outline)} {header} {unit or ''}"
    if not known or not sought.wanted(shown, [row[0].text for row in body]):
        return
    width = len(table.rows[top])
    whole = [row for row in body if len(row) == width]
    at = [index for index, head in enumerate(columns) if head is not None]
    below = bracketed_are_negative([[row[index + 1].text for index in at] for row in whole])
    cells = [
        [
            _celled(row[index + 1], own, head, below=below)
            for index, own, head in zip(
                at, _units(known, row[0].text, unit, sought), known, strict=True
            )
        ]
        for row in whole
    ]
    groups = by_group(known)
    settled = _settle(known, groups, [[row] for row in cells], sought, apart=True)
    why = "Raden har inte lika många celler som rubrikraden."
    unread = tuple(
        Unread(" ".join(c.text for c in row), why, row[0].place)
        for row in body
        if len(row) != width
    )
    left = Left(frozenset(table_lines(table, outline.lines)), unread)
    places = [(row[0].text, row[0].place) for row in whole]
    for found in _by_group(title, places, cells, settled, groups, left):
        yield replace(found, shown=shown)


def _celled(cell: Cell, unit: str | None, head: Head, *, below: bool) -> Figure:
    """Return a cell's figure; in brackets stands last year's, or with `below` a negative one."""
    text = _BROKEN.sub(" ", cell.text.strip())
    inside = re.fullmatch(r"\([^()]+\)", text) is not None
    found = _read_as(head)(text[1:-1] if inside else text, unit=unit, place=cell.place)
    return replace(negative(found) if inside and below else found, written=cell.text)


_BROKEN = re.compile(r"(?<=\d)\n(?=\d{3}(?:\D|$))")
"""A number that a narrow cell broke between its thousands."""


def _row_of(row: Sequence[object], header: Sequence[Sequence[object]]) -> bool:
    """Say whether a row is no repeated header and has a label."""
    texts = [one_line(getattr(cell, "text", "")) for cell in row]
    repeated = any(texts == [one_line(getattr(c, "text", "")) for c in head] for head in header)
    return bool(texts and texts[0]) and not repeated


def header_rows(table: Table) -> int:
    """Return how many rows stand above the first row with figures (years are no figures)."""
    for index, row in enumerate(table.rows):
        if has_figures(row):
            return index
    return 0
