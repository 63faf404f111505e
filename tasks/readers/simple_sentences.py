"""A sentence as a simpler one says it, so that its grammar needs fewer patterns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from tasks.readers.sentence_words import Part

_INSERTED = re.compile(r",s[^Q,]*,|\([^()]*b[^()]*\)|(?:(?<=[NO])|^)Va&(?=V)")
"""What says nothing of its own: `, som … ,`, `(julis resultat inom parentes, 3)`, `är hög och`."""
_EACH = re.compile(
    r"(?P<before>(?:N(?=g)|V(?=\?|N|g))?)(?P<one>\?+|N|g)&(?P<other>\?+|N|g)"
    r"(?P<verb>(?:[VF]|vt)(?:e?D[pm])?)(?P<first>Q)r(?P<second>Q)"
)


def simplified(parts: Sequence[Part]) -> list[Part]:
    """Return the parts of a sentence as a simpler one says it.

    Without what is only put in, with one verb for `väntas få`, and with two clauses for
    `A och B redovisar underskott på 4 respektive 3 mnkr`.
    """
    found = _without(list(parts), _INSERTED)
    found = [part for at, part in enumerate(found) if not _is_second_verb(found, at)]
    each = _EACH.search("".join(part.tag for part in found))
    if each is None:
        return found
    told = {name: found[slice(*each.span(name))] for name in each.groupdict()}
    first, second = told["first"], told["second"]
    joint = found[each.start("other") - 1]
    first = [_with_unit_of(first[0], second[0])]
    both = [*told["before"], *told["one"], *told["verb"], *first, joint]
    if told["one"][0].tag == "g":
        both += [*told["other"], *second]
    else:
        both += [*told["other"], *told["verb"], *second]
    return [*found[: each.start()], *both, *found[each.end() :]]


def _with_unit_of(one: Part, other: Part) -> Part:
    """Return a number with the unit that only the next one has: `8,4 respektive 5,2 procent`."""
    if one.amount is None or other.amount is None or one.amount.unit is not None:
        return one
    return replace(one, amount=replace(one.amount, unit=other.amount.unit))


def _without(parts: list[Part], pattern: re.Pattern[str]) -> list[Part]:
    found = pattern.search("".join(part.tag for part in parts))
    return [*parts[: found.start()], *parts[found.end() :]] if found else parts


def _is_second_verb(parts: Sequence[Part], at: int) -> bool:
    """Say whether a part is the infinitive of a verb that expects, or of another before it."""
    start = at
    while start and parts[start].kind == "infinitive":
        start -= 1
    return parts[at].kind == "infinitive" and parts[start].kind == "expects"
