"""Render a report: HTML, the PDF of it and its charts as pictures. Same report, same bytes.

The PDF is PDF/A-2a with PDF/UA-1 marks, made by WeasyPrint in a child process that ends (its
memory is not given back) and that can fetch nothing but what is handed to it.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from xml.sax.saxutils import escape

import jinja2
from markupsafe import Markup

import templates
from expectations.registers import City
from expectations.swedish import swedish_order
from tasks.pdf import RenderError, made_pdf
from tasks.pdf_check import faults_of
from tasks.pictures import page_pictures
from tasks.report.blocks import Chart, Facts, Report, Table
from tasks.report.material import words
from tasks.report.tracing import Computed, Spot, charts_of, computed_in

FOLDER = Path(templates.__file__).parent
FONTS = (
    ("IBM Plex Sans", 400, "normal", "IBMPlexSans-Regular.woff2"),
    ("IBM Plex Sans", 600, "normal", "IBMPlexSans-SemiBold.woff2"),
    ("IBM Plex Sans", 400, "italic", "IBMPlexSans-Italic.woff2"),
    ("Samlad Symbols", 400, "normal", "NotoSansSymbols2-subset.woff2"),
)
CHART_SCALE = 3.0
LETTERS, NUMBER = 110, 9
"""Letters that a line of a table holds, and those of a column of numbers."""
LINE, AROUND, TOGETHER = 3.9, 2.2, 150
"""Millimetres of a line, around each row, and of the rows of a table that is kept together."""
VIEW_BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


def render_html(report: Report) -> str:
    """Return the report as one self-contained page that works without script."""
    fonts = "".join(_font_face(*font, _data_uri(font[3])) for font in FONTS)
    return _page(report, fonts=fonts, is_print=False)


def render_pdf(report: Report) -> bytes:
    """Return the report as PDF/A-2a; raises MissingLibraryError or RenderError."""
    fonts = "".join(_font_face(*font, f"asset:{font[3]}") for font in FONTS)
    page = _page(report, fonts=fonts, is_print=True)
    assets = {f"{chart.chart_id}.svg": chart.svg for chart in charts_of(report.sections)}
    made = made_pdf(page, assets, identifier=report.head[:32], day=report.made_on)
    faults = faults_of(made)
    if faults:
        raise RenderError("; ".join(faults))
    return made


def chart_pictures(report: Report) -> dict[str, tuple[bytes, float]]:
    """Return each chart as PNG with its height in shares of its width, by chart id."""
    charts = charts_of(report.sections)
    if not charts:
        return {}
    measures = [VIEW_BOX.search(chart.svg) for chart in charts]
    sizes = [(float(m[1]), float(m[2])) for m in measures if m]
    pages = "".join(
        f"@page c{i} {{ size: {width}pt {height}pt; margin: 0 }}"
        for i, (width, height) in enumerate(sizes)
    )
    shown = "".join(
        f'<img style="page: c{i}; display: block; width: 100%" src="asset:{i}.svg" alt="-">'
        for i in range(len(charts))
    )
    fonts = "".join(_font_face(*font, f"asset:{font[3]}") for font in FONTS)
    html = f'<html lang="sv"><title>-</title><style>{fonts}{pages}</style><body style="margin:0">'
    assets = {f"{i}.svg": chart.svg for i, chart in enumerate(charts)}
    made = made_pdf(html + shown, assets, identifier=report.head[:32], day=report.made_on)
    drawn = page_pictures(made, scale=CHART_SCALE)
    return {
        chart.chart_id: (png, height / width)
        for chart, png, (width, height) in zip(charts, drawn, sizes, strict=True)
    }


@cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER / "report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _page(report: Report, *, fonts: str, is_print: bool) -> str:
    style = fonts + (FOLDER / "report" / "report.css").read_text(encoding="utf-8")
    script = (FOLDER / "report" / "report.js").read_text(encoding="utf-8")
    spots = computed_in(report)
    return (
        _templates()
        .get_template("report.html.j2")
        .render(
            report=report,
            words=words(),
            # Our own style sheet and script, not data: quotes in them must stand as they are.
            style=Markup(style),  # noqa: S704
            script=Markup(script),  # noqa: S704
            policy=policy(style, script),
            boards=_board_names(report),
            computed=list(spots.values()),
            trace=partial(_trace, spots),
            is_print=is_print,
            is_short=is_short,
            inline_svg=_inline_svg,
        )
    )


def is_short(table: Table) -> bool:
    """Say whether a table is kept together: about half a page of rows at most.

    One that hardly fits a page would leave its caption behind on the page before.
    """
    words_ = len(table.head) - len(table.numbers)
    room = max(12, (LETTERS - NUMBER * len(table.numbers)) // max(words_, 1))
    lines = (
        max(
            -(-len(c.text) // (NUMBER + 4 if n in table.numbers else room)) for n, c in enumerate(r)
        )
        for r in table.rows
    )
    return sum(max(1, number) * LINE + AROUND for number in lines) <= TOGETHER


def render_accessibility(report: Report, city: City) -> str:
    """Return the edition's accessibility statement as a page of its own."""
    style = (FOLDER / "report" / "report.css").read_text(encoding="utf-8")
    return (
        _templates()
        .get_template("access.html.j2")
        .render(
            report=report,
            words=words()["access"],
            contact=city.settings.get("contact") or f"{city.office} i {city.name}",
            style=Markup(style),  # noqa: S704 - our own style sheet
            policy=policy(style, ""),
        )
    )


def policy(style: str, script: str) -> str:
    """Return the page's Content Security Policy: our own style and script, nothing from outside."""
    known = {name: _hash_of(text) for name, text in (("style", style), ("script", script))}
    return (
        f"default-src 'none'; style-src '{known['style']}'; script-src '{known['script']}'; "
        "img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash_of(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _board_names(report: Report) -> list[str]:
    """Return the boards that figures come from, to choose among, in the alphabet's order."""
    return sorted({source.board for source in report.sources}, key=swedish_order)


def _trace(spots: Mapping[Spot, Computed], block: Table | Facts, row: int, column: int) -> str:
    """Return the id of the computed number in a cell, empty where there is none."""
    own = block.table_id if isinstance(block, Table) else block.facts_id
    found = spots.get((own, row, column))
    return found.computed_id if found else ""


def _inline_svg(chart: Chart) -> Markup:
    """Return a chart with its title and text equivalent inside, for the web page."""
    key = escape(chart.chart_id)
    named = f'<svg role="img" aria-labelledby="{key}-t {key}-d" xmlns="http://www.w3.org/2000/svg"'
    told = (
        f'<title id="{key}-t">{escape(chart.title)}</title>'
        f'<desc id="{key}-d">{escape(chart.description)}</desc>'
    )
    svg = chart.svg.replace('<svg xmlns="http://www.w3.org/2000/svg"', named, 1)
    # The chart writer escapes every text it is given; see tasks/report/charts.py.
    return Markup(svg.replace(">", f">{told}", 1))  # noqa: S704


def _font_face(family: str, weight: int, style: str, _: str, source: str) -> str:
    return (
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; font-style: {style}; '
        f'src: url("{source}") format("woff2"); }}\n'
    )


def _data_uri(name: str) -> str:
    data = base64.b64encode((FOLDER / "fonts" / name).read_bytes()).decode()
    return f"data:font/woff2;base64,{data}"
