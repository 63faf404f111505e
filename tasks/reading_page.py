"""The page on which a person compares what was read with the document itself.

The document stands to the left, line by line, with the values that were read marked in it; the
fields to the right, section by section. Self-contained HTML that works without script; nothing on
it changes anything. How a reading is completed and confirmed is told at its foot (decision 006).
"""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import jinja2
from markupsafe import Markup

from expectations.contract import SECTIONS, Due, Figure, Place, Reading, Text, Word
from expectations.registers import City
from tasks.reading_lines import DocumentLine, Marks, Texts, mark, shown
from tasks.reading_told import FOLDER, NO_BOARD, reading_words, shares_read, unread_groups

_FONTS = (("IBMPlexSans-Regular.woff2", 400), ("IBMPlexSans-SemiBold.woff2", 600))
_TITLE = 90
_NOT_SHOWN = ("place", "repaired")


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


def reading_page(reading: Reading, lines: Sequence[DocumentLine], city: City | None) -> str:
    """Return the page as HTML; `lines` is empty where the document has none (a workbook)."""
    marks = Marks()
    text = Texts(lines)
    sections = [
        {"name": name, "word": reading_words()["sections"][name], "rows": rows}
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
            lines=shown(lines, marks),
            # Our own style sheet, not data: quotes in it must stand as they are.
            style=Markup(_fonts() + (FOLDER / "page.css").read_text(encoding="utf-8")),  # noqa: S704
        )
    )


# --- the fields ----------------------------------------------------------------------------------


def _rows(
    reading: Reading, section: str, city: City | None, marks: Marks, text: Texts
) -> Iterator[Row]:
    for at, row in enumerate(reading.rows(section), 1):
        anchor = f"{section}-{at}"
        fields = tuple(_fields(row, f"{anchor}", city))
        for told, value, place in _valued(row):
            mark(marks, f"{anchor}-{told}", value, place, text)
        place = row.place
        if isinstance(getattr(row, "text", None), str):
            for number in text.lines_of(row.text, place):
                marks.looks.setdefault(number, "claimed")
        if place and place.line:
            marks.tags[place.line].append((f"{reading_words()['sections'][section]} {at}", anchor))
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
    told = reading_words()["states"]
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
            told[state],
            _told(place),
            _anchor(f"{anchor}-{path}", value, place),
            proposal or "",
        )


def _name(path: str) -> str:
    names = reading_words()["fields"]
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
    return str(reading_words()["codes"].get(word.code, word.code)) if word.code else ""


def _state_of(word: Word) -> str:
    """Return a word's state: one that is read need have no step in a scale."""
    if word.code:
        return "read"
    return "no_step" if word.written.strip() else "unknown"


def _one(value: Any, city: City | None) -> str:
    told = str(value)
    board = city.board(told) if city else None
    codes, units = reading_words()["codes"], reading_words()["units"]
    return board.name if board else str(codes.get(told, units.get(told, told)))


def _number(figure: Figure) -> str:
    unit = reading_words()["units"].get(figure.unit or "", figure.unit or "")
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


# --- the head ------------------------------------------------------------------------------------


def _head(reading: Reading, city: City | None) -> list[tuple[str, str]]:
    document = reading.document
    board = city.board(document.board) if city and document.board else None
    return [
        ("Slag", reading_words()["kinds"].get(document.kind, document.kind)),
        ("Säkerhet", _sureness(document.confidence)),
        ("Nämnd", board.name if board else document.board or NO_BOARD[city is not None]),
        ("Omgång", document.round or ""),
        ("Gäller", document.span or ""),
        ("Datum", document.date.isoformat() if document.date else ""),
        ("Ärende", document.case_number or ""),
        *shares_read(reading),
        ("Därför", "; ".join(reason for reason in document.reasons if _is_quote(reason))),
    ]


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
