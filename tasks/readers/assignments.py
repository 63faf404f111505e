"""Assignments in lists under headings that speak of them.

An item starts with its ordinal, names its commission, and ends with where it was decided and its
case number, in any order; its status is said by the heading or by a line (`Status: Pågår`). A
numbered heading with a case number, below a heading of assignments, is an item of its own.
What follows up to the next item is the board's account. The last day
or span that the account speaks of in a sentence about reporting is when it is due next.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from expectations.contract import Assignment, Due, Place, Word
from tasks.readers.addressees import addressees
from tasks.readers.case_numbers import case_numbers
from tasks.readers.decision_references import decision_reference
from tasks.readers.outline import Outline, Section
from tasks.readers.pages import Line
from tasks.readers.paragraphs import joined, paragraphs, text_of
from tasks.readers.parts import Parts
from tasks.readers.passage import passage
from tasks.readers.spans import due_in
from tasks.readers.wording import Wording

_ITEM = re.compile(r"^\s?(?P<ordinal>\d{1,2})\.\s+(?P<text>\S.*)$")
_DATE = r"20\d{2}-\d{2}-\d{2}"
_BUDGET = re.compile(r"\b[Bb]udget(?:en)?\s+(?P<year>20\d{2})\b")
_TAIL = re.compile(
    r"\s*[-–,]*\s*(?:\bärende(?:nummer)?\b(?=\s+[A-ZÅÄÖ\d])|\bdnr"
    r"|\b[A-ZÅÄÖ]{2,6}[-\s/]?20\d{2}[-/:]\d|\b[A-ZÅÄÖ]{1,3}\d{2,4}-\d{3,5}/\d\d|[Bb]udget 20\d{2}"
    rf"|\b[A-ZÅÄÖ]{{2,4}} {_DATE}).*$"
)
_REPORTING = re.compile(
    r"återkom|återrapport|återredovis"
    r"|ta upp|läm(?:na|nas) till"
    r"|\buppdrag(?:et)?\b.*(?:redovis|rapport)|(?:redovis|rapport).*\buppdrag",
    re.IGNORECASE,
)
"""Words of the report on the commission itself: `planen redovisas i maj` is not when it is due."""

_GIVEN = re.compile(r"(?P<who>.{3,120}?)\s+(?:får|ges|har fått)\s+i\s+uppdrag")
_STATUS = re.compile(
    r"^\s*(?:status|läge)\s*:\s*(?P<status>\S[^.]{0,60}?)\s*(?:\..*)?$", re.IGNORECASE
)
_DEMAND = re.compile(r"\bska\s+(?:åter)?(?:rapporteras|redovisas)\b.*\bsenast\b", re.IGNORECASE)


def assignments(outline: Outline, words: Wording) -> tuple[list[Assignment], set[int]]:
    """Return the assignments of lists, with the lines they claim."""
    found: list[Assignment] = []
    claimed: set[int] = set()
    origin: str | None = None
    for section in outline.sections:
        named = words.code_in("origins", section.title)
        status = words.code_in("statuses", section.title) if _of_assignments(section) else None
        if named and "uppdrag" in section.title.casefold():
            origin = named[1]
        if not _of_assignments(section):
            continue
        word = _as_written(section, *status) if status else None
        for ordinal, head, body in _items(section.lines, words):
            own = word or _labelled_status(body, words)
            found.append(_assignment(ordinal, head, body, own, origin, words))
            claimed |= {line.number for line in (*head, *body)}
    return found, claimed


def commissions(outline: Outline, words: Wording, taken: frozenset[int]) -> Parts:
    """Return the assignments of lists as parts of a reading."""
    found, claimed = assignments(outline, words)  # an account may hold figures that others read
    known = [one for one in found if one.place is None or one.place.line not in taken]
    return Parts({"assignments": tuple(known)}, claimed=frozenset(claimed))


def _of_assignments(section: Section) -> bool:
    return "uppdrag" in section.title.casefold()


def _as_written(section: Section, phrase: str, code: str) -> Word:
    """Return the status with the words of the heading that say it, whole words only."""
    title = passage(section.title_lines)
    found = re.search(rf"{re.escape(phrase)}\w*", title.text, re.IGNORECASE)
    if found is None:
        return Word(phrase, code, section.heading.place() if section.heading else None)
    return Word(found.group(), code, title.place(*found.span()))


def _labelled_status(body: Sequence[Line], words: Wording) -> Word | None:
    """Return the status of a line such as `Status: Pågår`."""
    for line in body:
        found = _STATUS.match(line.text)
        if found is not None:
            return status_word(found["status"], line.place(*found.span("status")), words)
    return None


def _items(lines: Sequence[Line], words: Wording) -> Iterator[tuple[str, list[Line], list[Line]]]:
    """Yield (ordinal, lines of the commission, lines of the account)."""
    runs = [part for run in paragraphs(lines) for part in _parted(run, words)]
    starts = [i for i, run in enumerate(runs) if _starts_item(run, words)]
    for start, following in zip(starts, [*starts[1:], len(runs)], strict=False):
        found = _ITEM.match(runs[start][0].text)
        body = [line for run in runs[start + 1 : following] for line in run]
        yield found["ordinal"] if found else "", runs[start], body


def _parted(run: list[Line], words: Wording) -> Iterator[list[Line]]:
    """Yield a paragraph's lines cut where an item begins: Word has no blank lines between them."""
    part: list[Line] = []
    for line in run:
        begins = _starts_item([line], words)
        told = _STATUS.match(line.text) or _is_whole(part, line)
        if part and (begins or (told and _starts_item(part, words))):
            yield part
            part = []
        part.append(line)
    if part:
        yield part


def _is_whole(part: Sequence[Line], line: Line) -> bool:
    """Say whether an item has its end, a decision or case number, and a sentence begins below."""
    text = joined(part)
    ended = text[-1:].isdigit() and _TAIL.search(text) is not None
    return ended and re.match(r"\s*[A-ZÅÄÖ][a-zåäö]+ [a-zåäö]", line.text) is not None


def _starts_item(run: Sequence[Line], words: Wording) -> bool:
    found = _ITEM.match(run[0].text)
    text = joined(run)
    return found is not None and bool(
        re.search(r"\buppdrag", text) or case_numbers(text, words) or _BUDGET.search(text)
    )


def _assignment(
    ordinal: str,
    head: Sequence[Line],
    body: Sequence[Line],
    status: Word | None,
    origin: str | None,
    words: Wording,
) -> Assignment:
    whole = re.sub(r"^\d{1,2}(?:\.\d{1,2})*\.?\s+", "", joined(head))
    given = _GIVEN.match(whole)
    cases = case_numbers(whole, words)
    case = cases[-1] if cases else None
    known = registered(case, words)
    closed = status is not None and status.code in ("proposed_fulfilled", "fulfilled", "closed")
    next_due = None if closed else next_report(body, words.year)
    return Assignment(
        text=_TAIL.sub("", whole).rstrip(" ,-–"),
        place=head[0].place(),
        assignment_id=known,
        ordinal=ordinal or None,
        case_number=case,
        origin=origin,
        decision=decision_reference(whole, words),
        addressees=addressees(given["who"], words) if given else (),
        status=status,
        due=next_due,
        report_back=_demanded([*head, *body], words.year),
        narrative=text_of(body),
    )


def registered(case: str | None, words: Wording) -> str | None:
    """Return the id of the register's one assignment with this case number."""
    if words.city is None or case is None:
        return None
    same = [item for item in words.city.assignments if item.case_number == case]
    return same[0].assignment_id if len(same) == 1 else None


def status_word(written: str, place: Place | None, words: Wording) -> Word:
    """Return a status as it is written, with the code of the city's scale or of common words."""
    code = words.word("assignment_status", written, place).code
    return Word(written, code or words.code("status_words", written) or None, place)


def _demanded(lines: Sequence[Line], year: int | None) -> Due | None:
    """Return the last day for reporting that the commission itself sets."""
    for sentence in _sentences(lines):
        if _DEMAND.search(sentence):
            return due_in(sentence, today_year=year)
    return None


def _sentences(lines: Sequence[Line]) -> list[str]:
    return re.split(r"(?<=[.!?”\"])\s+(?=[A-ZÅÄÖ”\"])", joined(lines))


def next_report(body: Sequence[Line], year: int | None) -> Due | None:
    """Return the span of the last sentence that says when something will be reported."""
    for sentence in reversed(_sentences(body)):
        if _REPORTING.search(sentence):
            found = due_in(sentence, today_year=year)
            if found is not None:
                return found
    return None
