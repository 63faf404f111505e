"""Verdicts on goals as other cities write them: whose they are, in which words, what is none."""

from datetime import date

import pytest
from reading_texts import read

from tasks.readers.pages import Line
from tasks.readers.verdicts import verdict
from tasks.readers.wording import wording

WORDS = wording(None, date(2025, 8, 31))


def said(text: str) -> str | None:
    found = verdict([Line(text, 1)], WORDS)
    return found.written if found else None


@pytest.mark.parametrize(
    ("sentence", "written"),
    [
        ("Målet bedöms inte bli uppfyllt under året.", "Målet bedöms inte bli uppfyllt"),
        ("Nämnden bedömer att målet är i huvudsak uppfyllt.", "målet är i huvudsak uppfyllt"),
        ("Sammantaget bedöms målet som delvis uppfyllt.", "målet som delvis uppfyllt"),
        ("Uppfylls helt", "Uppfylls helt"),
        ("Status: Enligt plan", "Enligt plan"),
        ("Målet är i liten utsträckning uppfyllt.", "Målet är i liten utsträckning uppfyllt"),
        ("Prognos för måluppfyllelse: Bedöms uppnås", "Bedöms uppnås"),
        ("För att målet ska uppnås krävs fler platser.", None),
        ("Om målet är uppfyllt vid årets slut avgörs av statistiken.", None),
        ("Delmålet är uppnått.", None),
        ("Målet är uppfyllt för barn men inte för vuxna.", None),
        ("I hela staden är målet uppfyllt.", None),
        ("Det är osäkert att målet nås.", None),
    ],
)
def test_a_verdict_is_a_sentence_on_the_goal_itself(sentence, written):
    assert said(sentence) == written


def test_a_status_in_brackets_counts_only_where_it_is_a_known_one():
    reading = read(
        "Delårsrapport augusti 2025\n\nNämndens uppdrag\n\n"
        "- Utreda skolskjuts (slutfört)\n- Bygga ut gården (etapp två)\n"
    )
    assert [(a.text, a.status.code) for a in reading.assignments] == [
        ("Utreda skolskjuts", "fulfilled")
    ]


def test_a_global_goal_is_no_goal_of_the_city():
    reading = read(
        "Delårsrapport augusti 2025\n\nMål 4 God utbildning för alla\n\nStatus: Uppfyllt\n"
        "Sagostunder på sex språk.\n"
    )
    assert reading.goals == ()
    assert [link.sdg for link in reading.agenda2030] == [4]


def verdicts(text: str) -> list[tuple[str, str | None]]:
    return [(g.title, g.assessment and g.assessment.written) for g in read(text).goals]


def test_the_line_above_a_verdict_is_its_goal_where_no_blank_line_parts_them():
    told = verdicts(
        "Årsredovisning 2024\n2 Måluppfyllelse\nBedömningen görs i fyra steg.\n"
        "Barn växer upp under trygga förhållanden\nBedömning: Målet är i huvudsak uppfyllt\n"
        "Öppenvården har byggts ut.\nFler försörjer sig själva\nBedömning: Målet är inte uppfyllt\n"
        "Konjunkturen har slagit hårt.\n"
    )
    assert told == [
        ("Barn växer upp under trygga förhållanden", "Målet är i huvudsak uppfyllt"),
        ("Fler försörjer sig själva", "Målet är inte uppfyllt"),
    ]


def test_a_goals_title_goes_on_over_its_lines_up_to_the_verdict():
    told = verdicts(
        "Tertialrapport 2 2025\n\nKF:s mål för verksamhetsområdet: 1.1. Barn ska få en\n"
        "likvärdig uppväxt\nUppfylls delvis\nAndelen lärare ligger under årsmålet.\n\n"
        "Nämndmål: Språket växer\nUppfylls helt\nLäsombud finns.\n"
    )
    assert told == [
        ("1.1. Barn ska få en likvärdig uppväxt", "Uppfylls delvis"),
        ("Språket växer", "Uppfylls helt"),
    ]


@pytest.mark.parametrize("label", ["Bedömning", "Status", "Måluppfyllelse"])
@pytest.mark.parametrize("said", ["Målet bedöms inte kunna uppnås", "I linje med plan"])
def test_a_verdict_behind_its_label_is_read_whatever_the_word(label, said):
    told = verdicts(f"Delårsrapport 2025\n\nMål: Fler ska cykla\n{label}: {said}\nBanor finns.\n")
    assert told == [("Fler ska cykla", said)]
    assert verdicts(
        f"Delårsrapport 2025\n\nMål: Fler ska cykla\n{label}: Vi har 3 nya banor.\n"
    ) == [("Fler ska cykla", None)]


TOP = "Delårsrapport augusti 2025\nÄldrenämnden\n\n"


def goals_in(text: str) -> list[tuple[str, str | None]]:
    return [(g.title, g.assessment and g.assessment.written) for g in read(f"{TOP}{text}").goals]


MIXED = """Nr Mål Indikator Utfall
2024

Mål
2025

Prognos

2.1 Fler är trygga hemma
i sin bostad

Andel trygga
brukare

84 % 86 % Uppfylls
delvis

2.2 Maten är god Andel nöjda 71 % 73 % Uppfylls
"""

BY_INDICATOR = """Mål Indikator 2024 Mål 2025 Uppfyllt
En trygg stad Antal lampor 21 30 Nej
En trygg stad Antal rundor 8 8 Ja
"""

STEP = "2 Uppföljning av mål\n\nVi reser hållbart\n\n● Pågår med avvikelse\n\nFler tar bussen.\n"

OPENING = "Måluppfyllelse\n\nFler får hjälp\n\nMålet är delvis uppfyllt. Väntan är kort.\n"

TRENDS = (
    "Prioriterade mål\n\n1. Staden växer\nTrenden är positiv\n\n2. Fler trivs\nTrenden är negativ\n"
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (STEP, [("Vi reser hållbart", "Pågår med avvikelse")]),
        (OPENING, [("Fler får hjälp", "Målet är delvis uppfyllt")]),
        (TRENDS, [("Staden växer", "Trenden är positiv"), ("Fler trivs", "Trenden är negativ")]),
        (
            MIXED,
            [
                ("Fler är trygga hemma i sin bostad", "Uppfylls delvis"),
                ("Maten är god", "Uppfylls"),
            ],
        ),
        (BY_INDICATOR, [("En trygg stad", None)]),
    ],
)
def test_goals_have_the_verdict_that_stands_with_them(text, found):
    assert goals_in(text) == found


def test_a_sentence_on_the_scale_is_no_goal_though_a_line_ends_before_its_last_verdict():
    goals = read(
        "Skolnämnden\nVerksamhetsberättelse 2024\n\nMåluppfyllelse\nNämndens mål bedöms som "
        "uppnått, i hög grad uppnått, i viss grad uppnått eller ej\nuppnått.\n\n"
        "Trygga barn och elever\nBedömning: I hög grad uppnått\n\nFler vågar berätta.\n"
    ).goals
    assert [(g.title, g.assessment.written) for g in goals if g.assessment] == [
        ("Trygga barn och elever", "I hög grad uppnått")
    ]
