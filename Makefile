# The menu. `make report` and `make test` do all set-up by themselves.
SHELL := bash
.SHELLFLAGS := -o pipefail -c
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export DO_NOT_TRACK := 1
export PREFECT_SERVER_ANALYTICS_ENABLED := false
export GX_ANALYTICS_ENABLED := false

.DEFAULT_GOAL := help
.PHONY: help setup report test test-long crash-bench fault-bench load-bench mutation-bench reading-bench layout-bench repair-bench check lock papers example clean

help: ## show this menu
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(VENV)/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Samlad behöver Python 3.11 eller senare; $(PYTHON) är " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installerar paketen i $(VENV) (en gång, någon minut) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock 2>&1 | { grep -v '^WARNING: Location' || true; }
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e . 2>&1 | { grep -v '^WARNING: Location' || true; }
	@test -x $(BIN)/samlad && touch $@

setup: $(VENV)/ready ## make .venv from the lock file

report: $(VENV)/ready ## run the whole pipeline on the example city; the report ends in out/
	@$(BIN)/samlad demo

test: $(VENV)/ready check ## all tests, under five minutes
	@$(BIN)/pytest -n 2 --dist worksteal -m "not long"

test-long: $(VENV)/ready ## the long proofs as well
	@$(BIN)/pytest -n 2

crash-bench: $(VENV)/ready ## run again from what a kill leaves at every durable write, and kill some for real
	@PYTHONPATH=. $(BIN)/python -W ignore benchmarks/crash_bench.py --every $(or $(EVERY),1)

fault-bench: $(VENV)/ready ## a full disk, a lost database and a failing S3 under a run, which is then run again
	@PYTHONPATH=. $(BIN)/python -W ignore benchmarks/fault_bench.py --every $(or $(EVERY),5)

reading-bench: $(VENV)/ready ## read the corpus, hold every fact against its key: by section, format, and every mistake
	@PYTHONPATH=. $(BIN)/python -W ignore benchmarks/reading_bench.py --list

layout-bench: $(VENV)/ready ## reports laid out at random: which figures are read wrongly, by trait, with their seeds
	@PYTHONPATH=. $(BIN)/python -W ignore benchmarks/unseen_layouts.py --show --first $(or $(FIRST),0) --count $(or $(COUNT),300)

load-bench: $(VENV)/ready ## sixty boards hand in at once, four workers: everything accounted for
	@PYTHONPATH=. $(BIN)/python -W ignore benchmarks/load_bench.py

mutation-bench: $(VENV)/ready ## put faults into valid forms: which are caught, where, and the false alarms
	@PYTHONPATH=. $(BIN)/python -W ignore benchmarks/mutation_bench.py

repair-bench: $(VENV)/ready ## damage Swedish text and mend it: words right before, after, made worse
	@PYTHONPATH=. $(BIN)/python benchmarks/repair_bench.py

check: $(VENV)/ready ## format, lint, types, staircase
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

lock: ## write requirements.lock anew from pyproject.toml (no registry named)
	@$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade --quiet -o requirements.lock

papers: $(VENV)/ready ## print the generated papers: schema, rules, data dictionary, examples of kinds
	@$(BIN)/python -m expectations.contract_json > docs/submission.schema.json
	@$(BIN)/python -m expectations.catalogue > docs/rules.md
	@$(BIN)/python -m warehouse.dictionary > docs/data-dictionary.md
	@$(BIN)/python examples/make_kinds.py

example: $(VENV)/ready ## make the example city's inbox anew
	@$(BIN)/python examples/make_example.py

clean: ## remove what can be made again
	@rm -rf $(VENV) out samlad-data .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
