"""What stands around a figure in its document, for somebody who follows it back.

A picture of the page, the cells beside it or the lines about it. Runs in the sandbox: the file is
still foreign.
"""
# ruff: noqa: PLC0415 - each kind of file loads its own library

from __future__ import annotations

import base64
import io
import json
from dataclasses import asdict, dataclass
from typing import Any

from expectations.contract import Place
from tasks.readers.file_checks import check_file
from tasks.readers.opening import as_pages

ROWS, COLUMNS, LINES = 4, 3, 4
ROW_DEPTH = 2
"""A JSON pointer's first steps, `/finance/0`, lead to the row."""
MOST_LINES = 12
"""Lines of a JSON row that are shown before the figure and after it."""
MARGIN = 70.0
"""Points of the page above and below the figure."""
SCALE = 1.6


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is shown: one of the three, or nothing where the place says too little.

    Of a JSON document the lines are those of the innermost row, with the figure's own marked.

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
    if place.pointer is not None:
        return asdict(_nodes(data, place.pointer))
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


def _nodes(data: bytes, pointer: str) -> Surroundings:
    steps = [s.replace("~1", "/").replace("~0", "~") for s in pointer.split("/")[1:]]
    row: Any = json.loads(data.decode("utf-8-sig"))
    for step in steps[:ROW_DEPTH]:
        row = row[int(step)] if isinstance(row, list) else row[step]
    sought: Any = row
    for step in steps[ROW_DEPTH:]:
        sought = sought[int(step)] if isinstance(sought, list) else sought[step]
    mark = "\ufffc"  # stands for the figure while the row is written, and is in no file of text
    own = json.dumps(sought, ensure_ascii=False)
    told = json.dumps(_swapped(row, sought, mark), ensure_ascii=False, indent=1).split("\n")
    found = []
    for number, line in enumerate(told, start=1):
        before, is_it, after = line.partition(f'"{mark}"')
        found.append((number, before[:300], own[:300] if is_it else "", after[:300]))
    at = next((i for i, line in enumerate(found) if line[2]), 0)
    return Surroundings(lines=tuple(found[max(0, at - MOST_LINES) : at + MOST_LINES + 1]))


def _swapped(node: Any, sought: Any, mark: str) -> Any:
    if node is sought:
        return mark
    if isinstance(node, dict):
        return {key: _swapped(inner, sought, mark) for key, inner in node.items()}
    return [_swapped(inner, sought, mark) for inner in node] if isinstance(node, list) else node


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
