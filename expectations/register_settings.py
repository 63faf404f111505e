"""A city's `city.toml`: read, held against what may stand in it, and laid over the shared words.

A key that nobody reads is a fault: it is most often a typo, and its words would be lost in
silence.
"""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, get_args

from expectations.contract import Unit
from expectations.names import meant
from expectations.register_rows import RegisterFile, decoded
from expectations.registers import WEEKDAYS

NEEDED = ("city_id", "name", "office", "municipality_code")
ANY = "*"
TABLES: dict[str, dict[str, tuple[type, ...]]] = {
    "units": {ANY: (str,)},
    "signs": {"costs": (str,), "deviation": (str,)},
    "cases": dict.fromkeys(("pattern", "template", "default_prefix", "legacy_pattern"), (str,)),
    "calendar": {"known": (str,), "weekdays": (dict,)},
    "organs": {ANY: (str,)},
    "wording": {ANY: (str,)},
    "decisions": dict.fromkeys(
        ("heading_executive", "heading_council", "fulfilled", "report", "report_noted"), (str,)
    ),
    "memo": {"parts": (list,)},
    "reading": {"tesseract": (str,)},
    "report": {ANY: (str, int, bool, list)},
    "form": {"chapters": (list,)},
    "funding": {"pool": (str, int), "pool_year": (int,)},
    "financial_goals": {ANY: (str,)},
    "vocabulary": {ANY: (dict, list)},
}
"""The tables of city.toml, with their keys and what may stand there."""
KINDS = {
    str: "en text",
    int: "ett heltal",
    dict: "en tabell",
    list: "en lista",
    bool: "sant/falskt",
}
SIGNS = {"costs": ("negative", "positive"), "deviation": ("plus_good", "plus_bad")}
CALENDARS = ("whole_years", "single_days")
MEMO_PARTS = ("decisions", "summary", "matter", "enclosures", "")
"""What the system fills in of an official's memo; nothing is for the writer to fill in."""
PROSE_SECTIONS = ("goals", "assignments", "deviations", "narratives")
"""Sections that the Word file of the form can have under a chapter of the city's."""
FORMULAS = {"fulfilled": {"text", "case"}, "report": {"name"}, "report_noted": {"name"}}
"""Sentences of `[decisions]` with the fields that the report fills in."""
OWN_WORDS = "city_words"
"""The words by which a text shows its city: the one vocabulary that is not shared."""


class SettingsFile(RegisterFile):
    """`city.toml` while it is understood: knows on which line a key stands."""

    def __init__(self, name: str, text: str) -> None:
        """Keep the file's text to find lines in."""
        super().__init__(name)
        self.text_lines = text.splitlines()

    def line_of(self, table: str, key: str = "") -> int | None:
        """Return the line of a key in a table (or of the table itself); top level is ''.

        A table may also be written as a key of the table above it.
        """
        found = self._line_of(table, key)
        if found is None and table:
            above, _, name = table.rpartition(".")
            found = self._line_of(above, name)
        return found

    def _line_of(self, table: str, key: str) -> int | None:
        inside = ""
        for number, line in enumerate(self.text_lines, start=1):
            heading = re.match(r"\s*\[+\s*([^\[\]]+?)\s*\]", line)
            if heading:
                inside = heading[1].replace('"', "")
            if heading and not key and inside == table:
                return number
            mark = rf"\s*[\"']?{re.escape(key)}[\"']?\s*="
            if key and inside == table and re.match(mark, line):
                return number
        return None

    def wrong(self, table: str, key: str, fault: str, remedy: str) -> None:
        """Keep a fault at the line of a key."""
        self.fault(self.line_of(table, key), fault, remedy)

    def known(self, table: str, keys: Iterable[str], allowed: Iterable[str], what: str) -> None:
        """Keep a fault for each key that nobody reads."""
        options = tuple(allowed)
        for key in [key for key in keys if key not in options]:
            line = self.line_of(table, key) or self.line_of(f"{table}.{key}".lstrip("."))
            remedy = meant(key, options) or f"Kända: {', '.join(options)}."
            self.fault(line, f"{what} {key} är okänd.", remedy)


def read_settings(path: Path, name: str) -> tuple[dict[str, Any], RegisterFile]:
    """Return what `city.toml` says, empty where it cannot be read, with its faults."""
    file = RegisterFile(name)
    text = decoded(path, file)
    if text is None:
        return {}, file
    try:
        settings = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        at = int(line[1]) if line else len(text.splitlines())
        twice = "overwrite" in str(error) or "twice" in str(error)
        fault = "Nyckeln finns redan." if twice else "Raden följer inte TOML-formatet."
        remedy = 'Kontrollera citattecken och hakparenteser; en rad är nyckel = "värde".'
        return {}, file.broken(at, fault, "Ta bort den ena." if twice else remedy)
    checked = SettingsFile(name, text)
    _head_holds(checked, settings)
    settings = _shaped(checked, settings)
    _tables_hold(checked, settings)
    return settings, checked


def _head_holds(file: SettingsFile, settings: dict[str, Any]) -> None:
    tables = [key for key, value in settings.items() if isinstance(value, dict)]
    plain_keys = [key for key in settings if key not in (*tables, *TABLES)]
    file.known("", plain_keys, (*NEEDED, "verified", "contact"), "Nyckeln")
    file.known("", tables, TABLES, "Tabellen")
    for key in NEEDED:
        value = settings.get(key)
        if not value:
            file.fault(None, f"{key} saknas.", f'Lägg till raden {key} = "…" överst.')
        elif not isinstance(value, str):
            file.wrong("", key, f"{key} är ingen text.", f'Skriv {key} = "{value}".')
    if not isinstance(settings.get("verified", False), bool):
        fault = "verified är varken sant eller falskt."
        file.wrong("", "verified", fault, "Skriv verified = true eller false, utan citattecken.")


def _shaped(file: SettingsFile, settings: dict[str, Any]) -> dict[str, Any]:
    """Return the settings without what has the wrong shape; each such value is a fault."""
    shaped: dict[str, Any] = {k: v for k, v in settings.items() if k not in TABLES}
    for table, shapes in TABLES.items():
        values = settings.get(table)
        if values is not None and not isinstance(values, dict):
            line = file.line_of(table) or file.line_of("", table)
            file.fault(line, f"{table} är ingen tabell.", f"Skriv rubriken [{table}].")
        if not isinstance(values, dict):
            continue
        if ANY not in shapes:
            file.known(table, values, shapes, "Nyckeln")
        shaped[table] = {}
        for key, value in values.items():
            kinds = shapes.get(key) or shapes.get(ANY)
            if kinds and type(value) in kinds:
                shaped[table][key] = value
            elif kinds:
                fault = f"{table}.{key} är inte {' eller '.join(KINDS[k] for k in kinds)}."
                file.wrong(table, key, fault, "Skriv värdet som i en av de färdiga städerna.")
    return shaped


def _tables_hold(file: SettingsFile, settings: dict[str, Any]) -> None:
    checks: dict[str, Callable[[SettingsFile, dict[str, Any]], None]] = {
        "units": _units_hold,
        "signs": _signs_hold,
        "cases": _cases_hold,
        "decisions": _decisions_hold,
        "form": _form_holds,
        "funding": _funding_holds,
        "memo": _memo_holds,
    }
    for name, check in checks.items():
        check(file, settings.get(name, {}))
    _calendar_holds(file, settings.get("calendar", {}), settings.get("organs", {}))


def _one_of(file: SettingsFile, table: str, key: str, value: Any, allowed: Iterable[str]) -> None:
    options = tuple(allowed)
    if value not in options:
        remedy = meant(str(value), options) or f"Välj bland {', '.join(options)}."
        file.wrong(table, key, f"”{value}” är okänt för {key}.", remedy)


def _units_hold(file: SettingsFile, units: dict[str, Any]) -> None:
    for key, unit in units.items():
        _one_of(file, "units", key, unit, get_args(Unit))


def _signs_hold(file: SettingsFile, signs: dict[str, Any]) -> None:
    for key, sign in signs.items():
        _one_of(file, "signs", key, sign, SIGNS[key])


def _cases_hold(file: SettingsFile, cases: dict[str, Any]) -> None:
    for key in ("pattern", "legacy_pattern"):
        if key in cases and not is_pattern(cases[key]):
            fault = f"cases.{key} är inget giltigt mönster."
            file.wrong("cases", key, fault, "Rätta mönstret (reguljärt uttryck).")
    if "pattern" not in cases or not is_pattern(cases["pattern"]):
        return
    parts = set(re.compile(cases["pattern"]).groupindex) | {"prefix"}
    if "template" not in cases:
        file.fault(file.line_of("cases"), "cases.template saknas.", "Skriv hur numret ser ut.")
    elif not fields_of(cases["template"]) <= parts:
        fault = "cases.template har en del som inte finns i cases.pattern."
        file.wrong("cases", "template", fault, f"Mönstrets delar: {', '.join(sorted(parts))}.")


def _decisions_hold(file: SettingsFile, decisions: dict[str, Any]) -> None:
    for key in [key for key in FORMULAS if key in decisions]:
        if not fields_of(decisions[key]) <= FORMULAS[key]:
            allowed = " och ".join(f"{{{name}}}" for name in sorted(FORMULAS[key]))
            fault = f"decisions.{key} har ett fält som rapporten inte fyller i."
            file.wrong("decisions", key, fault, f"Använd {allowed}.")


def _memo_holds(file: SettingsFile, memo: dict[str, Any]) -> None:
    for part in memo.get("parts", ()):
        kind, bar, title = str(part).partition("|")
        if not bar or not title.strip() or kind not in MEMO_PARTS:
            known = ", ".join(MEMO_PARTS[:-1])
            fault = f"”{part}” är ingen del av en tjänsteskrivelse."
            remedy = f"Skriv slag|rubrik; slag är {known} eller tomt för det handläggaren skriver."
            file.wrong("memo", "parts", fault, remedy)


def _form_holds(file: SettingsFile, form: dict[str, Any]) -> None:
    """Hold the Word file's chapters against the sections that have prose."""
    for line in form.get("chapters", []):
        heading, _, section = str(line).partition("=")
        if not heading.strip() or section.strip() not in ("", *PROSE_SECTIONS):
            fault = f"form.chapters har raden ”{line}”, som inte kan bli en rubrik."
            advice = (
                f"Skriv ”Rubrik > Underrubrik = avsnitt”. Avsnitt: {', '.join(PROSE_SECTIONS)}."
            )
            file.wrong("form", "chapters", fault, advice)


def _funding_holds(file: SettingsFile, funding: dict[str, Any]) -> None:
    try:
        fits = "pool" not in funding or Decimal(str(funding["pool"])).is_finite()
    except InvalidOperation:
        fits = False
    if not fits:
        fault = f"”{funding['pool']}” är inget belopp."
        file.wrong("funding", "pool", fault, 'Skriv kronor utan mellanslag: pool = "6000000".')


def _calendar_holds(file: SettingsFile, calendar: dict[str, Any], organs: Any) -> None:
    if "known" in calendar:
        _one_of(file, "calendar", "known", calendar["known"], CALENDARS)
    weekdays = calendar.get("weekdays", {})
    file.known("calendar.weekdays", weekdays, organs, "Organet")
    for organ, weekday in weekdays.items():
        _one_of(file, "calendar.weekdays", organ, weekday, WEEKDAYS)


def lay_over(
    shared: dict[str, Any], settings: Mapping[str, Any], file: RegisterFile
) -> dict[str, Any]:
    """Return the shared vocabulary with the city's own laid over it.

    Tables merge, lists add up. A word list that is not among the shared ones is a fault, and so
    is one of another shape: words to codes, or lists of words.
    """
    own: dict[str, Any] = settings.get("vocabulary", {})
    if not isinstance(file, SettingsFile):
        return shared
    file.known("vocabulary", own, (*shared, OWN_WORDS), "Ordlistan")
    shapes = shared | {OWN_WORDS: [""]}
    for name in [name for name in own if name in shapes]:
        if not _shape(own[name]) <= _shape(shapes[name]):
            fault = f"Ordlistan {name} är skriven på ett annat sätt än den gemensamma."
            line = file.line_of("vocabulary", name) or file.line_of(f"vocabulary.{name}")
            file.fault(line, fault, "Skriv den som i generic.toml.")
    return _merged(shared, own) if not file.faults else shared


def _shape(words: Any) -> set[str]:
    """Return what a word list is made of: `list of str`, `table of str` and so on."""
    if isinstance(words, dict):
        return {f"table of {part}" for value in words.values() for part in _shape(value)}
    if isinstance(words, list):
        return {f"list of {type(word).__name__}" for word in words} or {"list of str"}
    return {type(words).__name__}


def _merged(below: dict[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            merged[key] = _merged(old, value)
        elif isinstance(old, list) and isinstance(value, list):
            merged[key] = [*value, *(item for item in old if item not in value)]
        else:
            merged[key] = value
    return merged


def fields_of(template: str) -> set[str]:
    """Return what stands in the braces of a template; one that is not well formed holds `{`."""
    try:
        parts = list(string.Formatter().parse(template))
    except ValueError:
        return {"{"}
    return {
        f"{name}{'!' if how else ''}{how or ''}{':' if form else ''}{form}"
        for _, name, form, how in parts
        if name is not None
    }


def is_pattern(written: str) -> bool:
    """Say whether this is a regular expression."""
    try:
        re.compile(written)
    except re.error:
        return False
    return True
