"""The steward's first desk: a worklist of every board, and one page of findings per board.

Static, self-contained HTML that works without script. Findings stand in the order to mend them:
what stops first, then what is asked; equal ones are told once with all their places; tips are
folded. What was not checked is said too.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

import templates
from expectations.contract import GROUPS
from expectations.registers import City
from expectations.verdicts import Finding, NotChecked, Verdict
from warehouse.snapshot import SectionState, Snapshot, StoredDocument

FOLDER = Path(templates.__file__).parent / "desk"
FONTS = ("IBMPlexSans-Regular.woff2", "IBMPlexSans-SemiBold.woff2", "NotoSansSymbols2-subset.woff2")
SEVERITIES = ("STOPP", "FRÅGA", "TIPS")


@dataclass(frozen=True, slots=True)
class Complaint:
    """Equal findings told once: one fault and remedy, every place where it stands."""

    severity: str
    rule: str
    document: str
    group: str | None
    message: str
    remedy: str
    places: tuple[tuple[str, str | None, str | None], ...]
    """(place in words, what was written, what was expected)."""


@dataclass(frozen=True, slots=True)
class BoardPage:
    """All that one board's page and its row in the worklist show."""

    board_id: str
    name: str
    sections: dict[str, SectionState]
    complaints: tuple[Complaint, ...]
    not_checked: tuple[NotChecked, ...]
    documents: tuple[StoredDocument, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Findings by severity, every place counted."""
        return {
            severity: sum(len(c.places) for c in self.complaints if c.severity == severity)
            for severity in SEVERITIES
        }

    @property
    def file_name(self) -> str:
        """Name of the board's page beside the worklist."""
        return f"{self.board_id or 'okand-avsandare'}.html"


def fonts() -> dict[str, bytes]:
    """Return the fonts that lie beside the pages, by file name."""
    return {name: (FOLDER.parent / "fonts" / name).read_bytes() for name in FONTS}


def render_findings(
    snapshot: Snapshot, verdicts: Sequence[Verdict], city: City, *, title: str
) -> dict[str, str]:
    """Return the pages by file name: `index.html` (the worklist) and one per board."""
    boards = _board_pages(snapshot, verdicts, city)
    environment = _environment()
    shared = {
        "city": city,
        "title": title,
        "groups": tuple(GROUPS),
        "words": _words(),
        "style": (FOLDER / "desk.css").read_text(encoding="utf-8"),
    }
    worklist = environment.get_template("worklist.html.j2")
    page = environment.get_template("board.html.j2")
    pages = {"index.html": worklist.render(boards=boards, **shared)}
    for board in boards:
        pages[board.file_name] = page.render(board=board, **shared)
    return pages


def state_word(state: str) -> str:
    """Return the Swedish word for the state of a section."""
    word: str = _words()["states"][state]["word"].lower()
    return word


def _board_pages(
    snapshot: Snapshot, verdicts: Sequence[Verdict], city: City
) -> tuple[BoardPage, ...]:
    states: dict[str, dict[str, SectionState]] = defaultdict(dict)
    for state in snapshot.sections:
        states[state.board].setdefault(state.group, state)
    findings: dict[str, list[Finding]] = defaultdict(list)
    skipped: dict[str, list[NotChecked]] = defaultdict(list)
    for verdict in verdicts:
        findings[verdict.board or ""].extend(verdict.findings)
        skipped[verdict.board or ""].extend(verdict.not_checked)
    documents: dict[str, list[StoredDocument]] = defaultdict(list)
    for document in snapshot.documents:
        documents[document.board or ""].append(document)
    known = {board.board_id: board.name for board in city.boards}
    ids = sorted(set(states) | set(findings) | set(documents), key=lambda i: known.get(i, ""))
    return tuple(
        BoardPage(
            board_id=board_id,
            name=known.get(board_id, "Okänd avsändare"),
            sections=states.get(board_id, {}),
            complaints=_complaints(findings.get(board_id, ())),
            not_checked=tuple(dict.fromkeys(skipped.get(board_id, ()))),
            documents=tuple(documents.get(board_id, ())),
        )
        for board_id in ids
    )


def _complaints(findings: Iterable[Finding]) -> tuple[Complaint, ...]:
    equal: dict[tuple[Any, ...], list[Finding]] = defaultdict(list)
    for finding in findings:
        key = (
            SEVERITIES.index(finding.severity),
            finding.document_name,
            finding.group or "",
            finding.rule,
            finding.message,
            finding.remedy,
        )
        equal[key].append(finding)
    return tuple(_told_once(equal[key]) for key in sorted(equal))


def _told_once(findings: list[Finding]) -> Complaint:
    first = findings[0]
    return Complaint(
        severity=first.severity,
        rule=first.rule,
        document=first.document_name,
        group=first.group,
        message=first.message,
        remedy=first.remedy,
        places=tuple(
            (f.place.in_words() if f.place else "hela filen", f.written, f.expected)
            for f in findings
        ),
    )


@cache
def _words() -> dict[str, Any]:
    with (FOLDER / "words.toml").open("rb") as file:
        return tomllib.load(file)


def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
