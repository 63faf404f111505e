"""The page on which a person compares what was read with the document itself.

The document stands to the left, line by line, with the values that were read marked in it; the
fields to the right, section by section. Self-contained HTML that works without script; nothing on
it changes anything. How a reading is completed and confirmed is told at its foot (decision 006).
"""

from __future__ import annotations

import base64
import dataclasses
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

import templates
from expectations.contract import SECTIONS, Due, Figure, Place, Reading, Text, Unread, Word
from expectations.registers import City
from tasks.readers.leftovers import figures_told

FOLDER = Path(templates.__file__).parent / "reading"
_FONTS = (("IBMPlexSans-Regular.woff2", 400), ("IBMPlexSans-SemiBold.woff2", 600))
_TITLE = 90
_NOT_SHOWN = ("place", "repaired")
_FURNITURE_AT_MOST = 12
"""How many lines a text may jump over: page furniture and blank ones."""


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One line of the document as the reader saw it; `page` where the format has pages."""

    number: int
    text: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a row as the page shows it."""

    id: str
    name: str
    written: str
    meaning: str = ""
    state: str = "read"
    state_word: str = ""
    place: str = ""
    anchor: str = ""
    proposal: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a section with its fields."""

    anchor: str
    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class UnreadGroup:
    """What one page or sheet holds that was not understood for one reason, from above."""

    why: str
    where: str
    items: tuple[Unread, ...]


def unread_groups(unread: Sequence[Unread]) -> list[UnreadGroup]:
    """Return what was not understood by page and reason, in the order of the document.

    A table whose forty rows are unread for one reason is told once, with its rows below.
    """
    groups: dict[tuple[object, ...], list[Unread]] = {}
    for one in sorted(unread, key=_from_above):
        place = one.place or Place()
        told = place.page, place.sheet, place.heading, place.pointer
        groups.setdefault((one.why, *told), []).append(one)
    return [UnreadGroup(items[0].why, _span(items), tuple(items)) for items in groups.values()]


def _from_above(one: Unread) -> tuple[int, int]:
    return (one.place.page or 0, one.place.line or 0) if one.place else (0, 0)


def _span(items: Sequence[Unread]) -> str:
    """Return where the items stand: one place, or the first and last line of the page's."""
    first, last = items[0].place, items[-1].place
    if not first or not last:
        return ""
    if first.line == last.line:
        return (
            first.in_words() if first == last else dataclasses.replace(first, cell=None).in_words()
        )
    return f"{first.in_words()}–{last.line}"


@dataclass(slots=True)
class _Marks:
    """What stands on which line: values, the sections that a line belongs to, what is not read."""

    values: dict[int, list[tuple[int, int, str, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    looks: dict[int, str] = field(default_factory=dict)
    tags: dict[int, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    whys: dict[int, str] = field(default_factory=dict)


def reading_page(reading: Reading, lines: Sequence[DocumentLine], city: City | None) -> str:
    """Return the page as HTML; `lines` is empty where the document has none (a workbook)."""
    marks = _Marks()
    text = _Texts(lines)
    sections = [
        {"name": name, "word": _words()["sections"][name], "rows": rows}
        for name in SECTIONS
        if (rows := tuple(_rows(reading, name, city, marks, text)))
    ]
    unread = [
        {
            "why": group.why,
            "where": group.where,
            "items": [
                {"text": one.text, "place": _told(one.place), "anchor": _line(one.place)}
                for one in group.items
            ],
        }
        for group in unread_groups(reading.unread)
    ]
    for one in reading.unread:
        for number in text.lines_of(one.text, one.place):
            marks.looks[number] = "lost"
        if one.place and one.place.line:
            marks.whys[one.place.line] = one.why
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            document=reading.document,
            head=_head(reading, city),
            notes=_notes(reading),
            sections=sections,
            unread=unread,
            lines=[_shown(line, before, marks) for before, line in _with_before(lines)],
            # Our own style sheet, not data: quotes in it must stand as they are.
            style=Markup(_fonts() + (FOLDER / "page.css").read_text(encoding="utf-8")),  # noqa: S704
        )
    )


# --- the fields ----------------------------------------------------------------------------------


def _rows(
    reading: Reading, section: str, city: City | None, marks: _Marks, text: _Texts
) -> Iterator[Row]:
    for at, row in enumerate(reading.rows(section), 1):
        anchor = f"{section}-{at}"
        fields = tuple(_fields(row, f"{anchor}", city))
        for told, value, place in _valued(row):
            _mark(marks, f"{anchor}-{told}", value, place, text)
        place = row.place
        if isinstance(getattr(row, "text", None), str):
            for number in text.lines_of(row.text, place):
                marks.looks.setdefault(number, "claimed")
        if place and place.line:
            marks.tags[place.line].append((f"{_words()['sections'][section]} {at}", anchor))
            marks.looks.setdefault(place.line, "claimed")
        yield Row(anchor, _title(row), fields)


def _title(row: Any) -> str:
    for name in ("title", "occupation", "position", "activity", "effort", "label", "name", "path"):
        found = getattr(row, name, None)
        if found:
            return " · ".join(found) if isinstance(found, tuple) else str(found)
    text = getattr(row, "text", "") or getattr(row, "area", "") or getattr(row, "object", "")
    told = text.text if isinstance(text, Text) else str(text or "")
    return told if len(told) <= _TITLE else told[:_TITLE].rsplit(" ", 1)[0] + " …"


def _valued(row: Any, path: str = "") -> Iterator[tuple[str, Any, Place | None]]:
    """Yield (path, value, place) of every value of a row that is shown, nested ones too."""
    place = getattr(row, "place", None)
    for item in dataclasses.fields(row):
        value = getattr(row, item.name)
        name = f"{path}{item.name}"
        if item.name in _NOT_SHOWN or value in (None, (), {}, ""):
            continue
        if isinstance(value, Figure | Word | Text):
            yield name, value, value.place
        elif isinstance(value, dict):
            yield from ((f"{name}.{key}", inner, inner.place) for key, inner in value.items())
        elif isinstance(value, tuple) and dataclasses.is_dataclass(value[0]):
            for at, inner in enumerate(value, 1):
                yield from _valued(inner, f"{name}.{at}.")
        elif dataclasses.is_dataclass(value) and not isinstance(value, Due | type):
            yield from _valued(value, f"{name}.")
        else:
            yield name, value, place


def _fields(row: Any, anchor: str, city: City | None) -> Iterator[Field]:
    words = _words()
    own = getattr(row, "repaired", None)
    for path, value, place in _valued(row):
        written, meaning, state = _in_words(value, city)
        proposal = getattr(value, "repaired", None) or (own if path == "text" and own else None)
        yield Field(
            f"{anchor}-{path}",
            _name(path),
            written,
            meaning,
            state,
            words["states"][state],
            _told(place),
            _anchor(f"{anchor}-{path}", value, place),
            proposal or "",
        )


def _name(path: str) -> str:
    names = _words()["fields"]
    steps = path.split(".")
    if steps[0] in ("columns", "decision") and len(steps) > 1:
        steps = steps[1:]
    return " ".join(names.get(step, step.replace("_", " ")) for step in steps)


def _in_words(value: Any, city: City | None) -> tuple[str, str, str]:
    """Return (as written, as read, state) of one value."""
    if isinstance(value, Figure):
        return value.written, _number(value), value.state
    if isinstance(value, Word):
        return value.written, _step(value), _state_of(value)
    if isinstance(value, Text):
        return value.text, "", "read"
    if isinstance(value, Due):
        ends = [day.isoformat() for day in (value.earliest, value.latest) if day]
        return value.written, " till ".join(dict.fromkeys(ends)), "read"
    if isinstance(value, tuple):
        return ", ".join(_one(item, city) for item in value), "", "read"
    told = _one(value, city)
    # a board's id or a code is ours: the document does not say it
    return (str(value), "", "read") if told == str(value) else ("", told, "read")


def _step(word: Word) -> str:
    """Return what a word was read as, in the page's language."""
    return str(_words()["codes"].get(word.code, word.code)) if word.code else ""


def _state_of(word: Word) -> str:
    """Return a word's state: one that is read need have no step in a scale."""
    if word.code:
        return "read"
    return "no_step" if word.written.strip() else "unknown"


def _one(value: Any, city: City | None) -> str:
    told = str(value)
    board = city.board(told) if city else None
    words = _words()
    return board.name if board else str(words["codes"].get(told, words["units"].get(told, told)))


def _number(figure: Figure) -> str:
    unit = _words()["units"].get(figure.unit or "", figure.unit or "")
    if figure.low is not None and figure.high is not None:
        return f"{_decimal(figure.low)} till {_decimal(figure.high)} {unit}".strip()
    return f"{_decimal(figure.value)} {unit}".strip() if figure.value is not None else ""


def _decimal(value: Decimal) -> str:
    return f"{value:,f}".replace(",", "\u00a0").replace(".", ",").replace("-", "−")


def _told(place: Place | None) -> str:
    return place.in_words() if place else ""


def _line(place: Place | None) -> str:
    return f"r{place.line}" if place and place.line else ""


def _anchor(own: str, value: Any, place: Place | None) -> str:
    """Return where a field's link leads: to its mark, or to the line it begins on."""
    marked = isinstance(value, Figure | Word) and place and place.line and place.columns
    return f"m{own}" if marked else _line(place)


# --- the document --------------------------------------------------------------------------------


class _Texts:
    """Finds which lines a running text stands on, from the line it begins on."""

    def __init__(self, lines: Sequence[DocumentLine]) -> None:
        self._lines = lines
        self._at = {line.number: index for index, line in enumerate(lines)}

    def lines_of(self, text: str, place: Place | None) -> list[int]:
        """Return the numbers of the lines whose letters follow one another in the text."""
        if place is None or place.line not in self._at:
            return []
        sought, skipped = _letters(text), 0
        found: list[int] = []
        for line in self._lines[self._at[place.line] :]:
            letters = _letters(line.text)
            if letters and not found:
                # The text may begin in the middle of its line, after a label.
                common = next((n for n in range(len(letters)) if sought.startswith(letters[n:])), 0)
                letters = letters[common:]
            if letters and sought.startswith(letters):
                found.append(line.number)
                sought, skipped = sought[len(letters) :], 0
            elif letters and letters.startswith(sought) and sought:
                return [*found, line.number]
            else:
                skipped += 1
            if not sought or skipped > _FURNITURE_AT_MOST:
                break
        return found or [place.line]


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


def _mark(marks: _Marks, own: str, value: Any, place: Place | None, text: _Texts) -> None:
    if place is None or place.line is None:
        return
    if isinstance(value, Text):
        for number in text.lines_of(value.text, place):
            marks.looks.setdefault(number, "claimed")
    elif isinstance(value, Figure | Word) and place.columns:
        first, last = place.columns
        look = "figure" if isinstance(value, Figure) else "word"
        marks.values[place.line].append((first - 1, last, own, look))
        marks.looks.setdefault(place.line, "claimed")


def _with_before(
    lines: Sequence[DocumentLine],
) -> Iterator[tuple[DocumentLine | None, DocumentLine]]:
    return zip((None, *lines[:-1]), lines, strict=True) if lines else iter(())


def _shown(line: DocumentLine, before: DocumentLine | None, marks: _Marks) -> dict[str, Any]:
    new_page = line.page is not None and (before is None or before.page != line.page)
    return {
        "number": line.number,
        "page": line.page if new_page else None,
        "look": marks.looks.get(line.number, ""),
        "pieces": _pieces(line.text, sorted(marks.values.get(line.number, ()))),
        "tags": list(dict.fromkeys(marks.tags.get(line.number, ())))[:3],
        "why": _why(line, before, marks),
    }


def _why(line: DocumentLine, before: DocumentLine | None, marks: _Marks) -> str:
    """Return why a line is unread, once for lines below each other with one reason."""
    why = marks.whys.get(line.number, "")
    return "" if before and marks.whys.get(before.number) == why else why


def _pieces(text: str, values: list[tuple[int, int, str, str]]) -> list[tuple[str, str, str]]:
    """Return a line in pieces: (text, id of the field or nothing, look); the first mark wins."""
    pieces, at = [], 0
    for first, last, own, look in values:
        if first < at or first >= len(text):
            continue
        pieces += [(text[at:first], "", ""), (text[first:last], own, look)]
        at = last
    return [piece for piece in (*pieces, (text[at:], "", "")) if piece[0]]


# --- the head ------------------------------------------------------------------------------------


def _head(reading: Reading, city: City | None) -> list[tuple[str, str]]:
    document = reading.document
    board = city.board(document.board) if city and document.board else None
    return [
        ("Slag", _words()["kinds"].get(document.kind, document.kind)),
        ("Säkerhet", _sureness(document.confidence)),
        ("Nämnd", board.name if board else document.board or NO_BOARD[city is not None]),
        ("Omgång", document.round or ""),
        ("Gäller", document.span or ""),
        ("Datum", document.date.isoformat() if document.date else ""),
        ("Ärende", document.case_number or ""),
        *shares_read(reading),
        ("Därför", "; ".join(reason for reason in document.reasons if _is_quote(reason))),
    ]


NO_BOARD = {True: "framgår inte", False: "ange --city: namnet söks i stadens register"}
"""What is said where no board was told, by whether there was a city's register to look in."""


def shares_read(reading: Reading) -> list[tuple[str, str]]:
    """Return how much was read: figures of rows and tables, and text with all that runs on."""
    read, seen = figures_told(reading)
    told = []
    if seen:
        told.append(("Lästa tal", f"{read} av {seen} som setts i tabeller och uppställningar"))
    if reading.coverage is not None:
        share = f"{reading.coverage * 100:.1f}".replace(".", ",")
        told.append(("Läst text", f"{share} procent, löpande text inräknad"))
    return told


def _sureness(confidence: Decimal | None) -> str:
    return f"{confidence * 100:.0f} procent" if confidence is not None else ""


def _is_quote(reason: str) -> bool:
    """Say whether a reason is the document's own words: the others are for the reader to heed."""
    return reason.startswith("”")


def _notes(reading: Reading) -> list[str]:
    """Return what a reader must know before trusting the page."""
    notes = []
    if reading.document.machine_read:
        notes.append(
            f"Maskinläst: texten är läst ur en bild av {reading.document.machine_read}. "
            "Jämför varje siffra med handlingen."
        )
    heeded = [reason for reason in reading.document.reasons if not _is_quote(reason)]
    notes += [reason[:1].upper() + reason[1:] + "." for reason in heeded]
    for fault in reading.faults:
        cause = fault.values.get("orsak") or fault.values.get("plats") or fault.rule
        notes.append(f"Kunde inte läsas: {cause}. {fault.values.get('råd', '')}".strip())
    return notes


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "words.toml").read_text(encoding="utf-8"))


def _fonts() -> str:
    """Return the fonts as a part of the style: the page is one file, to be sent and kept."""
    rules = []
    for name, weight in _FONTS:
        data = base64.b64encode((FOLDER.parent / "fonts" / name).read_bytes()).decode()
        rules.append(
            f'@font-face {{ font-family: "IBM Plex Sans"; font-weight: {weight}; '
            f'src: url("data:font/woff2;base64,{data}") format("woff2"); }}\n'
        )
    return "".join(rules)


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
