"""What stands in the tables of a made report: values with real arithmetic, under words for them."""

from __future__ import annotations

import random
from typing import Any

from benchmarks.layout_pen import WORDS, Column, Pen, Row, Sheet

QUANTA = {"mnkr": (100_000, 1), "tkr": (1_000, 0), "kr": (1, 0)}
"""The least amount that a unit prints, in kronor, and its decimals."""
SILENT = ("words", "note")


def _heads(pen: Pen, roles: list[str], groups: dict[str, str]) -> list[Column]:
    """Return the columns of money with words for their heads, no head twice in a group."""
    rng = pen.rng
    columns: list[Column] = []
    for role in roles:
        words = WORDS["columns"][role]
        pool = list(words["group"] if groups else words.get(pen.mode) or words["interim"])
        if role == "budget_year" and "budget" not in roles and "forecast_deviation" in roles:
            pool += ["Budget", "Budget {y}"]
        if role == "budget" and not {"budget_year", "forecast"} & set(roles):
            pool += ["Budget", "Budget"]
        if role == "forecast_deviation" and "deviation" not in roles:
            pool += ["Avvikelse", "Avvikelse", "Diff"]
        group = groups.get(role, "")
        taken = {column.head for column in columns if column.group == group}
        free = [head for word in pool if (head := pen.fill(word)) not in taken]
        column = Column(role, _keys(pen, role), group, rng.choice(free or [words["unknown"][0]]))
        if role.endswith("percent"):
            column.decimals, column.unit = 1, "percent"
            column.sign = rng.choice(["", "", "%", " %"])
        columns.append(column)
    return columns


def _keys(pen: Pen, role: str) -> tuple[str, ...]:
    if role in ("added", *SILENT):
        return ()
    if role == "left":
        # what is left of the year's budget is its difference to the outcome
        return ("deviation",)
    if pen.mode == "annual":
        same = {
            "budget": ("budget", "budget_year"),
            "outcome_prev": ("outcome_prev", "accounts_prev"),
        }
        return same.get(role, (role,))
    return (role,)


def _unknown(pen: Pen, columns: list[Column], traits: dict[str, str]) -> None:
    """Give one column a head that the vocabulary lacks, in some tables."""
    traits["okänt ord"] = "nej"
    if pen.rng.random() < 0.15:
        column = pen.rng.choice(columns)
        if column.role in WORDS["columns"]:
            column.head = pen.pick("columns", column.role, "unknown")
            traits["okänt ord"] = column.role


def _money_roles(pen: Pen) -> tuple[list[str], dict[str, str]]:
    """Return the roles of a result table in order, and the group of each where it has groups."""
    rng = pen.rng
    if pen.mode == "annual":
        roles = ["outcome", "budget", "deviation"]
        roles += [x for x in ("outcome_prev", "change", "deviation_percent") if rng.random() < 0.35]
        roles = _ordered(rng, roles)
        return _with_more(rng, roles), {}
    period = ["outcome", "budget", "deviation"]
    period += [x for x in ("outcome_prev", "deviation_percent") if rng.random() < 0.3]
    year = ["forecast", "budget_year", "forecast_deviation"]
    year += [x for x in ("accounts_prev", "forecast_prev") if rng.random() < 0.25]
    period, year = _ordered(rng, period), _ordered(rng, year)
    kind = rng.choice(["both", "both", "period", "year", "mixed"])
    if kind == "both" and rng.random() < 0.4:
        names = (pen.pick("groups", "period"), pen.pick("groups", "year"))
        parts = [(names[0], period), (names[1], year)]
        rng.shuffle(parts)
        return [x for _, part in parts for x in part], {x: n for n, part in parts for x in part}
    if kind == "mixed":
        roles = _ordered(rng, ["budget_year", "outcome", "forecast", "forecast_deviation"])
        roles += [x for x in ("used_percent", "left") if rng.random() < 0.2]
    elif kind == "both":
        roles = period + year if rng.random() < 0.7 else year + period
    else:
        roles = period if kind == "period" else year
    return _with_more(rng, roles), {}


def _ordered(rng: random.Random, roles: list[str]) -> list[str]:
    """Return roles in an order that occurs: as given, budget first, or any."""
    way = rng.random()
    if way < 0.4:
        return list(roles)
    if way < 0.7:
        first = [role for role in roles if role.startswith("budget")]
        return first + [role for role in roles if role not in first]
    return rng.sample(roles, len(roles))


def _with_more(rng: random.Random, roles: list[str]) -> list[str]:
    # without the forecast nobody could tell whose the budget and the deviation are
    kept = ("outcome", "forecast")
    roles = [role for role in roles if role == "outcome" or rng.random() < 0.95 or role in kept]
    if rng.random() < 0.07:
        roles.insert(0, "note")
    if rng.random() < 0.07:
        roles.insert(rng.randrange(len(roles)), "added")
    return [*roles, "words"] if rng.random() < 0.07 else roles


def _levels(pen: Pen, base: float, quantum: int) -> dict[str, int]:
    """Return the amounts of a row, in the least amounts that are printed."""
    rng, share = pen.rng, pen.month / 12

    def near(amount: float, spread: float) -> float:
        return amount * (1 + rng.gauss(0, spread))

    told = {"budget_year": base, "forecast": near(base, 0.02), "accounts_prev": near(base, 0.05)}
    told["budget"] = base if pen.mode == "annual" else near(base * share, 0.01)
    told["outcome"] = near(told["budget"], rng.choice([0.002, 0.03, 0.03, 0.2]))
    told["outcome_prev"] = near(told["outcome"], 0.05)
    told["forecast_prev"] = near(told["forecast"], 0.01)
    told["added"] = base * rng.choice([0, 0, 0.01, 0.03])
    found = {name: round(amount / quantum) for name, amount in told.items()}
    if rng.random() < 0.1:
        found["forecast"] = found["budget_year"]
    if rng.random() < 0.05:
        found["outcome"] = found["budget"]
    return {name: 0 if rng.random() < 0.02 else amount for name, amount in found.items()}


def _derived(levels: dict[str, int], favour: int, mode: str) -> dict[str, Any]:
    """Return a row's values: its levels and what is reckoned from them."""
    whole = levels.get("budget" if mode == "annual" else "budget_year", 0)
    values: dict[str, Any] = dict(levels)
    values["deviation"] = favour * (levels["outcome"] - levels["budget"])
    values["forecast_deviation"] = favour * (levels["forecast"] - levels["budget_year"])
    values["change"] = levels["outcome"] - levels["outcome_prev"]
    values["left"] = whole - levels["outcome"]
    percents = {"deviation_percent": (values["deviation"], abs(levels["budget"]))}
    percents["used_percent"] = (levels["outcome"], whole)
    for name, (part, all_) in percents.items():
        values[name] = round(1000 * part / all_) if all_ else None
    return values


def finance(pen: Pen) -> Sheet:
    """Return a result table: lines of income and costs, or net cost by activity."""
    rng = pen.rng
    unit = pen.unit if rng.random() < 0.85 else rng.choice(["mnkr", "tkr", "kr"])
    quantum, decimals = QUANTA[unit]
    if unit == "mnkr" and rng.random() < 0.15:
        quantum, decimals = 1_000_000, 0
    style = rng.choice(["minus", "minus", "minus", "plus", "plus", "omvänt"])
    by_lines = rng.random() < 0.6
    rows = (_of_lines if by_lines else _of_activities)(pen, quantum, style)
    roles, groups = _money_roles(pen)
    columns = _heads(pen, roles, groups)
    sheet = Sheet(
        "finance",
        columns,
        rows,
        pen.pick("corners", "finance_lines" if by_lines else "finance"),
        pen.pick("headings", "finance"),
        unit,
        decimals,
        {"rader": "poster" if by_lines else "verksamheter", "tecken": style},
    )
    _unknown(pen, columns, sheet.traits)
    _words_of(pen, sheet)
    return sheet


def _words_of(pen: Pen, sheet: Sheet) -> None:
    for number, row in enumerate(sheet.rows, 1):
        row.values["note"] = str(number) if pen.rng.random() < 0.6 else None
        row.values["words"] = pen.pick("prose", "comments") if pen.rng.random() < 0.5 else None


def _row(
    pen: Pen, label: str, true: dict[str, int], signs: tuple[int, int], code: str | None
) -> Row:
    """Return a row: `signs` is how its levels are printed, and how its differences count."""
    printed = {name: signs[0] * amount for name, amount in true.items()}
    return Row(label, _derived(printed, signs[1], pen.mode), code or None)


def _sum(rows: list[dict[str, int]]) -> dict[str, int]:
    return {name: sum(row[name] for row in rows) for name in rows[0]}


def _of_lines(pen: Pen, quantum: int, style: str) -> list[Row]:
    """Return lines of income and costs with their sums, the grant and the result."""
    rng = pen.rng
    size = 10 ** rng.uniform(6.5, 9.2)
    plus = {"minus": (1, 1), "plus": (1, 1), "omvänt": (-1, -1)}[style]
    minus = {"minus": (1, 1), "plus": (-1, -1), "omvänt": (-1, -1)}[style]
    rows: list[Row] = []
    sums: list[dict[str, int]] = []
    for name, sign, how in (("income", 1, plus), ("cost", -1, minus)):
        labels = rng.sample(sorted(WORDS[name]), rng.choice([0, 0, 2, 3]))
        parts = [_levels(pen, sign * size * rng.uniform(0.02, 0.5), quantum) for _ in labels]
        rows += [
            _row(pen, label, part, how, WORDS[name][label])
            for label, part in zip(labels, parts, strict=True)
        ]
        whole = _sum(parts) if parts else _levels(pen, sign * size * rng.uniform(0.1, 1), quantum)
        sums.append(whole)
        kind = "income" if name == "income" else "costs"
        label = pen.pick("sums", kind)
        rows.append(_row(pen, label, whole, how, kind))
    net = _sum(sums)
    if rng.random() < 0.8:
        rows.append(_row(pen, pen.pick("sums", "net_cost"), net, minus, "net_cost"))
    if rng.random() < 0.6:
        grant = {name: -amount + rng.choice([0, 0, 1, 3]) for name, amount in net.items()}
        rows.append(_row(pen, pen.pick("sums", "municipal_grant"), grant, plus, None))
        rows.append(_row(pen, pen.pick("sums", "result"), _sum([net, grant]), plus, "result"))
    return rows


def _of_activities(pen: Pen, quantum: int, style: str) -> list[Row]:
    """Return net costs by activity and their sum, which may have no label."""
    rng = pen.rng
    signs = {"minus": (1, 1), "plus": (-1, -1), "omvänt": (-1, -1)}[style]
    labels = rng.sample(WORDS["names"]["activities"], rng.randint(3, 8))
    parts = [_levels(pen, -(10 ** rng.uniform(5.8, 8.6)), quantum) for _ in labels]
    rows = [_row(pen, x, part, signs, None) for x, part in zip(labels, parts, strict=True)]
    if rng.random() < 0.85:
        label = pen.pick("sums", "total") if rng.random() < 0.92 else ""
        rows.append(_row(pen, label, _sum(parts), signs, None))
        rows[-1].kind = "sum"
    return rows


def investments(pen: Pen) -> Sheet:
    """Return a table of projects with budgets of the year or of the whole project."""
    rng = pen.rng
    unit = pen.unit if rng.random() < 0.7 else rng.choice(["mnkr", "tkr"])
    quantum, decimals = QUANTA[unit]
    whole = rng.random() < 0.4
    roles = ["total_budget", "total_outcome"] * whole
    if pen.mode == "annual":
        roles += ["budget", "outcome", "deviation"]
    else:
        roles += ["budget_year", "outcome", "forecast", "forecast_deviation"]
    roles += ["total_forecast"] * (whole and rng.random() < 0.5)
    roles = _with_more(rng, roles if rng.random() < 0.7 else _ordered(rng, roles))
    labels = rng.sample(WORDS["names"]["projects"], rng.randint(3, 8))
    parts = []
    for _ in labels:
        levels = _levels(pen, 10 ** rng.uniform(5.3, 8), quantum)
        levels["outcome"] = round(levels["outcome"] * rng.choice([0, 0.2, 0.6, 1, 1]))
        times = rng.choice([1, 2, 4])
        levels["total_budget"] = levels["budget_year"] * times
        levels["total_outcome"] = levels["outcome"] + levels["outcome_prev"] * (times - 1)
        levels["total_forecast"] = levels["total_budget"] + rng.choice([0, 0, -1, 2]) * times
        parts.append(levels)
    rows = [_row(pen, x, part, (1, -1), None) for x, part in zip(labels, parts, strict=True)]
    if rng.random() < 0.8:
        rows.append(_row(pen, pen.pick("sums", "total"), _sum(parts), (1, -1), None))
    named = rng.random() < 0.6
    columns = _heads(pen, roles, {})
    for column in columns:
        if column.role in ("budget", "budget_year"):
            column.keys = ("budget", "budget_year")
    sheet = Sheet(
        "investments",
        columns,
        rows,
        pen.pick("corners", "investments") if named else rng.choice(["Projekt", "Objekt"]),
        pen.pick("headings", "investments" if named else "projects"),
        unit,
        decimals,
        {"rubrik nämner investering": "ja" if named else "nej"},
    )
    _unknown(pen, columns, sheet.traits)
    _words_of(pen, sheet)
    return sheet


STAFF = {
    **dict.fromkeys(
        ("employees", "temporary_employees", "hourly_employees"), ("headcount", 0, 900)
    ),
    **dict.fromkeys(("exits", "recruitments", "retirements", "managers"), ("headcount", 0, 60)),
    **dict.fromkeys(("annual_fte", "hourly_fte"), ("fte", 1, 9000)),
    **dict.fromkeys(
        ("sick_leave_total", "sick_leave_short", "sick_leave_long"), ("percent", 1, 90)
    ),
    **dict.fromkeys(("turnover", "turnover_external"), ("percent", 1, 140)),
    **dict.fromkeys(("healthy_attendance", "full_time_share", "working_time"), ("percent", 1, 800)),
    "engagement_index": ("index", 0, 80),
    "overtime": (None, 0, 9000),
    "": (None, 0, 40),
}
"""Metric: unit, decimals, and about how much of its last digits."""


def staff(pen: Pen) -> Sheet:
    """Return a table of staff figures by year, by period or by women and men."""
    rng = pen.rng
    labels = rng.sample(sorted(WORDS["staff"]), rng.randint(3, 7))
    way = rng.choice(["år", "år", "period", "kön"])
    if way == "år":
        columns = [_col("outcome", "{y}"), _col("outcome_prev", "{p}"), _col("older", "{pp}")]
        columns = columns[: rng.choice([2, 2, 3])]
        if rng.random() < 0.3:
            columns = columns[::-1]
        if len(columns) == 2 and rng.random() < 0.3:
            columns.append(_col("change", "Förändring"))
    elif way == "kön":
        names = ["Totalt", "Kvinnor", "Män"]
        columns = [Column(x, ("outcome",), head=x, scope=x) for x in names]
        columns[0].scope = ""
        columns = columns if rng.random() < 0.5 else [*columns[1:], columns[0]]
    else:
        now = rng.choice(["Utfall {s} {y}", "{m} {y}", "Utfall {m} {y}", "{y}-{mm}", "Utfall {s}"])
        before = {"Utfall {s}": "Utfall {s} fg år"}.get(now, now.replace("{y}", "{p}"))
        columns = [_col("outcome", now), _col("outcome_prev", before)]
        columns[1].keys = _keys(pen, "outcome_prev")
        if pen.mode == "interim" and rng.random() < 0.4:
            columns.append(_col("forecast", "Prognos {y}"))
    for column in columns:
        column.head = pen.fill(column.head)
        column.keys = (str(pen.year - 2),) if column.role == "older" else column.keys
    rows = []
    for label in labels:
        unit, decimals, size = STAFF[WORDS["staff"][label]]
        base = max(3, round(size * rng.uniform(0.3, 1.2)))
        values = {c.role: max(0, round(base * rng.uniform(0.85, 1.15))) for c in columns}
        values |= (
            {"change": values["outcome"] - values["outcome_prev"]} if "change" in values else {}
        )
        rows.append(Row(label, values, WORDS["staff"][label] or None, unit=unit, decimals=decimals))
    heading, corner = pen.pick("headings", "staff"), pen.pick("corners", "staff")
    sheet = Sheet("staff", columns, rows, corner, heading)
    sheet.traits["kolumner efter"] = way
    return sheet


def _col(role: str, head: str) -> Column:
    return Column(role, (role,), head=head)


def indicators(pen: Pen) -> Sheet:
    """Return a table of indicators: outcomes by year and targets."""
    rng = pen.rng
    year = pen.year
    names = rng.choice([["Utfall {x}"], ["Utfall {x}"], ["{x}"], ["Resultat {x}"]])[0]
    count = rng.choice([1, 2, 2, 3])
    columns = [
        Column(f"y{back}", (str(year - back),), head=names.replace("{x}", str(year - back)))
        for back in range(count)
    ]
    columns = columns if rng.random() < 0.4 else columns[::-1]
    target = rng.choice(
        ["Målvärde {y}", "Mål {y}", "Målvärde", "Måltal {y}", "Årsmål", "Målnivå {y}"]
    )
    columns.append(Column("target", ("target_year",), head=pen.fill(target)))
    if rng.random() < 0.2:
        columns.insert(
            0, Column("start", ("baseline",), head=rng.choice(["Startvärde", "Basvärde"]))
        )
    if rng.random() < 0.15:
        columns.append(Column("term", ("target_term",), head="Målvärde mandatperioden"))
    if rng.random() < 0.2:
        columns.append(
            Column("words", (), head=rng.choice(["Kommentar", "Måluppfyllelse", "Trend"]))
        )
    rows = []
    sizes = WORDS["names"]["indicators"]
    for label in rng.sample(sorted(sizes), rng.randint(2, 6)):
        share = "%" in label or "procent" in label
        base, decimals = sizes[label] * rng.uniform(0.6, 1.1), rng.choice([0, 0, 1])
        decimals = 0 if label.startswith("Antal") or base > 1000 else decimals
        values: dict[str, Any] = {
            c.role: round(base * 10**decimals * rng.uniform(0.9, 1.1)) for c in columns
        }
        values["words"] = rng.choice(["Uppfyllt", "Delvis", None])
        rows.append(Row(label, values, unit="percent" if share else None, decimals=decimals))
    sheet = Sheet(
        "indicators",
        columns,
        rows,
        pen.pick("corners", "indicators"),
        pen.pick("headings", "indicators"),
    )
    sheet.traits["mål heter"] = target
    return sheet


def volumes(pen: Pen) -> Sheet:
    """Return a table of volumes: outcomes by year, a budget and a forecast."""
    rng, year = pen.rng, pen.year
    if pen.mode == "annual":
        columns = [Column(f"y{b}", (str(year - b),), head=f"Utfall {year - b}") for b in (1, 0)]
        columns.insert(1, Column("budget", ("budget", "budget_year"), head=f"Budget {year}"))
    else:
        columns = [Column("y1", (str(year - 1),), head=f"Utfall {year - 1}")]
        columns.append(Column("budget", ("budget", "budget_year"), head=f"Budget {year}"))
        columns.append(Column("forecast", ("forecast",), head=f"Prognos {year}"))
    rows = []
    for label in rng.sample(WORDS["names"]["volumes"], rng.randint(2, 6)):
        base = rng.choice([14, 230, 1900, 46000])
        values = {c.role: round(base * rng.uniform(0.85, 1.2)) for c in columns}
        rows.append(Row(label, values))
    return Sheet(
        "measures",
        columns,
        rows,
        pen.pick("corners", "volumes"),
        pen.pick("headings", "volumes"),
    )
