"""Numbers, days and counts as Swedes write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal


def swedish(number: Decimal | None, decimals: int | None = None) -> str:
    """Return a number as Swedes write it: comma, no-break thousands, real minus."""
    if number is None:
        return ""
    places = max(0, -int(number.as_tuple().exponent)) if decimals is None else decimals
    text = f"{abs(number):,.{places}f}".replace(",", "\u00a0").replace(".", ",")
    return f"−{text}" if number < 0 else text


def swedish_day(day: date | None) -> str:
    """Return a day as 2026-03-31."""
    return day.isoformat() if day else ""


def days_in_words(count: int) -> str:
    """Return `1 dag` or `3 dagar`."""
    return f"{count} dag" if count == 1 else f"{count} dagar"


def swedish_order(text: str) -> str:
    """Return the key that sorts words as a Swedish dictionary does: å, ä, ö after z."""
    return text.lower().translate(str.maketrans("åäö", "{|}"))
