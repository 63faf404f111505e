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

from tasks.readers.sentence_values import in_one_unit, values_of
from tasks.readers.sentence_words import Amount, Now, Part
from tasks.readers.wording import Wording

_IS = r"(?:V|vt)"
_WHO = r"(?:(?P<own>O)?(?P<noun>N)|(?P<noun2>N)o?(?P<own2>O))"
_SHOWN = r"(?:(?P<own>O)?(?P<weak>W)|(?P<weak2>W)o?(?P<own2>O))"
_AHEAD = r"(?:(?P<own>O)?(?P<later>P)|(?P<later2>P)o?(?P<own2>O))"
_SUM = r"e?(?P<sum>D)(?P<off_budget>KB)?[pm]"
_PART = r"(?P<part>\?[?K&oi]*)"
"""Words of no other kind, to be held against what parts of a board are called."""
_GOES = r"(?:V|(?P<later>F))"
_HEADS = tuple(
    re.compile(text)
    for text in (
        # Hemtjänsten redovisar ett underskott på 3 mnkr; Inom hemtjänsten väntas ett underskott på
        rf"[oi]?{_PART}{_GOES}{_SUM}(?P<main>Q)",
        # Hemtjänstens underskott på 3 mnkr; Prognosen för hemtjänsten är ett underskott på 3 mnkr
        rf"{_PART}{_SUM}(?P<main>Q)",
        rf"(?P<later>P)[oi]{_PART}[VF]{_SUM}(?P<main>Q)",
        # Hemtjänsten har en avvikelse på -3 mnkr; Hemtjänsten avviker med minus 3 mnkr
        rf"{_PART}{_GOES}(?P<off>X)(?:KB)?[pm](?P<deviation>Q)(?:KB)?",
        rf"{_PART}(?P<later>F)?(?P<goes>x)(?:KB)?m(?P<deviation>Q)(?:KB)?",
        # Hemtjänsten överskrider budget med 3 mnkr; Hemtjänsten är 3 mnkr sämre än budget
        rf"{_PART}(?P<later>F)?(?P<exceeds>E)Bm(?P<deviation>Q)",
        rf"{_PART}{_GOES}(?P<deviation>Q)(?P<differs>H)B",
        # Sjukfrånvaron är 7,8 procent; Nämndens resultat är ett underskott på 3 mnkr
        rf"{_WHO}{_IS}(?:{_SUM})?(?P<main>Q)(?P<again>N)?",
        # Till och med augusti är sjukfrånvaron 7,8 procent
        rf"V{_WHO}(?P<main>Q)",
        rf"v{_WHO}t(?P<main>Q)",
        # Utfallet visar ett underskott på 3 mnkr
        rf"{_SHOWN}{_IS}{_SUM}(?P<main>Q)",
        # Nämnden redovisar ett underskott (mot budget) på 3 mnkr
        rf"(?P<own>O)V(?P<later>e)?{_SUM}(?P<main>Q)",
        rf"V(?P<own>O)(?P<later>e)?{_SUM}(?P<main>Q)",
        # Nämndens ram var 3 mnkr: of investments where those were spoken of
        rf"(?P<own>O)?(?P<grants>B){_IS}(?P<main>Q)",
        # Fullmäktige har anvisat 3 mnkr för investeringar
        r"(?P<grants>Y)(?P<own>O)?(?P<main>Q)o(?P<noun>N)",
        r"(?P<own>O)(?P<grants>Y)(?P<main>Q)o(?P<noun>N)",
        r"(?P<own>O)(?P<grants>Y)(?P<noun>N)[pm](?P<main>Q)",
        r"(?P<grants>Y)(?P<own>O)?(?P<main>Q)",
        # För inventarier har nämnden (en budget på) 3 mnkr: one of the investments spoken of
        r"o(?P<project>\?[?K&oi]*)V(?P<own>O)(?:B[pm]?)?(?P<main>Q)",
        r"(?P<own>O)V(?P<main>Q)o(?P<project>\?[?&]*)",
        # Gångbron har kostat 3 mnkr av årets anslag på 4 mnkr
        r"(?P<project>\?[?K&oi]*)k(?P<spent>Q)KB[pm](?P<main>Q)",
        # Årets utgifter blev 3 mnkr: of investments where those were spoken of
        rf"[wW]{_IS}(?P<spent>Q)",
        # Under året investerade nämnden för 3 mnkr
        r"(?P<noun>I)(?P<own>O)o?(?P<main>Q)",
        r"(?P<own>O)(?P<noun>I)o?(?P<main>Q)",
        # Året innan redovisade nämnden ett underskott på 3 mnkr
        rf"AV(?P<own>O){_SUM}(?P<before>Q)",
        # Efter augusti var prognosen ett underskott på 3 mnkr
        rf"V(?P<own>O)?(?P<earlier>P){_SUM}(?P<ahead>Q)",
        # Prognosen är ett underskott på 3 mnkr; Nämnden prognostiserar …
        rf"{_AHEAD}(?:(?P<verb>V)|vt|F)(?:{_SUM})?(?P<main>Q)",
        rf"(?P<own>O)?(?P<later>F){_SUM}(?P<main>Q)",
        rf"V(?P<later>P)[pm](?:{_SUM})?(?P<main>Q)",
        rf"(?P<later>F)(?P<own>O)m?{_SUM}(?P<main>Q)",
        r"(?P<later>F)(?P<own>O)m(?P<main>Q)",
        # Underskottet är 3 mnkr; För helåret beräknas underskottet till 3 mnkr
        rf"(?P<own>O)?(?P<sum>D)(?P<off_budget>KB)?(?:{_IS}|(?P<later>F)t?)(?P<main>Q)",
        r"(?P<later>F)(?P<own>O)?(?P<sum>D)t?(?P<main>Q)",
        rf"{_WHO}(?P<later>F)(?:{_SUM})?(?P<main>Q)",
        # Nämnden prognostiserar ett resultat på -3 mnkr; Nämnden har en sjukfrånvaro på 7,8 procent
        r"(?P<own>O)(?:(?P<by>V)|(?P<later>F))(?P<noun>N)[pm](?P<main>Q)",
        # Sjukfrånvaron har minskat från 8,2 till 7,8 procent
        rf"{_WHO}(?P<changed>C)f(?P<before>Q)A?t(?P<main>Q)",
        rf"{_WHO}(?P<changed>C)t(?P<main>Q)f(?P<before>Q)A?",
        rf"{_WHO}(?P<changed>C)(?:m(?P<change>Q))?t(?P<main>Q)",
        rf"{_WHO}(?P<changed>C)m(?P<change>Q)f(?P<before>Q)t(?P<main>Q)",
        # Vid årets slut fanns 9,5 årsarbetare; Nämnden hade 214 medarbetare
        r"(?P<own>O)?V(?P<main>Q)(?P<noun>N)",
        r"V(?P<own>O)(?P<main>Q)(?P<noun>N)",
        r"V(?P<main>Q)(?P<noun>N)(?P<own>O)",
        # Under perioden har 96 tillsvidareanställda slutat
        r"V(?P<main>Q)N(?P<noun>M)",
        # Till och med augusti har 6,8 mnkr använts: of what was spoken of before
        r"(?:KB)?V(?P<spent>Q)z",
        r"zV?(?P<spent>Q)",
        # Förvaltningen bedömer att 3 mnkr kommer att vara förbrukade
        r"(?P<own>O)?(?P<later>F)(?P<main>Q)Z",
        # Intäkterna är 3 mnkr högre än budget; Kostnaderna överskrider budget med 3 mnkr
        rf"{_WHO}{_IS}(?P<deviation>Q)(?P<differs>H)B",
        rf"{_SHOWN}{_IS}(?P<deviation>Q)(?P<differs>H)B",
        rf"{_AHEAD}(?:(?P<verb>V)|vt|F)(?P<deviation>Q)(?P<differs>H)B",
        rf"{_WHO}(?P<exceeds>E)Bm(?P<deviation>Q)",
        # Avvikelsen mot budget är -3 mnkr
        rf"(?P<own>O)?(?P<off>X)(?:KB)?{_IS}(?P<deviation>Q)",
        rf"(?P<own>O){_IS}(?P<off>X)(?:KB)?[pm](?P<deviation>Q)(?:KB)?",
        rf"{_AHEAD}(?:(?P<verb>V)|F)(?P<off>X)(?:KB)?[pm](?P<deviation>Q)(?:KB)?",
        r"(?P<own>O)(?P<later>F)(?P<off>X)(?:KB)?[pm](?P<deviation>Q)(?:KB)?",
        # Av investeringsbudgeten på 5 mnkr har 3 mnkr använts
        r"K(?P<own>O)?(?P<noun>N)[pm](?P<main>Q)V(?P<spent>Q)z",
        # Sjukfrånvaron bland kvinnor var 8,4 procent; Kvinnornas sjukfrånvaro är 8,4 procent
        rf"{_WHO}(?P<share>g){_IS}(?P<main>Q)(?:\((?P<bare>Q)\))?",
        rf"(?P<share>g)(?P<noun>N){_IS}(?P<main>Q)(?:\((?P<bare>Q)\))?",
        rf"{_WHO}{_IS}(?P<main>Q)(?P<share>g)",
        r"(?P<share>g)V(?P<noun>N)?p?(?P<main>Q)",
        # Sjukfrånvaron var 8,1 procent 2024
        rf"{_WHO}{_IS}(?P<before>Q)A",
        rf"{_WHO}A{_IS}(?:{_SUM})?(?P<before>Q)",
        rf"AV{_WHO}(?P<before>Q)",
        # I fjol var den 8,1 procent; Motsvarande siffra för 2024 var 8,1 procent
        r"R?AV(?P<before>Q)",
    )
)
_MORE = (
    re.compile(rf"{_WHO}(?P<main>Q)"),
    re.compile(r"(?P<weak>W)t?(?P<spent>Q)"),
    re.compile(r"(?P<share>g)V?p?(?P<main>Q)\)?"),
    re.compile(r"(?P<main>Q)(?P<share>g)"),
    re.compile(r"(?P<main>Q)V(?P<noun>M)"),
    re.compile(r"(?P<later>F)(?P<main>Q)"),
    re.compile(rf"{_PART}m(?P<deviation>Q)"),
    re.compile(rf"{_PART}m?{_SUM}(?P<main>Q)"),
)
"""Clauses that have their verb from the one before: `… och antalet årsarbetare 708`."""
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
        # vilket ger ett överskott på 3 mnkr mot budget
        r"[,&]*R(?P<off>D)KB[pm](?P<deviation>Q)",
        r"[,&]*R(?P<off>D)[pm](?P<deviation>Q)KB",
        r",?KB\((?P<budget>Q)\)",
        r"\(B(?P<budget>Q)\)",
        # jämfört med budget: the sum is the deviation
        r",?(?P<off_budget>KB)",
        # en minskning med 0,4 procentenheter jämfört med föregående år (8,2 procent)
        r"[,&]*[Rm]?(?P<changed>G)m(?P<change>Q)(?:K?A(?:,?V?\(?(?P<before>Q)\)?)?)?",
        r"[,&]*R?(?P<change>Q)(?P<differs>H)A(?:\((?P<before>Q)\))?",
        # vilket är lägre än 2019 då den var 8,2 procent; en ökning från 7,1 procent 2019
        r"[,&]*R?(?P<changed>H),?AV(?P<before>Q)",
        r"[,&]*[Rm]?(?P<changed>G)f(?P<before>Q)A?",
        # (8,2 procent); (8,2 procent 2024); att jämföra med 8,2 procent 2024
        r"\((?P<bare>Q)\)",
        r"\((?P<before>Q)A\)",
        r"\(A(?P<before>Q)\)",
        r",?K(?P<before>Q)A",
        r",AV?(?P<before>Q)",
        r",?KA,?V?\(?(?P<before>Q)\)?",
        # vilket är 2 mnkr bättre än föregående prognos: nothing that has a place of its own
        r"[,&]*R?QHL",
        r"[,&]*[Rm]?GmQKL",
        # varav 6 204 tkr har använts
        r",?y(?P<spent>Q)z(?:[tpfomi].*)?",
    )
)
_JOINED = re.compile(r",&|[,&]y?|\((?=gQ[,&]gQ\))")
"""What stands between clauses; in brackets only both shares of the staff."""
_REST = re.compile(r"(?:$|,(?![!iopm])|&(?![!iopmK])|j)")
"""What may follow a clause: the end, a reason, or more of which nothing is read."""


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


@dataclass(slots=True)
class _Clause:
    """A clause as it is taken apart: the part that has each role, and where it ends."""

    roles: dict[str, Part]
    first: int
    end: int


def stated(
    parts: Sequence[Part], words: Wording, now: Now, about: Stated | None = None
) -> Iterator[Stated]:
    """Yield what the clauses of a sentence state; raises UnlikeError where their numbers disagree.

    A sentence with a rest that nobody understands states nothing. `about` is what the sentence
    before it stated: `prognosen är 12,5 mnkr` is a forecast of that.
    """
    kept = [part for part in parts if part.kind != "time"]
    tags = "".join(part.tag for part in kept)
    at = 0
    found: list[_Clause] = []
    while at < len(kept):
        clause = _clause(tags, kept, at, is_first=not found)
        if clause is None:
            break
        found.append(clause)
        joined = _JOINED.match(tags, clause.end)
        if joined is None:
            break
        at = joined.end()
    if not found or not _REST.match(tags[found[-1].end :]):
        return
    is_owned = False
    for clause in found:
        is_owned = is_owned or "own" in clause.roles
        one = _stated(clause, words, now, about)
        if one is not None:
            about = replace(one, is_owned=is_owned, times=_times(clause, kept, parts))
            yield about


def _clause(tags: str, kept: Sequence[Part], at: int, *, is_first: bool) -> _Clause | None:
    """Return the clause that begins at a part: the longest head, then all that follows it."""
    heads = _HEADS if is_first else (*_HEADS, *_MORE)
    head = max(_matches(heads, tags, at), key=lambda m: m.end(), default=None)
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
            first, *_, last = kept[found.start(name)], *kept[slice(*found.span(name))]
            clause.roles[role] = replace(first, end=last.end)


def _times(clause: _Clause, kept: Sequence[Part], parts: Sequence[Part]) -> tuple[Part, ...]:
    """Return the times that stand in a clause, or right before or behind it."""
    start = kept[clause.first - 1].end if clause.first else 0
    stop = kept[clause.end].start if clause.end < len(kept) else parts[-1].end + 1
    return tuple(part for part in parts if part.time and start <= part.start < stop)


# --- figures -------------------------------------------------------------------------------------


def _stated(clause: _Clause, words: Wording, now: Now, about: Stated | None) -> Stated | None:
    roles = clause.roles
    if "part" in roles and "sum" in roles:
        # what a part of a board has over or lacks is held against its budget
        roles["off_budget"] = roles["sum"]
    subject = _of_part(roles, about) if "part" in roles else _subject(roles, about)
    if subject is None or ("later" in roles and now.is_year):
        return None
    amounts = {name: part.amount for name, part in roles.items() if part.amount is not None}
    bare = amounts.pop("bare", None)
    if bare is not None and subject.kind == "metric":
        # in brackets behind money may stand a budget as well as the year before
        amounts.setdefault("before", bare)
    if subject.is_borrowed and subject.scope is not None:
        # `7,8 procent (kvinnor 8,4, män 5,2)`
        amounts = {n: replace(a, unit=a.unit or "percent") for n, a in amounts.items()}
    fitting = in_one_unit(subject.kind, subject.code, amounts, words)
    if fitting is None or ("main" in amounts and amounts["main"].is_points):
        return None
    values = values_of(roles, fitting, gains=subject.code in words.words["sentence_lines"]["gains"])
    if not _are_of(subject, values):
        return None
    figures = {name: (fitting[name], value) for name, value in values.items() if name != "change"}
    return replace(subject, figures=figures)


def _of_part(roles: dict[str, Part], about: Stated | None) -> Stated | None:
    """Return the part of a board that a clause speaks of; it goes on with a forecast before it."""
    differs = roles.get("differs")
    if differs is not None and differs.says not in ("better", "worse"):
        return None
    goes_on = about is not None and about.kind == "part" and about.is_later
    later = "later" in roles or (goes_on and not roles.keys() & {"sum", "off", "differs"})
    return Stated("part", "", _label(roles), is_owned=False, is_later=later)


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
        return Stated(kind, noun.says, _label(roles), "own" in roles, later, scope=scope)
    return _borrowed(roles, about) if _goes_on(roles, about) else _of_result(roles, about)


_KINDS = {"invests": "invested", "moves": "metric"}
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
    return "share" in roles or "spent" in roles or (invested and "sum" not in roles)


def _borrowed(roles: dict[str, Part], about: Stated | None) -> Stated | None:
    share = roles.get("share")
    before = _named_roles(roles) == {"before"}
    if about is None or (about.kind == "metric") is not (share is not None or before):
        return None
    scope = share.says if share is not None else None
    return replace(about, is_borrowed=True, is_later="later" in roles, scope=scope)


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
        return bool(told) and (told <= {"main", "budget"} or told == {"spent"})
    return bool(told) and "spent" not in told


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
