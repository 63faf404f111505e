"""What a correction would change before it is merged: the report with the file and without it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from expectations.contract import GROUPS, SECTIONS, Reading, keyed_rows
from expectations.registers import City
from expectations.staging import GROUP_OF
from expectations.verdicts import Finding, Verdict
from tasks.compose import compose
from tasks.differing import Difference, differences
from tasks.report.as_data import report_as_data
from tasks.report.material import say
from warehouse.snapshot import SectionState, Snapshot, StoredDocument, StoredRow


def with_file(snapshot: Snapshot, reading: Reading, verdict: Verdict) -> Snapshot:
    """Return the snapshot as it would be with the file merged; nothing is stored.

    Sections that a STOPP holds back stay as they are, and so does what the file does not speak of.
    """
    board, period = verdict.board, verdict.period or snapshot.round
    said = {s for s in SECTIONS if s in GROUP_OF and reading.rows(s)}
    groups = {GROUP_OF[s] for s in said} - {group for group in GROUPS if verdict.stops(group)}
    if board is None or period is None or not groups:
        return snapshot
    sha256 = reading.document.sha256 or ""
    rows = tuple(
        StoredRow(board, period, section, key, row, sha256, 0)
        for section in SECTIONS
        if section in GROUP_OF and GROUP_OF[section] in groups
        for key, row in keyed_rows(reading, section)
    )

    def is_replaced(row: StoredRow | SectionState) -> bool:
        group = row.group if isinstance(row, SectionState) else GROUP_OF[row.section]
        return row.board == board and row.period == period and group in groups

    def is_answered(finding: Finding) -> bool:
        return finding.board == board and finding.group in groups

    document = StoredDocument(reading.document, board, period, 0, snapshot.as_of, "")
    return replace(
        snapshot,
        documents=(*snapshot.documents, document),
        rows=(*(row for row in snapshot.rows if not is_replaced(row)), *rows),
        sections=tuple(
            replace(state, state="merged", document=sha256) if is_replaced(state) else state
            for state in snapshot.sections
        ),
        findings=(*(f for f in snapshot.findings if not is_answered(f)), *verdict.findings),
    )


def effects(snapshot: Snapshot, city: City, reading: Reading, verdict: Verdict) -> list[Difference]:
    """Return which figures, statuses and texts of the report the file would change.

    That it would stand among the documents itself goes without saying.
    """
    status = say("statuses.draft")
    before = report_as_data(compose(snapshot, city, status=status))
    after = report_as_data(compose(with_file(snapshot, reading, verdict), city, status=status))
    listed = say("sources.title")
    return [one for one in differences(before, after) if one.chapter != listed]


def verdict_changes(snapshot: Snapshot, verdict: Verdict) -> Mapping[str, Sequence[str]]:
    """Return the findings that would go and come, by rule and place, of the file's board."""
    mine = {f.key: f for f in snapshot.findings if f.board == verdict.board and not f.is_settled}
    new = {finding.key: finding for finding in verdict.findings if not finding.is_settled}
    return {
        "gone": [f"{f.rule} {f.message}" for key, f in sorted(mine.items()) if key not in new],
        "come": [f"{f.rule} {f.message}" for key, f in sorted(new.items()) if key not in mine],
    }


def verdict_differences(told: Mapping[str, Sequence[str]]) -> list[Difference]:
    """Return the findings that go and come as differences, for a page."""
    chapter, where = say("differences.verdicts"), say("differences.finding")
    gone = [Difference(chapter, "status", where, finding, "") for finding in told["gone"]]
    return [*gone, *(Difference(chapter, "status", where, "", one) for one in told["come"])]
