"""The rules as Great Expectations suites: one suite and one batch per frame, for all boards.

The only module that imports Great Expectations (it takes seconds). An expectation that cannot run
comes back from it as a failure without a result; that must never count as "no findings": it
raises BrokenRuleError, our defect.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import great_expectations as gx
import pandas as pd
from great_expectations.core.suite_parameters import SuiteParameterDict
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.execution_engine import ExecutionEngine, PandasExecutionEngine
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.metrics.metric_provider import metric_value
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider

from expectations.catalogue import BrokenRuleError, Rule
from expectations.predicates import PREDICATES, Breach
from expectations.staging import Case, World

SEVERITIES = {"STOPP": "critical", "FRÅGA": "warning", "TIPS": "info"}


class _CasesThatBreakARule(TableMetricProvider):
    """Asks the predicate of a rule about every case of a frame; gives the numbers of the broken."""

    metric_name = "table.samlad_cases_that_break_a_rule"
    value_keys = ("rule_id", "run")

    @metric_value(engine=PandasExecutionEngine)
    def _pandas(
        cls,  # noqa: N805 - GX's own form
        execution_engine: PandasExecutionEngine,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        **_: Any,
    ) -> list[int]:
        frame, _, _ = execution_engine.get_compute_domain(metric_domain_kwargs, "table")
        ask, rule_id = _RUNS[metric_value_kwargs["run"]], metric_value_kwargs["rule_id"]
        return [int(number) for number in frame["case"] if ask(rule_id, int(number))]


class ExpectRuleToHold(BatchExpectation):
    """Every case of a frame keeps the rule, or the rule does not speak of it.

    An expectation over the whole batch with one metric. As a map over a column it would need some
    fifty (counts, shares, values) that nobody reads, which was most of what a verdict cost.
    """

    metric_dependencies = (_CasesThatBreakARule.metric_name,)
    success_keys = ("rule_id", "run")
    rule_id: str | SuiteParameterDict[str, Any]
    run: str | SuiteParameterDict[str, Any]

    # GX builds its whole configuration anew for every argument it looks up. The arguments are
    # fields: they are read here.

    def _get_success_kwarg(self, key: str, default: Any = None) -> Any:
        return getattr(self, key, default)

    def _get_domain_kwargs(self) -> dict[str, Any]:
        return {key: getattr(self, key, None) for key in self.domain_keys}

    def _get_success_kwargs(self) -> dict[str, Any]:
        own = {key: getattr(self, key, None) for key in self.success_keys}
        return own | self._get_domain_kwargs()

    def _validate(
        self,
        metrics: dict[Any, Any],
        runtime_configuration: dict[Any, Any] | None = None,  # noqa: ARG002 - GX's own form
        execution_engine: ExecutionEngine[Any] | None = None,  # noqa: ARG002 - as above
    ) -> dict[Any, Any]:
        broken = metrics[_CasesThatBreakARule.metric_name]
        rows = [{"case": number} for number in broken]
        return {"success": not broken, "result": {"unexpected_index_list": rows}}


Ask = Callable[[str, int], "list[Breach] | None"]
_RUNS: dict[str, Ask] = {}
"""The suites under way: GX hands plain values to a metric, so a case goes by its number."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run of the rules: each breach, and each case that a rule was tried on."""

    broken: list[tuple[Rule, Case, Breach]]
    tried: list[tuple[Rule, Case]]


def run_rules(frames: Mapping[str, Sequence[Case]], rules: Sequence[Rule], world: World) -> Outcome:
    """Run every suite once; breaches and what was tried stand in the rules' order."""
    found: list[tuple[Rule, Case, Breach]] = []
    tried: list[tuple[Rule, Case]] = []
    for frame, cases in frames.items():
        suite = {rule.id: rule for rule in rules if rule.frame == frame}
        if not cases or not suite:
            continue
        ask = _asker(cases, suite, world)
        for rule, number in _failures(frame, cases, suite, ask):
            found += [(rule, cases[number], breach) for breach in ask(rule.id, number) or ()]
        tried += [
            (rule, case)
            for rule in suite.values()
            for number, case in enumerate(cases)
            if _is_tried(rule, case, ask, number)
        ]
    order = {rule.id: number for number, rule in enumerate(rules)}
    return Outcome(
        sorted(found, key=lambda one: order[one[0].id]),
        sorted(tried, key=lambda one: order[one[0].id]),
    )


def _is_tried(rule: Rule, case: Case, ask: Ask, number: int) -> bool:
    """Say whether a rule had something to try in a case: not applicable is never a pass."""
    if not rule.applies_to(is_form=case.judged.is_form):
        return False
    if rule.expectation == "not_null":
        return case.cell is not None and case.cell.column.required
    if rule.expectation == "pair":
        return None not in (case.columns["requested"], case.columns["granted"])
    return rule.expectation == "unique" or ask(rule.id, number) is not None


def _asker(cases: Sequence[Case], suite: Mapping[str, Rule], world: World) -> Ask:
    """Return the question "how does this case break this rule?", asked once per case and rule.

    None is an answer too: the rule does not speak of the case.
    """

    @cache
    def ask(rule_id: str, number: int) -> list[Breach] | None:
        case, rule = cases[number], suite[rule_id]
        if not rule.applies_to(is_form=case.judged.is_form):
            return None
        return PREDICATES[rule_id](case, world, rule)

    return ask


@cache
def _context() -> Any:
    warnings.simplefilter("ignore")
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return context


def _failures(
    frame: str, cases: Sequence[Case], rules: Mapping[str, Rule], ask: Ask
) -> list[tuple[Rule, int]]:
    """Return (rule, number of the case) for every case that fails."""
    table = pd.DataFrame({"case": range(len(cases))})
    for name in sorted({name for case in cases for name in case.columns}):
        table[name] = [case.columns.get(name) for case in cases]
    run = f"{frame}-{id(ask)}"
    batch = _batch(frame, table)
    suite = gx.ExpectationSuite(run, [_expectation(rule, run) for rule in rules.values()])
    form = {
        "result_format": "COMPLETE",
        "unexpected_index_column_names": ["case"],
        "include_unexpected_rows": False,
    }
    _RUNS[run] = ask
    try:
        results = batch.validate(suite, result_format=form).results
    finally:
        del _RUNS[run]
    failed: list[tuple[Rule, int]] = []
    for result in results:
        rule = rules[result.expectation_config.meta["rule"]]
        failed += [(rule, number) for number in _numbers(rule, result)]
    return failed


def _batch(frame: str, table: pd.DataFrame) -> Any:
    return _definition(frame).get_batch(batch_parameters={"dataframe": table})


@cache
def _definition(frame: str) -> Any:
    source = _context().data_sources.add_or_update_pandas(name=frame)
    asset = source.add_dataframe_asset(name=frame)
    return asset.add_batch_definition_whole_dataframe("all boards")


def _expectation(rule: Rule, run: str) -> Any:
    common: dict[str, Any] = {"severity": SEVERITIES[rule.severity], "meta": {"rule": rule.id}}
    if rule.expectation == "not_null":
        return gx.expectations.ExpectColumnValuesToNotBeNull(column="required_value", **common)
    if rule.expectation == "unique":
        return gx.expectations.ExpectCompoundColumnsToBeUnique(
            column_list=["document", "section", "row_key"], **common
        )
    if rule.expectation == "pair":
        return gx.expectations.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="requested",
            column_B="granted",
            or_equal=True,
            ignore_row_if="either_value_is_missing",
            **common,
        )
    return ExpectRuleToHold(rule_id=rule.id, run=run, **common)


def _numbers(rule: Rule, result: Any) -> list[int]:
    """Return the failing cases of one expectation; BrokenRuleError where it could not run."""
    if result.success:
        return []
    rows = result.result.get("unexpected_index_list")
    if not rows:
        # GX keeps the exception inside the result instead of raising it: a failure that names
        # no rows is a rule that could not run.
        raise BrokenRuleError(f"rule {rule.id} could not run")
    return [int(row["case"]) for row in rows]
