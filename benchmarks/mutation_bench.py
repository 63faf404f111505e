"""Put faults into valid submissions and see whether the right rule speaks, at the right cell.

`make mutation-bench` prints the share that was caught, by rule, every miss with its place, the
false alarms on valid forms, and which rules no form can break and why (those have papers).
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from string import ascii_uppercase

from benchmarks.faults import ELSEWHERE, FAULTS, PAPERS, TESTED_IN, Fault, Spoiled
from benchmarks.valid_forms import (
    BOARDS,
    CITY,
    ROUND,
    TODAY,
    handed_in,
    history,
    valid,
    workbook_of,
)
from benchmarks.varied_forms import varied
from expectations.catalogue import catalogue, rule
from expectations.contract import Document, Reading
from expectations.judging import judge, judge_city
from expectations.registers import Board, City, Requirement
from expectations.verdicts import Finding, Verdict
from tasks.readers.file_checks import RefusedError, check_file

BATCH = 60
NEIGHBOURS = {
    "A-BODY": {"G-ORG"},
    "B-NUM": {"E-SUM", "E-DEV"},
    "B-REQ": {"C-ASSESS"},
    "B-UNIT": {"B-NUM"},
    "C-COPY": {"C-TWIN"},
    "C-GOAL": {"C-COUNT"},
    "C-HIT": {"C-JUMP"},
    "C-KNOWN": {"C-HIT", "C-COUNT"},
    "C-PREV": {"C-TARGET"},
    "C-JUMP": {"C-HIT"},
    "D-ADDR": {"D-KNOWN"},
    "D-CLOSE": {"D-MULTI"},
    "D-NARR": {"D-MULTI"},
    "D-FUTURE": {"D-ORDER"},
    "D-MOVED": {"D-COPY"},
    "D-ORDER": {"D-LATE"},
    "E-BUDGET": {"E-SUM"},
    "E-FPREV": {"E-SUM"},
    "E-NEG30": {"B-REQ"},
    "E-PREV": {"E-SUM"},
    "E-SIGN": {"E-SUM", "E-BUDGET"},
    "E-SUM": {"E-DEV", "E-NEG30", "E-TEXT", "E-XDOC"},
    "E-SUM-ROUND": {"E-BUDGET"},
    "P-PART": {"P-SICK"},
    "P-PREV": {"P-PART", "P-SICK"},
    "P-PERCENT": {"P-PART", "P-SICK", "P-TEXT"},
    "P-SICK": {"P-TEXT"},
    "P-EXITS": {"B-UNIT"},
}
"""What else cannot help being true when a rule is broken in this way."""
ALSO = {"C-IND": "B-REQ", "C-ASSESS": "B-REQ", "D-NARR": "B-REQ", "F-ORDER": "B-REQ"}
"""In an issued form the empty cell is told of by the rule on cells, at the same place."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One submission with at most one fault, and what it is held against."""

    reading: Reading
    fault: Fault | None = None
    at: Spoiled | None = None
    beside: tuple[Reading, ...] = ()
    board: Board = field(default=BOARDS[0])


def spoiled(rng: random.Random, fault: Fault) -> tuple[Board, Spoiled]:
    """Return a board whose valid answers have been spoiled: not every board has what is needed."""
    for _ in range(400):
        board = rng.choice(BOARDS)
        found = fault.spoil(rng, valid(rng, board), board)
        if found is not None:
            return board, found
    raise LookupError(fault.rule)


def trials(
    rng: random.Random, *, faults: int, valids: int, kinds: Sequence[Fault] = FAULTS
) -> Iterator[Trial]:
    """Yield submissions with one fault, evenly over the kinds, and valid ones."""
    for number in range(faults):
        fault = kinds[number % len(kinds)]
        board, at = spoiled(rng, fault)
        beside = tuple(_beside(there, who, board, 100_000 + number) for who, there in at.beside)
        yield Trial(_read(at, board, number), fault, at, beside, board)
    for number in range(faults, faults + valids):
        board = rng.choice(BOARDS)
        yield Trial(handed_in(workbook_of(varied(rng, board), board), board, number), board=board)


def _read(at: Spoiled, board: Board, number: int) -> Reading:
    data = workbook_of(at.answers, board, round_id=at.round_id, layout=at.version)
    if at.data is not None:
        data = at.data(data)
        try:
            check_file(data, "form.xlsx")
        except RefusedError as refused:
            document = Document(sha256=f"{number:064d}", name="form.xlsx", sender=board.board_id)
            return Reading(document, faults=(refused.fault,))
    reading = handed_in(data, board, number)
    return replace(reading, document=replace(reading.document, **at.comes))


def _beside(answers: Reading, who: Board, board: Board, number: int) -> Reading:
    """Return what is handed in beside: another board's form, or the board's own free document."""
    if who != board:
        return handed_in(workbook_of(answers, who), who, number)
    about = {"sha256": f"{number:064d}", "name": f"bilaga {number}.docx", "board": who.board_id}
    document = Document(kind="interim_report", round=ROUND.round_id, sender=who.board_id, **about)
    return replace(answers, document=document)


def findings_of(batch: Sequence[Trial]) -> list[list[Finding]]:
    """Return what the rules say of each submission by itself; one run of the suites for all."""
    readings = [t.reading for t in batch] + [r for t in batch if not _citys(t) for r in t.beside]
    twice = {t.reading.document.sha256 for t in batch if t.at is not None and t.at.twice}
    verdicts = judge(
        readings, city=CITY, round=ROUND, today=TODAY, history=history(), identical=twice
    )
    return [
        _together(trial) if _citys(trial) else _own(trial, verdict)
        for trial, verdict in zip(batch, verdicts, strict=False)
    ]


def _citys(trial: Trial) -> bool:
    return trial.fault is not None and trial.fault.is_citys


def _own(trial: Trial, verdict: Verdict) -> list[Finding]:
    """Return a submission's findings; others in the batch only happen to be of the same board."""
    mine = {reading.document.name for reading in trial.beside}
    wanted = trial.fault.rule if trial.fault else ""
    return [
        f
        for f in verdict.findings
        if f.rule == wanted
        or (
            not f.hidden
            and f.severity != "TIPS"
            and (f.rule != "E-XDOC" or any(name in f.message for name in mine))
        )
    ]


def _together(trial: Trial) -> list[Finding]:
    readings = [trial.reading, *trial.beside]
    owing = Requirement(
        tuple(r.document.sender or "" for r in readings), ("*",), ("goals", "economy"), owes=True
    )
    city: City = replace(CITY, requirements=(owing,))
    verdicts = [Verdict(r.document.sha256, r.document.sender, ROUND.round_id) for r in readings]
    later = ROUND.due_on.replace(day=28)
    whole = judge_city(readings, verdicts, city=city, round=ROUND, today=later)
    named = trial.fault.rule if trial.fault else ""
    return [f for f in whole.findings if f.rule == named or f.rule not in CITYS_OWN]


CITYS_OWN = {"C-COVER", "D-JOINT", "P-MOVE"}
"""Rules of the city that a pair of boards, alone in a city, cannot help breaking."""


def cell_of(trial: Trial) -> str | None:
    """Return the cell where the fault was put; None where the file cannot be read at all."""
    at = trial.at
    if at is None:
        return None
    if at.cell:
        return at.cell
    if at.row is None:
        place = trial.reading.places.get("" if at.told_at == "mark" else at.told_at)
        return place.cell if place else None
    row = trial.reading.rows(at.section)[at.row]
    letter = trial.reading.headings.get(f"{at.section}.{at.field}", "")
    return f"{letter}{row.place.cell.lstrip(ascii_uppercase)}"


def is_there(finding: Finding, trial: Trial) -> bool:
    """Say whether a finding points at the fault; a sum that is off points at its total."""
    if finding.is_citys:
        return trial.board.board_id in finding.boards
    wanted, cell = cell_of(trial), finding.place.cell if finding.place else None
    if wanted is None:
        return finding.rule == "A-FILE"
    if finding.rule in ("E-SUM", "P-PART", "P-SICK"):
        return cell is not None and wanted[0] == cell[0]
    return cell == wanted


def has_cell(finding: Finding) -> bool:
    """Say whether a finding in a workbook names a sheet and a cell, as every one must."""
    place = finding.place
    return place is not None and place.sheet is not None and place.cell is not None


def said(findings: Iterable[Finding]) -> str:
    """Return findings in a line: rule and place."""
    return ", ".join(f"{f.rule} {f.place.cell if f.place else ''}" for f in findings) or "nothing"


@dataclass
class Tally:
    """What was caught, where, and what was said besides."""

    asked: Counter[str] = field(default_factory=Counter)
    caught: Counter[str] = field(default_factory=Counter)
    placed: Counter[str] = field(default_factory=Counter)
    missed: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    alarms: list[str] = field(default_factory=list)

    def add(self, trial: Trial, found: Sequence[Finding]) -> None:
        """Count one submission."""
        fault = trial.fault
        if fault is None:
            self.alarms += [
                f"{trial.reading.document.name}: {said([f])} {f.message}" for f in found
            ]
            return
        right = {fault.rule, ALSO.get(fault.rule, fault.rule)}
        hits = [f for f in found if f.rule in right]
        exact = any(is_there(f, trial) for f in hits)
        others = [f for f in found if f.rule not in right | NEIGHBOURS.get(fault.rule, set())]
        others += [f for f in found if not f.is_citys and not has_cell(f) and f.rule != "A-FILE"]
        self.asked[fault.rule] += 1
        self.caught[fault.rule] += bool(hits)
        self.placed[fault.rule] += exact and not others
        if not exact or others:
            where = f"{trial.at.section}.{trial.at.field}" if trial.at else ""
            wanted = f"{fault.rule} {where} {cell_of(trial) or ''}"
            self.missed[fault.rule].append(f"{wanted} ({trial.board.board_id}): {said(found)}")


def papers() -> list[str]:
    """Return the rules whose papers do not do what they say: kept, and broken at the place."""
    kept, broken = (
        judge(
            [_from(board, one) for board, one in zip(BOARDS, some, strict=False)],
            city=CITY,
            round=ROUND,
            today=TODAY,
        )
        for some in ([p.kept for p in PAPERS], [p.broken for p in PAPERS])
    )
    wrong = []
    for paper, calm, told in zip(PAPERS, kept, broken, strict=True):
        places = [f.place for f in told.findings if f.rule == paper.rule]
        if paper.rule in {f.rule for f in calm.findings} or places != [paper.place]:
            wrong.append(f"{paper.rule}: {said(told.findings)}")
    return wrong


def _from(board: Board, reading: Reading) -> Reading:
    """Return a paper as from a board of its own: papers are not held against each other."""
    document = replace(reading.document, sender=board.board_id, board=board.board_id)
    return replace(reading, document=replace(document, sha256=board.board_id))


def unproved() -> set[str]:
    """Return the rules of the catalogue that have no fault, no paper and no test of their own."""
    proved = {fault.rule for fault in FAULTS} | {paper.rule for paper in PAPERS}
    tests = (Path(__file__).parents[1] / TESTED_IN).read_text("utf-8")
    proved |= {name for name in ELSEWHERE if f'"{name}"' in tests}
    return {known.id for known in catalogue()} - proved


def bench(
    *, faults: int, valids: int, seed: int, kinds: Sequence[Fault] = FAULTS
) -> tuple[int, int]:
    """Run the trials, print what was caught, and return (misses, false alarms)."""
    rng, tally = random.Random(seed), Tally()
    every = list(trials(rng, faults=faults, valids=valids, kinds=kinds))
    for start in range(0, len(every), BATCH):
        batch = every[start : start + BATCH]
        for trial, found in zip(batch, findings_of(batch), strict=True):
            tally.add(trial, found)
    _print(tally, f"{faults} faults of {len(kinds)} kinds, {valids} valid forms, seed {seed}")
    return sum(tally.asked.values()) - sum(tally.placed.values()), len(tally.alarms)


def _print(tally: Tally, title: str) -> None:
    print(title)
    for name in sorted(tally.asked):
        asked, caught, placed = (c[name] for c in (tally.asked, tally.caught, tally.placed))
        print(f"  {name:<12} {caught}/{asked} caught, {placed} at the cell and nothing else said")
    asked, caught, placed = (sum(c.values()) for c in (tally.asked, tally.caught, tally.placed))
    print(f"{len(tally.asked)} of {len(catalogue())} rules broken by forms")
    print(f"caught by the right rule {caught}/{asked}, at the cell {placed}/{asked}")
    print(f"false alarms on valid forms: {len(tally.alarms)}")
    for line in [*(one for told in tally.missed.values() for one in told[:3]), *tally.alarms[:10]]:
        print("  ", line)
    print("No form can break, so papers prove:")
    for paper in PAPERS:
        print(f"  {paper.rule:<12} {rule(paper.rule).demand} ({paper.why})")
    for name, why in ELSEWHERE.items():
        print(f"  {name:<12} {rule(name).demand} ({why}: {TESTED_IN})")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faults", type=int, default=2000)
    parser.add_argument("--valids", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    misses, false = bench(faults=options.faults, valids=options.valids, seed=options.seed)
    wrong = papers()
    print(
        f"papers that do not do what they say: {wrong or 'none'}; unproved: {unproved() or 'none'}"
    )
    sys.exit(1 if misses or false or wrong or unproved() else 0)
