"""Write the Word file that is issued beside the workbook: the city's chapters, ready for prose.

Every place to write is a content control. LibreOffice drops the controls' tags but keeps their
titles, so each place is named three times over: by tag, by title, and by the heading and label
that it stands under. tasks/readers/prose.py reads them in that order. Same inputs, same bytes.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from expectations.contract import Narrative, Reading
from expectations.form_layout import Column, Layout, SectionLayout, in_year, plain
from expectations.registers import Board, City, Round
from expectations.swedish import swedish_day
from tasks.form_document import same_bytes, set_properties
from tasks.form_values import Issue, Row, rows_of
from tasks.prose_places import BOX, LABEL, TAG, TITLE, TOLD, Chapter, chapters_of

LONGEST_TAG = 64
"""Characters that Word keeps of a tag."""
LONGEST_HEADING = 110
HINT = "Samlad ledtext"
_INK, _QUIET = RGBColor(0x1F, 0x2A, 0x37), RGBColor(0x4B, 0x55, 0x63)
_LEVELS = 4


class ProseError(Exception):
    """A place that cannot be named in the Word file: an id in the registers is too long."""


def write_prose(
    layout: Layout,
    *,
    city: City,
    board: Board,
    round: Round,  # noqa: A002 - the house word for a turn of reporting
    filled: Reading | None = None,
    groups: tuple[str, ...] | None = None,
) -> bytes:
    """Return the Word file for a board's prose, with what is already written put in.

    `groups` limits it to the groups of sections that are owed. Raises ProseError where an id is
    too long to name a place with.
    """
    return _Document(Issue(layout, city, board, round, filled)).write(groups)


class _Document:
    """The Word file while it is written: everything goes before the last section's properties."""

    def __init__(self, issue: Issue) -> None:
        self.issue = issue
        self.words = issue.layout.prose
        self.document = docx.Document()
        self.given: set[str] = set()

    def write(self, groups: tuple[str, ...] | None) -> bytes:
        issue, document = self.issue, self.document
        _styles(document)
        mark = f"{issue.mark} · {issue.layout.parts['prose']}"
        set_properties(document, issue, mark)
        document.add_paragraph(f"{self.words['title']}: {issue.board.name}", style="Title")
        contact = issue.city.settings.get("contact") or issue.city.office
        for text in (
            issue.round.name,
            self.words["intro"],
            issue.layout.contact.format(contact=contact),
            mark,
        ):
            document.add_paragraph(text, style=TOLD)
        for chapter in chapters_of(issue.layout, issue.city):
            section = chapter.section
            if groups is None or section is None or section.group in groups:
                self._chapter(chapter)
        _footer(document, f"{issue.board.name} · {issue.round.name}")
        out = io.BytesIO()
        document.save(out)
        return same_bytes(out.getvalue())

    def _chapter(self, chapter: Chapter) -> None:
        level = len(chapter.path)
        self.document.add_heading(chapter.path[-1], level)
        if chapter.section is not None:
            self._section(chapter.section, level + 1)
        elif chapter.key:
            section = self.issue.layout.section("narratives")
            self._field(section, chapter.key, section.columns[-1], self._free(chapter.path))

    def _free(self, path: tuple[str, ...]) -> str:
        """Return what stands under one of the city's own headings."""
        texts = [row.text.text for row in self._narratives() if _same(row.path, path)]
        return "\n".join(texts)

    def _narratives(self) -> tuple[Narrative, ...]:
        return self.issue.filled.narratives if self.issue.filled else ()

    def _section(self, section: SectionLayout, level: int) -> None:
        due = self.issue.round.due_for(section.group, self.issue.board.board_id)
        last_day = self.words["due"].format(day=swedish_day(due))
        self._told(section.prose_help or section.help)
        self._told(f"{last_day}.")
        self._state(section)
        for key, row in self._rows(section):
            is_spare = key.startswith("+")
            heading = f"{section.prose_heading} {key[1:]}" if is_spare else _title(section, row)
            self.document.add_heading(_short(heading), min(level, _LEVELS))
            if not is_spare:
                self._told(self._about(section, key, row, heading))
            asked = section.columns[1:2] if is_spare and not section.is_prose else ()
            for column in (*asked, *section.prose):
                entry = row.get(in_year(column.field, self.issue.year))
                self._field(section, key, column, entry.text if entry else "")
        if section.prose_rows:
            self._told(self.words["more"])

    def _rows(self, section: SectionLayout) -> Iterator[tuple[str, Row]]:
        """Yield the rows to write about by key: the board's own, then empty places (`+1`)."""
        answered, ours = rows_of(self.issue, section)
        named = section.columns[0].field
        placed = [chapter.path for chapter in chapters_of(self.issue.layout, self.issue.city)]
        number = 0
        for row in answered + ours:
            if named in row and not section.is_prose:
                yield row[named].text, row
            elif section.section != "narratives" or not _is_placed(row, placed):
                number += 1
                yield f"+{number}", row
        while number < section.prose_rows:
            number += 1
            yield f"+{number}", {}

    def _about(self, section: SectionLayout, key: str, row: Row, heading: str) -> str:
        """Return the line under a heading that says which row of the registers it is."""
        parts = [f"{section.sheet} {key}"]
        if len(heading) > LONGEST_HEADING:
            parts.append(heading)
        decided = ("decision.organ", "decision.date", "decision.paragraph")
        said = [row[name].text for name in decided if name in row]
        if decided[2] in row:
            said[-1] = f"§ {said[-1]}"
        parts += [" ".join(said)] if said else []
        parts += [row[name].text for name in ("area", "case_number") if name in row]
        parts += [self.words["deadline"].format(due=row["due"].text)] if "due" in row else []
        return " · ".join(parts)

    def _told(self, text: str) -> None:
        self.document.add_paragraph(text, style=TOLD)

    def _state(self, section: SectionLayout) -> None:
        """Write whether the section is reported or has nothing to say, as a list to choose from."""
        layout, filled = self.issue.layout, self.issue.filled
        is_nothing = filled is not None and section.group in filled.nothing_to_report
        words = (layout.reported, layout.nothing)
        choices = [_node("w:listItem", displayText=word, value=word) for word in words]
        kind = _node("w:dropDownList", *choices)
        named = self._named(section, "*", "state", self.words["state"])
        paragraph = self.document.add_paragraph(f"{self.words['state']}: ", style=LABEL)
        paragraph._p.append(_control([*named, kind], [_run(words[is_nothing])]))  # noqa: SLF001 - python-docx knows no content controls

    def _field(self, section: SectionLayout, key: str, column: Column, text: str) -> None:
        """Write a label and the control under it, with help for as long as it is empty."""
        heading = column.heading_in(self.issue.year)
        self.document.add_paragraph(heading + (" *" if column.required else ""), style=LABEL)
        named = self._named(section, key, column.field, heading)
        if not text:
            named.append(_node("w:showingPlcHdr"))
        hint = _run(f"{self.words['begin']}{column.help}", HINT)
        runs = [_run(part) for part in text.split("\n")] if text else [hint]
        if column.kind == "text":
            block = _control(named, [self._box(run) for run in runs])
        else:
            block = self._box(_control([*named, _node("w:text")], runs))
        self.document.element.body[-1].addprevious(block)

    def _box(self, content: Any) -> Any:
        """Return a paragraph that is seen as a place to write in."""
        style = _node("w:pStyle", val=self.document.styles[BOX].style_id)
        return _node("w:p", _node("w:pPr", style), content)

    def _named(self, section: SectionLayout, key: str, field: str, heading: str) -> list[Any]:
        """Return what names a control: its title, its tag and its number."""
        tag = TAG.format(section=section.section, key=key, field=field)
        if len(tag) > LONGEST_TAG or tag in self.given:
            message = f"{tag}: no content control can be called so"
            raise ProseError(message)
        self.given.add(tag)
        return [
            _node("w:alias", val=TITLE.format(heading=heading, sheet=section.sheet, key=key)),
            _node("w:tag", val=tag),
            _node("w:id", val=str(zlib.crc32(tag.encode()) % (2**31 - 1) + 1)),
            _node("w:lock", val="sdtLocked"),
        ]


def _is_placed(row: Row, placed: list[tuple[str, ...]]) -> bool:
    path = tuple(part.strip() for part in row["path"].text.split(">")) if "path" in row else ()
    return any(_same(path, other) for other in placed)


def _same(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return [plain(part) for part in one] == [plain(part) for part in other]


def _title(section: SectionLayout, row: Row) -> str:
    entry = row.get(section.columns[1].field)
    return entry.text if entry else section.sheet


def _short(heading: str) -> str:
    """Return a heading that fits in a table of contents; the whole text stands under it."""
    if len(heading) <= LONGEST_HEADING:
        return heading
    return heading[: heading.rfind(" ", 0, LONGEST_HEADING)] + " …"


def _node(name: str, *inside: Any, **attributes: str) -> Any:
    """Return an element of WordprocessingML."""
    node = OxmlElement(name)
    for key, value in attributes.items():
        node.set(qn(f"w:{key}"), value)
    node.extend(inside)
    return node


def _control(named: list[Any], content: list[Any]) -> Any:
    return _node("w:sdt", _node("w:sdtPr", *named), _node("w:sdtContent", *content))


def _run(text: str, style: str = "") -> Any:
    """Return a run of text; control characters, which no XML holds, are left out."""
    words = _node("w:t")
    words.text = "".join(c for c in text if c >= " ")
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    # LibreOffice leaves the style out, so its looks are said here as well.
    seen = [_node("w:i"), _node("w:color", val=str(_QUIET))]
    named = _node("w:rStyle", val=style.replace(" ", ""))
    look = [_node("w:rPr", named, *seen)] if style else []
    return _node("w:r", *look, words)


def _styles(document: Any) -> None:
    """Set page, type and headings: dark on white, numbered, in Swedish."""
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.5)
    page.top_margin = page.bottom_margin = Cm(2.2)
    styles = document.styles
    _look(styles["Normal"], 11, after=6)
    _look(styles["Title"], 22, after=4, bold=True)
    _without_border(styles["Title"])
    for level, size in enumerate((16, 13, 12, 11), start=1):
        _look(styles[f"Heading {level}"], size, before=18 if level == 1 else 14, after=4, bold=True)
    _look(styles.add_style(LABEL, WD_STYLE_TYPE.PARAGRAPH), 11, before=8, after=2, bold=True)
    styles[LABEL].paragraph_format.keep_with_next = True
    _look(styles.add_style(TOLD, WD_STYLE_TYPE.PARAGRAPH), 10, after=4, color=_QUIET)
    _look(styles.add_style(BOX, WD_STYLE_TYPE.PARAGRAPH), 11, after=6)
    _framed(styles[BOX])
    hint = styles.add_style(HINT, WD_STYLE_TYPE.CHARACTER)
    hint.font.color.rgb, hint.font.italic = _QUIET, True
    _number_headings(document)
    _in_swedish(styles)


def _look(
    style: Any, size: int, *, before: int = 0, after: int = 0, bold: bool = False,
    color: RGBColor = _INK,
) -> None:  # fmt: skip
    style.font.name, style.font.size = "Calibri", Pt(size)
    style.font.bold, style.font.color.rgb = bold, color
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    fonts = style.element.rPr.rFonts
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)


def _framed(style: Any) -> None:
    """Give a style the workbook's colour and edge, inside the text's own margins."""
    edge = {"val": "single", "sz": "4", "space": "4", "color": "8A7A2E"}
    sides = [_node(f"w:{side}", **edge) for side in ("top", "left", "bottom", "right")]
    properties = style.element.get_or_add_pPr()
    frame = _node("w:pBdr", *sides)
    shade = _node("w:shd", val="clear", color="auto", fill="FFF9DB")
    indent = _node("w:ind", left="100", right="100")
    after = ("w:tabs", "w:spacing", "w:ind", "w:jc", "w:outlineLvl")
    properties.insert_element_before(frame, "w:shd", *after)
    properties.insert_element_before(shade, *after)
    properties.insert_element_before(indent, *after[2:])


def _without_border(style: Any) -> None:
    for border in style.element.iter(qn("w:pBdr")):
        border.getparent().remove(border)


def _in_swedish(styles: Any) -> None:
    defaults = styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for language in defaults.findall(qn("w:lang")):
        defaults.remove(language)
    defaults.append(_node("w:lang", val="sv-SE"))


def _number_headings(document: Any) -> None:
    """Let the styles number the headings 1, 1.1, 1.1.1, so that Word renumbers by itself."""
    numbering = document.part.numbering_part.element
    levels = []
    for at in range(_LEVELS):
        text = ".".join(f"%{n}" for n in range(1, at + 2))
        levels.append(
            _node(
                "w:lvl",
                _node("w:start", val="1"),
                _node("w:numFmt", val="decimal"),
                _node("w:pStyle", val=f"Heading{at + 1}"),
                _node("w:lvlText", val=text),
                _node("w:pPr", _node("w:ind", left="680", hanging="680")),
                ilvl=str(at),
            )
        )
    kind = _node("w:multiLevelType", val="multilevel")
    numbering.insert(0, _node("w:abstractNum", kind, *levels, abstractNumId="90"))
    numbering.append(_node("w:num", _node("w:abstractNumId", val="90"), numId="90"))
    for at in range(_LEVELS):
        properties = document.styles[f"Heading {at + 1}"].element.get_or_add_pPr()
        for old in properties.findall(qn("w:numPr")):
            properties.remove(old)
        number = _node("w:numPr", _node("w:ilvl", val=str(at)), _node("w:numId", val="90"))
        properties.insert_element_before(
            number, "w:suppressLineNumbers", "w:spacing", "w:ind", "w:outlineLvl"
        )


def _footer(document: Any, text: str) -> None:
    """Write whose file it is and the page number at the foot of each page."""
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.add_run(f"{text} · sida ").font.size = Pt(9)
    field = _node("w:fldSimple", _run("1"), instr="PAGE")
    paragraph._p.append(field)  # noqa: SLF001 - python-docx knows no fields
