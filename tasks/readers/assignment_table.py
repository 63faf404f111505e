"""Assignments in a table, real or flattened: one row each, columns known by their headings.

A table needs a column of assignments and one of status, case number or account. Cells are taken
as written: a status that is no word of ours has no code, an empty one is no status.
"""

from __future__ import annotations

from collections.abc import Iterator

from expectations.contract import Assignment, Text, Unread, Word
from tasks.readers.assignments import registered, status_word
from tasks.readers.case_numbers import CASE, case_numbers, without_cases
from tasks.readers.decision_references import DECISION, decision_reference
from tasks.readers.outline import Outline
from tasks.readers.pages import Cell, Table
from tasks.readers.parts import Parts
from tasks.readers.pressed_cells import RUN_IN
from tasks.readers.real_table import known_table, one_line, table_lines, uncut
from tasks.readers.spans import due
from tasks.readers.verdict_forms import step_shape
from tasks.readers.word_rows import DAY, NUMBER, NUMBERS, SPLIT, flat_tables, one_of
from tasks.readers.wording import Wording

_OTHERS = ("status", "case", "narrative", "due")


def assignment_tables(outline: Outline, words: Wording, taken: frozenset[int]) -> Parts:
    """Return the assignments of tables."""
    rows: list[Assignment] = []
    claimed: set[int] = set()
    unread: list[Unread] = []
    for table in outline.tables:
        lines = table_lines(table, outline.lines)
        found = [] if lines & taken else list(_rows(table, words))
        rows += found
        claimed |= lines if found else set()
    closed = _closed(words)
    columns = words.table("assignment_columns")
    for other in ("status", "case", "due"):
        used = taken | claimed
        for flat in flat_tables(outline.lines, columns, ("text", other), closed, used):
            named = [cells for cells in flat.rows if "text" in cells]
            torn = [one["text"] for one in named if RUN_IN.search(one["text"].text)]
            rows += [_assignment(one, words) for one in named if one["text"] not in torn]
            unread += [*flat.unread, *(Unread(cell.text, SPLIT, cell.place) for cell in torn)]
            claimed |= flat.lines
    return Parts({"assignments": tuple(rows)}, tuple(unread), frozenset(claimed))


def _closed(words: Wording) -> dict[str, str]:
    """Return the patterns of the columns that hold a row of flattened text together."""
    known = {*words.table("status_words"), *words.scale_words("assignment_status")}
    stepped = rf"(?=[A-ZÅÄÖ])(?i:{step_shape()})|{one_of(known)}"
    shut = {"status": stepped, "case": CASE, "due": DAY, "decision": DECISION}
    shut["reported"] = "Ja|Nej"
    return {NUMBER: NUMBERS, **shut}


def _rows(table: Table, words: Wording) -> Iterator[Assignment]:
    for other in _OTHERS:
        known = known_table(table, words.table("assignment_columns"), ("text", other))
        if known is not None:
            yield from (_assignment(cells, words) for cells in known.rows() if "text" in cells)
            return


def _assignment(cells: dict[str, Cell], words: Wording) -> Assignment:
    text = uncut(cells["text"].text)
    said = " ".join(one_line(cells[key].text) for key in ("text", "case") if key in cells)
    cases = [] if _is_cut(cells.get("case")) else case_numbers(said, words)
    case = cases[-1] if cases else None
    decision = one_line(cells["decision"].text) if "decision" in cells else text
    when = cells.get("due")
    status, more = _status(cells.get("status"), words)
    if "status" not in cells and "narrative" in cells:
        # `Genomfört. Redovisades i maj.`: the account opens with its status
        opened, rest = _status(cells["narrative"], words)
        status = opened if rest and opened is not None and opened.code else None
    account = _account(cells.get("narrative"), cells.get("status"), more)
    return Assignment(
        text=without_cases(text).rstrip(" ,–-"),
        place=cells["text"].place,
        assignment_id=registered(case, words),
        case_number=case,
        decision=decision_reference(decision, words),
        status=status,
        due=due(one_line(when.text), today_year=words.year) if when else None,
        narrative=account,
    )


def _is_cut(cell: Cell | None) -> bool:
    """Say whether a narrow cell cut its case number: digits of it stand on a line below."""
    lines = cell.text.strip().split("\n") if cell is not None else []
    return len(lines) > 1 and lines[-1].strip().isdigit()


def _account(told: Cell | None, status: Cell | None, more: str) -> Text | None:
    """Return the account of an assignment: its own cell's, else what the status goes on to tell."""
    if told is not None:
        return Text(" ".join(part for part in (more, told.text.strip()) if part), told.place)
    return Text(more, status.place) if status is not None and more else None


def _status(cell: Cell | None, words: Wording) -> tuple[Word | None, str]:
    """Return the status of a cell, and what the cell goes on to tell behind a known one."""
    if cell is None:
        return None, ""
    text = one_line(cell.text)
    whole = status_word(text, cell.place, words)
    head, stop, rest = text.partition(".")
    first = status_word(head.strip(), cell.place, words)
    if whole.code is not None or first.code is None or not stop or not rest.strip():
        return whole, ""
    return first, rest.strip()
