"""Headers of flattened tables: the lines above the rows that are understood and fit them.

A header whose words stand apart above the values is read column by column; else its words are
read in order. Half a header is none, and two that fit with different widths leave the table unread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from tasks.readers.column_heads import UNKNOWN, Head
from tasks.readers.column_meanings import repeats
from tasks.readers.half_headers import hides_column, is_cut_off
from tasks.readers.header_lines import broken_header, without_groups
from tasks.readers.header_readings import header_readings
from tasks.readers.header_words import heads
from tasks.readers.header_years import YEARS, with_line_of_years
from tasks.readers.line_values import values_before_words, values_from
from tasks.readers.pages import Line
from tasks.readers.raw_row import RawRow
from tasks.readers.row_splits import column_at, spans_of
from tasks.readers.table_widths import (
    MOST_COLUMNS,
    countings,
    rows_that_fit,
    same_width,
    value_parts,
)
from tasks.readers.wording import Wording

_FEWEST_ROWS = 2
_WORDS = ("words", "trend")


def understood(
    header: Sequence[Line], run: Sequence[RawRow], words: Wording, *, more: bool = False
) -> tuple[Sequence[Line], tuple[Head, ...]] | None:
    """Return the header lines that are understood whole and fit the rows, with their columns.

    The lines nearest the rows count; text above them may be anything. Two headers of different
    width that both fit leave the table unread. Years on a line of their own are the columns'.
    """
    found = _understood(header, run, words, more=more)
    lines = [at for at, line in enumerate(header) if YEARS.fullmatch(line.text.strip())]
    if len(lines) != 1:
        return found
    [at] = lines
    rest = _understood([*header[:at], *header[at + 1 :]], run, words, more=more)
    beside = rest is not None and {*header[max(0, at - 1) : at], *header[at + 1 :]} & {*rest[0]}
    dated = with_line_of_years(rest, header[at]) if rest is not None and beside else None
    if rest is not None and beside and found is not None and len(found[1]) != len(rest[1]):
        # whose the years are is not told, and they are no columns
        return dated
    alone = found is not None and found[0][:1] == header[at + 1 : at + 2]
    return dated or (None if alone else found)


def _understood(
    header: Sequence[Line], run: Sequence[RawRow], words: Wording, *, more: bool
) -> tuple[Sequence[Line], tuple[Head, ...]] | None:
    """Return the header lines and columns without regard to years that stand apart."""
    aligned = _aligned(header, run, words, more=more)
    if aligned is not None:
        return header, aligned
    found = [_in_order(header, run, words, more=more, joined=joined) for joined in (False, True)]
    known = [one for one in found if one is not None]
    if not known:
        return _by_capitals(header, run, words, more=more)
    return next((one for one in known if not repeats(one[1])), known[0] if known else None)


def _in_order(
    header: Sequence[Line], run: Sequence[RawRow], words: Wording, *, more: bool, joined: bool
) -> tuple[Sequence[Line], tuple[Head, ...]] | None:
    """Return the header whose words are read in order; `joined` as for `columns.heads`."""
    fitting: list[_Fitting] = []
    header = without_groups(header, words) if not run[0].lead else header
    commented = any(raw.ends is not None for raw in run)
    for start in range(len(header) + bool(run[0].lead)):
        used = header[start:]
        text = "\n".join([*(line.text for line in used), run[0].lead])
        columns = heads(text, words, more=more, joined=joined)
        if columns and commented:
            columns = _before_words(columns)
        if columns and len(columns) > 1 and not is_cut_off(header, start, words):
            if commented and columns[-1].kind == "change" and not rows_that_fit(run, columns):
                # `Upp`, `Ned`: how it has changed is said in words too
                columns = columns[:-1]
            if _dated(columns) and rows_that_fit(run, columns[1:]) >= rows_that_fit(run, columns):
                columns = columns[1:]
            fitting.append((rows_that_fit(run, columns), used, columns))
    width = same_width(run)
    if any(len(columns) == width and not repeats(columns) for _, _, columns in fitting):
        # a title above may name columns too: with its words every row would be torn apart
        fitting = [one for one in fitting if not repeats(one[2])]
    # what begins in the middle of a header that is understood is half of one
    fitting = [one for one in fitting if not any(_is_half(one, other) for other in fitting)]
    most = max((fit for fit, _, _ in fitting), default=0)
    best = [(used, columns) for fit, used, columns in fitting if fit == most]
    widths = {len(columns) for _, columns in best}
    # values under one another may have lost their labels, but most rows have to fit
    share = Fraction(2, 3) if any(raw.below for raw in run) else Fraction(1, 2)
    if not most or len(widths) != 1:
        return None
    # rows with fewer values may have empty cells: they tell nothing of the width
    wide = [raw for raw in run if len(value_parts(raw.values)) >= min(widths)]
    told = wide if most >= _FEWEST_ROWS else run
    return _below_rows(best) if most >= len(told) * share else None


def _below_rows(
    best: Sequence[tuple[Sequence[Line], tuple[Head, ...]]],
) -> tuple[Sequence[Line], tuple[Head, ...]]:
    """Return the first header, from below the rows of a table above where it is the same there."""
    bare = (one for one in best if one[1] == best[0][1] and not any(map(_is_row, one[0])))
    return next(bare, best[0])


def _is_row(line: Line) -> bool:
    values = values_from(line.text)
    return bool(values) or values_before_words(line.text) is not None


def readings_above(
    lines: Sequence[Line],
    run: Sequence[RawRow],
    words: Wording,
    *,
    more: bool = False,
    unknown: bool = False,
) -> Iterator[tuple[Sequence[Line], tuple[Head, ...]]]:
    """Yield the ways to read the lines above rows: from the topmost that they can be read from.

    With `unknown` a column may have a word that nobody knows, and stays open.
    """
    counts = countings(run)
    header = broken_header(lines, run[0].lines[0], words)
    bare = without_groups(header, words) if not run[0].lead else header
    for some in (header, bare) if len(bare) < len(header) else (header,):
        for start in range(len(some)):
            used = some[start:]
            lead = [replace(run[0].lines[0], text=run[0].lead)] if run[0].lead else []
            found = header_readings(
                [*used, *lead], words, range(MOST_COLUMNS + 1), more=more, unknown=unknown
            )
            if found is None:
                return
            if any(found):
                if not hides_column(some, start, words):
                    figures = (
                        _before_words(one) if any(c.kind in _WORDS for c in one) else one
                        for one in found
                    )
                    yield from ((used, one) for one in figures if len(one) in counts)
                break


def _before_words(columns: tuple[Head, ...]) -> tuple[Head, ...]:
    """Return the columns before those of words; none where words stand between figures."""
    first = next((at for at, head in enumerate(columns) if head.kind not in _WORDS), 0)
    # `Projektnr` stands over the labels, which begin with the numbers
    columns = columns[first:]
    last = next((at for at, head in enumerate(columns) if head.kind in _WORDS), None)
    if last is None and first:
        return columns
    if last is None or any(head.kind not in (*_WORDS, "open", UNKNOWN) for head in columns[last:]):
        return ()
    return columns[:last]


def _by_capitals(
    header: Sequence[Line], run: Sequence[RawRow], words: Wording, *, more: bool
) -> tuple[Sequence[Line], tuple[Head, ...]] | None:
    """Return the header whose columns each begin with a capital, and are understood one by one.

    `Utfall per 2025-08-31 Budget per 2025-08-31`: what stands before them names the labels.
    """
    commented = any(raw.ends is not None for raw in run)
    columns: list[Head] = []
    text = "\n".join(line.text.strip() for line in header)
    for part in reversed(re.split(r"(?<!\S)(?=[A-ZÅÄÖ])", text)):
        own = heads(part.strip(), words, more=more, whole=True)
        if not own or len(own) != 1 or not (own[0].kind or own[0].year):
            break
        columns.insert(0, own[0])
    found = _before_words(tuple(columns)) if commented else tuple(columns)
    fits = len(found) > 1 and rows_that_fit(run, found) * 3 >= len(run) * 2
    return (header, found) if fits and not repeats(found) else None


_Fitting = tuple[int, Sequence[Line], tuple[Head, ...]]
"""How many rows fit a header, its lines and its columns."""


def _is_half(one: _Fitting, other: _Fitting) -> bool:
    """Say whether a header is the end of another with more columns, which fits or says no more.

    A title above a header may name its columns too: then they come twice and fit no row.
    """
    fit, lines, columns = other
    longer = len(lines) > len(one[1]) and len(columns) > len(one[2])
    return longer and (fit > 0 or not repeats(columns))


def _dated(columns: Sequence[Head]) -> bool:
    """Say whether a day stands before columns of words: `Anställda 2024-12-31 Kvinnor Män`."""
    return not columns[0].kind and all(column.kind for column in columns[1:])


def _aligned(
    header: Sequence[Line], run: Sequence[RawRow], words: Wording, *, more: bool
) -> tuple[Head, ...] | None:
    """Return the columns of a header whose words stand apart above the values, or None."""
    spans = spans_of(run)
    if len(spans) < 2:  # noqa: PLR2004 - a table has columns
        return None
    texts = [""] * len(spans)
    for line in header:
        pieces = list(re.finditer(r"\S+(?: \S+)*", line.text))
        for piece in pieces:
            at = column_at(piece.span(), spans)
            if at is None and piece.end() > spans[0][0]:
                return None
            if at is not None:
                texts[at] = f"{texts[at]}\n{piece.group()}".strip()
    columns = [heads(text, words, more=more, whole=True) for text in texts]
    single = [found[0] for found in columns if found and len(found) == 1]
    return tuple(single) if len(single) == len(spans) else None
