"""Shares that a report states in a sentence for two years: `andelen … har ökat från 16,9 % till …`.

Only the full form is read, with both values and both years; a sentence that leaves one out says
nothing that could be put in a table.
"""

from __future__ import annotations

import re

from expectations.contract import Indicator
from tasks.readers.numbers import figure
from tasks.readers.outline import Outline
from tasks.readers.paragraphs import paragraphs
from tasks.readers.parts import Parts
from tasks.readers.passage import Passage, passage
from tasks.readers.wording import Wording

_NUMBER = r"\d+(?:,\d+)?"
_STATED = re.compile(
    rf"andelen (?P<what>[^.]{{3,80}}?) har (?:ökat|minskat) från (?P<first>{_NUMBER})"
    rf"(?:\s?(?:%|procent))? till (?P<last>{_NUMBER})\s?(?:%|procent)"
    r" (?:från|mellan) (?P<from>20\d{2}) (?:till|och) (?P<to>20\d{2})",
    re.IGNORECASE,
)


def stated_shares(outline: Outline, words: Wording, taken: frozenset[int]) -> Parts:
    """Return the shares stated in running text, as indicators; their lines stay narrative."""
    del words, taken
    found = tuple(
        _indicator(text, match)
        for section in outline.sections
        for run in paragraphs(section.lines)
        for text in [passage(run)]
        for match in _STATED.finditer(text.text)
    )
    return Parts({"indicators": found})


def _indicator(text: Passage, found: re.Match[str]) -> Indicator:
    outcomes = {
        found[year]: figure(found[name], unit="percent", place=text.place(*found.span(name)))
        for name, year in (("first", "from"), ("last", "to"))
    }
    name = f"Andel {found['what']}"
    return Indicator(name, text.place(*found.span()), unit="percent", outcomes=outcomes)
