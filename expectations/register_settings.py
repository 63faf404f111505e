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
TABLES = (
    "units",
    "signs",
    "cases",
    "calendar",
    "organs",
    "wording",
    "decisions",
    "report",
    "funding",
    "vocabulary",
)
SIGNS = {"costs": ("negative", "positive"), "deviation": ("plus_good", "plus_bad")}
CALENDARS = ("whole_years", "single_days")
FORMULAS = {"fulfilled": {"text", "case"}, "report": {"name"}}
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
        """Return the line of a key in a table (or of the table itself); top level is ''."""
        inside = ""
        for number, line in enumerate(self.text_lines, start=1):
            heading = re.match(r"\s*\[\s*([^\[\]]+?)\s*\]", line)
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
    for check in (_head_holds, _tables_hold):
        check(checked, settings)
    return settings, checked


def _head_holds(file: SettingsFile, settings: dict[str, Any]) -> None:
    tables = [key for key, value in settings.items() if isinstance(value, dict)]
    plain_keys = [key for key in settings if key not in tables]
    file.known("", plain_keys, (*NEEDED, "verified"), "Nyckeln")
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


def _tables_hold(file: SettingsFile, settings: dict[str, Any]) -> None:
    checks: dict[str, Callable[[SettingsFile, dict[str, Any]], None]] = {
        "units": _units_hold,
        "signs": _signs_hold,
        "cases": _cases_hold,
        "organs": _organs_hold,
        "decisions": _decisions_hold,
        "funding": _funding_holds,
    }
    for name, check in checks.items():
        table = settings.get(name, {})
        if isinstance(table, dict):
            check(file, table)
    calendar = settings.get("calendar", {})
    if isinstance(calendar, dict):
        _calendar_holds(file, calendar, settings.get("organs", {}))


def _one_of(file: SettingsFile, table: str, key: str, value: Any, allowed: Iterable[str]) -> None:
    options = tuple(allowed)
    if value not in options:
        remedy = meant(str(value), options) or f"Välj bland {', '.join(options)}."
        file.wrong(table, key, f"”{value}” är okänt för {key}.", remedy)


def _units_hold(file: SettingsFile, units: dict[str, Any]) -> None:
    for key, unit in units.items():
        _one_of(file, "units", key, unit, get_args(Unit))


def _signs_hold(file: SettingsFile, signs: dict[str, Any]) -> None:
    file.known("signs", signs, SIGNS, "Nyckeln")
    for key in [key for key in signs if key in SIGNS]:
        _one_of(file, "signs", key, signs[key], SIGNS[key])


def _cases_hold(file: SettingsFile, cases: dict[str, Any]) -> None:
    keys = ("pattern", "template", "default_prefix", "legacy_pattern")
    file.known("cases", cases, keys, "Nyckeln")
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


def _organs_hold(file: SettingsFile, organs: dict[str, Any]) -> None:
    for key in [key for key, name in organs.items() if not isinstance(name, str)]:
        file.wrong("organs", key, f"Organet {key} har inget namn.", f'Skriv {key} = "…".')


def _decisions_hold(file: SettingsFile, decisions: dict[str, Any]) -> None:
    keys = ("heading_executive", "heading_council", *FORMULAS)
    file.known("decisions", decisions, keys, "Nyckeln")
    for key in [key for key in FORMULAS if key in decisions]:
        if not fields_of(str(decisions[key])) <= FORMULAS[key]:
            allowed = " och ".join(f"{{{name}}}" for name in sorted(FORMULAS[key]))
            fault = f"decisions.{key} har ett fält som rapporten inte fyller i."
            file.wrong("decisions", key, fault, f"Använd {allowed}.")


def _funding_holds(file: SettingsFile, funding: dict[str, Any]) -> None:
    file.known("funding", funding, ("pool", "pool_year"), "Nyckeln")
    try:
        fits = "pool" not in funding or Decimal(str(funding["pool"])).is_finite()
    except InvalidOperation:
        fits = False
    if not fits:
        fault = f"”{funding['pool']}” är inget belopp."
        file.wrong("funding", "pool", fault, 'Skriv kronor utan mellanslag: pool = "6000000".')


def _calendar_holds(file: SettingsFile, calendar: dict[str, Any], organs: Any) -> None:
    file.known("calendar", calendar, ("known", "weekdays"), "Nyckeln")
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

    Tables merge, lists add up. A word list that is not among the shared ones is a fault.
    """
    own = settings.get("vocabulary", {})
    if isinstance(file, SettingsFile):
        known = (*shared, OWN_WORDS)
        file.known("vocabulary", own, known, "Ordlistan")
        for name in [name for name in own if name in shared]:
            if type(own[name]) is not type(shared[name]):
                fault = f"Ordlistan {name} är skriven på ett annat sätt än den gemensamma."
                file.wrong("vocabulary", name, fault, "Skriv den som i generic.toml.")
    return _merged(shared, own)


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
    """Return the names in braces of a template; one that is not well formed holds `{`."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}
    except ValueError:
        return {"{"}


def is_pattern(written: Any) -> bool:
    """Say whether this is a regular expression."""
    try:
        re.compile(written)
    except (re.error, TypeError):
        return False
    return True
