"""The verdict on a goal: behind a label, alone on a line, or in a sentence on the goal.

`Bedömning: På väg`, `Uppfylls delvis`, `God måluppfyllelse.`, `Målet bedöms inte bli uppfyllt`.
The words are data; sentences follow one small grammar (the goal, verbs, an adverb, reached).
Where a text gives two verdicts that differ, or speaks of the whole city, none is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from expectations.contract import Place, Word
from expectations.registers import plain
from tasks.readers.pages import Line
from tasks.readers.passage import passage
from tasks.readers.verdict_forms import (
    judges,
    labelled_verdict,
    labels_verdict,
    tells_of_goal,
    without_mark,
)
from tasks.readers.wording import Wording, either

_WHOLE_CITY = re.compile(
    r"\b(?:som helhet|i hela (?:staden|kommunen)|kommunen som helhet|i riket)\b", re.IGNORECASE
)
_VERBS = (
    r"(?:är|blir|bli|har|kommer|bedöms|bedömer|anses|vara|att|som|nu|därmed|därför|redan|under året"
    r"|vid årets slut|för året|för perioden|kunna|kan)"
)
_ADVERB = f"(?P<adverb>{either('verdict_parts', 'adverbs')})"
_REACHED = r"(?:uppfyll(?:t|d|da|s|as|ts)|upp?nå(?:tt|dd|dda|s|tts)|nå(?:s|tt|tts|dd))"
_UNSURE = r"(?!(?:om|när|för|först|inte|innan|hade|skulle|trots|även)\b)"
_TOLD = (
    r"(?P<verdict>(?!del)\w*(?:mål(?:et|en)?|direktiv(?:et)?|åtagandet)"
    rf"(?:\s+{_VERBS})*(?:\s+{_ADVERB})?(?:\s+{_VERBS})*\s+{_REACHED}"
    rf"(?:\s+(?P<late>{either('verdict_parts', 'adverbs')})(?!\s*\w*\s*(?:mål|förrän)))?)\b"
)
_ANY = re.compile(rf"\b{_TOLD}", re.IGNORECASE)
_SENTENCE = re.compile(
    r"(?:^|\b(?:bedömer|bedöms|bedömningen är|bedömning är|anser|konstaterar|visar)\s+att\s+"
    rf"|^{_UNSURE}(?:\w+\s+){{0,3}}(?:är|bedöms|anses|har|kommer)\s+)"
    rf"{_TOLD}",
    re.IGNORECASE,
)
_ASKED = re.compile(r"[^.!?]*\?")
"""A question judges nothing."""
_LIMITED = re.compile(r"\b(?:men|utom|förutsatt|om|förrän)\b", re.IGNORECASE)
"""What follows a verdict and takes something of it back."""
_OF_GOAL = re.compile(r"mål|direktiv|åtagande")
_FEW_WORDS = 5
_PARTLY = frozenset(
    ("delvis", "i huvudsak", "till stor del", "till viss del", "nästan", "inte helt")
) | {"inte fullt ut"}


def verdict(lines: Sequence[Line], words: Wording) -> Word | None:
    """Return the verdict in a goal's text, None where there is none or they differ."""
    word = labelled(lines, words) or _alone(lines, words)
    if word is not None:
        return word
    told = list(_in_sentences(lines, words))
    said = {meant for meant, _ in told}
    stated = _ASKED.sub("", passage(lines).text)
    doubt = {_meant(found) for found in _ANY.finditer(stated)}
    doubted = bool(doubt) and len(said | doubt) > 1 and bool(doubt - said)
    return told[0][1] if len(said) == 1 and not doubted else None


def labelled(lines: Sequence[Line], words: Wording, *, strong: bool = False) -> Word | None:
    """Return the first verdict that a line labels as one (`Måluppfyllelse: God`).

    `strong` leaves out labels of many things (`Status`) that stand on a line of their own.
    """
    for index, line in enumerate(lines):
        word = _behind_label(line, words)
        if word is None and labels_verdict(line.text, strong=strong):
            below = next((x for x in lines[index + 1 :] if x.text.strip()), None)
            word = _whole_line(below, words) if below else None
        if word is not None:
            return word
    return None


def opens_with_verdict(lines: Sequence[Line], words: Wording, *, of_goals: bool = False) -> bool:
    """Say whether a text has a labelled verdict, or begins with one that is all of its line.

    Words that other things have too (`Pågår enligt plan`) count among goals only.
    """
    first = next((line.text.strip(" .") for line in lines if line.text.strip()), "")
    # `Målet är uppfyllt. Handläggningstiden var elva dagar.`
    opened = first.partition(". ")[0] if tells_of_goal(first) else first
    first = opened if judges(opened, timed=True) else first
    alone = judges(first, timed=True) and (of_goals or (tells_of_goal(first) and " " in first))
    said = labelled(lines, words, strong=not of_goals)
    return said is not None or alone


def _behind_label(line: Line, words: Wording) -> Word | None:
    """Return the verdict of a labelled line; behind a colon also a short text that is unknown."""
    found = labelled_verdict(line.text)
    if found is None:
        return None
    label, stop, span = found
    said = line.text[slice(*span)]
    place = line.place(*span)
    word = verdict_word(said, place, words)
    if word is not None or stop != ":" or label.startswith(("resultat", "prognos", "utfall")):
        return word
    bare = said.strip(" .")
    short = re.fullmatch(r"[A-ZÅÄÖ][^\d.:;!?\[\]]{2,40}", bare) and len(bare.split()) <= _FEW_WORDS
    return Word(bare, None, place) if short else None


def _alone(lines: Sequence[Line], words: Wording) -> Word | None:
    """Return the verdict that is all of the first line: `Uppfylls delvis`."""
    first = next((line for line in lines if line.text.strip()), None)
    return _whole_line(first, words) if first is not None else None


def _whole_line(line: Line, words: Wording) -> Word | None:
    said = without_mark(line.text).strip()
    start = line.text.index(said)
    return verdict_word(said, line.place(start, start + len(said.rstrip(" ."))), words)


def verdict_word(written: str, place: Place | None, words: Wording) -> Word | None:
    """Return a labelled verdict: a word of the scale, one of our phrases, or a whole sentence."""
    bare = written.strip(" .")
    code = words.word("goal_assessment", bare, place).code
    known = words.table("verdicts").get(plain(bare)) or words.table("verdict_labels").get(
        plain(bare)
    )
    if code is None and known is None:
        told = _ANY.fullmatch(bare)
        known = _meant(told) if told else None
    if code is None and known is None and not judges(bare):
        return None
    return Word(bare, code or _code(known, words), place)


def _code(known: str | None, words: Wording) -> str | None:
    return words.word("goal_assessment", known, None).code if known else None


def _meant(found: re.Match[str]) -> str:
    """Return the word of the scale that a sentence on the goal means."""
    said = {(found[name] or "").casefold() for name in ("adverb", "late")}
    if said & _PARTLY:
        return "Delvis uppnått"
    if any(word.startswith("i ") and word != "i sin helhet" for word in said):
        # `i liten utsträckning`: a step that only the city's own scale can place
        return "|".join(sorted(said - {""}))
    return "Ej uppfyllt" if said & {"inte", "ej"} else "Uppfyllt"


def _in_sentences(lines: Sequence[Line], words: Wording) -> Iterator[tuple[str, Word]]:
    """Yield (meaning, verdict) of the sentences that speak of the goal; longest phrase first."""
    text = passage(lines)
    table = words.table("verdicts")
    phrases = sorted(table, key=len, reverse=True)
    for start, end in text.sentences():
        sentence = text.text[start:end]
        if _WHOLE_CITY.search(sentence) or "?" in text.text[start : end + 1]:
            continue
        spot = _phrase(sentence, phrases)
        told = _SENTENCE.search(sentence)
        if told is not None and _LIMITED.search(sentence, told.end()):
            told = None
        if told is not None and (spot is None or not _is_longer(spot, told)):
            meant, span = _meant(told), told.span("verdict")
        elif spot is not None:
            phrase = sentence[slice(*spot)].casefold()
            meant, span = table[phrase] or phrase, spot
        else:
            continue
        at, stop = start + span[0], start + span[1]
        code = _code(meant, words)
        if code is not None or words.city is None:
            yield meant, Word(text.text[at:stop], code, text.place(at, stop))


def _is_longer(spot: tuple[int, int], told: re.Match[str]) -> bool:
    """Say whether a known phrase says more than the sentence that it stands in."""
    return spot[1] > told.end("verdict") and spot[0] <= told.end("verdict")


def _phrase(sentence: str, phrases: Sequence[str]) -> tuple[int, int] | None:
    """Return where the longest known phrase stands in a sentence on the goal."""
    lowered = sentence.casefold()
    whole = lowered.strip(" .!")
    for phrase in phrases:
        spot = re.search(rf"\b{re.escape(phrase)}\b", lowered)
        if spot is not None and (_OF_GOAL.search(lowered) or whole == phrase):
            return spot.span()
    return None
