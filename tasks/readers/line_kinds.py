"""What one line of running text is, by its words: a title, a verdict, the header of a table.

What stands around a line is for `outline`; here nothing but its own words counts.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from expectations.register_files import generic_vocabulary
from expectations.registers import plain
from tasks.readers.header_words import heads
from tasks.readers.verdict_forms import judges, labelled_verdict, tells_of_goal, without_mark
from tasks.readers.wording import either, scan_phrases, wording

LONGEST_HEADING = 110
_LONGEST_COLUMN = 40
_LONGEST_ROW = 200
_SHORTEST_PART = 4
"""Letters of a word that was cut, by which it is known."""
_HEADERS = ("goal_columns", "assignment_columns", "deviation_columns", "agenda_columns")
_REACHED = re.compile(r"\b(?:mål|direktiv)\w* .{0,40}\b(?:uppfyll|uppnå|nå)\w+$")
_WHOLE = re.compile(r"målet (?:\w+ ){1,4}?(?:uppfyllt|uppnått|nått|uppnås|nås)")
"""A sentence that is a verdict and nothing else: `Målet är delvis uppnått`."""


def is_verdict(text: str) -> bool:
    """Say whether a line is a verdict on a goal: behind a label, or all of the line."""
    bare = plain(text).strip(" .")
    found = labelled_verdict(bare, strong=True)
    said = bare[slice(*found[2])] if found else bare
    known = (generic_vocabulary()[table] for table in ("verdicts", "verdict_labels"))
    short = found is not None or " " in said
    told = _REACHED.search(said) if found else _WHOLE.fullmatch(bare)
    own = judges(said) and (tells_of_goal(said) or found or without_mark(text) != text)
    return (any(said in table for table in known) and short) or bool(told) or bool(own)


def opens_goal(text: str) -> bool:
    """Say whether a line names a goal by its level: `Nämndmål 2: …`, `KF:s mål 1.1 …`."""
    return len(text) < LONGEST_HEADING and _goal_opening().fullmatch(text) is not None


@cache
def _goal_opening() -> re.Pattern[str]:
    marks = generic_vocabulary()["plan_marks"]
    names = (name for name, kind in marks.items() if kind in ("goal", "board_goal"))
    number = r"(?!20\d\d(?!\d))\d+(?:\.\d+)*\.?"
    form = rf"\s*(?:{number}\s*[:–-]?|[:–-](?:\s*{number}\s)?)\s*[A-ZÅÄÖ].*(?<![.,;])"
    known = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?i:{known}){form}")


def opens_area(text: str) -> bool:
    """Say whether a line heads an area of goals: `Målområde 1: Utbildning och arbete`."""
    marks = generic_vocabulary()["plan_marks"]
    known = "|".join(re.escape(name) for name, kind in marks.items() if kind == "area")
    return re.fullmatch(rf"(?i:{known})\s*\d*\s*[:–-]\s*[A-ZÅÄÖ].*(?<![.,;])", text) is not None


@cache
def _labels() -> re.Pattern[str]:
    return re.compile(rf"{either('labels', 'words')}\s*:(?:\s|$)")


def is_said(text: str) -> bool:
    """Say whether a line tells something of the heading above it and heads nothing itself.

    `Status: Pågår`, `Bedömning:`, or a verdict that is all of the line: `Uppfylls delvis`.
    """
    bare = plain(text).strip(" .")
    told = labelled_verdict(text, strong=True)
    if _labels().match(bare) or (told is not None and told[1] in (":", "?")):
        return True
    weak = labelled_verdict(text)
    if weak is not None and weak[1] == ":" and judges(text[slice(*weak[2])]):
        return True
    known = ("verdicts", "verdict_labels", "status_words")
    return any(bare in generic_vocabulary()[table] for table in known) or judges(text)


def is_column(text: str) -> bool:
    """Say whether a line is the heading of one column of figures."""
    words = wording(None, date.min)
    if len(text) > _LONGEST_COLUMN or not text.strip():
        return False
    named = heads(text, words, more=True, whole=True)
    return bool(named) or plain(text) in generic_vocabulary()["line_columns"]


_IN_SENTENCE = re.compile(r"\b(?:i|för|av|hela|inom|till|från|vår)\s+\w+$")
"""`Kulturlivet är tillgängligt i hela kommunen` heads no column of the city's."""
_MONEY_WORDS = ("tkr", "mnkr", "mkr")


def names_columns(text: str) -> bool:
    """Say whether a line is a table's header: two words of columns, or nothing but one."""
    columns = generic_vocabulary()["columns"]
    more = generic_vocabulary()["more_columns"]
    words = [word.strip("().,:") for word in plain(text).split()]
    named = sum(word in columns for word in words)
    years = len(re.findall(r"(?<![\d–-])20\d\d(?!\s?[-–]\s?20)", text))
    if named and any(word in _MONEY_WORDS for word in words):
        # `Kulturnämnden, tkr Utfall (U)`
        return True
    if years > 1 or years + sum(word in columns or word in more for word in words) > 2:  # noqa: PLR2004
        return True
    if named > 1 or plain(text) in columns or plain(text).startswith(("belopp i ", "belopp, ")):
        return True
    lines = generic_vocabulary()["line_columns"]
    if sum(word.strip("().,:") in lines for word in plain(text).split()) > 1:
        return True
    groups = generic_vocabulary()["column_groups"]
    apart = plain(re.sub(r"(?<=[a-zåäö])(?=[A-ZÅÄÖ])", " ", text))
    if (
        plain(text) in generic_vocabulary()["units"]
        or _says_periods(text)
        or (apart.split()[-1] in groups and not _IN_SENTENCE.search(apart) and not _city(text))
    ):
        return True
    return _begins_columns(text) or any(
        len(scan_phrases(text, generic_vocabulary()[table], ()) or ()) > 1 for table in _HEADERS
    )


def _city(text: str) -> bool:
    """Say whether a line is the name of a city: a page's head, not the head of its column."""
    heads = [generic_vocabulary()[table] for table in ("units", "columns", "column_groups")]
    is_head = any(plain(word) in table for word in text.split()[:-1] for table in heads)
    return _CITY.fullmatch(text.strip()) is not None and not is_head


_CITY = re.compile(r"(?:[A-ZÅÄÖ][\w-]+ ){1,3}kommun")


def _begins_columns(text: str) -> bool:
    """Say whether a line is the head of the labels and of a column: `Post Utfall helår fg`.

    A narrow cell may have broken the column's name: `Projekt Total`, `Objekt Årsprogno`.
    """
    found = _label_head().match(text.strip())
    rest = plain(found["rest"]) if found else ""
    if not rest:
        return False
    words = wording(None, date.min)
    begun = len(rest) >= _SHORTEST_PART and any(x.startswith(rest) for x in words.table("columns"))
    return begun or words.opening("columns", rest) is not None


@cache
def _label_head() -> re.Pattern[str]:
    units = either("units")
    known = either("label_heads", "words")
    unit = rf"(?:[ ,(]{{1,2}}(?:i )?{units}\)?)"
    return re.compile(
        rf"(?i:(?:(?:{known}|belopp|resultaträkning){unit}?|\(?(?:i )?{units}\)?)) "
        r"(?P<rest>[A-ZÅÄÖ].*)"
    )


_ROW = re.compile(
    r"\s*(?:\d{2,7}[A-Z]?\s+)?[A-ZÅÄÖa-zåäö–-].*?[^\W\d].*?"
    r"(?:\s+(?:(?:[≥≤<>]|minst|högst)\s?)?[+−–-]?\d[\d.,]*\s?%?|\s+[–-]){2,}\s*[↗→↘↑↓]?\s*",
    re.IGNORECASE,
)


_GROUP = re.compile(r"[A-ZÅÄÖ][^.:]{2,60}[^.:,]")


def may_name_group(text: str) -> bool:
    """Say whether a line may be the name of a group of rows: short, no sentence, row or header."""
    other = names_columns(text) or is_column(text) or is_row(text)
    return _GROUP.fullmatch(text.strip()) is not None and not other


def is_row(text: str) -> bool:
    """Say whether a line is a row of a table: a label, and two values or more behind it.

    The number of a project or an account may stand before the label.
    """
    years = re.fullmatch(r".*?(?:\s+20\d\d)+\s*", text)
    return len(text) < _LONGEST_ROW and not years and _ROW.fullmatch(text) is not None


def _says_periods(text: str) -> bool:
    """Say whether a line is two periods or more, each over a group of columns, and no more."""
    marks = generic_vocabulary()["column_marks"]
    words = [word.strip("().,:") for word in plain(text).replace("–", "-").split()]
    told = [word in marks or re.fullmatch(r"20\d\d", word) is not None for word in words]
    return all(told) and sum(word in marks for word in words) > 1


_TRENDED = re.compile(r"\d\s?%?\s+\d[\d,]*\s?%?\s+[A-ZÅÄÖ][a-zåäö]+(?: [a-zåäö]+)?$")
"""Two values and a word behind them: the row of an indicator with its trend or verdict."""


_EXPLAINS = re.compile(r"\b(?:betyder|innebär)\b(?: att\b)?", re.IGNORECASE)
"""What a sign of a scale means is told: `Grönt betyder att målet nås`."""


def looks_like_title(text: str, *, judged: bool = False) -> bool:
    """Say whether a line is short, begins with a capital and ends as no sentence does.

    What is `judged` right below may be longer: a goal is a sentence without its stop.
    """
    longest, words = (LONGEST_HEADING, 18) if judged else (80, 10)
    return bool(
        re.match(r"[A-ZÅÄÖ]", text)
        and 3 < len(text) < longest  # noqa: PLR2004 - shorter lines are no titles
        and (text.endswith("Agenda 2030") or not re.search(r"[.,;:!?%–-]$|\d$|\d+,\d", text))
        and len(text.split()) <= words
        and not _TRENDED.search(text)
        and not _EXPLAINS.search(text)
        and len(re.findall(r"(?<!\d)\d{1,3} \d{3}(?!\d)", text)) < 2  # noqa: PLR2004 - a row of figures
    )
