"""What a ledger or a staff list says of a round, board by board; pure.

Accounts become lines and objects become boards by the city's own mapping (`ledger_lines.csv`,
`ledger_objects.csv`). What no row of them takes is kept under no board and told.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal, InvalidOperation

from expectations.central import (
    ELIMINATIONS,
    MONEY,
    CentralFault,
    CentralFigure,
    CentralPart,
    CentralReading,
    summed,
)
from expectations.contract import Figure, Place
from expectations.registers import City, Round
from expectations.swedish import swedish
from tasks.readers.sie import RESULT_ACCOUNTS, Amount, SieFile, is_sie, read_sie

FOLDER = "centralt"
"""The folder of the inbox where the city's own systems put their files."""
READER = "central-2"
UNITS = {
    "annual_fte": ("fte", 1),
    "employees": ("headcount", 0),
    "exits": ("headcount", 0),
    "recruitments": ("headcount", 0),
    "sick_leave_total": ("percent", 1),
    "sick_leave_short": ("percent", 1),
    "sick_leave_long": ("percent", 1),
    "turnover": ("percent", 1),
    "turnover_external": ("percent", 1),
}
COLUMNS = ("outcome", "budget", "budget_year", "outcome_prev", "accounts_prev")
FORECASTS = ("deviation", "forecast", "forecast_prev")
"""Columns that only what is eliminated between the companies has: no ledger knows a forecast."""
_LEDGER = ("board", "line", "period", "column", "value", "unit")
_STAFF = ("board", "metric", "period", "value")


def read_central(data: bytes, city: City, round_: Round) -> CentralReading:
    """Return what a central file says of a round; a fault anywhere and nothing of it is used."""
    if is_sie(data):
        return _ledger(read_sie(data), city, round_)
    return _list(data, city, round_)


# --- the ledger -----------------------------------------------------------------------------------


def _ledger(file: SieFile, city: City, round_: Round) -> CentralReading:
    faults = tuple(CentralFault(f.line, f.fault, f.remedy) for f in file.faults)
    if faults:
        return CentralReading("sie", faults=faults)
    first, last = file.years.get(0, (None, None))
    within = first is not None and last is not None and first <= round_.period_from <= last
    reaches = file.reaches
    if not within or reaches is None or reaches < round_.period_to:
        return CentralReading("sie", covers=False)
    wanted: list[tuple[str, Iterable[Amount]]] = [
        ("outcome", _outcome(file, round_)),
        ("budget", _months(file.of("budget"), round_.period_from, round_.period_to)),
        ("budget_year", file.of("budget")),
        ("accounts_prev", _whole_year(file, -1)),
        ("outcome_prev", _year_before(file, round_)),
    ]
    figures = [one for column, amounts in wanted for one in _by_board(column, amounts, city, last)]
    return CentralReading("sie", tuple(figures))


def _outcome(file: SieFile, round_: Round) -> list[Amount]:
    """Return the period's entries, or its monthly balances where the file has no entries."""
    days = (round_.period_from, round_.period_to)
    entries = [a for a in file.of("trans") if a.day is not None and days[0] <= a.day <= days[1]]
    return entries or _balances(list(_months(file.of("period"), *days)))


def _whole_year(file: SieFile, year: int) -> list[Amount]:
    """Return a year's balances on accounts, by month where the file has months."""
    months = _balances(list(file.of("period", year)))
    return months or _balances(list(file.of("result", year)))


def _year_before(file: SieFile, round_: Round) -> list[Amount]:
    """Return the same months of the year before, which only monthly balances can tell."""
    first, last = (_a_year_back(day) for day in (round_.period_from, round_.period_to))
    return _balances(list(_months(file.of("period", -1), first, last)))


def _a_year_back(day: date) -> date:
    return date(day.year - 1, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)


def _months(amounts: Iterable[Amount], first: date, last: date) -> Iterator[Amount]:
    return (a for a in amounts if f"{first:%Y%m}" <= a.month <= f"{last:%Y%m}")


def _balances(amounts: list[Amount]) -> list[Amount]:
    """Return balances once each: those with objects, and what is left of an account's total.

    A file gives an account's balance whole and again for every object; the two must not be added.
    """
    owned = [a for a in amounts if a.objects]
    of_objects: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for one in owned:
        of_objects[one.month, one.account] += one.value
    rest = []
    for one in amounts:
        left = one.value - of_objects[one.month, one.account]
        if not one.objects and left:
            rest.append(
                Amount(one.kind, one.year, one.month, one.account, (), left, one.line, one.day)
            )
    return owned + rest


def _by_board(
    column: str, amounts: Iterable[Amount], city: City, day: date | None
) -> Iterator[CentralFigure]:
    """Yield one figure per board and line, and the result of each; debit plus becomes minus."""
    kept: dict[tuple[str | None, str], dict[str, list[Amount]]] = defaultdict(
        lambda: defaultdict(list)
    )
    all_amounts = list(amounts)
    if column.startswith("budget"):
        all_amounts = _balances(all_amounts)
    for one in all_amounts:
        if one.account[0] not in RESULT_ACCOUNTS:
            continue
        board = city.ledger_board(one.objects, day)
        line = city.ledger_line(one.account)
        key = line if board and line else f"konto {one.account}"
        kept[board if line else None, key][one.account].append(one)
    results: dict[str, list[CentralPart]] = defaultdict(list)
    for (board, key), by_account in sorted(
        kept.items(), key=lambda item: (item[0][0] or "~", item[0][1])
    ):
        parts = tuple(_part(account, found) for account, found in sorted(by_account.items()))
        figure = summed(parts, unit="kr", decimals=2)
        yield CentralFigure(board, "finance", key, column, figure, parts)
        if board:
            results[board] += parts
    for name, terms in sorted(results.items()):
        figure = summed(terms, unit="kr", decimals=2)
        yield CentralFigure(name, "finance", "result", column, figure, tuple(terms))


def _part(account: str, amounts: list[Amount]) -> CentralPart:
    total = -sum((a.value for a in amounts), Decimal(0)) + 0
    return CentralPart(f"konto {account}", total, min(a.line for a in amounts), len(amounts))


# --- lists ----------------------------------------------------------------------------------------


def _list(data: bytes, city: City, round_: Round) -> CentralReading:
    """Read a list of ledger or staff figures: CSV with comma or semicolon, UTF-8, a header row."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return _refused(None, line, "Filen är varken SIE eller UTF-8.", "Spara som CSV UTF-8.")
    head = text.partition("\n")[0]
    separator = ";" if ";" in head else ","
    names = [cell.strip().lower() for cell in head.split(separator)]
    kind = "staff_csv" if "metric" in names else "ledger_csv" if "line" in names else None
    if kind is None:
        told = "Filen är varken SIE typ 4, en lista ur ekonomisystemet eller ur personalsystemet."
        wanted = f"Första raden ska ha kolumnerna {', '.join(_STAFF)} eller {', '.join(_LEDGER)}."
        return _refused(None, 1, told, wanted)
    needed = _STAFF if kind == "staff_csv" else _LEDGER
    missing = [name for name in needed if name not in names]
    if missing:
        return _refused(kind, 1, f"Kolumnen {missing[0]} saknas.", "Lägg till den i första raden.")
    return _rows(text, separator, names, kind, city, round_)


def _refused(kind: object, line: int, fault: str, remedy: str) -> CentralReading:
    return CentralReading(kind, faults=(CentralFault(line, fault, remedy),))  # type: ignore[arg-type] # one of the three or None


def _rows(
    text: str, separator: str, names: list[str], kind: str, city: City, round_: Round
) -> CentralReading:
    faults: list[CentralFault] = []
    figures: dict[tuple[str, str, str], CentralFigure] = {}
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    next(reader)
    read: Callable[[dict[str, str], int, City], CentralFigure] = (
        _staff_row if kind == "staff_csv" else _ledger_row
    )
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        row = dict(zip(names, (cell.strip() for cell in cells), strict=False))
        try:
            _period_known(row.get("period", ""), city)
            one = read(row, reader.line_num, city)
        except _BrokenRowError as broken:
            faults.append(CentralFault(reader.line_num, broken.fault, broken.remedy))
            continue
        if row["period"] != round_.round_id:
            continue
        if (one.board or "", one.key, one.column) in figures:
            told = "Raden säger samma uppgift som en tidigare rad."
            faults.append(CentralFault(reader.line_num, told, "Ta bort den ena."))
        figures[one.board or "", one.key, one.column] = one
    if faults:
        return CentralReading(kind, faults=tuple(faults))  # type: ignore[arg-type] # as above
    return CentralReading(kind, tuple(figures.values()), covers=bool(figures))  # type: ignore[arg-type] # as above


class _BrokenRowError(Exception):
    def __init__(self, fault: str, remedy: str) -> None:
        super().__init__(fault)
        self.fault = fault
        self.remedy = remedy


def _period_known(written: str, city: City) -> None:
    if written not in {round_.round_id for round_ in city.rounds}:
        raise _BrokenRowError(
            f"Perioden {written[:20]} finns inte bland omgångarna.", "Skriv som 2026-08."
        )


def _staff_row(row: dict[str, str], line: int, city: City) -> CentralFigure:
    metric = row.get("metric", "")
    if metric not in UNITS:
        raise _BrokenRowError(f"Måttet {metric[:30]} är okänt.", f"Välj bland {', '.join(UNITS)}.")
    unit, decimals = UNITS[metric]
    column = row.get("column") or "outcome"
    return _row_figure(row, line, city, ("staff", metric, column), unit, decimals)


def _ledger_row(row: dict[str, str], line: int, city: City) -> CentralFigure:
    unit, column = row.get("unit", ""), row.get("column", "")
    if unit not in MONEY:
        raise _BrokenRowError(f"Enheten {unit[:10]} är okänd.", "Skriv kr, tkr eller mnkr.")
    if row.get("line") == ELIMINATIONS:
        return _elimination(row, line)
    known = {"income", "costs", "municipal_grant", "internal_grants", "financial_net", "result"}
    if row.get("line") not in known:
        raise _BrokenRowError(
            f"Raden {row.get('line', '')[:30]} är okänd.",
            f"Välj bland {', '.join(sorted({*known, ELIMINATIONS}))}.",
        )
    return _row_figure(row, line, city, ("finance", row["line"], column), unit, None)


def _elimination(row: dict[str, str], line: int) -> CentralFigure:
    """Return what is eliminated between the companies: it has no board, and a forecast too."""
    column, unit = row.get("column", ""), row.get("unit", "")
    if row.get("board"):
        told = "Elimineringar gäller bolagen tillsammans och har ingen nämnd."
        raise _BrokenRowError(told, "Lämna kolumnen board tom på den raden.")
    if column not in (*COLUMNS, *FORECASTS):
        known = ", ".join((*COLUMNS, *FORECASTS))
        raise _BrokenRowError(f"Kolumnen {column[:30]} är okänd.", f"Välj bland {known}.")
    return _placed(row, line, None, ("finance", ELIMINATIONS, column), unit, None)


def _row_figure(
    row: dict[str, str],
    line: int,
    city: City,
    slot: tuple[str, str, str],
    unit: str,
    decimals: int | None,
) -> CentralFigure:
    column = slot[2]
    if column not in COLUMNS:
        raise _BrokenRowError(
            f"Kolumnen {column[:30]} är okänd.", f"Välj bland {', '.join(COLUMNS)}."
        )
    written = row.get("board", "")
    board = city.board(written) or city.board_named(written)
    if board is None:
        raise _BrokenRowError(
            f"Nämnden {written[:60]} finns inte i registret.", "Rätta namnet eller registret."
        )
    return _placed(row, line, board.board_id, slot, unit, decimals)


def _placed(
    row: dict[str, str],
    line: int,
    board: str | None,
    slot: tuple[str, str, str],
    unit: str,
    decimals: int | None,
) -> CentralFigure:
    value = _value(row.get("value", ""))
    exponent = value.as_tuple().exponent
    printed = decimals if decimals is not None else max(-int(exponent), 0)
    figure = Figure(swedish(value, printed), value, unit, printed, place=Place(line=line))
    part = CentralPart(f"rad {line}", value, line)
    return CentralFigure(board, *slot, figure, (part,))


def _value(written: str) -> Decimal:
    plain = re.sub(r"[\s\u00a0]", "", written).replace("−", "-").replace(",", ".")
    try:
        value = Decimal(plain)
    except InvalidOperation:
        raise _BrokenRowError(f"”{written[:20]}” är inget tal.", "Skriv som 1234,5.") from None
    if not value.is_finite():
        raise _BrokenRowError(f"”{written[:20]}” är inget tal.", "Skriv som 1234,5.")
    return value
