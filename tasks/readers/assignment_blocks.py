"""Assignments as blocks of labelled lines, and as list items with their status in brackets.

A block is a heading (`Uppdrag: …`, or one under a heading of assignments) or the paragraph's
first line, with lines such as `Diarienr: …`, `Beslut: …`, `Status: …` or `Beslutat av …` below it.
A list item is `Utreda skolskjuts (pågår)` where the bracket holds a known status. A block without
status, case number or decision is no assignment here.
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
from tasks.readers.outline import Outline, Section
from tasks.readers.pages import Line
from tasks.readers.paragraphs import joined, paragraphs, text_of
from tasks.readers.parts import Parts
from tasks.readers.passage import passage
from tasks.readers.spans import due, due_in
from tasks.readers.wording import Wording, either

_LABEL = re.compile(
    rf"^\s*(?P<label>{either('assignment_labels')})"
    r"\s*(?P<stop>[:.]|(?<=nr)\s)\s*(?P<said>\S.*)$",
    re.IGNORECASE,
)
_GIVEN = re.compile(
    r"^\s*\(?(?:beslutat|beslutad|beslutades|givet|uppdraget gavs|uppdraget gavs av)"
    r"\s+(?:av|i)\s+(?P<said>\S.*)$",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"^(?:riktat\s+|nytt\s+)?uppdrag\s*(?:nr\s*)?(?:\d+(?:[.:]\d+)*)?\s*[:–-]\s*(?P<title>\S.*)",
    re.IGNORECASE,
)
_MOST_HEAD_LINES = 4
_BRACKET = re.compile(
    r"^\s*(?:[-–−•*·]|\d{1,2}[.)])\s+(?P<text>\S.*?)\s*"
    r"(?:\((?P<status>[^()]{3,40})\)|\s[–-]\s(?P<last>[^–,]{3,30})(?:,[^–]*)?)\s*\.?\s*$"
)


_SAID_BEHIND = re.compile(
    r"^\s*(?P<text>[A-ZÅÄÖ][^.]{10,160}?)\s[–-]\s(?P<last>[A-ZÅÄÖ][^.–,]{3,30})\.(?:\s.*)?$"
)
"""A commission with its status behind a dash, and the account behind that."""


_LISTED = re.compile(r"\s*(?:[-–−•*·▪●]|\d{1,2}[.)])\s+\S")
_AWAITED = re.compile(
    r"\s*(?:[-–−•*·▪●]|\d{1,2}[.)])\s+(?P<text>[A-ZÅÄÖ].{10,250}?)(?:\.|,|\s[–-]|\s?\()\s+?"
    r"(?P<when>(?:ska |(?:upp)?draget )*(?:(?:slut|åter|del)?(?:redovis|rapporter)(?:as|ing)"
    r"|klart|färdigt|slutförs|genomförs|senast|till nämnden|tidplan)\b[^.]{3,60}?)\)?\.?\s*",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Block:
    """One assignment while its lines are gathered."""

    head: list[Line]
    said: dict[str, tuple[str, Line, int]] = field(default_factory=dict)
    account: list[Line] = field(default_factory=list)

    def lines(self) -> set[int]:
        return {
            x.number for x in (*self.head, *self.account, *(one[1] for one in self.said.values()))
        }


def assignment_blocks(outline: Outline, words: Wording, taken: frozenset[int]) -> Parts:
    """Return the assignments of labelled blocks and bracketed lists, with the lines they claim."""
    found: list[Assignment] = []
    claimed: set[int] = set()
    parents: list[Section] = []
    for section in outline.sections:
        parents = [p for p in parents if _is_under(section, p)]
        origin = words.code_in("origins", section.title)
        inside = any("uppdrag" in plain(p.title) for p in (*parents, section))
        named = _NAMED.match(section.title)
        lines = [x for x in section.lines if x.number not in taken]
        opened = any(_NAMED.match(line.text.strip()) for line in lines)
        for block in _blocks(section, lines, words) if inside or named or opened else ():
            if not (inside or named or _NAMED.match(block.head[0].text.strip())):
                continue
            one = _assignment(block, origin[1] if origin else None, words)
            if one is not None:
                found.append(one)
                claimed |= block.lines()
        for line in lines if inside else ():
            listed = _bracketed(line, words)
            if listed is not None and line.number not in claimed:
                found.append(listed)
                claimed.add(line.number)
        for item in _listed(lines) if inside else ():
            one = _awaited(item, words) if item[0].number not in claimed else None
            if one is not None:
                found.append(one)
                claimed |= {line.number for line in item}
        parents.append(section)
    return Parts({"assignments": tuple(found)}, claimed=frozenset(claimed))


def _is_under(section: Section, above: Section) -> bool:
    """Say whether a section stands under another: by number, or by the format's levels."""
    if section.number and above.number:
        return section.number.startswith(f"{above.number}.")
    one = section.heading.heading if section.heading else None
    other = above.heading.heading if above.heading else None
    if one and other:
        return one > other
    return not section.number and "uppdrag" in plain(above.title)


def _blocks(section: Section, lines: Sequence[Line], words: Wording) -> Iterator[_Block]:
    """Yield the blocks of a section: the heading's own, and those that a line opens."""
    named = _NAMED.match(section.title)
    block = _Block(list(section.title_lines)) if section.heading is not None else None
    begun = [part for run in paragraphs(lines) for part in _told(run)]
    for index, line in enumerate(begun):
        sure = bool(block and not block.said and _NAMED.match(joined(block.head)))
        key, said, start = _labelled(line, words, sure=sure)
        following = begun[index + 1] if index + 1 < len(begun) else None
        is_head = _NAMED.match(line.text.strip()) is not None
        opens = key is None and following is not None and _says(following, words, sure=is_head)
        if opens and not (block and not block.said and index == 0 and named):
            head = _head(begun, index, words)
            if block is not None:
                block.account = [x for x in block.account if x not in head]
            if block is not None and block.said:
                yield block
            block = _Block(head)
        elif key is not None and block is not None and key not in block.said:
            block.said[key] = (said, line, start)
        elif block is not None and block.said:
            block.account.append(line)
    if block is not None and block.said:
        yield block


def _head(lines: Sequence[Line], index: int, words: Wording) -> list[Line]:
    """Return the lines of a commission that ends on a line: it may have begun on those above."""
    start = index
    while (
        0 < start > index - _MOST_HEAD_LINES
        and lines[start - 1].number == lines[start].number - 1
        and re.match(r"\s*[a-zåäö]", lines[start].text)
        and not _says(lines[start - 1], words)
    ):
        start -= 1
    return list(lines[start : index + 1])


def _says(line: Line, words: Wording, *, sure: bool = False) -> bool:
    return _labelled(line, words, sure=sure)[0] is not None


def _told(run: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines of a paragraph; one that opens with `Uppdrag 1: …` sentence by sentence."""
    heads = [i for i, line in enumerate(run) if _NAMED.match(line.text.strip())]
    if not (heads and re.search(r"[.!?] [A-ZÅÄÖ]", joined(run))):
        yield from run
        return
    yield from run[: heads[0]]
    run = run[heads[0] :]
    heads = [at - heads[0] for at in heads]
    labels = [i for i, line in enumerate(run) if _LABEL.match(line.text)]
    starts = sorted({0, *heads, *labels})
    for begin, end in zip(starts, [*starts[1:], len(run)], strict=True):
        if begin in labels:
            yield from run[begin:end]
            continue
        text = passage(run[begin:end])
        for start, stop in text.sentences():
            place = text.place(start, stop)
            first, column = place.line or 0, (place.columns or (1, 1))[0] - 1
            yield Line(" " * column + text.text[start:stop], first, run[0].page)


def _labelled(line: Line, words: Wording, *, sure: bool = False) -> tuple[str | None, str, int]:
    """Return (what a line says, its words, where they start); nothing for an unlabelled one.

    A line that opens with a status and a stop needs no label: `Genomfört. Planen antogs i maj.`
    `sure` where the line stands below what names itself an assignment.
    """
    found = _LABEL.match(line.text)
    if found is not None and found["stop"] == "." and words.code("status_words", found["label"]):
        found = None  # `Klart. Taxan gäller från den 1 mars.`
    if found is not None:
        key = words.code("assignment_labels", found["label"])
        return key, found["said"].rstrip(), found.start("said")
    given = _GIVEN.match(line.text)
    if given is not None:
        return "decision", given["said"].rstrip(), given.start("said")
    first = re.match(r"\s*(?P<said>[A-ZÅÄÖ][^.:;!?\d]{3,40}?)\s*(?:\.(?:\s|$)|$)", line.text)
    known = first is not None and words.code("status_words", first["said"]) is not None
    # what is reached is a goal's verdict, unless a label says that it is a status
    if first is not None and known and (sure or not words.code("verdict_labels", first["said"])):
        return "status", line.text.strip(), first.start("said")
    return None, "", 0


def _assignment(block: _Block, origin: str | None, words: Wording) -> Assignment | None:
    whole = re.sub(r"^\s*\d{1,2}(?:\.\d{1,2})*\.?\s+", "", joined(block.head))
    named = _NAMED.match(whole)
    title = named["title"] if named else whole
    said = {key: text for key, (text, _, _) in block.said.items()}
    bare = plain(without_cases(title))
    if not re.search(r"[^\W\d]{3}", bare) or bare in words.table("assignment_columns"):
        return None
    cases = case_numbers(said.get("case", ""), words) or _own_case(said, words)
    cases = cases or case_numbers(title, words)
    status, more = _status(block, words)
    decision = decision_reference(said.get("decision", ""), words)
    if status is None and not cases and decision is None:
        return None
    case = cases[-1] if cases else None
    own = block.said.get("account")
    told = [replace(own[1], text=" " * own[2] + own[0])] if own else []
    account = [*more, *told, *block.account]
    closed = status is not None and status.code in ("proposed_fulfilled", "fulfilled", "closed")
    when = due(said["due"], today_year=words.year) if "due" in said else None
    if when is None and more and not closed:
        when = due_in(joined(more), today_year=words.year)
    return Assignment(
        text=without_cases(title).rstrip(" ,.-–("),
        place=block.head[0].place(),
        assignment_id=registered(case, words),
        case_number=case,
        origin=origin,
        decision=decision,
        status=status,
        due=when or (None if closed else next_report(account, words.year)),
        narrative=text_of(account),
    )


def _own_case(said: dict[str, str], words: Wording) -> list[str]:
    """Return the case number that a label says without any prefix of its own."""
    return case_numbers(f"dnr {said['case']}", words) if "case" in said else []


def _status(block: _Block, words: Wording) -> tuple[Word | None, list[Line]]:
    """Return the status, and what the same line goes on to tell behind a stop."""
    if "status" not in block.said:
        return None, []
    text, line, start = block.said["status"]
    head, stop, rest = re.match(r"([^.,;]*)([.,;]?)(.*)", text, re.DOTALL).groups()  # type: ignore[union-attr] # it matches anything
    place = line.place(start, start + len(head))
    more = [replace(line, text=rest.strip())] if stop and rest.strip() else []
    return status_word(head.strip(), place, words), more


def _awaited(run: Sequence[Line], words: Wording) -> Assignment | None:
    """Return the item of a list that ends with when it is to be reported and no more.

    `• Utreda en simhall. Redovisas senast 2026-10-31.`
    """
    found = _AWAITED.fullmatch(joined(run))
    when = due_in(found["when"], today_year=words.year) if found else None
    if found is None or when is None or when.latest is None:
        return None
    cases = case_numbers(found["text"], words)
    return Assignment(
        text=without_cases(found["text"]).rstrip(" ,.-–("),
        place=run[0].place(),
        case_number=cases[-1] if cases else None,
        decision=decision_reference(found["text"], words),
        due=when,
    )


def _listed(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield the items of a list, each with the lines that it goes on over."""
    for run in paragraphs(lines):
        item: list[Line] = []
        for line in run:
            if item and _LISTED.match(line.text):
                yield item
                item = []
            item.append(line)
        if item and _LISTED.match(item[0].text):
            yield item


def _bracketed(line: Line, words: Wording) -> Assignment | None:
    found = _BRACKET.match(line.text) or _SAID_BEHIND.match(line.text)
    if found is None:
        return None
    name = "status" if found.groupdict().get("status") else "last"
    status = status_word(found[name].strip(), line.place(*found.span(name)), words)
    if status.code is None:
        return None
    place = line.place(*found.span("text"))
    cases = case_numbers(found["text"], words)
    return Assignment(
        text=without_cases(found["text"]),
        place=place,
        case_number=cases[-1] if cases else None,
        decision=decision_reference(found["text"], words),
        status=status,
    )
