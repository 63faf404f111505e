"""The reading corpus: what is read of invented reports in many layouts, held against their key.

The numbers are a ratchet: nothing may be read wrongly that is not listed here by name, and no
format may fall below what it has reached. `make reading-bench` prints every mistake.
"""

import importlib.util
import json
import sys
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "examples" / "reading"

LEAST = {
    "bare": 0.97,
    "cells": 0.96,
    "flat": 0.97,
    "layout": 0.99,
    "office": 0.96,
    "plain": 0.98,
    "pressed": 0.98,
    "ruled": 0.99,
    "stream": 0.42,
    "striped": 0.97,
    "wide": 1.0,
    "word": 0.99,
}
"""The least share of a format's facts that is read rightly, in specimens before the fiftieth."""
LEAST_LATER = {"flat": 0.97, "layout": 0.99, "word": 0.99}
"""The same for the specimens from the fiftieth on, whose layouts are harder."""
FIRST_LATER = "50"
MISSED = {
    "01": 5,
    "02": 2,
    "04": 4,
    "18": 2,
    "22": 21,
    "26": 32,
    "27": 28,
    "28": 37,
    "29": 4,
    "30": 3,
    "32": 16,
    "36": 29,
    "38": 24,
    "40": 28,
    "41": 9,
    "42": 32,
    "46": 15,
    "48": 3,
    "50": 6,
    "56": 3,
    "77": 2,
    "81": 2,
}
"""Facts that are missed by specimen; of all others every fact is read."""


@pytest.fixture(scope="module")
def bench():
    path = ROOT / "benchmarks" / "reading_bench.py"
    spec = importlib.util.spec_from_file_location("reading_bench", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def found(bench):
    return bench.run(quick=True)


def test_there_are_at_least_sixty_specimens_of_all_formats() -> None:
    names = [path.name.split(".")[1] for path in (CORPUS / "documents").iterdir()]
    assert len(names) >= 60
    assert set(names) == set(LEAST)


def test_every_specimen_has_a_key() -> None:
    key = json.loads((CORPUS / "answers.json").read_text(encoding="utf-8"))
    sources = {path.name.split(".")[0] for path in (CORPUS / "documents").iterdir()}
    assert sources == set(key)


def test_nothing_is_read_wrongly_but_what_is_known(found) -> None:
    wrong = defaultdict(int)
    lines = []
    for (source, form, _), tally in found.items():
        wrong[f"{source}.{form}"] += tally.wrong
        lines += [line for line in tally.mistakes if line.startswith("FEL")]
    assert not {name: count for name, count in wrong.items() if count}, lines


@pytest.mark.parametrize(
    ("form", "least", "is_later"),
    [
        *((form, least, False) for form, least in sorted(LEAST.items())),
        *((form, least, True) for form, least in sorted(LEAST_LATER.items())),
    ],
)
def test_no_format_falls_below_what_it_has_reached(bench, found, form, least, is_later) -> None:
    whole = bench.Tally()
    for (source, name, _), tally in found.items():
        if name == form and (source[:2] >= FIRST_LATER) is is_later:
            whole.add(tally)
    assert whole.all, "no specimen was read"
    assert whole.right >= least * whole.all, whole.mistakes


def test_what_a_specimen_was_written_for_is_read(found) -> None:
    missed = defaultdict(list)
    for (source, _, _), tally in found.items():
        missed[source.partition("-")[0]] += tally.mistakes
    more = {name: told for name, told in missed.items() if len(told) > MISSED.get(name, 0)}
    assert not more


@pytest.mark.long
def test_no_pdf_or_pressed_text_of_the_later_specimens_is_read_wrongly(bench) -> None:
    wrong = defaultdict(int)
    for (source, form, _), tally in bench.run().items():
        wrong[f"{source}.{form}"] += tally.wrong
    assert not {name: count for name, count in wrong.items() if count}


@pytest.mark.long
def test_the_real_documents_of_known_templates_are_read_as_by_hand(bench) -> None:
    if not bench.REAL.is_dir():
        pytest.skip("the real documents are not here")
    for (name, _, section), tally in bench.known(bench.REAL).items():
        assert (tally.wrong, tally.missed) == (0, 0), (name, section, tally.mistakes)


def test_a_wrong_figure_costs_twice_what_a_right_one_gives(bench) -> None:
    one = bench.Said("finance", "intäkter", "outcome", "10", "mnkr", "income")
    other = bench.Said("finance", "intäkter", "budget", "10", "mnkr", "income")
    tally = bench.held([one], [other], "x")["finance"]
    assert (tally.right, tally.wrong, tally.missed) == (0, 1, 1)
    assert "-200.0%" in tally.shown()
