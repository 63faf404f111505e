"""The round that a report is of, by the words of its title, a span or a last day."""

from __future__ import annotations

import re
from collections.abc import Sequence

from expectations.register_files import generic_vocabulary
from expectations.registers import City
from tasks.readers.wording import either

_MONTHS = generic_vocabulary()["round_months"]
_REPORT = (
    rf"(?:(?<!\w)(?!kvartal)\w{{0,20}}{either('report_names', 'interim')}"
    r"|(?<!\w)(?!kvartal)\w{0,20}rapport(?!\w))"
)
_MONTH = rf"(?P<month>{either('round_months')})(?!\w)\.?\s+(?P<year>20\d\d)"
_ROUNDS = (
    re.compile(rf"{_REPORT}\w*\b.{{0,30}}?{_MONTH}"),
    re.compile(
        rf"{_REPORT}\w*\b.{{0,30}}?(?P<year>20\d\d)-?(?P<number>0[1-9]|1[0-2])(?!\d)"
        r"(?!-(?:[01]\d|2[0-7]))"
    ),
    re.compile(
        r"\btertial(?:rapport|bokslut|uppföljning)?\s*(?P<third>[12])\D{0,10}(?P<year>20\d\d)"
    ),
    re.compile(rf"{_REPORT}\w*\s+(?:nr\s|t)?(?P<third>[12])\D{{0,6}}(?P<year>20\d\d)"),
    re.compile(r"\bt(?P<third>[12])[ ,]+(?P<year>20\d\d)"),
    re.compile(r"\bkvartal(?:s?rapport|s?uppföljning)?\s*(?P<fourth>[123])\D{0,6}(?P<year>20\d\d)"),
    re.compile(
        rf"(?<!\w)(?P<half>{either('report_names', 'half')})\D{{0,30}}(?P<year>20\d\d)(?!-)"
    ),
    re.compile(rf"{_REPORT}\w*\b.{{0,40}}?\bperiod (?P<short>\d\d)(?P<number>0[1-9]|1[0-2])\b"),
    re.compile(
        rf"{_REPORT}\w*\s+(?P<year>20\d\d)\s+(?:januari|jan)\s*(?:[-–]|till(?: och med)?)\s*"
        rf"(?P<month>{either('round_months')})"
    ),
)
_THIRDS = {"1": "04", "2": "08"}
_FOURTHS = {"1": "03", "2": "06", "3": "09"}
_HALF = "06"
_ENDS = re.compile(
    r"(?:\bjan(?:uari)?\s?(?:[-–]|till(?: och med)?)\s?"
    rf"|\b(?:per|t\.o\.m\.?|till och med)\s(?:den\s)?(?:28|29|30|31)\s){_MONTH}"
)
"""The span or last day that a report names in its text where its title does not."""
_ANNUAL = re.compile(
    rf"(?<!\w){either('report_names', 'annual', 'followed')}\w*"
    r"\s+(?:(?:för|år|året)\s)*(?P<year>20\d\d)"
)
_TITLED_YEAR = re.compile(
    rf"(?<!\w){either('report_names', 'annual')}"
    r"\w*\b[^.\d]{0,60}?(?<![\d-])(?P<year>20\d\d)(?![\d-])"
)
"""A title over several lines: the board's name stands between its word and its year."""
_LONGEST_HEAD = 160
_ITS_MONTH = re.compile(
    rf"{_REPORT}\w*[ ,]+(?:per |för )?(?P<month>{either('round_months')})(?!\w)"
)
_LAST_DAY = re.compile(r"(?<![\d-])(?P<year>20\d\d)-(?P<month>0\d|1[01])-(?:28|29|30|31)(?!\d)")


def round_of(
    texts: Sequence[str], kind: str, city: City | None
) -> tuple[str | None, tuple[str, ...]]:
    """Return the round of a periodic report, None where nothing says it, and where it is said.

    The texts are plain: what opens the report, what its pages carry, and all of it.
    """
    none: tuple[None, tuple[str, ...]] = (None, ())
    opening = texts[0]
    for text in texts:
        told = [m for pattern in _ROUNDS if (m := pattern.search(text))]
        found = min(told, key=lambda one: one.end(), default=None)
        if found and kind != "annual_report":
            key = f"{_year(found)}-{_month(found)}"
            return _known_round(key, None, city), (f"”{found.group()}”",)
        yearly = _ANNUAL.search(text)
        if yearly and kind == "annual_report":
            return _known_round(f"{yearly['year']}-12", "annual", city), (f"”{yearly.group()}”",)
    if kind == "annual_report":
        year = _titled_year(opening[:_LONGEST_HEAD])
        return (_known_round(f"{year[0]}-12", "annual", city), (f"”{year[1]}”",)) if year else none
    ended = _last_day(opening) if kind == "interim_report" else None
    return (_known_round(ended[0], None, city), (f"”{ended[1]}”",)) if ended else none


def _titled_year(head: str) -> tuple[str, str] | None:
    """Return (year, where it is said) of an annual report whose title has other words between."""
    titled = _TITLED_YEAR.search(head)
    if titled is not None:
        return titled["year"], titled.group()
    named = re.findall(r"20\d\d", head)
    alone = len(named) == 1 and re.search(rf"år(?:et)?\W+{named[0]}", head)
    return (named[0], named[0]) if alone else None


def _last_day(opening: str) -> tuple[str, str] | None:
    """Return (round, where it is said) by the span or last day that a report names by itself."""
    head = opening[:_LONGEST_HEAD]
    named = re.findall(r"20\d\d", head)
    ends = {f"{m['year']}-{_month(m)}": m.group() for m in _ENDS.finditer(opening)}
    alone = _ITS_MONTH.search(head)
    dated = re.findall(r"(?<!\d)(20\d\d)-([01]\d)-[0-3]\d(?!\d)", head)
    if not ends and alone and len(set(named)) == 1 and len(dated) == 1:
        # a report is dated after the month it is of
        month = str(_MONTHS[alone["month"]])
        if month < dated[0][1] and dated[0][0] == named[0]:
            ends = {f"{named[0]}-{month}": alone.group()}
    days = list(_LAST_DAY.finditer(head))
    if not ends and len(days) == 1 and len(named) == 1:
        ends = {f"{days[0]['year']}-{days[0]['month']}": days[0].group()}
    return ends.popitem() if len(ends) == 1 and (not named or min(ends)[:4] == named[0]) else None


def _year(found: re.Match[str]) -> str:
    short = found.groupdict().get("short")
    return f"20{short}" if short else str(found["year"])


def _month(found: re.Match[str]) -> str:
    said = found.groupdict()
    if said.get("month"):
        return str(_MONTHS[said["month"]])
    if said.get("fourth"):
        return _FOURTHS[said["fourth"]]
    if said.get("half"):
        return _HALF
    return said.get("number") or _THIRDS[said["third"]]


def _known_round(key: str, kind: str | None, city: City | None) -> str:
    for known in city.rounds if city else ():
        if known.round_id.startswith(key) and (kind is None or known.type == kind):
            return known.round_id
    return key
