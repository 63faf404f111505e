"""Sentences as boards of many cities write them: read as a careful person does, or not at all."""

from datetime import date
from pathlib import Path

import pytest

from tasks.readers.outline import Section, outline
from tasks.readers.pages import Line
from tasks.readers.recognising import recognise
from tasks.readers.running import read_pages
from tasks.readers.sentence_owners import owners_of
from tasks.readers.sentence_words import Lexicon, Now
from tasks.readers.stated_beside_tables import Said
from tasks.readers.stated_figures import in_section
from tasks.readers.text import text_pages
from tasks.readers.wording import wording

TOP = "Delårsrapport per augusti 2025\nSocialnämnden, Sörsjö kommun\n\n"
WHOLE = "2 Ekonomi och personal"


def _table() -> list[tuple[str, str]]:
    told = (Path(__file__).parent / "sentences_of_boards.txt").read_text(encoding="utf-8")
    rows = [line.split(" =") for line in told.splitlines() if not line.startswith("#")]
    return [(sentence, facts.strip()) for sentence, facts in rows]


@pytest.fixture(scope="module")
def said_in():
    """Return what a sentence states in a report of a board, under a heading of the whole."""
    shape = outline(text_pages(f"{TOP}{WHOLE}\nText.\n".encode()))
    document = recognise(shape, city=None, name="rapport.txt")
    words = wording(None, date(2025, 8, 31))
    owners = owners_of(shape, document, words)
    known = Lexicon.of(words, Now.of(document), owners.names)
    title = Line(WHOLE, 8)

    def said(sentence: str) -> str:
        section = Section(WHOLE[2:], "2", title, (Line(sentence, 9),), (title,))
        told = in_section(section, frozenset(), known, owners, words)
        return "; ".join(sorted(_shown(one) for one in told if isinstance(one, Said)))

    return said


def _shown(one: Said) -> str:
    name = one.section if one.section == "investments" else one.code.split()[0]
    name = one.label if one.code.startswith("other") else name
    return " ".join(filter(None, (name, one.key, format(one.figure.value or 0, "f"), one.scope)))


@pytest.mark.parametrize(("sentence", "facts"), _table())
def test_a_sentence_gives_what_a_person_would_take_from_it(said_in, sentence, facts) -> None:
    assert said_in(sentence) == facts


def _listed(text: str, title: str = WHOLE) -> dict[str, dict[str, str]]:
    data = f"{TOP}1 Inledning\nNämnden ansvarar för socialtjänsten.\n\n{title}\n{text}\n"
    reading = read_pages(text_pages(data.encode()), city=None, name="rapport.txt")
    return {
        row.label: {key: str(one.value) for key, one in row.columns.items()}
        for row in reading.finance
    }


def test_a_list_of_parts_has_the_column_that_the_sentence_above_it_tells() -> None:
    text = (
        "Det samlade utfallet per den 31 augusti är ett underskott mot budget med 7,0 mkr "
        "(julis utfall inom parentes, -6,2 mkr).\n\n"
        "Stab +0,4 mkr (+0,3 mkr)\nVård i hemmet inkl natt -8,3 mkr (-7,1 mkr).\n"
        "Råd och stöd +0,9 mkr (-0,1 mkr). Redovisas i särskild tabell."
    )
    listed = _listed(text)
    assert listed.pop("Utfallet") == {"deviation": "-7.0"}
    assert listed == {
        "Stab": {"deviation": "0.4"},
        "Vård i hemmet inkl natt": {"deviation": "-8.3"},
        "Råd och stöd": {"deviation": "0.9"},
    }


def test_parts_with_their_forecast_in_their_headings_are_a_list_with_text_between() -> None:
    text = (
        "Prognos per område\n\nHemtjänst, minus 4,1 mnkr\n\nÅtta personer fler har hemtjänst.\n\n"
        "Särskilt boende, plus 0,6 mnkr\n\nTvå avdelningar har haft extra bemanning sedan i mars."
    )
    assert _listed(text) == {
        "Hemtjänst": {"forecast_deviation": "-4.1"},
        "Särskilt boende": {"forecast_deviation": "0.6"},
    }


@pytest.mark.parametrize(
    "text",
    [
        # nothing says what the amounts are
        "Följande belopp gäller\nHemtjänst +0,4 mkr\nStab -0,2 mkr",
        # causes are no parts
        "Avvikelsen beror främst på:\nVakanta tjänster +0,4 mkr\nDyrare livsmedel -0,2 mkr",
        # of another time, or of projects
        "Avvikelse per april\nHemtjänst +0,4 mkr\nStab -0,2 mkr",
        "Avvikelse 2024\nHemtjänst +0,4 mkr\nStab -0,2 mkr",
        "Avvikelse för investeringar\nLekplatsen +0,4 mkr\nParken -0,2 mkr",
        # a dash may part a name from its amount
        "Avvikelse per område\nHemtjänst – 0,4 mkr\nStab – 0,2 mkr",
        "Avvikelse per område\nHemtjänst 0,4 mkr\nStab 0,2 mkr",
    ],
)
def test_a_list_is_unread_where_its_column_or_its_signs_are_not_sure(text) -> None:
    assert _listed(text) == {}


def test_without_a_sign_an_amount_is_over_where_others_in_the_list_are_below() -> None:
    text = "Avvikelse per område\nHemtjänst 13,1 mkr\nStab – 0,2 mkr"
    assert _listed(text) == {"Hemtjänst": {"deviation": "13.1"}, "Stab": {"deviation": "-0.2"}}


def test_what_stands_between_a_name_and_its_amount_says_what_it_is() -> None:
    text = (
        "Område Norr: Budgetavvikelse: -2 875 tkr\n\nHemsjukvård och rehab: Resultat: -317 tkr. "
        "Underskottet beror\npå inhyrd personal.\n\nOrdinärt boende: Prognos: +500 tkr"
    )
    assert _listed(text) == {
        "Område Norr": {"deviation": "-2875"},
        "Hemsjukvård och rehab": {"deviation": "-317"},
        "Ordinärt boende": {"forecast_deviation": "500"},
    }


@pytest.mark.parametrize(
    "name", ["Vård och Omsorg", "Nämnden för Vård & Omsorg", "Förvaltningen för Vård och Omsorg"]
)
def test_a_board_for_two_things_is_also_called_by_them_alone(name) -> None:
    data = (
        "Delårsrapport per augusti 2025\nNämnden för Vård & Omsorg\n\n1 Hemtjänst\n"
        f"{name} redovisar ett underskott på 2,4 mnkr mot budget.\n"
    )
    (row,) = read_pages(text_pages(data.encode()), city=None, name="rapport.txt").finance
    assert (row.line, str(row.columns["deviation"].value)) == ("result", "-2.4")


def test_a_name_that_goes_over_a_line_within_a_paragraph_is_whole() -> None:
    text = (
        "Grundskolan prognostiserar ett överskott på 0,5 mnkr. Förskolan på Karl\n"
        "Nilssons gata prognostiserar ett underskott på 2,8 mnkr."
    )
    assert _listed(text) == {
        "Grundskolan": {"forecast_deviation": "0.5"},
        "Förskolan på Karl Nilssons gata": {"forecast_deviation": "-2.8"},
    }


def test_a_table_of_the_board_alone_lists_no_parts() -> None:
    text = (
        "Drift (belopp mnkr)\n\nVerksamhet  Budget  Utfall  Avvikelse\n"
        "Gymnasium & Arbetsmarknad  30,0  32,1  -2,1\n\n"
        "Komvux prognostiserar ett överskott på 0,6 mnkr."
    )
    assert _listed(text)["Komvux"] == {"forecast_deviation": "0.6"}
