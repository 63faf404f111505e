"""One CSV file of a city's register: its rows, its cells as values, and every fault with its line.

Nothing is raised here: a fault is kept with file, line and remedy, so that who keeps the register
mends all of them in one go. What the columns mean stands in `register_files.py`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from expectations.names import meant
from expectations.registers import RegisterFault

Value = TypeVar("Value")
SHOWN_OPTIONS = 12


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one file; `verified` and `source` may stand in every file."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def known(self) -> tuple[str, ...]:
        """Return every column that the file may have."""
        own = (*self.required, *self.optional)
        return own + tuple(name for name in ("verified", "source") if name not in own)


VALIDITY = ("valid_from", "valid_to")
FILES = {
    "boards.csv": Columns(
        ("board_id", "name", "kind", "group"),
        ("administration", "aliases", "case_prefix", "case_pattern", "case_example", *VALIDITY),
    ),
    "goals.csv": Columns(
        ("goal_id", "title"), ("area", "sdgs", "designated", "aliases", *VALIDITY)
    ),
    "assignments.csv": Columns(
        ("assignment_id", "text", "origin", "addressees"),
        (
            *("case_number", "point", "organ", "date", "paragraph", "decision_point"),
            *("budget_year", "due_written", "due_earliest", "due_latest", "closed", "parent"),
        ),
    ),
    "rounds.csv": Columns(
        ("round_id", "type", "name", "period_from", "period_to", "opens_on", "due_on"), ("due",)
    ),
    "meetings.csv": Columns(("organ", "date")),
    "owes.csv": Columns(("boards", "rounds", "groups", "owes")),
    "rules.csv": Columns(("rule", "rounds", "severity", "reason", "decided_by"), ("decided_on",)),
    "scales.csv": Columns(
        ("scale", "code", "word", "order"), ("symbol", "synonyms", "means", *VALIDITY)
    ),
    "ledger_objects.csv": Columns(("dimension", "objects", "board_id"), VALIDITY),
    "ledger_lines.csv": Columns(("accounts", "line")),
    "successions.csv": Columns(("board_id", "successor", "valid_from", "decision"), ("extent",)),
    "contacts.csv": Columns(
        ("board_id", "role", "mail"),
        (
            *("groups", "name", "phone", "stand_in", "stand_in_mail", "away_from", "away_to"),
            *VALIDITY,
        ),
    ),
}
"""The files of a city beside city.toml, with their columns."""
PERSONAL = ("contacts.csv",)
"""Files with names of persons: never kept with a run, an edition or in the journal."""
OPTIONAL = ("ledger_objects.csv", "ledger_lines.csv", "successions.csv", *PERSONAL)
"""Files that a city may do without."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a CSV file with the line it begins on, 1-based."""

    line: int
    cells: dict[str, str]


@dataclass
class RegisterFile:
    """One register file: its rows, and the faults found while they are understood.

    `is_whole` is False where the file could not be read at all; then nobody may say of another
    file that it names something unknown.
    """

    name: str
    rows: list[Row] = field(default_factory=list)
    faults: list[RegisterFault] = field(default_factory=list)
    is_whole: bool = True

    def fault(self, line: int | None, fault: str, remedy: str) -> None:
        """Keep one fault of this file."""
        self.faults.append((self.name, line, fault, remedy))

    def broken(self, line: int | None, fault: str, remedy: str) -> RegisterFile:
        """Keep a fault that makes the whole file unusable."""
        self.fault(line, fault, remedy)
        self.is_whole = False
        return self

    def unverified(self) -> int:
        """Return how many rows say of themselves that nobody has confirmed them."""
        return sum(row.cells.get("verified", "yes") != "yes" for row in self.rows)

    # --- cells as values ----------------------------------------------------------------------

    def text(self, row: Row, column: str) -> str | None:
        """Return a cell, None where it is empty or the column is not there."""
        return row.cells.get(column) or None

    def needed(self, row: Row, column: str) -> str:
        """Return a cell that must not be empty."""
        if not row.cells.get(column):
            self.fault(row.line, f"Kolumnen {column} är tom.", "Fyll i den.")
        return row.cells.get(column, "")

    def convert(
        self, row: Row, column: str, read: Callable[[str], Value], remedy: str
    ) -> Value | None:
        """Return a cell as a value, None where it is empty or is a fault."""
        written = row.cells.get(column, "")
        if not written:
            return None
        try:
            return read(written)
        except (ValueError, re.error):
            self.fault(row.line, f"”{written}” i kolumnen {column} går inte att läsa.", remedy)
            return None

    def day(self, row: Row, column: str) -> date | None:
        """Return a cell as a date."""
        return self.convert(row, column, iso_day, "Skriv datum som 2026-03-31.")

    def number(self, row: Row, column: str) -> int | None:
        """Return a cell as a whole number."""
        return self.convert(row, column, int, "Skriv ett heltal.")

    def truth(self, row: Row, column: str) -> bool:
        """Return a cell that says yes or no; an empty one says no."""
        written = row.cells.get(column, "")
        if written not in ("yes", "no", ""):
            fault = f"”{written}” i kolumnen {column} är varken ja eller nej."
            self.fault(row.line, fault, "Skriv yes eller no.")
        return written == "yes"

    def one_of(self, row: Row, column: str, known: Iterable[str]) -> str:
        """Return a cell that must be one of the known words."""
        written = self.needed(row, column)
        if written:
            self.check(row.line, column, written, known)
        return written

    def several(self, row: Row, column: str, known: Iterable[str] | None = None) -> tuple[str, ...]:
        """Return the values of a cell, separated by `|`; all known where `known` is given."""
        values = tuple(v.strip() for v in row.cells.get(column, "").split("|") if v.strip())
        allowed = None if known is None else tuple(known)
        for value in values if allowed is not None else ():
            self.check(row.line, column, value, allowed or ())
        return values

    # --- what must hold -----------------------------------------------------------------------

    def check(self, line: int | None, column: str, written: str, known: Iterable[str]) -> None:
        """Keep a fault where a word is not among the known ones, with the nearest of them."""
        options = tuple(known)
        if written in options:
            return
        few = ", ".join(options[:SHOWN_OPTIONS]) + (" …" if len(options) > SHOWN_OPTIONS else "")
        remedy = meant(written, options) or (f"Välj bland {few}." if few else "Ta bort det.")
        self.fault(line, f"”{written}” i kolumnen {column} är okänt.", remedy)

    def unique(self, row: Row, column: str, seen: dict[str, int]) -> None:
        """Keep a fault where an earlier row has the same id."""
        key = row.cells.get(column, "")
        if key and key in seen:
            fault = f"{key} finns redan på rad {seen[key]}."
            self.fault(row.line, fault, "Ta bort den ena raden eller byt id.")
        seen.setdefault(key, row.line)

    def in_order(self, row: Row, first: str, last: str) -> None:
        """Keep a fault where a span ends before it begins."""
        begins, ends = row.cells.get(first, ""), row.cells.get(last, "")
        if begins and ends and ends < begins:
            fault = f"{last} ({ends}) ligger före {first} ({begins})."
            self.fault(row.line, fault, "Byt plats på dagarna eller rätta den som är fel.")


def iso_day(written: str) -> date:
    """Return the date; ValueError for every other form than 2026-03-31."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", written):
        raise ValueError(written)  # fromisoformat also takes 20260331 and 2026-W14-2
    return date.fromisoformat(written)


def read_rows(path: Path, name: str, columns: Columns) -> RegisterFile:
    """Return a CSV file's rows with what is wrong in its form; empty rows say nothing.

    A byte order mark is accepted: Excel writes one.
    """
    file = RegisterFile(name)
    if not path.is_file():
        return file.broken(None, "Filen saknas.", _listed(columns))
    text = decoded(path, file)
    if text is None:
        return file
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] = []
    for line, cells in _numbered(reader):
        if cells is None:
            fault = "Ett citattecken är inte stängt eller står mitt i en cell."
            return file.broken(line, fault, "Rätta citattecknen, på raden eller längre ner.")
        if header:
            _take(file, line, header, cells)
            continue
        header = cells
        if not _header_holds(file, header, columns):
            return file
    return file if header else file.broken(1, "Filen är tom.", _listed(columns))


def _listed(columns: Columns) -> str:
    return f"Lägg in den med kolumnerna {', '.join(columns.required)}."


def decoded(path: Path, file: RegisterFile) -> str | None:
    """Return a file's text, None with a fault that names the line where it is not UTF-8."""
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        file.broken(line, "Filen är inte UTF-8.", "Spara om den som UTF-8 (i Excel: CSV UTF-8).")
        return None


def _numbered(reader: Any) -> Iterator[tuple[int, list[str] | None]]:
    """Yield each row of a csv.reader with the line it begins on: a cell may hold line breaks.

    None stands for a row that is no CSV; nothing follows it.
    """
    while True:
        begins = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error:
            yield begins, None
            return
        if cells is None:
            return
        yield begins, [cell.strip() for cell in cells]


def _take(file: RegisterFile, line: int, header: Sequence[str], cells: Sequence[str]) -> None:
    if not any(cells):
        return
    if len(cells) != len(header):
        fault = f"Raden har {len(cells)} celler men rubrikraden {len(header)}."
        file.fault(line, fault, "Sätt citattecken om text med komma, och ett komma per tom cell.")
        return
    file.rows.append(Row(line, dict(zip(header, cells, strict=True))))


def _header_holds(file: RegisterFile, header: list[str], columns: Columns) -> bool:
    if len(header) == 1 and header[0].count(";") >= len(columns.required) - 1 > 0:
        file.broken(1, "Kolumnerna skiljs åt med semikolon.", "Spara filen med komma emellan.")
        return False
    for name in sorted({name for name in header if header.count(name) > 1}):
        file.fault(1, f"Kolumnen {name} finns flera gånger.", "Ta bort den ena.")
    for name in [name for name in header if name not in columns.known]:
        fault = f"Kolumnen {name} är okänd." if name else "En kolumn saknar namn."
        known = f"Kända kolumner: {', '.join(columns.known)}."
        file.fault(1, fault, meant(name, columns.known) or known)
    missing = [name for name in columns.required if name not in header]
    if missing:
        fault = f"Kolumnen {', '.join(missing)} saknas."
        file.broken(1, fault, "Lägg till den i första raden.")
    return not missing
