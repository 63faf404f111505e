"""Draw the pages of a PDF, for a program that reads pictures. Runs in the sandbox.

A page is drawn at 300 dots an inch, coarser where it is so large that it would fill the memory.
"""

from __future__ import annotations

import io
import math

import pypdfium2

_SCALE = 300 / 72
_MOST_DOTS = 30_000_000
MOST_PAGES = 60
"""A longer scan is not read by machine: its pictures would not fit in an answer."""


def pictures(data: bytes) -> list[bytes]:
    """Return each page as PNG in grey; none where there are too many or they cannot be drawn."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        return []
    try:
        return [_drawn(page) for page in document] if len(document) <= MOST_PAGES else []
    finally:
        document.close()


def _drawn(page: pypdfium2.PdfPage) -> bytes:
    width, height = page.get_size()
    scale = min(_SCALE, math.sqrt(_MOST_DOTS / max(width * height, 1.0)))
    out = io.BytesIO()
    page.render(scale=scale, grayscale=True).to_pil().save(out, "PNG")
    return out.getvalue()
