"""A source as a file: text as four kinds of extraction leave it, Word, and PDF of four makers."""

from __future__ import annotations

import html
import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import docx
from docx.document import Document as WordDocument
from docx.shared import Cm, Pt
from weasyprint import HTML

from examples.reading.plain_pdf import plain_pdf
from examples.reading.pressed import column_shares, pressed_text
from examples.reading.source import Block, Grid, Source

_WIDTH = 92


def flat_text(source: Source) -> bytes:
    """Return text as a program leaves it that reads cell by cell: one space between cells."""
    return _pages(source, _flat_table).encode()


def wide_text(source: Source) -> bytes:
    """Return text as a program leaves it that keeps the columns of the page."""
    return _pages(source, _wide_table).encode()


def cell_text(source: Source) -> bytes:
    """Return text with every cell of a table on a line of its own, as pasted from a web page."""
    return _pages(source, _cell_table).encode()


def _pages(source: Source, table: Callable[[Grid], str]) -> str:
    """Return the text of all pages, each with the source's running header at its top."""
    runner = source.told.get("runner", "")
    count = 1 + sum(_is_break(block) for block in source.blocks)
    page, parts = 1, [runner.format(page=1, pages=count)] if runner else []
    for block in source.blocks:
        if _is_break(block):
            page += 1
            parts.append("\f" + runner.format(page=page, pages=count))
        elif block.table is not None:
            parts.append(table(block.table))
        elif block.level:
            parts.append(block.text)
        else:
            parts.append("\n".join(_wrapped(block.text)))
    return "\n\n".join(parts) + "\n"


def _is_break(block: Block) -> bool:
    return not block.text and block.table is None


def _wrapped(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        row = ""
        for word in line.split():
            if len(row) + len(word) > _WIDTH:
                yield row
                row = ""
            row = f"{row} {word}".strip()
        yield row


def _flat_table(table: Grid) -> str:
    rows = [" ".join(cell for cell in row if cell) for row in (*table.header, *table.rows)]
    return "\n\n".join(f"{row} ".replace("¶", " \n") for row in rows)


def _cell_table(table: Grid) -> str:
    rows = (*table.header, *table.rows)
    return "\n\n".join(cell.replace("¶", "\n") for row in rows for cell in row)


def _wide_table(table: Grid) -> str:
    rows = [[cell.split("¶") for cell in row] for row in (*table.header, *table.rows)]
    count = max(len(row) for row in rows)
    widths = [
        max((len(part) for row in rows if at < len(row) for part in row[at]), default=0)
        for at in range(count)
    ]
    lines = []
    for row in rows:
        for deep in range(max(len(cell) for cell in row)):
            parts = [cell[deep] if deep < len(cell) else "" for cell in row]
            shown = [
                part.ljust(widths[at]) if at == 0 or _is_words(parts) else part.rjust(widths[at])
                for at, part in enumerate(parts)
            ]
            lines.append("   ".join(shown).rstrip())
    return "\n".join(lines)


def _is_words(parts: list[str]) -> bool:
    """Say whether a row holds words in its cells: they stand to the left."""
    return any(len(part) > 18 for part in parts[1:])  # noqa: PLR2004 - no figure is as long


# --- Word and PDF --------------------------------------------------------------------------------


def word(source: Source) -> bytes:
    """Return a Word document with heading styles and real tables; the same bytes every time."""
    document = docx.Document()
    runner = source.told.get("runner", "")
    if runner:
        document.sections[0].header.paragraphs[0].text = runner.format(page=1, pages=9)
    for block in source.blocks:
        if _is_break(block):
            document.add_page_break()
        elif block.table is not None:
            _word_table(document, block.table)
            document.add_paragraph()
        elif block.level:
            document.add_heading(block.text, block.level)
        else:
            for line in block.text.split("\n"):
                document.add_paragraph(line)
    return _fixed(document)


def _word_table(document: WordDocument, table: Grid) -> None:
    rows = (*table.header, *table.rows)
    width = max(len(row) for row in rows)
    made = document.add_table(len(rows), width)
    made.style = "Table Grid"
    made.autofit = True
    for at, share in enumerate(column_shares(table)):
        for cell in made.columns[at].cells:
            cell.width = Cm(17.5 * share)
    for at, row in enumerate(rows):
        cells = made.rows[at].cells
        for column, text in enumerate(row):
            cells[column].text = text.replace("¶", "\n")
            for run in cells[column].paragraphs[0].runs:
                run.font.size = Pt(8)


def _fixed(document: WordDocument) -> bytes:
    made, kept = io.BytesIO(), io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as inside, zipfile.ZipFile(kept, "w") as out:
        for name in sorted(inside.namelist()):
            entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(entry, inside.read(name))
    return kept.getvalue()


_RULED = "td, th { border: 0.5pt solid #555 }"
_STRIPED = (
    "tr:nth-child(even) td { background: #e8eef4 } thead th { background: #0b4f6c; color: #fff }"
)
_BARE = "thead { border-bottom: 0.6pt solid #000 }"
_PAGE = (
    "@page {{ size: A4; margin: 22mm 20mm; @top-left {{ content: '{runner}'; font-size: 8pt }}"
    " @bottom-right {{ content: counter(page) ' (' counter(pages) ')'; font-size: 8pt }} }}"
    "body {{ font: 10pt 'DejaVu Sans', sans-serif; hyphens: manual }}"
    "h1 {{ font-size: 19pt }} h2 {{ font-size: 14pt }} h3 {{ font-size: 12pt }}"
    "table {{ border-collapse: collapse; width: 100%; font-size: 8.5pt; margin: 8pt 0 }}"
    "td, th {{ padding: 2.5pt 4pt; text-align: left; vertical-align: top; font-weight: normal }}"
    "th {{ vertical-align: bottom }}"
    "td.n, th.n {{ text-align: right }} thead th {{ font-weight: bold }} {own}"
)


def ruled_pdf(source: Source) -> bytes:
    """Return a PDF whose tables have every cell in rules."""
    return _web_pdf(source, _RULED)


def striped_pdf(source: Source) -> bytes:
    """Return a PDF whose tables have shaded rows and no rules, as reporting systems print them."""
    return _web_pdf(source, _STRIPED)


def bare_pdf(source: Source) -> bytes:
    """Return a PDF whose tables have one rule under the header and no more."""
    return _web_pdf(source, _BARE)


def _web_pdf(source: Source, own: str) -> bytes:
    runner = source.told.get("runner", "").split(" {page}")[0].replace("{page} ({pages})", "")
    style = _PAGE.format(runner=runner.strip(), own=own)
    body = "".join(_web(block) for block in source.blocks)
    title = html.escape(source.name)
    text = f"<html lang=sv><title>{title}</title><style>{style}</style><body>{body}</body></html>"
    made = HTML(string=text).write_pdf()
    return bytes(made or b"")


def _web(block: Block) -> str:
    if _is_break(block):
        return "<div style='break-before: page'></div>"
    if block.table is None:
        tag = f"h{block.level}" if block.level else "p"
        shown = html.escape(block.text).replace("\n", "<br>" if block.level == 0 else " ")
        return f"<{tag}>{shown}</{tag}>"
    head = "".join(_web_row(row, "th") for row in block.table.header)
    body = "".join(_web_row(row, "td") for row in block.table.rows)
    return f"<table><thead>{head}</thead><tbody>{body}</tbody></table>"


def _web_row(row: tuple[str, ...], tag: str) -> str:
    cells = []
    for at, cell in enumerate(row):
        shown = html.escape(cell).replace("¶", "<br>")
        right = at > 0 and len(cell) < 18  # noqa: PLR2004 - no figure is as long
        cells.append(f"<{tag}{' class=n' if right else ''}>{shown}</{tag}>")
    return f"<tr>{''.join(cells)}</tr>"


def office_pdf(source: Source) -> bytes:
    """Return the Word document as LibreOffice prints it; raises where LibreOffice is missing."""
    with TemporaryDirectory() as folder:
        made = Path(folder) / "rapport.docx"
        made.write_bytes(word(source))
        office = shutil.which("soffice")
        if office is None:
            raise FileNotFoundError("soffice")
        profile = f"-env:UserInstallation=file://{folder}/profile"
        order = [
            office,
            profile,
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            folder,
            str(made),
        ]
        subprocess.run(order, check=True, capture_output=True)  # noqa: S603 - our own file
        return made.with_suffix(".pdf").read_bytes()


def layout_text(source: Source) -> bytes:
    """Return the bare PDF as `pdftotext -layout` gives it; raises where poppler is missing."""
    return _by_poppler(source, "-layout")


def stream_text(source: Source) -> bytes:
    """Return the bare PDF as `pdftotext` gives it by itself: often a cell on every line."""
    return _by_poppler(source)


def _by_poppler(source: Source, *switches: str) -> bytes:
    program = shutil.which("pdftotext")
    if program is None:
        raise FileNotFoundError("pdftotext")
    order = [program, *switches, "-enc", "UTF-8", "-", "-"]
    done = subprocess.run(order, check=True, capture_output=True, input=bare_pdf(source))  # noqa: S603 - our own file
    return done.stdout


FORMATS: dict[str, tuple[str, Callable[[Source], bytes]]] = {
    "flat": ("txt", flat_text),
    "wide": ("txt", wide_text),
    "cells": ("txt", cell_text),
    "pressed": ("txt", pressed_text),
    "word": ("docx", word),
    "ruled": ("pdf", ruled_pdf),
    "striped": ("pdf", striped_pdf),
    "bare": ("pdf", bare_pdf),
    "plain": ("pdf", plain_pdf),
    "office": ("pdf", office_pdf),
    "layout": ("txt", layout_text),
    "stream": ("txt", stream_text),
}
"""Name of a format -> (ending, writer); a specimen's file is `<source>.<format>.<ending>`."""
