"""The board's own workbook back, with every fault marked at its cell and listed on a first sheet.

The file is not written anew: its parts are copied byte for byte, and only what is marked is
touched (the sheets' cells get a style, a note is added, a sheet is put first). So every value,
formula, chart and setting stays. Where that cannot be done safely, there is no copy but a list.
"""

from __future__ import annotations

import zipfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from expectations.complaints import Complaint, complaints
from expectations.contract import GivenAnswer
from expectations.form_layout import Layout, load_layouts, newest
from expectations.verdicts import Finding
from tasks.annotating.findings_sheet import findings_sheet
from tasks.annotating.looks import FILLS, Looks
from tasks.annotating.notes import forget_notes, put_notes
from tasks.annotating.parts import REL, CannotAnnotateError, Parts, cell_at, child, q

__all__ = ["CannotAnnotateError", "annotated"]


def annotated(
    data: bytes, findings: Sequence[Finding], answers: Sequence[GivenAnswer] = ()
) -> bytes:
    """Return the workbook with the findings of that document marked, listed and answerable.

    `answers` are those that stand in the file: they are carried along. Same inputs, same bytes.
    Raises CannotAnnotateError where the file cannot be marked safely.
    """
    written = {given.finding: given.text for given in answers}
    try:
        return _annotated(Parts(data), complaints(findings), written)
    except (zipfile.BadZipFile, etree.XMLSyntaxError, KeyError, ValueError, StopIteration):
        raise CannotAnnotateError("unsafe") from None


def _annotated(parts: Parts, told: Sequence[Complaint], written: Mapping[str, str]) -> bytes:
    if any(name.startswith("xl/threadedComments/") for name in parts.order):
        raise CannotAnnotateError("threads")
    layout, looks = newest(load_layouts()), Looks(parts)
    forget_notes(parts)
    looks.forget()
    for sheet, marks in _marks(told).items():
        path = parts.sheets.get(sheet)
        if path is None:
            continue
        data = child(parts.tree(path), "sheetData")
        for address, mark in marks.items():
            looks.mark(cell_at(data, address), mark.severity)
        put_notes(parts, path, {address: mark.texts for address, mark in marks.items()})
    _put_list_first(parts, told, layout, looks, written)
    return parts.written()


@dataclass
class _Mark:
    """One marked cell: the heaviest severity there and all that is said of it."""

    severity: str
    texts: list[str]


def _marks(told: Sequence[Complaint]) -> dict[str, dict[str, _Mark]]:
    """Return the marks by sheet and cell; the complaints come with the heaviest first."""
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


# --- the first sheet ------------------------------------------------------------------------------


def _put_list_first(
    parts: Parts,
    told: Sequence[Complaint],
    layout: Layout,
    looks: Looks,
    written: Mapping[str, str],
) -> None:
    title = layout.findings_sheet
    book = parts.tree(parts.book)
    path = parts.sheets.get(title)
    if path is None:
        path = "xl/worksheets/samlad-att-atgarda.xml"
        _put_sheet(parts, book, title, path)
    sheet = findings_sheet(
        told, layout, looks=looks.of_list(), sheets=parts.sheets, written=written
    )
    parts.add(path, sheet)
    _show_first(parts, book, title)


def _put_sheet(parts: Parts, book: etree._Element, title: str, path: str) -> None:
    """Put a sheet before the others; names that hold for one sheet follow their own."""
    sheets = child(book, "sheets")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
    parts.declare(path, kind)
    number = max(int(s.get("sheetId", "0")) for s in sheets) + 1
    sheet = etree.Element(q("sheet"), name=title, sheetId=str(number))
    sheet.set(q("id", REL), parts.relate(parts.book, "worksheet", f"/{path}"))
    sheets.insert(0, sheet)
    for name in book.iter(q("definedName")):
        if name.get("localSheetId") is not None:
            name.set("localSheetId", str(int(name.get("localSheetId", "0")) + 1))


def _show_first(parts: Parts, book: etree._Element, title: str) -> None:
    for view in book.iter(q("workbookView")):
        view.set("activeTab", "0")
        view.set("firstSheet", "0")
    for name, path in parts.sheets.items():
        if name == title:
            continue
        for view in parts.tree(path).iter(q("sheetView")):
            if view.get("tabSelected") is not None:
                del view.attrib["tabSelected"]
