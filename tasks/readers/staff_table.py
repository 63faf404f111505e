"""Staff figures of a report: rows that start with a known metric, under a header of columns.

Two forms are read: an ordinary table (see `tables`), and cells that name a scope before the value
(`SLK 154,9` above `Politiken 47,9`), which fall apart into a line each when a table is flattened.
Rows of a staff table whose label is no known metric stay unread. What whole sentences say is read
by `stated_figures`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from expectations.contract import Figure, Indicator, StaffFigure, Unread
from expectations.registers import plain
from tasks.readers.columns import settle
from tasks.readers.grid import Grid, Row, Sought
from tasks.readers.header_words import heads
from tasks.readers.indicator_rows import FIELDS, indicator_of
from tasks.readers.numbers import SPACES, figure, unit_of_label
from tasks.readers.outline import Outline, Section
from tasks.readers.pages import Line
from tasks.readers.paragraphs import joined
from tasks.readers.parts import Parts
from tasks.readers.spans import SHORT_MONTHS
from tasks.readers.tables import grids, parts_of
from tasks.readers.wording import Wording, either

_SCOPED = re.compile(rf"(?P<scope>[A-ZÅÄÖ][\wåäö-]*)\s+(?P<value>\d[\d{SPACES}]*(?:,\d+)?)(?=\s|$)")
_HEADER_LINES = 24
_CELL_LINES = 14
_LONGEST_HEADER = 60


def staff(outline: Outline, words: Wording, taken: frozenset[int]) -> Parts:
    """Return the staff figures of a report."""
    scoped = [found for section in outline.sections for found in _scoped(section, words)]
    own = frozenset(number for _, lines in scoped for number in lines)
    sought = Sought(
        wanted=lambda shown, labels: (
            of_staff(shown, labels, words)
            or ("sjukfrånvaro" in plain(shown) and any(_part(plain(one), words) for one in labels))
            or _heads_sick_leave(shown)
        ),
        known=lambda text: metric(text, words) is not None,
        unit=lambda label: words.table("staff_units").get(metric(label, words) or ""),
        filled=lambda label, keys: _filled(label, keys, words),
        more=True,
    )
    tables = list(grids(outline, words, sought, taken | own))
    rows = [row for found, _ in scoped for row in found]
    unread: list[Unread] = []
    indicators: list[Indicator] = []
    for table in tables:
        grouped = _heads_sick_leave(table.shown)
        if grouped and not any(_is_staff(row.label, words) for row in table.rows):
            rows += [one for row in table.rows for one in _of_group(row, words)]
            continue
        own_rows, others = _without_indicators(table, words)
        told = [indicator_of(row, words) for row in others]
        indicators += [one for one, _ in told if one is not None]
        found, left = _figures(own_rows, words, outline)
        rows += found
        unread += [*left, *(one for _, more in told for one in more)]
    noted = [_noted(row, outline, words) for row in rows]
    beside = Parts({"indicators": tuple(indicators)}, tuple(unread), own)
    return parts_of("staff", noted, tables).beside(beside)


def _without_indicators(table: Grid, words: Wording) -> tuple[Grid, list[Row]]:
    """Return a table of targets without the rows that are no staff figures, and these rows.

    `Nyckeltal, 2023, Mål 2023` has the sick leave and the share of teachers with a licence.
    """
    targeted = any(key in FIELDS for row in table.rows for key in row.columns)
    others = [row for row in table.rows if targeted and not _is_staff(row.label, words)]
    whole = [row for row in others if any(key in FIELDS for key in row.columns)]
    rest = tuple(row for row in table.rows if row not in whole)
    return replace(table, rows=rest), [_in_own_unit(row) for row in whole]


def _in_own_unit(row: Row) -> Row:
    """Return a row with the unit that its label names, where its figures have none."""
    unit = unit_of_label(row.label)
    told = {key: replace(f, unit=f.unit or unit) for key, f in row.columns.items()}
    return replace(row, columns=told)


def of_staff(shown: str, labels: Sequence[str], words: Wording) -> bool:
    """Say whether a table is of the staff: a row is a known metric.

    A table that calls its rows indicators is one only under a heading of the staff, or where
    every row is, of two at least.
    """
    if any("procentuell förändring" in plain(text) for text in (shown, *labels)):
        # key figures of volume, each with its change
        return False
    known = sum(metric(label, words) is not None for label in labels)
    lowered = plain(shown)
    named = any(word in lowered for word in _OTHERS) or _TARGETED.search(lowered) is not None
    named = named and not _OF_STAFF.search(lowered)
    return known >= max(len(labels), 2) if named else known > 0


_OF_STAFF = re.compile(r"\b(?:personal(?:en|nyckeltal|förhållanden)?|medarbetare|hr)\b")
_TARGETED = re.compile(r"\bmått\b.*\b(?:mål\w*|årsmål)\b")
"""A table of measures, each with its target."""
_OTHERS = ("indikator", "mätetal", "styrtal", "resultatmått", "effektmått")


def metric(label: str, words: Wording) -> str | None:
    """Return the metric that a row's label names, guidance in brackets and units aside.

    The share of the staff that it is of may stand behind: `Sjukfrånvaro %, kvinnor`.
    """
    if _CHANGED.search(label):
        # a key figure of volume with its change in percent
        return None
    bare = _bare(label)
    whole, _ = _of_share(bare, words)
    for text in (bare, _qualified(bare, words), whole, _qualified(whole, words)):
        exact = words.code("staff", text)
        if exact is not None:
            return exact
    return _part(plain(label), words) if "sjukfrånvaro" in bare else None


_CHANGED = re.compile(r"\([+−–-]?\d[\d,]*\s?%\)")


def _filled(label: str, keys: Sequence[str | None], words: Wording) -> tuple[str, ...]:
    """Return the keys of the columns that a row fills where it leaves some empty.

    The city says which a metric has; a share of the staff, or a part of the sick leave, has no
    target of its own.
    """
    code = metric(label, words)
    own = words.table("staff_columns").get(code or "")
    if own:
        return tuple(own.split())
    if code not in _SICK_PARTS and _scope(label, words) is None:
        return ()
    rest = tuple(key for key in keys if key and not key.startswith("target"))
    return rest if None not in keys and len(rest) < len(keys) else ()


_SICK_PARTS = ("sick_leave_short", "sick_leave_long", "sick_leave_long_share")


def _bare(label: str) -> str:
    """Return a label in small letters without brackets and units."""
    bare = re.sub(r"\([^)]*\)", "", label)
    bare = re.sub(r"^antalet\b", "antal", plain(bare))
    return re.sub(r",?\s*(?:\bi\s+)?(?:%|\bprocent\b)", "", bare).strip(" ,*")


def _everyone(words: Wording) -> Sequence[str]:
    """Return the labels that alone mean all of the staff."""
    found: Sequence[str] = words.words["sums"]["everyone"]
    return found


def _of_share(bare: str, words: Wording) -> tuple[str, str | None]:
    """Return what a label names and the share of the staff behind it, None where it is of all."""
    whole, _, last = bare.rpartition(" ")
    share = words.code("staff_scopes", last)
    if share is None and last not in _everyone(words):
        return bare, None
    return whole.strip(" ,–-:"), share


def _qualified(bare: str, words: Wording) -> str:
    """Return a label without what says how it was counted: `…, snitt`, `… (31 dec)`."""
    for word in sorted(words.words["staff_qualifiers"]["words"], key=len, reverse=True):
        before = bare.removesuffix(word)
        if before != bare and before != before.rstrip(" ,\n"):
            return before.rstrip(" ,\n")
    return bare


def _part(label: str, words: Wording) -> str | None:
    """Return the part of all sick leave that a label names: short, long, the share that is long."""
    known = words.table("staff_parts")
    return next((code for part, code in known.items() if part in label), None)


def _scope(label: str, words: Wording) -> str | None:
    """Return the share of the staff that a label is: women, men, an age."""
    bare = _PART.sub("", _bare(label)).strip(" ,")
    return words.code("staff_scopes", bare)


def _of_part(label: str, words: Wording) -> tuple[str | None, str | None]:
    """Return (metric, scope) of a label that ends with the part of the staff: `Årsarbetare SLK`."""
    whole, _, part = label.rpartition(" ")
    code = metric(whole, words) if re.match(r"[A-ZÅÄÖ]", part) else None
    return code, part if code else None


def _within(label: str, words: Wording) -> tuple[str | None, str | None]:
    """Return (metric, scope) of a label that is a part of the one above it: `varav tillsvidare…`.

    The scope keeps the part apart from all of the staff.
    """
    part = _WITHIN.match(label)
    bare = label[part.end() :] if part else ""
    code = metric(bare, words) if bare else None
    return code, bare[:1].upper() + bare[1:] if code else None


_PART = re.compile(rf"^(?:{either('label_starts', 'parts')}|-|–)\s+")
_WITHIN = re.compile(rf"^(?:[-–]\s*)?{either('label_starts', 'parts')}\s+", re.IGNORECASE)


def _group(row: Row, words: Wording, outline: Outline) -> str | None:
    """Return the metric that the line above a row names for the rows below it, None without one."""
    at = next((at for at, line in enumerate(outline.lines) if line.number == row.place.line), 0)
    above = next((line for line in reversed(outline.lines[:at]) if line.text.strip()), None)
    return metric(above.text, words) if above is not None else None


def _figures(
    table: Grid, words: Wording, outline: Outline
) -> tuple[list[StaffFigure], list[Unread]]:
    """Return the rows of a staff table; a part or a share belongs to the metric above it."""
    rows: list[StaffFigure] = []
    unread: list[Unread] = []
    last: str | None = "sick_leave_total" if "sjukfrånvaro" in plain(table.shown) else None
    for row in table.rows:
        code, scope = metric(row.label, words), _scope(row.label, words)
        if code is not None and scope is None:
            scope = _of_share(_bare(row.label), words)[1]
        last = _group(row, words, outline) or last
        if code is None and scope is None:
            code, scope = _of_part(row.label, words)
        if code is None and (last or "").startswith("sick_leave"):
            code = _part(plain(row.label), words)
            if code is None and _bare(row.label) in _everyone(words):
                code = "sick_leave_total"
        if code is None and scope is not None:
            code = last
        if code is None and last is not None:
            code, scope = _within(row.label, words)
        if code is None:
            unread.append(Unread(row.label, "Måttet är inte känt.", row.place))
            last = None
            continue
        last = code
        if words.table("staff_units").get(code) in _COUNTED and any(
            "%" in found.written for key, found in row.columns.items() if key != "change_percent"
        ):
            unread.append(Unread(row.label, "Raden har både antal och procent.", row.place))
            continue
        rows += _by_share(StaffFigure(code, row.label, row.place, scope), row, words)
    return rows, unread


_TIME = (
    rf"(?:{'|'.join(SHORT_MONTHS)})\w*|20\d\d(?:-\d\d)*|\d\d?|utfall"
    r"|t[123]|kv\w* \d|helår|period\w*|tertial \d|förändring|totalt"
)
_SICK_HEAD = re.compile(
    r"sjukfrånvaron?(?: per \w+)?,? ?(?:\(?(?:i )?(?:%|procent)\)?)?,?"
    rf"(?: (?:yrkes|personal|medarbetar)\w+)?(?:[\s–-]+(?:{_TIME}))+\s*"
)


def _heads_sick_leave(shown: str) -> bool:
    """Say whether the rows' own head is the sick leave: then each row is a group of the staff."""
    lowered = plain(shown)
    at = lowered.rfind("sjukfrånvaro")
    return at >= 0 and _SICK_HEAD.fullmatch(lowered, at) is not None


def _is_staff(label: str, words: Wording) -> bool:
    """Say whether a label is a metric, a part of one, or a known share of the staff."""
    known = metric(label, words) or _scope(label, words) or _part(plain(label), words)
    return known is not None or _within(label, words)[0] is not None


def _of_group(row: Row, words: Wording) -> Iterator[StaffFigure]:
    """Yield the sick leave of a group of the staff, of all of it where the row is the sum."""
    scope = None if _bare(row.label) in _everyone(words) else row.label
    yield from _by_share(StaffFigure("sick_leave_total", row.label, row.place, scope), row, words)


_COUNTED = ("fte", "headcount")
_SHARES = {"women": "Kvinnor", "men": "Män"}
_ALL = "all"


def _by_share(one: StaffFigure, row: Row, words: Wording) -> Iterator[StaffFigure]:
    """Yield a row as it is, or as a row per share where its columns are women, men and all."""
    unit = words.table("staff_units").get(one.metric)
    told = {
        key: replace(found, unit=unit) if unit else found
        for key, found in row.columns.items()
        if found.state != "blank"
    }
    for share, scope in _SHARES.items():
        own = {when: told[key] for key, when in _years_of(share).items() if key in told}
        if own:
            yield replace(one, scope=scope, columns=own)
    shares = {key for share in _SHARES for key in _years_of(share)}
    rest = {_years_of(_ALL).get(key, key): f for key, f in told.items() if key not in shares}
    if rest:
        yield replace(one, columns=rest)


def _years_of(share: str) -> dict[str, str]:
    """Return the keys of a share's columns and the columns of the staff figure that they are."""
    return {share: "outcome", f"{share}_prev": "outcome_prev"}


# --- cells with a scope --------------------------------------------------------------------------


def _scoped(section: Section, words: Wording) -> Iterator[tuple[list[StaffFigure], set[int]]]:
    """Yield the rows of a metric whose cells name their scope, with the lines of label and cells.

    Every scope must have one value per column of the header above, else nothing is read.
    """
    for index, line in enumerate(section.lines):
        label = re.split(rf"[{SPACES}]{{2,}}", line.text.strip())[0]
        code = metric(label, words)
        cells = _cell_lines(section.lines, index, label) if code else []
        if not code or not cells:
            continue
        keys = _keys(section.lines[max(0, index - _HEADER_LINES) : index], words)
        by_scope = _by_scope(cells, label, words.table("staff_units").get(code))
        if keys and all(len(values) == len(keys) for values in by_scope.values()):
            rows = [
                StaffFigure(code, label, line.place(), scope, dict(zip(keys, values, strict=True)))
                for scope, values in by_scope.items()
            ]
            yield rows, {line.number, *(cell.number for cell in cells)}


def _cell_lines(lines: Sequence[Line], index: int, label: str) -> list[Line]:
    """Return the lines that hold nothing but scoped cells, the label's own line first."""
    first = lines[index].text.strip().removeprefix(label).strip()
    found = [lines[index]] if _SCOPED.fullmatch(first) else []
    for line in lines[index + 1 : index + _CELL_LINES]:
        text = line.text.strip()
        if text and not _SCOPED.fullmatch(text):
            break
        if text:
            found.append(line)
    return found if found and found[0] in lines[index : index + 2] else []


def _by_scope(cells: Sequence[Line], label: str, unit: str | None) -> dict[str, list[Figure]]:
    found: dict[str, list[Figure]] = {}
    for line in cells:
        after = line.text.find(label) + len(label) if line.text.strip().startswith(label) else 0
        match = _SCOPED.search(line.text, after)
        if match is not None:
            written = match["value"].rstrip()
            start = match.start("value")
            value = figure(written, unit=unit, place=line.place(start, start + len(written)))
            found.setdefault(match["scope"], []).append(value)
    return found


def _keys(lines: Sequence[Line], words: Wording) -> tuple[str, ...] | None:
    """Return the column keys of the header that ends right above, None where it is not clear."""
    header: list[Line] = []
    for line in reversed(lines):
        text = line.text.strip()
        if len(text) > _LONGEST_HEADER or text.endswith("."):
            break
        if text:
            header.insert(0, line)
    columns = heads("\n".join(line.text for line in header), words)
    keys = settle(columns, ()).keys if columns else ()
    told = tuple(key for key in keys if key is not None)
    return told if told and len(told) == len(keys) else None


# --- the period of a figure ----------------------------------------------------------------------


def _noted(row: StaffFigure, outline: Outline, words: Wording) -> StaffFigure:
    """Return the row with the sentence that gives its metric another period than the report's."""
    stems = [stem for stem, code in words.table("staff_periods").items() if code == row.metric]
    if row.place is None or not stems:
        return row
    for section in outline.sections:
        if not any(line.number == row.place.line for line in section.lines):
            continue
        for found in re.finditer(r"ackumulerat per \w+[^.]*\.", joined(section.lines)):
            if any(stem in found.group().casefold() for stem in stems):
                return replace(row, period_note=found.group().rstrip("."))
    return row
