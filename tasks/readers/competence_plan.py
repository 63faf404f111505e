"""A competence plan: gaps per occupational group, money asked for, and the plan's activities.

In flattened text a row is a run of lines between blank ones: the group, then words of the scales
in the order of the header, then a comment, each possibly broken over lines or a page. A run whose
words are not exactly those that the header asks for is left unread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from expectations.contract import (
    Activity,
    CompetenceGap,
    Due,
    Figure,
    Funding,
    Place,
    Text,
    Unread,
)
from expectations.registers import plain
from tasks.readers.numbers import figure
from tasks.readers.outline import Outline, joined, paragraphs
from tasks.readers.pages import Line, Table
from tasks.readers.spans import due
from tasks.readers.wording import Wording

_COLUMNS = (
    ("years_2", "competence_gap", r"2\s*års?\s*sikt|två\s*års?\s*sikt|kort sikt"),
    ("years_5", "competence_gap", r"5\s*års?\s*sikt|fem\s*års?\s*sikt|lång sikt"),
    ("risk", "risk", r"\brisk\b|konsekvens"),
    ("probability", "probability", r"sannolikhet"),
    ("level", "competence_level", r"\bnivå\b"),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a competence plan gave, and the lines it took."""

    gaps: tuple[CompetenceGap, ...]
    funding: tuple[Funding, ...]
    activities: tuple[Activity, ...]
    unread: tuple[Unread, ...]
    claimed: frozenset[int]


def competence_plan(outline: Outline, words: Wording) -> Plan:
    """Return gaps, money and activities of a plan; empty where the document holds none."""
    gaps, unread, claimed = _gaps(outline, words)
    money, used = _funding(outline.lines)
    activities, taken = _activities(outline.lines)
    for table in outline.tables:
        gaps += _gap_cells(table, words)
        activities += _activity_cells(table)
    return Plan(
        tuple(gaps),
        tuple(money),
        tuple(activities),
        tuple(unread),
        frozenset(claimed | used | taken),
    )


# --- gaps -----------------------------------------------------------------------------------


def _columns(header: str) -> tuple[tuple[str, str], ...]:
    """Return (field, scale) of the columns that a header names, in its order."""
    lowered = plain(header)
    placed = []
    for name, scale, pattern in _COLUMNS:
        found = re.search(pattern, lowered)
        if found:
            placed.append((found.start(), name, scale))
    return tuple((name, scale) for _, name, scale in sorted(placed))


def _gaps(outline: Outline, words: Wording) -> tuple[list[CompetenceGap], list[Unread], set[int]]:
    lines = outline.lines
    start = next((i for i, line in enumerate(lines) if _is_gap_header(line.text)), None)
    if start is None:
        return [], [], set()
    columns = _columns(lines[start].text)
    gaps: list[CompetenceGap] = []
    unread: list[Unread] = []
    claimed = {lines[start].number}
    runs = [run for run in paragraphs(lines[start + 1 :]) if not _is_gap_header(run[0].text)]
    index = 0
    while index < len(runs):
        row, used, taken = _row_from(runs, index, columns, words)
        if row is None:
            if _no_table_any_more(runs[index]):
                break
            why = "Raden följer inte tabellens rubrik."
            unread.append(Unread(joined(runs[index]), why, runs[index][0].place()))
        else:
            gaps.append(row)
            claimed |= {line.number for line in used}
            if len(used) < sum(len(run) for run in runs[index : index + taken]):
                break  # a heading at the top of the next page followed without a blank line
        index += taken
    return gaps, unread, claimed


def _row_from(
    runs: Sequence[list[Line]],
    index: int,
    columns: Sequence[tuple[str, str]],
    words: Wording,
) -> tuple[CompetenceGap | None, list[Line], int]:
    """Return (row, its lines, runs taken); a row may be torn by blank lines into up to three."""
    for taken in (1, 2, 3):
        lines = [line for run in runs[index : index + taken] for line in run]
        row, used = _gap(lines, columns, words)
        if row is not None:
            return row, used, taken
    return None, [], 1


def _is_gap_header(text: str) -> bool:
    lowered = plain(text)
    first = re.match(r"(?:yrkeskategori|yrkesgrupp|befattningsgrupp|befattning)", lowered)
    return bool(first) and len(_columns(text)) >= 2  # noqa: PLR2004 - one word may stand in prose


def _no_table_any_more(run: Sequence[Line]) -> bool:
    return len(run) > 1 and len(run[0].text.strip()) > 60  # noqa: PLR2004 - prose fills its lines


def _gap(
    run: Sequence[Line], columns: Sequence[tuple[str, str]], words: Wording
) -> tuple[CompetenceGap | None, list[Line]]:
    used = _until_heading(run)
    text, places = _flat(used)
    choices = [
        "|".join(
            re.escape(w).replace(r"\ ", r"\s+")
            for w in words.scale_words(scale)
            if len(w) > 2  # noqa: PLR2004
        )
        for _, scale in columns
    ]
    if not all(choices):
        return None, list(run)
    pattern = r"^\s*(?P<group>.+?)\s+" + r"\s+".join(
        f"(?P<{name}>{choice})" for (name, _), choice in zip(columns, choices, strict=True)
    )
    found = re.match(pattern + r"(?:\s+(?P<comment>.*))?$", text, re.IGNORECASE | re.DOTALL)
    if found is None:
        return None, list(run)
    group = re.sub(r"\s+", " ", found["group"])
    chosen: dict[str, Any] = {
        name: words.word(scale, re.sub(r"\s+", " ", found[name]), places(*found.span(name)))
        for name, scale in columns
    }
    comment = joined([Line(part, 0) for part in (found["comment"] or "").split("\n")])
    gap = CompetenceGap(
        occupation=group,
        place=used[0].place(),
        comment=Text(comment, places(*found.span("comment"))) if comment else None,
    )
    return replace(gap, **chosen), used


def _until_heading(run: Sequence[Line]) -> list[Line]:
    used = [run[0]]
    for line in run[1:]:
        # After a page break the extraction leaves a space before the first word of the page.
        if re.match(r" [A-ZÅÄÖ]\w+$", line.text.rstrip()) and joined(used).endswith((".", "gap")):
            break
        used.append(line)
    return used


def _flat(lines: Sequence[Line]) -> tuple[str, _Places]:
    text = "\n".join(line.text for line in lines)
    return text, _Places(tuple(lines))


@dataclass(frozen=True, slots=True)
class _Places:
    """Turns positions in joined lines into places."""

    lines: tuple[Line, ...]

    def __call__(self, start: int, end: int) -> Place | None:
        begin = 0
        for line in self.lines:
            if begin <= start <= begin + len(line.text):
                return line.place(start - begin, min(end - begin, len(line.text)))
            begin += len(line.text) + 1
        return None


def _gap_cells(table: Table, words: Wording) -> list[CompetenceGap]:
    header = [cell.text for cell in table.rows[0]] if table.rows else []
    named = [_columns(text) for text in header]
    if not header or not _is_gap_header(" ".join(header)):
        return []
    rows = []
    for row in table.rows[1:]:
        chosen: dict[str, Any] = {}
        for columns, title, cell in zip(named, header, row, strict=False):
            if len(columns) == 1 and cell.text.strip():
                name, scale = columns[0]
                chosen[name] = words.word(scale, cell.text.strip(), cell.place)
            elif "kommentar" in plain(title) and cell.text.strip():
                chosen["comment"] = Text(cell.text.strip(), cell.place)
        if row and row[0].text.strip():
            gap = CompetenceGap(occupation=row[0].text.strip(), place=row[0].place)
            rows.append(replace(gap, **chosen))
    return rows


# --- money ----------------------------------------------------------------------------------

_MONEY = re.compile(
    r"(?P<requested>\d[\d  ]*)\s*\(\s*(?P<granted>\d[\d  ]*?)\s*\n?\s*(?P<word>beviljade?)\s*\)"
)


def _funding(lines: Sequence[Line]) -> tuple[list[Funding], set[int]]:
    """Return rows under a header that asks for period, effort and money asked for."""
    start = next(
        (
            i
            for i, line in enumerate(lines)
            if re.match(r"\s*period\s+insats\b", line.text, re.IGNORECASE)
        ),
        None,
    )
    if start is None:
        return [], set()
    body = list(lines[start + 1 :])
    first = next(
        (i for i, line in enumerate(body) if re.match(r"\s*20\d{2}\s+\S", line.text)), None
    )
    if first is None:
        return [], set()
    text, places = _flat(body[first : first + 60])
    found = _MONEY.search(text)
    if found is None:
        return [], set()
    used = body[first : first + 60][: text[: found.end()].count("\n") + 1]
    after = paragraphs(body[first + len(used) : first + len(used) + 8])
    source = joined(after[0]) if after else None
    deviation = joined(after[1][:1]) if len(after) > 1 else None
    period = re.match(r"\s*(20\d{2})", used[0].text)
    described = paragraphs(used[: text[: found.start()].count("\n")])
    effort = re.sub(r"^20\d{2}\s+", "", joined(described[0])) if described else ""
    row = Funding(
        effort=effort,
        place=used[0].place(),
        period=period[1] if period else None,
        purpose=joined([line for part in described[1:] for line in part]) or None,
        requested=_kronor(found["requested"], places(*found.span("requested"))),
        granted=_kronor(found["granted"], places(*found.span("granted"))),
        source=source,
        deviation=Text(deviation) if deviation else None,
    )
    return [row], {line.number for line in used}


def _kronor(written: str, place: Place | None) -> Figure:
    return figure(written.strip(), unit="kr", place=place)


# --- activities -------------------------------------------------------------------------------

_ACTIVITIES = re.compile(r"^\s*aktivitet\s+beskrivning\s+ansvarig", re.IGNORECASE)


def _activities(lines: Sequence[Line]) -> tuple[list[Activity], set[int]]:
    """Return the rows of activity, description and responsible, in runs of three."""
    start = next((i for i, line in enumerate(lines) if _ACTIVITIES.match(line.text)), None)
    if start is None:
        return [], set()
    span = _plan_span(lines[max(0, start - 4) : start])
    cells = [
        run
        for part in paragraphs(lines[start + 1 :])
        if (run := [line for line in part if not _ACTIVITIES.match(line.text)])
    ]
    rows = [
        Activity(
            activity=joined(name),
            place=name[0].place(),
            description=Text(joined(description), description[0].place()),
            responsible=joined(responsible),
            span=span,
        )
        for name, description, responsible in _in_threes(cells)
    ]
    claimed = {line.number for cell in cells for line in cell} if rows else set()
    return rows, claimed


def _in_threes(cells: Sequence[list[Line]]) -> Iterator[tuple[list[Line], ...]]:
    for index in range(0, len(cells) - 2, 3):
        yield cells[index], cells[index + 1], cells[index + 2]


def _plan_span(lines: Sequence[Line]) -> Due | None:
    for line in reversed(lines):
        if re.search(r"20\d{2}\s*[-–]\s*20\d{2}", line.text):
            found = due(line.text.strip())
            return found if found.latest else None
    return None


def _activity_cells(table: Table) -> list[Activity]:
    header = [plain(cell.text) for cell in table.rows[0]] if table.rows else []
    if not header or not header[0].startswith("aktivitet"):
        return []
    place = {name: i for i, text in enumerate(header) for name in _ACTIVITY_FIELDS if name in text}
    rows = []
    for row in table.rows[1:]:
        if not row or not row[0].text.strip():
            continue
        cells = {name: row[i] for name, i in place.items() if i < len(row) and row[i].text.strip()}
        description = cells.get("beskrivning")
        responsible = cells.get("ansvarig")
        when = cells.get("tid") or cells.get("period")
        rows.append(
            Activity(
                activity=row[0].text.strip(),
                place=row[0].place,
                description=Text(description.text.strip(), description.place)
                if description
                else None,
                responsible=responsible.text.strip() if responsible else None,
                span=due(when.text.strip()) if when else None,
            )
        )
    return rows


_ACTIVITY_FIELDS = ("beskrivning", "ansvarig", "tid", "period")
