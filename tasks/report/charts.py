"""Charts as small SVGs that read without a legend hunt and in black and white.

Text stands beside every mark, shades differ in lightness and carry symbols, and the numbers stand
in a table beside the chart. Widths are in points of the page's text column.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from textwrap import wrap
from xml.sax.saxutils import escape

from expectations.swedish import swedish
from tasks.report.material import say

WIDTH = 480
INK, SOFT, LINE = "#1d2733", "#4d5b69", "#b9c3cc"
GOOD, BAD = "#14517c", "#b5651d"
SHADES = ("#6fa8cf", "#bcd8ea", "#eebb77", "#e6eaee", "#ffffff")
LINE_LENGTH = 40
HEAT = ("#f6f8fa", "#e6edf3", "#cfdde9", "#eebd7c", "#d98f3b")
"""From the least to the gravest; each is darker than the one before, in black and white too."""
FONT = "IBM Plex Sans, sans-serif"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it stands for, its value, and the words in the two columns at its right."""

    label: str
    value: Decimal
    note: str
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Trend:
    """One indicator over time: (year, value) with the values as written, and the year's target."""

    name: str
    points: tuple[tuple[str, Decimal], ...]
    target: Decimal | None
    written: tuple[str, ...]
    target_written: str = ""


def deviation_bars(bars: Sequence[Bar], *, heads: tuple[str, str]) -> str:
    """Return ranked bars to the left (worse) and right (better) of a zero line.

    The numbers stand in two columns to the right, under `heads`: nothing is read off an axis.
    """
    row, label, columns, top = 19, 178, 152, 16
    room = WIDTH - label - columns - 12
    lowest = min(min((bar.value for bar in bars), default=Decimal(0)), Decimal(0))
    highest = max(max((bar.value for bar in bars), default=Decimal(0)), Decimal(0))
    span = highest - lowest or Decimal(1)
    zero = label + float(-lowest / span) * room
    first, second = WIDTH - columns + 46, WIDTH - 2
    parts = [
        _text(first, 10, heads[0], anchor="end", size=8.5, colour=SOFT),
        _text(second, 10, heads[1], anchor="end", size=8.5, colour=SOFT),
    ]
    for index, bar in enumerate(bars):
        y = top + index * row
        width = max(float(abs(bar.value) / span) * room, 1.0)
        x = zero - width if bar.value < 0 else zero
        fill = BAD if bar.value < 0 else GOOD
        parts += [
            _named(label - 8, y + 14, bar.label, most=34, size=9.5),
            f'<rect x="{x:.1f}" y="{y + 3}" width="{width:.1f}" height="15" fill="{fill}"/>',
            _text(first, y + 14, bar.note, anchor="end", weight="600", size=9.5),
            _text(second, y + 14, bar.beside or "–", anchor="end", size=9.5),
        ]
    parts.append(_line(zero, top, zero, top + row * len(bars), INK))
    return _svg(top + row * len(bars) + 2, parts)


def ranked_bars(bars: Sequence[tuple[str, Decimal, Decimal | None]], *, unit: str, was: str) -> str:
    """Return (name, value, value before) as ranked bars, the value before as a stroke across."""
    row, label, note, top = 15, 200, 50, 16
    room = WIDTH - label - note
    highest = max((max(value, before or value) for _, value, before in bars), default=Decimal(1))
    parts = [
        f'<rect x="{label}" y="2" width="10" height="8" fill="{SHADES[1]}"/>',
        _text(label + 14, 10, unit, size=8.5, colour=SOFT),
        f'<rect x="{label + 24 + 4.6 * len(unit):.1f}" y="0" width="2" height="12" fill="{INK}"/>',
        _text(label + 31 + 4.6 * len(unit), 10, was, size=8.5, colour=SOFT),
    ]
    for index, (name, value, before) in enumerate(bars):
        y = top + index * row
        width = float(value / highest) * room
        parts += [
            _named(label - 8, y + 10, name, most=40, size=8.5),
            f'<rect x="{label}" y="{y + 2}" width="{width:.1f}" height="10" fill="{SHADES[1]}"/>',
            _text(label + room + 46, y + 10, swedish(value, 1), anchor="end", size=8.5),
        ]
        if before is not None:
            at = label + float(before / highest) * room
            parts.append(f'<rect x="{at - 1:.1f}" y="{y + 1}" width="2" height="12" fill="{INK}"/>')
    return _svg(top + row * len(bars) + 2, parts)


def small_multiples(series: Sequence[tuple[str, Sequence[Decimal]]], heads: Sequence[str]) -> str:
    """Return one small picture per board with the same scale in all: bars over and under zero."""
    across, gap = 4, 12
    width = (WIDTH - gap * (across - 1)) / across
    named = [wrap(name, 26, max_lines=2, placeholder=" …") for name, _ in series]
    head = 9 * max(map(len, named), default=1)
    height = 53 + head
    largest = max((abs(v) for _, values in series for v in values), default=Decimal(1)) or Decimal(
        1
    )
    parts = [_text(0, 9, " · ".join(heads), size=8.5, colour=SOFT)]
    for index, (_, values) in enumerate(series):
        left = (index % across) * (width + gap)
        top = 16 + (index // across) * (height + gap)
        zero = top + 5 + head + 18
        parts += [
            _text(left, top + 8 + 9 * at, line, size=7.5, weight="600")
            for at, line in enumerate(named[index])
        ]
        parts.append(_line(left, zero, left + width, zero, LINE))
        step = width / len(values)
        for place, value in enumerate(values):
            tall = float(abs(value) / largest) * 18
            y = zero if value < 0 else zero - tall
            last = place == len(values) - 1
            fill = (BAD if value < 0 else GOOD) if last else "#b4c0ca"
            x = left + place * step + 2
            parts.append(
                f'<rect x="{x:.1f}" y="{y:.1f}" width="{step - 6:.1f}" height="{tall:.1f}" '
                f'fill="{fill}"/>'
            )
            parts.append(
                _text(x + step / 2 - 3, top + height, swedish(value, 1), anchor="middle", size=7)
            )
    rows = -(-len(series) // across)
    return _svg(16 + rows * (height + gap), parts)


def trend_lines(trends: Sequence[Trend]) -> str:
    """Return one small line per indicator with its values at the points and its target dashed."""
    across, height, gap = 3, 92, 14
    width = (WIDTH - gap * (across - 1)) / across
    parts: list[str] = []
    top = 0
    for start in range(0, len(trends), across):
        for place, trend in enumerate(trends[start : start + across]):
            parts += _trend(trend, place * (width + gap), top, width, height)
        top += height + gap
    return _svg(max(top - gap, 1) + 2, parts)


def _trend(trend: Trend, left: float, top: float, width: float, height: float) -> list[str]:
    values = [value for _, value in trend.points]
    known = [*values, *([trend.target] if trend.target is not None else [])]
    low, high = min(known), max(known)
    span = high - low or Decimal(1)
    upper, lower = top + 36, top + height - 24

    def y(value: Decimal) -> float:
        return lower - float((value - low) / span) * (lower - upper)

    told = say("charts.target", value=trend.target_written) if trend.target is not None else ""
    beside = 3.9 * len(told) + 3
    step = (width - 30 - beside) / max(len(values) - 1, 1)
    points = [(left + 14 + i * step, y(value)) for i, value in enumerate(values)]
    lines = _two_lines(trend.name, 33)
    parts = [
        _text(left, top + 8 + 8.5 * at, line, size=7.5, weight="600")
        for at, line in enumerate(lines)
    ]
    level = y(trend.target) if trend.target is not None else None
    if level is not None:
        parts.append(
            f'<line x1="{left:.1f}" y1="{level:.1f}" x2="{left + width - beside:.1f}" '
            f'y2="{level:.1f}" stroke="{INK}" stroke-width="0.8" stroke-dasharray="3 2"/>'
        )
        parts.append(_text(left + width, level + 2.5, told, size=7, anchor="end"))
    path = " ".join(f"{x:.1f},{at:.1f}" for x, at in points)
    parts.append(f'<polyline points="{path}" fill="none" stroke="{GOOD}" stroke-width="1.6"/>')
    for place, ((x, at), (year, _)) in enumerate(zip(points, trend.points, strict=True)):
        parts.append(f'<circle cx="{x:.1f}" cy="{at:.1f}" r="2.6" fill="{GOOD}"/>')
        parts.append(_beside(points, place, level, trend.written[place]))
        parts.append(_text(x, top + height - 2, year, anchor="middle", size=6.5, colour=SOFT))
    return parts


def _beside(
    points: Sequence[tuple[float, float]], place: int, level: float | None, written: str
) -> str:
    """Return a point's value above or below it, on the side where no line runs through it."""
    x, at = points[place]

    def crossed(text_y: float) -> float:
        middle, half = text_y - 2.5, 4.5
        lines = [level] if level is not None else []
        reach = min(10.0, abs(points[1][0] - points[0][0])) if len(points) > 1 else 0
        for other in (place - 1, place + 1):
            if 0 <= other < len(points):
                far, there = points[other]
                lines.append(at + (there - at) * reach / max(abs(far - x), 1))
        return sum(max(0.0, half - abs(line - middle)) for line in lines)

    best = min((at - 5, at + 10.5, at - 11, at + 16.5), key=crossed)
    return _text(x, best, written, anchor="middle", size=7)


def stacked_bars(
    rows: Sequence[tuple[str, Sequence[int]]], words: Sequence[str], symbols: Sequence[str]
) -> str:
    """Return one bar per row, split by count; each part holds its symbol and its count."""
    row, label, top = 24, 210, 24
    room = WIDTH - label
    parts: list[str] = []
    x = float(label)
    for index, word in enumerate(words):
        parts.append(
            f'<rect x="{x:.1f}" y="4" width="10" height="10" fill="{_shade(index)}" '
            f'stroke="{INK}" stroke-width="0.6"/>'
        )
        shown = f"{symbols[index]} {word}".strip()
        parts.append(_text(x + 14, 12.5, shown, size=8.5, colour=SOFT))
        x += 24 + 4.9 * len(shown)
    for index, (name, counts) in enumerate(rows):
        y = top + index * row
        parts += _label(label - 8, y + 15, name)
        parts += _parts_of_bar(label, y, room, counts, symbols)
    return _svg(top + row * len(rows) + 2, parts)


def _parts_of_bar(
    left: float, y: float, room: float, counts: Sequence[int], symbols: Sequence[str]
) -> list[str]:
    total = sum(counts)
    if not total:
        return [_text(left + 6, y + 16, "–", colour=SOFT, size=9)]
    parts = []
    start = float(left)
    for shade, number in enumerate(counts):
        width = room * number / total
        if number:
            parts.append(
                f'<rect x="{start:.1f}" y="{y + 3}" width="{width:.1f}" height="17" '
                f'fill="{_shade(shade)}" stroke="{INK}" stroke-width="0.6"/>'
            )
            told = f"{symbols[shade]} {number}" if width > 24 else str(number)  # noqa: PLR2004
            parts.append(_text(start + width / 2, y + 15, told, anchor="middle", size=9))
        start += width
    return parts


def _label(x: float, y: float, words: str) -> list[str]:
    """Return a label to the left of x, on two lines where one is too short for it."""
    lines = _two_lines(words, LINE_LENGTH)
    first = y if len(lines) == 1 else y - 5
    return [
        _text(x, first + 10.5 * at, line, anchor="end", size=9) for at, line in enumerate(lines)
    ]


def _two_lines(words: str, length: int) -> list[str]:
    """Return words on one line, or on two, cut only where two are too short."""
    if len(words) <= length:
        return [words]
    first = words[:length].rsplit(" ", 1)[0]
    return [first, _cut(words[len(first) :].strip(), length)]


def risk_matrix(
    cells: Mapping[tuple[int, int], Sequence[str]],
    columns: Sequence[str],
    rows: Sequence[str],
    axes: tuple[str, str],
) -> str:
    """Return probability (up) by consequence (right) with the groups named in the cells.

    `axes` are the words for what goes to the right and what goes up.
    """
    left, top = 74, 36
    width = (WIDTH - left) / len(columns)
    parts = [
        _text(
            left + (WIDTH - left) / 2, 10, f"{axes[0]} →", anchor="middle", size=8.5, colour=SOFT
        ),
        _text(left - 8, 28, f"{axes[1]} ↑", anchor="end", size=8.5, colour=SOFT),
        *(
            _text(left + c * width + width / 2, 28, word, anchor="middle", weight="600", size=9.5)
            for c, word in enumerate(columns)
        ),
    ]
    y = top
    for shown in reversed(range(len(rows))):
        named = [_lines(cells.get((shown, c), ())) for c in range(len(columns))]
        height = max(34, 14 + 12 * max(map(len, named)))
        middle = y + height / 2 + 3
        parts.append(_text(left - 8, middle, rows[shown], anchor="end", weight="600", size=9.5))
        for c, lines in enumerate(named):
            parts += _square(left + c * width, y, width, height, lines, shown + c)
        y += height
    return _svg(y + 4, parts)


def _square(
    x: float, y: float, width: float, height: float, lines: Sequence[str], grave: int
) -> list[str]:
    """Return a square of the matrix, darker the graver it is, with the names in it."""
    shade = HEAT[min(grave, len(HEAT) - 1)]
    square = (
        f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{height}" fill="{shade}" '
        f'stroke="#fff" stroke-width="2"/>'
    )
    named = (_text(x + 6, y + 16 + 12 * at, line, size=8.5) for at, line in enumerate(lines))
    return [square, *named]


def _lines(names: Sequence[str]) -> list[str]:
    return [line for name in names for line in wrap(name, 30, subsequent_indent="\u2002")]


def _shade(index: int) -> str:
    return SHADES[min(index, len(SHADES) - 1)]


def _named(x: float, y: float, name: str, *, most: int, size: float) -> str:
    """Return a name that ends at x, set smaller where it is longer than the room, else cut."""
    least = 0.78
    shown = _cut(name, int(most / least))
    return _text(x, y, shown, anchor="end", size=round(size * min(1, most / len(shown)), 1))


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
