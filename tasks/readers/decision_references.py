"""Where something was decided, as reports write it: organ, day, § and point, or a year's budget.

`KF 2024-06-17 § 98 punkt 2`, `kommunfullmäktige den 17 juni 2024 (§ 98)`, `KF § 112/2024`,
`KS § 41, 2025-03-05`. A paragraph with its year behind a slash keeps it: the day is not known.
"""

from __future__ import annotations

import re

from expectations.contract import DecisionReference
from expectations.registers import plain
from tasks.readers.spans import DAY, one_day
from tasks.readers.wording import Wording

_BUDGET = re.compile(
    r"\b(?:mål och )?budget(?:en)?(?:\s+för)?\s+(?P<year>20\d{2})\b", re.IGNORECASE
)
_DAY = rf"(?:den\s+)?(?P<day>{DAY})"
_PARAGRAPH = r"§\s*(?P<paragraph>\d{1,4}(?:/(?:20)?\d\d)?)"
_POINT = r"(?:,?\s*(?:punkt(?:en)?|p\.?)\s*(?P<point>\d+))?"
_BOARD = r"(?!SOU|LSS|SFS|HSL|KL\b|SOL)[A-ZÅÄÖ]{2,5}"
_BETWEEN = r"[\s,:;(]*"
_GENERIC = {
    "kommunfullmäktige": "KF",
    "kommunstyrelsen": "KS",
    "kf": "KF",
    "ks": "KS",
    "ksau": "KSAU",
}

DECISION = (
    r"(?:KF|KS|KSAU|Kommunfullmäktige|Kommunstyrelsen|Budget)\b[^A-ZÅÄÖ]*\d{1,4}"
    r"(?:-\d\d-\d\d)?(?:/\d{2,4})?|20\d\d-\d\d-\d\d"
    rf"|{_BOARD}\s(?:20\d\d-\d\d-\d\d(?:,?\s*§\s*\d{{1,4}})?|§\s*\d{{1,4}}(?:/20\d\d)?)"
    r"|(?:Mål och budget|Uppdrag och budget|Verksamhetsplan|Nämndplan|Flerårsplan)\s20\d\d"
    r"|(?:KF|KS|Kommunfullmäktige|Kommunstyrelsen|Nämnden|[A-ZÅÄÖ][a-zåäö]+(?:nämnden|styrelsen))"
)
"""A decision as it stands in a column of its own."""


def decision_reference(text: str, words: Wording) -> DecisionReference | None:
    """Return the decision that a text names: organ, day, § and point, or the year of a budget.

    Of several the last counts: earlier ones belong to what the commission speaks of. A day alone is
    one where nothing else stands: the organ is not known.
    """
    # a day that the edge of a narrow cell broke is whole
    text = re.sub(r"(?<=\d-)\s+(?=\d)", "", text)
    found = references(text, words)
    if found:
        return found[-1][2]
    alone = re.fullmatch(_DAY, text.strip())
    if alone is not None:
        return DecisionReference(date=one_day(alone["day"]))
    budget = _BUDGET.search(text)
    return DecisionReference(budget_year=int(budget["year"])) if budget else None


def references(text: str, words: Wording) -> list[tuple[int, int, DecisionReference]]:
    """Return start, end and decision of every one that a text names with organ and day or §."""
    named = _organs(words)
    names = "|".join(re.escape(name) for name in sorted(named, key=len, reverse=True))
    # other boards' abbreviations are what they are written: `SNH 2024-10-22 § 188`
    organ = rf"\b(?P<organ>{names}|(?-i:{_BOARD}))s?(?:\s+beslut(?:ade)?)?"
    forms = (
        rf"{organ}{_BETWEEN}{_DAY}(?:{_BETWEEN}{_PARAGRAPH})?{_POINT}",
        rf"{organ}{_BETWEEN}{_PARAGRAPH}(?:{_BETWEEN}{_DAY})?{_POINT}",
    )
    found: list[tuple[int, int, DecisionReference]] = []
    for match in sorted(
        (m for form in forms for m in re.finditer(form, text, re.IGNORECASE)),
        key=lambda m: (m.start(), -m.end()),
    ):
        if found and match.start() < found[-1][1]:
            continue
        one = DecisionReference(
            named.get(plain(match["organ"]), match["organ"]),
            one_day(match["day"] or ""),
            match["paragraph"],
            match["point"],
        )
        found.append((*match.span(), one))
    return found


def _organs(words: Wording) -> dict[str, str]:
    """Return the organs' names and codes, lower case, to their codes."""
    own: dict[str, str] = words.city.settings.get("organs", {}) if words.city else {}
    return _GENERIC | {plain(n): code for code, name in own.items() for n in (code, name)}
