"""Days and spans in words: `under kvartal 1, 2025`, `efter årsskiftet`, `senast 12 september 2024`.

The words are kept as written; earliest and latest are the first and last day that they can mean.
A range in words (`hösten 2026–våren 2027`) is one span. Without a year in the words `today_year`
is used where the words demand one, else nothing is said. Words that name no day (`löpande`,
`snarast`) and words that could mean two things (`vintern 2026`, `läsåret 2026/27`) give no day.
"""

from __future__ import annotations

import calendar
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from expectations.contract import Due
from expectations.register_files import generic_vocabulary

_NUMBERS: dict[str, str] = generic_vocabulary()["round_months"]
MONTHS = tuple(
    max((m for m in _NUMBERS if _NUMBERS[m] == n), key=len) for n in sorted({*_NUMBERS.values()})
)
"""The names of the months, January first."""
SHORT_MONTHS = tuple(month[:3] for month in MONTHS)
_MONTH = rf"(?P<month>{'|'.join(MONTHS)})"
_ANY_MONTH = rf"(?P<month>{'|'.join((*MONTHS, 'sept', *SHORT_MONTHS))})\.?"
_YEAR = r"(?P<year>20\d{2})"
_LATER_YEAR = rf"(?:,?\s*{_YEAR})?"
_PARTS = {"1": 1, "2": 2, "3": 3, "4": 4, "ett": 1, "två": 2, "tre": 3, "fyra": 4}
_ORDINALS = {"första": 1, "andra": 2, "tredje": 3, "fjärde": 4}
_PARTS |= _ORDINALS
_PART = rf"(?P<part>{'|'.join(_PARTS)})"
_ORDINAL = rf"(?P<part>{'|'.join(_ORDINALS)})"
_SEASONS = {"vår": (1, 6), "vt": (1, 6), "sommar": (6, 8), "höst": (8, 12), "ht": (8, 12)}
_SEASON = r"(?P<season>vår|höst|sommar)(?:en|terminen)?"

_QUARTER = r"(?:kvartal|kv\.?|q)\s*"
_TO = r"\s*(?:[-–—]|till|och)\s*"
_NOT_RANGE = rf"(?!{_TO}\d|/)"

Days = tuple[date | None, date | None]
Found = re.Match[str]
Reader = Callable[[Found, int | None], Days | None]


DAY = rf"20\d\d-\d\d-\d\d|\d{{1,2}}\s+(?:{'|'.join(MONTHS)})\s+20\d\d"
"""A day with its year."""


def one_day(written: str) -> date | None:
    """Return the day of `2026-03-31` or `31 mars 2026`, None where it is none: 2026-13-01."""
    text = _flat(written)
    try:
        if re.match(r"\d{4}", text):
            return date.fromisoformat(text)
        number, month, year = text.split(" ")
        return date(int(year), MONTHS.index(month.casefold()) + 1, int(number))
    except ValueError:
        return None


def due(written: str, *, today_year: int | None = None) -> Due:
    """Return the day or span that the words say; both ends None where they say none."""
    found = _first(_flat(written), today_year)
    return Due(written, *found.days) if found else Due(written)


def due_in(sentence: str, *, today_year: int | None = None) -> Due | None:
    """Return the first day or span that a sentence names, with only its words as written."""
    found = _first(_flat(sentence), today_year)
    return Due(found.words, *found.days) if found else None


def _flat(written: str) -> str:
    return re.sub(r"(?<=\d)-\s+(?=\d)", "-", re.sub(r"\s+", " ", written)).strip()


# --- what a form of words means ----------------------------------------------------------------


def _months(year: int, first: int, last: int | None = None) -> tuple[date, date]:
    end = last or first
    return date(year, first, 1), date(year, end, calendar.monthrange(year, end)[1])


def _number(month: str) -> int:
    return next(i for i, short in enumerate(SHORT_MONTHS, start=1) if month.startswith(short))


def _year_of(found: Found, today_year: int | None) -> int | None:
    return int(found["year"]) if found["year"] else today_year


def _iso(found: Found, _: int | None) -> Days:
    day = date.fromisoformat(found["iso"])
    return day, day


def _iso_month(found: Found, _: int | None) -> Days:
    return _months(int(found["year"]), int(found["number"]))


def _day(found: Found, today_year: int | None) -> Days | None:
    year = _year_of(found, today_year)
    if year is None:
        return None
    day = date(year, _number(found["month"]), int(found["day"]))
    return day, day


def _part_of_year(length: int) -> Reader:
    """Return a reader of the nth quarter (3 months), third (4) or half (6) of a year."""

    def read(found: Found, today_year: int | None) -> Days | None:
        year, part = _year_of(found, today_year), _PARTS[found["part"]]
        if year is None or part * length > len(MONTHS):
            return None
        return _months(year, (part - 1) * length + 1, part * length)

    return read


def _quarters(found: Found, today_year: int | None) -> Days | None:
    year, first, last = _year_of(found, today_year), _PARTS[found["part"]], int(found["to"])
    return _months(year, first * 3 - 2, last * 3) if year and first < last else None


def _turn(found: Found, _: int | None) -> Days:
    year = int(found["year"])
    return date(year, 12, 15), date(year + 1, 1, 15)


def _after_turn(found: Found, today_year: int | None) -> Days | None:
    if found["last"]:
        return date(int(found["year"]) + 1, 1, 1), None
    # After the turn of which year? `efter årsskiftet 2025` is said of both: nothing is read.
    return (date(today_year + 1, 1, 1), None) if today_year and not found["year"] else None


def _mid_year(found: Found, today_year: int | None) -> Days | None:
    year = _year_of(found, today_year)
    return (date(year, 6, 15), date(year, 7, 15)) if year else None


def _season(found: Found, today_year: int | None) -> Days | None:
    year = _year_of(found, today_year)
    return _months(year, *_SEASONS[found["season"]]) if year else None


def _in_month(found: Found, today_year: int | None) -> Days | None:
    year = _year_of(found, today_year)
    return _months(year, _number(found["month"])) if year else None


def _annual_report(found: Found, _: int | None) -> Days | None:
    # An annual report comes in the spring after its year and is handed over by 15 April;
    # which year's is never guessed: `redovisas i årsrapporten` names no day.
    year = int(found["year"]) if found["year"] else None
    return (date(year + 1, 1, 1), date(year + 1, 4, 15)) if year else (None, None)


def _years(found: Found, _: int | None) -> Days | None:
    first, last = int(found["year"]), int(found["last"])
    return (date(first, 1, 1), date(last, 12, 31)) if first <= last else None


def _year(found: Found, _: int | None) -> Days:
    return _months(int(found["year"]), 1, 12)


_FORMS: tuple[tuple[str, Reader], ...] = (
    (r"(?P<iso>20\d{2}-\d{2}-\d{2})", _iso),
    (rf"(?P<day>\d{{1,2}})(?::?[ae])?\s+{_ANY_MONTH}(?:\s+{_YEAR})?", _day),
    (rf"{_QUARTER}{_PART}{_NOT_RANGE}{_LATER_YEAR}", _part_of_year(3)),
    (rf"{_QUARTER}{_PART}{_TO}(?:{_QUARTER})?(?P<to>[1-4]){_LATER_YEAR}", _quarters),
    (rf"{_ORDINAL}\s+kvartalet{_LATER_YEAR}", _part_of_year(3)),
    (rf"(?:tertial|t)\s*{_PART}{_LATER_YEAR}", _part_of_year(4)),
    (rf"{_ORDINAL}\s+tertialet{_LATER_YEAR}", _part_of_year(4)),
    (rf"{_ORDINAL}\s+halvåret{_LATER_YEAR}", _part_of_year(6)),
    (rf"efter\s+årsskiftet(?:\s+{_YEAR}(?:\s*/\s*(?P<last>\d{{2,4}}))?)?", _after_turn),
    (rf"(?:vid\s+)?årsskiftet\s+{_YEAR}\s*/\s*\d{{2,4}}", _turn),
    (rf"(?:vid\s+)?halvårsskiftet(?:\s+{_YEAR})?", _mid_year),
    (rf"års(?:rapport|redovisning|analys)(?:en)?(?:\s+{_YEAR})?", _annual_report),
    (rf"{_SEASON}(?:\s+{_YEAR})?", _season),
    (rf"(?P<season>vt|ht)\s*{_YEAR}", _season),
    (rf"{_MONTH}(?:\s+månad)?(?:\s+{_YEAR})?", _in_month),
    (rf"{_ANY_MONTH}\s+{_YEAR}", _in_month),
    (rf"{_YEAR}\s*[-–—]\s*(?P<last>20\d{{2}})", _years),
    (rf"{_YEAR}-(?P<number>0[1-9]|1[0-2])(?!-?\d)", _iso_month),
    (rf"(?:under|slutet av|början av|år|årets slut)\s+{_YEAR}{_NOT_RANGE}", _year),
)
_COMPILED = tuple(
    (re.compile(rf"(?<![\w/]){form}\b", re.IGNORECASE), read) for form, read in _FORMS
)
_BEFORE_WORDS = re.compile(
    r"\b(?P<word>senast|under|vid|inom|i|efter|före|innan|från(?: och med)?|fr\.?o\.?m\.?"
    r"|till och med|t\.?o\.?m\.?)\s+(?:den\s+|slutet av\s+|början av\s+)?$",
    re.IGNORECASE,
)
_ONLY_YEAR = (re.compile(_YEAR), _year)
_RANGE = re.compile(r"\s*(?:[-–—]|till(?: och med)?|t\.?o\.?m\.?|och|samt)\s*", re.IGNORECASE)


# --- finding it in words -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Atom:
    """One form of words found in a text; `rank` is its place among the forms."""

    found: Found
    read: Reader
    rank: int

    def days(self, today_year: int | None) -> Days | None:
        # 31 juni and 2026-13-01 are written now and then: words without a day, not our error.
        lowered = self.found.re.match(self.found.group().lower()) or self.found
        try:
            return self.read(lowered, today_year)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class _Span:
    words: str
    days: Days


def _first(text: str, today_year: int | None) -> _Span | None:
    """Return the range that a text names; without one the surest form of words in it."""
    atoms = list(_atoms(text))
    for one, other in itertools.pairwise(atoms):
        if _RANGE.fullmatch(text[one.found.end() : other.found.start()]):
            days = _range(one, other, today_year)
            words = text[one.found.start() : other.found.end()]
            return _Span(words, days) if days else None
    told = [(atom, atom.days(today_year)) for atom in sorted(atoms, key=lambda atom: atom.rank)]
    known = [_led(text, atom, days) for atom, days in told if days is not None]
    # words that name no day (`i årsrapporten`) are kept where nothing names one
    return next((span for span in known if span.days != (None, None)), next(iter(known), None))


def _led(text: str, atom: _Atom, days: Days) -> _Span:
    """Return a span with the word that leads it; `efter` and `före` leave one end open."""
    led = _BEFORE_WORDS.search(text[: atom.found.start()])
    start = led.start() if led else atom.found.start()
    words = text[start : atom.found.end()]
    first, last = days
    match led["word"].lower().replace(".", "")[:3] if led else "":
        case "eft":
            return _Span(words, (last + timedelta(days=1) if last else None, None))
        case "för" | "inn":
            return _Span(words, (None, first - timedelta(days=1) if first else None))
        case "frå" | "fro" | "fr":
            return _Span(words, (first, None))
        case "til" | "tom":
            return _Span(words, (None, last))
    return _Span(words, days)


def _atoms(text: str) -> Iterator[_Atom]:
    """Yield the forms of words in a text, left to right; of two that overlap the longer."""
    only = _ONLY_YEAR[0].fullmatch(text)
    if only:
        yield _Atom(only, _ONLY_YEAR[1], 0)
        return
    found = [
        _Atom(match, read, rank)
        for rank, (form, read) in enumerate(_COMPILED)
        for match in form.finditer(text)
    ]
    end = 0
    for atom in sorted(found, key=lambda a: (a.found.start(), -a.found.end(), a.rank)):
        if atom.found.start() >= end:
            end = atom.found.end()
            yield atom


def _range(one: _Atom, other: _Atom, today_year: int | None) -> Days | None:
    """Return both ends of a range; a year said only at its end holds for its beginning too."""
    last = other.days(today_year)
    if last is None or last[1] is None:
        return None
    first = one.days(last[1].year)
    if first is not None and first[0] is not None and first[0] > last[1]:
        first = one.days(last[1].year - 1)
    if first is None or first[0] is None or first[0] > last[1]:
        return None
    return first[0], last[1]
