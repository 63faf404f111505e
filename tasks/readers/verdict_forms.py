"""The forms that a verdict takes where it stands alone: in a cell, behind a label, under a title.

No list of whole phrases is ever long enough (`Bedöms uppnås i sin helhet`, `På väg att nås i viss
grad`, `Pågår med avvikelse`): the parts are data (`verdict_parts`), how they go together is here.
"""

from __future__ import annotations

import re
from functools import cache

from expectations.register_files import generic_vocabulary
from expectations.registers import plain
from tasks.readers.wording import either

_SUBJECT = r"(?:(?!del)\w*(?:mål(?:et|en)?|åtagandet|direktivet)|måluppfyllelsen|det)"
_REACHED = r"(?:uppfyll(?:t|d|da|s|as|ts)|upp?nå(?:tt|dd|dda|s|tts)|nå(?:s|tt|tts|dd))"
_MARK = re.compile(r"^\s*[●○■□▪▫◆◇•⬤🟢🟡🔴🟠⚫⚪–-]\s*(?=[A-ZÅÄÖ])")
"""What stands before a verdict as its colour: a sign whose colour is gone in a text."""
_BRACKETED = re.compile(r"^\s*\(([^()]+)\)\.?\s*$")
_HEADER = re.compile(r"\s*(?:MÅL|\w*[Mm]ål) [A-ZÅÄÖ]")
"""Two words of a header (`Mål Uppfyllt`), where a verdict would say `Mål uppfyllt`."""
_PARTED = re.compile(r"\s*[–:,(]\s*|\s-\s|\)")


_SURE = either("verdict_label_words", "sure")
_KINDS = (
    rf"(?:\w*{either('verdict_label_words', 'leads')} )?"
    rf"(?:{_SURE}|(?:måluppfyllelsen|mål\w*) (?:bedöms|är)(?: som)?{{weak}})(?!\w)"
)
_WHEN = rf"(?:(?: {either('verdict_label_words', 'behind')}| 20\d\d)(?!\w))*"
_WEAK = f"|{either('verdict_label_words', 'weak')}"
_STRONG_LABEL = re.compile(rf"\s*{_KINDS.format(weak='')}{_WHEN}", re.IGNORECASE)
_ANY_LABEL = re.compile(rf"\s*{_KINDS.format(weak=_WEAK)}{_WHEN}", re.IGNORECASE)
_SPLIT = re.compile(r"\s*(?P<stop>:|\s[–-](?=\s)|(?=\s))\s*(?P<said>\S.{0,70}?)\s*$")


_QUESTION = re.compile(
    r"\s*(?:\w+ ){0,4}(?:mål(?:et|en)?|måluppfyllelsen?|åtagandet|direktivet)\b[^?.:]{0,40}\?",
    re.IGNORECASE,
)
"""A label that asks: `Bedöms målet nås?` with `Delvis` behind it."""
_ANSWER = re.compile(r"\s*(?P<said>\S.{0,70}?)\s*$")


def labelled_verdict(text: str, *, strong: bool = False) -> tuple[str, str, tuple[int, int]] | None:
    """Return (label, stop, span of what is said) of a line such as `Samlad bedömning 2025: God`.

    The stop is empty where nothing but a space parts them. `strong` leaves out labels that other
    things have too (`Status`).
    """
    asked = _QUESTION.match(text)
    answer = _ANSWER.match(text, asked.end()) if asked else None
    if asked is not None and answer is not None:
        return plain(asked.group()), "?", answer.span("said")
    label = (_STRONG_LABEL if strong else _ANY_LABEL).match(text)
    rest = _SPLIT.match(text, label.end()) if label else None
    if label is None or rest is None:
        return None
    if rest["stop"] != ":" and (
        label.group().endswith((" är", " bedöms", " som")) or judges(label.group())
    ):
        return None  # `Målet är uppfyllt`, `Målet nås delvis` are verdicts as a whole
    return plain(label.group()), rest["stop"].strip(), rest.span("said")


def labels_verdict(text: str, *, strong: bool = False) -> bool:
    """Say whether a line is the label of a verdict that stands below it: `Bedömning av målet`."""
    known = _STRONG_LABEL if strong else _ANY_LABEL
    asked = _QUESTION.fullmatch(text.strip()) is not None
    return asked or (known.fullmatch(text.strip().rstrip(" :")) is not None and not judges(text))


_LONGEST = 120


def without_mark(text: str) -> str:
    """Return a text without the sign that stands before it, or the brackets around it."""
    return _BRACKETED.sub(r"\1", _MARK.sub("", text))


def judges(text: str, *, timed: bool = False) -> bool:
    """Say whether a text is a verdict and nothing else, in any of its forms.

    `timed` takes a sentence on the goal that says when (`Målet nås vid årets slut`) for one too.
    """
    bare = plain(without_mark(text)).strip(" .")
    if not bare or len(bare) > _LONGEST or re.search(r"\d", bare) or _HEADER.match(text):
        return False
    if whole().fullmatch(bare) or (timed and re.fullmatch(shape(), bare)):
        return True
    known = {**generic_vocabulary()["verdicts"], **generic_vocabulary()["verdict_labels"]}
    parts = [part for part in _PARTED.split(bare) if part]
    return len(parts) > 1 and all(part in known or whole().fullmatch(part) for part in parts)


def tells_of_goal(text: str) -> bool:
    """Say whether a verdict names the goal or its fulfilment, and so needs nothing around it."""
    return bool(re.search(rf"\b(?:{_REACHED}|\w*mål\w*)\b", plain(text)))


@cache
def whole() -> re.Pattern[str]:
    """Return the pattern of one verdict in plain letters, where it is all of a text."""
    # what a sentence on the goal says of the time is no part of its verdict
    times = either("verdict_parts", "times")
    return re.compile(rf"(?!{_SUBJECT} .* {times}$)(?:{shape()})")


@cache
def step_shape() -> str:
    """Return the pattern of how far something has come: `Pågår med mindre avvikelse`."""
    adverbs, ways, steps, sizes = (
        either("verdict_parts", x) for x in ("adverbs", "ways", "steps", "sizes")
    )
    with_ = rf"\s+med (?:{sizes} )?(?:avvikelse|försening)|\s+utan avvikelse"
    return rf"(?:{adverbs}\s+)?{steps}(?:\s+{ways}|{with_})?"


@cache
def shape() -> str:
    """Return the pattern of a verdict in plain letters, as a part of others."""
    verbs, adverbs, ways, times = (
        either("verdict_parts", x) for x in ("verbs", "adverbs", "ways", "times")
    )
    grades, sizes = (either("verdict_parts", x) for x in ("grades", "sizes"))
    turns = either("verdict_parts", "turns")
    led = rf"(?:{_SUBJECT}\s+)?(?:{verbs}\s+){{0,5}}(?:{adverbs}\s+)?(?:{verbs}\s+){{0,5}}"
    late = rf"(?:\s+{adverbs})?(?:\s+{times})?"
    plan = r"(?: (?:från|mot) (?:plan(?:en)?|mål(?:et)?))?"
    grade = rf"{grades} (?:grad av )?måluppfyll(?:else|nad)"
    forms = (
        rf"{led}{_REACHED}{late}",
        rf"{led}{ways}(?:\s+att\s+(?:{adverbs}\s+)?(?:{verbs}\s+)?{_REACHED})?{late}",
        rf"(?:{_SUBJECT}\s+)?(?:{verbs}\s+){{0,5}}{grade}(?:\s+{times})?",
        rf"(?:vi|nämnden|förvaltningen|verksamheten) når (?:{adverbs} )?måle[tn](?: {adverbs})?",
        rf"måluppfyllelsen (?:{verbs}\s+){{1,5}}{grades}",
        step_shape(),
        rf"{sizes}(?: (?:negativa?|positiva?))? avvikelse(?:r)?{plan}",
        rf"(?:trenden|utvecklingen|utfallet) (?:{verbs}\s+){{1,5}}{turns}",
        rf"nämndens bidrag har (?:{adverbs} )?inneburit (?:en )?(?:{turns} )?förflyttning",
        rf"{turns} (?:trend|utveckling|förflyttning|riktning)",
        (
            rf"{either('verdict_parts', 'colours')} {either('verdict_parts', 'signs')}"
            rf"(?: {either('verdict_parts', 'pointing')})?"
        ),
    )
    return "|".join(f"(?:{form})" for form in forms)
