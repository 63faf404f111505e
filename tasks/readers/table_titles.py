"""What stands around a table and says what it is: its title, and the unit of its figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from expectations.registers import plain
from tasks.readers.grid import Sought
from tasks.readers.line_values import values_before_words, values_from
from tasks.readers.numbers import SHORT_MONEY, money_in, unit_in
from tasks.readers.outline import Outline
from tasks.readers.pages import Line, Table
from tasks.readers.wording import Wording, either

_LINES_ABOVE = 2
_LONGEST_TITLE = 70
_WRITTEN = r"1[ .]?000(?:-tals?)? kr(?:onor)?|\w+ kronor"
_UNIT = rf"(?P<unit>{SHORT_MONEY}|kronor|{_WRITTEN})"
_NO_KRONOR = rf"(?P<unit>(?!(?:sek|kr)\b)(?:{SHORT_MONEY})|{_WRITTEN})"
"""As the end of a title: a lone `kr` may be the unit of a price."""
_SAID = (
    re.compile(rf"\bbelopp(?:en)?(?: (?:anges|redovisas|visas|är)(?: alltid)?)? i {_UNIT}\b"),
    re.compile(rf"\((?:i )?{_UNIT}\)"),
    # `miljoner kronor för 2025.` goes on a sentence of the line above
    re.compile(rf"^(?!(?:miljoner|tusen) kronor[ .,]+[^\W\d]){_NO_KRONOR}(?=[\s.,:]|$)"),
    re.compile(rf"^(?:belopp|post|resultaträkning|verksamhet),? {_UNIT}\b"),
    re.compile(rf"^tabell\w*\b[^.]*\bi {_UNIT}\b"),
    # `Kostnad per brukare, kr` is a label, not a title
    re.compile(rf"^[^.:,]{{3,40}}(?:, (?:netto|brutto))?,\s{_NO_KRONOR}(?=[\s.]|$)"),
    re.compile(rf"^[^.:,]{{3,40}}(?:, (?:netto|brutto))?\s(?:i|[–-])\s{_NO_KRONOR}(?=\. |$)"),
)
_BELOW = re.compile(
    rf"(?:(?:alla|samtliga) )?{_SAID[0].pattern}|\((?:{SHORT_MONEY}|kronor|{_WRITTEN})\)$"
    r"|tabellen visar [^.]* i \w+"
)
"""What says the unit of the table above it, in a line that it begins."""
_NEAR = 8
"""Lines right above a table, its header with them: what they say goes before the chapter."""
_BEGUN = re.compile(r"(?:Miljoner|Tusen(?:tals?)?) kronor\b")
"""Begins a line with its capital; running text may go on over a line with `miljoner kronor`."""
_LONGEST_TABLE = 200
_FAR = 400
"""Lines of a chapter that a table's amounts are looked for in, behind it."""
_MOST_REST, _LONGEST_REST = 3, 40
"""Lines of a comment that stand below the last row, and how long they are."""
_ENDS_IN_VALUE = re.compile(r"(?:\d%?\)?|\d %|(?<!\S)[−–-])\s*$")
_AMOUNT_LAST = re.compile(r"[^\W\d]{2,} [+−–-]?\d[\d ]*(?:,\d+)?\s*$")
_LONGEST_AMOUNT = 40
"""The end of a line that may hold an amount and its word; a line may have 100 000 letters."""
_SENTENCE = re.compile(rf"\b(?:tabell(?!\w*verk)|belopp|siffror)\w*\b[^.]{{0,120}}?\bi {_UNIT}\b")
"""A sentence on the table, over as many lines as it takes: `Beloppen är nettokostnader i mnkr.`"""
_MOST_BEFORE = 24
"""Lines above the rows in which such a sentence stands: a header of narrow cells takes many."""
_LONGEST_UNIT = 30
_LONGEST_SAID = 110
"""Longer lines are sentences, unless tabs or wide gaps make them rows of a table."""


_STATED = re.compile(rf"(?<![\d,.] )(?<![\d,.])(?P<amount>\d[\d ]*(?:,\d+)?) {_NO_KRONOR}\b")
_FEWEST_STATED, _FEWEST_DIGITS = 2, 3
"""Amounts of running text that a table has too, and their digits: one may be so by chance."""


def unit_before(outline: Outline, number: int, rows: Iterable[str] = ()) -> str | None:
    """Return the unit of money that a table's chapter says: nearest to it, below it, or anywhere.

    What other parts of the chapter say counts only where all of it says one unit. Where none does,
    amounts of its running text that the table's rows have too tell their unit.
    """
    own = [s.heading for s in outline.sections if s.heading and s.heading.number <= number]
    chapters = {s.heading for s in outline.sections if s.level == 1}
    start = max((heading.number for heading in own if heading in chapters), default=0)
    part = max((heading.number for heading in own), default=0)
    above = [line for line in outline.lines if start <= line.number <= number]
    told = [line for line in above if line.text.strip()]
    near = [line for line in told[-_NEAR:] if line.number >= part]
    beside = [line for line in told if line.number >= part]
    said = (
        _units_said(near)
        or _unit_of_sentence([line for line in told if line.number < number])
        or _units_said(_cells_above(beside))
        or _unit_below(number, outline)
        or _of_all(outline, number)
        or _units_said(above)
    )
    if not said:
        end = min((h.number for h in chapters if h and h.number > number), default=number + _FAR)
        said = _units_of_amounts([x for x in outline.lines if start <= x.number < end], rows)
    said = said if len(said) == 1 else _of_all(outline, number)
    return said.pop() if len(said) == 1 else None


def _units_of_amounts(lines: Sequence[Line], rows: Iterable[str]) -> set[str]:
    """Return the unit of the amounts of running text that rows have too: `1 240,5 miljoner kronor`.

    Where the same amounts are told in two units none is.
    """
    table = plain(" ".join(rows))
    if not table:
        return set()
    told = plain(" ".join(line.text.strip() for line in lines))
    same = {
        (match["amount"], unit)
        for match in _STATED.finditer(told)
        if sum(map(str.isdigit, match["amount"])) >= _FEWEST_DIGITS
        and re.search(rf"(?<![\d,]){re.escape(match['amount'])}(?![\d,])", table)
        and (unit := unit_in(match["unit"])) is not None
    }
    return {unit for _, unit in same} if len(same) >= _FEWEST_STATED else set()


_ALL = re.compile(
    rf"\bbelopp(?:en)? i (?:rapporten|dokumentet|handlingen) (?:anges|redovisas|är) i {_UNIT}\b"
    rf"|\bbelopp(?:en)? (?:anges|redovisas|är) i {_UNIT.replace('unit', 'other')}"
    r" där (?:inget|inte)\b"
)
"""What says the unit of a whole report, wherever a table says none of its own."""


def _of_all(outline: Outline, number: int) -> set[str]:
    """Return the unit that a sentence above gives to the whole report."""
    found = (_ALL.search(plain(line.text)) for line in outline.lines if line.number <= number)
    said = {unit_in(match["unit"] or match["other"]) for match in found if match}
    return {unit for unit in said if unit is not None}


def _unit_below(number: int, outline: Outline) -> set[str]:
    """Return the unit that a line right below a table says, as `Belopp i tkr.` does."""
    ends = [s.heading.number for s in outline.sections if s.heading and s.heading.number > number]
    until = min(ends, default=number + _LONGEST_TABLE)
    below = [x for x in outline.lines if number < x.number < until and x.text.strip()]
    for at, line in enumerate(below):
        if at and _BELOW.match(plain(line.text)) and _ends_table(below[:at]):
            return _units_said([line])
    return set()


def _ends_table(lines: Sequence[Line]) -> bool:
    """Say whether lines end with a row of a table, whose comment may go on below it."""
    for line in reversed(lines[-_MOST_REST:]):
        if _ENDS_IN_VALUE.search(line.text) or values_before_words(line.text):
            return True
        if len(line.text) > _LONGEST_REST or line.text.rstrip().endswith("."):
            return False
    return False


def _cells_above(lines: Sequence[Line]) -> Sequence[Line]:
    """Return the lines from the last sentence on: a header of narrow cells takes many."""
    ends = [at for at, line in enumerate(lines) if line.text.rstrip().endswith(".")]
    last = lines[ends[-1]].text.strip() if ends else ""
    # `Belopp i tkr.` is no sentence
    own = len(last) < _LONGEST_UNIT and unit_in(last) is not None
    return lines[ends[-1] + (not own) :] if ends else lines


def _unit_of_sentence(lines: Sequence[Line]) -> set[str]:
    """Return the unit that the last sentence on a table says, wherever its lines are broken."""
    near = lines[-_MOST_BEFORE:]
    # what stands above the rows of another table is of that one
    rows = [
        at
        for at, line in enumerate(near)
        if _ENDS_IN_VALUE.search(line.text) and values_from(line.text)
    ]
    told = plain(" ".join(line.text.strip() for line in near[rows[-1] + 1 if rows else 0 :]))
    units = [unit_in(match["unit"]) for match in _SENTENCE.finditer(told)]
    return {unit for unit in units[-1:] if unit is not None}


def _units_said(lines: Sequence[Line]) -> set[str]:
    ended = [_AMOUNT_LAST.search(line.text[-_LONGEST_AMOUNT:]) is not None for line in lines]
    # `0,7` above `mnkr.` is an amount in running text
    lines = [x for x, above in zip(lines, [False, *ended], strict=False) if not above]
    found = {unit_in(match.group()) for x in lines if (match := _BEGUN.match(x.text.strip()))}
    found |= {
        unit_in(match["unit"])
        for line in lines
        for form in _SAID
        if (match := form.search(plain(line.text))) and (_is_short(line.text) or _heads(match))
    }
    return {unit for unit in found if unit is not None}


def _heads(match: re.Match[str]) -> bool:
    """Say whether a unit is said in the title that begins a line: `Projekt, tkr. De …`."""
    return match.start() == 0 and "," in match.group() and match.end() < _LONGEST_TITLE


def _is_short(text: str) -> bool:
    return len(text) <= _LONGEST_SAID or "\t" in text or "   " in text


def names_counts(text: str, words: Wording) -> bool:
    """Say whether words above a table say that its rows are counted, and none that they are money.

    `Årsarbetare per yrkesgrupp`, `Antal barn och elever 15 oktober`.
    """
    told = plain(text)
    return money_in(told) is None and any(
        name in told for name in words.words["count_titles"]["words"]
    )


def line_above(table: Table, outline: Outline) -> str:
    """Return the line right above a table, which may be its title where no heading was found."""
    above = [x.text.strip() for x in outline.lines if x.number <= table.after and x.text.strip()]
    last = above[-1] if above else ""
    return last if len(last) < _LONGEST_TITLE and not last.endswith(".") else ""


def unit_said(sought: Sought, *texts: str) -> str | None:
    """Return the unit that the nearest text names; of money where the section holds money only."""
    said = money_in if sought.money else unit_in
    # `Avvikelse kr` beside `Avvikelse %`: in money, whatever its unit is
    texts = tuple(_IN_MONEY.sub(" ", text) for text in texts)
    unit = next((unit for text in texts if (unit := said(text))), None)
    counted = not sought.money and _COUNTED.search(plain(texts[0])) is not None
    return unit or ("count" if counted else None)


_IN_MONEY = re.compile(
    r"(?i:(?<=\bavvikelse)|(?<=\bdifferens)|(?<=\bförändring)|(?<=\bdiff)|(?<=\bavv))\s+\(?kr\b\)?"
)
_COUNTED = re.compile(rf"^antal\b\D{{0,40}}?\s(?:{either('count_heads', 'columns')}|20\d\d)\b")
"""`Antal` over the labels, before the first column: all rows are counted."""


def above_table(table: Table, outline: Outline) -> str:
    """Return the text right above a table, which may name its unit (`Belopp i mnkr`).

    A line in lower case goes on the one above it: `miljoner` stands there, and here `kronor`.
    """
    above = [x.text for x in outline.lines if x.number <= table.after and x.text.strip()]
    first = max(len(above) - _LINES_ABOVE, 0)
    while first and len(above) - first < 2 * _LINES_ABOVE and above[first].lstrip()[:1].islower():
        first -= 1
    return " ".join(above[first:])


def title_in(table: Table) -> str:
    """Return the title that was taken for a line of the header of a rebuilt table, if any.

    It stands alone above the words of all columns.
    """
    head = table.rows[0]
    lines = [cell.place.line or 0 for cell in head[1:] if cell.text]
    alone = table.is_rebuilt and lines and (head[0].place.line or 0) < min(lines)
    title = head[0].text.split("\n")[0].strip() if alone else ""
    return title if re.fullmatch(r"[A-ZÅÄÖ][^\d.:]{5,69}", title) else ""


def named_above(number: int, outline: Outline, words: Wording) -> str:
    """Return the one word that names a table's kind right above it, or over a sentence on it.

    `number` is that of the last line above: `Investeringar`, though no heading was told there.
    """
    above = [x.text.strip() for x in outline.lines if x.number <= number and x.text.strip()]
    names = words.table("table_titles")
    near = [text for text in above[-_LINES_ABOVE:] if re.fullmatch(r"[A-ZÅÄÖ][^\W\d]+", text)]
    return next((x for x in reversed(near) if any(name in plain(x) for name in names)), "")


def title_before(table: Table, outline: Outline) -> str:
    """Return the title of the section that a table stands in."""
    title = ""
    for section in outline.sections:
        if section.heading is not None and section.heading.number <= table.after:
            title = section.title
    return title
