"""Tables of a label and figures, from real tables or from flattened lines, with settled columns.

A flattened row is a label and values on one line; the label may have begun on the line above, or
stand there whole. How many columns there are is told by the header above the rows: the header is
used that is understood whole and has as many columns as the rows have values. Rows that cannot be
split so are unread, each with its reason; so is a table whose header is not understood.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from expectations.contract import Figure, Place, Unread
from expectations.registers import plain
from tasks.readers.columns import Cells, Head, Settled, heads, only_reading, settle
from tasks.readers.numbers import (
    MINUS,
    SPACES,
    Token,
    cells_apart,
    figure,
    row_readings,
    row_values,
    unit_in,
)
from tasks.readers.outline import Outline, Section
from tasks.readers.pages import Line, Table
from tasks.readers.parts import Parts
from tasks.readers.real_table import one_line, table_lines
from tasks.readers.wording import Wording

NO_HEADER = "Tabellens rubriker gick inte att tolka."
_HEADER_LINES = 16
_LONGEST_LABEL = 70
_LONGEST_HEADER = 120
_VALUE = re.compile(
    rf"\(?[+{MINUS}]?\d[\d.,]*%?\)?(?:[{MINUS}]\d+(?:,\d+)?)*%?|[{MINUS}]|%|\d+-\d+"
)
_YEAR = re.compile(r"20\d{2}(?:-?(?:0[1-9]|1[0-2]))?")
"""Years alone are a header; `20\d\d` among other values is a number."""
_UNITS = ("mnkr", "mkr", "tkr", "kr")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its label, and its figures by column key (None: a column left open)."""

    label: str
    place: Place
    columns: dict[str, Figure]


@dataclass(frozen=True, slots=True)
class Grid:
    """One table that was wanted: its title, rows, the lines it claims and what stayed unread."""

    title: str
    rows: tuple[Row, ...] = ()
    claimed: frozenset[int] = frozenset()
    unread: tuple[Unread, ...] = ()


@dataclass(frozen=True, slots=True)
class Sought:
    """What a section wants of tables.

    `wanted` says from title with header, and labels, whether a table is the section's. `known`
    says whether a text is one of its labels; `unit` is the unit of a label's figures.
    """

    wanted: Callable[[str, Sequence[str]], bool]
    known: Callable[[str], bool]
    unit: Callable[[str], str | None] = field(default=lambda _: None)


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
        found = _real(table, outline, words, sought)
        if found is not None:
            used |= found.claimed
            yield found
    for section in outline.sections:
        lines = [line for line in section.lines if line.number not in used]
        yield from _flat(section, lines, words, sought)


# --- flattened lines -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Raw:
    """One row as it stands: label, its lines, and where on the last of them the values begin."""

    label: str
    lines: tuple[Line, ...]
    offset: int
    lead: str = ""
    """Words before the label on its line: a header that has run into the row."""

    @property
    def line(self) -> Line:
        return self.lines[-1]

    @property
    def values(self) -> str:
        return self.line.text[self.offset :]

    @property
    def has_label_before(self) -> bool:
        return bool(self.line.text[: self.offset].strip())

    def left_unread(self, why: str) -> Unread:
        return Unread(" ".join(x.text.strip() for x in self.lines), why, self.lines[0].place())


def _flat(
    section: Section, lines: Sequence[Line], words: Wording, sought: Sought
) -> Iterator[Grid]:
    for start, run in _runs(lines, words, sought):
        header = _header_above(lines, start)
        shown = f"{section.title} {' '.join(line.text for line in header)}"
        if not sought.wanted(shown, [raw.label for raw in run]):
            continue
        best = _understood(header, run, words)
        claimed = {line.number for raw in run for line in raw.lines}
        claimed |= {line.number for line in lines if _between(line, run)}
        if best is None:
            unread = tuple(raw.left_unread(NO_HEADER) for raw in run)
            yield Grid(section.title, (), frozenset(claimed), unread)
            continue
        used, columns = best
        text = " ".join(line.text for line in header)
        unit = unit_in(text) or unit_in(section.title)
        claimed |= {line.number for line in used}
        yield _settled(section.title, run, columns, unit, frozenset(claimed), sought)


def _between(line: Line, run: Sequence[_Raw]) -> bool:
    """Say whether a line stands among the rows: a header repeated after a page break."""
    return run[0].line.number < line.number < run[-1].line.number and bool(line.text.strip())


def _runs(
    lines: Sequence[Line], words: Wording, sought: Sought
) -> Iterator[tuple[int, list[_Raw]]]:
    """Yield (index of the first line, rows); only repeated headers may stand between rows."""
    run: list[_Raw] = []
    first = last = 0
    for index in range(len(lines)):
        raw = _raw(lines, index, sought)
        if raw is None:
            continue
        at = index - len(raw.lines) + 1
        if run and not _continues(lines[last + 1 : at], words):
            yield first, run
            run = []
        first = first if run else at
        run.append(raw)
        last = index
    if run:
        yield first, run


def _continues(between: Sequence[Line], words: Wording) -> bool:
    texts = [line.text for line in between if line.text.strip()]
    if len(texts) > _HEADER_LINES:
        return False
    return not texts or heads(" ".join(texts), words) not in (None, ()) or len(texts) == 1


def _raw(lines: Sequence[Line], index: int, sought: Sought) -> _Raw | None:
    """Return the row that ends on a line, None where the line is no row."""
    line = lines[index]
    offset = _values_from(line.text)
    if offset is None:
        return None
    label = line.text[:offset].strip()
    # Where the label stands above, the spaces before the first value count empty cells.
    offset = offset if label else 0
    above = _texts_above(lines, index)
    for count in range(min(3, len(above)), 0, -1):
        whole = " ".join([x.text.strip() for x in above[-count:]] + ([label] if label else []))
        if sought.known(whole):
            return _Raw(whole, (*above[-count:], line), offset)
    if not label:
        return None
    own = _own_label(label, sought)
    lead = label.removesuffix(own).strip()
    return _Raw(own, (line,), offset, lead) if len(own) <= _LONGEST_LABEL else None


def _own_label(label: str, sought: Sought) -> str:
    """Return the label without a header that has run into the first row."""
    words = label.split()
    tails = (" ".join(words[at:]) for at in range(len(words)))
    return next((tail for tail in tails if sought.known(tail)), label)


def _texts_above(lines: Sequence[Line], index: int) -> list[Line]:
    """Return the lines right above that could be the beginning of a label, at most three."""
    found: list[Line] = []
    for line in reversed(lines[max(0, index - 4) : index]):
        text = line.text.strip()
        if not text and not found:
            continue
        if not text or re.search(r"\d\s*%?$", text) or len(text) > _LONGEST_LABEL:
            break
        found.insert(0, line)
    return found[-3:]


def _values_from(text: str) -> int | None:
    """Return where the values of a row begin, None where the line does not end in values."""
    atoms = list(re.finditer(rf"[^{SPACES}\t]+", text))
    start = len(atoms)
    while start and _is_value(atoms, start - 1):
        start -= 1
    values = [atom.group() for atom in atoms[start:]]
    numbers = sum(bool(re.search(r"\d", value)) for value in values)
    if not numbers or all(_YEAR.fullmatch(value) for value in values):
        return None
    label = text[: atoms[start].start()]
    if (
        label.rstrip().endswith((".", ","))
        or (len(values) == 1 and label.strip())
        or (numbers == 1 and values[-1].casefold() in _UNITS)
    ):
        return None
    return atoms[start].start()


def _is_value(atoms: Sequence[re.Match[str]], at: int) -> bool:
    written = atoms[at].group()
    if written == "%" or written.casefold() in _UNITS:
        return at > 0 and re.search(r"\d$", atoms[at - 1].group()) is not None
    return _VALUE.fullmatch(written) is not None


def _header_above(lines: Sequence[Line], start: int) -> list[Line]:
    header: list[Line] = []
    for line in reversed(lines[:start]):
        text = line.text.strip()
        long = len(re.sub(r"\s+", " ", text)) > _LONGEST_HEADER
        if long or text.endswith((".", ":")) or len(header) == _HEADER_LINES:
            break
        if text:
            header.insert(0, line)
    return header


def _understood(
    header: Sequence[Line], run: Sequence[_Raw], words: Wording
) -> tuple[Sequence[Line], tuple[Head, ...]] | None:
    """Return the header lines that are understood whole and fit the rows, with their columns.

    The lines nearest the rows count; text above them may be anything. Two headers of different
    width that both fit leave the table unread.
    """
    aligned = _aligned(header, run, words)
    if aligned is not None:
        return header, aligned
    fitting: list[tuple[int, Sequence[Line], tuple[Head, ...]]] = []
    for start in range(len(header) + bool(run[0].lead)):
        used = header[start:]
        columns = heads("\n".join([*(line.text for line in used), run[0].lead]), words)
        if columns and len(columns) > 1 and not _cut_off(header, start, words):
            fitting.append((_fit(run, len(columns)), used, columns))
    most = max((fit for fit, _, _ in fitting), default=0)
    best = [(used, columns) for fit, used, columns in fitting if fit == most]
    widths = {len(columns) for _, columns in best}
    return best[0] if most * 2 >= len(run) and most and len(widths) == 1 else None


def _cut_off(header: Sequence[Line], start: int, words: Wording) -> bool:
    """Say whether the line right above names a column too: half a header is none."""
    if start in (0, len(header)) or header[start].number - header[start - 1].number > 1:
        return False
    above = plain(header[start - 1].text).split()
    return any(words.opening("columns", " ".join(above[at:])) for at in range(len(above)))


def _fit(run: Sequence[_Raw], columns: int) -> int:
    """Return how many rows can have this many values; none where one has more for certain."""
    if any(len(cells_apart(raw.values)) > columns for raw in run):
        return 0
    return sum(bool(_readings(raw, columns, ())) for raw in run)


# --- headers that stand above their columns ------------------------------------------------------


def _aligned(
    header: Sequence[Line], run: Sequence[_Raw], words: Wording
) -> tuple[Head, ...] | None:
    """Return the columns of a header whose words stand apart above the values, or None."""
    spans = _spans(run)
    if len(spans) < 2:  # noqa: PLR2004 - a table has columns
        return None
    texts = [""] * len(spans)
    for line in header:
        pieces = [m for m in re.finditer(r"\S+(?: \S+)*", line.text)]
        for piece in pieces:
            at = _column_at(piece.span(), spans)
            if at is None and piece.end() > spans[0][0]:
                return None
            if at is not None:
                texts[at] = f"{texts[at]}\n{piece.group()}".strip()
    columns = [heads(text, words) for text in texts]
    single = [found[0] for found in columns if found and len(found) == 1]
    return tuple(single) if len(single) == len(spans) else None


def _spans(run: Sequence[_Raw]) -> list[tuple[int, int]]:
    """Return first and last column of each column of values, where all rows agree on them.

    Only rows with their label before them stand in the columns of the page, and it takes two.
    """
    rows = [(raw, cells_apart(raw.values)) for raw in run if raw.has_label_before]
    width = max((len(row) for _, row in rows), default=0)
    full = [
        [(raw.offset + token.start, raw.offset + token.end) for token in row]
        for raw, row in rows
        if len(row) == width
    ]
    if len(full) < 2 or width == 0:  # noqa: PLR2004 - one row alone shows no columns
        return []
    spans = [(min(s[0] for s in cells), max(s[1] for s in cells)) for cells in zip(*full)]  # noqa: B905 - all have `width`
    apart = all(one[1] <= other[0] for one, other in zip(spans, spans[1:], strict=False))
    return spans if apart else []


def _column_at(span: tuple[int, int], spans: Sequence[tuple[int, int]]) -> int | None:
    over = [at for at, (start, end) in enumerate(spans) if span[0] < end and span[1] > start]
    return over[0] if len(over) == 1 else None


# --- rows to figures -----------------------------------------------------------------------------


def _settled(
    title: str,
    run: Sequence[_Raw],
    columns: Sequence[Head],
    unit: str | None,
    claimed: frozenset[int],
    sought: Sought,
) -> Grid:
    spans = _spans(run)
    spans = spans if len(spans) == len(columns) else []
    rows = [
        (raw, [_figured(raw, tokens, sought.unit(raw.label) or unit) for tokens in readings])
        for raw in run
        if (readings := _readings(raw, len(columns), spans))
    ]
    settled = settle(columns, [cells for _, cells in rows])
    why = f"Raden har inte entydigt {len(columns)} värden."
    chosen = {id(raw): only_reading(settled.keys, cells) for raw, cells in rows}
    unread = [raw.left_unread(why) for raw in run if chosen.get(id(raw)) is None]
    kept = [(raw, cells) for raw in run if (cells := chosen.get(id(raw))) is not None]
    labels = [(raw.label, raw.lines[0].place()) for raw, _ in kept]
    return _with_keys(title, labels, [cells for _, cells in kept], settled, claimed, unread)


def _figured(raw: _Raw, tokens: Sequence[Token | None], unit: str | None) -> Cells:
    return [
        None
        if token is None
        else figure(
            token.written.strip("()") if _bracketed(token) else token.written,
            unit=unit,
            place=_place(raw, token),
        )
        for token in tokens
    ]


def _bracketed(token: Token) -> bool:
    return token.written.startswith("(") and token.written.endswith(")")


def _place(raw: _Raw, token: Token) -> Place:
    inner = 1 if _bracketed(token) else 0
    return raw.line.place(raw.offset + token.start + inner, raw.offset + token.end - inner)


def _readings(
    raw: _Raw, columns: int, spans: Sequence[tuple[int, int]]
) -> list[list[Token | None]]:
    """Return the ways to read a row, one token or None per column; none where it is not clear."""
    full: list[list[Token | None]] = [list(one) for one in row_readings(raw.values, columns)]
    if full:
        return full
    apart = cells_apart(raw.values)
    if apart and spans and raw.has_label_before:
        at = [_column_at((raw.offset + t.start, raw.offset + t.end), spans) for t in apart]
        if None not in at and len(set(at)) == len(at):
            found = dict(zip(at, apart, strict=True))
            return [[found.get(index) for index in range(columns)]]
    lone = None if raw.has_label_before else _by_gaps(raw.values, columns)
    return [lone] if lone else []


def _by_gaps(text: str, columns: int) -> list[Token | None] | None:
    """Return the tokens of a line of lone cells, where its gaps tell which are empty.

    A flattened cell is its text with a space on either side and one between cells; an empty
    cell leaves a single space. Spaces before the first and after the last value therefore count
    the empty cells there, and all must add up.
    """
    tokens = row_values(text) or []
    before = len(text) - len(text.lstrip(" ")) - 1
    after = len(text) - len(text.rstrip(" ")) - 2
    if tokens and before >= 0 and after >= 0 and before + after + len(tokens) == columns:
        return [None] * before + list(tokens) + [None] * after
    return None


def _with_keys(
    title: str,
    labels: Sequence[tuple[str, Place]],
    cells: Sequence[Cells],
    settled: Settled,
    claimed: frozenset[int],
    unread: Sequence[Unread],
) -> Grid:
    if not settled.keys:
        left = tuple(Unread(label, settled.why, place) for label, place in labels)
        return Grid(title, (), claimed, (*unread, *left))
    rows = []
    open_: list[Unread] = []
    for (label, place), row in zip(labels, cells, strict=True):
        columns = {}
        for key, found in zip(settled.keys, row, strict=True):
            if found is None:
                continue
            if key is None:
                why = "Det är inte klart vad kolumnen visar."
                open_.append(Unread(found.written, why, found.place))
            else:
                columns[key] = found
        rows.append(Row(label, place, columns))
    return Grid(title, tuple(rows), claimed, (*unread, *open_))


# --- real tables ---------------------------------------------------------------------------------


def _real(table: Table, outline: Outline, words: Wording, sought: Sought) -> Grid | None:
    top = header_rows(table)
    if top == 0 or top >= len(table.rows):
        return None
    title = _title_before(table, outline)
    header = " ".join(cell.text for row in table.rows[:top] for cell in row)
    body = [row for row in table.rows[top:] if _row_of(row, table.rows[:top])]
    labels = [one_line(row[0].text) for row in body]
    if not sought.wanted(f"{title} {header}", labels):
        return None
    columns = _real_heads(table, top, words)
    unit = unit_in(header) or unit_in(title)
    width = len(table.rows[top])
    whole = [row for row in body if len(row) == width]
    cells = [
        [
            figure(c.text, unit=sought.unit(one_line(row[0].text)) or unit, place=c.place)
            if head is not None
            else None
            for c, head in zip(row[1:], columns, strict=True)
        ]
        for row in whole
    ]
    known = [head for head in columns if head is not None]
    if not known:
        return None
    at = [index for index, head in enumerate(columns) if head is not None]
    cells = [[row[index] for index in at] for row in cells]
    settled = settle(known, [[row] for row in cells])
    why = "Raden har inte lika många celler som rubrikraden."
    unread = [
        Unread(" ".join(c.text for c in row), why, row[0].place)
        for row in body
        if len(row) != width
    ]
    shown = frozenset(table_lines(table, outline.lines))
    places = [(one_line(row[0].text), row[0].place) for row in whole]
    return _with_keys(title, places, cells, settled, shown, unread)


def _row_of(row: Sequence[object], header: Sequence[Sequence[object]]) -> bool:
    """Say whether a row is no repeated header and has a label."""
    texts = [one_line(getattr(cell, "text", "")) for cell in row]
    repeated = any(texts == [one_line(getattr(c, "text", "")) for c in head] for head in header)
    return bool(texts and texts[0]) and not repeated


def header_rows(table: Table) -> int:
    """Return how many rows stand above the first row with figures (years are no figures)."""
    for index, row in enumerate(table.rows):
        numbers = [c for c in row[1:] if figure(c.text, unit=None).value is not None]
        years = all(re.fullmatch(r"20\d{2}(?:-?\d{2})?", c.text.strip()) for c in numbers)
        if numbers and not years:
            return index
    return 0


def _real_heads(table: Table, top: int, words: Wording) -> list[Head | None]:
    """Return each column's head; None for a column whose words are not understood."""
    width = len(table.rows[top])
    found: list[Head | None] = []
    for index in range(1, width):
        text = "\n".join(row[index].text for row in table.rows[:top] if index < len(row))
        columns = heads(text, words)
        found.append(columns[0] if columns and len(columns) == 1 else None)
    return found


def _title_before(table: Table, outline: Outline) -> str:
    title = ""
    for section in outline.sections:
        if section.heading is not None and section.heading.number <= table.after:
            title = section.title
    return title
