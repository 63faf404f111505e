"""What is quoted of a document without cells, so that its reader finds the place."""

from decimal import Decimal

from expectations.contract import Document, Figure, Narrative, Place, Reading, StaffFigure, Text
from expectations.quoting import heading_of, quote_of

AT = Place(page=3, line=41)
LONG = "Ett ord till. " * 20 + "Arbetet pågår ännu på flera håll. " + "Ett ord till. " * 20
EMPTY = Reading(Document())


def narrative(words):
    return Narrative(("Läget", "Ekonomi"), Text(words, AT))


def test_running_text_is_cut_around_what_was_written_between_whole_words():
    quote = quote_of(EMPTY, narrative(LONG), AT, "ongoing", "pågår")

    assert "Arbetet pågår ännu på flera håll." in quote
    assert quote.startswith("… ")
    assert quote.endswith(" …")
    assert set(quote.split()) <= {*LONG.split(), "…"}


def test_a_lone_number_is_told_with_the_name_of_its_row():
    row = StaffFigure(
        "exits", "Avgångar", AT, None, {"outcome": Figure("18", Decimal(18), place=AT)}
    )

    assert quote_of(EMPTY, row, AT, "18") == "Avgångar · 18"
    below = Place(page=3, line=42)
    row = StaffFigure("exits", "Avgångar", AT, None, {"outcome": Figure("18", place=below)})
    assert quote_of(EMPTY, row, below, "18") == "Avgångar: 18"


def test_a_workbook_is_not_quoted():
    assert quote_of(EMPTY, narrative(LONG), Place(sheet="Mål", cell="F6"), None) is None


def test_nothing_personal_is_repeated():
    quote = quote_of(
        EMPTY, narrative("Brukare 811218-9876, nagon@gmail.com, väntar."), AT, "väntar"
    )

    assert quote == "Brukare ******-****, …@…, väntar."


def test_the_headings_of_a_text_are_told_from_the_top():
    assert heading_of(narrative("x")) == "Läget > Ekonomi"
    assert heading_of(None) is None
