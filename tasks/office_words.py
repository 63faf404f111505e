"""The file that the city office writes its own words in: read, checked, and begun for it.

TOML, because it is plain text that any editor opens: `av` is the author, `forord` the foreword,
`[mal.<mål>]` has `bedomning` (a word of the city's scale) and `text`, `[hushallning]` the
conclusion on god ekonomisk hushållning, `[finansiella.<mål>]` the financial goals,
`[bolag.<bolag>]` the yearly test of a company's purpose, `[kommentarer]` one text per chapter.
What is wrong is told with its key and what to do.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from expectations.names import meant
from expectations.personal import has_number
from expectations.registers import City, CityGoal, Scale
from tasks.report.material import words
from tasks.report.office import companies_on, fixed_scale
from warehouse.office_words import FOREWORD, HOUSEKEEPING, OfficeWords

KEYS = ("av", "forord", "hushallning", "mal", "finansiella", "bolag", "kommentarer")
ENTRY_KEYS = ("bedomning", "text", "av")
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
    if "hushallning" in told:
        entry = _table(told, "hushallning", faults)
        yield _entry(entry, "hushallning", HOUSEKEEPING, fixed_scale(HOUSEKEEPING), author, faults)
    for table in _tables(city, day):
        own = _table(told, table.key, faults)
        _known(own, table.names, table.key, faults)
        for name in own:
            entry, where = _table(own, name, faults), f"{table.key}.{name}"
            yield _entry(entry, where, f"{table.place}:{name}", table.scale, author, faults)
    chapters = words()["office"]["chapters"]
    comments = _table(told, "kommentarer", faults)
    _known(comments, chapters, "kommentarer", faults)
    for anchor, text in comments.items():
        yield Written(f"chapter:{anchor}", _text(text, f"kommentarer.{anchor}", faults), author)


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of the file with one entry per name: where its words go, and what they judge by."""

    key: str
    place: str
    names: Mapping[str, str]
    """What may stand in the table, each with what it is called."""
    scale: Scale


def _tables(city: City, day: date) -> tuple[_Table, ...]:
    goals = {goal.goal_id: goal.title for goal in city.goals}
    financial = city.settings.get("financial_goals", {})
    companies = {board.board_id: board.name for board in companies_on(city, day)}
    return (
        _Table("mal", "goal", goals, city.scale(SCALE, day)),
        _Table("finansiella", "financial", financial, fixed_scale("financial")),
        _Table("bolag", "company", companies, fixed_scale("company")),
    )


def _entry(
    entry: Mapping[str, Any], where: str, place: str, scale: Scale, author: str, faults: list[str]
) -> Written:
    """Return one judgement with its words."""
    _known(entry, ENTRY_KEYS, where, faults)
    text = _text(entry.get("text", ""), f"{where}.text", faults)
    code = _code(entry.get("bedomning", ""), where, scale, faults)
    return Written(place, text, str(entry.get("av", author)).strip(), code)


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
    if has_number(value):
        faults.append(f"{where} innehåller ett personnummer. Skriv det utan.")
    return "\n".join(line.strip() for line in value.strip().splitlines())


def _code(value: Any, where: str, scale: Scale, faults: list[str]) -> str | None:
    written = str(value).strip()
    if not written:
        return None
    code = scale.code_of(written)
    if code is None:
        steps = _steps(scale)
        faults.append(f"{where}.bedomning: ”{written}” finns inte i skalan. Välj: {steps}.")
    return code


def _steps(scale: Scale) -> str:
    return ", ".join(step.word for step in scale.words)


def begun(city: City, day: date, held: tuple[OfficeWords, ...]) -> str:
    """Return the file with what is written already, and a place for all the rest."""
    by_place = {one.place: one for one in held}
    author = held[-1].author if held else ""
    lines = [
        f"# {words()['office']['file_head'].format(office=city.office)}",
        f"av = {_quoted(author)}",
        f"forord = {_quoted(by_place[FOREWORD].text if FOREWORD in by_place else '')}",
    ]
    current = {goal.goal_id for goal in city.goals if _holds(goal, day)}
    for table in _tables(city, day):
        for name, title in table.names.items():
            if table.key != "mal" or name in current:
                own = by_place.get(f"{table.place}:{name}")
                head = f"{table.key}.{_key(name)}"
                lines += ["", f"# {title}", *_begun(head, table.scale, own)]
    conclusion = by_place.get(HOUSEKEEPING)
    lines += ["", f"# {words()['housekeeping']['file_head']}"]
    lines += _begun("hushallning", fixed_scale(HOUSEKEEPING), conclusion)
    lines += ["", "[kommentarer]"]
    for anchor in words()["office"]["chapters"]:
        one = by_place.get(f"chapter:{anchor}")
        lines.append(f"{anchor} = {_quoted(one.text if one else '')}")
    return "\n".join(lines) + "\n"


def _begun(head: str, scale: Scale, own: OfficeWords | None) -> list[str]:
    """Return the lines of one judgement: the steps to choose among, and what is written."""
    step = scale.word_of(own.code) if own and own.code else None
    return [
        f"[{head}]",
        f"# {_steps(scale)}; tomt är ingen bedömning",
        f"bedomning = {_quoted(step.word if step else '')}",
        f"text = {_quoted(own.text if own else '')}",
    ]


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
