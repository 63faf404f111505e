"""A row of figures as an indicator: its outcomes by year, its targets, where measuring began."""

from __future__ import annotations

from expectations.contract import Figure, Indicator, Unread
from tasks.readers.grid import Row
from tasks.readers.wording import Wording

FIELDS = ("baseline", "target_year", "target_term")
OTHER = "Kolumnen hör inte till en indikator."


def indicator_of(row: Row, words: Wording) -> tuple[Indicator | None, list[Unread]]:
    """Return a row as an indicator, and its figures that none has; None without any figure."""
    outcomes: dict[str, Figure] = {}
    fields: dict[str, Figure] = {}
    unread: list[Unread] = []
    for key, found in row.columns.items():
        year = _year(key, words)
        if found.state == "blank":
            continue
        if key in FIELDS:
            fields[key] = found
        elif year is not None and year not in outcomes:
            outcomes[year] = found
        else:
            unread.append(Unread(found.written, OTHER, found.place))
    if not outcomes and not fields:
        return None, unread
    units = {f.unit for f in (*outcomes.values(), *fields.values())}
    unit = units.pop() if len(units) == 1 else None
    one = Indicator(
        row.label,
        row.place,
        unit=unit,
        baseline=fields.get("baseline"),
        outcomes=outcomes,
        target_year=fields.get("target_year"),
        target_term=fields.get("target_term"),
    )
    return one, unread


def _year(key: str, words: Wording) -> str | None:
    """Return the year of an outcome; this report's, or last year's, where only that is said."""
    if key.isdigit():
        return key
    back = {"outcome": 0, "outcome_prev": 1, "all": 0, "all_prev": 1}.get(key)
    return None if back is None or words.year is None else str(words.year - back)
