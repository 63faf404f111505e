"""A status holds for exactly the facts it was given about, and statuses come in order."""

from datetime import UTC, datetime

import pytest

from warehouse.acts import OfficeAct
from warehouse.editions import EditionRecord
from warehouse.statuses import Status, may_follow, status_of

NOW = datetime(2026, 9, 21, 10, tzinfo=UTC)


def act(status, head, told=""):
    about = {"status": status, "head": head}
    return OfficeAct("status", "x", None, "2026-08", "stadskontoret", told, NOW, about=about)


def edition(status):
    return EditionRecord("x", "2026-08", 1, status, "a" * 64, "b" * 64, NOW)


def test_a_report_is_a_draft_until_something_is_said_about_its_facts():
    acts = [act("for_decision", "a"), act("decided", "a", "KF § 214"), act("decided", "b")]

    assert status_of([], "2026-08", "a") == Status("draft")
    assert status_of(acts, "2026-08", "a") == Status("decided", "KF § 214")
    assert status_of(acts, "2026-08", "c") == Status("draft")
    assert status_of(acts, "2026-03", "a") == Status("draft")


@pytest.mark.parametrize(
    ("now", "wanted", "earlier", "holds"),
    [
        ("draft", "for_decision", [], True),
        ("draft", "decided", [], False),
        ("draft", "published", [], False),
        ("for_decision", "decided", [], True),
        ("decided", "published", [], True),
        ("published", "decided", [], False),
        ("draft", "corrected", [], False),
        ("draft", "corrected", ["draft"], False),
        ("draft", "corrected", ["decided"], True),
    ],
)
def test_statuses_come_in_order_and_a_correction_only_after_a_decision(now, wanted, earlier, holds):
    assert may_follow(Status(now), wanted, [edition(one) for one in earlier]) is holds
