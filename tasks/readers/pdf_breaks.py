"""Ruled tables that go on over the page of a PDF."""

from __future__ import annotations

import re

from tasks.readers.pages import Cell, Table
from tasks.readers.pdf_lines import SAME_LINE, Box
from tasks.readers.pdf_page import Page


def goes_on(before: tuple[Page, Box], now: tuple[Page, Box], table: Table, other: Table) -> bool:
    """Say whether a table is the rest of the one on the page before.

    It is where the headings are repeated and nothing but page furniture stands between.
    """
    headings = [cell.text for cell in table.rows[0]]
    return [c.text for c in other.rows[0]] == headings and _meet(before, now)


def is_rest(before: tuple[Page, Box], now: tuple[Page, Box], table: Table, other: Table) -> bool:
    """Say whether a table without headings is the rest of the one on the page before.

    It has the same columns at the same places, and begins with figures or the rest of a label.
    """
    first = other.rows[0]
    edges, others = _edges(table.rows[0]), _edges(first)
    alike = len(edges) == len(others) and all(
        abs(one - two) <= SAME_LINE for one, two in zip(edges, others, strict=True)
    )
    texts = [cell.text for cell in first[1:] if cell.text]
    goes_on = any(re.match(r"[+−–-]?\s?\d", text) for text in texts) or not texts
    return alike and goes_on and _meet(before, now)


def _edges(row: tuple[Cell, ...]) -> list[float]:
    return [cell.place.box[0] for cell in row if cell.place.box is not None]


def _meet(before: tuple[Page, Box], now: tuple[Page, Box]) -> bool:
    """Say whether one stands last on its page and the other first on the next."""
    (page, box), (next_page, next_box) = before, now
    if next_page.number != page.number + 1:
        return False
    shared = {_bare(text) for text, _, _ in page.lines}
    shared &= {_bare(text) for text, _, _ in next_page.lines}
    between = [text for text, _, at in page.lines if at[1] >= box[3]]
    between += [text for text, _, at in next_page.lines if at[3] <= next_box[1]]
    return all(_bare(text) in shared for text in between)


_PAGE_NUMBER = re.compile(
    r"(?:sida\s*)?\d+\s?(?:\(\d+\)|/\s?\d+|av \d+)|^(?:sida\s*)?\d+$", re.IGNORECASE
)


def _bare(text: str) -> str:
    """Return a line without its page number; `Mål 2` keeps its number, it is no furniture."""
    return _PAGE_NUMBER.sub("#", text)


def _ends_row(row: tuple[Cell, ...]) -> bool:
    """Say whether a row at the top of a page is the end of the last one: words, and no first cell.

    Its words go on in lower case somewhere; a row of figures has a label.
    """
    texts = [cell.text.strip() for cell in row]
    figures = any(re.fullmatch(r"[+−–-]?[\d\s]+(?:,\d+)?", text) for text in texts if text)
    begun = any(re.match(r"[a-zåäö]", text) for text in texts)
    return len(row) > 2 and not texts[0] and begun and not figures  # noqa: PLR2004 - cards have two


def joined_tables(table: Table, rest: Table) -> Table:
    """Append the rest of a table; a card's row that went on over the page is made whole."""
    rows, more = list(table.rows), list(rest.rows)
    if len(more[0]) > 2 and more[0][0].text[:1].islower() and not any(c.text for c in more[0][1:]):  # noqa: PLR2004
        label = rows[-1][0]
        rows[-1] = (Cell(f"{label.text}\n{more[0][0].text}", label.place), *rows[-1][1:])
        more = more[1:]
    if more and len(more[0]) == len(rows[-1]) and _ends_row(more[0]):
        pairs = zip(rows[-1], more[0], strict=True)
        rows[-1] = tuple(
            Cell(f"{above.text}\n{below.text}".strip(), above.place) for above, below in pairs
        )
        more = more[1:]
    if more and len(more[0]) == 2 and not more[0][0].text:  # noqa: PLR2004 - a card's two columns
        label, answer = rows[-1]
        rows[-1] = (label, Cell(f"{answer.text}\n{more[0][1].text}", answer.place))
        more = more[1:]
    return Table((*rows, *more), table.after)
