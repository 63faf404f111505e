"""Faults put into valid submissions: the right rule speaks at the cell, and valid ones pass."""

import pytest

from benchmarks.faults import FAULTS
from benchmarks.mutation_bench import bench, papers, unproved


def test_every_rule_has_a_submission_that_keeps_it_and_one_that_breaks_it():
    assert unproved() == set(), (
        "put a fault in benchmarks/faults.py, or a paper and why no form can"
    )


def test_the_papers_of_rules_that_no_form_breaks_keep_and_break_just_them():
    assert papers() == []


@pytest.mark.parametrize(
    ("kinds", "faults", "valids"),
    [
        pytest.param(FAULTS[::5], len(FAULTS[::5]), 4, id="a fifth of the kinds"),
        pytest.param(FAULTS, 2000, 500, id="all", marks=pytest.mark.long),
    ],
)
def test_every_fault_is_told_at_its_cell_and_no_valid_form_is_asked_about(kinds, faults, valids):
    assert bench(faults=faults, valids=valids, kinds=kinds, seed=7) == (0, 0)
