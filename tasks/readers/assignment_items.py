"""Assignments as heads with lines of labels right below them: decision, case number, due, status.

`4. Utreda en ishall` above `Beslut: KF 2024-11-25 § 131. Klart senast: 2026-03-31`: the head is a
numbered line, a heading or the first line of a paragraph; several labels may share a line. It is
an assignment where the chapter or the head itself speaks of assignments. A status that no label
says is that of the chapter: `Pågående uppdrag`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from expectations.contract import Assignment, Word
from expectations.registers import plain
from tasks.readers.assignments import next_report, registered, status_word
from tasks.readers.case_numbers import case_numbers, without_cases
from tasks.readers.decision_references import decision_reference
from tasks.readers.outline import Outline
from tasks.readers.pages import Line
from tasks.readers.paragraphs import joined, text_of
from tasks.readers.parts import Parts
from tasks.readers.spans import due
from tasks.readers.wording import Wording, either

_LABEL = re.compile(
    rf"(?:^\s*(?:[-–•*·▪●]\s+)?|(?<=[.;,|·–])\s+|\s{{2,}})(?P<label>{either('assignment_labels')})"
    r"\s*:\s*(?=\S)",
    re.IGNORECASE,
)
_OTHER = re.compile(r"\s*[A-ZÅÄÖ][a-zåäö]+(?: [a-zåäö]+){0,2}:\s+\S")
_NUMBER = re.compile(
    r"^\s*(?:uppdrag\s+)?(?P<ordinal>\d{1,2})\s*[.):–]?\s+(?=[A-ZÅÄÖ])", re.IGNORECASE
)
_NAMED = re.compile(r"^\s*(?:riktat\s+|nytt\s+)?uppdrag\s*[:–-]\s*(?=\S)", re.IGNORECASE)
_CHAPTER = re.compile(r"\s*(?:\d+(?:\.\d+)*\.?\s+)?[A-ZÅÄÖ][^.:;]{2,90}")
_GOES_ON = re.compile(r"\s*(?:[a-zåäö§(]|20\d\d-)")
_MOST_HEAD_LINES = 4
_CLOSED = ("proposed_fulfilled", "fulfilled", "closed")
_FIRM = ("case", "decision", "due")
"""One of these is said; with no more than a status a head may be anything that is followed up."""


@dataclass(slots=True)
class _Item:
    """One assignment: where its head starts and its account begins, and what its labels say."""

    start: int
    head: list[Line]
    end: int
    said: dict[str, tuple[str, Line, int]] = field(default_factory=dict)


def labelled_assignments(outline: Outline, words: Wording, taken: frozenset[int]) -> Parts:
    """Return the assignments that heads with labels below them tell of as parts of a reading."""
    found, claimed = assignment_items(outline, words, taken)
    return Parts({"assignments": tuple(found)}, claimed=frozenset(claimed))


def assignment_items(
    outline: Outline, words: Wording, taken: frozenset[int]
) -> tuple[list[Assignment], set[int]]:
    """Return the assignments that heads with labels below them tell of, and the lines they take."""
    lines = [line for line in outline.lines if line.number not in taken]
    levels = {s.heading.number: s.heading.heading for s in outline.sections if s.heading}
    items = list(_items(lines, levels, words))
    chapters = _chapters(lines, items, levels)
    found: list[Assignment] = []
    claimed: set[int] = set()
    for at, item in enumerate(items):
        chapter = next((c for start, c in reversed(chapters) if start < item.start), None)
        of_assignments = chapter is not None and "uppdrag" in plain(chapter.text)
        if not (of_assignments or "uppdrag" in plain(joined(item.head))):
            continue
        following = items[at + 1].start if at + 1 < len(items) else len(lines)
        stop = min([following, *(start for start, _ in chapters if start >= item.end)])
        account = [line for line in lines[item.end : stop] if line.text.strip()]
        one = _assignment(item, account, chapter if of_assignments else None, words)
        if one is not None:
            found.append(one)
            claimed |= {x.number for x in lines[item.start : stop] if x.text.strip()}
    return found, claimed


def _items(
    lines: Sequence[Line], headings: dict[int, int | None], words: Wording
) -> Iterator[_Item]:
    """Yield every head that has labels right below it."""
    for at, line in enumerate(lines):
        if not _labels(line.text) or _is_labelled(lines, at):
            continue
        start = _head(lines, at, headings)
        if start is None:
            continue
        head = [x for x in lines[start:at] if x.text.strip()]
        item = _Item(start, head, at)
        _gather(item, lines, words)
        if any(key in item.said for key in _FIRM):
            yield item


def _labels(text: str) -> list[re.Match[str]]:
    found = list(_LABEL.finditer(text))
    return found if found and not text[: found[0].start()].strip() else []


def _is_labelled(lines: Sequence[Line], at: int) -> bool:
    """Say whether the text above a line is one with a label: this line is not the first."""
    above = next((x for x in reversed(lines[:at]) if x.text.strip()), None)
    return above is not None and bool(_labels(above.text) or _OTHER.match(above.text))


def _head(lines: Sequence[Line], at: int, headings: dict[int, int | None]) -> int | None:
    """Return where the head above the first label begins; None where nothing there is one."""
    end = at
    while end and not lines[end - 1].text.strip():
        end -= 1
    start = end - 1
    while start > max(0, end - _MOST_HEAD_LINES):
        opened = _NUMBER.match(lines[start].text) or _NAMED.match(lines[start].text)
        if opened or lines[start].number in headings or not lines[start - 1].text.strip():
            break
        above = lines[start - 1]
        counted = _NUMBER.match(above.text) or _NAMED.match(above.text)
        if not (counted or re.match(r"\s*[a-zåäö]", lines[start].text)):
            break
        start -= 1
    if start < 0:
        return None
    first = lines[start]
    known = _NUMBER.match(first.text) or _NAMED.match(first.text) or first.number in headings
    text = joined(lines[start:end])
    alone = start == 0 or not lines[start - 1].text.strip()
    titled = alone and re.match(r"[A-ZÅÄÖ]", text) and not text.endswith((".", ":", "?"))
    return start if (known or titled) and re.search(r"[^\W\d]{3}", text) else None


def _gather(item: _Item, lines: Sequence[Line], words: Wording) -> None:
    """Read the lines of labels below a head; the first that is none begins the account."""
    last: str | None = None
    at = item.end
    while at < len(lines):
        line = lines[at]
        found = _labels(line.text)
        for one, after in zip(found, [*found[1:], None][: len(found)], strict=True):
            end = after.start() if after else len(line.text)
            last = words.code("assignment_labels", one["label"]) or "other"
            said = line.text[one.end() : end].strip()
            if last == "account":
                return
            item.said.setdefault(last, (said, line, one.end()))
        follows = at > item.end and bool(lines[at - 1].text.strip())
        if not found and line.text.strip():
            if last in item.said and follows and _GOES_ON.match(line.text):
                said, own, start = item.said[last]
                item.said[last] = (f"{said} {line.text.strip()}", own, start)
            elif not _OTHER.match(line.text):
                return
        at += 1
        item.end = at if line.text.strip() else item.end


def _chapters(
    lines: Sequence[Line], items: Sequence[_Item], headings: dict[int, int | None]
) -> list[tuple[int, Line]]:
    """Return the heads that are no item's: an assignment's chapter ends at the next of its level.

    `Pågående uppdrag` right above an item is one, whatever the format says.
    """
    heads = {line.number for item in items for line in item.head}
    found: list[tuple[int, Line]] = []
    for at, line in enumerate(lines):
        if line.number in heads or not line.text.strip():
            continue
        own = line.number in headings
        speaks = "uppdrag" in plain(line.text) and _CHAPTER.fullmatch(line.text)
        ended = at == 0 or not re.search(r"[a-zåäö,-]\s*$", lines[at - 1].text)
        below = next((x for x in lines[at + 1 :] if x.text.strip()), None)
        above_item = below is not None and below.number in heads
        under = found and _is_deeper(headings.get(line.number), found[-1][1].heading)
        if (speaks and (own or (ended and above_item))) or (own and not under):
            found.append((at, line))
    return found


def _is_deeper(one: int | None, other: int | None) -> bool:
    return one is not None and other is not None and one > other


def _assignment(
    item: _Item, account: Sequence[Line], chapter: Line | None, words: Wording
) -> Assignment | None:
    whole = joined(item.head)
    numbered = _NUMBER.match(whole)
    title = whole[numbered.end() :] if numbered else _NAMED.sub("", whole)
    said = {key: text for key, (text, _, _) in item.said.items()}
    cases = case_numbers(said.get("case", ""), words) or case_numbers(title, words)
    if not cases and "case" in said:
        cases = case_numbers(f"dnr {said['case']}", words)
    case = cases[-1] if cases else None
    status = _status(item, words) or (_of_chapter(chapter, words) if chapter else None)
    decision = decision_reference(said.get("decision", ""), words)
    when = due(said["due"].rstrip("."), today_year=words.year) if "due" in said else None
    dated = when is not None and (when.earliest or when.latest)
    if not (cases or decision or dated):
        return None
    closed = status is not None and status.code in _CLOSED
    origin = words.code_in("origins", chapter.text) if chapter else None
    return Assignment(
        text=without_cases(title).rstrip(" ,.-–("),
        place=item.head[0].place(),
        assignment_id=registered(case, words),
        ordinal=numbered["ordinal"] if numbered else None,
        case_number=case,
        origin=origin[1] if origin else None,
        decision=decision,
        status=status,
        due=when or (None if closed else next_report(account, words.year)),
        narrative=text_of(account),
    )


def _status(item: _Item, words: Wording) -> Word | None:
    if "status" not in item.said:
        return None
    text, line, start = item.said["status"]
    first = re.match(r"[^.;]*", text).group().strip()  # type: ignore[union-attr] # matches anything
    place = line.place(start, start + len(first)) if line.text[start:].startswith(first) else None
    return status_word(first, place or line.place(), words)


def _of_chapter(chapter: Line, words: Wording) -> Word | None:
    """Return the status that the chapter's title says of all its assignments."""
    known = words.code_in("statuses", chapter.text)
    found = re.search(rf"{re.escape(known[0])}\w*", chapter.text, re.IGNORECASE) if known else None
    if known is None or found is None:
        return None
    return replace(Word(found.group(), known[1]), place=chapter.place(*found.span()))
