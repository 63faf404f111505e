"""What pages carry round their text: running headers, page numbers, file names, contents lists.

Known by a page mark (`7 (26)`), by standing first or last on most pages, by being a file's name, or
by leaders and ascending page numbers under `Innehåll`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from expectations.registers import plain
from tasks.readers.line_kinds import LONGEST_HEADING, names_columns
from tasks.readers.pages import Line

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
LEADERS = re.compile(r"\.{5,}\s*\d*\s*$")
_CONTENTS = ("innehåll", "innehållsförteckning")
_LISTED = re.compile(r"(?:\d{1,2}(?:\.\d{1,2})*\.?\s+)?[A-ZÅÄÖ].*?[^\d\s]\s+(?P<page>\d{1,3})")
_EDGE_LINES = 2
_PAGE_GAP = 3
"""So many blank lines are left of the end of a page in text pressed from a PDF."""
_FEWEST_PAGES = 3
_MOST_TITLE_LINES = 3


def furniture_in(lines: Sequence[Line]) -> set[int]:
    """Return the numbers of the lines that are furniture."""
    shapes = Counter(_shape(line.text) for line in lines if _page_mark(line.text))
    found = set()
    for line in lines:
        text = line.text.strip()
        marked = _page_mark(text)
        alone = bool(marked and marked.group().strip() == text)
        repeated = bool(marked) and shapes[_shape(text)] > 1 and len(text) < LONGEST_HEADING
        named = _FILE_NAME.fullmatch(text) is not None
        if alone or repeated or named or LEADERS.search(text):
            found.add(line.number)
    found |= _torn_leaders(lines)
    return found | _runner(lines) | _at_edges(lines) | _after_gaps(lines) | _contents(lines)


def _page_mark(text: str) -> re.Match[str] | None:
    """Return a page's mark; values of a row are none: `Gata 12 340 11 900 (440)`."""
    found = _PAGE_MARK.search(text)
    row = _IN_ROW.search(text)
    if row is None:
        return found
    page, pages = row["page"], row["pages"]
    is_number = len(page) == _GROUP and re.search(r"(?<!\d)\d{1,3}\s$", text[: row.start()])
    return None if is_number or page[0] == "0" or int(page) > int(pages) else found


_IN_ROW = re.compile(r"(?<!\d)(?P<page>\d{1,3})\s\((?P<pages>\d{1,3})\)\s*$")
_GROUP = 3
"""Digits of a group of thousands."""


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
    shown = Counter(_carried(line, page) for page, line in edges)
    often = {
        text
        for text, times in shown.items()
        # a sentence is none, nor the header of a table that goes on over the pages
        if times * 2 > len(pages) and not re.search(r"\.$|^\d*$", text) and not names_columns(text)
    }
    return {
        line.number
        for page, line in edges
        if _carried(line, page) in often or line.text.strip() == str(page)
    }


def _after_gaps(lines: Sequence[Line]) -> set[int]:
    """Return what pages carry round the text where only wide gaps are left of their ends.

    The same line stands last before most gaps, or first behind them; so does the number of a page.
    """
    if any(line.page is not None for line in lines):
        return set()
    pages: list[list[Line]] = [[]]
    blank = 0
    for line in lines:
        if line.text.strip():
            if blank >= _PAGE_GAP and pages[-1]:
                pages.append([])
            pages[-1].append(line)
        blank = 0 if line.text.strip() else blank + 1
    edges = [
        (at, line)
        for at, own in enumerate(pages, 1)
        for line in {*own[:_EDGE_LINES], *own[-_EDGE_LINES:]}
    ]
    shown = Counter(_carried(line, at) for at, line in edges)
    often = {
        text
        for text, times in shown.items()
        if len(pages) >= _FEWEST_PAGES
        and times * 2 > len(pages)
        and not re.search(r"\.$|^\d*$", text)
        and not names_columns(text)
    }
    numbered = [line for at, line in edges if line.text.strip() == str(at)]
    if len(pages) < _FEWEST_PAGES or len(numbered) * 2 < len(pages):
        numbered = []
    return {line.number for at, line in edges if _carried(line, at) in often} | {
        line.number for line in numbered
    }


def _carried(line: Line, page: int) -> str:
    """Return the text of a line at a page's edge, its page's number told by how far off it is."""
    text = " ".join(line.text.split())
    # what a page carries is short; the pattern would be tried from all over a line without end
    numbered = _NUMBERED.fullmatch(text) if len(text) < LONGEST_HEADING else None
    if numbered is None:
        return text
    return f"{numbered['text']} #{int(numbered['page']) - page}"


_NUMBERED = re.compile(r"(?P<text>\S.*[^\d\s].*?) (?P<page>\d{1,3})")


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


def _torn_leaders(lines: Sequence[Line]) -> set[int]:
    """Return the lines of titles in a contents list that go on over a line before their leaders.

    The page may stand on a line of its own behind them.
    """
    texts = [line.text.strip() for line in lines]
    led = [LEADERS.search(text) is not None for text in texts]
    if sum(led) < _FEWEST_PAGES:
        return set()
    found: set[int] = set()
    for at in (at for at, one in enumerate(led) if one):
        if (
            texts[at].endswith(".")
            and at + 1 < len(texts)
            and re.fullmatch(r"\d{1,3}", texts[at + 1])
        ):
            found.add(lines[at + 1].number)
        start = at
        while start and at - start < _MOST_TITLE_LINES and texts[start - 1] and not led[start - 1]:
            start -= 1
        is_whole = start == 0 or not texts[start - 1] or led[start - 1]
        if is_whole and not any(plain(text) in _CONTENTS for text in texts[start:at]):
            found |= {line.number for line in lines[start:at]}
    return found


def _runner(lines: Sequence[Line]) -> set[int]:
    """Return lines with a page mark at their end: `Delårsrapport 2024 6 (31)`."""
    return {
        line.number
        for line in lines
        if re.search(rf"\S\s+{_PAGE_MARK.pattern}\s*$", line.text, re.IGNORECASE)
        # `Infört på 22 av 22` is said of homes; a page says so on every page, or says `Sida`
        and _page_mark(line.text)
        and re.search(r"\(\s*\d{1,3}\s*\)\s*$|\b[Ss]ida\s.*\bav\s+\d{1,3}\s*$", line.text)
        and len(line.text) < LONGEST_HEADING
    }


def _shape(text: str) -> str:
    return re.sub(r"\d+", "0", text.strip())
