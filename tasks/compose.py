"""Compose the city report out of a frozen snapshot: the chapters in the reader's order.

The answer comes first (page one), then the detail, then the evidence. The city office judges, the
system counts: nothing here weighs boards' words together.
"""

from __future__ import annotations

from dataclasses import replace

from expectations.closings import decided
from expectations.registers import Board, City
from expectations.swedish import swedish_day
from tasks.report.annexes import method, organisation, quality, sources
from tasks.report.assignment_list import all_assignments
from tasks.report.assignments import assignments, proposed_clauses
from tasks.report.blocks import Report, Section
from tasks.report.boards import board_blocks, boards
from tasks.report.changes import changes
from tasks.report.checking import checked
from tasks.report.competence import competence
from tasks.report.completeness import completeness
from tasks.report.decisions import decisions, report_clause
from tasks.report.economy import economy
from tasks.report.front import front
from tasks.report.goals import goals
from tasks.report.housekeeping import housekeeping
from tasks.report.material import Material, say
from tasks.report.naming import kind_of, reading, status_of, subject_of
from tasks.report.numbering import numbered
from tasks.report.office import foreword, with_comments
from tasks.report.oversight import audits, oversight
from tasks.report.staff import staff
from tasks.report.themes import theme_of, theme_sections
from warehouse.snapshot import Snapshot

EDITION_SHOWN = 12


def compose(snapshot: Snapshot, city: City, *, status: str, is_internal: bool = False) -> Report:
    """Return the report of a snapshot; `status` is the edition's word, as Utkast.

    The internal view also says who wrote the city office's own words.
    """
    round_ = city.round(snapshot.round) if snapshot.round else None
    city = decided(city, snapshot.closings)
    material = Material(snapshot, city, round_, is_internal)
    sections = _sections(material)
    used, checks = checked(material)
    kind = kind_of(material)
    return Report(
        title=say("cover.title", kind=kind, city=city.name),
        kind=kind,
        city=city.name,
        office=city.office,
        subject=subject_of(material),
        status=status_of(material, status),
        is_trial=not city.verified,
        made_on=swedish_day(snapshot.on if round_ is None else snapshot.as_of.date()),
        edition=snapshot.head[:EDITION_SHOWN],
        head=snapshot.head,
        sections=sections,
        sources=used,
        checks=checks,
        clauses=tuple(proposed_clauses(material)),
        own_clause="".join(clause for _, clause in report_clause(material)),
        is_short=round_ is None,
    )


def compose_theme(snapshot: Snapshot, city: City, theme: str, *, status: str) -> Report:
    """Return the report about one theme (themes.py) out of all that boards have said of it."""
    material = Material(snapshot, city, city.round(snapshot.round) if snapshot.round else None)
    sections = theme_sections(material, theme)
    used, checks = checked(material)
    kind = say(f"kinds.{theme}")
    return replace(
        compose(snapshot, city, status=status),
        title=say("cover.title", kind=kind, city=city.name),
        kind=kind,
        sections=sections,
        sources=used,
        checks=checks,
    )


def compose_board(snapshot: Snapshot, city: City, board: Board, *, status: str) -> Report:
    """Return one board's own report out of what it has handed in, for its nämnd to decide on.

    The same chapters as the city's, about this board alone; what is missing is said.
    """
    city = decided(city, snapshot.closings)
    own = replace(
        city,
        boards=(board,),
        goals=tuple(g for g in city.goals if not g.designated or board.board_id in g.designated),
        assignments=tuple(a for a in city.assignments if {"*", board.board_id} & set(a.addressees)),
    )
    view = _of_board(snapshot, board)
    round_ = city.round(view.round) if view.round else None
    material = Material(view, own, round_, is_boards_own=True)
    wanted = (
        Section("laget", say("board.title"), tuple(board_blocks(material, board))),
        goals(material),
        assignments(material),
        competence(material),
        staff(material),
        economy(material),
        oversight(material),
        audits(material),
        quality(material),
        sources(material),
        method(material.snapshot.journal),
    )
    whole = compose(snapshot, city, status=status)
    used, checks = checked(material)
    return replace(
        whole,
        title=say("board.report", name=board.name),
        office=board.name,
        sections=numbered([section for section in wanted if section is not None]),
        sources=used,
        checks=checks,
        is_short=True,
    )


def _of_board(snapshot: Snapshot, board: Board) -> Snapshot:
    """Return what of a snapshot concerns one board, and of the round before likewise."""
    mine = board.board_id
    return replace(
        snapshot,
        documents=tuple(d for d in snapshot.documents if d.board == mine),
        sections=tuple(s for s in snapshot.sections if s.board == mine),
        rows=tuple(r for r in snapshot.rows if r.board == mine),
        findings=tuple(f for f in snapshot.findings if f.board == mine),
        previous=_of_board(snapshot.previous, board) if snapshot.previous else None,
    )


def _sections(material: Material) -> tuple[Section, ...]:
    """Return the chapters; a run without a round leaves out those that only rounds have."""
    theme = theme_of(material)
    if theme is not None:
        return theme_sections(material, theme)
    is_round = material.round is not None
    rows = {row.section for row in material.snapshot.rows}
    wanted = (
        front(material),
        foreword(material),
        reading(material),
        completeness(material),
        decisions(material) if is_round or "assignments" in rows else None,
        goals(material),
        assignments(material) if is_round or "assignments" in rows else None,
        competence(material),
        staff(material) if is_round or "staff" in rows else None,
        economy(material) if is_round or "finance" in rows else None,
        housekeeping(material),
        oversight(material),
        audits(material),
        changes(material),
        boards(material),
        all_assignments(material) if is_round else None,
        quality(material),
        sources(material),
        method(material.snapshot.journal),
        organisation(material),
    )
    return numbered(with_comments(material, [one for one in wanted if one is not None]))
