"""Result tables and central items: rows of a label and values under header words.

Read from real tables where the format has them, else from the flattened lines of a text. What a
column means is taken from the header and held against the arithmetic of the rows (deviation =
outcome − budget): a table whose header is not understood whole, or whose numbers contradict it,
is left unread and says so. A row with another number of values than the header is left unread.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from expectations.contract import CentralItem, Figure, FinanceLine, Place, Unread
from expectations.registers import plain
from tasks.readers.numbers import figure, row_values, unit_in
from tasks.readers.outline import Outline, Section
from tasks.readers.pages import Line, Table
from tasks.readers.wording import Wording, scan_phrases

_ROW = re.compile(
    r"^(?P<label>\s*[^\d\s].*?[^\d\s,.−–-])\s+"
    r"(?P<values>(?:[+−–-]?\s?\d[\d  ,.]*%?\s*|[−–-](?=\s|$)\s*){2,})$"
)
_HEADER_LINES = 14
_Wanted = Callable[[str, str, Sequence[str], Wording], bool]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table as it stands: label, text of its values and where they begin."""

    label: str
    line: Line
    values: str
    offset: int


@dataclass(frozen=True, slots=True)
class Found:
    """A table that was understood: keys of its columns, and its rows of figures."""

    title: str
    rows: tuple[tuple[str, Place, dict[str, Figure]], ...]
    claimed: frozenset[int]
    unread: tuple[Unread, ...] = ()


def finance(outline: Outline, words: Wording) -> tuple[list[FinanceLine], list[Found]]:
    """Return the lines of every result table, with the tables they come from."""
    lines: list[FinanceLine] = []
    used: list[Found] = []
    for table in _tables(outline, words, _is_result_table):
        used.append(table)
        for label, place, columns in table.rows:
            code = words.code("finance_lines", label) or "other"
            title = None if not lines or used[0] is table else table.title
            lines.append(FinanceLine(code, label, place, title, columns))
    return lines, used


def central_items(outline: Outline, words: Wording) -> tuple[list[CentralItem], list[Found]]:
    """Return the items that the city holds centrally and this board uses."""
    items: list[CentralItem] = []
    used: list[Found] = []
    for table in _tables(outline, words, _is_central_table):
        used.append(table)
        items += [
            CentralItem(
                label,
                place,
                outcome=columns.get("outcome"),
                forecast=columns.get("forecast"),
                budget=columns.get("budget") or columns.get("budget_year"),
            )
            for label, place, columns in table.rows
        ]
    return items, used


def _is_result_table(title: str, header: str, labels: Sequence[str], words: Wording) -> bool:
    known = {words.code("finance_lines", label) for label in labels} - {None}
    return len(known) >= 3 and "kommuncentral" not in plain(f"{title} {header}")  # noqa: PLR2004 - fewer rows are no result table


def _is_central_table(title: str, header: str, labels: Sequence[str], words: Wording) -> bool:
    del labels, words
    return "kommuncentral" in plain(f"{title} {header}")


# --- from flattened lines -----------------------------------------------------------------------


def _tables(outline: Outline, words: Wording, wanted: _Wanted) -> Iterator[Found]:
    for section in outline.sections:
        yield from _in_lines(section, words, wanted)
    for real in outline.tables:
        found = _in_cells(real, outline, words, wanted)
        if found is not None:
            yield found


def _in_lines(section: Section, words: Wording, wanted: _Wanted) -> Iterator[Found]:
    for start, rows in _row_runs(section.lines, words):
        header = _header_above(section.lines, start)
        shown = " ".join(line.text for line in header)
        if not wanted(section.title, shown, [row.label for row in rows], words):
            continue
        keys = column_keys(shown, words)
        unit = unit_in(shown) or unit_in(section.title)
        claimed = frozenset(line.number for line in header) | {row.line.number for row in rows}
        title = section.title or "resultat"
        if keys is None:
            yield _unread(title, rows, claimed, "Tabellens rubriker gick inte att tolka.")
        else:
            yield checked(_figures(title, rows, keys, unit, claimed))


def _row_runs(lines: Sequence[Line], words: Wording) -> Iterator[tuple[int, list[Row]]]:
    """Yield (index of the first line, rows) for rows that stand close to each other."""
    run: list[Row] = []
    first = last = -9
    for index in range(len(lines)):
        row = _row(lines, index, words)
        if row is None:
            continue
        if run and index - last > 4:  # noqa: PLR2004 - a label over two lines between blank ones
            yield first, run
            run = []
        first = first if run else index
        run.append(row)
        last = index
    if run:
        yield first, run


def _row(lines: Sequence[Line], index: int, words: Wording) -> Row | None:
    line = lines[index]
    found = _ROW.match(line.text)
    if found is None or len(found["label"]) > 70:  # noqa: PLR2004 - prose that ends in numbers
        return None
    label = found["label"].strip()
    above = lines[index - 1].text.strip() if index else ""
    whole = f"{above} {label}"
    if above and not re.search(r"\d", above) and words.code("finance_lines", whole):
        label = whole
    return Row(label, line, found["values"], found.start("values"))


def _header_above(lines: Sequence[Line], start: int) -> list[Line]:
    header: list[Line] = []
    for line in reversed(lines[max(0, start - _HEADER_LINES) : start]):
        text = line.text.strip()
        if len(text) > 100 or text.endswith("."):  # noqa: PLR2004 - prose ends the header
            break
        if text:
            header.insert(0, line)
    return header


def column_keys(header: str, words: Wording) -> tuple[str, ...] | None:
    """Return the column keys that a header says, in order; None where it is not clear."""
    skipped: Sequence[str] = words.words["header"]["skipped"]
    unbroken = re.sub(r"\b(20\d{2})(?:12|08|03)\b", r"\1", header)
    phrases = scan_phrases(unbroken, words.table("columns"), skipped)
    if not phrases:
        return None
    keys: list[str] = []
    for phrase, year in phrases:
        key = _placed(words.table("columns")[phrase], year, keys, phrases)
        if key is None or key in keys:
            return None
        keys.append(key)
    return tuple(keys)


def _placed(
    key: str, year: str | None, before: Sequence[str], phrases: Sequence[tuple[str, str | None]]
) -> str | None:
    """Return the key that a repeated or dated header word means, None where that is unclear."""
    years = sorted({y for _, y in phrases if y})
    older = bool(year and years and year < years[-1])
    if key == "outcome" and older:
        return "outcome_prev"
    if key == "budget" and (key in before or "forecast" in before):
        return "budget_year"
    if key == "deviation" and key in before:
        return "forecast_deviation"
    return key


def _figures(
    title: str, rows: Sequence[Row], keys: Sequence[str], unit: str | None, claimed: frozenset[int]
) -> Found:
    read, unread = [], []
    for row in rows:
        tokens = row_values(row.values, len(keys))
        if tokens is None or len(tokens) != len(keys):
            why = f"Raden har inte entydigt {len(keys)} värden."
            unread.append(Unread(row.line.text.strip(), why, row.line.place()))
            continue
        columns = {
            key: figure(
                token.written,
                unit=unit,
                place=row.line.place(row.offset + token.start, row.offset + token.end),
            )
            for key, token in zip(keys, tokens, strict=True)
        }
        read.append((row.label, row.line.place(), columns))
    return Found(title, tuple(read), claimed, tuple(unread))


def _unread(title: str, rows: Sequence[Row], claimed: frozenset[int], why: str) -> Found:
    left = tuple(Unread(row.line.text.strip(), why, row.line.place()) for row in rows)
    return Found(title, (), claimed, left)


def checked(table: Found) -> Found:
    """Return the table, or the table unread where its numbers contradict its header."""
    checks = [_deviation_fits(columns) for _, _, columns in table.rows]
    judged = [fits for fits in checks if fits is not None]
    if judged and sum(judged) * 3 < len(judged) * 2:
        why = "Avvikelsen stämmer inte med utfall och budget: kolumnernas ordning är oviss."
        left = tuple(Unread(label, why, place) for label, place, _ in table.rows)
        return replace(table, rows=(), unread=table.unread + left)
    return table


def _deviation_fits(columns: dict[str, Figure]) -> bool | None:
    three = [columns.get(key) for key in ("outcome", "budget", "deviation")]
    values = [f.value for f in three if f is not None and f.value is not None]
    if len(values) != 3:  # noqa: PLR2004 - not applicable without all three
        return None
    decimals = min(f.decimals or 0 for f in three if f is not None)
    tolerance = Decimal(3) * Decimal("0.5").scaleb(-decimals)
    return abs(values[0] - values[1] - values[2]) <= tolerance


# --- from real tables ----------------------------------------------------------------------------


def _in_cells(real: Table, outline: Outline, words: Wording, wanted: _Wanted) -> Found | None:
    heads = header_rows(real)
    if heads == 0 or heads >= len(real.rows):
        return None
    title = _title_before(real, outline)
    header = " ".join(cell.text for row in real.rows[:heads] for cell in row)
    labels = [row[0].text for row in real.rows[heads:] if row]
    if not wanted(title, header, labels, words):
        return None
    keys = _cell_keys(real, heads, words)
    unit = unit_in(header) or unit_in(title)
    rows, unread = [], []
    for row in real.rows[heads:]:
        columns = {
            key: figure(cell.text, unit=unit, place=cell.place)
            for key, cell in zip(keys, row[1:], strict=False)
            if key is not None
        }
        if len(row) - 1 != len(keys) or not row[0].text.strip():
            why = "Raden har inte lika många celler som rubrikraden."
            unread.append(Unread(" ".join(c.text for c in row), why, row[0].place))
        elif columns:
            rows.append((re.sub(r"\s+", " ", row[0].text).strip(), row[0].place, columns))
    return checked(Found(title, tuple(rows), frozenset(), tuple(unread)))


def header_rows(real: Table) -> int:
    """Return how many rows stand above the first row with numbers (years are no numbers)."""
    for index, row in enumerate(real.rows):
        numbers = [c for c in row[1:] if figure(c.text, unit=None).value is not None]
        years = all(re.fullmatch(r"20\d{2}", c.text.strip()) for c in numbers)
        if numbers and not years:
            return index
    return 0


def _cell_keys(real: Table, heads: int, words: Wording) -> tuple[str | None, ...]:
    width = len(real.rows[heads])
    texts = [
        " ".join(row[i].text for row in real.rows[:heads] if i < len(row)) for i in range(1, width)
    ]
    skipped: Sequence[str] = words.words["header"]["skipped"]
    scanned = [scan_phrases(text, words.table("columns"), skipped) for text in texts]
    flat = [pair for pairs in scanned if pairs for pair in pairs]
    keys: list[str | None] = []
    for pairs in scanned:
        key = None
        if pairs and len(pairs) == 1:
            phrase, year = pairs[0]
            known = [k for k in keys if k]
            key = _placed(words.table("columns")[phrase], year, known, flat)
        keys.append(None if key in keys else key)
    return tuple(keys)


def _title_before(real: Table, outline: Outline) -> str:
    title = ""
    for section in outline.sections:
        if section.heading is not None and section.heading.number <= real.after:
            title = section.title
    return title
