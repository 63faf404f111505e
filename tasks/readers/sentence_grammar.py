"""What a sentence states in figures: a subject, and its outcome, budget and deviation.

A sentence is a row of parts (`sentence_words`), each with a letter; a clause is a head and what
follows it, both written as patterns of those letters. What no pattern takes is not read, and a
clause that goes on with words nobody knows is not read either. Numbers of one clause are held
against each other: a deviation is outcome minus budget, a change is outcome minus the year before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from tasks.readers.numbers import MONEY
from tasks.readers.sentence_words import Amount, Now, Part
from tasks.readers.wording import Wording

_IS = r"(?:V|vt)"
_WHO = r"(?:(?P<own>O)?(?P<noun>N)|(?P<noun2>N)o?(?P<own2>O))"
_SHOWN = r"(?:(?P<own>O)?(?P<weak>W)|(?P<weak2>W)o?(?P<own2>O))"
_AHEAD = r"(?:(?P<own>O)?(?P<later>P)|(?P<later2>P)o?(?P<own2>O))"
_SUM = r"e?(?P<sum>D)[pm]"
_HEADS = tuple(
    re.compile(text)
    for text in (
        # Sjukfrånvaron är 7,8 procent; Nämndens resultat är ett underskott på 3 mnkr
        rf"{_WHO}{_IS}(?:{_SUM})?(?P<main>Q)(?P<again>N)?",
        # Till och med augusti är sjukfrånvaron 7,8 procent
        rf"V{_WHO}(?P<main>Q)",
        rf"v{_WHO}t(?P<main>Q)",
        # Utfallet visar ett underskott på 3 mnkr
        rf"{_SHOWN}{_IS}{_SUM}(?P<main>Q)",
        # Nämnden redovisar ett underskott på 3 mnkr
        rf"(?P<own>O)V(?P<later>e)?{_SUM}(?P<main>Q)",
        rf"V(?P<own>O)(?P<later>e)?{_SUM}(?P<main>Q)",
        # Prognosen är ett underskott på 3 mnkr; Nämnden prognostiserar …
        rf"{_AHEAD}(?:{_IS}|F)(?:{_SUM})?(?P<main>Q)",
        rf"(?P<own>O)?(?P<later>F){_SUM}(?P<main>Q)",
        rf"(?P<later>F)(?P<own>O){_SUM}(?P<main>Q)",
        rf"{_WHO}(?P<later>F)(?:{_SUM})?(?P<main>Q)",
        # Sjukfrånvaron har minskat från 8,2 till 7,8 procent
        rf"{_WHO}(?P<changed>C)f(?P<before>Q)t(?P<main>Q)",
        rf"{_WHO}(?P<changed>C)t(?P<main>Q)f(?P<before>Q)",
        rf"{_WHO}(?P<changed>C)(?:m(?P<change>Q))?t(?P<main>Q)",
        rf"{_WHO}(?P<changed>C)m(?P<change>Q)f(?P<before>Q)t(?P<main>Q)",
        # Vid årets slut fanns 9,5 årsarbetare; Nämnden hade 214 medarbetare
        r"(?P<own>O)?V(?P<main>Q)(?P<noun>N)",
        # Intäkterna är 3 mnkr högre än budget; Kostnaderna överskrider budget med 3 mnkr
        rf"{_WHO}{_IS}(?P<deviation>Q)(?P<differs>H)B",
        rf"{_SHOWN}{_IS}(?P<deviation>Q)(?P<differs>H)B",
        rf"{_AHEAD}(?:{_IS}|F)(?P<deviation>Q)(?P<differs>H)B",
        rf"{_WHO}(?P<exceeds>E)Bm(?P<deviation>Q)",
        # Avvikelsen mot budget är -3 mnkr
        rf"(?P<own>O)?(?P<off>X)(?:KB)?{_IS}(?P<deviation>Q)",
        rf"(?P<own>O){_IS}(?P<off>X)(?:KB)?[pm](?P<deviation>Q)(?:KB)?",
        # Sjukfrånvaron var 8,1 procent 2024
        rf"{_WHO}{_IS}(?P<before>Q)A",
        rf"{_WHO}A{_IS}(?:{_SUM})?(?P<before>Q)",
        rf"AV{_WHO}(?P<before>Q)",
    )
)
_SAID = r"(?P<off>X)"
_NEXT = tuple(
    re.compile(text)
    for text in (
        # vilket är 3 mnkr bättre än budget
        r"[,&]*R?(?P<deviation>Q)(?P<differs>H)B(?:\((?P<budget>Q)\))?",
        # vilket motsvarar en positiv avvikelse mot budget (4 mnkr) med 3 mnkr
        rf"[,&]*[Rm]?{_SAID}(?:KB)?(?:\((?P<budget>Q)\))?[pm](?P<deviation>Q)",
        rf"[,&]*[Rm]?{_SAID}[pm](?P<deviation>Q)(?:KB)?(?:\((?P<budget>Q)\))?",
        # jämfört med budgeterade 4 mnkr; (budget 4 mnkr); mot budget på 4 mnkr
        r",?KB[pm]?(?P<budget>Q)",
        r",?KB\((?P<budget>Q)\)",
        r"\(B(?P<budget>Q)\)",
        # jämfört med budget: the sum is the deviation
        r",?(?P<off_budget>KB)",
        # en minskning med 0,4 procentenheter jämfört med föregående år (8,2 procent)
        r"[,&]*[Rm]?(?P<changed>G)m(?P<change>Q)(?:K?A(?:\(?(?P<before>Q)\)?)?)?",
        r"[,&]*R?(?P<change>Q)(?P<differs>H)A(?:\((?P<before>Q)\))?",
        # (8,2 procent); (8,2 procent 2024); att jämföra med 8,2 procent 2024
        r"\((?P<before>Q)A?\)",
        r"\(A(?P<before>Q)\)",
        r",?K(?P<before>Q)A",
        r",AV?(?P<before>Q)",
        r",?KA\(?(?P<before>Q)\)?",
        # vilket är 2 mnkr bättre än föregående prognos: nothing that has a place of its own
        r"[,&]*R?QHL",
        r"[,&]*[Rm]?GmQKL",
        # varav 6 204 tkr har använts
        r",?y(?P<spent>Q)z",
    )
)
_REST = re.compile(r"(?:$|[,&](?![!iopmK])|j)")
"""What may follow a clause: the end, a reason, or more of which nothing is read."""
_COSTS = Decimal(-1)


@dataclass(frozen=True, slots=True)
class Stated:
    """What a clause states of one subject: figures by what they are, the words that name it."""

    kind: str
    """What the subject is: line, metric, invested or granted."""
    code: str
    label: tuple[int, int]
    is_owned: bool
    is_later: bool
    """Whether it speaks of a forecast."""
    figures: dict[str, tuple[Amount, Decimal]] = field(default_factory=dict)
    times: tuple[Part, ...] = ()


@dataclass(slots=True)
class _Clause:
    """A clause as it is taken apart: the part that has each role, and where it ends."""

    roles: dict[str, Part]
    first: int
    end: int


class UnlikeError(Exception):
    """The numbers of a clause do not fit together; nothing of it may be taken."""


def stated(parts: Sequence[Part], words: Wording, now: Now) -> Iterator[Stated]:
    """Yield what the clauses of a sentence state; raises UnlikeError where their numbers disagree.

    A sentence with a rest that nobody understands states nothing.
    """
    kept = [part for part in parts if part.kind != "time"]
    tags = "".join(part.tag for part in kept)
    at, found = 0, []
    while at < len(kept):
        clause = _clause(tags, kept, at)
        if clause is None:
            break
        found.append(clause)
        if tags[clause.end : clause.end + 1] != "&":
            break
        at = clause.end + 1
    if not found or not _REST.match(tags[found[-1].end :]):
        return
    for index, clause in enumerate(found):
        one = _stated(clause, words, now, is_owned=index > 0)
        if one is not None:
            yield _timed(one, clause, kept, parts)


def _clause(tags: str, kept: Sequence[Part], at: int) -> _Clause | None:
    """Return the clause that begins at a part: the longest head, then all that follows it."""
    head = max(_matches(_HEADS, tags, at), key=lambda m: m.end(), default=None)
    if head is None:
        return None
    clause = _Clause({}, at, head.end())
    _take(clause, head, kept)
    while True:
        behind = max(_matches(_NEXT, tags, clause.end), key=lambda m: m.end(), default=None)
        if behind is None or any(name in clause.roles for name in _named(behind)):
            return clause
        if not (_REST.match(tags, behind.end()) or _matches(_NEXT, tags, behind.end())):
            # what goes on behind a comma is not understood; what stands before it is whole
            return clause
        _take(clause, behind, kept)
        clause.end = behind.end()


def _matches(patterns: Sequence[re.Pattern[str]], tags: str, at: int) -> list[re.Match[str]]:
    return [found for pattern in patterns if (found := pattern.match(tags, at))]


def _named(found: re.Match[str]) -> list[str]:
    """Return the roles that hold a number, of those that a pattern found."""
    return [name for name, told in found.groupdict().items() if told == "Q"]


def _take(clause: _Clause, found: re.Match[str], kept: Sequence[Part]) -> None:
    for name, told in found.groupdict().items():
        if told is not None:
            role = f"{name.rstrip('2')}"
            if role == "differs" and "change" in found.groupdict():
                role = "changed"
            clause.roles[role] = kept[found.start(name)]


def _timed(one: Stated, clause: _Clause, kept: Sequence[Part], parts: Sequence[Part]) -> Stated:
    """Return a statement with the times that stand in its clause, or right before or behind it."""
    start = kept[clause.first - 1].end if clause.first else 0
    stop = kept[clause.end].start if clause.end < len(kept) else parts[-1].end + 1
    told = tuple(part for part in parts if part.time and start <= part.start < stop)
    return Stated(one.kind, one.code, one.label, one.is_owned, one.is_later, one.figures, told)


# --- figures -------------------------------------------------------------------------------------


def _stated(clause: _Clause, words: Wording, now: Now, *, is_owned: bool) -> Stated | None:
    roles = clause.roles
    noun = roles.get("noun")
    kind, code = (noun.kind, noun.says) if noun else ("line", "result")
    is_later = "later" in roles
    amounts = {name: part.amount for name, part in roles.items() if part.amount is not None}
    fitting = _in_one_unit(kind, code, amounts, words)
    if fitting is None or (is_later and now.is_year):
        return None
    if "main" in roles and roles["main"].amount and roles["main"].amount.is_points:
        return None
    again = roles.get("again")
    if again is not None and again.says != code:
        return None
    gains = code in words.words["sentence_lines"]["gains"]
    values = _values(roles, fitting, gains=gains)
    if kind == "metric" and not set(values) <= {"main", "before", "change"}:
        return None
    if not set(values) - {"change"}:
        return None
    figures = {name: (fitting[name], value) for name, value in values.items() if name != "change"}
    return Stated(kind, code, _label(roles), is_owned or "own" in roles, is_later, figures)


def _label(roles: dict[str, Part]) -> tuple[int, int]:
    """Return where the words stand that name what is stated: `Nämndens resultat`, `Prognosen`."""
    if "noun" in roles:
        named = [roles[name] for name in ("own", "noun") if name in roles]
        if any(named[0].start < part.start < named[-1].start for part in roles.values()):
            named = [roles["noun"]]
    else:
        nouns = ("forecast", "outcome", "sum", "deviation")
        named = [part for part in roles.values() if part.kind in nouns][:1]
    return min(part.start for part in named), max(part.end for part in named)


def _in_one_unit(
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


def _values(
    roles: dict[str, Part], amounts: dict[str, Amount], *, gains: bool
) -> dict[str, Decimal]:
    """Return the values of a clause with the signs that its words give."""
    values = {name: one.value for name, one in amounts.items()}
    if "before" in values and "sum" in roles:
        if "main" not in values:
            values["before"] = _signed(amounts["before"], roles["sum"].says)
        elif not amounts["before"].is_signed:
            # `ett underskott på 3 mnkr (2 mnkr)`: nothing says what last year was
            del values["before"]
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
    word = roles.get("differs") or roles.get("exceeds") or roles.get("off")
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
        turned = difference if gains or values["main"] < 0 else difference * _COSTS
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
