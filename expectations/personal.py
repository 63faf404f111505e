"""Personal numbers and private addresses: found wherever they are written, and never repeated.

A personal number (personnummer, or samordningsnummer with the day plus 60) is told from other long
numbers by its date and its check digit. What has neither is no personal number: organisation
numbers have a month over 20, diary numbers and telephone numbers are grouped otherwise.
"""

from __future__ import annotations

import hashlib
import re

_DATE = r"(?:19|20)?(\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])"
_DASH = "[-+\u2010-\u2015\u2212]"
_WRITTEN = re.compile(rf"(?<![\d-]){_DATE}(?:\s?{_DASH}\s?| )?(\d{{4}})(?![\d-])")
"""As people write it: ten or twelve digits, with a dash of any kind, a space or nothing."""
_SURE = re.compile(
    rf"(?<![\w-])(?:{_DATE}\s?{_DASH}\s?(\d{{4}})|(?=(?:19|20)\d{{10}}(?!\d)){_DATE}(\d{{4}}))"
    r"(?![\w-])"
)
"""With a dash, or twelve digits: what is no amount, whatever stands around it."""
_MOBILE = re.compile(r"07\d{8}")
_MAIL = re.compile(
    r"[\w.+-]+@(?:gmail|hotmail|outlook|icloud|yahoo|live|telia)\.\w+", re.IGNORECASE
)
MASK = "******-****"
_IN_NAME = "PERSONNUMMER"
"""Stands for a personal number in a name of a file: what a file system can hold."""


def has_check_digit(ten: str) -> bool:
    """Say whether ten digits end with the check digit of a personal number (Luhn)."""
    doubled = [int(d) * (2 if i % 2 == 0 else 1) for i, d in enumerate(ten)]
    return sum(n // 10 + n % 10 for n in doubled) % 10 == 0


def has_number(text: str, *, surely: bool = False) -> bool:
    """Say whether a personal number stands in a text.

    `surely` counts only what has a dash or a century: for text whose surroundings are not known,
    where ten digits in a row may as well be an amount.
    """
    return any(_is_number(found) for found in (_SURE if surely else _WRITTEN).finditer(text))


def numbers_in(text: str) -> int:
    """Return how many personal numbers stand in a text."""
    return sum(_is_number(found) for found in _WRITTEN.finditer(text))


def without_numbers(text: str) -> str:
    """Return a text with its personal numbers masked."""
    return _WRITTEN.sub(lambda found: MASK if _is_number(found) else found.group(), text)


def without_personal_data(text: str) -> str:
    """Return a text with what looks like personal numbers or private addresses masked."""
    return _MAIL.sub("…@…", _WRITTEN.sub(MASK, text))


def has_private_address(text: str) -> bool:
    """Say whether a private mail address stands in a text."""
    return _MAIL.search(text) is not None


def name_without_numbers(name: str) -> str:
    """Return a file's name or path with its personal numbers taken out.

    Two names that differ only there are still two: a mark of eight bits says that they differ, and
    so little that nobody is told by it.
    """

    def masked(found: re.Match[str]) -> str:
        if not _is_number(found):
            return found.group()
        return f"{_IN_NAME}-{hashlib.sha256(found.group().encode()).hexdigest()[:2]}"

    return _WRITTEN.sub(masked, name)


def is_name_masked(name: str) -> bool:
    """Say whether a personal number has been taken out of a name."""
    return _IN_NAME in name


def _is_number(found: re.Match[str]) -> bool:
    digits = "".join(part for part in found.groups() if part)
    return has_check_digit(digits) and not _MOBILE.fullmatch(found.group())
