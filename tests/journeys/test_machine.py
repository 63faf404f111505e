"""Exactly once, all or nothing: whatever is handed in, in any order, by any number of workers.

A Hypothesis state machine hands in, corrects, copies, renames and removes files, gives more time,
runs (alone and four at once), loses the database and rebuilds, and holds the warehouse after every
run against a model that fits on a page. Readings and verdicts are the real ones, remembered.
"""

import json
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise, permutations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from expectations.judging import judge
from expectations.register_files import load_city
from flows import updating
from flows.rebuilding import rebuild
from flows.round import collect
from flows.settings import settings_in
from flows.terminal import InProcess
from flows.updating import Order
from warehouse.acts import OfficeAct, record
from warehouse.digest import contents
from warehouse.store import open_store
from warehouse.tables import FactRow, SectionRow
from warehouse.warehouse import open_warehouse

CITY = load_city("lindhamn")
INBOX = Path(__file__).parents[2] / "examples" / "inbox" / "2026-08"
START = datetime(2026, 9, 10, 6, tzinfo=UTC)
BOARDS = ("lindhamns-hamn", "lindhamnsbostader", "lindhamn-arena")
QUIET = InProcess(quiet=True)


@cache
def document(board, variant):
    """A document of a board; every variant has other bytes."""
    (path,) = (INBOX / "lindhamns-hamn").glob("*.json")
    told = json.loads(path.read_bytes())
    told["document"]["board"] = board
    told["document"]["submitted_by"] = f"controller {variant}"
    return json.dumps(told, ensure_ascii=False).encode()


@pytest.fixture(scope="module", autouse=True)
def remembered():
    """Let the real reader and the real judge answer once per question."""
    asked = {}
    read = cache(lambda data, name: updating.read_original(data, name=name, city=CITY))

    def judged(readings, **more):
        heads = [(r.document.sha256, r.document.name, r.document.sender) for r in readings]
        days = [r.document.received_at.date() for r in readings]
        key = repr((heads, days, sorted((k, v) for k, v in more.items() if k != "city")))
        if key not in asked:
            asked[key] = judge(readings, **more)
        return asked[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            updating,
            "_read_one",
            lambda store, _, receipt: read(store.original(receipt.sha256), receipt.name),
        )
        patch.setattr(updating, "judge", judged)
        yield


class Intake(RuleBasedStateMachine):
    """The city's inbox, warehouse and journal beside a model of what should be in them."""

    url = None
    """Gives an empty database's address; None is SQLite beside the store."""

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="samlad-machine-"))
        places = replace(settings_in(self.folder), inbox=str(self.folder / "inbox"))
        if type(self).url:
            places = replace(places, warehouse=type(self).url())
        self.places = replace(places, settle_seconds=0.0).for_city("lindhamn")
        (self.folder / "inbox").mkdir()
        self.now, self.inbox, self.receipts = START, {}, []

    def teardown(self):
        shutil.rmtree(self.folder)

    def put(self, key, data):
        path = self.folder / "inbox" / key
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        self.inbox[key] = data

    @rule(board=st.sampled_from(BOARDS), name=st.sampled_from("ab"), variant=st.integers(1, 3))
    def hand_in_or_correct(self, board, name, variant):
        self.put(f"{board}/{name}.json", document(board, variant))

    @precondition(lambda self: self.inbox)
    @rule(number=st.integers(0, 9))
    def copy(self, number):
        key = sorted(self.inbox)[number % len(self.inbox)]
        self.put(key.replace(".json", " kopia.json")[-80:], self.inbox[key])

    @precondition(lambda self: self.inbox)
    @rule(number=st.integers(0, 9), renamed=st.booleans())
    def rename_or_remove(self, number, renamed):
        key = sorted(self.inbox)[number % len(self.inbox)]
        data = self.inbox.pop(key)
        (self.folder / "inbox" / key).unlink()
        if renamed:
            self.put(key.replace(".json", "x.json")[-80:], data)

    @rule(hours=st.sampled_from([1, 30, 200]))
    def wait(self, hours):
        self.now += timedelta(hours=hours)

    @rule(board=st.sampled_from(BOARDS))
    def give_more_time(self, board):
        act = OfficeAct("extension", "lindhamn", board, "2026-08", "roll", "skäl", self.now)
        until = (self.now + timedelta(days=9)).date()
        record(open_store(self.places.store), replace(act, until=until, about={"group": "economy"}))

    @rule()
    def run(self):
        self.collect()
        self.expect()
        self.check()

    @rule()
    def run_by_four_at_once(self):
        with ThreadPoolExecutor(4) as pool:
            heads = {found.snapshot.head for found in pool.map(lambda _: self.collect(), range(4))}
        assert len(heads) == 1
        self.expect()
        self.check()

    @precondition(lambda self: self.receipts and type(self).url is None)
    @rule()
    def lose_the_database(self):
        before = self.contents()
        Path(self.places.warehouse.removeprefix("sqlite:///")).unlink()
        with open_warehouse(self.places.warehouse) as anew:
            rebuild(CITY, open_store(self.places.store), anew, QUIET)
        assert self.contents() == before

    @precondition(lambda self: self.receipts)
    @rule()
    def rebuild_elsewhere(self):
        with open_warehouse(f"sqlite:///{self.folder}/nytt.db") as anew:
            rebuild(CITY, open_store(self.places.store), anew, QUIET)
            assert contents(anew) == self.contents()
        for path in self.folder.glob("nytt.db*"):
            path.unlink()

    # --- what should be ---

    def collect(self):
        order = Order("lindhamn", self.now, self.folder / "out", round_id="2026-08")
        store = open_store(self.places.store)
        with open_warehouse(self.places.warehouse) as warehouse:
            return collect(CITY, order, self.places, store, warehouse, QUIET)

    def contents(self):
        with open_warehouse(self.places.warehouse) as warehouse:
            return contents(warehouse)

    def expect(self):
        """Receive in the model: (key, bytes, whether it is a copy of one that is in force)."""
        for key, data in sorted(self.inbox.items()):
            last = {k: d for k, d, _ in self.receipts}
            if last.get(key) == data:
                continue
            board = key.partition("/")[0]
            is_copy = any(
                d == data and not copy and last[k] == data and k.startswith(f"{board}/")
                for k, d, copy in self.receipts
            )
            self.receipts.append((key, data, is_copy))

    def check(self):
        store = open_store(self.places.store)
        journal = store.journal()
        taken = [e.content for e in journal if e.act == "receipt"]
        kept = [(t["key"], store.original(t["sha256"]), "identical_to" in t) for t in taken]
        assert kept == self.receipts
        force = {k.partition("/")[0]: data for k, data, copy in self.receipts if not copy}
        with open_warehouse(self.places.warehouse) as warehouse:
            with Session(warehouse.engine) as session:
                versions = session.scalars(select(SectionRow).order_by(SectionRow.version)).all()
                facts = set(session.scalars(select(FactRow.section_id)))
            assert warehouse.other_than_remembered("lindhamn", journal) is None
        places = {}
        for one in versions:
            places.setdefault((one.board_id, one.section_group), []).append(one)
            assert (one.state == "merged") == (one.section_id in facts)
        for (board, _), found in places.items():
            assert [one.version for one in found] == list(range(1, len(found) + 1))
            (current,) = [one for one in found if one.known_to is None]
            assert store.original(current.document_sha256) == force[board]
            assert all(a.digest != b.digest for a, b in pairwise(found))
        assert {board for board, _ in places} == set(force)
        size = len(journal)
        self.collect()
        assert len(open_store(self.places.store).journal()) == size


def proved(machine, examples, steps):
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize(
    ("examples", "steps"),
    [
        pytest.param(2, 10, id="short"),
        pytest.param(200, 50, id="10 000 steps", marks=pytest.mark.long),
    ],
)
def test_whatever_is_done_everything_is_received_once_and_merged_whole(examples, steps):
    proved(Intake, examples, steps)


@pytest.mark.parametrize(
    ("examples", "steps"),
    [
        pytest.param(1, 8, id="short"),
        pytest.param(200, 50, id="10 000 steps", marks=pytest.mark.long),
    ],
)
def test_the_same_on_postgresql(empty_postgres, examples, steps):
    proved(type("OnPostgres", (Intake,), {"url": staticmethod(empty_postgres)}), examples, steps)


def test_the_order_in_which_things_are_handed_in_makes_no_difference():
    """Two boards and a copy: in any order, with a run in between, the facts are the same.

    A finding names the file of the copy that came first; all else of it is the same too.
    """
    events = [(f"{board}/a.json", document(board, 1)) for board in BOARDS[:2]]
    events.append((f"{BOARDS[0]}/b.json", document(BOARDS[0], 1)))
    ends = []
    for order in permutations(events):
        city = Intake()
        for number, (key, data) in enumerate(order, start=1):
            city.put(key, data)
            found = city.collect().snapshot if number > 1 else None
        findings = [replace(f, document_name="") for f in found.findings]
        ends.append((found.rows, found.sections, findings))
        city.teardown()

    assert all(end == ends[0] for end in ends)
