"""What the steward's pages show: each board with its sections and findings, and the city itself.

Boards stand in the order of what to do first: what is stopped, what is missing, what is asked,
what is done. What has come, gone and changed since the report before is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from expectations.catalogue import rule
from expectations.complaints import SEVERITIES, Complaint, complaints
from expectations.contract import GROUPS
from expectations.registers import City
from expectations.verdicts import Finding, NotChecked, Verdict
from warehouse.snapshot import SectionState, Snapshot, StoredDocument

STAGES = ("stopped", "missing", "asked", "done")
"""What a board's row in the worklist is sorted under, the most urgent first."""


@dataclass(frozen=True, slots=True)
class Copy:
    """The board's own file with the findings marked, or why there is none.

    `name` is the file's name and its address beside the page; `reason` a key of the page's words.
    """

    document: str
    name: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Before:
    """What the report before this one knew: its moment, and the findings that stood then."""

    at: datetime
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class News:
    """What is new of a board since the report before."""

    sections: tuple[str, ...]
    """Groups that have come in, or come in anew."""
    findings: frozenset[str]
    """Numbers of the findings that the report before did not have."""
    mended: int
    """Findings of the report before that are mended or answered."""


@dataclass(frozen=True, slots=True)
class BoardPage:
    """All that one board's page and its row in the worklist show."""

    board_id: str
    name: str
    sections: dict[str, SectionState]
    complaints: tuple[Complaint, ...]
    not_checked: tuple[NotChecked, ...] = ()
    documents: tuple[StoredDocument, ...] = ()
    copies: tuple[Copy, ...] = ()
    shared: tuple[Complaint, ...] = ()
    """The city's findings that concern this board among others."""
    news: News | None = None
    """What is new since the report before; None where there is none."""

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
    def answered(self) -> int:
        """How many findings are answered or waived."""
        return sum(len(c.places) for c in self.complaints if c.is_settled)

    @property
    def added(self) -> int:
        """How many open stops and questions the report before did not have."""
        return sum(
            self.news is not None and finding.key in self.news.findings
            for c in self.complaints
            if c.severity != "TIPS" and not c.is_settled
            for finding in c.findings
        )

    @property
    def stage(self) -> str:
        """What to do with the board first: one of STAGES."""
        states = {state.state for state in self.sections.values()}
        if self.counts["STOPP"] or "stopped" in states:
            return "stopped"
        if "missing" in states:
            return "missing"
        return "asked" if self.counts["FRÅGA"] else "done"

    @property
    def is_foreign(self) -> bool:
        """Whether what came is not the board's own file of this round: nothing in it is to mend."""
        return any(
            c.first.rule in ("A-BODY", "A-CITY", "A-PER", "G-ORG") and not c.is_settled
            for c in self.complaints
            if c.severity == "STOPP"
        )

    @property
    def owes(self) -> bool:
        """Whether the board is one that has to hand in: it exists in the period."""
        return not any(c.first.rule == "G-ORG" for c in self.complaints)

    @property
    def marked(self) -> tuple[Copy, ...]:
        """The copies that there are."""
        return tuple(copy for copy in self.copies if copy.name)

    @property
    def file_name(self) -> str:
        """Name of the board's page beside the worklist."""
        return f"{self.board_id or 'okand-avsandare'}.html"

    @property
    def letter_name(self) -> str:
        """Name of the draft of a letter to the board, to edit and send."""
        return f"brev-{self.board_id}.docx"


@dataclass(frozen=True, slots=True)
class CityPage:
    """The city's own findings, over several boards, and what could not be compared."""

    complaints: tuple[Complaint, ...] = ()
    not_checked: tuple[NotChecked, ...] = ()

    @property
    def open(self) -> tuple[Complaint, ...]:
        """What the office has to settle; tips are apart."""
        return tuple(c for c in self.complaints if not c.is_settled and c.severity != "TIPS")


def city_page(verdicts: Sequence[Verdict]) -> CityPage:
    """Return the city's own verdict as a page shows it."""
    own = [verdict for verdict in verdicts if verdict.is_citys]
    return CityPage(
        complaints(finding for verdict in own for finding in verdict.findings),
        tuple(item for verdict in own for item in verdict.not_checked),
    )


def board_pages(
    snapshot: Snapshot,
    verdicts: Sequence[Verdict],
    city: City,
    *,
    copies: Mapping[str, Sequence[Copy]],
    before: Before | None,
) -> tuple[BoardPage, ...]:
    """Return every board that owes or has said something, what is most urgent first, by name."""
    states: dict[str, dict[str, SectionState]] = defaultdict(dict)
    for state in snapshot.sections:
        states[state.board].setdefault(state.group, state)
    findings: dict[str, list[Finding]] = defaultdict(list)
    skipped: dict[str, list[NotChecked]] = defaultdict(list)
    for verdict in verdicts:
        if not verdict.is_citys:
            findings[verdict.board or ""].extend(verdict.findings)
            skipped[verdict.board or ""].extend(verdict.not_checked)
    documents: dict[str, list[StoredDocument]] = defaultdict(list)
    for document in snapshot.documents:
        documents[document.board or ""].append(document)
    known = {board.board_id: board.name for board in city.boards}
    shared = city_page(verdicts).open
    pages = [
        BoardPage(
            board_id=board_id,
            name=known.get(board_id, "Okänd avsändare"),
            sections={g: states[board_id][g] for g in GROUPS if g in states[board_id]},
            complaints=complaints(findings[board_id]),
            not_checked=tuple(dict.fromkeys(skipped[board_id])),
            documents=tuple(documents[board_id]),
            copies=tuple(copies.get(board_id, ())),
            shared=tuple(_shared(shared, board_id, findings[board_id])),
            news=_news(board_id, states[board_id], findings[board_id], before),
        )
        for board_id in set(states) | set(findings) | set(documents)
    ]
    return tuple(sorted(pages, key=lambda page: (STAGES.index(page.stage), page.name)))


def _shared(
    citys: Sequence[Complaint], board_id: str, findings: Sequence[Finding]
) -> Iterator[Complaint]:
    """Yield the city's complaints that concern a board and that it is not asked about itself."""
    own = {finding.rule for finding in findings}
    for complaint in citys:
        echo = rule(complaint.first.rule).parameters.get("echoes")
        if board_id in complaint.first.boards and echo not in own:
            yield complaint


def _news(
    board_id: str,
    states: Mapping[str, SectionState],
    findings: Sequence[Finding],
    before: Before | None,
) -> News | None:
    if before is None:
        return None
    mine = [f for f in before.findings if (f.board or "") == board_id and f.severity != "TIPS"]
    mine = [f for f in mine if not f.is_citys]
    still = {f.key for f in findings if not f.is_settled}
    come = [
        group
        for group in GROUPS
        if (state := states.get(group)) is not None
        and state.received_at is not None
        and state.received_at > before.at
    ]
    asked = {f.key for f in findings if f.severity != "TIPS"}
    return News(
        sections=tuple(come),
        findings=frozenset(asked - {f.key for f in mine}),
        mended=len({f.key for f in mine if not f.is_settled} - still),
    )
