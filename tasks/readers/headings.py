"""Where a heading stands: marked by the format, numbered (`3.2.1 Resultat`), or by its place."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tasks.readers.goal_titles import lines_above_verdict
from tasks.readers.line_kinds import LONGEST_HEADING
from tasks.readers.lone_titles import is_known_head, is_lone_title
from tasks.readers.pages import Line
from tasks.readers.paragraphs import joined
from tasks.readers.title_lines import MOST_TITLE_LINES, NUMBERED, next_text, title_goes_on
from tasks.readers.verdict_forms import judges


def heading_at(lines: Sequence[Line], index: int) -> tuple[str, str, int] | None:
    """Return (number, title, lines used) where a heading starts at this line."""
    line = lines[index]
    text = line.text.strip()
    if line.heading is not None and text:
        return _marked(lines, index)
    found = NUMBERED.match(line.text)
    if found and _is_numbered_heading(found, lines, index):
        return _with_continuation(found, lines, index)
    if is_known_head(lines, index):
        return "", text, 1
    if is_lone_title(lines, index):
        return "", text, 1
    used = lines_above_verdict(lines, index)
    return ("", joined(lines[index : index + used]), used) if used else None


def _marked(lines: Sequence[Line], index: int) -> tuple[str, str, int]:
    """Return the heading that the format marks, with the lines that it goes on over."""
    used = 1
    while used < MOST_TITLE_LINES and index + used < len(lines):
        before, line = lines[index + used - 1], lines[index + used]
        follows = line.heading == before.heading and line.number == before.number + 1
        own = line.box is not None and re.match(r"[a-zåäö]", line.text.strip())
        near = lines[max(0, index - _LINES_BESIDE) : index + _LINES_BESIDE]
        if not (follows and (own or _wraps(before, line, near))):
            break
        used += 1
    title = joined(lines[index : index + used])
    found = NUMBERED.match(title)
    return (found["number"], found["title"].strip(), used) if found else ("", title, used)


def _wraps(before: Line, line: Line, lines: Sequence[Line]) -> bool:
    """Say whether a line stands right below another because there was no more room on that."""
    if before.box is None or line.box is None or before.page != line.page:
        return False
    height = before.box[3] - before.box[1]
    near = before.box[1] < line.box[1] <= before.box[3] + height * _NEAR
    if not near or not line.text.strip():
        return False
    width = (line.box[2] - line.box[0]) * len(line.text.split()[0]) / len(line.text)
    edge = max(one.box[2] for one in lines if one.box is not None and one.page == line.page)
    return before.box[2] + width > edge


_NEAR = 0.5
_LINES_BESIDE = 60
"""Lines before and after a title that say how wide the text is."""
_VALUE = re.compile(r"(?<!\S)[+−–-]?\d[\d ]*(?:,\d+)? ?%|(?<!\S)[+−–-]?\d+,\d+(?!\S)")
"""A share, or a number with decimals: no heading has two."""


def _is_numbered_heading(found: re.Match[str], lines: Sequence[Line], index: int) -> bool:
    number, title = found["number"], found["title"].strip()
    if len(title) > LONGEST_HEADING or title.endswith((".", ",", ";")):
        return False
    if len(_VALUE.findall(title)) > 1:
        return False  # a row of a table whose goals or indicators are numbered
    told = lines[index + 1].text if index + 1 < len(lines) else ""
    if "." in number or judges(told):
        return True  # what is judged right below is no item of a list
    for beside, step in ((index + 1, 1), (index - 1, -1)):
        other = NUMBERED.match(lines[beside].text) if 0 <= beside < len(lines) else None
        if other is not None and other["number"] == str(int(number) + step):
            return False
    # A lone number also starts list items: a chapter's title is short and ends without a stop,
    # and what follows is not the rest of its sentence.
    below = next_text(lines, index + 1)
    return (
        len(title) < 60  # noqa: PLR2004 - a chapter title is short
        and int(number) < 20  # noqa: PLR2004 - and chapters are few
        and (below is None or not re.match(r"[a-zåäö]", below.text.strip()) or len(title) < 40)  # noqa: PLR2004
        and not re.search(r"\b(?:får i uppdrag|uppdraget|ska|att)\b", title.casefold())
        and (not re.search(r"\d\s*$", title) or title.endswith("Agenda 2030"))
    )


def _with_continuation(
    found: re.Match[str], lines: Sequence[Line], index: int
) -> tuple[str, str, int]:
    """Return the title with the lines that it goes on over, three at most."""
    title = [Line(found["title"].strip(), lines[index].number)]
    while len(title) < 3 and title_goes_on(title, lines, index + len(title)):  # noqa: PLR2004
        title.append(lines[index + len(title)])
    return found["number"], joined(title), len(title)
