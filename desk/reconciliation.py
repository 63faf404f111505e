"""The reconciliation: what the city's systems say of each board beside what the board says."""

from __future__ import annotations

import csv
import io
import tomllib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from desk.pages import FOLDER, page
from expectations.central import Reconciled, as_printed
from expectations.registers import LOCAL_TIME, City
from expectations.swedish import swedish
from warehouse.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a reconciliation, all in words; `state` is the code."""

    board: str
    label: str
    column: str
    central: str
    said: str
    apart: str
    unit: str
    state: str
    made_of: str
    line: str
    figure_id: str


@dataclass(frozen=True, slots=True)
class BoardCount:
    """How a board's figures stand against the central ones."""

    board: str
    agrees: int
    differs: int
    not_said: int


@cache
def words() -> dict[str, Any]:
    """Return the fixed words of the reconciliation."""
    with (FOLDER / "central.toml").open("rb") as file:
        return tomllib.load(file)


def render_reconciliation(snapshot: Snapshot, city: City, *, title: str) -> str:
    """Return the page of the reconciliation, to lie beside the worklist."""
    lines = lines_of(snapshot, city)
    sources = [
        {
            "kind": source.kind,
            "name": source.name,
            "version": source.version,
            "faults": source.faults,
            "day": f"{source.received_at.astimezone(LOCAL_TIME):%Y-%m-%d}",
        }
        for source in snapshot.central
    ]
    return page(
        "reconciliation.html.j2",
        city=city,
        title=title,
        words=words(),
        sources=sources,
        lines=lines,
        counts=counts(lines),
    )


def lines_of(snapshot: Snapshot, city: City) -> list[Line]:
    """Return the reconciliation of a round, boards in the register's order, the unplaced last."""
    order = {board.board_id: at for at, board in enumerate(city.boards)}
    rows = snapshot.reconciliation()
    rows.sort(key=lambda one: order.get(one.board or "", len(order)))
    return [_line(one, snapshot, city) for one in rows]


def counts(lines: Sequence[Line]) -> list[BoardCount]:
    """Return one count per board, in the order of the lines; the unplaced are no board's."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for line in lines:
        if line.state != "unplaced":
            found[line.board][line.state] += 1
    return [BoardCount(b, n["agrees"], n["differs"], n["not_said"]) for b, n in found.items()]


def as_csv(lines: Sequence[Line]) -> bytes:
    """Return the reconciliation as CSV for a Swedish spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(words()["head"])
    for one in lines:
        numbers = (one.central, one.said, one.apart)
        plain = [n.replace("\u00a0", "").replace("−", "-") for n in numbers]
        state = words()["states"][one.state]
        writer.writerow(
            (
                *(one.board, one.label, one.column, *plain),
                *(one.unit, state, one.made_of, one.line, one.figure_id),
            )
        )
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _line(one: Reconciled, snapshot: Snapshot, city: City) -> Line:
    board = city.board(one.board)
    there, said, told = one.central.figure, one.said, words()
    if said is not None and said.unit is not None:
        there = as_printed(there, said.unit, said.decimals or 0)
    elif there.unit == "kr":
        there = as_printed(there, city.settings.get("units", {}).get("finance", "kr"), 1)
    parts = one.central.parts
    made = ", ".join(f"{part.label} ({part.rows})" for part in parts[:8])
    place = one.central.figure.place
    return Line(
        board=board.name if board else str(told["nobody"]),
        label=told["lines"].get(one.slot[1], one.slot[1]),
        column=told["columns"].get(one.slot[2], one.slot[2]),
        central=there.written,
        said=said.written if said is not None else "",
        apart=_shown(one.apart, said.decimals or 0) if one.apart and said is not None else "",
        unit=told["units"].get(there.unit or "", there.unit or ""),
        state=one.state,
        made_of=made + (" …" if len(parts) > len(parts[:8]) else ""),
        line=str(place.line) if place else "",
        figure_id=one.central.id_in(snapshot.city, snapshot.round or ""),
    )


def _shown(value: Decimal, decimals: int) -> str:
    rounded = value.quantize(Decimal(1).scaleb(-decimals))
    return ("+" if rounded > 0 else "") + swedish(rounded, decimals)
