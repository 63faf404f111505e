"""A report-back of assignments (återrapportering av uppdrag), also as a damaged scan.

Recognised: the list of what a decision commissioned (`… att uppdra åt kontoret: – att …; – att …`),
the numbered headings that repeat each commission above its account, the clauses of the proposal to
decide, and a clause that gives a new assignment. A heading is taken for a commission's only where
its words are those of the commission: numbering alone is not trusted.

Refused: a status that no word states; an assignment's id where the register does not have the
case and the point; signatures, which are names of persons and are left unread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from expectations.contract import Assignment, Decision, DecisionReference, Unread, Word
from tasks.readers.addressees import addressees
from tasks.readers.assignment_items import assignment_items
from tasks.readers.assignments import assignments
from tasks.readers.clauses import without_stops
from tasks.readers.damaged import held_in, likeness, tolerant
from tasks.readers.matter import clauses, head, organs, stretches
from tasks.readers.outline import Outline
from tasks.readers.pages import Line
from tasks.readers.paragraphs import joined, text_of
from tasks.readers.parts import Parts
from tasks.readers.passage import Passage, passage
from tasks.readers.spans import due_in
from tasks.readers.wording import Wording

SAME_SENTENCE = 75.0
"""Likeness above which a heading repeats a commission: scans differ in a letter in ten."""
CLEARLY_HELD = 88.0
_COMMISSION = re.compile(r"^\s*(?:[-–−•*]|\d{1,2}[.)]|[a-z]\))\s*(?=att\b)", re.IGNORECASE)
_CLAUSE = re.compile(r"^\s*(?:\d{1,2}[.)]|[-–−•*])\s")
_NUMBER = re.compile(r"^\s?(?P<ordinal>\d{1,2})\.\s+(?=\S)")
_CASE = re.compile(r"\b[A-ZÅÄÖ]{2,5}[-\s]?20\d{2}[-–]\s?\d{1,5}\b")
_HEADING_LINES = 4
_GIVES = re.compile(
    r"\bger\s+(?P<who>.+?)\s+(?P<how>i\s+uppdrag)\s+(?P<text>att\s+.+)$", re.IGNORECASE
)
_ENTRUSTS = re.compile(
    rf"\b(?P<how>uppdrar\s+{tolerant('åt')})\s+(?P<who>.+?)\s+(?P<text>att\s+.+)$", re.IGNORECASE
)
_ORIGINS = {"KF": "council_other", "KS": "executive"}


@dataclass(frozen=True, slots=True)
class _Commission:
    """One att-sats as written, with the account under its heading."""

    ordinal: str
    text: Passage
    account: tuple[Line, ...] = ()


def read(outline: Outline, words: Wording) -> Parts:
    """Return assignments and clauses of a report-back, with the lines they take."""
    under = stretches(outline.lines, words)
    under["proposal"] = _before_heading(under.get("proposal", []), outline)
    decisions = without_stops(clauses(under["proposal"], words))
    matter = under.get("matter", ())
    case = _case_number(under["title"], words)
    items = _with_accounts(list(_commissions(matter)), matter)
    reported, claimed = _assignments(items, matter, case, words)
    if not items:
        reported, claimed = assignment_items(outline, words, frozenset())
    if not (items or reported):
        reported, claimed = assignments(outline, words)
    heard = reported if items else ()
    given = [row for d in decisions if (row := _given(d, case, items, heard, words))]
    claimed |= _numbers(under, "proposal", "signatures") | _heads(outline.lines, words)
    return Parts(
        {"assignments": (*reported, *given), "decisions": tuple(decisions)},
        unread=tuple(_signatures(outline.lines, words)),
        claimed=frozenset(claimed),
        facts={"case_number": case} if case else {},
    )


def _before_heading(lines: list[Line], outline: Outline) -> list[Line]:
    """Return the lines of a proposal up to the next heading; a numbered one may be a clause."""
    heads = {s.heading.number for s in outline.sections if s.heading and not s.number}
    ends = [at for at, line in enumerate(lines) if line.number in heads]
    # what stands before the first clause names who is to decide, and looks like a heading
    first = next((at for at, line in enumerate(lines) if _CLAUSE.match(line.text)), len(lines))
    after = [at for at in ends if at > first]
    return lines[: after[0]] if after else lines


def _numbers(under: dict[str, list[Line]], *names: str) -> set[int]:
    return {line.number for name in names for line in under.get(name, ())}


def _heads(lines: Sequence[Line], words: Wording) -> set[int]:
    return {line.number for line in lines if head(line, words) in ("proposal", "signatures")}


def _signatures(lines: Sequence[Line], words: Wording) -> Iterator[Unread]:
    for line in lines:
        if head(line, words) == "signatures":
            why = "Underskrifter är namn på personer och läses inte."
            yield Unread(line.text.strip(), why, line.place())


def _case_number(title: Sequence[Line], words: Wording) -> str | None:
    """Return the case number above the first head, None where there are none or several."""
    written = {found for line in title for found in _CASE.findall(line.text)}
    if len(written) != 1:
        return None
    only = written.pop()
    return (words.city.normal_case_number(only) if words.city else None) or only


# --- what was commissioned ----------------------------------------------------------------------


def _commissions(lines: Sequence[Line]) -> Iterator[_Commission]:
    """Yield the first list of att-satser; each goes on until its semicolon or full stop."""
    run: list[Line] = []
    count = 0
    for line in lines:
        starts = _COMMISSION.match(line.text)
        if run and (starts or _ended(run)):
            count += 1
            yield _Commission(str(count), passage(run))
            run = []
            if not starts and line.text.strip():
                return
        if starts or (run and line.text.strip()):
            run.append(line)
        elif count and line.text.strip():
            return
    if run:
        yield _Commission(str(count + 1), passage(run))


def _ended(run: Sequence[Line]) -> bool:
    return run[-1].text.rstrip().endswith((";", "."))


def _bare(text: str) -> str:
    """Return a commission without its bullet, its `att` and its last sign."""
    return re.sub(r"^att\b\s*,?\s*", "", _COMMISSION.sub("", text)).rstrip(" ;.,")


def _with_accounts(items: list[_Commission], lines: Sequence[Line]) -> list[_Commission]:
    """Give each commission the lines under the heading that repeats it."""
    heads = list(_headings(items, lines))
    found: dict[str, tuple[Line, ...]] = {}
    for at, (ordinal, _, after) in enumerate(heads):
        end = heads[at + 1][1] if at + 1 < len(heads) else len(lines)
        found[ordinal] = tuple(lines[after:end])
    last = heads[-1][0] if heads else ""
    return [
        replace(
            item,
            account=_without_end(found.get(item.ordinal, ()))
            if item.ordinal == last
            else found.get(item.ordinal, ()),
        )
        for item in items
    ]


def _headings(
    items: Sequence[_Commission], lines: Sequence[Line]
) -> Iterator[tuple[str, int, int]]:
    """Yield (ordinal, index of its first line, index behind it) of each heading, once each."""
    seen: set[str] = set()
    for index, line in enumerate(lines):
        found = _NUMBER.match(line.text)
        item = next((i for i in items if found and i.ordinal == found["ordinal"]), None)
        if found is None or item is None or item.ordinal in seen:
            continue
        after = _end_of_heading(item, lines, index)
        if after is not None:
            seen.add(item.ordinal)
            yield item.ordinal, index, after


def _end_of_heading(item: _Commission, lines: Sequence[Line], index: int) -> int | None:
    """Return where a heading ends: there its words are most like the commission's."""
    best: tuple[float, int | None] = (SAME_SENTENCE, None)
    taken: list[Line] = []
    for at in range(index, min(index + 2 * _HEADING_LINES, len(lines))):
        if not lines[at].text.strip():
            continue
        taken.append(lines[at])
        shown = _NUMBER.sub("", joined(taken))
        alike = likeness(_bare(shown), _bare(item.text.text))
        if alike > best[0]:
            best = (alike, at + 1)
        if len(taken) == _HEADING_LINES:
            break
    return best[1]


def _without_end(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Leave out a last sentence that sums up the whole matter for those who decide."""
    sums_up = rf"\b(?:{tolerant('förordar')}|{tolerant('föreslår')})\s+att\s+\w+\s+beslutar"
    text = passage(lines)
    for start, end in text.sentences():
        if re.search(sums_up, text.text[start:end], re.IGNORECASE):
            index, column = text.spots[start]
            opens = not text.lines[index].text[:column].strip()
            cut = text.lines[index if opens else index + 1 : index + 2][:1]
            return tuple(x for x in lines if not cut or x.number < cut[0].number)
    return lines


# --- rows ---------------------------------------------------------------------------------------


def _assignments(
    items: Sequence[_Commission], matter: Sequence[Line], case: str | None, words: Wording
) -> tuple[list[Assignment], set[int]]:
    intro = _intro(items, matter)
    decision, origin = _decision(intro, words)
    rows = [
        Assignment(
            text=_COMMISSION.sub("", item.text.text).rstrip(" ;"),
            place=item.text.place(0, len(item.text.text)),
            assignment_id=_registered(case, item.ordinal, words),
            ordinal=item.ordinal,
            case_number=case,
            point=item.ordinal,
            origin=origin,
            decision=decision,
            addressees=_given_to(intro, words),
            due=due_in(item.text.text),
            narrative=text_of(item.account),
        )
        for item in items
    ]
    claimed = {line.number for item in items for line in (*item.text.lines, *item.account)}
    for _, start, after in _headings(items, matter):
        claimed |= {line.number for line in matter[start:after]}
    return rows, claimed


def _intro(items: Sequence[_Commission], matter: Sequence[Line]) -> str:
    """Return the sentence that leads to the list of commissions."""
    if not items:
        return ""
    first = items[0].text.lines[0].number
    text = passage([line for line in matter if line.number < first])
    sentences = list(text.sentences())
    return text.text[slice(*sentences[-1])] if sentences else ""


def _decision(intro: str, words: Wording) -> tuple[DecisionReference | None, str | None]:
    """Return the decision behind the commissions and whose it was, as far as the intro says."""
    for name, code in organs(words).items():
        if re.match(rf"{tolerant(name)}\b", intro, re.IGNORECASE):
            day = due_in(intro)
            exact = day.earliest if day and day.earliest == day.latest else None
            paragraph = re.search(r"§\s*(\d+)", intro)
            reference = DecisionReference(code, exact, paragraph[1] if paragraph else None)
            return reference, _ORIGINS.get(code, "board")
    return None, None


def _given_to(intro: str, words: Wording) -> tuple[str, ...]:
    found = re.search(
        rf"(?:{tolerant('uppdra')}\w*\s+{tolerant('åt')}|\bger|\bge)\s+(?P<who>[^:]+?)"
        r"(?:\s+i\s+uppdrag.*)?:?$",
        intro,
        re.IGNORECASE,
    )
    return addressees(found["who"], words) if found else ()


def _registered(case: str | None, point: str, words: Wording) -> str | None:
    """Return the register's id of an assignment: case and point must both be its own."""
    if words.city is None or case is None:
        return None
    same = [x for x in words.city.assignments if (x.case_number, x.point) == (case, point)]
    return same[0].assignment_id if len(same) == 1 else None


def _given(
    decision: Decision,
    case: str | None,
    items: Sequence[_Commission],
    reported: Sequence[Assignment],
    words: Wording,
) -> Assignment | None:
    """Return the new assignment that a clause gives, None where it gives none."""
    found = _GIVES.search(decision.text) or _ENTRUSTS.search(decision.text)
    if found is None:
        return None
    code = words.word("assignment_status", "nytt uppdrag", None).code
    return Assignment(
        text=found["text"],
        place=decision.place,
        case_number=case,
        origin=_ORIGINS.get(organs(words).get(decision.organ or "", "")),
        addressees=addressees(found["who"], words),
        status=Word(found["how"], code, decision.place),
        due=due_in(found["text"]),
        parent=_parent(found["text"], items, reported),
    )


def _parent(text: str, items: Sequence[_Commission], reported: Sequence[Assignment]) -> str | None:
    """Return the id of the one assignment whose account proposes the new one in these words."""
    holding = [
        row.assignment_id
        for item, row in zip(items, reported, strict=True)
        if item.account and held_in(_bare(text), joined(item.account)) >= CLEARLY_HELD
    ]
    return holding[0] if len(holding) == 1 else None
