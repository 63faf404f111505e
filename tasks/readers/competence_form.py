"""The yearly competence form: positions hard to fill now and in the long run, and retraining.

A row is a group, a position, its counts (a number or an interval as `0-4`), for the present also
a word for how it has changed, and a comment. Rows whose counts are gone are left unread. A need
of kompetensväxling is the text under its question; its number is one only where it is a number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from expectations.contract import CompetencePosition, CompetenceShift, Figure, Text
from tasks.readers.numbers import figure
from tasks.readers.outline import Outline, Section, joined
from tasks.readers.pages import Line
from tasks.readers.parts import Parts
from tasks.readers.passage import passage
from tasks.readers.wording import Wording

_COUNT = r"\d+(?:\s?[-–]\s?\d+)?"
_LONG = re.compile(
    r"^\s?(?P<group>[A-ZÅÄÖ]\w+)\s+(?P<position>[A-ZÅÄÖ][\w/ -]*?)\s+"
    rf"(?P<missing>{_COUNT})\s+(?P<rest>\D.*)$"
)


def positions(outline: Outline, words: Wording, taken: frozenset[int]) -> Parts:
    """Return the positions of a competence form."""
    del taken  # a form's rows are like no other table's
    found: list[CompetencePosition] = []
    claimed: set[int] = set()
    horizon: str | None = None
    for section in outline.sections:
        horizon = _horizon(section, horizon)
        if horizon is None:
            continue
        for run in _runs(section.lines, horizon, words):
            row = _position(run, horizon, words)
            if row is not None:
                found.append(row)
                claimed |= {line.number for line in run}
    return Parts({"competence_positions": tuple(found)}, claimed=frozenset(claimed))


def _horizon(section: Section, before: str | None) -> str | None:
    title = section.title.casefold()
    if "kompetensförsörj" in title and section.number:
        if re.search(r"\bnuläge|\bidag\b", title):
            return "now"
        if re.search(r"lång sikt|längre sikt", title):
            return "long"
    return before if not section.number or section.level > 1 else None


def _now(words: Wording) -> re.Pattern[str]:
    changes = "|".join(re.escape(word) for word in words.scale_words("competence_change"))
    changes = changes or "oförändrat|förbättrat|försämrat"
    return re.compile(
        r"^\s?(?P<group>[A-ZÅÄÖ]\w+)\s+(?P<position>[A-ZÅÄÖ][\w/ -]*?)\s+"
        rf"(?P<missing>{_COUNT})\s+(?P<vacant>{_COUNT})\s+(?P<other>{_COUNT})\s+"
        rf"(?P<change>{changes})\b\s*(?P<rest>.*)$",
        re.IGNORECASE,
    )


def _runs(lines: Sequence[Line], horizon: str, words: Wording) -> list[list[Line]]:
    pattern = _now(words) if horizon == "now" else _LONG
    runs: list[list[Line]] = []
    for line in lines:
        if pattern.match(line.text):
            runs.append([line])
        elif not line.text.strip():
            runs.append([])
        elif runs and runs[-1]:
            runs[-1].append(line)
    return [run for run in runs if run]


def _position(run: Sequence[Line], horizon: str, words: Wording) -> CompetencePosition | None:
    line = run[0]
    found = (_now(words) if horizon == "now" else _LONG).match(line.text)
    if found is None:
        return None

    def count(name: str) -> Figure:
        return figure(found[name], unit="headcount", place=line.place(*found.span(name)))

    comment = joined((Line(found["rest"], line.number, line.page), *run[1:]))
    present = horizon == "now"
    return CompetencePosition(
        position=found["position"].strip(),
        horizon=horizon,
        place=line.place(),
        group=found["group"],
        missing=count("missing"),
        vacant_or_hired=count("vacant") if present else None,
        other_competence=count("other") if present else None,
        change=words.word("competence_change", found["change"], line.place(*found.span("change")))
        if present
        else None,
        comment=Text(comment, line.place(found.start("rest"))) if comment else None,
    )


# --- retraining ----------------------------------------------------------------------------------

_UNSURE = re.compile(r"\bantalet är svårbedömt\b", re.IGNORECASE)


def shifts(outline: Outline, words: Wording, taken: frozenset[int]) -> Parts:
    """Return the needs of retraining that the form states, one per question that is answered."""
    del words, taken
    found: list[CompetenceShift] = []
    claimed: set[int] = set()
    horizon: str | None = None
    for section in outline.sections:
        horizon = _horizon(section, horizon)
        asked = re.search(r"kompetensväxling", section.title, re.IGNORECASE) and section.number
        text = passage(section.lines)
        stated = text.part(*next(text.sentences())) if asked and text.text else None
        if horizon is None or stated is None:
            continue
        unsure = _UNSURE.search(text.text)
        count = None
        if unsure is not None:
            place = text.place(*unsure.span())
            count = figure(unsure.group(), unit="headcount", place=place)
        found.append(CompetenceShift(stated.text, horizon, stated.place, count=count))
        claimed |= {line.number for line in text.lines}
    return Parts({"competence_shift": tuple(found)}, claimed=frozenset(claimed))
