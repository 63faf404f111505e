"""What a running document is: kind, city, board, round or span, parts, meetings and case number.

Everything is taken from the content, with the reasons; the file's name counts last and least. A
document whose words point at another city says so. What is not clear stays None.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from decimal import Decimal

from expectations.contract import PERIODIC_KINDS, Document, Meeting
from expectations.register_files import city_marks, generic_vocabulary
from expectations.registers import Board, City, plain
from tasks.readers.case_numbers import REGISTERED, announced_case, cases_in, lone_case
from tasks.readers.matters import matters
from tasks.readers.minutes import body_of, decided_in, is_minutes, top_pieces
from tasks.readers.outline import Outline
from tasks.readers.plan_years import titled_plan
from tasks.readers.report_rounds import round_of
from tasks.readers.spans import one_day
from tasks.readers.wording import either

_BODY = re.compile(either("bodies", "deciding"), re.IGNORECASE)
_BY_SPAN = re.compile(
    rf"(?<!\w)(?:\w*uppföljning|rapport|prognos|delår|tertial)(?!\w)[^.]{{0,20}}?"
    rf"(?:{either('round_months')}\w*[ ,]+20\d\d|t[12] 20\d\d)"
)
"""A title that names its span and no kind: `Rapport januari–april 2024`."""
_SUBJECT = re.compile(
    r"^(?:(?:ärende|rubrik|angående|ang\.?|ekonomisk|godkännande av|fastställande av|redovisning av"
    r"|förvaltningens|\w*nämndens|\w*styrelsens):?\s+)+"
)
"""What may stand before the name of the report that a memo hands over."""
_SPAN = re.compile(r"(?P<first>20\d\d)\s*[-–]\s*(?P<last>20\d\d)")
_DAY = re.compile(r"^20\d\d-\d\d-\d\d\s+")
"""The day that a letterhead has beside its case number, on one line where columns are lost."""
_TOP = 8
_OPENING = 60
_CARRIED = 4
_LETTERHEAD = 5
_HEAD = "i sidhuvudet"
_COMMISSIONS = re.compile(r"\buppdra(?:r|ga|g)? åt\b")
_SHORT = ("memo", "minutes_extract")
_ALONE = 4
_TITLE_LINES = 4
_RETOLD = ("unknown", "interim_report", "annual_report", "board_plan")
"""Kinds whose words may stand in the first table of a plan: `Bokslut 2023`."""
_COMMISSIONED = 7
"""More than a memo has for being one: it is a memo too."""
_LONGEST_TITLE, _TITLED = 90, 8
_FIGURES = re.compile(r"(?<!\S)[+−–-]?\d[\d,]*(?:\s?%)?(?!\S)")
_A_ROW, _FEWEST_ROWS = 3, 12
_AMOUNT = re.compile(r"\d\s(?:m(?:n|ilj)?kr|tkr|kr|kronor|miljoner|procent)\b|\d\s?%")
_ANNEXES = re.compile(r"\s*(?:bilag\w*|bifog\w*|beslutsunderlag|handlingar)\b", re.IGNORECASE)
_FEWEST_AMOUNTS = 10
"""So much a memo tells of the economy itself that it is the report, where it hands over none."""
_A_SPAN = 4
_FEWEST_CHAPTERS = 3
_FEWEST_WORDS = 800
"""A memo that hands over a report of its own takes a page or two; a longer one is the report."""
"""A memo in front of a report is part of it; the report has chapters with numbers."""


@dataclass(frozen=True, slots=True)
class _Kind:
    kind: str
    points: int
    reasons: tuple[str, ...]


def recognise(outline: Outline, *, city: City | None, name: str) -> Document:
    """Return the head of a document as its content gives it."""
    opening = _opening(outline)
    found = _kind(outline, opening, name)
    if found.kind == "memo":
        found = _behind_memo(outline) or found
    said = _city(outline, city)
    # The board of another city is not looked up among this one's, whatever it is called.
    own = city if city is not None and said in (None, city.city_id) else None
    parts = matters(outline, found.kind, lambda text, kind: _round(outline, text, kind, own)[0])
    board = _board(outline, opening, own)
    is_extract = found.kind == "minutes_extract"
    board = (is_extract and body_of(outline, own)) or board
    round_, reasons = _round(outline, opening, _about(opening) if is_extract else found.kind, own)
    decided = decided_in(outline, board) if is_extract else None
    span = _plan_span(outline, found.kind)
    meetings = _meetings(outline, own)
    is_matter = found.kind not in PERIODIC_KINDS and found.kind != "unknown"
    return Document(
        name=name,
        city=said,
        board=board.board_id if board else None,
        administration=board.administration if board else None,
        kind=found.kind,
        confidence=Decimal(min(found.points, 10)) / 10,
        reasons=(*found.reasons, *reasons),
        round=round_,
        span=span if is_matter else None,
        date=decided.date if decided else meetings[-1].date if is_matter and meetings else None,
        case_number=_case_number(outline, own),
        parts=parts,
        meetings=meetings,
        decided=decided,
    )


def _about(opening: str) -> str:
    """Return the kind of report that minutes decide on, as far as they name one."""
    yearly = any(_named(word, opening) for word in generic_vocabulary()["kinds"]["annual_report"])
    return "annual_report" if yearly else "interim_report"


def _carried(outline: Outline) -> list[str]:
    """Return what the first pages carry round their text, each once."""
    shown = [re.sub(r"\s+", " ", line.text.strip()) for line in outline.carried]
    return list(dict.fromkeys(shown))[:_CARRIED]


def _told(outline: Outline) -> list[str]:
    """Return the lines that say something: in pressed text blank ones stand between all blocks."""
    return [line.text for line in outline.lines if line.text.strip()]


def _opening(outline: Outline) -> str:
    return plain(" ".join(_told(outline)[:_OPENING]))


def _kind(outline: Outline, opening: str, name: str) -> _Kind:
    """Return the kind whose words stand where a document says what it is: the top counts most."""
    places = (
        ("i dokumentets början", plain(" ".join(_told(outline)[:_TOP])), 4),
        ("på första sidan", opening, 2),
        (_HEAD, plain(" ".join(_carried(outline))), 2),
        ("i en rubrik", plain(" | ".join(section.title for section in outline.sections)), 2),
        ("i filnamnet", plain(re.sub(r"[-_]", " ", name)), 1),
    )
    whole = plain(" ".join(line.text for line in outline.lines))
    if is_minutes(outline):
        return _Kind("minutes_extract", 9, ("det står överst att det är ett protokollsutdrag",))
    best = _Kind("unknown", 0, ())
    for kind, words in generic_vocabulary()["kinds"].items():
        found = [
            # a memo says in its letterhead that it is one
            (weight + _LETTERHEAD * (where == _HEAD and kind in _SHORT), f"”{word}” {where}")
            for where, text, weight in places
            if (word := next((word for word in words if _named(word, text)), None))
        ]
        titled = any(_named(word, text) for word in words for _, text, _ in places[:2])
        mentions = sum(_named(word, whole) for word in words)
        points = sum(weight for weight, _ in found) + min(mentions, 3)
        if kind in _SHORT and found and _is_alone(outline, kind):
            points += _ALONE
        if kind == "assignment_report" and titled and _COMMISSIONS.search(whole):
            # a memo that reports back what a decision commissioned is more than a memo
            points += _COMMISSIONED
            found.append((0, "texten räknar upp vad ett beslut gav i uppdrag"))
        if found and points > best.points:
            best = _Kind(kind, points, tuple(reason for _, reason in found))
    planned = _planned(outline)
    if planned is not None and best.kind in _RETOLD:
        return _Kind("board_plan", _TITLED, (f"”{planned}” i dokumentets början",))
    return best if best.points else _by_span(places[0][1])


def _planned(outline: Outline) -> str | None:
    """Return the title of a plan or budget at the top, None where the title is another's."""
    known = generic_vocabulary()["kinds"]
    for text in map(plain, _told(outline)[:_TITLE_LINES]):
        if titled_plan(text) is not None:
            return text
        if any(_named(word, text) for words in known.values() for word in words):
            return None
    return None


def _by_span(top: str) -> _Kind:
    """Return the kind of a document whose title says no more than the months it is of."""
    found = _BY_SPAN.search(top)
    if found is None:
        return _Kind("unknown", 0, ())
    return _Kind("interim_report", _A_SPAN, (f"”{found.group()}” i dokumentets början",))


def _behind_memo(outline: Outline) -> _Kind | None:
    """Return the kind of the report that a memo stands in front of, None where there is none.

    The memo's subject is the report's title, and what follows are chapters or rows of figures.
    """
    if _is_of_assignments(outline):
        return _Kind(
            "assignment_report", _TITLED, ("uppdragen är ärendet, och deras status följer",)
        )
    figures = sum(len(_FIGURES.findall(line.text)) >= _A_ROW for line in outline.lines)
    chapters = sum(bool(section.number) for section in outline.sections)
    length = sum(len(line.text.split()) for line in outline.lines)
    stated = sum(len(_AMOUNT.findall(line.text)) for line in outline.lines)
    handed = any(_ANNEXES.match(line.text) for line in outline.lines)
    of_its_own = stated >= _FEWEST_AMOUNTS and not handed
    few = chapters < _FEWEST_CHAPTERS and figures < _FEWEST_ROWS and length < _FEWEST_WORDS
    if few and not of_its_own:
        return None
    for text in _told(outline)[:_OPENING]:
        title = _SUBJECT.sub("", plain(text))
        for kind in PERIODIC_KINDS if len(title) <= _LONGEST_TITLE else ():
            words = generic_vocabulary()["kinds"][kind]
            word = next((one for one in words if title.startswith(one)), None)
            if word is not None and re.search(r"20\d\d", title):
                return _Kind(kind, _TITLED, (f"”{word}” är ärendet, och rapporten följer",))
    return None


def _is_of_assignments(outline: Outline) -> bool:
    """Say whether a memo's subject is how assignments stand, and a status of several follows."""
    known = generic_vocabulary()
    titles = tuple(known["kinds"]["assignment_report"])
    if not any(plain(text).startswith(titles) for text in _told(outline)[:_TOP]):
        return False
    status = re.compile(rf"(?<!\w)(?i:{either('status_words')})(?!\w)")
    return sum(status.search(line.text) is not None for line in outline.lines) >= _FEWEST_CHAPTERS


def _is_alone(outline: Outline, kind: str) -> bool:
    """Say whether a file is a memo or minutes and no more: so named first, and no chapters."""
    words = generic_vocabulary()["kinds"][kind]
    chapters = sum(bool(section.number) for section in outline.sections)
    named = any(plain(piece) in words for piece in top_pieces(outline))
    return named and chapters < _FEWEST_CHAPTERS


def _named(word: str, text: str) -> int:
    """Return how often a word stands in plain text; `delårsrapport` holds no `årsrapport`."""
    return len(re.findall(rf"(?<!\w){re.escape(word)}", text)) if word in text else 0


def title_lines(outline: Outline, document: Document) -> frozenset[int]:
    """Return the lines above the first heading that say what a document is: they are its title."""
    top = [line.number for line in outline.lines if line.text.strip()][:_TOP]
    unheaded = {x.number for s in outline.sections if s.heading is None for x in s.lines}
    return frozenset(unheaded & set(top)) if document.kind != "unknown" else frozenset()


def _city(outline: Outline, city: City | None) -> str | None:
    """Return the city whose marks the text carries clearly more often than any other's."""
    text = " ".join(line.text for line in outline.lines)
    marks = city_marks() | (
        {city.city_id: tuple(city.settings["vocabulary"].get("city_words", ()))} if city else {}
    )
    counts = sorted(
        ((sum(text.count(word) for word in words), city_id) for city_id, words in marks.items()),
        reverse=True,
    )
    if not counts or counts[0][0] < 2:  # noqa: PLR2004 - one mention is a mention
        return None
    clear = len(counts) == 1 or counts[0][0] >= 2 * max(counts[1][0], 1)
    return counts[0][1] if clear else None


def _board(outline: Outline, opening: str, city: City | None) -> Board | None:
    """Return the board that the document is of; its title and page heads go before its text."""
    if city is None:
        return None
    title = itertools.takewhile(
        lambda text: len(text) <= _LONGEST_TITLE and not text.endswith("."), _told(outline)[:_TOP]
    )
    heads = (plain(" | ".join(told)) for told in (_carried(outline), title))
    headed = ([board for board in city.boards if _mentions(board, text)] for text in heads)
    whole = plain(" ".join(line.text for line in outline.lines))
    points = {
        board.board_id: _mentions(board, opening) * 5 + _mentions(board, whole)
        for board in next(filter(None, headed), city.boards)
    }
    ranked = sorted(points.items(), key=lambda pair: -pair[1])
    if len(ranked) > 1 and (ranked[0][1] == 0 or ranked[0][1] == ranked[1][1]):
        return None
    return city.board(ranked[0][0]) if ranked else None


def _mentions(board: Board, text: str) -> int:
    """Return how often plain text names a board, by its own name or its short ones."""
    return sum(
        len(re.findall(rf"\b{re.escape(plain(name))}s?\b", text))
        for name in board.names
        if len(name) > 3  # noqa: PLR2004 - KS and SLK stand in every board's text
    )


def _round(
    outline: Outline, opening: str, kind: str, city: City | None
) -> tuple[str | None, tuple[str, ...]]:
    if kind not in PERIODIC_KINDS:
        return None, ()
    whole = plain(" ".join(line.text for line in outline.lines))
    return round_of((opening, plain(" | ".join(_carried(outline))), whole), kind, city)


def _plan_span(outline: Outline, kind: str) -> str | None:
    """Return the years that a plan holds for, from a heading or line that names the plan."""
    if kind not in ("competence_plan", "board_plan"):
        return None
    for line in outline.lines:
        found = _SPAN.search(line.text)
        if found and re.search(r"\b\w*plan\b", line.text.casefold()) and len(line.text) < 80:  # noqa: PLR2004
            return f"{found['first']}-{found['last']}"
    years = re.findall(r"[Pp]lanering (?:för )?(20\d\d)\b", " ".join(x.text for x in outline.lines))
    return max(set(years), key=years.count) if years else None


def _meetings(outline: Outline, city: City | None) -> tuple[Meeting, ...]:
    """Return the meetings listed with a day under a heading of decision planning."""
    organs = city.settings.get("organs", {}) if city else {}
    found = []
    for line in outline.lines:
        listed = re.fullmatch(
            r"\s*(?P<organ>[A-ZÅÄÖ][\wåäö ]+?)\s+(?P<day>20\d\d-\d\d-\d\d)\s*", line.text
        )
        day = one_day(listed["day"]) if listed and _BODY.search(listed["organ"]) else None
        if listed and day:
            name = plain(listed["organ"])
            code = next((c for c, n in organs.items() if plain(n) == name), listed["organ"].strip())
            found.append(Meeting(code, day))
    return tuple(found)


_DATED = re.compile(r"^(?:(?:datum|utfärdat|upprättad)\s*:?\s*)?20\d\d-\d\d-\d\d\s+", re.IGNORECASE)


def _carried_case(outline: Outline) -> str | None:
    """Return the one case number that the pages carry above or below their text."""
    found = {case for line in outline.carried for case in cases_in(line.text)}
    return found.pop() if len(found) == 1 else None


def _letterhead_case(top: list[str]) -> str | None:
    """Return the case number that stands on the line below its word, behind the day or alone."""
    for above, below in itertools.pairwise(top):
        label = re.search(rf"(?:^|\s)(?P<label>{REGISTERED})\.?:?\s*$", above, re.IGNORECASE)
        if label is None or len(above) > _LONGEST_TITLE:
            continue
        said = f"{label['label']} {_DAY.sub('', below.strip())}"
        case = announced_case(said, at_start=True)
        if case and said.endswith(case):
            return case
    return None


def _headed_case(line: str) -> str | None:
    """Return the case number that a line begins with; one in a sentence is another matter's."""
    text = _DATED.sub("", line.strip())
    # `Tekniska nämnden, dnr FKN 2023/12`: a title may be the board's name and its case
    behind = re.split(r"\s*[,·•]\s*", text) if _is_title(text) else []
    for part in (*re.split(r"\s{2,}|\t|\|", text), *behind):
        case = announced_case(part, at_start=True)
        # a sentence may break so that its line begins with the word: it then goes on in lower case
        if case and not re.match(r"\s*,|\s+[a-zåäö]", part[part.index(case) + len(case) :]):
            return case
    return None


def _is_title(text: str) -> bool:
    """Say whether a line is short and no sentence, and names a board."""
    return len(text) <= _LONGEST_TITLE and not text.endswith(".") and _BODY.search(text) is not None


def _titled_case(text: str) -> str | None:
    """Return the case number that stands behind the board's name: `Kulturnämnden · KUN24/6`."""
    if not _is_title(text):
        return None
    name, *pieces = re.split(r"\s*[,·•|]\s*", text.strip())
    named = re.fullmatch(
        r"(?:[^\W\d]|[ -])*?(?:nämnd(?:en)?|styrelsen?)(?: (?P<case>[A-ZÅÄÖ]\S* ?\S*))?", name
    )
    if named is None:
        return None
    pieces = [named["case"] or "", *pieces]
    return next((case for piece in pieces if (case := lone_case(piece))), None)


def _case_number(outline: Outline, city: City | None) -> str | None:
    """Return the document's own case number: announced as one, alone on a line, or of one form."""
    top = [line.text for line in outline.lines if line.text.strip()][:_OPENING]
    announced = next((case for text in top if (case := _headed_case(text))), None)
    pieces = [p for text in top[:_TOP] if "\t" not in text for p in re.split(" {2,}", text.strip())]
    alone = next((case for piece in pieces if (case := lone_case(_DAY.sub("", piece)))), None)
    within = re.search(r"\b[A-ZÅÄÖ]{2,5}-20\d\d-\d{1,5}\b", "\n".join(top))
    written = (
        announced
        or _letterhead_case(top)
        or alone
        or next((case for text in top[:_TOP] if (case := _titled_case(text))), None)
        or (within.group() if within else _carried_case(outline))
    )
    if written is None:
        return None
    shown = re.sub(r"\s+", " ", written)
    return (city.normal_case_number(shown) if city else None) or shown
