"""Read reports laid out by chance and hold every figure against what is known: the hunt for wrong ones.

`random_layouts` makes a report from a seed. It is read as an unknown city's (the generic profile),
and every figure is right, unread or wrong; a wrong one has a kind: column, row, label, sign, unit,
section, an open column that was read as a known one, or a figure that is not printed at all.

    python benchmarks/unseen_layouts.py --first 0 --count 300 --show
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from benchmarks.layout_pen import SAID
from benchmarks.random_layouts import Made, Truth, made
from benchmarks.reading_bench import WORDS, Said, facts_of
from expectations.registers import plain
from tasks.readers.running import read_pages
from tasks.readers.text import text_pages


@dataclass(frozen=True, slots=True)
class Wrong:
    """One figure read wrongly: its kind, the table it most likely stands in, and what was read."""

    seed: int
    kind: str
    table: int
    said: Said


@dataclass(slots=True)
class Score:
    """What came of one report's figures."""

    report: Made
    right: Counter[int] = field(default_factory=Counter)
    """Figures read rightly, by table."""
    missed: list[Truth] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)


def scored(seed: int) -> Score:
    """Return what comes of the report of a seed."""
    report = made(seed)
    reading = read_pages(text_pages(report.text), city=None, name="rapport.txt")
    score = Score(report)
    left = list(report.facts)
    read = [one for one in facts_of(reading) if one.section not in WORDS]
    strays = []
    for one in read:
        found = next((fact for fact in left if _is(fact, one, report)), None)
        if found is None and _is_of_prose(one):
            continue
        if found is None:
            strays.append(one)
        else:
            left.remove(found)
            score.right[found.table] += 1
    score.missed = left
    score.wrong = [Wrong(seed, *_mistake(report, left, one), one) for one in strays]
    return score


def _is(fact: Truth, said: Said, report: Made) -> bool:
    named = said.row in [plain(row) for row in fact.rows] and said.key in fact.keys
    same = said.section == fact.section and Decimal(said.value) == fact.value
    unit = said.unit in _units(fact, report)
    return named and same and unit and (fact.code is None or said.code in (fact.code, None))


def _is_of_prose(said: Said) -> bool:
    """Say whether a figure is that of one of the sentences between the tables."""
    return said.section == "finance" and abs(Decimal(said.value)) in SAID


def _units(fact: Truth, report: Made) -> tuple[str | None, ...]:
    """Return the units that are right for a figure; where none is printed, none may be said."""
    if fact.unit is None:
        return (None, "count", "kr", "index", "percent", "headcount")
    nowhere = report.traits[fact.table].get("enheten står") == "ingenstans"
    return (fact.unit, None) if nowhere else (fact.unit,)


def _mistake(report: Made, left: list[Truth], said: Said) -> tuple[str, int]:
    """Return the kind of a mistake and the table it stands in: the least that would mend it."""
    value = Decimal(said.value)

    def of(fact: Truth) -> int:
        labels = [plain(row) for row in fact.rows]
        row = said.row in labels
        part = any(x and (said.row in x or x in said.row) for x in labels)
        return (
            8 * (fact.section == said.section)
            + 5 * (fact.value == value)
            + 4 * (row or part)
            + row
            + 3 * (said.key in fact.keys)
        )

    near = [fact for fact in (*left, *report.facts) if abs(fact.value) == abs(value)]
    best = max(near, key=of, default=None)
    if best is None:
        table = next((at for other, at in report.open if abs(other) == abs(value)), None)
        own = (at for at, traits in enumerate(report.traits) if traits["avsnitt"] == said.section)
        if table is None:
            return "talet står inte", next(own, 0)
        return "tal utan kolumn eller rad", table
    return _kind(best, said, report), best.table


def _kind(best: Truth, said: Said, report: Made) -> str:
    """Return what is wrong with a figure beside the printed one that is nearest to it."""
    labels = [plain(row) for row in best.rows]
    part = any(x in said.row or said.row in x for x in labels)
    tests = {
        "avsnitt": best.section != said.section,
        "etikett": said.row not in labels and part and said.key in best.keys,
        "rad": said.row not in labels,
        "tecken": best.value != Decimal(said.value),
        "kolumn": said.key not in best.keys,
        "enheten saknas": said.unit is None and best.unit is not None,
        "enhet": said.unit not in _units(best, report),
        "radens kod": best.code not in (None, said.code),
    }
    return next((name for name, holds in tests.items() if holds), "två gånger")


@dataclass(slots=True)
class Share:
    """Counts of one trait."""

    all: int = 0
    right: int = 0
    wrong: int = 0

    def shown(self) -> str:
        """Return the counts as a line of the table."""
        whole = max(self.all, 1)
        unread = self.all - self.right
        return f"{self.all:7} {self.right / whole:7.1%} {unread / whole:7.1%} {self.wrong / whole:7.2%}"


def by_trait(scores: list[Score]) -> dict[tuple[str, str], Share]:
    """Return the counts by (trait, its value); `allt` sums them up."""
    found: dict[tuple[str, str], Share] = defaultdict(Share)
    for score in scores:
        printed = Counter(fact.table for fact in score.report.facts)
        wrong = Counter(one.table for one in score.wrong)
        for at, traits in enumerate(score.report.traits):
            for name in (*traits.items(), ("allt", "")):
                found[name].all += printed[at]
                found[name].right += score.right[at]
                found[name].wrong += wrong[at]
    return found


def run(seeds: range) -> list[Score]:
    """Return what comes of the reports of all seeds."""
    return [scored(seed) for seed in seeds]


def _print(scores: list[Score], *, show: bool, unread: bool) -> None:
    shares = by_trait(scores)
    print(f"{'':46} tal    rätt    oläst     fel")
    for (name, value), share in sorted(shares.items()):
        print(f"{name:26} {value!s:16} {share.shown()}")
    wrong = [one for score in scores for one in score.wrong]
    print()
    for kind, count in Counter(one.kind for one in wrong).most_common():
        print(f"{count:6} {kind}")
    print(f"{len(scores)} handlingar, {len(wrong)} tal fel")
    for one in wrong if show else ():
        said, traits = one.said, scores[one.seed - scores[0].report.seed].report.traits[one.table]
        line = said.place.line if said.place else "?"
        print(
            f"FEL {one.seed} {one.kind}: {said.section} | {said.row} | {said.key} = {said.value} "
            f"{said.unit or ''} rad {line} tabell {one.table} ({traits['form']})"
        )
    for score in scores if unread else ():
        for table, count in sorted(Counter(fact.table for fact in score.missed).items()):
            print(
                f"oläst {score.report.seed} tabell {table}: {count} tal {score.report.traits[table]}"
            )


def main() -> int:
    """Read the reports, print the counts by trait; return 1 where a figure was wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--show", action="store_true", help="every wrong figure")
    parser.add_argument("--unread", action="store_true", help="every table with unread figures")
    parser.add_argument("--write", type=Path, help="a folder that the reports are written to")
    asked = parser.parse_args()
    began = time.monotonic()
    scores = run(range(asked.first, asked.first + asked.count))
    _print(scores, show=asked.show, unread=asked.unread)
    print(f"{time.monotonic() - began:.0f} s")
    for score in scores if asked.write else ():
        asked.write.mkdir(parents=True, exist_ok=True)
        (asked.write / f"{score.report.seed}.txt").write_bytes(score.report.text)
    return 1 if any(score.wrong for score in scores) else 0


if __name__ == "__main__":
    sys.exit(main())
