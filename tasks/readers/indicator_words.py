"""Indicators and desired outcomes said in the sentences of a goal's follow-up.

Recognised: `vi använder X som indikator`, `X utgör vår indikator`, `som indikator utgår vi från X`,
`indikator: X`. A sentence that speaks of an indicator in another way gives the whole sentence as
its name. No sentence about an indicator gives no indicator: that a goal lacks one is for a rule.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from expectations.contract import Figure, Indicator, Text
from expectations.registers import plain
from tasks.readers.numbers import bound
from tasks.readers.pages import Line
from tasks.readers.passage import Passage, passage
from tasks.readers.wording import Wording

_TARGET = re.compile(r"målvärde(?:\s+(?:för\s+)?20\d\d)?\s*:?\s*(?P<value>.+?)\.?", re.IGNORECASE)
_USES = r"utgår\s+\S+\s+från|används|använder\s+\S+"
_NAMES = (
    r"\banvänder(?:\s+(?:därför|även|också|här|sig|av))*\s+(?P<name>.+?)\s+som\s+(?:en\s+)?{word}",
    r"^(?P<name>.+?)\s+(?:utgör|är|används\s+som)\s+(?:\w+\s+){{0,3}}{word}",
    r"^som\s+{word}\w*(?:\s+för\s+målet)?\s+(?:{uses})\s+(?P<name>.+?)\.?$",
    r"^{word}\w*\s*(?::|är|–|-)\s*(?P<name>.+?)\.?$",
)


def indicators(
    lines: Sequence[Line], goal_id: str | None, words: Wording
) -> tuple[list[Indicator], Text | None]:
    """Return the indicators of a follow-up, and the desired outcome that it states."""
    text = passage(lines)
    found: list[Indicator] = []
    wanted: list[Text] = []
    for start, end in text.sentences():
        named = _named(text, start, end, words)
        desired = _desired(text, start, end, words)
        if named is not None:
            found.append(Indicator(named.text, named.place, goal_id))
        if desired is not None:
            wanted.append(desired)
    first = wanted[0] if wanted else None
    if len(found) == 1 and len(wanted) == 1:
        target = _target(text, wanted[0])
        found = [replace(found[0], desired_outcome=first, target_year=target)]
    return found, first


def _target(text: Passage, wanted: Text) -> Figure | None:
    """Return the value of a target that is a number and nothing else: `Målvärde 2026: 80 %`."""
    said = _TARGET.fullmatch(wanted.text.strip())
    start = text.text.find(wanted.text)
    if said is None or start < 0:
        return None
    first, last = (start + at for at in said.span("value"))
    one = bound(said["value"], unit=None, place=text.place(first, last))
    return one if one.value is not None else None


def _named(text: Passage, start: int, end: int, words: Wording) -> Text | None:
    """Return what a sentence names as an indicator, None where it speaks of none."""
    sentence = text.text[start:end]
    known: Sequence[str] = words.words["plan_words"]["indicator"]
    for word in known:
        if word not in plain(sentence):
            continue
        for form in _NAMES:
            found = re.search(
                form.format(word=re.escape(word), uses=_USES), sentence, re.IGNORECASE
            )
            if found:
                return text.part(start + found.start("name"), start + found.end("name"))
        return text.part(start, end)
    return None


def _desired(text: Passage, start: int, end: int, words: Wording) -> Text | None:
    known: Sequence[str] = words.words["plan_words"]["desired"]
    sentence = plain(text.text[start:end])
    return text.part(start, end) if sentence.startswith(tuple(known)) else None
