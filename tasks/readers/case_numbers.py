"""Case numbers (diarienummer) in running text, in the forms that Swedish registries use.

`SLK-2024-00155`, `KS 2025/00123`, `KSKF/2024:123`, `SKN 2025/00011-1.4.2`: a prefix of capitals, a
year and a number. `25/BIN 0217` and `MBN 24/0012` have a short year, `N162-0331/25`, `Ks 623/2024`
and `1.2.1-345/2025` end with it. Forms that could be anything (`00512/2025`, `24ON77`, `2024/112
042` with its class in the plan of registration) count only where a word announces them. A city's
own pattern gives them their normal form; others are kept as written.
"""

from __future__ import annotations

import re

from tasks.readers.wording import Wording

_CLASS = r"(?:-\d{1,2}(?:\.\d{1,2}){1,3})?"
"""The class of a plan of registration behind the number: `-1.4.2`; behind it may stand `-4`."""
_WHOLE = r"(?![\d-])(?!\s\d{1,3}(?:\s|$))"
"""What stands behind a whole number: no more digits, not even on a narrow cell's next line."""
_BODY = rf"20\d{{2}}(?:[-–/:]\s?\d{{1,6}}{_CLASS}|[/:]\d{{1,6}}-\d{{1,2}}){_WHOLE}"
_NO_PREFIX = (
    r"(?:Jan|Feb|Mar|Mars|April|Apr|Maj|Juni|Jun|Juli|Jul|Aug|Sept|Sep|Okt|Nov|Dec"
    r"|Dnr|Nr|Kap|Sid|Not)\b"
)
_FORMS = (
    re.compile(r"\b[A-ZÅÄÖ]{2,5}\s20\d{2}\.\d{3,5}(?!\d)"),
    re.compile(rf"\b[A-ZÅÄÖ]{{2,6}}[-\s/]?{_BODY}"),
    re.compile(r"\b[A-ZÅÄÖ]{1,3}\d{2,4}-\d{3,5}/\d{2}(?!\d)"),
    re.compile(r"(?<![\d/])[012]\d/[A-ZÅÄÖ]{2,5}\s?\d{3,5}(?!\d)"),
    re.compile(r"\b[A-ZÅÄÖ]{2,5}[ /][012]\d/\d{3,5}(?!\d)"),
    re.compile(rf"\b(?!{_NO_PREFIX})[A-ZÅÄÖ][a-zåäö]{{1,4}}\s\d{{1,5}}/20\d{{2}}\b"),
    re.compile(r"(?<![\d.])\d{1,2}(?:\.\d{1,2}){1,3}-\d{1,6}/20\d{2}\b"),
)
_SHORT = re.compile(r"[A-ZÅÄÖ]{2,5} ?(?:[012]\d/\d{1,5}|\d{1,5}/20\d\d)")
"""Too like other signs to be one where anything stands beside it."""
REGISTERED = (
    r"(?:ärende(?:nummer|nr|[ -]nr|beteckning|-?id)|(?:vår )?(?:diarie)?beteckning"
    r"|diarie(?:nummer|nr|[ -]nr|föring)?|d\.?nr)"
)
_ANNOUNCED = rf"\b(?:{REGISTERED}|ärende)\.?:?\s*"
_ANY_FORM = (
    rf"\b{REGISTERED}\.?:?\s*(?P<case>(?:[A-ZÅÄÖ]{{1,6}}[-\s/.]?)?(?!20\d\d-[01]\d-[0-3]\d\b)"
    rf"\d{{1,6}}(?:[-/:.]\d{{1,6}}){{1,5}}){_WHOLE}(?![/:.]\d)"
)
"""Whatever stands behind a word that can announce nothing but a registered number."""
_ALONE = re.compile(
    rf"{_ANNOUNCED}(?P<case>{_BODY}(?:\s[A-ZÅÄÖ]{{2,4}}-\d{{1,3}}\b)?|[a-zåäö]{{2,6}}[-/]{_BODY}|\d{{1,6}}/20\d{{2}}\b|\d\d[A-ZÅÄÖ]{{2,4}}\d{{1,5}}\b"
    rf"|20\d\d[/-]?[A-ZÅÄÖ]{{2,5}}[/-]?\s?\d{{1,6}}\b|[A-ZÅÄÖ]{{1,4}}20\d\d[-/]\d{{1,6}}\b"
    rf"|(?:[A-ZÅÄÖ]{{2,5}}[-\s/]?)?20\d\d[-/]\d{{1,5}}\s\d{{3}}(?=\s*$))",
    re.IGNORECASE,
)
_REGISTERED_AS = re.compile(_ANY_FORM, re.IGNORECASE)

CASE = "|".join(form.pattern for form in _FORMS) + rf"|{_BODY}|\d{{1,6}}/20\d{{2}}"
"""A case number as it stands in a column of its own."""


def case_numbers(text: str, words: Wording) -> list[str]:
    """Return the case numbers of a text in order; bare ones only where a word announces them."""
    return [_normal(written, words) for _, _, written in _places(text)]


def cases_in(text: str) -> list[str]:
    """Return the case numbers of a text as they are written."""
    return [written for _, _, written in _places(text)]


def announced_case(text: str, *, at_start: bool = False) -> str | None:
    """Return the first case number that a word announces as one; `at_start`, right at the start."""
    found = re.finditer(_ANNOUNCED, text, re.IGNORECASE)
    starts = [m.end() for m in found if not at_start or m.start() == 0]
    return next((written for start, _, written in _places(text) if start in starts), None)


def lone_case(text: str) -> str | None:
    """Return the case number that is all a line holds."""
    found = [m for form in (*_FORMS, _SHORT) if (m := form.fullmatch(text.strip()))]
    return found[0].group() if found else None


def without_cases(text: str) -> str:
    """Return a text without its case numbers and the words that announce them."""
    for start, end, _ in reversed(_places(text)):
        before = re.sub(rf"[\s(,–-]*(?:{_ANNOUNCED})?$", "", text[:start], flags=re.IGNORECASE)
        after = re.sub(r"^[)\s,.]*", "", text[end:])
        text = f"{before} {after}"
    return text.strip()


def _places(text: str) -> list[tuple[int, int, str]]:
    found = [(*m.span(), m.group()) for form in _FORMS for m in form.finditer(text)]
    for announced in (_ALONE, _REGISTERED_AS):
        found += [(*m.span("case"), m["case"]) for m in announced.finditer(text)]
    kept: list[tuple[int, int, str]] = []
    for start, end, written in sorted(found, key=lambda one: (one[0], -one[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end, written))
    return kept


def _normal(written: str, words: Wording) -> str:
    plain = re.sub(r"(?<=[-–/:])\s+", "", written)
    known = words.city.normal_case_number(written) if words.city else None
    return known or re.sub(r"\s+", " ", plain)
