"""What the head of a column says, and heads that stand in groups.

Groups are named above their columns (`Kommunen`, `Koncernen`) or by a year each (`2024`: women,
men, all).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

NOTE = "note"
SHARES = ("women", "men", "all")
UNKNOWN = "unknown"
"""The kind of a column whose words nobody knows: it stays open unless the numbers tell it."""


@dataclass(frozen=True, slots=True)
class Head:
    """One column as its words say: kind ("" where only a year stands), scope, year and month."""

    kind: str
    scope: str = ""
    previous: bool = False
    year: str | None = None
    month: int | None = None
    group: str = ""
    """The group of columns that it stands in, where there are several (`Kommunen`, `Koncernen`)."""
    reach: str = ""
    """How far an amount reaches where that is said: `until` a day, or the `whole` of a project."""


def shares_by_year(found: list[Head]) -> list[Head]:
    """Return the heads where years stand below the shares of the staff: `Totalt Kvinnor Män`.

    All years have come to the last share; they are those of every share, in the same order.
    """
    shares = [head.kind for head in found if head.kind in SHARES and head.year is None]
    rest = found[len(shares) :]
    own = [head.kind for head in rest]
    last = own[0] if own else ""
    names = [*shares, last]
    each, over = divmod(len(rest), len(names))
    years = [head.year for head in rest]
    whole = last in SHARES and not over and len(set(names)) == len(names) > 1
    if not whole or own != [last] * len(rest) or years != years[:each] * len(names):
        return found
    return [Head(name, year=year) for name in names for year in years[:each]]


def grouped(found: list[Head], marks: Sequence[tuple[int, str]]) -> list[Head]:
    """Return the heads with the names of their groups.

    A name stands before its own columns, or all names stand before all columns: then a new group
    begins where a column comes again, and there must be as many groups as names. One name says
    nothing before all columns; behind some of them it begins those that are not their kind.
    """
    if len({name for _, name in marks}) < 2:  # noqa: PLR2004 - one name
        first = marks[0][0] if marks else 0
        own = found[first:] if any(head.kind != NOTE for head in found[:first]) else []
        return [*found[: len(found) - len(own)], *(replace(h, group=marks[0][1]) for h in own)]
    starts = [at for at, _ in marks]
    if len(set(starts)) == len(starts):
        ends = [*starts[1:], len(found)]
        for (start, name), end in zip(marks, ends, strict=True):
            found[start:end] = [replace(head, group=name) for head in found[start:end]]
        return found
    names = list(dict.fromkeys(name for _, name in marks))
    first = starts[0] + sum(head.kind == NOTE for head in found[starts[0] :][:1])
    parts = divided(found[first:])
    if len(parts) != len(names) or starts[-1] != starts[0]:
        return found
    named = [
        replace(head, group=name) for part, name in zip(parts, names, strict=True) for head in part
    ]
    return [*found[:first], *named]


def dated_groups(found: list[Head]) -> list[Head]:
    """Return the heads with the year of their group, where years stand before all columns."""
    years = 0
    while years < len(found) and not found[years].kind and found[years].year:
        years += 1
    parts = divided(found[years:])
    bare = all(head.year is None and head.kind for head in found[years:])
    if years < 2 or not bare or len(parts) != years:  # noqa: PLR2004 - a year is no group
        return found
    pairs = zip(parts, found[:years], strict=True)
    return [replace(head, year=year.year) for part, year in pairs for head in part]


def with_years(heads_: Sequence[Head]) -> list[Head]:
    """Return the heads of cells, where a year stands over the first column of its group only."""
    bare = [replace(head, year=None) for head in heads_]
    parts = divided(bare)
    years = [head.year for head in heads_]
    found: list[Head] = []
    for part in parts:
        own = years[len(found) : len(found) + len(part)]
        if own[0] is None or any(own[1:]) or not all(head.kind for head in part):
            return list(heads_)
        found += [replace(head, year=own[0]) for head in part]
    return found if len(parts) > 1 else list(heads_)


def divided(heads_: Sequence[Head]) -> list[list[Head]]:
    """Return the heads in parts: a new one begins where a head comes again."""
    parts: list[list[Head]] = [[]]
    for head in heads_:
        if head in parts[-1]:
            parts.append([])
        parts[-1].append(head)
    return parts


def by_group(columns: Sequence[Head]) -> list[tuple[str, list[int]]]:
    """Return the groups of columns, each with the indices of its columns; one where none is named.

    A note before the groups belongs to the first; other columns there are a group without a name.
    """
    found: list[tuple[str, list[int]]] = []
    for at, head in enumerate(columns):
        named = found and (found[-1][0] or any(columns[n].kind != NOTE for n in found[-1][1]))
        if not found or (head.group and named and head.group != found[-1][0]):
            found.append((head.group, []))
        elif head.group and not found[-1][0]:
            found[-1] = (head.group, found[-1][1])
        found[-1][1].append(at)
    return found
