"""The words of a table's header, in order: what each column is said to hold.

A header with a word that is not understood is not understood at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from expectations.registers import plain
from tasks.readers.column_heads import (
    NOTE,
    SHARES,
    UNKNOWN,
    Head,
    dated_groups,
    grouped,
    shares_by_year,
)
from tasks.readers.composed_heads import composed, meaning
from tasks.readers.header_text import EMPTY, GLUED, MONTHS, is_cut_wrongly, mended, own_case
from tasks.readers.wording import Wording, either

_YEAR = re.compile(r"(20\d{2})(?:-?(0[1-9]|1[0-2])(?:-?(?:[0-2]\d|3[01]))?)?(?![\d])")
_SHORT = re.compile(r"(2\d)(0[1-9]|1[0-2])(?!\d)")
"""Year and month as bookkeepers write them: `2508`."""
_BETWEEN = re.compile(r"20\d{2}\s*[-–/]\s*(?:20)?\d{2}(?!\d)")
UNTIL = re.compile(r"t\.?\s?o\.?\s?m\.?\s+(?=20\d{2}(?!-))")
_PART = re.compile(rf"{either('year_parts', 'words')}\s?[1-4]\s+(?P<year>20\d\d)(?!\d)")
_DAY = re.compile(r"\d{1,2}(?=[\s/]+[a-zåäö])")
_MOST_COLUMNS = 16


def heads(
    text: str, words: Wording, *, more: bool = False, whole: bool = False, joined: bool = False
) -> tuple[Head, ...] | None:
    """Return the columns that a header names, in order; None where a word is not understood.

    Words before the first that is known name the column of labels, unless the text is the `whole`
    header of one column. `more` takes the words that only tables of key figures have. Words that
    are one column in a cell (`Avvikelse prognos`) are two in a line, unless they are `joined`.
    """
    names = [
        *("columns", "word_columns"),
        *(["more_columns"] * more),
        *(["column_cells"] * (whole or joined)),
    ]
    text = mended(text, words)
    broken = re.compile(r"(?<=[a-zåäö])-\s*\n\s*(?=[a-zåäö])")
    found = _words(broken.sub("", text), words, names, whole=whole)
    if found is None and broken.search(text):
        # the hyphen was real: `jan-` above `aug`
        found = _words(broken.sub("-", text), words, names, whole=whole)
    if whole and (found is None or len(found) > 1):
        own = _put_together(text, words)
        return (own,) if own is not None else found
    return found


def _put_together(text: str, words: Wording) -> Head | None:
    """Return the head of one cell by the parts of its words, None where they tell none."""
    told = composed(text, words)
    meant = meaning(told) if told is not None else None
    if told is None or meant is None:
        return None
    month = told.month if meant[0] in ("outcome", "budget", "forecast") else None
    return Head(meant[0], meant[1], year=told.year, month=month)


def _words(
    text: str, words: Wording, names: Sequence[str], *, whole: bool
) -> tuple[Head, ...] | None:
    """Return the columns of a header whose broken words are mended."""
    left = plain(GLUED.sub(" ", text)).lstrip(EMPTY)
    cased = "" if whole else own_case(GLUED.sub(" ", text), left)
    found: list[Head] = []
    begun = len(left)
    led = False
    marks: list[tuple[int, str]] = []
    while left:
        group = words.opening("column_groups", left)
        if group is not None:
            marks.append((len(found), group[1]))
            left = left[len(group[0]) :].lstrip(EMPTY)
            year = _YEAR.match(left) if found else None
            if year is not None and not whole:
                # `Avvikelse`, `Koncern 2024`: the year is a column of the group
                found.append(Head("", year=year[1]))
                left = left[year.end() :].lstrip(EMPTY)
            continue
        if _only_goals(found) and _NAMES_ROWS.match(left):
            # `Nämndens mål` was the column of goals before that of the indicators
            found.clear()
        if left == "period" and found and "target" in found[-1].kind:
            # behind the targets it says when each indicator was measured
            found.append(Head("words"))
            break
        named = len(found)
        taken = _take(left, found, words, names, whole=whole)
        if cased and taken and len(found) > named:
            if named and is_cut_wrongly(cased[-begun : -len(left)], cased[-len(left) :]):
                return None
            begun = len(left)
        unread = taken is None and begins_unknown(cased, len(cased) - len(left), words)
        if taken is None and (whole or unread or not _only_years(found)):
            return None
        end = taken or len(left.split()[0])
        led = led if taken else leads(left[:end], left[end:], words)
        left = left[end:].lstrip(EMPTY)
    return _settled(list(without_unknown_year(found, led=led)), marks, whole=whole)


def _settled(
    found: list[Head], marks: Sequence[tuple[int, str]], *, whole: bool
) -> tuple[Head, ...] | None:
    """Return the heads with their groups and years; none for a period alone, None for too many."""
    found = dated_groups(grouped(shares_by_year(found), marks))
    if whole and len(found) == 1 and not (found[0].kind or found[0].year):
        # a period alone is no column
        return ()
    if whole and len(marks) == 1 and len(found) == 1:
        found = [replace(found[0], group=marks[0][1])]
    return tuple(found) if len(found) <= _MOST_COLUMNS else None


def begins_unknown(text: str, at: int, words: Wording) -> bool:
    """Say whether a word behind the head of the labels begins a column that nobody knows.

    `Verksamhet Riktpunkt Bokfört`: what stands before the first known column is no label's head.
    """
    own = re.match(r"[A-ZÅÄÖ][^\s(),:]*", text[at:]) if text else None
    names = words.words["label_heads"]["words"]
    above = [word.strip("(),:").casefold() for word in text[:at].split()]
    return own is not None and own[0].casefold() not in names and not set(above).isdisjoint(names)


def leads(word: str, behind: str, words: Wording) -> bool:
    """Say whether a word that is not known is the head of the column whose year follows it."""
    known = word.strip("(),:") in words.words["label_heads"]["words"] or word.endswith((",", ")"))
    # the name of the report may stand right above: `Verksamhetsberättelse 2024`
    known = known or any(word in names for names in words.words["kinds"].values())
    return not known and re.match(r" 20\d\d(?!\S)", behind) is not None


def without_unknown_year(columns: Sequence[Head], *, led: bool) -> Sequence[Head]:
    """Return the heads, the first one open where its year stands behind a word nobody knows.

    `Beräknat 2025 Budget Avvikelse`: where other columns say what they hold it is no outcome.
    """
    first = columns[0] if columns and led else None
    if first is None or first.kind or not first.year:
        return columns
    told = any(head.kind in ("outcome", "budget", "forecast") for head in columns)
    if not told or any(not head.kind for head in columns[1:]):
        return columns
    return (replace(first, kind=UNKNOWN), *columns[1:])


_NAMES_ROWS = re.compile(rf"{either('indicator_words', 'names')}(?:et)?(?!\w)")


def _only_goals(found: Sequence[Head]) -> bool:
    """Say whether nothing but `mål` without a year has been named."""
    return bool(found) and all(h.kind.startswith("target") and not h.year for h in found)


def _only_years(found: Sequence[Head]) -> bool:
    """Say whether no column is named yet; two years may stand above groups of them."""
    years = all(not head.kind and head.year for head in found)
    return not found or (len(found) > 1 and years)


def _take(
    left: str, found: list[Head], words: Wording, names: Sequence[str], *, whole: bool
) -> int | None:
    """Take the next word or phrase into `found`; return its length, None where it is unknown."""
    kinds = [words.opening(name, left) for name in names]
    kind = max((one for one in kinds if one), key=lambda one: len(one[0]), default=None)
    if kind is not None and whole and _is_of_last_year(kind[1], found):
        found[-1] = replace(found[-1], previous=True)
        return len(kind[0])
    if kind is not None:
        head = _head(kind[1])
        if whole and len(found) == 1 and not found[0].kind and (found[0].year or found[0].scope):
            # in a cell of its own: the women of a year, the budget of the period
            above = found.pop()
            head = replace(head, year=above.year, scope=head.scope or above.scope)
        found.append(head)
        return len(kind[0])
    between = _BETWEEN.match(left)
    if between is not None and found and found[-1].kind.startswith("change"):
        # from which year to which: no column of its own
        return between.end()
    part = _PART.match(left)
    if part is not None and found and found[-1].year:
        # behind a column that has its year: `Utfall 2024 Delår 2 2025`
        found.append(Head("", "period", year=part["year"]))
        return part.end()
    # `Busshållplatser 2024–2026` is a label, not two columns
    year = None if _YEARS_APART.match(left) else _YEAR.match(left) or _SHORT.match(left)
    if year is not None:
        written = year[1] if len(year[1]) > 2 else f"20{year[1]}"  # noqa: PLR2004 - `25`
        _mark_year(found, written, int(year[2]) if year[2] else None)
        return year.end()
    return _take_mark(left, found, words, whole=whole)


_YEARS_APART = re.compile(r"20\d\d[-–]20\d\d(?!\d)")


def _is_of_last_year(code: str, found: Sequence[Head]) -> bool:
    """Say whether words for last year stand behind a share in the same cell: `Totalt fg år`."""
    return code == "outcome_prev" and len(found) == 1 and found[0].kind in SHARES


def _take_mark(left: str, found: list[Head], words: Wording, *, whole: bool) -> int | None:
    """Take a word that says which period a column holds, or one that says nothing."""
    until = UNTIL.match(left)
    if until is not None and found and found[-1].kind in ("outcome", "worked"):
        # what a project has cost since it began is no outcome of last year
        found[-1] = replace(found[-1], kind="total_outcome")
        return until.end()
    months = MONTHS.match(left)
    if months is not None and words.opening("column_marks", left) is None:
        mark: tuple[str, str] | None = (months.group(), "period")
    else:
        mark = words.opening("column_marks", left)
    longest = months.group() if months and (mark is None or months.end() > len(mark[0])) else ""
    before = longest or (mark[0] if mark else "")
    if before and not whole and _opens_year(left[len(before) :], found, left):
        # `jan–sep 2024 jan–sep 2023 helår 2023`: the words stand before their year
        own = "period" if longest or mark is None or mark[1].isdigit() else mark[1]
        found.append(Head("", scope=own))
        return len(before)
    if mark is not None and whole and not found:
        # above the word in the same cell: the period of a group of columns
        found.append(Head("", scope="period" if mark[1].isdigit() else mark[1]))
        return len(mark[0])
    if mark is not None:
        _mark(found, mark[1])
        return len(mark[0])
    day = _DAY.match(left)
    taken = day.end() if day else words.skipped(left)
    if taken and found and found[-1].kind:
        found[-1] = reaching(found[-1], left[:taken])
    return taken


def _opens_year(rest: str, found: Sequence[Head], left: str) -> bool:
    """Say whether words of a period stand before a year that no column has yet."""
    year = _YEAR.match(rest.lstrip(EMPTY))
    if not year:
        return False
    if found and is_behind_plan(found[-1], year[1]):
        return True
    if found:
        return not found[-1].kind and found[-1].year is not None and bool(found[-1].scope)
    # the first may be the head of a group, unless the same is said before each year
    return (
        len(re.findall(r"[a-zåäö]\.? 20\d\d(?!\d)", left)) > 1
        and _PERIODS.fullmatch(left) is not None
    )


def is_behind_plan(last: Head, year: str) -> bool:
    """Say whether a period before another year is a column behind a budget or a forecast.

    `Budget 2025 Helår 2024`: the budget has its year, and what follows it happened.
    """
    planned = last.kind in ("budget", "forecast") and not last.previous
    return planned and last.year is not None and len(year) == len(last.year) and year < last.year


_PERIODS = re.compile(r"(?:[^\d\s][^\d]{2,20} 20\d\d\s*){2,}")


def reaching(head: Head, words: str) -> Head:
    """Return a head with what words behind it say of how far its amounts reach."""
    reach = "until" if _UNTIL_A_DAY.fullmatch(words) else "whole" if _WHOLE.fullmatch(words) else ""
    return replace(head, reach=reach) if reach else head


_UNTIL_A_DAY = re.compile(r"t\.?\s?o\.?\s?m\.?|till och med")
_WHOLE = re.compile(r"total(?:t|en)?|hela projektet|projekt(?:et)?|sedan (?:projekt)?start(?:en)?")


def _head(code: str) -> Head:
    kind, _, scope = code.partition(" ")
    return Head(kind, scope)


def _mark_year(found: list[Head], year: str, month: int | None) -> None:
    """Give a year to the last column; one that has a year already stands for a column more."""
    last = found[-1] if found else Head("")
    if last.kind and last.year == year:
        # said twice, as where two columns' years stand side by side
        return
    if found and last.year is None and (last.kind or last.scope) and last.kind != NOTE:
        found[-1] = replace(last, year=year, month=last.month or month)
    else:
        kind = "" if last.kind == NOTE else last.kind
        found.append(Head(kind, last.scope, year=year, month=month))


def _mark(found: list[Head], mark: str) -> None:
    # A mark before the first column is the head of a group: which columns it holds is not said.
    if not found:
        return
    last = found[-1]
    if mark == "previous":
        found[-1] = replace(last, previous=True)
    elif mark.isdigit():
        found[-1] = replace(last, month=int(mark), scope=last.scope or "period")
    else:
        found[-1] = replace(last, scope=last.scope or mark)
