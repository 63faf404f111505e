"""Tables that have a goal and its verdict in one row, whatever figures stand between them.

Such a table is often one of indicators too (`Mål, Indikator, Utfall, Mål 2025, Bedömning`): its
figures are another reader's, the goal and the verdict are read here. Where the rows of one goal
are judged differently, it is the indicators that are judged: no goal has a verdict of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from expectations.registers import plain
from tasks.readers.goal_first import COUNTS
from tasks.readers.line_values import WANTS_MORE
from tasks.readers.numbers import SHORT_MONEY
from tasks.readers.pages import Cell, Line, Table
from tasks.readers.passage import Passage, passage
from tasks.readers.real_table import KnownTable, known_table, one_line
from tasks.readers.verdict_forms import shape
from tasks.readers.word_rows import Flat, one_of
from tasks.readers.wording import Wording, either

_WEAK = (("prognos", "prognos helår"), ("utfall",), ("resultat",))
"""Words that stand over verdicts as well as over figures, the surest first."""
_TARGET = re.compile(r"(?:mål|målsättning|delmål)[ ,]*(?:20\d\d|t\d|helår)\b.*|målvärde.*")
_MOST_HEADER_ROWS = 3


def goal_table(table: Table, columns: Mapping[str, str]) -> KnownTable | None:
    """Return a table of goals and verdicts; columns of figures beside them are not its own."""
    own = _without_figures(table, columns)
    known = known_table(own, _one_goal(own, columns), ("goal", "assessment"))
    if known is None:
        return None
    said = [row["assessment"].text for row in known.rows() if "assessment" in row]
    counted = sum(bool(re.search(r"\d", text)) for text in said)
    return None if counted * 2 > len(said) else known


def _one_goal(table: Table, columns: Mapping[str, str]) -> Mapping[str, str]:
    """Return the words of a header where the last of several columns of goals is the goal's.

    The one before it is what it is a part of (`Inriktningsmål, Resultatmål, Bedömning`).
    """
    heads = table.rows[: min(_MOST_HEADER_ROWS, len(table.rows))]
    told = [plain(one_line(cell.text)) for row in heads for cell in row]
    named = list(dict.fromkeys(text for text in told if columns.get(text) == "goal"))
    if len(named) < 2:  # noqa: PLR2004 - one goal, one column
        return columns
    whose = any(columns.get(text) == "area" for text in told)
    over = {text: "area" for text in named[-2:-1] if not whose}
    return {text: key for text, key in columns.items() if text not in named[:-1]} | over


def _without_figures(table: Table, columns: Mapping[str, str]) -> Table:
    """Return a table whose header no longer names what only figures stand under."""
    rows = list(table.rows)
    heads = range(min(_MOST_HEADER_ROWS, len(rows)))
    told = [plain(one_line(cell.text)) for at in heads for cell in rows[at]]
    named = any(columns.get(text) == "goal" for text in told)
    sure = [text for text in told if columns.get(text) == "assessment"]
    weak = {word for group in _WEAK for word in group}
    best = [text for text in sure if text not in weak]
    rank = next((group for group in _WEAK if set(group) & set(sure)), ())
    for at in heads:
        rows[at] = tuple(
            replace(cell, text="")
            if (named and _TARGET.fullmatch(plain(one_line(cell.text))))
            or _is_figures(plain(one_line(cell.text)), weak, () if best else rank)
            else cell
            for cell in rows[at]
        )
    return replace(table, rows=tuple(rows))


def _is_figures(text: str, weak: set[str], kept: Sequence[str]) -> bool:
    """Say whether a header cell names figures: `Utfall 2024`, or `Prognos` beside `Bedömning`."""
    first = text.split(maxsplit=1)[0] if text else ""
    return first in weak and text not in kept


def judged_once(rows: Sequence[Mapping[str, Cell]]) -> list[dict[str, Cell]]:
    """Return a row for each goal; one without a goal goes on with the goal above it.

    Where the rows of one goal have different verdicts, the table judges indicators and no goal.
    """
    found: list[dict[str, Cell]] = []
    said: list[set[str]] = []
    for row in rows:
        goal = plain(one_line(row["goal"].text)) if "goal" in row else None
        before = plain(one_line(found[-1]["goal"].text)) if found else None
        if goal is not None and goal != before:
            found.append(dict(row))
            said.append(set())
        if not found:
            continue
        if "assessment" in row:
            said[-1].add(plain(one_line(row["assessment"].text)))
            found[-1].setdefault("assessment", row["assessment"])
    if all(len(told) < 2 for told in said):  # noqa: PLR2004 - one verdict each
        return found
    return [{key: cell for key, cell in row.items() if key != "assessment"} for row in found]


# --- rows as flattened text ----------------------------------------------------------------------

OF_CITY = re.compile(rf"{either('city_goals', 'stems')}|\bkf\b")
"""Words of goals that are the whole city's."""
_FIRST = ("perspektiv", "område", "målområde", "fokusområde")
_INDICATORS = either("indicator_words", "names")
_FIGURE_HEAD = (
    rf"{either('target_words', 'alone', 'figures')}"
    r"|mål(?= 20\d\d| t[123]| helår)|utfall|resultat"
    r"|prognos(?= 20\d\d| utfall| mål| resultat)"
)
_FIGURE_HEADS = (
    rf"(?:(?:{_FIGURE_HEAD})(?: (?:20\d\d|t[123]|helår|aug|augusti|dec|period(?:en)?))* ?)+?"
)
_CAPITAL = re.compile(r"(?<=[^\s.] )[A-ZÅÄÖ](?=[a-zåäö])")
_VALUE = (
    r"(?:(?:minst|högst|max|min)\s|[≥≤<>]\s?)?[+−–-]?\d[\d.,]*(?:\s\d{3}(?!\d))*"
    rf"(?:\s?%|\s(?:veckor|dagar|timmar|minuter|år|st|{SHORT_MONEY}|poäng|procent)(?!\w))?|[–-]"
)
_LONGEST_ROW = 400
_HEADER_LINES = 24
_TABLE_LINES = 300


def goal_rows(lines: Sequence[Line], columns: Mapping[str, str], verdicts: str) -> Iterator[Flat]:
    """Yield flattened tables of goals, indicators, figures and verdicts (`verdicts`: a pattern)."""
    goals, ends = (
        tuple(word for word, key in columns.items() if key == name)
        for name in ("goal", "assessment")
    )
    firsts = {*_FIRST, "nr", *(word.split()[0] for word in goals)}
    at = 0
    while at < len(lines):
        begins = plain(lines[at].text).split()[:1]
        found = _header(lines, at, goals, ends) if firsts.issuperset(begins) and begins else None
        if found is None:
            at += 1
            continue
        labels, end = found
        near = lines[end : end + _TABLE_LINES]
        rows = list(_rows(passage(near), labels, verdicts))
        if rows:
            used = {cell.place.line or 0 for row, _ in rows for cell in row.values()}
            head = " ".join(line.text.strip() for line in lines[at:end])
            yield Flat(head, tuple(judged_once([row for row, _ in rows])), (), frozenset(used))
        at = end


@dataclass(frozen=True, slots=True)
class Words:
    """Which columns of words stand before the figures of a table, and how many figures do."""

    area: bool
    indicator: bool
    figures: int | None
    """None where the header's words do not tell."""


def _header(
    lines: Sequence[Line], start: int, goals: tuple[str, ...], ends: tuple[str, ...]
) -> tuple[Words, int] | None:
    """Return (columns before the verdict, index behind the header), None without one."""
    text = ""
    for end in range(start + 1, min(start + _HEADER_LINES, len(lines)) + 1):
        text = plain(f"{text} {lines[end - 1].text}")
        labels = _labels(text, goals, ends)
        if labels is not None:
            return labels, end
        if len(text) > _LONGEST_ROW or re.search(r"[.!?] ", text):
            return None
    return None


@cache
def _form(goals: tuple[str, ...], ends: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of a whole header, by the words for goals and for verdicts."""
    figures = r"\b.*(?:utfall|målvärde|20\d\d|mål|resultat)\b.*"
    # bare `Mål` below another word for goals is the header below its own heading
    over = "|".join(_longest(filter(OF_CITY.search, goals)))
    return re.compile(
        rf"(?P<first>(?:{'|'.join(_FIRST)}|(?:{over})(?! mål\b)) )?"
        rf"(?:nr )?(?:{'|'.join(_longest(goals))}) "
        rf"(?:(?P<indicator>{_INDICATORS})(?P<figures>{figures})|(?P<alone>{_FIGURE_HEADS}))"
        rf" (?:{'|'.join(_longest(ends))})(?: (?:20\d\d|helår))?"
    )


def _labels(text: str, goals: tuple[str, ...], ends: tuple[str, ...]) -> Words | None:
    """Return the columns of words and figures of a whole header of goals and verdicts."""
    told = _form(goals, ends).fullmatch(text)
    if told is None:
        return None
    heads = told["figures"] or told["alone"]
    known = re.fullmatch(rf"\s*(?:{_FIGURE_HEADS})", heads)
    count = len(re.findall(rf"(?<!\w)(?:{_FIGURE_HEAD})(?!\w)", heads)) if known else None
    return Words(bool(told["first"]), bool(told["indicator"]), count)


def _longest(words: Iterable[str]) -> list[str]:
    return [re.escape(word) for word in sorted(words, key=len, reverse=True) if word != "utfall"]


def _rows(text: Passage, labels: Words, verdicts: str) -> Iterator[tuple[dict[str, Cell], int]]:
    """Yield the rows from the top of a text on, with where each ends, while they can be read."""
    times = f"{{{labels.figures - 1}}}" if labels.figures else "+"
    ends = re.compile(
        rf"(?<!\S)(?P<values>(?:{_VALUE})(?:\s+(?:{_VALUE})){times})\s+(?P<verdict>{verdicts})"
        r"(?=\s+(?:\d+(?:\.\d+)*\.?\s+)?[A-ZÅÄÖ]|\s*$)"
    )
    at = 0
    while (found := ends.search(text.text, at)) and found.end() - at < _LONGEST_ROW:
        label = text.text[at : found.start()]
        span = _goal_span(label, labels)
        if span is None:
            return
        row = {"assessment": _cell(text, *found.span("verdict"))}
        if span[1] > span[0]:
            row["goal"] = _cell(text, at + span[0], at + span[1])
        yield row, found.end()
        at = found.end() + 1


def _goal_span(label: str, labels: Words) -> tuple[int, int] | None:
    """Return where the goal stands in the words before the figures, None where it is not plain."""
    number = re.match(r"\s*(?:\d+(?:\.\d+)*\.?\s+)?", label)
    begin = number.end() if number else 0
    if re.search(rf"[.!?] [A-ZÅÄÖ]|(?<!\S)(?:{_VALUE})\s+(?:{_VALUE})(?!\S)", label[begin:]):
        return None  # a sentence, or the figures of a row that could not be read
    starts = [
        one.start()
        for one in _CAPITAL.finditer(label)
        if one.start() > begin and not WANTS_MORE.search(label[: one.start()].rstrip())
    ]
    if not labels.indicator:
        whole = not labels.area or len(starts) == 1
        return (starts[0] if labels.area else begin, len(label.rstrip())) if whole else None
    return _before_indicator(label, labels, begin, starts)


def _before_indicator(
    label: str, labels: Words, begin: int, starts: Sequence[int]
) -> tuple[int, int] | None:
    """Return where the goal stands before its indicator, by where the indicator's name begins."""
    counted = [one.start() for one in COUNTS.finditer(label)]
    if len(counted) == 1:
        before = [start for start in starts if start < counted[0]]
        if counted[0] == begin:
            return begin, begin
        if labels.area:
            return (before[0], counted[0] - 1) if len(before) == 1 else None
        return begin, counted[0] - 1
    if counted or len(starts) != labels.area + 1:
        return None
    return (starts[0] if labels.area else begin), starts[-1] - 1


def _cell(text: Passage, start: int, end: int) -> Cell:
    return Cell(text.text[start:end].strip(), text.place(start, end))


def verdict_pattern(words: Wording) -> str:
    """Return a pattern of the verdicts that a cell can hold, capital first, longest first."""
    known = {*words.scale_words("goal_assessment"), *words.table("verdicts")}
    known |= {*words.table("verdict_labels")}
    return rf"{one_of(known)}|(?=[A-ZÅÄÖ])(?i:{shape()})"
