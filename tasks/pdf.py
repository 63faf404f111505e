"""Make one PDF in a process that ends (its memory is not given back), forked by forkserver.py.

`made` is the parent's side, `main` the fork's. The order holds the page, its charts, an identifier
and the day that the file bears; fonts lie in the package. Nothing else can be fetched: every other
address stops the rendering, as does anything WeasyPrint calls an error.
"""

from __future__ import annotations

import gc
import io
import json
import logging
import os
import sys
import tempfile
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import templates
from tasks.forkserver import PDF, run

SECONDS = 600
MADE, FAILED, NO_PANGO = b"0", b"1", b"2"
"""The first byte of the fork's answer; the PDF, or what went wrong, follows."""
FONTS = Path(templates.__file__).parent / "fonts"
UA = (
    '<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">'
    "<pdfuaid:part>1</pdfuaid:part></rdf:Description>"
    '<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" '
    'xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" '
    'xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">'
    '<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
    "<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>"
    "<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>"
    '<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">'
    "<pdfaProperty:name>part</pdfaProperty:name>"
    "<pdfaProperty:valueType>Integer</pdfaProperty:valueType>"
    "<pdfaProperty:category>internal</pdfaProperty:category>"
    "<pdfaProperty:description>Part of PDF/UA</pdfaProperty:description>"
    "</rdf:li></rdf:Seq></pdfaSchema:property>"
    "</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"
)


fonts: dict[str, bytes] = {}
"""The fonts by file name as WeasyPrint uses them, unpacked once for all forks."""


class MissingLibraryError(Exception):
    """A system library is not installed; the message names the command that installs it."""


class RenderError(Exception):
    """The PDF could not be made: our defect."""


def made_pdf(html: str, assets: Mapping[str, str], *, identifier: str, day: str) -> bytes:
    """Return a page as PDF; `day` is the date that it bears, `identifier` hexadecimal.

    Raises MissingLibraryError or RenderError.
    """
    order = {"html": html, "assets": dict(assets), "identifier": identifier, "day": day}
    with (
        tempfile.TemporaryDirectory(prefix="samlad-pdf-") as folder,
        tempfile.TemporaryFile() as request,
        tempfile.TemporaryFile() as answer,
    ):
        request.write(json.dumps(order).encode())
        request.seek(0)
        ended = run(PDF, folder, request, answer, SECONDS)
        answer.seek(0)
        state, content = answer.read(1), answer.read()
    if ended and state == MADE:
        return content
    if state == NO_PANGO:
        raise MissingLibraryError(
            "Biblioteket Pango saknas. Installera det med: "
            "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        )
    raise RenderError(content.decode(errors="replace")[-2000:] or "the process did not end well")


def prepare() -> None:
    """Import WeasyPrint, where its libraries are there, and unpack the fonts."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped] # noqa: PLC0415 - only here

    try:
        import weasyprint  # noqa: F401, PLC0415 - fails where Pango is missing: each order is told
    except OSError:
        return
    for path in FONTS.glob("*.woff2"):
        # Unpacked now or later, the bytes are the same: the font keeps the time that it was made.
        font, out = TTFont(path, recalcTimestamp=False), io.BytesIO()
        font.flavor = font.flavorData = None
        font.save(out)
        fonts[path.name] = out.getvalue()


def main() -> None:
    """Write the PDF that standard input orders, or what went wrong, to standard output."""
    gc.disable()  # a tenth of the time; the process ends with the page
    tempfile.tempdir = str(Path.cwd())  # what WeasyPrint leaves behind goes with our folder
    order = json.load(sys.stdin.buffer)
    out = sys.stdout.buffer
    try:
        import weasyprint  # noqa: PLC0415 - imported by the server before it forked

        out.write(MADE + _pdf(weasyprint, order))
    except OSError as error:
        out.write((NO_PANGO if "weasyprint" not in sys.modules else FAILED) + str(error).encode())
    except BaseException:  # noqa: BLE001 - a refused address is none that Exception takes
        out.write(FAILED + traceback.format_exc().encode())
    out.flush()


def _pdf(weasyprint: Any, order: dict[str, Any]) -> bytes:
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 - after the check above
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse  # noqa: PLC0415

    class OnlyOurs(URLFetcher):  # type: ignore[misc] # WeasyPrint has no types
        """Serves fonts and charts by the scheme asset: and stops at everything else."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            del headers
            name = url.removeprefix("asset:")
            if not url.startswith("asset:"):
                raise FatalURLFetchingError(f"refused: {url[:60]}")
            if name in order["assets"]:
                kind = {"Content-Type": "image/svg+xml"}
                return URLFetcherResponse(url, order["assets"][name].encode(), kind)
            if name not in fonts:
                raise FatalURLFetchingError(f"unknown asset: {name[:60]}")
            return URLFetcherResponse(url, fonts[name], {"Content-Type": "font/ttf"})

    # fontTools writes the time of subsetting into each font: a fixed epoch makes bytes repeat.
    epoch = datetime.fromisoformat(order["day"]).replace(tzinfo=UTC).timestamp()
    os.environ["SOURCE_DATE_EPOCH"] = str(int(epoch))
    errors = _Errors()
    logging.getLogger("weasyprint").addHandler(errors)
    fetcher = OnlyOurs()
    document = weasyprint.HTML(string=order["html"], url_fetcher=fetcher, base_url=None)
    out = io.BytesIO()
    document.write_pdf(
        out,
        font_config=FontConfiguration(),
        pdf_variant="pdf/a-2a",
        pdf_identifier=bytes.fromhex(order["identifier"]),
        custom_metadata=False,
        finisher=_finish,
    )
    if errors.told:
        raise RenderError("\n".join(errors.told))
    return out.getvalue()


class _Errors(logging.Handler):
    """Collects what WeasyPrint calls an error (a picture without alternative text, say)."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(record.getMessage()[:300])


def _finish(_: Any, pdf: Any) -> None:
    """Put right what WeasyPrint leaves out of the file."""
    _add_ua_mark(pdf)
    _add_scopes(pdf)
    _take_margins_out(pdf)


def _add_scopes(pdf: Any) -> None:
    """Say of each header cell whether it heads its column or its row.

    WeasyPrint names the headers of data cells, but none has the corner's: PDF/UA-1 asks for it.
    """
    for one in pdf.objects:
        if isinstance(one, dict) and one.get("S") == "/TH":
            row = pdf.objects[int(one["P"].split()[0])]
            group = pdf.objects[int(row["P"].split()[0])]
            one["A"]["Scope"] = "/Column" if group["S"] == "/THead" else "/Row"


def _take_margins_out(pdf: Any) -> None:
    """Mark what stands in the margins of each page as pagination: no part of what is read aloud.

    WeasyPrint tags it and leaves its elements outside the tree, children of the document that the
    document does not know.
    """
    elements: list[Any] = [
        one for one in pdf.objects if isinstance(one, dict) and "S" in one and "K" in one
    ]
    document = next(one for one in elements if one["S"] == "/Document")
    known = set(document["K"])
    places = pdf.objects[int(pdf.catalog["StructTreeRoot"].split()[0])]["ParentTree"]
    named = pdf.objects[int(places.split()[0])]["Nums"]
    for one in elements:
        if one.get("P") == document.reference and one.reference not in known:
            page = pdf.objects[int(one["Pg"].split()[0])]
            numbers = _contents(pdf, one)
            for number in numbers:
                named[2 * page["StructParents"] + 1][number] = b"null"
            _as_pagination(pdf.objects[int(page["Contents"].split()[0])].stream, numbers)


def _contents(pdf: Any, element: Any) -> set[int]:
    """Return the numbers of the marked contents in an element."""
    found: set[int] = set()
    for child in element["K"]:
        is_number = isinstance(child, int)
        found |= {child} if is_number else _contents(pdf, pdf.objects[int(child.split()[0])])
    return found


def _as_pagination(drawing: list[Any], numbers: set[int]) -> None:
    for at, one in enumerate(drawing):
        if isinstance(one, dict) and one.get("MCID") in numbers:
            del one["MCID"]
            one["Type"] = "/Pagination"
            drawing[at - 1] = "/Artifact"


def _add_ua_mark(pdf: Any) -> None:
    """Add the PDF/UA-1 mark with its extension schema to the XMP metadata."""
    metadata = pdf.catalog["Metadata"]
    number = int(metadata.split()[0])
    stream = pdf.objects[number]
    text = b"".join(s if isinstance(s, bytes) else str(s).encode() for s in stream.stream)
    stream.stream = [text.replace(b"</rdf:RDF>", UA.encode() + b"</rdf:RDF>")]
