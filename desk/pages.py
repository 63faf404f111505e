"""The steward's first desk: a worklist of every board, and one page of findings per board.

Static, self-contained HTML that works without script. Findings stand in the order to mend them:
what stops first, then what is asked; equal ones are told once with all their places; tips are
folded. What was not checked is said too.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

import templates
from expectations.complaints import SEVERITIES, Complaint, complaints
from expectations.contract import GROUPS
from expectations.registers import LOCAL_TIME, City
from expectations.verdicts import Finding, NotChecked, Verdict
from warehouse.snapshot import SectionState, Snapshot, StoredDocument

FOLDER = Path(templates.__file__).parent / "desk"
FONTS = ("IBMPlexSans-Regular.woff2", "IBMPlexSans-SemiBold.woff2", "NotoSansSymbols2-subset.woff2")


@dataclass(frozen=True, slots=True)
class BoardPage:
    """All that one board's page and its row in the worklist show."""

    board_id: str
    name: str
    sections: dict[str, SectionState]
    complaints: tuple[Complaint, ...]
    not_checked: tuple[NotChecked, ...]
    documents: tuple[StoredDocument, ...]
    copies: tuple[tuple[str, str], ...] = ()
    """The board's own files with the findings marked: (name, address beside the page)."""

    @property
    def counts(self) -> dict[str, int]:
        """Findings by severity, every place counted."""
        return {
            severity: sum(
                len(c.places)
                for c in self.complaints
                if c.severity == severity and not c.is_settled
            )
            for severity in SEVERITIES
        }

    @property
    def file_name(self) -> str:
        """Name of the board's page beside the worklist."""
        return f"{self.board_id or 'okand-avsandare'}.html"

    @property
    def letter_name(self) -> str:
        """Name of the draft of a letter to the board, to edit and send."""
        return f"brev-{self.board_id}.txt"


def fonts() -> dict[str, bytes]:
    """Return the fonts that lie beside the pages, by file name."""
    return {name: (FOLDER.parent / "fonts" / name).read_bytes() for name in FONTS}


def render_findings(
    snapshot: Snapshot,
    verdicts: Sequence[Verdict],
    city: City,
    *,
    title: str,
    copies: Mapping[str, Sequence[tuple[str, str]]] | None = None,
    since: datetime | None = None,
) -> dict[str, str]:
    """Return the pages by file name: `index.html` (the worklist), and a page and a letter a board.

    `copies` are the annotated workbooks by board: (name of the file, address beside the page).
    What has come in after `since`, the moment of the report before, is told as new.
    """
    boards = _board_pages(snapshot, verdicts, city, copies or {})
    environment = _environment()
    shared = {
        "city": city,
        "title": title,
        "is_trial": False,
        "groups": tuple(GROUPS),
        "words": _words(),
        "style": (FOLDER / "desk.css").read_text(encoding="utf-8"),
    }
    worklist = environment.get_template("worklist.html.j2")
    page = environment.get_template("board.html.j2")
    news = {board.board_id: _new_since(board, since) for board in boards}
    day = since.astimezone(LOCAL_TIME).strftime("%Y-%m-%d %H.%M") if since else ""
    pages = {"index.html": worklist.render(boards=boards, news=news, since=day, **shared)}
    letter = environment.get_template("letter.txt.j2")
    for board in boards:
        pages[board.file_name] = page.render(board=board, **shared)
        if board.board_id:
            pages[board.letter_name] = letter.render(
                **_letter(board, city), board=board, city=city, title=title
            )
    return pages


def _new_since(board: BoardPage, since: datetime | None) -> tuple[str, ...]:
    """Return the sections that have come in, or come in anew, since a moment."""
    if since is None:
        return ()
    groups = _words()["groups"]
    return tuple(
        groups[group].lower()
        for group, state in board.sections.items()
        if state.received_at is not None and state.received_at > since
    )


def _letter(board: BoardPage, city: City) -> dict[str, object]:
    """Return what a letter to the board says: what is missing, what stops, what is asked."""
    groups = _words()["groups"]
    open_ones = [c for c in board.complaints if not c.is_settled]
    return {
        "missing": [
            (groups[group], state.due_on)
            for group, state in board.sections.items()
            if state.state == "missing"
        ],
        "stops": [c for c in open_ones if c.severity == "STOPP"],
        "questions": [c for c in open_ones if c.severity == "FRÅGA"],
        "contact": city.settings.get("contact") or city.office,
    }


def render_check(verdict: Verdict, city: City, *, name: str, copy: str) -> str:
    """Return the page that answers one file that was only tried; `copy` is its marked copy."""
    board = city.board(verdict.board)
    page = BoardPage(
        board_id=verdict.board or "",
        name=board.name if board else "Okänd avsändare",
        sections={},
        complaints=complaints(verdict.findings),
        not_checked=tuple(dict.fromkeys(verdict.not_checked)),
        documents=(),
        copies=((copy, copy),) if copy else (),
    )
    return (
        _environment()
        .get_template("board.html.j2")
        .render(
            board=page,
            city=city,
            title=name,
            is_trial=True,
            words=_words(),
            style=(FOLDER / "desk.css").read_text(encoding="utf-8"),
        )
    )


def state_word(state: str) -> str:
    """Return the Swedish word for the state of a section."""
    word: str = _words()["states"][state]["word"].lower()
    return word


def _board_pages(
    snapshot: Snapshot,
    verdicts: Sequence[Verdict],
    city: City,
    copies: Mapping[str, Sequence[tuple[str, str]]],
) -> tuple[BoardPage, ...]:
    states: dict[str, dict[str, SectionState]] = defaultdict(dict)
    for state in snapshot.sections:
        states[state.board].setdefault(state.group, state)
    findings: dict[str, list[Finding]] = defaultdict(list)
    skipped: dict[str, list[NotChecked]] = defaultdict(list)
    for verdict in verdicts:
        if verdict.is_citys:
            continue
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
            complaints=complaints(findings.get(board_id, ())),
            not_checked=tuple(dict.fromkeys(skipped.get(board_id, ()))),
            documents=tuple(documents.get(board_id, ())),
            copies=tuple(copies.get(board_id, ())),
        )
        for board_id in ids
    )


@cache
def _words() -> dict[str, Any]:
    with (FOLDER / "words.toml").open("rb") as file:
        return tomllib.load(file)


def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=jinja2.select_autoescape(
            enabled_extensions=("html.j2",), disabled_extensions=("txt.j2",), default=True
        ),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
