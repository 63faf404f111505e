"""Damaged Swedish: proposals stand beside what was written, and no figure is ever touched."""

import re
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from expectations.contract import Text
from expectations.register_files import load_city
from tasks.readers.normalising import normalised, whole
from tasks.readers.pages import Line, Pages
from tasks.readers.repairing import Repairs, is_damaged
from tasks.readers.running import read_pages
from tasks.readers.text import text_pages

CLEAN = """Nämnden föreslår att förvaltningen får i uppdrag att följa upp åtgärderna för ökad
tillgänglighet. Näringslivet och föreningarna har också lämnat förslag på hur området kan växa.
Under året har förvaltningen ställt sig bakom flera överenskommelser, och målgruppen är nöjd.
Det är viktigt att nämndens ärenden är väl beredda och att många får möjlighet att påverka.
Även i år återstår arbete på några områden, så förvaltningen återkommer med en ny bedömning.
Det är också angeläget att beslutet får genomslag."""
AS_SCANNED = str.maketrans("åäöÅÄÖ", "aioAAO")
DAMAGED = CLEAN.translate(AS_SCANNED)


@pytest.fixture(scope="module")
def repairs():
    return Repairs(DAMAGED, None)


def test_a_scanned_text_is_told_from_a_whole_one_and_from_another_language():
    english = "The board has not yet decided on the matter, and the office will report again. " * 9
    assert is_damaged(DAMAGED)
    assert not is_damaged(CLEAN)
    few = "Inkomster 12 och kostnader 13 i budget, skolan och nämnden har ökat. " * 9
    assert not is_damaged(few)
    assert not is_damaged(english)


def test_most_words_of_a_scanned_text_get_their_letters_back(repairs):
    mended = repairs.repaired(DAMAGED).split()
    pairs = list(zip(CLEAN.split(), DAMAGED.split(), mended, strict=True))
    assert sum(right == before for right, before, _ in pairs) < 50
    assert sum(right == now for right, _, now in pairs) >= len(pairs) - 4
    assert [one for one in pairs if one[0] == one[1] != one[2]] == []


@pytest.mark.parametrize(
    ("damaged", "right"),
    [
        ("f6r", "för"),
        ("£6r", "för"),
        ("niringslivsprogram", "näringslivsprogram"),
        ("kompetensforsorjningsbehov", "kompetensförsörjningsbehov"),
        ("Arendet", "Ärendet"),
        ("FORSLAG", "FÖRSLAG"),
    ],
)
def test_words_and_compounds_are_found_in_the_case_they_were_written(repairs, damaged, right):
    assert repairs.word(damaged) == right


def test_what_a_word_follows_tells_year_from_is(repairs):
    assert repairs.repaired("om 4 ar") == "om 4 år"
    assert repairs.repaired("det ar") == "det är"


@pytest.mark.parametrize(
    "kept",
    ["hinder", "STK-2024-182", "G16a", "2024-08", "10a", "6tkr", "KSAU", "1", "100 0OO", "45,6"],
)
def test_words_that_are_whole_and_identifiers_stay(repairs, kept):
    assert repairs.repaired(kept) is None


@settings(max_examples=150, deadline=None)
@given(st.from_regex(r"[-−+]?[0-9]{1,3}([  .,][0-9]{1,3}){0,3} ?(%|tkr|mnkr)?", fullmatch=True))
@example("16 460,4")
def test_no_figure_is_ever_changed(repairs, figure):
    mended = repairs.repaired(f"summan blev {figure} under perioden") or ""
    assert figure in mended or not mended


def test_a_word_without_end_takes_no_time(repairs):
    assert repairs.repaired("Q" * 100_000 + " " + "6" * 50_000) is None


def read(text):
    return read_pages(text_pages(text.encode()), city=load_city("malmo"), name="a.txt")


def test_the_original_stands_beside_the_proposal_in_the_reading():
    reading = read(f"Rapport\n\nBakgrund\n\n{DAMAGED}\n")
    (narrative,) = reading.narratives
    assert narrative.text.text.startswith("Nimnden foreslar")
    assert narrative.text.repaired.startswith("Nämnden föreslår")
    assert any("skadats" in reason for reason in reading.document.reasons)


def test_a_whole_text_has_no_proposals():
    (narrative,) = read(f"Rapport\n\nBakgrund\n\n{CLEAN}\n").narratives
    assert narrative.text == Text(narrative.text.text, narrative.text.place)


def lines_of(text):
    return Pages(tuple(Line(line, n) for n, line in enumerate(text.split("\n"), 1)))


def shown(pages):
    return "\n".join(line.text for line in pages.lines)


def test_utf8_that_was_opened_as_another_encoding_is_read_as_what_it_was():
    garbled = CLEAN.replace("Det", "– § 4 ”Det”").encode().decode("cp1252", errors="ignore")
    pages, told = normalised(lines_of(garbled))
    assert "lästs om" in told[0]
    assert "föreslår" in shown(pages)
    assert "– § 4" in shown(pages)
    assert "Ã" not in shown(pages)


def test_letters_that_stand_apart_are_a_word_and_marks_in_a_row_are_not():
    assert whole("2 E k o n o m i och p e r s o n a l") == "2 Ekonomi och personal"
    for row in ("x x x x x x", "A B C D E F", "b c d f g h", "1 2 3 4 5 6", "j f m a"):
        assert whole(row) == row


def test_letters_ligatures_and_soft_hyphens_are_made_whole():
    parted = unicodedata.normalize("NFD", "å Ö é")
    assert (
        whole(f"{parted} ﬁnns eﬀekt sam\xadhälle bryts\xad") == "å Ö é finns effekt samhälle bryts-"
    )


@given(st.text(alphabet=st.characters(codec="cp1252", exclude_categories=["Cc"]), max_size=40))
def test_a_whole_text_is_never_taken_for_a_garbled_one(text):
    if not re.search("Ã|â€|Â", text) and "\xad" not in text:
        assert shown(normalised(lines_of(text))[0]) == unicodedata.normalize("NFC", text)
