"""The child process that makes one PDF and ends: `python -m tasks.pdf TARGET` with JSON on stdin.

The order holds the page, its charts and an identifier; fonts lie in the package. Nothing else can
be fetched: every other address stops the rendering, as does anything WeasyPrint calls an error.
"""

from __future__ import annotations

import json
import logging
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import templates

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


def main() -> None:
    """Write the PDF that stdin orders to the path given."""
    order = json.load(sys.stdin)
    try:
        import weasyprint  # noqa: PLC0415 - fails where Pango is missing, which is told apart
    except OSError:
        sys.stderr.write("PANGO MISSING\n")
        raise SystemExit(4) from None
    Path(sys.argv[1]).write_bytes(_pdf(weasyprint, order))


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
            font = FONTS / Path(name).name
            if not font.is_file():
                raise FatalURLFetchingError(f"unknown asset: {name[:60]}")
            return URLFetcherResponse(url, font.read_bytes(), {"Content-Type": "font/woff2"})

    errors = _Errors()
    logging.getLogger("weasyprint").addHandler(errors)
    fetcher = OnlyOurs()
    document = weasyprint.HTML(string=order["html"], url_fetcher=fetcher, base_url=None)
    out = BytesIO()
    document.write_pdf(
        out,
        font_config=FontConfiguration(),
        pdf_variant="pdf/a-2a",
        pdf_identifier=bytes.fromhex(order["identifier"]),
        custom_metadata=False,
        finisher=_add_ua_mark,
    )
    if errors.told:
        raise SystemExit("\n".join(errors.told))
    return out.getvalue()


class _Errors(logging.Handler):
    """Collects what WeasyPrint calls an error (a picture without alternative text, say)."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(record.getMessage()[:300])


def _add_ua_mark(_: Any, pdf: Any) -> None:
    """Add the PDF/UA-1 mark with its extension schema to the XMP metadata."""
    metadata = pdf.catalog["Metadata"]
    number = int(metadata.split()[0])
    stream = pdf.objects[number]
    text = b"".join(s if isinstance(s, bytes) else str(s).encode() for s in stream.stream)
    stream.stream = [text.replace(b"</rdf:RDF>", UA.encode() + b"</rdf:RDF>")]


if __name__ == "__main__":
    main()
