"""The header of a table in text that a program pressed out of a PDF.

Its cells stand one after another, over many lines where they are narrow, and narrow cells cut
words: a line end may stand anywhere in a phrase.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import cache

from expectations.registers import plain
from tasks.readers.pages import Line

_MOST_HEADER_LINES = 70


def header_end(
    lines: Sequence[Line], start: int, columns: Mapping[str, str], wanted: Collection[str]
) -> tuple[tuple[str, ...], int] | None:
    """Return (keys, index behind the header) of a header that starts at a line, None without one.

    Words that narrow columns have cut over two lines are whole again.
    """
    known = _phrase(tuple(columns))
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


def _squeeze(text: str) -> str:
    return re.sub(r"[\s().,:;?­-]", "", plain(text))


@cache
def _squeezed(phrases: tuple[str, ...]) -> dict[str, bool]:
    """Return every beginning of a phrase, without what stands between its letters."""
    bare = (_squeeze(phrase) for phrase in phrases)
    return {one[:length]: True for one in bare for length in range(1, len(one))}


@cache
def _phrase(phrases: tuple[str, ...]) -> tuple[re.Pattern[str], tuple[str, ...]]:
    """Return the phrases, longest first, and a pattern with a group for each.

    A line end may stand anywhere in a phrase.
    """
    forms = []
    ordered = tuple(sorted(phrases, key=lambda one: (-len(one), one)))
    for phrase in ordered:
        words = [r"(?:-?\n)?".join(map(re.escape, word)) for word in phrase.split()]
        forms.append(r"[\s(]+".join(words))
    shown = "|".join(f"({form})" for form in forms)
    return re.compile(rf"(?i:{shown})(?={_STOP}|$|(?<=[a-zåäö])[A-ZÅÄÖ])"), ordered


def _phrases(
    text: str, known: tuple[re.Pattern[str], tuple[str, ...]]
) -> tuple[list[str], str, str]:
    """Return the phrases that a text is made of, what is left behind them, and the last one."""
    found: list[str] = []
    last = ""
    pattern, phrases = known
    skip = re.compile(rf"(?:20\d\d\b|{_STOP})*")
    at = 0
    while at < len(text):
        match = pattern.match(text, at)
        if match is None:
            return found, text[at:], last
        found.append(phrases[(match.lastindex or 1) - 1])
        end = skip.match(text, match.end())
        last = match.group()
        at = end.end() if end else match.end()
    return found, "", last
