"""Numbers of the example city: tenths as whole numbers while they are added, figures when printed.

All money is added in whole tenths of a million, so that every table adds up to the last digit.
"""

from __future__ import annotations

import random
from decimal import ROUND_HALF_UP, Decimal

from expectations.contract import Figure, Word
from expectations.registers import City, Round


def rounded(value: float | Decimal, decimals: int = 0) -> Decimal:
    """Return a number rounded as people do it: halves up, in decimal."""
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def tenths(value: float) -> int:
    """Return a number as whole tenths."""
    return int(rounded(value * 10))


def figure(value: float | Decimal, unit: str, decimals: int = 0) -> Figure:
    """Return a figure printed the Swedish way: comma, real minus, no-break space per thousand."""
    number = rounded(value, decimals)
    text = f"{abs(number):,.{decimals}f}".replace(",", "\u00a0").replace(".", ",")
    return Figure(f"−{text}" if number < 0 else text, number, unit, decimals)


def millions(in_tenths: int) -> Figure:
    """Return tenths of a million as a figure in mnkr."""
    return figure(Decimal(in_tenths) / 10, "mnkr", 1)


def counted(written: str, unit: str = "headcount") -> Figure:
    """Return a number or an interval (`0-4`) as a board writes it."""
    low, between, high = written[1:].partition("-")
    if between:
        return Figure(written, None, unit, 0, low=Decimal(written[0] + low), high=Decimal(high))
    plain = written.replace(",", ".")
    number = Decimal(plain)
    return figure(number, unit, len(plain.partition(".")[2]))


def word(city: City, round_: Round, scale: str, written: str) -> Word:
    """Return a step of one of the city's scales."""
    return Word(written, city.scale(scale, round_.period_to).code_of(written))


def luck(*seed: str) -> random.Random:
    """Return a generator that gives the same numbers for the same words on every machine."""
    return random.Random("/".join(seed))
