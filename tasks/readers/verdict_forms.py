"""The forms that a verdict takes where it stands alone: in a cell, behind a label, under a title.

No list of whole phrases is ever long enough (`Bedöms uppnås i sin helhet`, `På väg att nås i viss
grad`, `Pågår med avvikelse`): the parts are data (`verdict_parts`), how they go together is here.
"""

from __future__ import annotations

import re
from functools import cache

from expectations.register_files import generic_vocabulary
from expectations.registers import plain
from tasks.readers.spans import MONTHS

_SUBJECT = r"(?:(?!del)\w*(?:mål(?:et|en)?|åtagandet|direktivet)|måluppfyllelsen|det)"
_REACHED = r"(?:uppfyll(?:t|d|da|s|as|ts)|upp?nå(?:tt|dd|dda|s|tts)|nå(?:s|tt|tts|dd))"
_MARK = re.compile(r"^\s*[●○■□▪▫◆◇•⬤🟢🟡🔴🟠⚫⚪–-]\s*(?=[A-ZÅÄÖ])")
"""What stands before a verdict as its colour: a sign whose colour is gone in a text."""
_PARTED = re.compile(r"\s*[–:,(]\s*|\s-\s|\)")


_KINDS = (
    r"(?:(?:samlad|sammanfattande|sammantagen|sammanvägd|total|slutlig|årets|periodens|vår|egen"
    r"|\w*(?:nämndens|styrelsens)|bolagets|förvaltningens|kommunens|verksamhetens"
    r"|övergripande|preliminär|aktuell) )?"
    r"(?:bedömning|målbedömning|målprognos|prognos för måluppfyllelse|(?:bedömd )?måluppfyllelse"
    r"|(?:grad av |prognos )måluppfyllelse|måluppfyllelsegrad|uppfyllelsegrad|måluppfyllnad"
    r"|målstatus|(?:måluppfyllelsen|mål\w*) (?:bedöms|är)(?: som)?{weak})(?!\w)"
)
_WHEN = (
    r"(?:(?: av (?:målet|mål|måluppfyllelse\w*)| för (?:målet|året|perioden)| på? ?helår(?:et)?"
    rf"| vid årets slut| 20\d\d| t[123]| (?:tertial|delår) \d| (?:{'|'.join(MONTHS)}))(?!\w))*"
)
_WEAK = r"|status|läge|resultat|prognos|utfall|trend"
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
    if rest["stop"] != ":" and label.group().endswith((" är", " bedöms", " som")):
        return None  # `Målet är uppfyllt` is a verdict as a whole
    return plain(label.group()), rest["stop"].strip(), rest.span("said")


def labels_verdict(text: str, *, strong: bool = False) -> bool:
    """Say whether a line is the label of a verdict that stands below it: `Bedömning av målet`."""
    known = _STRONG_LABEL if strong else _ANY_LABEL
    asked = _QUESTION.fullmatch(text.strip()) is not None
    return asked or known.fullmatch(text.strip().rstrip(" :")) is not None


_LONGEST = 120


def without_mark(text: str) -> str:
    """Return a text without the sign that stands before it."""
    return _MARK.sub("", text)


def judges(text: str, *, timed: bool = False) -> bool:
    """Say whether a text is a verdict and nothing else, in any of its forms.

    `timed` takes a sentence on the goal that says when (`Målet nås vid årets slut`) for one too.
    """
    bare = plain(without_mark(text)).strip(" .")
    if not bare or len(bare) > _LONGEST or any(character.isdigit() for character in bare):
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
    times = _any(generic_vocabulary()["verdict_parts"]["times"])
    return re.compile(rf"(?!{_SUBJECT} .* {times}$)(?:{shape()})")


@cache
def step_shape() -> str:
    """Return the pattern of how far something has come: `Pågår med mindre avvikelse`."""
    parts = generic_vocabulary()["verdict_parts"]
    adverbs, ways, steps, sizes = (_any(parts[x]) for x in ("adverbs", "ways", "steps", "sizes"))
    with_ = rf"\s+med (?:{sizes} )?(?:avvikelse|försening)|\s+utan avvikelse"
    return rf"(?:{adverbs}\s+)?{steps}(?:\s+{ways}|{with_})?"


@cache
def shape() -> str:
    """Return the pattern of a verdict in plain letters, as a part of others."""
    parts = generic_vocabulary()["verdict_parts"]
    verbs, adverbs, ways, times = (_any(parts[x]) for x in ("verbs", "adverbs", "ways", "times"))
    grades, sizes = (_any(parts[x]) for x in ("grades", "sizes"))
    turns = _any(parts["turns"])
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
    )
    return "|".join(f"(?:{form})" for form in forms)


def _any(words: list[str]) -> str:
    return f"(?:{'|'.join(re.escape(word) for word in sorted(words, key=len, reverse=True))})"
