"""Commands on central figures: the reconciliation, and adjustments beside a board's figure."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from flows.commands.asking import (
    RAN,
    Command,
    UserError,
    as_of_argument,
    city_argument,
    json_argument,
    print_json,
    settings_of,
    snapshot_of,
    who_arguments,
)

if TYPE_CHECKING:
    from expectations.contract import Figure
    from warehouse.snapshot import Snapshot


def _reconcile(options: argparse.Namespace) -> int:
    from desk.reconciliation import counts, lines_of, words

    options.on = None
    city, snapshot = snapshot_of(options)
    lines = lines_of(snapshot, city)
    if options.board:
        board = city.board(options.board)
        lines = [line for line in lines if board is not None and line.board == board.name]
    if options.json:
        print_json(lines)
        return RAN
    for source in snapshot.central:
        kind = words()["kinds"][source.kind]
        print(f"{source.name}: {kind}, version {source.version}")
        for fault in source.faults:
            print(f"  Används inte. Rad {fault.line}: {fault.fault} {fault.remedy}")
    if not lines:
        print("Inget centralt att stämma av mot. Lägg filerna i inkorgens mapp centralt/.")
        return RAN
    print(f"\n{'':<46}stämmer  skiljer  inte angivet")
    for one in counts(lines):
        print(f"{one.board:<46}{one.agrees:>7}{one.differs:>9}{one.not_said:>14}")
    told = lines if options.board else [li for li in lines if li.state in ("differs", "unplaced")]
    for line in told:
        state = words()["states"][line.state]
        said = f", nämnden {line.said} ({line.apart})" if line.apart else ""
        print(f"\n{line.board}: {line.label}, {line.column}: {state}")
        print(f"  centralt {line.central} {line.unit}{said}. {line.made_of}, rad {line.line}")
    return RAN


def _adjust(options: argparse.Namespace) -> int:
    from warehouse.adjusting import ADJUSTMENT, adjusted_figure

    value = _number(options.value)
    if not options.reason.strip():
        raise UserError("Skälet är tomt. Skriv det inom citattecken.")
    options.on = None
    city, snapshot = snapshot_of(options)
    board, said = _figure(snapshot, options.figure)
    if said.value is None:
        raise UserError(f"{options.figure} är inget tal (”{said.written}”) och kan inte justeras.")
    about = {"figure": options.figure, "value": str(value), "said": said.written}
    act = _record(options, ADJUSTMENT, board, options.reason.strip(), about)
    name = known.name if (known := city.board(board)) else board
    adjusted = adjusted_figure(said, value).written
    print(f"{act}  {name}: {said.written} står kvar, justerat till {adjusted} {said.unit or ''}.")
    print("\nBåda visas i rapporten. Nämndens svar antecknas med samlad confirm.")
    return RAN


def _confirm(options: argparse.Namespace) -> int:
    from warehouse.adjusting import CONFIRMATION

    options.on = None
    _, snapshot = snapshot_of(options)
    one = next((a for a in snapshot.adjustments if a.act_id == options.act), None)
    if one is None:
        raise UserError(f"Justeringen {options.act} finns inte. samlad adjustments visar alla.")
    if not options.text.strip():
        raise UserError("Texten är tom. Skriv nämndens svar inom citattecken.")
    options.by = one.board
    act = _record(options, CONFIRMATION, one.board, options.text.strip(), {"act": options.act})
    print(f"{act}  Nämndens svar på {options.act} är antecknat.")
    return RAN


def _adjustments(options: argparse.Namespace) -> int:
    options.on = None
    city, snapshot = snapshot_of(options)
    if options.json:
        print_json(snapshot.adjustments)
        return RAN
    for one in snapshot.adjustments:
        board = city.board(one.board)
        print(f"{one.act_id}  {board.name if board else one.board}, {one.figure_id}")
        print(f"    nämnden {one.said.written}, justerat {one.adjusted.written}: {one.reason}")
        stale = "    Nämnden har ändrat sitt tal sedan dess: pröva om skälet gäller än."
        print(*([stale] if one.is_stale else []), f"    {_answer(one.confirmed)}", sep="\n")
    if not snapshot.adjustments:
        print("Inga justeringar.")
    return RAN


def _answer(confirmed: str) -> str:
    return f"Nämnden: {confirmed}" if confirmed else "Nämnden har inte svarat."


def _figure(snapshot: Snapshot, figure_id: str) -> tuple[str, Figure]:
    from warehouse.adjusting import figures_by_id

    found = figures_by_id(snapshot.city, snapshot.rows).get(figure_id)
    if found is None:
        raise UserError(
            f"Uppgiften {figure_id} finns inte i omgången. Numret står i rapportens data."
        )
    return found


def _number(written: str) -> Decimal:
    plain = written.replace("\u00a0", "").replace(" ", "").replace("−", "-").replace(",", ".")
    try:
        value = Decimal(plain)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise UserError(f"”{written}” är inget tal. Skriv som 12,3.")
    return value


def _record(
    options: argparse.Namespace, kind: str, board: str, text: str, about: dict[str, str]
) -> str:
    from warehouse.acts import OfficeAct, record
    from warehouse.store import open_store

    act = OfficeAct(
        kind=kind,
        city=options.city,
        board=board,
        period=options.round,
        by=options.by,
        text=text,
        at=datetime.now(UTC),
        about=about,
    )
    return record(open_store(settings_of(options).store), act, options.name).act_id


def _round_arguments(parser: argparse.ArgumentParser) -> None:
    city_argument(parser)
    parser.add_argument("--round", required=True, metavar="OMGÅNG", help="till exempel 2026-08")


def _reconcile_arguments(parser: argparse.ArgumentParser) -> None:
    _round_arguments(parser)
    parser.add_argument("--board", metavar="NÄMND", help="alla uppgifter för den här nämnden")
    json_argument(parser)
    as_of_argument(parser)


def _adjust_arguments(parser: argparse.ArgumentParser) -> None:
    _round_arguments(parser)
    parser.add_argument("--figure", required=True, metavar="UPPGIFT", help="som U-4f0c9a1b2d")
    parser.add_argument("--value", required=True, metavar="TAL", help="i nämndens enhet")
    parser.add_argument("--reason", required=True, metavar="SKÄL", help="varför")
    who_arguments(parser, "gör det")


def _confirm_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("act", metavar="NUMMER", help="justeringen, som H-2026-09-21-0003")
    _round_arguments(parser)
    parser.add_argument("--text", required=True, metavar="SVAR", help="vad nämnden svarar")
    who_arguments(parser, "har svarat", by=False)


def _adjustments_arguments(parser: argparse.ArgumentParser) -> None:
    _round_arguments(parser)
    json_argument(parser)
    as_of_argument(parser)


COMMANDS = (
    Command(
        "reconcile",
        _reconcile,
        "stäm av nämndernas tal mot stadens egna system",
        "samlad reconcile --city lindhamn --round 2026-08",
        _reconcile_arguments,
    ),
    Command(
        "adjust",
        _adjust,
        "sätt en justering bredvid en nämnds tal",
        "samlad adjust --city lindhamn --round 2026-08 --figure U-4f0c9a1b2d --value -366,4 "
        '--reason "Sent bokförd faktura"',
        _adjust_arguments,
    ),
    Command(
        "confirm",
        _confirm,
        "anteckna nämndens svar på en justering",
        "samlad confirm H-2026-09-21-0003 --city lindhamn --round 2026-08 "
        '--text "Nämnden delar bedömningen"',
        _confirm_arguments,
    ),
    Command(
        "adjustments",
        _adjustments,
        "visa justeringarna",
        "samlad adjustments --city lindhamn --round 2026-08",
        _adjustments_arguments,
    ),
)
