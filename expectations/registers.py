"""What a city is: boards, goals, assignments, rounds, scales and words, read from data files.

A city is a folder of CSV and TOML files; two real cities and an example city ship with the
package, and a third is a folder outside it (`SAMLAD_CITIES`). A faulty register is our side's
mistake and stops everything: `RegisterError` names file, line, fault and remedy.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from expectations.closings import COUNCIL, Closing
from expectations.contract import GROUPS, DecisionReference, Due
from expectations.lineage import Succession
from expectations.names import loosened, meant, misspelt

LOCAL_TIME = ZoneInfo("Europe/Stockholm")
JUDGED_WITHIN_DAYS = 365
"""A paper that comes in later than this was read in afterwards: its lateness is not judged."""
MEANINGS = ("hard_to_judge", "not_measured", "not_concerned", "not_assessed")
"""Steps of a scale that judge nothing: they are counted, and never as missing or as bad."""
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

RegisterFault: TypeAlias = tuple[str, int | None, str, str]
"""File, 1-based line, what is wrong, and how to mend it; the last two in Swedish."""


def _valid(valid_from: date | None, valid_to: date | None, day: date) -> bool:
    return (valid_from is None or valid_from <= day) and (valid_to is None or day <= valid_to)


def plain(text: str) -> str:
    """Return text for comparing names: lower case, single spaces, line-break hyphens joined."""
    joined = re.sub(r"(?<=\w)-\s*\n\s*", "-", text) if "\n" in text else text
    return " ".join(joined.split()).strip(" .,:;").casefold()


class RegisterError(Exception):
    """A register file that cannot be used; who keeps the register mends it."""

    def __init__(
        self,
        file: str,
        line: int | None,
        fault: str,
        remedy: str,
        more: tuple[RegisterFault, ...] = (),
    ) -> None:
        """Keep where (file, 1-based line), what is wrong and how to mend it, in Swedish.

        `more` holds further faults in the same form.
        """
        told = "\n".join(
            f"{name}{f', rad {at}' if at else ''}: {wrong} {mend}"
            for name, at, wrong, mend in ((file, line, fault, remedy), *more)
        )
        super().__init__(told)
        self.file = file
        self.line = line
        self.fault = fault
        self.remedy = remedy
        self.more = more

    @property
    def faults(self) -> tuple[RegisterFault, ...]:
        """Every fault found, the first one first."""
        return ((self.file, self.line, self.fault, self.remedy), *self.more)

    def __reduce__(self) -> tuple[type[RegisterError], tuple[Any, ...]]:
        """Keep all parts when the error is passed on between processes."""
        return type(self), (self.file, self.line, self.fault, self.remedy, self.more)


@dataclass(frozen=True, slots=True)
class Board:
    """A nämnd, styrelse or company board; the authority that submits.

    `kind` is board, company, federation or audit; `group` is how the report lists it
    (facknämnder, bolag, …). Validity is inclusive; an open end is None.
    """

    board_id: str
    name: str
    kind: str
    group: str
    administration: str | None = None
    aliases: tuple[str, ...] = ()
    case_prefix: str | None = None
    case_pattern: str | None = None
    case_example: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    verified: bool = False
    source: str = ""

    def valid_on(self, day: date) -> bool:
        """Say whether the board exists on a day."""
        return _valid(self.valid_from, self.valid_to, day)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name the board goes by, its administration's included."""
        own = (self.name, *self.aliases, self.board_id)
        return (*own, self.administration) if self.administration else own


@dataclass(frozen=True, slots=True)
class CityGoal:
    """One goal of the council, with the boards designated for it (empty: all that owe goals)."""

    goal_id: str
    title: str
    area: str | None = None
    sdgs: tuple[int, ...] = ()
    designated: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    verified: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class CityAssignment:
    """One assignment as the register knows it; the id is the key, the case number is not."""

    assignment_id: str
    text: str
    origin: str
    case_number: str | None = None
    point: str | None = None
    decision: DecisionReference | None = None
    addressees: tuple[str, ...] = ()
    due: Due | None = None
    closed: date | None = None
    parent: str | None = None
    verified: bool = False
    source: str = ""
    closings: tuple[Closing, ...] = ()
    """Decisions noted since, per addressee; see `expectations.closings.decided`."""

    def open_on(self, day: date, board: str | None = None) -> bool:
        """Say whether the assignment is given and not closed on a day, for all or for a board.

        One that the register knows only by its budget is given when the budget year begins.
        """
        given = self.given_on
        closed = self.closed_on if board is None else self.closed_for(board)
        return (given is None or given <= day) and (closed is None or closed > day)

    def closed_for(self, board: str) -> date | None:
        """Return the day from which it is closed for an addressee, by register or council."""
        days = [c.date for c in self.closings if (c.board, c.level) == (board, COUNCIL)]
        return min([*days, *([self.closed] if self.closed else [])], default=None)

    @property
    def closed_on(self) -> date | None:
        """The day from which it is closed for every addressee, None while one is left."""
        days = [self.closed_for(board) for board in self.addressees]
        known = [day for day in days if day is not None]
        return max(known) if known and len(known) == len(days) else self.closed

    @property
    def given_on(self) -> date | None:
        """The day from which the assignment holds, None where the register does not say."""
        if self.decision is None:
            return None
        year = self.decision.budget_year
        return self.decision.date or (date(year, 1, 1) if year else None)


@dataclass(frozen=True, slots=True)
class Round:
    """One turn of periodic reporting; deadlines hold per group of sections (contract.GROUPS)."""

    round_id: str
    type: str
    name: str
    period_from: date
    period_to: date
    opens_on: date
    due_on: date
    due: dict[str, date] = field(default_factory=dict)
    verified: bool = False
    source: str = ""
    extensions: dict[tuple[str, str], date] = field(default_factory=dict)
    """Anstånd given in the course of the round: the last day by board and group of sections."""

    def due_for(self, group: str, board: str | None = None) -> date:
        """Return the last day for one group of sections, for a board with its extension."""
        return self.extensions.get((board or "", group), self.due.get(group, self.due_on))

    def days_late(self, group: str, received_at: datetime, board: str | None = None) -> int | None:
        """Return calendar days after the last day, 0 if in time.

        None where the document came over a year after: an old paper that is read in afterwards
        says nothing of when the board handed it in.
        """
        days = (received_at.astimezone(LOCAL_TIME).date() - self.due_for(group, board)).days
        return None if days > JUDGED_WITHIN_DAYS else max(days, 0)


@dataclass(frozen=True, slots=True)
class Requirement:
    """One row of the requirement matrix (kravmatris); `*` selects all, later rows win.

    `boards` holds ids, `kind:company` or `group:…`; `rounds` round types or ids.
    """

    boards: tuple[str, ...]
    rounds: tuple[str, ...]
    groups: tuple[str, ...]
    owes: bool

    def concerns(self, board: Board, round_: Round, group: str) -> bool:
        """Say whether this row speaks of the board, round and group."""
        marks = {"*", board.board_id, f"kind:{board.kind}", f"group:{board.group}"}
        return (
            not marks.isdisjoint(self.boards)
            and not {"*", round_.type, round_.round_id}.isdisjoint(self.rounds)
            and not {"*", group}.isdisjoint(self.groups)
        )


@dataclass(frozen=True, slots=True)
class ScaleWord:
    """One step of a scale: code for the data, word and symbol for the reader."""

    code: str
    word: str
    order: int
    symbol: str = ""
    synonyms: tuple[str, ...] = ()
    means: str = ""
    """What a step is that is no judgement: one of MEANINGS, empty for a judgement."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale valid for some years, for example `assignment_status` or `competence_gap`."""

    scale: str
    words: tuple[ScaleWord, ...]
    valid_from: date | None = None
    valid_to: date | None = None

    def code_of(self, written: str) -> str | None:
        """Return the code of a word or synonym as written, None where the scale lacks it.

        Case, spaces and the hyphens of a line break do not tell words apart.
        """
        for alike in (plain, loosened):
            sought = alike(written)
            for word in self.words:
                if sought and sought in (alike(word.word), *map(alike, word.synonyms)):
                    return word.code
        return None

    def word_of(self, code: str) -> ScaleWord | None:
        """Return the step that a code names."""
        return next((word for word in self.words if word.code == code), None)


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule that the city has lowered (`severity`) or switched off ("off") for some rounds."""

    rule: str
    rounds: tuple[str, ...]
    severity: str
    reason: str
    decided_by: str
    decided_on: date | None = None


@dataclass(frozen=True, slots=True)
class LedgerObject:
    """Objects of one dimension of the ledger that are a board's, first to last inclusive."""

    dimension: str
    first: str
    last: str
    board_id: str
    valid_from: date | None = None
    valid_to: date | None = None

    def takes(self, objects: Sequence[tuple[str, str]], day: date | None) -> bool:
        """Say whether an entry's objects are this board's on a day."""
        return any(
            dimension == self.dimension
            and len(code) == len(self.first)
            and self.first <= code <= self.last
            for dimension, code in objects
        ) and (day is None or _valid(self.valid_from, self.valid_to, day))


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """Accounts, first to last inclusive, that make up one line of the result table."""

    first: str
    last: str
    line: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to write to at a board, for some groups of sections or, with none, for all.

    Names of persons stand here and in the register file only: never in the journal, an edition or
    a log. While the contact is away the stand-in is written to.
    """

    board_id: str
    role: str
    mail: str
    groups: tuple[str, ...] = ()
    name: str = ""
    phone: str = ""
    stand_in: str = ""
    stand_in_mail: str = ""
    away_from: date | None = None
    away_to: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """Say whether the contact holds on a day."""
        return _valid(self.valid_from, self.valid_to, day)

    def is_away(self, day: date) -> bool:
        """Say whether the contact is away on a day."""
        has_span = self.away_from is not None or self.away_to is not None
        return has_span and _valid(self.away_from, self.away_to, day)

    def reached(self, day: date) -> tuple[str, str]:
        """Return name (or role) and address of the one to write to on a day."""
        if self.is_away(day) and self.stand_in_mail:
            return self.stand_in or f"ersättare för {self.role}", self.stand_in_mail
        return self.name or self.role, self.mail


@dataclass(frozen=True, slots=True)
class City:
    """One city's registers; `verified` is False until somebody in the city has confirmed them."""

    city_id: str
    name: str
    office: str
    municipality_code: str
    boards: tuple[Board, ...]
    goals: tuple[CityGoal, ...]
    assignments: tuple[CityAssignment, ...]
    rounds: tuple[Round, ...]
    scales: tuple[Scale, ...]
    meetings: dict[str, tuple[date, ...]]
    requirements: tuple[Requirement, ...]
    verified: bool
    settings: dict[str, Any]
    """The rest of city.toml: units, signs, wording, vocabulary, report settings."""
    version: str
    """Digest of the city's files and the words shared by all: changes when any of them does."""
    rule_changes: tuple[RuleChange, ...] = ()
    ledger_objects: tuple[LedgerObject, ...] = ()
    ledger_lines: tuple[LedgerLine, ...] = ()
    successions: tuple[Succession, ...] = ()
    contacts: tuple[Contact, ...] = ()
    unverified: dict[str, int] = field(default_factory=dict)
    """Rows that nobody has confirmed, by file; files without any are left out."""

    def rules_changed(self, round_: Round | None) -> dict[str, RuleChange]:
        """Return the rules that are lowered or switched off in a round, by id; later rows win."""
        marks = {"*"} | ({round_.round_id, round_.type} if round_ else set())
        return {c.rule: c for c in self.rule_changes if marks & set(c.rounds)}

    def ledger_board(self, objects: Sequence[tuple[str, str]], day: date | None) -> str | None:
        """Return the board that an entry of the ledger belongs to, None where no row takes it."""
        return next((o.board_id for o in self.ledger_objects if o.takes(objects, day)), None)

    def ledger_line(self, account: str) -> str | None:
        """Return the line of the result table that an account is counted in."""
        return next(
            (
                known.line
                for known in self.ledger_lines
                if len(account) == len(known.first) and known.first <= account <= known.last
            ),
            None,
        )

    def board(self, board_id: str | None) -> Board | None:
        """Return the board with this id."""
        return next((board for board in self.boards if board.board_id == board_id), None)

    def board_named(self, text: str) -> Board | None:
        """Return the board that goes by this name; None where none or several do.

        The names of its administration count. A name that is not in the register word for word
        is compared as `_body` writes it: `socialnämnden Centrum` is `Socialnämnd centrum`.
        """
        for alike in (plain, self._body):
            sought = alike(text)
            found = [b for b in self.boards if sought and sought in map(alike, b.names)]
            if found:
                return found[0] if len(found) == 1 else None
        return None

    def _body(self, name: str) -> str:
        """Return a body's name without the city's, every word in its indefinite form.

        Which endings are taken off stands in the vocabulary, `name_forms`.
        """
        forms: dict[str, str] = self.settings.get("vocabulary", {}).get("name_forms", {})
        words = loosened(name).removeprefix(f"{loosened(self.name)}s ").split()
        for at, word in enumerate(words):
            ending = next((e for e in forms if word.endswith(e)), "")
            words[at] = word.removesuffix(ending) + forms.get(ending, "")
        return " ".join(words)

    def boards_on(self, day: date) -> tuple[Board, ...]:
        """Return the boards that exist on a day, in the register's order."""
        return tuple(board for board in self.boards if board.valid_on(day))

    def goals_on(self, day: date) -> tuple[CityGoal, ...]:
        """Return the goals valid on a day, in the register's order."""
        return tuple(g for g in self.goals if _valid(g.valid_from, g.valid_to, day))

    def goal(self, goal_id: str | None) -> CityGoal | None:
        """Return the goal with this id."""
        return next((goal for goal in self.goals if goal.goal_id == goal_id), None)

    def goal_named(self, text: str, day: date | None = None) -> CityGoal | None:
        """Return the goal whose title or alias this is; None where none or several are.

        Case, commas, quotes and line-break hyphens do not tell titles apart. Then one may be
        misspelt: names.ALIKE_ENOUGH per cent alike, the same figures, only one goal so near.
        """
        goals = self.goals if day is None else self.goals_on(day)
        sought = loosened(text)
        found = [g for g in goals if sought and sought in map(loosened, (g.title, *g.aliases))]
        if not found:
            found = [g for g in goals if misspelt(text, (g.title, *g.aliases))]
        return found[0] if len(found) == 1 else None

    def round(self, round_id: str) -> Round:
        """Return the round; RegisterError with the known ones where the calendar lacks it."""
        for known in self.rounds:
            if known.round_id == round_id:
                return known
        ids = [known.round_id for known in self.rounds]
        fault = f"Omgången {round_id} finns inte i kalendern."
        remedy = f"Välj en av {', '.join(ids)}, eller lägg in omgången i filen."
        remedy = f"{meant(round_id, ids)} {remedy}".strip()
        raise RegisterError(f"{self.city_id}/rounds.csv", None, fault, remedy)

    def scale(self, name: str, day: date) -> Scale:
        """Return the scale valid on a day; an empty scale where the city has none."""
        for known in self.scales:
            if known.scale == name and _valid(known.valid_from, known.valid_to, day):
                return known
        return Scale(name, ())

    def owes(self, board: Board, round_: Round, group: str) -> bool:
        """Say whether the requirement matrix asks this board for this group in this round."""
        answer = False
        for row in self.requirements:
            if row.concerns(board, round_, group):
                answer = row.owes
        return answer

    def owed(self, round_: Round) -> dict[str, tuple[str, ...]]:
        """Return what each board that exists at the end of the period owes, empty ones left out."""
        owed = {
            board.board_id: tuple(group for group in GROUPS if self.owes(board, round_, group))
            for board in self.boards_on(round_.period_to)
        }
        return {board_id: groups for board_id, groups in owed.items() if groups}

    def assignments_for(self, board_id: str, day: date) -> tuple[CityAssignment, ...]:
        """Return the assignments of a board that are given and not closed on a day."""
        return tuple(
            item
            for item in self.assignments
            if board_id in item.addressees and item.open_on(day, board_id)
        )

    def met_on(self, organ: str, day: date) -> bool | None:
        """Say whether an organ met that day; None where the register cannot know.

        A calendar of whole years knows all days of the years it has. One of single days
        (`[calendar] known = "single_days"`) knows those, and from the organ's weekday, where
        one is given, that it did not meet on another.
        """
        days = self.meetings.get(organ, ())
        calendar = self.settings.get("calendar", {})
        if day in days:
            return True
        if calendar.get("known") == "single_days":
            weekday = calendar.get("weekdays", {}).get(organ)
            return False if weekday and WEEKDAYS[day.weekday()] != weekday else None
        return False if any(known.year == day.year for known in days) else None

    def normal_case_number(self, written: str) -> str | None:
        """Return a case number as the city writes it, None where it is none.

        City setting `[cases]`: `pattern` (regex with groups prefix, year, number), `template`,
        `default_prefix` for numbers written without their prefix, and `legacy_pattern` for
        older numbers, kept as they are. Line breaks, spaces round hyphens, dashes for hyphens,
        small letters and a word such as `Dnr` in front do not matter.
        """
        rules = self.settings.get("cases", {})
        number = self._bare_number(written)
        if "legacy_pattern" in rules and re.fullmatch(rules["legacy_pattern"], number):
            return number
        found = re.fullmatch(rules["pattern"], number) if "pattern" in rules else None
        if found is None:
            return None
        parts = {k: v for k, v in found.groupdict().items() if v}
        parts.setdefault("prefix", rules.get("default_prefix", ""))
        template: str = rules["template"]
        return template.format(**parts) if parts["prefix"] else None

    def _bare_number(self, written: str) -> str:
        """Return a case number in capitals on one line, without the word that says what it is."""
        known = self.settings.get("vocabulary", {}).get("case_words", {}).get("words", ())
        words = "|".join(re.escape(word) for word in sorted(known, key=len, reverse=True))
        bare = re.sub(rf"^\s*(?:{words})[\s.:]*(?=\S)", "", written, flags=re.IGNORECASE)
        return re.sub(r"\s*[-‐‑–—−]\s*", "-", bare).strip(" \n\t.,;").upper()
