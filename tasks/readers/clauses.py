"""The clauses of a report's own proposal to decide, each with the organ that is to decide it.

A clause starts with its ordinal and ends with a stop. A clause that is cut, or has lost its number,
is kept as it stands and is not complete: a lost number is never inferred.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from expectations.contract import Decision, Unread
from expectations.registers import plain
from tasks.readers.case_numbers import case_numbers
from tasks.readers.matter import PAGE_NUMBER, organs
from tasks.readers.minutes import is_minutes
from tasks.readers.outline import Outline
from tasks.readers.pages import Line
from tasks.readers.paragraphs import joined
from tasks.readers.parts import Parts
from tasks.readers.wording import Wording, either

LOST_NUMBER = "Beslutssatsens nummer går inte att läsa och gissas inte."
NO_VERB = "Beslutssatsen har inget känt ord för ett beslut och kan vara avklippt."
CUT = "Beslutssatsen är avklippt. Det som saknas går inte att läsa och gissas inte."
_ITEM = re.compile(
    r"^\s*(?:(?P<ordinal>\d{1,2})"
    rf"(?:[.)]\s+|\s+(?=(?i:{either('verbs', 'infinitives')})\b))"
    r"|[•●▪\uf0b7–−-]\s+|(?=att\s))(?P<text>\S.*)$"
)
_LONGEST_FOOT = 60
_BULLET = re.compile(r"\s*[•●▪\uf0b7]\s*")
_PROPOSAL = re.compile(
    r"^\s*(?:\d+(?:\.\d+)*\s+)?(?:\w+s )?förslag till "
    r"(?:beslut(?: (?:i|för) (?P<where>\S[^:.]{2,50}))?"
    r"|(?P<whose>\S[^:.]{2,50}?)s? beslut):?\s*$"
    r"|^\s*(?:\d+(?:\.\d+)*\s+)?(?:\w*nämndens beslut|beslut i nämnden|beslutspunkter"
    r"|beslutsförslag"
    r"|(?:\w+s )?förslag till (?:kommunstyrelsen|kommunfullmäktige|\w*nämnden)):?\s*$",
    re.IGNORECASE,
)
_BODIES = either("bodies", "deciding")
_DECIDED = re.compile(
    rf"^\s*(?!.*\bförslag\b)(?:\S+(?: \S+)? beslut|(?:\S+ ){{2,5}}?\S*{_BODIES}\w*s beslut|beslut)"
    r":?\s*$",
    re.IGNORECASE,
)
_BODY = re.compile(rf"{_BODIES}|\bråd")
_ORGANS = (
    re.compile(r"I (?P<organ>[^:.]{3,80}):", re.IGNORECASE),
    re.compile(
        r"(?:.+\s)?föreslår?(?: att)? (?P<organ>[^:.]{3,80}?) beslutar?(?: att)?:?", re.IGNORECASE
    ),
    re.compile(
        r"(?P<organ>[^:.]{3,60}?) (?:beslutar|föreslås besluta)"
        r"(?: att| följande| för egen del| enligt följande)*[:.]?",
        re.IGNORECASE,
    ),
)


def decisions(outline: Outline, words: Wording, taken: frozenset[int]) -> Parts:
    """Return the clauses of the document's own proposal to decide."""
    del taken  # a proposal holds no tables
    proposal = _proposal(outline, words)
    rows: list[Decision] = []
    claimed: set[int] = set()
    organ: str | None = None
    for run in _runs(proposal, words):
        named = _organ(joined(run), words)
        if _is_title(run[0]):
            organ = named or organ
        elif named is not None:
            organ = named
            claimed |= {line.number for line in run}
        else:
            rows.append(_clause(run, organ, words))
            claimed |= {line.number for line in run}
    rows = without_stops(rows)
    numbered = any(row.ordinal for row in rows)
    unread = tuple(
        Unread(row.text, _why(row), row.place) for row in rows if not row.complete and numbered
    )
    return Parts({"decisions": tuple(rows)}, unread, claimed=frozenset(claimed))


def without_stops(rows: list[Decision]) -> list[Decision]:
    """Return the clauses; in a list that has no stops at all a clause with a verb is whole.

    `att godkänna rapporten, samt` goes on with the next clause, and is whole too.
    """
    bare = not any(row.text.endswith(".") for row in rows)
    last = rows[-1] if rows else None
    return [
        replace(row, complete=True)
        if row.verb and row.text[:1].isalpha() and (bare or _goes_over(row, last))
        else row
        for row in rows
    ]


def _goes_over(row: Decision, last: Decision | None) -> bool:
    """Say whether a clause ends with the word that joins it to the next one."""
    return row is not last and re.search(r",?\s(?:samt|och)$|,$", row.text) is not None


def _why(row: Decision) -> str:
    """Return why a clause is not taken for whole."""
    seems_whole = row.ordinal and row.text.endswith(".") and row.text[:1].isupper()
    if seems_whole and row.verb is None:
        return NO_VERB
    return CUT if row.ordinal else f"{LOST_NUMBER} {CUT}"


def _proposal(outline: Outline, words: Wording) -> list[Line]:
    """Return the lines under the first heading of a proposal, up to the next heading."""
    lines = outline.lines
    starts = [i for i, line in enumerate(lines) if _PROPOSAL.match(line.text)]
    if is_minutes(outline):
        # what was decided, not what was proposed
        starts = [i for i, line in enumerate(lines) if _DECIDED.match(line.text)] or starts
    starts = starts[:1] or _unheaded(lines, words)
    if not starts:
        return []
    headings = {s.heading.number for s in outline.sections if s.heading}
    found: list[Line] = []
    for at, line in enumerate(lines[starts[0] :], starts[0]):
        listed = _ITEM.match(line.text) or _organ(line.text, words)
        if found and _DECIDED.match(found[0].text) and _PROPOSAL.match(line.text):
            break
        if _PROPOSAL.match(line.text) or (not found and _DECIDED.match(line.text)):
            found.append(line)
        elif (
            _is_head(line, words)
            or _is_next_chapter(line, found, words)
            or (line.number in headings and not listed)
            or (not listed and _is_other(line, found))
            or (not listed and _tells(lines, at, found, words))
        ):
            break
        else:
            found.append(line)
    return found


def _is_next_chapter(line: Line, found: Sequence[Line], words: Wording) -> bool:
    """Say whether a numbered line without verb or stop heads the chapter behind a proposal.

    Its number goes on from that of the proposal's own chapter, or the list counts nothing.
    """
    headed = re.match(r"\s*(\d{1,2})\.?\s+[A-ZÅÄÖ][^.;]*$", line.text)
    if headed is None or not found or _verb(line.text, words) is not None:
        return False
    own = re.match(r"\s*(\d{1,2})\.?\s", found[0].text)
    items = [item["ordinal"] for one in found if (item := _ITEM.match(one.text))]
    own_next = own is not None and int(own[1]) == int(headed[1]) - 1
    return bool(items) and (
        not any(items) or (own_next and own is not None and own[1] not in items)
    )


def _is_other(line: Line, found: Sequence[Line]) -> bool:
    """Say whether a line behind a gap is of something else: all clauses above it are whole.

    Text pressed out of a PDF has a heading right above its table.
    """
    told = [x.text.strip() for x in found if x.text.strip()]
    whole = bool(found) and not found[-1].text.strip() and told[-1].endswith(".")
    titled = re.match(r"\s*[A-ZÅÄÖ][^.:]*$", line.text) is not None
    return whole and titled and any(_ITEM.match(text) for text in told)


def _tells(lines: Sequence[Line], at: int, found: Sequence[Line], words: Wording) -> bool:
    """Say whether a paragraph behind whole clauses without numbers decides nothing: the report."""
    told = [x.text.strip() for x in found if x.text.strip()]
    behind = len(told) > 1 and not found[-1].text.strip() and told[-1].endswith(".")
    if not behind or any(_ITEM.match(text) for text in told):
        return False
    own = itertools.takewhile(lambda x: x.text.strip(), lines[at:])
    first = re.split(r"(?<=[a-zåäö)]{2})\.\s", joined(list(own)))[0]
    return bool(first) and _verb(first, words) is None and not re.match(r"att\s", first)


def _unheaded(lines: Sequence[Line], words: Wording) -> list[int]:
    """Return the first line that says who is to decide, with a listed clause right below it."""
    told = [(index, line) for index, line in enumerate(lines) if line.text.strip()]
    return [
        at
        for (at, line), (_, below) in itertools.pairwise(told)
        if _organ(line.text, words) and _ITEM.match(below.text)
    ][:1]


def _is_title(line: Line) -> bool:
    return bool(_PROPOSAL.match(line.text) or _DECIDED.match(line.text))


def _is_head(line: Line, words: Wording) -> bool:
    text = plain(line.text)
    return text in words.table("matter_heads") or text in ("bakgrund", "beskrivning")


def _runs(lines: Sequence[Line], words: Wording) -> Iterator[list[Line]]:
    """Yield the lines of each clause, and of each line that names the organ."""
    numbered = any(_ITEM.match(line.text) for line in lines)
    run: list[Line] = []
    blank = between = False
    last = next((line for line in reversed(lines) if line.text.strip()), None)
    for line in lines:
        if _BULLET.fullmatch(line.text) or PAGE_NUMBER.fullmatch(line.text):
            continue  # a list's signs, pressed out of a PDF behind its words; a page's foot
        if line is last and run and _is_foot(run, line):
            break
        starts = not _goes_on([] if blank else run, line) and (
            _ITEM.match(line.text) or _organ(line.text, words) or _is_title(line)
        )
        titled = bool(run) and _is_title(run[0])
        if run and blank and line.text.strip() and not starts and _is_last(run):
            break
        if blank and line.text.strip():
            between = numbered and bool(run) and not starts and _is_between(run, line)
        if between and line.text.strip():
            continue  # a page's foot, a note or a diagram between two clauses
        parted = titled or (not numbered and _begins_clause(run, line, words))
        parted = parted or bool(blank and (not numbered or _organ(joined(run), words)))
        if run and line.text.strip() and (starts or parted or _lost_number(run, line)):
            yield run
            run = []
        blank = not line.text.strip()
        if not blank:
            run.append(line)
    if run:
        yield run


def _goes_on(run: Sequence[Line], line: Line) -> bool:
    """Say whether `att` begins no clause: the line above it breaks off at a word before one."""
    above = run[-1].text if run else ""
    broken = re.search(rf"(?<!\w){either('small_words', 'clauses')}\s*$", above)
    return broken is not None and re.match(r"\s*att\s", line.text) is not None


def _is_foot(run: Sequence[Line], line: Line) -> bool:
    """Say whether the last line behind a whole clause is a page's foot: a title without a stop."""
    whole = run[-1].text.rstrip().endswith(".") and not _is_title(run[0])
    text = line.text.strip()
    titled = re.match(r"[A-ZÅÄÖ][^.:;]*$", text) and not _ITEM.match(line.text)
    return whole and bool(titled) and len(text) <= _LONGEST_FOOT


def _begins_clause(run: Sequence[Line], line: Line, words: Wording) -> bool:
    """Say whether a line begins a clause of a list without numbers: a sentence with its verb."""
    stopped = run != [] and run[-1].text.rstrip().endswith(".")
    if stopped and _is_led_alike(run, line, 1) and _BODY.search(plain(line.text.split()[0])):
        return True
    ended = stopped or (run != [] and _is_led_alike(run, line, _LED))
    begins = re.match(r"\s*[A-ZÅÄÖ]", line.text) is not None
    return ended and begins and _verb(line.text, words) is not None


def _is_led_alike(run: Sequence[Line], line: Line, led: int) -> bool:
    """Say whether a line begins with the same words as a clause above: the organ, again."""
    one, other = (x.text.split()[:led] for x in (run[0], line))
    return one == other and len(one) == led


_LED = 3


def _verb(text: str, words: Wording) -> str | None:
    """Return the longest known verb of a decision in a text."""
    lowered = text.casefold()
    longest = sorted(words.words["verbs"]["words"], key=len, reverse=True)
    return next((v for v in longest if re.search(rf"\b{re.escape(v)}\b", lowered)), None)


def _is_between(run: Sequence[Line], line: Line) -> bool:
    """Say whether a line behind a gap is none of a numbered clause that has its stop."""
    item = _ITEM.match(run[0].text)
    whole = bool(item and item["ordinal"]) and run[-1].text.rstrip().endswith(".")
    return whole and not re.match(r"\s*[a-zåäö]", line.text)


def _is_last(run: Sequence[Line]) -> bool:
    """Say whether a clause of a list of `att` ends here: it has its stop, and none goes on."""
    return bool(re.match(r"\s*att\s", run[0].text)) and run[-1].text.rstrip().endswith(".")


def _organ(text: str, words: Wording) -> str | None:
    """Return the organ that a line such as `I kommunstyrelsen:` names: its code, else its name."""
    if _ITEM.match(text):
        return None
    stripped = text.strip()
    headed = _PROPOSAL.match(stripped)
    if headed is not None:
        whose = headed["where"] or headed["whose"]
        named = whose is not None and _BODY.search(plain(whose))
        return organs(words).get(plain(whose), plain(whose)) if named else None
    found = next((m for pattern in _ORGANS if (m := pattern.fullmatch(stripped))), None)
    if found is None:
        return None
    name = plain(found["organ"])
    return organs(words).get(name, name)


def _lost_number(clause: Sequence[Line], line: Line) -> bool:
    """Say whether a line starts a clause whose number and first words are gone."""
    before = clause[-1].text.strip()
    return before.endswith(".") and bool(re.match(r"\s*[a-zåäö]", line.text))


def _clause(run: Sequence[Line], organ: str | None, words: Wording) -> Decision:
    found = _ITEM.match(run[0].text)
    text = re.sub(r"\s*[•●▪\uf0b7]\s*$", "", joined(run))
    text = item["text"] if (item := _ITEM.match(text)) else text
    verb = _verb(text, words)
    # A page break inside a sentence leaves a line that starts with a space in lower case where
    # words are gone: the clause is then not whole, whatever its end looks like.
    torn = any(re.match(r" [a-zåäö]", line.text) for line in run[1:])
    lost = bool(re.match(r"[a-zåäö]", text)) and not text.startswith("att ")
    cases = case_numbers(text, words)
    return Decision(
        ordinal=(found["ordinal"] or "") if found else "",
        text=text,
        place=run[0].place(),
        organ=organ,
        verb=verb,
        case_numbers=tuple(cases),
        complete=bool(verb and text.endswith(".") and not torn and not lost),
    )
