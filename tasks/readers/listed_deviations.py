"""What parts of a board have over or lack, in a list: `Hemtjänst +0,6 mkr (−0,4 mkr)`.

A list is two or more lines that are a name and a signed amount of money, as items or as headings
with text below each. What the amounts are is told by the heading or the sentence above the first;
where nothing tells it, or it says that they are causes, the list is not read. An amount in brackets
is one of the month before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from expectations.contract import Figure
from expectations.registers import plain
from tasks.readers.numbers import MINUS, MONEY, SPACES
from tasks.readers.outline import Outline
from tasks.readers.pages import Line
from tasks.readers.sentence_passages import is_heading
from tasks.readers.sentence_words import Amount, Lexicon, Part, parts_of_speech
from tasks.readers.stated_beside_tables import OTHER, Said

_FEWEST, _LONGEST = 2, 140
_SIGN = rf"[{MINUS}+±][{SPACES}]?|minus |plus "
_NUMBER = rf"\d[\d{SPACES}]*(?:,\d+)?[{SPACES}]?[a-zA-Z]+(?: kronor)?"
_ITEM = re.compile(
    rf"(?:\s*[{MINUS}•·*][{SPACES}]+|\s*)(?P<name>[A-ZÅÄÖ][^\d.!?:;+]*?)"
    rf"(?::[{SPACES}]*(?P<what>[A-ZÅÄÖa-zåäö]+))?"
    rf"[{SPACES},:]+(?P<amount>(?P<sign>{_SIGN})?{_NUMBER})"
    rf"(?:[{SPACES}]?\([^()\d]*(?:{_SIGN})?{_NUMBER}\))?(?:\s*$|\.(?:\s*$| [A-ZÅÄÖ]))"
)
"""A name, an amount and perhaps one in brackets; a sentence may follow."""
_AHEAD = ("forecast", "expects", "expected")
_BARRED = ("tail", "before", "last", "invested", "granted", "invests", "invests_then")
"""What the words above a list may not speak of: causes, other years and reports, projects."""
_OFF = ("sum", "deviation", "differs", "budget", "line", "outcome")
_VERBAL = (
    *_AHEAD,
    *_OFF[:4],
    "is",
    "reaches",
    "changed",
    "exceeds",
    "which",
    "deviates",
    "runs",
    "to",
)
"""Parts of speech of sentences: what has one before its number is no name."""


@dataclass(frozen=True, slots=True)
class _Item:
    """One line of a list: its name, what the name is a line of, and the amount."""

    line: Line
    name: str
    start: int
    code: str
    amount: Amount
    sign: str
    """The sign as written, with a space that stands behind it."""
    what: str = ""
    """What the line itself says that the amount is: `Hemtjänst: Budgetavvikelse: -608 tkr`."""


@dataclass(slots=True)
class _List:
    """The items of one list with what stands above them: a heading, and the last sentence."""

    heading: str
    above: str
    items: list[_Item] = field(default_factory=list)


def listed_deviations(shape: Outline, claimed: frozenset[int], known: Lexicon) -> list[Said]:
    """Return the deviations of the lists in a document."""
    lists = [found for found in _lists(shape, claimed, known) if _is_signed(found.items)]
    return [one for found in lists for one in _said(found, known)]


def _is_signed(items: Sequence[_Item]) -> bool:
    """Say whether the signs of a list's amounts are sure: those without one have something over.

    A dash and a space before an amount may as well part it from its name.
    """
    signs = {item.sign for item in items}
    is_loose = any(sign.strip() != sign for sign in signs)
    return (
        (len(items) >= _FEWEST or items[0].what != "")
        and signs != {""}
        and (not is_loose or len(signs) > 1)
    )


def _lists(shape: Outline, claimed: frozenset[int], known: Lexicon) -> Iterator[_List]:
    heading, above = "", ""
    opened: _List | None = None
    titles = {line.number for section in shape.sections for line in section.title_lines}
    titles |= {section.heading.number for section in shape.sections if section.heading}
    for line in shape.lines:
        text = line.text.strip()
        if not text or line.number in shape.furniture:
            continue
        item = None if line.number in claimed else _item(line, known)
        if item is not None:
            opened = opened or _List(heading, above)
            opened.items.append(item)
        elif line.number in titles or is_heading(text):
            if opened is not None:
                yield opened
            heading, above, opened = text, "", None
        else:
            above = f"{above} {text}"[-_LONGEST * 3 :]
    if opened is not None:
        yield opened


def _item(line: Line, known: Lexicon) -> _Item | None:
    """Return the item that a line is, None where it is none."""
    found = _ITEM.match(line.text) if len(line.text) <= _LONGEST else None
    if found is None or not (amounts := _amounts(found["amount"], known)):
        return None
    amount = amounts[0]
    if amount.unit not in MONEY:
        return None
    told = parts_of_speech(found["name"], known) or []
    if not _is_name(told):
        return None
    start, stop = (found.start("amount") + at for at in amount.digits)
    value = amount.value or abs(amount.value)
    amount = replace(amount, digits=(start, stop), value=value)
    name, sign = found["name"], found["sign"] or ""
    what = found["what"] or ""
    return _Item(line, name, found.start("name"), _code(name, told), amount, sign, what)


def _amounts(text: str, known: Lexicon) -> list[Amount]:
    """Return the amounts of a text that says nothing else."""
    parts = parts_of_speech(text, known) or []
    found = [part.amount for part in parts if part.amount is not None]
    return found if len(found) == len(parts) else []


def _is_name(told: Sequence[Part]) -> bool:
    """Say whether words name something: a line of the result by itself, or no word of sentences."""
    if any(part.kind == "line" for part in told):
        return len(told) == 1
    return not any(part.kind in _VERBAL for part in told)


def _code(name: str, before: Sequence[Part]) -> str:
    """Return the line of the result that a name is, else that of a part with its name."""
    return before[0].says if before and before[0].kind == "line" else f"{OTHER} {plain(name)}"


def _said(found: _List, known: Lexicon) -> Iterator[Said]:
    last = re.split(r"(?<=[a-zåäö)][.!?])\s+(?=[A-ZÅÄÖ])", found.above.strip())[-1]
    for item in found.items:
        key = _key((item.what,) if item.what else (last, found.heading), known)
        if key is None:
            continue
        start, stop = item.amount.digits
        written, place = item.line.text[start:stop], item.line.place(start, stop)
        amount = item.amount
        figure = Figure(written, amount.value, amount.unit, amount.decimals, "read", place)
        label = item.line.place(item.start, item.start + len(item.name))
        text = item.line.text.strip()
        yield Said("finance", item.code, key, figure, item.name, label, text, is_listed=True)


def _key(above: Sequence[str], known: Lexicon) -> str | None:
    """Return the column that a list's amounts are of; the sentence right above goes before."""
    for text in above:
        parts = parts_of_speech(text, known)
        if parts is None or any(_bars(part, known) for part in parts):
            return None
        kinds = {part.kind for part in parts}
        kinds |= {"forecast"} if any(p.time and p.time.kind == "year" for p in parts) else set()
        if kinds.intersection(_AHEAD) and not known.now.is_year:
            return "forecast_deviation"
        if kinds.intersection(_OFF):
            return "deviation"
    return None


def _bars(part: Part, known: Lexicon) -> bool:
    """Say whether a part of the words above a list makes its amounts something else."""
    month = part.time.month if part.time is not None else None
    return part.kind in _BARRED or (month is not None and month != known.now.month)
