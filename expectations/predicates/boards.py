"""Rules that hold boards against each other: what only the city can see, and only it can mend.

They look at what counts: the newest document of a board in each section, without what is stopped.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from expectations.catalogue import Rule
from expectations.contract import Figure
from expectations.predicates.breaches import Breach, tests
from expectations.predicates.people import in_kronor, pool_of
from expectations.predicates.prose import texts_of
from expectations.registers import Board, City, CityGoal, plain
from expectations.staging import Case, Judged, World
from expectations.swedish import swedish

CLOSED = ("proposed_fulfilled", "fulfilled", "closed")
NAMED = 3
"""So many boards are named in a sentence; the rest are counted."""


def rows_by_board(world: World, section: str) -> dict[str, tuple[Any, ...]]:
    """Return each board's rows of a section, from its newest document that has any."""
    newest: dict[str, Judged] = {}
    for judged in sorted(world.documents, key=_came):
        if judged.board is not None and judged.reading.rows(section):
            newest[judged.board.board_id] = judged
    order = [board.board_id for board in world.city.boards]
    return {i: newest[i].reading.rows(section) for i in order if i in newest}


def _came(judged: Judged) -> tuple[str, str]:
    document = judged.reading.document
    return (document.received_at.isoformat() if document.received_at else "", document.sha256)


def without(world: World, group: str) -> tuple[Board, ...]:
    """Return the boards that owe a group in the round and whose answer does not count yet."""
    if world.round is None:
        return ()
    answered = {
        judged.board.board_id
        for judged in world.documents
        if judged.board is not None and group in judged.reading.groups()
    }
    return tuple(
        board
        for board in world.city.boards_on(world.round.period_to)
        if board.board_id not in answered and world.city.owes(board, world.round, group)
    )


def named(city: City, boards: Iterable[str]) -> str:
    """Return boards in words: all of a few, the first of many and how many more."""
    names = [board.name if (board := city.board(i)) else i for i in boards]
    more = len(names) - NAMED
    if more > 1:
        names = [*names[:NAMED], f"{more} till"]
    return " och ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


@tests("F-POOL")
def _pool_is_enough(_: Case, world: World, __: Rule) -> list[Breach] | None:
    pool = pool_of(world.city)
    asked: dict[str, Decimal] = defaultdict(Decimal)
    for section, field in (("efforts", "cost"), ("funding", "requested")):
        for board, rows in rows_by_board(world, section).items():
            asked[board] += sum((in_kronor(getattr(row, field)) or Decimal(0) for row in rows), 0)
    total = sum(asked.values(), Decimal(0))
    if pool is None or not total:
        return None
    if total <= pool:
        return []
    boards = sorted((b for b in asked if asked[b]), key=lambda b: -asked[b])
    largest = f"{named(world.city, boards[:1])} med {swedish(asked[boards[0]], 0)} kronor"
    values = {
        "computed": f"{swedish(total, 0)} kronor",
        "pool": f"{swedish(pool, 0)} kronor",
        "largest": largest,
    }
    return [
        Breach(
            written=values["computed"],
            expected=values["pool"],
            group="competence",
            boards=tuple(boards),
            key="pool",
            values=values,
        )
    ]


@tests("C-COVER")
def _every_goal_is_somebodys(_: Case, world: World, __: Rule) -> list[Breach] | None:
    missing = {board.board_id for board in without(world, "goals")}
    if world.round is None or not _is_due(world, "goals", missing):
        return None
    told = {row.goal_id for rows in rows_by_board(world, "goals").values() for row in rows}
    return [
        Breach(
            group="goals",
            boards=tuple(_responsible(world, goal)),
            key=goal.goal_id,
            values={"goal": goal.title, "who": _who(world, goal, missing)},
        )
        for goal in world.city.goals_on(world.day)
        if goal.goal_id not in told and list(_responsible(world, goal))
    ]


def _is_due(world: World, group: str, missing: set[str]) -> bool:
    """Say whether a group can be judged as a whole: all have answered, or the last day is past."""
    return not missing or (world.round is not None and world.today > world.round.due_for(group))


def _responsible(world: World, goal: CityGoal) -> Iterator[str]:
    for board in world.city.boards_on(world.day):
        owes = world.round is not None and world.city.owes(board, world.round, "goals")
        if owes and (not goal.designated or board.board_id in goal.designated):
            yield board.board_id


def _who(world: World, goal: CityGoal, missing: set[str]) -> str:
    boards = list(_responsible(world, goal))
    silent = [board for board in boards if board in missing]
    handed = [board for board in boards if board not in missing]
    parts = []
    if handed:
        parts.append(f"{named(world.city, handed)} har lämnat utan målet.")
    if silent:
        parts.append(f"{named(world.city, silent)} har inte lämnat.")
    return " ".join(parts)


@tests("D-JOINT")
def _joint_assignment_has_one_state(_: Case, world: World, __: Rule) -> list[Breach] | None:
    said: dict[str, dict[bool, list[str]]] = defaultdict(lambda: {True: [], False: []})
    rows: dict[str, Any] = {}
    for board, theirs in rows_by_board(world, "assignments").items():
        for row in theirs:
            if row.assignment_id and row.status is not None and row.status.code is not None:
                said[row.assignment_id][row.status.code in CLOSED].append(board)
                rows.setdefault(row.assignment_id, row)
    return [
        Breach(
            group="assignments",
            boards=(*boards[True], *boards[False]),
            key=assignment,
            written=f"{len(boards[True])} klart, {len(boards[False])} inte klart",
            values={
                "case": rows[assignment].case_number or assignment,
                "text": rows[assignment].text[:80],
                "done": named(world.city, boards[True]),
                "open": named(world.city, boards[False]),
            },
        )
        for assignment, boards in sorted(said.items())
        if boards[True] and boards[False]
    ]


MONEY = {
    "outcome": "utfallet",
    "budget": "budgeten",
    "forecast": "prognosen",
    "budget_year": "budgeten för året",
}


@tests("E-INTERNAL")
def _internal_grants_even_out(_: Case, world: World, __: Rule) -> list[Breach] | None:
    lines = {
        board: [row for row in rows if row.line == "internal_grants"]
        for board, rows in rows_by_board(world, "finance").items()
    }
    figures: dict[str, list[tuple[str, Figure, Decimal]]] = {key: [] for key in MONEY}
    for board, rows in lines.items():
        for key in MONEY:
            for figure in (row.columns.get(key) for row in rows):
                amount = in_kronor(figure)
                if figure is not None and amount is not None:
                    figures[key].append((board, figure, amount))
    may_pay = [b for b in without(world, "economy") if b.kind != "company"]
    if world.round is None or may_pay or not any(figures.values()):
        return None
    told = [sentence for key in MONEY if (sentence := _uneven(key, figures[key]))]
    if not told:
        return []
    payers = sorted({b for key in MONEY for b, _, amount in figures[key] if amount < 0})
    concerned = tuple(dict.fromkeys((*payers, *(b for b, rows in lines.items() if rows))))
    values = {"told": "; ".join(told), "payers": named(world.city, payers) or "ingen anges"}
    return [
        Breach(written=told[0], group="economy", boards=concerned, key="internal", values=values)
    ]


def _uneven(key: str, figures: list[tuple[str, Figure, Decimal]]) -> str:
    """Return a column whose paid and received differ in words; empty where they do not."""
    paid = -sum((amount for _, _, amount in figures if amount < 0), Decimal(0))
    received = sum((amount for _, _, amount in figures if amount > 0), Decimal(0))
    half = sum(
        (in_kronor(_half_step(figure)) or Decimal(0) for _, figure, _ in figures), Decimal(0)
    )
    if abs(paid - received) <= half:
        return ""
    shown = [swedish(amount / 1_000_000, 1) for amount in (paid, received)]
    return f"I {MONEY[key]} är {shown[0]} mnkr betalt och {shown[1]} mnkr mottaget"


def _half_step(figure: Figure) -> Figure:
    """Return what rounding may hide in a printed figure, in its own unit."""
    step = Decimal("0.5").scaleb(-(figure.decimals or 0))
    return Figure(str(step), step, figure.unit)


@tests("F-MATCH")
def _surplus_meets_shortage(_: Case, world: World, __: Rule) -> list[Breach] | None:
    needs: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    words: dict[str, str] = {}
    for board, rows in rows_by_board(world, "competence_gaps").items():
        for row in rows:
            if row.years_2 is not None and row.years_2.code is not None:
                group = plain(row.occupation)
                words.setdefault(group, row.occupation)
                needs[group][row.years_2.code].append(board)
    return [
        Breach(
            group="competence",
            boards=(*by["LESS"], *by["MORE"]),
            key=group,
            values={
                "occupation": words[group],
                "less": named(world.city, by["LESS"]),
                "more": named(world.city, by["MORE"]),
            },
        )
        for group, by in sorted(needs.items())
        if by["LESS"] and set(by["MORE"]) - set(by["LESS"])
    ]


COUNTED = {"finance": ("table", "Resultaträkningen"), "staff": ("scope", "Personaluppgifter")}


@tests("G-TWICE")
def _no_company_is_counted_twice(_: Case, world: World, __: Rule) -> list[Breach] | None:
    breaches = []
    for section, (field, what) in COUNTED.items():
        reported = rows_by_board(world, section)
        for parent, rows in reported.items():
            for written in sorted({getattr(row, field) or "" for row in rows} - {""}):
                other = world.city.board_named(written)
                if other is None or other.board_id == parent or other.board_id not in reported:
                    continue
                values = {
                    "what": what,
                    "company": other.name,
                    "parent": named(world.city, (parent,)),
                    "written": f"”{written}”",
                }
                group = "economy" if section == "finance" else "staff"
                both = (parent, other.board_id)
                key = f"{section}/{parent}/{other.board_id}"
                breaches.append(
                    Breach(written=written, group=group, boards=both, key=key, values=values)
                )
    return breaches


@tests("P-MOVE")
def _moved_staff_is_told_by_both(_: Case, world: World, rule: Rule) -> list[Breach] | None:
    moves = _sentences(world, rule)
    handed = {judged.board.board_id for judged in world.documents if judged.board is not None}
    breaches = []
    for teller, told in moves.items():
        for other in world.city.boards:
            about = next((s for s in told if _names(other, s)), None)
            if about is None or other.board_id in (teller.board_id, *_less(handed, other)):
                continue
            if any(_names(teller, sentence) for sentence in moves.get(other, ())):
                continue
            values = {"teller": teller.name, "other": other.name, "quote": about[:120]}
            both = (teller.board_id, other.board_id)
            breaches.append(
                Breach(
                    written=about[:120],
                    group="staff",
                    boards=both,
                    key="/".join(both),
                    values=values,
                )
            )
    return breaches


def _less(handed: set[str], other: Board) -> tuple[str, ...]:
    """Return the board itself where it has handed in nothing that it could have told in."""
    return () if other.board_id in handed else (other.board_id,)


def _sentences(world: World, rule: Rule) -> dict[Board, list[str]]:
    """Return the sentences of each board that tell of people who move."""
    move, people = (
        re.compile(rf"\b{rule.parameters[name]}", re.IGNORECASE) for name in ("move", "people")
    )
    found: dict[Board, list[str]] = defaultdict(list)
    for judged in world.documents:
        for _, text in texts_of(judged.reading) if judged.board is not None else ():
            for sentence in re.split(r"(?<=[.!?])\s+", " ".join(text.text.split())):
                if move.search(sentence) and people.search(sentence) and judged.board is not None:
                    found[judged.board].append(sentence)
    return found


SHORTEST_NAME = 5
"""A shorter name (KS) may be part of anything."""


def _names(board: Board, sentence: str) -> bool:
    """Say whether a sentence speaks of a board by name, in any of its forms."""
    text = plain(sentence)
    return any(
        re.search(rf"\b{re.escape(plain(name))}s?\b", text)
        for name in board.names
        if len(name) >= SHORTEST_NAME
    )
