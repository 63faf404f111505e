"""The results of boards and of companies: result tables, their lines, and what is eliminated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from expectations.central import ELIMINATIONS, MONEY, CentralFigure
from expectations.swedish import swedish
from tasks.report.blocks import Block, Cell, Table, text
from tasks.report.comparing import Restated
from tasks.report.material import Material, in_millions, listed, say, words
from tasks.report.reconciling import central_source
from warehouse.central import central_figures
from warehouse.snapshot import StoredRow

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
LINES = ("income", "costs", "municipal_grant", "internal_grants", "result")
NAMES = 4


def is_company(material: Material, board_id: str) -> bool:
    """Say whether it is a company and no board."""
    board = material.city.board(board_id)
    return board is not None and board.kind == "company"


def results(material: Material) -> Iterator[Block]:
    """Yield the boards' results with what they are made of, and the companies'."""
    found = [stored for stored, _ in material.finance("result")]
    boards = [stored for stored in found if not is_company(material, stored.board)]
    companies = [stored for stored in found if is_company(material, stored.board)]
    if len(boards) == 1 and not companies:
        yield from _whole_table(material, boards[0].board)
    elif boards:
        yield from _boards(material, boards)
        yield from _lines(material, "outcome", "t-rader", material.say("economy.lines_outcome"))
        if material.round is None or material.round.type != "annual":
            title = say("economy.lines_forecast")
            yield from _lines(material, "forecast", "t-rader-prognos", title)
    if companies:
        yield from _companies(material, companies)


def _boards(material: Material, boards: Sequence[StoredRow]) -> Iterator[Block]:
    restated = Restated(material)
    rows = [_result(restated, stored) for stored in boards]
    rows.append(_sums(restated, boards))
    head = material.heads("economy.head")
    yield Table(
        "t-resultat",
        say("economy.table"),
        head,
        tuple(rows),
        f"{say('economy.note')} {_of_all(material, boards)}".strip(),
        say("economy.source"),
        tuple(range(1, len(head))),
        wide=True,
        footnotes=restated.marks.all,
    )


def _of_all(material: Material, told: Sequence[StoredRow], *, companies: bool = False) -> str:
    """Return how many of those that owe economy a sum is of, and who is not in it."""
    owed = material.city.owed(material.round) if material.round else {}
    names = [
        board.name
        for board in material.boards
        if (board.kind == "company") == companies
        and "economy" in owed.get(board.board_id, ())
        and board.board_id not in {stored.board for stored in told}
    ]
    if not names:
        return ""
    told_of = {"told": len(told), "count": len(told) + len(names), "names": listed(names, NAMES)}
    return say(f"economy.{'of_all_companies' if companies else 'of_all'}", **told_of)


def _result(restated: Restated, stored: StoredRow) -> tuple[Cell, ...]:
    cells = (restated.money(stored, key) for key in COLUMNS)
    return (text(restated.material.name(stored.board)), *cells)


def _sums(restated: Restated, found: Sequence[StoredRow]) -> tuple[Cell, ...]:
    cells = []
    for key in COLUMNS:
        values = [restated.millions(stored, key) for stored in found]
        ids = [one for stored in found for one in restated.ids(stored, key)]
        cells.append(_sum(values, tuple(ids)))
    return (Cell(say("economy.sum"), is_sum=True), *cells)


def _sum(values: Sequence[Decimal | None], ids: tuple[str, ...]) -> Cell:
    """Return the sum of money in mnkr, a dash where any of it is not known."""
    known = [value for value in values if value is not None]
    whole = len(known) == len(values)
    shown = swedish(sum(known, Decimal(0)), 1) if whole else "–"
    return Cell(shown, is_number=True, figures=ids if whole else (), how=say("how.sum"))


def _lines(material: Material, column: str, table_id: str, title: str) -> Iterator[Block]:
    """Yield what each board's result is made of, for one column: the period or the forecast."""
    said = {
        line: {
            stored.board: (stored, columns)
            for stored, columns in material.finance(line)
            if not is_company(material, stored.board)
        }
        for line in LINES
    }
    order = [board.board_id for board in material.boards if board.board_id in said["result"]]
    rows = []
    values: dict[str, list[tuple[Decimal | None, tuple[str, ...]]]] = {key: [] for key in LINES}
    for board in order:
        cells = [text(material.name(board))]
        for line in LINES:
            stored, columns = said[line].get(board, (None, {}))
            figure = columns.get(column)
            value = in_millions(figure)
            cell = Cell("–", is_number=True)
            if stored is not None and value is not None:
                cell = material.money(stored, f"columns.{column}", figure)
            cells.append(cell)
            values[line].append((value or Decimal(0), cell.figures))
        rows.append(tuple(cells))
    sums = (_sum([v for v, _ in told], sum((i for _, i in told), ())) for told in values.values())
    rows.append((Cell(say("economy.sum"), is_sum=True), *sums))
    head, note = tuple(words()["economy"]["parts_head"]), say("economy.parts_note")
    if len(order) > 1:
        yield Table(table_id, title, head, tuple(rows), note, numbers=tuple(range(1, len(head))))


def _whole_table(material: Material, board: str) -> Iterator[Block]:
    """Yield a lone board's result table with all its lines."""
    rows = [
        (
            text(stored.row.label),
            *(
                material.money(stored, f"columns.{key}", stored.row.columns.get(key))
                for key in COLUMNS
            ),
        )
        for stored in material.rows("finance")
        if stored.board == board and stored.row.table is None
    ]
    title = say("economy.lines", board=material.name(board))
    head = tuple(words()["economy"]["lines_head"])
    yield Table(
        "t-resultat", title, head, tuple(rows), numbers=tuple(range(1, len(head))), wide=True
    )


# --- companies -----------------------------------------------------------------------------------


def _companies(material: Material, companies: Sequence[StoredRow]) -> Iterator[Block]:
    """Yield the companies, what is eliminated between them, and the sum where all of it is known.

    What is eliminated comes from the city's own list out of its ledger; no company knows it.
    """
    restated = Restated(material)
    rows = [(*_result(restated, one), _invested(material, one.board)) for one in companies]
    known = _eliminated(material)
    note = say("economy.companies_note" if known else "economy.not_eliminated")
    if known:
        note = f"{note} {_of_all(material, companies, companies=True)}".strip()
    if len(companies) > 1:
        rows.append(_elimination_row(material, known))
        rows.append(_whole_group(restated, companies, known))
    head = (say("economy.company"), *material.heads("economy.head")[1:], say("economy.invested"))
    yield Table(
        "t-bolag",
        say("economy.companies"),
        head,
        tuple(rows),
        note,
        numbers=tuple(range(1, len(head))),
        wide=True,
        footnotes=restated.marks.all,
    )


def _invested(material: Material, board: str) -> Cell:
    """Return the sum of a company's investments as forecast for the year."""
    found = [s for s in material.rows("investments") if s.board == board]
    figures = [(s, s.row.columns.get("forecast")) for s in found]
    values = [in_millions(figure) for _, figure in figures]
    if not found or None in values:
        return Cell("–", is_number=True)
    ids = tuple(
        one
        for stored, figure in figures
        if figure is not None
        for one in material.ids(stored, "columns.forecast", figure)
    )
    return _sum(values, ids)


def _eliminated(material: Material) -> dict[str, CentralFigure]:
    """Return what the city's list says is eliminated between the companies, by column."""
    figures = central_figures(material.snapshot.central)
    return {one.column: one for one in figures if one.key == ELIMINATIONS}


def _in_mnkr(one: CentralFigure | None) -> Decimal | None:
    if one is None or one.figure.value is None or one.figure.unit not in MONEY:
        return None
    return one.figure.value * MONEY[one.figure.unit] / MONEY["mnkr"]


def _elimination_row(material: Material, known: dict[str, CentralFigure]) -> tuple[Cell, ...]:
    cells = []
    for key in COLUMNS:
        value = _in_mnkr(known.get(key))
        cell = Cell("–", is_number=True)
        if value is not None:
            ids = (central_source(material, known[key]),)
            cell = Cell(swedish(value, 1), is_number=True, figures=ids)
        cells.append(cell)
    return (text(say("economy.eliminations")), *cells, Cell("", is_number=True))


def _whole_group(
    restated: Restated, companies: Sequence[StoredRow], known: dict[str, CentralFigure]
) -> tuple[Cell, ...]:
    cells = []
    for key in COLUMNS:
        values = [restated.millions(stored, key) for stored in companies]
        ids = tuple(one for stored in companies for one in restated.ids(stored, key))
        if key in known:
            ids += (central_source(restated.material, known[key]),)
        cells.append(_sum([*values, _in_mnkr(known.get(key))], ids))
    return (Cell(say("economy.group"), is_sum=True), *cells, Cell("", is_number=True))
