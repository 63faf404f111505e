"""The header of a table in text that a program pressed out of a PDF.

Its cells stand one after another, over many lines where they are narrow, and narrow cells cut
words: a line end may stand anywhere in a phrase.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from expectations.registers import plain
from tasks.readers.pages import Line

_MOST_HEADER_LINES = 70


def header_end(
    lines: Sequence[Line], start: int, columns: Mapping[str, str], wanted: Collection[str]
) -> tuple[tuple[str, ...], int] | None:
    """Return (keys, index behind the header) of a header that starts at a line, None without one.

    Words that narrow columns have cut over two lines are whole again.
    """
    known = _phrases_of(tuple(columns))
    begun = _squeezed(tuple(columns))
    text, best = "", None
    for end in range(start + 1, min(start + _MOST_HEADER_LINES, len(lines)) + 1):
        shown = lines[end - 1].text.strip()
        if not shown:
            continue
        text = f"{text}\n{shown}" if text else shown
        told, rest, last = _phrases(text, known)
        keys = tuple(columns[phrase] for phrase in told)
        if not rest and set(wanted) <= set(keys) and len(set(keys)) == len(keys):
            best = keys, end
        if len(set(keys)) < len(keys) or (
            # the last phrase may be the beginning of a longer one
            rest and not (begun.get(_squeeze(rest)) or begun.get(_squeeze(last + rest)))
        ):
            break
    return best


_STOP = r"[\s.,:;()?]"
_SKIPPED = re.compile(rf"(?:20\d\d\b|{_STOP})*")
_ENDS = re.compile(rf"{_STOP}|$|(?<=[a-zåäö])[A-ZÅÄÖ]")
"""What may stand behind a phrase: a cell may have run into the next."""
_CUT = re.compile(r"-?\n")
_GAP = re.compile(r"[\s(]+")
_Node = dict[str, Any]
"""The phrases that go on with each letter; what ends here stands under no letter."""


def _squeeze(text: str) -> str:
    return re.sub(r"[\s().,:;?­-]", "", plain(text))


@cache
def _squeezed(phrases: tuple[str, ...]) -> dict[str, bool]:
    """Return every beginning of a phrase, without what stands between its letters."""
    bare = (_squeeze(phrase) for phrase in phrases)
    return {one[:length]: True for one in bare for length in range(1, len(one))}


class _Phrases:
    """Phrases letter by letter: thousands of them are looked for at once.

    A line end may stand anywhere in a word, with a hyphen or without, and any white or an opening
    bracket between two words.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        self.root: _Node = {}
        for phrase in phrases:
            node = self.root
            for letter in " ".join(phrase.split()):
                node = node.setdefault(letter, {})
            node[""] = phrase

    def longest_at(self, text: str, at: int) -> tuple[str, int] | None:
        """Return the longest phrase at a place, with where it ends; None without one."""
        found = [(phrase, end) for phrase, end in self._at(text, at) if _ENDS.match(text, end)]
        return min(found, key=lambda one: (-len(one[0]), one[0]), default=None)

    def _at(self, text: str, at: int) -> Iterator[tuple[str, int]]:
        open_: list[tuple[_Node, int]] = [(self.root, at)]
        while open_:
            node, place = open_.pop()
            if "" in node:
                yield node[""], place
            places = [place]
            if place > at and (cut := _CUT.match(text, place)):
                places.append(cut.end())
            open_ += [
                (node[letter], one + 1)
                for one in places
                if (letter := text[one : one + 1].lower()) != " " and letter in node and letter
            ]
            gap = _GAP.match(text, place) if " " in node else None
            for behind in range(place + 1, gap.end() + 1) if gap else ():
                letter = text[behind : behind + 1].lower()
                if letter.strip() and letter in node[" "]:
                    open_.append((node[" "][letter], behind + 1))


@cache
def _phrases_of(phrases: tuple[str, ...]) -> _Phrases:
    return _Phrases(phrases)


def _phrases(text: str, known: _Phrases) -> tuple[list[str], str, str]:
    """Return the phrases that a text is made of, what is left behind them, and the last one."""
    found: list[str] = []
    last = ""
    at = 0
    while at < len(text):
        told = known.longest_at(text, at)
        if told is None:
            return found, text[at:], last
        phrase, end = told
        found.append(phrase)
        skipped = _SKIPPED.match(text, end)
        last = text[at:end]
        at = skipped.end() if skipped else end
    return found, "", last
