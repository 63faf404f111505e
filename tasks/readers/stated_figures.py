"""Figures that a report states in whole sentences: `Nämndens resultat är ett underskott på …`.

A sentence is taken only where it says whose the figure is: it names the board, or it stands under
a heading of the whole board's and nothing before it in its paragraph names a part. A table wins
over a sentence: the same figure is one fact, a missing column is filled, and a figure that differs
is unread with its place. The sentences stay narratives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from expectations.contract import (
    Document,
    Figure,
    Place,
    Unread,
)
from expectations.register_files import generic_vocabulary
from expectations.registers import plain
from tasks.readers.listed_deviations import listed_deviations
from tasks.readers.outline import Outline, Section
from tasks.readers.parts import Parts
from tasks.readers.passage import Passage
from tasks.readers.sentence_grammar import Stated, stated
from tasks.readers.sentence_owners import Owners, owners_of
from tasks.readers.sentence_passages import (
    BULLET,
    is_heading,
    is_new_paragraph,
    opening,
    passages,
    sentences_of,
    whole_sections,
)
from tasks.readers.sentence_values import UnlikeError
from tasks.readers.sentence_words import (
    Amount,
    Lexicon,
    Now,
    Part,
    Time,
    parts_of_speech,
)
from tasks.readers.stated_beside_tables import OTHER, Printed, Said, agreed, with_tables
from tasks.readers.wording import Wording

Spoken = tuple[Stated, tuple[str, Place]]
"""What a sentence spoke of, with the words that name it and their place."""
UNLIKE = "Talen i meningen stämmer inte med varandra och läses inte."
_KINDS = ("interim_report", "annual_report")
_PLANS = {"competence_plan": ("staff",), "board_plan": ("staff", "investments")}
"""Kinds that tell of the staff as it is, and of money as it may become -> what they state."""
_FOLLOWED = re.compile(r"uppföljning av [^.]{0,80}plan(?:en)?\s+(?:för )?(?P<year>20\d\d)")
_SECTIONS = {"line": "finance", "metric": "staff", "invested": "investments"}
_SECTIONS |= {"granted": "investments", "part": "finance"}
_KEYS = {
    "main": ("outcome", "forecast"),
    "budget": ("budget", "budget_year"),
    "deviation": ("deviation", "forecast_deviation"),
    "before": ("outcome_prev", None),
    "spent": ("outcome", "outcome"),
    "ahead": ("forecast_prev", None),
}
"""What a figure is in its clause -> its column, of the period and of a forecast."""


def with_stated(found: Parts, shape: Outline, document: Document, words: Wording) -> Parts:
    """Return what was found with the figures that only sentences state."""
    now = _of_title(shape) if document.kind == "memo" else _followed(shape)
    if document.kind not in (*_KINDS, *_PLANS) and now is None:
        return found
    now = now or _of_year(shape, document) or _of_month(shape, document) or Now.of(document)
    shape = replace(shape, sections=tuple(whole_sections(shape.sections)))
    owners = owners_of(shape, document, words)
    known = Lexicon.of(words, now, owners.names)
    # a plan's reader takes whole chapters as what is planned
    claimed = frozenset() if document.kind in _PLANS else found.claimed
    listed = listed_deviations(shape, claimed, known)
    claimed |= {one.place.line for one in listed if one.place.line is not None}
    told = [
        *listed,
        *(
            one
            for section in shape.sections
            for one in in_section(section, claimed, known, owners, words)
        ),
    ]
    is_plan = document.kind in _PLANS and _followed(shape) is None
    planned = _PLANS[document.kind] if is_plan else None
    said = [x for x in told if isinstance(x, Said) and (planned is None or x.section in planned)]
    unread = [one for one in told if isinstance(one, Unread)]
    kept, contrary = agreed(said)
    printed = Printed.of(shape.lines, found.claimed)
    rows, differing = with_tables(found, kept, printed, now, words)
    return replace(found, rows=rows, unread=(*found.unread, *unread, *contrary, *differing))


def _of_year(shape: Outline, document: Document) -> Now | None:
    """Return the year of a document without a round: its span's first, else its title's."""
    if document.round is not None:
        return None
    names = tuple(generic_vocabulary()["kinds"][document.kind])
    top = [plain(line.text[:_LONGEST_TITLE]) for line in shape.lines if line.text.strip()][:_TOP]
    title = next((text for text in top if any(name in text for name in names)), "")
    years = set(re.findall(r"20\d\d", (document.span or title)[:_LONGEST_TITLE]))
    if not years:
        return None
    is_year = document.kind == "annual_report"
    return Now(int(min(years)), 12 if is_year else None, is_year=is_year)


def _of_month(shape: Outline, document: Document) -> Now | None:
    """Return the month of a report without a year: the only one that its first lines name."""
    if document.round is not None or document.kind != "interim_report":
        return None
    known = generic_vocabulary()["round_months"]
    top = [plain(line.text[:_LONGEST_TITLE]) for line in shape.lines if line.text.strip()]
    titles = [text for text in top[:_TOP_TITLES] if is_heading(re.sub(r"\d+", "", text))]
    told = {
        known[word] for text in titles for word in re.findall(r"[a-zåäö]+", text) if word in known
    }
    return Now(None, int(told.pop()), is_year=False) if len(told) == 1 else None


_TOP_TITLES = 4


def _followed(shape: Outline) -> Now | None:
    """Return the year of a plan that a document follows up: what it states is of that year."""
    top = [line.text[:200] for line in shape.lines if line.text.strip()][:_TOP]
    found = _FOLLOWED.search(plain(" ".join(top)))
    return Now(int(found["year"]), 12, is_year=True) if found else None


def _of_title(shape: Outline) -> Now | None:
    """Return the round of the report that a memo is about: its subject is the report's title."""
    known = generic_vocabulary()
    for line in [line for line in shape.lines if line.text.strip()][:_OPENING]:
        title = plain(line.text[:_LONGEST_TITLE])
        kind = next((k for k in _KINDS if title.startswith(tuple(known["kinds"][k]))), None)
        year = re.search(r"20\d\d", title)
        months = [
            m for word, m in known["round_months"].items() if re.search(rf"\b{word}\b", title)
        ]
        if kind is not None and year is not None and (months or kind == "annual_report"):
            is_year = kind == "annual_report"
            return Now(int(year.group()), 12 if is_year else int(max(months)), is_year=is_year)
    return None


_TOP, _OPENING, _LONGEST_TITLE = 12, 60, 90


@dataclass(slots=True)
class _Walk:
    """What is known where a sentence begins: the heading above it, and what was spoken of."""

    section: Section
    owners: Owners
    known: Lexicon
    words: Wording
    heading: str | None = None
    topic: Spoken | None = None
    about: Spoken | None = None
    part: Spoken | None = None
    is_whole: bool = True
    is_other: bool = False

    def opens(self) -> None:
        """Begin a paragraph: nothing was said in it yet."""
        self.is_whole, self.about, self.part = True, None, None
        self.is_other = self.owners.names_another(f"{self.section.title} {self.heading or ''}")

    def goes_under(self, above: str | None, place: Place | None) -> None:
        """Go under a heading that a line within the section is, if any."""
        if above is not None:
            self.heading = above
            self.topic = _topic(self.section, above, place, self.owners)

    def of_sentence(self, text: Passage, begin: int, end: int) -> Iterator[Said | Unread]:
        """Yield the figures of one sentence, and keep what it spoke of."""
        sentence = text.text[begin:end]
        parts = parts_of_speech(sentence, self.known) or []
        about = self.about or (self.topic if self.is_whole else None)
        told = _told_in(parts, self.words, self.known.now, _subject_of(about or self.part))
        goes_on = about is not None and about[0].is_owned
        if told is None and any(part.kind == "own" for part in parts):
            yield Unread(sentence, UNLIKE, text.place(begin, end))
        self.about = self.part = None
        for one in told or ():
            name = about[1] if about and one.is_borrowed else _name(one, text, begin)
            if one.kind == "part":
                named = self.owners.part(name, self.section, self.heading)
                spoken = self.part = (one, named) if named else None
            elif goes_on or self._is_own(one):
                spoken = self.about = (replace(one, is_owned=one.is_owned or goes_on), name)
            else:
                spoken = None
            if spoken is not None:
                yield from _said(one, spoken[1], text, begin, end, self.known.now)
        of_part = any(one.kind == "part" for one in told or ())
        turns = of_part or (self.about is None and _names_part(sentence, parts))
        self.is_whole = self.is_whole and not turns

    def _is_own(self, one: Stated) -> bool:
        """Say whether a statement is of the whole board: named, borrowed from such, or under it."""
        if one.is_owned or one.is_borrowed:
            return True
        return self.is_whole and self.owners.is_of_whole(self.section, one.kind, self.heading)


def _subject_of(spoken: Spoken | None) -> Stated | None:
    return spoken[0] if spoken else None


def in_section(
    section: Section, claimed: frozenset[int], known: Lexicon, owners: Owners, words: Wording
) -> Iterator[Said | Unread]:
    """Yield what the sentences of a section state.

    A heading that only a short line tells holds until the next; a sentence that names a part ends
    what is said of the whole in its paragraph. What follows right upon a sentence that names the
    board is of the board too.
    """
    walk = _Walk(section, owners, known, words, topic=_topic(section, None, None, owners))
    for text in passages(section.lines, claimed):
        walk.opens()
        widest = max(len(line.text.strip()) for line in text.lines)
        for start, end in sentences_of(text):
            if end - start > _LONGEST:
                walk.is_whole, walk.about = False, None
                continue
            begin, above = opening(text, start, end)
            place = text.place(start, start + len(above)) if above else None
            walk.goes_under(above, place)
            if above or is_new_paragraph(text, start, widest):
                walk.opens()
            walk.is_other = walk.is_other or owners.names_another(text.text[begin:end])
            item = BULLET.match(text.text[begin:end])
            if not walk.is_other and (item or re.search(r"[.!?]\s*$", text.text[begin:end])):
                yield from walk.of_sentence(text, begin + (item.end() if item else 0), end)


def _topic(
    section: Section, heading: str | None, place: Place | None, owners: Owners
) -> Spoken | None:
    """Return the investments that a heading names: `ramen` and `prognosen` under it are of them."""
    if place is None and section.heading is not None:
        place = section.heading.place()
    if place is None or not owners.tells_of_investments(section, heading):
        return None
    about = Stated("granted", "", (0, 0), is_owned=False, is_later=False)
    return about, (heading or section.title, place)


_LONGEST = 700
"""Characters of a sentence that somebody wrote; what is longer is rows or damage."""


def _told_in(
    parts: Sequence[Part], words: Wording, now: Now, about: Stated | None
) -> list[Stated] | None:
    """Return what a sentence states, None where its numbers contradict each other."""
    try:
        return list(stated(parts, words, now, about)) if parts else []
    except UnlikeError:
        return None


_OPENING_PARTS = 3
_PART_NAME = re.compile(r"(?:[A-ZÅÄÖ]\w+|\w+(?:en|et|an|na|ens|ets|ans|nas))$")


def _names_part(sentence: str, parts: Sequence[Part]) -> bool:
    """Say whether a sentence that was not read may speak of a part: what follows may, too.

    `Av lärarna är 84 procent behöriga` is a share of some, `I kommunen som helhet` is the city's,
    and `Högst är den i hemtjänsten` is said in passing.
    """
    if not parts:
        return True
    share = parts[0].kind == "of" and any(part.kind == "number" for part in parts)
    aside = any(part.kind == "aside" for part in parts[:_OPENING_PARTS])
    if share or aside or any(part.kind == "city" for part in parts):
        return False
    shown = [sentence[part.start : part.end] for part in parts]
    if parts[0].kind == "unknown" and _PART_NAME.match(shown[0]):
        return True
    return any(
        before.kind in ("narrows", "for") and part.kind == "unknown" and _PART_NAME.match(word)
        for before, part, word in zip(parts, parts[1:], shown[1:], strict=False)
    )


# --- one statement -------------------------------------------------------------------------------


_WHOSE = re.compile(r"(?:en|et|an|na)s$")
"""How the name of a part ends where something of it is spoken of: `Hemtjänstens underskott`."""


def _name(one: Stated, text: Passage, begin: int) -> tuple[str, Place]:
    """Return the words that name a statement's subject, and where they stand."""
    first, last = (begin + at for at in one.label)
    before = _BEFORE_NOUN.search(text.text[begin:first])
    first -= len(before.group()) if before is not None else 0
    if one.is_whose and _WHOSE.search(text.text[first:last]):
        last -= 1
    label = text.text[first:last]
    return label[:1].upper() + label[1:], text.place(first, last)


def _said(
    one: Stated, name: tuple[str, Place], text: Passage, begin: int, end: int, now: Now
) -> Iterator[Said]:
    """Yield the figures of a statement whose times are those of the round."""
    timed = one.times or "ahead" not in one.figures
    if not timed or not all(_fits(part, one, now) for part in one.times):
        return
    earlier = [part for part in one.times if part.time and _is_noted(part.time, now)]
    note = text.text[begin + earlier[0].start : begin + earlier[0].end] if earlier else None
    for role, (amount, value) in one.figures.items():
        key = _key(role, one, now)
        if key is not None:
            figure = _figure(amount, value, text, begin)
            section, code = _SECTIONS[one.kind], one.code or "total"
            if one.kind == "part" or one.code == "project":
                code = f"{OTHER} {plain(name[0])}"
            yield Said(section, code, key, figure, *name, text.text[begin:end], note, one.scope)


def _is_noted(time: Time, now: Now) -> bool:
    return time.kind == "rolling" or time.month not in (None, now.month)


_BEFORE_NOUN = re.compile(r"(?:\b(?:den|det|periodens|årets) )+$", re.IGNORECASE)
"""Words of a label that say nothing of their own in a sentence."""


def _figure(amount: Amount, value: Decimal, text: Passage, begin: int) -> Figure:
    start, stop = (begin + at for at in amount.digits)
    written, place = text.text[start:stop], text.place(start, stop)
    return Figure(written, value, amount.unit, amount.decimals, "read", place)


def _key(role: str, one: Stated, now: Now) -> str | None:
    """Return the column of a figure; None where it has none."""
    if one.kind == "granted" and role == "main" and not one.is_later:
        return "budget" if now.is_year else "budget_year"
    if one.kind == "invested" and role == "budget":
        return "budget" if now.is_year else "budget_year"
    return _KEYS[role][one.is_later]


def _fits(part: Part, one: Stated, now: Now) -> bool:
    """Say whether a time in a statement is that of the figure's column."""
    time = part.time
    if time is None or one.kind in ("invested", "granted"):
        return True
    if time.kind == "rolling":
        return one.kind == "metric"
    if "ahead" in one.figures:
        return time.kind == "span" and (time.month or 13) < (now.month or 0)
    if time.kind == "year":
        return now.is_year or one.is_later
    if time.kind == "period":
        return not one.is_later
    # figures of the staff may come a month after those of money
    months = (now.month, (now.month or 0) - (one.kind == "metric"))
    is_point = one.kind == "metric" and time.kind == "point" and one.code not in _OVER_TIME
    return (is_point or (time.kind == "span" and not one.is_later)) and time.month in months


_OVER_TIME = (
    "sick_leave_total",
    "sick_leave_short",
    "sick_leave_long",
    "turnover",
    "turnover_external",
    "exits",
    "recruitments",
)
"""Metrics of a span: `i augusti` is another figure than that of the period until then."""
