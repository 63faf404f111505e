"""Reports whose figures stand in sentences, read without a city, and the facts that are read."""

from tasks.readers.running import read_pages
from tasks.readers.text import text_pages

TOP = "Delårsrapport per augusti 2025\nSocialnämnden, Sörsjö kommun\n\n"


def read(text: str, title: str = "2 Ekonomi och personal", top: str = TOP):
    data = f"{top}1 Inledning\nNämnden ansvarar för socialtjänsten.\n\n{title}\n{text}\n"
    return read_pages(text_pages(data.encode()), city=None, name="rapport.txt")


def facts_in(reading) -> dict[tuple[str, str], tuple[str, str | None]]:
    rows = [
        *((line.line, line.columns) for line in reading.finance),
        *((staff.metric, staff.columns) for staff in reading.staff),
        *(("investments", one.columns) for one in reading.investments),
    ]
    return {
        (code, key): (str(figure.value), figure.unit)
        for code, columns in rows
        for key, figure in columns.items()
    }


def said(text: str, **more: str) -> dict[tuple[str, str], tuple[str, str | None]]:
    return facts_in(read(text, **more))


def values(text: str, **more: str) -> dict[str, str]:
    """Return what a text states, shortly: `{"result forecast": "-4.5"}`."""
    told = said(text, **more).items()
    return {f"{code} {key}": value for (code, key), (value, _) in told}


def of_parts(text: str, title: str = "2 Ekonomi", top: str = TOP) -> dict[str, dict[str, str]]:
    """Return the rows of parts of the board: what each is called, its columns."""
    rows = read(text, title=title, top=top).finance
    return {
        row.label: {key: str(figure.value) for key, figure in row.columns.items()}
        for row in rows
        if row.line == "other"
    }
