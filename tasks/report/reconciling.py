"""The boards' figures beside the city's own systems: how many agree, and those that do not."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import templates
from expectations.central import CentralFigure, Reconciled, as_printed
from expectations.registers import LOCAL_TIME
from expectations.swedish import swedish
from tasks.report.blocks import Block, Cell, Source, Table, count, text
from tasks.report.material import Material, say, signed, words
from warehouse.snapshot import StoredRow

WORDS = Path(templates.__file__).parent / "desk" / "central.toml"
STATES = ("agrees", "differs", "not_said")


@cache
def _names() -> dict[str, Any]:
    """Return the fixed words of the reconciliation, the same as on the steward's page."""
    with WORDS.open("rb") as file:
        return tomllib.load(file)


def reconciliation(material: Material) -> Iterator[Block]:
    """Yield the count per board, and every figure that differs from the ledger or staff system."""
    found = [one for one in material.snapshot.reconciliation() if one.board in _shown(material)]
    if not found:
        return
    states: dict[str, dict[str, list[str]]] = defaultdict(lambda: {key: [] for key in STATES})
    for one in found:
        states[one.board or ""][one.state].append(_label(one))
    rows = tuple(
        (text(board.name), *(_counted(states[board.board_id][state]) for state in STATES))
        for board in material.boards
        if board.board_id in states
    )
    head = tuple(words()["reconciling"]["head"])
    note = say("reconciling.note", files=", ".join(s.name for s in material.snapshot.central))
    yield Table("t-avstamning", say("reconciling.table"), head, rows, note, numbers=(1, 2, 3))
    yield from _apart(material, [one for one in found if one.state == "differs"])


def _counted(items: Sequence[str]) -> Cell:
    return count(len(items), how=say("how.reconciled"), items=items)


def _label(one: Reconciled) -> str:
    names = _names()
    return f"{names['lines'].get(one.slot[1], one.slot[1])}, {names['columns'][one.slot[2]]}"


def _shown(material: Material) -> set[str | None]:
    return {board.board_id for board in material.boards}


def _apart(material: Material, found: Sequence[Reconciled]) -> Iterator[Block]:
    said = {
        (row.board, row.section, _key(row), column): (row, column)
        for row in material.snapshot.rows
        if row.section in ("finance", "staff") and row.period == material.snapshot.round
        for column in row.row.columns
    }
    rows = []
    for one in found:
        row = said.get((one.board or "", *one.slot))
        if row is not None and one.said is not None and one.apart is not None:
            rows.append(_line(material, one, row))
    if rows:
        head = tuple(words()["reconciling"]["apart_head"])
        title = say("reconciling.apart")
        yield Table("t-avstamning-skillnader", title, head, tuple(rows), numbers=(2, 3, 4))


def _key(stored: StoredRow) -> str:
    key: str = stored.row.line if stored.section == "finance" else stored.row.metric
    return key


def _line(material: Material, one: Reconciled, said: tuple[StoredRow, str]) -> tuple[Cell, ...]:
    stored, column = said
    figure = stored.row.columns[column]
    names, decimals = _names(), figure.decimals or 0
    label = _label(one)
    unit = names["units"].get(figure.unit or "", figure.unit or "")
    there = as_printed(one.central.figure, figure.unit or "", decimals)
    ids = material.ids(stored, f"columns.{column}", figure)
    central = (central_source(material, one.central),)
    apart = signed(one.apart.quantize(figure.value), decimals) if one.apart and figure.value else ""
    return (
        text(material.name(stored.board)),
        text(f"{label} ({unit})" if unit else label),
        Cell(swedish(figure.value, figure.decimals), is_number=True, figures=ids),
        Cell(there.written, is_number=True, figures=central),
        Cell(apart, is_number=True, figures=(*ids, *central), how=say("how.apart")),
    )


def central_source(material: Material, one: CentralFigure) -> str:
    """Return a central figure's id, and remember which file and line it comes from."""
    printed = one.id_in(material.snapshot.city, material.snapshot.round or "")
    source = next(s for s in material.snapshot.central if one in s.figures)
    material.used[printed] = Source(
        figure_id=printed,
        board=material.name(one.board) if one.board else material.city.name,
        document=source.name,
        sha256=source.document,
        place=one.figure.place.in_words() if one.figure.place else "",
        written=one.figure.written,
        version=source.version,
        section="central",
        received=f"{source.received_at.astimezone(LOCAL_TIME):%Y-%m-%d %H.%M}",
    )
    return printed
