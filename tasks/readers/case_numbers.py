"""Case numbers (diarienummer) in running text, in the forms that Swedish registries use.

`SLK-2024-00155`, `STK-2024-182`, `KS 2025/00123`: a prefix of capitals, a year and a number. A
city's own pattern gives them their normal form; others are kept as written.
"""

from __future__ import annotations

import re

from tasks.readers.wording import Wording

_BODY = r"20\d{2}[-–/:]\s?\d{1,6}(?![\d-])"
_PREFIXED = re.compile(rf"\b[A-ZÅÄÖ]{{2,6}}[-\s/]?{_BODY}")
_BARE = re.compile(rf"\b(?:ärendenummer|ärende|diarienummer|dnr\.?)\s+({_BODY})", re.IGNORECASE)


def case_numbers(text: str, words: Wording) -> list[str]:
    """Return the case numbers of a text in order; bare ones only where a word announces them."""
    found = [(m.start(), m.group()) for m in _PREFIXED.finditer(text)]
    found += [(m.start(1), m[1]) for m in _BARE.finditer(text)]
    return [_normal(written, words) for _, written in sorted(found)]


def _normal(written: str, words: Wording) -> str:
    plain = re.sub(r"(?<=[-–/:])\s+", "", written)
    known = words.city.normal_case_number(written) if words.city else None
    return known or re.sub(r"\s+", " ", plain)
