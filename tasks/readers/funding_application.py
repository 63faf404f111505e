"""An application for money for competence (ansökan om medel): efforts with group, effect and cost.

Recognised: the headings of the form (data: `application_heads`); the list of efforts and, under
the other headings, paragraphs or list items that speak of one of them; the same form once per
effort (`Insats 1: …`); and a table of efforts.

Refused: a cost, group or effect that could belong to two efforts; a sum of several efforts; a
number of employees that stands anywhere but where the target group is described.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from expectations.contract import Effort, Figure, Text, Unread
from expectations.registers import plain
from tasks.readers.belonging import belongs_to
from tasks.readers.headed import narratives
from tasks.readers.numbers import figure
from tasks.readers.outline import Outline
from tasks.readers.pages import Cell, Line
from tasks.readers.paragraphs import joined, paragraphs, text_of
from tasks.readers.parts import Parts
from tasks.readers.passage import Passage, passage
from tasks.readers.real_table import KnownTable, known_table, one_line, table_lines
from tasks.readers.word_rows import flat_tables
from tasks.readers.wording import Wording, any_of, either

_BULLET = re.compile(r"^\s*[•·●▪*–−-]\s+(?=\S)")
_EACH = re.compile(r"^\s*insats\s*(?P<number>\d{1,2})\s*[:.–-]?\s*(?P<title>\S.*)$", re.IGNORECASE)
_NUMBER = r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+"
_MONEY = re.compile(
    rf"(?<![\d,])(?:{_NUMBER})(?:,\d+)?\s*(?:miljon(?:er)?(?:\s+kronor)?|tusen\s+kronor|mnkr|mkr|tkr"
    r"|kronor|kr)\b",
    re.IGNORECASE,
)
_NO_TITLE = "Raden anger ingen insats."
_SUM = re.compile(rf"\b{either('sums', 'said')}\b", re.IGNORECASE)
_BUDGET = re.compile(r"\bbudget(?:en)?\s+(?:för\s+)?(?P<year>20\d\d)\b", re.IGNORECASE)


@dataclass(slots=True)
class _Found:
    """Efforts, what could not be tied to one, and the lines taken."""

    efforts: list[Effort] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    claimed: set[int] = field(default_factory=set)
    heads: set[int] = field(default_factory=set)


def read(outline: Outline, words: Wording) -> Parts:
    """Return the efforts of an application, with the lines they take."""
    found = _from_tables(outline, words)
    lines = outline.lines if found.efforts else tuple(_unfolded(outline.lines, words))
    if not found.efforts:
        found = _one_form_each(lines, words)
    if not found.efforts:
        found = _one_form(lines, words)
    told = list(narratives(lines, found.claimed, found.heads))
    span, reasons = _year(outline.lines)
    goal_id = _goal(outline.lines, date(int(span), 6, 30) if span else words.day, words)
    return Parts(
        {
            "efforts": tuple(replace(row, goal_id=goal_id) for row in found.efforts),
            "narratives": tuple(narrative for narrative, _ in told),
        },
        unread=tuple(found.unread),
        claimed=frozenset(found.claimed.union(found.heads, *(lines for _, lines in told))),
        facts={"span": span} if span else {},
        reasons=reasons,
    )


def _unfolded(lines: Sequence[Line], words: Wording) -> Iterator[Line]:
    """Yield the lines, a labelled one (`Sökt belopp: 750 tkr`) as a heading and what it says."""
    for line in lines:
        label, mark, said = line.text.partition(":")
        head = replace(line, text=label)
        if mark and said.strip() and _head(head, words) is not None:
            yield head
            yield replace(line, text=" " * (len(label) + 1) + said)
        else:
            yield line


def _goal(lines: Sequence[Line], day: date, words: Wording) -> str | None:
    """Return the one goal of the council whose whole title stands in the application."""
    if words.city is None:
        return None
    text = plain(joined(lines))
    named = [goal for goal in words.city.goals_on(day) if plain(goal.title) in text]
    return named[0].goal_id if len(named) == 1 else None


def _year(lines: Sequence[Line]) -> tuple[str | None, tuple[str, ...]]:
    """Return the budget year that the money is taken from, where only one is named."""
    text = passage(lines)
    found = list(_BUDGET.finditer(text.text))
    years = {match["year"] for match in found}
    if len(years) != 1:
        return None, ()
    row = text.place(*found[0].span()).line
    return found[0]["year"], (f"medlen söks ur budget {found[0]['year']} (rad {row})",)


# --- one form for all efforts --------------------------------------------------------------------


def _one_form(lines: Sequence[Line], words: Wording) -> _Found:
    found = _Found()
    under = _under_heads(lines, words, found)
    titles = [_item(run) for run in _listed(under.get("efforts", ()))]
    if not titles and "cost" in under:
        titles = [_item(run) for run in paragraphs(under.get("efforts", ()))][:1]
    found.efforts = [
        Effort(title.text, title.place(0, len(title.text))) for title in titles if title.text
    ]
    if not found.efforts:
        return _Found()
    found.claimed |= {line.number for title in titles for line in title.lines}
    _add_texts("target_group", under.get("target", ()), found)
    _add_texts("effect", under.get("effect", ()), found)
    _add_costs(under.get("cost", ()), found)
    found.efforts = [_with_headcount(row, under.get("target", ()), words) for row in found.efforts]
    return found


def _under_heads(lines: Sequence[Line], words: Wording, found: _Found) -> dict[str, list[Line]]:
    """Return the lines under each heading of the form; other headings do not end them."""
    under: dict[str, list[Line]] = {}
    name = None
    for line in lines:
        opened = _head(line, words)
        if opened is not None:
            found.heads.add(line.number)
            name = opened
            under.setdefault(name, [])
        elif name is not None:
            under[name].append(line)
    return under


def _head(line: Line, words: Wording) -> str | None:
    """Return what a heading of the form asks for; guidance in brackets may follow its words."""
    text = plain(line.text)
    for phrase, name in words.table("application_heads").items():
        rest = text[len(phrase) :] if text.startswith(phrase) else "?"
        if re.fullmatch(r"(?:\s+(?:av|för|med)\s+insats\w*)?(?:\s*\([^)]*\)?)?", rest):
            return name
    return None


def _listed(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield the items of the first bulleted list; an item ends at a blank line or a bullet."""
    run: list[Line] = []
    seen = False
    for line in lines:
        bullet = _BULLET.match(line.text)
        if run and (bullet or not line.text.strip()):
            yield run
            run = []
        if bullet or run:
            run.append(line)
            seen = True
        elif seen and line.text.strip():
            return
    if run:
        yield run


def _items(lines: Sequence[Line]) -> list[Passage]:
    """Return list items, torn ones put together, or the paragraphs where there is no list."""
    bulleted = any(_BULLET.match(line.text) for line in lines)
    items: list[list[Line]] = []
    for run in paragraphs(lines):
        for line in run:
            ended = not items or (line is run[0] and not _torn(items[-1], line, bulleted=bulleted))
            if _BULLET.match(line.text) or ended:
                items.append([line])
            else:
                items[-1].append(line)
    return [_item(item) for item in items]


def _torn(item: Sequence[Line], line: Line, *, bulleted: bool) -> bool:
    """Say whether a blank line tore an item apart: it has no full stop, and it goes on below."""
    unended = not joined(item).endswith((".", ":"))
    return unended and (bulleted or re.match(r"\s*[a-zåäö]", line.text) is not None)


def _item(run: Sequence[Line]) -> Passage:
    """Return a list item without its bullet."""
    text = passage(run)
    bullet = _BULLET.match(text.text)
    cut = bullet.end() if bullet else 0
    return Passage(text.text[cut:], text.lines, text.spots[cut:])


def _tied(items: Sequence[Passage], efforts: Sequence[Effort]) -> list[int | None]:
    return belongs_to([item.text for item in items], [row.title for row in efforts])


def _add_texts(name: str, lines: Sequence[Line], found: _Found) -> None:
    """Give each effort the paragraphs that speak of it; what speaks of none stays a narrative."""
    items = _items(lines)
    own: dict[int, list[Line]] = {}
    for item, index in zip(items, _tied(items, found.efforts), strict=True):
        if index is not None:
            own.setdefault(index, []).extend(item.lines)
            found.claimed |= {line.number for line in item.lines}
    for index, taken in own.items():
        given: dict[str, Any] = {name: text_of(taken)}
        found.efforts[index] = replace(found.efforts[index], **given)


def _add_costs(lines: Sequence[Line], found: _Found) -> None:
    items = [item for item in _items(lines) if item.text]
    tied = _tied(items, found.efforts)
    own = [at for at, item in enumerate(items) if not _SUM.search(item.text)]
    if len(found.efforts) == 1 and len(own) == 1:
        # a form for each effort has one amount: its own
        tied = [0 if at == own[0] else None for at in range(len(items))]
    for item, index in zip(items, tied, strict=True):
        money = list(_MONEY.finditer(item.text))
        why = None
        if len(money) != 1:
            why = "Stycket har inte ett enda belopp."
        elif _SUM.search(item.text):
            why = "Beloppet är en summa och hör inte till en insats."
        elif index is None or tied.count(index) > 1:
            why = "Det är inte klart vilken insats beloppet hör till."
        if why is not None or index is None:
            found.unread.append(Unread(item.text, why or "", item.place(0, len(item.text))))
        else:
            cost = _figure(item, money[0].span(), None)
            found.efforts[index] = replace(found.efforts[index], cost=cost)
        found.claimed |= {line.number for line in item.lines}


def _figure(text: Passage, span: tuple[int, int], unit: str | None) -> Figure:
    return figure(text.text[slice(*span)], unit=unit, place=text.place(*span))


def _with_headcount(row: Effort, lines: Sequence[Line], words: Wording) -> Effort:
    """Add the number of employees where the target group's own text gives exactly one."""
    if row.target_group is None or row.target_group.place is None:
        return row
    people = any_of(words.words["people"]["words"])
    number = re.compile(rf"(?<![\d,-])(?P<n>(?:{_NUMBER})(?:\s?[-–]\s?\d+)?)\s+{people}\b")
    for item in _items(lines):
        found = list(number.finditer(item.text))
        if item.lines[0].number == row.target_group.place.line and len(found) == 1:
            return replace(row, headcount=_figure(item, found[0].span("n"), "headcount"))
    return row


# --- one form for each effort ---------------------------------------------------------------------


def _one_form_each(lines: Sequence[Line], words: Wording) -> _Found:
    """Read `Insats 1: …` with the form's headings under each."""
    starts = [i for i, line in enumerate(lines) if _EACH.match(line.text)]
    found = _Found()
    for start, end in itertools.pairwise([*starts, len(lines)]):
        title = _EACH.match(lines[start].text)
        own = _Found(heads={lines[start].number})
        under = _under_heads(lines[start + 1 : end], words, own)
        if title is None or not under:
            return _Found()
        place = lines[start].place(*title.span("title"))
        own.efforts = [Effort(title["title"].strip(), place)]
        _add_texts("target_group", under.get("target", ()), own)
        _add_texts("effect", under.get("effect", ()), own)
        _add_costs(under.get("cost", ()), own)
        row = _with_headcount(own.efforts[0], under.get("target", ()), words)
        found.efforts.append(_plain_headcount(row, under.get("headcount", ()), words))
        found.unread += own.unread
        found.claimed |= own.claimed
        found.heads |= own.heads
    return found


def _plain_headcount(row: Effort, lines: Sequence[Line], words: Wording) -> Effort:
    """Add a number that stands alone under a heading that asks for it, or with a word of people."""
    text = passage(lines)
    if row.headcount is not None or not text.text:
        return row
    people = any_of(words.words["people"]["words"])
    counted = re.fullmatch(rf"(?P<n>{_NUMBER})\s+{people}\.?", text.text.strip())
    if counted is not None:
        start = text.text.index(counted["n"])
        return replace(
            row, headcount=_figure(text, (start, start + len(counted["n"])), "headcount")
        )
    return replace(row, headcount=_figure(text, (0, len(text.text)), "headcount"))


# --- a table of efforts ---------------------------------------------------------------------------


def _from_tables(outline: Outline, words: Wording) -> _Found:
    found = _Found()
    for table in outline.tables:
        known = known_table(table, words.table("application_columns"), ("title", "cost"))
        if known is None:
            continue
        found.efforts += [_from_cells(cells) for cells in known.rows() if "title" in cells]
        found.unread += [Unread(one_line(c.text), _NO_TITLE, c.place) for c in _untitled(known)]
        found.unread += known.unknown()
        found.claimed |= table_lines(table, outline.lines)
    closed = {"headcount": r"\d{1,4}", "cost": _MONEY.pattern}
    columns = words.table("application_columns")
    for flat in flat_tables(outline.lines, columns, ("title", "cost"), closed, found.claimed):
        found.efforts += [_from_cells(cells) for cells in flat.rows if "title" in cells]
        found.unread += flat.unread
        found.claimed |= flat.lines
    return found


def _untitled(known: KnownTable) -> Iterator[Cell]:
    """Yield the cells of rows that name no effort: sums, and rows torn by a page."""
    for cells in known.rows():
        yield from () if "title" in cells else cells.values()


def _from_cells(cells: dict[str, Cell]) -> Effort:
    def text(name: str) -> Text | None:
        cell = cells.get(name)
        return Text(one_line(cell.text), cell.place) if cell else None

    def number(name: str, unit: str | None) -> Figure | None:
        cell = cells.get(name)
        return figure(cell.text, unit=unit, place=cell.place) if cell else None

    return Effort(
        one_line(cells["title"].text),
        cells["title"].place,
        target_group=text("target_group"),
        headcount=number("headcount", "headcount"),
        effect=text("effect"),
        cost=number("cost", None),
    )
