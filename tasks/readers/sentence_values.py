"""The values of a clause: their one unit, their signs, and whether its numbers agree.

A deviation is outcome minus budget, turned round for what costs; a change is outcome minus the year
before. A clause whose numbers contradict each other is not to be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from tasks.readers.numbers import MONEY
from tasks.readers.sentence_words import Amount, Part
from tasks.readers.wording import Wording

_TURNED = Decimal(-1)


class UnlikeError(Exception):
    """The numbers of a clause do not fit together; nothing of it may be taken."""


def in_one_unit(
    kind: str, code: str, amounts: dict[str, Amount], words: Wording
) -> dict[str, Amount] | None:
    """Return the amounts in the one unit that fits their subject, None where none or several do.

    A number without a unit has that of the others: `från 8,2 till 7,8 procent`.
    """
    wanted = words.table("staff_units").get(code) if kind == "metric" else None
    told = {one.unit for name, one in amounts.items() if one.unit is not None}
    if kind != "metric":
        unit = told.pop() if len(told) == 1 else None
    elif wanted == "percent":
        unit = wanted if told == {"percent"} else None
    else:
        relative = amounts.get("change")
        told -= {"percent"} if relative is not None and relative.unit == "percent" else set()
        unit = wanted if told <= {"count"} else None
    if unit is None or (kind != "metric" and unit not in MONEY):
        return None
    return {
        name: Amount(a.digits, a.value, unit, a.decimals, a.is_signed, a.is_points)
        for name, a in amounts.items()
        if name != "change" or _is_difference(a, unit)
    }


def _is_difference(change: Amount, unit: str) -> bool:
    """Say whether a change is in the unit of what changes: `5 procent` of a cost is another."""
    if unit == "percent":
        return change.is_points
    return change.unit in (None, unit) or (change.unit == "count")


def values_of(
    roles: dict[str, Part], amounts: dict[str, Amount], *, gains: bool
) -> dict[str, Decimal]:
    """Return the values of a clause with the signs that its words give."""
    values = {name: one.value for name, one in amounts.items()}
    _sign_others(roles, amounts, values)
    if "main" in values and "sum" in roles:
        values["main"] = _signed(amounts["main"], roles["sum"].says)
        if "off_budget" in roles and "deviation" not in values:
            values["deviation"] = values.pop("main")
            amounts["deviation"] = amounts["main"]
    elif "off_budget" in roles and "main" in values:
        if not amounts["main"].is_signed:
            raise UnlikeError
        values["deviation"], amounts["deviation"] = values.pop("main"), amounts["main"]
    if "deviation" in amounts and "deviation" in values and roles.get("deviation"):
        values |= _deviation(roles, amounts, values, gains=gains)
    if "deviation" in values and values["deviation"] is _UNKNOWN:
        del values["deviation"]
    _check(roles, amounts, values, gains=gains)
    return values


def _sign_others(
    roles: dict[str, Part], amounts: dict[str, Amount], values: dict[str, Decimal]
) -> None:
    """Give an earlier forecast and the year before the sign that a word says, or take it out."""
    if "sum" not in roles:
        return
    for name in ("ahead", "before"):
        if name in values and "main" not in values:
            values[name] = _signed(amounts[name], roles["sum"].says)
        elif name in values and not amounts[name].is_signed:
            # `ett underskott på 3 mnkr (2 mnkr)`: nothing says what last year was
            del values[name]


_UNKNOWN = Decimal("NaN")


def _signed(amount: Amount, sign: str) -> Decimal:
    """Return an amount with the sign of a word; a sign of its own must agree."""
    value = amount.value if sign == "+" else -abs(amount.value)
    if amount.is_signed and (amount.value < 0) is not (sign == "-"):
        raise UnlikeError
    return value


def _deviation(
    roles: dict[str, Part],
    amounts: dict[str, Amount],
    values: dict[str, Decimal],
    *,
    gains: bool,
) -> dict[str, Decimal]:
    """Return the deviation with its sign: from words, from its own, or from outcome and budget."""
    amount = amounts["deviation"]
    told = (roles.get(name) for name in ("differs", "exceeds", "off", "goes"))
    word = next((one for one in told if one is not None), None)
    says = word.says.split()[0] if word is not None and word.says else ""
    if says in ("higher", "up"):
        says = "+" if gains else "-"
    elif says in ("lower", "down"):
        says = "-" if gains else "+"
    sign = {"better": "+", "worse": "-"}.get(says, says)
    if sign in ("+", "-"):
        return {"deviation": _signed(amount, sign)}
    if amount.is_signed:
        return {"deviation": amount.value}
    if "main" in values and "budget" in values:
        more = values["main"] > values["budget"]
        is_good = more if gains or values["main"] < 0 else not more
        return {"deviation": abs(amount.value) * (1 if is_good else -1)}
    return {"deviation": _UNKNOWN}


def _check(
    roles: dict[str, Part],
    amounts: dict[str, Amount],
    values: dict[str, Decimal],
    *,
    gains: bool,
) -> None:
    """Raise UnlikeError where the numbers of a clause contradict each other."""
    if {"main", "budget", "deviation"} <= values.keys():
        difference = values["main"] - values["budget"]
        turned = difference if gains or values["main"] < 0 else difference * _TURNED
        _same(turned, values["deviation"], amounts, ("main", "budget", "deviation"))
    if {"main", "before"} <= values.keys():
        grown = values["main"] - values["before"]
        says = roles["changed"].says if "changed" in roles else ""
        if (says in ("up", "higher") and grown < 0) or (says in ("down", "lower") and grown > 0):
            raise UnlikeError
        if "change" in values:
            _same(abs(grown), abs(values["change"]), amounts, ("main", "before", "change"))


def _same(one: Decimal, other: Decimal, amounts: dict[str, Amount], names: Sequence[str]) -> None:
    """Raise UnlikeError where two differ by more than their rounding."""
    coarsest = min(amounts[name].decimals for name in names)
    if abs(one - other) > Decimal("1.5") * Decimal(10) ** -coarsest:
        raise UnlikeError
