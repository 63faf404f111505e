"""A workbook as the parts of its package: what is touched is parsed, all else stays as it came."""

from __future__ import annotations

import io
import posixpath
import zipfile

from lxml import etree
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


class CannotAnnotateError(Exception):
    """A marked copy would lose something, or cannot be made: the list is given alone.

    `reason` is a key of the words that tell the board why: `threads` or `unsafe`.
    """

    def __init__(self, reason: str) -> None:
        """Keep the reason."""
        super().__init__(reason)
        self.reason = reason


def q(name: str, space: str = MAIN) -> str:
    """Return the qualified name of an element or attribute."""
    return f"{{{space}}}{name}"


def local(element: etree._Element) -> str:
    """Return an element's name without its namespace."""
    return etree.QName(element).localname


def child(parent: etree._Element, name: str) -> etree._Element:
    """Return a child that has to be there; CannotAnnotateError where it is not."""
    found = parent.find(q(name))
    if found is None:
        raise CannotAnnotateError("unsafe")
    return found


def row_column(address: str) -> tuple[int, int]:
    """Return row and column, from 1, of an address such as `F6`."""
    letters, row = coordinate_from_string(address)
    return row, column_index_from_string(letters)


class Parts:
    """The parts of a workbook by name, and what they say of each other."""

    def __init__(self, data: bytes) -> None:
        """Open a workbook; KeyError or BadZipFile where it is none."""
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            self.order = [entry.filename for entry in package.infolist()]
            self.content = {name: package.read(name) for name in self.order}
        self.trees: dict[str, etree._Element] = {}
        self.book = self._target("_rels/.rels", "/officeDocument", "")
        self.styles = self._target(self.rels_of(self.book), "/styles", self.book)
        self.sheets = self._sheets()

    def tree(self, name: str) -> etree._Element:
        """Return a part as a tree; what is changed in it is written."""
        if name not in self.trees:
            self.trees[name] = etree.fromstring(self.content[name], PARSER)
        return self.trees[name]

    def add(self, name: str, content: bytes) -> None:
        """Put a part in, or another in its place."""
        if name not in self.content:
            self.order.append(name)
        self.content[name] = content
        self.trees.pop(name, None)

    def rels_of(self, part: str) -> str:
        """Return the name of the part that holds a part's relationships."""
        folder, name = posixpath.split(part)
        return posixpath.join(folder, "_rels", f"{name}.rels")

    def related(self, path: str) -> dict[str, str]:
        """Return the parts that a sheet has, by kind."""
        rels = self.rels_of(path)
        return {
            r.get("Type", "").rpartition("/")[2]: self._resolved(path, r.get("Target", ""))
            for r in (self.tree(rels) if rels in self.content else ())
        }

    def relate(self, part: str, kind: str, target: str) -> str:
        """Add a relationship to a part, and return its id."""
        rels = self.rels_of(part)
        if rels not in self.content:
            self.add(rels, f'<Relationships xmlns="{PACKAGE}"/>'.encode())
        tree = self.tree(rels)
        taken = {r.get("Id") for r in tree}
        name = next(f"rSamlad{n}" for n in range(1, 10_000) if f"rSamlad{n}" not in taken)
        etree.SubElement(
            tree, q("Relationship", PACKAGE), Id=name, Type=f"{REL}/{kind}", Target=target
        )
        return name

    def declare(self, part: str, kind: str) -> None:
        """Say what kind of content a part of ours has."""
        types = self.tree("[Content_Types].xml")
        if not any(item.get("PartName") == f"/{part}" for item in types):
            etree.SubElement(types, q("Override", TYPES), PartName=f"/{part}", ContentType=kind)

    def written(self) -> bytes:
        """Return the workbook: the same parts give the same bytes."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
            for name in self.order:
                entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                package.writestr(entry, self._now(name))
        return out.getvalue()

    def _now(self, name: str) -> bytes:
        """Return a part: as it came unless something in it has changed."""
        came = self.content[name]
        now = self.trees.get(name)
        if now is None or etree.tostring(now) == etree.tostring(etree.fromstring(came, PARSER)):
            return came
        return etree.tostring(now, xml_declaration=True, encoding="UTF-8", standalone=True)

    def _target(self, rels: str, kind: str, base: str) -> str:
        found = next(r for r in self.tree(rels) if r.get("Type", "").endswith(kind))
        return self._resolved(base, found.get("Target", ""))

    def _resolved(self, base: str, target: str) -> str:
        if target.startswith("/"):
            return target.lstrip("/")
        return posixpath.normpath(posixpath.join(posixpath.dirname(base), target))

    def _sheets(self) -> dict[str, str]:
        by_id = {r.get("Id", ""): r.get("Target", "") for r in self.tree(self.rels_of(self.book))}
        return {
            sheet.get("name", ""): self._resolved(self.book, by_id[sheet.get(q("id", REL), "")])
            for sheet in self.tree(self.book).iter(q("sheet"))
        }


def cell_at(data: etree._Element, address: str) -> etree._Element:
    """Return a cell of a sheet's data, put in its place where it was empty and not there."""
    row_number, column = row_column(address)
    row = next((r for r in data if int(r.get("r", "0")) == row_number), None)
    if row is None:
        row = etree.Element(q("row"), r=str(row_number))
        after = [n for n, r in enumerate(data) if int(r.get("r", "0")) < row_number]
        data.insert(after[-1] + 1 if after else 0, row)
    for at, cell in enumerate(row):
        found = row_column(cell.get("r", "A1"))[1]
        if found == column:
            return cell
        if found > column:
            new = etree.Element(q("c"), r=address)
            row.insert(at, new)
            return new
    return etree.SubElement(row, q("c"), r=address)
