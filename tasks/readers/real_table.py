"""Real tables (Word, ruled PDF) by the words of their header row."""

from __future__ import annotations

import re
from collections.abc import Mapping

from expectations.registers import plain
from tasks.readers.pages import Table


def header_keys(table: Table, columns: Mapping[str, str]) -> tuple[str | None, ...] | None:
    """Return the key of each column; None for a header that is not known, or names one key twice.

    A header cell is known by its whole text, guidance in brackets aside.
    """
    if len(table.rows) < 2:  # noqa: PLR2004 - a header without rows says nothing
        return None
    keys = tuple(columns.get(_bare(cell.text)) for cell in table.rows[0])
    named = [key for key in keys if key is not None]
    return keys if named and len(set(named)) == len(named) else None


def _bare(text: str) -> str:
    mended = re.sub(r"(?<=\w)-\s*\n\s*(?=[a-zåäö])", "", text)
    return plain(re.sub(r"\([^)]*\)", "", mended))
