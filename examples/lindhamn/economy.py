"""The economy of the example city: result tables that add up, over boards, lines and rounds.

Each board's budget and forecast result is data (boards/*.toml). Costs follow from the result, and
what kommunstyrelsen pays in internal grants is what the others receive, in every column.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from examples.lindhamn.numbers import luck, millions, tenths
from expectations.contract import FinanceLine
from expectations.registers import Board, Round

PAYS = "kommunstyrelsen"
"""The board that pays the internal grants."""
SHARES = {"march": 0.25, "august": 2 / 3, "annual": 1.0}
_EARLIER = 0.962
"""Size of the budget before the first one that is data."""

Lines = dict[str, int]
"""Line of the result table -> tenths of a million."""


@dataclass(frozen=True)
class Economy:
    """All boards' economy; `boards` holds the [economy] table of each."""

    boards: Mapping[str, Mapping[str, Any]]

    def table(self, board: Board, round_: Round) -> tuple[FinanceLine, ...]:
        """Return a board's result table in one round: every line with eight columns, in mnkr."""
        columns = self._columns(board, round_)
        labels = _COMPANY if board.kind == "company" else _BOARD
        return tuple(
            FinanceLine(
                line,
                label,
                columns={key: millions(values[line]) for key, values in columns.items()},
            )
            for line, label in labels.items()
        )

    def _columns(self, board: Board, round_: Round) -> dict[str, Lines]:
        who, year, share = board.board_id, round_.period_to.year, SHARES[round_.type]
        outcome = self._period(who, year, round_)
        budget = self._budget(who, year, share)
        forecast = self._forecast(who, round_)
        before = self._accounts(who, year - 1)
        columns = {
            "outcome": outcome,
            "budget": budget,
            "deviation": {line: outcome[line] - budget[line] for line in outcome},
            "outcome_prev": before if share == 1 else self._part(who, year - 1, round_.type),
            "forecast": forecast,
            "forecast_prev": self._forecast_before(who, round_),
            "budget_year": self._budget(who, year, 1.0),
            "accounts_prev": before,
        }
        if board.kind == "company":
            self._add_equity(who, year, columns)
        return columns

    def _size(self, who: str, year: int, line: str) -> float:
        plans = self.boards[who]
        plan = plans.get(str(year)) or plans["2025"]
        return float(plan.get(line, 0.0)) * (_EARLIER if str(year) not in plans else 1.0)

    def _given(self, who: str, year: int, share: float) -> Lines:
        """Return what does not vary: grants, internal grants, or a company's financial net."""
        if "grant" not in self.boards[who]["2025"]:
            return {"financial_net": tenths(self._size(who, year, "financial") * share)}
        return {
            "municipal_grant": tenths(self._size(who, year, "grant") * share),
            "internal_grants": self._internal(who, year, share),
        }

    def _internal(self, who: str, year: int, share: float) -> int:
        if who != PAYS:
            return tenths(self._size(who, year, "internal") * share)
        # The board that ended and the one that took over its work stand for the same money.
        others = set(self.boards) - {PAYS, _ENDED if year > _LAST_YEAR else _STARTED}
        return -sum(self._internal(other, year, share) for other in others)

    def _planned(self, who: str, year: int, share: float) -> int:
        return tenths(self._size(who, year, "planned") * share)

    def _lines(self, who: str, year: int, share: float, swing: float, result: int) -> Lines:
        given = self._given(who, year, share)
        income = tenths(self._size(who, year, "income") * share * (1 + swing))
        costs = result - income - sum(given.values())
        return {"income": income, "costs": costs, **given, "result": result}

    def _budget(self, who: str, year: int, share: float) -> Lines:
        return self._lines(who, year, share, 0.0, self._planned(who, year, share))

    def _result(self, who: str, round_id: str) -> int:
        return tenths(self.boards[who]["result"][round_id])

    def _accounts(self, who: str, year: int) -> Lines:
        chance = luck(who, str(year), "accounts")
        swing = chance.uniform(-0.012, 0.024)
        result = self.boards[who]["result"].get(f"{year}-12")
        if result is None:
            result = self._size(who, year, "planned") + self._size(who, year, "income") * (
                chance.uniform(-0.01, 0.012)
            )
        return self._lines(who, year, 1.0, swing, tenths(result))

    def _forecast(self, who: str, round_: Round) -> Lines:
        year = round_.period_to.year
        if round_.type == "annual":
            return self._accounts(who, year)
        swing = luck(who, round_.round_id, "forecast").uniform(-0.008, 0.015)
        return self._lines(who, year, 1.0, swing, self._result(who, round_.round_id))

    def _forecast_before(self, who: str, round_: Round) -> Lines:
        """Return the forecast before this one: the budget in March, March's in August."""
        year = round_.period_to.year
        if round_.type == "march":
            return self._budget(who, year, 1.0)
        chance = luck(who, str(year), "forecast before")
        if round_.type == "august":
            swing = luck(who, f"{year}-03", "forecast").uniform(-0.008, 0.015)
            known = self.boards[who]["result"].get(f"{year}-03", 0.0)
            return self._lines(who, year, 1.0, swing, tenths(known))
        drift = self._size(who, year, "income") * chance.uniform(-0.012, 0.008)
        result = self._result(who, round_.round_id) + tenths(drift)
        return self._lines(who, year, 1.0, chance.uniform(-0.01, 0.01), result)

    def _period(self, who: str, year: int, round_: Round) -> Lines:
        if round_.type == "annual":
            return self._accounts(who, year)
        share = SHARES[round_.type]
        chance = luck(who, round_.round_id, "period")
        result = self._result(who, round_.round_id) * share * chance.uniform(0.85, 1.05)
        return self._lines(who, year, share, chance.uniform(-0.02, 0.025), int(result))

    def _part(self, who: str, year: int, kind: str) -> Lines:
        """Return the same part of the year before."""
        share = SHARES[kind]
        chance = luck(who, str(year), kind)
        result = self._accounts(who, year)["result"] * share * chance.uniform(0.7, 1.2)
        return self._lines(who, year, share, chance.uniform(-0.02, 0.02), int(result))

    def _add_equity(self, who: str, year: int, columns: dict[str, Lines]) -> None:
        """Give each column the equity at its end: the equity at the start of its year + result."""
        first = tenths(self.boards[who]["2025"]["equity"])
        starts = {_FIRST_YEAR - 1: first - self._accounts(who, _FIRST_YEAR - 1)["result"]}
        starts[_FIRST_YEAR] = first
        starts[_FIRST_YEAR + 1] = first + self._accounts(who, _FIRST_YEAR)["result"]
        for key, values in columns.items():
            start = starts[year - 1 if key.endswith("_prev") and key != "forecast_prev" else year]
            values["equity"] = start + values["result"]
        outcome, budget = columns["outcome"], columns["budget"]
        columns["deviation"]["equity"] = outcome["equity"] - budget["equity"]


_FIRST_YEAR = 2025
_LAST_YEAR = 2025
_ENDED = "arbetsmarknadsnamnden"
_STARTED = "arbetsmarknads-och-vuxenutbildningsnamnden"
_BOARD = {
    "income": "Intäkter",
    "costs": "Kostnader",
    "municipal_grant": "Kommunbidrag",
    "internal_grants": "Kommuninterna bidrag",
    "result": "Resultat",
}
_COMPANY = {
    "income": "Intäkter",
    "costs": "Kostnader",
    "financial_net": "Finansnetto",
    "result": "Resultat",
    "equity": "Eget kapital",
}
