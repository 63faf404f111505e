"""The steward's pages that both the desk's own tests and the browser's look at."""

import io
from datetime import UTC, date, datetime

import docx

from desk.letters import render_letters
from desk.pages import render_findings
from expectations.contract import Document, Place
from expectations.register_files import load_city
from expectations.verdicts import Finding, Verdict
from warehouse.snapshot import SectionState, Snapshot, StoredDocument

CITY = load_city("lindhamn")
NOW = datetime(2026, 9, 14, 10, tzinfo=UTC)
FINDING = Finding(
    rule="B-NUM",
    severity="STOPP",
    city="lindhamn",
    board="socialnamnden",
    period="2026-08",
    document="a" * 64,
    document_name="form.xlsx",
    message="”ca 3” är inte ett tal.",
    remedy="Skriv bara siffror.",
    group="staff",
    place=Place(sheet="Personal", cell="C7"),
    written="ca 3",
)


def pages(*findings, not_checked=()):
    document = Document(sha256="a" * 64, name="form.xlsx")
    snapshot = Snapshot(
        city="lindhamn",
        round="2026-08",
        on=date(2026, 8, 31),
        as_of=NOW,
        periods=("2026-08",),
        documents=(StoredDocument(document, "socialnamnden", "2026-08", 1, NOW, "K-1"),),
        sections=(
            SectionState("socialnamnden", "2026-08", "staff", "stopped", late_days=3),
            SectionState("kommunstyrelsen", "2026-08", "goals", "missing", date(2026, 9, 18)),
        ),
        rows=(),
        findings=tuple(findings),
        head="0" * 64,
    )
    boards = {f.board for f in findings} or {"socialnamnden"}
    verdicts = [
        Verdict("a" * 64, b, "2026-08", tuple(f for f in findings if f.board == b), (), not_checked)
        for b in boards
    ]
    return whole_desk(snapshot, verdicts, title="Delårsrapport augusti 2026")


def whole_desk(snapshot, verdicts, **more):
    """The pages, and the letters as the text that stands in them."""
    letters = render_letters(snapshot, verdicts, CITY, **more)
    texts = {name: text_of(data) for name, data in letters.items()}
    return render_findings(snapshot, verdicts, CITY, **more) | texts


def text_of(letter):
    return "\n".join(p.text for p in docx.Document(io.BytesIO(letter)).paragraphs)
