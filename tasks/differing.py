"""What differs between two reports: figures, statuses and texts, chapter by chapter.

Works on reports as data (`report_as_data`), so that editions of any age can be compared.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, Literal

import jinja2
from markupsafe import Markup

import templates
from tasks.report.material import say, words

FOLDER = Path(templates.__file__).parent / "report"
Kind = Literal["figure", "status", "text"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs; `before` or `after` is empty where it is new or gone."""

    chapter: str
    kind: Kind
    where: str
    before: str
    after: str


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Return what differs between two reports, in the order of the newer one's chapters."""
    old = {section["anchor"]: section for section in before["sections"]}
    new = {section["anchor"]: section for section in after["sections"]}
    found: list[Difference] = []
    for anchor in [*new, *(one for one in old if one not in new)]:
        chapter = (new.get(anchor) or old[anchor])["title"]
        one, other = old.get(anchor), new.get(anchor)
        found += _tables(chapter, _tables_in(one), _tables_in(other))
        found += _texts(chapter, list(_texts_in(one)), list(_texts_in(other)))
    return found


def _blocks(section: Mapping[str, Any] | None) -> Iterator[Mapping[str, Any]]:
    if section is not None:
        yield from section["blocks"]
        for part in section["parts"]:
            yield from _blocks(part)


def _tables_in(section: Mapping[str, Any] | None) -> dict[str, Mapping[str, Any]]:
    return {block["table_id"]: block for block in _blocks(section) if block["kind"] == "Table"}


def _tables(
    chapter: str, old: Mapping[str, Mapping[str, Any]], new: Mapping[str, Mapping[str, Any]]
) -> Iterator[Difference]:
    for table_id in [*new, *(one for one in old if one not in new)]:
        caption = (new.get(table_id) or old[table_id])["caption"]
        before, after = _cells(old.get(table_id)), _cells(new.get(table_id))
        for place in [*after, *(one for one in before if one not in after)]:
            one, other = before.get(place), after.get(place)
            told = (one or {}).get("text", ""), (other or {}).get("text", "")
            if told[0] != told[1]:
                cell = other or one or {}
                where = f"{caption}: {place[0]} · {place[2]}"
                yield Difference(chapter, _kind(cell), where, *told)


def _kind(cell: Mapping[str, Any]) -> Kind:
    if cell.get("is_number"):
        return "figure"
    return "status" if cell.get("symbol") or cell.get("missing") else "text"


def _cells(table: Mapping[str, Any] | None) -> dict[tuple[str, int, str], Mapping[str, Any]]:
    """Return the cells by row header, how many times it has come before, and column."""
    found: dict[tuple[str, int, str], Mapping[str, Any]] = {}
    seen: dict[str, int] = {}
    for row in table["rows"] if table else ():
        name = " · ".join(cell["text"] for cell in row[: _heads(table)])
        turn = seen[name] = seen.get(name, 0) + 1
        for head, cell in zip(table["head"] if table else (), row, strict=True):
            found[name, turn, head] = cell
    return found


def _heads(table: Mapping[str, Any] | None) -> int:
    """Return how many columns tell a row from the others: two where the first repeats."""
    firsts = [row[0]["text"] for row in table["rows"]] if table else []
    return 1 if len(set(firsts)) == len(firsts) else 2


def _texts_in(section: Mapping[str, Any] | None) -> Iterator[str]:
    for block in _blocks(section):
        if block["kind"] in ("Paragraph", "Pointer"):
            yield block["text"]
        elif block["kind"] == "Listing":
            # The journal has grown between any two editions: that says nothing of the report.
            yield from (item for item in block["items"] if not item.startswith(_journal()))
        elif block["kind"] == "Facts":
            yield from (f"{_big(big)} {what}" for big, what in block["items"])


def _journal() -> str:
    """Return how the sentence on the journal begins."""
    return say("method.journal", number="\0", head="\0").partition("\0")[0]


def _big(big: Any) -> str:
    """Return a large figure; in editions from before it had a source it is a bare text."""
    return str(big["text"] if isinstance(big, Mapping) else big)


def _texts(chapter: str, old: Sequence[str], new: Sequence[str]) -> Iterator[Difference]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for sign, a1, a2, b1, b2 in matcher.get_opcodes():
        if sign == "equal":
            continue
        gone, come = old[a1:a2], new[b1:b2]
        for i in range(max(len(gone), len(come))):
            before = gone[i] if i < len(gone) else ""
            after = come[i] if i < len(come) else ""
            yield Difference(chapter, "text", "", before, after)


def in_words(found: Sequence[Difference]) -> str:
    """Return the differences for a terminal, chapter by chapter."""
    lines: list[str] = []
    for chapter in dict.fromkeys(one.chapter for one in found):
        lines.append(chapter)
        for one in (one for one in found if one.chapter == chapter):
            told = f"{one.before or '–'} → {one.after or '–'}"
            lines.append(f"  {one.where}: {told}" if one.where else f"  {told}")
        lines.append("")
    return "\n".join(lines).rstrip() or say("differences.none")


def render_differences(found: Sequence[Difference], *, title: str, before: str, after: str) -> str:
    """Return the differences as a page; `before` and `after` name the two reports."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = (FOLDER / "report.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return environment.get_template("differences.html.j2").render(
        chapters=[
            (chapter, [one for one in found if one.chapter == chapter])
            for chapter in dict.fromkeys(one.chapter for one in found)
        ],
        counts=Counter(one.kind for one in found),
        title=title,
        before=before,
        after=after,
        words=words()["differences"],
        style=Markup(style),  # noqa: S704 - our own
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'",
    )
