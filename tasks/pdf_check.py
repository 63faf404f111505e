"""Our own check of a PDF of ours: what PDF/A-2a and PDF/UA-1 ask of its structure, told in words.

It is not a certificate: veraPDF is the tool for that, where it can be had (docs/handbok.md). It
runs on every PDF we make, and a fault stops the edition: it is our defect, never a board's.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pdfplumber
import pikepdf

HEADINGS = re.compile(r"/H([1-6])")
EXTENSION = "http://www.aiim.org/pdfua/ns/id/"
PRINTED = 4
"""Flag of an annotation that is printed."""
FORBIDDEN = ("/JavaScript", "/EmbeddedFiles")
BLOCKS = ("h1", "h2", "h3", "h4", "caption", "figcaption", "p", "li", "th", "td")
MOST_TOLD = 20


def faults_of(data: bytes) -> list[str]:
    """Return what is wrong with a PDF, empty where all holds."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        found = [
            *_document(pdf),
            *_metadata(pdf),
            *_fonts(pdf),
            *_pages(pdf),
            *_structure(pdf),
        ]
    return found[:MOST_TOLD]


def _document(pdf: Any) -> Iterator[str]:
    root = pdf.Root
    if pdf.is_encrypted:
        yield "the file is encrypted"
    if not str(root.get("/Lang", "")).startswith("sv"):
        yield "the language is not Swedish"
    if not root.get("/MarkInfo", {}).get("/Marked", False):
        yield "the file does not say that it is tagged"
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False):
        yield "the title is not shown in the window"
    if not str(pdf.docinfo.get("/Title", "")).strip():
        yield "the title is missing"
    if not root.get("/OutputIntents"):
        yield "the output intent is missing"
    if "/Outlines" not in root:
        yield "the bookmarks are missing"
    names = root.get("/Names", {})
    yield from (f"{name} is not allowed" for name in FORBIDDEN if name in names)
    yield from (f"{name} is not allowed" for name in ("/AA", "/OpenAction") if _acts(root, name))


def _acts(root: Any, name: str) -> bool:
    """Say whether something runs when the file is opened; a place to open at is no act."""
    return isinstance(root.get(name), pikepdf.Dictionary)


def _metadata(pdf: Any) -> Iterator[str]:
    if "/Metadata" not in pdf.Root:
        yield "the XMP metadata is missing"
        return
    xmp = pdf.Root.Metadata.read_bytes().decode("utf-8", "replace")
    with pdf.open_metadata() as told:
        if told.pdfa_status != "2A":
            yield f"the PDF/A mark is {told.pdfa_status or 'missing'}, not 2A"
        if str(told.get("pdfuaid:part", "")) != "1":
            yield "the PDF/UA-1 mark is missing"
        if not told.get("dc:title"):
            yield "the title is missing in the metadata"
    if "pdfaExtension:schemas" not in xmp or EXTENSION not in xmp:
        yield "the extension schema of the PDF/UA mark is missing"


def _fonts(pdf: Any) -> Iterator[str]:
    seen: set[tuple[int, int]] = set()
    for page in pdf.pages:
        for font in page.get("/Resources", {}).get("/Font", {}).values():
            if font.objgen in seen:
                continue
            seen.add(font.objgen)
            name = str(font.get("/BaseFont", "a font"))
            inner = font.get("/DescendantFonts", [font])[0]
            told = inner.get("/FontDescriptor", {})
            if not any(key in told for key in ("/FontFile", "/FontFile2", "/FontFile3")):
                yield f"{name} is not embedded"
            if "/ToUnicode" not in font:
                yield f"{name} does not say which letters it shows"


def _pages(pdf: Any) -> Iterator[str]:
    for number, page in enumerate(pdf.pages, start=1):
        if "/StructParents" not in page:
            yield f"page {number} has no place in the structure"
        if "/AA" in page:
            yield f"page {number} has an action"
        if page.get("/Annots") and page.get("/Tabs") != "/S":
            yield f"page {number} is not tabbed through in the order of the structure"
        if _shows_untagged(page):
            yield f"page {number} shows something that is neither tagged nor an artifact"
        for note in page.get("/Annots", []):
            yield from (f"page {number}: {fault}" for fault in _annotation(note))


SHOWING = frozenset(
    ["Tj", "TJ", "'", '"', "Do", "f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh"]
)
"""Operators of a page's content that put something on it; pictures within it are not ours."""


def _shows_untagged(page: Any) -> bool:
    depth = 0
    for instruction in pikepdf.parse_content_stream(page):
        name = str(instruction.operator)
        if name in ("BDC", "BMC"):
            depth += 1
        elif name == "EMC":
            depth -= 1
        elif depth == 0 and name in SHOWING:
            return True
    return False


def _annotation(note: Any) -> Iterator[str]:
    if not int(note.get("/F", 0)) & PRINTED:
        yield "an annotation is not printed"
    if note.get("/Subtype") == "/Link":
        if "/StructParent" not in note:
            yield "a link is not in the structure"
        if not str(note.get("/Contents", "")).strip():
            yield "a link does not say where it leads"
    action = note.get("/A", {})
    if action.get("/S", "/GoTo") not in ("/GoTo", "/URI"):
        yield f"an annotation does {action.get('/S')}"


# --- the structure -------------------------------------------------------------------------------


@dataclass
class Element:
    """One element of the structure: its role and what is within it."""

    role: str
    node: Any
    children: list[Element] = field(default_factory=list)

    def all(self, *roles: str) -> Iterator[Element]:
        """Yield the elements of some roles within this one, in reading order."""
        for child in self.children:
            if child.role in roles:
                yield child
            yield from child.all(*roles)


def structure(pdf: Any) -> Element | None:
    """Return the tree of tags, None where there is none."""
    root = pdf.Root.get("/StructTreeRoot")
    if root is None:
        return None
    roles = {str(k): str(v) for k, v in root.get("/RoleMap", {}).items()}
    whole = Element("", root)
    stack = [whole]
    while stack:
        element = stack.pop()
        for node in _kids(element.node):
            if isinstance(node, pikepdf.Dictionary) and "/S" in node:
                role = str(node["/S"])
                element.children.append(Element(roles.get(role, role), node))
        stack += element.children
    return whole


def _kids(node: Any) -> list[Any]:
    kids = node.get("/K", [])
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _structure(pdf: Any) -> Iterator[str]:
    tree = structure(pdf)
    if tree is None or not tree.children:
        yield "there is no structure"
        return
    yield from _headings(tree)
    for figure in tree.all("/Figure"):
        if not str(figure.node.get("/Alt", "")).strip():
            yield "a picture has no alternative text"
    for number, table in enumerate(tree.all("/Table"), start=1):
        yield from (f"table {number}: {fault}" for fault in _table(table))


def _headings(tree: Element) -> Iterator[str]:
    levels = [int(e.role[2:]) for e in tree.all(*(f"/H{n}" for n in range(1, 7)))]
    if not levels or levels[0] != 1:
        yield "the first heading is not of the first level"
    for before, now in pairwise(levels):
        if now > before + 1:
            yield f"a heading of level {now} follows one of level {before}"


def _table(table: Element) -> Iterator[str]:
    """Yield what keeps a cell of a table from having its headers."""
    rows = [[cell for cell in row.children if cell.role in ("/TH", "/TD")] for row in _rows(table)]
    if not rows:
        yield "it has no rows"
        return
    widths = {len(row) for row in rows}
    if len(widths) > 1:
        yield f"its rows have {', '.join(map(str, sorted(widths)))} cells"
    if any(cell.role != "/TH" for cell in rows[0]):
        yield "the first row is not all headers"
    if len(rows) > 1 and any(row[0].role != "/TH" for row in rows[1:] if row):
        yield "a row does not begin with its header"
    if any("/Scope" not in c.node.get("/A", {}) for row in rows for c in row if c.role == "/TH"):
        yield "a header does not say whether it heads its column or its row"
    heads = {str(c.node.get("/ID", "")) for row in rows for c in row if c.role == "/TH"} - {""}
    top = [str(cell.node.get("/ID", "")) for cell in rows[0]]
    for row in rows[1:]:
        side = str(row[0].node.get("/ID", "")) if row else ""
        for cell, above in zip(row[1:], top[1:], strict=False):
            told = _headers(cell)
            if cell.role == "/TD" and not {side, above} <= told <= heads:
                yield "a cell does not point at the headers of its row and column"
                return


def _rows(table: Element) -> list[Element]:
    groups = ("/THead", "/TBody", "/TFoot")
    direct = [child for child in table.children if child.role == "/TR"]
    return direct or [r for g in table.children if g.role in groups for r in g.children]


def _headers(cell: Element) -> set[str]:
    """Return the ids of the headers that a cell points at."""
    told = cell.node.get("/A", [])
    parts = list(told) if isinstance(told, pikepdf.Array) else [told]
    return {
        str(one)
        for part in parts
        if hasattr(part, "get") and "/Headers" in part
        for one in part["/Headers"]
    }


# --- reading order -------------------------------------------------------------------------------


def reading_order(data: bytes) -> str:
    """Return the text in the order of the tags, without spaces: what a screen reader reads."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pages = {page.objgen: index for index, page in enumerate(pdf.pages)}
        tree = structure(pdf)
        order = list(_marked(tree.node, None, pages)) if tree else []
    letters: dict[tuple[int, int], list[str]] = {}
    with pdfplumber.open(io.BytesIO(data)) as plumbed:
        for index, page in enumerate(plumbed.pages):
            for char in page.chars:
                if char.get("mcid") is not None:
                    letters.setdefault((index, char["mcid"]), []).append(char["text"])
    return squeezed("".join("".join(letters.get(place, ())) for place in order))


def _marked(node: Any, page: Any, pages: dict[Any, int]) -> Iterator[tuple[int, int]]:
    """Yield (page, mark) of what an element shows, in order."""
    page = node.get("/Pg", page)
    for kid in _kids(node):
        if isinstance(kid, int):
            yield pages[page.objgen], kid
        elif isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/MCR":
            yield pages[kid.get("/Pg", page).objgen], int(kid["/MCID"])
        elif isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") != "/OBJR":
            yield from _marked(kid, page, pages)


def order_faults(data: bytes, html: str) -> list[str]:
    """Return which texts of the web page are not read in the same order in the PDF."""
    read, at, found = reading_order(data), 0, []
    for told in _texts(html):
        sought = squeezed(told)
        where = read.find(sought, at)
        if where < 0:
            found.append(told[:60])
        else:
            at = where + len(sought)
    return found[:MOST_TOLD]


def squeezed(text: str) -> str:
    """Return text without spaces, hyphens and ligatures, which a PDF may set otherwise."""
    for one, other in (("ﬁ", "fi"), ("ﬂ", "fl"), ("ﬀ", "ff"), ("\u00ad", "")):
        text = text.replace(one, other)
    return re.sub(r"\s+", "", text)


class _Reader(HTMLParser):
    """Collects the texts of headings, captions, paragraphs and cells that are printed too."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.depth = 0
        self.hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = (dict(attrs).get("class") or "").split()
        if self.hidden or {"screen", "origin"} & set(classes) or tag in ("svg", "style", "script"):
            if tag not in ("br", "input", "meta", "link", "img"):
                self.hidden.append(tag)
        elif tag in BLOCKS:
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        if self.hidden and self.hidden[-1] == tag:
            self.hidden.pop()

    def handle_data(self, data: str) -> None:
        if not self.hidden and self.texts:
            self.texts[-1] += data


def _texts(html: str) -> list[str]:
    reader = _Reader()
    reader.feed(html[html.index("<main") :])
    return [text.strip() for text in reader.texts if text.strip()]


def main() -> int:
    """Check a PDF, and its order against a web page: `python -m tasks.pdf_check PDF [HTML]`."""
    data = Path(sys.argv[1]).read_bytes()
    found = faults_of(data)
    if len(sys.argv) > 2:  # noqa: PLR2004 - the page is the second argument
        page = Path(sys.argv[2]).read_text(encoding="utf-8")
        found += [f"not read in the order of the page: {told}" for told in order_faults(data, page)]
    sys.stdout.write("".join(f"{fault}\n" for fault in found) or "no faults\n")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
