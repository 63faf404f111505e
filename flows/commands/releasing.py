"""Commands on the report as a whole: attach its parts, note hand-overs, release it."""

from __future__ import annotations

import argparse
import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flows.commands.asking import (
    RAN,
    STOPPED,
    Command,
    UserError,
    city_argument,
    city_of,
    file_named,
    settings_of,
    snapshot_of,
    who_arguments,
)
from flows.swedish_help import day_argument

if TYPE_CHECKING:
    from expectations.registers import City, Round
    from warehouse.snapshot import Snapshot

PARTS = {
    "resultatrakning": "income_statement",
    "balansrakning": "balance_sheet",
    "balanskravsutredning": "balance_requirement",
    "noter": "notes",
    "revisorernas-bedomning": "opinion",
}
RECEIVERS = {"kommunfullmaktige": "council", "revisorerna": "auditors"}


def _attach(options: argparse.Namespace) -> int:
    """Keep the file like any other original and note which part of the report it is."""
    from warehouse.acts import acts_of
    from warehouse.closures import closures_of
    from warehouse.store import open_store

    path = file_named(options.file)
    data = path.read_bytes()
    if not data:
        raise UserError(f"Filen {path} är tom. Bifoga den rätta filen.")
    city, store = city_of(options), open_store(settings_of(options).store)
    sha256 = hashlib.sha256(data).hexdigest()
    if told := closures_of(acts_of(store, store.journal(), city.city_id)).told.get(sha256):
        raise UserError(f"Filen kan inte bifogas igen: {told}. Se samlad acts.")
    store.keep(data)
    about = {"part": PARTS[options.part], "name": path.name, "sha256": sha256}
    _record(options, city, "attachment", f"{options.part}: {path.name}", about)
    return RAN


def _hand_over(options: argparse.Namespace) -> int:
    about = {"to": RECEIVERS[options.to], "day": options.date.isoformat()}
    told = f"överlämnad till {options.to} {options.date}"
    _record(options, city_of(options), "handover", told, about)
    return RAN


def _release(options: argparse.Namespace) -> int:
    """Release the report that the facts of now give; points not met need a reason, printed."""
    options.on = None
    city, snapshot = snapshot_of(options)
    if not snapshot.rows:
        raise UserError(f"Inget är inläst för {options.round}. Kör samlad run först.")
    return RAN if released(options, city, snapshot) else STOPPED


def released(options: argparse.Namespace, city: City, snapshot: Snapshot) -> bool:
    """Show the checklist and record the release; False where it needs a reason and has none."""
    from tasks.report.material import Material, say
    from tasks.report.naming import checklist

    points = checklist(Material(snapshot, city, city.round(options.round)))
    unmet = [point for point in points if not point.is_met]
    for point in points:
        told = f": {point.told}" if point.told else ""
        print(f"  {'✓' if point.is_met else '○'} {say(f'release.{point.key}')}{told}")
    reason = (options.override or "").strip()
    if unmet and not reason:
        print("\nInte fastställd. Ordna punkterna, eller fastställ ändå med --override och skälet.")
        return False
    about = {"facts": snapshot.papers.facts, "unmet": ",".join(point.key for point in unmet)}
    _record(options, city, "release", reason if unmet else "alla punkter uppfyllda", about)
    return True


def _record(
    options: argparse.Namespace, city: City, kind: str, text: str, about: dict[str, str]
) -> None:
    from warehouse.acts import OfficeAct, record
    from warehouse.store import open_store

    round_: Round = city.round(options.round)
    act = OfficeAct(
        kind=kind,
        city=city.city_id,
        board=None,
        period=round_.round_id,
        by=options.by,
        text=text,
        at=datetime.now(UTC),
        about=about,
    )
    made = record(open_store(settings_of(options).store), act, options.name)
    print(f"{made.act_id}  {round_.name}: {text}")
    print("\nGäller från nästa körning. samlad withdraw tar tillbaka det.")


def _round_arguments(parser: argparse.ArgumentParser) -> None:
    city_argument(parser)
    parser.add_argument("--round", required=True, metavar="OMGÅNG", help="till exempel 2026-08")
    who_arguments(parser, "gör det")


def _attach_arguments(parser: argparse.ArgumentParser) -> None:
    _round_arguments(parser)
    parser.add_argument(
        "--part",
        required=True,
        choices=tuple(PARTS),
        metavar="DEL",
        help=f"en av {', '.join(PARTS)}",
    )
    parser.add_argument("--file", required=True, metavar="FIL", help="filen som bifogas")


def _hand_over_arguments(parser: argparse.ArgumentParser) -> None:
    _round_arguments(parser)
    parser.add_argument(
        "--to",
        required=True,
        choices=tuple(RECEIVERS),
        metavar="MOTTAGARE",
        help=f"en av {', '.join(RECEIVERS)}",
    )
    parser.add_argument(
        "--date", required=True, type=day_argument, metavar="DATUM", help="dagen den överlämnades"
    )


def _release_arguments(parser: argparse.ArgumentParser) -> None:
    _round_arguments(parser)
    parser.add_argument(
        "--override", metavar="SKÄL", help="fastställ trots punkter som inte är uppfyllda; trycks"
    )


COMMANDS = (
    Command(
        "attach",
        _attach,
        "bifoga resultaträkning, balansräkning, balanskravsutredning, noter eller "
        "revisorernas bedömning",
        "samlad attach --city lindhamn --round 2026-08 --part resultatrakning --file rr.pdf",
        _attach_arguments,
    ),
    Command(
        "hand-over",
        _hand_over,
        "anteckna att rapporten är överlämnad till fullmäktige eller revisorerna",
        "samlad hand-over --city lindhamn --round 2026-08 --to revisorerna --date 2026-10-15",
        _hand_over_arguments,
    ),
    Command(
        "release",
        _release,
        "gå igenom checklistan och fastställ rapporten",
        "samlad release --city lindhamn --round 2026-08",
        _release_arguments,
    ),
)
