"""The example city's own systems: its ledger as SIE 4 and a list out of its staff system.

The ledger has what the boards report down to the öre, but for one voucher booked after the board
had closed its report, and one object that belongs to no board.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from examples.lindhamn.content import Model
from examples.lindhamn.numbers import luck
from examples.lindhamn.staff import staff_figures
from expectations.registers import Board, Round

ACCOUNTS = {
    "1930": "Checkkonto",
    "3010": "Taxor och avgifter",
    "3510": "Bidrag från staten",
    "5010": "Löner och arbetsgivaravgifter",
    "6010": "Lokalhyror",
    "7010": "Köpta tjänster och övrigt",
    "8010": "Kommunbidrag",
    "8510": "Kommuninterna bidrag",
}
_SPLIT = {
    "income": (("3510", 0.3), ("3010", None)),
    "costs": (("5010", 0.62), ("6010", 0.14), ("7010", None)),
    "municipal_grant": (("8010", None),),
    "internal_grants": (("8510", None),),
}
NOBODYS = "9990"
"""An object of the ledger that the mapping gives to no board."""
LATE_VOUCHERS = {"2026-08": ("fastighetsnamnden", 640_000)}
"""Costs in kronor that were booked after the board had closed its report."""
OTHER_STAFF = {"2026-08": ("funktionsstodsnamnden", "recruitments", Decimal(4))}
"""A staff figure that the board has counted otherwise: the system's is higher by this."""

ELIMINATED = {
    "2025-12": ("-84.0", "-82.0", "-2.0", "-79.5", "-84.0", "-80.0", "-82.0", "-79.5"),
    "2026-03": ("-22.0", "-22.0", "0.0", "-20.5", "-86.0", "-84.0", "-86.0", "-84.0"),
    "2026-08": ("-58.7", "-57.3", "-1.4", "-50.0", "-88.0", "-86.0", "-86.0", "-84.0"),
}
"""Group contributions and dividends between the companies, in mnkr, by round and column."""
COLUMNS = (
    "outcome",
    "budget",
    "deviation",
    "outcome_prev",
    "forecast",
    "forecast_prev",
    "budget_year",
    "accounts_prev",
)

Cell = tuple[str, str, str]
"""Board's object, account and month."""


def ledger(model: Model, round_: Round) -> bytes:
    """Return the ledger of a round's year up to its last day, as SIE 4 in code page 437."""
    text = io.StringIO(newline="")
    for line in _records(model, round_):
        text.write(line + "\r\n")
    return text.getvalue().encode("cp437")


def staff_list(model: Model, round_: Round) -> bytes:
    """Return the list out of the staff system: what every board has in the round."""
    lines = ["board;metric;period;value"]
    late = OTHER_STAFF.get(round_.round_id)
    for board in _boards(model, round_):
        for row in staff_figures(
            board.board_id, model.boards[board.board_id].get("staff", {}), round_
        ):
            figure = row.columns["outcome"]
            value = figure.value or Decimal(0)
            if late is not None and (board.board_id, row.metric) == late[:2]:
                value += late[2]
            written = str(value).replace(".", ",")
            lines.append(f"{board.name};{row.metric};{round_.round_id};{written}")
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()


def eliminations(round_: Round) -> bytes:
    """Return the list out of the ledger of what is eliminated between the companies."""
    lines = ["board;line;period;column;value;unit"]
    told = zip(COLUMNS, ELIMINATED[round_.round_id], strict=True)
    lines += [
        f";eliminations;{round_.round_id};{column};{value.replace('.', ',')};mnkr"
        for column, value in told
    ]
    return ("\r\n".join(lines) + "\r\n").encode("utf-8-sig")


def _boards(model: Model, round_: Round) -> list[Board]:
    return [b for b in model.city.boards_on(round_.period_to) if b.kind == "board"]


def _object(model: Model, board: Board) -> str:
    return next(o.first for o in model.city.ledger_objects if o.board_id == board.board_id)


def _records(model: Model, round_: Round) -> Iterator[str]:
    year = round_.period_to.year
    boards = _boards(model, round_)
    yield "#FLAGGA 0"
    yield '#PROGRAM "Lindhamns ekonomisystem" 4.2'
    yield "#FORMAT PC8"
    yield f"#GEN {round_.period_to + timedelta(days=9):%Y%m%d}"
    yield "#SIETYP 4"
    yield f'#FNAMN "{model.city.name}"'
    yield f"#RAR 0 {year}0101 {year}1231"
    yield f"#RAR -1 {year - 1}0101 {year - 1}1231"
    yield f"#OMFATTN {round_.period_to:%Y%m%d}"
    for account, name in ACCOUNTS.items():
        yield f'#KONTO {account} "{name}"'
    yield '#DIM 1 "Ansvar"'
    for board in boards:
        yield f'#OBJEKT 1 "{_object(model, board)}" "{board.name}"'
    yield f'#OBJEKT 1 "{NOBODYS}" "Avslutade projekt"'
    booked = _booked(model, round_, boards)
    yield from _balances(booked)
    yield from _months("#PSALDO -1", _before(model, round_, boards))
    yield from _months("#PBUDGET 0", _budget(model, round_, boards))
    yield from _vouchers(booked)


def _booked(model: Model, round_: Round, boards: list[Board]) -> dict[Cell, int]:
    """Return the period's entries in öre, debit plus, with a little that rounding hides."""
    cells: dict[Cell, int] = {}
    months = _until(round_)
    for board in boards:
        chance = luck(board.board_id, round_.round_id, "ledger")
        for row in model.economy.table(board, round_):
            if row.line in _SPLIT:
                hidden = chance.randint(-900_000, 900_000)
                amount = _ore(row.columns["outcome"].value) + hidden
                cells |= _spread(_object(model, board), row.line, amount, months)
    late = LATE_VOUCHERS.get(round_.round_id)
    for board in boards:
        if late is not None and board.board_id == late[0]:
            cells[_object(model, board), "7010", months[-1]] += late[1] * 100
    cells[NOBODYS, "7010", months[0]] = 12_345_600
    return cells


def _budget(model: Model, round_: Round, boards: list[Board]) -> dict[Cell, int]:
    return _two_parts(model, round_, boards, "budget", "budget_year", round_.period_to.year)


def _before(model: Model, round_: Round, boards: list[Board]) -> dict[Cell, int]:
    year = round_.period_to.year - 1
    return _two_parts(model, round_, boards, "outcome_prev", "accounts_prev", year)


def _two_parts(
    model: Model, round_: Round, boards: list[Board], part: str, whole: str, year: int
) -> dict[Cell, int]:
    """Return a year's months: those of the period add up to one column, all to another."""
    inside = [f"{year}{month[4:]}" for month in _until(round_)]
    outside = [f"{year}{m:02d}" for m in range(1, 13) if f"{year}{m:02d}" not in inside]
    cells: dict[Cell, int] = {}
    for board in boards:
        for row in model.economy.table(board, round_):
            if row.line in _SPLIT:
                code = _object(model, board)
                first, all_of_it = _ore(row.columns[part].value), _ore(row.columns[whole].value)
                cells |= _spread(code, row.line, first, inside)
                if outside:
                    cells |= _spread(code, row.line, all_of_it - first, outside)
    return cells


def _until(round_: Round) -> list[str]:
    year = round_.period_to.year
    return [f"{year}{month:02d}" for month in range(1, round_.period_to.month + 1)]


def _ore(millions: Decimal | None) -> int:
    return int((millions or Decimal(0)) * 100_000_000)


def _spread(code: str, line: str, amount: int, months: list[str]) -> dict[Cell, int]:
    """Return an amount over a line's accounts and over months, to the öre; income is credit."""
    left = -amount
    cells: dict[Cell, int] = {}
    for account, share in _SPLIT[line]:
        part = left if share is None else int(-amount * share)
        left -= part
        each = int(part / len(months))
        for month in months:
            cells[code, account, month] = each
        cells[code, account, months[-1]] += part - each * len(months)
    return {cell: value for cell, value in cells.items() if value}


def _kronor(ore: int) -> str:
    sign = "-" if ore < 0 else ""
    return f"{sign}{abs(ore) // 100}.{abs(ore) % 100:02d}"


def _balances(booked: dict[Cell, int]) -> Iterator[str]:
    """Give the balances that a reader can hold the vouchers against."""
    year: dict[str, int] = defaultdict(int)
    month: dict[tuple[str, str], int] = defaultdict(int)
    for (_, account, when), amount in booked.items():
        for name, value in ((account, amount), ("1930", -amount)):
            year[name] += value
            month[when, name] += value
    yield "#IB 0 1930 0.00"
    yield f"#UB 0 1930 {_kronor(year['1930'])}"
    for account, amount in sorted(year.items()):
        if account != "1930":
            yield f"#RES 0 {account} {_kronor(amount)}"
    for (when, account), amount in sorted(month.items()):
        yield f"#PSALDO 0 {when} {account} {{}} {_kronor(amount)}"


def _months(label: str, cells: dict[Cell, int]) -> Iterator[str]:
    for (code, account, month), amount in sorted(cells.items()):
        yield f'{label} {month} {account} {{1 "{code}"}} {_kronor(amount)}'


def _vouchers(booked: dict[Cell, int]) -> Iterator[str]:
    vouchers: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
    for (code, account, month), amount in booked.items():
        vouchers[month, code].append((account, amount))
    for number, ((month, code), rows) in enumerate(sorted(vouchers.items()), start=1):
        day = _last_day(month)
        yield f'#VER "M" {number} {day:%Y%m%d} "Månadens bokning"'
        yield "{"
        for account, amount in sorted(rows):
            yield f'   #TRANS {account} {{1 "{code}"}} {_kronor(amount)}'
        yield f"   #TRANS 1930 {{}} {_kronor(-sum(amount for _, amount in rows))}"
        yield "}"


def _last_day(month: str) -> date:
    year, number = int(month[:4]), int(month[4:])
    return date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)
