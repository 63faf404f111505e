"""The last part of a run: an edition's views, kept with its status and put where it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path

from expectations.registers import City
from flows.order import Call, Order
from tasks.compose import compose
from tasks.data_files import render_data
from tasks.personal_data import files_with_personal_data
from tasks.publish import digests, publish, published_about, withdraw
from tasks.render import chart_pictures, render_accessibility, render_html, render_pdf
from tasks.report.few import limit_of
from tasks.report.material import say
from tasks.word import render_word
from warehouse.acts import OfficeAct, acts_of, record
from warehouse.editions import editions_of, files_of, record_edition
from warehouse.marks import printed_head
from warehouse.persons import persons_of
from warehouse.runs import last_run
from warehouse.snapshot import Snapshot, without_withheld
from warehouse.statuses import DRAFT, OPEN, RELEASED, STATUS, Status, may_follow, status_of
from warehouse.store import Store
from warehouse.warehouse import Warehouse

FINDINGS = "pakekanden/"
INTERNAL = "internt/"
"""Files of an edition that lie in a folder of their own beside it, never among the others."""
EACH = "pakekanden.json"
"""The data file with every finding, whole."""


class CannotIssueError(Exception):
    """The status cannot be given; the message says why and what to do instead."""


@dataclass(frozen=True, slots=True)
class Published:
    """Where an edition lies and whether it says anything new."""

    folder: Path
    number: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class Given:
    """A status that the office gives: what, the role that says so, and the person's name if said.

    `made_from` is the head that the newest edition was made from: a release that came with the
    status has changed it since.
    """

    status: Status
    by: str
    name: str | None
    made_from: str


def views(
    snapshot: Snapshot,
    city: City,
    store: Store,
    status: Status,
    call: Call,
    *,
    is_open: bool = False,
) -> dict[str, bytes]:
    """Return every view of an edition by file name; one that is open has no internal view.

    Nor has it the findings one by one: they are between the office and the boards.
    """
    snapshot = without_withheld(snapshot)
    words = status_in_words(status)
    report = call("Sammanställer", partial(compose, status=words), snapshot, city)
    files = {"rapport.html": call("Skriver webbsidan", render_html, report).encode()}
    files["tillganglighet.html"] = render_accessibility(report, city).encode()
    files["rapport.pdf"] = call("Skriver PDF", render_pdf, report)
    for part, attached in snapshot.papers.attached.items():
        suffix = Path(attached.name).suffix.lower()
        files[f"bilagor/{part}{suffix}"] = store.original(attached.sha256)
    pictures = call("Ritar diagram", chart_pictures, report)
    word = call("Skriver Word", render_word, report, city, pictures)
    files |= {f"word/{name}": content for name, content in word.items()}
    data = call("Skriver data", render_data, report, snapshot, limit_of(city))
    files |= {f"data/{name}": data[name] for name in data if not (is_open and name == EACH)}
    if snapshot.words and not is_open:
        files |= internal(snapshot, city, words)
    return files


def internal(snapshot: Snapshot, city: City, status: str) -> dict[str, bytes]:
    """Return the view that names who wrote the office's words; it says that it is internal."""
    told = f"{status}. {say('statuses.internal')}"
    inside = compose(snapshot, city, status=told, is_internal=True)
    return {f"{INTERNAL}rapport.html": render_html(inside).encode()}


def status_in_words(status: Status) -> str:
    """Return a status as it is printed: `Beslutad. KF 2026-10-22 § 214`."""
    word = say(f"statuses.{status.code}")
    return f"{word}. {status.told}" if status.told else word


def status_now(store: Store, order: Order, snapshot: Snapshot) -> Status:
    """Return the status that the office has given the report made from these facts."""
    acts = acts_of(store, store.journal(), order.city_id)
    given = status_of(acts, order.run_period, {snapshot.head, snapshot.papers.facts})
    return Status(RELEASED) if given.code == DRAFT and is_released(snapshot) else given


def is_released(snapshot: Snapshot) -> bool:
    """Say whether the office has released the report of these very facts."""
    release = snapshot.papers.release
    return release is not None and release.is_current


def standing(
    warehouse: Warehouse, order: Order, snapshot: Snapshot, status: Status
) -> Published | None:
    """Return the edition that lies there already, if it says the same and is whole.

    The head of the journal that it bears is one that the chain still has, and needs not be the
    last: a decided report is not made anew because somebody has run, or decided, since.
    """
    number = warehouse.edition_with(order.city_id, order.run_period, snapshot.head)
    about = published_about(order.out)
    if number is None or about is None:
        return None
    borne = about.get("journal") or None
    wanted = _about(order, replace(snapshot, journal=borne), number, status)
    beside = published_about(internal_folder(order.out)) if snapshot.words else wanted
    same = about == wanted and (beside == wanted or status.code in OPEN)
    return Published(order.out, number, is_new=False) if same else None


def internal_folder(out: Path) -> Path:
    """Return where the internal view lies: beside the edition, so that it is not handed out."""
    return out.with_name(f"{out.name}-internt")


def keep(
    warehouse: Warehouse,
    store: Store,
    order: Order,
    snapshot: Snapshot,
    status: Status,
    files: Mapping[str, bytes],
) -> Published:
    """Record an edition with every file, and put it where it is read."""
    edition, is_new = record_edition(
        store,
        files,
        city_id=order.city_id,
        run_period=order.run_period,
        status=status.code,
        head=snapshot.head,
        now=order.now,
    )
    warehouse.keep_edition(edition, digests(files))
    about = _about(order, snapshot, edition.number, status)
    inside = {n.removeprefix(INTERNAL): f for n, f in files.items() if n.startswith(INTERNAL)}
    beside = internal_folder(order.out)
    if inside:
        publish(inside, beside, about=about)
    else:
        withdraw(beside, about={"city": order.city_id, "period": order.run_period})
    own = {name: data for name, data in files.items() if not name.startswith(INTERNAL)}
    publish(own, order.out, about=about)
    return Published(order.out, edition.number, is_new)


def _about(order: Order, snapshot: Snapshot, number: int, status: Status) -> dict[str, str]:
    return {
        "city": order.city_id,
        "period": order.run_period,
        "edition": str(number),
        "head": snapshot.head,
        "journal": snapshot.journal or "",
        "status": status_in_words(status),
        "samlad": version("samlad"),
    }


def give_status(
    city: City,
    order: Order,
    snapshot: Snapshot,
    given: Given,
    store: Store,
    warehouse: Warehouse,
    call: Call,
) -> Published:
    """Give the newest edition a status and write it anew; CannotIssueError where it may not be.

    The report of a round has to be released. What is published lies without the steward's pages
    and without the internal view, and no name of a person may stand in it.
    """
    wanted = given.status
    made = editions_of(store.journal(), city.city_id, order.run_period)
    if not made or made[-1].head != given.made_from:
        raise CannotIssueError(say("statuses.run_first"))
    ran = last_run(store.journal(), city.city_id, order.round_id, order.day)
    snapshot = replace(snapshot, journal=printed_head(ran))
    now = status_now(store, order, snapshot)
    if not may_follow(now, wanted.code, made[:-1]):
        told = say(f"statuses.{wanted.code}").lower()
        raise CannotIssueError(say("statuses.not_from", now=status_in_words(now), wanted=told))
    if order.round_id is not None and not is_released(snapshot):
        raise CannotIssueError(say("statuses.not_released"))
    is_open = wanted.code in OPEN
    files = views(snapshot, city, store, wanted, call, is_open=is_open)
    if is_open:
        names = {words.author for words in snapshot.words}
        names |= {person.name for person in persons_of(store, city.city_id).values()}
        if found := files_with_personal_data(files, names):
            raise CannotIssueError(say("statuses.names_found", files=", ".join(found)))
    else:
        kept = files_of(store, made[-1]).items()
        files |= {n: store.original(sha256) for n, sha256 in kept if n.startswith(FINDINGS)}
    about = {"status": wanted.code, "head": snapshot.papers.facts}
    record(
        store,
        OfficeAct(
            STATUS,
            city.city_id,
            None,
            order.run_period,
            given.by,
            wanted.told,
            order.now,
            about=about,
        ),
        given.name,
    )
    return keep(warehouse, store, order, snapshot, wanted, files)
