"""Report-backs of other forms than Malmö's, and what a damaged scan may and may not do."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.register_files import load_city
from tasks.readers.addressees import addressees
from tasks.readers.damaged import holds
from tasks.readers.repairing import is_damaged
from tasks.readers.running import read_pages
from tasks.readers.text import text_pages
from tasks.readers.wording import wording

CITY = load_city("lindhamn")
WORDS = wording(CITY, date(2026, 6, 30))

REPORT = """Återrapportering av uppdrag om levande stadsdelar
SVN-2026-0031

Sammanfattning

Servicenämnden i Lindhamns stad redovisar två uppdrag. Lindhamns stad följer arbetet.

Förslag till beslut

Servicenämnden föreslår kommunfullmäktige besluta att
1. Uppdragen i ärende KS-2025-0107 förklaras fullgjorda.
2. Kommunfullmäktige ger servicenämnden i uppdrag att hålla två lokaler öppna på
helgerna.

Beslutsplanering
Servicenämnden 2026-05-20
Kommunfullmäktige 2026-06-11

Ärendet

Kommunfullmäktige beslutade 2025-05-22 § 88 att uppdra åt servicenämnden och socialnämnden:
- att öppna fler lokaler för föreningar;
- att pröva en gemensam bokning senast i december 2025.

1. Öppna fler lokaler för föreningar.

Fyra lokaler har öppnats. Nämnden ser behov av att hålla två lokaler öppna på helgerna.

2. Något helt annat som inte hör hit.

Bokningen provas i tre stadsdelar.

Ansvarig
"""


@pytest.fixture(scope="module")
def told():
    return read_pages(text_pages(REPORT.encode()), city=CITY, name="rapport.txt")


def test_the_decision_behind_the_commissions_is_read_from_the_sentence_above_them(told):
    first, second, _ = told.assignments

    assert (first.decision.organ, first.decision.date, first.decision.paragraph) == (
        "KF",
        date(2025, 5, 22),
        "88",
    )
    assert first.origin == "council_other"
    assert first.addressees == ("servicenamnden", "socialnamnden")
    assert second.due.latest == date(2025, 12, 31)


def test_a_heading_with_the_right_number_but_other_words_is_not_a_commissions(told):
    first, second, _ = told.assignments

    assert first.narrative.text.startswith("Fyra lokaler har öppnats.")
    assert second.narrative is None


def test_an_assignment_the_register_does_not_have_gets_no_id(told):
    assert {row.assignment_id for row in told.assignments} == {None}
    assert [row.point for row in told.assignments] == ["1", "2", None]


def test_clauses_name_who_decides_and_which_cases(told):
    first, second = told.decisions

    assert (first.organ, first.verb, first.case_numbers) == (
        "kommunfullmäktige",
        "förklaras",
        ("KS-2025-0107",),
    )
    assert (second.verb, second.complete) == ("ger", True)


def test_a_clause_that_gives_an_assignment_is_a_new_one(told):
    new = told.assignments[2]

    assert (new.status.code, new.origin, new.addressees) == (
        "new",
        "council_other",
        ("servicenamnden",),
    )


def test_a_clause_that_entrusts_somebody_gives_an_assignment_too():
    other = REPORT.replace("ger servicenämnden i uppdrag att", "uppdrar åt servicenämnden att")
    told = read_pages(text_pages(other.encode()), city=CITY, name="rapport.txt")

    assert told.assignments[2].addressees == ("servicenamnden",)
    assert told.assignments[2].status.written == "uppdrar åt"


def test_meetings_and_case_are_those_of_the_report(told):
    assert told.document.case_number == "SVN-2026-0031"
    assert [m.date for m in told.document.meetings] == [date(2026, 5, 20), date(2026, 6, 11)]


def test_a_clause_without_an_end_is_not_complete():
    cut = REPORT.replace("öppna på\nhelgerna.", "öppna på")
    told = read_pages(text_pages(cut.encode()), city=CITY, name="rapport.txt")

    assert [row.complete for row in told.decisions] == [True, False]


@pytest.mark.parametrize(
    ("damaged", "phrase"),
    [
        ("Forslag till beslut", "förslag till beslut"),
        ("F6rslag till beslut", "förslag till beslut"),
        ("£6rslag till beslut", "förslag till beslut"),
        ("Arendet", "ärendet"),
        ("drendet", "ärendet"),
        ("Kommunstyrelsen foreslir", "föreslår"),
        ("Kommunstyrelsen godkinner", "godkänner"),
        ("atgird", "åtgärd"),
    ],
)
def test_words_that_a_scan_damaged_are_recognised(damaged, phrase):
    assert holds(damaged, phrase)


@given(st.sampled_from(["förslag till beslut", "ärendet", "godkänner", "åtgärd"]), st.randoms())
def test_a_whole_phrase_is_always_recognised_and_a_changed_consonant_never(phrase, random):
    assert holds(phrase.upper(), phrase)
    places = [i for i, letter in enumerate(phrase) if letter in "gnkrtb"]
    at = random.choice(places)
    assert not holds(phrase[:at] + "x" + phrase[at + 1 :], phrase)


def test_only_a_long_text_without_the_three_letters_is_called_damaged():
    assert is_damaged("Detta ar en text som har forlorat sina prickar och ringar. " * 20)
    assert not is_damaged(
        "Detta är en text som har kvar sina prickar och ringar på rätt ställe. " * 20
    )
    assert not is_damaged("Budget 2026")


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("Socialnämnden", ("socialnamnden",)),
        ("Socialförvaltningen", ("socialnamnden",)),
        (
            "Kommunstyrelsen ges, tillsammans med vård- och omsorgsnämnden och socialnämnden",
            ("kommunstyrelsen", "vard-och-omsorgsnamnden", "socialnamnden"),
        ),
        ("Samtliga nämnder och styrelser", ("*",)),
        ("Okända nämnden", ("Okända nämnden",)),
        ("Alla goda krafter", ()),
    ],
)
def test_whom_an_assignment_is_given_to(who, expected):
    assert addressees(who, WORDS) == expected


def test_a_day_that_is_none_is_no_meeting():
    text = REPORT.replace("2026-05-20", "2026-13-20")
    assert text != REPORT
    told = read_pages(text_pages(text.encode()), city=None, name="rapport.txt")
    assert [m.date for m in told.document.meetings] == [date(2026, 6, 11)]
