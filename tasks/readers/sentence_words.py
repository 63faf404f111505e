"""The words of a sentence as parts of speech: subjects, verbs, quantities, times and what compares.

The words are data (`sentence_words`, `sentence_metrics` and the labels of staff figures). What
stands in none of them is one `unknown` part for each word: a grammar stops there, it never skips.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from expectations.contract import Document, Figure
from expectations.register_files import generic_vocabulary
from tasks.readers.numbers import MINUS, SPACES, figure
from tasks.readers.wording import Wording

TAGS = {
    "own": "O",
    "line": "N",
    "metric": "N",
    "invested": "N",
    "granted": "N",
    "outcome": "W",
    "forecast": "P",
    "sum": "D",
    "is": "V",
    "reaches": "v",
    "expects": "F",
    "expected": "e",
    "changed": "C",
    "exceeds": "E",
    "on": "p",
    "with": "m",
    "from": "f",
    "to": "t",
    "for": "o",
    "number": "Q",
    "budget": "B",
    "before": "A",
    "deviation": "X",
    "differs": "H",
    "against": "K",
    "of": "K",
    "which": "R",
    "change": "G",
    "last": "L",
    "portion": "y",
    "share": "g",
    "used": "z",
    "used_then": "Z",
    "invests": "I",
    "invests_then": "N",
    "grants": "Y",
    "city": "S",
    "spends": "w",
    "moves": "M",
    "and": "&",
    "tail": "j",
    "never": "!",
    "narrows": "i",
    "time": "T",
    "unknown": "?",
    "plain": "~",
    "roughly": "~",
    "aside": "~",
    "costs": "k",
    "deviates": "x",
    "ends": "q",
    "runs": "l",
    "infinitive": "u",
    "each": "r",
    "disposal": "J",
    "that": "s",
    "bracketed": "b",
    "judged": "a",
    ",": ",",
    "(": "(",
    ")": ")",
}
"""Parts of speech with the letter that the grammar has for each."""
_THOUSANDS = rf"[1-9]\d{{0,2}}(?:[{SPACES}]\d{{3}})+|0|[1-9]\d*"
_AMOUNT = re.compile(
    rf"(?<![\w,.§/{MINUS}])(?P<sign>[{MINUS}+]\s?|minus |plus )?"
    rf"(?P<digits>(?:{_THOUSANDS})(?:,\d+)?)"
    rf"(?![\d/:]|[.,]\d|[{MINUS}]\d)"
)
_WORD = re.compile(r"[^\W\d_]+(?:[-–:][^\W\d_]+)*|\S")
_SAME = re.compile(r"(?:i |för |under )?(?:samma|motsvarande) (?:period|månad|tid|tidpunkt)")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of a sentence: as written, with its unit where it has one, and whether signed."""

    digits: tuple[int, int]
    value: Decimal
    unit: str | None
    decimals: int
    is_signed: bool
    is_points: bool
    """Whether it is in percentage points: a difference of shares, never a share."""


@dataclass(frozen=True, slots=True)
class Time:
    """A time that a sentence names; `kind` is span, point, period or year."""

    kind: str
    month: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a sentence: its kind, what it says, and where it stands (0-based, end out)."""

    kind: str
    says: str
    start: int
    end: int
    amount: Amount | None = None
    time: Time | None = None

    @property
    def tag(self) -> str:
        """Return the letter that stands for the kind."""
        return TAGS[self.kind]


@dataclass(frozen=True, slots=True)
class Now:
    """The round that a document reports: months that it speaks of are those of this year."""

    year: int | None
    month: int | None
    is_year: bool

    @classmethod
    def of(cls, document: Document) -> Now:
        """Return the round of a document."""
        found = re.match(r"(?P<year>20\d\d)-(?P<month>\d\d)", document.round or "")
        is_year = document.kind == "annual_report"
        if found is None:
            return cls(None, 12 if is_year else None, is_year)
        return cls(int(found["year"]), int(found["month"]), is_year)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The phrases that a document's sentences are read with, and the round that it reports."""

    phrases: Mapping[str, str]
    by_first_word: Mapping[str, tuple[str, ...]]
    now: Now

    @classmethod
    def of(cls, words: Wording, now: Now, owners: frozenset[str]) -> Lexicon:
        """Return the phrases of a city; `owners` are the names of the board itself."""
        phrases = {**_known(words), **dict.fromkeys(owners, "own")}
        found: dict[str, list[str]] = {}
        for phrase in sorted(phrases, key=lambda one: (-len(one), one)):
            found.setdefault(_first_word(phrase), []).append(phrase)
        return cls(phrases, {word: tuple(some) for word, some in found.items()}, now)


_IS = re.compile(rf":[{SPACES}]+[{MINUS}+]?\d")


def parts_of_speech(sentence: str, known: Lexicon) -> list[Part] | None:
    """Return the parts of a sentence in order.

    None where it says anything that bars its figures: a condition, a sum without something.
    """
    lowered = sentence.lower()
    found: list[Part] = []
    at = 0
    while at < len(sentence):
        if _IS.match(sentence, at):
            # `Nettokostnad: 412,3 mnkr`
            found.append(Part("is", "", at, at + 1))
            at += 1
            continue
        if sentence[at] in f'{SPACES}.;:!?”"•':
            at += 1
            continue
        part = _part(lowered, at, known)
        if part.kind == "never":
            return None
        if part.kind != "skip":
            if found and found[-1].kind == "roughly" and _is_rounded(part):
                found.pop()
            found.append(part)
        at = part.end
    return found


def _is_rounded(part: Part) -> bool:
    """Say whether a number has decimals: they say how exact it is, with `cirka` or without."""
    return part.amount is not None and part.amount.decimals > 0


def _part(text: str, at: int, known: Lexicon) -> Part:
    """Return the part that begins at a place: a time, a number, a known phrase, else a word."""
    found = _time(text, at, known.now) or _amount(text, at)
    if found is not None:
        return found
    phrase = _phrase(text, at, known)
    if phrase is not None:
        kind, _, says = known.phrases[phrase].partition(" ")
        end = at + len(phrase)
        return Part(kind, says, at, end, time=Time(says) if kind == "time" else None)
    if text[at] in ",()":
        return Part(text[at], "", at, at + 1)
    word = _WORD.match(text, at)
    return Part("unknown", "", at, word.end() if word else at + 1)


def _phrase(text: str, at: int, known: Lexicon) -> str | None:
    """Return the longest known phrase that begins at a place and ends where a word does."""
    for phrase in known.by_first_word.get(_first_word(text[at:]), ()):
        end = at + len(phrase)
        if text.startswith(phrase, at) and not re.match(r"[\w-]", text[end : end + 1]):
            return phrase
    return None


def _first_word(text: str) -> str:
    found = re.match(r"[^\W\d_]+", text)
    return found.group() if found else text[:1]


def _known(words: Wording) -> dict[str, str]:
    """Return every phrase with what it is; a row's label of a metric is one in a sentence too."""
    metrics = {**words.table("staff"), **words.table("sentence_metrics")}
    known = {phrase: f"metric {code}" for phrase, code in metrics.items()}
    for phrase, code in metrics.items():
        for short, long in (("antal ", "antalet "), ("andel ", "andelen ")):
            if phrase.startswith(short):
                known[long + phrase.removeprefix(short)] = f"metric {code}"
    return {**known, **words.table("sentence_words")}


# --- numbers -------------------------------------------------------------------------------------


def _amount(text: str, at: int) -> Part | None:
    found = _AMOUNT.match(text, at)
    if found is None:
        return None
    unit_word = _unit_at(text, found.end())
    end = found.end() + len(unit_word)
    digits = found.span("digits")
    one: Figure = figure(text[digits[0] : end], unit=None)
    if one.value is None or one.decimals is None:
        return None
    sign = (found["sign"] or "").strip()
    value = -one.value if sign not in ("", "+", "plus") else one.value
    points = unit_word.strip().endswith(("enheter", "enhet"))
    span = digits if sign.isalpha() else (found.start(), digits[1])
    if "," in found["digits"] and not one.decimals:
        # `1,2 miljarder`: the number means nothing without the word
        span = (span[0], end)
    amount = Amount(span, value, one.unit, one.decimals, bool(sign), points)
    return Part("number", "", at, end, amount)


def numbers_of_row(text: str) -> frozenset[str]:
    """Return the digits of the numbers in a row: on a line of no more words than numbers."""
    digits = [re.sub(rf"[{SPACES}]", "", one["digits"]) for one in _AMOUNT.finditer(text)]
    is_row = len(digits) >= len(re.findall(r"[^\W\d_]{2,}", text))
    return frozenset(digits if is_row else ())


def _unit_at(text: str, at: int) -> str:
    """Return the word of a unit right behind a number with the space before it, `""` if none."""
    for word in _unit_words():
        found = re.match(rf"[{SPACES}]?{re.escape(word)}(?!\w)", text[at:])
        if found is not None:
            return found.group()
    return ""


@cache
def _unit_words() -> tuple[str, ...]:
    return tuple(sorted(generic_vocabulary()["units"], key=len, reverse=True))


# --- times ---------------------------------------------------------------------------------------


def _counts() -> tuple[str, ...]:
    return tuple(generic_vocabulary()["sentence_counts"]["months"])


_DAY = r"(?:[ ](?:den[ ])?(?:sista|\d{1,2}))?"


@cache
def _times() -> tuple[re.Pattern[str], ...]:
    """Return the patterns of times, with the groups kind-by-name, month and year."""
    month = rf"(?P<month>{'|'.join(sorted(generic_vocabulary()['round_months'], key=len)[::-1])})"
    year = r"(?:[ ]månad)?(?:[ ](?P<year>20\d\d))?(?![\w])"
    until = (
        r"(?:(?:för|under|avser)[ ])?(?:perioden[ ])?"
        r"(?:till och med|t\.?[ ]?o\.?[ ]?m\.?|tom|fram till|efter|per)"
    )
    whole = (
        r"(?:(?:för|under|i)[ ])?(?:perioden[ ])?(?:januari|jan)"
        r"(?:[ ]?[-–][ ]?|[ ]till(?:[ ]och med)?[ ])"
    )
    iso = r"(?P<year>20\d\d)-(?P<number>0[1-9]|1[0-2])-(?:28|29|30|31)(?!\d)"
    short = r"(?:28|29|30|31)/(?P<number>[1-9]|1[0-2])(?:[ -](?P<year>20\d\d))?(?![\d/])"
    counts = "|".join((*_counts(), *(str(one) for one in range(1, 13))))
    first = r"(?:efter|(?:(?:för|under)[ ])?(?:årets|de)[ ]första)[ ]"
    return tuple(
        re.compile(text)
        for text in (
            rf"(?P<span>{until}{_DAY})[ ]{month}{year}",
            rf"(?P<span>{whole}){month}{year}",
            rf"(?P<span>{until}(?:[ ]den)?)[ ]{iso}",
            rf"(?P<span>{until}(?:[ ]den)?)[ ]{short}",
            rf"(?P<point>(?:(?:per|vid)[ ])?(?:den[ ])?(?:sista|\d{{1,2}}))[ ]{month}{year}",
            rf"(?P<point>i|under|för)[ ]{month}{year}",
            rf"(?P<point>{month})[ ](?P<year>20\d\d)(?!\w)",
            rf"{first}(?P<count>{counts})[ ]månader(?:na)?(?!\w)",
            rf"(?P<point>vid)[ ]{month}[ ]månads[ ](?:utgång|slut)(?![\w])",
            r"(?:(?:för|under|år|helåret|på)[ ]){0,2}(?P<year>20\d\d)(?![\w-])(?:[ ]års(?!\w))?",
        )
    )


def _time(text: str, at: int, now: Now) -> Part | None:
    """Return the time that begins at a place; one of the year before is what is compared with."""
    same = _SAME.match(text, at)
    start = same.end() + 1 if same else at
    if at and re.match(r"\w", text[at - 1]):
        return None
    for pattern in _times():
        found = pattern.match(text, start)
        if found is None:
            continue
        said = found.groupdict()
        year = int(said["year"]) if said.get("year") else None
        if year is not None and (now.year is None or year not in (now.year, now.year - 1)):
            return Part("unknown", "", at, found.end())
        if year is not None and year != now.year:
            return Part("before", "", at, found.end())
        if same is not None:
            return None
        return Part("time", "", at, found.end(), time=_of(said))
    return None


def _of(said: Mapping[str, str | None]) -> Time:
    if said.get("count"):
        count = said["count"] or ""
        return Time("span", int(count) if count.isdigit() else _counts().index(count) + 1)
    if said.get("number"):
        return Time("span", int(said["number"] or ""))
    month = said.get("month")
    if month is None:
        return Time("year")
    number = int(generic_vocabulary()["round_months"][month])
    return Time("span" if said.get("span") else "point", number)
