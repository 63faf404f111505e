"""What no section's reader claimed: narratives under their headings, and text without one.

Nothing is dropped: text under a heading becomes a narrative, text before the first heading is
unread paragraph by paragraph. Coverage is the share of the characters that somebody claimed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from decimal import Decimal

from expectations.contract import SECTIONS, Narrative, Reading, Text, Unread, figures_of
from tasks.readers.outline import Outline, Section
from tasks.readers.paragraphs import joined, paragraphs, text_of
from tasks.readers.parts import Parts
from tasks.readers.wording import Wording

NO_HEADING = "Texten står inte under någon rubrik."


TEMPLATE = "Texten är en anvisning ur mallen och inget svar."
_GUIDANCE = re.compile(
    r"\s*(?:[A-ZÅÄÖ][\wåäö ]{2,30}:\s*)?[\[<]\s*(?:skriv|beskriv|ange|fyll i|välj|klicka|infoga"
    r"|lägg (?:in|till)|redogör|kommentera|ta bort)\b[^\]>]*[\]>]\s*\.?\s*",
    re.IGNORECASE,
)
"""`[Skriv nämndens namn]`, `Status: [Välj]`."""


def guidance(shape: Outline, words: Wording, taken: frozenset[int]) -> Parts:
    """Return the lines that a template left behind as unread: nobody has answered there."""
    del words  # every template says it in much the same way
    left = [x for x in shape.lines if x.number not in taken and _GUIDANCE.fullmatch(x.text)]
    unread = tuple(Unread(line.text.strip(), TEMPLATE, line.place()) for line in left)
    return Parts(unread=unread, claimed=frozenset(line.number for line in left))


def leftovers(
    shape: Outline, claimed: Collection[int], unread_rows: frozenset[int] = frozenset()
) -> Parts:
    """Return what is left as narratives and unread; headings are claimed by what they head.

    `unread_rows` are lines that are told as unread already: no narrative has them again.
    """
    claimed = unread_rows.union(claimed)
    told = list(_narratives(shape, claimed))
    lines = {number for _, used in told for number in used}
    lines |= {line.number for section in shape.sections for line in section.title_lines}
    unread = tuple(
        Unread(joined(run), NO_HEADING, run[0].place())
        for section in shape.sections
        if section.heading is None
        for run in paragraphs([line for line in section.lines if line.number not in claimed])
    )
    narratives = tuple(narrative for narrative, _ in told)
    return Parts({"narratives": narratives}, unread, frozenset(lines))


def _narratives(shape: Outline, claimed: Collection[int]) -> Iterator[tuple[Narrative, set[int]]]:
    """Yield what is left under each heading, with the lines it takes."""
    above: dict[int, str] = {}
    for section in shape.sections:
        above = {level: title for level, title in above.items() if level < section.level}
        path = (*(above[level] for level in sorted(above)), _title(section))
        if section.number:
            above[section.level] = _title(section)
        lines = [line for line in section.lines if line.number not in claimed]
        body = text_of(lines)
        if body is not None and section.heading is not None:
            told = Narrative(tuple(p for p in path if p), Text(body.text, body.place), body.place)
            yield told, {line.number for line in lines}


def _title(section: Section) -> str:
    return f"{section.number} {section.title}".strip()


_NUMBER = re.compile(
    r"(?<![\w,.§/-])[+−–-]?\d{1,3}(?:(?:[ \u00a0\u202f]\d{3})+|\d*)(?:,\d+)?(?![\w/-]|[.:]\d)"
)
_YEAR = re.compile(r"(?:19|20)\d\d")


def figures_told(reading: Reading) -> tuple[int, int]:
    """Return how many printed figures were read, and how many were seen in rows and tables.

    Numbers in running text that no section asks for are not counted; neither are years.
    """
    figures = [
        figure
        for section in SECTIONS
        for row in reading.rows(section)
        for _, figure in figures_of(row)
        if re.search(r"\d", figure.written)
    ]
    read = sum(figure.state in ("read", "not_applicable") for figure in figures)
    left = sum(
        not _YEAR.fullmatch(number)
        for item in reading.unread
        if item.why not in (NO_HEADING, TEMPLATE)
        for number in _NUMBER.findall(item.text)
    )
    return read, len(figures) + left


def coverage(shape: Outline, claimed: Collection[int]) -> Decimal:
    """Return the share of the characters, furniture aside, that stand on claimed lines."""
    whole = sum(len(line.text.strip()) for line in shape.lines)
    read = sum(len(line.text.strip()) for line in shape.lines if line.number in claimed)
    return (Decimal(read) / Decimal(whole)).quantize(Decimal("0.001")) if whole else Decimal(0)
