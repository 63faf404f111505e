"""Board reports put together by chance, each with what it says known beforehand.

From a seed come values with real arithmetic (`layout_tables`), words from wide lists
(`layout_words.toml`) and a layout of independent traits: which columns in which order, how their
heads are broken, where the unit stands, how zeros, minus and thousands are written, wrapped
labels, sums, notes, page breaks. The report is printed as text pressed out of a PDF, or line by
line as sorted extraction leaves it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from benchmarks.layout_pen import WORDS, Column, Pen, Row, Sheet
from benchmarks.layout_tables import SILENT, finance, indicators, investments, staff, volumes
from examples.reading.pressed import fitted_widths, fixed_widths, pressed_text
from examples.reading.source import Block, Grid, Source


@dataclass(frozen=True, slots=True)
class Truth:
    """One printed figure: its section, the labels and keys that are right for it, and its value."""

    section: str
    rows: tuple[str, ...]
    keys: tuple[str, ...]
    value: Decimal
    unit: str | None
    code: str | None
    table: int


@dataclass(slots=True)
class Made:
    """One report: its text, what it says, and the traits of each of its tables."""

    seed: int
    text: bytes = b""
    facts: list[Truth] = field(default_factory=list)
    traits: list[dict[str, str]] = field(default_factory=list)
    open: list[tuple[Decimal, int]] = field(default_factory=list)
    """Printed figures that belong to no column of the contract, each with its table."""


def made(seed: int) -> Made:
    """Return the report of a seed; the same seed makes the same report."""
    return _Writer(seed).report()


class _Writer(Pen):
    """One report while it is written."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.made = Made(seed)
        self.blocks: list[Block] = []
        self.units: set[str] = set()
        self.form = self.rng.choice(["pressed"] * 4 + ["sorted"])
        self.runner = ""
        self.stated = ""
        """The unit that a sentence at the beginning gives to the whole report."""

    # --- the report ------------------------------------------------------------------------------

    def report(self) -> Made:
        self.blocks.append(Block(self.pick("titles", self.mode), 1))
        board, city = self.rng.choice(WORDS["boards"]), self.rng.choice(WORDS["cities"])
        self.blocks.append(Block(f"{board}\n{city}" if self.rng.random() < 0.7 else board))
        self.runner = f"{board} {self.year} {{page}} ({{pages}})"
        if self.rng.random() < 0.15:
            self.stated = self.unit
            said = self.rng.choice(WORDS["unit_sentences"]["document"])
            self.blocks.append(Block(said.replace("{u}", self.pick_unit(self.unit))))
        self.say("other")
        wanted = [finance, finance, investments, staff, indicators, volumes]
        for maker in self.rng.sample(wanted, self.rng.randint(2, 4)):
            self.lay_out(maker(self))
        source = Source(f"seed-{self.made.seed}", {"runner": self.runner}, self.blocks)
        # most tables are fitted by the word processor; in the others narrow columns cut words
        widths = self.rng.choice([fitted_widths] * 3 + [fixed_widths])
        cut = "nej" if widths is fitted_widths or self.form == "sorted" else "ja"
        for traits in self.made.traits:
            traits["smala kolumner"] = cut
        pressed = self.form == "pressed"
        self.made.text = pressed_text(source, widths) if pressed else sorted_text(source)
        return self.made

    def say(self, about: str) -> None:
        for _ in range(self.rng.randint(0, 2)):
            self.blocks.append(Block(self.pick("prose", about)))

    def lay_out(self, sheet: Sheet) -> None:
        """Print a table with its heading, unit and notes, and keep what it says."""
        number = len(self.made.traits)
        sheet.traits |= {
            "avsnitt": sheet.section,
            "form": self.form,
            "period": self.mode,
            "minus": self.minus,
            "tusental": self.thousands or "inga",
            "noll": self.zero or "tom",
            "kolumner": str(len(sheet.columns)),
        }
        self.made.traits.append(sheet.traits)
        heading, before, after = self.place_unit(sheet)
        self.blocks.append(Block(heading, 2))
        self.say("finance" if sheet.section == "finance" else "other")
        if before:
            self.blocks.append(Block(before))
        self.print(sheet)
        if after:
            self.blocks.append(Block(after))
        if self.rng.random() < 0.3:
            self.blocks.append(Block(self.pick("prose", "notes")))
        self.say("finance" if sheet.section == "finance" else "other")
        for row in sheet.rows:
            self.keep(sheet, row, number)

    def place_unit(self, sheet: Sheet) -> tuple[str, str, str]:
        """Return heading, sentence before and sentence after; the unit stands in one of them."""
        heading, before, after = sheet.heading, "", ""
        if not sheet.unit:
            return heading, before, after
        unit = self.pick_unit(sheet.unit)
        said = self.rng.choice(WORDS["unit_sentences"]["texts"]).replace("{u}", unit)
        places = ["rubrik", "huvud", "huvud", "huvud", "mening före", "mening efter", "ingenstans"]
        where = self.rng.choice(places)
        if where == "ingenstans" and self.stated == sheet.unit:
            where = "i början"
        elif where == "ingenstans" and {sheet.unit} != {self.unit, *self.units}:
            # beside tables of another unit nobody could tell
            where = "huvud"
        if where == "rubrik":
            heading += self.rng.choice([f", {unit}", f" ({unit})", f" i {unit}", f" – {unit}"])
        elif where == "huvud":
            empty = not sheet.corner
            forms = [unit, f"Belopp i {unit}", f"({unit})", f"i {unit}"]
            beside = [
                f"{sheet.corner}, {unit}",
                f"{sheet.corner} ({unit})",
                f"{sheet.corner} {unit}",
            ]
            sheet.corner = self.rng.choice(forms if empty else beside)
        elif where == "mening före":
            before = said
        elif where == "mening efter":
            after = said
        self.units.add(sheet.unit)
        sheet.traits |= {"enhet": sheet.unit, "enheten står": where}
        return heading, before, after

    # --- the table -------------------------------------------------------------------------------

    def print(self, sheet: Sheet) -> None:
        header = self.header(sheet)
        accounts = sheet.section == "finance" and self.rng.random() < 0.08
        wrap = self.rng.choice(["nej", "nej", "överst", "mitt", "underst"])
        sheet.traits |= {"konton": "ja" if accounts else "nej", "brutna etiketter": wrap}
        if wrap != "nej" and (self.form == "sorted" or self.rng.random() < 0.1):
            sheet.traits["etikettens brott"] = "utan blank"
        body: list[tuple[str, ...]] = []
        for at, row in enumerate(sheet.rows):
            if at and self.rng.random() < 0.03:
                body.append((self.pick("prose", "rows"), *[""] * len(sheet.columns)))
                sheet.traits["rader emellan"] = "ja"
            row.account = f"{at + 3}{at % 3} " if accounts and row.label else ""
            label = f"{row.account}{row.label}"
            body.append(self.cells(sheet, row, label, wrap))
        stop = self.rng.randint(2, len(body) - 1) if len(body) > 4 else 0
        if stop and self.rng.random() < 0.15:
            again = self.rng.random() < 0.6
            sheet.traits["sidbrytning"] = "huvudet om" if again else "utan huvud"
            self.blocks.append(Block(table=Grid(header, tuple(body[:stop]))))
            self.blocks.append(Block())
            self.blocks.append(Block(table=Grid(header if again else (), tuple(body[stop:]))))
        else:
            sheet.traits["sidbrytning"] = "nej"
            self.blocks.append(Block(table=Grid(header, tuple(body))))

    def header(self, sheet: Sheet) -> tuple[tuple[str, ...], ...]:
        """Return the rows of the header in one of its ways."""
        heads = [column.head for column in sheet.columns]
        groups = [column.group for column in sheet.columns]
        if any(groups):
            sheet.traits["huvud"] = "grupper"
            shown = [
                "" if at and group == groups[at - 1] else group for at, group in enumerate(groups)
            ]
            return ("", *shown), (sheet.corner, *heads)
        ways = ["rakt", "rakt", "brutet", "år under", "år på egen rad"]
        way = self.rng.choice(ways)
        sheet.traits["huvud"] = way
        years = [_year_in(head) for head in heads]
        bare = [_without(head, year) for head, year in zip(heads, years, strict=True)]
        if way == "år på egen rad" and all(bare) and any(years):
            rows = (("", *years), (sheet.corner, *bare))
            return rows if self.rng.random() < 0.5 else ((sheet.corner, *bare), ("", *years))
        if way == "år under":
            heads = [
                f"{b}¶{y}" if b and y else h for b, y, h in zip(bare, years, heads, strict=True)
            ]
        elif way == "brutet":
            heads = [head.replace(" ", "¶") for head in heads]
        return ((sheet.corner, *heads),)

    def cells(self, sheet: Sheet, row: Row, label: str, wrap: str) -> tuple[str, ...]:
        """Return the cells of a row as printed; a long label may stand on several lines."""
        down = 0
        if wrap != "nej" and len(label) > 16 and " " in label:
            words = label.split(" ")
            parts = 3 if len(words) > 3 else 2
            size = -(-len(words) // parts)
            lines = [" ".join(words[at : at + size]) for at in range(0, len(words), size)]
            # a line that the page broke keeps its space, one that the writer broke has none
            label = ("¶" if sheet.traits.get("etikettens brott") == "utan blank" else " ¶").join(
                lines
            )
            down = {"överst": 0, "mitt": (len(lines) - 1) // 2, "underst": len(lines) - 1}[wrap]
        shown = []
        for column in sheet.columns:
            text = self.cell(sheet, row, column)
            shown.append("¶" * down + text if text else "")
        return (label, *shown)

    def cell(self, sheet: Sheet, row: Row, column: Column) -> str:
        value = row.values.get(column.role)
        if value is None or isinstance(value, str):
            return value or ""
        text = self.number(value, self.decimals(sheet, row, column))
        return text + column.sign if text[-1:].isdigit() else text

    def decimals(self, sheet: Sheet, row: Row, column: Column) -> int:
        if column.decimals is not None:
            return column.decimals
        return sheet.decimals if row.decimals is None else row.decimals

    def keep(self, sheet: Sheet, row: Row, number: int) -> None:
        """Keep what a row says: its figures, and those that belong to no column."""
        for column in sheet.columns:
            value = row.values.get(column.role)
            if value is None or isinstance(value, str) or column.role in SILENT:
                continue
            if value == 0 and self.zero != "0":
                continue
            exact = Decimal(int(value)).scaleb(-self.decimals(sheet, row, column))
            if not column.keys or not row.label:
                self.made.open.append((exact, number))
                continue
            label = f"{row.label} {column.scope}".strip()
            unit = column.unit or row.unit or sheet.unit or None
            self.made.facts.append(
                Truth(
                    sheet.section,
                    (label, row.account + label),
                    column.keys,
                    exact,
                    unit,
                    row.code,
                    number,
                )
            )


def _year_in(head: str) -> str:
    return next((word for word in head.split() if len(word) == 4 and word.startswith("20")), "")


def _without(head: str, year: str) -> str:
    return " ".join(word for word in head.split() if word != year)


# --- the other form ------------------------------------------------------------------------------


def sorted_text(source: Source) -> bytes:
    """Return the text line by line as it stands on the page, a blank line only between blocks."""
    parts = []
    for block in source.blocks:
        if block.table is not None:
            rows = (*block.table.header, *block.table.rows)
            parts.append("\n".join(line for row in rows for line in _lines(row)))
        elif block.text:
            parts.append(block.text)
        else:
            parts.append(source.told["runner"].format(page=1, pages=2))
    return ("\n\n".join(parts) + "\n").encode()


def _lines(row: tuple[str, ...]) -> list[str]:
    cells = [cell.split("¶") for cell in row]
    deep = max(len(cell) for cell in cells)
    lines = [[cell[at] for cell in cells if at < len(cell) and cell[at]] for at in range(deep)]
    return [" ".join(line) for line in lines if line]
