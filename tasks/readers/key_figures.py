"""Key figures of volume and cost: a value with its change in percent, or rows of a table.

Recognised: a label followed by lines that hold only values, each with a change in brackets
(`154,9` over `(-4,0%)`; period first, then the whole year), and tables under a heading that speaks
of key figures, whose columns keep the keys of result tables. A lone value without its change, or
a number of pairs that is not two, is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from expectations.contract import Figure, Measure
from expectations.register_files import generic_vocabulary
from expectations.registers import plain
from tasks.readers.grid import Sought
from tasks.readers.numbers import MINUS, SPACES, figure, unit_of_label
from tasks.readers.outline import Outline, Section
from tasks.readers.pages import Cell, Line
from tasks.readers.paragraphs import joined
from tasks.readers.parts import Parts
from tasks.readers.real_table import one_line, table_lines
from tasks.readers.result_table import other_table
from tasks.readers.tables import grids, parts_of
from tasks.readers.wording import Wording

_NUMBER = rf"(?:[{MINUS}+]\s?)?\d(?:[\d{SPACES}]{{0,20}}\d)?(?:,\d+)?"
"""Bounded: a line of thousands of numbers is not tried from each of them to its end."""
_UNIT = r"(?:mnkr|mkr|tkr|kr)"
_PAIR = re.compile(
    rf"(?P<value>{_NUMBER})(?:\s*(?P<unit>{_UNIT}))?\s*\(\s*(?P<change>{_NUMBER})\s*%\s*\)"
)
_CHANGE = rf"\(\s*{_NUMBER}\s*%\s*\)"
_VALUE_LINE = re.compile(rf"\s*(?:{_NUMBER}\s*{_UNIT}?\s*(?:{_CHANGE})?|{_CHANGE})\s*")
_ROW = re.compile(
    rf"\s*(?P<label>[A-ZÅÄÖ].{{2,120}}?)(?:\s+{_NUMBER}(?:\s*{_UNIT})?\s*{_CHANGE}){{2}}\s*"
)
"""A row whose label and two pairs stand on one line."""
_KEYS = ("period", "year")
_MOST_LABEL_LINES = 3


def measures(outline: Outline, words: Wording, taken: frozenset[int]) -> Parts:
    """Return the key figures of a report."""
    rows: list[Measure] = []
    own: set[int] = set()
    for section in outline.sections:
        for label, lines in _labelled(section):
            columns = _pairs(lines)
            if len(columns) == 2 * len(_KEYS):
                rows.append(Measure(label, lines[0].place(), None, columns))
                own |= {line.number for line in lines}
    for table in outline.tables:
        known = {row.name for row in rows}
        told = [row for row in map(_of_cells, table.rows) if row and row.name not in known]
        rows += told
        own |= table_lines(table, outline.lines) if told else set()
    titles = words.words["measure_titles"]["words"]

    def wanted(shown: str, _: Sequence[str]) -> bool:
        lowered = plain(shown)
        ends = max((lowered.rfind(title) for title in titles), default=-1)
        # the header of a table of projects stands nearer than the heading of key figures
        return ends >= 0 and other_table(lowered[ends:], words) != "investments"

    sought = Sought(
        wanted,
        lambda _: False,
        unit=_unit_told,
        more=True,
        by_year=True,
    )
    tables = list(grids(outline, words, sought, taken | own))
    rows += [Measure(r.label, r.place, None, r.columns) for table in tables for r in table.rows]
    return parts_of("measures", rows, tables).beside(Parts(claimed=frozenset(own)))


def _unit_told(label: str) -> str | None:
    """Return the unit of a key figure's label; what is counted may itself begin it (`Besök i …`).

    A part of those counted (`Elever som är trygga`) or a rate (`Barn per avdelning`) is no count.
    """
    known = generic_vocabulary()["counted_labels"]
    lowered = plain(label)
    begun = any(re.match(rf"{re.escape(word)}(?!\w)", lowered) for word in known["words"])
    counted = begun and not set(known["parts"]) & set(re.findall(r"\w+", lowered))
    return unit_of_label(label) or ("count" if counted else None)


def _of_cells(cells: Sequence[Cell]) -> Measure | None:
    """Return the row of a real table whose two cells each hold a value with its change."""
    found = [_PAIR.fullmatch(one_line(cell.text)) for cell in cells[1:]]
    if len(found) != len(_KEYS) or not all(found):
        return None
    label = re.sub(r"\s*\(.*$", "", one_line(cells[0].text))
    columns: dict[str, Figure] = {}
    for key, pair, cell in zip(_KEYS, found, cells[1:], strict=True):
        if pair is not None:
            columns[key] = figure(pair["value"], unit=_unit(pair, label), place=cell.place)
            columns[f"{key}_change"] = figure(pair["change"], unit="percent", place=cell.place)
    return Measure(label, cells[0].place, None, columns)


def _unit(pair: re.Match[str], text: str) -> str:
    """Return the unit that stands behind a value; without one it is a count of what is told of."""
    counted = "fte" if "årsarbet" in text.casefold() else "count"
    return {"mkr": "mnkr"}.get(pair["unit"], pair["unit"]) or counted


def _labelled(section: Section) -> Iterator[tuple[str, list[Line]]]:
    """Yield (label, lines) where a label is followed by values only, on its line or below."""
    lines = [line for line in section.lines if line.text.strip()]
    for line in lines:
        whole = _ROW.fullmatch(line.text)
        if whole is not None:
            yield re.sub(r"\s*\(.*$", "", whole["label"]).strip(), [line]
    index = 0
    while index < len(lines):
        stop = index + 1
        while stop < len(lines) and _VALUE_LINE.fullmatch(lines[stop].text):
            stop += 1
        values = lines[index + 1 : stop]
        if values and not _VALUE_LINE.fullmatch(lines[index].text):
            start = _label_begins(lines, index)
            label = re.sub(r"\s*\(.*$", "", joined(lines[start : index + 1])).strip()
            if plain(label) and label[0].isupper() and not label.endswith("."):
                yield label, [*lines[start : index + 1], *values]
        index = stop


def _label_begins(lines: Sequence[Line], index: int) -> int:
    """Return the first line of the label that ends on a line; what it measures is in brackets."""
    start = index
    while start and index - start < _MOST_LABEL_LINES - 1:
        text = joined(lines[start : index + 1]).strip()
        if text[:1].isupper() and text.count(")") <= text.count("("):
            break
        start -= 1
    return start


def _pairs(lines: Sequence[Line]) -> dict[str, Figure]:
    text = "\n".join(line.text for line in lines)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line.text) + 1)

    def placed(found: re.Match[str], name: str, unit: str) -> Figure:
        start, end = found.span(name)
        at = max(i for i, begin in enumerate(starts[:-1]) if begin <= start)
        place = lines[at].place(start - starts[at], end - starts[at])
        return figure(found[name], unit=unit, place=place)

    columns: dict[str, Figure] = {}
    for key, found in zip(_KEYS, _PAIR.finditer(text), strict=False):
        columns[key] = placed(found, "value", _unit(found, text))
        columns[f"{key}_change"] = placed(found, "change", "percent")
    return columns
