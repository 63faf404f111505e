"""The shape of a running document: furniture taken out, headings found, text under each.

Furniture is what a page carries round its text: running headers with page numbers, lone page
numbers and contents lists. Headings are numbered (`3.2.1 Resultat`), marked by the format, or
short lines between blank ones. Nothing is thrown away: furniture is kept apart, so that coverage
counts the rest.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from expectations.contract import Place, Text
from expectations.register_files import generic_vocabulary
from expectations.registers import plain
from tasks.readers.furniture import LEADERS, furniture_in
from tasks.readers.line_kinds import (
    LONGEST_HEADING,
    is_column,
    is_row,
    is_said,
    is_verdict,
    looks_like_title,
    names_columns,
    opens_area,
    opens_goal,
)
from tasks.readers.line_values import WANTS_MORE
from tasks.readers.numbers import SHORT_MONEY
from tasks.readers.pages import Line, Pages, Table
from tasks.readers.real_table import joined_over_pages
from tasks.readers.verdict_forms import judges, labels_verdict, tells_of_goal

_NUMBERED = re.compile(r"^\s?(?P<number>\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+(?P<title>[A-ZÅÄÖ].*)$")


@dataclass(frozen=True, slots=True)
class Section:
    """One heading with the lines under it, up to the next heading."""

    title: str
    number: str
    heading: Line | None
    lines: tuple[Line, ...]
    title_lines: tuple[Line, ...] = ()
    """The lines that the title stands on: a long one goes on."""

    @property
    def level(self) -> int:
        """Depth of the numbering; 1 for `3`, 3 for `3.2.1`; 9 for an unnumbered heading."""
        return self.number.count(".") + 1 if self.number else 9


@dataclass(frozen=True, slots=True)
class Outline:
    """A document's clean lines, its sections in order, its real tables and its furniture."""

    lines: tuple[Line, ...]
    sections: tuple[Section, ...]
    tables: tuple[Table, ...]
    furniture: frozenset[int] = field(default_factory=frozenset)
    """Numbers of the lines that are page furniture or contents."""
    carried: tuple[Line, ...] = ()
    """What the pages carry round their text, contents lists left out."""

    def under(self, section: Section) -> tuple[Section, ...]:
        """Return the section and those numbered below it, in order."""
        if not section.number:
            return (section,)
        start = self.sections.index(section)
        found = [section]
        for other in self.sections[start + 1 :]:
            if other.number and not other.number.startswith(f"{section.number}."):
                break
            found.append(other)
        return tuple(found)

    def titled(self, *words: str) -> Iterator[Section]:
        """Yield the sections whose title holds one of the words (lower case)."""
        for section in self.sections:
            if any(word in section.title.casefold() for word in words):
                yield section


def outline(pages: Pages) -> Outline:
    """Return the outline of a document's lines."""
    furniture = furniture_in(pages.lines)
    clean = tuple(line for line in pages.lines if line.number not in furniture)
    carried = tuple(
        line
        for line in pages.lines
        if line.number in furniture and not LEADERS.search(line.text.strip())
    )
    tables = tuple(joined_over_pages(table) for table in pages.tables)
    return Outline(clean, tuple(_sections(clean)), tables, frozenset(furniture), carried)


def joined(lines: Iterable[Line]) -> str:
    """Return lines as running text: line breaks become spaces, broken words are put together.

    A hyphen at a line end is kept where what follows is a capital, a digit or `och`: `IT-` +
    `utrustning` cannot be told from `verk-` + `samhet`, so only a lower-case letter joins them.
    """
    text = "\n".join(line.text.strip() for line in lines)
    text = re.sub(r"(?<=\d)-\n(?=\d)", "-", text)
    text = re.sub(r"(?<=[A-ZÅÄÖ])-\n(?=\w)", "-", text)
    text = re.sub(r"(?<=[a-zåäö])-\n(?!och\b|eller\b)(?=[a-zåäö])", "", text)
    return re.sub(r"\s+", " ", text).strip()


def text_of(lines: Sequence[Line]) -> Text | None:
    """Return lines as Text with the place of the first, None where there is nothing."""
    body = joined(lines)
    first = next((line for line in lines if line.text.strip()), None)
    return Text(body, place_of(lines)) if body and first else None


def place_of(lines: Sequence[Line]) -> Place | None:
    """Return the place of the first line that holds something."""
    first = next((line for line in lines if line.text.strip()), None)
    return first.place() if first else None


def paragraphs(lines: Sequence[Line]) -> list[list[Line]]:
    """Return the lines in runs between blank lines."""
    runs: list[list[Line]] = [[]]
    for line in lines:
        if line.text.strip():
            runs[-1].append(line)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _sections(lines: Sequence[Line]) -> Iterator[Section]:
    starts: list[tuple[int, tuple[str, str, int]]] = []
    for at in range(len(lines)):
        within = starts and at < starts[-1][0] + starts[-1][1][2]
        found = None if within else _heading(lines, at)
        if found:
            starts.append((at, found))
    if not starts or starts[0][0] > 0:
        yield Section("", "", None, tuple(lines[: starts[0][0] if starts else len(lines)]))
    for (start, (number, title, used)), following in zip(
        starts, [s for s, _ in starts[1:]] + [len(lines)][: len(starts)], strict=True
    ):
        body, head = tuple(lines[start + used : following]), tuple(lines[start : start + used])
        yield Section(title, number, lines[start], body, head)


def _heading(lines: Sequence[Line], index: int) -> tuple[str, str, int] | None:
    """Return (number, title, lines used) where a heading starts at this line."""
    line = lines[index]
    text = line.text.strip()
    if line.heading is not None and text:
        return _marked(lines, index)
    found = _NUMBERED.match(line.text)
    if found and _is_numbered_heading(found, lines, index):
        return _with_continuation(found, lines, index)
    if _is_matter_head(lines, index):
        return "", text, 1
    if _is_lone_title(lines, index):
        return "", text, 1
    used = _above_verdict(lines, index)
    return ("", joined(lines[index : index + used]), used) if used else None


def _above_verdict(lines: Sequence[Line], index: int) -> int:
    """Return how many lines from here are a goal's title: its verdict stands right below them.

    A title that says it is a goal may go on over three lines, another stands on one.
    """
    text = lines[index].text.strip()
    opens = opens_goal(text)
    titled = opens or (looks_like_title(text, judged=True) and not names_columns(text))
    if _labels_one(lines, index):
        return 0
    if not text or not titled or is_said(text) or not (opens or _ends_before(lines, index)):
        return 0
    for used in range(1, (_MOST_TITLE_LINES if opens else _TITLE_LINES) + 1):
        below = lines[index + used].text if index + used < len(lines) else ""
        told = is_verdict(below) or _begins_verdict(below) or _labels_one(lines, index + used)
        whole = joined(lines[index : index + used])
        if not below.strip() and len(whole) > _SHORT_TITLE and index + used + 1 < len(lines):
            after = lines[index + used + 1].text
            told = told or is_verdict(after) or (tells_of_goal(after) and judges(after, timed=True))
        told = told and (opens or not re.search(r"[.!?](?:\s|$)", whole))
        if told or (opens and is_said(below.strip())):
            return used
        goes_on = _goes_on(lines[index : index + used], lines, index + used)
        if opens and not goes_on and (not below.strip() or _heads_text(lines, index, below)):
            return used
        if not (goes_on and below.strip()):
            return 0
    return 0


def _begins_verdict(text: str) -> bool:
    """Say whether a line begins with a sentence that is a verdict: `Målet är uppfyllt. Under …`."""
    first, stop, _ = text.strip().partition(". ")
    return bool(stop) and tells_of_goal(first) and judges(first, timed=True)


def _labels_one(lines: Sequence[Line], index: int) -> bool:
    """Say whether a line is the label of a verdict that is all of the next text."""
    if index >= len(lines) or not labels_verdict(lines[index].text, strong=True):
        return False
    below = _next_text(lines, index + 1)
    return below is not None and is_said(below.text.strip())


def _heads_text(lines: Sequence[Line], index: int, below: str) -> bool:
    """Say whether a line under a blank one heads a sentence that begins right below it."""
    parted = index == 0 or not lines[index - 1].text.strip()
    # `Åtagande: Livsmedlen är säkra` is no part of a sentence, whatever stands above it
    parted = parted or re.match(r"\s*[A-ZÅÄÖ][^:.]{2,40}:\s", lines[index].text) is not None
    return parted and re.match(r"\s*[A-ZÅÄÖ][^:]*$", below) is not None


_MOST_TITLE_LINES = 3
_TITLE_LINES = 2
_SHORT_TITLE = 50
"""A line as short as this under a blank one is a title where another title stands below it."""


def _ends_before(lines: Sequence[Line], index: int) -> bool:
    """Say whether what stands above a line has come to an end: no sentence goes on in it."""
    above = lines[index - 1].text.strip() if index else ""
    ended = not above or above.endswith((".", "!", "?", ":")) or opens_area(above)
    ended = ended or _NUMBERED.match(above) is not None
    # what the format marks as a title, nothing below goes on with
    ended = ended or bool(index and lines[index - 1].heading and not lines[index].heading)
    titled = index > 1 and not lines[index - 2].text.strip() and looks_like_title(above)
    ended = ended or (titled and len(above) < _SHORT_TITLE and not names_columns(above))
    return ended or not re.search(r"[a-zåäö,]$", above)


def _marked(lines: Sequence[Line], index: int) -> tuple[str, str, int]:
    """Return the heading that the format marks, with the lines that it goes on over."""
    used = 1
    while used < _MOST_TITLE_LINES and index + used < len(lines):
        before, line = lines[index + used - 1], lines[index + used]
        follows = line.heading == before.heading and line.number == before.number + 1
        own = line.box is not None and re.match(r"[a-zåäö]", line.text.strip())
        near = lines[max(0, index - _LINES_BESIDE) : index + _LINES_BESIDE]
        if not (follows and (own or _wraps(before, line, near))):
            break
        used += 1
    title = joined(lines[index : index + used])
    found = _NUMBERED.match(title)
    return (found["number"], found["title"].strip(), used) if found else ("", title, used)


def _wraps(before: Line, line: Line, lines: Sequence[Line]) -> bool:
    """Say whether a line stands right below another because there was no more room on that."""
    if before.box is None or line.box is None or before.page != line.page:
        return False
    height = before.box[3] - before.box[1]
    near = before.box[1] < line.box[1] <= before.box[3] + height * _NEAR
    if not near or not line.text.strip():
        return False
    width = (line.box[2] - line.box[0]) * len(line.text.split()[0]) / len(line.text)
    edge = max(one.box[2] for one in lines if one.box is not None and one.page == line.page)
    return before.box[2] + width > edge


_NEAR = 0.5
_LINES_BESIDE = 60
"""Lines before and after a title that say how wide the text is."""


def _is_lone_title(lines: Sequence[Line], index: int) -> bool:
    """Say whether a line between blank ones is a heading: a goal, or a title of nothing else."""
    text = lines[index].text.strip()
    if not _stands_alone(lines, index):
        return False
    if opens_goal(text):
        return True
    if _labels_one(lines, index):
        return False
    own = not looks_like_title(text) or is_said(text) or names_columns(text)
    own = own or WANTS_MORE.search(text) is not None or _LAST_YEAR.search(text) is not None
    below = _next_text(lines, index + 1)
    # no title ends over a word that goes on: `Belopp Helårsbud` over `get`
    own = own or (below is not None and _WORD_GOES_ON.fullmatch(below.text.strip()) is not None)
    columns = _before_values(lines, index) or _in_header(lines, index)
    return not (own or columns or _among_rows(lines, index))


_WORD_GOES_ON = re.compile(r"[a-zåäö]{1,12}")
_LAST_YEAR = re.compile(r"\d\s\(\d+\)$")
"""`Antal anställda 214 (209)` is a row with last year's value behind it."""
_VALUE = re.compile(r"(?<!\S)[+−–-]?\d[\d ]*(?:,\d+)? ?%|(?<!\S)[+−–-]?\d+,\d+(?!\S)")
"""A share, or a number with decimals: no heading has two."""


def _is_numbered_heading(found: re.Match[str], lines: Sequence[Line], index: int) -> bool:
    number, title = found["number"], found["title"].strip()
    if len(title) > LONGEST_HEADING or title.endswith((".", ",", ";")):
        return False
    if len(_VALUE.findall(title)) > 1:
        return False  # a row of a table whose goals or indicators are numbered
    told = lines[index + 1].text if index + 1 < len(lines) else ""
    if "." in number or judges(told):
        return True  # what is judged right below is no item of a list
    for beside, step in ((index + 1, 1), (index - 1, -1)):
        other = _NUMBERED.match(lines[beside].text) if 0 <= beside < len(lines) else None
        if other is not None and other["number"] == str(int(number) + step):
            return False
    # A lone number also starts list items: a chapter's title is short and ends without a stop,
    # and what follows is not the rest of its sentence.
    below = _next_text(lines, index + 1)
    return (
        len(title) < 60  # noqa: PLR2004 - a chapter title is short
        and int(number) < 20  # noqa: PLR2004 - and chapters are few
        and (below is None or not re.match(r"[a-zåäö]", below.text.strip()) or len(title) < 40)  # noqa: PLR2004
        and not re.search(r"\b(?:får i uppdrag|uppdraget|ska|att)\b", title.casefold())
        and (not re.search(r"\d\s*$", title) or title.endswith("Agenda 2030"))
    )


def _with_continuation(
    found: re.Match[str], lines: Sequence[Line], index: int
) -> tuple[str, str, int]:
    """Return the title with the lines that it goes on over, three at most."""
    title = [Line(found["title"].strip(), lines[index].number)]
    while len(title) < 3 and _goes_on(title, lines, index + len(title)):  # noqa: PLR2004
        title.append(lines[index + len(title)])
    return found["number"], joined(title), len(title)


def _goes_on(title: Sequence[Line], lines: Sequence[Line], index: int) -> bool:
    """Say whether a line is the rest of a title: in lower case, or after a word that wants more.

    What follows the rest of a title is a blank line or a new sentence, never more of the same.
    """
    if index >= len(lines) or not lines[index].text.strip():
        return False
    text, before = lines[index].text.strip(), title[-1].text.strip()
    if names_columns(text):
        # `mkr Not Utfall Budget` is the header of the table below
        return False
    after = lines[index + 1].text.strip() if index + 1 < len(lines) else ""
    wanted = WANTS_MORE.search(before) or re.match(r"[a-zåäö]", text)
    return bool(wanted) and len(text) < LONGEST_HEADING and not re.match(r"[a-zåäö]", after)


def _next_text(lines: Sequence[Line], start: int) -> Line | None:
    return next((line for line in lines[start:] if line.text.strip()), None)


def _block_above(lines: Sequence[Line], index: int) -> str:
    """Return the text of the lines without a blank one between them, over a blank one."""
    block = itertools.takewhile(
        lambda line: line.text.strip(),
        itertools.dropwhile(lambda line: not line.text.strip(), lines[:index][::-1]),
    )
    return "\n".join(line.text.strip() for line in [*block][:_MOST_TITLE_LINES][::-1])


_FIRST_ITEM = re.compile(r"\s*1[.)] [A-ZÅÄÖ].*[^\W\d]{3}")
_PROSE = re.compile(r"\s*[A-ZÅÄÖ](?=.{60})\D*(?:\d+\D+){0,2}$")
"""A list begins; it may stand right below its title."""


def _stands_alone(lines: Sequence[Line], index: int) -> bool:
    before = index == 0 or not lines[index - 1].text.strip()
    below = lines[index + 1].text if index + 1 < len(lines) else ""
    prose = _PROSE.match(below) and not is_said(below.strip())
    return before and bool(not below.strip() or _FIRST_ITEM.match(below) or prose)


def _is_matter_head(lines: Sequence[Line], index: int) -> bool:
    """Say whether a line is a known heading of memos or reports, whatever follows it.

    A blank line stands before it; only a memo's may follow right upon the end of a sentence.
    """
    before = index == 0 or not lines[index - 1].text.strip()
    known = plain(lines[index].text).strip(" :")
    if _labels_one(lines, index):
        return False
    if known in generic_vocabulary()["matter_heads"]:
        below = lines[index + 1].text if index + 1 < len(lines) else ""
        unspaced = lines[index].box is None and re.match(r"\s*(?:[A-ZÅÄÖ]|1[.)]\s)", below)
        return before or bool(unspaced and _ends_before(lines, index))
    chapter = known in generic_vocabulary()["chapter_heads"]["words"]
    chapter = chapter and re.match(r"\s*[A-ZÅÄÖ]", lines[index].text) is not None
    below = lines[index + 1].text if index + 1 < len(lines) else ""
    # a narrow cell may cut a label where a word of chapters ends: `Verksamhet` `ens intäkter`
    chapter = chapter and re.match(r"\s*[a-zåäö]", below) is None
    after = _next_text(lines, index + 1)
    if not below.strip() and after is not None and _YEARS.fullmatch(after.text.strip()):
        # the years of columns, on a line of their own above their words
        below = after.text
    if before and _heads_chapter(lines[index].text.strip(), below.strip()):
        dated = re.fullmatch(r"20\d\d", below.strip()) is not None
        return dated or not (_before_values(lines, index) or _among_rows(lines, index))
    return before and chapter and not _before_values(lines, index) and not _in_header(lines, index)


def _heads_chapter(text: str, below: str) -> bool:
    """Say whether a line names what a chapter is of, right above its text or its table's header."""
    if _UNIT_LAST.fullmatch(text) and _SENTENCE.fullmatch(below):
        return True
    columns = generic_vocabulary()["columns"]
    told = plain(text).split()
    named = bool(told) and told[-1] in columns and told[-2:-1] != ["och"]
    long = len(told) > _MOST_TITLE_WORDS or ":" in text or named
    if not looks_like_title(text) or names_columns(text) or long:
        return False
    stems = generic_vocabulary()["chapter_heads"]["stems"]
    if not any(stem in plain(text) for stem in stems):
        return False
    if re.fullmatch(rf"20\d\d(?:\s+20\d\d)*|(?:i )?\(?(?:{SHORT_MONEY})\b.*", below):
        return True
    if not re.match(r"[A-ZÅÄÖ]", below):
        return False
    named = names_columns(below) or plain(below).split()[-1] in columns
    return len(below) >= _LEAST_PROSE or below.endswith(".") or named


_YEARS = re.compile(r"20\d\d(?:\s+20\d\d)+")
_UNIT_LAST = re.compile(r"[A-ZÅÄÖ][^\d.:;,()]{3,40}(?:,| i| [–-])? \(?(?:tkr|mnkr|mkr|kr)\)?")
"""`Resultat (mnkr)` names columns too, but over a sentence it is a title."""
_SENTENCE = re.compile(r"[A-ZÅÄÖ][^\n]{30,}[a-zåäö]{2}(?:[.,:;][^\n]*| [^\n]{20,})")
_MOST_TITLE_WORDS = 6
_LEAST_PROSE = 60
"""A line as long is no label and no cell."""


def _before_values(lines: Sequence[Line], index: int) -> bool:
    """Say whether the next text is values alone: then the line is a row's label."""
    below = _next_text(lines, index + 1)
    return (
        below is not None
        and _YEARS.fullmatch(below.text.strip()) is None
        and re.fullmatch(r"[\s\d.,%()+−–-]*\d[\s\d.,%()+−–-]*", below.text) is not None
    )


def _among_rows(lines: Sequence[Line], index: int) -> bool:
    """Say whether a lone line is the name of a group of rows: a row follows, no header first."""
    below = _next_text(lines, index + 1)
    above = _next_text(lines[:index][::-1], 0)
    if below is None or above is None or not is_row(below.text):
        return False
    named = names_columns(above.text) or is_column(_block_above(lines, index))
    return is_row(above.text) or named


def _in_header(lines: Sequence[Line], index: int) -> bool:
    """Say whether a lone line is a cell of a header whose cells stand under one another.

    It names a column, and so does its neighbour; the head of the labels (`Verksamhet, tkr`) stands
    before them.
    """
    below = _next_text(lines, index + 1)
    above = _next_text(lines[:index][::-1], 0)
    beside = [line.text for line in (above, below) if line is not None]
    if is_column(lines[index].text) or plain(lines[index].text) == "period":
        # a narrow cell above broke its words over some lines
        beside.append(_block_above(lines, index))
        return any(is_column(text) for text in beside)
    after = below.text if below is not None else ""
    text = plain(lines[index].text)
    units = generic_vocabulary()["units"]
    labels = (
        text.rpartition(",")[2].strip() in units
        or text in generic_vocabulary()["label_heads"]["words"]
    )
    return labels and is_column(after)
