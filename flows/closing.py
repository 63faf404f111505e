"""Close a document or section to every view at once, and dispose of documents under a decision.

The act is recorded first; then the published report is taken away, the rows are taken out of the
warehouse and the rounds concerned are run anew without the inbox. Cut off anywhere, the same
command again ends it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from expectations.registers import City
from flows.order import Call, Order
from flows.publishing import internal_folder
from flows.round import run_round
from flows.settings import Settings
from tasks.personal_data import ATTACHED
from tasks.publish import withdraw
from tasks.receive import Receipt, receipts
from warehouse.acts import OfficeAct, acts_of, record
from warehouse.closures import (
    DISPOSED,
    Erased,
    closures_of,
    erase,
    finish_removals,
    groups_said,
    note_removal,
)
from warehouse.editions import EDITION, EditionRecord, editions_of, files_of, index_of
from warehouse.journal import Entry, StoreError
from warehouse.runs import runs_of
from warehouse.statuses import DRAFT
from warehouse.store import Store
from warehouse.warehouse import open_warehouse

COPIES = "pakekanden/"


@dataclass(frozen=True, slots=True)
class Closing:
    """Why something is closed.

    `kind` is blocked or disposed, `basis` a section of law or a decision, `told` what the report
    says of the sections; `by` is a role, `name` the person who did it if that was said.
    """

    kind: str
    by: str
    reason: str
    basis: str
    told: str
    now: datetime
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Closed:
    """What was done: the acts, rows taken out, editions closed, originals removed, rounds rerun."""

    acts: tuple[OfficeAct, ...]
    erased: Erased
    editions: tuple[str, ...]
    removed: int
    rerun: tuple[str, ...]


def with_parts(found: Receipt, known: Sequence[Receipt]) -> list[Receipt]:
    """Return a receipt and those of everything that came out of it, each set of bytes once."""
    inside = [r for r in known if r.part_of == found.receipt_id]
    whole = [found, *(one for part in inside for one in with_parts(part, known))]
    return list({r.sha256: r for r in whole}.values())


def close_documents(
    city: City,
    settings: Settings,
    store: Store,
    chosen: Sequence[Receipt],
    why: Closing,
    *,
    out: Path,
    call: Call,
) -> Closed:
    """Close documents to every view; where they are disposed of, their bytes are removed too."""
    journal = store.journal()
    known = receipts(journal, city_id=city.city_id)
    acts: list[OfficeAct] = []
    touched: set[str] = set()
    gone: set[str] = set()
    with open_warehouse(settings.warehouse) as warehouse:
        for one in chosen:
            said = groups_said(warehouse.engine, city.city_id, one.sha256)
            where = said or {(one.sender or "", one.run or ""): set()}
            editions = _editions_with(store, journal, city.city_id, one.sha256)
            about = {"document": one.sha256, "receipt": one.receipt_id, "basis": why.basis}
            about["editions"] = ",".join(sorted(f"{e.run}/{e.number}" for e in editions))
            for (board, period), groups in sorted(where.items()):
                placed = about | {"groups": ",".join(sorted(groups)), "told": why.told}
                acts.append(record(store, _act(city, why, board, period, placed), why.name))
            copies = {r.sender or "" for r in known if r.sha256 == one.sha256}
            copies |= {board for board, _ in where}
            gone |= {one.sha256} | _copies_in(store, editions, copies - {""})
            gone |= _drafts_of(store, journal, editions)
            touched |= {period for _, period in where} | {one.run or ""}
    if why.kind == DISPOSED:
        note_removal(store, sorted(gone), city_id=city.city_id, act_id=acts[0].act_id, at=why.now)
    return _carry_out(city, settings, store, acts, touched, why, out=out, call=call)


def close_attachment(
    city: City,
    settings: Settings,
    store: Store,
    attached: OfficeAct,
    why: Closing,
    *,
    out: Path,
    call: Call,
) -> Closed:
    """Close a file that the office has attached to a round's report; disposal removes its bytes."""
    sha256 = attached.about["sha256"]
    editions = _editions_with(store, store.journal(), city.city_id, sha256)
    about = {"document": sha256, "attachment": attached.act_id, "basis": why.basis}
    about |= {"told": why.told, "editions": ",".join(f"{e.run}/{e.number}" for e in editions)}
    act = record(store, _act(city, why, "", attached.period, about), why.name)
    if why.kind == DISPOSED:
        gone = {sha256} | _drafts_of(store, store.journal(), editions)
        note_removal(store, sorted(gone), city_id=city.city_id, act_id=act.act_id, at=why.now)
    return _carry_out(city, settings, store, [act], {attached.period}, why, out=out, call=call)


def close_sections(
    city: City,
    settings: Settings,
    store: Store,
    place: tuple[str, str],
    groups: Sequence[str],
    why: Closing,
    *,
    out: Path,
    call: Call,
) -> Closed:
    """Block sections of one board and period, whatever document says them."""
    board, period = place
    editions = [e for e in editions_of(store.journal(), city.city_id) if e.run == period]
    about = {"groups": ",".join(sorted(groups)), "told": why.told, "basis": why.basis}
    about["editions"] = ",".join(f"{e.run}/{e.number}" for e in editions)
    act = record(store, _act(city, why, board, period, about), why.name)
    return _carry_out(city, settings, store, [act], {period}, why, out=out, call=call)


def _act(city: City, why: Closing, board: str, period: str, about: dict[str, str]) -> OfficeAct:
    return OfficeAct(
        kind=why.kind,
        city=city.city_id,
        board=board or None,
        period=period,
        by=why.by,
        text=why.reason,
        at=why.now,
        about=about,
    )


def _carry_out(
    city: City,
    settings: Settings,
    store: Store,
    acts: Sequence[OfficeAct],
    touched: Iterable[str],
    why: Closing,
    *,
    out: Path,
    call: Call,
) -> Closed:
    """Do what the recorded acts say: out of sight first, then out of the warehouse and store."""
    journal = store.journal()
    last = {run.round_id or run.on.isoformat(): run for run in runs_of(journal, city.city_id)}
    periods = [period for period in last if period in set(touched)]
    for period in periods:
        about = {"city": city.city_id, "period": period}
        withdraw(_folder(out, period), about=about)
        withdraw(internal_folder(_folder(out, period)), about=about)
    with open_warehouse(settings.warehouse) as warehouse:
        closures = closures_of(acts_of(store, journal, city.city_id))
        erased = call(
            "Tar bort ur lagret", erase, warehouse.engine, city.city_id, closures, why.now
        )
    removed = call("Tar bort handlingar", finish_removals, store, journal)
    for period in periods:
        run = last[period]
        order = Order(
            city_id=city.city_id,
            now=why.now,
            out=_folder(out, period),
            round_id=run.round_id,
            on=None if run.round_id else run.on,
        )
        run_round(order, settings, call, receiving=False)
    names = {name for act in acts for name in act.about["editions"].split(",") if name}
    return Closed(tuple(acts), erased, tuple(sorted(names)), removed, tuple(periods))


def _folder(out: Path, period: str) -> Path:
    return out / period.replace("/", "-")


def _editions_with(
    store: Store, journal: Sequence[Entry], city_id: str, sha256: str
) -> list[EditionRecord]:
    """Return the editions that name a document by its hash, or have it among their files."""
    wanted = sha256.encode()
    found = []
    for edition in editions_of(journal, city_id):
        names = files_of(store, edition)
        texts = [sha for name, sha in names.items() if name.endswith((".html", ".csv", ".json"))]
        if sha256 in names.values() or any(wanted in _kept(store, sha) for sha in texts):
            found.append(edition)
    return found


def _kept(store: Store, sha256: str) -> bytes:
    try:
        return store.original(sha256)
    except StoreError:  # a file of an edition that an earlier disposal has removed
        return b""


def _copies_in(store: Store, editions: Sequence[EditionRecord], boards: set[str]) -> set[str]:
    """Return the boards' findings pages and marked workbooks: copies of what they handed in."""
    return {
        sha256
        for edition in editions
        for name, sha256 in files_of(store, edition).items()
        if name.startswith(tuple(f"{COPIES}{board}" for board in sorted(boards)))
    }


def _drafts_of(
    store: Store, journal: Sequence[Entry], editions: Sequence[EditionRecord]
) -> set[str]:
    """Return the files of drafts among the editions, but those that anything else has too.

    A draft says what a document did and nobody has decided on it. Attached parts are originals of
    their own, as are receipts and acts.
    """
    drafts = [one for one in editions if one.status == DRAFT]
    said = {
        sha256
        for one in drafts
        for name, sha256 in files_of(store, one).items()
        if not name.startswith(ATTACHED)
    }
    indexes = {entry.content["sha256"] for entry in journal if entry.act == EDITION}
    others = indexes - {one.sha256 for one in drafts}
    kept = {sha256 for index in others for sha256 in index_of(store, index).values()}
    return said - kept - {entry.content.get("sha256") for entry in journal}
