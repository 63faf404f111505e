"""The city office's own words put down as acts: what is new or changed, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from expectations.registers import City
from tasks.office_words import Written
from warehouse.acts import OfficeAct, acts_of, record
from warehouse.office_words import WORDS, words_of
from warehouse.store import Store


def write_down(
    store: Store, city: City, period: str, written: Sequence[Written], *, by: str, at: datetime
) -> list[OfficeAct]:
    """Record each text that differs from what holds for the round or day; return the acts.

    `by` is the role that acts; who wrote stands with each text.
    """
    known = words_of(acts_of(store, store.journal(), city.city_id), period)
    held = {one.place: one for one in known}
    acts = []
    for one in written:
        before = held.get(one.place)
        own = (one.text, one.code, one.author)
        is_same = before is not None and (before.text, before.code, before.author) == own
        if is_same or not (before or one.text or one.code):
            continue
        about = {"place": one.place, "author": one.author, "code": one.code or ""}
        act = OfficeAct(WORDS, city.city_id, None, period, by, one.text, at, about=about)
        acts.append(record(store, act))
    return acts
