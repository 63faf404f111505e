"""The activities of a plan: what is to be done, who answers for it, when.

As flattened text a cell is a run of lines; a responsible function is told from other short texts
by its words (data: `functions`), a time by naming a day or span, a status by its scale. Rows are
read as long as every cell fits its column; what follows is no longer the table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from expectations.contract import Activity, Due, Text, Unread
from expectations.registers import plain
from tasks.readers.flat_table import Fits, Header, cells, headers, rows, split_line
from tasks.readers.pages import Line
from tasks.readers.paragraphs import joined
from tasks.readers.passage import Passage, passage
from tasks.readers.real_table import KnownTable, one_line
from tasks.readers.spans import due, due_in
from tasks.readers.wording import Wording

NOT_ROWS = "Tabellens celler gick inte att dela in i rader."
NO_NAME = "Raden anger ingen aktivitet."
_LONGEST_NAME = 140
_LONGEST_FUNCTION = 90
_LINES_ABOVE = 4


@dataclass(slots=True)
class Activities:
    """Rows, what stayed unread, and the lines taken."""

    rows: list[Activity] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    claimed: set[int] = field(default_factory=set)


def activity_table(lines: Sequence[Line], words: Wording) -> Activities:
    """Return the activities of the first such table in the lines; empty where there is none."""
    found: list[Header] = []
    for other in ("responsible", "span", "description"):
        found = found or headers(lines, words.table("activity_columns"), ("activity", other))
    if not found:
        return Activities()
    result = Activities()
    span = plan_span(lines, found[0].start)
    for row in _rows(lines, found, words):
        result.rows.append(_activity(row, span, words))
        result.claimed |= {line.number for cell in row.values() for line in cell.lines}
    result.claimed |= {x.number for h in found for x in lines[h.start : h.end]}
    if span is not None:
        above = (line for line in reversed(lines[: found[0].start]) if line.text.strip())
        result.claimed.add(next(above).number)
    if not result.rows:
        head = joined(lines[found[0].start : found[0].end])
        result.unread.append(Unread(head, NOT_ROWS, lines[found[0].start].place()))
    return result


def plan_span(lines: Sequence[Line], start: int) -> Due | None:
    """Return the span in a heading close above a table: `Aktivitetsplan 2026–2027`."""
    for line in reversed(lines[max(0, start - _LINES_ABOVE) : start]):
        if line.text.strip():
            found = due_in(line.text)
            return found if len(line.text.strip()) < _LONGEST_FUNCTION else None
    return None


def _rows(
    lines: Sequence[Line], found: Sequence[Header], words: Wording
) -> Iterator[dict[str, Passage]]:
    keys = found[0].keys
    fits = _fits(words)
    parts: list[list[Line]] = []
    for part in cells(lines, found):
        if part is None:
            break
        parts.append(part)
    in_runs = list(rows(parts, keys, fits, ("description",)))
    yield from in_runs or _in_lines(parts, keys, fits)


def _in_lines(
    parts: Sequence[list[Line]], keys: Sequence[str], fits: Mapping[str, Fits]
) -> Iterator[dict[str, Passage]]:
    """Yield rows that stand on one line each, their cells parted by wide gaps.

    A line that is not parted so is the rest of a cell: whose cannot be told, so reading ends
    before the run of lines that it stands in.
    """
    for part in parts:
        found = [_line_row(line, keys) for line in part]
        if not all(row and all(fits[k](cell.text) for k, cell in row.items()) for row in found):
            return
        yield from (row for row in found if row)


def _line_row(line: Line, keys: Sequence[str]) -> dict[str, Passage] | None:
    spans = split_line(line, len(keys))
    if spans is None:
        return None
    return {
        key: passage([replace(line, text=" " * start + line.text[start:end])])
        for key, (start, end) in zip(keys, spans, strict=True)
    }


def _fits(words: Wording) -> dict[str, Fits]:
    """Return what each column can hold."""
    functions: Sequence[str] = words.words["functions"]["words"]

    def name(text: str) -> bool:
        return bool(re.match(r"[A-ZÅÄÖ0-9]", text)) and (
            len(text) <= _LONGEST_NAME and not text.endswith(".")
        )

    def function(text: str) -> bool:
        short = len(text) <= _LONGEST_FUNCTION and not text.endswith((".", ":"))
        return short and any(_has_part(text, part) for part in functions)

    def time(text: str) -> bool:
        return due_in(text) is not None or plain(text).startswith("löpande")

    return {
        "activity": name,
        "description": lambda text: bool(text) and not function(text),
        "responsible": function,
        "span": lambda text: len(text) <= _LONGEST_FUNCTION and time(text),
        "phase": lambda text: words.code("phases", text) is not None,
        "status": lambda text: words.word("activity_status", text, None).code is not None,
    }


def _has_part(text: str, part: str) -> bool:
    """Say whether a text holds a function's word; short ones (`hr`) must be words of their own."""
    if len(part) <= 2:  # noqa: PLR2004 - an abbreviation stands inside many words
        return re.search(rf"\b{re.escape(part)}\b", text, re.IGNORECASE) is not None
    return part in text.casefold()


def _activity(row: Mapping[str, Passage], span: Due | None, words: Wording) -> Activity:
    def place(cell: Passage) -> Text:
        return Text(cell.text, cell.place(0, len(cell.text)))

    name = place(row["activity"])
    status = place(row["status"]) if "status" in row else None
    return Activity(
        activity=name.text,
        place=name.place,
        description=place(row["description"]) if "description" in row else None,
        responsible=row["responsible"].text if "responsible" in row else None,
        phase=words.code("phases", row["phase"].text) if "phase" in row else None,
        span=due(row["span"].text) if "span" in row else span,
        status=words.word("activity_status", status.text, status.place) if status else None,
    )


def activity_cells(
    known: KnownTable, lines: Sequence[Line], words: Wording, unread: list[Unread]
) -> Iterator[Activity]:
    """Yield the activities of a real table; a row without a name stays unread."""
    above = [line for line in lines if line.number <= known.table.after]
    span = plan_span(above, len(above))
    for row in known.rows():
        if "activity" not in row:
            unread += [Unread(one_line(cell.text), NO_NAME, cell.place) for cell in row.values()]
            continue
        text = {key: one_line(cell.text) for key, cell in row.items()}
        description, status = row.get("description"), row.get("status")
        yield Activity(
            activity=text["activity"],
            place=row["activity"].place,
            description=Text(text["description"], description.place) if description else None,
            responsible=text.get("responsible"),
            phase=words.code("phases", text.get("phase", "")),
            span=due(text["span"]) if "span" in text else span,
            status=words.word("activity_status", text["status"], status.place) if status else None,
        )
