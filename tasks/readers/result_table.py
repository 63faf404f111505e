"""Result tables, investments and central items of a report.

Recognised by their labels (`Intäkter`, `Kostnader`, `Resultat` …, at least two that are known) or
by the words above them (investeringar, kommuncentrala poster). How a table is split and what its
columns mean is decided in `tables` and `columns`; a table that they refuse is unread here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from expectations.contract import CentralItem, FinanceLine, Investment, Unread
from expectations.registers import plain
from tasks.readers.grid import ELSEWHERE, Grid, Row, Sought
from tasks.readers.header_text import by_period
from tasks.readers.line_columns import line_tables
from tasks.readers.numbers import SHORT_MONEY, money_in, unit_of_label
from tasks.readers.outline import Outline
from tasks.readers.parts import Parts
from tasks.readers.plan_years import spans_years
from tasks.readers.staff_table import metric
from tasks.readers.table_titles import names_counts
from tasks.readers.tables import grids, parts_of
from tasks.readers.wording import Wording, either

_NO_MONEY = ("count", "percent", "fte", "index")
"""Units of a label that say that its row is no money, whatever stands above the table."""
_MONEY_COLUMNS = {"outcome", "budget", "forecast", "accounts", "deviation", "forecast_deviation"}
_PAIRS = ({"outcome", "grant"}, {"used", "remaining"})
"""Columns that are those of money where both are there: what is given and what it costs."""
SUM = "Summa"
FALLEN = "Raden ser ut att höra till en tabell men står i löpande text. Dess tal läses inte."
_FALLEN = re.compile(
    r"\s*(?P<label>[A-ZÅÄÖ][a-zåäö]+(?: [a-zåäö]+){0,2})"
    r"(?:\s+[+−–-]?\s?\d[\d ]*(?:,\d+)?){2,}(?:\s+[A-ZÅÄÖa-zåäö]|$)"
)
"""A label and two numbers or more, then words."""
_FEWEST_LINES = 2
"""One known label stands in many tables; two make a result table."""


def finance(outline: Outline, words: Wording, taken: frozenset[int]) -> Parts:
    """Return the lines of every result table.

    The first table has no name; those after it are named by the heading they stand under.
    """

    def wanted(shown: str, labels: Sequence[str]) -> bool:
        if other_table(shown, words) is not None:
            return False
        known = {line_code(label, words) for label in labels} - {None}
        return len(known) >= _FEWEST_LINES or _of_activities(shown, labels, words)

    sought = _of_money(wanted, lambda text: line_code(text, words) is not None, words)
    sideways = line_tables(outline, words, taken)
    found = grids(outline, words, sought, taken | sideways.claimed)
    used = [table for table in found if not _is_of_shares(table)]
    first = next((table for table in used if table.rows), None)
    lines = tuple(
        FinanceLine(
            line_code(row.label, words) or ("total" if _is_sum(row, table, words) else "other"),
            row.label,
            row.place,
            None if table is first else table.title,
            row.columns,
        )
        for table in used
        for row in table.rows
    )
    read = parts_of("finance", lines, used)
    return read.beside(_of_board(sideways, words) if first is None else _named(sideways))


def _is_of_shares(table: Grid) -> bool:
    """Say whether a table has shares only, as how much each kind of cost has grown: no amounts."""
    units = {one.unit for row in table.rows for one in row.columns.values()}
    return units == {"percent"}


def _is_sum(row: Row, table: Grid, words: Wording) -> bool:
    """Say whether a row is the sum of a table of activities: the last, by name and by numbers.

    `Summa socialnämnden` is the board's; a sum of some of the rows above it is a line of its own.
    """
    others = table.rows[:-1]
    named = _SUMMED.match(row.label) is not None and row is table.rows[-1]
    if not named or len(others) < _FEWEST_LINES:
        return False
    if any(line_code(other.label, words) is not None for other in others):
        return False
    told = []
    for key, found in row.columns.items():
        parts = [other.columns[key].value for other in others if key in other.columns]
        known = [part for part in parts if part is not None]
        if found.value is None or key.endswith("percent") or len(known) < len(others):
            continue
        near = Decimal(len(others) + 1).scaleb(-(found.decimals or 0)) / 2
        told.append(abs(sum(known, Decimal(0)) - found.value) <= near)
    return bool(told) and all(told)


_SUMMED = re.compile(rf"{either('sums', 'words')}\b", re.IGNORECASE)


def fallen(outline: Outline, words: Wording, taken: frozenset[int]) -> Parts:
    """Return the rows that have fallen out of a table into running text: seen, and not read."""
    left: list[Unread] = []
    for line in outline.lines:
        found = None if line.number in taken else _FALLEN.match(line.text)
        if found is not None and line_code(found["label"], words) is not None:
            left.append(Unread(line.text.strip(), FALLEN, line.place()))
    return Parts(unread=tuple(left))


def _named(sideways: Parts) -> Parts:
    """Return tables on their side where another is the board's own: every one has a name."""
    lines = [replace(x, table=x.table or SUM) for x in sideways.rows["finance"]]
    return replace(sideways, rows={"finance": tuple(lines)})


def _of_board(sideways: Parts, words: Wording) -> Parts:
    """Return tables on their side with their sum as the board's own: no other table is."""
    lines = [
        replace(line, table=None)
        if line.line == "total" or words.code("finance_lines", line.table or "") == "total"
        else line
        for line in sideways.rows["finance"]
    ]
    return replace(sideways, rows={"finance": tuple(lines)})


def _of_activities(shown: str, labels: Sequence[str], words: Wording) -> bool:
    """Say whether a table shows money by activity: a unit of money and two columns of money."""
    lowered = plain(by_period(shown))
    named = {**words.table("columns"), **words.table("column_cells")}
    names = [*words.words["measure_titles"]["words"], *words.words["indicator_words"]["words"]]
    other = any(name in lowered for name in names)
    if other:
        # the words of another table may stand far above: what stands behind them has to tell
        last = max(lowered.rfind(name) for name in names)
        shown = lowered = lowered[last:]
    columns = {code.split()[0] for word, code in named.items() if word in lowered}
    # what another table's unit says counts only where nothing speaks of another table
    own = shown.split(ELSEWHERE)[0] if other else shown
    money = money_in(own) is not None or "driftredovisning" in lowered
    staffed = any(metric(label, words) for label in labels)
    told = len(columns & _MONEY_COLUMNS) + sum(
        len(pair - _MONEY_COLUMNS) for pair in _PAIRS if pair <= columns
    )
    dated = set(re.findall(r"20\d{2}", lowered))
    years, planned = len(dated), not other and (str(words.planned) in dated or spans_years(lowered))
    counted = any(unit_of_label(label) in _NO_MONEY for label in labels)
    if names_counts(shown.split(ELSEWHERE)[0], words):
        return False
    if (
        staffed
        or counted
        or _COUNTED.search(lowered)
        or (other and not (money and told >= _FEWEST_LINES))
    ):
        return False
    return money and (told >= _FEWEST_LINES or ((told == 1 or planned) and years > 1))


_COUNTED = re.compile(
    rf"\b{either('count_heads', 'words')}\b[^\d{ELSEWHERE}]{{0,40}}?"
    rf"\s{either('count_heads', 'columns')}\b"
)
"""What stands over the labels of a table of volumes, right before its first column."""


def line_code(label: str, words: Wording) -> str | None:
    """Return the line of a result table that a label names."""
    label = re.sub(r"[*¹²³⁴⁵⁶⁷⁸⁹]+$", "", label.strip())
    label = _PART.sub("", _ACCOUNT.sub("", label))
    bare = _SUM_FIRST.sub("", plain(label))
    return words.code("finance_lines", label) or words.code("finance_lines", bare)


_SUM_FIRST = re.compile(rf"^{either('sums', 'words')}\s+")
_ACCOUNT = re.compile(r"^\d{1,4}(?:[-–]\d{1,4})?\s+(?=[A-ZÅÄÖ])")
"""The class of accounts before the name of a line: `5 Personalkostnader`."""
_PART = re.compile(rf"^(?:{either('label_starts', 'parts')}:?\s+|[-–•]\s+)", re.IGNORECASE)
"""A part of the line above it: `varav personalkostnader`."""


def central_items(outline: Outline, words: Wording, taken: frozenset[int]) -> Parts:
    """Return the items that the city holds centrally and this board uses."""
    used = list(grids(outline, words, _titled("central_items", words), taken))
    items = tuple(
        CentralItem(
            row.label,
            row.place,
            outcome=row.columns.get("outcome"),
            forecast=row.columns.get("forecast"),
            budget=row.columns.get("budget") or row.columns.get("budget_year"),
        )
        for table in used
        for row in table.rows
    )
    return parts_of("central_items", items, used)


def investments(outline: Outline, words: Wording, taken: frozenset[int]) -> Parts:
    """Return the rows of tables under words of investment."""
    used = list(grids(outline, words, _titled("investments", words), taken))
    rows = tuple(Investment(r.label, r.place, r.columns) for table in used for r in table.rows)
    return parts_of("investments", rows, used)


def _titled(kind: str, words: Wording) -> Sought:
    def wanted(shown: str, labels: Sequence[str]) -> bool:
        staffed = any(metric(label, words) for label in labels)
        other = staffed or _is_of_lines(labels, words) or _is_of_measures(shown, words)
        return other_table(shown, words) == kind and not other

    return _of_money(wanted, lambda _: False, words)


def _of_money(
    wanted: Callable[[str, Sequence[str]], bool], known: Callable[[str], bool], words: Wording
) -> Sought:
    """Return what a section of money wants, with the years that the document reports and plans."""
    year = words.year if words.planned is None else None
    return Sought(wanted, known, year=year, planned=words.planned, money=True)


def _is_of_lines(labels: Sequence[str], words: Wording) -> bool:
    """Say whether labels are those of a result table: costs or income, and most of them known."""
    codes = [line_code(label, words) for label in labels]
    known = [code for code in codes if code is not None]
    lines = set(known) - {"total", "net", "result"}
    return len(lines) >= _FEWEST_LINES and len(known) * 2 > len(codes)


def _is_of_measures(shown: str, words: Wording) -> bool:
    """Say whether words of key figures stand nearer to a table than those of another kind do."""
    lowered = plain(shown)
    ends = {
        name: max((lowered.rfind(word) for word in found), default=-1)
        for name, found in (
            ("other", words.table("table_titles")),
            ("measures", words.words["measure_titles"]["words"]),
        )
    }
    return ends["measures"] > ends["other"]


def other_table(shown: str, words: Wording) -> str | None:
    """Return the kind of table, other than a result table, that the words above it name."""
    lowered = plain(shown)
    table = words.table("table_titles")
    result = max((lowered.rfind(x) for x in words.words["result_titles"]["words"]), default=-1)
    others = [lowered.rfind(phrase) for phrase in table]
    if result > max(*others, lowered.rfind("projekt")):
        # the table of another section stands further up
        return None
    named = next((kind for phrase, kind in table.items() if phrase in lowered), None)
    if named is None and any(
        words.opening("columns", lowered[found.end() :]) for found in _PROJECTS.finditer(lowered)
    ):
        return "investments"
    if named is None and (_OF_PROJECTS.match(lowered) or _OVER_PROJECTS.search(lowered)):
        return "investments"
    return named


_PROJECT = rf"\b{either('project_words', 'heads')}\b"
_WORKS = rf"{either('project_words', 'works')}projekt\b"
_OVER_PROJECTS = re.compile(rf"\b{_WORKS}[^.]{{0,12}}{_PROJECT}")
_OF_PROJECTS = re.compile(
    rf"[^.\d]{{0,30}}projekt\w*\b[^.]{{0,12}}{_PROJECT}"
    rf"|{_WORKS}|{either('project_words', 'which')} (?:bygg)?projekt\b"
)
"""A title of projects over a table of them, whatever its columns are called."""
_PROJECTS = re.compile(rf"{_PROJECT}[\s,]*(?:\(?(?:belopp i )?(?:{SHORT_MONEY})\)?)?\s*")
"""What stands over the labels of a table of investments, right before its first column."""
