"""A form that came as workbook and Word file: what is asked of which part."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from expectations.contract import (
    Deviation,
    Document,
    Fault,
    Figure,
    FinanceLine,
    Goal,
    Narrative,
    Place,
    Reading,
    Text,
    Unread,
    Word,
)
from expectations.form_layout import LOOSE_THING, OUTSIDE_COLUMN, OUTSIDE_SHEET
from expectations.judging import judge
from expectations.register_files import load_city

CITY = load_city("lindhamn")
ROUND = CITY.round("2026-08")
TODAY = datetime(2026, 9, 14, tzinfo=UTC).date()
TITLE = "Alla barn och unga ska ha en meningsfull fritid"


def part(name, number, **sections):
    document = Document(
        sha256=number * 64,
        name=f"{name}.xlsx",
        city="lindhamn",
        board="kultur-och-fritidsnamnden",
        sender="kultur-och-fritidsnamnden",
        kind="form",
        template_version="2026.1",
        form_part=name,
        round="2026-08",
        submitted_by="controller",
        approved_by="förvaltningschef",
        received_at=datetime(2026, 9, 14, 8, tzinfo=UTC),
    )
    return Reading(document, **sections)


FIGURES = part(
    "figures",
    "a",
    goals=(Goal(TITLE, Place("Mål", "A5"), "L-B2", assessment=Word("Viss", "some")),),
)
PROSE = part("prose", "b", goals=())


def told(*readings):
    verdicts = judge(readings, city=CITY, round=ROUND, today=TODAY)
    return [{f.rule for f in verdict.findings} for verdict in verdicts]


def test_both_parts_are_wanted_and_a_part_alone_is_asked_about():
    assert "A-PART" in told(FIGURES)[0]
    assert "A-PART" in told(PROSE)[0]
    assert all("A-PART" not in rules for rules in told(FIGURES, PROSE))
    whole = replace(FIGURES, document=replace(FIGURES.document, form_part=None))
    assert "A-PART" not in told(whole)[0]
    assert (
        "A-PART" not in told(replace(whole, document=replace(whole.document, sha256="c")), PROSE)[1]
    )


def test_the_workbook_is_not_asked_for_the_prose_and_the_word_file_not_for_its_roles():
    assert "B-REQ" not in told(FIGURES)[0]
    assert "A-ROLE" not in told(part("prose", "b", nothing_to_report=("other",)))[0]


def test_a_text_that_is_missing_in_the_word_file_is_asked_for_there():
    place = Place(heading="Word-filen: Målet, Motivering")
    goal = replace(FIGURES.goals[0], motive=Text("", place))
    (verdict, _) = judge(
        [replace(FIGURES, goals=(goal,)), PROSE], city=CITY, round=ROUND, today=TODAY
    )
    (finding,) = [f for f in verdict.findings if f.rule == "B-REQ"]
    assert (finding.field, finding.place.in_words()) == ("motive", place.heading)


def test_the_same_text_in_both_parts_is_asked_about():
    values = {"heading": "Motivering", "row": TITLE, "there": "fliken Mål, cell G5"}
    fault = Fault("B-TWICE", Place(heading="Word-filen"), "goals", "En text", values)
    assert "B-TWICE" in told(FIGURES, replace(PROSE, faults=(fault,)))[1]
    assert "B-TWICE" not in told(FIGURES, PROSE)[1]


def test_the_tables_of_the_workbook_are_held_against_the_text_of_the_word_file():
    deficit = Figure("−9,0", Decimal(-9), "mnkr", 1, Place("Ekonomi", "G9"))
    line = FinanceLine("result", "Resultat", columns={"forecast": deficit})
    figures = replace(FIGURES, finance=(line,))
    measure = Deviation(Text("Underskott."), measure_taken=Text("Inköpen stoppas."))
    where = Place(heading="Word-filen: Kommentar 1, Text")
    text = Narrative(("Läget",), Text("Prognosen för helåret är −8,0 mnkr.", where))
    with_measure = replace(PROSE, deviations=(measure,))
    assert found("E-NEG30", figures, PROSE)
    assert found("E-NEG30", figures, with_measure) == found("E-NEG30", figures) == []
    (told_of,) = found("E-TEXT", figures, replace(PROSE, narratives=(text,)))
    assert told_of.place == where


def test_a_word_file_that_comes_late_is_told_so_for_the_text_that_it_gives():
    late = replace(PROSE.document, received_at=datetime(2026, 9, 21, 8, tzinfo=UTC))
    readings = [FIGURES, replace(PROSE, document=late)]
    spoken = {late.sha256: ("goals",)}
    in_time, after = judge(readings, city=CITY, round=ROUND, today=TODAY, spoken=spoken)
    assert "A-LATE" not in {f.rule for f in in_time.findings}
    (finding,) = [f for f in after.findings if f.rule == "A-LATE"]
    assert (finding.group, "3 dagar" in finding.message) == ("goals", True)


def test_text_without_its_workbook_is_told_to_wait():
    words = replace(PROSE, goals=(Goal(TITLE, goal_id="L-B2", motive=Text("Fler kommer.")),))
    (verdict,) = judge([words], city=CITY, round=ROUND, today=TODAY)
    (finding,) = [f for f in verdict.findings if f.rule == "A-PART"]
    assert "väntar tills den har kommit" in finding.remedy


def found(rule, *readings):
    verdicts = judge(readings, city=CITY, round=ROUND, today=TODAY)
    return [f for verdict in verdicts for f in verdict.findings if f.rule == rule]


def test_what_stands_outside_the_form_is_told_once_for_each_column_and_sheet():
    noted = [Unread(f"se bilaga {n}", OUTSIDE_COLUMN, Place("Mål", f"M{n}")) for n in (5, 6)]
    own = Unread("Privat 19640823-3234", OUTSIDE_SHEET, Place("Anteckningar", "A1"))
    told_of = found("B-OUTSIDE", replace(FIGURES, unread=(*noted, own)))
    column, sheet = sorted(told_of, key=lambda f: f.place.sheet, reverse=True)
    assert column.message.startswith("Kolumn M på fliken Mål hör inte till mallen.")
    assert (column.place.cell, sheet.place.sheet) == ("M5", "Anteckningar")
    assert "3234" not in sheet.message
    assert found("B-OUTSIDE", FIGURES) == []


def test_a_picture_in_the_word_file_is_told_with_what_to_do():
    (told_of,) = found(
        "B-LOOSE", replace(PROSE, unread=(Unread("(en bild)", LOOSE_THING["picture"]),))
    )
    assert "en bild" in told_of.message
    assert "i ord" in told_of.remedy


def test_a_sheet_that_is_gone_is_asked_for_unless_there_is_nothing_to_report():
    there = {f"{name}.x": "A" for name in ("goals", "assignments", "staff")}
    (gone,) = found("B-SHEET", replace(FIGURES, headings=there))
    assert "Fliken Ekonomi finns inte" in gone.message
    silent = replace(FIGURES, headings=there, nothing_to_report=("economy",))
    assert found("B-SHEET", silent) == []


def test_who_approved_is_asked_for_at_the_cell_of_the_first_sheet():
    empty = replace(FIGURES.document, approved_by=None)
    places = {"approved_by": Place(sheet="Start", cell="B13")}
    (asked,) = found("A-ROLE", replace(FIGURES, document=empty, places=places))
    assert (asked.place.sheet, asked.place.cell) == ("Start", "B13")
