"""Rows of real tables whose cells hold several values, taken apart into rows of one value each.

Four ways are seen: as many lines in every cell (rows that ran into one), a word before each value
(`SLK 154,9` over `Politiken 47,9`), all values of a row in its first cell, and the whole row in the
cell of its label, where a colour behind every other row hides its columns. What fits none of
them stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tasks.readers.line_values import values_from
from tasks.readers.numbers import figure, row_readings
from tasks.readers.pages import Cell

_SCOPED = re.compile(r"(?P<scope>[A-ZÅÄÖ][\wåäöÅÄÖ-]*)\s+(?P<value>[+−–-]?\d[\d\s]*(?:,\d+)?)")
_YEAR = re.compile(r"20\d{2}(?:-?\d{2})?")


def unfolded(row: tuple[Cell, ...]) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows that a row of cells is; itself where no cell holds several values."""
    yield from _by_scope(row) or _by_line(row) or _spread(row) or _run_together(row) or [row]


def has_figures(row: Sequence[Cell]) -> bool:
    """Say whether a row has figures behind its first cell; years alone are a header."""
    told = [cell.text.strip() for cell in row[1:] if _is_figures(cell.text)]
    own = bool(told) and not all(_YEAR.fullmatch(text) for text in told)
    return own or bool(_run_together(tuple(row)))


def _is_figures(text: str) -> bool:
    lines = text.strip().split("\n")
    several = len(lines) > 1 and all(_is_figure(line) for line in lines)
    scoped = all(_SCOPED.fullmatch(line.strip()) for line in lines)
    spread = len(re.findall(r"\d,\d", text)) > 1 and bool(row_readings(text, _pieces(text)))
    return _is_figure(text) or several or spread or (scoped and len(lines) > 1)


def _is_figure(text: str) -> bool:
    return figure(text, unit=None).value is not None


def _pieces(text: str) -> int:
    return len(text.split())


def _by_scope(row: tuple[Cell, ...]) -> list[tuple[Cell, ...]]:
    """Return a row per scope where every cell has the same scopes, one a line."""
    parts = [
        [_SCOPED.fullmatch(line.strip()) for line in cell.text.strip().split("\n")]
        for cell in row[1:]
        if cell.text.strip()
    ]
    if not parts or any(None in one for one in parts):
        return []
    scopes = {tuple(found["scope"] for found in one if found) for one in parts}
    named = scopes.pop() if len(scopes) == 1 else ()
    if len(named) < 2 or len(set(named)) != len(named):  # noqa: PLR2004 - one is no list
        return []
    label = row[0]
    return [
        (
            replace(label, text=f"{label.text.strip()} {scope}"),
            *(_only(cell, at, scope) for cell in row[1:]),
        )
        for at, scope in enumerate(named)
    ]


def _only(cell: Cell, at: int, scope: str) -> Cell:
    lines = cell.text.strip().split("\n")
    return replace(cell, text=lines[at].strip().removeprefix(scope).strip()) if any(lines) else cell


def _by_line(row: tuple[Cell, ...]) -> list[tuple[Cell, ...]]:
    """Return a row per line where the label and all values have as many lines."""
    lines = [cell.text.strip().split("\n") for cell in row]
    count = len(lines[0])
    held = [own for own in lines[1:] if own != [""]]
    if count < 2 or not held or any(len(own) != count for own in held):  # noqa: PLR2004
        return []
    if not all(_is_figure(part) or not part.strip(" -–−") for own in held for part in own):
        return []
    return [
        tuple(
            replace(cell, text=own[at].strip()) if own != [""] else cell
            for cell, own in zip(row, lines, strict=True)
        )
        for at in range(count)
    ]


def _spread(row: tuple[Cell, ...]) -> list[tuple[Cell, ...]]:
    """Return the row with the values of its one cell in a cell each, where they are as many."""
    held = [cell for cell in row[1:] if cell.text.strip()]
    count = len(row) - 1
    if count < 2 or len(held) != 1 or _is_figure(held[0].text):  # noqa: PLR2004 - one column
        return []
    text = re.sub(r"\s*\n\s*", "   ", held[0].text.strip())
    found = row_readings(text, count)
    if len(found) != 1:
        return []
    return [(row[0], *(replace(held[0], text=token.written) for token in found[0]))]


def _run_together(row: tuple[Cell, ...]) -> list[tuple[Cell, ...]]:
    """Return the row whose label and values stand in its first cell, where they part one way."""
    label, others = row[0], row[1:]
    text = " ".join(label.text.split())
    if len(others) < _FEWEST or any(cell.text.strip() for cell in others):
        return []
    start = values_from(text)
    found = row_readings(text[start:], len(others)) if start else []
    if len(found) != 1:
        return []
    whole = replace(label, text=text[:start].strip())
    return [(whole, *(replace(label, text=token.written) for token in found[0]))]


_FEWEST = 2
"""Values of a row that show that it is one."""
