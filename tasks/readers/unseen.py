"""What stands in a file beside what is read of it: comments, page headers, hidden sheets.

Nothing of it is used. It is looked through for personal numbers only, so that a board is told of
one that nobody sees on the page.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import replace

from expectations.contract import Fault, Reading
from expectations.personal import MASK, has_number

WHERE = "Filen, kanske i en kommentar, ett sidhuvud eller egenskaperna,"
_LOOKED_THROUGH = re.compile(
    r"(?:word/(?:document|comments|header|footer|footnotes|endnotes)\d*"
    r"|xl/(?:sharedStrings|comments/?\w*|threadedComments/\w+|worksheets/\w+|drawings/\w+)"
    r"|docProps/(?:core|app|custom))\.xml"
)
_APART = re.compile(r"</(?:\w+:)?(?:p|si|c|t|v|comment|title|subject|keywords|description)>")
"""The ends of what is a text of its own; a Word paragraph's runs are one text."""
_WORD_RUN = re.compile(r"</w:t>")
_TAG = re.compile(r"<[^>]*>")


def packed_texts(data: bytes) -> list[str]:
    """Return the texts of a Word file's or workbook's parts, one string per part."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = [name for name in package.namelist() if _LOOKED_THROUGH.fullmatch(name)]
        return [_text(package.read(name).decode("utf-8", "replace")) for name in parts]


def _text(part: str) -> str:
    apart = _APART.sub("\n", _WORD_RUN.sub("", part))
    return html.unescape(_TAG.sub("", apart))


def with_number_told(reading: Reading, texts: Iterable[str]) -> Reading:
    """Return the reading with a fault (B-PNR) where a personal number stands in any of the texts.

    Only one with a dash or a century counts: what surrounds it is not known, and ten digits in a
    row may be an amount.
    """
    if not any(has_number(text, surely=True) for text in texts):
        return reading
    told = Fault("B-PNR", values={"where": WHERE, "masked": MASK})
    return replace(reading, faults=(*reading.faults, told))
