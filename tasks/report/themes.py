"""Reports about one thing: competence, and assignments. Their own front page and chapters.

They say what the chapter of the city report says, with room: each part is a chapter, the first
page answers what this reader asks, and the annexes are about these returns alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from tasks.report.annexes import method, quality, sources
from tasks.report.assignments import answers, assignments, late_rows, proposed, short
from tasks.report.blocks import Block, Cell, Facts, Listing, Paragraph, Section, count
from tasks.report.competence import both_ways, competence, gravest
from tasks.report.competence_work import granted_of_pool
from tasks.report.decisions import decisions
from tasks.report.front import to_decide
from tasks.report.material import Material, counted, listed, say
from tasks.report.numbering import numbered
from tasks.report.office import foreword, with_comments

THEMES = ("competence", "assignments")
"""Themes, named as groups of sections and as types of rounds."""
MOST = 6
NAMES = 6


def theme_of(material: Material) -> str | None:
    """Return the theme of a round that asks for nothing else, None for all other rounds."""
    kind = material.round.type if material.round else None
    return kind if kind in THEMES else None


def theme_sections(material: Material, theme: str) -> tuple[Section, ...]:
    """Return the chapters of a report about one theme."""
    whole = competence(material) if theme == "competence" else assignments(material)
    chapters = [
        Section(part.anchor, part.title, part.blocks, is_flowing=True) for part in whole.parts
    ]
    front = Section(
        "oversikt",
        say("front.title"),
        (Facts(tuple(_facts(material, theme)), "f-oversikt"), *whole.blocks[:1]),
        tuple(_parts(material, theme)),
    )
    wanted = (
        front,
        foreword(material),
        decisions(material, with_report=False) if theme == "assignments" else None,
        *chapters,
        quality(material, group=theme),
        sources(material),
        method(material.snapshot.journal),
    )
    return numbered(with_comments(material, [one for one in wanted if one is not None]))


def _facts(material: Material, theme: str) -> Iterator[tuple[Cell, str]]:
    asked, silent = _asked(material, theme), _silent(material, theme)
    if asked:
        spoke = [material.name(board) for board in asked if board not in silent]
        told = say("front.fact_boards", all=len(asked))
        yield count(len(spoke), how=say("how.boards_theme"), items=spoke), told
    if theme == "competence":
        groups = len(material.rows("competence_gaps"))
        yield count(groups, how=say("how.rows_read")), counted("front.fact_gaps", groups)
        grave = gravest(material)
        told = counted("themes.fact_grave", len(grave))
        yield count(len(grave), how=say("how.grave"), items=grave), told
        money = granted_of_pool(material)
        if money is not None:
            granted = Cell(money[0], is_number=True, how=say("how.granted"))
            yield granted, say("themes.fact_granted", pool=money[1])
        return
    number = len(answers(material))
    yield (
        count(number, how=say("how.reported_assignments")),
        counted("themes.fact_assignments", number),
    )
    for key, how, found in (
        ("proposed", "proposed", proposed(material)),
        ("late", "overdue", late_rows(material)),
    ):
        shown = count(len(found), how=say(f"how.{how}"))
        yield shown, counted(f"themes.fact_{key}", len(found))


def _asked(material: Material, theme: str) -> list[str]:
    owed = material.city.owed(material.round) if material.round else {}
    return [board for board, groups in owed.items() if theme in groups]


def _silent(material: Material, theme: str) -> list[str]:
    """Return the boards that owe the theme and are not in the report: not in, or stopped."""
    states = material.states(theme)
    return [
        board
        for board in _asked(material, theme)
        if board not in states or states[board].state in ("missing", "stopped", "withheld")
    ]


def _parts(material: Material, theme: str) -> Iterator[Section]:
    made: tuple[tuple[str, str, Iterator[Block]], ...]
    if theme == "competence":
        made = (
            ("allvarligast", say("themes.grave"), _grave(material)),
            ("bada", say("competence.both"), _both(material)),
        )
    else:
        made = (
            ("besluta", say("front.decide"), to_decide(material)),
            ("sent", say("assignments.late"), _late(material)),
        )
    for anchor, title, blocks in (
        *made,
        ("saknas", say("front.missing"), _missing(material, theme)),
    ):
        found = tuple(blocks)
        if found:
            yield Section(anchor, title, found)


def _grave(material: Material) -> Iterator[Block]:
    """Yield the groups in the gravest square of the matrix, with their boards."""
    found = [
        say("themes.grave_item", group=group, names=listed(names, NAMES))
        for group, names in gravest(material).items()
    ]
    if not found:
        yield Paragraph(say("themes.grave_none"))
        return
    yield Listing(tuple(found[:MOST]))
    if len(found) > MOST:
        yield Paragraph(counted("themes.more", len(found) - MOST))


def _both(material: Material) -> Iterator[Block]:
    found = tuple(both_ways(material, material.rows("competence_gaps")))
    if found:
        yield Listing(found[:MOST])


def _late(material: Material) -> Iterator[Block]:
    found = late_rows(material)
    rows = tuple(
        say(
            "themes.late_item",
            subject=short(known.text, 84),
            board=material.name(stored.board),
            days=(material.day - latest).days,
        )
        for stored, known, latest in found[:MOST]
    )
    yield Listing(rows) if rows else Paragraph(say("themes.late_none"))
    if len(found) > MOST:
        yield Paragraph(counted("themes.more", len(found) - MOST))


def _missing(material: Material, theme: str) -> Iterator[Block]:
    silent = [material.name(board) for board in _silent(material, theme)]
    if silent:
        yield Paragraph(counted("themes.silent", len(silent), names=listed(silent, NAMES)))
    elif _asked(material, theme):
        yield Paragraph(say("themes.silent_none"))
