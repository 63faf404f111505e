"""Deviations whose parts stand under headings of their own: what happened, consequences, measures.

A form that many boards fill in sets the deviation's name on a line, and below it headings such as
`Beskrivning av avvikelsen`, `Ekonomiska konsekvenser`, `Vidtagna åtgärder`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from expectations.contract import Deviation, Text
from expectations.registers import plain
from tasks.readers.outline import Section
from tasks.readers.pages import Line
from tasks.readers.paragraphs import joined, paragraphs
from tasks.readers.passage import passage
from tasks.readers.wording import Wording

_LONGEST = 90


def parted(parts: Sequence[Section], words: Wording) -> list[tuple[Deviation, set[int]]]:
    """Return (deviation, its lines) from a section and those below it; none without such parts."""
    found: list[tuple[Deviation, set[int]]] = []
    told: dict[str, list[Line]] = {}
    title: list[Line] = []
    key: str | None = None
    for run in _blocks(parts, words):
        part = _part(run[0].text, words)
        if part == "text" and "text" in told:
            found.append(_deviation(title, told))
            told, title = {}, []
        if part is not None:
            key = part
            told.setdefault(key, []).extend(run[1:])
        elif key is None or (_is_name(run) and "measure_taken" in told):
            # a name behind the measures begins the next deviation
            found += [_deviation(title, told)] if "text" in told else []
            told, title, key = {}, run, None
        else:
            told[key].extend(run)
    found += [_deviation(title, told)] if "text" in told else []
    whole = [one for one in found if one[0].consequence or one[0].measure_taken]
    return whole if len(whole) == len(found) else []


def _blocks(parts: Sequence[Section], words: Wording) -> Iterator[list[Line]]:
    """Yield titles and paragraphs in order; a heading of a part is the first line of its own."""
    for at, part in enumerate(parts):
        if at and part.title_lines:
            yield list(part.title_lines)
        for run in paragraphs(part.lines):
            starts = [i for i, line in enumerate(run) if _part(line.text, words)]
            for begin, end in zip([0, *starts], [*starts, len(run)], strict=True):
                if end > begin:
                    yield run[begin:end]


def _part(text: str, words: Wording) -> str | None:
    """Return which part a line heads: it begins as one and is no sentence."""
    shown = plain(text.strip().rstrip(":"))
    if len(shown) > _LONGEST or re.search(r"[.;!?]$|: ", text.strip()):
        return None
    known = words.table("deviation_parts")
    return next((key for phrase, key in known.items() if shown.startswith(phrase)), None)


def _is_name(run: Sequence[Line]) -> bool:
    return len(run) == 1 and re.search(r"[.:;,]$", run[0].text.strip()) is None


def _deviation(title: Sequence[Line], told: dict[str, list[Line]]) -> tuple[Deviation, set[int]]:
    texts: dict[str, Text | None] = {}
    for name, lines in told.items():
        whole = passage(lines)
        texts[name] = whole.part(0, len(whole.text)) if lines else None
    said = texts.get("text") or Text("", None)
    area = joined(title).strip(" *") or None
    own = {line.number for lines in (title, *told.values()) for line in lines}
    one = Deviation(said, said.place, area, texts.get("consequence"), texts.get("measure_taken"))
    return one, own
