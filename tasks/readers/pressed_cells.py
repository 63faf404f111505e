"""The cells of a row of words: which columns some text fills, and how odd that is.

Closed columns hold what their pattern says; free cells begin with a capital. Cells beside each
other on a line are of one line, all but the last.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from expectations.register_files import generic_vocabulary
from tasks.readers.pages import Cell
from tasks.readers.passage import Passage
from tasks.readers.pressed_lines import WORST

_MOST_CAPITALS = 9
_MOST_BLANK = 3
_LONGEST_UNIT = 1500
_LONGEST_NAME = 300
_NAMES = ("text", "goal", "area", "position", "group", "title")
"""Free columns that name what the row is about: no sentence stands there."""
_NUMBER = "number"
_RESPONSIBLE = "responsible"
_COMMENTS = ("narrative", "motive", "comment")
RUN_IN = re.compile(r"[a-zåäö]{2}(?:20\d\d-\d\d|[A-ZÅÄÖ]{2})")
"""Where one cell has run into the next: `växelKS 2024/00631`."""
_FREE = r"(\S.*?)"

Cells = tuple[tuple[str, Cell], ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table: keys in order, patterns of closed ones, those each row must have."""

    keys: tuple[str, ...]
    closed: Mapping[str, str]
    wanted: Collection[str]

    @property
    def shut(self) -> str:
        """Return the pattern of the words that a closed column of the table can hold."""
        told = [key for key in self.keys if key in self.closed and key != _NUMBER]
        return "|".join(self.closed[key] for key in told)

    def missing(self, key: str) -> float:
        """Return how odd it is that a row has nothing in a column."""
        if key in self.wanted or key in _NAMES or not self.shut:
            return 2 * WORST
        return 0.4 if key in _COMMENTS else 1.0


def parted(
    table: Columns, whole: Passage, head: int, column: int
) -> Iterator[tuple[int, float, Cells]]:
    """Yield (next column, cost, cells) of the ways to part a text into cells from a column on.

    `head` is how much of the text stands on its first line.
    """
    if len(whole.text) > _LONGEST_UNIT:
        return
    width = len(table.keys)
    for last in range(column + 1, width + 1):
        for keys in _chosen(table, column, last):
            skipped = sum(table.missing(k) for k in table.keys[column:last] if k not in keys)
            for spans in _spans(whole.text, keys, table.closed):
                over = sum(end > head for _, end in spans[:-1])
                cost = skipped + 2.0 * over
                cells = []
                for at, (key, (start, end)) in enumerate(zip(keys, spans, strict=True)):
                    part = whole.part(start, end)
                    if part is None or part.place is None:
                        break
                    cost += _odd(key, part.text, table, is_first=column == 0 and at == 0)
                    cells.append((key, Cell(part.text, part.place)))
                else:
                    cost += _shared_day(cells, table)
                    if cost <= WORST:
                        yield last, cost, tuple(cells)


def _shared_day(cells: Sequence[tuple[str, Cell]], table: Columns) -> float:
    """Return how odd it is whose a day is: that of a decision, or when something is due.

    `KF 2024-06-17` is one decision; `KF` with a day that is due could be meant by nobody but who
    wrote the table.
    """
    told = {key: cell.text for key, cell in cells}
    if "due" not in table.keys or "decision" not in told:
        return 0.0
    day = re.search(rf"\s(?:{table.closed.get('due', '$^')})$", told["decision"])
    if "due" not in told:
        return 1.0 if day else 0.0
    return 0.0 if re.search(r"\d", told["decision"]) else 1.0


def _chosen(table: Columns, column: int, last: int) -> Iterator[tuple[str, ...]]:
    """Yield the columns of which a unit may hold cells: the last one always, blanks before it."""
    before = table.keys[column : last - 1]
    must = [key for key in before if key in table.wanted]
    free = [key for key in before if key not in table.wanted]
    for count in range(len(free), max(len(free) - _MOST_BLANK, -1), -1):
        for some in itertools.combinations(free, count):
            kept = {*must, *some}
            yield (*(key for key in before if key in kept), table.keys[last - 1])


def _odd(key: str, text: str, table: Columns, *, is_first: bool) -> float:
    """Return how odd a text is as a cell of a column."""
    if key in table.closed:
        return 0.0
    named = key in _NAMES
    if named and (len(text) > _LONGEST_NAME or not re.search(r"[^\W\d]{3}", text)):
        return 2 * WORST
    if named and RUN_IN.search(text):
        return 2 * WORST
    shut = table.shut
    begins = re.match(r"[A-ZÅÄÖ\d”\"(–-]", text) is not None
    if is_first and not begins and not shut:
        return 2 * WORST
    cost = 0.0 if begins else 2.0
    if shut and re.match(rf"(?:{shut})(?!\w)|.*\s(?:{shut})$", text, re.DOTALL):
        # a value that a column of its own should hold
        cost += 2.5
    if named and _RESPONSIBLE in table.keys and _ends_with_function(text):
        cost += 2.5
    if is_first and _NUMBER in table.keys and _NUMBER in table.closed:
        cost += 2.5 * (re.match(rf"(?:{table.closed[_NUMBER]})\s", text) is not None)
    if named and (key == table.keys[0] or is_first):
        cost += 1.5 * text.endswith(".") + 4 * (re.search(r"[.!?] [A-ZÅÄÖ]", text) is not None)
    return cost


def _ends_with_function(text: str) -> bool:
    """Say whether a name ends with who answers for it: `Utreda en bro Gatuchefen`."""
    last = re.search(r"(?<=[^\s–-] )[A-ZÅÄÖ][^A-ZÅÄÖ]*$", text)
    functions = generic_vocabulary()["functions"]["words"]
    return last is not None and any(word in last.group().casefold() for word in functions)


def _spans(
    text: str, keys: Sequence[str], closed: Mapping[str, str]
) -> Iterator[tuple[tuple[int, int], ...]]:
    """Yield the spans of cells that a text can be parted into, one for each key, in order."""
    groups: list[list[str]] = []
    for key in keys:
        if groups and key not in closed and groups[-1][-1] not in closed:
            groups[-1].append(key)
        else:
            groups.append([key])
    pattern = r"\s+".join(
        rf"({closed[group[0]]})(?!\w)" if group[0] in closed else _FREE for group in groups
    )
    for lazy in (pattern, pattern.replace(_FREE, r"(\S.*)")):
        found = re.fullmatch(lazy, text)
        if found is None:
            return
        outer = _outer(found, len(groups))
        inner = [
            list(_free(text, *span, len(group))) for span, group in zip(outer, groups, strict=True)
        ]
        for choice in itertools.product(*inner):
            yield tuple(span for part in choice for span in part)
        if _FREE not in pattern:
            return


def _outer(found: re.Match[str], count: int) -> list[tuple[int, int]]:
    """Return the spans of the outermost groups of a match, in order."""
    spans: list[tuple[int, int]] = []
    for number in range(1, (found.re.groups or 0) + 1):
        start, end = found.span(number)
        if start >= 0 and (not spans or start >= spans[-1][1]) and len(spans) < count:
            spans.append((start, end))
    return spans


def _free(text: str, start: int, end: int, count: int) -> Iterator[tuple[tuple[int, int], ...]]:
    """Yield the ways to part a text into free cells: each begins with a capital behind a word."""
    if count == 1:
        yield ((start, end),)
        return
    cuts = [m.start() for m in re.finditer(r"(?<=[^\s,–-] )(?=[A-ZÅÄÖ])", text[start:end])]
    if len(cuts) > _MOST_CAPITALS:
        return
    for some in itertools.combinations(cuts, count - 1):
        edges = [start, *(start + cut for cut in some), end + 1]
        yield tuple((a, b - 1) for a, b in itertools.pairwise(edges))
