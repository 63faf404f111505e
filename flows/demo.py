"""`samlad demo`, what `make report` runs: the example city's three rounds, in order, from nothing.

Everything is kept under the output folder, so that nothing of a real city is touched, and the
clock is the manifest's: the demo gives the same bytes whenever it is run.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from expectations.register_files import load_city
from flows.commands.deciding import OUTCOMES
from flows.order import Call, Order
from flows.round import run_round
from flows.settings import Settings, settings_in
from flows.summary import Summary
from flows.writing import write_down
from tasks.office_words import read_words
from warehouse.acts import OfficeAct, record
from warehouse.store import open_store

EXAMPLES = Path(__file__).parents[1] / "examples"


class NoExampleError(Exception):
    """The example city does not lie beside the program: it ships with the source, not the wheel."""


def run_demo(
    out: Path, call_for: Callable[[str], Call], examples: Path = EXAMPLES
) -> list[tuple[str, Summary]]:
    """Run every round of the manifest into `out/<round>`; the last is also the newest report."""
    manifest = examples / "manifest.json"
    if not manifest.is_file():
        raise NoExampleError(f"Exempelstaden finns inte i {examples}. Den följer med källkoden.")
    told = json.loads(manifest.read_text(encoding="utf-8"))
    data = out / "lager"
    shutil.rmtree(data, ignore_errors=True)
    summaries = []
    for one in told["rounds"]:
        order = _order(told["city"], one, out)
        summaries.append((one["round"], _run(order, examples, data, call_for(one["round"]))))
    return summaries


def _order(city: str, one: dict[str, Any], out: Path) -> Order:
    received = {
        item["path"]: datetime.fromisoformat(item["received_at"])
        for item in (*one["files"], *one.get("central", ()))
        if item.get("received_at")
    }
    return Order(
        city_id=city,
        now=datetime.fromisoformat(one["now"]),
        out=out / one["round"],
        round_id=one["round"],
        received=received,
    )


def _run(order: Order, examples: Path, data: Path, call: Call) -> Summary:
    inbox = examples / "inbox" / (order.round_id or "")
    settings = replace(settings_in(data), inbox=str(inbox), settle_seconds=0.0)
    settings = settings.for_city(order.city_id)
    _write_down(order, settings, examples / "words" / f"{order.round_id}.toml")
    _note_decisions(order, settings, examples / "decisions.csv")
    return run_round(order, settings, call)


def _write_down(order: Order, settings: Settings, path: Path) -> None:
    """Put down what the example city's office has written for the round, where it has."""
    if path.is_file():
        city = load_city(order.city_id, settings.city_folders)
        day = city.round(order.round_id or "").period_to
        written = read_words(path.read_bytes(), city, day)
        store = open_store(settings.store)
        write_down(store, city, order.run_period, written, by=city.office, at=order.now)


def _note_decisions(order: Order, settings: Settings, path: Path) -> None:
    """Note what the example city's boards have decided on their returns, as `decide` does."""
    if not path.is_file():
        return
    city = load_city(order.city_id, settings.city_folders)
    owed = city.owed(city.round(order.round_id or ""))
    store = open_store(settings.store)
    with path.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["round"] == order.round_id]
    for row in rows:
        told = f"beslutat {row['date']} § {row['paragraph']}, {OUTCOMES['som-forslaget']}"
        about = {"outcome": "som-forslaget"}
        for group in owed[row["board"]]:
            act = OfficeAct(
                "decision",
                city.city_id,
                row["board"],
                order.run_period,
                city.office,
                told,
                order.now,
                about={"group": group} | about,
            )
            record(store, act)
