"""Figures that a report states in whole sentences: `Nämndens resultat är ett underskott på …`.

A sentence is taken only where it says whose the figure is: it names the board, or it stands under
a heading of the whole board's and nothing before it in its paragraph names a part. A table wins
over a sentence: the same figure is one fact, a missing column is filled, and a figure that differs
is unread with its place. The sentences stay narratives.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from expectations.contract import (
    Document,
    Figure,
    FinanceLine,
    Investment,
    Place,
    StaffFigure,
    Unread,
)
from tasks.readers.outline import Outline, Section, paragraphs
from tasks.readers.pages import Line
from tasks.readers.parts import Parts
from tasks.readers.passage import Passage, passage
from tasks.readers.sentence_grammar import Stated, UnlikeError, stated
from tasks.readers.sentence_owners import Owners, owners_of
from tasks.readers.sentence_words import (
    Amount,
    Lexicon,
    Now,
    Part,
    numbers_of_rows,
    parts_of_speech,
)
from tasks.readers.wording import Wording

UNLIKE = "Talen i meningen stämmer inte med varandra och läses inte."
OTHER_TABLE = "En tabell har ett annat tal för samma uppgift. Tabellens tal gäller."
OTHER_SENTENCE = "Två meningar har olika tal för samma uppgift. Inget av dem läses."
_KINDS = ("interim_report", "annual_report")
_SECTIONS = {"line": "finance", "metric": "staff", "invested": "investments"}
_SECTIONS["granted"] = "investments"
_SCALE = {"kr": Decimal(1), "tkr": Decimal(1000), "mnkr": Decimal(1_000_000)}
_KEYS = {
    "main": ("outcome", "forecast"),
    "budget": ("budget", "budget_year"),
    "deviation": ("deviation", "forecast_deviation"),
    "before": ("outcome_prev", None),
    "spent": ("outcome", "outcome"),
}
"""What a figure is in its clause -> its column, of the period and of a forecast."""


@dataclass(frozen=True, slots=True)
class Said:
    """One figure that a sentence states: where it belongs, its label, and the whole sentence."""

    section: str
    code: str
    key: str
    figure: Figure
    label: str
    place: Place
    sentence: str


def with_stated(found: Parts, shape: Outline, document: Document, words: Wording) -> Parts:
    """Return what was found with the figures that only sentences state."""
    if document.kind not in _KINDS:
        return found
    now = Now.of(document)
    owners = owners_of(shape, document, words)
    known = Lexicon.of(words, now, owners.names)
    told = [
        one
        for section in shape.sections
        for one in _in_section(section, found.claimed, known, owners, words)
    ]
    said = [one for one in told if isinstance(one, Said)]
    unread = [one for one in told if isinstance(one, Unread)]
    agreed, contrary = _agreed(said)
    printed = numbers_of_rows(line.text for line in shape.lines)
    rows, differing = _with_tables(found, agreed, printed, now)
    return replace(found, rows=rows, unread=(*found.unread, *unread, *contrary, *differing))


def _passages(lines: Sequence[Line], claimed: frozenset[int]) -> Iterator[Passage]:
    """Yield the paragraphs; one that a blank line parted in the middle of a sentence is whole."""
    held: list[Line] = []
    for run in paragraphs([line for line in lines if line.number not in claimed]):
        goes_on = held and re.match(r"\s*[a-zåäö\d]", run[0].text)
        if held and not (goes_on and not re.search(r"[.:!?]\s*$", held[-1].text)):
            yield passage(held)
            held = []
        held += run
    if held:
        yield passage(held)


def _in_section(
    section: Section, claimed: frozenset[int], known: Lexicon, owners: Owners, words: Wording
) -> Iterator[Said | Unread]:
    """Yield what the sentences of a section state.

    A heading that only a short line tells holds until the next; a sentence that names a part ends
    what is said of the whole in its paragraph.
    """
    heading: str | None = None
    for text in _passages(section.lines, claimed):
        is_whole = True
        for start, end in text.sentences():
            begin, above = _opening(text, start, end)
            heading = above or heading
            if not re.search(r"[.!?]\s*$", text.text[begin:end]):
                break
            parts = parts_of_speech(text.text[begin:end], known) or []
            own, unlike = _own(parts, section, heading, owners, words, known.now, is_whole=is_whole)
            if unlike:
                yield Unread(text.text[begin:end], UNLIKE, text.place(begin, end))
            for one in own:
                yield from _said(one, text, begin, end, known.now)
            is_whole = is_whole and (bool(own) or not _names_part(text.text[begin:end], parts))


def _own(
    parts: Sequence[Part],
    section: Section,
    heading: str | None,
    owners: Owners,
    words: Wording,
    now: Now,
    *,
    is_whole: bool,
) -> tuple[list[Stated], bool]:
    """Return what a sentence states of the board, and whether its numbers contradict each other."""
    named = any(part.kind == "own" for part in parts) and not owners.is_of_another(section)
    try:
        told = list(stated(parts, words, now)) if parts else []
    except UnlikeError:
        return [], named
    return [
        one
        for one in told
        if (one.is_owned and named) or (is_whole and owners.is_of_whole(section, one.kind, heading))
    ], False


_MOST_HEADING = 8


def _opening(text: Passage, start: int, end: int) -> tuple[int, str | None]:
    """Return where a sentence begins, and the heading that stands on the line above it.

    Such a heading has few words and no number, and the line below it begins a sentence; a short
    line that ends as no sentence does is one too.
    """
    line = text.spots[start][0]
    for at in range(start + 1, end):
        if text.spots[at][0] == line or text.text[at] == " ":
            continue
        heading = text.text[start:at].strip()
        if _is_heading(heading) and text.text[at].isupper():
            return at, heading
        return start, None
    whole = text.text[start:end]
    return start, whole if _is_heading(whole) else None


def _is_heading(text: str) -> bool:
    few = len(text.split()) <= _MOST_HEADING
    return few and not re.search(r"[\d,:;]|[.!?]\s*$", text)


_PART_NAME = re.compile(r"(?:[A-ZÅÄÖ]\w+|\w+(?:en|et|an|na|ens|ets|ans|nas))$")


def _names_part(sentence: str, parts: Sequence[Part]) -> bool:
    """Say whether a sentence that was not read may speak of a part: what follows may, too."""
    if not parts:
        return True
    shown = [sentence[part.start : part.end] for part in parts]
    if parts[0].kind == "unknown" and _PART_NAME.match(shown[0]):
        return True
    return any(
        before.kind in ("narrows", "for") and part.kind == "unknown" and _PART_NAME.match(word)
        for before, part, word in zip(parts, parts[1:], shown[1:], strict=False)
    )


# --- one statement -------------------------------------------------------------------------------


def _said(one: Stated, text: Passage, begin: int, end: int, now: Now) -> Iterator[Said]:
    """Yield the figures of a statement whose times are those of the round."""
    if not all(_fits(part, one, now) for part in one.times):
        return
    first, last = (begin + at for at in one.label)
    before = _BEFORE_NOUN.search(text.text[begin:first])
    first -= len(before.group()) if before is not None else 0
    label = text.text[first:last]
    for role, (amount, value) in one.figures.items():
        key = _key(role, one, now)
        if key is None:
            continue
        yield Said(
            _SECTIONS[one.kind],
            one.code or "total",
            key,
            _figure(amount, value, text, begin),
            label[:1].upper() + label[1:],
            text.place(first, last),
            text.text[begin:end],
        )


_BEFORE_NOUN = re.compile(r"(?:\b(?:den|det|periodens|årets) )+$", re.IGNORECASE)
"""Words of a label that say nothing of their own in a sentence."""


def _figure(amount: Amount, value: Decimal, text: Passage, begin: int) -> Figure:
    start, stop = (begin + at for at in amount.digits)
    written, place = text.text[start:stop], text.place(start, stop)
    return Figure(written, value, amount.unit, amount.decimals, "read", place)


def _key(role: str, one: Stated, now: Now) -> str | None:
    """Return the column of a figure; None where it has none."""
    if one.kind == "granted" and role == "main":
        return "budget" if now.is_year else "budget_year"
    if one.kind == "invested" and role == "budget":
        return "budget" if now.is_year else "budget_year"
    return _KEYS[role][one.is_later]


def _fits(part: Part, one: Stated, now: Now) -> bool:
    """Say whether a time in a statement is that of the figure's column."""
    time = part.time
    if time is None or one.kind in ("invested", "granted"):
        return True
    if time.kind == "year":
        return now.is_year or one.is_later
    if time.kind == "period":
        return not one.is_later
    if one.kind == "metric" and time.kind == "point":
        return one.code not in _OVER_TIME and time.month == now.month
    return time.kind == "span" and not one.is_later and time.month == now.month


_OVER_TIME = (
    "sick_leave_total",
    "sick_leave_short",
    "sick_leave_long",
    "turnover",
    "turnover_external",
    "exits",
    "recruitments",
)
"""Metrics of a span: `i augusti` is another figure than that of the period until then."""


# --- several sentences, and tables ---------------------------------------------------------------


def _agreed(said: Sequence[Said]) -> tuple[list[Said], list[Unread]]:
    """Return one of each figure that sentences agree on, the most exact; others are unread."""
    by_place: dict[tuple[str, str, str], list[Said]] = defaultdict(list)
    for one in said:
        by_place[one.section, one.code, one.key].append(one)
    kept: list[Said] = []
    unread: list[Unread] = []
    for same in by_place.values():
        best = max(same, key=lambda one: _exactness(one.figure))
        if all(_is_same(one.figure, best.figure) for one in same):
            kept.append(best)
        else:
            unread += [Unread(one.sentence, OTHER_SENTENCE, one.figure.place) for one in same]
    return kept, unread


def _exactness(one: Figure) -> Decimal:
    """Return how small the last printed digit is, the smaller the higher."""
    return -_SCALE.get(one.unit or "", Decimal(1)) * Decimal(10) ** -(one.decimals or 0)


def _is_same(one: Figure, other: Figure, *, unsigned: bool = False) -> bool:
    """Say whether two figures are the same but for their rounding and their units of money."""
    if one.value is None or other.value is None:
        return False
    if (one.unit in _SCALE) is not (other.unit in _SCALE):
        return False
    coarse = max(-_exactness(one), -_exactness(other))
    told = [
        (figure.value or Decimal(0)) * _SCALE.get(figure.unit or "", Decimal(1))
        for figure in (one, other)
    ]
    told = [abs(value) for value in told] if unsigned else told
    rounded = {(value / coarse).quantize(Decimal(1), ROUND_HALF_UP) for value in told}
    return len(rounded) == 1


def _with_tables(
    found: Parts, said: Sequence[Said], printed: frozenset[str], now: Now
) -> tuple[dict[str, Any], list[Unread]]:
    """Return the rows with what only sentences say, and what a table says otherwise.

    Money that stands in a row which nobody could read (`printed`) is that row's to tell.
    """
    rows: dict[str, Any] = dict(found.rows)
    unread: list[Unread] = []
    for one in said:
        told = _told(one, found, now)
        if any(_is_same(one.figure, figure, unsigned=one.section != "staff") for figure in told):
            continue
        if one.section != "staff" and re.sub(r"[^\d,]", "", one.figure.written) in printed:
            continue
        if told:
            unread.append(Unread(one.sentence, OTHER_TABLE, one.figure.place))
            continue
        rows[one.section] = _added(tuple(rows.get(one.section, ())), one)
    return rows, unread


_RESULT_LIKE = ("result", "net_cost", "total", "operating_result")
_ALIKE = {
    "outcome": ("outcome", "deviation"),
    "deviation": ("outcome", "deviation"),
    "forecast": ("forecast", "forecast_deviation"),
    "forecast_deviation": ("forecast", "forecast_deviation"),
}


def _told(one: Said, found: Parts, now: Now) -> list[Figure]:
    """Return the figures of tables that say the same as a sentence, or something else instead.

    A surplus is a result or a deviation from the budget: which one, differs from table to table.
    """
    rows = found.rows.get(one.section, ())
    if one.section == "staff":
        return _told_of_staff(one, rows, now)
    if one.section == "investments":
        return [figure for row in rows for figure in row.columns.values() if _is_told(figure)]
    is_result = one.code == "result"
    keys = _ALIKE.get(one.key, (one.key,)) if is_result else (one.key,)
    lines = _RESULT_LIKE if is_result else (one.code,)
    return [
        row.columns[key]
        for row in rows
        for key in keys
        if row.line in lines and key in row.columns and _is_told(row.columns[key])
    ]


def _told_of_staff(one: Said, rows: Sequence[StaffFigure], now: Now) -> list[Figure]:
    """Return the figures of a metric's rows that are of the same time, or the same figure."""
    behind = int(one.key.endswith("_prev"))
    keys = ("outcome_prev", "accounts_prev") if behind else ("outcome",)
    year = str(now.year - behind) if now.year else ""
    return [
        figure
        for row in rows
        if row.metric == one.code and row.scope is None
        for key, figure in row.columns.items()
        if _is_told(figure) and (key in (*keys, year) or _is_same(one.figure, figure))
    ]


def _is_told(figure: Figure) -> bool:
    return figure.value is not None


def _added(rows: tuple[Any, ...], one: Said) -> tuple[Any, ...]:
    """Return the rows with a figure: in the row of its subject, or in a row of its own."""
    for at, row in enumerate(rows):
        if _is_row(row, one) and one.key not in row.columns:
            filled = replace(row, columns={**row.columns, one.key: one.figure})
            return (*rows[:at], filled, *rows[at + 1 :])
    return (*rows, _row(one))


def _is_row(row: Any, one: Said) -> bool:
    if one.section == "finance":
        return bool(row.line == one.code and row.table is None)
    if one.section == "staff":
        return bool(row.metric == one.code and row.scope is None)
    return bool(row.name == one.label)


def _row(one: Said) -> FinanceLine | StaffFigure | Investment:
    columns = {one.key: one.figure}
    if one.section == "finance":
        return FinanceLine(one.code, one.label, one.place, None, columns)
    if one.section == "staff":
        return StaffFigure(one.code, one.label, one.place, None, columns)
    return Investment(one.label, one.place, columns)
