"""Essential deviations and statements on the global goals, in tables or under headings.

A deviation has a row of a table whose headings say so, or a heading of its own under one that
speaks of essential deviations; without such headings the whole text there is one. A global goal
is known by its number and, where its name is printed, only if the two agree.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from expectations.contract import Agenda2030, Deviation, Text, Unread
from expectations.registers import plain
from tasks.readers.deviation_parts import parted
from tasks.readers.numbers import figure
from tasks.readers.outline import Outline, Section
from tasks.readers.pages import Cell, Line, Table
from tasks.readers.paragraphs import joined, paragraphs, text_of
from tasks.readers.parts import Parts
from tasks.readers.passage import passage
from tasks.readers.real_table import KnownTable, known_table, one_line, table_lines
from tasks.readers.word_rows import flat_tables
from tasks.readers.wording import Wording, scan_phrases

CAUSE = "Orsaken till en avvikelse har ingen egen plats; den står kvar i handlingen."
_HEADER_LINES = 6
_CELLS = 3
"""So many pieces of text far apart on a line are cells of a table."""
_ESSENTIAL = re.compile(r"väsentlig\w* avvikelse|^avvikelser$|avvikelser från (?:plan|uppdrag)")
_NONE = re.compile(
    r"(?:[^.]{0,60}\b)?(?:inga|ingen|inte några)\b[^.]{0,40}\bavvikelse\w*[^.]{0,160}\.?\s*$",
    re.IGNORECASE,
)
"""A text that says in one sentence that there are none."""
_AGENDA = re.compile(r"agenda 2030|globala mål")
_NUMBERED = re.compile(
    r"(?:(?:globalt\s+|agenda\s*2030-)?mål\s+)?(?P<number>1[0-7]|[1-9])\b[.:\s–-]*(?P<name>.*)",
    re.IGNORECASE | re.DOTALL,
)


def deviations(outline: Outline, words: Wording, taken: frozenset[int]) -> Parts:
    """Return the essential deviations of a report."""
    rows: list[Deviation] = []
    claimed: set[int] = set()
    unread: list[Unread] = []
    for table in outline.tables:
        lines = table_lines(table, outline.lines)
        known = None if lines & taken else _known(table, words)
        if known is not None:
            rows += [_deviation(cells) for cells in known.rows() if "text" in cells]
            unread += [_cause(cells["cause"]) for cells in known.rows() if "cause" in cells]
            claimed |= lines
    columns = _with_causes(words)
    for other in ("consequence", "measure_taken"):
        for flat in flat_tables(outline.lines, columns, ("text", other), {}, claimed | taken):
            rows += [_deviation(cells) for cells in flat.rows]
            unread += [_cause(cells["cause"]) for cells in flat.rows if "cause" in cells]
            claimed |= flat.lines
    for section in outline.sections:
        if _ESSENTIAL.search(plain(section.title)):
            for one, lines in _told(section, outline, words, claimed | taken):
                rows.append(one)
                claimed |= lines
            unread += _causes(section, outline, claimed)
    return Parts({"deviations": tuple(rows)}, tuple(unread), frozenset(claimed))


def _with_causes(words: Wording) -> dict[str, str]:
    """Return the words of headers with causes apart: a cause is no deviation."""
    return {**words.table("deviation_columns"), "orsak": "cause", "orsaker": "cause"}


def _cause(cell: Cell) -> Unread:
    return Unread(one_line(cell.text), CAUSE, cell.place)


def _known(table: Table, words: Wording) -> KnownTable | None:
    """Return a table of deviations: texts, and beside them a consequence or a measure."""
    for other in ("consequence", "measure_taken"):
        for columns in (_with_causes(words), words.table("deviation_columns")):
            known = known_table(table, columns, ("text", other))
            if known is not None and not _in_figures(known):
                return known
    return None


def _in_figures(known: KnownTable) -> bool:
    """Say whether the column of texts holds figures: `Avvikelse` is a column of money too."""
    texts = [cells["text"].text for cells in known.rows() if "text" in cells]
    return any(figure(text, unit=None).value is not None for text in texts)


def _deviation(cells: dict[str, Cell]) -> Deviation:
    area = cells.get("area")
    return Deviation(
        _text(cells["text"]),
        cells["text"].place,
        one_line(area.text) if area else None,
        _text(cells["consequence"]) if "consequence" in cells else None,
        _text(cells["measure_taken"]) if "measure_taken" in cells else None,
    )


def _text(cell: Cell) -> Text:
    return Text(one_line(cell.text), cell.place)


def _is_header(section: Section, words: Wording) -> bool:
    """Say whether a section begins with the header of a table that fell apart."""
    lines = [line for line in section.lines if line.text.strip()][:_HEADER_LINES]
    if any(len(re.split(r"\s{2,}|\t", line.text.strip())) >= _CELLS for line in lines[:2]):
        return True
    columns = words.table("deviation_columns")
    told = [scan_phrases(joined(lines[:end]), columns, ()) for end in range(1, len(lines) + 1)]
    return any(found is not None and len(found) > 1 for found in told)


def _lower(section: Section, outline: Outline) -> tuple[Section, ...]:
    """Return the sections under an empty heading by the levels that the format gives."""
    level = section.heading.heading if section.heading else None
    if level is None or text_of(section.lines) is not None:
        return ()
    after = outline.sections[outline.sections.index(section) + 1 :]
    is_under = (s.heading is not None and (s.heading.heading or 0) > level for s in after)
    return tuple(
        s for s, _ in itertools.takewhile(lambda one: one[1], zip(after, is_under, strict=True))
    )


def _causes(section: Section, outline: Outline, claimed: set[int]) -> list[Unread]:
    """Return the causes that stand among the labelled parts of deviations."""
    lines = [line for part in outline.under(section) for line in part.lines]
    found = [why for _, used, why in _labelled(lines, None) if used <= claimed]
    return [one for some in found for one in some]


def _by_titles(section: Section) -> tuple[Section, ...]:
    """Return the parts of a section whose titles stand on short lines between whole sentences.

    The first line must be one: what stands before a title belongs to none of them.
    """
    lines = [line for line in section.lines if line.text.strip()]
    widest = max((len(line.text.strip()) for line in lines), default=0)
    starts = [
        at
        for at in range(len(lines) - 1)
        if _is_title(lines[at], lines[at + 1], widest)
        and (at == 0 or lines[at - 1].text.rstrip().endswith((".", "!", "?")))
    ]
    if not starts or starts[0] != 0:
        return ()
    return tuple(
        Section(lines[at].text.strip(), "", lines[at], tuple(lines[at + 1 : end]), (lines[at],))
        for at, end in zip(starts, [*starts[1:], len(lines)], strict=True)
    )


_SHORTER = 0.6
"""How much of the widest line a title takes at most, where nothing else tells it apart."""


def _is_title(line: Line, below: Line, widest: int) -> bool:
    text = line.text.strip()
    short = len(text) < _SHORTER * widest and re.fullmatch(r"[A-ZÅÄÖ][^.:;!?]*[^\s.:;,!?\d]", text)
    return bool(short) and re.match(r"\s*[A-ZÅÄÖ]", below.text) is not None and ":" not in text


def _told(
    section: Section, outline: Outline, words: Wording, claimed: set[int]
) -> Iterator[tuple[Deviation, set[int]]]:
    """Yield what is told under a heading of deviations: a heading each, else the text as one."""
    if _is_header(section, words):
        return
    own = outline.under(section) if section.number else (section, *_lower(section, outline))
    by_parts = [(one, used) for one, used in parted(own, words) if not used & claimed]
    if by_parts:
        yield from by_parts
        return
    under = outline.under(section)[1:] or _lower(section, outline) or _by_titles(section)
    for part in under or (section,):
        lines = [line for line in part.lines if line.number not in claimed]
        labelled = list(_labelled(lines, part.title if under else None))
        yield from ((one, used) for one, used, _ in labelled)
        text = None if labelled else text_of(lines)
        if text is not None and not _NONE.match(text.text):
            area = part.title if under else None
            yield Deviation(text, text.place, area), {line.number for line in lines}


_LABEL = re.compile(
    r"^\s*(?:(?P<text>(?:väsentlig )?avvikelse|beskrivning)|(?P<cause>orsak(?:er)?)"
    r"|(?P<consequence>konsekvens(?:er)?)|(?P<area>område|verksamhet)"
    r"|(?P<measure_taken>(?:vidtagna |planerade |vidtagen )?åtgärd(?:er)?))"
    r"\s*:\s*(?P<said>\S.*)$",
    re.IGNORECASE,
)


def _labelled(
    lines: Sequence[Line], area: str | None
) -> Iterator[tuple[Deviation, set[int], list[Unread]]]:
    """Yield the deviations whose parts are labelled: `Avvikelse: …`, `Konsekvens: …`.

    A cause that nothing else describes is the deviation's text; else it has no place of its own.
    """
    parts: dict[str, list[Line]] = {}
    used: set[int] = set()
    key: str | None = None
    for line in (*lines, None):
        found = _LABEL.match(line.text) if line else None
        named = next((n for n in _PARTS if found and found[n]), None)
        if named == "cause" and "text" not in parts:
            named = "text"
        if "text" in parts and (line is None or (named in parts and named in ("text", "area"))):
            cause = parts.pop("cause", [])
            why = [Unread(joined(cause).strip(), CAUSE, cause[0].place())] if cause else []
            yield _of_parts(parts, area), used, why
            parts, used, key = {}, set(), None
        if line is None:
            return
        key = named or (key if line.text.strip() else None)
        if key is not None:
            said = line if found is None else _rest(line, found.start("said"))
            parts.setdefault(key, []).append(said)
            used.add(line.number)


_PARTS = ("text", "cause", "consequence", "measure_taken", "area")


def _rest(line: Line, start: int) -> Line:
    """Return a line from a column on; what stands before is blanked so that places hold."""
    return replace(line, text=" " * start + line.text[start:])


def _of_parts(parts: dict[str, list[Line]], area: str | None) -> Deviation:
    told = {name: passage(lines) for name, lines in parts.items()}
    texts = {name: text.part(0, len(text.text)) for name, text in told.items()}
    said = texts["text"]
    named = texts.get("area")
    return Deviation(
        said or Text("", None),
        said.place if said else None,
        named.text if named else area,
        texts.get("consequence"),
        texts.get("measure_taken"),
    )


# --- the global goals ----------------------------------------------------------------------------


def agenda2030(outline: Outline, words: Wording, taken: frozenset[int]) -> Parts:
    """Return what a report says of the global goals."""
    rows: list[Agenda2030] = []
    claimed: set[int] = set()
    for table in outline.tables:
        lines = table_lines(table, outline.lines)
        links = _links(table, words) if not lines & taken else []
        rows += links
        claimed |= lines if links else set()
    closed = {"sdg": _global_names(words)}
    columns = words.table("agenda_columns")
    for flat in flat_tables(outline.lines, columns, ("sdg", "text"), closed, claimed | taken):
        told = [link for cells in flat.rows if (link := _link(cells, words))]
        if len(told) == len(flat.rows) and not flat.unread:
            rows += told
            claimed |= flat.lines
    for section in outline.sections:
        if _AGENDA.search(plain(section.title)):
            for one, numbers in _stated(section, outline, words, claimed | taken):
                rows.append(one)
                claimed |= numbers
    for section in outline.sections:
        own = _headed(section, words) if not _numbers_of(section) & claimed else None
        rows += [own] if own else []
        claimed |= _numbers_of(section) if own else set()
    return Parts({"agenda2030": tuple(rows)}, claimed=frozenset(claimed))


def _links(table: Table, words: Wording) -> list[Agenda2030]:
    """Return the rows of a table of global goals; none where one of them is no such goal."""
    known = known_table(table, words.table("agenda_columns"), ("sdg", "text"))
    found = [_link(cells, words) for cells in known.rows()] if known else []
    return [one for one in found if one is not None] if None not in found else []


def _numbers_of(section: Section) -> set[int]:
    return {line.number for line in section.lines if line.text.strip()}


def _headed(section: Section, words: Wording) -> Agenda2030 | None:
    """Return what stands under a heading that is a global goal's number and official name."""
    number = None if _goes_on(section.title) else named_global_goal(section.title, words)
    text = text_of(section.lines)
    if number is None or text is None or section.heading is None:
        return None
    return Agenda2030(number, section.heading.place(), text=text)


def _goes_on(title: str) -> bool:
    """Say whether behind a colon a paragraph goes on: what stands below is of no such heading.

    The colon behind a goal's own number (`Mål 3: God hälsa`) opens no paragraph.
    """
    return ": " in re.sub(r"^\D{0,20}\d{1,2}: ", "", title.strip())


def named_global_goal(title: str, words: Wording) -> int | None:
    """Return the global goal that a title names by more than a number."""
    found = _NUMBERED.fullmatch(title.strip())
    return global_goal(title, words) if found and len(found["name"]) > 3 else None  # noqa: PLR2004 - no name is as short


def _global_names(words: Wording) -> str:
    """Return the pattern of a global goal in a column: its number, its name, or both."""
    names = words.table("global_goals")
    shown = [f"{re.escape(n[:1].upper())}{re.escape(n[1:])}" for n in names.values()]
    longest = "|".join(sorted(shown, key=len, reverse=True))
    return rf"(?:(?:Globalt )?[Mm]ål )?(?:1[0-7]|[1-9])[.:]?(?: (?:{longest}))?|(?:{longest})"


def _link(cells: dict[str, Cell], words: Wording) -> Agenda2030 | None:
    said = cells.get("sdg")
    number = global_goal(one_line(said.text), words) if said else None
    if said is None or number is None:
        return None
    text = cells.get("text")
    if text is not None and words.table("global_goals")[str(number)].startswith(plain(text.text)):
        # the goal's own name is nothing that is said of it
        return None
    return Agenda2030(number, said.place, text=_text(text) if text else None)


def global_goal(text: str, words: Wording) -> int | None:
    """Return the number of the global goal that a text names; a name must fit its number."""
    names = words.table("global_goals")
    found = _NUMBERED.fullmatch(text.strip())
    bare = plain(found["name"] if found else text)
    if found is not None:
        number = int(found["number"])
        known = names[str(number)]
        return number if not bare or bare.startswith(known) or known.startswith(bare) else None
    return next((int(key) for key, name in names.items() if bare.startswith(name)), None)


def _stated(
    section: Section, outline: Outline, words: Wording, claimed: set[int]
) -> Iterator[tuple[Agenda2030, set[int]]]:
    """Yield the goals under a heading of the agenda: headings of their own, or paragraphs."""
    for part in outline.under(section)[1:]:
        number = None if _goes_on(part.title) else global_goal(part.title.rstrip(" :"), words)
        text = text_of(part.lines)
        if number is not None and text is not None and part.heading is not None:
            told = Agenda2030(number, part.heading.place(), text=text)
            yield told, {line.number for line in part.lines}
    for run in _goal_runs([line for line in section.lines if line.number not in claimed], words):
        first = run[0].text
        head, mark, rest = first.partition(":")
        number = global_goal(head.strip(" •·-–−*"), words) if mark else None
        text = text_of([replace(run[0], text=rest.strip()), *run[1:]])
        if number is not None and text is not None:
            yield Agenda2030(number, run[0].place(), text=text), {line.number for line in run}


def _goal_runs(lines: Sequence[Line], words: Wording) -> Iterator[list[Line]]:
    """Yield paragraphs, cut where a line names the next global goal before a colon."""
    for run in paragraphs(lines):
        part: list[Line] = []
        for line in run:
            head, mark, _ = line.text.partition(":")
            opens = mark and global_goal(head.strip(" •·-–−*"), words) is not None
            if part and opens:
                yield part
                part = []
            part.append(line)
        yield part
