"""Where the values of a line begin: behind its label, before words, or all of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from expectations.register_files import generic_vocabulary
from tasks.readers.line_kinds import is_column
from tasks.readers.numbers import MINUS, SPACES, absent_words, is_limit, misprinted
from tasks.readers.wording import either

LONGEST_REST = 110


_YEAR = re.compile(r"20\d{2}(?:-?(?:0[1-9]|1[0-2])(?:-?[0-3]\d)?)?")
"""Years alone are a header; a year among other values is a number."""
YEARS = re.compile(rf"20\d\d[{MINUS}]20\d\d")


_PERIOD = re.compile(rf"{either('year_parts', 'words')}\s?[1-4],?\s+20\d{{2}}", re.IGNORECASE)


_UNITS = ("mnkr", "mkr", "tkr", "kr", "st", "procent", "procentenheter")


_VALUE = re.compile(
    rf"[≥≤<>]?\(?[{MINUS}+]?\d[\d.,]*%?\)?(?:[{MINUS}]\d+(?:,\d+)?)*%?[{MINUS}*¹²³]?|[{MINUS}]|%|\d+-\d+"
)


WANTS_MORE = re.compile(rf"(?:\b{either('small_words', 'open')}|[-–,(§])$")
"""No label, title or cell ends so."""


def values_before_words(text: str) -> tuple[int, int] | None:
    """Return where the values of a row begin, and where the words behind them do.

    The longest run of values counts, of at least two; None where there is none, or no words.
    """
    atoms = list(re.finditer(rf"[^{SPACES}\t]+", text))
    runs: list[tuple[int, int]] = []
    for at in range(len(atoms)):
        if not _is_value(atoms, at):
            continue
        if runs and runs[-1][1] == at:
            runs[-1] = (runs[-1][0], at + 1)
        else:
            runs.append((at, at + 1))
    best = max(runs, key=lambda run: run[1] - run[0], default=(0, 0))
    best = best[0] + _is_of_label(atoms, best[0]), best[1]
    numbers = [a.group() for a in atoms[best[0] : best[1]] if re.search(r"\d", a.group())]
    if len(numbers) < 2 or best[1] == len(atoms) or all(map(_YEAR.fullmatch, numbers)):  # noqa: PLR2004
        return None
    start, end = atoms[best[0]].start(), atoms[best[1]].start()
    label = text[:start].rstrip()
    if (
        label.endswith(".")
        or WANTS_MORE.search(label)
        or max(len(label), len(text) - end) > LONGEST_REST
    ):
        return None
    return start, end


def stands_for_values(text: str) -> bool:
    """Say whether a line holds values and nothing else; a lone year is the head of a column."""
    return not _YEAR.fullmatch(text.strip()) and values_from(text.strip()) == 0


@lru_cache(maxsize=4096)
def values_from(text: str) -> int | None:
    """Return where the values of a row begin, None where the line does not end in values."""
    if _PERIOD.fullmatch(text.strip()):
        return None
    atoms = list(re.finditer(rf"{absent_words()}|[^{SPACES}\t]+", text, re.IGNORECASE))
    start = len(atoms)
    while start and _is_value(atoms, start - 1):
        start -= 1
    while start < len(atoms) and re.fullmatch(absent_words(), atoms[start].group(), re.IGNORECASE):
        # before the first number such a word belongs to the label
        start += 1
    start += _is_of_label(atoms, start)
    values = [atom.group() for atom in atoms[start:]]
    if len(values) == 2 and re.fullmatch(r"\d", values[0]) and _YEAR.fullmatch(values[1]):  # noqa: PLR2004
        # `Delårsrapport 2 2025`
        return None
    numbers = sum(bool(re.search(r"\d", value)) for value in values)
    if not numbers or all(_YEAR.fullmatch(value.rstrip(".")) for value in values):
        return None
    label = text[: atoms[start].start()]
    if (
        label.rstrip().endswith((".", ","))
        or (len(values) == 1 and label.strip())
        or (numbers == 1 and values[-1].casefold() in _UNITS)
    ):
        return None
    return atoms[start].start()


DASHES_LAST = re.compile(rf"\S(?:\s+[{MINUS}]){{2,}}\s*$")
"""A row whose cells are all blank: `Fordon - - -`."""


def ends_row(text: str) -> bool:
    """Say whether a line holds values, alone or before words: no label goes on over it."""
    blank = DASHES_LAST.search(text) is not None
    return blank or values_from(text) is not None or values_before_words(text) is not None


def _is_of_label(atoms: Sequence[re.Match[str]], start: int) -> bool:
    """Say whether the first number ends the label: `Sjukfrånvaro dag 1-14`, `Bron, etapp 2`."""
    words = generic_vocabulary()["label_ends"]
    before = atoms[start - 1].group().casefold() if 0 < start < len(atoms) else ""
    if _YEAR.fullmatch(atoms[start].group() if start < len(atoms) else "") and is_column(
        atoms[0].string[: atoms[start].end()]
    ):
        # `Utfall jan–aug 2025` is the label of a table that lies on its side
        return True
    counted = before in words["parts"] and re.fullmatch(r"[1-9]", atoms[start].group()) is not None
    # `Väntetid, dagar 46 39`: what is counted, not from which day to which
    counts = before.endswith("ar") and not re.search(r"\d\W+\d", atoms[start].group())
    return counted or (before in words["spans"] and not counts)


def _is_value(atoms: Sequence[re.Match[str]], at: int) -> bool:
    written = atoms[at].group()
    if written == "%" or written.casefold() in _UNITS:
        return at > 0 and re.search(r"\d$", atoms[at - 1].group()) is not None
    if re.fullmatch(absent_words(), written, re.IGNORECASE):
        return at > 0
    if is_limit(written):
        return at + 1 < len(atoms) and re.match(r"\d", atoms[at + 1].group()) is not None
    if YEARS.fullmatch(written):
        # `Beläggningsprogram 2024–2026`
        return False
    return _VALUE.fullmatch(written) is not None or misprinted(written)


_BEGUN = re.compile(rf"(?:^|\s)[{MINUS}+]?[1-9]\d{{0,2}}(?:[{SPACES}]\d{{3}})*\s*$")
_REST = re.compile(rf"\s*\d{{3}}(?:[{SPACES}]\d{{3}})*(?:,\d+)?\s*")


_DECIMALS = re.compile(r"\s*\d{1,2}\s*")
_COMMA_LAST = re.compile(r"\d,\s*$")


def goes_on(above: str, below: str) -> bool:
    """Say whether a line is the rest of a number that a narrow cell broke: `-142` above `600`."""
    if _COMMA_LAST.search(above):
        return _DECIMALS.fullmatch(below) is not None
    return _REST.fullmatch(below) is not None and _BEGUN.search(above) is not None
