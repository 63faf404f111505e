"""Commands that look: status, findings, rules."""

from __future__ import annotations

import argparse
from itertools import pairwise

from flows.commands.asking import (
    RAN,
    Command,
    UserError,
    as_of_argument,
    city_argument,
    city_of,
    end_of_day,
    json_argument,
    period_arguments,
    print_json,
    settings_of,
    snapshot_of,
)


def _status(options: argparse.Namespace) -> int:
    city, snapshot = snapshot_of(options)
    if options.json:
        print_json(snapshot.sections)
        return RAN
    from desk.pages import state_word
    from flows.showing import handling_in_words
    from flows.summary import group_word

    for state in snapshot.sections:
        board = city.board(state.board)
        late = f", {state.late_days} dagar sent" if state.late_days else ""
        granted = "anstånd till" if state.extended else "sista dag"
        due = f", {granted} {state.due_on}" if state.state == "missing" and state.due_on else ""
        told = "".join(f", {words}" for words in (state.reason, state.decision) if words)
        name = board.name if board else state.board
        word = state_word(state.state)
        stands = handling_in_words(state.handling)
        if state.edition and state.state in ("merged", "nothing_to_report"):
            stands += f", i rapporten sedan version {state.edition}"
        print(f"{name:<46} {group_word(state.group):<12} {word}{late}{due}{told}{stands}")
    return RAN


def _findings(options: argparse.Namespace) -> int:
    from expectations.contract_json import as_json

    city, snapshot = snapshot_of(options)
    wanted = [f for f in snapshot.findings if options.board in (None, f.board, *f.boards)]
    if options.json:
        print_json([as_json(finding) | {"key": finding.key} for finding in wanted])
        return RAN
    from flows.showing import findings_in_words

    names = {b.board_id: b.name for b in city.boards}
    print(findings_in_words(wanted, names=names, city=city.name))
    return RAN


def _rules(options: argparse.Namespace) -> int:
    from expectations.catalogue import GATE_WORDS, catalogue, validity

    wanted = [rule for rule in catalogue() if options.rule in (None, rule.id)]
    if not wanted:
        raise UserError(f"Regeln {options.rule} finns inte. samlad rules visar alla.")
    if options.json:
        print_json(wanted)
        return RAN
    city = city_of(options) if options.city else None
    round_ = city.round(options.round) if city and options.round else None
    changed = city.rules_changed(round_) if city else {}
    for rule in wanted:
        change = changed.get(rule.id)
        severity = change.severity if change else rule.severity
        if round_ and not rule.valid_on(round_.period_to):
            severity = "–"
        print(f"{rule.id:<12}{'av' if severity == 'off' else severity:<7}{rule.demand}")
        if change:
            print(f"            I omgången i stället för {rule.severity}: {change.reason}")
        if options.rule:
            print(f"  Säger: {rule.message}\n  Gör så här: {rule.remedy}")
            print(f"  Prövas vid {GATE_WORDS[rule.gate]}. Källa: {rule.source}")
            print(f"  {validity(rule)}")
    return RAN


def _changes(options: argparse.Namespace) -> int:
    """Tell what differs between two versions of a board's sections, field by field."""
    from flows.showing import changes_in_words
    from warehouse.changes import changes_between, section_versions
    from warehouse.warehouse import open_warehouse

    city = city_of(options)
    if city.board(options.board) is None:
        raise UserError(f"Nämnden {options.board} finns inte i {city.name}. Använd mappnamnet.")
    with open_warehouse(settings_of(options).warehouse) as warehouse:
        found = section_versions(
            warehouse.engine,
            city.city_id,
            options.round,
            board=options.board,
            as_of=end_of_day(options.as_of),
        )
    pairs = [
        (before, after, changes_between(before.rows, after.rows))
        for before, after in pairwise(found)
        if before.group == after.group
    ]
    if options.json:
        told = [
            {"group": b.group, "from": b.version, "to": a.version, "known_from": a.known_from}
            | {"document": a.document, "changes": changes}
            for b, a, changes in pairs
        ]
        print_json(told)
    else:
        print(changes_in_words(pairs))
    return RAN


def _changes_arguments(parser: argparse.ArgumentParser) -> None:
    city_argument(parser)
    parser.add_argument("--round", required=True, metavar="OMGÅNG", help="till exempel 2026-08")
    parser.add_argument("--board", required=True, metavar="NÄMND", help="som mappen i inkorgen")
    json_argument(parser)
    as_of_argument(parser)


def _look_arguments(parser: argparse.ArgumentParser) -> None:
    city_argument(parser)
    period_arguments(parser)
    json_argument(parser)
    as_of_argument(parser)


def _findings_arguments(parser: argparse.ArgumentParser) -> None:
    _look_arguments(parser)
    parser.add_argument("--board", metavar="NÄMND", help="bara den här nämndens")


def _rules_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rule", metavar="REGEL", help="visa en regel helt")
    city_argument(parser, required=False)
    parser.add_argument("--round", metavar="OMGÅNG", help="som reglerna gäller i den omgången")
    json_argument(parser)


COMMANDS = (
    Command(
        "status",
        _status,
        "visa läget per nämnd och avsnitt",
        "samlad status --city goteborg --round 2024-08",
        _look_arguments,
    ),
    Command(
        "findings",
        _findings,
        "visa påpekandena",
        "samlad findings --city goteborg --round 2024-08 --board kommunstyrelsen",
        _findings_arguments,
    ),
    Command(
        "rules",
        _rules,
        "visa reglerna, eller en av dem",
        "samlad rules --rule E-SUM",
        _rules_arguments,
    ),
    Command(
        "changes",
        _changes,
        "visa vad som skiljer en nämnds versioner åt, uppgift för uppgift",
        "samlad changes --city lindhamn --round 2026-08 --board socialnamnden",
        _changes_arguments,
    ),
)
