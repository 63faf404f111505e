"""The form of a matter (tjänsteskrivelse, tjänsteutlåtande): its heads and its proposal to decide.

Heads are known words alone on a line, also where a scan has lost å, ä and ö (`damaged`). A clause
is kept as written; one whose end or verb is not found is not complete.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from expectations.contract import Decision
from expectations.registers import plain
from tasks.readers.case_numbers import case_numbers
from tasks.readers.damaged import tolerant
from tasks.readers.pages import Line
from tasks.readers.passage import Passage, passage
from tasks.readers.wording import Wording

_ITEM = re.compile(r"^\s*(?P<ordinal>\d{1,2})[.)]\s+(?=\S)")
_LED = r"(?:\satt|\sföljande|\sför egen del|\senligt följande)*"
_CASE = re.compile(r"\b[A-ZÅÄÖ]{2,5}[-\s]?20\d{2}[-–]\s?\d{1,5}\b(?!-\d)")
PAGE_NUMBER = re.compile(
    r"\s*(?:sid(?:a|an)?\s)?\d{1,3}(?:\s?(?:[(/]|av)\s?\d{1,3}\)?)?\s*", re.IGNORECASE
)


def stretches(lines: Sequence[Line], words: Wording) -> dict[str, list[Line]]:
    """Return the lines under each head; those above the first under `title`, heads left out.

    A head that comes back adds to what stands under it.
    """
    found: dict[str, list[Line]] = {"title": []}
    name = "title"
    for line in lines:
        opened = head(line, words)
        if opened is not None:
            name = opened
            found.setdefault(name, [])
        else:
            found[name].append(line)
    return found


def head(line: Line, words: Wording) -> str | None:
    """Return what a line opens where it is a head, else None."""
    text = line.text.strip().rstrip(":")
    for phrase, name in words.table("matter_heads").items():
        if len(text) <= len(phrase) + 2 and re.fullmatch(tolerant(phrase), text, re.IGNORECASE):
            return name
    return None


def clauses(lines: Sequence[Line], words: Wording) -> list[Decision]:
    """Return the clauses of a proposal to decide, each with the organ that is to decide it."""
    found: list[Decision] = []
    organ: str | None = None
    for run in _runs(lines):
        text = passage(run)
        ordinal = _ITEM.match(run[0].text)
        named = None if ordinal else _deciding(text.text, words)
        if named is not None:
            organ = named
        elif found and found[-1].ordinal and not ordinal and _verb(text.text, words) is None:
            break  # behind a numbered list what decides nothing is the memo's own text
        else:
            found.append(_clause(text, ordinal["ordinal"] if ordinal else "", organ, words))
    return found


def _runs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield the lines of each clause: up to the next number, or to a blank line after a stop."""
    run: list[Line] = []
    ended = False
    for line in lines:
        if not line.text.strip():
            ended = bool(run) and run[-1].text.rstrip().endswith((".", ":", "besluta"))
            continue
        if run and run[-1].text.rstrip().endswith(".") and PAGE_NUMBER.fullmatch(line.text):
            continue  # a page's foot
        if run and (_ITEM.match(line.text) or ended):
            yield run
            run = []
        run.append(line)
        ended = False
    if run:
        yield run


def _deciding(text: str, words: Wording) -> str | None:
    """Return the organ of a line such as `Utskottet föreslår styrelsen besluta`, else None."""
    proposes, decides = tolerant("föreslår"), tolerant("beslutar")[:-1]
    own = r"(?P<own>\w[\w-]*(?:,? [\w-]+){0,5})"
    form = rf"(?:.+?\s{proposes}\s(?P<asked>.+?)|{own})\s(?:att\s)?{decides}r?{_LED}[:.]?"
    found = re.fullmatch(form, text.strip(), re.IGNORECASE)
    if found is None:
        return None
    written = plain(found["asked"] or found["own"])
    known = (n for n in organs(words) if re.fullmatch(tolerant(n), written, re.IGNORECASE))
    return next(known, written)


def organs(words: Wording) -> dict[str, str]:
    """Return the city's organs, full name (lower case) to short name."""
    known: dict[str, str] = words.city.settings.get("organs", {}) if words.city else {}
    return {plain(name): code for code, name in known.items()}


def _clause(text: Passage, ordinal: str, organ: str | None, words: Wording) -> Decision:
    numbered = _ITEM.match(text.text)
    body = text.part(numbered.end() if numbered else 0, len(text.text))
    written = body.text if body else ""
    verb = _verb(written, words)
    cases = [words.city.normal_case_number(c) if words.city else c for c in _CASE.findall(written)]
    cases = cases or [*case_numbers(written, words)]
    return Decision(
        ordinal=ordinal,
        text=written,
        place=body.place if body else None,
        organ=organ,
        verb=verb,
        case_numbers=tuple(case for case in cases if case),
        complete=bool(verb and written.endswith(".")),
    )


def _verb(text: str, words: Wording) -> str | None:
    """Return the first verb of decision in a clause, as our vocabulary writes it."""
    verbs: Sequence[str] = words.words["clause_verbs"]["words"]
    found = [
        (match.start(), -len(verb), verb)
        for verb in verbs
        if (match := re.search(rf"\b{tolerant(verb)}(?!\w)", text, re.IGNORECASE))
    ]
    return min(found)[2] if found else None
