"""What a sentence states in figures: a subject, and its outcome, budget and deviation.

A sentence is a row of parts (`sentence_words`), each with a letter; a clause is a head and what
follows it, both written as patterns of those letters. What no pattern takes is not read, and a
clause that goes on with words nobody knows is not read either. Numbers of one clause are held
against each other: a deviation is outcome minus budget, a change is outcome minus the year before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from tasks.readers.sentence_patterns import HEADS, JOINED, MORE, NEXT, REST
from tasks.readers.sentence_values import in_one_unit, values_of
from tasks.readers.sentence_words import Amount, Now, Part
from tasks.readers.simple_sentences import simplified
from tasks.readers.wording import Wording


@dataclass(frozen=True, slots=True)
class Stated:
    """What a clause states of one subject: figures by what they are, the words that name it."""

    kind: str
    """What the subject is: line, metric, invested, granted or a part of the board."""
    code: str
    label: tuple[int, int]
    is_owned: bool
    is_later: bool
    """Whether it speaks of a forecast."""
    figures: dict[str, tuple[Amount, Decimal]] = field(default_factory=dict)
    times: tuple[Part, ...] = ()
    scope: str | None = None
    is_borrowed: bool = False
    """Whether its subject stands in a sentence before it: then `label` says nothing."""
    is_whose: bool = False
    """Whether its label says whose something is: `Hemtjänstens underskott`."""


@dataclass(slots=True)
class _Clause:
    """A clause as it is taken apart: the part that has each role, and where it ends."""

    roles: dict[str, Part]
    first: int
    end: int
    is_short: bool = False
    """Whether its verb is that of the clause before it."""


def stated(
    parts: Sequence[Part], words: Wording, now: Now, about: Stated | None = None
) -> Iterator[Stated]:
    """Yield what the clauses of a sentence state; raises UnlikeError where their numbers disagree.

    A sentence with a rest that nobody understands states nothing. `about` is what the sentence
    before it stated: `prognosen är 12,5 mnkr` is a forecast of that.
    """
    kept = simplified([part for part in parts if part.kind != "time"])
    tags = "".join(part.tag for part in kept)
    # what a sentence before this one spoke of has no words here that could name it
    about = replace(about, is_borrowed=True) if about is not None else None
    at = 0
    found: list[_Clause] = []
    while at < len(kept):
        clause = _clause(tags, kept, at, is_first=not found)
        if clause is None:
            break
        found.append(clause)
        joined = JOINED.match(tags, clause.end)
        if joined is None:
            break
        at = joined.end()
    if not found or not REST.match(tags[found[-1].end :]):
        return
    is_owned = False
    for clause in found:
        is_owned = is_owned or "own" in clause.roles
        one = _stated(clause, words, now, about)
        if one is not None:
            times = _times(clause, kept, parts)
            about = replace(one, is_owned=is_owned, times=times, is_whose=_is_whose(clause, kept))
            yield about


def _clause(tags: str, kept: Sequence[Part], at: int, *, is_first: bool) -> _Clause | None:
    """Return the clause that begins at a part: the longest head, then all that follows it."""
    heads = HEADS if is_first else (*HEADS, *MORE)
    head = max(_matches(heads, tags, at), key=lambda m: m.end(), default=None)
    if head is None:
        return None
    clause = _Clause({}, at, head.end(), is_short=head.re in MORE)
    _take(clause, head, kept)
    while True:
        behind = max(_matches(NEXT, tags, clause.end), key=lambda m: m.end(), default=None)
        if behind is None or any(name in clause.roles for name in _named(behind)):
            return clause
        if not (REST.match(tags, behind.end()) or _matches(NEXT, tags, behind.end())):
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
            first, *_, last = kept[found.start(name)], *kept[slice(*found.span(name))]
            clause.roles[role] = replace(first, end=last.end)


def _is_whose(clause: _Clause, kept: Sequence[Part]) -> bool:
    """Say whether a noun stands right behind the part of the board that a clause speaks of."""
    named = clause.roles.get("part")
    behind = next((one for one in kept if named is not None and one.start >= named.end), None)
    return behind is not None and behind.kind in _NOUNS


_NOUNS = ("sum", "deviation", "line", "forecast", "outcome", "expected")


def _times(clause: _Clause, kept: Sequence[Part], parts: Sequence[Part]) -> tuple[Part, ...]:
    """Return the times that stand in a clause, or right before or behind it."""
    start = kept[clause.first - 1].end if clause.first else 0
    stop = kept[clause.end].start if clause.end < len(kept) else parts[-1].end + 1
    return tuple(part for part in parts if part.time and start <= part.start < stop)


# --- figures -------------------------------------------------------------------------------------


def _stated(clause: _Clause, words: Wording, now: Now, about: Stated | None) -> Stated | None:
    roles = clause.roles
    subject = _spoken_of(clause, about, now)
    if subject is None or ("later" in roles and now.is_year):
        return None
    if "lack" in roles and subject.code in ("net_cost", WHOLE_COST):
        roles["off"] = roles["lack"]
    elif "lack" in roles:
        # a result is the lack itself; what it is held against is not said
        del roles["deviation"]
    if subject.kind == "part" and not _against_budget(roles):
        return None
    if "sum" in roles and subject.kind == "line" and subject.code not in _BALANCES:
        # `kostnaderna visar ett överskott på 3 mnkr`: what they have over of their budget
        roles.setdefault("off_budget", roles["sum"])
    amounts = _amounts(roles, subject)
    if subject.code == "result" and "noun" not in roles and _is_more_or_less(roles):
        # `utfallet är 3 mnkr lägre än budget`: what was spent, or what was left
        return None
    fitting = in_one_unit(subject.kind, subject.code, amounts, words)
    if fitting is None or ("main" in amounts and amounts["main"].is_points):
        return None
    values = values_of(roles, fitting, gains=subject.code in words.words["sentence_lines"]["gains"])
    if not _are_of(subject, values):
        return None
    figures = {name: (fitting[name], value) for name, value in values.items() if name != "change"}
    return replace(subject, figures=figures)


def _is_more_or_less(roles: dict[str, Part]) -> bool:
    """Say whether a clause compares with a budget, and neither `bättre` nor `sämre`."""
    return "differs" in roles and roles["differs"].says in ("higher", "lower")


def _spoken_of(clause: _Clause, about: Stated | None, now: Now) -> Stated | None:
    """Return the subject of a clause, without figures; None where that is not clear."""
    roles = clause.roles
    if "part" in roles:
        return _of_part(clause, about)
    if about is not None and about.kind == "part":
        return _of_same_part(roles, about)
    return _of_whole_cost(roles, about, now) or _subject(roles, about)


def _amounts(roles: dict[str, Part], subject: Stated) -> dict[str, Amount]:
    """Return the amounts of a clause by their roles."""
    amounts = {name: part.amount for name, part in roles.items() if part.amount is not None}
    bare = amounts.pop("bare", None)
    if bare is not None and subject.kind == "metric":
        # in brackets behind money may stand a budget as well as the year before
        amounts.setdefault("before", bare)
    if subject.is_borrowed and subject.scope is not None:
        # `7,8 procent (kvinnor 8,4, män 5,2)`
        amounts = {n: replace(a, unit=a.unit or "percent") for n, a in amounts.items()}
    return amounts


def _of_part(clause: _Clause, about: Stated | None) -> Stated | None:
    """Return the part of a board that a clause speaks of; it goes on with a forecast before it."""
    roles = clause.roles
    differs, net = roles.get("differs"), roles.get("net")
    if net is not None and net.says not in ("result", "net_cost"):
        return None
    if differs is not None and net is None and differs.says not in ("better", "worse"):
        return None
    told = not clause.is_short and bool(roles.keys() & {"sum", "off", "differs"})
    is_later = "later" in roles
    if about is not None and about.is_later and not is_later:
        if told and not about.is_borrowed:
            # `prognosen är ett underskott på 3 mnkr och hemtjänsten har ett på 2`: now, or then
            return None
        is_later = not told and (about.kind == "part" or not about.is_borrowed)
    return Stated("part", "", _label(roles), is_owned=False, is_later=is_later)


_BALANCES = ("result", "operating_result")
"""Lines that are a surplus or a deficit themselves."""
WHOLE_COST = "net_cost whole"
"""The net cost where only `budgeten` or `utfallet` names it: of the whole board, if of anything."""


def _of_whole_cost(roles: dict[str, Part], about: Stated | None, now: Now) -> Stated | None:
    """Return the whole board's budget, or its outcome beside one, as what it costs.

    `Budgeten är 356 700 tkr`; `Utfallet är 331 246 tkr, att jämföra med budgeterade 326 900 tkr`.
    """
    if about is not None and about.kind in ("invested", "granted"):
        return None
    if roles.keys() & {"noun", "project", "share"}:
        return None
    if "grants" in roles and roles["grants"].says == "whole" and "spent" not in roles:
        roles["budget"] = roles.pop("main")
        label = _label({"sum": roles["grants"]})
        return Stated("line", WHOLE_COST, label, "own" in roles, is_later=not now.is_year)
    if "exceeds" in roles and "own" in roles:
        return Stated("line", WHOLE_COST, _label(roles), is_owned=True, is_later="later" in roles)
    goes_on = about is not None and about.code == WHOLE_COST
    if "spent" in roles and "outcome" in roles and ("budget" in roles or goes_on):
        roles["main"] = roles.pop("spent")
        return Stated("line", WHOLE_COST, _label(roles), "own" in roles, is_later=False)
    return None


def _against_budget(roles: dict[str, Part]) -> bool:
    """Hold what a part has over or lacks against its budget; say whether its sign is told."""
    main = roles["main"].amount if "main" in roles else None
    if main is None:
        return True
    if "sum" not in roles and not main.is_signed:
        return False
    roles["off_budget"] = roles.get("sum") or replace(roles["main"], amount=None)
    return True


def _of_same_part(roles: dict[str, Part], about: Stated) -> Stated | None:
    """Return the part that a sentence goes on with: `… och prognosen är ett underskott på 5 mnkr`.

    In another sentence the whole board may be spoken of, and what has a name here is another thing.
    """
    if about.is_borrowed or roles.keys() & {"noun", "own", "project", "grants"}:
        return _subject(roles, None) if about.is_borrowed or "own" in roles else None
    if "later" not in roles:
        return None
    return replace(about, figures={}, is_later=True)


def _subject(roles: dict[str, Part], about: Stated | None) -> Stated | None:
    """Return what a clause speaks of, without figures; None where that is not clear."""
    noun, again, verb, share = (roles.get(name) for name in ("noun", "again", "verb", "share"))
    if again is not None and (noun is None or again.says != noun.says):
        return None
    if verb is not None and verb.says == "past":
        # `prognosen var ett underskott`: an earlier one
        return None
    if "project" in roles:
        invested = about is not None and about.kind in ("invested", "granted")
        named = Stated("granted", "project", _label(roles), is_owned=True, is_later=False)
        return named if invested else None
    if "grants" in roles:
        return _granted(roles, about)
    if noun is not None:
        scope = share.says if share is not None else None
        kind, later = _KINDS.get(noun.kind, noun.kind), "later" in roles
        later = later or noun.kind == "invests_then"
        return Stated(kind, noun.says, _label(roles), "own" in roles, later, scope=scope)
    return _borrowed(roles, about) if _goes_on(roles, about) else _of_result(roles, about)


_KINDS = {"invests": "invested", "invests_then": "invested", "moves": "metric"}
"""What verbs tell of: those who came and went are figures of the staff."""


def _granted(roles: dict[str, Part], about: Stated | None) -> Stated | None:
    """Return the frame of investments: named so, or `ramen` where investments were spoken of."""
    noun = roles.get("noun")
    if noun is not None:
        own = noun.kind in ("invested", "granted")
        return Stated("granted", "", _label(roles), "own" in roles, is_later=False) if own else None
    if about is None or about.kind not in ("invested", "granted"):
        return None
    return replace(about, kind="granted", is_borrowed=True, is_later=False)


def _goes_on(roles: dict[str, Part], about: Stated | None) -> bool:
    """Say whether a clause without a subject speaks of the one before it, if of any."""
    invested = about is not None and about.kind in ("invested", "granted")
    if about is not None and about.kind == "metric" and _named_roles(roles) == {"before"}:
        return True
    if "same" in roles:
        return True
    return "share" in roles or "spent" in roles or (invested and "sum" not in roles)


def _borrowed(roles: dict[str, Part], about: Stated | None) -> Stated | None:
    share = roles.get("share")
    before = _named_roles(roles) == {"before"}
    if about is None or (about.kind == "metric") is not (share is not None or before):
        return None
    scope = share.says if share is not None else None
    later = "later" in roles or ("same" in roles and about.is_later)
    return replace(about, is_borrowed=True, is_later=later, scope=scope)


def _named_roles(roles: dict[str, Part]) -> set[str]:
    """Return the roles that hold a number."""
    return {name for name, part in roles.items() if part.amount is not None}


def _of_result(roles: dict[str, Part], about: Stated | None) -> Stated | None:
    """Return the result as what a surplus, a deviation or a forecast is of."""
    main = roles["main"].amount if "main" in roles and "sum" not in roles else None
    of_result = about is not None and (about.kind, about.code) == ("line", "result")
    if main is not None and not (main.is_signed or of_result):
        # `prognosen är 620 mnkr`: a forecast of the result only where that was spoken of
        return None
    return Stated("line", "result", _label(roles), "own" in roles, "later" in roles)


_SHARED = tuple(("metric", f"sick_leave_{part}") for part in ("total", "short", "long"))
"""What women and men have each for themselves: a share of the staff is another thing."""


def _are_of(subject: Stated, values: dict[str, Decimal]) -> bool:
    """Say whether figures are of the kind that a subject has, and there are any."""
    told = set(values) - {"change"}
    if subject.scope is not None and (subject.kind, subject.code) not in _SHARED:
        return False
    if subject.kind == "metric":
        return bool(told) and told <= {"main", "before"}
    if subject.kind == "part":
        return told == {"deviation"}
    if subject.kind == "granted":
        return bool(told) and told <= {"main", "spent"}
    if subject.kind == "invested":
        return told == {"spent"} or bool(told & {"main"} and told <= _OF_INVESTED)
    return bool(told) and "spent" not in told


_OF_INVESTED = {"main", "budget", "deviation", "before"}


def _label(roles: dict[str, Part]) -> tuple[int, int]:
    """Return where the words stand that name what is stated: `Nämndens resultat`, `Prognosen`."""
    for name in ("part", "project"):
        if name in roles:
            return roles[name].start, roles[name].end
    if "noun" in roles:
        named = [roles[name] for name in ("own", "noun") if name in roles]
        if any(named[0].start < part.start < named[-1].start for part in roles.values()):
            named = [roles["noun"]]
    else:
        nouns = ("forecast", "outcome", "sum", "deviation")
        named = [part for part in roles.values() if part.kind in nouns][:1] or [*roles.values()][:1]
    return min(part.start for part in named), max(part.end for part in named)
