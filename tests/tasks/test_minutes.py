"""An extract of minutes is read: which meeting, which paragraph, and what became of the report."""

from datetime import date

import pytest

from expectations.register_files import load_city
from tasks.readers.opening import open_as

CITY = load_city("lindhamn")
EXTRACT = """\
Lindhamns stad
Socialnämnden
Protokollsutdrag
Sammanträdesdatum {day}

§ 87 Delårsrapport augusti 2026
Dnr SN-2026-0072

Beslut
Socialnämnden beslutar
1. {clause}

Justerat 2026-09-28
"""


def document(day="2026-09-24", clause="att godkänna rapporten och överlämna den."):
    text = EXTRACT.format(day=day, clause=clause)
    return open_as("text", text.encode(), name="utdrag.txt", city=CITY).document


def test_an_extract_says_its_meeting_and_the_round_that_it_decides_on():
    found = document()
    assert (found.kind, found.board, found.round) == ("minutes_extract", "socialnamnden", "2026-08")
    decided = found.decided
    assert (decided.organ, decided.date) == ("socialnämnden", date(2026, 9, 24))
    assert (decided.paragraph, decided.outcome) == ("87", None)
    assert document("24 september 2026").decided.date == date(2026, 9, 24)


@pytest.mark.parametrize(
    ("clause", "outcome"),
    [
        ("att återremittera ärendet till förvaltningen.", "sent_back"),
        ("att bordlägga ärendet till nästa sammanträde.", "tabled"),
        ("att anteckna rapporten.", None),
    ],
)
def test_what_was_sent_back_or_tabled_is_no_decision(clause, outcome):
    assert document(clause=clause).decided.outcome == outcome


def test_a_report_that_mentions_an_extract_further_down_is_still_a_report():
    lines = ["Delårsrapport augusti 2026", "Socialnämnden", *["Text om året."] * 10]
    text = "\n".join([*lines, "Protokollsutdrag bifogas."])
    found = open_as("text", text.encode(), name="rapport.txt", city=CITY).document
    assert (found.kind, found.decided) == ("interim_report", None)
