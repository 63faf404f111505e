"""The shape of a running document: furniture taken out, headings found, text under each.

Furniture is what a page carries round its text: running headers with page numbers, lone page
numbers and contents lists. Headings are numbered (`3.2.1 Resultat`), marked by the format, or
short lines between blank ones. Nothing is thrown away: furniture is kept apart, so that coverage
counts the rest.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from expectations.contract import Place, Text
from expectations.register_files import generic_vocabulary
from expectations.registers import plain
from tasks.readers.header_words import heads
from tasks.readers.pages import Line, Pages, Table
from tasks.readers.wording import scan_phrases, wording

_PAGE_MARK = re.compile(
    r"(?:sida\s*)?(?<!\d)\d{1,3}\s*(?:\(\s*\d{1,3}\s*\)|av\s+\d{1,3}|/\s*\d{1,3})(?!\d)",
    re.IGNORECASE,
)
_FILE_NAME = re.compile(
    r"(?:\S.{0,80}[\\/])?[^\s\\/][^\\/.]{0,80}\.(?:docx?|pdf|xlsx?|odt|pptx?)"
    r"(?:\s+(?:20\d\d-\d\d-\d\d|\d{1,2}:\d\d|\d{1,3}(?:\s?\(\d{1,3}\))?))*",
    re.IGNORECASE,
)
"""A line that is a file's name, with its path, day and page or without."""
_LEADERS = re.compile(r"\.{5,}\s*\d*\s*$")
_NUMBERED = re.compile(r"^\s?(?P<number>\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+(?P<title>[A-ZÅÄÖ].*)$")
_CONTENTS = ("innehåll", "innehållsförteckning")
_LISTED = re.compile(r"(?:\d{1,2}(?:\.\d{1,2})*\.?\s+)?[A-ZÅÄÖ].*?[^\d\s]\s+(?P<page>\d{1,3})")
_EDGE_LINES = 2
_FEWEST_PAGES = 3
_LONGEST_HEADING = 110
_LONGEST_COLUMN = 40
_HEADERS = ("goal_columns", "assignment_columns", "deviation_columns", "agenda_columns")


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
    furniture = _furniture(pages.lines)
    clean = tuple(line for line in pages.lines if line.number not in furniture)
    carried = tuple(
        line
        for line in pages.lines
        if line.number in furniture and not _LEADERS.search(line.text.strip())
    )
    return Outline(clean, tuple(_sections(clean)), pages.tables, frozenset(furniture), carried)


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


def _furniture(lines: Sequence[Line]) -> set[int]:
    shapes = Counter(_shape(line.text) for line in lines if _PAGE_MARK.search(line.text))
    found = set()
    for line in lines:
        text = line.text.strip()
        marked = _PAGE_MARK.search(text)
        alone = bool(marked and marked.group().strip() == text)
        repeated = bool(marked) and shapes[_shape(text)] > 1 and len(text) < _LONGEST_HEADING
        named = _FILE_NAME.fullmatch(text) is not None
        if alone or repeated or named or _LEADERS.search(text):
            found.add(line.number)
    return found | _runner(lines) | _at_edges(lines) | _contents(lines)


def _at_edges(lines: Sequence[Line]) -> set[int]:
    """Return the lines that stand first or last on most pages, and the pages' own numbers there."""
    pages: dict[int, list[Line]] = {}
    for line in lines:
        if line.page is not None and line.text.strip():
            pages.setdefault(line.page, []).append(line)
    if len(pages) < _FEWEST_PAGES:
        return set()
    edges = [
        (page, line)
        for page, own in pages.items()
        for line in {*own[:_EDGE_LINES], *own[-_EDGE_LINES:]}
    ]
    shown = Counter(re.sub(r"\s+", " ", line.text.strip()) for _, line in edges)
    often = {
        text
        for text, times in shown.items()
        # a sentence is none, nor the header of a table that goes on over the pages
        if times * 2 > len(pages) and not re.search(r"\.$|^\d*$", text) and not _names_columns(text)
    }
    return {
        line.number
        for page, line in edges
        if re.sub(r"\s+", " ", line.text.strip()) in often or line.text.strip() == str(page)
    }


def _contents(lines: Sequence[Line]) -> set[int]:
    """Return the lines of a contents list without leaders: titles with pages that ascend."""
    start = next((i for i, x in enumerate(lines) if plain(x.text) in _CONTENTS), None)
    if start is None:
        return set()
    found: list[int] = []
    last = 0
    for line in lines[start + 1 :]:
        listed = _LISTED.fullmatch(line.text.strip())
        if line.text.strip() and not (listed and last <= int(listed["page"])):
            break
        if listed:
            found.append(line.number)
            last = int(listed["page"])
    return set(found) if len(found) >= _FEWEST_PAGES else set()


def _runner(lines: Sequence[Line]) -> set[int]:
    """Return lines with a page mark at their end: `Delårsrapport 2024 6 (31)`."""
    return {
        line.number
        for line in lines
        if re.search(rf"\S\s+{_PAGE_MARK.pattern}\s*$", line.text, re.IGNORECASE)
        and re.search(r"\(\s*\d{1,3}\s*\)\s*$|\bav\s+\d{1,3}\s*$", line.text)
        and len(line.text) < _LONGEST_HEADING
    }


def _shape(text: str) -> str:
    return re.sub(r"\d+", "0", text.strip())


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
    opens = _opens_goal(text)
    if not text or not (opens or _looks_like_title(text)) or is_said(text):
        return 0
    if not opens and (_names_columns(text) or not _ends_before(lines, index)):
        return 0
    for used in range(1, (_MOST_TITLE_LINES if opens else 1) + 1):
        below = lines[index + used].text if index + used < len(lines) else ""
        if _is_verdict(below) or (opens and is_said(below.strip())):
            return used
        goes_on = _goes_on(lines[index : index + used], lines, index + used)
        if opens and not goes_on and (not below.strip() or _heads_text(lines, index, below)):
            return used
        if not (goes_on and below.strip()):
            return 0
    return 0


def _heads_text(lines: Sequence[Line], index: int, below: str) -> bool:
    """Say whether a line under a blank one heads a sentence that begins right below it."""
    parted = index == 0 or not lines[index - 1].text.strip()
    return parted and re.match(r"\s*[A-ZÅÄÖ][^:]*$", below) is not None


_MOST_TITLE_LINES = 3
_VERDICT_LABEL = re.compile(
    r"(?:\w+ )?(?:bedömning|måluppfyllelse|målbedömning|målprognos|prognos för måluppfyllelse)"
    r"\s*:\s*(?P<said>\S.*)"
)
_REACHED = re.compile(r"\b(?:mål|direktiv)\w* .{0,40}\b(?:uppfyll|uppnå|nå)\w+$")


def _ends_before(lines: Sequence[Line], index: int) -> bool:
    """Say whether what stands above a line has come to an end: no sentence goes on in it."""
    above = lines[index - 1].text.strip() if index else ""
    return not above or above.endswith((".", "!", "?", ":")) or not re.search(r"[a-zåäö,]$", above)


def _is_verdict(text: str) -> bool:
    """Say whether a line is a verdict on a goal: behind a label, or all of the line."""
    bare = plain(text).strip(" .")
    found = _VERDICT_LABEL.fullmatch(bare)
    said = found["said"] if found else bare
    known = (generic_vocabulary()[table] for table in ("verdicts", "verdict_labels"))
    short = found is not None or " " in said
    return (any(said in table for table in known) and short) or bool(
        found and _REACHED.search(said)
    )


def _marked(lines: Sequence[Line], index: int) -> tuple[str, str, int]:
    """Return the heading that the format marks, with the lines that it goes on over."""
    used = 1
    while used < _MOST_TITLE_LINES and index + used < len(lines):
        before, line = lines[index + used - 1], lines[index + used]
        follows = line.heading == before.heading and line.number == before.number + 1
        own = line.box is not None and re.match(r"[a-zåäö]", line.text.strip())
        if not (follows and own):
            break
        used += 1
    title = joined(lines[index : index + used])
    found = _NUMBERED.match(title)
    return (found["number"], found["title"].strip(), used) if found else ("", title, used)


def _is_lone_title(lines: Sequence[Line], index: int) -> bool:
    """Say whether a line between blank ones is a heading: a goal, or a title of nothing else."""
    text = lines[index].text.strip()
    if not _stands_alone(lines, index):
        return False
    if _opens_goal(text):
        return True
    own = not _looks_like_title(text) or is_said(text) or _names_columns(text)
    return not (own or _before_values(lines, index) or _in_header(lines, index))


def _is_numbered_heading(found: re.Match[str], lines: Sequence[Line], index: int) -> bool:
    number, title = found["number"], found["title"].strip()
    if len(title) > _LONGEST_HEADING or title.endswith((".", ",", ";")):
        return False
    if "." in number:
        return True
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
    after = lines[index + 1].text.strip() if index + 1 < len(lines) else ""
    wanted = re.search(r"(?:\b(?:av|för|till|och|i|på|inom|med|som|att|enligt)|[-–])$", before)
    wanted = wanted or re.match(r"[a-zåäö]", text)
    return bool(wanted) and len(text) < _LONGEST_HEADING and not re.match(r"[a-zåäö]", after)


def _next_text(lines: Sequence[Line], start: int) -> Line | None:
    return next((line for line in lines[start:] if line.text.strip()), None)


def _stands_alone(lines: Sequence[Line], index: int) -> bool:
    before = index == 0 or not lines[index - 1].text.strip()
    after = index + 1 >= len(lines) or not lines[index + 1].text.strip()
    return before and after


def _opens_goal(text: str) -> bool:
    """Say whether a line names a goal by its level: `Nämndmål 2: …`, `KF:s mål 1.1 …`."""
    marks = generic_vocabulary()["plan_marks"]
    names = (name for name, kind in marks.items() if kind in ("goal", "board_goal"))
    number = r"\d+(?:\.\d+)*\.?"
    form = rf"\s*(?:{number}\s*[:–-]?|[:–-](?:\s*{number}\s)?)\s*[A-ZÅÄÖ].*(?<![.,;])"
    known = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return len(text) < _LONGEST_HEADING and bool(re.fullmatch(rf"(?i:{known}){form}", text))


@cache
def _labels() -> re.Pattern[str]:
    words = sorted(generic_vocabulary()["labels"]["words"], key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(map(re.escape, words))})\s*:(?:\s|$)")


def is_said(text: str) -> bool:
    """Say whether a line tells something of the heading above it and heads nothing itself.

    `Status: Pågår`, `Bedömning:`, or a verdict that is all of the line: `Uppfylls delvis`.
    """
    bare = plain(text).strip(" .")
    if _labels().match(bare):
        return True
    known = ("verdicts", "verdict_labels", "status_words")
    return any(bare in generic_vocabulary()[table] for table in known)


def _is_matter_head(lines: Sequence[Line], index: int) -> bool:
    """Say whether a line is a known heading of memos or reports, whatever follows it.

    A blank line stands before it; only a memo's may follow right upon the end of a sentence.
    """
    before = index == 0 or not lines[index - 1].text.strip()
    known = plain(lines[index].text).strip(" :")
    if known in generic_vocabulary()["matter_heads"]:
        below = lines[index + 1].text if index + 1 < len(lines) else ""
        unspaced = lines[index].box is None and re.match(r"\s*(?:[A-ZÅÄÖ]|1[.)]\s)", below)
        return before or bool(unspaced and _ends_before(lines, index))
    chapter = known in generic_vocabulary()["chapter_heads"]["words"]
    chapter = chapter and re.match(r"\s*[A-ZÅÄÖ]", lines[index].text) is not None
    return before and chapter and not _before_values(lines, index) and not _in_header(lines, index)


def _before_values(lines: Sequence[Line], index: int) -> bool:
    """Say whether the next text is values alone: then the line is a row's label."""
    below = _next_text(lines, index + 1)
    return (
        below is not None
        and re.fullmatch(r"[\s\d.,%()+−–-]*\d[\s\d.,%()+−–-]*", below.text) is not None
    )


def _in_header(lines: Sequence[Line], index: int) -> bool:
    """Say whether a lone line is a cell of a header whose cells stand under one another.

    It names a column, and so does its neighbour; the head of the labels (`Verksamhet, tkr`) stands
    before them.
    """
    below = _next_text(lines, index + 1)
    above = _next_text(lines[:index][::-1], 0)
    beside = [line.text for line in (above, below) if line is not None]
    if _is_column(lines[index].text):
        return any(_is_column(text) for text in beside)
    after = below.text if below is not None else ""
    text = plain(lines[index].text)
    units = generic_vocabulary()["units"]
    labels = (
        text.rpartition(",")[2].strip() in units
        or text in generic_vocabulary()["label_heads"]["words"]
    )
    return labels and _is_column(after)


def _is_column(text: str) -> bool:
    words = wording(None, date.min)
    if len(text) > _LONGEST_COLUMN or not text.strip():
        return False
    named = heads(text, words, more=True, whole=True)
    return bool(named) or plain(text) in generic_vocabulary()["line_columns"]


def _names_columns(text: str) -> bool:
    """Say whether a line is a table's header: two words of columns, or nothing but one."""
    columns = generic_vocabulary()["columns"]
    more = generic_vocabulary()["more_columns"]
    words = [word.strip("().,:") for word in plain(text).split()]
    named = sum(word in columns for word in words)
    years = len(re.findall(r"(?<![\d–-])20\d\d(?!\s?[-–]\s?20)", text))
    if years > 1 or years + sum(word in columns or word in more for word in words) > 2:  # noqa: PLR2004
        return True
    if named > 1 or plain(text) in columns or plain(text).startswith(("belopp i ", "belopp, ")):
        return True
    lines = generic_vocabulary()["line_columns"]
    if sum(word.strip("().,:") in lines for word in plain(text).split()) > 1:
        return True
    groups = generic_vocabulary()["column_groups"]
    apart = plain(re.sub(r"(?<=[a-zåäö])(?=[A-ZÅÄÖ])", " ", text))
    if plain(text) in generic_vocabulary()["units"] or apart.split()[-1] in groups:
        return True
    return any(
        len(scan_phrases(text, generic_vocabulary()[table], ()) or ()) > 1 for table in _HEADERS
    )


def _looks_like_title(text: str) -> bool:
    return bool(
        re.match(r"[A-ZÅÄÖ]", text)
        and 3 < len(text) < 80  # noqa: PLR2004 - shorter and longer lines are no titles
        and (text.endswith("Agenda 2030") or not re.search(r"[.,;:!?%]$|\d$|\d+,\d", text))
        and len(text.split()) <= 10  # noqa: PLR2004
    )
