"""Pictures of pages, as PNG: charts for Word, and the place in a document that said a figure."""

from __future__ import annotations

import io

import pypdfium2


def page_pictures(pdf: bytes, *, scale: float) -> list[bytes]:
    """Return every page of a PDF of ours as PNG; `scale` is in pixels per point."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [_png(page.render(scale=scale)) for page in document]
    finally:
        document.close()


def _png(bitmap: pypdfium2.PdfBitmap) -> bytes:
    out = io.BytesIO()
    bitmap.to_pil().save(out, "PNG", optimize=False)
    return out.getvalue()
