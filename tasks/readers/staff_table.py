"""Staff figures and key figures of a report: tables whose cells fall apart when flattened.

Recognised: a section whose heading speaks of staff (HR, personal, sjukfrånvaro) with rows that
start with a known metric; cells that name a scope before the value (`SLK 154,9`); and pairs of a
value and a change in percent under a heading of key figures. Which column a lone value belongs to
is taken from the width of the gaps round it, and only if they add up to the number of columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from expectations.contract import Figure, Measure, StaffFigure, Unread
from expectations.registers import plain
from tasks.readers.numbers import Token, figure, row_values
from tasks.readers.outline import Outline, Section, joined
from tasks.readers.pages import Line, Table
from tasks.readers.grid import header_rows
from tasks.readers.wording import Wording, scan_phrases

_SCOPED = re.compile(r"(?P<scope>[A-ZÅÄÖ][\wåäö-]*)\s+(?P<value>\d[\d  ]*(?:,\d+)?)(?=\s|$)")
_PAIR = re.compile(
    r"(?P<value>[+−–-]?\s?\d[\d  ]*(?:,\d+)?)(?:\s*(?P<unit>mnkr|mkr|tkr|kr))?\s*\n?\s*"
    r"\(\s*(?P<change>[+−–-]?\s?\d+(?:,\d+)?)\s*%\s*\)"
)
_VALUES_ONLY = re.compile(r"^\s*(?:[+−–-]?\s?\d[\d  ]*(?:,\d+)?\s?%?\s*)+$")


@dataclass(frozen=True, slots=True)
class _Metric:
    """One metric's label with the lines that hold its values."""

    metric: str
    label: str
    lines: tuple[Line, ...]
    first: Line


def staff(outline: Outline, words: Wording) -> tuple[list[StaffFigure], list[Unread], set[int]]:
    """Return the staff figures, what of them stayed unread, and the lines they claim."""
    rows: list[StaffFigure] = []
    unread: list[Unread] = []
    claimed: set[int] = set()
    for run in _staff_runs(outline, words):
        keys = _keys(run.header, words)
        if keys is None:
            continue
        note = _period_note(run.lines)
        for item in run.metrics:
            found = _scoped(item, keys, words) or _plain(item, keys, words)
            if not found:
                why = "Det är inte klart vilken kolumn värdet hör till."
                unread.append(Unread(item.label, why, item.first.place()))
            rows += [_noted(row, note) for row in found]
            claimed |= {line.number for line in (item.first, *item.lines)}
        claimed |= {line.number for line in run.header}
    for table in outline.tables:
        rows += _in_cells(table, words)
    return rows, unread, claimed


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch of staff rows with the header above and the text round it."""

    header: tuple[Line, ...]
    metrics: tuple[_Metric, ...]
    lines: tuple[Line, ...]


def _staff_runs(outline: Outline, words: Wording) -> Iterator[_Run]:
    for section in outline.sections:
        lines = section.lines
        starts = _starts(lines, words)
        for group in _close(starts):
            header = _header(lines, group[0])
            metrics = tuple(_metrics(lines, group, words))
            if metrics and header:
                yield _Run(header, metrics, lines[group[0] :])


def _starts(lines: Sequence[Line], words: Wording) -> list[int]:
    starts: list[int] = []
    index = 0
    while index < len(lines):
        named = _metric_label(lines, index, words) if lines[index].text.strip() else None
        if named:
            starts.append(index)
        index += named[2] if named else 1
    return starts


def _close(starts: Sequence[int]) -> Iterator[list[int]]:
    group: list[int] = []
    for start in starts:
        if group and start - group[-1] > 14:  # noqa: PLR2004 - a scoped row takes a dozen lines
            yield group
            group = []
        group.append(start)
    if group:
        yield group


def _metric_label(lines: Sequence[Line], index: int, words: Wording) -> tuple[str, str, int] | None:
    """Return (metric, label, lines used) where a metric's row starts; values must follow."""
    label = ""
    for used in range(1, 4):
        if index + used > len(lines):
            return None
        text = lines[index + used - 1].text
        bare = re.split(r"\s{2,}(?=\S)|\s+(?=\d)", text.strip())[0]
        label = f"{label} {bare}".strip()
        code = words.code("staff", re.sub(r"\s*\(.*?\)", "", label).rstrip(","))
        if code and _values_follow(lines, index + used - 1, bare):
            return code, label, used
        if bare != text.strip():
            return None
    return None


def _values_follow(lines: Sequence[Line], index: int, label: str) -> bool:
    rest = lines[index].text.strip()[len(label) :]
    if re.search(r"\d", rest):
        return True
    below = next((x.text for x in lines[index + 1 : index + 4] if x.text.strip()), "")
    return not rest and bool(_VALUES_ONLY.match(below) or _SCOPED.search(below))


def _header(lines: Sequence[Line], start: int) -> tuple[Line, ...]:
    found: list[Line] = []
    for line in reversed(lines[max(0, start - 24) : start]):
        text = line.text.strip()
        if len(text) > 60 or text.endswith(".") or re.match(r"\d+\.\d", text):  # noqa: PLR2004
            break
        if text:
            found.insert(0, line)
    return tuple(found)


def _metrics(lines: Sequence[Line], group: Sequence[int], words: Wording) -> Iterator[_Metric]:
    for start, following in zip(group, [*group[1:], None], strict=True):
        named = _metric_label(lines, start, words)
        if named is None:
            continue
        code, label, used = named
        end = following if following is not None else _end_of_values(lines, start + used)
        yield _Metric(code, label, tuple(lines[start + used - 1 : end]), lines[start])


def _end_of_values(lines: Sequence[Line], start: int) -> int:
    end = start
    for index in range(start, min(start + 14, len(lines))):
        text = lines[index].text
        if text.strip() and not (_VALUES_ONLY.match(text) or _SCOPED.fullmatch(text.strip())):
            break
        end = index + 1
    return end


def _keys(header: Sequence[Line], words: Wording) -> tuple[str, ...] | None:
    skipped = words.words["header"]["skipped"]
    text = joined(header)
    phrases = scan_phrases(text, words.table("columns"), skipped)
    if not phrases:
        return None
    keys: list[str] = []
    for phrase, _year in phrases:
        key = words.table("columns")[phrase]
        keys.append("accounts_prev" if key == "outcome" and "outcome" in keys else key)
    return tuple(keys) if len(set(keys)) == len(keys) else None


def _unit(metric: str, words: Wording) -> str | None:
    return words.table("staff_units").get(metric)


def _scoped(item: _Metric, keys: Sequence[str], words: Wording) -> list[StaffFigure]:
    cells: dict[str, list[Figure]] = {}
    for index, line in enumerate(item.lines):
        start = line.text.find(item.label) + len(item.label) if index == 0 else 0
        for found in _SCOPED.finditer(line.text, max(start, 0)):
            place = line.place(found.start("value"), found.end("value"))
            value = figure(found["value"].strip(), unit=_unit(item.metric, words), place=place)
            cells.setdefault(found["scope"], []).append(value)
    if not cells or any(len(values) != len(keys) for values in cells.values()):
        return []
    return [
        StaffFigure(
            item.metric, item.label, item.first.place(), scope, dict(zip(keys, values, strict=True))
        )
        for scope, values in cells.items()
    ]


def _plain(item: _Metric, keys: Sequence[str], words: Wording) -> list[StaffFigure]:
    line = next((x for x in item.lines if re.search(r"\d", _after_label(x, item))), None)
    if line is None:
        return []
    offset = len(line.text) - len(_after_label(line, item))
    tokens = _placed_tokens(line.text[offset:], len(keys))
    if tokens is None:
        return []
    columns = {
        key: figure(
            token.written,
            unit=_unit(item.metric, words),
            place=line.place(offset + token.start, offset + token.end),
        )
        for key, token in zip(keys, tokens, strict=True)
        if token is not None
    }
    return [StaffFigure(item.metric, item.label, item.first.place(), None, columns)]


def _after_label(line: Line, item: _Metric) -> str:
    last = item.label.split()[-1]
    position = line.text.rfind(last) if line.text.strip().endswith(last) else line.text.find(last)
    return line.text[position + len(last) :] if position >= 0 else line.text


def _placed_tokens(text: str, columns: int) -> list[Token | None] | None:
    """Return one token or None per column, or None where the gaps do not say which is empty.

    A flattened cell is its text with a space on either side and one between cells; an empty
    cell leaves a single space. Spaces before the first and after the last value therefore count
    the empty cells there, and all must add up.
    """
    full = row_values(text, columns)
    if full is not None and len(full) == columns:
        return list(full)
    tokens = row_values(text) or []
    before = len(text) - len(text.lstrip(" ")) - 1
    after = len(text) - len(text.rstrip(" ")) - 2
    if tokens and before >= 0 and after >= 0 and before + after + len(tokens) == columns:
        return [None] * before + list(tokens) + [None] * after
    return None


def _period_note(lines: Sequence[Line]) -> str | None:
    found = re.search(r"ackumulerat per (\w+)[^.]*\.", joined(lines))
    return found.group().rstrip(".") if found else None


def _noted(row: StaffFigure, note: str | None) -> StaffFigure:
    word = {
        "sick_leave_total": "sjukfrånvaro",
        "exits": "avgångar",
        "recruitments": "rekryteringar",
    }
    if note is None or word.get(row.metric, "?") not in note:
        return row
    return StaffFigure(row.metric, row.label, row.place, row.scope, row.columns, note)


def _in_cells(table: Table, words: Wording) -> list[StaffFigure]:
    heads = header_rows(table)
    if heads == 0 or not any(words.code("staff", _bare(row[0].text)) for row in table.rows[heads:]):
        return []
    skipped = words.words["header"]["skipped"]
    keys: list[str | None] = []
    for index in range(1, len(table.rows[heads])):
        text = " ".join(row[index].text for row in table.rows[:heads] if index < len(row))
        pairs = scan_phrases(text, words.table("columns"), skipped)
        key = words.table("columns")[pairs[0][0]] if pairs and len(pairs) == 1 else None
        key = "accounts_prev" if key == "outcome" and "outcome" in keys else key
        keys.append(None if key in keys else key)
    rows = []
    for row in table.rows[heads:]:
        code = words.code("staff", _bare(row[0].text))
        if code and len(row) - 1 == len(keys):
            columns = {
                key: figure(cell.text, unit=_unit(code, words), place=cell.place)
                for key, cell in zip(keys, row[1:], strict=True)
                if key and cell.text.strip()
            }
            rows.append(StaffFigure(code, row[0].text.strip(), row[0].place, None, columns))
    return rows


def _bare(label: str) -> str:
    return re.sub(r"\s*\(.*?\)", "", label).strip().rstrip(",")


# --- key figures -------------------------------------------------------------------------------


def measures(outline: Outline) -> tuple[list[Measure], set[int]]:
    """Return key figures written as value and change: period first, then the whole year."""
    rows: list[Measure] = []
    claimed: set[int] = set()
    for section in outline.sections:
        for label, lines in _labelled_pairs(section):
            columns = _pairs(lines)
            if len(columns) == 4:  # noqa: PLR2004 - two values with their changes
                rows.append(Measure(label, lines[0].place(), None, columns))
                claimed |= {line.number for line in lines}
    return rows, claimed


def _labelled_pairs(section: Section) -> Iterator[tuple[str, list[Line]]]:
    """Yield (label, lines) where a label is followed by lines that hold only values."""
    lines = [line for line in section.lines if line.text.strip()]
    index = 0
    while index < len(lines):
        stop = index + 1
        while stop < len(lines) and _is_value_line(lines[stop].text):
            stop += 1
        values = lines[index + 1 : stop]
        if values and not _is_value_line(lines[index].text):
            start = index - 1 if lines[index].text.strip().startswith("(") and index else index
            label = re.sub(r"\s*\(.*$", "", joined(lines[start : index + 1])).strip()
            if plain(label) and not label.endswith("."):
                yield label, [*lines[start : index + 1], *values]
        index = stop


def _is_value_line(text: str) -> bool:
    number = r"[+−–-]?\s?\d[\d  ]*(?:,\d+)?"
    unit = r"(?:mnkr|mkr|tkr|kr)?"
    change = rf"\(\s*{number}\s*%\s*\)"
    return bool(re.fullmatch(rf"\s*(?:{number}\s*{unit}\s*(?:{change})?|{change})\s*", text))


def _pairs(lines: Sequence[Line]) -> dict[str, Figure]:
    text = "\n".join(line.text for line in lines)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line.text) + 1)

    def placed(start: int, end: int, unit: str | None, written: str) -> Figure:
        at = max(i for i, begin in enumerate(starts[:-1]) if begin <= start)
        place = lines[at].place(start - starts[at], end - starts[at])
        return figure(written, unit=unit, place=place)

    columns: dict[str, Figure] = {}
    for key, found in zip(("period", "year"), _PAIR.finditer(text), strict=False):
        counted = "fte" if "årsarbet" in text.casefold() else "count"
        unit = {"mkr": "mnkr"}.get(found["unit"], found["unit"]) or counted
        columns[key] = placed(*found.span("value"), unit, found["value"].strip())
        columns[f"{key}_change"] = placed(*found.span("change"), "percent", found["change"])
    return columns
