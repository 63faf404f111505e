"""Every way to read a header whose cells were broken: words cut over lines, groups above columns.

Text pressed out of a PDF keeps the order of the cells and loses their edges: `Avvikelse` `prognos`
may be one column or two, `Budge` `t` is one word, `Helår 2025` above others is a group. Each way is
a row of heads; how many values the rows have and their arithmetic say which one it is.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from tasks.readers.column_heads import UNKNOWN, Head, dated_groups, grouped
from tasks.readers.columns import IN_PERCENT
from tasks.readers.composed_heads import composed, meaning
from tasks.readers.header_text import (
    FORMULA,
    GLUED,
    HEADS_PROJECTS,
    MONTHS,
    by_period,
    is_cut_wrongly,
    unhyphened,
)
from tasks.readers.header_words import UNTIL, begins_unknown, leads, reaching, without_unknown_year
from tasks.readers.numbers import unit_in
from tasks.readers.pages import Line
from tasks.readers.wording import Wording

_YEAR = re.compile(
    r"(2\n*0\n*\d\n*\d)(?:-\n?(0\n?[1-9]|1\n?[0-2])(?:-\n?(?:[0-2]\n?\d|3\n?[01]))?)?(?!\d)"
)
_BETWEEN = re.compile(r"(?:20)?\d{2}\s*[-/]\s*(?:20)?\d{2}(?!\d)")
_PERCENT = ("%", "procent", "i procent")
_GROUP_YEAR = re.compile(r" (20\d\d)(?=\n|$)")
_DAY = re.compile(r"\d{1,2}(?:/\d{1,2})?(?=[\s/]+[a-zåäö]|\s*\Z)|[0-3]?\d/[01]?\d(?!\d)")
_NOTES = re.compile(r"\d{1,2}(?:\s?,\s?\d{1,2})+(?!\d)")
_DASHES = str.maketrans("–−‒", "---")
_GAP = re.compile(r"\.?[ \n]+|-\n+")
"""Between two words of a head; an abbreviation may have its stop."""
_JOINS = re.compile(r"\b(?:mot|jämfört|mellan|av)\b| - |/")
"""What puts two kinds together to one column."""
_ENDS_OPEN = re.compile(r"(?:\b(?:mot|jämfört|mellan|av)| -|/)$")
_SLASH_BEFORE = re.compile(r"[a-zåäö]/\Z")
"""`Avvikelse utfall/budget`: what follows is no column of its own."""
_CUT = re.compile(r"-?\n+|- (?=[a-zåäö])")
"""Within a word that a narrow cell cut."""
_EMPTY = " \n.,:;()/-*"
_MOST_STEPS = 1000
"""Of more places and ways than these none is taken: the right one may not be among them."""
_MOST_WORDS = 5
"""Words of one column's head that are put together by their parts."""
_LONGEST = 600
_NOTE = "note"
_MADE_BEFORE = ("budget", "forecast")
_DIFFERENCES = ("deviation", "deviation_percent", "forecast_deviation", "change")
_MOST_UNKNOWN = 2
"""Columns of a header whose words nobody knows; with more of them hardly anything is told."""
_BEGINS_CELL = re.compile(r"[A-ZÅÄÖ%±+]|-/")


@dataclass(frozen=True, slots=True)
class _Way:
    """A header read up to some place: its columns, the groups and years that stand above them."""

    columns: tuple[Head, ...] = ()
    groups: tuple[tuple[int, str], ...] = ()
    years: tuple[str, ...] = ()
    """Years of groups of columns: no columns of their own."""
    led: bool = False
    """Whether a word that is not known stands right before the first column."""


@dataclass(slots=True)
class _Walk:
    """The text of a header and what it may be read with."""

    text: str
    cased: str
    """The same with its capitals."""
    words: Wording
    phrases: Mapping[str, str]
    most: int
    unknown: bool = False
    """Whether words that are not known may be a column that stays open."""
    ways: list[_Way] = field(default_factory=list)
    seen: set[tuple[int, _Way]] = field(default_factory=set)
    named: dict[int, list[tuple[int, Head]]] = field(default_factory=dict)
    """The columns that words name at each place: the same whatever stands before."""
    periods: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    skipped: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    grouped: dict[int, list[tuple[int, str]]] = field(default_factory=dict)


def header_readings(
    lines: Sequence[Line],
    words: Wording,
    counts: Collection[int],
    *,
    more: bool = False,
    unknown: bool = False,
) -> list[tuple[Head, ...]] | None:
    """Return the ways to read a header's lines as so many columns; None where there are too many.

    Words before the first column that is known may be anything: they name the labels. With
    `unknown` a word that is not known may begin a column too, which stays open.
    """
    text = ""
    for before, line in itertools.pairwise([Line("", lines[0].number), *lines]):
        text += ("\n\n" if line.number > before.number + 1 else "\n") + line.text.strip()
    text = unhyphened(GLUED.sub(" ", FORMULA.sub(" ", text)), words)
    cased = by_period(text).translate(_DASHES).strip()
    cased = HEADS_PROJECTS.sub("", cased)
    text = cased.casefold()
    if not counts or len(text) > _LONGEST:
        return []
    names = ("columns", "word_columns", "column_cells", *(["more_columns"] * more))
    phrases = {
        phrase.translate(_DASHES): code
        for name in names
        for phrase, code in words.table(name).items()
    }
    cased = cased if len(cased) == len(text) else text
    walk = _Walk(text, cased, words, phrases, max(counts), unknown)
    _on(walk, 0, _Way())
    found = {_whole(way): None for way in walk.ways}
    whole = [columns for columns in found if len(columns) in counts]
    return whole if len(walk.seen) <= _MOST_STEPS else None


def _whole(way: _Way) -> tuple[Head, ...]:
    """Return the columns of a way with their groups; outcomes without a year are of the newest."""
    told = list(without_unknown_year(way.columns, led=way.led))
    columns = dated_groups(grouped(told, way.groups))
    newest = max(way.years, default=None)
    own = any(head.year for head in columns)
    return tuple(
        replace(head, year=newest)
        if newest and own and head.kind == "outcome" and not head.year and not head.previous
        else head
        for head in columns
    )


def _on(walk: _Walk, at: int, way: _Way) -> None:
    """Go on with one way, from a place in the text, in every manner that there is."""
    while at < len(walk.text) and walk.text[at] in _EMPTY:
        at += 1
    if (at, way) in walk.seen or len(walk.seen) > _MOST_STEPS or len(way.columns) > walk.most:
        return
    walk.seen.add((at, way))
    if at == len(walk.text):
        walk.ways.append(way)
        return
    for end, following in dict.fromkeys(_steps(walk, at, way)):
        _on(walk, end, following)


def _steps(walk: _Walk, at: int, way: _Way) -> Iterator[tuple[int, _Way]]:
    """Yield (place behind, the way with it) of what may stand at a place."""
    known = False
    if at not in walk.named:
        walk.periods[at] = _periods(walk, at)
        walk.named[at] = [
            one
            for one in _named(walk, at)
            if not is_cut_wrongly(walk.cased[at : one[0]], walk.cased[one[0] :].lstrip())
            or not _begins_column(walk, one[0])
        ]
        groups, skipped = walk.words.table("column_groups"), walk.words.words["header"]["skipped"]
        walk.grouped[at] = _ends(walk.text, at, groups)
        walk.skipped[at] = _ends(walk.text, at, skipped)
    slashed = _SLASH_BEFORE.search(walk.text, max(at - 2, 0), at) is not None
    for end, head in () if slashed else walk.named[at]:
        known = True
        yield end, replace(way, columns=(*way.columns, head))
    for end, following in _marked(walk, at, way):
        known = True
        yield end, following
    if not known and walk.unknown:
        yield from _unknown(walk, at, way)
    if (
        not known
        and not way.columns
        and (walk.unknown or not begins_unknown(walk.cased, at, walk.words))
    ):
        unknown = re.compile(r"\S+").match(walk.text, at)
        end = unknown.end() if unknown else len(walk.text)
        yield end, replace(way, led=leads(walk.text[at:end], walk.text[end:], walk.words))


def _unknown(walk: _Walk, at: int, way: _Way) -> Iterator[tuple[int, _Way]]:
    """Yield a word that is not known as what begins an open column, or goes on with one.

    In lower case it belongs to the column before, which then is another than its words say.
    """
    word = re.compile(r"\S+").match(walk.text, at)
    named = word.group().strip("(),:") if word else ""
    if _JOINS.match(walk.text, at) or named in walk.words.words["label_heads"]["words"]:
        return
    end = word.end() if word else len(walk.text)
    begins = _BEGINS_CELL.match(walk.cased, at) is not None
    if way.columns and way.columns[-1].kind and not walk.cased[at].isupper():
        last = replace(way.columns[-1], kind=UNKNOWN, scope="", previous=False)
        yield end, replace(way, columns=(*way.columns[:-1], last))
    if begins and sum(head.kind == UNKNOWN for head in way.columns) < _MOST_UNKNOWN:
        yield end, replace(way, columns=(*way.columns, Head(UNKNOWN)))


def _begins_column(walk: _Walk, at: int) -> bool:
    """Say whether what follows a place is a column of its own, not the rest of the one before."""
    while at < len(walk.text) and walk.text[at] in _EMPTY:
        at += 1
    return any(_behind(walk.text, at, phrase) for phrase in walk.phrases)


def _named(walk: _Walk, at: int) -> Iterator[tuple[int, Head]]:
    """Yield (place behind, head) of the phrases at a place that name a column."""
    taken = set()
    for phrase, code in walk.phrases.items():
        end = _behind(walk.text, at, phrase)
        if end is not None:
            taken.add(end)
            kind, _, scope = code.partition(" ")
            yield end, Head(kind, scope)
    if walk.periods[at] or not walk.text[at].isalpha() or _JOINS.match(walk.text, at):
        # `mot budget` is the end of the column before
        return
    unit = unit_in(walk.text[at:].split(maxsplit=1)[0]) is not None
    # `Mkr 2022 Budget`: the unit stands over the labels, and the year is a column of its own
    for end in () if unit else _spans(walk.text, at):
        span = walk.text[at:end]
        told = composed(span, walk.words) if end not in taken else None
        if told is None or (len(told.kinds) > 1 and not _JOINS.search(span)):
            continue
        if _ENDS_OPEN.search(span):
            # `Avvikelse mot` is no column: what it is compared with follows
            continue
        # what a phrase and the marks behind it say as well is no way of its own
        own = not taken or told.marks & {"percent"} or bool(_JOINS.search(span))
        meant = meaning(told) if own else None
        if meant is not None:
            yield end, Head(meant[0], meant[1], year=told.year, month=told.month)


def _marked(walk: _Walk, at: int, way: _Way) -> Iterator[tuple[int, _Way]]:
    """Yield what says of which period or group columns are, and what says nothing."""
    text = walk.text
    for end, phrase in walk.grouped[at]:
        name = walk.words.table("column_groups")[phrase]
        yield end, replace(way, groups=(*way.groups, (len(way.columns), name)))
    yield from _dated(text, at, way)
    for end, mark in walk.periods[at]:
        yield end, _scoped(way, mark)
        if way.columns and text[:at].endswith("\n\n"):
            # in a cell of its own it may be the head of a group that the next column begins
            dated = _GROUP_YEAR.match(text, end)
            years = (*way.years, dated[1]) if dated else way.years
            yield (dated.end() if dated else end), replace(way, years=years)
    for end, phrase in walk.skipped[at]:
        yield end, _in_percent(way) if phrase in _PERCENT else _reaching(way, phrase)
    day = _DAY.match(text, at) or (_NOTES.match(text, at) if _is_noted(way) else None)
    if day is not None and not _YEAR.match(text, at):
        yield day.end(), way


def _dated(text: str, at: int, way: _Way) -> Iterator[tuple[int, _Way]]:
    """Yield the ways to take a year at a place, or what is said with one."""
    last = way.columns[-1] if way.columns else Head("")
    between, until, year = (form.match(text, at) for form in (_BETWEEN, UNTIL, _YEAR))
    if between is not None and last.kind.startswith("change"):
        yield between.end(), way
    elif until is not None and last.kind in ("outcome", "worked"):
        # what a project has cost since it began is no outcome of last year
        total = replace(last, kind="total_outcome")
        yield until.end(), replace(way, columns=(*way.columns[:-1], total))
    elif year is not None:
        yield from ((year.end(), following) for following in _with_year(way, year))


def _periods(walk: _Walk, at: int) -> list[tuple[int, str]]:
    """Return (place behind, mark) of the longest words at a place that say a period, if any."""
    months = MONTHS.match(walk.text, at)
    found = [(months.end(), "period")] if months is not None else []
    for phrase, mark in walk.words.table("column_marks").items():
        end = _behind(walk.text, at, phrase)
        if end is not None:
            found.append((end, mark))
    return [max(found)] if found else []


def _in_percent(way: _Way) -> _Way:
    """Return the way with its last column in per cent, where it is a difference."""
    last = way.columns[-1] if way.columns else None
    kinds = {**IN_PERCENT, "forecast_deviation": "deviation_percent"}
    if last is None or last.kind not in kinds:
        return way
    return replace(way, columns=(*way.columns[:-1], replace(last, kind=kinds[last.kind])))


def _reaching(way: _Way, phrase: str) -> _Way:
    if not way.columns or not way.columns[-1].kind:
        return way
    return replace(way, columns=(*way.columns[:-1], reaching(way.columns[-1], phrase)))


def _is_noted(way: _Way) -> bool:
    return bool(way.columns) and way.columns[0].kind == _NOTE


def _with_year(way: _Way, found: re.Match[str]) -> Iterator[_Way]:
    """Yield the ways to take a year: of the last column, a column of its own, or of a group."""
    year, month = found[1].replace("\n", ""), int(found[2].replace("\n", "")) if found[2] else None
    last = way.columns[-1] if way.columns else None
    kinds = {head.kind for head in way.columns if head.year}
    if last is not None and way.groups and way.groups[-1][0] == len(way.columns):
        # `Avvikelse`, `Koncern 2024`: the year is a column of the group
        yield replace(way, columns=(*way.columns, Head("", year=year, month=month)))
        return
    if last is not None and last.kind and last.kind != _NOTE and last.year is None:
        dated = replace(last, year=year, month=last.month or month)
        yield replace(way, columns=(*way.columns[:-1], dated))
        if (
            last.kind in _DIFFERENCES
            and not last.scope
            and kinds
            and year not in {h.year for h in way.columns}
        ):
            # `2024`, `Budget 2024`, `Avvikelse`, `2023`: the year is a column of its own
            yield replace(way, columns=(*way.columns, Head("", year=year, month=month)))
        return
    if last is None:
        yield replace(way, years=(*way.years, year))
    if last is not None and last.kind in _MADE_BEFORE and last.year == year:
        # `BUDGET` over the first of `2020 2020 2019`: the same year again is what came of it
        yield replace(way, columns=(*way.columns, Head("", year=year, month=month)))
        return
    kind = last.kind if last is not None and last.kind != _NOTE and "" not in kinds else ""
    yield replace(way, columns=(*way.columns, Head(kind, year=year, month=month)))


def _scoped(way: _Way, mark: str) -> _Way:
    """Return the way with a period on its last column; before the first it is a group's."""
    if not way.columns:
        return way
    last = way.columns[-1]
    if mark == "previous":
        last = replace(last, previous=True)
    elif mark.isdigit():
        last = replace(last, month=int(mark), scope=last.scope or "period")
    else:
        last = replace(last, scope=last.scope or mark)
    return replace(way, columns=(*way.columns[:-1], last))


def _ends(text: str, at: int, phrases: Iterable[str]) -> list[tuple[int, str]]:
    """Return (place behind, phrase) of the phrases that stand at a place."""
    ends = ((_behind(text, at, phrase), phrase) for phrase in phrases)
    return [(end, phrase) for end, phrase in ends if end is not None]


def _behind(text: str, at: int, phrase: str) -> int | None:
    """Return the place behind a phrase that stands at a place, its words cut by lines or not."""
    for number, letter in enumerate(phrase):
        if letter == " ":
            gap = _GAP.match(text, at)
            if gap is None:
                return None
            at = gap.end()
            continue
        cut = _CUT.match(text, at) if number and letter != "-" else None
        at = cut.end() if cut is not None else at
        if text[at : at + 1] != letter:
            return None
        at += 1
        if letter == "-" and phrase[number + 1 : number + 2] not in ("", " "):
            at += len(text[at:]) - len(text[at:].lstrip())
    return None if text[at : at + 1].isalnum() else at


@cache
def _word_ends(text: str) -> tuple[int, ...]:
    return tuple(found.end() for found in re.finditer(r"\S+", text))


def _spans(text: str, at: int) -> list[int]:
    """Return where the next few words end, the longest span first."""
    return [end for end in _word_ends(text) if end > at][:_MOST_WORDS][::-1]
