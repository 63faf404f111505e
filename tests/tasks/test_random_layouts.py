"""Reports laid out at random: no figure in a wrong column or row, with a wrong sign or unit.

Each seed is a layout that once was read wrongly, or one like it; `make layout-bench` finds more.
"""

from collections import Counter

import pytest

from benchmarks.random_layouts import made
from benchmarks.unseen_layouts import run, scored

SEEDS = (2, 44, 54, 132, 137, 144, 161, 163, 175, 185)
"""Layouts in which all kinds of tables are read without a mistake."""
LEAST = 0.5
MOST_WRONG = 0.04
"""The share of figures that may be wrong in layouts that nobody has looked at."""


def test_what_is_read_of_a_layout_stands_where_it_is_printed():
    scores = [scored(seed) for seed in SEEDS]
    assert [one for score in scores for one in score.wrong] == []
    printed = sum(len(score.report.facts) for score in scores)
    read = sum(sum(score.right.values()) for score in scores)
    assert read >= LEAST * printed
    kinds = Counter(fact.section for score in scores for fact in score.report.facts)
    assert set(kinds) == {"finance", "investments", "staff", "indicators", "measures"}


def test_the_same_seed_makes_the_same_report():
    assert made(7).text == made(7).text
    assert made(7).text != made(8).text


@pytest.mark.long
def test_few_figures_of_three_hundred_layouts_are_wrong():
    scores = run(range(3000, 3300))
    printed = sum(len(score.report.facts) for score in scores)
    wrong = [one for score in scores for one in score.wrong]
    assert len(wrong) <= MOST_WRONG * printed, wrong[:20]
