"""What the executive board keeps an eye on: deviations, supervision, programmes and audits."""

from __future__ import annotations

from collections.abc import Iterator

from expectations.contract import Text
from tasks.report.assignments import short
from tasks.report.blocks import Block, Cell, Paragraph, Section, Table, text
from tasks.report.comparing import pairs
from tasks.report.housekeeping import purpose
from tasks.report.material import Material, as_told, say, words
from warehouse.snapshot import StoredRow

SHOWN = 420


def oversight(material: Material) -> Section | None:
    """Return essential deviations, matters under supervision, and programmes and plans."""
    parts = tuple(
        Section(anchor, title, blocks)
        for anchor, title, blocks in (
            ("vasentliga", say("oversight.deviations"), tuple(_deviations(material))),
            ("uppsikt", say("oversight.supervision"), tuple(_texts(material, "supervision"))),
            ("program", say("oversight.programmes"), tuple(_texts(material, "programmes"))),
            ("andamal", say("purpose.title"), tuple(purpose(material))),
        )
        if blocks
    )
    if not parts and material.round is None:
        return None
    lead = say("oversight.lead" if parts else "oversight.none")
    title = say("oversight.title")
    return Section("avvikelser", title, (Paragraph(lead, "lead"),), parts, is_flowing=not parts)


def _told(value: Text | None, length: int = 260) -> Cell:
    if value is None:
        return Cell(say("cells.not_said"), missing="not_said")
    return text(short(as_told(value), length))


def _deviations(material: Material) -> Iterator[Block]:
    rows = tuple(
        (
            text(material.name(stored.board)),
            _told(stored.row.text),
            _told(stored.row.consequence),
            _told(stored.row.measure_taken),
        )
        for stored in material.rows("deviations")
    )
    if rows:
        head = tuple(words()["oversight"]["deviations_head"])
        note = say("oversight.own_words")
        yield Table("t-vasentliga", say("oversight.deviations_table"), head, rows, note)


def _texts(material: Material, kind: str) -> Iterator[Block]:
    """Yield what boards write under headings of a kind, which the vocabulary names."""
    rows = tuple(
        (
            text(material.name(stored.board)),
            text(stored.row.path[-1]),
            text(short(as_told(stored.row.text), SHOWN)),
        )
        for stored in material.rows("narratives")
        if _is_headed(material, stored, kind)
    )
    if rows:
        head = tuple(words()["oversight"]["texts_head"])
        note = say("oversight.own_words")
        yield Table(f"t-{kind}", say(f"oversight.{kind}_table"), head, rows, note)


def _is_headed(material: Material, stored: StoredRow, kind: str) -> bool:
    """Say whether a text stands under a heading of a kind and is not meant for the board alone."""
    headings = material.city.settings.get("vocabulary", {}).get("report_headings", {})
    path = " / ".join(stored.row.path).casefold()
    if any(word in path for word in headings.get("to_board", ())):
        return False
    return any(word in path for word in headings.get(kind, ()))


# --- audits --------------------------------------------------------------------------------------


def audits(material: Material) -> Section | None:
    """Return the auditors' judgements and recommendations with the answers given over time."""
    rows = material.rows("audits")
    if not rows:
        return None
    judged = tuple(
        (text(_about(stored)), text(short(as_told(stored.row.judgement), 700)))
        for stored in rows
        if stored.row.judgement
    )
    advised = tuple(
        (
            text(_about(stored)),
            text(short(as_told(stored.row.recommendation), 300)),
            *_answers(material, stored),
        )
        for stored in rows
        if stored.row.recommendation
    )
    lead = Paragraph(say("audits.lead"), "lead")
    blocks: list[Block] = [lead]
    if judged:
        head = tuple(words()["audits"]["judged_head"])
        blocks.append(Table("t-revision", say("audits.judged"), head, judged))
    if advised:
        head, note = tuple(words()["audits"]["advised_head"]), say("audits.note")
        blocks.append(Table("t-rekommendationer", say("audits.advised"), head, advised, note))
    return Section("revision", say("audits.title"), tuple(blocks))


def _about(stored: StoredRow) -> str:
    parts = (str(stored.row.year or ""), stored.row.object or "", stored.row.auditor)
    return ", ".join(part for part in parts if part)


def _answers(material: Material, stored: StoredRow) -> tuple[Cell, Cell]:
    """Return the answer given now, and the one given the round before."""
    old = next((old for old, now in pairs(material, "audits") if now is stored), None)
    before = old.row.answer if old else None
    return _told(stored.row.answer), text(short(as_told(before), 260) if before else "")
