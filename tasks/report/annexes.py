"""What stands behind the report: data quality, sources, method and glossary."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from expectations.catalogue import catalogue
from expectations.registers import LOCAL_TIME
from expectations.swedish import swedish_day
from expectations.verdicts import Finding
from tasks.report.assignments import short
from tasks.report.blocks import Block, Cell, Listing, Paragraph, Section, Table, count, text
from tasks.report.material import Material, counted, day_in_words, say, words

HASH_SHOWN = 12
BOARDS_SHOWN = 4
HEAD_SHOWN = 16
"""Digits of the journal's head on paper: 64 bits are enough to hold the whole chain against."""


def quality(material: Material, *, group: str | None = None) -> Section:
    """Return findings per rule, and what was stopped and why; of one group where it is named."""
    if group is not None:
        about = tuple(f for f in material.snapshot.findings if f.group in (group, None))
        material = replace(material, snapshot=replace(material.snapshot, findings=about))
    findings = [f for f in material.snapshot.findings if not f.hidden]
    hidden = sum(f.hidden for f in material.snapshot.findings)
    title = say("quality.title")
    blocks: list[Block] = [Paragraph(say("quality.lead"), "lead"), *_per_rule(findings)]
    blocks += _together(material)
    blocks += _stopped(material)
    blocks += _settled(material)
    blocks += _lowered(material)
    blocks += _adjusted(material)
    tips = sum(f.severity == "TIPS" for f in findings)
    if tips:
        blocks.append(Paragraph(counted("quality.tips", tips), "note"))
    if hidden:
        blocks.append(Paragraph(counted("quality.rounding", hidden), "note"))
    return Section("datakvalitet", title, tuple(blocks), is_annex=True)


def _per_rule(findings: Sequence[Finding]) -> Iterator[Block]:
    """Yield one row per rule: how many findings, and how they stand."""
    rows = []
    for rule in catalogue():
        for severity in ("STOPP", "FRÅGA"):
            same = [f for f in findings if (f.rule, f.severity) == (rule.id, severity)]
            if not same:
                continue
            boards = {board for f in same for board in f.boards or (f.board,)}
            kinds = Counter(f.answer.kind for f in same if f.answer and f.is_settled)
            numbers = (len(same), len(boards), len(same) - sum(kinds.values()))
            settled = (kinds["answer"], kinds["waiver"])
            row = (text(rule.id), text(rule.demand), text(severity))
            hows = ("findings", "findings_boards", "findings_open", "findings_answered")
            told = zip((*numbers, *settled), (*hows, "findings_waived"), strict=True)
            rows.append((*row, *(count(n, how=say(f"how.{how}")) for n, how in told)))
    if not rows:
        yield Paragraph(say("quality.none"))
        return
    head, columns = tuple(words()["quality"]["head"]), (3, 4, 5, 6, 7)
    yield Table(
        "t-kvalitet", say("quality.table"), head, tuple(rows), numbers=columns, unbroken=(0,)
    )


def _together(material: Material) -> Iterator[Block]:
    """Return what boards say that does not go together, which only the city can settle."""
    rows = tuple(
        (
            text(finding.message),
            text(", ".join(material.name(board) for board in finding.boards[:BOARDS_SHOWN]))
            if len(finding.boards) <= BOARDS_SHOWN
            else text(say("quality.many", count=len(finding.boards))),
            text(say(f"quality.settled_{finding.answer.kind}"))
            if finding.answer is not None and finding.is_settled
            else text(say("quality.unsettled")),
        )
        for finding in material.snapshot.findings
        if finding.is_citys and finding.severity != "TIPS"
    )
    if rows:
        head = tuple(words()["quality"]["together_head"])
        yield Table("t-tillsammans", say("quality.together"), head, rows)


def _adjusted(material: Material) -> Iterator[Block]:
    """Return the office's adjustments beside the boards' figures, with reason and answer."""
    rows = tuple(
        (
            text(material.name(one.board)),
            text(one.figure_id),
            Cell(one.said.written, is_number=True, figures=(one.figure_id,)),
            Cell(one.adjusted.written, is_number=True, how=say("quality.adjusted_how")),
            text(short(one.reason, 200)),
            text(short(one.confirmed, 200) or say("quality.unconfirmed")),
        )
        for one in material.snapshot.adjustments
    )
    if rows:
        head = tuple(words()["quality"]["adjusted_head"])
        yield Paragraph(say("quality.adjusted_lead"))
        yield Table("t-justeringar", say("quality.adjusted"), head, rows, numbers=(2, 3))


def _settled(material: Material) -> Iterator[Block]:
    """Return what was answered and waived: the question, the words, whose and until when."""
    rows = tuple(
        (
            text(_whose(material, finding)),
            text(short(finding.message, 200)),
            text(say(f"quality.settled_{finding.answer.kind}")),
            text(short(finding.answer.text, 300)),
            text(finding.answer.by if finding.answer.by != finding.board else say("quality.board")),
            text(swedish_day(finding.answer.until)),
        )
        for finding in material.snapshot.findings
        if finding.answer is not None and finding.is_settled
    )
    if rows:
        head = tuple(words()["quality"]["settled_head"])
        yield Table("t-besvarat", say("quality.settled"), head, rows)


def _whose(material: Material, finding: Finding) -> str:
    if finding.board:
        return material.name(finding.board)
    return material.city.name if finding.is_citys else say("quality.unknown")


def _lowered(material: Material) -> Iterator[Block]:
    """Return the rules that the city has lowered or switched off for the round, with reasons."""
    changes = material.city.rules_changed(material.round)
    demands = {rule.id: rule.demand for rule in catalogue()}
    rows = tuple(
        (
            text(demands[change.rule]),
            text(say("quality.off") if change.severity == "off" else change.severity),
            text(change.reason),
            text(change.decided_by),
        )
        for change in changes.values()
    )
    if rows:
        head = tuple(words()["quality"]["lowered_head"])
        yield Table("t-sankta", say("quality.lowered"), head, rows)


def _stopped(material: Material) -> Iterator[Block]:
    reasons: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for finding in material.snapshot.findings:
        if finding.severity == "STOPP" and not finding.is_settled:
            board = material.name(finding.board) if finding.board else say("quality.unknown")
            group = say(f"groups.{finding.group}") if finding.group else say("quality.whole")
            told = reasons[board, finding.document_name, group]
            if finding.message not in told:
                told.append(finding.message)
    rows = tuple(
        (text(board), text(name), text(group), text(short(" ".join(told), 300)))
        for (board, name, group), told in reasons.items()
    )
    if rows:
        head = tuple(words()["quality"]["stopped_head"])
        yield Table("t-stoppat", say("quality.stopped"), head, rows)


def organisation(material: Material) -> Section | None:
    """Return which boards and companies there are in the period, and what each owes."""
    if material.round is None:
        return None
    owed = material.city.owed(material.round)
    rows = tuple(
        (
            text(board.group),
            text(board.name),
            text(swedish_day(board.valid_from)),
            text(swedish_day(board.valid_to)),
            text(
                ", ".join(say(f"groups.{g}").lower() for g in owed.get(board.board_id, ()))
                or say("organisation.nothing")
            ),
        )
        for board in material.city.boards
        if board.valid_on(material.day)
    )
    head, title = tuple(words()["organisation"]["head"]), say("organisation.table")
    lead = Paragraph(say("organisation.lead", day=day_in_words(material.day)), "lead")
    table = Table("t-organisation", title, head, rows, unbroken=(2, 3), broad=(4,))
    return Section("organisation", say("organisation.title"), (lead, table), is_annex=True)


def sources(material: Material) -> Section:
    """Return one row per document with its receipt and the start of its hash."""
    rows = tuple(
        (
            text(material.name(stored.board) if stored.board else say("quality.unknown")),
            text(stored.document.name),
            count(stored.version, how=say("how.version")),
            text(stored.received_at.astimezone(LOCAL_TIME).strftime("%Y-%m-%d %H.%M")),
            text(stored.receipt_id),
            text(stored.document.sha256[:HASH_SHOWN]),
        )
        for stored in material.snapshot.documents
    )
    head = tuple(words()["sources"]["head"])
    table = Table("t-kallor", say("sources.table"), head, rows, numbers=(2,), unbroken=(3, 4, 5))
    if not rows:
        return Section(
            "kallor", say("sources.title"), (Paragraph(say("sources.none")),), is_annex=True
        )
    blocks = (Paragraph(say("sources.lead"), "lead"), table)
    return Section("kallor", say("sources.title"), blocks, is_annex=True)


def _items(journal: str | None) -> tuple[str, ...]:
    fixed = tuple(words()["method"]["items"])
    if journal is None:
        return fixed
    number, _, digest = journal.partition(":")
    return (*fixed, say("method.journal", number=number, head=f"{number}:{digest[:HEAD_SHOWN]}"))


def method(journal: str | None) -> Section:
    """Return how figures are shown and computed, and what the words mean.

    `journal` is the number and hash of a record of the journal: with it on paper nobody can write
    the journal anew unseen.
    """
    fixed = words()["method"]
    glossary = tuple((text(word), text(meaning)) for word, meaning in fixed["glossary"])
    table = Table(
        "t-ordlista", say("method.glossary_caption"), tuple(fixed["glossary_head"]), glossary
    )
    return Section("metod", say("method.title"), (Listing(_items(journal)), table), is_annex=True)
