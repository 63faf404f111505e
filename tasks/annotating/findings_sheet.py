"""The sheet "Att åtgärda": a row per finding, a link to its cell, and a cell for the answer.

What has been answered stands last with its answer, so that it goes along when the file is handed
in; an answer to an earlier round or value is told of and never put in the cell.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from expectations.complaints import Complaint
from expectations.form_layout import Layout
from expectations.verdicts import Finding
from tasks.annotating.parts import MAIN

WIDTHS = (5, 10, 22, 24, 48, 48, 16, 16, 40)
"""Widths of the columns that are shown, in characters."""
FIRST_ROW = 5
MOST_TEXT = 32_000


def findings_sheet(
    told: Sequence[Complaint],
    layout: Layout,
    *,
    looks: Mapping[str, int],
    sheets: Mapping[str, str],
    written: Mapping[str, str],
) -> bytes:
    """Return the sheet as XML. `written` are the answers that stood in the file, by finding."""
    return _Sheet(told, layout, looks, sheets, written).xml()


def is_listed(complaint: Complaint) -> bool:
    """Say whether a complaint stands in the list: what is waived needs nothing of the board."""
    answer = complaint.answer
    return not complaint.is_settled or (answer is not None and answer.kind == "answer")


class _Sheet:
    def __init__(
        self,
        told: Sequence[Complaint],
        layout: Layout,
        looks: Mapping[str, int],
        sheets: Mapping[str, str],
        written: Mapping[str, str],
    ) -> None:
        self.told = [one for one in told if is_listed(one)]
        self.layout = layout
        self.looks = looks
        self.sheets = sheets
        self.written = written
        self.links: list[tuple[str, str]] = []

    def xml(self) -> bytes:
        words = self.layout.findings
        is_open = any(not one.is_settled for one in self.told)
        rows = [self._row(1, [(words["title"], "title")])]
        rows.append(self._row(2, [(words["intro"] if is_open else words["none"], "")]))
        rows.append(self._row(4, [(heading, "head") for heading in words["headings"]]))
        at = FIRST_ROW
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
            self.links.append((f"D{at}", _link(place.sheet or "", place.cell)))
            look = "link"
        asks = complaint.severity == "FRÅGA"
        given = finding.answer.text if finding.answer and finding.is_settled else ""
        return [
            (str(number), "text"),
            (f"{complaint.severity}, besvarad" if given else complaint.severity, "text"),
            (self.layout.group_labels.get(finding.group or "", ""), "text"),
            (where, look),
            (finding.message, "text"),
            (self._advice(finding, given), "text"),
            (finding.written or "", "text"),
            (finding.expected or "", "text"),
            (given, "answer" if asks else "text"),
            (finding.key, "text"),
            (finding.basis, "text"),
        ]

    def _advice(self, finding: Finding, given: str) -> str:
        """Return what to do, with an earlier answer that does not count as it stands."""
        if given or finding.severity != "FRÅGA":
            return finding.remedy
        earlier = self.written.get(finding.key)
        if earlier:
            fixed = self.layout.findings["changed"]
        elif finding.answer is not None and finding.answer.kind == "answer":
            earlier, fixed = finding.answer.text, self.layout.findings["offered"]
        else:
            return finding.remedy
        return f"{finding.remedy} {fixed.format(answer=earlier)}"

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


def _link(sheet: str, cell: str) -> str:
    """Return where a link leads; an apostrophe in a sheet's name is written twice."""
    quoted = sheet.replace("'", "''")
    return f"'{quoted}'!{cell.split(':', maxsplit=1)[0]}"


def _clean(text: str) -> str:
    """Return text without what XML cannot hold, cut to what a cell can."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", " ", text)[:MOST_TEXT]
