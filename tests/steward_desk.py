"""The steward's pages that both the desk's own tests and the browser's look at."""

from datetime import UTC, date, datetime

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
    return render_findings(snapshot, verdicts, CITY, title="Delårsrapport augusti 2026")
