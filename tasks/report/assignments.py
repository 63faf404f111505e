"""The chapter on assignments: the balance, and each assignment where it stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from expectations.closings import Closing
from expectations.contract import DecisionReference
from expectations.registers import CityAssignment
from expectations.swedish import swedish_day
from tasks.report.blocks import Block, Cell, Paragraph, Section, Table, count, text
from tasks.report.material import Material, as_told, counted, listed, say, words
from warehouse.snapshot import StoredRow

CLOSED = ("fulfilled", "closed")
PROGRESS = ("not_reported", "new", "ongoing", "part_reported", "proposed_fulfilled")
SHOWN = 160
NAMED = 4


def short(words_: str, length: int = SHOWN) -> str:
    """Return the first words of a text, cut at a word, with an ellipsis where it is cut."""
    plain = " ".join(words_.split())
    if len(plain) <= length:
        return plain
    return plain[:length].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def answers(material: Material) -> dict[str, list[StoredRow]]:
    """Return the boards' answers by assignment, those the register does not know by themselves."""
    found: dict[str, list[StoredRow]] = defaultdict(list)
    by_case = {a.case_number: a.assignment_id for a in material.city.assignments if a.case_number}
    for stored in material.rows("assignments"):
        known = stored.row.assignment_id or by_case.get(stored.row.case_number)
        found[known or f"{stored.board}/{stored.key}"].append(stored)
    return dict(found)


def registered(material: Material, assignment_id: str) -> CityAssignment | None:
    """Return an assignment of the register."""
    return next((a for a in material.city.assignments if a.assignment_id == assignment_id), None)


def decision_words(decision: DecisionReference | None) -> str:
    """Return `KF 2024-05-23 § 214 punkt 1` or `budget 2024`, broken only before the paragraph."""
    if decision is None:
        return ""
    if decision.date is None:
        year = decision.budget_year
        return say("assignments.by_budget", year=year) if year else ""
    when = (decision.organ or "", swedish_day(decision.date))
    where = [say("assignments.paragraph", at=decision.paragraph)] if decision.paragraph else []
    where += [say("assignments.point", at=decision.point)] if decision.point else []
    return " ".join(
        "\u00a0".join(part for part in parts if part) for parts in (when, where) if any(parts)
    )


def proposed(material: Material) -> list[tuple[StoredRow, str, str]]:
    """Return (answer, subject, case) of assignments that all addressees propose as fulfilled."""
    found = []
    for assignment_id, rows in answers(material).items():
        if not all(_code(row) == "proposed_fulfilled" for row in rows):
            continue
        known = registered(material, assignment_id)
        if known is None or _all_answered(material, known, rows):
            row = rows[0].row
            subject = (known.text if known else as_told(row)).strip().rstrip(".")
            found.append((rows[0], subject, row.case_number or assignment_id))
    return found


def proposed_clauses(material: Material) -> list[tuple[str, str]]:
    """Return (organ, clause) for each of them, in the city's own formula."""
    formula = material.city.settings.get("decisions", {})
    template = formula.get("fulfilled", words()["decisions"]["fulfilled"])
    clauses = []
    for stored, subject, case in proposed(material):
        organ = formula.get("heading_council" if by_council(stored) else "heading_executive", "")
        shown = f"”{_lower_first(short(subject, 220))}”"
        clauses.append((organ, template.format(text=shown, case=case)))
    return sorted(clauses, key=lambda pair: pair[0])


def by_council(stored: StoredRow) -> bool:
    """Say whether the council gave the assignment, and so has to decide on it."""
    return stored.row.origin in ("council_budget", "council_other")


def _lower_first(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _all_answered(material: Material, known: CityAssignment, rows: list[StoredRow]) -> bool:
    expected = {b for b in known.addressees if exists_in(material, b)}
    return expected <= {row.board for row in rows} or len(rows) >= len(expected)


def exists_in(material: Material, board_id: str) -> bool:
    """Say whether a board is there on the day and owes assignments in the round."""
    board = material.city.board(board_id)
    if board is None or not board.valid_on(material.day):
        return False
    if material.round is None:
        return True
    return material.city.owes(board, material.round, "assignments")


def _code(stored: StoredRow) -> str:
    return stored.row.status.code or "" if stored.row.status else ""


def assignments(material: Material) -> Section:
    """Return the balance, and the assignments by where they stand."""
    found = answers(material)
    blocks: list[Block] = [Paragraph(say("assignments.lead"), "lead")]
    if not found:
        return Section("uppdrag", say("assignments.title"), (Paragraph(say("assignments.none")),))
    parts = []
    balance = list(_balance(material, found))
    if balance:
        parts.append(Section("uppdrag-balans", say("assignments.balance"), tuple(balance)))
    for anchor, block in (
        ("proposed", _proposed(material, found)),
        ("part", _part(material, found)),
        ("late", _late(material, found)),
        ("moved", _moved(material, found)),
        ("decided", _decided(material)),
        ("shared", _shared(material, found)),
        ("new", _new(material, found)),
    ):
        if block is not None:
            title = say(f"assignments.{anchor}")
            parts.append(Section(f"uppdrag-{anchor}", title, (block,)))
    return Section("uppdrag", say("assignments.title"), tuple(blocks), tuple(parts))


def standing(rows: list[StoredRow], expected: set[str]) -> str:
    """Return where an assignment stands: where its slowest addressee stands."""
    if not rows or not expected <= {row.board for row in rows}:
        codes = [_code(row) for row in rows]
        return "not_reported" if not rows else min(codes, key=_order, default="not_reported")
    return min((_code(row) for row in rows), key=_order)


def _order(code: str) -> int:
    return PROGRESS.index(code) if code in PROGRESS else len(PROGRESS)


def _balance(material: Material, found: dict[str, list[StoredRow]]) -> Iterator[Block]:
    start = material.round.period_from if material.round else None
    counts: dict[str, dict[str, list[str]]] = {}
    for item in material.city.assignments:
        given = item.decision.date if item.decision else None
        expected = {b for b in item.addressees if exists_in(material, b)}
        if (given and given > material.day) or not expected:
            continue
        closed = item.closed_on
        if closed and start and closed < start:
            continue
        names = ("in", "given", "closed", *PROGRESS)
        row = counts.setdefault(item.origin, {name: [] for name in names})
        told = item.case_number or item.assignment_id
        row["given" if given and start and given >= start else "in"].append(told)
        if closed and closed <= material.day:
            row["closed"].append(told)
            continue
        row[_counted(standing(found.get(item.assignment_id, []), expected))].append(told)
    if not counts:
        return
    yield Table(
        "t-balans",
        say("assignments.balance_table"),
        tuple(words()["assignments"]["balance_head"]),
        tuple(_balance_row(say(f"assignments.origins.{o}"), row) for o, row in counts.items()),
        note=say("assignments.balance_note"),
        numbers=tuple(range(1, 9)),
        wide=True,
    )
    known = {item.assignment_id for item in material.city.assignments}
    other = sum(key not in known for key in found)
    if other:
        yield Paragraph(counted("assignments.balance_other", other), "note")


def _counted(code: str) -> str:
    return code if code in PROGRESS else "ongoing"


def _balance_row(label: str, row: dict[str, list[str]]) -> tuple[Cell, ...]:
    out = len(row["in"]) + len(row["given"]) - len(row["closed"])
    flows = (("in", "incoming"), ("given", "given"), ("closed", "closed"))
    stands = ("proposed_fulfilled",), ("part_reported",), ("ongoing", "new"), ("not_reported",)
    return (
        text(label),
        *(count(len(row[key]), how=say(f"how.{how}"), items=row[key]) for key, how in flows),
        count(out, how=say("how.outgoing")),
        *(
            count(
                sum(len(row[key]) for key in keys),
                how=say("how.stands"),
                items=[told for key in keys for told in row[key]],
            )
            for keys in stands
        ),
    )


def _rows_with(
    found: dict[str, list[StoredRow]], codes: tuple[str, ...]
) -> Iterator[tuple[str, StoredRow]]:
    for assignment_id, rows in found.items():
        for stored in rows:
            if _code(stored) in codes:
                yield assignment_id, stored


def names_of(material: Material, rows: Sequence[StoredRow]) -> str:
    """Return the boards of some rows, counted where a list would not be read."""
    names = list(dict.fromkeys(material.name(row.board) for row in rows))
    return ", ".join(names) if len(names) <= NAMED else counted("names.boards", len(names))


def _proposed(material: Material, found: dict[str, list[StoredRow]]) -> Table | None:
    ready = {stored.key for stored, _, _ in proposed(material)}
    rows = []
    for assignment_id, answered in found.items():
        same = [row for row in answered if _code(row) == "proposed_fulfilled"]
        if same:
            first = same[0].row
            told = next((as_told(s.row.narrative) for s in same if s.row.narrative), "")
            rows.append(
                (
                    text(first.case_number or assignment_id),
                    text(short(as_told(first))),
                    text(decision_words(first.decision)),
                    text(names_of(material, same)),
                    _or_said(short(told, 110)),
                    text(
                        _clause_words(material, assignment_id, same, is_ready=same[0].key in ready)
                    ),
                )
            )
    head = tuple(words()["assignments"]["proposed_head"])
    if not rows:
        return None
    title = say("assignments.proposed_table")
    return Table("t-fullgjorda", title, head, tuple(rows), unbroken=(0,), broad=(1, 4))


def _clause_words(
    material: Material, assignment_id: str, same: Sequence[StoredRow], *, is_ready: bool
) -> str:
    """Return whether there is a clause to decide on, or whom it waits for."""
    if is_ready:
        return say("assignments.has_clause")
    known = registered(material, assignment_id)
    said = {row.board for row in same}
    others = [b for b in known.addressees if exists_in(material, b)] if known else []
    waits = [material.name(board) for board in others if board not in said]
    return say("assignments.waits", names=listed(waits, 2)) if waits else say("cells.not_said")


def _part(material: Material, found: dict[str, list[StoredRow]]) -> Table | None:
    """Return one row per assignment, status and next report: boards that say the same share it."""
    rows: dict[tuple[str, str, str], list[StoredRow]] = {}
    for assignment_id, stored in _rows_with(found, ("part_reported", "ongoing")):
        due = stored.row.due.written if stored.row.due else ""
        rows.setdefault((assignment_id, _code(stored), due), []).append(stored)
    table = []
    for (assignment_id, _, due), same in rows.items():
        known = registered(material, assignment_id)
        table.append(
            (
                text(same[0].row.case_number or assignment_id),
                text(short(as_told(same[0].row))),
                text(names_of(material, same)),
                material.choice("assignment_status", same[0].row.status),
                text(short(due, 60)),
                text(known.due.written if known and known.due else ""),
                _or_said(_reasons(material, same)),
            )
        )
    head = tuple(words()["assignments"]["part_head"])
    if not table:
        return None
    title, note = say("assignments.part_table"), say("assignments.part_note")
    return Table(
        "t-delredovisade", title, head, tuple(table), note, wide=True, unbroken=(0,), broad=(1, 6)
    )


def _reasons(material: Material, same: Sequence[StoredRow]) -> str:
    """Return what the boards tell of an assignment, the first with its name where they are several.

    The form has no field of its own for the reason of a new day: it stands in the board's words.
    """
    told = [row for row in same if row.row.narrative]
    if not told:
        return ""
    words_ = short(as_told(told[0].row.narrative), 110)
    if len(same) == 1:
        return words_
    board = material.name(told[0].board)
    return say("assignments.one_of", board=board, told=words_)


def late_rows(material: Material) -> list[tuple[StoredRow, CityAssignment, date]]:
    """Return (answer, assignment, its last day) of open assignments whose last day has passed."""
    late = []
    for assignment_id, stored in _rows_with(answers(material), ("part_reported", "ongoing", "new")):
        known = registered(material, assignment_id)
        latest = known.due.latest if known and known.due else None
        if known is not None and latest is not None and latest < material.day:
            late.append((stored, known, latest))
    return sorted(late, key=lambda item: item[2])


def case_of(material: Material, stored: StoredRow) -> str:
    """Return the case number of an answer, or the assignment's id where it has none."""
    known = registered(material, stored.row.assignment_id or "")
    number = stored.row.case_number or (known.case_number if known else None)
    return str(number or stored.row.assignment_id or "")


def _late(material: Material, _: dict[str, list[StoredRow]]) -> Table | None:
    rows = [
        (
            text(case_of(material, stored)),
            text(short(known.text)),
            text(material.name(stored.board)),
            text(known.due.written or swedish_day(latest) if known.due else ""),
            count((material.day - latest).days, how=say("how.days_late")),
            _or_said(short(stored.row.due.written, 60) if stored.row.due else ""),
            _or_said(short(as_told(stored.row.narrative), 110) if stored.row.narrative else ""),
        )
        for stored, known, latest in late_rows(material)
    ]
    head = tuple(words()["assignments"]["late_head"])
    if not rows:
        return None
    note = say("assignments.late_note", day=swedish_day(material.day))
    title = say("assignments.late_table")
    return Table(
        "t-forsenade", title, head, tuple(rows), note, numbers=(4,), unbroken=(0,), broad=(1, 6)
    )


def _or_said(written: str) -> Cell:
    """Return what is written, or that nothing is said."""
    return text(written) if written else Cell(say("cells.not_said"), missing="not_said")


def _moved(material: Material, found: dict[str, list[StoredRow]]) -> Table | None:
    """Return the assignments that a board reports for a later day than they were given for."""
    rows = []
    for assignment_id, stored in _rows_with(found, ("part_reported", "ongoing", "new")):
        known = registered(material, assignment_id)
        given, now = known.due if known else None, stored.row.due
        if known and given and given.latest and now and now.latest and now.latest > given.latest:
            rows.append(
                (
                    text(case_of(material, stored)),
                    text(short(known.text)),
                    text(material.name(stored.board)),
                    text(short(given.written, 60)),
                    text(short(now.written, 60)),
                    count((now.latest - given.latest).days, how=say("how.days_moved")),
                    _or_said(_reasons(material, [stored])),
                )
            )
    head = tuple(words()["assignments"]["moved_head"])
    if not rows:
        return None
    title = say("assignments.moved_table")
    return Table("t-ny-tid", title, head, tuple(rows), numbers=(5,), unbroken=(0, 3), broad=(1, 6))


def _statuses(material: Material, rows: Sequence[StoredRow]) -> tuple[str, ...]:
    """Return the ids of what the boards have written as status."""
    return tuple(
        one
        for stored in rows
        if stored.row.status
        for one in material.ids(stored, "status", stored.row.status)
    )


def _decided(material: Material) -> Table | None:
    """Return the dated decisions on assignments, per addressee: three facts, never one.

    Those of the period and later: what an earlier report told of is left out.
    """
    start = material.round.period_from if material.round else date.min
    rows = []
    for item in material.city.assignments:
        for board in item.addressees:
            own = [c for c in item.closings if c.board == board]
            if own and max(one.date for one in own) >= start:
                days = (_decision(own, level) for level in ("office", "board", "council"))
                case = text(item.case_number or item.assignment_id)
                rows.append((case, text(short(item.text)), text(material.name(board)), *days))
    if not rows:
        return None
    head = tuple(words()["assignments"]["decided_head"])
    title, note = say("assignments.decided_table"), say("assignments.decided_note")
    return Table("t-beslut-uppdrag", title, head, tuple(rows), note, unbroken=(0, 3, 4, 5))


def _decision(own: Sequence[Closing], level: str) -> Cell:
    """Return the first decision of one level, as day and paragraph."""
    found = sorted((one for one in own if one.level == level), key=lambda one: one.date)
    if not found:
        return text("–")
    paragraph = f" §\u00a0{found[0].paragraph}" if found[0].paragraph else ""
    return text(f"{swedish_day(found[0].date)}{paragraph}")


def _shared(material: Material, found: dict[str, list[StoredRow]]) -> Table | None:
    rows = []
    for item in material.city.assignments:
        expected = [b for b in item.addressees if exists_in(material, b)]
        if len(expected) < 2 or not item.open_on(material.day):  # noqa: PLR2004 - shared by two
            continue
        answered = found.get(item.assignment_id, [])
        spoke = {row.board for row in answered}
        done = [row for row in answered if _code(row) == "proposed_fulfilled"]
        silent = [material.name(b) for b in expected if b not in spoke]
        told = (
            ", ".join(silent) if len(silent) <= NAMED * 2 else counted("names.boards", len(silent))
        )
        rows.append(
            (
                text(item.case_number or item.assignment_id),
                text(short(item.text)),
                count(
                    len(spoke & set(expected)),
                    len(expected),
                    how=say("how.answered"),
                    figures=_statuses(material, answered),
                ),
                count(
                    len(done),
                    len(expected),
                    how=say("how.proposes"),
                    figures=_statuses(material, done),
                ),
                text(told),
            )
        )
    head = tuple(words()["assignments"]["shared_head"])
    if not rows:
        return None
    title, note = say("assignments.shared_table"), say("assignments.shared_note")
    return Table("t-delade", title, head, tuple(rows), note, numbers=(2, 3), unbroken=(0,))


def _new(material: Material, found: dict[str, list[StoredRow]]) -> Table | None:
    """Return new assignments, and those born out of the report of another one."""
    rows = []
    for assignment_id, stored in [
        pair for code in ("new", *PROGRESS) for pair in _rows_with(found, (code,))
    ]:
        known = registered(material, assignment_id)
        parent = stored.row.parent or (known.parent if known else None)
        row = (
            text(case_of(material, stored)),
            text(short(as_told(stored.row))),
            text(material.name(stored.board)),
            text(_parent_words(material, parent)),
            text(decision_words(stored.row.decision)),
        )
        if (_code(stored) == "new" or parent) and row not in rows:
            rows.append(row)
    head = tuple(words()["assignments"]["new_head"])
    if not rows:
        return None
    return Table("t-nya", say("assignments.new_table"), head, tuple(rows), unbroken=(0,))


def _parent_words(material: Material, parent: str | None) -> str:
    known = registered(material, parent or "")
    if known is None:
        return parent or ""
    return f"{known.case_number or known.assignment_id} {short(known.text, 60)}"
