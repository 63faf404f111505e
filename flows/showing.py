"""Look-ups in words: what a file says, what was found, where a figure comes from."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from desk.pages import standing_word
from expectations.complaints import complaints
from expectations.contract import SECTIONS, Document, Place, Reading, Unread
from expectations.registers import LOCAL_TIME, City
from expectations.verdicts import Answer, Finding, Verdict
from flows.summary import group_word
from tasks.reading_told import NO_BOARD, UnreadGroup, reading_words, shares_read, unread_groups
from warehouse.central import CentralTrace
from warehouse.changes import Change, SectionVersion
from warehouse.handling import Handling
from warehouse.sections import Trace

_MOST_LINES, _BEGUN = 60, 120
SECTION_WORDS = {
    "goals": "mål",
    "indicators": "indikatorer",
    "assignments": "uppdrag",
    "decisions": "beslutssatser",
    "finance": "rader i resultattabell",
    "central_items": "kommuncentrala poster",
    "investments": "investeringar",
    "measures": "mått",
    "staff": "personaluppgifter",
    "competence_gaps": "kompetensgap",
    "competence_positions": "befattningar",
    "competence_shift": "behov av kompetensväxling",
    "funding": "medel",
    "efforts": "insatser",
    "activities": "aktiviteter",
    "agenda2030": "kopplingar till Agenda 2030",
    "deviations": "avvikelser",
    "audits": "revisionsrekommendationer",
    "narratives": "texter",
}


def reading_in_words(reading: Reading, city: City | None) -> str:
    """Return what a file says: its head, how much of each section, and what was not understood."""
    document = reading.document
    sure = f" (säkerhet {document.confidence * 100:.0f} procent)" if document.confidence else ""
    kinds = reading_words()["kinds"]
    kind = kinds.get(document.kind, document.kind)
    if reading.faults and document.kind == "unknown" and not reading.groups():
        kind = "gick inte att läsa"
    lines = [f"{document.name}: {kind}{sure}", ""]
    if kind in kinds.values():
        lines += [f"  {label:<18}{value}" for label, value in _head(document, city) if value]
    lines += [f"  {label:<18}{value}" for label, value in shares_read(reading)]
    found = [(SECTION_WORDS[name], len(reading.rows(name))) for name in SECTIONS]
    if any(number for _, number in found):
        lines += ["", *(f"  {number:>5} {word}" for word, number in found if number)]
    for fault in reading.faults:
        told = fault.values.get("orsak") or fault.values.get("plats") or fault.rule
        lines += [f"  Kunde inte läsas: {told}.", f"  {fault.values.get('råd', '')}".rstrip()]
    if reading.unread:
        lines += ["", f"  Inte förstått ({len(reading.unread)}):"]
        unread = [line for group in unread_groups(reading.unread) for line in _group(group)]
        lines += unread[:_MOST_LINES]
        if len(unread) > _MOST_LINES:
            lines.append("    … och mer. --html visar allt.")
    return "\n".join(lines)


def _group(group: UnreadGroup) -> Iterator[str]:
    """Yield the reason and where it holds, then what stands there, one line of it after another."""
    yield from _wrapped(f"{group.where}: {group.why}" if group.where else group.why, 4)
    for named, same in itertools.groupby(group.items, key=lambda item: _row(item.place)):
        begun = ", ".join(_begun(item) for item in same)
        told = f"{named}: " if named and len(group.items) > 1 else ""
        yield from _wrapped(f"{told}{begun}", 8)


def _row(place: Place | None) -> str:
    """Return the line or cell of a place, where its page or sheet is told already."""
    if place and place.line:
        return f"rad {place.line}"
    return f"cell {place.cell}" if place and place.cell else ""


def _wrapped(text: str, indent: int) -> list[str]:
    return textwrap.wrap(text, 96, initial_indent=" " * indent, subsequent_indent=" " * indent)


def _begun(item: Unread) -> str:
    """Return the first words of what was not understood, to be found in the document."""
    words = " ".join(item.text.split())
    return f"”{words}”" if len(words) <= _BEGUN else f"”{words[:_BEGUN].rsplit(' ', 1)[0]} …”"


def _head(document: Document, city: City | None) -> list[tuple[str, str]]:
    board = city.board(document.board) if city else None
    return [
        ("Nämnd", board.name if board else document.board or NO_BOARD[city is not None]),
        ("Omgång", document.round or ""),
        ("Gäller", document.span or ""),
        ("Datum", document.date.isoformat() if document.date else ""),
        ("Ärende", document.case_number or ""),
        ("Maskinläst", f"ur en bild, av {document.machine_read}" if document.machine_read else ""),
        ("Därför", "; ".join(document.reasons[:3])),
    ]


def findings_in_words(
    findings: Sequence[Finding], *, names: dict[str, str] | None = None, city: str = ""
) -> str:
    """Return findings in the order to mend them, equal ones told once with their places.

    `names` are the boards' by id, `city` the city's, whose own findings name the boards.
    """
    lines: list[str] = []
    for told in complaints(findings):
        who = (names or {}).get(told.first.board or "", "")
        where = "; ".join(dict.fromkeys(place for place, _, _ in told.places))
        if told.first.is_citys:
            who, where = city, ", ".join((names or {}).get(b, b) for b in told.first.boards)
        parts = (who, told.first.document_name, where)
        lines += [
            f"{told.severity}  {' · '.join(part for part in parts if part)}",
            f"  {told.first.message}",
            f"  {told.first.remedy}",
            *((f"  {answer_in_words(told.answer)}",) if told.answer else ()),
            f"  {', '.join(told.numbers)}",
            "",
        ]
    return "\n".join(lines).rstrip() or "Utan fel: inga påpekanden."


def answer_in_words(answer: Answer) -> str:
    """Return an answer or waiver as a line: what was said, by whom and when."""
    day = answer.at.astimezone(LOCAL_TIME).date().isoformat()
    if answer.is_offered:
        kind = "undantag" if answer.kind == "waiver" else "svar"
        said = f"Tidigare {kind}, gäller inte nu: ”{answer.text}” ({answer.by}, {day})."
        return f"{said} Ge det igen med --again."
    if answer.kind == "waiver":
        until = f", gäller till {answer.until.isoformat()}" if answer.until else ""
        return f"Undantag: ”{answer.text}” ({answer.by}, {day}{until})"
    return f"Besvarat: ”{answer.text}” ({answer.by}, {day})"


def verdict_in_words(verdict: Verdict) -> str:
    """Return a whole verdict: findings, then what was not checked."""
    lines = [findings_in_words(verdict.findings)]
    if verdict.not_checked:
        lines += ["", "Detta har inte kontrollerats:"]
        lines += [f"  {item.reason}" for item in verdict.not_checked]
    return "\n".join(lines)


def handling_in_words(handling: Handling) -> str:
    """Return where a section stands, to write behind its state; nothing where that says it all."""
    if handling.standing in ("missing", "decided"):
        return ""
    told = f": {handling.told}" if handling.told else ""
    if handling.standing in ("sent_back", "tabled"):
        told = ""  # the decision's own words stand before
    later = f" ({handling.waiting} kom efteråt och väntar)" if handling.waiting else ""
    return f", {standing_word(handling.standing)}{told}{later}"


ROW_WORDS = {"new": "ny rad", "gone": "borttagen rad"}


def changes_in_words(
    pairs: Sequence[tuple[SectionVersion, SectionVersion, Sequence[Change]]],
) -> str:
    """Return what differs between versions that follow on each other, section by section."""
    lines: list[str] = []
    for before, after, changes in pairs:
        day = after.known_from.astimezone(LOCAL_TIME)
        lines.append(
            f"{group_word(after.group).capitalize()}: version {before.version} → {after.version}, "
            f"känd {day:%Y-%m-%d %H.%M}"
        )
        for one in changes:
            where = f"{SECTION_WORDS.get(one.section, one.section)} · {one.key}"
            if one.kind == "changed":
                lines += [f"  {where} · {one.field}", f"    ”{one.before}” → ”{one.after}”"]
            else:
                lines.append(f"  {where}: {ROW_WORDS[one.kind]}")
        if not changes:
            lines.append("  Samma uppgifter, i en annan handling eller med annat läge.")
        lines.append("")
    return "\n".join(lines).rstrip() or "Bara en version av varje avsnitt. Ingenting att jämföra."


def computed_in_words(computed: Mapping[str, Any]) -> str:
    """Return what a computed number is and how it was computed; its figures follow."""
    return "\n".join(
        [
            f"{computed['computed_id']}: {computed['shown']}",
            f"  Står i       {computed['table']}: {computed['what']}",
            f"  Räknat så    {computed['how']}",
            *([f"  Av           {', '.join(computed['figures'])}"] if computed["figures"] else []),
            *([f"  Av           {'; '.join(items)}"] if (items := computed.get("items")) else []),
        ]
    )


def source_in_words(source: Mapping[str, Any], check: Mapping[str, Any] | None) -> str:
    """Return where a word of a scale stands, as the newest report that prints it says."""
    lines = [
        f"{source['figure_id']}: {source['board']}",
        f"  Skrivet      ”{source['written']}”",
        f"  Handling     {source['document']}, {source['place']}",
        f"  Kontrollsumma {source['sha256']}",
        f"  Version      {source['version']}",
        f"  Mottagen     {source['received']}",
        *(check_in_words(check) if check else ()),
    ]
    return "\n".join(lines)


CHECKED = (
    ("Prövat på uppgiften", "on_value"),
    ("Prövat på raden", "on_row"),
    ("Prövat på avsnittet", "on_section"),
    ("Prövat på handlingen", "on_document"),
    ("Prövat på nämnderna", "on_boards"),
    ("Påpekat här", "asked_here"),
    ("Påpekat intill", "asked_near"),
)


def check_in_words(check: Mapping[str, Any]) -> list[str]:
    """Return what was tried of a figure without a finding, what asked, and what was not tried."""
    lines = [f"  {name:<20} {', '.join(check[key])}" for name, key in CHECKED if check[key]]
    for why, rules in check["not_tried"]:
        told = f"{', '.join(rules)}: {why}" if rules else why
        lines.append(f"  {'Inte prövat':<20} {told}")
    return lines


def central_trace_in_words(traces: Sequence[CentralTrace], city: City) -> str:
    """Return where a figure of the city's own systems comes from, the newest version first."""
    lines = []
    for trace in traces:
        one = trace.figure
        board = city.board(one.board)
        owner = board.name if board else (one.board or "ingen nämnd")
        state = "gäller" if trace.is_current else "ersatt"
        line = f", rad {one.figure.place.line}" if one.figure.place else ""
        lines += [
            f"{trace.figure_id}: {owner}, {trace.period}, ur stadens egna system ({trace.kind})",
            f"  Uppgift      {one.section} · {one.key} · {one.column}",
            f"  Värde        {one.figure.written} ({one.figure.unit or 'utan enhet'})",
            *(f"  Består av    {p.label}: {p.value}, rad {p.line}" for p in one.parts),
            f"  Handling     {trace.document_name}{line}",
            f"  Kontrollsumma {trace.document}",
            f"  Version      {trace.version} ({state})",
            f"  Mottagen     {trace.received_at.astimezone(LOCAL_TIME):%Y-%m-%d %H.%M}",
            "",
        ]
    return "\n".join(lines).rstrip()


def trace_in_words(
    traces: Sequence[Trace], city: City, checks: Mapping[str, Mapping[str, Any]]
) -> str:
    """Return where a figure comes from, version by version, the newest first.

    `checks` says by figure what was checked of the version that the newest report prints.
    """
    lines = []
    for trace in traces:
        board = city.board(trace.board)
        figure = trace.figure
        place = figure.place.in_words() if figure.place else "okänd plats"
        state = "gäller" if trace.is_current else "ersatt"
        lines += [
            f"{trace.figure_id}: {board.name if board else trace.board}, {trace.period}",
            f"  Uppgift      {trace.section} · {trace.row_key} · {trace.field}",
            f"  Skrivet      ”{figure.written}” ({figure.unit or 'utan enhet'})",
            f"  Handling     {trace.document_name}, {place}",
            f"  Kontrollsumma {trace.document}",
            f"  Version      {trace.version} ({state})",
            f"  Mottagen     {trace.received_at.astimezone(LOCAL_TIME):%Y-%m-%d %H.%M}",
        ]
        if trace.is_current and trace.figure_id in checks:
            lines += check_in_words(checks[trace.figure_id])
        lines.append("")
    return "\n".join(lines).rstrip()
