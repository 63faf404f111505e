"""Render a report: HTML, the PDF of it, and its tables as data. Same report, same bytes.

The PDF is PDF/A-2a with PDF/UA-1 marks, made by WeasyPrint in a child process that ends (its
memory is not given back) and that can fetch nothing but what is handed to it.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import jinja2
from markupsafe import Markup

import templates
from expectations.contract_json import as_json
from tasks.report.blocks import Chart, Report, Section, Table
from tasks.report.material import words
from warehouse.snapshot import Snapshot

FOLDER = Path(templates.__file__).parent
FONTS = (
    ("IBM Plex Sans", 400, "normal", "IBMPlexSans-Regular.woff2"),
    ("IBM Plex Sans", 600, "normal", "IBMPlexSans-SemiBold.woff2"),
    ("IBM Plex Sans", 400, "italic", "IBMPlexSans-Italic.woff2"),
    ("Samlad Symbols", 400, "normal", "NotoSansSymbols2-subset.woff2"),
)
PDF_SECONDS = 600


class MissingLibraryError(Exception):
    """A system library is not installed; the message names the command that installs it."""


class RenderError(Exception):
    """The PDF could not be made: our defect."""


def render_html(report: Report) -> str:
    """Return the report as one self-contained page that works without script."""
    fonts = "".join(_font_face(*font, _data_uri(font[3])) for font in FONTS)
    return _page(report, fonts=fonts, is_print=False)


def render_pdf(report: Report) -> bytes:
    """Return the report as PDF/A-2a; raises MissingLibraryError or RenderError."""
    fonts = "".join(_font_face(*font, f"asset:{font[3]}") for font in FONTS)
    page = _page(report, fonts=fonts, is_print=True)
    assets = {f"{chart.chart_id}.svg": chart.svg for chart in _charts(report)}
    day = datetime.fromisoformat(report.made_on).replace(tzinfo=UTC)
    order = {"html": page, "assets": assets, "identifier": report.head[:32]}
    # fontTools writes the time of subsetting into each font: a fixed epoch makes bytes repeat.
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(int(day.timestamp()))}
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "report.pdf"
        done = subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-P", "-m", "tasks.pdf", str(target)],
            input=json.dumps(order).encode(),
            env=environment,
            capture_output=True,
            timeout=PDF_SECONDS,
            check=False,
        )
        if done.returncode == 0:
            return target.read_bytes()
    told = done.stderr.decode(errors="replace")
    if "PANGO MISSING" in told:
        raise MissingLibraryError(
            "Biblioteket Pango saknas. Installera det med: "
            "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        )
    raise RenderError(told[-2000:])


def _page(report: Report, *, fonts: str, is_print: bool) -> str:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER / "report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2").render(
        report=report,
        words=words(),
        # Our own style sheet and fonts, not data: quotes in them must stand as they are.
        style=Markup((FOLDER / "report" / "report.css").read_text(encoding="utf-8")),  # noqa: S704
        fonts=Markup(fonts),  # noqa: S704
        is_print=is_print,
        inline_svg=_inline_svg,
    )


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


def _blocks(sections: tuple[Section, ...]) -> Iterator[Any]:
    for section in sections:
        yield from section.blocks
        yield from _blocks(section.parts)


def _charts(report: Report) -> list[Chart]:
    return [block for block in _blocks(report.sections) if isinstance(block, Chart)]


# --- data --------------------------------------------------------------------------------------


def render_data(report: Report, snapshot: Snapshot) -> dict[str, bytes]:
    """Return the report's data by file name: its tables as CSV, everything as JSON."""
    files = {
        f"{block.table_id}.csv": _csv(block)
        for block in _blocks(report.sections)
        if isinstance(block, Table)
    }
    files["rapport.json"] = _json(as_json(report))
    files["uppgifter.json"] = _json([as_json(source) for source in report.sources])
    files["rader.json"] = _json(
        [
            {
                "board": row.board,
                "period": row.period,
                "section": row.section,
                "key": row.key,
                "document": row.document,
                "version": row.version,
                "row": as_json(row.row),
            }
            for row in snapshot.rows
        ]
    )
    files["pakekanden.json"] = _json([as_json(finding) for finding in snapshot.findings])
    return files


def _csv(table: Table) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([_safe(head) for head in table.head])
    for row in table.rows:
        writer.writerow([_number(c.text) if c.is_number else _safe(c.text) for c in row])
    # Excel in Swedish takes UTF-8 only with the mark at the start.
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _number(shown: str) -> str:
    plain = shown.replace("\u00a0", "").replace("−", "-")
    return plain if re.fullmatch(r"[+-]?\d*(?:,\d+)?", plain) else _safe(shown)


def _safe(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
