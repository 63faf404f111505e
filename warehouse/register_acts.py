"""Acts of the office as rows of the register book: extensions, and decisions on assignments.

The acts are what is true; the sheets show those that stand. A new row is a new act, a changed one
too, and a row that is taken away takes its act back. Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from expectations.contract import GROUPS
from expectations.register_rows import RegisterFile, Row
from expectations.registers import City
from warehouse.acts import WITHDRAWAL, OfficeAct
from warehouse.owed import CLOSING

EXTENSIONS, CLOSINGS = "extensions.acts", "closings.acts"
LEVELS = ("office", "board", "council")
CLOSED_BY = {
    "office": "Kontoret föreslår att det förklaras fullgjort",
    "board": "Nämnden har beslutat att det är fullgjort",
    "council": "Fullmäktige har förklarat det fullgjort",
}
Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Who:
    """Who changes the registers, and when."""

    city: str
    by: str
    at: datetime


def act_rows(acts: Iterable[OfficeAct]) -> dict[str, list[dict[str, str]]]:
    """Return the rows of both sheets, one per key: of two acts on the same the later holds."""
    granted: dict[tuple[str, ...], dict[str, str]] = {}
    closed: dict[tuple[str, ...], dict[str, str]] = {}
    for act in acts:
        if act.kind == "extension" and act.until is not None:
            row = {"round_id": act.period, "board_id": act.board or ""}
            row |= {"group": act.about["group"], "until": act.until.isoformat()}
            granted[_key(EXTENSIONS, row)] = row | {"reason": act.text}
        if act.kind == CLOSING:
            row = {"assignment_id": act.about["assignment"], "board_id": act.board or ""}
            row |= {"level": act.about["level"], "date": act.about["date"]}
            closed[_key(CLOSINGS, row)] = row | {"paragraph": act.about.get("paragraph", "")}
    return {
        EXTENSIONS: [granted[key] for key in sorted(granted)],
        CLOSINGS: [closed[key] for key in sorted(closed)],
    }


def faults_in(rows: Mapping[str, Sequence[Cells]], city: City) -> list[RegisterFile]:
    """Return the sheets with every fault in their rows; row n is line n, the heading line 1."""
    files = []
    for name, check in ((EXTENSIONS, _extension_holds), (CLOSINGS, _closing_holds)):
        file = RegisterFile(name)
        seen: dict[tuple[str, ...], int] = {}
        for line, cells in enumerate(rows.get(name, ()), start=2):
            if not any(cells.values()):
                continue
            check(file, Row(line, dict(cells)), city)
            if (first := seen.setdefault(_key(name, cells), line)) != line:
                file.fault(line, f"Samma sak står på rad {first}.", "Ta bort den ena raden.")
        files.append(file)
    return files


def _extension_holds(file: RegisterFile, row: Row, city: City) -> None:
    rounds = {one.round_id: one for one in city.rounds}
    name = file.one_of(row, "round_id", rounds)
    file.one_of(row, "board_id", [board.board_id for board in city.boards])
    group = file.one_of(row, "group", GROUPS)
    file.needed(row, "until")
    file.needed(row, "reason")
    until = file.day(row, "until")
    if until and name in rounds and group in GROUPS and until <= rounds[name].due_for(group):
        fault = f"{until} är inte senare än den sista dag som gäller alla."
        file.fault(row.line, fault, "Skriv en senare dag, eller ta bort raden.")


def _closing_holds(file: RegisterFile, row: Row, city: City) -> None:
    known = {item.assignment_id: item for item in city.assignments}
    name = file.one_of(row, "assignment_id", known)
    file.one_of(row, "board_id", known[name].addressees if name in known else ())
    level = file.one_of(row, "level", LEVELS)
    file.needed(row, "date")
    file.day(row, "date")
    if level in ("board", "council"):
        file.needed(row, "paragraph")


def acts_for(
    rows: Mapping[str, Sequence[Cells]], standing: Sequence[OfficeAct], who: Who
) -> list[OfficeAct]:
    """Return the acts that make the standing ones say what the sheets say; none where they do.

    A sheet that is not there changes nothing. What is replaced or gone is taken back first.
    """
    before = act_rows(standing)
    found: list[OfficeAct] = []
    for name in (one for one in (EXTENSIONS, CLOSINGS) if one in rows):
        old = {_key(name, row): dict(row) for row in before[name]}
        kept = (row for row in rows[name] if any(row.values()))
        new = {_key(name, row): {c: row.get(c, "") for c in _COLUMNS[name]} for row in kept}
        for key in [key for key in old if new.get(key) != old[key]]:
            found += [_withdrawal(act, who) for act in standing if _is_about(act, name, key)]
        make = _extension if name == EXTENSIONS else _closing
        found += [make(row, who) for key, row in new.items() if old.get(key) != row]
    return found


_COLUMNS = {
    EXTENSIONS: ("round_id", "board_id", "group", "until", "reason"),
    CLOSINGS: ("assignment_id", "board_id", "level", "date", "paragraph"),
}


def _key(name: str, row: Cells) -> tuple[str, ...]:
    return tuple(row.get(column, "") for column in _COLUMNS[name][:3])


def _is_about(act: OfficeAct, name: str, key: tuple[str, ...]) -> bool:
    return any(_key(name, row) == key for row in act_rows([act])[name])


def _withdrawal(act: OfficeAct, who: Who) -> OfficeAct:
    told, about = "Ändrat i registrens arbetsbok", {"act": act.act_id}
    return OfficeAct(WITHDRAWAL, who.city, act.board, act.period, who.by, told, who.at, about=about)


def _extension(row: Cells, who: Who) -> OfficeAct:
    return OfficeAct(
        kind="extension",
        city=who.city,
        board=row["board_id"],
        period=row["round_id"],
        by=who.by,
        text=row["reason"],
        at=who.at,
        until=date.fromisoformat(row["until"]),
        about={"group": row["group"]},
    )


def _closing(row: Cells, who: Who) -> OfficeAct:
    paragraph = row["paragraph"]
    told = f"{row['date']}{f' § {paragraph}' if paragraph else ''}"
    return OfficeAct(
        kind=CLOSING,
        city=who.city,
        board=row["board_id"],
        period=row["assignment_id"],
        by=who.by,
        text=f"{CLOSED_BY[row['level']]} {told}",
        at=who.at,
        about={
            "assignment": row["assignment_id"],
            "level": row["level"],
            "date": row["date"],
            "paragraph": paragraph,
        },
    )
