"""The office's own words: read from a file with every fault told, kept apart, printed as theirs."""

from datetime import UTC, date, datetime

import pytest

from expectations.register_files import load_city
from tasks.office_words import WordsError, Written, begun, read_words
from warehouse.acts import OfficeAct
from warehouse.office_words import OfficeWords, as_facts, words_of

CITY = load_city("lindhamn")
DAY = date(2026, 8, 31)
NOW = datetime(2026, 9, 21, 10, tzinfo=UTC)
GOAL = CITY.goals[0].goal_id
WORD = CITY.scale("goal_assessment", DAY).words[0]


def the_file(*lines):
    return "\n".join(lines).encode()


def test_the_file_gives_each_place_with_its_author_and_judgement():
    data = the_file(
        'av = "Anna Berg"',
        'forord = "Hej."',
        f'[mal."{GOAL}"]',
        f'bedomning = "{WORD.word.upper()}"',
        'text = """Första.\n\n  Andra."""',
        'av = "Bo Ek"',
        "[kommentarer]",
        'ekonomi = "Svag."',
    )

    assert read_words(data, CITY, DAY) == [
        Written("foreword", "Hej.", "Anna Berg"),
        Written(f"goal:{GOAL}", "Första.\n\nAndra.", "Bo Ek", WORD.code),
        Written("chapter:ekonomi", "Svag.", "Anna Berg"),
    ]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (['forord = "a"'], "foreword: av saknas. Skriv vem som har skrivit."),
        (['av = "A"', "forord = 3"], "forord är ingen text."),
        (['av = "A"', 'frord = "a"'], "frord är okänt."),
        (['av = "A"', "[mal.OKANT]"], "mal.OKANT är okänt."),
        (['av = "A"', f'[mal."{GOAL}"]', 'bedomning = "Toppen"'], "finns inte i skalan. Välj: "),
        (['av = "A"', 'mal = "x"'], "mal är ingen tabell."),
        (['av = "A"', "[kommentarer]", 'ekonomy = "x"'], "kommentarer.ekonomy är okänt."),
        (["av = "], "Filen kan inte läsas"),
    ],
)
def test_every_fault_is_told_with_its_place(lines, told):
    with pytest.raises(WordsError) as error:
        read_words(the_file(*lines), CITY, DAY)
    assert told in str(error.value)


def test_the_file_that_is_begun_holds_what_is_written_and_says_the_same_again():
    held = (
        OfficeWords("chapter:ekonomi", 'Med "citat" och \\.', "Anna Berg", NOW),
        OfficeWords("foreword", "Två\n\nstycken.", "Anna Berg", NOW),
        OfficeWords(f"goal:{GOAL}", "Bra.", "Anna Berg", NOW, WORD.code),
    )
    again = read_words(begun(CITY, DAY, held).encode(), CITY, DAY)

    assert {(w.place, w.text, w.code) for w in again if w.text or w.code} == {
        (w.place, w.text, w.code) for w in held
    }
    assert len(again) > 10


def act(place, text, *, code="", period="2026-08", minute=0):
    about = {"place": place, "author": "Anna Berg", "code": code}
    at = NOW.replace(minute=minute)
    return OfficeAct("words", "lindhamn", None, period, "stadskontoret", text, at, about=about)


def test_the_newest_words_for_a_place_hold_and_empty_ones_take_them_away():
    acts = [
        act("foreword", "Först."),
        act("foreword", "Sedan.", minute=1),
        act("chapter:mal", "Bort."),
        act("chapter:mal", "", minute=2),
        act("foreword", "Annan omgång.", period="2026-03"),
    ]

    assert [(w.place, w.text) for w in words_of(acts, "2026-08")] == [("foreword", "Sedan.")]


def test_the_facts_of_the_words_hold_no_clock():
    one, other = (words_of([act("foreword", "Hej.", minute=m)], "2026-08") for m in (1, 2))

    assert as_facts(one) == as_facts(other)
