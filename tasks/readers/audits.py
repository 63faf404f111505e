"""What the auditors have said of a board: judgements and recommendations, one row each.

Recognised in a section whose heading speaks of audits: a line that names what was examined and
its year (`1. Granskning av … 2023`) opens a stretch; the list after a sentence of recommendations
gives one row per item, the sentence and list of an overall judgement one row. Examinations that
are planned or go on are not findings and stay narrative.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from expectations.contract import Audit, Text
from tasks.readers.outline import Outline, Section
from tasks.readers.pages import Line
from tasks.readers.paragraphs import joined
from tasks.readers.parts import Parts
from tasks.readers.passage import passage
from tasks.readers.wording import Wording

_EXAMINED = re.compile(
    r"^\s*\d{1,2}\.\s+Granskning av (?P<object>.+?)\s*[–-]?\s*(?:verksamhetsåret\s+)?"
    r"(?P<year>20\d{2})\s*$",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^\s*(?:[•▪●]|[-–−](?=\s))\s*(?=\S)")
_NUMBERED = re.compile(r"^\s*\d{1,2}\.\s+(?=\S)")
_RECOMMENDS = re.compile(r"\brekommendationer\b[^:]*:\s*$", re.IGNORECASE)
_JUDGES = re.compile(r"\bbedömning\b[^:]*:\s*$", re.IGNORECASE)
_AUDITOR = re.compile(
    r"\b(?:stadsrevisionen|revisorskollegiet|lekmannarevisorerna|kommunrevisionen|revisorerna)\b",
    re.IGNORECASE,
)


def audits(outline: Outline, words: Wording, taken: frozenset[int]) -> Parts:
    """Return the judgements and recommendations of auditors."""
    del words, taken
    rows: list[Audit] = []
    claimed: set[int] = set()
    for section in outline.sections:
        for opened, lines in _stretches(section, outline):
            for row, used in _findings(opened, lines):
                rows.append(row)
                claimed |= used
    return Parts({"audits": tuple(rows)}, claimed=frozenset(claimed))


def _stretches(section: Section, outline: Outline) -> Iterator[tuple[re.Match[str], list[Line]]]:
    """Yield (what was examined, lines up to the next examination) under headings of audits."""
    if not re.search(r"revision", section.title, re.IGNORECASE):
        return
    lines = [line for part in outline.under(section) for line in part.lines]
    opened: re.Match[str] | None = None
    stretch: list[Line] = []
    for line in lines:
        found = _EXAMINED.match(line.text)
        ends = found or re.match(r"^\s*(?:Yttrande|\d{1,2}\.\s+(?:Pågående|Planerad))", line.text)
        if ends and opened is not None:
            yield opened, stretch
        if ends:
            opened, stretch = found, []
        else:
            stretch.append(line)
    if opened is not None:
        yield opened, stretch


def _findings(opened: re.Match[str], lines: Sequence[Line]) -> Iterator[tuple[Audit, set[int]]]:
    """Yield rows with the lines they claim."""
    auditor = next((m.group() for x in lines if (m := _AUDITOR.search(x.text))), None)
    if auditor is None:
        return
    year, examined = int(opened["year"]), opened["object"].strip(" –-")
    for start, stop in _lists(lines):
        lead = joined(lines[start:stop])
        items = list(_items(lines, stop, _BULLET if _RECOMMENDS.search(lead) else _NUMBERED))
        if _RECOMMENDS.search(lead):
            for run in items:
                text = _text(run, _BULLET)
                place = text.place if text else None
                row = Audit(auditor.lower(), place, year, examined, recommendation=text)
                yield row, {line.number for line in run}
        elif items:
            said = [*lines[start:stop], *(line for run in items for line in run)]
            text = _text(said, None)
            place = text.place if text else None
            row = Audit(auditor.lower(), place, year, examined, judgement=text)
            yield row, {line.number for line in said}


def _lists(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """Yield start and end of each paragraph that leads to a list we know."""
    start = 0
    for index, line in enumerate(lines):
        if not line.text.strip():
            start = index + 1
        elif _RECOMMENDS.search(line.text) or _JUDGES.search(joined(lines[start : index + 1])):
            yield start, index + 1
            start = index + 1


def _items(lines: Sequence[Line], start: int, mark: re.Pattern[str]) -> Iterator[list[Line]]:
    """Yield the lines of each item; the list ends at a paragraph without a mark."""
    run: list[Line] = []
    blank = True
    for line in lines[start:]:
        text = line.text.strip()
        if mark.match(line.text):
            if run:
                yield run
            run = [line]
        elif text and (blank or not run):
            break
        elif text:
            run.append(line)
        blank = not text
    if run:
        yield run


def _text(lines: Sequence[Line], mark: re.Pattern[str] | None) -> Text | None:
    whole = passage(lines)
    found = mark.match(whole.text) if mark else None
    return whole.part(found.end() if found else 0, len(whole.text))
