"""The board's own workbook back, with every fault marked at its cell and listed on a first sheet.

The file is not written anew: its parts are copied byte for byte, and only what is marked is
touched (the sheets' cells get a style, a comment is added, a sheet is put first). So every value,
formula, chart and setting stays. Where that cannot be done safely, there is no copy but a list.
"""

from __future__ import annotations

import io
import posixpath
import re
import textwrap
import zipfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from lxml import etree
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

from expectations.complaints import Complaint, complaints
from expectations.form_layout import Layout, load_layouts, newest
from expectations.verdicts import Finding

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
AUTHOR = "Samlad"
FILLS = {"STOPP": "FFFFC9B8", "FRÅGA": "FFFFE08A"}
LINES = {"STOPP": "FF8C1D18", "FRÅGA": "FF7A4B00"}
WIDTHS = (5, 10, 22, 24, 48, 48, 16, 16, 40)
"""Widths of the list's columns that are shown, in characters."""
INPUT = "FFFFF9DB"
"""The fill of the form's input cells: what an old mark gives back when it is mended."""
PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
_BEFORE_LEGACY = (
    *("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr"),
    *("sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState"),
    *("dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr"),
    *("conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins"),
    *("pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties"),
    *("cellWatches", "ignoredErrors", "smartTags", "drawing"),
)


class CannotAnnotateError(Exception):
    """The workbook holds something that a marked copy would not keep; the list is given alone."""


def annotated(data: bytes, findings: Sequence[Finding]) -> bytes:
    """Return the workbook with the findings of that document marked, listed and answerable.

    Same inputs, same bytes. Raises CannotAnnotateError where the file cannot be marked safely.
    """
    try:
        return _Package(data).annotate(complaints(findings))
    except (zipfile.BadZipFile, etree.XMLSyntaxError, KeyError, ValueError) as error:
        raise CannotAnnotateError(type(error).__name__) from None


def _q(name: str, space: str = MAIN) -> str:
    return f"{{{space}}}{name}"


@dataclass
class _Mark:
    """One marked cell: the heaviest severity there and all that is said of it."""

    severity: str
    texts: list[str]


class _Package:
    """The workbook as parts; those that are touched are parsed, all others stay as they came."""

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            self.order = [entry.filename for entry in package.infolist()]
            self.parts = {name: package.read(name) for name in self.order}
        self.trees: dict[str, etree._Element] = {}
        self.layout: Layout = newest(load_layouts())
        self.path = self._target("_rels/.rels", "/officeDocument", "")
        self.rels = self._rels_of(self.path)
        self.styles = self._target(self.rels, "/styles", self.path)
        self.sheets = self._sheets()
        self.marked: dict[tuple[int, str], int] = {}

    def annotate(self, told: Sequence[Complaint]) -> bytes:
        if any(name.startswith("xl/threadedComments/") for name in self.order):
            raise CannotAnnotateError("threaded comments")
        self._forget_last_time()
        for sheet, marks in self._marks(told).items():
            path = self.sheets.get(sheet)
            if path is not None:
                self._mark_sheet(path, marks)
        self._put_list_first(told)
        return self._written()

    # --- parts ------------------------------------------------------------------------------

    def tree(self, name: str) -> etree._Element:
        if name not in self.trees:
            self.trees[name] = etree.fromstring(self.parts[name], PARSER)
        return self.trees[name]

    def add(self, name: str, content: bytes) -> None:
        if name not in self.parts:
            self.order.append(name)
        self.parts[name] = content
        self.trees.pop(name, None)

    def _rels_of(self, part: str) -> str:
        folder, name = posixpath.split(part)
        return posixpath.join(folder, "_rels", f"{name}.rels")

    def _target(self, rels: str, kind: str, base: str) -> str:
        found = next(r for r in self.tree(rels) if r.get("Type", "").endswith(kind))
        return self._resolved(base, found.get("Target", ""))

    def _resolved(self, base: str, target: str) -> str:
        if target.startswith("/"):
            return target.lstrip("/")
        return posixpath.normpath(posixpath.join(posixpath.dirname(base), target))

    def _sheets(self) -> dict[str, str]:
        by_id = {r.get("Id", ""): r.get("Target", "") for r in self.tree(self.rels)}
        return {
            sheet.get("name", ""): self._resolved(self.path, by_id[sheet.get(_q("id", REL), "")])
            for sheet in self.tree(self.path).iter(_q("sheet"))
        }

    def _relate(self, part: str, kind: str, target: str) -> str:
        """Add a relationship to a part, and return its id."""
        rels = self._rels_of(part)
        if rels not in self.parts:
            self.add(rels, f'<Relationships xmlns="{PACKAGE}"/>'.encode())
        tree = self.tree(rels)
        taken = {r.get("Id") for r in tree}
        name = next(f"rSamlad{n}" for n in range(1, 10_000) if f"rSamlad{n}" not in taken)
        etree.SubElement(
            tree, _q("Relationship", PACKAGE), Id=name, Type=f"{REL}/{kind}", Target=target
        )
        return name

    def _declare(self, part: str, kind: str) -> None:
        types = self.tree("[Content_Types].xml")
        if not any(item.get("PartName") == f"/{part}" for item in types):
            etree.SubElement(types, _q("Override", TYPES), PartName=f"/{part}", ContentType=kind)

    def _written(self) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
            for name in self.order:
                content = self._content(name)
                entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                package.writestr(entry, content)
        return out.getvalue()

    def _content(self, name: str) -> bytes:
        """Return a part: as it came unless something in it has changed."""
        came = self.parts[name]
        now = self.trees.get(name)
        if now is None or etree.tostring(now) == etree.tostring(etree.fromstring(came, PARSER)):
            return came
        return etree.tostring(now, xml_declaration=True, encoding="UTF-8", standalone=True)

    # --- marks ------------------------------------------------------------------------------

    def _marks(self, told: Sequence[Complaint]) -> dict[str, dict[str, _Mark]]:
        marks: dict[str, dict[str, _Mark]] = defaultdict(dict)
        for complaint in told:
            if complaint.severity not in FILLS or complaint.is_settled:
                continue
            for finding in complaint.findings:
                place = finding.place
                if place is None or place.sheet is None or place.cell is None:
                    continue
                cell = place.cell.split(":")[0].replace("$", "")
                mark = marks[place.sheet].setdefault(cell, _Mark(complaint.severity, []))
                mark.texts.append(f"{finding.severity}: {finding.message}\n{finding.remedy}")
        return marks

    def _mark_sheet(self, path: str, marks: dict[str, _Mark]) -> None:
        root = self.tree(path)
        data = _child(root, "sheetData")
        for address, mark in marks.items():
            cell = _cell(data, address)
            style = self._style(int(cell.get("s", "0")), mark.severity)
            cell.set("s", str(style))
        self._comment(path, root, marks)

    def _style(self, base: int, severity: str) -> int:
        """Return the style of a cell with a fill and a thick edge put on it."""
        if (base, severity) not in self.marked:
            fill = self._append("fills", _fill(FILLS[severity]))
            edge = self._append("borders", _edge(LINES[severity]))
            self.marked[base, severity] = self._look(base, fillId=fill, borderId=edge)
        return self.marked[base, severity]

    def _look(self, base: int, **changes: int) -> int:
        looks = _child(self.tree(self.styles), "cellXfs")
        look = etree.fromstring(etree.tostring(looks[base]), PARSER)
        for name, number in changes.items():
            look.set(name, str(number))
        look.set("applyFill", "1")
        look.set("applyBorder", "1")
        looks.append(look)
        looks.set("count", str(len(looks)))
        return len(looks) - 1

    def _append(self, collection: str, element: etree._Element) -> int:
        found = _child(self.tree(self.styles), collection)
        found.append(element)
        found.set("count", str(len(found)))
        return len(found) - 1

    def _forget_last_time(self) -> None:
        """Take away the marks and comments of an earlier copy, which the board has mended."""
        for path in self.sheets.values():
            known = self._related(path)
            if "comments" in known and "vmlDrawing" in known:
                self._forget_comments(known["comments"], known["vmlDrawing"])
        looks = _child(self.tree(self.styles), "cellXfs")
        fills = _child(self.tree(self.styles), "fills")
        ours = {
            number
            for number, fill in enumerate(fills)
            if any(c.get("rgb") in FILLS.values() for c in fill.iter(_q("fgColor")))
        }
        old = [n for n, look in enumerate(looks) if int(look.get("fillId", "0")) in ours]
        if not old:
            return
        plain = self._append("fills", _fill(INPUT))
        edge = self._append("borders", _edge("FFB9C3CC", "thin"))
        back = {n: self._look(n, fillId=plain, borderId=edge) for n in old}
        for path in self.sheets.values():
            for cell in self.tree(path).iter(_q("c")):
                if int(cell.get("s", "0")) in back:
                    cell.set("s", str(back[int(cell.get("s", "0"))]))

    def _forget_comments(self, comments: str, drawing: str) -> None:
        """Take our comments away, known by their words: programs that save forget the author."""
        listed = _child(self.tree(comments), "commentList")
        shapes = self.parts[drawing].decode("utf-8", "surrogateescape")
        for comment in list(listed):
            words = "".join(map(str, comment.itertext()))
            if words.startswith(tuple(f"{severity}: " for severity in FILLS)):
                listed.remove(comment)
                shapes = _without_shape(shapes, comment.get("ref", ""))
        self.parts[drawing] = shapes.encode("utf-8", "surrogateescape")

    def _related(self, path: str) -> dict[str, str]:
        """Return the parts that a sheet has, by kind."""
        rels = self._rels_of(path)
        return {
            r.get("Type", "").rpartition("/")[2]: self._resolved(path, r.get("Target", ""))
            for r in (self.tree(rels) if rels in self.parts else ())
        }

    # --- comments ---------------------------------------------------------------------------

    def _comment(self, path: str, root: etree._Element, marks: dict[str, _Mark]) -> None:
        known = self._related(path)
        if "comments" in known and "vmlDrawing" in known:
            self._add_comments(known["comments"], known["vmlDrawing"], marks)
            return
        number = posixpath.splitext(posixpath.basename(path))[0]
        comments, drawing = f"xl/samlad-{number}.xml", f"xl/drawings/samlad-{number}.vml"
        self.add(comments, f'<comments xmlns="{MAIN}"><authors/><commentList/></comments>'.encode())
        self.add(drawing, _VML.encode())
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
        self._declare(comments, kind)
        self._declare(drawing, "application/vnd.openxmlformats-officedocument.vmlDrawing")
        self._relate(path, "comments", f"/{comments}")
        name = self._relate(path, "vmlDrawing", f"/{drawing}")
        legacy = etree.Element(_q("legacyDrawing"))
        legacy.set(_q("id", REL), name)
        after = [n for n, child in enumerate(root) if _local(child) in _BEFORE_LEGACY]
        root.insert(after[-1] + 1 if after else len(root), legacy)
        self._add_comments(comments, drawing, marks)

    def _add_comments(self, comments: str, drawing: str, marks: dict[str, _Mark]) -> None:
        root = self.tree(comments)
        authors, listed = _child(root, "authors"), _child(root, "commentList")
        names = [author.text for author in authors]
        if AUTHOR not in names:
            etree.SubElement(authors, _q("author")).text = AUTHOR
            names.append(AUTHOR)
        ours = str(names.index(AUTHOR))
        shapes = self.parts[drawing].decode("utf-8", "surrogateescape")
        taken = {comment.get("ref") for comment in listed}
        new = {address: mark for address, mark in marks.items() if address not in taken}
        for address, mark in new.items():
            one = etree.SubElement(listed, _q("comment"), ref=address, authorId=ours)
            text = etree.SubElement(etree.SubElement(one, _q("text")), _q("t"))
            text.text = "\n\n".join(mark.texts)
        listed[:] = sorted(listed, key=lambda c: _row_column(c.get("ref", "A1")))
        added = "".join(_shape(address) for address in new)
        shapes = re.sub(r"</(xml|[a-z0-9]+:xml)>\s*$", lambda m: added + m[0], shapes)
        self.parts[drawing] = shapes.encode("utf-8", "surrogateescape")

    # --- the first sheet --------------------------------------------------------------------

    def _put_list_first(self, told: Sequence[Complaint]) -> None:
        title = self.layout.findings_sheet
        book = self.tree(self.path)
        sheets = _child(book, "sheets")
        path = self.sheets.get(title)
        if path is None:
            path = "xl/worksheets/samlad-att-atgarda.xml"
            kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
            self._declare(path, kind)
            name = self._relate(self.path, "worksheet", f"/{path}")
            number = max(int(s.get("sheetId", "0")) for s in sheets) + 1
            sheet = etree.Element(_q("sheet"), name=title, sheetId=str(number))
            sheet.set(_q("id", REL), name)
            sheets.insert(0, sheet)
            self._shift_names(book)
        self.add(path, _ListSheet(told, self.layout, self._looks(), self.sheets).xml())
        self._show_first(book)

    def _shift_names(self, book: etree._Element) -> None:
        for name in book.iter(_q("definedName")):
            if name.get("localSheetId") is not None:
                name.set("localSheetId", str(int(name.get("localSheetId", "0")) + 1))

    def _show_first(self, book: etree._Element) -> None:
        for view in book.iter(_q("workbookView")):
            view.set("activeTab", "0")
            view.set("firstSheet", "0")
        for name, path in self.sheets.items():
            if name == self.layout.findings_sheet:
                continue
            for view in self.tree(path).iter(_q("sheetView")):
                if view.get("tabSelected") is not None:
                    del view.attrib["tabSelected"]

    def _looks(self) -> dict[str, int]:
        """Return the styles of the list: head, text, link and answer."""
        head, answer = _fill("FF1F4E5F"), _fill(INPUT)
        edge = self._append("borders", _edge("FFB9C3CC", "thin"))
        white = self._append("fonts", _font("<b/>", "FFFFFFFF"))
        link = self._append("fonts", _font("<u/>", "FF0F4C75"))
        title = self._append("fonts", _font("<b/>", "FF1F2A37", 16))
        looks = {
            "head": self._look(0, fontId=white, fillId=self._append("fills", head), borderId=edge),
            "text": self._look(0, borderId=edge),
            "link": self._look(0, fontId=link, borderId=edge),
            "title": self._look(0, fontId=title),
            "answer": self._look(0, fillId=self._append("fills", answer), borderId=edge),
        }
        xfs = _child(self.tree(self.styles), "cellXfs")
        for name, at in looks.items():
            xfs[at].set("applyFont", "1")
            if name == "title":
                continue
            for old in xfs[at].findall(_q("alignment")):
                xfs[at].remove(old)
            xfs[at].set("applyAlignment", "1")
            xfs[at].insert(0, etree.Element(_q("alignment"), vertical="top", wrapText="1"))
        xfs[looks["answer"]].set("applyProtection", "1")
        etree.SubElement(xfs[looks["answer"]], _q("protection"), locked="0")
        return looks


class _ListSheet:
    """The sheet "Att åtgärda": a row per complaint, a link to its cell, a cell for the answer."""

    def __init__(
        self,
        told: Sequence[Complaint],
        layout: Layout,
        looks: dict[str, int],
        sheets: dict[str, str],
    ) -> None:
        self.told = [one for one in told if not one.is_settled]
        self.layout = layout
        self.looks = looks
        self.sheets = sheets
        self.links: list[tuple[str, str]] = []

    def xml(self) -> bytes:
        words = self.layout.findings
        rows = [self._row(1, [(words["title"], "title")])]
        rows.append(self._row(2, [(words["intro"] if self.told else words["none"], "")]))
        rows.append(self._row(4, [(heading, "head") for heading in words["headings"]]))
        at = 5
        for number, complaint in enumerate(self.told, start=1):
            for finding in complaint.findings:
                rows.append(self._row(at, self._cells(number, at, complaint, finding)))
                at += 1
        return self._sheet("".join(rows)).encode()

    def _cells(
        self, number: int, at: int, complaint: Complaint, finding: Finding
    ) -> list[tuple[str, str]]:
        place = finding.place
        where, look = (place.in_words() if place else "hela filen"), "text"
        if place and place.cell and place.sheet in self.sheets:
            self.links.append((f"D{at}", f"'{place.sheet}'!{place.cell.split(':')[0]}"))
            look = "link"
        asks = complaint.severity == "FRÅGA"
        return [
            (str(number), "text"),
            (complaint.severity, "text"),
            (self.layout.group_labels.get(finding.group or "", ""), "text"),
            (where, look),
            (finding.message, "text"),
            (finding.remedy, "text"),
            (finding.written or "", "text"),
            (finding.expected or "", "text"),
            ("", "answer" if asks else "text"),
            (finding.key, "text"),
            (finding.basis, "text"),
        ]

    def _row(self, at: int, cells: Sequence[tuple[str, str]]) -> str:
        filled = "".join(
            f'<c r="{chr(65 + n)}{at}" t="inlineStr"'
            f"{' s=' + quoteattr(str(self.looks[look])) if look else ''}>"
            f'<is><t xml:space="preserve">{escape(_clean(text))}</t></is></c>'
            for n, (text, look) in enumerate(cells)
        )
        lines = max(
            len(textwrap.wrap(text, w)) or 1 for (text, _), w in zip(cells, WIDTHS, strict=False)
        )
        height = f' ht="{15 * lines + 3}" customHeight="1"' if len(cells) > 1 else ""
        return f'<row r="{at}"{height}>{filled}</row>'

    def _sheet(self, rows: str) -> str:
        cols = "".join(
            f'<col min="{n}" max="{n}" width="{w}" customWidth="1"/>'
            for n, w in enumerate(WIDTHS, start=1)
        )
        links = "".join(
            f"<hyperlink ref={quoteattr(ref)} location={quoteattr(to)} display={quoteattr(to)}/>"
            for ref, to in self.links
        )
        return (
            f'<worksheet xmlns="{MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
            '<sheetViews><sheetView tabSelected="1" workbookViewId="0">'
            '<pane ySplit="4" topLeftCell="A5" activePane="bottomLeft" state="frozen"/>'
            f'</sheetView></sheetViews><cols>{cols}<col min="10" max="11" width="14" hidden="1" '
            f'customWidth="1"/></cols><sheetData>{rows}</sheetData>'
            '<sheetProtection sheet="1" objects="1" scenarios="1" formatColumns="0" '
            'formatRows="0"/>'
            + (f"<hyperlinks>{links}</hyperlinks>" if links else "")
            + '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" '
            'footer="0.3"/><pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
            "</worksheet>"
        )


# --- small pieces of a workbook ---------------------------------------------------------------


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname


def _child(parent: etree._Element, name: str) -> etree._Element:
    found = parent.find(_q(name))
    if found is None:
        raise CannotAnnotateError(f"no {name}")
    return found


def _row_column(address: str) -> tuple[int, int]:
    letters, row = coordinate_from_string(address)
    return row, column_index_from_string(letters)


def _cell(data: etree._Element, address: str) -> etree._Element:
    """Return a cell of a sheet, put in its place where it was empty and not there."""
    row_number, column = _row_column(address)
    row = next((r for r in data if int(r.get("r", "0")) == row_number), None)
    if row is None:
        row = etree.Element(_q("row"), r=str(row_number))
        after = [n for n, r in enumerate(data) if int(r.get("r", "0")) < row_number]
        data.insert(after[-1] + 1 if after else 0, row)
    for at, cell in enumerate(row):
        found = _row_column(cell.get("r", "A1"))[1]
        if found == column:
            return cell
        if found > column:
            cell = etree.Element(_q("c"), r=address)  # noqa: PLW2901 - the new one before it
            row.insert(at, cell)
            return cell
    return etree.SubElement(row, _q("c"), r=address)


def _fill(colour: str) -> etree._Element:
    return etree.fromstring(
        f'<fill xmlns="{MAIN}"><patternFill patternType="solid"><fgColor rgb="{colour}"/>'
        '<bgColor indexed="64"/></patternFill></fill>',
        PARSER,
    )


def _edge(colour: str, style: str = "thick") -> etree._Element:
    sides = "".join(
        f'<{side} style="{style}"><color rgb="{colour}"/></{side}>'
        for side in ("left", "right", "top", "bottom")
    )
    return etree.fromstring(f'<border xmlns="{MAIN}">{sides}<diagonal/></border>', PARSER)


def _font(kind: str, colour: str, size: int = 11) -> etree._Element:
    return etree.fromstring(
        f'<font xmlns="{MAIN}">{kind}<sz val="{size}"/><color rgb="{colour}"/>'
        '<name val="Calibri"/><family val="2"/></font>',
        PARSER,
    )


def _clean(text: str) -> str:
    """Return text without what XML cannot hold, cut to what a cell can."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", " ", text)[:32_000]


_VML = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit">'
    '<o:idmap v:ext="edit" data="1"/></o:shapelayout><v:shapetype id="_x0000_t202" '
    'coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke '
    'joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>'
)


def _shape(address: str) -> str:
    row, column = _row_column(address)
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
    row, column = _row_column(address)
    kept = []
    for part in re.split(r"(<v:shape [\s\S]*?</v:shape>)", shapes):
        ours = re.search(rf"<x:Row>\s*{row - 1}\s*</x:Row>", part)
        here = re.search(rf"<x:Column>\s*{column - 1}\s*</x:Column>", part)
        if not (part.startswith("<v:shape ") and ours and here):
            kept.append(part)
    return "".join(kept)
