"""The chapter on the underlay: who owes what, how it came, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator

from expectations.contract import GROUPS
from expectations.swedish import swedish_day
from tasks.report.blocks import Block, Cell, Paragraph, Section, Table, count, text
from tasks.report.material import Material, counted, say, words
from warehouse.snapshot import SectionState

COUNTS = ("expected", "in_time", "late", "stopped", "missing", "decided")


def completeness(material: Material) -> Section | None:
    """Return who has handed in what by group, and what is missing with its last day."""
    counts = section_counts(material)
    if not counts:
        return None
    blocks: list[Block] = [Paragraph(say("completeness.lead"), "lead"), _overview(material, counts)]
    blocks += _silent(material)
    blocks += _absent(material)
    title = say("completeness.title")
    return Section("fullstandighet", title, tuple(blocks), is_flowing=True)


def section_counts(material: Material) -> dict[str, dict[str, int]]:
    """Return how many sections each group of boards owes, by how they came."""
    return {
        group: {key: len(row[key]) for key in COUNTS}
        for group, row in _sections_owed(material).items()
    }


def _sections_owed(material: Material) -> dict[str, dict[str, list[str]]]:
    """Return the sections that each group of boards owes, named, by how they came."""
    found: dict[str, dict[str, list[str]]] = {}
    if material.round is None:
        return found
    states = _states(material)
    for board_id, groups in material.city.owed(material.round).items():
        board = material.city.board(board_id)
        row = found.setdefault(board.group if board else "", {key: [] for key in COUNTS})
        for group in groups:
            state = states.get((board_id, group))
            name = f"{material.name(board_id)}: {say(f'groups.{group}')}"
            decided = ("decided",) if state and state.is_decided else ()
            for key in ("expected", _how(state), *decided):
                row[key].append(name)
    return found


def _how(state: SectionState | None) -> str:
    if state is None or state.state == "missing":
        return "missing"
    if state.state in ("stopped", "withheld"):
        return "stopped"
    return "late" if state.late_days else "in_time"


def _states(material: Material) -> dict[tuple[str, str], SectionState]:
    """Return the sections of the round by board and group."""
    ours = material.round.round_id if material.round else None
    return {(s.board, s.group): s for s in material.snapshot.sections if s.period == ours}


def silent_boards(material: Material) -> list[str]:
    """Return the names of boards that owe and have handed in nothing."""
    return [material.name(board) for board in _silent_ids(material)]


def _silent_ids(material: Material) -> list[str]:
    owed = material.city.owed(material.round) if material.round else {}
    spoke = {s.board for s in material.snapshot.sections if s.state != "missing"}
    return [board for board in owed if board not in spoke]


def stopped_sections(material: Material) -> list[str]:
    """Return `Miljönämnden (mål, ekonomi)` for each board with stopped sections, in order."""
    held = [key for key, s in _states(material).items() if s.state == "stopped"]
    found = []
    for board in material.city.boards:
        groups = [g for g in GROUPS if (board.board_id, g) in held]
        if groups:
            names = ", ".join(say(f"groups.{group}").lower() for group in groups)
            found.append(f"{board.name} ({names})")
    return found


def _overview(material: Material, counts: dict[str, dict[str, int]]) -> Table:
    named = _sections_owed(material)
    rows = [
        (
            text(group),
            *(count(row[k], how=say(f"how.{k}"), items=named[group][k]) for k in COUNTS),
        )
        for group, row in counts.items()
    ]
    if len(rows) > 1:
        whole = say("how.sum_column")
        sums = (count(sum(row[k] for row in counts.values()), how=whole) for k in COUNTS)
        rows.append((Cell(say("completeness.sum"), is_sum=True), *sums))
    return Table(
        "t-fullstandighet",
        say("completeness.table"),
        tuple(words()["completeness"]["head"]),
        tuple(rows),
        note=say("completeness.note"),
        source=say("completeness.source"),
        numbers=tuple(range(1, len(COUNTS) + 1)),
    )


def _silent(material: Material) -> Iterator[Block]:
    """Yield the boards that have handed in nothing, by group: one row each would hide the rest."""
    found: dict[str, list[str]] = {}
    for board_id in _silent_ids(material):
        board = material.city.board(board_id)
        if board is not None:
            found.setdefault(board.group, []).append(board.name)
    rows = tuple(
        (
            text(group),
            count(len(names), how=say("how.silent"), items=names),
            text(", ".join(names)),
        )
        for group, names in found.items()
    )
    if rows:
        head = tuple(words()["completeness"]["silent_head"])
        number = sum(map(len, found.values()))
        title = counted("completeness.silent", number)
        yield Table("t-tysta", title, head, rows, numbers=(1,))


def _absent(material: Material) -> Iterator[Block]:
    """Yield one row per board, state and last day, with its sections named together."""
    order = list(GROUPS)
    silent = set(_silent_ids(material))
    found: dict[tuple[str, str, str, str], list[str]] = {}
    for state in sorted(_states(material).values(), key=lambda s: order.index(s.group)):
        if state.state in ("missing", "stopped", "withheld") and state.board not in silent:
            why = f": {state.reason}" if state.reason else ""
            key = (state.board, state.state, swedish_day(state.due_on), why)
            found.setdefault(key, []).append(say(f"groups.{state.group}"))
    names = {board.board_id: i for i, board in enumerate(material.city.boards)}
    rows = tuple(
        (
            text(material.name(board)),
            text(", ".join(groups)),
            Cell(say(f"states.{state}") + why, missing=state),
            text(due),
        )
        for (board, state, due, why), groups in sorted(
            found.items(), key=lambda item: (names.get(item[0][0], 0), item[0][1], item[0][2])
        )
    )
    if rows:
        title, head = say("completeness.missing_table"), words()["completeness"]["missing_head"]
        yield Table("t-saknas", title, tuple(head), rows, unbroken=(3,))
