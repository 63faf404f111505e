"""What stands around a figure in its document, for somebody who follows it back.

A picture of the page, the cells beside it or the lines about it. Runs in the sandbox: the file is
still foreign.
"""
# ruff: noqa: PLC0415 - each kind of file loads its own library

from __future__ import annotations

import base64
import io
from dataclasses import asdict, dataclass
from typing import Any

from expectations.contract import Place
from tasks.readers.file_checks import check_file
from tasks.readers.opening import as_pages

ROWS, COLUMNS, LINES = 4, 3, 4
MARGIN = 70.0
"""Points of the page above and below the figure."""
SCALE = 1.6


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is shown: one of the three, or nothing where the place says too little.

    `cells` are rows of (address, text, is it the figure); `lines` are (number, before, the
    figure, after); `picture` is a PNG in base64.
    """

    cells: tuple[tuple[tuple[str, str, bool], ...], ...] = ()
    lines: tuple[tuple[int, str, str, str], ...] = ()
    picture: str = ""


def surroundings(data: bytes, name: str, place: Place) -> dict[str, Any]:
    """Return what stands around a place, as JSON; RefusedError where the file cannot be opened."""
    kind = check_file(data, name)
    if kind == "workbook" and place.sheet and place.cell:
        return asdict(_cells(data, place.sheet, place.cell))
    if kind == "pdf" and place.page:
        return asdict(_page(data, place))
    if kind in ("docx", "text", "pdf") and place.line:
        return asdict(_lines(kind, data, place))
    return asdict(Surroundings())


def _cells(data: bytes, sheet: str, cell: str) -> Surroundings:
    import openpyxl
    from openpyxl.utils import coordinate_to_tuple

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    if sheet not in book.sheetnames:
        return Surroundings()
    row, column = coordinate_to_tuple(cell)
    area = book[sheet].iter_rows(
        min_row=max(1, row - ROWS),
        max_row=row + ROWS,
        min_col=max(1, column - COLUMNS),
        max_col=column + COLUMNS,
    )
    found = []
    for r, cells in enumerate(area, start=max(1, row - ROWS)):
        numbered = enumerate(cells, start=max(1, column - COLUMNS))
        found.append(
            tuple(
                (
                    f"{openpyxl.utils.get_column_letter(c)}{r}",
                    "" if one.value is None else str(one.value)[:200],
                    (r, c) == (row, column),
                )
                for c, one in numbered
            )
        )
    return Surroundings(cells=tuple(found))


def _page(data: bytes, place: Place) -> Surroundings:
    import pypdfium2
    from PIL import ImageDraw

    document = pypdfium2.PdfDocument(data)
    page = document[(place.page or 1) - 1]
    image = page.render(scale=SCALE).to_pil().convert("RGB")
    if place.box:
        left, top, right, bottom = (round(side * SCALE) for side in place.box)
        frame = (left - 4, top - 4, right + 4, bottom + 4)
        ImageDraw.Draw(image).rectangle(frame, outline=(176, 60, 0), width=3)
        room = round(MARGIN * SCALE)
        image = image.crop((0, max(0, top - room), image.width, min(image.height, bottom + room)))
    out = io.BytesIO()
    image.save(out, "PNG")
    return Surroundings(picture=base64.b64encode(out.getvalue()).decode())


def _lines(kind: str, data: bytes, place: Place) -> Surroundings:
    found = []
    for line in as_pages(kind, data).lines:
        if abs(line.number - (place.line or 0)) > LINES:
            continue
        text = line.text[:300]
        start, end = (0, 0)
        if line.number == place.line and place.columns:
            start, end = place.columns[0] - 1, place.columns[1]
        found.append((line.number, text[:start], text[start:end], text[end:]))
    return Surroundings(lines=tuple(found))
