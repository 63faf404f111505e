"""What the report is called by law, how it is read, and the checklist for its release.

It is a delårsrapport or årsredovisning only when income statement, balance sheet, balance
requirement and notes are attached (LKBR chapters 4-13); until then an uppföljningsrapport.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from expectations.registers import Round
from expectations.swedish import swedish_day
from tasks.report.blocks import Block, Cell, Listing, Paragraph, Section, Table, text
from tasks.report.completeness import section_counts
from tasks.report.economy import without_measures
from tasks.report.material import Material, counted, day_in_words, say, words
from warehouse.papers import OPINION, RECEIVERS, STATUTORY

INTERIM_MONTHS = (6, 8)
"""An interim report covers at least half and at most two thirds of the year."""
YEAR_MONTHS = 12


def legal_kind(round_: Round | None) -> str | None:
    """Return interim or annual where the round's period is one that the law names, else None."""
    if round_ is None or (round_.period_from.month, round_.period_from.day) != (1, 1):
        return None
    months = round_.period_to.month
    if INTERIM_MONTHS[0] <= months <= INTERIM_MONTHS[1]:
        return "interim"
    return "annual" if months == YEAR_MONTHS and round_.type == "annual" else None


def kind_of(material: Material) -> str:
    """Return what the report may be called."""
    if material.round is None:
        return say("kinds.matters")
    if material.round.type in ("competence", "assignments"):
        return say(f"kinds.{material.round.type}")
    legal = legal_kind(material.round)
    if legal and not material.snapshot.papers.lacking:
        return say(f"kinds.{legal}")
    return say("kinds.round")


def subject_of(material: Material) -> str:
    """Return what the report is about: its period, or the day that matters hold on."""
    if material.round is None:
        return say("cover.subject_matters", day=swedish_day(material.snapshot.on))
    names = words()["months"]
    first, last = material.round.period_from, material.round.period_to
    months = names[last.month - 1]
    if (first.year, first.month) != (last.year, last.month):
        months = f"{names[first.month - 1]}–{months}"
    return say("cover.subject_round", months=months, year=last.year)


def status_of(material: Material, status: str) -> str:
    """Return the edition's word: released where a release holds for these very facts."""
    release = material.snapshot.papers.release
    is_released = release is not None and release.is_current
    is_draft = status == say("statuses.draft")
    return say("cover.released") if is_released and is_draft else status


# --- the checklist -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the checklist: its key, whether it is met, and how it stands in words."""

    key: str
    is_met: bool
    told: str


def checklist(material: Material) -> tuple[Point, ...]:
    """Return what has to be in place before the report of a round is released."""
    counts = section_counts(material).values()
    absent = sum(row["missing"] + row["stopped"] for row in counts)
    undecided = sum(row["expected"] - row["decided"] for row in counts) - absent
    findings = [f for f in material.snapshot.findings if not f.is_settled and not f.hidden]
    stops = sum(f.severity == "STOPP" for f in findings)
    asked = sum(f.severity == "FRÅGA" for f in findings)
    points = [
        Point("registers", material.city.verified, ""),
        _none("sections", absent),
        _none("stops", stops),
        _none("questions", asked),
        _none("decisions", max(undecided, 0)),
        _none("measures", len(without_measures(material))),
    ]
    if legal_kind(material.round):
        points.append(_none("statutory", len(material.snapshot.papers.lacking)))
    return tuple(points)


def _none(key: str, number: int) -> Point:
    return Point(key, number == 0, counted(f"release.{key}_left", number) if number else "")


# --- the section ---------------------------------------------------------------------------------


def reading(material: Material) -> Section | None:
    """Return how the report is read, what it is called and why, and where its release stands."""
    if material.round is None:
        return None
    blocks: list[Block] = [Listing(tuple(words()["reading"]["items"])), *_contact(material)]
    parts = tuple(
        Section(anchor, title, made)
        for anchor, title, made in (
            ("namn", say("reading.name"), tuple(_name(material))),
            ("faststallande", say("release.title"), tuple(_release(material))),
        )
        if made
    )
    return Section("lasanvisning", say("reading.title"), tuple(blocks), parts, is_flowing=True)


def _contact(material: Material) -> Iterator[Block]:
    contact = material.city.settings.get("contact")
    if contact:
        yield Paragraph(say("reading.contact", contact=contact))


def _name(material: Material) -> Iterator[Block]:
    legal = legal_kind(material.round)
    if legal is None:
        yield Paragraph(say("reading.internal"))
        return
    papers = material.snapshot.papers
    name = say(f"kinds.{legal}").lower()
    yield Paragraph(say("reading.lacking" if papers.lacking else "reading.whole", name=name))
    rows = [
        (
            text(say(f"papers.{part}")),
            text(papers.attached[part].name)
            if part in papers.attached
            else Cell(
                papers.closed.get(part, say("papers.not_attached")),
                missing="withheld" if part in papers.closed else "not_attached",
            ),
        )
        for part in (*STATUTORY, OPINION)
    ]
    rows += [
        (
            text(say(f"papers.to_{receiver}")),
            text(swedish_day(papers.handed[receiver]))
            if receiver in papers.handed
            else Cell(say("papers.not_handed"), missing="not_handed"),
        )
        for receiver in RECEIVERS
    ]
    head = tuple(words()["papers"]["head"])
    yield Table("t-bilagor", say("papers.table"), head, tuple(rows))


def _release(material: Material) -> Iterator[Block]:
    release = material.snapshot.papers.release
    if release is None:
        yield Paragraph(say("release.draft"))
    else:
        key = "release.released" if release.is_current else "release.stale"
        day = day_in_words(release.at.date())
        yield Paragraph(say(key, day=day, by=release.by), "strong")
        if release.unmet:
            points = "; ".join(say(f"release.{point}").lower() for point in release.unmet)
            told = say("release.override", points=points, reason=release.reason, by=release.by)
            yield Paragraph(told)
    rows = tuple(
        (
            text(say(f"release.{point.key}")),
            Cell(
                say("release.met" if point.is_met else "release.unmet"),
                symbol="✓" if point.is_met else "○",
            ),
            text(point.told),
        )
        for point in checklist(material)
    )
    head = tuple(words()["release"]["head"])
    yield Table("t-checklista", say("release.table"), head, rows)
