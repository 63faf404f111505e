"""A PDF written by hand, as old systems write them: words at places, one font, nothing else.

No rules, no structure, no font inside the file. Numbers are set to the right of their column.
"""

from __future__ import annotations

from collections.abc import Iterator

from examples.reading.source import Block, Grid, Source

_SIZE, _LEADING = 9.0, 13.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 55.0, 545.0, 790.0, 60.0
_LABEL = 165.0
_PER_LETTER = 0.5
"""Letters of Helvetica are about half as wide as high; digits are 0.556."""
_WIDE = 0.556
_LINE = 96
_LONG = 18


def plain_pdf(source: Source) -> bytes:
    """Return the specimen as such a PDF."""
    sheet = _Sheet(source.told.get("runner", ""))
    for block in source.blocks:
        if not block.text and block.table is None:
            sheet.turn()
        elif block.table is not None:
            sheet.table(block.table)
        elif block.level:
            sheet.line(block.text, size=_SIZE + 2.0 * (4 - block.level))
        else:
            sheet.paragraph(block)
    return _file(sheet.pages)


class _Sheet:
    """Pages while they are written, each a list of drawing orders."""

    def __init__(self, runner: str) -> None:
        self.runner = runner
        self.pages: list[list[str]] = []
        self.turn()

    def turn(self) -> None:
        self.pages.append([])
        self.height = _TOP
        if self.runner:
            said = self.runner.format(page=len(self.pages), pages=9)
            self._draw(said, _LEFT, _SIZE - 1)
            self.height -= 2 * _LEADING

    def line(self, text: str, size: float = _SIZE) -> None:
        self._room(2 * _LEADING)
        self.height -= _LEADING / 2
        self._draw(text, _LEFT, size)
        self.height -= _LEADING + size / 3

    def paragraph(self, block: Block) -> None:
        for said in block.text.split("\n"):
            row = ""
            for word in [*said.split(), ""]:
                if not word or len(row) + len(word) > _LINE:
                    self._room(_LEADING)
                    self._draw(row, _LEFT, _SIZE)
                    self.height -= _LEADING
                    row = ""
                row = f"{row} {word}".strip()
        self.height -= _LEADING / 2

    def table(self, table: Grid) -> None:
        rows = (*table.header, *table.rows)
        count = max(len(row) for row in rows)
        ends = list(_ends(rows, count))
        for row in rows:
            deep = max(cell.count("¶") + 1 for cell in row)
            self._room(deep * _LEADING)
            for at, cell in enumerate(row):
                for down, part in enumerate(cell.split("¶")):
                    self._cell(part, at, ends, down)
            self.height -= deep * _LEADING
        self.height -= _LEADING

    def _cell(self, text: str, at: int, ends: list[float], down: int) -> None:
        left = _LEFT if at == 0 else ends[at - 1] + 6
        right = at > 0 and len(text) < _LONG
        start = ends[at] - len(text) * _SIZE * _WIDE if right else left
        self._draw(text, start, _SIZE, self.height - down * _LEADING)

    def _room(self, wanted: float) -> None:
        if self.height - wanted < _BOTTOM:
            self.turn()

    def _draw(self, text: str, left: float, size: float, height: float | None = None) -> None:
        at = self.height if height is None else height
        safe = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        if text:
            self.pages[-1].append(f"BT /F {size:g} Tf {left:.1f} {at:.1f} Td ({safe}) Tj ET")


def _ends(rows: tuple[tuple[str, ...], ...], count: int) -> Iterator[float]:
    """Yield where each column ends; the widest cells get the most room."""
    widths = [
        max((len(part) for row in rows if at < len(row) for part in row[at].split("¶")), default=1)
        for at in range(count)
    ]
    label = max(_LABEL if count > 2 else 0, widths[0] * _SIZE * _PER_LETTER)  # noqa: PLR2004
    label = min(label, 230)
    rest = _RIGHT - _LEFT - label
    whole = sum(widths[1:]) or 1
    end = _LEFT + label
    yield end
    for width in widths[1:]:
        end += rest * width / whole
        yield end


def _file(pages: list[list[str]]) -> bytes:
    kids = " ".join(f"{4 + 2 * at} 0 R" for at in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for at, page in enumerate(pages):
        drawn = "\n".join(page).encode("cp1252", errors="replace")
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]"
            b" /Resources << /Font << /F 3 0 R >> >>" + f" /Contents {5 + 2 * at} 0 R >>".encode()
        )
        objects.append(f"<< /Length {len(drawn)} >>\nstream\n".encode() + drawn + b"\nendstream")
    made = b"%PDF-1.4\n"
    starts = []
    for number, content in enumerate(objects, start=1):
        starts.append(len(made))
        made += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = "".join(f"{start:010} 00000 n \n" for start in starts)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    tail = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(made)}\n%%EOF\n"
    return made + (end + tail).encode()
