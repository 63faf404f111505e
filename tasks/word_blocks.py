"""A report's blocks as Word paragraphs, tables and pictures (WordprocessingML), with real styles.

Only the body is written here; the package around it (styles, numbering, header, footer) is
`word.py`. Everything is text that is escaped: nothing a board wrote becomes markup or a field.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from tasks.report.blocks import (
    Block,
    Cell,
    Chart,
    Facts,
    Listing,
    Paragraph,
    Pointer,
    Section,
    Table,
)
from tasks.report.material import say

PAGE = 9638
"""Width of the text on a standing A4 page, in twentieths of a point."""
LYING = 14400
"""The same on a lying page."""
PLAIN, BOLD = 98, 116
"""Width of a letter of a table's text and of its head, generously."""
EMU = 635
"""English metric units in a twentieth of a point."""
STYLES = {
    "lead": "Ingress",
    "note": "Nottext",
    "strong": "Framhavd",
    "quote": "Quote",
    "office": "Quote",
}
FIRST_NUMBERING = 10
"""Numbering ids from here on belong to one numbered list each."""
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass
class Body:
    """The body while it is written: XML, and what of it the package has to know."""

    pictures: Mapping[str, tuple[bytes, float]]
    """PNG and its height in shares of the width, by chart id."""
    parts: list[str] = field(default_factory=list)
    used: list[str] = field(default_factory=list)
    """Chart ids in the order of their relations."""
    numberings: int = 0
    bookmarks: int = 0
    drawings: int = 0
    is_lying: bool = False
    """Whether the pages lie down where we are writing."""

    def section(self, section: Section, *, level: int = 1) -> None:
        """Write a headed part and the parts within it."""
        first = section.blocks[0] if section.blocks else None
        self.turn(lying=is_lying(first))  # a heading goes with the table under it
        self.heading(heading_of(section), level, anchor=section.anchor)
        for block in section.blocks:
            self.block(block, title=section.title)
        for part in section.parts:
            self.section(part, level=level + 1)

    def heading(self, title: str, level: int, *, anchor: str = "") -> None:
        """Write a heading with a bookmark that the contents point at."""
        content = run(title)
        if anchor:
            self.bookmarks += 1
            name = quoteattr(bookmark(anchor))
            content = (
                f'<w:bookmarkStart w:id="{self.bookmarks}" w:name={name}/>{content}'
                f'<w:bookmarkEnd w:id="{self.bookmarks}"/>'
            )
        self.parts.append(paragraph("", f"Heading{min(level, 3)}", inside=content))

    def block(self, block: Block, *, title: str = "") -> None:
        """Write one block; TypeError for a kind that this view does not know."""
        self.turn(lying=is_lying(block))
        if isinstance(block, Table):
            self.table(block, is_said=block.caption == title and not block.label)
        elif isinstance(block, Paragraph):
            self.parts.append(paragraph(block.text, STYLES.get(block.kind, "")))
        elif isinstance(block, Pointer):
            link = linked(block.anchor, block.linked)
            self.parts.append(paragraph("", "", inside=f"{run(block.text + ' ')}{link}{run('.')}"))
        elif isinstance(block, Facts):
            self.facts(block)
        elif isinstance(block, Listing):
            self.listing(block)
        elif isinstance(block, Chart):
            self.chart(block, is_said=block.title == title and not block.label)
        else:
            raise TypeError(f"no Word form for a {type(block).__name__}")

    def facts(self, facts: Facts) -> None:
        """Write the large figures as lines: the figure in bold, then what it counts."""
        for big, what in facts.items:
            content = run(big.text, bold=True) + run(f" {what}")
            self.parts.append(paragraph("", "ListBullet", inside=content))

    def listing(self, listing: Listing) -> None:
        """Write a list; a numbered one begins at one."""
        if not listing.is_numbered:
            self.parts += [paragraph(item, "ListBullet") for item in listing.items]
            return
        number = FIRST_NUMBERING + self.numberings
        self.numberings += 1
        self.parts += [paragraph(item, "ListNumber", numbering=number) for item in listing.items]

    def chart(self, chart: Chart, *, is_said: bool) -> None:
        """Write a chart as a picture with its text equivalent, under its title."""
        picture = self.pictures.get(chart.chart_id)
        if picture is None:
            raise KeyError(f"no picture of the chart {chart.chart_id}")
        if not is_said:
            self.parts.append(paragraph(f"{chart.label} {chart.title}".strip(), "Caption"))
        self.used.append(chart.chart_id)
        self.drawings += 1
        width = round(PAGE * EMU * 0.92)
        told = quoteattr(printable(f"{chart.title}. {chart.description}"))
        drawing = DRAWING.format(
            id=self.drawings,
            name=quoteattr(printable(chart.title)),
            told=told,
            relation=f"rIdPicture{len(self.used)}",
            width=width,
            height=round(width * picture[1]),
        )
        self.parts.append(paragraph("", "", inside=f"<w:r>{drawing}</w:r>"))

    def table(self, table: Table, *, is_said: bool) -> None:
        """Write a table with a header row that repeats, under its caption."""
        if not is_said or self.is_lying:
            self.parts.append(paragraph(f"{table.label} {table.caption}".strip(), "Caption"))
        self.parts.append(table_xml(table, LYING if self.is_lying else PAGE))
        notes = [table.note, *(f"{mark} {told}" for mark, told in table.footnotes)]
        notes += [f"{say('labels.source')}: {table.source}"] if table.source else []
        after = [paragraph(note, "Nottext") for note in notes if note]
        self.parts += after or [paragraph("", "Nottext")]

    def turn(self, *, lying: bool) -> None:
        """Let the pages lie down, or stand again; where they do already nothing is written."""
        if lying != self.is_lying:
            self.parts.append(page_break(lying=self.is_lying))
            self.is_lying = lying

    def contents(self, entries: Sequence[tuple[str, str]]) -> None:
        """Write (anchor, title) as a list of links inside a contents field that F9 fills out."""
        for index, (anchor, title) in enumerate(entries):
            link = linked(anchor, title, look="")
            begin = FIELD_BEGIN if index == 0 else ""
            end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>' if index == len(entries) - 1 else ""
            self.parts.append(paragraph("", "TOC1", inside=begin + link + end))


FIELD_BEGIN = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    '<w:r><w:instrText xml:space="preserve"> TOC \\o "1-1" \\h \\z </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
)
DRAWING = (
    '<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
    '<wp:extent cx="{width}" cy="{height}"/>'
    '<wp:docPr id="{id}" name={name} descr={told}/>'
    '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
    '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
    '<pic:pic><pic:nvPicPr><pic:cNvPr id="{id}" name={name} descr={told}/><pic:cNvPicPr/>'
    '</pic:nvPicPr><pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch>'
    '</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/>'
    '</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
    "</a:graphicData></a:graphic></wp:inline></w:drawing>"
)


def heading_of(section: Section) -> str:
    """Return a heading with its number; an annex says that it is one."""
    if section.is_annex and section.number:
        return f"{say('labels.annex', at=section.number)} {section.title}"
    return f"{section.number} {section.title}".strip()


def linked(anchor: str, text: str, *, look: str = '<w:rStyle w:val="Hyperlink"/>') -> str:
    """Return a link to a heading of the same document."""
    inside = run(text).replace("<w:r>", f"<w:r><w:rPr>{look}</w:rPr>" if look else "<w:r>", 1)
    name = quoteattr(bookmark(anchor))
    return f'<w:hyperlink w:anchor={name} w:history="1">{inside}</w:hyperlink>'


def bookmark(anchor: str) -> str:
    """Return an anchor as a bookmark's name: letters, digits and underscores, at most 40."""
    return "a_" + re.sub(r"[^0-9A-Za-z]", "_", anchor)[:36]


def printable(text: str) -> str:
    """Return text without the characters that XML cannot hold."""
    return NOT_IN_XML.sub("\ufffd", text)


def run(text: str, *, bold: bool = False) -> str:
    """Return a run of text; line breaks stay."""
    look = "<w:rPr><w:b/></w:rPr>" if bold else ""
    lines = printable(text).split("\n")
    told = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in lines)
    return f"<w:r>{look}{told}</w:r>"


def paragraph(text: str, style: str, *, inside: str = "", numbering: int | None = None) -> str:
    """Return a paragraph of a style, of text or of what is given."""
    look = f'<w:pStyle w:val="{style}"/>' if style else ""
    if numbering is not None:
        look += f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{numbering}"/></w:numPr>'
    look = f"<w:pPr>{look}</w:pPr>" if look else ""
    return f"<w:p>{look}{inside or (run(text) if text else '')}</w:p>"


def placeholder(label: str, told: str) -> str:
    """Return a line with a field for the writer to fill in (a content control)."""
    control = (
        f"<w:sdt><w:sdtPr><w:alias w:val={quoteattr(label)}/><w:tag w:val={quoteattr(label)}/>"
        "<w:showingPlcHdr/><w:text/></w:sdtPr><w:sdtContent><w:r><w:rPr>"
        f'<w:rStyle w:val="PlaceholderText"/></w:rPr><w:t>{escape(told)}</w:t></w:r>'
        "</w:sdtContent></w:sdt>"
    )
    before = run(f"{label}: ") if label else ""
    return paragraph("", "", inside=before + control)


def page_break(*, lying: bool) -> str:
    """Return the end of a part of the document whose pages stand or lie."""
    return f'<w:p><w:pPr><w:spacing w:after="0"/>{page(lying=lying)}</w:pPr></w:p>'


def page(*, lying: bool) -> str:
    """Return the measures of A4 pages with header and footer."""
    width, height = (16838, 11906) if lying else (11906, 16838)
    turned = ' w:orient="landscape"' if lying else ""
    return (
        '<w:sectPr><w:headerReference w:type="default" r:id="rIdHeader"/>'
        '<w:footerReference w:type="default" r:id="rIdFooter"/>'
        f'<w:pgSz w:w="{width}" w:h="{height}"{turned}/>'
        '<w:pgMar w:top="1361" w:right="1134" w:bottom="1134" w:left="1134" w:header="624" '
        'w:footer="567" w:gutter="0"/></w:sectPr>'
    )


def table_xml(table: Table, width: int) -> str:
    """Return a table of the given width; the header row repeats and no row is broken."""
    widths = column_widths(table, width)
    grid = "".join(f'<w:gridCol w:w="{one}"/>' for one in widths)
    rows = [_row([Cell(head) for head in table.head], widths, table, is_head=True)]
    rows += [_row(row, widths, table) for row in table.rows]
    told = f"<w:tblCaption w:val={quoteattr(printable(table.caption))}/>"
    if table.note:
        told += f"<w:tblDescription w:val={quoteattr(printable(table.note))}/>"
    return (
        '<w:tbl><w:tblPr><w:tblStyle w:val="Samladtabell"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0420" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" '
        f'w:noHBand="0" w:noVBand="1"/>{told}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        f"{''.join(rows)}</w:tbl>"
    )


def _row(
    cells: Sequence[Cell], widths: Sequence[int], table: Table, *, is_head: bool = False
) -> str:
    look = "<w:trPr><w:cantSplit/>" + ("<w:tblHeader/>" if is_head else "") + "</w:trPr>"
    is_sum = not is_head and cells[0].is_sum
    told = []
    for index, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        style = "Tabelltal" if index in table.numbers else "Tabelltext"
        words = f"{cell.symbol}\u00a0{cell.text}" if cell.symbol else cell.text
        if index in table.unbroken:
            words = words.replace(" ", "\u00a0")
        inside = run(words, bold=is_sum or is_head) if words else ""
        if cell.mark:
            raised = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>'
            inside += f"{raised}{escape(printable(cell.mark))}</w:t></w:r>"
        told.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
            f"{paragraph('', style, inside=inside)}</w:tc>"
        )
    return f"<w:tr>{look}{''.join(told)}</w:tr>"


def is_lying(block: Block | None) -> bool:
    """Say whether a block is a table that would break words or numbers on a standing page."""
    return isinstance(block, Table) and sum(_needs(block)) > PAGE


def _needs(table: Table) -> list[int]:
    needs = []
    for index, head in enumerate(table.head):
        texts = [("●." if row[index].symbol else "") + row[index].text for row in table.rows]
        is_whole = index in table.numbers or index in table.unbroken
        parts = texts if is_whole else [word for text in texts for word in text.split(" ")]
        heads = [len(word) * BOLD for word in re.split(r"[ -]", head)]
        longest = max([*heads, *(len(part) * PLAIN for part in parts), 4 * PLAIN])
        needs.append(min(longest, 24 * PLAIN) + 160)
    return needs


def column_widths(table: Table, width: int) -> list[int]:
    """Share the width by what the columns hold; no word or number is broken if it can be helped."""
    needs, wants = _needs(table), []
    for index, head in enumerate(table.head):
        texts = [row[index].text for row in table.rows]
        average = sum(map(len, texts)) / max(len(texts), 1)
        wants.append(max(len(head) / 2, average, 4))
    least = sum(needs)
    if least >= width:
        return [need * width // least for need in needs]
    spare = width - least
    return [need + int(spare * want / sum(wants)) for need, want in zip(needs, wants, strict=True)]
