"""What must hold between the rows of a city's registers, beyond each cell by itself."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise

from expectations.register_rows import RegisterFile, Row
from expectations.registers import Board, City, plain

CODES: dict[str, tuple[str, ...]] = {
    "goal_assessment": (),
    "goal_role": (),
    "assignment_status": (
        *("new", "ongoing", "part_reported", "proposed_fulfilled", "fulfilled", "closed"),
    ),
    "competence_gap": ("MORE", "SAME", "LESS"),
    "risk": (),
    "probability": (),
    "competence_level": (),
    "competence_change": (),
    "activity_status": (),
}
"""Every scale, with the codes that rules and report know it by; none where a city may choose."""


def example_holds(file: RegisterFile, row: Row, board: Board) -> None:
    """Keep a fault where a board's example of a case number breaks the board's own pattern."""
    if not board.case_pattern or not board.case_example:
        return
    if re.fullmatch(board.case_pattern, board.case_example) is None:
        fault = f"case_example ({board.case_example}) följer inte case_pattern."
        file.fault(row.line, fault, "Rätta mönstret eller exemplet.")


def parents_hold(file: RegisterFile, known: dict[str, int]) -> None:
    """Keep a fault for each assignment under a parent that is not in the file."""
    for row in file.rows:
        parent = row.cells.get("parent", "")
        if parent:
            file.check(row.line, "parent", parent, known)
        if parent and parent == row.cells.get("assignment_id"):
            file.fault(row.line, "Uppdraget är sin egen överordnade.", "Rätta parent.")


def case_number_holds(file: RegisterFile, city: City) -> None:
    """Keep a fault for each case number that is not written as the city's `[cases]` says."""
    if "pattern" not in city.settings.get("cases", {}):
        return
    for row in file.rows:
        written = row.cells.get("case_number", "")
        normal = city.normal_case_number(written) if written else written
        if normal != written:
            remedy = f"Skriv {normal}." if normal else "Rätta numret, eller mönstret i city.toml."
            file.fault(row.line, f"Ärendenumret {written} har inte stadens form.", remedy)


def scales_hold(file: RegisterFile) -> None:
    """Keep faults for unknown scales and codes, and for words that name two steps."""
    spans: dict[str, dict[tuple[str, str], Row]] = defaultdict(dict)
    words: dict[tuple[str, str, str, str], Row] = {}
    codes: dict[tuple[str, str, str, str], Row] = {}
    for row in file.rows:
        scale = file.one_of(row, "scale", CODES)
        code = row.cells.get("code", "")
        if code and CODES.get(scale):
            file.check(row.line, "code", code, CODES[scale])
        span = (row.cells.get("valid_from", ""), row.cells.get("valid_to", ""))
        spans[scale].setdefault(span, row)
        _used_once(file, row, codes, (scale, *span, code), f"Koden {code}")
        for word in (row.cells.get("word", ""), *file.several(row, "synonyms")):
            if words.get((scale, *span, plain(word)), row) is not row:
                _used_once(file, row, words, (scale, *span, plain(word)), f"Ordet {word}")
            words.setdefault((scale, *span, plain(word)), row)
    for scale, known in spans.items():
        _spans_apart(file, scale, known)


def _used_once(
    file: RegisterFile,
    row: Row,
    seen: dict[tuple[str, str, str, str], Row],
    key: tuple[str, str, str, str],
    what: str,
) -> None:
    if key in seen:
        fault = f"{what} finns redan i skalan, på rad {seen[key].line}."
        file.fault(row.line, fault, "Låt det stå på ett ställe.")
    seen.setdefault(key, row)


def _spans_apart(file: RegisterFile, scale: str, known: dict[tuple[str, str], Row]) -> None:
    """Keep a fault where two versions of a scale hold the same day."""
    spans = sorted(known, key=lambda span: span[0])
    for before, after in pairwise(spans):
        if not before[1] or before[1] >= after[0]:
            fault = f"Två versioner av skalan {scale} gäller samma dagar."
            file.fault(known[after].line, fault, "Avsluta den äldre före den nyares första dag.")
