"""Propose words for those that lost their å, ä and ö, or a ligature, when a text was scanned.

A proposal stands beside what was written (`Text.repaired`), never instead of it. Which letters
were misread as which is learnt from the document itself: words that are none in Swedish, and have
one likely reading, say how its scanner saw. A word is then changed where the reading is clearly
likelier than what is written. Numbers, case numbers, addresses, abbreviations and words with two
readings that are as likely are left as they are.
"""

from __future__ import annotations

import dataclasses
import math
import re
import tomllib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import expectations
from expectations.contract import Text
from expectations.registers import City
from tasks.readers.lexicon import lexicon

_DATA = Path(expectations.__file__).parent / "damage-2026.1.toml"
_TOKEN = re.compile(r"[£¢°\uFFFD\u25A1\w]+")
_KEPT = re.compile(
    r"""\b[A-ZÅÄÖ]{2,}[- ]?\d[\w/-]* | \b\w{0,20}\d{2,}[-/:]\S*   # case numbers, dates, spans
    | (?<!\S)\S{1,80}@\S+ | (?:https?:|www\.)\S+ | `[^`]*`   # addresses
    | (?<!\S)\S{1,80}\.(?:se|com|org|nu|eu)\b
    | \b\d+(?:st|t?kr|mnkr|km|[a-z])\b   # amounts""",
    re.VERBOSE,
)
_LOST = "åäö"
_LEAST_LETTERS = 400
_USUAL_SHARE = 0.05
"""The share of å, ä and ö among the letters of Swedish."""
_FAR_OFF = 4
"""How many times its spread a count must lie below the usual one."""
_DEAREST = 6.0
"""What a reading's changes may cost together; six means one in a million."""
_LEAD_OVER_WORD, _LEAD_OVER_OTHERS, _LEAD_OVER_WHOLE = 0.9, 0.45, 1.5
"""How many powers of ten likelier a reading must be: than a word that is written, than the next
reading, and than what is written read as several words in one."""
_COMMON, _KNOWN = 2.0, 1.0
_LONGEST = 60
"""Letters of the longest word that is looked at: no Swedish word that boards write is longer."""
_PART_COST, _LINK_COST = 2.0, 0.3
_PARTS = ((2, 9.0), (3, 4.6), (4, 3.4), (6, 2.9))
_LONG_PART, _LEAST_IN_NAMES = 1.5, 5
"""How common (Zipf) a part of a compound is at least, by its length."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """One reading of a word: what was meant, how likely (powers of ten), and what was misread."""

    word: str
    score: float
    changes: tuple[tuple[str, str], ...]
    """(written, meant) of each letter that differs."""


Channel = Mapping[str, tuple[tuple[str, float], ...]]
"""What a written sign may have been, with the cost of each; the sign itself is among them."""


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))


def is_damaged(text: str) -> bool:
    """Say whether a Swedish text has lost so many of its letters that it must have been damaged."""
    signs = _data()["signs"]
    letters = sum(c.isalpha() for c in text)
    words = re.findall(r"[^\W\d_]+", text.casefold())
    usual = sum(word in _usual() for word in words)
    if letters < _LEAST_LETTERS or usual < signs["swedish_share"] * len(words):
        return False
    kept = sum(c in "åäöÅÄÖ" for c in text)
    unnamed = sum(text.count(sign) for sign in _data()["unnamed"]["signs"])
    torn = sum(word in _torn() for word in words)
    # a short text of names and figures may have few of them without having lost any
    usually = _USUAL_SHARE * letters
    few = kept < min(signs["least_share"] * letters, usually - _FAR_OFF * usually**0.5)
    return few or unnamed * 300 > letters or torn * 300 > len(words)


@cache
def _usual() -> frozenset[str]:
    return frozenset(_data()["signs"]["swedish"])


@cache
def _torn() -> frozenset[str]:
    return frozenset(_data()["signs"]["torn"])


class Repairs:
    """The proposals for one document, learnt from its whole text."""

    def __init__(self, text: str, city: City | None) -> None:
        """Learn how the document's letters were misread."""
        self._lexicon = lexicon(city)
        self._known: dict[str, str | None] = {}
        self._channel = _channel({})
        tokens = [found[0] for found in _TOKEN.finditer(text)]
        self._channel = _channel(_rates(self._confident(tokens), text))
        self._known = {}

    def repaired(self, text: str) -> str | None:
        """Return a text with its proposals in place, None where there are none."""
        kept = [found.span() for found in _KEPT.finditer(text)]
        starts = [start for start, _ in kept]
        out, end = [], 0
        for found in _TOKEN.finditer(text):
            # The last that begins at or before the word is the only one that may hold it.
            at = bisect_right(starts, found.start()) - 1
            if at >= 0 and found.start() < kept[at][1]:
                continue
            word = self.word(found[0], before=text[: found.start()][-40:])
            if word is not None:
                out += [text[end : found.start()], word]
                end = found.end()
        return "".join([*out, text[end:]]) if out else None

    def word(self, token: str, *, before: str = "") -> str | None:
        """Return the proposal for one word, None where it stands as it should or nobody can say.

        `before` is the text in front of it: some words are told apart by what they follow.
        """
        if token not in self._known:
            self._known[token] = self._proposal(token)
        meant = self._known[token]
        if meant is None:
            return None
        for rule in _data()["after"]:
            if meant == rule["instead_of"] and re.search(rule["words"], before, re.IGNORECASE):
                meant = str(rule["meant"])
        return _in_case(meant, token, starts=_starts_sentence(before))

    def _confident(self, tokens: list[str]) -> Counter[tuple[str, str]]:
        """Count the misread letters of words that are none and have one likely reading."""
        counts: Counter[tuple[str, str]] = Counter()
        for token, times in Counter(tokens).items():
            if self._lexicon.zipf.get(token.casefold(), 0.0) < _KNOWN and _may_be_word(token):
                best = self._best(token)
                if best is not None and best.score > _COMMON - 1:
                    for change in best.changes:
                        counts[change] += times
        return counts

    def _proposal(self, token: str) -> str | None:
        if not _may_be_word(token):
            return None
        written = token.casefold()
        stands = self._lexicon.zipf.get(written)
        best = self._best(token) or (None if stands else self._compound(token))
        if best is None or best.word == written:
            return None
        if stands is not None and best.score - stands < _LEAD_OVER_WORD:
            return None
        return best.word

    def _best(self, token: str) -> Spelling | None:
        """Return the likeliest reading as one word, None where two are about as likely."""
        read: dict[str, Spelling] = {}
        for end, spelling in self._readings(token, 0):
            if end == len(token) and (
                spelling.word not in read or read[spelling.word].score < spelling.score
            ):
                read[spelling.word] = spelling
        ranked = sorted(read.values(), key=lambda s: (-s.score, s.word))
        if not ranked:
            return None
        if len(ranked) > 1 and ranked[0].score - ranked[1].score < _LEAD_OVER_OTHERS:
            return None
        likeliest = ranked[0]
        return likeliest if self._lexicon.zipf[likeliest.word] >= _KNOWN else None

    def _compound(self, token: str) -> Spelling | None:
        """Return the likeliest reading as two to four words in one, None where none is clear."""
        size = len(token)
        best: dict[int, list[Spelling]] = {0: [Spelling("", 0.0, ())]}
        for start in range(size):
            for done in best.get(start, ())[:3]:
                for end, part in self._parts(token, start):
                    whole = _put_together(done, part)
                    best[end] = _ranked([*best.get(end, ()), whole])
        ends = best.get(size, [])
        if not ends or not ends[0].changes:
            return None
        leads = (
            ends[0].score - other.score
            >= (_LEAD_OVER_OTHERS if other.changes else _LEAD_OVER_WHOLE)
            for other in ends[1:]
        )
        return ends[0] if all(leads) else None

    def _parts(self, token: str, start: int) -> Iterator[tuple[int, Spelling]]:
        """Yield the words that may stand at a place in a compound, also with a linking s."""
        for end, spelling in self._readings(token, start):
            if not self._is_part(spelling, named=token[0].isupper()):
                continue
            # The frequency of a part as a share of all words: a compound is its parts by chance.
            part = dataclasses.replace(spelling, score=spelling.score - 9.0 - _PART_COST)
            yield end, part
            if token[end : end + 1].casefold() == "s":
                linked = dataclasses.replace(
                    part, word=f"{part.word}s", score=part.score - _LINK_COST
                )
                yield end + 1, linked

    def _is_part(self, spelling: Spelling, *, named: bool) -> bool:
        """Say whether a word may be a part of a compound: the shorter, the commoner it must be.

        What has a capital may be a name, and names are made of short parts.
        """
        size = len(spelling.word)
        if named and size < _LEAST_IN_NAMES:
            return False
        least = next((zipf for longest, zipf in _PARTS if size <= longest), _LONG_PART)
        return self._lexicon.zipf[spelling.word] >= least and all(
            one for one, _ in spelling.changes
        )

    def _readings(self, token: str, start: int) -> Iterator[tuple[int, Spelling]]:
        """Yield (end, reading) of every word that the signs from a place on may have been."""
        open_: list[tuple[int, str, float, tuple[tuple[str, str], ...]]] = [(start, "", 0.0, ())]
        zipf = self._lexicon.zipf
        while open_:
            at, meant, cost, changes = open_.pop()
            if meant and meant in zipf:
                yield at, Spelling(meant, zipf[meant] - cost, changes)
            for took, letters, price in self._steps(token, at, first=at == start):
                now, total = meant + letters, cost + price
                if total <= _DEAREST and self._lexicon.begins(now):
                    written = token[at : at + took]
                    differs = written.casefold() != letters
                    more = (*changes, (written, letters)) if differs else changes
                    if took or not any(not one for one, _ in changes):
                        open_.append((at + took, now, total, more))

    def _steps(self, token: str, at: int, *, first: bool) -> Iterator[tuple[int, str, float]]:
        """Yield what may come next: (signs taken, letters meant, cost)."""
        for took in (1, 2):
            piece = token[at : at + took]
            if len(piece) == took:
                for letters, cost in self._channel.get(piece.casefold(), ()):
                    yield took, letters, cost
                if first:
                    for letters, cost in self._channel.get(f"^{piece}", ()):
                        yield took, letters, cost
        if at < len(token) and token[at : at + 1].casefold() not in self._channel:
            yield 1, token[at].casefold(), 0.0
        for letters, cost in self._channel.get("", ()):
            yield 0, letters, cost


def _ranked(readings: list[Spelling]) -> list[Spelling]:
    best: dict[str, Spelling] = {}
    for one in readings:
        if one.word not in best or best[one.word].score < one.score:
            best[one.word] = one
    return sorted(best.values(), key=lambda s: (-s.score, s.word))[:4]


def _put_together(done: Spelling, part: Spelling) -> Spelling:
    return Spelling(done.word + part.word, done.score + part.score, (*done.changes, *part.changes))


def _may_be_word(token: str) -> bool:
    """Say whether a token may be a word: letters, at most a few signs among them, no shorthand."""
    letters = sum(c.isalpha() or c in "£¢" for c in token)
    others = len(token) - letters
    shorthand = token.isupper() and len(token) <= 5  # noqa: PLR2004 - KSAU, AMA
    has_code = any(c.isdigit() for c in token) and sum(c.isupper() for c in token) > 1
    return (
        len(token) <= _LONGEST
        and letters >= max(2 if others else 1, others)
        and len(token) > 1
        and not (shorthand or has_code)
    )


def _starts_sentence(before: str) -> bool:
    before = before.rstrip(' “”"(*-–')
    return not before or before[-1] in ".!?:•"


def _in_case(meant: str, written: str, *, starts: bool) -> str:
    """Return a proposal in capitals as written; a capital that was a misread ö is no capital."""
    if written.isupper():
        return meant.upper()
    lost = not (written[0].isalpha() or written[0] == "£") or (
        meant[0] in _LOST and written[0].casefold() == meant[1:2]
    )
    misread = lost or (written[0] in "SG" and meant[0] == "ö")
    capital = written[0].isupper() and not misread
    return meant[0].upper() + meant[1:] if capital or (misread and starts) else meant


def _rates(counts: Counter[tuple[str, str]], text: str) -> dict[str, Counter[str]]:
    """Return, by letter meant, how often it came out as what; as itself where it stands whole."""
    rates: dict[str, Counter[str]] = {}
    for (written, meant), times in counts.items():
        rates.setdefault(meant, Counter())[written] += times
    lowered = text.casefold()
    for letter in _LOST:
        rates.setdefault(letter, Counter())[letter] += lowered.count(letter)
    return rates


_TRUST = 12.0
"""How many letters' worth the data file's costs weigh against what the document itself shows."""


def _channel(rates: Mapping[str, Counter[str]]) -> Channel:
    """Return what each written sign may have been, by the data file and what a document shows."""
    channel: dict[str, list[tuple[str, float]]] = {}
    data = _data()
    for row in data["confusion"]:
        meant = row["meant"]
        seen = rates.get(meant, Counter())
        total = sum(seen.values())
        for written, prior in row["written"].items():
            key = f"^{written}" if row.get("start") else written
            cost = _cost(prior, seen.get(written, 0), total) if meant in _LOST else prior
            channel.setdefault(key, []).append((meant, cost))
    dropped = [
        (
            meant,
            _cost(
                prior,
                rates.get(meant, Counter()).get("", 0),
                sum(rates.get(meant, Counter()).values()),
            ),
        )
        for meant, prior in data["dropped"].items()
    ]
    channel[""] = dropped
    for sign in data["unnamed"]["signs"]:
        channel[sign] = list(data["unnamed"]["letters"].items())
    for letter in {key for key in channel if len(key) == 1 and key.isalpha()} | set(_LOST):
        own = (
            _cost(
                0.3,
                rates.get(letter, Counter()).get(letter, 0),
                sum(rates.get(letter, Counter()).values()),
            )
            if letter in _LOST
            else 0.0
        )
        channel.setdefault(letter, []).append((letter, own))
    return {key: tuple(sorted(ways)) for key, ways in channel.items()}


def _cost(prior: float, seen: int, total: int) -> float:
    """Return minus the logarithm of a rate, the data file's weighed with what was counted."""
    return -math.log10((_TRUST * 10**-prior + seen) / (_TRUST + total))


def with_repairs(value: Any, repairs: Repairs) -> Any:
    """Return a reading, or any part of one, with a proposal in every text that needs one."""
    if isinstance(value, Text):
        return dataclasses.replace(value, repaired=repairs.repaired(value.text))
    if isinstance(value, tuple):
        return tuple(with_repairs(item, repairs) for item in value)
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return value
    names = {item.name for item in dataclasses.fields(value)}
    changed = {name: with_repairs(getattr(value, name), repairs) for name in names - {"document"}}
    if "repaired" in names and isinstance(changed.get("text"), str):
        changed["repaired"] = repairs.repaired(changed["text"])
    return dataclasses.replace(value, **changed)
