"""Read a city's folder of CSV and TOML files into `registers.City`, or say what is wrong where.

Every fault in every file is collected before RegisterError is raised, so that who keeps the
register mends them in one go. File formats stand in docs/architecture.md.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from expectations.catalogue import catalogue
from expectations.complaints import SEVERITIES
from expectations.contract import GROUPS, DecisionReference, Due
from expectations.names import meant
from expectations.register_boards import contacts, successions
from expectations.register_checks import (
    case_number_holds,
    example_holds,
    parents_hold,
    scales_hold,
)
from expectations.register_ledger import ledger_lines, ledger_objects
from expectations.register_rows import (
    FILES,
    OPTIONAL,
    PERSONAL,
    VALIDITY,
    RegisterFile,
    Row,
    iso_day,
    read_rows,
)
from expectations.register_settings import lay_over, read_settings
from expectations.registers import (
    MEANINGS,
    Board,
    City,
    CityAssignment,
    CityGoal,
    RegisterError,
    Requirement,
    Round,
    RuleChange,
    Scale,
    ScaleWord,
)

PACKAGED = Path(__file__).parent / "cities"
KINDS = ("board", "company", "federation", "audit")
ORIGINS = ("council_budget", "council_other", "executive", "board")


def city_ids(folders: Sequence[Path] = ()) -> tuple[str, ...]:
    """Return the ids of all cities that can be run, sorted.

    A folder is a city's own (it holds city.toml) or holds cities' folders.
    """
    return tuple(sorted({folder.name for folder in _city_folders(folders)}))


def load_city(city_id: str, folders: Sequence[Path] = ()) -> City:
    """Return the city from the first folder that has it; RegisterError where one is wrong."""
    return _CityFolder(city_folder(city_id, folders)).city()


def city_folder(city_id: str, folders: Sequence[Path] = ()) -> Path:
    """Return the first folder that has the city; RegisterError where none has."""
    for folder in _city_folders(folders):
        if folder.name == city_id:
            return folder
    known = city_ids(folders)
    for root in folders:
        if city_id and (root / city_id).is_dir():
            fault, remedy = "Filen saknas.", "Lägg in den; så ser den ut i docs/architecture.md."
            raise RegisterError(f"{city_id}/city.toml", None, fault, remedy)
    remedy = f"Kända städer: {', '.join(known) or 'inga'}. Lägg en ny stads mapp i SAMLAD_CITIES."
    remedy = f"{meant(city_id, known)} {remedy}".strip()
    raise RegisterError("SAMLAD_CITIES", None, f"Staden {city_id} finns inte.", remedy)


def bundle(folder: Path) -> bytes:
    """Return a city's register files as one JSON text, to keep what a run went by.

    Those with names of persons are left out: what is kept cannot be erased.
    """
    names = ["city.toml", *(name for name in FILES if name not in PERSONAL)]
    files = {n: (folder / n).read_text("utf-8") for n in names if (folder / n).is_file()}
    return json.dumps(files, ensure_ascii=False, indent=1, sort_keys=True).encode()


def unbundle(data: bytes, folder: Path) -> None:
    """Write the files of a bundle into an empty folder, which `load_city` then reads."""
    for name, text in json.loads(data).items():
        (folder / name).write_text(text, encoding="utf-8")


def city_in(data: bytes, city_id: str) -> City:
    """Return the city that a bundle holds: its registers as a run went by them."""
    with tempfile.TemporaryDirectory(prefix="samlad-registers-") as place:
        folder = Path(place) / city_id
        folder.mkdir()
        unbundle(data, folder)
        return load_city(city_id, (folder,))


def _city_folders(folders: Sequence[Path]) -> Iterator[Path]:
    for root in (*(Path(folder).resolve() for folder in folders), PACKAGED):
        if (root / "city.toml").is_file():
            yield root
        yield from sorted(path.parent for path in root.glob("*/city.toml"))


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


class _CityFolder:
    """Understands one city's files in the order that they lean on each other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: list[RegisterFile] = []
        self.settings, self.settings_file = read_settings(
            folder / "city.toml", f"{folder.name}/city.toml"
        )
        self.files.append(self.settings_file)
        organs = self.settings.get("organs")
        self.organs = tuple(organs) if isinstance(organs, dict) else None

    def city(self) -> City:
        """Return the city, or raise with the faults of all its files."""
        self._id_holds()
        vocabulary = lay_over(generic_vocabulary(), self.settings, self.settings_file)
        boards = self._boards()
        rounds = self._rounds()
        city = City(
            city_id=self.folder.name,
            name=str(self.settings.get("name", "")),
            office=str(self.settings.get("office", "")),
            municipality_code=str(self.settings.get("municipality_code", "")),
            boards=boards,
            goals=self._goals(boards),
            assignments=self._assignments(boards),
            rounds=rounds,
            scales=self._scales(),
            meetings=self._meetings(),
            requirements=self._requirements(boards, rounds),
            rule_changes=self._rule_changes(rounds),
            ledger_objects=ledger_objects(
                self._csv("ledger_objects.csv"), self._known_boards(boards)
            ),
            ledger_lines=ledger_lines(self._csv("ledger_lines.csv")),
            successions=successions(
                self._csv("successions.csv"), boards if self._file("boards.csv").is_whole else ()
            ),
            contacts=contacts(self._csv("contacts.csv"), self._known_boards(boards)),
            verified=False,
            settings=self.settings | {"vocabulary": vocabulary},
            version=self._version(),
            unverified={file.name: n for file in self.files if (n := file.unverified())},
        )
        if not self.settings_file.faults:  # else the city's own form cannot be trusted
            case_number_holds(self._file("assignments.csv"), city)
        self._raise_faults()
        return replace(city, verified=bool(self.settings.get("verified")) and not city.unverified)

    def _raise_faults(self) -> None:
        found = [
            fault for file in self.files for fault in sorted(file.faults, key=lambda f: f[1] or 0)
        ]
        if found:
            raise RegisterError(*found[0], more=tuple(found[1:]))

    def _version(self) -> str:
        """Return a digest that is the same whatever the system's line ends and file order."""
        digest = hashlib.sha256()
        names = sorted(["city.toml", *(name for name in FILES if name not in PERSONAL)])
        paths = [self.folder / name for name in names if (self.folder / name).is_file()]
        for path in (*paths, PACKAGED / "generic.toml"):
            digest.update(path.name.encode() + b"\0")
            digest.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
        return digest.hexdigest()[:16]

    def _id_holds(self) -> None:
        written = self.settings.get("city_id", self.folder.name)
        if written != self.folder.name:
            fault = f"city_id är {written} men mappen heter {self.folder.name}."
            self.settings_file.fault(None, fault, "Ge dem samma namn.")

    def _csv(self, name: str) -> RegisterFile:
        if name in OPTIONAL and not (self.folder / name).is_file():
            file = RegisterFile(f"{self.folder.name}/{name}")
        else:
            file = read_rows(self.folder / name, f"{self.folder.name}/{name}", FILES[name])
        self.files.append(file)
        return file

    def _file(self, name: str) -> RegisterFile:
        return next(file for file in self.files if file.name == f"{self.folder.name}/{name}")

    def _known_boards(self, boards: Sequence[Board]) -> tuple[str, ...] | None:
        """Return the ids of all boards, None where their file could not be read."""
        is_whole = self._file("boards.csv").is_whole
        return tuple(board.board_id for board in boards) if is_whole else None

    def _boards(self) -> tuple[Board, ...]:
        file = self._csv("boards.csv")
        seen: dict[str, int] = {}
        boards = []
        for row in file.rows:
            file.unique(row, "board_id", seen)
            file.in_order(row, *VALIDITY)
            board = Board(
                board_id=file.needed(row, "board_id"),
                name=file.needed(row, "name"),
                kind=file.one_of(row, "kind", KINDS),
                group=file.needed(row, "group"),
                administration=file.text(row, "administration"),
                aliases=file.several(row, "aliases"),
                case_prefix=file.text(row, "case_prefix"),
                case_pattern=file.convert(row, "case_pattern", _pattern, "Rätta mönstret."),
                case_example=file.text(row, "case_example"),
                valid_from=file.day(row, "valid_from"),
                valid_to=file.day(row, "valid_to"),
                verified=file.truth(row, "verified"),
                source=file.text(row, "source") or "",
            )
            example_holds(file, row, board)
            boards.append(board)
        return tuple(boards)

    def _goals(self, boards: Sequence[Board]) -> tuple[CityGoal, ...]:
        file = self._csv("goals.csv")
        known = self._known_boards(boards)
        seen: dict[str, int] = {}
        goals = []
        for row in file.rows:
            file.unique(row, "goal_id", seen)
            file.in_order(row, *VALIDITY)
            goals.append(
                CityGoal(
                    goal_id=file.needed(row, "goal_id"),
                    title=file.needed(row, "title"),
                    area=file.text(row, "area"),
                    sdgs=file.convert(row, "sdgs", _sdgs, "Skriv tal 1-17 med | emellan.") or (),
                    designated=file.several(row, "designated", known),
                    aliases=file.several(row, "aliases"),
                    valid_from=file.day(row, "valid_from"),
                    valid_to=file.day(row, "valid_to"),
                    verified=file.truth(row, "verified"),
                    source=file.text(row, "source") or "",
                )
            )
        return tuple(goals)

    def _assignments(self, boards: Sequence[Board]) -> tuple[CityAssignment, ...]:
        file = self._csv("assignments.csv")
        known = self._known_boards(boards)
        seen: dict[str, int] = {}
        assignments = []
        for row in file.rows:
            file.unique(row, "assignment_id", seen)
            file.in_order(row, "due_earliest", "due_latest")
            item = CityAssignment(
                assignment_id=file.needed(row, "assignment_id"),
                text=file.needed(row, "text"),
                origin=file.one_of(row, "origin", ORIGINS),
                case_number=file.text(row, "case_number"),
                point=file.text(row, "point"),
                decision=self._decision(file, row),
                addressees=file.several(
                    row, "addressees", None if known is None else (*known, "*")
                ),
                due=_due(file, row),
                closed=file.day(row, "closed"),
                parent=file.text(row, "parent"),
                verified=file.truth(row, "verified"),
                source=file.text(row, "source") or "",
            )
            assignments.append(_addressed(item, boards))
        parents_hold(file, seen)
        return tuple(assignments)

    def _decision(self, file: RegisterFile, row: Row) -> DecisionReference:
        return DecisionReference(
            organ=self._organ(file, row),
            date=file.day(row, "date"),
            paragraph=file.text(row, "paragraph"),
            point=file.text(row, "decision_point"),
            budget_year=file.number(row, "budget_year"),
        )

    def _organ(self, file: RegisterFile, row: Row) -> str | None:
        written = file.text(row, "organ")
        if written and self.organs is not None:
            file.check(row.line, "organ", written, self.organs)
        return written

    def _rounds(self) -> tuple[Round, ...]:
        file = self._csv("rounds.csv")
        seen: dict[str, int] = {}
        rounds = [known for row in file.rows if (known := self._round(file, row, seen))]
        return tuple(sorted(rounds, key=lambda known: (known.period_to, known.round_id)))

    def _round(self, file: RegisterFile, row: Row, seen: dict[str, int]) -> Round | None:
        file.unique(row, "round_id", seen)
        file.in_order(row, "period_from", "period_to")
        file.in_order(row, "opens_on", "due_on")
        names = ("period_from", "period_to", "opens_on", "due_on")
        for name in names:
            file.needed(row, name)
        first, last, opens, due = (file.day(row, name) for name in names)
        deadlines = _deadlines(file, row)
        if not (first and last and opens and due):
            return None
        return Round(
            round_id=file.needed(row, "round_id"),
            type=file.needed(row, "type"),
            name=file.needed(row, "name"),
            period_from=first,
            period_to=last,
            opens_on=opens,
            due_on=due,
            due=deadlines,
            verified=file.truth(row, "verified"),
            source=file.text(row, "source") or "",
        )

    def _scales(self) -> tuple[Scale, ...]:
        file = self._csv("scales.csv")
        scales_hold(file)
        steps: dict[tuple[str, date | None, date | None], list[ScaleWord]] = {}
        for row in file.rows:
            file.in_order(row, *VALIDITY)
            span = (file.day(row, "valid_from"), file.day(row, "valid_to"))
            word = ScaleWord(
                code=file.needed(row, "code"),
                word=file.needed(row, "word"),
                order=file.number(row, "order") or 0,
                symbol=file.text(row, "symbol") or "",
                synonyms=file.several(row, "synonyms"),
                means=file.text(row, "means") or "",
            )
            if word.means:
                file.check(row.line, "means", word.means, MEANINGS)
            file.needed(row, "order")
            steps.setdefault((row.cells["scale"], *span), []).append(word)
        return tuple(
            Scale(name, tuple(sorted(words, key=lambda word: word.order)), first, last)
            for (name, first, last), words in steps.items()
        )

    def _meetings(self) -> dict[str, tuple[date, ...]]:
        file = self._csv("meetings.csv")
        days: dict[str, list[date]] = {}
        for row in file.rows:
            file.needed(row, "organ")
            file.needed(row, "date")
            organ, day = self._organ(file, row), file.day(row, "date")
            if organ is not None and day is not None:
                days.setdefault(organ, []).append(day)
        return {organ: tuple(sorted(set(known))) for organ, known in days.items()}

    def _requirements(
        self, boards: Sequence[Board], rounds: Sequence[Round]
    ) -> tuple[Requirement, ...]:
        file = self._csv("owes.csv")
        known_boards = _any_of(mark for b in boards for mark in _marks(b))
        known_rounds = _any_of(mark for r in rounds for mark in (r.type, r.round_id))
        has_boards = self._file("boards.csv").is_whole
        has_rounds = self._file("rounds.csv").is_whole
        for row in file.rows:
            for column in FILES["owes.csv"].required:
                file.needed(row, column)
        return tuple(
            Requirement(
                boards=file.several(row, "boards", known_boards if has_boards else None),
                rounds=file.several(row, "rounds", known_rounds if has_rounds else None),
                groups=file.several(row, "groups", ("*", *GROUPS)),
                owes=file.truth(row, "owes"),
            )
            for row in file.rows
        )

    def _rule_changes(self, rounds: Sequence[Round]) -> tuple[RuleChange, ...]:
        """Return the rules that are lowered: never made heavier, and never without a reason."""
        file = self._csv("rules.csv")
        known_rounds = _any_of(mark for r in rounds for mark in (r.type, r.round_id))
        weights = {rule.id: rule.severity for rule in catalogue()}
        changes = []
        for row in file.rows:
            name = file.one_of(row, "rule", weights)
            severity = file.one_of(row, "severity", (*SEVERITIES, "off"))
            for column in ("reason", "decided_by"):
                file.needed(row, column)
            order = [*SEVERITIES, "off"]
            if name in weights and severity in order[: order.index(weights[name]) + 1]:
                fault = f"Regeln {name} är redan {weights[name]} och kan bara sänkas."
                lighter = order[order.index(weights[name]) + 1 :]
                file.fault(row.line, fault, f"Välj {' eller '.join(lighter)}.")
            changes.append(
                RuleChange(
                    rule=name,
                    rounds=file.several(row, "rounds", known_rounds),
                    severity=severity,
                    reason=file.text(row, "reason") or "",
                    decided_by=file.text(row, "decided_by") or "",
                    decided_on=file.day(row, "decided_on"),
                )
            )
        return tuple(changes)


def _addressed(item: CityAssignment, boards: Sequence[Board]) -> CityAssignment:
    """Return the assignment with `*` as the boards that existed when it was given.

    The auditors take no assignments from those they audit.
    """
    if "*" not in item.addressees:
        return item
    given = item.given_on
    everyone = (b for b in boards if b.kind != "audit" and (given is None or b.valid_on(given)))
    return replace(item, addressees=tuple(board.board_id for board in everyone))


def _due(file: RegisterFile, row: Row) -> Due | None:
    written = file.text(row, "due_written") or ""
    earliest, latest = file.day(row, "due_earliest"), file.day(row, "due_latest")
    return Due(written, earliest, latest) if written or earliest or latest else None


def _deadlines(file: RegisterFile, row: Row) -> dict[str, date]:
    deadlines: dict[str, date] = {}
    for pair in file.several(row, "due"):
        group, _, day = pair.partition("=")
        file.check(row.line, "due", group, GROUPS)
        try:
            deadlines[group] = iso_day(day)
        except ValueError:
            file.fault(row.line, f"”{pair}” är ingen sista dag.", "Skriv staff=2026-09-05.")
    return deadlines


def _marks(board: Board) -> tuple[str, str, str]:
    return board.board_id, f"kind:{board.kind}", f"group:{board.group}"


def _any_of(marks: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(("*", *marks)))


def _sdgs(written: str) -> tuple[int, ...]:
    numbers = tuple(int(part) for part in written.split("|"))
    if not all(1 <= number <= 17 for number in numbers):  # noqa: PLR2004 - global goals 1-17
        raise ValueError(written)
    return numbers


def _pattern(written: str) -> str:
    re.compile(written)
    return written
