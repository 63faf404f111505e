"""Board plans of other forms than Malmö's: other marks, Word headings, lists of global goals."""

import io
from datetime import date

import docx
import pytest

from expectations.register_files import load_city
from tasks.readers.board_plan import read
from tasks.readers.docx import docx_pages
from tasks.readers.indicator_words import indicators
from tasks.readers.outline import outline
from tasks.readers.pages import Line, Pages
from tasks.readers.running import read_pages
from tasks.readers.text import text_pages
from tasks.readers.wording import wording

CITY = load_city("lindhamn")
WORDS = wording(CITY, date(2026, 6, 30))


def parts(written):
    return read(outline(text_pages(written.encode())), WORDS)


PLAN = """Nämndsbudget 2026

Fokusområde: En stad att växa upp i

Fullmäktigemål: Alla elever ska klara skolan
Målet bidrar till Agenda 2030-målen: 4, 5 och 10

Planering för året

Läslyft i årskurs 1
Planering 2026
Grundskolenämnden ger alla skolor tid för gemensam läsning.

Så följer vi upp målet
Indikator: andel elever som läser med flyt i årskurs 1. Önskat läge är att andelen ökar varje
termin.

Nämndsmål: Varje skola har en skolbibliotekarie

Planering för planperioden
Två bibliotekarier anställs om året.

Uppföljning
Nämnden använder därför antalet bemannade bibliotek som indikator.

Grundskolenämnden får i uppdrag att tillsammans med socialnämnden, pröva fler
samlade skoldagar

Arbetet börjar i augusti. Uppdraget återrapporteras senast i maj 2027.
"""


def test_goals_are_read_under_other_words_than_malmos():
    council, board = parts(PLAN).rows["goals"]

    assert (council.goal_id, council.level, council.area) == (
        "L-B1",
        "council",
        "En stad att växa upp i",
    )
    assert (council.sdgs, board.sdgs) == ((4, 5, 10), ())
    assert (board.title, board.level, board.goal_id) == (
        "Varje skola har en skolbibliotekarie",
        "board",
        None,
    )


def test_planning_keeps_its_heading_and_horizon():
    council, board = parts(PLAN).rows["goals"]

    assert [(p.heading, p.horizon) for p in council.planning] == [("Läslyft i årskurs 1", "year")]
    assert [(p.heading, p.horizon) for p in board.planning] == [("", "term")]
    assert board.planning[0].text.text == "Två bibliotekarier anställs om året."


def test_indicators_and_desired_outcomes_are_found_in_the_follow_up():
    first, second = parts(PLAN).rows["indicators"]

    assert first.name == "andel elever som läser med flyt i årskurs 1"
    assert first.desired_outcome.text == "Önskat läge är att andelen ökar varje termin."
    assert (second.name, second.desired_outcome) == ("antalet bemannade bibliotek", None)


def test_a_plan_that_is_no_budget_says_nothing_of_who_gave_its_assignments():
    (given,) = parts(PLAN.replace("Nämndsbudget", "Verksamhetsplan")).rows["assignments"]

    assert (given.decision, given.origin) == (None, None)


def test_an_assignment_has_its_addressees_and_its_day():
    (given,) = parts(PLAN).rows["assignments"]

    assert given.addressees == ("grundskolenamnden", "socialnamnden")
    assert (given.due.written, given.due.latest) == ("i maj 2027", date(2027, 5, 31))
    assert given.decision.budget_year == 2026
    assert given.narrative.text.startswith("Arbetet börjar i augusti.")


def word_plan():
    document = docx.Document()
    document.add_heading("Nämndsbudget 2026", 0)
    document.add_paragraph("Kulturnämnden i Lindhamns stad. Planen följer Lindhamns stads budget.")
    document.add_heading("Mål 1: Alla barn och unga ska ha en meningsfull fritid", 2)
    document.add_heading("Öppna lokaler", 3)
    document.add_paragraph("Planering 2026")
    document.add_paragraph("Fem lokaler hålls öppna till klockan 22. Personal finns på plats.")
    document.add_heading("Uppföljning av målet", 3)
    document.add_paragraph("Antal öppna kvällar utgör nämndens indikator.")
    held = io.BytesIO()
    document.save(held)
    return docx_pages(held.getvalue())


def test_a_plan_in_word_is_read_by_its_headings():
    told = read_pages(word_plan(), city=CITY, name="plan.docx")

    (goal,) = told.goals
    assert (told.document.kind, told.document.span) == ("board_plan", "2026")
    assert goal.goal_id == "L-B2"
    assert [(p.heading, p.horizon) for p in goal.planning] == [("Öppna lokaler", "year")]
    assert [row.name for row in told.indicators] == ["Antal öppna kvällar"]


def test_a_number_that_is_no_global_goal_is_not_taken_for_one():
    goal = parts(
        "Mål: Havet och Lindån ska må bättre\n\nBidrar till Agenda 2030-mål:\n 6 Rent vatten\n"
        " 14 Hav och marina resurser\n 18 Något annat\n\nPlanering 2026\nVi provtar vattnet.\n"
    ).rows["goals"][0]

    assert goal.sdgs == (6, 14)


def test_prose_that_mentions_an_assignment_gives_none():
    found = parts(
        "Mål: Havet och Lindån ska må bättre\n\nPlanering 2026\n\n"
        "Miljönämnden har fått i uppdrag att mäta. Det görs under våren. Resultatet används.\n"
    )

    assert found.rows["assignments"] == ()


def test_text_without_goals_gives_nothing():
    found = parts("Planering 2026\nVi planerar.\n\nUppföljning\nVi följer upp.\n")

    assert found.rows["goals"] == ()
    assert found.claimed == frozenset()


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("Vi använder sjuktalen som indikator för målet.", "sjuktalen"),
        ("Andelen nöjda utgör nämndens indikator.", "Andelen nöjda"),
        ("Som indikator används antalet besök.", "antalet besök"),
        ("Indikatorer är besök och lån.", "besök och lån"),
        ("Indikatorn tas fram under året.", "Indikatorn tas fram under året."),
    ],
)
def test_an_indicator_is_named_in_several_ways(sentence, name):
    (found,), _ = indicators([Line(sentence, 1)], "L-A1", WORDS)

    assert found.name == name


def test_a_follow_up_without_an_indicator_gives_none():
    assert indicators([Line("Målet följs upp i höst.", 1)], None, WORDS) == ([], None)


def test_room_on_a_page_parts_assignments_where_a_text_has_a_blank_line():
    told = (
        (100, 5, "Grundskolenämnden ges i uppdrag att pröva samlade skoldagar på alla skolor"),
        (115, 5, "i norra staden"),
        (140, None, "Uppdraget återrapporteras senast 2026-09-30."),
        (165, None, "Grundskolenämnden ges i uppdrag att öka läsningen."),
        (190, None, "Uppdraget återrapporteras senast 2026-12-31."),
    )
    lines = tuple(
        Line(text, number, 1, box=(68.0, top, 400.0, top + 11.0), heading=level)
        for number, (top, level, text) in enumerate(told, 1)
    )
    given = read(outline(Pages(lines=lines)), WORDS).rows["assignments"]
    assert [(one.text, str(one.due.latest)) for one in given] == [
        (f"{told[0][2]} i norra staden", "2026-09-30"),
        (told[3][2], "2026-12-31"),
    ]
