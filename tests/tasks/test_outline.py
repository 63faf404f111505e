"""The shape of running text: furniture taken out, headings found, no line lost or told twice."""

from hypothesis import given
from hypothesis import strategies as st

from tasks.readers.outline import Outline, outline
from tasks.readers.pages import Line
from tasks.readers.paragraphs import joined
from tasks.readers.text import text_pages


def shape(text: str) -> Outline:
    return outline(text_pages(text.encode()))


def titles(text: str) -> list[str]:
    return [f"{s.number} {s.title}".strip() for s in shape(text).sections if s.heading]


def test_page_furniture_and_contents_lists_are_taken_out() -> None:
    found = shape(
        "Innehåll\n1 Ekonomi .......... 3\n\n1 Ekonomi\nText före\n\n"
        "Delårsrapport 2025, Fritidsnämnden 7 (26)\n\ntext efter.\n12(26)\n"
    )
    kept = [line.text for line in found.lines if line.text.strip()]
    assert kept == ["Innehåll", "1 Ekonomi", "Text före", "text efter."]
    assert len(found.furniture) == 3


def test_a_row_that_ends_in_brackets_is_no_page_of_how_many() -> None:
    rows = ["Gata 12 340 11 900 (440)", "Torg 7 120 6 300 (820)", "Bad 5 070 5 055 (15)"]
    found = shape("1 Ekonomi\nVerksamhet Utfall Budget Avvikelse\n" + "\n".join(rows) + "\n")
    assert [line.text for line in found.lines][2:] == rows
    assert not found.furniture


def test_what_every_page_begins_or_ends_with_is_furniture_without_any_mark() -> None:
    page = "STADEN  Årsredovisning 2024\n{} Kapitel\n\nText om kapitlet.\n{}\n"
    found = shape("\f".join(page.format(n, n) for n in range(1, 5)))
    kept = {line.text.strip() for line in found.lines if line.text.strip()}
    assert kept == {"1 Kapitel", "2 Kapitel", "3 Kapitel", "4 Kapitel", "Text om kapitlet."}


def test_the_name_of_a_municipality_is_the_head_of_a_page_and_that_of_a_column_is_not() -> None:
    for head, is_furniture in (("Ekelunda kommun", True), ("Mnkr kommun", False)):
        found = shape("\f".join(f"{head}\n{n} Kapitel\nText {n}a.\n" for n in range(1, 5)))
        assert bool(found.furniture) is is_furniture, head


def test_a_title_in_a_contents_list_may_go_on_over_lines_before_its_leaders() -> None:
    found = shape(
        "Innehåll\n\nInledning ........ 3\n\nMål 1.3: Alla barn ska få en bra start i\n"
        "livet ........ 4\n\nMål 1.4: Fler ska cykla ........\n5\n\n1 Inledning\nText.\n"
    )
    assert [line.text for line in found.lines if line.text] == ["Innehåll", "1 Inledning", "Text."]


def test_a_contents_list_needs_no_leaders() -> None:
    found = shape("Innehåll\n1 Inledning 3\n2 Mål 3\n2.1 Fler cyklar 4\n\n1 Inledning\nText.\n")
    assert [line.text for line in found.lines if line.text] == ["Innehåll", "1 Inledning", "Text."]


def test_a_long_title_goes_on_over_its_lines() -> None:
    text = (
        "1 Mål\n\n1.2 En jämlik och trygg stad där alla\n"
        "invånare har inflytande\nNämnden arbetar.\n"
    )
    assert titles(text) == [
        "1 Mål",
        "1.2 En jämlik och trygg stad där alla invånare har inflytande",
    ]


def test_items_of_a_list_are_no_headings() -> None:
    text = "1 Bilagor\n\n1. Rapport\n2. Plan\n3. Budget\n\n1. Nämnden får i uppdrag att utreda\n"
    assert titles(text)[0] == "1 Bilagor"
    assert "1 Rapport" not in titles(text)
    assert "2 Plan" not in titles(text)
    assert not any("uppdrag" in title for title in titles(text))


def test_the_header_and_the_labels_of_a_table_are_no_headings() -> None:
    text = "3 Ekonomi\n\nUtfall Budget Avvikelse\n\nIntäkter\n\n10,0 9,0 1,0\n"
    assert titles(text) == ["3 Ekonomi"]


def test_numbered_rows_of_a_table_are_no_headings() -> None:
    rows = "2.1 Andel behöriga elever 82,6 % 84,1 % 86 % Uppfylls\n2.2 Trygga elever 88 % 90 %\n"
    assert titles(f"2 Mål\nText.\n\n{rows}\n2.3 Budget 2025 och 2026\nText.\n") == [
        "2 Mål",
        "2.3 Budget 2025 och 2026",
    ]


def test_known_heads_of_a_memo_are_headings_whatever_follows() -> None:
    assert titles("Text.\n\nBeskrivning av ärendet\nI ärendet redovisas året.\n") == [
        "Beskrivning av ärendet"
    ]


def test_numbered_sections_hold_those_below_them() -> None:
    found = shape("2 Mål\n\n2.1 Ett\nText.\n\n2.1.1 Mer\nText.\n\n2.2 Två\nText.\n")
    second = next(section for section in found.sections if section.number == "2.1")
    assert [section.number for section in found.under(second)] == ["2.1", "2.1.1"]


def test_broken_words_are_joined_and_real_hyphens_kept() -> None:
    def text(*lines: str) -> str:
        return joined([Line(line, number) for number, line in enumerate(lines, start=1)])

    assert text("en verk-", "samhet") == "en verksamhet"
    assert text("ny IT-", "utrustning") == "ny IT-utrustning"
    assert text("planen 2026-", "2029") == "planen 2026-2029"
    assert text("mark-", "och exploatering") == "mark- och exploatering"


@given(
    st.lists(
        st.sampled_from(
            [
                "",
                "1 Ekonomi",
                "1.1 Utfall",
                "Text som går vidare.",
                "Rubrik",
                "a",
                "7 (26)",
                "Intäkter 1 2",
            ]
        ),
        max_size=30,
    )
)
def test_every_line_is_furniture_a_title_or_stands_in_one_section(texts: list[str]) -> None:
    pages = text_pages("\n".join(texts).encode())
    found = outline(pages)
    told = [line.number for s in found.sections for line in (*s.title_lines, *s.lines)]
    assert sorted([*told, *found.furniture]) == [line.number for line in pages.lines]


def test_line_spacing_alone_parts_no_title_and_no_header() -> None:
    body = [f"Raden med nummer {n} handlar om annat och slutar här." for n in range(20)]
    lines = [
        "3.1 Alla ska ha nära till en plats där de kan",
        "läsa och låna",
        "Uppfylls helt",
        *body,
    ]
    found = shape("\n\n".join(lines))
    assert found.sections[0].title == "Alla ska ha nära till en plats där de kan läsa och låna"
    assert [line.number for line in found.lines if line.text.startswith("Uppfylls")] == [5]
    # where other lines stand close to each other, a blank one parts
    parted = shape("\n\n".join(lines[:3]) + "\n\n" + "\n".join(body))
    assert parted.sections[0].title == "Alla ska ha nära till en plats där de kan"
