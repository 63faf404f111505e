"""Put right what a text's encoding did to its letters, before anything is read.

Text that was written as UTF-8 and opened as Windows-1252 (`fÃ¶r`), letters whose ring or dots stand
as signs of their own (NFD), ligatures that are one sign, and soft hyphens. Each has exactly one
right reading, so this is no repair: nothing is guessed. What a scan lost is for `repairing`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace

from tasks.readers.pages import Cell, Pages

TOLD = "texten hade fel teckenkodning (UTF-8 läst som Windows-1252) och har lästs om"
_TELLTALE = re.compile(r"Ã[¥¤¶©…„–\x85\x84\x96]|â€|Â[\xa0§·]")
_RUN = re.compile(r"[^\x00-\x7f]{2,}")
_WANTED = frozenset("åäöÅÄÖéÉüÜáàèæøÆØ–—‘’“”„•…−§°·½€£≥≤»«¹²³→\xa0\xad")
_LEAST = 3
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_SIGNS = str.maketrans(_LIGATURES | {"\u200b": "", "\ufeff": "", "\u2060": ""})


def normalised(pages: Pages) -> tuple[Pages, tuple[str, ...]]:
    """Return the pages with whole letters, and what was done where a reader should know.

    Columns count the letters of the normalised line.
    """
    telltales = sum(len(_TELLTALE.findall(line.text)) for line in pages.lines)
    is_garbled = telltales >= _LEAST
    right = (lambda text: whole(mended(text))) if is_garbled else whole
    return _each(pages, right), ((TOLD,) if is_garbled else ())


def whole(text: str) -> str:
    """Return a text with composed letters, ligatures as letters, no soft hyphens within.

    A word whose letters stand apart (`E k o n o m i`) is one.
    """
    text = _APART.sub(_together, text) if _APART.search(text) else text
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", text).translate(_SIGNS)
    return re.sub(r"\xad(?=\s*$)", "-", text).replace("\xad", "")


_APART = re.compile(r"(?<!\S)[^\W\d_](?: [^\W\d_]){4,}(?!\S)")
_FEWEST_LETTERS = 4
"""Different letters of a word: `x x x x x` is a row of marks."""


def _together(spaced: re.Match[str]) -> str:
    word = spaced[0].replace(" ", "")
    is_word = word[1:].islower() and len(set(word.casefold())) >= _FEWEST_LETTERS
    return word if is_word and re.search(r"[aeiouyåäö]", word) else spaced[0]


def mended(text: str) -> str:
    """Return a text with every run that was UTF-8 opened as Windows-1252 read as UTF-8."""
    once = _RUN.sub(_reread, text)
    return _RUN.sub(_reread, once) if once != text else once


def _reread(run: re.Match[str]) -> str:
    try:
        read = b"".join(_byte(sign) for sign in run[0]).decode("utf-8")
    except UnicodeError:
        return run[0]
    return read if set(read) <= _WANTED or "Ã" in read else run[0]


def _byte(sign: str) -> bytes:
    """Return the byte that Windows-1252 shows as a sign; five of its bytes show as themselves."""
    return sign.encode("latin-1") if "\x80" <= sign <= "\x9f" else sign.encode("cp1252")


def _each(pages: Pages, change: Callable[[str], str]) -> Pages:
    """Return the pages with a change made to every line and cell; the same where none changes."""
    lines = tuple(
        line if (text := change(line.text)) == line.text else replace(line, text=text)
        for line in pages.lines
    )
    tables = tuple(
        replace(
            table,
            rows=tuple(tuple(Cell(change(c.text), c.place) for c in row) for row in table.rows),
        )
        for table in pages.tables
    )
    return replace(pages, lines=lines, tables=tables)
