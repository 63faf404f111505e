"""The file that was handed in: what it is, whose, for when, and how it came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

Kind = Literal[
    "board_plan",
    "interim_report",
    "annual_report",
    "competence_plan",
    "competence_followup",
    "funding_application",
    "assignment_report",
    "agenda2030_status",
    "memo",
    "minutes_extract",
    "form",
    "unknown",
]


PERIODIC_KINDS = ("interim_report", "annual_report", "competence_followup", "agenda2030_status")
"""Kinds that belong to a round; the others are matters with a date or a span."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting where a document is or was taken up."""

    organ: str
    date: date | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """The board's own decision on a document."""

    organ: str
    date: date | None = None
    paragraph: str | None = None
    immediately_confirmed: bool = False
    outcome: str | None = None
    """`sent_back` or `tabled` where the board did not decide on it; None where it did."""


@dataclass(frozen=True, slots=True)
class Part:
    """One matter in a file that holds several; `lines` are first and last line, 1-based."""

    kind: str
    board: str | None = None
    round: str | None = None
    span: str | None = None
    date: date | None = None
    lines: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One file as received. `span` is written `2026-2027`, `round` `2024-08`.

    `machine_read` names the program that read the text out of a picture, None where the file has
    a text of its own.
    """

    sha256: str = ""
    name: str = ""
    media_type: str = ""
    size: int = 0
    city: str | None = None
    board: str | None = None
    administration: str | None = None
    kind: str = "unknown"
    confidence: Decimal | None = None
    reasons: tuple[str, ...] = ()
    round: str | None = None
    span: str | None = None
    date: date | None = None
    case_number: str | None = None
    received_at: datetime | None = None
    sender: str | None = None
    template_version: str | None = None
    form_part: str | None = None
    """`figures` or `prose` where the file is one part of our form; None where it is all of it."""
    submitted_by: str | None = None
    approved_by: str | None = None
    parts: tuple[Part, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    decided: Decided | None = None
    machine_read: str | None = None


def period_of(document: Document) -> str | None:
    """Return the round of a periodic document, or the key of its matter; None if neither is said.

    An issued form always carries its round. A matter is keyed by its kind and its span, date or
    case number, whichever comes first.
    """
    if document.kind in PERIODIC_KINDS or document.kind == "form":
        return document.round
    for mark in (document.span, document.date, document.case_number, document.round):
        if mark is not None:
            return f"{document.kind}/{mark}"
    return None
