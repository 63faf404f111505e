"""Where a section stands: asked about, decided, locked; what comes after a lock waits."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from expectations.contract import Decided, Document, Goal, Reading
from expectations.register_files import load_city
from expectations.verdicts import Finding, Verdict
from warehouse.acts import OfficeAct
from warehouse.handling import locked_sections
from warehouse.merging import Handed
from warehouse.snapshot import SectionState, Snapshot, StoredDocument, acted_on, without_withheld
from warehouse.warehouse import open_warehouse

NOW = datetime(2026, 9, 14, 8, tzinfo=UTC)
CITY = load_city("lindhamn")
BOARD = "socialnamnden"
STATE = SectionState(BOARD, "2026-08", "goals", "merged", received_at=NOW, document="a" * 64)


def act(kind, text="Skälet", days=1, group="goals"):
    about = {"group": group}
    at = NOW + timedelta(days=days)
    return OfficeAct(kind, "lindhamn", BOARD, "2026-08", "stadskontoret", text, at, about=about)


def document(kind, days, **more):
    said = Document(sha256="b" * 64, kind=kind, board=BOARD, round="2026-08", **more)
    return StoredDocument(said, BOARD, "2026-08", 1, NOW + timedelta(days=days), f"K-{days}")


def standing(*acts, documents=(), findings=(), state=STATE):
    found = acted_on(state, acts, documents, findings).handling
    return found.standing, found.told


def question(**more):
    fields = ("X", "FRÅGA", "lindhamn", BOARD, "2026-08", "a" * 64, "f", "M.", "R.")
    return Finding(*fields, **({"group": "goals"} | more))


def test_a_section_is_under_check_while_a_question_is_open_and_checked_when_none_is():
    assert standing(findings=(question(),)) == ("under_check", "")
    assert standing(findings=(question(group="staff"),)) == ("checked", "")
    assert standing() == ("checked", "")
    assert standing(state=replace(STATE, state="stopped")) == ("received", "")
    assert standing(state=replace(STATE, state="missing", received_at=None)) == ("missing", "")


def test_what_is_asked_for_is_asked_until_something_comes():
    assert standing(act("asked", "Motivera")) == ("asked", "Motivera")
    later = replace(STATE, received_at=NOW + timedelta(days=2))
    assert standing(act("asked", "Motivera"), state=later) == ("checked", "")


def test_a_missing_section_can_be_asked_for():
    missing = replace(STATE, state="missing", received_at=None)
    assert standing(act("asked", "Skicka in"), state=missing) == ("asked", "Skicka in")


def test_a_lock_holds_until_it_is_unlocked_with_a_reason():
    assert standing(act("lock")) == ("locked", "Skälet")
    assert standing(act("lock"), act("unlock", "Rättat", 2)) == ("checked", "Rättat")
    again = (act("lock"), act("unlock", "Rättat", 2), act("lock", "Slutligt", 3))
    assert standing(*again) == ("locked", "Slutligt")
    assert standing(act("lock", group="staff")) == ("checked", "")


def test_what_comes_to_a_locked_section_is_named():
    found = acted_on(STATE, [act("lock")], [document("form", 3)])
    assert found.handling.waiting == "K-3"
    assert acted_on(STATE, [act("lock")], [document("minutes_extract", 3)]).handling.waiting is None


def test_an_extract_of_the_minutes_is_evidence_of_the_boards_decision():
    decided = Decided(organ="nämnden", date=date(2026, 9, 24), paragraph="87")
    found = acted_on(STATE, [], [document("minutes_extract", 9, decided=decided)])
    assert found.decision == "beslutat 2026-09-24 § 87, enligt protokollsutdrag"
    assert found.handling.standing == "decided"
    back = replace(decided, outcome="sent_back")
    found = acted_on(STATE, [], [document("minutes_extract", 9, decided=back)])
    assert (found.handling.standing, found.is_decided) == ("sent_back", False)
    later = replace(STATE, received_at=NOW + timedelta(days=10))
    found = acted_on(later, [], [document("minutes_extract", 9, decided=back)])
    assert found.handling.standing == "checked"
    noted = acted_on(STATE, [act("decision", "beslutat 2026-09-25")], [])
    assert (noted.decision, noted.handling.standing) == ("beslutat 2026-09-25", "decided")


# --- merging under a lock -------------------------------------------------------------------------


def put(warehouse, sha, title, day, **more):
    fields = {"sha256": sha * 64, "name": "f", "media_type": "x", "size": 1, "kind": "form"}
    reading = Reading(Document(board=BOARD, round="2026-08", **fields), goals=(Goal(title),))
    now = NOW + timedelta(days=day)
    receipt = {
        "receipt_id": f"K-{sha}",
        "key": "f",
        "sender": BOARD,
        "name": "f",
        "board": BOARD,
        "period": "2026-08",
        "received_at": now,
        "identical": False,
    }
    warehouse.remember(reading, city_id="lindhamn", reader_version="1", receipt=receipt)
    handed = [Handed(reading, BOARD, "2026-08", now, f"K-{sha}")]
    verdicts = {sha * 64: Verdict(sha * 64, BOARD, "2026-08")}
    return warehouse.merge(handed, verdicts, city_id="lindhamn", span={}, now=now, **more)


def titles(warehouse, acts=()):
    round_ = CITY.round("2026-08")
    found = warehouse.snapshot(CITY, round_=round_, on=round_.period_to, now=NOW, acts=acts)
    return [row.row.title for row in found.rows], found.sections


def test_a_locked_section_takes_a_later_document_as_received_but_does_not_change(url):
    locks = locked_sections([act("lock")], "2026-08")
    locked = {(board, "2026-08", group) for board, group in locks}
    with open_warehouse(url) as warehouse:
        put(warehouse, "a", "Först", 0)
        assert put(warehouse, "b", "Sedan", 3, locked=locked) == 0
        said, sections = titles(warehouse, [act("lock")])
        assert said == ["Först"]
        mine = next(s for s in sections if (s.board, s.group) == (BOARD, "goals"))
        assert (mine.handling.standing, mine.handling.waiting) == ("locked", "K-b")
        assert put(warehouse, "b", "Sedan", 4) == 1
        assert titles(warehouse)[0] == ["Sedan"]


def test_a_lock_does_not_hold_what_has_been_blocked(url):
    locked = {(BOARD, "2026-08", "goals")}
    with open_warehouse(url) as warehouse:
        put(warehouse, "a", "Hemligt", 0)
        put(warehouse, "b", "Sedan", 3, locked=locked, shut={"a" * 64})
        assert titles(warehouse)[0] == ["Sedan"]


def test_a_section_that_has_nothing_yet_is_not_held_empty_by_a_lock(url):
    with open_warehouse(url) as warehouse:
        put(warehouse, "a", "Först", 0, locked={(BOARD, "2026-08", "goals")})
        assert titles(warehouse)[0] == ["Först"]


def test_what_the_board_sent_back_is_not_decided_until_something_newer_has_come():
    def noted(outcome, received=NOW):
        told = replace(act("decision", "beslutat 2026-09-24 § 87, återremitterat"))
        told = replace(told, about={"group": "goals", "outcome": outcome})
        state = acted_on(replace(STATE, received_at=received), [told])
        return state.handling.standing, state.is_decided

    assert noted("aterremiss") == ("sent_back", False)
    assert noted("bordlagt") == ("tabled", False)
    assert noted("som-forslaget") == ("decided", True)
    assert noted("med-andringar") == ("decided", True)
    assert noted("aterremiss", NOW + timedelta(days=2))[0] == "checked"


def test_no_report_tells_of_a_section_that_is_kept_out_not_even_beside_other_boards():
    citys = {"board": None, "document": "", "boards": ("kommunstyrelsen", BOARD)}
    told = (question(group="staff"), question(boards=("kommunstyrelsen",)), question(group=None))
    of_it = (question(), replace(question(), **citys))
    snapshot = Snapshot(
        *("lindhamn", "2026-08", date(2026, 8, 31), NOW, ("2026-08",), ()),
        sections=(replace(STATE, state="withheld"),),
        rows=(),
        findings=(*told, *of_it),
        head="",
    )
    assert set(without_withheld(snapshot).findings) == {told[0], told[2]}
