"""Headers of flattened tables: the lines above the rows that are understood and fit them.

A header whose words stand apart above the values is read column by column; else its words are
read in order. Half a header is none, and two that fit with different widths leave the table unread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from expectations.registers import plain
from tasks.readers.column_heads import UNKNOWN, Head
from tasks.readers.column_meanings import repeats
from tasks.readers.header_readings import header_readings
from tasks.readers.header_text import GLUED, MONTHS
from tasks.readers.header_words import heads
from tasks.readers.header_years import YEARS, with_line_of_years
from tasks.readers.line_values import stands_for_values, values_before_words, values_from
from tasks.readers.numbers import SHORT_MONEY, cells_apart, row_readings, row_values, unit_in
from tasks.readers.pages import Line
from tasks.readers.raw_row import RawRow
from tasks.readers.row_splits import NOTE, column_at, is_noted, readings_of, spans_of
from tasks.readers.wording import Wording

_HEADER_LINES = 16
_LONGEST_HEADER = 120
_MOST_LINES = 40
_FEWEST_NAMED = 4
"""Words of columns in a long line that is a header for certain."""
_LONGEST_UNIT = 30
"""`Belopp i tkr.` is no sentence."""
_MOST_COLUMNS = 16
_ROWS_COUNTED = 12
"""The first rows tell how many columns there are; all of them have to fit them later."""
_FEWEST_ROWS = 2
_DATE = re.compile(r"20\d\d-?(?:0[1-9]|1[0-2])")
_NOTES = re.compile(r"\d{1,2}(?:,\s\d{1,2})+|\d\)")
"""Numbers of notes in a header: `1, 2`, `2)`; an amount has no space behind its comma."""
_WORDS = ("words", "trend")
_TITLE = re.compile(
    r"[A-ZÅÄÖ][^.:]* (?:jämfört med|i förhållande till|och|per (?:verksamhet|enhet|ansvar|område))"
    rf"\b[^.:]*[ ,(](?:{SHORT_MONEY}|kronor)\)?$"
)
"""What a table shows and its unit: `Prognos jämfört med budget, tkr` names no columns."""


def header_above(
    lines: Sequence[Line], start: int, words: Wording, most: int | None = None
) -> list[Line]:
    """Return the lines above a row that could be its header: short ones, up to running text.

    A long line is one only where it is understood whole: eight columns take a long line. With
    `most` lines the cells of the table stand under one another: then a line of values ends it.
    """
    header: list[Line] = []
    for line in reversed(lines[:start]):
        text = line.text.strip()
        long = len(re.sub(r"\s+", " ", text)) > _LONGEST_HEADER and not heads(text, words)
        long = long and len(_column_words(text, words)) < _FEWEST_NAMED
        said = len(text) < _LONGEST_UNIT and unit_in(text) is not None
        # `kronor bättre än budget.` ends a sentence
        said = said and re.match(r"[a-zåäö]", text) is None
        if (
            long
            or (text.endswith((".", ":")) and not (said or _is_shortened(text, words)))
            or len(header) == (most or _HEADER_LINES)
        ):
            break
        if most and stands_for_values(text) and not _NOTES.fullmatch(text):
            break
        if header and _TITLE.match(text) and not any(unit_in(x.text) for x in header):
            break
        if text:
            header.insert(0, line)
    return header


def title_right_above(lines: Sequence[Line], number: int) -> str:
    """Return the line right above a header where it says what the table shows, else nothing."""
    above = [x.text.strip() for x in lines if x.number < number and x.text.strip()]
    return above[-1] if above and _TITLE.match(above[-1]) else ""


def _is_shortened(text: str, words: Wording) -> bool:
    """Say whether a line ends in a column's word that has a stop of its own, as `Förbr.` has."""
    short = len(text) < _LONGEST_UNIT or bool(_column_words(text, words))
    return short and text.casefold().split()[-1] in words.column_words()


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
        if columns and len(columns) > 1 and not _cut_off(header, start, words):
            if commented and columns[-1].kind == "change" and not _fit(run, columns):
                # `Upp`, `Ned`: how it has changed is said in words too
                columns = columns[:-1]
            if _dated(columns) and _fit(run, columns[1:]) >= _fit(run, columns):
                columns = columns[1:]
            fitting.append((_fit(run, columns), used, columns))
    width = _same_width(run)
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
    wide = [raw for raw in run if len(_parts(raw.values)) >= min(widths)]
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


def countings(run: Sequence[RawRow]) -> frozenset[int]:
    """Return how many columns most rows can have, one more where some begin with a note."""
    run = run[:_ROWS_COUNTED]
    told = {
        n
        for n in range(2, _MOST_COLUMNS + 1)
        if sum(bool(row_readings(raw.values, n)) for raw in run) * 2 >= len(run)
    }
    noted = {n + 1 for n in told if sum(bool(NOTE.match(raw.values)) for raw in run) * 2 > len(run)}
    return frozenset(told | noted)


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
    header = _broken_header(lines, run[0].lines[0], words)
    bare = without_groups(header, words) if not run[0].lead else header
    for some in (header, bare) if len(bare) < len(header) else (header,):
        for start in range(len(some)):
            used = some[start:]
            lead = [replace(run[0].lines[0], text=run[0].lead)] if run[0].lead else []
            found = header_readings(
                [*used, *lead], words, range(_MOST_COLUMNS + 1), more=more, unknown=unknown
            )
            if found is None:
                return
            if any(found):
                if not _hides_column(some, start, words):
                    figures = (
                        _before_words(one) if any(c.kind in _WORDS for c in one) else one
                        for one in found
                    )
                    yield from ((used, one) for one in figures if len(one) in counts)
                break


def _hides_column(header: Sequence[Line], start: int, words: Wording) -> bool:
    """Say whether a word that is not known parts a header from a column above: half is none."""
    if _only_marks(header[start].text, words) and _cut_off(header, start, words):
        # the year of an outcome says as much alone; that of a budget or a forecast does not
        last = plain(header[start - 1].text).split()[-1]
        return not words.table("columns").get(last, "").startswith("outcome")
    if start and _ends_a_cell(header[start:], words):
        return True
    if start and _DATE.fullmatch(header[start - 1].text.strip()):
        # it ends a cell that was not understood
        return True
    above = heads(header[start - 1].text, words, whole=True) if start else None
    first = plain(header[start].text).split()
    known = (*words.words["label_heads"]["words"], *words.words["header"]["skipped"])
    return bool(above) and bool(first) and first[0].strip("(/,") not in known


def _broken_header(lines: Sequence[Line], first: Line, words: Wording) -> list[Line]:
    """Return the lines above a row that may be a header in pieces: many, down from other rows."""
    header: list[Line] = []
    for line in reversed([line for line in lines if line.number < first.number]):
        text = line.text.strip()
        named = len(text) > _LONGEST_HEADER and len(_column_words(text, words)) < _FEWEST_NAMED
        ends = text.endswith((".", ":")) and not (
            (len(text) < _LONGEST_UNIT and re.match(r"[^a-zåäö]\S* ", text) and unit_in(text))
            or _is_shortened(text, words)
        )
        row = len(text.split()) > 1 and values_from(text) is not None
        row = row and not _NOTES.fullmatch(text)
        if named or ends or row or len(header) == _MOST_LINES:
            break
        if text:
            header.insert(0, line)
    return header


def _column_words(text: str, words: Wording) -> list[str]:
    known = {**words.table("columns"), **words.table("line_columns")}
    return [word for word in plain(GLUED.sub(" ", text)).split() if word in known]


def _parts(values: str) -> list[str]:
    """Return what may each be a value of its own: a sign of percent is part of another."""
    return [part for part in values.split() if part != "%"]


def without_groups(header: Sequence[Line], words: Wording) -> Sequence[Line]:
    """Return a header without the name of the first group of rows right above the first row."""
    last = header[-1].text.strip() if len(header) > 1 else ""
    named = (
        heads(last, words, more=True, whole=True) or len(heads(last, words, more=True) or ()) > 1
    )
    named = named or plain(last) == "period"
    group = not named and re.fullmatch(r"[A-ZÅÄÖ][^\d.:]{3,40}", last)
    return header[:-1] if group else header


def _before_words(columns: tuple[Head, ...]) -> tuple[Head, ...]:
    """Return the columns before those of words; none where words stand between figures."""
    last = next((at for at, head in enumerate(columns) if head.kind in _WORDS), None)
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
    fits = len(found) > 1 and _fit(run, found) * 3 >= len(run) * 2
    return (header, found) if fits and not repeats(found) else None


def _same_width(run: Sequence[RawRow]) -> int:
    """Return how many values every row has where its numbers are as long as can be, 0 if not so."""
    told = {len(row_values(raw.values) or ()) for raw in run}
    return told.pop() if len(told) == 1 and len(run) >= _FEWEST_ROWS else 0


_MAY_JOIN = re.compile(r"(?<![\d,])[1-9]\d{0,2}[ \u00a0]\d{3}(?!\d)")


def sure_width(run: Sequence[RawRow]) -> int:
    """Return how many values most rows have, 0 where numbers side by side may be one."""
    if any(_MAY_JOIN.search(raw.values) for raw in run):
        return 0
    widths = [len(row_values(raw.values) or ()) for raw in run]
    most = max(set(widths), key=widths.count)
    return most if widths.count(most) * 3 >= len(run) * 2 else 0


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


def _cut_off(header: Sequence[Line], start: int, words: Wording) -> bool:
    """Say whether the line right above names a column too: half a header is none.

    A year goes on with what stands above it, also over a blank line: `Budget` over `2025`.
    """
    if start in (0, len(header)):
        return False
    begun = any(_heads_labels(line.text, words) for line in header[:start])
    if begun or _parts_a_name(header[start - 1].text, header[start].text, words):
        return True
    if _ends_a_cell(header[start:], words):
        return True
    apart = header[start].number - header[start - 1].number > 1
    bare = _only_marks(header[start].text, words)
    if apart and not bare:
        return False
    above = plain(header[start - 1].text).split()
    if not apart and bare and above and words.opening("column_marks", above[-1]):
        # `Budget`, `helår` and `2025` are the lines of one cell
        return True
    return any(words.opening("columns", " ".join(above[at:])) for at in range(len(above)))


def _heads_labels(text: str, words: Wording) -> bool:
    """Say whether a line is the head of the labels and a word that nobody knows: a header begins.

    `Verksamhet Riktpunkt`
    """
    first, *others = re.findall(r"[^\s(),:]+", text)[:2] or [""]
    known = words.words["label_heads"]["words"]
    return (
        plain(first) in known
        and bool(others)
        and others[0][0].isupper()
        and plain(others[0]) not in (*known, *words.column_words(), *words.words["units"])
    )


def _ends_a_cell(lines: Sequence[Line], words: Wording) -> bool:
    """Say whether a line in lower case goes on with the cell above, as those below begin cells."""
    first = plain(lines[0].text).split()[:1]
    lower = re.match(r"\s*[a-zåäö]", lines[0].text) is not None
    begun = any(re.match(r"\s*[A-ZÅÄÖ]", line.text) for line in lines[1:])
    told = first and (words.opening("columns", first[0]) or words.opening("column_marks", first[0]))
    return bool(lower and begun and told)


def _parts_a_name(above: str, below: str, words: Wording) -> bool:
    """Say whether the last word of a line and the first of the next name one column together."""
    last, first = plain(above).split()[-1:], plain(below).split()[:1]
    whole = words.opening("columns", " ".join([*last, *first]))
    return bool(last and first) and whole is not None and whole[0] == f"{last[0]} {first[0]}"


def _only_marks(text: str, words: Wording) -> bool:
    """Say whether a line holds nothing but a year or a period: it ends the cell above it."""
    if re.fullmatch(r"20\d\d", text.strip()):
        return True
    mark = words.opening("column_marks", plain(text))
    whole = mark is not None and mark[0] == plain(text)
    return whole or MONTHS.fullmatch(plain(text)) is not None


def _fit(run: Sequence[RawRow], heads_: Sequence[Head]) -> int:
    """Return how many rows can have this many values; none where one has more for certain."""
    columns, noted = len(heads_), is_noted(heads_)
    if any(len(cells_apart(raw.values)) > columns for raw in run if not raw.below):
        return 0
    fewer = _may_lack(heads_)
    return sum(
        bool(readings_of(raw, columns, (), noted=noted))
        or any(row_readings(raw.values, columns - count) for count in fewer)
        for raw in run
    )


def _may_lack(heads_: Sequence[Head]) -> tuple[int, ...]:
    """Return how many columns an indicator may leave empty: the council's target, women and men."""
    kinds = [head.kind for head in heads_]
    if "council_target" not in kinds or "words" in kinds:
        return ()
    return (1, 2, 3) if {"women", "men"} <= set(kinds) else (1,)


# --- headers that stand above their columns ------------------------------------------------------


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
