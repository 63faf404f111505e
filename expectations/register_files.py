"""Read a city's folder of CSV and TOML files into `registers.City`, or say what is wrong where.

Every fault in a file is collected before RegisterError is raised, so that who keeps the register
mends them in one go. File formats stand in docs/architecture.md.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from rapidfuzz import process

from expectations.contract import GROUPS, DecisionReference, Due
from expectations.registers import (
    Board,
    City,
    CityAssignment,
    CityGoal,
    RegisterError,
    Requirement,
    Round,
    Scale,
    ScaleWord,
)

PACKAGED = Path(__file__).parent / "cities"
KINDS = ("board", "company", "federation", "audit")
ORIGINS = ("council_budget", "council_other", "executive", "board")

Value = TypeVar("Value")


def city_ids(folders: Sequence[Path] = ()) -> tuple[str, ...]:
    """Return the ids of all cities that can be run, sorted."""
    roots = (*folders, PACKAGED)
    return tuple(sorted({p.parent.name for root in roots for p in root.glob("*/city.toml")}))


def load_city(city_id: str, folders: Sequence[Path] = ()) -> City:
    """Return the city from the first folder that has it; RegisterError where one is wrong."""
    for root in (*folders, PACKAGED):
        for folder in (root / city_id, root):
            if (folder / "city.toml").is_file() and folder.name == city_id:
                return _CityFolder(folder).city()
    known = ", ".join(city_ids(folders)) or "inga"
    fault = f"Staden {city_id} finns inte."
    remedy = f"Kända städer: {known}. Lägg en ny stads mapp i SAMLAD_CITIES."
    raise RegisterError("SAMLAD_CITIES", None, fault, remedy)


@cache
def generic_vocabulary() -> dict[str, Any]:
    """Return the words that Swedish board documents use whatever the city."""
    with (PACKAGED / "generic.toml").open("rb") as file:
        words: dict[str, Any] = tomllib.load(file)["vocabulary"]
    return words


@cache
def city_marks() -> dict[str, tuple[str, ...]]:
    """Return the words by which a text shows its city, for each packaged city."""
    marks = {}
    for path in sorted(PACKAGED.glob("*/city.toml")):
        with path.open("rb") as file:
            words = tomllib.load(file).get("vocabulary", {}).get("city_words", ())
        marks[path.parent.name] = tuple(words)
    return marks


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of a CSV file with the line it stands on."""

    line: int
    cells: dict[str, str]


@dataclass
class _File:
    """One register file: its rows, and the faults found while they are understood."""

    name: str
    rows: list[_Row]
    faults: list[tuple[int | None, str, str]] = field(default_factory=list)

    def fault(self, line: int | None, fault: str, remedy: str) -> None:
        self.faults.append((line, fault, remedy))

    def convert(
        self, row: _Row, column: str, read: Callable[[str], Value], remedy: str
    ) -> Value | None:
        """Return a cell as a value, None where it is empty; a cell that is wrong is a fault."""
        written = row.cells.get(column, "")
        if not written:
            return None
        try:
            return read(written)
        except (ValueError, re.error):
            self.fault(row.line, f"”{written}” i kolumnen {column} går inte att läsa.", remedy)
            return None

    def day(self, row: _Row, column: str) -> date | None:
        return self.convert(row, column, date.fromisoformat, "Skriv datum som 2026-03-31.")

    def number(self, row: _Row, column: str) -> int | None:
        return self.convert(row, column, int, "Skriv ett heltal.")

    def truth(self, row: _Row, column: str) -> bool:
        return self.one_of(row, column, ("yes", "no", ""), "Skriv yes eller no.") == "yes"

    def needed(self, row: _Row, column: str) -> str:
        if not row.cells.get(column):
            self.fault(row.line, f"Kolumnen {column} är tom.", "Fyll i den.")
        return row.cells.get(column, "")

    def one_of(
        self, row: _Row, column: str, known: Iterable[str], remedy: str | None = None
    ) -> str:
        written = row.cells.get(column, "")
        self.check(row.line, column, written, known, remedy)
        return written

    def several(
        self, row: _Row, column: str, known: Iterable[str] | None = None
    ) -> tuple[str, ...]:
        values = tuple(v.strip() for v in row.cells.get(column, "").split("|") if v.strip())
        if known is not None:
            allowed = tuple(known)
            for value in values:
                self.check(row.line, column, value, allowed, None)
        return values

    def check(
        self, line: int, column: str, written: str, known: Iterable[str], remedy: str | None
    ) -> None:
        options = tuple(known)
        if written in options:
            return
        near = process.extractOne(written, [o for o in options if o], score_cutoff=60)
        guess = f"Menade ni {near[0]}?" if near else f"Välj bland {', '.join(options[:12])}."
        self.fault(line, f"”{written}” i kolumnen {column} är okänt.", remedy or guess)

    def unique(self, row: _Row, column: str, seen: dict[str, int]) -> None:
        key = row.cells.get(column, "")
        if key in seen:
            self.fault(
                row.line,
                f"{key} finns redan på rad {seen[key]}.",
                "Ta bort den ena raden eller byt id.",
            )
        seen.setdefault(key, row.line)


class _CityFolder:
    """Understands one city's files in the order that they lean on each other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: list[_File] = []

    def city(self) -> City:
        settings = self._toml(self.folder / "city.toml")
        boards = self._boards()
        ids = {board.board_id for board in boards}
        rounds = self._rounds()
        city = City(
            city_id=self.folder.name,
            name=str(settings.get("name", "")),
            office=str(settings.get("office", "")),
            municipality_code=str(settings.get("municipality_code", "")),
            boards=boards,
            goals=self._goals(ids),
            assignments=self._assignments(ids),
            rounds=rounds,
            scales=self._scales(),
            meetings=self._meetings(),
            requirements=self._requirements(boards, rounds),
            verified=bool(settings.get("verified", False)),
            settings=settings | {"vocabulary": self._vocabulary(settings)},
            version=self._version(),
        )
        self._settings_hold(settings)
        self._raise_faults()
        return city

    def _raise_faults(self) -> None:
        found = [(file.name, *fault) for file in self.files for fault in file.faults]
        if found:
            name, line, fault, remedy = found[0]
            raise RegisterError(name, line, fault, remedy, more=tuple(found[1:]))

    def _vocabulary(self, settings: dict[str, Any]) -> dict[str, Any]:
        return _merged(generic_vocabulary(), settings.get("vocabulary", {}))

    def _version(self) -> str:
        digest = hashlib.sha256()
        for path in sorted(self.folder.iterdir(), key=lambda p: p.name):
            if path.suffix in (".csv", ".toml"):
                digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
        return digest.hexdigest()[:16]

    def _settings_hold(self, settings: dict[str, Any]) -> None:
        file = _File(f"{self.folder.name}/city.toml", [])
        self.files.append(file)
        for key in ("city_id", "name", "office", "municipality_code"):
            if not settings.get(key):
                file.fault(None, f"{key} saknas.", f'Lägg till raden {key} = "…".')
        if settings.get("city_id", self.folder.name) != self.folder.name:
            fault = f"city_id är {settings['city_id']} men mappen heter {self.folder.name}."
            file.fault(None, fault, "Ge dem samma namn.")
        pattern = settings.get("cases", {}).get("pattern")
        if pattern is not None and not _is_pattern(pattern):
            file.fault(None, "cases.pattern är inget giltigt mönster.", "Rätta mönstret.")

    def _toml(self, path: Path) -> dict[str, Any]:
        name = f"{path.parent.name}/{path.name}"
        try:
            return tomllib.loads(path.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            raise RegisterError(name, None, "Filen är inte UTF-8.", "Spara om den.") from None
        except tomllib.TOMLDecodeError as error:
            line = re.search(r"line (\d+)", str(error))
            raise RegisterError(
                name,
                int(line[1]) if line else None,
                "Raden följer inte TOML-formatet.",
                'Kontrollera citattecken, hakparenteser och att raden är nyckel = "värde".',
            ) from None

    def _csv(self, name: str, columns: Sequence[str]) -> _File:
        path = self.folder / name
        shown = f"{self.folder.name}/{name}"
        if not path.is_file():
            raise RegisterError(
                shown, None, "Filen saknas.", f"Lägg in den med kolumnerna {', '.join(columns)}."
            )
        file = _File(shown, list(_rows(path, shown, columns)))
        self.files.append(file)
        return file

    def _boards(self) -> tuple[Board, ...]:
        file = self._csv("boards.csv", ("board_id", "name", "kind", "group"))
        seen: dict[str, int] = {}
        boards = []
        for row in file.rows:
            file.unique(row, "board_id", seen)
            pattern = file.convert(row, "case_pattern", _pattern, "Rätta mönstret (regex).")
            boards.append(
                Board(
                    board_id=file.needed(row, "board_id"),
                    name=file.needed(row, "name"),
                    kind=file.one_of(row, "kind", KINDS),
                    group=file.needed(row, "group"),
                    administration=row.cells.get("administration") or None,
                    aliases=file.several(row, "aliases"),
                    case_prefix=row.cells.get("case_prefix") or None,
                    case_pattern=pattern,
                    case_example=row.cells.get("case_example") or None,
                    valid_from=file.day(row, "valid_from"),
                    valid_to=file.day(row, "valid_to"),
                    verified=file.truth(row, "verified"),
                    source=row.cells.get("source", ""),
                )
            )
        return tuple(boards)

    def _goals(self, boards: set[str]) -> tuple[CityGoal, ...]:
        file = self._csv("goals.csv", ("goal_id", "title", "sdgs", "designated"))
        seen: dict[str, int] = {}
        goals = []
        for row in file.rows:
            file.unique(row, "goal_id", seen)
            goals.append(
                CityGoal(
                    goal_id=file.needed(row, "goal_id"),
                    title=file.needed(row, "title"),
                    area=row.cells.get("area") or None,
                    sdgs=file.convert(row, "sdgs", _sdgs, "Skriv tal 1-17 med | mellan.") or (),
                    designated=file.several(row, "designated", boards),
                    aliases=file.several(row, "aliases"),
                    valid_from=file.day(row, "valid_from"),
                    valid_to=file.day(row, "valid_to"),
                    verified=file.truth(row, "verified"),
                    source=row.cells.get("source", ""),
                )
            )
        return tuple(goals)

    def _assignments(self, boards: set[str]) -> tuple[CityAssignment, ...]:
        file = self._csv("assignments.csv", ("assignment_id", "text", "origin", "addressees"))
        seen: dict[str, int] = {}
        everyone = {"*", *boards}
        assignments = []
        for row in file.rows:
            file.unique(row, "assignment_id", seen)
            addressees = file.several(row, "addressees", everyone)
            assignments.append(
                CityAssignment(
                    assignment_id=file.needed(row, "assignment_id"),
                    text=file.needed(row, "text"),
                    origin=file.one_of(row, "origin", ORIGINS),
                    case_number=row.cells.get("case_number") or None,
                    point=row.cells.get("point") or None,
                    decision=DecisionReference(
                        organ=row.cells.get("organ") or None,
                        date=file.day(row, "date"),
                        paragraph=row.cells.get("paragraph") or None,
                        point=row.cells.get("decision_point") or None,
                        budget_year=file.number(row, "budget_year"),
                    ),
                    addressees=tuple(sorted(boards)) if "*" in addressees else addressees,
                    due=_due(file, row),
                    closed=file.day(row, "closed"),
                    parent=row.cells.get("parent") or None,
                    verified=file.truth(row, "verified"),
                    source=row.cells.get("source", ""),
                )
            )
        return tuple(assignments)

    def _rounds(self) -> tuple[Round, ...]:
        days = ("period_from", "period_to", "opens_on", "due_on")
        file = self._csv("rounds.csv", ("round_id", "type", "name", *days))
        seen: dict[str, int] = {}
        rounds = []
        for row in file.rows:
            file.unique(row, "round_id", seen)
            first, last, opens, due = (file.day(row, name) for name in days)
            for name in days:
                file.needed(row, name)
            if first and last and opens and due:
                rounds.append(
                    Round(
                        round_id=file.needed(row, "round_id"),
                        type=file.needed(row, "type"),
                        name=file.needed(row, "name"),
                        period_from=first,
                        period_to=last,
                        opens_on=opens,
                        due_on=due,
                        due=_deadlines(file, row),
                    )
                )
        return tuple(sorted(rounds, key=lambda known: (known.period_to, known.round_id)))

    def _scales(self) -> tuple[Scale, ...]:
        file = self._csv("scales.csv", ("scale", "code", "word", "order"))
        steps: dict[tuple[str, date | None, date | None], list[ScaleWord]] = {}
        for row in file.rows:
            key = (
                file.needed(row, "scale"),
                file.day(row, "valid_from"),
                file.day(row, "valid_to"),
            )
            word = ScaleWord(
                code=file.needed(row, "code"),
                word=file.needed(row, "word"),
                order=file.number(row, "order") or 0,
                symbol=row.cells.get("symbol", ""),
                synonyms=file.several(row, "synonyms"),
            )
            steps.setdefault(key, []).append(word)
        return tuple(
            Scale(name, tuple(sorted(words, key=lambda word: word.order)), first, last)
            for (name, first, last), words in steps.items()
        )

    def _meetings(self) -> dict[str, tuple[date, ...]]:
        file = self._csv("meetings.csv", ("organ", "date"))
        days: dict[str, list[date]] = {}
        for row in file.rows:
            day = file.day(row, "date")
            if day is not None:
                days.setdefault(file.needed(row, "organ"), []).append(day)
        return {organ: tuple(sorted(known)) for organ, known in days.items()}

    def _requirements(
        self, boards: tuple[Board, ...], rounds: tuple[Round, ...]
    ) -> tuple[Requirement, ...]:
        file = self._csv("owes.csv", ("boards", "rounds", "groups", "owes"))
        known_boards = {"*"} | {mark for b in boards for mark in _marks(b)}
        known_rounds = {"*"} | {mark for r in rounds for mark in (r.round_id, r.type)}
        return tuple(
            Requirement(
                boards=file.several(row, "boards", known_boards),
                rounds=file.several(row, "rounds", known_rounds),
                groups=file.several(row, "groups", ("*", *GROUPS)),
                owes=file.truth(row, "owes"),
            )
            for row in file.rows
        )


def _rows(path: Path, shown: str, columns: Sequence[str]) -> Iterator[_Row]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise RegisterError(
            shown, None, "Filen är inte UTF-8.", "Spara om den som CSV UTF-8."
        ) from None
    reader = csv.DictReader(io.StringIO(text))
    missing = [name for name in columns if name not in (reader.fieldnames or ())]
    if missing:
        raise RegisterError(
            shown, 1, f"Kolumnen {', '.join(missing)} saknas.", "Lägg till den i första raden."
        )
    for cells in reader:
        if None in cells or any(value is None for value in cells.values()):
            raise RegisterError(
                shown,
                reader.line_num,
                "Raden har inte lika många celler som rubrikraden.",
                "Sätt citattecken om text med komma.",
            )
        yield _Row(reader.line_num, {key: value.strip() for key, value in cells.items()})


def _due(file: _File, row: _Row) -> Due | None:
    written = row.cells.get("due_written", "")
    earliest, latest = file.day(row, "due_earliest"), file.day(row, "due_latest")
    return Due(written, earliest, latest) if written or latest else None


def _deadlines(file: _File, row: _Row) -> dict[str, date]:
    deadlines: dict[str, date] = {}
    for pair in file.several(row, "due"):
        group, _, day = pair.partition("=")
        file.check(row.line, "due", group, GROUPS, None)
        try:
            deadlines[group] = date.fromisoformat(day)
        except ValueError:
            file.fault(row.line, f"”{pair}” är ingen sista dag.", "Skriv staff=2026-09-05.")
    return deadlines


def _marks(board: Board) -> tuple[str, str, str]:
    return board.board_id, f"kind:{board.kind}", f"group:{board.group}"


def _sdgs(written: str) -> tuple[int, ...]:
    numbers = tuple(int(part) for part in written.split("|"))
    if not all(1 <= number <= 17 for number in numbers):  # noqa: PLR2004 - global goals 1-17
        raise ValueError(written)
    return numbers


def _pattern(written: str) -> str:
    re.compile(written)
    return written


def _is_pattern(written: str) -> bool:
    try:
        re.compile(written)
    except re.error:
        return False
    return True


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Return `below` with `above` laid over it: tables merge, lists add up."""
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            merged[key] = _merged(old, value)
        elif isinstance(old, list) and isinstance(value, list):
            merged[key] = [*value, *(item for item in old if item not in value)]
        else:
            merged[key] = value
    return merged
