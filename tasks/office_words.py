"""The file that the city office writes its own words in: read, checked, and begun for it.

TOML, because it is plain text that any editor opens: `av` is the author, `forord` the foreword,
`[mal.<mål>]` has `bedomning` (a word of the city's scale) and `text`, `[kommentarer]` one text per
chapter. What is wrong is told with its key and what to do.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from expectations.names import meant
from expectations.registers import City, CityGoal
from tasks.report.material import words
from warehouse.office_words import FOREWORD, OfficeWords

KEYS = ("av", "forord", "mal", "kommentarer")
GOAL_KEYS = ("bedomning", "text", "av")
SCALE = "goal_assessment"


class WordsError(Exception):
    """The file cannot be used as it stands; the message lists every fault with its remedy."""


@dataclass(frozen=True, slots=True)
class Written:
    """What the file says at one place; `code` is a step of the scale for goals."""

    place: str
    text: str
    author: str
    code: str | None = None


def read_words(data: bytes, city: City, day: date) -> list[Written]:
    """Return what the office has written, place by place; WordsError where anything is wrong."""
    try:
        told = tomllib.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        fault = f"Filen kan inte läsas: {error}. Skriv texter inom tre citattecken."
        raise WordsError(fault) from None
    faults: list[str] = []
    found = list(_written(told, city, day, faults))
    faults += [f"{w.place}: av saknas. Skriv vem som har skrivit." for w in found if not w.author]
    if faults:
        raise WordsError("\n".join(faults))
    return found


def _written(
    told: Mapping[str, Any], city: City, day: date, faults: list[str]
) -> Iterator[Written]:
    author = str(told.get("av", "")).strip()
    _known(told, KEYS, "", faults)
    if "forord" in told:
        yield Written(FOREWORD, _text(told["forord"], "forord", faults), author)
    goals = {goal.goal_id for goal in city.goals}
    own = _table(told, "mal", faults)
    _known(own, goals, "mal", faults)
    for goal_id in own:
        entry = _table(own, goal_id, faults)
        _known(entry, GOAL_KEYS, f"mal.{goal_id}", faults)
        text = _text(entry.get("text", ""), f"mal.{goal_id}.text", faults)
        code = _code(entry.get("bedomning", ""), goal_id, city, day, faults)
        yield Written(f"goal:{goal_id}", text, str(entry.get("av", author)).strip(), code)
    chapters = words()["office"]["chapters"]
    comments = _table(told, "kommentarer", faults)
    _known(comments, chapters, "kommentarer", faults)
    for anchor, text in comments.items():
        yield Written(f"chapter:{anchor}", _text(text, f"kommentarer.{anchor}", faults), author)


def _known(told: Mapping[str, Any], allowed: Any, where: str, faults: list[str]) -> None:
    for key in [key for key in told if key not in allowed]:
        name = f"{where}.{key}".lstrip(".")
        remedy = meant(key, tuple(allowed)) or f"Välj bland {', '.join(sorted(allowed))}."
        faults.append(f"{name} är okänt. {remedy}")


def _table(told: Mapping[str, Any], key: str, faults: list[str]) -> Mapping[str, Any]:
    found = told.get(key, {})
    if isinstance(found, Mapping):
        return found
    faults.append(f"{key} är ingen tabell. Skriv rubriken [{key}].")
    return {}


def _text(value: Any, where: str, faults: list[str]) -> str:
    if not isinstance(value, str):
        faults.append(f"{where} är ingen text. Skriv den inom citattecken.")
        return ""
    return "\n".join(line.strip() for line in value.strip().splitlines())


def _code(value: Any, goal_id: str, city: City, day: date, faults: list[str]) -> str | None:
    written = str(value).strip()
    if not written:
        return None
    scale = city.scale(SCALE, day)
    code = scale.code_of(written)
    if code is None:
        steps = ", ".join(step.word for step in scale.words)
        faults.append(f"mal.{goal_id}.bedomning: ”{written}” finns inte i skalan. Välj: {steps}.")
    return code


def begun(city: City, day: date, held: tuple[OfficeWords, ...]) -> str:
    """Return the file with what is written already, and a place for all the rest."""
    by_place = {one.place: one for one in held}
    scale = city.scale(SCALE, day)
    steps = ", ".join(step.word for step in scale.words)
    author = held[-1].author if held else ""
    lines = [
        f"# {words()['office']['file_head'].format(office=city.office)}",
        f"# Bedömning: {steps}. Tomt är ingen bedömning.",
        f"av = {_quoted(author)}",
        f"forord = {_quoted(by_place[FOREWORD].text if FOREWORD in by_place else '')}",
    ]
    for goal in (goal for goal in city.goals if _holds(goal, day)):
        one = by_place.get(f"goal:{goal.goal_id}")
        step = scale.word_of(one.code) if one and one.code else None
        lines += [
            "",
            f"# {goal.title}",
            f"[mal.{_key(goal.goal_id)}]",
            f"bedomning = {_quoted(step.word if step else '')}",
            f"text = {_quoted(one.text if one else '')}",
        ]
    lines += ["", "[kommentarer]"]
    for anchor in words()["office"]["chapters"]:
        one = by_place.get(f"chapter:{anchor}")
        lines.append(f"{anchor} = {_quoted(one.text if one else '')}")
    return "\n".join(lines) + "\n"


def _holds(goal: CityGoal, day: date) -> bool:
    starts = goal.valid_from is None or goal.valid_from <= day
    return starts and (goal.valid_to is None or day <= goal.valid_to)


def _key(name: str) -> str:
    return (
        name if name.replace("-", "").replace("_", "").isalnum() and name.isascii() else f'"{name}"'
    )


def _quoted(text: str) -> str:
    """Return a text as TOML: on one line where it has one, else over several."""
    safe = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"""\n{safe}\n"""' if "\n" in safe else f'"{safe}"'
