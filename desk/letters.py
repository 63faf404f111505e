"""A letter to each board about where it stands: a Word file for the steward to edit and send."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

import docx
from docx.shared import Pt, RGBColor

from desk.boards import Before, BoardPage, Copy, board_pages
from desk.pages import environment, words
from expectations.form_layout import load_layouts, newest
from expectations.registers import City
from expectations.verdicts import Verdict
from tasks.form_document import same_bytes
from warehouse.snapshot import Snapshot

_STYLES = {"#": "Heading1", "##": "Heading2", "-": "ListBullet"}
"""The style of a line by the mark that it begins with, as python-docx's template names them."""
BLUE = RGBColor(0x14, 0x51, 0x7C)


def render_letters(
    snapshot: Snapshot,
    verdicts: Sequence[Verdict],
    city: City,
    *,
    title: str,
    copies: Mapping[str, Sequence[Copy]] | None = None,
    before: Before | None = None,
) -> dict[str, bytes]:
    """Return a letter to every board by file name, as Word. Same inputs, same bytes."""
    boards = board_pages(snapshot, verdicts, city, copies=copies or {}, before=before)
    return {
        board.letter_name: as_word(letter_text(board, city, title), snapshot.on)
        for board in boards
        if board.board_id
    }


def letter_text(board: BoardPage, city: City, title: str) -> str:
    """Return a letter as text: what is missing, what stops, what is asked, and what to do.

    A file that is not the board's own is one thing to say, and all that is said of it.
    """
    groups = words()["groups"]
    open_ones = [c for c in board.complaints if not c.is_settled]
    missing = [
        (groups[group], state.due_on, state.extended)
        for group, state in board.sections.items()
        if state.state == "missing"
    ]
    stops = [c for c in open_ones if c.severity == "STOPP"]
    questions = [c for c in open_ones if c.severity == "FRÅGA" and not board.is_foreign]
    return (
        environment()
        .get_template("letter.txt.j2")
        .render(
            board=board,
            city=city,
            title=title,
            missing=missing,
            stops=stops,
            questions=questions,
            groups=groups,
            several=len({c.first.document_name for c in open_ones}) > 1,
            summary=_summary(len(missing), len(stops), len(questions)),
            findings_sheet=newest(load_layouts()).findings_sheet,
            contact=city.settings.get("contact") or city.office,
        )
    )


def _summary(missing: int, stops: int, questions: int) -> str:
    """Return the letter in a sentence; empty where there is nothing to do."""
    said = words()["letter"]
    counts = {"missing": missing, "stops": stops, "questions": questions}
    parts = [
        said[name if count > 1 else f"{name}_one"].format(count=count)
        for name, count in counts.items()
        if count
    ]
    whole = " och ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
    return said["summary"].format(parts=whole) if parts else ""


def as_word(text: str, day: date) -> bytes:
    """Return a letter's text as a Word file; its marks stand in the template's first lines."""
    document = docx.Document()
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(11)
    for name in ("Heading 1", "Heading 2"):
        document.styles[name].font.color.rgb = BLUE
    document.styles["List Bullet"].paragraph_format.space_after = Pt(6)
    point = None
    for line in text.splitlines():
        if line.startswith("  ") and point is not None:
            point.add_run().add_break()
            point.add_run(line.strip())
            continue
        point = None
        if not line.strip():
            continue
        mark, _, rest = line.partition(" ")
        if mark not in _STYLES:
            document.add_paragraph(line.strip())
            continue
        added = document.add_paragraph()
        # By its id: to give the name, python-docx looks through every style of the template.
        added._p.style = _STYLES[mark]  # noqa: SLF001
        added.add_run(rest).bold = True if mark == "-" else None
        point = added if mark == "-" else None
    _say_what_it_is(document, text.splitlines()[0].removeprefix("# "), day)
    out = io.BytesIO()
    document.save(out)
    return same_bytes(out.getvalue())


def _say_what_it_is(document: docx.document.Document, title: str, day: date) -> None:
    properties = document.core_properties
    properties.title, properties.language = title, "sv-SE"
    properties.author = properties.comments = ""
    properties.created = properties.modified = datetime.combine(day, time())
