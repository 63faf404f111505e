"""How marked cells look: a fill and a thick edge on top of what they had, taken off when mended."""

from __future__ import annotations

from lxml import etree

from tasks.annotating.parts import MAIN, PARSER, Parts, child, q

FILLS = {"STOPP": "FFFFC9B8", "FRÅGA": "FFFFE08A"}
LINES = {"STOPP": "FF8C1D18", "FRÅGA": "FF7A4B00"}
INPUT = "FFFFF9DB"
"""The fill of the form's input cells: what an old mark gives back when it is mended."""


class Looks:
    """The cell styles of a workbook; new ones are put last, so that the old keep their numbers."""

    def __init__(self, parts: Parts) -> None:
        """Take the workbook whose styles are added to."""
        self.parts = parts
        self.marked: dict[tuple[int, str, bool], int] = {}

    def mark(self, cell: etree._Element, severity: str) -> None:
        """Give a cell the look of a fault.

        A cell that had no look of its own was not there before: it is one to write in, and must
        not be locked by what locks the sheet.
        """
        is_new = cell.get("s") is None
        key = (int(cell.get("s", "0")), severity, is_new)
        if key not in self.marked:
            fill = self._append("fills", fill_of(FILLS[severity]))
            edge = self._append("borders", edge_of(LINES[severity]))
            self.marked[key] = self._look(key[0], fillId=fill, borderId=edge)
            if is_new:
                self._unlock(self.marked[key])
        cell.set("s", str(self.marked[key]))

    def forget(self) -> None:
        """Take away the marks of an earlier copy, which the board has mended."""
        fills = child(self.parts.tree(self.parts.styles), "fills")
        ours = {
            number
            for number, fill in enumerate(fills)
            if any(c.get("rgb") in FILLS.values() for c in fill.iter(q("fgColor")))
        }
        old = [n for n, look in enumerate(self._all()) if int(look.get("fillId", "0")) in ours]
        if not old:
            return
        plain = self._append("fills", fill_of(INPUT))
        edge = self._append("borders", edge_of("FFB9C3CC", "thin"))
        back = {n: self._look(n, fillId=plain, borderId=edge) for n in old}
        for path in self.parts.sheets.values():
            for cell in self.parts.tree(path).iter(q("c")):
                if int(cell.get("s", "0")) in back:
                    cell.set("s", str(back[int(cell.get("s", "0"))]))

    def of_list(self) -> dict[str, int]:
        """Return the styles of the list: head, text, link, title and answer."""
        edge = self._append("borders", edge_of("FFB9C3CC", "thin"))
        white = self._append("fonts", _font("<b/>", "FFFFFFFF"))
        link = self._append("fonts", _font("<u/>", "FF0F4C75"))
        title = self._append("fonts", _font("<b/>", "FF1F2A37", 16))
        head, answer = (self._append("fills", fill_of(c)) for c in ("FF1F4E5F", INPUT))
        looks = {
            "head": self._look(0, fontId=white, fillId=head, borderId=edge),
            "text": self._look(0, borderId=edge),
            "link": self._look(0, fontId=link, borderId=edge),
            "title": self._look(0, fontId=title),
            "answer": self._look(0, fillId=answer, borderId=edge),
        }
        for name, at in looks.items():
            look = self._all()[at]
            look.set("applyFont", "1")
            if name != "title":
                _set_first(look, "alignment", {"vertical": "top", "wrapText": "1"})
                look.set("applyAlignment", "1")
        self._unlock(looks["answer"])
        return looks

    def _all(self) -> etree._Element:
        return child(self.parts.tree(self.parts.styles), "cellXfs")

    def _unlock(self, number: int) -> None:
        look = self._all()[number]
        for old in look.findall(q("protection")):
            look.remove(old)
        look.set("applyProtection", "1")
        etree.SubElement(look, q("protection"), locked="0")

    def _look(self, base: int, **changes: int) -> int:
        looks = self._all()
        look = etree.fromstring(etree.tostring(looks[base]), PARSER)
        for name, number in changes.items():
            look.set(name, str(number))
        look.set("applyFill", "1")
        look.set("applyBorder", "1")
        looks.append(look)
        looks.set("count", str(len(looks)))
        return len(looks) - 1

    def _append(self, collection: str, element: etree._Element) -> int:
        found = child(self.parts.tree(self.parts.styles), collection)
        found.append(element)
        found.set("count", str(len(found)))
        return len(found) - 1


def _set_first(look: etree._Element, name: str, marks: dict[str, str]) -> None:
    for old in look.findall(q(name)):
        look.remove(old)
    look.insert(0, etree.Element(q(name), marks))


def fill_of(colour: str) -> etree._Element:
    """Return a solid fill of a colour such as `FFFFE08A`."""
    return etree.fromstring(
        f'<fill xmlns="{MAIN}"><patternFill patternType="solid"><fgColor rgb="{colour}"/>'
        '<bgColor indexed="64"/></patternFill></fill>',
        PARSER,
    )


def edge_of(colour: str, style: str = "thick") -> etree._Element:
    """Return an edge on all four sides."""
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
