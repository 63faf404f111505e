"""Charts as small SVGs that read without a legend hunt and in black and white.

Text stands beside every mark, shades differ in lightness and carry symbols, and the numbers stand
in a table beside the chart. Widths are in points of the page's text column.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from xml.sax.saxutils import escape

from expectations.swedish import swedish

WIDTH = 480
INK, SOFT, LINE = "#1d2733", "#4d5b69", "#b9c3cc"
GOOD, BAD = "#14517c", "#b5651d"
SHADES = ("#14517c", "#6f9fbe", "#e0a458", "#c9d1d9", "#eef1f4")
FONT = "IBM Plex Sans, sans-serif"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it stands for, its value and the words at its end."""

    label: str
    value: Decimal
    note: str


def deviation_bars(bars: Sequence[Bar], *, unit: str) -> str:
    """Return ranked bars to the left (worse) and right (better) of a zero line."""
    row, label, note = 26, 190, 74
    room = WIDTH - label - note
    lowest = min((bar.value for bar in bars), default=Decimal(0))
    highest = max((bar.value for bar in bars), default=Decimal(0))
    span = max(highest, Decimal(0)) - min(lowest, Decimal(0)) or Decimal(1)
    zero = label + float(-min(lowest, Decimal(0)) / span) * room
    parts = [_line(zero, 0, zero, row * len(bars), LINE)]
    for index, bar in enumerate(bars):
        y = index * row
        width = float(abs(bar.value) / span) * room
        x = zero - width if bar.value < 0 else zero
        colour = BAD if bar.value < 0 else GOOD
        parts.append(_text(label - 8, y + 17, _cut(bar.label, 34), anchor="end"))
        parts.append(
            f'<rect x="{x:.1f}" y="{y + 6}" width="{max(width, 1):.1f}" height="14" '
            f'fill="{colour}"/>'
        )
        end = WIDTH - note + 6
        shown = f"{swedish(bar.value)} {unit}"
        parts.append(_text(end, y + 17, shown, weight="600"))
    return _svg(row * len(bars) + 4, parts)


def stacked_bars(
    rows: Sequence[tuple[str, Sequence[int]]], words: Sequence[str], symbols: Sequence[str]
) -> str:
    """Return one bar per row, split by counts; each part holds its count, words stand above."""
    row, label, top = 24, 200, 26
    room = WIDTH - label
    parts: list[str] = []
    x = float(label)
    for index, word in enumerate(words):
        parts.append(f'<rect x="{x:.1f}" y="4" width="10" height="10" fill="{_shade(index)}"/>')
        shown = f"{symbols[index]} {word}".strip()
        parts.append(_text(x + 14, 13, shown, size=8.5, colour=SOFT))
        x += 22 + 4.9 * len(shown)
    for index, (name, counts) in enumerate(rows):
        y = top + index * row
        total = sum(counts) or 1
        parts.append(_text(label - 8, y + 16, _cut(name, 38), anchor="end", size=9.5))
        start = float(label)
        for shade, number in enumerate(counts):
            width = room * number / total
            if number:
                parts.append(
                    f'<rect x="{start:.1f}" y="{y + 4}" width="{width:.1f}" height="17" '
                    f'fill="{_shade(shade)}" stroke="#fff"/>'
                )
                light = shade == 0
                parts.append(
                    _text(
                        start + width / 2,
                        y + 16.5,
                        str(number),
                        anchor="middle",
                        colour="#fff" if light else INK,
                        size=9.5,
                    )
                )
            start += width
    return _svg(top + row * len(rows) + 4, parts)


def risk_matrix(
    cells: Mapping[tuple[int, int], Sequence[str]], columns: Sequence[str], rows: Sequence[str]
) -> str:
    """Return probability (up) by consequence (right) with the groups named in the cells."""
    left, top = 74, 22
    width = (WIDTH - left) / len(columns)
    heights = [
        max(34, 14 + 12 * max(len(_lines(cells.get((r, c), ()))) for c in range(len(columns))))
        for r in range(len(rows))
    ]
    parts = [
        _text(left + c * width + width / 2, 14, word, anchor="middle", weight="600", size=9.5)
        for c, word in enumerate(columns)
    ]
    y = top
    for shown in reversed(range(len(rows))):
        parts.append(
            _text(left - 8, y + heights[shown] / 2 + 3, rows[shown], anchor="end", size=9.5)
        )
        for c in range(len(columns)):
            shade = ("#eef1f4", "#dfe7ee", "#cbd9e5", "#f3dcc0", "#eec390")[min(shown + c, 4)]
            parts.append(
                f'<rect x="{left + c * width:.1f}" y="{y}" width="{width:.1f}" '
                f'height="{heights[shown]}" fill="{shade}" stroke="#fff" stroke-width="2"/>'
            )
            for number, line in enumerate(_lines(cells.get((shown, c), ()))):
                parts.append(_text(left + c * width + 6, y + 16 + 12 * number, line, size=8.5))
        y += heights[shown]
    return _svg(y + 4, parts)


def _lines(names: Sequence[str]) -> list[str]:
    shown = [_cut(name, 30) for name in names[:7]]
    return [*shown, f"… och {len(names) - 7} till"] if len(names) > 7 else shown  # noqa: PLR2004


def _shade(index: int) -> str:
    return SHADES[min(index, len(SHADES) - 1)]


def _cut(words: str, length: int) -> str:
    return words if len(words) <= length else words[: length - 1].rstrip() + "…"


def _line(x1: float, y1: float, x2: float, y2: float, colour: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1}" x2="{x2:.1f}" y2="{y2}" stroke="{colour}"/>'


def _text(
    x: float,
    y: float,
    words: str,
    *,
    anchor: str = "start",
    colour: str = INK,
    size: float = 10,
    weight: str = "400",
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}" '
        f'font-family="{FONT}, Samlad Symbols" font-size="{size}" font-weight="{weight}">'
        f"{escape(words)}</text>"
    )


def _svg(height: float, parts: Sequence[str]) -> str:
    body = "".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" '
        f'width="{WIDTH}" height="{height:.0f}">{body}</svg>'
    )
