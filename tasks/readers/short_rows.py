"""Rows in lines that have another count of values than their table has columns.

What they lack, or have too much, is told by their label, their numbers or their differences, one
rule each. A rule answers only where it leaves exactly one reading.
"""

from __future__ import annotations

from collections.abc import Sequence

from tasks.readers.grid import Sought
from tasks.readers.numbers import Token, figure, row_readings
from tasks.readers.raw_row import RawRow
from tasks.readers.row_arithmetic import difference_fits

_PAIR = ("women", "men")
_FEWEST_KEYS = 5


def short_row(raw: RawRow, keys: Sequence[str | None], sought: Sought) -> list[Token | None] | None:
    """Return a token or None for each key, by the first rule that can read the row."""
    tokens = _partly(raw, keys, sought)
    for rule in (_without_shares, _before_comment, _own_target):
        tokens = rule(raw, keys) if tokens is None else tokens
    return tokens


def _partly(raw: RawRow, keys: Sequence[str | None], sought: Sought) -> list[Token | None] | None:
    """Return the tokens of a row that fills some columns only, where its label tells which."""
    filled = sought.filled(raw.label, keys) if keys else ()
    readings = row_readings(raw.values, len(filled)) if filled else []
    if len(readings) != 1 or not set(filled) <= set(keys):
        return None
    found = dict(zip(filled, readings[0], strict=True))
    return [found.get(key or "") for key in keys]


def _without_shares(raw: RawRow, keys: Sequence[str | None]) -> list[Token | None] | None:
    """Return the tokens of a row that has no women and men, where it must be those it lacks.

    Read as if it had them, its first value would have to lie between the next two.
    """
    shares = [at for at, key in enumerate(keys) if key in ("women", "men")]
    readings = row_readings(raw.values, len(keys) - 2)
    if shares != [1, 2] or len(readings) != 1 or len(keys) < _FEWEST_KEYS or None in keys:
        return None
    [tokens] = readings
    values = [figure(token.written, unit=None).value for token in tokens[:3]]
    first, *others = [value for value in values if value is not None]
    if len(others) < len(shares) or min(others) <= first <= max(others):
        return None
    return [tokens[0], None, None, *tokens[1:]]


def _own_target(raw: RawRow, keys: Sequence[str | None]) -> list[Token | None] | None:
    """Return the tokens of an indicator that has no target of the council, or no women and men.

    Whoever has the council's target prints the board's own before it, so one target is the board's.
    """
    shares = [at for at, key in enumerate(keys) if key in ("women", "men")]
    council = [at for at, key in enumerate(keys) if key == "council_target"]
    if None in keys or "words" in keys or len(council) != 1 or "target_year" not in keys:
        return None
    options = [council, *([shares, [*shares, *council]] if len(shares) == len(_PAIR) else [])]
    found: list[list[Token | None]] = []
    for blank in options:
        for tokens in row_readings(raw.values, len(keys) - len(blank)):
            told = iter(tokens)
            found.append([None if at in blank else next(told) for at in range(len(keys))])
    percents = {token.written.endswith("%") for tokens in found for token in tokens if token}
    return found[0] if len(found) == 1 and len(percents) == 1 else None


def _before_comment(raw: RawRow, keys: Sequence[str | None]) -> list[Token | None] | None:
    """Return the tokens of a row whose comment begins with a number: `198 fler elever`.

    The row's differences have to prove that the number is none of them.
    """
    own = raw.values.rstrip()
    found: list[list[Token | None]] = []
    while raw.ends is not None and keys and " " in own and len(found) < _FEWEST_KEYS:
        own = own.rpartition(" ")[0].rstrip()
        for tokens in row_readings(own, len(keys)):
            cells = [figure(token.written, unit=None) for token in tokens]
            told = [difference_fits(key or "", [k or "" for k in keys], cells) for key in keys]
            if True in told and False not in told:
                found.append([*tokens])
    return found[0] if len(found) == 1 else None
