"""Commands that settle findings: answer, waive, and withdraw, the way back."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flows.commands.asking import (
    RAN,
    Command,
    UserError,
    acts_as_of,
    as_of_argument,
    city_argument,
    end_of_day,
    period_arguments,
    settings_of,
    snapshot_of,
    who_arguments,
)
from flows.swedish_help import day_argument

if TYPE_CHECKING:
    from expectations.registers import City
    from expectations.verdicts import Finding


def _answer(options: argparse.Namespace) -> int:
    return _settle(options, "answer", options.by, options.text)


def _waive(options: argparse.Namespace) -> int:
    if options.until < datetime.now(UTC).date():
        raise UserError(f"Undantaget skulle gälla till {options.until}, som redan har varit.")
    return _settle(options, "waiver", options.approved_by, options.reason)


def _settle(options: argparse.Namespace, kind: str, by: str, text: str | None) -> int:
    from warehouse.acts import OfficeAct, record
    from warehouse.store import open_store

    if not options.again and not (text or "").strip():
        raise UserError("Texten är tom. Skriv svaret eller skälet inom citattecken.")
    city, snapshot = snapshot_of(options)
    findings = _concerned(options, snapshot.findings, kind)
    if options.again:
        findings = _said_before(findings, kind)
    texts = [text or (finding.answer.text if finding.answer else "") for finding in findings]
    store = open_store(settings_of(options).store)
    for finding, said in zip(findings, texts, strict=True):
        act = OfficeAct(
            kind=kind,
            city=city.city_id,
            board=finding.board,
            period=finding.period or "",
            by=by,
            text=said.strip(),
            at=datetime.now(UTC),
            until=getattr(options, "until", None),
            about={"finding": finding.key, "basis": finding.basis, "rule": finding.rule},
        )
        print(f"{record(store, act, options.name).act_id}  {_told(finding, city)}")
    print("\nGäller från nästa körning, så länge uppgiften och regeln är oförändrade.")
    return RAN


def _concerned(
    options: argparse.Namespace, findings: Sequence[Finding], kind: str
) -> list[Finding]:
    """Return the findings that the user means; UserError where there are none, or none may be."""
    from expectations.settling import may_settle

    if options.finding:
        found = [f for f in findings if f.key == options.finding]
    elif not options.board:
        found = [f for f in findings if f.rule == options.rule and f.is_citys]
        if not found:
            raise UserError("Säg vilken nämnd det gäller med --board.")
    else:
        found = [f for f in findings if f.rule == options.rule and f.board == options.board]
    if not found:
        asked = options.finding or f"{options.rule} för {options.board}"
        raise UserError(
            f"Det finns inget påpekande {asked} här. samlad findings visar alla med sina nummer."
        )
    allowed = [f for f in found if may_settle(kind, f)]
    if not allowed and kind == "answer":
        raise UserError(
            "Ett STOPP kan inte besvaras: filen ska rättas. Ett undantag ges med samlad waive."
        )
    if not allowed:
        raise UserError(f"Från regeln {found[0].rule} ges inga undantag: filen ska rättas.")
    return allowed


def _said_before(findings: Sequence[Finding], kind: str) -> list[Finding]:
    """Return the findings of which the same was said before; UserError where there is none."""
    found = [
        f
        for f in findings
        if f.answer is not None and f.answer.is_offered and f.answer.kind == kind
    ]
    if not found:
        raise UserError(
            f"Till påpekande {findings[0].key} finns inget tidigare att ge igen. Skriv texten."
        )
    return found


def _told(finding: Finding, city: City) -> str:
    board = city.board(finding.board)
    unknown = city.name if finding.is_citys else "okänd avsändare"
    return f"{board.name if board else unknown}: {finding.message}"


def _withdraw(options: argparse.Namespace) -> int:
    from warehouse.acts import WITHDRAWAL, OfficeAct, acts_of, record
    from warehouse.closures import DISPOSED
    from warehouse.persons import ERASED_KIND
    from warehouse.store import open_store

    store = open_store(settings_of(options).store)
    act = next(
        (a for a in acts_of(store, store.journal(), options.city) if a.act_id == options.act), None
    )
    if act is None:
        raise UserError(f"{options.act} finns inte, eller är redan återtaget. samlad acts visar.")
    if act.kind == DISPOSED:
        raise UserError(f"{act.act_id} är en gallring, och den kan inte återtas.")
    if act.kind == ERASED_KIND:
        raise UserError(f"{act.act_id} är en radering av ett namn, och den kan inte återtas.")
    back = OfficeAct(
        kind=WITHDRAWAL,
        city=act.city,
        board=act.board,
        period=act.period,
        by=options.by,
        text=options.reason,
        at=datetime.now(UTC),
        about={"act": act.act_id},
    )
    made = record(store, back, options.name)
    print(f"{made.act_id}  {act.act_id} är återtaget. Det står kvar i journalen.")
    return RAN


KINDS = {
    "answer": "svar",
    "waiver": "undantag",
    "extension": "anstånd",
    "withheld": "undantaget avsnitt",
    "decision": "beslut",
    "lock": "låst avsnitt",
    "unlock": "upplåst avsnitt",
    "asked": "begärd komplettering",
    "assignment_decision": "beslut om uppdrag",
    "blocked": "spärr",
    "disposed": "gallring",
    "adjustment": "justering",
    "confirmation": "nämndens svar på en justering",
    "attachment": "bilaga",
    "handover": "överlämnande",
    "release": "fastställande",
    "registers": "register",
    "registration": "diarieföring",
    "person_erased": "raderat namn",
    "words": "kontorets egna ord",
    "status": "rapportens status",
}


def _acts(options: argparse.Namespace) -> int:
    from warehouse.closures import closures_of, told_of_closed
    from warehouse.persons import persons_of
    from warehouse.store import open_store

    store = open_store(settings_of(options).store)
    acts = acts_as_of(store, store.journal(), options.city, end_of_day(options.as_of))
    persons, closures = persons_of(store, options.city), closures_of(acts)
    for act in acts:
        until = f", till {act.until}" if act.until else ""
        what = ", ".join(filter(None, (KINDS.get(act.kind, act.kind), act.about.get("rule"))))
        whose = act.board or ("hela staden" if act.kind in ("answer", "waiver") else "–")
        who = ""
        if act.person:
            who = f" ({persons[act.person].name if act.person in persons else 'raderat namn'})"
        print(f"{act.act_id}  {act.period}  {whose}  {what}, av {act.by}{who}{until}")
        closed = told_of_closed(act, closures)
        print(f"    {f'visas inte: {closed}' if closed else act.text}")
    if not acts:
        print("Kontoret har inte svarat på något eller gett något undantag.")
    return RAN


def _acts_arguments(parser: argparse.ArgumentParser) -> None:
    city_argument(parser)
    as_of_argument(parser)


def _which_arguments(parser: argparse.ArgumentParser) -> None:
    city_argument(parser)
    period_arguments(parser)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--finding", metavar="NUMMER", help="påpekandets nummer, som P-4f0c9a1b2d")
    which.add_argument("--rule", metavar="REGEL", help="alla påpekanden enligt en regel")
    parser.add_argument(
        "--board", metavar="NÄMND", help="den nämnd som --rule gäller; utelämnas för stadens egna"
    )


def _said_arguments(parser: argparse.ArgumentParser, flag: str, name: str, words: str) -> None:
    said = parser.add_mutually_exclusive_group(required=True)
    said.add_argument(flag, metavar=name, help=words)
    said.add_argument(
        "--again",
        action="store_true",
        help="säg samma sak som förut, i den förra omgången eller om ett annat värde",
    )


def _answer_arguments(parser: argparse.ArgumentParser) -> None:
    _which_arguments(parser)
    _said_arguments(parser, "--text", "SVAR", "svaret")
    who_arguments(parser, "svarar")


def _waive_arguments(parser: argparse.ArgumentParser) -> None:
    _which_arguments(parser)
    _said_arguments(parser, "--reason", "SKÄL", "varför")
    parser.add_argument(
        "--approved-by", required=True, metavar="ROLL", help="vem som har godkänt, inte namn"
    )
    who_arguments(parser, "har godkänt", by=False)
    parser.add_argument(
        "--until", required=True, type=day_argument, metavar="DATUM", help="sista dag"
    )


def _withdraw_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("act", metavar="NUMMER", help="det som återtas, som H-2026-09-21-0003")
    city_argument(parser)
    parser.add_argument("--reason", required=True, metavar="SKÄL", help="varför")
    who_arguments(parser, "återtar")


COMMANDS = (
    Command(
        "answer",
        _answer,
        "svara på en fråga i en nämnds ställe",
        'samlad answer --city lindhamn --round 2026-08 --finding P-4f0c9a1b2d --text "Bekräftat"',
        _answer_arguments,
    ),
    Command(
        "waive",
        _waive,
        "ge undantag från en regel, med skäl och sista dag",
        "samlad waive --city lindhamn --round 2026-08 --finding P-4f0c9a1b2d "
        '--reason "Ny organisation" --approved-by budgetchef --until 2026-12-31',
        _waive_arguments,
    ),
    Command(
        "withdraw",
        _withdraw,
        "återta ett svar eller undantag",
        'samlad withdraw H-2026-09-21-0003 --city lindhamn --reason "Fel fråga"',
        _withdraw_arguments,
    ),
    Command(
        "acts", _acts, "visa svar och undantag", "samlad acts --city lindhamn", _acts_arguments
    ),
)
