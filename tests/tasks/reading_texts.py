"""Small reports as text extraction leaves them, read without a city, and what is told of them."""

from expectations.contract import Place, Reading
from tasks.readers.pages import Cell, Line, Pages, Table
from tasks.readers.running import read_pages
from tasks.readers.text import text_pages

HEADING = "Delårsrapport augusti 2025\n\n3 Ekonomi\n\n"
PEOPLE = "Delårsrapport augusti 2025\n\n4 Personal\n\n"
GOALS = "Delårsrapport augusti 2025\n\n2 Uppföljning av kommunfullmäktiges mål\n\n"


def read(text: str) -> Reading:
    """Return the reading of a text."""
    return read_pages(text_pages(text.encode()), city=None, name="rapport.txt")


def values(reading: Reading) -> dict[str, dict[str, str]]:
    return {
        row.line: {key: str(figure.value) for key, figure in row.columns.items()}
        for row in reading.finance
    }


def staff(reading: Reading) -> list[tuple[str, str | None, dict[str, str]]]:
    return [
        (row.metric, row.scope, {key: f.written for key, f in row.columns.items()})
        for row in reading.staff
    ]


def goals(reading: Reading) -> list[tuple[str, str | None]]:
    return [(g.title, g.assessment.written if g.assessment else None) for g in reading.goals]


def table(rows: list[list[str]], first_line: int = 3) -> Table:
    cells = [
        tuple(
            Cell(text, Place(page=1, line=first_line + number, columns=(1 + 9 * at, 8 + 9 * at)))
            for at, text in enumerate(row)
        )
        for number, row in enumerate(rows)
    ]
    return Table(tuple(cells), after=2)


def with_table(rows: list[list[str]]) -> Reading:
    shown = ["Delårsrapport augusti 2025", "3 Ekonomi", *("\t".join(row) for row in rows)]
    lines = tuple(Line(text, number, 1) for number, text in enumerate(shown, start=1))
    return read_pages(Pages(lines, (table(rows),)), city=None, name="rapport.docx")


def rows_told(reading: Reading) -> dict[tuple[str | None, str], dict[str, str]]:
    """Return the figures of the result tables by table and line."""
    return {
        (line.table, line.label): {key: str(one.value) for key, one in line.columns.items()}
        for line in reading.finance
    }


def under_one_another(*cells: str) -> str:
    return "Ekonomi\n\n" + "\n\n".join(cells) + "\n"
