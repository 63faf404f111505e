"""Days and spans in words: `under kvartal 1, 2025`, `efter årsskiftet`, `senast 12 september 2024`.

The words are kept as written; earliest and latest are the first and last day that they can mean.
Without a year in the words `today_year` is used where the words demand one, else nothing is said.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date

from expectations.contract import Due

MONTHS = (
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
)
_MONTH = rf"(?P<month>{'|'.join(MONTHS)})"
_YEAR = r"(?P<year>20\d{2})"
_QUARTERS = {"1": 1, "2": 2, "3": 3, "4": 4, "ett": 1, "två": 2, "tre": 3, "fyra": 4}
_QUARTERS |= {"första": 1, "andra": 2, "tredje": 3, "fjärde": 4}
_QUARTER = rf"(?P<quarter>{'|'.join(_QUARTERS)})"
_SEASONS = {"våren": (1, 6), "hösten": (8, 12), "sommaren": (6, 8), "vintern": (12, 12)}


def _month(year: int, first: int, last: int | None = None) -> tuple[date, date]:
    end = last or first
    return date(year, first, 1), date(year, end, calendar.monthrange(year, end)[1])


def _number(month: str) -> int:
    return MONTHS.index(month) + 1


Found = re.Match[str]
Reading = Callable[[Found, int | None], tuple[date | None, date | None] | None]


def _iso(found: Found, _: int | None) -> tuple[date, date]:
    day = date.fromisoformat(found["iso"])
    return day, day


def _day(found: Found, today_year: int | None) -> tuple[date, date] | None:
    year = int(found["year"]) if found["year"] else today_year
    if year is None:
        return None
    day = date(year, _number(found["month"]), int(found["day"]))
    return day, day


def _quarter(found: Found, today_year: int | None) -> tuple[date, date] | None:
    year = int(found["year"]) if found["year"] else today_year
    number = _QUARTERS[found["quarter"]]
    return _month(year, number * 3 - 2, number * 3) if year else None


def _turn(found: Found, _: int | None) -> tuple[date, date]:
    year = int(found["year"])
    return date(year, 12, 15), date(year + 1, 1, 15)


def _after_turn(found: Found, today_year: int | None) -> tuple[date | None, date | None] | None:
    year = int(found["year"]) if found["year"] else today_year
    return (date(year + 1, 1, 1), None) if year else None


def _season(found: Found, today_year: int | None) -> tuple[date, date] | None:
    year = int(found["year"]) if found["year"] else today_year
    return _month(year, *_SEASONS[found["season"]]) if year else None


def _in_month(found: Found, today_year: int | None) -> tuple[date, date] | None:
    year = int(found["year"]) if found["year"] else today_year
    return _month(year, _number(found["month"])) if year else None


def _annual_report(found: Found, today_year: int | None) -> tuple[date, date] | None:
    # An annual report comes in the spring after its year and is handed over by 15 April.
    year = int(found["year"]) if found["year"] else today_year
    return (date(year + 1, 1, 1), date(year + 1, 4, 15)) if year else None


def _years(found: Found, _: int | None) -> tuple[date, date]:
    return date(int(found["year"]), 1, 1), date(int(found["last"]), 12, 31)


def _year(found: Found, _: int | None) -> tuple[date, date]:
    return _month(int(found["year"]), 1, 12)


_FORMS: tuple[tuple[str, Reading], ...] = (
    (r"(?P<iso>20\d{2}-\d{2}-\d{2})", _iso),
    (rf"(?P<day>\d{{1,2}})(?::?e)?\s+{_MONTH}(?:\s+{_YEAR})?", _day),
    (rf"(?:kvartal|kv\.?|q)\s*{_QUARTER}(?:,?\s*{_YEAR})?", _quarter),
    (rf"{_QUARTER}\s+kvartalet(?:,?\s*{_YEAR})?", _quarter),
    (rf"(?:vid\s+)?årsskiftet\s+{_YEAR}\s*/\s*\d{{2,4}}", _turn),
    (rf"efter\s+årsskiftet(?:\s+{_YEAR})?", _after_turn),
    (rf"års(?:rapport|redovisning|analys)(?:en)?(?:\s+{_YEAR})?", _annual_report),
    (rf"(?P<season>{'|'.join(_SEASONS)})(?:\s+{_YEAR})?", _season),
    (rf"{_MONTH}(?:\s+månad)?(?:\s+{_YEAR})?", _in_month),
    (rf"{_YEAR}\s*[-–]\s*(?P<last>20\d{{2}})", _years),
    (rf"(?:under|i slutet av|i början av|år|årets slut)\s+{_YEAR}", _year),
)
_COMPILED = tuple((re.compile(rf"\b{form}\b", re.IGNORECASE), read) for form, read in _FORMS)


def due(written: str, *, today_year: int | None = None) -> Due:
    """Return the day or span that the words say; both ends None where they say none."""
    found = due_in(written, today_year=today_year)
    return Due(written, found.earliest, found.latest) if found else Due(written)


def due_in(text: str, *, today_year: int | None = None) -> Due | None:
    """Return the first day or span inside a text, written as the words that say it."""
    text = re.sub(r"(?<=\d)-\s+(?=\d)", "-", re.sub(r"\s+", " ", text))
    for form, read in _COMPILED:
        found = form.search(text)
        span = _safely(read, found, today_year) if found else None
        if found and span is not None:
            return Due(found.group(), *span)
    return None


def _safely(
    read: Reading, found: Found, today_year: int | None
) -> tuple[date | None, date | None] | None:
    # 31 juni and 2026-13-01 are written now and then: words without a day, not our error.
    lowered = re.match(found.re, found.group().lower()) or found
    try:
        return read(lowered, today_year)
    except ValueError:
        return None
