"""The office's own acts: kept like originals, chained in the journal, taken back by another act."""

from datetime import UTC, date, datetime

import pytest

from warehouse.acts import WITHDRAWAL, OfficeAct, acts_of, record
from warehouse.store import StoreError, open_store

WAIVER = OfficeAct(
    kind="waiver",
    city="lindhamn",
    board="socialnamnden",
    period="2026-08",
    by="budgetchef",
    text="Ny organisation från den 1 september",
    at=datetime(2026, 9, 21, 22, 30, tzinfo=UTC),
    until=date(2026, 12, 31),
    about={"finding": "P-1", "basis": "B-1"},
)


@pytest.fixture
def store(tmp_path):
    return open_store(str(tmp_path / "store"))


def test_an_act_comes_back_as_it_was_recorded_with_an_id_of_its_swedish_day(store):
    kept = record(store, WAIVER)

    assert kept.act_id == "H-2026-09-22-0001"
    assert acts_of(store, store.journal(), "lindhamn") == [kept]
    assert acts_of(store, store.journal(), "malmo") == []


def test_the_journal_holds_no_word_of_what_was_said(store):
    record(store, WAIVER)

    assert b"organisation" not in store.file.read_bytes()


def test_an_act_taken_back_stands_in_the_journal_and_holds_no_more(store):
    kept = record(store, WAIVER)
    record(
        store,
        OfficeAct(
            WITHDRAWAL,
            "lindhamn",
            None,
            "2026-08",
            "budgetchef",
            "Fel nämnd",
            WAIVER.at,
            about={"act": kept.act_id},
        ),
    )

    assert acts_of(store, store.journal(), "lindhamn") == []
    assert [e.content["kind"] for e in store.journal()] == ["waiver", "withdrawal"]


def test_a_changed_act_is_found_out(store):
    record(store, WAIVER)
    path = next(p for p in (store.root / "originals").rglob("*") if p.is_file())
    path.chmod(0o644)
    path.write_bytes(path.read_bytes().replace(b"2026-12-31", b"2036-12-31"))

    with pytest.raises(StoreError, match="har ändrats"):
        acts_of(store, store.journal(), "lindhamn")
