"""The notes at marked cells: what is wrong and what to do; put in, and taken off when mended.

A cell has one note. Where the board has written one itself, ours stands below it, after a line
that tells where ours begins; the board's words are never touched.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence

from lxml import etree

from tasks.annotating.looks import FILLS
from tasks.annotating.parts import MAIN, REL, Parts, child, local, q, row_column

AUTHOR = "Samlad"
_ENDING = re.compile(r"</(xml|[a-z0-9]+:xml)>\s*$")
OURS = "\n\n— Från kontrollen —\n"
"""What stands between a note of the board's own and what we add to it."""
_BEFORE_LEGACY = (
    *("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr"),
    *("sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState"),
    *("dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr"),
    *("conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins"),
    *("pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties"),
    *("cellWatches", "ignoredErrors", "smartTags", "drawing"),
)


def forget_notes(parts: Parts) -> None:
    """Take away our notes of an earlier copy, and what we added to the board's own."""
    for path in parts.sheets.values():
        known = parts.related(path)
        if "comments" in known and "vmlDrawing" in known:
            _forget(parts, known["comments"], known["vmlDrawing"])


def _forget(parts: Parts, comments: str, drawing: str) -> None:
    """Ours are known by their words: programs that save forget the author."""
    listed = child(parts.tree(comments), "commentList")
    shapes = parts.content[drawing].decode("utf-8", "surrogateescape")
    for comment in list(listed):
        words = "".join(map(str, comment.itertext()))
        if words.startswith(tuple(f"{severity}: " for severity in FILLS)):
            listed.remove(comment)
            shapes = _without_shape(shapes, comment.get("ref", ""))
        elif OURS in words:
            _cut(comment, len(words.partition(OURS)[0]))
    parts.content[drawing] = shapes.encode("utf-8", "surrogateescape")


def _cut(comment: etree._Element, length: int) -> None:
    """Keep so many characters of a note."""
    for piece in comment.iter(q("t")):
        text = piece.text or ""
        piece.text, length = text[:length], max(0, length - len(text))
    for run in [r for r in comment.iter(q("r")) if not "".join(map(str, r.itertext()))]:
        parent = run.getparent()
        if parent is not None:
            parent.remove(run)


def put_notes(parts: Parts, path: str, notes: Mapping[str, Sequence[str]]) -> None:
    """Put a note at each cell of a sheet: texts by address."""
    known = parts.related(path)
    if "comments" in known and "vmlDrawing" in known:
        _add(parts, known["comments"], known["vmlDrawing"], notes)
        return
    number = posixpath.splitext(posixpath.basename(path))[0]
    comments, drawing = f"xl/samlad-{number}.xml", f"xl/drawings/samlad-{number}.vml"
    parts.add(comments, f'<comments xmlns="{MAIN}"><authors/><commentList/></comments>'.encode())
    parts.add(drawing, _VML.encode())
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
    parts.declare(comments, kind)
    parts.declare(drawing, "application/vnd.openxmlformats-officedocument.vmlDrawing")
    parts.relate(path, "comments", f"/{comments}")
    legacy = etree.Element(q("legacyDrawing"))
    legacy.set(q("id", REL), parts.relate(path, "vmlDrawing", f"/{drawing}"))
    root = parts.tree(path)
    after = [n for n, one in enumerate(root) if local(one) in _BEFORE_LEGACY]
    root.insert(after[-1] + 1 if after else len(root), legacy)
    _add(parts, comments, drawing, notes)


def _add(parts: Parts, comments: str, drawing: str, notes: Mapping[str, Sequence[str]]) -> None:
    root = parts.tree(comments)
    authors, listed = child(root, "authors"), child(root, "commentList")
    names = [author.text for author in authors]
    if AUTHOR not in names:
        etree.SubElement(authors, q("author")).text = AUTHOR
        names.append(AUTHOR)
    ours = str(names.index(AUTHOR))
    shapes = parts.content[drawing].decode("utf-8", "surrogateescape")
    there = {comment.get("ref"): comment for comment in listed}
    for address, texts in notes.items():
        told = "\n\n".join(texts)
        if address in there:
            _append(child(there[address], "text"), OURS + told)
            continue
        one = etree.SubElement(listed, q("comment"), ref=address, authorId=ours)
        etree.SubElement(etree.SubElement(one, q("text")), q("t")).text = told
        shapes = _ENDING.sub(_shape(address) + r"\g<0>", shapes)
    listed[:] = sorted(listed, key=lambda c: row_column(c.get("ref", "A1")))
    parts.content[drawing] = shapes.encode("utf-8", "surrogateescape")


def _append(text: etree._Element, told: str) -> None:
    """Put words last in a note, as a run of their own."""
    for bare in text.findall(q("t")):
        run = etree.Element(q("r"))
        text.replace(bare, run)
        run.append(bare)
    piece = etree.SubElement(etree.SubElement(text, q("r")), q("t"))
    piece.text = told
    piece.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


_VML = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit">'
    '<o:idmap v:ext="edit" data="1"/></o:shapelayout><v:shapetype id="_x0000_t202" '
    'coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke '
    'joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>'
)


def _shape(address: str) -> str:
    row, column = row_column(address)
    box = f"{column}, 12, {row - 1}, 4, {column + 4}, 12, {row + 6}, 4"
    return (
        f'<v:shape id="samlad_{address}" type="#_x0000_t202" style="position:absolute;'
        'visibility:hidden" fillcolor="#fffde7" o:insetmode="auto"><v:fill color2="#fffde7"/>'
        '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
        '<v:textbox><div style="text-align:left"></div></v:textbox>'
        '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
        f"<x:Anchor>{box}</x:Anchor><x:AutoFill>False</x:AutoFill>"
        f"<x:Row>{row - 1}</x:Row><x:Column>{column - 1}</x:Column></x:ClientData></v:shape>"
    )


def _without_shape(shapes: str, address: str) -> str:
    """Return a drawing without the note of one cell, whoever has saved it since."""
    row, column = row_column(address)
    kept = []
    for part in re.split(r"(<v:shape [\s\S]*?</v:shape>)", shapes):
        ours = re.search(rf"<x:Row>\s*{row - 1}\s*</x:Row>", part)
        here = re.search(rf"<x:Column>\s*{column - 1}\s*</x:Column>", part)
        if not (part.startswith("<v:shape ") and ours and here):
            kept.append(part)
    return "".join(kept)
