"""Read the text out of a scanned PDF with Tesseract: an aid that a city turns on, always marked.

The pages are drawn in the sandbox. Each picture then goes to Tesseract in a process with the same
limits and without network (`main` here sets them and becomes Tesseract). What comes out is text
like any other, and is read as such; the document says which program read it (`machine_read`), rule
H-MACHINE asks for a person, and nothing of it is taken for the document's own text.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path

from tasks.forkserver import environment
from tasks.readers.sandbox import leave_network, limit, pictures_in_child

SECONDS_A_PAGE = 60
_LANGUAGE = "swe"
_LAYOUT = "4"
"""Tesseract's page layout: one column of text of varying sizes, so that table rows stay rows."""
_APART = 2.0
"""How many letters' width two words of a line stand apart where a column begins."""


@dataclass(frozen=True, slots=True)
class MachineText:
    """What a program read on all pages, form feeds between them, and the program's name."""

    text: str
    program: str


def machine_text(data: bytes, *, program: str) -> MachineText | None:
    """Return the text of a scanned PDF; None where the program is not here or reads nothing."""
    if not Path(program).is_file():
        return None
    pages = []
    for picture in pictures_in_child(data):
        told = _run(program, picture)
        if told is None:
            return None
        pages.append(lines_in(told))
    text = "\f".join(pages)
    return MachineText(text, f"{_version(program)}, {_LANGUAGE}") if text.strip() else None


def lines_in(table: str) -> str:
    """Return Tesseract's table of words (TSV) as lines; a blank line parts paragraphs."""
    words = [row for line in table.splitlines()[1:] if len(row := line.split("\t")) == 12]  # noqa: PLR2004 - the columns of its TSV
    words = [row for row in words if row[0] == "5" and row[11].strip()]
    lines = []
    before: list[str] | None = None
    for place, found in groupby(words, key=lambda row: row[2:5]):
        if before is not None and place[:2] != before[:2]:
            lines.append("")
        lines.append(_line(list(found)))
        before = place
    return "\n".join(lines) + "\n" if lines else ""


def _line(words: Sequence[Sequence[str]]) -> str:
    """Return words as a line; those that stand far apart are divided by two spaces."""
    out = words[0][11]
    for one, other in pairwise(words):
        gap = int(other[6]) - int(one[6]) - int(one[8])
        letter = int(one[8]) / max(len(one[11]), 1)
        out += ("  " if gap > _APART * letter else " ") + other[11]
    return out


def _run(program: str, picture: bytes) -> str | None:
    """Return what Tesseract says of one picture, None where it does not come to an end."""
    with (
        tempfile.TemporaryDirectory(prefix="samlad-ocr-") as folder,
        tempfile.TemporaryFile() as shown,
        tempfile.TemporaryFile() as answer,
    ):
        shown.write(picture)
        shown.seek(0)
        try:
            ended = subprocess.run(  # noqa: S603 - our own module with the city's own setting
                [sys.executable, "-s", "-P", "-m", __name__, program],
                stdin=shown,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                cwd=folder,
                env=environment() | {"OMP_THREAD_LIMIT": "1"},
                timeout=SECONDS_A_PAGE,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return None
        answer.seek(0)
        return answer.read().decode("utf-8", errors="replace") if ended.returncode == 0 else None


def _version(program: str) -> str:
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - as above
    words = (told.stdout or told.stderr).split()
    return f"Tesseract {words[1]}" if len(words) > 1 else "Tesseract"


def examined(program: str) -> tuple[str, bool]:
    """Return the program's name with its version, and whether it has Swedish; for `doctor`.

    Raises OSError where the program cannot be started.
    """
    told = subprocess.run(  # noqa: S603 - as above
        [program, "--list-langs"], capture_output=True, text=True, check=False
    )
    return _version(program), _LANGUAGE in (told.stdout + told.stderr).split()


def main() -> None:
    """Take on the sandbox's limits, leave the network, and become Tesseract."""
    program = sys.argv[1]
    limit()
    leave_network()
    os.execv(  # noqa: S606 - no shell wanted
        program, [program, "stdin", "stdout", "-l", _LANGUAGE, "--psm", _LAYOUT, "tsv"]
    )


if __name__ == "__main__":
    main()
