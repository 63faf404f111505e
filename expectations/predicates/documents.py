"""Rules on a document as a whole: file, sender, round, and what no text may hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from expectations.catalogue import Rule
from expectations.contract import GROUPS, PERIODIC_KINDS, Figure, Place, Text
from expectations.form_layout import load_layouts, newest
from expectations.personal import (
    MASK,
    has_number,
    has_private_address,
    is_name_masked,
    numbers_in,
)
from expectations.predicates.breaches import Breach, tests
from expectations.registers import LOCAL_TIME
from expectations.staging import GROUP_OF, Case, Judged, World, cell_of
from expectations.swedish import days_in_words, swedish_day


def _faults(case: Case, _: World, rule: Rule) -> list[Breach] | None:
    return [
        Breach(
            place=fault.place,
            written=fault.written,
            section=fault.section,
            values={"cell": fault.place.in_words() if fault.place else ""} | fault.values,
        )
        for fault in case.judged.reading.faults
        if fault.rule == rule.id
    ]


for _id in ("A-FILE", "A-SCHEMA", "A-TPL", "B-FORMULA", "B-TWICE"):
    tests(_id)(_faults)


@tests("A-BODY")
def _sender_is_known(case: Case, world: World, _: Rule) -> list[Breach] | None:
    document = case.judged.reading.document
    if case.judged.board is None:
        if document.sender is not None:
            fault = f"Mappen {document.sender} i inkorgen hör inte till någon nämnd i registret."
            advice = "Flytta filen till rätt mapp, eller lägg in nämnden i registret."
        else:
            fault = "Det framgår inte vilken nämnd handlingen kommer från."
            advice = "Lägg filen i nämndens mapp i inkorgen."
        return [Breach(written=document.sender, values={"fault": fault, "advice": advice})]
    issued_to = document.board
    if case.judged.is_form and issued_to not in (None, case.judged.board.board_id):
        other = world.city.board(issued_to)
        name = other.name if other else str(issued_to)
        fault = f"Formuläret är utfärdat för {name} men kom från {case.judged.board.name}."
        advice = "Använd ert eget formulär, eller be stadskontoret om ett nytt."
        return [
            Breach(
                written=issued_to,
                expected=case.judged.board.board_id,
                at="board",
                values={"fault": fault, "advice": advice},
            )
        ]
    return []


@tests("A-WHOSE")
def _document_is_the_senders(case: Case, world: World, _: Rule) -> list[Breach] | None:
    document, board = case.judged.reading.document, case.judged.board
    other = world.city.board(document.board)
    if document.sender is None or board is None or other is None:
        return None
    if other.board_id == board.board_id:
        return []
    values = {"found": other.name, "expected": board.name}
    return [Breach(written=other.board_id, expected=board.board_id, values=values)]


_PARTS = {
    "figures": ("Word-filen med texten", "Lämna Word-filen som hör till arbetsboken."),
    "prose": (
        "Arbetsboken med siffror, bedömningar och lägen",
        "Lämna arbetsboken. Texten om mål och uppdrag väntar tills den har kommit.",
    ),
}


@tests("A-PART")
def _both_parts_are_there(case: Case, world: World, _: Rule) -> list[Breach] | None:
    ours = case.judged
    part = ours.reading.document.form_part
    if part is None:
        return None
    others = {
        judged.reading.document.form_part
        for judged in world.documents
        if judged is not ours
        and judged.is_form
        and (judged.board, judged.period) == (ours.board, ours.period)
    }
    # A form of one piece holds both.
    if others:
        return []
    what, advice = _PARTS[part]
    return [Breach(written=part, values={"part": what, "advice": advice})]


@tests("A-CITY")
def _city_is_ours(case: Case, world: World, _: Rule) -> list[Breach] | None:
    said = case.judged.reading.document.city
    if said is None:
        return None
    if said == world.city.city_id:
        return []
    values = {"found": said.capitalize(), "expected": world.city.name}
    return [Breach(written=said, at="city", values=values)]


@tests("A-PER")
def _round_is_open(case: Case, world: World, _: Rule) -> list[Breach] | None:
    document = case.judged.reading.document
    periodic = document.kind in PERIODIC_KINDS or case.judged.is_form
    if world.round is None or document.round is None or not periodic:
        return None
    if document.round == world.round.round_id:
        return []
    known = next((r.name for r in world.city.rounds if r.round_id == document.round), None)
    values = {"found": known or f"omgången {document.round}", "expected": world.round.name}
    expected = world.round.round_id
    return [Breach(written=document.round, expected=expected, at="round", values=values)]


@tests("A-PERIOD")
def _period_is_said(case: Case, _: World, __: Rule) -> list[Breach] | None:
    if case.judged.reading.faults or not case.judged.reading.groups():
        return None
    return [] if case.judged.period is not None else [Breach()]


@tests("A-SAME")
def _file_is_new(case: Case, world: World, _: Rule) -> list[Breach] | None:
    return [Breach()] if case.judged.reading.document.sha256 in world.identical else []


@tests("A-LATE")
def _in_time(case: Case, world: World, _: Rule) -> list[Breach] | None:
    document = case.judged.reading.document
    ours = world.round is not None and case.judged.period == world.round.round_id
    if world.round is None or not ours or document.received_at is None:
        return None
    labels = newest(load_layouts()).group_labels
    late: dict[date, list[str]] = {}
    board = case.judged.board.board_id if case.judged.board else None
    moved = world.spoken.get(document.sha256, ())
    for group in dict.fromkeys((*case.judged.reading.groups(), *moved)):
        days = world.round.days_late(group, document.received_at, board)
        if days and group != "other":
            late.setdefault(world.round.due_for(group, board), []).append(group)
    return [
        Breach(
            group=groups[0] if len(groups) == 1 else None,
            at=f"group.{groups[0]}",
            values={
                "groups": _sections([labels.get(g, g).lower() for g in groups]),
                "days": days_in_words(
                    world.round.days_late(groups[0], document.received_at, board) or 0
                ),
                "due": swedish_day(due),
            },
        )
        for due, groups in late.items()
    ]


def _sections(names: list[str]) -> str:
    """Return `Avsnittet personal`, or several; a name may hold an `och` of its own."""
    many = [", ".join(names[:-1]), names[-1]] if len(names) > 1 else names
    return f"{'Avsnitten' if len(names) > 1 else 'Avsnittet'} {' samt '.join(many)}"


@tests("G-ORG")
def _board_existed(case: Case, world: World, _: Rule) -> list[Breach] | None:
    board = case.judged.board
    if board is None or world.round is None or case.judged.period != world.round.round_id:
        return None
    if board.valid_on(world.round.period_to):
        return []
    period = f"{world.round.period_from} till {world.round.period_to}"
    values = {"board": board.name, "period": period}
    return [Breach(written=board.board_id, at="board", values=values)]


def texts_of(value: Any, place: Place | None = None) -> Iterator[tuple[str, Place | None]]:
    """Yield every text of a row with the nearest place."""
    if isinstance(value, str):
        yield value, place
    elif isinstance(value, Text):
        yield value.text, value.place or place
    elif isinstance(value, Figure):
        yield value.written, value.place or place
    elif isinstance(value, dict | list | tuple):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts_of(inner, place)
    elif hasattr(value, "__dataclass_fields__") and not isinstance(value, Place):
        own = getattr(value, "place", None) or place
        for name in value.__dataclass_fields__:
            if name not in ("place", "repaired"):
                yield from texts_of(getattr(value, name), own)


def _all_texts(judged: Judged) -> Iterator[tuple[str, str, Place | None]]:
    for section in GROUP_OF:
        for row in judged.reading.rows(section):
            for text, place in texts_of(row):
                yield section, text, place
    for unread in judged.reading.unread:
        yield "narratives", unread.text, unread.place


@tests("B-PNR")
def _no_personal_number(case: Case, _: World, __: Rule) -> list[Breach] | None:
    found = [
        Breach(place=place, written=MASK, section=section, values=_masked("Texten"))
        for section, text, place in _all_texts(case.judged)
        for _ in range(numbers_in(text))
    ]
    document = case.judged.reading.document
    for at in ("submitted_by", "approved_by", "case_number", "administration"):
        if has_number(getattr(document, at) or ""):
            values = _masked("Uppgiften om handlingen")
            found.append(Breach(at=at, written=MASK, section="narratives", values=values))
    if is_name_masked(document.name):
        values = _masked("Filens namn")
        found.append(Breach(at="", written=MASK, section="narratives", values=values))
    # Whatever else the file holds: a comment, a page header, a line that no section claimed.
    seen = [] if found else [f for f in case.judged.reading.faults if f.rule == "B-PNR"]
    return found + [
        Breach(at="", section="narratives", written=MASK, values=fault.values) for fault in seen
    ]


def _masked(where: str) -> dict[str, str]:
    return {"where": where, "masked": MASK}


@tests("B-MAIL")
def _no_private_mail(case: Case, _: World, __: Rule) -> list[Breach] | None:
    return [
        Breach(place=place, written="…@…", section=section)
        for section, text, place in _all_texts(case.judged)
        if has_private_address(text)
    ]


_GROUPS_ASKED = {
    "competence_gaps": ("occupation",),
    "competence_positions": ("group", "position"),
    "activities": ("responsible",),
}
"""The fields of a form that ask for a group, a post or a unit, never for anybody."""


@tests("B-NAME")
def _nobody_is_named(case: Case, _: World, rule: Rule) -> list[Breach] | None:
    names = "|".join(rule.parameters["names"])
    named = re.compile(rf"\b(?:{names})(?:[- ](?:{names}))? [A-ZÅÄÖ][a-zåäöé]{{2,}}\b")
    layout = newest(load_layouts())
    start = {line.field: line.label for line in layout.start}
    document = case.judged.reading.document
    breaches = [
        Breach(at=role, values={"heading": start[role]})
        for role in ("submitted_by", "approved_by")
        if named.search(getattr(document, role) or "")
    ]
    for section, fields in _GROUPS_ASKED.items():
        headings = {c.field: c.heading for c in layout.section(section).columns}
        for row in case.judged.reading.rows(section):
            for field in fields:
                if named.search(getattr(row, field) or ""):
                    place = cell_of(case.judged, f"{section}.{field}", row.place)
                    values = {"heading": headings[field]}
                    breaches.append(Breach(place, section=section, values=values))
    return breaches


@tests("H-A11Y")
def _tables_have_headers(case: Case, _: World, __: Rule) -> list[Breach] | None:
    bare = case.judged.reading.bare_tables
    count = len(bare)
    tables = "En tabell är" if count == 1 else f"{count} tabeller är"
    return [Breach(bare[0], values={"tables": tables})] if bare else []


def _repairs(value: Any, place: Place | None) -> Iterator[tuple[str, str, Place | None]]:
    """Yield (written, proposed, place) of every word that has a proposal beside it."""
    if isinstance(value, dict | list | tuple):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _repairs(inner, place)
    elif hasattr(value, "__dataclass_fields__") and not isinstance(value, Place):
        own = getattr(value, "place", None) or place
        if proposed := getattr(value, "repaired", None):
            words = zip(value.text.split(), proposed.split(), strict=False)
            yield from ((old, new, own) for old, new in words if old != new)
        for name in value.__dataclass_fields__:
            if name not in ("place", "repaired"):
                yield from _repairs(getattr(value, name), own)


@tests("H-OCR")
def _swedish_is_whole(case: Case, _: World, __: Rule) -> list[Breach] | None:
    reading = case.judged.reading
    rows = [row for section in GROUP_OF for row in reading.rows(section)]
    found = list(_repairs(rows, None))
    if not found:
        return []
    word, proposed, place = found[0]
    word, proposed = (text.strip(".,:;()”") for text in (word, proposed))
    values = {"count": str(len(found)), "word": word, "proposed": proposed}
    return [Breach(place=place, written=word, values=values)]


@tests("H-MACHINE")
def _text_is_its_own(case: Case, _: World, __: Rule) -> list[Breach] | None:
    program = case.judged.reading.document.machine_read
    return [Breach(values={"program": program})] if program else []


@tests("A-DATE")
def _dated_before_it_came(case: Case, _: World, __: Rule) -> list[Breach] | None:
    document = case.judged.reading.document
    if document.date is None or document.received_at is None:
        return None
    came = document.received_at.astimezone(LOCAL_TIME).date()
    if document.date <= came:
        return []
    values = {"date": swedish_day(document.date), "came": swedish_day(came)}
    return [Breach(written=values["date"], at="date", values=values)]


@tests("A-DECIDED")
def _decision_is_whole(case: Case, world: World, _: Rule) -> list[Breach] | None:
    decided = case.judged.reading.document.decided
    if decided is None:
        return None
    if decided.date is None:
        return [Breach(at="decided.date", values={"missing": "dag"})]
    if not decided.paragraph:
        return [Breach(at="decided.paragraph", values={"missing": "paragraf"})]
    if decided.date <= world.today:
        return []
    written, values = swedish_day(decided.date), {"missing": "rätt dag"}
    return [Breach(written=written, at="decided.date", values=values)]


@tests("A-ROLE")
def _somebody_stands_for_it(case: Case, _: World, __: Rule) -> list[Breach] | None:
    document = case.judged.reading.document
    if not case.judged.reading.groups() or document.form_part == "prose":
        return None
    asked = {"submitted_by": "lämnar", "approved_by": "har godkänt"}
    return [
        Breach(at=name, values={"who": words})
        for name, words in asked.items()
        if not getattr(document, name)
    ]


@tests("B-NOTHING")
def _nothing_means_nothing(case: Case, _: World, __: Rule) -> list[Breach] | None:
    reading = case.judged.reading
    labels = newest(load_layouts()).group_labels
    return [
        Breach(group=group, at=f"group.{group}", values={"group": labels[group]})
        for group in reading.nothing_to_report
        if any(reading.rows(section) for section in GROUPS[group])
    ]
