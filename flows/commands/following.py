"""Commands that follow figures back: trace, and sample for an auditor."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.commands.asking import (
    RAN,
    Command,
    UserError,
    as_of_argument,
    city_argument,
    city_of,
    end_of_day,
    json_argument,
    looking_in,
    period_arguments,
    print_json,
    settings_of,
)

if TYPE_CHECKING:
    from expectations.registers import City
    from warehouse.central import CentralTrace
    from warehouse.editions import EditionRecord
    from warehouse.store import Store


def _trace(options: argparse.Namespace) -> int:
    from flows.showing import computed_in_words, source_in_words, trace_in_words
    from warehouse.store import open_store
    from warehouse.warehouse import open_warehouse

    city, settings, as_of = city_of(options), looking_in(options), end_of_day(options.as_of)
    asked = [options.figure]
    computed, store = None, open_store(settings.store)
    if options.figure.startswith("R-"):
        computed = _computed(store, options, options.figure)
        asked = computed["figures"] if computed else []
    with open_warehouse(settings.warehouse) as warehouse:
        traces = [trace for one in asked for trace in warehouse.trace(one, as_of)]
        central = [trace for one in asked for trace in warehouse.central_trace(one, as_of)]
    if central and not traces:
        return _tell_central(options, city, central)
    sources, checks = _printed(store, options, asked)
    known = {trace.figure_id for trace in traces}
    if not traces and not computed and not sources:
        raise UserError(f"Uppgiften {options.figure} finns inte i lagret för {city.name}.")
    if options.json:
        words = [one for one in sources.values() if one["figure_id"] not in known]
        print_json({"computed": computed, "figures": traces, "words": words, "checks": checks})
        return RAN
    if computed:
        print(computed_in_words(computed) + "\n")
        traces = [trace for trace in traces if trace.is_current]
    told = [trace_in_words(traces, city, checks)] if traces else []
    told += [
        source_in_words(source, checks.get(figure_id))
        for figure_id, source in sorted(sources.items())
        if figure_id not in known
    ]
    print("\n\n".join(told))
    return RAN


def _printed(
    store: Store, options: argparse.Namespace, figures: Sequence[str]
) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """Return source and check of each figure, as the newest edition that prints it says."""
    sources: dict[str, dict[str, Any]] = {}
    found: dict[str, dict[str, Any]] = {}
    for edition in reversed(open_editions(store, options)):
        report = edition_json(store, edition, "rapport.json")
        checks = {check.get("check_id"): check for check in report["checks"]} if report else {}
        for source in report["sources"] if report else ():
            if source["figure_id"] in figures and source["figure_id"] not in sources:
                sources[source["figure_id"]] = source
                if source.get("check") in checks:
                    found[source["figure_id"]] = checks[source["check"]]
        if len(sources) == len(figures):
            break
    return sources, found


def _tell_central(options: argparse.Namespace, city: City, traces: Sequence[CentralTrace]) -> int:
    from flows.showing import central_trace_in_words

    if options.json:
        print_json(traces)
    else:
        print(central_trace_in_words(traces, city))
    return RAN


def _computed(store: Store, options: argparse.Namespace, computed_id: str) -> dict[str, Any] | None:
    """Return a computed number of the newest edition that prints it."""
    for edition in reversed(open_editions(store, options)):
        told = edition_json(store, edition, "beraknade.json")
        found = next((one for one in told if one["computed_id"] == computed_id), None)
        if found:
            return dict(found)
    return None


def edition_json(store: Store, edition: EditionRecord, name: str) -> Any:
    """Return one data file of an edition, an empty list where the edition has none of it."""
    from warehouse.editions import files_of

    sha256 = files_of(store, edition).get(f"data/{name}")
    return json.loads(store.original(sha256)) if sha256 else []


def open_editions(
    store: Store, options: argparse.Namespace, period: str | None = None
) -> list[EditionRecord]:
    """Return the editions made until the day asked for, without those that are closed to view."""
    from warehouse.acts import acts_of
    from warehouse.closures import closures_of
    from warehouse.editions import editions_of

    journal = store.journal()
    closed = closures_of(acts_of(store, journal, options.city)).editions
    as_of = end_of_day(getattr(options, "as_of", None))
    return [
        one
        for one in editions_of(journal, options.city, period)
        if (one.run, one.number) not in closed and (as_of is None or one.made_at <= as_of)
    ]


def edition_asked(store: Store, options: argparse.Namespace, number: int | None) -> EditionRecord:
    """Return the edition of a round or day by its number, the newest where none is said."""
    from warehouse.editions import editions_of

    period = options.round or options.on.isoformat()
    every = editions_of(store.journal(), options.city, period)
    made = open_editions(store, options, period)
    if not every:
        raise UserError(f"Ingen rapport är gjord för {period}. Kör samlad run först.")
    if not made:
        raise UserError(f"Ingen version för {period} går att visa: de är spärrade eller senare.")
    found = made[-1] if number is None else next((e for e in made if e.number == number), None)
    if found is None and any(e.number == number for e in every):
        told = (
            "är spärrad: den bygger på något som har stängts"
            if not _is_later(options, every, number)
            else f"gjordes efter den {options.as_of}"
        )
        raise UserError(f"Version {number} {told}. Den nyaste som visas är {made[-1].number}.")
    if found is None:
        raise UserError(f"Version {number} finns inte. Den nyaste är {made[-1].number}.")
    return found


def _is_later(
    options: argparse.Namespace, every: Sequence[EditionRecord], number: int | None
) -> bool:
    as_of = end_of_day(getattr(options, "as_of", None))
    return as_of is not None and any(e.number == number and e.made_at > as_of for e in every)


def _sample(options: argparse.Namespace) -> int:
    from tasks.report.material import say
    from tasks.sampling import draw, render_sample
    from warehouse.store import open_store

    city_of(options)
    if options.n < 1:
        raise UserError("Dra minst en siffra: --n 25, till exempel.")
    store = open_store(settings_of(options).store)
    edition = edition_asked(store, options, options.edition)
    report = edition_json(store, edition, "rapport.json")
    computed = edition_json(store, edition, "beraknade.json")
    if not report:
        raise UserError(f"Version {edition.number} har inga data. Kör samlad run igen.")
    drawn = draw(report, computed, n=options.n, seed=options.seed)
    if options.json:
        print_json(drawn)
        return RAN
    for number, one in enumerate(drawn, start=1):
        print(f"{number:>3}  {one.figure_id}  {one.shown:>12}  {one.where}")
        for source in one.sources:
            where = f"{source['document']}, {source['place']}"
            print(f"{'':<18}{source['board']}: ”{source['written']}” i {where}")
    title = say("sample.title", title=report["title"], subject=report["subject"])
    total = len(report["sources"]) + sum(bool(one["figures"]) for one in computed)
    about = (
        (say("sample.edition"), f"{edition.number} ({report['edition']})"),
        (say("sample.status"), report["status"]),
        (say("sample.count"), say("sample.of", n=len(drawn), all=total)),
        (say("sample.seed"), options.seed),
    )
    around = _around(store, drawn, _not_shown_whole(options, store))
    if len(drawn) < options.n:
        print(f"\nRapporten har {len(drawn)} siffror att dra ur; alla är med.")
    name = f"stickprov-{edition.run.replace('/', '-')}-{options.seed}.html"
    path = Path(options.out or name)
    path = path / name if path.is_dir() else path
    path.write_text(render_sample(drawn, around, title=title, about=about), encoding="utf-8")
    print(f"\nMed utsnitt ur handlingarna: {path}")
    return RAN


def _not_shown_whole(options: argparse.Namespace, store: Store) -> dict[str, str]:
    """Return the documents that are closed, whole or in part: around a figure stands more."""
    from warehouse.acts import acts_of
    from warehouse.closures import closures_of, told_of_documents
    from warehouse.warehouse import open_warehouse

    closures = closures_of(acts_of(store, store.journal(), options.city))
    with open_warehouse(settings_of(options).warehouse) as warehouse:
        return told_of_documents(warehouse.engine, options.city, closures)


def _around(
    store: Store, drawn: Sequence[Any], closed: Mapping[str, str]
) -> dict[str, dict[str, Any]]:
    """Return what stands around each drawn figure, opened in the child like any foreign file."""
    from expectations.contract import Place
    from expectations.contract_json import from_json
    from tasks.readers.sandbox import shown_in_child
    from tasks.sampling import SHOWN_OF_COMPUTED
    from warehouse.store import StoreError

    found: dict[str, dict[str, Any]] = {}
    for one in drawn:
        for source in one.sources[:SHOWN_OF_COMPUTED]:
            place = from_json(Place, source["spot"], "place") if source.get("spot") else None
            if place is None or source["figure_id"] in found or source["sha256"] in closed:
                continue
            try:
                data = store.original(source["sha256"])
            except StoreError:
                continue  # disposed of under a decision: the page says that it cannot be shown
            found[source["figure_id"]] = shown_in_child(data, name=source["document"], place=place)
    return found


def _trace_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("figure", metavar="UPPGIFT", help="numret i rapporten, U-… eller R-…")
    city_argument(parser)
    json_argument(parser)
    as_of_argument(parser)


def edition_argument(parser: argparse.ArgumentParser) -> None:
    """Offer to name an edition by its number."""
    parser.add_argument(
        "--edition", type=int, metavar="NUMMER", help="vilken version; den nyaste om inget sägs"
    )


def _sample_arguments(parser: argparse.ArgumentParser) -> None:
    city_argument(parser)
    period_arguments(parser)
    edition_argument(parser)
    parser.add_argument("--n", type=int, default=25, metavar="ANTAL", help="hur många siffror")
    parser.add_argument("--seed", default="1", metavar="FRÖ", help="samma frö ger samma siffror")
    parser.add_argument("--out", metavar="FIL", help="webbsidan med utsnitt")
    json_argument(parser)
    as_of_argument(parser)


COMMANDS = (
    Command(
        "trace",
        _trace,
        "visa var en siffra i rapporten kommer ifrån",
        "samlad trace U-4f0c9a1b2d --city goteborg",
        _trace_arguments,
    ),
    Command(
        "sample",
        _sample,
        "dra siffror med lott och visa var de står i handlingarna",
        "samlad sample --city lindhamn --round 2026-08 --n 25 --seed 7",
        _sample_arguments,
    ),
)
