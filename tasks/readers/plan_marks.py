"""What a line of a board's plan opens: an area, a goal, planning and its horizon, follow-up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from expectations.registers import plain
from tasks.readers.pages import Line
from tasks.readers.paragraphs import joined
from tasks.readers.wording import Wording


@dataclass(frozen=True, slots=True)
class Mark:
    """What a line opens: kind, title (may be empty), and how many lines it takes."""

    kind: str
    title: str
    used: int


def mark_at(lines: Sequence[Line], index: int, words: Wording) -> Mark | None:
    """Return what a line opens; goals and areas need a title, the others stand alone."""
    text = re.sub(r"^\d{1,2}(?:\.\d{1,2})+\.?\s+", "", lines[index].text.strip())
    for phrase in sorted(words.table("plan_marks"), key=len, reverse=True):
        kind = words.table("plan_marks")[phrase]
        if kind in ("area", "goal", "board_goal"):
            found = re.match(
                rf"{re.escape(phrase)}(?:\s+[A-ZÅÄÖ]?\d+(?:\.\d+)*)?\s*[-–—:]\s*(?P<title>\S.*)$",
                text,
                re.IGNORECASE,
            )
            if found:
                rest = list(_continued(lines, index))
                title = joined([Line(found["title"], 0), *rest])
                return Mark(kind, title, 1 + len(rest))
        elif kind == "follow_up" and plain(text) == phrase:
            return Mark(kind, "", 1)
        elif kind == "planning" and plain(text).startswith(phrase) and phrase != "planering":
            horizon = _horizon_words(plain(text)[len(phrase) :], words)
            return Mark(kind, horizon, 1) if horizon is not None else None
    return None


def _continued(lines: Sequence[Line], index: int) -> Iterator[Line]:
    """Yield the lines that go on with a title: no blank line between, lower case first."""
    for line in lines[index + 1 :]:
        if not re.match(r"\s?[a-zåäö]", line.text):
            return
        yield line


def horizon_of(text: str, words: Wording) -> str | None:
    """Return the horizon of a line such as `Planering för mandatperioden och 2024`."""
    lowered = plain(text)
    return _horizon_words(lowered[9:], words) or None if lowered.startswith("planering ") else None


def _horizon_words(rest: str, words: Wording) -> str | None:
    """Return term, year or both; empty for no words, None where there are other words too."""
    known = words.words["plan_words"]
    found = set()
    for word in rest.split():
        if word in known["term"]:
            found.add("term")
        elif word in known["year"] or re.fullmatch(r"20\d\d", word):
            found.add("year")
        elif word not in known["filling"]:
            return None
    return "both" if len(found) > 1 else next(iter(found), "")
