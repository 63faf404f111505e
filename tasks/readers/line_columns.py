"""Result tables that lie on their side: lines of the result table are columns.

Two forms. Where the rows are outcome, budget and deviation the table is turned round and read
like any other. Where the rows are activities (`Park | Intäkter | Kostnader | Netto`) each row
is a small result table of its own, named by its label; the row of the sum is the board's. That
income and costs make up the net, and grant and net the result, has to hold in most rows: a table
whose sums do not hold, or that has none, is left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from expectations.contract import Figure, FinanceLine, Place, Unread
from expectations.registers import plain
from tasks.readers.brackets import IN_BRACKETS, bracketed_are_negative, negative
from tasks.readers.columns import settle
from tasks.readers.flat_header import header_above, without_groups
from tasks.readers.flat_rows import row_runs
from tasks.readers.grid import Sought
from tasks.readers.header_words import Head, heads, whole_words
from tasks.readers.line_groups import divisions, group_keys, unit_spoken
from tasks.readers.numbers import Token, figure, money_in
from tasks.readers.outline import Outline
from tasks.readers.pages import Line, Table
from tasks.readers.parts import Parts
from tasks.readers.percents import Cells
from tasks.readers.raw_row import RawRow
from tasks.readers.real_grids import header_rows
from tasks.readers.real_table import one_line, table_lines
from tasks.readers.row_splits import readings_of, spans_of
from tasks.readers.streamed import stream_runs
from tasks.readers.table_titles import above_table, title_before, unit_before
from tasks.readers.wording import Wording

_EMPTY = " .,:;()/-–*"
_GLUED = re.compile(r"(?<=[a-zåäö\d])(?=[A-ZÅÄÖ][a-zåäö]{2})")
_YEAR = re.compile(r"20\d{2}(?!\d)")
_OF_LINE = re.compile(r"andel(?!\w)|(?:i\s+)?(?:procent|%)(?:\s+av\s+[^\W\d]+)?(?!\w)")
_NOTE = re.compile(r"\d\)?(?!\d)")
_NET_BEHIND = re.compile(r"avvikelse\s+netto\s+20\d\d(?!\d)")
_MOST_COLUMNS = 12
_FEWEST = 2
_OUTCOME = "Utfall"
_HEADER_LINES = 20
"""Words and years of nine columns, each on a line of its own."""
_GROUP_LINES = 3
"""Lines right above a real table that may name the groups of its columns."""
_NO_ACTIVITY = ("outcome", "budget", "forecast", "accounts", "deviation", "forecast_deviation")
_GROUPS = ("outcome", "budget", "budget_year", "outcome_prev", "forecast")
"""What a group of lines may be, beside the outcome."""
UNCLEAR = "Det är inte klart vad kolumnen visar."
SUMS = "Summorna i raden går inte ihop på bara ett sätt."


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the line that it is of (None for one that belongs to the line before), as written.

    `kind` is that of a head (`outcome`, `budget`, `deviation`), `year` what stands behind it; a
    line that stands once under each of several groups has the key of its group as its kind.
    """

    line: str | None
    written: str
    kind: str = "outcome"
    year: str | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    """A label with every way that its values can be read."""

    label: str
    place: Place
    readings: Sequence[Cells]
    written: str


@dataclass(frozen=True, slots=True)
class _Found:
    """A table on its side, before it is turned: columns, rows, title and the lines it takes."""

    columns: tuple[Column, ...]
    rows: tuple[_Row, ...]
    title: str
    claimed: frozenset[int]


def line_tables(outline: Outline, words: Wording, taken: frozenset[int]) -> Parts:
    """Return the lines of result tables that lie on their side."""
    used = set(taken)
    lines: list[FinanceLine] = []
    unread: list[Unread] = []
    for found in _tables(outline, words, used):
        if found.claimed & used:
            continue
        read, left = _turned(found, words) or _by_activity(found, words) or ([], [])
        if read:
            used |= found.claimed
            lines += read
            unread += left
    claimed = frozenset(used - taken) if lines else frozenset()
    return Parts({"finance": tuple(lines)}, tuple(unread), claimed)


# --- the words of the header ---------------------------------------------------------------------


def line_heads(text: str, words: Wording, *, whole: bool = False) -> tuple[Column, ...] | None:
    """Return the columns that a header names; None where it names no lines or is not understood."""
    mended = re.sub(r"(?<=[a-zåäö])-\s*\n\s*(?=[a-zåäö])", "", whole_words(text, words))
    left = plain(_GLUED.sub(" ", mended)).lstrip(_EMPTY)
    found: list[Column] = []
    while left:
        line = words.opening("line_columns", left)
        kind = words.opening("columns", left)
        year = _YEAR.match(left)
        share = _OF_LINE.match(left) if found and found[-1].line else None
        if share is not None:
            # `Resultat i procent av kommunbidraget` is no amount
            found[-1] = Column(None, f"{found[-1].written} {share.group()}", "open")
            taken = share.end()
        elif line is not None and not (kind and len(kind[0]) > len(line[0])):
            is_open = line[1] == "open"
            found.append(
                Column(None if is_open else line[1], line[0], "open" if is_open else "outcome")
            )
            taken = len(line[0])
        elif kind is not None and _NET_BEHIND.match(left):
            # the net of a year of its own stands behind the deviation: `Avvikelse` `Netto 2017`
            found.append(Column(None, "avvikelse", "deviation"))
            taken = len("avvikelse")
        elif kind is not None and kind[1] == "outcome" and _are_sides(found):
            # `Intäkter`, `Kostnader`, `Utfall`: what they come to
            found.append(Column("net_cost", kind[0]))
            taken = len(kind[0])
        elif kind is not None and kind[1].split()[0] in ("budget", "deviation") and found:
            found.append(Column(None, kind[0], kind[1].split()[0]))
            taken = len(kind[0])
        elif year is not None and found and found[-1].year is None:
            last = found[-1]
            found[-1] = Column(last.line, last.written, last.kind, year.group())
            taken = year.end()
        else:
            note = _NOTE.match(left)
            taken = note.end() if note else words.skipped(left) or 0
        if not taken and (found or whole):
            return None
        left = (left[taken:] if taken else re.sub(r"^\S+", "", left)).lstrip(_EMPTY)
    several = len({column.line for column in found if column.line}) >= (0 if whole else _FEWEST)
    return tuple(found) if found and several and len(found) <= _MOST_COLUMNS else None


def _are_sides(columns: Sequence[Column]) -> bool:
    """Say whether the last two columns are income and costs."""
    return [column.line for column in columns[-2:]] == ["income", "costs"]


def _against_budget(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Return the columns, the result beside a budget and no grant as the difference that it is."""
    lines = [column.line for column in columns]
    budgets = any(column.kind == "budget" and column.line is None for column in columns)
    if lines.count("result") != 1 or "municipal_grant" in lines or not budgets:
        return columns
    return tuple(
        Column(None, column.written, "deviation", column.year)
        if column.line == "result"
        else column
        for column in columns
    )


# --- where such tables stand ---------------------------------------------------------------------


def _tables(outline: Outline, words: Wording, used: set[int]) -> Iterator[_Found]:
    for table in outline.tables:
        found = _real(table, outline, words)
        if found is not None:
            yield found
    nothing = Sought(lambda _, __: True, lambda _: False)
    for section in outline.sections:
        lines = [line for line in section.lines if line.number not in used]
        for start, run in (*row_runs(lines, words, nothing), *stream_runs(lines, nothing.known)):
            named = _header(lines, start, run, words)
            if named is not None:
                columns, header, own = named
                text = "\n".join(line.text for line in header)
                claimed = {
                    line.number for line in (*header, *(x for raw in own for x in raw.lines))
                }
                unit = money_in(f"{text} {section.title}") or unit_before(
                    outline, run[0].lines[0].number
                )
                rows = tuple(_flat_row(raw, columns, own, unit) for raw in own)
                found = _Found(columns, rows, section.title, frozenset(claimed))
                yield _measured(found, outline)


def _header(
    lines: Sequence[Line], start: int, run: Sequence[RawRow], words: Wording
) -> tuple[tuple[Column, ...], Sequence[Line], Sequence[RawRow]] | None:
    """Return the columns of a run of rows, the lines that name them and the rows without these."""
    above = run[0].lines[: -len(run[0].below) - 1] if run[0].below else ()
    own = _without(run, len(above))
    header = without_groups(header_above(lines, start, words, _HEADER_LINES), words)
    for at in range(len(header)):
        used = (*header[at:], *above)
        columns = line_heads("\n".join(line.text for line in used), words)
        columns = columns and (
            _grouped(columns, used, words) or _divided(columns, own, used, words)
        )
        columns = columns and _against_budget(columns)
        if columns is not None:
            return columns, used, own
    return None


def _grouped(
    columns: tuple[Column, ...], header: Sequence[Line], words: Wording
) -> tuple[Column, ...] | None:
    """Return columns that stand once under each group (`Budget jan–aug`, `Utfall jan–aug`).

    None where lines are repeated and no line of the header names the groups: a budget must not be
    read as the outcome.
    """
    own = [column.line for column in columns if column.line]
    width = len(set(own))
    if len(own) == width or any(column.line and column.year for column in columns):
        return columns
    repeats = len(own) // width
    if own != own[:width] * repeats or any(c.line is None for c in columns[: len(own)]):
        return None
    named = (heads(line.text, words, more=True) or () for line in header)
    keys = [settle(told, []).keys for told in named if len(told) == repeats]
    if len(keys) != 1 or not set(keys[0]) <= set(_GROUPS) or "outcome" not in keys[0]:
        return None
    return tuple(
        replace(column, kind=keys[0][at // width] or "") if at < len(own) else column
        for at, column in enumerate(columns)
    )


def _divided(
    columns: tuple[Column, ...], run: Sequence[RawRow], header: Sequence[Line], words: Wording
) -> tuple[Column, ...] | None:
    """Return the columns of groups of different width, None where the rows do not tell them."""
    rows = [
        [[figure(one.written, unit=None) if one else None for one in tokens] for tokens in readings]
        for readings in (readings_of(raw, len(columns), []) for raw in run)
    ]
    return _apart(columns, rows, header[:-1], words)


def _apart(
    columns: tuple[Column, ...],
    rows: Sequence[Sequence[Cells]],
    header: Sequence[Line],
    words: Wording,
) -> tuple[Column, ...] | None:
    """Return columns whose lines are repeated, each with the key of its group as its kind.

    A group has the net alone, or income, costs and their net; where it begins the sums tell. None
    where no line of the header names the groups: a budget must not be read as the outcome.
    """
    own = [column.line for column in columns if column.line]
    keys = group_keys(header, words)
    if keys is None or any(c.year or not c.line or c.kind != "outcome" for c in columns):
        return None
    fitting = [parts for parts in divisions(own, len(keys)) if _proved(parts, own, rows)]
    if len(fitting) != 1:
        return None
    kinds = [key for key, part in zip(keys, fitting[0], strict=True) for _ in part]
    return tuple(replace(c, kind=kind) for c, kind in zip(columns, kinds, strict=True))


def _proved(parts: Sequence[range], own: Sequence[str], rows: Sequence[Sequence[Cells]]) -> bool:
    """Say whether the net of every group with income and costs is theirs, in most rows."""
    told: list[dict[str | None, int]] = [
        {own[at]: at for at in part} for part in parts if len(part) > 1
    ]
    held = [
        sum(any(_sums(cells, at, ()) for cells in readings) for readings in rows) for at in told
    ]
    return bool(told) and all(count * 3 >= len(rows) * 2 for count in held)


def _measured(found: _Found, outline: Outline) -> _Found:
    """Return a table with the unit that its amounts have in the text, where it says none."""
    figures = [one for row in found.rows for cells in row.readings for one in cells if one]
    if any(one.unit for one in figures):
        return found
    unit = unit_spoken(outline, [one.value for one in figures if one.value is not None])
    rows = tuple(
        replace(
            row,
            readings=[[one and replace(one, unit=unit) for one in cells] for cells in row.readings],
        )
        for row in found.rows
    )
    return replace(found, rows=rows) if unit else found


def _without(run: Sequence[RawRow], above: int) -> list[RawRow]:
    """Return the rows without the lines of the first label that belong to the header."""
    if not above:
        return list(run)
    first = run[0]
    own = first.lines[above:]
    return [RawRow(own[0].text.strip(), own, 0, below=first.below), *run[1:]]


def _flat_row(
    raw: RawRow, columns: Sequence[Column], run: Sequence[RawRow], unit: str | None
) -> _Row:
    spans = spans_of(run)
    spans = spans if len(spans) == len(columns) else []
    below = bracketed_are_negative([IN_BRACKETS.findall(one.values) for one in run])
    readings = [
        [_figured(raw, token, unit, below=below) for token in tokens]
        for tokens in readings_of(raw, len(columns), spans)
    ]
    text = " ".join(line.text.strip() for line in raw.lines)
    return _Row(raw.label, raw.lines[0].place(), readings, text)


def _figured(raw: RawRow, token: Token | None, unit: str | None, *, below: bool) -> Figure | None:
    if token is None:
        return None
    place = raw.place(token.start, token.end)
    bare = token.written.strip("()") if below else token.written
    one = replace(figure(bare, unit=unit, place=place), written=token.written)
    return negative(one) if below and bare != token.written else one


def _real(table: Table, outline: Outline, words: Wording) -> _Found | None:
    top = header_rows(table)
    if top == 0 or top >= len(table.rows):
        return None
    width = len(table.rows[top])
    texts = [
        "\n".join(row[at].text for row in table.rows[:top] if at < len(row))
        for at in range(1, width)
    ]
    single = [line_heads(text, words, whole=True) or _beside(text, words) for text in texts]
    columns = [found[0] for found in single if found and len(found) == 1]
    for at in range(2, len(columns)):
        if columns[at].kind == "level" and _are_sides(columns[:at]):
            columns[at] = replace(columns[at], line="net_cost", kind="outcome")
    columns = list(_against_budget(tuple(columns)))
    if len(columns) < len(texts) or not any(column.line for column in columns):
        return None
    title = title_before(table, outline)
    header = " ".join(cell.text for row in table.rows[:top] for cell in row)
    said = (money_in(text) for text in (header, title, above_table(table, outline)))
    unit = next(filter(None, said), None) or unit_before(outline, table.after)
    rows = tuple(
        _Row(
            one_line(row[0].text),
            row[0].place,
            [[figure(cell.text, unit=unit, place=cell.place) for cell in row[1:]]],
            " ".join(cell.text for cell in row),
        )
        for row in table.rows[top:]
        if len(row) == width and row[0].text.strip()
    )
    above = [line for line in outline.lines if line.number <= table.after and line.text.strip()]
    named = above[-_GROUP_LINES:]
    told = _grouped(tuple(columns), named[-_FEWEST:], words) or _apart(
        tuple(columns), [row.readings for row in rows], named, words
    )
    if told is None:
        return None
    claimed = frozenset(table_lines(table, outline.lines))
    return _measured(_Found(told, rows, title, claimed), outline)


def _beside(text: str, words: Wording) -> tuple[Column, ...] | None:
    """Return the column of a cell that names a level, a budget or a deviation."""
    found = heads(text, words, whole=True)
    if found and len(found) == 1 and found[0].kind in ("budget", "deviation"):
        return (Column(None, one_line(text), found[0].kind, found[0].year),)
    if found and len(found) == 1 and found[0].kind == "outcome" and not found[0].scope:
        written = _YEAR.sub("", one_line(text)).strip()
        return (Column(None, written, "level", found[0].year),)
    return None


# --- turned round --------------------------------------------------------------------------------


def _turned(found: _Found, words: Wording) -> tuple[list[FinanceLine], list[Unread]] | None:
    """Return the lines of a table whose rows are outcome, budget, deviation."""
    named = [heads(row.label, words, whole=True) for row in found.rows]
    sides = [one[0] for one in named if one and len(one) == 1 and (one[0].kind or one[0].year)]
    lines = [column.line for column in found.columns]
    if len(sides) < _FEWEST or len(sides) < len(found.rows) or None in lines:
        return None
    if len(set(lines)) < len(lines) or any(len(row.readings) != 1 for row in found.rows):
        return None
    cells = [[row.readings[0][at] for row in found.rows] for at in range(len(lines))]
    keys = _keys(sides, cells)
    if keys is None:
        return None
    read = []
    left: list[Unread] = []
    for column, figures in zip(found.columns, cells, strict=True):
        told = {key: one for key, one in zip(keys, figures, strict=True) if key and one}
        place = next((one.place for one in figures if one), None)
        read.append(FinanceLine(column.line or "", column.written, place, None, told))
        open_ = [one for key, one in zip(keys, figures, strict=True) if key is None and one]
        left += [Unread(one.written, UNCLEAR, one.place) for one in open_]
    return read, left


def _keys(sides: Sequence[Head], cells: Sequence[Cells]) -> tuple[str | None, ...] | None:
    settled = settle(sides, [[row] for row in cells])
    return settled.keys or None


# --- a small table for each activity -------------------------------------------------------------


def _by_activity(found: _Found, words: Wording) -> tuple[list[FinanceLine], list[Unread]] | None:
    """Return the lines of each activity; None where the sums do not tell that it is one."""
    kind = next((c.kind for c in found.columns if c.line == "costs"), "outcome")
    kind = "outcome" if any(c.line and c.kind == "outcome" for c in found.columns) else kind
    at = {
        column.line: index
        for index, column in enumerate(found.columns)
        if _is_newest(column, found, kind)
    }
    if not any(one and one.unit for row in found.rows for cells in row.readings for one in cells):
        return None
    sides = [heads(row.label, words, whole=True) for row in found.rows]
    if any(one and one[0].kind in _NO_ACTIVITY for one in sides):
        # `Avvikelse` is no activity: the table was to be turned round, and could not be
        return None
    if "income" not in at and "income_other" in at:
        at["income"] = at["income_other"]
    if not {"income", "costs"} <= set(at) or not {"net_cost", "result"} & set(at):
        return None
    others = [index for index, column in enumerate(found.columns) if column.kind == "open"]
    chosen: list[tuple[_Row, Cells]] = []
    left: list[Unread] = []
    for row in found.rows:
        fitting = [cells for cells in row.readings if _sums(cells, at, others)]
        if len(fitting) > 1:
            fitting = [cells for cells in fitting if _fits_all(found.columns, cells, at)]
        if len(fitting) == 1:
            chosen.append((row, fitting[0]))
        else:
            left.append(Unread(row.written, SUMS, row.place))
    if len(chosen) * 3 < len(found.rows) * 2 or len(chosen) < _FEWEST:
        return None
    kept = _columns_kept(found, [cells for _, cells in chosen], at)
    lines: list[FinanceLine] = []
    for row, cells in chosen:
        lines += _lines(found, row, cells, kept, row.label)
        left += [
            Unread(one.written, UNCLEAR, one.place)
            for index, one in enumerate(cells)
            if kept[index] is None and one is not None
        ]
    return lines, left


def _is_newest(column: Column, found: _Found, kind: str) -> bool:
    years = [one.year for one in found.columns if one.line == column.line and one.year]
    newest = column.year is None or column.year == max(years)
    return column.line is not None and column.kind == kind and newest


def _sums(cells: Cells, at: dict[str | None, int], others: Sequence[int]) -> bool | None:
    """Say whether income and costs make up the net, and net and grant the result.

    One of the `others` may be part of the result: what of last year's is disposed of.
    """
    income, costs = (_value(cells, at.get(name)) for name in ("income", "costs"))
    net, grant, result = (
        _value(cells, at.get(name)) for name in ("net_cost", "municipal_grant", "result")
    )
    if income is None or costs is None:
        return None
    own = abs(income) - abs(costs)
    near = _tolerance(cells)
    told = []
    if net is not None:
        told.append(abs(abs(own) - abs(net)) <= near)
    if result is not None:
        parts = [Decimal(0), *(value for n in others if (value := _value(cells, n)) is not None)]
        whole = own + (grant or 0)
        told.append(
            any(
                abs(abs(whole + part * sign) - abs(result)) <= near
                for part in parts
                for sign in (1, -1)
            )
        )
    return all(told) if told else None


def _fits_all(columns: Sequence[Column], cells: Cells, at: dict[str | None, int]) -> bool:
    """Say whether the net of every group and the difference to the budget hold too."""
    groups: dict[tuple[str, str | None], dict[str | None, int]] = {}
    for index, column in enumerate(columns):
        groups.setdefault((column.kind, column.year), {})[column.line] = index
    told = [_sums(cells, group, ()) for group in groups.values()]
    near = _tolerance(cells)
    kinds = [column.kind if column.line is None else "" for column in columns]
    if kinds.count("budget") == 1 and kinds.count("deviation") == 1:
        budget, difference = (_value(cells, kinds.index(name)) for name in ("budget", "deviation"))
        net = _value(cells, at.get("net_cost"))
        if budget is not None and difference is not None and net is not None:
            told.append(abs(abs(abs(budget) - abs(net)) - abs(difference)) <= near)
    return False not in told


def _tolerance(cells: Cells) -> Decimal:
    decimals = min((one.decimals or 0 for one in cells if one and one.value is not None), default=0)
    return Decimal(2).scaleb(-decimals)


def _value(cells: Cells, at: int | None) -> Decimal | None:
    one = cells[at] if at is not None else None
    return one.value if one is not None else None


def _columns_kept(
    found: _Found, rows: Sequence[Cells], at: dict[str | None, int]
) -> list[tuple[str, str] | None]:
    """Return (line, key) of each column; None for one that stays open.

    A budget stands behind the line that it is of; a deviation has to be that of net and budget, or
    of net and grant.
    """
    kept: list[tuple[str, str] | None] = []
    budget = at.get("municipal_grant")
    last = ""
    for index, column in enumerate(found.columns):
        last = column.line or last
        if column.line is not None and column.kind != "outcome":
            budget = index if (last, column.kind) == ("net_cost", "budget") else budget
            kept.append((last, column.kind))
        elif column.line is not None:
            years = sorted(
                {c.year for c in found.columns if c.line == last and c.year}, reverse=True
            )
            back = years.index(column.year) if column.year else 0
            kept.append((last, ("outcome", "outcome_prev")[back]) if back < _FEWEST else None)
        elif column.kind == "budget" and last == "net_cost":
            budget = index
            kept.append((last, "budget"))
        elif column.kind == "deviation" and _differ(rows, at.get("net_cost"), budget, index):
            kept.append(("net_cost", "deviation"))
        else:
            kept.append(None)
    return kept


def _differ(rows: Sequence[Cells], net: int | None, budget: int | None, at: int) -> bool:
    """Say whether a column is the difference of net and budget, with the same sign in most rows."""
    told = [
        (abs(budgeted) - abs(own), difference, _tolerance(cells))
        for cells in rows
        if (own := _value(cells, net)) is not None
        and (budgeted := _value(cells, budget)) is not None
        and (difference := _value(cells, at)) is not None
    ]
    fitting = max(
        sum(abs(less * sign - difference) <= near for less, difference, near in told)
        for sign in (1, -1)
    )
    return bool(told) and fitting * 3 >= len(told) * 2


def _lines(
    found: _Found,
    row: _Row,
    cells: Cells,
    kept: Sequence[tuple[str, str] | None],
    table: str | None,
) -> Iterator[FinanceLine]:
    """Yield a row's lines in the order of the columns."""
    by_line: dict[str, dict[str, Figure]] = {}
    written: dict[str, str] = {}
    for column, key, one in zip(found.columns, kept, cells, strict=True):
        if key is not None and one is not None:
            by_line.setdefault(key[0], {})[key[1]] = one
            written.setdefault(key[0], column.written.capitalize())
    for line, figures in by_line.items():
        if written[line] == _OUTCOME:
            # under `Intäkter | Kostnader | Utfall | Budget` the net goes by its activity's name
            yield FinanceLine("other", row.label, row.place, found.title or None, figures)
        else:
            yield FinanceLine(line, written[line], row.place, table, figures)
