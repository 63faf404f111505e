"""Faults put into valid forms: the right rule speaks at the cell; valid forms are left alone."""

import importlib.util
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[2] / "benchmarks" / "mutation_bench.py"


@pytest.fixture(scope="module")
def mutation_bench():
    spec = importlib.util.spec_from_file_location("mutation_bench", BENCH)
    module = importlib.util.module_from_spec(spec)
    import sys  # noqa: PLC0415 - dataclasses look their module up

    sys.modules["mutation_bench"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("faults", "valids"),
    [
        pytest.param(30, 8, id="one of each kind"),
        pytest.param(2000, 500, id="all", marks=pytest.mark.long),
    ],
)
def test_every_fault_is_told_at_its_cell_and_no_valid_form_is_asked_about(
    mutation_bench, faults, valids
):
    assert mutation_bench.bench(faults=faults, valids=valids, seed=7) == (0, 0)
