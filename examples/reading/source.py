"""The source of a specimen: its text and tables, and beside them what a person reads in them.

A source knows nothing of the readers: the key of every column and row is written by hand. Its
lines begin with a mark:

    @ name: value      kind, round, formats and what else holds for the whole specimen
    # ## ###           a heading of that level
    !                  one more fact that the text states: `! section code unit | row | key | said`
                       (`-` for no code)
    [section unit]     opens a table; `H` header row, `K` keys of the columns, `R` a row that
                       counts, `X` one that does not; `|` parts cells, `¶` breaks a line in a cell
    ---                a page break
    %                  a remark for whoever writes sources

Every other line is running text; an empty line or a mark ends a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

_NUMBER = re.compile(r"[+−–-]?\s?\d[\d\s\u00a0\u202f]*(?:,\d+)?")
_MINUS = "−–-"
_MARKS = "@#![%"
"""What a line begins with that is not running text."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a person reads: where it belongs, as it is written, and its number if it is one."""

    section: str
    row: str
    key: str
    written: str
    value: Decimal | None = None
    unit: str | None = None
    code: str | None = None
    """The code of the row's kind (`income`, `annual_fte`) where the section has codes."""


@dataclass(frozen=True, slots=True)
class Grid:
    """One table: header rows, body rows, and for every cell whether it counts."""

    header: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (level 1-3), a paragraph (level 0), a table, or a page break (neither)."""

    text: str = ""
    level: int = 0
    table: Grid | None = None


@dataclass(slots=True)
class Source:
    """One specimen: its settings, its blocks in order, and its facts."""

    name: str
    told: dict[str, str] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)


def read_source(path: Path) -> Source:
    """Return a source; raises ValueError naming file and line where a row has too many cells."""
    source = Source(path.stem)
    lines = path.read_text(encoding="utf-8").split("\n")
    at = 0
    while at < len(lines):
        at = _take(lines, at, source)
    return source


def _take(lines: list[str], at: int, source: Source) -> int:
    """Take one block that starts at a line; return the line behind it."""
    line = lines[at]
    if line.startswith("@"):
        name, _, value = line[1:].partition(":")
        source.told[name.strip()] = value.strip()
    elif line.startswith("#"):
        marks, _, text = line.partition(" ")
        source.blocks.append(Block(text, len(marks)))
    elif line.startswith("!"):
        head, row, key, written = (part.strip() for part in line[1:].split("|"))
        section, code, unit = [*head.split(), None, "text"][:3] if " " not in head else head.split()
        own = None if code == "-" else code
        source.facts.append(_fact(section or "", row, key, written, unit, own))
    elif line.startswith("["):
        return _table(lines, at, source)
    elif line == "---":
        source.blocks.append(Block())
    elif line.strip() and not line.startswith("%"):
        stop = at
        while stop < len(lines) and lines[stop].strip() and lines[stop][0] not in _MARKS:
            stop += 1
        source.blocks.append(Block("\n".join(lines[at:stop])))
        return stop
    return at + 1


def _table(lines: list[str], at: int, source: Source) -> int:
    section, _, unit = lines[at].strip("[]").partition(" ")
    header: list[tuple[str, ...]] = []
    rows: list[tuple[str, ...]] = []
    keys: tuple[str, ...] = ()
    at += 1
    while at < len(lines) and lines[at][:2] in ("H ", "K ", "R ", "X "):
        mark, cells = lines[at][0], tuple(part.strip() for part in lines[at][2:].split("|"))
        if mark == "H":
            header.append(cells)
        elif mark == "K":
            keys = cells
        elif mark == "X":
            rows.append(cells)
        else:
            # A row that counts has its code before its label: `income = Intäkter | 12 | 13`.
            code, _, label = cells[0].rpartition(" = ")
            shown = (label, *cells[1:])
            if len(shown) > len(keys) + 1:
                message = f"{source.name}, line {at + 1}: more cells than keys"
                raise ValueError(message)
            rows.append(shown)
            source.facts += _facts(section, _Row(code, label), keys, shown[1:], unit)
        at += 1
    source.blocks.append(Block(table=Grid(tuple(header), tuple(rows))))
    return at


@dataclass(frozen=True, slots=True)
class _Row:
    """What stands before a row's cells: `code @unit = Label`, code and unit where there are any."""

    before: str
    label: str

    def name(self) -> str:
        """Return the label; a number in front of `=` names the row by itself."""
        return self.before if self.before.isdigit() else _flat(self.label)

    def code(self) -> str | None:
        """Return the code, None where only the unit is given or the label is the name."""
        code = re.sub(r"\s*@\w+$", "", self.before).removeprefix("x")
        return code if re.fullmatch(r"[a-z_]+", code) else None

    def unit(self) -> str | None:
        """Return the unit of the row alone."""
        found = re.search(r"@(\w+)$", self.before)
        return found[1] if found else None


def _facts(
    section: str, row: _Row, keys: tuple[str, ...], cells: tuple[str, ...], unit: str
) -> Iterator[Fact]:
    """Yield the facts of a row; a key may bring its own unit, as in `outcome:percent`."""
    for key, cell in zip(keys, cells, strict=False):
        name, _, own = key.partition(":")
        if name != "-" and cell not in ("", "-", "–", "−"):
            said = own or row.unit() or unit or None
            yield _fact(section, row.name(), name, _flat(cell), said, row.code())


def _flat(text: str) -> str:
    return " ".join(text.replace("¶", " ").split())


def _fact(
    section: str, row: str, key: str, written: str, unit: str | None, code: str | None = None
) -> Fact:
    bare = written.removesuffix("%").removesuffix(" st").strip().strip("()")
    bare = re.sub(r"^(?:minst|högst|[≥≤<>])\s*|[¹²³*]$", "", bare, flags=re.IGNORECASE).strip()
    bare = f"-{bare[:-1]}" if bare.endswith("-") and len(bare) > 1 else bare
    if unit == "text" or not _NUMBER.fullmatch(bare):
        return Fact(section, row, key, written, code=code)
    digits = re.sub(rf"[\s\u00a0\u202f+{_MINUS}]", "", bare).replace(",", ".")
    value = -Decimal(digits) if bare[0] in _MINUS else Decimal(digits)
    return Fact(section, row, key, written, value, unit, code)
