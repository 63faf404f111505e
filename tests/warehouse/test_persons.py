"""Names of persons lie outside the chain and can be erased; the chain still holds."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from warehouse.acts import OfficeAct, acts_of, record
from warehouse.digest import contents
from warehouse.persons import (
    fault_of_names,
    finish_erasures,
    named_in,
    note_erasure,
    note_person,
    persons_of,
)
from warehouse.store import open_store
from warehouse.warehouse import open_warehouse

NOW = datetime(2026, 9, 21, 10, tzinfo=UTC)
ACT = OfficeAct("waiver", "lindhamn", "valnamnden", "2026-08", "budgetchef", "skäl", NOW)


@pytest.fixture
def store(tmp_path):
    return open_store(str(tmp_path / "store"))


def erase(store, person_id):
    note_erasure(store, [person_id], city_id="lindhamn", act_id="H-1", at=NOW)
    return finish_erasures(store, store.journal())


def test_the_chain_names_nobody_and_the_same_name_is_the_same_person(store):
    first = record(store, ACT, "Karin  Öberg")
    second = record(store, replace(ACT, kind="answer"), "Karin Öberg")

    assert first.person == second.person
    assert [act.person for act in acts_of(store, store.journal(), "lindhamn")] == [first.person] * 2
    assert [e.number for e in named_in(store.journal())[first.person]] == [1, 2]
    kept = [path for path in store.root.rglob("*") if path.is_file() and path.suffix != ".lock"]
    assert [p.parent.name for p in kept if "Öberg".encode() in p.read_bytes()] == ["persons"]
    assert persons_of(store, "lindhamn")[first.person].name == "Karin Öberg"
    assert persons_of(store, "malmo") == {}


def test_another_name_in_its_place_a_lost_one_and_one_that_should_be_gone_are_told(store):
    person = record(store, ACT, "Karin Öberg").person
    path = store.root / "persons" / f"{person}.json"
    kept = path.read_bytes()
    assert fault_of_names(store, store.journal()) is None

    path.chmod(0o644)
    path.write_text(json.dumps(json.loads(kept) | {"name": "Per Ek"}))
    assert fault_of_names(store, store.journal()) == f"namnet på {person} har ändrats"
    path.unlink()
    told = f"namnet på {person} i journalens post 1 saknas"
    assert fault_of_names(store, store.journal()) == told

    note_erasure(store, [person], city_id="lindhamn", act_id="H-1", at=NOW)
    assert fault_of_names(store, store.journal()) is None
    path.write_bytes(kept)  # an older copy of the names has been put back
    assert "ligger kvar" in fault_of_names(store, store.journal())
    assert finish_erasures(store, store.journal()) == 1
    assert fault_of_names(store, store.journal()) is None


def test_an_erased_person_who_acts_again_gets_another_id(store):
    person = record(store, ACT, "Karin Öberg").person
    assert erase(store, person) == 1

    assert note_person(store, "lindhamn", "Karin Öberg") != person


def test_the_table_says_what_the_store_says_and_forgets_with_it(store, url):
    person = note_person(store, "lindhamn", "Karin Öberg", "karin.oberg@example.org")
    note_person(store, "malmo", "Per Ek")
    with open_warehouse(url) as warehouse:
        for _ in range(2):
            warehouse.keep_persons("lindhamn", persons_of(store, "lindhamn"))
            assert contents(warehouse)["personer"].rows == 1
        erase(store, person)
        warehouse.keep_persons("lindhamn", persons_of(store, "lindhamn"))
        assert contents(warehouse)["personer"].rows == 0
