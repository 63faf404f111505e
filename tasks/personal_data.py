"""Personal data in the files of an edition: the last look before it is for everybody.

Looks inside what is packed too: Word files and workbooks are zip files, a PDF has its own text.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping

import pypdfium2

from expectations.personal import has_number

ATTACHED = "bilagor/"
"""Files that the office has attached itself are its own to vouch for: they may be signed."""


def files_with_personal_data(files: Mapping[str, bytes], names: Collection[str]) -> list[str]:
    """Return the files in which one of the names, or a personal number, stands.

    What was found is not repeated: a message with it would spread it.
    """
    sought = [re.compile(rf"(?<!\w){re.escape(_plain(n))}(?!\w)") for n in names if n.strip()]
    return [
        name
        for name, data in sorted(files.items())
        if not name.startswith(ATTACHED)
        and any(_holds(text, sought) for text in _texts(name, data))
    ]


def _holds(text: str, sought: Collection[re.Pattern[str]]) -> bool:
    plain = _plain(text)
    return has_number(plain, surely=True) or any(name.search(plain) for name in sought)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _texts(name: str, data: bytes) -> Iterator[str]:
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for part in packed.namelist():
                yield from _texts(part, packed.read(part))
    elif data.startswith(b"%PDF"):
        document = pypdfium2.PdfDocument(data)
        yield from (page.get_textpage().get_text_bounded() for page in document)
        yield from document.get_metadata_dict().values()
    elif name.endswith((".xml", ".rels", ".html", ".css", ".json", ".csv")):
        text = data.decode("utf-8-sig")
        # Words may be broken by markup: a name in two runs of Word is still a name.
        yield html.unescape(re.sub(r"<[^>]*>", "", text))
        yield html.unescape(text)
