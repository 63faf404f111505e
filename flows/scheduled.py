"""The same run under Prefect: scheduled, retried where the world may fail, visible in its pages.

Prefect is a thin shell. Steps that touch the outside world (inbox, store, database) are retried;
steps that only compute are not, since they would fail the same way again. Locks and truth live in
our own warehouse, never in Prefect; no value that a board wrote reaches its database.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.task_runners import ThreadPoolTaskRunner

from expectations.catalogue import BrokenRuleError
from expectations.registers import RegisterError
from flows.order import Order
from flows.round import run_round
from flows.settings import settings_from
from flows.summary import Summary, in_markdown
from flows.terminal import refused
from tasks.receive import InboxError
from warehouse.store import StoreError


class StepError(Exception):
    """A step that failed; says which and with what kind of exception, never with which value."""


Item = TypeVar("Item")
Result = TypeVar("Result")

OUTSIDE = (
    "Ser efter i inkorgen",
    "Tar emot",
    "Läser kravmatrisen",
    "Lägger in i lagret",
    "Fryser läget",
    "Skriver ut",
)
"""Steps that touch inbox, store, database or disk and are tried again after a failure.

A whole run is tried again where Prefect is told so (PREFECT_FLOWS_DEFAULT_RETRIES).
"""


SAYS_NO_VALUE = (StepError, StoreError, InboxError, RegisterError, BrokenRuleError)
"""Exceptions of ours, whose messages name records, files, registers and rules."""


@contextmanager
def _without_values(step: str) -> Iterator[None]:
    """Let no message of a foreign exception out: it may quote a value that a board wrote.

    Prefect keeps what a run failed with in its database and logs, with whatever caused it.
    """
    try:
        yield
    except Exception as error:  # noqa: BLE001 - whatever it is, it is raised anew
        is_ours = isinstance(error, SAYS_NO_VALUE)
        told = str(error) if is_ours else refused(error) or type(error).__name__
        raise StepError(told if isinstance(error, StepError) else f"{step}: {told}") from None


@dataclass
class AsTasks:
    """Submits each step as a task run and waits for what it gives."""

    times: dict[str, float] = field(default_factory=dict)

    def __call__(self, step: str, function: Callable[..., Result], *arguments: Any) -> Result:
        """Do one step as one task run."""
        started = time.perf_counter()
        result: Result = _as_task(step, partial(function, *arguments)).submit().result()
        self.times[step] = self.times.get(step, 0.0) + time.perf_counter() - started
        return result

    def each(
        self, step: str, function: Callable[[Item], Result], items: Sequence[Item], *, side: int = 1
    ) -> list[Result]:
        """Do one step for each item; `side` > 1 lets the task runner work side by side."""
        started = time.perf_counter()
        tasks = [_as_task(step, partial(function, item)) for item in items]
        if side == 1:
            done = [one.submit().result() for one in tasks]
        else:
            done = [future.result() for future in [one.submit() for one in tasks]]
        self.times[step] = self.times.get(step, 0.0) + time.perf_counter() - started
        return done


def _as_task(step: str, work: Callable[[], Any]) -> Any:
    # The work is closed over, not passed: Prefect would otherwise walk through every submitted
    # row in search of futures, and arguments must never end in its database.
    def do() -> Any:
        with _without_values(step):
            return work()

    is_outside = step in OUTSIDE
    return task(
        name=step,
        cache_policy=NO_CACHE,
        persist_result=False,
        retries=3 if is_outside else 0,
        retry_delay_seconds=[1, 5, 15] if is_outside else None,
    )(do)


@flow(
    name="run-round",
    flow_run_name="run-{city}-{period}",
    task_runner=ThreadPoolTaskRunner(max_workers=2),  # type: ignore[arg-type] # generic in stubs
    persist_result=False,
    validate_parameters=True,
)
def run_round_flow(city: str, period: str, inbox: str | None = None, out: str = "out") -> str:
    """Run one round (`2026-08`) or the matters of a day (`2026-04-01`); return what it did.

    The returned text is the run's summary without any value from a submission.
    """
    settings = settings_from(os.environ | ({"SAMLAD_INBOX": inbox} if inbox else {}))
    day = date.fromisoformat(period) if len(period) == len("2026-04-01") else None
    order = Order(
        city_id=city,
        now=datetime.now(UTC),
        out=Path(out),
        round_id=None if day else period,
        on=day,
    )
    with _without_values("run-round"):
        summary = run_round(order, settings.for_city(city), AsTasks())
    _show(summary)
    return summary.outcome


def _show(summary: Summary) -> None:
    create_markdown_artifact(
        markdown=in_markdown(summary), key="samlad-korning", description=summary.title
    )


def serve(
    *, city: str, period: str, inbox: str | None, out: str, every: float | None, cron: str | None
) -> None:
    """Serve one scheduled deployment from this process until it is stopped.

    `every` is in seconds, `cron` in Swedish time; correctness never leans on "exactly one run".
    """
    schedule: dict[str, Any] = {"interval": every} if every else {"cron": cron}
    run_round_flow.serve(
        name=f"{city}-{period}",
        parameters={"city": city, "period": period, "inbox": inbox, "out": out},
        pause_on_shutdown=False,  # a restart must not silently stop the schedule
        print_starting_message=False,
        limit=1,
        **schedule,
    )
