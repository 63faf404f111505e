"""The inbox: what is taken in, what is left, and that nothing is taken twice or lost."""

import os
from datetime import UTC, datetime

import pytest

from tasks.receive import InboxError, NotNowError, open_inbox, receipts, shown, take_in
from warehouse.store import open_store

NOW = datetime(2026, 9, 11, 10, tzinfo=UTC)
AGO = NOW.timestamp() - 60


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def put(folder, key, data=b"handling", changed=AGO):
    path = folder / key
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, (changed, changed))


def take_all(folder, store, now=NOW):
    box = open_inbox(str(folder))
    files = box.arrivals(now, 2.0).files
    return [take_in(one, inbox=box, store=store, received_at=now) for one in files]


def test_the_first_folder_is_the_sender_and_a_file_at_the_top_has_none(inbox):
    put(inbox, "kulturnamnden/rapport/a.docx")
    put(inbox, "b.pdf")

    found = open_inbox(str(inbox)).arrivals(NOW, 2.0).files

    assert {(a.sender, a.name) for a in found} == {("kulturnamnden", "a.docx"), (None, "b.pdf")}


@pytest.mark.parametrize("name", ["~$a.xlsx", "Thumbs.db", ".DS_Store", "desktop.ini", "a.part"])
def test_files_that_programs_leave_behind_are_counted_and_left(inbox, name):
    put(inbox, f"kulturnamnden/{name}")

    found = open_inbox(str(inbox)).arrivals(NOW, 2.0)

    assert found.files == ()
    assert found.ignored == (f"kulturnamnden/{name}",)


def test_a_file_that_is_still_being_written_waits(inbox):
    put(inbox, "kulturnamnden/ny.xlsx", changed=NOW.timestamp() - 0.5)
    put(inbox, "kulturnamnden/delvis.xlsx")
    put(inbox, "kulturnamnden/delvis.xlsx.part")

    found = open_inbox(str(inbox)).arrivals(NOW, 2.0)

    assert found.files == ()
    assert set(found.waiting) == {"kulturnamnden/ny.xlsx", "kulturnamnden/delvis.xlsx"}


def test_a_link_is_refused_and_named(inbox, tmp_path):
    (tmp_path / "hemlig.txt").write_text("x")
    (inbox / "lank.txt").symlink_to(tmp_path / "hemlig.txt")

    found = open_inbox(str(inbox)).arrivals(NOW, 2.0)

    assert found.files == ()
    assert found.refused == ("lank.txt",)


def test_the_same_inbox_twice_writes_nothing(inbox, tmp_path):
    put(inbox, "kulturnamnden/a.docx")
    store = open_store(str(tmp_path / "store"))

    assert [r.state for r in take_all(inbox, store)] == ["new"]
    before = store.file.read_bytes()
    assert [r.state for r in take_all(inbox, store)] == ["known"]
    assert store.file.read_bytes() == before


def test_the_same_bytes_under_another_name_are_receipted_as_identical(inbox, tmp_path):
    put(inbox, "kulturnamnden/a.docx")
    put(inbox, "kulturnamnden/b.docx")
    store = open_store(str(tmp_path / "store"))

    first, second = take_all(inbox, store)

    assert (first.state, second.state) == ("new", "identical")
    assert second.identical_to == first.receipt_id
    assert len(receipts(store.journal())) == 2


def test_a_mended_file_under_the_same_name_is_a_new_arrival_and_the_old_is_kept(inbox, tmp_path):
    store = open_store(str(tmp_path / "store"))
    put(inbox, "kulturnamnden/a.docx", b"ett")
    old = take_all(inbox, store)[0]
    put(inbox, "kulturnamnden/a.docx", b"tva")
    new = take_all(inbox, store)[0]

    assert new.state == "new"
    assert store.original(old.sha256) == b"ett"
    assert store.original(new.sha256) == b"tva"


def test_a_receipt_carries_the_day_in_sweden(inbox, tmp_path):
    put(inbox, "a.docx")
    store = open_store(str(tmp_path / "store"))
    late = datetime(2026, 9, 11, 22, 30, tzinfo=UTC)  # half past midnight in Sweden

    assert take_all(inbox, store, late)[0].receipt_id == "K-2026-09-12-0001"


def test_an_inbox_that_is_not_there_is_said_in_swedish(tmp_path):
    with pytest.raises(InboxError, match="finns inte"):
        open_inbox(str(tmp_path / "ingen"))


def test_an_empty_inbox_is_no_error(inbox):
    found = open_inbox(str(inbox)).arrivals(NOW, 2.0)

    assert found.files == found.ignored == found.waiting == ()


def test_what_was_handed_in_before_a_mended_file_may_be_handed_in_again(inbox, tmp_path):
    store = open_store(str(tmp_path / "store"))
    states = []
    for data in (b"ett", b"tva", b"ett"):
        put(inbox, "kulturnamnden/a.docx", data)
        states += [receipt.state for receipt in take_all(inbox, store)]

    assert states == ["new", "new", "new"]


def test_a_file_moved_to_another_board_is_judged_anew_and_says_where_it_came_from(inbox, tmp_path):
    store = open_store(str(tmp_path / "store"))
    put(inbox, "kulturnamnden/a.docx")
    first = take_all(inbox, store)[0]
    (inbox / "fritidsnamnden").mkdir()
    (inbox / "kulturnamnden/a.docx").rename(inbox / "fritidsnamnden/a.docx")

    second = take_all(inbox, store)[0]

    assert (second.state, second.sender) == ("new", "fritidsnamnden")
    assert second.moved_from == first.receipt_id


def test_two_boards_that_send_the_same_bytes_are_both_judged(inbox, tmp_path):
    put(inbox, "kulturnamnden/a.docx")
    put(inbox, "fritidsnamnden/a.docx")

    taken = take_all(inbox, open_store(str(tmp_path / "store")))

    assert [(r.state, r.identical_to, r.moved_from) for r in taken] == [("new", None, None)] * 2


def test_a_file_that_grows_or_goes_before_it_is_read_comes_again_next_run(inbox, tmp_path):
    put(inbox, "kulturnamnden/vaxer.xlsx")
    put(inbox, "kulturnamnden/borta.xlsx")
    box, store = open_inbox(str(inbox)), open_store(str(tmp_path / "store"))
    found = box.arrivals(NOW, 2.0)
    put(inbox, "kulturnamnden/vaxer.xlsx", b"handling och mer")
    (inbox / "kulturnamnden/borta.xlsx").unlink()

    for arrival in found.files:
        with pytest.raises(NotNowError, match=arrival.name):
            take_in(arrival, inbox=box, store=store, received_at=NOW)

    assert receipts(store.journal()) == []
    left = found.without(["kulturnamnden/vaxer.xlsx"])
    assert (len(left.files), left.waiting) == (1, ("kulturnamnden/vaxer.xlsx",))


def test_names_that_are_no_text_are_kept_and_printed_without_harm(inbox, tmp_path):
    put(inbox, os.fsdecode(b"kulturnamnden/r\xe5.xlsx"))
    put(inbox, "kulturnamnden/bok\u202efdp.xlsx")
    put(inbox, "kulturnamnden/a\u030arsrapport.xlsx")

    names = {r.name for r in take_all(inbox, open_store(str(tmp_path / "store")))}

    assert names == {"r\\xe5.xlsx", "bok\\u202efdp.xlsx", "årsrapport.xlsx"}
    assert shown("årsrapport.xlsx") == "årsrapport.xlsx"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused_and_named(inbox):
    put(inbox, "kulturnamnden/last.xlsx")
    (inbox / "kulturnamnden/last.xlsx").chmod(0)

    assert open_inbox(str(inbox)).arrivals(NOW, 2.0).refused == ("kulturnamnden/last.xlsx",)


def test_receipts_are_told_per_city(inbox, tmp_path):
    put(inbox, "kulturnamnden/a.docx")
    box, store = open_inbox(str(inbox)), open_store(str(tmp_path / "store"))
    (arrival,) = box.arrivals(NOW, 2.0).files
    for city in ("lindhamn", "malmo"):
        take_in(arrival, inbox=box, store=store, received_at=NOW, city_id=city, run="2026-08")

    assert [(r.city, r.run) for r in receipts(store.journal(), city_id="malmo")] == [
        ("malmo", "2026-08")
    ]
    assert len(receipts(store.journal())) == 2


def test_names_with_personal_numbers_are_kept_apart_and_the_numbers_nowhere(inbox, tmp_path):
    put(inbox, "socialnamnden/brev 811218-9876.pdf", b"ett")
    put(inbox, "socialnamnden/brev 701063-2391.pdf", b"annat")
    store = open_store(str(tmp_path / "store"))

    first, again = take_all(inbox, store), take_all(inbox, store)

    assert [one.receipt_id for one in first] == [one.receipt_id for one in again]
    assert len({one.key for one in first}) == 2
    kept = "".join(str(entry) for entry in store.journal())
    assert "9876" not in kept
    assert "2391" not in kept
    assert all("PERSONNUMMER" in one.name for one in first)
