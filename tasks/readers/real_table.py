"""Real tables (Word, ruled PDF) by the words of their header rows."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from expectations.contract import Unread
from expectations.registers import plain
from tasks.readers.lexicon import swedish
from tasks.readers.pages import Cell, Line, Table
from tasks.readers.paragraphs import GOES_ON

_MOST_HEADER_ROWS = 3


@dataclass(frozen=True, slots=True)
class KnownTable:
    """A table whose header is known; `keys` are those of its columns, None for unknown ones."""

    table: Table
    keys: tuple[str | None, ...]
    heads: int
    """How many rows the header has; 0 for the rest of a table that began on the page before."""

    def rows(self) -> Iterator[dict[str, Cell]]:
        """Yield the cells that hold something, by key; repeated headers and empty rows left out."""
        last = self.table.rows[self.heads - 1] if self.heads else ()
        header = [_bare(cell.text) for cell in last]
        for row in self.table.rows[self.heads :]:
            if [_bare(cell.text) for cell in row] == header:
                continue
            held = {
                key: cell
                for key, cell in zip(self.keys, row, strict=False)
                if key is not None and cell.text.strip()
            }
            if held:
                yield held

    def blanks(self, key: str) -> Iterator[Cell]:
        """Yield the empty cells of a column in rows that hold something else."""
        at = self.keys.index(key)
        for row in self.table.rows[self.heads :]:
            if at < len(row) and not row[at].text.strip() and any(c.text.strip() for c in row):
                yield row[at]

    def unknown(self) -> Iterator[Unread]:
        """Yield what stands in columns whose header is not known."""
        for at, key in enumerate(self.keys if self.heads else ()):
            above = [row[at].text for row in self.table.rows[: self.heads] if at < len(row)]
            title = one_line(" ".join(above))
            for row in self.table.rows[self.heads :] if key is None else ():
                if at < len(row) and row[at].text.strip():
                    why = f"Kolumnen ”{title}” känns inte igen."
                    yield Unread(one_line(row[at].text), why, row[at].place)


def known_table(
    table: Table, columns: Mapping[str, str], wanted: Collection[str]
) -> KnownTable | None:
    """Return a table with the wanted columns; None for one that is not known or names one twice.

    A header cell is known by its whole text, guidance in brackets aside; a header may take up to
    three rows, where an upper cell speaks for those below (`Kompetensgap`, `2 års sikt`).
    """
    for heads in range(1, min(_MOST_HEADER_ROWS, len(table.rows)) + 1):
        above = list(_by_column(table, heads))
        keys = _newest([_key(texts, columns) for texts in above], above)
        named = [key for key in keys if key is not None]
        if set(wanted) <= set(named) and len(set(named)) == len(named):
            return KnownTable(table, keys, heads)
    return None


def rest_of(known: KnownTable, table: Table, lines: Sequence[Line]) -> KnownTable | None:
    """Return a table as the rest of a known one: next page, same width, no text between them."""
    before, after = known.table.rows[-1], table.rows[0]
    pages = (before[0].place.page, after[0].place.page)
    if None in pages or len(after) != len(known.keys) or pages[1] != (pages[0] or 0) + 1:
        return None
    inside = table_lines(known.table, lines) | table_lines(table, lines)
    ends = max(table_lines(known.table, lines), default=0)
    starts = min(table_lines(table, lines), default=0)
    between = [x for x in lines if ends < x.number < starts and x.text.strip()]
    if any(line.number not in inside for line in between):
        return None
    # the heading above the first part speaks for the rest too
    return KnownTable(replace(table, after=known.table.after), known.keys, 0)


def _by_column(table: Table, heads: int) -> Iterator[list[str]]:
    for at in range(max(len(row) for row in table.rows[:heads])):
        yield [_bare(row[at].text) for row in table.rows[:heads] if at < len(row)]


def _newest(keys: Sequence[str | None], above: Sequence[Sequence[str]]) -> tuple[str | None, ...]:
    """Return the keys; of several columns of one kind only one keeps its key.

    It is that of the last year, or the only one without a year beside others: `Status | Läge 2025`.
    """
    years = [max(re.findall(r"20\d\d", " ".join(texts)), default="") for texts in above]
    last = {key: max(y for k, y in zip(keys, years, strict=True) if k == key) for key in keys}
    undated = [key for key, y in zip(keys, years, strict=True) if key and not y]
    told = [
        key if key and (not y or (y == last[key] and undated.count(key) != 1)) else None
        for key, y in zip(keys, years, strict=True)
    ]
    return tuple(told)


def _key(texts: Sequence[str], columns: Mapping[str, str]) -> str | None:
    """Return the key of a column from its header cells: together, else the lowest known one."""
    whole = columns.get(" ".join(text for text in texts if text))
    lowest = next((columns[text] for text in reversed(texts) if text in columns), None)
    dated = next((word for text in reversed(texts) if (word := undated(text, columns))), None)
    return whole or lowest or (columns[dated] if dated else None)


def undated(text: str, columns: Mapping[str, str]) -> str | None:
    """Return the known words of a heading, without the time behind them; None for unknown ones."""
    return next((word for word in (text, _DATED.sub("", text)) if word in columns), None)


_DATED = re.compile(
    r"[\s,:(–-]+(?:(?:för|efter|per|år|den|vid|till|i)\s)*"
    r"(?:20\d\d(?:-\d\d){0,2}|t[123]|tertial [123]|delår(?:srapport)?(?: [123])?|helår(?:et)?|året"
    r"|kv(?:artal)? ?[1-4]|q[1-4]|(?:\d{1,2} )?(?:aug|dec|okt|april|mars)(?:[a-z]+)?"
    r"|jan(?:uari)?\s?[–-]\s?\w+|perioden)"
    r"(?:\s(?:20)?\d\d)?\)?\s?\??$"
)
"""The time that a heading of words may name behind its word: `Bedömning 2025`."""


def joined_over_pages(table: Table) -> Table:
    """Return a table whose rows are whole: one that a page has cut goes on at the top of the next.

    What goes on there begins in lower case or with a bracket and leaves cells empty.
    """
    rows: list[tuple[Cell, ...]] = []
    for row in table.rows:
        if rows and _goes_on(rows[-1], row):
            rows[-1] = tuple(
                replace(one, text=f"{one.text}\n{other.text}".strip("\n"))
                for one, other in zip(rows[-1], row, strict=True)
            )
        else:
            rows.append(row)
    return replace(table, rows=tuple(rows)) if len(rows) < len(table.rows) else table


def _goes_on(above: Sequence[Cell], row: Sequence[Cell]) -> bool:
    pages = {cell.place.page for cell in row if cell.text.strip()}
    before = {cell.place.page for cell in above if cell.text.strip()}
    if len(above) != len(row) or not pages or not before or None in pages | before:
        return False
    blank = [one for one, other in zip(above, row, strict=True) if not other.text.strip()]
    lower = re.match(r"\s*[a-zåäö(]", row[0].text) is not None
    cut = all(one.text.strip() for one, other in zip(above, row, strict=True) if other.text.strip())
    told = any(one.text.strip() for one in blank)
    return min(x or 0 for x in pages) > max(x or 0 for x in before) and lower and cut and told


def table_lines(table: Table, lines: Sequence[Line]) -> set[int]:
    """Return the numbers of the lines that a table's cells stand on."""
    cells = [cell for row in table.rows for cell in row]
    found = {cell.place.line for cell in cells if cell.place.line is not None} | table.held
    boxes = [(cell.place.page, cell.place.box) for cell in cells if cell.place.box is not None]
    for line in lines:
        if line.box is None:
            continue
        middle = (line.box[1] + line.box[3]) / 2
        if any(
            page == line.page and box[1] <= middle <= box[3] and line.box[0] < box[2]
            for page, box in boxes
        ):
            found.add(line.number)
    return found


_BROKEN = re.compile(rf"(?<=[a-zåäö])-\s*\n\s*(?={GOES_ON})")


def one_line(text: str) -> str:
    """Return a cell's text on one line, words broken at a line end put together."""
    mended = _BROKEN.sub("", text)
    return re.sub(r"\s+", " ", mended).strip()


_CUT = re.compile(r"(?<![^\W\d])([^\W\d]{5,15})\n([a-zåäö]{2,15})(?![^\W\d])")
_NARROW = 16
_SHORTEST = 4
"""A word that another is put together of has so many letters at least."""


def uncut(text: str) -> str:
    """Return a cell's text on one line, with the words whole that a narrow cell cut without hyphen.

    A line that fills its cell ends within a word where its last word is none, and is with the
    first of the next line: `lokalförsörj` over `ning`.
    """
    widest = max(len(line) for line in text.split("\n"))
    if widest > _NARROW or "\n" not in text:
        return one_line(text)

    def mended(found: re.Match[str]) -> str:
        begun, rest = found[1], found[2]
        fills = len(begun) >= widest - 1
        whole = fills and not is_word(begun.casefold()) and is_word((begun + rest).casefold())
        return begun + rest if whole else found.group()

    return one_line(_CUT.sub(mended, text))


def is_word(text: str) -> bool:
    """Say whether a text is a Swedish word, or two put together."""
    known = swedish()
    return text in known or any(
        text[:at] in known and text[at:] in known
        for at in range(_SHORTEST, len(text) - _SHORTEST + 1)
    )


def _bare(text: str) -> str:
    return plain(re.sub(r"\([^)]*\)", "", one_line(text)))
