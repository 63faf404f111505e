"""Tables that have fallen into lines as grids: rows on a line each, or cells under one another.

The header above the rows is read in order, else in every way that its broken words allow; the
rows' count of values and their arithmetic choose one. What has no single reading is unread.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from expectations.contract import Figure, Place, Unread
from expectations.registers import plain
from tasks.readers.blank_cells import by_sum_below, with_blanks
from tasks.readers.brackets import IN_BRACKETS, bracketed_are_negative, negative
from tasks.readers.flat_header import (
    header_above,
    readings_above,
    title_right_above,
    understood,
)
from tasks.readers.flat_rows import row_runs
from tasks.readers.goal_first import is_goal_first, named_apart, without_goal
from tasks.readers.grid import (
    ELSEWHERE,
    Grid,
    Left,
    Sought,
    grids_by_group,
    read_as,
    settle_groups,
    units_of,
)
from tasks.readers.header_words import Head, by_group, heads
from tasks.readers.numbers import (
    Token,
    dots_part_thousands,
    figure,
    money_in,
    row_readings,
    row_values,
)
from tasks.readers.outline import Outline, Section
from tasks.readers.pages import Line
from tasks.readers.percents import Cells
from tasks.readers.raw_row import RawRow
from tasks.readers.row_arithmetic import difference_fits, only_reading, torn
from tasks.readers.row_splits import alike, is_noted, readings_of, spans_of
from tasks.readers.streamed import stream_runs
from tasks.readers.table_titles import (
    named_above,
    unit_before,
    unit_said,
)
from tasks.readers.wording import Wording

_STREAM_HEADER = 30
"""A header whose words stand on a line each takes many."""


_FEWEST_WHOLE = 2
_FEWEST_TOLD = 4
"""Of so many rows a third has to fit the header that they are read with."""
UNSURE = "Radens namn kan gå över flera rader, och vilka som hör till det går inte att säga."
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
    runs = stream_runs(lines, sought.known, breaks)
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
        shown = f"{title} {own} {' '.join(line.text for line in header)}"
        if sought.money and money_in(shown) is None:
            shown = (
                f"{shown} {ELSEWHERE} {unit_before(place.outline, found[0].lines[0].number) or ''}"
            )
        if not sought.wanted(shown, [raw.label for raw in found]):
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
            unit = unit_before(place.outline, run[0].lines[0].number)
        attempt = _Attempt(title, tuple(run), unit, frozenset(claimed), sought)
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
    run = _years_in_labels(run, columns)
    spans = spans_of(run)
    spans = spans if len(spans) == len(columns) else []
    form = _Form(
        bracketed_are_negative([IN_BRACKETS.findall(raw.values) for raw in run]),
        sought.money and dots_part_thousands([raw.values for raw in run]),
    )

    def told(raw: RawRow, tokens: Sequence[Token | None]) -> Cells:
        return _figured(raw, tokens, columns, units_of(columns, raw.label, unit, sought), form)

    read = [readings_of(raw, len(columns), spans, noted=is_noted(columns)) for raw in run]
    rows = [
        (raw, [told(raw, tokens) for tokens in readings])
        for raw, readings in zip(run, alike(read, run), strict=True)
        if readings
    ]
    groups = by_group(columns)
    # a row with fewer values has blank cells or needs its numbers torn: it proves nothing
    whole = [cells for raw, cells in rows if len(row_values(raw.values) or ()) >= len(columns)]
    told_by = whole if len(whole) >= _FEWEST_WHOLE else [cells for _, cells in rows]
    settled = settle_groups(columns, groups, told_by, sought)
    why = f"Raden har inte entydigt {len(columns)} värden."
    parts = [part for _, part in groups]
    chosen = {id(raw): _only(raw, ways, settled.keys, parts) for raw, ways in rows}
    for raw in run:
        partly = None if chosen.get(id(raw)) else _partly(raw, settled.keys, sought)
        if partly is None and not chosen.get(id(raw)):
            partly = _without_shares(raw, settled.keys)
        if partly is None and not chosen.get(id(raw)):
            partly = _before_comment(raw, settled.keys) or _own_target(raw, settled.keys)
        if partly is not None:
            chosen[id(raw)] = told(raw, partly)
    for at, raw in enumerate(run):
        above = [cells for one in run[:at] if (cells := chosen.get(id(one)))]
        if not chosen.get(id(raw)) and len(groups) == 1:
            chosen[id(raw)] = with_blanks(raw, settled.keys, told, above)
    for at, raw in enumerate(run):
        if not chosen.get(id(raw)) and len(groups) == 1 and settled.keys:
            pairs = [(one, chosen.get(id(one))) for one in run]
            chosen[id(raw)] = by_sum_below(at, pairs, settled.keys, told)
    chosen |= {id(raw): None for raw in run if raw.is_unsure}
    unread = [
        raw.left_unread(UNSURE if raw.is_unsure else why)
        for raw in run
        if chosen.get(id(raw)) is None
    ]
    kept = [(raw, cells) for raw in run if (cells := chosen.get(id(raw))) is not None]
    labels = [(raw.shown(noted=is_noted(columns)), raw.lines[0].place()) for raw, _ in kept]
    found = [cells for _, cells in kept]
    yield from grids_by_group(title, labels, found, settled, groups, Left(claimed, tuple(unread)))


def _years_in_labels(run: Sequence[RawRow], columns: Sequence[Head]) -> list[RawRow]:
    """Return the rows, a year before the values in its label: `Klimatkontrakt 2030`.

    It is no amount where thousands are parted by spaces, and the values behind it fill the columns.
    """
    if is_noted(columns) or not any(_SPACED.search(raw.values) for raw in run):
        return list(run)
    dated = [raw.with_year() for raw in run]
    return [
        own if own is not None and readings_of(own, len(columns), []) else raw
        for raw, own in zip(run, dated, strict=True)
    ]


_SPACED = re.compile(r"(?<![\d,])[1-9]\d{0,2} \d{3}(?!\d)")


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


def _own_target(raw: RawRow, keys: Sequence[str | None]) -> list[Token | None] | None:
    """Return the tokens of an indicator that has no target of the council, or no women and men.

    Whoever has the council's target prints the board's own before it, so one target is the board's.
    """
    shares = [at for at, key in enumerate(keys) if key in ("women", "men")]
    council = [at for at, key in enumerate(keys) if key == "council_target"]
    if None in keys or "words" in keys or len(council) != 1 or "target_year" not in keys:
        return None
    options = [council, *([shares, [*shares, *council]] if len(shares) == len(_PAIR) else [])]
    found: list[list[Token | None]] = []
    for blank in options:
        for tokens in row_readings(raw.values, len(keys) - len(blank)):
            told = iter(tokens)
            found.append([None if at in blank else next(told) for at in range(len(keys))])
    percents = {token.written.endswith("%") for tokens in found for token in tokens if token}
    return found[0] if len(found) == 1 and len(percents) == 1 else None


_PAIR = ("women", "men")


def _before_comment(raw: RawRow, keys: Sequence[str | None]) -> list[Token | None] | None:
    """Return the tokens of a row whose comment begins with a number: `198 fler elever`.

    The row's differences have to prove that the number is none of them.
    """
    own = raw.values.rstrip()
    found: list[list[Token | None]] = []
    while raw.ends is not None and keys and " " in own and len(found) < _FEWEST_KEYS:
        own = own.rpartition(" ")[0].rstrip()
        for tokens in row_readings(own, len(keys)):
            cells = [figure(token.written, unit=None) for token in tokens]
            told = [difference_fits(key or "", [k or "" for k in keys], cells) for key in keys]
            if True in told and False not in told:
                found.append([*tokens])
    return found[0] if len(found) == 1 else None


def _partly(raw: RawRow, keys: Sequence[str | None], sought: Sought) -> list[Token | None] | None:
    """Return the tokens of a row that fills some columns only, where its label tells which."""
    filled = sought.filled(raw.label, keys) if keys else ()
    readings = row_readings(raw.values, len(filled)) if filled else []
    if len(readings) != 1 or not set(filled) <= set(keys):
        return None
    found = dict(zip(filled, readings[0], strict=True))
    return [found.get(key or "") for key in keys]


@dataclass(frozen=True, slots=True)
class _Form:
    """How a table writes its numbers: brackets as minus, full stops between thousands."""

    below: bool
    dotted: bool


def _figured(
    raw: RawRow,
    tokens: Sequence[Token | None],
    columns: Sequence[Head],
    units: Sequence[str | None],
    form: _Form,
) -> Cells:
    """Return the figures of a row's tokens, as the table writes its numbers."""
    found: list[Figure | None] = []
    for token, head, unit in zip(tokens, columns, units, strict=True):
        if token is None:
            found.append(None)
            continue
        inside = _bracketed(token)
        written = token.written.strip("()") if inside else token.written
        place = _place(raw, token)
        if form.dotted:
            bare = read_as(head)(written.replace(".", ""), unit=unit, place=place)
            one = replace(bare, written=written)
        else:
            one = read_as(head)(written, unit=unit, place=place)
        found.append(negative(one) if inside and form.below else one)
    return found


def _bracketed(token: Token) -> bool:
    return token.written.startswith("(") and token.written.endswith(")")


def _place(raw: RawRow, token: Token) -> Place:
    inner = 1 if _bracketed(token) else 0
    return raw.place(token.start + inner, token.end - inner)
