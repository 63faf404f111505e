"""Sentences built from the vocabulary: read back exactly, or spoilt and never read wrongly."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from stated_texts import said

_SUMS = {"ett överskott": 1, "ett underskott": -1}

_WHEN = ["", " till och med augusti", " för perioden", " efter åtta månader"]

_METRICS = {
    "Sjukfrånvaron": "sick_leave_total",
    "Korttidssjukfrånvaron": "sick_leave_short",
    "Personalomsättningen": "turnover",
}

_amounts = st.decimals(min_value="0.1", max_value="4000", places=1)


def _swedish(value: Decimal) -> str:
    return f"{value:,}".replace(",", " ").replace(".", ",")


@st.composite
def _money(draw):
    """Return a sentence on the result with a deviation, and its facts."""
    word, sign = draw(st.sampled_from(sorted(_SUMS.items())))
    outcome, off = draw(_amounts), draw(_amounts)
    unit = draw(st.sampled_from(["mnkr", "mkr", "miljoner kronor"]))
    better = draw(st.booleans())
    verb = draw(st.sampled_from(["är", "blev", "visar"]))
    text = (
        f"Nämndens resultat{draw(st.sampled_from(_WHEN))} {verb} {word} "
        f"{draw(st.sampled_from(['på', 'om', 'med']))} {_swedish(outcome)} {unit}, "
        f"vilket är {_swedish(off)} {unit} {'bättre' if better else 'sämre'} än budget."
    )
    facts = {
        ("result", "outcome"): (str(sign * outcome), "mnkr"),
        ("result", "deviation"): (str(off if better else -off), "mnkr"),
    }
    return text, facts


@st.composite
def _shares(draw):
    """Return a sentence on a share of the staff with the year before, and its facts."""
    label, code = draw(st.sampled_from(sorted(_METRICS.items())))
    now, before = draw(_shares_of_staff), draw(_shares_of_staff)
    form = draw(
        st.sampled_from(
            [
                "{label} är {now} procent ({before} procent).",
                "{label} är {now} procent, att jämföra med {before} procent föregående år.",
                "{label} har {way} från {before} till {now} procent.",
                "{label} har {way} med {change} procentenheter från {before} till {now} procent.",
            ]
        )
    )
    text = form.format(
        label=label,
        now=_swedish(now),
        before=_swedish(before),
        way="ökat" if now >= before else "minskat",
        change=_swedish(abs(now - before)),
    )
    facts = {
        (code, "outcome"): (str(now), "percent"),
        (code, "outcome_prev"): (str(before), "percent"),
    }
    return text, facts


@st.composite
def _parts(draw):
    """Return a sentence on what a part of the board has over or lacks, and its facts."""
    part = draw(st.sampled_from(["hemtjänsten", "individ- och familjeomsorgen", "biblioteken"]))
    amount, is_over = draw(_amounts), draw(st.booleans())
    form, key = draw(
        st.sampled_from(
            [
                ("{part} {has} ett {sum} på {amount}.", "deviation"),
                ("{part} går {amount} {way}.", "deviation"),
                ("{sum}et inom {part} uppgår till {amount}.", "deviation"),
                ("Ett {sum} på {amount} redovisas inom {part}.", "deviation"),
                ("För {part} väntas ett {sum} på {amount}.", "forecast_deviation"),
                ("{part} bedöms få ett {sum} om {amount}.", "forecast_deviation"),
                ("Prognosen för {part} är ett {sum} på {amount}.", "forecast_deviation"),
                ("{part} prognostiserar {sign} {amount}.", "forecast_deviation"),
            ]
        )
    )
    text = form.format(
        part=part,
        has=draw(st.sampled_from(["har", "visar", "redovisar", "lämnar"])),
        sum="överskott" if is_over else "underskott",
        way="plus" if is_over else "back",
        sign="plus" if is_over else "minus",
        amount=f"{_swedish(amount)} mnkr",
    )
    facts = {("other", key): (str(amount if is_over else -amount), "mnkr")}
    return text[:1].upper() + text[1:], facts


_shares_of_staff = st.decimals(min_value="0.1", max_value="40", places=1)


@settings(max_examples=40, deadline=None)
@given(st.one_of(_money(), _shares(), _parts()))
def test_a_sentence_built_from_the_vocabulary_is_read_back_exactly(told) -> None:
    text, facts = told
    assert said(text) == facts


@settings(max_examples=60, deadline=None)
@given(st.one_of(_money(), _shares(), _parts()), st.data())
def test_a_sentence_with_a_word_lost_or_put_in_is_read_rightly_or_not_at_all(told, data) -> None:
    text, facts = told
    words = text.split(" ")
    at = data.draw(st.integers(1, len(words) - 2))
    if data.draw(st.booleans()):
        words.insert(at, data.draw(st.sampled_from(["hemtjänstens", "inte", "planerat", "högst"])))
    elif not any(letter.isdigit() for letter in words[at]):
        del words[at]
    assert said(" ".join(words)).items() <= facts.items()
