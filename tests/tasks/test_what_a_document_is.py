"""Kind, round and city of a document, and what nobody took of it."""

import pytest
from reading_texts import HEADING, read

from expectations.register_files import load_city
from tasks.readers.running import read_pages
from tasks.readers.text import text_pages


def test_rows_that_no_section_asks_for_are_unread_one_by_one_and_sentences_stay() -> None:
    said = (
        "Verksamheten har haft 45 platser i bruk\noch 3 400 besök under våren, mot 3 100 i fjol.\n"
    )
    cells = "Antal turer\n\n40\n\n30\n\nAntal samtal\n\n12 400\n\n11 300\n"
    singles = "Sorterat avfall 450 ton\nMötesrum 56\nCyklar 23\nTeckenspråkstolkar 7\n"
    reading = read(f"{HEADING}{said}\n4 Volymer\n\n{cells}\n{said}\n5 Annat\n\n{singles}")
    assert [(one.place.line, one.text) for one in reading.unread] == [
        (10, "Antal turer 40 30"),
        (16, "Antal samtal 12 400 11 300"),
        (28, "Mötesrum 56"),
        (29, "Cyklar 23"),
        (30, "Teckenspråkstolkar 7"),
    ]
    assert all("rubriker" in one.why for one in reading.unread)
    assert [one.text.text.split()[0] for one in reading.narratives][:2] == ["Verksamheten"] * 2
    assert reading.coverage < 1


def test_lines_of_dashes_and_numbers_without_end_are_no_fault_of_the_reader() -> None:
    reading = read(
        HEADING
        + "–\n–\n–\n\nHej då.\n\n4 Mer\n\n"
        + "9" * 6000
        + "\n-\n3\n" * 3
        + "100 " * 28
        + "x"
    )
    assert not any(one.text in ("–", "-") for one in reading.unread)


TITLES = [
    ("Delårsrapport augusti 2025", "interim_report", "2025-08"),
    ("Delårsrapport per 31 augusti 2025", "interim_report", "2025-08"),
    ("Delårsrapport januari–augusti 2025", "interim_report", "2025-08"),
    ("Delårsrapport 2025-08-31", "interim_report", "2025-08"),
    ("Tertialrapport 2 2025", "interim_report", "2025-08"),
    ("Tertialrapport 1, 2025", "interim_report", "2025-04"),
    ("Uppföljningsrapport mars 2025", "interim_report", "2025-03"),
    ("Årsrapport 2025", "annual_report", "2025-12"),
    ("Delårsrapport 2025", "interim_report", None),
    ("Delårsrapport 2025\nper den 31 augusti 2025", "interim_report", "2025-08"),
    ("Uppföljning T2 2025", "interim_report", "2025-08"),
    ("Uppföljning april 2025", "interim_report", "2025-04"),
    ("Kvartalsrapport 3 2025", "interim_report", "2025-09"),
    ("Verksamhetsberättelse\nBarn- och utbildningsnämnden\n2024", "annual_report", "2024-12"),
    ("Bokslut 2024", "annual_report", "2024-12"),
]


@pytest.mark.parametrize(("title", "kind", "round_"), TITLES)
def test_kind_and_round_are_read_from_the_title(title, kind, round_) -> None:
    document = read(f"{title}\nFritidsnämnden\n\n1 Inledning\nText om året som gick.\n").document
    assert (document.kind, document.round) == (kind, round_)
    assert document.reasons


def test_a_document_of_another_city_is_said_to_be_and_gets_no_board_of_this_one() -> None:
    text = (
        "Delårsrapport augusti 2025\nKommunstyrelsen, Malmö stad\n\n1 Inledning\n"
        "Malmö växer. Stadskontoret i Malmö har följt malmöborna.\n"
    )
    pages = text_pages(text.encode())
    document = read_pages(pages, city=load_city("goteborg"), name="x.txt").document
    assert (document.city, document.board, document.administration) == ("malmo", None, None)


def test_the_board_of_the_title_and_page_heads_goes_before_one_that_the_text_names() -> None:
    head = "Nämnden för Intraservice\n\nÅrsrapport nämnder och styrelser 2025\n"
    text = "Hyra av leasing för stadens bilar har ökat, och leasing av datorer likaså.\n" * 9
    pages = text_pages(f"{head}\n3 Bokslut\n\n{text}".encode())
    document = read_pages(pages, city=load_city("goteborg"), name="x.txt").document
    assert document.board == "namnden-for-intraservice"


def test_a_text_without_kind_is_unknown_and_nothing_of_it_is_lost() -> None:
    reading = read("Hej!\n\nHär kommer en hälsning från oss.\n")
    assert reading.document.kind == "unknown"
    assert [unread.text for unread in reading.unread] == [
        "Hej!",
        "Här kommer en hälsning från oss.",
    ]
    assert reading.coverage == 0


def test_an_empty_text_is_read_as_nothing() -> None:
    reading = read("")
    assert (reading.document.kind, reading.unread, reading.coverage) == ("unknown", (), 0)
